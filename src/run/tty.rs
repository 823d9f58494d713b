//! How does a command ask the terminal something? It owns the terminal for a moment: raw, with a time
//! limit, and given back as it was.
//!
//! Never while the queue runs: crossterm's thread would read the answer as keys.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::termios::{self, OptionalActions, Termios};

use super::{now, terminal};

/// No answer that we wait for is longer.
const ANSWER_MAX: usize = 64 << 10;

/// The terminal while it is asked.
pub struct Tty {
    file: File,
    before: Termios,
}

impl Tty {
    /// Refused in the background: the terminal is somebody else's there.
    pub fn open() -> io::Result<Tty> {
        let flags = i32::try_from(OFlags::NOCTTY.bits()).unwrap_or_default();
        let file = OpenOptions::new().read(true).write(true).custom_flags(flags).open("/dev/tty")?;
        if termios::tcgetpgrp(&file)? != rustix::process::getpgrp() {
            return Err(io::Error::other("the program runs in the background"));
        }
        let before = termios::tcgetattr(&file)?;
        let mut raw = before.clone();
        raw.make_raw();
        termios::tcsetattr(&file, OptionalActions::Now, &raw)?;
        Ok(Tty { file, before })
    }

    pub fn send(&self, bytes: &[u8]) -> io::Result<()> {
        terminal::write_all(&self.file, bytes)
    }

    /// Reads until `found` finds what it looks for in all that came, or nothing more comes in time.
    pub fn answer<T>(&self, limit: Duration, found: impl Fn(&[u8]) -> Option<T>) -> Option<T> {
        let until = now::instant() + limit;
        let mut all = Vec::new();
        let mut buffer = [0; 4096];
        while all.len() < ANSWER_MAX {
            if !self.is_ready(until).ok()? {
                return None;
            }
            let count = rustix::io::read(&self.file, &mut buffer).ok().filter(|count| *count > 0)?;
            all.extend_from_slice(&buffer[..count]);
            if let Some(found) = found(&all) {
                return Some(found);
            }
        }
        None
    }

    fn is_ready(&self, until: Instant) -> io::Result<bool> {
        loop {
            let left = Timespec::try_from(until.saturating_duration_since(now::instant())).map_err(io::Error::other)?;
            let mut fds = [PollFd::new(&self.file, PollFlags::IN)];
            match poll(&mut fds, Some(&left)) {
                Ok(count) => return Ok(count > 0),
                Err(rustix::io::Errno::INTR) => {}
                Err(err) => return Err(err.into()),
            }
        }
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        // What came too late must not become words on the shell's line.
        let _ = termios::tcsetattr(&self.file, OptionalActions::Flush, &self.before);
    }
}

/// Before a question: what was typed before it is not its answer.
pub fn forget_typed() {
    let _ = termios::tcflush(io::stdin(), termios::QueueSelector::IFlush);
}

/// One line that somebody types or pastes, without its end; `None` at the end of the input.
pub fn line() -> io::Result<Option<String>> {
    let input = io::stdin();
    let mut all = Vec::new();
    let mut buffer = [0; 4096];
    // By whole lines, as the kernel gives them: a buffer of ours would keep what follows for the next question.
    loop {
        let count = match rustix::io::read(&input, &mut buffer) {
            Ok(count) => count,
            Err(rustix::io::Errno::INTR) => continue,
            Err(err) => return Err(err.into()),
        };
        all.extend_from_slice(&buffer[..count]);
        if count == 0 && all.is_empty() {
            return Ok(None);
        }
        if count == 0 || all.ends_with(b"\n") || all.len() > ANSWER_MAX {
            return Ok(Some(String::from_utf8_lossy(&all).trim().to_owned()));
        }
    }
}
