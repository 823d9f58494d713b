//! Where did a word occur in one text? What a pass over all rows hands on for each of them.

/// Where a word occurs in a text. Few bytes, since one is made for each of a million rows: it goes from hand to hand in a
/// register, and as a larger one each of them waited for the memory that the one before had just written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Found {
    end: u16,
    at: u16,
    word_start: bool,
}

/// The places of a text are before it: a row's is shorter than 64 KB.
const NOWHERE: u16 = u16::MAX;

impl Found {
    pub const NOWHERE: Found = Found { end: 0, at: NOWHERE, word_start: false };

    /// `end`: behind the earliest occurrence of its letters in their order; 0: nowhere, or not looked for. `substring`: where
    /// it occurs as it is, and whether a word starts there.
    pub fn new(end: usize, substring: Option<(usize, bool)>) -> Found {
        let short = |place: usize| u16::try_from(place).unwrap_or(NOWHERE).min(NOWHERE - 1);
        let (at, word_start) = substring.map_or((NOWHERE, false), |(at, word_start)| (short(at), word_start));
        Found { end: short(end), at, word_start }
    }

    /// Four bytes and a bit, for who has no room for more.
    pub fn packed(self) -> ([u16; 2], bool) {
        ([self.end, self.at], self.word_start)
    }

    pub fn unpacked([end, at]: [u16; 2], word_start: bool) -> Found {
        Found { end, at, word_start }
    }

    pub fn end(self) -> usize {
        usize::from(self.end)
    }

    pub fn substring(self) -> Option<(usize, bool)> {
        self.is_typed().then_some((usize::from(self.at), self.word_start))
    }

    /// It occurs as it is.
    pub fn is_typed(self) -> bool {
        self.at != NOWHERE
    }

    pub fn is_somewhere(self) -> bool {
        self.end > 0 || self.is_typed()
    }
}
