//! Does the whole loop work as its user meets it: keys in a real terminal, the screen, the disk?

#![allow(clippy::disallowed_methods, reason = "tests read files and look at the clock")]

mod support;

use std::time::Duration;

use rustix::process::Signal;
use serde_json::Value;
use support::pty::{Session, Start};
use support::{Place, said};

fn open(place: &Place) -> Session {
    Start::new(&["--db", &place.db()]).run(place)
}

/// The record as `show --json` has it.
fn show(place: &Place, id: &str) -> Value {
    place.json(&["show", id])
}

fn notes(record: &Value) -> usize {
    record["notes"].as_array().map_or(0, Vec::len)
}

/// `show` without the notes' times: what an undo must bring back to the letter.
fn fields(place: &Place, id: &str) -> Value {
    let mut record = show(place, id);
    record.as_object_mut().expect("show prints an object").remove("notes");
    record
}

#[test]
fn the_whole_loop_in_two_keys() {
    let place = Place::with_demo(300);
    let mut session = open(&place);
    let first = session.wait_queue();
    assert!(session.has("DEMO"), "{}", session.shown());
    let why = place.json(&["why", &first]);
    assert!(why["terms"].as_array().is_some_and(|terms| !terms.is_empty()), "{why}");
    let before = show(&place, &first);

    // The portal check: its plan, then the note, the follow-up and the next row.
    session.key("1");
    session.wait_for("portal check, no change:");
    assert_eq!(show(&place, &first), before, "a plan that is only shown changes nothing");
    session.key("\r");
    session.wait_saved(&first);
    let second = session.wait_moved(&first);
    let after = show(&place, &first);
    assert_eq!(notes(&after), notes(&before) + 1);
    assert_ne!(after["follow_up"], before["follow_up"]);
    assert_eq!(session.asked().copies, [], "this one copies nothing");

    // It can be taken back, and brought again.
    session.pause_guard();
    session.key("u");
    session.wait_until("the undo", |_| show(&place, &first)["follow_up"] == before["follow_up"]);
    assert_eq!(notes(&show(&place, &first)), notes(&before));
    session.wait_until("the cursor on what was undone", |session| session.current().as_deref() == Some(&first));
    session.key("\x12");
    session.wait_until("the redo", |_| show(&place, &first)["follow_up"] == after["follow_up"]);
    assert_ne!(first, second);

    session.key("q");
    assert_eq!(session.wait_exit().0, 0);
    session.assert_given_back();
    assert_eq!(session.asked().unknown, Vec::<String>::new());
    place.check();
}

#[test]
fn a_message_reaches_the_terminals_clipboard_after_the_commit() {
    let place = Place::with_demo(300);
    let mut session = open(&place);
    session.wait_queue();
    let first = place.numbered();
    session.go_to(&first);
    session.key("3");
    session.wait_for("asked the utility for the status:");
    assert_eq!(session.asked().copies, [], "nothing is copied before it is saved");
    session.key("\r");
    session.wait_saved(&first);
    session.wait_until("OSC 52", |session| !session.asked().copies.is_empty());
    let (selection, text) = session.asked().copies[0].clone();
    assert_eq!(selection, "c");
    let number = show(&place, &first)["number"].as_str().expect("it has a number").to_owned();
    assert!(text.contains(&number), "the message names the application {number}:\n{text}");
    assert!(!session.has("copied"), "nobody knows that it was: {}", session.shown());
    session.key("q");
    session.wait_exit();
    assert_eq!(session.asked().copies.len(), 1);
}

#[test]
fn a_note_with_signs_shows_what_it_will_do_and_is_kept() {
    let place = Place::with_demo(300);
    let row = place.json(&["list"]);
    let is_open = |row: &&Value| row["status"] == "package-build" && row["ball"] != "utility";
    let id = row.as_array().expect("list prints an array").iter().find(is_open).expect("a demo has packages being built")["id"].clone();
    let id = id.as_str().expect("a reference");
    let mut session = open(&place);
    session.wait_queue();
    session.keys("vt");
    session.settle();
    session.go_to(id);
    let before = notes(&show(&place, id));
    session.key("n");
    session.wait_for("note on");
    session.keys("spoke with Sara, >5b !ready-to-submit @utility");
    session.wait_for("ready");
    session.wait_for("11/30");
    assert_eq!(notes(&show(&place, id)), before, "a preview changes nothing");

    // Esc keeps the text; n brings it back; Enter saves it.
    session.key("\x1b");
    session.wait_for("kept as the draft");
    session.key("n");
    session.wait_for("spoke with Sara");
    session.key("\r");
    session.wait_saved(id);
    let after = show(&place, id);
    assert_eq!(notes(&after), before + 1);
    assert_eq!((after["status"].as_str(), after["ball"].as_str()), (Some("ready-to-submit"), Some("utility")));
    assert!(after["follow_up"].as_str().is_some_and(|day| day.starts_with("2026-11-30")), "{}", after["follow_up"]);
    let last = &after["notes"][before];
    assert!(last["text"].as_str().is_some_and(|text| text.contains("spoke with Sara") && !text.contains(">5b")), "{last}");

    // One undo takes the whole touch back.
    session.pause_guard();
    session.key("u");
    session.wait_until("the undo", |_| show(&place, id)["status"] == "package-build");
    assert_eq!(notes(&show(&place, id)), before);
}

#[test]
fn any_size_is_drawn_and_a_prompt_lives_through_it() {
    let place = Place::with_demo(60);
    let mut session = open(&place);
    session.wait_queue();
    session.key("n");
    session.wait_for("note on");
    session.keys("a note of one size");
    for (cols, rows) in [(1, 1), (2, 80), (300, 1), (40, 10), (39, 9), (80, 24), (17, 5), (300, 100), (60, 15), (120, 40)] {
        session.resize(cols, rows);
        session.settle();
        assert!(!session.has_ended(), "it ended at {cols}x{rows}");
    }
    session.wait_for("a note of one size");
    session.keys(", and another");
    session.wait_for("a note of one size, and another");
    session.key("\x1b");
    session.wait_for("kept as the draft");
    session.key("q");
    assert_eq!(session.wait_exit().0, 0);
}

#[test]
fn without_a_terminal_it_says_what_to_use() {
    let place = Place::with_demo(10);
    let piped = place.cli(&["--db", &place.db()]);
    assert_eq!(piped.status.code(), Some(2), "{}", said(&piped));
    assert!(String::from_utf8_lossy(&piped.stderr).contains("intertie list"), "{}", said(&piped));
    assert!(piped.stdout.is_empty());
    for term in [Some("dumb"), None] {
        let mut session = Start::new(&["--db", &place.db()]).env("TERM", term).run(&place);
        assert_eq!(session.wait_exit().0, 2, "TERM={term:?}: {}", session.shown());
        assert!(session.has("intertie list"), "TERM={term:?}: {}", session.shown());
        assert!(!session.screen().alternate_screen());
    }
}

#[test]
fn signals_end_it_at_once_and_the_text_is_kept() {
    for signal in [Signal::HUP, Signal::TERM] {
        let place = Place::with_demo(20);
        let mut session = open(&place);
        session.wait_queue();
        session.key("n");
        session.wait_for("note on");
        session.keys("not yet saved");
        session.wait_for("not yet saved");
        session.signal(signal);
        let (_, took) = session.wait_exit();
        assert!(took < Duration::from_secs(1), "{signal:?} took {took:?}");
        if signal == Signal::TERM {
            session.assert_given_back();
        }
        let mut next = open(&place);
        next.wait_queue();
        next.wait_for("draft");
        next.key("'");
        next.pause_guard();
        next.key("n");
        next.wait_for("not yet saved");
    }
}

/// crossterm reads a terminal that is gone for ever. It is a matter of microseconds whether that happens, so it is tried
/// again and again; one time in ten a core was used up for good.
#[test]
fn a_closed_window_leaves_no_process_behind() {
    let place = Place::with_demo(60);
    for turn in 0..12 {
        let mut session = open(&place);
        session.wait_queue();
        let ended = session.hang_up(&"jk".repeat(1 + 4 * turn), Duration::from_secs(10));
        assert!(ended.is_some(), "turn {turn}: it goes on without a terminal");
    }
}

#[test]
fn it_stops_and_comes_back() {
    let place = Place::with_demo(60);
    let mut session = open(&place);
    let row = session.wait_queue();
    session.signal(Signal::TSTP);
    session.wait_until("it to stop", |session| session.state() == 'T');
    session.settle();
    session.assert_given_back();
    session.signal(Signal::CONT);
    session.wait_until("the queue again", |session| session.screen().alternate_screen() && session.current().as_deref() == Some(&row));
    session.wait_until("raw mode", Session::is_raw);
    session.key("j");
    session.wait_moved(&row);
}

#[test]
fn a_paste_over_the_queue_runs_no_keys() {
    let place = Place::with_demo(60);
    let mut session = open(&place);
    let row = session.wait_queue();
    let before = place.json(&["list"]);
    session.paste("1\r1\r3\rnhello\ru\rq\r");
    session.settle();
    assert!(!session.has_ended());
    assert_eq!(session.current().as_deref(), Some(row.as_str()), "{}", session.shown());
    assert_eq!(place.json(&["list"]), before);
    assert_eq!(session.asked().copies, []);
    // In a note the same text is text.
    session.key("n");
    session.wait_for("note on");
    session.paste("1\rq >5b\x1b]52;c;YmFk\x07");
    session.wait_for("q >5b");
    assert_eq!(session.asked().copies, []);
}

#[test]
fn undo_brings_every_field_back() {
    let place = Place::with_demo(60);
    let mut session = open(&place);
    let first = session.wait_queue();
    let before = fields(&place, &first);
    session.key("2");
    session.wait_for("left the customer a voicemail:");
    session.key("\r");
    session.wait_saved(&first);
    assert_ne!(fields(&place, &first), before);
    session.pause_guard();
    session.key("u");
    session.wait_until("the undo", |_| fields(&place, &first)["ball"] == before["ball"]);
    assert_eq!(fields(&place, &first), before);
}

/// Seen from outside: what the process that has the queue was started with. The file is made long, not full; SQLite goes
/// by the size in its header.
#[test]
fn a_large_queue_is_started_anew_once_for_large_pages_and_a_small_one_is_not() {
    let rule = std::fs::read_to_string("/sys/kernel/mm/transparent_hugepage/enabled").unwrap_or_default();
    if !cfg!(all(target_os = "linux", target_env = "gnu")) || !rule.contains("[madvise]") {
        support::tell("not run: large pages are not given on request here");
        return;
    }
    let place = Place::with_demo(60);
    let asks = |args: &[&str]| {
        let mut session = Start::new(args).run(&place);
        session.wait_queue();
        let environment = std::fs::read(format!("/proc/{}/environ", session.pid())).expect("its environment");
        session.key("q");
        assert_eq!(session.wait_exit().0, 0);
        session.assert_given_back();
        String::from_utf8_lossy(&environment).matches("glibc.malloc.hugetlb=1").count()
    };
    let db = place.db();
    assert_eq!([asks(&["--db", &db]), asks(&["demo", "--db", &db])], [0, 0]);
    let file = std::fs::OpenOptions::new().write(true).open(&db).expect("the demo");
    file.set_len(64 << 20).expect("a longer file");
    assert_eq!([asks(&["--db", &db]), asks(&["demo", "--db", &db])], [1, 1]);
    place.check();
}
