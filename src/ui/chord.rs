//! Which keys may follow the ones typed so far? The which-key page of an unfinished chord.

use super::pen::{Pen, piece};
use super::scene::Scene;
use super::strip;
use super::theme::Role;
use crate::desk::model::Desk;
use crate::desk::viewport::Area;
use crate::keys::group;
use crate::keys::keymap::Binding;

/// How many entries stand one below the other before there is a second column.
const ROWS: usize = 8;
/// So few entries need no headings.
const FEW: usize = 5;
/// The least width of one entry.
const COLUMN: u16 = 38;
/// Lines that stay of what lies below: the header, and the row that it is about.
const KEPT: u16 = 3;

pub fn draw(scene: &Scene<'_>, pen: &mut Pen<'_>) {
    let desk = scene.desk;
    if desk.typed.is_empty() {
        return;
    }
    let lines = lines(scene);
    let screen = pen.buffer.area;
    // A few entries stand one below the other: their reasons need the width.
    let columns = usize::from(screen.width / COLUMN).clamp(1, lines.len().div_ceil(ROWS).max(1));
    let kept = KEPT.max(scene.layout.drill.y + scene.layout.drill.height);
    let most = usize::from(screen.height.saturating_sub(kept + 1).max(1));
    let rows = lines.len().div_ceil(columns).min(most);
    let pages = lines.len().div_ceil(rows.max(1) * columns).max(1);
    let height = u16::try_from(rows + 1).unwrap_or(u16::MAX).min(screen.height);
    let area = Area { x: 0, y: screen.height - height, width: screen.width, height };
    pen.clear(area);
    let page = desk.chord_page % pages;
    let (title, area) = area.split(1);
    head(desk, page, pages, title, pen);
    // The words stand one below the other, however long the keys are.
    let wide = scene.rules.keymap.following(scene.layer(), &desk.typed).iter().map(|binding| rest(binding, desk.typed.len()).len()).max();
    let record = scene.shown().and_then(|row| scene.record(&row));
    let width = screen.width / u16::try_from(columns).unwrap_or(1);
    for (idx, line) in lines.into_iter().skip(page * rows * columns).take(rows * columns).enumerate() {
        // Down the columns, as one reads a list.
        let (row, column) = (idx % rows, idx / rows);
        let cell = area.line(u16::try_from(row).unwrap_or(u16::MAX)).after(u16::try_from(column).unwrap_or(u16::MAX).saturating_mul(width));
        let cell = Area { width: cell.width.min(width.saturating_sub(1)), ..cell };
        match line {
            Line::Heading(words) => _ = pen.text(cell, words, Role::Title),
            Line::Entry(binding) => {
                let refused = strip::refused(scene, binding, record);
                let keys = format!("{:<wide$}", rest(binding, desk.typed.len()), wide = wide.unwrap_or(0));
                entry(pen, cell, &keys, strip::words(scene, binding), refused);
            }
        }
    }
}

fn head(desk: &Desk, page: usize, pages: usize, title: Area, pen: &mut Pen<'_>) {
    let typed: Vec<String> = desk.typed.iter().map(ToString::to_string).collect();
    pen.rule(title);
    let left = pen.pieces(title.after(2), &[piece(Role::Border, " "), piece(Role::Key, typed.join(" ")), piece(Role::Text, " and then… ")]);
    if pages > 1 {
        pen.at_end(
            left,
            &[piece(Role::Text, format!(" {} of {pages}  ", page + 1)), piece(Role::Key, "pgdn"), piece(Role::Text, " more ")],
        );
    }
}

enum Line<'a> {
    Heading(&'static str),
    Entry(&'a Binding),
}

/// What may follow, by task where there are several, in the order of the files within each.
fn lines<'a>(scene: &Scene<'a>) -> Vec<Line<'a>> {
    let entries = scene.rules.keymap.following(scene.layer(), &scene.desk.typed);
    let headings: Vec<&str> = entries.iter().map(|binding| group::heading(binding.run.action.name)).collect();
    let mut kinds: Vec<&'static str> = group::groups().into_iter().map(|(heading, _)| heading).collect();
    kinds.retain(|heading| headings.contains(heading));
    if kinds.len() < 2 || entries.len() <= FEW {
        return entries.into_iter().map(Line::Entry).collect();
    }
    let of = |heading: &'static str| {
        let here = entries.iter().zip(&headings).filter(move |(_, of)| **of == heading);
        std::iter::once(Line::Heading(heading)).chain(here.map(|(binding, _)| Line::Entry(binding)))
    };
    kinds.into_iter().flat_map(of).collect()
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
