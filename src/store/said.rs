//! Where was something told? Words in notes, messages and everything that was ever written into a record; and how the text of
//! a message is forgotten.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use crate::domain::application::Application;
use crate::domain::day::Day;
use crate::domain::event::{Event, Kind, Of};
use crate::domain::id::{CommandId, EventId, Hlc, SubjectId};
use crate::domain::plan::join::parts;
use crate::domain::record::Record;
use crate::domain::text::fold;
use crate::domain::told::{self, Told};
use crate::domain::trouble::Trouble;

use super::tail::Limits;
use super::words;
use super::{CommitError, Store, Who};

/// One place where the words stand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    pub subject: SubjectId,
    /// Of the application.
    pub reference: String,
    pub on: Day,
    pub by: String,
    /// `note`, `message`, `history`.
    pub kind: &'static str,
    /// The line in which the first of the words stands; of a history the fields that have any of them.
    pub line: String,
    place: (Hlc, EventId),
}

/// Where words stand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Places {
    pub said: Vec<Said>,
    /// So many changes, the oldest of those that the index does not have yet, were not looked at.
    pub unread: i64,
}

/// Events that are looked at for each place that is wanted: some were taken back, some have the words in part.
const EVENTS: usize = 8;

/// What is looked for, each word folded.
struct Needles {
    folded: String,
}

impl Needles {
    fn words(&self) -> impl Iterator<Item = &str> {
        self.folded.split_whitespace()
    }

    fn all_in(&self, text: &str) -> bool {
        let text = fold(text);
        self.words().all(|word| text.contains(word))
    }

    fn any_in(&self, text: &str) -> bool {
        let text = fold(text);
        self.words().any(|word| text.contains(word))
    }

    fn line(&self, text: &str) -> String {
        let first = self.words().next().unwrap_or_default();
        text.lines().find(|line| fold(line).contains(first)).or(text.lines().next()).unwrap_or_default().trim().to_owned()
    }
}

impl Store {
    /// Where all the words stand, in what was not taken back: first notes and messages, then what was written into fields, each
    /// the newest first. A word is found by its beginning; what is typed with signs in it (`12/7-B`) must stand so. Ends early
    /// when nobody wants it any more.
    pub fn said(&self, words: &str, limits: &Limits<'_>) -> Result<Places, Trouble> {
        let needles = Needles { folded: fold(words) };
        let mut all: Vec<Said> = Vec::new();
        let mut tail = self.tail(words, limits.places.saturating_mul(EVENTS), limits)?;
        for told in Told::ALL {
            let limit = limits.places.saturating_sub(all.len());
            let mut said: Vec<Said> = Vec::new();
            // The last event of a record is not younger than its hits: with enough of them the rest can only be older.
            for subject in self.subjects_with(told, words, limit.saturating_mul(EVENTS), &mut tail)? {
                if said.len() >= limit || !(limits.go_on)() {
                    break;
                }
                let events = self.events(subject)?;
                let application = Application(Record::fold(subject, Of::Application, &events));
                if application.exists() {
                    said.extend(match told {
                        Told::Said => entries(&application, &needles),
                        Told::Written => writes(&application, &events, &needles),
                    });
                }
            }
            said.sort_by_key(|one| std::cmp::Reverse(one.place));
            said.truncate(limit);
            all.append(&mut said);
        }
        Ok(Places { said: all, unread: tail.unread })
    }

    /// Takes the texts of a record's messages out of the journal for good, and those of records that were joined
    /// with it: recipient, subject, body, CRM line. That there was a touch, when and whose, stays, and so does the
    /// chain. Refused under a legal hold. The second count is of old messages that stand in one event with their touch
    /// and cannot be taken out of it.
    pub fn forget_messages(&mut self, subject: SubjectId, who: &Who, millis: i64) -> Result<(usize, usize), CommitError> {
        // Free pages keep what stood in them, and the WAL what was written, until somebody writes over it.
        self.conn.execute_batch("PRAGMA secure_delete = ON").map_err(Trouble::from)?;
        let counts = self.writing(who, millis, |writing| forget(writing.conn, writing.store, subject));
        self.conn.execute_batch("PRAGMA secure_delete = FAST").map_err(Trouble::from)?;
        let counts = counts?;
        self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(Trouble::from)?;
        Ok(counts)
    }
}

fn forget(conn: &Connection, store: &Store, subject: SubjectId) -> Result<(usize, usize), CommitError> {
    let events = store.events(subject)?;
    let record = Record::fold(subject, Of::Application, &events);
    if record.flag("legal_hold") {
        let reference = record.text("reference").unwrap_or_default().to_owned();
        return Err(CommitError::Held { subject, reference });
    }
    let mut place = conn.prepare_cached("SELECT pos FROM event WHERE subject = ?1 AND hlc = ?2 AND seq = ?3").map_err(Trouble::from)?;
    let mut statement = conn.prepare_cached("UPDATE event SET body = NULL WHERE pos = ?1").map_err(Trouble::from)?;
    let (mut gone, mut kept) = (0, 0);
    for event in events.iter().filter(|event| event.fields.contains_key("message")) {
        if event.fields.len() > 1 {
            kept += 1;
            continue;
        }
        let position: i64 =
            place.query_row(params![subject.bytes(), event.hlc.0, event.id.seq], |row| row.get(0)).map_err(Trouble::from)?;
        words::forget(conn, position, event)?;
        gone += statement.execute([position]).map_err(Trouble::from)?;
    }
    for (_, other) in parts(&Application(record)) {
        let (more_gone, more_kept) = forget(conn, store, other)?;
        (gone, kept) = (gone + more_gone, kept + more_kept);
    }
    Ok((gone, kept))
}

/// The notes and messages that have the words. A note that was corrected is found by the words that stand in its place.
fn entries(application: &Application, needles: &Needles) -> Vec<Said> {
    let told = application.notes().chain(application.entries("message"));
    let hits = told.filter_map(|entry| {
        let text = told::said(&entry.value);
        needles.all_in(&text).then(|| Said {
            subject: application.id,
            reference: application.reference().to_owned(),
            on: entry.on,
            by: entry.by.clone(),
            kind: if entry.field == "message" { "message" } else { "note" },
            line: needles.line(&text),
            place: (entry.at, entry.event),
        })
    });
    hits.collect()
}

/// The events that wrote the words into fields, except those that were taken back.
fn writes(application: &Application, events: &[Event], needles: &Needles) -> Vec<Said> {
    let mut taken_back: BTreeSet<CommandId> = BTreeSet::new();
    for event in events {
        match (event.kind, event.undoes) {
            (Kind::Undo, Some(command)) => taken_back.insert(command),
            (Kind::Redo, Some(command)) => taken_back.remove(&command),
            _ => continue,
        };
    }
    let standing = events.iter().filter(|event| !taken_back.contains(&event.command));
    let hits = standing.filter_map(|event| {
        let texts = Told::Written.texts(event);
        let all = texts.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n");
        needles.all_in(&all).then(|| Said {
            subject: application.id,
            reference: application.reference().to_owned(),
            on: event.on,
            by: event.actor.clone(),
            kind: "history",
            line: line(application, &texts, needles),
            place: (event.hlc, event.id),
        })
    });
    hits.collect()
}

/// `was customer phone (555) 555-0120, address 2564 Quail Run`: what has another value now says so.
fn line(application: &Application, texts: &[(&str, String)], needles: &Needles) -> String {
    let hits = texts.iter().filter(|(_, text)| needles.any_in(text)).map(|(field, text)| {
        let was = if Told::Written.text(field, application.value(field)) == *text { "" } else { "was " };
        format!("{was}{} {}", told::label(field), needles.line(text))
    });
    hits.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test reads the file")]
mod tests {
    use super::*;
    use crate::domain::change::Change;
    use crate::domain::event::Kind;
    use crate::domain::value::Value;
    use crate::store::Scope;
    use crate::store::fixture::{Place, subject, who};

    /// A touch with a message, as plans make it.
    fn message(place: &mut Place, n: u128, body: &str) {
        let mut set = place.set(1, n, Kind::Touch, &[("note", "Prepared: status inquiry".into())]);
        let expects = set.changes[0].expects.map(|version| version + 1);
        let value = Value::map([("name", "status".into()), ("body", body.into()), ("recipient", "desk@example.com".into())]);
        let write = crate::domain::event::Write { to: value, ..Default::default() };
        let letter = Change { expects, fields: [("message".to_owned(), write)].into(), ..set.changes[0].clone() };
        set.changes.push(letter);
        place.commit(1, &set).expect("a touch and its message");
    }

    /// With nothing, a part and all of it in the index.
    fn found(place: &mut Place, words: &str) -> Vec<String> {
        let before = found_now(place, words);
        place.store.index_words(2).expect("it indexes");
        assert_eq!(found_now(place, words), before);
        while place.store.index_words(100).expect("it indexes") {}
        assert_eq!(found_now(place, words), before);
        before
    }

    fn found_now(place: &Place, words: &str) -> Vec<String> {
        let said = place.store.said(words, &Limits { places: 10, ..Limits::NONE }).expect("a read").said;
        said.iter().map(|one| format!("{} {}: {}", one.reference, one.kind, one.line)).collect()
    }

    #[test]
    fn words_are_found_in_notes_and_messages_but_not_in_what_was_taken_back() {
        let mut place = Place::new();
        for n in 1..=3 {
            place.open(1, n, &[("lane", Value::text("meter"))]);
        }
        place.touch(1, 1, &[("note", "The meter was swapped, says J\u{f6}rg".into())]);
        place.touch(1, 3, &[("note", "talked to Jos\u{e9} of 12/7-B about it".into())]);
        message(&mut place, 2, "Hello,\nplease swap the Meter of 12 Elm St.");
        assert_eq!(
            found(&mut place, "meter"),
            ["A-1002 message: please swap the Meter of 12 Elm St.", "A-1001 note: The meter was swapped, says J\u{f6}rg"]
        );
        assert_eq!(found(&mut place, "jorg METER"), ["A-1001 note: The meter was swapped, says J\u{f6}rg"]);
        assert_eq!(found(&mut place, "desk@example"), ["A-1002 message: desk@example.com"]);
        for words in ["Jos\u{e9}", "jose", "12/7-b", "talked 12/7"] {
            assert_eq!(found(&mut place, words), ["A-1003 note: talked to Jos\u{e9} of 12/7-B about it"], "{words}");
        }
        assert_eq!(found(&mut place, "nothing like it"), Vec::<String>::new());
        assert_eq!(found(&mut place, " "), Vec::<String>::new());
        place.undo(1, Scope::Session).expect("an undo");
        assert_eq!(found(&mut place, "meter"), ["A-1001 note: The meter was swapped, says J\u{f6}rg"]);
        place.clean();
    }

    #[test]
    fn notes_in_lists_and_notes_of_another_day_are_found() {
        let mut place = Place::new();
        place.open(1, 1, &[("site", "x".into())]);
        let late = Value::map([("text", "the meter was late".into()), ("on", "2026-11-20".into()), ("by", "asmith".into())]);
        place.touch(1, 1, &[("note", Value::List(vec!["gate code 1155".into(), late]))]);
        place.touch(1, 1, &[("note", Value::map([("text", "dog in the yard".into()), ("on", "2026-11-19".into())]))]);
        assert_eq!(found(&mut place, "gate"), ["A-1001 note: gate code 1155"]);
        assert_eq!(found(&mut place, "late meter"), ["A-1001 note: the meter was late"]);
        assert_eq!(found(&mut place, "dog"), ["A-1001 note: dog in the yard"]);
        assert_eq!(found(&mut place, "gate dog"), Vec::<String>::new());
    }

    #[test]
    fn what_was_ever_written_into_a_field_is_found_behind_what_was_said() {
        let mut place = Place::new();
        let todo = |done| Value::map([("title", "call Rosa".into()), ("done", Value::Flag(done))]);
        place.open(
            1,
            1,
            &[("customer_phone", "(555) 555-0120".into()), ("address", "2564 Quail Run".into()), ("city", "Santa Rosa".into())],
        );
        place.open(1, 2, &[("site", "x".into())]);
        place.touch(1, 2, &[("note", "Rosa called".into())]);
        place.touch(1, 1, &[("hold", "Santa's photos".into()), ("todo.1", todo(false))]);
        place.touch(1, 1, &[("hold", Value::Nothing), ("customer_phone", "(555) 555-0199".into())]);
        assert_eq!(
            found(&mut place, "rosa"),
            ["A-1002 note: Rosa called", "A-1001 history: to-do call Rosa", "A-1001 history: city Santa Rosa"]
        );
        assert_eq!(found(&mut place, "quail sant"), ["A-1001 history: address 2564 Quail Run, city Santa Rosa"]);
        assert_eq!(found(&mut place, "photos"), ["A-1001 history: was on hold because Santa's photos"]);
        assert_eq!(found(&mut place, "0120"), ["A-1001 history: was customer phone (555) 555-0120"]);
        assert_eq!(found(&mut place, "555-0199"), ["A-1001 history: customer phone (555) 555-0199"]);
        place.undo(1, Scope::Session).expect("an undo");
        assert_eq!(found(&mut place, "555-0199"), Vec::<String>::new());
        assert_eq!(found(&mut place, "0120"), ["A-1001 history: customer phone (555) 555-0120"]);
        assert_eq!(found(&mut place, "photos"), ["A-1001 history: on hold because Santa's photos"]);
        place.redo(1, Scope::Session).expect("a redo");
        assert_eq!(found(&mut place, "0199"), ["A-1001 history: customer phone (555) 555-0199"]);
        place.touch(1, 1, &[("todo.1", todo(true))]);
        // Opened and done, each on its day.
        assert_eq!(
            found(&mut place, "call ros"),
            ["A-1002 note: Rosa called", "A-1001 history: to-do call Rosa", "A-1001 history: to-do call Rosa"]
        );
        place.clean();
    }

    #[test]
    fn the_limit_takes_what_was_said_first_and_the_newest_of_it() {
        let mut place = Place::new();
        for n in 1..=3 {
            place.open(1, n, &[("city", "Salem".into())]);
            place.touch(1, n, &[("note", "in Salem".into())]);
        }
        let found = |place: &Place, limit| -> Vec<String> {
            let said = place.store.said("salem", &Limits { places: limit, ..Limits::NONE }).expect("a read").said;
            said.iter().map(|one| format!("{} {}", one.reference, one.kind)).collect()
        };
        let all = ["A-1003 note", "A-1002 note", "A-1001 note", "A-1003 history", "A-1002 history", "A-1001 history"];
        for _ in 0..3 {
            for limit in [0, 2, 4, 6, usize::MAX] {
                assert_eq!(found(&place, limit), all[..limit.min(6)], "{limit} at {:?}", place.store.words_upto());
            }
            place.store.index_words(3).expect("it indexes");
        }
    }

    #[test]
    fn a_held_record_forgets_nothing_and_long_texts_leave_no_trace() {
        let mut place = Place::new();
        place.open(1, 1, &[("site", Value::text("x")), ("legal_hold", true.into())]);
        assert!(matches!(place.store.forget_messages(subject(1), &who(1), 9_000), Err(CommitError::Held { .. })));
        place.open(1, 2, &[("site", Value::text("x"))]);
        message(&mut place, 2, &"LONGSECRET ".repeat(2_000));
        while place.store.index_words(100).expect("it indexes") {}
        assert_eq!(place.store.forget_messages(subject(2), &who(1), 9_000), Ok((1, 0)));
        let bytes = std::fs::read(place.store.path()).expect("the file");
        assert!(!bytes.windows(10).any(|window| window.eq_ignore_ascii_case(b"LONGSECRET")), "the words are still in the file");
        place.clean();
    }

    #[test]
    fn a_forgotten_text_is_gone_and_its_touch_stays() {
        let mut place = Place::new();
        place.open(1, 1, &[("site", Value::text("x"))]);
        message(&mut place, 1, "the secret words");
        let before = place.store.application(subject(1)).expect("a read").expect("it exists");
        assert_eq!(place.store.forget_messages(subject(1), &who(1), 9_000), Ok((1, 0)));
        let after = place.store.application(subject(1)).expect("a read").expect("it exists");
        assert_eq!((after.version, after.notes().count(), after.entries("message").count()), (before.version, 1, 0));
        assert_eq!(found(&mut place, "secret"), Vec::<String>::new());
        place.clean();
        assert_eq!(place.store.forget_messages(subject(1), &who(1), 9_001), Ok((0, 0)));
        place.undo(1, Scope::Session).expect("the touch can still be taken back");
        place.clean();
    }
}
