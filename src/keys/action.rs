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
    /// The screen of an import: columns, preview, progress, report.
    Import,
    /// Conflicts and suggestions of imports.
    Offers,
    /// The message editor.
    Template,
    /// What one act does to each of the marked rows.
    Bulk,
    /// The query box.
    Query,
}

impl Layer {
    pub const ALL: [Layer; 11] = [
        Layer::Queue,
        Layer::Find,
        Layer::Query,
        Layer::Note,
        Layer::Plan,
        Layer::Picker,
        Layer::Pager,
        Layer::Import,
        Layer::Offers,
        Layer::Template,
        Layer::Bulk,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Layer::Queue => "queue",
            Layer::Find => "find",
            Layer::Note => "note",
            Layer::Plan => "plan",
            Layer::Picker => "picker",
            Layer::Pager => "pager",
            Layer::Import => "import",
            Layer::Offers => "offers",
            Layer::Template => "template",
            Layer::Bulk => "bulk",
            Layer::Query => "query",
        }
    }

    pub fn parse(name: &str) -> Option<Layer> {
        Layer::ALL.into_iter().find(|layer| layer.name() == name)
    }

    /// Printable keys are text here, so no binding may use one.
    pub fn is_text(self) -> bool {
        matches!(self, Layer::Find | Layer::Query | Layer::Note | Layer::Plan | Layer::Picker | Layer::Template)
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

use Layer::{Bulk, Find, Import, Note, Offers, Pager, Picker, Plan, Query, Queue, Template};

/// In the order of the help screen.
pub const ACTIONS: &[Action] = &[
    Action { name: "touch", layer: Queue, words: "do a quick action", changes: true, takes: Some("DISPOSITION") },
    changes("note", "write a note (>5b, !status, @waiting on, ^fri)"),
    changes("follow-up", "set when we look again"),
    changes("status", "change the status"),
    changes("ball", "change who we wait on"),
    changes("hold", "put on hold, or release"),
    changes("edit", "edit any field"),
    changes("owner", "give to another owner, or to the pool"),
    changes("add-todo", "add a to-do"),
    changes("finish-todo", "finish a to-do"),
    changes("extend-clock", "a clock runs on: who agreed, and what allows it"),
    changes("message", "prepare a message and copy it"),
    changes("message-all", "one message about all open applications of this contact"),
    changes("quick-actions", "choose a quick action from all"),
    changes("join", "join with a likely duplicate"),
    changes("repeat", "my last touch again, on this record"),
    changes("correct-note", "correct a note of this record"),
    changes("undo", "undo my last change"),
    changes("redo", "bring back what was undone"),
    looks(Queue, "new", "open a new application"),
    looks(Queue, "import", "read in a file, or see the import under way"),
    looks(Queue, "conflicts", "settle what imports and we disagree on"),
    looks(Queue, "edit-message", "write a message of the team's"),
    looks(Queue, "copy-number", "copy the application number"),
    looks(Queue, "copy-field", "copy any field"),
    looks(Queue, "next-field", "copy the next field that the utility's portal asks for"),
    looks(Queue, "previous-field", "copy the field before it"),
    looks(Queue, "copy-notes", "copy today's notes of the record as CRM lines"),
    looks(Queue, "copy-all-notes", "copy all my notes of today as CRM lines"),
    looks(Queue, "copy-line", "copy one line about how it stands"),
    looks(Queue, "copy-link", "copy a link of the record"),
    looks(Queue, "copy-cells", "copy the rows shown as spreadsheet cells"),
    looks(Queue, "copy-again", "copy the next part of the last message"),
    looks(Queue, "plain-view", "show what was copied last, plain, for the mouse"),
    looks(Queue, "next-row", "next row"),
    looks(Queue, "previous-row", "previous row"),
    looks(Queue, "page-down", "half a page down"),
    looks(Queue, "page-up", "half a page up"),
    looks(Queue, "first-row", "first row"),
    looks(Queue, "last-row", "last row"),
    looks(Queue, "back", "back to where I was"),
    looks(Queue, "to-notice", "go to the record that the notice names"),
    looks(Queue, "serve-next", "take the best row that nobody has open"),
    changes("skip", "skip the row for today, and say why"),
    looks(Queue, "skipped", "list what I skipped today, bring it back"),
    looks(Queue, "mark", "mark the row, or unmark it, and go down"),
    looks(Queue, "mark-range", "mark all from the last mark to here"),
    looks(Queue, "mark-all", "mark all rows of the list"),
    looks(Queue, "clear-marks", "clear all marks, or bring them back"),
    looks(Queue, "bulk", "do one thing to all marked rows"),
    looks(Queue, "find", "find in everything shown"),
    looks(Queue, "find-text", "find words in all notes, messages and fields that ever were"),
    looks(Queue, "clear", "leave the search, close the notice"),
    looks(Queue, "rerank", "rank again and take in what is new"),
    looks(Queue, "view-mine", "show my rows"),
    looks(Queue, "view-team", "show everybody's rows"),
    looks(Queue, "view-pool", "show rows that have no owner"),
    looks(Queue, "view-away", "show what is away or on hold"),
    looks(Queue, "batch", "put the view together by portal, by contact, or not"),
    looks(Queue, "query", "narrow the list by a query: utility:rmp due<=today -hold"),
    looks(Queue, "next-tab", "the next view"),
    looks(Queue, "previous-tab", "the view before"),
    looks(Queue, "choose-view", "choose among all views"),
    looks(Queue, "keep-view", "keep what is listed as a view, for me or the team"),
    looks(Queue, "remove-view", "remove a view that was kept"),
    looks(Queue, "sort-by", "sort the list by a field"),
    looks(Queue, "group-by", "group the list by a field"),
    looks(Queue, "detail", "show the record alone, or list and record"),
    looks(Queue, "record-down", "scroll the record down"),
    looks(Queue, "record-up", "scroll the record up"),
    looks(Queue, "why", "why it is ranked here, every term"),
    looks(Queue, "clocks", "tier and clocks, with the rule"),
    looks(Queue, "ask-rules", "ask for tier and clocks without a record"),
    looks(Queue, "same-site", "the other applications of this site"),
    looks(Queue, "history", "everything that happened to the record"),
    looks(Queue, "process-book", "the page of the record's utility"),
    looks(Queue, "ledger", "what my touches cost, in keys and seconds"),
    looks(Queue, "me", "my name and phone as messages are signed, my keymap"),
    looks(Queue, "keymap", "choose how the keys are laid out"),
    looks(Queue, "theme", "choose how the screen looks"),
    looks(Queue, "palette", "every action by name"),
    looks(Queue, "help", "this page"),
    looks(Queue, "redraw", "draw the screen again"),
    looks(Queue, "suspend", "to the shell; fg comes back"),
    looks(Queue, "quit", "quit"),
    looks(Find, "find-keep", "stay on the row that was found"),
    looks(Find, "find-in", "in rows, or in the history"),
    looks(Find, "find-next", "next hit"),
    looks(Find, "find-previous", "previous hit"),
    looks(Find, "find-cancel", "back to where I was"),
    looks(Query, "query-keep", "keep what is listed"),
    looks(Query, "query-complete", "complete the word, then the next that fits"),
    looks(Query, "query-complete-back", "complete it with the one before"),
    looks(Query, "query-next", "next row"),
    looks(Query, "query-previous", "previous row"),
    looks(Query, "query-cancel", "back to what was listed before"),
    looks(Note, "save", "save the note and go on"),
    looks(Note, "new-line", "a new line"),
    looks(Note, "editor", "write it in $EDITOR"),
    looks(Note, "undo-typing", "undo typing"),
    looks(Note, "redo-typing", "redo typing"),
    looks(Note, "close", "close; the text is kept as a draft"),
    looks(Note, "complete", "complete what begins with > ! @ ^ or &"),
    looks(Note, "next-offer", "next one of the list; without a list a line down"),
    looks(Note, "previous-offer", "the one before; without a list a line up"),
    looks(Note, "note-help", "signs and shorthand"),
    looks(Plan, "do", "do it"),
    looks(Plan, "next-answer", "next question"),
    looks(Plan, "previous-answer", "previous question"),
    looks(Plan, "plan-down", "read on in what will happen"),
    looks(Plan, "plan-up", "read back"),
    looks(Plan, "leave", "leave; nothing changes"),
    looks(Picker, "choose", "choose"),
    looks(Picker, "down", "down"),
    looks(Picker, "up", "up"),
    looks(Picker, "list-down", "a page down"),
    looks(Picker, "list-up", "a page up"),
    looks(Picker, "cancel", "leave; nothing changes"),
    looks(Pager, "scroll-down", "down"),
    looks(Pager, "scroll-up", "up"),
    looks(Pager, "scroll-page-down", "a page down"),
    looks(Pager, "scroll-page-up", "a page up"),
    looks(Pager, "scroll-first", "to the top"),
    looks(Pager, "scroll-last", "to the end"),
    looks(Pager, "scroll-find", "find on this page"),
    looks(Pager, "scroll-copy", "copy what is shown"),
    looks(Pager, "scroll-pager", "read it in $PAGER"),
    looks(Pager, "book-quirk", "on a utility's page: add a quirk"),
    looks(Pager, "book-outage", "on a utility's page: its portal is down until a day"),
    looks(Pager, "book-up", "on a utility's page: its portal is up again"),
    looks(Pager, "correct", "on a history: correct a note"),
    looks(Pager, "page-find-rows", "leave the page, find in everything shown"),
    looks(Pager, "page-find-text", "leave the page, find in the history"),
    looks(Pager, "shut", "back"),
    looks(Import, "import-on", "go on: show what would come in, bring it in, close"),
    looks(Import, "import-target", "choose where the column goes"),
    looks(Import, "import-key", "the column names the row, or no more"),
    looks(Import, "import-dates", "day, month and year in another order"),
    looks(Import, "import-unit", "another unit: kW, MW, W"),
    looks(Import, "import-keep", "keep how it is read as a profile"),
    looks(Import, "import-columns", "back to the columns"),
    looks(Import, "import-all-new", "the rows are all new, and that is meant so"),
    looks(Import, "import-more", "spread follow-ups over one day more (or type the number)"),
    looks(Import, "import-less", "spread follow-ups over one day less"),
    looks(Import, "import-behind", "back to the queue; the import goes on behind"),
    looks(Import, "import-undo", "take the import back as a whole"),
    looks(Import, "import-conflicts", "settle the conflicts"),
    looks(Import, "import-down", "down"),
    looks(Import, "import-up", "up"),
    looks(Import, "import-page-down", "a page down"),
    looks(Import, "import-page-up", "a page up"),
    looks(Import, "import-first", "to the top"),
    looks(Import, "import-last", "to the end"),
    looks(Import, "import-leave", "leave, nothing is written; while it runs: stop it"),
    looks(Offers, "take-theirs", "take theirs"),
    looks(Offers, "keep-ours", "keep ours"),
    looks(Offers, "take-theirs-all", "take theirs for all of this field and source"),
    looks(Offers, "keep-ours-all", "keep ours for all of this field and source"),
    looks(Offers, "offers-go", "go to the record, or do what was counted"),
    looks(Offers, "offers-undo", "undo my last change"),
    looks(Offers, "offers-down", "down"),
    looks(Offers, "offers-up", "up"),
    looks(Offers, "offers-page-down", "a page down"),
    looks(Offers, "offers-page-up", "a page up"),
    looks(Offers, "offers-first", "to the top"),
    looks(Offers, "offers-last", "to the end"),
    looks(Offers, "offers-find", "leave, find in everything shown"),
    looks(Offers, "offers-leave", "leave; what is open stays open"),
    looks(Template, "template-save", "keep it for the team"),
    looks(Template, "template-line", "a new line in the body"),
    looks(Template, "template-next", "next part"),
    looks(Template, "template-previous", "previous part"),
    looks(Template, "template-editor", "write the body in $EDITOR"),
    looks(Template, "template-leave", "leave; what you typed is kept for you"),
    looks(Bulk, "bulk-do", "do it to those that can be, as one change"),
    looks(Bulk, "bulk-down", "down"),
    looks(Bulk, "bulk-up", "up"),
    looks(Bulk, "bulk-page-down", "a page down"),
    looks(Bulk, "bulk-page-up", "a page up"),
    looks(Bulk, "bulk-first", "to the top"),
    looks(Bulk, "bulk-last", "to the end"),
    looks(Bulk, "bulk-leave", "back; nothing changes, the marks stay"),
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
