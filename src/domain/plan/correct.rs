//! A correction: a note of its own that stands in the place of another. Nothing is overwritten.

use super::builder::Builder;
use super::{Context, Planned};
use crate::domain::application::Application;
use crate::domain::day::short;
use crate::domain::event::{Kind, Write};
use crate::domain::playbook::Then;
use crate::domain::record::{Entry, NoteId};
use crate::domain::text;
use crate::domain::trouble::Refusal;
use crate::domain::value::Value;

/// The words in which a note stands now, and the day it is of.
pub fn present(app: &Application, note: NoteId) -> Option<&Entry> {
    let place = app.place_of(note)?;
    let first = app.entries.get(place).filter(|first| !first.hidden)?;
    Some(app.correction(place).unwrap_or(first))
}

/// Plans `text` in the place of `note`; it keeps the day of the note, and has its own author.
pub fn correct(text: &str, note: NoteId, app: &Application, ctx: &Context<'_>) -> Result<Planned, Refusal> {
    let Some(before) = present(app, note) else {
        return Err(Refusal::new(format!("that note of {} is not there any more", app.reference())));
    };
    let text = text::clean(text);
    let text = text::cut(text.trim(), text::NOTE_MAX);
    if text.is_empty() {
        return Err(Refusal::new("a note is corrected by words, not taken away").hint("undo takes back what was just written"));
    }
    if before.value.as_text() == Some(text) {
        return Err(Refusal::new("the note says that already"));
    }
    let mut plan = Builder::new(app, *ctx, Kind::Set, None)?;
    let value = Value::map([("text", text.into()), ("on", before.on.to_string().into()), ("corrects", note.value())]);
    plan.fields.insert("note".to_owned(), Write { to: value, ..Write::default() });
    plan.say("corrects", format!("the note of {}, {}; both stay in the history", short(before.on, ctx.today), before.by));
    plan.finish("corrected a note", Then::Stay)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::event::{Event, Of};
    use crate::domain::facts::Facts;
    use crate::domain::id::{CommandId, EventId, Hlc, ReplicaId, SessionId, SubjectId, Uuid};
    use crate::domain::message::Person;
    use crate::domain::record::Record;
    use crate::domain::testing::{self, day};
    use crate::domain::undo;

    fn event(seq: i64, fields: BTreeMap<String, Write>) -> Event {
        Event {
            id: EventId { replica: ReplicaId(Uuid::from_u128(1)), seq },
            hlc: Hlc(0).next(seq * 1_000),
            uid: 1,
            actor: if seq < 3 { "jdoe" } else { "alee" }.into(),
            session: SessionId(Uuid::from_u128(2)),
            command: CommandId(Uuid::from_u128(100 + u128::try_from(seq).expect("small"))),
            subject: SubjectId(Uuid::from_u128(3)),
            of: Of::Application,
            kind: if seq == 1 { Kind::Open } else { Kind::Touch },
            on: day("2026-11-18"),
            fields,
            undoes: None,
            playbook: String::new(),
        }
    }

    fn write(to: Value) -> Write {
        Write { to, ..Write::default() }
    }

    fn fold(events: &[Event]) -> Application {
        Application(Record::fold(events[0].subject, Of::Application, events))
    }

    fn notes(app: &Application) -> Vec<(String, String, String)> {
        let told = |note: &Entry| (note.on.to_string(), note.by.clone(), note.value.as_text().unwrap_or_default().to_owned());
        app.notes().map(told).collect()
    }

    fn opened() -> Vec<Event> {
        let notes = Value::List(vec!["meter 123".into(), "called".into()]);
        vec![
            event(1, [("opened".to_owned(), write(true.into())), ("note".to_owned(), write(notes))].into()),
            event(2, [("note".to_owned(), write("LVM".into()))].into()),
        ]
    }

    /// The plan as the next event of the journal.
    fn corrected(events: &mut Vec<Event>, text: &str, note: NoteId) -> Result<(), Refusal> {
        let (playbook, person, none) = (testing::playbook(), Person::default(), BTreeMap::new());
        let ctx = Context { playbook: &playbook, person: &person, company: &none, today: testing::today(), moment: None };
        let planned = correct(text, note, &fold(events), &ctx)?;
        let seq = i64::try_from(events.len()).expect("few") + 1;
        events.push(Event { kind: planned.kind, on: planned.on, ..event(seq, planned.change.fields) });
        Ok(())
    }

    #[test]
    fn a_correction_stands_in_the_place_and_on_the_day_of_its_note() {
        let mut events = opened();
        let first = fold(&events).note_id(0).expect("a note");
        corrected(&mut events, "meter 132", first).expect("it is possible");
        let app = fold(&events);
        let wanted = [("2026-11-18", "alee", "meter 132"), ("2026-11-18", "jdoe", "called"), ("2026-11-18", "jdoe", "LVM")];
        assert_eq!(notes(&app), wanted.map(|(on, by, text)| (on.into(), by.into(), text.into())));
        assert_eq!(app.entries("note").count(), 4, "what was written stays");
        assert_eq!(app.touched_on(), Some(day("2026-11-18")), "no contact happened today");
        assert_eq!(Facts::of(&app).expect("it exists").last_note, "LVM", "an older note does not become the last one");
        // A correction is corrected in its turn, by its own name too.
        let second = app.note_id(app.entries.len() - 1).expect("the correction");
        corrected(&mut events, "meter 321", second).expect("it is possible");
        assert_eq!(notes(&fold(&events))[0].2, "meter 321");
        let last = fold(&events).note_id(2).expect("a note");
        corrected(&mut events, "LVM #2", last).expect("it is possible");
        assert_eq!(Facts::of(&fold(&events)).expect("it exists").last_note, "LVM #2");
    }

    #[test]
    fn undo_brings_the_note_back_as_it_was() {
        let mut events = opened();
        let note = fold(&events).note_id(2).expect("a note");
        for (text, stands) in [("LVM #2", "LVM #2"), ("LVM #3", "LVM #3")] {
            corrected(&mut events, text, note).expect("it is possible");
            assert_eq!(notes(&fold(&events))[2].2, stands);
        }
        for stands in ["LVM #2", "LVM"] {
            let done =
                events.iter().rev().find(|event| event.kind == Kind::Set && !events.iter().any(|undo| undo.undoes == Some(event.command)));
            let command = done.expect("a correction").command;
            let set = undo::change(undo::Way::Undo, &events, command).expect("nobody changed it").expect("something");
            let seq = i64::try_from(events.len()).expect("few") + 1;
            events.push(Event { kind: Kind::Undo, undoes: Some(command), ..event(seq, set.fields) });
            assert_eq!(notes(&fold(&events))[2].2, stands);
        }
        // The note itself taken back takes its correction along.
        corrected(&mut events, "LVM #4", note).expect("it is possible");
        let seq = i64::try_from(events.len()).expect("few") + 1;
        let command = events[1].command;
        events.push(Event { kind: Kind::Undo, undoes: Some(command), ..event(seq, BTreeMap::new()) });
        assert_eq!(notes(&fold(&events)).len(), 2);
        assert!(corrected(&mut events, "x", note).is_err_and(|refusal| refusal.says.contains("not there any more")));
    }

    #[test]
    fn what_says_nothing_new_is_refused() {
        let mut events = opened();
        let note = fold(&events).note_id(2).expect("a note");
        for (text, says) in
            [("LVM", "says that already"), (" LVM\n", "says that already"), ("  ", "not taken away"), ("\u{200b}", "not taken away")]
        {
            let refusal = corrected(&mut events, text, note).expect_err(text);
            assert!(refusal.says.contains(says), "{text:?}: {}", refusal.says);
        }
        let unknown = NoteId { nth: 9, ..note };
        assert!(corrected(&mut events, "x", unknown).is_err());
    }

    /// A name that leads nowhere, as another version could write it, is a note like others.
    #[test]
    fn a_correction_of_nothing_is_a_note() {
        for corrects in [
            Value::Nothing,
            "x".into(),
            Value::map([("replica", "y".into())]),
            NoteId { event: EventId { replica: ReplicaId(Uuid::from_u128(9)), seq: 1 }, nth: 0 }.value(),
        ] {
            let mut events = opened();
            events.push(event(3, [("note".to_owned(), write(Value::map([("text", "z".into()), ("corrects", corrects)])))].into()));
            assert_eq!(notes(&fold(&events)).len(), 4);
        }
    }
}
