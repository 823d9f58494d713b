//! What can the sign that is being typed in a note be completed to? Statuses, parties, days, contacts.

use super::model::{Desk, Rules};
use super::notice::{Notice, Tone};
use super::prompt::{Item, NotePrompt, Offering, Prompt};
use crate::domain::application::Application;
use crate::domain::day::short;
use crate::domain::playbook::Playbook;
use crate::domain::text::fold;
use crate::domain::when;

/// Signs that have a list. `&` is no mark: the name that it finds is put there as text.
const SIGNS: [char; 5] = ['>', '!', '@', '^', '&'];

/// Days that people mean, the usual ones first.
const DAYS: [&str; 18] = [
    "tomorrow", "2b", "3b", "5b", "10b", "mon", "tue", "wed", "thu", "fri", "next mon", "next tue", "next wed", "next thu", "next fri",
    "2w", "1m", "eom",
];

/// Days on which something happened that is written down late.
const PAST: [&str; 6] = ["yesterday", "mon", "tue", "wed", "thu", "fri"];

/// The list for the word before the cursor; none where the word already is a mark, because then the plan says what it does.
pub(super) fn offering(desk: &Desk, rules: &Rules, note: &NotePrompt) -> Option<Offering> {
    let word = note.text.signed_word(&SIGNS)?;
    let cursor = note.text.cursor_byte();
    if note.corrects.is_some() || note.marks.iter().any(|mark| mark.range.end == cursor) {
        return None;
    }
    let sign = word.chars().next()?;
    let query = fold(&word[sign.len_utf8()..]);
    let (record, today) = (&note.record, desk.today());
    let mut items = match sign {
        '!' => statuses(record, &rules.playbook),
        '@' => parties(record, &rules.playbook),
        '>' => days(&DAYS, |day| {
            when::read(day, today, &rules.playbook.calendar).ok().map(|found| when::words(&found, today, &rules.playbook.calendar))
        }),
        '^' => days(&PAST, |day| when::read_past(day, today, &rules.playbook.calendar).ok().map(|day| short(day, today))),
        _ => contacts(record, &rules.playbook),
    };
    items.retain(|item| matches(item, &query));
    items.sort_by_key(|item| (item.refused.is_some(), !fold(&item.value).starts_with(&query)));
    if sign != '&' {
        items.iter_mut().for_each(|item| item.value.insert(0, sign));
    }
    (!items.is_empty()).then(|| Offering { chars: word.chars().count(), items, chosen: None })
}

/// Puts the chosen one in its place, else the first that can be.
pub(super) fn take(desk: &mut Desk) {
    let Some(Prompt::Note(note)) = &mut desk.prompt else { return };
    let Some(mut offer) = note.offer.take() else {
        let cursor = note.text.cursor_byte();
        let says = match note.marks.iter().any(|mark| mark.range.end == cursor) {
            true => "that is read already: what it does stands below the note",
            false => "it completes what begins with >, !, @, ^ or &; there is nothing to complete here",
        };
        desk.notice = Some(Notice::new(Tone::Note, says));
        return;
    };
    if offer.chosen.is_none() {
        offer.step(true);
    }
    match offer.chosen.and_then(|at| offer.items.get(at)) {
        Some(item) => note.text.complete(offer.chars, &item.value),
        None => {
            let why = offer.items.first().and_then(|item| item.refused.as_deref()).unwrap_or_default();
            desk.notice = Some(Notice::new(Tone::Refused, format!("none of these is possible: {why}")));
        }
    }
}

/// The name, or a word of the label, begins so.
fn matches(item: &Item, query: &str) -> bool {
    let label = fold(&item.label);
    fold(&item.value).starts_with(query) || label.starts_with(query) || label.split([' ', '-']).any(|word| word.starts_with(query))
}

fn item(value: &str, label: &str, detail: String, refused: Option<String>) -> Item {
    Item { value: value.to_owned(), label: label.to_owned(), detail, refused }
}

/// Those of the record's lane; what is no usual move, or asks something, is said to be.
fn statuses(record: &Application, playbook: &Playbook) -> Vec<Item> {
    let workflow = &playbook.workflow;
    let known = workflow.status(record.status()).is_some();
    let refused = |name: &str| match name {
        "ended" => Some("asks for its reason; the status menu has it".to_owned()),
        _ if known && !workflow.is_legal(record.status(), name) => Some("no usual move from here".to_owned()),
        _ => None,
    };
    let all = workflow.of_lane(workflow.lane(record.text("lane"))).filter(|status| status.name != record.status());
    all.map(|status| item(&status.name, &status.label, String::new(), refused(&status.name))).collect()
}

fn parties(record: &Application, playbook: &Playbook) -> Vec<Item> {
    let now = |name: &str| if name == record.ball() { "now".to_owned() } else { String::new() };
    playbook.workflow.parties.iter().map(|party| item(&party.name, &party.label, now(&party.name), None)).collect()
}

fn days(words: &[&str], told: impl Fn(&str) -> Option<String>) -> Vec<Item> {
    words.iter().filter_map(|word| Some(item(word, word, told(word)?, None))).collect()
}

/// Whom one writes to about this record: the customer, and the desks of the utility as its page has them.
fn contacts(record: &Application, playbook: &Playbook) -> Vec<Item> {
    let joined = |parts: [&str; 2]| parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let of = |name: &str| record.text(name).unwrap_or_default();
    let mut items = Vec::new();
    if let Some(name) = record.text("customer_name") {
        items.push(item(name, name, joined([of("customer_phone"), of("customer_email")]), None));
    }
    let Some(utility) = playbook.utility(record.utility()) else { return items };
    let name = if utility.short.is_empty() { &utility.name } else { &utility.short };
    for contact in &utility.contacts {
        items.push(item(&format!("{name} {}", contact.role), &contact.role, joined([&contact.phone, &contact.mailbox]), None));
    }
    if utility.contacts.is_empty() {
        items.push(item(&utility.name, name, utility.mailbox.clone(), None));
    }
    items
}
