//! Which events have these words? Two indices of what events tell, filled behind the work: a commit and an import pay nothing
//! for them, and what they do not have yet is looked for in the journal.

use std::collections::BTreeSet;

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use crate::domain::event::{Event, Of};
use crate::domain::id::SubjectId;
use crate::domain::text::fold;
use crate::domain::told::Told;
use crate::domain::trouble::Trouble;

use super::{Access, Store, read};

/// The table of an index.
fn table(told: Told) -> &'static str {
    match told {
        Told::Said => "words",
        Told::Written => "written",
    }
}

/// What the index has of an event; empty when it tells nothing.
fn words_of(told: Told, event: &Event) -> String {
    if event.of != Of::Application {
        return String::new();
    }
    told.texts(event).iter().map(|(_, text)| fold(text)).collect::<Vec<_>>().join("\n")
}

/// What the index is asked: every word, each by its beginning. Only letters and digits, so that
/// nothing of the query language of FTS5 is left in what somebody types. `None`: nothing to ask.
fn question(words: &str) -> Option<String> {
    let folded = fold(words);
    let tokens: BTreeSet<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty()).collect();
    let asked: Vec<String> = tokens.iter().map(|token| format!("\"{token}\"*")).collect();
    if asked.is_empty() { None } else { Some(asked.join(" ")) }
}

impl Store {
    /// Takes the next `most` events of the journal into the index, unless somebody else is writing just
    /// now. `true`: there are more.
    pub fn index_words(&mut self, most: usize) -> Result<bool, Trouble> {
        if self.access != Access::Write || !self.is_in_place() || self.words_upto()? >= self.position()? {
            return Ok(false);
        }
        let Some(_held) = self.gate.try_hold("the index of words") else { return Ok(true) };
        let tx = Transaction::new_unchecked(&self.conn, TransactionBehavior::Immediate)?;
        let from = upto(&tx)?;
        let mut last = from;
        let mut count = 0;
        {
            let mut found = tx.prepare_cached(&format!("{} WHERE e.pos > ?1 ORDER BY e.pos LIMIT ?2", read::EVENT))?;
            let mut rows = found.query(params![from, i64::try_from(most).unwrap_or(i64::MAX)])?;
            while let Some(row) = rows.next()? {
                last = row.get(11)?;
                count += 1;
                // What a fault has made unreadable is `check`'s to name, and has no words.
                if let Ok(event) = read::event_of(row) {
                    insert(&tx, last, &event)?;
                }
            }
        }
        tx.execute("UPDATE words_upto SET position = ?1", [last])?;
        tx.commit()?;
        Ok(count == most)
    }

    /// Up to which position of the journal words are in the index.
    pub fn words_upto(&self) -> Result<i64, Trouble> {
        upto(&self.conn)
    }

    /// The subjects of events that have all the words, the newest first, at most so many events; behind
    /// the index the journal itself is looked at.
    pub(super) fn subjects_with(&self, told: Told, words: &str, most: usize) -> Result<Vec<SubjectId>, Trouble> {
        let Some(asked) = question(words) else { return Ok(Vec::new()) };
        let mut subjects = self.behind(told, words, most)?;
        let mut known: BTreeSet<SubjectId> = subjects.iter().copied().collect();
        let table = table(told);
        let mut found = self.conn.prepare_cached(&format!(
            "SELECT e.subject FROM (SELECT rowid FROM {table} WHERE {table} MATCH ?1 ORDER BY rowid DESC LIMIT ?2) w
             JOIN event e ON e.pos = w.rowid ORDER BY e.pos DESC",
        ))?;
        let mut rows = found.query(params![asked, i64::try_from(most).unwrap_or(i64::MAX)])?;
        while let Some(row) = rows.next()? {
            let subject = read::id(row, 0, SubjectId::from_slice)?;
            if known.insert(subject) {
                subjects.push(subject);
            }
        }
        Ok(subjects)
    }

    /// The subjects of events that have the words and are not in the index yet, the newest first.
    fn behind(&self, told: Told, words: &str, most: usize) -> Result<Vec<SubjectId>, Trouble> {
        let folded = fold(words);
        // The longest run of plain letters is what the journal can be asked for; what has an accent there is looked at in any case.
        let runs = folded.split(|c: char| !c.is_ascii_alphanumeric());
        let Some(longest) = runs.max_by_key(|run| run.len()) else { return Ok(Vec::new()) };
        let mut found = self.conn.prepare_cached(&format!(
            "{} WHERE e.pos > ?2 AND e.\"of\" = 'application' AND (e.body LIKE ?1 OR e.body GLOB '*[^ -~]*') ORDER BY e.pos DESC",
            read::EVENT
        ))?;
        let mut rows = found.query(params![format!("%{longest}%"), self.words_upto()?])?;
        let (mut subjects, mut known, mut count) = (Vec::new(), BTreeSet::new(), 0);
        while let Some(row) = rows.next()?
            && count < most
        {
            // Its names of fields are in the journal too, and the words may stand there.
            let Ok(event) = read::event_of(row) else { continue };
            let text = words_of(told, &event);
            if folded.split_whitespace().all(|word| text.contains(word)) {
                count += 1;
                if known.insert(event.subject) {
                    subjects.push(event.subject);
                }
            }
        }
        Ok(subjects)
    }
}

fn upto(conn: &Connection) -> Result<i64, Trouble> {
    Ok(conn.prepare_cached("SELECT position FROM words_upto")?.query_row([], |row| row.get(0))?)
}

fn insert(conn: &Connection, position: i64, event: &Event) -> Result<(), Trouble> {
    for told in Told::ALL {
        let words = words_of(told, event);
        if !words.is_empty() {
            let mut insert = conn.prepare_cached(&format!("INSERT INTO {}(rowid, text) VALUES(?1, ?2)", table(told)))?;
            insert.execute(params![position, words])?;
        }
    }
    Ok(())
}

/// Takes the words of a message out of the index, before its text is forgotten. An index without text is told what it had.
pub(super) fn forget(conn: &Connection, position: i64, event: &Event) -> Result<(), Trouble> {
    let words = words_of(Told::Said, event);
    if position <= upto(conn)? && !words.is_empty() {
        let mut delete = conn.prepare_cached("INSERT INTO words(words, rowid, text) VALUES('delete', ?1, ?2)")?;
        delete.execute(params![position, words])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::fixture::{Place, subject};

    #[test]
    fn what_is_typed_is_words_and_never_a_query() {
        for (typed, asked) in [
            ("meter", Some("\"meter\"*")),
            ("12/7-B", Some("\"12\"* \"7\"* \"b\"*")),
            ("a AND NOT b*", Some("\"a\"* \"and\"* \"b\"* \"not\"*")),
            ("\"unbalanced (", Some("\"unbalanced\"*")),
            ("Jörg", Some("\"jorg\"*")),
            (" --- ", None),
        ] {
            assert_eq!(question(typed).as_deref(), asked, "{typed}");
        }
    }

    #[test]
    fn the_index_finds_what_the_journal_finds_at_every_stage() {
        let mut place = Place::new();
        for n in 1..=4 {
            place.open(1, n, &[]);
            place.touch(1, n, &[("note", format!("meter swap {n}, says Jos\u{e9}").as_str().into())]);
        }
        let wanted = [subject(4), subject(3), subject(2), subject(1)];
        for _ in 0..4 {
            for words in ["meter", "swap jose", "met", "meter meter"] {
                assert_eq!(
                    place.store.subjects_with(Told::Said, words, 100),
                    Ok(wanted.to_vec()),
                    "{words} at {:?}",
                    place.store.words_upto()
                );
            }
            place.store.index_words(3).expect("it indexes");
        }
        assert_eq!(place.store.words_upto(), place.store.position());
        assert_eq!(place.store.index_words(3), Ok(false), "nothing is left");
        assert_eq!(place.store.subjects_with(Told::Said, "meter 3", 100), Ok(vec![subject(3)]));
        assert_eq!(place.store.subjects_with(Told::Said, "meter", 2), Ok(wanted[..2].to_vec()));
        assert_eq!(place.store.subjects_with(Told::Written, "meter", 100), Ok(vec![]));
        place.clean();
    }
}
