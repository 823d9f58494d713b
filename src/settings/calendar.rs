//! Which holidays does a file of `playbooks/calendars/` name?

use super::nearest::one_of;
use super::reader::{Problems, Reader, Word};
use super::tree::{Table, quote};
use super::utilities::CONFIDENCE;
use crate::domain::calendar::{Holiday, Moves, Rule};
use crate::domain::day::{Day, Weekday, YEARS, parse_day};
use crate::domain::playbook::{CalendarPage, Confidence};

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// More than that is another rule.
const DAYS_AFTER_MOST: i64 = 30;

/// One file, before the calendar that it is like is known.
struct Read {
    page: CalendarPage,
    like: Option<Word>,
    without: Vec<Word>,
}

/// All calendars by name. One may be *like* another (which is like none itself), *without* some of
/// its holidays and with more of its own.
pub fn all<'a>(tables: impl Iterator<Item = (&'a String, &'a Table)>, problems: &Problems) -> Vec<CalendarPage> {
    let read: Vec<Read> = tables.map(|(name, table)| read(table, name, problems)).collect();
    let plain: Vec<&CalendarPage> = read.iter().filter(|read| read.like.is_none()).map(|read| &read.page).collect();
    read.iter()
        .map(|Read { page, like, without }| {
            let Some(like) = like else { return page.clone() };
            let Some(other) = plain.iter().find(|other| other.name == like.text) else {
                let names: Vec<&str> = plain.iter().map(|page| page.name.as_str()).collect();
                problems.add(&like.at, quote(&like.text), format!("a calendar that is like no other: {}", one_of(&like.text, &names)));
                return page.clone();
            };
            let names: Vec<&str> = other.holidays.iter().map(|holiday| holiday.name.as_str()).collect();
            for word in without.iter().filter(|word| !names.contains(&word.text.as_str())) {
                problems.add(&word.at, quote(&word.text), one_of(&word.text, &names));
            }
            let kept = other.holidays.iter().filter(|holiday| without.iter().all(|word| word.text != holiday.name));
            CalendarPage { holidays: kept.chain(&page.holidays).cloned().collect(), ..page.clone() }
        })
        .collect()
}

fn read(table: &Table, name: &str, problems: &Problems) -> Read {
    let mut reader = Reader::root(table, &format!("playbooks/calendars/{name}.toml"), problems);
    let source = reader.need("source", "the rule that names these holidays").text;
    let confidence = reader.need_choice("confidence", "how sure it is", CONFIDENCE).and_then(|word| Confidence::parse(&word.text));
    let reviewed = reader.need("reviewed", "the day on which somebody last compared it with its source");
    let day = parse_day(&reviewed.text);
    if day.is_none() && !reviewed.text.is_empty() {
        reader.problem(&reviewed.at, quote(&reviewed.text), "a day like 2026-11-29");
    }
    let planning = reader.flag("planning", false);
    let like = reader.word("like");
    let without = reader.words("without");
    if let (None, Some(word)) = (&like, without.first()) {
        reader.problem(&word.at, quote(&word.text), "like = the calendar that has it");
    }
    let holidays = reader.tables("holiday").into_iter().filter_map(holiday).collect();
    reader.finish();
    let page = CalendarPage {
        name: name.to_owned(),
        source,
        confidence: confidence.unwrap_or(Confidence::Unknown),
        reviewed: day.unwrap_or_default(),
        planning,
        holidays,
    };
    Read { page, like, without }
}

fn holiday(mut reader: Reader<'_>) -> Option<Holiday> {
    let name = reader.need("name", "the holiday's name").text;
    let from_year = year(&mut reader);
    let rule = rule(&mut reader);
    let days_after = reader.number("days_after", 0, DAYS_AFTER_MOST).unwrap_or(0);
    let moves = match reader.choice("moves", ["both", "sunday"]) {
        Some(word) if word.text == "sunday" => Moves::Sunday,
        _ => Moves::Both,
    };
    reader.finish();
    Some(Holiday { name, rule: rule?, days_after, moves, from_year })
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
