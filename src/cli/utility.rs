//! Prints the process book, or one page of it; adds what the team knows.

use std::io::Write;

use serde_json::Value as Json;

use super::args;
use super::change;
use super::home::{Globals, Home};
use super::stop::Stop;
use crate::domain::book::{self, Page, Tone};
use crate::domain::change::ChangeSet;
use crate::domain::day::{Day, short};
use crate::domain::event::Kind;
use crate::domain::id::CommandId;
use crate::domain::playbook::Utility;
use crate::domain::text;
use crate::domain::trouble::Refusal;
use crate::domain::utility_state::{Addition, UtilityState};
use crate::domain::when;
use crate::outlet::table::{self, Column};
use crate::outlet::utility as objects;
use crate::run::now;
use crate::store::Access;

pub fn utility(args: &args::Utility, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let access = if args.changes() { Access::Write } else { Access::Read };
    let mut home = Home::open(globals, access)?;
    let Some(name) = &args.name else { return list(&home, globals, out) };
    let Some(utility) = home.playbook().utility(name).cloned() else {
        let names: Vec<&str> = home.playbook().utilities.iter().map(|utility| utility.name.as_str()).collect();
        let refusal = change::unknown("utility", name, &names);
        return Err(refusal.hint("a page of your own goes into playbooks/utilities/ of the site's directory").into());
    };
    match addition(args, &utility, &home)? {
        Some(addition) => add(&utility, addition, &mut home, globals, out),
        None => page(&utility, &home, globals, out),
    }
}

fn list(home: &Home, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let (playbook, today) = (home.playbook(), home.today());
    if globals.json {
        let rows: Json = playbook.utilities.iter().map(|utility| objects::row(utility, playbook, today)).collect();
        writeln!(out, "{rows}")?;
        return Ok(());
    }
    let row = |utility: &Utility| {
        let outage = playbook.utility_state(&utility.name).and_then(|state| state.down(today));
        let down = outage.map(|outage| format!("down until {}", short(outage.until, today))).unwrap_or_default();
        vec![utility.short.clone(), utility.name.clone(), utility.states.join(" "), utility.portal.clone(), down]
    };
    let columns = [Column::left("short"), Column::left("name"), Column::left("states"), Column::left("portal"), Column::left("now")];
    out.write_all(table::render(&columns, &playbook.utilities.iter().map(row).collect::<Vec<_>>()).as_bytes())?;
    Ok(())
}

fn page(utility: &Utility, home: &Home, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let (playbook, nothing) = (home.playbook(), UtilityState::default());
    let state = playbook.utility_state(&utility.name).unwrap_or(&nothing);
    let seen = book::observed(playbook, state, &home.store.milestones_of(&|name| utility.is(name))?);
    let page = Page { utility, state, playbook, observed: Some(&seen), today: home.today() };
    if globals.json {
        writeln!(out, "{}", objects::page(&page))?;
        return Ok(());
    }
    writeln!(out, "{}", text::clean_line(&utility.name))?;
    for section in book::page(&page) {
        writeln!(out, "\n{}", section.title)?;
        for line in section.lines {
            let sign = if line.tone == Tone::Warning { "! " } else { "" };
            let label = if line.label.is_empty() { String::new() } else { format!("{}: ", line.label) };
            writeln!(out, "  {sign}{}", text::clean_line(&format!("{label}{}", line.text)))?;
        }
    }
    Ok(())
}

/// What the arguments add; days are words as everywhere.
fn addition(args: &args::Utility, utility: &Utility, home: &Home) -> Result<Option<Addition>, Stop> {
    let day = |words: &str| -> Result<Day, Stop> {
        let resolved = when::read(words, home.today(), &home.playbook().calendar).map_err(Refusal::new)?;
        match when::far_ahead(words, resolved.when.day, home.today()) {
            Some(slip) => Err(Refusal::new(slip).into()),
            None => Ok(resolved.when.day),
        }
    };
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    let addition = if let Some(says) = &args.quirk {
        Addition::Quirk { says: says.clone() }
    } else if let Some(until) = &args.portal_down {
        Addition::Down { until: day(until)?, reason: said(&args.because), channel: utility.other_channel() }
    } else if args.portal_up {
        Addition::Up
    } else if let [from, until] = args.stop_clocks.as_slice() {
        Addition::Stop { from: day(from)?, until: day(until)?, agreed_by: said(&args.agreed_by), authority: said(&args.authority) }
    } else {
        return Ok(None);
    };
    let state = home.playbook().utility_state(&utility.name);
    Ok(Some(addition.checked(&utility.name, state, home.today())?))
}

fn add(utility: &Utility, addition: Addition, home: &mut Home, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let today = home.today();
    let record = home.store.utility(&utility.name)?;
    let seen = home.playbook().utility_state(&utility.name).map_or(record.version, |state| state.version);
    let set = ChangeSet {
        command: CommandId(now::fresh()),
        kind: Kind::Set,
        on: today,
        undoes: None,
        changes: vec![addition.change(&record, &utility.name, Some(seen), today, &home.who.login)],
        did: addition.did(&utility.name, today),
        playbook: home.playbook().name.clone(),
    };
    let done = home.write(&set)?;
    change::tell(&done, &[], globals, out)
}
