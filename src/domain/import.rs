//! What intake, store and the screens share about an import: the profile, the candidate, the report.

use std::collections::BTreeMap;

use super::day::Day;
use super::id::SubjectId;
use super::trouble::Problem;
use super::value::Value;

/// Whose value counts when both sides changed a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Authority {
    Theirs,
    Ours,
}

/// How the dates of a column are written, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DateFormat {
    /// chrono's format (`%m/%d/%Y`); one with an offset (`%Y-%m-%dT%H:%M:%S%z`) is turned into
    /// the day in `zone`.
    pub format: String,
    pub zone: Option<chrono_tz::Tz>,
}

/// What a column is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// A field of the application, by name.
    Field { name: String, date: Option<DateFormat>, unit: String },
    /// A milestone that happened on the column's date.
    Milestone { code: String, date: DateFormat },
    /// A note, once, with the column's name before it.
    Note,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    pub name: String,
    pub target: Target,
}

/// A status read from the words of a column; the first rule whose words match gives it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatusRule {
    pub column: String,
    /// Compared without case; empty: any value that is not a placeholder.
    pub word: String,
    pub status: String,
    pub ended_reason: Option<String>,
}

/// How to read one source's file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Profile {
    pub name: String,
    pub label: String,
    /// The source's name: aliases and later imports are kept by it.
    pub source: String,
    pub delimiter: u8,
    /// Columns that together name a row.
    pub key: Vec<String>,
    pub columns: Vec<Column>,
    pub statuses: Vec<StatusRule>,
    /// Columns that carry status words, in the order in which they count.
    pub placeholders: Vec<String>,
    /// Fields with the same value in every row: `lane = "utility"`.
    pub constants: BTreeMap<String, String>,
    pub authority: BTreeMap<String, Authority>,
}

/// One row of a file, read and checked. `values` are field name → stored value; a milestone is kept
/// as `milestone.<code>`, a note as `note.<column>`, so that all of a row compares with last time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidate {
    pub line: usize,
    pub key: String,
    pub values: BTreeMap<String, Value>,
    /// The day of each milestone by code, as in `values`.
    pub milestones: BTreeMap<String, Day>,
    /// A status word that no rule of the profile knows; the row's status is that word.
    pub unknown_status: Option<String>,
}

/// What the last import of this source left under a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Known {
    pub subject: SubjectId,
    pub values: BTreeMap<String, Value>,
}

/// Changed here and in the file since the last import; ours is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Conflict {
    pub line: usize,
    pub key: String,
    pub field: String,
    pub ours: Value,
    pub theirs: Value,
}

/// What an import did, or with `--dry-run` would do.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    pub added: usize,
    pub changed: usize,
    pub same: usize,
    /// Keys of the last import of this source that this file does not have; they are left alone.
    pub gone: Vec<String>,
    pub conflicts: Vec<Conflict>,
    pub problems: Vec<Problem>,
    /// Status words that no rule knows, with how many rows have them.
    pub unknown_statuses: BTreeMap<String, usize>,
    /// The first changes field by field: key, field, before, after.
    pub changes: Vec<(String, String, Value, Value)>,
}
