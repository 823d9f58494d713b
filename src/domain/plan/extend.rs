//! A clock runs on to a later day, because both sides agreed: who, when, and what allows it.

use super::builder::Builder;
use super::{Context, Planned};
use crate::domain::application::Application;
use crate::domain::day::short;
use crate::domain::event::Kind;
use crate::domain::field;
use crate::domain::playbook::Then;
use crate::domain::rules::clock::{Asked, Clock, State};
use crate::domain::rules::matter::{Matter, extension_field};
use crate::domain::text;
use crate::domain::trouble::Refusal;
use crate::domain::value::Value;
use crate::domain::when;

/// What was agreed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Agreement {
    /// The clock's name.
    pub clock: String,
    /// In the words of `when`.
    pub until: String,
    pub agreed_by: String,
    /// The rule or order that allows it.
    pub authority: String,
}

/// The clocks of an application that run, nearest first.
pub fn running(app: &Application, ctx: &Context<'_>) -> Vec<Clock> {
    let matter = Matter::of(app);
    let clocks = ctx.playbook.rules.clocks(&Asked::of(&matter, ctx.playbook, ctx.today));
    clocks.into_iter().filter(|clock| clock.state == State::Running).collect()
}

/// Plans an extension. Only a clock that runs can be extended, and only to a day after its own.
pub fn extend(agreement: &Agreement, app: &Application, ctx: &Context<'_>) -> Result<Planned, Refusal> {
    let mut plan = Builder::new(app, *ctx, Kind::Set, None)?;
    let clocks = running(app, ctx);
    let Some(clock) = clocks.iter().find(|clock| clock.name == agreement.clock) else {
        let names: Vec<&str> = clocks.iter().map(|clock| clock.name.as_str()).collect();
        let running = if names.is_empty() { "none runs".to_owned() } else { format!("these run: {}", names.join(", ")) };
        return Err(Refusal::new(format!("no clock {} runs for {}; {running}", text::clean_line(&agreement.clock), app.reference())));
    };
    let (agreed_by, authority) = (text::clean_line(&agreement.agreed_by), text::clean_line(&agreement.authority));
    if agreed_by.trim().is_empty() {
        return Err(Refusal::new("an extension needs who agreed to it"));
    }
    if authority.trim().is_empty() {
        return Err(Refusal::new("an extension needs what allows it: the rule, or the order"));
    }
    let until = when::read(agreement.until.trim(), ctx.today, &ctx.playbook.calendar).map_err(Refusal::new)?.when.day;
    if let Some(slip) = when::far_ahead(&agreement.until, until, ctx.today) {
        return Err(Refusal::new(slip));
    }
    let (Some(started), Some(due)) = (clock.started, clock.due) else {
        return Err(Refusal::new(format!("{} has no day that could be extended", clock.label)));
    };
    if until <= due {
        return Err(Refusal::new(format!("{} is not after {}, when it is due anyway", short(until, ctx.today), short(due, ctx.today))));
    }
    let value = Value::map([
        ("started", started.to_string().into()),
        ("until", until.to_string().into()),
        ("agreed_by", agreed_by.trim().into()),
        ("authority", authority.trim().into()),
        ("on", ctx.today.to_string().into()),
    ]);
    plan.put(&extension_field(&clock.name), value);
    // The day that the notice gave is the same duty: it must not go on warning of what was agreed away.
    let cure = field::find("cure_due").filter(|_| clock.trigger == "deficiency-received" && !app.value("cure_due").is_nothing());
    if let Some(cure) = cure {
        plan.put_field(cure, &until.to_string())?;
    }
    let moved = format!("{} → {}", short(due, ctx.today), short(until, ctx.today));
    plan.say("due", format!("{}: {moved}", clock.label));
    plan.note(&format!("{} extended {moved}, agreed by {} ({})", clock.label, agreed_by.trim(), authority.trim()));
    plan.finish(&format!("{} extended to {}", clock.label, short(until, ctx.today)), Then::Stay)
}
