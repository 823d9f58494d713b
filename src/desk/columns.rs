//! The columns of rows that no profile knows: a person says where each one goes.

use super::effect::Effect;
use super::import::{Import, Phase};
use super::imports;
use super::model::{Desk, Rules};
use super::notice::{Notice, Tone};
use super::prompt::{Act, Ask, Item, Pick, Prompt};
use super::{ask, picker, viewport};
use crate::domain::columns;
use crate::domain::import::{Guess, Guessed};

/// The columns and the one under the cursor.
fn here(import: &mut Import) -> Option<(&mut Guess, usize)> {
    let cursor = import.cursor;
    import.guess.as_mut().filter(|guess| cursor < guess.columns.len()).map(|guess| (guess, cursor))
}

pub(super) fn step(desk: &mut Desk, action: Option<&str>) {
    let page = viewport::page_rows(desk) / 2;
    if let Some(import) = &mut desk.import {
        let last = import.guess.as_ref().map_or(0, |guess| guess.columns.len().saturating_sub(1));
        import.cursor = imports::moved(action, import.cursor, page, last);
    }
}

pub(super) fn key(desk: &mut Desk, rules: &Rules, action: &str) -> Vec<Effect> {
    match action {
        "import-target" => return choose(desk, rules),
        "import-keep" => return ask_name(desk, rules),
        "import-columns" => back(desk),
        "import-key" => toggle_key(desk),
        "import-dates" => turn(desk, columns::next_order, &format!("has no dates; {} says where it goes", rules.key("import-target"))),
        "import-unit" => turn(desk, columns::next_unit, &format!("has no unit; {} says where it goes", rules.key("import-target"))),
        _ => {}
    }
    Vec::new()
}

fn back(desk: &mut Desk) {
    if let Some(import) = &mut desk.import {
        import.phase = Phase::Columns;
        // The columns change, and with them what was meant to be all new.
        import.all_new = false;
    }
}

fn toggle_key(desk: &mut Desk) {
    if let Some((guess, cursor)) = desk.import.as_mut().and_then(here) {
        let name = guess.columns[cursor].name.clone();
        columns::toggle_key(&mut guess.profile, &name);
    }
}

fn turn(desk: &mut Desk, turn: fn(&mut Guessed) -> bool, otherwise: &str) {
    let Some((guess, cursor)) = desk.import.as_mut().and_then(here) else { return };
    let column = &mut guess.columns[cursor];
    if !turn(column) {
        desk.notice = Some(Notice::new(Tone::Refused, format!("{} {otherwise}", column.name)));
    }
}

/// The list of all that a column can be for.
fn choose(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let Some((guess, cursor)) = desk.import.as_mut().and_then(here) else { return Vec::new() };
    let workflow = &rules.playbook.workflow;
    let title = format!("where does {} go", guess.columns[cursor].name);
    let from = |words: &str| {
        let is_there = |column: &&Guessed| columns::words(column, workflow) == words && words != "left out";
        guess.columns.iter().find(is_there).map(|column| format!("from {}", column.name)).unwrap_or_default()
    };
    let items =
        columns::choices(workflow).into_iter().map(|(value, label)| Item { detail: from(&label), value, label, refused: None }).collect();
    picker::open(desk, Pick::Target, title, None, items)
}

/// A target was chosen from the list.
pub(super) fn chosen(desk: &mut Desk, value: &str) -> Vec<Effect> {
    desk.prompt = Some(Prompt::Import);
    if let Some((guess, cursor)) = desk.import.as_mut().and_then(here) {
        columns::aim(&mut guess.columns[cursor], value);
    }
    Vec::new()
}

/// Makes the profile of the columns, if rows can be read in by it.
fn settle(desk: &mut Desk, rules: &Rules) -> bool {
    let workflow = &rules.playbook.workflow;
    let Some(import) = &mut desk.import else { return false };
    let Some(guess) = &import.guess else { return true };
    if let Err(refusal) = columns::check(guess, workflow) {
        desk.notice = Some(Notice::from(&refusal.into()));
        return false;
    }
    import.profile = columns::profile(guess, &import.first, workflow);
    desk.notice = None;
    true
}

pub(super) fn preview(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    if settle(desk, rules) { imports::attempt(desk) } else { Vec::new() }
}

fn ask_name(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    if !settle(desk, rules) {
        return Vec::new();
    }
    let name = desk.import.as_ref().map(|import| import.profile.name.clone()).unwrap_or_default();
    let answers = vec![ask::answer("name", "the profile's name", true, &name)];
    ask::open(desk, rules, Act::KeepProfile, "keep how this is read".to_owned(), None, answers)
}

/// Enter on the question for a name.
pub(super) fn keep(desk: &mut Desk, ask: Box<Ask>) -> Vec<Effect> {
    let typed = ask.answers.first().map(|answer| answer.line.text().trim().to_owned()).unwrap_or_default();
    let name = kebab(&typed);
    if name.is_empty() {
        desk.notice = Some(Notice::new(Tone::Refused, "a profile's name needs a letter or a digit"));
        desk.prompt = Some(Prompt::Ask(ask));
        return Vec::new();
    }
    desk.prompt = Some(Prompt::Import);
    let Some(import) = &mut desk.import else { return Vec::new() };
    // Rows that came in already are known under the source's first name.
    if !import.is_done() {
        import.profile.source.clone_from(&name);
    }
    import.profile.name = name;
    import.profile.label = typed;
    if let Some(guess) = &mut import.guess {
        guess.profile.name.clone_from(&import.profile.name);
        guess.profile.source.clone_from(&import.profile.source);
        guess.profile.label.clone_from(&import.profile.label);
    }
    vec![Effect::KeepProfile(Box::new(import.profile.clone()))]
}

/// `PGE portal` → `pge-portal`: a profile's name is a file's name too.
fn kebab(text: &str) -> String {
    let small: String =
        crate::domain::text::fold(text).chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    small.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}
