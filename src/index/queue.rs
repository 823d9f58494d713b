//! The packed rows: taken in, given out, scored.

use std::collections::BTreeMap;

use super::RowId;
use super::arena::{Arena, reserve};
use super::names::{BallAbout, Names, Plain, StatusAbout, UtilityAbout};
use super::row::{self, GONE, Packed, ShortDay};
use super::subjects::Subjects;
use crate::domain::day::{Day, When};
use crate::domain::facts::Facts;
use crate::domain::id::SubjectId;
use crate::domain::playbook::{Playbook, US};
use crate::domain::priority::{self, Case, DueDay};

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
    /// The next day on which something comes back, when nothing is workable.
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

/// More than a row's texts usually take, in bytes.
const TEXT: usize = 160;

/// All rows of the session. Rows that ended stay, so that search finds them.
#[derive(Default)]
pub struct Queue {
    pub(super) rows: Vec<Packed>,
    pub(super) texts: Arena,
    subjects: Subjects,
    pub(super) statuses: Names<StatusAbout>,
    pub(super) owners: Names<Plain>,
    pub(super) utilities: Names<UtilityAbout>,
    pub(super) balls: Names<BallAbout>,
    pub(super) products: Names<Plain>,
    pub(super) programs: Names<Plain>,
    /// How many open rows have their follow-up on a day.
    pub(super) due: BTreeMap<u16, u32>,
    live: usize,
    /// Changes with every change: whoever kept something of an earlier one looks again.
    pub(super) generation: u64,
    scratch: Vec<u8>,
}

impl Queue {
    pub fn new() -> Queue {
        Queue::default()
    }

    /// Rows that were not removed, open or not.
    pub fn len(&self) -> usize {
        self.live
    }

    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// Makes room for so many rows in all, before a load whose size is known: growing bit by bit leaves holes that the
    /// allocator keeps. Room that nobody writes to takes no memory.
    pub fn expect(&mut self, rows: usize) {
        let more = rows.saturating_sub(self.rows.len());
        self.rows.reserve_exact(more);
        self.texts.reserve(more * TEXT);
    }

    /// Forgets everything. Row ids from before mean nothing afterwards.
    pub fn clear(&mut self) {
        *self = Queue { generation: self.generation + 1, ..Queue::default() };
    }

    /// The rows that are there, in the order in which they came.
    pub fn rows(&self) -> impl Iterator<Item = RowId> {
        self.live_rows().map(|(id, _)| id)
    }

    pub(super) fn live_rows(&self) -> impl Iterator<Item = (RowId, &Packed)> {
        (0..).map(RowId).zip(&self.rows).filter(|(_, row)| !row.is(GONE))
    }

    /// Memory held, in bytes, room for growth included.
    pub fn bytes(&self) -> usize {
        let names = self.statuses.held()
            + self.owners.held()
            + self.utilities.held()
            + self.balls.held()
            + self.products.held()
            + self.programs.held()
            + self.due.len() * 16;
        self.rows.capacity() * size_of::<Packed>() + self.texts.held() + self.subjects.held() + names + self.scratch.capacity()
    }

    /// Takes in a row, new or changed, and scores it. Texts longer than `text::LINE_MAX` are cut,
    /// line ends in them become spaces.
    pub fn put(&mut self, facts: &Facts, playbook: &Playbook, today: Day) -> RowId {
        let idx = self.place(facts.subject);
        self.forget(idx);
        let folded = row::write_texts(facts, &mut self.scratch);
        let span = self.texts.replace(self.rows[idx].span(), &self.scratch);
        let row = &mut self.rows[idx];
        row.take(facts);
        row.take_clocks(facts.cure_due, &facts.clock_days(playbook, today));
        row.take_text(row::searched(&self.scratch, folded), folded);
        row.set_span(span);
        row.status = self.statuses.number(&facts.status, playbook);
        row.owner = self.owners.number(&facts.owner, playbook);
        row.utility = self.utilities.number(&facts.utility, playbook);
        row.ball = self.balls.number(&facts.ball, playbook);
        row.product = self.products.number(&facts.product, playbook);
        row.program = self.programs.number(facts.program(), playbook);
        row.lane = playbook.workflow.lane_number(&facts.lane);
        self.live += 1;
        let row = &self.rows[idx];
        let score = self.score(row, playbook, today);
        if row.follow_up.day() != ShortDay::NONE && self.is_open(row) {
            *self.due.entry(row.follow_up.day().0).or_default() += 1;
        }
        self.rows[idx].score = score;
        self.compact_if_worth_it();
        RowId(u32::try_from(idx).expect("rows have 32-bit numbers"))
    }

    /// The application is gone: its opening was undone. If it comes back it gets the same row.
    pub fn remove(&mut self, subject: SubjectId) {
        let Some(RowId(row)) = self.find(subject) else { return };
        let idx = row as usize;
        self.forget(idx);
        self.texts.free(self.rows[idx].span());
        self.rows[idx] = Packed::gone(subject);
        self.compact_if_worth_it();
    }

    pub fn find(&self, subject: SubjectId) -> Option<RowId> {
        let row = self.subjects.find(subject, &self.rows)?;
        (!self.rows[row as usize].is(GONE)).then_some(RowId(row))
    }

    /// Whether the row is there: cheaper than to read it.
    pub fn has(&self, id: RowId) -> bool {
        self.packed(id).is_some()
    }

    /// `None` when the row was removed.
    pub fn row<'a>(&'a self, id: RowId, playbook: &'a Playbook) -> Option<Row<'a>> {
        let row = self.packed(id)?;
        let [reference, number, customer, site, hold, todo_title, last_note, _] = row::read_texts(self.texts.get(row.span()));
        let status = &*self.statuses.get(row.status).text;
        let shows_todo = row.has_open_todo() && row.todo_due < row.follow_up.day();
        let task = match playbook.workflow.status(status) {
            _ if shows_todo => todo_title,
            Some(status) => &status.task,
            None => "settle the unknown status",
        };
        Some(Row {
            id,
            subject: row.subject,
            version: i64::from(row.version),
            score: row.score,
            reference,
            number,
            customer,
            site,
            utility: &self.utilities.get(row.utility).text,
            status,
            ball: &self.balls.get(row.ball).text,
            owner: &self.owners.get(row.owner).text,
            task,
            more: u32::from(row.todos) - u32::from(shows_todo),
            last_note,
            hold,
            follow_up: row.follow_up.get(),
            case: self.case(row),
        })
    }

    /// Scores every row again and reads again what its names mean: the day or the rules have changed.
    pub fn rescore(&mut self, playbook: &Playbook, today: Day) {
        self.statuses.retell(playbook);
        self.owners.retell(playbook);
        self.utilities.retell(playbook);
        self.balls.retell(playbook);
        self.products.retell(playbook);
        self.programs.retell(playbook);
        let mut rows = std::mem::take(&mut self.rows);
        self.due.clear();
        for row in rows.iter_mut().filter(|row| !row.is(GONE)) {
            row.score = self.score(row, playbook, today);
            if row.follow_up.day() != ShortDay::NONE && self.is_open(row) {
                *self.due.entry(row.follow_up.day().0).or_default() += 1;
            }
        }
        self.rows = rows;
        self.generation += 1;
    }

    pub(super) fn packed(&self, id: RowId) -> Option<&Packed> {
        self.rows.get(id.0 as usize).filter(|row| !row.is(GONE))
    }

    pub(super) fn is_open(&self, row: &Packed) -> bool {
        self.statuses.get(row.status).about.open
    }

    /// What the search reads for each name of a row.
    pub(super) fn name_keys(&self, row: &Packed) -> [&[u8]; 5] {
        [
            &self.statuses.get(row.status).key,
            &self.owners.get(row.owner).key,
            &self.utilities.get(row.utility).key,
            &self.balls.get(row.ball).key,
            &self.products.get(row.product).key,
        ]
    }

    /// The row of a subject, a new one if it has none.
    fn place(&mut self, subject: SubjectId) -> usize {
        if let Some(row) = self.subjects.find(subject, &self.rows) {
            return row as usize;
        }
        reserve(&mut self.rows, 1);
        self.rows.push(Packed::gone(subject));
        self.subjects.insert_last(&self.rows);
        self.rows.len() - 1
    }

    /// Takes a row out of the counts; its text and place stay.
    fn forget(&mut self, idx: usize) {
        self.generation += 1;
        let row = &self.rows[idx];
        if row.is(GONE) {
            return;
        }
        self.live -= 1;
        let day = row.follow_up.day();
        if day != ShortDay::NONE && self.is_open(row) {
            self.due.entry(day.0).and_modify(|count| *count -= 1);
        }
    }

    fn case(&self, row: &Packed) -> Case {
        let status = &self.statuses.get(row.status).about;
        Case {
            follow_up: row.follow_up.day().into(),
            promised: row.promised.into(),
            lapse: DueDay { day: row.lapse.into(), clock: row.lapse_clock },
            ours: DueDay { day: row.ours.into(), clock: row.ours_clock },
            theirs: DueDay { day: row.theirs.into(), clock: row.theirs_clock },
            expires: row.expires.into(),
            goal: row.goal.into(),
            install_on: row.install_on.into(),
            incentive_due: row.incentive_due.into(),
            todo_due: row.todo_due.into(),
            entered: row.entered.into(),
            size: i64::from(row.size),
            target_days: status.target_days,
            vip: row.vip,
            ready: status.ready && &*self.balls.get(row.ball).text == US,
            approved: status.approved,
            escalated: row.is(row::ESCALATED),
            complaint: row.is(row::COMPLAINT),
            legal_hold: row.is(row::LEGAL_HOLD),
        }
    }

    fn score(&self, row: &Packed, playbook: &Playbook, today: Day) -> i32 {
        priority::score(&self.case(row), &playbook.weights, &playbook.calendar, today)
    }

    /// Text that nobody holds is more than half: move the rest together, in place.
    fn compact_if_worth_it(&mut self) {
        if !self.texts.is_mostly_garbage() {
            return;
        }
        let mut by_place: Vec<u32> = self.live_rows().map(|(id, _)| id.0).collect();
        by_place.sort_unstable_by_key(|idx| self.rows[*idx as usize].at);
        let mut end = 0;
        for idx in by_place {
            let row = &mut self.rows[idx as usize];
            let mut span = row.span();
            end = self.texts.move_down(&mut span, end);
            row.set_span(span);
        }
        self.texts.finish(end);
    }
}

#[cfg(test)]
mod tests;
