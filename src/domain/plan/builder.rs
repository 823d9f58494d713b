//! Collects what a plan writes, with the words for its preview.

use std::collections::BTreeMap;

use super::{Context, Line, Planned, review};
use crate::domain::application::{Application, milestone};
use crate::domain::change::Change;
use crate::domain::day::{Day, When};
use crate::domain::event::{Kind, Of, Write};
use crate::domain::field::{self, Field};
use crate::domain::id::{EventId, Hlc, ReplicaId, Uuid};
use crate::domain::message::{self, Message, Rendered};
use crate::domain::playbook::{Status, Then};
use crate::domain::record::{ENTRIES, Register};
use crate::domain::suggest::{self, Suggestion};
use crate::domain::text;
use crate::domain::trouble::Refusal;
use crate::domain::value::Value;
use crate::domain::when;

pub(super) struct Builder<'a> {
    pub app: &'a Application,
    pub ctx: Context<'a>,
    pub on: Day,
    pub kind: Kind,
    pub fields: BTreeMap<String, Write>,
    pub lines: Vec<Line>,
    pub follow_up: Option<When>,
    pub message: Option<Rendered>,
    /// The message as it is kept.
    letter: Option<Value>,
}

impl<'a> Builder<'a> {
    /// Refuses what no change may touch: an application under legal hold, a day to come.
    pub fn new(app: &'a Application, ctx: Context<'a>, kind: Kind, on: Option<Day>) -> Result<Builder<'a>, Refusal> {
        if app.flag("legal_hold") {
            return Err(Refusal::new(format!("{} is under legal hold", app.reference()))
                .because("a legal hold refuses every change but its own release")
                .hint("release it with: set ID legal_hold=no"));
        }
        let on = on.unwrap_or(ctx.today);
        if on > ctx.today {
            return Err(Refusal::new(format!("{on} is still to come; what happened has a day up to {}", ctx.today)));
        }
        Ok(Builder { app, ctx, on, kind, fields: BTreeMap::new(), lines: Vec::new(), follow_up: None, message: None, letter: None })
    }

    /// The builder for the one change that a legal hold allows.
    pub fn release(app: &'a Application, ctx: Context<'a>) -> Builder<'a> {
        Builder {
            app,
            ctx,
            on: ctx.today,
            kind: Kind::Set,
            fields: BTreeMap::new(),
            lines: Vec::new(),
            follow_up: None,
            message: None,
            letter: None,
        }
    }

    pub fn say(&mut self, label: &'static str, text: impl Into<String>) {
        self.lines.push(Line { label, text: text.into() });
    }

    pub fn say_if(&mut self, label: &'static str, text: Option<String>) {
        self.lines.extend(text.map(|text| Line { label, text }));
    }

    /// Writes a register when its value changes.
    pub fn put(&mut self, name: &str, to: Value) -> bool {
        if *self.app.value(name) == to {
            return false;
        }
        let write = self.app.write(name, to);
        self.fields.insert(name.to_owned(), write);
        true
    }

    /// Writes a field from text, with its line of the preview. `name` must be of the table.
    pub fn put_field(&mut self, field: &'static Field, text: &str) -> Result<(), Refusal> {
        let value = self.read(field, text)?;
        let before = self.shown(field.kind, self.app.value(field.name));
        let after = self.shown(field.kind, &value);
        if self.put(field.name, value) {
            self.say(field.label, change_words(&before, &after));
        }
        Ok(())
    }

    /// Moves to a status: legal, or with a reason; ended only with its own reason.
    pub fn put_status(&mut self, to: &str, ended_reason: Option<&str>, because: Option<&str>) -> Result<(), Refusal> {
        let workflow = &self.ctx.playbook.workflow;
        let from = self.app.status();
        let Some(status) = workflow.status(to) else {
            let names: Vec<&str> = workflow.statuses.iter().map(|status| status.name.as_str()).collect();
            return Err(Refusal::new(format!("status: read \"{to}\", wanted one of {}", names.join(", "))));
        };
        if from == to {
            return Ok(());
        }
        self.check_lane(status)?;
        self.check_reason(status, ended_reason)?;
        let known_from = workflow.status(from).is_some();
        if known_from && !workflow.is_legal(from, to) {
            let because =
                because.map(str::trim).filter(|because| !because.is_empty()).ok_or_else(|| illegal(workflow.status_label(from), status))?;
            self.note(&format!("Status set against the usual order, because: {because}"));
        }
        let value = Value::map([("from", self.app.value("status").clone()), ("to", to.into())]);
        let write = self.app.write("status", value);
        self.fields.insert("status".to_owned(), write);
        self.put("ended_reason", ended_reason.into());
        // What they said was about the step that is over now.
        self.put("promised", Value::Nothing);
        let words = change_words(workflow.status_label(from), &status.label);
        self.say(
            "status",
            match ended_reason {
                Some(reason) => format!("{words} ({reason})"),
                None => words,
            },
        );
        self.reset_attempts();
        Ok(())
    }

    fn check_reason(&self, status: &Status, ended_reason: Option<&str>) -> Result<(), Refusal> {
        let reasons = &self.ctx.playbook.workflow.ended_reasons;
        match (status.name == "ended", ended_reason) {
            (true, Some(reason)) if reasons.iter().any(|known| known == reason) => Ok(()),
            (true, _) => Err(Refusal::new(format!("ended needs its reason: ended_reason={}", reasons.join(" or ")))),
            (false, None) => Ok(()),
            (false, Some(_)) => Err(Refusal::new(format!("ended_reason belongs to the status ended, not to {}", status.name))),
        }
    }

    /// Tried again, without an answer.
    pub fn count_attempt(&mut self, party: &str, attempt: i64) {
        let field = format!("attempts.{party}");
        let write = self.app.write(&field, Value::Number(attempt));
        self.fields.insert(field, write);
    }

    /// They answered: the next attempt is the first again.
    pub fn answered(&mut self, party: &str) {
        let tried = self.app.attempts(party);
        if tried > 0 && self.put(&format!("attempts.{party}"), Value::Nothing) {
            let times = if tried == 1 { "once".to_owned() } else { format!("{tried} times") };
            self.say("answered", format!("{}, tried {times}", self.ctx.playbook.workflow.party_label(party)));
        }
    }

    /// A new status begins with attempt #1.
    fn reset_attempts(&mut self) {
        let counted: Vec<String> = self.app.registers.keys().filter(|field| field.starts_with("attempts.")).cloned().collect();
        for field in counted {
            self.put(&field, Value::Nothing);
        }
    }

    /// The defaults that come with a status, for what nobody said; `recorded` is the milestone that the same touch
    /// records.
    pub fn status_defaults(&mut self, ball_said: bool, follow_up_said: bool, recorded: Option<&str>) -> Result<(), Refusal> {
        let Some(write) = self.fields.get("status") else { return Ok(()) };
        let to = write.to.get("to").and_then(Value::as_text).unwrap_or_default().to_owned();
        let Some(status) = self.ctx.playbook.workflow.status(&to) else { return Ok(()) };
        if !ball_said {
            self.put_ball(&status.ball)?;
        }
        if follow_up_said {
            return Ok(());
        }
        match self.suggested(&status.ball, recorded) {
            Some(suggestion) => {
                let said = when::words(
                    &when::reached(When::on(suggestion.day), self.ctx.today, &self.ctx.playbook.calendar),
                    self.ctx.today,
                    &self.ctx.playbook.calendar,
                );
                self.put_follow_up(Some(When::on(suggestion.day)), Some(format!("{said}, {}", suggestion.because)));
                Ok(())
            }
            None => self.put_follow_up_words(&status.follow_up),
        }
    }

    /// From our own history, where it is the utility's turn.
    fn suggested(&self, ball: &str, recorded: Option<&str>) -> Option<Suggestion> {
        let ball = self.fields.get("ball").map_or(ball, |write| write.to.as_text().unwrap_or_default());
        let recorded = recorded.map(|code| (code, self.on));
        (ball == "utility").then(|| suggest::follow_up(&self.preview(), recorded, self.ctx.playbook, self.ctx.today)).flatten()
    }

    pub fn put_ball(&mut self, party: &str) -> Result<(), Refusal> {
        let ball = field::find("ball").expect("ball is a field of the table");
        self.put_field(ball, party)?;
        if let Some(line) = self.lines.last_mut().filter(|line| line.label == ball.label) {
            let workflow = &self.ctx.playbook.workflow;
            line.text = change_words(workflow.party_label(self.app.ball()), workflow.party_label(party));
        }
        Ok(())
    }

    /// Sets the follow-up by words, counted from the day it happened; none when the words are empty.
    pub fn put_follow_up_words(&mut self, words: &str) -> Result<(), Refusal> {
        if words.is_empty() {
            self.put_follow_up(None, None);
            return Ok(());
        }
        let calendar = &self.ctx.playbook.calendar;
        let resolved = when::read(words, self.on, calendar).map_err(Refusal::new)?;
        let said = when::words(&resolved, self.on, calendar);
        if resolved.when.day < self.ctx.today {
            self.put_follow_up(Some(When::on(self.ctx.today)), None);
        } else {
            self.put_follow_up(Some(resolved.when), Some(said));
        }
        Ok(())
    }

    /// The same, counted from another day than the one it happened on.
    pub fn put_follow_up_after(&mut self, day: Day, span: &str) -> Result<(), Refusal> {
        let resolved = when::read(span, day, &self.ctx.playbook.calendar).map_err(Refusal::new)?;
        self.put_follow_up(Some(When::on(resolved.when.day.max(self.ctx.today))), None);
        Ok(())
    }

    pub fn put_follow_up(&mut self, to: Option<When>, words: Option<String>) {
        let today = self.ctx.today;
        let calendar = &self.ctx.playbook.calendar;
        self.follow_up = to;
        let written = self.put("follow_up", to.map(|when| when.to_string()).into());
        if to.is_some() || written {
            self.say(
                "we look",
                words.unwrap_or_else(|| {
                    to.map_or("no more".to_owned(), |when| when::words(&when::reached(when, today, calendar), today, calendar))
                }),
            );
        }
        self.put("until_activity", Value::Nothing);
    }

    /// Adds a note; several notes of one act become one.
    pub fn note(&mut self, text: &str) {
        let text = text::clean(text);
        let text = text::cut(text.trim(), text::NOTE_MAX);
        if text.is_empty() {
            return;
        }
        let write = self.fields.entry("note".to_owned()).or_default();
        write.to = match write.to.as_text() {
            Some(before) => Value::text(format!("{before}\n{text}")),
            None => text.into(),
        };
    }

    /// Records a dated thing. One that is dated before what it follows is a slip of a finger, and every clock that
    /// starts from either would be wrong.
    pub fn milestone(&mut self, code: &str) -> Result<(), Refusal> {
        let workflow = &self.ctx.playbook.workflow;
        for (_, before) in self.ctx.playbook.rules.follows.iter().filter(|(one, _)| one == code) {
            let earliest = self.app.milestones().filter(|one| one.code == before).map(|one| one.day).min();
            if let Some(day) = earliest.filter(|day| self.on < *day) {
                let (this, that) = (workflow.milestone_label(code), workflow.milestone_label(before));
                let short = |day| crate::domain::day::short(day, self.ctx.today);
                return Err(Refusal::new(format!("{this} on {} would be before {that} ({})", short(self.on), short(day)))
                    .hint("give the day on which it happened: on=DAY"));
            }
        }
        let value = milestone(code, self.on, "us");
        self.fields.insert("milestone".to_owned(), Write { to: value, ..Write::default() });
        let label = self.ctx.playbook.workflow.milestone_label(code).to_owned();
        self.say("milestone", format!("{label} {}", crate::domain::day::short(self.on, self.ctx.today)));
        Ok(())
    }

    pub fn put_message(&mut self, message: &Message, rendered: Rendered) {
        if let Some(length) = message::sms_length(message, &rendered) {
            self.say("length", length);
        }
        for day in &rendered.days {
            self.say("a day", day.clone());
        }
        let value = Value::map([
            ("name", rendered.name.as_str().into()),
            ("recipient", rendered.recipient.as_str().into()),
            ("subject", rendered.subject.as_str().into()),
            ("body", rendered.body.as_str().into()),
            ("crm", rendered.crm.as_str().into()),
            ("version", rendered.version.into()),
            ("state", if rendered.sent_by_copy { "sent" } else { "prepared" }.into()),
        ]);
        self.letter = Some(value);
        self.say("message", format!("{} (copied when saved)", rendered.label));
        self.message = Some(rendered);
    }

    /// The application as it will be, for the words of note and message: the number that was just
    /// given must be in the message that goes out with it.
    pub fn preview(&self) -> Application {
        let mut after = self.app.clone();
        for (name, write) in self.fields.iter().filter(|(name, _)| !ENTRIES.contains(&name.as_str())) {
            let value = if name == "status" { write.to.get("to").cloned().unwrap_or_default() } else { write.to.clone() };
            let blank = Register {
                value: Value::Nothing,
                writer: EventId { replica: ReplicaId(Uuid::nil()), seq: 0 },
                at: Hlc::default(),
                on: self.on,
                by: String::new(),
            };
            after.0.registers.entry(name.clone()).or_insert(blank).value = value;
        }
        // The clocks of what is being recorded run in the message that goes out with it.
        let code = self.fields.get("milestone").and_then(|write| write.to.get("code")).and_then(Value::as_text);
        if let Some(code) = code {
            return after.recorded(code, self.on);
        }
        after
    }

    /// The plan, if it changes anything.
    pub fn finish(mut self, did: &str, then: Then) -> Result<Planned, Refusal> {
        if self.fields.is_empty() {
            return Err(Refusal::new("nothing would change"));
        }
        let after = self.preview();
        self.say_if("tier", review::flip(self.app, &after, &self.fields, &self.ctx));
        self.say_if("cure day", review::cure_differs(&after, &self.fields, &self.ctx));
        self.say_if("lapses", self.follow_up.and_then(|when| review::lapses_before(&after, when.day, &self.ctx)));
        self.say_if("we owe", self.follow_up.and_then(|when| review::owed_before(&after, when.day, &self.ctx)));
        let change = Change {
            subject: self.app.id,
            of: Of::Application,
            expects: Some(self.app.version),
            needs_reference: false,
            fields: self.fields,
        };
        // The text of a message is an event of its own behind the touch's: where it must be forgotten, the
        // touch stays.
        let letter = self.letter.map(|value| Change {
            subject: self.app.id,
            of: Of::Application,
            expects: Some(self.app.version + 1),
            needs_reference: false,
            fields: BTreeMap::from([("message".to_owned(), Write { to: value, ..Write::default() })]),
        });
        let did = format!("{} {}: {did}", self.app.reference(), self.app.who());
        Ok(Planned {
            kind: self.kind,
            on: self.on,
            change,
            also: letter.into_iter().collect(),
            did,
            lines: self.lines,
            follow_up: self.follow_up,
            message: self.message,
            then,
        })
    }
}

fn illegal(from: &str, to: &Status) -> Refusal {
    Refusal::new(format!("{from} → {} is not a usual move", to.label))
        .because("the moves of this desk are practice, not law")
        .hint("with a reason it can be done all the same: s asks for it, --because gives it")
}

/// `before → after`, `after`, or `cleared`.
pub(super) fn change_words(before: &str, after: &str) -> String {
    match (before, after) {
        (_, "") => format!("{before} → cleared"),
        ("", after) => after.to_owned(),
        (before, after) => format!("{before} → {after}"),
    }
}
