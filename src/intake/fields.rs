//! The fields of one event while an import gathers them, and what it remembers of the row.

use std::collections::BTreeMap;

use crate::domain::application::{Application, milestone};
use crate::domain::day::{Datelike, Day, parse_day};
use crate::domain::event::Write;
use crate::domain::import::{self, Candidate};
use crate::domain::playbook::Workflow;
use crate::domain::value::Value;

/// The party of a row that nobody else is known to act on.
const US: &str = "us";

/// What a name in `Candidate::values` stands for.
pub(super) enum Target<'a> {
    Register,
    Milestone(&'a str),
    Note(&'a str),
}

impl Target<'_> {
    pub(super) fn of(field: &str) -> Target<'_> {
        match field.split_once('.') {
            Some(("milestone", code)) => Target::Milestone(code),
            Some(("note", column)) => Target::Note(column),
            _ => Target::Register,
        }
    }
}

/// Several entries of a kind become one list.
#[derive(Default)]
pub(super) struct Fields {
    registers: BTreeMap<String, Value>,
    notes: Vec<Value>,
    milestones: Vec<Value>,
}

impl Fields {
    pub(super) fn put(&mut self, field: &str, value: impl Into<Value>) {
        self.registers.insert(field.to_owned(), value.into());
    }

    pub(super) fn note(&mut self, column: &str, text: &Value) {
        self.notes.push(note(column, text).into());
    }

    /// The lines of a column of dated notes that `application` does not have yet, each on its day.
    /// `true`: there were any.
    pub(super) fn dated(&mut self, lines: &[(Option<Day>, String)], application: Option<&Application>) -> bool {
        let before = self.notes.len();
        for (day, text) in lines {
            // A day that was written without a year may be another year's by now.
            let same = |on: Day| day.is_none_or(|day| (day.month(), day.day()) == (on.month(), on.day()));
            let known = |note: &crate::domain::record::Entry| note.value.as_text() == Some(text) && same(note.on);
            if application.is_some_and(|application| application.entries("note").any(known)) {
                continue;
            }
            self.notes.push(match day {
                Some(day) => Value::map([("on", day.to_string().into()), ("text", text.as_str().into())]),
                None => text.as_str().into(),
            });
        }
        self.notes.len() > before
    }

    pub(super) fn milestone(&mut self, code: &str, day: &Value, source: &str) {
        self.milestones.extend(day.as_text().and_then(parse_day).map(|day| milestone(code, day, source)));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.registers.is_empty() && self.notes.is_empty() && self.milestones.is_empty()
    }

    pub(super) fn done(self, application: Option<&Application>) -> BTreeMap<String, Write> {
        let entries = [("note", self.notes), ("milestone", self.milestones)].into_iter().filter_map(|(field, mut items)| {
            let only = if items.len() > 1 { Some(Value::List(items)) } else { items.pop() };
            Some((field.to_owned(), Write { to: only?, ..Write::default() }))
        });
        let registers = self.registers.into_iter().map(|(field, to)| {
            let write = match application {
                Some(application) => application.write(&field, to),
                None => Write { to, ..Write::default() },
            };
            (field, write)
        });
        registers.chain(entries).collect()
    }
}

pub(super) fn note(column: &str, text: &Value) -> String {
    format!("{column}: {}", text.as_text().unwrap_or_default())
}

pub(super) fn day_text(day: &Value) -> &str {
    day.as_text().unwrap_or_default()
}

pub(super) fn moved(from: Value, to: Value) -> Value {
    Value::map([("from", from), ("to", to)])
}

/// Who acts in a status when nothing else is said; an unknown status is ours to settle.
pub(super) fn ball<'a>(workflow: &'a Workflow, status: &str) -> &'a str {
    workflow.status(status).map_or(US, |status| &status.ball)
}

/// What was imported: the key, every value but those that were refused, and these beside.
pub(super) fn imported(candidate: &Candidate, last: &BTreeMap<String, Value>, refused: &[&str]) -> Value {
    let mut values = last.clone();
    let mut offers = BTreeMap::new();
    for (field, value) in &candidate.values {
        if refused.contains(&field.as_str()) {
            offers.insert(field.clone(), value.clone());
        } else if value.is_nothing() {
            values.remove(field);
        } else {
            values.insert(field.clone(), value.clone());
        }
    }
    import::remembered(&candidate.key, values, offers)
}
