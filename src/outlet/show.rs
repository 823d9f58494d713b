//! What do scripts get to see of an application? One JSON object, the same for `list`, `show` and
//! an export. Its names are a promise.
//!
//! Sizes are whole watts (watt-hours for `storage_energy` and `storage_usable`, volts for `line_voltage`), days `2026-11-30`, a follow-up
//! `2026-11-30` or `2026-11-30T14:00`, flags true or false. What has no value is null.

use serde_json::{Map, Value as Json, json};

use crate::domain::application::Application;
use crate::domain::day::DateTime;
use crate::domain::facts::Facts;
use crate::domain::field::{FIELDS, Kind};
use crate::domain::id::Hlc;
use crate::domain::playbook::Playbook;
use crate::domain::sizes::{self, Amount};
use crate::domain::value::Value;

use super::jsonl;

/// What `list` gives of each row, in the order of its CSV columns.
pub const LIST: &[&str] = &["id", "application", "utility", "title", "status", "ball", "owner", "follow_up", "score"];

/// The columns of an export: those of `list`, then every other field.
pub fn columns() -> Vec<&'static str> {
    let others = FIELDS.iter().map(|field| field.name).filter(|name| !LIST.contains(name));
    LIST.iter().copied().chain(others).collect()
}

/// One row of `list`. `utility` is what the file or a person wrote.
pub fn list_row(facts: &Facts, playbook: &Playbook, score: i32) -> Json {
    row(facts, facts.task(playbook), score)
}

fn row(facts: &Facts, title: &str, score: i32) -> Json {
    json!({
        "id": facts.reference,
        "application": jsonl::text(&facts.number),
        "utility": jsonl::text(&facts.utility),
        "title": jsonl::text(title),
        "status": jsonl::text(&facts.status),
        "ball": jsonl::text(&facts.ball),
        "owner": jsonl::text(&facts.owner),
        "follow_up": facts.follow_up.map(|when| when.to_string()),
        "score": score,
    })
}

/// The one object of `show`, and one line of a JSONL export.
pub fn application(application: &Application, playbook: &Playbook, score: i32) -> Json {
    let facts = Facts::of(application);
    let title = facts.as_ref().map(|facts| facts.task(playbook)).unwrap_or_default();
    object(application, facts.as_ref(), title, score)
}

fn object(application: &Application, facts: Option<&Facts>, title: &str, score: i32) -> Json {
    let mut object = Map::new();
    for field in FIELDS {
        let value = match (field.kind, application.value(field.name)) {
            (Kind::Flag, value) => Json::Bool(value.as_flag().unwrap_or(false)),
            (_, value) => jsonl::json(value),
        };
        object.insert(field.name.to_owned(), value);
    }
    if let Some(Json::Object(row)) = facts.map(|facts| row(facts, title, score)) {
        object.extend(row);
    }
    object.insert("sizes".into(), sizes(application));
    object.insert("notes".into(), notes(application));
    object.insert("milestones".into(), milestones(application));
    object.insert("aliases".into(), application.aliases().map(|(source, number)| json!({"source": source, "number": number})).collect());
    object.insert("todos".into(), todos(application));
    object.insert("attempts".into(), attempts(application));
    Json::Object(object)
}

/// Each size with its working. `amount` is whole `W` or `Wh`, a ratio in hundredths, or null with the reason
/// in `unknown`; `computed` is what the equipment gives where something else was typed.
fn sizes(application: &Application) -> Json {
    let unit = |size: &sizes::Size| match (size.amount, size.name) {
        (Some(Amount::WattHours(_)), _) | (None, "storage_energy" | "storage_usable") => "Wh",
        (Some(Amount::Hundredths(_)), _) | (None, "dc_ac") => "hundredths",
        _ => "W",
    };
    sizes::sizes(application)
        .iter()
        .map(|size| {
            json!({
                "name": size.name,
                "label": size.label,
                "amount": size.amount.map(Amount::number),
                "unit": unit(size),
                "how": jsonl::text(&size.how),
                "computed": size.computed.map(Amount::number),
                "unknown": size.unknown,
            })
        })
        .collect()
}

/// Oldest first; `at` is when it was written, in UTC.
fn notes(application: &Application) -> Json {
    application
        .notes()
        .map(|note| {
            let text = match &note.value {
                Value::Text(text) => Json::String(text.clone()),
                other => jsonl::json(other),
            };
            json!({"at": at(note.at), "by": note.by, "text": text})
        })
        .collect()
}

fn milestones(application: &Application) -> Json {
    application
        .milestones()
        .map(|milestone| json!({"code": milestone.code, "day": milestone.day.to_string(), "source": jsonl::text(milestone.source)}))
        .collect()
}

fn todos(application: &Application) -> Json {
    application
        .todos()
        .map(|todo| {
            json!({
                "id": todo.field,
                "title": todo.title,
                "party": jsonl::text(&todo.party),
                "due": todo.due.map(|due| due.to_string()),
                "done": todo.done,
            })
        })
        .collect()
}

/// How often each party was tried without an answer.
fn attempts(application: &Application) -> Json {
    application
        .registers
        .iter()
        .filter_map(|(field, register)| Some((field.strip_prefix("attempts.")?.to_owned(), Json::from(register.value.as_number()?))))
        .collect::<Map<String, Json>>()
        .into()
}

/// `2026-11-21T14:05:09Z`.
pub fn at(hlc: Hlc) -> String {
    DateTime::from_timestamp_millis(hlc.millis()).map(|at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
}
