//! What do the tests of tables share: sources that are made while they are read, and tables as text?

use std::cell::Cell;
use std::fmt::Write;
use std::io::{Cursor, Read, Seek, SeekFrom};

use intertie::domain::import::Format;
use intertie::domain::trouble::Problem;
use intertie::intake::raw::RawRow;
use intertie::intake::table::Table;

thread_local! {
    /// A lazy source ends in its middle from now on, as when somebody writes the file anew.
    pub static SHORT: Cell<bool> = const { Cell::new(false) };
}

/// A file that exists only where it is read.
pub struct Lazy<F> {
    head: Vec<u8>,
    /// The text at a place behind the head, of `step` bytes, and how many of them there are.
    piece: F,
    step: usize,
    count: usize,
    at: u64,
    /// Bytes that were read, all in all.
    pub given: u64,
}

impl Lazy<fn(usize) -> String> {
    /// A head, and after it a letter so many times.
    pub fn endless(head: &[u8], length: usize) -> Lazy<fn(usize) -> String> {
        Lazy { head: head.to_vec(), piece: |_| "x".repeat(4096), step: 4096, count: length / 4096, at: 0, given: 0 }
    }
}

impl<F: Fn(usize) -> String> Lazy<F> {
    /// Rows of one length.
    pub fn rows(head: &[u8], count: usize, piece: F) -> Lazy<F> {
        let step = piece(0).len();
        Lazy { head: head.to_vec(), piece, step, count, at: 0, given: 0 }
    }

    fn size(&self) -> u64 {
        let count = if SHORT.with(Cell::get) { self.count / 2 } else { self.count };
        (self.head.len() + count * self.step) as u64
    }
}

impl<F: Fn(usize) -> String> Read for Lazy<F> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let mut filled = 0;
        while filled < into.len() && self.at < self.size() {
            let at = usize::try_from(self.at).expect("a test file is small enough");
            let piece = match at.checked_sub(self.head.len()) {
                None => self.head[at..].to_vec(),
                Some(behind) => (self.piece)(behind / self.step).into_bytes()[behind % self.step..].to_vec(),
            };
            let length = piece.len().min(into.len() - filled);
            into[filled..filled + length].copy_from_slice(&piece[..length]);
            filled += length;
            self.at += length as u64;
        }
        self.given += filled as u64;
        Ok(filled)
    }
}

impl<F: Fn(usize) -> String> Seek for Lazy<F> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(back) => self.size().saturating_add_signed(back),
            SeekFrom::Current(by) => self.at.saturating_add_signed(by),
        };
        Ok(self.at)
    }
}

pub fn names(wanted: &str) -> Vec<String> {
    wanted.split(',').filter(|name| !name.is_empty()).map(String::from).collect()
}

fn printed(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("{problem}\n")).collect()
}

pub fn table<R: Read + Seek>(source: R, wanted: &str) -> Table<R> {
    Table::open("f", source, &Format::default(), &names(wanted)).expect("a sound file")
}

/// Header, rows and remarks; flaws in braces, days in angles, line ends as `⏎`.
pub fn opened(bytes: &[u8], format: &Format, wanted: &str) -> String {
    let mut table = match Table::open("f", Cursor::new(bytes), format, &names(wanted)) {
        Ok(table) => table,
        Err(problems) => return printed(&problems),
    };
    let mut out = format!("{}: {}\n", table.header_line(), table.headers().join("|"));
    let mut count = 0;
    while let Some(row) = table.next_row().expect("memory can be read") {
        let cells: Vec<String> = (0..row.columns()).map(|idx| cell(&row, idx)).collect();
        writeln!(out, "{}: {}", row.line, cells.join("|")).expect("a String takes every line");
        count += 1;
    }
    assert_eq!(count, table.len());
    table.remarks().iter().for_each(|remark| writeln!(out, "# {remark}").expect("a String takes every line"));
    out
}

fn cell(row: &RawRow, idx: usize) -> String {
    match (row.flaw(idx), row.day(idx)) {
        (Some(flaw), _) => format!("{{{flaw}}}"),
        (None, Some(day)) => format!("<{day}>"),
        (None, None) => row.cell(idx).replace("\r\n", "⏎").replace('\n', "⏎"),
    }
}

pub fn problems(file: &str, bytes: &[u8], format: &Format, wanted: &str) -> String {
    match Table::open(file, Cursor::new(bytes), format, &names(wanted)) {
        Ok(_) => "no problem".into(),
        Err(problems) => printed(&problems),
    }
}

pub fn first<R: Read + Seek>(source: R, wanted: &str) -> String {
    match Table::open("f", source, &Format::default(), &names(wanted)) {
        Ok(_) => "no problem".into(),
        Err(problems) => printed(&problems),
    }
}

/// Every row's line and cells; how many rows the table promised.
pub fn cells<R: Read + Seek>(source: R, wanted: &str, mut give: impl FnMut(usize, Vec<String>)) -> usize {
    let mut table = table(source, wanted);
    while let Some(row) = table.next_row().expect("memory can be read") {
        give(row.line, row.cells().map(ToOwned::to_owned).collect());
    }
    table.len()
}
