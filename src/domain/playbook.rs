//! What a team knows, once read and checked: statuses and legal moves, parties, dispositions,
//! messages, utilities, weights, calendar. Made by `settings`, never changed afterwards.

use std::collections::{BTreeMap, HashSet};

use super::calendar::{Calendar, Holiday};
use super::day::Day;
use super::lines::Lines;
use super::message::Message;
use super::priority::{Often, Weights};
use super::rules::Rules;
use super::shorthand::Abbreviation;
use super::skip::Reason;
use super::turnaround::{Observed, Step};
pub use super::utility::Utility;
use super::utility_state::UtilityState;

/// The kind of work a database is set up for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DeskKind {
    Residential,
    Commercial,
    Utility,
}

impl DeskKind {
    pub const ALL: [DeskKind; 3] = [DeskKind::Residential, DeskKind::Commercial, DeskKind::Utility];

    pub fn name(self) -> &'static str {
        match self {
            DeskKind::Residential => "residential",
            DeskKind::Commercial => "commercial",
            DeskKind::Utility => "utility",
        }
    }

    pub fn parse(name: &str) -> Option<DeskKind> {
        DeskKind::ALL.into_iter().find(|desk| desk.name() == name)
    }
}

/// How sure a fact is (the tags of the trade's sources). Unverified ones are shown as such.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Confidence {
    Sourced,
    High,
    Medium,
    Practice,
    Low,
    #[default]
    Unknown,
}

impl Confidence {
    /// Sure enough to be held against somebody.
    pub fn is_law(self) -> bool {
        matches!(self, Confidence::Sourced | Confidence::High | Confidence::Medium)
    }

    /// An answer is as sure as the least sure thing that it rests on.
    pub fn weaker(self, other: Confidence) -> Confidence {
        self.max(other)
    }

    pub fn parse(name: &str) -> Option<Confidence> {
        Some(match name {
            "sourced" => Confidence::Sourced,
            "high" => Confidence::High,
            "medium" => Confidence::Medium,
            "low" => Confidence::Low,
            "practice" => Confidence::Practice,
            "unknown" => Confidence::Unknown,
            _ => return None,
        })
    }

    /// As files and `--json` have it.
    pub fn name(self) -> &'static str {
        match self {
            Confidence::Sourced => "sourced",
            Confidence::High => "high",
            Confidence::Medium => "medium",
            Confidence::Low => "low",
            Confidence::Practice => "practice",
            Confidence::Unknown => "unknown",
        }
    }

    /// The word that goes with the fact on screen; nothing for what is certain.
    pub fn says(self) -> &'static str {
        match self {
            Confidence::Sourced | Confidence::High => "",
            Confidence::Medium => "from general knowledge",
            Confidence::Low => "unverified",
            Confidence::Practice => "practice",
            Confidence::Unknown => "unknown",
        }
    }
}

/// What an application is an application for: connection at the utility, the permit of the AHJ, an incentive, a
/// rate. Each has statuses of its own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lane {
    /// `ahj`: what the field `lane` holds.
    pub name: String,
    pub label: String,
}

/// The lane that an application is in when nothing else is said.
pub const UTILITY_LANE: &str = "utility";

/// Where an application can stand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Status {
    /// `package-build`: the same in TOML, palette, commands and journal.
    pub name: String,
    /// The desk's words: "package build".
    pub label: String,
    /// The name of its lane; empty: every lane can stand there (closed, ended).
    pub lane: String,
    /// At most 12 letters, for the list's column.
    pub short: String,
    /// The words of the task that the status gives: "chase acknowledgement".
    pub task: String,
    /// Who acts next when nothing else is said: a party's name.
    pub ball: String,
    /// The default follow-up, in the words of `when`: `3b`. Empty: none (the end of the road).
    pub follow_up: String,
    /// Business days that the team wants it to stay at most; `None`: no target.
    pub target_days: Option<i64>,
    /// Something is ready to be done at once (approved, inspection passed, documents in).
    pub ready: bool,
    /// Approval to install has been given; it is never permission to operate.
    pub approved: bool,
    /// Its task is done in the utility's portal: it cannot be while that is down.
    pub portal: bool,
    /// Neither closed nor ended.
    pub open: bool,
}

/// The party that we are, on every desk.
pub const US: &str = "us";

/// Who must act next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Party {
    /// `third-party`.
    pub name: String,
    /// "waiting on: third party".
    pub label: String,
}

/// What happens on screen after a disposition.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Then {
    #[default]
    Next,
    Stay,
}

/// One thing that a disposition asks before it can be done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ask {
    /// `note`, `on`, or a field's name.
    pub name: String,
    pub required: bool,
}

/// A named touch on one key, all or nothing. Its words are templates over the same fields as
/// messages have, and over what it asks.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Disposition {
    pub name: String,
    /// The words on screen: "asked customer for documents".
    pub label: String,
    /// The note it writes when none is asked or given; `{{attempt}}` is the attempt's number.
    pub note: String,
    pub ask: Vec<Ask>,
    /// Statuses in which it makes sense; empty: all open ones.
    pub from: Vec<String>,
    /// The only lane in which it makes sense; `None`: every one that has such statuses.
    pub lane: Option<String>,
    pub status: Option<String>,
    /// The reason when `status` is `ended`.
    pub ended_reason: Option<String>,
    pub ball: Option<String>,
    /// In the words of `when`, or `promised` (the day they said), or empty for the status's own.
    pub follow_up: Option<String>,
    /// A milestone that it records, on the day it happened.
    pub milestone: Option<String>,
    /// The party whose attempts it counts.
    pub attempt: Option<String>,
    /// The party that answered with it: its attempts begin anew.
    pub answer: Option<String>,
    /// Fields it sets to fixed text; empty text clears the field.
    pub set: BTreeMap<String, String>,
    pub message: Option<String>,
    pub then: Then,
}

/// Where applications of a desk can stand, lane by lane, and how they get from one place to the next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Workflow {
    /// `utility` first.
    pub lanes: Vec<Lane>,
    pub statuses: Vec<Status>,
    pub parties: Vec<Party>,
    /// Legal moves as pairs of status names. Drawn up for this desk, unverified practice.
    pub moves: HashSet<(String, String)>,
    /// Reasons with which an application may be ended.
    pub ended_reasons: Vec<String>,
    /// Milestone codes and their words.
    pub milestones: Vec<(String, String)>,
}

impl Workflow {
    pub fn status(&self, name: &str) -> Option<&Status> {
        self.statuses.iter().find(|status| status.name == name)
    }

    pub fn party(&self, name: &str) -> Option<&Party> {
        self.parties.iter().find(|party| party.name == name)
    }

    pub fn is_legal(&self, from: &str, to: &str) -> bool {
        from == to || self.moves.contains(&(from.to_owned(), to.to_owned()))
    }

    /// The lane that the field `lane` of an application names; any other text is that of the utility.
    pub fn lane<'a>(&'a self, text: Option<&str>) -> &'a str {
        let said = text.map(|text| text.trim().to_lowercase()).unwrap_or_default();
        self.lanes.iter().find(|lane| lane.name == said).map_or(UTILITY_LANE, |lane| &lane.name)
    }

    /// Its place among the lanes.
    pub fn lane_number(&self, text: &str) -> u8 {
        let name = self.lane(Some(text));
        self.lanes.iter().position(|lane| lane.name == name).and_then(|place| u8::try_from(place).ok()).unwrap_or(0)
    }

    /// The words for the lane of a status; empty for those of every lane.
    pub fn lane_label_of(&self, status: &str) -> &str {
        let lane = self.status(status).map_or(UTILITY_LANE, |status| &status.lane);
        self.lanes.iter().find(|one| one.name == lane).map_or("", |lane| &lane.label)
    }

    /// Whether an application of that lane can stand there. What no workflow knows is kept as it was read.
    pub fn is_in_lane(&self, status: &str, lane: &str) -> bool {
        self.status(status).is_none_or(|status| status.lane.is_empty() || status.lane == lane)
    }

    /// The statuses in which an application of that lane can stand, in the order of the work: those of every lane are
    /// the end of it.
    pub fn of_lane<'a>(&'a self, lane: &'a str) -> impl Iterator<Item = &'a Status> {
        let own = self.statuses.iter().filter(move |status| status.lane == lane);
        own.chain(self.statuses.iter().filter(|status| status.lane.is_empty()))
    }

    /// Where an application of that lane begins.
    pub fn first(&self, lane: &str) -> Option<&Status> {
        self.statuses.iter().find(|status| status.lane == lane)
    }

    /// The words for a status; the name itself when it is not of this workflow.
    pub fn status_label<'a>(&'a self, name: &'a str) -> &'a str {
        self.status(name).map_or(name, |status| &status.label)
    }

    pub fn party_label<'a>(&'a self, name: &'a str) -> &'a str {
        self.party(name).map_or(name, |party| &party.label)
    }

    pub fn lane_label<'a>(&'a self, name: &'a str) -> &'a str {
        self.lanes.iter().find(|lane| lane.name == name).map_or(name, |lane| &lane.label)
    }

    pub fn milestone_label<'a>(&'a self, code: &'a str) -> &'a str {
        self.milestones.iter().find(|(name, _)| name == code).map_or(code, |(_, label)| label)
    }

    /// An unknown status (kept as it was read) is open: it must not fall off the queue.
    pub fn is_open(&self, name: &str) -> bool {
        self.status(name).is_none_or(|status| status.open)
    }
}

/// A calendar as its file tells it: which holidays, who says so, and how sure that is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CalendarPage {
    /// `oregon`: the name of its file.
    pub name: String,
    /// The rule's own citation.
    pub source: String,
    pub confidence: Confidence,
    /// When somebody last compared it with its source.
    pub reviewed: Day,
    /// For follow-ups only: no rule's clock counts by it.
    pub planning: bool,
    pub holidays: Vec<Holiday>,
}

/// Everything of a desk.
#[derive(Clone, Debug)]
pub struct Playbook {
    pub desk: DeskKind,
    /// `residential@1f2e3d4c`: name and digest of every file that went into it.
    pub name: String,
    pub workflow: Workflow,
    pub dispositions: Vec<Disposition>,
    pub messages: Vec<Message>,
    pub utilities: Vec<Utility>,
    /// Whose time is observed at a utility.
    pub steps: Vec<Step>,
    /// What the team added to pages in the program, laid beside them as its own messages are laid over
    /// the files'.
    pub utility_states: Vec<UtilityState>,
    /// What our own applications took, by the utility's name; empty until it was read.
    pub observed: BTreeMap<String, Vec<Observed>>,
    /// How many times a step must have been seen before it tells anything.
    pub least_observed: usize,
    /// In which time zones a state lies, by its two letters.
    pub zones: BTreeMap<String, Vec<chrono_tz::Tz>>,
    pub lines: Lines,
    /// Why a row may be skipped, by its digit.
    pub skips: Vec<Reason>,
    /// Shorthand in notes; each person's own, and no rule depends on it.
    pub abbreviations: Vec<Abbreviation>,
    pub weights: Weights,
    pub often: Often,
    /// By which follow-ups are counted.
    pub calendar: Calendar,
    /// All that there are, by name.
    pub calendars: Vec<CalendarPage>,
    /// Tiers, clocks and screens.
    pub rules: Rules,
}

impl Playbook {
    pub fn disposition(&self, name: &str) -> Option<&Disposition> {
        self.dispositions.iter().find(|disposition| disposition.name == name)
    }

    pub fn message(&self, name: &str) -> Option<&Message> {
        self.messages.iter().find(|message| message.name == name)
    }

    /// The utility of that name, short name or alias, whatever its case.
    pub fn utility(&self, text: &str) -> Option<&Utility> {
        // A million rows have it by its own name; folding all names for each would cost seconds.
        self.utilities.iter().find(|utility| utility.name == text).or_else(|| self.utilities.iter().find(|utility| utility.is(text)))
    }

    /// What the team added to the page of a utility, by any of its names.
    pub fn utility_state(&self, text: &str) -> Option<&UtilityState> {
        if self.utility_states.is_empty() {
            return None;
        }
        let text = text.trim();
        let page = self.utility(text);
        let is = |name: &str| page.is_some_and(|page| page.is(name)) || name.eq_ignore_ascii_case(text);
        self.utility_states.iter().find(|state| is(&state.name))
    }
}
