//! Where is the text that is being typed, if the machine stops now? One private file per database,
//! record and session, at most half a second old.
//!
//! A session holds a lock on a file of its own as long as it lives, `kill -9` included; drafts whose
//! session holds no lock are offered to the same person's next session.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};

use super::{now, paths};
use crate::desk::msg::{Aside, Draft};
use crate::desk::prompt::DraftKey;
use crate::domain::id::{SessionId, SubjectId};
use crate::domain::text::{NOTE_MAX, clean, cut};
use crate::domain::trouble::Trouble;

/// No draft is written more often than this.
const PACE: Duration = Duration::from_millis(500);
/// How long the end of the program waits for the disk.
const PATIENCE: Duration = Duration::from_secs(2);
/// The longest draft file that is read: a note, escaped.
const FILE_MAX: u64 = 1 << 20;

/// How the file of a message's draft begins; a message's name is small letters, digits and hyphens.
const MESSAGE: &str = "message-";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    text: String,
    cursor: (usize, usize),
    /// Milliseconds since 1970.
    saved: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    plain: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    attempt: Option<String>,
}

enum Order {
    Save(Draft),
    Drop(DraftKey),
    Flush(Sender<()>),
}

/// The drafts of one session. Writing is done by a thread of its own; the screen never waits.
pub struct Drafts {
    orders: Sender<Order>,
    /// Held, never read: the lock is the sign of life.
    _alive: File,
    lock: PathBuf,
}

impl Drafts {
    /// Starts the drafts of `session` in `dir` and gives back those of dead sessions, which are now
    /// this one's. `failed` hears, once, that drafts cannot be written.
    pub fn open(
        dir: &Path,
        session: SessionId,
        time: fn() -> i64,
        failed: impl Fn(Trouble) + Send + 'static,
    ) -> Result<(Drafts, Vec<Draft>), Trouble> {
        paths::private(dir)?;
        let cannot = |err: io::Error| Trouble::io(format!("drafts cannot be kept in {}", dir.display())).because(err);
        let lock = dir.join(format!("{session}.alive"));
        let alive = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&lock).map_err(cannot)?;
        flock(&alive, FlockOperation::LockExclusive).map_err(|err| cannot(err.into()))?;
        let found = adopt(dir, session).map_err(cannot)?;
        let (orders, work) = channel();
        let writer = Writer { dir: dir.to_owned(), session, time, waiting: HashMap::new(), due: now::instant(), failed: false };
        thread::Builder::new().name("drafts".to_owned()).spawn(move || writer.run(&work, &failed)).map_err(cannot)?;
        Ok((Drafts { orders, _alive: alive, lock }, found))
    }

    pub fn save(&self, draft: Draft) {
        let _ = self.orders.send(Order::Save(draft));
    }

    pub fn drop_draft(&self, key: DraftKey) {
        let _ = self.orders.send(Order::Drop(key));
    }

    /// Waits until what was typed is on disk.
    pub fn flush(&self) {
        let (done, wait) = channel();
        if self.orders.send(Order::Flush(done)).is_ok() {
            let _ = wait.recv_timeout(PATIENCE);
        }
    }
}

impl Drop for Drafts {
    fn drop(&mut self) {
        self.flush();
        let _ = fs::remove_file(&self.lock);
    }
}

struct Writer {
    dir: PathBuf,
    session: SessionId,
    time: fn() -> i64,
    /// The latest text of each draft that is not on disk yet.
    waiting: HashMap<DraftKey, Draft>,
    /// The next write is not before.
    due: Instant,
    failed: bool,
}

impl Writer {
    fn run(mut self, work: &Receiver<Order>, failed: &dyn Fn(Trouble)) {
        loop {
            let order = if self.waiting.is_empty() {
                work.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                work.recv_timeout(self.due.saturating_duration_since(now::instant()))
            };
            match order {
                Ok(order) => self.take(order, failed),
                Err(RecvTimeoutError::Timeout) => self.write(failed),
                Err(RecvTimeoutError::Disconnected) => return self.write(failed),
            }
        }
    }

    fn take(&mut self, order: Order, failed: &dyn Fn(Trouble)) {
        match order {
            Order::Save(draft) => {
                self.waiting.insert(draft.key.clone(), draft);
            }
            Order::Drop(key) => {
                self.waiting.remove(&key);
                let _ = fs::remove_file(self.path(&key));
            }
            Order::Flush(done) => {
                self.write(failed);
                let _ = done.send(());
            }
        }
    }

    fn write(&mut self, failed: &dyn Fn(Trouble)) {
        self.due = now::instant() + PACE;
        for (key, Draft { text, cursor, aside, .. }) in std::mem::take(&mut self.waiting) {
            let written = Written { text, cursor, saved: (self.time)(), plain: aside.plain, attempt: aside.attempt };
            let result = serde_json::to_vec(&written).map_err(io::Error::other).and_then(|bytes| paths::replace(&self.path(&key), &bytes));
            match result {
                Ok(()) => self.failed = false,
                Err(err) if !self.failed => {
                    self.failed = true;
                    failed(Trouble::io("the draft could not be written: what you type is only on the screen").because(err));
                }
                Err(_) => {}
            }
        }
    }

    fn path(&self, key: &DraftKey) -> PathBuf {
        self.dir.join(name(key, self.session))
    }
}

/// `SUBJECT.SESSION.draft`, `SUBJECT+QUESTION.SESSION.draft`, `new.SESSION.draft`, or
/// `message-NAME.SESSION.draft`.
fn name(key: &DraftKey, session: SessionId) -> String {
    match key {
        DraftKey::Subject(subject) => format!("{subject}.{session}.draft"),
        DraftKey::New => format!("new.{session}.draft"),
        DraftKey::Answers(subject, question) => format!("{subject}+{question}.{session}.draft"),
        DraftKey::Message(name) => format!("{MESSAGE}{name}.{session}.draft"),
    }
}

fn read_name(name: &str) -> Option<(DraftKey, SessionId)> {
    let (key, session) = name.strip_suffix(".draft")?.split_once('.')?;
    let key = match (key, key.strip_prefix(MESSAGE)) {
        ("new", _) => DraftKey::New,
        (_, Some(name)) => DraftKey::Message(name.to_owned()),
        _ => match key.split_once('+') {
            Some((subject, question)) => DraftKey::Answers(SubjectId::parse(subject)?, question.to_owned()),
            None => DraftKey::Subject(SubjectId::parse(key)?),
        },
    };
    Some((key, SessionId::parse(session)?))
}

/// Drafts of dead sessions, the newest of each record, made `mine` by renaming: of two sessions
/// that start together one gets it. Older ones of the same record wait for a later session.
fn adopt(dir: &Path, mine: SessionId) -> io::Result<Vec<Draft>> {
    let mut newest: HashMap<DraftKey, (PathBuf, Written)> = HashMap::new();
    let mut living: HashMap<SessionId, bool> = HashMap::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let Some((key, session)) = entry.file_name().to_str().and_then(read_name) else { continue };
        if session == mine || *living.entry(session).or_insert_with(|| is_alive(dir, session)) {
            continue;
        }
        let Ok(text) = paths::read_text(&entry.path(), FILE_MAX) else { continue };
        let Ok(written) = serde_json::from_str::<Written>(&text) else { continue };
        if newest.get(&key).is_none_or(|(_, other)| other.saved < written.saved) {
            newest.insert(key, (entry.path(), written));
        }
    }
    let mut found: Vec<(i64, Draft)> = Vec::new();
    for (key, (path, written)) in newest {
        if fs::rename(&path, dir.join(name(&key, mine))).is_ok() {
            // A note is cut where a note ends; the parts of a message are several, and the file has its own limit.
            let safe = clean(&written.text);
            let text = if matches!(key, DraftKey::Subject(_)) { cut(&safe, NOTE_MAX).to_owned() } else { safe.into_owned() };
            let aside = Aside { plain: written.plain, attempt: written.attempt };
            found.push((written.saved, Draft { key, text, cursor: written.cursor, aside }));
        }
    }
    found.sort_by_key(|(saved, _)| *saved);
    Ok(found.into_iter().map(|(_, draft)| draft).collect())
}

/// Whether some process holds the lock of that session. The sign of a dead one is removed.
fn is_alive(dir: &Path, session: SessionId) -> bool {
    let path = dir.join(format!("{session}.alive"));
    let Ok(file) = OpenOptions::new().write(true).open(&path) else { return false };
    let alive = flock(&file, FlockOperation::NonBlockingLockExclusive).is_err();
    if !alive {
        let _ = fs::remove_file(&path);
    }
    alive
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::Uuid;

    fn session(number: u128) -> SessionId {
        SessionId(Uuid::from_u128(number))
    }

    fn record(number: u128) -> DraftKey {
        DraftKey::Subject(SubjectId(Uuid::from_u128(number)))
    }

    fn draft(number: u128, text: &str) -> Draft {
        Draft { key: record(number), text: text.to_owned(), cursor: (0, text.len()), aside: Aside::default() }
    }

    fn open(dir: &Path, number: u128) -> (Drafts, Vec<Draft>) {
        Drafts::open(dir, session(number), || 5, |trouble| panic!("{trouble}")).expect("opened")
    }

    /// What a killed process leaves: its files, and a lock that nobody holds.
    fn leave(dir: &Path, key: &DraftKey, number: u128, text: &str, saved: i64) {
        paths::replace(&dir.join(format!("{}.alive", session(number))), b"").expect("written");
        let written = Written { text: text.to_owned(), cursor: (0, 2), saved, plain: Vec::new(), attempt: None };
        paths::replace(&dir.join(name(key, session(number))), &serde_json::to_vec(&written).expect("json")).expect("written");
    }

    #[test]
    fn a_dead_sessions_draft_comes_back_and_a_living_ones_does_not() {
        let temp = tempfile::tempdir().expect("a directory");
        let (living, none) = open(temp.path(), 1);
        assert_eq!(none, []);
        let aside = Aside { plain: vec![">5b".to_owned()], attempt: Some("#3".to_owned()) };
        let half = Draft { key: record(7), text: "half a no".to_owned(), cursor: (0, 9), aside };
        living.save(half.clone());
        living.flush();
        let (other, found) = open(temp.path(), 2);
        assert_eq!(found, [], "its session lives");
        drop(other);
        drop(living);
        let (next, found) = open(temp.path(), 3);
        assert_eq!(found, [half]);
        let (late, found) = open(temp.path(), 4);
        assert_eq!(found, [], "only one session gets it");
        next.drop_draft(record(7));
        drop((next, late));
        assert_eq!(fs::read_dir(temp.path()).expect("read").count(), 0, "nothing stays");
    }

    #[test]
    fn the_newest_of_a_record_comes_first_and_no_text_is_lost() {
        let temp = tempfile::tempdir().expect("a directory");
        leave(temp.path(), &record(7), 1, "old", 10);
        leave(temp.path(), &record(7), 2, "new\x1b[31m", 20);
        leave(temp.path(), &DraftKey::New, 2, "a new one", 15);
        paths::replace(&temp.path().join(format!("new.{}.draft", session(9))), b"{").expect("written");
        let (drafts, found) = open(temp.path(), 3);
        let texts: Vec<&str> = found.iter().map(|draft| draft.text.as_str()).collect();
        assert_eq!(texts, ["a new one", "new"]);
        drafts.drop_draft(record(7));
        drop(drafts);
        let (_drafts, found) = open(temp.path(), 4);
        let texts: Vec<&str> = found.iter().map(|draft| draft.text.as_str()).collect();
        assert_eq!(texts, ["old", "a new one"]);
    }

    #[test]
    fn the_latest_text_wins_and_a_dropped_draft_stays_dropped() {
        let temp = tempfile::tempdir().expect("a directory");
        let (drafts, _) = open(temp.path(), 1);
        for text in ["a", "ab", "abc"] {
            drafts.save(draft(1, text));
            drafts.save(draft(2, text));
        }
        drafts.drop_draft(record(2));
        drop(drafts);
        let (_drafts, found) = open(temp.path(), 2);
        assert_eq!(found, [draft(1, "abc")]);
    }
}
