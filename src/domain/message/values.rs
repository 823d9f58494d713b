//! What is the value of a field, from its one source?

use super::super::day::{Datelike, Day, When, parse_day};
use super::super::field::{self, Kind};
use super::super::playbook::Utility;
use super::super::text::clean;
use super::super::value::Value;
use super::{Context, Message, Source, greeting};

/// The value of one field, or `None` when it has none. Values are text, never templates; days are
/// written month/day/year.
pub fn value(name: &str, message: &Message, context: &Context<'_>) -> Option<String> {
    let text = match super::source(name, message)? {
        Source::Asked => context.answers.get(name).cloned(),
        source => of_source(name, source, &message.to, context),
    };
    present(text)
}

/// The value of a field in the note of a disposition: what was asked first.
pub fn in_a_note(name: &str, context: &Context<'_>) -> Option<String> {
    if let Some(answer) = context.answers.get(name).filter(|answer| !answer.trim().is_empty()) {
        return Some(as_shown(name, answer));
    }
    present(of_source(name, super::known(name)?, context.application.ball(), context))
}

fn present(text: Option<String>) -> Option<String> {
    text.filter(|text| !clean(text).trim().is_empty())
}

/// `party` is whose attempts are counted when no touch counts them.
fn of_source(name: &str, source: Source, party: &str, context: &Context<'_>) -> Option<String> {
    match source {
        Source::Person if name == "coordinator_name" => Some(context.person.name.clone()),
        Source::Person => Some(context.person.phone.clone()),
        Source::Company => context.company.get(name).cloned(),
        Source::Utility => of_utility(name, context).filter(|text| !text.trim().is_empty()).or_else(|| context.answers.get(name).cloned()),
        Source::Application => of_application(name, context),
        Source::Computed => computed(name, party, context),
        Source::Asked => None,
    }
}

/// A utility that the playbook does not know has a name (as typed) and no mailbox.
fn of_utility(name: &str, context: &Context<'_>) -> Option<String> {
    let typed = context.application.utility();
    let of =
        |part: fn(&Utility) -> &String| context.playbook.utility(typed).filter(|_| !typed.is_empty()).map(|utility| part(utility).clone());
    match name {
        "utility_name" => of(|utility| &utility.name).or_else(|| Some(typed.to_owned())),
        "utility_mailbox" => of(|utility| &utility.mailbox),
        "utility_metering_mailbox" => of(|utility| &utility.metering_mailbox),
        "utility_supervisor_mailbox" => of(|utility| &utility.supervisor_mailbox),
        _ => None,
    }
}

fn of_application(name: &str, context: &Context<'_>) -> Option<String> {
    let field = field::find(name)?;
    let value = context.application.value(name);
    Some(as_shown(name, &field::show(field.kind, value)))
}

/// The text of a field as messages write it: days in the order that US readers expect.
fn as_shown(name: &str, text: &str) -> String {
    let when = field::find(name).filter(|field| matches!(field.kind, Kind::Day | Kind::When)).and_then(|_| When::parse(text.trim()));
    match when {
        None => text.to_owned(),
        Some(When { day, time: None }) => us(day),
        Some(When { day, time: Some(time) }) => format!("{} {}", us(day), time.format("%H:%M")),
    }
}

pub fn us(day: Day) -> String {
    format!("{}/{}/{}", day.month(), day.day(), day.year())
}

fn computed(name: &str, party: &str, context: &Context<'_>) -> Option<String> {
    let application = context.application;
    let milestone = |code: &str| application.milestone(code).map(us);
    let days_since = |day: Day| (context.today - day).num_days().max(0).to_string();
    match name {
        "today" => Some(us(context.today)),
        "reference" => Some(application.reference().to_owned()),
        // The utility's own: a CRM number in a message to the utility is a wrong number.
        "application_number" => application.text("number").map(str::to_owned),
        "status_label" => Some(context.playbook.workflow.status_label(application.status()).to_owned()),
        // Before a utility stamps it, the day it was sent is the nearest that is known.
        "received_on" => milestone("received").or_else(|| milestone("submitted")),
        "submitted_on" => milestone("submitted"),
        "approved_on" => milestone("approved-to-install"),
        "completed_on" => milestone("completion-sent"),
        "pto_on" => milestone("pto"),
        "days_open" => opened_on(context).map(days_since),
        "days_in_status" => application.status_since().map(days_since),
        "first_name" => application.text("customer_name").and_then(greeting::first_name),
        "site_address" => site_address(context),
        // A message outside of a counted touch is the first one when nothing was tried yet.
        "attempt" => Some(context.attempt.unwrap_or_else(|| application.attempts(party).max(1)).to_string()),
        "size_shown" => ["size", "size_ac"].into_iter().find_map(|size| present(of_application(size, context))),
        "last_touch" => application.touched_on().map(us),
        _ => None,
    }
}

/// The day that the register holds, if it holds one; else the day of the event that wrote it.
fn opened_on(context: &Context<'_>) -> Option<Day> {
    let register = context.application.registers.get(super::super::record::OPENED)?;
    let written = match &register.value {
        Value::Text(text) => parse_day(text),
        _ => None,
    };
    Some(written.unwrap_or(register.on))
}

/// `12 Main St, Provo, UT 84601`, of what is known. A town or a state alone is no site: without a street
/// it is the site's name.
fn site_address(context: &Context<'_>) -> Option<String> {
    let text = |name: &str| context.application.text(name).map(str::trim).filter(|text| !text.is_empty());
    let Some(street) = text("address") else { return Some(context.application.site().to_owned()) };
    let state = [text("state"), text("zip")].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let parts = [Some(street), text("city"), Some(state.as_str()).filter(|state| !state.is_empty())];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}
