//! Pages to read: help, why, history.

use chrono::TimeZone;
use unicode_width::UnicodeWidthStr;

use super::effect::Effect;
use super::key::Press;
use super::model::{Desk, Rules};
use super::notice::{Notice, Tone};
use super::prompt::{Pager, Prompt, Tint};
use super::{book, correct, find, help};
use crate::domain::application::Application;
use crate::domain::day::{DateTime, short};
use crate::domain::event::{Event, Of};
use crate::domain::facts::Facts;
use crate::domain::history;
use crate::domain::id::{EventId, SubjectId};
use crate::domain::priority;
use crate::domain::record::Record;

pub(super) fn open(desk: &mut Desk, title: String, lines: Vec<(Tint, String)>) -> Vec<Effect> {
    let width = usize::from(desk.width.saturating_sub(2)).max(20);
    let lines = lines.into_iter().flat_map(|(tint, line)| wrap(&line, width).into_iter().map(move |line| (tint, line))).collect();
    desk.prompt = Some(Prompt::Pager(Pager { title, lines, top: 0, book: None, history: None }));
    Vec::new()
}

/// Lines of at most `width` columns, broken at spaces; what goes on keeps the line's indent, so that
/// every line of a page can be scrolled to.
pub(super) fn wrap(line: &str, width: usize) -> Vec<String> {
    let indent = line.len() - line.trim_start().len();
    let mut lines = vec![line[..indent].to_owned()];
    for word in line[indent..].split_inclusive(' ') {
        let last = lines.last_mut().expect("there is a first line");
        if last.width() + word.trim_end().width() > width && last.len() > indent {
            lines.push(format!("{}{word}", &line[..indent]));
        } else {
            last.push_str(word);
        }
    }
    lines
}

pub(super) fn key(desk: &mut Desk, rules: &Rules, action: Option<&str>, press: Press) -> Vec<Effect> {
    if let Some(name) = action.filter(|name| name.starts_with("book-")) {
        return book::act(desk, rules, name, press);
    }
    let page = super::viewport::page_rows(desk);
    let Some(Prompt::Pager(pager)) = &mut desk.prompt else { return Vec::new() };
    let last = pager.lines.len().saturating_sub(page);
    match action {
        Some("scroll-down") => pager.top = (pager.top + 1).min(last),
        Some("scroll-up") => pager.top = pager.top.saturating_sub(1),
        Some("scroll-page-down") => pager.top = (pager.top + page).min(last),
        Some("scroll-page-up") => pager.top = pager.top.saturating_sub(page),
        Some("scroll-first") => pager.top = 0,
        Some("scroll-last") => pager.top = last,
        Some("scroll-copy") => {
            let text = pager.lines.iter().map(|(_, line)| line.as_str()).collect::<Vec<_>>().join("\n");
            return vec![Effect::Copy { what: pager.title.clone(), text }];
        }
        Some("scroll-pager") => {
            return vec![Effect::Page { text: pager.lines.iter().map(|(_, line)| line.as_str()).collect::<Vec<_>>().join("\n") }];
        }
        // The page of a utility is made anew when its figures come: not while its lines are a list.
        Some("scroll-find") if pager.book.as_ref().is_some_and(|book| book.applications.is_none()) => {
            desk.notice = Some(Notice::new(Tone::Note, "the page is still being read"));
        }
        Some("scroll-find") => return help::find(desk),
        // A note that lies beneath keeps its place: its page is left by Esc alone.
        Some("page-find-rows" | "page-find-text") if desk.beneath.is_none() => {
            desk.prompt = None;
            return if action == Some("page-find-rows") { find::open(desk) } else { find::open_text(desk) };
        }
        Some("correct") => return correct::from_history(desk),
        Some("shut") => desk.prompt = desk.beneath.take().map(Prompt::Note),
        _ => {}
    }
    Vec::new()
}

pub(super) fn why(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let Some(record) = current(desk, rules) else { return Vec::new() };
    let Some(facts) = Facts::of(&record) else { return Vec::new() };
    let playbook = &rules.playbook;
    let terms = priority::terms(&facts.case(playbook, desk.today()), playbook, desk.today());
    let sum: i32 = terms.iter().map(|term| term.points).sum();
    let mut lines: Vec<(Tint, String)> = terms.iter().map(|term| (Tint::Plain, format!("{:>5}  {}", term.points, term.because))).collect();
    lines.push((Tint::Title, format!("{sum:>5}  in all")));
    if record.flag("legal_hold") {
        lines.push((Tint::Plain, "a legal hold is not scored: nothing may be done".to_owned()));
    }
    lines.push((Tint::Dim, format!("weights: playbooks/priority.toml, {}", playbook.name)));
    open(desk, format!("why {} {} stands here", record.reference(), record.who()), lines)
}

pub(super) fn ask_history(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    match desk.painted(rules) {
        Some(seen) => vec![Effect::FetchHistory(seen.subject)],
        None => Vec::new(),
    }
}

/// Newest first: the last thing that happened is what one looks for.
pub(super) fn history(desk: &mut Desk, rules: &Rules, subject: SubjectId, events: &[Event]) -> Vec<Effect> {
    if desk.prompt.is_some() {
        return Vec::new();
    }
    let today = desk.today();
    let corrected = corrected(subject, events);
    let mut lines = Vec::new();
    for event in events.iter().rev() {
        // By the database's own clock: the machine's day may be another one already.
        let utc = DateTime::from_timestamp_millis(event.hlc.millis()).map(|at| at.naive_utc());
        let written = utc.map(|utc| rules.zone.map_or(utc, |zone| zone.from_utc_datetime(&utc).naive_local()));
        let when = match written {
            Some(written) if written.date() == event.on => written.format(" %H:%M").to_string(),
            Some(written) => format!(" (written {})", short(written.date(), today)),
            None => String::new(),
        };
        lines.push((Tint::Title, format!("{}{when}  {}", short(event.on, today), event.actor)));
        for line in history::what(event, &rules.playbook.workflow).lines() {
            lines.push((Tint::Plain, format!("    {line}")));
        }
        if corrected.contains(&event.id) {
            lines.push((Tint::Dim, "    a note of this was corrected since".to_owned()));
        }
    }
    let name = desk
        .queue
        .find(subject)
        .and_then(|id| desk.queue.row(id, &rules.playbook))
        .map(|row| format!("{} {}", row.reference, row.customer));
    let effects = open(desk, format!("history of {}", name.unwrap_or_default()), lines);
    if let Some(Prompt::Pager(pager)) = &mut desk.prompt {
        pager.history = Some(subject);
    }
    effects
}

/// The events of which a note stands no longer as they have it.
fn corrected(subject: SubjectId, events: &[Event]) -> Vec<EventId> {
    let record = Record::fold(subject, Of::Application, events);
    let first = record.entries.iter().filter(|entry| !entry.hidden).filter_map(|entry| entry.corrects);
    first.map(|place| record.entries[place].event).collect()
}

pub(super) fn current(desk: &mut Desk, rules: &Rules) -> Option<Application> {
    let record = desk.current_record(rules).cloned();
    if record.is_none() {
        desk.notice = Some(Notice::new(Tone::Note, "the record is still being read"));
    }
    record
}
