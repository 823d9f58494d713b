//! Does one word occur in one row's text, and how well? Without case, without allocation.

use memchr::{memchr, memchr2, memrchr, memrchr2};

use crate::domain::text;

/// A folded word of a query with everything that a pass over all rows needs.
pub(super) struct Needle {
    word: String,
    /// It must occur as it is, not with other letters between its own.
    is_exact: bool,
    /// Each byte in both cases.
    pairs: Vec<[u8; 2]>,
    /// The byte that is rarest in English and in addresses: looked for first.
    rare: usize,
}

/// How well a word occurs, the cheap way; 0 is not at all.
pub(super) type Rank = u32;

const AT_WORD_START: Rank = 30_000;
pub(super) const INSIDE: Rank = 20_000;
const SCATTERED: Rank = 10_000;
/// Texts are at most this long for a rank; further back is all the same.
const FAR: usize = 4_000;

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
            pairs: word.bytes().map(|byte| [byte, byte.to_ascii_uppercase()]).collect(),
            rare: word.bytes().enumerate().max_by_key(|(idx, byte)| (commonness(byte), usize::MAX - idx)).map_or(0, |(idx, _)| idx),
        }
    }

    pub fn word(&self) -> &str {
        &self.word
    }

    /// Whether everything that matches `self` also matches `before`.
    pub fn narrows(&self, before: &Needle) -> bool {
        self.is_exact == before.is_exact && self.word.starts_with(&before.word)
    }

    pub fn rank(&self, hay: &[u8]) -> Rank {
        if self.is_exact {
            return self.substring(hay).map_or(0, rank_of);
        }
        let Some(end) = self.subsequence(hay) else { return 0 };
        if let Some(found) = self.substring(hay) {
            return rank_of(found);
        }
        // Back from where it ends first: the shortest stretch that ends there.
        let start = self.pairs.iter().rev().try_fold(end, |at, pair| rfind(&hay[..at], *pair)).unwrap_or(0);
        SCATTERED - u32::try_from((end - start).min(FAR)).unwrap_or(0)
    }

    /// Where the word's letters have occurred in their order, for the first time.
    fn subsequence(&self, hay: &[u8]) -> Option<usize> {
        self.pairs.iter().try_fold(0, |at, pair| find(&hay[at..], *pair).map(|found| at + found + 1))
    }

    /// The first occurrence at a word start, else the first: its place, and which it is.
    pub fn substring(&self, hay: &[u8]) -> Option<(usize, bool)> {
        let rare = *self.pairs.get(self.rare)?;
        let mut inside = None;
        let mut from = self.rare;
        while let Some(found) = hay.get(from..).and_then(|rest| find(rest, rare)) {
            let start = from + found - self.rare;
            let Some(here) = hay.get(start..start + self.pairs.len()) else { break };
            if here.eq_ignore_ascii_case(self.word.as_bytes()) {
                if start == 0 || !hay[start - 1].is_ascii_alphanumeric() {
                    return Some((start, true));
                }
                inside = inside.or(Some((start, false)));
            }
            from += found + 1;
        }
        inside
    }

    /// The stretch outside of which no best alignment can reach: from one byte before the first
    /// occurrence of the first letter to the last occurrence of the last one.
    pub fn window<'a>(&self, hay: &'a [u8]) -> &'a [u8] {
        let (Some(first), Some(last)) = (self.pairs.first(), self.pairs.last()) else { return hay };
        let start = find(hay, *first).map_or(0, |at| at.saturating_sub(1));
        let end = rfind(hay, *last).map_or(hay.len(), |at| at + 1);
        hay.get(start..end).unwrap_or(hay)
    }
}

fn rank_of((at, word_start): (usize, bool)) -> Rank {
    let near = u32::try_from(FAR - at.min(FAR)).unwrap_or(0);
    near + if word_start { AT_WORD_START } else { INSIDE }
}

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
        let ranks: Vec<Rank> = falling.iter().map(|word| one(word).rank(hay)).collect();
        assert!(ranks.windows(2).all(|pair| pair[0] > pair[1]), "{ranks:?}");
        for absent in ["zz", "smithz", "'oabn", "dneb"] {
            assert_eq!(one(absent).rank(hay), 0, "{absent}");
        }
    }

    #[test]
    fn a_word_start_wins_over_an_earlier_inside() {
        assert_eq!(one("oak").substring(b"soak oak"), Some((5, true)));
        assert_eq!(one("oak").substring(b"soak croak"), Some((1, false)));
        assert_eq!(one("oak").substring(b"oa"), None);
        assert_eq!(one("oo").substring(b"xooo"), Some((1, false)));
    }

    #[test]
    fn the_window_drops_what_cannot_matter() {
        assert_eq!(one("ok").window(b"12 Oak St, Kenmore, OR"), b" Oak St, K");
        assert_eq!(one("k").window(b"oak"), b"ak");
    }

    proptest::proptest! {
        /// Against the plain definitions.
        #[test]
        fn ranks_agree_with_the_definition(hay in "[a-cA-C ]{0,14}", word in "[a-c]{1,4}") {
            let needle = one(&word);
            let lower = hay.to_lowercase();
            let rank = needle.rank(hay.as_bytes());
            let mut rest = lower.chars();
            let scattered = word.chars().all(|wanted| rest.any(|c| c == wanted));
            proptest::prop_assert_eq!(rank > 0, scattered);
            proptest::prop_assert_eq!(rank > INSIDE, lower.contains(&word));
            proptest::prop_assert_eq!(rank > AT_WORD_START, format!(" {lower}").contains(&format!(" {word}")));
        }
    }
}
