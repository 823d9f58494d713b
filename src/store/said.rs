//! Where was something said? Words in notes and in the texts of messages; and how the text of a message
//! is forgotten.

use rusqlite::{Connection, params};

use crate::domain::application::Application;
use crate::domain::event::Of;
use crate::domain::id::SubjectId;
use crate::domain::plan::join::parts;
use crate::domain::record::{Entry, Record};
use crate::domain::text::fold;
use crate::domain::trouble::Trouble;

use super::words::{self, text_of};
use super::{CommitError, Store, Who};

/// One place where the words stand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    pub application: Application,
    pub entry: Entry,
}

/// Events that are looked at for each place that is wanted: some were taken back, some have the words in part.
const EVENTS: usize = 8;

impl Said {
    /// The line of the text in which the first of the words stands.
    pub fn line(&self, words: &str) -> String {
        let text = text_of(&self.entry.value);
        let word = fold(words).split_whitespace().next().unwrap_or_default().to_owned();
        text.lines().find(|line| fold(line).contains(&word)).or(text.lines().next()).unwrap_or_default().trim().to_owned()
    }
}

impl Store {
    /// Notes and messages that have all the words and were not taken back, the newest first. A word is found by its beginning;
    /// what is typed with signs in it (`12/7-B`) must stand so.
    pub fn said(&self, words: &str, limit: usize) -> Result<Vec<Said>, Trouble> {
        let folded = fold(words);
        let needles: Vec<&str> = folded.split_whitespace().collect();
        let mut said: Vec<Said> = Vec::new();
        // The last event of a record is not younger than its hits: with enough of them the rest can only be older.
        for subject in self.subjects_with(words, limit.saturating_mul(EVENTS))? {
            if said.len() >= limit {
                break;
            }
            let Some(application) = self.application(subject)? else { continue };
            // A note that was corrected is found by the words that stand in its place.
            let told = application.notes().chain(application.entries("message"));
            let hits = told.filter(|entry| {
                let text = fold(&text_of(&entry.value));
                needles.iter().all(|word| text.contains(word))
            });
            let hits: Vec<Entry> = hits.cloned().collect();
            said.extend(hits.into_iter().map(|entry| Said { application: application.clone(), entry }));
        }
        said.sort_by_key(|one| std::cmp::Reverse((one.entry.at, one.entry.event)));
        said.truncate(limit);
        Ok(said)
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
        let said = place.store.said(words, 10).expect("a read");
        said.iter().map(|one| format!("{} {}: {}", one.application.reference(), one.entry.field, one.line(words))).collect()
    }

    #[test]
    fn words_are_found_in_notes_and_messages_but_not_in_what_was_taken_back() {
        let mut place = Place::new();
        for n in 1..=3 {
            place.open(1, n, &[("site", Value::text("meter street"))]);
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
