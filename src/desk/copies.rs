//! What is done with the clipboard's answer: said, and where no way took the text, shown.

use super::effect::Effect;
use super::model::{Desk, Rules};
use super::msg::Copied;
use super::notice::{Notice, Tone};
use crate::keys::action::Layer;
use crate::keys::chord::show_keys;

/// The copy that was made last.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Copies {
    /// The text of the last copy, for the plain view.
    pub last: Option<String>,
    /// What the foot of the screen said when it was asked for.
    pub(super) said_before: Option<Notice>,
}

pub(super) fn copied(desk: &mut Desk, rules: &Rules, copied: Copied) -> Vec<Effect> {
    let tone = if copied.failed { Tone::Trouble } else { Tone::Done };
    let mut words = copied.words;
    let mut effects = Vec::new();
    if copied.stuck {
        // Nothing pops up over what is being typed.
        if desk.prompt.is_none() && desk.typed.is_empty() && desk.waiting.is_empty() {
            effects.push(Effect::ShowPlain { text: copied.text.clone(), unasked: true });
        }
        if let Some(keys) = key(rules) {
            words = format!("{keys} shows it; {words}");
        }
    }
    if !copied.text.is_empty() {
        desk.copies.last = Some(copied.text);
    }
    let words = format!("{}: {words}", copied.what);
    let is_news = desk.notice != desk.copies.said_before;
    match desk.notice.as_mut().filter(|notice| is_news && tone == Tone::Done && notice.tone != Tone::Done) {
        Some(notice) => notice.aside = words,
        None => desk.notice = Some(Notice::new(tone, words)),
    }
    effects
}

/// The keys of the plain view.
fn key(rules: &Rules) -> Option<String> {
    let is_plain = |binding: &&crate::keys::keymap::Binding| binding.layer == Layer::Queue && binding.run.action.name == "plain-view";
    rules.keymap.bindings().iter().find(is_plain).map(|binding| show_keys(&binding.keys))
}

pub(super) fn show(desk: &mut Desk) -> Vec<Effect> {
    match &desk.copies.last {
        Some(text) => vec![Effect::ShowPlain { text: text.clone(), unasked: false }],
        None => {
            desk.notice = Some(Notice::new(Tone::Note, "nothing was copied in this session yet"));
            Vec::new()
        }
    }
}
