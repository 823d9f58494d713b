//! Says since when, by whom and where to, and how many applications changed since.

use std::io::Write;

use serde_json::{Value as Json, json};

use super::{named, no_demo, touched, when};
use crate::cli::args;
use crate::cli::home::{Globals, Home};
use crate::cli::stop::Stop;
use crate::domain::id::Hlc;
use crate::domain::import_words::thousands;
use crate::domain::trouble::Refusal;
use crate::outlet::show;
use crate::outlet::table::{self, Column};
use crate::store::{Access, Destination};

pub fn status(args: &args::SyncStatus, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    if let Some(name) = &args.name {
        named(name)?;
    }
    let home = Home::open(globals, Access::Read)?;
    no_demo(&home)?;
    let mut destinations = home.store.destinations()?;
    if let Some(name) = &args.name {
        destinations.retain(|destination| destination.name == *name);
        if destinations.is_empty() {
            return Err(Refusal::new(format!("nothing was ever exported to {name}"))
                .hint("intertie sync status shows every destination")
                .into());
        }
    }
    let to = home.store.position()?;
    let mut found = Vec::new();
    for destination in destinations {
        let changed = touched(&home.store, destination.position, to)?.len();
        found.push((destination, changed));
    }
    if globals.json {
        writeln!(out, "{}", found.iter().map(|(destination, changed)| status_of(destination, *changed)).collect::<Json>())?;
        return Ok(());
    }
    if found.is_empty() {
        writeln!(out, "nothing was exported yet: intertie sync export NAME --to DIR")?;
        return Ok(());
    }
    let columns = [
        Column::left("to"),
        Column::right("changed"),
        Column::left("since"),
        Column::left("by"),
        Column::right("sent"),
        Column::left("directory"),
    ];
    let line = |(to, changed): &(Destination, usize)| -> Vec<String> {
        let since = to.millis.map_or_else(|| "never".to_owned(), |millis| when(&home, millis));
        vec![
            to.name.clone(),
            thousands(*changed),
            since,
            to.login.clone(),
            thousands(usize::try_from(to.applications).unwrap_or(0)),
            to.directory.clone(),
        ]
    };
    out.write_all(table::render(&columns, &found.iter().map(line).collect::<Vec<_>>()).as_bytes())?;
    Ok(())
}

fn status_of(destination: &Destination, changed: usize) -> Json {
    json!({
        "name": destination.name,
        "changed": changed,
        "since": destination.millis.map(|millis| show::at(Hlc(0).next(millis))),
        "by": destination.login,
        "directory": destination.directory,
        "position": destination.position,
        "exports": destination.exports,
        "applications": destination.applications,
    })
}
