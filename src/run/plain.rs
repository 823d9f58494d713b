//! How is a text shown so that the mouse can take it? From column 0, without frames and colours, long
//! lines wrapped by the terminal itself, so that selecting them gives one line.

use crossterm::event::{Event, KeyCode, KeyEventKind};
use ratatui::layout::Size;
use unicode_width::UnicodeWidthChar;

use super::session::Ended;
use super::turn::{Ears, Turn};
use super::{now, terminal};
use crate::desk::msg::Msg;
use crate::domain::text::clean;

/// After the view opened by itself keys are dropped until nobody has typed for so long: nobody can
/// have meant it with them.
const MEANT_AFTER: i64 = 250;
/// No colours, no old text, the cursor at the top.
const BEGINS: &str = "\x1b[0m\x1b[?25l\x1b[2J\x1b[H";

/// What a key does to the view.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Then {
    Stay,
    /// The next part is to be shown.
    Turn,
    Close,
}

/// A text, and the part of it that is shown.
pub struct Plain {
    text: String,
    /// Where the part that is shown begins, in bytes.
    from: usize,
    /// Where the next one begins; the end of the text on the last.
    to: usize,
    /// Keys before this are dropped; milliseconds of the steady clock.
    dropped_until: Option<i64>,
    /// It must be painted. Never without need: painting takes a selection away.
    is_stale: bool,
}

impl Plain {
    /// `unasked`: it opens by itself, at this time.
    pub fn new(text: &str, unasked: Option<i64>) -> Plain {
        let text = clean(text).into_owned();
        Plain { text, from: 0, to: 0, dropped_until: unasked.map(|at| at.saturating_add(MEANT_AFTER)), is_stale: true }
    }

    /// Draws the part that begins where it began, on a screen that may have another size now.
    pub fn paint(&mut self, size: Size) -> Vec<u8> {
        let rows = usize::from(size.height).saturating_sub(1).max(1);
        self.to = self.from + fits(&self.text[self.from..], usize::from(size.width).max(1), rows);
        let shown = self.text[self.from..self.to].trim_end_matches('\n').replace('\n', "\r\n");
        let hint = if self.to < self.text.len() { "Space: more   any other key: back" } else { "any key: back" };
        let hint: String = hint.chars().take(usize::from(size.width).saturating_sub(1)).collect();
        let foot = if size.height > 1 { format!("\x1b[{};1H{hint}", size.height) } else { String::new() };
        format!("{BEGINS}{shown}{foot}").into_bytes()
    }

    /// A key came. The one that closes the view does nothing else.
    pub fn key(&mut self, is_space: bool, at: i64) -> Then {
        if let Some(until) = self.dropped_until {
            if at < until {
                self.dropped_until = Some(at.saturating_add(MEANT_AFTER));
                return Then::Stay;
            }
            self.dropped_until = None;
        }
        if !is_space || self.to >= self.text.len() {
            return Then::Close;
        }
        self.from = self.to;
        Then::Turn
    }
}

/// The view in the loop: it has the keys and the screen, and everything else goes on behind it.
impl Turn {
    pub(super) fn show_plain(&mut self, text: &str, unasked: bool) {
        self.plain = Some(Plain::new(text, unasked.then(|| self.clock.steady())));
        self.due = Some(now::instant());
    }

    pub(super) async fn plain_events(&mut self, events: &[Event], ears: &mut Ears) {
        let at = self.clock.steady();
        for event in events {
            let Some(plain) = &mut self.plain else { return };
            match event {
                Event::Resize(width, height) => {
                    plain.is_stale = true;
                    self.due = Some(now::instant());
                    self.apply_size(*width, *height, ears).await;
                }
                Event::Key(key) if key.kind != KeyEventKind::Release => match plain.key(key.code == KeyCode::Char(' '), at) {
                    Then::Stay => {}
                    Then::Turn => {
                        plain.is_stale = true;
                        self.due = Some(now::instant());
                    }
                    // What came in one read with the key that closes was typed without seeing the queue.
                    Then::Close => return self.close_plain(),
                },
                _ => {}
            }
        }
    }

    async fn apply_size(&mut self, width: u16, height: u16, ears: &mut Ears) {
        // Boxed, because what the desk answers may lead here again.
        Box::pin(self.apply(Msg::Resized { width, height }, ears)).await;
    }

    fn close_plain(&mut self) {
        self.plain = None;
        self.due = Some(now::instant());
        if self.screen.draw_anew().is_err() {
            self.ended = Some(Ended::HungUp);
        }
    }

    /// The screen was somebody else's, or has another size.
    pub(super) fn plain_again(&mut self) {
        if let Some(plain) = &mut self.plain {
            plain.is_stale = true;
        }
    }

    pub(super) fn paint_plain(&mut self) {
        let Some(plain) = self.plain.as_mut().filter(|plain| plain.is_stale) else { return };
        plain.is_stale = false;
        let bytes = plain.paint(terminal::size());
        if self.screen.send(&bytes).is_err() {
            self.ended = Some(Ended::HungUp);
        }
    }
}

/// How many bytes of `text` fit on so many rows. Ends behind a line where one ends in time: a line
/// that is cut is two for the mouse.
fn fits(text: &str, width: usize, rows: usize) -> usize {
    let (mut row, mut column, mut line_began) = (0, 0, 0);
    for (at, c) in text.char_indices() {
        if c == '\n' {
            (row, column, line_began) = (row + 1, 0, at + 1);
            if row == rows {
                return at + 1;
            }
            continue;
        }
        let wide = if c == '\t' { 8 - column % 8 } else { c.width().unwrap_or(0) };
        if column + wide > width && c != '\t' {
            (row, column) = (row + 1, 0);
            if row == rows {
                return if line_began > 0 { line_began } else { at };
            }
        }
        // A tab goes no further than the last column.
        column = (column + wide).min(if c == '\t' { width - 1 } else { usize::MAX });
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts of a text, one page after the other.
    fn pages(text: &str, width: u16, height: u16) -> Vec<String> {
        let mut plain = Plain::new(text, None);
        let mut pages = Vec::new();
        loop {
            plain.paint(Size::new(width, height));
            pages.push(plain.text[plain.from..plain.to].to_owned());
            if plain.key(true, 0) == Then::Close {
                return pages;
            }
        }
    }

    #[test]
    fn every_letter_is_shown_once_and_lines_stay_whole() {
        for (text, width, height, wanted) in [
            ("one\ntwo", 80, 24, &["one\ntwo"][..]),
            ("a\nb\nc\nd", 80, 3, &["a\nb\n", "c\nd"]),
            // One row of two lines is left, and the second needs two: it begins the next page.
            ("ab\nabcdef", 4, 3, &["ab\n", "abcdef"]),
            // A line that no page holds is cut.
            ("abcdefghij", 4, 3, &["abcdefgh", "ij"]),
            // As wide as the screen is one row.
            ("abcd\nabcd", 4, 3, &["abcd\nabcd"]),
            // A wide letter does not stand half over the edge.
            ("a日日b", 4, 2, &["a日", "日b"]),
            ("", 80, 24, &[""]),
            ("abc", 1, 1, &["a", "b", "c"]),
        ] {
            let found = pages(text, width, height);
            assert_eq!(found, wanted, "{text:?} on {width}x{height}");
            assert_eq!(found.concat(), text);
        }
    }

    #[test]
    fn the_terminal_wraps_and_nothing_frames() {
        let long = "x".repeat(200);
        let painted = Plain::new(&format!("{long}\nJörg\x1b]52;c;YmFk\x07\x1b[31m"), None).paint(Size::new(80, 24));
        let painted = String::from_utf8(painted).expect("text");
        assert!(painted.starts_with(&format!("{BEGINS}{long}\r\nJörg\x1b[24;1H")), "{painted:?}");
        assert!(!painted.contains("52;c") && !painted.contains("[31m"));
    }

    #[test]
    fn keys_that_were_on_their_way_do_not_close_it() {
        let mut plain = Plain::new("x", Some(1_000));
        plain.paint(Size::new(80, 24));
        assert_eq!([plain.key(false, 1_100), plain.key(false, 1_300), plain.key(false, 1_549)], [Then::Stay; 3]);
        assert_eq!(plain.key(false, 1_800), Then::Close);
        let mut asked = Plain::new("x", None);
        asked.paint(Size::new(80, 24));
        assert_eq!(asked.key(false, 0), Then::Close);
    }
}
