//! Reads somebody's file in: by which profile, with which progress; and says what came of it.

use std::cell::RefCell;
use std::io::Write;
use std::path::Path;

use super::args;
use super::home::{self, Globals, Home, shown};
use super::progress::Progress;
use super::report;
use super::stop::Stop;
use crate::domain::id::CommandId;
use crate::domain::import::{Order, Profile, Report, Rows, Seen};
use crate::domain::text;
use crate::domain::trouble::{Failure, Trouble};
use crate::intake::plan::Stopped;
use crate::run::bring::{self, How, look};
use crate::run::now;
use crate::run::paths;
use crate::settings;
use crate::settings::profile_text;
use crate::store::{Access, Act, Scope, Store};

/// The longest profile that is read.
const PROFILE_MAX: u64 = 1 << 20;
/// Exit code of a command that Ctrl-C ended, as shells have it.
const INTERRUPTED: u8 = 130;

pub fn import(args: &args::Import, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let writes = !(args.dry_run || args.guess);
    let home = Home::open(globals, if writes { Access::Write } else { Access::Read })?;
    let database = globals.database()?;
    let rows = Rows::File(args.file.to_string_lossy().into_owned());
    let mut profile = match &args.profile {
        Some(name) => profile(name, &home, &database)?,
        None => match seen(&rows, args, &home, &database)? {
            Seen::Fits(profile) if !args.guess => profile,
            Seen::Fits(profile) => return print_profile(&profile, &[], out),
            Seen::Guessed(guess) if args.guess => {
                let mut said = guess.doubts.iter().chain(&guess.remarks).cloned().collect::<Vec<_>>();
                let left = guess.columns.iter().filter(|column| column.target.is_none() && !column.is_status && !column.name.is_empty());
                said.extend(left.map(|column| format!("left out: {} ({})", column.name, column.because)));
                return print_profile(&guess.profile, &said, out);
            }
            Seen::Guessed(_) => return Err(no_profile(&rows, &home.settings.profiles)),
        },
    };
    if !args.key.is_empty() {
        (profile.key, profile.made_key) = (args.key.clone(), false);
    }
    if let Some(sheet) = &args.sheet {
        if !look::is_workbook(&rows, &database)? {
            return Err(Stop::usage("--sheet is for workbooks; this file has no sheets"));
        }
        profile.format.sheet.clone_from(sheet);
    }
    let order = Order { rows, profile, spread: args.spread, all_new: args.all_new };
    run(&order, args, home, globals, out)
}

/// What an import did, and why it did not do all.
pub struct Outcome {
    pub report: Report,
    pub failure: Option<Failure>,
    /// Somebody asked it to stop.
    pub stopped: bool,
}

/// Brings an order in, with a progress line where somebody looks on. Taken out of `import` for the
/// inbox, which does the same for many files.
pub fn bring(order: &Order, dry_run: bool, home: &Home, store: &RefCell<Store>, command: CommandId, progress: &mut Progress) -> Outcome {
    let database = store.borrow().path().to_owned();
    let (who, playbook, today) = (&home.who, home.playbook(), home.today());
    let how = How { who, playbook, today, command, dry_run };
    let opened = match bring::open(order.clone(), today, &database) {
        Ok(opened) => opened,
        Err(failure) => return Outcome { report: Report::default(), failure: Some(failure), stopped: false },
    };
    let done = bring::bring(store, opened, &how, &mut |done, of| progress.step(done, of));
    progress.end();
    match done {
        Ok(report) => Outcome { report, failure: None, stopped: false },
        Err(ended) => {
            let Stopped { report, failure } = *ended;
            Outcome { report, stopped: failure.is_none(), failure }
        }
    }
}

fn run(order: &Order, args: &args::Import, mut home: Home, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let command = CommandId(now::fresh());
    let database = globals.database()?;
    let store = RefCell::new(std::mem::replace(&mut home.store, Store::open(&database, Access::Read)?));
    let outcome = bring(order, args.dry_run, &home, &store, command, &mut Progress::new(globals.json)?);
    let ended_early = outcome.stopped || outcome.failure.is_some();
    let came_in = outcome.report.written > 0 && !args.dry_run;
    // A file that was refused as a whole has nothing to report.
    if outcome.failure.is_none() || outcome.report != Report::default() {
        report::print(&outcome.report, &order.profile, args.dry_run, globals, out)?;
    }
    if ended_early && came_in && args.all_or_nothing {
        take_back(&home, &store)?;
        if !globals.json {
            writeln!(out, "what had come in was taken back")?;
        }
    } else if ended_early && came_in && !globals.json {
        writeln!(out, "the rows above stay; the same file again does the rest, intertie undo takes them back")?;
    }
    match outcome.failure {
        Some(failure) => Err(failure.into()),
        None if outcome.stopped => Err(Stop::Code(INTERRUPTED)),
        None => Ok(()),
    }
}

/// The import was this session's only command.
fn take_back(home: &Home, store: &RefCell<Store>) -> Result<(), Stop> {
    let playbook = &home.playbook().name;
    let command = CommandId(now::fresh());
    let act = Act { who: &home.who, command, today: home.today(), playbook, millis: now::millis(), seed: now::seed() };
    store.borrow_mut().undo(Scope::Session, &act).map_err(Failure::from)?;
    Ok(())
}

fn seen(rows: &Rows, args: &args::Import, home: &Home, database: &Path) -> Result<Seen, Stop> {
    let sheet = args.sheet.as_deref().unwrap_or_default();
    Ok(look::look(rows, sheet, &home.settings.profiles, home.playbook(), home.today(), database)?)
}

fn print_profile(profile: &Profile, said: &[String], out: &mut dyn Write) -> Result<(), Stop> {
    for doubt in said {
        writeln!(out, "# {}", text::clean_line(doubt))?;
    }
    out.write_all(profile_text::text(profile).as_bytes())?;
    Ok(())
}

fn no_profile(rows: &Rows, profiles: &[Profile]) -> Stop {
    let Rows::File(file) = rows else { return Stop::usage("no profile fits the cells") };
    let file = text::clean_line(file);
    Stop::usage_hint(
        format!("no profile fits {file}: how is it to be read?"),
        format!(
            "intertie import --guess \"{file}\" > mine.toml, look it over, then --profile ./mine.toml; or --profile with one of {}",
            names(profiles)
        ),
    )
}

fn names(profiles: &[Profile]) -> String {
    profiles.iter().map(|profile| profile.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// A shipped or site profile by name, or one's own by path.
pub fn profile(wanted: &str, home: &Home, database: &Path) -> Result<Profile, Stop> {
    if !wanted.contains('/') && !wanted.ends_with(".toml") {
        let found = home.settings.profiles.iter().find(|profile| profile.name == wanted).cloned();
        let hint = format!("there are {}, and your own by a path that ends in .toml", names(&home.settings.profiles));
        return found.ok_or_else(|| Stop::usage_hint(format!("there is no profile {}", shown(wanted)), hint));
    }
    let path = Path::new(wanted);
    let text = paths::read_text(path, PROFILE_MAX)
        .map_err(|err| Trouble::io(format!("the profile {} cannot be read", path.display())).because(err))?;
    // Read as one more file of the site, so that it is checked like all others. Its own name must
    // not meet a shipped one, or the two would be merged.
    let placed = "playbooks/profiles/given-by-path.toml";
    let mut files = home::files(&paths::site(database))?;
    files.push(settings::File { path: placed.to_owned(), text });
    let loaded = settings::load(home.store.about().desk, &files, &[]).map_err(|problems| {
        let named = |text: String| text.replace(placed, wanted);
        let own = problems.into_iter().map(|mut problem| {
            problem.file = named(problem.file);
            problem.wanted = named(problem.wanted);
            problem
        });
        Stop::Settings(own.collect())
    })?;
    let found = loaded.profiles.into_iter().find(|profile| profile.name == "given-by-path").map(|mut profile| {
        profile.name = path.file_stem().map(|name| text::clean_line(&name.to_string_lossy())).unwrap_or_default();
        profile
    });
    found.ok_or_else(|| Trouble::config(format!("{} holds no profile", path.display())).into())
}
