//! Does it read somebody else's format?
//!
//! Pure: a source of bytes and closures in, values out. The way of a row: `table` (bytes to raw
//! rows, whatever the format) → `row` (columns by profile, to a checked candidate) → `merge`
//! (against what the last import left) → `plan` (chunks, counts, the report). Which profile is meant
//! says `fits`; what a file without one seems to be, `guess`.

pub mod cell;
pub mod dates;
mod fields;
pub mod fits;
pub mod guess;
pub mod merge;
mod met;
pub mod near;
pub mod plan;
pub mod raw;
pub mod row;
pub mod sheet;
pub mod slots;
pub mod table;
pub mod words;
