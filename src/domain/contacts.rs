//! How often was one party written to or called about one application? A third time in a week is worth a thought.

use std::collections::BTreeSet;

use super::application::Application;
use super::day::Day;
use super::id::CommandId;
use super::playbook::{Disposition, Playbook};
use super::value::Value;

/// The party that a quick action reaches: whose attempts it counts, else whom its message goes to.
pub fn party<'a>(disposition: &'a Disposition, playbook: &'a Playbook) -> Option<&'a str> {
    let message = || disposition.message.as_deref().and_then(|name| playbook.message(name)).map(|message| message.to.as_str());
    disposition.attempt.as_deref().or_else(message).filter(|party| *party != "us")
}

/// Contacts of a party in the last `within` business days up to today. A touch and its message are one.
pub fn recent(application: &Application, party: &str, playbook: &Playbook, today: Day) -> i64 {
    let reached = |field: &str, value: &Value| match field {
        "disposition" => {
            let name = value.as_text().unwrap_or_default();
            playbook.disposition(name).and_then(|disposition| self::party(disposition, playbook)) == Some(party)
        }
        "message" => {
            let name = value.get("name").and_then(Value::as_text).unwrap_or_default();
            playbook.message(name).is_some_and(|message| message.to == party)
        }
        _ => false,
    };
    let near = |on: Day| playbook.calendar.between(on, today) < playbook.often.within;
    let of_party = application.entries.iter().filter(|entry| !entry.hidden && near(entry.on) && reached(&entry.field, &entry.value));
    let commands: BTreeSet<CommandId> = of_party.map(|entry| entry.command).collect();
    i64::try_from(commands.len()).unwrap_or(i64::MAX)
}

/// "3rd contact of the customer in 5 business days", when this one makes it many.
pub fn many(application: &Application, party: &str, playbook: &Playbook, today: Day) -> Option<String> {
    let count = recent(application, party, playbook, today) + 1;
    let often = playbook.often;
    let (label, within) = (playbook.workflow.party_label(party), often.within);
    (often.contacts > 0 && count >= often.contacts).then(|| format!("{} with {label} in {within} business days", ordinal(count)))
}

/// The same for a quick action, if it reaches anybody.
pub fn of_touch(disposition: &Disposition, application: &Application, playbook: &Playbook, today: Day) -> Option<String> {
    many(application, party(disposition, playbook)?, playbook, today)
}

fn ordinal(count: i64) -> String {
    let end = match (count % 10, count % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{count}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals() {
        for (count, words) in
            [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (13, "13th"), (21, "21st"), (112, "112th"), (123, "123rd")]
        {
            assert_eq!(ordinal(count), words);
        }
    }
}
