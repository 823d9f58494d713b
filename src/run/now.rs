//! What time is it, and what may nobody guess? The only place that asks the machine for either;
//! both travel with messages, so that everything else is exact in tests.

#![allow(clippy::disallowed_methods)]

use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::domain::day::{Day, NaiveDateTime, NaiveTime};
use crate::domain::message::Moment;
use crate::domain::trouble::Trouble;

/// Milliseconds since 1970 by the wall clock.
pub fn millis() -> i64 {
    Utc::now().timestamp_millis()
}

/// A reading of the clock that nobody sets.
pub fn instant() -> Instant {
    Instant::now()
}

/// A new id, later than all ids that this process drew before.
pub fn fresh() -> Uuid {
    Uuid::now_v7()
}

/// Chance, from the operating system.
pub fn seed() -> [u8; 16] {
    Uuid::new_v4().into_bytes()
}

/// The zone of that name: `America/Denver`.
pub fn zone(name: &str) -> Result<Tz, Trouble> {
    name.parse().map_err(|_| Trouble::config(format!("{name} is no time zone")).hint("names are as in America/Denver"))
}

/// The machine's own zone; UTC when it names none that is known.
pub fn machine_zone() -> String {
    let named = std::env::var("TZ").ok().filter(|name| name.parse::<Tz>().is_ok());
    named.or_else(linked_zone).unwrap_or_else(|| "UTC".to_owned())
}

/// The name that `/etc/localtime` points to.
fn linked_zone() -> Option<String> {
    let target = std::fs::read_link("/etc/localtime").ok()?;
    let name = target.to_str()?.split_once("zoneinfo/")?.1.to_owned();
    name.parse::<Tz>().is_ok().then_some(name)
}

/// The time of one session: the zone of its database, and the calendar day it was told to work in.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    start: Instant,
    zone: Tz,
    moved: TimeDelta,
}

impl Clock {
    /// `today` moves the calendar day; the time of day stays the machine's.
    pub fn new(zone: Tz, today: Option<Day>) -> Clock {
        let moved = today.map_or(TimeDelta::zero(), |day| day - Utc::now().with_timezone(&zone).date_naive());
        Clock { start: Instant::now(), zone, moved }
    }

    /// The same, with another time of day to begin at.
    pub fn starting(self, time: NaiveTime) -> Clock {
        Clock { moved: self.moved + (time - self.local().time()), ..self }
    }

    /// Milliseconds since the session began, by a clock that nobody sets.
    pub fn steady(&self) -> i64 {
        i64::try_from(self.start.elapsed().as_millis()).unwrap_or(i64::MAX)
    }

    /// The database's local time.
    pub fn local(&self) -> NaiveDateTime {
        self.at(Utc::now().naive_utc())
    }

    pub fn today(&self) -> Day {
        self.local().date()
    }

    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The hour of the machine on the day that we were told to work in.
    pub fn moment(&self) -> Option<Moment> {
        Moment::of(self.local(), self.zone)
    }

    /// The same of another moment, in milliseconds since 1970.
    pub fn local_of(&self, millis: i64) -> NaiveDateTime {
        self.at(DateTime::from_timestamp_millis(millis).unwrap_or_default().naive_utc())
    }

    fn at(&self, utc: NaiveDateTime) -> NaiveDateTime {
        let local = utc.and_utc().with_timezone(&self.zone).naive_local();
        local.checked_add_signed(self.moved).unwrap_or(local)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_the_zones_and_moves_alone() {
        let utc = "2026-11-22T04:30:00".parse::<NaiveDateTime>().expect("a constant");
        let denver = zone("America/Denver").expect("a zone");
        let clock = Clock { start: Instant::now(), zone: denver, moved: TimeDelta::zero() };
        assert_eq!(clock.at(utc).to_string(), "2026-11-21 21:30:00");
        assert_eq!(clock.local_of(utc.and_utc().timestamp_millis()), clock.at(utc));
        let moved = Clock { moved: TimeDelta::days(-10), ..clock };
        assert_eq!(moved.at(utc).to_string(), "2026-11-11 21:30:00");
        let told = Day::from_ymd_opt(2030, 1, 2);
        assert_eq!(Some(Clock::new(denver, told).today()), told);
        // Late on that day, and never on the next: the test itself takes no minute.
        let late = Clock::new(denver, told).starting(NaiveTime::from_hms_opt(23, 58, 0).expect("a constant"));
        assert_eq!((Some(late.today()), late.local().format("%H:%M").to_string()), (told, "23:58".to_owned()));
        assert!(zone("Mars/Olympus").is_err());
    }

    #[test]
    fn ids_grow_and_seeds_differ() {
        let ids: Vec<Uuid> = (0..100).map(|_| fresh()).collect();
        assert!(ids.is_sorted() && ids[0] != ids[1]);
        assert_ne!(seed(), seed());
    }
}
