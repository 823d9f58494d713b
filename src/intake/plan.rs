//! What does a whole file change, chunk by chunk, and what is there to report?

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use crate::domain::application::Application;
use crate::domain::change::Change;
use crate::domain::event::{Of, Write};
use crate::domain::id::SubjectId;
use crate::domain::import::{Alike, Candidate, Known, Report};
use crate::domain::text::fold;
use crate::domain::trouble::{Failure, Problem};
use crate::domain::value::Value;

use super::merge::{self, Merge, Terms};
use super::met::{Keys, Met};
use super::row::Row;

/// Rows in one transaction: few enough that nobody else waits half a second for it.
pub const CHUNK: usize = 1_000;
/// How many differences a report lists field by field.
pub const CHANGES_LISTED: usize = 200;
/// How many problems, conflicts and likely duplicates a report lists; more are counted. A million
/// wrong rows must not fill the memory.
pub const LISTED: usize = 10_000;
/// How often a chunk is compared anew when somebody changed one of its records meanwhile.
const TRIES: usize = 3;

/// What the last import left under each of some keys, in their order.
pub type Left = Vec<Option<Known>>;

/// What the world says, or why it cannot.
pub type Answer<T> = Result<T, Failure>;

/// Reference and reason of an application that a new row is likely the same as.
pub type Likely = (String, String);

/// Whether the file has a key.
pub type IsThere<'f> = dyn Fn(&str) -> bool + 'f;

/// Where a row that no import knows belongs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found {
    New,
    /// A person or another source opened it: it has one of the row's numbers.
    Here(SubjectId),
    /// Several have; nobody can say which is meant. Their references.
    Several(Vec<String>),
    /// One has, and this source knows it under another key already.
    Taken {
        reference: String,
        key: String,
    },
}

/// A row, with the fields of a new application where that is what it will most likely be: they can
/// be made on another thread than the one that compares and writes.
pub struct Prepared {
    row: Row,
    fresh: Option<BTreeMap<String, Write>>,
}

impl Prepared {
    /// For the first import of a source.
    pub fn fresh(row: Row, terms: &Terms<'_>) -> Prepared {
        let fresh = match &row {
            Row::Candidate(candidate) => Some(merge::added(candidate, terms)),
            _ => None,
        };
        Prepared { row, fresh }
    }
}

impl From<Row> for Prepared {
    fn from(row: Row) -> Prepared {
        Prepared { row, fresh: None }
    }
}

/// A row of a chunk.
struct Item {
    candidate: Candidate,
    fresh: Option<BTreeMap<String, Write>>,
}

/// The world, as far as an import needs it.
pub struct Outside<'a> {
    /// Looks up what the last import of this source left under the keys.
    pub known: &'a mut dyn FnMut(&[String]) -> Result<Left, Failure>,
    /// Looks by the row's numbers for an application that this source does not know yet.
    pub find: &'a mut dyn FnMut(&Candidate) -> Result<Found, Failure>,
    /// Applications that are likely the same as a new row: reference and reason.
    pub alike: &'a mut dyn FnMut(&Candidate) -> Answer<Vec<Likely>>,
    /// The keys that earlier imports of this source left and that the file does not have.
    pub gone: &'a mut dyn FnMut(&IsThere<'_>) -> Answer<Vec<String>>,
    /// The record as it stands; asked only for rows that differ. `None` when it does not exist (any more).
    pub application: &'a mut dyn FnMut(SubjectId) -> Result<Option<Application>, Failure>,
    pub new_id: &'a mut dyn FnMut() -> SubjectId,
    /// Writes at most `CHUNK` changes, all or nothing; never called with none. A `Refusal` means that
    /// a record has another version by now: the chunk is read and compared again. In a dry run it
    /// does nothing.
    pub commit: &'a mut dyn FnMut(Vec<Change>) -> Result<(), Failure>,
    /// Told after each chunk how many rows were read; may say that it is enough.
    pub go_on: &'a mut dyn FnMut(usize) -> ControlFlow<()>,
}

/// An import that did not come to its end. `report` counts what was committed before; the same file
/// again does the rest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stopped {
    pub report: Report,
    /// `None`: it was asked to stop.
    pub failure: Option<Failure>,
}

/// Brings every row in. Holds a digest of each key of the file and one chunk of rows, nothing else.
pub fn import(
    rows: impl Iterator<Item = Result<Prepared, Problem>>,
    terms: &Terms<'_>,
    outside: &mut Outside<'_>,
) -> Result<Report, Box<Stopped>> {
    let mut import =
        Import { terms, outside, report: Report::default(), keys: Keys::default(), numbers: Keys::default(), rows: 0, spread: 0 };
    match import.drive(rows) {
        Ok(ControlFlow::Continue(())) => Ok(import.report),
        Ok(ControlFlow::Break(())) => Err(Box::new(Stopped { report: import.report, failure: None })),
        Err(failure) => Err(Box::new(Stopped { report: import.report, failure: Some(failure) })),
    }
}

struct Import<'a, 'o> {
    terms: &'a Terms<'a>,
    outside: &'a mut Outside<'o>,
    report: Report,
    keys: Keys,
    /// The numbers of rows that were added: a second row with one of them is not a second application.
    numbers: Keys,
    rows: usize,
    /// Rows that got one of the days before this chunk.
    spread: usize,
}

impl Import<'_, '_> {
    fn drive(&mut self, rows: impl Iterator<Item = Result<Prepared, Problem>>) -> Result<ControlFlow<()>, Failure> {
        let mut chunk: Vec<Item> = Vec::new();
        for row in rows {
            self.rows += 1;
            let Prepared { row, fresh } = row?;
            match row {
                Row::Candidate(candidate) => match self.keys.meet(&candidate.key, candidate.line) {
                    Met::Before { line } => self.problem(twice(&candidate, line, self.terms)),
                    Met::First => chunk.push(Item { candidate, fresh }),
                },
                Row::Fault(fault) => {
                    if let Some(key) = &fault.key {
                        self.keys.excuse(key);
                    }
                    fault.problems.into_iter().for_each(|problem| self.problem(problem));
                }
                Row::LeftOut { key } => {
                    // It is in the file, so it is not gone.
                    key.iter().for_each(|key| self.keys.excuse(key));
                    self.report.left_out += 1;
                }
            }
            if chunk.len() == CHUNK {
                self.settle(&mut chunk)?;
                chunk.clear();
                if (self.outside.go_on)(self.rows).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        self.settle(&mut chunk)?;
        let keys = &self.keys;
        self.report.gone = (self.outside.gone)(&|key| keys.has(key))?;
        self.report.gone.sort();
        self.report.problems.sort_by_key(|problem| problem.line);
        let _ = (self.outside.go_on)(self.rows);
        Ok(ControlFlow::Continue(()))
    }

    fn problem(&mut self, problem: Problem) {
        if self.report.problems.len() < LISTED {
            self.report.problems.push(problem);
        } else {
            self.report.more_problems += 1;
        }
    }

    /// Compares and commits one chunk; its counts reach the report only once it is committed. A row
    /// whose record a row just before has changed starts a commit of its own: a command changes a
    /// record once, and it must be compared with what it is by then.
    fn settle(&mut self, chunk: &mut [Item]) -> Result<(), Failure> {
        let mut rest = chunk;
        let mut tries = 0;
        while !rest.is_empty() {
            let compared = self.compare(rest)?;
            tries += 1;
            let changed = compared.changes.len();
            let written = if compared.changes.is_empty() { Ok(()) } else { (self.outside.commit)(compared.changes) };
            match written {
                Err(Failure::Refusal(_)) if tries < TRIES => {}
                Err(failure) => return Err(failure),
                Ok(()) => {
                    self.spread += compared.spread;
                    self.report.written += changed;
                    self.tally(compared.report);
                    rest = &mut rest[compared.rows..];
                    tries = 0;
                }
            }
        }
        Ok(())
    }

    fn compare(&mut self, chunk: &mut [Item]) -> Result<Compared, Failure> {
        let keys: Vec<String> = chunk.iter().map(|item| item.candidate.key.clone()).collect();
        let known = (self.outside.known)(&keys)?;
        let mut compared = Compared { changes: Vec::new(), report: Report::default(), rows: 0, spread: 0 };
        for (item, known) in chunk.iter_mut().zip(known.into_iter().chain(std::iter::repeat(None))) {
            if !self.compare_one(item, known, &mut compared)? {
                break;
            }
            compared.rows += 1;
            if let Some(word) = &item.candidate.unknown_status {
                *compared.report.unknown_statuses.entry(word.clone()).or_default() += 1;
            }
        }
        Ok(compared)
    }

    /// `false`: it has to wait until the changes before it are committed.
    fn compare_one(&mut self, item: &mut Item, known: Option<Known>, compared: &mut Compared) -> Result<bool, Failure> {
        let candidate = &item.candidate;
        if known.as_ref().is_some_and(|known| !merge::differs(candidate, known)) {
            compared.report.same += 1;
            return Ok(true);
        }
        let known = match known {
            Some(known) => self.standing(known)?,
            None => None,
        };
        let is_known = known.is_some();
        let met = match known {
            Some(met) => Some(met),
            None => match self.meet(candidate)? {
                Ok(met) => met,
                Err(problem) => {
                    compared.report.problems.push(problem);
                    return Ok(true);
                }
            },
        };
        match met {
            None => self.add(item, compared)?,
            Some((known, _)) if compared.changes.iter().any(|change| change.subject == known.subject) => return Ok(false),
            Some((known, application)) => {
                compared.report.found += usize::from(!is_known);
                merged(candidate, &known, &application, self.terms, compared);
            }
        }
        Ok(true)
    }

    /// The application that has one of the row's numbers; `Err`: nobody can say which.
    fn meet(&mut self, candidate: &Candidate) -> Result<Result<Option<(Known, Application)>, Problem>, Failure> {
        Ok(match (self.outside.find)(candidate)? {
            Found::New => Ok(None),
            Found::Several(references) => Err(several(candidate, &references, self.terms)),
            Found::Taken { reference, key } => Err(taken(candidate, &reference, &key, self.terms)),
            Found::Here(subject) => Ok(self.standing(Known { subject, values: BTreeMap::new(), offers: BTreeMap::new() })?),
        })
    }

    /// With the record as it stands; `None` when its opening was undone.
    fn standing(&mut self, known: Known) -> Result<Option<(Known, Application)>, Failure> {
        let application = (self.outside.application)(known.subject)?.filter(|application| application.exists());
        Ok(application.map(|application| (known, application)))
    }

    fn add(&mut self, item: &mut Item, compared: &mut Compared) -> Result<(), Failure> {
        let candidate = &item.candidate;
        let report = &mut compared.report;
        let text = |field: &str| candidate.values.get(field).and_then(Value::as_text).unwrap_or_default();
        let find = self.terms.profile.find.iter().filter(|field| !text(field).is_empty());
        // As the store compares them: without case and accents.
        let numbers: Vec<(&String, String)> =
            find.map(|field| (field, format!("{field}\u{1f}{}\u{1f}{}", fold(text("utility")), fold(text(field))))).collect();
        for (field, number) in &numbers {
            // Its own line: the chunk is compared anew.
            if let Some(line) = self.numbers.line(number).filter(|line| *line != candidate.line) {
                report.problems.push(same_number(candidate, field, text(field), line, self.terms));
                return Ok(());
            }
        }
        for (_, number) in &numbers {
            self.numbers.meet(number, candidate.line);
        }
        let days = self.terms.follow_ups;
        let wants = merge::wants_follow_up(candidate, self.terms.workflow);
        let day = days.get((self.spread + compared.spread) % days.len().max(1)).filter(|_| wants);
        report.without_follow_up += usize::from(wants && day.is_none());
        compared.spread += usize::from(day.is_some());
        report.added += 1;
        let alike = (self.outside.alike)(candidate)?;
        let (line, key) = (candidate.line, &candidate.key);
        report.alike.extend(alike.into_iter().map(|(reference, because)| Alike { line, key: key.clone(), reference, because }));
        let mut fields = item.fresh.take().unwrap_or_else(|| merge::added(candidate, self.terms));
        if let Some(day) = day {
            fields.insert("follow_up".to_owned(), Write { to: Value::text(day.to_string()), ..Write::default() });
        }
        compared.changes.push(change((self.outside.new_id)(), None, fields));
        Ok(())
    }

    fn tally(&mut self, chunk: Report) {
        let report = &mut self.report;
        report.added += chunk.added;
        report.changed += chunk.changed;
        report.same += chunk.same;
        report.found += chunk.found;
        report.without_follow_up += chunk.without_follow_up;
        report.conflicts.extend(chunk.conflicts);
        report.alike.extend(chunk.alike);
        report.alike.truncate(LISTED);
        for (word, count) in chunk.unknown_statuses {
            *report.unknown_statuses.entry(word).or_default() += count;
        }
        let room = CHANGES_LISTED.saturating_sub(report.changes.len());
        report.changes.extend(chunk.changes.into_iter().take(room));
        chunk.problems.into_iter().for_each(|problem| self.problem(problem));
    }
}

struct Compared {
    changes: Vec<Change>,
    report: Report,
    /// So many of the chunk's rows.
    rows: usize,
    /// Those of them that got a day.
    spread: usize,
}

fn merged(candidate: &Candidate, known: &Known, application: &Application, terms: &Terms<'_>, compared: &mut Compared) {
    let report = &mut compared.report;
    match merge::merge(candidate, known, application, terms) {
        Merge::Same => report.same += 1,
        Merge::Held(problem) => report.problems.push(problem),
        Merge::Changed { fields, differences, conflicts } => {
            report.conflicts.extend(conflicts);
            *(if differences.is_empty() { &mut report.same } else { &mut report.changed }) += 1;
            let listed = differences.into_iter().map(|(field, before, after)| (candidate.key.clone(), field, before, after));
            report.changes.extend(listed);
            if !fields.is_empty() {
                compared.changes.push(change(known.subject, Some(application.version), fields));
            }
        }
    }
}

fn change(subject: SubjectId, expects: Option<i64>, fields: BTreeMap<String, Write>) -> Change {
    Change { subject, of: Of::Application, expects, needs_reference: expects.is_none(), fields }
}

fn fault(candidate: &Candidate, terms: &Terms<'_>, column: String, read: String, wanted: &str) -> Problem {
    Problem { file: terms.file.to_owned(), line: candidate.line, column, read, wanted: wanted.to_owned() }
}

fn twice(candidate: &Candidate, line: usize, terms: &Terms<'_>) -> Problem {
    let read = format!("{}, which line {line} has too", super::cell::shown(&candidate.key));
    fault(candidate, terms, terms.profile.key.join(" / "), read, "each key once")
}

fn several(candidate: &Candidate, references: &[String], terms: &Terms<'_>) -> Problem {
    let read = format!("a number that {} have", references.join(" and "));
    fault(candidate, terms, terms.profile.find.join(" / "), read, "one application with it; join them, or correct one")
}

fn taken(candidate: &Candidate, reference: &str, key: &str, terms: &Terms<'_>) -> Problem {
    let read = format!(
        "{}, a number that {reference} has, which {} knows as {}",
        super::cell::shown(&candidate.key),
        terms.profile.source,
        super::cell::shown(key)
    );
    fault(candidate, terms, terms.profile.find.join(" / "), read, "one row for each number, or a profile with find = []")
}

fn same_number(candidate: &Candidate, field: &str, number: &str, line: usize, terms: &Terms<'_>) -> Problem {
    let read = format!("{}, which line {line} has too, under another key", super::cell::shown(number));
    fault(candidate, terms, field.to_owned(), read, "one row for each number, or a profile with find = []")
}
