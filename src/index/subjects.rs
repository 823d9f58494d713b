//! Which row is a subject's? A table of row numbers only: the ids themselves are in the rows.

use std::hash::{BuildHasher, RandomState};

use super::arena::reserve;
use super::row::Packed;
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
    pub fn find(&self, subject: SubjectId, rows: &[Packed]) -> Option<u32> {
        let row = *self.slots.get(self.slot(subject, rows))?;
        (row != EMPTY).then_some(row)
    }

    /// Notes the last of `rows`, whose subject must be new.
    pub fn insert_last(&mut self, rows: &[Packed]) {
        self.used += 1;
        if self.used * 4 > self.slots.len() * 3 {
            self.grow(rows);
        } else if let Some(last) = rows.last() {
            self.put(last.subject, rows.len() - 1, rows);
        }
    }

    pub fn held(&self) -> usize {
        self.slots.capacity() * size_of::<u32>()
    }

    fn grow(&mut self, rows: &[Packed]) {
        let wanted = (self.slots.len() * 5 / 4).max(rows.len() * 5 / 3).max(64);
        self.slots = Vec::new();
        reserve(&mut self.slots, wanted);
        self.slots.resize(wanted, EMPTY);
        for (idx, row) in rows.iter().enumerate() {
            self.put(row.subject, idx, rows);
        }
    }

    fn put(&mut self, subject: SubjectId, idx: usize, rows: &[Packed]) {
        let slot = self.slot(subject, rows);
        self.slots[slot] = u32::try_from(idx).expect("rows have 32-bit numbers");
    }

    /// The slot that has `subject`, else the empty one where it belongs; 0 when there is no slot.
    fn slot(&self, subject: SubjectId, rows: &[Packed]) -> usize {
        let count = self.slots.len();
        if count == 0 {
            return 0;
        }
        // The high half of hash × count is spread like the hash and below count, without a division.
        let hash = u128::from(self.hasher.hash_one(subject));
        let mut slot = usize::try_from((hash * count as u128) >> 64).expect("below count");
        while self.slots[slot] != EMPTY && rows[self.slots[slot] as usize].subject != subject {
            slot = if slot + 1 == count { 0 } else { slot + 1 };
        }
        slot
    }
}
