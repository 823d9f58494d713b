//! Resolves a day in words, and says what was skipped.

use std::io::Write;

use serde_json::{Value as Json, json};

use super::args;
use super::home::{self, Globals, shown};
use super::stop::Stop;
use crate::domain::calendar::Calendar;
use crate::domain::day::Day;
use crate::domain::playbook::{DeskKind, Playbook};
use crate::domain::when;
use crate::run::now::{self, Clock};
use crate::store::{Access, Store};

pub fn when(args: &args::When, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let (playbook, today) = rules(globals)?;
    let name = args.calendar.as_deref().unwrap_or(&playbook.calendar.name);
    let Some(page) = playbook.calendars.iter().find(|page| page.name == name) else {
        let names: Vec<&str> = playbook.calendars.iter().map(|page| page.name.as_str()).collect();
        return Err(Stop::usage_hint(format!("there is no calendar {}", shown(name)), format!("there is {}", names.join(", "))));
    };
    let calendar = &Calendar::new(&page.name, &page.holidays);
    let from = args.from.unwrap_or(today);
    let resolved = when::read(&args.expr.join(" "), from, calendar).map_err(Stop::usage)?;
    if globals.json {
        let skipped: Vec<Json> = resolved.skipped.iter().map(|(day, why)| json!({"date": day.to_string(), "why": why})).collect();
        let time = resolved.when.time.map(|time| time.format("%H:%M").to_string());
        let answer = json!({
            "date": resolved.when.day.to_string(),
            "time": time,
            "calendar": calendar.name,
            "skipped": skipped,
            "source": page.source,
            "confidence": page.confidence.name(),
            "reviewed": page.reviewed.to_string(),
            "planning": page.planning,
        });
        writeln!(out, "{answer}")?;
        return Ok(());
    }
    writeln!(out, "{}  {}", resolved.when, when::words(&resolved, from, calendar))?;
    if args.calendar.is_some() {
        let unsure = Some(page.confidence.says()).filter(|says| !says.is_empty()).map(|says| format!("; {says}")).unwrap_or_default();
        let planning = if page.planning { "; for follow-ups, no rule counts by it" } else { "" };
        writeln!(out, "calendar {name}: {}{unsure}{planning}; looked at {}", page.source, page.reviewed)?;
    }
    Ok(())
}

/// The database's rules and day; without a database those that are shipped, and the machine's day.
pub fn rules(globals: &Globals) -> Result<(Playbook, Day), Stop> {
    let path = globals.database()?;
    let missing = std::fs::symlink_metadata(&path).is_err();
    let (desk, zone) = if missing {
        (DeskKind::Residential, now::machine_zone())
    } else {
        let store = Store::open(&path, Access::Read)?;
        (store.about().desk, store.about().zone.clone())
    };
    let clock = Clock::new(now::zone(&zone)?, globals.today);
    Ok((home::load(desk, &path)?.playbook, clock.today()))
}
