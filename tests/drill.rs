//! Can a drill write anything that is somebody's own? The whole program in a terminal, and every byte around it.

#![allow(clippy::disallowed_methods, reason = "tests read files and look at the clock")]

mod support;

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::Signal;
use support::pty::{Session, Start};
use support::{Place, said};

/// Every file below a directory: its bytes; of a directory none.
fn all(dir: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(dir).expect("a readable directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(all(&path));
            found.insert(path, None);
        } else {
            // SQLite's own small files come and go beside a database that is open.
            match std::fs::read(&path) {
                Err(err) if err.kind() == ErrorKind::NotFound => {}
                bytes => _ = found.insert(path, Some(bytes.expect("a readable file"))),
            }
        }
    }
    found
}

/// Somebody who works: a database in the environment and one in the usual place, settings, drafts, a ledger.
fn somebody() -> Place {
    let place = Place::with_demo(40);
    for (dir, file, text) in [
        ("config/intertie/themes", "options.toml", "# mine\nkeymap = \"vim\"\n"),
        ("config/intertie/views", "late.toml", "desk = \"residential\"\nquery = \"due<today\"\nrows = \"mine\"\n"),
        ("state/intertie", "ledger", "2026-11-20\tnote\t2\t900\n"),
        ("state/intertie", "ledger-demo", "2026-11-20\tnote\t2\t900\n"),
        ("data/intertie", "intertie.db", "not to be opened"),
    ] {
        std::fs::create_dir_all(place.path(dir)).expect("a directory");
        std::fs::write(place.path(dir).join(file), text).expect("written");
    }
    std::fs::create_dir(place.path("tmp")).expect("a directory");
    place
}

fn start(place: &Place, args: &[&str]) -> Session {
    let tmp = place.path("tmp").display().to_string();
    let db = place.db();
    let mut session = Start::new(args).size(80, 24).env("INTERTIE_DB", Some(&db)).env("TMPDIR", Some(&tmp)).run(place);
    session.patience(Duration::from_secs(60));
    session.wait_queue();
    session.wait_for("drill 1/");
    session
}

fn scratch(place: &Place) -> Vec<PathBuf> {
    all(&place.path("tmp")).into_keys().collect()
}

/// Everything that a session keeps: a touch, a note, a draft, a copy, a view, a keymap, a theme, a name, a lease, a skip.
fn work(session: &mut Session) {
    session.key("j");
    session.wait_for("drill 2/");
    session.keys("1");
    session.wait_for("portal check, no change:");
    session.key("\r");
    session.wait_for("drill 3/");
    session.pause_guard();
    session.keys("n");
    session.wait_for("note on");
    session.keys("a draft that stays");
    session.key("\x1b");
    session.wait_for("kept as the draft");
    session.keys("y");
    session.wait_for("not copied: this is a drill");
    session.keys(",");
    session.wait_for("yours for");
    session.pause_guard();
    session.keys("-");
    session.wait_for("skip for today");
    session.key("1");
    session.wait_for("skipped A-");
    session.keys("Qdue<today");
    session.wait_for("or earlier");
    session.key("\r");
    session.wait_for("\"due<today\"");
    session.keys("vk");
    session.wait_for("keep this view");
    session.keys("drilled");
    session.pause_guard();
    session.key("\r");
    session.wait_for("kept the view");
    session.keys(":");
    session.wait_for("do anything");
    session.keys("keys are laid out");
    session.key("\r");
    session.wait_for("the chords of Emacs");
    session.keys("emacs");
    session.settle();
    session.key("\r");
    session.wait_gone("type to narrow");
    session.settle();
    session.keys("$");
    session.wait_for("what my touches cost");
    session.key("\x1b");
    session.wait_gone("what my touches cost");
}

#[test]
fn nothing_of_a_drill_is_left_and_nothing_else_is_touched() {
    let place = somebody();
    let before = all(&place.path("."));
    let mut session = start(&place, &["drill"]);
    assert!(!scratch(&place).is_empty(), "it lies in the temporary directory");
    work(&mut session);
    session.key("q");
    assert_eq!(session.wait_exit().0, 0);
    session.assert_given_back();
    assert!(session.has("of 39 done in"), "the summary:\n{}", session.shown());
    assert_eq!(session.asked().copies, [], "nothing went to the terminal's clipboard");
    let after = all(&place.path("."));
    let changed: Vec<&PathBuf> = after.iter().filter(|(path, bytes)| before.get(*path) != Some(*bytes)).map(|(path, _)| path).collect();
    assert_eq!((changed, before.len()), (Vec::new(), after.len()));
    place.check();
}

#[test]
fn a_signal_takes_the_scratch_directory_along() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129)] {
        let place = somebody();
        let mut session = start(&place, &["drill", "--keymap", "plain", "--desk", "utility"]);
        assert!(session.has("keys: down"), "{}", session.shown());
        session.signal(signal);
        assert_eq!(session.wait_exit().0, code);
        assert_eq!(scratch(&place), Vec::<PathBuf>::new());
    }
}

#[test]
fn a_drill_opens_no_other_database() {
    let place = Place::with_demo(10);
    let refused = place.cli(&["--db", &place.db(), "drill"]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    let words = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(words.contains("makes a queue of its own and opens no other"), "{words}");
    let dumb = place.cli(&["drill"]);
    assert_eq!(dumb.status.code(), Some(2), "without a terminal: {}", said(&dumb));
}
