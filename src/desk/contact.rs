//! One message about several applications of one contact: a touch on each, one step back for all.

use super::effect::Effect;
use super::model::{Desk, Rules};
use super::notice::{Notice, Tone};
use super::prompt::{Act, Item, Pick};
use super::{ask, note, picker};
use crate::domain::application::Application;
use crate::domain::id::SubjectId;
use crate::domain::plan::letter;
use crate::domain::text::fold;

/// How many applications one message lists at the most.
const MOST: usize = 50;

/// Looks for the open applications of the same customer; their records tell whether it is the same.
pub(super) fn look(desk: &mut Desk, rules: &Rules, record: &Application) -> Vec<Effect> {
    let name = fold(record.text("customer_name").unwrap_or_default());
    if name.is_empty() || letter::contacts(record).is_empty() {
        let words = format!("{} names no customer with an email or phone: nobody can say which others are theirs", record.reference());
        desk.notice = Some(Notice::new(Tone::Refused, words));
        return Vec::new();
    }
    if desk.loading {
        desk.notice = Some(Notice::new(Tone::Note, "rows are still being read, and some may be theirs; again in a moment"));
        return Vec::new();
    }
    let workflow = &rules.playbook.workflow;
    let rows = desk.queue.of_customer(&name).into_iter().filter_map(|id| desk.queue.row(id, &rules.playbook));
    let same = rows.filter(|row| row.subject != record.id && workflow.is_open(row.status));
    let others: Vec<SubjectId> = same.map(|row| row.subject).collect();
    if others.len() >= MOST {
        let words = format!("{} open applications are called {}: one message tells of {MOST} at the most", others.len() + 1, record.who());
        desk.notice = Some(Notice::new(Tone::Refused, words));
        return Vec::new();
    }
    if others.is_empty() {
        desk.notice = Some(Notice::new(Tone::Note, format!("{} is the only open application of {}", record.reference(), record.who())));
        return Vec::new();
    }
    vec![Effect::FetchContact { subject: record.id, others }]
}

/// The records came: those with the same email or phone, and the messages that can tell of several.
pub(super) fn found(desk: &mut Desk, rules: &Rules, subject: SubjectId, others: Vec<Application>) -> Vec<Effect> {
    let record = desk.current_record(rules).filter(|record| record.id == subject && desk.prompt.is_none()).cloned();
    let Some(record) = record else { return Vec::new() };
    let same: Vec<Application> = others.into_iter().filter(|other| letter::same_contact(&record, other)).collect();
    if same.is_empty() {
        let words = format!("others are called {} too, but none has the same email or phone", record.who());
        desk.notice = Some(Notice::new(Tone::Note, words));
        return Vec::new();
    }
    let able = rules.playbook.messages.iter().filter(|message| !message.each.is_empty());
    let items: Vec<Item> = able
        .map(|message| Item { value: message.name.clone(), label: message.label.clone(), detail: message.to.clone(), refused: None })
        .collect();
    let names: Vec<&str> = same.iter().map(Application::reference).collect();
    let title = format!("message about {} and {}", record.reference(), names.join(", "));
    // It came without a key: one that was on its way meant something else.
    desk.moved_alone = true;
    picker::open(desk, Pick::MessageAll(same), title, Some(record), items)
}

pub(super) fn chosen(desk: &mut Desk, rules: &Rules, name: &str, record: Application, others: Vec<Application>) -> Vec<Effect> {
    let Some(message) = rules.playbook.message(name) else { return Vec::new() };
    let context = note::context(desk, rules);
    let answers = letter::questions(message, &record, &context).into_iter().map(ask::asked).collect();
    let names: Vec<&str> = std::iter::once(&record).chain(&others).map(Application::reference).collect();
    let title = format!("{} of {}: {}", names.join(", "), record.who(), message.label);
    ask::open(desk, rules, Act::MessageAll(name.to_owned(), others), title, Some(record), answers)
}
