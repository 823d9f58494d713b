//! What happened to one made-up application, day by day? Every change is planned by the same rules
//! that a person works under, on the day on which it is said to have happened.

use std::collections::{BTreeMap, HashMap};

use super::answer;
use super::chance::Chance;
use super::course::{self, Happened, Stop};
use super::world::{Said, Values, World};
use crate::domain::application::{Application, milestone};
use crate::domain::day::{Day, NaiveTime};
use crate::domain::event::{Event, Of, Write};
use crate::domain::id::{CommandId, EventId, Hlc, SubjectId};
use crate::domain::plan::extend::{self, Agreement};
use crate::domain::plan::{Answers, Planned, edit, open, touch};
use crate::domain::playbook::Disposition;
use crate::domain::record::Record;
use crate::domain::trouble::Refusal;
use crate::domain::value::Value;
use crate::store::Past;

/// How often each quick action was done so far, so that all of them occur.
pub type Uses = HashMap<String, u32>;

/// How an application begins.
#[derive(Clone, Copy)]
pub struct First {
    pub day: Day,
    /// The number in its reference.
    pub reference: u64,
    /// Who opens it and works on it, by place among the world's actors.
    pub actor: usize,
}

/// One application with what happened to it. Sequences count from 1 and clocks show the local
/// time's milliseconds alone; `journal` gives the real ones.
pub struct Life<'w> {
    pub world: &'w World<'w>,
    pub app: Application,
    pub past: Vec<Past>,
    pub chance: Chance,
    actor: usize,
    last_millis: i64,
}

impl<'w> Life<'w> {
    /// Opens it on `day`. `values` are FIELD=VALUE, `entries` come into the same event.
    pub fn open(
        world: &'w World<'w>,
        first: &First,
        values: &Values,
        entries: Vec<(&str, Value)>,
        mut chance: Chance,
    ) -> Result<Life<'w>, Refusal> {
        let subject = SubjectId(chance.uuid());
        let planned = open::application(subject, values, None, &world.on(first.day))?;
        let app = Application(Record::new(subject, Of::Application));
        let mut life = Life { world, app, past: Vec::new(), chance, actor: first.actor, last_millis: 0 };
        let mut change = planned.change.clone();
        let reference = ("reference", format!("{}-{}", world.letter, first.reference).into());
        for (field, to) in entries.into_iter().chain([reference]) {
            change.fields.insert(field.to_owned(), Write { to, ..Write::default() });
        }
        life.write(Planned { change, ..planned }, first.day);
        Ok(life)
    }

    /// Adds the event of a plan that was made on `day`.
    pub fn write(&mut self, planned: Planned, day: Day) {
        let minute = u32::try_from(self.chance.within(0, 59)).unwrap_or(0);
        let hour = u32::try_from(self.chance.within(8, 16)).unwrap_or(8);
        let local = day.and_time(NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default());
        self.last_millis = self.world.millis(local).max(self.last_millis + 60_000);
        let actor = &self.world.actors[self.actor.min(self.world.actors.len() - 1)];
        let event = Event {
            id: EventId { replica: self.world.replica, seq: i64::try_from(self.past.len()).unwrap_or(0) + 1 },
            hlc: Hlc::default().next(self.last_millis),
            uid: actor.uid,
            actor: actor.login.clone(),
            session: self.world.session,
            command: CommandId(self.chance.uuid()),
            subject: planned.change.subject,
            of: planned.change.of,
            kind: planned.kind,
            on: planned.on,
            fields: planned.change.fields,
            undoes: None,
            playbook: self.world.playbook.name.clone(),
        };
        self.app.0.apply(&event);
        self.past.push(Past { event, did: planned.did });
    }

    /// Walks the stops after the first, with a contact here and there in between.
    pub fn walk(&mut self, stops: &[Stop<'_>], uses: &mut Uses) {
        let happened = course::happened(self.world, stops);
        for (pair, happened) in stops.windows(2).zip(&happened[1..]) {
            let (from, to) = (&pair[0], &pair[1]);
            let stayed = self.world.playbook.calendar.between(from.entered, to.entered);
            if stayed >= 4 && self.chance.percent(60) {
                let day = self.world.after(from.entered, self.chance.within(2, stayed - 1));
                self.contact(day, uses);
            }
            self.advance(from.entered, to, happened, uses);
        }
    }

    /// Moves to a status: by a quick action that leads there, else by an edit. What happened on the way and is not on
    /// file yet is recorded with it.
    fn advance(&mut self, from: Day, to: &Stop<'_>, happened: &[Happened<'_>], uses: &mut Uses) {
        let leads = |disposition: &&Disposition| disposition.status.as_deref() == Some(&*to.status.name);
        if let Some(planned) = self.disposition(to.entered, leads, uses) {
            let planned = self.with_milestones(planned, from, happened);
            return self.write(planned, to.entered);
        }
        let mut values = Values::from([("status".to_owned(), to.status.name.clone())]);
        if to.status.name == "ended" {
            let reasons = &self.world.playbook.workflow.ended_reasons;
            values.insert("ended_reason".to_owned(), self.chance.word(reasons).to_owned());
        }
        let because = self.chance.word(self.world.words(Said::Ended)).to_owned();
        let said = (to.status.name == "ended").then_some(because.as_str());
        if let Ok(planned) = edit::set(&values, said, &self.app, &self.world.on(to.entered)) {
            let planned = self.with_milestones(planned, from, happened);
            self.write(planned, to.entered);
        }
    }

    fn with_milestones(&self, mut planned: Planned, from: Day, happened: &[Happened<'_>]) -> Planned {
        let own = planned.change.fields.get("milestone").map(|write| write.to.clone());
        let own_code = own.as_ref().and_then(|own| own.get("code")).and_then(Value::as_text).unwrap_or_default().to_owned();
        let on_file = |code: &str| self.app.milestones().any(|one| one.code == code && one.day >= from);
        let new = happened.iter().filter(|(code, _)| *code != own_code && !on_file(code));
        let all: Vec<Value> = new.map(|(code, day)| milestone(code, *day, "us")).chain(own).collect();
        if !all.is_empty() {
            planned.change.fields.insert("milestone".to_owned(), Write { to: Value::List(all), ..Write::default() });
        }
        planned
    }

    /// Whether its milestone would be the second of its kind, or come after one that follows it.
    fn is_in_order(&self, disposition: &Disposition) -> bool {
        let Some(code) = disposition.milestone.as_deref() else { return true };
        let follows = &self.world.playbook.rules.follows;
        let after = |one: &str| one == code || follows.iter().any(|(later, before)| later == one && before == code);
        disposition.status.is_some() || !self.app.milestones().any(|one| after(one.code))
    }

    /// Tries whoever is waited for again and again, by one way or another, before `until`.
    pub fn chase(&mut self, from: Day, until: Day, uses: &mut Uses) {
        let ball = self.app.ball().to_owned();
        let mut day = from;
        for _ in 0..self.chance.within(1, 3) {
            day = self.world.after(day, self.chance.within(1, 2));
            if day >= until {
                return;
            }
            let tries = |disposition: &&Disposition| disposition.status.is_none() && disposition.attempt.as_deref() == Some(ball.as_str());
            let Some(planned) = self.disposition(day, tries, uses) else { return };
            self.write(planned, day);
        }
    }

    /// One contact that leaves the status as it is: mostly a quick action, else a note.
    pub fn contact(&mut self, day: Day, uses: &mut Uses) {
        let road = &self.world.road;
        let stays = |disposition: &&Disposition| disposition.status.is_none() && road.is_contact(&disposition.name);
        if self.chance.percent(65)
            && let Some(planned) = self.disposition(day, stays, uses)
        {
            return self.write(planned, day);
        }
        self.note(day, Answers::default());
    }

    /// A free note in the words of whoever is waited for.
    pub fn note(&mut self, day: Day, answers: Answers) {
        let text = answer::note(self.app.ball(), self.world, day, &mut self.chance);
        if let Ok(planned) = touch::note(&text, &answers, &self.app, &self.world.on(day)) {
            self.write(planned, day);
        }
    }

    /// The plan of a quick action that passes `fits` and the rules; those done least come first.
    fn disposition(&mut self, day: Day, fits: impl Fn(&&Disposition) -> bool, uses: &mut Uses) -> Option<Planned> {
        let context = self.world.on(day);
        let mut among: Vec<&Disposition> = context
            .playbook
            .dispositions
            .iter()
            .filter(&fits)
            .filter(|disposition| touch::possible(disposition, &self.app, &context).is_ok() && self.is_in_order(disposition))
            .collect();
        // Mostly one that concerns whoever is waited for; the least used of those.
        among.sort_by_cached_key(|disposition| {
            let other = disposition.status.is_none() && disposition.ball.as_deref().is_some_and(|ball| ball != self.app.ball());
            // What raises an alarm is rare.
            let rare = if disposition.set.values().any(|text| text == "yes") { 8 } else { 1 };
            (other && !self.chance.percent(25), uses.get(&disposition.name).copied().unwrap_or(0) * rare, self.chance.next())
        });
        for disposition in among {
            let answers = answer::all(disposition, &self.app, self.world, day, &mut self.chance);
            if let Ok(planned) = touch::disposition(disposition, &answers, &self.app, &context) {
                *uses.entry(disposition.name.clone()).or_default() += 1;
                return Some(planned);
            }
        }
        None
    }

    /// Both sides agree that the nearest clock that runs has a week more. Whether one does.
    pub fn extend(&mut self, day: Day) -> bool {
        let context = self.world.on(day);
        let running = extend::running(&self.app, &context);
        let Some((clock, due)) = running.iter().find_map(|clock| Some((clock, clock.due.filter(|due| clock.is_law() && *due > day)?)))
        else {
            return false;
        };
        let agreement = Agreement {
            clock: clock.name.clone(),
            until: self.world.after(due, 5).to_string(),
            agreed_by: "both desks".to_owned(),
            authority: "agreed in writing".to_owned(),
        };
        match extend::extend(&agreement, &self.app, &context) {
            Ok(planned) => {
                self.write(planned, day);
                true
            }
            Err(_) => false,
        }
    }

    /// Edits fields; what the rules refuse stays as it was.
    pub fn set<const N: usize>(&mut self, day: Day, pairs: [(&str, String); N]) {
        let values: BTreeMap<String, String> = pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        if let Ok(planned) = edit::set(&values, None, &self.app, &self.world.on(day)) {
            self.write(planned, day);
        }
    }
}
