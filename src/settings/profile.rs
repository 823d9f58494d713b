//! Can a file be read by this import profile of `playbooks/profiles/`?

use std::collections::BTreeMap;

use chrono::format::{Item, StrftimeItems};

use super::reader::{Problems, Reader, Word};
use super::tree::{Table, quote};
use crate::domain::field::{self, Kind};
use crate::domain::import::{Authority, Column, DateFormat, Format, Profile, StatusRule, Target};
use crate::domain::playbook::Workflow;

const ISO: &str = "%Y-%m-%d";

/// `name` is that of the file without `.toml`.
pub fn read(table: &Table, name: &str, file: &str, workflow: &Workflow, problems: &Problems) -> Profile {
    let mut reader = Reader::root(table, file, problems);
    let label = reader.need("label", "the words for the screen").text;
    let source = reader.need("source", "the name under which this source's numbers are kept").text;
    let delimiter = delimiter(&mut reader);
    let key: Vec<String> = reader.words("key").into_iter().map(|word| word.text).collect();
    if key.is_empty() {
        reader.problem(&reader.at("key"), "nothing", "the columns that together name a row: [\"…\"]");
    }
    let placeholders = reader.words("placeholders").into_iter().map(|word| word.text).collect();
    let columns = reader.tables("column").into_iter().filter_map(|reader| column(reader, workflow)).collect();
    let statuses = reader.tables("status").into_iter().filter_map(|reader| status(reader, workflow)).collect();
    let constants = constants(&mut reader);
    let authority = authority(&mut reader);
    reader.finish();
    let format = Format { delimiter: Some(delimiter), ..Format::default() };
    Profile {
        name: name.to_owned(),
        label,
        source,
        format,
        key,
        columns,
        statuses,
        placeholders,
        constants,
        authority,
        ..Profile::default()
    }
}

fn editable() -> impl Iterator<Item = &'static str> {
    field::FIELDS.iter().filter(|field| field.editable).map(|field| field.name)
}

fn delimiter(reader: &mut Reader<'_>) -> u8 {
    // `word` takes spaces off both ends, and a tab is one.
    match reader.word("delimiter") {
        None => b',',
        Some(word) if word.text.is_empty() || word.text == "tab" => b'\t',
        Some(word) => match word.text.as_bytes() {
            [byte @ (b',' | b';' | b'|' | b':')] => *byte,
            _ => {
                reader.problem(&word.at, quote(&word.text), "one of , ; | : or tab");
                b','
            }
        },
    }
}

fn column(mut reader: Reader<'_>, workflow: &Workflow) -> Option<Column> {
    let name = reader.need("name", "the column's name as the file has it").text;
    let field = reader.choice("field", editable());
    let milestone = reader.choice("milestone", workflow.milestones.iter().map(|(name, _)| name.as_str()));
    let note = reader.flag("note", false);
    let date = date(&mut reader);
    let unit = reader.word("unit");
    let targets = ["field", "milestone"].iter().filter(|key| reader.has(key)).count() + usize::from(note);
    if targets != 1 {
        reader.problem(&reader.at, format!("{targets} of them"), "what the column is for: field, milestone or note = true, one of them");
    }
    let target = match (field, milestone, note) {
        (Some(field), None, false) => Some(field_target(&reader, &field, date, unit)),
        (None, Some(code), false) => Some(Target::Milestone { code: code.text, date: date.unwrap_or_else(iso) }),
        (None, None, true) => Some(Target::Note),
        _ => None,
    };
    reader.finish();
    Some(Column { name, target: target?, optional: false, placeholders: Vec::new() })
}

fn iso() -> DateFormat {
    DateFormat { formats: vec![ISO.to_owned()], zone: None }
}

fn field_target(reader: &Reader<'_>, name: &Word, date: Option<DateFormat>, unit: Option<Word>) -> Target {
    let kind = field::find(&name.text).expect("it was checked to be a field").kind;
    let dated = matches!(kind, Kind::Day | Kind::When);
    if date.is_some() && !dated {
        reader.problem(&reader.at("format"), "a date format", format!("none, because {} is no date", name.text));
    }
    let units: &[&str] = match kind {
        Kind::Watts => &["W", "kW", "MW"],
        Kind::WattHours => &["Wh", "kWh", "MWh"],
        _ => &[],
    };
    let unit = match unit {
        None => String::new(),
        Some(word) if units.is_empty() => {
            reader.problem(&word.at, quote(&word.text), format!("none, because {} has no unit", name.text));
            String::new()
        }
        Some(word) => reader.check(word, units.iter().copied()).map(|word| word.text).unwrap_or_default(),
    };
    Target::Field { name: name.text.clone(), date: dated.then(|| date.unwrap_or_else(iso)), unit, digits: 0 }
}

fn date(reader: &mut Reader<'_>) -> Option<DateFormat> {
    let zone = reader.word("zone");
    let format = reader.word("format");
    let zone = zone.and_then(|word| match word.text.parse() {
        Ok(zone) => Some(zone),
        Err(_) => {
            reader.problem(&word.at, quote(&word.text), "an IANA zone like America/New_York");
            None
        }
    });
    let format = format?;
    if StrftimeItems::new(&format.text).any(|item| matches!(item, Item::Error)) {
        reader.problem(&format.at, quote(&format.text), "a date format like %m/%d/%Y");
    }
    if format.text.contains("%z") && zone.is_none() && !reader.has("zone") {
        reader.problem(
            &format.at,
            quote(&format.text),
            "a zone beside it, because the day of a time with an offset depends on where one stands",
        );
    }
    Some(DateFormat { formats: vec![format.text], zone })
}

fn status(mut reader: Reader<'_>, workflow: &Workflow) -> Option<StatusRule> {
    let column = reader.need("column", "the column with the status words").text;
    let word = reader.text("word");
    let status = reader.need_choice("status", "the status it means", workflow.statuses.iter().map(|status| status.name.as_str()));
    let ended_reason = reader.choice("ended_reason", workflow.ended_reasons.iter().map(String::as_str)).map(|word| word.text);
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
        if reader.check(key, editable()).is_none() {
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

fn authority(reader: &mut Reader<'_>) -> BTreeMap<String, Authority> {
    let mut authority = BTreeMap::new();
    let Some(mut reader) = reader.table("authority") else { return authority };
    for name in reader.keys() {
        let Some(whose) = reader.choice(name, ["theirs", "ours"]) else { continue };
        // The status is not a column's field, but the two sides disagree on it most of all.
        let key = Word { text: name.to_owned(), at: whose.at };
        if reader.check(key, editable().chain(["status"])).is_some() {
            authority.insert(name.to_owned(), if whose.text == "ours" { Authority::Ours } else { Authority::Theirs });
        }
    }
    authority
}
