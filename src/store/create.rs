//! Makes a new database: complete under its name, or not at all.

use std::fs::{self, DirBuilder, Permissions};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::Path;

use rusqlite::{Connection, OpenFlags, params};
use rustix::fs::{CWD, Gid, RenameFlags};
use tempfile::Builder;

use crate::domain::id::ReplicaId;
use crate::domain::playbook::DeskKind;
use crate::domain::trouble::{Kind, Trouble};

use super::schema::SCHEMA;
use super::{Store, path, pragmas, schema};

/// What a new database is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewDatabase {
    pub replica: ReplicaId,
    /// Of its references: `A`.
    pub letter: char,
    pub desk: DeskKind,
    /// The name of the zone that decides what day it is.
    pub zone: String,
    pub demo: bool,
    /// The group (gid) whose members share it; `None`: it is private.
    pub group: Option<u32>,
}

impl Store {
    /// Makes a database at `path`, where nothing may be yet. A missing directory is made. `millis`
    /// is the wall clock.
    pub fn create(path: &Path, new: &NewDatabase, millis: i64) -> Result<(), Trouble> {
        refuse_existing(path)?;
        let dir = path::directory(path);
        prepare_directory(dir, new.group)?;
        path::local(dir)?;
        let failed = |err: std::io::Error| Trouble::io(format!("{} cannot be made", path.display())).because(err);
        // Made under another name: a crash in between leaves no half database under this one.
        let draft = Builder::new().prefix(".new-").suffix(".db").tempfile_in(dir).map_err(failed)?.into_temp_path();
        fill(&draft, new, millis)?;
        if let Some(gid) = new.group {
            rustix::fs::chown(&*draft, None, Some(Gid::from_raw(gid))).map_err(|err| failed(err.into()))?;
            fs::set_permissions(&draft, Permissions::from_mode(0o660)).map_err(failed)?;
        }
        rustix::fs::renameat_with(CWD, &*draft, CWD, path, RenameFlags::NOREPLACE).map_err(|err| match err {
            rustix::io::Errno::EXIST => exists(path),
            other => failed(other.into()),
        })?;
        // The name is gone; keeping the guard from removing it is only tidy.
        drop(draft.keep());
        sync_directory(dir)
    }
}

fn exists(path: &Path) -> Trouble {
    Trouble::new(Kind::Config, format!("{} exists already: nothing was changed", path.display())).hint("choose another path with --db")
}

fn refuse_existing(path: &Path) -> Result<(), Trouble> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(exists(path));
    }
    let wal = path::beside(path, "-wal");
    if fs::symlink_metadata(&wal).is_ok_and(|found| found.len() > 0) {
        // SQLite would play its pages into the new database.
        return Err(Trouble::config(format!("{} belongs to a database that is no longer here", wal.display())).hint("move it away first"));
    }
    Ok(())
}

/// A shared directory has the group and setgid, so that -wal and -shm get the group too, and the
/// sticky bit, so that no member can remove the database.
fn prepare_directory(dir: &Path, group: Option<u32>) -> Result<(), Trouble> {
    let failed = |err: std::io::Error| Trouble::io(format!("the directory {} cannot be made", dir.display())).because(err);
    let fresh = fs::metadata(dir).is_err();
    if fresh {
        DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(failed)?;
    }
    let Some(gid) = group else { return Ok(()) };
    let found = fs::metadata(dir).map_err(failed)?;
    if found.gid() == gid && found.mode() & 0o2070 == 0o2070 {
        return Ok(());
    }
    // Somebody's home must not become the group's by a slip.
    if !fresh && fs::read_dir(dir).map_err(failed)?.next().is_some() {
        return Err(Trouble::config(format!("the directory {} is not the group's, and it is not empty", dir.display()))
            .hint(format!("chgrp {gid} {0} && chmod 3770 {0}, or choose a new directory", dir.display())));
    }
    rustix::fs::chown(dir, None, Some(Gid::from_raw(gid))).map_err(|err| failed(err.into()))?;
    fs::set_permissions(dir, Permissions::from_mode(0o3770)).map_err(failed)
}

fn fill(draft: &Path, new: &NewDatabase, millis: i64) -> Result<(), Trouble> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(draft, flags)?;
    pragmas::harden(&conn)?;
    conn.execute_batch("PRAGMA synchronous = FULL; PRAGMA journal_mode = DELETE; BEGIN")?;
    schema::make(&conn)?;
    conn.execute("INSERT INTO replica(id, uuid, tag) VALUES(1, ?1, ?2)", params![new.replica.bytes(), new.letter.to_string()])?;
    let mut meta = conn.prepare("INSERT INTO meta(k, v) VALUES(?1, ?2)")?;
    // In a copy the replica becomes another one; the namespace never does.
    meta.execute(params!["db_uuid", new.replica.bytes()])?;
    meta.execute(params!["my_replica", 1])?;
    meta.execute(params!["desk", new.desk.name()])?;
    meta.execute(params!["zone", new.zone])?;
    meta.execute(params!["demo", new.demo])?;
    meta.execute(params!["made_at", millis])?;
    meta.execute(params!["min_reader", SCHEMA])?;
    meta.execute(params!["min_writer", SCHEMA])?;
    drop(meta);
    conn.execute_batch("COMMIT")?;
    // Written into the header: every later connection uses it.
    conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    conn.close().map_err(|(_, err)| err.into())
}

/// A rename lasts only once its directory is on disk.
pub(super) fn sync_directory(dir: &Path) -> Result<(), Trouble> {
    let flags = rustix::fs::OFlags::RDONLY | rustix::fs::OFlags::DIRECTORY | rustix::fs::OFlags::CLOEXEC;
    let synced = rustix::fs::open(dir, flags, rustix::fs::Mode::empty()).and_then(rustix::fs::fsync);
    synced.map_err(|err| Trouble::io(format!("{} cannot be written to disk", dir.display())).because(std::io::Error::from(err)))
}
