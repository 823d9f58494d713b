//! What does a destination of `sync export` get to see of a changed application? The object of
//! `show`, and beside it what is new and what was taken back since the export before.
//!
//! Each new note, status and milestone has an `id` that never changes: `A:19a8f3c2d410000:note:1` is the
//! first note of the event of replica A with that clock. What comes again after a redo has its old id.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use crate::domain::id::ReplicaId;
use crate::domain::playbook::Playbook;
use crate::domain::standing::{Standing, Thing, ThingId, ThingKind};
use crate::domain::value::Value;

use super::{csv, jsonl, show};

/// The columns of the CSV file: those of an export, then what is new.
pub fn columns() -> Vec<&'static str> {
    show::columns().into_iter().chain(["gone", "into", "new_notes", "withdrawn"]).collect()
}

/// What was sent to the destination of one application.
#[derive(Default)]
pub struct Told {
    /// With the last export.
    pub surely: BTreeSet<ThingId>,
    /// By exports that were stopped when their files may have been seen already.
    pub perhaps: BTreeSet<ThingId>,
}

/// One line of the JSONL file. `reference` is also that of an application that is gone; `tags` are
/// the letters of replicas.
pub fn object(now: &Standing, reference: &str, told: &Told, playbook: &Playbook, score: i32, tags: &BTreeMap<ReplicaId, String>) -> Json {
    let application = &now.application;
    let gone = !application.exists();
    let mut object = match show::application(application, playbook, score) {
        Json::Object(shown) if !gone => shown,
        _ => Map::from_iter([("id".to_owned(), Json::from(reference))]),
    };
    let name = |id: &ThingId| {
        let tag = tags.get(&id.event.replica).map_or_else(|| id.event.replica.to_string(), Clone::clone);
        format!("{tag}:{:x}:{}:{}", id.at.0, id.kind.name(), id.ordinal)
    };
    let new = |kind: ThingKind| -> Json {
        let things = now.things.iter().filter(|(id, _)| id.kind == kind && !told.surely.contains(id));
        things.map(|(id, thing)| one(&name(id), kind, thing)).collect()
    };
    object.insert("gone".into(), gone.into());
    // It went into another one that is the same application.
    object.insert("into".into(), application.value("joined").get("into").filter(|_| gone).map_or(Json::Null, jsonl::json));
    object.insert("new_notes".into(), new(ThingKind::Note));
    object.insert("new_statuses".into(), new(ThingKind::Status));
    object.insert("new_milestones".into(), new(ThingKind::Milestone));
    let sent = told.surely.union(&told.perhaps);
    object.insert("withdrawn".into(), sent.filter(|id| !now.things.contains_key(id)).map(name).collect());
    Json::Object(object)
}

fn one(id: &str, kind: ThingKind, thing: &Thing) -> Json {
    let part = |key: &str| thing.value.get(key).map_or(Json::Null, jsonl::json);
    let mut object = json!({"id": id, "on": thing.on.to_string(), "at": show::at(thing.at), "by": thing.by});
    let parts: &[(&str, Json)] = match kind {
        ThingKind::Note => &[("text", jsonl::json(&thing.value))],
        ThingKind::Status => &[("from", part("from")), ("to", part("to"))],
        ThingKind::Milestone => &[
            ("code", part("code")),
            ("day", part("day")),
            ("source", thing.value.get("source").and_then(Value::as_text).map_or(Json::Null, jsonl::text)),
        ],
    };
    for (key, value) in parts {
        object[*key] = value.clone();
    }
    object
}

/// The same as one row of the CSV file: a new note is a line of its cell, with its id.
pub fn row(object: &Json, columns: &[&str]) -> String {
    let list = |key: &str| object[key].as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    // A note's own line ends would make notes that nobody wrote.
    let flat = |value: &Json| text(value).split_whitespace().collect::<Vec<_>>().join(" ");
    let note = |note: &Json| format!("{} {} {}: {}", text(&note["id"]), text(&note["on"]), text(&note["by"]), flat(&note["text"]));
    let notes: Vec<String> = list("new_notes").iter().map(note).collect();
    let withdrawn: Vec<String> = list("withdrawn").iter().map(text).collect();
    let mut object = object.clone();
    object["new_notes"] = notes.join("\n").into();
    object["withdrawn"] = withdrawn.join(" ").into();
    csv::row(&object, columns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{EventId, Hlc};
    use crate::domain::standing::standing;
    use crate::domain::testing::{application, playbook, today};
    use crate::domain::value::Value;

    #[test]
    fn what_is_new_comes_with_its_id_and_what_was_taken_back_is_named() {
        let replica = ReplicaId(crate::domain::id::Uuid::from_u128(2));
        let id = |kind, seq| ThingId { event: EventId { replica, seq }, at: Hlc(seq), kind, ordinal: 1 };
        let thing = |value: Value| Thing { value, at: Hlc(0).next(1_795_298_709_000), on: today(), by: "jdoe".into() };
        let mut now = standing([]);
        now.application = application(&[("site", "=1 Elm St"), ("status", "submitted")]);
        now.things = BTreeMap::from([
            (id(ThingKind::Note, 7), thing("=cmd|' /C calc'!A0\ntwo".into())),
            (id(ThingKind::Note, 4), thing("old".into())),
            (id(ThingKind::Status, 7), thing(Value::map([("from", Value::Nothing), ("to", "submitted".into())]))),
            (id(ThingKind::Milestone, 7), thing(crate::domain::application::milestone("received", today(), ""))),
        ]);
        let told = Told {
            surely: BTreeSet::from([id(ThingKind::Note, 4), id(ThingKind::Note, 5)]),
            perhaps: BTreeSet::from([id(ThingKind::Note, 7), id(ThingKind::Status, 6)]),
        };
        let tags = BTreeMap::from([(replica, "A".to_owned())]);
        let object = object(&now, "A-1", &told, &playbook(), 5, &tags);
        let at = "2026-11-21T22:05:09Z";
        assert_eq!(
            object["new_notes"],
            json!([{"id": "A:7:note:1", "on": "2026-11-21", "at": at, "by": "jdoe", "text": "=cmd|' /C calc'!A0\ntwo"}])
        );
        assert_eq!(
            object["new_statuses"],
            json!([{"id": "A:7:status:1", "on": "2026-11-21", "at": at, "by": "jdoe", "from": null, "to": "submitted"}])
        );
        assert_eq!(
            object["new_milestones"],
            json!([{"id": "A:7:milestone:1", "on": "2026-11-21", "at": at, "by": "jdoe", "code": "received", "day": "2026-11-21", "source": null}])
        );
        assert_eq!(object["withdrawn"], json!(["A:5:note:1", "A:6:status:1"]), "what may have been seen is taken back too");
        assert_eq!(
            (&object["gone"], &object["into"], &object["id"], &object["score"]),
            (&json!(false), &Json::Null, &json!("A-1"), &json!(5))
        );
        let row = row(&object, &["id", "site", "gone", "into", "new_notes", "withdrawn"]);
        assert_eq!(row, "A-1,'=1 Elm St,false,,A:7:note:1 2026-11-21 jdoe: =cmd|' /C calc'!A0 two,A:5:note:1 A:6:status:1\n");
    }

    #[test]
    fn an_application_that_is_gone_has_its_id_and_no_more() {
        let replica = ReplicaId(crate::domain::id::Uuid::from_u128(2));
        let id = ThingId { event: EventId { replica, seq: 3 }, at: Hlc(3), kind: ThingKind::Note, ordinal: 2 };
        let told = Told { surely: BTreeSet::from([id]), perhaps: BTreeSet::new() };
        let gone = object(&standing([]), "A-7", &told, &playbook(), 0, &BTreeMap::from([(replica, "B".to_owned())]));
        let none = json!([]);
        assert_eq!(
            gone,
            json!({"id": "A-7", "gone": true, "into": null, "new_notes": none, "new_statuses": none, "new_milestones": none, "withdrawn": ["B:3:note:2"]})
        );
        assert!(row(&gone, &columns()).starts_with("A-7,,"), "every column has its cell");
    }
}
