//! Verifies a database and copies it.

use std::io::Write;

use serde_json::json;

use super::args;
use super::home::Globals;
use super::stop::Stop;
use crate::domain::text;
use crate::store::{Access, Store};

/// The exit code of a database that is not as it was written.
const DATA: u8 = 65;

pub fn check(globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let path = globals.database()?;
    let store = Store::open(&path, Access::Read)?;
    let findings = store.check()?;
    if globals.json {
        writeln!(out, "{}", json!({"ok": findings.is_empty(), "findings": findings}))?;
    } else if findings.is_empty() {
        let (count, position) = (store.count()?, store.position()?);
        let path = path.to_string_lossy();
        writeln!(out, "{}: {count} applications, {position} events, everything is as it was written", text::clean_line(&path))?;
    } else {
        for finding in &findings {
            writeln!(out, "{}", text::clean_line(finding))?;
        }
        writeln!(out, "hint: work on a copy (intertie backup), and restore the last backup that checks")?;
    }
    if findings.is_empty() { Ok(()) } else { Err(Stop::Code(DATA)) }
}

pub fn backup(args: &args::Backup, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    // A connection that only reads may not make the copy either.
    let store = Store::open(&globals.database()?, Access::Write)?;
    store.backup(&args.path)?;
    let path = args.path.to_string_lossy();
    if globals.json {
        writeln!(out, "{}", json!({"path": path}))?;
    } else {
        writeln!(out, "copied to {}", text::clean_line(&path))?;
    }
    Ok(())
}
