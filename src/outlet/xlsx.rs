//! How are rows written as a workbook whose cells have their types?
//!
//! Days are dates, sizes and counts are numbers, flags are true or false; all else is text, in cells
//! of the text format, so that neither the file nor a later edit makes a formula, a number or a link
//! of it: references and numbers from outside keep their zeros.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use serde_json::Value as Json;

use crate::domain::day::{Datelike, Day, Timelike, When, parse_day};
use crate::domain::field::{self, Kind};
use crate::domain::trouble::{Refusal, Trouble};

use super::csv;

/// What a sheet can hold, the header among them.
pub const ROWS_MAX: usize = 1_048_576;
/// What a cell can hold, in UTF-16 units.
const TEXT_MAX: usize = 32_767;
/// At the end of a text that was cut.
const CUT: &str = "… (cut here)";

/// A workbook of one sheet, row by row. It is held in memory: the library's way over a temporary file
/// panics when the disk is full.
pub struct Sheet {
    sheet: Worksheet,
    columns: Vec<(&'static str, Shape)>,
    formats: Formats,
    rows: u32,
    cut: usize,
}

/// What the cells of a column are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Shape {
    Text,
    Number,
    Day,
    When,
    Flag,
}

struct Formats {
    text: Format,
    number: Format,
    day: Format,
    when: Format,
}

impl Sheet {
    /// Only the header. More than a sheet can hold is refused before anything is made.
    pub fn new(columns: Vec<&'static str>, rows: usize) -> Result<Sheet, Refusal> {
        if rows >= ROWS_MAX {
            let says = format!("{rows} rows and a header are more than a sheet can hold ({ROWS_MAX}): nothing was written");
            return Err(Refusal::new(says).hint("choose fewer with a QUERY, or --format csv"));
        }
        let formats = Formats {
            text: Format::new().set_num_format("@"),
            number: Format::new().set_num_format("#,##0"),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            when: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
        };
        let columns = columns.into_iter().map(|name| (name, shape(name))).collect();
        Ok(Sheet { sheet: Worksheet::new(), columns, formats, rows: 0, cut: 0 })
    }

    /// The row of a JSON object under the columns.
    pub fn row(&mut self, object: &Json) -> Result<(), Trouble> {
        self.rows += 1;
        for (idx, (name, shape)) in (0_u16..).zip(self.columns.clone()) {
            let value = &object[name];
            if !value.is_null() {
                self.cell(idx, shape, value).map_err(cannot)?;
            }
        }
        Ok(())
    }

    /// Text that is no day stands as it is, also where days are wanted.
    fn cell(&mut self, column: u16, shape: Shape, value: &Json) -> Result<(), XlsxError> {
        let (row, formats) = (self.rows, &self.formats);
        let sheet = &mut self.sheet;
        let when = match shape {
            Shape::Day => value.as_str().and_then(parse_day).map(When::on),
            Shape::When => value.as_str().and_then(When::parse),
            Shape::Text | Shape::Number | Shape::Flag => None,
        };
        if let Some(when) = when {
            let format = if when.time.is_some() { &formats.when } else { &formats.day };
            sheet.write_datetime_with_format(row, column, moment(when)?, format)?;
            return Ok(());
        }
        match (shape, value) {
            (Shape::Number, Json::Number(number)) => {
                // Watts and counts are far below 2^53, up to which a spreadsheet's numbers are whole.
                sheet.write_number_with_format(row, column, number.as_f64().unwrap_or_default(), &formats.number)?;
            }
            (Shape::Flag, Json::Bool(flag)) => {
                sheet.write_boolean(row, column, *flag)?;
            }
            _ => {
                let whole = csv::text(value);
                let text = fit(&whole);
                self.cut += usize::from(text != whole);
                sheet.write_string_with_format(row, column, text, &formats.text)?;
            }
        }
        Ok(())
    }

    /// The bytes of the file, and how many cells had to be cut. `today` is the day it was made.
    pub fn finish(mut self, today: Day) -> Result<(Vec<u8>, usize), Trouble> {
        self.dress().map_err(cannot)?;
        let mut book = Workbook::new();
        book.set_properties(&DocProperties::new().set_creation_datetime(&excel(today).map_err(cannot)?));
        book.push_worksheet(self.sheet);
        Ok((book.save_to_buffer().map_err(cannot)?, self.cut))
    }

    /// A header that stays in sight and filters, and widths in which most cells can be read.
    fn dress(&mut self) -> Result<(), XlsxError> {
        let bold = Format::new().set_bold().set_num_format("@");
        let sheet = &mut self.sheet;
        sheet.set_name("applications")?;
        for (idx, (name, shape)) in (0_u16..).zip(&self.columns) {
            sheet.write_string_with_format(0, idx, *name, &bold)?;
            sheet.set_column_width(idx, width(name, *shape))?;
        }
        sheet.set_freeze_panes(1, 0)?;
        let last = u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        sheet.autofilter(0, 0, self.rows, last)?;
        Ok(())
    }
}

fn shape(name: &str) -> Shape {
    match field::find(name).map(|field| field.kind) {
        Some(Kind::Day) => Shape::Day,
        Some(Kind::When) => Shape::When,
        Some(Kind::Watts | Kind::WattHours | Kind::Volts | Kind::Count) => Shape::Number,
        Some(Kind::Flag) => Shape::Flag,
        None if name == "score" => Shape::Number,
        _ => Shape::Text,
    }
}

/// In characters, as the head of the column must be read too.
fn width(name: &str, shape: Shape) -> f64 {
    let least: u8 = match (shape, name) {
        (Shape::Day, _) => 11,
        (Shape::When, _) => 17,
        (Shape::Number | Shape::Flag, _) => 9,
        (Shape::Text, "id" | "zip" | "state") => 10,
        (Shape::Text, "title" | "site" | "address" | "customer_name" | "hold" | "missing" | "deficiency") => 32,
        (Shape::Text, _) => 18,
    };
    // Three more for the button of the filter.
    f64::from(least.max(u8::try_from(name.len() + 3).unwrap_or(u8::MAX)))
}

/// The text, or as much of it as a cell takes with the mark that there was more.
fn fit(text: &str) -> String {
    if text.encode_utf16().count() <= TEXT_MAX {
        return text.to_owned();
    }
    let mut room = TEXT_MAX - CUT.encode_utf16().count();
    let fits = |c: &char| {
        let left = room.checked_sub(c.len_utf16());
        room = left.unwrap_or(0);
        left.is_some()
    };
    text.chars().take_while(fits).collect::<String>() + CUT
}

fn excel(day: Day) -> Result<ExcelDateTime, XlsxError> {
    let part = |number: u32| u8::try_from(number).unwrap_or(0);
    ExcelDateTime::from_ymd(u16::try_from(day.year()).unwrap_or(0), part(day.month()), part(day.day()))
}

fn moment(when: When) -> Result<ExcelDateTime, XlsxError> {
    let day = excel(when.day)?;
    match when.time {
        Some(time) => day.and_hms(u16::try_from(time.hour()).unwrap_or(0), u8::try_from(time.minute()).unwrap_or(0), 0),
        None => Ok(day),
    }
}

fn cannot(err: XlsxError) -> Trouble {
    Trouble::io("the workbook cannot be made: nothing was written").because(err)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};
    use serde_json::json;

    use super::*;
    use crate::domain::testing::today;

    fn read(bytes: Vec<u8>) -> (Vec<Vec<Data>>, usize) {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
        let formulas = book.worksheet_formula("applications").expect("the sheet");
        let sheet = book.worksheet_range("applications").expect("the sheet");
        (sheet.rows().map(<[Data]>::to_vec).collect(), formulas.used_cells().count())
    }

    #[test]
    fn cells_have_their_types_and_nothing_is_a_formula() {
        let mut sheet =
            Sheet::new(vec!["id", "application", "size_ac", "vip", "score", "promised", "follow_up", "escalated", "site"], 3).expect("few");
        for object in [
            json!({"id": "A-1042", "application": "007", "size_ac": 7_600, "vip": 3, "score": -5, "promised": "2026-11-30",
                "follow_up": "2026-12-01T14:30", "escalated": true, "site": "=HYPERLINK(\"http://x\")"}),
            json!({"id": "A-1", "application": null, "size_ac": 100_000_000_000_i64, "promised": "soon", "follow_up": "2026-12-01",
                "escalated": false, "site": "http://example.com/x"}),
            json!({"site": "two\nlines \u{1} +1 <b> _x0041_"}),
        ] {
            sheet.row(&object).expect("a row");
        }
        let (bytes, cut) = sheet.finish(today()).expect("a workbook");
        let (rows, formulas) = read(bytes);
        assert_eq!((rows.len(), formulas, cut), (4, 0, 0));
        let text = |text: &str| Data::String(text.to_owned());
        assert_eq!(rows[0][..3], [text("id"), text("application"), text("size_ac")]);
        assert_eq!(rows[1][..5], [text("A-1042"), text("007"), Data::Float(7_600.0), Data::Float(3.0), Data::Float(-5.0)]);
        let moment = |data: &Data| match data {
            Data::DateTime(moment) => moment.as_datetime().map(|moment| moment.to_string()),
            other => panic!("{other:?} is no date"),
        };
        assert_eq!(moment(&rows[1][5]).as_deref(), Some("2026-11-30 00:00:00"));
        assert_eq!(moment(&rows[1][6]).as_deref(), Some("2026-12-01 14:30:00"));
        assert_eq!(rows[1][7..], [Data::Bool(true), text("=HYPERLINK(\"http://x\")")]);
        assert_eq!(rows[2][1..6], [Data::Empty, Data::Float(1e11), Data::Empty, Data::Empty, text("soon")]);
        assert_eq!(moment(&rows[2][6]).as_deref(), Some("2026-12-01 00:00:00"));
        assert_eq!(rows[2][7..], [Data::Bool(false), text("http://example.com/x")]);
        assert_eq!(rows[3][8], text("two\nlines \u{1} +1 <b> _x0041_"));
    }

    #[test]
    fn the_head_stays_filters_and_links_nowhere() {
        let mut sheet = Sheet::new(vec!["id", "site"], 1).expect("few");
        sheet.row(&json!({"id": "A-1", "site": "http://example.com"})).expect("a row");
        let (bytes, _) = sheet.finish(today()).expect("a workbook");
        let mut parts = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook is a zip");
        let names: Vec<String> = parts.file_names().map(|name| name.expect("a name").into_owned()).collect();
        assert!(!names.iter().any(|name| name.contains("worksheets/_rels")), "{names:?}");
        let mut xml = String::new();
        std::io::Read::read_to_string(&mut parts.by_name("xl/worksheets/sheet1.xml").expect("the sheet"), &mut xml).expect("text");
        for wanted in ["state=\"frozen\"", "ySplit=\"1\"", "<autoFilter ref=\"A1:B2\"", "customWidth=\"1\""] {
            assert!(xml.contains(wanted), "{wanted} in {xml}");
        }
    }

    #[test]
    fn what_is_too_long_is_cut_with_a_mark_and_counted() {
        let mut sheet = Sheet::new(vec!["id", "site", "address"], 1).expect("few");
        let (full, long) = ("x".repeat(TEXT_MAX), "\u{1f600}".repeat(TEXT_MAX));
        sheet.row(&json!({"id": "A-1", "site": full, "address": long})).expect("a row");
        let (bytes, cut) = sheet.finish(today()).expect("a workbook");
        let (rows, _) = read(bytes);
        assert_eq!((rows[1][1].clone(), cut), (Data::String(full), 1));
        let Data::String(short) = &rows[1][2] else { panic!("text stays text") };
        assert!(short.ends_with("\u{1f600}… (cut here)"));
        let units = short.encode_utf16().count();
        assert!((TEXT_MAX - 1..=TEXT_MAX).contains(&units), "{units}");
    }

    #[test]
    fn more_than_a_sheet_holds_is_refused_by_number() {
        assert!(Sheet::new(vec!["id"], ROWS_MAX - 1).is_ok());
        let refusal = Sheet::new(vec!["id"], ROWS_MAX).err().expect("too many");
        assert!(refusal.says.contains("1048576 rows and a header are more than a sheet can hold (1048576)"), "{}", refusal.says);
    }
}
