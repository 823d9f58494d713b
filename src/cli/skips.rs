//! Prints who left which row for another day, and why.

use std::io::Write;

use serde_json::{Value, json};

use super::args;
use super::home::{Globals, Home};
use super::stop::Stop;
use crate::domain::skip::Skip;
use crate::domain::text;
use crate::store::{Access, Presence};

pub fn skips(args: &args::Skips, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let home = Home::open(globals, Access::Read)?;
    let today = home.today();
    let whose = (!args.all).then_some(&home.who);
    let since = args.since.unwrap_or(today).min(today);
    // Nobody skipped anything where the file was never made; to read is no reason to make it.
    let found = match Presence::look(home.store.path())? {
        Some(mut presence) => presence.skips(since, today, whose)?,
        None => Vec::new(),
    };
    if globals.json {
        let all: Vec<Value> = found.iter().map(|skip| told(skip, &home)).collect::<Result<_, Stop>>()?;
        writeln!(out, "{}", json!(all))?;
        return Ok(());
    }
    if found.is_empty() {
        writeln!(out, "{}", if args.all { "nobody skipped anything" } else { "you skipped nothing; --all shows everybody's" })?;
    }
    for skip in &found {
        let (reference, who) = names(skip, &home)?;
        let why = skip.why(&home.playbook().skips);
        writeln!(out, "{}", text::clean_line(&format!("{} {} {reference} {who}: {why}", skip.day, skip.login)))?;
    }
    Ok(())
}

fn told(skip: &Skip, home: &Home) -> Result<Value, Stop> {
    let (reference, _) = names(skip, home)?;
    Ok(json!({"id": reference, "on": skip.day.to_string(), "by": skip.login, "reason": skip.reason, "words": skip.words}))
}

/// The reference, and whom it is for; empty when the application was taken back since.
fn names(skip: &Skip, home: &Home) -> Result<(String, String), Stop> {
    let app = home.store.application(skip.subject)?;
    Ok(app.map(|app| (app.reference().to_owned(), app.who().to_owned())).unwrap_or_default())
}
