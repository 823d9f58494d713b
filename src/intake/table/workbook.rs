//! Which sheet of a workbook is meant, and which rows does it hold?

use std::collections::HashSet;
use std::io::{self, Seek};

use crate::domain::import::{Format, Header};
use crate::domain::trouble::Problem;

use super::grid::{Grid, Merged};
use super::header::{self, Early, Found};
use super::kind::Kind;
use super::layout::{self, Extent};
use super::problem;
use super::sheet_xml::{self, Looks};
use super::workbook_sheet::{Book, survived};
use crate::intake::cell::shown;
use crate::intake::raw::RawRow;

/// One sheet, held.
#[derive(Debug)]
pub struct Workbook {
    grid: Grid,
    /// Its rows, as places in the grid.
    rows: Vec<usize>,
    pub found: Found,
    pub len: usize,
    pub given: usize,
}

impl Workbook {
    pub fn next_row(&mut self) -> Option<RawRow> {
        let idx = *self.rows.get(self.given)?;
        self.given += 1;
        Some(self.grid.raw(idx, self.found.names.len()))
    }
}

pub fn open<R: io::Read + Seek>(
    file: &str,
    source: &mut R,
    kind: Kind,
    format: &Format,
    wanted: &[String],
) -> Result<(Workbook, Vec<String>), Vec<Problem>> {
    let one = |problem: Problem| vec![problem];
    let mut remarks = Vec::new();
    let Read { sheet, mut grid, merged, is_xlsx } =
        survived(file, || read(file, source, kind, format, wanted, &mut remarks)).and_then(|read| read).map_err(one)?;
    let early = early(&grid, &merged, &format.header);
    if early.is_empty() {
        return Err(one(problem(file, 0, format!("an empty sheet {}", shown(&sheet)), "a header and rows")));
    }
    let found = header::find(&early, &format.header, wanted).map_err(|(read, wanted)| one(problem(file, 0, read, wanted)))?;
    let after = u32::try_from(found.last).unwrap_or(u32::MAX);
    grid.fill_down(&merged, after).map_err(|(read, wanted)| one(problem(file, 0, read, wanted)))?;
    let looks = if is_xlsx { sheet_xml::looks(file, source, &sheet).map_err(one)? } else { Looks::default() };
    if !is_xlsx && format.skip_hidden {
        remarks.push("hidden rows cannot be told in this kind of workbook; all rows were read".into());
    }
    let (rows, footer) = body(&grid, &found, if format.skip_hidden { Some(&looks.hidden) } else { None });
    let mut book = Workbook { len: rows.len(), grid, rows, found, given: 0 };
    if book.rows.is_empty() {
        return Err(one(problem(file, 0, "a header without rows", "at least one row")));
    }
    remarks.extend(layout::remarks("row", book.found.title, footer));
    remarks.extend(book.hidden(&looks.hidden, format.skip_hidden));
    if looks.filled.is_some_and(|row| row >= after) {
        remarks.push("colours are not read".into());
    }
    book.widen(&format.header);
    let problems = header::check(file, &mut book.found, wanted, &mut remarks);
    if problems.is_empty() { Ok((book, remarks)) } else { Err(problems) }
}

/// What is taken out of a workbook.
struct Read {
    sheet: String,
    grid: Grid,
    merged: Vec<Merged>,
    is_xlsx: bool,
}

fn read<R: io::Read + Seek>(
    file: &str,
    source: &mut R,
    kind: Kind,
    format: &Format,
    wanted: &[String],
    remarks: &mut Vec<String>,
) -> Result<Read, Problem> {
    let mut book = Book::open(file, source, kind)?;
    let sheet = choose(file, &mut book, format, wanted, remarks)?;
    let grid = book.grid(file, &sheet, None)?;
    let merged = book.merged(file, &sheet)?;
    Ok(Read { sheet, grid, merged, is_xlsx: book.is_xlsx() })
}

/// The rows after the header without the footer, and the footer's first row and last.
fn body(grid: &Grid, found: &Found, left_out: Option<&HashSet<u32>>) -> (Vec<usize>, Option<(usize, usize)>) {
    let mut extent = Extent::new(found);
    let mut rows = Vec::new();
    for idx in 0..grid.rows() {
        let number = grid.number(idx);
        if number as usize >= found.last && !left_out.is_some_and(|hidden| hidden.contains(&number)) {
            // In a sheet every row has all columns.
            extent.see(number as usize + 1, found.names.len(), grid.only(idx).as_deref());
            rows.push(idx);
        }
    }
    let (len, footer) = extent.end();
    rows.truncate(len);
    (rows, footer)
}

impl Workbook {
    /// The sentence about rows that are hidden in the sheet.
    fn hidden(&self, hidden: &HashSet<u32>, skipped: bool) -> Option<String> {
        let (first, last) = (self.rows.first().copied()?, self.rows.last().copied()?);
        let from = if self.found.last == 0 { 0 } else { self.grid.number(first).min(u32::try_from(self.found.last).unwrap_or(0)) };
        let count = (0..self.grid.rows())
            .map(|idx| self.grid.number(idx))
            .filter(|number| *number >= from && (*number <= self.grid.number(last) || skipped) && hidden.contains(number))
            .count();
        match (count, skipped) {
            (0, _) => None,
            (1, true) => Some("1 hidden row was left out".into()),
            (count, true) => Some(format!("{count} hidden rows were left out")),
            (1, false) => Some("1 hidden row was read too".into()),
            (count, false) => Some(format!("{count} hidden rows were read too")),
        }
    }

    /// As many columns as any row has; those beyond the header have no name. Empty ones at its end go.
    fn widen(&mut self, header: &Header) {
        let widest = self.rows.iter().map(|idx| self.grid.width(*idx)).max().unwrap_or(0);
        let named = self.found.names.iter().rposition(|name| !name.is_empty()).map_or(0, |idx| idx + 1);
        let named = if *header == Header::Missing { 0 } else { named };
        let before = self.found.names.len();
        self.found.names.resize(widest.max(named), String::new());
        if *header == Header::Missing {
            (before..widest).for_each(|column| self.found.names[column] = header::letters(column));
        }
    }
}

/// The rows that may be the header.
fn early(grid: &Grid, merged: &[Merged], header: &Header) -> Vec<Early> {
    let named = if let Header::Lines(lines) = header { lines.as_slice() } else { &[] };
    let looked_at = |idx: &usize| *idx < header::LOOKED_AT || named.contains(&(grid.number(*idx) as usize + 1));
    (0..grid.rows()).filter(looked_at).map(|idx| grid.early(idx, merged)).collect()
}

/// The sheet that the profile names; else the only visible one, else the one with the header.
fn choose<R: io::Read + Seek>(
    file: &str,
    book: &mut Book<'_, R>,
    format: &Format,
    wanted: &[String],
    remarks: &mut Vec<String>,
) -> Result<String, Problem> {
    let sheets = book.sheets();
    let names = |sheets: &[&str]| shown(&sheets.join(", "));
    if !format.sheet.is_empty() {
        let same = |name: &str| name.trim().to_lowercase() == format.sheet.trim().to_lowercase();
        let exact = sheets.iter().find(|(name, _)| *name == format.sheet);
        if let Some((name, _)) = exact.or_else(|| sheets.iter().find(|(name, _)| same(name))) {
            remark_others(&sheets, name, remarks);
            return Ok(name.clone());
        }
        let all: Vec<&str> = sheets.iter().map(|(name, _)| name.as_str()).collect();
        return Err(problem(file, 0, format!("the sheets {}", names(&all)), format!("a sheet {}", shown(&format.sheet))));
    }
    let visible: Vec<&str> = sheets.iter().filter(|(_, hidden)| !hidden).map(|(name, _)| name.as_str()).collect();
    let hidden: Vec<&str> = sheets.iter().filter(|(_, hidden)| *hidden).map(|(name, _)| name.as_str()).collect();
    let chosen = match visible.as_slice() {
        [] => {
            let read =
                if hidden.is_empty() { "a workbook without a sheet".into() } else { format!("only hidden sheets: {}", names(&hidden)) };
            return Err(problem(file, 0, read, "a sheet that can be seen, or its name in the profile"));
        }
        [only] => *only,
        several => several[best(file, book, several, format, wanted)?],
    };
    remark_others(&sheets, chosen, remarks);
    Ok(chosen.to_owned())
}

/// What else the workbook holds.
fn remark_others(sheets: &[(String, bool)], chosen: &str, remarks: &mut Vec<String>) {
    if sheets.len() > 1 {
        let others: Vec<String> = sheets
            .iter()
            .filter(|(name, _)| name != chosen)
            .map(|(name, hidden)| if *hidden { format!("{name} (hidden)") } else { name.clone() })
            .collect();
        remarks.push(format!("read the sheet {}; not read: {}", shown(chosen), shown(&others.join(", "))));
    }
}

/// Which of several sheets has most of the wanted columns; the first one of equals. Without a
/// profile the first that has rows.
fn best<R: io::Read + Seek>(
    file: &str,
    book: &mut Book<'_, R>,
    sheets: &[&str],
    format: &Format,
    wanted: &[String],
) -> Result<usize, Problem> {
    let mut most = (0, 0);
    for (idx, sheet) in sheets.iter().enumerate() {
        let grid = book.grid(file, sheet, Some(header::LOOKED_AT))?;
        let rows = early(&grid, &[], &format.header);
        let has = match header::find(&rows, &format.header, wanted) {
            Ok(found) if wanted.is_empty() => usize::from(!found.names.is_empty()),
            Ok(found) => found.has,
            Err(_) => 0,
        };
        if has > most.0 {
            most = (has, idx);
        }
    }
    Ok(most.1)
}
