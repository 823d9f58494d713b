//! What does somebody look for? One language for views, for the queue's own box and for the command line.
//!
//! `utility:rmp status:deficiency due<=today ball:us kw>25 touched>14d -hold "meter swap"`: every term must
//! hold. A term is a word that occurs somewhere in the row, a flag (`hold`, `away`), or a field with `:` (or
//! `=`), `<`, `<=`, `>`, `>=` and a value; `-` before it turns it round, a comma gives alternatives, quotes hold
//! words together. A row that has no value passes no comparison; `FIELD:none` asks for such rows.

mod complete;
mod days;
mod fields;
mod lex;
mod read;
mod sort;
mod told;

#[cfg(test)]
mod tests;

use std::ops::Range;

use super::day::Day;
use super::playbook::Playbook;

pub use complete::{Completion, Vocabulary, complete, settled};
pub use fields::{DayField, FIELDS, Field, Flag, Kind, NameField, NumberField, TextField};
pub use sort::{Group, Sort, SortKey, read_sort, sort_text};

/// The longest query, in characters: a page pasted by accident is no question.
pub const QUERY_MAX: usize = 1_000;

/// A query, read for one day: `today` in it is that day.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Query {
    pub terms: Vec<Term>,
}

/// One term: one of its tests must hold, or with `-` none of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Term {
    pub negated: bool,
    pub any: Vec<Test>,
}

/// One question to a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Test {
    /// Folded words that occur, as they are, somewhere in what the row shows.
    Anywhere(String),
    Name(NameField, Wanted),
    /// Folded words that occur in this text.
    Text(TextField, String),
    /// Both ends belong to it; `None` is open.
    Number(NumberField, Option<i64>, Option<i64>),
    Day(DayField, Option<Day>, Option<Day>),
    Flag(Flag),
    /// The field has no value.
    Lacks(Kind),
}

/// Which names are meant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wanted {
    /// Of a list that the playbook knows: these.
    These(Vec<String>),
    /// As somebody typed it, folded: a whole name, else the start of one.
    Like(String),
    /// Whoever asks.
    Me,
    /// None that the playbook knows.
    Unknown,
}

/// What a query is read with.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub playbook: &'a Playbook,
    pub today: Day,
}

/// What is wrong with a query, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// Bytes of the query.
    pub at: Range<usize>,
    pub says: String,
    /// It may only not be typed to its end yet.
    pub unfinished: bool,
}

impl Query {
    /// Reads a query. `Err` is the first thing in it that cannot be meant.
    pub fn read(text: &str, context: &Context<'_>) -> Result<Query, Fault> {
        let pieces = lex::pieces(text)?;
        let terms = pieces.iter().map(|piece| read::term(piece, context)).collect::<Result<_, _>>()?;
        Ok(Query { terms })
    }

    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// How it was understood, in words: days resolved, short names in full.
    pub fn told(&self, context: &Context<'_>) -> String {
        told::query(self, context)
    }

    /// Whether it asks for rows of an owner, and so for more than one person's view shows.
    pub fn names_owner(&self) -> bool {
        self.tests().any(|(_, test)| matches!(test, Test::Name(NameField::Owner, _) | Test::Lacks(Kind::Name(NameField::Owner))))
    }

    /// Whether it asks, by name and not by `-`, for a status: only then closed and ended rows come too.
    pub fn names_status(&self) -> bool {
        self.tests().any(|(negated, test)| !negated && matches!(test, Test::Name(NameField::Status, _)))
    }

    fn tests(&self) -> impl Iterator<Item = (bool, &Test)> {
        self.terms.iter().flat_map(|term| term.any.iter().map(|test| (term.negated, test)))
    }
}

impl Fault {
    fn new(at: Range<usize>, says: impl Into<String>) -> Fault {
        Fault { at, says: says.into(), unfinished: false }
    }

    fn unfinished(at: Range<usize>, says: impl Into<String>) -> Fault {
        Fault { unfinished: true, ..Fault::new(at, says) }
    }

    /// The part of the query around the place, of at most so many characters, and which of them are the place.
    /// What would move the cursor of a terminal is a dot in it.
    pub fn excerpt(&self, text: &str, most: usize) -> (String, Range<usize>) {
        let chars: Vec<char> = text
            .chars()
            .map(|c| if c.is_control() || super::text::clean(c.encode_utf8(&mut [0; 4])).is_empty() { '·' } else { c })
            .collect();
        let place = |byte: usize| text.char_indices().take_while(|(at, _)| *at < byte).count();
        let (start, end) = (place(self.at.start), place(self.at.end));
        let from = if chars.len() <= most { 0 } else { start.saturating_sub(most / 2).min(chars.len() - most) };
        let to = (from + most).min(chars.len());
        let shown = |on: bool| if on { "…" } else { "" };
        let excerpt = format!("{}{}{}", shown(from > 0), chars[from..to].iter().collect::<String>(), shown(to < chars.len()));
        let moved = from - usize::from(from > 0);
        let start = start.clamp(from, to) - moved;
        (excerpt, start..end.clamp(from, to).saturating_sub(moved).max(start + 1))
    }
}
