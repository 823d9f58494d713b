//! What intake, store and the screens share about an import: the profile, the candidate, the report.

use std::collections::BTreeMap;

use super::application::Application;
use super::day::Day;
use super::id::SubjectId;
use super::trouble::Problem;
use super::value::Value;

/// Whose value counts when both sides changed a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Authority {
    Theirs,
    Ours,
    /// The one that was written later; `Profile::modified` says when a row was.
    Newest,
    /// Never written: kept beside ours as a proposal, to be taken or not.
    Suggest,
}

impl Authority {
    pub const ALL: [Authority; 4] = [Authority::Theirs, Authority::Ours, Authority::Newest, Authority::Suggest];

    /// As profiles write it.
    pub fn name(self) -> &'static str {
        match self {
            Authority::Theirs => "theirs",
            Authority::Ours => "ours",
            Authority::Newest => "newest",
            Authority::Suggest => "suggest",
        }
    }
}

/// How the dates of a column are written, and where.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DateFormat {
    /// chrono's formats (`%m/%d/%Y`), the first that fits a cell counts; one with an offset
    /// (`%Y-%m-%dT%H:%M:%S%z`) is turned into the day in `zone`. A workbook's own dates need none.
    pub formats: Vec<String>,
    pub zone: Option<chrono_tz::Tz>,
}

/// What a column is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// A field of the application, by name. `digits`: a number that lost its leading zeros gets them
    /// back up to so many; 0: as it stands.
    Field { name: String, date: Option<DateFormat>, unit: String, digits: usize },
    /// A milestone that happened on the column's date.
    Milestone { code: String, date: DateFormat },
    /// A note, once, with the column's name before it.
    Note,
    /// A cell of many notes, one a line, each after its day (`11/20 left message`). A format without
    /// a year means the nearest such day that is not in the future. Lines without a day belong to
    /// the one before.
    DatedNotes { date: DateFormat },
    /// The day on which the row was last written over there, for the authority `newest`.
    Modified { date: DateFormat },
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    pub name: String,
    pub target: Target,
    /// A file may lack it.
    pub optional: bool,
    /// Words that mean nothing in this column, beside those of the profile.
    pub placeholders: Vec<String>,
}

/// Which rows are ours: a row comes in only if every filter lets it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Filter {
    pub column: String,
    /// Only these words, if there are any; compared without case.
    pub is: Vec<String>,
    /// None of these.
    pub is_not: Vec<String>,
    /// Only where something stands that is no placeholder.
    pub filled: bool,
}

/// Where the header stands.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Header {
    /// The first row, among the first fifty, that has the columns of the profile.
    #[default]
    Find,
    /// These lines (of a workbook: rows), counted from 1; the names of several are put together
    /// with a space between.
    Lines(Vec<usize>),
    /// There is none: columns are named `A`, `B` … as spreadsheets do.
    Missing,
}

/// What has to be known before a cell of the file can be read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Format {
    /// The workbook's sheet; empty: the only visible one, or the one that has the columns.
    pub sheet: String,
    pub header: Header,
    /// `None`: the one that gives the most columns of comma, semicolon, tab and bar.
    pub delimiter: Option<u8>,
    /// `utf-8`, `utf-16`, `windows-1252`; empty: told from the bytes.
    pub encoding: String,
    /// Rows hidden in the workbook stay out; otherwise they come in and are counted.
    pub skip_hidden: bool,
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
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Profile {
    pub name: String,
    pub label: String,
    /// The source's name: aliases and later imports are kept by it.
    pub source: String,
    /// File names that it reads, with `*` for any text: `miso_queue_*.csv`.
    pub files: Vec<String>,
    pub format: Format,
    /// Columns that together name a row.
    pub key: Vec<String>,
    /// The key columns do not name a row alone: the key is their hash and the row's place among equals.
    pub made_key: bool,
    /// Number fields by which a row finds an application that a person or another source opened.
    pub find: Vec<String>,
    pub columns: Vec<Column>,
    pub filters: Vec<Filter>,
    pub statuses: Vec<StatusRule>,
    /// Words that mean nothing in any column.
    pub placeholders: Vec<String>,
    /// Fields with the same value in every row: `lane = "utility"`.
    pub constants: BTreeMap<String, String>,
    pub authority: BTreeMap<String, Authority>,
}

/// One row of a file, read and checked. `values` are field name → stored value; a milestone is kept
/// as `milestone.<code>`, a note as `note.<column>`, so that all of a row compares with last time.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Candidate {
    pub line: usize,
    pub key: String,
    pub values: BTreeMap<String, Value>,
    /// The day of each milestone by code, as in `values`.
    pub milestones: BTreeMap<String, Day>,
    /// The notes of each column of dated notes, oldest first: the day, and the words without it.
    pub notes: BTreeMap<String, Vec<(Option<Day>, String)>>,
    /// When the row was last written over there.
    pub modified: Option<Day>,
    /// A status word that no rule of the profile knows; the row's status is that word.
    pub unknown_status: Option<String>,
}

/// What the last import of this source left under a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Known {
    pub subject: SubjectId,
    pub values: BTreeMap<String, Value>,
    /// Values of the file that were not written: conflicts, and what is only suggested.
    pub offers: BTreeMap<String, Value>,
}

/// A value of a file that stands beside ours until a person settles it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offer {
    pub subject: SubjectId,
    pub reference: String,
    pub source: String,
    pub key: String,
    pub field: String,
    pub ours: Value,
    pub theirs: Value,
}

/// Changed here and in the file since the last import; ours is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Conflict {
    pub line: usize,
    pub key: String,
    pub field: String,
    pub ours: Value,
    pub theirs: Value,
    /// The profile only suggests this field: ours was perhaps not changed at all.
    pub suggested: bool,
}

/// A row that came in as new and looks like an application that was there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alike {
    pub line: usize,
    pub key: String,
    /// The reference of the other.
    pub reference: String,
    /// "same meter number, customer almost the same".
    pub because: String,
}

/// What an import did, or with `--dry-run` would do.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    pub added: usize,
    pub changed: usize,
    pub same: usize,
    /// Records that were written, or with `--dry-run` would be: also those where only a conflict was kept.
    pub written: usize,
    /// Of those that changed or are the same: found by a number of another source.
    pub found: usize,
    /// Rows that a filter of the profile left out.
    pub left_out: usize,
    /// Added rows without a day on which we look again.
    pub without_follow_up: usize,
    /// Keys of the last import of this source that this file does not have; they are left alone.
    pub gone: Vec<String>,
    pub conflicts: Vec<Conflict>,
    pub problems: Vec<Problem>,
    /// Problems beyond those that `problems` has room for.
    pub more_problems: usize,
    /// Status words that no rule knows, with how many rows have them.
    pub unknown_statuses: BTreeMap<String, usize>,
    /// The first changes field by field: key, field, before, after.
    pub changes: Vec<(String, String, Value, Value)>,
    pub alike: Vec<Alike>,
    /// Sentences about the file as a whole: its encoding, hidden rows, a footer that was left out.
    pub remarks: Vec<String>,
}

/// One column of a file without a profile, and what it seems to be for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Guessed {
    pub name: String,
    /// At most three values, as they stand.
    pub samples: Vec<String>,
    /// `None`: left out.
    pub target: Option<Target>,
    /// It gives the status.
    pub is_status: bool,
    /// 0 to 100.
    pub confidence: u8,
    /// "the header says so, 98 of 100 values are days".
    pub because: String,
}

/// How a file without a profile would be read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Guess {
    /// The rows that were looked at.
    pub rows: usize,
    pub columns: Vec<Guessed>,
    /// With the columns, key and status rules as guessed; `source` and `name` from the file's name.
    pub profile: Profile,
    /// What a person has to settle: mixed dates, no column that names a row.
    pub doubts: Vec<String>,
    pub remarks: Vec<String>,
}

/// Rows to be read in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Rows {
    /// A file of this machine, as it was named.
    File(String),
    /// Cells as a spreadsheet copies them: tabs between them, a line for each row.
    Cells(String),
}

/// What an import is made of, once it is known how the rows are to be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Order {
    pub rows: Rows,
    pub profile: Profile,
    /// Rows that are added without a follow-up get one, spread evenly over so many business days; 0:
    /// they stay without.
    pub spread: u32,
    /// No key of the file is known though the source was read before, and that is meant so.
    pub all_new: bool,
}

/// How the rows were recognized.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Seen {
    /// A profile fits.
    Fits(Profile),
    Guessed(Guess),
}

/// The register of an application that keeps what `source` brought under `key`. One that was joined
/// from two rows of a source has one for each: `import.crm`, `import.crm:2`.
pub fn register(application: Option<&Application>, source: &str, key: &str) -> String {
    let first = format!("import.{source}");
    let Some(application) = application else { return first };
    let held = |name: &str| application.value(name).get("key").and_then(Value::as_text);
    let mut of_source = application.registers.keys().filter(|name| source_of(name) == Some(source));
    let known = of_source.find(|name| held(name.as_str()) == Some(key)).cloned();
    let free = || (2..).map(|n| format!("{first}:{n}")).find(|name| held(name).is_none());
    known.or_else(|| if held(&first).is_some() { free() } else { None }).unwrap_or(first)
}

/// The source that a register `import.…` is of.
pub fn source_of(register: &str) -> Option<&str> {
    let name = register.strip_prefix("import.")?;
    Some(name.split_once(':').map_or(name, |(source, _)| source))
}

/// What such a register holds.
pub fn remembered(key: &str, values: BTreeMap<String, Value>, offers: BTreeMap<String, Value>) -> Value {
    let mut map = BTreeMap::from([("key".to_owned(), Value::text(key)), ("values".to_owned(), Value::Map(values))]);
    if !offers.is_empty() {
        map.insert("offers".to_owned(), Value::Map(offers));
    }
    Value::Map(map)
}

/// What an application has now where an import names `field` (a milestone is `milestone.<code>`).
pub fn ours(application: &Application, field: &str) -> Value {
    match field.split_once('.') {
        Some(("milestone", code)) => application.milestone(code).map(|day| day.to_string()).into(),
        _ => application.value(field).clone(),
    }
}
