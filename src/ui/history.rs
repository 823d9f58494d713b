//! What follows below the fixed facts: the last note whole, to-dos, milestones, conflicts, earlier contacts.

use std::collections::HashSet;

use super::facts::value_words;
use super::pen::{Piece, piece};
use super::scene::Scene;
use super::text::DOT;
use super::theme::Role;
use crate::domain::application::Application;
use crate::domain::day;
use crate::domain::field;
use crate::domain::record::Entry;
use crate::domain::value::Value;
use crate::index::queue::Row;

/// How many earlier contacts stand beside the list.
const EARLIER: usize = 2;

/// Labelled texts, in the order in which they are shown.
pub fn flow(scene: &Scene<'_>, row: &Row<'_>, record: Option<&Application>) -> Vec<(&'static str, Vec<Piece>)> {
    let Some(record) = record else {
        // The row keeps the start of the last note, so the eye has something while the rest is read.
        return vec![("note", vec![piece(Role::Text, row.last_note)])];
    };
    let last = record.first_notes().next_back();
    let mut flow =
        vec![("note", last.map_or_else(|| vec![piece(Role::Dim, "no note yet")], |(at, note)| note_words(scene, record, at, note)))];
    flow.extend(todos(scene, record));
    flow.extend(milestones(scene, record));
    for conflict in &record.conflicts {
        let label = field::find(&conflict.field).map_or(conflict.field.as_str(), |field| field.label);
        let (kept, lost) = (value_words(&conflict.field, &conflict.kept), value_words(&conflict.field, &conflict.lost));
        flow.push(("conflict", vec![piece(Role::Error, format!("{label}: kept {kept}, not {lost} (written by {})", conflict.by))]));
    }
    // Beside the list the last few: all of them are drawn anew with every row.
    flow.extend(earlier(scene, record, last.map(|(at, _)| at), if scene.desk.detail_only { usize::MAX } else { EARLIER }));
    if let Some(utility) = scene.playbook().utility(row.utility) {
        // Beside the list one is enough: it is the same for every row of the utility.
        let many = if scene.desk.detail_only { utility.quirks.len() } else { 1 };
        let quirks = utility.quirks.iter().filter(|quirk| quirk.counts(scene.today())).take(many);
        flow.extend(quirks.map(|quirk| ("quirk", vec![piece(Role::Text, quirk.line())])));
    }
    flow
}

/// The note as it was last corrected, and what it said first.
fn note_words(scene: &Scene<'_>, record: &Application, at: usize, note: &Entry) -> Vec<Piece> {
    let text = |entry: &Entry| entry.value.as_text().unwrap_or_default().to_owned();
    match record.correction(at) {
        None => vec![signed(scene, note), piece(Role::Text, text(note))],
        Some(correction) => {
            vec![
                signed(scene, correction),
                piece(Role::Text, text(correction)),
                piece(Role::Dim, format!(" (corrected; it said: {})", text(note))),
            ]
        }
    }
}

fn signed(scene: &Scene<'_>, entry: &Entry) -> Piece {
    piece(Role::Text, format!("{} {}: ", day::short(entry.on, scene.today()), entry.by))
}

fn todos(scene: &Scene<'_>, record: &Application) -> Vec<(&'static str, Vec<Piece>)> {
    let mut todos: Vec<_> = record.todos().filter(|todo| !todo.done).collect();
    todos.sort_by_key(|todo| todo.due.unwrap_or(day::Day::MAX));
    let words = |todo: &crate::domain::application::Todo| {
        let party =
            if todo.party.is_empty() { String::new() } else { format!(" ({})", scene.playbook().workflow.party_label(&todo.party)) };
        let due = match todo.due {
            Some(due) if due < scene.today() => piece(Role::Overdue, format!("{DOT}was due {}", day::short(due, scene.today()))),
            Some(due) if due == scene.today() => piece(Role::Due, format!("{DOT}due today")),
            Some(due) => piece(Role::Text, format!("{DOT}due {}", day::short(due, scene.today()))),
            None => piece(Role::Text, ""),
        };
        vec![piece(Role::Text, format!("{}{party}", todo.title)), due]
    };
    todos.iter().map(|todo| ("to-do", words(todo))).collect()
}

fn milestones(scene: &Scene<'_>, record: &Application) -> Option<(&'static str, Vec<Piece>)> {
    let workflow = &scene.playbook().workflow;
    // The latest first: beside the list the line is cut at its end.
    let words: Vec<String> = record
        .milestones()
        .rev()
        .map(|milestone| format!("{} {}", workflow.milestone_label(milestone.code), day::short(milestone.day, scene.today())))
        .collect();
    (!words.is_empty()).then(|| ("so far", vec![piece(Role::Text, words.join(DOT))]))
}

/// Contacts before the last note, the newest first.
fn earlier(scene: &Scene<'_>, record: &Application, last: Option<usize>, most: usize) -> Vec<(&'static str, Vec<Piece>)> {
    let noted: HashSet<_> = record.notes().map(|note| note.command).collect();
    let said = |(at, entry): &(usize, &Entry)| !entry.hidden && entry.corrects.is_none() && Some(*at) != last;
    let words = |(at, entry): (usize, &Entry)| {
        let playbook = scene.playbook();
        let text = |key: &str| entry.value.get(key).and_then(Value::as_text).unwrap_or_default();
        match entry.field.as_str() {
            "note" => Some(note_words(scene, record, at, entry)),
            // The note of the same command says it better.
            _ if noted.contains(&entry.command) => None,
            "message" => {
                let label = playbook.message(text("name")).map_or_else(|| text("name"), |message| &message.label);
                Some(vec![signed(scene, entry), piece(Role::Text, format!("{} {label}", text("state")))])
            }
            "disposition" => {
                let name = entry.value.as_text().unwrap_or_default();
                Some(vec![
                    signed(scene, entry),
                    piece(Role::Text, playbook.disposition(name).map_or(name, |disposition| &disposition.label)),
                ])
            }
            _ => None,
        }
    };
    record.entries.iter().enumerate().rev().filter(said).filter_map(words).take(most).map(|words| ("before", words)).collect()
}
