//! Does a row pass a query? Names are looked up once, in the tables of names; a row is then a few compared numbers, and
//! only words read its text.

use super::RowId;
use super::names::{About, Name, Names, SEPARATOR};
use super::order::{Moment, Place};
use super::rest::Rest;
use super::row::{self, Packed, ShortDay};
use super::rows::Rows;
use crate::domain::day::{Day, NaiveDateTime};
use crate::domain::playbook::{Playbook, Workflow};
use crate::domain::query::{DayField, Flag, Kind, NameField, NumberField, Query, Term, Test, TextField, Wanted};
use crate::domain::text::fold;

/// A query made ready for the rows of a queue as it stands. A row with a new name needs a new one.
pub struct Filter {
    /// What costs least is asked first.
    terms: Vec<Ready>,
    moment: Moment,
}

struct Ready {
    negated: bool,
    any: Vec<Check>,
}

/// One test as numbers.
enum Check {
    /// The numbers of names that are meant.
    Name(NameField, Vec<bool>),
    Day(DayField, ShortDay, ShortDay),
    NoDay(DayField),
    Number(NumberField, i64, i64),
    Flag(Flag),
    Text(TextField, Vec<u8>),
    NoText(TextField),
    /// The word, and for each kind of name those that have it.
    Anywhere(Vec<u8>, [Vec<bool>; 5]),
}

impl Filter {
    /// `me`: the names that mean whoever asks, compared without case.
    pub fn of(query: &Query, queue: &Rows, me: &[&str], playbook: &Playbook, now: NaiveDateTime) -> Filter {
        let ready = |term: &Term| Ready {
            negated: term.negated,
            any: term.any.iter().map(|test| check(test, queue, me, &playbook.workflow)).collect(),
        };
        let mut terms: Vec<Ready> = query.terms.iter().map(ready).collect();
        terms.sort_by_key(Ready::cost);
        Filter { terms, moment: Moment::of(queue, playbook, now) }
    }

    pub fn passes(&self, queue: &Rows, id: RowId) -> bool {
        queue.packed(id).is_some_and(|row| self.has(queue, id, row))
    }

    pub(super) fn has(&self, queue: &Rows, id: RowId, row: &Packed) -> bool {
        self.terms.iter().all(|term| term.any.iter().any(|check| self.holds(check, queue, id, row)) != term.negated)
    }

    fn holds(&self, check: &Check, queue: &Rows, id: RowId, row: &Packed) -> bool {
        let searched = || queue.searched(id, row);
        let rest = queue.rest(id);
        match check {
            Check::Name(name, meant) => meant.get(number(*name, row, rest) as usize).copied().unwrap_or(false),
            Check::Day(field, first, last) => {
                let day = day(*field, row, rest);
                day != ShortDay::NONE && *first <= day && day <= *last
            }
            Check::NoDay(field) => day(*field, row, rest) == ShortDay::NONE,
            Check::Number(field, least, most) => {
                let number = amount(*field, rest, queue.score(id));
                // A size of nothing is one that nobody has written down.
                *least <= number && number <= *most && (number != 0 || *field == NumberField::Score || *most == 0)
            }
            Check::Flag(flag) => self.flag(*flag, queue, row, rest),
            Check::Text(field, words) => contains(part(searched(), place(*field)), words),
            Check::NoText(field) => part(searched(), place(*field)).is_empty(),
            Check::Anywhere(words, names) => {
                let named = row.names().iter().zip(names).any(|(number, meant)| meant.get(*number as usize).copied().unwrap_or(false));
                named || contains(searched(), words)
            }
        }
    }

    fn flag(&self, flag: Flag, queue: &Rows, row: &Packed, rest: &Rest) -> bool {
        let standing = || self.moment.standing(row, queue.is_open(row));
        match flag {
            Flag::Hold => row.is(row::ON_HOLD) || row.is(row::LEGAL_HOLD),
            Flag::LegalHold => row.is(row::LEGAL_HOLD),
            Flag::Workable => standing() == Place::Workable,
            Flag::Away => matches!(standing(), Place::Away(_) | Place::UntilActivity),
            Flag::Escalated => row.is(row::ESCALATED),
            Flag::Complaint => row.is(row::COMPLAINT),
            Flag::Vip => rest.vip > 0,
        }
    }
}

impl Ready {
    fn cost(&self) -> u8 {
        let one = |check: &Check| match check {
            Check::Name(..) | Check::Day(..) | Check::NoDay(_) | Check::Number(..) => 0,
            Check::Flag(_) => 1,
            Check::Text(..) | Check::NoText(_) => 2,
            Check::Anywhere(..) => 3,
        };
        self.any.iter().map(one).max().unwrap_or(0)
    }
}

fn check(test: &Test, queue: &Rows, me: &[&str], workflow: &Workflow) -> Check {
    match test {
        Test::Anywhere(words) => Check::Anywhere(words.clone().into_bytes(), having(words, queue)),
        Test::Name(name, wanted) => Check::Name(*name, names(*name, wanted, queue, me, workflow)),
        Test::Text(field, words) => Check::Text(*field, words.clone().into_bytes()),
        Test::Number(field, least, most) => Check::Number(*field, least.unwrap_or(i64::MIN), most.unwrap_or(i64::MAX)),
        Test::Day(field, first, last) => {
            let short = |day: &Option<Day>, open: ShortDay| day.map_or(open, ShortDay::of);
            Check::Day(*field, short(first, ShortDay(0)), short(last, ShortDay(u16::MAX - 1)))
        }
        Test::Flag(flag) => Check::Flag(*flag),
        Test::Lacks(Kind::Day(field)) => Check::NoDay(*field),
        Test::Lacks(Kind::Text(field)) => Check::NoText(*field),
        Test::Lacks(Kind::Number(field)) => Check::Number(*field, 0, 0),
        Test::Lacks(Kind::Name(name)) => Check::Name(*name, names(*name, &Wanted::Like(String::new()), queue, me, workflow)),
        // `is:none` is refused where it is read.
        Test::Lacks(Kind::Is) => Check::Name(NameField::Lane, Vec::new()),
    }
}

/// For each kind of name of `Packed::names`, which have the word.
fn having(words: &str, queue: &Rows) -> [Vec<bool>; 5] {
    fn of<T: About>(names: &Names<T>, words: &str) -> Vec<bool> {
        names.iter().map(|name| contains(&name.key, words.as_bytes())).collect()
    }
    [of(&queue.statuses, words), of(&queue.owners, words), of(&queue.utilities, words), of(&queue.balls, words), of(&queue.products, words)]
}

fn names(name: NameField, wanted: &Wanted, queue: &Rows, me: &[&str], workflow: &Workflow) -> Vec<bool> {
    let known = |text: &str| match name {
        NameField::Status => workflow.status(text).is_some(),
        _ => true,
    };
    match name {
        NameField::Utility => meant(&queue.utilities, wanted, me, known),
        NameField::Status => meant(&queue.statuses, wanted, me, known),
        NameField::Ball => meant(&queue.balls, wanted, me, known),
        NameField::Owner => meant(&queue.owners, wanted, me, known),
        NameField::Product => meant(&queue.products, wanted, me, known),
        NameField::Program => meant(&queue.programs, wanted, me, known),
        NameField::Lane => workflow.lanes.iter().map(|lane| matches!(wanted, Wanted::These(these) if these.contains(&lane.name))).collect(),
    }
}

fn meant<T: About>(names: &Names<T>, wanted: &Wanted, me: &[&str], known: impl Fn(&str) -> bool) -> Vec<bool> {
    let each = |is: &dyn Fn(&Name<T>) -> bool| -> Vec<bool> { names.iter().map(is).collect() };
    match wanted {
        Wanted::These(these) => each(&|name| these.iter().any(|one| **one == *name.text)),
        Wanted::Unknown => each(&|name| !known(&name.text)),
        Wanted::Me => {
            let me: Vec<String> = me.iter().filter(|name| !name.is_empty()).map(|name| name.to_lowercase()).collect();
            each(&|name| me.contains(&name.text.to_lowercase()))
        }
        Wanted::Like(text) if text.is_empty() => each(&|name| name.text.is_empty()),
        Wanted::Like(text) => {
            let by = |is: &dyn Fn(&str) -> bool| each(&|name| name.key.split(|byte| *byte == SEPARATOR).any(|part| is(&plain(part))));
            let whole = by(&|part| part == text);
            // While one types, and for those who know how it begins.
            if whole.contains(&true) { whole } else { by(&|part| part.starts_with(text.as_str())) }
        }
    }
}

/// A name as a query has it: hyphens for spaces.
fn plain(part: &[u8]) -> String {
    let text = String::from_utf8_lossy(part);
    text.split([' ', '-', '_']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

pub(super) fn number(name: NameField, row: &Packed, rest: &Rest) -> u32 {
    match name {
        NameField::Utility => row.utility,
        NameField::Status => row.status,
        NameField::Ball => row.ball,
        NameField::Owner => row.owner,
        NameField::Lane => u32::from(rest.lane),
        NameField::Product => row.product,
        NameField::Program => rest.program,
    }
}

pub(super) fn day(field: DayField, row: &Packed, rest: &Rest) -> ShortDay {
    match field {
        DayField::Due => row.follow_up.day(),
        DayField::Legal => row.lapse.min(row.ours),
        DayField::Owed => rest.theirs,
        DayField::Promised => rest.promised,
        DayField::Expires => row.expires,
        DayField::Goal => rest.goal,
        DayField::Install => rest.install_on,
        DayField::Incentive => rest.incentive_due,
        DayField::TodoDue => row.todo_due,
        DayField::Entered => rest.entered,
        DayField::Touched => rest.touched,
    }
}

pub(super) fn amount(field: NumberField, rest: &Rest, score: i32) -> i64 {
    match field {
        NumberField::Size => i64::from(rest.size),
        NumberField::Score => i64::from(score),
        NumberField::Vip => i64::from(rest.vip),
        NumberField::Todos => i64::from(rest.todos),
    }
}

/// Its place among a row's texts.
pub(super) fn place(field: TextField) -> usize {
    match field {
        TextField::Reference => 0,
        TextField::Number => 1,
        TextField::Customer => 2,
        TextField::Site => 3,
        TextField::Hold => 4,
        TextField::Todo => 5,
        TextField::Note => 6,
        TextField::Project => 7,
    }
}

pub(super) fn part(searched: &[u8], place: usize) -> &[u8] {
    searched.split(|byte| *byte == SEPARATOR).nth(place).unwrap_or_default()
}

/// Whether a folded word occurs, letters of either case.
fn contains(hay: &[u8], word: &[u8]) -> bool {
    let Some(first) = word.first() else { return true };
    let mut starts = memchr::memchr2_iter(*first, first.to_ascii_uppercase(), hay);
    starts.any(|at| hay.get(at..at + word.len()).is_some_and(|here| here.eq_ignore_ascii_case(word)))
}

/// The values of a field that occur, or have occurred, in the rows: for completion.
pub fn names_of(queue: &Rows, name: NameField) -> Vec<String> {
    fn all<T: About>(names: &Names<T>) -> Vec<String> {
        names.iter().filter(|name| !name.text.is_empty()).map(|name| name.text.to_string()).collect()
    }
    let mut found = match name {
        NameField::Utility => all(&queue.utilities),
        NameField::Status => all(&queue.statuses),
        NameField::Ball => all(&queue.balls),
        NameField::Owner => all(&queue.owners),
        NameField::Product => all(&queue.products),
        NameField::Program => all(&queue.programs),
        NameField::Lane => Vec::new(),
    };
    found.sort_by_cached_key(|name| fold(name));
    found
}

#[cfg(test)]
mod tests;
