//! How is a list to choose from shown?

use ratatui::layout::Position;

use super::line;
use super::pen::{Pen, piece};
use super::plan;
use super::scene::Scene;
use super::text;
use super::theme::Role;
use crate::desk::prompt::{Item, Picker};
use crate::desk::viewport::{Area, top_for};

/// The details stand beside their labels, not at the far side of a wide screen.
const WIDEST: u16 = 100;

pub fn draw(picker: &Picker, scene: &Scene<'_>, pen: &mut Pen<'_>) -> Option<Position> {
    let (title, rest) = scene.layout.panel.split(1);
    let (filter, list) = rest.split(1);
    let at = if picker.shown.is_empty() { 0 } else { picker.cursor + 1 };
    plan::title(
        &plan::titled(&picker.title, picker.record.as_ref().map(|record| record.id), scene),
        &format!("{at} of {}", picker.shown.len()),
        title,
        pen,
    );
    let after = pen.text(filter, "type to narrow: ", Role::Dim);
    let place = line::draw(&picker.filter, after, pen);
    if picker.shown.is_empty() {
        pen.text(list.line(0).after(2), "nothing by that name", Role::Dim);
    }
    let top = top_for(picker.cursor, 0, list.height);
    for (idx, item) in picker.shown.iter().enumerate().skip(top).take(usize::from(list.height)) {
        let Some(item) = picker.items.get(*item) else { continue };
        let row = list.line(u16::try_from(idx - top).unwrap_or(u16::MAX));
        draw_item(item, Area { width: row.width.min(WIDEST), ..row }, idx == picker.cursor, pen);
    }
    place
}

/// One that cannot be chosen has a `-` before it and the reason behind it.
fn draw_item(item: &Item, row: Area, selected: bool, pen: &mut Pen<'_>) {
    let role = if item.refused.is_some() { Role::Dim } else { Role::Text };
    pen.text(row, if selected { ">" } else { " " }, Role::Text);
    pen.text(row.after(1), if item.refused.is_some() { "-" } else { " " }, Role::Dim);
    let inside = row.after(2);
    let detail = text::cut(&item.detail, usize::from(inside.width / 2)).into_owned();
    let kept = u16::try_from(text::width(&detail)).unwrap_or(0);
    let words = Area { width: inside.width.saturating_sub(kept + 1), ..inside };
    let reason = item.refused.as_deref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    pen.pieces(words, &[piece(role, item.label.as_str()), piece(Role::Dim, reason)]);
    pen.at_end(inside, &[piece(if item.refused.is_some() { Role::Dim } else { Role::Key }, detail)]);
    if selected {
        let style = pen.theme.style(Role::Selection);
        pen.plain(row, style);
    }
}
