//! What does a row change, compared with what the last import left?
//!
//! Each value of the file is compared with the value that the last import of the same source read
//! under the same key, not with the present state. What did not change in the file changes nothing
//! here, even where a person edited since. What changed on both sides goes by the profile's
//! authority, and without one it is a conflict: ours stays, the file's value is kept beside it as an
//! offer, and the conflict is reported again until a person settles it or one side gives way.

use std::collections::BTreeMap;

use crate::domain::application::Application;
use crate::domain::day::Day;
use crate::domain::event::Write;
use crate::domain::import::{self, Authority, Candidate, Conflict, Known, Profile};
use crate::domain::playbook::Workflow;
use crate::domain::record::OPENED;
use crate::domain::trouble::Problem;
use crate::domain::value::Value;

use super::fields::{Fields, Target, ball, day_text, imported, moved};

/// What every row of one import shares.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// The file's name, for problems.
    pub file: &'a str,
    pub profile: &'a Profile,
    pub workflow: &'a Workflow,
    /// The day of the events, and so since when a status that the file moved has stood. The file's
    /// own dates are milestones.
    pub today: Day,
    /// New rows that bring no follow-up get one of these days in turn; empty: they stay without.
    pub follow_ups: &'a [Day],
}

/// One field that an import wrote: name, before, after.
pub type Difference = (String, Value, Value);

/// What a row comes to whose key an earlier import left. (`added` is for the others.)
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Merge {
    Same,
    /// `fields` may be empty (only conflicts), or only the last imported values (both sides had come
    /// to the same value, or the profile says that ours counts); then `differences` is empty.
    Changed {
        fields: BTreeMap<String, Write>,
        differences: Vec<Difference>,
        conflicts: Vec<Conflict>,
    },
    /// A legal hold refuses every change but its own release.
    Held(Problem),
}

/// Whether the file says anything else than last time, or something stands open since. Cheap; most
/// rows of a repeated import end here.
pub fn differs(candidate: &Candidate, known: &Known) -> bool {
    !known.offers.is_empty() || candidate.values.iter().any(|(field, value)| known.values.get(field).unwrap_or(&Value::Nothing) != value)
}

/// The fields of an application that this file names first.
pub fn added(candidate: &Candidate, terms: &Terms<'_>) -> BTreeMap<String, Write> {
    let profile = terms.profile;
    let mut fields = Fields::default();
    fields.put(OPENED, terms.today.to_string());
    fields.put(&format!("alias.{}", profile.source), candidate.key.as_str());
    for (field, value) in candidate.values.iter().filter(|(_, value)| !value.is_nothing()) {
        match Target::of(field) {
            Target::Milestone(code) => fields.milestone(code, value, &profile.source),
            Target::Note(column) => match candidate.notes.get(column) {
                Some(lines) => drop(fields.dated(lines, None)),
                None => fields.note(column, value),
            },
            Target::Register => fields.put(field, value.clone()),
        }
    }
    let said = candidate.values.get("status").and_then(Value::as_text);
    let lane = terms.workflow.lane(candidate.values.get("lane").and_then(Value::as_text));
    let first = terms.workflow.first(lane).map(|status| status.name.as_str());
    let status = said.or(first).unwrap_or_default();
    fields.put("status", moved(Value::Nothing, status.into()));
    if candidate.values.get("ball").is_none_or(Value::is_nothing) {
        fields.put("ball", ball(terms.workflow, status));
    }
    fields.put(&import::register(None, &profile.source, &candidate.key), imported(candidate, &BTreeMap::new(), &[]));
    fields.done(None)
}

/// Whether a new row is open and says no day on which we look.
pub fn wants_follow_up(candidate: &Candidate, workflow: &Workflow) -> bool {
    let status = candidate.values.get("status").and_then(Value::as_text);
    candidate.values.get("follow_up").is_none_or(Value::is_nothing) && status.is_none_or(|status| workflow.is_open(status))
}

/// Compares a row with the last import. `application` is the record as it stands now.
pub fn merge(candidate: &Candidate, known: &Known, application: &Application, terms: &Terms<'_>) -> Merge {
    let source = &terms.profile.source;
    if !differs(candidate, known) {
        return Merge::Same;
    }
    if application.flag("legal_hold") {
        return Merge::Held(Problem {
            file: terms.file.to_owned(),
            line: candidate.line,
            column: String::new(),
            read: format!("a change of {}, which is on a legal hold", application.reference()),
            wanted: "the hold released first".into(),
        });
    }
    let mut merging =
        Merging { candidate, application, terms, fields: Fields::default(), differences: vec![], conflicts: vec![], refused: vec![] };
    merging.status(known);
    for (field, theirs) in candidate.values.iter().filter(|(field, _)| !matches!(field.as_str(), "status" | "ended_reason")) {
        let last = known.values.get(field).unwrap_or(&Value::Nothing);
        if last != theirs {
            merging.field(field, last, theirs);
        }
    }
    merging.wake();
    let register = import::register(Some(application), source, &candidate.key);
    let alias = register.replacen("import.", "alias.", 1);
    if application.value(&alias).is_nothing() {
        // An application that a person or another source opened becomes this source's too.
        merging.fields.put(&alias, candidate.key.as_str());
    }
    let values = imported(candidate, &known.values, &merging.refused);
    if values != *application.value(&register) {
        merging.fields.put(&register, values);
    }
    if merging.fields.is_empty() && merging.conflicts.is_empty() {
        return Merge::Same;
    }
    Merge::Changed { fields: merging.fields.done(Some(application)), differences: merging.differences, conflicts: merging.conflicts }
}

/// One row while it is compared.
struct Merging<'a> {
    candidate: &'a Candidate,
    application: &'a Application,
    terms: &'a Terms<'a>,
    fields: Fields,
    differences: Vec<Difference>,
    conflicts: Vec<Conflict>,
    /// Fields whose last imported value stays as it was.
    refused: Vec<&'a str>,
}

/// Who has a field's value after the comparison.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Theirs,
    /// Both sides have the same, or ours counts.
    Settled,
    /// Ours stays, theirs stands beside it.
    Offer {
        suggested: bool,
    },
}

impl<'a> Merging<'a> {
    fn verdict(&self, field: &str, ours: &Value, last: &Value, theirs: &Value) -> Verdict {
        match self.terms.profile.authority.get(field) {
            _ if ours == theirs => Verdict::Settled,
            Some(Authority::Suggest) => Verdict::Offer { suggested: true },
            _ if ours == last => Verdict::Theirs,
            Some(Authority::Theirs) => Verdict::Theirs,
            Some(Authority::Ours) => Verdict::Settled,
            Some(Authority::Newest) => match (self.candidate.modified, self.application.registers.get(field)) {
                (Some(theirs), Some(ours)) if theirs < ours.on => Verdict::Settled,
                (Some(_), _) => Verdict::Theirs,
                (None, _) => Verdict::Offer { suggested: false },
            },
            None => Verdict::Offer { suggested: false },
        }
    }

    fn offer(&mut self, field: &'a str, ours: Value, theirs: &Value, suggested: bool) {
        self.refused.push(field);
        let (line, key) = (self.candidate.line, self.candidate.key.clone());
        self.conflicts.push(Conflict { line, key, field: field.to_owned(), ours, theirs: theirs.clone(), suggested });
    }

    fn write(&mut self, field: &str, before: Value, after: &Value) {
        self.differences.push((field.to_owned(), before, after.clone()));
    }

    fn field(&mut self, field: &'a str, last: &Value, theirs: &'a Value) {
        let ours = match Target::of(field) {
            Target::Note(column) => return self.note(column, last, theirs),
            Target::Milestone(code) => self.application.milestone(code).map(|day| day.to_string()).into(),
            Target::Register => self.application.value(field).clone(),
        };
        match self.verdict(field, &ours, last, theirs) {
            Verdict::Settled => {}
            Verdict::Offer { suggested } => self.offer(field, ours, theirs, suggested),
            Verdict::Theirs => {
                match Target::of(field) {
                    // What happened stays recorded: the file only no longer says so.
                    Target::Milestone(code) if theirs.is_nothing() => {
                        self.fields.note(&format!("{code} {}", day_text(&ours)), &"no longer in the file".into())
                    }
                    Target::Milestone(code) => self.fields.milestone(code, theirs, &self.terms.profile.source),
                    Target::Register | Target::Note(_) => self.fields.put(field, theirs.clone()),
                }
                self.write(field, ours, theirs);
            }
        }
    }

    /// Notes are only ever added, and only when their words are new: those of a note that was corrected here are not.
    fn note(&mut self, column: &str, last: &Value, theirs: &Value) {
        if let Some(lines) = self.candidate.notes.get(column) {
            if self.fields.dated(lines, Some(self.application)) {
                self.write(&format!("note.{column}"), last.clone(), theirs);
            }
            return;
        }
        let words = Value::text(super::fields::note(column, theirs));
        if !theirs.is_nothing() && !self.application.entries("note").any(|note| note.value == words) {
            self.fields.note(column, theirs);
            self.write(&format!("note.{column}"), last.clone(), theirs);
        }
    }

    /// The status with what belongs to it: the reason it ended with, and who acts next.
    fn status(&mut self, known: &Known) {
        let Some(theirs) = self.candidate.values.get("status").filter(|status| !status.is_nothing()) else { return };
        let last = |field: &str| known.values.get(field).cloned().unwrap_or_default();
        let ours = self.application.value("status").clone();
        if *theirs != last("status") {
            match self.verdict("status", &ours, &last("status"), theirs) {
                Verdict::Settled => {}
                Verdict::Offer { suggested } => {
                    self.offer("status", ours, theirs, suggested);
                    self.refused.push("ended_reason");
                    return;
                }
                Verdict::Theirs => {
                    self.fields.put("status", moved(ours.clone(), theirs.clone()));
                    self.ball(ours.as_text().unwrap_or_default(), theirs.as_text().unwrap_or_default());
                    self.write("status", ours, theirs);
                    let reason = self.candidate.values.get("ended_reason").cloned().unwrap_or_default();
                    let before = self.application.value("ended_reason").clone();
                    if before != reason {
                        self.write("ended_reason", before, &reason);
                        self.fields.put("ended_reason", reason);
                    }
                    return;
                }
            }
        }
        // A reason belongs to its status: it comes in only where the application stands there too.
        let Some((field, reason)) = self.candidate.values.get_key_value("ended_reason") else { return };
        if *reason != last("ended_reason") && self.application.value("status") == theirs {
            self.field(field, &last("ended_reason"), reason);
        }
    }

    /// A moved status gives the ball to its own party, unless a person or the file gave it to another.
    fn ball(&mut self, from: &str, to: &str) {
        let held = self.application.ball();
        let edited = !held.is_empty() && held != ball(self.terms.workflow, from);
        let given = self.candidate.values.get("ball").is_some_and(|ball| !ball.is_nothing());
        let next = ball(self.terms.workflow, to);
        if !edited && !given && held != next {
            self.write("ball", held.into(), &next.into());
            self.fields.put("ball", next);
        }
    }

    /// "Back when something arrives": something has.
    fn wake(&mut self) {
        if self.differences.is_empty() || !self.application.flag("until_activity") {
            return;
        }
        self.fields.put("until_activity", Value::Nothing);
        let given = self.candidate.values.get("follow_up").is_some_and(|when| !when.is_nothing());
        if !given && !self.application.value("follow_up").is_nothing() {
            self.fields.put("follow_up", Value::Nothing);
        }
    }
}
