//! Does it read somebody else's format?
//!
//! Pure: bytes and closures in, values out. The way of a row: `bytes` (is it text?) → `csv` (header
//! and rows, once the whole file is sound) → `row` (columns by profile) → `merge` (against what the
//! last import left) → `plan` (chunks, counts, the report).

pub mod bytes;
pub mod cell;
pub mod csv;
pub mod merge;
pub mod near;
pub mod plan;
pub mod raw;
pub mod row;
pub mod sheet;
