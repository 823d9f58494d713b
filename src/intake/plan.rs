//! What does a whole file change, chunk by chunk, and what is there to report?

use std::collections::{BTreeMap, HashMap};

use crate::domain::application::Application;
use crate::domain::change::Change;
use crate::domain::event::{Of, Write};
use crate::domain::id::SubjectId;
use crate::domain::import::{Candidate, Known, Report};
use crate::domain::trouble::{Failure, Problem};

use super::merge::{self, Merge, Terms};
use super::row::Fault;

/// Rows in one transaction: few enough that nobody else waits half a second for it.
pub const CHUNK: usize = 500;
/// How many differences a report lists field by field.
pub const CHANGES_LISTED: usize = 200;
/// How often a chunk is compared anew when somebody changed one of its records meanwhile.
const TRIES: usize = 3;

/// What the last import left under each of some keys, in their order.
pub type Left = Vec<Option<Known>>;

/// The world, as far as an import needs it.
pub struct Outside<'a> {
    /// Looks up what the last import of this source left under the keys.
    pub known: &'a mut dyn FnMut(&[String]) -> Result<Left, Failure>,
    /// Every key that earlier imports of this source left.
    pub keys: &'a mut dyn FnMut() -> Result<Vec<String>, Failure>,
    /// The record as it stands; asked only for rows that differ. `None` when it does not exist (any more).
    pub application: &'a mut dyn FnMut(SubjectId) -> Result<Option<Application>, Failure>,
    pub new_id: &'a mut dyn FnMut() -> SubjectId,
    /// Writes at most `CHUNK` changes, all or nothing; never called with none. A `Refusal` means that
    /// a record has another version by now: the chunk is read and compared again. In a dry run it
    /// does nothing.
    pub commit: &'a mut dyn FnMut(Vec<Change>) -> Result<(), Failure>,
}

/// An import that could not go on. `report` counts what was committed before; the same file again
/// does the rest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stopped {
    pub report: Report,
    pub failure: Failure,
}

/// Brings every row in. Holds the keys of the file and one chunk of rows, nothing else.
pub fn import(
    rows: impl Iterator<Item = Result<Candidate, Fault>>,
    terms: &Terms<'_>,
    outside: &mut Outside<'_>,
) -> Result<Report, Box<Stopped>> {
    let mut report = Report::default();
    match drive(rows, terms, outside, &mut report) {
        Ok(()) => Ok(report),
        Err(failure) => Err(Box::new(Stopped { report, failure })),
    }
}

fn drive(
    rows: impl Iterator<Item = Result<Candidate, Fault>>,
    terms: &Terms<'_>,
    outside: &mut Outside<'_>,
    report: &mut Report,
) -> Result<(), Failure> {
    // The keys of the file with the line of each; `None`: only a faulty row has it, a later one may come in.
    let mut lines: HashMap<String, Option<usize>> = HashMap::new();
    let mut chunk: Vec<Candidate> = Vec::new();
    for row in rows {
        match row {
            Ok(candidate) => match lines.get(&candidate.key).copied().flatten() {
                Some(line) => report.problems.push(twice(&candidate, line, terms)),
                None => {
                    lines.insert(candidate.key.clone(), Some(candidate.line));
                    chunk.push(candidate);
                }
            },
            Err(fault) => {
                if let Some(key) = fault.key {
                    lines.entry(key).or_insert(None);
                }
                report.problems.push(*fault.problem);
            }
        }
        if chunk.len() == CHUNK {
            settle(&chunk, terms, outside, report)?;
            chunk.clear();
        }
    }
    settle(&chunk, terms, outside, report)?;
    report.gone = (outside.keys)()?.into_iter().filter(|key| !lines.contains_key(key)).collect();
    report.gone.sort();
    report.problems.sort_by_key(|problem| problem.line);
    Ok(())
}

fn twice(candidate: &Candidate, line: usize, terms: &Terms<'_>) -> Problem {
    Problem {
        file: terms.file.to_owned(),
        line: candidate.line,
        column: terms.profile.key.join(" / "),
        read: format!("{}, which line {line} has too", super::cell::shown(&candidate.key)),
        wanted: "each key once".into(),
    }
}

/// Compares and commits one chunk; its counts reach the report only once it is committed.
fn settle(chunk: &[Candidate], terms: &Terms<'_>, outside: &mut Outside<'_>, report: &mut Report) -> Result<(), Failure> {
    if chunk.is_empty() {
        return Ok(());
    }
    let mut tries = 0;
    loop {
        let compared = compare(chunk, terms, outside)?;
        tries += 1;
        let written = if compared.changes.is_empty() { Ok(()) } else { (outside.commit)(compared.changes) };
        match written {
            Err(Failure::Refusal(_)) if tries < TRIES => {}
            Err(failure) => return Err(failure),
            Ok(()) => {
                tally(report, compared.report);
                return Ok(());
            }
        }
    }
}

struct Compared {
    changes: Vec<Change>,
    report: Report,
}

fn compare(chunk: &[Candidate], terms: &Terms<'_>, outside: &mut Outside<'_>) -> Result<Compared, Failure> {
    let keys: Vec<String> = chunk.iter().map(|candidate| candidate.key.clone()).collect();
    let known = (outside.known)(&keys)?;
    let mut compared = Compared { changes: Vec::new(), report: Report::default() };
    for (candidate, known) in chunk.iter().zip(known.into_iter().chain(std::iter::repeat(None))) {
        if let Some(word) = &candidate.unknown_status {
            *compared.report.unknown_statuses.entry(word.clone()).or_default() += 1;
        }
        compare_one(candidate, known, terms, outside, &mut compared)?;
    }
    Ok(compared)
}

fn compare_one(
    candidate: &Candidate,
    known: Option<Known>,
    terms: &Terms<'_>,
    outside: &mut Outside<'_>,
    compared: &mut Compared,
) -> Result<(), Failure> {
    let report = &mut compared.report;
    let seen = match known {
        Some(known) if !merge::differs(candidate, &known) => {
            report.same += 1;
            return Ok(());
        }
        Some(known) => {
            (outside.application)(known.subject)?.filter(|application| application.exists()).map(|application| (known, application))
        }
        None => None,
    };
    let Some((known, application)) = seen else {
        report.added += 1;
        compared.changes.push(change((outside.new_id)(), None, merge::added(candidate, terms)));
        return Ok(());
    };
    match merge::merge(candidate, &known, &application, terms) {
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
    Ok(())
}

fn change(subject: SubjectId, expects: Option<i64>, fields: BTreeMap<String, Write>) -> Change {
    Change { subject, of: Of::Application, expects, needs_reference: expects.is_none(), fields }
}

fn tally(report: &mut Report, chunk: Report) {
    report.added += chunk.added;
    report.changed += chunk.changed;
    report.same += chunk.same;
    report.conflicts.extend(chunk.conflicts);
    report.problems.extend(chunk.problems);
    for (word, count) in chunk.unknown_statuses {
        *report.unknown_statuses.entry(word).or_default() += count;
    }
    let room = CHANGES_LISTED.saturating_sub(report.changes.len());
    report.changes.extend(chunk.changes.into_iter().take(room));
}
