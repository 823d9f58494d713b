//! Days, times of day, and a day with an optional time.

use std::fmt;

pub use chrono::{DateTime, Datelike, NaiveDate as Day, NaiveDateTime, NaiveTime, Timelike, Utc, Weekday};

/// The first and the last year that calendars and dates reach.
pub const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

/// A day, and if wished the time of day (minutes): "we look Tue" or "we look Tue 14:00".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct When {
    pub day: Day,
    pub time: Option<NaiveTime>,
}

impl When {
    pub fn on(day: Day) -> When {
        When { day, time: None }
    }

    /// Reads `2026-11-30` or `2026-11-30T14:00`, the written form of a field.
    pub fn parse(text: &str) -> Option<When> {
        match text.split_once('T') {
            None => parse_day(text).map(When::on),
            Some((day, time)) => Some(When { day: parse_day(day)?, time: Some(NaiveTime::parse_from_str(time, "%H:%M").ok()?) }),
        }
    }

    /// Whether this has come at `now` (local to the database's zone).
    pub fn has_come(&self, now: NaiveDateTime) -> bool {
        match self.time {
            None => self.day <= now.date(),
            Some(time) => self.day.and_time(time) <= now,
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.time {
            None => write!(f, "{}", self.day),
            Some(time) => write!(f, "{}T{}", self.day, time.format("%H:%M")),
        }
    }
}

/// Reads an ISO day of the years 2000 to 2100; anything else is a slip of the keyboard.
pub fn parse_day(text: &str) -> Option<Day> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let day = Day::from_ymd_opt(text.get(0..4)?.parse().ok()?, text.get(5..7)?.parse().ok()?, text.get(8..10)?.parse().ok()?)?;
    YEARS.contains(&day.year()).then_some(day)
}

/// `Tue 12/1`, with the year when it is not the year of `today`.
pub fn short(day: Day, today: Day) -> String {
    if day.year() == today.year() {
        format!("{} {}/{}", day.weekday(), day.month(), day.day())
    } else {
        format!("{} {}/{}/{}", day.weekday(), day.month(), day.day(), day.year())
    }
}

/// `short`, with the time of day if there is one.
pub fn short_when(when: When, today: Day) -> String {
    match when.time {
        None => short(when.day, today),
        Some(time) => format!("{} {}", short(when.day, today), time.format("%H:%M")),
    }
}

/// The time of day, with its day when that is not `today`.
pub fn short_moment(moment: NaiveDateTime, today: Day) -> String {
    let time = moment.format("%H:%M");
    if moment.date() == today { time.to_string() } else { format!("{} {time}", short(moment.date(), today)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_times_read_back() {
        for text in ["2026-11-30", "2026-11-30T14:00", "2000-01-01", "2100-12-31"] {
            assert_eq!(When::parse(text).map(|when| when.to_string()), Some(text.to_owned()));
        }
        for text in ["0001-01-01", "2026-02-31", "2026-00-00", "2101-01-01", "26-1-1", "2026-11-30T25:00", "", "2026-1é-01"] {
            assert_eq!(When::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_has_come_only_at_that_hour() {
        let when = When::parse("2026-11-30T14:00").expect("a constant");
        let at = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a constant");
        assert!(!when.has_come(at("2026-11-30 13:59")));
        assert!(when.has_come(at("2026-11-30 14:00")));
        assert!(When::on(when.day).has_come(at("2026-11-30 00:00")));
    }
}
