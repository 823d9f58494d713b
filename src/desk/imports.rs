//! An import from its rows to its report: what each answer and each key does to it.

use super::effect::Effect;
use super::import::{Ended, Import, Phase, SPREAD_MAX, wrote};
use super::key::{self, Press};
use super::model::{Desk, Done, Rules};
use super::notice::{Notice, Tone};
use super::prompt::{Act, Ask, Prompt};
use super::{ask, columns, import_report, note, offers, rank, records, saving, viewport};
use crate::domain::id::CommandId;
use crate::domain::import::{Report, Rows, Seen};
use crate::domain::import_words::{count, thousands};
use crate::domain::trouble::Failure;
use crate::keys::chord::Code;

/// The action `import`: the one under way, else the question for a file.
pub(super) fn open(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    if desk.import.is_some() {
        desk.prompt = Some(Prompt::Import);
        desk.notice = None;
        rebuild(desk, rules);
        return Vec::new();
    }
    let answers = vec![ask::answer("path", "file", true, "")];
    ask::open(desk, rules, Act::ImportFile, "read in a file: CSV or a workbook".to_owned(), None, answers)
}

/// Enter on the question for a file.
pub(super) fn file(desk: &mut Desk, rules: &Rules, ask: &Ask) -> Vec<Effect> {
    let path = ask.answers.first().map(|answer| answer.line.text().trim().to_owned()).unwrap_or_default();
    start(desk, rules, Rows::File(path))
}

/// Cells as a spreadsheet copies them: more than one line with tabs, or one line of three cells.
pub(super) fn is_cells(text: &str) -> bool {
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    let tabs = text.matches('\t').count();
    lines >= 2 && tabs >= 1 || lines == 1 && tabs >= 2
}

/// Cells pasted over the queue.
pub(super) fn cells(desk: &mut Desk, rules: &Rules, text: &str) -> Vec<Effect> {
    if desk.import.as_ref().is_some_and(Import::is_running) {
        desk.notice = Some(Notice::new(Tone::Refused, "an import is running; paste the cells again when it is done"));
        return Vec::new();
    }
    start(desk, rules, Rows::Cells(text.to_owned()))
}

fn start(desk: &mut Desk, rules: &Rules, rows: Rows) -> Vec<Effect> {
    if rules.database.is_empty() {
        desk.notice = Some(key::no_database(rules));
        return Vec::new();
    }
    desk.typed.clear();
    desk.notice = None;
    desk.import = Some(Import::new(rows.clone()));
    desk.prompt = Some(Prompt::Import);
    desk.looks_awaited += 1;
    vec![Effect::LookAt(rows)]
}

/// The answer to `LookAt`. One that belongs to an import that was left says nothing any more.
pub(super) fn seen(desk: &mut Desk, rules: &Rules, result: Result<Seen, Failure>) -> Vec<Effect> {
    desk.looks_awaited = desk.looks_awaited.saturating_sub(1);
    let is_last = desk.looks_awaited == 0;
    let Some(import) = desk.import.as_mut().filter(|import| is_last && import.phase == Phase::Looking) else { return Vec::new() };
    let effects = match result {
        Ok(Seen::Fits(profile)) => {
            import.profile = profile;
            attempt(desk)
        }
        Ok(Seen::Guessed(guess)) => {
            import.first = guess.profile.clone();
            import.profile = guess.profile.clone();
            import.guess = Some(guess);
            import.phase = Phase::Columns;
            Vec::new()
        }
        Err(failure) => {
            import.phase = Phase::Refused(failure);
            Vec::new()
        }
    };
    shown_anew(desk, rules);
    effects
}

/// Reads all rows without writing.
pub(super) fn attempt(desk: &mut Desk) -> Vec<Effect> {
    let Some(import) = &mut desk.import else { return Vec::new() };
    import.phase = Phase::Trying { done: 0, of: 0 };
    desk.tries_awaited += 1;
    vec![Effect::Try(Box::new(import.order()))]
}

pub(super) fn tried(desk: &mut Desk, rules: &Rules, result: Result<Report, Failure>) -> Vec<Effect> {
    desk.tries_awaited = desk.tries_awaited.saturating_sub(1);
    let is_last = desk.tries_awaited == 0;
    let Some(import) = desk.import.as_mut().filter(|import| is_last && matches!(import.phase, Phase::Trying { .. })) else {
        return Vec::new();
    };
    import.phase = match result {
        Ok(report) => Phase::Preview(report),
        Err(failure) => Phase::Refused(failure),
    };
    import.top = 0;
    shown_anew(desk, rules);
    Vec::new()
}

pub(super) fn importing(desk: &mut Desk, now: usize, about: usize) -> Vec<Effect> {
    if let Some(Import { phase: Phase::Running { done, of, .. } | Phase::Trying { done, of }, .. }) = &mut desk.import {
        (*done, *of) = (now, about);
    }
    Vec::new()
}

/// The import has ended. Its rows come as other sessions' changes do.
pub(super) fn imported(desk: &mut Desk, rules: &Rules, report: Report, stopped: Option<Failure>) -> Vec<Effect> {
    let Some(import) = desk.import.as_mut().filter(|import| import.is_running()) else { return Vec::new() };
    let did = import.did();
    if !wrote(&report)
        && let Some(place) = desk.undoable.iter().rposition(|done| done.did == did)
    {
        desk.undoable.remove(place);
    }
    import.phase = Phase::Done(Ended { report, stopped, taken_back: None });
    import.top = 0;
    if !matches!(desk.prompt, Some(Prompt::Import)) {
        say_ended(desk);
        if let (Some(notice), Some(key)) = (&mut desk.notice, rules.keymap.keys_of("import", None)) {
            notice.text.push_str(&format!("; {key} shows the report"));
        }
    }
    shown_anew(desk, rules);
    Vec::new()
}

/// The notice of an import that has ended.
fn say_ended(desk: &mut Desk) {
    let Some(import) = &desk.import else { return };
    let Phase::Done(ended) = &import.phase else { return };
    let report = &ended.report;
    let words = match (&ended.taken_back, &ended.stopped) {
        (Some(words), _) => words.clone(),
        (None, stopped) => {
            let came = format!("{} added, {} changed", thousands(report.added), thousands(report.changed));
            let settle = match report.conflicts.len() {
                0 => String::new(),
                open => format!(", {} to settle", thousands(open)),
            };
            let short = if stopped.is_some() { ", then it was stopped; the same file again does the rest" } else { "" };
            format!("{}: {came}{settle}{short}", import.did())
        }
    };
    let tone = if ended.stopped.is_some() && ended.taken_back.is_none() { Tone::Note } else { Tone::Done };
    desk.notice = Some(Notice::new(tone, words));
}

pub(super) fn profile_kept(desk: &mut Desk, result: Result<String, Failure>) -> Vec<Effect> {
    desk.notice = Some(match result {
        Ok(file) => Notice::new(Tone::Done, format!("kept in {file}: the next such file is read by it")),
        Err(failure) => Notice::from(&failure),
    });
    Vec::new()
}

/// The screen says something else now, and no key pressed before can have meant it.
fn shown_anew(desk: &mut Desk, rules: &Rules) {
    if matches!(desk.prompt, Some(Prompt::Import)) {
        desk.moved_alone = true;
        desk.notice = None;
    }
    rebuild(desk, rules);
}

/// The lines of preview and report, for the width of the screen.
pub(super) fn rebuild(desk: &mut Desk, rules: &Rules) {
    let (width, page) = (usize::from(desk.width.saturating_sub(2)), viewport::page_rows(desk));
    if let Some(import) = &mut desk.import {
        import.lines = import_report::lines(import, &rules.playbook.workflow, width);
        import.top = import.top.min(import.lines.len().saturating_sub(page));
    }
}

pub(super) fn key(desk: &mut Desk, rules: &Rules, action: Option<&str>, press: Press) -> Vec<Effect> {
    let Some(import) = &desk.import else {
        desk.prompt = None;
        return Vec::new();
    };
    match action {
        None if import.spreads() => typed_days(desk, rules, press),
        None => Vec::new(),
        Some(name) if !import.takes(name) => Vec::new(),
        Some("import-down" | "import-up" | "import-page-down" | "import-page-up" | "import-first" | "import-last") => {
            if import.phase == Phase::Columns {
                columns::step(desk, action)
            } else {
                scroll(desk, action)
            }
            Vec::new()
        }
        Some("import-more") => spread(desk, rules, false, |days| days + 1),
        Some("import-less") => spread(desk, rules, false, |days| days.saturating_sub(1)),
        // Nobody can have read what has just come on the screen.
        Some(_) if key::unread(desk, rules, press.at) => Vec::new(),
        Some("import-on") => on(desk, rules, press),
        Some("import-undo") => take_back(desk, rules, press),
        Some("import-conflicts") => {
            close(desk, rules);
            offers::open(desk)
        }
        Some("import-all-new") => {
            desk.import.as_mut().expect("it was found above").all_new = true;
            attempt(desk)
        }
        Some("import-behind") => {
            desk.prompt = None;
            desk.notice = Some(Notice::new(Tone::Note, "the import goes on behind"));
            records::fetch(desk, rules)
        }
        Some("import-leave") => leave(desk, rules),
        Some(name) => columns::key(desk, rules, name),
    }
}

fn scroll(desk: &mut Desk, action: Option<&str>) {
    let page = viewport::page_rows(desk);
    if let Some(import) = &mut desk.import {
        let last = import.lines.len().saturating_sub(page);
        import.top = moved(action, import.top, page, last);
    }
}

/// Where a moving key leads: `last` is the last place.
pub(super) fn moved(action: Option<&str>, place: usize, page: usize, last: usize) -> usize {
    let step = action.unwrap_or_default().split_once('-').map_or("", |(_, step)| step);
    let place = match step {
        "down" => place + 1,
        "up" => place.saturating_sub(1),
        "page-down" => place + page,
        "page-up" => place.saturating_sub(page),
        "first" => 0,
        _ => usize::MAX,
    };
    place.min(last)
}

fn spread(desk: &mut Desk, rules: &Rules, typing: bool, change: impl Fn(u32) -> u32) -> Vec<Effect> {
    if let Some(import) = &mut desk.import {
        import.spread = change(import.spread).min(SPREAD_MAX);
        import.typing = typing;
    }
    rebuild(desk, rules);
    Vec::new()
}

/// A number is typed: each digit behind the one before. What `+` had made is replaced.
fn typed_days(desk: &mut Desk, rules: &Rules, press: Press) -> Vec<Effect> {
    let behind = desk.import.as_ref().is_some_and(|import| import.typing);
    match (press.key.text().and_then(|c| c.to_digit(10)), press.key.code) {
        (Some(digit), _) => {
            spread(desk, rules, true, |days| if behind && days * 10 + digit <= SPREAD_MAX { days * 10 + digit } else { digit })
        }
        (None, Code::Backspace) => spread(desk, rules, true, |days| days / 10),
        _ => Vec::new(),
    }
}

/// Enter: the next step of the phase.
fn on(desk: &mut Desk, rules: &Rules, press: Press) -> Vec<Effect> {
    let Some(import) = &desk.import else { return Vec::new() };
    match &import.phase {
        Phase::Columns => columns::preview(desk, rules),
        Phase::Preview(_) if import.is_empty() => {
            desk.notice = Some(Notice::new(Tone::Refused, "nothing would change; there is nothing to bring in"));
            Vec::new()
        }
        Phase::Preview(_) if desk.saving.is_some() => note::wait(desk, press),
        Phase::Preview(_) => run(desk, press),
        _ => close(desk, rules),
    }
}

fn run(desk: &mut Desk, press: Press) -> Vec<Effect> {
    let Some(import) = &mut desk.import else { return Vec::new() };
    let of = import.report().map_or(0, |report| report.added + report.changed + report.same);
    import.phase = Phase::Running { done: 0, of, stopping: false };
    // From its first row on it lies on the store's pile, below what is done meanwhile.
    desk.undoable.push(Done { did: import.did(), touch: false, message: false });
    desk.redoable.clear();
    vec![Effect::Import { command: CommandId(press.fresh[0]), order: Box::new(import.order()) }]
}

/// Esc: nothing is written; while it runs it is stopped; at its end the screen closes.
fn leave(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let Some(import) = &mut desk.import else { return Vec::new() };
    match &mut import.phase {
        Phase::Running { stopping, .. } => {
            if std::mem::replace(stopping, true) {
                return Vec::new();
            }
            vec![Effect::StopImport]
        }
        Phase::Done(_) => close(desk, rules),
        Phase::Looking | Phase::Columns | Phase::Trying { .. } | Phase::Preview(_) | Phase::Refused(_) => {
            // Nobody waits for the rest of what is only tried.
            let stop = matches!(import.phase, Phase::Trying { .. }).then_some(Effect::StopImport);
            desk.notice = Some(Notice::new(Tone::Note, format!("left; nothing of {} was read in", import.name())));
            let mut effects = drop_import(desk, rules);
            effects.extend(stop);
            effects
        }
    }
}

fn close(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    say_ended(desk);
    drop_import(desk, rules)
}

/// Back to the queue; a queue that was empty shows what came.
fn drop_import(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    desk.import = None;
    desk.prompt = None;
    let mut effects = records::fetch(desk, rules);
    if desk.order.is_empty() {
        let views = rank::fallbacks(desk);
        effects.extend(rank::ask(desk, rules, rank::Why::Empty, views));
    }
    effects
}

/// Takes the whole import back, while it is the last thing that this session did.
fn take_back(desk: &mut Desk, rules: &Rules, press: Press) -> Vec<Effect> {
    let Some(import) = &desk.import else { return Vec::new() };
    let last = desk.undoable.last().map(|done| done.did.clone()).unwrap_or_default();
    if last != import.did() {
        let says = match last.as_str() {
            "" => "the import cannot be taken back from here any more; intertie undo may".to_owned(),
            last => format!("undo goes backwards: first comes {last}, in the queue with {}", rules.key("undo")),
        };
        desk.notice = Some(Notice::new(Tone::Refused, says));
        return Vec::new();
    }
    let effects = saving::undo(desk, false, press);
    let ticket = desk.saving.as_ref().map(|saving| saving.ticket).filter(|_| !effects.is_empty());
    if let Some(import) = &mut desk.import {
        import.undoing = ticket.or(import.undoing);
    }
    effects
}

/// A commit was answered; perhaps it was the undo of the import that is still on screen.
pub(super) fn answered(desk: &mut Desk, rules: &Rules, ticket: super::effect::Ticket, words: Option<&str>) {
    let Some(import) = desk.import.as_mut().filter(|import| import.undoing == Some(ticket)) else { return };
    import.undoing = None;
    if let (Phase::Done(ended), Some(words)) = (&mut import.phase, words) {
        ended.taken_back = Some(words.to_owned());
        import.top = 0;
        shown_anew(desk, rules);
    }
}

/// Why undo, redo or quitting has to wait for a running import.
pub(super) fn running(desk: &Desk) -> Option<String> {
    match desk.import.as_ref()?.phase {
        Phase::Running { done, of, .. } => Some(format!("an import is running: {} of {}", thousands(done), count(of, "row"))),
        _ => None,
    }
}

/// Quitting leaves an import half done; the second time it is meant so.
pub(super) fn may_quit(desk: &mut Desk) -> bool {
    let Some(says) = running(desk) else { return true };
    let told = desk.import.as_mut().is_none_or(|import| std::mem::replace(&mut import.told, true));
    if !told {
        let words = format!("{says}; quit again stops it there, and the same file does the rest another time");
        desk.notice = Some(Notice::new(Tone::Refused, words));
    }
    told
}
