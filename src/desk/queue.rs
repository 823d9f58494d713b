//! Moving in the queue, its views, its order, and copying from it.

use super::effect::Effect;
use super::key::Press;
use super::model::{Desk, Rules};
use super::notice::{Notice, Tone};
use super::rank::{self, Why};
use super::{find, groups, records, views};
use crate::domain::id::SubjectId;

/// How many jumps back are remembered.
const TRAIL: usize = 100;

pub(super) fn act(desk: &mut Desk, rules: &Rules, name: &str, press: Press) -> Vec<Effect> {
    let page = list_rows(desk) / 2;
    match name {
        "next-row" => move_to(desk, desk.cursor.saturating_add(1)),
        "previous-row" => move_to(desk, desk.cursor.saturating_sub(1)),
        "page-down" => move_to(desk, desk.cursor.saturating_add(page.max(1))),
        "page-up" => move_to(desk, desk.cursor.saturating_sub(page.max(1))),
        "first-row" => jump(desk, rules, 0),
        "last-row" => jump(desk, rules, usize::MAX),
        "back" => return back(desk, rules),
        "to-notice" => return to_notice(desk, rules),
        "clear" => return find::clear(desk, rules),
        "rerank" => {
            let view = desk.view.clone();
            return rank::ask(desk, rules, Why::Again, vec![view]);
        }
        "detail" => desk.detail_only = !desk.detail_only,
        "record-down" | "record-up" => {
            let by = if name == "record-down" { 3 } else { -3 };
            desk.detail_top = desk.detail_top.saturating_add_signed(by).min(super::viewport::RECORD_LINES);
            return Vec::new();
        }
        "copy-number" => return copy_number(desk, rules, press),
        "copy-again" => return copy_part(desk),
        _ => {}
    }
    desk.detail_top = 0;
    records::fetch(desk, rules)
}

/// How many rows of the list are on screen.
pub(super) fn list_rows(desk: &Desk) -> usize {
    super::viewport::list_rows(desk)
}

pub(super) fn move_to(desk: &mut Desk, place: usize) {
    desk.cursor = place.min(desk.order.len().saturating_sub(1));
    keep_in_view(desk);
}

fn jump(desk: &mut Desk, rules: &Rules, place: usize) {
    remember(desk, rules);
    move_to(desk, place);
}

/// Scrolls as little as needed, by half a page when the cursor leaves the list.
pub(super) fn keep_in_view(desk: &mut Desk) {
    let rows = list_rows(desk).max(1);
    if views::grouped(desk).is_some() {
        desk.top = groups::top_for(desk, rows);
        return;
    }
    if desk.cursor < desk.top {
        desk.top = if desk.top - desk.cursor == 1 { desk.top.saturating_sub(rows / 2) } else { desk.cursor.saturating_sub(rows / 2) };
    } else if desk.cursor >= desk.top + rows {
        desk.top = if desk.cursor == desk.top + rows { desk.top + rows.div_ceil(2) } else { desk.cursor.saturating_sub(rows / 2) };
    }
    // Never empty lines below the last row while there are rows above.
    desk.top = desk.top.min(desk.order.len().saturating_sub(rows));
    if desk.cursor < desk.top {
        desk.top = desk.cursor;
    }
}

fn subject_here(desk: &Desk, rules: &Rules) -> Option<SubjectId> {
    desk.painted(rules).map(|seen| seen.subject)
}

/// Keeps where we are, for the key that goes back.
pub(super) fn remember(desk: &mut Desk, rules: &Rules) {
    if let Some(subject) = subject_here(desk, rules)
        && desk.trail.last() != Some(&subject)
    {
        desk.trail.push(subject);
        if desk.trail.len() > TRAIL {
            desk.trail.remove(0);
        }
    }
}

/// To the next row that was not worked yet: below, else from the top; stays when there is none.
pub(super) fn advance(desk: &mut Desk, rules: &Rules, at: i64) -> Vec<Effect> {
    remember(desk, rules);
    let saving = desk.saving.as_ref().and_then(|saving| saving.subject);
    let is_open = |place: &usize| {
        let row = desk.queue.row(desk.order[*place], &rules.playbook);
        row.is_some_and(|row| !desk.worked.contains_key(&row.subject) && Some(row.subject) != saving)
    };
    let next = (desk.cursor + 1..desk.order.len()).find(is_open).or_else(|| (0..desk.cursor.min(desk.order.len())).find(is_open));
    if let Some(place) = next {
        move_to(desk, place);
    }
    desk.advanced_at = Some(at);
    desk.moved_alone = true;
    desk.went_back = false;
    desk.detail_top = 0;
    records::fetch(desk, rules)
}

/// Puts the cursor on a record; one that is not in the order is shown where the cursor is.
pub(super) fn go_to(desk: &mut Desk, rules: &Rules, subject: SubjectId) {
    let Some(row) = desk.queue.find(subject) else { return };
    remember(desk, rules);
    let place = desk.order.iter().position(|id| *id == row).unwrap_or_else(|| {
        let place = desk.cursor.min(desk.order.len());
        desk.order.insert(place, row);
        place
    });
    move_to(desk, place);
}

fn back(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let here = subject_here(desk, rules);
    let target = loop {
        match desk.trail.pop() {
            Some(subject) if Some(subject) != here && desk.queue.find(subject).is_some() => break Some(subject),
            Some(_) => {}
            None => break None,
        }
    };
    match target {
        Some(subject) => {
            let trail = std::mem::take(&mut desk.trail);
            go_to(desk, rules, subject);
            desk.trail = trail;
            records::fetch(desk, rules)
        }
        None => {
            desk.notice = Some(Notice::new(Tone::Note, "there is no earlier record to go back to"));
            Vec::new()
        }
    }
}

fn to_notice(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    match desk.notice.as_ref().and_then(|notice| notice.about) {
        Some(subject) => {
            go_to(desk, rules, subject);
            records::fetch(desk, rules)
        }
        None => {
            desk.notice = Some(Notice::new(Tone::Note, "no notice names a record"));
            Vec::new()
        }
    }
}

/// Rows of applications whose opening was undone leave the order.
pub(super) fn drop_removed(desk: &mut Desk) {
    if desk.removed.is_empty() {
        return;
    }
    views::hand_heads_on(desk, |queue, id| queue.has(id));
    let (queue, removed) = (&desk.queue, &desk.removed);
    desk.order.retain(|id| !removed.contains(id) || queue.has(*id));
    move_to(desk, desk.cursor);
}

fn copy_number(desk: &mut Desk, rules: &Rules, press: Press) -> Vec<Effect> {
    let row = desk.current().and_then(|id| desk.queue.row(id, &rules.playbook));
    // A copy is no change, but the number of the record that was read is the one that is wanted.
    let Some(row) = row.filter(|row| press.seen.is_none_or(|seen| seen.subject == row.subject)) else {
        desk.notice = Some(Notice::new(Tone::Refused, "the row changed before the key came; look again"));
        return Vec::new();
    };
    let (subject, reference) = (row.subject, row.reference.to_owned());
    let Some(record) = desk.records.get(&subject) else {
        desk.notice = Some(Notice::new(Tone::Note, "the record is still being read"));
        return Vec::new();
    };
    match record.named_number() {
        Some((label, number)) => vec![Effect::Copy { what: format!("{label} {number} of {reference}"), text: number.to_owned() }],
        None => {
            desk.notice = Some(Notice::new(Tone::Note, format!("{reference} has no application number yet; Y copies another field")));
            Vec::new()
        }
    }
}

/// One key walks the parts of the last message and names the part.
fn copy_part(desk: &mut Desk) -> Vec<Effect> {
    let Some(last) = &mut desk.last_message else {
        desk.notice = Some(Notice::new(Tone::Note, "no message was made in this session yet; c makes one"));
        return Vec::new();
    };
    let parts = last.rendered.parts();
    if parts.is_empty() {
        return Vec::new();
    }
    let (part, text) = parts[last.next_part % parts.len()];
    let effect = Effect::Copy { what: format!("{part} for {}", last.reference), text: text.to_owned() };
    last.next_part = (last.next_part + 1) % parts.len();
    vec![effect]
}
