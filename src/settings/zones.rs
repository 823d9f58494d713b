//! Does `playbooks/zones.toml` name zones that there are?

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::reader::{Problems, Reader};
use super::tree::{Table, quote};

/// The zones of each state, by its two letters.
pub fn read(table: &Table, file: &str, problems: &Problems) -> BTreeMap<String, Vec<Tz>> {
    let mut reader = Reader::root(table, file, problems);
    let mut states = BTreeMap::new();
    for mut state in reader.tables("state") {
        let name = state.need("name", "the two letters of a state: OR");
        if name.text.len() != 2 || !name.text.bytes().all(|byte| byte.is_ascii_uppercase()) {
            state.problem(&name.at, quote(&name.text), "the two letters of a state: OR");
        }
        let mut zones = Vec::new();
        for word in state.words("zones") {
            match word.text.parse() {
                Ok(zone) => zones.push(zone),
                Err(_) => state.problem(&word.at, quote(&word.text), "an IANA zone like America/Denver"),
            }
        }
        state.finish();
        states.insert(name.text, zones);
    }
    reader.finish();
    states
}
