//! Does each table of a utility's page say who says so, and are its days, hours and addresses sound?

use super::nearest::one_of;
use super::reader::{At, Reader};
use super::tree::{Value, quote};
use super::utilities::CONFIDENCE;
use crate::domain::day::{Day, NaiveTime, parse_day};
use crate::domain::playbook::Confidence;
use crate::domain::turnaround::Step;
use crate::domain::utility::{Contact, Fact, Fee, Form, Program, ProgramState, Promise, Quirk};

/// A fact: `{ says, source, confidence }`. Words alone have no source and count as unverified; what is
/// said to be unknown is none.
pub fn fact<'a>(reader: &mut Reader<'a>, key: &'a str) -> Option<(Fact, At)> {
    if let Some((_, Value::Table(_))) = reader.value(key) {
        let mut below = reader.table(key)?;
        let says = below.word("says");
        let (source, confidence) = vouch(&mut below);
        let at = below.at("says");
        if says.as_ref().is_none_or(|word| word.text.is_empty())
            && confidence != Confidence::Unknown
            && !wrong(&below, "says", says.is_some())
        {
            below.problem(&at, "nothing", "what is said");
        }
        below.finish();
        let is = says.map(|word| word.text).filter(|text| !text.is_empty())?;
        return (confidence != Confidence::Unknown).then_some((Fact { is, source, confidence }, at));
    }
    let word = reader.word(key).filter(|word| !word.text.is_empty())?;
    Some((Fact { is: word.text, source: String::new(), confidence: Confidence::Low }, word.at))
}

/// It stands there, and what is wrong with it was said already.
fn wrong(reader: &Reader<'_>, key: &str, was_read: bool) -> bool {
    reader.has(key) && !was_read
}

/// Who says so, and how sure it is. Of what is unknown nobody has to say it.
fn vouch(reader: &mut Reader<'_>) -> (String, Confidence) {
    let confidence = reader.need_choice("confidence", "how sure it is", CONFIDENCE).and_then(|word| Confidence::parse(&word.text));
    let source = match confidence {
        Some(Confidence::Unknown) => reader.text("source"),
        _ => reader.need("source", "who says so").text,
    };
    (source, confidence.unwrap_or(Confidence::Unknown))
}

pub fn day<'a>(reader: &mut Reader<'a>, key: &'a str) -> Option<Day> {
    let word = reader.word(key).filter(|word| !word.text.is_empty())?;
    let day = parse_day(&word.text);
    if day.is_none() {
        reader.problem(&word.at, quote(&word.text), "a day like 2026-11-29");
    }
    day
}

/// `17:00`
pub fn hour(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").ok().filter(|_| text.len() == 5)
}

/// Only https: an address of the book is opened by people who are about to type a password.
pub fn check_address(reader: &Reader<'_>, text: &str, at: &At) {
    let host = text.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
    let sound =
        host.is_some_and(|host| host.contains('.') && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:".contains(&byte)));
    if !sound || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        reader.problem(at, quote(text), "an address like https://portal.example.com");
    }
}

pub fn mailbox<'a>(reader: &mut Reader<'a>, key: &'a str) -> String {
    let Some(word) = reader.word(key) else { return String::new() };
    let sound = word.text.split_once('@').is_some_and(|(desk, host)| !desk.is_empty() && host.contains('.') && !host.contains('@'));
    if !word.text.is_empty() && (!sound || word.text.contains(char::is_whitespace)) {
        reader.problem(&word.at, quote(&word.text), "a mailbox like desk@example.com");
    }
    word.text
}

pub fn contacts(reader: &mut Reader<'_>) -> Vec<Contact> {
    let one = |mut reader: Reader<'_>| {
        let role = reader.need("role", "the desk: intake, engineering, metering, billing, witness-test, supervisor, ombudsman").text;
        let (source, confidence) = vouch(&mut reader);
        let contact = Contact {
            role,
            mailbox: mailbox(&mut reader, "mailbox"),
            phone: reader.text("phone"),
            hours: reader.text("hours"),
            ladder: reader.number("ladder", 1, 9),
            source,
            confidence,
        };
        reader.finish();
        contact
    };
    reader.tables("contact").into_iter().map(one).collect()
}

pub fn programs(reader: &mut Reader<'_>) -> Vec<Program> {
    let one = |mut reader: Reader<'_>| {
        let name = reader.need("name", "the program's name").text;
        let state = reader.choice("state", ProgramState::ALL.map(ProgramState::name));
        let state = state.and_then(|word| ProgramState::ALL.into_iter().find(|state| state.name() == word.text));
        let (source, confidence) = vouch(&mut reader);
        let program = Program {
            name,
            schedule: reader.text("schedule"),
            state: state.unwrap_or(ProgramState::Unknown),
            note: reader.text("note"),
            source,
            confidence,
        };
        reader.finish();
        program
    };
    reader.tables("program").into_iter().map(one).collect()
}

pub fn fees(reader: &mut Reader<'_>) -> Vec<Fee> {
    let one = |mut reader: Reader<'_>| {
        let program = reader.text("program");
        let tier = reader.need("tier", "what the fee is for: level 1, below 25 kW").text;
        let (source, confidence) = vouch(&mut reader);
        let fee = Fee {
            program,
            tier,
            amount: reader.text("amount"),
            basis: reader.text("basis"),
            payee: reader.text("payee"),
            method: reader.text("method"),
            from: day(&mut reader, "from"),
            source,
            confidence,
        };
        reader.finish();
        fee
    };
    reader.tables("fee").into_iter().map(one).collect()
}

pub fn forms(reader: &mut Reader<'_>) -> Vec<Form> {
    let one = |mut reader: Reader<'_>| {
        let name = reader.need("name", "what the form is for").text;
        let url = reader.word("url").filter(|word| !word.text.is_empty());
        if let Some(word) = &url {
            check_address(&reader, &word.text, &word.at);
        }
        let (source, confidence) = vouch(&mut reader);
        let (number, version) = (reader.text("number"), reader.text("version"));
        reader.finish();
        Form { name, number, version, url: url.map(|word| word.text).unwrap_or_default(), source, confidence }
    };
    reader.tables("form").into_iter().map(one).collect()
}

pub fn promises(reader: &mut Reader<'_>, steps: &[Step]) -> Vec<Promise> {
    let names: Vec<&str> = steps.iter().map(|step| step.name.as_str()).collect();
    let one = |mut reader: Reader<'_>| {
        let step = reader.need("step", "a step of playbooks/steps.toml");
        if !step.text.is_empty() && !names.contains(&step.text.as_str()) {
            reader.problem(&step.at, quote(&step.text), one_of(&step.text, &names));
        }
        let says = reader.need("says", "what they say: 10 business days").text;
        let (source, confidence) = vouch(&mut reader);
        reader.finish();
        Promise { step: step.text, says, source, confidence }
    };
    reader.tables("promise").into_iter().map(one).collect()
}

pub fn quirks(reader: &mut Reader<'_>) -> Vec<Quirk> {
    let one = |mut reader: Reader<'_>| {
        let says = reader.need("says", "a sentence").text;
        let (source, confidence) = vouch(&mut reader);
        let (on, expires) = (day(&mut reader, "on"), day(&mut reader, "expires"));
        let by = reader.text("by");
        reader.finish();
        Quirk { says, source, confidence, on, by, expires }
    };
    reader.tables("quirk").into_iter().map(one).collect()
}
