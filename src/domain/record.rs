//! The fold: a subject's events, in the order of their clocks, become registers and entries.
//!
//! The fold never reads a playbook and never fails: any set of events folds to something, and what
//! could not be applied is kept as a visible conflict.

use std::collections::BTreeMap;

use super::day::Day;
use super::event::{Event, Kind, Of, Write};
use super::id::{CommandId, EventId, Hlc, ReplicaId, SubjectId};
use super::import::source_of;
use super::value::Value;

/// Fields whose writes add an entry and never replace one. A list adds one entry per item. A note is
/// text, or a map of `text`, `on` (a day), `by`, and `corrects`: the note in whose place it stands.
pub const ENTRIES: &[&str] = &["note", "milestone", "message", "disposition"];

/// The register that says that the subject exists. Undoing the command that opened it clears it.
pub const OPENED: &str = "opened";

/// The present value of a field, and which event wrote it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Register {
    pub value: Value,
    pub writer: EventId,
    pub at: Hlc,
    pub on: Day,
    pub by: String,
}

/// Something that was added and stays: a note, a milestone, a copied message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    pub field: String,
    pub value: Value,
    pub event: EventId,
    pub command: CommandId,
    pub at: Hlc,
    pub on: Day,
    pub by: String,
    /// Its command was undone.
    pub hidden: bool,
    /// The place among the entries of the note that this one corrects, as it was first written.
    pub corrects: Option<usize>,
}

/// Which note: the event that added it, and the how manieth note of that event, from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoteId {
    pub event: EventId,
    pub nth: usize,
}

impl NoteId {
    /// As a correction names it.
    pub fn value(self) -> Value {
        let number = |number: usize| Value::Number(i64::try_from(number).unwrap_or(i64::MAX));
        Value::map([("replica", self.event.replica.to_string().into()), ("seq", Value::Number(self.event.seq)), ("nth", number(self.nth))])
    }

    fn read(value: &Value) -> Option<NoteId> {
        let replica = ReplicaId::parse(value.get("replica")?.as_text()?)?;
        let seq = value.get("seq")?.as_number()?;
        Some(NoteId { event: EventId { replica, seq }, nth: usize::try_from(value.get("nth")?.as_number()?).ok()? })
    }
}

/// A write that lost, kept for people to see.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Conflict {
    pub field: String,
    pub kept: Value,
    pub lost: Value,
    pub event: EventId,
    pub by: String,
}

/// A subject as its events left it. `version` counts its events: a command names the version that
/// its author saw.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    pub id: SubjectId,
    pub of: Of,
    pub version: i64,
    pub registers: BTreeMap<String, Register>,
    pub entries: Vec<Entry>,
    pub conflicts: Vec<Conflict>,
    pub last: Hlc,
    /// When, on which day and by whom each event was written: an undo gives a register back as it
    /// was, so that the days in a status go on counting from where they did.
    wrote: BTreeMap<EventId, (Hlc, Day, String)>,
}

impl Record {
    pub fn new(id: SubjectId, of: Of) -> Record {
        Record {
            id,
            of,
            version: 0,
            registers: BTreeMap::new(),
            entries: Vec::new(),
            conflicts: Vec::new(),
            last: Hlc::default(),
            wrote: BTreeMap::new(),
        }
    }

    /// Folds `events`, which must be those of `id` in the order (hlc, replica, seq).
    pub fn fold<'a>(id: SubjectId, of: Of, events: impl IntoIterator<Item = &'a Event>) -> Record {
        let mut record = Record::new(id, of);
        for event in events {
            record.apply(event);
        }
        record
    }

    /// The value of a field; `Nothing` when it was never written.
    pub fn value(&self, field: &str) -> &Value {
        self.registers.get(field).map_or(&Value::Nothing, |register| &register.value)
    }

    pub fn text(&self, field: &str) -> Option<&str> {
        self.value(field).as_text()
    }

    pub fn day(&self, field: &str) -> Option<Day> {
        self.text(field).and_then(super::day::parse_day)
    }

    pub fn flag(&self, field: &str) -> bool {
        self.value(field).as_flag().unwrap_or(false)
    }

    pub fn exists(&self) -> bool {
        !self.value(OPENED).is_nothing()
    }

    /// The entries of a field that were not undone, oldest first.
    pub fn entries(&self, field: &str) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.field == field && !entry.hidden)
    }

    /// A write of `to` that names the value it replaces, for a change set.
    pub fn write(&self, field: &str, to: Value) -> Write {
        let base = self.registers.get(field).map(|register| register.writer);
        Write { to, base, origin: None }
    }

    /// Applies one event. This is the only way in which a record changes.
    pub fn apply(&mut self, event: &Event) {
        self.version += 1;
        self.last = self.last.max(event.hlc);
        self.wrote.insert(event.id, (event.hlc, event.on, event.actor.clone()));
        match (event.kind, event.undoes) {
            (Kind::Undo, Some(command)) => self.hide(command, true),
            (Kind::Redo, Some(command)) => self.hide(command, false),
            _ => {}
        }
        for (field, write) in &event.fields {
            match event.kind {
                Kind::Undo | Kind::Redo => self.restore(event, field, write),
                _ if ENTRIES.contains(&field.as_str()) => self.add(event, field, &write.to),
                _ => self.replace(event, field, write),
            }
        }
    }

    fn hide(&mut self, command: CommandId, hidden: bool) {
        for entry in self.entries.iter_mut().filter(|entry| entry.command == command) {
            entry.hidden = hidden;
        }
    }

    fn add(&mut self, event: &Event, field: &str, value: &Value) {
        let items = match value {
            Value::List(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        };
        // What a list says is no word of whoever read it in.
        let source = (event.kind == Kind::Import).then(|| event.fields.keys().find_map(|field| source_of(field))).flatten();
        let author = source.unwrap_or(&event.actor);
        for item in items {
            let text = |key: &str| item.get(key).and_then(Value::as_text);
            // A note that happened on another day than its event, or was somebody else's: a line of
            // an imported cell, the note of a record that was joined with this one.
            let told = (field == "note").then(|| text("text")).flatten();
            let corrects = told.and_then(|_| self.place_of(NoteId::read(item.get("corrects")?)?));
            self.entries.push(Entry {
                field: field.to_owned(),
                value: told.map_or_else(|| item.clone(), Value::text),
                event: event.id,
                command: event.command,
                at: event.hlc,
                on: text("on").filter(|_| told.is_some()).and_then(super::day::parse_day).unwrap_or(event.on),
                by: text("by").filter(|_| told.is_some()).unwrap_or(author).to_owned(),
                hidden: false,
                corrects,
            });
        }
    }

    /// Where a note stands among the entries. A correction of a correction is one of the note as it was first written.
    pub fn place_of(&self, note: NoteId) -> Option<usize> {
        let of_event = |(_, entry): &(usize, &Entry)| entry.field == "note" && entry.event == note.event;
        let (place, entry) = self.entries.iter().enumerate().filter(of_event).nth(note.nth.checked_sub(1)?)?;
        Some(entry.corrects.unwrap_or(place))
    }

    /// The name of the note at that place.
    pub fn note_id(&self, place: usize) -> Option<NoteId> {
        let event = self.entries.get(place)?.event;
        let nth = self.entries[..=place].iter().filter(|entry| entry.field == "note" && entry.event == event).count();
        Some(NoteId { event, nth })
    }

    /// The last in order wins; if its author had seen another value than the one it replaces, the
    /// replaced one is shown as a conflict. A status moves only from where its author saw it.
    fn replace(&mut self, event: &Event, field: &str, write: &Write) {
        let current = self.registers.get(field);
        let unseen = current.map(|register| register.writer) != write.base;
        let to = if field == "status" { write.to.get("to").cloned().unwrap_or_default() } else { write.to.clone() };
        if field == "status" {
            let from = write.to.get("from").cloned().unwrap_or_default();
            if current.map_or(Value::Nothing, |register| register.value.clone()) != from {
                let kept = self.value(field).clone();
                self.conflict(event, field, kept, to);
                return;
            }
        } else if let Some(register) = current.filter(|register| unseen && register.value != to) {
            let lost = register.value.clone();
            self.conflict(event, field, to.clone(), lost);
        }
        self.put(event, field, to, event.id);
    }

    /// Undo and redo take effect only while the value they saw is still there.
    fn restore(&mut self, event: &Event, field: &str, write: &Write) {
        if self.registers.get(field).map(|register| register.writer) != write.base {
            let kept = self.value(field).clone();
            self.conflict(event, field, kept, write.to.clone());
            return;
        }
        match write.origin {
            Some(origin) => self.put(event, field, write.to.clone(), origin),
            None => {
                self.registers.remove(field);
            }
        }
    }

    fn put(&mut self, event: &Event, field: &str, value: Value, writer: EventId) {
        let (at, on, by) = self.wrote.get(&writer).cloned().unwrap_or((event.hlc, event.on, event.actor.clone()));
        let register = Register { value, writer, at, on, by };
        self.registers.insert(field.to_owned(), register);
    }

    fn conflict(&mut self, event: &Event, field: &str, kept: Value, lost: Value) {
        self.conflicts.push(Conflict { field: field.to_owned(), kept, lost, event: event.id, by: event.actor.clone() });
    }
}
