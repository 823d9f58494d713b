//! The clipboard of the desktop that this machine shows. The text lives as long as the program that
//! offers it, so ours is held until the end, and handed over then.

use std::ffi::OsStr;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Instant;

use arboard::Clipboard;

use super::super::{command, now};

const SILENT: &str = "the desktop does not answer";
const NOBODY_KEEPS: &str = "no program here keeps it (wl-copy, xclip or xsel would)";

/// Our hold on the desktop's clipboard, on a thread of its own: a desktop that hangs must hold up
/// neither the next copy nor the end. Opened with the first copy.
#[derive(Default)]
pub struct Local {
    desktop: Option<Desktop>,
    /// Answers that are still to come.
    awaited: usize,
    /// What we offer ourselves, and must hand over.
    text: Option<String>,
}

/// The thread that has it.
struct Desktop {
    orders: Sender<Order>,
    answers: Receiver<Result<(), String>>,
}

enum Order {
    Offer(String),
    /// Whether this text is still what the clipboard has, because we offer it.
    IsOurs(String),
}

impl Local {
    /// `Ok` when the clipboard was read back and has this text. `Err` is why not.
    pub fn copy(&mut self, text: &str, until: Instant) -> Result<(), String> {
        let held = self.ask(Order::Offer(text.to_owned()), until);
        if held.is_ok() {
            self.text = Some(text.to_owned());
            return held;
        }
        self.text = None;
        held.or_else(|err| keep_without_us(text, until).map_err(|also| if also.is_empty() { err } else { format!("{err}; {also}") }))
    }

    /// At the end: `Ok` when the text stays without us, or was not ours any more. `Err` is why not.
    pub fn hand_over(&mut self, until: Instant) -> Result<(), String> {
        let Some(text) = self.text.take() else { return Ok(()) };
        match self.ask(Order::IsOurs(text.clone()), until) {
            Ok(()) => keep_without_us(&text, until).map_err(|err| if err.is_empty() { NOBODY_KEEPS.to_owned() } else { err }),
            Err(err) if err == SILENT => Err(err),
            Err(_) => Ok(()),
        }
    }

    fn ask(&mut self, order: Order, until: Instant) -> Result<(), String> {
        if self.desktop.is_none() {
            self.desktop = Some(start().map_err(|err| err.to_string())?);
        }
        let Some(Desktop { orders, answers }) = &self.desktop else { return Err(SILENT.to_owned()) };
        // It hangs in an older order, or came back to it too late.
        while self.awaited > 0 && answers.try_recv().is_ok() {
            self.awaited -= 1;
        }
        if self.awaited > 0 || orders.send(order).is_err() {
            return Err(SILENT.to_owned());
        }
        match answers.recv_timeout(until.saturating_duration_since(now::instant())) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout) => {
                self.awaited += 1;
                Err(SILENT.to_owned())
            }
            Err(RecvTimeoutError::Disconnected) => Err(SILENT.to_owned()),
        }
    }
}

fn start() -> std::io::Result<Desktop> {
    let (orders, work) = channel();
    let (answer, answers) = channel();
    thread::Builder::new().name("desktop".to_owned()).spawn(move || {
        let mut held = None;
        while let Ok(order) = work.recv() {
            let done = match order {
                Order::Offer(text) => offer(&mut held, &text),
                Order::IsOurs(text) => is_ours(&mut held, &text),
            };
            if answer.send(done).is_err() {
                return;
            }
        }
    })?;
    Ok(Desktop { orders, answers })
}

fn offer(held: &mut Option<Clipboard>, text: &str) -> Result<(), String> {
    if held.is_none() {
        // The library's own words speak of a time-out; what is true is that nobody answers.
        *held = Some(Clipboard::new().map_err(|_| "no desktop session answers".to_owned())?);
    }
    let Some(clipboard) = held else { return Err("no desktop session answers".to_owned()) };
    match clipboard.set_text(text).and_then(|()| clipboard.get_text()) {
        Ok(back) if back == text => Ok(()),
        Ok(_) => Err("the desktop's clipboard has another text".to_owned()),
        Err(err) => {
            *held = None;
            Err(err.to_string())
        }
    }
}

fn is_ours(held: &mut Option<Clipboard>, text: &str) -> Result<(), String> {
    let back = held.as_mut().and_then(|clipboard| clipboard.get_text().ok());
    if back.as_deref() == Some(text) { Ok(()) } else { Err("it has another text".to_owned()) }
}

/// A program that stays behind to offer a text, and the one that reads it back.
struct Keeper {
    /// It works where this variable is set.
    display: &'static str,
    put: (&'static str, &'static [&'static str]),
    get: (&'static str, &'static [&'static str]),
}

const KEEPERS: [Keeper; 3] = [
    Keeper { display: "WAYLAND_DISPLAY", put: ("wl-copy", &[]), get: ("wl-paste", &["--no-newline"]) },
    Keeper { display: "DISPLAY", put: ("xclip", &["-selection", "clipboard"]), get: ("xclip", &["-selection", "clipboard", "-o"]) },
    Keeper { display: "DISPLAY", put: ("xsel", &["--clipboard", "--input"]), get: ("xsel", &["--clipboard", "--output"]) },
];

/// Gives the text to such a program; `Ok` when what it offers was read back and is the same. `Err`
/// is empty where there is no such program.
pub fn keep_without_us(text: &str, until: Instant) -> Result<(), String> {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| value != OsStr::new(""));
    let mut failed = Vec::new();
    for keeper in KEEPERS.iter().filter(|keeper| set(keeper.display)) {
        let (Some(put), Some(get)) = (command::find(keeper.put.0), command::find(keeper.get.0)) else { continue };
        let back = command::give(&put, keeper.put.1, text.as_bytes(), until).and_then(|()| command::ask(&get, keeper.get.1, b"", until));
        match back {
            Ok(back) if back == text.as_bytes() => return Ok(()),
            Ok(_) => failed.push(format!("{} has another text", keeper.get.0)),
            Err(err) if err.kind() == std::io::ErrorKind::TimedOut => failed.push(format!("{} did not answer", keeper.put.0)),
            Err(_) => failed.push(format!("{} did not take it", keeper.put.0)),
        }
    }
    Err(failed.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_desktop_that_hangs_holds_up_nobody() {
        let (orders, never_read) = channel();
        let (_answers, answered) = channel();
        let mut local = Local { desktop: Some(Desktop { orders, answers: answered }), awaited: 0, text: Some("held".to_owned()) };
        let soon = || now::instant() + std::time::Duration::from_millis(20);
        assert_eq!(local.ask(Order::Offer("one".to_owned()), soon()), Err(SILENT.to_owned()));
        // The second is not even given to it: two texts in line would arrive in any order.
        assert_eq!(local.ask(Order::Offer("two".to_owned()), soon()), Err(SILENT.to_owned()));
        assert_eq!(local.hand_over(soon()), Err(SILENT.to_owned()));
        assert_eq!(never_read.try_iter().count(), 1);
    }

    #[test]
    fn an_answer_that_came_late_frees_it() {
        let (orders, work) = channel();
        let (answers, answered) = channel();
        let mut local = Local { desktop: Some(Desktop { orders, answers: answered }), awaited: 1, text: None };
        answers.send(Ok(())).expect("sent");
        let answering = thread::Builder::new().spawn(move || {
            work.recv().expect("an order");
            answers.send(Err("no".to_owned())).expect("sent");
            answers
        });
        let answering = answering.expect("started");
        let until = now::instant() + command::PATIENCE;
        assert_eq!(local.ask(Order::Offer("two".to_owned()), until), Err("no".to_owned()), "its own answer, not the late one");
        answering.join().expect("ended");
    }
}
