//! Changed cells become bytes, as few as will do: a slow line carries every one of them.
//!
//! ratatui names the cells that changed. Between two of them that stand near on one line it is
//! cheaper to print what stands there again than to move; the blank end of a line is one `CSI K`.

use std::fmt::Write;

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

use crate::domain::links;

/// Printing so many unchanged cells is never more than moving over them (`CSI 12 C`).
const GAP: u16 = 4;

/// What stands on the terminal, as far as we know.
#[derive(Default)]
pub struct Ink {
    width: u16,
    cells: Vec<Cell>,
    changed: Vec<bool>,
    /// Lines that have a sign which is not one column wide. They are drawn whole: half of such a
    /// sign cannot be overwritten, and terminals disagree on what is how wide.
    uneven: Vec<bool>,
    style: Option<Style>,
    at: Option<(u16, u16)>,
    /// Addresses of the web are marked as links (OSC 8).
    links: bool,
    /// The links of the line that is drawn: their first place, the place behind, the address.
    linked: Vec<(usize, usize, String)>,
    out: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Style {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Style {
    fn of(cell: &Cell) -> Style {
        Style { fg: cell.fg, bg: cell.bg, modifier: cell.modifier }
    }
}

impl Ink {
    pub fn new(links: bool) -> Ink {
        Ink { links, ..Ink::default() }
    }

    /// Nothing is known any more: somebody else wrote, or the size changed.
    pub fn forget(&mut self) {
        *self = Ink::new(self.links);
    }

    /// The bytes for these cells of a screen of this size. The cursor ends somewhere.
    pub fn draw<'a>(&mut self, width: u16, height: u16, content: impl Iterator<Item = (u16, u16, &'a Cell)>) -> String {
        let size = usize::from(width) * usize::from(height);
        if self.width != width || self.cells.len() != size {
            self.forget();
            self.width = width;
            self.cells = vec![Cell::EMPTY; size];
            self.changed = vec![false; size];
            self.uneven = vec![false; usize::from(height)];
        }
        // Somebody may have moved the cursor or left a style since the last frame.
        (self.style, self.at) = (None, None);
        for (x, y, cell) in content.filter(|(x, y, _)| *x < width && *y < height) {
            let place = usize::from(y) * usize::from(width) + usize::from(x);
            self.cells[place] = cell.clone();
            self.changed[place] = true;
            // What a wide sign covers is not named by ratatui: it is gone all the same.
            if self.wide(place) > 1 && x + 1 < width {
                self.cells[place + 1] = Cell::EMPTY;
            }
        }
        for y in 0..height {
            self.line(y);
        }
        if self.style.is_some_and(|style| style != Style::default()) {
            self.out.push_str("\x1b[m");
        }
        self.changed.fill(false);
        std::mem::take(&mut self.out)
    }

    fn place(&self, x: u16, y: u16) -> usize {
        usize::from(y) * usize::from(self.width) + usize::from(x)
    }

    fn line(&mut self, y: u16) {
        let (start, end) = (self.place(0, y), self.place(0, y) + usize::from(self.width));
        if !self.changed[start..end].contains(&true) {
            return;
        }
        let uneven = self.cells[start..end].iter().any(|cell| wide(cell) != 1);
        if std::mem::replace(&mut self.uneven[usize::from(y)], uneven) || uneven {
            self.changed[start..end].fill(true);
        }
        self.linked = if self.links && !uneven { self.links_of(start, end) } else { Vec::new() };
        if !self.linked.is_empty() {
            // A link that is printed in part would be a link in part.
            self.changed[start..end].fill(true);
        }
        let blank = |cell: &Cell| cell.symbol() == " " && Style::of(cell) == Style::default();
        let ink =
            self.cells[start..end].iter().rposition(|cell| !blank(cell)).map_or(0, |last| last + usize::from(self.wide(start + last)));
        let ink = ink.min(usize::from(self.width));
        let mut x = 0;
        while usize::from(x) < ink {
            if self.changed[start + usize::from(x)] {
                self.go(x, y);
                x += self.print(start + usize::from(x));
            } else {
                x += self.wide(start + usize::from(x));
            }
        }
        if self.changed[start + ink..end].contains(&true) {
            let first = u16::try_from(ink).unwrap_or(self.width);
            self.go(first, y);
            self.put_style(Style::default());
            self.out.push_str("\x1b[K");
        }
    }

    /// The links of a line. One that reaches the edge may go on elsewhere, and is none.
    fn links_of(&self, start: usize, end: usize) -> Vec<(usize, usize, String)> {
        let (mut text, mut places) = (String::new(), Vec::new());
        for place in start..end {
            places.resize(text.len() + self.cells[place].symbol().len(), place);
            text.push_str(self.cells[place].symbol());
        }
        let spans = links::spans(&text).into_iter().map(|span| (places[span.start], places[span.end - 1] + 1, text[span].to_owned()));
        spans.filter(|(_, behind, _)| *behind < end).collect()
    }

    fn wide(&self, place: usize) -> u16 {
        wide(&self.cells[place]).max(1)
    }

    /// Prints one cell where the cursor is; how many columns it takes.
    fn print(&mut self, place: usize) -> u16 {
        self.put_style(Style::of(&self.cells[place]));
        if let Some((_, _, address)) = self.linked.iter().find(|(first, _, _)| *first == place) {
            let _ = write!(self.out, "\x1b]8;;{address}\x1b\\");
        }
        let (symbol, wide) = (self.cells[place].symbol(), self.wide(place));
        self.out.push_str(if symbol.is_empty() { " " } else { symbol });
        if self.linked.iter().any(|(_, behind, _)| *behind == place + 1) {
            self.out.push_str("\x1b]8;;\x1b\\");
        }
        // Terminals disagree on the width of what is not plain: the next cell is gone to by number.
        self.at = self.at.filter(|_| wide == 1).map(|(x, y)| (x + 1, y)).filter(|(x, _)| *x < self.width);
        wide
    }

    /// The cheapest way to a cell.
    fn go(&mut self, x: u16, y: u16) {
        match self.at {
            Some((from, line)) if line == y && from == x => return,
            Some((from, line)) if line == y && from < x => {
                let (start, end) = (self.place(from, y), self.place(x, y));
                let same = |cell: &Cell| Some(Style::of(cell)) == self.style && wide(cell) == 1;
                if x - from <= GAP && self.cells[start..end].iter().all(same) {
                    for place in start..end {
                        self.print(place);
                    }
                    return;
                }
                let _ = if x - from == 1 { write!(self.out, "\x1b[C") } else { write!(self.out, "\x1b[{}C", x - from) };
            }
            Some((_, line)) if line + 1 == y && x == 0 => self.out.push_str("\r\n"),
            _ => {
                let _ = if x == 0 { write!(self.out, "\x1b[{}H", y + 1) } else { write!(self.out, "\x1b[{};{}H", y + 1, x + 1) };
            }
        }
        self.at = Some((x, y));
    }

    /// One sequence for a change of style: what only comes on is added, anything else starts anew.
    fn put_style(&mut self, style: Style) {
        if self.style == Some(style) {
            return;
        }
        let mut numbers = String::new();
        let before = self.style.unwrap_or_default();
        let adds = self.style.is_some()
            && style.modifier.contains(before.modifier)
            && (before.fg == style.fg || style.fg != Color::Reset)
            && (before.bg == style.bg || style.bg != Color::Reset);
        let known = if adds { before } else { Style::default() };
        if !adds {
            numbers.push('0');
        }
        for (modifier, number) in [
            (Modifier::BOLD, 1),
            (Modifier::DIM, 2),
            (Modifier::ITALIC, 3),
            (Modifier::UNDERLINED, 4),
            (Modifier::REVERSED, 7),
            (Modifier::CROSSED_OUT, 9),
        ] {
            if style.modifier.contains(modifier) && !known.modifier.contains(modifier) {
                let _ = write!(numbers, ";{number}");
            }
        }
        if style.fg != known.fg {
            colour(&mut numbers, style.fg, 30);
        }
        if style.bg != known.bg {
            colour(&mut numbers, style.bg, 40);
        }
        let numbers = numbers.trim_start_matches(';');
        let _ = if numbers == "0" { write!(self.out, "\x1b[m") } else { write!(self.out, "\x1b[{numbers}m") };
        self.style = Some(style);
    }
}

/// The columns that a cell's sign takes. Nearly all are one byte, which is one column: no table is asked.
fn wide(cell: &Cell) -> u16 {
    let symbol = cell.symbol();
    if symbol.len() == 1 { 1 } else { u16::try_from(symbol.width()).unwrap_or(1) }
}

/// SGR numbers of a colour; `base` is 30 for the letters, 40 for what is behind them.
fn colour(numbers: &mut String, colour: Color, base: u8) {
    let named = |idx: u8| if idx < 8 { base + idx } else { base + 60 + idx - 8 };
    let number = match colour {
        Color::Reset => base + 9,
        Color::Black => named(0),
        Color::Red => named(1),
        Color::Green => named(2),
        Color::Yellow => named(3),
        Color::Blue => named(4),
        Color::Magenta => named(5),
        Color::Cyan => named(6),
        Color::Gray => named(7),
        Color::DarkGray => named(8),
        Color::LightRed => named(9),
        Color::LightGreen => named(10),
        Color::LightYellow => named(11),
        Color::LightBlue => named(12),
        Color::LightMagenta => named(13),
        Color::LightCyan => named(14),
        Color::White => named(15),
        Color::Indexed(idx) => {
            let _ = write!(numbers, ";{};5;{idx}", base + 8);
            return;
        }
        Color::Rgb(red, green, blue) => {
            let _ = write!(numbers, ";{};2;{red};{green};{blue}", base + 8);
            return;
        }
    };
    let _ = write!(numbers, ";{number}");
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_address_is_a_link_and_a_cut_one_is_not() {
        let mut ink = super::Ink::new(true);
        let drawn = |ink: &mut super::Ink, text: &str| {
            let cells: Vec<_> = text.chars().map(|c| ratatui::buffer::Cell::default().set_char(c).clone()).collect();
            let cells: Vec<_> = cells.iter().enumerate().map(|(x, cell)| (u16::try_from(x).expect("short"), 0, cell)).collect();
            ink.draw(30, 1, cells.into_iter())
        };
        let link = "\x1b]8;;https://a.example/x\x1b\\https://a.example/x\x1b]8;;\x1b\\";
        let first = drawn(&mut ink, "see https://a.example/x, ok");
        assert!(first.contains(&format!("see {link}, ok")), "{first:?}");
        // One letter before it changes: the link is printed whole again.
        let second = drawn(&mut ink, "Xee https://a.example/x, ok");
        assert!(second.contains(link), "{second:?}");
        let cut = drawn(&mut ink, "https://a.example/to-the-edge-");
        assert!(!cut.contains("\x1b]8"), "{cut:?}");
        assert!(!drawn(&mut super::Ink::default(), "see https://a.example/x, ok").contains("\x1b]8"));
    }

    use proptest::prelude::*;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::Style as Look;

    use super::*;

    const WIDTH: u16 = 24;
    const HEIGHT: u16 = 5;

    fn cells(count: u16) -> std::num::NonZeroU16 {
        std::num::NonZeroU16::new(count).expect("a screen has cells")
    }

    fn screen(words: &[(u16, u16, String, u8)]) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, WIDTH, HEIGHT));
        for (x, y, text, look) in words {
            let look = match look % 5 {
                0 => Look::default(),
                1 => Look::default().fg(Color::Red),
                2 => Look::default().add_modifier(Modifier::REVERSED),
                3 => Look::default().fg(Color::Cyan).add_modifier(Modifier::BOLD),
                _ => Look::default().bg(Color::Blue),
            };
            let (x, y) = (x % WIDTH, y % HEIGHT);
            // ratatui's `diff` takes for granted, as our screens do, that nobody writes over half of a wide sign.
            if x > 0 && buffer[(x - 1, y)].symbol().width() > 1 {
                buffer[(x - 1, y)].set_symbol(" ");
            }
            buffer.set_string(x, y, text, look);
        }
        buffer
    }

    fn words() -> impl Strategy<Value = Vec<(u16, u16, String, u8)>> {
        prop::collection::vec((0..WIDTH, 0..HEIGHT, "[a-z 日é]{0,12}", 0..5u8), 0..8)
    }

    proptest! {
        /// Whatever follows whatever, the terminal shows the last frame.
        #[test]
        fn the_terminal_shows_the_frame(frames in prop::collection::vec(words(), 1..5)) {
            let mut terminal = vt100::Parser::new(cells(HEIGHT), cells(WIDTH), 0);
            let mut ink = Ink::default();
            let mut before = Buffer::empty(Rect::new(0, 0, WIDTH, HEIGHT));
            for frame in frames {
                let next = screen(&frame);
                let bytes = ink.draw(WIDTH, HEIGHT, before.diff(&next).into_iter());
                terminal.process(bytes.as_bytes());
                before = next;
            }
            for y in 0..HEIGHT {
                for x in 0..WIDTH {
                    let shown = terminal.screen().cell(y, x).expect("inside");
                    if shown.is_wide_continuation() {
                        continue;
                    }
                    let wanted = &before[(x, y)];
                    let symbol = if shown.contents().is_empty() { " " } else { shown.contents() };
                    prop_assert_eq!(symbol, wanted.symbol(), "at {} {}", x, y);
                    prop_assert_eq!(shown.inverse(), wanted.modifier.contains(Modifier::REVERSED), "reverse at {} {}", x, y);
                    prop_assert_eq!(shown.bold(), wanted.modifier.contains(Modifier::BOLD), "bold at {} {}", x, y);
                    let red = if wanted.fg == Color::Red { vt100::Color::Idx(1) } else if wanted.fg == Color::Cyan { vt100::Color::Idx(6) } else { vt100::Color::Default };
                    prop_assert_eq!(shown.fgcolor(), red, "colour at {} {}", x, y);
                }
            }
        }
    }

    #[test]
    fn near_changes_cost_less_than_moves() {
        let mut ink = Ink::default();
        let before = screen(&[(0, 0, "we look today".into(), 0)]);
        let blank = Buffer::empty(Rect::new(0, 0, WIDTH, HEIGHT));
        ink.draw(WIDTH, HEIGHT, blank.diff(&before).into_iter());
        let next = screen(&[(0, 0, "we lack toddy".into(), 0)]);
        assert_eq!(ink.draw(WIDTH, HEIGHT, before.diff(&next).into_iter()), "\x1b[1;5H\x1b[mac\x1b[5Cd");
        let short = screen(&[(0, 0, "we".into(), 0)]);
        assert_eq!(ink.draw(WIDTH, HEIGHT, next.diff(&short).into_iter()), "\x1b[1;3H\x1b[m\x1b[K");
        assert_eq!(ink.draw(WIDTH, HEIGHT, std::iter::empty()), "");
    }
}
