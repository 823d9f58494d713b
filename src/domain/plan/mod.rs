//! Plans: what a person wants becomes a change set for the version that was seen, or a refusal.
//!
//! All legality is checked here; the journal stores resolved values and the fold asks nothing.

mod builder;
pub mod correct;
pub mod edit;
pub mod extend;
pub mod join;
pub mod letter;
pub mod open;
mod read;
mod review;
pub mod settle;
pub mod touch;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::change::{Change, ChangeSet};
use super::day::{Day, When};
use super::event::Kind;
use super::id::CommandId;
use super::message::{Moment, Person, Rendered};
use super::playbook::{Playbook, Then};
use super::text;

/// Everything a plan may look at beside the application.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub playbook: &'a Playbook,
    pub person: &'a Person,
    /// `company`, `company_phone`, `company_email`.
    pub company: &'a BTreeMap<String, String>,
    pub today: Day,
    /// The instant, where it is known: for what may be done at some hours only.
    pub moment: Option<Moment>,
}

/// What a person said beside naming the act.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Answers {
    pub note: Option<String>,
    /// Fields and message questions by name, as typed.
    pub values: BTreeMap<String, String>,
    pub follow_up: Option<When>,
    pub status: Option<String>,
    pub ball: Option<String>,
    /// The day it happened; `None`: today.
    pub on: Option<Day>,
    /// The party that a free note tried to reach.
    pub attempt: Option<String>,
    /// The reason that makes a move legal which the playbook does not know.
    pub because: Option<String>,
}

impl Answers {
    /// What is left when nothing misleads any more: an answer of invisible characters is none.
    fn clean(&self) -> Answers {
        let note = self.note.as_deref().map(|note| text::clean(note).into_owned());
        Answers { note, values: clean_values(&self.values), ..self.clone() }
    }
}

fn clean_values(values: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    values.iter().map(|(name, text)| (name.clone(), text::clean(text).into_owned())).collect()
}

/// One line of what will happen: "status", "submitted → acknowledged".
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    pub label: &'static str,
    pub text: String,
}

/// A plan that may be saved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Planned {
    pub kind: Kind,
    pub on: Day,
    pub change: Change,
    /// What the same command changes in other records.
    pub also: Vec<Change>,
    /// "A-1042 Smith: asked customer".
    pub did: String,
    pub lines: Vec<Line>,
    /// The new follow-up, for "n already due that day".
    pub follow_up: Option<When>,
    pub message: Option<Rendered>,
    pub then: Then,
}

impl Planned {
    /// The change set for the store.
    pub fn into_set(self, command: CommandId, playbook: &Playbook) -> ChangeSet {
        ChangeSet {
            command,
            kind: self.kind,
            on: self.on,
            undoes: None,
            changes: std::iter::once(self.change).chain(self.also).collect(),
            did: self.did,
            playbook: playbook.name.clone(),
        }
    }
}
