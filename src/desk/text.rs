//! The note being written: the text widget's state, and nothing else of ratatui in this room.

use std::collections::BTreeSet;
use std::ops::Range;

use ratatui_textarea::{CursorMove, TextArea, WrapMode};
use unicode_segmentation::UnicodeSegmentation;

use super::msg::Aside;
use crate::domain::marks;
use crate::domain::shorthand;
use crate::domain::text::{NOTE_MAX, clean};
use crate::keys::chord::{Code, Key};

/// A note's text, cursor and typing history.
#[derive(Clone, Debug)]
pub struct NoteText {
    area: TextArea<'static>,
    /// Words that came by paste: a mark among them is text.
    pasted: BTreeSet<String>,
    /// Marks that Backspace made text.
    plain: BTreeSet<String>,
    /// The number of an attempt, as an abbreviation became it: `#3`.
    attempt: Option<String>,
    /// So many characters before the cursor were typed by hand, one after the other.
    fresh: usize,
    /// The abbreviation that has just become longer; one Backspace takes that back.
    grown: Option<Grown>,
    /// Abbreviations that were to stay as they are.
    left_alone: BTreeSet<String>,
    /// What was typed or pasted last found no room.
    full: bool,
}

#[derive(Clone, Debug)]
struct Grown {
    short: String,
    /// Characters of what it became.
    long: usize,
    /// Characters between it and the cursor.
    behind: usize,
    /// The key that ended the word has not been put in yet.
    open: bool,
}

/// A word without the punctuation behind it, as a mark is read.
fn core(word: &str) -> &str {
    word.trim_end_matches(['.', ',', ';'])
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
        let (pasted, plain, left_alone) = Default::default();
        NoteText { area, pasted, plain, attempt: None, fresh: 0, grown: None, left_alone, full: false }
    }

    /// The same with what was said about its words when it was kept.
    pub fn with(mut self, aside: &Aside) -> NoteText {
        self.plain.extend(aside.plain.iter().cloned());
        self.attempt.clone_from(&aside.attempt);
        self
    }

    /// What the text alone does not say.
    pub fn aside(&self) -> Aside {
        Aside { plain: self.pasted.union(&self.plain).cloned().collect(), attempt: self.attempt.clone() }
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

    /// What was typed or pasted last is not in it.
    pub fn is_full(&self) -> bool {
        self.full
    }

    fn room_for(&self, bytes: usize) -> bool {
        self.area.lines().iter().map(|line| line.len() + 1).sum::<usize>() + bytes <= NOTE_MAX
    }

    /// Text from the clipboard, made safe. `false` when the note has no room for it.
    pub fn paste(&mut self, text: &str) -> bool {
        let safe = clean(text);
        self.full = !self.room_for(safe.len());
        if self.full {
            return false;
        }
        self.pasted.extend(safe.split_whitespace().filter(|word| word.starts_with(marks::SIGNS)).map(|word| core(word).to_owned()));
        self.by_other_means();
        self.area.insert_str(&*safe)
    }

    /// Puts another text in its place, as one step of the typing history. `false`: it was too long, and its end is cut off.
    pub fn replace(&mut self, text: &str) -> bool {
        self.by_other_means();
        self.area.select_all();
        self.area.cut();
        let safe = clean(text);
        self.area.insert_str(crate::domain::text::cut(&safe, NOTE_MAX));
        safe.len() <= NOTE_MAX
    }

    pub fn new_line(&mut self) {
        if self.room_for(1) {
            self.area.insert_newline();
            self.fresh = 0;
            self.ended();
        }
    }

    pub fn undo(&mut self) {
        self.by_other_means();
        self.area.undo();
    }

    pub fn redo(&mut self) {
        self.by_other_means();
        self.area.redo();
    }

    /// What stands before the cursor now was not typed just now.
    fn by_other_means(&mut self) {
        self.fresh = 0;
        self.grown = None;
    }

    /// The key that ended the word is in; anything after it and the abbreviation is no longer the last thing that happened.
    fn ended(&mut self) {
        self.grown = self.grown.take().filter(|grown| grown.open).map(|grown| Grown { open: false, behind: grown.behind + 1, ..grown });
    }

    /// The word before the cursor, if it was typed by hand in one go, and how many characters of punctuation are behind it.
    pub(super) fn typed_word(&self) -> Option<(String, usize)> {
        let before = self.line_before();
        let (word, behind) = shorthand::last_word(&before)?;
        (self.fresh >= word.chars().count() + behind && !self.left_alone.contains(word)).then(|| (word.to_owned(), behind))
    }

    /// The word before the cursor becomes `long`; to be called before the key that ends it. `attempt`: it is the number of one.
    /// Whether it did.
    pub(super) fn grow(&mut self, long: &str, attempt: bool) -> bool {
        let Some((short, behind)) = self.typed_word().filter(|_| self.room_for(long.len())) else { return false };
        self.swap(short.chars().count(), long, behind);
        if attempt {
            self.attempt = Some(long.to_owned());
        }
        self.fresh = 0;
        self.grown = Some(Grown { short, long: long.chars().count(), behind, open: true });
        true
    }

    /// Backspace right behind what an abbreviation became: it is again what was typed, and stays so.
    pub(super) fn shrink(&mut self) -> bool {
        let Some(grown) = self.grown.take() else { return false };
        self.swap(grown.long, &grown.short, grown.behind);
        self.left_alone.insert(grown.short);
        true
    }

    /// Puts `new` in the place of `old` characters that end `behind` characters before the cursor.
    fn swap(&mut self, old: usize, new: &str, behind: usize) {
        self.step(CursorMove::Back, old + behind);
        self.area.delete_str(old);
        self.area.insert_str(new);
        if behind > 0 {
            self.step(CursorMove::Forward, behind);
        }
    }

    /// The word that ends at the cursor, if it was typed just now and begins with one of these signs.
    pub(super) fn signed_word(&self, signs: &[char]) -> Option<String> {
        let before = self.line_before();
        let word = before.rsplit(char::is_whitespace).next().filter(|word| word.starts_with(signs))?;
        let ends = self.line_after().chars().next().is_none_or(char::is_whitespace);
        let is_text = self.pasted.contains(core(word)) || self.plain.contains(core(word));
        (ends && !is_text && self.fresh >= word.chars().count()).then(|| word.to_owned())
    }

    /// Puts `text` in the place of so many characters before the cursor; it counts as typed by hand.
    pub(super) fn complete(&mut self, chars: usize, text: &str) {
        if self.room_for(text.len()) {
            self.by_other_means();
            self.swap(chars, text, 0);
        }
    }

    /// A mark becomes text, as if it had been pasted.
    pub(super) fn make_plain(&mut self, mark: &str) {
        self.by_other_means();
        self.attempt = self.attempt.take().filter(|attempt| attempt != mark);
        self.plain.extend(mark.split_whitespace().next().map(|word| core(word).to_owned()));
    }

    /// What was made text and is not there any more may be typed anew, as a mark.
    pub(super) fn forget_erased(&mut self, text: &str) {
        let is_there = |plain: &String| text.split_whitespace().any(|word| core(word) == plain);
        self.plain.retain(|word| is_there(word));
        self.attempt = self.attempt.take().filter(is_there);
    }

    /// The number of an attempt in the text, if there is one.
    pub(super) fn attempt(&self) -> Option<&str> {
        self.attempt.as_deref()
    }

    /// The cursor as a place in `text`, which is this text.
    pub(super) fn cursor_byte(&self) -> usize {
        let (row, _) = self.cursor();
        self.area.lines()[..row].iter().map(|line| line.len() + 1).sum::<usize>() + self.line_before().len()
    }

    /// Takes a key; `false` when it is not one for a text.
    pub fn key(&mut self, key: Key) -> bool {
        if let Some(c) = key.text() {
            self.full = !self.room_for(4);
            if !c.is_control() && !self.full {
                self.area.insert_char(c);
                self.fresh += 1;
            }
            self.ended();
            return true;
        }
        let fresh = std::mem::take(&mut self.fresh);
        self.grown = None;
        match (key.code, key.ctrl) {
            (Code::Backspace, false) => {
                self.fresh = fresh.saturating_sub(self.grapheme_before());
                self.erase();
            }
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

    /// What stands before the cursor on its line.
    pub(super) fn before(&self) -> String {
        self.line_before()
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
        let is_text = |word: &&str| self.pasted.contains(core(word)) || self.plain.contains(core(word));
        text.split_whitespace().filter(is_text).map(|word| start(word)..start(word) + word.len()).collect()
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
