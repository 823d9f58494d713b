//! Does it write somebody else's format?
//!
//! Pure: values in, text out; files and terminals are the caller's. `show` and `history` make the
//! JSON objects that scripts rely on, `jsonl`, `csv` and `table` write them down.

pub mod cells;
pub mod csv;
pub mod history;
pub mod jsonl;
pub mod show;
pub mod table;
