//! Which day does a cell name, in the ways in which its column writes dates?

use chrono::format::{Item, Numeric, Parsed, StrftimeItems, parse, parse_and_remainder};
use chrono_tz::Tz;

use crate::domain::day::{Datelike, Day, NaiveDateTime, YEARS};
use crate::domain::import::DateFormat;

const ISO: &str = "%Y-%m-%d";
/// How far back a day without a year is looked for: 29 February comes every eight years at worst.
const YEARS_BACK: i32 = 8;

/// What a cell that should be a date says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dated {
    Day(Day),
    /// A real day of 1900 to 1999, before the calendars begin: no field and no clock can hold it.
    Old(Day),
    /// Not a day, or one of a year that can only be a slip or a filler (0001, 2101).
    Wrong,
}

/// Which of day and month stands first, where the year does not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    DayFirst,
    MonthFirst,
}

impl Order {
    pub fn name(self) -> &'static str {
        match self {
            Order::DayFirst => "day/month",
            Order::MonthFirst => "month/day",
        }
    }

    pub fn other(self) -> Order {
        match self {
            Order::DayFirst => Order::MonthFirst,
            Order::MonthFirst => Order::DayFirst,
        }
    }
}

/// A column's ways of writing dates, ready to be used on each row.
#[derive(Debug)]
pub struct Dates {
    ways: Vec<Way>,
    zone: Option<Tz>,
    examples: String,
}

/// One format.
#[derive(Debug)]
struct Way {
    items: Vec<Item<'static>>,
    order: Option<Order>,
    /// With day and month exchanged.
    swapped: Vec<Item<'static>>,
}

impl Dates {
    /// `Err` is the format that chrono does not know, or that does not give a day.
    pub fn new(format: &DateFormat) -> Result<Dates, String> {
        Dates::with(format, false)
    }

    /// For notes, whose formats may leave the year out.
    pub fn of_notes(format: &DateFormat) -> Result<Dates, String> {
        Dates::with(format, true)
    }

    fn with(format: &DateFormat, yearless: bool) -> Result<Dates, String> {
        let iso = [ISO.to_owned()];
        let formats = if format.formats.is_empty() { &iso[..] } else { &format.formats };
        let noon = Day::from_ymd_opt(2026, 11, 30).and_then(|day| day.and_hms_opt(12, 0, 0)).map(|noon: NaiveDateTime| noon.and_utc());
        let (mut ways, mut examples) = (Vec::new(), Vec::new());
        for one in formats {
            let items = StrftimeItems::new(one).parse_to_owned().map_err(|_| one.clone())?;
            let example = noon.map(|noon| noon.format_with_items(items.iter()).to_string()).unwrap_or_default();
            let way = Way { order: order(&items), swapped: items.iter().map(swap).collect(), items };
            let mut parsed = Parsed::new();
            let reads = parse(&mut parsed, &example, way.items.iter()).is_ok();
            // A format that cannot read what it wrote itself (no year, no day) reads no row either.
            let dayless = day_of(&parsed, format.zone).is_none() && !(yearless && parsed.month().is_some() && parsed.day().is_some());
            if !reads || dayless {
                return Err(one.clone());
            }
            ways.push(way);
            examples.push(example);
        }
        Ok(Dates { ways, zone: format.zone, examples: examples.join(" or ") })
    }

    /// The day a cell names, by the first format that fits. A stamp with an offset is an instant: its
    /// day is that of the zone, else of its own offset. One without is a day as it stands.
    pub fn read(&self, cell: &str) -> Dated {
        self.ways.iter().map(|way| read(&way.items, self.zone, cell)).find(|dated| *dated != Dated::Wrong).unwrap_or(Dated::Wrong)
    }

    /// The day and the rest of a line that begins with one. A day without a year is the nearest such
    /// one that is not after `today`; one that no calendar holds is none.
    pub fn read_start<'a>(&self, line: &'a str, today: Day) -> Option<(Day, &'a str)> {
        self.ways.iter().find_map(|way| {
            let mut parsed = Parsed::new();
            let rest = parse_and_remainder(&mut parsed, line, way.items.iter()).ok()?;
            if !ends_here(rest, &way.items) {
                return None;
            }
            let day = match day_of(&parsed, self.zone) {
                Some(day) => day,
                None => latest(parsed.month()?, parsed.day()?, today)?,
            };
            YEARS.contains(&day.year()).then_some((day, rest))
        })
    }

    /// Which of day and month stands first in all the formats that put one of them first.
    pub fn order(&self) -> Option<Order> {
        let mut orders = self.ways.iter().filter_map(|way| way.order);
        let first = orders.next()?;
        orders.all(|order| order == first).then_some(first)
    }

    /// Whether a wrong cell is a day once day and month are exchanged.
    pub fn fits_swapped(&self, cell: &str) -> bool {
        self.ways.iter().any(|way| way.order.is_some() && read(&way.swapped, self.zone, cell) != Dated::Wrong)
    }

    /// What was wanted, in words.
    pub fn wanted(&self) -> String {
        format!("a day like {}, of the years {} to {}", self.examples, YEARS.start(), YEARS.end())
    }
}

/// What a day of a workbook comes to.
pub fn dated(day: Day) -> Dated {
    match day.year() {
        year if YEARS.contains(&year) => Dated::Day(day),
        1900..2000 => Dated::Old(day),
        _ => Dated::Wrong,
    }
}

fn read(items: &[Item<'_>], zone: Option<Tz>, cell: &str) -> Dated {
    let mut parsed = Parsed::new();
    if parse(&mut parsed, cell, items.iter()).is_err() {
        return Dated::Wrong;
    }
    day_of(&parsed, zone).map_or(Dated::Wrong, dated)
}

fn day_of(parsed: &Parsed, zone: Option<Tz>) -> Option<Day> {
    match (parsed.to_datetime(), zone) {
        (Ok(stamp), Some(zone)) => Some(stamp.with_timezone(&zone).date_naive()),
        (Ok(stamp), None) => Some(stamp.date_naive()),
        (Err(_), _) => parsed.to_naive_date().ok(),
    }
}

fn latest(month: u32, day: u32, today: Day) -> Option<Day> {
    (0..=YEARS_BACK).filter_map(|back| Day::from_ymd_opt(today.year() - back, month, day)).find(|day| *day <= today)
}

/// A date ends where its line ends, at a space or at a sign that separates; `11/18` is not the start
/// of `11/18/2026`, nor `11-18` that of `11-18-26`.
fn ends_here(rest: &str, items: &[Item<'_>]) -> bool {
    let mut signs = rest.chars();
    let Some(sign) = signs.next() else { return true };
    let is_part = |sign: char| {
        items.iter().any(|item| match item {
            Item::Literal(text) => text.contains(sign),
            Item::OwnedLiteral(text) => text.contains(sign),
            _ => false,
        })
    };
    let more = signs.next().is_some_and(|next| next.is_ascii_digit()) && is_part(sign);
    !more && (sign.is_whitespace() || matches!(sign, '-' | ':' | '–' | '—' | '.' | ',' | ';' | ')' | ']'))
}

fn order(items: &[Item<'_>]) -> Option<Order> {
    let find = |wanted: &[Numeric]| items.iter().position(|item| matches!(item, Item::Numeric(one, _) if wanted.contains(one)));
    let (day, month) = (find(&[Numeric::Day])?, find(&[Numeric::Month])?);
    let year = find(&[Numeric::Year, Numeric::YearMod100]).unwrap_or(usize::MAX);
    match day.min(month) > year {
        true => None,
        false if day < month => Some(Order::DayFirst),
        false => Some(Order::MonthFirst),
    }
}

fn swap(item: &Item<'static>) -> Item<'static> {
    match item {
        Item::Numeric(Numeric::Day, pad) => Item::Numeric(Numeric::Month, *pad),
        Item::Numeric(Numeric::Month, pad) => Item::Numeric(Numeric::Day, *pad),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(formats: &[&str], zone: Option<Tz>) -> DateFormat {
        DateFormat { formats: formats.iter().map(ToString::to_string).collect(), zone }
    }

    fn dates(format_: &str, zone: Option<Tz>) -> Dates {
        Dates::new(&format(&[format_], zone)).expect("a format of the table")
    }

    fn day(text: &str) -> Day {
        Day::parse_from_str(text, ISO).expect("a constant")
    }

    #[test]
    fn stamps_become_days_where_the_file_was_made() {
        let eastern = Some(chrono_tz::America::New_York);
        for (format, zone, cell, says) in [
            ("%Y-%m-%dT%H:%M:%S%:z", eastern, "2026-01-02T05:00:00+00:00", "2026-01-02"),
            ("%Y-%m-%dT%H:%M:%S%:z", eastern, "2026-01-02T04:59:59+00:00", "2026-01-01"),
            ("%Y-%m-%dT%H:%M:%S%:z", eastern, "2026-07-02T04:00:00+00:00", "2026-07-02"),
            ("%Y-%m-%dT%H:%M:%S%:z", None, "2026-07-02T00:00:00+09:00", "2026-07-02"),
            ("%Y-%m-%dT%H:%M:%S%z", eastern, "2026-07-02T04:00:00+00:00", "2026-07-02"),
            ("%m/%d/%Y", eastern, "7/2/2026", "2026-07-02"),
            ("%m/%d/%y", None, "7/2/26", "2026-07-02"),
            ("%b %d, %Y", None, "Jul 2, 2026", "2026-07-02"),
            ("%m/%d/%Y %H:%M", eastern, "07/02/2026 23:30", "2026-07-02"),
        ] {
            assert_eq!(dates(format, zone).read(cell), Dated::Day(day(says)), "{cell}");
        }
    }

    #[test]
    fn impossible_days_are_wrong_and_old_ones_are_old() {
        let read = |cell: &str| dates("%d/%m/%Y", None).read(cell);
        for cell in ["31/02/2026", "00/00/0000", "01/01/0001", "01/01/2101", "01/01/1899", "26", "", "1/1/2026 x", "-1/1/2026", "1/1/26"] {
            assert_eq!(read(cell), Dated::Wrong, "{cell}");
        }
        assert!(matches!(read("03/12/1990"), Dated::Old(_)));
        assert_eq!(dates("%m/%d/%y", None).read("4/1/97"), Dated::Old(day("1997-04-01")));
        assert_eq!(dates("%d/%m/%Y", None).wanted(), "a day like 30/11/2026, of the years 2000 to 2100");
        for one in ["%Q", "%m/%d", "%H:%M", ""] {
            assert!(Dates::new(&format(&[one], None)).is_err(), "{one}");
        }
    }

    #[test]
    fn the_first_format_that_fits_counts() {
        let dates = Dates::new(&format(&["%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d"], None)).expect("formats");
        for cell in ["11/5/2026", "11/05/26", "2026-11-05"] {
            assert_eq!(dates.read(cell), Dated::Day(day("2026-11-05")), "{cell}");
        }
        assert_eq!(dates.wanted(), "a day like 11/30/2026 or 11/30/26 or 2026-11-30, of the years 2000 to 2100");
        assert_eq!(dates.order(), Some(Order::MonthFirst));
        assert!(dates.fits_swapped("13/02/2026") && !dates.fits_swapped("31/31/2026") && !dates.fits_swapped("2026-31-01"));
        let both = Dates::new(&format(&["%m/%d/%Y", "%d/%m/%Y"], None)).expect("formats");
        assert_eq!((both.order(), self::dates(ISO, None).order()), (None, None));
    }

    #[test]
    fn a_line_of_notes_begins_with_its_day() {
        let dates = Dates::of_notes(&format(&["%m/%d/%Y", "%m/%d/%y", "%m/%d"], None)).expect("formats");
        for (line, says, rest) in [
            ("11/18 LVM", "2026-11-18", " LVM"),
            ("11/21 tomorrow is last year's", "2025-11-21", " tomorrow is last year's"),
            ("2/29 leap", "2024-02-29", " leap"),
            ("11/18/26- sent", "2026-11-18", "- sent"),
            ("1/5/2025: x", "2025-01-05", ": x"),
            ("11/20", "2026-11-20", ""),
        ] {
            assert_eq!(dates.read_start(line, day("2026-11-20")), Some((day(says), rest)), "{line}");
        }
        for line in ["11/18/2026/4 x", "11/180", "1/1/1997 x", "13/40 x", "called", "11/18th"] {
            assert_eq!(dates.read_start(line, day("2026-11-20")), None, "{line}");
        }
        let dashes = Dates::of_notes(&format(&["%m-%d"], None)).expect("a format");
        assert_eq!(dashes.read_start("11-18-26 x", day("2026-11-20")), None);
        assert_eq!(dashes.read_start("11-18-called", day("2026-11-20")), Some((day("2026-11-18"), "-called")));
    }
}
