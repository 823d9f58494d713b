//! How well does one row match the words of a query? fuzzy-matcher's score, and a little for where a word stands.

use std::collections::HashMap;

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use super::RowId;
use super::names::SEPARATOR;
use super::needle::Needle;
use super::rows::Rows;

/// Scores rows for the words of one query.
pub(super) struct Scorer<'a> {
    rows: &'a Rows,
    words: Vec<Word<'a>>,
}

/// Whether the word occurs as it is, and the fuzzy score: the one that has it as it is wins.
type Score = (bool, i64);

/// One word with what was worked out for it already.
struct Word<'a> {
    needle: &'a Needle,
    matcher: SkimMatcherV2,
    /// For each kind of name: the names' scores as far as they were asked for.
    names: [Vec<Option<Score>>; 5],
    /// Where it occurs as it is a byte before it and its capitals decide, and thousands of rows have the same few.
    as_typed: HashMap<Box<[u8]>, i64>,
}

impl<'a> Scorer<'a> {
    pub fn new(rows: &'a Rows, needles: &'a [Needle]) -> Scorer<'a> {
        let word =
            |needle| Word { needle, matcher: SkimMatcherV2::default().ignore_case(), names: Default::default(), as_typed: HashMap::new() };
        Scorer { rows, words: needles.iter().map(word).collect() }
    }

    /// The sum over all words.
    pub fn score(&mut self, row: RowId) -> i64 {
        self.words.iter_mut().map(|word| word.score(self.rows, row)).sum()
    }
}

impl Word<'_> {
    /// The best of a row's own text and its names.
    fn score(&mut self, rows: &Rows, id: RowId) -> i64 {
        let row = rows.at(id);
        let mut best = (false, 0);
        for ((kind, number), key) in row.names().into_iter().enumerate().zip(rows.name_keys(row)) {
            let number = number as usize;
            if self.names[kind].len() <= number {
                self.names[kind].resize(number + 1, None);
            }
            let score = self.names[kind][number]
                .unwrap_or_else(|| key.split(|byte| *byte == SEPARATOR).map(|part| self.text(part, false)).max().unwrap_or_default());
            self.names[kind][number] = Some(score);
            best = best.max(score);
        }
        best.max(self.text(rows.searched(id, row), best.0)).1
    }

    /// `has_better`: a scattered occurrence would not count. A single letter says too little for a fuzzy
    /// score: only whether a word starts with it.
    fn text(&mut self, hay: &[u8], has_better: bool) -> Score {
        let substring = self.needle.substring(hay, true);
        if self.needle.word().len() == 1 {
            return substring.map_or((false, 0), |(_, word_start)| (true, 1 + i64::from(word_start)));
        }
        if substring.is_none() && (has_better || self.needle.scattered_end(hay) == 0) {
            return (false, 0);
        }
        let window = self.needle.window(hay, substring);
        if substring.is_none() {
            return (false, self.fuzzy(window));
        }
        let score = self.as_typed.get(window).copied().unwrap_or_else(|| {
            let score = self.fuzzy(window);
            self.as_typed.insert(window.into(), score);
            score
        });
        (true, score + in_front(substring, hay))
    }

    fn fuzzy(&self, window: &[u8]) -> i64 {
        let window = std::str::from_utf8(window).unwrap_or_default();
        self.matcher.fuzzy_match(window, self.needle.word()).unwrap_or(1)
    }
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
