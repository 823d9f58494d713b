//! Does each way arrive, one after the other? A word is sent by each; whoever sits there says what came.

use super::around::{Around, Way};
use super::confirm::{self, Confirmed};
use super::ladder::Until;
use super::local::Local;
use super::proof::{self, Proofs};
use super::{osc52, tmux};
use crate::domain::day::Day;
use crate::domain::text::clean_line;
use crate::domain::trouble::Trouble;

/// What became of a word on this side.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Sent {
    /// These bytes are for the terminal, if there are any; then the question is what arrived.
    Ask(Option<Vec<u8>>),
    /// It did not leave.
    Failed(String),
}

/// One trial of the ways of this terminal.
pub struct Trial {
    around: Around,
    proofs: Proofs,
    local: Local,
}

impl Trial {
    pub fn start() -> Trial {
        let around = Around::read(|name| std::env::var_os(name), Until::from_now().tmux);
        Trial { around, proofs: super::proofs(), local: Local::default() }
    }

    /// All ways, also those that did not arrive the last time.
    pub fn ways(&self) -> Vec<Way> {
        self.around.ways()
    }

    /// The terminal, in words.
    pub fn terminal(&self) -> &str {
        &self.around.terminal
    }

    /// What this terminal never does, if it is known for that.
    pub fn never(&self) -> Option<&'static str> {
        self.around.kind.known().filter(|_| self.around.kind.never()).map(|known| known.name)
    }

    /// Whether the terminal confirms a copy by itself.
    pub fn confirms(&self, word: &str) -> bool {
        let is_direct = self.ways().contains(&Way::Terminal) && !self.around.mosh && !self.around.zellij;
        is_direct && confirm::may_be() && confirm::copy(word) == Confirmed::Done
    }

    pub fn send(&mut self, way: Way, word: &str) -> Sent {
        let until = Until::from_now();
        match way {
            Way::Local => self.local.copy(word, until.all).map_or_else(Sent::Failed, |()| Sent::Ask(None)),
            Way::Screen => Sent::Ask(Some(osc52::through_screen(word))),
            Way::Terminal => Sent::Ask(Some(osc52::bytes(word))),
            Way::Tmux => match self.around.tmux.as_deref().map(|program| tmux::copy(program, word, until.tmux)) {
                Some(Ok(tmux::Taken::PassedOn)) => Sent::Ask(None),
                Some(Ok(tmux::Taken::Old)) => Sent::Ask(Some(osc52::bytes(word))),
                Some(Err(err)) => Sent::Failed(format!("tmux: {err}")),
                None => Sent::Failed("tmux is not there".to_owned()),
            },
        }
    }

    /// Kept at once: who leaves in the middle has told what came before.
    pub fn remember(&mut self, way: Way, arrived: bool, today: Day) -> Result<(), Trouble> {
        self.proofs.put(way.name(), &self.around.terminal, arrived, today);
        self.proofs.write(&proof::file()?)
    }

    /// The one setting that may help a way on which nothing arrived.
    pub fn advice(&self, way: Way) -> String {
        let known = self.around.kind.known().filter(|known| known.must_be_set()).map(|known| format!("{}: {}", known.name, known.set()));
        let plain = || "nothing is known that helps; in the queue P shows a copied text plainly, for the mouse".to_owned();
        match way {
            Way::Local => "this machine's desktop does not seem to be the one in front of you".to_owned(),
            Way::Tmux if self.never().is_some() || self.around.mosh => plain(),
            Way::Tmux => known.unwrap_or_else(|| self.advice_for_tmux()),
            Way::Screen | Way::Terminal => known.unwrap_or_else(plain),
        }
    }

    fn advice_for_tmux(&self) -> String {
        let Some(client) = &self.around.client else { return "in tmux: set -s set-clipboard on".to_owned() };
        if client.term.starts_with("tmux") || client.term.starts_with("screen") {
            return "in the tmux around this one: set -s set-clipboard on".to_owned();
        }
        if !client.takes_copies {
            return format!("if your terminal takes copies, in tmux: set -as terminal-features ',{}:clipboard'", clean_line(&client.term));
        }
        "in tmux: set -s set-clipboard on; and your terminal must allow copies".to_owned()
    }
}
