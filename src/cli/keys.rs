//! Prints the keys; checks keymaps and everything else that is written in TOML.

use std::io::Write;
use std::path::Path;

use serde_json::{Value as Json, json};

use super::args::{Docs, KeysCommand, Table};
use super::home::{self, Globals};
use super::setup;
use super::stop::Stop;
use super::tables;
use crate::domain::playbook::DeskKind;
use crate::domain::text;
use crate::domain::trouble::{Problem, Trouble};
use crate::outlet::table::{self, Column};
use crate::run::clipboard::terminals;
use crate::run::paths;
use crate::settings::{self, File, Settings};
use crate::store::{Access, Store};

/// The longest keymap that is read.
const KEYMAP_MAX: u64 = 1 << 20;

/// The desk of the database that is meant; the residential one while there is none.
fn desk(path: &Path) -> Result<DeskKind, Stop> {
    match std::fs::symlink_metadata(path) {
        Err(_) => Ok(DeskKind::Residential),
        Ok(_) => Ok(Store::open(path, Access::Read)?.about().desk),
    }
}

/// Everything in force: shipped, the site's, the user's.
fn everything(globals: &Globals) -> Result<Settings, Stop> {
    let path = globals.database()?;
    let site = home::files(&paths::site(&path))?;
    settings::load(desk(&path)?, &site, &setup::user_files()?).map_err(Stop::Settings)
}

pub fn keys(command: Option<&KeysCommand>, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    match command {
        None => print(globals, out),
        Some(KeysCommand::Check { file: None }) => {
            let settings = everything(globals)?;
            fine(&format!("{} keys, no two the same", settings.keymap.bindings().len()), globals, out)
        }
        Some(KeysCommand::Check { file: Some(file) }) => check(file, globals, out),
    }
}

fn print(globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let settings = everything(globals)?;
    let rows = tables::keyed(&settings.keymap, &settings.playbook);
    if globals.json {
        let row = |row: &tables::Keyed<'_>| json!({"layer": row.layer.name(), "keys": row.keys, "action": row.action.name, "argument": row.argument, "words": row.words});
        writeln!(out, "{}", Json::Array(rows.iter().map(row).collect()))?;
        return Ok(());
    }
    let columns = [Column::left("where"), Column::left("keys"), Column::left("does"), Column::left("action")];
    let lines: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let action = [Some(row.action.name), row.argument].into_iter().flatten().collect::<Vec<_>>().join(" ");
            let keys = if row.keys.is_empty() { "palette".to_owned() } else { row.keys.join("  ") };
            vec![row.layer.name().to_owned(), keys, row.words.clone(), action]
        })
        .collect();
    out.write_all(table::render(&columns, &lines).as_bytes())?;
    Ok(())
}

/// Checks one keymap over the shipped and the site's keys, as if it lay in the user's directory.
fn check(file: &Path, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let shown = file.to_string_lossy().into_owned();
    if std::fs::metadata(file).is_ok_and(|found| !found.is_file()) {
        return Err(Trouble::data(format!("{shown} is not a regular file")).into());
    }
    let text = paths::read_text(file, KEYMAP_MAX).map_err(|err| Trouble::io(format!("{shown} cannot be read")).because(err))?;
    let path = globals.database()?;
    let site = home::files(&paths::site(&path))?;
    let placed = "keymaps/the-checked-one.toml";
    let own = File { path: placed.to_owned(), text };
    let loaded = settings::load(desk(&path)?, &site, &[own]).map_err(|problems| {
        let named = |problem: Problem| Problem {
            file: problem.file.replace(placed, &shown),
            read: problem.read.replace(placed, &shown),
            wanted: problem.wanted.replace(placed, &shown),
            ..problem
        };
        Stop::Settings(problems.into_iter().map(named).collect())
    })?;
    fine(&format!("{shown}: {} keys with the shipped ones, no two the same", loaded.keymap.bindings().len()), globals, out)
}

pub fn playbook(globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let settings = everything(globals)?;
    let playbook = &settings.playbook;
    let words = format!(
        "{}: {} statuses, {} quick actions, {} messages, {} utilities, {} import profiles, {} keys: all in order",
        playbook.name,
        playbook.workflow.statuses.len(),
        playbook.dispositions.len(),
        playbook.messages.len(),
        playbook.utilities.len(),
        settings.profiles.len(),
        settings.keymap.bindings().len()
    );
    fine(&words, globals, out)
}

fn fine(words: &str, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    if globals.json {
        writeln!(out, "{}", json!({"ok": true, "findings": []}))?;
    } else {
        writeln!(out, "{}", text::clean_line(words))?;
    }
    Ok(())
}

/// A table of the README, from the shipped files alone.
pub fn docs(args: &Docs, command: &clap::Command, out: &mut dyn Write) -> Result<(), Stop> {
    out.write_all(document(args.table, args.desk, command)?.as_bytes())?;
    Ok(())
}

/// The Markdown of one table.
pub fn document(table: Table, desk: DeskKind, command: &clap::Command) -> Result<String, Stop> {
    let Settings { playbook, keymap, .. } = settings::load(desk, &[], &[]).map_err(Stop::Settings)?;
    Ok(match table {
        Table::Keys => tables::keys_markdown(&keymap, &playbook),
        Table::Commands => tables::commands_markdown(command),
        Table::Statuses => tables::statuses_markdown(&playbook),
        Table::Dispositions => tables::dispositions_markdown(&playbook, &keymap),
        Table::Lanes => tables::lanes_markdown(&playbook, &keymap),
        Table::Messages => tables::messages_markdown(&playbook),
        Table::Clipboard => terminals::markdown(),
        Table::Queries => tables::queries_markdown(),
    })
}
