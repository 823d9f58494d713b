//! The thread that writes: one order after the other, each whole or not at all.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use super::imports::{Bring, StopSign, asked_to_stop, ended};
use super::{Common, Order, Question};
use crate::desk::effect::Ticket;
use crate::desk::msg::{Msg, Saved, Unsaved};
use crate::domain::change::ChangeSet;
use crate::domain::event::Kind;
use crate::domain::id::CommandId;
use crate::domain::import::{Offer, Report};
use crate::domain::message::Message;
use crate::domain::playbook::Playbook;
use crate::domain::trouble::{Failure, Refusal, Trouble};
use crate::domain::utility_state::Addition;
use crate::domain::view::{self, Kept};
use crate::intake::plan::Stopped;
use crate::run::bring::{self, How, settle};
use crate::run::now;
use crate::run::sign::{self, Signer};
use crate::store::{Act, CommitError, Committed, Scope, Store};

/// So long nothing is asked for before words are indexed, and events that are taken in then.
const IDLE: Duration = Duration::from_millis(50);
const WORDS: usize = 300;
/// How often a running import says how far it is.
const TELL: Duration = Duration::from_millis(250);

/// The one connection that writes, and what came in while an import ran.
struct Writer<'a> {
    store: &'a RefCell<Store>,
    common: &'a Common,
    work: &'a Receiver<Order>,
    reader: &'a Sender<Question>,
    imports: &'a Imports,
    /// Imports that wait for the one that runs.
    waiting: VecDeque<Box<Bring>>,
    ended: bool,
    /// The index of words may lack something.
    behind: bool,
}

/// What the writing thread needs for imports.
pub(super) struct Imports {
    pub playbook: Arc<Playbook>,
    pub stop: StopSign,
}

pub(super) fn run(store: Result<Store, Trouble>, common: &Common, work: &Receiver<Order>, reader: &Sender<Question>, imports: &Imports) {
    match store {
        Ok(store) => {
            let store = RefCell::new(store);
            let mut writer = Writer { store: &store, common, work, reader, imports, waiting: VecDeque::new(), ended: false, behind: true };
            while !writer.ended {
                match writer.waiting.pop_front() {
                    Some(bring) => writer.bring(*bring),
                    None => match writer.next_order() {
                        Some(order) => writer.order(order),
                        None => return,
                    },
                }
            }
        }
        Err(trouble) => refuse_all(&trouble, common, work),
    }
}

/// A database that this user may only read: every change says so.
fn refuse_all(trouble: &Trouble, common: &Common, work: &Receiver<Order>) {
    while let Ok(order) = work.recv() {
        match order {
            Order::End => return,
            Order::SaveFront(_) => {}
            Order::Bring(bring) if bring.command.is_none() => common.answer(Msg::Tried(Box::new(Err(trouble.clone().into())))),
            Order::Bring(_) => common.answer(ended(Report::default(), Some(trouble.clone().into()))),
            Order::Commit { ticket, .. }
            | Order::Undo { ticket, .. }
            | Order::Redo { ticket, .. }
            | Order::Sign { ticket, .. }
            | Order::KeepMessage { ticket, .. }
            | Order::KeepUtility { ticket, .. }
            | Order::KeepView { ticket, .. }
            | Order::Settle { ticket, .. } => answer(common, ticket, Err(CommitError::Trouble(trouble.clone()))),
        }
    }
}

impl Writer<'_> {
    /// Waits for the next order; while there is none, words of notes go into the index, a little at a
    /// time, because every other session's commits wait for the gate meanwhile. `None`: the loop has ended.
    fn next_order(&mut self) -> Option<Order> {
        while self.behind {
            match self.work.recv_timeout(IDLE) {
                Ok(order) => return Some(order),
                Err(RecvTimeoutError::Disconnected) => return None,
                // An index that cannot be written is no loss: the journal is looked at instead.
                Err(RecvTimeoutError::Timeout) => self.behind = self.store.borrow_mut().index_words(WORDS).unwrap_or(false),
            }
        }
        self.work.recv().ok()
    }

    fn order(&mut self, order: Order) {
        self.behind = true;
        let common = self.common;
        match order {
            Order::End => {
                self.ended = true;
                self.waiting.clear();
            }
            Order::Bring(bring) => self.waiting.push_back(bring),
            Order::SaveFront(subjects) => {
                // A hint for the next start: whether it was kept is nobody's worry.
                let _ = self.store.borrow_mut().save_front(&common.who.login, &subjects, common.clock.today(), &common.playbook);
            }
            Order::Commit { ticket, set } => {
                let result = self.store.borrow_mut().commit(&set, &common.who, now::millis(), now::seed());
                answer(common, ticket, result);
            }
            Order::Undo { ticket, command } => self.turn(ticket, |store| store.undo(Scope::Session, &act(common, command))),
            Order::Redo { ticket, command } => self.turn(ticket, |store| store.redo(Scope::Session, &act(common, command))),
            Order::Sign { ticket, command, values, company } => {
                let signer = if company { Signer::Company } else { Signer::Person(&common.who.login) };
                let result = sign(&mut self.store.borrow_mut(), common, command, signer, &values);
                let written = result.is_ok();
                answer(common, ticket, result);
                if written {
                    tell_signed(&self.store.borrow(), common);
                }
            }
            Order::KeepMessage { ticket, command, message } => {
                let result = keep_message(&mut self.store.borrow_mut(), common, command, &message);
                // Before the answer: the next message that this session makes has the new words.
                self.tell_messages();
                answer(common, ticket, result);
            }
            Order::KeepUtility { ticket, command, utility, seen, addition } => {
                let result = keep_utility(&mut self.store.borrow_mut(), common, command, &utility, seen, &addition);
                // Before the answer, as with messages: the page that comes back has it.
                self.tell_utilities();
                answer(common, ticket, result);
            }
            Order::KeepView { ticket, command, name, seen, view } => {
                let result = keep_view(&mut self.store.borrow_mut(), common, command, &name, seen, view.as_deref());
                // Before the answer, as with messages.
                self.tell_views();
                answer(common, ticket, result);
            }
            Order::Settle { ticket, command, offers, theirs } => {
                let result = self.settle(command, &offers, theirs);
                answer(common, ticket, result);
            }
        }
    }

    /// An undone import names no rows: the reader looks for them.
    fn turn(&self, ticket: Ticket, work: impl FnOnce(&mut Store) -> Result<Committed, CommitError>) {
        let since = self.store.borrow().position();
        let result = work(&mut self.store.borrow_mut());
        let unnamed = result.as_ref().is_ok_and(|committed| committed.facts.is_empty());
        // A version of a message, an outage, or a view may have been taken back.
        self.tell_messages();
        self.tell_utilities();
        self.tell_views();
        answer(self.common, ticket, result);
        if let (true, Ok(since)) = (unnamed, since) {
            let _ = self.reader.send(Question::Mine(since));
        }
        // What was taken back may be what messages are signed with.
        tell_signed(&self.store.borrow(), self.common);
    }

    fn tell_messages(&self) {
        match self.store.borrow().messages() {
            Ok(messages) => self.common.answer(Msg::Messages(messages)),
            Err(trouble) => self.common.trouble(trouble),
        }
    }

    fn tell_utilities(&self) {
        match self.store.borrow().utility_states() {
            Ok(states) => self.common.answer(Msg::Utilities(states)),
            Err(trouble) => self.common.trouble(trouble),
        }
    }

    fn tell_views(&self) {
        match self.store.borrow().views() {
            Ok(views) => self.common.answer(Msg::Views(views)),
            Err(trouble) => self.common.trouble(trouble),
        }
    }

    fn settle(&self, command: CommandId, offers: &[Offer], theirs: bool) -> Result<Committed, CommitError> {
        let (common, playbook) = (self.common, &self.imports.playbook);
        let set = settle::change_set(&self.store.borrow(), offers, theirs, command, playbook, common.clock.today());
        match set {
            Ok(set) => self.store.borrow_mut().commit(&set, &common.who, now::millis(), now::seed()),
            Err(Failure::Refusal(refusal)) => Err(refusal.into()),
            Err(Failure::Trouble(trouble)) => Err(trouble.into()),
            Err(problems) => Err(Refusal::new(problems.says()).into()),
        }
    }

    /// Compares, and with a command writes. Between two chunks the orders that came meanwhile are done.
    fn bring(&mut self, bring: Bring) {
        let (common, dry_run) = (self.common, bring.command.is_none());
        let command = bring.command.unwrap_or_else(|| CommandId(now::fresh()));
        let how = How { who: &common.who, playbook: &self.imports.playbook, today: common.clock.today(), command, dry_run };
        let since = self.store.borrow().position();
        let (mut last, mut told) = ((0, 0), now::instant());
        let store = self.store;
        let brought = bring::bring(store, bring.opened, &how, &mut |done, of| {
            last = (done, of);
            if told.elapsed() >= TELL {
                told = now::instant();
                common.answer(Msg::Importing { done, of });
            }
            while let Ok(order) = self.work.try_recv() {
                self.order(order);
            }
            if self.ended || self.imports.stop.is_up() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        if let (false, Ok(since)) = (dry_run, since) {
            let _ = self.reader.send(Question::Mine(since));
        }
        let (report, failure) = match brought {
            Ok(report) => (report, None),
            Err(stopped) => {
                let Stopped { report, failure } = *stopped;
                (report, Some(failure.unwrap_or_else(|| asked_to_stop(last.0, last.1))))
            }
        };
        common.answer(match (dry_run, failure) {
            (false, failure) => ended(report, failure),
            (true, None) => Msg::Tried(Box::new(Ok(report))),
            (true, Some(failure)) => Msg::Tried(Box::new(Err(failure))),
        });
    }
}

fn act(common: &Common, command: CommandId) -> Act<'_> {
    Act { who: &common.who, command, today: common.clock.today(), playbook: &common.playbook, millis: now::millis(), seed: now::seed() }
}

fn sign(
    store: &mut Store,
    common: &Common,
    command: CommandId,
    signer: Signer<'_>,
    values: &BTreeMap<String, String>,
) -> Result<Committed, CommitError> {
    let set = sign::change_set(store, signer, values, command, common.clock.today(), &common.playbook).map_err(CommitError::Trouble)?;
    if set.changes.is_empty() {
        return Ok(Committed { did: set.did, ..Committed::default() });
    }
    store.commit(&set, &common.who, now::millis(), now::seed())
}

/// Over the version that was edited and no other: two people may edit one message.
fn keep_message(store: &mut Store, common: &Common, command: CommandId, message: &Message) -> Result<Committed, CommitError> {
    let record = store.message(&message.name).map_err(CommitError::Trouble)?;
    let Some(change) = message.kept(&record) else {
        return Err(Refusal::new(format!("{} stands like that already: nothing was written", message.name)).into());
    };
    let set = ChangeSet {
        command,
        kind: Kind::Set,
        on: common.clock.today(),
        undoes: None,
        changes: vec![change],
        did: format!("message {}", message.name),
        playbook: common.playbook.clone(),
    };
    store.commit(&set, &common.who, now::millis(), now::seed())
}

/// An outage goes over the version that was seen and no other; a quirk stands beside the others.
fn keep_utility(
    store: &mut Store,
    common: &Common,
    command: CommandId,
    utility: &str,
    seen: i64,
    addition: &Addition,
) -> Result<Committed, CommitError> {
    let record = store.utility(utility).map_err(CommitError::Trouble)?;
    let today = common.clock.today();
    let set = ChangeSet {
        command,
        kind: Kind::Set,
        on: today,
        undoes: None,
        changes: vec![addition.change(&record, utility, Some(seen), today, &common.who.login)],
        did: addition.did(utility, today),
        playbook: common.playbook.clone(),
    };
    store.commit(&set, &common.who, now::millis(), now::seed())
}

/// Over the version that was seen and no other; without a view it is removed.
fn keep_view(
    store: &mut Store,
    common: &Common,
    command: CommandId,
    name: &str,
    seen: i64,
    view: Option<&Kept>,
) -> Result<Committed, CommitError> {
    let record = store.view(name).map_err(CommitError::Trouble)?;
    let set = view::change_set(&record, name, seen, view, command, common.clock.today(), &common.playbook)?;
    store.commit(&set, &common.who, now::millis(), now::seed())
}

pub(super) fn tell_signed(store: &Store, common: &Common) {
    match sign::signed(store, &common.who.login) {
        Ok((person, company)) => common.answer(Msg::Signed { person, company }),
        Err(trouble) => common.trouble(trouble),
    }
}

fn answer(common: &Common, ticket: Ticket, result: Result<Committed, CommitError>) {
    let result = match result {
        Ok(committed) => Ok(Saved { did: did(&committed), facts: committed.facts }),
        Err(CommitError::Stale(stale)) => {
            let what = if stale.changed.is_empty() { "something".to_owned() } else { stale.changed.join(", ") };
            Err(Unsaved::Stale { subject: stale.subject, by: stale.by, what, now: stale.now })
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
