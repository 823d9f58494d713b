//! How far is a long command, and does anybody want it to stop?

use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::stop::Stop;
use crate::domain::import_words::thousands;
use crate::domain::trouble::Trouble;

/// Cells of the bar.
const WIDTH: usize = 30;

/// A line on standard error while a terminal looks on. Ctrl-C ends the command between two steps,
/// not within one.
pub struct Progress {
    asked: Arc<AtomicBool>,
    shows: bool,
    shown: bool,
}

impl Progress {
    pub fn new(is_script: bool) -> Result<Progress, Stop> {
        let asked = Arc::new(AtomicBool::new(false));
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP] {
            signal_hook::flag::register(signal, asked.clone()).map_err(|err| Trouble::io("signals cannot be received").because(err))?;
        }
        Ok(Progress { asked, shows: !is_script && io::stderr().is_terminal(), shown: false })
    }

    /// `Break`: somebody asked to stop.
    pub fn step(&mut self, done: usize, of: usize) -> ControlFlow<()> {
        if self.shows {
            self.shown = true;
            // A standard error that is gone does not stop the work.
            let _ = write!(io::stderr(), "\r{}", line(done, of)).and_then(|()| io::stderr().flush());
        }
        if self.asked.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    pub fn asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// Leaves an empty line for what is said next.
    pub fn end(&mut self) {
        if std::mem::take(&mut self.shown) {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

fn line(done: usize, of: usize) -> String {
    let of = of.max(done).max(1);
    let full = done * WIDTH / of;
    format!("[{}{}] {} of {} rows  (Ctrl-C stops)", "#".repeat(full), "-".repeat(WIDTH - full), thousands(done), thousands(of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_far_it_is() {
        assert_eq!(line(0, 0), "[------------------------------] 0 of 1 rows  (Ctrl-C stops)");
        assert_eq!(line(500, 1_000), "[###############---------------] 500 of 1,000 rows  (Ctrl-C stops)");
        assert_eq!(line(1_234_567, 1_000_000), "[##############################] 1,234,567 of 1,234,567 rows  (Ctrl-C stops)");
    }
}
