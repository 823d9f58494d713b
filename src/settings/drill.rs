//! Can everything be done that `playbooks/drill.toml` asks for?

use super::nearest::one_of;
use super::reader::{Problems, Reader, Word};
use super::tree::{Table, quote};
use crate::domain::drill::{Done, Exercise, NAMED, Step};
use crate::domain::playbook::Disposition;
use crate::domain::view::Rows;
use crate::keys::action::{self, ACTIONS, Layer};

/// One line on the usual screen, two on the narrowest.
const LONG: usize = 64;
/// Nobody does the same thing more often without a break.
const MOST: i64 = 9;

/// The lesson, in the order of the file.
pub fn read(table: &Table, file: &str, dispositions: &[Disposition], problems: &Problems) -> Vec<Exercise> {
    let mut reader = Reader::root(table, file, problems);
    let lesson: Vec<Exercise> = reader.tables("exercise").into_iter().filter_map(|exercise| read_one(exercise, dispositions)).collect();
    if !reader.has("exercise") {
        reader.problem(&reader.at("exercise"), "nothing", "exercises, each under [[exercise]]");
    }
    reader.finish();
    lesson
}

fn read_one(mut reader: Reader<'_>, dispositions: &[Disposition]) -> Option<Exercise> {
    let name = reader.name().text;
    let task = reader.need("task", "what is to be done, in the words of whoever works");
    if task.text.chars().count() > LONG {
        let wanted = format!("at most {LONG} letters, so that the keys have a line beside them");
        reader.problem(&task.at, format!("{} letters", task.text.chars().count()), wanted);
    }
    let words = reader.words("way");
    if words.is_empty() {
        reader.problem(&reader.at("way"), "nothing", "the actions that do it, as in a keymap, and what is typed behind type");
    }
    let way: Vec<Step> = words.iter().enumerate().filter_map(|(idx, word)| step(&reader, word, idx == 0, dispositions)).collect();
    let done = reader.need("done", "what has to happen: row, touch NAME, note");
    let done = done_of(&reader, &done, dispositions);
    let times = reader.number("times", 1, MOST);
    if !reader.has("times") {
        reader.problem(&reader.at("times"), "nothing", format!("how often it comes: a whole number from 1 to {MOST}"));
    }
    reader.finish();
    Some(Exercise { name, task: task.text, way, done: done?, times: u32::try_from(times?).ok()? })
}

fn step(reader: &Reader<'_>, word: &Word, first: bool, dispositions: &[Disposition]) -> Option<Step> {
    if let Some(text) = word.text.strip_prefix("type ").map(str::trim).filter(|text| !text.is_empty() && !first) {
        return Some(Step::Type(text.to_owned()));
    }
    let (name, argument) = word.text.split_once(' ').unwrap_or((&word.text, ""));
    // Whatever is begun begins in the queue.
    let is_here = |action: &&action::Action| action.layer == Layer::Queue || !first;
    let known = ACTIONS.iter().filter(is_here).map(|action| action.name);
    let said = Word { text: name.to_owned(), at: word.at.clone() };
    reader.check(said, known)?;
    let takes = action::find(name)?.takes.is_some();
    match (takes, argument.trim()) {
        (true, argument) => {
            let said = Word { text: argument.to_owned(), at: word.at.clone() };
            reader.check(said, dispositions.iter().map(|one| one.name.as_str()))?;
        }
        (false, "") => {}
        (false, _) => {
            reader.problem(&word.at, quote(&word.text), format!("{name} alone, because nothing follows it"));
            return None;
        }
    }
    Some(Step::Run(word.text.clone()))
}

fn done_of(reader: &Reader<'_>, word: &Word, dispositions: &[Disposition]) -> Option<Done> {
    let said = |text: &str| Word { text: text.to_owned(), at: word.at.clone() };
    let done = Done::read(&word.text);
    match &done {
        _ if word.text.is_empty() => {}
        Some(Done::Touch(name)) => _ = reader.check(said(name), dispositions.iter().map(|one| one.name.as_str())),
        Some(Done::View(name)) => _ = reader.check(said(name), Rows::ALL.into_iter().map(Rows::name)),
        Some(_) => {}
        None => {
            let words: Vec<&str> = Done::words().chain(NAMED).collect();
            reader.problem(&word.at, quote(&word.text), one_of(&word.text, &words));
        }
    }
    done
}
