//! A system that knows nothing of the program but the files it is sent.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use super::support::{Place, said};
use super::{code, run};

/// What another system keeps.
#[derive(Default)]
pub struct Receiver {
    pub position: i64,
    pub applications: BTreeMap<String, Value>,
    /// By its id: whose it is, and what it was.
    pub log: BTreeMap<String, (String, Value)>,
    /// Files that were written by a killed run come twice.
    pub forgiving: bool,
}

impl Receiver {
    /// One file, which must follow the one before.
    pub fn take(&mut self, path: &Path) {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("text");
        let mut parts = stem.rsplitn(3, '-');
        let mut position = || parts.next().and_then(|part| part.parse::<i64>().ok()).expect("NAME-FROM-TO");
        let (to, from) = (position(), position());
        assert!(from == self.position || self.forgiving, "{stem} does not go on from {}", self.position);
        self.position = to;
        let text = std::fs::read_to_string(path).expect("a file");
        for line in text.lines() {
            self.line(serde_json::from_str(line).expect("a line is an object"));
        }
    }

    fn line(&mut self, mut object: Value) {
        let id = object["id"].as_str().expect("an id").to_owned();
        let map = object.as_object_mut().expect("an object");
        let mut part = |key: &str| map.remove(key).unwrap_or_else(|| panic!("{id} has no {key}"));
        for withdrawn in part("withdrawn").as_array().expect("a list") {
            let known = self.log.remove(withdrawn.as_str().expect("an id"));
            assert!(self.forgiving || known.is_some_and(|(whose, _)| whose == id), "{id}: {withdrawn} was never sent");
        }
        for key in ["new_notes", "new_statuses", "new_milestones"] {
            for new in part(key).as_array().expect("a list") {
                let name = new["id"].as_str().expect("an id").to_owned();
                let known = self.log.insert(name, (id.clone(), new.clone()));
                assert!(self.forgiving || known.is_none(), "{id}: {new} came twice");
            }
        }
        part("into");
        if part("gone") == true {
            assert_eq!(map.len(), 1, "only its id is left");
            self.applications.remove(&id);
        } else {
            self.applications.insert(id, object);
        }
    }

    /// Things of one application in the order in which they were written.
    fn things(&self, id: &str, kind: &str) -> Vec<&Value> {
        let key = |name: &str| {
            let parts: Vec<&str> = name.split(':').collect();
            (parts[2] == kind).then(|| (i64::from_str_radix(parts[1], 16).expect("a clock"), parts[3].parse::<i64>().expect("a number")))
        };
        let mut found: Vec<_> =
            self.log.iter().filter(|(_, (whose, _))| whose == id).filter_map(|(name, (_, thing))| Some((key(name)?, thing))).collect();
        found.sort_by_key(|(key, _)| *key);
        found.into_iter().map(|(_, thing)| thing).collect()
    }

    /// The same as `show` says of every application that was ever opened.
    pub fn is_right(&self, place: &Place, ever: &BTreeSet<String>) {
        for id in ever {
            let shown = run(place, &["--json", "show", id]);
            let Some(known) = self.applications.get(id) else {
                // What was joined with another is found as that one.
                let is_other = || serde_json::from_slice::<Value>(&shown.stdout).is_ok_and(|shown| shown["id"] != **id);
                assert!(code(&shown) == 1 || is_other(), "{id} is there and the receiver does not know it: {}", said(&shown));
                assert!(self.log.values().all(|(whose, _)| whose != id), "{id} is gone, and something of it stays");
                continue;
            };
            assert_eq!(code(&shown), 0, "{id} is gone and the receiver has it: {}", said(&shown));
            let shown: Value = serde_json::from_slice(&shown.stdout).expect("JSON");
            assert_eq!(known, &shown, "{id}");
            let texts =
                |notes: &[&Value]| -> Vec<Value> { notes.iter().map(|note| json!([note["at"], note["by"], note["text"]])).collect() };
            let theirs: Vec<&Value> = shown["notes"].as_array().expect("a list").iter().collect();
            assert_eq!(texts(&self.things(id, "note")), texts(&theirs), "{id}: notes");
            let days =
                |items: &[&Value]| -> Vec<Value> { items.iter().map(|item| json!([item["code"], item["day"], item["source"]])).collect() };
            let theirs: Vec<&Value> = shown["milestones"].as_array().expect("a list").iter().collect();
            assert_eq!(days(&self.things(id, "milestone")), days(&theirs), "{id}: milestones");
            let moves = self.things(id, "status");
            assert_eq!(moves.last().map_or(&Value::Null, |last| &last["to"]), &shown["status"], "{id}: moves end where it stands");
            let chained = moves.windows(2).all(|pair| pair[0]["to"] == pair[1]["from"]);
            assert!(chained, "{id}: each move begins where the one before ended: {moves:?}");
        }
    }
}
