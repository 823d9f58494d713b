//! How is a note shown while it is written? Its text with the signs that count, and what they will do.

use ratatui::layout::Position;
use ratatui::widgets::Widget;

use super::pen::{Pen, piece, rect};
use super::plan;
use super::scene::Scene;
use super::text;
use super::theme::Role;
use crate::desk::prompt::{NotePrompt, Offering};
use crate::desk::text::NoteText;
use crate::desk::viewport::{Area, PLAN_LINES, top_for};
use crate::domain::marks::Mark;

pub fn draw(note: &NotePrompt, scene: &Scene<'_>, pen: &mut Pen<'_>) -> Option<Position> {
    let panel = scene.layout.panel;
    let (title, rest) = panel.split(if panel.height > 1 { 1 } else { 0 });
    let (area, below) = rest.split(rest.height.saturating_sub(PLAN_LINES).max(1));
    let name = scene.name(note.seen.subject);
    let (words, signs) = match note.corrects {
        Some(_) => (format!("correct a note of {name}"), ""),
        None => (format!("note on {name}"), "> we look  ! status  @ waiting on"),
    };
    plan::title(&words, note.hint.as_deref().unwrap_or(signs), title, pen);
    // One cell stays free: the cursor stands behind the last letter of a full line.
    let place = draw_text(&note.text, &note.marks, Area { width: area.width.saturating_sub(1).max(area.width.min(1)), ..area }, pen);
    if let Some(offer) = &note.offer {
        draw_offer(offer, below, pen);
        return place;
    }
    let preview = if note.text.is_blank() {
        vec![vec![piece(
            Role::Dim,
            "What happened? >5b we look in 5 business days, !STATUS, @WHO we wait on, ^fri it happened; known names only, all else is text.",
        )]]
    } else {
        let day = note.preview.as_ref().and_then(|preview| preview.as_ref().ok()?.follow_up).map(|when| when.day);
        plan::lines(note.preview.as_ref(), day.map_or(0, |day| scene.desk.queue.due_on(day)), false)
    };
    plan::draw(&preview, below, pen);
    place
}

/// Longer values do not push what the others mean aside.
const WIDEST: usize = 24;

/// The list stands where the plan will: the sign it completes is not a mark yet, so there is none of it.
fn draw_offer(offer: &Offering, area: Area, pen: &mut Pen<'_>) {
    let rows = usize::from(area.height);
    let hidden = offer.items.len() > rows;
    let shown = rows - usize::from(hidden && rows > 1);
    let top = top_for(offer.chosen.unwrap_or(0), 0, u16::try_from(shown).unwrap_or(1));
    let value = offer.items.iter().skip(top).take(shown).map(|item| text::width(&item.value)).max().unwrap_or(0).min(WIDEST);
    for (idx, item) in offer.items.iter().enumerate().skip(top).take(shown) {
        let line = area.line(u16::try_from(idx - top).unwrap_or(u16::MAX));
        let chosen = offer.chosen == Some(idx);
        let (sign, role) = match (&item.refused, chosen) {
            (Some(_), _) => ("- ", Role::Dim),
            (None, true) => ("> ", Role::Key),
            (None, false) => ("  ", Role::Text),
        };
        let label = if item.value.trim_start_matches(['>', '!', '@', '^']) == item.label { "" } else { &item.label };
        let why = item.refused.as_deref().unwrap_or(&item.detail);
        let pad = " ".repeat(value.saturating_sub(text::width(&item.value)));
        let mut pieces = vec![piece(role, format!("{sign}{}{pad}", item.value))];
        pieces.extend([label, why].into_iter().filter(|text| !text.is_empty()).map(|text| piece(Role::Dim, format!("  {text}"))));
        pen.pieces(line, &pieces);
    }
    if shown < rows && hidden {
        pen.text(area.line(area.height - 1), &format!("  … {} in all; arrows choose", offer.items.len()), Role::Dim);
    }
}

/// The widget decides where lines wrap, because its cursor moves by what it drew; the cells are
/// ours, because its own are not made safe and cannot mark a sign.
pub fn draw_text(text: &NoteText, marks: &[Mark], area: Area, pen: &mut Pen<'_>) -> Option<Position> {
    if area.is_empty() {
        return None;
    }
    let widget = text.area();
    widget.render(rect(area), pen.buffer);
    pen.clear(area);
    let top = usize::from(widget.scroll_offset().0);
    let cursor = text.cursor();
    let lines = widget.lines();
    let mut place = None;
    for idx in 0..area.height {
        let screen_row = top + usize::from(idx);
        let start = place_of(widget, screen_row);
        // Past the last row the widget answers with its last one.
        if idx > 0 && start <= place_of(widget, screen_row - 1) {
            break;
        }
        let next = place_of(widget, screen_row + 1);
        let whole = &lines[start.0];
        let begin = byte_of(whole, start.1);
        let end = if next.0 == start.0 && next > start { byte_of(whole, next.1) } else { whole.len() };
        let line = area.line(idx);
        draw_line(marks, lines, start.0, begin..end, line, pen);
        if cursor.0 == start.0 && cursor.1 >= start.1 && (end == whole.len() || cursor.1 < next.1) {
            let before = text::safe(&whole[begin..byte_of(whole, cursor.1)]).into_owned();
            let x = u16::try_from(text::width(&before)).unwrap_or(u16::MAX).min(line.width - 1);
            place = Some(Position::new(line.x + x, line.y));
        }
    }
    place
}

/// The line and character at the start of a row of the widget's screen.
fn place_of(widget: &ratatui_textarea::TextArea<'_>, screen_row: usize) -> (usize, usize) {
    let place = widget.screen_to_data(screen_row, 0);
    (place.0, place.1)
}

fn byte_of(line: &str, character: usize) -> usize {
    line.char_indices().nth(character).map_or(line.len(), |(at, _)| at)
}

/// One row of the text; the signs that will be obeyed stand out.
fn draw_line(marks: &[Mark], lines: &[String], number: usize, range: std::ops::Range<usize>, line: Area, pen: &mut Pen<'_>) {
    let offset: usize = lines[..number].iter().map(|line| line.len() + 1).sum();
    let whole = &lines[number];
    let mut rest = line;
    let mut at = range.start;
    for mark in marks {
        let (begin, end) =
            (mark.range.start.saturating_sub(offset).clamp(at, range.end), mark.range.end.saturating_sub(offset).clamp(at, range.end));
        if begin < end && mark.range.start >= offset && whole.is_char_boundary(begin) && whole.is_char_boundary(end) {
            rest = pen.text(rest, &whole[at..begin], Role::Text);
            rest = pen.text(rest, &whole[begin..end], Role::Mark);
            at = end;
        }
    }
    pen.text(rest, &whole[at..range.end], Role::Text);
}
