//! Which holidays does a file of `playbooks/calendars/` name?

use super::reader::{Problems, Reader};
use super::tree::Table;
use crate::domain::calendar::{Holiday, Rule};
use crate::domain::day::{Day, Weekday, YEARS};

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

pub fn read(table: &Table, file: &str, problems: &Problems) -> Vec<Holiday> {
    let mut reader = Reader::root(table, file, problems);
    let holidays = reader
        .tables("holiday")
        .into_iter()
        .filter_map(|mut reader| {
            let name = reader.need("name", "the holiday's name").text;
            let from_year = year(&mut reader);
            let rule = rule(&mut reader);
            reader.finish();
            Some(Holiday { name, rule: rule?, from_year })
        })
        .collect();
    reader.finish();
    holidays
}

fn year(reader: &mut Reader<'_>) -> i32 {
    let (first, last) = (*YEARS.start(), *YEARS.end());
    reader.number("from_year", first.into(), last.into()).and_then(|year| i32::try_from(year).ok()).unwrap_or(first)
}

/// `month` with `day`; with `weekday` and `nth`; or with `weekday` and `last = true`.
fn rule(reader: &mut Reader<'_>) -> Option<Rule> {
    let month = reader.number("month", 1, 12);
    let day = reader.number("day", 1, 31);
    let weekday = reader.choice("weekday", WEEKDAYS).and_then(|word| word.text.parse::<Weekday>().ok());
    let nth = reader.number("nth", 1, 4);
    let last = reader.flag("last", false);
    if !reader.has("month") {
        reader.problem(&reader.at("month"), "nothing", "a month from 1 to 12");
    }
    let month = u32::try_from(month?).ok()?;
    let wrong = |key: &str, read: bool| reader.has(key) && !read;
    if wrong("day", day.is_some()) || wrong("weekday", weekday.is_some()) || wrong("nth", nth.is_some()) {
        return None;
    }
    let rule = match (day, weekday, nth, last) {
        // 2000 was a leap year, so that 29 February is a day that exists.
        (Some(day), None, None, false) => {
            u32::try_from(day).ok().filter(|day| Day::from_ymd_opt(2000, month, *day).is_some()).map(|day| Rule::Fixed { month, day })
        }
        (None, Some(weekday), Some(nth), false) => u8::try_from(nth).ok().map(|nth| Rule::Nth { month, weekday, nth }),
        (None, Some(weekday), None, true) => Some(Rule::Last { month, weekday }),
        _ => None,
    };
    if rule.is_none() {
        let wanted = "month and day of a day that exists; or month, weekday and nth; or month, weekday and last = true";
        reader.problem(&reader.at, "these keys together", wanted);
    }
    rule
}
