//! Does it write somebody else's format?
//!
//! Pure: values in, text or bytes out; files and terminals are the caller's. `show`, `history`,
//! `utility` and `changes` make the JSON objects that scripts rely on; `jsonl`, `csv`, `xlsx`, `markdown`, `cells`
//! and `table` write them down.

pub mod cells;
pub mod changes;
pub mod csv;
pub mod history;
pub mod jsonl;
pub mod markdown;
pub mod show;
pub mod table;
pub mod utility;
pub mod xlsx;
