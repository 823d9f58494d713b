//! What is the demo made of? The words and names of `demo/*.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

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
    /// Town, state, ZIP code.
    pub towns: Vec<[String; 3]>,
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
    pub programs: Vec<String>,
    pub ended: Vec<String>,
    /// For a question that the demo does not know.
    pub text: String,
    /// Statuses where most files never come.
    pub detours: Vec<String>,
    /// The status that lies on every way to the utility.
    pub gate: String,
    other: Vec<String>,
    /// Notes by the party that was waited for.
    #[serde(flatten)]
    by_party: BTreeMap<String, Vec<String>>,
}

impl Words {
    pub fn of_party(&self, party: &str) -> &[String] {
        self.by_party.get(party).unwrap_or(&self.other)
    }
}

pub struct Data {
    pub people: People,
    pub places: Vec<Place>,
    pub words: Words,
}

impl Data {
    pub fn shipped() -> Data {
        let places: Places = toml::from_str(include_str!("../../../demo/places.toml")).expect("shipped, and read by a test");
        Data {
            people: toml::from_str(include_str!("../../../demo/people.toml")).expect("shipped, and read by a test"),
            places: places.place,
            words: toml::from_str(include_str!("../../../demo/words.toml")).expect("shipped, and read by a test"),
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
        assert_ne!(data.words.of_party("customer"), data.words.of_party("nobody"));
    }
}
