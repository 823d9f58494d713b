//! Which days count: weekends, holidays by rule for any year, observed days.

use std::sync::Arc;

use chrono::TimeDelta;

use super::day::{Datelike, Day, Weekday, YEARS};

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

/// To which weekday a holiday goes that falls on a weekend.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Moves {
    /// Saturday's to the Friday before, Sunday's to the Monday after (5 U.S.C. 6103(b) and Executive
    /// Order 11582; ORS 187.010(2) says the same).
    #[default]
    Both,
    /// Only Sunday's, to the Monday after.
    Sunday,
}

/// One holiday of a calendar.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Holiday {
    pub name: String,
    pub rule: Rule,
    /// So many days after the day that the rule names: the day after Thanksgiving is not always the
    /// fourth Friday.
    pub days_after: i64,
    pub moves: Moves,
    /// The first year in which it is kept. The year is that of the holiday itself: New Year's Day
    /// 2028 is observed in 2027.
    pub from_year: i32,
}

/// Business days of 2000 to 2100, by table: distances cost two look-ups.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Calendar {
    pub name: String,
    /// Business days from 2000-01-01 up to and with each day.
    counts: Vec<u16>,
    /// Weekdays that do not count, with their names, in order.
    closed: Vec<(Day, Arc<str>)>,
}

/// 2000-01-01 in days of the common era, as `num_days_from_ce` counts.
const FIRST: i32 = 730_120;

impl Calendar {
    /// Builds the table. A rule that names no day in some year (month 13, a fifth Monday) closes
    /// nothing in that year.
    pub fn new(name: &str, holidays: &[Holiday]) -> Calendar {
        let closed = closed_weekdays(holidays);
        let last = Day::from_ymd_opt(*YEARS.end(), 12, 31).map_or(FIRST, |day| day.num_days_from_ce());
        // By numbers: a hundred years of dates for each calendar were a tenth of the program's start. Day 1 of the common
        // era was a Monday.
        let mut weekdays = 0;
        let plain = (FIRST..=last).map(|day| {
            weekdays += u16::from((1..=5).contains(&(day % 7)));
            weekdays
        });
        let mut counts: Vec<u16> = plain.collect();
        for (before, (day, _)) in (0..).zip(&closed) {
            let idx = |day: &Day| usize::try_from(day.num_days_from_ce() - FIRST).unwrap_or(0);
            let until = closed.get(before + 1).map_or(counts.len(), |(next, _)| idx(next));
            let less = u16::try_from(before + 1).unwrap_or(u16::MAX);
            counts[idx(day)..until].iter_mut().for_each(|count| *count -= less);
        }
        Calendar { name: name.to_owned(), counts, closed }
    }

    /// Why a day does not count: `Saturday`, `Thanksgiving Day`, `Independence Day (observed)`.
    /// A holiday on a weekend has the weekend's name; its own stands at the observed day.
    pub fn closed(&self, day: Day) -> Option<&str> {
        match day.weekday() {
            Weekday::Sat => Some("Saturday"),
            Weekday::Sun => Some("Sunday"),
            _ => self.closed.binary_search_by_key(&day, |(day, _)| *day).ok().map(|idx| &*self.closed[idx].1),
        }
    }

    /// The nth business day after `day`, which itself is not counted (day 0). With 0 it is `day`
    /// itself, also when that does not count. `None` outside of 2000 to 2100.
    pub fn add(&self, day: Day, business_days: u32) -> Option<Day> {
        let idx = usize::try_from(day.num_days_from_ce() - FIRST).ok().filter(|idx| *idx < self.counts.len())?;
        if business_days == 0 {
            return Some(day);
        }
        let target = u32::from(self.counts[idx]).checked_add(business_days)?;
        let found = idx + self.counts[idx..].partition_point(|count| u32::from(*count) < target);
        let ahead = i32::try_from(found).ok().filter(|_| found < self.counts.len())?;
        Day::from_num_days_from_ce_opt(FIRST + ahead)
    }

    /// Business days after `from` up to and with `to`; negative when `to` is earlier. Days outside
    /// of 2000 to 2100 stand for the nearest end.
    pub fn between(&self, from: Day, to: Day) -> i64 {
        i64::from(self.count(to)) - i64::from(self.count(from))
    }

    /// Holidays (not plain weekends) after `from` up to and with `to`, with their names.
    pub fn skipped(&self, from: Day, to: Day) -> Vec<(Day, String)> {
        let start = self.closed.partition_point(|(day, _)| *day <= from);
        let end = self.closed.partition_point(|(day, _)| *day <= to);
        self.closed.get(start..end).unwrap_or_default().iter().map(|(day, name)| (*day, name.to_string())).collect()
    }

    fn count(&self, day: Day) -> u16 {
        match usize::try_from(day.num_days_from_ce() - FIRST) {
            Ok(idx) => self.counts.get(idx).or(self.counts.last()).copied().unwrap_or(0),
            Err(_) => 0,
        }
    }
}

/// Every weekday on which a holiday is kept, each once. A holiday on its own date names the day
/// rather than one that was moved there.
fn closed_weekdays(holidays: &[Holiday]) -> Vec<(Day, Arc<str>)> {
    let names: Vec<[Arc<str>; 2]> =
        holidays.iter().map(|Holiday { name, .. }| [name.as_str().into(), format!("{name} (observed)").into()]).collect();
    let mut found: Vec<(Day, bool, &[Arc<str>; 2])> = Vec::new();
    // One year more at both ends: New Year's Day 2101 is a Saturday, observed in 2100.
    for year in YEARS.start() - 1..=YEARS.end() + 1 {
        for (holiday, names) in holidays.iter().zip(&names).filter(|(holiday, _)| year >= holiday.from_year) {
            let Some(day) = falls(holiday, year) else { continue };
            let kept = observed(holiday, day);
            if YEARS.contains(&kept.year()) && !is_weekend(kept) {
                found.push((kept, kept != day, names));
            }
        }
    }
    found.sort_by_key(|(day, moved, _)| (*day, *moved));
    found.dedup_by_key(|(day, _, _)| *day);
    found.into_iter().map(|(day, moved, names)| (day, Arc::clone(&names[usize::from(moved)]))).collect()
}

fn falls(holiday: &Holiday, year: i32) -> Option<Day> {
    let named = match holiday.rule {
        Rule::Fixed { month, day } => Day::from_ymd_opt(year, month, day),
        Rule::Nth { month, weekday, nth } => Day::from_weekday_of_month_opt(year, month, weekday, nth),
        Rule::Last { month, weekday } => (4..=5).rev().find_map(|nth| Day::from_weekday_of_month_opt(year, month, weekday, nth)),
    };
    named?.checked_add_signed(TimeDelta::try_days(holiday.days_after)?)
}

/// Only a fixed date can meet a weekend by accident.
fn observed(holiday: &Holiday, day: Day) -> Day {
    let moved = match (holiday.rule, holiday.moves, day.weekday()) {
        (Rule::Fixed { .. }, Moves::Both, Weekday::Sat) => day.pred_opt(),
        (Rule::Fixed { .. }, _, Weekday::Sun) => day.succ_opt(),
        _ => None,
    };
    moved.unwrap_or(day)
}

fn is_weekend(day: Day) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// A calendar for the tests of other modules; the one in use is data.
#[cfg(test)]
pub(crate) mod testing {
    use super::{Calendar, Holiday, Moves, Rule, Weekday};

    /// The federal holidays (5 U.S.C. 6103(a)); Juneteenth since 2021.
    pub fn federal() -> Vec<Holiday> {
        let fixed = |month, day| Rule::Fixed { month, day };
        let nth = |month, weekday, nth| Rule::Nth { month, weekday, nth };
        [
            ("New Year's Day", fixed(1, 1), 2000),
            ("Birthday of Martin Luther King, Jr.", nth(1, Weekday::Mon, 3), 2000),
            ("Washington's Birthday", nth(2, Weekday::Mon, 3), 2000),
            ("Memorial Day", Rule::Last { month: 5, weekday: Weekday::Mon }, 2000),
            ("Juneteenth", fixed(6, 19), 2021),
            ("Independence Day", fixed(7, 4), 2000),
            ("Labor Day", nth(9, Weekday::Mon, 1), 2000),
            ("Columbus Day", nth(10, Weekday::Mon, 2), 2000),
            ("Veterans Day", fixed(11, 11), 2000),
            ("Thanksgiving Day", nth(11, Weekday::Thu, 4), 2000),
            ("Christmas Day", fixed(12, 25), 2000),
        ]
        .map(|(name, rule, from_year)| Holiday { name: name.to_owned(), rule, days_after: 0, moves: Moves::Both, from_year })
        .to_vec()
    }

    pub fn calendar() -> Calendar {
        Calendar::new("federal", &federal())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::day::parse_day;

    fn day(text: &str) -> Day {
        parse_day(text).expect("a constant of the range")
    }

    fn with(extra: Option<(u32, u32)>) -> Calendar {
        let mut holidays = testing::federal();
        if let Some((month, day)) = extra {
            holidays.push(Holiday {
                name: "office closed".into(),
                rule: Rule::Fixed { month, day },
                days_after: 0,
                moves: Moves::Both,
                from_year: 2000,
            });
        }
        Calendar::new("test", &holidays)
    }

    #[test]
    fn the_first_day_is_where_the_table_starts() {
        assert_eq!(day("2000-01-01").num_days_from_ce(), FIRST);
        assert_eq!(with(None).counts.len(), 36_890, "101 years, 25 of them leap years");
    }

    #[test]
    fn federal_holidays_of_two_years() {
        let kept = |year: i32| -> Vec<String> {
            let (from, to) = (Day::from_ymd_opt(year - 1, 12, 31), Day::from_ymd_opt(year, 12, 31));
            let days = with(None).skipped(from.expect("a constant"), to.expect("a constant"));
            days.iter().map(|(day, name)| format!("{} {name}", day.format("%m-%d %a"))).collect()
        };
        assert_eq!(
            kept(2026),
            [
                "01-01 Thu New Year's Day",
                "01-19 Mon Birthday of Martin Luther King, Jr.",
                "02-16 Mon Washington's Birthday",
                "05-25 Mon Memorial Day",
                "06-19 Fri Juneteenth",
                "07-03 Fri Independence Day (observed)",
                "09-07 Mon Labor Day",
                "10-12 Mon Columbus Day",
                "11-11 Wed Veterans Day",
                "11-26 Thu Thanksgiving Day",
                "12-25 Fri Christmas Day",
            ]
        );
        assert_eq!(
            kept(2027),
            [
                "01-01 Fri New Year's Day",
                "01-18 Mon Birthday of Martin Luther King, Jr.",
                "02-15 Mon Washington's Birthday",
                "05-31 Mon Memorial Day",
                "06-18 Fri Juneteenth (observed)",
                "07-05 Mon Independence Day (observed)",
                "09-06 Mon Labor Day",
                "10-11 Mon Columbus Day",
                "11-11 Thu Veterans Day",
                "11-25 Thu Thanksgiving Day",
                "12-24 Fri Christmas Day (observed)",
                "12-31 Fri New Year's Day (observed)",
            ]
        );
    }

    #[test]
    fn why_a_day_is_closed() {
        let calendar = with(None);
        for (text, why) in [
            ("2026-07-03", Some("Independence Day (observed)")),
            ("2026-07-04", Some("Saturday")),
            ("2026-07-05", Some("Sunday")),
            ("2026-07-06", None),
            ("2020-06-19", None),
            ("2021-06-18", Some("Juneteenth (observed)")),
            ("2027-12-31", Some("New Year's Day (observed)")),
            ("2028-01-01", Some("Saturday")),
            ("2028-01-03", None),
            ("2100-12-31", Some("New Year's Day (observed)")),
        ] {
            assert_eq!(calendar.closed(day(text)), why, "{text}");
        }
        assert_eq!(calendar.closed(Day::from_ymd_opt(1999, 12, 31).expect("a constant")), None);
    }

    #[test]
    fn skipped_leaves_out_its_first_day_and_has_its_last() {
        let calendar = with(None);
        let count = |from: &str, to: &str| calendar.skipped(day(from), day(to)).len();
        assert_eq!(count("2026-11-25", "2026-11-26"), 1);
        assert_eq!(count("2026-11-26", "2026-11-27"), 0);
        assert_eq!(count("2026-11-27", "2026-11-26"), 0);
        assert_eq!(count("2026-11-11", "2026-12-25"), 2);
    }

    #[test]
    fn a_holiday_on_its_date_names_the_day_before_a_moved_one() {
        let calendar = with(Some((12, 24)));
        assert_eq!(calendar.closed(day("2027-12-24")), Some("office closed"));
        assert_eq!(calendar.skipped(day("2027-12-23"), day("2027-12-24")).len(), 1);
    }

    #[test]
    fn the_worked_examples() {
        for (extra, start, count, due) in [
            (None, "2026-11-16", 3, "2026-11-19"),
            (Some((11, 27)), "2026-11-16", 10, "2026-12-02"),
            (None, "2026-11-24", 10, "2026-12-09"),
            (None, "2026-10-08", 3, "2026-10-14"),
            (Some((7, 24)), "2026-07-20", 10, "2026-08-04"),
            (None, "2026-11-21", 10, "2026-12-07"),
            (None, "2026-11-23", 10, "2026-12-08"),
            (None, "2027-12-30", 1, "2028-01-03"),
            (None, "2026-11-26", 0, "2026-11-26"),
        ] {
            let calendar = with(extra);
            assert_eq!(calendar.add(day(start), count), Some(day(due)), "{start} + {count}");
            assert_eq!(calendar.between(day(start), day(due)), i64::from(count), "{start} to {due}");
            assert_eq!(calendar.between(day(due), day(start)), -i64::from(count), "{due} to {start}");
        }
    }

    #[test]
    fn the_ends_of_the_range_do_not_panic() {
        let calendar = with(None);
        let (first, last) = (day("2000-01-01"), day("2100-12-31"));
        assert_eq!(calendar.add(first, 1), Some(day("2000-01-03")));
        assert_eq!(calendar.add(day("2100-12-29"), 1), Some(day("2100-12-30")));
        for (start, count) in [(day("2100-12-30"), 1), (last, 1), (first, u32::MAX), (last, u32::MAX), (Day::MIN, 5), (Day::MAX, 0)] {
            assert_eq!(calendar.add(start, count), None, "{start} + {count}");
        }
        let all = calendar.between(first, last);
        assert_eq!(calendar.between(Day::MIN, Day::MAX), all);
        assert_eq!(calendar.between(Day::MAX, Day::MIN), -all);
        assert!(calendar.skipped(Day::MAX, Day::MIN).is_empty());
        assert!(calendar.skipped(Day::MIN, Day::MAX).len() > 1_000);
        let odd =
            [Rule::Fixed { month: 13, day: 1 }, Rule::Fixed { month: 2, day: 31 }, Rule::Nth { month: 2, weekday: Weekday::Mon, nth: 0 }]
                .map(|rule| Holiday { name: "never".into(), rule, days_after: 0, moves: Moves::Both, from_year: i32::MIN });
        assert!(Calendar::new("odd", &odd).skipped(Day::MIN, Day::MAX).is_empty());
    }

    proptest! {
        #[test]
        fn adding_and_measuring_agree(offset in 0..36_889i32, count in 1..600u32) {
            let calendar = testing::calendar();
            let start = Day::from_num_days_from_ce_opt(FIRST + offset).expect("in the range");
            let Some(due) = calendar.add(start, count) else {
                prop_assert!(calendar.between(start, day("2100-12-31")) < i64::from(count));
                return Ok(());
            };
            prop_assert_eq!(calendar.between(start, due), i64::from(count));
            prop_assert_eq!(calendar.closed(due), None);
            let walked = start.iter_days().skip(1).filter(|day| calendar.closed(*day).is_none()).nth(count as usize - 1);
            prop_assert_eq!(Some(due), walked);
        }
    }
}
