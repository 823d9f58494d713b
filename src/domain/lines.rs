//! What of a record goes out in one line: today's notes, how it stands, the fields a portal asks for.

use super::application::Application;
use super::day::{Datelike, Day};
use super::field;
use super::message::{self, Person};
use super::plan::{Context, letter};
use super::record::Entry;
use super::trouble::Refusal;
use super::value::Value;

/// How an application stands, for one kind of reader.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatusLine {
    pub name: String,
    pub label: String,
    /// A template over the same fields as messages have.
    pub text: String,
}

/// `playbooks/lines.toml`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Lines {
    /// Fields in the order in which portals ask for them, where a utility has no order of its own.
    pub portal_fields: Vec<String>,
    pub status: Vec<StatusLine>,
}

/// One field of the ring; without a value it has nothing to copy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Slot {
    pub label: String,
    pub text: Option<String>,
}

/// The fields of a record in the order of its utility's portal.
pub fn ring(app: &Application, ctx: &Context<'_>) -> Vec<Slot> {
    let own = ctx.playbook.utility(app.utility()).map(|utility| &utility.portal_fields).filter(|fields| !fields.is_empty());
    let none = Default::default();
    let context = letter::context(app, ctx, &none, None);
    let slot = |name: &String| Slot { label: label(name), text: message::plain(name, &context) };
    own.unwrap_or(&ctx.playbook.lines.portal_fields).iter().map(slot).collect()
}

/// The words for a field, whoever's it is.
pub fn label(name: &str) -> String {
    field::find(name).map_or_else(|| name.replace('_', " "), |field| field.label.to_owned())
}

/// The line, strictly: one with a hole says nothing.
pub fn status(line: &StatusLine, app: &Application, ctx: &Context<'_>) -> Result<String, Refusal> {
    let none = Default::default();
    let context = letter::context(app, ctx, &none, None);
    let missing: Vec<String> = message::fields_of(&line.text).into_iter().filter(|name| message::plain(name, &context).is_none()).collect();
    match missing.first() {
        None => Ok(message::line(&line.text, &context)),
        Some(_) => {
            let names: Vec<String> = missing.iter().map(|name| label(name)).collect();
            Err(Refusal::new(format!("{} has no {}", app.reference(), names.join(", "))))
        }
    }
}

/// The notes that happened on `day`, of this person alone (`mine`) or of all, oldest first, a line each: as
/// they go into somebody else's system. A note that went with a message is told by the message's own line.
pub fn notes(app: &Application, day: Day, signer: &Person, mine: bool) -> Vec<String> {
    let notes = app.notes().filter(|note| note.on == day && (!mine || note.by == signer.login));
    let line = |note: &Entry| {
        let message = app.entries("message").find(|message| message.command == note.command);
        let crm = message.and_then(|message| message.value.get("crm")?.as_text()).filter(|crm| !crm.is_empty());
        let words: Vec<&str> = crm.or(note.value.as_text())?.split_whitespace().collect();
        // Other systems know people, not logins.
        let by = if note.by == signer.login && !signer.name.is_empty() { &signer.name } else { &note.by };
        Some(format!("{}/{} {by}: {}", day.month(), day.day(), words.join(" ")))
    };
    notes.filter_map(line).collect()
}

/// This person's, each line with the number by which the other system knows the record, and whose it is.
pub fn notes_with_record(app: &Application, day: Day, signer: &Person) -> Vec<String> {
    let number = [app.value("crm_number"), app.value("number")].into_iter().find_map(Value::as_text).unwrap_or(app.reference());
    notes(app, day, signer, true).into_iter().map(|line| format!("{number} {}: {line}", app.who())).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::testing;

    #[test]
    fn the_ring_goes_in_the_order_of_the_utilitys_portal() {
        let mut playbook = testing::playbook();
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
        playbook.lines.portal_fields = names(&["account_number", "customer_name", "coordinator_name"]);
        let (person, none) = (Person { name: "Jo Doe".into(), ..Person::default() }, BTreeMap::new());
        let app = testing::application(&[("customer_name", "Ana"), ("site", "1 Oak St"), ("utility", "RMP")]);
        let told = |playbook: &crate::domain::playbook::Playbook| -> Vec<String> {
            let ctx = Context { playbook, person: &person, company: &none, today: testing::today(), moment: None };
            ring(&app, &ctx).into_iter().map(|slot| format!("{}={}", slot.label, slot.text.unwrap_or_default())).collect()
        };
        assert_eq!(told(&playbook), ["utility account=", "customer=Ana", "coordinator name=Jo Doe"]);
        playbook.utilities[0].portal_fields = names(&["site", "customer_name"]);
        assert_eq!(told(&playbook), ["site=1 Oak St", "customer=Ana"]);
    }

    #[test]
    fn a_line_with_a_hole_is_refused_by_name() {
        let playbook = testing::playbook();
        let (person, none) = (Person::default(), BTreeMap::new());
        let ctx = Context { playbook: &playbook, person: &person, company: &none, today: testing::today(), moment: None };
        let app = testing::application(&[("site", "1 Oak St"), ("customer_name", "{{site}}")]);
        let line = |text: &str| StatusLine { name: "x".into(), label: "for sales".into(), text: text.into() };
        assert_eq!(status(&line("{{site}}: {{customer_name}}"), &app, &ctx), Ok("1 Oak St: {{site}}".to_owned()));
        let refusal = status(&line("{{site}} {{application_number}} {{permit_number}}"), &app, &ctx).expect_err("two holes");
        assert!(refusal.says.ends_with("has no application number, permit number"), "{}", refusal.says);
    }
}
