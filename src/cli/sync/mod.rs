//! What other systems are told, and how that stands.

mod export;
mod status;

use std::collections::BTreeSet;
use std::io::Write;

use super::args::{self, SyncCommand};
use super::home::{Globals, Home, shown};
use super::stop::Stop;
use crate::domain::day;
use crate::domain::id::SubjectId;
use crate::domain::trouble::{Refusal, Trouble};
use crate::store::Store;

/// The longest name of a destination.
const NAME_MAX: usize = 40;

pub fn sync(args: &args::Sync, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    match &args.command {
        SyncCommand::Export(args) => export::export(args, globals, out),
        SyncCommand::Status(args) => status::status(args, globals, out),
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

/// `10:40`, with its day when that is not today's.
fn when(home: &Home, millis: i64) -> String {
    day::short_moment(home.clock.local_of(millis), home.today())
}
