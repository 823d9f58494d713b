//! Does `playbooks/skips.toml` give each reason a digit?

use super::reader::{Problems, Reader};
use super::tree::Table;
use crate::domain::skip::Reason;

/// A reason is one key.
const MOST: usize = 9;

/// The reasons for which a row may be skipped, in the order of their digits.
pub fn read(table: &Table, file: &str, problems: &Problems) -> Vec<Reason> {
    let mut reader = Reader::root(table, file, problems);
    let reasons: Vec<Reason> = reader
        .tables("skip")
        .into_iter()
        .map(|mut skip| {
            let name = skip.name().text;
            let label = skip.need("label", "the words for the screen").text;
            let asks = skip.flag("asks", false);
            skip.finish();
            Reason { name, label, asks }
        })
        .collect();
    if reasons.is_empty() || reasons.len() > MOST {
        reader.problem(&reader.at("skip"), format!("{} reasons", reasons.len()), format!("one to {MOST}: each has a digit"));
    }
    reader.finish();
    reasons
}
