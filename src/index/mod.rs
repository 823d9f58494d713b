//! Does it hold, order or search the queue in memory?
//!
//! Every session holds all open rows packed: one arena of bytes, small ids for names, no `String`
//! per row. Scores are computed here, never stored.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

mod names;
mod arena;
mod chunk;
pub mod block;
pub mod rank;
pub mod batch;
mod rest;
mod row;
pub mod rows;
mod subjects;
pub mod queue;
pub mod order;
mod outages;
mod found;
mod needle;
mod pairs;
mod pass;
pub mod filter;
pub mod select;
pub mod grouped;
mod scorer;
pub mod search;
mod similar;

#[cfg(test)]
mod testing;

/// Does a piece of work for each number below the first, some of them at the same time: threads are
/// `run`'s to have.
pub type Hands<'a> = &'a (dyn Fn(usize, &(dyn Fn(usize) + Sync)) + Sync);

/// One after the other.
pub fn one_hand(pieces: usize, work: &(dyn Fn(usize) + Sync)) {
    (0..pieces).for_each(work);
}

/// Fewer rows are not worth a second thread. Tests go both ways with few.
const ALONE: usize = if cfg!(test) { 1_000 } else { 20_000 };

/// Does the work in as many parts as are worth it, some at the same time; the answers in their order.
fn in_parts<T: Send>(hands: Hands<'_>, rows: usize, work: impl Fn(usize, usize) -> T + Sync) -> Vec<T> {
    let parts = if rows < ALONE { 1 } else { 2 };
    let done: Vec<Mutex<Option<T>>> = (0..parts).map(|_| Mutex::new(None)).collect();
    hands(parts, &|part| {
        let answer = work(part, parts);
        *done[part].lock().expect("nobody else has this one") = Some(answer);
    });
    let answers = done.into_iter().map(|one| one.into_inner().expect("nobody else has this one"));
    answers.map(|one| one.expect("hands do every part")).collect()
}

/// Pieces of work that hands take as they come to them. With half for each of two, the search of a letter took as long as
/// the slower one: two processors are often two halves of one, or lent to somebody else for a moment.
struct Pieces {
    next: AtomicUsize,
    end: usize,
}

impl Pieces {
    fn new(end: usize) -> Pieces {
        Pieces { next: AtomicUsize::new(0), end }
    }

    /// Those that nobody else has taken.
    fn take(&self) -> impl Iterator<Item = usize> {
        std::iter::from_fn(|| Some(self.next.fetch_add(1, Ordering::Relaxed)).filter(|piece| *piece < self.end))
    }
}

/// A row's place in the packed queue. It stays the same while the session lives.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RowId(pub u32);
