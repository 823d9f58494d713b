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
use crate::domain::value::Value;

use super::{CommitError, Store, Who, read};

/// One place where the words stand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    pub application: Application,
    pub entry: Entry,
}

/// The text of a note or of a message.
fn text_of(entry: &Entry) -> String {
    match &entry.value {
        Value::Text(text) => text.clone(),
        message => ["recipient", "subject", "body", "crm"]
            .iter()
            .filter_map(|part| message.get(part)?.as_text())
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join("\n"),
    }
}

impl Said {
    /// The line of the text in which the first of the words stands.
    pub fn line(&self, words: &str) -> String {
        let text = text_of(&self.entry);
        let word = fold(words).split_whitespace().next().unwrap_or_default().to_owned();
        text.lines().find(|line| fold(line).contains(&word)).or(text.lines().next()).unwrap_or_default().trim().to_owned()
    }
}

impl Store {
    /// Notes and messages that have all the words and were not taken back, the newest first. It reads the
    /// journal from its end: some milliseconds for each thousand events.
    pub fn said(&self, words: &str, limit: usize) -> Result<Vec<Said>, Trouble> {
        let folded = fold(words);
        let needles: Vec<&str> = folded.split_whitespace().collect();
        // The longest run of plain letters is what the journal can be asked for; what has an accent there is looked at in any case.
        let runs = needles.iter().flat_map(|word| word.split(|c: char| !c.is_ascii_alphanumeric()));
        let Some(longest) = runs.max_by_key(|run| run.len()) else { return Ok(Vec::new()) };
        let mut found = self.conn.prepare_cached(
            "SELECT subject, max(pos) AS last FROM event WHERE \"of\" = 'application' AND (body LIKE ?1 OR body GLOB '*[^ -~]*')
             AND (body LIKE '%\"note\"%' OR body LIKE '%\"message\"%') GROUP BY subject ORDER BY last DESC",
        )?;
        let mut rows = found.query([format!("%{longest}%")])?;
        let mut said: Vec<Said> = Vec::new();
        // The last event of a record is not younger than its hits: with enough of them the rest can only be older.
        while let Some(row) = rows.next()?.filter(|_| said.len() < limit) {
            let Some(application) = self.application(read::id(row, 0, SubjectId::from_slice)?)? else { continue };
            // A note that was corrected is found by the words that stand in its place.
            let told = application.notes().chain(application.entries("message"));
            let hits = told.filter(|entry| {
                let text = fold(&text_of(entry));
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
    let mut statement =
        conn.prepare_cached("UPDATE event SET body = NULL WHERE subject = ?1 AND hlc = ?2 AND seq = ?3").map_err(Trouble::from)?;
    let (mut gone, mut kept) = (0, 0);
    for event in events.iter().filter(|event| event.fields.contains_key("message")) {
        if event.fields.len() > 1 {
            kept += 1;
            continue;
        }
        gone += statement.execute(params![subject.bytes(), event.hlc.0, event.id.seq]).map_err(Trouble::from)?;
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

    fn found(place: &Place, words: &str) -> Vec<String> {
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
            found(&place, "meter"),
            ["A-1002 message: please swap the Meter of 12 Elm St.", "A-1001 note: The meter was swapped, says J\u{f6}rg"]
        );
        assert_eq!(found(&place, "jorg METER"), ["A-1001 note: The meter was swapped, says J\u{f6}rg"]);
        assert_eq!(found(&place, "desk@example"), ["A-1002 message: desk@example.com"]);
        for words in ["Jos\u{e9}", "jose", "12/7-b", "talked 12/7"] {
            assert_eq!(found(&place, words), ["A-1003 note: talked to Jos\u{e9} of 12/7-B about it"], "{words}");
        }
        assert_eq!(found(&place, "nothing like it"), Vec::<String>::new());
        assert_eq!(found(&place, " "), Vec::<String>::new());
        place.undo(1, Scope::Session).expect("an undo");
        assert_eq!(found(&place, "meter"), ["A-1001 note: The meter was swapped, says J\u{f6}rg"]);
        place.clean();
    }

    #[test]
    fn a_held_record_forgets_nothing_and_long_texts_leave_no_trace() {
        let mut place = Place::new();
        place.open(1, 1, &[("site", Value::text("x")), ("legal_hold", true.into())]);
        assert!(matches!(place.store.forget_messages(subject(1), &who(1), 9_000), Err(CommitError::Held { .. })));
        place.open(1, 2, &[("site", Value::text("x"))]);
        message(&mut place, 2, &"LONGSECRET ".repeat(2_000));
        assert_eq!(place.store.forget_messages(subject(2), &who(1), 9_000), Ok((1, 0)));
        let bytes = std::fs::read(place.store.path()).expect("the file");
        assert!(!bytes.windows(10).any(|window| window == b"LONGSECRET"), "the words are still in the file");
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
        assert_eq!(found(&place, "secret"), Vec::<String>::new());
        place.clean();
        assert_eq!(place.store.forget_messages(subject(1), &who(1), 9_001), Ok((0, 0)));
        place.undo(1, Scope::Session).expect("the touch can still be taken back");
        place.clean();
    }
}
