//! Is it SQLite? The journal, its fold in tables, and the one file that holds both.
//!
//! A `Store` is one connection. The writer's owns the gate, the reader's is read-only; both belong
//! to threads of `run`. Nothing here asks for the time or for chance: both travel in.

// This is the room that the lint keeps rusqlite inside of.
#![allow(clippy::disallowed_types)]

use std::path::PathBuf;

use std::path::Path;

use rusqlite::Connection;

use crate::domain::day::Day;
use crate::domain::facts::Facts;
use crate::domain::id::{CommandId, ReplicaId, SessionId, SubjectId, Uuid};
use crate::domain::playbook::DeskKind;
use crate::domain::trouble::{Failure, Refusal, Trouble};

mod backup;
mod chain;
mod check;
mod command;
mod commit;
mod create;
mod day;
mod derive;
mod destination;
mod front;
mod gate;
mod import;
mod lookup;
mod open;
mod others;
mod path;
mod pragmas;
mod presence;
mod read;
mod said;
mod tail;
mod words;
mod schema;
mod seed;
mod trouble;
mod turnaround;
mod undo;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod histories;

pub use create::NewDatabase;
pub use destination::{Destination, Sent};
pub use front::Front;
pub use gate::Held;
pub use import::Pair;
pub use lookup::Lookup;
pub use open::Upgrade;
pub use presence::{Lease, Presence};
pub use read::Changed;
pub use said::{Places, Said};
pub use seed::Past;
pub use tail::Limits;
pub use undo::UndoneImport;

/// Who commits: the Unix user, as the account database names it, and the run of the program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Who {
    pub uid: u32,
    pub login: String,
    pub session: SessionId,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    Read,
    Write,
}

/// What a database says about itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct About {
    pub desk: DeskKind,
    /// The name of the zone that decides what day it is.
    pub zone: String,
    /// Made up: every screen says so, and it is never synced out.
    pub demo: bool,
    pub replica: ReplicaId,
    /// The letter of references made here: `A`.
    pub letter: String,
    pub schema: i64,
    /// The same in every copy of this database; ids of people and of the company are made from it.
    pub namespace: Uuid,
}

/// One open database.
#[derive(Debug)]
pub struct Store {
    conn: Connection,
    path: PathBuf,
    access: Access,
    about: About,
    gate: gate::Gate,
    /// When the WAL was last cut short, in milliseconds since 1970.
    wal_cut: i64,
}

/// What a commit did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Committed {
    /// Each changed subject; `None` for one that no longer exists, or is not an application. Empty
    /// for the undo of an import, whose rows `changed_since` gives.
    pub facts: Vec<(SubjectId, Option<Facts>)>,
    /// The journal's length after it.
    pub position: i64,
    /// The words for the undo line.
    pub did: String,
    /// The undo of an import only: rows that stay, by reference, and who changed them since.
    pub kept: Vec<(String, String)>,
}

/// Somebody changed the subject after it was seen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stale {
    pub subject: SubjectId,
    pub reference: String,
    /// 0: it was not to exist yet.
    pub seen: i64,
    pub now: i64,
    /// Who changed it last.
    pub by: String,
    /// Names of the fields that were changed since.
    pub changed: Vec<String>,
}

/// Why nothing was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CommitError {
    Stale(Stale),
    /// A legal hold refuses every change but its own release.
    Held {
        subject: SubjectId,
        reference: String,
    },
    Refused(Refusal),
    Trouble(Trouble),
}

/// What a command needs of the outside, when the store itself makes the change set.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    pub who: &'a Who,
    pub command: CommandId,
    pub today: Day,
    pub playbook: &'a str,
    /// The wall clock, since 1970.
    pub millis: i64,
    /// Chance, for the salts of event bodies.
    pub seed: [u8; 16],
}

/// Whose last command is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    Session,
    Person,
}

impl From<CommitError> for Failure {
    fn from(err: CommitError) -> Failure {
        match err {
            CommitError::Stale(stale) => {
                let fields = stale.changed.join(", ");
                let says = format!("{} was changed by {} in the meantime: nothing was written", stale.reference, stale.by);
                Failure::Refusal(if fields.is_empty() {
                    Refusal::new(says)
                } else {
                    Refusal::new(says).because(format!("changed: {fields}"))
                })
            }
            CommitError::Held { reference, .. } => Failure::Refusal(
                Refusal::new(format!("{reference} is under a legal hold: nothing changes until the hold is released"))
                    .hint(format!("intertie set {reference} legal_hold=no")),
            ),
            CommitError::Refused(refusal) => Failure::Refusal(refusal),
            CommitError::Trouble(trouble) => Failure::Trouble(trouble),
        }
    }
}

impl Store {
    /// Where the database lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn about(&self) -> &About {
        &self.about
    }
}
