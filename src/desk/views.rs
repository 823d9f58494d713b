//! What is listed: which view is open, by what it is narrowed, sorted and grouped; and the tabs.

use std::collections::{HashMap, HashSet};

use super::effect::Effect;
use super::find;
use super::model::{Desk, Rules};
use super::notice::{Notice, Tone};
use super::prompt::Prompt;
use super::rank::{self, Why};
use crate::domain::query::{Context, Group, NameField, Query, Vocabulary};
use crate::domain::trouble::Failure;
use crate::domain::view::{Kept, Rows};
use crate::index::RowId;
use crate::index::filter::names_of;
use crate::index::queue::{Queue, View};
use crate::index::select::{Count, Selection};

/// Rows that are looked at for the numbers of the tabs before the loop goes on: some two milliseconds.
const AT_ONCE: usize = 100_000;

/// What is listed beside whose rows, and what was kept.
#[derive(Clone, Debug, Default)]
pub struct Views {
    /// The query as typed; `selection` has it read for today.
    pub text: String,
    pub selection: Selection,
    /// The kept view that was opened; what is listed may have been changed since.
    pub open: Option<Kept>,
    /// Somebody removed the open one; it goes on being shown.
    pub removed: bool,
    pub own: Vec<Kept>,
    pub team: Vec<Kept>,
    /// The first row of each group, and how many it had when it was listed.
    pub heads: HashMap<RowId, usize>,
    /// How many rows have no value to be sorted by.
    pub without: usize,
    /// The numbers of the tabs as they were counted last, by place.
    pub counts: Vec<Option<usize>>,
    counting: Counting,
    /// A team's view that is being written, or removed, by this session.
    pub(super) keeping: Option<String>,
    pub(super) removing: Option<String>,
}

/// How far the numbers of the tabs are.
#[derive(Clone, Debug, Default)]
struct Counting {
    /// Of which rows, minute, and tabs they are.
    of: (u64, i64, usize),
    tab: usize,
    count: Count,
    done: bool,
}

/// One tab.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tab<'a> {
    pub name: &'a str,
    /// `None`: one that is always there.
    pub kept: Option<&'a Kept>,
    pub rows: Rows,
    pub here: bool,
    pub count: Option<usize>,
}

impl Views {
    /// Nothing beside whose rows.
    pub fn is_plain(&self) -> bool {
        self.selection.is_plain() && self.open.is_none()
    }

    /// Everything that was kept: one's own, then the team's.
    pub fn kept(&self) -> impl Iterator<Item = &Kept> {
        self.own.iter().chain(&self.team)
    }

    /// Whether the open view is still listed as it was kept.
    pub fn is_as_kept(&self, rows: Rows) -> bool {
        self.open.as_ref().is_some_and(|open| self.lists(open, rows))
    }

    /// Whether what is listed is what this view keeps.
    fn lists(&self, kept: &Kept, rows: Rows) -> bool {
        (kept.query.trim(), kept.rows, &kept.sort, kept.group) == (self.text.trim(), rows, &self.selection.sort, self.selection.group)
    }
}

/// Every tab, in the order of `[` and `]`.
pub fn tabs(desk: &Desk) -> Vec<Tab<'_>> {
    let views = &desk.views;
    let plain = Rows::ALL.into_iter().map(|rows| {
        let here = views.open.is_none() && views.text.is_empty() && rows == Rows::from(&desk.view);
        Tab { name: rows.name(), kept: None, rows, here, count: None }
    });
    let kept = views.kept().map(|kept| {
        let here = views.open.as_ref().is_some_and(|open| open.name == kept.name && open.team == kept.team);
        Tab { name: &kept.name, kept: Some(kept), rows: kept.rows, here, count: None }
    });
    let mut tabs: Vec<Tab<'_>> = plain.chain(kept).collect();
    for (idx, tab) in tabs.iter_mut().enumerate() {
        // The list itself is the newest count of what it shows.
        let listed = tab.here && desk.found.is_none() && !matches!(desk.prompt, Some(Prompt::Query(_) | Prompt::Find(_)));
        tab.count = if listed { Some(desk.order.len()) } else { views.counts.get(idx).copied().flatten() };
    }
    tabs
}

/// Whether the tabs have a line of their own: not before there is something in it that the header does not say.
pub fn has_tabs(desk: &Desk) -> bool {
    desk.views.kept().next().is_some()
}

/// By what the list is grouped, where its heads are shown: hits of a search are in their own order.
pub fn grouped(desk: &Desk) -> Option<Group> {
    let searching = desk.found.is_some() || matches!(&desk.prompt, Some(Prompt::Find(find)) if !find.line.text().trim().is_empty());
    desk.views.selection.group.filter(|_| !searching && !desk.views.heads.is_empty())
}

pub(super) fn act(desk: &mut Desk, rules: &Rules, name: &str) -> Vec<Effect> {
    match name {
        "view-mine" => show(desk, rules, View::Mine),
        "view-team" => show(desk, rules, View::Team),
        "view-pool" => show(desk, rules, View::Pool),
        "view-away" => show(desk, rules, View::Away),
        "next-tab" => step(desk, rules, 1),
        _ => step(desk, rules, -1),
    }
}

/// One of the views that are always there, as it is.
pub(super) fn show(desk: &mut Desk, rules: &Rules, view: View) -> Vec<Effect> {
    desk.views.text.clear();
    desk.views.selection = Selection::default();
    desk.views.open = None;
    change(desk, rules, view)
}

/// One that was kept.
pub(super) fn open(desk: &mut Desk, rules: &Rules, kept: &Kept) -> Vec<Effect> {
    let query = match kept.read(&context(desk, rules)) {
        Ok(query) => query,
        Err(says) => {
            desk.notice = Some(Notice::new(Tone::Refused, format!("the view {} does not fit any more: {says}", kept.name)));
            return Vec::new();
        }
    };
    desk.views.text.clone_from(&kept.query);
    desk.views.selection = Selection { query, sort: kept.sort.clone(), group: kept.group };
    desk.views.open = Some(kept.clone());
    change(desk, rules, kept.rows.into())
}

fn change(desk: &mut Desk, rules: &Rules, view: View) -> Vec<Effect> {
    desk.views.removed = false;
    rank::ask(desk, rules, Why::View, vec![view])
}

fn step(desk: &mut Desk, rules: &Rules, by: isize) -> Vec<Effect> {
    let tabs = tabs(desk);
    let count = isize::try_from(tabs.len()).unwrap_or(1);
    // Beside a query that was only typed stands the view that it narrows.
    let plain = || Rows::ALL.iter().position(|rows| *rows == Rows::from(&desk.view));
    let here = tabs.iter().position(|tab| tab.here).or_else(plain).and_then(|here| isize::try_from(here).ok()).unwrap_or(0);
    let next = usize::try_from((here + by).rem_euclid(count)).unwrap_or(0);
    let (kept, rows) = (tabs[next].kept.cloned(), tabs[next].rows);
    match kept {
        Some(kept) => open(desk, rules, &kept),
        None => show(desk, rules, rows.into()),
    }
}

/// The list anew in another order; the cursor stays on its record.
pub(super) fn rearrange(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let view = desk.view.clone();
    let effects = rank::ask(desk, rules, Why::Arranged, vec![view]);
    if let Some(found) = desk.found.take() {
        find::restore(desk, found);
    }
    effects
}

/// Esc: back from a query that was only typed to the view as it is.
pub(super) fn leave(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let typed = desk.views.open.is_none() && !desk.views.text.is_empty();
    if !typed {
        return Vec::new();
    }
    desk.views.text.clear();
    desk.views.selection.query = Query::default();
    rearrange(desk, rules)
}

/// Rows leave the list: the head of a group goes to the first one that stays, with the number of those.
pub(super) fn hand_heads_on(desk: &mut Desk, stays: impl Fn(&Queue, RowId) -> bool) {
    let Desk { views, order, queue, .. } = desk;
    if views.heads.is_empty() {
        return;
    }
    let mut heads = HashMap::with_capacity(views.heads.len());
    // The first that stays, and how many are left.
    let mut group: (Option<RowId>, usize) = (None, 0);
    for id in order.iter() {
        if let Some(count) = views.heads.get(id) {
            let (first, left) = std::mem::replace(&mut group, (None, *count));
            heads.extend(first.map(|first| (first, left)));
        }
        match stays(queue, *id) {
            true => _ = group.0.get_or_insert(*id),
            false => group.1 = group.1.saturating_sub(1),
        }
    }
    heads.extend(group.0.map(|first| (first, group.1)));
    views.heads = heads;
}

pub(super) fn context<'a>(desk: &Desk, rules: &'a Rules) -> Context<'a> {
    Context { playbook: &rules.playbook, today: desk.today() }
}

/// The names that can be asked for here.
pub(super) fn vocabulary(queue: &Queue, rules: &Rules) -> Vocabulary {
    let workflow = &rules.playbook.workflow;
    let pair = |name: &String, label: &String| (name.clone(), label.clone());
    let used = |name| names_of(queue, name).into_iter().map(|text| (text, String::new())).collect::<Vec<_>>();
    // The short name is what one types; a utility that the process book does not know has only its own.
    let (mut utilities, mut known) = (Vec::new(), HashSet::new());
    for text in names_of(queue, NameField::Utility) {
        let item = match rules.playbook.utility(&text) {
            Some(utility) if !utility.short.is_empty() => pair(&utility.short, &utility.name),
            _ => (text, String::new()),
        };
        if known.insert(item.0.clone()) {
            utilities.push(item);
        }
    }
    [
        (NameField::Utility, utilities),
        (NameField::Status, workflow.statuses.iter().map(|status| pair(&status.name, &status.label)).collect()),
        (NameField::Ball, workflow.parties.iter().map(|party| pair(&party.name, &party.label)).collect()),
        (NameField::Lane, workflow.lanes.iter().map(|lane| pair(&lane.name, &lane.label)).collect()),
        (NameField::Owner, used(NameField::Owner)),
        (NameField::Product, used(NameField::Product)),
        (NameField::Program, used(NameField::Program)),
    ]
    .into()
}

/// The team's views, as they stand now. One that is open and was removed stays on the screen.
pub(super) fn told(desk: &mut Desk, rules: &Rules, team: Vec<Kept>) -> Vec<Effect> {
    desk.views.team = team;
    desk.views.counting = Counting::default();
    let views = &mut desk.views;
    if let Some(kept) = views.keeping.as_ref().and_then(|name| views.team.iter().find(|kept| kept.name == *name)) {
        // Somebody may have gone on to another view meanwhile.
        if views.lists(kept, Rows::from(&desk.view)) {
            views.open = Some(kept.clone());
            views.removed = false;
        }
        views.keeping = None;
    }
    let Some(open) = views.open.as_ref().filter(|open| open.team) else { return Vec::new() };
    let mine = views.removing.as_ref() == Some(&open.name);
    let words = match views.team.iter().find(|kept| kept.name == open.name) {
        None if mine || views.removed => return Vec::new(),
        None => {
            views.removed = true;
            format!("the view {} was removed; what it lists stays until you leave it", open.name)
        }
        Some(kept) if kept.version != open.version && kept.query != open.query => {
            views.removed = false;
            format!("the view {} was changed; opened again it is the new one", open.name)
        }
        Some(kept) => {
            views.removed = false;
            views.open = Some(kept.clone());
            return Vec::new();
        }
    };
    // Nothing is said over what is being typed.
    if desk.prompt.is_none() && !desk.loading {
        desk.notice = Some(Notice::new(Tone::Note, words));
    }
    let _ = rules;
    Vec::new()
}

/// A file of one's own was written or removed.
pub(super) fn own(desk: &mut Desk, result: Result<(Kept, bool), Failure>) -> Vec<Effect> {
    match result {
        Ok((kept, stays)) => {
            let views = &mut desk.views;
            views.own.retain(|known| known.name != kept.name);
            views.counting = Counting::default();
            let words = match stays {
                true => {
                    let words = format!("kept the view {}, for you", kept.name);
                    views.own.push(kept.clone());
                    views.own.sort_by(|one, other| one.name.cmp(&other.name));
                    if views.lists(&kept, Rows::from(&desk.view)) {
                        views.open = Some(kept);
                        views.removed = false;
                    }
                    words
                }
                false => {
                    views.open = views.open.take().filter(|open| open.team || open.name != kept.name);
                    format!("removed the view {}; what it listed stays here, v k keeps it again", kept.name)
                }
            };
            desk.notice = Some(Notice::new(Tone::Done, words));
        }
        Err(failure) => desk.notice = Some(Notice::from(&failure)),
    }
    Vec::new()
}

/// Goes on counting for the tabs; called when nothing else is to be done.
pub(super) fn count(desk: &mut Desk, rules: &Rules) {
    if desk.loading || !has_tabs(desk) {
        return;
    }
    let minute = desk.now.and_utc().timestamp() / 60;
    let kept: Vec<Option<Kept>> = Rows::ALL.iter().map(|_| None).chain(desk.views.kept().cloned().map(Some)).collect();
    let of = (desk.queue.generation(), minute, kept.len());
    // A round that is under way is ended with the rows as they are by now: it would never end where others write all day.
    let counting = &desk.views.counting;
    if counting.of.2 != of.2 || counting.done && counting.of != of {
        desk.views.counting = Counting { of, ..Counting::default() };
        desk.views.counts.resize(kept.len(), None);
    }
    let mut left = AT_ONCE;
    while left > 0 && !desk.views.counting.done {
        let tab = desk.views.counting.tab;
        let Some(kept) = kept.get(tab) else {
            desk.views.counting.done = true;
            return;
        };
        let rows = kept.as_ref().map_or_else(|| Rows::ALL[tab], |kept| kept.rows);
        let query = kept.as_ref().map_or(Ok(Query::default()), |kept| kept.read(&context(desk, rules)));
        let mut so_far = desk.views.counting.count;
        let looked = match &query {
            Ok(query) => desk.queue.count_on(&rows.into(), query, &desk.me(), (&rules.playbook, desk.now), &mut so_far, left),
            Err(_) => 0,
        };
        desk.views.counting.count = so_far;
        left = left.saturating_sub(looked.max(1));
        if so_far.ended || query.is_err() {
            desk.views.counts[tab] = query.is_ok().then_some(so_far.passed);
            desk.views.counting.tab += 1;
            desk.views.counting.count = Count::default();
        }
    }
}

/// Whether `count` has something to do.
pub fn is_counted(desk: &Desk) -> bool {
    let minute = desk.now.and_utc().timestamp() / 60;
    !has_tabs(desk)
        || desk.loading
        || desk.views.counting.done && desk.views.counting.of.0 == desk.queue.generation() && desk.views.counting.of.1 == minute
}
