//! How do pieces of text get onto the screen? Every cell that `ui` writes is written here.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::text;
use super::theme::{Role, Theme};
use crate::desk::viewport::Area;

/// A piece of a line and what it means.
pub type Piece = (Role, String);

pub fn piece(role: Role, text: impl Into<String>) -> Piece {
    (role, text.into())
}

/// The screen of one frame, with the styles to draw in.
pub struct Pen<'a> {
    pub buffer: &'a mut Buffer,
    pub theme: &'a Theme,
}

impl Pen<'_> {
    /// Writes a text at the start of a one-line area, made safe and cut to it. Returns what is left
    /// of the area.
    pub fn text(&mut self, area: Area, text: &str, role: Role) -> Area {
        self.styled(area, text, self.theme.style(role))
    }

    /// A sign that warns, or a blank: in a style of its own that would be a mark too where warnings are shown reversed, and
    /// cost a terminal thirty bytes.
    pub fn sign(&mut self, area: Area, sign: &str, base: Role) {
        self.text(area, sign, if sign == " " { base } else { Role::Warn });
    }

    pub fn styled(&mut self, area: Area, text: &str, style: Style) -> Area {
        if area.is_empty() {
            return area;
        }
        let shown = text::cut(text, usize::from(area.width));
        // What is cut has no control characters any more: a byte is a cell, and nothing has to be taken apart.
        if shown.is_ascii() {
            for (x, byte) in (area.x..).zip(shown.bytes()) {
                let Some(cell) = self.buffer.cell_mut((x, area.y)) else { break };
                cell.set_char(char::from(byte)).set_style(style);
            }
            return area.after(u16::try_from(shown.len()).unwrap_or(area.width));
        }
        let used = u16::try_from(text::width(&shown)).unwrap_or(area.width);
        self.buffer.set_stringn(area.x, area.y, &*shown, usize::from(area.width), style);
        area.after(used)
    }

    /// Writes pieces one after the other. Returns what is left of the area.
    pub fn pieces(&mut self, area: Area, pieces: &[Piece]) -> Area {
        pieces.iter().fold(area, |area, (role, text)| self.text(area, text, *role))
    }

    /// Writes pieces so that they end where the area ends; nothing when they do not fit.
    pub fn at_end(&mut self, area: Area, pieces: &[Piece]) {
        let wide = pieces.iter().map(|(_, text)| text::width(&text::safe(text))).sum::<usize>();
        if let Some(before) = usize::from(area.width).checked_sub(wide) {
            self.pieces(area.after(u16::try_from(before).unwrap_or(u16::MAX)), pieces);
        }
    }

    /// A line from side to side.
    pub fn rule(&mut self, area: Area) {
        self.text(area, &text::RULE.repeat(usize::from(area.width)), Role::Border);
    }

    /// Gives every cell of an area a style, whatever stands there.
    pub fn tint(&mut self, area: Area, style: Style) {
        self.buffer.set_style(rect(area), style);
    }

    /// One style for a whole line, whatever each cell had: fewer bytes when the selection moves.
    pub fn plain(&mut self, area: Area, style: Style) {
        self.tint(area, Style::reset().patch(self.theme.style(Role::Text)).patch(style));
    }

    /// Puts ASCII in the place of our own signs; the words of a record stay as they are.
    pub fn draw_ascii(&mut self, area: Area) {
        for place in rect(area).positions() {
            let plain = match self.buffer[place].symbol() {
                "…" => "~",
                "·" => "-",
                "─" => "-",
                "│" => "|",
                "→" => ">",
                "×" => "x",
                "□" => "?",
                _ => continue,
            };
            self.buffer.set_string(place.x, place.y, plain, Style::new());
        }
    }

    /// Empties an area that something was drawn on.
    pub fn clear(&mut self, area: Area) {
        let style = self.theme.style(Role::Text);
        for y in area.y..area.y + area.height {
            self.buffer.set_stringn(area.x, y, " ".repeat(usize::from(area.width)), usize::from(area.width), Style::reset().patch(style));
        }
    }
}

pub fn rect(area: Area) -> Rect {
    Rect::new(area.x, area.y, area.width, area.height)
}

/// Breaks pieces into lines of at most `limit` cells, at spaces if there are any.
pub fn wrap(pieces: &[Piece], limit: usize) -> Vec<Vec<Piece>> {
    let mut whole = String::new();
    let mut ends = Vec::new();
    for (role, text) in pieces {
        for (idx, line) in text.split('\n').enumerate() {
            whole.push_str(if idx == 0 { "" } else { "\n" });
            // Made safe before lines are counted, but for the spaces that hold words together.
            whole.push_str(&line.split('\u{a0}').map(text::safe).collect::<Vec<_>>().join("\u{a0}"));
        }
        ends.push((whole.len(), *role));
    }
    text::wrap(&whole, limit).into_iter().map(|range| cut_out(&whole, range, &ends)).collect()
}

fn cut_out(whole: &str, range: std::ops::Range<usize>, ends: &[(usize, Role)]) -> Vec<Piece> {
    let mut line = Vec::new();
    let mut at = range.start;
    for (end, role) in ends {
        let stop = (*end).min(range.end);
        if stop > at {
            line.push((*role, whole[at..stop].to_owned()));
            at = stop;
        }
    }
    line
}

/// Pieces on one line, cut to `limit` cells.
pub fn one_line(pieces: &[Piece], limit: usize) -> Vec<Piece> {
    let mut left = limit;
    let mut line = Vec::new();
    let mut pieces = pieces.iter().peekable();
    while let Some((role, text)) = pieces.next() {
        let text = text::safe(text);
        let wide = text::width(&text);
        // The last cell is kept for the sign that something follows.
        if wide + usize::from(pieces.peek().is_some()) > left {
            line.push((*role, text::cut(&format!("{text}   "), left).into_owned()));
            break;
        }
        left -= wide;
        line.push((*role, text.into_owned()));
    }
    line
}

/// At most `most` lines; when there were more, the last one ends with `…`.
pub fn shorten(mut lines: Vec<Vec<Piece>>, most: usize, limit: usize) -> Vec<Vec<Piece>> {
    if lines.len() <= most {
        return lines;
    }
    lines.truncate(most);
    if let Some(line) = lines.last_mut() {
        let wide: usize = line.iter().map(|(_, text)| text::width(text)).sum();
        if let Some((_, text)) = line.last_mut().filter(|_| wide + 2 > limit) {
            *text = text::start(text, text::width(text).saturating_sub(2)).0.trim_end().to_owned();
        }
        line.push((Role::Text, format!(" {}", text::ELLIPSIS)));
    }
    lines
}
