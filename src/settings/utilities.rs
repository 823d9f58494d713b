//! Is each page of `playbooks/utilities/` complete, and is no name claimed by two utilities?

use std::collections::BTreeMap;

use super::reader::{At, Problems, Reader, Word};
use super::tree::{Table, quote};
use crate::domain::playbook::{Confidence, Utility};

/// The letters of the list's utility column.
const SHORT: usize = 8;
pub const CONFIDENCE: [&str; 6] = ["sourced", "high", "medium", "low", "practice", "unknown"];

pub fn read(table: &Table, file: &str, problems: &Problems) -> Vec<Utility> {
    let mut reader = Reader::root(table, file, problems);
    let mut claimed: BTreeMap<String, (String, At)> = BTreeMap::new();
    let utilities = reader
        .tables("utility")
        .into_iter()
        .map(|mut reader| {
            let utility = utility(&mut reader, &mut claimed);
            reader.finish();
            utility
        })
        .collect();
    reader.finish();
    utilities
}

fn utility(reader: &mut Reader<'_>, claimed: &mut BTreeMap<String, (String, At)>) -> Utility {
    let name = reader.need("name", "the utility's name");
    let short = reader.need("short", "a word for the list, at most 8 letters");
    if short.text.chars().count() > SHORT {
        reader.problem(&short.at, quote(&short.text), "at most 8 letters");
    }
    let aliases = reader.words("aliases");
    for word in [&name, &short].into_iter().chain(&aliases) {
        let key = word.text.to_lowercase();
        match claimed.get(&key) {
            Some((other, at)) if *other != name.text => {
                let wanted = format!("a name that only one utility has; {} gives it to {other}", at.place());
                reader.problem(&word.at, quote(&word.text), wanted);
            }
            _ => _ = claimed.insert(key, (name.text.clone(), word.at.clone())),
        }
    }
    let zone = reader.word("zone").unwrap_or(Word { text: String::new(), at: reader.at("zone") });
    if !zone.text.is_empty() && zone.text.parse::<chrono_tz::Tz>().is_err() {
        reader.problem(&zone.at, quote(&zone.text), "an IANA zone like America/Denver");
    }
    Utility {
        name: name.text,
        short: short.text,
        aliases: aliases.into_iter().map(|word| word.text).collect(),
        states: reader.words("states").into_iter().map(|word| word.text).collect(),
        portal: reader.text("portal"),
        mailbox: mailbox(reader, "mailbox"),
        metering_mailbox: mailbox(reader, "metering_mailbox"),
        supervisor_mailbox: mailbox(reader, "supervisor_mailbox"),
        zone: zone.text,
        portal_fields: super::lines::fields(reader),
        source: reader.need("source", "who says so").text,
        quirks: reader.tables("quirk").into_iter().map(quirk).collect(),
    }
}

fn mailbox<'a>(reader: &mut Reader<'a>, key: &'a str) -> String {
    let Some(word) = reader.word(key) else { return String::new() };
    let sound = word.text.split_once('@').is_some_and(|(desk, host)| !desk.is_empty() && host.contains('.') && !host.contains('@'));
    if !word.text.is_empty() && (!sound || word.text.contains(char::is_whitespace)) {
        reader.problem(&word.at, quote(&word.text), "a mailbox like desk@example.com");
    }
    word.text
}

/// The sentence with its source, and with how sure it is when it is not certain.
fn quirk(mut reader: Reader<'_>) -> String {
    let says = reader.need("says", "a sentence").text;
    let source = reader.need("source", "who says so").text;
    let confidence = reader.need_choice("confidence", "how sure it is", CONFIDENCE).and_then(|word| Confidence::parse(&word.text));
    reader.finish();
    match confidence.map_or("", Confidence::says) {
        "" => format!("{says} [{source}]"),
        sure => format!("{says} [{source}; {sure}]"),
    }
}
