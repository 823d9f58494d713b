//! Does `playbooks/lines.toml` name only fields that have a source?

use super::nearest::one_of;
use super::reader::{Problems, Reader, Word};
use super::tree::{Table, quote};
use crate::domain::lines::{Lines, StatusLine};
use crate::domain::message;

pub fn read(table: &Table, file: &str, problems: &Problems) -> Lines {
    let mut reader = Reader::root(table, file, problems);
    let portal_fields = fields(&mut reader);
    let status = reader
        .tables("line")
        .into_iter()
        .map(|mut line| {
            let name = line.name().text;
            let label = line.need("label", "who reads it").text;
            let text = line.need("text", "the line, with {{field}} for values");
            if let Err(why) = message::line_fields(&text.text, &[]) {
                line.problem(&text.at, quote(&text.text), format!("{{{{ field }}}} and nothing else ({why})"));
            }
            line.finish();
            StatusLine { name, label, text: text.text }
        })
        .collect();
    reader.finish();
    Lines { portal_fields, status }
}

/// The order of a portal's fields, here and on a utility's page.
pub fn fields(reader: &mut Reader<'_>) -> Vec<String> {
    let words: Vec<Word> = reader.words("portal_fields");
    let known = message::plain_names();
    for word in words.iter().filter(|word| !known.contains(&word.text.as_str())) {
        reader.problem(&word.at, quote(&word.text), one_of(&word.text, &known));
    }
    words.into_iter().map(|word| word.text).collect()
}
