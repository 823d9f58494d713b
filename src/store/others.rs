//! The subjects that are no application: people, the company, the messages that the team wrote, what it
//! added to the pages of utilities, the views that it kept.

use uuid::Uuid;

use crate::domain::event::{Event, Of};
use crate::domain::id::SubjectId;
use crate::domain::message::Message;
use crate::domain::record::Record;
use crate::domain::trouble::Trouble;
use crate::domain::utility_state::UtilityState;
use crate::domain::view::Kept;

use super::{Store, read};

impl Store {
    /// The subject of a person's own fields.
    pub fn person_subject(&self, login: &str) -> SubjectId {
        self.named("person:", login)
    }

    /// The subject of the company's fields.
    pub fn company_subject(&self) -> SubjectId {
        self.named("company", "")
    }

    /// The subject of a message that the team wrote.
    pub fn message_subject(&self, name: &str) -> SubjectId {
        self.named("message:", name)
    }

    fn named(&self, kind: &str, name: &str) -> SubjectId {
        SubjectId(Uuid::new_v5(&self.about().namespace, format!("{kind}{name}").as_bytes()))
    }

    /// Every record of a kind that is no application, with its events.
    fn all_of(&self, of: Of) -> Result<Vec<(Record, Vec<Event>)>, Trouble> {
        // The second condition is that of the index.
        let mut found = self.conn.prepare_cached("SELECT DISTINCT subject FROM event WHERE \"of\" = ?1 AND \"of\" <> 'application'")?;
        let subjects: Vec<SubjectId> =
            found.query_map([of.name()], |row| read::id(row, 0, SubjectId::from_slice))?.collect::<Result<_, _>>()?;
        let folded = |subject| {
            let events = self.events(subject)?;
            Ok((Record::fold(subject, of, &events), events))
        };
        subjects.into_iter().map(folded).collect()
    }

    /// Every person that has own fields here, by login.
    pub fn people(&self) -> Result<Vec<(String, Record)>, Trouble> {
        // The subject's id is made of the login and does not give it back.
        let login = |record: &Record, events: &[Event]| {
            record.text("login").or(events.first().map(|event| event.actor.as_str())).unwrap_or_default().to_owned()
        };
        let mut people: Vec<_> = self.all_of(Of::Person)?.into_iter().map(|(record, events)| (login(&record, &events), record)).collect();
        people.sort_by(|one, other| one.0.cmp(&other.0));
        Ok(people)
    }

    /// The messages that the team wrote in the program, by name.
    pub fn messages(&self) -> Result<Vec<Message>, Trouble> {
        let mut messages: Vec<Message> = self.all_of(Of::Message)?.iter().filter_map(|(record, _)| Message::of_record(record)).collect();
        messages.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(messages)
    }

    /// One of them as it is kept; empty, at version 0, when it was never written here.
    pub fn message(&self, name: &str) -> Result<Record, Trouble> {
        let subject = self.message_subject(name);
        Ok(self.record(subject)?.unwrap_or_else(|| Record::new(subject, Of::Message)))
    }

    /// The subject of a view that the team kept.
    pub fn view_subject(&self, name: &str) -> SubjectId {
        self.named("view:", name)
    }

    /// It as it is kept; empty, at version 0, when it never was.
    pub fn view(&self, name: &str) -> Result<Record, Trouble> {
        let subject = self.view_subject(name);
        Ok(self.record(subject)?.unwrap_or_else(|| Record::new(subject, Of::View)))
    }

    /// The views that the team kept, by name.
    pub fn views(&self) -> Result<Vec<Kept>, Trouble> {
        let mut views: Vec<Kept> = self.all_of(Of::View)?.iter().filter_map(|(record, _)| Kept::of_record(record)).collect();
        views.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(views)
    }

    /// The subject of what the team added to a utility's page.
    pub fn utility_subject(&self, name: &str) -> SubjectId {
        self.named("utility:", name)
    }

    /// It as it is kept; empty, at version 0, when nothing was ever added.
    pub fn utility(&self, name: &str) -> Result<Record, Trouble> {
        let subject = self.utility_subject(name);
        Ok(self.record(subject)?.unwrap_or_else(|| Record::new(subject, Of::Utility)))
    }

    /// What the team added to the pages of utilities, by name.
    pub fn utility_states(&self) -> Result<Vec<UtilityState>, Trouble> {
        // Undone, the first addition takes the name with it, and what somebody else added since stays.
        let name = |record: &Record, events: &[Event]| {
            let given = events.iter().find_map(|event| event.fields.get("name")?.to.as_text());
            record.text("name").or(given).unwrap_or_default().to_owned()
        };
        let all = self.all_of(Of::Utility)?;
        let mut states: Vec<UtilityState> =
            all.iter().map(|(record, events)| UtilityState::of_record(record, &name(record, events))).collect();
        states.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(states)
    }

    /// A person's own fields; empty, at version 0, when nothing was set.
    pub fn person(&self, login: &str) -> Result<Record, Trouble> {
        let subject = self.person_subject(login);
        Ok(self.record(subject)?.unwrap_or_else(|| Record::new(subject, Of::Person)))
    }

    /// The company's fields; empty, at version 0, when nothing was set.
    pub fn company(&self) -> Result<Record, Trouble> {
        let subject = self.company_subject();
        Ok(self.record(subject)?.unwrap_or_else(|| Record::new(subject, Of::Company)))
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::change::ChangeSet;
    use crate::domain::event::Kind;
    use crate::domain::utility_state::Addition;
    use crate::store::fixture::{Place, today};
    use crate::store::{CommitError, Scope};

    fn add(place: &mut Place, by: u32, says: &str) -> Result<(), CommitError> {
        let record = place.store.utility("Rocky Mountain Power").expect("a read");
        let addition = Addition::Quirk { says: says.to_owned() };
        let set = ChangeSet {
            command: place.command(),
            kind: Kind::Set,
            on: today(),
            undoes: None,
            changes: vec![addition.change(&record, "Rocky Mountain Power", None, today(), "jdoe")],
            did: addition.did("Rocky Mountain Power", today()),
            playbook: String::new(),
        };
        place.commit(by, &set).map(|_| ())
    }

    #[test]
    fn what_others_added_stays_when_the_first_takes_its_own_back() {
        let mut place = Place::new();
        add(&mut place, 1, "mine").expect("it commits");
        add(&mut place, 2, "theirs").expect("it commits");
        place.undo(1, Scope::Session).expect("an undo");
        let states = place.store.utility_states().expect("a read");
        let says: Vec<&str> = states.iter().flat_map(|state| &state.quirks).map(|quirk| quirk.says.as_str()).collect();
        assert_eq!((states[0].name.as_str(), says), ("Rocky Mountain Power", vec!["theirs"]));
        assert_eq!(place.store.utility("Rocky Mountain Power").map(|record| record.version), Ok(3));
        assert_eq!(place.store.utility("Nobody").map(|record| record.version), Ok(0));
        add(&mut place, 1, "again").expect("it commits");
        assert_eq!(place.store.utility_states().map(|states| states[0].quirks.len()), Ok(2));
        place.clean();
    }
}
