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
mod tests;
