//! Which columns of a file does a profile use, and what stands in one of them?

use crate::domain::import::{Column, Profile};
use crate::domain::trouble::Problem;

use super::cell;
use super::near::nearest;
use super::raw::RawRow;
use super::words::Words;

/// What a cell holds that a program could not work out or decode is no value.
const WANTED: &str = "a value that can be read";

/// The columns that are used, each once.
#[derive(Debug)]
pub struct Slots {
    slots: Vec<Slot>,
}

#[derive(Debug)]
struct Slot {
    /// The column's place in the file.
    idx: usize,
    name: String,
    /// Words that mean nothing in it.
    empty: Words,
}

/// The place of a column in `Slots`.
pub type At = usize;

/// Looks columns up in the header of one file, and gathers what it lacks.
pub struct Finder<'a> {
    file: &'a str,
    headers: &'a [String],
    profile: &'a Profile,
    slots: Vec<Slot>,
    pub problems: Vec<Problem>,
}

impl<'a> Finder<'a> {
    pub fn new(file: &'a str, headers: &'a [String], profile: &'a Profile) -> Finder<'a> {
        Finder { file, headers, profile, slots: Vec::new(), problems: Vec::new() }
    }

    /// A column that the file may lack.
    pub fn find(&mut self, name: &str) -> Option<At> {
        if let Some(at) = self.slots.iter().position(|slot| slot.name == name) {
            return Some(at);
        }
        let idx = self.headers.iter().position(|header| header == name)?;
        let own = self.profile.columns.iter().filter(|column| column.name == name).flat_map(|column: &Column| &column.placeholders);
        self.slots.push(Slot { idx, name: name.to_owned(), empty: Words::new(self.profile.placeholders.iter().chain(own)) });
        Some(self.slots.len() - 1)
    }

    /// A column without which the file cannot be read.
    pub fn need(&mut self, name: &str) -> Option<At> {
        let found = self.find(name);
        let known = self.problems.iter().any(|problem| problem.column == name);
        if found.is_none() && !known {
            self.problems.push(missing(self.file, name, self.headers, self.profile));
        }
        found
    }

    pub fn done(self) -> (Slots, Vec<Problem>) {
        (Slots { slots: self.slots }, self.problems)
    }
}

impl Slots {
    /// A cell without the spaces around it; a placeholder is empty.
    pub fn text<'r>(&self, at: At, row: &'r RawRow) -> &'r str {
        let slot = &self.slots[at];
        let text = row.cell(slot.idx).trim();
        if slot.empty.has(text) { "" } else { text }
    }

    /// The column's place in the file.
    pub fn idx(&self, at: At) -> usize {
        self.slots[at].idx
    }

    pub fn name(&self, at: At) -> &str {
        &self.slots[at].name
    }

    /// What stands in a cell that could not be read, unless it is a placeholder.
    pub fn flaw<'r>(&self, at: At, row: &'r RawRow) -> Option<&'r str> {
        let slot = &self.slots[at];
        row.flaw(slot.idx).filter(|flaw| !slot.empty.has(row.cell(slot.idx).trim()) && !slot.empty.has(error_of(flaw)))
    }

    /// Every used cell of a row that could not be read: its column, what was read and what was wanted.
    pub fn flaws(&self, row: &RawRow) -> Vec<(At, String, String)> {
        let all = (0..self.slots.len()).filter_map(|at| Some((at, cell::shown(self.flaw(at, row)?), WANTED.to_owned())));
        all.collect()
    }
}

/// The sign of an error of a workbook, `#N/A`, in what is said about its cell; else all of that.
pub fn error_of(flaw: &str) -> &str {
    flaw.strip_prefix("the error ").unwrap_or(flaw)
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

pub fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
