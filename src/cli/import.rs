//! Reads somebody's file in: which file, by which profile, in which chunks; and says what came of it.

use std::cell::RefCell;
use std::fs::{self, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use super::args;
use super::home::{self, Globals, Home, shown};
use super::report;
use super::stop::Stop;
use crate::domain::change::ChangeSet;
use crate::domain::event::Kind;
use crate::domain::id::{CommandId, SubjectId};
use crate::domain::import::{Candidate, Profile};
use crate::domain::playbook::{DeskKind, Playbook};
use crate::domain::text;
use crate::domain::trouble::{Failure, Trouble};
use crate::domain::value::Value;
use crate::intake::merge::Terms;
use crate::intake::plan::{self, Outside};
use crate::intake::row::Fault;
use crate::intake::sheet::Sheet;
use crate::run::now;
use crate::run::paths;
use crate::settings;
use crate::store::Access;

/// The largest file that is read: it is held whole, so that a fault of it is found before the first write.
const LARGEST: u64 = 1 << 30;
/// The longest profile that is read.
const PROFILE_MAX: u64 = 1 << 20;

pub fn import(args: &args::Import, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let database = globals.database()?;
    if args.profile.is_none() {
        let names = names(&home::load(DeskKind::Residential, &database)?.profiles);
        return Err(Stop::usage_hint(
            "import needs --profile: how to read the file",
            format!("there are {names}, and your own by a path that ends in .toml"),
        ));
    }
    if args.sheet.is_some() {
        return Err(Stop::usage("--sheet is for workbooks; a CSV file has no sheets"));
    }
    let access = if args.dry_run { Access::Read } else { Access::Write };
    let home = Home::open(globals, access)?;
    let mut profile = profile(args.profile.as_deref().unwrap_or_default(), &home, &database)?;
    if let Some(key) = &args.key {
        profile.key = vec![key.clone()];
    }
    let bytes = read(&args.file, &database)?;
    let name = text::clean_line(&args.file.to_string_lossy());
    let playbook = home.playbook().clone();
    let sheet = Sheet::open(&name, &bytes, &profile)?.map(|row| row.map(|candidate| by_its_name(candidate, &playbook)));
    let terms = Terms { file: &name, profile: &profile, workflow: &home.settings.playbook.workflow.clone(), today: home.today() };
    let set = ChangeSet {
        command: CommandId(now::fresh()),
        kind: Kind::Import,
        on: home.today(),
        undoes: None,
        changes: Vec::new(),
        did: format!("import of {name}"),
        playbook: home.playbook().name.clone(),
    };
    match drive(sheet, &terms, set, args.dry_run, home) {
        Ok(found) => report::print(&found, args.dry_run, globals, out),
        Err(stopped) => {
            report::print(&stopped.report, args.dry_run, globals, out)?;
            Err(stopped.failure.into())
        }
    }
}

fn drive(
    sheet: impl Iterator<Item = Result<Candidate, Fault>>,
    terms: &Terms<'_>,
    set: ChangeSet,
    dry_run: bool,
    home: Home,
) -> Result<crate::domain::import::Report, Box<plan::Stopped>> {
    let home = RefCell::new(home);
    let source = &terms.profile.source;
    let mut outside = Outside {
        known: &mut |keys| {
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            Ok(home.borrow().store.imported(source, &keys)?)
        },
        keys: &mut || Ok(home.borrow().store.imported_keys(source)?),
        application: &mut |subject| Ok(home.borrow().store.application(subject)?),
        new_id: &mut || SubjectId(now::fresh()),
        commit: &mut |changes| {
            if dry_run {
                return Ok(());
            }
            let set = ChangeSet { changes, ..set.clone() };
            let mut home = home.borrow_mut();
            let who = home.who.clone();
            home.store.commit(&set, &who, now::millis(), now::seed()).map(|_| ()).map_err(Failure::from)
        },
    };
    plan::import(sheet, terms, &mut outside)
}

/// A utility that the process book knows by another spelling gets its name there, as when it is
/// typed; one that nobody knows stays as the file has it.
fn by_its_name(mut candidate: Candidate, playbook: &Playbook) -> Candidate {
    if let Some(Value::Text(name)) = candidate.values.get_mut("utility")
        && let Some(utility) = playbook.utility(name)
    {
        name.clone_from(&utility.name);
    }
    candidate
}

fn names(profiles: &[Profile]) -> String {
    profiles.iter().map(|profile| profile.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// A shipped or site profile by name, or one's own by path.
fn profile(wanted: &str, home: &Home, database: &Path) -> Result<Profile, Stop> {
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
    let found = loaded.profiles.into_iter().find(|profile| profile.name == "given-by-path" || Path::new(&profile.name) == path);
    found.ok_or_else(|| Trouble::config(format!("{} holds no profile", path.display())).into())
}

/// The bytes of a regular file. A pipe is refused, not waited for; the database itself is never
/// opened beside SQLite, because closing it again would drop the locks.
fn read(path: &Path, database: &Path) -> Result<Vec<u8>, Stop> {
    let shown = text::clean_line(&path.to_string_lossy());
    let cannot = |err: io::Error| Stop::from(Trouble::io(format!("{shown} cannot be read")).because(err));
    let found = fs::metadata(path).map_err(cannot)?;
    if let Some(what) = unreadable(&found) {
        return Err(Trouble::data(format!("{shown} is {what}, not a file to import")).into());
    }
    if fs::metadata(database).is_ok_and(|other| (other.dev(), other.ino()) == (found.dev(), found.ino())) {
        return Err(Trouble::data(format!("{shown} is the database itself")).into());
    }
    let flags = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or_default();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(cannot)?;
    let found = file.metadata().map_err(cannot)?;
    if found.len() > LARGEST || !found.is_file() {
        return Err(Trouble::data(format!("{shown} is larger than 1 GiB")).hint("split it").into());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(found.len()).unwrap_or(0));
    file.take(LARGEST).read_to_end(&mut bytes).map_err(cannot)?;
    Ok(bytes)
}

fn unreadable(found: &Metadata) -> Option<&'static str> {
    let kind = found.file_type();
    match kind {
        _ if kind.is_file() => None,
        _ if kind.is_dir() => Some("a directory"),
        _ if kind.is_fifo() => Some("a pipe"),
        _ if kind.is_socket() => Some("a socket"),
        _ => Some("a device"),
    }
}
