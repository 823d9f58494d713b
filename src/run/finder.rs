//! The thread that looks through the rows: searches, rankings, counts. It works on shared rows, so the
//! loop never waits for it, and what changes meanwhile does not disturb it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::{io, thread};

use crate::desk::effect::Effect;
use crate::desk::look::{Looker, is_look};
use crate::desk::msg::Msg;
use crate::domain::playbook::Playbook;
use crate::index::rows::Rows;

/// An effect that looks through rows, and those rows.
struct Job {
    rows: Rows,
    playbook: Arc<Playbook>,
    effect: Effect,
}

/// The loop's end of it.
pub struct Finder {
    jobs: Sender<Job>,
    newest: Arc<Newest>,
}

/// The tickets of the newest search, look for duplicates and ranking: older ones are given up.
#[derive(Default)]
struct Newest {
    find: AtomicU64,
    similar: AtomicU64,
    rank: AtomicU64,
}

impl Newest {
    fn note(&self, effect: &Effect) {
        match effect {
            Effect::Find { ticket, .. } => self.find.store(ticket.0, Ordering::Relaxed),
            Effect::Similar { ticket, .. } => self.similar.store(ticket.0, Ordering::Relaxed),
            Effect::Rank { ticket, .. } => self.rank.store(ticket.0, Ordering::Relaxed),
            _ => {}
        }
    }

    /// Whether no newer one has come: the number that it goes by, and what that must be.
    fn still(&self, effect: &Effect) -> Option<(&AtomicU64, u64)> {
        match effect {
            Effect::Find { ticket, .. } => Some((&self.find, ticket.0)),
            Effect::Similar { ticket, .. } => Some((&self.similar, ticket.0)),
            // The desk waits for one ranking at a time.
            Effect::Rank { ticket, .. } => Some((&self.rank, ticket.0)),
            _ => None,
        }
    }
}

impl Finder {
    pub fn start(answer: impl Fn(Msg) + Send + 'static) -> io::Result<Finder> {
        let (jobs, work) = channel();
        let newest = Arc::new(Newest::default());
        let seen = Arc::clone(&newest);
        thread::Builder::new().name("finder".to_owned()).spawn(move || run(&work, &seen, &answer))?;
        Ok(Finder { jobs, newest })
    }

    /// Takes what is its work; the rest is given back.
    pub fn take(&self, effect: Effect, rows: impl FnOnce() -> Rows, playbook: &Arc<Playbook>) -> Option<Effect> {
        if !is_look(&effect) {
            return Some(effect);
        }
        self.newest.note(&effect);
        // The thread ends with the loop, never before.
        let _ = self.jobs.send(Job { rows: rows(), playbook: Arc::clone(playbook), effect });
        None
    }
}

fn run(work: &Receiver<Job>, newest: &Newest, answer: &dyn Fn(Msg)) {
    stand_back();
    let mut looker = Looker::default();
    while let Ok(Job { rows, playbook, effect }) = work.recv() {
        let still = newest.still(&effect);
        let go_on = || still.is_none_or(|(newest, ticket)| newest.load(Ordering::Relaxed) == ticket);
        if go_on() {
            looker.look(effect, rows, &playbook, &both_hands, &go_on, &mut |msg| answer(msg));
        }
    }
}

/// Who looks through a million rows takes every core there is. The loop, which shows the letter that was typed, and the
/// sessions of others go first; what this thread starts inherits it. Elsewhere than on Linux it would count for the whole
/// program.
fn stand_back() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, 5);
}

/// Two threads, of which this is one: a server has many sessions and few cores.
fn both_hands(pieces: usize, work: &(dyn Fn(usize) + Sync)) {
    thread::scope(|scope| {
        for piece in 1..pieces {
            scope.spawn(move || work(piece));
        }
        work(0);
    });
}
