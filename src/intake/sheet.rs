//! Which candidates does a file hold? The one door from bytes to checked rows.

use std::io::{Read, Seek};

use crate::domain::day::Day;
use crate::domain::import::{Profile, Report};
use crate::domain::trouble::Problem;

use super::fits;
use super::raw::RawRow;
use super::row::{Row, Shape};
use super::table::Table;

/// A table that is sound as a whole, with a profile laid over it; its rows come one by one, each
/// read, at fault or left out.
#[derive(Debug)]
pub struct Sheet<'p, R> {
    table: Table<R>,
    shape: Shape<'p>,
    /// The lines of rows that only add up others or say the header again: nobody's application.
    totals: Vec<usize>,
}

/// The table that a profile reads. Every fault of the file and of the profile is found here, before
/// the first row is handed out. `file` is the name that problems give.
pub fn open<R: Read + Seek>(file: &str, source: R, profile: &Profile, today: Day) -> Result<Table<R>, Vec<Problem>> {
    let table = Table::open(file, source, &profile.format, &fits::wanted(profile))?;
    Shape::new(file, table.headers(), profile, today)?;
    Ok(table)
}

impl<'p, R: Read + Seek> Sheet<'p, R> {
    /// Over a table that `open` gave.
    pub fn new(file: &str, table: Table<R>, profile: &'p Profile, today: Day) -> Result<Sheet<'p, R>, Vec<Problem>> {
        let shape = Shape::new(file, table.headers(), profile, today)?;
        Ok(Sheet { table, shape, totals: Vec::new() })
    }

    /// How many rows there are, the header and a footer not counted.
    pub fn rows(&self) -> usize {
        self.table.len()
    }

    /// `Err`: the file cannot be read on.
    pub fn next_row(&mut self) -> Result<Option<Row>, Problem> {
        while let Some(row) = self.table.next_row()? {
            if !row.is_total() && !self.is_header(&row) {
                return Ok(Some(self.shape.read(&row)));
            }
            self.totals.push(row.line);
        }
        Ok(None)
    }

    /// Exports that were put together have their header in the middle too.
    fn is_header(&self, row: &RawRow) -> bool {
        row.columns() == self.table.headers().len() && row.cells().zip(self.table.headers()).all(|(cell, header)| cell.trim() == header)
    }

    /// The key of the next row that has one.
    pub fn next_key(&mut self) -> Result<Option<String>, Problem> {
        while let Some(row) = self.table.next_row()? {
            if let Some(key) = self.shape.key_of(&row).filter(|_| !row.is_total() && !self.is_header(&row)) {
                return Ok(Some(key));
            }
        }
        Ok(None)
    }

    pub fn rewind(&mut self) -> Result<(), Problem> {
        self.shape.restart();
        self.totals.clear();
        self.table.rewind()
    }

    /// With what is to be said of the file as a whole, once its rows were read.
    pub fn remark(&self, mut report: Report) -> Report {
        report.remarks.extend(self.table.remarks().iter().cloned());
        if !self.totals.is_empty() {
            let lines: Vec<String> = self.totals.iter().take(10).map(ToString::to_string).collect();
            report.remarks.push(format!("totals and repeated headers were left out: line {}", lines.join(", ")));
        }
        report.remarks.extend(self.shape.mixed_dates());
        report
    }
}
