//! What is the demo made of? The words and names of `demo/*.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::road::Both;
use crate::domain::playbook::DeskKind;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    pub coordinator: Signed,
    pub colleagues: Vec<Colleague>,
    pub company: BTreeMap<String, String>,
    pub domains: Vec<String>,
    pub first: Vec<String>,
    pub last: Vec<String>,
    pub streets: Vec<String>,
    pub businesses: Vec<String>,
}

/// As messages are signed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    pub name: String,
    pub phone: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Colleague {
    pub login: String,
    pub name: String,
}

/// A utility's towns and the patterns of its numbers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    pub utility: String,
    pub number: String,
    pub account: String,
    pub meter: String,
    /// Business days that each step takes there, in the middle.
    pub pace: Pace,
    pub programs: Programs,
    /// Town, state, ZIP code.
    pub towns: Vec<[String; 3]>,
}

/// By the name of a step.
pub type Pace = BTreeMap<String, i64>;

/// Under which programs its sites apply; none where no page says one.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Programs {
    pub any: Vec<String>,
    /// Those of sites that are no homes, where they are others.
    pub business: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Places {
    place: Vec<Place>,
}

#[derive(Deserialize)]
pub struct Words {
    pub missing: Vec<String>,
    pub deficiency: Vec<String>,
    pub hold: Vec<String>,
    pub legal: String,
    pub escalated: Vec<String>,
    pub complaint: Vec<String>,
    pub todo: Vec<String>,
    pub ended: Vec<String>,
    /// For a question that the demo does not know.
    pub text: String,
    /// Statuses where most files never come.
    pub detours: Vec<String>,
    /// The status that lies on every way to the utility.
    pub gate: String,
    other: Vec<String>,
    /// A desk's own notes by party, and its own lists by their names here, before the others.
    desk: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// Answers to questions of messages, by their names.
    pub asked: BTreeMap<String, Vec<String>>,
    /// Notes of quick actions, by their names.
    pub said: BTreeMap<String, Vec<String>>,
    /// Notes by the party that was waited for.
    #[serde(flatten)]
    by_party: BTreeMap<String, Vec<String>>,
}

impl Words {
    /// The desk's own list of that name, else the one of all desks.
    pub fn of_desk<'a>(&'a self, desk: DeskKind, name: &str, of_all: &'a [String]) -> &'a [String] {
        self.desk.get(desk.name()).and_then(|words| words.get(name)).map_or(of_all, Vec::as_slice)
    }

    pub fn of_party(&self, desk: DeskKind, party: &str) -> &[String] {
        let own = self.desk.get(desk.name()).and_then(|words| words.get(party));
        own.or_else(|| self.by_party.get(party)).unwrap_or(&self.other)
    }
}

pub struct Data {
    pub people: People,
    pub places: Vec<Place>,
    pub words: Words,
    pub roads: Both,
    /// What colleagues added to pages of utilities.
    pub additions: Vec<Added>,
}

/// One thing that a colleague added, so many business days ago.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Added {
    pub desks: Vec<String>,
    pub utility: String,
    pub by: usize,
    pub ago: i64,
    pub quirk: Option<String>,
    pub down: Option<Down>,
    pub stop: Option<Stopped>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Down {
    pub days: i64,
    pub reason: String,
    pub channel: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stopped {
    pub days: i64,
    pub agreed_by: String,
    pub authority: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Book {
    addition: Vec<Added>,
}

impl Data {
    pub fn shipped() -> Data {
        let places: Places = toml::from_str(include_str!("../../../demo/places.toml")).expect("shipped, and read by a test");
        let book: Book = toml::from_str(include_str!("../../../demo/book.toml")).expect("shipped, and read by a test");
        Data {
            people: toml::from_str(include_str!("../../../demo/people.toml")).expect("shipped, and read by a test"),
            places: places.place,
            words: toml::from_str(include_str!("../../../demo/words.toml")).expect("shipped, and read by a test"),
            roads: toml::from_str(include_str!("../../../demo/course.toml")).expect("shipped, and read by a test"),
            additions: book.addition,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_shipped_reads_and_is_made_up() {
        let data = Data::shipped();
        assert_eq!(data.places.len(), 9);
        assert!(data.places.iter().all(|place| !place.towns.is_empty() && place.number.contains('#')));
        assert!(data.people.domains.iter().all(|domain| domain.starts_with("example.")));
        assert!(data.people.coordinator.phone.contains("555-01"));
        assert!(
            data.places
                .iter()
                .all(|place| ["completeness", "review", "permission", "meter"].iter().all(|step| place.pace.contains_key(*step)))
        );
        let words = |desk, party| data.words.of_party(desk, party);
        assert_ne!(words(DeskKind::Residential, "customer"), words(DeskKind::Residential, "nobody"));
        assert_ne!(words(DeskKind::Residential, "us"), words(DeskKind::Utility, "us"));
    }
}
