//! Does the text reach the user's own clipboard?

mod around;
mod confirm;
mod ladder;
mod local;
mod osc52;
mod proof;
pub mod terminals;
mod tmux;
mod trial;

use std::path::PathBuf;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use around::Around;
pub use around::Way;
use confirm::Confirmed;
pub use ladder::Outcome;
use ladder::{Hands, Until};
use local::Local;
use proof::Proofs;
pub use trial::{Sent, Trial};

use super::{command, paths};
use crate::desk::msg::Copied;
use crate::domain::text::clean;

const A_MOMENT: Duration = Duration::from_millis(300);

enum Order {
    Copy { what: String, text: String },
    End(Sender<Result<(), String>>),
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
                        // The queue's keys are read all the time, and an answer would be read as keys.
                        let mut hands = Hands { local: &mut |text, until| local.copy(text, until), confirm: &mut |_| Confirmed::Unknown };
                        let Outcome { text, words, failed, send, stuck } =
                            if paths::is_drill() { aside(&text) } else { copy(&text, &mut hands) };
                        answer(Copied { what, words, failed, text, stuck }, send);
                    }
                    Order::End(done) => {
                        let _ = done.send(local.hand_over(Until::from_now().all));
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

    /// At the end of the session: `Ok` when the copied text stays without us, else why not.
    pub fn end(&self) -> Result<(), String> {
        let (done, wait) = channel();
        if self.orders.send(Order::End(done)).is_err() {
            return Ok(());
        }
        // A little more than what it may take itself, so that it is the one to say what hung.
        wait.recv_timeout(command::PATIENCE + A_MOMENT).unwrap_or_else(|_| Err("a clipboard program does not answer".to_owned()))
    }
}

/// One copy for a command that ends right after it. With `asks` a terminal that may confirm
/// copies is asked for it.
pub fn once(text: &str, asks: bool) -> Outcome {
    let mut keep = |text: &str, until| {
        let kept = local::keep_without_us(text, until);
        kept.map_err(|err| if err.is_empty() { "no program here keeps a copy (wl-copy, xclip, xsel)".to_owned() } else { err })
    };
    let asks = asks && confirm::may_be();
    let mut hands = Hands { local: &mut keep, confirm: &mut |text| if asks { confirm::copy(text) } else { Confirmed::Unknown } };
    copy(text, &mut hands)
}

fn copy(text: &str, hands: &mut Hands<'_>) -> Outcome {
    let until = Until::from_now();
    let around = Around::read(|name| std::env::var_os(name), until.tmux);
    ladder::copy(text, &around, &proofs(), hands, file().as_deref(), until)
}

fn proofs() -> Proofs {
    proof::file().map(|file| Proofs::read(&file)).unwrap_or_default()
}

/// What belongs to nobody must not stand on a clipboard, where it would be taken for a real message.
fn aside(text: &str) -> Outcome {
    let words = "not copied: this is a drill".to_owned();
    Outcome { text: clean(text).into_owned(), words, ..Outcome::default() }
}

/// Each way that there is here, and what is known about it. Nothing is copied.
pub fn probe() -> Vec<(String, String)> {
    let around = Around::read(|name| std::env::var_os(name), Until::from_now().tmux);
    let proofs = proofs();
    let about = |way| (Way::name(way).to_owned(), about(way, &around, &proofs));
    let mut told: Vec<(String, String)> = around.ways().into_iter().map(about).collect();
    if around.in_tmux && around.tmux.is_none() {
        told.push((
            "tmux".to_owned(),
            "we are inside tmux, but the program tmux is not in PATH; by default tmux drops what we send".to_owned(),
        ));
    }
    if let Some(known) = around.kind.known().filter(|_| around.kind.never() && !around.in_tmux) {
        told.push(("terminal".to_owned(), format!("not used: {} takes no copies; the queue shows the text plainly instead", known.name)));
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

fn about(way: Way, around: &Around, proofs: &Proofs) -> String {
    let words = match way {
        Way::Tmux => "the tmux buffer (prefix ]) is certain; tmux also passes the copy on to terminals that take copies".to_owned(),
        Way::Local => "this machine's clipboard, read back after each copy".to_owned(),
        Way::Screen => "sent through GNU screen to your terminal, which does not confirm".to_owned(),
        Way::Terminal if around.mosh => "sent through mosh (up to 12 kB of text) to your terminal, which does not confirm".to_owned(),
        Way::Terminal if around.zellij => "sent through zellij (OSC 52) to your terminal, which does not confirm".to_owned(),
        Way::Terminal => match around.kind.known().filter(|known| known.must_be_set()) {
            Some(known) => {
                format!("sent to your terminal (OSC 52), which does not confirm; {} needs: {}", known.name, known.set())
            }
            None => "sent to your terminal (OSC 52), which does not confirm; xterm, iTerm2 and mintty must be told to allow it".to_owned(),
        },
    };
    match around.proven(way, proofs) {
        Some(proof) if proof.arrived => format!("{words}; it worked on {}", proof.day()),
        Some(proof) => format!("{words}; nothing arrived on {}, so it is skipped", proof.day()),
        None => words,
    }
}

fn file() -> Option<PathBuf> {
    paths::runtime().ok().map(|dir| dir.join("clip"))
}
