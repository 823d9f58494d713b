//! What does the reading thread do while the settings are still read? It begins with the first rows.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use super::{Common, Question, reader};
use crate::domain::facts::Facts;
use crate::domain::playbook::Playbook;
use crate::domain::trouble::Trouble;
use crate::store::Store;

/// What the reading thread works with once the settings are read.
pub(super) struct Go {
    pub common: Common,
    pub playbook: Arc<Playbook>,
    pub asked: Receiver<Question>,
    /// The ticket of the newest search in notes.
    pub newest: Arc<AtomicU64>,
}

/// The state of the database before any row was read, and the first rows of the last ranking.
pub(super) struct Begun {
    pub version: i64,
    pub position: i64,
    pub front: Vec<Facts>,
}

impl Begun {
    pub fn read(store: &Store, login: &str) -> Result<Begun, Trouble> {
        // Before the first row: what is committed while we read is told again afterwards.
        let (version, position) = (store.data_version()?, store.position()?);
        Ok(Begun { version, position, front: store.front(login)?.map(|front| front.facts).unwrap_or_default() })
    }
}

/// The thread, which reads its first rows while the settings are read: each is a part of the time until the first frame.
pub(super) struct Started {
    go: Option<Sender<Go>>,
    thread: Option<JoinHandle<()>>,
}

impl Started {
    pub fn new(store: Store, login: &str) -> Result<Started, Trouble> {
        let (go, told) = channel();
        let login = login.to_owned();
        let read = move || {
            // What fails is tried again, and told then.
            let begun = Begun::read(&store, &login).ok();
            if let Ok(go) = told.recv() {
                reader::run(&store, begun, &go);
            }
        };
        let cannot = |err: std::io::Error| Trouble::io("a thread could not be started").because(err);
        let thread = thread::Builder::new().name("reader".to_owned()).spawn(read).map_err(cannot)?;
        Ok(Started { go: Some(go), thread: Some(thread) })
    }

    /// From now on it lives as long as the loop.
    pub fn go_on(mut self, go: Go) {
        self.thread = None;
        if let Some(told) = self.go.take() {
            // It ends only with `self`, or with the loop.
            let _ = told.send(go);
        }
    }
}

/// Nobody went on, as when a setting is refused: its connection is closed before the program ends, because the last one
/// that is closed puts the write-ahead log away.
impl Drop for Started {
    fn drop(&mut self) {
        self.go = None;
        let _ = self.thread.take().map(JoinHandle::join);
    }
}
