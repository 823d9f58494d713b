//! What imports left open: shown, and settled one by one or by rule.

use std::io::Write;

use serde_json::json;

use super::args::{self, Side};
use super::change::tell;
use super::home::{Globals, Home};
use super::report::words;
use super::stop::Stop;
use crate::domain::import::Offer;
use crate::domain::plan::settle as plan;
use crate::domain::text;
use crate::domain::trouble::Refusal;
use crate::outlet::jsonl;
use crate::run::bring::settle;
use crate::store::Access;

pub fn conflicts(args: &args::Conflicts, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let home = Home::open(globals, Access::Read)?;
    let offers = wanted(&home, args.id.as_deref(), None, None)?;
    if globals.json {
        let offers: Vec<_> = offers
            .iter()
            .map(|offer| {
                json!({
                    "id": offer.reference,
                    "source": offer.source,
                    "key": offer.key,
                    "field": offer.field,
                    "ours": jsonl::json(&offer.ours),
                    "theirs": jsonl::json(&offer.theirs),
                })
            })
            .collect();
        writeln!(out, "{}", serde_json::Value::Array(offers))?;
        return Ok(());
    }
    for offer in &offers {
        let (ours, theirs) = (words(&offer.field, &offer.ours), words(&offer.field, &offer.theirs));
        let line = format!("{}: {}: ours {ours}, {} says {theirs}", offer.reference, plan::label(&offer.field), offer.source);
        writeln!(out, "{}", text::clean_line(&line))?;
    }
    match offers.as_slice() {
        [] => writeln!(out, "nothing is left to settle")?,
        [first, ..] => writeln!(
            out,
            "{} to settle; intertie settle theirs {} takes the file's, intertie settle ours --field {} keeps ours everywhere",
            offers.len(),
            first.reference,
            first.field
        )?,
    }
    Ok(())
}

fn wanted(home: &Home, id: Option<&str>, field: Option<&str>, source: Option<&str>) -> Result<Vec<Offer>, Stop> {
    let subject = id.map(|id| home.find(id)).transpose()?.map(|application| application.id);
    let mut offers = home.store.offers()?;
    offers.retain(|offer| {
        subject.is_none_or(|subject| offer.subject == subject)
            && field.is_none_or(|field| offer.field == field)
            && source.is_none_or(|source| offer.source == source)
    });
    Ok(offers)
}

pub fn settle(args: &args::Settle, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    if args.id.is_none() && args.field.is_none() && args.source.is_none() {
        return Err(Stop::usage_hint("settle needs to know which", "give an application, --field, --source, or several of them"));
    }
    let mut home = Home::open(globals, Access::Write)?;
    let offers = wanted(&home, args.id.as_deref(), args.field.as_deref(), args.source.as_deref())?;
    if offers.is_empty() {
        return Err(Refusal::new("nothing is left to settle there").hint("intertie conflicts lists what is").into());
    }
    let command = crate::domain::id::CommandId(crate::run::now::fresh());
    let set = settle::change_set(&home.store, &offers, args.side == Side::Theirs, command, home.playbook(), home.today())?;
    let done = home.write(&set)?;
    tell(&done, &[], globals, out)
}
