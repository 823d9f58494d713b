//! What does a row say, by the columns of a profile?

use crate::domain::field::{self, Field, Kind};
use crate::domain::import::{Candidate, Profile, StatusRule, Target};
use crate::domain::text::NOTE_MAX;
use crate::domain::trouble::Problem;
use crate::domain::value::Value;

use super::cell::{self, Dated, Dates};
use super::near::nearest;
use super::raw::RawRow;

/// A row that does not come in, with its key where that could be read: the row is in the file, so
/// it is not gone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    pub problem: Box<Problem>,
    pub key: Option<String>,
}

/// The most text of one row: the journal keeps it twice (the fields, and what this import brought),
/// and one event has at most 256 KiB.
const ROW_MAX: usize = 96 * 1024;

/// A profile laid over the header of one file.
#[derive(Debug)]
pub struct Shape<'p> {
    file: String,
    profile: &'p Profile,
    columns: usize,
    key: Vec<usize>,
    uses: Vec<Use<'p>>,
    statuses: Vec<(usize, &'p StatusRule)>,
    /// The columns of `statuses`, each once, that of the last rule first.
    status_columns: Vec<usize>,
    constants: Vec<(String, Value)>,
}

/// One column and what is made of it.
#[derive(Debug)]
struct Use<'p> {
    idx: usize,
    column: &'p str,
    /// The name in `Candidate::values`.
    name: String,
    makes: Makes<'p>,
}

#[derive(Debug)]
enum Makes<'p> {
    Field { field: &'static Field, dates: Option<Dates>, unit: &'p str },
    Milestone { code: &'p str, dates: Dates },
    Note,
}

impl<'p> Shape<'p> {
    /// `Err` lists every column that the file lacks, and every fault of the profile.
    pub fn new(file: &str, headers: &[String], profile: &'p Profile) -> Result<Shape<'p>, Vec<Problem>> {
        if let Some(problem) = unsplit(file, headers, profile) {
            return Err(vec![problem]);
        }
        let mut problems = Vec::new();
        let find = |name: &str, problems: &mut Vec<Problem>| {
            let found = headers.iter().position(|header| header == name);
            let known = problems.iter().any(|problem| problem.column == name);
            if found.is_none() && !known {
                problems.push(missing(file, name, headers, profile));
            }
            found
        };
        let key = profile.key.iter().filter_map(|name| find(name, &mut problems)).collect();
        let statuses: Vec<_> = profile.statuses.iter().filter_map(|rule| Some((find(&rule.column, &mut problems)?, rule))).collect();
        let mut uses = Vec::new();
        for column in &profile.columns {
            if let Some(idx) = find(&column.name, &mut problems) {
                match make(&column.target) {
                    Ok((name, makes)) => {
                        let name = if name.is_empty() { format!("note.{}", column.name) } else { name };
                        uses.push(Use { idx, column: &column.name, name, makes });
                    }
                    Err((read, wanted)) => problems.push(of_profile(profile, &column.name, read, wanted)),
                }
            }
        }
        let constants = constants(profile, &mut problems);
        if profile.key.is_empty() {
            problems.push(of_profile(profile, "", "no key".into(), "the columns that together name a row".into()));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut status_columns: Vec<usize> = Vec::new();
        for (idx, _) in statuses.iter().rev() {
            if !status_columns.contains(idx) {
                status_columns.push(*idx);
            }
        }
        Ok(Shape { file: file.to_owned(), profile, columns: headers.len(), key, uses, statuses, status_columns, constants })
    }

    /// Reads one row. Its `values` have every field that the file covers, with `Nothing` for an empty
    /// cell, so that a value that went away differs from a column that is not there.
    pub fn read(&self, row: &RawRow) -> Result<Candidate, Fault> {
        let key = self.key(row);
        let fault = |column: &str, read: String, wanted: String| Fault {
            problem: Box::new(Problem { file: self.file.clone(), line: row.line, column: column.to_owned(), read, wanted }),
            key: key.clone(),
        };
        if row.columns() != self.columns {
            return Err(fault("", plural(row.columns(), "column"), format!("{}, as the header has", self.columns)));
        }
        let Some(key) = &key else {
            return Err(fault(&self.profile.key.join(" / "), "nothing".into(), "the value that names the row".into()));
        };
        let mut candidate =
            Candidate { line: row.line, key: key.clone(), values: self.constants.iter().cloned().collect(), ..Candidate::default() };
        for used in &self.uses {
            let text = self.text(row.cell(used.idx));
            // Never a lost word: a note that cannot be kept whole is a fault, not a shorter note.
            if used.name.starts_with("note.") && text.len() > NOTE_MAX {
                return Err(fault(
                    used.column,
                    format!("{} KiB", text.len() / 1024),
                    format!("at most {} KiB in one note", NOTE_MAX / 1024),
                ));
            }
            used.read(text, &mut candidate).map_err(|wanted| fault(used.column, cell::shown(text), wanted))?;
        }
        let kept: usize = candidate.values.values().filter_map(Value::as_text).map(str::len).sum();
        if kept > ROW_MAX {
            return Err(fault("", format!("{} KiB of text", kept / 1024), format!("at most {} KiB in one row", ROW_MAX / 1024)));
        }
        self.status(row, &mut candidate);
        Ok(candidate)
    }

    /// `None` when every key column is empty.
    fn key(&self, row: &RawRow) -> Option<String> {
        let parts: Vec<String> = self.key.iter().map(|idx| cell::line(self.text(row.cell(*idx)))).collect();
        parts.iter().any(|part| !part.is_empty()).then(|| parts.join("/"))
    }

    /// A cell without the spaces around it; a placeholder is empty.
    fn text<'a>(&self, cell: &'a str) -> &'a str {
        let text = cell.trim();
        if self.profile.placeholders.iter().any(|placeholder| same_word(placeholder, text)) { "" } else { text }
    }

    /// The first rule whose words match gives the status. When none does, a word is kept as it was
    /// read: that of the last rule's column, else the nearest one before that has any. Rules go from
    /// the special to the general, and the general column says where a row stands.
    fn status(&self, row: &RawRow, candidate: &mut Candidate) {
        if self.statuses.is_empty() {
            return;
        }
        let says = |rule: &StatusRule, text: &str| {
            if rule.word.is_empty() { !text.is_empty() } else { same_word(&rule.word, text) }
        };
        let words: Vec<(usize, String)> = self.status_columns.iter().map(|idx| (*idx, cell::line(self.text(row.cell(*idx))))).collect();
        let word = |idx: usize| words.iter().find(|(column, _)| *column == idx).map_or("", |(_, word)| word.as_str());
        let rule = self.statuses.iter().find(|(idx, rule)| says(rule, word(*idx))).map(|(_, rule)| rule);
        let unknown = words.iter().map(|(_, word)| word).find(|word| !word.is_empty());
        let (status, reason) = match (rule, unknown) {
            (Some(rule), _) => (Value::text(&rule.status), rule.ended_reason.clone().into()),
            (None, Some(word)) => (Value::text(word), Value::Nothing),
            (None, None) => (Value::Nothing, Value::Nothing),
        };
        candidate.unknown_status = unknown.filter(|_| rule.is_none()).cloned();
        candidate.values.insert("status".into(), status);
        candidate.values.insert("ended_reason".into(), reason);
    }
}

impl Use<'_> {
    /// Puts what the cell says into the candidate. `Err` says what was wanted. Where two columns
    /// feed one field, the first that has a value counts.
    fn read(&self, text: &str, candidate: &mut Candidate) -> Result<(), String> {
        let value = match &self.makes {
            _ if text.is_empty() => Value::Nothing,
            Makes::Note => Some(cell::note(text)).filter(|note| !note.is_empty()).into(),
            Makes::Milestone { dates, .. } | Makes::Field { dates: Some(dates), .. } => match dates.read(text) {
                Dated::Day(day) => Value::text(day.to_string()),
                Dated::Old(day) => {
                    candidate.values.insert(format!("note.{}", self.column), Value::text(day.to_string()));
                    Value::Nothing
                }
                Dated::Wrong => return Err(dates.wanted()),
            },
            Makes::Field { field, dates: None, unit } => read_field(field, text, unit)?,
        };
        if candidate.values.get(&self.name).is_none_or(Value::is_nothing) {
            if let (Makes::Milestone { code, .. }, Some(day)) = (&self.makes, value.as_text().and_then(crate::domain::day::parse_day)) {
                candidate.milestones.insert((*code).to_owned(), day);
            }
            candidate.values.insert(self.name.clone(), value);
        }
        Ok(())
    }
}

fn read_field(field: &Field, text: &str, unit: &str) -> Result<Value, String> {
    match field.kind {
        Kind::Watts | Kind::WattHours => {
            let sized = cell::size(text, unit).ok_or("a decimal point, and commas only between thousands")?;
            field::read(field, &sized)
        }
        // Cleaned first: a line end inside a cell is a space in a field.
        _ => field::read(field, &cell::line(text)),
    }
}

/// The name in `Candidate::values` (empty for a note, which is named by its column) and the use.
/// `Err` is what was read in the profile and what was wanted there.
fn make(target: &Target) -> Result<(String, Makes<'_>), (String, String)> {
    let dates = |format| {
        Dates::new(format)
            .map_err(|format| (format!("the date format {format}"), "one that gives year, month and day, like %m/%d/%Y".to_owned()))
    };
    Ok(match target {
        Target::Field { name, date, unit, .. } => {
            let field = field::find(name).ok_or_else(|| (format!("the field {name}"), "a field of `show --json`".to_owned()))?;
            let holds_day = matches!(field.kind, Kind::Day | Kind::When | Kind::Text);
            if date.is_some() && !holds_day {
                return Err((format!("a date for the field {name}"), "a field that holds a day".into()));
            }
            let dates = date.as_ref().map(dates).transpose()?;
            (name.clone(), Makes::Field { field, dates, unit })
        }
        Target::Milestone { code, date } => (format!("milestone.{code}"), Makes::Milestone { code, dates: dates(date)? }),
        Target::Note | Target::DatedNotes { .. } | Target::Modified { .. } => (String::new(), Makes::Note),
    })
}

fn constants(profile: &Profile, problems: &mut Vec<Problem>) -> Vec<(String, Value)> {
    let mut constants = Vec::new();
    for (name, text) in &profile.constants {
        let read = field::find(name).ok_or("a field of `show --json`".to_owned()).and_then(|field| read_field(field, text, ""));
        match read {
            Ok(value) => constants.push((name.clone(), value)),
            Err(wanted) => problems.push(of_profile(profile, name, cell::shown(text), wanted)),
        }
    }
    constants
}

/// Without case and the spaces around.
fn same_word(a: &str, b: &str) -> bool {
    let (a, b) = (a.trim(), b.trim());
    a.eq_ignore_ascii_case(b) || !a.is_ascii() && a.to_lowercase() == b.to_lowercase()
}

fn of_profile(profile: &Profile, column: &str, read: String, wanted: String) -> Problem {
    Problem { file: format!("profile {}", profile.name), line: 0, column: column.to_owned(), read, wanted }
}

/// A header that is one column only because it was split at the wrong sign: one problem, not one for each column.
fn unsplit(file: &str, headers: &[String], profile: &Profile) -> Option<Problem> {
    let [one] = headers else { return None };
    if !one.contains([',', ';', '\t', '|']) || profile.columns.iter().any(|column| column.name == *one) {
        return None;
    }
    let wanted = format!(
        "columns separated by {:?}, the delimiter of the profile {}",
        char::from(profile.format.delimiter.unwrap_or(b',')),
        profile.name
    );
    let read = format!("one column, {}", cell::shown(one));
    Some(Problem { file: file.to_owned(), line: 1, column: String::new(), read, wanted })
}

fn missing(file: &str, name: &str, headers: &[String], profile: &Profile) -> Problem {
    let near = nearest(name, headers);
    let read = match near.as_slice() {
        [] => format!("{} without it", plural(headers.len(), "column")),
        near => format!("no such header; the nearest: {}", cell::shown(&near.join(", "))),
    };
    let wanted = format!("the column that the profile {} names", profile.name);
    Problem { file: file.to_owned(), line: 1, column: name.to_owned(), read, wanted }
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
