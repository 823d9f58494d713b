//! What was done last, again on the record under the cursor: planned anew, and shown before it is done.

use super::effect::Effect;
use super::line::Line;
use super::model::{Desk, Rules};
use super::notice::{Notice, Tone};
use super::prompt::{Act, Again, Ask, NotePrompt, Prompt, Repeat};
use super::text::NoteText;
use super::{ask, note};
use crate::domain::application::Application;
use crate::domain::marks::{self, Meaning};
use crate::domain::plan::{self, Planned, touch};
use crate::domain::text;
use crate::domain::trouble::Refusal;

/// Opens the last touch of this session on `record`. What it asks is asked again, because numbers and promised days are
/// another record's; only the words of the note come along.
pub(super) fn open(desk: &mut Desk, rules: &Rules, record: Application) -> Vec<Effect> {
    match desk.repeat.clone() {
        None => {
            desk.notice =
                Some(Notice::new(Tone::Refused, "nothing to do again: no note, quick action or message was saved in this session yet"));
            Vec::new()
        }
        Some(Repeat::Message(name)) => ask::message(desk, rules, &name, record),
        Some(Repeat::Touch(name, words)) => {
            let effects = ask::disposition(desk, rules, &name, record);
            fill_in(desk, rules, words.as_deref());
            effects
        }
        Some(Repeat::Note(again)) => {
            let title = ask::title("the same note again", &record);
            ask::open(desk, rules, Act::Again(Box::new(again)), title, Some(record), Vec::new())
        }
    }
}

/// The words of the note, where nothing was typed for the same question before.
fn fill_in(desk: &mut Desk, rules: &Rules, words: Option<&str>) {
    let (Some(Prompt::Ask(ask)), Some(words)) = (&mut desk.prompt, words) else { return };
    if let Some(answer) = ask.answers.iter_mut().find(|answer| answer.name == "note" && answer.line.text().is_empty()) {
        // Offered, not typed: leaving it loses nothing.
        answer.line = Line::of_a_note(words);
        answer.offered = words.to_owned();
        ask::refresh(desk, rules);
    }
}

/// What a saved note leaves to be done again; a correction is no touch.
pub(super) fn of_note(note: &NotePrompt, text: &str) -> Option<Repeat> {
    let record = &note.record;
    let numbers = record.aliases().map(|(_, number)| number);
    let names = [record.reference(), record.text("customer_name").unwrap_or_default(), record.site()].into_iter().chain(numbers);
    let again = Again {
        text: text.to_owned(),
        aside: note.text.aside(),
        marks: note.marks.clone(),
        names: names.filter(|name| name.chars().count() > 2).map(str::to_owned).collect(),
        from: record.reference().to_owned(),
    };
    note.corrects.is_none().then_some(Repeat::Note(again))
}

/// What an answered question leaves to be done again.
pub(super) fn of_ask(ask: &Ask) -> Option<Repeat> {
    let words = || ask.answers.iter().find(|answer| answer.name == "note").map(|answer| answer.line.text().trim().to_owned());
    match &ask.act {
        Act::Touch(name) => Some(Repeat::Touch(name.clone(), words().filter(|words| !words.is_empty()))),
        Act::Message(name) => Some(Repeat::Message(name.clone())),
        Act::Again(again) => Some(Repeat::Note((**again).clone())),
        _ => None,
    }
}

/// It counts once it is on disk.
pub(super) fn when_saved(desk: &mut Desk, repeat: Option<Repeat>) {
    if let (Some(saving), Some(_)) = (&mut desk.saving, &repeat) {
        saving.repeat = repeat;
    }
}

/// The same note on another record: its days counted from today, its number of the attempt that record's, everything else as it
/// was meant, or refused.
pub(super) fn plan(again: &Again, record: &Application, rules: &Rules, ctx: &plan::Context<'_>) -> Result<Planned, Refusal> {
    let typed = NoteText::new(&again.text, None).with(&again.aside);
    let marks = note::read(&typed, &again.text, record, rules, ctx.today);
    for before in &again.marks {
        let same = marks.iter().find(|mark| mark.range == before.range).is_some_and(|mark| match (&mark.meaning, &before.meaning) {
            (Meaning::Status(now), Meaning::Status(then)) | (Meaning::Ball(now), Meaning::Ball(then)) => now == then,
            (now, then) => std::mem::discriminant(now) == std::mem::discriminant(then),
        });
        if !same {
            let mark = again.text.get(before.range.clone()).unwrap_or_default();
            return Err(Refusal::new(format!("{mark} does not mean for {} what it meant for {}", record.reference(), again.from))
                .hint("n writes a note of its own"));
        }
    }
    let words = marks::strip(&again.text, &marks);
    let mut planned = touch::note(&words, &note::answers(&marks, record)?, record, ctx)?;
    planned.lines.insert(0, plan::Line { label: "note", text: text::one_line(&words) });
    let folded = text::fold(&words);
    let foreign: Vec<&str> = again.names.iter().map(String::as_str).filter(|name| folded.contains(&text::fold(name))).collect();
    if again.from != record.reference() && !foreign.is_empty() {
        planned.lines.push(plan::Line { label: "look", text: format!("it names {}: {}", again.from, foreign.join(", ")) });
    }
    Ok(planned)
}
