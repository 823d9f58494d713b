//! What is a row before anybody asked what its columns mean?

use csv::StringRecord;

use crate::domain::day::NaiveDateTime;

/// One row as it stands in the file.
#[derive(Clone, Debug, Default)]
pub struct RawRow {
    /// The line on which the row begins (a quoted line end makes a row several lines long); of a
    /// workbook the row's number, of a JSON array the line of its record.
    pub line: usize,
    cells: StringRecord,
    /// Cells that a workbook holds as dates, by column; their text is the same day as `2026-11-30`.
    days: Vec<(usize, NaiveDateTime)>,
    /// Cells that could not be read, by column, with what stands there: bytes of another encoding,
    /// `#REF!`.
    flaws: Vec<(usize, String)>,
}

impl RawRow {
    pub fn new(line: usize) -> RawRow {
        RawRow { line, ..RawRow::default() }
    }

    /// A row whose cells are all text.
    pub fn of(line: usize, cells: StringRecord) -> RawRow {
        RawRow { line, cells, ..RawRow::default() }
    }

    pub fn push(&mut self, text: &str) {
        self.cells.push_field(text);
    }

    pub fn push_day(&mut self, day: NaiveDateTime) {
        self.days.push((self.cells.len(), day));
        self.cells.push_field(&day.date().to_string());
    }

    /// `read` is what a problem will say was read there.
    pub fn push_flaw(&mut self, text: &str, read: String) {
        self.flaws.push((self.cells.len(), read));
        self.cells.push_field(text);
    }

    /// The cell of a column, counted from 0; empty when the row is too short.
    pub fn cell(&self, idx: usize) -> &str {
        self.cells.get(idx).unwrap_or_default()
    }

    /// The date of a cell that a workbook holds as one.
    pub fn day(&self, idx: usize) -> Option<NaiveDateTime> {
        self.days.iter().find(|(column, _)| *column == idx).map(|(_, day)| *day)
    }

    pub fn flaw(&self, idx: usize) -> Option<&str> {
        self.flaws.iter().find(|(column, _)| *column == idx).map(|(_, read)| read.as_str())
    }

    /// How many columns the row has, which is not always how many the header has.
    pub fn columns(&self) -> usize {
        self.cells.len()
    }

    pub fn cells(&self) -> impl Iterator<Item = &str> {
        self.cells.iter()
    }

    /// Whether it only adds the others up: `Total` and numbers.
    pub fn is_total(&self) -> bool {
        let mut filled = self.cells.iter().map(str::trim).filter(|cell| !cell.is_empty());
        let says = filled.next().unwrap_or_default().trim_end_matches(':').to_lowercase();
        let is_number = |cell: &str| cell.chars().any(|c| c.is_ascii_digit()) && cell.chars().all(|c| !c.is_alphabetic());
        let mut rest = filled.peekable();
        matches!(says.as_str(), "total" | "totals" | "grand total" | "grand totals" | "subtotal" | "subtotals" | "sum")
            && rest.peek().is_some()
            && rest.all(is_number)
    }

    /// Cells in which something stands.
    pub fn filled(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.trim().is_empty()).count()
    }
}
