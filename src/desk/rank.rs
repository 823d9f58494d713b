//! Rankings and counts: asked for here, made on another thread, taken in when they come. Keys that
//! come meanwhile wait for a ranking that a key has asked for, so that none acts on the order before.

use super::effect::{Effect, Ticket};
use super::loading;
use super::model::{Arrivals, Desk, Rules};
use super::notice::{Notice, Tone};
use super::prompt::Prompt;
use super::views;
use super::{batch, note, queue, records, serve};
use crate::domain::day::NaiveDateTime;
use crate::domain::facts::Facts;
use crate::domain::id::SubjectId;
use crate::domain::query::Query;
use crate::index::RowId;
use crate::index::queue::{Counts, View};
use crate::index::rank::{Asked, Ranked};

/// Rows of the working order that are kept for the next start: two of the tallest screens. The first frame takes in and ranks
/// them all, and 500 of them were a seventh of the time until it.
const FRONT: usize = 200;

/// Why a ranking was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// The first rows are there.
    FirstRows,
    /// All are.
    Loaded,
    /// The list was empty and something came, or another name means me.
    Empty,
    /// The user's act: another view, from its top.
    View,
    /// The user's act: the same view, on the same record.
    Again,
    /// The user's act: the same view put together, sorted or grouped in another way, on the same record.
    Batch,
    Arranged,
    /// Letters of a query: the list from its top. A newer one takes its place, and the box keeps the keys.
    Query,
    /// A new day: scores change, the working order does not.
    Day,
}

/// A ranking on its way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ranking {
    pub ticket: Ticket,
    pub why: Why,
    /// The record that keeps the cursor.
    pub here: Option<SubjectId>,
    /// The first rows are shown; the rest follows.
    pub rest: bool,
}

impl Why {
    /// Somebody waits for it.
    fn is_an_act(self) -> bool {
        matches!(self, Why::View | Why::Again | Why::Batch | Why::Arranged | Why::Query)
    }
}

impl Ranking {
    /// Keys wait for it: what they mean depends on what it brings.
    pub fn holds_keys(&self) -> bool {
        self.why.is_an_act() && !self.rest
    }
}

/// The views to show: mine, or the pool, or the team while nothing is mine.
pub(super) fn fallbacks(desk: &Desk) -> Vec<View> {
    if desk.view == View::Mine { vec![View::Mine, View::Pool, View::Team] } else { vec![desk.view.clone()] }
}

fn asked(desk: &Desk, views: Vec<View>, rescore: bool) -> Asked {
    Asked { views, selection: desk.views.selection.clone(), me: desk.me().into_iter().map(str::to_owned).collect(), now: desk.now, rescore }
}

/// Asks for a ranking, or remembers that it is to be asked for when the one that somebody waits for is there.
pub(super) fn ask(desk: &mut Desk, rules: &Rules, why: Why, views: Vec<View>) -> Vec<Effect> {
    match &desk.ranking {
        Some(under_way) if (under_way.why.is_an_act() || under_way.rest) && !why.is_an_act() => {
            // The end of the loading is not forgotten for a new day.
            if !matches!(desk.rank_next, Some((Why::Loaded, _))) {
                desk.rank_next = Some((why, views));
            }
            return Vec::new();
        }
        // What ends the loading is not lost to a key.
        Some(under_way) if under_way.why == Why::Loaded && why != Why::Loaded => desk.rank_next = Some((Why::Loaded, fallbacks(desk))),
        _ => {}
    }
    if (why.is_an_act() || why == Why::Day)
        && let Ok(query) = Query::read(&desk.views.text, &views::context(desk, rules))
    {
        // `today` in it may be another day by now.
        desk.views.selection.query = query;
    }
    let ticket = super::saving::take_ticket(desk);
    let here = desk.painted(rules).map(|seen| seen.subject);
    desk.ranking = Some(Ranking { ticket, why, here, rest: false });
    vec![Effect::Rank { ticket, asked: asked(desk, views, why == Why::Day) }]
}

/// A ranking came, or its first rows.
pub(super) fn ranked(desk: &mut Desk, rules: &Rules, ticket: Ticket, ranked: Ranked) -> Vec<Effect> {
    let Some(ranking) = desk.ranking.take_if(|ranking| ranking.ticket == ticket) else { return Vec::new() };
    let mut effects = Vec::new();
    let same = desk.queue.generation() == ranked.generation;
    if let Some(scores) = ranked.scores {
        desk.queue.take_scores(scores, &rules.playbook, desk.today());
    }
    // What another hand wrote meanwhile is not in its counts.
    if same {
        desk.counts = ranked.counts
    } else {
        effects.push(count(desk, None))
    }
    let settles = match ranking.why {
        why if why.is_an_act() => true,
        Why::Day => false,
        _ => (!desk.moved || desk.order.is_empty()) && !matches!(desk.prompt, Some(Prompt::Find(_))),
    };
    if settles {
        (desk.views.heads, desk.views.without) = (ranked.heads, ranked.without);
        show(desk, rules, &ranking, ranked.view, ranked.order, ranked.whole);
        if ranking.why == Why::View {
            effects.extend(serve::release(desk));
        }
    }
    if ranking.why == Why::Loaded && ranked.whole {
        if !settles {
            desk.arrivals.new = desk.counts.workable.saturating_sub(desk.order.len());
        }
        effects.extend(loaded(desk, rules));
    }
    if !ranked.whole {
        desk.ranking = Some(Ranking { rest: true, ..ranking });
    }
    effects.extend(records::fetch(desk, rules));
    if ranked.whole
        && let Some((why, views)) = desk.rank_next.take()
    {
        effects.extend(ask(desk, rules, why, views));
    }
    effects.extend(records::run_waiting(desk, rules));
    effects
}

/// The order is on the screen.
fn show(desk: &mut Desk, rules: &Rules, ranking: &Ranking, view: View, order: Vec<RowId>, whole: bool) {
    if ranking.rest {
        return go_on(desk, order);
    }
    let before = desk.current();
    if matches!(ranking.why, Why::View | Why::Again | Why::Batch) {
        queue::remember(desk, rules);
        desk.found = None;
        desk.worked.clear();
        desk.arrivals = Arrivals::default();
    } else if !ranking.why.is_an_act() && view != desk.view && !order.is_empty() {
        let says = if view == View::Pool { "nothing is yours yet: showing the pool" } else { "nothing is yours yet: showing the team" };
        desk.notice = Some(Notice::new(Tone::Note, says));
    }
    if ranking.why == Why::View {
        desk.batch = None;
    }
    (desk.view, desk.order) = (view, order);
    put_together(desk);
    (desk.cursor, desk.top, desk.detail_top) = (0, 0, 0);
    if matches!(ranking.why, Why::Again | Why::Batch | Why::Arranged) {
        let place = ranking.here.and_then(|subject| desk.queue.find(subject)).and_then(|row| place_of(desk, row));
        queue::move_to(desk, place.unwrap_or(0));
    }
    desk.rest = !whole;
    if ranking.why == Why::Batch {
        batch::say(desk);
    }
    // A last word counts only with Enter: nobody has read the row that it brought.
    if ranking.why == Why::Query && desk.prompt.is_none() {
        desk.moved_alone |= desk.current() != before;
    }
}

/// Without what I skipped today, and by portal or contact where that was asked for.
fn put_together(desk: &mut Desk) {
    serve::keep_out(desk);
    batch::apply(desk);
}

fn place_of(desk: &Desk, row: RowId) -> Option<usize> {
    desk.order.iter().position(|id| *id == row)
}

/// The rest of the order whose first rows are shown. The cursor stays on its row, also on one that was
/// gone to and has no place in this view.
fn go_on(desk: &mut Desk, order: Vec<RowId>) {
    let here = desk.current();
    (desk.order, desk.rest) = (order, false);
    put_together(desk);
    let Some(here) = here else { return };
    let place = place_of(desk, here).unwrap_or_else(|| {
        let place = desk.cursor.min(desk.order.len());
        desk.order.insert(place, here);
        place
    });
    desk.cursor = place;
    queue::keep_in_view(desk);
}

fn loaded(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    desk.loading = false;
    let front: Vec<SubjectId> =
        desk.order.iter().take(FRONT).filter_map(|id| desk.queue.row(*id, &rules.playbook)).map(|row| row.subject).collect();
    let mut effects = if front.is_empty() { Vec::new() } else { vec![Effect::SaveFront(front)] };
    note::announce_drafts(desk, rules);
    effects.extend(loading::ask_me_first(desk, rules));
    effects
}

/// Takes in a row, and what it changes of the counts.
pub(super) fn put(desk: &mut Desk, rules: &Rules, facts: &Facts) -> RowId {
    let before = counts_of(desk, rules, facts.subject);
    let row = desk.queue.put(facts, &rules.playbook, desk.today());
    let after = counts_of(desk, rules, facts.subject);
    desk.counts.take(before);
    desk.counts.add(after);
    row
}

pub(super) fn remove(desk: &mut Desk, rules: &Rules, subject: SubjectId) {
    let before = counts_of(desk, rules, subject);
    desk.counts.take(before);
    desk.removed.extend(desk.queue.find(subject));
    desk.queue.remove(subject);
}

/// Of what a query leaves only a full count knows; `update` asks for it once.
fn counts_of(desk: &mut Desk, rules: &Rules, subject: SubjectId) -> Counts {
    if !desk.views.selection.query.is_empty() {
        desk.counts_are_old = true;
        return Counts::default();
    }
    desk.queue.counts_of_row(desk.queue.find(subject), &desk.view, &desk.me(), &rules.playbook, desk.now)
}

/// Counts the rows of the view again. `before`: says which follow-up with an hour has come since then.
pub(super) fn count(desk: &Desk, before: Option<NaiveDateTime>) -> Effect {
    Effect::Count { asked: asked(desk, vec![desk.view.clone()], false), before }
}

/// The counts came, and perhaps a follow-up whose hour has come.
pub(super) fn counted(desk: &mut Desk, rules: &Rules, asked: &Asked, counts: Counts, generation: u64, come: Option<RowId>) -> Vec<Effect> {
    if let Some(row) = come.and_then(|id| desk.queue.row(id, &rules.playbook)) {
        let time = row.follow_up.and_then(|when| when.time).map(|time| time.format("%H:%M").to_string()).unwrap_or_default();
        desk.notice = Some(Notice::new(Tone::Note, format!("{time} has come for {} {}", row.reference, row.customer)).about(row.subject));
    }
    if asked.views.first() != Some(&desk.view) || generation != desk.queue.generation() {
        return vec![count(desk, None)];
    }
    desk.counts = counts;
    Vec::new()
}
