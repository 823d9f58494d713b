//! What the tests of this room are made of: a database in a temporary directory, and short ways to
//! say who does what.

use std::collections::BTreeMap;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::domain::change::{Change, ChangeSet};
use crate::domain::day::{Day, parse_day};
use crate::domain::event::{Event, Kind, Of, Write};
use crate::domain::id::{CommandId, EventId, Hlc, ReplicaId, SessionId, SubjectId, Uuid};
use crate::domain::playbook::DeskKind;
use crate::domain::record::{OPENED, Record};
use crate::domain::value::Value;
use crate::store::{Access, Act, CommitError, Committed, NewDatabase, Scope, Store, Who};

pub(super) fn subject(n: u128) -> SubjectId {
    SubjectId(Uuid::from_u128(n << 64))
}

pub(super) fn command(n: u128) -> CommandId {
    CommandId(Uuid::from_u128(n))
}

pub(super) fn today() -> Day {
    parse_day("2026-11-21").expect("a constant")
}

pub(super) fn who(n: u32) -> Who {
    Who { uid: n, login: ["root", "jdoe", "asmith", "bjones"][n as usize].to_owned(), session: SessionId(Uuid::from_u128(u128::from(n))) }
}

pub(super) fn new_database() -> NewDatabase {
    NewDatabase {
        replica: ReplicaId(Uuid::from_u128(0xa)),
        letter: 'A',
        desk: DeskKind::Residential,
        zone: "America/New_York".to_owned(),
        demo: false,
        group: None,
    }
}

pub(super) fn event() -> Event {
    Event {
        id: EventId { replica: new_database().replica, seq: 1 },
        hlc: Hlc(9),
        uid: 1,
        actor: "jdoe".to_owned(),
        session: who(1).session,
        command: command(1),
        subject: subject(1),
        of: Of::Application,
        kind: Kind::Open,
        on: today(),
        fields: BTreeMap::new(),
        undoes: None,
        playbook: String::new(),
    }
}

/// A database and the one connection of its test.
pub(super) struct Place {
    pub(super) dir: TempDir,
    pub(super) path: PathBuf,
    pub(super) store: Store,
    next: u128,
}

impl Place {
    pub(super) fn new() -> Place {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let path = dir.path().join("queue.db");
        Store::create(&path, &new_database(), 1_000).expect("a new database");
        let store = Store::open(&path, Access::Write).expect("the new database");
        Place { dir, path, store, next: 1000 }
    }

    pub(super) fn command(&mut self) -> CommandId {
        self.next += 1;
        command(self.next)
    }

    pub(super) fn record(&self, n: u128) -> Record {
        self.store.record(subject(n)).expect("a read").unwrap_or_else(|| Record::new(subject(n), Of::Application))
    }

    /// A command of person `by` on one subject, planned on what is there now.
    pub(super) fn set(&mut self, by: u32, n: u128, kind: Kind, fields: &[(&str, Value)]) -> ChangeSet {
        let _ = by;
        let record = self.record(n);
        let mut change = Change {
            subject: subject(n),
            of: Of::Application,
            expects: (record.version > 0).then_some(record.version),
            needs_reference: kind == Kind::Open,
            fields: fields.iter().map(|(field, to)| ((*field).to_owned(), record.write(field, to.clone()))).collect(),
        };
        if kind == Kind::Open {
            change.fields.insert(OPENED.to_owned(), Write { to: Value::Flag(true), ..Write::default() });
        }
        let did =
            format!("{}: {}", record.text("reference").unwrap_or("new"), fields.iter().map(|field| field.0).collect::<Vec<_>>().join(" "));
        ChangeSet {
            command: self.command(),
            kind,
            on: today(),
            undoes: None,
            changes: vec![change],
            did,
            playbook: "residential@1".to_owned(),
        }
    }

    pub(super) fn commit(&mut self, by: u32, set: &ChangeSet) -> Result<Committed, CommitError> {
        self.store.commit(set, &who(by), 5_000, [7; 16])
    }

    /// Opens application `n`; says its reference.
    pub(super) fn open(&mut self, by: u32, n: u128, fields: &[(&str, Value)]) -> String {
        let set = self.set(by, n, Kind::Open, fields);
        let done = self.commit(by, &set).expect("an opening");
        done.facts[0].1.as_ref().expect("an application").reference.clone()
    }

    pub(super) fn touch(&mut self, by: u32, n: u128, fields: &[(&str, Value)]) -> Committed {
        let set = self.set(by, n, Kind::Touch, fields);
        self.commit(by, &set).expect("a touch")
    }

    /// An import of rows `range`, in chunks of `chunk`, under one command.
    pub(super) fn import(&mut self, by: u32, range: std::ops::Range<u128>, chunk: usize) -> CommandId {
        let command = self.command();
        let rows: Vec<u128> = range.collect();
        for rows in rows.chunks(chunk) {
            let changes = rows.iter().map(|n| imported(*n)).collect();
            let set = ChangeSet {
                command,
                kind: Kind::Import,
                on: today(),
                undoes: None,
                changes,
                did: "import of queue.csv".to_owned(),
                playbook: String::new(),
            };
            self.commit(by, &set).expect("a chunk");
        }
        command
    }

    pub(super) fn undo(&mut self, by: u32, scope: Scope) -> Result<Committed, CommitError> {
        let command = self.command();
        self.store.undo(scope, &Act { who: &who(by), command, today: today(), playbook: "", millis: 6_000, seed: [8; 16] })
    }

    pub(super) fn redo(&mut self, by: u32, scope: Scope) -> Result<Committed, CommitError> {
        let command = self.command();
        self.store.redo(scope, &Act { who: &who(by), command, today: today(), playbook: "", millis: 6_000, seed: [9; 16] })
    }

    #[track_caller]
    pub(super) fn clean(&self) {
        assert_eq!(self.store.check().expect("a check"), Vec::<String>::new());
    }
}

/// A row of a file, new.
pub(super) fn imported(n: u128) -> Change {
    let write = |to: Value| Write { to, ..Write::default() };
    let values = Value::map([("site", format!("site {n}").into()), ("number", format!("N-{n}").into())]);
    Change {
        subject: subject(n),
        of: Of::Application,
        expects: None,
        needs_reference: true,
        fields: BTreeMap::from([
            (OPENED.to_owned(), write(Value::Flag(true))),
            ("site".to_owned(), write(format!("site {n}").into())),
            ("number".to_owned(), write(format!("N-{n}").into())),
            ("note".to_owned(), write("from the file".into())),
            ("status".to_owned(), write(Value::map([("from", Value::Nothing), ("to", "intake".into())]))),
            ("import.portal".to_owned(), write(Value::map([("key", format!("K{n}").into()), ("values", values)]))),
        ]),
    }
}
