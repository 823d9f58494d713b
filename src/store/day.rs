//! Which records did a person touch lately?

use rusqlite::params;

use crate::domain::id::SubjectId;
use crate::domain::trouble::Trouble;

use super::{Store, read};

impl Store {
    /// The records of this person's commands since `millis` (of the wall clock, since 1970), imports left out, the first
    /// touched first. It goes back command by command, so that a day costs a day and not the journal.
    pub fn worked_by(&self, uid: u32, millis: i64) -> Result<Vec<SubjectId>, Trouble> {
        let mut commands = self
            .conn
            .prepare_cached("SELECT first_pos, last_pos, id FROM command WHERE uid = ?1 AND kind <> 'import' ORDER BY first_pos DESC")?;
        let mut events = self.conn.prepare_cached(
            "SELECT subject, hlc FROM event WHERE pos BETWEEN ?1 AND ?2 AND command = ?3 AND \"of\" = 'application' ORDER BY pos",
        )?;
        let mut touched: Vec<SubjectId> = Vec::new();
        let mut rows = commands.query([uid])?;
        while let Some(row) = rows.next()? {
            let (first, last, command): (i64, i64, [u8; 16]) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let found: Vec<(SubjectId, i64)> = events
                .query_map(params![first, last, command], |row| Ok((read::id(row, 0, SubjectId::from_slice)?, row.get(1)?)))?
                .collect::<Result<_, _>>()?;
            if found.first().is_some_and(|(_, hlc)| crate::domain::id::Hlc(*hlc).millis() < millis) {
                break;
            }
            for (subject, _) in found {
                touched.retain(|known| *known != subject);
                touched.push(subject);
            }
        }
        touched.reverse();
        Ok(touched)
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::value::Value;
    use crate::store::fixture::{Place, subject, who};

    #[test]
    fn only_ones_own_and_only_since_then() {
        let mut place = Place::new();
        for n in 1..=4 {
            place.open(1, n, &[("site", Value::text("x"))]);
        }
        place.touch(1, 2, &[("note", "one".into())]);
        place.touch(2, 3, &[("note", "theirs".into())]);
        place.touch(1, 1, &[("note", "two".into())]);
        place.touch(1, 2, &[("note", "three".into())]);
        let all = place.store.worked_by(who(1).uid, 0).expect("a read");
        assert!(all.contains(&subject(4)) && all.contains(&subject(1)), "{all:?}");
        assert_eq!(place.store.worked_by(who(2).uid, 0), Ok(vec![subject(3)]));
        assert_eq!(place.store.worked_by(who(1).uid, i64::MAX), Ok(vec![]));
    }
}
