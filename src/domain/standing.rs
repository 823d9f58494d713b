//! What of an application stands at some point of its journal: its fields, and each note, milestone
//! and move of its status under a name that never changes.
//!
//! Who was told of an earlier point compares the two: what is new, and what was taken back since.

use std::collections::{BTreeMap, BTreeSet};

use super::application::Application;
use super::day::Day;
use super::event::{Event, Kind, Of};
use super::id::{CommandId, EventId, Hlc, SubjectId, Uuid};
use super::record::Record;
use super::value::Value;

/// An event, a kind of thing, and the how manieth of that kind in the event, from 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ThingId {
    pub event: EventId,
    /// The event's own clock. After a backup was put back its number is given a second time; its clock is not.
    pub at: Hlc,
    pub kind: ThingKind,
    pub ordinal: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ThingKind {
    Note,
    Milestone,
    Status,
}

impl ThingKind {
    pub fn name(self) -> &'static str {
        match self {
            ThingKind::Note => "note",
            ThingKind::Milestone => "milestone",
            ThingKind::Status => "status",
        }
    }
}

/// Something that happened and was written down.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Thing {
    /// The text of a note, the map of a milestone, `{from, to}` of a status.
    pub value: Value,
    pub at: Hlc,
    pub on: Day,
    pub by: String,
}

pub struct Standing {
    /// It may not exist (any more): then it has no things.
    pub application: Application,
    pub things: BTreeMap<ThingId, Thing>,
}

/// A move of the status that took effect.
struct Move<'a> {
    event: &'a Event,
    value: Value,
    undone: bool,
}

/// `events` are those of one application up to the point that is meant, in the order of the fold.
pub fn standing<'a>(events: impl IntoIterator<Item = &'a Event>) -> Standing {
    let mut record = Record::new(SubjectId(Uuid::nil()), Of::Application);
    let mut moves: Vec<Move<'a>> = Vec::new();
    for event in events {
        record.id = event.subject;
        let moved = moves_status(&record, event);
        record.apply(event);
        match (moved, event.kind, event.undoes) {
            (false, ..) => {}
            (true, Kind::Undo, Some(command)) => mark(&mut moves, command, true),
            (true, Kind::Redo, Some(command)) => mark(&mut moves, command, false),
            (true, ..) => moves.push(Move { event, value: event.fields["status"].to.clone(), undone: false }),
        }
    }
    let things = if record.exists() { things(&record, &moves) } else { BTreeMap::new() };
    Standing { application: Application(record), things }
}

/// Whether the event's write of the status takes effect; from anywhere else than its author saw it is
/// only a conflict.
fn moves_status(before: &Record, event: &Event) -> bool {
    let Some(write) = event.fields.get("status") else { return false };
    match event.kind {
        Kind::Undo | Kind::Redo => before.registers.get("status").map(|register| register.writer) == write.base,
        _ => *before.value("status") == write.to.get("from").cloned().unwrap_or_default(),
    }
}

fn mark(moves: &mut [Move<'_>], command: CommandId, undone: bool) {
    moves.iter_mut().filter(|moved| moved.event.command == command).for_each(|moved| moved.undone = undone);
}

/// The correction that stands in the place of a note.
fn later(record: &Record, first: usize) -> Option<usize> {
    record.entries.iter().rposition(|entry| entry.corrects == Some(first) && !entry.hidden)
}

fn things(record: &Record, moves: &[Move<'_>]) -> BTreeMap<ThingId, Thing> {
    let mut things = BTreeMap::new();
    let mut counts: BTreeMap<(EventId, ThingKind), usize> = BTreeMap::new();
    let corrected: BTreeSet<usize> = record.entries.iter().filter(|entry| !entry.hidden).filter_map(|entry| entry.corrects).collect();
    for (place, entry) in record.entries.iter().enumerate() {
        let kind = match entry.field.as_str() {
            "note" => ThingKind::Note,
            "milestone" => ThingKind::Milestone,
            _ => continue,
        };
        // Counted with the hidden ones, or a name would change when one of them is taken back.
        let ordinal = counts.entry((entry.event, kind)).or_insert(0);
        *ordinal += 1;
        // Whoever was told of a note that was corrected since is told to take it back, and of the correction.
        let stands = match entry.corrects {
            Some(first) => !record.entries[first].hidden && later(record, first) == Some(place),
            None => !corrected.contains(&place),
        };
        if !entry.hidden && stands {
            let id = ThingId { event: entry.event, at: entry.at, kind, ordinal: *ordinal };
            things.insert(id, Thing { value: entry.value.clone(), at: entry.at, on: entry.on, by: entry.by.clone() });
        }
    }
    for moved in moves.iter().filter(|moved| !moved.undone) {
        let event = moved.event;
        let thing = Thing { value: moved.value.clone(), at: event.hlc, on: event.on, by: event.actor.clone() };
        things.insert(ThingId { event: event.id, at: event.hlc, kind: ThingKind::Status, ordinal: 1 }, thing);
    }
    things
}

#[cfg(test)]
mod tests {
    use super::super::event::Write;
    use super::super::id::{ReplicaId, SessionId};
    use super::super::record::NoteId;
    use super::super::testing::today;
    use super::super::undo::{Way, change};
    use super::*;

    fn event(seq: i64, command: u128, kind: Kind, fields: &[(&str, Value)]) -> Event {
        Event {
            id: EventId { replica: ReplicaId(Uuid::from_u128(1)), seq },
            hlc: Hlc(0).next(seq * 1_000),
            uid: 1,
            actor: "jdoe".into(),
            session: SessionId(Uuid::from_u128(2)),
            command: CommandId(Uuid::from_u128(command)),
            subject: SubjectId(Uuid::from_u128(3)),
            of: Of::Application,
            kind,
            on: today(),
            fields: fields.iter().map(|(name, to)| ((*name).to_owned(), Write { to: to.clone(), ..Write::default() })).collect(),
            undoes: None,
            playbook: String::new(),
        }
    }

    fn moved(from: &str, to: &str) -> Value {
        let from = if from.is_empty() { Value::Nothing } else { from.into() };
        Value::map([("from", from), ("to", to.into())])
    }

    /// The events with a turn of `command` after them, as the store would write it.
    fn turned(mut events: Vec<Event>, way: Way, command: u128) -> Vec<Event> {
        let undone = CommandId(Uuid::from_u128(command));
        let set = change(way, &events, undone).expect("nobody changed it since").expect("something to turn");
        let seq = i64::try_from(events.len()).expect("few") + 1;
        let kind = if way == Way::Undo { Kind::Undo } else { Kind::Redo };
        let mut turn = event(seq, 900 + u128::try_from(seq).expect("few"), kind, &[]);
        (turn.fields, turn.undoes) = (set.fields, Some(undone));
        events.push(turn);
        events
    }

    fn names(events: &[Event]) -> Vec<(i64, &'static str, usize)> {
        standing(events).things.keys().map(|id| (id.event.seq, id.kind.name(), id.ordinal)).collect()
    }

    fn history() -> Vec<Event> {
        vec![
            event(
                1,
                1,
                Kind::Open,
                &[("opened", true.into()), ("status", moved("", "intake")), ("note", Value::List(vec!["a".into(), "b".into()]))],
            ),
            event(2, 2, Kind::Touch, &[("status", moved("intake", "submitted")), ("note", "sent".into()), ("message", "m".into())]),
            event(3, 3, Kind::Touch, &[("milestone", Value::map([("code", "received".into())])), ("ball", "us".into())]),
        ]
    }

    #[test]
    fn everything_has_a_name_and_keeps_it_through_undo_and_redo() {
        let all = [(1, "note", 1), (1, "note", 2), (1, "status", 1), (2, "note", 1), (2, "status", 1), (3, "milestone", 1)];
        assert_eq!(names(&history()), all);
        let undone = turned(history(), Way::Undo, 3);
        assert_eq!(names(&undone), all[..5]);
        let both = turned(undone, Way::Undo, 2);
        assert_eq!(names(&both), all[..3]);
        assert_eq!(standing(&both).application.status(), "intake");
        let again = turned(both, Way::Redo, 2);
        assert_eq!(names(&again), all[..5]);
        let none = turned(turned(again, Way::Undo, 2), Way::Undo, 1);
        assert_eq!(names(&none), [], "what does not exist has nothing");
        assert!(!standing(&none).application.exists());
        assert_eq!(names(&turned(none, Way::Redo, 1)), all[..3]);
    }

    /// What was sent is taken back, and the correction comes; undone, the note comes again under its own name.
    #[test]
    fn a_note_that_was_corrected_stands_no_more() {
        let note = NoteId { event: EventId { replica: ReplicaId(Uuid::from_u128(1)), seq: 1 }, nth: 2 };
        let correction = |text: &str| Value::map([("text", text.into()), ("corrects", note.value())]);
        let mut events = history();
        events.push(event(4, 4, Kind::Set, &[("note", correction("B"))]));
        let notes = |events: &[Event]| names(events).into_iter().filter(|(_, kind, _)| *kind == "note").collect::<Vec<_>>();
        assert_eq!(notes(&events), [(1, "note", 1), (2, "note", 1), (4, "note", 1)]);
        events.push(event(5, 5, Kind::Set, &[("note", correction("BB"))]));
        assert_eq!(notes(&events), [(1, "note", 1), (2, "note", 1), (5, "note", 1)], "only the last correction stands");
        let undone = turned(turned(events, Way::Undo, 5), Way::Undo, 4);
        assert_eq!(notes(&undone), [(1, "note", 1), (1, "note", 2), (2, "note", 1)]);
    }

    #[test]
    fn a_move_from_elsewhere_never_happened() {
        let mut events = history();
        events.push(event(4, 4, Kind::Touch, &[("status", moved("intake", "approved"))]));
        assert_eq!(standing(&events).application.status(), "submitted");
        assert!(!names(&events).contains(&(4, "status", 1)));
        let mut late = event(5, 5, Kind::Undo, &[("status", "intake".into())]);
        late.undoes = Some(CommandId(Uuid::from_u128(2)));
        late.fields.get_mut("status").expect("it").base = Some(EventId { replica: ReplicaId(Uuid::from_u128(1)), seq: 1 });
        events.push(late);
        assert!(names(&events).contains(&(2, "status", 1)), "the undo saw another value: the status stays, and so does its move");
        assert!(!names(&events).contains(&(2, "note", 1)), "its note is hidden all the same");
    }
}
