//! Writes a demo's made-up past: events that have their ids, clocks and authors already.

use std::collections::BTreeMap;

use crate::domain::application::Application;
use crate::domain::change::ChangeSet;
use crate::domain::event::{Event, Of};
use crate::domain::id::{SessionId, SubjectId, Uuid};
use crate::domain::record::Record;
use crate::domain::trouble::Trouble;

use super::chain::Salts;
use super::derive::Rows;
use super::{CommitError, Store, Who, command};

/// One event of the past, with the words of its undo line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Past {
    pub event: Event,
    pub did: String,
}

/// The user whose commands a made-up past holds: nobody's, so that an undo of whoever tries the
/// demo ends at what they did themselves.
const NOBODY: u32 = u32::MAX;

impl Store {
    /// Writes `past` in one transaction. Only a demo takes it, each event is a command of its own,
    /// every subject is new, all events of a subject come in one call, and numbers and clocks go on
    /// where the last call ended.
    pub fn seed(&mut self, past: &[Past], millis: i64, seed: [u8; 16]) -> Result<(), CommitError> {
        if !self.about().demo {
            return Err(Trouble::config("only a demo has a made-up past: nothing was written").into());
        }
        let mut salts = Salts::new(seed);
        let who = Who { uid: NOBODY, login: "demo".to_owned(), session: SessionId(Uuid::nil()) };
        self.writing(&who, millis, |writing| {
            let mut records: BTreeMap<SubjectId, Record> = BTreeMap::new();
            for Past { event, did } in past {
                writing.continues(event)?;
                writing.append(event, &mut salts)?;
                let position = writing.conn.last_insert_rowid();
                command::put(writing.conn, &set(event, did), &who, position, position, false)?;
                records.entry(event.subject).or_insert_with(|| Record::new(event.subject, event.of)).apply(event);
            }
            let applications = records.into_values().filter(|record| record.of == Of::Application).map(Application);
            for application in applications {
                writing.count(application.reference())?;
                Rows::of(&application).write(writing.conn, application.id, &Rows::default())?;
            }
            Ok(())
        })
    }
}

/// The command of one event, for the table of commands.
fn set(event: &Event, did: &str) -> ChangeSet {
    ChangeSet {
        command: event.command,
        kind: event.kind,
        on: event.on,
        undoes: event.undoes,
        changes: Vec::new(),
        did: did.to_owned(),
        playbook: event.playbook.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::Write;
    use crate::domain::record::OPENED;
    use crate::store::fixture::{Place, event, new_database, subject, who};
    use crate::store::{Access, Lookup, NewDatabase, Scope};

    fn opened(reference: &str) -> Past {
        let mut event = event();
        for (field, text) in [(OPENED, "2026-11-21"), ("reference", reference), ("site", "Oak St")] {
            event.fields.insert(field.to_owned(), Write { to: text.into(), ..Write::default() });
        }
        Past { event, did: "opened Oak St".to_owned() }
    }

    #[test]
    fn a_made_up_past_is_whole_and_nobodys_to_undo() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("demo.db");
        Store::create(&path, &NewDatabase { demo: true, ..new_database() }, 1_000).expect("a new demo");
        let mut store = Store::open(&path, Access::Write).expect("the new demo");
        store.seed(&[opened("A-1007")], 1_000, [1; 16]).expect("an event that begins the journal");
        assert_eq!(store.check(), Ok(vec![]));
        assert_eq!(store.lookup("1007"), Ok(Lookup::One(subject(1))));
        assert_eq!(store.undoable(Scope::Person, &who(1)), Ok(None));
        let gap = Past { event: Event { id: crate::domain::id::EventId { seq: 3, ..event().id }, ..event() }, ..opened("A-1008") };
        assert!(store.seed(&[gap], 1_000, [1; 16]).is_err(), "events follow one another");
        assert_eq!(store.position(), Ok(1), "all of it or nothing");
    }

    #[test]
    fn somebodys_database_takes_none() {
        let mut place = Place::new();
        assert!(place.store.seed(&[opened("A-1001")], 1_000, [1; 16]).is_err());
        assert_eq!(place.store.position(), Ok(0));
    }
}
