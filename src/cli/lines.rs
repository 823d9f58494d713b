//! Prints what goes into somebody else's system: today's notes, one line about an application; and takes
//! texts out of our own.

use std::io::Write;

use serde_json::json;

use super::args;
use super::change;
use super::home::{Globals, Home};
use super::stop::Stop;
use crate::domain::lines;
use crate::domain::plan::{Answers, touch};
use crate::domain::text;
use crate::domain::trouble::{Failure, Refusal};
use crate::run::day::notes_of_today;
use crate::run::now;
use crate::store::Access;

pub fn lines(args: &args::Lines, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let home = Home::open(globals, Access::Read)?;
    let told = match (&args.id, &args.reader) {
        (None, _) => notes_of_today(&home.store, home.who.uid, &home.person, home.today())?,
        (Some(id), None) => lines::notes(&home.find(id)?, home.today(), &home.person, false),
        (Some(id), Some(reader)) => {
            let known = &home.playbook().lines.status;
            let Some(line) = known.iter().find(|line| line.name == *reader) else {
                let names: Vec<&str> = known.iter().map(|line| line.name.as_str()).collect();
                return Err(change::unknown("line", reader, &names).into());
            };
            vec![lines::status(line, &home.find(id)?, &home.context()).map_err(Failure::Refusal)?]
        }
    };
    if globals.json {
        writeln!(out, "{}", json!(told))?;
        return Ok(());
    }
    for line in told {
        writeln!(out, "{}", text::clean_line(&line))?;
    }
    Ok(())
}

pub fn redact(args: &args::Redact, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let mut home = Home::open(globals, Access::Write)?;
    let app = home.find(&args.id)?;
    if !args.for_good {
        let refusal =
            Refusal::new(format!("no undo brings back what is redacted, and {} {} would lose the texts of", app.reference(), app.who()));
        let named = app.entries("message").map(|entry| {
            let text = |key: &str| entry.value.get(key).and_then(crate::domain::value::Value::as_text).unwrap_or_default().to_owned();
            format!("{} {}: {}", entry.on, text("name"), text("subject"))
        });
        return Err(named.fold(refusal, Refusal::because).hint("--for-good does it").into());
    }
    let who = home.who.clone();
    let (forgotten, kept) = home.store.forget_messages(app.id, &who, now::millis()).map_err(Failure::from)?;
    if forgotten > 0 {
        // Who did it, and when, is no secret.
        let app = home.find(app.reference())?;
        let planned = touch::note(&format!("Texts of {forgotten} messages redacted"), &Answers::default(), &app, &home.context());
        home.commit(planned.map_err(Failure::Refusal)?)?;
    }
    if globals.json {
        writeln!(out, "{}", json!({"id": app.reference(), "redacted": forgotten, "kept": kept}))?;
        return Ok(());
    }
    if kept > 0 {
        writeln!(out, "{kept} older messages stand in one event with their touch and cannot be taken out")?;
    }
    let texts = if forgotten == 1 { "text of a message is" } else { "texts of messages are" };
    writeln!(out, "{}: {forgotten} {texts} gone for good; that there was a touch, when and whose, stays", app.reference())?;
    writeln!(out, "backups and files that went out still have them")?;
    Ok(())
}
