//! The query box: what is typed narrows the view at once, as far as it can be understood.

use super::effect::Effect;
use super::key::Press;
use super::line::Line;
use super::model::{Desk, Rules};
use super::prompt::{Prompt, QueryBox};
use super::rank::{self, Why};
use super::{find, queue, records, views};
use crate::domain::query::{Completion, Fault, Query, complete, settled};

pub(super) fn open(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    if let Some(found) = desk.found.take() {
        find::restore(desk, found);
        queue::drop_removed(desk);
    }
    let text = desk.views.text.clone();
    let line = Line::new(&if text.is_empty() { text } else { format!("{text} ") });
    let query = QueryBox {
        line,
        fault: None,
        told: String::new(),
        vocabulary: views::vocabulary(&desk.queue, rules),
        completion: Completion::default(),
        chosen: None,
        before: Box::new((desk.views.clone(), desk.order.clone(), desk.cursor, desk.top)),
    };
    desk.prompt = Some(Prompt::Query(Box::new(query)));
    read(desk, rules);
    Vec::new()
}

pub(super) fn key(desk: &mut Desk, rules: &Rules, action: Option<&str>, press: Press) -> Vec<Effect> {
    let Some(Prompt::Query(query)) = &mut desk.prompt else { return Vec::new() };
    let mut effects = Vec::new();
    match action {
        Some("query-cancel") => effects = cancel(desk),
        Some("query-keep") => effects = keep(desk, rules),
        Some("query-next") => step(desk, 1),
        Some("query-previous") => step(desk, -1),
        Some("query-complete") => {
            if query.take(1) {
                effects = changed(desk, rules);
            }
        }
        Some("query-complete-back") => {
            if query.take(-1) {
                effects = changed(desk, rules);
            }
        }
        _ => {
            let before = query.line.text().to_owned();
            if query.line.key(press.key) {
                query.chosen = None;
                match query.line.text() == before {
                    // Only the cursor moved.
                    true => _ = read(desk, rules),
                    false => effects = changed(desk, rules),
                }
            }
        }
    }
    effects.extend(records::fetch(desk, rules));
    effects
}

pub(super) fn paste(desk: &mut Desk, rules: &Rules, text: &str) -> Vec<Effect> {
    if let Some(Prompt::Query(query)) = &mut desk.prompt {
        if !query.line.paste(text) {
            desk.notice =
                Some(super::notice::Notice::new(super::notice::Tone::Refused, "that is too long for a query; nothing was pasted"));
            return Vec::new();
        }
        query.chosen = None;
        let mut effects = changed(desk, rules);
        effects.extend(records::fetch(desk, rules));
        return effects;
    }
    Vec::new()
}

fn step(desk: &mut Desk, by: isize) {
    let place = desk.cursor.saturating_add_signed(by);
    queue::move_to(desk, place);
}

/// Reads it for the panel.
pub(super) fn read(desk: &mut Desk, rules: &Rules) -> Option<Query> {
    let context = views::context(desk, rules);
    let Some(Prompt::Query(query)) = &mut desk.prompt else { return None };
    if query.chosen.is_none() {
        query.completion = complete(query.line.before(), &query.vocabulary);
    }
    match Query::read(query.line.text(), &context) {
        Ok(read) => {
            query.told = read.told(&context);
            query.fault = None;
            Some(read)
        }
        Err(fault) => {
            query.fault = Some(fault);
            None
        }
    }
}

/// The list for what is typed; while that cannot be understood the last good one stays.
fn changed(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let _ = read(desk, rules);
    let Some(Prompt::Query(query)) = &desk.prompt else { return Vec::new() };
    let text = query.line.text();
    let good = match &query.fault {
        None => settled(text),
        // On its way to the sign the name was looked for as a word; what stands before it is the last that was meant.
        Some(fault) if names_a_field(text, fault) => &text[..fault.at.start],
        Some(_) => return Vec::new(),
    };
    list(desk, rules, good.trim().trim_end_matches(['-', '!']).trim().to_owned())
}

/// Whether the fault is a name before a sign: a field that is not there.
fn names_a_field(text: &str, fault: &Fault) -> bool {
    let name = text.get(fault.at.clone()).unwrap_or_default();
    let behind = text.get(fault.at.end..).unwrap_or_default();
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && behind.starts_with([':', '=', '<', '>'])
}

/// The rows for a query that can be read; the cursor goes to the top.
fn list(desk: &mut Desk, rules: &Rules, text: String) -> Vec<Effect> {
    if text == desk.views.text {
        return Vec::new();
    }
    let same = Query::read(&text, &views::context(desk, rules)).is_ok_and(|read| read == desk.views.selection.query);
    desk.views.text = text;
    if same {
        return Vec::new();
    }
    let view = desk.view.clone();
    rank::ask(desk, rules, Why::Query, vec![view])
}

/// Enter keeps what is listed; what cannot be understood keeps the box open.
fn keep(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let Some(Prompt::Query(query)) = &mut desk.prompt else { return Vec::new() };
    if let Some(fault) = &mut query.fault {
        fault.unfinished = false;
        return Vec::new();
    }
    let text = query.line.text().trim().to_owned();
    desk.prompt = None;
    list(desk, rules, text)
}

/// Everything as it stood.
fn cancel(desk: &mut Desk) -> Vec<Effect> {
    let Some(Prompt::Query(query)) = desk.prompt.take() else { return Vec::new() };
    // What is still looked for is not wanted any more.
    desk.ranking = desk.ranking.take().filter(|ranking| ranking.why != Why::Query);
    let (mut views, order, cursor, top) = *query.before;
    // What came in meanwhile stays.
    views.removed |= desk.views.removed;
    std::mem::swap(&mut views.own, &mut desk.views.own);
    std::mem::swap(&mut views.team, &mut desk.views.team);
    (desk.views, desk.order, desk.cursor, desk.top) = (views, order, cursor, top);
    queue::drop_removed(desk);
    vec![rank::count(desk, None)]
}

impl QueryBox {
    /// Puts the next of what the word could become in its place.
    fn take(&mut self, by: isize) -> bool {
        let count = isize::try_from(self.completion.items.len()).unwrap_or(0);
        if count == 0 {
            return false;
        }
        let next = match self.chosen {
            None if by > 0 => 0,
            None => count - 1,
            Some(chosen) => (isize::try_from(chosen).unwrap_or(0) + by).rem_euclid(count),
        };
        let next = usize::try_from(next).unwrap_or(0);
        let text = self.completion.items[next].0.clone();
        self.chosen = Some(next);
        self.line.complete(self.completion.at, &text);
        true
    }
}
