//! Which clocks run, since when, until when, and what does a miss mean?

use super::matter::{Extension, Matter, Place};
use super::tier::OUTSIDE;
use super::{ClockRule, Outcome, Owes, Receipt, RuleSet, Rules, Unit};
use chrono::TimeDelta;

use crate::domain::day::Day;
use crate::domain::playbook::{Confidence, Playbook, UTILITY_LANE, Utility};
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
    /// The later step by which it is over, where what it waited for is not on file.
    pub done_by: String,
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
    /// What else the rule's file says of it.
    pub says: String,
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
    /// Those that run and may be held against somebody, with their numbers and days: what a row needs, of a million. No
    /// words are made; a clock of some tiers only is left out while the tier is not known.
    pub fn running(&self, asked: &Asked<'_>) -> Vec<(u8, &ClockRule, Day)> {
        let Ok(set) = self.choose(asked.matter, asked.utility, asked.today) else { return Vec::new() };
        let may_run = |rule: &ClockRule| {
            let (start, _) = self.start(rule, asked.matter, asked.today);
            start.is_some_and(|start| asked.matter.after(&rule.stops, start.at).is_none_or(|stop| stop.day > asked.today))
        };
        let counts = |rule: &ClockRule| rule.confidence.is_law() && rule.outcome.is_breach() && may_run(rule);
        let rules: Vec<(usize, &ClockRule)> = set.clocks.iter().enumerate().filter(|(_, rule)| counts(rule)).collect();
        if rules.is_empty() {
            return Vec::new();
        }
        let tier = if set.tiers.is_empty() { None } else { set.tier_name(&asked.matter.clone().at(asked.utility)) };
        if tier == Some(OUTSIDE) {
            return Vec::new();
        }
        let named = |tiers: &[String]| tiers.iter().any(|one| tier == Some(one));
        let mine = rules.into_iter().filter(|(_, rule)| !named(&rule.except) && (rule.tiers.is_empty() || named(&rule.tiers)));
        let run = mine.filter_map(|(idx, rule)| {
            let clock = set.clock(rule, self.clock_number(set, idx), asked, self);
            Some((clock.number, rule, clock.due.filter(|_| clock.state == State::Running)?))
        });
        run.collect()
    }

    /// Every clock of the application's rule set, those that run nearest first, then those that are done, then those
    /// that wait. Without a rule set the trade's plain cadence.
    pub fn clocks(&self, asked: &Asked<'_>) -> Vec<Clock> {
        let set = match self.choose(asked.matter, asked.utility, asked.today) {
            Ok(set) => set,
            Err(_) if asked.matter.word("lane").is_some_and(|lane| lane != UTILITY_LANE) => return Vec::new(),
            Err(_) => match self.practice() {
                Some(set) => set,
                None => return Vec::new(),
            },
        };
        let tier = (!set.tiers.is_empty()).then(|| self.tier(asked.matter, asked.utility, asked.today));
        // Outside of the rules none of their clocks is anybody's duty.
        let outside = tier.as_ref().is_some_and(|answer| answer.tier == OUTSIDE);
        let known = tier.as_ref().filter(|answer| answer.tier != "unknown" && !outside).map(|answer| answer.tier.as_str());
        let lacking = tier.as_ref().map(|answer| (answer.missing.clone(), answer.reason.clone())).unwrap_or_default();
        let mut clocks: Vec<Clock> = Vec::new();
        for (idx, rule) in set.clocks.iter().enumerate() {
            let named = |tiers: &[String]| known.is_some_and(|known| tiers.iter().any(|tier| tier == known));
            if named(&rule.except) || !rule.tiers.is_empty() && known.is_some() && !named(&rule.tiers) {
                continue;
            }
            let number = self.clock_number(set, idx);
            let clock = set.clock(rule, number, asked, self);
            clocks.push(match (rule.tiers.is_empty() && !outside, known) {
                (false, None) => Clock {
                    state: State::Unknown,
                    due: None,
                    skipped: Vec::new(),
                    missing: lacking.0.iter().chain(&clock.missing).cloned().collect(),
                    because: match outside {
                        true => lacking.1.clone(),
                        false => format!("only for {}, and the tier is {}", rule.tiers.join(", "), lacking.1),
                    },
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
    /// The milestone that starts a clock, and what stands in for it where it is not on file. A loss runs from the first
    /// trigger that was not answered, everything else from the last.
    fn start<'m>(&self, rule: &ClockRule, matter: &'m Matter, today: Day) -> (Option<Place<'m>>, String) {
        let found = match rule.outcome.is_loss() {
            true => matter.first_open(&rule.trigger, &rule.stops, today).or_else(|| matter.latest(&rule.trigger, today)),
            false => matter.latest(&rule.trigger, today),
        };
        if found.is_some() {
            return (found, String::new());
        }
        self.stand_in(rule, matter, today).map_or((None, String::new()), |(code, place)| {
            (Some(place), format!("counted from {}, because no day of \"{code}\" is on file", place.code))
        })
    }

    fn stand_in<'m>(&self, rule: &ClockRule, matter: &'m Matter, up_to: Day) -> Option<(&str, Place<'m>)> {
        let others = self.instead.iter().filter(|(code, _)| rule.trigger.contains(code) && !matter.has(code));
        others.filter_map(|(code, other)| Some((code.as_str(), matter.latest(std::slice::from_ref(other), up_to)?))).next()
    }
}

impl Rules {
    /// A clock that runs from the receipt of a complete application: the last receipt before the notice of
    /// completeness. Without a notice it runs as if it had been complete, and says so; after a list of what is missing
    /// it waits for the answer.
    fn presumed<'m>(&self, rule: &ClockRule, matter: &'m Matter, start: Place<'m>) -> Result<(Place<'m>, String), String> {
        let Some(presumes) = &rule.presumes else { return Ok((start, String::new())) };
        if let Some(known) = matter.latest(std::slice::from_ref(presumes), Day::MAX) {
            let before = matter.before(&rule.trigger, known.at);
            let stand_in = || self.stand_in(rule, matter, known.day).map(|(_, place)| place);
            return Ok((before.or_else(stand_in).unwrap_or(start), String::new()));
        }
        match matter.after(&["deficiency-received".to_owned()], start.at) {
            Some(list) => Err(format!("it was not complete ({}); it waits for the answer", list.day)),
            None => Ok((start, "if it was complete as received: no notice of completeness is on file".to_owned())),
        }
    }
}

impl RuleSet {
    fn clock(&self, rule: &ClockRule, number: u8, asked: &Asked<'_>, rules: &Rules) -> Clock {
        let matter = asked.matter;
        let blank = self.blank(rule, number);
        let (start, stood_in) = rules.start(rule, matter, asked.today);
        let Some(start) = start else {
            if let Some((code, day)) = matter.milestones.iter().find(|(code, _)| rule.trigger.contains(code)) {
                return waits(blank, code, format!("{code} is dated {day}, which is still to come"));
            }
            let first = rule.trigger.first().cloned().unwrap_or_default();
            let because = format!("{} has not happened, or its day is not on file", rule.trigger.join(" or "));
            return waits(blank, &first, because);
        };
        let doubt = out_of_order(start, matter, &rules.follows).unwrap_or_default();
        // A slip in another day must not hide what may be lost: that clock runs from its own day, and says the doubt.
        if !doubt.is_empty() && !rule.outcome.is_loss() {
            return waits(blank, start.code, doubt);
        }
        let (start, presumed) = match rules.presumed(rule, matter, start) {
            Ok(found) => found,
            Err(because) => return Clock { trigger: start.code.to_owned(), because, ..blank },
        };
        let Some(counted) = self.count(rule, asked, start.day, start.code) else {
            return waits(blank, start.code, format!("the calendar {} has no day for it", self.calendar.name));
        };
        let stop = matter.after(&rule.stops, start.at).filter(|stop| stop.day <= asked.today);
        let extended = extension(rule, matter, start).cloned();
        let due = extended.as_ref().map_or(counted.due, |extension| extension.until.max(counted.due));
        Clock {
            state: stop.map_or(State::Running, |stop| State::Done(stop.day)),
            done_by: stop.map(|stop| stop.code.to_owned()).filter(|code| rule.stops.first() != Some(code)).unwrap_or_default(),
            trigger: start.code.to_owned(),
            started: Some(start.day),
            due: Some(due),
            skipped: counted.skipped,
            because: [stood_in, presumed, doubt, counted.says].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; "),
            extended,
            ..blank
        }
    }

    fn blank(&self, rule: &ClockRule, number: u8) -> Clock {
        Clock {
            name: rule.name.clone(),
            label: rule.label.clone(),
            state: State::Unknown,
            done_by: String::new(),
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
            says: rule.says.clone(),
        }
    }

    fn count(&self, rule: &ClockRule, asked: &Asked<'_>, started: Day, trigger: &str) -> Option<Counted> {
        let from = self.day_of_receipt(asked, started, trigger);
        let mut off: Vec<(Day, Day)> = Vec::new();
        // What a utility was given does not lengthen what the applicant has: a loss must not be put off by mistake.
        if rule.owes != Owes::Applicant {
            off.extend(asked.stops.iter().map(|stop| (stop.from, stop.until)));
        }
        if let Some((out, back)) = &rule.pauses {
            for (at, (_, day)) in asked.matter.milestones.iter().enumerate().filter(|(_, (code, day))| code == out && *day >= started) {
                let until = asked.matter.after(std::slice::from_ref(back), at).map_or(asked.today, |place| place.day);
                off.push((day.succ_opt()?, until));
            }
        }
        let stopped = |day: Day| off.iter().any(|(first, last)| *first <= day && day <= *last);
        let counts = |day: Day| !stopped(day) && (rule.unit == Unit::CalendarDays || self.calendar.closed(day).is_none());
        let due = match (off.is_empty(), rule.unit) {
            (true, Unit::BusinessDays) => self.calendar.add(from.0, rule.days)?,
            (true, Unit::CalendarDays) => from.0.checked_add_signed(TimeDelta::try_days(i64::from(rule.days))?)?,
            (false, _) => nth(from.0, rule.days, counts)?,
        };
        let mut skipped = if rule.unit == Unit::BusinessDays { self.calendar.skipped(from.0, due) } else { Vec::new() };
        if !off.is_empty() {
            let between = from.0.iter_days().skip(1).take_while(|day| *day <= due).take(MOST_STOPPED);
            let by_agreement =
                between.filter(|day| stopped(*day) && (rule.unit == Unit::CalendarDays || self.calendar.closed(*day).is_none()));
            skipped.extend(by_agreement.map(|day| (day, "by agreement, or while it waited".to_owned())));
            skipped.sort();
        }
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
            (Receipt::Utility, Some(AfterHours::NextBusinessDay)) if told.is_some_and(|told| told.confidence <= Confidence::High) => {
                (next, format!("{what}, so day 0 is {next}"))
            }
            // Of two days the nearer: a day too early harms nobody.
            (Receipt::Utility, Some(AfterHours::NextBusinessDay)) => {
                let sure = told.map_or("", |told| told.confidence.says());
                (started, format!("{what}; the utility may count it as received on {next} ({sure})"))
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

/// The extension of the run that began at a place: it holds until what ends the clock, whatever day of receipt turns up.
fn extension<'m>(rule: &ClockRule, matter: &'m Matter, start: Place<'_>) -> Option<&'m Extension> {
    let ended = |since: Day| matter.milestones[..start.at].iter().any(|(code, day)| rule.stops.contains(code) && *day >= since);
    matter.extensions.iter().rev().find(|one| one.clock == rule.name && !ended(one.started))
}

/// A milestone that is dated before the one it follows is a slip somewhere; which of the two is wrong nobody knows.
fn out_of_order(start: Place<'_>, matter: &Matter, follows: &[(String, String)]) -> Option<String> {
    let before = follows.iter().filter(|(code, _)| code == start.code).map(|(_, before)| before);
    before.filter(|before| matter.has(before)).find_map(|before| {
        let earliest = matter.milestones.iter().filter(|(code, _)| code == before).map(|(_, day)| *day).min()?;
        (start.day < earliest).then(|| format!("{} is dated {}, before {before} ({earliest})", start.code, start.day))
    })
}
