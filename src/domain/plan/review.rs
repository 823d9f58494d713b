//! Does a change lead to another review path? That is said before it is saved: 24.9 kW and 25.1 kW live in different worlds.

use std::collections::BTreeMap;

use super::Context;
use crate::domain::application::Application;
use crate::domain::day::{Day, parse_day, short};
use crate::domain::event::Write;
use crate::domain::rules::Owes;
use crate::domain::rules::clock::Asked;
use crate::domain::rules::days::{ClockDays, Due};
use crate::domain::rules::matter::{Matter, SIZES, WORDS};
use crate::domain::rules::tier::TierAnswer;

/// Fields that a size is computed from.
const EQUIPMENT: &[&str] = &["array", "inverters", "storage_units", "storage_power", "coupling", "size_dc"];

/// "Tier 1 → Tier 2: not Tier 1: export 26 kW > 25 kW; …"; `None` when it stays what it was, or was never asked for.
pub fn flip(before: &Application, after: &Application, fields: &BTreeMap<String, Write>, ctx: &Context<'_>) -> Option<String> {
    let decides = |name: &str| WORDS.contains(&name) || EQUIPMENT.contains(&name) || SIZES.iter().any(|(_, field)| *field == name);
    if !before.exists() || !fields.keys().any(|name| decides(name)) {
        return None;
    }
    let tier = |application: &Application| {
        let mut matter = Matter::of(application);
        // What was assigned stays assigned; whether the facts still lead there is the question.
        if !fields.contains_key("tier") {
            matter.forget("tier");
        }
        let utility = ctx.playbook.utility(application.utility());
        ctx.playbook.rules.tier(&matter, utility, ctx.today)
    };
    let (was, is) = (tier(before), tier(after));
    if was.tier == is.tier && was.rule == is.rule || was.rule.is_empty() && is.rule.is_empty() {
        return None;
    }
    let why = match (was.tier.as_str(), is.tier.as_str()) {
        (_, "unknown" | "outside") => is.reason.as_str(),
        ("unknown", _) => is.threshold.as_str(),
        // Of two tiers the one with a limit that was crossed tells why.
        _ if is.threshold.contains('>') => is.threshold.as_str(),
        _ => was.threshold.as_str(),
    };
    Some(format!("{} → {}: {}", name(&was), name(&is), why.trim_start_matches("unknown because ")))
}

/// What would be lost before we look again: "cure Tue 12/1, before we look". The row comes up for it all the same.
pub fn lapses_before(after: &Application, day: Day, ctx: &Context<'_>) -> Option<String> {
    let clock = clock_days(after, ctx)?.lapse.map(|due| named(due, ctx));
    let by_hand = after.day("cure_due").map(|day| (day, "cure date"));
    let (lapse, label) = clock.into_iter().chain(by_hand).min()?;
    (lapse < day).then(|| before_we_look(label, lapse, ctx))
}

/// A duty of ours that ends before we look again. One that has passed already is said in the dates of the record.
pub fn owed_before(after: &Application, day: Day, ctx: &Context<'_>) -> Option<String> {
    let (owed, label) = named(clock_days(after, ctx)?.ours?, ctx);
    (ctx.today <= owed && owed < day).then(|| before_we_look(label, owed, ctx))
}

/// The nearest days of the clocks, of what is open.
fn clock_days(after: &Application, ctx: &Context<'_>) -> Option<ClockDays> {
    let matter = Matter::of(after);
    let is_open = ctx.playbook.workflow.is_open(after.status());
    is_open.then(|| ctx.playbook.rules.days(&Asked::of(&matter, ctx.playbook, ctx.today), ctx.playbook.desk))
}

fn named<'p>(due: Due, ctx: &Context<'p>) -> (Day, &'p str) {
    (due.day, ctx.playbook.rules.clock(due.clock).map_or("a clock", |clock| &clock.label))
}

fn before_we_look(label: &str, day: Day, ctx: &Context<'_>) -> String {
    format!("{label} {}, before we look", short(day, ctx.today))
}

/// The day until which the rule gives time for an answer to the list of what is missing.
pub fn cure_day(after: &Application, ctx: &Context<'_>) -> Option<Day> {
    let matter = Matter::of(after);
    let running = ctx.playbook.rules.running(&Asked::of(&matter, ctx.playbook, ctx.today));
    let cure = running
        .into_iter()
        .find(|(_, rule, _)| rule.owes == Owes::Applicant && rule.trigger.iter().any(|code| code == "deficiency-received"));
    cure.map(|(_, _, day)| day)
}

/// A notice that gives another day than the rule does: "the rule's day is Fri 12/11".
pub fn cure_differs(after: &Application, fields: &BTreeMap<String, Write>, ctx: &Context<'_>) -> Option<String> {
    let said = fields.get("cure_due")?.to.as_text().and_then(parse_day)?;
    let rule = cure_day(after, ctx).filter(|day| *day != said)?;
    Some(format!("the rule's day is {}", short(rule, ctx.today)))
}

fn name(answer: &TierAnswer) -> &str {
    if answer.label.is_empty() { &answer.tier } else { &answer.label }
}
