//! Words out: the ring of fields, today's notes, how an application stands, the view as cells.

use super::effect::Effect;
use super::key::Press;
use super::model::{Desk, Ring, Rules};
use super::notice::{Notice, Tone};
use super::prompt::{Item, Pick};
use super::{note, picker};
use crate::domain::application::Application;
use crate::domain::day::short;
use crate::domain::text::cut;
use crate::domain::{field, lines, links};

/// How much of a copied field is said.
const SHOWN: usize = 32;

/// The names of the cells that a view copies as.
const CELLS: [&str; 10] =
    ["ref", "number (the utility's, else another)", "customer", "site", "utility", "status", "we look", "waiting on", "owner", "next"];

pub(super) fn act(desk: &mut Desk, rules: &Rules, name: &str, press: Press) -> Vec<Effect> {
    if name == "copy-cells" {
        return vec![cells(desk, rules)];
    }
    if name == "copy-all-notes" {
        return vec![Effect::CopyNotes];
    }
    // A copy is no change, but the words of the record that was read are those that are wanted.
    let record = desk.current_record(rules).filter(|record| press.seen.is_none_or(|seen| seen.subject == record.id)).cloned();
    let Some(record) = record else {
        desk.notice = Some(Notice::new(Tone::Note, "the record is still being read"));
        return Vec::new();
    };
    match name {
        "next-field" => step(desk, rules, &record, 1),
        "previous-field" => step(desk, rules, &record, -1),
        "copy-notes" => notes(desk, &record),
        "copy-link" => links(desk, rules, record),
        "copy-line" => choose_line(desk, rules, record),
        _ => Vec::new(),
    }
}

/// One field further in the order of the portal: which it is, and which comes next. Fields without a
/// value have nothing to copy; they are named, because the portal asks for them all the same.
fn step(desk: &mut Desk, rules: &Rules, record: &Application, by: isize) -> Vec<Effect> {
    let ring = lines::ring(record, &note::context(desk, rules));
    let filled: Vec<usize> = (0..ring.len()).filter(|idx| ring[*idx].text.is_some()).collect();
    let count = isize::try_from(filled.len()).unwrap_or(0);
    if count == 0 {
        desk.notice = Some(Notice::new(Tone::Note, format!("{} has no value of the fields that the portal asks for", record.reference())));
        return Vec::new();
    }
    let before = desk.ring.filter(|ring| ring.subject == record.id).map(|ring| ring.place);
    let place = match before {
        Some(place) => (place + by).rem_euclid(count),
        None if by > 0 => 0,
        None => count - 1,
    };
    desk.ring = Some(Ring { subject: record.id, place });
    let at = |place: isize| filled[usize::try_from(place.rem_euclid(count)).unwrap_or(0)];
    let (here, next) = (at(place), at(place + 1));
    let empty: Vec<&str> = ring[here + 1..].iter().take_while(|slot| slot.text.is_none()).map(|slot| slot.label.as_str()).collect();
    let empty = match empty.len() {
        0 => String::new(),
        1 | 2 => format!(", {} empty", empty.join(" and ")),
        many => format!(", {many} between are empty"),
    };
    let text = ring[here].text.clone().unwrap_or_default();
    // What is in one's hand, as far as it fits.
    let shown = cut(&text, SHOWN);
    let more = if shown.len() < text.len() { "..." } else { "" };
    let what =
        format!("{} {shown}{more} of {} ({}/{count}; next: {}{empty})", ring[here].label, record.reference(), place + 1, ring[next].label);
    vec![Effect::Copy { what, text }]
}

/// Today's notes of the record, whoever wrote them.
fn notes(desk: &mut Desk, record: &Application) -> Vec<Effect> {
    let lines = lines::notes(record, desk.today(), &desk.person, false);
    if lines.is_empty() {
        desk.notice = Some(Notice::new(Tone::Note, format!("{} has no note of today", record.reference())));
        return Vec::new();
    }
    let what = format!("{} of {} as CRM lines", count(lines.len(), "note"), record.reference());
    vec![Effect::Copy { what, text: lines.join("\n") }]
}

/// Today's notes of this person came, of every record.
pub(super) fn all_notes(desk: &mut Desk, lines: &[String]) -> Vec<Effect> {
    if lines.is_empty() {
        desk.notice = Some(Notice::new(Tone::Note, "you wrote no note today"));
        return Vec::new();
    }
    vec![Effect::Copy { what: format!("{} of today as CRM lines", count(lines.len(), "note")), text: lines.join("\n") }]
}

fn count(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// The addresses of the record, the newest first: its own fields, then its notes, then the portal.
fn links(desk: &mut Desk, rules: &Rules, record: Application) -> Vec<Effect> {
    let fields = field::FIELDS.iter().filter_map(|field| Some((field.label.to_owned(), record.text(field.name)?)));
    let notes = record.notes().rev().filter_map(|note| Some((format!("note of {}", short(note.on, desk.today())), note.value.as_text()?)));
    let page = rules.playbook.utility(record.utility());
    let portal = page.map(|page| (format!("portal of {}", page.name), page.portal.as_str()));
    let address = page.and_then(|page| Some((format!("portal of {}", page.name), page.portal_url.as_ref()?.is.as_str())));
    let mut items: Vec<Item> = Vec::new();
    for (label, text) in fields.chain(notes).chain(portal).chain(address) {
        for address in links::find(text) {
            if items.iter().all(|item| item.value != address) {
                items.push(Item { value: address.to_owned(), label: label.clone(), detail: address.to_owned(), refused: None });
            }
        }
    }
    match items.as_slice() {
        [] => {
            desk.notice = Some(Notice::new(Tone::Note, format!("{} has no link in its fields and notes", record.reference())));
            Vec::new()
        }
        [one] => vec![Effect::Copy { what: format!("link, {} of {}", one.label, record.reference()), text: one.value.clone() }],
        _ => picker::open(desk, Pick::Link, super::ask::title("copy a link", &record), Some(record), items),
    }
}

/// One line about the record, for whoever asks. One that has a hole is shown with what it lacks.
fn choose_line(desk: &mut Desk, rules: &Rules, record: Application) -> Vec<Effect> {
    let context = note::context(desk, rules);
    let item = |line: &lines::StatusLine| {
        let told = lines::status(line, &record, &context);
        let (detail, refused) = match told {
            Ok(text) => (text, None),
            Err(refusal) => (String::new(), Some(refusal.says)),
        };
        Item { value: line.name.clone(), label: line.label.clone(), detail, refused }
    };
    let items = rules.playbook.lines.status.iter().map(item).collect();
    picker::open(desk, Pick::Line, super::ask::title("one line about", &record), Some(record), items)
}

/// Every row of the order that is shown, as cells for a spreadsheet.
fn cells(desk: &Desk, rules: &Rules) -> Effect {
    let today = desk.today();
    let workflow = &rules.playbook.workflow;
    let rows = desk.order.iter().filter_map(|id| desk.queue.row(*id, &rules.playbook)).map(|row| {
        let look = row.follow_up.map(|when| when.to_string()).unwrap_or_default();
        [
            row.reference,
            row.number,
            row.customer,
            row.site,
            row.utility,
            workflow.status_label(row.status),
            &look,
            workflow.party_label(row.ball),
            row.owner,
            row.task,
        ]
        .map(str::to_owned)
        .to_vec()
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let what = format!("{} as cells ({today})", count(rows.len(), "row"));
    Effect::CopyCells { what, header: CELLS.to_vec(), rows }
}
