//! How wide is a text on the screen, where is it cut, and where does it wrap?
//!
//! Everything that comes from a record goes through `safe` on its way to a cell: terminals do not
//! agree on the width of joined emoji, and one that is drawn wider shifts the rest of its line.

use std::borrow::Cow;

use ratatui::buffer::CellWidth;
use unicode_segmentation::UnicodeSegmentation;

/// Glyphs that are not ASCII, in one place: a terminal set up for Chinese draws some two cells wide.
pub const ELLIPSIS: &str = "…";
/// Between two things on a line. Its first space does not break, so no line begins with the dot.
pub const DOT: &str = "\u{a0}· ";
pub const RULE: &str = "─";
pub const BAR: &str = "│";
/// Stands for what a terminal may draw in any width, as a flag.
pub const BOX: &str = "□";

/// The cells that one grapheme takes.
fn cells(grapheme: &str) -> usize {
    if grapheme.contains(char::is_control) { 0 } else { usize::from(grapheme.cell_width()) }
}

/// The cells that a safe text takes.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.bytes().filter(|byte| !byte.is_ascii_control()).count();
    }
    text.graphemes(true).map(cells).sum()
}

/// A character that makes others join or change their width, or turns the direction of a line.
fn is_risky(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{20e3}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{1f1e6}'..='\u{1f1ff}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e0fff}')
}

/// What a terminal draws in a width that is certain: joined emoji become their first character, a
/// flag becomes a box, a tab a space; control and direction characters vanish.
pub fn safe(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_control()) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for grapheme in text.graphemes(true) {
        out.push_str(safe_grapheme(grapheme));
    }
    Cow::Owned(out)
}

fn safe_grapheme(grapheme: &str) -> &str {
    let first = grapheme.chars().next().map_or(0, char::len_utf8);
    match grapheme.chars().next() {
        // A space that does not break has done its work where lines are made.
        Some('\t' | '\n' | '\u{a0}') => " ",
        Some('\u{1f1e6}'..='\u{1f1ff}') => BOX,
        Some(c) if is_risky(c) => "",
        // More marks on one letter than any language has are somebody's joke.
        _ if grapheme.chars().count() > 6 || grapheme.chars().any(is_risky) => &grapheme[..first],
        _ => grapheme,
    }
}

/// Words that stay on one line if a line can hold them: a name with its date.
pub fn unbroken(text: &str) -> String {
    text.replace(' ', "\u{a0}")
}

/// What a narrow pane holds in one line.
const LINE: usize = 30;

/// The same, for a name that may be longer than a line: then only its last word stays with what follows.
pub fn unbroken_end(name: &str, words: &str) -> String {
    if width(name) + width(words) < LINE {
        return unbroken(&format!("{name} {words}"));
    }
    let (start, last) = name.rsplit_once(' ').map_or(("", name), |(start, last)| (start, last));
    let start = if start.is_empty() { String::new() } else { format!("{start} ") };
    format!("{start}{}", unbroken(&format!("{last} {words}")))
}

/// The longest start of a safe text that fits into `cells` cells, and the cells it takes.
pub fn start(text: &str, limit: usize) -> (&str, usize) {
    // Plain letters are a cell each, but the last of them: what follows may be a mark on it.
    let plain = text.bytes().take(limit.saturating_add(2)).take_while(|byte| (b' '..=b'~').contains(byte)).count();
    let begin = plain.saturating_sub(1).min(limit);
    let mut used = begin;
    for (at, grapheme) in text[begin..].grapheme_indices(true) {
        let wide = cells(grapheme);
        if used + wide > limit {
            return (&text[..begin + at], used);
        }
        used += wide;
    }
    (text, used)
}

/// A text made safe and cut to `limit` cells; what was cut shows as `…`.
pub fn cut(text: &str, limit: usize) -> Cow<'_, str> {
    let text = safe(text);
    if text.len() <= limit || width(&text) <= limit {
        return text;
    }
    if limit == 0 {
        return Cow::Borrowed("");
    }
    Cow::Owned(format!("{}{ELLIPSIS}", start(&text, limit - 1).0.trim_end()))
}

/// Where the lines of `text` begin and end (bytes) when it wraps at `limit` cells: at spaces, else
/// inside a word. Newlines end lines. The spaces at which it wraps belong to no line.
pub fn wrap(text: &str, limit: usize) -> Vec<std::ops::Range<usize>> {
    let limit = limit.max(1);
    let mut lines = Vec::new();
    let mut begin = 0;
    for line in text.split('\n') {
        wrap_line(text, begin, begin + line.len(), limit, &mut lines);
        begin += line.len() + 1;
    }
    lines
}

fn wrap_line(text: &str, mut begin: usize, end: usize, limit: usize, lines: &mut Vec<std::ops::Range<usize>>) {
    loop {
        let rest = &text[begin..end];
        let (fits, _) = start(rest, limit);
        if fits.len() == rest.len() {
            lines.push(begin..end);
            return;
        }
        let after = &rest[fits.len()..];
        let space = if after.starts_with(' ') { Some(fits.len()) } else { fits.rfind(' ').filter(|at| !fits[..*at].trim().is_empty()) };
        let stop = match space {
            Some(space) => space,
            // One grapheme wider than the line goes on a line of its own.
            None if fits.is_empty() => rest.graphemes(true).next().map_or(rest.len(), str::len),
            None => fits.len(),
        };
        lines.push(begin..begin + rest[..stop].trim_end().len());
        let spaces = rest[stop..].len() - rest[stop..].trim_start_matches(' ').len();
        begin += stop + spaces;
        if begin >= end {
            return;
        }
    }
}

/// Bytes of `text` in which one of `words` occurs, whatever its case, sorted; for underlining.
pub fn find_words(text: &str, words: &[String]) -> Vec<std::ops::Range<usize>> {
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    let small = text.to_lowercase();
    // A letter whose small form is longer would shift the places; such a text is not underlined.
    if small.len() != text.len() {
        return found;
    }
    for word in words.iter().filter(|word| !word.is_empty()) {
        found.extend(small.match_indices(word.as_str()).map(|(at, hit)| at..at + hit.len()));
    }
    found.retain(|range| text.is_char_boundary(range.start) && text.is_char_boundary(range.end));
    found.sort_by_key(|range| (range.start, range.end));
    found.dedup_by(|next, before| {
        let joined = next.start < before.end;
        if joined {
            before.end = before.end.max(next.end);
        }
        joined
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_emoji_flags_and_tricks_become_certain() {
        for (text, shown) in [
            ("Jane Smith", "Jane Smith"),
            ("José 李", "José 李"),
            ("👨\u{200d}👩\u{200d}👧 Lee", "👨 Lee"),
            ("🇺🇸 flag", "□ flag"),
            ("⚠\u{fe0f} wait", "⚠ wait"),
            ("1\u{fe0f}\u{20e3}", "1"),
            ("👍🏽 ok", "👍 ok"),
            ("a\tb\nc", "a b c"),
            ("\x1b[31mred\u{7}\u{9b}", "[31mred"),
            ("right\u{202e}tfel\u{2066}", "righttfel"),
            ("z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}!", "z!"),
        ] {
            assert_eq!(safe(text), shown, "{text:?}");
        }
    }

    #[test]
    fn cutting_counts_cells_and_never_splits() {
        for (text, limit, shown) in [
            ("Jane Smith", 10, "Jane Smith"),
            ("Jane Smith", 9, "Jane Smi…"),
            ("Jane Smith", 6, "Jane…"),
            ("李小龙李小龙", 6, "李小…"),
            ("李小龙", 6, "李小龙"),
            ("é", 1, "é"),
            ("ab", 1, "…"),
            ("ab", 0, ""),
            ("👨\u{200d}👩\u{200d}👧👨\u{200d}👩\u{200d}👧", 3, "👨…"),
        ] {
            assert_eq!(cut(text, limit), shown, "{text:?} {limit}");
        }
    }

    #[test]
    fn lines_wrap_at_spaces_else_inside_words() {
        let lines = |text: &str, limit| wrap(text, limit).into_iter().map(|range| text[range].to_owned()).collect::<Vec<_>>();
        assert_eq!(lines("called the utility", 10), ["called the", "utility"]);
        assert_eq!(lines("a  b", 2), ["a", "b"]);
        assert_eq!(lines("one\n\ntwo", 10), ["one", "", "two"]);
        assert_eq!(lines("interconnection@example.com", 10), ["interconne", "ction@exam", "ple.com"]);
        assert_eq!(lines("李小龙", 4), ["李小", "龙"]);
        assert_eq!(lines("李", 1), ["李"]);
        assert_eq!(lines("", 4), [""]);
    }

    #[test]
    fn words_are_found_whatever_their_case() {
        let words = ["smi".to_owned(), "it".to_owned(), "".to_owned()];
        assert_eq!(find_words("Jane SMITH", &words), vec![5..9]);
        assert_eq!(find_words("İ smi", &words), vec![]);
    }

    proptest::proptest! {
        /// Against the plain definition, without the short way over plain letters.
        #[test]
        fn the_start_of_a_text_is_its_graphemes_one_by_one(text in "[a ~\u{301}李é👩\u{200d}]{0,20}", limit in 0usize..16) {
            let (mut used, mut end) = (0, 0);
            for grapheme in text.graphemes(true) {
                if used + cells(grapheme) > limit {
                    break;
                }
                (used, end) = (used + cells(grapheme), end + grapheme.len());
            }
            proptest::prop_assert_eq!(start(&text, limit), (&text[..end], used));
        }

        #[test]
        fn any_text_is_cut_and_wrapped_inside_its_width(text in "\\PC{0,40}|[a 李👩\u{200d}🇺🇸\u{301}\t\n]{0,40}", limit in 2usize..20) {
            proptest::prop_assert!(width(&cut(&text, limit)) <= limit);
            let text = text.split('\n').map(safe).collect::<Vec<_>>().join("\n");
            for range in wrap(&text, limit) {
                // One grapheme can be wider than a very narrow line; it stands there alone.
                let line = &text[range];
                proptest::prop_assert!(width(line) <= limit || line.graphemes(true).count() == 1, "{line:?}");
            }
        }
    }
}
