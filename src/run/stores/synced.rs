//! How many applications does each destination of an export not know of yet?
//!
//! Counted on the reading thread, a slice of the journal per round and never the same slice twice:
//! fifty sessions look at one database, and none may notice.

use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, Instant};

use crate::desk::msg::Synced;
use crate::domain::id::SubjectId;
use crate::domain::trouble::Trouble;
use crate::run::now::Clock;
use crate::store::Store;

/// How often at most it is looked, however much changes.
const PAUSE: Duration = Duration::from_secs(3);

/// What changed since one destination's last export, as far as it was read.
#[derive(Default)]
struct Tally {
    since: i64,
    read: i64,
    changed: HashSet<SubjectId>,
}

/// What is known of all destinations.
#[derive(Default)]
pub(super) struct Watch {
    tallies: BTreeMap<String, Tally>,
    /// Something was committed since the last look.
    again: bool,
    looked: Option<Instant>,
    told: Option<Synced>,
}

impl Watch {
    pub(super) fn look_again(&mut self) {
        self.again = true;
    }

    /// What the header should say, when that has changed.
    pub(super) fn look(&mut self, store: &Store, clock: &Clock, now: Instant) -> Result<Option<Synced>, Trouble> {
        let early = self.looked.is_some_and(|looked| now.duration_since(looked) < PAUSE);
        if self.looked.is_some() && (!self.again || early) {
            return Ok(None);
        }
        let end = store.position()?;
        let (mut most, mut count, mut whole) = (None, 0, true);
        for destination in store.destinations()? {
            let Some(millis) = destination.millis else { continue };
            let tally = self.tallies.entry(destination.name.clone()).or_default();
            if tally.since != destination.position {
                *tally = Tally { since: destination.position, read: destination.position, changed: HashSet::new() };
            }
            let (touched, read) = store.touched_since(tally.read, i64::MAX)?;
            whole &= read >= end;
            tally.read = read;
            tally.changed.extend(touched);
            count += 1;
            let more = most.as_ref().is_none_or(|most: &Synced| tally.changed.len() > most.changed);
            if more {
                most = Some(Synced { name: destination.name, changed: tally.changed.len(), since: clock.local_of(millis), others: 0 });
            }
        }
        if !whole {
            // The next slice in the next round; what is counted so far is told by nobody.
            return Ok(None);
        }
        (self.again, self.looked) = (false, Some(now));
        let found = most.map(|most| Synced { others: count - 1, ..most });
        if found == self.told {
            return Ok(None);
        }
        self.told.clone_from(&found);
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::change::{Change, ChangeSet};
    use crate::domain::event::{Kind, Of, Write};
    use crate::domain::id::{CommandId, ReplicaId, SessionId};
    use crate::domain::playbook::DeskKind;
    use crate::run::now;
    use crate::store::{Access, NewDatabase, Sent, Who};

    struct Place {
        store: Store,
        who: Who,
        clock: Clock,
        _temp: tempfile::TempDir,
    }

    impl Place {
        fn new() -> Place {
            let temp = tempfile::tempdir().expect("a directory");
            let path = temp.path().join("west.db");
            let (replica, zone) = (ReplicaId(now::fresh()), "America/Denver".to_owned());
            let new = NewDatabase { replica, letter: 'A', desk: DeskKind::Residential, zone, demo: false, group: None };
            Store::create(&path, &new, now::millis()).expect("made");
            let store = Store::open(&path, Access::Write).expect("opened");
            let clock = Clock::new(now::zone("America/Denver").expect("a zone"), None);
            Place { store, who: Who { uid: 1, login: "jdoe".into(), session: SessionId(now::fresh()) }, clock, _temp: temp }
        }

        fn open(&mut self, count: usize) {
            let write = || Write { to: true.into(), ..Write::default() };
            let change = |_| Change {
                subject: SubjectId(now::fresh()),
                of: Of::Application,
                expects: None,
                needs_reference: true,
                fields: [("opened".to_owned(), write())].into(),
            };
            let set = ChangeSet {
                command: CommandId(now::fresh()),
                kind: Kind::Open,
                on: self.clock.today(),
                undoes: None,
                changes: (0..count).map(change).collect(),
                did: String::new(),
                playbook: String::new(),
            };
            self.store.commit_all(set, &self.who, now::millis(), now::seed()).expect("written");
        }

        fn sent(&mut self, name: &str, from: i64, to: i64) {
            let sent = Sent { name, from, to, directory: "/srv", applications: 0 };
            self.store.sending(&sent, &self.who, 60_000).and_then(|()| self.store.sent(&sent, &self.who, 60_000)).expect("written");
        }

        fn look(&self, watch: &mut Watch, at: Instant) -> Option<(String, usize, usize)> {
            let found = watch.look(&self.store, &self.clock, at).expect("a read");
            found.map(|synced| (synced.name, synced.changed, synced.others))
        }
    }

    #[test]
    fn it_is_told_when_it_changes_and_not_too_often() {
        let mut place = Place::new();
        let (mut watch, start) = (Watch::default(), now::instant());
        place.open(2);
        assert_eq!(place.look(&mut watch, start), None, "nothing is exported");
        place.sent("crm", 0, 2);
        let mut at = start + PAUSE;
        assert_eq!(place.look(&mut watch, at), None, "nobody said that something happened");
        watch.look_again();
        assert_eq!(place.look(&mut watch, at), Some(("crm".into(), 0, 0)));
        place.open(1);
        watch.look_again();
        assert_eq!(place.look(&mut watch, at), None, "too early");
        at += PAUSE;
        assert_eq!(place.look(&mut watch, at), Some(("crm".into(), 1, 0)));
        place.sent("finance", 0, 1);
        watch.look_again();
        at += PAUSE;
        assert_eq!(place.look(&mut watch, at), Some(("finance".into(), 2, 1)), "the one with the most to tell");
        watch.look_again();
        at += PAUSE;
        assert_eq!(place.look(&mut watch, at), None, "the same again");
        place.sent("finance", 1, 3);
        watch.look_again();
        at += PAUSE;
        assert_eq!(place.look(&mut watch, at), Some(("crm".into(), 1, 1)), "a sent one starts anew");
    }

    #[test]
    fn a_long_journal_is_read_in_slices_and_told_once() {
        let mut place = Place::new();
        place.sent("crm", 0, 0);
        place.open(6_000);
        let (mut watch, start) = (Watch::default(), now::instant());
        assert_eq!(place.look(&mut watch, start), None, "a half count is told by nobody");
        assert_eq!(place.look(&mut watch, start), Some(("crm".into(), 6_000, 0)), "the next round goes on");
    }
}
