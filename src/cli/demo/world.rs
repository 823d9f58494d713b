//! What do all made-up applications share?

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::data::{Data, Place};
use crate::domain::day::{Day, NaiveDateTime};
use crate::domain::id::{ReplicaId, SessionId};
use crate::domain::message::Person;
use crate::domain::plan::Context;
use crate::domain::playbook::Playbook;

/// Who wrote an event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Actor {
    pub uid: u32,
    pub login: String,
}

pub struct World<'a> {
    pub data: &'a Data,
    pub playbook: &'a Playbook,
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
        let known = |place: &&Place| self.playbook.utility(&place.utility).is_some_and(|found| found.name == utility);
        self.data.places.iter().find(known).or(self.data.places.first())
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

    /// The nth business day after `day`.
    pub fn after(&self, day: Day, business_days: i64) -> Day {
        let days = u32::try_from(business_days).unwrap_or(0);
        self.playbook.calendar.add(day, days).unwrap_or(day)
    }
}

/// FIELD=VALUE.
pub type Values = BTreeMap<String, String>;
