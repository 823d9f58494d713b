//! Which rows does a view list, and in which order? The working order, narrowed, sorted and grouped.

use std::collections::HashMap;
use std::ops::Range;

use super::filter::{self, Filter};
use super::grouped;
use super::names::{About, Names};
use super::order::{Moment, Place, Whose, falling, sort_key};
use super::queue::{Counts, View};
use super::rest::Rest;
use super::row::{Packed, ShortDay};
use super::rows::Rows;
use super::{RowId, chunk};
use crate::domain::day::NaiveDateTime;
use crate::domain::playbook::Playbook;
use crate::domain::query::{DayField, Group, Kind, NameField, NumberField, Query, SortKey, TextField};
use crate::domain::view;

/// What is listed beside what the view's owner decides.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Selection {
    pub query: Query,
    pub sort: Vec<SortKey>,
    pub group: Option<Group>,
}

impl Selection {
    /// The view as it is.
    pub fn is_plain(&self) -> bool {
        self.query.is_empty() && self.sort.is_empty() && self.group.is_none()
    }
}

impl From<view::Rows> for View {
    fn from(rows: view::Rows) -> View {
        match rows {
            view::Rows::Mine => View::Mine,
            view::Rows::Team => View::Team,
            view::Rows::Pool => View::Pool,
            view::Rows::Away => View::Away,
        }
    }
}

impl From<&View> for view::Rows {
    fn from(view: &View) -> view::Rows {
        match view {
            View::Mine => view::Rows::Mine,
            View::Team => view::Rows::Team,
            View::Pool => view::Rows::Pool,
            View::Away => view::Rows::Away,
        }
    }
}

/// A count that is made in parts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Count {
    next: usize,
    pub passed: usize,
    pub ended: bool,
}

/// The rows, and what has to be said of them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Selected {
    pub rows: Vec<RowId>,
    /// The first row of each group, with how many it has.
    pub heads: HashMap<RowId, usize>,
    /// How many rows have no value to be sorted by; they come last.
    pub without: usize,
    /// How many are to be worked now.
    pub workable: usize,
}

impl Rows {
    /// With a query: every open row of the view's owner that passes it, workable ones first, then those that are away,
    /// then those on hold. A list that left out what is away would say that there is none. A query that names an owner looks at everybody's rows; one that names a status finds closed ones too, last.
    pub fn select(&self, view: &View, selection: &Selection, me: &[&str], playbook: &Playbook, now: NaiveDateTime) -> Selected {
        let selected = match selection.query.is_empty() {
            true => {
                let rows = self.order(view, me, playbook, now);
                let workable = if *view == View::Away { 0 } else { rows.len() };
                Selected { rows, workable, ..Selected::default() }
            }
            false => self.passing(view, &selection.query, me, playbook, now),
        };
        let workable = selected.workable;
        Selected { workable, ..self.arrange(selected.rows, selection, playbook) }
    }

    /// Rows of whatever order, sorted and grouped.
    pub fn arrange(&self, rows: Vec<RowId>, selection: &Selection, playbook: &Playbook) -> Selected {
        let mut selected = Selected { rows, ..Selected::default() };
        if !selection.sort.is_empty() {
            selected.without = self.sort(&mut selected.rows, &selection.sort, playbook);
        }
        if let Some(group) = selection.group {
            selected.heads = grouped::apply(self, &mut selected.rows, group, playbook);
        }
        selected
    }

    /// How many rows `select` would list.
    pub fn count(&self, view: &View, query: &Query, me: &[&str], playbook: &Playbook, now: NaiveDateTime) -> usize {
        let mut count = Count::default();
        self.count_on(view, query, me, (playbook, now), &mut count, usize::MAX);
        count.passed
    }

    /// Goes on counting them, for at most about so many rows; how many were looked at.
    pub fn count_on(
        &self,
        view: &View,
        query: &Query,
        me: &[&str],
        (playbook, now): (&Playbook, NaiveDateTime),
        count: &mut Count,
        most: usize,
    ) -> usize {
        let chunks = self.chunks.len();
        let (from, to) = (count.next.min(chunks), chunks.min(count.next.saturating_add(most.div_ceil(chunk::SIZE))));
        self.places(view, query, me, (playbook, now), from..to, |_, _, _| count.passed += 1);
        (count.next, count.ended) = (to, to == chunks);
        self.chunks[from..to].iter().map(|chunk| chunk.rows.len()).sum()
    }

    /// The header's numbers for what a query leaves of a view.
    pub fn counts_of(&self, view: &View, query: &Query, me: &[&str], playbook: &Playbook, now: NaiveDateTime) -> Counts {
        let moment = Moment::of(self, playbook, now);
        let mut counts = Counts::default();
        self.places(view, query, me, (playbook, now), 0..self.chunks.len(), |_, row, place| counts.add(moment.count_at(row, place)));
        counts
    }

    fn passing(&self, view: &View, query: &Query, me: &[&str], playbook: &Playbook, now: NaiveDateTime) -> Selected {
        let mut keys = Vec::new();
        let mut workable = 0;
        self.places(view, query, me, (playbook, now), 0..self.chunks.len(), |id, row, place| {
            let (first, second) = rank(place, row, self.score(id));
            workable += usize::from(place == Place::Workable);
            keys.push((band(place), sort_key(first, second, row, id)));
        });
        // Bands apart, because the first part of a key is a score in one and a day in the next.
        let mut rows = Vec::with_capacity(keys.len());
        for wanted in 0..3 {
            rows.extend(self.sorted(keys.iter().filter(|(band, _)| *band == wanted).map(|(_, key)| *key).collect()));
        }
        Selected { rows, workable, ..Selected::default() }
    }

    /// Every row of a part of the queue that passes, with where it stands.
    fn places(
        &self,
        view: &View,
        query: &Query,
        me: &[&str],
        (playbook, now): (&Playbook, NaiveDateTime),
        part: Range<usize>,
        mut each: impl FnMut(RowId, &Packed, Place),
    ) {
        let filter = Filter::of(query, self, me, playbook, now);
        let moment = Moment::of(self, playbook, now);
        let whose = if query.names_owner() && *view != View::Away { &View::Team } else { view };
        let whose = Whose::of(whose, me, &self.owners);
        let (only_away, all) = (*view == View::Away, !query.is_empty());
        let rows = part.flat_map(|chunk| self.live_rows_of(chunk));
        for (id, row) in rows.filter(|(_, row)| whose.has(row)) {
            let place = moment.standing(row, self.is_open(row));
            let listed = match place {
                Place::Workable => !only_away,
                Place::Over => all && !only_away && query.names_status(),
                _ => only_away || all,
            };
            if listed && filter.has(self, id, row) {
                each(id, row, place);
            }
        }
    }

    /// Sorts by the keys, what has no value last; among equals the order stays. How many have none for the first key.
    pub fn sort(&self, rows: &mut [RowId], sort: &[SortKey], playbook: &Playbook) -> usize {
        let mut without = 0;
        // The last key first: a stable sort keeps what the keys behind it made.
        for (idx, key) in sort.iter().enumerate().rev() {
            let values = match key.kind {
                Kind::Text(field) => self.by_text(rows, field),
                kind => {
                    let ranks = self.ranks(kind, playbook);
                    rows.iter()
                        .map(|id| self.packed(*id).and_then(|row| value(kind, row, self.rest(*id), self.score(*id), &ranks)))
                        .collect()
                }
            };
            if idx == 0 {
                without = values.iter().filter(|value| value.is_none()).count();
            }
            let mut keyed: Vec<(u64, RowId)> = values
                .into_iter()
                .map(|value| value.map_or(u64::MAX, |value| if key.falling { MOST - value } else { value }))
                .zip(rows.iter().copied())
                .collect();
            keyed.sort_by_key(|(value, _)| *value);
            rows.iter_mut().zip(keyed).for_each(|(place, (_, id))| *place = id);
        }
        without
    }

    /// The place of each text in the alphabet, without case; `None` for an empty one.
    fn by_text(&self, rows: &[RowId], field: TextField) -> Vec<Option<u64>> {
        let text = |id: RowId| {
            let row = self.packed(id);
            row.map_or(&[][..], |row| filter::part(self.searched(id, row), filter::place(field)))
        };
        let lower = |text: &'_ [u8]| text.iter().map(u8::to_ascii_lowercase).collect::<Vec<u8>>();
        // The first letters decide nearly always, and are compared as one number.
        let start = |text: &[u8]| {
            let mut start = [0; 8];
            start.iter_mut().zip(text).for_each(|(to, from)| *to = from.to_ascii_lowercase());
            u64::from_be_bytes(start)
        };
        let mut places: Vec<(u64, usize)> = rows.iter().enumerate().map(|(idx, id)| (start(text(*id)), idx)).collect();
        places.sort_by(|one, other| one.0.cmp(&other.0).then_with(|| lower(text(rows[one.1])).cmp(&lower(text(rows[other.1])))));
        let mut values = vec![None; rows.len()];
        let mut place = 0;
        for (idx, (_, at)) in places.iter().enumerate() {
            let here = text(rows[*at]);
            let same = idx > 0 && text(rows[places[idx - 1].1]).eq_ignore_ascii_case(here);
            place += u64::from(!same);
            values[*at] = (!here.is_empty()).then_some(place);
        }
        values
    }

    /// For a kind of names, the place of each: statuses as the work goes, the others by the alphabet; `None` for none.
    fn ranks(&self, kind: Kind, playbook: &Playbook) -> Vec<Option<u64>> {
        let Kind::Name(name) = kind else { return Vec::new() };
        let workflow = &playbook.workflow;
        match name {
            NameField::Utility => {
                alphabet(&self.utilities, |utility| if utility.about.name.is_empty() { &utility.text } else { &utility.about.name })
            }
            NameField::Owner => alphabet(&self.owners, |owner| &owner.text),
            NameField::Product => alphabet(&self.products, |product| &product.text),
            NameField::Program => alphabet(&self.programs, |program| &program.text),
            NameField::Lane => (0..=255).map(Some).collect(),
            NameField::Status => {
                let place = |text: &str| workflow.statuses.iter().position(|status| status.name == text);
                self.statuses.iter().map(|status| Some(place(&status.text).map_or(MOST / 2, |place| place as u64))).collect()
            }
            NameField::Ball => {
                let place = |text: &str| workflow.parties.iter().position(|party| party.name == text);
                self.balls.iter().map(|ball| place(&ball.text).map(|place| place as u64)).collect()
            }
        }
    }
}

/// Above every value.
const MOST: u64 = 1 << 62;

fn alphabet<T: About>(names: &Names<T>, text: impl Fn(&super::names::Name<T>) -> &str) -> Vec<Option<u64>> {
    let mut sorted: Vec<(String, usize)> =
        names.iter().enumerate().map(|(number, name)| (crate::domain::text::fold(text(name)), number)).collect();
    sorted.sort();
    let mut ranks = vec![None; sorted.len()];
    let (mut place, mut before) = (0, None);
    for (text, number) in &sorted {
        // Two spellings of one name stay together.
        place += u64::from(before != Some(text));
        before = Some(text);
        ranks[*number] = (!text.is_empty()).then_some(place);
    }
    ranks
}

fn value(kind: Kind, row: &Packed, rest: &Rest, score: i32, ranks: &[Option<u64>]) -> Option<u64> {
    match kind {
        Kind::Name(name) => ranks.get(filter::number(name, row, rest) as usize).copied().flatten(),
        // A time of the day decides among the follow-ups of one.
        Kind::Day(DayField::Due) => (row.follow_up.day() != ShortDay::NONE).then_some(u64::from(row.follow_up.0)),
        Kind::Day(field) => Some(filter::day(field, row, rest)).filter(|day| *day != ShortDay::NONE).map(|day| u64::from(day.0)),
        Kind::Number(field) => {
            let amount = filter::amount(field, rest, score);
            let is_there = amount != 0 || field == NumberField::Score;
            is_there.then(|| u64::try_from(amount.saturating_add(1 << 40)).unwrap_or(0))
        }
        Kind::Text(_) | Kind::Is => None,
    }
}

/// Workable, away or held, over.
fn band(place: Place) -> u8 {
    match place {
        Place::Workable => 0,
        Place::Over => 2,
        _ => 1,
    }
}

/// The two parts of a key, as the working order and the list of what is away have them.
fn rank(place: Place, row: &Packed, score: i32) -> (u32, u32) {
    match place {
        Place::Workable => (falling(score), row.follow_up.0),
        Place::Away(back) => (back.0, falling(score)),
        Place::UntilActivity => (u32::MAX - 2, falling(score)),
        Place::OnHold => (u32::MAX - 1, falling(score)),
        Place::LegalHold => (u32::MAX, falling(score)),
        Place::Over => (0, 0),
    }
}

#[cfg(test)]
mod tests;
