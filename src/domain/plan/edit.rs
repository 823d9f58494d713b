//! Edits: fields by name, holds, to-dos, owner. Also the values that a person or company signs with.

use std::collections::BTreeMap;

use super::builder::Builder;
use super::{Context, Planned};
use crate::domain::application::Application;
use crate::domain::change::Change;
use crate::domain::day::Day;
use crate::domain::event::{Kind, Of};
use crate::domain::field;
use crate::domain::playbook::Then;
use crate::domain::record::Record;
use crate::domain::text;
use crate::domain::trouble::Refusal;
use crate::domain::value::Value;

/// Plans an edit of fields from text. A status moves by the rules, or `because`.
pub fn set(values: &BTreeMap<String, String>, because: Option<&str>, app: &Application, ctx: &Context<'_>) -> Result<Planned, Refusal> {
    let releases = values.len() == 1 && values.get("legal_hold").is_some_and(|text| is_no(text));
    let mut plan = if releases { Builder::release(app, *ctx) } else { Builder::new(app, *ctx, Kind::Set, None)? };
    for name in values.keys() {
        if field::find(name).is_none() {
            return Err(unknown_field(name));
        }
    }
    let reason = values.get("ended_reason").map(|text| text.trim());
    match values.get("status") {
        Some(to) => plan.put_status(to.trim(), reason, because)?,
        None if reason.is_some() => return Err(Refusal::new("ended_reason is given together with status=ended")),
        None => {}
    }
    for (name, text) in values.iter().filter(|(name, _)| !matches!(name.as_str(), "status" | "ended_reason" | "follow_up" | "ball")) {
        let field = field::find(name).expect("every name was found above");
        plan.put_field(field, text)?;
    }
    if let Some(party) = values.get("ball") {
        plan.put_ball(party.trim())?;
    }
    if let Some(words) = values.get("follow_up") {
        plan.put_follow_up_words(words.trim())?;
    }
    plan.status_defaults(values.contains_key("ball"), values.contains_key("follow_up"), None)?;
    if let Some(because) = because.filter(|because| !because.trim().is_empty() && !plan.fields.contains_key("note")) {
        plan.note(&format!("Changed because: {because}"));
    }
    let did = match plan.lines.as_slice() {
        [one] => format!("{} {}", one.label, one.text),
        // What comes with a new status is less than the status.
        [status, rest @ ..] if values.contains_key("status") => {
            let first = format!("{} {}", status.label, status.text);
            [first].into_iter().chain(rest.iter().map(|line| line.label.to_owned())).collect::<Vec<_>>().join(", ")
        }
        lines => lines.iter().map(|line| line.label).collect::<Vec<_>>().join(", "),
    };
    plan.finish(&did, Then::Stay)
}

fn is_no(text: &str) -> bool {
    matches!(text.trim().to_lowercase().as_str(), "" | "no" | "n" | "false" | "0")
}

/// The refusal for a name that is no field, with the nearest ones.
pub fn unknown_field(name: &str) -> Refusal {
    let near: Vec<&str> =
        field::FIELDS.iter().map(|field| field.name).filter(|known| known.contains(name) || name.contains(known)).collect();
    let refusal = Refusal::new(format!("{name} is no field"));
    if near.is_empty() {
        refusal.hint("`intertie show ID --json` lists every field")
    } else {
        refusal.hint(format!("did you mean {}?", near.join(", ")))
    }
}

/// Plans a hold: blocked because …; until something arrives; or its release.
pub fn hold(reason: Option<&str>, until_activity: bool, app: &Application, ctx: &Context<'_>) -> Result<Planned, Refusal> {
    let mut plan = Builder::new(app, *ctx, Kind::Touch, None)?;
    let did = match reason.map(str::trim) {
        None | Some("") if until_activity => {
            plan.put("until_activity", true.into());
            plan.put("follow_up", Value::Nothing);
            plan.say("away", "until something arrives");
            "away until something arrives".to_owned()
        }
        None | Some("") => {
            plan.put("hold", Value::Nothing);
            plan.put("until_activity", Value::Nothing);
            plan.say("hold", "released");
            "hold released".to_owned()
        }
        Some(reason) => {
            plan.put("hold", text::clean_line(reason).into());
            plan.note(&format!("On hold because: {reason}"));
            plan.say("hold", reason);
            "on hold".to_owned()
        }
    };
    plan.finish(&did, Then::Next)
}

/// Plans the day on which we look again; setting it is the snooze.
pub fn follow_up(words: &str, app: &Application, ctx: &Context<'_>) -> Result<Planned, Refusal> {
    let mut plan = Builder::new(app, *ctx, Kind::Touch, None)?;
    if words.trim().is_empty() {
        return Err(Refusal::new("it needs a day: fri, 5b, 12/4, tomorrow 14:00"));
    }
    plan.put_follow_up_words(words.trim())?;
    let did = plan.lines.first().map(|line| format!("{} {}", line.label, line.text)).unwrap_or_default();
    plan.finish(&did, Then::Next)
}

/// Plans a to-do of a person's own, beside the task that the status gives.
pub fn add_todo(title: &str, due: Option<Day>, party: &str, app: &Application, ctx: &Context<'_>) -> Result<Planned, Refusal> {
    let title = text::clean_line(title);
    if title.is_empty() {
        return Err(Refusal::new("a to-do needs words"));
    }
    let mut plan = Builder::new(app, *ctx, Kind::Touch, None)?;
    let number = app.registers.keys().filter_map(|field| field.strip_prefix("todo.")?.parse::<u32>().ok()).max().unwrap_or(0) + 1;
    let value = Value::map([("title", title.as_str().into()), ("party", party.into()), ("due", due.map(|day| day.to_string()).into())]);
    plan.put(&format!("todo.{number}"), value);
    let by = due.map(|day| format!(", due {}", crate::domain::day::short(day, ctx.today))).unwrap_or_default();
    plan.say("to-do", format!("{title}{by}"));
    plan.finish(&format!("to-do: {title}"), Then::Stay)
}

/// Plans the end of a to-do, named by its register (`todo.3`).
pub fn finish_todo(register: &str, app: &Application, ctx: &Context<'_>) -> Result<Planned, Refusal> {
    let Some(todo) = app.todos().find(|todo| todo.field == register && !todo.done) else {
        return Err(Refusal::new("there is no such open to-do"));
    };
    let mut plan = Builder::new(app, *ctx, Kind::Touch, None)?;
    let mut value = app.value(register).clone();
    if let Value::Map(map) = &mut value {
        map.insert("done".to_owned(), true.into());
    }
    plan.put(register, value);
    plan.note(&format!("Done: {}", todo.title));
    plan.finish(&format!("done: {}", todo.title), Then::Stay)
}

/// Plans values of a person or of the company: `name`, `phone`; `company`, `company_phone` …
pub fn sign(values: &BTreeMap<String, String>, record: &Record, of: Of) -> Result<Change, Refusal> {
    let fields: BTreeMap<_, _> = values
        .iter()
        .map(|(name, text)| (name.clone(), Some(text::clean_line(text)).filter(|text| !text.is_empty()).into()))
        .filter(|(name, value)| record.value(name) != value)
        .map(|(name, value): (String, Value)| {
            let write = record.write(&name, value);
            (name, write)
        })
        .collect();
    if fields.is_empty() {
        return Err(Refusal::new("nothing would change"));
    }
    let expects = (record.version > 0).then_some(record.version);
    Ok(Change { subject: record.id, of, expects, needs_reference: false, fields })
}
