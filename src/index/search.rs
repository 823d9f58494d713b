//! Find as you type over everything shown.
//!
//! One cheap pass over all rows finds what matches and ranks it roughly; only the best of those are
//! scored properly. A longer query looks only at what the shorter one left.

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use super::names::SEPARATOR;
use super::needle::Needle;
use super::pass::{self, Best, Left, Pass};
use super::rows::Rows;
use super::{Hands, RowId, chunk, in_parts, one_hand};
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

/// Whether the answer is still wanted.
pub type GoOn<'a> = &'a (dyn Fn() -> bool + Sync);

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
    /// match at all. Without a word: every row, by score. `None`: `go_on` said no, because the
    /// answer is not wanted any more; what was known before stays known.
    pub fn run(&mut self, rows: &Rows, query: &str, limit: usize, hands: Hands<'_>, go_on: GoOn<'_>) -> Option<(Vec<Hit>, usize)> {
        let query = text::cut(query.trim(), QUERY_MAX);
        let needles = Needle::words(query);
        let Some((last, finished)) = needles.split_last() else {
            self.typed.clear();
            return Some((by_score(rows, limit, hands), rows.len()));
        };
        while self.typed.last().is_some_and(|before| matches!(before.follows(rows, &needles), Follows::No)) {
            self.typed.pop();
        }
        let before = self.typed.last();
        let parts = in_parts(hands, rows.len(), |part, of| {
            let mut pass = Pass::new(rows, finished, last, query);
            match before {
                Some(before) => before.look_on(rows, &needles, &mut pass, (part, of), go_on),
                None => look_at_all(rows, &mut pass, (part, of), go_on),
            }
            .then_some((pass.matched, pass.best))
        });
        let (mut matched, mut best) = (Vec::new(), Best::default());
        for part in parts {
            let (its_matched, its_best) = part?;
            if matched.is_empty() {
                matched = its_matched
            } else {
                matched.extend(its_matched)
            }
            best.join(its_best);
        }
        let count = matched.len();
        let hits = score(rows, &needles, best.into_keys(), limit, hands);
        self.keep(Last { generation: rows.generation, needles, rows: matched }, rows.len());
        Some((hits, count))
    }

    /// Keeps the newest; of the older ones as many as hold with it no more rows than the queue.
    fn keep(&mut self, last: Last, most: usize) {
        let mut kept = last.rows.len();
        let fits = |before: &&Last| {
            kept += before.rows.len();
            kept <= most
        };
        let newest = self.typed.iter().rev().take_while(fits).count();
        self.typed.drain(..self.typed.len() - newest);
        self.typed.push(last);
    }
}

/// Rows between two looks at whether the answer is still wanted: a tenth of a millisecond or two.
const SLICE: usize = chunk::SIZE;

/// Every second chunk and the like: `false` when nobody wants the answer any more.
fn look_at_all<'a>(rows: &'a Rows, pass: &mut Pass<'a>, (part, of): (usize, usize), go_on: GoOn<'_>) -> bool {
    (part..rows.chunks.len()).step_by(of).all(|chunk| {
        rows.live_rows_of(chunk).for_each(|(RowId(id), row)| pass.see(id, row));
        go_on()
    })
}

impl Last {
    /// A part of the rows that were left, with what follows in `needles`.
    fn look_on<'a>(&self, rows: &'a Rows, needles: &[Needle], pass: &mut Pass<'a>, (part, of): (usize, usize), go_on: GoOn<'_>) -> bool {
        let follows = self.follows(rows, needles);
        let letters = self.needles.last().map_or(0, |needle| needle.word().len());
        let size = self.rows.len().div_ceil(of).max(1);
        self.rows.chunks(size).nth(part).unwrap_or_default().chunks(SLICE).all(|slice| {
            for left in slice {
                match follows {
                    Follows::Longer => pass.see_longer(left, letters),
                    Follows::NextWord => pass.see_next_word(left),
                    Follows::MoreWords | Follows::No => pass.see(left.row, rows.at(RowId(left.row))),
                }
            }
            go_on()
        })
    }

    fn follows(&self, queue: &Rows, needles: &[Needle]) -> Follows {
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

fn by_score(rows: &Rows, limit: usize, hands: Hands<'_>) -> Vec<Hit> {
    let mut best = Best::default();
    rows.live_rows().for_each(|(RowId(id), row)| best.offer(pass::key(1, rows.score(RowId(id)), row, id)));
    score(rows, &[], best.into_keys(), limit, hands)
}

/// Scores the best rows properly and gives the first `limit` of them.
fn score(rows: &Rows, needles: &[Needle], best: Vec<u128>, limit: usize, hands: Hands<'_>) -> Vec<Hit> {
    let parts = in_parts(hands, best.len() * 20, |part, of| {
        let mut scorer = Scorer::new(rows, needles);
        let size = best.len().div_ceil(of).max(1);
        let keys = best.chunks(size).nth(part).unwrap_or_default();
        keys.iter().map(|key| scorer.hit(*key)).collect::<Vec<(Hit, u64)>>()
    });
    let mut hits = parts.concat();
    hits.sort_unstable_by(|one, other| {
        let by_queue = one.1.cmp(&other.1);
        let ties = || rows.tie_break(one.0.row).cmp(&rows.tie_break(other.0.row));
        other.0.score.cmp(&one.0.score).then(by_queue).then_with(ties)
    });
    hits.truncate(limit);
    hits.into_iter().map(|(hit, _)| hit).collect()
}

/// The best `limit` when every row that matches is scored properly, as `run` would be if nobody
/// waited: what its shortcuts are measured against.
pub fn thorough(rows: &Rows, query: &str, limit: usize) -> Vec<Hit> {
    let needles = Needle::words(text::cut(query.trim(), QUERY_MAX));
    let Some((last, finished)) = needles.split_last() else { return Vec::new() };
    let mut pass = Pass::new(rows, finished, last, query.trim());
    let _ = look_at_all(rows, &mut pass, (0, 1), &|| true);
    let key = |id| pass::key(1, rows.score(RowId(id)), rows.at(RowId(id)), id);
    let mut keys: Vec<u128> = pass.matched.iter().map(|left| key(left.row)).collect();
    let whole: Vec<u128> = pass.best.into_keys().into_iter().filter(|key| key >> 96 == 0).collect();
    keys.retain(|key| whole.iter().all(|whole| *whole as u32 != *key as u32));
    keys.extend(whole);
    score(rows, &needles, keys, limit, &one_hand)
}

struct Scorer<'a> {
    rows: &'a Rows,
    needles: &'a [Needle],
    matcher: SkimMatcherV2,
    /// For each word and each kind of name: the names' scores as far as they were asked for.
    names: Vec<[Vec<Option<Score>>; 5]>,
}

/// Whether the word occurs as it is, and the fuzzy score: the one that has it as it is wins.
type Score = (bool, i64);

impl<'a> Scorer<'a> {
    fn new(rows: &'a Rows, needles: &'a [Needle]) -> Scorer<'a> {
        Scorer { rows, needles, matcher: SkimMatcherV2::default().ignore_case(), names: vec![Default::default(); needles.len()] }
    }

    /// The hit of a key, and what it stands for in the order of the queue.
    fn hit(&mut self, key: u128) -> (Hit, u64) {
        let row = RowId((key & u128::from(u32::MAX)) as u32);
        let needles = self.needles;
        let sum: i64 = needles.iter().enumerate().map(|(idx, needle)| self.word(idx, needle, row)).sum();
        let whole = if key >> 96 == 0 { WHOLE } else { 0 };
        (Hit { row, score: sum + whole }, (key >> 32) as u64)
    }

    /// The best of a row's own text and its names.
    fn word(&mut self, word: usize, needle: &Needle, id: RowId) -> i64 {
        let row = self.rows.at(id);
        let mut best = (false, 0);
        for ((kind, number), key) in row.names().into_iter().enumerate().zip(self.rows.name_keys(row)) {
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
        let own = self.rows.searched(id, row);
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
