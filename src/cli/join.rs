//! Finds applications that are likely one and the same, joins them, and parts them.

use std::io::Write;

use serde_json::json;

use super::args;
use super::change::tell;
use super::home::{Globals, Home, shown};
use super::stop::Stop;
use crate::domain::application::Application;
use crate::domain::likeness::{Likeness, Traits};
use crate::domain::plan::{Planned, join as plan};
use crate::domain::text;
use crate::domain::trouble::Refusal;
use crate::run::bring::alike;
use crate::store::{Access, Pair};

pub fn duplicates(args: &args::Duplicates, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let home = Home::open(globals, Access::Read)?;
    let mut found = match &args.id {
        Some(id) => of_one(&home, &home.find(id)?)?,
        None => of_all(&home)?,
    };
    found.sort_by_key(|(_, _, likeness)| std::cmp::Reverse(likeness.points));
    if globals.json {
        let pairs: Vec<_> = found
            .iter()
            .map(|(one, other, likeness)| {
                json!({"id": one.reference(), "other": other.reference(), "points": likeness.points, "because": likeness.because})
            })
            .collect();
        writeln!(out, "{}", serde_json::Value::Array(pairs))?;
        return Ok(());
    }
    if found.is_empty() {
        writeln!(out, "nothing looks like one application twice")?;
    }
    for (one, other, likeness) in &found {
        let named = |application: &Application| text::clean_line(&format!("{} {}", application.reference(), application.who()));
        writeln!(out, "{}  and  {}: {}", named(one), named(other), likeness.because)?;
    }
    if let Some((one, other, _)) = found.first() {
        writeln!(out, "intertie join {} {} joins two of them; undo parts them", one.reference(), other.reference())?;
    }
    Ok(())
}

type Found = (Application, Application, Likeness);

/// The older one of two is the one that people know.
fn ordered(one: Application, other: Application) -> Option<Found> {
    let likeness = Traits::of_application(&one).compare(&Traits::of_application(&other))?;
    let key = |application: &Application| (application.reference().len(), application.reference().to_owned());
    Some(if key(&one) <= key(&other) { (one, other, likeness) } else { (other, one, likeness) })
}

fn of_one(home: &Home, application: &Application) -> Result<Vec<Found>, Stop> {
    let found = alike::of(&home.store, application)?;
    Ok(found.into_iter().filter_map(|(other, _)| ordered(application.clone(), other)).collect())
}

fn of_all(home: &Home) -> Result<Vec<Found>, Stop> {
    let mut found = Vec::new();
    for Pair { one, other } in home.store.pairs()? {
        let (Some(one), Some(other)) = (home.store.application(one)?, home.store.application(other)?) else { continue };
        found.extend(ordered(one, other));
    }
    Ok(found)
}

pub fn join(args: &args::Join, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let home = Home::open(globals, Access::Write)?;
    let (keep, other) = (home.find(&args.keep)?, home.find(&args.other)?);
    let planned = plan::join(&keep, &other, &home.context())?;
    done(home, planned, globals, out)
}

pub fn part(args: &args::Part, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let home = Home::open(globals, Access::Write)?;
    let keep = home.find(&args.other)?;
    let wanted = args.other.trim().to_uppercase();
    let parts = plan::parts(&keep);
    let Some((_, subject)) = parts.iter().find(|(reference, _)| *reference == wanted) else {
        let refusal = Refusal::new(format!("{} was not joined into another record", shown(&args.other)));
        return Err(match parts.as_slice() {
            [] => refusal,
            parts => {
                let names: Vec<&str> = parts.iter().map(|(reference, _)| reference.as_str()).collect();
                refusal.hint(format!("{} went into {}", names.join(", "), keep.reference()))
            }
        }
        .into());
    };
    let gone = || Refusal::new(format!("the journal of {wanted} is not here"));
    let other = home.store.record(*subject)?.ok_or_else(gone)?;
    let planned = plan::part(&keep, &other, &home.context())?;
    done(home, planned, globals, out)
}

fn done(mut home: Home, planned: Planned, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let lines = planned.lines.clone();
    let done = home.commit(planned)?;
    tell(&done, &lines, globals, out)
}
