//! The note being written: the text widget's state, and nothing else of ratatui in this room.

use std::collections::HashSet;
use std::ops::Range;

use ratatui_textarea::{CursorMove, TextArea, WrapMode};
use unicode_segmentation::UnicodeSegmentation;

use crate::domain::text::{NOTE_MAX, clean};
use crate::keys::chord::{Code, Key};

/// A note's text, cursor and typing history.
#[derive(Clone, Debug)]
pub struct NoteText {
    area: TextArea<'static>,
    /// Words that came by paste: a mark among them is text.
    pasted: HashSet<String>,
}

impl NoteText {
    pub fn new(text: &str, cursor: Option<(usize, usize)>) -> NoteText {
        let mut area = TextArea::from(text.split('\n'));
        area.set_max_histories(500);
        area.set_wrap_mode(WrapMode::WordOrGlyph);
        match cursor {
            Some((row, column)) => {
                area.move_cursor(CursorMove::Jump(u16::try_from(row).unwrap_or(u16::MAX), u16::try_from(column).unwrap_or(u16::MAX)))
            }
            None => {
                area.move_cursor(CursorMove::Bottom);
                area.move_cursor(CursorMove::End);
            }
        }
        NoteText { area, pasted: HashSet::new() }
    }

    /// The widget, for drawing.
    pub fn area(&self) -> &TextArea<'static> {
        &self.area
    }

    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Row and column, in characters.
    pub fn cursor(&self) -> (usize, usize) {
        let cursor = self.area.cursor();
        (cursor.0, cursor.1)
    }

    pub fn is_blank(&self) -> bool {
        self.area.lines().iter().all(|line| line.trim().is_empty())
    }

    fn room_for(&self, bytes: usize) -> bool {
        self.area.lines().iter().map(|line| line.len() + 1).sum::<usize>() + bytes <= NOTE_MAX
    }

    /// Text from the clipboard, made safe. `false` when the note has no room for it.
    pub fn paste(&mut self, text: &str) -> bool {
        let safe = clean(text);
        if !self.room_for(safe.len()) {
            return false;
        }
        self.pasted.extend(safe.split_whitespace().filter(|word| word.starts_with(['>', '!', '@'])).map(str::to_owned));
        self.area.insert_str(&*safe)
    }

    /// Puts another text in its place, as one step of the typing history.
    pub fn replace(&mut self, text: &str) {
        self.area.select_all();
        self.area.cut();
        self.area.insert_str(crate::domain::text::cut(&clean(text), NOTE_MAX));
    }

    pub fn new_line(&mut self) {
        if self.room_for(1) {
            self.area.insert_newline();
        }
    }

    pub fn undo(&mut self) {
        self.area.undo();
    }

    pub fn redo(&mut self) {
        self.area.redo();
    }

    /// Takes a key; `false` when it is not one for a text.
    pub fn key(&mut self, key: Key) -> bool {
        if let Some(c) = key.text() {
            if !c.is_control() && self.room_for(4) {
                self.area.insert_char(c);
            }
            return true;
        }
        match (key.code, key.ctrl) {
            (Code::Backspace, false) => self.erase(),
            (Code::Delete, _) | (Code::Char('d'), true) => {
                let after = self.line_after();
                let count = after.graphemes(true).next().map_or(1, |grapheme| grapheme.chars().count());
                self.area.delete_str(count);
            }
            (Code::Left, true) => self.area.move_cursor(CursorMove::WordBack),
            (Code::Right, true) => self.area.move_cursor(CursorMove::WordForward),
            (Code::Left, _) | (Code::Char('b'), true) => self.step(CursorMove::Back, self.grapheme_before()),
            (Code::Right, _) | (Code::Char('f'), true) => {
                self.step(CursorMove::Forward, self.line_after().graphemes(true).next().map_or(1, |grapheme| grapheme.chars().count()))
            }
            (Code::Up, _) | (Code::Char('p'), true) => self.area.move_cursor(CursorMove::Up),
            (Code::Down, _) | (Code::Char('n'), true) => self.area.move_cursor(CursorMove::Down),
            (Code::Home, _) | (Code::Char('a'), true) => self.area.move_cursor(CursorMove::Head),
            (Code::End, _) | (Code::Char('e'), true) => self.area.move_cursor(CursorMove::End),
            (Code::Char('w'), true) => {
                self.area.delete_word();
            }
            (Code::Char('k'), true) => {
                self.area.delete_line_by_end();
            }
            (Code::Char('u'), true) => {
                self.area.delete_line_by_head();
            }
            _ => return false,
        }
        true
    }

    fn step(&mut self, way: CursorMove, count: usize) {
        for _ in 0..count.max(1) {
            self.area.move_cursor(way);
        }
    }

    fn line_before(&self) -> String {
        let (row, column) = self.cursor();
        self.area.lines()[row].chars().take(column).collect()
    }

    fn line_after(&self) -> String {
        let (row, column) = self.cursor();
        self.area.lines()[row].chars().skip(column).collect()
    }

    /// Characters in the grapheme before the cursor; 1 at a line's start.
    fn grapheme_before(&self) -> usize {
        self.line_before().graphemes(true).next_back().map_or(1, |grapheme| grapheme.chars().count())
    }

    /// Backspace takes a whole grapheme; the widget alone would leave half an emoji behind.
    fn erase(&mut self) {
        let count = self.grapheme_before();
        if count > 1 {
            self.step(CursorMove::Back, count);
            self.area.delete_str(count);
        } else {
            self.area.delete_char();
        }
    }

    /// Bytes of `text` that came by paste and could be taken for marks.
    pub fn pasted_ranges(&self, text: &str) -> Vec<Range<usize>> {
        let start = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
        text.split_whitespace().filter(|word| self.pasted.contains(*word)).map(|word| start(word)..start(word) + word.len()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emoji_are_erased_whole_and_typing_is_undone() {
        let mut note = NoteText::new("", None);
        for c in "ab👨\u{200d}👩\u{200d}👧".chars() {
            note.key(Key::char(c));
        }
        note.key(Key { code: Code::Backspace, ctrl: false, alt: false });
        assert_eq!(note.text(), "ab");
        note.undo();
        assert_eq!(note.text(), "ab👨\u{200d}👩\u{200d}👧");
    }

    #[test]
    fn a_pasted_mark_is_text() {
        let mut note = NoteText::new("", None);
        assert!(note.paste("see >5b\r\n\x1b[31mred"));
        let text = note.text();
        assert_eq!(text, "see >5b\nred");
        assert_eq!(note.pasted_ranges(&text), vec![4..7]);
        assert!(!note.paste(&"x".repeat(NOTE_MAX)), "there is no room");
    }
}
