//! The first rows of the last full ranking, kept so that the first frame needs no ranking.

use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};

use crate::domain::day::{Day, parse_day};
use crate::domain::facts::Facts;
use crate::domain::id::SubjectId;
use crate::domain::trouble::Trouble;

use super::read::{Columns, FACTS};
use super::{Access, Store};

/// A kept front. It is a hint: rows may have changed since, and are to be ranked again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Front {
    /// The day for which it was ranked.
    pub day: Day,
    /// Name and digest of the playbook that ranked it.
    pub playbook: String,
    /// In their order then; those that no longer exist are left out.
    pub facts: Vec<Facts>,
}

impl Store {
    /// The front kept under `scope` ("all", an owner, "pool").
    pub fn front(&self, scope: &str) -> Result<Option<Front>, Trouble> {
        let kept: Option<(String, String)> = self
            .conn
            .prepare_cached("SELECT on_day, playbook FROM front_of WHERE scope = ?1")?
            .query_row([scope], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((Some(day), playbook)) = kept.map(|(day, playbook)| (parse_day(&day), playbook)) else {
            return Ok(None);
        };
        let columns: Vec<String> = FACTS.split(',').map(|column| format!("a.{}", column.trim())).collect();
        let sql = format!(
            "SELECT {} FROM front f JOIN application a ON a.subject = f.subject WHERE f.scope = ?1 ORDER BY f.place",
            columns.join(", ")
        );
        let mut found = self.conn.prepare_cached(&sql)?;
        let facts = found.query_map([scope], |row| Columns::new(row).facts())?.collect::<Result<_, _>>()?;
        Ok(Some(Front { day, playbook, facts }))
    }

    /// Keeps a front, if nobody else is writing just now. `false`: it was not kept, or is the same.
    pub fn save_front(&mut self, scope: &str, subjects: &[SubjectId], day: Day, playbook: &str) -> Result<bool, Trouble> {
        if self.access != Access::Write || !self.is_in_place() || self.is_kept(scope, subjects, day, playbook)? {
            return Ok(false);
        }
        let Some(_held) = self.gate.try_hold("the order of the queue") else { return Ok(false) };
        let tx = Transaction::new_unchecked(&self.conn, TransactionBehavior::Immediate)?;
        tx.prepare_cached("DELETE FROM front WHERE scope = ?1")?.execute([scope])?;
        let mut insert = tx.prepare_cached("INSERT INTO front(scope, place, subject) VALUES(?1, ?2, ?3)")?;
        for (place, subject) in (1_i64..).zip(subjects) {
            insert.execute(params![scope, place, subject.bytes()])?;
        }
        drop(insert);
        tx.prepare_cached("INSERT OR REPLACE INTO front_of(scope, on_day, playbook) VALUES(?1, ?2, ?3)")?.execute(params![
            scope,
            day.to_string(),
            playbook
        ])?;
        tx.commit()?;
        Ok(true)
    }

    /// Every commit wakes every session, so the same front is not written twice.
    fn is_kept(&self, scope: &str, subjects: &[SubjectId], day: Day, playbook: &str) -> Result<bool, Trouble> {
        let same: bool = self
            .conn
            .prepare_cached("SELECT EXISTS(SELECT 1 FROM front_of WHERE scope = ?1 AND on_day = ?2 AND playbook = ?3)")?
            .query_row(params![scope, day.to_string(), playbook], |row| row.get(0))?;
        if !same {
            return Ok(false);
        }
        let mut found = self.conn.prepare_cached("SELECT subject FROM front WHERE scope = ?1 ORDER BY place")?;
        let kept: Vec<SubjectId> =
            found.query_map([scope], |row| super::read::id(row, 0, SubjectId::from_slice))?.collect::<Result<_, _>>()?;
        Ok(kept == subjects)
    }
}

#[cfg(test)]
mod tests {
    use crate::store::fixture::{Place, subject, today};

    #[test]
    fn a_front_comes_back_in_its_order_without_what_is_gone() {
        let mut place = Place::new();
        for n in 1..4 {
            place.open(1, n, &[]);
        }
        assert_eq!(place.store.front("all"), Ok(None));
        let order = [subject(3), subject(1), subject(2)];
        assert_eq!(place.store.save_front("all", &order, today(), "residential@1"), Ok(true));
        assert_eq!(place.store.save_front("pool", &order[..1], today(), "residential@1"), Ok(true));
        let version = place.store.data_version();
        assert_eq!(place.store.save_front("all", &order, today(), "residential@1"), Ok(false), "nothing is written twice");
        assert_eq!(place.store.data_version(), version);
        place.undo(1, crate::store::Scope::Session).expect("the last one was opened by a slip");
        let front = place.store.front("all").expect("a read").expect("a front");
        assert_eq!((front.day, front.playbook.as_str()), (today(), "residential@1"));
        assert_eq!(front.facts.iter().map(|facts| facts.reference.as_str()).collect::<Vec<_>>(), ["A-1001", "A-1002"]);
        assert_eq!(place.store.save_front("all", &order[1..], today(), "residential@2"), Ok(true));
        assert_eq!(place.store.front("all").expect("a read").map(|front| front.facts.len()), Some(2));
        let held = crate::store::gate::Gate::new(&place.path, 0o600).hold("jdoe").expect("a free gate");
        assert_eq!(place.store.save_front("all", &order[..1], today(), "x"), Ok(false), "it does not wait");
        drop(held);
        place.clean();
    }
}
