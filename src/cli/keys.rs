//! Prints the keys; checks keymaps and everything else that is written in TOML.

use std::io::Write;
use std::path::Path;

use serde_json::{Value as Json, json};

use super::args::{Docs, Keys, KeysCommand, Table};
use super::home::{self, Globals};
use super::setup;
use super::stop::Stop;
use super::{tables, tables_keymaps};
use crate::domain::playbook::DeskKind;
use crate::domain::text;
use crate::domain::trouble::{Problem, Trouble};
use crate::keys::keymap::Keymap;
use crate::outlet::table::{self, Column};
use crate::run::clipboard::terminals;
use crate::run::paths;
use crate::settings::{self, File, Settings, option_text};
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

/// Everything in force: shipped, the site's, the user's; with a keymap of that name instead of the chosen one.
fn everything(keymap: Option<&str>, globals: &Globals) -> Result<Settings, Stop> {
    let path = globals.database()?;
    let site = home::files(&paths::site(&path))?;
    settings::load_with(desk(&path)?, &site, &setup::user_files()?, keymap).map_err(Stop::Settings)
}

pub fn keys(args: &Keys, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let keymap = args.keymap.as_deref();
    match &args.command {
        None => print(keymap, globals, out),
        Some(KeysCommand::Check { file: None }) => {
            let settings = everything(keymap, globals)?;
            fine(&format!("keymap {}: {}", settings.keymap.name(), counted(&settings.keymap)), globals, out)
        }
        Some(KeysCommand::Check { file: Some(file) }) => check(file, keymap, globals, out),
    }
}

/// What is in order, and what nobody can reach: outside of the queue there is no list of all actions to choose from.
fn counted(keymap: &Keymap) -> String {
    let lost: Vec<&str> = keymap.unreached().map(|action| action.name).collect();
    let without = if lost.is_empty() { String::new() } else { format!("; without any key: {}", lost.join(", ")) };
    format!("{} keys, no two the same{without}", keymap.bindings().len())
}

fn print(keymap: Option<&str>, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let settings = everything(keymap, globals)?;
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
fn check(file: &Path, keymap: Option<&str>, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let shown = file.to_string_lossy().into_owned();
    if std::fs::metadata(file).is_ok_and(|found| !found.is_file()) {
        return Err(Trouble::data(format!("{shown} is not a regular file")).into());
    }
    let text = paths::read_text(file, KEYMAP_MAX).map_err(|err| Trouble::io(format!("{shown} cannot be read")).because(err))?;
    let path = globals.database()?;
    let site = home::files(&paths::site(&path))?;
    let placed = "keymaps/the-checked-one.toml";
    let mut mine = vec![File { path: placed.to_owned(), text }];
    // Under the keymap that its owner chose.
    mine.extend(setup::user_files()?.into_iter().filter(|file| file.path == option_text::PATH));
    let loaded = settings::load_with(desk(&path)?, &site, &mine, keymap).map_err(|problems| {
        let named = |problem: Problem| Problem {
            file: problem.file.replace(placed, &shown),
            read: problem.read.replace(placed, &shown),
            wanted: problem.wanted.replace(placed, &shown),
            ..problem
        };
        Stop::Settings(problems.into_iter().map(named).collect())
    })?;
    fine(&format!("{shown}, with keymap {}: {}", loaded.keymap.name(), counted(&loaded.keymap)), globals, out)
}

pub fn playbook(globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let settings = everything(None, globals)?;
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
        Table::Keymaps => tables_keymaps::markdown()?,
        Table::Commands => tables::commands_markdown(command),
        Table::Statuses => tables::statuses_markdown(&playbook),
        Table::Dispositions => tables::dispositions_markdown(&playbook, &keymap),
        Table::Lanes => tables::lanes_markdown(&playbook, &keymap),
        Table::Messages => tables::messages_markdown(&playbook),
        Table::Abbreviations => tables::abbreviations_markdown(&playbook),
        Table::Clipboard => terminals::markdown(),
        Table::Queries => tables::queries_markdown(),
    })
}
