//! Opens the queue: of a database, of a demo.

use std::io::{IsTerminal, Write, stdin, stdout};
use std::path::Path;

use serde_json::json;

use super::args;
use super::demo;
use super::home::{self, Globals};
use super::stop::Stop;
use crate::domain::day::NaiveTime;
use crate::domain::id::ReplicaId;
use crate::domain::text;
use crate::domain::trouble::{Failure, Refusal, Trouble};
use crate::run::now::{self, Clock};
use crate::run::scratch::Scratch;
use crate::run::{self, Ended, Session};
use crate::run::{pages, paths};
use crate::store::{Access, NewDatabase, Store};

/// Rows enough for a whole drill, and few enough to be there at once.
const DRILL_TASKS: u32 = 300;

/// The queue of the database that is meant. Who has none yet gets an empty one, which says what to
/// do; a database that was named and is not there is a slip.
pub fn queue(globals: &Globals) -> Result<(), Stop> {
    needs_terminal()?;
    let path = globals.database()?;
    let none_yet = globals.db.is_none() && std::fs::symlink_metadata(&path).is_err();
    pages::want_large(&path);
    open((!none_yet).then_some(path.as_path()), globals)
}

/// Refused before anything is made: what nobody sees nobody can close.
fn needs_terminal() -> Result<(), Stop> {
    match stdin().is_terminal() && stdout().is_terminal() {
        true => Ok(()),
        false => Err(Stop::usage_hint("the queue needs a terminal", "intertie list prints it; intertie --help has the commands")),
    }
}

/// A lesson on a made-up queue that can write to no other; at the end what it cost.
pub fn drill(args: &args::Drill, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    if globals.db.is_some() {
        return Err(Stop::usage_hint(
            "a drill makes a queue of its own and opens no other",
            "leave --db away; intertie demo --db keeps one",
        ));
    }
    needs_terminal()?;
    // Gone again when the drill is left.
    let _scratch = Scratch::open(args.keymap.as_deref())?;
    let path = paths::database()?;
    make(&path, &args::Demo { tasks: DRILL_TASKS, seed: 1, desk: args.desk, no_open: false }, globals)?;
    let (ended, drill) = run::drill(&Session { database: Some(path), today: globals.today, time: time()? }).map_err(not_opened)?;
    told(ended)?;
    for line in drill.map(|drill| drill.summary()).unwrap_or_default() {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

pub fn demo(args: &args::Demo, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let path = match (&globals.db, args.no_open) {
        (None, true) => return Err(Stop::usage("demo --no-open needs --db PATH: nobody would find it elsewhere")),
        (path, _) => path.clone(),
    };
    if !args.no_open {
        needs_terminal()?;
    }
    let Some(path) = path else {
        let cannot = |err: std::io::Error| Trouble::io("there is no place for a demo").because(err).hint("name one with --db");
        // Gone again when the queue is closed.
        let dir = tempfile::Builder::new().prefix("intertie-demo-").tempdir().map_err(cannot)?;
        let path = dir.path().join("demo.db");
        make(&path, args, globals)?;
        return open(Some(&path), globals);
    };
    let made = if std::fs::symlink_metadata(&path).is_ok() { kept(&path)? } else { make(&path, args, globals)? };
    if !args.no_open {
        pages::want_large(&path);
        return open(Some(&path), globals);
    }
    let shown = path.to_string_lossy();
    if globals.json {
        writeln!(out, "{}", json!({"path": shown, "made": made}))?;
        return Ok(());
    }
    let shown = text::clean_line(&shown);
    let what = if made { "made" } else { "there already, left as it is:" };
    writeln!(out, "{what} {shown}; open it with: intertie --db {shown}")?;
    Ok(())
}

/// An existing demo stays as it is; anything else is somebody's work.
fn kept(path: &Path) -> Result<bool, Stop> {
    let demo = Store::open(path, Access::Read).map(|store| store.about().demo);
    match demo {
        Ok(true) => Ok(false),
        Ok(false) => {
            Err(Refusal::new(format!("{} is no demo: it stays as it is", path.display())).hint("choose another path with --db").into())
        }
        Err(trouble) => Err(Refusal::new(format!("{} is there already and is no demo: it stays as it is", path.display()))
            .because(trouble.says)
            .hint("choose another path with --db")
            .into()),
    }
}

/// Makes it whole: one that could not be filled is removed again.
fn make(path: &Path, args: &args::Demo, globals: &Globals) -> Result<bool, Stop> {
    let settings = home::load(args.desk, path)?;
    let zone = now::machine_zone();
    let new = NewDatabase { replica: ReplicaId(now::fresh()), letter: 'A', desk: args.desk, zone: zone.clone(), demo: true, group: None };
    let millis = now::millis();
    Store::create(path, &new, millis)?;
    let (uid, login) = paths::user();
    let zone = now::zone(&zone)?;
    let wanted = demo::Wanted {
        tasks: args.tasks,
        seed: args.seed,
        playbook: &settings.playbook,
        zone,
        today: Clock::new(zone, globals.today).today(),
        uid,
        login: &login,
        millis,
    };
    let filled = Store::open(path, Access::Write).map_err(Stop::from).and_then(|mut store| Ok(demo::fill(&mut store, &wanted)?));
    if filled.is_err() {
        for suffix in ["", "-wal", "-shm", "-lock"] {
            let mut name = path.as_os_str().to_owned();
            name.push(suffix);
            let _ = std::fs::remove_file(name);
        }
    }
    filled.map(|()| true)
}

/// `INTERTIE_TIME`, for tests: the time of day at which the queue is opened.
fn time() -> Result<Option<NaiveTime>, Stop> {
    let Some(text) = std::env::var_os("INTERTIE_TIME").filter(|text| !text.is_empty()) else { return Ok(None) };
    let text = text.to_string_lossy();
    let time = NaiveTime::parse_from_str(&text, "%H:%M:%S");
    time.map(Some).map_err(|_| Stop::usage(format!("INTERTIE_TIME is {}, wanted a time like 23:59:50", home::shown(&text))))
}

fn open(database: Option<&Path>, globals: &Globals) -> Result<(), Stop> {
    let session = Session { database: database.map(Path::to_owned), today: globals.today, time: time()? };
    told(run::open(&session).map_err(not_opened)?)
}

fn told(ended: Ended) -> Result<(), Stop> {
    match ended {
        Ended::Quit => Ok(()),
        Ended::NoTerminal(refusal) => Err(Stop::Usage { says: refusal.says, hint: refusal.hint }),
        ended => Err(Stop::Code(ended.code())),
    }
}

/// Before the first frame only settings are read from files.
fn not_opened(failure: Failure) -> Stop {
    match failure {
        Failure::Problems(problems) => Stop::Settings(problems),
        failure => failure.into(),
    }
}
