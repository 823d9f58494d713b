//! The application: the file at one utility for one site, as its events left it.

use std::ops::Deref;

use super::day::{Day, When};
use super::id::{CommandId, EventId, Hlc, ReplicaId, Uuid};
use super::record::{Entry, Record};
use super::value::Value;

/// A record of kind application, with its fields by name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Application(pub Record);

impl Deref for Application {
    type Target = Record;

    fn deref(&self) -> &Record {
        &self.0
    }
}

/// A to-do that a person added, beside the task that the status gives.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Todo {
    /// The register: `todo.3`.
    pub field: String,
    pub title: String,
    pub party: String,
    pub due: Option<Day>,
    pub done: bool,
}

/// A dated thing that happened: received, deemed complete, inspection passed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Milestone<'a> {
    pub code: &'a str,
    pub day: Day,
    /// Who says so: a login, or the source of an import.
    pub source: &'a str,
}

/// The value of a milestone entry.
pub fn milestone(code: &str, day: Day, source: &str) -> Value {
    Value::map([("code", code.into()), ("day", day.to_string().into()), ("source", source.into())])
}

impl Application {
    /// `A-1042`.
    pub fn reference(&self) -> &str {
        self.text("reference").unwrap_or_default()
    }

    pub fn site(&self) -> &str {
        self.text("site").unwrap_or_default()
    }

    /// Who it is for, in a list: the customer, else the site.
    pub fn who(&self) -> &str {
        self.text("customer_name").unwrap_or_else(|| self.site())
    }

    pub fn utility(&self) -> &str {
        self.text("utility").unwrap_or_default()
    }

    /// The status name; kept as read when no workflow knows it.
    pub fn status(&self) -> &str {
        self.text("status").unwrap_or_default()
    }

    /// The day on which it entered its status.
    pub fn status_since(&self) -> Option<Day> {
        self.registers.get("status").map(|register| register.on)
    }

    pub fn ball(&self) -> &str {
        self.text("ball").unwrap_or_default()
    }

    pub fn owner(&self) -> Option<&str> {
        self.text("owner")
    }

    pub fn follow_up(&self) -> Option<When> {
        self.text("follow_up").and_then(When::parse)
    }

    /// Why nothing can be done now.
    pub fn hold(&self) -> Option<&str> {
        self.text("hold")
    }

    /// The utility's number for it, else the first other number from outside.
    pub fn number(&self) -> Option<&str> {
        self.text("number").or_else(|| self.aliases().map(|(_, number)| number).next())
    }

    /// The same number with the words for whose it is: a CRM number must never pass for the
    /// utility's.
    pub fn named_number(&self) -> Option<(String, &str)> {
        if let Some(number) = self.text("number") {
            return Some(("application number".to_owned(), number));
        }
        self.aliases().next().map(|(source, number)| {
            let label = super::field::find(source).map_or_else(|| format!("{source} number"), |field| field.label.to_owned());
            (label, number)
        })
    }

    /// Every number from outside with its source.
    pub fn aliases(&self) -> impl Iterator<Item = (&str, &str)> {
        self.registers.iter().filter_map(|(field, register)| {
            let source = match field.as_str() {
                "number" | "crm_number" | "permit_number" => field.as_str(),
                other => other.strip_prefix("alias.")?,
            };
            register.value.as_text().map(|number| (source, number))
        })
    }

    pub fn todos(&self) -> impl Iterator<Item = Todo> {
        self.registers.iter().filter(|(field, _)| field.starts_with("todo.")).filter_map(|(field, register)| {
            let text = |key: &str| register.value.get(key).and_then(Value::as_text).unwrap_or_default().to_owned();
            let todo = Todo {
                field: field.clone(),
                title: text("title"),
                party: text("party"),
                due: super::day::parse_day(&text("due")),
                done: register.value.get("done").and_then(Value::as_flag).unwrap_or(false),
            };
            (!register.value.is_nothing()).then_some(todo)
        })
    }

    /// Every milestone that stands, in the order in which they were recorded.
    pub fn milestones(&self) -> impl DoubleEndedIterator<Item = Milestone<'_>> {
        self.entries("milestone").filter_map(|entry| {
            let text = |key: &str| entry.value.get(key).and_then(Value::as_text);
            Some(Milestone { code: text("code")?, day: super::day::parse_day(text("day")?)?, source: text("source").unwrap_or_default() })
        })
    }

    /// The application as it will be when this has been recorded: a letter that goes out with it speaks of its clocks.
    pub fn recorded(&self, code: &str, day: Day) -> Application {
        let mut after = self.clone();
        after.0.entries.push(Entry {
            field: "milestone".to_owned(),
            value: milestone(code, day, ""),
            event: EventId { replica: ReplicaId(Uuid::nil()), seq: 0 },
            command: CommandId(Uuid::nil()),
            at: Hlc::default(),
            on: day,
            by: String::new(),
            hidden: false,
            corrects: None,
        });
        after
    }

    /// The day of the milestone that was recorded last under `code`.
    pub fn milestone(&self, code: &str) -> Option<Day> {
        self.milestones().rev().find(|milestone| milestone.code == code).map(|milestone| milestone.day)
    }

    /// Notes, oldest first, each as it was last corrected. What was corrected stays among the entries.
    pub fn notes(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.first_notes().map(|(idx, note)| self.correction(idx).unwrap_or(note))
    }

    /// The same with the places of the notes among the entries, as they were first written.
    pub fn first_notes(&self) -> impl DoubleEndedIterator<Item = (usize, &Entry)> {
        let is_first = |(_, entry): &(usize, &Entry)| entry.field == "note" && !entry.hidden && entry.corrects.is_none();
        self.entries.iter().enumerate().filter(is_first)
    }

    /// The last correction of the note at that place.
    pub fn correction(&self, place: usize) -> Option<&Entry> {
        self.entries[place..].iter().rev().find(|later| later.corrects == Some(place) && !later.hidden)
    }

    /// The last contact: the day on which the last note, message or disposition happened.
    pub fn touched_on(&self) -> Option<Day> {
        self.entries.iter().filter(|entry| !entry.hidden && entry.field != "milestone").map(|entry| entry.on).max()
    }

    /// How often `party` was tried without an answer.
    pub fn attempts(&self, party: &str) -> i64 {
        self.value(&format!("attempts.{party}")).as_number().unwrap_or(0)
    }
}
