//! Marks inside a note: `>5b` sets the follow-up, `!submitted` the status, `@utility` the ball, `^fri` the day it happened.
//!
//! A mark counts only at a word start, typed by hand (not pasted), and when it names something
//! known; everything else is text and stays as it is.

use std::mem::discriminant;
use std::ops::Range;

use super::calendar::Calendar;
use super::day::Day;
use super::playbook::Playbook;
use super::when::{self, Resolved};

/// What a mark means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Meaning {
    FollowUp(Resolved),
    Status(String),
    Ball(String),
    /// The day it happened, or why it cannot have been: a day that is still to come is no text.
    On(Result<Day, String>),
    /// The number of this attempt. It stays in the text.
    Attempt(i64),
}

/// What a mark begins with.
pub const SIGNS: [char; 4] = ['>', '!', '@', '^'];

/// A recognised mark and its bytes in the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mark {
    pub range: Range<usize>,
    pub meaning: Meaning,
}

/// The words of the longest day: `in 3 business days`, `next tue at 14:00`.
const DAY_WORDS: usize = 4;

/// Reads the marks of `text`. `pasted` are byte ranges that did not come from the keyboard. When a
/// meaning is given twice the last one counts; the earlier ones stay text. `lane` is the application's.
///
/// A status is named by its name or label (with hyphens), or by the start of one, of three letters
/// or more, that only one has; a party by its name, or a start of two letters or more. `.`, `,` and
/// `;` after a mark are text.
pub fn read(text: &str, pasted: &[Range<usize>], playbook: &Playbook, lane: &str, today: Day) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let mut at = 0;
    while let Some(word) = next_word(text, at) {
        at = word.end;
        let Some(mark) = read_word(text, word, pasted, playbook, lane, today) else { continue };
        at = mark.range.end.max(at);
        marks.retain(|earlier| discriminant(&earlier.meaning) != discriminant(&mark.meaning));
        marks.push(mark);
    }
    marks
}

/// The text without its marks, and without the spaces that stood before them. A line that held
/// nothing but marks goes with them.
pub fn strip(text: &str, marks: &[Mark]) -> String {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        let mut kept = String::with_capacity(line.len());
        let (mut at, mut leads) = (0, None);
        for mark in marks.iter().filter(|mark| mark.range.start >= start && mark.range.end <= start + line.len()) {
            kept.push_str(line.get(at..mark.range.start - start).unwrap_or_default());
            if let Meaning::Attempt(number) = mark.meaning {
                kept.push_str(&format!("#{number}"));
                at = mark.range.end - start;
                continue;
            }
            kept.truncate(kept.trim_end_matches([' ', '\t']).len());
            at = mark.range.end - start;
            leads.get_or_insert(kept.is_empty());
        }
        kept.push_str(line.get(at..).unwrap_or_default());
        match leads {
            Some(_) if kept.trim().is_empty() => {}
            Some(true) => lines.push(kept.trim_start_matches([' ', '\t']).to_owned()),
            _ => lines.push(kept),
        }
        start += line.len() + 1;
    }
    lines.join("\n")
}

/// The bytes of the first word at or after `at`.
fn next_word(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = &text[at..];
    let start = at + rest.find(|c: char| !c.is_whitespace())?;
    let len = text[start..].find(char::is_whitespace).unwrap_or(text.len() - start);
    Some(start..start + len)
}

/// The mark that begins with `word`, a whole word of `text`.
fn read_word(text: &str, word: Range<usize>, pasted: &[Range<usize>], playbook: &Playbook, lane: &str, today: Day) -> Option<Mark> {
    let typed = |range: &Range<usize>| pasted.iter().all(|pasted| range.end <= pasted.start || pasted.end <= range.start);
    let sign = text[word.clone()].chars().next().filter(|sign| SIGNS.contains(sign))?;
    if matches!(sign, '>' | '^') {
        // The longest day that the next words make; what does not belong to it is text.
        let ends = day_ends(text, &word);
        return ends.into_iter().rev().find_map(|end| {
            let range = trimmed(text, word.start..end);
            let day = text.get(range.start + 1..range.end).filter(|day| typed(&range) && !day.starts_with(char::is_whitespace))?;
            let meaning = if sign == '>' {
                Meaning::FollowUp(when::read(day, today, &playbook.calendar).ok()?)
            } else {
                Meaning::On(happened(day, today, &playbook.calendar)?)
            };
            Some(Mark { range, meaning })
        });
    }
    let range = trimmed(text, word);
    let name = text.get(range.start + 1..range.end).filter(|_| typed(&range))?.to_lowercase();
    let workflow = &playbook.workflow;
    let meaning = if sign == '!' {
        let statuses = workflow.of_lane(lane).map(|status| (status.name.as_str(), status.label.as_str()));
        Meaning::Status(named(&name, 3, statuses)?)
    } else {
        let parties = workflow.parties.iter().map(|party| (party.name.as_str(), party.label.as_str()));
        Meaning::Ball(named(&name, 2, parties)?)
    };
    Some(Mark { range, meaning })
}

/// The day that something happened on; `None` when the words are no day. It is a day of the last two weeks, or one with its
/// month, never a count of days, so that `^5b` stays what it is: text.
fn happened(words: &str, today: Day, calendar: &Calendar) -> Option<Result<Day, String>> {
    let counts = words.starts_with(|c: char| c.is_ascii_digit()) && !words.contains(['/', '-']);
    if counts || words.contains(':') {
        return None;
    }
    let past = when::read_past(words, today, calendar);
    let is_day = past.is_ok() || when::read(words, today, calendar).is_ok();
    is_day.then_some(past)
}

/// The mark of an attempt's number: `word`, where it stands by itself, if nobody made it text.
pub fn attempt(text: &str, word: &str, number: i64) -> Option<Mark> {
    let mut at = 0;
    while let Some(found) = next_word(text, at) {
        at = found.end;
        let range = trimmed(text, found);
        if text[range.clone()] == *word {
            return Some(Mark { range, meaning: Meaning::Attempt(number) });
        }
    }
    None
}

/// Where a day that begins with `word` may end: after it and after the words that follow on its line.
fn day_ends(text: &str, word: &Range<usize>) -> Vec<usize> {
    let mut ends = vec![word.end];
    while let Some(next) = next_word(text, ends[ends.len() - 1]) {
        if ends.len() == DAY_WORDS || text[ends[ends.len() - 1]..next.start].contains('\n') {
            break;
        }
        ends.push(next.end);
    }
    ends
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    range.start..range.start + text[range.clone()].trim_end_matches(['.', ',', ';']).len()
}

/// The one name that `word` means: exactly, else by its start, else by the start of a word of its
/// label. Two that match alike are none.
fn named<'a>(word: &str, shortest: usize, names: impl Iterator<Item = (&'a str, &'a str)>) -> Option<String> {
    let names: Vec<(&str, String)> = names.map(|(name, label)| (name, label.to_lowercase().replace(' ', "-"))).collect();
    let exact = |(name, label): &&(&str, String)| *name == word || label == word;
    let start = |(name, label): &&(&str, String)| name.starts_with(word) || label.starts_with(word);
    let inner = |(_, label): &&(&str, String)| label.split('-').any(|part| part.starts_with(word));
    let only = |mut found: Vec<&(&str, String)>| match found.len() {
        0 => None,
        1 => Some(found.pop().map(|(name, _)| (*name).to_owned())),
        _ => Some(None),
    };
    let long_enough = word.chars().count() >= shortest;
    only(names.iter().filter(exact).collect())
        .or_else(|| only(names.iter().filter(|_| long_enough).filter(start).collect()))
        .or_else(|| only(names.iter().filter(|_| long_enough).filter(inner).collect()))
        .flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::playbook::{Status, UTILITY_LANE};
    use crate::domain::testing;

    #[test]
    fn a_status_of_another_lane_is_no_word_of_this_one() {
        let mut playbook = testing::playbook();
        let like = playbook.workflow.status("deficiency").expect("a status of the tests").clone();
        let permit = Status { name: "deficiency-notice".into(), label: "notice".into(), lane: "ahj".into(), ..like };
        playbook.workflow.statuses.push(permit);
        let means = |lane: &str| read("!defi", &[], &playbook, lane, testing::today()).pop().map(|mark| mark.meaning);
        assert_eq!(means(UTILITY_LANE), Some(Meaning::Status("deficiency".into())));
        assert_eq!(means("ahj"), Some(Meaning::Status("deficiency-notice".into())));
    }

    /// Each mark as its text and what it means.
    fn seen(text: &str, pasted: Option<Range<usize>>) -> Vec<(String, String)> {
        let shown = |mark: Mark| {
            let meaning = match mark.meaning {
                Meaning::FollowUp(resolved) => resolved.when.to_string(),
                Meaning::Status(name) | Meaning::Ball(name) => name,
                Meaning::On(day) => day.map_or_else(|why| format!("no: {why}"), |day| day.to_string()),
                Meaning::Attempt(number) => number.to_string(),
            };
            (text[mark.range].to_owned(), meaning)
        };
        read(text, pasted.as_slice(), &testing::playbook(), UTILITY_LANE, testing::today()).into_iter().map(shown).collect()
    }

    #[test]
    fn marks_and_what_they_mean() {
        for (text, marks) in [
            ("LVM >5b", &[(">5b", "2026-11-30")][..]),
            ("LVM >fri, will call", &[(">fri", "2026-11-27")]),
            ("LVM >12/4.", &[(">12/4", "2026-12-04")]),
            (">2026-12-04 LVM", &[(">2026-12-04", "2026-12-04")]),
            ("LVM >next tue then", &[(">next tue", "2026-11-24")]),
            ("LVM >fri 14:00; ok", &[(">fri 14:00", "2026-11-27T14:00")]),
            ("LVM >next tue at 2pm", &[(">next tue at 2pm", "2026-11-24T14:00")]),
            ("LVM >in 3 business days ok", &[(">in 3 business days", "2026-11-25")]),
            ("LVM >fri\n14:00 is free", &[(">fri", "2026-11-27")]),
            ("LVM >fri 25:00", &[(">fri", "2026-11-27")]),
            ("sent !submitted @utility >3b", &[("!submitted", "submitted"), ("@utility", "utility"), (">3b", "2026-11-25")]),
            ("!Sub", &[("!Sub", "submitted")]),
            ("!customer-signature.", &[("!customer-signature", "customer-signature")]),
            ("!initial", &[("!initial", "screening")]),
            ("!review", &[]),
            ("!signa", &[("!signa", "customer-signature")]),
            ("!pto", &[("!pto", "pto")]),
            ("@us @cust", &[("@cust", "customer")]),
            ("@AHJ", &[("@AHJ", "ahj")]),
            ("@c @u @", &[]),
            ("!in", &[]),
            ("a > 5b and x>5b, !important @home !!", &[]),
            (">99/99 >soon > !", &[]),
            ("LVM ^thu", &[("^thu", "2026-11-19")]),
            ("LVM ^sat >3b", &[("^sat", "2026-11-21"), (">3b", "2026-11-25")]),
            ("LVM ^yesterday, late", &[("^yesterday", "2026-11-20")]),
            ("LVM ^11/18 ^nov 17.", &[("^nov 17", "2026-11-17")]),
            ("LVM ^2026-11-02", &[("^2026-11-02", "2026-11-02")]),
            ("LVM ^12/4", &[("^12/4", "no: 2026-12-04 is still to come; write the year if 2025-12-04 is meant")]),
            ("LVM ^tomorrow", &[("^tomorrow", "no: 2026-11-22 is still to come; what happened has a day up to 2026-11-21")]),
            ("x^2 ^2 ^5b ^3d ^^ ^ ^up ^_^ ^fri 14:00", &[("^fri", "2026-11-20")]),
            ("mail a@utility.com !submitted? @utility's", &[]),
        ] {
            let wanted: Vec<_> = marks.iter().map(|(text, meaning)| ((*text).to_owned(), (*meaning).to_owned())).collect();
            assert_eq!(seen(text, None), wanted, "{text}");
        }
    }

    #[test]
    fn the_last_of_a_meaning_counts() {
        assert_eq!(
            seen(">3b no, >5b !submitted !closed", None),
            [(">5b", "2026-11-30"), ("!closed", "closed")].map(|(a, b)| (a.into(), b.into()))
        );
    }

    #[test]
    fn pasted_marks_are_text() {
        let text = "they wrote >5b !closed and I say >fri 14:00";
        assert_eq!(seen(text, Some(11..22)), [(">fri 14:00".to_owned(), "2026-11-27T14:00".to_owned())]);
        assert_eq!(seen(text, Some(0..text.len())), []);
        assert_eq!(seen("LVM >fri 14:00", Some(9..14)), [(">fri".to_owned(), "2026-11-27".to_owned())], "only the typed part of a day");
        assert_eq!(seen("LVM >fri", Some(5..8)), [], "a typed sign before pasted words");
    }

    #[test]
    fn the_number_of_an_attempt_stays_in_the_text_and_is_the_right_one() {
        let text = "LVM #3, case #33 >5b";
        let mut marks = read(text, &[], &testing::playbook(), UTILITY_LANE, testing::today());
        assert_eq!(attempt(text, "#4", 4), None);
        marks.insert(0, attempt(text, "#3", 2).expect("it stands there"));
        assert_eq!(strip(text, &marks), "LVM #2, case #33");
    }

    #[test]
    fn stripping_takes_marks_and_the_spaces_before_them() {
        for (text, stripped) in [
            ("LVM  >5b", "LVM"),
            ("LVM >5b, will call @customer.", "LVM, will call."),
            ("!submitted >3b LVM", "LVM"),
            ("  !submitted LVM >3b again", "LVM again"),
            ("LVM\n>5b !submitted\nmore", "LVM\nmore"),
            ("LVM\n\n  >5b", "LVM\n"),
            ("a > 5b\n\n  indented >5b", "a > 5b\n\n  indented"),
            ("  nothing here ", "  nothing here "),
            ("@us", ""),
        ] {
            let marks = read(text, &[], &testing::playbook(), UTILITY_LANE, testing::today());
            assert_eq!(strip(text, &marks), stripped, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics_and_marks_lie_in_it(text in "(\\PC|[ \n]|>5b|>fri|!pto|@us|é){0,30}", start in 0..40usize) {
            let playbook = testing::playbook();
            let marks = read(&text, Some(start..start + 5).as_slice(), &playbook, UTILITY_LANE, testing::today());
            let mut end = 0;
            for mark in &marks {
                prop_assert!(mark.range.start >= end && text.get(mark.range.clone()).is_some());
                prop_assert!(mark.range.end <= start || start + 5 <= mark.range.start);
                end = mark.range.end;
            }
            let stripped = strip(&text, &marks);
            prop_assert!(stripped.len() <= text.len());
            prop_assert!(!marks.is_empty() || stripped == text);
        }
    }
}
