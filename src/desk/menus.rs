//! What there is to choose from: actions, quick actions, statuses, parties, messages, fields.

use super::effect::Effect;
use super::key::{self, Press};
use super::model::{Desk, Rules};
use super::msg::Seen;
use super::narrow::NO_KEY;
use super::notice::{Notice, Tone};
use super::prompt::{Act, Item, Pager, Pick, Picker, Prompt};
use super::{ask, bulk, choose, columns, contact, correct, drill, join, keep, note, picker, records, serve, template};
use crate::domain::application::Application;
use crate::domain::field::{self, FIELDS};
use crate::domain::plan::touch;
use crate::keys::action::{self, ACTIONS, Layer};
use crate::keys::keymap::Run;

pub(super) fn item(value: &str, label: &str, detail: &str, refused: Option<String>) -> Item {
    Item { value: value.to_owned(), label: label.to_owned(), detail: detail.to_owned(), refused }
}

/// Every action by name, with the key that does the same: the palette teaches keys.
pub(super) fn palette(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let actions = ACTIONS.iter().filter(|action| action.layer == Layer::Queue && action.takes.is_none()).map(|action| {
        let keys = rules.keymap.keys_of(action.name, None);
        item(action.name, action.words, keys.as_deref().unwrap_or(NO_KEY), None)
    });
    let record = desk.current_record(rules).cloned();
    let touches = dispositions(desk, rules, record.as_ref()).into_iter().map(|mut item| {
        item.value = format!("touch {}", item.value);
        item
    });
    let items = touches.chain(actions).collect();
    picker::open(desk, Pick::Palette, "do anything".to_owned(), record, items)
}

fn dispositions(desk: &Desk, rules: &Rules, record: Option<&Application>) -> Vec<Item> {
    let context = note::context(desk, rules);
    let possible = |disposition| record.map_or(Ok(()), |record| touch::possible(disposition, record, &context));
    let keys = |name: &str| rules.keymap.keys_of("touch", Some(name)).unwrap_or_else(|| NO_KEY.to_owned());
    let all = rules.playbook.dispositions.iter();
    all.map(|disposition| item(&disposition.name, &disposition.label, &keys(&disposition.name), possible(disposition).err())).collect()
}

pub(super) fn quick_actions(desk: &mut Desk, rules: &Rules, record: Application) -> Vec<Effect> {
    let mut items = dispositions(desk, rules, Some(&record));
    items.sort_by_key(|item| item.refused.is_some());
    picker::open(desk, Pick::QuickAction, ask::title("quick action", &record), Some(record), items)
}

/// The statuses of the record's lane, legal ones first; the others can be chosen too and then ask for a reason.
pub(super) fn status(desk: &mut Desk, rules: &Rules, record: Application) -> Vec<Effect> {
    let workflow = &rules.playbook.workflow;
    let known = workflow.status(record.status()).is_some();
    let mut items: Vec<Item> = workflow
        .of_lane(workflow.lane(record.text("lane")))
        .filter(|status| status.name != record.status())
        .map(|status| {
            let refused =
                (known && !workflow.is_legal(record.status(), &status.name)).then(|| "unusual from here, asks for a reason".to_owned());
            item(&status.name, &status.label, &status.name, refused)
        })
        .collect();
    items.sort_by_key(|item| item.refused.is_some());
    let title = format!("status of {} {} (now {})", record.reference(), record.who(), workflow.status_label(record.status()));
    picker::open(desk, Pick::Status, title, Some(record), items)
}

pub(super) fn ball(desk: &mut Desk, rules: &Rules, record: Application) -> Vec<Effect> {
    let parties = rules.playbook.workflow.parties.iter().filter(|party| party.name != record.ball());
    let items = parties.map(|party| item(&party.name, &party.label, "", None)).collect();
    picker::open(desk, Pick::Ball, ask::title("waiting on", &record), Some(record), items)
}

pub(super) fn hold(desk: &mut Desk, rules: &Rules, record: Application) -> Vec<Effect> {
    let _ = rules;
    let held = record.hold().is_some() || record.flag("until_activity");
    let items = vec![
        item("blocked", "blocked because ...", "asks for the reason", None),
        item("until-activity", "away until something arrives", "", record.flag("until_activity").then(|| "it is already".to_owned())),
        item("release", "release it", "", (!held).then(|| "it is not on hold".to_owned())),
    ];
    picker::open(desk, Pick::Hold, ask::title("hold", &record), Some(record), items)
}

/// The messages, those that fit the status first.
pub(super) fn message(desk: &mut Desk, rules: &Rules, record: Application) -> Vec<Effect> {
    let mut messages: Vec<_> = rules.playbook.messages.iter().collect();
    messages.sort_by_key(|message| !message.statuses.iter().any(|status| status == record.status()));
    let label = |party: &str| rules.playbook.workflow.party_label(party).to_owned();
    let items = messages.into_iter().map(|message| item(&message.name, &message.label, &label(&message.to), None)).collect();
    picker::open(desk, Pick::Message, ask::title("message", &record), Some(record), items)
}

pub(super) fn todos(desk: &mut Desk, rules: &Rules, record: Application) -> Vec<Effect> {
    let today = desk.today();
    let due = |day: Option<crate::domain::day::Day>| day.map(|day| crate::domain::day::short(day, today)).unwrap_or_default();
    let items: Vec<Item> =
        record.todos().filter(|todo| !todo.done).map(|todo| item(&todo.field, &todo.title, &due(todo.due), None)).collect();
    if items.is_empty() {
        desk.notice =
            Some(Notice::new(Tone::Note, format!("{} has no open to-do; {} adds one", record.reference(), rules.key("add-todo"))));
        return Vec::new();
    }
    picker::open(desk, Pick::Todo, ask::title("finish a to-do", &record), Some(record), items)
}

/// Every field that has a value, in the order of the table: the application number first.
pub(super) fn copy_field(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let Some(record) = desk.current_record(rules).cloned() else {
        desk.notice = Some(Notice::new(Tone::Note, "the record is still being read"));
        return Vec::new();
    };
    let shown = |field: &field::Field| field::show(field.kind, record.value(field.name));
    let filled = FIELDS.iter().filter(|field| !record.value(field.name).is_nothing());
    let mut items: Vec<Item> = filled.map(|field| item(field.name, field.label, &shown(field), None)).collect();
    items.push(item("reference", "reference", record.reference(), None));
    picker::open(desk, Pick::CopyField, ask::title("copy", &record), Some(record), items)
}

/// What is chosen is about no record, or about whichever the list was opened on.
fn chosen_alone(desk: &mut Desk, rules: &Rules, from: &Picker, item: &Item, press: Press) -> Option<Vec<Effect>> {
    let value = item.value.clone();
    Some(match &from.pick {
        Pick::View | Pick::RemoveView | Pick::SortBy | Pick::GroupBy => return keep::chosen(desk, rules, &from.pick, &value, press),
        Pick::Palette => run_named(desk, rules, from, &value, press),
        Pick::OnPage(page) => {
            let top = value.parse().unwrap_or(page.top);
            desk.prompt = Some(Prompt::Pager(Pager { top, ..(**page).clone() }));
            Vec::new()
        }
        Pick::Keymap | Pick::Theme => choose::picked(from, value),
        Pick::Target => columns::chosen(desk, &value),
        Pick::SameSite => records::chosen(desk, rules, &value),
        Pick::Bulk => bulk::chosen(desk, rules, &value, &item.label),
        Pick::Skipped => serve::bring_back(desk, rules, &value),
        Pick::Template => template::open(desk, rules, &value, from.record.clone()),
        _ => return None,
    })
}

pub(super) fn chosen(desk: &mut Desk, rules: &Rules, from: &Picker, item: &Item, press: Press) -> Vec<Effect> {
    if let Some(effects) = chosen_alone(desk, rules, from, item, press) {
        return effects;
    }
    let value = item.value.clone();
    let Some(record) = from.record.clone() else { return Vec::new() };
    match from.pick {
        Pick::QuickAction => ask::disposition(desk, rules, &value, record),
        Pick::Status => {
            let mut answers = Vec::new();
            if value == "ended" {
                let reasons = rules.playbook.workflow.ended_reasons.join(", ");
                answers.push(ask::answer("ended_reason", &format!("reason ({reasons})"), true, ""));
            }
            if item.refused.is_some() {
                answers.push(ask::answer("because", "why against the usual order", true, ""));
            }
            ask::open(desk, rules, Act::Status(value), ask::title(&item.label, &record), Some(record), answers)
        }
        Pick::Ball => ask::open(desk, rules, Act::Ball(value), ask::title("waiting on", &record), Some(record), Vec::new()),
        Pick::Hold => {
            let (act, answers) = match value.as_str() {
                "blocked" => (Act::Hold, vec![ask::answer("hold", "blocked because", true, record.hold().unwrap_or_default())]),
                "until-activity" => (Act::UntilActivity, Vec::new()),
                _ => (Act::Release, Vec::new()),
            };
            ask::open(desk, rules, act, ask::title("hold", &record), Some(record), answers)
        }
        Pick::Message => ask::message(desk, rules, &value, record),
        Pick::Todo => ask::open(desk, rules, Act::FinishTodo(value), ask::title("done", &record), Some(record), Vec::new()),
        Pick::Note => correct::chosen(desk, rules, &value, record),
        Pick::Clock => super::rules::extended(desk, rules, &value, &item.label, record),
        Pick::CopyField => vec![Effect::Copy { what: format!("{} of {}", item.label, record.reference()), text: item.detail.clone() }],
        Pick::Link => vec![Effect::Copy { what: format!("link, {} of {}", item.label, record.reference()), text: value }],
        Pick::Line => vec![Effect::Copy { what: format!("line {} of {}", item.label, record.reference()), text: item.detail.clone() }],
        Pick::MessageAll(ref others) => contact::chosen(desk, rules, &value, record, others.clone()),
        Pick::Join(_) => join::chosen(desk, rules, from, &value),
        Pick::Skip => serve::reason(desk, rules, &value, record, press),
        _ => Vec::new(),
    }
}

/// Runs what the palette named, on the record that was seen when the palette was opened.
fn run_named(desk: &mut Desk, rules: &Rules, from: &Picker, value: &str, press: Press) -> Vec<Effect> {
    let (name, argument) = value.split_once(' ').map_or((value, None), |(name, argument)| (name, Some(argument.to_owned())));
    let Some(action) = action::find(name) else { return Vec::new() };
    drill::named(desk);
    let seen = from.record.as_ref().map(|record| Seen { subject: record.id, version: record.version });
    key::act(desk, rules, &Run { action, argument }, Press { seen, ..press })
}
