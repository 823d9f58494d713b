//! Are the tiers, clocks and screens of one rule set complete, and does what they name exist?

use super::super::reader::{Reader, Word};
use super::super::tree::{Value, quote};
use super::super::utilities::CONFIDENCE;
use super::Known;
use crate::domain::field::{self, Kind};
use crate::domain::playbook::Confidence;
use crate::domain::rules::matter::{WORDS, folded};
use crate::domain::rules::{ClockRule, Limit, Measure, Need, Outcome, Owes, RuleSet, Screen, Skip, Tier, Unit};

/// What stands before a day in the line of dates.
const LABEL: usize = 24;
/// Longer than any clock of the trade.
const DAYS_MOST: i64 = 999;

pub fn read(reader: &mut Reader<'_>, set: RuleSet, known: &Known<'_>) -> RuleSet {
    let tiers: Vec<Tier> = reader.tables("tier").into_iter().map(|reader| tier(reader, &set)).collect();
    let names: Vec<&str> = tiers.iter().map(|tier| tier.name.as_str()).collect();
    let clocks = reader.tables("clock").into_iter().flat_map(|reader| clocks(reader, &set, &names, known)).collect();
    let screens = reader.tables("screen").into_iter().map(|reader| screen(reader, &set)).collect();
    RuleSet { tiers, clocks, screens, ..set }
}

/// What a part says for itself, else what its rule set says.
fn cited(reader: &mut Reader<'_>, set: &RuleSet) -> (String, Confidence) {
    let cites = reader.text("cites");
    let confidence = reader.choice("confidence", CONFIDENCE).and_then(|word| Confidence::parse(&word.text));
    (if cites.is_empty() { set.citation.clone() } else { cites }, confidence.unwrap_or(set.confidence))
}

fn tier(mut reader: Reader<'_>, set: &RuleSet) -> Tier {
    let name = reader.name();
    if matches!(name.text.as_str(), "outside" | "unknown") {
        reader.problem(&name.at, quote(&name.text), "another name: outside and unknown are answers of their own");
    }
    let label = reader.need("label", "the words for the screen").text;
    let (cites, confidence) = cited(&mut reader, set);
    let tier = Tier {
        name: name.text,
        label,
        formerly: reader.text("formerly"),
        needs: needs(&mut reader),
        limits: limits(&mut reader, &cites, confidence),
        cites,
        confidence,
        says: reader.text("says"),
        study: reader.text("study"),
    };
    reader.finish();
    tier
}

/// `needs = { inverter = ["yes"], line_voltage = "5 kV..15 kV" }`, `not = { network = ["area"] }`
fn needs(reader: &mut Reader<'_>) -> Vec<Need> {
    let mut needs = conditions(reader, "needs", |fact, words| Need::OneOf { fact, words });
    needs.extend(conditions(reader, "not", |fact, words| Need::NoneOf { fact, words }));
    needs
}

fn conditions<'a>(reader: &mut Reader<'a>, key: &'a str, make: fn(String, Vec<String>) -> Need) -> Vec<Need> {
    let Some(mut reader) = reader.table(key) else { return Vec::new() };
    let mut needs = Vec::new();
    for fact in reader.keys() {
        let at = reader.at(fact);
        let name = Word { text: fact.to_owned(), at: at.clone() };
        if fact == "line_voltage" {
            needs.extend(volts(&mut reader));
            continue;
        }
        let words = reader.one_or_more(fact).unwrap_or_default();
        if reader.check(name, WORDS.iter().copied().chain(["line_voltage"])).is_none() {
            continue;
        }
        if words.is_empty() {
            reader.problem(&at, "nothing", "the words that count: [\"yes\"]");
        }
        for word in &words {
            if let Some(Err(wanted)) =
                field::find(fact).filter(|field| matches!(field.kind, Kind::Choice(_))).map(|field| field::read(field, &word.text))
            {
                reader.problem(&word.at, quote(&word.text), wanted);
            }
        }
        let said = |word: Word| if matches!(fact, "state" | "utility") { word.text } else { folded(&word.text) };
        needs.push(make(fact.to_owned(), words.into_iter().map(said).collect()));
    }
    needs
}

/// `line_voltage = "5 kV..15 kV"`: from the first up to, and without, the second.
fn volts(reader: &mut Reader<'_>) -> Option<Need> {
    let word = reader.word("line_voltage")?;
    let field = field::find("line_voltage")?;
    let number = |text: &str| field::read(field, text).ok().and_then(|value| value.as_number());
    let low = |text: &str| if text.trim().is_empty() { Some(0) } else { number(text) };
    let range = word.text.split_once("..").and_then(|(from, to)| Some((low(from)?, number(to)?)));
    match range {
        Some((low, high)) if low < high => Some(Need::Volts { low, high }),
        _ => {
            reader.problem(&word.at, quote(&word.text), "two voltages: 5 kV..15 kV, or ..5 kV");
            None
        }
    }
}

fn limits(reader: &mut Reader<'_>, cites: &str, confidence: Confidence) -> Vec<Limit> {
    reader.tables("limit").into_iter().filter_map(|reader| limit(reader, cites, confidence)).collect()
}

/// `max = "50 kW"`, or `max = "unknown"` where the rule has a number that was not found.
fn limit(mut reader: Reader<'_>, cites: &str, confidence: Confidence) -> Option<Limit> {
    let of = reader.need_choice("of", "nameplate or export", Measure::ALL.map(Measure::name));
    let max = reader.need("max", "a size like 50 kW, or unknown");
    let said = reader.text("cites");
    let sure = reader.choice("confidence", CONFIDENCE).and_then(|word| Confidence::parse(&word.text));
    let when = conditions(&mut reader, "when", |fact, words| Need::OneOf { fact, words });
    let field = field::find("size_ac").expect("a field of the table");
    let watts = match max.text.as_str() {
        "unknown" | "" => None,
        text => match field::read(field, text).map(|value| value.as_number()) {
            Ok(watts) => watts,
            Err(wanted) => {
                reader.problem(&max.at, quote(text), format!("{wanted}, or unknown"));
                None
            }
        },
    };
    reader.finish();
    Some(Limit {
        of: Measure::ALL.into_iter().find(|measure| of.as_ref().is_some_and(|word| word.text == measure.name()))?,
        max: watts,
        when,
        cites: if said.is_empty() { cites.to_owned() } else { said },
        confidence: sure.unwrap_or(confidence),
    })
}

/// One clock, or one for each tier that has days of its own: `days = { tier-1 = 10, tier-2 = 15 }`.
fn clocks(mut reader: Reader<'_>, set: &RuleSet, tiers: &[&str], known: &Known<'_>) -> Vec<ClockRule> {
    let codes = || known.workflow.milestones.iter().map(|(code, _)| code.as_str());
    let text = |words: Vec<Word>| words.into_iter().map(|word| word.text).collect::<Vec<_>>();
    let name = reader.name().text;
    let label = reader.need("label", "the words for the screen");
    if label.text.chars().count() > LABEL {
        reader.problem(&label.at, quote(&label.text), "at most 24 letters, for the line of dates");
    }
    let label = label.text;
    let trigger = reader.one_or_more("trigger").unwrap_or_default();
    if trigger.is_empty() {
        reader.problem(&reader.at("trigger"), "nothing", "the milestone that starts it");
    }
    let trigger: Vec<Word> = trigger.into_iter().filter_map(|word| reader.check(word, codes())).collect();
    let unit = match reader.choice("unit", ["business", "calendar"]) {
        Some(word) if word.text == "calendar" => Unit::CalendarDays,
        _ => Unit::BusinessDays,
    };
    let owes = reader.need_choice("owes", "whose duty it is", Owes::ALL.map(Owes::name));
    let outcome = reader.need_choice("outcome", "what a miss means", Outcome::ALL.map(Outcome::name));
    let stops = reader.choices("stops", codes());
    if stops.is_empty() {
        reader.problem(&reader.at("stops"), "nothing", "the milestones that end it");
    }
    let pauses = pauses(&mut reader, codes);
    let presumes = reader.choice("presumes", codes()).map(|word| word.text);
    let own = text(reader.choices("tiers", tiers.iter().copied()));
    let except = text(reader.choices("except", tiers.iter().copied()));
    let days = days(&mut reader, tiers);
    let (cites, confidence) = cited(&mut reader, set);
    let says = reader.text("says");
    reader.finish();
    let (Some(owes), Some(outcome)) = (owes, outcome) else { return Vec::new() };
    let clock = ClockRule {
        name,
        label,
        trigger: text(trigger),
        days: 0,
        unit,
        owes: Owes::ALL.into_iter().find(|one| one.name() == owes.text).unwrap_or(Owes::Both),
        outcome: Outcome::ALL.into_iter().find(|one| one.name() == outcome.text).unwrap_or(Outcome::Rises),
        stops: text(stops),
        pauses,
        presumes,
        tiers: own,
        except,
        cites,
        confidence,
        says,
    };
    let by_tier = |(tier, days): (Option<String>, u32)| ClockRule {
        days,
        tiers: tier.map_or_else(|| clock.tiers.clone(), |tier| vec![tier]),
        ..clock.clone()
    };
    days.into_iter().map(by_tier).collect()
}

fn days(reader: &mut Reader<'_>, tiers: &[&str]) -> Vec<(Option<String>, u32)> {
    let count = |number: Option<i64>| number.and_then(|number| u32::try_from(number).ok());
    match reader.value("days") {
        None => {
            reader.problem(&reader.at("days"), "nothing", "how many days: 10, or { tier-1 = 10, tier-2 = 15 }");
            Vec::new()
        }
        Some((_, Value::Table(_))) => {
            let Some(mut reader) = reader.table("days") else { return Vec::new() };
            let mut days = Vec::new();
            for tier in reader.keys() {
                let name = Word { text: tier.to_owned(), at: reader.at(tier) };
                let number = count(reader.number(tier, 1, DAYS_MOST));
                if reader.check(name, tiers.iter().copied()).is_some() {
                    days.extend(number.map(|number| (Some(tier.to_owned()), number)));
                }
            }
            days
        }
        Some(_) => count(reader.number("days", 1, DAYS_MOST)).map(|number| (None, number)).into_iter().collect(),
    }
}

/// `pauses = ["deficiency-received", "resubmitted"]`
fn pauses<'c, I: Iterator<Item = &'c str>>(reader: &mut Reader<'_>, codes: impl Fn() -> I) -> Option<(String, String)> {
    let words = reader.choices("pauses", codes());
    match words.as_slice() {
        [] => None,
        [out, back] => Some((out.text.clone(), back.text.clone())),
        [first, ..] => {
            reader.problem(&first.at, format!("{} milestones", words.len()), "two: the one that stops it and the one that lets it go on");
            None
        }
    }
}

fn screen(mut reader: Reader<'_>, set: &RuleSet) -> Screen {
    let name = reader.name().text;
    let label = reader.need("label", "what it looks at").text;
    let (cites, confidence) = cited(&mut reader, set);
    let skips = reader.tables("skip").into_iter().map(|reader| skip(reader, &cites, confidence)).collect();
    reader.finish();
    Screen { name, label, skips, cites, confidence }
}

fn skip(mut reader: Reader<'_>, cites: &str, confidence: Confidence) -> Skip {
    let says = reader.need("says", "why it is skipped").text;
    let skip = Skip { needs: needs(&mut reader), limits: limits(&mut reader, cites, confidence), says };
    if skip.needs.is_empty() && skip.limits.is_empty() {
        reader.problem(&reader.at, "no condition", "needs, not or limit: when it is skipped");
    }
    reader.finish();
    skip
}
