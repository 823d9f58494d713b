//! Writes for another system what changed since it was last told.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use serde_json::{Value as Json, json};

use super::{named, no_demo, touched, when};
use crate::cli::args;
use crate::cli::home::{Globals, Home};
use crate::cli::rows;
use crate::cli::stop::Stop;
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::id::{ReplicaId, SubjectId};
use crate::domain::import_words::thousands;
use crate::domain::standing::{Standing, standing};
use crate::domain::text;
use crate::domain::trouble::Failure;
use crate::domain::undo;
use crate::outlet::changes::{self, Told};
use crate::outlet::{csv, jsonl};
use crate::run::delivery::{self, Delivery};
use crate::run::now;
use crate::store::{Access, Destination, Sent};

/// What one export wrote.
#[derive(Default)]
struct Count {
    applications: usize,
    gone: usize,
    new_notes: usize,
    new_statuses: usize,
    new_milestones: usize,
    withdrawn: usize,
}

impl Count {
    fn add(&mut self, object: &Json) {
        let items = |key: &str| object[key].as_array().map_or(0, Vec::len);
        self.applications += 1;
        self.gone += usize::from(object["gone"] == true);
        self.new_notes += items("new_notes");
        self.new_statuses += items("new_statuses");
        self.new_milestones += items("new_milestones");
        self.withdrawn += items("withdrawn");
    }
}

pub fn export(args: &args::SyncExport, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    named(&args.name)?;
    let mut home = Home::open(globals, Access::Write)?;
    no_demo(&home)?;
    delivery::directory(&args.to)?;
    let held = home.store.hold_exports(&home.who)?;
    let before = home.store.destination(&args.name)?.unwrap_or_else(|| Destination { name: args.name.clone(), ..Destination::default() });
    // Fixed here: what comes in while we write is the next export's.
    let to = home.store.position()?;
    let subjects = touched(&home.store, before.position, to)?;
    if subjects.is_empty() {
        return nothing(&before, &home, globals, out);
    }
    let dir = args.to.canonicalize().unwrap_or_else(|_| args.to.clone());
    let stem = format!("{}-{}-{to}", before.name, before.position);
    delivery::not_there(&dir, &before.name, before.position, &before.tried)?;
    let mut delivery = Delivery::begin(&dir, &before.name)?;
    let count = write(&mut delivery, &home, &before, to, &subjects)?;
    let whole = delivery.finish()?;
    let directory = dir.to_string_lossy();
    let sent = Sent { name: &before.name, from: before.position, to, directory: &directory, applications: count.applications };
    home.store.sending(&sent, &home.who, now::millis()).map_err(Failure::from)?;
    whole.place(&stem)?;
    if let Err(err) = home.store.sent(&sent, &home.who, now::millis()) {
        // Nothing was exported, then; whoever has read them already is told so by the next files.
        delivery::remove(&dir, &stem);
        return Err(Failure::from(err).into());
    }
    // Those of a run that was stopped before it could write down that they are there: the new ones
    // have all of it.
    for tried in before.tried.iter().filter(|tried| **tried != to) {
        delivery::remove(&dir, &format!("{}-{}-{tried}", before.name, before.position));
    }
    drop(held);
    told(&before, &count, to, &delivery::names(&dir, &stem), &home, globals, out)
}

fn write(delivery: &mut Delivery, home: &Home, before: &Destination, to: i64, subjects: &[SubjectId]) -> Result<Count, Stop> {
    let (columns, tags) = (changes::columns(), home.store.tags()?);
    let mut count = Count::default();
    delivery.write(&csv::line(columns.iter().copied()), "")?;
    for subject in subjects {
        let events = home.store.placed_events(*subject)?;
        let object = object(&events, before, to, home, &tags);
        count.add(&object);
        delivery.write(&changes::row(&object, &columns), &jsonl::line(&object))?;
    }
    Ok(count)
}

fn object(events: &[(i64, Event)], before: &Destination, to: i64, home: &Home, tags: &BTreeMap<ReplicaId, String>) -> Json {
    let at = |position: i64| -> Standing { standing(events.iter().filter(|(placed, _)| *placed <= position).map(|(_, event)| event)) };
    let now = at(to);
    let perhaps = before.tried.iter().flat_map(|tried| at(*tried).things.into_keys());
    let told = Told { surely: at(before.position).things.into_keys().collect(), perhaps: perhaps.collect() };
    let score = Facts::of(&now.application).map_or(0, |facts| rows::score(&facts, home.playbook(), home.today()));
    let reference = match now.application.reference() {
        // Taken back with the opening.
        "" => undo::reference(&events.iter().map(|(_, event)| event.clone()).collect::<Vec<_>>()),
        reference => reference.to_owned(),
    };
    changes::object(&now, &reference, &told, home.playbook(), score, tags)
}

fn nothing(before: &Destination, home: &Home, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    if globals.json {
        let answer = answer(before, &Count::default(), before.position, None);
        writeln!(out, "{answer}")?;
    } else {
        let since = before.millis.map(|millis| format!(" since {}", when(home, millis))).unwrap_or_default();
        writeln!(out, "nothing new{since}: nothing was written")?;
    }
    Ok(())
}

fn told(
    before: &Destination,
    count: &Count,
    to: i64,
    [csv, jsonl]: &[PathBuf; 2],
    home: &Home,
    globals: &Globals,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    if globals.json {
        writeln!(out, "{}", answer(before, count, to, Some([csv, jsonl])))?;
        return Ok(());
    }
    let applications = applications(count.applications);
    match before.millis {
        None => writeln!(out, "first export: {applications}")?,
        Some(millis) => writeln!(out, "{applications} changed since {}", when(home, millis))?,
    }
    let parts = [
        (count.new_notes, "new note", "new notes"),
        (count.new_statuses, "move of a status", "moves of a status"),
        (count.new_milestones, "milestone", "milestones"),
        (count.withdrawn, "taken back", "taken back"),
        (count.gone, "gone", "gone"),
    ];
    let words = |(count, one, many): &(usize, &'static str, &'static str)| {
        format!("{} {}", thousands(*count), if *count == 1 { one } else { many })
    };
    let parts: Vec<String> = parts.iter().filter(|(count, ..)| *count > 0).map(words).collect();
    if !parts.is_empty() {
        writeln!(out, "{}", parts.join(", "))?;
    }
    for path in [jsonl, csv] {
        writeln!(out, "{}", text::clean_line(&path.to_string_lossy()))?;
    }
    Ok(())
}

fn answer(before: &Destination, count: &Count, to: i64, paths: Option<[&PathBuf; 2]>) -> Json {
    let path = |idx: usize| paths.map(|paths| paths[idx].to_string_lossy().into_owned());
    json!({
        "name": before.name,
        "first": before.millis.is_none(),
        "from": before.position,
        "to": to,
        "applications": count.applications,
        "gone": count.gone,
        "new_notes": count.new_notes,
        "new_statuses": count.new_statuses,
        "new_milestones": count.new_milestones,
        "withdrawn": count.withdrawn,
        "csv": path(0),
        "jsonl": path(1),
    })
}

fn applications(count: usize) -> String {
    format!("{} application{}", thousands(count), if count == 1 { "" } else { "s" })
}
