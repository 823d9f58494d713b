//! Who has the terminal: we or the shell? Raw mode, alternate screen and bracketed paste are taken
//! together and given back together, whatever ends the program.

use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use ratatui::layout::{Rect, Size};
use ratatui::{Frame, Terminal};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::ioctl_fionread;
use rustix::process::{self, Signal};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

use super::bring;
use super::painter::{Held, Painter};
use crate::domain::trouble::{Refusal, Trouble};

/// Alternate screen, bracketed paste, no cursor, and an empty page for a terminal that has no
/// alternate screen.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?2004h\x1b[?25l\x1b[2J";
/// The reverse, and the end of a frame that a panic may have cut.
const LEAVE: &[u8] = b"\x1b[?2026l\x1b[?2004l\x1b[0m\x1b[?25h\x1b[?1049l";
const FRAME_BEGINS: &[u8] = b"\x1b[?2026h";
const FRAME_ENDS: &[u8] = b"\x1b[?2026l";
/// No screen is larger; a terminal that claims so must not cost us the memory.
const SIZE_MAX: Size = Size::new(1000, 400);

/// Whether the terminal is ours at this moment.
static OURS: AtomicBool = AtomicBool::new(false);
/// Some thread has panicked; the terminal was given back and must not be drawn on.
static PANICKED: AtomicBool = AtomicBool::new(false);

/// Whether there is a terminal to draw on; the refusal is a matter of how we were called.
pub fn usable() -> Result<(), Refusal> {
    let term = std::env::var("TERM").unwrap_or_default();
    let reason = match term.as_str() {
        _ if !io::stdin().is_terminal() || !io::stdout().is_terminal() => "the queue needs a terminal for its keys and its screen",
        "" => "the queue needs to know the terminal, and TERM is not set",
        "dumb" => "the queue cannot be drawn on a terminal that has TERM=dumb",
        _ => return Ok(()),
    };
    Err(Refusal::new(reason).hint("use `intertie list`"))
}

/// Whether colours are unwelcome (<https://no-color.org>) or the terminal has none.
pub fn colourless() -> bool {
    let term = std::env::var("TERM").unwrap_or_default();
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) || term.starts_with("vt1") || term.starts_with("vt2")
}

/// Has the terminal tell of keys that lie in it. crossterm waits for the moment in which some come (epoll, edge-triggered) and
/// reads 1,024 bytes; the rest of a heap that came at once would lie there until the next key, and a writer that waits for room
/// would wait with it. Modes set to what they are wake whoever waits for keys (Linux, `n_tty_set_termios`).
pub fn tell_again() {
    let input = io::stdin();
    if ioctl_fionread(&input).is_ok_and(|waiting| waiting > 0)
        && let Ok(modes) = tcgetattr(&input)
    {
        let _ = tcsetattr(&input, OptionalActions::Now, &modes);
    }
}

/// Gives the terminal back to the shell. Safe at any time, from any thread, any number of times.
pub fn restore() {
    if OURS.swap(false, Ordering::SeqCst) {
        let _ = write_all(io::stdout().as_fd(), LEAVE);
        let _ = crossterm::terminal::disable_raw_mode();
    }
}

/// The terminal is gone: nothing is written to it any more.
pub fn abandon() {
    OURS.store(false, Ordering::SeqCst);
}

/// A panic gives the terminal back first, then says one line. What a formatted message may hold of
/// a record is not printed; the place in our source is.
pub fn restore_on_panic() {
    std::panic::set_hook(Box::new(|panic| {
        if bring::is_reading() {
            return;
        }
        PANICKED.store(true, Ordering::SeqCst);
        restore();
        let place = panic.location().map(|place| format!("{}:{}", place.file(), place.line())).unwrap_or_default();
        let words = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("an unexpected value");
        let _ = writeln!(
            io::stderr(),
            "intertie: a fault of the program at {place} ({words})\n\
             What was saved is saved, what was being typed is kept as a draft. Please report the line above."
        );
    }));
}

/// Whether a thread of ours has met its end; the session must end too.
pub fn has_panicked() -> bool {
    PANICKED.load(Ordering::SeqCst)
}

/// The terminal while it is ours.
pub struct Screen {
    terminal: Terminal<Painter>,
    held: Held,
    /// Frames are wrapped in the marks of synchronized output (mode 2026); others ignore them.
    synchronized: bool,
}

impl Screen {
    pub fn open(synchronized: bool, links: bool) -> Result<Screen, Trouble> {
        let held = Held::default();
        let terminal = Terminal::new(Painter::new(held.clone(), size, links)).map_err(cannot)?;
        let mut screen = Screen { terminal, held, synchronized };
        screen.enter()?;
        Ok(screen)
    }

    fn enter(&mut self) -> Result<(), Trouble> {
        crossterm::terminal::enable_raw_mode().map_err(cannot)?;
        OURS.store(true, Ordering::SeqCst);
        write_all(io::stdout().as_fd(), ENTER).map_err(cannot)
    }

    /// Gives the terminal away for a while.
    pub fn leave(&mut self) {
        restore();
    }

    /// Takes it back; the next frame is drawn whole.
    pub fn take_back(&mut self) -> Result<(), Trouble> {
        self.enter()?;
        self.draw_anew().map_err(cannot)
    }

    /// Something else was drawn meanwhile: the next frame is drawn whole, and nothing is as we left it.
    pub fn draw_anew(&mut self) -> io::Result<()> {
        self.terminal.backend_mut().forget();
        self.redraw()
    }

    /// The next frame is drawn whole. `Terminal::clear` would ask the terminal for the cursor.
    pub fn redraw(&mut self) -> io::Result<()> {
        self.terminal.resize(Rect::from((ratatui::layout::Position::ORIGIN, size())))
    }

    /// Draws a frame: one write, or none when nothing has changed.
    pub fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.terminal.draw(paint)?;
        let frame = self.held.take();
        if frame.is_empty() {
            return Ok(());
        }
        if !self.synchronized {
            return write_all(io::stdout().as_fd(), &frame);
        }
        write_all(io::stdout().as_fd(), &[FRAME_BEGINS, &frame, FRAME_ENDS].concat())
    }

    /// Sends bytes that are no part of a frame, between two frames.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        write_all(io::stdout().as_fd(), bytes)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}

fn cannot(err: io::Error) -> Trouble {
    Trouble::io("the terminal cannot be used").because(err)
}

/// Columns and rows, asked of the kernel; 80×24 when it does not know.
pub fn size() -> Size {
    match rustix::termios::tcgetwinsize(io::stdout()) {
        Ok(found) if found.ws_col > 0 && found.ws_row > 0 => Size::new(found.ws_col.min(SIZE_MAX.width), found.ws_row.min(SIZE_MAX.height)),
        _ => Size::new(80, 24),
    }
}

/// Whether whoever held the other end of the terminal is gone. crossterm reads such a terminal for ever
/// (<https://github.com/crossterm-rs/crossterm/issues/793>), so this is asked before every look for keys.
pub fn hung_up() -> bool {
    is_gone(Some(&rustix::event::Timespec { tv_sec: 0, tv_nsec: 0 }))
}

/// `None`: waits until it is.
fn is_gone(patience: Option<&rustix::event::Timespec>) -> bool {
    let input = io::stdin();
    let mut fds = [PollFd::new(&input, PollFlags::empty())];
    poll(&mut fds, patience).is_ok() && fds[0].revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL)
}

/// A terminal can go between that question and the read that follows. Then nobody gets out of crossterm any more, and a
/// program without a terminal would use up a core of a shared computer until somebody finds it: this thread ends it with
/// `code` when the loop has had its time. What was typed is a draft by then, and what was to be saved is saved: other
/// threads do that.
pub fn end_without(code: u8) {
    let watch = move || {
        while !is_gone(None) {}
        thread::sleep(LAST_MOMENTS);
        #[allow(clippy::disallowed_methods, reason = "there is no terminal to give back, and the loop does not return")]
        std::process::exit(code.into());
    };
    // Without it the question before every look stays.
    let _ = thread::Builder::new().name("hang-up".to_owned()).spawn(watch);
}

/// Longer than the longest that a session in order takes to end: `session::PATIENCE`.
const LAST_MOMENTS: Duration = Duration::from_secs(20);

/// Whether a shell with job control could bring us back. Without one (a window of tmux, `ssh HOST
/// intertie`) we are in the session's own process group, and would stop for ever.
pub fn can_stop() -> bool {
    process::getsid(None).is_ok_and(|session| session != process::getpgrp())
}

/// Stops until somebody continues us: this process, or with `all` its whole job, so that a script
/// around us gives the terminal back too.
pub fn stop(all: bool) -> io::Result<()> {
    if all {
        process::kill_current_process_group(Signal::STOP)?;
    } else {
        process::kill_process(process::getpid(), Signal::STOP)?;
    }
    Ok(())
}

/// Writes everything, also on a terminal that somebody made non-blocking.
pub(super) fn write_all(out: impl AsFd, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(&out, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => bytes = &bytes[count..],
            Err(rustix::io::Errno::INTR) => {}
            Err(rustix::io::Errno::AGAIN) => {
                let mut fds = [PollFd::new(&out, PollFlags::OUT)];
                match poll(&mut fds, None) {
                    Ok(_) | Err(rustix::io::Errno::INTR) => {}
                    Err(err) => return Err(err.into()),
                }
            }
            Err(err) => return Err(err.into()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_is_given_back() {
        let modes = |bytes: &[u8], end: char| -> Vec<String> {
            let text = String::from_utf8_lossy(bytes).into_owned();
            let mut found: Vec<String> = text
                .split("\x1b[?")
                .filter_map(|part| part.split_once(end))
                .map(|(mode, _)| mode.to_owned())
                .filter(|mode| mode.parse::<u16>().is_ok())
                .collect();
            found.sort();
            found
        };
        let taken: Vec<String> = modes(ENTER, 'h');
        assert_eq!(taken, ["1049", "2004"]);
        for mode in taken {
            assert!(modes(LEAVE, 'l').contains(&mode), "{mode}");
        }
        assert_eq!(modes(ENTER, 'l'), ["25"], "the cursor is hidden");
        assert_eq!(modes(LEAVE, 'h'), ["25"], "and shown again");
    }
}
