//! Which keys may follow the ones typed so far? The which-key page of an unfinished chord.

use super::pen::{Pen, piece};
use super::scene::Scene;
use super::strip;
use super::theme::Role;
use crate::desk::viewport::Area;
use crate::keys::keymap::Binding;

/// How many entries stand one below the other before there is a second column.
const ROWS: u16 = 8;
/// The least width of one entry.
const COLUMN: u16 = 38;

pub fn draw(scene: &Scene<'_>, pen: &mut Pen<'_>) {
    let desk = scene.desk;
    if desk.typed.is_empty() {
        return;
    }
    let typed: Vec<String> = desk.typed.iter().map(ToString::to_string).collect();
    let entries = scene.rules.keymap.following(scene.layer(), &desk.typed);
    let screen = pen.buffer.area;
    // A few entries stand one below the other: their reasons need the width.
    let wanted = u16::try_from(entries.len()).unwrap_or(u16::MAX).div_ceil(ROWS).max(1);
    let columns = (screen.width / COLUMN).clamp(1, wanted);
    let wanted = u16::try_from(entries.len()).unwrap_or(u16::MAX / 4).div_ceil(columns) + 1;
    let height = wanted.min(screen.height);
    let area = Area { x: 0, y: screen.height - height, width: screen.width, height };
    pen.clear(area);
    let (title, lines) = area.split(1);
    pen.rule(title);
    pen.pieces(title.after(2), &[piece(Role::Border, " "), piece(Role::Key, typed.join(" ")), piece(Role::Text, " and then… ")]);
    let record = scene.shown().and_then(|row| scene.record(&row));
    let width = screen.width / columns;
    for (idx, binding) in entries.into_iter().enumerate() {
        // Down the columns, as one reads a list.
        let rows = usize::from(lines.height.max(1));
        let (row, column) = (idx % rows, idx / rows);
        let cell = lines.line(u16::try_from(row).unwrap_or(u16::MAX)).after(u16::try_from(column * usize::from(width)).unwrap_or(u16::MAX));
        let refused = strip::refused(scene, binding, record);
        entry(
            pen,
            Area { width: cell.width.min(width.saturating_sub(1)), ..cell },
            &rest(binding, desk.typed.len()),
            strip::words(scene, binding),
            refused,
        );
    }
}

fn rest(binding: &Binding, typed: usize) -> String {
    binding.keys.iter().skip(typed).map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn entry(pen: &mut Pen<'_>, cell: Area, keys: &str, words: &str, refused: Option<String>) {
    match refused {
        None => pen.pieces(cell, &[piece(Role::Key, keys), piece(Role::Text, format!("  {words}"))]),
        Some(reason) => pen.pieces(cell, &[piece(Role::Dim, format!("{keys} -{words} ({reason})"))]),
    };
}
