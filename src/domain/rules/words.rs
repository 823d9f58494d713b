//! How is an answer of the rules said to a person?

use super::clock::{Clock, State};
use super::tier::TierAnswer;
use crate::domain::day::{Day, short};
use crate::domain::playbook::{Confidence, Workflow};

/// The answer in lines: what, why, how far to the next, who says so, what would make it surer.
pub fn tier(answer: &TierAnswer) -> Vec<String> {
    let mut lines = vec![answer.reason.clone()];
    if !answer.margin.is_empty() {
        lines.push(format!("margin to the next: {}", answer.margin));
    }
    if !answer.missing.is_empty() {
        lines.push(format!("for a sure answer: {}", answer.missing.join(", ")));
    }
    if !answer.study.is_empty() {
        lines.push(format!("study: {}", answer.study));
    }
    lines.extend(screens(answer));
    if !answer.rule.is_empty() {
        lines.push(cited(&answer.cites, &answer.rule, answer.confidence));
    }
    lines
}

fn screens(answer: &TierAnswer) -> Vec<String> {
    if answer.screens.is_empty() {
        return Vec::new();
    }
    let of = |applies: Option<bool>| answer.screens.iter().filter(move |screen| screen.applies == applies);
    let names = |applies: Option<bool>| of(applies).map(|screen| screen.name.to_uppercase()).collect::<Vec<_>>().join(", ");
    let mut lines = vec![format!("screens that apply: {}", names(Some(true)))];
    let mut reasons: Vec<(String, &str)> = Vec::new();
    for screen in of(Some(false)) {
        match reasons.iter_mut().find(|(_, because)| *because == screen.because) {
            Some((names, _)) => names.push_str(&format!(", {}", screen.name.to_uppercase())),
            None => reasons.push((screen.name.to_uppercase(), &screen.because)),
        }
    }
    lines.extend(reasons.into_iter().map(|(names, because)| format!("skipped: {names} ({because})")));
    if of(None).next().is_some() {
        lines.push(format!("not known whether they apply: {}", names(None)));
    }
    lines
}

/// "OAR 860-039-0030, oregon-net-metering-2024, unverified"
pub fn cited(cites: &str, rule: &str, confidence: Confidence) -> String {
    let sure = confidence.says();
    let sure = if rule == sure { "" } else { sure };
    [cites, rule, sure].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
}

/// One clock in a line: "Thu 12/3, in 4 BD  cure: the applicant owes it; silence counts as withdrawn".
pub fn clock(clock: &Clock, workflow: &Workflow, today: Day) -> String {
    let started = clock.started.map(|day| format!("since {} {}", workflow.milestone_label(&clock.trigger), short(day, today)));
    match (clock.state, clock.due) {
        (State::Running, Some(due)) => {
            let over = if due < today { ", past" } else { "" };
            format!(
                "{}{over}  {}: {} owes it, {}, {}",
                short(due, today),
                clock.label,
                clock.owes.name(),
                clock.length,
                started.unwrap_or_default()
            )
        }
        (State::Done(on), due) => {
            let late = if due.is_some_and(|due| on > due) { "late" } else { "in time" };
            let due = due.map_or(String::new(), |due| format!(", due {}", short(due, today)));
            match clock.done_by.as_str() {
                "" => format!("done {} {late}{due}  {}", short(on, today), clock.label),
                // When it was done nobody wrote down; only that it must have been before.
                step => format!("over by {} {}{due}  {}", workflow.milestone_label(step), short(on, today), clock.label),
            }
        }
        _ => format!("unknown  {}: {}", clock.label, clock.because.strip_prefix("unknown because ").unwrap_or(&clock.because)),
    }
}

/// It only waits for what starts it: nothing about it is in doubt.
pub fn has_not_begun(clock: &Clock) -> bool {
    clock.state == State::Unknown && clock.started.is_none() && clock.because.contains("has not happened")
}

/// What else there is to know about a clock, each a line.
pub fn clock_details(clock: &Clock, today: Day) -> Vec<String> {
    let mut lines = Vec::new();
    if clock.state == State::Running {
        lines.push(format!("{}; {}", clock.outcome.says(), cited(&clock.cites, &clock.rule, clock.confidence)));
        lines.extend([&clock.because, &clock.says].into_iter().filter(|text| !text.is_empty()).cloned());
    }
    if !clock.skipped.is_empty() {
        let days: Vec<String> = clock.skipped.iter().map(|(day, why)| format!("{} {why}", short(*day, today))).collect();
        lines.push(format!("not counted: {}", days.join(", ")));
    }
    if let Some(extension) = &clock.extended {
        let by = if extension.agreed_by.is_empty() { String::new() } else { format!(", agreed by {}", extension.agreed_by) };
        let authority = if extension.authority.is_empty() { String::new() } else { format!(" ({})", extension.authority) };
        lines.push(format!("extended to {} on {}{by}{authority}", short(extension.until, today), short(extension.on, today)));
    }
    lines
}
