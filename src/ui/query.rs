//! What does the query box show? What is typed, how it is understood or where it cannot be, and what the word could become.

use ratatui::layout::Position;

use super::line;
use super::pen::{Pen, Piece, piece};
use super::scene::Scene;
use super::text;
use super::theme::Role;
use crate::desk::prompt::QueryBox;
use crate::desk::viewport::Area;
use crate::domain::query::Fault;

const LABEL: &str = "query ";

pub fn draw(query: &QueryBox, scene: &Scene<'_>, pen: &mut Pen<'_>) -> Option<Position> {
    let panel = scene.layout.panel;
    let (first, rest) = panel.split(1);
    let counts = counts(scene);
    let kept = u16::try_from(text::width(&counts) + 1).unwrap_or(0);
    let field = pen.text(first, LABEL, Role::Key);
    let field = Area { width: if field.width > 2 * kept { field.width - kept } else { field.width }, ..field };
    let place = line::draw(&query.line, field, pen);
    if field.width + kept <= first.width {
        pen.at_end(first, &[piece(Role::Dim, counts)]);
    }
    let (told, offered) = rest.split(1);
    match &query.fault {
        Some(fault) if !fault.unfinished => {
            wrong(query, fault, field.width, rest, pen);
            return place;
        }
        Some(fault) => _ = pen.text(told.after(2), &fault.says, Role::Dim),
        None if query.told.is_empty() => {
            _ = pen.text(told.after(2), "words, fields like utility:rmp due<=today kw>25, flags like -hold", Role::Dim)
        }
        None => _ = pen.text(told.after(2), &query.told, Role::Text),
    }
    offers(query, scene, offered, pen);
    place
}

fn counts(scene: &Scene<'_>) -> String {
    let desk = scene.desk;
    let rows = desk.order.len();
    match desk.counts.workable {
        _ if desk.views.text.is_empty() => format!("{rows} rows"),
        workable if workable < rows => format!("{workable} to do, {} more", rows - workable),
        _ => format!("{rows} to do"),
    }
}

/// Carets under the place, and the sentence: beside them where it fits, else below. A query that is longer than its field
/// is scrolled in it; then the place is named.
fn wrong(query: &QueryBox, fault: &Fault, field: u16, lines: Area, pen: &mut Pen<'_>) {
    let before = query.line.text().get(..fault.at.start).unwrap_or_default();
    let marked = text::safe(query.line.text().get(fault.at.clone()).unwrap_or_default()).into_owned();
    let at = text::width(&text::safe(before));
    let (first, second) = (lines.line(0), lines.line(1));
    if text::width(&text::safe(query.line.text())) >= usize::from(field) {
        pen.pieces(first, &[piece(Role::Error, format!("at {}: ", text::cut(&marked, 20))), piece(Role::Warn, fault.says.clone())]);
        return;
    }
    let carets = "^".repeat(text::width(&marked).clamp(1, usize::from(field)));
    let rest = pen.text(first.after(u16::try_from(LABEL.len() + at).unwrap_or(u16::MAX)), &carets, Role::Error);
    match text::width(&fault.says) < usize::from(rest.width) {
        true => pen.text(rest.after(1), &fault.says, Role::Warn),
        false => pen.text(second.after(2), &fault.says, Role::Warn),
    };
}

/// What the word could become, from the one that is in its place on; and a word on that.
fn offers(query: &QueryBox, scene: &Scene<'_>, line: Area, pen: &mut Pen<'_>) {
    let items = &query.completion.items;
    if items.is_empty() {
        return;
    }
    let key = scene.rules.keymap.keys_of("query-complete", None).unwrap_or_default();
    let mut pieces: Vec<Piece> = vec![piece(Role::Key, format!("{key} "))];
    let from = query.chosen.unwrap_or(0);
    // The chosen one stays in sight: what is before it gives way.
    let skip = from.saturating_sub(2);
    for (idx, (text, about)) in items.iter().enumerate().skip(skip) {
        let chosen = query.chosen == Some(idx);
        pieces.push(piece(if chosen { Role::Mark } else { Role::Text }, text.clone()));
        let said = if (chosen || items.len() == 1) && !about.is_empty() { format!(" ({about})") } else { String::new() };
        pieces.push(piece(Role::Dim, format!("{said}  ")));
    }
    pen.pieces(line, &super::pen::one_line(&pieces, usize::from(line.width)));
}
