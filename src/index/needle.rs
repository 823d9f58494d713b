//! Does one word occur in one row's text, and how well? Without case, without allocation.

use memchr::{memchr, memchr2, memrchr, memrchr2};

use super::found::Found;
use super::pairs::{Pairs, caseless};
use crate::domain::text;

/// A folded word of a query with everything that a pass over all rows needs.
#[derive(Clone)]
pub(super) struct Needle {
    word: String,
    /// It must occur as it is, not with other letters between its own.
    is_exact: bool,
    /// Each byte in both cases.
    cases: Vec<[u8; 2]>,
    pairs: Pairs,
    /// The first two of them.
    head: Pairs,
    /// The byte that is rarest in English and in addresses: looked for first.
    rare: usize,
    /// The first letter's bit in `word_starts`; 0 when it is no letter.
    first: u32,
    /// The two neighbours that are rarest together, in `caseless` form: most texts do not have them.
    rare_pair: Option<[u8; 2]>,
}

/// How well a word occurs, the cheap way; 0 is not at all.
pub(super) type Rank = u32;

pub(super) const AT_WORD_START: Rank = 30_000;
pub(super) const INSIDE: Rank = 20_000;
pub(super) const SCATTERED: Rank = 10_000;
/// A scattered letter with which a word starts is worth as much as so many letters between.
const HEAD: usize = 3;
/// No scattered occurrence is worth more.
const SCATTERED_MOST: Rank = SCATTERED + 1_000;
/// Texts are at most this long for a rank; further back is all the same.
const FAR: usize = 4_000;
/// A word with which a text or a name begins; a single letter wherever a word starts with it.
pub(super) const BEST_OF_ALL: Rank = AT_WORD_START + FAR as Rank;

/// In shorter texts, in bytes, the look for the rare pair costs more than it saves.
const SHORT: usize = BLOCK + 1;

/// From the commonest to the rarest.
const COMMON: &[u8] = b"eaotinrsl hdcumfpgwyb0121-vk3456789xjqz'";

impl Needle {
    /// The words of a query, folded. A word that starts with `'` must occur exactly; a lone `'` is
    /// the beginning of one and asks for nothing yet.
    pub fn words(query: &str) -> Vec<Needle> {
        let mut needles = Vec::new();
        for word in query.split_whitespace() {
            let (exact, word) = word.strip_prefix('\'').map_or((false, word), |rest| (true, rest));
            // Folding can make several words of one (Chinese becomes one word for each character).
            let folded = text::fold(word);
            needles.extend(folded.split_whitespace().map(|word| Needle::new(word, exact)));
        }
        needles
    }

    /// A folded word that must occur as it is.
    pub fn exact(word: &str) -> Needle {
        Needle::new(word, true)
    }

    fn new(word: &str, exact: bool) -> Needle {
        let commonness = |byte: &u8| COMMON.iter().position(|common| common == byte).unwrap_or(COMMON.len());
        Needle {
            word: word.to_owned(),
            is_exact: exact,
            first: word.bytes().next().map_or(0, letter_bit),
            cases: word.bytes().map(|byte| [byte, byte.to_ascii_uppercase()]).collect(),
            pairs: Pairs::of(word.as_bytes()),
            head: Pairs::of(&word.as_bytes()[..word.len().min(2)]),
            rare_pair: word
                .as_bytes()
                .windows(2)
                .max_by_key(|two| commonness(&two[0]) + commonness(&two[1]))
                .map(|two| [caseless(two[0]), caseless(two[1])]),
            rare: word.bytes().enumerate().max_by_key(|(idx, byte)| (commonness(byte), usize::MAX - idx)).map_or(0, |(idx, _)| idx),
        }
    }

    pub fn word(&self) -> &str {
        &self.word
    }

    /// `self` is `before` with letters added.
    pub fn is_longer(&self, before: &Needle) -> bool {
        self.is_exact == before.is_exact && self.word.starts_with(&before.word)
    }

    /// `headed`: scattered letters count where a word starts with the first two.
    pub fn rank(&self, hay: &[u8], headed: bool) -> Rank {
        let found = self.look(hay, false, true);
        match found.substring() {
            Some(substring) => self.rank_of(substring),
            None if found.end() > 0 && (!headed || self.headed_end(hay) > 0) => self.scattered(hay, found.end(), 0),
            None => 0,
        }
    }

    /// Most texts have it: to ask first whether its two rarest neighbours occur costs more than it saves.
    pub fn is_common(&mut self) {
        self.rare_pair = None;
    }

    /// Whether a word of a text with these `word_starts` can start as it does.
    pub fn may_start(&self, word_starts: u32) -> bool {
        self.first == 0 || word_starts & self.first != 0
    }

    /// Where it occurs; `strict`: only as it is. `starts`: a word of the text may start with it.
    pub fn look(&self, hay: &[u8], strict: bool, starts: bool) -> Found {
        if self.is_exact || strict {
            return Found::new(0, self.substring(hay, starts));
        }
        match self.scattered_end(hay) {
            0 => Found::NOWHERE,
            end => Found::new(end, self.substring(hay, starts)),
        }
    }

    /// `look`, when `before` is what the start of this word, so many letters long, had found in the
    /// same text: only what the added letters can change is looked at.
    pub fn look_on(&self, hay: &[u8], before: Found, letters: usize, strict: bool, starts: bool) -> Found {
        let substring = before.substring().and_then(|(at, word_start)| {
            let still = hay.get(at..at + self.cases.len()).is_some_and(|here| here.eq_ignore_ascii_case(self.word.as_bytes()));
            // The first place of the start is the first of the whole, if it is one of the whole.
            if still { Some((at, word_start)) } else { self.substring(hay, starts) }
        });
        if self.is_exact || strict {
            return Found::new(0, substring);
        }
        let end = if before.end() == 0 { None } else { self.subsequence(hay, before.end(), letters) };
        Found::new(end.unwrap_or(0), substring)
    }

    /// Behind the earliest occurrence of its letters in their order; 0: nowhere.
    pub fn scattered_end(&self, hay: &[u8]) -> usize {
        self.subsequence(hay, 0, 0).unwrap_or(0)
    }

    /// `scattered_end` for letters of which the first two stand beside each other where a word starts.
    pub fn headed_end(&self, hay: &[u8]) -> usize {
        let [first, second, ..] = self.cases[..] else { return self.scattered_end(hay) };
        let mut from = 0;
        while let Some(found) = hay.get(from..).and_then(|rest| find(rest, first)) {
            let at = from + found;
            let is_start = at == 0 || !hay[at - 1].is_ascii_alphanumeric();
            if is_start && hay.get(at + 1).is_some_and(|next| second.contains(next)) {
                return self.subsequence(hay, at + 2, 2).unwrap_or(0);
            }
            from = at + 1;
        }
        0
    }

    /// Behind the earliest place of the letters after the first so many, from `from` on.
    fn subsequence(&self, hay: &[u8], from: usize, letters: usize) -> Option<usize> {
        self.cases[letters..].iter().try_fold(from, |at, pair| find(&hay[at..], *pair).map(|found| at + found + 1))
    }

    /// The rank of the word as it is: at a word start or not, and the nearer to the front the better. A
    /// single letter is everywhere, so where it is says nothing.
    pub fn rank_of(&self, (at, word_start): (usize, bool)) -> Rank {
        let at = if self.cases.len() == 1 { 0 } else { at.min(FAR) };
        u32::try_from(FAR - at).unwrap_or(0) + if word_start { AT_WORD_START } else { INSIDE }
    }

    /// A single letter, of which `word_starts` tells whether a word starts with it.
    pub fn is_letter(&self) -> bool {
        self.word.len() == 1 && self.first != 0
    }

    /// One or two characters: within words they are nearly everywhere.
    pub fn is_short(&self) -> bool {
        self.word.len() <= 2
    }

    /// Which of its characters stand beside each other.
    pub fn pairs(&self) -> Pairs {
        self.pairs
    }

    /// Its first two characters.
    pub fn head(&self) -> Pairs {
        self.head
    }

    /// Whether a text with these pairs of neighbours may have it as it is.
    pub fn may_be_in(&self, pairs: Pairs) -> bool {
        pairs.may_have(self.pairs)
    }

    /// The rank of a scattered occurrence whose first end is `end`: the shorter the stretch back from
    /// there, and the more of its letters words start with, the better. Below `least` it may say 0: most
    /// stretches are far too long to be among the best, and their starts are not looked for.
    pub fn scattered(&self, hay: &[u8], end: usize, least: Rank) -> Rank {
        let longest = (SCATTERED as usize + HEAD * self.cases.len()).saturating_sub(least as usize);
        let low = end.saturating_sub(longest);
        let (mut at, mut heads) = (end, 0);
        for pair in self.cases.iter().rev() {
            let Some(found) = rfind(&hay[low..at], *pair) else { return 0 };
            at = low + found;
            heads += usize::from(at == 0 || !hay[at - 1].is_ascii_alphanumeric());
        }
        worth(end - at, heads)
    }

    /// No scattered occurrence in a text with these `word_starts` has a higher rank.
    pub fn scattered_most(&self, word_starts: u32) -> Rank {
        let may_be_head = |pair: &&[u8; 2]| !pair[0].is_ascii_alphabetic() || word_starts & letter_bit(pair[0]) != 0;
        let heads = self.cases.iter().filter(may_be_head).count();
        worth(self.cases.len(), heads)
    }

    /// It must occur as it is, whatever else occurs.
    pub fn is_exact(&self) -> bool {
        self.is_exact
    }

    /// The first occurrence at a word start, else the first: its place, and which it is. Without `starts` no word of the
    /// text starts with it, so that the first decides.
    pub fn substring(&self, hay: &[u8], starts: bool) -> Option<(usize, bool)> {
        if hay.len() >= SHORT && self.rare_pair.is_some_and(|pair| !has_pair(hay, pair)) {
            return None;
        }
        let rare = *self.cases.get(self.rare)?;
        let mut inside = None;
        let mut from = self.rare;
        while let Some(found) = hay.get(from..).and_then(|rest| find(rest, rare)) {
            let start = from + found - self.rare;
            let Some(here) = hay.get(start..start + self.cases.len()) else { break };
            if here.eq_ignore_ascii_case(self.word.as_bytes()) {
                if start == 0 || !hay[start - 1].is_ascii_alphanumeric() {
                    return Some((start, true));
                }
                inside = inside.or(Some((start, false)));
                if !starts {
                    break;
                }
            }
            from += found + 1;
        }
        inside
    }

    /// The stretch that decides the fuzzy score. The word as it is: that, and the byte before it.
    /// Scattered: no alignment reaches beyond one byte before the first occurrence of the first
    /// letter, and the last occurrence of the last one.
    pub fn window<'a>(&self, hay: &'a [u8], substring: Option<(usize, bool)>) -> &'a [u8] {
        let (Some(first), Some(last)) = (self.cases.first(), self.cases.last()) else { return hay };
        let (start, end) = match substring {
            Some((at, _)) => (at, at + self.cases.len()),
            None => (find(hay, *first).unwrap_or(0), rfind(hay, *last).map_or(hay.len(), |at| at + 1)),
        };
        hay.get(start.saturating_sub(1)..end).unwrap_or(hay)
    }
}

/// The rank of a scattered word on a stretch of so many bytes, with so many letters that start words.
fn worth(stretch: usize, heads: usize) -> Rank {
    let short = |count: usize, most: usize| u32::try_from(count.min(most)).unwrap_or(0);
    SCATTERED - short(stretch, FAR) + short(heads * HEAD, (SCATTERED_MOST - SCATTERED) as usize)
}

/// The letters with which words of a text start, a bit for each.
pub(super) fn word_starts(text: &[u8]) -> u32 {
    let mut in_word = false;
    text.iter().fold(0, |bits, byte| {
        let starts = !in_word;
        in_word = byte.is_ascii_alphanumeric();
        if starts { bits | letter_bit(*byte) } else { bits }
    })
}

fn letter_bit(byte: u8) -> u32 {
    if byte.is_ascii_alphabetic() { 1 << (byte.to_ascii_lowercase() - b'a') } else { 0 }
}

/// Whether two bytes occur beside each other, nearly: never no when they do. Always whole blocks, the last of which
/// laps over the one before, and no branch within: the compiler makes it sixteen bytes at a time, without a rest that
/// goes byte by byte.
fn has_pair(hay: &[u8], pair: [u8; 2]) -> bool {
    let mut any = [0; BLOCK];
    let Some(last) = hay.len().checked_sub(BLOCK + 1) else {
        return hay.windows(2).any(|two| [caseless(two[0]), caseless(two[1])] == pair);
    };
    for at in (0..last).step_by(BLOCK).chain([last]) {
        let here = hay[at..].first_chunk::<BLOCK>().zip(hay[at + 1..].first_chunk::<BLOCK>());
        let Some((ones, others)) = here else { break };
        for (any, (one, other)) in any.iter_mut().zip(ones.iter().zip(others)) {
            *any |= u8::from(caseless(*one) == pair[0]) & u8::from(caseless(*other) == pair[1]);
        }
    }
    any.iter().fold(0, |any, one| any | one) != 0
}

const BLOCK: usize = 32;

fn find(hay: &[u8], [lower, upper]: [u8; 2]) -> Option<usize> {
    if lower == upper { memchr(lower, hay) } else { memchr2(lower, upper, hay) }
}

fn rfind(hay: &[u8], [lower, upper]: [u8; 2]) -> Option<usize> {
    if lower == upper { memrchr(lower, hay) } else { memrchr2(lower, upper, hay) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(word: &str) -> Needle {
        Needle::words(word).remove(0)
    }

    #[test]
    fn words_are_split_folded_and_marked_exact() {
        let words: Vec<(String, bool)> =
            Needle::words("  Jörg 'Meter ' smith").iter().map(|one| (one.word.clone(), one.is_exact)).collect();
        assert_eq!(words, [("jorg".to_owned(), false), ("meter".to_owned(), true), ("smith".to_owned(), false)]);
    }

    #[test]
    fn ranks_fall_from_word_start_to_scattered() {
        let hay = b"A-1042\x1fJorg Smith\x1f12 Oak Street, Bend";
        let falling = ["a-10", "JORG", "oak", "mith", "tree", "jsmith", "oabn"];
        let ranks: Vec<Rank> = falling.iter().map(|word| one(word).rank(hay, false)).collect();
        assert!(ranks.windows(2).all(|pair| pair[0] > pair[1]), "{ranks:?}");
        for absent in ["zz", "smithz", "'oabn", "dneb"] {
            assert_eq!(one(absent).rank(hay, false), 0, "{absent}");
        }
    }

    #[test]
    fn a_word_start_wins_over_an_earlier_inside() {
        assert_eq!(one("oak").substring(b"soak oak", true), Some((5, true)));
        assert_eq!(one("oak").substring(b"soak croak", true), Some((1, false)));
        assert_eq!(one("oak").substring(b"oa", true), None);
        assert_eq!(one("oo").substring(b"xooo", true), Some((1, false)));
    }

    #[test]
    fn the_window_drops_what_cannot_matter() {
        for (word, hay, window) in
            [("ok", "12 Oak St, Kenmore, OR", " Oak St, K"), ("oak", "12 Oak St, Kenmore, OR", " Oak"), ("k", "k", "k")]
        {
            let needle = one(word);
            assert_eq!(needle.window(hay.as_bytes(), needle.substring(hay.as_bytes(), true)), window.as_bytes());
        }
    }

    proptest::proptest! {
        /// Against the plain definitions.
        #[test]
        fn ranks_agree_with_the_definition(hay in "[a-cA-C ]{0,14}", word in "[a-c]{1,4}") {
            let needle = one(&word);
            let lower = hay.to_lowercase();
            let rank = needle.rank(hay.as_bytes(), false);
            let mut rest = lower.chars();
            let scattered = word.chars().all(|wanted| rest.any(|c| c == wanted));
            proptest::prop_assert_eq!(rank > 0, scattered);
            proptest::prop_assert_eq!(rank > INSIDE, lower.contains(&word));
            proptest::prop_assert_eq!(rank > AT_WORD_START, format!(" {lower}").contains(&format!(" {word}")));
            proptest::prop_assert!(rank >= INSIDE || rank <= needle.scattered_most(word_starts(hay.as_bytes())));
            let headed = word.len() < 2 || format!(" {lower}").split_once(&format!(" {}", &word[..2])).is_some_and(|(_, rest)| {
                let mut rest = rest.chars();
                word[2..].chars().all(|wanted| rest.any(|c| c == wanted))
            });
            proptest::prop_assert_eq!(needle.headed_end(hay.as_bytes()) > 0, headed && scattered);
            // Letter by letter finds the same.
            let letters = word.len() - 1;
            let starts = needle.may_start(word_starts(hay.as_bytes()));
            if letters > 0 {
                let before = one(&word[..letters]).look(hay.as_bytes(), false, starts);
                let (found, fresh) = (needle.look_on(hay.as_bytes(), before, letters, false, starts), needle.look(hay.as_bytes(), false, true));
                proptest::prop_assert_eq!(found, fresh);
                let before = one(&word[..letters]).look(hay.as_bytes(), true, starts);
                let (found, fresh) = (needle.look_on(hay.as_bytes(), before, letters, true, starts), needle.look(hay.as_bytes(), true, true));
                proptest::prop_assert_eq!(found, fresh);
            }
        }
    }
}
