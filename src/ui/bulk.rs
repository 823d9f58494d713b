//! How is shown what one act does to each of the marked rows?

use ratatui::layout::Position;

use super::pen::{Pen, piece};
use super::plan;
use super::scene::Scene;
use super::text;
use super::theme::Role;
use crate::desk::bulk::{Bulk, Line, Outcome};
use crate::desk::viewport::{Area, top_for};
use crate::domain::import_words::thousands;

/// The widest column of names.
const NAMES: u16 = 32;

pub fn draw(bulk: &Bulk, scene: &Scene<'_>, pen: &mut Pen<'_>) -> Option<Position> {
    let (title, rest) = scene.layout.panel.split(1);
    if title.is_empty() {
        return None;
    }
    let at = if bulk.lines.is_empty() { 0 } else { bulk.cursor + 1 };
    plan::title(&bulk.what, &format!("{} of {}", thousands(at), thousands(bulk.lines.len())), title, pen);
    let (counted, rest) = rest.split(2);
    let (role, words) = summary(bulk, scene);
    pen.text(counted.line(0).after(2), &words, role);
    let (list, below) = rest.split(rest.height.saturating_sub(3));
    let top = top_for(bulk.cursor, 0, list.height);
    let mut place = None;
    for (idx, line) in bulk.lines.iter().enumerate().skip(top).take(usize::from(list.height)) {
        let row = list.line(u16::try_from(idx - top).unwrap_or(u16::MAX));
        draw_line(line, idx == bulk.cursor, row, scene, pen);
        if idx == bulk.cursor {
            place = Some(Position::new(row.x, row.y));
        }
    }
    // The line under the cursor, whole.
    if let Some(line) = bulk.lines.get(bulk.cursor) {
        pen.rule(below.line(0));
        let (role, words) = words_of(line);
        plan::draw(&[vec![piece(Role::Title, format!("{}  ", line.name)), piece(role, words)]], below.split(1).1, pen);
    }
    place.or(Some(Position::new(title.x, title.y)))
}

/// "11 will be changed, 1 will not: enter does it as one change, and one undo takes it back".
fn summary(bulk: &Bulk, scene: &Scene<'_>) -> (Role, String) {
    let (will, wont) = (bulk.will(), bulk.count(|outcome| matches!(outcome, Outcome::Wont(_))));
    if bulk.saving {
        return (Role::Saving, format!("saving {}{}", thousands(will), text::ELLIPSIS));
    }
    if bulk.is_reading() {
        return (Role::Saving, format!("planned {} of {}{}", thousands(will + wont), thousands(bulk.lines.len()), text::ELLIPSIS));
    }
    let left_out = if wont > 0 { format!(", {} will not", thousands(wont)) } else { String::new() };
    match scene.key("bulk-do").filter(|_| will > 0) {
        Some(key) => (Role::Title, format!("{} will be changed{left_out}: {key} does it as one change", thousands(will))),
        None => (Role::Warn, format!("{} will be changed{left_out}", thousands(will))),
    }
}

fn words_of(line: &Line) -> (Role, String) {
    match &line.outcome {
        Outcome::Reading => (Role::Saving, format!("reading{}", text::ELLIPSIS)),
        Outcome::Will { words, .. } => (Role::Text, words.clone()),
        Outcome::Wont(why) => (Role::Warn, format!("not changed: {why}")),
    }
}

/// A `-` before what will not be changed, a `@` before what somebody else has open.
fn draw_line(line: &Line, selected: bool, row: Area, scene: &Scene<'_>, pen: &mut Pen<'_>) {
    let sign = match &line.outcome {
        Outcome::Wont(_) => "-",
        _ if scene.desk.serve.held.contains_key(&line.subject) => "@",
        _ => " ",
    };
    pen.text(row, if selected { ">" } else { " " }, Role::Text);
    pen.sign(row.after(1), sign, Role::Text);
    let names = NAMES.min(row.width / 2);
    let inside = row.after(2);
    pen.text(Area { width: names.min(inside.width), ..inside }, &text::cut(&line.name, usize::from(names)), Role::Text);
    let (role, words) = words_of(line);
    let rest = inside.after(names + 1);
    pen.text(rest, &text::cut(&words, usize::from(rest.width)), role);
    if selected {
        pen.plain(row, pen.theme.style(Role::Selection));
    }
}
