//! Which signals does a session answer?

use std::io;

use futures_util::FutureExt;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What a signal asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asked {
    /// The terminal is gone.
    HangUp,
    /// End, and say the signal's number in the exit code.
    End(i32),
    /// To the shell until somebody continues us.
    Stop,
    /// Somebody continued us after a stop that we did not make.
    Continued,
}

/// One stream for each.
pub struct Signals {
    hang_up: Signal,
    terminate: Signal,
    interrupt: Signal,
    quit: Signal,
    pub stop: Signal,
    pub continued: Signal,
}

impl Signals {
    /// Needs a running tokio runtime.
    pub fn new() -> io::Result<Signals> {
        let raw = |number: rustix::process::Signal| signal(SignalKind::from_raw(number.as_raw()));
        Ok(Signals {
            hang_up: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            quit: signal(SignalKind::quit())?,
            stop: raw(rustix::process::Signal::TSTP)?,
            continued: raw(rustix::process::Signal::CONT)?,
        })
    }

    /// The next one. Safe to drop and call again.
    pub async fn next(&mut self) -> Asked {
        let number = |kind: SignalKind| kind.as_raw_value();
        tokio::select! {
            biased;
            _ = self.hang_up.recv() => Asked::HangUp,
            _ = self.terminate.recv() => Asked::End(number(SignalKind::terminate())),
            _ = self.interrupt.recv() => Asked::End(number(SignalKind::interrupt())),
            _ = self.quit.recv() => Asked::End(number(SignalKind::quit())),
            _ = self.stop.recv() => Asked::Stop,
            _ = self.continued.recv() => Asked::Continued,
        }
    }

    /// Forgets what was meant for a program that had the terminal in the meantime.
    pub fn forget_the_terminals(&mut self) {
        for stream in [&mut self.interrupt, &mut self.quit, &mut self.stop, &mut self.continued] {
            while stream.recv().now_or_never().flatten().is_some() {}
        }
    }
}
