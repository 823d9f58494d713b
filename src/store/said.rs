//! Where was something said? Words in notes and in the texts of messages; and how the text of a message
//! is forgotten.

use rusqlite::params;

use crate::domain::application::Application;
use crate::domain::id::SubjectId;
use crate::domain::record::Entry;
use crate::domain::text::fold;
use crate::domain::trouble::Trouble;
use crate::domain::value::Value;

use super::{CommitError, Store, Who, read};

/// Records that are looked at for one search, the last written first.
const RECORDS: i64 = 500;

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
        let Some(longest) = needles.iter().max_by_key(|word| word.len()) else { return Ok(Vec::new()) };
        // A word with letters that fold is written otherwise in the journal: all of it is looked at then.
        let plain = longest.chars().all(|c| c.is_ascii_alphanumeric());
        let like = if plain { format!("%{longest}%") } else { "%".to_owned() };
        let mut found = self.conn.prepare_cached(
            "SELECT subject, max(pos) AS last FROM event WHERE \"of\" = 'application' AND body LIKE ?1
             AND (body LIKE '%\"note\"%' OR body LIKE '%\"message\"%') GROUP BY subject ORDER BY last DESC LIMIT ?2",
        )?;
        let subjects: Vec<SubjectId> =
            found.query_map(params![like, RECORDS], |row| read::id(row, 0, SubjectId::from_slice))?.collect::<Result<_, _>>()?;
        let mut said = Vec::new();
        for subject in subjects {
            let Some(application) = self.application(subject)? else { continue };
            let told = application.entries.iter().filter(|entry| !entry.hidden && matches!(entry.field.as_str(), "note" | "message"));
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

    /// Takes the texts of a record's messages out of the journal for good: recipient, subject, body, CRM line. That
    /// there was a touch, when and whose, stays, and so does the chain. Returns how many.
    pub fn forget_messages(&mut self, subject: SubjectId, who: &Who, millis: i64) -> Result<usize, CommitError> {
        self.writing(who, millis, |writing| {
            let only_message = |event: &crate::domain::event::Event| event.fields.keys().eq(["message"]);
            let events = writing.store.events(subject)?;
            let mut forget = writing.conn.prepare_cached("UPDATE event SET body = NULL WHERE subject = ?1 AND hlc = ?2 AND seq = ?3")?;
            let mut count = 0;
            for event in events.iter().filter(|event| only_message(event)) {
                count += forget.execute(params![subject.bytes(), event.hlc.0, event.id.seq]).map_err(Trouble::from)?;
            }
            Ok(count)
        })
    }
}

#[cfg(test)]
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
        message(&mut place, 2, "Hello,\nplease swap the Meter of 12 Elm St.");
        assert_eq!(
            found(&place, "meter"),
            ["A-1002 message: please swap the Meter of 12 Elm St.", "A-1001 note: The meter was swapped, says J\u{f6}rg"]
        );
        assert_eq!(found(&place, "jorg METER"), ["A-1001 note: The meter was swapped, says J\u{f6}rg"]);
        assert_eq!(found(&place, "desk@example"), ["A-1002 message: desk@example.com"]);
        assert_eq!(found(&place, "nothing like it"), Vec::<String>::new());
        assert_eq!(found(&place, " "), Vec::<String>::new());
        place.undo(1, Scope::Session).expect("an undo");
        assert_eq!(found(&place, "meter"), ["A-1001 note: The meter was swapped, says J\u{f6}rg"]);
        place.clean();
    }

    #[test]
    fn a_forgotten_text_is_gone_and_its_touch_stays() {
        let mut place = Place::new();
        place.open(1, 1, &[("site", Value::text("x"))]);
        message(&mut place, 1, "the secret words");
        let before = place.store.application(subject(1)).expect("a read").expect("it exists");
        assert_eq!(place.store.forget_messages(subject(1), &who(1), 9_000), Ok(1));
        let after = place.store.application(subject(1)).expect("a read").expect("it exists");
        assert_eq!((after.version, after.notes().count(), after.entries("message").count()), (before.version, 1, 0));
        assert_eq!(found(&place, "secret"), Vec::<String>::new());
        place.clean();
        assert_eq!(place.store.forget_messages(subject(1), &who(1), 9_001), Ok(0));
        place.undo(1, Scope::Session).expect("the touch can still be taken back");
        place.clean();
    }
}
