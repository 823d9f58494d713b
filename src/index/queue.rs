//! The rows as they are taken in, changed and removed.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use super::RowId;
use super::chunk::{self, Chunk};
use super::names::{About, Names};
use super::pairs::Pairs;
use super::rest::Rest;
use super::row::{self, GONE, Packed};
use super::rows::Rows;
use super::subjects::Subjects;
use crate::domain::day::{Day, When};
use crate::domain::facts::Facts;
use crate::domain::id::SubjectId;
use crate::domain::playbook::Playbook;
use crate::domain::priority::{Case, DueDay};
use crate::domain::rules::days::ClockDays;

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
    /// Follow-up before today, held rows and those that wait for activity not counted.
    pub overdue: usize,
    /// Follow-up today, at whatever hour; counted like `overdue`.
    pub today: usize,
    /// Until a day or until activity.
    pub away: usize,
    /// On hold, legal holds too.
    pub held: usize,
    /// The next day on which something comes back.
    pub next_day: Option<Day>,
}

/// One row as the screen reads it. Borrowed from the arena. Status, ball and utility are names as
/// stored, not labels.
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

/// Scores of all rows, chunk by chunk, each with the stamp that the chunk had.
#[derive(Debug)]
pub struct Scores(pub(super) Vec<(u64, Arc<Vec<i32>>)>);

/// The rows with what is needed to change them. Reading is `Rows`, which `share` gives to other threads.
#[derive(Default)]
pub struct Queue {
    pub(super) rows: Rows,
    pub(super) subjects: Subjects,
    /// How many open rows have their follow-up on a day.
    pub(super) due: BTreeMap<u16, u32>,
    scratch: Vec<u8>,
}

impl Deref for Queue {
    type Target = Rows;

    fn deref(&self) -> &Rows {
        &self.rows
    }
}

impl Queue {
    pub fn new() -> Queue {
        Queue::default()
    }

    /// The rows as they are now, for another thread. Changes made later do not show there.
    pub fn share(&self) -> Rows {
        self.rows.clone()
    }

    /// Memory held, in bytes, room for growth included.
    pub fn bytes(&self) -> usize {
        self.rows.held() + self.subjects.held() + self.due.len() * 16 + self.scratch.capacity()
    }

    /// Takes in a row, new or changed, and scores it. Texts longer than `text::LINE_MAX` are cut,
    /// line ends in them become spaces.
    pub fn put(&mut self, facts: &Facts, playbook: &Playbook, today: Day) -> RowId {
        let id = self.place(facts.subject);
        self.forget(id);
        let rows = &mut self.rows;
        let names = [
            number(&mut rows.statuses, &facts.status, playbook),
            number(&mut rows.owners, &facts.owner, playbook),
            number(&mut rows.utilities, &facts.utility, playbook),
            number(&mut rows.balls, &facts.ball, playbook),
            number(&mut rows.products, &facts.product, playbook),
            number(&mut rows.programs, facts.program(), playbook),
        ];
        let folded = row::write_texts(facts, &mut self.scratch);
        let days = facts.clock_days(playbook, today);
        let (at, place) = chunk::place(id);
        let chunk = Arc::make_mut(&mut rows.chunks[at]);
        let span = chunk.texts.replace(chunk.rows[place].span(), &self.scratch);
        let (row, rest) = (&mut chunk.rows[place], &mut chunk.rests[place]);
        row.take(facts);
        rest.take(facts);
        take_clocks(row, rest, facts.cure_due, &days);
        let searched = row::searched(&self.scratch, folded);
        row.take_text(searched, folded);
        rest.take_text(searched);
        chunk.pairs[place] = Pairs::of(searched);
        row.set_span(span);
        [row.status, row.owner, row.utility, row.ball, row.product, rest.program] = names;
        rest.lane = playbook.workflow.lane_number(&facts.lane);
        chunk.compact_if_worth_it();
        rows.live += 1;
        let score = self.rows.score_anew(self.rows.at(id), self.rows.rest(id), playbook, today);
        Arc::make_mut(&mut self.rows.scores[at])[place] = score;
        if self.rows.is_due_some_day(self.rows.at(id)) {
            *self.due.entry(self.rows.at(id).follow_up.day().0).or_default() += 1;
        }
        id
    }

    /// The application is gone: its opening was undone. If it comes back it gets the same row.
    pub fn remove(&mut self, subject: SubjectId) {
        let Some(id) = self.find(subject) else { return };
        self.forget(id);
        let (chunk, place) = self.writable(id);
        chunk.texts.free(chunk.rows[place].span());
        chunk.rows[place] = Packed::gone();
        chunk.rests[place] = Rest::gone(subject);
        chunk.compact_if_worth_it();
    }

    pub fn find(&self, subject: SubjectId) -> Option<RowId> {
        let id = self.subjects.find(subject, &self.rows)?;
        self.rows.has(id).then_some(id)
    }

    /// How many open rows have their follow-up on `day`.
    pub fn due_on(&self, day: Day) -> usize {
        self.due.get(&row::ShortDay::of(day).0).map_or(0, |count| *count as usize)
    }

    /// Reads again what names mean: the rules have changed. Scores are as they were.
    pub fn retell(&mut self, playbook: &Playbook) {
        let rows = &mut self.rows;
        Arc::make_mut(&mut rows.statuses).retell(playbook);
        Arc::make_mut(&mut rows.owners).retell(playbook);
        Arc::make_mut(&mut rows.utilities).retell(playbook);
        Arc::make_mut(&mut rows.balls).retell(playbook);
        Arc::make_mut(&mut rows.products).retell(playbook);
        Arc::make_mut(&mut rows.programs).retell(playbook);
        rows.generation += 1;
        self.due.clear();
        for (_, row) in self.rows.live_rows().filter(|(_, row)| self.rows.is_due_some_day(row)) {
            *self.due.entry(row.follow_up.day().0).or_default() += 1;
        }
    }

    /// Scores every row again and reads again what its names mean: the day or the rules have changed.
    pub fn rescore(&mut self, playbook: &Playbook, today: Day) {
        self.retell(playbook);
        self.take_scores(Scores(Vec::new()), playbook, today);
    }

    /// Takes over scores that were worked out on shared rows; chunks that changed since are scored here.
    pub fn take_scores(&mut self, Scores(scores): Scores, playbook: &Playbook, today: Day) {
        let mut scores = scores.into_iter();
        for at in 0..self.rows.chunks.len() {
            let fits = scores.next().filter(|(stamp, _)| *stamp == self.rows.chunks[at].stamp);
            self.rows.scores[at] = fits.map_or_else(|| Arc::new(self.rows.scores_of(at, playbook, today)), |(_, scores)| scores);
        }
        self.rows.generation += 1;
    }

    /// The row of a subject, a new one if it has none.
    fn place(&mut self, subject: SubjectId) -> RowId {
        if let Some(id) = self.subjects.find(subject, &self.rows) {
            return id;
        }
        if self.rows.chunks.last().is_none_or(|chunk| chunk.is_full()) {
            self.rows.chunks.push(Arc::default());
            self.rows.scores.push(Arc::default());
        }
        let at = self.rows.chunks.len() - 1;
        let chunk = Arc::make_mut(&mut self.rows.chunks[at]);
        chunk.push(Packed::gone(), Rest::gone(subject));
        Arc::make_mut(&mut self.rows.scores[at]).push(0);
        let id = chunk::id(at, chunk.rows.len() - 1);
        self.subjects.insert(id, &self.rows);
        id
    }

    /// Takes a row out of the counts; its text and place stay.
    fn forget(&mut self, id: RowId) {
        self.rows.generation += 1;
        let stamp = self.rows.generation;
        self.writable(id).0.stamp = stamp;
        let row = self.rows.at(id);
        if row.is(GONE) {
            return;
        }
        let due = self.rows.is_due_some_day(row).then(|| row.follow_up.day().0);
        self.rows.live -= 1;
        if let Some(day) = due {
            self.due.entry(day).and_modify(|count| *count -= 1);
        }
    }

    fn writable(&mut self, id: RowId) -> (&mut Chunk, usize) {
        let (chunk, place) = chunk::place(id);
        (Arc::make_mut(&mut self.rows.chunks[chunk]), place)
    }
}

/// Takes over the days of its clocks, and the day that was set by hand.
fn take_clocks(row: &mut Packed, rest: &mut Rest, by_hand: Option<Day>, days: &ClockDays) {
    let packed = |due: DueDay| (due.day.get().into(), due.clock);
    (row.lapse, rest.lapse_clock) = packed(DueDay::nearer(by_hand, days.lapse));
    (row.ours, rest.ours_clock) = packed(days.ours.into());
    (rest.theirs, rest.theirs_clock) = packed(days.theirs.into());
}

/// The number of a name, a new one if it was never seen: only then what other threads read is copied.
pub(super) fn number<T: About + Clone>(names: &mut Arc<Names<T>>, text: &str, playbook: &Playbook) -> u32 {
    names.find(text).unwrap_or_else(|| Arc::make_mut(names).number(text, playbook))
}

#[cfg(test)]
mod tests;
