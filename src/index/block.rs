//! Rows that another thread made ready, taken into the queue as they are.
//!
//! Packing a row, its clocks and its score cost more than reading it; a million of them must not be
//! made by the thread that answers keys.

use std::fmt;
use std::sync::Arc;

use super::chunk;
use super::names::{About, Names};
use super::queue::Queue;
use super::row::GONE;
use crate::domain::day::Day;
use crate::domain::facts::Facts;
use crate::domain::playbook::Playbook;

/// As many rows as a block takes.
pub const BLOCK: usize = chunk::SIZE;

/// At most `BLOCK` rows, packed and scored.
pub struct Block(Queue);

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rows", self.0.len())
    }
}

impl Block {
    /// Room for this many rows and their texts, of the usual length.
    pub fn new(rows: usize) -> Block {
        let mut block = Block(Queue::new());
        block.0.rows.chunks.push(Arc::new(chunk::Chunk::with_room(rows.min(BLOCK))));
        block.0.rows.scores.push(Arc::default());
        block
    }

    /// Packs a row. At most `BLOCK` of them: a block is one chunk, and what is beyond it would be lost.
    pub fn put(&mut self, facts: &Facts, playbook: &Playbook, today: Day) {
        self.0.put(facts, playbook, today);
        debug_assert!(self.0.rows.chunks.len() == 1, "a block has one chunk");
    }

    /// Gives back the room that was not needed.
    pub fn fit(&mut self) {
        if let Some(chunk) = self.0.rows.chunks.last_mut() {
            Arc::make_mut(chunk).fit();
        }
    }
}

impl Queue {
    /// Makes room for so many rows in all, before a load whose size is known.
    pub fn expect(&mut self, rows: usize) {
        self.subjects.expect(rows, &self.rows);
    }

    /// Takes in the rows whose subjects were never seen. The others are known better here: by a commit,
    /// another session's change or the front that came first.
    pub fn absorb(&mut self, Block(mut other): Block, playbook: &Playbook) {
        let Some(chunk) = other.rows.chunks.pop() else { return };
        let (from, rows) = (&other.rows, &mut self.rows);
        let numbers = [
            numbers(&mut rows.statuses, &from.statuses, playbook),
            numbers(&mut rows.owners, &from.owners, playbook),
            numbers(&mut rows.utilities, &from.utilities, playbook),
            numbers(&mut rows.balls, &from.balls, playbook),
            numbers(&mut rows.products, &from.products, playbook),
            numbers(&mut rows.programs, &from.programs, playbook),
        ];
        let mut chunk = Arc::unwrap_or_clone(chunk);
        rows.generation += 1;
        chunk.stamp = rows.generation;
        let at = rows.chunks.len();
        for (row, rest) in chunk.rows.iter_mut().zip(&mut chunk.rests) {
            if self.subjects.find(rest.subject, rows).is_some() {
                row.flags |= GONE;
                continue;
            }
            for (number, numbers) in [&mut row.status, &mut row.owner, &mut row.utility, &mut row.ball, &mut row.product, &mut rest.program]
                .into_iter()
                .zip(&numbers)
            {
                *number = numbers[*number as usize];
            }
        }
        rows.scores.push(Arc::clone(&from.scores[0]));
        rows.chunks.push(Arc::new(chunk));
        self.count_in(at);
    }

    /// Notes the subjects of a new chunk, and counts its rows.
    fn count_in(&mut self, at: usize) {
        for place in 0..self.rows.chunks[at].rows.len() {
            let row = &self.rows.chunks[at].rows[place];
            if row.is(GONE) {
                continue;
            }
            self.subjects.insert(chunk::id(at, place), &self.rows);
            self.rows.live += 1;
            if self.rows.is_due_some_day(row) {
                *self.due.entry(row.follow_up.day().0).or_default() += 1;
            }
        }
    }
}

/// For each name of `from` its number in `into`.
fn numbers<T: About + Clone>(into: &mut Arc<Names<T>>, from: &Names<T>, playbook: &Playbook) -> Vec<u32> {
    from.iter().map(|name| super::queue::number(into, &name.text, playbook)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::queue::View;
    use super::super::testing::{at, facts, playbook, queue_of, today};
    use super::*;

    #[test]
    fn a_block_is_as_if_its_rows_had_been_put() {
        let (playbook, now) = (playbook(), at(9, 0));
        let row = |n: u32| Facts {
            owner: ["kim", "dana", ""][n as usize % 3].into(),
            utility: ["RMP", "PGE", "PAC", "SCE"][n as usize % 4].into(),
            follow_up: crate::domain::day::When::parse(&format!("2026-11-{}", 10 + n % 19)),
            escalated: n.is_multiple_of(5),
            ..facts(n)
        };
        let all: Vec<Facts> = (0..500).map(row).collect();
        let (mut taken, put) = (queue_of(&all[450..]), queue_of(&all));
        let newer = Facts { version: 9, owner: "lou".into(), ..row(7) };
        taken.put(&newer, &playbook, today());
        taken.remove(row(460).subject);
        taken.expect(500);
        for facts in [&all[..200], &all[200..]] {
            let mut block = Block::new(facts.len());
            facts.iter().for_each(|facts| block.put(facts, &playbook, today()));
            block.fit();
            taken.absorb(block, &playbook);
        }
        assert_eq!(taken.len(), 499, "what was removed meanwhile does not come back");
        let told = |queue: &Queue| -> Vec<(String, String, String)> {
            let order = queue.order(&View::Team, &[], &playbook, now);
            let rows = order.into_iter().filter_map(|id| queue.row(id, &playbook));
            rows.map(|row| (row.reference.to_owned(), row.owner.to_owned(), row.utility.to_owned())).collect()
        };
        let mut wanted = told(&put);
        wanted.retain(|(reference, ..)| reference != "A-460");
        wanted.iter_mut().filter(|(reference, ..)| reference == "A-7").for_each(|(_, owner, _)| *owner = "lou".into());
        let mut found = told(&taken);
        wanted.sort();
        found.sort();
        assert_eq!(found, wanted);
        let put_again = all.iter().fold(Queue::new(), |mut queue, facts| {
            if facts.subject != row(460).subject {
                queue.put(if facts.subject == newer.subject { &newer } else { facts }, &playbook, today());
            }
            queue
        });
        assert_eq!(taken.counts(&View::Team, &[], &playbook, now), put_again.counts(&View::Team, &[], &playbook, now));
        for days in 10..29 {
            let day = super::super::testing::day(&format!("2026-11-{days}"));
            assert_eq!(taken.due_on(day), put_again.due_on(day), "{day}");
        }
    }
}
