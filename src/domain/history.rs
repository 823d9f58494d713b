//! What does an event say in one plain sentence?

use std::collections::BTreeMap;

use super::day::{Day, When, parse_day, short, short_when};
use super::event::{Event, Kind, Of, Write};
use super::field::{self, FIELDS};
use super::import;
use super::playbook::Workflow;
use super::record::OPENED;
use super::utility_state;
use super::value::Value;
use super::view;

/// `status intake → submitted, waiting on utility, we look Tue 12/1; note: …`. Days have their year
/// when it is not the year in which the event happened.
pub fn what(event: &Event, workflow: &Workflow) -> String {
    if event.of == Of::Message {
        return of_a_message(event);
    }
    if event.of == Of::Utility {
        return utility_state::told(event);
    }
    if event.of == Of::View {
        return view::told(event);
    }
    let telling = Telling { workflow, on: event.on, fields: &event.fields };
    let mut parts = Vec::new();
    parts.extend(telling.opened());
    parts.extend(telling.status());
    parts.extend(telling.fields());
    parts.extend(telling.others());
    let mut what = parts.join(", ");
    for (label, text) in telling.notes() {
        what.push_str(if what.is_empty() { "" } else { "; " });
        what.push_str(label);
        what.push_str(&text);
    }
    let did = match event.kind {
        Kind::Set if settles(event) => format!("settled with {}", sources(event)),
        Kind::Open | Kind::Touch | Kind::Set => return if what.is_empty() { "nothing".into() } else { what },
        Kind::Import => format!("import from {}", sources(event)),
        Kind::Undo => "undo".to_owned(),
        Kind::Redo => "redo".to_owned(),
    };
    if what.is_empty() { did } else { format!("{did}: {what}") }
}

/// A touch and its message are two events; what one command did to one record is one act. `events` are
/// in the order of the journal.
pub fn acts(events: Vec<Event>) -> Vec<Event> {
    let mut acts: Vec<Event> = Vec::with_capacity(events.len());
    for event in events {
        match acts.last_mut() {
            Some(act) if act.command == event.command && act.subject == event.subject => act.fields.extend(event.fields),
            _ => acts.push(event),
        }
    }
    acts
}

/// A message of the team's: which parts were written, not what stands in them.
fn of_a_message(event: &Event) -> String {
    let parts: Vec<&str> = event.fields.keys().map(String::as_str).collect();
    let did = match event.kind {
        Kind::Undo => "undo",
        Kind::Redo => "redo",
        _ => "wrote",
    };
    format!("{did}: {}", parts.join(", "))
}

/// The sources whose last values the event wrote.
fn sources(event: &Event) -> String {
    let mut names: Vec<&str> = event.fields.keys().filter_map(|field| import::source_of(field)).collect();
    names.dedup();
    if names.is_empty() { "a file".to_owned() } else { names.join(", ") }
}

/// A settlement writes what a source says without a joining of two records.
fn settles(event: &Event) -> bool {
    let is = |start: &str| event.fields.keys().any(|field| field.starts_with(start));
    is("import.") && !is("joined") && !is("alias.")
}

struct Telling<'a> {
    workflow: &'a Workflow,
    on: Day,
    fields: &'a BTreeMap<String, Write>,
}

impl Telling<'_> {
    fn opened(&self) -> Option<String> {
        let opened = self.fields.get(OPENED)?;
        let name = self.fields.get("reference").and_then(|write| write.to.as_text());
        let into = self.fields.get("joined").and_then(|write| write.to.get("into")).and_then(Value::as_text);
        Some(match (opened.to.is_nothing(), name) {
            (true, _) if into.is_some() => format!("joined with {}", into.unwrap_or_default()),
            (true, _) => "opening taken back".into(),
            (false, Some(name)) => format!("opened as {name}"),
            (false, None) => "opened".into(),
        })
    }

    /// A move is `{from, to}`; undo and redo put back a plain status.
    fn status(&self) -> Option<String> {
        let to = &self.fields.get("status")?.to;
        let label = |value: Option<&Value>| value.and_then(Value::as_text).map(|name| self.workflow.status_label(name).to_owned());
        Some(match (label(to.get("from")), label(to.get("to")).or_else(|| label(Some(to)))) {
            (Some(from), Some(to)) => format!("status {from} → {to}"),
            (None, Some(to)) => format!("status {to}"),
            (_, None) => "status cleared".into(),
        })
    }

    /// The fields of the table: who has it, when we look, then the rest in the table's order.
    fn fields(&self) -> Vec<String> {
        let first = ["ended_reason", "ball", "follow_up"];
        let rest = FIELDS.iter().map(|field| field.name).filter(|name| *name != "status" && !first.contains(name));
        first.into_iter().chain(rest).filter_map(|name| self.field(name)).collect()
    }

    fn field(&self, name: &str) -> Option<String> {
        let (field, value) = (field::find(name)?, &self.fields.get(name)?.to);
        if value.is_nothing() {
            return Some(match field.kind {
                field::Kind::Flag => format!("not {}", field.label),
                _ => format!("{} cleared", field.label),
            });
        }
        let text = value.as_text().unwrap_or_default();
        let shown = match field.kind {
            field::Kind::Flag => return Some(field.label.to_owned()),
            field::Kind::Party => self.workflow.party_label(text).to_owned(),
            field::Kind::Day => parse_day(text).map_or(text.to_owned(), |day| short(day, self.on)),
            field::Kind::When => When::parse(text).map_or(text.to_owned(), |when| short_when(when, self.on)),
            kind => field::show(kind, value),
        };
        Some(format!("{} {shown}", field.label))
    }

    /// Milestones, to-dos, attempts, messages, numbers, and any field that this version does not know.
    fn others(&self) -> Vec<String> {
        let mut parts = Vec::new();
        for (name, write) in self.fields {
            match name.split_once('.').map_or((name.as_str(), ""), |(kind, rest)| (kind, rest)) {
                (OPENED | "reference" | "status" | "note" | "import" | "joined", _) => {}
                // "joined with A-1051" is said by the note.
                ("alias", source) if source.starts_with("joined.") => {}
                ("milestone", "") => parts.extend(items(&write.to).iter().map(|item| self.milestone(item))),
                ("disposition", "") => parts.extend(items(&write.to).iter().map(|item| format!("did {}", name_of(item)))),
                ("message", "") => parts.extend(items(&write.to).iter().map(message)),
                ("extension", clock) => parts.push(match write.to.get("until").and_then(Value::as_text) {
                    Some(until) => format!("clock {clock} extended to {until}"),
                    None => format!("extension of clock {clock} taken back"),
                }),
                ("attempts", party) => parts.push(match write.to.as_number() {
                    Some(count) => format!("attempt {count} at {}", self.workflow.party_label(party)),
                    None => format!("attempts at {} start anew", self.workflow.party_label(party)),
                }),
                ("alias", source) => {
                    let source = source.split([':', '.']).next().unwrap_or_default();
                    let source = field::find(source).map_or_else(|| format!("{source} number"), |field| field.label.to_owned());
                    parts.push(named(&source, &write.to));
                }
                ("todo", _) => parts.push(self.todo(&write.to)),
                _ if field::find(name).is_some() => {}
                _ => parts.push(named(name, &write.to)),
            }
        }
        parts
    }

    fn milestone(&self, item: &Value) -> String {
        let text = |key: &str| item.get(key).and_then(Value::as_text).unwrap_or_default();
        let day = parse_day(text("day")).map_or(text("day").to_owned(), |day| short(day, self.on));
        format!("{} on {day}", self.workflow.milestone_label(text("code")))
    }

    fn todo(&self, item: &Value) -> String {
        let text = |key: &str| item.get(key).and_then(Value::as_text).unwrap_or_default();
        match (item.is_nothing(), item.get("done").and_then(Value::as_flag), parse_day(text("due"))) {
            (true, ..) => "to-do taken back".into(),
            (_, Some(true), _) => format!("to-do done: {}", text("title")),
            (_, _, Some(due)) => format!("to-do by {}: {}", short(due, self.on), text("title")),
            (_, _, None) => format!("to-do: {}", text("title")),
        }
    }

    fn notes(&self) -> Vec<(&'static str, String)> {
        let notes = self.fields.get("note").map(|write| items(&write.to)).unwrap_or_default();
        let told = |note: &Value| {
            let words: Vec<&str> = note.get("text").unwrap_or(note).as_text()?.split_whitespace().collect();
            Some((if note.get("corrects").is_some() { "corrected note: " } else { "note: " }, words.join(" ")))
        };
        notes.iter().filter_map(told).collect()
    }
}

/// The entries that one write adds.
fn items(value: &Value) -> &[Value] {
    match value {
        Value::Nothing => &[],
        Value::List(items) => items,
        one => std::slice::from_ref(one),
    }
}

/// The name inside a disposition or a message.
fn name_of(item: &Value) -> &str {
    item.as_text().or_else(|| item.get("name").and_then(Value::as_text)).unwrap_or_default()
}

/// Which message, and the version of one that the team wrote.
fn message(item: &Value) -> String {
    match item.get("version").and_then(Value::as_number) {
        Some(version) if version > 0 => format!("message {} v{version}", name_of(item)),
        _ => format!("message {}", name_of(item)),
    }
}

fn named(name: &str, value: &Value) -> String {
    if value.is_nothing() { format!("{name} cleared") } else { format!("{name} {}", field::show(field::Kind::Text, value)) }
}
