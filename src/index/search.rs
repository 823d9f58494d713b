//! Find as you type over everything shown.
//!
//! One cheap pass over all rows finds what matches and ranks it roughly; only the best of those are
//! scored properly. A longer query looks only at what the shorter one left.

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use super::RowId;
use super::names::{About, Names, SEPARATOR};
use super::needle::{INSIDE, Needle, Rank};
use super::order::falling;
use super::queue::Queue;
use super::row::{self, FOLDED, Packed};
use crate::domain::text;

pub use super::similar::similar;

/// One hit, the best first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hit {
    pub row: RowId,
    pub score: i64,
}

/// How many rows are scored properly. The rest is told by the count alone.
const BEST: usize = 2_000;
/// Longer queries are cut, in bytes: a page pasted by accident must not stop the screen.
const QUERY_MAX: usize = 256;
/// A whole reference or number comes first, whatever else matches.
const WHOLE: i64 = 1 << 32;

/// The state of one search box: narrowing looks only at what the shorter query left.
#[derive(Default)]
pub struct Search {
    last: Option<Last>,
}

/// What the last query left, and of which queue.
struct Last {
    generation: u64,
    needles: Vec<Needle>,
    rows: Vec<u32>,
}

impl Search {
    /// The best `limit` rows for `query`, at most 2,000: every word must occur as a subsequence of
    /// the row's own text or of one of its names; folded; a word that starts with `'` must occur
    /// exactly. A whole reference or number is first; ties go by queue order. Also how many rows
    /// match at all. Without a word: every row, by score.
    pub fn run(&mut self, queue: &Queue, query: &str, limit: usize) -> (Vec<Hit>, usize) {
        let query = text::cut(query.trim(), QUERY_MAX);
        let needles = Needle::words(query);
        let mut pass = Pass::new(queue, &needles, query);
        let before = self.last.take().filter(|last| last.narrows_to(queue, &needles));
        match &before {
            Some(before) => before.rows.iter().for_each(|row| pass.see(*row)),
            None => queue.rows().for_each(|RowId(row)| pass.see(row)),
        }
        let Pass { best, matched, .. } = pass;
        let count = matched.len();
        let hits = score(queue, &needles, best, limit);
        self.last = (!needles.is_empty()).then_some(Last { generation: queue.generation, needles, rows: matched });
        (hits, count)
    }
}

impl Last {
    fn narrows_to(&self, queue: &Queue, needles: &[Needle]) -> bool {
        let each = || self.needles.iter().zip(needles).all(|(before, now)| now.narrows(before));
        self.generation == queue.generation && self.needles.len() <= needles.len() && each()
    }
}

/// One look at all rows: which match, and roughly how well.
struct Pass<'a> {
    queue: &'a Queue,
    needles: &'a [Needle],
    names: Vec<NameRanks>,
    /// The whole query, folded, to compare with references and numbers.
    whole: String,
    matched: Vec<u32>,
    best: Best,
}

impl<'a> Pass<'a> {
    fn new(queue: &'a Queue, needles: &'a [Needle], query: &str) -> Pass<'a> {
        let names = needles.iter().map(|needle| NameRanks::of(needle, queue)).collect();
        let whole = text::fold(query.strip_prefix('\'').unwrap_or(query));
        Pass { queue, needles, names, whole, matched: Vec::new(), best: Best::default() }
    }

    fn see(&mut self, id: u32) {
        let row = &self.queue.rows[id as usize];
        let own = row::searched(self.queue.texts.get(row.span()), row.is(FOLDED));
        let mut sum: Rank = 0;
        for (needle, names) in self.needles.iter().zip(&self.names) {
            let rank = needle.rank(own).max(names.best(row));
            if rank == 0 {
                return;
            }
            sum = sum.saturating_add(rank);
        }
        self.matched.push(id);
        // Then every word is a part of it, and the look at the first texts of most rows is saved.
        let is_part = self.needles.iter().fold(0, |sum: Rank, _| sum.saturating_add(INSIDE)) <= sum;
        let is_whole = is_part && !self.whole.is_empty() && is_whole(own, self.whole.as_bytes());
        self.best.offer(key(if is_whole { Rank::MAX } else { sum }, row, id));
    }
}

/// Whether the reference or the number is exactly this.
fn is_whole(own: &[u8], whole: &[u8]) -> bool {
    let mut rest = own;
    for _ in 0..2 {
        let end = memchr::memchr(SEPARATOR, rest).unwrap_or(rest.len());
        if rest[..end].eq_ignore_ascii_case(whole) {
            return true;
        }
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    false
}

/// The best is the smallest: by rank, then as the queue orders, then by row.
fn key(rank: Rank, row: &Packed, id: u32) -> u128 {
    u128::from(!rank) << 96 | u128::from(falling(row.score)) << 64 | u128::from(row.reference) << 32 | u128::from(id)
}

/// The smallest `BEST` keys, in no order.
#[derive(Default)]
struct Best {
    keys: Vec<u128>,
    limit: Option<u128>,
}

impl Best {
    fn offer(&mut self, key: u128) {
        if self.limit.is_some_and(|limit| key > limit) {
            return;
        }
        self.keys.push(key);
        if self.keys.len() >= 2 * BEST {
            self.cut();
        }
    }

    fn cut(&mut self) {
        if self.keys.len() > BEST {
            let (_, last, _) = self.keys.select_nth_unstable(BEST - 1);
            self.limit = Some(*last);
            self.keys.truncate(BEST);
        }
    }
}

/// How well a word occurs in each name of each kind; a kind in which it occurs nowhere is empty.
struct NameRanks([Vec<Rank>; 5]);

impl NameRanks {
    fn of(needle: &Needle, queue: &Queue) -> NameRanks {
        NameRanks([
            ranks(needle, &queue.statuses),
            ranks(needle, &queue.owners),
            ranks(needle, &queue.utilities),
            ranks(needle, &queue.balls),
            ranks(needle, &queue.products),
        ])
    }

    fn best(&self, row: &Packed) -> Rank {
        let numbers = [row.status, row.owner, row.utility, row.ball, row.product];
        let rank = |(ranks, number): (&Vec<Rank>, u32)| ranks.get(number as usize).copied().unwrap_or(0);
        self.0.iter().zip(numbers).map(rank).max().unwrap_or(0)
    }
}

fn ranks<T: About>(needle: &Needle, names: &Names<T>) -> Vec<Rank> {
    let ranks: Vec<Rank> = names.iter().map(|name| needle.rank(&name.key)).collect();
    if ranks.iter().all(|rank| *rank == 0) { Vec::new() } else { ranks }
}

/// Scores the best rows properly and gives the first `limit` of them.
fn score(queue: &Queue, needles: &[Needle], mut best: Best, limit: usize) -> Vec<Hit> {
    best.cut();
    let matcher = SkimMatcherV2::default().ignore_case();
    let scored = |key: u128| {
        let id = RowId((key & u128::from(u32::MAX)) as u32);
        let row = &queue.rows[id.0 as usize];
        let own = row::searched(queue.texts.get(row.span()), row.is(FOLDED));
        let is_whole = key >> 96 == 0;
        let names = queue.name_keys(row);
        let sum: i64 = needles.iter().map(|needle| word_score(&matcher, needle, own, &names)).sum();
        (Hit { row: id, score: sum + if is_whole { WHOLE } else { 0 } }, (key >> 32) as u64)
    };
    let mut hits: Vec<(Hit, u64)> = best.keys.into_iter().map(scored).collect();
    let ties = |one: &(Hit, u64), other: &(Hit, u64)| {
        other
            .0
            .score
            .cmp(&one.0.score)
            .then(one.1.cmp(&other.1))
            .then_with(|| queue.tie_break(one.0.row).cmp(&queue.tie_break(other.0.row)))
    };
    hits.sort_unstable_by(ties);
    hits.truncate(limit);
    hits.into_iter().map(|(hit, _)| hit).collect()
}

/// The best of a row's own text and its names. A single letter says too little for a fuzzy score:
/// only whether a word starts with it.
fn word_score(matcher: &SkimMatcherV2, needle: &Needle, own: &[u8], names: &[&[u8]]) -> i64 {
    let one = |hay: &[u8]| {
        if needle.rank(hay) == 0 {
            return 0;
        }
        if needle.word().len() == 1 {
            return 1 + needle.substring(hay).map_or(0, |(_, word_start)| i64::from(word_start));
        }
        let window = std::str::from_utf8(needle.window(hay)).unwrap_or_default();
        matcher.fuzzy_match(window, needle.word()).unwrap_or(1) + in_front(needle, hay)
    };
    names.iter().map(|name| one(name)).max().unwrap_or(0).max(one(own))
}

/// A little more for the start of a reference, a number, a customer or a site than for notes.
fn in_front(needle: &Needle, hay: &[u8]) -> i64 {
    match needle.substring(hay) {
        Some((at, true)) => match memchr::memchr_iter(SEPARATOR, &hay[..at]).count() {
            0 | 1 => 24,
            2 | 3 => 12,
            _ => 0,
        },
        _ => 0,
    }
}
