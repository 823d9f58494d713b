//! Find as you type over everything shown.
//!
//! One cheap pass over all rows finds what matches and ranks it roughly; only the best of those are
//! scored properly. A longer query looks only at what the shorter one left.

use super::needle::Needle;
use super::pass::{self, Best, Left, Pass, Reach};
use super::rows::Rows;
use super::scorer::Scorer;
use super::{Hands, Pieces, RowId, in_parts, one_hand};
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
    typed: Vec<Stage>,
}

/// The rows that a query left, word by word, and of which queue.
struct Stage {
    generation: u64,
    needles: Vec<Needle>,
    /// Slice by slice.
    rows: Vec<Box<[Left]>>,
    /// What counted of its last word.
    reach: Reach,
}

/// Fewer rows that have a word as it is typed: then it counts too where its letters are scattered.
const FEW: usize = 50;
/// Of fewer rows the texts are read as soon as a part of them. Tests go both ways with few.
const WORTH_A_SAMPLE: usize = if cfg!(test) { 4_500 } else { 50_000 };

impl Search {
    /// The best `limit` rows for `query`, at most 2,000: every word must occur in the row's own text or in one of its
    /// names; folded. A word that fewer than 50 rows have as it is typed, of those that have the words before it, counts
    /// too where its letters occur in their order and a word starts with its first two, and if those are few with its first;
    /// one or two letters where a word starts with them, and if those rows are so few wherever they are; one that starts with
    /// `'` must always occur as it is. A whole reference or number is first; ties go by queue order. Also how many rows match
    /// at all. Without a word: every row, by score. `None`: `go_on` said no, because the answer is not wanted any more; what
    /// was known before stays known.
    pub fn run(&mut self, rows: &Rows, query: &str, limit: usize, hands: Hands<'_>, go_on: GoOn<'_>) -> Option<(Vec<Hit>, usize)> {
        let query = text::cut(query.trim(), QUERY_MAX);
        let needles = Needle::words(query);
        if needles.is_empty() {
            self.typed.clear();
            return Some((by_score(rows, limit, hands), rows.len()));
        }
        while self.typed.last().is_some_and(|stage| !stage.is_before(rows, &needles)) {
            self.typed.pop();
        }
        let asked = Asked { rows, query, hands, go_on };
        let (mut best, mut total) = (Best::default(), 0);
        // Words that were finished at once, by a paste, are looked at one after the other as if they had been typed.
        for count in 1..=needles.len() {
            let is_done = self.typed.iter().any(|stage| stage.needles.len() >= count && stage.needles.len() < needles.len());
            if count == needles.len() || !is_done {
                // Nearly every row has a letter or two. No longer word can start from them, so they are not held.
                let keeps = count < needles.len() || needles.last().is_some_and(|last| !last.is_short());
                let (found, reach) = self.stage(&asked, &needles[..count], keeps)?;
                (best, total) = (found.best, found.count);
                if keeps {
                    let needles = needles[..count].to_vec();
                    self.keep(Stage { generation: rows.generation, needles, rows: found.rows, reach }, rows.len());
                }
            }
        }
        Some((score(rows, &needles, best.into_keys(), limit, hands), total))
    }

    /// Looks for the last of some words in the rows that the words before it left.
    fn stage(&self, asked: &Asked<'_>, needles: &[Needle], keeps: bool) -> Option<(Found, Reach)> {
        let shorter = self.typed.last().filter(|stage| stage.needles.len() == needles.len());
        let base = self.typed.iter().rev().find(|stage| stage.needles.len() + 1 == needles.len());
        let last = needles.last()?;
        // Where the start of a word was rare all of it is.
        let mut reach = shorter.map_or(Reach::first(last), |stage| stage.reach);
        let mut found = None;
        if reach == Reach::Typed && shorter.is_none() && asked.seems_rare(needles, base) {
            // One look at the texts for both, since they would be read twice. What seemed rare need not be.
            let wider = reach.wider(last).unwrap_or(reach);
            found = Some(asked.pass(needles, base, base, (wider, keeps))?).filter(|found| found.typed < FEW);
            reach = if found.is_some() { wider } else { reach };
        }
        let mut found = match found {
            Some(found) => found,
            None => asked.pass(needles, shorter.or(base), base, (reach, keeps))?,
        };
        while let Some(wider) = reach.wider(last).filter(|_| found.count < FEW) {
            reach = wider;
            found = asked.pass(needles, base, base, (reach, keeps))?;
        }
        Some((found, reach))
    }

    /// Keeps the newest; of the older ones as many as hold with it no more rows than the queue.
    fn keep(&mut self, last: Stage, most: usize) {
        let mut kept = last.len();
        let fits = |before: &&Stage| {
            kept += before.len();
            kept <= most
        };
        let newest = self.typed.iter().rev().take_while(fits).count();
        self.typed.drain(..self.typed.len() - newest);
        self.typed.push(last);
    }
}

impl Stage {
    fn len(&self) -> usize {
        self.rows.iter().map(|slice| slice.len()).sum()
    }

    /// Whether a query begins with it: finished words are the same, letters may have been added to the last.
    fn is_before(&self, rows: &Rows, needles: &[Needle]) -> bool {
        let same = |(idx, (before, now)): (usize, (&Needle, &Needle))| {
            // One or two letters left the rows in which a word starts with them: what they begin may stand within words.
            let is_typed = idx + 1 == needles.len();
            now.is_longer(before) && if is_typed { !before.is_short() } else { now.word() == before.word() }
        };
        self.generation == rows.generation && self.needles.len() <= needles.len() && self.needles.iter().zip(needles).enumerate().all(same)
    }
}

/// One query and what it is asked of.
struct Asked<'a> {
    rows: &'a Rows,
    query: &'a str,
    hands: Hands<'a>,
    go_on: GoOn<'a>,
}

/// What a look at rows left.
struct Found {
    rows: Vec<Box<[Left]>>,
    count: usize,
    /// How many of them have the last word as it is typed.
    typed: usize,
    best: Best,
}

/// So many rows are scored before one looks for more of them.
const TOGETHER: usize = 64;

/// One of so many rows says whether a word is rare.
const SAMPLE: usize = 32;

impl Asked<'_> {
    /// What matches, of all rows or of those that are left, and the best of them by the cheap rank. `base`: what the words
    /// before the last left. `reach`: what counts of the last, and whether the rows are wanted beside their number.
    fn pass(&self, needles: &[Needle], from: Option<&Stage>, base: Option<&Stage>, reach: (Reach, bool)) -> Option<Found> {
        let slices = Pieces::new(self.slices(from));
        let parts = in_parts(self.hands, self.count(from), |_, _| self.part(needles, from, base, reach, slices.take()));
        let mut parts = parts.into_iter();
        let mut found = parts.next()??;
        for part in parts {
            let other = part?;
            found.rows.extend(other.rows);
            found.count += other.count;
            found.typed += other.typed;
            found.best.join(other.best);
        }
        Some(found)
    }

    /// Whether so few rows seem to have the last word as it is typed that its letters will count where they are scattered.
    fn seems_rare(&self, needles: &[Needle], base: Option<&Stage>) -> bool {
        let some = (0..self.slices(base)).step_by(SAMPLE);
        let sample = || self.part(needles, base, base, (Reach::Typed, false), some);
        let is_exact = needles.last().is_some_and(Needle::is_exact);
        !is_exact && self.count(base) >= WORTH_A_SAMPLE && sample().is_some_and(|found| found.typed == 0)
    }

    fn count(&self, from: Option<&Stage>) -> usize {
        from.map_or(self.rows.len(), Stage::len)
    }

    fn slices(&self, from: Option<&Stage>) -> usize {
        from.map_or(self.rows.chunks.len(), |stage| stage.rows.len())
    }

    /// A part of a pass: some of the slices.
    fn part(
        &self,
        needles: &[Needle],
        from: Option<&Stage>,
        base: Option<&Stage>,
        reach: (Reach, bool),
        slices: impl Iterator<Item = usize>,
    ) -> Option<Found> {
        let (last, finished) = needles.split_last()?;
        let finished = finished.last().zip(base).map(|(needle, stage)| (needle, stage.reach));
        let mut pass = Pass::new(self.rows, finished, last, needles.len(), self.query, reach);
        match from {
            Some(from) => look_on(from, needles, &mut pass, slices, self.go_on),
            None => look_at_all(self.rows, &mut pass, slices, self.go_on),
        }
        .then_some(Found { rows: pass.done, count: pass.count, typed: pass.typed, best: pass.best })
    }
}

/// Some of the chunks, with a look after each at whether the answer is still wanted: `false` when nobody wants it any more.
fn look_at_all<'a>(rows: &'a Rows, pass: &mut Pass<'a>, mut chunks: impl Iterator<Item = usize>, go_on: GoOn<'_>) -> bool {
    chunks.all(|chunk| {
        rows.live_rows_with(chunk, pass.wanted()).for_each(|(RowId(id), row, pairs)| pass.see(id, row, pairs));
        pass.end_slice(rows.chunks[chunk].rows.len());
        go_on()
    })
}

/// Some slices of the rows that a stage left: the same word with letters added, or one more word.
fn look_on(from: &Stage, needles: &[Needle], pass: &mut Pass<'_>, mut slices: impl Iterator<Item = usize>, go_on: GoOn<'_>) -> bool {
    let letters = from.needles.last().filter(|_| from.needles.len() == needles.len()).map(|needle| needle.word().len());
    slices.all(|slice| {
        let slice = &from.rows[slice];
        match letters {
            Some(letters) => slice.iter().for_each(|left| pass.see_longer(left, letters)),
            None => slice.iter().for_each(|left| pass.see_next_word(left)),
        }
        pass.end_slice(slice.len());
        go_on()
    })
}

fn by_score(rows: &Rows, limit: usize, hands: Hands<'_>) -> Vec<Hit> {
    let mut best = Best::default();
    rows.live_rows().for_each(|(RowId(id), row)| best.offer(pass::key(1, rows.score(RowId(id)), row, id)));
    score(rows, &[], best.into_keys(), limit, hands)
}

/// Scores the best rows properly and gives the first `limit` of them.
fn score(rows: &Rows, needles: &[Needle], best: Vec<u128>, limit: usize, hands: Hands<'_>) -> Vec<Hit> {
    let pieces = Pieces::new(best.len().div_ceil(TOGETHER));
    let parts = in_parts(hands, best.len() * 20, |_, _| {
        let mut scorer = Scorer::new(rows, needles);
        let keys = pieces.take().flat_map(|piece| best.chunks(TOGETHER).nth(piece).unwrap_or_default());
        keys.map(|key| hit(&mut scorer, *key)).collect::<Vec<(Hit, u64)>>()
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

/// The hit of a key, and what it stands for in the order of the queue.
fn hit(scorer: &mut Scorer<'_>, key: u128) -> (Hit, u64) {
    let row = RowId((key & u128::from(u32::MAX)) as u32);
    let whole = if key >> 96 == 0 { WHOLE } else { 0 };
    (Hit { row, score: scorer.score(row) + whole }, (key >> 32) as u64)
}

/// The best `limit` when every row that matches is scored properly, as `run` would be if nobody
/// waited: what its shortcuts are measured against.
pub fn thorough(rows: &Rows, query: &str, limit: usize) -> Vec<Hit> {
    let query = text::cut(query.trim(), QUERY_MAX);
    let needles = Needle::words(query);
    let go_on = || true;
    let asked = Asked { rows, query, hands: &one_hand, go_on: &go_on };
    let mut stage: Option<Stage> = None;
    let mut whole: Vec<u128> = Vec::new();
    for count in 1..=needles.len() {
        let Some(found) = asked.pass(&needles[..count], stage.as_ref(), stage.as_ref(), (Reach::Anywhere, true)) else { return Vec::new() };
        whole = found.best.into_keys().into_iter().filter(|key| key >> 96 == 0).collect();
        stage = Some(Stage { generation: rows.generation, needles: needles[..count].to_vec(), rows: found.rows, reach: Reach::Anywhere });
    }
    let key = |id| pass::key(1, rows.score(RowId(id)), rows.at(RowId(id)), id);
    let mut keys: Vec<u128> = stage.iter().flat_map(|stage| stage.rows.iter().flatten()).map(|left| key(left.row)).collect();
    keys.retain(|key| whole.iter().all(|whole| *whole as u32 != *key as u32));
    keys.extend(whole);
    score(rows, &needles, keys, limit, &one_hand)
}

#[cfg(test)]
mod tests;
