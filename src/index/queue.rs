//! The packed rows, their order, and their counts.

use super::RowId;
use crate::domain::day::{Day, NaiveDateTime, When};
use crate::domain::facts::Facts;
use crate::domain::id::SubjectId;
use crate::domain::playbook::Playbook;
use crate::domain::priority::Case;

/// Whose rows a view shows, and whether those that are away.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum View {
    Mine,
    Team,
    Pool,
    /// Away until a day, until something arrives, or on hold: everybody's.
    Away,
}

/// Why a row is or is not to be worked now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Its follow-up, a to-do's date or a lapse clock has come, or it has no follow-up at all.
    Workable,
    AwayUntil(When),
    UntilActivity,
    OnHold,
    LegalHold,
    /// Closed or ended: not of the queue, found by search.
    Over,
}

/// The header's numbers for one view.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    pub workable: usize,
    /// Follow-up before today.
    pub overdue: usize,
    /// Follow-up today.
    pub today: usize,
    pub away: usize,
    pub held: usize,
    /// The next day on which something comes back, when nothing is workable.
    pub next_day: Option<Day>,
}

/// One row as the screen reads it. Borrowed from the arena.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    pub id: RowId,
    pub subject: SubjectId,
    pub version: i64,
    pub score: i32,
    pub reference: &'a str,
    pub number: &'a str,
    pub customer: &'a str,
    pub site: &'a str,
    pub utility: &'a str,
    pub status: &'a str,
    pub ball: &'a str,
    /// Empty: the pool.
    pub owner: &'a str,
    /// The words of the task it shows.
    pub task: &'a str,
    /// Open to-dos beside that task: the `+2`.
    pub more: u32,
    pub last_note: &'a str,
    pub hold: &'a str,
    pub follow_up: Option<When>,
    pub case: Case,
}

/// All rows of the session. Rows that ended stay, so that search finds them.
pub struct Queue {}

impl Queue {
    pub fn new() -> Queue {
        Queue {}
    }

    pub fn len(&self) -> usize {
        todo!()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes in a row, new or changed, and scores it.
    pub fn put(&mut self, facts: &Facts, playbook: &Playbook, today: Day) -> RowId {
        let _ = (facts, playbook, today);
        todo!()
    }

    /// The application is gone: its opening was undone.
    pub fn remove(&mut self, subject: SubjectId) {
        let _ = subject;
        todo!()
    }

    pub fn find(&self, subject: SubjectId) -> Option<RowId> {
        let _ = subject;
        todo!()
    }

    /// `None` when the row was removed.
    pub fn row<'a>(&'a self, id: RowId, playbook: &'a Playbook) -> Option<Row<'a>> {
        let _ = (id, playbook);
        todo!()
    }

    pub fn standing(&self, id: RowId, playbook: &Playbook, now: NaiveDateTime) -> Standing {
        let _ = (id, playbook, now);
        todo!()
    }

    /// Scores every row again: the day or the rules have changed.
    pub fn rescore(&mut self, playbook: &Playbook, today: Day) {
        let _ = (playbook, today);
        todo!()
    }

    /// The rows of a view in queue order: the highest score first, then the earliest follow-up, then
    /// the reference. `Away` is by the day it comes back, then what waits for activity, then holds.
    /// `me`: the names that mean this person (login, name as signed), compared without case.
    pub fn order(&self, view: &View, me: &[&str], playbook: &Playbook, now: NaiveDateTime) -> Vec<RowId> {
        let _ = (view, me, playbook, now);
        todo!()
    }

    /// All open rows: workable in queue order, then away until a day, then until activity, then held.
    pub fn all(&self, playbook: &Playbook, now: NaiveDateTime) -> Vec<RowId> {
        let _ = (playbook, now);
        todo!()
    }

    pub fn counts(&self, view: &View, me: &[&str], playbook: &Playbook, now: NaiveDateTime) -> Counts {
        let _ = (view, me, playbook, now);
        todo!()
    }

    /// How many open rows have their follow-up on `day`.
    pub fn due_on(&self, day: Day) -> usize {
        let _ = day;
        todo!()
    }

    /// Every row that was not removed.
    pub fn rows(&self) -> impl Iterator<Item = RowId> + '_ {
        std::iter::empty()
    }

    /// Owners that occur, for the picker.
    pub fn owners(&self) -> Vec<String> {
        todo!()
    }
}

impl Default for Queue {
    fn default() -> Queue {
        Queue::new()
    }
}
