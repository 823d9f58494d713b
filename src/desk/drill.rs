//! Was what the drill asks for done? It looks at what a message changed, at what was sent to the disk and
//! came back: which keys led there is nobody's affair.

use super::effect::{Effect, Ticket};
use super::help;
use super::model::{Desk, Rules};
use super::msg::Msg;
use super::notice::Tone;
use super::pager;
use super::prompt::{Prompt, Tint};
use crate::domain::change::ChangeSet;
use crate::domain::drill::{Done, Drill, Exercise, Step};
use crate::domain::view::Rows;
use crate::index::RowId;
use crate::keys::action;

/// So many words of an action find it in the list of all.
const WORDS: usize = 3;

/// The drill of this session, and what it waits for.
#[derive(Clone, Debug)]
pub struct Drilling {
    pub drill: Drill,
    /// What is on its way to the disk, and done once it is there.
    sent: Option<(Ticket, Vec<Done>)>,
    /// The page that tells what it cost was shown.
    told: bool,
    /// An action was chosen by its name.
    named: bool,
}

impl Drilling {
    pub fn new(drill: Drill) -> Drilling {
        Drilling { drill, sent: None, told: false, named: false }
    }
}

/// A piece of the way as the hint shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece {
    /// Keys that follow each other: `v m`.
    Keys(String),
    Text(String),
}

/// The shortest way with the keys in force. What has no key is found among all actions.
pub fn way(rules: &Rules, exercise: &Exercise) -> Vec<Piece> {
    exercise.way.iter().flat_map(|step| step_of(rules, step)).collect()
}

fn step_of(rules: &Rules, step: &Step) -> Vec<Piece> {
    let run = match step {
        Step::Type(text) => return vec![Piece::Text(text.clone())],
        Step::Run(run) => run,
    };
    let (name, argument) = run.split_once(' ').map_or((run.as_str(), None), |(name, argument)| (name, Some(argument)));
    let keys = |name: &str, argument| rules.keymap.keys_of(name, argument).map(Piece::Keys);
    if let Some(keys) = keys(name, argument) {
        return vec![keys];
    }
    let label = argument.and_then(|argument| rules.playbook.disposition(argument)).map(|disposition| &*disposition.label);
    let words = label.or(action::find(name).map(|action| action.words)).unwrap_or(name);
    let first: Vec<&str> = words.split([' ', ',']).filter(|word| !word.is_empty()).take(WORDS).collect();
    let found = [keys("palette", None), Some(Piece::Text(first.join(" "))), keys("choose", None)];
    found.into_iter().flatten().collect()
}

/// As few keys as do it, text not counted.
pub fn best(rules: &Rules, exercise: &Exercise) -> u32 {
    let count = |piece: &Piece| match piece {
        Piece::Keys(keys) => keys.split(' ').count(),
        Piece::Text(_) => 0,
    };
    way(rules, exercise).iter().map(count).sum::<usize>().try_into().unwrap_or(u32::MAX)
}

/// How the desk stood before a message.
pub(super) struct Before {
    /// When a key came, and whether it is one that counts.
    key: Option<(i64, bool)>,
    waiting: usize,
    /// What was sent and is on disk by this message.
    saved: Vec<Done>,
    row: Option<RowId>,
    rows: Rows,
    /// The query that the box was opened on.
    query: Option<String>,
    finding: bool,
    found: bool,
    served: bool,
    marks: usize,
    bulk: bool,
    help: bool,
    prompt: bool,
    refused: bool,
}

pub(super) fn before(desk: &mut Desk, msg: &Msg) -> Option<Before> {
    let layer = desk.layer();
    let (refused, help) = (is_refused(desk), is_help(desk));
    let drilling = desk.drill.as_mut()?;
    let key = match msg {
        Msg::Key { key, at, .. } => Some((*at, !layer.is_text() || key.text().is_none())),
        _ => None,
    };
    if let Msg::Tick { at } = msg {
        drilling.drill.waited(*at);
    }
    let mut saved = Vec::new();
    if let Msg::Committed { ticket, result } = msg
        && let Some((_, done)) = drilling.sent.take_if(|(sent, _)| sent == ticket)
        && result.is_ok()
    {
        saved = done;
    }
    let query = match &desk.prompt {
        Some(Prompt::Query(query)) => Some(query.before.0.text.clone()),
        _ => None,
    };
    Some(Before {
        key,
        waiting: desk.waiting.len(),
        saved,
        row: desk.current(),
        rows: Rows::from(&desk.view),
        query,
        finding: matches!(desk.prompt, Some(Prompt::Find(_))),
        found: desk.found.is_some(),
        served: matches!(msg, Msg::Served(Some(_))),
        marks: desk.marks.rows.len(),
        bulk: matches!(desk.prompt, Some(Prompt::Bulk(_))),
        help,
        prompt: desk.prompt.is_some(),
        refused,
    })
}

/// Looks at what the message has done.
pub(super) fn after(desk: &mut Desk, rules: &Rules, before: Before, effects: &[Effect]) {
    // A key that waits comes again when its turn is there.
    if desk.waiting.len() > before.waiting {
        return;
    }
    let mut done = happened(desk, &before, effects);
    done.extend(desk.drill.as_mut().and_then(|drilling| std::mem::take(&mut drilling.named).then_some(Done::Palette)));
    let strayed = before.key.is_some() && done.is_empty() && (left(desk, &before, effects) || is_refused(desk) && !before.refused);
    let Some(Drilling { drill, sent, .. }) = desk.drill.as_mut() else { return };
    if let Some(exercise) = drill.exercise() {
        let best = best(rules, exercise);
        if let Some((at, counts)) = before.key {
            drill.pressed(at, counts, best);
        }
        if strayed {
            drill.strayed();
        }
        let _ = done.iter().any(|done| drill.did(done, best));
    }
    if let Some((ticket, change)) = effects.iter().find_map(|effect| on_its_way(effect, before.bulk)) {
        *sent = Some((ticket, change));
    }
    tell(desk);
}

/// The page that ends the lesson, once nothing is open over the queue.
fn tell(desk: &mut Desk) {
    let Some(drilling) = desk.drill.as_mut().filter(|drilling| drilling.drill.is_over() && !drilling.told) else { return };
    if desk.prompt.is_none() {
        drilling.told = true;
        let lines = drilling.drill.summary().into_iter().map(|line| (Tint::Plain, line)).collect();
        let _ = pager::open(desk, "the drill is done".to_owned(), lines);
    }
}

fn is_refused(desk: &Desk) -> bool {
    desk.notice.as_ref().is_some_and(|notice| notice.tone == Tone::Refused)
}

fn is_help(desk: &Desk) -> bool {
    matches!(&desk.prompt, Some(Prompt::Pager(page)) if page.title == help::TITLE)
}

/// Something was open, and was left with nothing done or under way.
fn left(desk: &Desk, before: &Before, effects: &[Effect]) -> bool {
    before.prompt && desk.prompt.is_none() && desk.saving.is_none() && is_quiet(effects)
}

/// Nothing was asked for but what the screen shows.
fn is_quiet(effects: &[Effect]) -> bool {
    effects.iter().all(|effect| matches!(effect, Effect::Fetch(_) | Effect::Count { .. }))
}

/// All that this message brought about, on disk or on the screen.
fn happened(desk: &Desk, before: &Before, effects: &[Effect]) -> Vec<Done> {
    let mut done = before.saved.clone();
    let (rows, marks) = (Rows::from(&desk.view), desk.marks.rows.len());
    let closed = desk.prompt.is_none();
    let found = desk.found.is_some() && !desk.order.is_empty();
    for (is, what) in [
        (before.finding && closed && found, Done::Found),
        (before.found && !before.finding && closed && desk.found.is_none(), Done::SearchLeft),
        (before.served, Done::Served),
        (effects.iter().any(|effect| matches!(effect, Effect::Skip(_))), Done::Skipped),
        (marks > before.marks.max(1), Done::Marked),
        (rows != before.rows, Done::View(rows.name().to_owned())),
        (before.query.as_ref().is_some_and(|query| closed && desk.views.text != *query && !desk.views.text.is_empty()), Done::Query),
        (before.help && closed, Done::Help),
    ] {
        done.extend(is.then_some(what));
    }
    // What else moves the cursor says so above, or sends something.
    let chosen = desk.drill.as_ref().is_some_and(|drilling| drilling.named);
    let moved = before.key.is_some() && closed && (chosen || !before.prompt) && desk.current() != before.row && marks == before.marks;
    done.extend((moved && done.is_empty() && is_quiet(effects)).then_some(Done::Row));
    done
}

/// What an effect will have done when the disk has it.
fn on_its_way(effect: &Effect, bulk: bool) -> Option<(Ticket, Vec<Done>)> {
    match effect {
        Effect::Commit { ticket, .. } if bulk => Some((*ticket, vec![Done::Bulk])),
        Effect::Commit { ticket, set } => Some((*ticket, of_change(set))),
        Effect::Undo { ticket, .. } => Some((*ticket, vec![Done::Undo])),
        _ => None,
    }
}

fn of_change(set: &ChangeSet) -> Vec<Done> {
    let fields = || set.changes.iter().map(|change| &change.fields);
    let has = |name: &str| fields().any(|fields| fields.contains_key(name));
    if let Some(name) = fields().find_map(|fields| fields.get("disposition")?.to.as_text()) {
        return vec![Done::Touch(name.to_owned())];
    }
    let note = [has("note").then_some(Done::Note), (has("note") && has("follow_up")).then_some(Done::NoteWithFollowUp)];
    note.into_iter().flatten().chain(has("status").then_some(Done::Status)).collect()
}

/// An action was chosen among all by its name.
pub(super) fn named(desk: &mut Desk) {
    if let Some(drilling) = &mut desk.drill {
        drilling.named = true;
    }
}
