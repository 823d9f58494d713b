//! The writer's gate: one lock file beside the database, held around each write transaction.
//!
//! SQLite's own locks are the safety; the gate is fairness. Without it a newcomer beats those who
//! sleep between tries, and the WAL never finds a quiet moment to start over.

use std::fs::{self, File, OpenOptions, Permissions};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use rustix::fs::{FlockOperation, OFlags};

use crate::domain::trouble::{Kind, Trouble};

use super::{Who, path, pragmas};

#[derive(Debug)]
pub(super) struct Gate {
    path: PathBuf,
    /// Permissions of the database, which the lock file gets too.
    mode: u32,
    /// What its holder does, for those who waited in vain.
    doing: &'static str,
}

/// The gate is free again when this is dropped, or when the process ends, however it ends.
#[derive(Debug)]
pub struct Held {
    _file: File,
}

impl Gate {
    /// For the database at `path`, whose permissions are `mode`.
    pub(super) fn new(path: &Path, mode: u32) -> Gate {
        Gate { path: path::beside(path, "-lock"), mode: mode & 0o666, doing: "is writing to the database" }
    }

    /// A gate of its own for exports: one at a time, and no writer waits for them.
    pub(super) fn of_exports(&self, database: &Path) -> Gate {
        Gate { path: path::beside(database, "-export-lock"), mode: self.mode, doing: "is exporting" }
    }

    /// Waits for the gate, ten seconds at most. `what` is told to those who wait.
    pub(super) fn hold(&self, what: &str) -> Result<Held, Trouble> {
        let file = self.open()?;
        let file = match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => file,
            Err(_) => self.wait(file)?,
        };
        Ok(taken(file, what))
    }

    /// The gate if it is free now.
    pub(super) fn try_hold(&self, what: &str) -> Option<Held> {
        let file = self.open().ok()?;
        rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive).ok()?;
        Some(taken(file, what))
    }

    /// "jdoe (process 4312)", as far as the lock file says.
    pub(super) fn holder(&self) -> Option<String> {
        let mut bytes = [0; 256];
        let read = self.open().ok()?.read_at(&mut bytes, 0).ok()?;
        let line = String::from_utf8_lossy(&bytes[..read]);
        let (pid, what) = line.trim().split_once(' ')?;
        Some(format!("{what} (process {pid})"))
    }

    fn open(&self) -> Result<File, Trouble> {
        let cannot = |err: std::io::Error| Trouble::io(format!("the lock file {} cannot be used", self.path.display())).because(err);
        let flags = i32::try_from(OFlags::NOFOLLOW.bits()).unwrap_or(0);
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(self.mode)
            .custom_flags(flags)
            .open(&self.path)
            .map_err(cannot)?;
        let found = file.metadata().map_err(cannot)?;
        // Whoever makes it first may have a narrow umask; the others of the group need it too.
        if found.mode() & 0o777 != self.mode && found.uid() == rustix::process::geteuid().as_raw() {
            fs::set_permissions(&self.path, Permissions::from_mode(self.mode)).map_err(cannot)?;
        }
        Ok(file)
    }

    /// The kernel's queue is fair but has no time limit, so a thread stands in it. One that is
    /// given up takes the lock when its turn comes, finds nobody, and lets go.
    // `run` owns the threads that live on; this one is a wait with a limit.
    #[allow(clippy::disallowed_methods)]
    fn wait(&self, file: File) -> Result<File, Trouble> {
        let (turn, come) = mpsc::sync_channel(0);
        std::thread::spawn(move || {
            let locked = rustix::fs::flock(&file, FlockOperation::LockExclusive);
            let _ = turn.send(locked.map(|()| file));
        });
        match come.recv_timeout(pragmas::PATIENCE) {
            Ok(Ok(file)) => Ok(file),
            Ok(Err(err)) => {
                Err(Trouble::io(format!("the lock file {} cannot be used", self.path.display())).because(std::io::Error::from(err)))
            }
            Err(_) => Err(self.busy()),
        }
    }

    pub(super) fn busy(&self) -> Trouble {
        let holder = self.holder().unwrap_or_else(|| "somebody".to_owned());
        Trouble::new(Kind::Busy, format!("{holder} {}: nothing was written", self.doing)).hint("try again")
    }
}

/// Says who holds the gate. That line is a courtesy: the lock counts even when it cannot be written.
fn taken(file: File, what: &str) -> Held {
    let line = format!("{} {what}\n", std::process::id());
    let _ = file.write_all_at(line.as_bytes(), 0).and_then(|()| file.set_len(line.len() as u64));
    Held { _file: file }
}

impl Who {
    /// For those who wait.
    pub(super) fn named(&self) -> String {
        if self.login.is_empty() { format!("uid {}", self.uid) } else { self.login.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_and_the_holder_is_named() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let gate = Gate::new(&dir.path().join("queue.db"), 0o100_660);
        let held = gate.hold("jdoe").expect("a free gate");
        assert!(gate.try_hold("asmith").is_none());
        assert_eq!(gate.holder(), Some(format!("jdoe (process {})", std::process::id())));
        assert!(gate.busy().says.starts_with("jdoe (process "));
        let mode = fs::metadata(&gate.path).expect("the lock file").mode();
        assert_eq!(mode & 0o777, 0o660, "whatever the umask");
        drop(held);
        assert!(gate.try_hold("asmith").is_some());
    }

    #[test]
    fn those_who_wait_get_their_turn() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let path = dir.path().join("queue.db");
        let held = Gate::new(&path, 0o600).hold("first").expect("a free gate");
        let (queued, done) = std::thread::scope(|scope| {
            let waiting = scope.spawn(|| Gate::new(&path, 0o600).hold("second").is_ok());
            let queued = Gate::new(&path, 0o600).try_hold("third").is_none();
            drop(held);
            (queued, waiting.join().expect("no panic"))
        });
        assert!(queued && done);
    }
}
