//! Undo and redo: a new change that takes a whole command back, or a refusal that names why.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use super::change::Change;
use super::event::{Event, Kind, Write};
use super::field;
use super::id::{CommandId, EventId};
use super::record::{ENTRIES, OPENED, Record};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    Undo,
    Redo,
}

impl Way {
    pub fn kind(self) -> Kind {
        match self {
            Way::Undo => Kind::Undo,
            Way::Redo => Kind::Redo,
        }
    }

    /// The words for the journal and the undo line.
    pub fn did(self, what: &str) -> String {
        match self {
            Way::Undo => format!("took back: {what}"),
            Way::Redo => format!("done again: {what}"),
        }
    }
}

/// A command of a session or of a person that is not itself an undo or a redo.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Done {
    pub command: CommandId,
    pub kind: Kind,
    pub did: String,
    /// The place in the journal of the undo that stands; `None`: it was not undone, or done again.
    pub undone_at: Option<i64>,
}

/// The last command that still stands. `newest_first` may end with the first one that stands.
pub fn undoable(newest_first: &[Done]) -> Option<&Done> {
    newest_first.iter().find(|done| done.undone_at.is_none())
}

/// The command that was undone last, as long as nothing new was done after it.
pub fn redoable(newest_first: &[Done]) -> Option<&Done> {
    newest_first.iter().take_while(|done| done.undone_at.is_some()).max_by_key(|done| done.undone_at)
}

/// A later change that would be overwritten.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Blocked {
    pub by: String,
    /// The words of the field.
    pub field: String,
}

/// The change that takes `command` back from one subject, or does it again there.
///
/// `events` are all of the subject's, in their order. `None`: there is nothing (more) to do.
pub fn change(way: Way, events: &[Event], command: CommandId) -> Result<Option<Change>, Blocked> {
    let original = |event: &Event| event.command == command && !matches!(event.kind, Kind::Undo | Kind::Redo);
    let (Some(at), Some(last)) = (events.iter().position(original), events.iter().rposition(original)) else { return Ok(None) };
    let event = &events[at];
    let verdict = verdict(events, command);
    let before = Record::fold(event.subject, event.of, &events[..at]);
    let mut after = before.clone();
    events[at..=last].iter().for_each(|event| after.apply(event));
    let mut now = after.clone();
    events[last + 1..].iter().for_each(|later| now.apply(later));
    let seen = Seen { events, own: at..=last, command, before: &before, after: &after, now: &now };
    let fields = match (way, verdict) {
        (Way::Undo, Some(Event { kind: Kind::Undo, .. })) => return Ok(None),
        (Way::Undo, _) => take_back(&seen)?,
        (Way::Redo, Some(undo)) if undo.kind == Kind::Undo => bring_back(&seen, undo)?,
        (Way::Redo, _) => return Ok(None),
    };
    Ok(Some(Change { subject: event.subject, of: event.of, expects: Some(now.version), needs_reference: false, fields }))
}

/// The reference that people know the subject by, also while its opening is undone.
pub fn reference(events: &[Event]) -> String {
    let written = events.iter().find_map(|event| event.fields.get("reference").and_then(|write| write.to.as_text()));
    written.unwrap_or_default().to_owned()
}

struct Seen<'a> {
    events: &'a [Event],
    /// From the command's first event to its last. It has several where two rows of one import are
    /// one record; others may have written in between.
    own: RangeInclusive<usize>,
    command: CommandId,
    before: &'a Record,
    after: &'a Record,
    now: &'a Record,
}

/// The last undo or redo of `command` in this subject.
fn verdict(events: &[Event], command: CommandId) -> Option<&Event> {
    events.iter().rev().find(|event| event.undoes == Some(command) && matches!(event.kind, Kind::Undo | Kind::Redo))
}

impl Seen<'_> {
    /// The fields that the command's events wrote, each once.
    fn fields(&self) -> BTreeSet<&String> {
        let own = self.events[self.own.clone()].iter().filter(|event| event.command == self.command);
        own.flat_map(|event| event.fields.keys()).filter(|field| !ENTRIES.contains(&field.as_str())).collect()
    }

    /// Who wrote the value that stood after the command, if it was the command.
    fn written(&self, field: &str) -> Option<EventId> {
        let id = writer(self.after, field)?;
        self.events[self.own.clone()].iter().any(|event| event.id == id && event.command == self.command).then_some(id)
    }

    /// Somebody else wrote the field between two events of the command: what it had before is not
    /// what it would get back.
    fn between(&self, field: &str) -> bool {
        self.events[self.own.clone()].iter().any(|event| event.command != self.command && event.fields.contains_key(field))
    }
}

/// Every field that the command's event really wrote gets back what it had.
fn take_back(seen: &Seen<'_>) -> Result<BTreeMap<String, Write>, Blocked> {
    let mut fields = BTreeMap::new();
    for field in seen.fields() {
        // A status that no longer applied, for instance, is only a conflict: nothing to give back.
        let Some(id) = seen.written(field) else { continue };
        if writer(seen.now, field) != Some(id) || seen.between(field) {
            return Err(blocked_by(seen, field));
        }
        let had = seen.before.registers.get(field);
        let to = had.map(|register| register.value.clone()).unwrap_or_default();
        fields.insert(field.clone(), Write { to, base: Some(id), origin: had.map(|register| register.writer) });
    }
    if fields.contains_key(OPENED) && !seen.before.exists() {
        stands_alone(seen)?;
    }
    Ok(fields)
}

/// Every field that the undo gave back gets the command's value again.
fn bring_back(seen: &Seen<'_>, undo: &Event) -> Result<BTreeMap<String, Write>, Blocked> {
    let mut fields = BTreeMap::new();
    for (field, undone) in &undo.fields {
        if writer(seen.now, field) != undone.origin {
            return Err(blocked_by(seen, field));
        }
        let to = seen.after.value(field).clone();
        fields.insert(field.clone(), Write { to, base: undone.origin, origin: writer(seen.after, field) });
    }
    Ok(fields)
}

/// To take an opening back would take what others did to the record since out of sight.
fn stands_alone(seen: &Seen<'_>) -> Result<(), Blocked> {
    for later in &seen.events[seen.own.start() + 1..] {
        let undone = || verdict(seen.events, later.command).is_some_and(|verdict| verdict.kind == Kind::Undo);
        if !matches!(later.kind, Kind::Undo | Kind::Redo) && later.command != seen.command && !undone() {
            let field = later.fields.keys().next().map_or("it", String::as_str);
            return Err(Blocked { by: later.actor.clone(), field: words(field) });
        }
    }
    Ok(())
}

fn writer(record: &Record, field: &str) -> Option<EventId> {
    record.registers.get(field).map(|register| register.writer)
}

fn blocked_by(seen: &Seen<'_>, field: &str) -> Blocked {
    let others = seen.events[seen.own.start() + 1..].iter().rev().filter(|event| event.command != seen.command);
    let later = others.into_iter().find(|event| event.fields.contains_key(field));
    Blocked { by: later.map(|event| event.actor.clone()).unwrap_or_default(), field: words(field) }
}

/// The words of a field on screen.
fn words(field: &str) -> String {
    field::find(field).map_or(field, |field| field.label).to_owned()
}
