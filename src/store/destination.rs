//! What was each destination of an export told, and what came into the journal since?
//!
//! Bookkeeping beside the journal: other systems are told of it, it is not told of them.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, params};

use crate::domain::event::{Event, Of};
use crate::domain::id::{ReplicaId, SubjectId};
use crate::domain::trouble::{Refusal, Trouble};

use super::gate::Held;
use super::read::{EVENT, event_of, id};
use super::{CommitError, Store, Who};

/// At most so many events per call of `touched_since`.
const EVENTS: i64 = 5_000;

/// One destination of `sync export`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Destination {
    pub name: String,
    /// Its files are in place up to this position of the journal.
    pub position: i64,
    /// Later positions whose files may have been seen, though nobody lived to write it down.
    pub tried: Vec<i64>,
    /// When its last files came to their place, since 1970; `None`: none have yet.
    pub millis: Option<i64>,
    pub login: String,
    pub directory: String,
    /// How many exports it has had.
    pub exports: i64,
    /// Applications in the last one.
    pub applications: i64,
}

/// Files that are in place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sent<'a> {
    pub name: &'a str,
    pub from: i64,
    pub to: i64,
    pub directory: &'a str,
    pub applications: usize,
}

const COLUMNS: &str = "SELECT name, position, tried, millis, login, directory, exports, applications FROM destination";

impl Store {
    /// Every destination, by name.
    pub fn destinations(&self) -> Result<Vec<Destination>, Trouble> {
        let mut found = self.conn.prepare_cached(&format!("{COLUMNS} ORDER BY name"))?;
        Ok(found.query_map([], destination)?.collect::<Result<_, _>>()?)
    }

    /// `None`: nothing was ever exported to it.
    pub fn destination(&self, name: &str) -> Result<Option<Destination>, Trouble> {
        let mut found = self.conn.prepare_cached(&format!("{COLUMNS} WHERE name = ?1"))?;
        Ok(found.query_row([name], destination).optional()?)
    }

    /// One export at a time; a second one waits. Writers do not: this is not their gate.
    pub fn hold_exports(&self, who: &Who) -> Result<Held, Trouble> {
        self.gate.of_exports(&self.path).hold(&who.named())
    }

    /// Applications that were changed after `position` of the journal and up to `until`, each once in the order of
    /// their first change, and where to ask again: behind the end when more events had come
    /// than are read at once. What an import only keeps for itself (`import.*`) is no change; an
    /// undo is one whatever it writes, because it can hide notes.
    pub fn touched_since(&self, position: i64, until: i64) -> Result<(Vec<SubjectId>, i64), Trouble> {
        // A body begins with its first field, so that few have to be parsed.
        let mut found = self.conn.prepare_cached(
            "SELECT pos, subject, kind IN ('undo', 'redo') OR body IS NULL OR substr(body, 1, 19) <> '{\"fields\":{\"import.'
               OR EXISTS(SELECT 1 FROM json_each(body, '$.fields') WHERE substr(key, 1, 7) <> 'import.'), \"of\"
             FROM event WHERE pos > ?1 AND pos <= ?2 ORDER BY pos LIMIT ?3",
        )?;
        let mut rows = found.query(params![position, until, EVENTS])?;
        let (mut touched, mut last) = (BTreeMap::new(), position);
        while let Some(row) = rows.next()? {
            last = row.get(0)?;
            if row.get(2)? && row.get_ref(3)?.as_str().is_ok_and(|of| of == Of::Application.name()) {
                touched.entry(id(row, 1, SubjectId::from_slice)?).or_insert(last);
            }
        }
        let mut touched: Vec<(SubjectId, i64)> = touched.into_iter().collect();
        touched.sort_by_key(|(_, first)| *first);
        Ok((touched.into_iter().map(|(subject, _)| subject).collect(), last))
    }

    /// All events of a subject in the order of the fold, each with its position in this journal.
    pub fn placed_events(&self, subject: SubjectId) -> Result<Vec<(i64, Event)>, Trouble> {
        let mut found = self.conn.prepare_cached(&format!("{EVENT} WHERE e.subject = ?1"))?;
        let mut rows = found.query([subject.bytes()])?;
        let mut events = Vec::new();
        while let Some(row) = rows.next()? {
            events.push((row.get(11)?, event_of(row)?));
        }
        events.sort_by_key(|(_, event): &(i64, Event)| (event.hlc, event.id));
        Ok(events)
    }

    /// The letter of each replica, as references have it.
    pub fn tags(&self) -> Result<BTreeMap<ReplicaId, String>, Trouble> {
        let mut found = self.conn.prepare("SELECT uuid, tag FROM replica")?;
        let rows = found.query_map([], |row| Ok((id(row, 0, ReplicaId::from_slice)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Written before files get their names: whoever comes after a stop in between knows that somebody
    /// may have read them.
    pub fn sending(&mut self, sent: &Sent<'_>, who: &Who, millis: i64) -> Result<(), CommitError> {
        self.writing(who, millis, |writing| {
            writing
                .conn
                .prepare_cached(
                    "INSERT INTO destination(name, position, tried, login, directory, exports, applications) VALUES(?1, ?2, ?3, ?4, ?5, 0, 0)
                     ON CONFLICT(name) DO UPDATE SET tried = trim(tried || ' ' || excluded.tried)",
                )?
                .execute(params![sent.name, sent.from, sent.to.to_string(), who.login, sent.directory])?;
            Ok(())
        })
    }

    /// Moves a destination's position once its files are in place.
    pub fn sent(&mut self, sent: &Sent<'_>, who: &Who, millis: i64) -> Result<(), CommitError> {
        self.writing(who, millis, |writing| {
            let applications = i64::try_from(sent.applications).unwrap_or(i64::MAX);
            let moved = writing
                .conn
                .prepare_cached(
                    "UPDATE destination SET position = ?3, tried = '', millis = ?4, login = ?5, directory = ?6, exports = exports + 1,
                       applications = ?7 WHERE name = ?1 AND position = ?2",
                )?
                .execute(params![sent.name, sent.from, sent.to, millis, who.login, sent.directory, applications])?;
            match moved {
                1 => Ok(()),
                _ => Err(Refusal::new(format!("somebody else moved {} in the meantime", sent.name)).into()),
            }
        })
    }
}

fn destination(row: &Row<'_>) -> rusqlite::Result<Destination> {
    Ok(Destination {
        name: row.get(0)?,
        position: row.get(1)?,
        tried: row.get::<_, String>(2)?.split_whitespace().filter_map(|position| position.parse().ok()).collect(),
        millis: row.get(3)?,
        login: row.get(4)?,
        directory: row.get(5)?,
        exports: row.get(6)?,
        applications: row.get(7)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::Kind;
    use crate::domain::value::Value;
    use crate::store::fixture::{Place, subject, who};
    use crate::store::{Access, Scope};

    fn touched(place: &Place, position: i64) -> Vec<SubjectId> {
        place.store.touched_since(position, i64::MAX).expect("a read").0
    }

    #[test]
    fn what_an_import_keeps_for_itself_is_no_change() {
        let mut place = Place::new();
        for n in 1..4 {
            place.open(1, n, &[("site", "12 Elm St".into())]);
        }
        assert_eq!(touched(&place, 0), [1, 2, 3].map(subject));
        let before = place.store.position().expect("a read");
        let known = |key: &str| Value::map([("key", key.into()), ("values", Value::map([("site", "12 Elm St".into())]))]);
        place.touch(1, 2, &[("import.portal", known("K2"))]);
        place.touch(1, 3, &[("import.portal", known("K3")), ("note", "from the file".into())]);
        assert_eq!(touched(&place, before), [subject(3)]);
        let after = place.store.position().expect("a read");
        place.undo(1, Scope::Session).expect("an undo");
        assert_eq!(touched(&place, after), [subject(3)], "its one field is the import's, and it hides a note");
        let mut person = place.set(1, 1, Kind::Set, &[("name", "J. Doe".into())]);
        person.changes[0].subject = place.store.person_subject("jdoe");
        person.changes[0].of = Of::Person;
        person.changes[0].expects = None;
        let before = place.store.position().expect("a read");
        place.commit(1, &person).expect("a person");
        assert_eq!(place.store.touched_since(before, i64::MAX), Ok((vec![], before + 1)), "a person is no application");
        place.clean();
    }

    #[test]
    fn a_position_moves_once_and_what_was_tried_is_kept_until_then() {
        let mut place = Place::new();
        place.open(1, 1, &[]);
        assert_eq!((place.store.destinations(), place.store.destination("crm")), (Ok(vec![]), Ok(None)));
        let sent = |to| Sent { name: "crm", from: 0, to, directory: "/srv/crm", applications: 1 };
        place.store.sending(&sent(1), &who(1), 7).expect("written");
        place.store.sending(&sent(4), &who(1), 8).expect("written");
        let tried = place.store.destination("crm").expect("a read").expect("it");
        assert_eq!((tried.position, tried.tried, tried.millis, tried.exports), (0, vec![1, 4], None, 0));
        place.store.sent(&sent(4), &who(2), 9).expect("moved");
        let wanted = Destination {
            name: "crm".into(),
            position: 4,
            tried: vec![],
            millis: Some(9),
            login: "asmith".into(),
            directory: "/srv/crm".into(),
            exports: 1,
            applications: 1,
        };
        assert_eq!(place.store.destination("crm"), Ok(Some(wanted.clone())));
        assert!(matches!(place.store.sent(&sent(5), &who(2), 10), Err(CommitError::Refused(_))), "it is not at 0 any more");
        assert_eq!(place.store.destinations(), Ok(vec![wanted]));
        place.clean();
    }

    #[test]
    fn exports_wait_for_one_another_and_writers_for_none() {
        let mut place = Place::new();
        let held = place.store.hold_exports(&who(1)).expect("nobody exports");
        place.open(1, 1, &[]);
        let other = Store::open(&place.path, Access::Write).expect("the database");
        let gate = other.gate.of_exports(&place.path);
        assert!(gate.try_hold("asmith").is_none());
        assert!(gate.busy().says.contains("is exporting"), "{}", gate.busy().says);
        drop(held);
        assert!(gate.try_hold("asmith").is_some());
    }
}
