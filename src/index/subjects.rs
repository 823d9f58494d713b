//! Which row is a subject's? A table of row numbers only: the ids themselves are in the rows.

use std::hash::{BuildHasher, RandomState};

use super::RowId;
use super::rows::Rows;
use crate::domain::id::SubjectId;

const EMPTY: u32 = u32::MAX;

/// Open addressing with linear probing, at most three quarters full: 6 to 8 bytes for each row.
#[derive(Default)]
pub(super) struct Subjects {
    slots: Vec<u32>,
    used: usize,
    /// Ids come from other copies too, so nobody may be able to choose colliding ones.
    hasher: RandomState,
}

impl Subjects {
    /// Also a row that is gone.
    pub fn find(&self, subject: SubjectId, rows: &Rows) -> Option<RowId> {
        let row = *self.slots.get(self.slot(subject, rows))?;
        (row != EMPTY).then_some(RowId(row))
    }

    /// Notes a row whose subject is new.
    pub fn insert(&mut self, id: RowId, rows: &Rows) {
        self.used += 1;
        if self.used * 4 > self.slots.len() * 3 {
            self.grow((self.slots.len() * 5 / 4).max(self.used * 5 / 3).max(64), rows);
        }
        self.put(id, rows);
    }

    /// Makes room for so many in all: growing would go through all of them again and again.
    pub fn expect(&mut self, subjects: usize, rows: &Rows) {
        if subjects * 4 > self.slots.len() * 3 {
            self.grow(subjects * 3 / 2, rows);
        }
    }

    pub fn held(&self) -> usize {
        self.slots.capacity() * size_of::<u32>()
    }

    fn grow(&mut self, wanted: usize, rows: &Rows) {
        let before = std::mem::replace(&mut self.slots, vec![EMPTY; wanted]);
        for row in before.into_iter().filter(|row| *row != EMPTY) {
            self.put(RowId(row), rows);
        }
    }

    fn put(&mut self, id: RowId, rows: &Rows) {
        let slot = self.slot(rows.subject(id), rows);
        self.slots[slot] = id.0;
    }

    /// The slot that has `subject`, else the empty one where it belongs; 0 when there is no slot.
    fn slot(&self, subject: SubjectId, rows: &Rows) -> usize {
        let count = self.slots.len();
        if count == 0 {
            return 0;
        }
        // The high half of hash × count is spread like the hash and below count, without a division.
        let hash = u128::from(self.hasher.hash_one(subject));
        let mut slot = usize::try_from((hash * count as u128) >> 64).expect("below count");
        while self.slots[slot] != EMPTY && rows.subject(RowId(self.slots[slot])) != subject {
            slot = if slot + 1 == count { 0 } else { slot + 1 };
        }
        slot
    }
}
