//! Writes for another system what changed since it was last told, and says how that stands.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::PathBuf;

use serde_json::{Value as Json, json};

use super::args::{self, SyncCommand};
use super::home::{Globals, Home, shown};
use super::rows;
use super::stop::Stop;
use crate::domain::day;
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::id::{Hlc, ReplicaId, SubjectId};
use crate::domain::import_words::thousands;
use crate::domain::standing::{Standing, standing};
use crate::domain::text;
use crate::domain::trouble::{Failure, Refusal, Trouble};
use crate::domain::undo;
use crate::outlet::changes::{self, Told};
use crate::outlet::table::{self, Column};
use crate::outlet::{csv, jsonl, show};
use crate::run::delivery::{self, Delivery};
use crate::run::now;
use crate::store::{Access, Destination, Sent, Store};

/// The longest name of a destination.
const NAME_MAX: usize = 40;

pub fn sync(args: &args::Sync, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    match &args.command {
        SyncCommand::Export(args) => export(args, globals, out),
        SyncCommand::Status(args) => status(args, globals, out),
    }
}

/// The name is a part of file names, here and on whatever system fetches them.
fn named(name: &str) -> Result<(), Stop> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !name.is_empty() && name.len() <= NAME_MAX && name.chars().all(plain) {
        return Ok(());
    }
    Err(Stop::usage_hint(
        format!("{} is no name for a destination: nothing was exported", shown(name)),
        format!("a plain name: letters, digits, - and _, at most {NAME_MAX}, as in: intertie sync export crm --to DIR"),
    ))
}

fn no_demo(home: &Home) -> Result<(), Stop> {
    if home.store.about().demo {
        return Err(Refusal::new("this is a demo: what is made up is not told to other systems").into());
    }
    Ok(())
}

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

fn export(args: &args::SyncExport, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
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
    let mut delivery = Delivery::begin(&dir, &before.name)?;
    let count = write(&mut delivery, &home, &before, to, &subjects)?;
    let whole = delivery.finish()?;
    let directory = dir.to_string_lossy();
    let sent = Sent { name: &before.name, from: before.position, to, directory: &directory, applications: count.applications };
    home.store.tries(&sent, &home.who, now::millis()).map_err(Failure::from)?;
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

/// Every application that was changed after `from` and up to `to`.
fn touched(store: &Store, from: i64, to: i64) -> Result<Vec<SubjectId>, Trouble> {
    let (mut all, mut seen, mut after) = (Vec::new(), BTreeSet::new(), from);
    loop {
        let (subjects, next) = store.touched_since(after, to)?;
        all.extend(subjects.into_iter().filter(|subject| seen.insert(*subject)));
        if next == after {
            return Ok(all);
        }
        after = next;
    }
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
    let events: Vec<Event> = events.iter().map(|(_, event)| event.clone()).collect();
    changes::object(&now, &undo::reference(&events), &told, home.playbook(), score, tags)
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
        (count.new_notes, "new notes"),
        (count.new_statuses, "moves of a status"),
        (count.new_milestones, "milestones"),
        (count.withdrawn, "taken back"),
        (count.gone, "gone"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{} {what}", thousands(*count))).collect();
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

/// `10:40`, with its day when that is not today's.
fn when(home: &Home, millis: i64) -> String {
    day::short_moment(home.clock.local_of(millis), home.today())
}

fn status(args: &args::SyncStatus, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
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
        Column::right("then"),
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
