//! Are the dispositions of `playbooks/DESK/dispositions.toml` touches that can be done?

use std::collections::BTreeMap;

use super::reader::{Problems, Reader, Word};
use super::tree::{Table, quote};
use super::workflow::is_span;
use crate::domain::field;
use crate::domain::playbook::{Ask, Disposition, Then, Workflow};

/// What can be asked beside the fields: the text of the note, and the day it happened.
const ASKED: [&str; 2] = ["note", "on"];

/// A disposition, and where the words stand that only the messages can check.
pub struct Read {
    pub disposition: Disposition,
    pub note: Word,
    pub message: Option<Word>,
}

pub fn read(table: &Table, file: &str, workflow: &Workflow, problems: &Problems) -> Vec<Read> {
    let mut reader = Reader::root(table, file, problems);
    let read = reader
        .tables("disposition")
        .into_iter()
        .map(|mut reader| {
            let read = disposition(&mut reader, workflow);
            reader.finish();
            read
        })
        .collect();
    reader.finish();
    read
}

fn disposition(reader: &mut Reader<'_>, workflow: &Workflow) -> Read {
    let parties = || workflow.parties.iter().map(|party| party.name.as_str());
    let statuses = || workflow.statuses.iter().map(|status| status.name.as_str());
    let text = |word: Option<Word>| word.map(|word| word.text);
    let name = reader.name().text;
    let label = reader.need("label", "the words for the screen").text;
    let note = reader.word("note").unwrap_or(Word { text: String::new(), at: reader.at("note") });
    let ask = ask(reader);
    if note.text.is_empty() && !ask.iter().any(|ask| ask.name == "note" && ask.required) {
        reader.problem(&note.at, "nothing", "the words of its note, or a note among what it asks");
    }
    let from: Vec<String> = reader.choices("from", statuses()).into_iter().map(|word| word.text).collect();
    let status = reader.choice("status", statuses());
    check_move(reader, &from, status.as_ref(), workflow);
    let ended_reason = ended_reason(reader, status.as_ref(), workflow);
    let follow_up = follow_up(reader, &ask);
    let message = reader.word("message");
    let then = match reader.choice("then", ["next", "stay"]) {
        Some(word) if word.text == "stay" => Then::Stay,
        _ => Then::Next,
    };
    let attempt = reader.choice("attempt", parties());
    let answer = reader.choice("answer", parties());
    if let (Some(tried), Some(answered)) = (&attempt, &answer)
        && tried.text == answered.text
    {
        reader.problem(&answered.at, quote(&answered.text), "attempt or answer: who was reached is not tried any more");
    }
    let disposition = Disposition {
        name,
        label,
        note: note.text.clone(),
        ask,
        from,
        lane: text(reader.choice("lane", workflow.lanes.iter().map(|lane| lane.name.as_str()))),
        status: text(status),
        ended_reason,
        ball: text(reader.choice("ball", parties())),
        follow_up,
        milestone: text(reader.choice("milestone", workflow.milestones.iter().map(|(name, _)| name.as_str()))),
        attempt: text(attempt),
        answer: text(answer),
        set: set(reader),
        message: message.as_ref().map(|word| word.text.clone()),
        then,
    };
    Read { disposition, note, message }
}

/// `ask = ["number", "on?"]`: the sign says that it may be left empty.
fn ask(reader: &mut Reader<'_>) -> Vec<Ask> {
    let known: Vec<&str> = ASKED.into_iter().chain(editable()).collect();
    let words = reader.words("ask");
    let mut asks: Vec<Ask> = Vec::new();
    for word in words {
        let required = !word.text.ends_with('?');
        let name = Word { text: word.text.trim_end_matches('?').to_owned(), at: word.at };
        let Some(name) = reader.check(name, known.iter().copied()) else { continue };
        if asks.iter().any(|ask| ask.name == name.text) {
            reader.problem(&name.at, quote(&name.text), "each question once");
        }
        asks.push(Ask { name: name.text, required });
    }
    asks
}

fn editable() -> impl Iterator<Item = &'static str> + Clone {
    field::FIELDS.iter().filter(|field| field.editable).map(|field| field.name)
}

fn check_move(reader: &Reader<'_>, from: &[String], status: Option<&Word>, workflow: &Workflow) {
    let Some(to) = status else { return };
    let possible = match from.is_empty() {
        true => workflow.statuses.iter().any(|status| status.open && workflow.is_legal(&status.name, &to.text)),
        false => from.iter().any(|from| workflow.is_legal(from, &to.text)),
    };
    if !possible {
        let from = if from.is_empty() { "any open status".to_owned() } else { from.join(", ") };
        reader.problem(&to.at, quote(&to.text), format!("a status to which there is a move from {from}"));
    }
}

fn ended_reason(reader: &mut Reader<'_>, status: Option<&Word>, workflow: &Workflow) -> Option<String> {
    let ends = status.is_some_and(|status| status.text == "ended");
    let reason = reader.choice("ended_reason", workflow.ended_reasons.iter().map(String::as_str));
    let at = reader.at("ended_reason");
    match (&reason, ends) {
        (None, true) if !reader.has("ended_reason") => {
            reader.problem(&at, "nothing", format!("the reason for ending it, one of {}", workflow.ended_reasons.join(", ")));
        }
        (Some(reason), false) => reader.problem(&at, quote(&reason.text), "no reason, because the status is not ended"),
        _ => {}
    }
    reason.map(|word| word.text)
}

fn follow_up(reader: &mut Reader<'_>, ask: &[Ask]) -> Option<String> {
    let word = reader.word("follow_up")?;
    match word.text.as_str() {
        "promised" if !ask.iter().any(|ask| ask.name == "promised" && ask.required) => {
            reader.problem(&word.at, "promised", "promised, without ?, among what it asks, because the follow-up is that day");
        }
        "" | "promised" => {}
        span if is_span(span) => {}
        day if after_a_day(day, ask) || before_a_day(day) => {}
        other => reader.problem(
            &word.at,
            quote(other),
            "3b, 5d, 2w, 1m, promised, a day it asks for and a span (install_on+1b), business days before a day of the record (promised-3b), \
             or nothing for the status's own",
        ),
    }
    Some(word.text)
}

/// `promised-3b`: so many business days before a day that the record has by then.
fn before_a_day(text: &str) -> bool {
    text.split_once('-').is_some_and(|(name, span)| is_day(name) && is_span(span) && span.ends_with('b'))
}

fn is_day(name: &str) -> bool {
    field::find(name).is_some_and(|field| field.kind == field::Kind::Day)
}

/// `install_on+1b`: so long after a day that it asks for.
fn after_a_day(text: &str, ask: &[Ask]) -> bool {
    let Some((name, span)) = text.split_once('+') else { return false };
    is_day(name) && is_span(span) && ask.iter().any(|ask| ask.name == name && ask.required)
}

/// `[disposition.set]`: fixed values in the words of FIELD=VALUE; empty text clears.
fn set(reader: &mut Reader<'_>) -> BTreeMap<String, String> {
    let mut set = BTreeMap::new();
    let Some(mut reader) = reader.table("set") else { return set };
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
        set.insert(name.to_owned(), value.text);
    }
    set
}
