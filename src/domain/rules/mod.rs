//! Rules of the trade: which review path an application takes, which clocks run, and what silence means.
//!
//! A rule set is data (`playbooks/rules/`): the code knows kinds of conditions and of outcomes, never a number.
//! What is not known stays unknown, with what is missing named.

pub mod clock;
pub mod days;
pub mod matter;
pub mod screen;
pub mod tier;
pub mod words;

use std::sync::Arc;

use super::calendar::Calendar;
use super::day::Day;
use super::playbook::{Confidence, UTILITY_LANE, Utility};
use matter::Matter;

/// What a condition looks at, by the name that FIELD=VALUE gives it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Need {
    /// The fact is one of these words.
    OneOf { fact: String, words: Vec<String> },
    /// The fact is none of these words.
    NoneOf { fact: String, words: Vec<String> },
    /// `low <= fact < high`, in volts.
    Volts { low: i64, high: i64 },
}

/// Which size a limit is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Measure {
    Nameplate,
    Export,
}

impl Measure {
    pub const ALL: [Measure; 2] = [Measure::Nameplate, Measure::Export];

    pub fn name(self) -> &'static str {
        match self {
            Measure::Nameplate => "nameplate",
            Measure::Export => "export",
        }
    }
}

/// At most so many watts, for the applications that `when` describes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limit {
    pub of: Measure,
    /// `None`: the rule has a number that was not found.
    pub max: Option<i64>,
    pub when: Vec<Need>,
    pub cites: String,
    pub confidence: Confidence,
}

/// A tier, level or review path. The first one of a set whose conditions are met is the application's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tier {
    /// `tier-1`: the same in TOML, FIELD=VALUE and `--json`.
    pub name: String,
    pub label: String,
    /// What people still call it.
    pub formerly: String,
    pub needs: Vec<Need>,
    pub limits: Vec<Limit>,
    pub cites: String,
    pub confidence: Confidence,
    /// What the reader should know beside the conditions.
    pub says: String,
    /// The study that it needs, and what that starts.
    pub study: String,
}

/// When a screen is skipped: every part of it must hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Skip {
    pub needs: Vec<Need>,
    pub limits: Vec<Limit>,
    pub says: String,
}

/// A screen of the review.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Screen {
    pub name: String,
    pub label: String,
    pub skips: Vec<Skip>,
    pub cites: String,
    pub confidence: Confidence,
}

/// Whose duty a clock is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Owes {
    Utility,
    Applicant,
    Both,
}

impl Owes {
    pub const ALL: [Owes; 3] = [Owes::Utility, Owes::Applicant, Owes::Both];

    pub fn name(self) -> &'static str {
        match self {
            Owes::Utility => "utility",
            Owes::Applicant => "applicant",
            Owes::Both => "both",
        }
    }
}

/// What a miss means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    Breach,
    DeemedApproved,
    DeemedWithdrawn,
    LosesQueuePlace,
    CountsAgainst,
    TestWaived,
    StepClocksApply,
    NextParty,
    /// The text names none.
    NotStated,
    Rises,
}

impl Outcome {
    pub const ALL: [Outcome; 10] = [
        Outcome::Breach,
        Outcome::DeemedApproved,
        Outcome::DeemedWithdrawn,
        Outcome::LosesQueuePlace,
        Outcome::CountsAgainst,
        Outcome::TestWaived,
        Outcome::StepClocksApply,
        Outcome::NextParty,
        Outcome::NotStated,
        Outcome::Rises,
    ];

    /// As files and `--json` have it.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Breach => "breach",
            Outcome::DeemedApproved => "deemed-approved",
            Outcome::DeemedWithdrawn => "deemed-withdrawn",
            Outcome::LosesQueuePlace => "loses-queue-place",
            Outcome::CountsAgainst => "counts-against",
            Outcome::TestWaived => "test-waived",
            Outcome::StepClocksApply => "step-clocks-apply",
            Outcome::NextParty => "next-party",
            Outcome::NotStated => "not-stated",
            Outcome::Rises => "rises",
        }
    }

    /// What a miss means, as a person says it.
    pub fn says(self) -> &'static str {
        match self {
            Outcome::Breach => "a miss breaks the rule",
            Outcome::DeemedApproved => "silence counts as approval to install, never as permission to operate",
            Outcome::DeemedWithdrawn => "silence counts as withdrawn",
            Outcome::LosesQueuePlace => "a miss loses the place in the queue",
            Outcome::CountsAgainst => "a miss counts against the utility's on-time share",
            Outcome::TestWaived => "a miss waives the test",
            Outcome::StepClocksApply => "after it the clocks of the single steps apply",
            Outcome::NextParty => "after it the dispute goes on to the next party",
            Outcome::NotStated => "what a miss means is not stated",
            Outcome::Rises => "no rule: it only rises in the queue",
        }
    }

    /// Whether a passed day is somebody's fault: a short cut that was not taken is none, nor a test that was waived.
    pub fn is_breach(self) -> bool {
        !matches!(self, Outcome::StepClocksApply | Outcome::TestWaived | Outcome::Rises)
    }

    /// A miss that cannot be made good by the one who owes it.
    pub fn is_loss(self) -> bool {
        matches!(self, Outcome::DeemedWithdrawn | Outcome::LosesQueuePlace)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    BusinessDays,
    CalendarDays,
}

impl Unit {
    pub fn short(self) -> &'static str {
        match self {
            Unit::BusinessDays => "BD",
            Unit::CalendarDays => "days",
        }
    }
}

/// A clock: what starts it, how long it runs, whose duty it is, what a miss means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClockRule {
    pub name: String,
    pub label: String,
    /// Milestones that start it; the latest counts, so that a resubmission starts it anew where the rule says so.
    pub trigger: Vec<String>,
    pub days: u32,
    pub unit: Unit,
    pub owes: Owes,
    pub outcome: Outcome,
    /// Milestones that end it.
    pub stops: Vec<String>,
    /// From the first to the second of these milestones its days do not count; they go on afterwards.
    pub pauses: Option<(String, String)>,
    /// It runs only if what is known by this milestone was so from the start: a complete application.
    pub presumes: Option<String>,
    /// The tiers it is for; empty: all.
    pub tiers: Vec<String>,
    /// Tiers that have no such clock.
    pub except: Vec<String>,
    pub cites: String,
    pub confidence: Confidence,
    pub says: String,
}

/// On which day something counts as received that came after hours, or on a day that does not count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Receipt {
    SameDay,
    NextBusinessDay,
    /// The rule does not say: the utility's own practice counts, if it is known.
    Utility,
}

/// One version of the rules of one programme.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleSet {
    /// `oregon-net-metering-2024`: the name of its file.
    pub name: String,
    pub label: String,
    /// Versions of one family do not overlap in time.
    pub family: String,
    /// For what was received from this day on, up to and with that one.
    pub from: Option<Day>,
    pub until: Option<Day>,
    /// Two letters each; empty: anywhere.
    pub states: Vec<String>,
    /// As people write them, folded; empty: every programme.
    pub programs: Vec<String>,
    /// Names of `playbooks/utilities/`; empty: every utility of the states.
    pub utilities: Vec<String>,
    /// It is used only where no other set is.
    pub fallback: bool,
    pub calendar: Arc<Calendar>,
    pub receipt: Receipt,
    pub citation: String,
    pub source: String,
    pub confidence: Confidence,
    pub reviewed: Day,
    /// Facts that may be taken for granted when nobody says otherwise, aloud: net metering is of inverters.
    pub assume: Vec<(String, String)>,
    pub tiers: Vec<Tier>,
    pub clocks: Vec<ClockRule>,
    pub screens: Vec<Screen>,
}

/// All rule sets of a playbook, and what follows which.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rules {
    pub sets: Vec<RuleSet>,
    /// A milestone and the one that must not be dated after it.
    pub follows: Vec<(String, String)>,
    /// A milestone and the one that stands for it while it is not on file: what we submitted, the utility received.
    pub instead: Vec<(String, String)>,
}

/// Why no rule set could be chosen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoRule {
    pub because: String,
    pub missing: Vec<String>,
}

impl Rules {
    /// The rule set for an application, and on which day it was taken to be received.
    pub fn choose(&self, matter: &Matter, utility: Option<&Utility>, today: Day) -> Result<&RuleSet, NoRule> {
        if let Some(lane) = matter.word("lane").filter(|lane| *lane != UTILITY_LANE) {
            return Err(no_rule(&format!("the lane {lane} has no tier, and the utility's clocks are not its own"), &[]));
        }
        let state = matter.state(utility);
        let day = matter.received().unwrap_or(today);
        let program = matter.program();
        let of_state = |set: &&RuleSet| !set.fallback && set.states.iter().any(|one| Some(one.as_str()) == state);
        let of_program = |set: &&RuleSet| set.programs.is_empty() || program.as_ref().is_some_and(|said| set.programs.contains(said));
        let of_utility = |set: &&RuleSet| set.utilities.is_empty() || matter.utility().is_none_or(|said| set.is_for(said, utility));
        let anywhere = |set: &&RuleSet| !set.fallback && set.states.is_empty() && !set.programs.is_empty() && of_program(set);
        if let Some(set) = self.sets.iter().filter(anywhere).find(|set| set.is_in_force(day)) {
            return Ok(set);
        }
        let Some(state) = state else {
            return Err(no_rule("the state is not known", &["state"]));
        };
        let here: Vec<&RuleSet> = self.sets.iter().filter(of_state).collect();
        if here.is_empty() {
            // Lists write "Oregon" too, and nobody should take that for a state without rules.
            return Err(match state.len() {
                2 => no_rule(&format!("no rules are on file for {state}"), &[]),
                _ => no_rule(&format!("the state reads {state}, and is wanted in two letters: OR"), &["state"]),
            });
        }
        let open: Vec<&RuleSet> = here.iter().copied().filter(of_utility).collect();
        if open.is_empty() {
            let said = matter.utility().unwrap_or_default();
            return Err(no_rule(&format!("the rules on file for {state} are not those of {said}"), &[]));
        }
        let fitting: Vec<&RuleSet> = open.iter().copied().filter(of_program).collect();
        match (fitting.iter().find(|set| set.is_in_force(day)), program) {
            (Some(set), _) => Ok(set),
            (None, None) => {
                let mut names: Vec<&str> = open.iter().filter_map(|set| set.programs.first()).map(String::as_str).collect();
                names.sort_unstable();
                names.dedup();
                Err(no_rule(&format!("the program is not known; rules are on file for {}", names.join(", ")), &["program"]))
            }
            (None, Some(said)) if fitting.is_empty() => Err(no_rule(&format!("no rules are on file for {said} in {state}"), &[])),
            (None, Some(_)) => Err(no_rule(&format!("no version of the rules on file was in force on {day}"), &[])),
        }
    }

    /// What the rules of these families allow between two milestones of a step today: "10 BD (OAR 860-039-0030)", each
    /// once.
    pub fn allowed(&self, families: &[String], from: &[String], to: &[String], today: Day) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for set in self.sets.iter().filter(|set| families.contains(&set.family) && set.is_in_force(today)) {
            let stands_for = |code: &String| self.instead.iter().any(|(one, other)| one == code && from.contains(other));
            let of_step = |clock: &&ClockRule| {
                clock.owes == Owes::Utility
                    && clock.outcome != Outcome::DeemedApproved
                    && clock.trigger.iter().any(|code| from.contains(code) || stands_for(code))
                    // What it waits for comes first; the others only say that it has become idle.
                    && clock.stops.first().is_some_and(|code| to.contains(code))
            };
            for clock in set.clocks.iter().filter(of_step) {
                let sure = clock.confidence.says();
                let sure = if sure.is_empty() { String::new() } else { format!(", {sure}") };
                let tiers = if clock.tiers.is_empty() { String::new() } else { format!(" {}", clock.tiers.join(", ")) };
                let one = format!("{} {}{tiers} ({}{sure})", clock.days, clock.unit.short(), clock.cites);
                if !words.contains(&one) {
                    words.push(one);
                }
            }
        }
        words
    }

    /// The plain cadence of the trade, for what no rule covers.
    pub fn practice(&self) -> Option<&RuleSet> {
        self.sets.iter().find(|set| set.fallback)
    }

    /// The number of a clock among all clocks of all sets, for a row that has no room for its name; 255 and above
    /// have none.
    pub fn clock_number(&self, set: &RuleSet, clock: usize) -> u8 {
        let before: usize = self.sets.iter().take_while(|one| one.name != set.name).map(|one| one.clocks.len()).sum();
        u8::try_from(before + clock).unwrap_or(u8::MAX)
    }

    pub fn clock(&self, number: u8) -> Option<&ClockRule> {
        if number == u8::MAX {
            return None;
        }
        self.sets.iter().flat_map(|set| &set.clocks).nth(usize::from(number))
    }
}

impl RuleSet {
    pub fn is_in_force(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    fn is_for(&self, said: &str, utility: Option<&Utility>) -> bool {
        let name = utility.map_or(said, |utility| &utility.name);
        self.utilities.iter().any(|one| one.eq_ignore_ascii_case(name))
    }
}

fn no_rule(because: &str, missing: &[&str]) -> NoRule {
    NoRule { because: because.to_owned(), missing: missing.iter().map(ToString::to_string).collect() }
}
