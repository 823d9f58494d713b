//! Prints one application: all of it, why it stands where it does, what happened to it.

use std::io::Write;

use serde_json::{Value as Json, json};

use super::args;
use super::home::{Globals, Home};
use super::rows;
use super::stop::Stop;
use crate::domain::application::Application;
use crate::domain::day::{Day, When, parse_day, short, short_when};
use crate::domain::event::{Event, Of};
use crate::domain::facts::Facts;
use crate::domain::field::{self, FIELDS, Field, Kind};
use crate::domain::history;
use crate::domain::playbook::Playbook;
use crate::domain::priority;
use crate::domain::sizes;
use crate::domain::text;
use crate::outlet::show as objects;
use crate::outlet::table::{self, Column};
use crate::store::{Access, Limits, Said};

pub fn show(args: &args::Named, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let home = Home::open(globals, Access::Read)?;
    let app = home.find(&args.id)?;
    let playbook = home.playbook();
    let facts = Facts::of(&app);
    let score = facts.as_ref().map_or(0, |facts| rows::score(facts, playbook, home.today()));
    if globals.json {
        writeln!(out, "{}", objects::application(&app, playbook, score))?;
        return Ok(());
    }
    let task = facts.as_ref().map(|facts| facts.task(playbook)).unwrap_or_default();
    writeln!(out, "{}  {}  (score {score})", app.reference(), text::clean_line(app.who()))?;
    writeln!(out, "next: {}", text::clean_line(task))?;
    let width = FIELDS.iter().filter(|field| !app.value(field.name).is_nothing()).map(|field| field.label.len()).max().unwrap_or(0);
    for field in FIELDS.iter().filter(|field| !app.value(field.name).is_nothing()) {
        writeln!(out, "  {:width$}  {}", field.label, text::clean_line(&words(field, &app, playbook, home.today())))?;
    }
    print_sizes(&app, out)?;
    lists(&app, playbook, home.today(), out)
}

/// Each size with its working; what is unknown says why.
fn print_sizes(app: &Application, out: &mut dyn Write) -> Result<(), Stop> {
    let sizes = sizes::sizes(app);
    if sizes.is_empty() {
        return Ok(());
    }
    writeln!(out, "sizes")?;
    let label = sizes.iter().map(|size| size.label.len()).max().unwrap_or(0);
    let shown = |size: &sizes::Size| size.amount.map(sizes::Amount::words).unwrap_or_default();
    let width = sizes.iter().map(|size| shown(size).len()).max().unwrap_or(0);
    for size in &sizes {
        match &size.unknown {
            Some(why) => writeln!(out, "  {:label$}  unknown because {}", size.label, text::clean_line(why))?,
            None => writeln!(out, "  {:label$}  {:>width$}  {}", size.label, shown(size), text::clean_line(&size.how))?,
        }
    }
    Ok(())
}

/// A field's value as a person reads it.
fn words(field: &Field, app: &Application, playbook: &Playbook, today: Day) -> String {
    let value = app.value(field.name);
    let text = value.as_text().unwrap_or_default();
    match field.kind {
        Kind::Status => playbook.workflow.status_label(text).to_owned(),
        Kind::Party => playbook.workflow.party_label(text).to_owned(),
        Kind::Day => parse_day(text).map_or(text.to_owned(), |day| short(day, today)),
        Kind::When => When::parse(text).map_or(text.to_owned(), |when| short_when(when, today)),
        kind => field::show(kind, value),
    }
}

fn lists(app: &Application, playbook: &Playbook, today: Day, out: &mut dyn Write) -> Result<(), Stop> {
    let mut milestones = app.milestones().peekable();
    if milestones.peek().is_some() {
        writeln!(out, "milestones")?;
    }
    for milestone in milestones {
        let label = playbook.workflow.milestone_label(milestone.code);
        writeln!(out, "  {}  {}", short(milestone.day, today), text::clean_line(label))?;
    }
    let open: Vec<_> = app.todos().filter(|todo| !todo.done).collect();
    if !open.is_empty() {
        writeln!(out, "to-dos")?;
    }
    for todo in open {
        let due = todo.due.map_or("no day".to_owned(), |due| short(due, today));
        writeln!(out, "  {due}  {}", text::clean_line(&todo.title))?;
    }
    let mut notes = app.notes().peekable();
    if notes.peek().is_some() {
        writeln!(out, "notes")?;
    }
    for note in notes {
        let said = text::clean(note.value.as_text().unwrap_or_default()).replace('\n', "\n    ");
        writeln!(out, "  {}  {}  {said}", short(note.on, today), text::clean_line(&note.by))?;
    }
    Ok(())
}

pub fn why(args: &args::Named, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let home = Home::open(globals, Access::Read)?;
    let app = home.find(&args.id)?;
    let playbook = home.playbook();
    let case = Facts::of(&app).map(|facts| facts.case(playbook, home.today())).unwrap_or_default();
    let terms = priority::terms(&case, playbook, home.today());
    let score: i32 = terms.iter().map(|term| term.points).sum();
    if globals.json {
        let terms: Vec<Json> =
            terms.iter().map(|term| json!({"signal": term.signal.name(), "points": term.points, "because": term.because})).collect();
        writeln!(out, "{}", json!({"score": score, "terms": terms}))?;
        return Ok(());
    }
    writeln!(out, "{} {}: score {score}", app.reference(), text::clean_line(app.who()))?;
    if case.legal_hold {
        writeln!(out, "under legal hold: not scored, not to be worked")?;
    } else if terms.is_empty() {
        writeln!(out, "nothing lifts it")?;
    }
    let lines: Vec<Vec<String>> =
        terms.iter().map(|term| vec![term.points.to_string(), term.signal.name().to_owned(), term.because.clone()]).collect();
    if !lines.is_empty() {
        let columns = [Column::right("points"), Column::left("signal"), Column::left("because")];
        out.write_all(table::render(&columns, &lines).as_bytes())?;
    }
    Ok(())
}

pub fn history(args: &args::History, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let home = Home::open(globals, Access::Read)?;
    if let Some(words) = &args.find {
        return said(words, &home, globals, out);
    }
    let subject = args.id.as_deref().map(|id| home.find(id)).transpose()?.map(|app| app.id);
    let events = home.store.history(subject, usize::MAX)?;
    let workflow = &home.playbook().workflow;
    let mut names = Names::default();
    if globals.json {
        let mut rows: Vec<Json> = events.iter().map(|event| crate::outlet::history::row(event, workflow)).collect();
        // Without an ID only the row itself can say what it is about.
        if subject.is_none() {
            for (row, event) in rows.iter_mut().zip(&events) {
                row["id"] = names.of(event, &home)?.into();
            }
        }
        writeln!(out, "{}", Json::Array(rows))?;
        return Ok(());
    }
    let columns: &[Column<'_>] = match subject {
        Some(_) => &[Column::left("on"), Column::left("by").at_most(16), Column::left("what")],
        None => &[Column::left("on"), Column::left("by").at_most(16), Column::left("id"), Column::left("what")],
    };
    let mut lines = Vec::with_capacity(events.len());
    for event in &events {
        let mut line = vec![event.on.to_string(), event.actor.clone()];
        if subject.is_none() {
            line.push(names.of(event, &home)?);
        }
        line.push(history::what(event, workflow));
        lines.push(line);
    }
    out.write_all(table::render(columns, &lines).as_bytes())?;
    Ok(())
}

/// Where words stand in notes, messages and history. The cap of the screen is none for a script.
fn said(words: &str, home: &Home, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let found = home.store.said(words, &Limits::NONE)?.said;
    if globals.json {
        let row = |one: &Said| json!({"id": one.reference, "on": one.on.to_string(), "by": one.by, "kind": one.kind, "line": one.line});
        writeln!(out, "{}", found.iter().map(row).collect::<Json>())?;
        return Ok(());
    }
    let row = |one: &Said| vec![one.on.to_string(), one.by.clone(), one.reference.clone(), one.line.clone()];
    let columns = [Column::left("on"), Column::left("by").at_most(16), Column::left("id"), Column::left("line")];
    out.write_all(table::render(&columns, &found.iter().map(row).collect::<Vec<_>>()).as_bytes())?;
    Ok(())
}

/// References by subject: each is read once.
#[derive(Default)]
struct Names(std::collections::HashMap<crate::domain::id::SubjectId, String>);

impl Names {
    fn of(&mut self, event: &Event, home: &Home) -> Result<String, Stop> {
        if matches!(event.of, Of::Message | Of::Utility | Of::View) {
            // One that was taken back has no name any more; the first version of it had.
            let events = home.store.history(Some(event.subject), usize::MAX)?;
            let name = events.iter().find_map(|event| event.fields.get("name")?.to.as_text()).unwrap_or_default();
            return Ok(format!("{} {name}", event.of.name()));
        }
        if event.of != Of::Application {
            return Ok(event.of.name().to_owned());
        }
        if let Some(given) = event.fields.get("reference").and_then(|write| write.to.as_text()) {
            self.0.insert(event.subject, given.to_owned());
        }
        if let Some(name) = self.0.get(&event.subject) {
            return Ok(name.clone());
        }
        let record = home.store.record(event.subject)?;
        let name = record.and_then(|record| record.text("reference").map(str::to_owned)).unwrap_or_default();
        self.0.insert(event.subject, name.clone());
        Ok(name)
    }
}
