//! How are the columns of foreign rows shown, with where each one goes?

use ratatui::layout::Position;

use super::pen::{Pen, Piece, piece, wrap};
use super::plan;
use super::scene::Scene;
use super::text;
use super::theme::Role;
use crate::desk::import::Import;
use crate::desk::viewport::{Area, top_for};
use crate::domain::columns;
use crate::domain::import::{Guess, Guessed};
use crate::domain::import_words::count;

/// The widths of the table's columns; 0: there is no room for it.
struct Widths {
    name: u16,
    samples: u16,
    target: u16,
    manner: u16,
    sure: u16,
}

fn widths(width: u16) -> Widths {
    // The sign of the row and of the key, and a space behind each column.
    match width {
        0..52 => Widths { name: (width - width.min(6)) * 2 / 5, samples: 0, target: (width - width.min(7)) * 3 / 5, manner: 0, sure: 0 },
        52..76 => Widths { name: (width - 22) * 9 / 20, samples: 0, target: (width - 22) * 11 / 20, manner: 6, sure: 4 },
        _ => {
            let free = width.min(140) - 21;
            Widths { name: free * 6 / 20, samples: free * 6 / 20, target: free * 8 / 20, manner: 6, sure: 4 }
        }
    }
}

pub fn draw(import: &Import, scene: &Scene<'_>, pen: &mut Pen<'_>) -> Option<Position> {
    let guess = import.guess.as_ref()?;
    let (title, rest) = scene.layout.panel.split(1);
    let right = format!("{} of {}", (import.cursor + 1).min(guess.columns.len()), guess.columns.len());
    plan::title(&format!("columns of {}", import.name()), &right, title, pen);
    let below = below(import, guess, scene, usize::from(rest.width));
    let columns = u16::try_from(guess.columns.len()).unwrap_or(u16::MAX).saturating_add(1);
    // At least a third of the screen is for the table; then what is said below; then the rest of it.
    let wanted = u16::try_from(below.len()).unwrap_or(u16::MAX).saturating_add(1);
    let table = rest.height.saturating_sub(wanted).max(rest.height.div_ceil(3)).min(columns);
    let (table, after) = rest.split(table);
    let place = draw_table(import, guess, scene, table, pen);
    let (gap, after) = after.split(1);
    pen.rule(gap);
    plan::draw(&below, after, pen);
    place
}

fn draw_table(import: &Import, guess: &Guess, scene: &Scene<'_>, area: Area, pen: &mut Pen<'_>) -> Option<Position> {
    let (heading, list) = area.split(1);
    let widths = widths(area.width);
    row(&widths, heading, pen, ["", "", "column", "values", "goes to", "as", "sure"], Role::Dim);
    let top = top_for(import.cursor, 0, list.height);
    let mut place = None;
    for (idx, column) in guess.columns.iter().enumerate().skip(top).take(usize::from(list.height)) {
        let line = list.line(u16::try_from(idx - top).unwrap_or(u16::MAX));
        let key = if guess.profile.key.contains(&column.name) { "key" } else { "" };
        let samples = values(column);
        let target = columns::words(column, &scene.playbook().workflow);
        let (manner, sure) = (columns::manner(column), format!("{}%", column.confidence));
        let selected = idx == import.cursor;
        let role = if column.target.is_none() && !column.is_status { Role::Dim } else { Role::Text };
        row(&widths, line, pen, [if selected { ">" } else { "" }, key, &column.name, &samples, &target, &manner, &sure], role);
        if selected {
            pen.plain(line, pen.theme.style(Role::Selection));
            place = Some(Position::new(line.x, line.y));
        }
    }
    place
}

fn row(widths: &Widths, line: Area, pen: &mut Pen<'_>, cells: [&str; 7], role: Role) {
    let all = [1, 3, widths.name, widths.samples, widths.target, widths.manner, widths.sure];
    let mut rest = line;
    for (idx, (width, words)) in all.into_iter().zip(cells).enumerate() {
        if width == 0 {
            continue;
        }
        let role = if idx == 1 { Role::Key } else { role };
        let cell = Area { width: width.min(rest.width), ..rest };
        if idx == 6 {
            pen.at_end(cell, &[piece(role, words)]);
        } else {
            pen.text(cell, words, role);
        }
        rest = rest.after(width + u16::from(idx > 0));
    }
}

/// What is known of the column under the cursor, whole; then what a person has to settle.
fn below(import: &Import, guess: &Guess, scene: &Scene<'_>, width: usize) -> Vec<Vec<Piece>> {
    let mut lines = Vec::new();
    if let Some(column) = guess.columns.get(import.cursor) {
        lines.push(goes(column, guess, scene));
    }
    if guess.profile.key.is_empty() {
        let key = scene.key("import-key").map(|key| format!(": {key} on the one that tells rows apart")).unwrap_or_default();
        lines.push(vec![piece(Role::Warn, format!("no column names the row{key}"))]);
    }
    lines.extend(guess.doubts.iter().map(|doubt| vec![piece(Role::Warn, "to settle: "), piece(Role::Text, doubt)]));
    lines.push(vec![piece(Role::Dim, "values: "), piece(Role::Text, guess.columns.get(import.cursor).map(values).unwrap_or_default())]);
    lines.push(vec![piece(Role::Dim, format!("guessed from the first {}", count(guess.rows, "row")))]);
    lines.extend(guess.remarks.iter().map(|remark| vec![piece(Role::Dim, remark)]));
    lines.iter().flat_map(|line| wrap(line, width.max(1))).collect()
}

/// What stands in the column, as far as it was looked at.
fn values(column: &Guessed) -> String {
    let filled: Vec<&str> = column.samples.iter().map(String::as_str).filter(|text| !text.trim().is_empty()).collect();
    if filled.is_empty() { "none".to_owned() } else { filled.join(text::DOT) }
}

fn goes(column: &Guessed, guess: &Guess, scene: &Scene<'_>) -> Vec<Piece> {
    let key = if guess.profile.key.contains(&column.name) { ", and names the row" } else { "" };
    let manner = columns::manner(column);
    let manner = if manner.is_empty() { manner } else { format!(" as {manner}") };
    let goes = format!("{} → {}{manner}{key}", column.name, columns::words(column, &scene.playbook().workflow));
    let because = if column.because.is_empty() { String::new() } else { format!(": {}", column.because) };
    vec![piece(Role::Title, goes), piece(Role::Dim, format!("  {}% sure{because}", column.confidence))]
}
