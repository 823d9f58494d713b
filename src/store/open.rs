//! Opens a database that is there, after every question that can be asked without changing it.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, FileControl, MAIN_DB, OpenFlags, OptionalExtension};

use crate::domain::id::{ReplicaId, Uuid};
use crate::domain::playbook::DeskKind;
use crate::domain::trouble::Trouble;

use super::gate::Gate;
use super::schema::{APPLICATION_ID, SCHEMA, STEPS};
use super::{About, Access, Store, backup, path, pragmas, schema};

/// SQLite 3.7.0 to 3.51.2 lose committed rows when processes write and checkpoint together.
const SQLITE_MIN: i32 = 3_051_003;

impl Store {
    /// Opens the database at `path`, which must exist.
    pub fn open(path: &Path, access: Access) -> Result<Store, Trouble> {
        if rusqlite::version_number() < SQLITE_MIN {
            return Err(Trouble::config(format!("SQLite {} loses data when several write: 3.51.3 or newer is needed", rusqlite::version())));
        }
        let found = path::examine(path)?;
        path::local(path::directory(path))?;
        let conn = connect(path)?;
        let gate = Gate::new(path, found.mode());
        ours(&conn, path, access, &gate, STEPS)?;
        if access == Access::Write && conn.is_readonly(MAIN_DB)? {
            return Err(Trouble::io(format!("{} may not be written by you", path.display())).hint("ask whoever set it up for the group, or open a copy"));
        }
        pragmas::settle(&conn, access, found.mode() & 0o070 != 0)?;
        let about = about(&conn)?;
        Ok(Store { conn, path: path.to_owned(), access, about, gate, wal_cut: 0 })
    }

    /// Whether the path still leads to the file that is open. A replaced file would take the
    /// commits of this connection with it.
    pub fn is_in_place(&self) -> bool {
        let mut moved = 0;
        self.conn.file_control(Some(MAIN_DB), FileControl::HasMoved(&mut moved)).is_ok() && moved == 0
    }

    pub(super) fn in_place(&self) -> Result<(), Trouble> {
        if self.is_in_place() {
            return Ok(());
        }
        Err(Trouble::io(format!("{} was replaced by another file: nothing was written", self.path.display())).hint("close intertie and open it again"))
    }
}

fn connect(path: &Path) -> Result<Connection, Trouble> {
    // Without CREATE: a slip in a path must not make an empty database.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    // SQLite refuses a link anywhere in a path that it may not follow; only the last part matters.
    let real = match (path::directory(path).canonicalize(), path.file_name()) {
        (Ok(dir), Some(name)) => dir.join(name),
        _ => path.to_owned(),
    };
    let conn = Connection::open_with_flags(real, flags)?;
    pragmas::harden(&conn)?;
    Ok(conn)
}

/// Whether it is an intertie database of a version that this program knows; an older one is
/// upgraded. Nothing is written to a file that is not ours.
fn ours(conn: &Connection, path: &Path, access: Access, gate: &Gate, steps: &[schema::Step]) -> Result<(), Trouble> {
    let shown = path.display();
    let id: i32 = conn.query_row("PRAGMA application_id", [], |row| row.get(0)).map_err(|err| {
        let trouble = Trouble::from(err);
        Trouble { says: format!("{shown}: {}", trouble.says), ..trouble }
    })?;
    if id != APPLICATION_ID {
        return Err(Trouble::data(format!("{shown} is not an intertie database")));
    }
    let target = i64::try_from(steps.len()).unwrap_or(i64::MAX).saturating_add(1);
    let found = schema::version(conn)?;
    if found > target {
        return Err(Trouble::config(format!("{shown} was written by a newer intertie: schema {found} is needed, this one knows {target}"))
            .hint("upgrade intertie"));
    }
    if found < target {
        if access == Access::Read {
            return Err(Trouble::config(format!("{shown} has schema {found}, this intertie works with {target}"))
                .hint("open it once for writing: that upgrades it"));
        }
        let _held = gate.hold("upgrade")?;
        // Left in place afterwards: who needs the older program needs the older file.
        let copy = path::beside(path, &format!("-before-schema-{target}"));
        if std::fs::symlink_metadata(&copy).is_err() {
            backup::copy(conn, &copy)?;
        }
        schema::upgrade(conn, steps)?;
    }
    if target == SCHEMA {
        let wrong = schema::differences(conn)?;
        if !wrong.is_empty() {
            let trouble = Trouble::data(format!("{shown} has a schema that intertie did not make: nothing was read"));
            return Err(wrong.into_iter().fold(trouble, Trouble::because).hint("restore the last backup to another place"));
        }
    }
    Ok(())
}

fn about(conn: &Connection) -> Result<About, Trouble> {
    let meta = |key: &str| -> Result<Vec<u8>, Trouble> {
        let value = conn
            .query_row("SELECT v FROM meta WHERE k = ?1", [key], |row| {
                Ok(match row.get_ref(0)? {
                    ValueRef::Integer(number) => number.to_string().into_bytes(),
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.to_vec(),
                    _ => Vec::new(),
                })
            })
            .optional()?;
        value.ok_or_else(|| missing(key))
    };
    let text = |key: &str| String::from_utf8(meta(key)?).map_err(|_| missing(key));
    let (replica, letter) = conn
        .query_row("SELECT uuid, tag FROM replica WHERE id = (SELECT v FROM meta WHERE k = 'my_replica')", [], |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?))
        })
        .optional()?
        .ok_or_else(|| missing("my_replica"))?;
    Ok(About {
        desk: DeskKind::parse(&text("desk")?).ok_or_else(|| missing("desk"))?,
        zone: text("zone")?,
        demo: text("demo")? == "1",
        replica: ReplicaId::from_slice(&replica).ok_or_else(|| missing("my_replica"))?,
        letter,
        schema: schema::version(conn)?,
        namespace: Uuid::from_slice(&meta("db_uuid")?).map_err(|_| missing("db_uuid"))?,
    })
}

fn missing(key: &str) -> Trouble {
    Trouble::data(format!("the database does not say its {key}")).hint("restore the last backup to another place")
}
