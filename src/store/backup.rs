//! A copy of the database in one snapshot, checked before it gets its name.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use rustix::fs::{CWD, RenameFlags};
use tempfile::Builder;

use crate::domain::trouble::{Kind, Trouble};

use super::schema::APPLICATION_ID;
use super::{Store, create, path, pragmas};

impl Store {
    /// Copies the database to `target`, where nothing may be yet; private (0600), whatever the
    /// original's permissions. Others may go on working.
    pub fn backup(&self, target: &Path) -> Result<(), Trouble> {
        copy(&self.conn, target)
    }
}

pub(super) fn copy(conn: &Connection, target: &Path) -> Result<(), Trouble> {
    let shown = target.display();
    let exists = || Trouble::new(Kind::Config, format!("{shown} exists already: no backup was made")).hint("choose another path");
    if fs::symlink_metadata(target).is_ok() {
        return Err(exists());
    }
    let failed = |err: std::io::Error| Trouble::io(format!("the backup {shown} cannot be written")).because(err);
    let dir = path::directory(target);
    // SQLite makes its copy with the umask; an empty private file that is there already is filled.
    let draft = Builder::new().prefix(".backup-").suffix(".db").tempfile_in(dir).map_err(failed)?.into_temp_path();
    let name = draft.to_str().ok_or_else(|| Trouble::config(format!("{shown} is not UTF-8")).hint("choose another path"))?;
    conn.execute("VACUUM INTO ?1", [name])?;
    verify(&draft)?;
    fs::OpenOptions::new().read(true).open(&draft).and_then(|file| file.sync_all()).map_err(failed)?;
    rustix::fs::renameat_with(CWD, &*draft, CWD, target, RenameFlags::NOREPLACE).map_err(|err| match err {
        rustix::io::Errno::EXIST => exists(),
        other => failed(other.into()),
    })?;
    drop(draft.keep());
    create::sync_directory(dir)
}

/// A backup that does not read is none.
fn verify(draft: &Path) -> Result<(), Trouble> {
    let copy = Connection::open_with_flags(draft, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    pragmas::harden(&copy)?;
    let id: i32 = copy.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let says: String = copy.query_row("PRAGMA quick_check", [], |row| row.get(0))?;
    if id != APPLICATION_ID || says != "ok" {
        return Err(Trouble::data("the copy is damaged: no backup was made").because(says).hint("intertie check names what is wrong"));
    }
    copy.close().map_err(|(_, err)| err.into())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::store::Access;
    use crate::store::fixture::Place;

    #[test]
    fn a_backup_is_whole_private_and_never_overwrites() {
        let mut place = Place::new();
        place.import(1, 1..20, 100);
        let target = place.dir.path().join("copy.db");
        place.store.backup(&target).expect("a backup");
        assert_eq!(fs::metadata(&target).expect("the copy").permissions().mode() & 0o777, 0o600);
        let copy = Store::open(&target, Access::Write).expect("the copy opens");
        assert_eq!((copy.check(), copy.count(), copy.position()), (Ok(vec![]), Ok(19), place.store.position()));
        let err = place.store.backup(&target).expect_err("it exists");
        assert!(err.says.contains("exists already"), "{}", err.says);
        place.store.backup(&place.dir.path().join("no/such/copy.db")).expect_err("no directory");
        let left = fs::read_dir(place.dir.path())
            .expect("a directory")
            .filter(|entry| entry.as_ref().expect("an entry").file_name().to_string_lossy().starts_with(".backup-"));
        assert_eq!(left.count(), 0, "no draft is left behind");
        drop(copy);
    }
}
