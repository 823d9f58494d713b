//! Which events have these words? Two indices of what events tell, filled behind the work: a commit and an import pay nothing
//! for them, and what they do not have yet is looked for in the journal (`tail`).

use std::collections::BTreeSet;

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use crate::domain::event::{Event, Of};
use crate::domain::id::SubjectId;
use crate::domain::text::fold;
use crate::domain::told::Told;
use crate::domain::trouble::Trouble;

use super::tail::Tail;
use super::{Access, Store, read};

/// The table of an index.
fn table(told: Told) -> &'static str {
    match told {
        Told::Said => "words",
        Told::Written => "written",
    }
}

/// What the index has of an event; empty when it tells nothing.
pub(super) fn words_of(told: Told, event: &Event) -> String {
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

    /// The subjects of events that have all the words, the newest first, at most so many events. `tail`: what the index does not have.
    pub(super) fn subjects_with(&self, told: Told, words: &str, most: usize, tail: &mut Tail) -> Result<Vec<SubjectId>, Trouble> {
        let Some(asked) = question(words) else { return Ok(Vec::new()) };
        let (mut subjects, mut known) = tail.take(told);
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
    use crate::store::Limits;
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

    fn found(place: &Place, told: Told, words: &str, most: usize) -> Vec<SubjectId> {
        let mut tail = place.store.tail(words, most, &Limits::NONE).expect("a read");
        place.store.subjects_with(told, words, most, &mut tail).expect("a read")
    }

    #[test]
    fn the_index_finds_what_the_journal_finds_at_every_stage() {
        let mut place = Place::new();
        for n in 1..=4 {
            place.open(1, n, &[]);
            place.touch(1, n, &[("note", format!("meter swap {n}, says Jos\u{e9}").as_str().into()), ("hold", "breaker".into())]);
        }
        let wanted = [subject(4), subject(3), subject(2), subject(1)];
        for _ in 0..4 {
            let upto = place.store.words_upto();
            for words in ["meter", "swap jose", "met", "meter meter"] {
                assert_eq!(found(&place, Told::Said, words, 100), wanted, "{words} at {upto:?}");
                assert_eq!(found(&place, Told::Written, words, 100), [], "{words} at {upto:?}");
            }
            assert_eq!((found(&place, Told::Written, "BREAK", 100), found(&place, Told::Said, "break", 100)), (wanted.to_vec(), vec![]));
            // The names of fields stand in the journal, and nobody told them.
            for nothing in ["note", "fields", "meter breaker", "---"] {
                assert_eq!(found(&place, Told::Said, nothing, 100), [], "{nothing} at {upto:?}");
            }
            assert_eq!(found(&place, Told::Said, "meter", 2)[..2], wanted[..2]);
            place.store.index_words(3).expect("it indexes");
        }
        assert_eq!(place.store.words_upto(), place.store.position());
        assert_eq!(place.store.index_words(3), Ok(false), "nothing is left");
        assert_eq!(found(&place, Told::Said, "meter 3", 100), [subject(3)]);
        assert_eq!(found(&place, Told::Said, "meter", 2), wanted[..2]);
        place.clean();
    }
}
