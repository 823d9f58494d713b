//! Find as you type. Enter keeps the hits as the list to work on; Esc goes back to where I was.

use std::collections::HashMap;

use super::effect::{Effect, Ticket};
use super::key::Press;
use super::line::Line;
use super::model::{Desk, Rules};
use super::msg::{Beyond, Said};
use super::prompt::{Find, Prompt};
use super::{note, queue, records, saving, views};
use crate::domain::day::short;
use crate::index::RowId;

/// The most hits that are listed; the count of all is shown beside.
const HITS: usize = 1_000;

pub(super) fn open(desk: &mut Desk) -> Vec<Effect> {
    let find = desk.found.take().unwrap_or_else(|| Find {
        line: Line::default(),
        total: 0,
        awaits: None,
        said: None,
        beyond: Beyond::Nothing,
        saved_order: desk.order.clone(),
        saved_cursor: desk.cursor,
        saved_top: desk.top,
    });
    desk.prompt = Some(Prompt::Find(find));
    Vec::new()
}

/// The same box, for words in notes, messages and history.
pub(super) fn open_text(desk: &mut Desk) -> Vec<Effect> {
    open(desk);
    turn(desk, true)
}

/// From rows to notes and back, with what is typed.
fn turn(desk: &mut Desk, to_notes: bool) -> Vec<Effect> {
    let Some(Prompt::Find(find)) = &mut desk.prompt else { return Vec::new() };
    (find.said, find.beyond) = (to_notes.then(HashMap::new), Beyond::Nothing);
    run(desk)
}

pub(super) fn key(desk: &mut Desk, rules: &Rules, action: Option<&str>, press: Press) -> Vec<Effect> {
    let Some(Prompt::Find(find)) = &mut desk.prompt else { return Vec::new() };
    // What they are about is still being looked for.
    if find.awaits.is_some() && matches!(action, Some("find-keep" | "find-next" | "find-previous")) {
        return note::wait(desk, press);
    }
    let mut effects = Vec::new();
    match action {
        Some("find-cancel") => {
            let Some(Prompt::Find(find)) = desk.prompt.take() else { return Vec::new() };
            restore(desk, find);
        }
        Some("find-keep") => {
            let Some(Prompt::Find(find)) = desk.prompt.take() else { return Vec::new() };
            if find.line.text().trim().is_empty() {
                restore(desk, find);
            } else {
                desk.found = Some(find);
            }
        }
        Some("find-in") => {
            let to_notes = find.said.is_none();
            effects = turn(desk, to_notes);
        }
        Some("find-next") => step(desk, 1),
        Some("find-previous") => step(desk, -1),
        _ => {
            let before = find.line.text().to_owned();
            // A cursor that only moved, and a letter that found no room, look for nothing new.
            if find.line.key(press.key) && find.line.text() != before {
                effects = run(desk);
            }
        }
    }
    effects.extend(records::fetch(desk, rules));
    effects
}

pub(super) fn paste(desk: &mut Desk, rules: &Rules, text: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    if let Some(Prompt::Find(find)) = &mut desk.prompt {
        // The search box says itself that something found no room: it stands where notices do.
        if find.line.paste(text) {
            effects = run(desk);
        }
    }
    effects.extend(records::fetch(desk, rules));
    effects
}

fn step(desk: &mut Desk, by: isize) {
    desk.cursor = desk.cursor.saturating_add_signed(by).min(desk.order.len().saturating_sub(1));
    queue::keep_in_view(desk);
}

fn run(desk: &mut Desk) -> Vec<Effect> {
    let ticket = saving::take_ticket(desk);
    let Some(Prompt::Find(find)) = &mut desk.prompt else { return Vec::new() };
    let query = find.line.text();
    if query.trim().is_empty() {
        (find.total, find.awaits, find.beyond) = (0, None, Beyond::Nothing);
        desk.order = find.saved_order.clone();
        (desk.cursor, desk.top) = (find.saved_cursor, find.saved_top);
        return Vec::new();
    }
    find.awaits = Some(ticket);
    let query = query.to_owned();
    if find.said.is_some() { vec![Effect::FetchSaid { ticket, words: query }] } else { vec![Effect::Find { ticket, query, limit: HITS }] }
}

/// The hits of what was typed last; those of what was typed before it come never, or too late.
pub(super) fn found(desk: &mut Desk, rules: &Rules, ticket: Ticket, hits: Vec<RowId>, total: usize) -> Vec<Effect> {
    let Some(Prompt::Find(find)) = &mut desk.prompt else { return Vec::new() };
    if find.awaits.take_if(|awaits| *awaits == ticket).is_none() {
        return Vec::new();
    }
    find.total = total;
    (desk.order, desk.cursor, desk.top) = (hits, 0, 0);
    let mut effects = records::fetch(desk, rules);
    effects.extend(records::run_waiting(desk, rules));
    effects
}

/// Where the words stand in notes, messages and history: the rows of those records, each with
/// the line of its first place.
pub(super) fn said(desk: &mut Desk, rules: &Rules, ticket: Ticket, said: Vec<Said>, beyond: Beyond) -> Vec<Effect> {
    let today = desk.today();
    let (mut lines, mut rows) = (HashMap::new(), Vec::new());
    for one in said {
        // A record that was joined with another, or taken back, has no row.
        let Some(row) = desk.queue.find(one.subject) else { continue };
        lines.entry(row).or_insert_with(|| {
            rows.push(row);
            format!("{}{}: {}", short(one.on, today), if one.message { " (message)" } else { "" }, one.line)
        });
    }
    if let Some(Prompt::Find(find)) = &mut desk.prompt
        && find.awaits == Some(ticket)
    {
        (find.said, find.beyond) = (Some(lines), beyond);
    }
    let total = rows.len();
    found(desk, rules, ticket, rows, total)
}

pub(super) fn restore(desk: &mut Desk, find: Find) {
    desk.order = find.saved_order;
    (desk.cursor, desk.top) = (find.saved_cursor, find.saved_top);
    queue::keep_in_view(desk);
}

/// Esc in the queue: leaves the hits, and closes the notice.
pub(super) fn clear(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let was_told = desk.notice.take().is_some();
    if let Some(find) = desk.found.take() {
        restore(desk, find);
        queue::drop_removed(desk);
    } else if desk.detail_only {
        desk.detail_only = false;
    } else if !was_told {
        // A query is not lost to an Esc that was meant for a notice.
        return views::leave(desk, rules);
    }
    records::fetch(desk, rules)
}
