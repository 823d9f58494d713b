//! What does one cell say: a line of text, a number, a size?

use std::borrow::Cow;

use crate::domain::text::{self, LINE_MAX, NOTE_MAX};

/// How much of a wrong cell a problem shows, in bytes.
const SHOWN_MAX: usize = 80;

/// A cell as one clean line. A longer one than a field can hold ends in `…`, so that the cut is seen.
pub fn line(cell: &str) -> String {
    let plain = |bytes: &[u8]| bytes.iter().all(|byte| (b' '..=b'~').contains(byte)) && !bytes.windows(2).any(|two| two == b"  ");
    if cell.len() <= LINE_MAX {
        // Most cells are clean already.
        return if plain(cell.as_bytes()) { cell.trim().to_owned() } else { text::clean_line(cell) };
    }
    let whole = text::clean(cell).split_whitespace().collect::<Vec<_>>().join(" ");
    cut(whole, LINE_MAX)
}

/// A cell as a clean note, with its line ends.
pub fn note(cell: &str) -> String {
    cut(text::clean(cell).trim().to_owned(), NOTE_MAX)
}

fn cut(whole: String, max: usize) -> String {
    if whole.len() <= max {
        return whole;
    }
    format!("{}…", text::cut(&whole, max - '…'.len_utf8()))
}

/// A wrong cell as a problem shows it: safe for a terminal, and short.
pub fn shown(cell: &str) -> String {
    let line = text::clean_line(cell);
    if line.is_empty() { "nothing that can be shown".into() } else { cut(line, SHOWN_MAX) }
}

/// A size with the unit of its column, for `domain::field::read`: `99.90` in MW → `99.90 MW`. A cell
/// that has a unit of its own keeps it. `None` when a comma is not a thousands separator: `1,5` is
/// one and a half in half of the world, and would be read as fifteen.
pub fn size<'a>(cell: &'a str, unit: &str) -> Option<Cow<'a, str>> {
    let mut groups = cell.split('.').next().unwrap_or_default().split(',').skip(1);
    let grouped = groups.all(|group| {
        let digits = group.trim_end_matches(|c: char| !c.is_ascii_digit());
        digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    let fraction = cell.split_once('.').map_or("", |(_, fraction)| fraction);
    if !grouped || fraction.contains(',') {
        return None;
    }
    let bare = !cell.contains(|c: char| c.is_alphabetic());
    Some(if bare && !unit.is_empty() { Cow::Owned(format!("{cell} {unit}")) } else { Cow::Borrowed(cell) })
}

/// A number that names something, whole and without what a spreadsheet made of it: `123.0` loses its
/// `.0`, and leading zeros come back up to `digits` of them.
pub fn number(text: &str, digits: usize) -> Cow<'_, str> {
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let whole = match text.split_once('.') {
        Some((whole, zeros)) if plain(whole) && !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => whole,
        _ => text,
    };
    if whole.len() < digits && plain(whole) { Cow::Owned(format!("{whole:0>digits$}")) } else { Cow::Borrowed(whole) }
}

/// `1.23457E+12`: a long number as a spreadsheet shows it. Its last digits are lost.
pub fn is_shortened(text: &str) -> bool {
    let Some((number, power)) = text.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = number.split_once(['.', ',']).unwrap_or((number, "0"));
    digits(whole) && digits(fraction) && power.strip_prefix('+').is_some_and(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lose_what_a_spreadsheet_did_to_them() {
        for (cell, digits, says) in [
            ("123.0", 0, "123"),
            ("123.00", 5, "00123"),
            ("42", 4, "0042"),
            ("12345", 4, "12345"),
            ("IC-42", 8, "IC-42"),
            ("1.5", 4, "1.5"),
            ("A1.0", 0, "A1.0"),
            (".0", 0, ".0"),
            ("", 3, ""),
        ] {
            assert_eq!(number(cell, digits), says, "{cell}");
        }
        for (cell, shortened) in [
            ("1.23457E+12", true),
            ("1,23457E+12", true),
            ("1E+05", true),
            ("12E45", false),
            ("1.2E", false),
            ("E+12", false),
            ("AE2-123", false),
            ("1E-5", false),
        ] {
            assert_eq!(is_shortened(cell), shortened, "{cell}");
        }
    }

    #[test]
    fn sizes_get_the_unit_of_their_column() {
        for (cell, unit, sized) in [
            ("99.90", "MW", Some("99.90 MW")),
            ("7.6 kW", "MW", Some("7.6 kW")),
            ("1,750.00", "MW", Some("1,750.00 MW")),
            ("1,750 kW", "MW", Some("1,750 kW")),
            ("12", "", Some("12")),
            ("1,5", "MW", None),
            ("1.750,00", "MW", None),
        ] {
            assert_eq!(size(cell, unit).as_deref(), sized, "{cell}");
        }
    }

    #[test]
    fn a_long_cell_shows_that_it_was_cut() {
        let long = line(&"x".repeat(1_000_000));
        assert!(long.len() <= LINE_MAX && long.ends_with("x…"));
        assert_eq!(line(&format!("a{}b", " ".repeat(5_000))), "a b");
        assert_eq!(note(" one\r\ntwo \x1b[2J"), "one\ntwo");
    }
}
