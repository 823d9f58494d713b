//! The note: written on one record, kept as that record's draft until it is saved.

use super::effect::Effect;
use super::key::Press;
use super::model::{Desk, Rules};
use super::msg::{Draft, Msg};
use super::notice::{Notice, Tone};
use super::prompt::{DraftKey, NotePrompt, Prompt};
use super::text::NoteText;
use super::{complete, correct, repeat, room, saving, shorthand, template};
use crate::domain::application::Application;
use crate::domain::day::Day;
use crate::domain::marks::{self, Mark, Meaning};
use crate::domain::plan::{Answers, Context, Line, Planned, touch};
use crate::domain::record::NoteId;
use crate::domain::trouble::Refusal;
use crate::keys::chord::{Code, Key};

pub(super) fn context<'a>(desk: &'a Desk, rules: &'a Rules) -> Context<'a> {
    desk.plan_context(rules)
}

/// Opens the note of a record; a draft of it comes back with the cursor in its place.
pub(super) fn open(desk: &mut Desk, rules: &Rules, record: Application) -> Vec<Effect> {
    let draft = desk.drafts.get(&DraftKey::Subject(record.id));
    let text = NoteText::new(draft.map_or("", |draft| &draft.text), draft.map(|draft| draft.cursor));
    let text = draft.map_or(text.clone(), |draft| text.with(&draft.aside));
    write(desk, rules, record, text, None)
}

/// Opens a note with what is already written, on the record as it was seen.
pub(super) fn write(desk: &mut Desk, rules: &Rules, record: Application, text: NoteText, corrects: Option<NoteId>) -> Vec<Effect> {
    let seen = super::msg::Seen { subject: record.id, version: record.version };
    let note = NotePrompt { seen, record, text, marks: Vec::new(), preview: None, hint: None, offer: None, corrects };
    desk.prompt = Some(Prompt::Note(Box::new(note)));
    refresh(desk, rules);
    Vec::new()
}

/// Under which draft its text is kept.
fn draft_key(note: &NotePrompt) -> DraftKey {
    match note.corrects {
        Some(corrects) => correct::draft_key(note.seen.subject, corrects),
        None => DraftKey::Subject(note.seen.subject),
    }
}

/// Reads the marks again and plans, for the preview.
pub(super) fn refresh(desk: &mut Desk, rules: &Rules) {
    let Some(Prompt::Note(mut note)) = desk.prompt.take() else { return };
    let text = note.text.text();
    note.text.forget_erased(&text);
    note.marks = if note.corrects.is_some() { Vec::new() } else { read(&note.text, &text, &note.record, rules, desk.today()) };
    note.preview = if note.text.is_blank() { None } else { Some(plan(desk, rules, &note, &text)) };
    if let Some(Ok(planned)) = note.preview.as_mut().filter(|_| note.corrects.is_none()) {
        let known = |word: &str| note.marks.iter().any(|mark| text[mark.range.clone()].starts_with(word));
        let looks_like = |word: &&str| word.len() > 1 && word.starts_with(marks::SIGNS) && !known(word);
        let unknown: Vec<&str> = text.split_whitespace().filter(looks_like).collect();
        if !unknown.is_empty() {
            planned.lines.push(Line { label: "stays text", text: unknown.join(" ") });
        }
    }
    note.hint = shorthand::hint(&note.text, rules);
    note.offer = complete::offering(desk, rules, &note);
    desk.prompt = Some(Prompt::Note(note));
}

/// The marks of a text, with the number of an attempt among them. `text` is that of `typed`.
pub(super) fn read(typed: &NoteText, text: &str, record: &Application, rules: &Rules, today: Day) -> Vec<Mark> {
    let lane = rules.playbook.workflow.lane(record.text("lane"));
    let mut found = marks::read(text, &typed.pasted_ranges(text), &rules.playbook, lane, today);
    if let (Some(word), Some(party)) = (typed.attempt(), shorthand::party(&found, record)) {
        found.extend(marks::attempt(text, word, record.attempts(&party) + 1));
        found.sort_by_key(|mark| mark.range.start);
    }
    found
}

fn plan(desk: &Desk, rules: &Rules, note: &NotePrompt, text: &str) -> Result<Planned, Refusal> {
    let ctx = context(desk, rules);
    if let Some(corrects) = note.corrects {
        return correct::plan(text, corrects, &note.record, &ctx);
    }
    touch::note(&marks::strip(text, &note.marks), &answers(&note.marks, &note.record)?, &note.record, &ctx)
}

/// What the marks say; refused when the day cannot be the one on which it happened.
pub(super) fn answers(marks: &[Mark], record: &Application) -> Result<Answers, Refusal> {
    let mut answers = Answers::default();
    for mark in marks {
        match &mark.meaning {
            Meaning::FollowUp(resolved) => answers.follow_up = Some(resolved.when),
            Meaning::Status(status) => answers.status = Some(status.clone()),
            Meaning::Ball(party) => answers.ball = Some(party.clone()),
            Meaning::On(day) => answers.on = Some(day.clone().map_err(Refusal::new)?),
            Meaning::Attempt(_) => answers.attempt = shorthand::party(marks, record),
        }
    }
    Ok(answers)
}

pub(super) fn key(desk: &mut Desk, rules: &Rules, action: Option<&str>, press: Press) -> Vec<Effect> {
    let Some(Prompt::Note(note)) = &mut desk.prompt else { return Vec::new() };
    let chosen = note.offer.as_ref().is_some_and(|offer| offer.chosen.is_some());
    match action {
        Some("complete") => complete::take(desk),
        Some("save") if chosen => complete::take(desk),
        Some("close") if chosen => note.offer.as_mut().into_iter().for_each(|offer| offer.chosen = None),
        Some("save") => return save(desk, rules, press),
        Some("close") => return close(desk, rules),
        Some("note-help") => return shorthand::page(desk, rules),
        Some("next-offer" | "previous-offer") if note.offer.is_some() => {
            let forward = action == Some("next-offer");
            note.offer.as_mut().into_iter().for_each(|offer| offer.step(forward));
            return Vec::new();
        }
        Some("editor") => return vec![Effect::Edit { text: note.text.text() }],
        Some("undo-typing") => note.text.undo(),
        Some("redo-typing") => note.text.redo(),
        _ => typed(desk, rules, action, press.key),
    }
    changed(desk, rules)
}

/// A key of the text itself: what it ends may become whole words first.
fn typed(desk: &mut Desk, rules: &Rules, action: Option<&str>, key: Key) {
    let ends_a_word = action == Some("new-line") || key.text().is_some_and(char::is_whitespace);
    if ends_a_word {
        shorthand::grow(desk, rules);
    }
    let Some(Prompt::Note(note)) = &mut desk.prompt else { return };
    match action {
        Some("new-line") => note.text.new_line(),
        // Without a list they are keys of the text.
        Some("next-offer") => _ = note.text.key(Key::plain(Code::Down)),
        Some("previous-offer") => _ = note.text.key(Key::plain(Code::Up)),
        _ if key == Key::plain(Code::Backspace) && step_back(note) => {}
        _ => _ = note.text.key(key),
    }
}

/// Backspace that erases nothing: an abbreviation comes back as it was typed, a mark becomes text. Whether it was one.
fn step_back(note: &mut NotePrompt) -> bool {
    if note.text.shrink() {
        return true;
    }
    let (text, cursor) = (note.text.text(), note.text.cursor_byte());
    let Some(mark) = note.marks.iter().find(|mark| mark.range.end == cursor) else { return false };
    note.text.make_plain(&text[mark.range.clone()]);
    true
}

/// After each change of the text: marks and preview anew, and the draft on its way to the disk.
fn changed(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    refresh(desk, rules);
    let Some(Prompt::Note(note)) = &desk.prompt else { return Vec::new() };
    let key = draft_key(note);
    let (text, cursor, aside) = (note.text.text(), note.text.cursor(), note.text.aside());
    if note.text.is_blank() {
        desk.drafts.remove(&key);
        return vec![Effect::DropDraft(key)];
    }
    let draft = Draft { key: key.clone(), text, cursor, aside };
    desk.drafts.insert(key, draft.clone());
    vec![Effect::SaveDraft(draft)]
}

fn save(desk: &mut Desk, rules: &Rules, press: Press) -> Vec<Effect> {
    if desk.saving.is_some() {
        return wait(desk, press);
    }
    // Enter ends a word as a space does; the draft must say the same as what is saved.
    let mut effects = if shorthand::grow(desk, rules) { changed(desk, rules) } else { Vec::new() };
    let Some(Prompt::Note(note)) = &desk.prompt else { return effects };
    let text = note.text.text();
    match plan(desk, rules, note, &text) {
        Ok(planned) => {
            let draft = draft_key(note);
            let repeat = repeat::of_note(note, &text);
            effects.extend(saving::commit(desk, rules, planned, Some(text), Some(draft), press));
            repeat::when_saved(desk, repeat);
        }
        Err(refusal) => {
            // The prompt stays with its text.
            desk.notice = Some(Notice::from(&refusal.into()));
        }
    }
    effects
}

/// One commit at a time: Enter waits for the answer of the one before.
pub(super) fn wait(desk: &mut Desk, press: Press) -> Vec<Effect> {
    let Press { key, at, seen, fresh } = press;
    desk.waiting.push(Msg::Key { key, at, seen, fresh });
    Vec::new()
}

fn close(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let Some(Prompt::Note(note)) = desk.prompt.take() else { return Vec::new() };
    if desk.drafts.contains_key(&draft_key(&note)) {
        let how = match note.corrects {
            Some(_) => format!("what you typed is kept; the same correction of {} brings it back", note.record.reference()),
            None => format!("the text is kept as the draft of {}; {} opens it again", note.record.reference(), rules.key("note")),
        };
        desk.notice = Some(Notice::new(Tone::Note, how).about(note.seen.subject));
    }
    Vec::new()
}

pub(super) fn paste(desk: &mut Desk, rules: &Rules, text: &str) -> Vec<Effect> {
    let Some(Prompt::Note(note)) = &mut desk.prompt else { return Vec::new() };
    if !note.text.paste(text) {
        desk.notice = Some(Notice::new(Tone::Refused, "a note has at most 64 KiB; nothing was pasted"));
        return Vec::new();
    }
    changed(desk, rules)
}

/// The text comes back from `$EDITOR`.
pub(super) fn edited(desk: &mut Desk, rules: &Rules, result: Result<String, String>) -> Vec<Effect> {
    match (&mut desk.prompt, result) {
        (Some(Prompt::Note(note)), Ok(text)) => {
            if !note.text.replace(text.trim_end_matches('\n')) {
                desk.notice = Some(room::cut_off());
            }
            changed(desk, rules)
        }
        (Some(Prompt::Template(_)), Ok(text)) => template::edited(desk, rules, text.trim_end_matches('\n')),
        (_, Ok(_)) => Vec::new(),
        (_, Err(says)) => {
            desk.notice = Some(Notice::new(Tone::Trouble, format!("{says}; the text is as it was")));
            Vec::new()
        }
    }
}

/// Drafts that a dead session left.
pub(super) fn drafts(desk: &mut Desk, rules: &Rules, drafts: Vec<Draft>) -> Vec<Effect> {
    desk.drafts.extend(drafts.into_iter().map(|draft| (draft.key.clone(), draft)));
    if !desk.loading {
        announce_drafts(desk, rules);
    }
    Vec::new()
}

/// Names the first record on which a draft waits. Drafts can come before the rows do.
pub(super) fn announce_drafts(desk: &mut Desk, rules: &Rules) {
    let waiting = desk.drafts.keys().filter_map(|key| match key {
        DraftKey::Subject(subject) => desk.queue.find(*subject),
        DraftKey::Answers(subject, _) => desk.queue.find(*subject),
        DraftKey::New | DraftKey::Message(_) => None,
    });
    let mut rows: Vec<_> = waiting.filter_map(|id| desk.queue.row(id, &rules.playbook)).collect();
    rows.sort_by_key(|row| row.id);
    let Some(first) = rows.first() else { return announce_others(desk, rules) };
    let more = if rows.len() > 1 { format!(" and {} more", rows.len() - 1) } else { String::new() };
    let is_note = desk.drafts.contains_key(&DraftKey::Subject(first.subject));
    let how = match is_note {
        true => format!("{} opens it there", rules.key("note")),
        false => "the same quick action or message there brings it back".to_owned(),
    };
    let words = format!("a draft of yours waits on {} {}{more}; {how}", first.reference, first.customer);
    desk.notice = Some(Notice::new(Tone::Note, words).about(first.subject));
}

/// Drafts that lie on no record.
fn announce_others(desk: &mut Desk, rules: &Rules) {
    let (new, message) = (rules.key("new"), rules.key("edit-message"));
    let words = desk.drafts.keys().find_map(|key| match key {
        DraftKey::New => Some(format!("an application that you began to open waits; {new} brings it back")),
        DraftKey::Message(name) if name.is_empty() => Some(format!("a new message that you began waits; {message} brings it back")),
        DraftKey::Message(name) => Some(format!("what you typed into message {name} waits; {message} brings it back")),
        _ => None,
    });
    if let Some(words) = words {
        desk.notice = Some(Notice::new(Tone::Note, words));
    }
}
