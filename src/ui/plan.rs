//! How is what will happen shown, before Enter does it? Or why it will not.

use super::pen::{Pen, Piece, piece, wrap};
use super::scene::Scene;
use super::text;
use super::theme::Role;
use crate::desk::viewport::Area;
use crate::domain::message::Rendered;
use crate::domain::plan::Planned;
use crate::domain::trouble::Refusal;

/// The column of the labels.
const LABEL: usize = 13;

/// The lines of a preview. `already`: how many other rows come up on the planned day.
pub fn lines(preview: Option<&Result<Planned, Refusal>>, already: usize, waits: bool) -> Vec<Vec<Piece>> {
    match preview {
        None => Vec::new(),
        Some(Ok(plan)) => plan.lines.iter().map(|line| planned(line.label, &line.text, already)).collect(),
        Some(Err(refusal)) => refused(refusal, waits),
    }
}

fn planned(label: &str, words: &str, already: usize) -> Vec<Piece> {
    let pad = LABEL.saturating_sub(label.len() + 1);
    let mut line = vec![piece(Role::Dim, format!("{label}:{}", " ".repeat(pad.max(1)))), piece(Role::Text, words)];
    if label == "we look" && already > 0 {
        let verb = if already == 1 { "comes" } else { "come" };
        line.push(piece(Role::Warn, format!("{}{already} already {verb} that day", text::DOT)));
    }
    line
}

/// While an answer is still missing nothing has gone wrong yet.
fn refused(refusal: &Refusal, waits: bool) -> Vec<Vec<Piece>> {
    let (role, sign) = if waits { (Role::Dim, "still needed: ") } else { (Role::Error, "refused: ") };
    let mut lines = vec![vec![piece(role, format!("{sign}{}", refusal.says))]];
    lines.extend(refusal.causes.iter().map(|cause| vec![piece(Role::Dim, format!("because {cause}"))]));
    if let Some(hint) = refusal.hint.as_deref().filter(|_| !waits) {
        lines.push(vec![piece(Role::Text, hint)]);
    }
    lines
}

/// The message as it will be copied. What has no value is marked, and in brackets.
pub fn message(message: &Rendered) -> Vec<Vec<Piece>> {
    let mut lines = vec![vec![
        piece(Role::Title, message.label.as_str()),
        piece(Role::Dim, if message.sent_by_copy { " (a copy counts as sent)" } else { "" }),
    ]];
    for (label, words) in [("to", &message.recipient), ("subject", &message.subject)] {
        if !words.is_empty() {
            let mut line = vec![piece(Role::Dim, format!("{label}: "))];
            line.extend(holes(words));
            lines.push(line);
        }
    }
    lines.extend(message.body.trim_end().lines().map(holes));
    lines
}

/// Parts in `⟦…⟧` stand out.
pub fn holes(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('⟦') {
        let Some((name, behind)) = after.split_once('⟧') else { break };
        pieces.push(piece(Role::Text, before));
        pieces.push(piece(Role::Unfilled, format!("[[{name}]]")));
        rest = behind;
    }
    pieces.push(piece(Role::Text, rest));
    pieces
}

/// Draws lines, wrapped, into an area; the last one says how many are not seen.
pub fn draw(lines: &[Vec<Piece>], area: Area, pen: &mut Pen<'_>) {
    draw_from(lines, 0, None, area, pen);
}

/// The same from a line on. `key`: the one that reads on.
pub fn draw_from(lines: &[Vec<Piece>], top: usize, key: Option<String>, area: Area, pen: &mut Pen<'_>) {
    if area.is_empty() {
        return;
    }
    let wrapped: Vec<Vec<Piece>> = lines.iter().flat_map(|line| wrap(line, usize::from(area.width))).collect();
    let room = usize::from(area.height);
    let top = top.min(wrapped.len().saturating_sub(room));
    let left = wrapped.len() - top;
    let shown = if left > room { room - 1 } else { left };
    for (idx, line) in wrapped.iter().skip(top).take(shown).enumerate() {
        pen.pieces(area.line(u16::try_from(idx).unwrap_or(u16::MAX)), line);
    }
    if shown < left {
        let more = piece(Role::Dim, format!("… {} more lines", left - shown));
        let on = key.map(|key| [piece(Role::Key, format!("  {key}")), piece(Role::Dim, " reads on")]);
        let words: Vec<Piece> = std::iter::once(more).chain(on.into_iter().flatten()).collect();
        pen.pieces(area.line(area.height - 1), &words);
    }
}

/// The panel's first line. The record it is bound to is always named.
pub fn title(words: &str, right: &str, line: Area, pen: &mut Pen<'_>) {
    pen.rule(line);
    let inside = line.after(2);
    let rest = pen.text(Area { width: inside.width.saturating_sub(1), ..inside }, &format!(" {words} "), Role::Title);
    if !right.is_empty() {
        pen.at_end(Area { width: rest.width.saturating_sub(1), ..rest }, &[piece(Role::Dim, format!(" {right} "))]);
    }
}

/// A title that names the record, whether or not the prompt's own words do.
pub fn titled(words: &str, subject: Option<crate::domain::id::SubjectId>, scene: &Scene<'_>) -> String {
    match subject.and_then(|subject| scene.row_of(subject)) {
        Some(row) if !words.contains(row.reference) => format!("{words}: {} {}", row.reference, super::scene::who(&row)),
        _ => words.to_owned(),
    }
}
