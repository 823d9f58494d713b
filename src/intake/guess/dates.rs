//! How are the dates of a column written, by the evidence of all its cells?

use chrono_tz::Tz;

use crate::domain::day::{Day, NaiveDateTime};
use crate::domain::import::DateFormat;

use crate::intake::dates::{Dated, Dates, Order};

/// Ways of writing a date, the usual ones first. One with day and month exchanged stands beside each
/// that has them in front.
const FORMATS: &[&str] = &[
    "%Y-%m-%d",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%m/%d/%y",
    "%d/%m/%y",
    "%m-%d-%Y",
    "%d-%m-%Y",
    "%m-%d-%y",
    "%d-%m-%y",
    "%m.%d.%Y",
    "%d.%m.%Y",
    "%m.%d.%y",
    "%d.%m.%y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d %b %Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%b %d %Y",
    "%Y/%m/%d",
    "%m/%d/%Y %H:%M",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %I:%M %p",
    "%d/%m/%Y %I:%M %p",
    "%m/%d/%Y, %I:%M %p",
    "%d/%m/%Y, %I:%M %p",
    "%m/%d/%Y %I:%M:%S %p",
    "%d/%m/%Y %I:%M:%S %p",
    "%m/%d/%y %H:%M",
    "%d/%m/%y %H:%M",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%dT%H:%M:%S%.fZ",
    "%Y-%m-%dT%H:%M:%S%z",
    "%Y-%m-%dT%H:%M:%S%.f%z",
    "%Y%m%d",
];

/// Ways of beginning a line of notes; one without a year last.
const LINE_FORMATS: &[&[&str]] = &[
    &["%m/%d/%Y", "%m/%d/%y", "%m/%d"],
    &["%d/%m/%Y", "%d/%m/%y", "%d/%m"],
    &["%Y-%m-%d"],
    &["%m-%d-%Y", "%m-%d-%y", "%m-%d"],
    &["%d.%m.%Y", "%d.%m.%y", "%d.%m."],
];

/// Zones in which a stamp of midnight is one of a day that somebody wrote.
const ZONES: [Tz; 5] = [
    chrono_tz::America::New_York,
    chrono_tz::America::Chicago,
    chrono_tz::America::Denver,
    chrono_tz::America::Phoenix,
    chrono_tz::America::Los_Angeles,
];

/// What the cells of a column say about their order of day and month.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Evidence {
    /// Year first, a month by name, or dates of a workbook: nothing to mistake.
    Plain,
    Only(Order),
    /// Some cells fit only the one, some only the other.
    Mixed,
    /// No day above 12.
    Open,
}

/// The dates of one column.
#[derive(Clone, Debug)]
pub struct Found {
    /// Cells that are days in some way.
    pub days: usize,
    pub evidence: Evidence,
    /// A cell that fits only day/month, and one that fits only month/day.
    pub examples: (String, String),
    /// Formats that fit some cell: their place in `FORMATS`, and how many.
    fits: Vec<(usize, usize)>,
    cells: Vec<String>,
}

/// All ways of writing dates, made ready once.
pub struct Ways {
    all: Vec<Dates>,
}

impl Default for Ways {
    fn default() -> Ways {
        let one = |format: &&str| Dates::new(&DateFormat { formats: vec![(*format).to_owned()], zone: None });
        Ways { all: FORMATS.iter().map(|format| one(format).expect("the table's formats are days")).collect() }
    }
}

impl Ways {
    /// Looks at the cells of a column. `in_book`: how many more the workbook holds as dates.
    pub fn look(&self, cells: &[&str], in_book: usize) -> Found {
        let mut found =
            Found { days: in_book, evidence: Evidence::Plain, examples: Default::default(), fits: Vec::new(), cells: Vec::new() };
        let (mut day_first, mut month_first, mut either) = (0, 0, 0);
        let mut fits = vec![0; self.all.len()];
        // A date has a digit and is short; most cells are no dates.
        for cell in cells.iter().filter(|cell| cell.len() <= 40 && cell.bytes().any(|byte| byte.is_ascii_digit())) {
            let read: Vec<usize> = (0..self.all.len()).filter(|idx| self.all[*idx].read(cell) != Dated::Wrong).collect();
            let orders: Vec<Order> = read.iter().filter_map(|idx| self.all[*idx].order()).collect();
            let has = |order: Order| orders.contains(&order);
            match (has(Order::DayFirst), has(Order::MonthFirst)) {
                (true, true) => either += 1,
                (true, false) => {
                    day_first += 1;
                    if found.examples.0.is_empty() {
                        found.examples.0 = (*cell).to_owned();
                    }
                }
                (false, true) => {
                    month_first += 1;
                    if found.examples.1.is_empty() {
                        found.examples.1 = (*cell).to_owned();
                    }
                }
                (false, false) => {}
            }
            found.days += usize::from(!read.is_empty());
            read.iter().for_each(|idx| fits[*idx] += 1);
            if !read.is_empty() {
                found.cells.push((*cell).to_owned());
            }
        }
        found.evidence = match (day_first, month_first, either) {
            (0, 0, 0) => Evidence::Plain,
            (0, 0, _) => Evidence::Open,
            (_, 0, _) => Evidence::Only(Order::DayFirst),
            (0, _, _) => Evidence::Only(Order::MonthFirst),
            _ => Evidence::Mixed,
        };
        found.fits = fits.into_iter().enumerate().filter(|(_, count)| *count > 0).collect();
        found
    }

    /// The formats by which the column is read, with those of the other order left out: the one that
    /// fits most cells, then what the others need.
    pub fn format(&self, found: &Found, order: Order) -> DateFormat {
        let mut usable: Vec<(usize, usize)> = found.fits.clone();
        usable.retain(|(idx, _)| self.all[*idx].order().is_none_or(|one| one == order));
        usable.sort_by_key(|(idx, count)| (std::cmp::Reverse(*count), *idx));
        let mut left: Vec<&String> = found.cells.iter().collect();
        let mut formats = Vec::new();
        for (idx, _) in usable {
            let before = left.len();
            left.retain(|cell| self.all[idx].read(cell) == Dated::Wrong);
            if left.len() < before {
                formats.push(FORMATS[idx].to_owned());
            }
        }
        if formats.is_empty() {
            formats.push(FORMATS[0].to_owned());
        }
        let zone = formats.iter().any(|format| format.contains("%z")).then(|| zone(&found.cells));
        DateFormat { formats, zone }
    }

    /// How the lines of cells of notes begin, if many of them begin with a date.
    pub fn of_notes(&self, cells: &[&str], today: Day) -> Option<(DateFormat, usize)> {
        let count = |formats: &&&[&str]| {
            let format = DateFormat { formats: formats.iter().map(ToString::to_string).collect(), zone: None };
            let dates = Dates::of_notes(&format).ok()?;
            let lines = cells.iter().flat_map(|cell| cell.lines());
            Some((format, lines.filter(|line| dates.read_start(line.trim_start(), today).is_some()).count()))
        };
        // Of equals the first: the greatest of the turned-round list is the last one of it.
        LINE_FORMATS.iter().rev().filter_map(|formats| count(&formats)).max_by_key(|(_, count)| *count).filter(|(_, count)| *count > 0)
    }
}

/// Where nearly all stamps are of midnight; the world's time if nowhere.
fn zone(cells: &[String]) -> Tz {
    let stamps: Vec<_> = cells.iter().filter_map(|cell| chrono::DateTime::parse_from_rfc3339(&with_colon(cell)).ok()).collect();
    let midnight = |zone: &Tz| {
        let at = |stamp: &chrono::DateTime<chrono::FixedOffset>| stamp.with_timezone(zone).naive_local();
        let is_midnight = |local: NaiveDateTime| local.time() == chrono::NaiveTime::MIN;
        let count = stamps.iter().filter(|stamp| is_midnight(at(stamp))).count();
        !stamps.is_empty() && count * 10 >= stamps.len() * 9
    };
    if midnight(&chrono_tz::UTC) {
        return chrono_tz::UTC;
    }
    ZONES.into_iter().find(midnight).unwrap_or(chrono_tz::UTC)
}

/// `…+0000` as `…+00:00`, which the strict reader wants.
fn with_colon(stamp: &str) -> String {
    match stamp.len().checked_sub(5) {
        Some(at) if stamp.is_char_boundary(at) && stamp[at..].starts_with(['+', '-']) => {
            format!("{}:{}", &stamp[..at + 3], &stamp[at + 3..])
        }
        _ => stamp.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_day_and_month_is_told_from_all_cells() {
        let ways = Ways::default();
        for (cells, evidence, formats) in [
            (&["11/20/2026", "1/2/2026"][..], Evidence::Only(Order::MonthFirst), "%m/%d/%Y"),
            (&["1/2/2026", "20/11/2026", "3/4/26"], Evidence::Only(Order::DayFirst), "%d/%m/%Y %d/%m/%y"),
            (&["20/11/2026", "11/20/2026"], Evidence::Mixed, "%m/%d/%Y"),
            (&["1/2/2026", "11/12/2026"], Evidence::Open, "%m/%d/%Y"),
            (&["2026-11-20", "20-Nov-2026"], Evidence::Plain, "%Y-%m-%d %d-%b-%Y"),
            (&["11/20/2026", "soon"], Evidence::Only(Order::MonthFirst), "%m/%d/%Y"),
            (&["11/20/2026 3:05 PM"], Evidence::Only(Order::MonthFirst), "%m/%d/%Y %I:%M %p"),
            (&["2026-11-20T05:00:00Z"], Evidence::Plain, "%Y-%m-%dT%H:%M:%SZ"),
            (&[], Evidence::Plain, "%Y-%m-%d"),
        ] {
            let found = ways.look(cells, 0);
            let order = if let Evidence::Only(order) = found.evidence { order } else { Order::MonthFirst };
            assert_eq!((found.evidence, ways.format(&found, order).formats.join(" ")), (evidence, formats.to_owned()), "{cells:?}");
        }
        let found = ways.look(&["20/11/2026", "11/20/2026", "x"], 3);
        assert_eq!((found.days, found.examples), (5, ("20/11/2026".to_owned(), "11/20/2026".to_owned())));
    }

    #[test]
    fn stamps_of_midnight_tell_their_zone() {
        let ways = Ways::default();
        for (cells, zone) in [
            (&["2026-01-02T05:00:00+00:00", "2026-07-02T04:00:00+00:00"][..], chrono_tz::America::New_York),
            (&["2026-01-02T00:00:00+0000"], chrono_tz::UTC),
            (&["2026-01-02T13:07:00+00:00"], chrono_tz::UTC),
        ] {
            let format = ways.format(&ways.look(cells, 0), Order::MonthFirst);
            assert_eq!((format.formats.join(" "), format.zone), ("%Y-%m-%dT%H:%M:%S%z".to_owned(), Some(zone)), "{cells:?}");
        }
    }

    #[test]
    fn lines_of_notes_tell_their_format() {
        let today = Day::from_ymd_opt(2026, 11, 20).expect("a constant");
        let read = |cells: &[&str]| Ways::default().of_notes(cells, today).map(|(format, count)| (format.formats[0].clone(), count));
        assert_eq!(read(&["11/18 LVM\n11/2/26 sent", "no"]), Some(("%m/%d/%Y".to_owned(), 2)));
        assert_eq!(read(&["18/11 LVM\n2/11 sent"]), Some(("%d/%m/%Y".to_owned(), 2)));
        assert_eq!(read(&["called", ""]), None);
    }
}
