//! The packed rows as one reads them: a clone shares them all, for a search or a ranking on another thread.

use std::sync::Arc;

use super::RowId;
use super::chunk::{self, Chunk};
use super::names::{BallAbout, Names, Plain, StatusAbout, UtilityAbout};
use super::pairs::Pairs;
use super::queue::Row;
use super::rest::Rest;
use super::row::{self, FOLDED, GONE, Packed, ShortDay};
use crate::domain::day::Day;
use crate::domain::id::SubjectId;
use crate::domain::playbook::{Playbook, US};
use crate::domain::priority::{self, Case, DueDay};

/// All rows of the session. Rows that ended stay, so that search finds them.
#[derive(Clone, Default)]
pub struct Rows {
    pub(super) chunks: Vec<Arc<Chunk>>,
    /// Of each chunk's rows, in lists of their own: a ranking made elsewhere replaces them as a whole.
    pub(super) scores: Vec<Arc<Vec<i32>>>,
    pub(super) statuses: Arc<Names<StatusAbout>>,
    pub(super) owners: Arc<Names<Plain>>,
    pub(super) utilities: Arc<Names<UtilityAbout>>,
    pub(super) balls: Arc<Names<BallAbout>>,
    pub(super) products: Arc<Names<Plain>>,
    pub(super) programs: Arc<Names<Plain>>,
    pub(super) live: usize,
    /// Changes with every change: whoever kept something of an earlier one looks again.
    pub(super) generation: u64,
}

impl Rows {
    /// Rows that were not removed, open or not.
    pub fn len(&self) -> usize {
        self.live
    }

    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// Another number after every change of a row.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// The rows that are there, in the order in which they came.
    pub fn rows(&self) -> impl Iterator<Item = RowId> {
        self.live_rows().map(|(id, _)| id)
    }

    pub(super) fn live_rows(&self) -> impl Iterator<Item = (RowId, &Packed)> {
        (0..self.chunks.len()).flat_map(|chunk| self.live_rows_of(chunk))
    }

    pub(super) fn live_rows_of(&self, chunk: usize) -> impl Iterator<Item = (RowId, &Packed)> {
        let rows = self.chunks[chunk].rows.iter().enumerate();
        rows.filter(|(_, row)| !row.is(GONE)).map(move |(place, row)| (chunk::id(chunk, place), row))
    }

    /// Those of them whose text may have a word with these pairs of neighbours: the others are not even read.
    pub(super) fn live_rows_with(&self, chunk: usize, word: Pairs) -> impl Iterator<Item = (RowId, &Packed, Pairs)> {
        let Chunk { rows, pairs, .. } = &*self.chunks[chunk];
        let having = pairs.iter().enumerate().filter(move |(_, pairs)| pairs.may_have(word));
        let rows = having.map(move |(place, pairs)| (chunk::id(chunk, place), &rows[place], *pairs));
        rows.filter(|(_, row, _)| !row.is(GONE))
    }

    /// Memory held, in bytes, room for growth included.
    pub(super) fn held(&self) -> usize {
        let names = self.statuses.held()
            + self.owners.held()
            + self.utilities.held()
            + self.balls.held()
            + self.products.held()
            + self.programs.held();
        let scores = self.scores.iter().map(|scores| scores.capacity() * size_of::<i32>()).sum::<usize>();
        self.chunks.iter().map(|chunk| chunk.held()).sum::<usize>() + scores + names
    }

    /// Whether the row is there: cheaper than to read it.
    pub fn has(&self, id: RowId) -> bool {
        self.packed(id).is_some()
    }

    /// `None` when the row was removed.
    pub fn row<'a>(&'a self, id: RowId, playbook: &'a Playbook) -> Option<Row<'a>> {
        let row = self.packed(id)?;
        let rest = self.rest(id);
        let [reference, number, customer, site, hold, todo_title, last_note, _] = row::read_texts(self.text(id));
        let status = &*self.statuses.get(row.status).text;
        let shows_todo = row.has_open_todo() && row.todo_due < row.follow_up.day();
        let task = match playbook.workflow.status(status) {
            _ if shows_todo => todo_title,
            Some(status) => &status.task,
            None => "settle the unknown status",
        };
        Some(Row {
            id,
            subject: rest.subject,
            version: i64::from(rest.version),
            score: self.score(id),
            reference,
            number,
            customer,
            site,
            utility: &self.utilities.get(row.utility).text,
            status,
            ball: &self.balls.get(row.ball).text,
            owner: &self.owners.get(row.owner).text,
            task,
            more: u32::from(rest.todos) - u32::from(shows_todo),
            last_note,
            hold,
            follow_up: row.follow_up.get(),
            case: self.case(row, rest),
        })
    }

    pub(super) fn packed(&self, id: RowId) -> Option<&Packed> {
        let (chunk, place) = chunk::place(id);
        self.chunks.get(chunk)?.rows.get(place).filter(|row| !row.is(GONE))
    }

    /// A row that is known to be there, or to have been.
    pub(super) fn at(&self, id: RowId) -> &Packed {
        let (chunk, place) = chunk::place(id);
        &self.chunks[chunk].rows[place]
    }

    /// The other half of such a row.
    pub(super) fn rest(&self, id: RowId) -> &Rest {
        let (chunk, place) = chunk::place(id);
        &self.chunks[chunk].rests[place]
    }

    pub(super) fn pairs(&self, id: RowId) -> Pairs {
        let (chunk, place) = chunk::place(id);
        self.chunks[chunk].pairs[place]
    }

    pub(super) fn score(&self, id: RowId) -> i32 {
        let (chunk, place) = chunk::place(id);
        self.scores[chunk][place]
    }

    /// All texts of a row, as they lie in the arena.
    pub(super) fn text(&self, id: RowId) -> &[u8] {
        let (chunk, place) = chunk::place(id);
        let chunk = &self.chunks[chunk];
        chunk.texts.get(chunk.rows[place].span())
    }

    /// What the search reads of a row.
    pub(super) fn searched(&self, id: RowId, row: &Packed) -> &[u8] {
        row::searched(self.text(id), row.is(FOLDED))
    }

    /// How many of `others` have the utility and the ball of a row and are due by a day. Asked for in every frame, so
    /// nothing but their packed half is read.
    pub fn count_beside(&self, id: RowId, others: impl Iterator<Item = RowId>, day: Day) -> usize {
        let (row, day) = (self.at(id), ShortDay::of(day));
        let others = others.filter(|other| *other != id).filter_map(|other| self.packed(other));
        others.filter(|other| (other.utility, other.ball) == (row.utility, row.ball) && other.follow_up.day() <= day).count()
    }

    pub(super) fn is_open(&self, row: &Packed) -> bool {
        self.statuses.get(row.status).about.open
    }

    /// Counts among the rows that are due on its follow-up's day.
    pub(super) fn is_due_some_day(&self, row: &Packed) -> bool {
        row.follow_up.day() != ShortDay::NONE && self.is_open(row)
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

    pub(super) fn case(&self, row: &Packed, rest: &Rest) -> Case {
        let status = &self.statuses.get(row.status).about;
        Case {
            follow_up: row.follow_up.day().into(),
            promised: rest.promised.into(),
            lapse: DueDay { day: row.lapse.into(), clock: rest.lapse_clock },
            ours: DueDay { day: row.ours.into(), clock: rest.ours_clock },
            theirs: DueDay { day: rest.theirs.into(), clock: rest.theirs_clock },
            expires: row.expires.into(),
            goal: rest.goal.into(),
            install_on: rest.install_on.into(),
            incentive_due: rest.incentive_due.into(),
            todo_due: row.todo_due.into(),
            entered: rest.entered.into(),
            size: i64::from(rest.size),
            target_days: status.target_days,
            vip: rest.vip,
            ready: status.ready && &*self.balls.get(row.ball).text == US,
            approved: status.approved,
            escalated: row.is(row::ESCALATED),
            complaint: row.is(row::COMPLAINT),
            legal_hold: row.is(row::LEGAL_HOLD),
        }
    }

    pub(super) fn score_anew(&self, row: &Packed, rest: &Rest, playbook: &Playbook, today: Day) -> i32 {
        priority::score(&self.case(row, rest), &playbook.weights, &playbook.calendar, today)
    }

    /// The scores of a chunk's rows by these rules, on this day.
    pub(super) fn scores_of(&self, chunk: usize, playbook: &Playbook, today: Day) -> Vec<i32> {
        let rows = self.chunks[chunk].rows.iter().zip(&self.chunks[chunk].rests);
        rows.map(|(row, rest)| if row.is(GONE) { 0 } else { self.score_anew(row, rest, playbook, today) }).collect()
    }

    pub(super) fn subject(&self, id: RowId) -> SubjectId {
        self.rest(id).subject
    }
}
