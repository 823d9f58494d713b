//! Where does each row of a delimited text begin and end, and what are its cells?

use std::io::BufRead;

use memchr::{memchr2, memchr3};

/// The longest row, in bytes. It bounds what a line without an end or an unclosed quote can cost.
pub const ROW_MAX: usize = 1 << 20;

/// One row's cells as bytes, without their quotes; nothing is copied twice, the room is used again.
#[derive(Debug, Default)]
pub struct Record {
    /// The line on which it begins, counted from 1.
    pub line: usize,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Record {
    pub fn columns(&self) -> usize {
        self.ends.len()
    }

    pub fn cells(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.text[start..*end])
    }

    /// Only delimiters and spaces: no row.
    pub fn is_blank(&self) -> bool {
        self.text.iter().all(u8::is_ascii_whitespace)
    }

    fn end_cell(&mut self) {
        self.ends.push(self.text.len());
    }
}

/// Why the text cannot be split.
#[derive(Debug)]
pub enum Fault {
    /// A quote that opens on this line; `cut`: the row became too long before it closed.
    Unclosed {
        line: usize,
        cut: bool,
    },
    /// The row that begins on this line is longer than `ROW_MAX`.
    Long {
        line: usize,
    },
    Io(std::io::Error),
}

/// Where it stands in a row.
#[derive(Clone, Copy, PartialEq, Debug)]
enum At {
    RowStart,
    CellStart,
    Cell,
    Quoted,
    /// Behind a quote inside quotes: a second one is a quote in the text, anything else ends the quoting.
    Quote,
}

/// Takes quotes as spreadsheets and the csv crate do: one opens only at a cell's start. Rows end
/// with `\n`, `\r\n` or a lone `\r`; empty lines are skipped.
#[derive(Debug)]
pub struct Splitter<B> {
    source: B,
    place: Place,
}

#[derive(Debug)]
struct Place {
    delimiter: u8,
    at: At,
    line: usize,
    /// The last byte was `\r`: a `\n` after it is the same line end.
    after_cr: bool,
    /// The line of the quote that opened last.
    opened: usize,
    /// Bytes of the row so far.
    size: usize,
}

impl<B: BufRead> Splitter<B> {
    /// `source` stands at its first line.
    pub fn new(source: B, delimiter: u8) -> Splitter<B> {
        Splitter { source, place: Place { delimiter, at: At::RowStart, line: 1, after_cr: false, opened: 1, size: 0 } }
    }

    pub fn source(&mut self) -> &mut B {
        &mut self.source
    }

    /// Begins again with line 1; the source must have been set back by the caller.
    pub fn restart(&mut self, delimiter: u8) {
        self.place = Place { delimiter, at: At::RowStart, line: 1, after_cr: false, opened: 1, size: 0 };
    }

    /// Passes over the line that comes next, whatever it holds.
    pub fn skip_line(&mut self) -> Result<(), Fault> {
        loop {
            let chunk = self.source.fill_buf().map_err(Fault::Io)?;
            let found = memchr2(b'\r', b'\n', chunk);
            let used = found.map_or(chunk.len(), |at| at + 1);
            let end = found.map(|at| chunk[at]);
            self.source.consume(used);
            if let Some(end) = end {
                self.place.count(end);
            }
            if end.is_some() || used == 0 {
                return Ok(());
            }
        }
    }

    /// The next row, blank ones too; `false` at the end of the text.
    pub fn next(&mut self, record: &mut Record) -> Result<bool, Fault> {
        record.text.clear();
        record.ends.clear();
        (self.place.at, self.place.size) = (At::RowStart, 0);
        loop {
            let chunk = self.source.fill_buf().map_err(Fault::Io)?;
            if chunk.is_empty() {
                return self.place.ended(record);
            }
            let (used, done) = self.place.eat(chunk, record);
            self.source.consume(used);
            if done {
                return Ok(true);
            }
            if self.place.size > ROW_MAX {
                return Err(match self.place.at {
                    At::Quoted => Fault::Unclosed { line: self.place.opened, cut: true },
                    _ => Fault::Long { line: record.line },
                });
            }
        }
    }
}

impl Place {
    /// The text is over.
    fn ended(&self, record: &mut Record) -> Result<bool, Fault> {
        match self.at {
            At::Quoted => Err(Fault::Unclosed { line: self.opened, cut: false }),
            At::RowStart => Ok(false),
            At::CellStart | At::Cell | At::Quote => {
                record.end_cell();
                Ok(true)
            }
        }
    }

    /// Takes bytes until the row ends (`true`), is too long, or the chunk is used up.
    fn eat(&mut self, chunk: &[u8], record: &mut Record) -> (usize, bool) {
        let mut idx = 0;
        while let Some(&byte) = chunk.get(idx) {
            if self.size > ROW_MAX {
                return (idx, false);
            }
            let ends = matches!(byte, b'\r' | b'\n');
            let (mut used, quoted) = (1, self.at == At::Quoted);
            match self.at {
                At::RowStart if ends => self.count(byte),
                At::RowStart => {
                    (self.at, self.size, record.line, used) = (At::CellStart, 0, self.line, 0);
                }
                At::CellStart if byte == b'"' => (self.at, self.opened) = (At::Quoted, self.line),
                At::Quote if byte == b'"' => {
                    record.text.push(b'"');
                    self.at = At::Quoted;
                }
                At::Quoted => used = self.quoted(&chunk[idx..], record),
                At::CellStart | At::Cell | At::Quote if ends => {
                    self.count(byte);
                    record.end_cell();
                    return (idx + 1, true);
                }
                At::CellStart | At::Cell | At::Quote if byte == self.delimiter => {
                    record.end_cell();
                    self.at = At::CellStart;
                }
                At::CellStart | At::Cell | At::Quote => {
                    let rest = &chunk[idx..];
                    used = memchr3(self.delimiter, b'\r', b'\n', rest).unwrap_or(rest.len());
                    record.text.extend_from_slice(&rest[..used]);
                    self.at = At::Cell;
                }
            }
            // Quoted text and line ends keep this flag themselves.
            self.after_cr &= used == 0 || ends || quoted;
            self.size += used;
            idx += used;
        }
        (idx, false)
    }

    /// Text inside quotes, up to the next quote or line end and with it.
    fn quoted(&mut self, rest: &[u8], record: &mut Record) -> usize {
        let Some(found) = memchr3(b'"', b'\r', b'\n', rest) else {
            record.text.extend_from_slice(rest);
            self.after_cr = false;
            return rest.len();
        };
        self.after_cr &= found == 0;
        record.text.extend_from_slice(&rest[..found]);
        if rest[found] == b'"' {
            (self.at, self.after_cr) = (At::Quote, false);
        } else {
            record.text.push(rest[found]);
            self.count(rest[found]);
        }
        found + 1
    }

    fn count(&mut self, byte: u8) {
        self.line += usize::from(!(byte == b'\n' && self.after_cr));
        self.after_cr = byte == b'\r';
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    type Rows = Vec<(usize, Vec<Vec<u8>>)>;

    fn rows(text: &[u8], room: usize) -> Result<Rows, Fault> {
        let mut splitter = Splitter::new(BufReader::with_capacity(room, text), b',');
        let (mut record, mut found) = (Record::default(), Vec::new());
        while splitter.next(&mut record)? {
            found.push((record.line, record.cells().map(<[u8]>::to_vec).collect()));
        }
        Ok(found)
    }

    #[test]
    fn rows_come_with_their_true_lines() {
        for text in [
            "a,b\n1,\"x\ny\"\n\n\n2,z\n,\n \n3,w",
            "a,b\r\n1,\"x\ny\"\r\n\r\n\r\n2,z\r\n,\r\n \r\n3,w\r\n",
            "a,b\r\n1,\"x\r\ny\"\r\n\r\n\r\n2,z\r\n,\r\n \r\n3,w\r\n",
            "a,b\r1,\"x\ry\"\r\r\r2,z\r,\r \r3,w\r",
        ] {
            for room in [1, 2, 3, 100] {
                let read = rows(text.as_bytes(), room).expect("sound");
                let lines: Vec<usize> = read.iter().map(|(line, _)| *line).collect();
                assert_eq!(lines, [1, 2, 6, 7, 8, 9], "{text:?} {room}");
                assert_eq!(read[2].1, [b"2", b"z"]);
            }
        }
    }

    #[test]
    fn quotes_are_read_as_spreadsheets_write_them() {
        let read = rows(b"\"5\"\" pipe\",3\" rod,\"\",\"a\"b\"c", 100).expect("sound");
        assert_eq!(read[0].1, [&b"5\" pipe"[..], b"3\" rod", b"", b"ab\"c"]);
    }

    #[test]
    fn what_never_ends_costs_no_more_than_the_longest_row() {
        let line = |text: &[u8]| match rows(text, 8192) {
            Ok(read) => format!("{} rows", read.len()),
            Err(Fault::Unclosed { line, cut }) => format!("unclosed {line} {cut}"),
            Err(Fault::Long { line }) => format!("long {line}"),
            Err(Fault::Io(err)) => err.to_string(),
        };
        let long = "x".repeat(ROW_MAX);
        assert_eq!(line(format!("a\n{long}\n").as_bytes()), "2 rows");
        assert_eq!(line(format!("a\n\n{long}x\nb\n").as_bytes()), "long 3");
        assert_eq!(line(b"a,b\n1,2\n3,\"cut\n4,5\n"), "unclosed 3 false");
        assert_eq!(line(format!("a\n1,\"x\ny\",\"\n{long}").as_bytes()), "unclosed 3 true");
    }

    proptest::proptest! {
        /// Two crates' ideas of a quote would be two tables.
        #[test]
        fn the_cells_are_those_of_the_csv_crate(text in "[a\"\",\r\n ]{0,40}", room in 1usize..12) {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let theirs: Vec<Vec<Vec<u8>>> =
                reader.byte_records().map(|row| row.expect("bytes are no error").iter().map(<[u8]>::to_vec).collect()).collect();
            match rows(text.as_bytes(), room) {
                Ok(ours) => proptest::prop_assert_eq!(ours.into_iter().map(|(_, cells)| cells).collect::<Vec<_>>(), theirs),
                // The crate takes the rest of the text into a cell that never closes.
                Err(fault) => {
                    let unclosed = matches!(fault, Fault::Unclosed { cut: false, .. });
                    proptest::prop_assert!(unclosed && text.contains('"'));
                }
            }
        }
    }
}
