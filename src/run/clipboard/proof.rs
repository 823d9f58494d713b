//! Which way was once proven to arrive, or not to, on which terminal? Kept in a small private file.

use std::path::{Path, PathBuf};

use super::super::paths;
use crate::domain::day::{Day, parse_day};
use crate::domain::text::clean_line;
use crate::domain::trouble::Trouble;

/// The oldest go first.
const PROOFS_MAX: usize = 64;
const FILE_MAX: u64 = 256 << 10;

/// What somebody saw arrive, or not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proof {
    pub day: Day,
    way: String,
    pub arrived: bool,
    terminal: String,
}

impl Proof {
    /// `12 Nov`.
    pub fn day(&self) -> String {
        self.day.format("%-d %b").to_string()
    }
}

/// All of them, of one user.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Proofs(Vec<Proof>);

impl Proofs {
    /// A file that is not there, or a line that is no proof, says nothing.
    pub fn read(path: &Path) -> Proofs {
        let text = paths::read_text(path, FILE_MAX).unwrap_or_default();
        Proofs(text.lines().filter_map(read_line).collect())
    }

    pub fn find(&self, way: &str, terminal: &str) -> Option<&Proof> {
        self.0.iter().rev().find(|proof| proof.way == way && proof.terminal == terminal)
    }

    /// The new one takes the place of what was known.
    pub fn put(&mut self, way: &str, terminal: &str, arrived: bool, day: Day) {
        self.0.retain(|proof| proof.way != way || proof.terminal != terminal);
        self.0.push(Proof { day, way: way.to_owned(), arrived, terminal: terminal.to_owned() });
        let most = self.0.len().saturating_sub(PROOFS_MAX);
        self.0.drain(..most);
    }

    pub fn write(&self, path: &Path) -> Result<(), Trouble> {
        let line = |proof: &Proof| {
            let arrived = if proof.arrived { "arrived" } else { "lost" };
            format!("{}\t{}\t{arrived}\t{}\n", proof.day, proof.way, proof.terminal)
        };
        let text: String = self.0.iter().map(line).collect();
        paths::replace(path, text.as_bytes()).map_err(|err| Trouble::io("what was found out cannot be kept").because(err))
    }
}

/// Day, way, outcome, terminal, with tabs between.
fn read_line(line: &str) -> Option<Proof> {
    let mut parts = line.splitn(4, '\t');
    let (day, way, arrived, terminal) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let arrived = match arrived {
        "arrived" => true,
        "lost" => false,
        _ => return None,
    };
    Some(Proof { day: parse_day(day)?, way: clean_line(way), arrived, terminal: clean_line(terminal) })
}

/// Where they lie.
pub fn file() -> Result<PathBuf, Trouble> {
    Ok(paths::state()?.join("clipboard"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        parse_day(text).expect("a day")
    }

    #[test]
    fn the_last_word_of_a_terminal_counts() {
        let temp = tempfile::tempdir().expect("a directory");
        let path = temp.path().join("clipboard");
        let mut proofs = Proofs::read(&path);
        proofs.put("terminal", "xterm-256color · ssh", false, day("2026-11-01"));
        proofs.put("terminal", "xterm-256color · ssh", true, day("2026-11-12"));
        proofs.put("tmux", "xterm-256color · ssh", false, day("2026-11-13"));
        proofs.write(&path).expect("written");
        let back = Proofs::read(&path);
        assert_eq!(back, proofs);
        let found = back.find("terminal", "xterm-256color · ssh").expect("kept");
        assert_eq!((found.arrived, found.day().as_str()), (true, "12 Nov"));
        assert_eq!(back.find("terminal", "xterm-256color"), None, "another terminal");
        for n in 0..200 {
            proofs.put("terminal", &format!("t{n}"), true, day("2026-11-14"));
        }
        assert_eq!(proofs.0.len(), PROOFS_MAX);
        assert!(proofs.find("terminal", "t199").is_some());
    }

    #[test]
    fn a_spoilt_file_says_nothing() {
        let temp = tempfile::tempdir().expect("a directory");
        let path = temp.path().join("clipboard");
        paths::replace(&path, b"junk\n2026-11-12\tterminal\tperhaps\tx\n2026-13-12\tterminal\tarrived\tx\n\n").expect("written");
        assert_eq!(Proofs::read(&path), Proofs::default());
    }
}
