//! The words for a day: `fri`, `next tue`, `5b`, `2w`, `12/4`, `tomorrow 14:00`, `2026-12-04`.

use chrono::{Days, Months};

use super::calendar::Calendar;
use super::day::{Datelike, Day, NaiveTime, Weekday, When, YEARS, short_when};

/// A day in words, resolved, with what has to be shown before it is stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resolved {
    pub when: When,
    /// Holidays that a count of business days passed over, or why the day itself does not count.
    pub skipped: Vec<(Day, String)>,
}

/// The longest text that can be a day; longer ones are refused unread.
const LONGEST: usize = 48;

const ACCEPTED: &str = "fri, next tue, tomorrow, 5b (business days), 3d, 2w, 1m, eow, eom, 12/4 (month/day), dec 4 or 2026-12-04, \
                        with a time if wished: fri 14:00";

/// Reads `text` as of `from`. `Err` says what was wanted, in one sentence.
///
/// Business days are counted from the day after `from`; `0b` is `from` itself. A day without a year
/// is the next such day, `from` included; a weekday is the next one strictly after `from`. Only a
/// day written with its year can lie before `from`.
pub fn read(text: &str, from: Day, calendar: &Calendar) -> Result<Resolved, String> {
    let text = text.trim();
    if text.len() > LONGEST {
        return Err(unknown(text));
    }
    if let Some(when) = When::parse(&text.to_ascii_uppercase()) {
        return Ok(direct(when, calendar));
    }
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let (words, time) = split_time(&words)?;
    let mut resolved = read_day(words, from, calendar).unwrap_or_else(|| Err(unknown(text)))?;
    if !YEARS.contains(&resolved.when.day.year()) {
        return Err(outside(i64::from(resolved.when.day.year())));
    }
    resolved.when.time = time;
    Ok(resolved)
}

/// Reads the day on which something happened, as of `today`: `fri` is the last Friday (today if it
/// is one), `12/4` the last such day, `yesterday`. A day to come is refused.
pub fn read_past(text: &str, today: Day, calendar: &Calendar) -> Result<Day, String> {
    let word = text.trim().to_lowercase();
    if word == "yesterday" {
        return today.pred_opt().ok_or_else(|| unknown(text));
    }
    let day = read(text, today, calendar)?.when.day;
    let past = match () {
        () if day <= today => Some(day),
        () if weekday(&word).is_some() => day.checked_sub_days(Days::new(7)),
        // Without a year the next such day was found; the last one is a year (a leap day: four) earlier.
        () if names_no_year(&word) => (1..=8).filter_map(|years| day.with_year(day.year() - years)).find(|day| *day <= today),
        () => None,
    };
    let come = || format!("{day} is still to come; what happened has a day up to {today}");
    let past = past.filter(|past| *past <= today).ok_or_else(come)?;
    // 12/3 on 11/29 is a slip for next week, not a day of last year; whoever means that writes the year.
    if names_no_year(&word) && (today - past).num_days() > NEARLY_A_YEAR && (day - today).num_days() < 366 - NEARLY_A_YEAR {
        return Err(format!("{day} is still to come; write the year if {past} is meant"));
    }
    Ok(past)
}

/// Days after which a date without a year is more likely a slip than that long ago, or that far ahead.
const NEARLY_A_YEAR: i64 = 270;

/// A date without a year that leads so far ahead: it has just passed, and next year's is hardly meant. The refusal.
pub fn far_ahead(text: &str, day: Day, today: Day) -> Option<String> {
    let slip = names_no_year(&text.trim().to_lowercase()) && (day - today).num_days() > NEARLY_A_YEAR;
    slip.then(|| format!("{} has passed this year; write the year if {day} is meant", text.trim()))
}

/// `12/4` and `dec 4`, as against `12/4/26`, `dec 4 2026` and counts like `5b`.
fn names_no_year(word: &str) -> bool {
    word.matches('/').count() == 1 || word.split_whitespace().count() == 2 && word.split_whitespace().any(|word| month(word).is_some())
}

/// The words of a preview: `Wed 12/2 (7 business days; skips Thu 11/26 Thanksgiving Day)`.
pub fn words(resolved: &Resolved, from: Day, calendar: &Calendar) -> String {
    let day = resolved.when.day;
    let mut inside = vec![distance(day, from, calendar)];
    let (own, passed): (Vec<_>, Vec<_>) = resolved.skipped.iter().partition(|(skipped, _)| *skipped == day);
    inside.extend(own.iter().map(|(_, why)| format!("{why}, not a business day")));
    if !passed.is_empty() {
        let passed: Vec<String> = passed.iter().map(|(day, why)| format!("{} {why}", super::day::short(*day, from))).collect();
        inside.push(format!("skips {}", passed.join(", ")));
    }
    format!("{} ({})", short_when(resolved.when, from), inside.join("; "))
}

fn distance(day: Day, from: Day, calendar: &Calendar) -> String {
    let (count, unit) = match calendar.between(from, day) {
        0 => ((day - from).num_days(), "day"),
        count => (count, "business day"),
    };
    let days = if count.abs() == 1 { unit.to_owned() } else { format!("{unit}s") };
    match day.cmp(&from) {
        std::cmp::Ordering::Equal => "today".to_owned(),
        std::cmp::Ordering::Greater => format!("{count} {days}"),
        std::cmp::Ordering::Less => format!("{} {days} ago", -count),
    }
}

/// A day that is known already, with the holidays between `from` and it, for the words of a preview.
pub fn reached(when: When, from: Day, calendar: &Calendar) -> Resolved {
    let mut resolved = direct(when, calendar);
    resolved.skipped.extend(calendar.skipped(from, when.day).into_iter().filter(|(day, _)| *day != when.day));
    resolved
}

/// A day that was named itself stays, also when it does not count; then it says why.
fn direct(when: When, calendar: &Calendar) -> Resolved {
    let skipped = calendar.closed(when.day).map(|why| (when.day, why.to_owned())).into_iter().collect();
    Resolved { when, skipped }
}

/// `None` when the words are none of the grammar.
fn read_day(words: &[&str], from: Day, calendar: &Calendar) -> Option<Result<Resolved, String>> {
    let named = |day: Option<Day>| match day {
        Some(day) => Ok(direct(When::on(day), calendar)),
        None => Err(outside(i64::from(from.year()))),
    };
    let counted = |digits: &str, unit: Unit| match digits.parse() {
        Ok(count) => count_on(count, unit, from, calendar),
        Err(_) => Err(format!("{digits} {} are too many; the calendar ends with {}", unit.plural(), YEARS.end())),
    };
    Some(match words {
        ["today"] => named(Some(from)),
        ["tomorrow" | "tmr"] => named(from.succ_opt()),
        ["eow"] => named(weekday_of(from, Weekday::Fri, if from.weekday().num_days_from_monday() > 4 { 1 } else { 0 })),
        ["eom"] => end_of_month(from, calendar),
        ["next", name] => named(weekday_of(from, weekday(name)?, 1)),
        ["in", digits, "business", "day" | "days"] if is_digits(digits) => counted(digits, Unit::BusinessDays),
        ["in", digits, unit] if is_digits(digits) => counted(digits, Unit::word(unit)?),
        [first, second] => {
            let (month, number) = month(first).map(|month| (month, second)).or_else(|| Some((month(second)?, first)))?;
            month_day(month, number, None, from)?.and_then(|day| named(Some(day)))
        }
        [month_name, number, year] => {
            month_day(month(month_name)?, number.trim_end_matches(','), Some(year), from)?.and_then(|day| named(Some(day)))
        }
        [one] => {
            if let Some(weekday) = weekday(one) {
                let this_week = weekday_of(from, weekday, 0);
                return Some(named(if this_week > Some(from) { this_week } else { weekday_of(from, weekday, 1) }));
            }
            if let Some((digits, unit)) = short_count(one) {
                return Some(counted(digits, unit));
            }
            written(one, from)?.and_then(|day| named(Some(day)))
        }
        _ => return None,
    })
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Unit {
    BusinessDays,
    Days,
    Weeks,
    Months,
}

impl Unit {
    fn word(word: &str) -> Option<Unit> {
        Some(match word {
            "day" | "days" => Unit::Days,
            "week" | "weeks" => Unit::Weeks,
            "month" | "months" => Unit::Months,
            _ => return None,
        })
    }

    fn plural(self) -> &'static str {
        match self {
            Unit::BusinessDays => "business days",
            Unit::Days => "days",
            Unit::Weeks => "weeks",
            Unit::Months => "months",
        }
    }
}

/// `5b`, `+5bd`, `3d`, `2w`, `1m`: the digits and their unit.
fn short_count(word: &str) -> Option<(&str, Unit)> {
    let word = word.strip_prefix('+').unwrap_or(word);
    let (digits, suffix) = word.split_at(word.find(|c: char| !c.is_ascii_digit())?);
    let unit = match suffix {
        "b" | "bd" => Unit::BusinessDays,
        "d" => Unit::Days,
        "w" => Unit::Weeks,
        "m" => Unit::Months,
        _ => return None,
    };
    is_digits(digits).then_some((digits, unit))
}

fn count_on(count: u32, unit: Unit, from: Day, calendar: &Calendar) -> Result<Resolved, String> {
    let day = match unit {
        Unit::BusinessDays => calendar.add(from, count),
        Unit::Days => from.checked_add_days(Days::new(u64::from(count))),
        Unit::Weeks => from.checked_add_days(Days::new(u64::from(count) * 7)),
        // The 31st plus a month is the last day of a shorter one.
        Unit::Months => from.checked_add_months(Months::new(count)),
    };
    let Some(day) = day.filter(|day| YEARS.contains(&day.year())) else {
        return Err(format!("{count} {} from {from} is outside of the years {} to {}", unit.plural(), YEARS.start(), YEARS.end()));
    };
    let mut resolved = direct(When::on(day), calendar);
    if unit == Unit::BusinessDays && count > 0 {
        resolved.skipped = calendar.skipped(from, day);
    }
    Ok(resolved)
}

/// That weekday of the week (Monday to Sunday) of `from`, or of a later one.
fn weekday_of(from: Day, weekday: Weekday, weeks: u64) -> Option<Day> {
    let monday = from.checked_sub_days(Days::new(u64::from(from.weekday().num_days_from_monday())))?;
    monday.checked_add_days(Days::new(u64::from(weekday.num_days_from_monday()) + 7 * weeks))
}

/// The last business day of the month, or of the next one when that has passed. The holidays to
/// the month's end are named, because one of them may be the last weekday.
fn end_of_month(from: Day, calendar: &Calendar) -> Result<Resolved, String> {
    for months in 1..=2 {
        let first = from.with_day(1).and_then(|first| first.checked_add_months(Months::new(months)));
        let Some(last) = first.and_then(|first| first.pred_opt()) else { break };
        let mut day = last;
        while calendar.closed(day).is_some() && day.day() > 1 {
            day = day.pred_opt().unwrap_or(day);
        }
        if day >= from {
            return Ok(Resolved { when: When::on(day), skipped: calendar.skipped(from, last) });
        }
    }
    Err(outside(i64::from(from.year())))
}

/// `12/4`, `12/4/2026`, `12/4/26`, `2026-12-04`. `None` when it has not that form.
fn written(word: &str, from: Day) -> Option<Result<Day, String>> {
    if let [year, month, day] = word.split('-').collect::<Vec<_>>()[..] {
        let year = year.len() == 4 && is_digits(year) && is_digits(month) && is_digits(day);
        return year.then(|| word.splitn(3, '-').collect::<Vec<_>>()).map(|parts| dated(parts[1], parts[2], Some(parts[0]), from));
    }
    let parts: Vec<&str> = word.split('/').collect();
    let digits = parts.iter().all(|part| is_digits(part));
    match parts[..] {
        [month, day] if digits => Some(dated(month, day, None, from)),
        [month, day, year] if digits => Some(dated(month, day, Some(year), from)),
        _ => None,
    }
}

/// `dec 4` and `4 dec`, with the month already read. `None` when the number is none.
fn month_day(month: u32, number: &str, year: Option<&str>, from: Day) -> Option<Result<Day, String>> {
    let digits = is_digits(number) && number.len() <= 2 && year.is_none_or(|year| year.len() == 4 && is_digits(year));
    digits.then(|| dated(&month.to_string(), number, year, from))
}

/// A month and a day in digits, and perhaps a year. Without one it is the next such day.
fn dated(month: &str, day: &str, year: Option<&str>, from: Day) -> Result<Day, String> {
    let small = |digits: &str| digits.parse::<u32>().unwrap_or(u32::MAX);
    let (month_number, day_number) = (small(month), small(day));
    if !(1..=12).contains(&month_number) {
        return Err(format!("there is no month {month}; days are written month/day, as in 12/4"));
    }
    let missing = |year: &str| format!("there is no day {day} in {}{year}", MONTHS[month_number as usize - 1].1);
    let Some(year) = year else {
        // Eight years reach the next 29 February from anywhere.
        let years = from.year()..=from.year().saturating_add(8);
        let mut days = years.filter_map(|year| Day::from_ymd_opt(year, month_number, day_number));
        return days.find(|day| *day >= from).ok_or_else(|| missing(""));
    };
    let number = match (year.len(), i64::from(small(year))) {
        (2, short) => 2000 + short,
        (_, number) => number,
    };
    let full = i32::try_from(number).ok().filter(|year| YEARS.contains(year)).ok_or_else(|| outside(number))?;
    Day::from_ymd_opt(full, month_number, day_number).ok_or_else(|| missing(&format!(" {full}")))
}

/// The time at the end of the words, if there is one: `14:00`, `2pm`, `at 2:30pm`.
fn split_time<'a, 'b>(words: &'a [&'b str]) -> Result<(&'a [&'b str], Option<NaiveTime>), String> {
    let Some((last, before)) = words.split_last() else { return Ok((words, None)) };
    if !last.starts_with(|c: char| c.is_ascii_digit()) || !(last.contains(':') || last.ends_with("am") || last.ends_with("pm")) {
        return Ok((words, None));
    }
    let time = read_time(last).ok_or_else(|| format!("{last} is not a time of day; write 14:00 or 2:30pm"))?;
    match before {
        [] | ["at"] => Err(format!("{last} needs its day before it, as in today {last}")),
        [before @ .., "at"] => Ok((before, Some(time))),
        _ => Ok((before, Some(time))),
    }
}

fn read_time(word: &str) -> Option<NaiveTime> {
    let (clock, half) = match (word.strip_suffix("am"), word.strip_suffix("pm")) {
        (Some(clock), _) => (clock, Some(0)),
        (_, Some(clock)) => (clock, Some(12)),
        _ => (word, None),
    };
    let (hour, minute) = clock.split_once(':').map_or((clock, None), |(hour, minute)| (hour, Some(minute)));
    if !is_digits(hour) || minute.is_some_and(|minute| minute.len() != 2 || !is_digits(minute)) {
        return None;
    }
    let hour: u32 = hour.parse().ok()?;
    let hour = match half {
        None => hour,
        Some(half) => hour % 12 + (1..=12).contains(&hour).then_some(half)?,
    };
    NaiveTime::from_hms_opt(hour, minute.unwrap_or("0").parse().ok()?, 0)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "mon" | "monday" => Weekday::Mon,
        "tue" | "tues" | "tuesday" => Weekday::Tue,
        "wed" | "weds" | "wednesday" => Weekday::Wed,
        "thu" | "thur" | "thurs" | "thursday" => Weekday::Thu,
        "fri" | "friday" => Weekday::Fri,
        "sat" | "saturday" => Weekday::Sat,
        "sun" | "sunday" => Weekday::Sun,
        _ => return None,
    })
}

const MONTHS: [(&str, &str); 12] = [
    ("jan", "January"),
    ("feb", "February"),
    ("mar", "March"),
    ("apr", "April"),
    ("may", "May"),
    ("jun", "June"),
    ("jul", "July"),
    ("aug", "August"),
    ("sep", "September"),
    ("oct", "October"),
    ("nov", "November"),
    ("dec", "December"),
];

fn month(word: &str) -> Option<u32> {
    let found = |(short, long): &(&str, &str)| word == *short || long.eq_ignore_ascii_case(word) || (*short == "sep" && word == "sept");
    (1..).zip(&MONTHS).find(|(_, names)| found(names)).map(|(number, _)| number)
}

fn unknown(text: &str) -> String {
    if text.is_empty() {
        format!("a day is needed: {ACCEPTED}")
    } else {
        format!("\"{}\" is not a day; write {ACCEPTED}", super::text::cut(text, 24))
    }
}

fn outside(year: i64) -> String {
    format!("the year {year} is outside of {} to {}", YEARS.start(), YEARS.end())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::calendar::testing::calendar;
    use crate::domain::day::parse_day;

    fn day(text: &str) -> Day {
        parse_day(text).expect("a constant of the range")
    }

    #[test]
    fn the_grammar() {
        // Saturday 2026-11-21; Thanksgiving is Thursday 11-26.
        for (text, wanted) in [
            ("today", "2026-11-21"),
            ("Tomorrow", "2026-11-22"),
            ("tmr", "2026-11-22"),
            ("fri", "2026-11-27"),
            ("SATURDAY", "2026-11-28"),
            ("sun", "2026-11-22"),
            ("thurs", "2026-11-26"),
            ("next tue", "2026-11-24"),
            ("next sat", "2026-11-28"),
            ("5b", "2026-11-30"),
            ("+5bd", "2026-11-30"),
            ("0b", "2026-11-21"),
            ("3d", "2026-11-24"),
            ("+3d", "2026-11-24"),
            ("2w", "2026-12-05"),
            ("1m", "2026-12-21"),
            ("in 3 days", "2026-11-24"),
            ("in 1 day", "2026-11-22"),
            ("in 2 weeks", "2026-12-05"),
            ("in 1 month", "2026-12-21"),
            ("in 5 business days", "2026-11-30"),
            ("eow", "2026-11-27"),
            ("eom", "2026-11-30"),
            ("12/4", "2026-12-04"),
            ("11/21", "2026-11-21"),
            ("11/20", "2027-11-20"),
            ("11/20/2026", "2026-11-20"),
            ("12/04/26", "2026-12-04"),
            ("2/29", "2028-02-29"),
            ("2026-12-04", "2026-12-04"),
            ("2025-1-2", "2025-01-02"),
            ("dec 4", "2026-12-04"),
            ("4 December", "2026-12-04"),
            ("sept 1", "2027-09-01"),
            ("Dec 4, 2027", "2027-12-04"),
            ("fri 14:00", "2026-11-27T14:00"),
            ("next tue 2pm", "2026-11-24T14:00"),
            ("  5b   9am ", "2026-11-30T09:00"),
            ("12/4 2:30pm", "2026-12-04T14:30"),
            ("tomorrow at 12am", "2026-11-22T00:00"),
            ("4 dec 12pm", "2026-12-04T12:00"),
            ("2026-12-04T14:00", "2026-12-04T14:00"),
            ("2026-12-04t14:00", "2026-12-04T14:00"),
        ] {
            let read = read(text, day("2026-11-21"), &calendar()).map(|resolved| resolved.when.to_string());
            assert_eq!(read.as_deref(), Ok(wanted), "{text}");
        }
    }

    #[test]
    fn other_days_to_start_from() {
        for (from, text, wanted) in [
            ("2026-11-27", "fri", "2026-12-04"),
            ("2026-11-27", "next fri", "2026-12-04"),
            ("2026-11-23", "tue", "2026-11-24"),
            ("2026-11-23", "next tue", "2026-12-01"),
            ("2026-11-22", "next mon", "2026-11-23"),
            ("2026-11-23", "eow", "2026-11-27"),
            ("2026-11-27", "eow", "2026-11-27"),
            ("2026-11-29", "eow", "2026-12-04"),
            ("2026-10-31", "eom", "2026-11-30"),
            ("2027-12-01", "eom", "2027-12-30"),
            ("2027-12-31", "eom", "2028-01-31"),
            ("2026-01-31", "1m", "2026-02-28"),
            ("2028-01-31", "in 1 month", "2028-02-29"),
        ] {
            let read = read(text, day(from), &calendar()).map(|resolved| resolved.when.to_string());
            assert_eq!(read.as_deref(), Ok(wanted), "{text} from {from}");
        }
    }

    #[test]
    fn what_is_no_day_is_refused_with_a_sentence() {
        for (text, says) in [
            ("31/02", "there is no month 31; days are written month/day"),
            ("00/00", "there is no month 00"),
            ("12/0", "no day 0 in December"),
            ("2/30", "there is no day 30 in February"),
            ("2/29/2027", "there is no day 29 in February 2027"),
            ("2026-02-31", "there is no day 31 in February 2026"),
            ("feb 30", "there is no day 30 in February"),
            ("0001-01-01", "the year 1 is outside of 2000 to 2100"),
            ("1/1/1999", "the year 1999 is outside"),
            ("1/1/2101", "the year 2101 is outside"),
            ("12/4/202", "the year 202 is outside"),
            ("99999b", "99999 business days from 2026-11-21 is outside"),
            ("5000w", "outside of the years"),
            ("9999999999d", "too many"),
            ("4294967295m", "outside"),
            ("soonish", "\"soonish\" is not a day; write fri, next tue"),
            ("next week", "is not a day"),
            ("next", "is not a day"),
            ("5", "is not a day"),
            ("-5b", "is not a day"),
            ("b", "is not a day"),
            ("5x", "is not a day"),
            ("٥b", "is not a day"),
            ("3 days", "is not a day"),
            ("fri mon", "is not a day"),
            ("", "a day is needed"),
            ("fri 25:00", "25:00 is not a time of day"),
            ("fri 13pm", "13pm is not a time of day"),
            ("fri 0pm", "0pm is not a time of day"),
            ("fri 2:5pm", "2:5pm is not a time of day"),
            ("14:00", "14:00 needs its day before it"),
            ("at 2pm", "2pm needs its day before it"),
        ] {
            let read = read(text, day("2026-11-21"), &calendar());
            assert!(read.as_ref().is_err_and(|err| err.contains(says)), "{text}: {read:?}");
        }
        assert!(read(&"é".repeat(9_000), day("2026-11-21"), &calendar()).is_err_and(|err| err.len() < 400));
    }

    #[test]
    fn a_preview_says_what_was_skipped_and_why() {
        for (text, shown) in [
            ("7b", "Wed 12/2 (7 business days; skips Thu 11/26 Thanksgiving Day)"),
            ("1b", "Mon 11/23 (1 business day)"),
            ("fri 14:00", "Fri 11/27 14:00 (4 business days)"),
            ("sat", "Sat 11/28 (4 business days; Saturday, not a business day)"),
            ("thu", "Thu 11/26 (3 business days; Thanksgiving Day, not a business day)"),
            ("today", "Sat 11/21 (today; Saturday, not a business day)"),
            ("sun", "Sun 11/22 (1 day; Sunday, not a business day)"),
            ("1/4", "Mon 1/4/2027 (28 business days)"),
            ("11/19/2026", "Thu 11/19 (1 business day ago)"),
        ] {
            let (from, calendar) = (day("2026-11-21"), calendar());
            assert_eq!(read(text, from, &calendar).map(|resolved| words(&resolved, from, &calendar)).as_deref(), Ok(shown), "{text}");
        }
        let (from, calendar) = (day("2027-12-01"), calendar());
        let end_of_month = read("eom", from, &calendar).expect("a word of the grammar");
        assert_eq!(
            words(&end_of_month, from, &calendar),
            "Thu 12/30 (20 business days; skips Fri 12/24 Christmas Day (observed), Fri 12/31 New Year's Day (observed))"
        );
    }

    proptest! {
        #[test]
        fn nothing_panics_and_only_a_year_leads_back(text in "\\PC{0,30}|[0-9/a-z: +-]{0,14}", offset in -40_000..40_000i64) {
            let from = day("2026-11-21") + chrono::TimeDelta::days(offset);
            if let Ok(resolved) = read(&text, from, &calendar()) {
                let explicit = text.contains('-') || text.matches('/').count() == 2 || text.split_whitespace().any(|word| word.len() == 4);
                prop_assert!(resolved.when.day >= from || explicit, "{text:?} gave {}", resolved.when);
                prop_assert!(YEARS.contains(&resolved.when.day.year()));
                prop_assert!(!words(&resolved, from, &calendar()).is_empty());
            }
        }

        #[test]
        fn every_form_lands_at_or_after_its_start(
            form in prop::sample::select(vec!["{}b", "{}d", "{}w", "{}m", "in {} business days", "fri", "next mon", "eow", "eom", "tmr", "2/29", "dec {}"]),
            number in 1..28u32,
            offset in 0..30_000u64,
        ) {
            let from = day("2000-01-01") + Days::new(offset);
            let resolved = read(&form.replace("{}", &number.to_string()), from, &calendar()).expect("a form of the grammar");
            prop_assert!(resolved.when.day >= from);
        }
    }

    #[test]
    fn a_day_that_has_just_passed_is_hardly_next_years() {
        let today = day("2026-11-21");
        for (text, on, slip) in [
            ("11/20", "2027-11-20", true),
            ("12/4", "2026-12-04", false),
            ("6/1", "2027-06-01", false),
            ("11/20/2027", "2027-11-20", false),
        ] {
            assert_eq!(far_ahead(text, day(on), today).is_some(), slip, "{text}");
        }
    }

    #[test]
    fn what_happened_lies_behind() {
        let calendar = calendar();
        let today = day("2026-11-21");
        for (text, wanted) in [
            ("fri", "2026-11-20"),
            ("sat", "2026-11-21"),
            ("sun", "2026-11-15"),
            ("4/4", "2026-04-04"),
            ("12/4/2025", "2025-12-04"),
            ("11/2", "2026-11-02"),
            ("nov 2", "2026-11-02"),
            ("feb 29", "2024-02-29"),
            ("yesterday", "2026-11-20"),
            ("2026-11-02", "2026-11-02"),
        ] {
            assert_eq!(read_past(text, today, &calendar), Ok(day(wanted)), "{text}");
        }
        // Next week's day without a year is no day of last year.
        for text in ["tomorrow", "3d", "2026-12-01", "12/4/2026", "12/4", "dec 4"] {
            assert!(read_past(text, today, &calendar).is_err_and(|says| says.contains("still to come")), "{text}");
        }
    }
}
