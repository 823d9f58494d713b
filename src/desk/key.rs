//! One key: which layer has it, which action it is, whether it may act on the record that was seen.

use super::effect::Effect;
use super::model::{Desk, Rules};
use super::msg::{Msg, Seen};
use super::notice::{Notice, Tone};
use super::prompt::Prompt;
use super::{
    ask, batch, book, bulk, choose, contact, copies, correct, find, help, imports, join, keep, ledger, marks, menus, note, offers, pager,
    picker, query, queue, records, repeat, saving, serve, template, views, words,
};
use crate::domain::application::Application;
use crate::domain::id::Uuid;
use crate::keys::action::Layer;
use crate::keys::chord::{Code, Key};
use crate::keys::keymap::{Found, Run};

/// A key press with what came with it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Press {
    pub key: Key,
    pub at: i64,
    pub seen: Option<Seen>,
    pub fresh: [Uuid; 2],
}

impl Desk {
    /// Who has the keys now: an open prompt first.
    pub fn layer(&self) -> Layer {
        match self.prompt {
            None => Layer::Queue,
            Some(Prompt::Note(_)) => Layer::Note,
            Some(Prompt::Ask(_)) => Layer::Plan,
            Some(Prompt::Picker(_)) => Layer::Picker,
            Some(Prompt::Find(_)) => Layer::Find,
            Some(Prompt::Pager(_)) => Layer::Pager,
            Some(Prompt::Import) => Layer::Import,
            Some(Prompt::Offers(_)) => Layer::Offers,
            Some(Prompt::Template(_)) => Layer::Template,
            Some(Prompt::Bulk(_)) => Layer::Bulk,
            Some(Prompt::Query(_)) => Layer::Query,
        }
    }
}

pub(super) fn key(desk: &mut Desk, rules: &Rules, msg: Msg) -> Vec<Effect> {
    // A key that waits makes every key after it wait: the letters of a note must not run ahead of
    // the `n` that opens it.
    let Msg::Key { key, at, seen, fresh } = msg else { return Vec::new() };
    if !desk.waiting.is_empty() || desk.holds_keys() {
        if !desk.waiting.is_empty() && (key.code == Code::Esc || (key.ctrl && key.code == Code::Char('c'))) {
            give_up_waiting(desk);
            desk.notice = Some(Notice::new(Tone::Note, "the keys that waited were dropped"));
        } else {
            desk.waiting.push(msg);
        }
        return Vec::new();
    }
    let press = Press { key, at, seen, fresh };
    desk.moved = true;
    let renewed = serve::renew(desk, at);
    let mut effects = match desk.layer() {
        Layer::Queue => queue_key(desk, rules, press),
        layer => prompt_key(desk, rules, layer, press),
    };
    effects.extend(renewed);
    effects
}

fn prompt_key(desk: &mut Desk, rules: &Rules, layer: Layer, press: Press) -> Vec<Effect> {
    // Where letters are commands, what is typed behind a refused key was meant for something else.
    if matches!(layer, Layer::Import | Layer::Offers | Layer::Pager | Layer::Bulk) && was_dropped(desk, rules, press.at) {
        return Vec::new();
    }
    ledger::pressed(desk, layer, press.key);
    desk.typed.push(press.key);
    let typed = std::mem::take(&mut desk.typed);
    let run = match rules.keymap.get(layer, &typed) {
        Found::Pending => {
            desk.typed = typed;
            return Vec::new();
        }
        Found::Hit(binding) => Some(binding.run.action.name),
        Found::Miss => None,
    };
    match layer {
        Layer::Note => note::key(desk, rules, run, press),
        Layer::Plan => ask::key(desk, rules, run, press),
        Layer::Picker => picker::key(desk, rules, run, press),
        Layer::Find => find::key(desk, rules, run, press),
        Layer::Import => imports::key(desk, rules, run, press),
        Layer::Offers => offers::key(desk, rules, run, press),
        Layer::Template => template::key(desk, rules, run, press),
        Layer::Bulk => bulk::key(desk, rules, run, press),
        Layer::Query => query::key(desk, rules, run, press),
        Layer::Pager | Layer::Queue => pager::key(desk, rules, run, press),
    }
}

/// The keys that may follow may be more than the screen shows at once.
fn turns_page(desk: &mut Desk, key: Key) -> bool {
    match key.code {
        Code::PageDown => desk.chord_page += 1,
        Code::PageUp => desk.chord_page = desk.chord_page.saturating_sub(1),
        _ => return false,
    }
    true
}

fn queue_key(desk: &mut Desk, rules: &Rules, press: Press) -> Vec<Effect> {
    if was_dropped(desk, rules, press.at) {
        return Vec::new();
    }
    if desk.typed.is_empty() {
        desk.chord_seen = press.seen;
        desk.chord_page = 0;
    } else if press.key.code == Code::Esc {
        desk.typed.clear();
        return Vec::new();
    }
    desk.typed.push(press.key);
    let typed = std::mem::take(&mut desk.typed);
    let (run, pending) = match rules.keymap.get(Layer::Queue, &typed) {
        Found::Pending => (None, rules.keymap.following(Layer::Queue, &typed).iter().any(|binding| binding.run.action.changes)),
        Found::Hit(binding) => (Some(binding.run.clone()), false),
        Found::Miss if typed.len() > 1 && turns_page(desk, press.key) => {
            desk.typed = typed;
            desk.typed.pop();
            return Vec::new();
        }
        Found::Miss => {
            let keys: Vec<String> = typed.iter().map(ToString::to_string).collect();
            desk.notice =
                Some(Notice::new(Tone::Note, format!("{} does nothing here; {} lists the keys", keys.join(" "), rules.key("help"))));
            return Vec::new();
        }
    };
    // Undo after undo goes by the session's own steps, not by the record under the cursor.
    let travels = desk.went_back && run.as_ref().is_some_and(|run| matches!(run.action.name, "undo" | "redo"));
    let begins_change = pending || typed.len() == 1 && run.as_ref().is_some_and(|run| run.action.changes);
    if begins_change && !travels && too_early(desk, rules, press.at) {
        return Vec::new();
    }
    match run {
        None => {
            desk.typed = typed;
            Vec::new()
        }
        Some(run) => {
            let seen = desk.chord_seen.take();
            act(desk, rules, &run, Press { seen, ..press })
        }
    }
}

/// Without a database nothing can be kept.
pub(super) fn no_database(rules: &Rules) -> Notice {
    Notice::new(Tone::Refused, format!("there is no database to write to; {} quits, then: intertie init", rules.key("quit")))
}

/// Nobody can have read the record to which the cursor has just gone by itself.
fn too_early(desk: &mut Desk, rules: &Rules, at: i64) -> bool {
    let early = desk.serve.is_awaited(at) || desk.advanced_at.is_some_and(|advanced| at - advanced < rules.guard_ms);
    if early {
        desk.dropped_at = Some(at);
        desk.typed.clear();
        desk.saving.iter_mut().for_each(|saving| saving.refused_behind = true);
        desk.notice = Some(Notice::new(Tone::Refused, "that key came before the new record could be read; nothing was done"));
    }
    early
}

/// The screen said something else by itself, and it was not drawn yet, or just now: a key that does
/// something cannot have meant it.
pub(super) fn unread(desk: &mut Desk, rules: &Rules, at: i64) -> bool {
    let unread = desk.moved_alone || desk.advanced_at.is_some_and(|advanced| at - advanced < rules.guard_ms);
    if unread {
        desk.dropped_at = Some(at);
        desk.notice = Some(Notice::new(Tone::Refused, "that key came before the screen could be read; nothing was done"));
    }
    unread
}

/// After a refused key everything is dropped until there is a pause.
fn was_dropped(desk: &mut Desk, rules: &Rules, at: i64) -> bool {
    let dropped = desk.dropped_at.is_some_and(|dropped| at - dropped < rules.guard_ms);
    desk.dropped_at = dropped.then_some(at);
    dropped
}

/// Runs an action of the queue, for `press.seen`: the record that was painted when the key came.
pub(super) fn act(desk: &mut Desk, rules: &Rules, run: &Run, press: Press) -> Vec<Effect> {
    let name = run.action.name;
    // Only the first rows of a large view are there for a tenth of a second: what takes all of it waits for the rest.
    if desk.rest && matches!(name, "last-row" | "copy-cells" | "mark-all" | "find" | "find-text" | "query") {
        wait(desk, rules, run, press);
        return Vec::new();
    }
    if !run.action.changes {
        return look(desk, rules, name, press);
    }
    if matches!(name, "undo" | "redo") {
        return saving::undo(desk, name == "redo", press);
    }
    let Some(seen) = press.seen else {
        desk.dropped_at = Some(press.at);
        desk.notice = Some(Notice::new(Tone::Refused, "there is no row under the cursor"));
        return Vec::new();
    };
    if desk.painted(rules) != Some(seen) {
        // What is typed behind a refused key was meant for what the key would have opened.
        desk.dropped_at = Some(press.at);
        desk.notice = Some(Notice::new(Tone::Refused, "the row changed before the key came; look again").about(seen.subject));
        return records::fetch(desk, rules);
    }
    if desk.saving.is_some() {
        wait(desk, rules, run, press);
        return Vec::new();
    }
    let Some(record) = desk.current_record(rules).cloned() else {
        wait(desk, rules, run, press);
        return records::fetch(desk, rules);
    };
    let mut effects = serve::begin(desk, run.action.name, record.id, press.at);
    effects.extend(change(desk, rules, run, record.clone(), press));
    if desk.prompt.is_none() {
        desk.dropped_at = Some(press.at);
    }
    serve::warn(desk, &record);
    effects
}

/// Drops the keys that waited, and those that are still being typed behind them.
pub(super) fn give_up_waiting(desk: &mut Desk) {
    let last = desk.waiting.iter().rev().find_map(|msg| match msg {
        Msg::Key { at, .. } => Some(*at),
        _ => None,
    });
    if last.is_some() {
        desk.dropped_at = last;
    }
    desk.waiting.clear();
}

/// Puts the whole chord back in line, to be run when the answer is there.
fn wait(desk: &mut Desk, rules: &Rules, run: &Run, press: Press) {
    let binding = rules.keymap.bindings().iter().find(|binding| binding.run == *run && binding.layer == Layer::Queue);
    let Some(binding) = binding else {
        desk.dropped_at = Some(press.at);
        desk.notice = Some(Notice::new(Tone::Refused, "the last change is still being saved; choose it again"));
        return;
    };
    for key in binding.keys.clone() {
        desk.waiting.push(Msg::Key { key, at: press.at, seen: press.seen, fresh: press.fresh });
    }
}

fn change(desk: &mut Desk, rules: &Rules, run: &Run, record: Application, press: Press) -> Vec<Effect> {
    desk.notice = None;
    let chord = rules.keymap.bindings().iter().find(|binding| binding.run == *run).map_or(1, |binding| binding.keys.len());
    ledger::begin(desk, run, chord);
    match run.action.name {
        "touch" => {
            let effects = ask::disposition(desk, rules, run.argument.as_deref().unwrap_or_default(), record);
            // What is typed on was meant for the questions of what was refused, not as keys of the queue.
            if desk.prompt.is_none() {
                desk.dropped_at = Some(press.at);
            }
            effects
        }
        "note" => note::open(desk, rules, record),
        "repeat" => repeat::open(desk, rules, record),
        "correct-note" => correct::open(desk, record),
        "follow-up" => ask::follow_up(desk, rules, record),
        "status" => menus::status(desk, rules, record),
        "ball" => menus::ball(desk, rules, record),
        "hold" => menus::hold(desk, rules, record),
        "message" => menus::message(desk, rules, record),
        "quick-actions" => menus::quick_actions(desk, rules, record),
        "extend-clock" => super::rules::extend(desk, rules, record),
        "finish-todo" => menus::todos(desk, rules, record),
        "edit" => ask::edit(desk, rules, record),
        "owner" => ask::owner(desk, rules, record),
        "add-todo" => ask::todo(desk, rules, record),
        "join" => join::open(desk, record),
        "skip" => serve::skip(desk, rules, record),
        "message-all" => contact::look(desk, rules, &record),
        _ => look(desk, rules, run.action.name, press),
    }
}

fn look(desk: &mut Desk, rules: &Rules, name: &str, press: Press) -> Vec<Effect> {
    match name {
        "new" | "me" | "import" if rules.database.is_empty() => {
            desk.notice = Some(no_database(rules));
            Vec::new()
        }
        "new" => ask::new(desk, rules),
        "import" => imports::open(desk, rules),
        "conflicts" => offers::open(desk),
        "me" => ask::me(desk, rules),
        "palette" => menus::palette(desk, rules),
        "find-text" => find::open_text(desk),
        "serve-next" => serve::next(desk, rules, press.at),
        "mark" | "mark-range" | "mark-all" | "clear-marks" => marks::act(desk, rules, name),
        "bulk" => bulk::open(desk, rules),
        "skipped" => serve::list(desk, rules),
        "batch" => batch::next(desk, rules),
        "edit-message" => template::choose(desk, rules),
        "plain-view" => copies::show(desk),
        "ledger" => vec![Effect::FetchCosts],
        "copy-field" => menus::copy_field(desk, rules),
        "find" => find::open(desk),
        "query" => query::open(desk, rules),
        "view-mine" | "view-team" | "view-pool" | "view-away" | "next-tab" | "previous-tab" => views::act(desk, rules, name),
        "keep-view" => keep::open(desk, rules),
        "remove-view" => keep::choose_removed(desk),
        "choose-view" => keep::choose_view(desk),
        "sort-by" => keep::choose_sort(desk),
        "group-by" => keep::choose_group(desk),
        "help" => help::open(desk, rules),
        "keymap" => choose::keymaps(desk, rules),
        "theme" => vec![Effect::FetchThemes],
        "why" => pager::why(desk, rules),
        "same-site" => records::choose_same_site(desk, rules),
        "clocks" => super::rules::page(desk, rules),
        "ask-rules" => super::rules::ask(desk, rules),
        "history" => pager::ask_history(desk, rules),
        "process-book" => book::open(desk, rules, press),
        "redraw" => vec![Effect::Redraw],
        "suspend" => vec![Effect::Suspend],
        "quit" if !imports::may_quit(desk) => Vec::new(),
        "quit" => vec![Effect::Quit],
        "next-field" | "previous-field" | "copy-notes" | "copy-all-notes" | "copy-line" | "copy-link" | "copy-cells" => {
            words::act(desk, rules, name, press)
        }
        name => queue::act(desk, rules, name, press),
    }
}
