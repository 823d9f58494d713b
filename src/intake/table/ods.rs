//! How many cells would an .ods become?
//!
//! It says "this cell 16,384 times" in twenty letters, and the reader writes all of them out.

use std::io::{BufReader, Read, Seek};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::domain::trouble::Problem;

use super::grid::CELLS_MAX;
use super::guard::damaged;
use super::problem;

const TEXT_MAX: usize = 256 << 20;

#[derive(Default)]
struct Count {
    cells: usize,
    text: usize,
    /// Of the row that is being read: its cells with those before them, and how often it stands there.
    row: usize,
    /// Empty cells at the end of the row so far; they cost nothing unless another comes.
    empty: usize,
    times: usize,
    /// Of the cell: how often, and the length of what it holds.
    repeated: usize,
    length: usize,
    /// Empty rows so far, written out when another comes.
    gap: usize,
    widest: usize,
}

/// Refuses what would unfold to more cells than a sheet may have.
pub fn check<R: Read + Seek>(file: &str, source: &mut R) -> Result<(), Problem> {
    let mut zip = ZipArchive::new(BufReader::new(source)).map_err(|err| damaged(file, &err))?;
    let part = zip.by_name("content.xml").map_err(|err| damaged(file, &err))?;
    let mut reader = Reader::from_reader(BufReader::with_capacity(64 * 1024, part));
    let mut room = Vec::new();
    let mut count = Count::default();
    loop {
        room.clear();
        match reader.read_event_into(&mut room).map_err(|err| damaged(file, &err))? {
            Event::Start(element) => count.start(&element),
            Event::Empty(element) => {
                count.start(&element);
                count.end(element.local_name().as_ref());
            }
            Event::End(element) => count.end(element.local_name().as_ref()),
            Event::Text(text) => count.length += text.len(),
            Event::Eof => return Ok(()),
            _ => {}
        }
        if count.cells > CELLS_MAX || count.text > TEXT_MAX {
            let read = format!("cells that are repeated to more than {CELLS_MAX}, or to more than 256 MiB of text");
            return Err(problem(file, 0, read, "a smaller sheet, or CSV"));
        }
    }
}

impl Count {
    fn start(&mut self, element: &BytesStart<'_>) {
        let times = |key: &str| {
            let found = element.try_get_attribute(key).ok().flatten();
            found.and_then(|found| found.value.parse::<usize>().ok()).unwrap_or(1)
        };
        match element.local_name().as_ref() {
            "table" => (self.gap, self.widest) = (0, 0),
            "table-row" => (self.row, self.empty, self.times) = (0, 0, times("table:number-rows-repeated").min(1 << 20)),
            "table-cell" | "covered-table-cell" => {
                self.repeated = times("table:number-columns-repeated").min(1 << 14);
                self.length =
                    element.attributes().flatten().filter(|found| has_value(found.key.as_ref())).map(|found| found.value.len()).sum();
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "table-cell" | "covered-table-cell" if self.length == 0 => self.empty += self.repeated,
            "table-cell" | "covered-table-cell" => {
                self.row += self.empty + self.repeated;
                self.empty = 0;
                self.text = self.text.saturating_add(self.length.saturating_mul(self.repeated).saturating_mul(self.times));
                self.length = 0;
            }
            "table-row" if self.row == 0 => self.gap += self.times,
            "table-row" => {
                // All rows of a sheet become as wide as its widest, the empty ones between too.
                self.widest = self.widest.max(self.row);
                let rows = self.times.saturating_add(self.gap);
                self.cells = self.cells.saturating_add(rows.saturating_mul(self.widest));
                self.gap = 0;
            }
            _ => {}
        }
    }
}

fn has_value(key: &str) -> bool {
    (key.starts_with("office:") && key.ends_with("value")) || key == "table:formula"
}
