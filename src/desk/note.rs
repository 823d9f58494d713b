//! The note: written on one record, kept as that record's draft until it is saved.

use super::effect::Effect;
use super::key::Press;
use super::model::{Desk, Rules};
use super::msg::{Draft, Msg};
use super::notice::{Notice, Tone};
use super::prompt::{DraftKey, NotePrompt, Prompt};
use super::text::NoteText;
use super::{saving, template};
use crate::domain::application::Application;
use crate::domain::marks::{self, Mark, Meaning};
use crate::domain::plan::{Answers, Context, Line, Planned, touch};
use crate::domain::trouble::Refusal;

pub(super) fn context<'a>(desk: &'a Desk, rules: &'a Rules) -> Context<'a> {
    desk.plan_context(rules)
}

/// Opens the note of a record; a draft of it comes back with the cursor in its place.
pub(super) fn open(desk: &mut Desk, rules: &Rules, record: Application) -> Vec<Effect> {
    let draft = desk.drafts.get(&DraftKey::Subject(record.id));
    let text = NoteText::new(draft.map_or("", |draft| &draft.text), draft.map(|draft| draft.cursor));
    let seen = super::msg::Seen { subject: record.id, version: record.version };
    desk.prompt = Some(Prompt::Note(Box::new(NotePrompt { seen, record, text, marks: Vec::new(), preview: None })));
    refresh(desk, rules);
    Vec::new()
}

/// Reads the marks again and plans, for the preview.
fn refresh(desk: &mut Desk, rules: &Rules) {
    let Some(Prompt::Note(mut note)) = desk.prompt.take() else { return };
    let text = note.text.text();
    let lane = rules.playbook.workflow.lane(note.record.text("lane"));
    note.marks = marks::read(&text, &note.text.pasted_ranges(&text), &rules.playbook, lane, desk.today());
    note.preview = if note.text.is_blank() { None } else { Some(plan(desk, rules, &note, &text)) };
    if let Some(Ok(planned)) = &mut note.preview {
        let known = |word: &str| note.marks.iter().any(|mark| text[mark.range.clone()].starts_with(word));
        let looks_like = |word: &&str| word.len() > 1 && word.starts_with(['>', '!', '@']) && !known(word);
        let unknown: Vec<&str> = text.split_whitespace().filter(looks_like).collect();
        if !unknown.is_empty() {
            planned.lines.push(Line { label: "stays text", text: unknown.join(" ") });
        }
    }
    desk.prompt = Some(Prompt::Note(note));
}

fn plan(desk: &Desk, rules: &Rules, note: &NotePrompt, text: &str) -> Result<Planned, Refusal> {
    touch::note(&marks::strip(text, &note.marks), &answers(&note.marks), &note.record, &context(desk, rules))
}

fn answers(marks: &[Mark]) -> Answers {
    let mut answers = Answers::default();
    for mark in marks {
        match &mark.meaning {
            Meaning::FollowUp(resolved) => answers.follow_up = Some(resolved.when),
            Meaning::Status(status) => answers.status = Some(status.clone()),
            Meaning::Ball(party) => answers.ball = Some(party.clone()),
        }
    }
    answers
}

pub(super) fn key(desk: &mut Desk, rules: &Rules, action: Option<&str>, press: Press) -> Vec<Effect> {
    let Some(Prompt::Note(note)) = &mut desk.prompt else { return Vec::new() };
    match action {
        Some("save") => return save(desk, rules, press),
        Some("close") => return close(desk, rules),
        Some("editor") => return vec![Effect::Edit { text: note.text.text() }],
        Some("new-line") => note.text.new_line(),
        Some("undo-typing") => note.text.undo(),
        Some("redo-typing") => note.text.redo(),
        _ => {
            note.text.key(press.key);
        }
    }
    changed(desk, rules)
}

/// After each change of the text: marks and preview anew, and the draft on its way to the disk.
fn changed(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    refresh(desk, rules);
    let Some(Prompt::Note(note)) = &desk.prompt else { return Vec::new() };
    let key = DraftKey::Subject(note.seen.subject);
    let (text, cursor) = (note.text.text(), note.text.cursor());
    if note.text.is_blank() {
        desk.drafts.remove(&key);
        return vec![Effect::DropDraft(key)];
    }
    desk.drafts.insert(key.clone(), Draft { key: key.clone(), text: text.clone(), cursor });
    vec![Effect::SaveDraft { key, text, cursor }]
}

fn save(desk: &mut Desk, rules: &Rules, press: Press) -> Vec<Effect> {
    if desk.saving.is_some() {
        return wait(desk, press);
    }
    let Some(Prompt::Note(note)) = &desk.prompt else { return Vec::new() };
    let text = note.text.text();
    match plan(desk, rules, note, &text) {
        Ok(planned) => {
            let draft = DraftKey::Subject(note.seen.subject);
            saving::commit(desk, rules, planned, Some(text), Some(draft), press)
        }
        Err(refusal) => {
            // The prompt stays with its text.
            desk.notice = Some(Notice::from(&refusal.into()));
            Vec::new()
        }
    }
}

/// One commit at a time: Enter waits for the answer of the one before.
pub(super) fn wait(desk: &mut Desk, press: Press) -> Vec<Effect> {
    let Press { key, at, seen, fresh } = press;
    desk.waiting.push(Msg::Key { key, at, seen, fresh });
    Vec::new()
}

fn close(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let Some(Prompt::Note(note)) = desk.prompt.take() else { return Vec::new() };
    if !note.text.is_blank() {
        desk.notice = Some(
            Notice::new(
                Tone::Note,
                format!("the text is kept as the draft of {}; {} opens it again", note.record.reference(), rules.key("note")),
            )
            .about(note.seen.subject),
        );
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
            note.text.replace(text.trim_end_matches('\n'));
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
