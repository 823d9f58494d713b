//! Does it hold, order or search the queue in memory?
//!
//! Every session holds all open rows packed: one arena of bytes, small ids for names, no `String`
//! per row. Scores are computed here, never stored.

mod arena;
mod names;
mod needle;
mod order;
pub mod queue;
mod row;
pub mod search;
mod similar;
mod subjects;

#[cfg(test)]
mod testing;

/// A row's place in the packed queue. It stays the same while the session lives.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RowId(pub u32);
