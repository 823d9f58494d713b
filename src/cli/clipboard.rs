//! Which way of a copy arrives? Lists the ways; on a terminal tries each once and asks what came.

use std::io::{IsTerminal, Write, stdin, stdout};

use serde_json::json;

use super::home::Globals;
use super::stop::Stop;
use crate::domain::day::Day;
use crate::domain::text;
use crate::outlet::table::{self, Column};
use crate::run::clipboard::{self, Sent, Trial, Way};
use crate::run::now::{self, Clock};
use crate::run::tty;

pub fn clipboard(globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    list(globals, out)?;
    if globals.json || !stdin().is_terminal() || !stdout().is_terminal() {
        return Ok(());
    }
    out.flush()?;
    let today = Clock::new(now::zone(&now::machine_zone())?, globals.today).today();
    attempt(&mut Trial::start(), today, out)
}

/// The ways that a copy can take from here.
fn list(globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let ways = clipboard::probe();
    if globals.json {
        let ways: Vec<_> = ways.iter().map(|(way, about)| json!({"way": way, "about": about})).collect();
        writeln!(out, "{}", serde_json::Value::Array(ways))?;
        return Ok(());
    }
    let lines: Vec<Vec<String>> = ways.into_iter().map(|(way, about)| vec![way, about]).collect();
    out.write_all(table::render(&[Column::left("way"), Column::left("what is known")], &lines).as_bytes())?;
    Ok(())
}

fn attempt(trial: &mut Trial, today: Day, out: &mut dyn Write) -> Result<(), Stop> {
    let ways = trial.ways();
    writeln!(out, "\nthis terminal: {}", trial.terminal())?;
    if let Some(name) = trial.never() {
        writeln!(out, "{name} takes no copies from programs; in the queue P shows a copied text plainly, for the mouse")?;
    }
    if trial.confirms(&word()) {
        writeln!(out, "this terminal confirms copies itself (OSC 5522): a message that is copied by a command is known to be copied")?;
    }
    if ways.is_empty() {
        writeln!(out, "there is no way to try from here")?;
        return Ok(());
    }
    writeln!(out, "each way is sent a word of its own: paste what arrived with your own computer's keys, and press Enter.")?;
    writeln!(out, "Nothing arrived: only Enter. Ctrl-C leaves.")?;
    let mut sent = Vec::new();
    for (idx, way) in ways.iter().enumerate() {
        let word = word();
        tty::forget_typed();
        // Its own buffer has the word in any case, and proves nothing.
        let but = if *way == Way::Tmux { " (not by prefix ])" } else { "" };
        write!(out, "{}/{} {}{but}: ", idx + 1, ways.len(), way.name())?;
        out.flush()?;
        match trial.send(*way, &word) {
            Sent::Failed(why) => writeln!(out, "not sent: {}", text::clean_line(&why))?,
            Sent::Ask(bytes) => {
                if let Some(bytes) = bytes {
                    send(&bytes);
                }
                let Some(pasted) = tty::line()? else { return Ok(()) };
                judge(trial, *way, &word, &sent, &pasted, today, out)?;
            }
        }
        sent.push(word);
    }
    Ok(())
}

/// What was pasted says what arrived.
fn judge(trial: &mut Trial, way: Way, word: &str, older: &[String], pasted: &str, today: Day, out: &mut dyn Write) -> Result<(), Stop> {
    let arrived = pasted.contains(word);
    trial.remember(way, arrived, today)?;
    if arrived {
        writeln!(out, "    it arrived: copies by this way work here")?;
        return Ok(());
    }
    let what = match pasted {
        "" => "nothing arrived",
        pasted if older.iter().any(|word| pasted.contains(word.as_str())) => "an older word arrived, so this one did not",
        _ => "that is not the word: it did not arrive",
    };
    let then = if way == Way::Tmux { "the tmux buffer has it (prefix ])" } else { "copies skip this way from now on" };
    writeln!(out, "    {what}; {then}")?;
    writeln!(out, "    what may help: {}; then try again", trial.advice(way))?;
    Ok(())
}

/// Nobody can have it on a clipboard by chance.
fn word() -> String {
    let letters: String = now::seed().iter().take(5).map(|byte| format!("{byte:02x}")).collect();
    format!("intertie-{letters}")
}

/// To the terminal itself: standard output may be a pipe.
pub fn send(bytes: &[u8]) {
    let terminal = std::fs::OpenOptions::new().write(true).open("/dev/tty");
    // No terminal, no harm: the text lies in the file that the words name.
    let _ = terminal.and_then(|mut terminal| terminal.write_all(bytes));
}
