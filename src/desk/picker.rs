//! A list that narrows while one types.

use super::effect::Effect;
use super::key::{Press, unread};
use super::line::Line;
use super::model::{Desk, Rules};
use super::notice::{Notice, Tone};
use super::prompt::{Item, Pick, Picker, Prompt};
use super::{menus, narrow};
use crate::domain::application::Application;
use crate::keys::chord::Code;

/// Lines that one key goes up or down a list by.
const PAGE: usize = 8;

pub(super) fn open(desk: &mut Desk, pick: Pick, title: String, record: Option<Application>, items: Vec<Item>) -> Vec<Effect> {
    let shown = (0..items.len()).collect();
    let first = items.iter().position(|item| item.refused.is_none()).unwrap_or(0);
    desk.prompt = Some(Prompt::Picker(Picker { pick, title, record, filter: Line::default(), items, shown, cursor: first }));
    Vec::new()
}

pub(super) fn key(desk: &mut Desk, rules: &Rules, action: Option<&str>, press: Press) -> Vec<Effect> {
    let Some(Prompt::Picker(picker)) = &mut desk.prompt else { return Vec::new() };
    let digit = picker.pick == Pick::Skip && picker.filter.text().is_empty();
    if let (true, Code::Char(c @ '1'..='9')) = (digit, press.key.code) {
        let place = c as usize - '1' as usize;
        if place < picker.shown.len() {
            picker.cursor = place;
            return choose(desk, rules, press);
        }
        return Vec::new();
    }
    match action {
        Some("choose") => return choose(desk, rules, press),
        Some("cancel") => {
            desk.prompt = match &mut picker.pick {
                Pick::Target => Some(Prompt::Import),
                Pick::OnPage(page) => Some(Prompt::Pager(std::mem::take(&mut **page))),
                _ => None,
            }
        }
        Some("list-down") => picker.cursor = (picker.cursor + PAGE).min(picker.shown.len().saturating_sub(1)),
        Some("list-up") => picker.cursor = picker.cursor.saturating_sub(PAGE),
        Some("down") => picker.cursor = (picker.cursor + 1).min(picker.shown.len().saturating_sub(1)),
        Some("up") => picker.cursor = picker.cursor.saturating_sub(1),
        _ => {
            if picker.filter.key(press.key) {
                narrow(picker);
            }
        }
    }
    Vec::new()
}

pub(super) fn paste(desk: &mut Desk, text: &str) -> Vec<Effect> {
    if let Some(Prompt::Picker(picker)) = &mut desk.prompt {
        match picker.filter.paste(text) {
            true => narrow(picker),
            false => desk.notice = Some(Notice::new(Tone::Refused, "that is too long to narrow a list by; nothing was pasted")),
        }
    }
    Vec::new()
}

/// What passes the filter, the best first; the lines of a page keep their order.
pub(super) fn narrow(picker: &mut Picker) {
    picker.shown = narrow::narrow(&picker.items, picker.filter.text());
    if matches!(picker.pick, Pick::OnPage(_)) {
        picker.shown.sort_unstable();
    }
    picker.cursor = 0;
}

fn choose(desk: &mut Desk, rules: &Rules, press: Press) -> Vec<Effect> {
    let Some(Prompt::Picker(picker)) = &desk.prompt else { return Vec::new() };
    let Some(item) = picker.shown.get(picker.cursor).map(|idx| picker.items[*idx].clone()) else { return Vec::new() };
    // A line that is only to be read, or one that came after the key.
    if item.value.is_empty() || matches!(picker.pick, Pick::Join(_) | Pick::MessageAll(_) | Pick::SameSite) && unread(desk, rules, press.at)
    {
        return Vec::new();
    }
    let Some(Prompt::Picker(picker)) = &desk.prompt else { return Vec::new() };
    if let Some(reason) = &item.refused
        && picker.pick != Pick::Status
    {
        desk.notice = Some(Notice::new(Tone::Refused, format!("{} is not possible here: {reason}", item.label)));
        return Vec::new();
    }
    let Some(Prompt::Picker(picker)) = desk.prompt.take() else { return Vec::new() };
    menus::chosen(desk, rules, &picker, &item, press)
}
