//! One line of text being typed: cursor by grapheme, so that an emoji or an accent goes in one key.

use unicode_segmentation::UnicodeSegmentation;

use crate::domain::text::{LINE_MAX, NOTE_MAX, one_line};
use crate::keys::chord::{Code, Key};

/// Text and cursor; the cursor is a byte place on a grapheme's edge.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Line {
    text: String,
    cursor: usize,
    /// It may be as long as a note.
    long: bool,
    /// What was typed or pasted last found no room.
    full: bool,
    /// Nobody typed it: what is typed or pasted takes its place, unless the cursor was moved or something erased before.
    offered: bool,
}

impl Line {
    pub fn new(text: &str) -> Line {
        Line { text: text.to_owned(), cursor: text.len(), ..Line::default() }
    }

    /// For words that are kept as a note.
    pub fn of_a_note(text: &str) -> Line {
        Line { long: true, ..Line::new(text) }
    }

    /// With a value to accept, to replace by typing, or to change.
    pub fn offering(text: &str) -> Line {
        Line { offered: !text.is_empty(), ..Line::new(text) }
    }

    /// What is typed now takes the place of what stands there.
    pub fn is_offered(&self) -> bool {
        self.offered
    }

    /// The most bytes it takes.
    pub fn room(&self) -> usize {
        if self.long { NOTE_MAX } else { LINE_MAX }
    }

    /// What was typed or pasted last is not in it.
    pub fn is_full(&self) -> bool {
        self.full
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text before the cursor.
    pub fn before(&self) -> &str {
        &self.text[..self.cursor]
    }

    /// `false` when it has no room: nothing was pasted then.
    pub fn paste(&mut self, text: &str) -> bool {
        self.insert(&one_line(text))
    }

    /// Puts `text` in the place of what stands from the byte `from` up to the cursor.
    pub fn complete(&mut self, from: usize, text: &str) {
        if self.text.is_char_boundary(from) && from <= self.cursor {
            self.remove(from..self.cursor);
            self.insert(text);
        }
    }

    fn insert(&mut self, text: &str) -> bool {
        let kept = if self.offered { 0 } else { self.text.len() };
        let fits = kept + text.len() <= self.room();
        if fits {
            if std::mem::take(&mut self.offered) {
                self.remove(0..self.text.len());
            }
            self.text.insert_str(self.cursor, text);
            self.cursor += text.len();
            self.settle();
        }
        self.full = !fits;
        fits
    }

    /// A combining mark may have joined with what follows; the cursor stays on an edge.
    fn settle(&mut self) {
        let edge = self.text.grapheme_indices(true).map(|(start, _)| start).chain([self.text.len()]).find(|edge| *edge >= self.cursor);
        self.cursor = edge.unwrap_or(self.text.len());
    }

    /// Takes a key; `false` when it is not one for a line of text.
    pub fn key(&mut self, key: Key) -> bool {
        self.full = false;
        if let Some(c) = key.text() {
            if !c.is_control() {
                self.insert(c.encode_utf8(&mut [0; 4]));
            }
            return true;
        }
        let was_offered = std::mem::take(&mut self.offered);
        match (key.code, key.ctrl) {
            (Code::Backspace, false) => self.remove(self.left()..self.cursor),
            (Code::Delete, _) | (Code::Char('d'), true) => self.remove(self.cursor..self.right()),
            (Code::Left, _) | (Code::Char('b'), true) => self.cursor = self.left(),
            (Code::Right, _) | (Code::Char('f'), true) => self.cursor = self.right(),
            (Code::Home, _) | (Code::Char('a'), true) => self.cursor = 0,
            (Code::End, _) | (Code::Char('e'), true) => self.cursor = self.text.len(),
            (Code::Char('u'), true) => self.remove(0..self.cursor),
            (Code::Char('k'), true) => self.remove(self.cursor..self.text.len()),
            (Code::Char('w'), true) => {
                let kept = self.before().trim_end().rfind(' ').map_or(0, |space| space + 1);
                self.remove(kept..self.cursor);
            }
            _ => {
                self.offered = was_offered;
                return false;
            }
        }
        true
    }

    fn remove(&mut self, range: std::ops::Range<usize>) {
        self.cursor = range.start;
        self.text.replace_range(range, "");
        self.settle();
    }

    fn left(&self) -> usize {
        self.before().grapheme_indices(true).next_back().map_or(0, |(start, _)| start)
    }

    fn right(&self) -> usize {
        self.text[self.cursor..].graphemes(true).next().map_or(self.cursor, |grapheme| self.cursor + grapheme.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(line: &mut Line, code: Code) {
        assert!(line.key(Key { code, ctrl: false, alt: false }));
    }

    #[test]
    fn emoji_and_accents_are_typed_and_erased_whole() {
        let mut line = Line::default();
        for c in "a👨\u{200d}👩\u{200d}👧e\u{301}".chars() {
            line.key(Key::char(c));
        }
        assert_eq!(line.text(), "a👨\u{200d}👩\u{200d}👧e\u{301}");
        press(&mut line, Code::Backspace);
        assert_eq!(line.text(), "a👨\u{200d}👩\u{200d}👧");
        press(&mut line, Code::Left);
        assert_eq!(line.before(), "a");
        press(&mut line, Code::Delete);
        assert_eq!(line.text(), "a");
    }

    #[test]
    fn what_is_offered_gives_way_to_what_is_typed_and_stays_for_what_moves() {
        let typed = |keys: &[Key]| {
            let mut line = Line::offering("NM-1");
            keys.iter().for_each(|key| _ = line.key(*key));
            line.text().to_owned()
        };
        let code = |code| Key { code, ctrl: false, alt: false };
        assert_eq!(typed(&[Key::char('7'), Key::char('8')]), "78");
        assert_eq!(typed(&[code(Code::Right), Key::char('7')]), "NM-17");
        assert_eq!(typed(&[code(Code::Backspace), Key::char('7')]), "NM-7");
        assert_eq!(typed(&[code(Code::Tab), Key::char('7')]), "7", "a key that is not the line's changes nothing");
        let mut line = Line::offering("NM-1");
        line.paste("B-2");
        assert_eq!((line.text(), line.is_offered(), Line::offering("").is_offered()), ("B-2", false, false));
        let mut full = Line::offering("NM-1");
        assert!(!full.paste(&"x".repeat(LINE_MAX + 1)));
        assert_eq!(full.text(), "NM-1", "what finds no room takes nothing away");
    }

    #[test]
    fn a_paste_is_one_clean_line() {
        let mut line = Line::new("[]");
        press(&mut line, Code::Left);
        line.paste("two\nlines\x1b]52;c;x\x07");
        assert_eq!(line.text(), "[two lines]");
        assert_eq!(line.before(), "[two lines");
    }

    proptest::proptest! {
        #[test]
        fn the_cursor_stays_on_an_edge(keys in proptest::collection::vec(0u8..9, 0..60)) {
            let mut line = Line::default();
            for key in keys {
                let (code, ctrl) = [
                    (Code::Char('e'), false), (Code::Char('\u{301}'), false), (Code::Char('👩'), false), (Code::Char('\u{200d}'), false),
                    (Code::Backspace, false), (Code::Left, false), (Code::Right, false), (Code::Delete, false), (Code::Char('w'), true),
                ][usize::from(key)];
                line.key(Key { code, ctrl, alt: false });
                let edges: Vec<usize> = line.text.grapheme_indices(true).map(|(start, _)| start).chain([line.text.len()]).collect();
                proptest::prop_assert!(edges.contains(&line.cursor));
            }
        }
    }
}
