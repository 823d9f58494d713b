//! The words for a day: `fri`, `next tue`, `5b`, `2w`, `12/4`, `tomorrow 14:00`, `2026-12-04`.

use super::calendar::Calendar;
use super::day::{Day, When};

/// A day in words, resolved, with what has to be shown before it is stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resolved {
    pub when: When,
    /// Weekend days and holidays that the count skipped, or why the day itself does not count.
    pub skipped: Vec<(Day, String)>,
}

/// Reads `text` as of `from`. `Err` says what was wanted, in one sentence.
pub fn read(text: &str, from: Day, calendar: &Calendar) -> Result<Resolved, String> {
    let _ = (text, from, calendar);
    todo!()
}

/// The words of a preview: `Wed 12/2 (7 business days; skips Thu 11/26 Thanksgiving Day)`.
pub fn words(resolved: &Resolved, from: Day, calendar: &Calendar) -> String {
    let _ = (resolved, from, calendar);
    todo!()
}

/// Reads the day on which something happened: never after `today`; `fri` is the last Friday.
pub fn read_past(text: &str, today: Day) -> Result<Day, String> {
    let _ = (text, today);
    todo!()
}
