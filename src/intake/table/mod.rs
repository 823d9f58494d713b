//! Which rows does a file hold, whatever its format? The one door from bytes to raw rows.
//!
//! Every fault of the file is found in a first pass, so that a caller who got a `Table` can write
//! while it reads. Text and JSON lines are streamed; a workbook is held without its empty cells.

mod encoding;
mod grid;
mod guard;
mod header;
mod json;
mod json_value;
mod kind;
mod layout;
mod ods;
mod sheet_xml;
mod split;
mod text_table;
mod workbook;
mod workbook_cell;
mod workbook_sheet;
mod xls;

use std::io::{self, Read, Seek};

use crate::domain::import::Format;
use crate::domain::text;
use crate::domain::trouble::Problem;

use self::encoding::{Decoded, Not};
use self::header::Found;
use self::json::JsonTable;
use self::kind::Kind;
use self::text_table::TextTable;
use self::workbook::Workbook;
use crate::intake::raw::RawRow;

/// What a file that is no table should have been.
pub const WANTED: &str = "a table: CSV, JSON, or a workbook (.xlsx, .xls, .ods)";

/// A file that is sound as a whole.
#[derive(Debug)]
pub struct Table<R> {
    remarks: Vec<String>,
    body: Body<R>,
}

#[derive(Debug)]
enum Body<R> {
    Text(Box<TextTable<R>>),
    Json(Box<JsonTable<R>>),
    Workbook(Box<Workbook>),
}

impl<R: Read + Seek> Table<R> {
    /// Looks over the whole of `source`, told by its bytes and never by its name. `file` is the name
    /// that problems give; `wanted` are the columns that the profile uses, none: no profile, the
    /// header is guessed. `Err` lists every fault of the file that was found.
    pub fn open(file: &str, mut source: R, format: &Format, wanted: &[String]) -> Result<Table<R>, Vec<Problem>> {
        let one = |problem: Problem| vec![problem];
        let head = head(&mut source).map_err(|err| one(cannot_read(file, &err)))?;
        let kind = kind::of(&head).map_err(|what| one(problem(file, 0, what, WANTED)))?;
        if let Kind::Zip | Kind::Container = kind {
            let (book, remarks) = workbook::open(file, &mut source, kind, format, wanted)?;
            return Ok(Table { remarks, body: Body::Workbook(Box::new(book)) });
        }
        let reading = encoding::survey(&mut source, &format.encoding, kind == Kind::Text).map_err(|not| match not {
            Not::Io(err) => one(cannot_read(file, &err)),
            Not::Text => one(problem(file, 0, "bytes that are no text", WANTED)),
            Not::Known => one(problem(
                file,
                0,
                format!("the encoding {}", text::clean_line(&format.encoding)),
                "utf-8, utf-16, windows-1252 or another that the web knows",
            )),
        })?;
        let mut remarks = Vec::new();
        if reading.guessed {
            remarks.push(format!("read as {}, because it is not UTF-8", name(reading.encoding)));
        } else if reading.encoding != encoding_rs::UTF_8 {
            remarks.push(format!("read as {}", name(reading.encoding)));
        }
        let decoded = Decoded::new(source, reading).map_err(|err| one(cannot_read(file, &err)))?;
        let body = if kind == Kind::Json {
            Body::Json(Box::new(JsonTable::open(file, decoded, wanted, &mut remarks)?))
        } else {
            let table = TextTable::open(file, decoded, format, wanted)?;
            remarks.extend(table.remarks.iter().cloned());
            Body::Text(Box::new(table))
        };
        Ok(Table { remarks, body })
    }

    /// The names of the columns, cleaned; an unnamed column is empty text. Several header lines are
    /// joined by a space; without a header they are A, B, C….
    pub fn headers(&self) -> &[String] {
        &self.found().names
    }

    /// The line of the header (of a workbook: its row), the first of several; 0 when there is none.
    pub fn header_line(&self) -> usize {
        self.found().line
    }

    fn found(&self) -> &Found {
        match &self.body {
            Body::Text(table) => &table.found,
            Body::Json(table) => &table.found,
            Body::Workbook(book) => &book.found,
        }
    }

    /// How many rows there are, without header, title, footer and blank rows.
    #[expect(clippy::len_without_is_empty, reason = "a table without rows is a fault, there is none")]
    pub fn len(&self) -> usize {
        match &self.body {
            Body::Text(table) => table.len,
            Body::Json(table) => table.len,
            Body::Workbook(book) => book.len,
        }
    }

    /// Sentences about the file as a whole, for the report.
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// The rows again from the first.
    pub fn rewind(&mut self) -> Result<(), Problem> {
        match &mut self.body {
            Body::Text(table) => table.rewind(),
            Body::Json(table) => table.rewind(),
            Body::Workbook(book) => {
                book.given = 0;
                Ok(())
            }
        }
    }

    /// A problem is fatal: the file cannot be read any more, or is not what it was a moment ago.
    pub fn next_row(&mut self) -> Result<Option<RawRow>, Problem> {
        match &mut self.body {
            Body::Text(table) => table.next_row(),
            Body::Json(table) => table.next_row(),
            Body::Workbook(book) => Ok(book.next_row()),
        }
    }
}

/// Does the file have sheets, as far as its first bytes tell?
pub fn is_workbook<R: Read + Seek>(source: &mut R) -> io::Result<bool> {
    Ok(matches!(kind::of(&head(source)?), Ok(Kind::Zip | Kind::Container)))
}

fn head<R: Read + Seek>(source: &mut R) -> io::Result<Vec<u8>> {
    source.rewind()?;
    let mut head = Vec::new();
    source.by_ref().take(4096).read_to_end(&mut head)?;
    Ok(head)
}

fn name(encoding: &'static encoding_rs::Encoding) -> String {
    match encoding.name() {
        "windows-1252" => "Windows-1252".into(),
        "UTF-16LE" | "UTF-16BE" => "UTF-16".into(),
        other => other.into(),
    }
}

pub(super) fn problem(file: &str, line: usize, read: impl Into<String>, wanted: impl Into<String>) -> Problem {
    Problem { file: file.to_owned(), line, column: String::new(), read: read.into(), wanted: wanted.into() }
}

pub(super) fn cannot_read(file: &str, err: &io::Error) -> Problem {
    problem(file, 0, format!("an error ({})", text::clean_line(&err.to_string())), "a file that can be read to its end")
}

pub(super) fn changed(file: &str) -> Problem {
    problem(file, 0, "other rows than a moment ago", "a file that nobody writes while it is read")
}
