//! Is there room for what is typed or pasted? What finds none is said, and never lost without a word.

use super::model::Desk;
use super::notice::{Notice, Tone};
use super::prompt::Prompt;
use crate::domain::text::NOTE_MAX;

/// The most bytes that the text under the cursor takes, when what came last found no room in it.
fn full(prompt: &Prompt) -> Option<usize> {
    let line = match prompt {
        Prompt::Note(note) => return note.text.is_full().then_some(NOTE_MAX),
        Prompt::Template(template) if template.in_body() => return template.body.is_full().then_some(NOTE_MAX),
        Prompt::Template(template) => &template.parts.get(template.focus)?.line,
        Prompt::Ask(ask) => &ask.answers.get(ask.focus)?.line,
        Prompt::Picker(picker) => &picker.filter,
        Prompt::Find(find) => &find.line,
        Prompt::Query(query) => &query.line,
        Prompt::Pager(_) | Prompt::Import | Prompt::Offers(_) | Prompt::Bulk(_) => return None,
    };
    line.is_full().then(|| line.room())
}

pub(super) fn is_full(desk: &Desk) -> bool {
    desk.prompt.as_ref().and_then(full).is_some()
}

/// After a letter: it may not be there.
pub(super) fn say(desk: &mut Desk) {
    if let Some(most) = desk.prompt.as_ref().and_then(full) {
        let words = format!("there is no room for more here: at most {most} bytes; what was typed last is not in it");
        desk.notice = Some(Notice::new(Tone::Refused, words));
    }
}

/// A text that came whole was longer than there is room for.
pub(super) fn cut_off() -> Notice {
    Notice::new(Tone::Refused, "that text is longer than there is room for here: its end was cut off")
}
