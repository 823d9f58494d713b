//! Every action: one row each. Palette, help, footer, README and `keys check` read this table.

/// The parts of the screen that can have the keys.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Layer {
    Queue,
    Find,
    Note,
    Plan,
    Picker,
    Pager,
}

impl Layer {
    pub const ALL: [Layer; 6] = [Layer::Queue, Layer::Find, Layer::Note, Layer::Plan, Layer::Picker, Layer::Pager];

    pub fn name(self) -> &'static str {
        match self {
            Layer::Queue => "queue",
            Layer::Find => "find",
            Layer::Note => "note",
            Layer::Plan => "plan",
            Layer::Picker => "picker",
            Layer::Pager => "pager",
        }
    }

    pub fn parse(name: &str) -> Option<Layer> {
        Layer::ALL.into_iter().find(|layer| layer.name() == name)
    }

    /// Printable keys are text here, so no binding may use one.
    pub fn is_text(self) -> bool {
        matches!(self, Layer::Find | Layer::Note | Layer::Plan | Layer::Picker)
    }
}

/// One action.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Action {
    /// Kebab-case, the same in keymaps, palette and docs.
    pub name: &'static str,
    pub layer: Layer,
    /// What it does, as help and footer say it.
    pub words: &'static str,
    /// Begins or makes a change to the record under the cursor, and so needs a record that was seen.
    pub changes: bool,
    /// What follows the name in a keymap: `touch DISPOSITION`.
    pub takes: Option<&'static str>,
}

const fn looks(layer: Layer, name: &'static str, words: &'static str) -> Action {
    Action { name, layer, words, changes: false, takes: None }
}

const fn changes(name: &'static str, words: &'static str) -> Action {
    Action { name, layer: Layer::Queue, words, changes: true, takes: None }
}

use Layer::{Find, Note, Pager, Picker, Plan, Queue};

/// In the order of the help screen.
pub const ACTIONS: &[Action] = &[
    Action { name: "touch", layer: Queue, words: "do a quick action", changes: true, takes: Some("DISPOSITION") },
    changes("note", "write a note (>5b follow-up, !status, @waiting on)"),
    changes("follow-up", "set when we look again"),
    changes("status", "change the status"),
    changes("ball", "change who we wait on"),
    changes("hold", "put on hold, or release"),
    changes("edit", "edit any field"),
    changes("owner", "give to another owner, or to the pool"),
    changes("add-todo", "add a to-do"),
    changes("finish-todo", "finish a to-do"),
    changes("message", "prepare a message and copy it"),
    changes("quick-actions", "choose a quick action from all"),
    changes("undo", "undo my last change"),
    changes("redo", "bring back what was undone"),
    looks(Queue, "new", "open a new application"),
    looks(Queue, "copy-number", "copy the application number"),
    looks(Queue, "copy-field", "copy any field"),
    looks(Queue, "copy-again", "copy the last message again"),
    looks(Queue, "next-row", "next row"),
    looks(Queue, "previous-row", "previous row"),
    looks(Queue, "page-down", "half a page down"),
    looks(Queue, "page-up", "half a page up"),
    looks(Queue, "first-row", "first row"),
    looks(Queue, "last-row", "last row"),
    looks(Queue, "back", "back to where I was"),
    looks(Queue, "to-notice", "go to the record that the notice names"),
    looks(Queue, "find", "find in everything shown"),
    looks(Queue, "clear", "leave the search, close the notice"),
    looks(Queue, "rerank", "rank again and take in what is new"),
    looks(Queue, "view-mine", "show my rows"),
    looks(Queue, "view-team", "show everybody's rows"),
    looks(Queue, "view-pool", "show rows that have no owner"),
    looks(Queue, "view-away", "show what is away or on hold"),
    looks(Queue, "detail", "show the record alone, or list and record"),
    looks(Queue, "record-down", "scroll the record down"),
    looks(Queue, "record-up", "scroll the record up"),
    looks(Queue, "why", "why it is ranked here, every term"),
    looks(Queue, "history", "everything that happened to the record"),
    looks(Queue, "me", "my name and phone as messages are signed"),
    looks(Queue, "palette", "every action by name"),
    looks(Queue, "help", "this page"),
    looks(Queue, "redraw", "draw the screen again"),
    looks(Queue, "suspend", "to the shell; fg comes back"),
    looks(Queue, "quit", "quit"),
    looks(Find, "find-keep", "stay on the row that was found"),
    looks(Find, "find-next", "next hit"),
    looks(Find, "find-previous", "previous hit"),
    looks(Find, "find-cancel", "back to where I was"),
    looks(Note, "save", "save the note and go on"),
    looks(Note, "new-line", "a new line"),
    looks(Note, "editor", "write it in $EDITOR"),
    looks(Note, "undo-typing", "undo typing"),
    looks(Note, "redo-typing", "redo typing"),
    looks(Note, "close", "close; the text is kept as a draft"),
    looks(Plan, "do", "do it"),
    looks(Plan, "next-answer", "next question"),
    looks(Plan, "previous-answer", "previous question"),
    looks(Plan, "leave", "leave; nothing changes"),
    looks(Picker, "choose", "choose"),
    looks(Picker, "down", "down"),
    looks(Picker, "up", "up"),
    looks(Picker, "cancel", "leave; nothing changes"),
    looks(Pager, "scroll-down", "down"),
    looks(Pager, "scroll-up", "up"),
    looks(Pager, "scroll-page-down", "a page down"),
    looks(Pager, "scroll-page-up", "a page up"),
    looks(Pager, "scroll-first", "to the top"),
    looks(Pager, "scroll-last", "to the end"),
    looks(Pager, "scroll-copy", "copy what is shown"),
    looks(Pager, "shut", "back"),
];

/// The action of that name.
pub fn find(name: &str) -> Option<&'static Action> {
    ACTIONS.iter().find(|action| action.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_said_once_and_are_kebab_case() {
        for (idx, action) in ACTIONS.iter().enumerate() {
            assert!(action.name.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", action.name);
            assert!(ACTIONS[..idx].iter().all(|other| other.name != action.name), "{}", action.name);
        }
    }
}
