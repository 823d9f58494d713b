//! How is one line of text being typed shown? Scrolled so that the cursor is always seen.

use ratatui::layout::Position;

use super::pen::Pen;
use super::text;
use super::theme::Role;
use crate::desk::line::Line;
use crate::desk::viewport::Area;

/// Draws the text; gives the cursor's place.
pub fn draw(line: &Line, area: Area, pen: &mut Pen<'_>) -> Option<Position> {
    if area.is_empty() {
        return None;
    }
    let before = text::safe(line.before());
    let shown = text::safe(line.text());
    let at = text::width(&before);
    // Half a field at a time, so that most keys move nothing but the cursor.
    let limit = usize::from(area.width);
    let step = (limit / 2).max(1);
    let skip = if at < limit { 0 } else { (at + 1 - limit).div_ceil(step) * step };
    let (hidden, cells) = text::start(&shown, skip);
    let (seen, _) = text::start(&shown[hidden.len()..], limit);
    pen.text(area, seen, Role::Text);
    let x = u16::try_from(at - cells.min(at)).unwrap_or(u16::MAX).min(area.width - 1);
    Some(Position::new(area.x + x, area.y))
}
