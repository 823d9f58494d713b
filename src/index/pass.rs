//! Which rows match a query, and roughly how well? One cheap look at each.

use super::RowId;
use super::found::Found;
use super::names::{About, Names, SEPARATOR};
use super::needle::{AT_WORD_START, BEST_OF_ALL, INSIDE, Needle, Rank};
use super::order::falling;
use super::pairs::Pairs;
use super::row::{Packed, TINY};
use super::rows::Rows;
use crate::domain::text;

/// How many rows are scored properly. The rest is told by the count alone.
pub(crate) const BEST: usize = 2_000;

/// A row that matched, with what a longer last word can start from. A million of them are held while one types, so twelve bytes.
#[derive(Clone, Copy)]
pub(super) struct Left {
    pub row: u32,
    /// The rank of all words but the last, and in the lowest bit whether a word starts where the last one is.
    before: u32,
    /// Of the last word in the row's own text, packed.
    found: [u16; 2],
}

impl Left {
    fn new(row: u32, before: Rank, found: Found) -> Left {
        let (found, word_start) = found.packed();
        Left { row, before: before << 1 | u32::from(word_start), found }
    }

    fn before(&self) -> Rank {
        self.before >> 1
    }

    fn found(&self) -> Found {
        Found::unpacked(self.found, self.before & 1 == 1)
    }
}

/// What counts as an occurrence of the last word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// As it is typed, where a word starts with it.
    Starts,
    /// As it is typed.
    Typed,
    /// Its letters in their order too, where a word starts with the first two: people leave out letters, hardly the second.
    /// Of a hundred thousand rows 64,000 have the letters of `smit` behind a word with `s`, and most texts need not be read.
    Headed,
    /// Its letters in their order too, where a word starts with the first of them.
    Scattered,
    /// Its letters in their order, wherever.
    Anywhere,
}

impl Reach {
    /// The nearest one for a word. One or two characters stand within nearly every text: there they count only where no
    /// word starts with them, or where they are asked for as they are.
    pub fn first(word: &Needle) -> Reach {
        if word.is_short() && !word.is_exact() { Reach::Starts } else { Reach::Typed }
    }

    /// The next one, for a word that few rows have.
    pub fn wider(self, word: &Needle) -> Option<Reach> {
        match self {
            _ if word.is_exact() => None,
            Reach::Starts if word.is_letter() => Some(Reach::Anywhere),
            Reach::Starts => Some(Reach::Typed),
            Reach::Typed if word.is_short() => Some(Reach::Scattered),
            Reach::Typed => Some(Reach::Headed),
            Reach::Headed => Some(Reach::Scattered),
            Reach::Scattered | Reach::Anywhere => None,
        }
    }

    fn is_strict(self) -> bool {
        matches!(self, Reach::Starts | Reach::Typed)
    }

    /// What a name must be worth for the word to count there.
    fn least(self) -> Rank {
        match self {
            Reach::Starts => AT_WORD_START,
            Reach::Typed => INSIDE,
            Reach::Headed | Reach::Scattered | Reach::Anywhere => 0,
        }
    }
}

/// The look at all rows for one query of at least one word.
pub(super) struct Pass<'a> {
    rows: &'a Rows,
    /// The word before the last one, and how it ranks in names.
    finished: Option<(&'a Needle, NameRanks)>,
    last: Needle,
    last_names: NameRanks,
    words: Rank,
    /// The whole query, folded, to compare with references and numbers.
    whole: String,
    reach: Reach,
    /// Whether what matched is held for a next letter or word, or only counted.
    keeps: bool,
    matched: Vec<Left>,
    in_slice: usize,
    /// What matched in the slices that are done.
    pub done: Vec<Box<[Left]>>,
    pub count: usize,
    /// How many rows have the last word as it is typed.
    pub typed: usize,
    pub best: Best,
}

impl<'a> Pass<'a> {
    /// `finished`: the word before the last, and what counted of it. `words`: how many there are.
    pub fn new(
        rows: &'a Rows,
        finished: Option<(&'a Needle, Reach)>,
        last: &'a Needle,
        words: usize,
        query: &str,
        (reach, keeps): (Reach, bool),
    ) -> Pass<'a> {
        Pass {
            rows,
            finished: finished.map(|(needle, reach)| (needle, NameRanks::of(needle, rows, reach))),
            last: last.clone(),
            last_names: NameRanks::of(last, rows, reach),
            words: Rank::try_from(words).unwrap_or(1),
            whole: text::fold(query.strip_prefix('\'').unwrap_or(query)),
            reach,
            keeps,
            matched: Vec::new(),
            in_slice: 0,
            count: 0,
            typed: 0,
            done: Vec::new(),
            best: Best::default(),
        }
    }

    /// A row of which nothing is known yet, for the first word.
    #[inline]
    pub fn see(&mut self, id: u32, row: &'a Packed, pairs: Pairs) {
        let names = self.last_names.best(row);
        let found = if self.is_settled(names) { Found::NOWHERE } else { self.look(id, row, pairs) };
        self.judge(id, row, 0, (found, names));
    }

    /// A name of it starts with a query of two letters, or a word of one with a single letter, which is the best that there
    /// is: nothing in its text makes it better, and nobody asks where it stands there. Half of a queue can have the utility
    /// that is typed.
    fn is_settled(&self, names: Rank) -> bool {
        names >= BEST_OF_ALL && !self.keeps && self.whole.len() <= 2
    }

    /// A row that matched all words but the last.
    pub fn see_next_word(&mut self, left: &Left) {
        let row = self.rows.at(RowId(left.row));
        let found = self.look(left.row, row, self.rows.pairs(RowId(left.row)));
        let last_names = self.last_names.best(row);
        if !found.is_somewhere() && last_names == 0 {
            return;
        }
        let Some((needle, names)) = &self.finished else { return };
        let rank = finished_rank(needle, left.found(), names.best(row), 0, || self.own(left.row, row));
        self.judge(left.row, row, left.before() + rank, (found, last_names));
    }

    /// A row that matched when the last word had only so many letters.
    pub fn see_longer(&mut self, left: &Left, letters: usize) {
        let row = self.rows.at(RowId(left.row));
        let strict = self.reach.is_strict();
        let found = match strict && !self.last.may_be_in(self.rows.pairs(RowId(left.row))) {
            true => Found::NOWHERE,
            false => self.last.look_on(self.own(left.row, row), left.found(), letters, strict, self.last.may_start(row.word_starts)),
        };
        self.judge(left.row, row, left.before(), (found, self.last_names.best(row)));
    }

    /// A slice of so many rows is done. What matched there is put away in just the room it needs: one list that grows with
    /// a million rows would be held three times over while it does.
    pub fn end_slice(&mut self, rows: usize) {
        if self.in_slice > rows / 2 {
            self.last.is_common();
        }
        self.count += self.in_slice;
        self.in_slice = 0;
        if !self.matched.is_empty() {
            self.done.push(self.matched.as_slice().into());
            self.matched.clear();
        }
    }

    /// `Needle::look`. A single letter is everywhere: it counts where a word starts with it, and no text is read for it,
    /// but where it was asked for as it is.
    #[inline]
    fn look(&self, id: u32, row: &Packed, pairs: Pairs) -> Found {
        let starts = self.last.may_start(row.word_starts);
        let is_letter = self.last.is_letter();
        match self.reach {
            _ if starts && is_letter => Found::new(0, Some((0, true))),
            Reach::Starts if is_letter || !starts || !self.last.may_be_in(pairs) => Found::NOWHERE,
            Reach::Starts => Found::new(0, self.last.substring(self.own(id, row), true).filter(|(_, word_start)| *word_start)),
            Reach::Typed if !self.last.may_be_in(pairs) => Found::NOWHERE,
            Reach::Headed if !pairs.may_have(self.last.head()) => Found::NOWHERE,
            Reach::Headed | Reach::Scattered => match self.last.may_be_in(pairs) {
                false if !starts => Found::NOWHERE,
                typed => self.scattered(self.own(id, row), starts, typed),
            },
            _ => self.last.look(self.own(id, row), self.reach.is_strict(), starts),
        }
    }

    /// The pairs of neighbours without which a row need not be seen; none where a name of it may match, or letters that are
    /// scattered from the first on.
    pub fn wanted(&self) -> Pairs {
        match self.reach {
            Reach::Scattered | Reach::Anywhere => Pairs::default(),
            _ if !self.last_names.is_empty() => Pairs::default(),
            Reach::Headed => self.last.head(),
            Reach::Starts | Reach::Typed => self.last.pairs(),
        }
    }

    /// `typed`: it may occur as it is typed.
    fn scattered(&self, own: &[u8], starts: bool, typed: bool) -> Found {
        let end = match self.reach {
            _ if !starts => 0,
            Reach::Headed => self.last.headed_end(own),
            _ => self.last.scattered_end(own),
        };
        Found::new(end, if typed { self.last.substring(own, starts) } else { None })
    }

    /// What the search reads of the row. The text is far from the row: asked for only where it decides.
    fn own(&self, id: u32, row: &Packed) -> &'a [u8] {
        self.rows.searched(RowId(id), row)
    }

    /// `found`: the last word in its text, `names`: the rank of it in its names.
    #[inline]
    fn judge(&mut self, id: u32, row: &Packed, before: Rank, (found, names): (Found, Rank)) {
        if names > 0 || found.is_somewhere() {
            self.rank(id, row, before, (found, names));
        }
    }

    /// A row that matched.
    fn rank(&mut self, id: u32, row: &Packed, before: Rank, (found, names): (Found, Rank)) {
        self.in_slice += 1;
        if self.keeps {
            self.matched.push(Left::new(id, before, found));
        }
        self.typed += usize::from(found.is_typed() || names >= INSIDE);
        let is_scattered = !found.is_typed() && found.is_somewhere() && names < INSIDE;
        // The way back through a scattered word is only gone where it can still matter.
        if is_scattered && before + self.last.scattered_most(row.word_starts) < self.best.least() {
            return;
        }
        let least = self.best.least().saturating_sub(before);
        let sum = before + finished_rank(&self.last, found, names, least, || self.own(id, row));
        let is_whole = self.may_be_whole(row, sum) && is_whole(row, self.own(id, row), self.whole.as_bytes());
        self.best.offer(key(if is_whole { Rank::MAX } else { sum }, self.rows.score(RowId(id)), row, id));
    }

    /// When the whole is a reference or a number every word is a part of it.
    fn may_be_whole(&self, row: &Packed, sum: Rank) -> bool {
        sum >= self.words * INSIDE && (self.whole.len() > 2 || row.is(TINY))
    }
}

/// `least`: below it any rank will do.
fn finished_rank<'a>(needle: &Needle, found: Found, names: Rank, least: Rank, own: impl FnOnce() -> &'a [u8]) -> Rank {
    match found.substring() {
        Some(substring) => names.max(needle.rank_of(substring)),
        None if found.end() == 0 || names >= INSIDE => names,
        None => names.max(needle.scattered(own(), found.end(), least)),
    }
}

/// Whether the reference or the number is exactly this.
fn is_whole(row: &Packed, own: &[u8], whole: &[u8]) -> bool {
    let is_here = |start: usize| {
        let end = start + whole.len();
        own.get(end) == Some(&SEPARATOR) && own[start..end].eq_ignore_ascii_case(whole)
    };
    is_here(0) || is_here(row.number_at(own))
}

/// The best is the smallest: by rank, then as the queue orders, then by row.
pub(super) fn key(rank: Rank, score: i32, row: &Packed, id: u32) -> u128 {
    u128::from(!rank) << 96 | u128::from(falling(score)) << 64 | u128::from(row.reference) << 32 | u128::from(id)
}

/// The smallest keys, in no order.
#[derive(Default)]
pub(super) struct Best {
    keys: Vec<u128>,
    limit: Option<u128>,
}

impl Best {
    pub fn offer(&mut self, key: u128) {
        if self.limit.is_some_and(|limit| key > limit) {
            return;
        }
        self.keys.push(key);
        if self.keys.len() >= 2 * BEST {
            self.cut();
        }
    }

    /// Nothing of a lower rank can be among the best any more.
    fn least(&self) -> Rank {
        self.limit.map_or(0, |limit| !((limit >> 96) as Rank))
    }

    pub fn join(&mut self, other: Best) {
        other.keys.into_iter().for_each(|key| self.offer(key));
    }

    pub fn into_keys(mut self) -> Vec<u128> {
        self.cut();
        self.keys
    }

    fn cut(&mut self) {
        if self.keys.len() > BEST {
            let (_, last, _) = self.keys.select_nth_unstable(BEST - 1);
            self.limit = Some(*last);
            self.keys.truncate(BEST);
        }
    }
}

/// How well a word occurs in each name of each kind; only the kinds in which it occurs.
struct NameRanks(Vec<(usize, Vec<Rank>)>);

impl NameRanks {
    fn of(needle: &Needle, queue: &Rows, reach: Reach) -> NameRanks {
        let kinds = [
            ranks(needle, &queue.statuses, reach),
            ranks(needle, &queue.owners, reach),
            ranks(needle, &queue.utilities, reach),
            ranks(needle, &queue.balls, reach),
            ranks(needle, &queue.products, reach),
        ];
        let least = reach.least();
        let kinds = kinds.map(|ranks| ranks.into_iter().map(|rank| if rank < least { 0 } else { rank }).collect::<Vec<Rank>>());
        NameRanks(kinds.into_iter().enumerate().filter(|(_, ranks)| ranks.iter().any(|rank| *rank > 0)).collect())
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn best(&self, row: &Packed) -> Rank {
        self.0.iter().map(|(kind, ranks)| ranks[row.name(*kind)]).max().unwrap_or(0)
    }
}

fn ranks<T: About>(needle: &Needle, names: &Names<T>, reach: Reach) -> Vec<Rank> {
    let headed = reach == Reach::Headed;
    let one = |key: &[u8]| key.split(|byte| *byte == SEPARATOR).map(|part| needle.rank(part, headed)).max().unwrap_or(0);
    names.iter().map(|name| one(&name.key)).collect()
}
