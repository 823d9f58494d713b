//! Which keys has each action in each keymap? The table of the README and the page of the manual.

use super::stop::Stop;
use super::tables::{code, table};
use crate::domain::playbook::DeskKind;
use crate::keys::action::{self, Action};
use crate::keys::chord::show_keys;
use crate::keys::keymap::{Keymap, NAMES};
use crate::settings;

/// What a day is made of; the rest is in the tables of keys and among all actions.
const MAIN: &[&str] = &[
    "quick-actions",
    "note",
    "follow-up",
    "status",
    "message",
    "copy-number",
    "undo",
    "redo",
    "new",
    "next-row",
    "previous-row",
    "page-down",
    "page-up",
    "first-row",
    "last-row",
    "back",
    "find",
    "clear",
    "detail",
    "record-down",
    "record-up",
    "palette",
    "help",
    "keymap",
    "theme",
    "quit",
    "save",
    "new-line",
    "editor",
    "close",
    "do",
    "next-answer",
    "leave",
    "choose",
    "list-down",
    "cancel",
    "scroll-page-down",
    "scroll-find",
    "shut",
];

/// An action, and its keys in each of `NAMES`; none: it is only among all actions.
pub struct Across {
    pub action: &'static Action,
    pub keys: Vec<Vec<String>>,
}

/// The main actions across the shipped keymaps.
pub fn across() -> Result<Vec<Across>, Stop> {
    let load = |(name, _): (&'static str, &str)| -> Result<Keymap, Stop> {
        Ok(settings::load_with(DeskKind::Residential, &[], &[], Some(name)).map_err(Stop::Settings)?.keymap)
    };
    let keymaps = NAMES.into_iter().map(load).collect::<Result<Vec<_>, _>>()?;
    let keys = |keymap: &Keymap, action: &Action| {
        let mine = keymap.bindings().iter().filter(|binding| binding.run.action == action);
        mine.map(|binding| show_keys(&binding.keys)).collect()
    };
    let actions = MAIN.iter().filter_map(|name| action::find(name));
    Ok(actions.map(|action| Across { action, keys: keymaps.iter().map(|keymap| keys(keymap, action)).collect() }).collect())
}

/// The four keymaps side by side.
pub fn markdown() -> Result<String, Stop> {
    let shown = |keys: &Vec<String>| match keys.is_empty() {
        true => "all actions".to_owned(),
        false => keys.iter().map(|keys| code(keys)).collect::<Vec<_>>().join(", "),
    };
    let lines: Vec<[String; 5]> = across()?
        .iter()
        .map(|row| std::array::from_fn(|idx| if idx == 0 { row.action.words.to_owned() } else { shown(&row.keys[idx - 1]) }))
        .collect();
    let names = NAMES.map(|(name, _)| name);
    Ok(table(["does", names[0], names[1], names[2], names[3]], &lines))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_main_action_is_one_and_has_a_row() {
        let Ok(rows) = across() else { panic!("the shipped keymaps load") };
        assert_eq!(rows.len(), MAIN.len(), "a name is no action any more");
        let Ok(text) = markdown() else { panic!("the shipped keymaps load") };
        assert!(text.starts_with("| does | default | vim | plain | emacs |\n"), "{text}");
        for row in [
            "| write a note (>5b, !status, @waiting on, ^fri) | `n` | `n` | `f4` | `n` |",
            "| quit | `q` | `q`, `Z Z`, `Z Q` | `f10`, `ctrl-x` | `ctrl-x ctrl-c`, `q` |",
            "| choose how the screen looks | `ctrl-t` | `ctrl-t` | all actions | `ctrl-t` |",
        ] {
            assert!(text.contains(row), "{row}\n{text}");
        }
    }
}
