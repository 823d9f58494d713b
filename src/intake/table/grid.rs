//! How is a sheet held without its empty cells?

use std::borrow::Cow;

use crate::domain::day::NaiveDateTime;

use super::header::{COLUMNS_MAX, Early};
use crate::intake::raw::RawRow;

/// Filled cells of one sheet: 100,000 rows of 50 columns.
pub const CELLS_MAX: usize = 5_000_000;
/// All the text of one sheet, in bytes.
const TEXT_MAX: usize = 256 << 20;
/// As far as any spreadsheet goes.
const ROWS_MAX: u32 = 1 << 20;
const WIDEST: u32 = 1 << 14;

/// What a cell holds.
#[derive(Clone, PartialEq, Debug)]
pub enum Value<'a> {
    Text(Cow<'a, str>),
    Day(NaiveDateTime),
    /// What was read where no value could be.
    Flaw(String),
}

/// A rectangle of merged cells, counted from 0, ends included.
#[derive(Clone, Copy, Debug)]
pub struct Merged {
    pub rows: (u32, u32),
    pub columns: (u32, u32),
}

#[derive(Clone, Copy, Debug)]
struct Held {
    row: u32,
    column: u32,
    what: What,
}

#[derive(Clone, Copy, Debug)]
enum What {
    /// Start and length in the text.
    Text(u32, u32),
    Day(NaiveDateTime),
    Flaw(u32),
}

/// Rows and columns count from 0 as they stand in the sheet; only rows with something in them are there.
#[derive(Debug, Default)]
pub struct Grid {
    cells: Vec<Held>,
    text: String,
    flaws: Vec<String>,
    /// The row and where its cells begin, once it is sorted.
    rows: Vec<(u32, usize)>,
}

impl Grid {
    /// `Err` is what there is too much of, and how much may be.
    pub fn push(&mut self, row: u32, column: u32, value: Value<'_>) -> Result<(), (String, String)> {
        let what = match value {
            Value::Text(text) if text.trim().is_empty() => return Ok(()),
            Value::Text(text) => {
                if self.text.len() + text.len() > TEXT_MAX {
                    return Err(("a sheet with more than 256 MiB of text".into(), "one with less, or CSV".into()));
                }
                let start = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
                self.text.push_str(&text);
                What::Text(start, u32::try_from(text.len()).unwrap_or(0))
            }
            Value::Day(day) => What::Day(day),
            Value::Flaw(read) => {
                self.flaws.push(read);
                What::Flaw(u32::try_from(self.flaws.len() - 1).unwrap_or(0))
            }
        };
        if row >= ROWS_MAX || column >= WIDEST {
            return Err(("a cell beyond the last row or column of any sheet".into(), "a sound workbook".into()));
        }
        self.hold(Held { row, column, what })
    }

    fn hold(&mut self, held: Held) -> Result<(), (String, String)> {
        if self.cells.len() >= CELLS_MAX {
            return Err((format!("a sheet of more than {CELLS_MAX} filled cells"), "a smaller one, or CSV".into()));
        }
        self.cells.push(held);
        Ok(())
    }

    /// Puts the cells in their order; of two in one place the later counts.
    pub fn sort(&mut self) {
        let place = |held: &Held| (held.row, held.column);
        if !self.cells.is_sorted_by(|a, b| place(a) < place(b)) {
            self.cells.reverse();
            self.cells.sort_by_key(place);
            self.cells.dedup_by_key(|held| place(held));
        }
        self.rows.clear();
        for (idx, held) in self.cells.iter().enumerate() {
            if self.rows.last().is_none_or(|(row, _)| *row != held.row) {
                self.rows.push((held.row, idx));
            }
        }
    }

    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// The row's number in the sheet, from 0.
    pub fn number(&self, idx: usize) -> u32 {
        self.rows[idx].0
    }

    fn row(&self, idx: usize) -> &[Held] {
        let end = self.rows.get(idx + 1).map_or(self.cells.len(), |(_, start)| *start);
        &self.cells[self.rows[idx].1..end]
    }

    /// Columns up to the last filled one.
    pub fn width(&self, idx: usize) -> usize {
        self.row(idx).last().map_or(0, |held| held.column as usize + 1)
    }

    /// The text of the row's only cell; `None` when it has more.
    pub fn only(&self, idx: usize) -> Option<String> {
        let [one] = self.row(idx) else { return None };
        Some(self.shown(one.what))
    }

    fn shown(&self, what: What) -> String {
        match what {
            What::Text(start, length) => self.slice(start, length).to_owned(),
            What::Day(day) => day.date().to_string(),
            What::Flaw(flaw) => self.flaws[flaw as usize].clone(),
        }
    }

    fn slice(&self, start: u32, length: u32) -> &str {
        &self.text[start as usize..start as usize + length as usize]
    }

    /// Lets merged cells below the header have their value in each of their rows: whoever merged
    /// them meant it for all. Only rows that have something else count.
    pub fn fill_down(&mut self, merged: &[Merged], after: u32) -> Result<(), (String, String)> {
        let mut more = Vec::new();
        for area in merged.iter().filter(|area| area.rows.0 >= after && area.rows.1 > area.rows.0) {
            let Ok(top) = self.rows.binary_search_by_key(&area.rows.0, |(row, _)| *row) else { continue };
            let Some(held) = self.row(top).iter().find(|held| held.column == area.columns.0).copied() else { continue };
            let below = self.rows[top + 1..].iter().map(|(row, _)| *row).take_while(|row| *row <= area.rows.1);
            more.extend(below.map(|row| Held { row, ..held }));
            if more.len() > CELLS_MAX {
                break;
            }
        }
        for held in more {
            self.hold(held)?;
        }
        self.sort();
        Ok(())
    }

    /// The first rows as text, for the header; there a merged cell names all columns below it.
    pub fn early(&self, idx: usize, merged: &[Merged]) -> Early {
        let mut cells = vec![String::new(); self.width(idx)];
        for held in self.row(idx) {
            cells[held.column as usize] = self.shown(held.what);
        }
        let row = self.number(idx);
        for area in merged.iter().filter(|area| area.rows.0 == row) {
            let (from, to) = (area.columns.0 as usize, (area.columns.1 as usize).min(COLUMNS_MAX));
            if let Some(name) = cells.get(from).cloned().filter(|name| !name.is_empty()) {
                cells.resize(cells.len().max(to + 1), String::new());
                cells[from..=to.max(from)].fill(name);
            }
        }
        Early { line: row as usize + 1, cells }
    }

    /// A row of so many columns; its line is the row's number from 1.
    pub fn raw(&self, idx: usize, width: usize) -> RawRow {
        let mut row = RawRow::new(self.number(idx) as usize + 1);
        for held in self.row(idx) {
            while row.columns() < held.column as usize {
                row.push("");
            }
            match held.what {
                What::Text(start, length) => row.push(self.slice(start, length)),
                What::Day(day) => row.push_day(day),
                What::Flaw(flaw) => row.push_flaw("", self.flaws[flaw as usize].clone()),
            }
        }
        while row.columns() < width {
            row.push("");
        }
        row
    }
}
