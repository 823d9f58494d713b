//! Words in notes and messages: asked for, found, gone to.

use super::ask;
use super::effect::Effect;
use super::model::{Desk, Rules};
use super::msg::Said;
use super::notice::{Notice, Tone};
use super::prompt::{Act, Ask, Item, Pick};
use super::{picker, queue, records};
use crate::domain::day::short;
use crate::domain::id::{SubjectId, Uuid};

pub(super) fn open(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let answers = vec![ask::answer("words", "words", true, "")];
    ask::open(desk, rules, Act::FindText, "find in all notes and messages".to_owned(), None, answers)
}

pub(super) fn ask(ask: &Ask) -> Vec<Effect> {
    let words = ask.answers.first().map(|answer| answer.line.text().trim().to_owned()).unwrap_or_default();
    vec![Effect::FetchSaid(words)]
}

/// The hits, the newest first; choosing one goes to its record.
pub(super) fn found(desk: &mut Desk, words: &str, said: Vec<Said>, more: bool) -> Vec<Effect> {
    if desk.prompt.is_some() {
        return Vec::new();
    }
    if said.is_empty() {
        desk.notice = Some(Notice::new(Tone::Note, format!("no note and no message has \"{words}\"")));
        return Vec::new();
    }
    let today = desk.today();
    let item = |said: Said| Item {
        value: said.subject.to_string(),
        label: format!("{} {}{}", said.record, short(said.on, today), if said.message { " (message)" } else { "" }),
        detail: said.line,
        refused: None,
    };
    let items: Vec<Item> = said.into_iter().map(item).collect();
    desk.moved_alone = true;
    let title = match (items.len(), more) {
        (count, true) => format!("\"{words}\", the newest {count} places; add a word for fewer"),
        (1, false) => format!("\"{words}\" in one place"),
        (count, false) => format!("\"{words}\" in {count} places, the newest first"),
    };
    picker::open(desk, Pick::Said, title, None, items)
}

pub(super) fn chosen(desk: &mut Desk, rules: &Rules, value: &str) -> Vec<Effect> {
    let Some(subject) = Uuid::parse_str(value).ok().map(SubjectId) else { return Vec::new() };
    if desk.queue.find(subject).is_none() {
        desk.notice = Some(Notice::new(Tone::Note, "the record is not in the queue any more"));
        return Vec::new();
    }
    queue::go_to(desk, rules, subject);
    desk.moved_alone = true;
    records::fetch(desk, rules)
}
