//! What did the team add to a utility's page in the program? Quirks, an outage of its portal, and
//! agreements that stop its clocks: one subject of the journal for each utility, by its name.

use std::collections::BTreeMap;

use super::calendar::Calendar;
use super::change::Change;
use super::day::{Day, parse_day, short};
use super::event::{Event, Kind, Of, Write};
use super::id::{SubjectId, Uuid};
use super::plan::{Line, Planned};
use super::playbook::Then;
use super::record::Record;
use super::text::{LINE_MAX, clean_line, cut};
use super::trouble::Refusal;
use super::value::Value;

/// A sentence that somebody of the team added.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AddedQuirk {
    pub says: String,
    pub on: Day,
    pub by: String,
}

/// The portal cannot be used; on the day `until` one looks again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outage {
    pub until: Day,
    pub since: Day,
    pub reason: String,
    pub by: String,
    /// The way that is left: "email desk@example.com". Empty: none is known.
    pub channel: String,
}

impl Outage {
    pub fn words(&self, today: Day) -> String {
        let instead = if self.channel.is_empty() { "; no other way is known".to_owned() } else { format!(": use {}", self.channel) };
        format!("portal down until {} (by {}){instead}", short(self.until, today), self.by)
    }
}

/// An agreement that stops every clock of the utility, after a storm for instance. Its first and its
/// last day do not count either.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stop {
    pub from: Day,
    pub until: Day,
    pub agreed_by: String,
    pub on: Day,
    /// What allows it: a rule, an order.
    pub authority: String,
    pub by: String,
}

impl Stop {
    pub fn words(&self, today: Day) -> String {
        let (from, until) = (short(self.from, today), short(self.until, today));
        format!("clocks stopped {from} to {until}, agreed by {} ({})", self.agreed_by, self.authority)
    }
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct UtilityState {
    /// As the process book has it.
    pub name: String,
    /// How many events it has; a change names the version that its author saw.
    pub version: i64,
    /// In the order in which they were added.
    pub quirks: Vec<AddedQuirk>,
    pub outage: Option<Outage>,
    pub stops: Vec<Stop>,
}

/// The utilities whose agreements differ, by name.
pub fn stopped_otherwise(before: &[UtilityState], after: &[UtilityState]) -> Vec<String> {
    let of = |states: &[UtilityState], name: &str| {
        states.iter().find(|state| state.name == name).map_or(Vec::new(), |state| state.stops.clone())
    };
    let mut names: Vec<&str> = before.iter().chain(after).map(|state| state.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().filter(|name| of(before, name) != of(after, name)).map(str::to_owned).collect()
}

/// A longer stop is a slip in a year, and would count for everybody.
const MOST_STOPPED: i64 = 120;

impl UtilityState {
    /// As its events left it.
    pub fn of_record(record: &Record, name: &str) -> UtilityState {
        let stops = numbered(record, "stop.").filter_map(|(_, value)| {
            Some(Stop {
                from: day(value, "from")?,
                until: day(value, "until")?,
                agreed_by: text(value, "agreed_by"),
                on: day(value, "on")?,
                authority: text(value, "authority"),
                by: text(value, "by"),
            })
        });
        let quirks = numbered(record, "quirk.")
            .filter_map(|(_, value)| Some(AddedQuirk { says: text(value, "says"), on: day(value, "on")?, by: text(value, "by") }));
        let outage = |value: &Value| {
            Some(Outage {
                until: day(value, "until")?,
                since: day(value, "since")?,
                reason: text(value, "reason"),
                by: text(value, "by"),
                channel: text(value, "channel"),
            })
        };
        UtilityState {
            name: name.to_owned(),
            version: record.version,
            quirks: quirks.collect(),
            outage: outage(record.value("outage")),
            stops: stops.collect(),
        }
    }

    /// The outage that still holds on `today`.
    pub fn down(&self, today: Day) -> Option<&Outage> {
        self.outage.as_ref().filter(|outage| today < outage.until)
    }

    /// Whether an agreement keeps a day from counting.
    pub fn stops_on(&self, day: Day) -> bool {
        self.stops.iter().any(|stop| stop.from <= day && day <= stop.until)
    }

    /// Business days after `from` up to and with `to` that count: none of them in an agreement.
    pub fn business_days(&self, calendar: &Calendar, from: Day, to: Day) -> i64 {
        let all = calendar.between(from, to);
        if self.stops.is_empty() || to <= from {
            return all;
        }
        let days = from.iter_days().skip(1).take_while(|day| *day <= to);
        all - i64::try_from(days.filter(|day| calendar.closed(*day).is_none() && self.stops_on(*day)).count()).unwrap_or(0)
    }
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_text).unwrap_or_default().to_owned()
}

fn day(value: &Value, key: &str) -> Option<Day> {
    value.get(key).and_then(Value::as_text).and_then(parse_day)
}

/// The registers `PREFIX.N`, by number.
fn numbered<'a>(record: &'a Record, prefix: &'a str) -> impl Iterator<Item = (u32, &'a Value)> {
    let mut found: Vec<(u32, &Value)> =
        record.registers.iter().filter_map(|(name, register)| Some((name.strip_prefix(prefix)?.parse().ok()?, &register.value))).collect();
    found.sort_by_key(|(number, _)| *number);
    found.into_iter()
}

/// What somebody adds to a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Addition {
    Quirk { says: String },
    Down { until: Day, reason: String, channel: String },
    Up,
    Stop { from: Day, until: Day, agreed_by: String, authority: String },
}

impl Addition {
    /// Cleaned; an answer of invisible letters is none, and a day that cannot be is refused.
    pub fn checked(self, name: &str, state: Option<&UtilityState>, today: Day) -> Result<Addition, Refusal> {
        let line = |text: String| cut(&clean_line(&text), LINE_MAX).to_owned();
        let needed = |text: String, what: &str| match line(text) {
            text if text.is_empty() => Err(Refusal::new(format!("{what} is missing"))),
            text => Ok(text),
        };
        Ok(match self {
            Addition::Quirk { says } => Addition::Quirk { says: needed(says, "the sentence")? },
            Addition::Down { until, .. } if until <= today => {
                return Err(Refusal::new(format!("{until} has come already: a portal is down until a day to come")));
            }
            Addition::Down { until, reason, channel } => Addition::Down { until, reason: line(reason), channel: line(channel) },
            Addition::Up if state.is_none_or(|state| state.down(today).is_none()) => {
                return Err(Refusal::new(format!("the portal of {name} is not down")));
            }
            Addition::Up => Addition::Up,
            Addition::Stop { from, until, .. } if until < from => {
                return Err(Refusal::new(format!("clocks cannot be stopped from {from} to {until}: that is before")));
            }
            Addition::Stop { from, until, .. } if (until - from).num_days() > MOST_STOPPED => {
                return Err(Refusal::new(format!("{from} to {until} is longer than any agreement: {MOST_STOPPED} days at most")));
            }
            Addition::Stop { from, until, agreed_by, authority } => Addition::Stop {
                from,
                until,
                agreed_by: needed(agreed_by, "who agreed")?,
                authority: needed(authority, "what allows it (a rule, an order)")?,
            },
        })
    }

    /// The words for the undo line.
    pub fn did(&self, utility: &str, today: Day) -> String {
        let what = match self {
            Addition::Quirk { says } => format!("quirk: {}", cut(says, 80)),
            Addition::Down { until, .. } => format!("portal down until {}", short(*until, today)),
            Addition::Up => "portal up again".to_owned(),
            Addition::Stop { from, until, .. } => format!("clocks stopped {} to {}", short(*from, today), short(*until, today)),
        };
        format!("{utility}: {what}")
    }

    /// What it will do, to be shown before Enter. The change itself is made where the journal is read,
    /// because only there the subject is known; this one is written nowhere.
    pub fn planned(&self, utility: &str, today: Day) -> Planned {
        let lines = match self {
            Addition::Quirk { says } => vec![("quirk", says.clone())],
            Addition::Down { until, channel, .. } => vec![
                ("portal", format!("down until {}", short(*until, today))),
                ("rows", "what waits for it steps back until then; what lapses before stays".to_owned()),
                ("instead", if channel.is_empty() { "no other way is known".to_owned() } else { channel.clone() }),
            ],
            Addition::Up => vec![("portal", "up again".to_owned())],
            Addition::Stop { from, until, .. } => {
                vec![("clocks", format!("stopped {} to {}", short(*from, today), short(*until, today)))]
            }
        };
        let nobody = Record::new(SubjectId(Uuid::nil()), Of::Utility);
        Planned {
            kind: Kind::Set,
            on: today,
            change: self.change(&nobody, utility, None, today, ""),
            also: Vec::new(),
            did: self.did(utility, today),
            lines: lines.into_iter().map(|(label, text)| Line { label, text }).collect(),
            follow_up: None,
            message: None,
            then: Then::Stay,
        }
    }

    /// What has to be written over what stands in the journal. `seen`: the version on which it was
    /// decided; a quirk or an agreement stands beside the others and needs none.
    pub fn change(&self, record: &Record, name: &str, seen: Option<i64>, today: Day, by: &str) -> Change {
        let next = |prefix: &str| numbered(record, prefix).map(|(number, _)| number).max().unwrap_or(0) + 1;
        let day = |day: Day| Value::from(day.to_string());
        let said = |text: &str| if text.is_empty() { Value::Nothing } else { Value::from(text) };
        let (field, value) = match self {
            Addition::Quirk { says } => {
                (format!("quirk.{}", next("quirk.")), Value::map([("says", said(says)), ("on", day(today)), ("by", by.into())]))
            }
            Addition::Down { until, reason, channel } => (
                "outage".to_owned(),
                Value::map([
                    ("until", day(*until)),
                    ("since", day(today)),
                    ("reason", said(reason)),
                    ("by", by.into()),
                    ("channel", said(channel)),
                ]),
            ),
            Addition::Up => ("outage".to_owned(), Value::Nothing),
            Addition::Stop { from, until, agreed_by, authority } => (
                format!("stop.{}", next("stop.")),
                Value::map([
                    ("from", day(*from)),
                    ("until", day(*until)),
                    ("agreed_by", said(agreed_by)),
                    ("on", day(today)),
                    ("authority", said(authority)),
                    ("by", by.into()),
                ]),
            ),
        };
        let mut fields = BTreeMap::from([(field.clone(), record.write(&field, value))]);
        if record.text("name") != Some(name) {
            fields.insert("name".to_owned(), record.write("name", name.into()));
        }
        let beside = matches!(self, Addition::Quirk { .. } | Addition::Stop { .. });
        let expects = seen.filter(|_| !beside).unwrap_or(record.version);
        Change { subject: record.id, of: Of::Utility, expects: (expects > 0).then_some(expects), needs_reference: false, fields }
    }
}

/// An event of a utility in one sentence.
pub fn told(event: &Event) -> String {
    let what: Vec<String> = event.fields.iter().filter_map(|(field, write)| told_field(field, write, event.on)).collect();
    let what = what.join(", ");
    match event.kind {
        Kind::Undo => format!("undo: {what}"),
        Kind::Redo => format!("redo: {what}"),
        _ => what,
    }
}

fn told_field(field: &str, write: &Write, on: Day) -> Option<String> {
    let value = &write.to;
    let short_day = |key: &str| day(value, key).map(|day| short(day, on)).unwrap_or_default();
    let because = |text: String| if text.is_empty() { text } else { format!(" ({text})") };
    let kind = field.split('.').next().unwrap_or_default();
    Some(match (kind, value.is_nothing()) {
        ("quirk", false) => format!("quirk: {}", text(value, "says")),
        ("quirk", true) => "quirk taken back".to_owned(),
        ("outage", false) => format!("portal down until {}{}", short_day("until"), because(text(value, "reason"))),
        ("outage", true) => "portal up again".to_owned(),
        ("stop", false) => {
            let agreed = format!("agreed by {}{}", text(value, "agreed_by"), because(text(value, "authority")));
            format!("clocks stopped {} to {}, {agreed}", short_day("from"), short_day("until"))
        }
        ("stop", true) => "agreement to stop the clocks taken back".to_owned(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
