//! Prints the queue: for people, for spreadsheets, for scripts.

use std::io::Write;

use serde_json::Value as Json;

use super::args;
use super::home::{Globals, Home};
use super::rows::{self, Ranked};
use super::stop::Stop;
use crate::domain::day::{Day, short, short_when};
use crate::domain::playbook::Playbook;
use crate::domain::text;
use crate::index::queue::Standing;
use crate::outlet::table::{self, Column};
use crate::outlet::{csv, show};
use crate::store::Access;

pub fn list(args: &args::List, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let home = Home::open(globals, Access::Read)?;
    let wanted = rows::wanted(&args.which, args.group, &home)?;
    let (rows, found) = rows::ranked(&home, &wanted, args.limit.unwrap_or(usize::MAX))?;
    let playbook = home.playbook();
    let object = |row: &Ranked| show::list_row(&row.facts, playbook, row.score);
    if globals.json {
        writeln!(out, "{}", Json::Array(with_groups(&rows, object)))?;
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

/// Each row names its group, where rows are grouped.
fn with_groups(rows: &[Ranked], object: impl Fn(&Ranked) -> Json) -> Vec<Json> {
    let mut group = None;
    let one = |row: &Ranked| {
        group = row.head.as_ref().map(|(head, _)| head.clone()).or(group.take());
        let mut object = object(row);
        if let (Some(group), Json::Object(fields)) = (&group, &mut object) {
            fields.insert("group".to_owned(), Json::String(group.clone()));
        }
        object
    };
    rows.iter().map(one).collect()
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
    let printed = table::render(&columns, &lines);
    let mut printed = printed.lines();
    if let Some(titles) = printed.next() {
        writeln!(out, "{titles}")?;
    }
    for (line, row) in printed.zip(rows) {
        if let Some((head, count)) = &row.head {
            writeln!(out, "── {} ({count})", text::clean_line(head))?;
        }
        writeln!(out, "{line}")?;
    }
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
