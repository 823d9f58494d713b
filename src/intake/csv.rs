//! What does a CSV text hold: its header, and its rows with their true lines?
//!
//! Faults of the file (an unclosed quote, equal headers, no rows) are found in a first pass over
//! the whole text, so that a caller who got a `Reader` can write while it reads.

use csv::{ReaderBuilder, StringRecord};

use crate::domain::text;
use crate::domain::trouble::Problem;

use super::raw::RawRow;

/// More columns than any register has: the wrong delimiter or no table.
pub const COLUMNS_MAX: usize = 1_000;
/// The longest row, in bytes.
pub const ROW_MAX: usize = 1 << 20;

/// A sound CSV text. As an iterator it gives the rows after the header; blank ones, and those that
/// are only delimiters, are no rows.
#[derive(Debug)]
pub struct Reader<'a> {
    csv: csv::Reader<&'a [u8]>,
    text: &'a str,
    headers: Vec<String>,
    /// Where the row read last begins, and its line.
    start: usize,
    line: usize,
}

impl<'a> Reader<'a> {
    /// Looks over the whole of `text` once. `Err` lists every fault of the file that was found.
    pub fn open(file: &str, text: &'a str, delimiter: u8) -> Result<Reader<'a>, Vec<Problem>> {
        let fault = |line: usize, column: &str, read: String, wanted: String| {
            vec![Problem { file: file.to_owned(), line, column: column.to_owned(), read, wanted }]
        };
        if !delimiter.is_ascii() || matches!(delimiter, b'"' | b'\r' | b'\n' | 0) {
            return Err(fault(0, "", format!("the delimiter 0x{delimiter:02X}"), "a comma, semicolon, tab or another plain sign".into()));
        }
        match scan(text.as_bytes(), delimiter) {
            Scan { fault: Some(Fault::Unclosed { line }), .. } => {
                return Err(fault(
                    line,
                    "",
                    "a quote that opens here and never closes".into(),
                    "a second quote before the end of the file".into(),
                ));
            }
            Scan { fault: Some(Fault::Long { line }), .. } => {
                return Err(fault(line, "", format!("a row of more than {ROW_MAX} bytes"), "rows of at most 1 MiB".into()));
            }
            Scan { rows: 0, .. } => return Err(fault(0, "", "an empty file".into(), "a header and rows".into())),
            Scan { rows: 1, .. } => return Err(fault(0, "", "a header without rows".into(), "at least one row".into())),
            Scan { .. } => {}
        }
        let csv = ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
        let mut reader = Reader { csv, text, headers: Vec::new(), start: 0, line: 1 };
        let header = reader.next().unwrap_or_else(|| RawRow::new(1));
        if header.columns() > COLUMNS_MAX {
            return Err(fault(header.line, "", format!("{} columns", header.columns()), format!("at most {COLUMNS_MAX}")));
        }
        reader.headers = header.cells().map(text::clean_line).collect();
        let equal = equal_headers(file, header.line, &reader.headers);
        if equal.is_empty() { Ok(reader) } else { Err(equal) }
    }

    /// The names of the columns, cleaned; an unnamed column is empty text.
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    fn advance(&mut self) -> Option<RawRow> {
        let mut cells = StringRecord::new();
        // The text is UTF-8, the delimiter is ASCII, and rows of any length are allowed: no row is an error.
        if !self.csv.read_record(&mut cells).unwrap_or(false) {
            return None;
        }
        // The crate's own line is that of the blank lines before a row; a row is where its first cell is.
        let bytes = self.text.as_bytes();
        let from = cells.position().map_or(self.start, |position| usize::try_from(position.byte()).unwrap_or(usize::MAX)).min(bytes.len());
        let start = from + bytes[from..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        self.line += breaks(&bytes[self.start..start]);
        self.start = start;
        Some(RawRow::of(self.line, cells))
    }
}

impl Iterator for Reader<'_> {
    type Item = RawRow;

    fn next(&mut self) -> Option<RawRow> {
        loop {
            let row = self.advance()?;
            if row.cells().any(|cell| !cell.bytes().all(|byte| byte.is_ascii_whitespace())) {
                return Some(row);
            }
        }
    }
}

fn equal_headers(file: &str, line: usize, headers: &[String]) -> Vec<Problem> {
    let mut first: std::collections::HashMap<&str, usize> = std::collections::HashMap::new();
    let mut problems = Vec::new();
    for (idx, header) in headers.iter().enumerate().filter(|(_, header)| !header.is_empty()) {
        match first.get(header.as_str()) {
            None => {
                first.insert(header, idx);
            }
            Some(earlier) => problems.push(Problem {
                file: file.to_owned(),
                line,
                column: header.clone(),
                read: format!("the same header in columns {} and {}", earlier + 1, idx + 1),
                wanted: "each header once".into(),
            }),
        }
    }
    problems
}

/// Line ends: `\n`, `\r\n`, or a lone `\r`.
fn breaks(bytes: &[u8]) -> usize {
    bytes.iter().enumerate().filter(|(idx, byte)| **byte == b'\n' || **byte == b'\r' && bytes.get(idx + 1) != Some(&b'\n')).count()
}

enum Fault {
    Unclosed { line: usize },
    Long { line: usize },
}

struct Scan {
    /// With the header.
    rows: usize,
    fault: Option<Fault>,
}

/// Where the first pass stands in a row.
#[derive(Clone, Copy, PartialEq)]
enum At {
    RowStart,
    CellStart,
    Cell,
    Quoted,
    /// Behind a quote inside quotes: a second one is a quote in the text, anything else ends the quoting.
    Quote,
}

/// The first pass. It takes quotes as the csv crate does: one opens only at a cell's start.
fn scan(bytes: &[u8], delimiter: u8) -> Scan {
    let (mut at, mut rows, mut start, mut opened) = (At::RowStart, 0, 0, 0);
    // Only blank cells so far; such a row is none.
    let mut blank = true;
    for (idx, &byte) in bytes.iter().enumerate() {
        let ends = matches!(byte, b'\r' | b'\n');
        if at == At::RowStart {
            if ends {
                continue;
            }
            (at, start, blank) = (At::CellStart, idx, true);
        }
        if idx - start > ROW_MAX {
            return Scan { rows, fault: Some(Fault::Long { line: 1 + breaks(&bytes[..start]) }) };
        }
        at = match (at, byte) {
            (At::Quoted, b'"') => At::Quote,
            (At::Quoted, byte) => {
                blank &= byte.is_ascii_whitespace();
                At::Quoted
            }
            (At::CellStart, b'"') => {
                opened = idx;
                At::Quoted
            }
            (At::Quote, b'"') => {
                blank = false;
                At::Quoted
            }
            (_, byte) if byte == delimiter => At::CellStart,
            (_, _) if ends => {
                rows += usize::from(!blank);
                At::RowStart
            }
            (_, byte) => {
                blank &= byte.is_ascii_whitespace();
                At::Cell
            }
        };
    }
    match at {
        At::Quoted => Scan { rows, fault: Some(Fault::Unclosed { line: 1 + breaks(&bytes[..opened]) }) },
        At::RowStart => Scan { rows, fault: None },
        At::CellStart | At::Cell | At::Quote => Scan { rows: rows + usize::from(!blank), fault: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(usize, Vec<String>)> {
        let reader = Reader::open("f.csv", text, b',').expect("a sound file");
        reader.map(|row| (row.line, (0..row.columns()).map(|idx| row.cell(idx).to_owned()).collect())).collect()
    }

    fn fault(text: &str) -> String {
        Reader::open("f.csv", text, b',').expect_err("a faulty file").iter().map(|problem| format!("{problem}\n")).collect()
    }

    #[test]
    fn rows_come_with_their_true_lines() {
        for text in [
            "a,b\n1,\"x\ny\"\n\n\n2,z\n,\n \n3,w",
            "a,b\r\n1,\"x\ny\"\r\n\r\n\r\n2,z\r\n,\r\n \r\n3,w\r\n",
            "a,b\r1,\"x\ny\"\r\r\r2,z\r,\r \r3,w\r",
        ] {
            let read = rows(text);
            let lines: Vec<usize> = read.iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [2, 6, 9], "{text:?}");
            assert_eq!(read[0].1, ["1", "x\ny"]);
        }
        assert_eq!(rows("\n\na,b\n1,2"), [(4, vec!["1".to_owned(), "2".to_owned()])]);
    }

    #[test]
    fn quotes_are_read_as_spreadsheets_write_them() {
        assert_eq!(rows("a,b,c\n\"5\"\" pipe\",3\" rod,\"\"")[0].1, ["5\" pipe", "3\" rod", ""]);
        assert_eq!(
            fault("a,b\n1,2\n3,\"cut\n4,5\n"),
            "f.csv:3: read a quote that opens here and never closes, wanted a second quote before the end of the file\n"
        );
    }

    #[test]
    fn faults_of_the_file_are_found_before_any_row() {
        assert_eq!(fault(""), "f.csv: read an empty file, wanted a header and rows\n");
        assert_eq!(fault("\n\r\n"), "f.csv: read an empty file, wanted a header and rows\n");
        assert_eq!(fault("a,b\n,\n\" \",\n"), "f.csv: read a header without rows, wanted at least one row\n");
        assert_eq!(
            fault("a,b,, a,,b\n1,2,3,4,5,6\n"),
            "f.csv:1: a: read the same header in columns 1 and 4, wanted each header once\nf.csv:1: b: read the same header in columns 2 and 6, wanted each header once\n"
        );
        assert_eq!(fault(&format!("{}\n1\n", "x,".repeat(1_000))), "f.csv:1: read 1001 columns, wanted at most 1000\n");
        assert_eq!(
            fault(&format!("a\n1\n{}\n", "x".repeat(ROW_MAX + 1))),
            "f.csv:3: read a row of more than 1048576 bytes, wanted rows of at most 1 MiB\n"
        );
        assert_eq!(rows(&format!("a\n{}\n", "x".repeat(ROW_MAX))).len(), 1);
    }

    proptest::proptest! {
        /// The first pass and the crate must agree, or a fault could be found after the first write.
        #[test]
        fn the_first_pass_counts_what_the_crate_reads(text in "[a\"\",\r\n ]{0,40}") {
            match Reader::open("f", &text, b',') {
                Ok(reader) => {
                    let scanned = scan(text.as_bytes(), b',').rows;
                    proptest::prop_assert_eq!(reader.count() + 1, scanned);
                }
                Err(problems) => proptest::prop_assert!(!problems.is_empty()),
            }
        }
    }
}
