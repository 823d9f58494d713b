//! Which one does the demo take? The same seed always takes the same.

use crate::domain::id::Uuid;

/// A small generator (splitmix64): a demo needs variety, not secrecy.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(seed ^ 0x1ce_7e12_71e5_eed5)
    }

    /// A generator of its own for the nth thing, so that more of them do not change the first.
    pub fn nth(&self, n: u64) -> Chance {
        let mut other = Chance(self.0 ^ n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        other.next();
        other
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From `low` up to and with `high`.
    pub fn within(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high - low + 1).unwrap_or(1).max(1);
        low + i64::try_from(self.next() % span).unwrap_or(0)
    }

    /// True in `percent` of a hundred cases.
    pub fn percent(&mut self, percent: i64) -> bool {
        self.within(1, 100) <= percent
    }

    /// `None` only when there is nothing to take.
    pub fn one<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let last = i64::try_from(from.len()).ok()? - 1;
        (last >= 0).then(|| self.within(0, last)).and_then(|idx| from.get(usize::try_from(idx).ok()?))
    }

    /// One of the words; empty when there are none.
    pub fn word<'a>(&mut self, from: &'a [String]) -> &'a str {
        self.one(from).map_or("", String::as_str)
    }

    /// Digits for `#`, letters for `@`; the rest stays.
    pub fn fill(&mut self, pattern: &str) -> String {
        let mut digit = |sign: char| match sign {
            '#' => char::from(b'0' + u8::try_from(self.within(0, 9)).unwrap_or(0)),
            '@' => char::from(b'A' + u8::try_from(self.within(0, 25)).unwrap_or(0)),
            other => other,
        };
        pattern.chars().map(&mut digit).collect()
    }

    pub fn uuid(&mut self) -> Uuid {
        Uuid::from_u64_pair((self.next() & !0xf000) | 0x4000, (self.next() & !(0b11 << 62)) | (0b10 << 62))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same() {
        let draw = |seed: u64| {
            let mut chance = Chance::new(seed);
            (chance.within(3, 9), chance.fill("A-##@"), chance.uuid())
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        let mut chance = Chance::new(1);
        for _ in 0..200 {
            assert!((3..=9).contains(&chance.within(3, 9)));
            assert_eq!(chance.uuid().get_version_num(), 4);
        }
        assert_eq!(chance.one::<u8>(&[]), None);
        assert_eq!(Chance::new(1).nth(5).next(), Chance::new(1).nth(5).next());
    }
}
