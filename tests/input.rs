//! What comes of keys over a slow line, of a page pasted where a line is wanted, of queries that mean nothing, of a day that
//! ends, in a real terminal? Nothing hangs, nothing is lost without a word.

#![allow(clippy::disallowed_methods, reason = "tests read files and look at the clock")]

mod support;

use std::time::{Duration, Instant};

use support::hands::Hands;
use support::pty::{Session, Start};
use support::{Place, tell};

/// Sixty keys a second.
const PACE: Duration = Duration::from_micros(16_667);
/// To the program, and back.
const LINE: Duration = Duration::from_millis(150);
/// A page that somebody pastes by accident.
const PAGE: usize = 100_000;

fn open(place: &Place) -> Session {
    Start::new(&["--db", &place.db()]).run(place)
}

fn journal(place: &Place) -> usize {
    place.json(&["history"]).as_array().map_or(0, Vec::len)
}

/// Keys at the pace of a held key, whatever the screen shows.
fn hurry(session: &mut Session, keys: &str) {
    let mut buffer = [0; 4];
    let start = Instant::now();
    for (nth, c) in (0..).zip(keys.chars()) {
        let due = start + PACE * nth;
        while Instant::now() < due {
            session.pump(due.saturating_duration_since(Instant::now()).min(Duration::from_millis(5)));
        }
        session.key(c.encode_utf8(&mut buffer));
    }
}

#[test]
fn sixty_keys_a_second_over_a_slow_line() {
    let place = Place::with_demo(700);
    let before = journal(&place);
    let mut session = Start::new(&["--db", &place.db()]).late(LINE).run(&place);
    session.wait_queue();
    session.key("v");
    session.key("t");
    session.wait_for("team 1 of");
    hurry(&mut session, &"j".repeat(60));
    let moved = session.wait_for("team 61 of");
    session.settle();
    assert!(session.has("team 61 of"), "as many rows as keys:\n{}", session.shown());
    // A note, and behind its Enter what was meant for rows that nobody had seen.
    let row = session.current().expect("a row is under the cursor");
    let note = "talked to the utility, the meter is set for next week and the customer knows it";
    hurry(&mut session, &format!("n{note}\r1\r1\rnstray words\ru"));
    let saved = session.wait_until("the note", |session| session.is_saved(&row));
    session.settle();
    tell(&format!("over a line of 150 ms each way: the 60th row after {} ms, the note after {} ms", moved.as_millis(), saved.as_millis()));
    // Both ways take 300 ms; what is left is the machine's.
    assert!(moved < Duration::from_secs(2) && saved < Duration::from_secs(2), "{moved:?} {saved:?}");
    // In the notice of the save, or after it, whichever came last.
    let said = ["came before the next row could be read: not done", "that key came before the new record could be read"];
    assert!(said.iter().any(|words| session.has(words)), "what was dropped is said:\n{}", session.shown());
    assert_eq!(journal(&place), before + 1, "what was typed behind the Enter was meant for no row on the screen");
    let notes = place.json(&["show", &row])["notes"].clone();
    assert_eq!(notes.as_array().and_then(|notes| notes.last()).map(|last| last["text"].clone()), Some(note.into()));
    place.check();
}

/// How a text field is opened, what stands there then, what is said of a page.
struct Field {
    keys: &'static [&'static str],
    opens: &'static str,
    says: &'static str,
}

const FIELDS: [Field; 13] = [
    Field { keys: &["/"], opens: "enter stay there", says: "at most 1024 bytes" },
    Field { keys: &["F"], opens: "find in history", says: "at most 1024 bytes" },
    Field { keys: &["Q"], opens: "enter keep it", says: "too long for a query; nothing was pasted" },
    Field { keys: &["n"], opens: "note on", says: "a note has at most 64 KiB; nothing was pasted" },
    Field { keys: &["f"], opens: "we look again:", says: "at most 1024 bytes; nothing was pasted" },
    Field { keys: &["e"], opens: "edit:", says: "at most 1024 bytes; nothing was pasted" },
    Field { keys: &["N"], opens: "new application", says: "at most 1024 bytes; nothing was pasted" },
    Field { keys: &["t"], opens: "to do", says: "at most 1024 bytes; nothing was pasted" },
    Field { keys: &["M"], opens: "who signs", says: "at most 1024 bytes; nothing was pasted" },
    Field { keys: &[":"], opens: "type to narrow", says: "too long to narrow a list by; nothing was pasted" },
    Field { keys: &["v", "v"], opens: "which view", says: "too long to narrow a list by; nothing was pasted" },
    Field { keys: &["I"], opens: "file", says: "at most 1024 bytes; nothing was pasted" },
    Field { keys: &["T", "\r"], opens: "CRM line", says: "no room for that much here; nothing was pasted" },
];

fn page(lines: bool) -> String {
    let word = |nth: usize| format!("word{nth}{}", if lines && nth % 12 == 11 { "\n" } else { " " });
    (0..).map(word).flat_map(|word| word.into_bytes()).map(char::from).take(PAGE).collect()
}

fn enter(session: &mut Session, field: &Field) {
    session.pause_guard();
    for key in field.keys {
        session.settle();
        session.key(key);
    }
    session.wait_for(field.opens);
}

/// Out of whatever is open, over a step back if one comes first.
fn leave(session: &mut Session) {
    for _ in 0..3 {
        session.settle();
        if session.has("space quick actions") {
            return;
        }
        session.key("\x1b");
    }
    session.wait_for("space quick actions");
}

#[test]
fn a_page_pasted_into_any_field_is_refused_with_a_word() {
    let place = Place::with_demo(60);
    let before = journal(&place);
    let mut session = open(&place);
    session.wait_queue();
    for field in &FIELDS {
        enter(&mut session, field);
        session.paste(&page(true));
        session.wait_for(field.says);
        // The field lives on, and has nothing of it.
        session.keys("zxq");
        session.wait_for("zxq");
        assert!(!session.has("word1"), "{:?}:\n{}", field.keys, session.shown());
        leave(&mut session);
    }
    // The name of a view is asked for only where there is something to keep.
    session.keys("Qrmp\r");
    session.settle();
    enter(&mut session, &Field { keys: &["v", "k"], opens: "keep this view", says: "" });
    session.paste(&page(true));
    session.wait_for("at most 1024 bytes; nothing was pasted");
    leave(&mut session);
    session.key("q");
    assert_eq!(session.wait_exit().0, 0);
    assert_eq!(journal(&place), before);
}

/// As a terminal sends it that knows no marks: in heaps of keys.
#[test]
fn a_page_without_marks_is_no_minute_of_typing() {
    let place = Place::with_demo(60);
    let before = journal(&place);
    let mut session = open(&place);
    session.wait_queue();
    for field in FIELDS.iter().filter(|field| field.opens != "note on") {
        enter(&mut session, field);
        let start = Instant::now();
        session.key(page(false).trim_end());
        session.wait_until("a word about it", |session| {
            session.has("at most") || session.has("too long") || session.has("no room") || session.has("its end was cut off")
        });
        assert!(start.elapsed() < Duration::from_secs(5), "{:?} took {:?}", field.keys, start.elapsed());
        leave(&mut session);
    }
    // A note has room for the beginning: it is there, and that the end is not is said.
    enter(&mut session, &FIELDS[3]);
    let start = Instant::now();
    session.key(page(false).trim_end());
    session.wait_for("its end was cut off");
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    session.settle();
    session.key("\x1b");
    session.wait_for("kept as the draft");
    session.key("q");
    assert_eq!(session.wait_exit().0, 0);
    assert_eq!(journal(&place), before);
}

#[test]
fn queries_that_mean_nothing_are_told_so() {
    let place = Place::with_demo(60);
    let mut session = open(&place);
    session.wait_queue();
    for (query, says) in [
        ("\"meter swap", "this quote is never closed"),
        ("/def.*ency/", "reads like a pattern"),
        ("utilty:rmp", "there is no field utilty"),
        ("due<2/31", "there is no day 31 in February"),
    ] {
        session.key("Q");
        session.wait_for("enter keep it");
        session.keys(query);
        session.key("\r");
        session.wait_for(says);
        session.key("\x1b");
        session.wait_gone("enter keep it");
    }
    // What is no query may be words: nothing has them, and the way back is one key.
    for query in ["(?i)a+", "[", "^$", "\\d{3}", "%s%n", "'; drop table"] {
        session.key("Q");
        session.wait_for("enter keep it");
        session.keys(query);
        session.settle();
        assert!(!session.has_ended(), "{query}");
        session.key("\x1b");
        session.wait_gone("enter keep it");
        assert!(session.current().is_some(), "{query}:\n{}", session.shown());
    }
    // Four thousand letters, as a terminal without marks sends them.
    session.key("Q");
    session.wait_for("enter keep it");
    session.key("kw>25 ".repeat(4_000 / 6).trim_end());
    // In one piece it is refused as a whole, in several there is room for the first.
    session.wait_until("a word about it", |session| session.has("its end was cut off") || session.has("nothing was pasted"));
    session.settle();
    session.key("\x15");
    // What there is room for can be more than a query may have: Enter keeps nothing.
    session.paste("kw>25 ".repeat(1_010 / 6).trim_end());
    session.wait_for("a query has at most 1000 letters");
    session.key("\r");
    session.settle();
    session.wait_for("enter keep it");
    session.key("\x1b");
    session.wait_gone("enter keep it");
    assert!(session.current().is_some(), "{}", session.shown());
}

/// The view, its counts and the day.
fn header(session: &Session) -> String {
    session.line(0)
}

/// The rows of the list, and the tabs above them, without the record beside.
fn listed(session: &Session) -> Vec<String> {
    let lines: Vec<String> = session
        .text()
        .lines()
        .filter(|line| line.contains('│'))
        .take(30)
        .map(|line| line.split('│').next().unwrap_or_default().to_owned())
        .collect();
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

#[test]
fn a_day_that_ends_while_the_queue_is_open() {
    let place = Place::with_demo(200);
    let db = place.db();
    let late = |day: &str, time: &str| {
        let start = Start::new(&["--db", &db]).env("INTERTIE_TODAY", Some(day)).env("INTERTIE_TIME", Some(time));
        start.run(&place)
    };
    let mut session = late("2026-11-23", "23:59:20");
    session.wait_queue();
    session.keys("vt");
    session.wait_for("team 1 of");
    session.keys("Qdue:today\r");
    session.settle();
    session.keys("vk");
    session.wait_for("keep this view");
    session.keys("now");
    session.pause_guard();
    session.key("\r");
    session.wait_for("kept the view now");
    session.keys("vt");
    session.wait_for("Mon 11/23");
    session.settle();
    let (before, row) = (header(&session), session.current());
    session.patience(Duration::from_secs(60));
    session.wait_for("it is Tue 11/24 now");
    session.wait_until("the counts", |session| header(session) != before && session.line(0).contains("Tue 11/24"));
    assert_eq!(session.current(), row, "the order holds still");
    // What a session says that is opened on the new day is what this one says after R, its tabs too.
    let mut other = late("2026-11-24", "00:00:30");
    other.wait_queue();
    other.keys("vt");
    other.wait_for("team 1 of");
    session.key("R");
    session.wait_for("team 1 of");
    session.wait_until("the same screen as on the new day", |session| {
        other.pump(Duration::from_millis(20));
        (header(session), listed(session)) == (header(&other), listed(&other))
    });
}

#[test]
fn a_view_that_somebody_removes_while_one_looks_at_it() {
    let place = Place::with_demo(200);
    let hands = Hands::of("default");
    let (mut one, mut two) = (open(&place), open(&place));
    one.wait_queue();
    two.wait_queue();
    one.keys("vt");
    one.wait_for("team 1 of");
    one.keys("Qball:us\r");
    one.settle();
    one.keys("vk");
    one.wait_for("keep this view");
    one.keys("ours\t");
    one.key("\x15");
    one.keys("team\r");
    one.wait_for("saved view ours");
    two.wait_for("ours");
    two.pause_guard();
    two.keys("[");
    two.settle();
    let (rows, row) = (listed(&two), two.current());
    one.pause_guard();
    one.keys("vx");
    one.wait_for("remove a view");
    one.key("\r");
    one.wait_for("removed the view ours");
    two.wait_for("the view ours was removed; what it lists stays until you leave it");
    two.settle();
    assert!(two.has("ours (removed)"), "{}", two.shown());
    assert_eq!((listed(&two), two.current()), (rows, row.clone()), "{}", two.shown());
    // One can go on working in it.
    let row = row.expect("a row is under the cursor");
    two.pause_guard();
    two.key(&hands.send("touch", Some("pc-no-change")));
    two.wait_for("portal check, no change:");
    two.key("\r");
    two.wait_saved(&row);
    two.pause_guard();
    two.keys("vt");
    two.wait_for("team 1 of");
    two.pause_guard();
    two.keys("vv");
    two.wait_for("which view");
    assert!(!two.has("ours"), "{}", two.shown());
}

#[test]
fn a_sort_by_what_half_the_rows_lack() {
    let place = Place::with_demo(200);
    let mut session = open(&place);
    session.wait_queue();
    session.keys("vt");
    session.wait_for("team 1 of");
    session.keys("vo");
    session.wait_for("sort by");
    session.keys("-promised");
    session.settle();
    session.key("\r");
    session.wait_for("without it last");
    let sorted = place.json(&["list", "workable", "--sort", "-promised"]);
    let wanted: Vec<&str> = sorted.as_array().expect("an array").iter().filter_map(|row| row["id"].as_str()).collect();
    session.key("g");
    session.key("g");
    session.wait_until("the first row", |session| session.current().as_deref() == wanted.first().copied());
    session.key("G");
    session.wait_until("the last row", |session| session.current().as_deref() == wanted.last().copied());
}
