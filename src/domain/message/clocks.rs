//! What do the rules put into a message: the day that was due, why, how long there is for an answer, the tier?

use super::super::day::Day;
use super::super::rules::clock::{Asked, Clock, State};
use super::super::rules::matter::Matter;
use super::super::rules::{Outcome, Owes, Unit};
use super::Context;
use super::values::us;

/// Fields that this file computes.
pub const FIELDS: &[&str] = &["due_on", "due_because", "result_by", "cure_by", "rule_cited", "tier_shown", "happened_on"];

/// `None` when no rule says it: then it is asked.
pub fn value(name: &str, context: &Context<'_>) -> Option<String> {
    if name == "happened_on" {
        return Some(context.answers.get(name).cloned().unwrap_or_else(|| us(context.today)));
    }
    let matter = Matter::of(context.application);
    let rules = &context.playbook.rules;
    let asked = Asked::of(&matter, context.playbook, context.today);
    let law = || rules.clocks(&asked).into_iter().filter(|clock| clock.state == State::Running && clock.is_law());
    match name {
        "due_on" => theirs(law(), context.today).and_then(|clock| clock.due).or_else(|| context.application.day("promised")).map(us),
        "due_because" => match theirs(law(), context.today) {
            Some(clock) => Some(because(&clock, context)),
            None => context.application.day("promised").map(|day| format!("promised for {}", us(day))),
        },
        "result_by" => law()
            .find(|clock| clock.owes == Owes::Utility && clock.trigger == "deemed-complete" && clock.outcome != Outcome::DeemedApproved)
            .and_then(|clock| clock.due)
            .map(us),
        "cure_by" => {
            law().find(|clock| clock.owes == Owes::Applicant && clock.trigger == "deficiency-received").and_then(|clock| clock.due).map(us)
        }
        "rule_cited" => rules.choose(&matter, asked.utility, context.today).ok().map(|set| set.citation.clone()),
        "tier_shown" => {
            let answer = rules.tier(&matter, asked.utility, context.today);
            (!answer.label.is_empty()).then(|| format!("{} ({})", answer.label, answer.threshold).replace(" ()", ""))
        }
        _ => None,
    }
}

/// The utility's duty whose day passed first: nobody is reminded of a day to come.
fn theirs(clocks: impl Iterator<Item = Clock>, today: Day) -> Option<Clock> {
    let passed = |clock: &Clock| {
        clock.owes == Owes::Utility
            && clock.outcome.is_breach()
            && clock.outcome != Outcome::DeemedApproved
            && clock.due.is_some_and(|due| due < today)
    };
    clocks.filter(passed).min_by_key(|clock| clock.due)
}

/// "OAR 860-039-0030: 10 business days from notice of completeness, 11/24/2026"
fn because(clock: &Clock, context: &Context<'_>) -> String {
    let length = match clock.length.split_once(' ') {
        Some((days, unit)) if unit == Unit::BusinessDays.short() => format!("{days} business days"),
        _ => clock.length.clone(),
    };
    let from: String = clock.started.map(|day: Day| us(day)).unwrap_or_default();
    format!("{}: {length} from \"{}\", {from}", clock.cites, context.playbook.workflow.milestone_label(&clock.trigger))
}
