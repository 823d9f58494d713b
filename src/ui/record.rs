//! What does the record show beside or below the list? Who, what, why now, the dates, the last note.
//!
//! Each thing keeps its line while one goes from row to row: the eye finds it, and few cells change.

use super::facts;
use super::history;
use super::pen::{Pen, Piece, one_line, piece, shorten, wrap};
use super::scene::{Scene, who};
use super::text;
use super::theme::Role;
use crate::desk::serve;
use crate::desk::viewport::Area;
use crate::domain::application::Application;
use crate::index::queue::Row;

/// The column of the labels.
const LABEL: u16 = 9;
/// From so many lines on each thing gets its roomy form.
const ROOMY: usize = 26;

/// A thing that keeps its place: its lines when there is little room and when there is much, and
/// how soon it goes when there is not even that (the largest first).
pub struct Section {
    pub label: &'static str,
    pub text: Vec<Piece>,
    pub short: usize,
    pub tall: usize,
    pub rank: u8,
}

/// A line of the pane: a label or none, and the pieces beside it.
type Labelled = (&'static str, Vec<Piece>);

pub fn draw(scene: &Scene<'_>, pen: &mut Pen<'_>) {
    let (title, pane) = (scene.layout.title, scene.layout.pane);
    if title.is_empty() {
        return;
    }
    let Some(row) = scene.shown() else { return };
    let record = scene.record(&row);
    draw_title(scene, pen, title, &row);
    let width = usize::from(pane.width.saturating_sub(LABEL));
    let height = usize::from(pane.height);
    if width == 0 || height == 0 {
        return;
    }
    let lines = lines(scene, &row, record, width, height);
    let top = scene.desk.detail_top.min(lines.len().saturating_sub(height));
    let cut = lines.len() > top + height;
    for (idx, (label, text)) in lines.into_iter().skip(top).take(height).enumerate() {
        let line = pane.line(u16::try_from(idx).unwrap_or(u16::MAX));
        pen.text(Area { width: line.width.min(LABEL - 1), ..line }, label, Role::Dim);
        let ends = |text: &[Piece]| text.last().is_some_and(|(_, text)| text.ends_with(text::ELLIPSIS));
        let text = if cut && idx + 1 == height && !ends(&text) { shorten(vec![text, Vec::new()], 1, width).remove(0) } else { text };
        pen.pieces(line.after(LABEL), &text);
    }
}

/// Which record it is. It is also the line between list and record when they stand one above the
/// other.
fn draw_title(scene: &Scene<'_>, pen: &mut Pen<'_>, title: Area, row: &Row<'_>) {
    let mut area = title;
    if !scene.layout.side_by_side() {
        // No line behind the words: it would be drawn anew with every record.
        area = pen.text(title, &text::RULE.repeat(2), Role::Border);
    }
    let mut words = vec![piece(Role::Title, format!("{} {}", row.reference, who(row)))];
    // Beside the list the site has a line of its own.
    let site = if row.customer.is_empty() || scene.layout.side_by_side() { "" } else { row.site };
    for part in [number(scene, row).as_str(), site] {
        if !part.is_empty() {
            words.push(piece(Role::Text, format!("{}{part}", text::DOT)));
        }
    }
    if let Some(held) = scene.desk.serve.held.get(&row.subject) {
        // In front of number and site: the end of a narrow line is cut.
        let said = serve::title(held, &scene.desk.person.login);
        words.insert(1, piece(Role::Warn, format!("{}{}", text::DOT, text::unbroken(&said))));
    }
    if !scene.layout.side_by_side() {
        words.insert(0, piece(Role::Border, " "));
    }
    pen.pieces(area, &words);
}

/// The utility's number as it is; any other one with the words for whose it is.
fn number(scene: &Scene<'_>, row: &Row<'_>) -> String {
    let named = scene.desk.records.get(&row.subject).and_then(Application::named_number);
    match named {
        Some((label, number)) if label != "application number" => format!("{label} {number}"),
        _ => row.number.to_owned(),
    }
}

fn lines(scene: &Scene<'_>, row: &Row<'_>, record: Option<&Application>, width: usize, height: usize) -> Vec<Labelled> {
    let roomy = height >= ROOMY || (scene.desk.detail_only && height >= 12);
    let sections = facts::sections(scene, row, record, roomy);
    let kept = if roomy { Vec::from_iter(0..sections.len()) } else { that_fit(&sections, height) };
    let mut lines: Vec<Labelled> = Vec::new();
    for (idx, section) in sections.into_iter().enumerate().filter(|(idx, _)| kept.contains(idx)) {
        debug_assert!(idx < usize::from(u8::MAX));
        let room = if roomy { section.tall } else { section.short };
        let mut text = match (scene.desk.detail_only, room) {
            (true, _) => wrap(&section.text, width),
            (false, 1) => vec![one_line(&section.text, width)],
            (false, room) => shorten(wrap(&section.text, width), room, width),
        };
        if !scene.desk.detail_only {
            text.resize(room, Vec::new());
        }
        label(&mut lines, section.label, text);
    }
    for (name, text) in history::flow(scene, row, record) {
        // Beside the list only what must be read now is whole; the rest says that it is there.
        let whole = scene.desk.detail_only || matches!(name, "note" | "to-do" | "conflict");
        label(&mut lines, name, if whole { wrap(&text, width) } else { vec![one_line(&text, width)] });
        // Nobody sees more than a few screens of it at once; a long history is not wrapped in vain.
        if lines.len() > height + scene.desk.detail_top + 200 {
            break;
        }
    }
    lines
}

fn label(lines: &mut Vec<Labelled>, label: &'static str, text: Vec<Vec<Piece>>) {
    lines.extend(text.into_iter().enumerate().map(|(idx, text)| (if idx == 0 { label } else { "" }, text)));
}

/// The sections that have room when one line is kept for the last note.
fn that_fit(sections: &[Section], height: usize) -> Vec<usize> {
    let mut by_rank: Vec<usize> = (0..sections.len()).collect();
    by_rank.sort_by_key(|idx| sections[*idx].rank);
    let mut left = height.saturating_sub(1).max(1);
    by_rank.retain(|idx| match left.checked_sub(sections[*idx].short) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    });
    by_rank
}
