//! Does it hold, order or search the queue in memory?
//!
//! Every session holds all open rows packed: one arena of bytes, small ids for names, no `String`
//! per row. Scores are computed here, never stored.

mod names;
mod arena;
mod row;
mod subjects;
pub mod queue;
mod order;
mod outages;
mod needle;
mod pass;
pub mod filter;
pub mod select;
pub mod grouped;
pub mod search;
mod similar;

#[cfg(test)]
mod testing;

/// A row's place in the packed queue. It stays the same while the session lives.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RowId(pub u32);
