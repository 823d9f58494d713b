//! The thread that writes: one order after the other, each whole or not at all.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, Sender};

use super::{Common, Order, Question};
use crate::desk::effect::Ticket;
use crate::desk::msg::{Msg, Saved, Unsaved};
use crate::domain::id::CommandId;
use crate::domain::trouble::Trouble;
use crate::run::{now, sign};
use crate::store::{Act, CommitError, Committed, Scope, Store};

pub(super) fn run(store: Result<Store, Trouble>, common: &Common, work: &Receiver<Order>, reader: &Sender<Question>) {
    let mut store = store;
    while let Ok(order) = work.recv() {
        match order {
            Order::End => return,
            Order::SaveFront(subjects) => {
                // A hint for the next start: whether it was kept is nobody's worry.
                if let Ok(store) = &mut store {
                    let _ = store.save_front(&common.who.login, &subjects, common.clock.today(), &common.playbook);
                }
            }
            Order::Commit { ticket, set } => {
                let result = with(&mut store, |store| store.commit(&set, &common.who, now::millis(), now::seed()));
                answer(common, ticket, result);
            }
            Order::Undo { ticket, command } => {
                let result = with(&mut store, |store| store.undo(Scope::Session, &act(common, command)));
                turned(common, reader, ticket, result);
                retell(&store, common);
            }
            Order::Redo { ticket, command } => {
                let result = with(&mut store, |store| store.redo(Scope::Session, &act(common, command)));
                turned(common, reader, ticket, result);
                retell(&store, common);
            }
            Order::Sign { ticket, command, values } => {
                let result = with(&mut store, |store| sign(store, common, command, &values));
                answer(common, ticket, result);
                retell(&store, common);
            }
        }
    }
}

/// What was written or taken back may be what messages are signed with.
fn retell(store: &Result<Store, Trouble>, common: &Common) {
    if let Ok(store) = store {
        tell_signed(store, common);
    }
}

fn with<T>(store: &mut Result<Store, Trouble>, work: impl FnOnce(&mut Store) -> Result<T, CommitError>) -> Result<T, CommitError> {
    match store {
        Ok(store) => work(store),
        Err(trouble) => Err(CommitError::Trouble(trouble.clone())),
    }
}

fn act(common: &Common, command: CommandId) -> Act<'_> {
    Act { who: &common.who, command, today: common.clock.today(), playbook: &common.playbook, millis: now::millis(), seed: now::seed() }
}

fn sign(store: &mut Store, common: &Common, command: CommandId, values: &BTreeMap<String, String>) -> Result<Committed, CommitError> {
    let set = sign::change_set(store, &common.who.login, values, command, common.clock.today(), &common.playbook)
        .map_err(CommitError::Trouble)?;
    if set.changes.is_empty() {
        return Ok(Committed { did: set.did, ..Committed::default() });
    }
    store.commit(&set, &common.who, now::millis(), now::seed())
}

pub(super) fn tell_signed(store: &Store, common: &Common) {
    match sign::signed(store, &common.who.login) {
        Ok((person, company)) => common.answer(Msg::Signed { person, company }),
        Err(trouble) => common.trouble(trouble),
    }
}

/// After undo and redo. That of an import names no rows, so the reader looks for them.
fn turned(common: &Common, reader: &Sender<Question>, ticket: Ticket, result: Result<Committed, CommitError>) {
    let unnamed = result.as_ref().is_ok_and(|committed| committed.facts.is_empty());
    answer(common, ticket, result);
    if unnamed {
        let _ = reader.send(Question::Mine);
    }
}

fn answer(common: &Common, ticket: Ticket, result: Result<Committed, CommitError>) {
    let result = match result {
        Ok(committed) => Ok(Saved { did: did(&committed), facts: committed.facts }),
        Err(CommitError::Stale(stale)) => {
            let what = if stale.changed.is_empty() { "something".to_owned() } else { stale.changed.join(", ") };
            Err(Unsaved::Stale { by: stale.by, what, now: stale.now })
        }
        Err(other) => Err(Unsaved::Failed(other.into())),
    };
    common.answer(Msg::Committed { ticket, result });
}

/// Rows that an undone import left behind are counted; the command line lists them.
fn did(committed: &Committed) -> String {
    match committed.kept.len() {
        0 => committed.did.clone(),
        rows => format!("{}; {rows} rows changed since and stay", committed.did),
    }
}
