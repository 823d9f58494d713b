//! Does the text reach the user's own clipboard, and what may be said about it? The words claim
//! what was compared or confirmed and nothing else.

mod around;
mod local;
mod osc52;
mod tmux;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use around::{Around, Way};
use local::Local;

use super::paths;
use crate::desk::msg::Copied;
use crate::domain::text::clean;

/// A copy that was made as far as this side can; `send` is for whoever owns the terminal, between
/// two frames, before the words are shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    pub words: String,
    pub failed: bool,
    pub send: Option<Vec<u8>>,
}

enum Order {
    Copy { what: String, text: String },
    End(Sender<bool>),
}

/// The clipboard of a session. Copies are made on a thread of their own: they run programs.
pub struct Clipboard {
    orders: Sender<Order>,
}

impl Clipboard {
    /// `answer` gets each copy, and the bytes that the terminal must be sent for it.
    pub fn start(answer: impl Fn(Copied, Option<Vec<u8>>) + Send + 'static) -> std::io::Result<Clipboard> {
        let (orders, work) = channel();
        thread::Builder::new().name("clipboard".to_owned()).spawn(move || {
            let mut local = Local::default();
            while let Ok(order) = work.recv() {
                match order {
                    Order::Copy { what, text } => {
                        let outcome =
                            copy(&text, &Around::read(|name| std::env::var_os(name)), &mut |text| local.copy(text), file().as_deref());
                        answer(Copied { what, words: outcome.words, failed: outcome.failed }, outcome.send);
                    }
                    Order::End(done) => {
                        let _ = done.send(local.hand_over());
                        return;
                    }
                }
            }
        })?;
        Ok(Clipboard { orders })
    }

    pub fn copy(&self, what: String, text: String) {
        let _ = self.orders.send(Order::Copy { what, text });
    }

    /// At the end of the session: whether the copied text stays without us.
    pub fn end(&self) -> bool {
        let (done, wait) = channel();
        self.orders.send(Order::End(done)).is_err() || wait.recv_timeout(Duration::from_secs(3)).unwrap_or(true)
    }
}

/// One copy for a command that ends right after it.
pub fn once(text: &str) -> Outcome {
    let mut keep = |text: &str| {
        if local::keep_without_us(text) { Ok(()) } else { Err("no program here keeps a copy (wl-copy, xclip, xsel)".to_owned()) }
    };
    copy(text, &Around::read(|name| std::env::var_os(name)), &mut keep, file().as_deref())
}

/// Each way that there is here, and what is known about it. Nothing is copied.
pub fn probe() -> Vec<(String, String)> {
    let around = Around::read(|name| std::env::var_os(name));
    let mut told: Vec<(String, String)> = around.ways().into_iter().map(|way| about(way, &around)).collect();
    if around.in_tmux && around.tmux.is_none() {
        told.push((
            "tmux".to_owned(),
            "we are inside tmux, but the program tmux is not in PATH; by default tmux drops what we send".to_owned(),
        ));
    }
    if around.display && around.remote {
        told.push(("desktop".to_owned(), "not used: you come over SSH, and this machine's desktop is not yours".to_owned()));
    }
    let words = match file() {
        Some(path) => format!("always: {}", path.display()),
        None => "there is no private directory for it".to_owned(),
    };
    told.push(("file".to_owned(), words));
    told
}

fn about(way: Way, around: &Around) -> (String, String) {
    let (name, words) = match way {
        Way::Tmux => ("tmux", "the tmux buffer (prefix ]) is certain; tmux also passes the copy on to terminals that take copies"),
        Way::Local => ("desktop", "this machine's clipboard, read back after each copy"),
        Way::Screen => ("screen", "sent through GNU screen to your terminal, which does not confirm"),
        Way::Terminal if around.mosh => ("terminal", "sent through mosh (up to 12 kB of text) to your terminal, which does not confirm"),
        Way::Terminal => (
            "terminal",
            "sent to your terminal (OSC 52), which does not confirm; xterm, iTerm2 and mintty must be told to allow it, GNOME Terminal never takes it",
        ),
    };
    (name.to_owned(), words.to_owned())
}

fn file() -> Option<PathBuf> {
    paths::runtime().ok().map(|dir| dir.join("clip"))
}

/// Tries the ways in order until one is certain; the file has the text in any case.
fn copy(text: &str, around: &Around, local: &mut dyn FnMut(&str) -> Result<(), String>, file: Option<&Path>) -> Outcome {
    let text = clean(text.trim_end_matches('\n'));
    if text.is_empty() {
        return Outcome { words: "there is nothing to copy".to_owned(), failed: true, send: None };
    }
    let saved = file.filter(|path| paths::replace(path, text.as_bytes()).is_ok()).map(|path| path.display().to_string());
    let mut said: Vec<String> = Vec::new();
    let mut failed: Vec<String> = Vec::new();
    let mut send = None;
    for way in around.ways() {
        match way {
            Way::Tmux => match around.tmux.as_deref().map(|program| tmux::copy(program, &text)) {
                Some(Ok(tmux::Taken::Forwarded)) => {
                    said.push("in the tmux buffer; also sent to your terminal, which does not confirm".to_owned())
                }
                Some(Ok(tmux::Taken::Buffer)) => said.push("in the tmux buffer (prefix ]); your terminal takes no copies".to_owned()),
                Some(Ok(tmux::Taken::Old)) => {
                    send = sendable(&text, around).then(|| osc52::bytes(&text));
                    said.push("in the tmux buffer (prefix ]); whether your terminal has it, nobody says".to_owned());
                }
                Some(Err(err)) => failed.push(format!("tmux did not take it: {err}")),
                None => {}
            },
            Way::Local => match local(&text) {
                Ok(()) if said.is_empty() => return Outcome { words: "copied".to_owned(), failed: false, send },
                Ok(()) => return Outcome { words: "copied, and in the tmux buffer".to_owned(), failed: false, send: None },
                Err(err) => failed.push(err),
            },
            Way::Screen | Way::Terminal if !sendable(&text, around) => failed.push("too long to send to your terminal".to_owned()),
            Way::Screen | Way::Terminal => {
                send = Some(if way == Way::Screen { osc52::through_screen(&text) } else { osc52::bytes(&text) });
                said.push("sent to your terminal, which does not confirm".to_owned());
            }
        }
    }
    words(said, &failed, saved, send)
}

fn sendable(text: &str, around: &Around) -> bool {
    osc52::payload(text) <= if around.mosh { osc52::MOSH_MAX } else { osc52::SEND_MAX }
}

fn words(mut said: Vec<String>, failed: &[String], saved: Option<String>, send: Option<Vec<u8>>) -> Outcome {
    if said.is_empty() {
        let reason = if failed.is_empty() { String::new() } else { format!(" ({})", failed.join("; ")) };
        return match saved {
            Some(path) => Outcome { words: format!("saved to {path}{reason}"), failed: false, send: None },
            None => Outcome { words: format!("not copied{reason}"), failed: true, send: None },
        };
    }
    if let Some(path) = saved {
        said.push(format!("also in {path}"));
    }
    Outcome { words: said.join("; "), failed: false, send }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn no_desktop(_: &str) -> Result<(), String> {
        Err("no desktop session answers".to_owned())
    }

    #[test]
    fn the_words_say_what_is_known() {
        let temp = tempfile::tempdir().expect("a directory");
        let file = temp.path().join("clip");
        let plain = Around::default();
        let outcome = copy("A-1042\n", &plain, &mut no_desktop, Some(&file));
        assert_eq!(outcome.words, format!("sent to your terminal, which does not confirm; also in {}", file.display()));
        assert_eq!(outcome.send, Some(osc52::bytes("A-1042")));
        assert_eq!(paths::read_text(&file, 99).expect("saved"), "A-1042");

        let desktop = Around { display: true, ..Around::default() };
        let outcome = copy("x", &desktop, &mut |_| Ok(()), None);
        assert_eq!((outcome.words.as_str(), outcome.send), ("copied", None));
        let outcome = copy("x", &desktop, &mut no_desktop, None);
        assert_eq!(outcome.words, "sent to your terminal, which does not confirm");

        let lost = Around { in_tmux: true, ..Around::default() };
        let outcome = copy("x", &lost, &mut no_desktop, Some(&file));
        assert_eq!((outcome.words, outcome.failed), (format!("saved to {}", file.display()), false));
        let outcome = copy("x", &lost, &mut no_desktop, None);
        assert_eq!((outcome.words.as_str(), outcome.failed), ("not copied", true));
        assert!(copy("\n", &plain, &mut no_desktop, Some(&file)).failed);
    }

    #[test]
    fn what_is_too_long_goes_to_the_file() {
        let temp = tempfile::tempdir().expect("a directory");
        let file = temp.path().join("clip");
        for (around, length, sent) in [
            (Around::default(), 74_000, true),
            (Around::default(), 76_000, false),
            (Around { mosh: true, ..Around::default() }, 11_900, true),
            (Around { mosh: true, ..Around::default() }, 12_100, false),
            (Around { screen: true, ..Around::default() }, 76_000, false),
        ] {
            let text = "x".repeat(length);
            let outcome = copy(&text, &around, &mut no_desktop, Some(&file));
            assert_eq!(outcome.send.is_some(), sent, "{around:?} {length}");
            assert_eq!(outcome.words.starts_with("saved to"), !sent);
            assert_eq!(paths::read_text(&file, 100_000).expect("saved"), text);
        }
    }
}
