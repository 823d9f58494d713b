//! What survives a killed program, a full disk, hostile text and somebody else's change?

#![allow(clippy::disallowed_methods, reason = "tests read files and look at the clock")]

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::Value;
use support::pty::{Session, Start};
use support::{Place, said, tell};

fn open(place: &Place) -> Session {
    Start::new(&["--db", &place.db()]).run(place)
}

fn notes(place: &Place, id: &str) -> usize {
    place.json(&["show", id])["notes"].as_array().map_or(0, Vec::len)
}

#[test]
fn a_killed_program_loses_at_most_the_last_second_of_typing() {
    let place = Place::with_demo(60);
    let mut session = open(&place);
    let row = session.wait_queue();
    let before = notes(&place, &row);
    session.key("n");
    session.wait_for("note on");
    // As fast as the screen answers, for longer than the second that may be lost.
    let (begin, mut typed, mut times) = (Instant::now(), String::new(), Vec::new());
    for number in 0.. {
        for c in format!("word {number} and ").chars() {
            session.key(&c.to_string());
            session.pump(Duration::from_millis(40));
            typed.push(c);
            times.push(Instant::now());
        }
        if begin.elapsed() > Duration::from_millis(2500) {
            break;
        }
    }
    let killed = Instant::now();
    session.signal(Signal::KILL);
    session.wait_exit();
    let certain = times.iter().filter(|at| killed.duration_since(**at) > Duration::from_secs(1)).count();
    assert!(certain > 20, "only {certain} letters are older than a second");
    assert_eq!(notes(&place, &row), before, "a draft is no note");

    let mut next = open(&place);
    next.wait_queue();
    next.wait_for("draft");
    assert!(next.has(&row), "the notice names the record: {}", next.shown());
    next.key("'");
    next.wait_until("the record of the draft", |session| session.current().as_deref() == Some(&row));
    next.key("n");
    next.wait_for("note on");
    next.key("\r");
    next.wait_saved(&row);
    let record = place.json(&["show", &row]);
    let kept = record["notes"][before]["text"].as_str().expect("the draft was saved as a note").to_owned();
    tell(&format!("killed after {} letters, of which {certain} were older than a second: {} came back", typed.len(), kept.len()));
    assert!(typed.starts_with(&kept) && kept.len() + 1 >= certain, "typed {typed:?}\nkept {kept:?}");
}

#[test]
fn thirty_touches_and_kills_at_any_moment_lose_nothing_that_was_said_to_be_saved() {
    let place = Place::with_demo(200);
    // How many notes each record must have, by what the screen said.
    let mut saved: BTreeMap<String, usize> = BTreeMap::new();
    let (mut begun, mut told) = (0, 0);
    // The moments differ by a fixed list, so that a failure can be had again.
    for wait in [0, 1, 3, 7, 12, 20] {
        let mut session = open(&place);
        session.wait_queue();
        session.keys("vt");
        session.wait_for("team 1 of");
        for nth in 1..=5 {
            let row = session.current().expect("a row is under the cursor");
            let before = notes(&place, &row);
            session.key("1");
            session.wait_for("portal check, no change:");
            session.key("\r");
            begun += 1;
            if nth < 5 {
                session.wait_saved(&row);
                session.pause_guard();
            } else {
                session.pump(Duration::from_millis(wait));
            }
            if session.is_saved(&row) {
                told += 1;
                saved.insert(row, before + 1);
            }
        }
        session.signal(Signal::KILL);
        session.wait_exit();
    }
    place.check();
    for (row, at_least) in &saved {
        assert!(notes(&place, row) >= *at_least, "{row} was said to be saved");
    }
    tell(&format!("killed 6 times in {begun} touches: {told} were said to be saved, none is missing"));
    assert!(told >= 24);
}

#[test]
fn hostile_text_from_a_file_never_reaches_the_terminal() {
    let place = Place::new();
    let db = place.db();
    let made = place.cli(&["--db", &db, "init", "--zone", "America/Denver", "--company", "Example Solar"]);
    assert!(made.status.success(), "{}", said(&made));
    let long = "x".repeat(40_000);
    let hostile = [
        "\x1b]52;c;aGFja2Vk\x07clip",
        "\x1b]0;owned\x07title",
        "\u{9d}0;owned\u{9c}c1",
        "\x1b[2J\x1b[31mred",
        "\u{202e}desrever",
        "a\u{200b}b\u{feff}c",
        "\x1b[6n\x1b[5n\x07bell",
        "\x1bP+q544e\x1b\\dcs",
        long.as_str(),
        "=cmd|' /C calc'!A0",
    ];
    let mut file = String::from("id,title,customer,address,utility,product,kw_ac,status,created,due,assignee,note\n");
    for (idx, text) in hostile.iter().enumerate() {
        let cell = format!("\"{}\"", text.replace('"', "\"\""));
        file.push_str(&format!("X-{idx},{cell},{cell},{cell},{cell},PV,5,Submitted,2026-10-01,2026-11-0{},,{cell}\n", idx % 9 + 1));
    }
    let path = place.path("hostile.csv");
    std::fs::write(&path, file).expect("written");
    let came = place.cli(&["--db", &db, "--json", "import", &path.to_string_lossy(), "--profile", "list"]);
    assert!(came.status.success(), "{}", said(&came));

    let mut session = open(&place);
    session.wait_queue();
    for key in ["j", "j", "j", "j", "j", "j", "j", "j", "j", "g", "g", "v", "t"] {
        session.key(key);
        session.settle();
    }
    for page in ["w", "h", "\t", "y", "c", "\x1b", "Y", "\x1b", "/", "owned", "\x1b"] {
        session.key(page);
        session.settle();
    }
    let asked = session.asked();
    assert!(!session.has("\u{202e}") && !session.has("\u{200b}"));
    assert_eq!((&asked.titles, asked.bells, asked.pastes), (&Vec::new(), 0, 0), "{asked:?}");
    assert_eq!(asked.unknown, Vec::<String>::new());
    for (_, text) in &asked.copies {
        assert!(!text.chars().any(|c| c.is_control() && c != '\n' && c != '\t'), "{text:?}");
    }
    // And on a plain terminal, by script.
    let list = place.cli(&["--db", &db, "list"]);
    assert!(!list.stdout.contains(&0x1b) && !list.stdout.contains(&0x07), "{}", said(&list));
}

#[test]
fn one_row_with_too_much_text_is_listed_and_the_rest_comes_in() {
    let place = Place::new();
    let db = place.db();
    let made = place.cli(&["--db", &db, "init", "--zone", "America/Denver"]);
    assert!(made.status.success(), "{}", said(&made));
    let cell = "x".repeat(300_000);
    let row = |id: usize, text: &str| {
        format!("X-{id},{text},Customer {id},{id} Oak St,Xcel Energy,PV,5,Submitted,2026-10-01,2026-11-01,,{text}\n")
    };
    let head = "id,title,customer,address,utility,product,kw_ac,status,created,due,assignee,note\n";
    let file = format!("{head}{}{}{}", row(1, "fine"), row(2, &cell), row(3, "fine"));
    std::fs::write(place.path("long.csv"), file).expect("written");
    let came = place.cli(&["--db", &db, "--json", "import", &place.path("long.csv").to_string_lossy(), "--profile", "list"]);
    let report: Value = serde_json::from_slice(&came.stdout).unwrap_or_default();
    assert!(came.status.success(), "{}", said(&came));
    assert!(report["added"].as_u64() >= Some(2), "{report}");
    assert!(report["added"] == 3 || report["problems"].as_array().is_some_and(|list| list.iter().any(|one| one["line"] == 3)), "{report}");
}

#[test]
fn a_change_in_one_session_shows_in_the_other_and_moves_nothing() {
    let place = Place::with_demo(200);
    let (mut one, mut two) = (open(&place), open(&place));
    let row = one.wait_queue();
    assert_eq!(two.wait_queue(), row, "one order for everybody");
    two.key("j");
    let here = two.wait_moved(&row);
    let line = |session: &Session| session.text().lines().position(|line| line.starts_with('>'));
    let place_before = line(&two);
    let before = two.text().lines().find(|text| text.contains(&row)).expect("the first row is on screen").to_owned();
    one.key("1");
    one.wait_for("portal check, no change:");
    one.key("\r");
    one.wait_saved(&row);
    let took = two.wait_until("the other's change", |session| {
        session.text().lines().find(|text| text.contains(&row)).is_some_and(|now| *now != before)
    });
    tell(&format!("a change was on the other screen after {} ms (budget 300)", took.as_millis()));
    assert!(took < Duration::from_secs(1), "{took:?}");
    assert_eq!((two.current().as_deref(), line(&two)), (Some(here.as_str()), place_before), "{}", two.shown());

    // Both work on the same record: the later one is told, nothing is overwritten.
    two.key("n");
    two.wait_for("note on");
    two.keys("mine");
    let changed = place.cli(&["--db", &place.db(), "set", &here, "owner=Somebody Else"]);
    assert!(changed.status.success(), "{}", said(&changed));
    two.key("\r");
    two.wait_for("not saved");
    assert_eq!(place.json(&["show", &here])["owner"], "Somebody Else");
    place.check();
}

/// A file system of three megabytes, unmounted at the end.
struct SmallDisk<'a>(&'a Path);

impl SmallDisk<'_> {
    fn mount(at: &Path) -> Option<SmallDisk<'_>> {
        std::fs::create_dir(at).ok()?;
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"]).arg(at).output().ok()?;
        mount.status.success().then_some(SmallDisk(at))
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).output();
    }
}

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let place = Place::new();
    let at = place.path("small");
    let Some(_disk) = SmallDisk::mount(&at) else {
        tell("not run: a full disk (a small file system can be mounted by root only)");
        return;
    };
    let db = at.join("work.db").to_string_lossy().into_owned();
    let made = place.cli(&["demo", "--tasks", "60", "--db", &db, "--no-open"]);
    assert!(made.status.success(), "{}", said(&made));
    let mut session = Start::new(&["--db", &db]).run(&place);
    let row = session.wait_queue();
    // Fill what is left.
    let full = std::fs::write(at.join("filler"), vec![0; 4 << 20]);
    assert!(full.is_err(), "the disk did not fill up");
    session.key("n");
    session.wait_for("note on");
    session.keys("a note for a full disk");
    session.key("\r");
    session.wait_for("not saved");
    assert!(!session.has_ended());
    session.wait_until("the sign of a draft on its row", |session| {
        session.text().lines().any(|line| line.starts_with(" d") && line.contains(&row))
    });
    std::fs::remove_file(at.join("filler")).expect("the filler is there");
    session.key("'");
    session.wait_until("the record", |session| session.current().as_deref() == Some(&row));
    session.pause_guard();
    session.key("n");
    session.wait_for("a note for a full disk");
    session.key("\r");
    session.wait_saved(&row);
    session.signal(Signal::TERM);
    session.wait_exit();
    let check = place.cli(&["--db", &db, "--json", "check"]);
    let found: Value = serde_json::from_slice(&check.stdout).unwrap_or_default();
    assert!(found["ok"] == true, "{}", said(&check));
    let record = place.cli(&["--db", &db, "--json", "show", &row]);
    assert!(String::from_utf8_lossy(&record.stdout).contains("a note for a full disk"), "{}", said(&record));
}
