//! Marks inside a note: `>5b` sets the follow-up, `!submitted` the status, `@utility` the ball.
//!
//! A mark counts only at a word start, typed by hand (not pasted), and when it names something
//! known; everything else is text and stays as it is.

use std::ops::Range;

use super::day::Day;
use super::playbook::Playbook;
use super::when::Resolved;

/// What a mark means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Meaning {
    FollowUp(Resolved),
    Status(String),
    Ball(String),
}

/// A recognised mark and its bytes in the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mark {
    pub range: Range<usize>,
    pub meaning: Meaning,
}

/// Reads the marks of `text`. `pasted` are byte ranges that did not come from the keyboard. When a
/// meaning is given twice the last one counts; the earlier ones stay text.
pub fn read(text: &str, pasted: &[Range<usize>], playbook: &Playbook, today: Day) -> Vec<Mark> {
    let _ = (text, pasted, playbook, today);
    todo!()
}

/// The text without its marks, and without the spaces that stood before them.
pub fn strip(text: &str, marks: &[Mark]) -> String {
    let _ = (text, marks);
    todo!()
}
