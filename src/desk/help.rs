//! Which key does what? One page, made from the tables that the keys run by.

use super::effect::Effect;
use super::model::{Desk, Rules};
use super::narrow::NO_KEY;
use super::pager;
use super::prompt::{Pick, Prompt, Tint};
use super::{menus, picker, shorthand};
use crate::keys::action::{ACTIONS, Action, Layer};
use crate::keys::chord::show_keys;
use crate::keys::group::groups;
use crate::keys::keymap::Binding;

/// By which the page is known.
pub(super) const TITLE: &str = "help";
/// The column of the words.
const WORDS: usize = 16;

/// The queue's actions by task, what the list's signs mean, the other layers, the quick actions.
pub(super) fn open(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let mut lines = Vec::new();
    let find = rules.key("scroll-find");
    let chooses = rules.key("keymap");
    let all = rules.key("palette");
    lines.push((Tint::Dim, format!("{find} finds on this page. {all} has every action by name, with or without a key.")));
    lines.push((Tint::Dim, format!("The keys are {}; {chooses} chooses others.", rules.keymap.name())));
    let (quick, tasks): (Vec<_>, Vec<_>) =
        groups().into_iter().partition(|(_, actions)| actions.iter().any(|action| action.takes.is_some()));
    for (heading, actions) in tasks {
        title(&mut lines, heading);
        lines.extend(actions.into_iter().map(|action| line(rules, action)));
    }
    lines.push((Tint::Plain, String::new()));
    lines.extend(shorthand::lines(rules));
    title(&mut lines, "signs in the list");
    for words in [
        "> the row under the cursor",
        "s being saved   * worked in this order   + marked   @ open in another session",
        "d a draft waits   ! escalated, complaint or legal hold",
    ] {
        lines.push((Tint::Plain, format!("  {words}")));
    }
    for layer in Layer::ALL.into_iter().filter(|layer| *layer != Layer::Queue) {
        title(&mut lines, layer_words(layer));
        lines.extend(ACTIONS.iter().filter(|action| action.layer == layer).map(|action| line(rules, action)));
    }
    for (heading, _) in quick {
        title(&mut lines, heading);
        lines.extend(quick_actions(rules));
    }
    pager::open(desk, TITLE.to_owned(), lines)
}

fn title(lines: &mut Vec<(Tint, String)>, words: &str) {
    if !lines.is_empty() {
        lines.push((Tint::Plain, String::new()));
    }
    lines.push((Tint::Title, words.to_owned()));
}

fn layer_words(layer: Layer) -> &'static str {
    match layer {
        Layer::Queue => "in the queue",
        Layer::Find => "while finding",
        Layer::Note => "in a note",
        Layer::Plan => "in questions and plans",
        Layer::Picker => "in a list to choose from",
        Layer::Pager => "on a page like this",
        Layer::Import => "while a file is read in",
        Layer::Offers => "among the conflicts of imports",
        Layer::Template => "while a message is written",
        Layer::Query => "while a query is typed",
        Layer::Bulk => "before something is done to all marked rows",
    }
}

/// All keys of an action, the first one first.
fn line(rules: &Rules, action: &Action) -> (Tint, String) {
    let mine: Vec<&Binding> = rules.keymap.bindings().iter().filter(|binding| binding.run.action.name == action.name).collect();
    let said = mine.iter().map(|binding| binding.say.as_str()).find(|say| *say != action.words).unwrap_or(action.words);
    let keys: Vec<String> = mine.iter().map(|binding| show_keys(&binding.keys)).collect();
    set(&keys, said)
}

/// Keys beyond the column push the words on; they are not cut.
fn set(keys: &[String], words: &str) -> (Tint, String) {
    let shown = if keys.is_empty() { NO_KEY.to_owned() } else { keys.join("  ") };
    (Tint::Plain, format!("  {shown:<WORDS$} {words}"))
}

fn quick_actions(rules: &Rules) -> Vec<(Tint, String)> {
    let all = rules.playbook.dispositions.iter();
    all.map(|disposition| {
        let mine = rules.keymap.bindings().iter().filter(|binding| binding.run.argument.as_deref() == Some(&*disposition.name));
        let keys: Vec<String> = mine.map(|binding| show_keys(&binding.keys)).collect();
        set(&keys, &disposition.label)
    })
    .collect()
}

/// A list of the page's lines that narrows while one types; choosing one goes there.
pub(super) fn find(desk: &mut Desk) -> Vec<Effect> {
    let Some(Prompt::Pager(page)) = &desk.prompt else { return Vec::new() };
    let page = page.clone();
    let lines = page.lines.iter().enumerate().filter(|(_, (_, line))| !line.trim().is_empty());
    let items = lines.map(|(idx, (_, line))| menus::item(&idx.to_string(), line.trim_end(), "", None)).collect();
    let title = format!("find in {}", page.title);
    picker::open(desk, Pick::OnPage(Box::new(page)), title, None, items)
}
