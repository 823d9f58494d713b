//! Which rows are marked? They stay marked whatever is shown, until they are cleared or something was done to them.

use std::collections::HashSet;

use super::effect::Effect;
use super::model::{Desk, Rules};
use super::notice::{Notice, Tone};
use super::{queue, records};
use crate::domain::id::SubjectId;
use crate::domain::import_words::thousands;

#[derive(Clone, Debug, Default)]
pub struct Marks {
    pub rows: HashSet<SubjectId>,
    /// The one that was marked last: a range begins there.
    last: Option<SubjectId>,
    /// Those that were cleared last.
    before: HashSet<SubjectId>,
}

impl Marks {
    /// All go; they come back while nothing else was marked.
    pub(super) fn clear(&mut self) {
        self.before = std::mem::take(&mut self.rows);
        self.last = None;
    }
}

pub(super) fn act(desk: &mut Desk, rules: &Rules, name: &str) -> Vec<Effect> {
    match name {
        "mark" => return mark(desk, rules),
        "mark-range" => range(desk, rules),
        "mark-all" => all(desk, rules),
        _ => clear(desk),
    }
    Vec::new()
}

fn subject(desk: &Desk, rules: &Rules, place: usize) -> Option<SubjectId> {
    let id = desk.order.get(place)?;
    desk.queue.row(*id, &rules.playbook).map(|row| row.subject)
}

/// Marks the row, or takes its mark away, and goes down.
fn mark(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let Some(subject) = subject(desk, rules, desk.cursor) else { return Vec::new() };
    if desk.marks.rows.remove(&subject) {
        desk.marks.last = None;
    } else {
        desk.marks.rows.insert(subject);
        desk.marks.last = Some(subject);
    }
    desk.cursor = (desk.cursor + 1).min(desk.order.len().saturating_sub(1));
    queue::keep_in_view(desk);
    desk.detail_top = 0;
    records::fetch(desk, rules)
}

/// From the last mark to here, both ends too.
fn range(desk: &mut Desk, rules: &Rules) {
    let from = desk.marks.last.and_then(|last| desk.queue.find(last)).and_then(|row| desk.order.iter().position(|id| *id == row));
    let Some(from) = from else {
        desk.notice = Some(Notice::new(Tone::Note, "a range begins at the row that was marked last, and none of this list was"));
        return;
    };
    let (first, last) = (from.min(desk.cursor), from.max(desk.cursor));
    let marked: Vec<SubjectId> = (first..=last).filter_map(|place| subject(desk, rules, place)).collect();
    desk.marks.last = subject(desk, rules, desk.cursor);
    say(desk, marked.len(), "of the range");
    desk.marks.rows.extend(marked);
}

/// Everything that the list shows: a view, or what was found.
fn all(desk: &mut Desk, rules: &Rules) {
    let marked: Vec<SubjectId> = (0..desk.order.len()).filter_map(|place| subject(desk, rules, place)).collect();
    say(desk, marked.len(), "of this list");
    desk.marks.rows.extend(marked);
}

fn say(desk: &mut Desk, count: usize, of: &str) {
    let rows = if count == 1 { "row" } else { "rows" };
    let words = format!("{} {rows} {of} marked (; does one thing to all marked, ^ clears)", thousands(count));
    desk.notice = Some(Notice::new(Tone::Note, words));
}

/// Clears all marks, or brings back those that went last.
fn clear(desk: &mut Desk) {
    let marks = &mut desk.marks;
    let words = match (marks.rows.len(), marks.before.len()) {
        (0, 0) => "nothing is marked; * marks a row".to_owned(),
        (0, before) => {
            marks.rows = std::mem::take(&mut marks.before);
            format!("{} marked again", thousands(before))
        }
        (count, _) => {
            marks.clear();
            format!("{} marks cleared; ^ brings them back", thousands(count))
        }
    };
    desk.notice = Some(Notice::new(Tone::Note, words));
}
