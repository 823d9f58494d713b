//! Which action a key has in a layer: a trie of chords.

use super::action::{Action, Layer};
use super::chord::Key;

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
    bindings: Vec<Binding>,
}

impl Keymap {
    /// Bindings whose clashes (the same keys twice, or one the start of another) were refused.
    pub fn new(bindings: Vec<Binding>) -> Keymap {
        Keymap { bindings }
    }

    pub fn get(&self, layer: Layer, typed: &[Key]) -> Found<'_> {
        let _ = (layer, typed);
        todo!()
    }

    /// What may follow the keys typed so far, for the which-key line.
    pub fn following(&self, layer: Layer, typed: &[Key]) -> Vec<&Binding> {
        let _ = (layer, typed);
        todo!()
    }

    /// The first binding of an action, for palette, footer and help: which key does X.
    pub fn keys_of(&self, action: &str, argument: Option<&str>) -> Option<String> {
        let _ = (action, argument);
        todo!()
    }

    pub fn bindings(&self) -> &[Binding] {
        &self.bindings
    }
}
