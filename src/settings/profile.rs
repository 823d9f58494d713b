//! Can a file be read by this import profile of `playbooks/profiles/`?

use std::collections::BTreeMap;

use super::nearest::one_of;
use super::profile_column;
use super::reader::{At, Problems, Reader, Word};
use super::tree::{Table, Value, quote};
use super::workflow;
use crate::domain::field;
use crate::domain::import::{Authority, Column, Filter, Format, Header, Profile, StatusRule, Target};
use crate::domain::playbook::Workflow;

/// Fields of numbers from outside: an application is found by them, whoever opened it.
pub const FIND: [&str; 5] = ["number", "crm_number", "permit_number", "meter_number", "account_number"];
/// Those by which a row is looked for when the profile does not say it. A meter or an account can
/// have several applications.
const FIND_AT_FIRST: [&str; 3] = ["number", "crm_number", "permit_number"];
/// The last line on which a header may stand.
const HEADER_MAX: i64 = 1_000;
/// The most lines that one header has.
const HEADER_LINES: usize = 5;

/// `name` is that of the file without `.toml`.
pub fn read(table: &Table, name: &str, file: &str, workflow: &Workflow, problems: &Problems) -> Profile {
    let mut reader = Reader::root(table, file, problems);
    if !is_safe(name) {
        reader.problem(&At::in_file(file, "name"), quote(name), "a file name of letters, digits, - and _");
    }
    let label = reader.need("label", "the words for the screen").text;
    let source = source(&mut reader);
    let files = files(&mut reader);
    let format = format(&mut reader);
    let key: Vec<String> = reader.words("key").into_iter().map(|word| word.text).filter(|name| !name.is_empty()).collect();
    if key.is_empty() {
        reader.problem(&reader.at("key"), "nothing", "the columns that together name a row: [\"…\"]");
    }
    let made_key = reader.flag("made_key", false);
    let placeholders = reader.words("placeholders").into_iter().map(|word| word.text).collect();
    let columns = columns(&mut reader, &key, workflow);
    let find = find(&mut reader, &columns);
    let filters = reader.tables("filter").into_iter().map(filter).collect();
    let statuses = reader.tables("status").into_iter().filter_map(|reader| status(reader, workflow)).collect();
    let constants = constants(&mut reader);
    let authority = authority(&mut reader, &columns);
    reader.finish();
    let name = name.to_owned();
    Profile { name, label, source, files, format, key, made_key, find, columns, filters, statuses, placeholders, constants, authority }
}

/// Names of profiles and sources are file names, parts of field names (`alias.miso`) and words of commands.
pub fn is_safe(name: &str) -> bool {
    !name.is_empty() && name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Fields by which a row is looked for when the profile does not say it.
pub fn find_at_first(columns: &[Column]) -> Vec<String> {
    FIND_AT_FIRST.iter().filter(|name| fills(columns, name)).map(|name| (*name).to_owned()).collect()
}

fn fills(columns: &[Column], field: &str) -> bool {
    columns.iter().any(|column| matches!(&column.target, Target::Field { name, .. } if name == field))
}

fn source(reader: &mut Reader<'_>) -> String {
    let source = reader.need("source", "the name under which this source's numbers are kept");
    if !source.text.is_empty() && !is_safe(&source.text) {
        reader.problem(&source.at, quote(&source.text), "a name of letters, digits, - and _, at most 64 of them");
    }
    source.text
}

fn files(reader: &mut Reader<'_>) -> Vec<String> {
    let words = reader.words("files");
    for word in &words {
        if word.text.is_empty() || word.text.contains(['/', '\\']) {
            reader.problem(&word.at, quote(&word.text), "a file's name without its folder, with * for any text: queue_*.csv");
        }
    }
    words.into_iter().map(|word| word.text).collect()
}

fn format(reader: &mut Reader<'_>) -> Format {
    Format {
        sheet: reader.text("sheet"),
        header: header(reader),
        delimiter: delimiter(reader),
        encoding: reader.choice("encoding", ["utf-8", "utf-16", "windows-1252"]).map(|word| word.text).unwrap_or_default(),
        skip_hidden: reader.choice("hidden", ["skip", "read"]).is_some_and(|word| word.text == "skip"),
    }
}

fn header(reader: &mut Reader<'_>) -> Header {
    let Some((at, value)) = reader.value("header") else { return Header::Find };
    let line = |value: &Value| match value {
        Value::Number(line) if (1..=HEADER_MAX).contains(line) => usize::try_from(*line).ok(),
        _ => None,
    };
    let lines = match value {
        Value::Text(word) if word.trim() == "none" => return Header::Missing,
        Value::List(items) if (1..=HEADER_LINES).contains(&items.len()) => {
            items.iter().map(|item| line(&item.value)).collect::<Option<Vec<usize>>>()
        }
        value => line(value).map(|line| vec![line]),
    };
    match lines.filter(|lines| lines.is_sorted_by(|a, b| a < b)) {
        Some(lines) => Header::Lines(lines),
        None => {
            let wanted = format!("a line from 1 to {HEADER_MAX}, at most {HEADER_LINES} of them from top to bottom: [3, 4], or \"none\"");
            reader.problem(&at, value.shown(), wanted);
            Header::Find
        }
    }
}

fn delimiter(reader: &mut Reader<'_>) -> Option<u8> {
    // `word` takes spaces off both ends, and a tab is one.
    let word = reader.word("delimiter")?;
    match word.text.as_bytes() {
        b"auto" => None,
        b"" | b"tab" => Some(b'\t'),
        [byte @ (b',' | b';' | b'|' | b':')] => Some(*byte),
        _ => {
            reader.problem(&word.at, quote(&word.text), "one of , ; | : or tab, or auto");
            None
        }
    }
}

/// The columns, with what only all of them together can tell.
fn columns(reader: &mut Reader<'_>, key: &[String], workflow: &Workflow) -> Vec<Column> {
    let mut columns = Vec::new();
    let mut modified = false;
    for reader in reader.tables("column") {
        let (at, problems) = (reader.at.clone(), reader.problems());
        let Some(column) = profile_column::read(reader, workflow) else { continue };
        if column.optional && key.contains(&column.name) {
            problems.add(&at, "optional = true", "a column that every file has, because it is in `key`");
        }
        if matches!(column.target, Target::Modified { .. }) && std::mem::replace(&mut modified, true) {
            problems.add(&at, "modified = true", "one such column; another one has it already");
        }
        columns.push(column);
    }
    columns
}

fn find(reader: &mut Reader<'_>, columns: &[Column]) -> Vec<String> {
    let words = reader.choices("find", FIND);
    if !reader.has("find") {
        return find_at_first(columns);
    }
    for word in words.iter().filter(|word| !fills(columns, &word.text)) {
        reader.problem(&word.at, quote(&word.text), "a field that a column of this profile fills");
    }
    words.into_iter().map(|word| word.text).collect()
}

fn filter(mut reader: Reader<'_>) -> Filter {
    let column = reader.need("column", "the column that tells which rows are ours").text;
    let words = |words: Vec<Word>| words.into_iter().map(|word| word.text).collect::<Vec<_>>();
    let (is, is_not) = (words(reader.words("is")), words(reader.words("is_not")));
    let filled = reader.flag("filled", false);
    if is.is_empty() && is_not.is_empty() && !filled {
        reader.problem(&reader.at, "a filter that lets every row in", "is = [\"…\"], is_not = [\"…\"] or filled = true");
    }
    reader.finish();
    Filter { column, is, is_not, filled }
}

fn status(mut reader: Reader<'_>, workflow: &Workflow) -> Option<StatusRule> {
    let column = reader.need("column", "the column with the status words").text;
    let word = reader.text("word");
    let said = reader.need("status", "the status it means");
    let ended_reason = reader.choice("ended_reason", workflow.ended_reasons.iter().map(String::as_str)).map(|word| word.text);
    // Profiles are the same for all desks: a word for what only another desk has a status for is an unknown word on this one.
    if workflow.status(&said.text).is_none() && workflow::is_shipped(&said.text) {
        reader.finish();
        return None;
    }
    let status = if said.text.is_empty() { None } else { reader.check(said, workflow.statuses.iter().map(|status| status.name.as_str())) };
    if status.as_ref().is_some_and(|status| status.text == "ended") != ended_reason.is_some() && !reader.has("ended_reason") {
        reader.problem(&reader.at("ended_reason"), "nothing", "the reason, because the status is ended");
    }
    reader.finish();
    Some(StatusRule { column, word, status: status?.text, ended_reason })
}

fn constants(reader: &mut Reader<'_>) -> BTreeMap<String, String> {
    let mut constants = BTreeMap::new();
    let Some(mut reader) = reader.table("constants") else { return constants };
    for name in reader.keys() {
        let Some(value) = reader.word(name) else { continue };
        let key = Word { text: name.to_owned(), at: value.at.clone() };
        if reader.check(key, profile_column::editable()).is_none() {
            continue;
        }
        let field = field::find(name).expect("it was checked to be a field");
        if let Err(wanted) = field::read(field, &value.text) {
            reader.problem(&value.at, quote(&value.text), wanted);
        }
        constants.insert(name.to_owned(), value.text);
    }
    constants
}

fn authority(reader: &mut Reader<'_>, columns: &[Column]) -> BTreeMap<String, Authority> {
    let mut authority = BTreeMap::new();
    let dated = columns.iter().any(|column| matches!(column.target, Target::Modified { .. }));
    let Some(mut reader) = reader.table("authority") else { return authority };
    for name in reader.keys() {
        let Some(word) = reader.word(name) else { continue };
        let Some(whose) = Authority::ALL.into_iter().find(|one| one.name() == word.text) else {
            reader.problem(&word.at, quote(&word.text), one_of(&word.text, &Authority::ALL.map(Authority::name)));
            continue;
        };
        if whose == Authority::Newest && !dated {
            reader.problem(&word.at, "newest", "a column with modified = true beside it, which says when a row was last written");
        }
        // The status is not a column's field, but the two sides disagree on it most of all.
        let key = Word { text: name.to_owned(), at: word.at };
        if reader.check(key, profile_column::editable().chain(["status"])).is_some() {
            authority.insert(name.to_owned(), whose);
        }
    }
    authority
}
