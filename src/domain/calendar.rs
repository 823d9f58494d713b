//! Which days count: weekends, holidays by rule for any year, observed days.

use super::day::{Day, Weekday};

/// When a holiday falls.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule {
    /// The same date each year; on a weekend it is observed on the nearest weekday.
    Fixed { month: u32, day: u32 },
    /// The nth weekday of a month; `nth` counts from 1.
    Nth { month: u32, weekday: Weekday, nth: u8 },
    /// The last such weekday of a month.
    Last { month: u32, weekday: Weekday },
}

/// One holiday of a calendar.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Holiday {
    pub name: String,
    pub rule: Rule,
    /// The first year in which it is kept.
    pub from_year: i32,
}

/// Business days of 2000 to 2100, by table: distances cost two look-ups.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Calendar {
    pub name: String,
}

impl Calendar {
    pub fn new(name: &str, holidays: &[Holiday]) -> Calendar {
        let _ = (name, holidays);
        todo!()
    }

    /// Why a day does not count: `Saturday`, `Thanksgiving Day`, `Independence Day (observed)`.
    pub fn closed(&self, day: Day) -> Option<&str> {
        let _ = day;
        todo!()
    }

    /// The nth business day after `day`, which itself is not counted (day 0).
    pub fn add(&self, day: Day, business_days: u32) -> Option<Day> {
        let _ = (day, business_days);
        todo!()
    }

    /// Business days after `from` up to and with `to`; negative when `to` is earlier.
    pub fn between(&self, from: Day, to: Day) -> i64 {
        let _ = (from, to);
        todo!()
    }

    /// Holidays (not plain weekends) after `from` up to and with `to`, with their names.
    pub fn skipped(&self, from: Day, to: Day) -> Vec<(Day, String)> {
        let _ = (from, to);
        todo!()
    }
}
