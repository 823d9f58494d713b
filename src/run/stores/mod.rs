//! Two connections, two threads: what the desk asks of the database, and how the answers come back.
//! The screen waits for neither.

mod reader;
mod writer;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use tokio::sync::mpsc::{Sender as Bounded, UnboundedSender};

use super::now::Clock;
use crate::desk::effect::Ticket;
use crate::desk::msg::Msg;
use crate::domain::change::ChangeSet;
use crate::domain::id::{CommandId, SubjectId};
use crate::domain::trouble::{Kind, Trouble};
use crate::store::{About, Access, Store, Who};

/// What the writing thread does, in the order in which it was asked.
enum Order {
    Commit { ticket: Ticket, set: ChangeSet },
    Undo { ticket: Ticket, command: CommandId },
    Redo { ticket: Ticket, command: CommandId },
    Sign { ticket: Ticket, command: CommandId, values: BTreeMap<String, String> },
    SaveFront(Vec<SubjectId>),
    End,
}

/// What the reading thread is asked beside its own rounds.
enum Question {
    Fetch(Vec<SubjectId>),
    History(SubjectId),
    /// This session changed rows that its answer did not name.
    Mine,
}

/// One database, open for reading, and for writing if this user may.
pub struct Opened {
    pub about: About,
    reader: Store,
    writer: Result<Store, Trouble>,
}

/// Opens a database twice. The first connection is the one that upgrades an older schema. A
/// database that this user may only read opens, and says so at the first change.
pub fn open(path: &Path) -> Result<Opened, Trouble> {
    let writer = Store::open(path, Access::Write);
    if let Err(trouble) = &writer
        && trouble.kind != Kind::Io
    {
        return Err(trouble.clone());
    }
    let reader = match (Store::open(path, Access::Read), &writer) {
        (Ok(reader), _) => reader,
        (Err(_), Err(first)) => return Err(first.clone()),
        (Err(trouble), Ok(_)) => return Err(trouble),
    };
    Ok(Opened { about: reader.about().clone(), reader, writer })
}

/// What the two threads know beside their connection.
#[derive(Clone)]
pub struct Common {
    pub who: Who,
    pub clock: Clock,
    /// Name and digest of the playbook in force.
    pub playbook: String,
    /// Answers that the desk waits for.
    pub answers: UnboundedSender<Msg>,
    /// Rows: bounded, so that a million of them are not held twice.
    pub rows: Bounded<Msg>,
}

impl Common {
    fn answer(&self, msg: Msg) {
        // The loop has ended: nobody needs the answer any more.
        let _ = self.answers.send(msg);
    }

    fn trouble(&self, trouble: Trouble) {
        self.answer(Msg::Trouble(trouble.into()));
    }
}

/// The ends of both threads that the loop holds.
pub struct Stores {
    orders: Sender<Order>,
    questions: Sender<Question>,
    written: Receiver<()>,
}

impl Stores {
    pub fn start(opened: Opened, common: &Common) -> Result<Stores, Trouble> {
        let (orders, work) = channel();
        let (questions, asked) = channel();
        let (done, written) = channel();
        let (for_writer, for_reader) = (common.clone(), common.clone());
        let mine = questions.clone();
        let cannot = |err: std::io::Error| Trouble::io("a thread could not be started").because(err);
        thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || {
                writer::run(opened.writer, &for_writer, &work, &mine);
                let _ = done.send(());
            })
            .map_err(cannot)?;
        let reader = opened.reader;
        thread::Builder::new().name("reader".to_owned()).spawn(move || reader::run(&reader, &for_reader, &asked)).map_err(cannot)?;
        Ok(Stores { orders, questions, written })
    }

    pub fn commit(&self, ticket: Ticket, set: ChangeSet) {
        self.order(Order::Commit { ticket, set });
    }

    pub fn undo(&self, ticket: Ticket, command: CommandId) {
        self.order(Order::Undo { ticket, command });
    }

    pub fn redo(&self, ticket: Ticket, command: CommandId) {
        self.order(Order::Redo { ticket, command });
    }

    pub fn sign(&self, ticket: Ticket, command: CommandId, values: BTreeMap<String, String>) {
        self.order(Order::Sign { ticket, command, values });
    }

    pub fn save_front(&self, subjects: Vec<SubjectId>) {
        self.order(Order::SaveFront(subjects));
    }

    pub fn fetch(&self, subjects: Vec<SubjectId>) {
        let _ = self.questions.send(Question::Fetch(subjects));
    }

    pub fn history(&self, subject: SubjectId) {
        let _ = self.questions.send(Question::History(subject));
    }

    fn order(&self, order: Order) {
        let _ = self.orders.send(order);
    }

    /// Lets the writer finish what it was asked, for at most so long. `false`: it has not.
    pub fn finish(&self, patience: Duration) -> bool {
        self.order(Order::End);
        self.written.recv_timeout(patience).is_ok()
    }
}
