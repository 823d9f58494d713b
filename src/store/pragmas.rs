//! How every connection is set up before its first statement.

use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, FileControl, MAIN_DB};

use super::Access;

/// How long one waits for another writer before it is said.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// Longer values are refused by SQLite itself.
const LENGTH: i32 = 4 * 1024 * 1024;

/// The rules for our own and for hostile files alike: nothing in a schema may call functions or
/// write to the schema, and memory-mapped I/O is off because a failing disk would kill the process.
pub(super) fn harden(conn: &Connection) -> rusqlite::Result<()> {
    conn.busy_timeout(PATIENCE)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    // The bundled SQLite plans by bound values, and so plans again at every bind: several times the
    // cost of the statement itself.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.set_limit(Limit::SQLITE_LIMIT_LENGTH, LENGTH)?;
    conn.set_limit(Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000)?;
    // VACUUM INTO attaches its target.
    conn.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 1)?;
    conn.execute_batch(
        "PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;
         PRAGMA recursive_triggers = ON; PRAGMA secure_delete = FAST;",
    )
}

/// What a connection needs after the file is known to be ours.
/// `shared`: members of a group use it too.
pub(super) fn settle(conn: &Connection, access: Access, shared: bool) -> rusqlite::Result<()> {
    conn.set_prepared_statement_cache_capacity(64);
    conn.execute_batch("PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864;")?;
    if shared {
        // The last to close leaves -wal and -shm behind, so that a user who may only read can open.
        let mut persist = 1;
        conn.file_control(Some(MAIN_DB), FileControl::PersistWal(&mut persist))?;
    }
    match access {
        Access::Read => conn.execute_batch("PRAGMA query_only = ON"),
        Access::Write => conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())),
    }
}

/// More memory (32 MB, 2 without) for a batch: its keys fall all over the indexes, and a page that
/// was dropped is read again for the next row. The WAL may grow to 16 MB before it is copied back:
/// each copy writes the same hot pages again.
pub(super) fn widen(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch("PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 4000;")
}
