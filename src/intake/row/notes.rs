//! Which notes, and of which days, does one cell hold?

use crate::domain::day::Day;

use crate::intake::dates::Dates;

/// The notes of a cleaned cell, oldest first: a line that begins with a date opens a note, lines
/// without one belong to the note before, and text before any date is a note without a day. Notes of
/// one day stay in the order in which they were written, which is upwards where the newest stands on
/// top. A date without words is no note.
pub fn dated(cell: &str, dates: &Dates, today: Day) -> Vec<(Option<Day>, String)> {
    let mut notes: Vec<(Option<Day>, String)> = Vec::new();
    for line in cell.lines() {
        match start(line, dates, today) {
            Some((day, words)) => notes.push((Some(day), words.to_owned())),
            None => match notes.last_mut() {
                Some((_, words)) => {
                    words.push('\n');
                    words.push_str(line.trim_end());
                }
                None => notes.push((None, line.trim().to_owned())),
            },
        }
    }
    let mut days = notes.iter().filter_map(|(day, _)| *day);
    if let (Some(first), Some(last)) = (days.next(), days.next_back())
        && first > last
    {
        notes.reverse();
    }
    notes.sort_by_key(|(day, _)| *day);
    for (_, words) in &mut notes {
        *words = words.trim().to_owned();
    }
    notes.retain(|(_, words)| !words.is_empty());
    notes
}

/// The day with which a line begins, and its words.
fn start<'a>(line: &'a str, dates: &Dates, today: Day) -> Option<(Day, &'a str)> {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '•' | '-' | '–'));
    let bare = line.strip_prefix(['[', '(']);
    let (day, rest) = dates.read_start(bare.unwrap_or(line), today)?;
    let rest = if bare.is_some() { rest.strip_prefix([']', ')']).unwrap_or(rest) } else { rest };
    Some((day, rest.trim_start().trim_start_matches(['-', ':', '–', '—']).trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::import::DateFormat;

    #[test]
    fn a_cell_is_taken_apart() {
        let formats = ["%m/%d/%y", "%m/%d"].map(String::from).to_vec();
        let dates = Dates::of_notes(&DateFormat { formats, zone: None }).expect("formats");
        let today = Day::from_ymd_opt(2026, 11, 20).expect("a constant");
        let read = |cell: &str| {
            let notes = dated(cell, &dates, today).into_iter();
            notes.map(|(day, words)| format!("{}|{words}", day.map(|day| day.to_string()).unwrap_or_default())).collect::<Vec<_>>()
        };
        for (cell, notes) in [
            ("11/18 LVM w/ cust\n11/12 sent to PGE", &["2026-11-12|sent to PGE", "2026-11-18|LVM w/ cust"][..]),
            (
                "gate code needed\n11/12 - sent\n  2 pages\n\n11/18: LVM",
                &["|gate code needed", "2026-11-12|sent\n  2 pages", "2026-11-18|LVM"],
            ),
            ("11/18 second\n11/18 first\n12/30 last year", &["2025-12-30|last year", "2026-11-18|first", "2026-11-18|second"]),
            ("11/12 one\n11/12 two", &["2026-11-12|one", "2026-11-12|two"]),
            ("[11/12] one\n- 11/13/26 two\n(11/14) three", &["2026-11-12|one", "2026-11-13|two", "2026-11-14|three"]),
            ("11/12\n11/13 -\n", &[]),
            ("11/12\nthe words stand below", &["2026-11-12|the words stand below"]),
            ("no day at all", &["|no day at all"]),
            ("", &[]),
        ] {
            assert_eq!(read(cell), notes, "{cell}");
        }
    }
}
