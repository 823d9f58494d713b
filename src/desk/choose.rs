//! How are the keys laid out and how does the screen look? What a person chooses, and keeps.

use super::effect::{Effect, Taste};
use super::key::{self, Press};
use super::model::{Desk, Rules};
use super::notice::{Notice, Tone};
use super::prompt::{Ask, Item, Pick, Picker, Prompt};
use super::{picker, questions};
use crate::keys::keymap::NAMES;

/// What the shipped themes are for; a theme of somebody's own says nothing.
const THEMES: &[(&str, &str)] = &[
    ("dark", "for dark terminals"),
    ("light", "for light terminals"),
    ("sixteen", "eight colours, for old consoles"),
    ("high-contrast", "black, white, yellow, cyan"),
    ("none", "no colour at all"),
    ("mono", "the older name of none"),
];

impl Rules {
    /// The key of an action for words on the screen; by its name where it has none.
    pub(super) fn key(&self, action: &str) -> String {
        self.keymap.keys_of(action, None).unwrap_or_else(|| format!("{action} (among all actions)"))
    }
}

impl Desk {
    /// The theme under the cursor of the list of themes: it is shown while one looks for one.
    pub fn theme_tried(&self) -> Option<&str> {
        match &self.prompt {
            Some(Prompt::Picker(picker)) if picker.pick == Pick::Theme => {
                picker.shown.get(picker.cursor).map(|idx| picker.items[*idx].value.as_str())
            }
            _ => None,
        }
    }
}

fn item(name: &str, words: &str) -> Item {
    Item { value: name.to_owned(), label: name.to_owned(), detail: words.to_owned(), refused: None }
}

pub(super) fn keymaps(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let items = NAMES.map(|(name, words)| item(name, words)).to_vec();
    open(desk, Pick::Keymap, format!("keymap (now {})", rules.keymap.name()), items, rules.keymap.name())
}

/// The themes there are have been told.
pub(super) fn themes(desk: &mut Desk, names: &[String], now: &str) -> Vec<Effect> {
    if desk.prompt.is_some() {
        return Vec::new();
    }
    let words = |name: &str| THEMES.iter().find(|(known, _)| *known == name).map_or("", |(_, words)| words);
    let items = names.iter().map(|name| item(name, words(name))).collect();
    open(desk, Pick::Theme, format!("theme (now {now})"), items, now)
}

/// Opens on what is in force, so that Enter alone changes nothing.
fn open(desk: &mut Desk, pick: Pick, title: String, items: Vec<Item>, now: &str) -> Vec<Effect> {
    let at = items.iter().position(|item| item.value == now).unwrap_or(0);
    let effects = picker::open(desk, pick, title, None, items);
    if let Some(Prompt::Picker(picker)) = &mut desk.prompt {
        picker.cursor = at;
    }
    effects
}

pub(super) fn picked(from: &Picker, value: String) -> Vec<Effect> {
    let taste = if from.pick == Pick::Keymap { Taste::Keymap } else { Taste::Theme };
    vec![Effect::Choose { taste, value }]
}

/// Enter on the question for name, phone and keymap.
pub(super) fn me(desk: &mut Desk, ask: Ask, press: Press) -> Vec<Effect> {
    let keymap = ask.answers.iter().position(|answer| answer.name == "keymap");
    let chosen = keymap.map(|idx| &ask.answers[idx]).filter(|answer| answer.line.text().trim() != answer.offered);
    let Some(chosen) = chosen.map(|answer| answer.line.text().trim().to_owned()) else { return questions::sign(desk, &ask, press) };
    if NAMES.iter().all(|(name, _)| *name != chosen) {
        desk.notice = Some(Notice::new(Tone::Refused, format!("there is no keymap {chosen}; it is one of {}", names())));
        desk.prompt = Some(Prompt::Ask(Box::new(Ask { focus: keymap.unwrap_or(0), ..ask })));
        return Vec::new();
    }
    let signs = ask.answers.iter().any(|answer| answer.name != "keymap" && answer.line.text().trim() != answer.offered.trim());
    let mut effects = if signs { questions::sign(desk, &ask, press) } else { Vec::new() };
    effects.push(Effect::Choose { taste: Taste::Keymap, value: chosen });
    effects
}

/// `default, vim, plain, emacs`.
fn names() -> String {
    NAMES.map(|(name, _)| name).join(", ")
}

/// It is kept and in force. Keys that waited or were begun were pressed for the keymap before.
pub(super) fn chosen(desk: &mut Desk, rules: &Rules, taste: Taste, value: &str) -> Vec<Effect> {
    let words = match taste {
        Taste::Theme if desk.drill.is_some() => format!("the theme is {value} for this drill"),
        Taste::Theme => format!("the theme is {value} from now on, in every session that you open"),
        Taste::Keymap => {
            key::give_up_waiting(desk);
            desk.typed.clear();
            desk.moved_alone = true;
            let (help, palette) = (rules.key("help"), rules.key("palette"));
            let since = if desk.drill.is_some() { "for this drill" } else { "from now on" };
            format!("the keys are {value} {since}: {help} lists them, {palette} has every action")
        }
    };
    desk.notice = Some(Notice::new(Tone::Done, words));
    Vec::new()
}
