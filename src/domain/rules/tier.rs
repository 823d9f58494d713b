//! Which tier, level or review path? With the threshold that decided it, and how far the next one is.

use super::matter::Matter;
use super::screen::{self, ScreenAnswer};
use super::{Limit, Measure, Need, RuleSet, Rules, Tier};
use crate::domain::day::Day;
use crate::domain::field::{self, Kind};
use crate::domain::playbook::{Confidence, Utility};
use crate::domain::value::Value;

/// More than any application: what is larger is a slip of the keyboard, not a tier.
const LARGEST: i64 = 100_000_000_000;

/// The answer to "which tier?".
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TierAnswer {
    /// A tier's name, `outside` (no tier of these rules) or `unknown`.
    pub tier: String,
    /// The words for it; empty when it is outside or unknown.
    pub label: String,
    /// One sentence.
    pub reason: String,
    /// The first threshold that decided: "export 26 kW > 25 kW".
    pub threshold: String,
    /// How much more it takes to leave the tier: "1 kW of nameplate".
    pub margin: String,
    /// Name of the rule set.
    pub rule: String,
    pub cites: String,
    pub confidence: Confidence,
    /// What would have to be known for a certain answer, by the names of FIELD=VALUE.
    pub missing: Vec<String>,
    pub study: String,
    pub screens: Vec<ScreenAnswer>,
}

/// How one condition stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    Yes,
    No(String),
    /// Names of facts that are missing, and why they matter.
    Unknown(Vec<String>, String),
}

impl Rules {
    /// `today` stands for the day of receipt when nothing was received yet.
    pub fn tier(&self, matter: &Matter, utility: Option<&Utility>, today: Day) -> TierAnswer {
        let set = match self.choose(matter, utility, today) {
            Ok(set) => set,
            Err(none) => return unknown(none.because, none.missing),
        };
        let matter = &matter.clone().at(utility);
        let answer = match matter.word("tier") {
            None => set.tier(matter),
            Some(said) => match set.tiers.iter().find(|tier| tier.is_called(said)) {
                Some(tier) => assigned(tier, matter, set),
                None => {
                    let names: Vec<&str> = set.tiers.iter().map(|tier| tier.name.as_str()).collect();
                    unknown(format!("the tier on file reads {said}, and these rules have {}", names.join(", ")), vec!["tier".to_owned()])
                }
            },
        };
        TierAnswer { rule: set.name.clone(), ..answer }
    }
}

fn unknown(because: String, missing: Vec<String>) -> TierAnswer {
    TierAnswer {
        tier: "unknown".to_owned(),
        reason: format!("unknown because {because}"),
        confidence: Confidence::Unknown,
        missing,
        ..TierAnswer::default()
    }
}

/// The utility said which tier; where the rules say another one that is told, not corrected.
fn assigned(tier: &Tier, matter: &Matter, set: &RuleSet) -> TierAnswer {
    let computed = set.tier(matter);
    let differs = match computed.tier.as_str() {
        "unknown" => String::new(),
        same if same == tier.name => String::new(),
        "outside" => "; by the facts on file it is outside these rules".to_owned(),
        _ => format!("; by the facts on file it is {}: {}", computed.label, computed.reason),
    };
    let own = if computed.tier == tier.name { computed } else { TierAnswer { screens: screen::answers(set, matter), ..about(tier) } };
    TierAnswer { reason: format!("{} as on file{differs}", tier.label), ..own }
}

fn about(tier: &Tier) -> TierAnswer {
    TierAnswer {
        tier: tier.name.clone(),
        label: tier.label.clone(),
        cites: tier.cites.clone(),
        confidence: tier.confidence,
        study: tier.study.clone(),
        ..TierAnswer::default()
    }
}

/// No tier of the rules.
pub const OUTSIDE: &str = "outside";

impl RuleSet {
    /// The name alone, `OUTSIDE` too; `None` while it is not known.
    pub fn tier_name<'s>(&'s self, matter: &Matter) -> Option<&'s str> {
        if let Some(said) = matter.word("tier") {
            return self.tiers.iter().find(|tier| tier.is_called(said)).map(|tier| tier.name.as_str());
        }
        if impossible_size(matter).is_some() {
            return None;
        }
        let mut matter = matter.clone();
        matter.assume(&self.assume);
        for tier in &self.tiers {
            match tier.verdict(&matter) {
                Verdict::Yes => return Some(&tier.name),
                Verdict::No(_) => {}
                Verdict::Unknown(..) => return None,
            }
        }
        Some(OUTSIDE)
    }

    /// The first tier whose conditions are all met. One condition that is not known stops the search: a later tier
    /// would be a guess.
    pub fn tier(&self, matter: &Matter) -> TierAnswer {
        if let Some(refused) = impossible_size(matter) {
            return refused;
        }
        let mut matter = matter.clone();
        matter.assume(&self.assume);
        let mut failed: Vec<(&Tier, String)> = Vec::new();
        for tier in &self.tiers {
            match tier.verdict(&matter) {
                Verdict::Yes => return self.found(tier, &failed, &matter),
                Verdict::No(why) => failed.push((tier, why)),
                Verdict::Unknown(missing, why) => {
                    let so_far = failed.last().map_or(String::new(), |(tier, why)| format!("not {}: {why}; ", tier.label));
                    return TierAnswer {
                        cites: tier.cites.clone(),
                        threshold: failed.first().map(|(_, why)| why.clone()).unwrap_or_default(),
                        screens: screen::answers(self, &matter),
                        ..unknown(format!("{so_far}{why}"), missing)
                    };
                }
            }
        }
        let why: Vec<String> = failed.iter().map(|(tier, why)| format!("not {}: {why}", tier.label)).collect();
        TierAnswer {
            tier: OUTSIDE.to_owned(),
            reason: match why.is_empty() {
                true => "these rules have no tiers".to_owned(),
                false => format!("outside of {}: {}", self.label, why.join("; ")),
            },
            threshold: failed.last().map(|(_, why)| why.clone()).unwrap_or_default(),
            confidence: self.confidence,
            ..TierAnswer::default()
        }
    }

    fn found(&self, tier: &Tier, failed: &[(&Tier, String)], matter: &Matter) -> TierAnswer {
        let own = tier.limits.iter().filter(|limit| limit.applies(matter) == Verdict::Yes);
        let room = own.filter_map(|limit| Some((limit.max? - matter.size(limit.of.name())?, limit)));
        let next = room.min_by_key(|(left, _)| *left);
        let words = |limit: &Limit| limit.words(matter, "≤");
        let threshold = failed.first().map_or(next.map(|(_, limit)| words(limit)).unwrap_or_default(), |(_, why)| why.clone());
        let known = tier.limits.iter().filter(|limit| limit.max.is_some() && limit.applies(matter) == Verdict::Yes);
        let held = known.map(words).collect::<Vec<_>>().join(", ");
        let mut reason = match failed.first() {
            Some(_) => failed.iter().map(|(tier, why)| format!("not {}: {why}", tier.label)).collect::<Vec<_>>().join("; "),
            None => String::new(),
        };
        if !held.is_empty() {
            reason = if reason.is_empty() { held } else { format!("{reason}; {held}") };
        }
        if reason.is_empty() {
            reason = "what is left when no other path fits".to_owned();
        }
        if !matter.assumed.is_empty() {
            reason = format!(
                "{reason}; taken for granted: {}",
                matter.assumed.iter().map(|fact| assumed_words(fact, matter)).collect::<Vec<_>>().join(", ")
            );
        }
        let formerly = if tier.formerly.is_empty() { String::new() } else { format!(" (formerly {})", tier.formerly) };
        let says = if tier.says.is_empty() { String::new() } else { format!(". {}", tier.says) };
        let limits = tier.limits.iter().filter(|limit| limit.applies(matter) == Verdict::Yes).map(|limit| limit.confidence);
        TierAnswer {
            reason: format!("{}{formerly}: {reason}{says}", tier.label),
            threshold,
            margin: next.map(|(left, limit)| format!("{} of {}", size(left), limit.of.name())).unwrap_or_default(),
            confidence: limits.fold(tier.confidence, Confidence::weaker),
            missing: matter.assumed.clone(),
            screens: screen::answers(self, matter),
            ..about(tier)
        }
    }
}

fn assumed_words(fact: &str, matter: &Matter) -> String {
    let label = field::find(fact).map_or(fact, |field| field.label);
    format!("{label} {}", matter.word(fact).unwrap_or_default())
}

/// A size that is none is said at once, whatever the rules ask.
fn impossible_size(matter: &Matter) -> Option<TierAnswer> {
    Measure::ALL.iter().find_map(|measure| {
        let watts = matter.size(measure.name())?;
        let wrong = match (measure, watts) {
            (_, watts) if watts < 0 => "is less than nothing",
            (_, watts) if watts > LARGEST => "is more than any plant has",
            (Measure::Nameplate, 0) => "is nothing",
            _ => return None,
        };
        Some(unknown(format!("a {} of {} {wrong}", measure.name(), size(watts)), vec![measure.name().to_owned()]))
    })
}

impl Tier {
    /// By its name, its label, or what people still call it.
    fn is_called(&self, said: &str) -> bool {
        [&self.name, &self.label, &self.formerly].into_iter().any(|name| !name.is_empty() && super::matter::folded(name) == said)
    }

    /// All conditions at once: one `No` decides, whatever else is not known.
    fn verdict(&self, matter: &Matter) -> Verdict {
        let needs = self.needs.iter().map(|need| need.verdict(matter));
        let limits = Measure::ALL.into_iter().filter_map(|measure| measure_verdict(&self.limits, measure, matter));
        all(limits.chain(needs))
    }
}

/// The limits of one measure: the first whose `when` holds counts; where none holds, nothing of that size fits. While
/// it is not known which one counts, only what all of them answer alike is an answer.
fn measure_verdict(limits: &[Limit], measure: Measure, matter: &Matter) -> Option<Verdict> {
    let mut of = limits.iter().filter(|limit| limit.of == measure).peekable();
    of.peek()?;
    let mut possible: Vec<Verdict> = Vec::new();
    let mut open = None;
    let mut counts = None;
    for limit in of {
        match limit.applies(matter) {
            Verdict::Yes => {
                counts = Some(limit.verdict(matter));
                break;
            }
            Verdict::No(_) => {}
            unknown => {
                possible.push(limit.verdict(matter));
                open.get_or_insert(unknown);
            }
        }
    }
    let counts = counts.unwrap_or_else(|| Verdict::No(format!("there is no {} limit for it", measure.name())));
    let alike = |one: &Verdict| std::mem::discriminant(one) == std::mem::discriminant(&counts);
    Some(match open {
        Some(unknown) if !possible.iter().all(alike) => unknown,
        _ => counts,
    })
}

pub(super) fn all(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    let mut missing: Vec<String> = Vec::new();
    let mut whys: Vec<String> = Vec::new();
    for verdict in verdicts {
        match verdict {
            Verdict::Yes => {}
            Verdict::No(why) => return Verdict::No(why),
            Verdict::Unknown(facts, why) => {
                missing.extend(facts);
                if !whys.contains(&why) {
                    whys.push(why);
                }
            }
        }
    }
    if whys.is_empty() { Verdict::Yes } else { Verdict::Unknown(missing, whys.join(", ")) }
}

impl Limit {
    pub(super) fn applies(&self, matter: &Matter) -> Verdict {
        all(self.when.iter().map(|need| need.verdict(matter)))
    }

    pub(super) fn verdict(&self, matter: &Matter) -> Verdict {
        let name = self.of.name();
        match (self.max, matter.size(name)) {
            // Whatever the number is, nothing is not above it.
            (None, Some(0)) => Verdict::Yes,
            (None, _) => Verdict::Unknown(Vec::new(), format!("the {name} limit of {} was not found", self.cites)),
            // Nothing sends out more than it can make.
            (Some(max), None) if self.of == Measure::Export && matter.size(Measure::Nameplate.name()).is_some_and(|made| made <= max) => {
                Verdict::Yes
            }
            (_, None) => Verdict::Unknown(vec![name.to_owned()], format!("{name} is not known")),
            (Some(max), Some(watts)) if watts <= max => Verdict::Yes,
            (Some(_), Some(_)) => Verdict::No(self.words(matter, ">")),
        }
    }

    /// "export 26 kW > 25 kW"
    fn words(&self, matter: &Matter, sign: &str) -> String {
        let (name, watts) = (self.of.name(), matter.size(self.of.name()));
        let (watts, max) = (watts.map(size).unwrap_or_default(), self.max.map(size).unwrap_or_default());
        format!("{name} {watts} {sign} {max}")
    }
}

impl Need {
    pub(super) fn verdict(&self, matter: &Matter) -> Verdict {
        match self {
            Need::OneOf { fact, words } => match matter.word(fact) {
                None => missing(fact),
                Some(said) if words.iter().any(|word| word == said) => Verdict::Yes,
                Some(said) => Verdict::No(format!("{} is {said}", label(fact))),
            },
            Need::NoneOf { fact, words } => match matter.word(fact) {
                None => missing(fact),
                Some(said) if words.iter().any(|word| word == said) => Verdict::No(format!("{} is {said}", label(fact))),
                Some(_) => Verdict::Yes,
            },
            Need::Volts { low, high } => match matter.size("line_voltage") {
                None => missing("line_voltage"),
                Some(volts) if (*low..*high).contains(&volts) => Verdict::Yes,
                Some(volts) => Verdict::No(format!("line voltage is {}", field::show(Kind::Volts, &Value::Number(volts)))),
            },
        }
    }
}

fn missing(fact: &str) -> Verdict {
    Verdict::Unknown(vec![fact.to_owned()], format!("{} is not known", label(fact)))
}

fn label(fact: &str) -> &str {
    field::find(fact).map_or(fact, |field| field.label)
}

/// In the unit in which the trade talks, whatever the amount: "0 kW", "0.5 kW", "2000 kW".
pub(super) fn size(watts: i64) -> String {
    let sign = if watts < 0 { "-" } else { "" };
    let (whole, rest) = (watts.unsigned_abs() / 1_000, watts.unsigned_abs() % 1_000);
    let mut text = format!("{sign}{whole}.{rest:03}");
    text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    format!("{text} kW")
}
