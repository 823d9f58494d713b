//! Find as you type. Enter keeps the hits as the list to work on; Esc goes back to where I was.

use super::effect::Effect;
use super::key::Press;
use super::line::Line;
use super::model::{Desk, Rules};
use super::prompt::{Find, Prompt};
use super::{queue, records, views};

/// The most hits that are listed; the count of all is shown beside.
const HITS: usize = 1_000;

pub(super) fn open(desk: &mut Desk) -> Vec<Effect> {
    let find = desk.found.take().unwrap_or_else(|| Find {
        line: Line::default(),
        total: 0,
        saved_order: desk.order.clone(),
        saved_cursor: desk.cursor,
        saved_top: desk.top,
    });
    desk.prompt = Some(Prompt::Find(find));
    Vec::new()
}

pub(super) fn key(desk: &mut Desk, rules: &Rules, action: Option<&str>, press: Press) -> Vec<Effect> {
    let Some(Prompt::Find(find)) = &mut desk.prompt else { return Vec::new() };
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
        Some("find-next") => step(desk, 1),
        Some("find-previous") => step(desk, -1),
        _ => {
            if find.line.key(press.key) {
                run(desk);
            }
        }
    }
    records::fetch(desk, rules)
}

pub(super) fn paste(desk: &mut Desk, rules: &Rules, text: &str) -> Vec<Effect> {
    if let Some(Prompt::Find(find)) = &mut desk.prompt {
        let _ = find.line.paste(text);
        run(desk);
    }
    records::fetch(desk, rules)
}

fn step(desk: &mut Desk, by: isize) {
    desk.cursor = desk.cursor.saturating_add_signed(by).min(desk.order.len().saturating_sub(1));
    queue::keep_in_view(desk);
}

fn run(desk: &mut Desk) {
    let Some(Prompt::Find(find)) = &mut desk.prompt else { return };
    let query = find.line.text();
    if query.trim().is_empty() {
        find.total = 0;
        desk.order = find.saved_order.clone();
        (desk.cursor, desk.top) = (find.saved_cursor, find.saved_top);
        return;
    }
    let (hits, total) = desk.search.run(&desk.queue, query, HITS);
    find.total = total;
    desk.order = hits.into_iter().map(|hit| hit.row).collect();
    desk.cursor = 0;
    desk.top = 0;
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
        views::leave(desk, rules);
    }
    records::fetch(desk, rules)
}
