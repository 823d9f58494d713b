//! Which note is corrected, and by what? The note is chosen from the record's, and opened with its present words.

use super::effect::Effect;
use super::model::{Desk, Rules};
use super::notice::{Notice, Tone};
use super::prompt::{DraftKey, Item, Pick, Prompt};
use super::text::NoteText;
use super::{ask, note, picker};
use crate::domain::application::Application;
use crate::domain::day::short;
use crate::domain::id::SubjectId;
use crate::domain::plan::{Context, Planned, correct};
use crate::domain::record::NoteId;
use crate::domain::text;
use crate::domain::trouble::Refusal;

/// Asks which note, the last one first.
pub(super) fn open(desk: &mut Desk, record: Application) -> Vec<Effect> {
    let today = desk.today();
    let item = |(place, first)| {
        let stands = record.correction(place).unwrap_or(first);
        let words = text::one_line(stands.value.as_text().unwrap_or_default());
        let label = format!("{} {}: {words}", short(stands.on, today), stands.by);
        Item { value: place.to_string(), label, detail: String::new(), refused: None }
    };
    let items: Vec<Item> = record.first_notes().rev().map(item).collect();
    if items.is_empty() {
        desk.notice = Some(Notice::new(Tone::Refused, format!("{} has no note to correct", record.reference())));
        return Vec::new();
    }
    picker::open(desk, Pick::Note, ask::title("correct a note", &record), Some(record), items)
}

/// From the page of a history: the record must still be read as it stands.
pub(super) fn from_history(desk: &mut Desk) -> Vec<Effect> {
    let Some(Prompt::Pager(pager)) = &desk.prompt else { return Vec::new() };
    let Some(subject) = pager.history else { return Vec::new() };
    match desk.records.get(&subject).cloned() {
        Some(record) => open(desk, record),
        None => {
            desk.notice = Some(Notice::new(Tone::Note, "the record is still being read"));
            Vec::new()
        }
    }
}

/// The note at that place of the record was chosen. What was typed for it before comes back.
pub(super) fn chosen(desk: &mut Desk, rules: &Rules, place: &str, record: Application) -> Vec<Effect> {
    let Some(id) = place.parse().ok().and_then(|place| record.note_id(place)) else { return Vec::new() };
    let Some(stands) = correct::present(&record, id) else { return Vec::new() };
    let typed = desk.drafts.get(&draft_key(record.id, id));
    let words = stands.value.as_text().unwrap_or_default();
    let text = NoteText::new(typed.map_or(words, |draft| &draft.text), typed.map(|draft| draft.cursor));
    note::write(desk, rules, record, text, Some(id))
}

pub(super) fn plan(text: &str, id: NoteId, record: &Application, ctx: &Context<'_>) -> Result<Planned, Refusal> {
    correct::correct(text, id, record, ctx)
}

/// Each note has a draft of its own for its correction.
pub(super) fn draft_key(subject: SubjectId, id: NoteId) -> DraftKey {
    DraftKey::Answers(subject, format!("correct-{}-{}-{}", id.event.replica, id.event.seq, id.nth))
}
