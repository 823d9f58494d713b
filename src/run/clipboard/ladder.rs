//! Which way takes this copy, and what may be said about it? The words claim what was compared,
//! confirmed or once proven, and nothing else.

use std::path::Path;
use std::time::Instant;

use super::super::{command, now, paths};
use super::around::{Around, Way};
use super::confirm::Confirmed;
use super::proof::Proofs;
use super::{osc52, tmux};
use crate::domain::text::clean;

/// A copy that was made as far as this side can; `send` is for whoever owns the terminal, between
/// two frames, before the words are shown.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outcome {
    /// What was copied, cleaned.
    pub text: String,
    pub words: String,
    pub failed: bool,
    pub send: Option<Vec<u8>>,
    /// No way took it: somebody should be shown the text, to take it with the mouse.
    pub stuck: bool,
}

/// What a copy can use of this process.
pub struct Hands<'a> {
    /// The desktop's clipboard, at most until then.
    pub local: &'a mut dyn FnMut(&str, Instant) -> Result<(), String>,
    /// A terminal that may confirm; `Unknown` where nobody may ask it.
    pub confirm: &'a mut dyn FnMut(&str) -> Confirmed,
}

/// What came of the ways so far.
#[derive(Default)]
struct Told {
    said: Vec<String>,
    failed: Vec<String>,
    send: Option<Vec<u8>>,
    /// Read back or confirmed: nothing more need be tried.
    copied: bool,
}

/// Tries the ways in order until one is certain; the file has the text in any case.
pub fn copy(text: &str, around: &Around, proofs: &Proofs, hands: &mut Hands<'_>, file: Option<&Path>, until: Until) -> Outcome {
    let text = clean(text.trim_end_matches('\n')).into_owned();
    if text.is_empty() {
        return Outcome { words: "there is nothing to copy".to_owned(), failed: true, ..Outcome::default() };
    }
    let saved = file.filter(|path| paths::replace(path, text.as_bytes()).is_ok()).map(|path| path.display().to_string());
    let mut told = Told::default();
    for way in around.ways() {
        let proof = around.proven(way, proofs);
        match (way, proof) {
            (Way::Tmux, _) => in_tmux(&text, around, proofs, until.tmux, &mut told),
            // The buffer of tmux is worth having also where the terminal takes nothing; nothing else is.
            (Way::Local, Some(proof)) if !proof.arrived => told.failed.push(format!("this desktop was not yours on {}", proof.day())),
            (Way::Screen | Way::Terminal, Some(proof)) if !proof.arrived => {
                told.failed.push(format!("your terminal took no copy on {}; intertie clipboard tries it again", proof.day()));
            }
            (Way::Local, _) => match (hands.local)(&text, until.all) {
                Ok(()) => told.copied = true,
                Err(err) => told.failed.push(err),
            },
            (Way::Screen | Way::Terminal, _) => to_terminal(way, &text, around, proofs, hands, &mut told),
        }
        if told.copied {
            break;
        }
    }
    if let Some(why) = why_no_way(around) {
        told.failed.push(why);
    }
    words(told, saved, text)
}

/// What is between, and keeps the terminal from being tried at all.
fn why_no_way(around: &Around) -> Option<String> {
    if around.in_tmux {
        return around.tmux.is_none().then(|| "we are inside tmux, and the program tmux is not in PATH".to_owned());
    }
    around.kind.known().filter(|_| around.kind.never()).map(|known| format!("{} takes no copies", known.name))
}

fn in_tmux(text: &str, around: &Around, proofs: &Proofs, until: Instant, told: &mut Told) {
    let Some(program) = around.tmux.as_deref() else { return };
    match tmux::copy(program, text, until) {
        Ok(tmux::Taken::PassedOn) => told.said.push(passed_on(around, proofs)),
        Ok(tmux::Taken::Old) => {
            told.send = is_sendable(text, around).then(|| osc52::bytes(text));
            told.said.push("in the tmux buffer (prefix ]); to pass it on this tmux needs: set -s set-clipboard on".to_owned());
        }
        Err(err) if err.kind() == std::io::ErrorKind::TimedOut => told.failed.push("tmux did not answer".to_owned()),
        Err(err) => told.failed.push(format!("tmux did not take it: {err}")),
    }
}

/// The buffer has it. What became of the copy that tmux was asked to pass on?
fn passed_on(around: &Around, proofs: &Proofs) -> String {
    let client = around.client.clone().unwrap_or_default();
    let is_nested = client.term.starts_with("tmux") || client.term.starts_with("screen");
    match around.proven(Way::Tmux, proofs) {
        Some(proof) if proof.arrived => {
            return format!("in the tmux buffer; also sent to your terminal (this way worked on {})", proof.day());
        }
        Some(proof) => return format!("in the tmux buffer (prefix ]); your terminal took no copy on {}", proof.day()),
        None => {}
    }
    if let Some(known) = around.kind.known().filter(|_| around.kind.never()) {
        return format!("in the tmux buffer (prefix ]); {} takes no copies", known.name);
    }
    if around.mosh {
        // tmux leaves out the selection's letter, and mosh passes only `c`.
        return "in the tmux buffer (prefix ]); mosh does not pass on what tmux sends".to_owned();
    }
    if is_nested && client.takes_copies {
        return "in the tmux buffer (prefix ]); the tmux around it needs: set -s set-clipboard on".to_owned();
    }
    if !client.takes_copies {
        return "in the tmux buffer (prefix ]); your terminal takes no copies, tmux says".to_owned();
    }
    format!("in the tmux buffer; also {}", sent(around))
}

fn to_terminal(way: Way, text: &str, around: &Around, proofs: &Proofs, hands: &mut Hands<'_>, told: &mut Told) {
    // What is between would answer for itself.
    let is_direct = way == Way::Terminal && !around.mosh && !around.zellij;
    match if is_direct { (hands.confirm)(text) } else { Confirmed::Unknown } {
        Confirmed::Done => {
            told.copied = true;
            return;
        }
        Confirmed::Refused(word) => {
            told.failed.push(format!("your terminal refused it ({word})"));
            return;
        }
        Confirmed::Silent => {
            told.said.push("sent to your terminal, which has not confirmed it yet".to_owned());
            return;
        }
        Confirmed::Unknown => {}
    }
    if !is_sendable(text, around) {
        let (limit, whose) = around.limit();
        let most = if limit == osc52::SEND_MAX { String::new() } else { format!(" (about {} kB)", limit * 3 / 4 / 1000) };
        told.failed.push(format!("not sent: too long for {whose}{most}"));
        return;
    }
    told.send = Some(if way == Way::Screen { osc52::through_screen(text) } else { osc52::bytes(text) });
    told.said.push(match around.proven(way, proofs) {
        Some(proof) => format!("sent to your terminal (this way worked on {})", proof.day()),
        None => sent(around),
    });
}

/// It left, and that is all. Of a terminal that takes copies only when it is told to, its setting.
fn sent(around: &Around) -> String {
    match around.kind.known().filter(|known| known.must_be_set()) {
        Some(known) => format!("sent to your terminal; {} needs: {}", known.name, known.set()),
        None => "sent to your terminal, which does not confirm".to_owned(),
    }
}

fn is_sendable(text: &str, around: &Around) -> bool {
    osc52::payload(text) <= around.limit().0
}

/// How long one copy may take, whatever hangs.
#[derive(Clone, Copy, Debug)]
pub struct Until {
    /// Where tmux has not answered by then, the next way still has its time.
    pub tmux: Instant,
    pub all: Instant,
}

impl Until {
    pub fn from_now() -> Until {
        let now = now::instant();
        Until { tmux: now + command::PATIENCE / 2, all: now + command::PATIENCE }
    }
}

fn words(told: Told, saved: Option<String>, text: String) -> Outcome {
    let Told { mut said, failed, send, copied } = told;
    if copied {
        let words = if said.is_empty() { "copied" } else { "copied, and in the tmux buffer" };
        return Outcome { text, words: words.to_owned(), ..Outcome::default() };
    }
    if said.is_empty() {
        // The path comes last: it is long, and a screen is narrow.
        let reason: String = failed.iter().map(|why| format!("{why}; ")).collect();
        return match saved {
            Some(path) => Outcome { text, words: format!("{reason}saved to {path}"), stuck: true, ..Outcome::default() },
            None => Outcome { text, words: format!("{reason}not copied"), failed: true, stuck: true, ..Outcome::default() },
        };
    }
    // A program that hung is said also where the next way took the copy.
    said.extend(failed);
    if let Some(path) = saved {
        said.push(format!("also in {path}"));
    }
    Outcome { text, words: said.join("; "), send, ..Outcome::default() }
}

#[cfg(test)]
mod tests;
