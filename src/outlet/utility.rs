//! What do scripts get to see of a utility's page? One JSON object; its names are a promise.
//!
//! A fact is `{says, source, confidence}`, and null when it is unknown. Days are `2026-11-30`.

use serde_json::{Map, Value as Json, json};

use crate::domain::book::Page;
use crate::domain::day::Day;
use crate::domain::playbook::{Confidence, Playbook};
use crate::domain::turnaround::Observed;
use crate::domain::utility::{AfterHours, Fact, Ownership, Program, ProgramState, Told, Utility};
use crate::domain::utility_state::{Outage, UtilityState};

use super::jsonl::text;

/// One row of the list.
pub fn row(utility: &Utility, playbook: &Playbook, today: Day) -> Json {
    let outage = playbook.utility_state(&utility.name).and_then(|state| state.down(today));
    json!({
        "name": utility.name,
        "short": utility.short,
        "states": utility.states,
        "portal": text(&utility.portal),
        "mailbox": text(&utility.mailbox),
        "portal_down_until": outage.map(|outage| outage.until.to_string()),
    })
}

fn day(day: Option<Day>) -> Json {
    day.map(|day| day.to_string()).into()
}

fn told<T>(fact: Option<&Told<T>>, says: impl Fn(&T) -> String) -> Json {
    fact.map_or(Json::Null, |fact| json!({"says": says(&fact.is), "source": text(&fact.source), "confidence": fact.confidence.name()}))
}

fn fact(one: Option<&Fact>) -> Json {
    told(one, Clone::clone)
}

fn facts<const N: usize>(all: [(&'static str, &'static str, Option<&Fact>); N]) -> Json {
    Json::Object(all.into_iter().map(|(name, _, one)| (name.to_owned(), fact(one))).collect::<Map<_, _>>())
}

/// The whole page.
pub fn page(page: &Page<'_>) -> Json {
    let utility = page.utility;
    let mut object = json!({
        "name": utility.name,
        "short": utility.short,
        "aliases": utility.aliases,
        "type": told(utility.ownership.as_ref(), |one: &Ownership| one.name().to_owned()),
        "states": utility.states,
        "regulator": fact(utility.regulator.as_ref()),
        "eia": fact(utility.eia.as_ref()),
        "source": text(&utility.source),
        "confidence": utility.confidence.map(Confidence::name),
        "last_verified": day(utility.last_verified),
        "rules": utility.rules,
        "methods": utility.methods,
        "portal": text(&utility.portal),
        "portal_url": fact(utility.portal_url.as_ref()),
        "platform": fact(utility.platform.as_ref()),
        "signature": fact(utility.signature.as_ref()),
        "who_signs": fact(utility.who_signs.as_ref()),
        "mailbox": text(&utility.mailbox),
        "metering_mailbox": text(&utility.metering_mailbox),
        "supervisor_mailbox": text(&utility.supervisor_mailbox),
        "zone": text(&utility.zone),
        "cut_off": told(utility.cut_off.as_ref(), |hour| hour.format("%H:%M").to_string()),
        "after_hours": told(utility.after_hours.as_ref(), |one: &AfterHours| one.name().to_owned()),
        "technical": facts(utility.technical.facts()),
        "pto": facts(utility.pto.facts()),
    });
    object["programs"] = utility.programs.iter().map(program).collect();
    object["fees"] = fees(utility);
    object["contacts"] = contacts(utility);
    object["forms"] = forms(utility);
    object["turnaround"] = turnaround(page);
    object["quirks"] = quirks(page);
    object["outage"] = page.state.down(page.today).map_or(Json::Null, outage);
    object["stops"] = stops(page.state);
    object
}

fn program(program: &Program) -> Json {
    json!({
        "name": program.name,
        "schedule": text(&program.schedule),
        "state": (program.state != ProgramState::Unknown).then(|| program.state.name()),
        "note": text(&program.note),
        "source": text(&program.source),
        "confidence": program.confidence.name(),
    })
}

fn fees(utility: &Utility) -> Json {
    let one = |fee: &crate::domain::utility::Fee| {
        json!({
            "program": text(&fee.program),
            "tier": fee.tier,
            "amount": text(&fee.amount),
            "basis": text(&fee.basis),
            "payee": text(&fee.payee),
            "method": text(&fee.method),
            "from": day(fee.from),
            "source": text(&fee.source),
            "confidence": fee.confidence.name(),
        })
    };
    utility.fees.iter().map(one).collect()
}

fn contacts(utility: &Utility) -> Json {
    let one = |contact: &crate::domain::utility::Contact| {
        json!({
            "role": contact.role,
            "mailbox": text(&contact.mailbox),
            "phone": text(&contact.phone),
            "hours": text(&contact.hours),
            "ladder": contact.ladder,
            "source": text(&contact.source),
            "confidence": contact.confidence.name(),
        })
    };
    utility.contacts.iter().map(one).collect()
}

fn forms(utility: &Utility) -> Json {
    let one = |form: &crate::domain::utility::Form| {
        json!({
            "name": form.name,
            "number": text(&form.number),
            "version": text(&form.version),
            "url": text(&form.url),
            "source": text(&form.source),
            "confidence": form.confidence.name(),
        })
    };
    utility.forms.iter().map(one).collect()
}

fn turnaround(page: &Page<'_>) -> Json {
    let one = |step: &crate::domain::turnaround::Step| {
        let promise = page.utility.promises.iter().find(|promise| promise.step == step.name);
        let promised = promise.map(|one| json!({"says": one.says, "source": text(&one.source), "confidence": one.confidence.name()}));
        let seen = page.observed.unwrap_or_default().iter().find(|seen| seen.step == step.name);
        let seen = seen.map(|seen: &Observed| json!({"median": seen.median, "p80": seen.p80, "n": seen.n}));
        let tariff = page.playbook.rules.allowed(&page.utility.rules, &step.from, &step.to, page.today);
        json!({"step": step.name, "label": step.label, "tariff": tariff, "promised": promised, "observed": seen})
    };
    page.playbook.steps.iter().map(one).collect()
}

/// Those of the files and those that the team added; an added one has the day and the author.
fn quirks(page: &Page<'_>) -> Json {
    let of_files = page.utility.quirks.iter().filter(|quirk| quirk.counts(page.today)).map(|quirk| {
        json!({
            "says": quirk.says,
            "source": text(&quirk.source),
            "confidence": quirk.confidence.name(),
            "on": day(quirk.on),
            "by": text(&quirk.by),
            "expires": day(quirk.expires),
            "added": false,
        })
    });
    let added = page.state.quirks.iter().map(|quirk| {
        json!({
            "says": quirk.says,
            "source": Json::Null,
            "confidence": Confidence::Practice.name(),
            "on": quirk.on.to_string(),
            "by": text(&quirk.by),
            "expires": Json::Null,
            "added": true,
        })
    });
    of_files.chain(added).collect()
}

fn outage(outage: &Outage) -> Json {
    json!({
        "until": outage.until.to_string(),
        "since": outage.since.to_string(),
        "reason": text(&outage.reason),
        "by": outage.by,
        "channel": text(&outage.channel),
    })
}

fn stops(state: &UtilityState) -> Json {
    let one = |stop: &crate::domain::utility_state::Stop| {
        json!({
            "from": stop.from.to_string(),
            "until": stop.until.to_string(),
            "agreed_by": stop.agreed_by,
            "on": stop.on.to_string(),
            "authority": stop.authority,
            "by": stop.by,
        })
    };
    state.stops.iter().map(one).collect()
}
