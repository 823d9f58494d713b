//! What does a pass over all rows read of each? 48 bytes: days in two bytes, names as numbers. The rest of a row is in `rest`.

use chrono::Timelike;

use super::arena::Span;
use super::names::SEPARATOR;
use crate::domain::day::{Datelike, Day, NaiveDateTime, NaiveTime, When};
use crate::domain::facts::Facts;
use crate::domain::priority::PackedDay;
use crate::domain::text;

/// Days since 2000-01-01; reaches to 2179.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct ShortDay(pub u16);

/// 2000-01-01 as `num_days_from_ce` counts.
const FIRST: i32 = 730_120;

impl ShortDay {
    pub const NONE: ShortDay = ShortDay(u16::MAX);

    /// Days outside of the range that `domain::day` reads stand for its nearest end.
    pub fn of(day: Day) -> ShortDay {
        ShortDay(u16::try_from((day.num_days_from_ce() - FIRST).clamp(0, i32::from(u16::MAX) - 1)).expect("clamped"))
    }

    pub fn get(self) -> Option<Day> {
        PackedDay::from(self).get()
    }
}

impl From<Option<Day>> for ShortDay {
    fn from(day: Option<Day>) -> ShortDay {
        day.map_or(ShortDay::NONE, ShortDay::of)
    }
}

impl From<ShortDay> for PackedDay {
    fn from(day: ShortDay) -> PackedDay {
        if day == ShortDay::NONE { PackedDay::NONE } else { PackedDay(FIRST + i32::from(day.0)) }
    }
}

/// A day and the minute plus one (0: no time), in the order in which they come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct ShortWhen(pub u32);

const MINUTE_BITS: u32 = 11;

impl ShortWhen {
    pub const NONE: ShortWhen = ShortWhen(u32::MAX);

    pub fn of(when: When) -> ShortWhen {
        let minute = when.time.map_or(0, |time| time.hour() * 60 + time.minute() + 1);
        ShortWhen(u32::from(ShortDay::of(when.day).0) << MINUTE_BITS | minute)
    }

    /// Everything that has come at `now` is not after this.
    pub fn now(now: NaiveDateTime) -> ShortWhen {
        ShortWhen::of(When { day: now.date(), time: Some(now.time()) })
    }

    /// The start of a day, before all its times; `NONE` stays.
    pub fn on(day: ShortDay) -> ShortWhen {
        if day == ShortDay::NONE { ShortWhen::NONE } else { ShortWhen(u32::from(day.0) << MINUTE_BITS) }
    }

    pub fn has_time(self) -> bool {
        self != ShortWhen::NONE && self.0 & ((1 << MINUTE_BITS) - 1) != 0
    }

    pub fn day(self) -> ShortDay {
        if self == ShortWhen::NONE { ShortDay::NONE } else { ShortDay(u16::try_from(self.0 >> MINUTE_BITS).expect("made of 16 bits")) }
    }

    pub fn get(self) -> Option<When> {
        let minute = (self.0 & ((1 << MINUTE_BITS) - 1)).checked_sub(1);
        let time = minute.and_then(|minute| NaiveTime::from_hms_opt(minute / 60, minute % 60, 0));
        Some(When { day: self.day().get()?, time })
    }
}

/// What the search, the order and the counts read of a row. The order of the fields is the order of use in a pass over
/// all rows, and what only a query, a score or the screen asks for is in `Rest`: a pass over a million rows waits for
/// memory and for nothing else.
#[derive(Clone)]
pub(super) struct Packed {
    pub at: u32,
    pub len: u16,
    pub flags: u8,
    /// Where the number begins in what the search reads; 255 is there or behind.
    number_at: u8,
    /// `needle::word_starts` of what the search reads.
    pub word_starts: u32,
    pub follow_up: ShortWhen,
    pub reference: u32,
    pub status: u32,
    pub owner: u32,
    pub utility: u32,
    pub ball: u32,
    pub product: u32,
    pub lapse: ShortDay,
    pub ours: ShortDay,
    /// Of its open to-dos.
    pub todo_due: ShortDay,
    pub expires: ShortDay,
}

pub(super) const GONE: u8 = 1;
/// The text is followed by its folded copy.
pub(super) const FOLDED: u8 = 1 << 1;
pub(super) const ON_HOLD: u8 = 1 << 2;
pub(super) const LEGAL_HOLD: u8 = 1 << 3;
pub(super) const UNTIL_ACTIVITY: u8 = 1 << 4;
pub(super) const ESCALATED: u8 = 1 << 5;
pub(super) const COMPLAINT: u8 = 1 << 6;
/// The reference or the number may be a whole query of one or two bytes.
pub(super) const TINY: u8 = 1 << 7;

impl Packed {
    /// A row that is not there yet.
    pub fn gone() -> Packed {
        Packed {
            at: 0,
            len: 0,
            flags: GONE,
            number_at: 0,
            word_starts: 0,
            follow_up: ShortWhen::NONE,
            reference: 0,
            status: 0,
            owner: 0,
            utility: 0,
            ball: 0,
            product: 0,
            lapse: ShortDay::NONE,
            ours: ShortDay::NONE,
            todo_due: ShortDay::NONE,
            expires: ShortDay::NONE,
        }
    }

    /// Takes over everything but clocks, names and text.
    pub fn take(&mut self, facts: &Facts) {
        self.follow_up = facts.follow_up.map_or(ShortWhen::NONE, ShortWhen::of);
        self.reference = reference_key(&facts.reference);
        self.todo_due = facts.todo_due.filter(|_| facts.todos > 0).into();
        self.expires = facts.expires.into();
        self.flags = [
            (ON_HOLD, !facts.hold.is_empty()),
            (LEGAL_HOLD, facts.legal_hold),
            (UNTIL_ACTIVITY, facts.until_activity),
            (ESCALATED, facts.escalated),
            (COMPLAINT, facts.complaint),
            (TINY, is_tiny(&facts.reference) || is_tiny(&facts.number)),
        ]
        .into_iter()
        .fold(0, |flags, (flag, is)| if is { flags | flag } else { flags });
    }

    pub fn is(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// One of `names`, by the place there; they are never laid side by side for it.
    pub fn name(&self, kind: usize) -> usize {
        (match kind {
            0 => self.status,
            1 => self.owner,
            2 => self.utility,
            3 => self.ball,
            _ => self.product,
        }) as usize
    }

    /// The numbers of its names, kind by kind as `Queue::name_keys` has them.
    pub fn names(&self) -> [u32; 5] {
        [self.status, self.owner, self.utility, self.ball, self.product]
    }

    pub fn span(&self) -> Span {
        Span { at: self.at, len: self.len }
    }

    pub fn set_span(&mut self, span: Span) {
        (self.at, self.len) = (span.at, span.len);
    }

    pub fn has_open_todo(&self) -> bool {
        self.todo_due != ShortDay::NONE
    }
}

/// Every reference that is not a letter, `-` and a number below 2^27 comes after those that are.
pub(super) const ODD: u32 = u32::MAX;

/// The natural order of references in 32 bits, letter first. Equal keys (`A-7` and `A-07`, all odd
/// ones) are told apart by `natural`.
pub(super) fn reference_key(reference: &str) -> u32 {
    let plain = || {
        let [letter @ b'A'..=b'Z', b'-', digits @ ..] = reference.as_bytes() else { return None };
        let all_digits = !digits.is_empty() && digits.len() <= 9 && digits.iter().all(u8::is_ascii_digit);
        let number: u32 = reference.get(2..).filter(|_| all_digits)?.parse().ok()?;
        (number < 1 << 27).then_some(u32::from(letter - b'A') << 27 | number)
    };
    plain().unwrap_or(ODD)
}

/// Sorts references with equal keys: the words before the number, the number, the text.
pub(super) fn natural(reference: &str) -> (&str, u64, &str) {
    let digits = reference.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (words, number) = reference.split_at(reference.len() - digits);
    (words, number.parse().unwrap_or(u64::MAX), reference)
}

/// The texts of a row, in the order in which they lie in the arena: the weightier ones first.
pub(super) const TEXTS: usize = 8;

/// Before the folded copy.
const COPY: u8 = 0x1e;
/// Text (eight texts of at most `LINE_MAX`) and its copy fit 16 bits.
const COPY_MAX: usize = 48 * 1024;

/// Writes a row's texts into `out`: joined, and once more folded unless they are all ASCII (ASCII
/// is searched without case as it stands, which saves a third of the memory). Control characters
/// become spaces. Returns whether there is a folded copy.
pub(super) fn write_texts(facts: &Facts, out: &mut Vec<u8>) -> bool {
    let texts: [&str; TEXTS] =
        [&facts.reference, &facts.number, &facts.customer, &facts.site, &facts.hold, &facts.todo_title, &facts.last_note, &facts.project];
    out.clear();
    for (idx, one) in texts.iter().enumerate() {
        if idx > 0 {
            out.push(SEPARATOR);
        }
        out.extend(text::cut(one, text::LINE_MAX).bytes().map(|byte| if byte < b' ' { b' ' } else { byte }));
    }
    if out.is_ascii() {
        return false;
    }
    let copies = texts.map(|one| text::fold(text::cut(one, text::LINE_MAX)));
    out.push(COPY);
    let start = out.len();
    for (idx, copy) in copies.iter().enumerate() {
        if idx > 0 {
            out.push(SEPARATOR);
        }
        out.extend(copy.bytes().filter(u8::is_ascii).map(|byte| if byte < b' ' { b' ' } else { byte }));
    }
    out.truncate(start + COPY_MAX);
    true
}

/// The texts as shown.
pub(super) fn read_texts(bytes: &[u8]) -> [&str; TEXTS] {
    let shown = bytes.split(|byte| *byte == COPY).next().unwrap_or_default();
    let mut texts = shown.split(|byte| *byte == SEPARATOR);
    std::array::from_fn(|_| std::str::from_utf8(texts.next().unwrap_or_default()).expect("whole strings went in"))
}

impl Packed {
    /// Takes over what can be known of the text beforehand: `searched` is what the search reads.
    pub fn take_text(&mut self, searched: &[u8], is_folded: bool) {
        self.flags |= if is_folded { FOLDED } else { 0 };
        self.word_starts = super::needle::word_starts(searched);
        self.number_at = u8::try_from(text_at(searched, NUMBER)).unwrap_or(u8::MAX);
    }

    pub fn number_at(&self, searched: &[u8]) -> usize {
        if self.number_at == u8::MAX { text_at(searched, NUMBER) } else { usize::from(self.number_at) }
    }
}

/// The place of the number among the texts.
const NUMBER: usize = 1;

/// Where a text other than the first begins in what the search reads.
pub(super) fn text_at(searched: &[u8], text: usize) -> usize {
    memchr::memchr_iter(SEPARATOR, searched).nth(text - 1).map_or(searched.len(), |at| at + 1)
}

/// What the search reads: ASCII only, letters in both cases.
pub(super) fn searched(bytes: &[u8], is_folded: bool) -> &[u8] {
    if !is_folded {
        return bytes;
    }
    memchr::memchr(COPY, bytes).map_or(bytes, |at| &bytes[at + 1..])
}

/// Whether a query of one or two bytes may be the whole of it: folding leaves some characters out, as an accent by itself.
fn is_tiny(said: &str) -> bool {
    matches!(said.chars().count(), 1..=2) || !said.is_ascii() && matches!(text::fold(said).len(), 1..=2)
}

#[cfg(test)]
mod tests {
    use super::super::testing::facts;
    use super::*;

    #[test]
    fn what_every_pass_reads_weighs_48_bytes() {
        assert_eq!(size_of::<Packed>(), 48);
    }

    #[test]
    fn days_and_times_pack_and_sort() {
        let mut last = None;
        for text in ["2000-01-01", "2026-11-30", "2026-11-30T00:00", "2026-11-30T23:59", "2026-12-01", "2100-12-31"] {
            let when = When::parse(text).expect("a constant");
            let packed = ShortWhen::of(when);
            assert_eq!(packed.get(), Some(when));
            assert_eq!(packed.day().get(), Some(when.day));
            assert!(last < Some(packed) && packed < ShortWhen::NONE, "{text}");
            last = Some(packed);
        }
        assert_eq!(ShortWhen::NONE.get(), None);
        assert_eq!(PackedDay::from(ShortDay::NONE), PackedDay::NONE);
    }

    #[test]
    fn references_sort_by_letter_and_number() {
        let sorted = ["A-07", "A-7", "A-42", "A-1042", "B-1", "Z-134217727", "", "A-134217728", "AA-9", "AA-10", "a-1", "Ä-1"];
        let mut shuffled: Vec<&str> = sorted.iter().rev().copied().collect();
        shuffled.sort_by_key(|text| (reference_key(text), natural(text)));
        assert_eq!(shuffled, sorted);
    }

    #[test]
    fn texts_come_back_and_are_searched_folded() {
        let mut out = Vec::new();
        let plain = Facts { customer: "Ann Lee".into(), last_note: "two\nlines\u{1f}\u{1e}".into(), ..facts(1) };
        assert!(!write_texts(&plain, &mut out));
        assert_eq!(read_texts(&out), ["A-1", "", "Ann Lee", "", "", "", "two lines  ", ""]);
        assert_eq!(searched(&out, false), out);
        let accents = Facts { customer: "Jörg 東".into(), site: "12 Oak".into(), ..facts(2) };
        assert!(write_texts(&accents, &mut out));
        assert_eq!(read_texts(&out), ["A-2", "", "Jörg 東", "12 Oak", "", "", "", ""]);
        assert_eq!(searched(&out, true), b"a-2\x1f\x1fjorg dong\x1f12 oak\x1f\x1f\x1f\x1f");
    }

    #[test]
    fn the_longest_texts_fit_16_bits() {
        let mut out = Vec::new();
        let long = "東".repeat(2_000);
        let mut long_facts =
            Facts { reference: long.clone(), number: long.clone(), customer: long.clone(), site: long.clone(), ..facts(1) };
        (long_facts.hold, long_facts.todo_title, long_facts.last_note) = (long.clone(), long.clone(), long.clone());
        long_facts.project = long;
        assert!(write_texts(&long_facts, &mut out));
        assert!(u16::try_from(out.len()).is_ok(), "{}", out.len());
        assert!(read_texts(&out).iter().all(|text| text.len() == text::LINE_MAX - 1));
    }
}
