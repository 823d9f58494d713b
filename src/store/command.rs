//! The table of commands: the words of the undo line, and whose command was the last.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, ToSql, params};

use crate::domain::change::ChangeSet;
use crate::domain::event::Kind;
use crate::domain::id::{CommandId, SubjectId};
use crate::domain::undo::{Done, Way};

use super::{Scope, Who, read};

/// A command that is in the journal.
pub(super) struct Row {
    pub(super) first: i64,
    pub(super) last: i64,
    pub(super) kind: Option<Kind>,
    pub(super) did: String,
    /// Its chunks were interrupted.
    pub(super) unfinished: bool,
}

pub(super) fn find(conn: &Connection, command: CommandId) -> rusqlite::Result<Option<Row>> {
    conn.prepare_cached("SELECT first_pos, last_pos, kind, did, unfinished FROM command WHERE id = ?1")?
        .query_row([command.bytes()], |row| {
            Ok(Row {
                first: row.get(0)?,
                last: row.get(1)?,
                kind: Kind::parse(&row.get::<_, String>(2)?),
                did: row.get(3)?,
                unfinished: row.get(4)?,
            })
        })
        .optional()
}

/// Writes the command's row, or moves the end of one that comes in chunks.
pub(super) fn put(conn: &Connection, set: &ChangeSet, who: &Who, first: i64, last: i64, unfinished: bool) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO command(id, first_pos, last_pos, uid, login, session, kind, undoes, unfinished, did)
         VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT(id) DO UPDATE SET last_pos = excluded.last_pos, unfinished = excluded.unfinished, did = excluded.did",
    )?
    .execute(params![
        set.command.bytes(),
        first,
        last,
        who.uid,
        who.login,
        who.session.bytes(),
        set.kind.name(),
        set.undoes.map(|command| *command.bytes()),
        unfinished,
        set.did
    ])?;
    Ok(())
}

/// The undo of an import has come to its end: from now on it stands.
pub(super) fn finish(conn: &Connection, command: CommandId, did: &str) -> rusqlite::Result<()> {
    conn.execute("UPDATE command SET unfinished = 0, did = ?2 WHERE id = ?1", params![command.bytes(), did])?;
    Ok(())
}

/// The subjects of a command from `after` on, at most `limit`, each once with its first event's position.
pub(super) fn subjects(
    conn: &Connection,
    command: CommandId,
    row: &Row,
    after: i64,
    limit: usize,
) -> rusqlite::Result<Vec<(i64, SubjectId)>> {
    let mut found = conn.prepare_cached(
        "SELECT pos, subject FROM event WHERE pos > ?1 AND pos >= ?2 AND pos <= ?3 AND command = ?4 ORDER BY pos LIMIT ?5",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = found.query_map(params![after, row.first, row.last, command.bytes(), limit], |row| {
        Ok((row.get(0)?, read::id(row, 1, SubjectId::from_slice)?))
    })?;
    let mut rows = rows.collect::<rusqlite::Result<Vec<(i64, SubjectId)>>>()?;
    let mut seen = HashSet::with_capacity(rows.len());
    rows.retain(|(_, subject)| seen.insert(*subject));
    Ok(rows)
}

/// Whether the command changed this subject already.
pub(super) fn touched(conn: &Connection, command: CommandId, subject: SubjectId) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT EXISTS(SELECT 1 FROM event WHERE subject = ?1 AND command = ?2)")?
        .query_row(params![subject.bytes(), command.bytes()], |row| row.get(0))
}

/// The commands of a session or a person, newest first, down to the last one that still stands.
/// An undo counts whoever did it.
pub(super) fn stack(conn: &Connection, who: &Who, scope: Scope) -> rusqlite::Result<Vec<Done>> {
    let (whose, value): (&str, &dyn ToSql) = match scope {
        Scope::Session => ("session", who.session.bytes()),
        Scope::Person => ("uid", &who.uid),
    };
    let mut found = conn.prepare_cached(&format!(
        "SELECT c.id, c.kind, c.did,
           (SELECT CASE u.kind WHEN 'undo' THEN u.first_pos END FROM command u
            WHERE u.undoes = c.id AND u.unfinished = 0 ORDER BY u.first_pos DESC LIMIT 1)
         FROM command c WHERE c.{whose} = ?1 AND c.undoes IS NULL ORDER BY c.first_pos DESC"
    ))?;
    let mut rows = found.query([value])?;
    let mut stack = Vec::new();
    while let Some(row) = rows.next()? {
        let kind = Kind::parse(&row.get::<_, String>(1)?).unwrap_or(Kind::Set);
        let done = Done { command: read::id(row, 0, CommandId::from_slice)?, kind, did: row.get(2)?, undone_at: row.get(3)? };
        let stands = done.undone_at.is_none();
        stack.push(done);
        if stands {
            break;
        }
    }
    Ok(stack)
}

/// The unfinished undo (or redo) of an import that was interrupted is taken up again under its own
/// name, so that it ends as one command.
pub(super) fn interrupted(conn: &Connection, command: CommandId, way: Way) -> rusqlite::Result<Option<CommandId>> {
    conn.prepare_cached("SELECT id FROM command WHERE undoes = ?1 AND unfinished = 1 AND kind = ?2 ORDER BY first_pos DESC LIMIT 1")?
        .query_row(params![command.bytes(), way.kind().name()], |row| read::id(row, 0, CommandId::from_slice))
        .optional()
}
