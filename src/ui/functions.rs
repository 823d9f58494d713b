//! What does the last line say where function keys do the work? What each of them does, so that nobody has to learn it.

use super::pen::{Pen, Piece, piece};
use super::scene::Scene;
use super::text;
use super::theme::Role;
use crate::keys::action::Layer;
use crate::keys::chord::Code;

/// From so many function keys on the line is theirs.
const MANY: usize = 6;

/// In as few letters as say it: ten must fit on 80 columns.
const WORDS: &[(&str, &str)] = &[
    ("help", "help"),
    ("quick-actions", "do"),
    ("find", "find"),
    ("note", "note"),
    ("follow-up", "look"),
    ("status", "status"),
    ("message", "mail"),
    ("copy-number", "copy"),
    ("undo", "undo"),
    ("quit", "quit"),
    ("palette", "all"),
];

/// Draws the line; `false` where the queue does not have the keys, or has few function keys.
pub fn draw(scene: &Scene<'_>, pen: &mut Pen<'_>) -> bool {
    let keys = if scene.layer() == Layer::Queue { keys(scene) } else { Vec::new() };
    if keys.len() < MANY {
        return false;
    }
    let wide = |between: usize| keys.iter().map(|(key, words)| text::width(key) + text::width(words) + between).sum::<usize>() - 1;
    let room = usize::from(scene.layout.foot.width);
    // The space goes first, then the last words.
    let gap = if wide(2) <= room { " " } else { "" };
    let mut line = scene.layout.foot;
    for (key, words) in keys {
        let hint: [Piece; 2] = [piece(Role::Key, key), piece(Role::Dim, format!("{gap}{words}"))];
        if hint.iter().map(|(_, text)| text::width(text)).sum::<usize>() > usize::from(line.width) {
            break;
        }
        line = pen.pieces(line, &hint).after(1);
    }
    true
}

/// The function keys of the queue in their order, with what they do.
fn keys(scene: &Scene<'_>) -> Vec<(String, String)> {
    let bindings = scene.rules.keymap.bindings().iter().filter(|binding| binding.layer == Layer::Queue);
    let mut found: Vec<(u8, String)> = bindings
        .filter_map(|binding| match binding.keys.as_slice() {
            [key] if !key.ctrl && !key.alt => match key.code {
                Code::F(number) => {
                    let short = WORDS.iter().find(|(name, _)| *name == binding.run.action.name).map(|(_, words)| *words);
                    Some((number, short.unwrap_or(&binding.say).to_owned()))
                }
                _ => None,
            },
            _ => None,
        })
        .collect();
    found.sort();
    found.into_iter().map(|(number, words)| (format!("f{number}"), words)).collect()
}
