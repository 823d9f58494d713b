//! Does `playbooks/priority.toml` give each signal its numbers?

use super::reader::{Problems, Reader};
use super::tree::Table;
use crate::domain::priority::{Often, Signal, Weight, Weights};

/// Points, and days, above which a number is a slip of the keyboard.
const MOST: i64 = 1000;

pub fn read(table: &Table, file: &str, problems: &Problems) -> (Weights, Often) {
    let mut reader = Reader::root(table, file, problems);
    let mut weights = Weights::default();
    for signal in Signal::ALL {
        match reader.table(signal.name()) {
            Some(mut reader) => {
                weights.0[signal as usize] = weight(&mut reader);
                reader.finish();
            }
            None if reader.has(signal.name()) => {}
            None => reader.problem(&reader.at(signal.name()), "nothing", "the numbers of this signal; points = 0 silences it"),
        }
    }
    let often = often(&mut reader);
    reader.finish();
    (weights, often)
}

/// `[often] contacts = 3, within = 5`
fn often(reader: &mut Reader<'_>) -> Often {
    let Some(mut reader) = reader.table("often") else {
        if !reader.has("often") {
            reader.problem(&reader.at("often"), "nothing", "contacts and within: how many contacts in how many business days are many");
        }
        return Often::default();
    };
    let mut number = |key| reader.number(key, 1, MOST).unwrap_or(1);
    let often = Often { contacts: number("contacts"), within: number("within") };
    reader.finish();
    often
}

fn weight(reader: &mut Reader<'_>) -> Weight {
    let mut number = |key| reader.number(key, 0, MOST).and_then(|number| i32::try_from(number).ok()).unwrap_or(0);
    Weight {
        points: number("points"),
        near: number("near"),
        per_day: number("per_day"),
        cap: number("cap"),
        within: number("within"),
        near_within: number("near_within"),
    }
}
