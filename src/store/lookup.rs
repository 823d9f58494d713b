//! Which application does somebody mean by what they typed?

use std::collections::BTreeSet;

use rusqlite::{ToSql, params};

use crate::domain::facts::Facts;
use crate::domain::id::SubjectId;
use crate::domain::trouble::Trouble;

use super::{Store, derive, read};

/// Candidates that are named at most.
const CANDIDATES: usize = 20;

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Lookup {
    One(SubjectId),
    /// At most 20, by reference.
    Many(Vec<Facts>),
    None,
}

impl Store {
    /// A reference (`A-1042`, `a-1042`, `1042`) or a number from outside; then the start of one, if
    /// only one application has it.
    pub fn lookup(&self, text: &str) -> Result<Lookup, Trouble> {
        let wanted = derive::fold(text);
        if wanted.is_empty() {
            return Ok(Lookup::None);
        }
        let by_reference = self.subjects("number = ?1 AND source = 'reference'", &[&wanted])?;
        if let Some(one) = only(&by_reference) {
            return Ok(Lookup::One(one));
        }
        let mut exact = self.subjects("number = ?1", &[&wanted])?;
        if wanted.bytes().all(|byte| byte.is_ascii_digit()) {
            // A bare number may be the end of a reference and somebody's number as well: then it is
            // not clear which one is meant, and a wrong guess would change the wrong record.
            for letter in self.letters()? {
                exact.extend(self.subjects("number = ?1 AND source = 'reference'", &[&format!("{letter}-{wanted}")])?);
            }
        }
        let found = if exact.is_empty() {
            self.subjects("number >= ?1 AND number < ?2", params![wanted, format!("{wanted}\u{10ffff}")])?
        } else {
            exact
        };
        if found.is_empty() {
            return Ok(Lookup::None);
        }
        if let Some(one) = only(&found) {
            return Ok(Lookup::One(one));
        }
        let found: Vec<SubjectId> = found.into_iter().take(CANDIDATES).collect();
        let mut candidates: Vec<Facts> = self.facts(&found)?.into_iter().flatten().collect();
        candidates.sort_by(|one, other| one.reference.cmp(&other.reference));
        Ok(Lookup::Many(candidates))
    }

    fn subjects(&self, which: &str, values: &[&dyn ToSql]) -> Result<BTreeSet<SubjectId>, Trouble> {
        let mut found = self.conn.prepare_cached(&format!("SELECT DISTINCT subject FROM alias WHERE {which} LIMIT 21"))?;
        Ok(found.query_map(values, |row| read::id(row, 0, SubjectId::from_slice))?.collect::<Result<_, _>>()?)
    }

    /// The letters of references, folded.
    fn letters(&self) -> Result<Vec<String>, Trouble> {
        let mut found = self.conn.prepare_cached("SELECT tag FROM replica")?;
        let tags = found.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        Ok(tags.iter().map(|tag| derive::fold(tag)).collect())
    }
}

fn only(subjects: &BTreeSet<SubjectId>) -> Option<SubjectId> {
    subjects.first().filter(|_| subjects.len() == 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::fixture::{Place, subject};

    #[test]
    fn exact_wins_then_a_unique_start_and_doubt_is_said() {
        let mut place = Place::new();
        for (n, number, crm) in [(1, "PGE-100", "77"), (2, "PGE-1001", "78"), (3, "1001", "Jörg-5"), (4, "", "PGE-2")] {
            place.open(1, n, &[("number", number.into()), ("crm_number", crm.into())]);
        }
        let many = |references: &[&str]| Err(references.iter().map(|reference| (*reference).to_owned()).collect::<Vec<_>>());
        for (text, meant) in [
            ("A-1002", Ok(Some(2))),
            (" a-1002 ", Ok(Some(2))),
            ("1002", Ok(Some(2))),
            ("PGE-100", Ok(Some(1))),
            ("pge-1001", Ok(Some(2))),
            ("PGE-10", many(&["A-1001", "A-1002"])),
            ("pge-2", Ok(Some(4))),
            ("pge", many(&["A-1001", "A-1002", "A-1004"])),
            ("jorg", Ok(Some(3))),
            ("JÖRG-5", Ok(Some(3))),
            // The end of one's reference, and another's number.
            ("1001", many(&["A-1001", "A-1003"])),
            ("A-10", many(&["A-1001", "A-1002", "A-1003", "A-1004"])),
            ("7", many(&["A-1001", "A-1002"])),
            ("77", Ok(Some(1))),
            ("", Ok(None)),
            ("  ", Ok(None)),
            ("%", Ok(None)),
            ("_", Ok(None)),
            ("PGE-1001'; DROP TABLE event", Ok(None)),
            ("9999", Ok(None)),
        ] {
            let found = match place.store.lookup(text).expect("a read") {
                Lookup::One(one) => Ok(Some(one)),
                Lookup::None => Ok(None),
                Lookup::Many(facts) => Err(facts.into_iter().map(|facts| facts.reference).collect()),
            };
            assert_eq!(found, meant.map(|meant| meant.map(subject)), "{text}");
        }
    }

    #[test]
    fn candidates_are_twenty_at_most() {
        let mut place = Place::new();
        place.import(1, 1..60, 100);
        let Ok(Lookup::Many(found)) = place.store.lookup("n-") else { panic!("all of them") };
        assert_eq!(found.len(), 20);
    }
}
