//! Does it read argv or print for a script?
//!
//! Every command answers on standard output, errors go to standard error, and the exit code says
//! which kind it was: 0 done, 1 refused, 2 usage, 65 bad data, 74 I/O, 75 busy, 78 configuration.

pub mod args;
mod args_book;
mod args_demo;
mod args_import;
mod args_out;
mod args_serve;
mod care;
mod change;
mod clipboard;
mod days;
mod demo;
mod export;
mod home;
mod import;
mod inbox;
mod join;
mod keys;
mod ledger;
mod lines;
mod man;
mod list;
mod message;
mod progress;
mod record;
mod report;
mod rows;
mod rules;
mod settle;
mod setup;
mod skips;
mod start;
mod stop;
mod sync;
pub mod tables;
mod tables_keymaps;
mod utility;
mod views;

use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use args::{Cli, Command, PlaybookCommand};
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use home::Globals;
use serde_json::json;
use stop::Stop;

use crate::domain::day::{Day, parse_day};
use crate::domain::text;
use crate::run::{bring, paths};

/// The whole program.
pub fn main() -> ExitCode {
    bring::hush();
    let words = views::negations(std::env::args_os().collect());
    let cli = match Cli::try_parse_from(&words) {
        Ok(cli) => cli,
        Err(err) => return misunderstood(&err, &words),
    };
    let as_json = cli.json;
    let stop = match act(&cli) {
        Ok(()) => return ExitCode::SUCCESS,
        Err(stop) => stop,
    };
    // A standard error that is closed takes the words with it, not the code.
    let _ = stop.tell(as_json, &mut io::stderr().lock());
    ExitCode::from(stop.code())
}

fn act(cli: &Cli) -> Result<(), Stop> {
    paths::settle_process()?;
    let globals = Globals { db: cli.db.clone().or_else(|| database_of(cli)), today: today(cli)?, json: cli.json };
    let mut out = BufWriter::new(io::stdout().lock());
    let done = run(cli, &globals, &mut out);
    // What was said before a failure is said.
    let flushed = out.flush().map_err(Stop::from);
    done.and(flushed)
}

/// The database of the environment. A demo, or a drill, is never made where somebody works.
fn database_of(cli: &Cli) -> Option<PathBuf> {
    let named = std::env::var_os("INTERTIE_DB").filter(|path| !path.is_empty());
    named.filter(|_| !matches!(cli.command, Some(Command::Demo(_) | Command::Drill(_)))).map(PathBuf::from)
}

fn today(cli: &Cli) -> Result<Option<Day>, Stop> {
    if cli.today.is_some() {
        return Ok(cli.today);
    }
    let Some(text) = std::env::var_os("INTERTIE_TODAY").filter(|text| !text.is_empty()) else { return Ok(None) };
    let day = text.to_str().and_then(parse_day);
    match day {
        Some(day) => Ok(Some(day)),
        None => Err(Stop::usage(format!("INTERTIE_TODAY is {}, wanted a day like 2026-11-30", home::shown(&text.to_string_lossy())))),
    }
}

fn run(cli: &Cli, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let Some(command) = &cli.command else { return start::queue(globals) };
    match command {
        Command::Demo(args) => start::demo(args, globals, out),
        Command::Drill(args) => start::drill(args, globals, out),
        Command::Init(args) => setup::init(args, globals, out),
        Command::Me(args) => setup::me(args, globals, out),
        Command::Import(args) => import::import(args, globals, out),
        Command::Inbox(args) => inbox::inbox(args, globals, out),
        Command::Conflicts(args) => settle::conflicts(args, globals, out),
        Command::Settle(args) => settle::settle(args, globals, out),
        Command::Duplicates(args) => join::duplicates(args, globals, out),
        Command::Join(args) => join::join(args, globals, out),
        Command::Part(args) => join::part(args, globals, out),
        Command::List(args) => list::list(args, globals, out),
        Command::New(args) => change::new(args, globals, out),
        Command::Show(args) => record::show(args, globals, out),
        Command::Why(args) => record::why(args, globals, out),
        Command::History(args) => record::history(args, globals, out),
        Command::Touch(args) => change::touch(args, globals, out),
        Command::Note(args) => change::note(args, globals, out),
        Command::Set(args) => change::set(args, globals, out),
        Command::Undo => change::turn(true, globals, out),
        Command::Redo => change::turn(false, globals, out),
        Command::When(args) => days::when(args, globals, out),
        Command::Tier(args) => rules::tier(args, globals, out),
        Command::Extend(args) => rules::extend(args, globals, out),
        Command::Clock(args) => rules::clock(args, globals, out),
        Command::Ledger => ledger::ledger(globals, out),
        Command::Lines(args) => lines::lines(args, globals, out),
        Command::Skips(args) => skips::skips(args, globals, out),
        Command::Redact(args) => lines::redact(args, globals, out),
        Command::Message(args) => message::message(args, globals, out),
        Command::Utility(args) => utility::utility(args, globals, out),
        Command::Export(args) => export::export(args, globals, out),
        Command::Sync(args) => sync::sync(args, globals, out),
        Command::Check => care::check(globals, out),
        Command::Backup(args) => care::backup(args, globals, out),
        Command::Keys(args) => keys::keys(args, globals, out),
        Command::Playbook(args) => match args.command {
            PlaybookCommand::Check => keys::playbook(globals, out),
        },
        Command::Clipboard => clipboard::clipboard(globals, out),
        Command::Completions(args) => complete(args.shell, out),
        Command::Docs(args) => keys::docs(args, &Cli::command(), out),
        Command::Man => man::man(&Cli::command(), out),
    }
}

fn complete(shell: clap_complete::Shell, out: &mut dyn Write) -> Result<(), Stop> {
    // Made first, written then: the generator panics on a pipe that was closed.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "intertie", &mut script);
    out.write_all(&script)?;
    Ok(())
}

/// Help and version are answers; the rest is usage. Arguments come back in these words, so they are
/// cleaned like all other text from outside.
fn misunderstood(err: &clap::Error, words: &[OsString]) -> ExitCode {
    let said = err.render().to_string();
    if matches!(err.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let _ = io::stdout().lock().write_all(said.as_bytes());
        return ExitCode::SUCCESS;
    }
    let said = text::clean(&said).into_owned();
    if words.iter().any(|word| word == "--json") {
        let mut parts = said.trim().splitn(2, "\n\n");
        let error = parts.next().unwrap_or_default().trim_start_matches("error: ").trim().to_owned();
        let hint = parts.next().map(|rest| rest.split_whitespace().collect::<Vec<_>>().join(" "));
        let _ = writeln!(io::stderr().lock(), "{}", json!({"error": error, "causes": [], "hint": hint}));
    } else {
        let _ = io::stderr().lock().write_all(said.as_bytes());
    }
    ExitCode::from(2)
}
