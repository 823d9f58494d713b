//! Which clocks run, since when, until when, and what does a miss mean?

use std::collections::BTreeSet;

use super::matter::{Extension, Matter};
use super::{ClockRule, Outcome, Owes, Receipt, RuleSet, Rules, Unit};
use chrono::TimeDelta;

use crate::domain::day::Day;
use crate::domain::playbook::{Confidence, Playbook, Utility};
use crate::domain::utility::AfterHours;
use crate::domain::utility_state::Stop;

/// How a clock stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// It runs, or its day has passed without what was due.
    Running,
    /// What was due has happened on that day.
    Done(Day),
    /// It cannot be told: see `because`.
    Unknown,
}

/// One clock of one application.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Clock {
    pub name: String,
    pub label: String,
    pub state: State,
    /// The milestone that started it, or that would.
    pub trigger: String,
    pub started: Option<Day>,
    pub due: Option<Day>,
    /// What the rule allows: "10 BD".
    pub length: String,
    pub owes: Owes,
    pub outcome: Outcome,
    /// Days between start and due that do not count, weekends aside, each with its reason.
    pub skipped: Vec<(Day, String)>,
    /// Name of the rule set.
    pub rule: String,
    pub cites: String,
    pub calendar: String,
    pub confidence: Confidence,
    /// What would have to be known, by the names of FIELD=VALUE.
    pub missing: Vec<String>,
    /// Why it is unknown, or under which condition it runs.
    pub because: String,
    /// Its number among all clocks of the rules.
    pub number: u8,
    pub extended: Option<Extension>,
}

/// What clocks are asked for.
pub struct Asked<'a> {
    pub matter: &'a Matter,
    pub utility: Option<&'a Utility>,
    /// Agreements of the utility.
    pub stops: &'a [Stop],
    pub today: Day,
}

impl<'a> Asked<'a> {
    /// With the utility that the matter names, and its agreements.
    pub fn of(matter: &'a Matter, playbook: &'a Playbook, today: Day) -> Asked<'a> {
        let name = matter.utility().unwrap_or_default();
        let stops = playbook.utility_state(name).map_or(&[][..], |state| &state.stops);
        Asked { matter, utility: playbook.utility(name), stops, today }
    }
}

impl Rules {
    /// Every clock of the application's rule set, those that run nearest first, then those that are done, then those
    /// that wait. Without a rule set the trade's plain cadence; `Err` only when there is none either.
    pub fn clocks(&self, asked: &Asked<'_>) -> Vec<Clock> {
        self.clocks_where(asked, |_| true)
    }

    /// Those that run, and perhaps some that do not: for a million rows, of which most have one or none.
    pub fn clocks_that_may_run(&self, asked: &Asked<'_>) -> Vec<Clock> {
        self.clocks_where(asked, |rule| {
            let (start, _) = self.start(rule, asked.matter, asked.today);
            start.is_some_and(|(_, day)| asked.matter.from(&rule.stops, day).is_none_or(|(_, stop)| stop > asked.today))
        })
    }

    fn clocks_where(&self, asked: &Asked<'_>, wanted: impl Fn(&ClockRule) -> bool) -> Vec<Clock> {
        let set = match self.choose(asked.matter, asked.utility, asked.today) {
            Ok(set) => set,
            Err(_) => match self.practice() {
                Some(set) => set,
                None => return Vec::new(),
            },
        };
        let rules: Vec<(usize, &ClockRule)> = set.clocks.iter().enumerate().filter(|(_, rule)| wanted(rule)).collect();
        let by_tier = rules.iter().any(|(_, rule)| !rule.tiers.is_empty() || !rule.except.is_empty());
        let tier = by_tier.then(|| self.tier(asked.matter, asked.utility, asked.today));
        let known = tier.as_ref().filter(|answer| answer.tier != "unknown").map(|answer| answer.tier.as_str());
        let lacking = tier.as_ref().map(|answer| (answer.missing.clone(), answer.reason.clone())).unwrap_or_default();
        let mut clocks: Vec<Clock> = Vec::new();
        for (idx, rule) in rules {
            let named = |tiers: &[String]| known.is_some_and(|known| tiers.iter().any(|tier| tier == known));
            if named(&rule.except) || !rule.tiers.is_empty() && known.is_some() && !named(&rule.tiers) {
                continue;
            }
            let number = self.clock_number(set, idx);
            let clock = set.clock(rule, number, asked, self);
            clocks.push(match (rule.tiers.is_empty(), known) {
                (false, None) => Clock {
                    state: State::Unknown,
                    due: None,
                    skipped: Vec::new(),
                    missing: lacking.0.iter().chain(&clock.missing).cloned().collect(),
                    because: format!("only for {}, and the tier is {}", rule.tiers.join(", "), lacking.1),
                    ..clock
                },
                _ => clock,
            });
        }
        clocks.sort_by_key(|clock| match (clock.state, clock.due) {
            (State::Running, due) => (0, due.unwrap_or(Day::MAX)),
            (State::Done(on), _) => (1, on),
            (State::Unknown, due) => (2, due.unwrap_or(Day::MAX)),
        });
        clocks
    }
}

impl Rules {
    /// The milestone that starts a clock, and what stands in for it where it is not on file.
    fn start<'m>(&self, rule: &ClockRule, matter: &'m Matter, today: Day) -> (Option<(&'m str, Day)>, String) {
        if let Some(found) = matter.latest(&rule.trigger, today) {
            return (Some(found), String::new());
        }
        let others = self.instead.iter().filter(|(code, _)| rule.trigger.contains(code) && !matter.has(code));
        let mut found = others.filter_map(|(code, other)| Some((code, matter.latest(std::slice::from_ref(other), today)?)));
        match found.next() {
            Some((code, start)) => (Some(start), format!("counted from {}, because no day of \"{code}\" is on file", start.0)),
            None => (None, String::new()),
        }
    }
}

impl RuleSet {
    fn clock(&self, rule: &ClockRule, number: u8, asked: &Asked<'_>, rules: &Rules) -> Clock {
        let matter = asked.matter;
        let blank = self.blank(rule, number);
        let (start, stood_in) = rules.start(rule, matter, asked.today);
        if let Some((code, day)) = matter.milestones.iter().find(|(code, day)| rule.trigger.contains(code) && *day > asked.today) {
            return waits(blank, code, format!("{code} is dated {day}, which is still to come"));
        }
        let Some((trigger, started)) = start else {
            let first = rule.trigger.first().cloned().unwrap_or_default();
            let because = format!("{} has not happened, or its day is not on file", rule.trigger.join(" or "));
            return waits(blank, &first, because);
        };
        if let Some(wrong) = out_of_order(trigger, started, matter, &rules.follows) {
            return waits(blank, trigger, wrong);
        }
        let (trigger, started, because) = match self.presumed(rule, matter, trigger, started) {
            Ok(found) => found,
            Err(because) => return Clock { trigger: trigger.to_owned(), because, ..blank },
        };
        let Some(counted) = self.count(rule, asked, started, trigger) else {
            return waits(blank, trigger, format!("the calendar {} has no day for it", self.calendar.name));
        };
        let done = matter.from(&rule.stops, started).filter(|(_, day)| *day <= asked.today).map(|(_, day)| day);
        let extended = matter.extensions.iter().rev().find(|one| one.clock == rule.name && one.started == started).cloned();
        let due = extended.as_ref().map_or(counted.due, |extension| extension.until.max(counted.due));
        Clock {
            state: done.map_or(State::Running, State::Done),
            trigger: trigger.to_owned(),
            started: Some(started),
            due: Some(due),
            skipped: counted.skipped,
            because: [stood_in, because, counted.says].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; "),
            extended,
            ..blank
        }
    }

    fn blank(&self, rule: &ClockRule, number: u8) -> Clock {
        Clock {
            name: rule.name.clone(),
            label: rule.label.clone(),
            state: State::Unknown,
            trigger: String::new(),
            started: None,
            due: None,
            length: format!("{} {}", rule.days, rule.unit.short()),
            owes: rule.owes,
            outcome: rule.outcome,
            skipped: Vec::new(),
            rule: self.name.clone(),
            cites: rule.cites.clone(),
            calendar: self.calendar.name.clone(),
            confidence: rule.confidence,
            missing: Vec::new(),
            because: String::new(),
            number,
            extended: None,
        }
    }

    /// A clock that runs from the receipt of a complete application: the last receipt before the notice of
    /// completeness. Without a notice it runs as if it had been complete, and says so; after a list of what is missing
    /// it waits for the answer.
    fn presumed<'m>(&self, rule: &ClockRule, matter: &'m Matter, trigger: &'m str, started: Day) -> Result<(&'m str, Day, String), String> {
        let Some(presumes) = &rule.presumes else { return Ok((trigger, started, String::new())) };
        let known = matter.latest(std::slice::from_ref(presumes), Day::MAX).map(|(_, day)| day);
        if let Some(known) = known {
            let before = matter.latest(&rule.trigger, known).unwrap_or((trigger, started));
            return Ok((before.0, before.1, String::new()));
        }
        let lacking = matter.from(&["deficiency-received".to_owned()], started);
        if let Some((_, day)) = lacking {
            return Err(format!("it was not complete ({day}); it waits for the answer"));
        }
        Ok((trigger, started, "if it was complete as received: no notice of completeness is on file".to_owned()))
    }

    fn count(&self, rule: &ClockRule, asked: &Asked<'_>, started: Day, trigger: &str) -> Option<Counted> {
        let from = self.day_of_receipt(asked, started, trigger);
        let mut off: BTreeSet<Day> = BTreeSet::new();
        for stop in asked.stops {
            off.extend(stop.from.iter_days().take_while(|day| *day <= stop.until).take(MOST_STOPPED));
        }
        if let Some((out, back)) = &rule.pauses {
            for (_, day) in asked.matter.milestones.iter().filter(|(code, day)| code == out && *day >= started) {
                let until = asked.matter.from(std::slice::from_ref(back), *day).map_or(asked.today, |(_, day)| day);
                off.extend(day.iter_days().skip(1).take_while(|day| *day <= until).take(MOST_STOPPED));
            }
        }
        let counts = |day: Day| !off.contains(&day) && (rule.unit == Unit::CalendarDays || self.calendar.closed(day).is_none());
        let due = match (off.is_empty(), rule.unit) {
            (true, Unit::BusinessDays) => self.calendar.add(from.0, rule.days)?,
            (true, Unit::CalendarDays) => from.0.checked_add_signed(TimeDelta::try_days(i64::from(rule.days))?)?,
            (false, _) => nth(from.0, rule.days, counts)?,
        };
        let mut skipped = if rule.unit == Unit::BusinessDays { self.calendar.skipped(from.0, due) } else { Vec::new() };
        skipped.extend(
            off.iter()
                .filter(|day| **day > from.0 && **day <= due)
                .map(|day| (*day, "does not count, by agreement or while it waited".to_owned())),
        );
        skipped.sort();
        skipped.dedup_by_key(|(day, _)| *day);
        Some(Counted { due, skipped, says: from.1 })
    }

    /// Day 0. What came after hours, or on a day that does not count, is the next business day's where the rule or the
    /// utility says so; where nobody says, that is told.
    fn day_of_receipt(&self, asked: &Asked<'_>, started: Day, trigger: &str) -> (Day, String) {
        let is_receipt = matches!(trigger, "received" | "resubmitted" | "submitted" | "completion-sent");
        let late =
            asked.matter.time.zip(asked.utility.and_then(|utility| utility.cut_off.as_ref())).is_some_and(|(at, cut_off)| at > cut_off.is);
        if !is_receipt || self.calendar.closed(started).is_none() && !late {
            return (started, String::new());
        }
        let next = self.calendar.add(started, 1).unwrap_or(started);
        let what = if late { format!("received after hours on {started}") } else { format!("{started} is no business day") };
        let told = asked.utility.and_then(|utility| utility.after_hours.as_ref());
        match (self.receipt, told.map(|told| told.is)) {
            (Receipt::SameDay, _) | (Receipt::Utility, Some(AfterHours::SameDay)) => (started, String::new()),
            (Receipt::NextBusinessDay, _) => (next, format!("{what}, so day 0 is {next}")),
            (Receipt::Utility, Some(AfterHours::NextBusinessDay)) => {
                let sure = told.map_or("", |told| told.confidence.says());
                let sure = if sure.is_empty() { String::new() } else { format!(" ({sure})") };
                (next, format!("{what}, so day 0 is {next}{sure}"))
            }
            (Receipt::Utility, _) => (started, format!("{what}; whether the utility counts it as received on {next} is not known")),
        }
    }
}

/// More days than any agreement stops: a slip of the keyboard must not count through a century.
const MOST_STOPPED: usize = 3_660;

struct Counted {
    due: Day,
    skipped: Vec<(Day, String)>,
    says: String,
}

/// The nth day after `from` that counts.
fn nth(from: Day, count: u32, counts: impl Fn(Day) -> bool) -> Option<Day> {
    if count == 0 {
        return Some(from);
    }
    let days = from.iter_days().skip(1).take(MOST_STOPPED * 2).filter(|day| counts(*day));
    days.take(usize::try_from(count).ok()?).nth(usize::try_from(count).ok()? - 1)
}

fn waits(blank: Clock, trigger: &str, because: String) -> Clock {
    Clock { trigger: trigger.to_owned(), missing: vec![trigger.to_owned()], because: format!("unknown because {because}"), ..blank }
}

/// A milestone that is dated before the one it follows is a slip somewhere; which of the two is wrong nobody knows.
fn out_of_order(trigger: &str, started: Day, matter: &Matter, follows: &[(String, String)]) -> Option<String> {
    let before = follows.iter().filter(|(code, _)| code == trigger).map(|(_, before)| before);
    before.filter(|before| matter.has(before)).find_map(|before| {
        let earliest = matter.milestones.iter().filter(|(code, _)| code == before).map(|(_, day)| *day).min()?;
        (started < earliest).then(|| format!("{trigger} is dated {started}, before {before} ({earliest})"))
    })
}
