//! How are questions shown? Each with its answer, what will happen, and what could be the same record.

use ratatui::layout::Position;

use super::line;
use super::pen::{Pen, Piece, piece};
use super::plan;
use super::scene::{Scene, who};
use super::text;
use super::theme::Role;
use crate::desk::prompt::{Answer, Ask};
use crate::desk::viewport::{Area, PLAN_LINES, is_long};

/// The widest column of labels.
const LABELS: usize = 30;

pub fn draw(ask: &Ask, scene: &Scene<'_>, pen: &mut Pen<'_>) -> Option<Position> {
    let (title, rest) = scene.layout.panel.split(1);
    let words = plan::titled(&ask.title, ask.record.as_ref().map(|record| record.id), scene);
    let below = below(ask, scene);
    // The focused answer must be seen; then the plan; then the other answers.
    let answers = u16::try_from(ask.answers.len()).unwrap_or(u16::MAX);
    let wanted = u16::try_from(below.len()).unwrap_or(u16::MAX).max(PLAN_LINES);
    let many = is_long(ask);
    let kept = if many { wanted.min(PLAN_LINES + 4) } else { wanted };
    let room = rest.height.saturating_sub(kept).max(answers.min(rest.height.div_ceil(2))).min(answers);
    let (questions, after) = rest.split(room);
    let right = if answers > room && room > 0 { format!("{} of {answers}", ask.focus + 1) } else { hint(ask) };
    plan::title(&words, &right, title, pen);
    let place = draw_answers(ask, questions, pen);
    plan::draw_from(&below, ask.top, scene.key("plan-down"), after, pen);
    // A plan without questions is read, not typed into: the cursor stands where it begins.
    place.or((!after.is_empty() && ask.answers.is_empty()).then_some(Position::new(after.x, after.y)))
}

fn hint(ask: &Ask) -> String {
    let is_offered = ask.answers.get(ask.focus).is_some_and(|answer| answer.line.is_offered());
    let has_required = ask.answers.iter().any(|answer| answer.required);
    match (is_offered, has_required) {
        // The full words of both have no room beside a title at 80 columns.
        (true, _) if waits(ask) => "typing replaces it; * needed".to_owned(),
        (true, _) => "typing replaces it".to_owned(),
        (false, true) => "* must be answered".to_owned(),
        (false, false) => String::new(),
    }
}

/// Whether an answer that is needed is not there yet.
fn waits(ask: &Ask) -> bool {
    ask.answers.iter().any(is_awaited)
}

fn is_awaited(answer: &Answer) -> bool {
    answer.required && answer.line.text().trim().is_empty()
}

fn draw_answers(ask: &Ask, area: Area, pen: &mut Pen<'_>) -> Option<Position> {
    if area.is_empty() {
        return None;
    }
    let labels =
        ask.answers.iter().map(|answer| text::width(&answer.label)).max().unwrap_or(0).min(LABELS).min(usize::from(area.width / 2));
    let rows = usize::from(area.height);
    // A page at a time: while one tabs along nothing moves but the sign.
    let top = ask.focus / rows * rows;
    let mut place = None;
    for (idx, answer) in ask.answers.iter().enumerate().skip(top).take(rows) {
        let row = area.line(u16::try_from(idx - top).unwrap_or(u16::MAX));
        let focused = idx == ask.focus;
        pen.text(row, if focused { ">" } else { " " }, Role::Key);
        pen.sign(row.after(1), sign(answer), Role::Text);
        let label = row.after(2);
        let label = Area { width: label.width.min(u16::try_from(labels).unwrap_or(u16::MAX)), ..label };
        pen.text(label, &answer.label, if focused { Role::Title } else { Role::Dim });
        let at = line::draw(&answer.line, row.after(u16::try_from(labels + 4).unwrap_or(u16::MAX)), pen);
        if focused {
            place = at;
        }
    }
    place
}

/// `*` must be answered, `~` differs from what stood there.
fn sign(answer: &Answer) -> &'static str {
    if is_awaited(answer) {
        "*"
    } else if answer.line.text() != answer.offered {
        "~"
    } else {
        " "
    }
}

/// What stands below the questions.
fn below(ask: &Ask, scene: &Scene<'_>) -> Vec<Vec<Piece>> {
    let mut lines = plan::lines(ask.preview.as_ref(), ask.already_due, waits(ask));
    for (id, reason) in &ask.similar {
        if let Some(row) = scene.row(*id) {
            let name = [row.reference, who(&row), row.site, row.number]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(text::DOT);
            lines.push(vec![piece(Role::Warn, "looks like "), piece(Role::Text, name), piece(Role::Dim, format!(": {reason}"))]);
        }
    }
    if let Some(Ok(planned)) = &ask.preview
        && let Some(message) = &planned.message
    {
        lines.push(Vec::new());
        lines.extend(plan::message(message));
    }
    lines
}
