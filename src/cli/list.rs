//! Prints the queue: for people, for spreadsheets, for scripts.

use std::io::Write;

use serde_json::Value as Json;

use super::args;
use super::home::{Globals, Home};
use super::rows::{self, Ranked};
use super::stop::Stop;
use crate::domain::day::{Day, short, short_when};
use crate::domain::playbook::Playbook;
use crate::index::queue::{Standing, View};
use crate::outlet::table::{self, Column};
use crate::outlet::{csv, show};
use crate::store::Access;

pub fn list(args: &args::List, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let query = rows::query(&args.query)?;
    let home = Home::open(globals, Access::Read)?;
    let view = args.view.map(|view| match view {
        args::View::Mine => View::Mine,
        args::View::Team => View::Team,
        args::View::Pool => View::Pool,
        args::View::Away => View::Away,
    });
    let mut rows = rows::ranked(&home, &query, view.as_ref())?;
    let found = rows.len();
    rows.truncate(args.limit.unwrap_or(usize::MAX));
    let playbook = home.playbook();
    let object = |row: &Ranked| show::list_row(&row.facts, playbook, row.score);
    if globals.json {
        writeln!(out, "{}", Json::Array(rows.iter().map(object).collect()))?;
        return Ok(());
    }
    if args.csv {
        out.write_all(csv::line(show::LIST.iter().copied()).as_bytes())?;
        for row in &rows {
            out.write_all(csv::row(&object(row), show::LIST).as_bytes())?;
        }
        return Ok(());
    }
    print(&rows, found, &home, out)
}

fn print(rows: &[Ranked], found: usize, home: &Home, out: &mut dyn Write) -> Result<(), Stop> {
    if rows.is_empty() {
        let words = if found > 0 { "no rows asked for" } else { "nothing is open that fits" };
        writeln!(out, "{words}")?;
        return Ok(());
    }
    let columns = [
        Column::left("id"),
        Column::right("score"),
        Column::left("what").at_most(34),
        Column::left("who").at_most(24),
        Column::left("utility").at_most(8),
        Column::left("status").at_most(12),
        Column::left("waiting on").at_most(12),
        Column::left("we look"),
        Column::left("owner").at_most(12),
        Column::left("last note").at_most(40),
    ];
    let today = home.today();
    let lines: Vec<Vec<String>> = rows.iter().map(|row| cells(row, home.playbook(), today)).collect();
    out.write_all(table::render(&columns, &lines).as_bytes())?;
    if rows.len() < found {
        writeln!(out, "{} of {found}", rows.len())?;
    }
    Ok(())
}

fn cells(row: &Ranked, playbook: &Playbook, today: Day) -> Vec<String> {
    let facts = &row.facts;
    let who = if facts.customer.is_empty() { &facts.site } else { &facts.customer };
    let utility = playbook.utility(&facts.utility).map_or(facts.utility.as_str(), |utility| &utility.short);
    let status = playbook.workflow.status(&facts.status).map_or(facts.status.as_str(), |status| &status.short);
    vec![
        facts.reference.clone(),
        row.score.to_string(),
        facts.task(playbook).to_owned(),
        who.clone(),
        utility.to_owned(),
        status.to_owned(),
        playbook.workflow.party_label(&facts.ball).to_owned(),
        looks(row, today),
        facts.owner.clone(),
        facts.last_note.clone(),
    ]
}

/// The day on which we look, or why nobody looks.
pub fn looks(row: &Ranked, today: Day) -> String {
    match row.standing {
        Standing::LegalHold => "legal hold".to_owned(),
        Standing::OnHold => "on hold".to_owned(),
        Standing::UntilActivity => "until something arrives".to_owned(),
        Standing::AwayUntil(when) => short_when(when, today),
        Standing::Workable => row.facts.follow_up.map_or_else(|| "now".to_owned(), |when| short(when.day, today)),
        Standing::Over => String::new(),
    }
}
