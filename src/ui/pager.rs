//! How is a page to read shown?

use ratatui::layout::Position;

use super::pen::{Pen, piece, wrap};
use super::scene::Scene;
use super::theme::Role;
use crate::desk::prompt::{Pager, Tint};

pub fn draw(pager: &Pager, scene: &Scene<'_>, pen: &mut Pen<'_>) -> Option<Position> {
    let (title, page) = scene.layout.panel.split(1);
    if title.is_empty() {
        return None;
    }
    let width = usize::from(page.width.max(1));
    let (mut used, mut seen) = (0, 0);
    let top = pager.top.min(pager.lines.len().saturating_sub(1));
    for (tint, text) in pager.lines.iter().skip(top) {
        if used >= page.height {
            break;
        }
        let role = match tint {
            Tint::Plain => Role::Text,
            Tint::Title => Role::Title,
            Tint::Dim => Role::Dim,
        };
        for (idx, line) in hanging(text, role, width).into_iter().enumerate() {
            pen.pieces(page.line(used).after(if idx == 0 { 0 } else { indent(text) }), &line);
            used += 1;
        }
        seen += 1;
    }
    pen.rule(title);
    let rest = pen.pieces(title.after(2), &[piece(Role::Title, format!(" {} ", pager.title))]);
    let range = match pager.lines.len() {
        0 => " nothing ".to_owned(),
        all => format!(" {}-{} of {all} ", top + 1, (top + seen).min(all)),
    };
    let mut rest = rest;
    rest.width = rest.width.saturating_sub(2);
    pen.at_end(rest, &[piece(Role::Dim, range)]);
    Some(Position::new(title.x, title.y))
}

/// A long line goes on under its own beginning.
fn hanging(text: &str, role: Role, width: usize) -> Vec<Vec<super::pen::Piece>> {
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
