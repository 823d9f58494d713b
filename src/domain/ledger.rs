//! What does a touch cost, in keys and seconds? A person's own book; how many touches there were is in
//! the journal, this is nobody else's.

use std::collections::BTreeMap;

use super::day::{Day, parse_day};

/// One touch of this person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    pub on: Day,
    /// The quick action's name, or the action's: `left-voicemail`, `note`.
    pub what: String,
    /// Command keys: all but the text that was typed. The signs of a note, Tab and Enter count.
    pub keys: u32,
    /// From the first moment in which the record could be read, reading included.
    pub millis: u32,
}

/// Whoever was away for so long was not working on the record; such a touch tells nothing of seconds.
pub const AWAY: u32 = 10 * 60 * 1_000;

/// Days that are looked back on beside today.
const WEEKS: i64 = 4;

impl Entry {
    /// As a line of the book.
    pub fn line(&self) -> String {
        format!("{}\t{}\t{}\t{}\n", self.on, self.what, self.keys, self.millis)
    }

    /// `None` for what is no such line: one that a crash cut, or a person wrote.
    pub fn read(line: &str) -> Option<Entry> {
        let mut parts = line.split('\t');
        let (on, what, keys, millis) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let is_name = !what.is_empty() && what.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let entry = Entry { on: parse_day(on)?, what: what.to_owned(), keys: keys.parse().ok()?, millis: millis.parse().ok()? };
        (is_name && parts.next().is_none()).then_some(entry)
    }

    /// Still told of on `today`.
    pub fn is_recent(&self, today: Day) -> bool {
        let days = (today - self.on).num_days();
        (0..=7 * WEEKS).contains(&days)
    }
}

/// What some touches cost: how many, and the medians.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Cost {
    pub count: usize,
    pub keys: u32,
    pub seconds: f64,
}

impl Cost {
    fn of(entries: &[&Entry]) -> Cost {
        let mut keys: Vec<u32> = entries.iter().map(|entry| entry.keys).collect();
        let mut millis: Vec<u32> = entries.iter().map(|entry| entry.millis).filter(|millis| *millis < AWAY).collect();
        keys.sort_unstable();
        millis.sort_unstable();
        let middle = |sorted: &[u32]| sorted.get(sorted.len() / 2).copied().unwrap_or(0);
        Cost { count: entries.len(), keys: middle(&keys), seconds: f64::from(middle(&millis)) / 1_000.0 }
    }
}

/// By what was done, the most frequent first: today, and the weeks before.
pub fn costs(entries: &[Entry], today: Day) -> Vec<(String, Cost, Cost)> {
    let mut by_what: BTreeMap<&str, (Vec<&Entry>, Vec<&Entry>)> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.is_recent(today)) {
        let (now, before) = by_what.entry(&entry.what).or_default();
        if entry.on == today { now.push(entry) } else { before.push(entry) }
    }
    let mut told: Vec<(String, Cost, Cost)> =
        by_what.into_iter().map(|(what, (now, before))| (what.to_owned(), Cost::of(&now), Cost::of(&before))).collect();
    told.sort_by_key(|(_, now, before)| std::cmp::Reverse((now.count, before.count)));
    told
}

/// The same for all of them together.
pub fn all(entries: &[Entry], today: Day) -> (Cost, Cost) {
    let recent: Vec<&Entry> = entries.iter().filter(|entry| entry.is_recent(today)).collect();
    let (now, before): (Vec<&Entry>, Vec<&Entry>) = recent.into_iter().partition(|entry| entry.on == today);
    (Cost::of(&now), Cost::of(&before))
}

/// The page, and what the command line prints; `label` gives a quick action's words.
pub fn page(entries: &[Entry], today: Day, label: impl Fn(&str) -> String) -> Vec<String> {
    let row = |what: &str, now: Cost, before: Cost| {
        let cost = |cost: Cost| match cost.count {
            0 => format!("{:>6} {:>5} {:>7}", "-", "", ""),
            count => format!("{count:>6} {:>5} {:>5.1} s", cost.keys, cost.seconds),
        };
        format!("{what:<34}{}   {}", cost(now), cost(before))
    };
    let (now, before) = all(entries, today);
    let mut lines = vec![
        format!("{:<34}{:^20}   {:^20}", "", "today", "4 weeks before"),
        format!("{:<34}{:>6} {:>5} {:>7}   {:>6} {:>5} {:>7}", "", "times", "keys", "time", "times", "keys", "time"),
        row("every touch", now, before),
    ];
    let short = |what: String| what.chars().take(33).collect::<String>();
    lines.extend(costs(entries, today).into_iter().map(|(what, now, before)| row(&short(label(&what)), now, before)));
    lines
}

#[cfg(test)]
mod tests {
    use super::super::testing::{day, today};
    use super::*;

    fn entry(on: &str, what: &str, keys: u32, millis: u32) -> Entry {
        Entry { on: day(on), what: what.to_owned(), keys, millis }
    }

    #[test]
    fn lines_come_back_and_others_do_not() {
        let one = entry("2026-11-20", "left-voicemail", 2, 1_834);
        assert_eq!(Entry::read(one.line().trim_end()), Some(one));
        for bad in [
            "",
            "2026-11-20\tnote\t2",
            "2026-11-20\tno te\t2\t5",
            "2026-02-30\tnote\t2\t5",
            "2026-11-20\tnote\t-2\t5",
            "2026-11-20\tnote\t2\t5\tx",
        ] {
            assert_eq!(Entry::read(bad), None, "{bad}");
        }
    }

    /// Today is 2026-11-21.
    #[test]
    fn medians_by_what_was_done_today_and_before() {
        let entries = [
            entry("2026-11-21", "note", 3, 9_000),
            entry("2026-11-21", "note", 5, AWAY + 1),
            entry("2026-11-21", "note", 4, 7_000),
            entry("2026-11-20", "left-voicemail", 2, 2_000),
            entry("2026-10-24", "left-voicemail", 4, 4_000),
            entry("2026-10-23", "left-voicemail", 90, 4_000),
            entry("2026-11-22", "left-voicemail", 90, 4_000),
        ];
        let told = costs(&entries, today());
        assert_eq!(told[0], ("note".to_owned(), Cost { count: 3, keys: 4, seconds: 9.0 }, Cost::default()));
        assert_eq!(told[1], ("left-voicemail".to_owned(), Cost::default(), Cost { count: 2, keys: 4, seconds: 4.0 }));
        assert_eq!(told.len(), 2);
        insta::assert_snapshot!(page(&entries, today(), str::to_owned).iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n"), @r"
                                                 today              4 weeks before
                                           times  keys    time    times  keys    time
        every touch                            3     4   9.0 s        2     4   4.0 s
        note                                   3     4   9.0 s        -
        left-voicemail                         -                      2     4   4.0 s
        ");
    }
}
