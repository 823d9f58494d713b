//! Which tables there are, in which version, and how an older one becomes the present one.

use rusqlite::{Connection, Transaction, TransactionBehavior};
use sha2::{Digest, Sha256};

use crate::domain::trouble::Trouble;

/// The version that this program writes.
pub(super) const SCHEMA: i64 = 6;

/// `iTie`, in the header of the file.
pub(super) const APPLICATION_ID: i32 = 0x6954_6965;

const TABLES: &str = include_str!("schema/v1.sql");
const TABLES_2: &str = include_str!("schema/v2.sql");
const TABLES_3: &str = include_str!("schema/v3.sql");
const TABLES_4: &str = include_str!("schema/v4.sql");
const TABLES_5: &str = include_str!("schema/v5.sql");
const TABLES_6: &str = include_str!("schema/v6.sql");

/// Takes a database from one version to the next. Only adds: a program of the version before may
/// still be reading.
pub(super) type Step = fn(&Transaction<'_>) -> Result<(), Trouble>;

/// `STEPS[0]` goes from version 1 to version 2.
pub(super) const STEPS: &[Step] = &[
    |tx| {
        tx.execute_batch(TABLES_2)?;
        super::derive::refold(tx)
    },
    |tx| Ok(tx.execute_batch(TABLES_3)?),
    |tx| {
        tx.execute_batch(TABLES_4)?;
        super::derive::refold_facts(tx)
    },
    |tx| Ok(tx.execute_batch(TABLES_5)?),
    |tx| Ok(tx.execute_batch(TABLES_6)?),
];

/// Makes all tables in an empty database.
pub(super) fn make(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch(TABLES)?;
    conn.execute_batch(TABLES_2)?;
    conn.execute_batch(TABLES_3)?;
    conn.execute_batch(TABLES_4)?;
    conn.execute_batch(TABLES_5)?;
    conn.execute_batch(TABLES_6)?;
    conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    conn.pragma_update(None, "user_version", SCHEMA)
}

pub(super) fn version(conn: &Connection) -> rusqlite::Result<i64> {
    conn.prepare_cached("PRAGMA user_version")?.query_row([], |row| row.get(0))
}

/// Type, name, SQL text.
type Object = (String, String, String);

/// Every object of the schema.
fn objects(conn: &Connection) -> rusqlite::Result<Vec<Object>> {
    let mut found = conn.prepare("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name")?;
    found.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect()
}

/// The fingerprint of what `make` makes: every command opens a database, and to make all tables only to compare them took
/// some milliseconds. A test says the new one when a version or SQLite itself makes others.
const MADE: &str = "4add059d81f4026e86fece1d31f64a62105882e6ddc886f7dabae77a8755f928";

fn fingerprint(objects: &[Object]) -> String {
    let mut hash = Sha256::new();
    for (what, name, sql) in objects {
        for part in [what, name, sql] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is missing, foreign or altered in the schema; a trigger or view that somebody planted runs
/// with our rights.
pub(super) fn differences(conn: &Connection) -> rusqlite::Result<Vec<String>> {
    let have = objects(conn)?;
    if fingerprint(&have) == MADE {
        return Ok(Vec::new());
    }
    let fresh = Connection::open_in_memory()?;
    make(&fresh)?;
    let want = objects(&fresh)?;
    let mut found = Vec::new();
    for (what, name, sql) in &want {
        match have.iter().find(|object| object.0 == *what && object.1 == *name) {
            None => found.push(format!("the {what} {name} is missing")),
            Some(object) if object.2 != *sql => found.push(format!("the {what} {name} was altered")),
            Some(_) => {}
        }
    }
    for (what, name, _) in &have {
        if !want.iter().any(|object| object.0 == *what && object.1 == *name) {
            found.push(format!("the {what} {name} is not ours"));
        }
    }
    Ok(found)
}

/// Upgrades step by step, all or nothing. `steps[0]` goes from version 1 to 2.
pub(super) fn upgrade(conn: &Connection, steps: &[Step]) -> Result<(), Trouble> {
    let tx = Transaction::new_unchecked(conn, TransactionBehavior::Immediate)?;
    // Another process may have done it while this one waited for the lock.
    let from = version(&tx)?;
    for (step, to) in steps.iter().zip(2_i64..).skip_while(|(_, to)| *to <= from) {
        step(&tx)?;
        tx.pragma_update(None, "user_version", to)?;
    }
    tx.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_is_that_of_the_tables_that_are_made() {
        let conn = Connection::open_in_memory().expect("memory");
        make(&conn).expect("the tables");
        assert_eq!(fingerprint(&objects(&conn).expect("objects")), MADE);
        assert_eq!(differences(&conn).expect("a look"), Vec::<String>::new());
        conn.execute_batch("CREATE VIEW planted AS SELECT 1; DROP TABLE offer").expect("a change");
        assert_eq!(differences(&conn).expect("a look"), ["the table offer is missing", "the view planted is not ours"]);
    }
}
