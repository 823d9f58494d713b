//! What does one cell say: a line of text, a day, a size?

use std::borrow::Cow;

use chrono::format::{Item, Parsed, StrftimeItems, parse};
use chrono_tz::Tz;

use crate::domain::day::{Datelike, Day, NaiveDateTime, YEARS};
use crate::domain::import::DateFormat;
use crate::domain::text::{self, LINE_MAX, NOTE_MAX};

/// How much of a wrong cell a problem shows, in bytes.
const SHOWN_MAX: usize = 80;

/// A cell as one clean line. A longer one than a field can hold ends in `…`, so that the cut is seen.
pub fn line(cell: &str) -> String {
    if cell.len() <= LINE_MAX {
        return text::clean_line(cell);
    }
    let whole = text::clean(cell).split_whitespace().collect::<Vec<_>>().join(" ");
    cut(whole, LINE_MAX)
}

/// A cell as a clean note, with its line ends.
pub fn note(cell: &str) -> String {
    cut(text::clean(cell).trim().to_owned(), NOTE_MAX)
}

fn cut(whole: String, max: usize) -> String {
    if whole.len() <= max {
        return whole;
    }
    format!("{}…", text::cut(&whole, max - '…'.len_utf8()))
}

/// A wrong cell as a problem shows it: safe for a terminal, and short.
pub fn shown(cell: &str) -> String {
    let line = text::clean_line(cell);
    if line.is_empty() { "nothing that can be shown".into() } else { cut(line, SHOWN_MAX) }
}

/// A size with the unit of its column, for `domain::field::read`: `99.90` in MW → `99.90 MW`. A cell
/// that has a unit of its own keeps it. `None` when a comma is not a thousands separator: `1,5` is
/// one and a half in half of the world, and would be read as fifteen.
pub fn size<'a>(cell: &'a str, unit: &str) -> Option<Cow<'a, str>> {
    let mut groups = cell.split('.').next().unwrap_or_default().split(',').skip(1);
    let grouped = groups.all(|group| {
        let digits = group.trim_end_matches(|c: char| !c.is_ascii_digit());
        digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    let fraction = cell.split_once('.').map_or("", |(_, fraction)| fraction);
    if !grouped || fraction.contains(',') {
        return None;
    }
    let bare = !cell.contains(|c: char| c.is_alphabetic());
    Some(if bare && !unit.is_empty() { Cow::Owned(format!("{cell} {unit}")) } else { Cow::Borrowed(cell) })
}

/// What a cell that should be a date says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dated {
    Day(Day),
    /// A real day of 1900 to 1999, before the calendars begin: no field and no clock can hold it.
    Old(Day),
    /// Not a day, or one of a year that can only be a slip or a filler (0001, 2101).
    Wrong,
}

/// A column's way of writing dates, ready to be used on each row.
#[derive(Debug)]
pub struct Dates {
    items: Vec<Item<'static>>,
    zone: Option<Tz>,
    example: String,
}

impl Dates {
    /// `Err` is the format, when chrono does not know it or it does not give a day.
    pub fn new(format: &DateFormat) -> Result<Dates, String> {
        let first = format.formats.first().cloned().unwrap_or_default();
        let items = StrftimeItems::new(&first).parse_to_owned().map_err(|_| first.clone())?;
        let noon = Day::from_ymd_opt(2026, 11, 30).and_then(|day| day.and_hms_opt(12, 0, 0)).map(|noon: NaiveDateTime| noon.and_utc());
        let example = noon.map(|noon| noon.format_with_items(items.iter()).to_string()).unwrap_or_default();
        let dates = Dates { items, zone: format.zone, example };
        // A format that cannot read what it wrote itself (no year, no day) reads no row either.
        match dates.read(&dates.example) {
            Dated::Day(_) => Ok(dates),
            Dated::Old(_) | Dated::Wrong => Err(first),
        }
    }

    /// The day a cell names. A stamp with an offset is an instant: its day is that of `zone`, else of
    /// its own offset. One without is a day as it stands.
    pub fn read(&self, cell: &str) -> Dated {
        let mut parsed = Parsed::new();
        if parse(&mut parsed, cell, self.items.iter()).is_err() {
            return Dated::Wrong;
        }
        let day = match (parsed.to_datetime(), self.zone) {
            (Ok(stamp), Some(zone)) => Some(stamp.with_timezone(&zone).date_naive()),
            (Ok(stamp), None) => Some(stamp.date_naive()),
            (Err(_), _) => parsed.to_naive_date().ok(),
        };
        match day {
            Some(day) if YEARS.contains(&day.year()) => Dated::Day(day),
            Some(day) if (1900..*YEARS.start()).contains(&day.year()) => Dated::Old(day),
            _ => Dated::Wrong,
        }
    }

    /// What was wanted, in words.
    pub fn wanted(&self) -> String {
        format!("a day like {}, of the years {} to {}", self.example, YEARS.start(), YEARS.end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(format: &str, zone: Option<Tz>) -> Dates {
        Dates::new(&DateFormat { formats: vec![format.into()], zone }).expect("a format of the table")
    }

    #[test]
    fn stamps_become_days_where_the_file_was_made() {
        let eastern = Some(chrono_tz::America::New_York);
        for (format, zone, cell, day) in [
            ("%Y-%m-%dT%H:%M:%S%:z", eastern, "2026-01-02T05:00:00+00:00", "2026-01-02"),
            ("%Y-%m-%dT%H:%M:%S%:z", eastern, "2026-01-02T04:59:59+00:00", "2026-01-01"),
            ("%Y-%m-%dT%H:%M:%S%:z", eastern, "2026-07-02T04:00:00+00:00", "2026-07-02"),
            ("%Y-%m-%dT%H:%M:%S%:z", None, "2026-07-02T00:00:00+09:00", "2026-07-02"),
            ("%Y-%m-%dT%H:%M:%S%z", eastern, "2026-07-02T04:00:00+00:00", "2026-07-02"),
            ("%m/%d/%Y", eastern, "7/2/2026", "2026-07-02"),
            ("%m/%d/%Y %H:%M", eastern, "07/02/2026 23:30", "2026-07-02"),
        ] {
            let day = Day::parse_from_str(day, "%Y-%m-%d").expect("a constant");
            assert_eq!(dates(format, zone).read(cell), Dated::Day(day), "{cell}");
        }
    }

    #[test]
    fn impossible_days_are_wrong_and_old_ones_are_old() {
        let read = |cell: &str| dates("%d/%m/%Y", None).read(cell);
        for cell in ["31/02/2026", "00/00/0000", "01/01/0001", "01/01/2101", "01/01/1899", "26", "", "1/1/2026 x", "-1/1/2026"] {
            assert_eq!(read(cell), Dated::Wrong, "{cell}");
        }
        assert!(matches!(read("03/12/1990"), Dated::Old(_)));
        assert_eq!(dates("%d/%m/%Y", None).wanted(), "a day like 30/11/2026, of the years 2000 to 2100");
        for format in ["%Q", "%m/%d", "%H:%M", ""] {
            assert!(Dates::new(&DateFormat { formats: vec![format.into()], zone: None }).is_err(), "{format}");
        }
    }

    #[test]
    fn sizes_get_the_unit_of_their_column() {
        for (cell, unit, sized) in [
            ("99.90", "MW", Some("99.90 MW")),
            ("7.6 kW", "MW", Some("7.6 kW")),
            ("1,750.00", "MW", Some("1,750.00 MW")),
            ("1,750 kW", "MW", Some("1,750 kW")),
            ("12", "", Some("12")),
            ("1,5", "MW", None),
            ("1.750,00", "MW", None),
        ] {
            assert_eq!(size(cell, unit).as_deref(), sized, "{cell}");
        }
    }

    #[test]
    fn a_long_cell_shows_that_it_was_cut() {
        let long = line(&"x".repeat(1_000_000));
        assert!(long.len() <= LINE_MAX && long.ends_with("x…"));
        assert_eq!(line(&format!("a{}b", " ".repeat(5_000))), "a b");
        assert_eq!(note(" one\r\ntwo \x1b[2J"), "one\ntwo");
    }
}
