//! Writes one command: gate, one transaction, versions checked, events, their fold, all or nothing.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use crate::domain::application::Application;
use crate::domain::change::{Change, ChangeSet};
use crate::domain::event::{self, Event, Kind, Of, Write};
use crate::domain::hold;
use crate::domain::id::{EventId, Hlc, SubjectId};
use crate::domain::record::Record;
use crate::domain::trouble::{Refusal, Trouble};
use crate::domain::value::Value;

use super::chain::{self, Hash, Salts};
use super::derive::{self, Rows};
use super::schema::SCHEMA;
use super::{Access, CommitError, Committed, Stale, Store, Who, command, path, pragmas, schema};

/// The longest body of an event, as the schema has it.
const BODY_MAX: usize = 262_144;

/// A change set of so many subjects is a batch, with more to come.
const MANY: usize = 100;

/// Above this size the WAL is cut when it can be, at most once a minute.
const WAL_MAX: u64 = 64 * 1024 * 1024;

impl Store {
    /// Writes `set` whole or not at all. `millis` is the wall clock; `seed` is fresh chance.
    ///
    /// A command that is in the journal already gives its first answer again and writes nothing; an
    /// import's next chunk, under the same id, adds the subjects that it has not changed yet.
    pub fn commit(&mut self, set: &ChangeSet, who: &Who, millis: i64, seed: [u8; 16]) -> Result<Committed, CommitError> {
        self.commit_all(set.clone(), who, millis, seed)
    }

    /// The same for a set that nobody else needs: the chunks of an import are large.
    pub fn commit_all(&mut self, set: ChangeSet, who: &Who, millis: i64, seed: [u8; 16]) -> Result<Committed, CommitError> {
        let mut salts = Salts::new(seed);
        if set.changes.len() >= MANY {
            pragmas::widen(&self.conn)?;
        }
        let manner = if set.kind == Kind::Import { Manner::Chunk { unfinished: false } } else { Manner::Whole };
        self.writing(who, millis, |writing| writing.write(set, &mut salts, manner))
    }

    /// One write transaction behind the gate. An error leaves everything as it was.
    pub(super) fn writing<T>(
        &mut self,
        who: &Who,
        millis: i64,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, CommitError>,
    ) -> Result<T, CommitError> {
        if self.access != Access::Write {
            return Err(Trouble::io("this connection only reads: nothing was written").into());
        }
        let held = self.gate.hold(&who.named())?;
        self.in_place()?;
        let tx = Transaction::new_unchecked(&self.conn, TransactionBehavior::Immediate).map_err(|err| self.with_holder(err))?;
        let found = schema::version(&tx)?;
        if found != SCHEMA {
            let says = format!("the database was upgraded to schema {found} in the meantime: nothing was written");
            return Err(Trouble::config(says).hint("close intertie and start the new one").into());
        }
        let mut writing = Writing::begin(self, &tx, who, millis)?;
        let answer = work(&mut writing)?;
        tx.commit().map_err(|err| self.with_holder(err))?;
        self.cut_wal(millis);
        drop(held);
        Ok(answer)
    }

    fn with_holder(&self, err: rusqlite::Error) -> Trouble {
        match err.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => self.gate.busy().because(err),
            _ => err.into(),
        }
    }

    /// Readers that overlap without a gap let the WAL grow; whoever holds the gate cuts it.
    fn cut_wal(&mut self, millis: i64) {
        let large = std::fs::metadata(path::beside(&self.path, "-wal")).is_ok_and(|found| found.len() > WAL_MAX);
        if large && millis.abs_diff(self.wal_cut) > 60_000 {
            self.wal_cut = millis;
            // It waits for readers, so it gets little time; a failure only means another try later.
            let _ = self.conn.busy_timeout(std::time::Duration::from_millis(50));
            let _ = self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            let _ = self.conn.busy_timeout(pragmas::PATIENCE);
        }
    }
}

/// Whether a command is one transaction or several.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    Whole,
    Chunk { unfinished: bool },
}

/// An open write transaction, and where this replica's chain stands in it.
pub(super) struct Writing<'a> {
    pub(super) conn: &'a Connection,
    pub(super) store: &'a Store,
    pub(super) who: &'a Who,
    millis: i64,
    replica: i64,
    seq: i64,
    head: Hash,
    hlc: Hlc,
    last_reference: i64,
}

impl<'a> Writing<'a> {
    fn begin(store: &'a Store, tx: &'a Connection, who: &'a Who, millis: i64) -> Result<Writing<'a>, Trouble> {
        let mut found =
            tx.prepare_cached("SELECT id, max_seq, head, (SELECT max(max_hlc) FROM replica), last_reference FROM replica WHERE uuid = ?1")?;
        let writing = found.query_row([store.about.replica.bytes()], |row| {
            Ok(Writing {
                conn: tx,
                store,
                who,
                millis,
                replica: row.get(0)?,
                seq: row.get(1)?,
                head: row.get(2)?,
                hlc: Hlc(row.get(3)?),
                last_reference: row.get(4)?,
            })
        })?;
        Ok(writing)
    }

    pub(super) fn write(&mut self, mut set: ChangeSet, salts: &mut Salts, manner: Manner) -> Result<Committed, CommitError> {
        let known = command::find(self.conn, set.command)?;
        if let (Some(known), Manner::Whole) = (&known, manner) {
            return self.first_answer(&set, known);
        }
        let mut committed = Committed { did: set.did.clone(), ..Committed::default() };
        let (mut first, mut last) = (None, 0);
        let mut seen: BTreeMap<SubjectId, Option<i64>> = BTreeMap::new();
        for change in std::mem::take(&mut set.changes) {
            // A touch and its message are two events of one record, the second upon the first; a command that
            // changes a record twice from one state has not seen what it changed.
            let before = seen.insert(change.subject, change.expects);
            if before.is_some_and(|before| change.expects.is_none() || change.expects != before.map(|version| version + 1)) {
                return Err(Refusal::new("a command changed one record twice: nothing was written").into());
            }
            let subject = change.subject;
            let facts = match self.change(&set, change, salts) {
                Ok((position, rows)) => {
                    last = position;
                    first.get_or_insert(last);
                    rows.and_then(|rows| rows.facts)
                }
                // It has another version because an earlier chunk under this id has changed it.
                Err(CommitError::Stale(_)) if known.is_some() && command::touched(self.conn, set.command, subject)? => {
                    derive::facts(self.conn, subject)?
                }
                Err(other) => return Err(other),
            };
            match committed.facts.last_mut() {
                Some((last, told)) if *last == subject => *told = facts,
                _ => committed.facts.push((subject, facts)),
            }
        }
        if let Some(first) = first {
            let unfinished = matches!(manner, Manner::Chunk { unfinished: true });
            command::put(self.conn, &set, self.who, first, last, unfinished)?;
            self.conn
                .prepare_cached("UPDATE replica SET last_reference = ?2 WHERE id = ?1 AND last_reference <> ?2")?
                .execute(params![self.replica, self.last_reference])?;
        }
        committed.position = self.position()?;
        Ok(committed)
    }

    fn position(&self) -> Result<i64, Trouble> {
        Ok(self.conn.prepare_cached("SELECT coalesce(max(pos), 0) FROM event")?.query_row([], |row| row.get(0))?)
    }

    fn first_answer(&self, set: &ChangeSet, known: &command::Row) -> Result<Committed, CommitError> {
        let mut committed = Committed { did: known.did.clone(), position: self.position()?, ..Committed::default() };
        for (_, subject) in command::subjects(self.conn, set.command, known, 0, usize::MAX)? {
            committed.facts.push((subject, derive::facts(self.conn, subject)?));
        }
        Ok(committed)
    }

    /// One subject's event: its position, and what the tables say of an application now.
    fn change(&mut self, set: &ChangeSet, mut change: Change, salts: &mut Salts) -> Result<(i64, Option<Rows>), CommitError> {
        let mut record = self.seen(&change)?;
        if hold::refuses(&record, &change) {
            let reference = record.text("reference").unwrap_or_default().to_owned();
            return Err(CommitError::Held { subject: change.subject, reference });
        }
        let before = (change.of == Of::Application).then(|| Application(record.clone()));
        let mut fields = std::mem::take(&mut change.fields);
        if change.needs_reference {
            self.last_reference += 1;
            let reference = format!("{}-{}", self.store.about.letter, self.last_reference);
            fields.insert("reference".to_owned(), Write { to: Value::Text(reference), ..Write::default() });
        }
        self.hlc = self.hlc.next(self.millis);
        let event = Event {
            id: EventId { replica: self.store.about.replica, seq: self.seq + 1 },
            hlc: self.hlc,
            uid: self.who.uid,
            actor: self.who.login.clone(),
            session: self.who.session,
            command: set.command,
            subject: change.subject,
            of: change.of,
            kind: set.kind,
            on: set.on,
            fields,
            undoes: set.undoes,
            playbook: set.playbook.clone(),
        };
        self.append(&event, salts)?;
        let position = self.conn.last_insert_rowid();
        record.apply(&event);
        let Some(before) = before else { return Ok((position, None)) };
        let rows = Rows::of(&Application(record));
        rows.write(self.conn, change.subject, &Rows::of(&before))?;
        Ok((position, Some(rows)))
    }

    /// The record in the version that the change's author saw.
    fn seen(&self, change: &Change) -> Result<Record, CommitError> {
        let expects = change.expects.unwrap_or(0);
        if expects == 0 {
            let exists = "SELECT 1 FROM event WHERE subject = ?1 LIMIT 1";
            let found: Option<i64> = self.conn.prepare_cached(exists)?.query_row([change.subject.bytes()], |row| row.get(0)).optional()?;
            if found.is_none() {
                return Ok(Record::new(change.subject, change.of));
            }
        }
        let events = self.store.events(change.subject)?;
        let record = Record::fold(change.subject, change.of, &events);
        if record.version == expects {
            return Ok(record);
        }
        let since = events.get(usize::try_from(expects).unwrap_or(0)..).unwrap_or_default();
        let changed: BTreeSet<String> = since.iter().flat_map(|event| event.fields.keys().cloned()).collect();
        Err(CommitError::Stale(Stale {
            subject: change.subject,
            reference: record.text("reference").unwrap_or_default().to_owned(),
            seen: expects,
            now: record.version,
            by: since.last().or(events.last()).map(|event| event.actor.clone()).unwrap_or_default(),
            changed: changed.into_iter().collect(),
        }))
    }

    pub(super) fn append(&mut self, event: &Event, salts: &mut Salts) -> Result<(), CommitError> {
        let body = event::to_json(event, &salts.draw());
        if body.len() > BODY_MAX {
            return Err(Refusal::new("that is more text than one change may have (256 KiB): nothing was written").into());
        }
        let body_hash = chain::body_hash(&body);
        let hash = chain::link(&self.head, event, SCHEMA, &body_hash);
        self.conn
            .prepare_cached(
                "INSERT INTO event(replica, seq, hlc, wv, command, actor, subject, \"of\", kind, on_day, undoes, body, bhash, hash)
                 VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            )?
            .execute(params![
                self.replica,
                event.id.seq,
                event.hlc.0,
                SCHEMA,
                event.command.bytes(),
                event.actor,
                event.subject.bytes(),
                event.of.name(),
                event.kind.name(),
                event.on.to_string(),
                event.undoes.map(|command| *command.bytes()),
                body,
                body_hash,
                hash
            ])?;
        self.seq = event.id.seq;
        self.head = hash;
        self.hlc = self.hlc.max(event.hlc);
        Ok(())
    }

    /// Refuses an event that was numbered for another place in the journal.
    pub(super) fn continues(&self, event: &Event) -> Result<(), Trouble> {
        if event.id.replica == self.store.about.replica && event.id.seq == self.seq + 1 && event.hlc > self.hlc {
            return Ok(());
        }
        Err(Trouble::data(format!("event {} does not follow event {}: nothing was written", event.id.seq, self.seq)))
    }

    /// A reference that was given already: the next new one comes after it.
    pub(super) fn count(&mut self, reference: &str) -> Result<(), Trouble> {
        let number = reference.rsplit('-').next().and_then(|digits| digits.parse::<i64>().ok()).unwrap_or(0);
        if number > self.last_reference {
            self.last_reference = number;
            let mut update = self.conn.prepare_cached("UPDATE replica SET last_reference = ?2 WHERE id = ?1")?;
            update.execute(params![self.replica, number])?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::trouble::Failure;
    use crate::store::Access;
    use crate::store::fixture::{Place, command, imported, subject, today, who};

    #[test]
    fn what_is_committed_is_there_and_answers_twice() {
        let mut place = Place::new();
        let set =
            place.set(1, 1, Kind::Open, &[("site", "12 Elm St".into()), ("customer_name", "Smith".into()), ("note", "called".into())]);
        let first = place.commit(1, &set).expect("an opening");
        let facts = first.facts[0].1.clone().expect("an application");
        assert_eq!((facts.reference.as_str(), facts.site.as_str(), facts.version), ("A-1001", "12 Elm St", 1));
        assert_eq!((facts.last_note.as_str(), facts.touched), ("called", Some(today())));
        let again = place.commit(2, &set).expect("the first answer");
        assert_eq!(again, first, "a command that was sent twice happened once");
        assert_eq!(place.store.position(), Ok(1));
        assert_eq!(place.store.facts(&[subject(1), subject(2)]), Ok(vec![Some(facts), None]));
        place.clean();
    }

    #[test]
    fn a_change_of_another_version_writes_nothing_and_says_who() {
        let mut place = Place::new();
        place.open(1, 1, &[]);
        place.open(1, 2, &[]);
        let mut mine = place.set(1, 1, Kind::Touch, &[("ball", "utility".into())]);
        let other = place.set(1, 2, Kind::Touch, &[("ball", "customer".into())]);
        mine.changes.insert(0, other.changes[0].clone());
        place.touch(2, 1, &[("note", "LVM".into()), ("owner", "asmith".into())]);
        let before = place.store.position();
        let err = place.commit(1, &mine).expect_err("a stale change");
        let stale = Stale {
            subject: subject(1),
            reference: "A-1001".into(),
            seen: 1,
            now: 2,
            by: "asmith".into(),
            changed: vec!["note".into(), "owner".into()],
        };
        assert_eq!(err, CommitError::Stale(stale));
        let says = Failure::from(err);
        assert_eq!(says.says(), "A-1001 was changed by asmith in the meantime: nothing was written");
        assert_eq!(place.store.position(), before);
        assert_eq!(place.record(2).version, 1, "the other half of the command neither");
        let mut new = place.set(1, 9, Kind::Open, &[]);
        new.changes[0].subject = subject(1);
        assert!(matches!(place.commit(1, &new), Err(CommitError::Stale(Stale { seen: 0, now: 2, .. }))), "it exists");
        let mut ghost = place.set(1, 1, Kind::Touch, &[]);
        ghost.changes[0].subject = subject(77);
        assert!(matches!(place.commit(1, &ghost), Err(CommitError::Stale(Stale { seen: 2, now: 0, .. }))), "it does not exist");
        place.clean();
    }

    #[test]
    fn a_legal_hold_refuses_everything_but_its_release() {
        let mut place = Place::new();
        place.open(1, 1, &[]);
        place.touch(1, 1, &[("legal_hold", true.into()), ("ball", "us".into())]);
        for fields in [
            &[("note", "x".into())][..],
            &[("legal_hold", true.into())],
            &[("legal_hold", false.into()), ("ball", "utility".into())],
            &[("status", Value::map([("from", Value::Nothing), ("to", "intake".into())]))],
            &[],
        ] {
            let set = place.set(1, 1, Kind::Touch, fields);
            let held = CommitError::Held { subject: subject(1), reference: "A-1001".into() };
            assert_eq!(place.commit(1, &set), Err(held), "{fields:?}");
        }
        let undo = place.undo(1, crate::store::Scope::Session);
        assert!(matches!(undo, Err(CommitError::Held { .. })), "an undo that does more than to release it");
        place.touch(2, 1, &[("legal_hold", Value::Nothing), ("note", "released by counsel".into())]);
        place.touch(2, 1, &[("ball", "utility".into())]);
        place.clean();
    }

    #[test]
    fn an_import_comes_in_chunks_under_one_command() {
        let mut place = Place::new();
        let import = place.import(1, 1..8, 3);
        assert_eq!(place.store.count(), Ok(7));
        let chunk = |rows: std::ops::Range<u128>| ChangeSet {
            command: import,
            kind: Kind::Import,
            on: today(),
            undoes: None,
            changes: rows.map(imported).collect(),
            did: "import of queue.csv".to_owned(),
            playbook: String::new(),
        };
        let done = place.commit(1, &chunk(6..10)).expect("a chunk of which half is known");
        assert_eq!(done.facts.len(), 4);
        assert!(done.facts.iter().all(|(_, facts)| facts.is_some()));
        assert_eq!(place.store.position(), Ok(9), "rows that were there are not written again");
        let known = place.store.imported("portal", &["K8", "K99"]).expect("a read");
        assert_eq!(known[0].as_ref().map(|known| (known.subject, known.values["site"].clone())), Some((subject(8), "site 8".into())));
        assert_eq!(known[1], None);
        assert_eq!(place.store.imported_but("portal", &|_| false).expect("a read").len(), 9);
        assert_eq!(place.store.imported_but("elsewhere", &|_| false), Ok(vec![]));
        place.clean();
    }

    #[test]
    fn a_record_is_changed_once_by_a_command() {
        let mut place = Place::new();
        place.open(1, 1, &[]);
        let mut set = place.set(1, 1, Kind::Touch, &[("ball", "us".into())]);
        set.changes.push(set.changes[0].clone());
        assert!(matches!(place.commit(1, &set), Err(CommitError::Refused(_))));
        let long = place.set(1, 1, Kind::Touch, &[("note", "x".repeat(BODY_MAX).into())]);
        assert!(matches!(place.commit(1, &long), Err(CommitError::Refused(_))));
        assert_eq!(place.store.position(), Ok(1));
    }

    #[test]
    fn a_full_disk_writes_nothing_and_goes_on_when_there_is_room() {
        let mut place = Place::new();
        place.open(1, 1, &[]);
        let pages: i64 = place.store.conn.query_row("PRAGMA page_count", [], |row| row.get(0)).expect("a pragma");
        place.store.conn.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).expect("a pragma");
        let note = Value::text("n".repeat(60_000));
        let set = place.set(1, 1, Kind::Touch, &[("note", note)]);
        let Err(CommitError::Trouble(trouble)) = place.commit(1, &set) else { panic!("there is no room") };
        assert_eq!(trouble.says, "the disk is full: nothing was written");
        assert_eq!(Failure::Trouble(trouble).exit_code(), 74);
        assert_eq!(place.record(1).version, 1, "reading goes on");
        place.store.conn.query_row("PRAGMA max_page_count = 100000", [], |_| Ok(())).expect("a pragma");
        place.commit(1, &set).expect("there is room again");
        place.clean();
    }

    #[test]
    fn the_clock_of_events_never_goes_back() {
        let mut place = Place::new();
        for (n, millis) in [(1, 1_800_000_000_000_i64), (2, 5), (3, -7), (4, 1_800_000_000_001)] {
            let set = place.set(1, n, Kind::Open, &[]);
            place.store.commit(&set, &who(1), millis, [1; 16]).expect("an opening");
        }
        let clocks: Vec<i64> = place.store.history(None, 10).expect("a read").iter().map(|event| event.hlc.0).collect();
        assert!(clocks.is_sorted() && clocks.len() == 4, "{clocks:?}");
        assert_eq!(clocks[0] >> 16, 1_800_000_000_000);
        place.clean();
    }

    #[test]
    fn a_reader_does_not_write_and_a_replaced_file_is_not_written() {
        let mut place = Place::new();
        place.open(1, 1, &[]);
        let set = place.set(1, 1, Kind::Touch, &[("ball", "us".into())]);
        let mut reader = Store::open(&place.path, Access::Read).expect("a reader");
        let err = reader.commit(&set, &who(1), 1, [0; 16]).expect_err("a reader");
        assert!(matches!(&err, CommitError::Trouble(trouble) if trouble.says.contains("only reads")), "{err:?}");
        assert!(reader.conn.execute("DELETE FROM application", []).is_err(), "SQLite refuses it too");
        std::fs::rename(&place.path, place.dir.path().join("old.db")).expect("a rename");
        assert!(!place.store.is_in_place());
        let err = place.commit(1, &set).expect_err("a replaced file");
        assert!(matches!(&err, CommitError::Trouble(trouble) if trouble.says.contains("was replaced")), "{err:?}");
    }

    #[test]
    fn an_older_program_cannot_write_to_a_newer_schema() {
        let mut place = Place::new();
        place.open(1, 1, &[]);
        let set = place.set(1, 1, Kind::Touch, &[("ball", "us".into())]);
        place.store.conn.execute("UPDATE meta SET v = ?1 WHERE k = 'min_writer'", [SCHEMA + 1]).expect("a new rule");
        let Err(CommitError::Trouble(trouble)) = place.commit(1, &set) else { panic!("the trigger refuses it") };
        assert_eq!(Failure::Trouble(trouble).exit_code(), 78);
        place.store.conn.pragma_update(None, "user_version", SCHEMA + 1).expect("a newer schema");
        let Err(CommitError::Trouble(trouble)) = place.commit(1, &set) else { panic!("the version refuses it") };
        assert!(trouble.says.contains(&format!("upgraded to schema {}", SCHEMA + 1)), "{}", trouble.says);
        assert_eq!(place.store.position(), Ok(1));
    }

    #[test]
    fn the_same_command_of_two_kinds_of_subject() {
        let mut place = Place::new();
        let person = place.store.person_subject("jdoe");
        assert_ne!(person, place.store.company_subject());
        let mut set = place.set(1, 1, Kind::Set, &[("login", "jdoe".into()), ("name", "J. Doe".into())]);
        set.changes[0].subject = person;
        set.changes[0].of = Of::Person;
        set.command = command(5);
        let done = place.commit(1, &set).expect("a person");
        assert_eq!(done.facts, vec![(person, None)]);
        assert_eq!(place.store.person("jdoe").expect("a read").text("name"), Some("J. Doe"));
        assert_eq!(place.store.person("nobody").expect("a read").version, 0);
        assert_eq!(place.store.company().expect("a read").version, 0);
        let people = place.store.people().expect("a read");
        assert_eq!(people.iter().map(|(login, record)| (login.as_str(), record.version)).collect::<Vec<_>>(), [("jdoe", 1)]);
        assert_eq!(place.store.count(), Ok(0), "a person is no row of the queue");
        place.clean();
    }
}
