//! Is each page of `playbooks/utilities/` complete, and is no name claimed by two utilities?

use std::collections::BTreeMap;

use super::reader::{At, Problems, Reader, Word};
use super::tree::{Table, quote};
use super::utility_tables as tables;
use crate::domain::playbook::Confidence;
use crate::domain::turnaround::Step;
use crate::domain::utility::{AfterHours, METHODS, Ownership, Pto, Technical, Utility};

/// The letters of the list's utility column.
const SHORT: usize = 8;
pub const CONFIDENCE: [&str; 6] = ["sourced", "high", "medium", "low", "practice", "unknown"];

pub fn read(table: &Table, file: &str, steps: &[Step], problems: &Problems) -> Vec<Utility> {
    let mut reader = Reader::root(table, file, problems);
    let mut claimed: BTreeMap<String, (String, At)> = BTreeMap::new();
    let utilities = reader
        .tables("utility")
        .into_iter()
        .map(|mut reader| {
            let utility = utility(&mut reader, &mut claimed, steps);
            reader.finish();
            utility
        })
        .collect();
    reader.finish();
    utilities
}

fn utility(reader: &mut Reader<'_>, claimed: &mut BTreeMap<String, (String, At)>, steps: &[Step]) -> Utility {
    let mut page = identity(reader, claimed);
    page.contacts = tables::contacts(reader);
    page.programs = tables::programs(reader);
    page.fees = tables::fees(reader);
    page.forms = tables::forms(reader);
    page.promises = tables::promises(reader, steps);
    page.quirks = tables::quirks(reader);
    page.methods = reader.choices("methods", METHODS).into_iter().map(|word| word.text).collect();
    page.portal_url = tables::fact(reader, "portal_url").map(|(fact, at)| {
        tables::check_address(reader, &fact.is, &at);
        fact
    });
    page.platform = said(reader, "platform");
    page.signature = said(reader, "signature");
    page.who_signs = said(reader, "who_signs");
    if let Some(mut below) = reader.table("technical") {
        page.technical = technical(&mut below);
        below.finish();
    }
    if let Some(mut below) = reader.table("pto") {
        page.pto =
            Pto { release: said(&mut below, "release"), meter: said(&mut below, "meter"), witness_test: said(&mut below, "witness_test") };
        below.finish();
    }
    page.cut_off = tables::fact(reader, "cut_off").and_then(|(fact, at)| {
        let hour = tables::hour(&fact.is);
        if hour.is_none() {
            reader.problem(&at, quote(&fact.is), "an hour of the day like 17:00");
        }
        Some(fact.map(hour?))
    });
    page.after_hours = chosen(reader, "after_hours", AfterHours::ALL, AfterHours::name);
    // The desks that messages know by a key of their own may stand among the contacts.
    for (role, mailbox) in
        [("intake", &mut page.mailbox), ("metering", &mut page.metering_mailbox), ("supervisor", &mut page.supervisor_mailbox)]
    {
        if mailbox.is_empty() {
            let desk = page.contacts.iter().find(|contact| contact.role == role);
            *mailbox = desk.map(|desk| desk.mailbox.clone()).unwrap_or_default();
        }
    }
    page
}

/// What it is called, where it is, who looks after it.
fn identity(reader: &mut Reader<'_>, claimed: &mut BTreeMap<String, (String, At)>) -> Utility {
    let name = reader.need("name", "the utility's name");
    let short = reader.need("short", "a word for the list, at most 8 letters");
    if short.text.chars().count() > SHORT {
        reader.problem(&short.at, quote(&short.text), "at most 8 letters");
    }
    let aliases = reader.words("aliases");
    for word in [&name, &short].into_iter().chain(&aliases) {
        let key = word.text.to_lowercase();
        match claimed.get(&key) {
            Some((other, at)) if *other != name.text => {
                let wanted = format!("a name that only one utility has; {} gives it to {other}", at.place());
                reader.problem(&word.at, quote(&word.text), wanted);
            }
            _ => _ = claimed.insert(key, (name.text.clone(), word.at.clone())),
        }
    }
    let zone = reader.word("zone").unwrap_or(Word { text: String::new(), at: reader.at("zone") });
    if !zone.text.is_empty() && zone.text.parse::<chrono_tz::Tz>().is_err() {
        reader.problem(&zone.at, quote(&zone.text), "an IANA zone like America/Denver");
    }
    Utility {
        name: name.text,
        short: short.text,
        aliases: aliases.into_iter().map(|word| word.text).collect(),
        states: states(reader),
        portal: reader.text("portal"),
        mailbox: tables::mailbox(reader, "mailbox"),
        metering_mailbox: tables::mailbox(reader, "metering_mailbox"),
        supervisor_mailbox: tables::mailbox(reader, "supervisor_mailbox"),
        zone: zone.text,
        portal_fields: super::lines::fields(reader),
        source: reader.need("source", "who says so").text,
        confidence: reader.choice("confidence", CONFIDENCE).and_then(|word| Confidence::parse(&word.text)),
        last_verified: tables::day(reader, "last_verified"),
        ownership: chosen(reader, "type", Ownership::ALL, Ownership::name),
        regulator: said(reader, "regulator"),
        eia: eia(reader),
        rules: rules(reader),
        ..Utility::default()
    }
}

fn said<'a>(reader: &mut Reader<'a>, key: &'a str) -> Option<crate::domain::utility::Fact> {
    tables::fact(reader, key).map(|(fact, _)| fact)
}

/// A fact that is one of a few words.
fn chosen<'a, T: Copy, const N: usize>(
    reader: &mut Reader<'a>,
    key: &'a str,
    all: [T; N],
    name: fn(T) -> &'static str,
) -> Option<crate::domain::utility::Told<T>> {
    let (fact, at) = tables::fact(reader, key)?;
    let word = reader.check(Word { text: fact.is.clone(), at }, all.map(name))?;
    let one = all.into_iter().find(|one| name(*one) == word.text)?;
    Some(fact.map(one))
}

fn states(reader: &mut Reader<'_>) -> Vec<String> {
    let words = reader.words("states");
    for word in words.iter().filter(|word| word.text.len() != 2 || !word.text.bytes().all(|byte| byte.is_ascii_uppercase())) {
        reader.problem(&word.at, quote(&word.text), "the two letters of a state: OR");
    }
    words.into_iter().map(|word| word.text).collect()
}

fn eia(reader: &mut Reader<'_>) -> Option<crate::domain::utility::Fact> {
    let (fact, at) = tables::fact(reader, "eia")?;
    if fact.is.is_empty() || fact.is.len() > 6 || !fact.is.bytes().all(|byte| byte.is_ascii_digit()) {
        reader.problem(&at, quote(&fact.is), "the digits of an EIA utility id");
    }
    Some(fact)
}

/// Rule sets are only named here; whether there is one of that name is told where clocks are read.
fn rules(reader: &mut Reader<'_>) -> Vec<String> {
    let words = reader.words("rules");
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    for word in words.iter().filter(|word| word.text.is_empty() || !word.text.chars().all(plain)) {
        reader.problem(&word.at, quote(&word.text), "a name of small letters, digits and hyphens");
    }
    words.into_iter().map(|word| word.text).collect()
}

fn technical(reader: &mut Reader<'_>) -> Technical {
    Technical {
        listing: said(reader, "listing"),
        settings_profile: said(reader, "settings_profile"),
        disconnect: said(reader, "disconnect"),
        pe_stamp: said(reader, "pe_stamp"),
        insurance: said(reader, "insurance"),
        mmd: said(reader, "mmd"),
        photos: said(reader, "photos"),
        production_meter: said(reader, "production_meter"),
        storage: said(reader, "storage"),
    }
}
