//! What does a delimited text hold: its header, and its rows with their true lines?

use std::io::{BufRead, Read, Seek};

use crate::domain::import::{Format, Header};
use crate::domain::trouble::Problem;

use super::encoding::{Decoded, separator};
use super::header::{self, Early, Found};
use super::layout::{self, Extent};
use super::split::{Fault, ROW_MAX, Record, Splitter};
use super::{cannot_read, changed, problem};
use crate::intake::raw::RawRow;

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Read twice and never held: once to find its faults and its end, once for its rows.
#[derive(Debug)]
pub struct TextTable<R> {
    file: String,
    splitter: Splitter<Decoded<R>>,
    record: Record,
    delimiter: u8,
    /// Its first line is Excel's `sep=;`.
    told: bool,
    pub found: Found,
    pub remarks: Vec<String>,
    pub len: usize,
    given: usize,
}

impl<R: Read + Seek> TextTable<R> {
    pub fn open(file: &str, mut source: Decoded<R>, format: &Format, wanted: &[String]) -> Result<TextTable<R>, Vec<Problem>> {
        let told = source.fill_buf().map(separator).map_err(|err| vec![cannot_read(file, &err)])?;
        let mut table = TextTable {
            file: file.to_owned(),
            splitter: Splitter::new(source, b','),
            record: Record::default(),
            delimiter: b',',
            told: told.is_some(),
            found: Found::default(),
            remarks: Vec::new(),
            len: 0,
            given: 0,
        };
        table.delimiter = match told.or(format.delimiter) {
            Some(one) => one,
            None => table.likely_delimiter(format, wanted).map_err(|fault| vec![fault])?,
        };
        if !table.delimiter.is_ascii() || matches!(table.delimiter, b'"' | b'\r' | b'\n' | 0) {
            let read = format!("the delimiter 0x{:02X}", table.delimiter);
            return Err(vec![problem(file, 0, read, "a comma, semicolon, tab or another plain sign")]);
        }
        table.look_over(format, wanted)?;
        table.rewind().map_err(|fault| vec![fault])?;
        Ok(table)
    }

    /// The first pass: header, extent, and every fault of the file.
    fn look_over(&mut self, format: &Format, wanted: &[String]) -> Result<(), Vec<Problem>> {
        let rows = self.early(self.delimiter, &format.header).map_err(|fault| vec![self.said(&fault)])?;
        let whole = |read: &str, wanted: &str| vec![problem(&self.file, 0, read, wanted)];
        if rows.is_empty() {
            return Err(whole("an empty file", "a header and rows"));
        }
        self.found = header::find(&rows, &format.header, wanted).map_err(|(read, wanted)| vec![problem(&self.file, 0, read, wanted)])?;
        let mut extent = Extent::new(&self.found);
        self.restart().map_err(|fault| vec![fault])?;
        while self.splitter.next(&mut self.record).map_err(|fault| vec![self.said(&fault)])? {
            if self.record.line > self.found.last && !self.record.is_blank() {
                let mut filled = self.record.cells().filter(|cell| !cell.iter().all(u8::is_ascii_whitespace));
                let (one, more) = (filled.next().unwrap_or_default(), filled.next().is_some());
                // Only the words of a row that may be a footer are looked at.
                let word = String::from_utf8_lossy(if more { b"" } else { one });
                extent.see(self.record.line, self.record.columns(), (!more).then_some(&word));
            }
        }
        let (len, footer) = extent.end();
        if len == 0 {
            return Err(vec![problem(&self.file, 0, "a header without rows", "at least one row")]);
        }
        self.len = len;
        self.remarks.extend(layout::remarks("line", self.found.title, footer));
        let problems = header::check(&self.file, &mut self.found, wanted, &mut self.remarks);
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// The sign under which the header is found; else the one that gives the same number of columns
    /// in most rows, and of those the most columns.
    fn likely_delimiter(&mut self, format: &Format, wanted: &[String]) -> Result<u8, Problem> {
        let mut best = ((0, 0, 0), b',');
        for delimiter in DELIMITERS {
            // What cannot be split with this sign is no candidate; the pass over the whole says why.
            let rows = match self.early(delimiter, &format.header) {
                Err(Fault::Io(err)) => return Err(cannot_read(&self.file, &err)),
                Err(_) => continue,
                Ok(rows) => rows,
            };
            let has = header::find(&rows, &format.header, wanted).map_or(0, |found| found.has);
            let (share, columns) = agreement(&rows);
            if (has, share, columns) > best.0 {
                best = ((has, share, columns), delimiter);
            }
        }
        Ok(best.1)
    }

    /// The first rows that are not blank, as far as a header can stand there.
    fn early(&mut self, delimiter: u8, header: &Header) -> Result<Vec<Early>, Fault> {
        self.start(delimiter)?;
        let named = if let Header::Lines(lines) = header { lines.as_slice() } else { &[] };
        let until = named.iter().max().copied().unwrap_or(0);
        let mut rows: Vec<Early> = Vec::new();
        loop {
            match self.splitter.next(&mut self.record) {
                Ok(true) => {}
                Ok(false) => return Ok(rows),
                // A fault behind the first rows is found by the pass over the whole.
                Err(Fault::Io(err)) => return Err(Fault::Io(err)),
                Err(fault) => return if rows.is_empty() { Err(fault) } else { Ok(rows) },
            }
            let line = self.record.line;
            if rows.len() >= header::LOOKED_AT && line > until {
                return Ok(rows);
            }
            if !self.record.is_blank() && (rows.len() < header::LOOKED_AT || named.contains(&line)) {
                rows.push(Early { line, cells: self.record.cells().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect() });
            }
        }
    }

    fn start(&mut self, delimiter: u8) -> Result<(), Fault> {
        self.splitter.source().restart().map_err(Fault::Io)?;
        self.splitter.restart(delimiter);
        if self.told { self.splitter.skip_line() } else { Ok(()) }
    }

    fn restart(&mut self) -> Result<(), Problem> {
        self.start(self.delimiter).map_err(|fault| self.said(&fault))
    }

    /// The rows again from the first.
    pub fn rewind(&mut self) -> Result<(), Problem> {
        self.given = 0;
        self.restart()
    }

    pub fn next_row(&mut self) -> Result<Option<RawRow>, Problem> {
        while self.given < self.len {
            match self.splitter.next(&mut self.record) {
                Ok(true) => {}
                Ok(false) | Err(Fault::Unclosed { .. } | Fault::Long { .. }) => return Err(changed(&self.file)),
                Err(Fault::Io(err)) => return Err(cannot_read(&self.file, &err)),
            }
            if self.record.line > self.found.last && !self.record.is_blank() {
                self.given += 1;
                return Ok(Some(row(&self.record)));
            }
        }
        Ok(None)
    }

    fn said(&self, fault: &Fault) -> Problem {
        match fault {
            Fault::Unclosed { line, cut: false } => {
                problem(&self.file, *line, "a quote that opens here and never closes", "a second quote before the end of the file")
            }
            Fault::Unclosed { line, cut: true } => {
                problem(&self.file, *line, "a quote that opens here and never closes", "a second quote, and rows of at most 1 MiB")
            }
            Fault::Long { line } => problem(&self.file, *line, format!("a row of more than {ROW_MAX} bytes"), "rows of at most 1 MiB"),
            Fault::Io(err) => cannot_read(&self.file, err),
        }
    }
}

/// How many of the rows agree in their number of columns, in fifths, and that number.
fn agreement(rows: &[Early]) -> (usize, usize) {
    let agree = |count: usize| rows.iter().filter(|row| row.cells.len() == count).count();
    let found = rows.iter().map(|row| (agree(row.cells.len()) * 5 / rows.len(), row.cells.len()));
    found.filter(|(_, columns)| *columns > 1).max().unwrap_or((0, 0))
}

fn row(record: &Record) -> RawRow {
    let mut row = RawRow::new(record.line);
    for cell in record.cells() {
        match (std::str::from_utf8(cell), memchr::memchr(0, cell)) {
            (Ok(text), None) => row.push(text),
            (Ok(text), Some(at)) => row.push_flaw(text, format!("a NUL at byte {} of the cell", at + 1)),
            (Err(err), _) => {
                let at = err.valid_up_to();
                row.push_flaw(&String::from_utf8_lossy(cell), format!("0x{:02X} at byte {} of the cell", cell[at], at + 1));
            }
        }
    }
    row
}
