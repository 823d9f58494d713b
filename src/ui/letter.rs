//! Which message was made last, and which part of it comes next? It stays within reach on the rows
//! after it, until the next message is made.

use super::pen::{Pen, Piece, piece};
use super::scene::{Scene, who};
use super::text;
use super::theme::Role;
use crate::desk::model::LastMessage;

pub fn draw(scene: &Scene<'_>, pen: &mut Pen<'_>) {
    let line = scene.layout.letter;
    let Some(last) = scene.desk.last_message.as_ref().filter(|_| !line.is_empty()) else { return };
    let parts = parts(last, scene.key("copy-again"));
    let wide: usize = parts.iter().map(|(_, words)| text::width(words)).sum();
    let name = scene.row_of(last.subject).map(|row| who(&row).to_owned()).unwrap_or_default();
    let to = if last.rendered.recipient.is_empty() { String::new() } else { format!(" to {}", last.rendered.recipient) };
    let said = format!("{} {name}{to}: {}", last.reference, last.rendered.label);
    let room = usize::from(line.width).saturating_sub(wide + 2);
    let rest = pen.text(line, &text::cut(&said, room), Role::Dim);
    pen.at_end(rest, &parts);
}

/// `p subject · body · CRM`: the next one first in line stands out.
fn parts(last: &LastMessage, key: Option<String>) -> Vec<Piece> {
    let names: Vec<&str> = last.rendered.parts().iter().map(|(name, _)| *name).collect();
    let mut pieces = vec![piece(Role::Key, key.unwrap_or_default())];
    for (idx, name) in names.iter().enumerate() {
        let role = if idx == last.next_part % names.len().max(1) { Role::Title } else { Role::Dim };
        // Not by colour alone.
        let (open, close) = if role == Role::Title { (" [", "]") } else { (" ", "") };
        pieces.push(piece(role, format!("{open}{name}{close}")));
    }
    pieces
}
