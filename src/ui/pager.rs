//! How is a page to read shown?

use ratatui::layout::Position;

use super::pen::{Pen, Piece, piece, wrap};
use super::plan;
use super::scene::Scene;
use super::theme::Role;
use crate::desk::prompt::{Pager, Tint};
use crate::desk::viewport::Area;

pub fn draw(pager: &Pager, scene: &Scene<'_>, pen: &mut Pen<'_>) -> Option<Position> {
    let (title, page) = scene.layout.panel.split(1);
    if title.is_empty() {
        return None;
    }
    let range = lines(&pager.lines, pager.top, page, pen);
    plan::title(&pager.title, &range, title, pen);
    Some(Position::new(title.x, title.y))
}

/// Draws lines from `top` on; gives the words for which of them are seen.
pub fn lines(all: &[(Tint, String)], top: usize, page: Area, pen: &mut Pen<'_>) -> String {
    let (width, rows) = (usize::from(page.width.max(1)), usize::from(page.height));
    let top = top.min(all.len().saturating_sub(1));
    // Lines wrap here, and the desk counts them unwrapped: its last page must still show the end.
    let is_end = top + rows >= all.len();
    let mut shown: Vec<(u16, Vec<Piece>)> = Vec::new();
    let mut seen = 0;
    for (tint, text) in all.iter().skip(top) {
        if !is_end && shown.len() >= rows {
            break;
        }
        let role = match tint {
            Tint::Plain => Role::Text,
            Tint::Title => Role::Title,
            Tint::Dim => Role::Dim,
            Tint::Warn => Role::Warn,
        };
        let wrapped = hanging(text, role, width);
        shown.extend(wrapped.into_iter().enumerate().map(|(idx, line)| (if idx == 0 { 0 } else { indent(text) }, line)));
        seen += 1;
    }
    let skipped = if is_end { shown.len().saturating_sub(rows) } else { 0 };
    for (idx, (indent, line)) in shown.iter().skip(skipped).take(rows).enumerate() {
        pen.pieces(page.line(u16::try_from(idx).unwrap_or(u16::MAX)).after(*indent), line);
    }
    match all.len() {
        0 => "nothing".to_owned(),
        all => format!("{}-{} of {all}", top + 1, (top + seen).min(all)),
    }
}

/// A long line goes on under its own beginning.
fn hanging(text: &str, role: Role, width: usize) -> Vec<Vec<Piece>> {
    let indent = usize::from(indent(text));
    let first = wrap(&[piece(role, text)], width);
    if first.len() < 2 || indent + 8 > width {
        return first;
    }
    let begin = &first[0];
    let kept: usize = begin.iter().map(|(_, text)| text.len()).sum();
    let safe = super::text::safe(text);
    let rest = safe.get(kept..).unwrap_or_default().trim_start();
    let mut lines = vec![begin.clone()];
    lines.extend(wrap(&[piece(role, rest)], width - indent));
    lines
}

fn indent(text: &str) -> u16 {
    u16::try_from(text.len() - text.trim_start_matches(' ').len()).unwrap_or(0).min(20) + 2
}
