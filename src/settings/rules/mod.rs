//! Are the files of `playbooks/rules/` rules that can be answered from?

mod parts;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::nearest::one_of;
use super::reader::{At, Problems, Reader, Word};
use super::tree::{Table, quote};
use super::utilities::CONFIDENCE;
use crate::domain::calendar::Calendar;
use crate::domain::day::{Day, parse_day};
use crate::domain::playbook::{CalendarPage, Confidence, Utility, Workflow};
use crate::domain::rules::matter::{WORDS, folded};
use crate::domain::rules::{Receipt, RuleSet, Rules};

/// What a rule may name.
pub struct Known<'a> {
    pub workflow: &'a Workflow,
    pub utilities: &'a [Utility],
    pub calendars: &'a [CalendarPage],
}

/// A set, and where its dates stand.
struct Read {
    set: RuleSet,
    at: At,
}

pub fn all<'a>(tables: impl Iterator<Item = (&'a String, &'a Table)>, known: &Known<'_>, problems: &Problems) -> Rules {
    let mut calendars = BTreeMap::new();
    let read: Vec<Read> = tables.map(|(name, table)| read(table, name, known, &mut calendars, problems)).collect();
    for (idx, one) in read.iter().enumerate() {
        for other in read[..idx].iter().filter(|other| collide(&one.set, &other.set)) {
            let wanted = format!("dates that do not overlap with {}, or other states, programs or utilities", other.at.place());
            problems.add(&one.at, span(&one.set), wanted);
        }
    }
    Rules { sets: read.into_iter().map(|read| read.set).collect(), ..Rules::default() }
}

/// Two sets that would both answer for the same application.
fn collide(one: &RuleSet, other: &RuleSet) -> bool {
    let share = |ours: &[String], theirs: &[String]| ours.is_empty() || theirs.is_empty() || ours.iter().any(|word| theirs.contains(word));
    let in_time = one.from.is_none_or(|from| other.until.is_none_or(|until| from <= until))
        && other.from.is_none_or(|from| one.until.is_none_or(|until| from <= until));
    let same = one.family == other.family
        || !one.fallback
            && !other.fallback
            && one.states.is_empty() == other.states.is_empty()
            // One that says of nothing what it is for has its own problem.
            && [one, other].iter().all(|set| !set.states.is_empty() || !set.programs.is_empty())
            && share(&one.states, &other.states)
            && share(&one.programs, &other.programs)
            && share(&one.utilities, &other.utilities);
    same && in_time
}

fn span(set: &RuleSet) -> String {
    let day = |day: Option<Day>, none: &str| day.map_or(none.to_owned(), |day| day.to_string());
    format!("{} to {}", day(set.from, "always"), day(set.until, "always"))
}

fn read(table: &Table, name: &str, known: &Known<'_>, calendars: &mut BTreeMap<String, Arc<Calendar>>, problems: &Problems) -> Read {
    let mut reader = Reader::root(table, &format!("playbooks/rules/{name}.toml"), problems);
    let label = reader.need("label", "the words for the screen").text;
    let family = reader.need("family", "the name that all versions of these rules share").text;
    let (from, until) = (day(&mut reader, "from"), day(&mut reader, "until"));
    let at = ["until", "from"].into_iter().find(|key| reader.has(key)).unwrap_or("family");
    let at = reader.at(at);
    if let (Some(from), Some(until)) = (from, until)
        && from > until
    {
        reader.problem(&reader.at("until"), until.to_string(), format!("a day from {from} on"));
    }
    let states = reader.words("states");
    for word in states.iter().filter(|word| word.text.len() != 2 || !word.text.bytes().all(|byte| byte.is_ascii_uppercase())) {
        reader.problem(&word.at, quote(&word.text), "a state as two capital letters: OR");
    }
    let programs = reader.words("programs").into_iter().map(|word| folded(&word.text)).collect();
    let names: Vec<&str> = known.utilities.iter().map(|utility| utility.name.as_str()).collect();
    let utilities = reader.choices("utilities", names).into_iter().map(|word| word.text).collect();
    let fallback = reader.flag("fallback", false);
    if states.is_empty() && !reader.has("programs") && !fallback {
        reader.problem(&reader.at("states"), "nothing", "states, programs, or fallback = true: what these rules are for");
    }
    let calendar = calendar(&mut reader, known, calendars);
    let receipt = match reader.choice("receipt", ["same-day", "next-business-day", "utility"]) {
        Some(word) if word.text == "same-day" => Receipt::SameDay,
        Some(word) if word.text == "next-business-day" => Receipt::NextBusinessDay,
        _ => Receipt::Utility,
    };
    let set = RuleSet {
        name: name.to_owned(),
        label,
        family,
        from,
        until,
        states: states.into_iter().map(|word| word.text).collect(),
        programs,
        utilities,
        fallback,
        calendar,
        receipt,
        citation: reader.need("citation", "the rule as it is cited: OAR 860-039").text,
        source: reader.need("source", "which copy was read").text,
        confidence: confidence(&mut reader).unwrap_or_default(),
        reviewed: reviewed(&mut reader),
        assume: assume(&mut reader),
        tiers: Vec::new(),
        clocks: Vec::new(),
        screens: Vec::new(),
    };
    let set = parts::read(&mut reader, set, known);
    reader.finish();
    Read { set, at }
}

/// A calendar of follow-ups (`planning`) never decides when a duty ends.
fn calendar(reader: &mut Reader<'_>, known: &Known<'_>, made: &mut BTreeMap<String, Arc<Calendar>>) -> Arc<Calendar> {
    let names: Vec<&str> = known.calendars.iter().filter(|page| !page.planning).map(|page| page.name.as_str()).collect();
    let word = reader.need("calendar", "the name of a calendar: federal");
    let page = known.calendars.iter().find(|page| page.name == word.text);
    match page {
        Some(page) if page.planning => {
            let wanted = format!("a calendar that is not for planning only: {}", one_of("", &names));
            reader.problem(&word.at, quote(&word.text), wanted);
        }
        None if !word.text.is_empty() => reader.problem(&word.at, quote(&word.text), one_of(&word.text, &names)),
        _ => {}
    }
    let holidays = page.map(|page| page.holidays.as_slice()).unwrap_or_default();
    let make = || Arc::new(Calendar::new(&word.text, holidays));
    Arc::clone(made.entry(word.text.clone()).or_insert_with(make))
}

fn day<'a>(reader: &mut Reader<'a>, key: &'a str) -> Option<Day> {
    let word = reader.word(key)?;
    let day = parse_day(&word.text);
    if day.is_none() {
        reader.problem(&word.at, quote(&word.text), "a day like 2024-04-09");
    }
    day
}

fn reviewed(reader: &mut Reader<'_>) -> Day {
    if !reader.has("reviewed") {
        reader.problem(&reader.at("reviewed"), "nothing", "the day on which somebody last compared it with its source");
    }
    day(reader, "reviewed").unwrap_or_default()
}

fn confidence(reader: &mut Reader<'_>) -> Option<Confidence> {
    reader.need_choice("confidence", "how sure it is", CONFIDENCE).and_then(|word| Confidence::parse(&word.text))
}

/// `[assume] inverter = "yes"`
fn assume(reader: &mut Reader<'_>) -> Vec<(String, String)> {
    let Some(mut reader) = reader.table("assume") else { return Vec::new() };
    let mut assumed = Vec::new();
    for key in reader.keys() {
        let Some(word) = reader.word(key) else { continue };
        let name = Word { text: key.to_owned(), at: word.at };
        if reader.check(name, WORDS.iter().copied()).is_some() {
            assumed.push((key.to_owned(), word.text));
        }
    }
    assumed
}
