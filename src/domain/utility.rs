//! What is written about one utility: its page of the process book, each fact with who says so and
//! how sure that is.

use super::day::{Day, NaiveTime};
use super::playbook::Confidence;

/// Something that somebody says, who says it, and how sure it is. What is not known has none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told<T> {
    pub is: T,
    /// Empty: nobody said who says so.
    pub source: String,
    pub confidence: Confidence,
}

/// A sentence or a few words.
pub type Fact = Told<String>;

impl<T> Told<T> {
    /// `text [source; how sure]`: a fact is never shown without them.
    pub fn with(&self, text: &str) -> String {
        vouched(text, &self.source, self.confidence)
    }

    pub fn map<U>(&self, is: U) -> Told<U> {
        Told { is, source: self.source.clone(), confidence: self.confidence }
    }
}

/// A text with who says so, and how sure it is when it is not certain.
pub fn vouched(text: &str, source: &str, confidence: Confidence) -> String {
    let sure = confidence.says();
    let source = if source.is_empty() { "no source" } else { source };
    if sure.is_empty() { format!("{text} [{source}]") } else { format!("{text} [{source}; {sure}]") }
}

/// Who owns it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ownership {
    InvestorOwned,
    Municipal,
    CoOp,
    Pud,
    Tdu,
}

impl Ownership {
    pub const ALL: [Ownership; 5] = [Ownership::InvestorOwned, Ownership::Municipal, Ownership::CoOp, Ownership::Pud, Ownership::Tdu];

    /// As files and `--json` have it.
    pub fn name(self) -> &'static str {
        match self {
            Ownership::InvestorOwned => "investor-owned",
            Ownership::Municipal => "municipal",
            Ownership::CoOp => "co-op",
            Ownership::Pud => "pud",
            Ownership::Tdu => "tdu",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Ownership::InvestorOwned => "investor-owned",
            Ownership::Municipal => "municipal",
            Ownership::CoOp => "co-op",
            Ownership::Pud => "public utility district",
            Ownership::Tdu => "wires company (TDU)",
        }
    }
}

/// Which day counts for what comes in after the cut-off, or on a day that does not count. It can move
/// a due date by a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AfterHours {
    SameDay,
    NextBusinessDay,
    Unknown,
}

impl AfterHours {
    pub const ALL: [AfterHours; 3] = [AfterHours::SameDay, AfterHours::NextBusinessDay, AfterHours::Unknown];

    pub fn name(self) -> &'static str {
        match self {
            AfterHours::SameDay => "same-day",
            AfterHours::NextBusinessDay => "next-business-day",
            AfterHours::Unknown => "unknown",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            AfterHours::SameDay => "counts on the day it came in",
            AfterHours::NextBusinessDay => "counts on the next business day",
            AfterHours::Unknown => "unknown",
        }
    }
}

/// Whether new applications are taken under a program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProgramState {
    Open,
    Closed,
    /// Closed, and those that have it keep it.
    Grandfathered,
    Unknown,
}

impl ProgramState {
    pub const ALL: [ProgramState; 4] = [ProgramState::Open, ProgramState::Closed, ProgramState::Grandfathered, ProgramState::Unknown];

    pub fn name(self) -> &'static str {
        match self {
            ProgramState::Open => "open",
            ProgramState::Closed => "closed",
            ProgramState::Grandfathered => "grandfathered",
            ProgramState::Unknown => "unknown",
        }
    }
}

/// How an application reaches it.
pub const METHODS: [&str; 3] = ["portal", "email", "mail"];

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Program {
    pub name: String,
    /// "Schedule 136". Empty: unknown.
    pub schedule: String,
    pub state: ProgramState,
    pub note: String,
    pub source: String,
    pub confidence: Confidence,
}

/// What is to be paid, for a program and a tier. Amounts are text: they are read, not summed up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fee {
    pub program: String,
    pub tier: String,
    /// "$75 + $1.50/kW". Empty: unknown.
    pub amount: String,
    pub basis: String,
    pub payee: String,
    /// "mailed check", "in the portal".
    pub method: String,
    pub from: Option<Day>,
    pub source: String,
    pub confidence: Confidence,
}

/// A desk of the utility, never a person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contact {
    pub role: String,
    pub mailbox: String,
    pub phone: String,
    pub hours: String,
    /// Whom to ask first when nothing comes back: 1. `None`: no rung of the ladder.
    pub ladder: Option<i64>,
    pub source: String,
    pub confidence: Confidence,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Form {
    pub name: String,
    pub number: String,
    pub version: String,
    pub url: String,
    pub source: String,
    pub confidence: Confidence,
}

/// What the utility says of how long a step takes; no rule obliges it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Promise {
    /// A step's name, as `playbooks/steps.toml` has it.
    pub step: String,
    pub says: String,
    pub source: String,
    pub confidence: Confidence,
}

/// Something that a coordinator should know before it costs a week.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Quirk {
    pub says: String,
    pub source: String,
    pub confidence: Confidence,
    pub on: Option<Day>,
    pub by: String,
    pub expires: Option<Day>,
}

impl Quirk {
    /// The sentence with its source, and with how sure it is when it is not certain.
    pub fn line(&self) -> String {
        vouched(&self.says, &self.source, self.confidence)
    }

    /// Whether it is still to be shown.
    pub fn counts(&self, today: Day) -> bool {
        self.expires.is_none_or(|day| today <= day)
    }
}

/// What it asks of a system.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Technical {
    pub listing: Option<Fact>,
    pub settings_profile: Option<Fact>,
    pub disconnect: Option<Fact>,
    pub pe_stamp: Option<Fact>,
    pub insurance: Option<Fact>,
    /// Whether a meter main disconnect may be used, and how it is asked for.
    pub mmd: Option<Fact>,
    pub photos: Option<Fact>,
    pub production_meter: Option<Fact>,
    pub storage: Option<Fact>,
}

impl Technical {
    /// Each with its name in files, and its words.
    pub fn facts(&self) -> [(&'static str, &'static str, Option<&Fact>); 9] {
        [
            ("listing", "listing", self.listing.as_ref()),
            ("settings_profile", "settings profile", self.settings_profile.as_ref()),
            ("disconnect", "disconnect", self.disconnect.as_ref()),
            ("pe_stamp", "PE stamp", self.pe_stamp.as_ref()),
            ("insurance", "insurance", self.insurance.as_ref()),
            ("mmd", "MMD", self.mmd.as_ref()),
            ("photos", "photos", self.photos.as_ref()),
            ("production_meter", "production meter", self.production_meter.as_ref()),
            ("storage", "storage", self.storage.as_ref()),
        ]
    }
}

/// How permission to operate comes about.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pto {
    /// How the inspection reaches the utility.
    pub release: Option<Fact>,
    pub meter: Option<Fact>,
    pub witness_test: Option<Fact>,
}

impl Pto {
    pub fn facts(&self) -> [(&'static str, &'static str, Option<&Fact>); 3] {
        [
            ("release", "inspection release", self.release.as_ref()),
            ("meter", "meter", self.meter.as_ref()),
            ("witness_test", "witness test", self.witness_test.as_ref()),
        ]
    }
}

/// A utility's page of the process book, as far as it is known. What is not known is `None` or empty.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Utility {
    pub name: String,
    /// At most 8 letters, for the list's column.
    pub short: String,
    /// Other spellings that mean it, in files and when typed.
    pub aliases: Vec<String>,
    pub states: Vec<String>,
    /// The name of the portal, or its address.
    pub portal: String,
    pub mailbox: String,
    pub metering_mailbox: String,
    pub supervisor_mailbox: String,
    /// IANA name of the zone its clocks run in; empty: the database's.
    pub zone: String,
    pub source: String,
    /// Of the page as a whole; `None`: unknown.
    pub confidence: Option<Confidence>,
    pub last_verified: Option<Day>,
    /// Fields in the order in which its portal asks for them; empty: the desk's order.
    pub portal_fields: Vec<String>,
    /// The quirks a coordinator should see.
    pub quirks: Vec<Quirk>,
    pub ownership: Option<Told<Ownership>>,
    pub regulator: Option<Fact>,
    pub eia: Option<Fact>,
    /// Names of rule sets whose clocks and tiers hold here.
    pub rules: Vec<String>,
    pub programs: Vec<Program>,
    /// Of `METHODS`; empty: unknown.
    pub methods: Vec<String>,
    pub portal_url: Option<Fact>,
    pub platform: Option<Fact>,
    pub signature: Option<Fact>,
    pub who_signs: Option<Fact>,
    pub forms: Vec<Form>,
    pub fees: Vec<Fee>,
    pub contacts: Vec<Contact>,
    pub promises: Vec<Promise>,
    pub technical: Technical,
    pub pto: Pto,
    /// What comes in after this hour of the utility's zone is after hours.
    pub cut_off: Option<Told<NaiveTime>>,
    pub after_hours: Option<Told<AfterHours>>,
}

impl Utility {
    /// Whether a text means it: name, short name or alias, whatever the case.
    pub fn is(&self, text: &str) -> bool {
        let text = text.trim().to_lowercase();
        let names = [&self.name, &self.short].into_iter().chain(&self.aliases);
        !text.is_empty() && names.into_iter().any(|name| name.to_lowercase() == text)
    }

    /// Every text that means it, as applications may have it.
    pub fn names(&self) -> Vec<String> {
        [&self.name, &self.short].into_iter().chain(&self.aliases).map(|name| name.to_lowercase()).filter(|name| !name.is_empty()).collect()
    }

    /// The way that is left when the portal is down: the mailbox of its intake.
    pub fn other_channel(&self) -> String {
        if self.mailbox.is_empty() { String::new() } else { format!("email {}", self.mailbox) }
    }
}
