//! Reads in what others put into a directory: the profile by the file's name, then the file is moved.

use std::cell::RefCell;
use std::fs::{self, DirEntry, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;

use super::args;
use super::home::{Globals, Home};
use super::import::{self, Outcome};
use super::progress::Progress;
use super::report;
use super::stop::Stop;
use crate::domain::id::CommandId;
use crate::domain::import::{Order, Profile, Rows};
use crate::domain::text;
use crate::domain::trouble::{Kind, Trouble};
use crate::intake::fits;
use crate::run::bring::source::Source;
use crate::run::now;
use crate::store::{Access, Store};

/// A file that changed since is still being copied.
const SETTLED: Duration = Duration::from_secs(2);

pub fn inbox(args: &args::Inbox, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let mut home = Home::open(globals, Access::Write)?;
    let database = globals.database()?;
    let store = RefCell::new(std::mem::replace(&mut home.store, Store::open(&database, Access::Read)?));
    let dir = directory(&args.dir)?;
    let _held = lock(&dir)?;
    let mut progress = Progress::new(globals.json)?;
    let mut told: Vec<Left> = Vec::new();
    loop {
        let left = once(&dir, &home, &store, globals, &mut progress, args.watch.is_some(), out)?;
        // What nobody reads is said once, not at every look.
        for (name, why) in left.iter().filter(|left| !told.contains(left)) {
            said(globals, out, name, "left", why)?;
        }
        told = left;
        out.flush()?;
        let Some(seconds) = args.watch else { return Ok(()) };
        for _ in 0..seconds.saturating_mul(10) {
            if progress.asked() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

/// The name of a file that stays, and why.
type Left = (String, String);

/// One look; what it leaves.
fn once(
    dir: &Path,
    home: &Home,
    store: &RefCell<Store>,
    globals: &Globals,
    progress: &mut Progress,
    watches: bool,
    out: &mut dyn Write,
) -> Result<Vec<Left>, Stop> {
    let mut left = Vec::new();
    let (waiting, fresh) = waiting(dir)?;
    if !watches {
        for name in &fresh {
            said(globals, out, name, "waits", "it was written a moment ago and may still be copied; look again in a few seconds")?;
        }
    }
    for path in waiting {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut leave = |why: String| left.push((text::clean_line(&name), why));
        if let Some(why) = unreadable(&path, store.borrow().path()) {
            leave(why);
            continue;
        }
        let mut known = home.settings.profiles.iter().filter(|profile| fits::by_name(profile, &name));
        match (known.next(), known.next()) {
            (None, _) => leave("no profile knows this name; files = [\"…\"] in one would".to_owned()),
            (Some(profile), None) => {
                read_in(dir, &path, profile, home, store, globals, progress, out)?;
            }
            (Some(one), Some(other)) => leave(format!("two profiles know this name: {} and {}", one.name, other.name)),
        }
        if progress.asked() {
            break;
        }
    }
    Ok(left)
}

#[expect(clippy::too_many_arguments, reason = "one file of a loop that has all of these")]
fn read_in(
    dir: &Path,
    path: &Path,
    profile: &Profile,
    home: &Home,
    store: &RefCell<Store>,
    globals: &Globals,
    progress: &mut Progress,
    out: &mut dyn Write,
) -> Result<(), Stop> {
    let rows = Rows::File(path.to_string_lossy().into_owned());
    let order = Order { rows, profile: profile.clone(), spread: 0, all_new: false };
    let before = stamp(path);
    let outcome = import::bring(&order, false, home, store, CommandId(now::fresh()), progress);
    let name = text::clean_line(&path.file_name().unwrap_or_default().to_string_lossy());
    if outcome.stopped {
        return said(globals, out, &name, "stopped", "it stays in the inbox; the next look does the rest");
    }
    // A database that is busy, a full disk: the file is not at fault and stays where it is.
    if let Some(crate::domain::trouble::Failure::Trouble(trouble)) = &outcome.failure
        && trouble.kind != Kind::Data
    {
        return Err(trouble.clone().into());
    }
    if stamp(path) != before {
        return said(globals, out, &name, "waits", "it was still being written; what had come is read in, the next look does the rest");
    }
    let mut page = Vec::new();
    let plain = Globals { json: false, ..globals.clone() };
    report::print(&outcome.report, profile, false, &plain, &mut page)?;
    if let Some(failure) = &outcome.failure {
        writeln!(page, "{}", failure.says())?;
        for cause in failure.causes() {
            writeln!(page, "  {cause}")?;
        }
    }
    let folder = dir.join(if outcome.failure.is_some() { "failed" } else { "done" });
    move_to(dir, &folder, path, &page)?;
    let Outcome { report, failure, .. } = &outcome;
    let counts = format!("{} added, {} changed, {} same, {} at fault", report.added, report.changed, report.same, report.problems.len());
    match failure {
        None => said(globals, out, &name, "done", &counts),
        Some(failure) => said(globals, out, &name, "failed", &failure.says()),
    }
}

fn said(globals: &Globals, out: &mut dyn Write, file: &str, became: &str, words: &str) -> Result<(), Stop> {
    if globals.json {
        writeln!(out, "{}", json!({"file": file, "became": became, "says": words}))?;
    } else {
        writeln!(out, "{file}: {became}: {}", text::clean_line(words))?;
    }
    Ok(())
}

fn directory(dir: &Path) -> Result<PathBuf, Stop> {
    let cannot = |err: io::Error| Trouble::io(format!("{} cannot be read", text::clean_line(&dir.to_string_lossy()))).because(err);
    let dir = fs::canonicalize(dir).map_err(cannot)?;
    if !dir.is_dir() {
        return Err(Trouble::data(format!("{} is not a directory", text::clean_line(&dir.to_string_lossy()))).into());
    }
    Ok(dir)
}

/// Two that look at once would read one file twice.
fn lock(dir: &Path) -> Result<File, Stop> {
    let path = dir.join(".intertie-inbox");
    let cannot = |err: io::Error| Stop::from(Trouble::io(format!("{} cannot be made", path.display())).because(err));
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(cannot)?;
    match rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(_) => Err(Trouble::new(Kind::Busy, "another intertie is reading this inbox").into()),
    }
}

/// Files that lie still, by name. Links, hidden files and half copies are none.
fn waiting(dir: &Path) -> Result<(Vec<PathBuf>, Vec<String>), Stop> {
    let cannot = |err: io::Error| Stop::from(Trouble::io(format!("{} cannot be read", dir.display())).because(err));
    let (mut waiting, mut fresh) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(dir).map_err(cannot)? {
        let entry = entry.map_err(cannot)?;
        match lies(&entry) {
            Lies::Whole => waiting.push(entry.path()),
            Lies::Fresh => fresh.push(text::clean_line(&entry.file_name().to_string_lossy())),
            Lies::Not => {}
        }
    }
    waiting.sort();
    Ok((waiting, fresh))
}

/// How a file lies in the inbox.
enum Lies {
    Whole,
    /// It was written a moment ago, and may still be copied.
    Fresh,
    /// A link, a directory, a hidden file, half of a copy.
    Not,
}

fn lies(entry: &DirEntry) -> Lies {
    let name = entry.file_name().to_string_lossy().to_lowercase();
    let is_half = name.starts_with(['.', '~']) || [".part", ".tmp", ".crdownload", ".filepart"].iter().any(|end| name.ends_with(end));
    let lies_still = |found: &fs::Metadata| found.modified().ok().and_then(|at| at.elapsed().ok()).is_none_or(|age| age >= SETTLED);
    // `DirEntry::metadata` does not follow links.
    match entry.metadata() {
        Ok(found) if !is_half && found.is_file() => {
            if lies_still(&found) {
                Lies::Whole
            } else {
                Lies::Fresh
            }
        }
        _ => Lies::Not,
    }
}

/// Into the folder under its own name, or with a number where that is taken; the report goes beside it.
/// Who may read the inbox may read what became of it.
fn move_to(dir: &Path, folder: &Path, path: &Path, page: &[u8]) -> Result<(), Stop> {
    let cannot = |err: io::Error| Stop::from(Trouble::io(format!("{} cannot be moved", path.display())).because(err));
    // A link is not followed: it would carry the file, and the report, to wherever somebody likes.
    match fs::symlink_metadata(folder) {
        Ok(found) if found.is_dir() => {}
        Ok(_) => return Err(Trouble::data(format!("{} is not a directory", folder.display())).into()),
        Err(_) => {
            fs::create_dir(folder).map_err(cannot)?;
            fs::set_permissions(folder, fs::metadata(dir).map_err(cannot)?.permissions()).map_err(cannot)?;
        }
    }
    let modes = fs::metadata(path).map_err(cannot)?.permissions();
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let names = std::iter::once(name.clone()).chain((2..).map(|n| format!("{n}-{name}")));
    let report = |target: &Path| {
        let mut beside = target.as_os_str().to_owned();
        beside.push(".report.txt");
        PathBuf::from(beside)
    };
    let is_free = |target: &Path| fs::symlink_metadata(target).is_err();
    let mut targets = names.into_iter().map(|name| folder.join(name));
    let free = targets.find(|target| is_free(target) && is_free(&report(target))).expect("numbers do not end");
    let mut file = File::options().write(true).create_new(true).open(report(&free)).map_err(cannot)?;
    file.write_all(page).map_err(cannot)?;
    file.set_permissions(modes).map_err(cannot)?;
    fs::rename(path, &free).map_err(cannot)
}

/// Length and time of the last writing: a file that has others by now was read by halves.
fn stamp(path: &Path) -> Option<(u64, std::time::SystemTime)> {
    let found = fs::metadata(path).ok()?;
    Some((found.len(), found.modified().ok()?))
}

/// Why a file cannot be read at all; it stays, and those behind it are read.
fn unreadable(path: &Path, database: &Path) -> Option<String> {
    let Some(name) = path.to_str() else { return Some("its name is not UTF-8; give it another".to_owned()) };
    let failure = Source::open(&Rows::File(name.to_owned()), database).err()?;
    Some(std::iter::once(failure.says()).chain(failure.causes()).collect::<Vec<_>>().join(": "))
}
