//! Find as you type over everything shown, and likely duplicates.

use super::RowId;
use super::queue::Queue;

/// One hit, the best first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hit {
    pub row: RowId,
    pub score: i64,
}

/// The state of one search box: narrowing looks only at what the shorter query left.
#[derive(Default)]
pub struct Search {}

impl Search {
    /// The best `limit` rows for `query`: every word must occur as a subsequence; folded; a word that
    /// starts with `'` must occur exactly. Also how many rows match at all.
    pub fn run(&mut self, queue: &Queue, query: &str, limit: usize) -> (Vec<Hit>, usize) {
        let _ = (queue, query, limit);
        todo!()
    }
}

/// Rows that could be the same application as one that is being typed: each with the reason.
pub fn similar(queue: &Queue, site: &str, customer: &str, number: &str, limit: usize) -> Vec<(RowId, String)> {
    let _ = (queue, site, customer, number, limit);
    todo!()
}
