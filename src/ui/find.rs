//! What does the search box show? The query, and how many rows it left.

use ratatui::layout::Position;

use super::line;
use super::pen::{Pen, piece};
use super::scene::Scene;
use super::theme::Role;
use crate::desk::msg::Beyond;
use crate::desk::prompt::Find;
use crate::desk::viewport::Area;

/// Cells kept for the counts behind the query.
const COUNTS: u16 = 30;

/// The number of hits, and how far they are all.
pub(super) fn count(find: &Find, shown: usize) -> String {
    match find.beyond {
        Beyond::Nothing => shown.to_string(),
        Beyond::More => format!("the first {shown}"),
        Beyond::Unread => format!("{shown}, index filling"),
    }
}

/// On the notice's line: the list above keeps its place while one types.
pub fn draw(find: &Find, scene: &Scene<'_>, pen: &mut Pen<'_>) -> Option<Position> {
    let area = scene.layout.notice;
    let rest = pen.pieces(area, &[piece(Role::Key, if find.said.is_some() { "find in history " } else { "find " }), piece(Role::Text, "")]);
    let room = if rest.width > 2 * COUNTS { rest.width - COUNTS } else { rest.width.div_ceil(2) };
    let place = line::draw(&find.line, Area { width: room, ..rest }, pen);
    let desk = scene.desk;
    let shown = desk.order.len();
    let at = if shown == 0 { 0 } else { desk.cursor + 1 };
    if find.line.is_full() {
        pen.at_end(rest.after(room), &[piece(Role::Warn, format!("at most {} bytes", find.line.room()))]);
        return place;
    }
    let counts = match find.total {
        _ if find.line.text().trim().is_empty() => format!("{} rows", desk.queue.len()),
        total if total > shown => format!("{at} of {shown}, {total} match"),
        _ => format!("{at} of {}", count(find, shown)),
    };
    pen.at_end(rest.after(room), &[piece(Role::Dim, counts)]);
    place
}
