//! What does the drill ask for, and how much of the keys is still shown?

use super::pen::{Pen, Piece, one_line, piece, shorten, wrap};
use super::scene::Scene;
use super::text;
use super::theme::Role;
use crate::desk::drill::{Drilling, way};
use crate::domain::drill::{Exercise, Hint};
use crate::keys::action::Layer;

pub fn draw(scene: &Scene<'_>, pen: &mut Pen<'_>) {
    let area = scene.layout.drill;
    let Some(drilling) = scene.desk.drill.as_ref().filter(|_| !area.is_empty()) else { return };
    let (done, all) = drilling.drill.place();
    let head = piece(Role::Title, format!("drill {}/{all} ", (done + 1).min(all)));
    let Some(exercise) = drilling.drill.exercise() else {
        let leaves = scene.key("quit").map(|key| vec![piece(Role::Key, key), piece(Role::Text, " leaves, and nothing of it stays")]);
        let line = [vec![head, piece(Role::Ok, "all done. ")], leaves.unwrap_or_default()].concat();
        lines(pen, scene, wrap(&line, usize::from(area.width)));
        return;
    };
    let hint = hint(scene, exercise, drilling.drill.hint());
    if area.height == 1 {
        // The keys first: what is cut is the end.
        let line = [hint, vec![piece(Role::Text, format!("  {}/{all} {}", done + 1, exercise.task))]].concat();
        pen.pieces(area, &one_line(&line, usize::from(area.width)));
        return;
    }
    let width = usize::from(area.width);
    let said = wrap(&[head, piece(Role::Text, exercise.task.as_str())], width);
    let said = shorten(said, usize::from(area.height - 1), width);
    let left = usize::from(area.height) - said.len();
    let keys = shorten(wrap(&hint, width), left, width);
    let last = u16::try_from(said.len() + keys.len()).unwrap_or(area.height) - 1;
    let wide: usize = keys.last().into_iter().flatten().map(|(_, text)| text::width(text)).sum();
    lines(pen, scene, [said, keys].concat());
    pen.at_end(area.line(last).after(u16::try_from(wide + 2).unwrap_or(u16::MAX)), &aside(scene, drilling));
}

fn lines(pen: &mut Pen<'_>, scene: &Scene<'_>, lines: Vec<Vec<Piece>>) {
    for (idx, line) in (0..).zip(lines) {
        pen.pieces(scene.layout.drill.line(idx), &line);
    }
}

/// The keys, the first of them, or that they are to be known.
fn hint(scene: &Scene<'_>, exercise: &Exercise, hint: Hint) -> Vec<Piece> {
    use crate::desk::drill::Piece as Step;
    let way = way(scene.rules, exercise);
    let one_key = matches!(way.as_slice(), [Step::Keys(keys)] if !keys.contains(' '));
    let mut line = vec![piece(Role::Dim, "keys: ")];
    let shown = match hint {
        Hint::Keys => way.len(),
        // The only key would be the whole answer.
        Hint::FirstKey => usize::from(!one_key),
        Hint::Nothing => 0,
    };
    for (idx, step) in way.iter().take(shown).enumerate() {
        let gap = if idx > 0 { "  " } else { "" };
        line.push(match step {
            Step::Keys(keys) if hint == Hint::FirstKey => piece(Role::Key, keys.split(' ').next().unwrap_or(keys)),
            Step::Keys(keys) => piece(Role::Key, format!("{gap}{keys}")),
            Step::Text(words) => piece(Role::Text, format!("{gap}\"{words}\"")),
        });
    }
    match hint {
        Hint::FirstKey if one_key => line.push(piece(Role::Dim, text::ELLIPSIS)),
        Hint::FirstKey => line.push(piece(Role::Dim, format!(" {}", text::ELLIPSIS))),
        Hint::Nothing => line = vec![piece(Role::Dim, "from memory; wait, and the keys come back")],
        _ => {}
    }
    line
}

/// What the last one cost, and how to leave.
fn aside(scene: &Scene<'_>, drilling: &Drilling) -> Vec<Piece> {
    let cost = drilling.drill.last_try().map(|last| {
        let keys = if last.keys == 1 { "key" } else { "keys" };
        let best = if last.keys > last.best { format!(" ({} would do)", last.best) } else { String::new() };
        piece(Role::Dim, format!("done: {} {keys}{best}, {}.{} s", last.keys, last.millis / 1_000, last.millis / 100 % 10))
    });
    let quit = scene.key("quit").filter(|_| scene.layer() == Layer::Queue && cost.is_none());
    let quit = quit.map(|key| vec![piece(Role::Key, key), piece(Role::Dim, " leaves the drill")]);
    cost.into_iter().chain(quit.into_iter().flatten()).collect()
}
