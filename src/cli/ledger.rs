//! Prints what this person's touches cost, in keys and seconds.

use std::io::Write;

use serde_json::{Value as Json, json};

use super::home::{Globals, Home};
use super::stop::Stop;
use crate::domain::ledger::{self, Cost};
use crate::domain::text;
use crate::run::ledger as book;
use crate::store::Access;

pub fn ledger(globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let home = Home::open(globals, Access::Read)?;
    let entries = book::read(&book::file(home.store.about().demo)?)?;
    let today = home.today();
    if globals.json {
        let cost = |cost: Cost| json!({"touches": cost.count, "keys": cost.keys, "seconds": cost.seconds});
        let rows = ledger::costs(&entries, today).into_iter();
        let rows: Vec<Json> = rows.map(|(what, now, before)| json!({"what": what, "today": cost(now), "before": cost(before)})).collect();
        writeln!(out, "{}", Json::Array(rows))?;
        return Ok(());
    }
    let label = |what: &str| home.playbook().disposition(what).map_or_else(|| what.to_owned(), |disposition| disposition.label.clone());
    for line in ledger::page(&entries, today, label) {
        // The columns are made of spaces, which `clean_line` would take for one each.
        writeln!(out, "{}", text::clean(line.trim_end()))?;
    }
    Ok(())
}
