//! Does each abbreviation of `playbooks/abbreviations.toml` name a word and what it stands for?

use super::reader::{Problems, Reader, Word};
use super::tree::{Table, quote};
use crate::domain::shorthand::{ATTEMPT, Abbreviation};

/// The longest abbreviation and the longest words for one, in characters.
const SHORT: usize = 16;
const LONG: usize = 120;

pub fn read(table: &Table, file: &str, problems: &Problems) -> Vec<Abbreviation> {
    let mut reader = Reader::root(table, file, problems);
    let read: Vec<(Word, Abbreviation)> = reader.tables("abbreviation").into_iter().map(abbreviation).collect();
    // Two that differ only in their case are one to whoever types without a look at the list.
    for (idx, (word, one)) in read.iter().enumerate().filter(|(_, (_, one))| one.any_case) {
        let same = |(_, other): &&(Word, Abbreviation)| !other.short.is_empty() && other.short.to_lowercase() == one.short.to_lowercase();
        let others = read.iter().enumerate().filter(|(other, _)| *other != idx).map(|(_, other)| other);
        for (other, _) in others.filter(|other| same(other)) {
            reader.problem(
                &word.at,
                quote(&word.text),
                format!("{}, as {} has it, or no any_case", quote(&other.text), other.at.spot.file),
            );
        }
    }
    reader.finish();
    read.into_iter().map(|(_, one)| one).collect()
}

fn abbreviation(mut reader: Reader<'_>) -> (Word, Abbreviation) {
    let short = reader.need("short", "the letters that are typed: lvm");
    let is_word = |text: &str| text.chars().all(char::is_alphanumeric) && text.chars().any(char::is_alphabetic);
    if !short.text.is_empty() && (!is_word(&short.text) || short.text.chars().count() > SHORT) {
        reader.problem(&short.at, quote(&short.text), format!("one word of at most {SHORT} letters and digits, as it is typed: lvm"));
    }
    let long = reader.word("long").unwrap_or(Word { text: String::new(), at: reader.at("long") });
    let starts_a_mark = long.text.starts_with(['>', '!', '@', '^', '&', '#']) && long.text != ATTEMPT;
    if long.text.contains('\n') || long.text.chars().count() > LONG || starts_a_mark {
        let wanted = format!("words of one line, at most {LONG} letters, that are no sign, or {ATTEMPT} for the number of the attempt");
        reader.problem(&long.at, quote(&long.text), wanted);
    }
    if long.text == short.text && !long.text.is_empty() {
        reader.problem(&long.at, quote(&long.text), "other words than the short ones; without long it is only explained");
    }
    let means = reader.text("means");
    if means.is_empty() && (long.text.is_empty() || long.text == ATTEMPT) {
        reader.problem(&reader.at("means"), "nothing", "what it means");
    }
    let any_case = reader.flag("any_case", false);
    reader.finish();
    let one = Abbreviation { short: short.text.clone(), long: long.text, means, any_case };
    (short, one)
}
