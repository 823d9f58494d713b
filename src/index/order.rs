//! In which order do the rows stand, which of them are to be worked now, and how many?

use super::RowId;
use super::names::Names;
use super::outages::Outages;
use super::queue::{Counts, Standing, View};
use super::row::{self, Packed, ShortDay, ShortWhen};
use super::rows::Rows;
use crate::domain::day::{Day, NaiveDateTime};
use crate::domain::playbook::Playbook;
use crate::domain::priority::Signal;
use crate::domain::text;

/// What decides at one instant whether a row is to be worked. Made once for all rows that are asked about, because it looks at
/// every utility; of no use for rows that were changed since: a new name has a number that it does not know.
pub struct Moment {
    now: ShortWhen,
    /// A lapse clock up to this day has come, and a duty up to that one.
    lapse: ShortDay,
    duty: ShortDay,
    outages: Option<Outages>,
}

impl Moment {
    pub fn of(queue: &Rows, playbook: &Playbook, now: NaiveDateTime) -> Moment {
        // The last day that is within so many business days is the one before the next of them.
        let last = |signal: Signal| {
            let within = u32::try_from(playbook.weights.of(signal).within).unwrap_or(0);
            let beyond = playbook.calendar.add(now.date(), within + 1);
            ShortDay::of(beyond.and_then(|day| day.pred_opt()).unwrap_or(Day::MAX))
        };
        Moment {
            now: ShortWhen::now(now),
            lapse: last(Signal::LapseNear),
            duty: last(Signal::Duty),
            outages: Outages::of(queue, playbook, now.date()),
        }
    }

    pub(super) fn standing(&self, row: &Packed, is_open: bool) -> Place {
        if !is_open {
            return Place::Over;
        }
        if row.is(row::LEGAL_HOLD) {
            return Place::LegalHold;
        }
        if row.lapse <= self.lapse || row.ours <= self.duty {
            return Place::Workable;
        }
        if row.is(row::ON_HOLD) {
            return Place::OnHold;
        }
        let todo = if row.has_open_todo() { ShortWhen::on(row.todo_due) } else { ShortWhen::NONE };
        let follow_up = self.outages.as_ref().map_or(row.follow_up, |outages| outages.follow_up(row));
        let back = follow_up.min(todo);
        if back <= self.now {
            return Place::Workable;
        }
        // Waiting for activity replaces the day on which we look; a day that was set besides brings
        // the row back whichever comes first.
        match (back == ShortWhen::NONE, row.is(row::UNTIL_ACTIVITY)) {
            (true, true) => Place::UntilActivity,
            _ if follow_up == ShortWhen::NONE && !row.is(row::UNTIL_ACTIVITY) => Place::Workable,
            _ => Place::Away(back),
        }
    }
}

impl Moment {
    /// What a row adds to the counts.
    pub(super) fn count(&self, row: &Packed, is_open: bool) -> Counts {
        self.count_at(row, self.standing(row, is_open))
    }

    pub(super) fn count_at(&self, row: &Packed, place: Place) -> Counts {
        let mut counts = Counts::default();
        match place {
            Place::Workable => counts.workable = 1,
            Place::Away(back) => {
                counts.away = 1;
                counts.next_day = back.day().get();
            }
            Place::UntilActivity => counts.away = 1,
            Place::OnHold | Place::LegalHold => counts.held = 1,
            Place::Over => {}
        }
        // A row that steps back with its utility's portal is late or due for nobody before that is up.
        if place == Place::Workable || matches!(place, Place::Away(back) if back <= row.follow_up) {
            let today = self.now.day();
            counts.overdue = usize::from(row.follow_up.day() < today);
            counts.today = usize::from(row.follow_up.day() == today);
        }
        counts
    }
}

impl Counts {
    pub fn add(&mut self, other: Counts) {
        self.workable += other.workable;
        self.overdue += other.overdue;
        self.today += other.today;
        self.away += other.away;
        self.held += other.held;
        self.next_day = [self.next_day, other.next_day].into_iter().flatten().min();
    }

    /// Takes out what a row had added. The next day on which something comes back may be a later one
    /// then; only a full count knows.
    pub fn take(&mut self, other: Counts) {
        self.workable = self.workable.saturating_sub(other.workable);
        self.overdue = self.overdue.saturating_sub(other.overdue);
        self.today = self.today.saturating_sub(other.today);
        self.away = self.away.saturating_sub(other.away);
        self.held = self.held.saturating_sub(other.held);
    }
}

/// `Standing` in the packed days.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Workable,
    Away(ShortWhen),
    UntilActivity,
    OnHold,
    LegalHold,
    Over,
}

impl From<Place> for Standing {
    fn from(place: Place) -> Standing {
        match place {
            Place::Workable => Standing::Workable,
            Place::Away(when) => when.get().map_or(Standing::Workable, Standing::AwayUntil),
            Place::UntilActivity => Standing::UntilActivity,
            Place::OnHold => Standing::OnHold,
            Place::LegalHold => Standing::LegalHold,
            Place::Over => Standing::Over,
        }
    }
}

/// Whose rows: by the owner's number.
pub(super) enum Whose {
    Everybody,
    These(Vec<bool>),
}

impl Whose {
    pub fn of<T>(view: &View, me: &[&str], owners: &Names<T>) -> Whose
    where
        T: super::names::About,
    {
        match view {
            View::Team | View::Away => Whose::Everybody,
            View::Pool => Whose::These(owners.iter().map(|owner| owner.text.is_empty()).collect()),
            View::Mine => {
                let me: Vec<String> = me.iter().filter(|name| !name.is_empty()).map(|name| name.to_lowercase()).collect();
                Whose::These(owners.iter().map(|owner| me.contains(&owner.text.to_lowercase())).collect())
            }
        }
    }

    pub fn has(&self, row: &Packed) -> bool {
        match self {
            Whose::Everybody => true,
            Whose::These(owners) => owners[row.owner as usize],
        }
    }
}

/// What rows are sorted by, the row's own number last: one integer, so that a million sort fast.
pub(super) fn sort_key(first: u32, second: u32, row: &Packed, RowId(id): RowId) -> u128 {
    u128::from(first) << 96 | u128::from(second) << 64 | u128::from(row.reference) << 32 | u128::from(id)
}

/// What a row is sorted by in a view; `None` where it does not stand there. Workable rows: by score,
/// then by follow-up. Away: until a day, then until activity, then held, then held by law; each by score.
pub(super) fn key_of(view: &View, place: Place, score: i32, row: &Packed, id: RowId) -> Option<u128> {
    let first = match (view, place) {
        (View::Away, Place::Workable) | (_, Place::Over) => return None,
        (View::Away, Place::Away(back)) => back.0,
        (View::Away, Place::UntilActivity) => u32::MAX - 2,
        (View::Away, Place::OnHold) => u32::MAX - 1,
        (View::Away, Place::LegalHold) => u32::MAX,
        (_, Place::Workable) => return Some(sort_key(falling(score), row.follow_up.0, row, id)),
        _ => return None,
    };
    Some(sort_key(first, falling(score), row, id))
}

/// The highest score is the smallest.
pub(super) fn falling(score: i32) -> u32 {
    !(score.cast_unsigned() ^ (1 << 31))
}

impl Rows {
    /// Names mean what they meant at the last `put` or `rescore`.
    pub fn standing(&self, id: RowId, moment: &Moment) -> Standing {
        self.packed(id).map_or(Standing::Over, |row| moment.standing(row, self.is_open(row)).into())
    }

    /// The rows of a view in queue order: the highest score first, then the earliest follow-up, then
    /// the reference. `Away` is by the day it comes back, then what waits for activity, then holds.
    /// `me`: the names that mean this person (login, name as signed), compared without case.
    pub fn order(&self, view: &View, me: &[&str], playbook: &Playbook, now: NaiveDateTime) -> Vec<RowId> {
        match view {
            View::Away => self.away(playbook, now),
            _ => self.workable(&Whose::of(view, me, &self.owners), playbook, now),
        }
    }

    /// All open rows: workable in queue order, then away until a day, then until activity, then held.
    pub fn all(&self, playbook: &Playbook, now: NaiveDateTime) -> Vec<RowId> {
        let mut rows = self.workable(&Whose::Everybody, playbook, now);
        rows.extend(self.away(playbook, now));
        rows
    }

    pub fn counts(&self, view: &View, me: &[&str], playbook: &Playbook, now: NaiveDateTime) -> Counts {
        let (moment, whose) = (Moment::of(self, playbook, now), Whose::of(view, me, &self.owners));
        let mut counts = Counts::default();
        for (_, row) in self.live_rows().filter(|(_, row)| whose.has(row)) {
            counts.add(moment.count(row, self.is_open(row)));
        }
        counts
    }

    /// What one row adds to the counts of a view; nothing when it is not there.
    pub fn counts_of_row(&self, subject: Option<RowId>, view: &View, me: &[&str], playbook: &Playbook, now: NaiveDateTime) -> Counts {
        let row = subject.and_then(|id| self.packed(id)).filter(|row| Whose::of(view, me, &self.owners).has(row));
        row.map_or_else(Counts::default, |row| Moment::of(self, playbook, now).count(row, self.is_open(row)))
    }

    /// The open row whose follow-up has an hour that came after `before` and up to `now`, the latest
    /// such hour if there are several. Holds do not announce themselves.
    pub fn announced(&self, before: NaiveDateTime, now: NaiveDateTime) -> Option<RowId> {
        let (before, now) = (ShortWhen::now(before), ShortWhen::now(now));
        let come = |row: &Packed| row.follow_up.has_time() && before < row.follow_up && row.follow_up <= now;
        let free = |row: &Packed| !row.is(row::ON_HOLD) && !row.is(row::LEGAL_HOLD) && self.is_open(row);
        let rows = self.live_rows().filter(|(_, row)| come(row) && free(row));
        rows.max_by_key(|(id, row)| (row.follow_up, self.score(*id))).map(|(id, _)| id)
    }

    /// Owners that occur, for the picker, in the order of the alphabet.
    pub fn owners(&self) -> Vec<String> {
        let mut occurs = vec![false; self.owners.len()];
        for (_, row) in self.live_rows() {
            occurs[row.owner as usize] = true;
        }
        let names = self.owners.iter().zip(occurs).filter(|(owner, occurs)| *occurs && !owner.text.is_empty());
        let mut owners: Vec<String> = names.map(|(owner, _)| owner.text.to_string()).collect();
        owners.sort_by_cached_key(|owner| (text::fold(owner), owner.clone()));
        owners
    }

    fn workable(&self, whose: &Whose, playbook: &Playbook, now: NaiveDateTime) -> Vec<RowId> {
        self.in_order(&View::Team, whose, playbook, now)
    }

    fn away(&self, playbook: &Playbook, now: NaiveDateTime) -> Vec<RowId> {
        self.in_order(&View::Away, &Whose::Everybody, playbook, now)
    }

    fn in_order(&self, view: &View, whose: &Whose, playbook: &Playbook, now: NaiveDateTime) -> Vec<RowId> {
        let moment = Moment::of(self, playbook, now);
        let rows = self.live_rows().filter(|(_, row)| whose.has(row));
        let keys = rows.filter_map(|(id, row)| key_of(view, moment.standing(row, self.is_open(row)), self.score(id), row, id));
        self.sorted(keys.collect())
    }

    /// Sorts, and tells apart what the 32 bits of a reference cannot: by its text, then by subject.
    pub(super) fn sorted(&self, mut keys: Vec<u128>) -> Vec<RowId> {
        keys.sort_unstable();
        let row = |key: &u128| RowId((key & u128::from(u32::MAX)) as u32);
        for equal in keys.chunk_by_mut(|one, other| one >> 32 == other >> 32).filter(|equal| equal.len() > 1) {
            equal.sort_by_cached_key(|key| self.tie_break(row(key)));
        }
        keys.iter().map(row).collect()
    }

    /// The reference's natural order, then the subject: the same in every session.
    pub(super) fn tie_break(&self, id: RowId) -> (u32, String, u64, String, crate::domain::id::SubjectId) {
        let row = self.at(id);
        let [reference, ..] = row::read_texts(self.text(id));
        let (words, number, reference) = row::natural(reference);
        (row.reference, words.to_owned(), number, reference.to_owned(), self.subject(id))
    }
}

#[cfg(test)]
mod tests;
