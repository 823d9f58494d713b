//! By which key does an import know a row again?

use std::collections::HashMap;
use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::domain::text::LINE_MAX;
use crate::intake::cell;
use crate::intake::raw::RawRow;
use crate::intake::slots::{At, Slots};

/// Hex digits of a made key: 48 bits, so that two of a million rows meet by chance once in five hundred files.
const HASH_BYTES: usize = 6;
/// Between the texts of a made key: in no cleaned text.
const UNIT_SEPARATOR: u8 = 0x1f;

/// `A` and `B` are `A/B`. A slash of the cells' own gets a backslash before it: `A/B` and `C` must not
/// be the same row as `A` and `B/C`.
fn joined(parts: &[String]) -> String {
    let escaped: Vec<String> = parts.iter().map(|part| part.replace('\\', "\\\\").replace('/', "\\/")).collect();
    escaped.join("/")
}

/// The key columns of a profile.
#[derive(Debug)]
pub struct Key {
    /// Each with the digits to which a number in it is filled up.
    pub columns: Vec<(At, usize)>,
    /// They do not name a row alone.
    made: bool,
    /// Rows of this file so far, by what their key columns say.
    seen: HashMap<String, usize>,
}

impl Key {
    pub fn new(columns: Vec<(At, usize)>, made: bool) -> Key {
        Key { columns, made, seen: HashMap::new() }
    }

    /// The first key column whose text is too long to tell rows apart once it is cut.
    pub fn too_long(&self, slots: &Slots, row: &RawRow) -> Option<(At, usize)> {
        let long = |(at, _): &(At, usize)| Some((*at, slots.text(*at, row).len())).filter(|(_, len)| *len > LINE_MAX);
        self.columns.iter().find_map(long)
    }

    /// The key of a row, which of made keys depends on the rows before. `None` when every key column
    /// is empty, and when one could not be read.
    pub fn read(&mut self, slots: &Slots, row: &RawRow) -> Option<String> {
        if self.columns.iter().any(|(at, _)| slots.flaw(*at, row).is_some()) || self.too_long(slots, row).is_some() {
            return None;
        }
        let part = |(at, digits): &(At, usize)| {
            let text = cell::line(slots.text(*at, row));
            match cell::number(&text, *digits) {
                number if number == text => text,
                number => number.into_owned(),
            }
        };
        if let [one] = self.columns.as_slice()
            && !self.made
        {
            return Some(part(one)).filter(|key| !key.is_empty());
        }
        let parts: Vec<String> = self.columns.iter().map(part).collect();
        if parts.iter().all(String::is_empty) {
            return None;
        }
        Some(if self.made { self.make(&parts) } else { joined(&parts) })
    }

    /// The file is read again from its beginning.
    pub fn restart(&mut self) {
        self.seen.clear();
    }

    fn make(&mut self, parts: &[String]) -> String {
        let mut hash = Sha256::new();
        for (idx, part) in parts.iter().enumerate() {
            if idx > 0 {
                hash.update([UNIT_SEPARATOR]);
            }
            hash.update(part.to_lowercase());
        }
        let mut key = String::with_capacity(HASH_BYTES * 2 + 4);
        for byte in hash.finalize().iter().take(HASH_BYTES) {
            let _ = write!(key, "{byte:02x}");
        }
        let place = self.seen.entry(key.clone()).or_default();
        *place += 1;
        let _ = write!(key, "-{place}");
        key
    }
}
