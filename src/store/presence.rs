//! Who has which record open, and who left which one for another day? A small file beside the database.
//!
//! Nothing here is a change of a record, so nothing here is in the journal: a lease that moved a version would make
//! everybody's open note stale. The file may be deleted at any time; it is made anew, and what goes with it are the
//! leases and the list of skips.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, FileControl, MAIN_DB, Row, Transaction, TransactionBehavior, params};
use rustix::fs::{CWD, Gid, RenameFlags};
use tempfile::Builder;

use crate::domain::day::{Day, parse_day};
use crate::domain::id::{SessionId, SubjectId};
use crate::domain::skip::Skip;
use crate::domain::trouble::{Kind, Trouble};

use super::{Who, open, path, read};

/// `iTpr`, in the header of the file.
const APPLICATION_ID: i64 = 0x6954_7072;
/// The version of its tables. A file of another one is never changed.
const VERSION: i64 = 1;
const TABLES: &str = include_str!("schema/presence.sql");

/// Nobody waits long for a courtesy.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long it is remembered who skipped what.
const KEPT_DAYS: u64 = 400;

/// A session has a record open.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lease {
    pub subject: SubjectId,
    pub session: SessionId,
    pub login: String,
    /// Both in milliseconds since 1970.
    pub since: i64,
    pub until: i64,
}

/// One connection to `NAME.db-presence`.
#[derive(Debug)]
pub struct Presence {
    conn: Connection,
    database: PathBuf,
}

impl Presence {
    /// Opens the file beside `database`, and makes it if it is not there.
    pub fn open(database: &Path) -> Result<Presence, Trouble> {
        Ok(Presence { conn: connect(database)?, database: database.to_owned() })
    }

    /// The file beside `database` if there is one: to read in it makes none.
    pub fn look(database: &Path) -> Result<Option<Presence>, Trouble> {
        let is_there = std::fs::symlink_metadata(path::beside(database, "-presence")).is_ok();
        is_there.then(|| Presence::open(database)).transpose()
    }

    /// Takes the first of `wanted` that no other session has open, and lets go of what this one had. Two sessions that
    /// ask at one moment never get the same: the transaction decides.
    pub fn serve(&mut self, who: &Who, wanted: &[SubjectId], now: i64, until: i64) -> Result<Option<SubjectId>, Trouble> {
        self.writing(|tx| {
            tx.execute("DELETE FROM lease WHERE until <= ?1", [now])?;
            let mut taken = tx.prepare_cached("SELECT EXISTS(SELECT 1 FROM lease WHERE subject = ?1 AND session <> ?2)")?;
            for subject in wanted {
                if !taken.query_row(params![subject.bytes(), who.session.bytes()], |row| row.get::<_, bool>(0))? {
                    hold(tx, who, *subject, now, until)?;
                    return Ok(Some(*subject));
                }
            }
            Ok(None)
        })
    }

    /// Says that this session has `subject` open, whoever else has; lets go of what it had. `since` stays when it has
    /// it already.
    pub fn claim(&mut self, who: &Who, subject: SubjectId, now: i64, until: i64) -> Result<(), Trouble> {
        self.writing(|tx| {
            tx.execute("DELETE FROM lease WHERE until <= ?1", [now])?;
            hold(tx, who, subject, now, until)
        })
    }

    /// Lets go of all that this session has open.
    pub fn release(&mut self, who: &Who) -> Result<(), Trouble> {
        self.writing(|tx| {
            tx.execute("DELETE FROM lease WHERE session = ?1", [who.session.bytes()])?;
            Ok(())
        })
    }

    /// What is open anywhere, the oldest first.
    pub fn leases(&mut self, now: i64) -> Result<Vec<Lease>, Trouble> {
        self.in_place()?;
        let mut found = self
            .conn
            .prepare_cached("SELECT subject, session, login, since, until FROM lease WHERE until > ?1 ORDER BY since, session, subject")?;
        let rows = found.query_map([now], lease)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Another number each time that somebody else has written.
    pub fn data_version(&mut self) -> Result<i64, Trouble> {
        self.in_place()?;
        Ok(self.conn.query_row("PRAGMA data_version", [], |row| row.get(0))?)
    }

    /// Keeps a row away from this person for a day; on disk when it returns, because somebody may have typed why.
    pub fn skip(&mut self, who: &Who, skip: &Skip) -> Result<(), Trouble> {
        self.in_place()?;
        self.conn.execute_batch("PRAGMA synchronous = FULL")?;
        let oldest = skip.day.checked_sub_days(chrono::Days::new(KEPT_DAYS)).unwrap_or(skip.day).to_string();
        let done = self.writing(|tx| {
            tx.execute("DELETE FROM skip WHERE day < ?1", [&oldest])?;
            tx.execute(
                "INSERT INTO skip(day, uid, subject, login, reason, words, at) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT(day, uid, subject) DO UPDATE SET reason = excluded.reason, words = excluded.words, at = excluded.at",
                params![skip.day.to_string(), who.uid, skip.subject.bytes(), who.login, skip.reason, skip.words, skip.at],
            )?;
            Ok(())
        });
        self.conn.execute_batch("PRAGMA synchronous = NORMAL")?;
        done
    }

    /// The row comes back to this person on the same day.
    pub fn bring_back(&mut self, who: &Who, day: Day, subject: SubjectId) -> Result<(), Trouble> {
        self.writing(|tx| {
            tx.execute(
                "DELETE FROM skip WHERE day = ?1 AND uid = ?2 AND subject = ?3",
                params![day.to_string(), who.uid, subject.bytes()],
            )?;
            Ok(())
        })
    }

    /// What was skipped from `from` to `to`, the latest first: by this person, or by everybody.
    pub fn skips(&mut self, from: Day, to: Day, whose: Option<&Who>) -> Result<Vec<Skip>, Trouble> {
        self.in_place()?;
        let mut found = self.conn.prepare_cached(
            "SELECT subject, day, login, reason, words, at FROM skip
             WHERE day BETWEEN ?1 AND ?2 AND (?3 IS NULL OR uid = ?3) ORDER BY at DESC, subject",
        )?;
        let rows = found.query_map(params![from.to_string(), to.to_string(), whose.map(|who| who.uid)], skipped)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn writing<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T, Trouble> {
        self.in_place()?;
        let tx = Transaction::new(&mut self.conn, TransactionBehavior::Immediate)?;
        let answer = work(&tx)?;
        tx.commit()?;
        Ok(answer)
    }

    /// Somebody may have deleted the file, which is allowed: from then on it is a new one.
    fn in_place(&mut self) -> Result<(), Trouble> {
        let mut moved = 0;
        let is_there = self.conn.file_control(Some(MAIN_DB), FileControl::HasMoved(&mut moved)).is_ok() && moved == 0;
        if !is_there {
            self.conn = connect(&self.database)?;
        }
        Ok(())
    }
}

/// A session has one record open at a time.
fn hold(tx: &Transaction<'_>, who: &Who, subject: SubjectId, now: i64, until: i64) -> rusqlite::Result<()> {
    let (subject, session) = (subject.bytes(), who.session.bytes());
    tx.execute("DELETE FROM lease WHERE session = ?1 AND subject <> ?2", params![session, subject])?;
    tx.execute(
        "INSERT INTO lease(subject, session, login, since, until) VALUES(?1, ?2, ?3, ?4, ?5)
         ON CONFLICT(subject, session) DO UPDATE SET until = excluded.until",
        params![subject, session, who.login, now, until],
    )?;
    Ok(())
}

fn lease(row: &Row<'_>) -> rusqlite::Result<Lease> {
    Ok(Lease {
        subject: read::id(row, 0, SubjectId::from_slice)?,
        session: read::id(row, 1, SessionId::from_slice)?,
        login: row.get(2)?,
        since: row.get(3)?,
        until: row.get(4)?,
    })
}

fn skipped(row: &Row<'_>) -> rusqlite::Result<Skip> {
    let day: String = row.get(1)?;
    Ok(Skip {
        subject: read::id(row, 0, SubjectId::from_slice)?,
        day: parse_day(&day).ok_or(rusqlite::Error::InvalidQuery)?,
        login: row.get(2)?,
        reason: row.get(3)?,
        words: row.get(4)?,
        at: row.get(5)?,
    })
}

fn connect(database: &Path) -> Result<Connection, Trouble> {
    let file = path::beside(database, "-presence");
    if std::fs::symlink_metadata(&file).is_err() {
        make(&file, database)?;
    }
    let conn = open::connect(&file)?;
    conn.busy_timeout(PATIENCE)?;
    let number = |pragma: &str| conn.query_row(pragma, [], |row| row.get::<_, i64>(0));
    let found = number("PRAGMA application_id").and_then(|id| Ok((id, number("PRAGMA user_version")?)));
    match found.map_err(Trouble::from) {
        Ok((APPLICATION_ID, VERSION)) => {}
        Err(trouble) if trouble.kind != Kind::Data => return Err(trouble),
        _ => {
            let says = format!("{} is not what this intertie keeps leases and skips in", file.display());
            return Err(Trouble::data(says).hint("remove it: it is made anew"));
        }
    }
    settle(&conn)?;
    Ok(conn)
}

/// No WAL: this file may be deleted while it is open, and a WAL goes by its name. The journal stays as a file, because
/// in a directory of a group nobody may delete what a crashed session of somebody else left.
fn settle(conn: &Connection) -> rusqlite::Result<()> {
    conn.query_row("PRAGMA journal_mode = PERSIST", [], |_| Ok(()))?;
    // A lease that a power cut takes away is no loss.
    conn.execute_batch("PRAGMA synchronous = NORMAL")
}

/// Complete under its name, or not at all; whoever may write the database may write this.
fn make(file: &Path, database: &Path) -> Result<(), Trouble> {
    let failed = |err: std::io::Error| Trouble::io(format!("{} cannot be made", file.display())).because(err);
    let like = path::examine(database)?;
    let draft = Builder::new().prefix(".new-").suffix(".db").tempfile_in(path::directory(file)).map_err(failed)?.into_temp_path();
    let conn = open::connect(&draft)?;
    conn.execute_batch(TABLES)?;
    conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    conn.pragma_update(None, "user_version", VERSION)?;
    conn.close().map_err(|(_, err)| Trouble::from(err))?;
    let made = std::fs::metadata(&draft).map_err(failed)?;
    if made.gid() != like.gid() {
        rustix::fs::chown(&*draft, None, Some(Gid::from_raw(like.gid()))).map_err(|err| failed(err.into()))?;
    }
    std::fs::set_permissions(&draft, std::fs::Permissions::from_mode(like.mode() & 0o666)).map_err(failed)?;
    // What a deleted file left behind would be played into the new one.
    let _ = std::fs::remove_file(path::beside(file, "-journal"));
    match rustix::fs::renameat_with(CWD, &*draft, CWD, file, RenameFlags::NOREPLACE) {
        // Another session was faster.
        Err(rustix::io::Errno::EXIST) => Ok(()),
        Err(err) => Err(failed(err.into())),
        Ok(()) => {
            drop(draft.keep());
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::fixture::{Place, subject, today, who};

    const MINUTE: i64 = 60_000;

    fn skip(n: u128, words: &str, at: i64) -> Skip {
        Skip { subject: subject(n), day: today(), login: String::new(), reason: "other".to_owned(), words: words.to_owned(), at }
    }

    fn held(presence: &mut Presence, now: i64) -> Vec<(SubjectId, String)> {
        presence.leases(now).expect("a read").into_iter().map(|lease| (lease.subject, lease.login)).collect()
    }

    #[test]
    fn two_that_ask_at_once_get_two_rows() {
        let place = Place::new();
        let all: Vec<SubjectId> = (0..8).map(subject).collect();
        let served: Vec<SubjectId> = std::thread::scope(|scope| {
            let one = |n: u32| {
                let (path, all) = (&place.path, &all);
                scope.spawn(move || {
                    let mut presence = Presence::open(path).expect("it opens");
                    let who = Who { session: SessionId(uuid::Uuid::from_u128(n.into())), ..who(1) };
                    presence.serve(&who, all, 0, 10 * MINUTE).expect("it serves").expect("a row is free")
                })
            };
            let threads: Vec<_> = (0..8).map(one).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
        });
        let mut different = served.clone();
        different.sort();
        different.dedup();
        assert_eq!(different.len(), 8, "{served:?}");
    }

    #[test]
    fn a_lease_ends_by_itself_or_with_the_next() {
        let place = Place::new();
        let mut presence = Presence::open(&place.path).expect("it opens");
        let both = [subject(1), subject(2)];
        let serve = |presence: &mut Presence, n, now| presence.serve(&who(n), &both, now, now + 10 * MINUTE).expect("it serves");
        assert_eq!(serve(&mut presence, 1, 0), Some(subject(1)));
        assert_eq!(serve(&mut presence, 1, 1), Some(subject(1)), "one's own is no hindrance");
        assert_eq!(serve(&mut presence, 2, 2), Some(subject(2)));
        assert_eq!(serve(&mut presence, 3, 3), None, "both are held");
        // A key of the first, then nothing from anybody: the crashed second loses its row, the first keeps it.
        presence.claim(&who(1), subject(1), 5 * MINUTE, 15 * MINUTE).expect("renewed");
        assert_eq!(presence.leases(5 * MINUTE).expect("a read")[0].since, 0, "it is open since then");
        assert_eq!(serve(&mut presence, 3, 10 * MINUTE + 3), Some(subject(2)));
        assert_eq!(held(&mut presence, 11 * MINUTE), [(subject(1), "jdoe".to_owned()), (subject(2), "bjones".to_owned())]);
        presence.release(&who(1)).expect("let go");
        assert_eq!(serve(&mut presence, 2, 11 * MINUTE), Some(subject(1)));
        // Who opens what somebody has open is seen beside them, not instead.
        presence.claim(&who(3), subject(1), 12 * MINUTE, 22 * MINUTE).expect("claimed");
        assert_eq!(held(&mut presence, 12 * MINUTE), [(subject(1), "asmith".to_owned()), (subject(1), "bjones".to_owned())]);
    }

    #[test]
    fn a_skip_is_one_persons_and_one_days() {
        let place = Place::new();
        let mut presence = Presence::open(&place.path).expect("it opens");
        presence.skip(&who(1), &skip(1, "wants a fax", 5)).expect("kept");
        presence.skip(&who(1), &skip(1, "wants two faxes", 6)).expect("kept");
        presence.skip(&who(2), &skip(2, "", 7)).expect("kept");
        let day = today();
        let mine = presence.skips(day, day, Some(&who(1))).expect("a read");
        assert_eq!(mine, [Skip { login: "jdoe".to_owned(), ..skip(1, "wants two faxes", 6) }]);
        assert_eq!(presence.skips(day, day, None).expect("a read").len(), 2);
        let tomorrow = day.succ_opt().expect("a day");
        assert!(presence.skips(tomorrow, tomorrow, Some(&who(1))).expect("a read").is_empty());
        presence.bring_back(&who(1), day, subject(1)).expect("back");
        assert!(presence.skips(day, day, Some(&who(1))).expect("a read").is_empty());
        assert_eq!(presence.skips(day, tomorrow, None).expect("a read").len(), 1, "the other's stays");
    }

    #[test]
    #[allow(clippy::disallowed_methods, reason = "the test damages the file")]
    fn the_file_is_the_groups_like_the_database_and_may_go() {
        let place = Place::new();
        let file = path::beside(&place.path, "-presence");
        std::fs::set_permissions(&place.path, std::fs::Permissions::from_mode(0o660)).expect("for the group");
        let mut presence = Presence::open(&place.path).expect("it opens");
        assert_eq!(std::fs::metadata(&file).expect("it is there").mode() & 0o777, 0o660, "whatever the umask");
        presence.claim(&who(1), subject(1), 0, MINUTE).expect("claimed");
        std::fs::remove_file(&file).expect("it goes");
        assert!(held(&mut presence, 1).is_empty(), "it went with the file");
        presence.claim(&who(1), subject(2), 1, MINUTE).expect("a new file");
        assert_eq!(held(&mut Presence::open(&place.path).expect("it opens"), 2).len(), 1, "all see the new one");
        drop(presence);
        std::fs::write(&file, "not a database at all, and long enough to be looked at as one: 0123456789 0123456789 0123456789")
            .expect("damaged");
        let refused = Presence::open(&place.path).expect_err("a foreign file is left alone");
        assert!(refused.says.ends_with("queue.db-presence is not what this intertie keeps leases and skips in"), "{}", refused.says);
        place.clean();
    }
}
