//! Text from outside is made safe once, at the door; and text is folded for search.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};
use unicode_segmentation::UnicodeSegmentation;

/// The longest note, in bytes: the editor's wrapping slows above it.
pub const NOTE_MAX: usize = 64 * 1024;
/// The longest one-line value, in bytes.
pub const LINE_MAX: usize = 1024;

/// Takes out what a terminal, a shell or a reader could be misled by: escape sequences whole,
/// control characters but newline and tab, direction overrides, invisible characters (a joiner
/// inside an emoji stays). Line ends become `\n`; the rest becomes NFC.
pub fn clean(text: &str) -> Cow<'_, str> {
    // Nearly every text, looked at by byte: settings, rows and notes are mostly plain ASCII.
    if text.bytes().all(|byte| byte == b'\n' || is_plain(byte)) {
        return Cow::Borrowed(text);
    }
    let harmless = |c: char| c == '\n' || !(c.is_control() || is_invisible(c) || c == '\u{200d}');
    if text.chars().all(harmless) && is_nfc(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\u{1b}' => skip_escape(&mut rest),
            '\u{9b}' => skip_csi(&mut rest),
            '\u{90}' | '\u{98}' | '\u{9d}' | '\u{9e}' | '\u{9f}' => skip_string(&mut rest),
            '\r' => {
                if rest.peek() != Some(&'\n') {
                    out.push('\n');
                }
            }
            '\n' | '\t' => out.push(c),
            c if c.is_control() || is_invisible(c) => {}
            c => out.push(c),
        }
    }
    Cow::Owned(without_stray_joiners(&out).nfc().collect())
}

/// A joiner is part of an emoji only between two visible characters that are not letters. Looked at
/// last, when nothing invisible stands between it and them any more.
fn without_stray_joiners(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '\u{200d}' || out.chars().next_back().is_some_and(joins) && rest.peek().is_some_and(|c| joins(*c)) {
            out.push(c);
        }
    }
    out
}

/// `clean`, on one line, at most `LINE_MAX` bytes, without spaces at its ends.
pub fn clean_line(text: &str) -> String {
    let mut line = one_line(text);
    line.truncate(cut(&line, LINE_MAX).len());
    line
}

/// The same, however long it is.
pub fn one_line(text: &str) -> String {
    if is_plain_line(text) {
        return text.to_owned();
    }
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether `one_line` would leave it as it is, seen without taking it apart; `false` may also be one that it leaves.
fn is_plain_line(text: &str) -> bool {
    let mut before = b' ';
    for byte in text.bytes() {
        if !is_plain(byte) || byte == b' ' && before == b' ' {
            return false;
        }
        before = byte;
    }
    before != b' '
}

/// Printable ASCII, the space with it.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}

/// The longest start of `text` that has at most `max` bytes and splits no grapheme.
pub fn cut(text: &str, max: usize) -> &str {
    if text.len() <= max {
        return text;
    }
    let end = text.grapheme_indices(true).map(|(start, grapheme)| start + grapheme.len()).take_while(|end| *end <= max).last();
    &text[..end.unwrap_or(0)]
}

/// Lower case without accents, for search: `Jörg` → `jorg`.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    deunicode::deunicode(text).to_lowercase()
}

fn joins(c: char) -> bool {
    !c.is_alphanumeric() && !c.is_whitespace() && c != '\u{200d}'
}

/// Direction overrides, zero-width characters, tags, and other characters that show nothing.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}' | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}'
        | '\u{2800}' | '\u{3164}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// After ESC: a control sequence, a string, or one character and its intermediates.
fn skip_escape(rest: &mut Chars<'_>) {
    match rest.peek() {
        Some('[') => {
            rest.next();
            skip_csi(rest);
        }
        Some(']' | 'P' | 'X' | '^' | '_') => {
            rest.next();
            skip_string(rest);
        }
        Some(' '..='/') => {
            while rest.next_if(|c| (' '..='/').contains(c)).is_some() {}
            rest.next_if(|c| ('0'..='~').contains(c));
        }
        Some('0'..='~') => {
            rest.next();
        }
        _ => {}
    }
}

/// Parameters and intermediates, then one final character.
fn skip_csi(rest: &mut Chars<'_>) {
    while rest.next_if(|c| (' '..='?').contains(c)).is_some() {}
    rest.next_if(|c| ('@'..='~').contains(c));
}

/// Up to BEL or ST. A string that never ends swallows only its own line, so that one bad byte
/// cannot take a whole note with it.
fn skip_string(rest: &mut Chars<'_>) {
    while let Some(c) = rest.next_if(|c| *c != '\n') {
        if matches!(c, '\u{7}' | '\u{9c}') {
            return;
        }
        if c == '\u{1b}' {
            rest.next_if_eq(&'\\');
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_disarmed() {
        for (hostile, safe) in [
            ("\x1b]52;c;aGk=\x07title", "title"),
            ("\x1b]52;c;aGk=\x1b\\title", "title"),
            ("a\x1b[2Jb\x1b[31;1mc", "abc"),
            ("a\u{9b}2Jb\u{9d}52;c;x\u{9c}c", "abc"),
            ("never ends \x1b]0;x\nnext line", "never ends \nnext line"),
            ("bell\x07 nul\0 del\x7f", "bell nul del"),
            ("right\u{202e}tfel\u{200b}\u{feff}", "righttfel"),
            ("one\r\ntwo\rthree", "one\ntwo\nthree"),
            ("cafe\u{301}", "café"),
            ("👨\u{200d}👩\u{200d}👧 a\u{200d}b", "👨\u{200d}👩\u{200d}👧 ab"),
            ("\x1b(0lqk\x1b=x", "lqkx"),
            ("ends \x1b", "ends "),
        ] {
            assert_eq!(clean(hostile), safe, "{hostile:?}");
        }
        assert!(matches!(clean("plain text\nand Jörg"), Cow::Borrowed(_)));
        assert_eq!(clean_line("  two\n words\t here "), "two words here");
    }

    #[test]
    fn cutting_splits_no_grapheme() {
        assert_eq!(cut("ab", 5), "ab");
        assert_eq!(cut("aé", 2), "a");
        assert_eq!(cut("a👨\u{200d}👩\u{200d}👧", 10), "a");
    }

    proptest::proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once(text in "\\PC*|[\\x00-\\x7f\u{9b}\u{9d}\u{202e}\u{200d}é]{0,40}") {
            let once = clean(&text).into_owned();
            proptest::prop_assert!(!once.chars().any(|c| (c.is_control() && c != '\n' && c != '\t') || is_invisible(c)));
            proptest::prop_assert_eq!(clean(&once).into_owned(), once);
        }

        #[test]
        fn a_line_that_is_left_as_it_is_is_what_its_words_make(text in "[ -~]{0,20}|[ab ]{0,6}|(\\PC|[ \t\n]){0,12}") {
            let by_words = clean(&text).split_whitespace().collect::<Vec<_>>().join(" ");
            proptest::prop_assert_eq!(one_line(&text), by_words);
        }
    }
}
