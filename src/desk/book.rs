//! The page of a utility over the queue, and what is added to it: a quirk, an outage of its portal.

use super::ask::{self, answer};
use super::effect::Effect;
use super::key::{Press, no_database, unread};
use super::model::{Desk, Rules, Saving, Way};
use super::notice::{Notice, Tone};
use super::prompt::{Act, Ask, Book, Pager, Prompt, Tint};
use super::{pager, rank, saving};
use crate::domain::book;
use crate::domain::day::Day;
use crate::domain::id::CommandId;
use crate::domain::plan::Planned;
use crate::domain::playbook::Utility;
use crate::domain::trouble::Refusal;
use crate::domain::turnaround::Milestones;
use crate::domain::utility_state::{Addition, UtilityState};
use crate::domain::when;

/// The column of the texts on a page.
const TEXT: usize = 27;

/// The page of the utility of the row under the cursor.
pub(super) fn open(desk: &mut Desk, rules: &Rules, press: Press) -> Vec<Effect> {
    let row = desk.current().and_then(|id| desk.queue.row(id, &rules.playbook));
    let row = row.filter(|row| press.seen.is_none_or(|seen| seen.subject == row.subject));
    match row.map(|row| row.utility.to_owned()) {
        Some(utility) if utility.is_empty() => refuse(desk, &format!("the record has no utility yet; {} edits it", rules.key("edit"))),
        Some(utility) => read(desk, rules, &utility),
        None => refuse(desk, "there is no row under the cursor, or it changed before the key came"),
    }
}

fn refuse(desk: &mut Desk, words: &str) -> Vec<Effect> {
    desk.notice = Some(Notice::new(Tone::Refused, words));
    Vec::new()
}

fn refuse_typing(desk: &mut Desk, press: Press, words: &str) -> Vec<Effect> {
    desk.dropped_at = Some(press.at);
    refuse(desk, words)
}

/// Shows the page at once; what our applications tell comes after it.
fn read(desk: &mut Desk, rules: &Rules, name: &str) -> Vec<Effect> {
    let utility = rules.playbook.utility(name);
    let names = utility.map_or_else(|| vec![name.trim().to_lowercase()], Utility::names);
    let name = utility.map_or(name, |utility| &utility.name).to_owned();
    let version = rules.playbook.utility_state(&name).map_or(0, |state| state.version);
    show(desk, rules, Book { name: name.clone(), version, applications: None }, 0);
    desk.moved_alone = true;
    vec![Effect::FetchTurnaround { utility: name, names }]
}

fn show(desk: &mut Desk, rules: &Rules, book: Book, top: usize) {
    let (playbook, today) = (&rules.playbook, desk.today());
    let known = playbook.utility(&book.name);
    let blank = Utility { name: book.name.clone(), ..Utility::default() };
    let nothing = UtilityState::default();
    let state = playbook.utility_state(&book.name).unwrap_or(&nothing);
    let observed = book.applications.as_deref().map(|applications| book::observed(playbook, state, applications));
    let page = book::Page { utility: known.unwrap_or(&blank), state, playbook, observed: observed.as_deref(), today };
    let mut lines: Vec<(Tint, String)> = Vec::new();
    if known.is_none() {
        lines.push((Tint::Warn, "not in the process book: its page goes into playbooks/utilities/ of the site's directory".to_owned()));
    }
    for section in book::page(&page) {
        if !lines.is_empty() {
            lines.push((Tint::Plain, String::new()));
        }
        lines.push((Tint::Title, section.title.to_owned()));
        lines.extend(section.lines.iter().flat_map(|line| set(line, usize::from(desk.width.saturating_sub(2)))));
    }
    let title = book.name.clone();
    pager::open(desk, title, lines);
    if let Some(Prompt::Pager(pager)) = &mut desk.prompt {
        *pager = Pager { top: top.min(pager.lines.len().saturating_sub(1)), book: Some(book), ..std::mem::take(pager) };
    }
}

/// A line of a section: what goes on stands under its own beginning, not under the label.
fn set(line: &book::Line, width: usize) -> Vec<(Tint, String)> {
    let tint = match line.tone {
        book::Tone::Known => Tint::Plain,
        book::Tone::Unknown => Tint::Dim,
        book::Tone::Warning => Tint::Warn,
    };
    if line.label.is_empty() || width < 2 * TEXT {
        let label = if line.label.is_empty() { String::new() } else { format!("{}: ", line.label) };
        return vec![(tint, format!("  {label}{}", line.text))];
    }
    let label = format!("{:<TEXT$}", format!("  {}  ", line.label));
    let parts = pager::wrap(&line.text, width - TEXT).into_iter();
    parts.enumerate().map(|(idx, part)| (tint, if idx == 0 { format!("{label}{part}") } else { format!("{:TEXT$}{part}", "") })).collect()
}

fn here(desk: &Desk) -> Option<(&Book, usize)> {
    match &desk.prompt {
        Some(Prompt::Pager(Pager { book: Some(book), top, .. })) => Some((book, *top)),
        _ => None,
    }
}

/// What our applications tell of the utility, if its page is still open.
pub(super) fn told(desk: &mut Desk, rules: &Rules, utility: &str, applications: Vec<Milestones>) -> Vec<Effect> {
    if let Some((book, top)) = here(desk).filter(|(book, _)| book.name == utility) {
        let book = Book { applications: Some(applications), ..book.clone() };
        show(desk, rules, book, top);
    }
    Vec::new()
}

/// What was added to pages has changed, here or elsewhere.
pub(super) fn changed(desk: &mut Desk, rules: &Rules, stopped: &[String]) -> Vec<Effect> {
    if let Some((book, top)) = here(desk) {
        let version = rules.playbook.utility_state(&book.name).map_or(0, |state| state.version);
        if version != book.version {
            let book = Book { version, ..book.clone() };
            show(desk, rules, book, top);
            desk.moved_alone = true;
        }
    }
    let mut effects = vec![rank::count(desk, None)];
    // Their rows have other days now.
    let names: Vec<String> =
        stopped.iter().flat_map(|name| rules.playbook.utility(name).map_or_else(|| vec![name.to_lowercase()], Utility::names)).collect();
    if !names.is_empty() {
        effects.push(Effect::FetchRowsOf(names));
    }
    effects
}

/// A key of the page that adds something. It is about the page that was painted; what is typed behind a
/// refused key was meant for what it would have opened.
pub(super) fn act(desk: &mut Desk, rules: &Rules, name: &str, press: Press) -> Vec<Effect> {
    let Some((book, _)) = here(desk) else {
        return refuse_typing(desk, press, "this page is no utility's: nothing can be added to it");
    };
    let (utility, seen) = (book.name.clone(), book.version);
    if rules.database.is_empty() {
        return refuse_typing(desk, press, &no_database(rules).text);
    }
    let Some(page) = rules.playbook.utility(&utility) else {
        return refuse_typing(desk, press, "it is not in the process book: its page goes into playbooks/utilities/ first");
    };
    if desk.saving.is_some() {
        return refuse_typing(desk, press, "the last change is still being saved; press it again");
    }
    // The questions of the others are read before Enter.
    if name == "book-up" && unread(desk, rules, press.at) {
        return Vec::new();
    }
    let state = rules.playbook.utility_state(&utility);
    match name {
        "book-quirk" => {
            let answers = vec![answer("says", "what a coordinator should know", true, "")];
            ask::open(desk, rules, Act::Quirk(utility), format!("a quirk of {}", page.short), None, answers)
        }
        "book-outage" => {
            let outage = state.and_then(|state| state.down(desk.today()));
            let until = outage.map(|outage| outage.until.to_string()).unwrap_or_default();
            let channel = outage.map_or_else(|| page.other_channel(), |outage| outage.channel.clone());
            let answers = vec![
                answer("until", "until (fri, 3b, 12/4)", true, &until),
                answer("reason", "why", false, outage.map_or("", |outage| &outage.reason)),
                answer("channel", "use instead", false, &channel),
            ];
            let title = format!("the portal of {} is down", page.short);
            ask::open(desk, rules, Act::PortalDown(utility, seen), title, None, answers)
        }
        _ => match Addition::Up.checked(&utility, state, desk.today()) {
            Ok(addition) => keep(desk, utility, seen, addition, None, press),
            Err(refusal) => {
                desk.notice = Some(Notice::from(&refusal.into()));
                Vec::new()
            }
        },
    }
}

/// The utility that a question is about.
pub(super) fn about(act: &Act) -> Option<&str> {
    match act {
        Act::Quirk(utility) | Act::PortalDown(utility, _) => Some(utility),
        _ => None,
    }
}

/// What the answers add; `None` while something required is missing.
fn addition(ask: &Ask, rules: &Rules, today: Day) -> Option<Result<Addition, Refusal>> {
    let text = |name: &str| ask.answers.iter().find(|answer| answer.name == name).map(|answer| answer.line.text().trim().to_owned());
    let text = |name: &str| text(name).unwrap_or_default();
    if ask.answers.iter().any(|answer| answer.required && answer.line.text().trim().is_empty()) {
        return None;
    }
    let addition = match &ask.act {
        Act::Quirk(_) => Addition::Quirk { says: text("says") },
        Act::PortalDown(..) => match when::read(&text("until"), today, &rules.playbook.calendar) {
            Ok(resolved) => Addition::Down { until: resolved.when.day, reason: text("reason"), channel: text("channel") },
            Err(says) => return Some(Err(Refusal::new(says))),
        },
        _ => return None,
    };
    let utility = about(&ask.act).unwrap_or_default();
    Some(addition.checked(utility, rules.playbook.utility_state(utility), today))
}

/// What Enter would do, in words.
pub(super) fn preview(ask: &Ask, rules: &Rules, today: Day) -> Option<Result<Planned, Refusal>> {
    let utility = about(&ask.act)?;
    Some(addition(ask, rules, today)?.map(|addition| addition.planned(utility, today)))
}

/// Enter: the page comes back at once, and says it when it is on disk.
pub(super) fn enter(desk: &mut Desk, rules: &Rules, ask: Ask, press: Press) -> Vec<Effect> {
    let (utility, seen) = match &ask.act {
        Act::PortalDown(utility, seen) => (utility.clone(), *seen),
        act => (about(act).unwrap_or_default().to_owned(), 0),
    };
    match addition(&ask, rules, desk.today()) {
        Some(Ok(addition)) => {
            let mut effects = keep(desk, utility.clone(), seen, addition, Some(Box::new(ask)), press);
            effects.extend(read(desk, rules, &utility));
            effects
        }
        refused => {
            if let Some(Err(refusal)) = refused {
                desk.notice = Some(Notice::from(&refusal.into()));
            }
            desk.prompt = Some(Prompt::Ask(Box::new(ask)));
            Vec::new()
        }
    }
}

/// The question is left: back to the page.
pub(super) fn back(desk: &mut Desk, rules: &Rules, act: &Act) -> Vec<Effect> {
    about(act).map(|utility| read(desk, rules, utility)).unwrap_or_default()
}

fn keep(desk: &mut Desk, utility: String, seen: i64, addition: Addition, ask: Option<Box<Ask>>, press: Press) -> Vec<Effect> {
    let (ticket, command) = (saving::take_ticket(desk), CommandId(press.fresh[0]));
    desk.saving = Some(Saving { signing: ask, ..saving::bare(ticket, command, Way::Forward) });
    vec![Effect::KeepUtility { ticket, command, utility, seen, addition }]
}
