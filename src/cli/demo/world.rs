//! What do all made-up applications share?

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::data::{Data, Place};
use super::road::Road;
use crate::domain::change::Change;
use crate::domain::day::{Day, NaiveDateTime};
use crate::domain::event::{Event, Kind};
use crate::domain::id::{CommandId, EventId, Hlc, ReplicaId, SessionId};
use crate::domain::message::Person;
use crate::domain::plan::Context;
use crate::domain::playbook::Playbook;
use crate::store::Past;

/// Who wrote an event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Actor {
    pub uid: u32,
    pub login: String,
}

/// What a desk has words of its own for, besides notes.
#[derive(Clone, Copy)]
pub enum Said {
    Hold,
    Todo,
    Complaint,
    Escalated,
    Ended,
}

pub struct World<'a> {
    pub data: &'a Data,
    pub playbook: &'a Playbook,
    pub road: Road,
    /// The demo's coordinator, under the login of whoever runs it.
    pub person: Person,
    /// The user first, then the colleagues.
    pub actors: Vec<Actor>,
    pub today: Day,
    pub zone: Tz,
    pub replica: ReplicaId,
    pub session: SessionId,
    /// The letter of references: `A`.
    pub letter: String,
}

impl World<'_> {
    /// What a plan may look at, on a day of the past.
    pub fn on(&self, day: Day) -> Context<'_> {
        Context { playbook: self.playbook, person: &self.person, company: &self.data.people.company, today: day, moment: None }
    }

    /// The towns and numbers of a utility; those of the first for one that the demo does not know.
    pub fn place(&self, utility: &str) -> Option<&Place> {
        self.known_place(utility).or(self.data.places.first())
    }

    pub fn known_place(&self, utility: &str) -> Option<&Place> {
        let known = |place: &&Place| self.playbook.utility(&place.utility).is_some_and(|found| found.name == utility);
        self.data.places.iter().find(known)
    }

    /// What this desk says of such a thing.
    pub fn words(&self, of: Said) -> &[String] {
        let words = &self.data.words;
        let (name, of_all) = match of {
            Said::Hold => ("hold", &words.hold),
            Said::Todo => ("todo", &words.todo),
            Said::Complaint => ("complaint", &words.complaint),
            Said::Escalated => ("escalated", &words.escalated),
            Said::Ended => ("ended", &words.ended),
        };
        words.of_desk(self.playbook.desk, name, of_all)
    }

    /// Milliseconds since 1970 of a local time. An hour that a clock change skips is the one after.
    pub fn millis(&self, local: NaiveDateTime) -> i64 {
        let here = local.and_local_timezone(self.zone).earliest();
        here.map_or_else(|| local.and_utc().timestamp_millis(), |here| here.timestamp_millis())
    }

    /// The nth business day before `day`.
    pub fn before(&self, day: Day, business_days: i64) -> Day {
        let (mut day, mut left) = (day, business_days);
        while left > 0 {
            let Some(earlier) = day.pred_opt() else { break };
            day = earlier;
            left -= i64::from(self.playbook.calendar.closed(day).is_none());
        }
        day
    }

    /// The same; the last business day when it is 0 and `day` is none.
    pub fn open_before(&self, day: Day, business_days: i64) -> Day {
        match business_days {
            0 if self.playbook.calendar.closed(day).is_none() => day,
            days => self.before(day, days.max(1)),
        }
    }

    /// The event of a change that is no application's: a page, a person. `seq` counts within its subject.
    pub fn past(&self, change: Change, did: String, day: Day, who: (&Actor, CommandId, i64)) -> Past {
        let (actor, command, seq) = who;
        let event = Event {
            id: EventId { replica: self.replica, seq },
            hlc: Hlc::default().next(self.millis(day.and_time(Default::default()))),
            uid: actor.uid,
            actor: actor.login.clone(),
            session: self.session,
            command,
            subject: change.subject,
            of: change.of,
            kind: Kind::Set,
            on: day,
            fields: change.fields,
            undoes: None,
            playbook: self.playbook.name.clone(),
        };
        Past { event, did }
    }

    /// The nth business day after `day`.
    pub fn after(&self, day: Day, business_days: i64) -> Day {
        let days = u32::try_from(business_days).unwrap_or(0);
        self.playbook.calendar.add(day, days).unwrap_or(day)
    }
}

/// FIELD=VALUE.
pub type Values = BTreeMap<String, String>;
