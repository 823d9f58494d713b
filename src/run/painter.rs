//! Which bytes does a frame need? `ink` draws the cells; an unchanged frame is no bytes at all, and
//! nothing here ever asks the terminal a question.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use super::ink::Ink;

/// The bytes of the frame so far.
#[derive(Clone, Default)]
pub struct Held(Rc<RefCell<Vec<u8>>>);

impl Held {
    pub fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.borrow_mut())
    }
}

impl Write for Held {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// Whoever takes the bytes sends them, in one write.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A terminal as ratatui draws on it. It keeps its bytes until somebody takes them.
pub struct Painter {
    inner: CrosstermBackend<Held>,
    held: Held,
    ink: Ink,
    size: fn() -> Size,
    /// `None`: not known, the next word counts.
    shown: Option<bool>,
    at: Option<Position>,
}

impl Painter {
    /// `size` asks the kernel, not the terminal.
    /// `links`: addresses of the web are marked as links.
    pub fn new(held: Held, size: fn() -> Size, links: bool) -> Painter {
        Painter { inner: CrosstermBackend::new(held.clone()), held, ink: Ink::new(links), size, shown: None, at: None }
    }

    /// Somebody else has had the terminal.
    pub fn forget(&mut self) {
        self.shown = None;
        self.at = None;
        self.ink.forget();
    }
}

impl Backend for Painter {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let size = (self.size)();
        let bytes = self.ink.draw(size.width, size.height, content);
        if !bytes.is_empty() {
            self.at = None;
            self.held.write_all(bytes.as_bytes())?;
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.shown.replace(false) == Some(false) {
            return Ok(());
        }
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if self.shown.replace(true) == Some(true) {
            return Ok(());
        }
        self.inner.show_cursor()
    }

    /// Asking would read the terminal, beside the event stream that reads it too.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.at.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if self.at.replace(position) == Some(position) {
            return Ok(());
        }
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.at = None;
        self.ink.forget();
        self.inner.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        Ok((self.size)())
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: (self.size)(), pixels: Size::default() })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::Terminal;
    use ratatui::widgets::Paragraph;

    fn frame(terminal: &mut Terminal<Painter>, held: &Held, text: &str, cursor: Option<(u16, u16)>) -> String {
        let drawn = terminal.draw(|frame| {
            frame.render_widget(Paragraph::new(text), frame.area());
            if let Some(cursor) = cursor {
                frame.set_cursor_position(cursor);
            }
        });
        drawn.expect("a vector takes everything");
        String::from_utf8(held.take()).expect("text")
    }

    #[test]
    fn an_unchanged_frame_is_no_bytes() {
        let held = Held::default();
        let mut terminal = Terminal::new(Painter::new(held.clone(), || Size::new(20, 3), false)).expect("made");
        let first = frame(&mut terminal, &held, "one", None);
        assert!(first.contains("one") && !first.contains("\x1b[59m"), "{first:?}");
        assert_eq!(frame(&mut terminal, &held, "one", None), "");
        assert_eq!(frame(&mut terminal, &held, "one", Some((2, 0))), "\x1b[?25h\x1b[1;3H");
        assert_eq!(frame(&mut terminal, &held, "one", Some((2, 0))), "");
        assert_eq!(frame(&mut terminal, &held, "one", Some((3, 0))), "\x1b[1;4H");
        let typed = frame(&mut terminal, &held, "onex", Some((3, 0)));
        assert!(typed.contains('x') && typed.ends_with("\x1b[1;4H"), "drawing moves the cursor, so it is put back: {typed:?}");
        assert_eq!(frame(&mut terminal, &held, "onex", None), "\x1b[?25l");
        terminal.backend_mut().forget();
        terminal.resize(ratatui::layout::Rect::new(0, 0, 20, 3)).expect("no question is asked");
        let again = frame(&mut terminal, &held, "onex", None);
        assert!(again.contains("onex") && again.contains("\x1b[?25l"), "everything again: {again:?}");
    }
}
