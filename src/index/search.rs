//! Find as you type over everything shown.
//!
//! One cheap pass over all rows finds what matches and ranks it roughly; only the best of those are
//! scored properly. A longer query looks only at what the shorter one left.

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use super::RowId;
use super::names::SEPARATOR;
use super::needle::Needle;
use super::pass::{self, Best, Left, Pass};
use super::queue::Queue;
use super::row::{self, FOLDED};
use crate::domain::text;

pub use super::similar::similar;

/// One hit, the best first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hit {
    pub row: RowId,
    pub score: i64,
}

/// Longer queries are cut, in bytes: a page pasted by accident must not stop the screen.
const QUERY_MAX: usize = 256;
/// A whole reference or number comes first, whatever else matches.
const WHOLE: i64 = 1 << 32;

/// The state of one search box: narrowing looks only at what the shorter query left.
#[derive(Default)]
pub struct Search {
    /// Each narrower than the one before, so that a letter taken back is as cheap as one typed.
    typed: Vec<Last>,
}

/// What the last query left, and of which queue.
struct Last {
    generation: u64,
    needles: Vec<Needle>,
    rows: Vec<Left>,
}

/// How a query follows from the one before.
enum Follows {
    /// Letters were added to the last word.
    Longer,
    /// One word was added.
    NextWord,
    /// Several were.
    MoreWords,
    No,
}

impl Search {
    /// The best `limit` rows for `query`, at most 2,000: every word must occur as a subsequence of
    /// the row's own text or of one of its names; folded; a word that starts with `'` must occur
    /// exactly. A whole reference or number is first; ties go by queue order. Also how many rows
    /// match at all. Without a word: every row, by score.
    pub fn run(&mut self, queue: &Queue, query: &str, limit: usize) -> (Vec<Hit>, usize) {
        let query = text::cut(query.trim(), QUERY_MAX);
        let needles = Needle::words(query);
        let Some((last, finished)) = needles.split_last() else {
            self.typed.clear();
            return (by_score(queue, limit), queue.len());
        };
        while self.typed.last().is_some_and(|before| matches!(before.follows(queue, &needles), Follows::No)) {
            self.typed.pop();
        }
        let mut pass = Pass::new(queue, finished, last, query);
        match self.typed.last().map(|before| (before, before.follows(queue, &needles))) {
            Some((before, Follows::Longer)) => {
                let letters = before.needles.last().map_or(0, |needle| needle.word().len());
                before.rows.iter().for_each(|left| pass.see_longer(left, letters));
            }
            Some((before, Follows::NextWord)) => before.rows.iter().for_each(|left| pass.see_next_word(left)),
            Some((before, _)) => before.rows.iter().for_each(|left| pass.see(left.row)),
            None => queue.rows().for_each(|RowId(row)| pass.see(row)),
        }
        let Pass { best, matched, .. } = pass;
        let count = matched.len();
        let hits = score(queue, &needles, best, limit);
        self.keep(Last { generation: queue.generation, needles, rows: matched }, queue.len());
        (hits, count)
    }

    /// Keeps the newest; of the older ones as many as hold together no more rows than the queue.
    fn keep(&mut self, last: Last, most: usize) {
        let mut kept = 0;
        let fits = |before: &&Last| {
            kept += before.rows.len();
            kept <= most
        };
        let newest = self.typed.iter().rev().take_while(fits).count();
        self.typed.drain(..self.typed.len() - newest);
        self.typed.push(last);
    }
}

impl Last {
    fn follows(&self, queue: &Queue, needles: &[Needle]) -> Follows {
        let same = self.needles.len() == needles.len();
        let finished = self.needles.len() - usize::from(same);
        let each = || {
            self.needles
                .iter()
                .zip(needles)
                .enumerate()
                .all(|(idx, (before, now))| now.is_longer(before) && (idx >= finished || now.word() == before.word()))
        };
        match self.generation == queue.generation && self.needles.len() <= needles.len() && each() {
            true if same => Follows::Longer,
            true if self.needles.len() + 1 == needles.len() => Follows::NextWord,
            true => Follows::MoreWords,
            false => Follows::No,
        }
    }
}

fn by_score(queue: &Queue, limit: usize) -> Vec<Hit> {
    let mut best = Best::default();
    queue.live_rows().for_each(|(RowId(id), row)| best.offer(pass::key(1, row, id)));
    score(queue, &[], best, limit)
}

/// Scores the best rows properly and gives the first `limit` of them.
fn score(queue: &Queue, needles: &[Needle], best: Best, limit: usize) -> Vec<Hit> {
    let mut scorer = Scorer { queue, matcher: SkimMatcherV2::default().ignore_case(), names: vec![Default::default(); needles.len()] };
    let mut scored = |key: u128| {
        let row = RowId((key & u128::from(u32::MAX)) as u32);
        let sum: i64 = needles.iter().enumerate().map(|(idx, needle)| scorer.word(idx, needle, row)).sum();
        let whole = if key >> 96 == 0 { WHOLE } else { 0 };
        (Hit { row, score: sum + whole }, (key >> 32) as u64)
    };
    let mut hits: Vec<(Hit, u64)> = best.into_keys().into_iter().map(&mut scored).collect();
    hits.sort_unstable_by(|one, other| {
        let by_queue = one.1.cmp(&other.1);
        let ties = || queue.tie_break(one.0.row).cmp(&queue.tie_break(other.0.row));
        other.0.score.cmp(&one.0.score).then(by_queue).then_with(ties)
    });
    hits.truncate(limit);
    hits.into_iter().map(|(hit, _)| hit).collect()
}

struct Scorer<'a> {
    queue: &'a Queue,
    matcher: SkimMatcherV2,
    /// For each word and each kind of name: the names' scores as far as they were asked for.
    names: Vec<[Vec<Option<Score>>; 5]>,
}

/// Whether the word occurs as it is, and the fuzzy score: the one that has it as it is wins.
type Score = (bool, i64);

impl Scorer<'_> {
    /// The best of a row's own text and its names.
    fn word(&mut self, word: usize, needle: &Needle, id: RowId) -> i64 {
        let row = &self.queue.rows[id.0 as usize];
        let mut best = (false, 0);
        for ((kind, number), key) in row.names().into_iter().enumerate().zip(self.queue.name_keys(row)) {
            let scores = &mut self.names[word][kind];
            let number = number as usize;
            if scores.len() <= number {
                scores.resize(number + 1, None);
            }
            let matcher = &self.matcher;
            let score = scores[number].get_or_insert_with(|| {
                key.split(|byte| *byte == SEPARATOR).map(|part| text_score(matcher, needle, part, false)).max().unwrap_or_default()
            });
            best = best.max(*score);
        }
        let own = row::searched(self.queue.texts.get(row.span()), row.is(FOLDED));
        best.max(text_score(&self.matcher, needle, own, best.0)).1
    }
}

/// `has_better`: a scattered occurrence would not count. A single letter says too little for a fuzzy
/// score: only whether a word starts with it.
fn text_score(matcher: &SkimMatcherV2, needle: &Needle, hay: &[u8], has_better: bool) -> Score {
    let substring = needle.substring(hay);
    if needle.word().len() == 1 {
        return substring.map_or((false, 0), |(_, word_start)| (true, 1 + i64::from(word_start)));
    }
    if substring.is_none() && (has_better || needle.look(hay).end == 0) {
        return (false, 0);
    }
    let window = std::str::from_utf8(needle.window(hay, substring)).unwrap_or_default();
    (substring.is_some(), matcher.fuzzy_match(window, needle.word()).unwrap_or(1) + in_front(substring, hay))
}

/// A little more for the start of a reference, a number, a customer or a site than for notes.
fn in_front(substring: Option<(usize, bool)>, hay: &[u8]) -> i64 {
    match substring {
        Some((at, true)) => match memchr::memchr_iter(SEPARATOR, &hay[..at]).count() {
            0 | 1 => 24,
            2 | 3 => 12,
            _ => 0,
        },
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
