//! Reads: facts for the list, records folded from the journal, what others changed.
//!
//! Each call is one short read transaction: a reader that lingers keeps the WAL from starting over.

use std::collections::BTreeMap;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::domain::application::Application;
use crate::domain::day::{Datelike, Day, NaiveTime, When, parse_day};
use crate::domain::event::{self, Event, Kind, Of};
use crate::domain::facts::Facts;
use crate::domain::history;
use crate::domain::id::{CommandId, EventId, Hlc, ReplicaId, SessionId, SubjectId, Uuid};
use crate::domain::record::Record;
use crate::domain::trouble::Trouble;

use super::Store;

/// The columns of a row of the queue, in the order of `facts`.
pub(super) const FACTS: &str = "subject, version, reference, number, site, customer, utility, status, ball, owner, product, lane, project, size, \
     follow_up, follow_up_minute, entered, touched, promised, expires, goal, cure_due, install_on, incentive_due, todo_due, todo_title, todos, hold, \
     flags, vip, last_note, matter";

/// An event's columns, in the order of `event`.
pub(super) const EVENT: &str = "SELECT r.uuid, e.seq, e.hlc, e.actor, e.command, e.subject, e.\"of\", e.kind, e.on_day, e.undoes, e.body, e.pos \
     FROM event e JOIN replica r ON r.id = e.replica ";

/// At most so many events per call of `changed_since`.
const CHANGES: i64 = 5_000;

/// What others (or this session) changed since a position of the journal.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Changed {
    /// Each changed subject once, with who changed it last and in which session. `None`: it does
    /// not exist any more, or is no application.
    pub subjects: Vec<(SubjectId, Option<Facts>, String, SessionId)>,
    /// Ask again from here. It is behind `position()` when more than 5,000 events had come.
    pub position: i64,
}

impl Store {
    /// The journal's length: the position of its last event, 0 when it is empty.
    pub fn position(&self) -> Result<i64, Trouble> {
        Ok(self.conn.prepare_cached("SELECT coalesce(max(pos), 0) FROM event")?.query_row([], |row| row.get(0))?)
    }

    /// Another number after somebody else's commit; only comparable on one connection.
    pub fn data_version(&self) -> Result<i64, Trouble> {
        Ok(self.conn.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?)
    }

    /// A subject as its events left it; `None` when it has none.
    pub fn record(&self, subject: SubjectId) -> Result<Option<Record>, Trouble> {
        let events = self.events(subject)?;
        Ok(events.first().map(|first| Record::fold(subject, first.of, &events)))
    }

    /// `None` also for an application whose opening was undone.
    pub fn application(&self, subject: SubjectId) -> Result<Option<Application>, Trouble> {
        let record = self.record(subject)?;
        Ok(record.filter(|record| record.of == Of::Application && record.exists()).map(Application))
    }

    /// How many applications exist.
    pub fn count(&self) -> Result<i64, Trouble> {
        Ok(self.conn.query_row("SELECT count(*) FROM application", [], |row| row.get(0))?)
    }

    /// The next `limit` rows of the queue after row `after` (0: from the start), in the order in
    /// which they were opened. The answer is where the next slice starts; `None`: that was all.
    pub fn slice(&self, after: i64, limit: usize, each: &mut dyn FnMut(i64, Facts)) -> Result<Option<i64>, Trouble> {
        let mut found = self.conn.prepare_cached(&format!("SELECT {FACTS}, id FROM application WHERE id > ?1 ORDER BY id LIMIT ?2"))?;
        let mut rows = found.query(params![after, i64::try_from(limit).unwrap_or(i64::MAX)])?;
        let (mut last, mut read) = (after, 0);
        while let Some(row) = rows.next()? {
            let mut columns = Columns::new(row);
            let one = columns.facts()?;
            last = columns.number()?;
            read += 1;
            each(last, one);
        }
        Ok((read == limit && limit > 0).then_some(last))
    }

    /// The facts of each subject, in the order asked for; `None` for what is not in the queue.
    pub fn facts(&self, subjects: &[SubjectId]) -> Result<Vec<Option<Facts>>, Trouble> {
        let mut found = self.conn.prepare_cached(&format!("SELECT {FACTS} FROM application WHERE subject = ?1"))?;
        let mut one = |subject: &SubjectId| Ok(found.query_row([subject.bytes()], |row| Columns::new(row).facts()).optional()?);
        subjects.iter().map(&mut one).collect()
    }

    /// What was committed after `position`.
    pub fn changed_since(&self, position: i64) -> Result<Changed, Trouble> {
        let mut found = self.conn.prepare_cached(
            "SELECT e.pos, e.subject, e.actor, c.session FROM event e LEFT JOIN command c ON c.id = e.command WHERE e.pos > ?1 ORDER BY e.pos LIMIT ?2",
        )?;
        let mut rows = found.query(params![position, CHANGES])?;
        let mut changed = Changed { subjects: Vec::new(), position };
        let mut last: BTreeMap<SubjectId, (String, SessionId)> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            changed.position = row.get(0)?;
            let session = row.get::<_, Option<Vec<u8>>>(3)?.and_then(|bytes| SessionId::from_slice(&bytes));
            last.insert(id(row, 1, SubjectId::from_slice)?, (row.get(2)?, session.unwrap_or(SessionId(Uuid::nil()))));
        }
        drop(rows);
        let subjects: Vec<SubjectId> = last.keys().copied().collect();
        for ((subject, (by, session)), facts) in last.into_iter().zip(self.facts(&subjects)?) {
            changed.subjects.push((subject, facts, by, session));
        }
        Ok(changed)
    }

    /// The last `limit` events, of one subject or of all, oldest first, in the order in which they
    /// came into this database. What one command did to one record is told as one.
    pub fn history(&self, subject: Option<SubjectId>, limit: usize) -> Result<Vec<Event>, Trouble> {
        let which = if subject.is_some() { "WHERE e.subject = ?2" } else { "WHERE ?2 IS NULL" };
        let mut found = self.conn.prepare_cached(&format!("{EVENT} {which} ORDER BY e.pos DESC LIMIT ?1"))?;
        let mut rows = found.query(params![i64::try_from(limit).unwrap_or(i64::MAX), subject.map(|subject| *subject.bytes())])?;
        let mut events = Vec::new();
        while let Some(row) = rows.next()? {
            events.push(event_of(row)?);
        }
        events.reverse();
        Ok(history::acts(events))
    }

    pub(super) fn events(&self, subject: SubjectId) -> Result<Vec<Event>, Trouble> {
        events(&self.conn, subject)
    }
}

/// All events of a subject in the order of the fold.
pub(super) fn events(conn: &Connection, subject: SubjectId) -> Result<Vec<Event>, Trouble> {
    let mut found = conn.prepare_cached(&format!("{EVENT} WHERE e.subject = ?1 ORDER BY e.hlc, e.seq"))?;
    let mut rows = found.query([subject.bytes()])?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        events.push(event_of(row)?);
    }
    // The number of a replica differs from copy to copy, so equal clocks are told apart by its
    // id, which no index here knows.
    events.sort_by_key(|event: &Event| (event.hlc, event.id));
    Ok(events)
}

/// An id in column `idx`.
pub(super) fn id<T>(row: &Row<'_>, idx: usize, read: impl Fn(&[u8]) -> Option<T>) -> rusqlite::Result<T> {
    let bytes = row.get_ref(idx)?.as_blob()?;
    read(bytes).ok_or(rusqlite::Error::IntegralValueOutOfRange(idx, i64::try_from(bytes.len()).unwrap_or(-1)))
}

/// The event of a row of `EVENT`. A redacted one has no fields.
pub(super) fn event_of(row: &Row<'_>) -> Result<Event, Trouble> {
    let of: String = row.get(6)?;
    let kind: String = row.get(7)?;
    let on: String = row.get(8)?;
    let pos: i64 = row.get(11)?;
    let foreign = |what: &str| Trouble::data(format!("event {pos} cannot be read: {what}")).hint("intertie check names what is wrong");
    let mut event = Event {
        id: EventId { replica: id(row, 0, ReplicaId::from_slice)?, seq: row.get(1)? },
        hlc: Hlc(row.get(2)?),
        uid: 0,
        actor: row.get(3)?,
        session: SessionId(Uuid::nil()),
        command: id(row, 4, CommandId::from_slice)?,
        subject: id(row, 5, SubjectId::from_slice)?,
        of: Of::parse(&of).ok_or_else(|| foreign("it is about something unknown"))?,
        kind: Kind::parse(&kind).ok_or_else(|| foreign("its kind is unknown"))?,
        on: parse_day(&on).ok_or_else(|| foreign("its day is no day"))?,
        fields: BTreeMap::new(),
        undoes: row.get::<_, Option<Vec<u8>>>(9)?.and_then(|bytes| CommandId::from_slice(&bytes)),
        playbook: String::new(),
    };
    if let ValueRef::Text(body) = row.get_ref(10)? {
        let body = std::str::from_utf8(body).map_err(|_| foreign("its text is not UTF-8"))?;
        event::read_json(body, &mut event).map_err(|err| foreign(&err))?;
    }
    Ok(event)
}

/// A day as the tables keep it: 0001-01-01 is 1.
pub(super) fn day_number(day: Day) -> i32 {
    day.num_days_from_ce()
}

/// Reads a row from left to right. Asking columns by name costs more than all of their values.
pub(super) struct Columns<'a> {
    row: &'a Row<'a>,
    next: usize,
}

impl<'a> Columns<'a> {
    pub(super) fn new(row: &'a Row<'a>) -> Columns<'a> {
        Columns { row, next: 0 }
    }

    fn next(&mut self) -> rusqlite::Result<ValueRef<'a>> {
        let value = self.row.get_ref(self.next)?;
        self.next += 1;
        Ok(value)
    }

    fn wrong<T>(&self) -> rusqlite::Result<T> {
        Err(rusqlite::Error::IntegralValueOutOfRange(self.next - 1, -1))
    }

    fn text(&mut self) -> rusqlite::Result<String> {
        match self.next()? {
            ValueRef::Text([]) => Ok(String::new()),
            ValueRef::Text(bytes) => Ok(String::from_utf8_lossy(bytes).into_owned()),
            _ => self.wrong(),
        }
    }

    fn number(&mut self) -> rusqlite::Result<i64> {
        match self.next()? {
            ValueRef::Integer(number) => Ok(number),
            _ => self.wrong(),
        }
    }

    fn day(&mut self) -> rusqlite::Result<Option<Day>> {
        match self.next()? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(number) => Ok(i32::try_from(number).ok().and_then(Day::from_num_days_from_ce_opt)),
            _ => self.wrong(),
        }
    }

    fn minute(&mut self) -> rusqlite::Result<Option<NaiveTime>> {
        match self.next()? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(minute) => Ok(u32::try_from(minute)
                .ok()
                .and_then(|minute| NaiveTime::from_num_seconds_from_midnight_opt(minute.saturating_mul(60), 0))),
            _ => self.wrong(),
        }
    }

    /// The columns of `FACTS`.
    pub(super) fn facts(&mut self) -> rusqlite::Result<Facts> {
        let subject = match self.next()? {
            ValueRef::Blob(bytes) => SubjectId::from_slice(bytes),
            _ => None,
        };
        let Some(subject) = subject else { return self.wrong() };
        let mut facts = Facts {
            subject,
            version: self.number()?,
            reference: self.text()?,
            number: self.text()?,
            site: self.text()?,
            customer: self.text()?,
            utility: self.text()?,
            status: self.text()?,
            ball: self.text()?,
            owner: self.text()?,
            product: self.text()?,
            lane: self.text()?,
            project: self.text()?,
            size: self.number()?,
            follow_up: self.day()?.map(When::on),
            entered: None,
            touched: None,
            promised: None,
            expires: None,
            goal: None,
            cure_due: None,
            install_on: None,
            incentive_due: None,
            todo_due: None,
            todo_title: String::new(),
            todos: 0,
            hold: String::new(),
            legal_hold: false,
            until_activity: false,
            escalated: false,
            complaint: false,
            vip: 0,
            last_note: String::new(),
            matter: String::new(),
        };
        let time = self.minute()?;
        facts.follow_up = facts.follow_up.map(|when| When { time, ..when });
        self.rest(&mut facts)?;
        Ok(facts)
    }

    fn rest(&mut self, facts: &mut Facts) -> rusqlite::Result<()> {
        facts.entered = self.day()?;
        facts.touched = self.day()?;
        facts.promised = self.day()?;
        facts.expires = self.day()?;
        facts.goal = self.day()?;
        facts.cure_due = self.day()?;
        facts.install_on = self.day()?;
        facts.incentive_due = self.day()?;
        facts.todo_due = self.day()?;
        facts.todo_title = self.text()?;
        facts.todos = u32::try_from(self.number()?).unwrap_or(u32::MAX);
        facts.hold = self.text()?;
        let flags = self.number()?;
        facts.legal_hold = flags & 1 != 0;
        facts.until_activity = flags & 2 != 0;
        facts.escalated = flags & 4 != 0;
        facts.complaint = flags & 8 != 0;
        facts.vip = u8::try_from(self.number()?).unwrap_or(0);
        facts.last_note = self.text()?;
        facts.matter = self.text()?;
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests damage and copy closed files")]
mod tests {
    use super::*;
    use crate::domain::value::Value;
    use crate::store::fixture::{Place, subject, who};
    use crate::store::{Access, Scope};

    /// Every field that a row of the queue has, each with a value of its own.
    fn everything() -> Vec<(&'static str, Value)> {
        let mut fields: Vec<(&'static str, Value)> = vec![
            ("size_ac", Value::Number(7_600)),
            ("vip", Value::Number(2)),
            ("follow_up", "2026-12-01T14:05".into()),
            ("status", Value::map([("from", Value::Nothing), ("to", "submitted".into())])),
            ("todo.1", Value::map([("title", "call the AHJ".into()), ("due", "2026-12-02".into()), ("party", "us".into())])),
            ("note", "a note\nof two lines".into()),
        ];
        for field in ["number", "site", "customer_name", "utility", "ball", "owner", "product", "lane", "project", "hold"] {
            fields.push((field, format!("the {field}").into()));
        }
        for (day, field) in ["promised", "expires", "goal", "cure_due", "install_on", "incentive_due"].into_iter().enumerate() {
            fields.push((field, format!("2027-01-{:02}", day + 1).into()));
        }
        for field in ["until_activity", "escalated", "complaint"] {
            fields.push((field, true.into()));
        }
        fields
    }

    #[test]
    fn a_row_reads_back_as_it_was_folded() {
        let mut place = Place::new();
        place.open(1, 1, &everything());
        place.open(1, 2, &[("legal_hold", true.into())]);
        for n in [1, 2] {
            let folded = Facts::of(&place.store.application(subject(n)).expect("a read").expect("an application"));
            assert_eq!(place.store.facts(&[subject(n)]), Ok(vec![folded]));
        }
        let facts = place.store.facts(&[subject(1)]).expect("a read").remove(0).expect("a row");
        assert_eq!(facts.follow_up.map(|when| when.to_string()), Some("2026-12-01T14:05".into()));
        assert!(facts.escalated && facts.complaint && facts.until_activity && !facts.legal_hold);
        assert_eq!((facts.vip, facts.size, facts.todos, facts.last_note.as_str()), (2, 7_600, 1, "a note of two lines"));
    }

    #[test]
    fn slices_give_every_row_once() {
        let mut place = Place::new();
        place.import(1, 1..48, 100);
        for (limit, calls) in [(10, 5), (47, 2), (48, 1), (1000, 1)] {
            let (mut after, mut seen, mut asked) = (0, Vec::new(), 0);
            loop {
                asked += 1;
                match place.store.slice(after, limit, &mut |_, facts| seen.push(facts.subject)).expect("a read") {
                    Some(next) => after = next,
                    None => break,
                }
            }
            assert_eq!((seen.len(), asked), (47, calls), "limit {limit}");
            assert!(seen.is_sorted());
        }
    }

    #[test]
    fn what_others_change_is_seen_once_with_its_author() {
        let mut place = Place::new();
        let reader = Store::open(&place.path, Access::Read).expect("a reader");
        place.open(1, 1, &[]);
        place.open(1, 2, &[]);
        let (start, version) = (reader.position().expect("a read"), reader.data_version());
        assert_eq!(reader.changed_since(start).expect("a read").subjects, vec![]);
        place.touch(1, 1, &[("ball", "us".into())]);
        place.touch(2, 1, &[("ball", "utility".into())]);
        place.undo(1, Scope::Session).expect_err("theirs is later");
        place.open(3, 3, &[]);
        place.undo(3, Scope::Session).expect("an undo");
        assert_ne!(reader.data_version(), version);
        let changed = reader.changed_since(start).expect("a read");
        let seen: Vec<_> = changed.subjects.iter().map(|(id, facts, by, session)| (*id, facts.is_some(), by.as_str(), *session)).collect();
        assert_eq!(seen, [(subject(1), true, "asmith", who(2).session), (subject(3), false, "bjones", who(3).session)]);
        assert_eq!(changed.position, reader.position().expect("a read"));
    }

    #[test]
    fn history_is_the_last_events_oldest_first() {
        let mut place = Place::new();
        place.open(1, 1, &[]);
        place.open(2, 2, &[]);
        place.touch(2, 1, &[("note", "LVM".into())]);
        let by = |events: Vec<Event>| events.into_iter().map(|event| (event.actor, event.subject, event.kind)).collect::<Vec<_>>();
        let all = by(place.store.history(None, 100).expect("a read"));
        assert_eq!(all.len(), 3);
        assert_eq!(all[2], ("asmith".into(), subject(1), Kind::Touch));
        assert_eq!(by(place.store.history(None, 2).expect("a read")), all[1..]);
        assert_eq!(by(place.store.history(Some(subject(1)), 100).expect("a read")), [all[0].clone(), all[2].clone()]);
        assert_eq!(by(place.store.history(Some(subject(1)), 1).expect("a read")), [all[2].clone()]);
        assert_eq!(place.store.history(Some(subject(9)), 1), Ok(vec![]));
    }

    #[test]
    fn a_torn_off_wal_leaves_a_prefix() {
        let mut place = Place::new();
        for n in 1..12 {
            place.open(1, n, &[("note", "x".repeat(700).into())]);
        }
        let wal = std::fs::read(crate::store::path::beside(&place.path, "-wal")).expect("the WAL");
        let database = std::fs::read(&place.path).expect("the database");
        let mut lengths = std::collections::BTreeSet::new();
        for cut in (0..wal.len()).step_by(wal.len() / 60) {
            let torn = place.dir.path().join(format!("torn-{cut}.db"));
            std::fs::write(&torn, &database).expect("a copy");
            std::fs::write(crate::store::path::beside(&torn, "-wal"), &wal[..cut]).expect("a copy");
            let store = Store::open(&torn, Access::Write).expect("a prefix opens");
            assert_eq!(store.check(), Ok(vec![]), "cut at {cut}");
            let position = store.position().expect("a read");
            assert_eq!(store.count(), Ok(position), "journal and queue are in step");
            lengths.insert(position);
        }
        assert!(lengths.len() > 5, "cuts fall between commits: {lengths:?}");
    }
}
