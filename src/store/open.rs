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

/// An older database that is about to be copied and upgraded: a matter of seconds where it is large.
pub struct Upgrade<'a> {
    pub path: &'a Path,
    pub bytes: u64,
    /// Where it stays as it was.
    pub copy: &'a Path,
}

impl Store {
    /// Opens the database at `path`, which must exist.
    pub fn open(path: &Path, access: Access) -> Result<Store, Trouble> {
        Store::open_telling(path, access, &|_| ())
    }

    /// The same for somebody who looks on: `tell` hears of an upgrade before it begins.
    pub fn open_telling(path: &Path, access: Access, tell: &dyn Fn(&Upgrade<'_>)) -> Result<Store, Trouble> {
        if rusqlite::version_number() < SQLITE_MIN {
            return Err(Trouble::config(format!(
                "SQLite {} loses data when several write: 3.51.3 or newer is needed",
                rusqlite::version()
            )));
        }
        let found = path::examine(path)?;
        path::local(path::directory(path))?;
        let conn = connect(path)?;
        let gate = Gate::new(path, found.mode());
        ours(&conn, path, access, &gate, STEPS, tell)?;
        if access == Access::Write && conn.is_readonly(MAIN_DB)? {
            return Err(Trouble::io(format!("{} may not be written by you", path.display()))
                .hint("ask whoever set it up for the group, or open a copy"));
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
        Err(Trouble::io(format!("{} was replaced by another file: nothing was written", self.path.display()))
            .hint("close intertie and open it again"))
    }
}

pub(super) fn connect(path: &Path) -> Result<Connection, Trouble> {
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
fn ours(
    conn: &Connection,
    path: &Path,
    access: Access,
    gate: &Gate,
    steps: &[schema::Step],
    tell: &dyn Fn(&Upgrade<'_>),
) -> Result<(), Trouble> {
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
        tell(&Upgrade { path, bytes: std::fs::metadata(path).map_or(0, |about| about.len()), copy: &copy });
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

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests damage and copy closed files")]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use rustix::fs::{CWD, FileType, Mode};

    use super::*;
    use crate::domain::trouble::Kind;
    use crate::store::fixture::{Place, new_database};

    #[track_caller]
    fn refused(path: &Path, kind: Kind, says: &str) {
        for access in [Access::Read, Access::Write] {
            let err = Store::open(path, access).expect_err("no database");
            assert_eq!(err.kind, kind, "{}", err.says);
            assert!(err.says.contains(says), "{}", err.says);
        }
    }

    #[test]
    fn what_is_no_database_is_refused_by_name_and_left_alone() {
        let place = Place::new();
        let at = |name: &str| place.dir.path().join(name);
        refused(&at("missing.db"), Kind::Config, "there is no database at");
        refused(&at("missing/queue.db"), Kind::Config, "there is no database at");
        assert!(!at("missing.db").exists() && !at("missing").exists(), "nothing is made by a slip");
        refused(place.dir.path(), Kind::Data, "is a directory");
        rustix::fs::mknodat(CWD, at("pipe"), FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("a pipe");
        refused(&at("pipe"), Kind::Data, "is a pipe");
        refused(Path::new("/dev/null"), Kind::Data, "is a device");
        symlink(&place.path, at("link.db")).expect("a link");
        refused(&at("link.db"), Kind::Data, "is a symbolic link");
        for (name, bytes) in [("text.db", &b"Name,City\nSmith,Salem\n"[..]), ("long.db", &[b'x'; 5000]), ("empty.db", b"")] {
            fs::write(at(name), bytes).expect("a file");
            refused(&at(name), Kind::Data, "is not an intertie database");
            assert_eq!(fs::metadata(at(name)).expect("the file").len(), bytes.len() as u64, "{name} is as it was");
        }
        let other = Connection::open(at("other.db")).expect("a foreign database");
        other.execute_batch("CREATE TABLE t(x)").expect("a table");
        drop(other);
        refused(&at("other.db"), Kind::Data, "is not an intertie database");
        fs::hard_link(&place.path, at("second.db")).expect("a second name");
        refused(&place.path, Kind::Data, "more than one name");
    }

    #[test]
    fn a_directory_may_be_reached_by_a_link() {
        let place = Place::new();
        let linked = place.dir.path().join("linked");
        symlink(place.dir.path(), &linked).expect("a link");
        assert!(Store::open(&linked.join("queue.db"), Access::Write).is_ok());
    }

    #[test]
    fn a_newer_schema_is_named() {
        let place = Place::new();
        place.store.conn.pragma_update(None, "user_version", SCHEMA + 1).expect("a newer schema");
        refused(&place.path, Kind::Config, &format!("schema {} is needed, this one knows {SCHEMA}", SCHEMA + 1));
    }

    #[test]
    fn an_older_schema_is_upgraded_after_a_backup() {
        let place = Place::new();
        let conn = connect(&place.path).expect("a connection");
        let gate = Gate::new(&place.path, 0o600);
        let add: schema::Step = |tx| Ok(tx.execute_batch("ALTER TABLE application ADD COLUMN crew TEXT")?);
        let more: schema::Step = |tx| Ok(tx.execute_batch("CREATE TABLE more(x ANY) STRICT")?);
        let wrong: schema::Step = |tx| Ok(tx.execute_batch("CREATE TABLE application(x)")?);
        let and = |two: [schema::Step; 2]| [schema::STEPS, &two].concat();
        let (steps, next) = (&and([add, more])[..], SCHEMA + 2);
        let told = std::cell::RefCell::new(Vec::new());
        let tell = |upgrade: &Upgrade<'_>| {
            assert!(upgrade.bytes > 0 && upgrade.path == place.path);
            told.borrow_mut().push((upgrade.copy.to_owned(), upgrade.copy.exists()));
        };
        let ours = |access, steps: &[schema::Step]| super::ours(&conn, &place.path, access, &gate, steps, &tell);
        let err = ours(Access::Read, steps).expect_err("a reader does not upgrade");
        assert!(err.says.contains(&format!("has schema {SCHEMA}, this intertie works with {next}")), "{}", err.says);
        ours(Access::Write, &and([add, wrong])).expect_err("a step fails");
        assert_eq!(schema::version(&conn), Ok(SCHEMA), "all steps or none");
        conn.prepare("SELECT crew FROM application").expect_err("not there");
        ours(Access::Write, steps).expect("an upgrade");
        assert_eq!(schema::version(&conn), Ok(next));
        conn.prepare("SELECT crew FROM application").expect("there now");
        ours(Access::Write, steps).expect("nothing more to do");
        assert!(
            Store::open(&path::beside(&place.path, &format!("-before-schema-{next}")), Access::Write).is_ok(),
            "the older file is kept"
        );
        refused(&place.path, Kind::Config, &format!("schema {next} is needed"));
    }

    #[test]
    fn a_planted_trigger_is_not_run() {
        let place = Place::new();
        place
            .store
            .conn
            .execute_batch("CREATE TRIGGER planted AFTER INSERT ON event BEGIN DELETE FROM application; END")
            .expect("a trigger");
        for access in [Access::Read, Access::Write] {
            let err = Store::open(&place.path, access).expect_err("a foreign schema");
            assert_eq!((err.kind, err.causes.as_slice()), (Kind::Data, &["the trigger planted is not ours".to_owned()][..]));
        }
    }

    #[test]
    fn it_says_what_it_is() {
        let place = Place::new();
        let about = place.store.about();
        assert_eq!((about.desk, about.zone.as_str(), about.letter.as_str()), (DeskKind::Residential, "America/New_York", "A"));
        assert_eq!((about.demo, about.schema, about.replica), (false, SCHEMA, new_database().replica));
        let pragma = |name: &str| place.store.conn.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0)).expect("a pragma");
        assert_eq!((pragma("synchronous"), pragma("foreign_keys"), pragma("trusted_schema"), pragma("mmap_size")), (2, 1, 0, 0));
        let journal: String = place.store.conn.query_row("PRAGMA journal_mode", [], |row| row.get(0)).expect("a pragma");
        assert_eq!(journal, "wal");
        let edit =
            place.store.conn.execute_batch("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = '' WHERE name = 'event_ro_d'");
        assert!(edit.is_err(), "the schema cannot be edited");
    }

    #[test]
    fn creation_refuses_what_exists_and_is_private() {
        let place = Place::new();
        let at = |name: &str| place.dir.path().join(name);
        let mode = |path: &Path| fs::metadata(path).expect("a file").permissions().mode() & 0o7777;
        assert_eq!(mode(&place.path), 0o600);
        for (path, says) in [(place.path.clone(), "exists already"), (place.dir.path().to_owned(), "exists already")] {
            let err = Store::create(&path, &new_database(), 1).expect_err("something is there");
            assert!(err.says.contains(says) && err.kind == Kind::Config, "{}", err.says);
        }
        symlink(at("nowhere"), at("dangling.db")).expect("a link");
        Store::create(&at("dangling.db"), &new_database(), 1).expect_err("a link is something");
        fs::write(at("gone.db-wal"), b"pages").expect("a file");
        let err = Store::create(&at("gone.db"), &new_database(), 1).expect_err("an old journal");
        assert!(err.says.contains("no longer here"), "{}", err.says);
        Store::create(&at("new/place/queue.db"), &new_database(), 1).expect("a new directory");
        assert_eq!(mode(&at("new/place")), 0o700);
        let left: Vec<_> = fs::read_dir(at("new/place")).expect("a directory").map(|entry| entry.expect("an entry").file_name()).collect();
        assert_eq!(left, ["queue.db"], "no draft is left behind");
    }

    #[test]
    fn a_shared_database_belongs_to_its_group() {
        let place = Place::new();
        let gid = rustix::process::getegid().as_raw();
        let shared = crate::store::NewDatabase { group: Some(gid), ..new_database() };
        let at = |name: &str| place.dir.path().join(name);
        let mode = |path: &Path| fs::metadata(path).expect("a file").permissions().mode() & 0o7777;
        Store::create(&at("team/queue.db"), &shared, 1).expect("a shared database");
        assert_eq!((mode(&at("team")), mode(&at("team/queue.db"))), (0o3770, 0o660));
        let mut store = Store::open(&at("team/queue.db"), Access::Write).expect("the shared database");
        let who = crate::store::fixture::who(1);
        store.writing(&who, 1, |_| Ok(())).expect("a transaction");
        assert_eq!(
            (mode(&at("team/queue.db-lock")), mode(&at("team/queue.db-wal")), mode(&at("team/queue.db-shm"))),
            (0o660, 0o660, 0o660)
        );
        drop(store);
        assert!(at("team/queue.db-wal").exists(), "it stays for those who may only read");
        let err = Store::create(&at("second.db"), &shared, 1).expect_err("a directory with other things in it");
        assert!(err.says.contains("not empty"), "{}", err.says);
    }
}
