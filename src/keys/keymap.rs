//! Which action do the keys typed so far have in a layer?

use std::collections::HashMap;

use super::action::{ACTIONS, Action, Layer};
use super::chord::{Code, Key, show_keys};

/// The keymaps that are shipped, the first for who chose none, and what each is for.
pub const NAMES: [(&str, &str); 4] = [
    ("default", "letters, one or two for everything"),
    ("vim", "the same, with what a vim user's fingers know"),
    ("plain", "arrows and function keys, nothing to learn"),
    ("emacs", "the letters, with the chords of Emacs over them"),
];

/// What a key does: an action, and what follows its name (`touch` and the disposition).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Run {
    pub action: &'static Action,
    pub argument: Option<String>,
}

/// One line of a keymap file, read and checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Binding {
    pub layer: Layer,
    pub keys: Vec<Key>,
    pub run: Run,
    /// The words in footer and help; the action's own if the file gives none.
    pub say: String,
}

/// What the keys typed so far lead to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found<'a> {
    /// More keys must follow.
    Pending,
    Hit(&'a Binding),
    Miss,
}

/// All bindings, by layer.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Keymap {
    name: String,
    bindings: Vec<Binding>,
    /// `keys_of` by the action's name: every frame asks for dozens.
    taught: HashMap<&'static str, Vec<(Option<String>, String)>>,
}

impl Keymap {
    /// Bindings whose clashes (the same keys twice, or one the start of another) were refused.
    pub fn new(bindings: Vec<Binding>) -> Keymap {
        let mut taught: HashMap<_, Vec<_>> = HashMap::new();
        for Run { action, argument } in bindings.iter().map(|binding| &binding.run) {
            let known = taught.entry(action.name).or_default();
            if !known.iter().any(|(before, _)| before == argument) {
                known.extend(teach(&bindings, action.name, argument.as_deref()).map(|keys| (argument.clone(), keys)));
            }
        }
        Keymap { name: NAMES[0].0.to_owned(), bindings, taught }
    }

    /// The same under the name by which a person chooses it.
    pub fn named(self, name: &str) -> Keymap {
        Keymap { name: name.to_owned(), ..self }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the keys typed so far lead to. A few hundred bindings: one pass, nothing allocated.
    pub fn get(&self, layer: Layer, typed: &[Key]) -> Found<'_> {
        let mut found = Found::Miss;
        for binding in self.starting(layer, typed) {
            if binding.keys.len() == typed.len() {
                return Found::Hit(binding);
            }
            found = Found::Pending;
        }
        found
    }

    /// What may follow the keys typed so far, for the which-key line; in the order of the files.
    pub fn following(&self, layer: Layer, typed: &[Key]) -> Vec<&Binding> {
        self.starting(layer, typed).filter(|binding| binding.keys.len() > typed.len()).collect()
    }

    fn starting(&self, layer: Layer, typed: &[Key]) -> impl Iterator<Item = &Binding> {
        self.bindings.iter().filter(move |binding| binding.layer == layer && binding.keys.starts_with(typed))
    }

    /// The key of an action that palette, footer and help teach: one that every line carries, the shortest, the first.
    pub fn keys_of(&self, action: &str, argument: Option<&str>) -> Option<String> {
        let of_action = self.taught.get(action)?;
        of_action.iter().find(|(known, _)| known.as_deref() == argument).map(|(_, keys)| keys.clone())
    }

    /// Actions that nobody can come to: without a key, and not of the queue, whose actions are all in the palette.
    pub fn unreached(&self) -> impl Iterator<Item = &'static Action> {
        let bound = |action: &Action| self.bindings.iter().any(|binding| binding.run.action == action);
        ACTIONS.iter().filter(move |action| action.layer != Layer::Queue && !bound(action))
    }

    pub fn bindings(&self) -> &[Binding] {
        &self.bindings
    }
}

/// With Alt a slow line sends Esc and a letter, and Ctrl-S may stop a terminal.
fn teach(bindings: &[Binding], action: &str, argument: Option<&str>) -> Option<String> {
    let mine = |binding: &&Binding| binding.run.action.name == action && binding.run.argument.as_deref() == argument;
    let doubtful = |key: &Key| key.alt || key.ctrl && matches!(key.code, Code::Char('s' | 'q'));
    let bindings = bindings.iter().filter(mine);
    let best = bindings.min_by_key(|binding| (binding.keys.iter().any(doubtful), binding.keys.len()));
    best.map(|binding| show_keys(&binding.keys))
}

#[cfg(test)]
mod tests {
    use super::super::action;
    use super::super::chord::parse_keys;
    use super::*;

    fn keys(text: &str) -> Vec<Key> {
        parse_keys(text).expect("a constant")
    }

    fn keymap() -> Keymap {
        let bind = |layer, on: &str, name: &str, argument: Option<&str>| Binding {
            layer,
            keys: keys(on),
            run: Run { action: action::find(name).expect("an action"), argument: argument.map(str::to_owned) },
            say: name.to_owned(),
        };
        Keymap::new(vec![
            bind(Layer::Queue, "n", "note", None),
            bind(Layer::Queue, "a c", "touch", Some("asked-customer")),
            bind(Layer::Queue, "a e", "touch", Some("asked-engineering")),
            bind(Layer::Note, "enter", "save", None),
        ])
    }

    #[test]
    fn keys_lead_to_an_action_only_in_their_layer() {
        let keymap = keymap();
        let get = |layer, on: &str| match keymap.get(layer, &keys(on)) {
            Found::Hit(binding) => binding.run.argument.clone().unwrap_or(binding.run.action.name.to_owned()),
            Found::Pending => "…".to_owned(),
            Found::Miss => String::new(),
        };
        for (layer, on, wanted) in [
            (Layer::Queue, "n", "note"),
            (Layer::Queue, "a", "…"),
            (Layer::Queue, "a c", "asked-customer"),
            (Layer::Queue, "a x", ""),
            (Layer::Queue, "a c c", ""),
            (Layer::Queue, "enter", ""),
            (Layer::Note, "enter", "save"),
            (Layer::Note, "n", ""),
        ] {
            assert_eq!(get(layer, on), wanted, "{on}");
        }
        assert_eq!(keymap.following(Layer::Queue, &keys("a")).len(), 2);
        assert_eq!(keymap.following(Layer::Queue, &keys("n")).len(), 0);
        assert_eq!(keymap.following(Layer::Queue, &[]).len(), 3);
    }

    #[test]
    fn an_action_says_its_keys() {
        let keymap = keymap();
        assert_eq!(keymap.keys_of("touch", Some("asked-engineering")).as_deref(), Some("a e"));
        assert_eq!(keymap.keys_of("save", None).as_deref(), Some("enter"));
        assert_eq!(keymap.keys_of("touch", None), None);
    }
}
