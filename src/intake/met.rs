//! Which keys has this file shown so far, in how little memory can that be known?

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use sha2::{Digest, Sha256};

/// What became of a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Met {
    First,
    /// A sound row had it before, on this line.
    Before {
        line: usize,
    },
}

/// A digest of each key, with the line of the row that has it: 24 bytes a row, so that a million
/// keys of any length take some 50 MB. Two keys of one digest would need 2^64 rows to be likely.
#[derive(Default)]
pub(super) struct Keys(HashMap<[u8; 16], u32>);

impl Keys {
    pub(super) fn meet(&mut self, key: &str, line: usize) -> Met {
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        match self.0.entry(digest(key)) {
            Entry::Vacant(free) => {
                free.insert(line);
                Met::First
            }
            // Only a faulty row had it: this one may come in.
            Entry::Occupied(mut taken) if *taken.get() == 0 => {
                taken.insert(line);
                Met::First
            }
            Entry::Occupied(taken) => Met::Before { line: usize::try_from(*taken.get()).unwrap_or(usize::MAX) },
        }
    }

    /// The line of the sound row that has it.
    pub(super) fn line(&self, key: &str) -> Option<usize> {
        self.0.get(&digest(key)).filter(|line| **line > 0).map(|line| usize::try_from(*line).unwrap_or(usize::MAX))
    }

    /// A faulty row has this key: it is in the file, so it is not gone.
    pub(super) fn excuse(&mut self, key: &str) {
        self.0.entry(digest(key)).or_insert(0);
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.0.contains_key(&digest(key))
    }
}

fn digest(key: &str) -> [u8; 16] {
    let mut start = [0; 16];
    start.copy_from_slice(&Sha256::digest(key.as_bytes())[..16]);
    start
}
