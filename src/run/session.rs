//! What has to be there before the first frame, and what has to be done after the last?

use std::io::{self, Write};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use tokio::sync::mpsc;

use super::clipboard::Clipboard;
use super::drafts::Drafts;
use super::finder::Finder;
use super::ledger::{self, Ledger};
use super::looks::Looks;
use super::now::Clock;
use super::signals::Signals;
use super::stores::{Common, Known, Opened, Stores};
use super::terminal::{self, Screen};
use super::turn::{Ears, Turn};
use super::{editor, now, paths, stores};
use crate::desk::drill::Drilling;
use crate::desk::model::{Desk, Rules};
use crate::desk::msg::Msg;
use crate::domain::day::{Day, NaiveTime};
use crate::domain::drill::Drill;
use crate::domain::id::SessionId;
use crate::domain::message::Person;
use crate::domain::playbook::DeskKind;
use crate::domain::trouble::{Failure, Refusal, Trouble};
use crate::domain::view::Kept;
use crate::settings::{File, Parsed, Settings, Text, load_by, parse};
use crate::store::Who;

/// How the queue is opened.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Session {
    /// `None`: there is no database yet, and the screen says how to make one.
    pub database: Option<PathBuf>,
    /// The calendar day to work in.
    pub today: Option<Day>,
    /// The time of day to begin at, for tests of what a new day or a quiet hour does.
    pub time: Option<NaiveTime>,
}

/// How it ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ended {
    Quit,
    /// There is nothing to draw on; a matter of usage: exit code 2.
    NoTerminal(Refusal),
    /// Asked to end from outside. The terminal was given back.
    Signal(i32),
    /// The terminal is gone. Nothing can be said to anybody.
    HungUp,
    /// One of our threads met a fault of the program; it was told when it happened.
    Fault,
}

impl Ended {
    /// The exit code, as a shell says it: 128 and the signal's number.
    pub fn code(&self) -> u8 {
        let signal = |number: i32| u8::try_from(128 + number).unwrap_or(1);
        match self {
            Ended::Quit => 0,
            Ended::NoTerminal(_) => 2,
            Ended::Signal(number) => signal(*number),
            Ended::HungUp => signal(1),
            // As Rust itself ends after a panic.
            Ended::Fault => 101,
        }
    }
}

/// The settings of a desk: shipped, over them the site's beside the database, over them the user's.
pub fn settings(desk: DeskKind, database: Option<&Path>) -> Result<Settings, Failure> {
    let (site, user) = files(database)?;
    load_by(desk, &site, &user, None, &on_two_threads).map_err(Failure::from)
}

/// On two threads, each taking the next text, because the first frame waits for it; on this one where there is no other.
fn on_two_threads(texts: &[Text<'_>]) -> Vec<Parsed> {
    let next = AtomicUsize::new(0);
    let take = || {
        let places = std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)).filter(|place| *place < texts.len()));
        places.map(|place| (place, parse(texts[place]))).collect::<Vec<_>>()
    };
    let mut parsed = thread::scope(|scope| {
        let other = thread::Builder::new().name("settings".to_owned()).spawn_scoped(scope, take);
        let mut parsed = take();
        parsed.extend(other.into_iter().flat_map(|other| other.join().unwrap_or_else(|panic| resume_unwind(panic))));
        parsed
    });
    parsed.sort_unstable_by_key(|(place, _)| *place);
    parsed.into_iter().map(|(_, parsed)| parsed).collect()
}

/// The site's files and the user's.
pub(super) fn files(database: Option<&Path>) -> Result<(Vec<File>, Vec<File>), Failure> {
    let read = |dir: &Path| -> Result<Vec<File>, Trouble> {
        let files = paths::toml_files(dir)?.into_iter();
        Ok(files.map(|(path, text)| File { path: path.display().to_string(), text }).collect())
    };
    let site = database.map(|database| read(&paths::site(database))).transpose()?.unwrap_or_default();
    // Without a home directory nobody has settings of their own.
    let user = paths::config().map_or(Ok(Vec::new()), |dir| read(&dir))?;
    Ok((site, user))
}

/// Opens the queue and stays until it is left.
pub fn open(session: &Session) -> Result<Ended, Failure> {
    opened(session, false).map(|(ended, _)| ended)
}

/// The same with a lesson over it, and how far it came. The caller has sent everything elsewhere that a session keeps.
pub fn drill(session: &Session) -> Result<(Ended, Option<Drill>), Failure> {
    opened(session, true)
}

fn opened(session: &Session, drills: bool) -> Result<(Ended, Option<Drill>), Failure> {
    if let Err(refusal) = terminal::usable() {
        return Ok((Ended::NoTerminal(refusal), None));
    }
    let (uid, login) = paths::user();
    let opened = session.database.as_deref().map(|path| stores::open(path, &login)).transpose()?;
    let about = opened.as_ref().map(|opened| opened.about.clone());
    let desk = about.as_ref().map_or(DeskKind::Residential, |about| about.desk);
    let settings = settings(desk, session.database.as_deref())?;
    let zone = about.as_ref().map_or_else(now::machine_zone, |about| about.zone.clone());
    let clock = Clock::new(now::zone(&zone)?, session.today);
    let clock = session.time.map_or(clock, |time| clock.starting(time));
    let rules = Rules {
        playbook: Arc::new(settings.playbook),
        keymap: settings.keymap,
        guard_ms: i64::try_from(settings.options.guard_ms).unwrap_or(i64::MAX),
        zone: Some(clock.zone()),
        demo: about.as_ref().is_some_and(|about| about.demo),
        database: session.database.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
    };
    let known = Known {
        playbook: Arc::clone(&rules.playbook),
        profiles: settings.profiles,
        database: session.database.clone().unwrap_or_default(),
    };
    let Settings { theme, themes, options, views, lesson, .. } = settings;
    let looks = Looks::new(theme, themes, options.glyphs, terminal::colourless(), session.database.clone());
    terminal::restore_on_panic();
    terminal::end_without(Ended::HungUp.code());
    let cannot = |err: io::Error| Trouble::io("the program could not start").because(err);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(cannot)?;
    let ended = runtime.block_on(async {
        let who = Who { uid, login, session: SessionId(now::fresh()) };
        let (mut turn, ears) = start(who, rules, looks, clock, opened, known, options.links, views)?;
        turn.desk.drill = drills.then(|| Drilling::new(Drill::new(lesson)));
        let ended = turn.run(ears).await;
        Ok::<_, Failure>((ended, turn.desk.drill.take().map(|drilling| drilling.drill)))
    });
    // The clipboard's and crossterm's threads have no end of their own; the process takes them along.
    runtime.shutdown_background();
    ended
}

// Each is a thing of its own, made by `open` alone.
#[allow(clippy::too_many_arguments)]
fn start(
    who: Who,
    rules: Rules,
    looks: Looks,
    clock: Clock,
    opened: Option<Opened>,
    known: Known,
    links: bool,
    views: Vec<Kept>,
) -> Result<(Turn, Ears), Failure> {
    let (login, session) = (who.login.clone(), who.session);
    let (answers, for_answers) = mpsc::unbounded_channel();
    let (rows, for_rows) = mpsc::channel(2);
    let (copies, for_copies) = mpsc::unbounded_channel();
    let cannot = |err: io::Error| Trouble::io("the program could not start").because(err);
    let signals = Signals::new().map_err(cannot)?;
    let common = Common { who, clock, playbook: rules.playbook.name.clone(), answers: answers.clone(), rows };
    let drafts = opened.as_ref().and_then(|opened| keep_drafts(&opened.about.replica.to_string(), session, &answers));
    let has_database = opened.is_some();
    let stores = opened.map(|opened| Stores::start(opened, &common, known)).transpose()?;
    let clipboard = Clipboard::start(move |copied, bytes| {
        let _ = copies.send((copied, bytes));
    })
    .map_err(cannot)?;
    let found = answers.clone();
    let finder = Finder::start(move |msg| {
        let _ = found.send(msg);
    })
    .map_err(cannot)?;
    // A book that cannot be kept is no reason not to work.
    let costs = answers.clone();
    let told = move |entries| _ = costs.send(Msg::Costs(entries));
    let ledger = ledger::file(rules.demo).ok().and_then(|file| Ledger::start(file, clock.today(), told).ok());
    let screen = Screen::open(true, links)?;
    let size = terminal::size();
    let mut desk = Desk::new(Person { login, ..Person::default() }, clock.local(), size.width, size.height);
    desk.loading = has_database;
    desk.views.own = views;
    let ears = Ears::new(signals, for_answers, for_rows, for_copies);
    Ok((Turn::new(desk, rules, looks, clock, screen, stores, drafts, clipboard, finder, ledger), ears))
}

/// Without a place for drafts one can still work; it is said once.
fn keep_drafts(database: &str, session: SessionId, answers: &mpsc::UnboundedSender<Msg>) -> Option<Drafts> {
    editor::sweep();
    let failed = answers.clone();
    let opened = paths::state().and_then(|dir| {
        Drafts::open(&dir.join("drafts").join(database), session, now::millis, move |trouble| {
            let _ = failed.send(Msg::Trouble(trouble.into()));
        })
    });
    match opened {
        Ok((drafts, found)) => {
            if !found.is_empty() {
                let _ = answers.send(Msg::Drafts(found));
            }
            Some(drafts)
        }
        Err(trouble) => {
            let _ = answers.send(Msg::Trouble(trouble.into()));
            None
        }
    }
}

/// The last words on the shell's own screen. Nobody may be there to read them.
pub(super) fn say(words: &str) {
    let _ = writeln!(io::stderr(), "intertie: {}", crate::domain::text::clean_line(words));
}

/// How long the end waits for a commit that stands behind somebody else's.
pub(super) const PATIENCE: Duration = Duration::from_secs(15);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::playbook::Playbook;

    #[test]
    fn exit_codes_are_the_shells() {
        for (ended, code) in [
            (Ended::Quit, 0),
            (Ended::NoTerminal(Refusal::new("no")), 2),
            (Ended::Signal(2), 130),
            (Ended::Signal(15), 143),
            (Ended::HungUp, 129),
        ] {
            assert_eq!(ended.code(), code);
        }
    }

    #[test]
    fn two_threads_read_what_one_reads() {
        let whole = |Settings { playbook: Playbook { name, dispositions, messages, utilities, .. }, keymap, themes, .. }| {
            (name, dispositions, messages, utilities, keymap, themes)
        };
        for desk in DeskKind::ALL {
            let one = crate::settings::load(desk, &[], &[]).expect("the shipped settings");
            let two = load_by(desk, &[], &[], None, &on_two_threads).expect("the shipped settings");
            assert!(whole(one) == whole(two), "{desk:?}");
        }
        let bad = |path: &str, text: &str| File { path: path.to_owned(), text: text.to_owned() };
        let site = [bad("playbooks/steps.toml", "a = \n"), bad("playbooks/skips.toml", "b = = 1\n"), bad("themes/dark.toml", "c\n")];
        let problems = |loaded: Result<Settings, Vec<_>>| loaded.expect_err("three faults");
        let one = problems(crate::settings::load(DeskKind::Utility, &site, &[]));
        assert_eq!(one.len(), 3, "{one:?}");
        assert_eq!(problems(load_by(DeskKind::Utility, &site, &[], None, &on_two_threads)), one);
    }

    #[test]
    fn a_sites_files_count() {
        let temp = tempfile::tempdir().expect("a directory");
        let database = temp.path().join("west.db");
        assert!(settings(DeskKind::Residential, Some(&database)).is_ok());
        paths::private(&temp.path().join("west.site/themes")).expect("made");
        paths::replace(&temp.path().join("west.site/themes/options.toml"), b"guard_ms = 7\n").expect("written");
        let found = settings(DeskKind::Residential, Some(&database)).map(|settings| settings.options.guard_ms);
        assert_eq!(found, Ok(7));
        paths::replace(&temp.path().join("west.site/themes/options.toml"), b"guard_ms = \n").expect("written");
        assert_eq!(settings(DeskKind::Residential, Some(&database)).map_err(|failure| failure.exit_code()).err(), Some(65));
    }
}
