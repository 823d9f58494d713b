//! Two hundred rows worked by keys in a real terminal: was ever a record changed that was not under the cursor?

#![allow(clippy::disallowed_methods, reason = "tests read files and look at the clock")]

mod support;

use std::collections::BTreeMap;
use std::time::Instant;

use support::Place;
use support::pty::{Session, Start};

/// One touch: what is typed, what the screen shows before it is done, what the record must have after.
struct Touch {
    /// Keys, the last one without the Enter that does it.
    keys: &'static str,
    shows: &'static str,
    /// Command keys: all but the text of a note.
    count: usize,
}

/// By turns, in about the mix of a day: mostly chasing, some notes, some dates.
const TOUCHES: [Touch; 8] = [
    Touch { keys: "1", shows: "PC, no change", count: 2 },
    Touch { keys: "2", shows: "LVM", count: 2 },
    Touch { keys: "nwork note NUMBER", shows: "work note NUMBER", count: 2 },
    Touch { keys: "3", shows: "Asked", count: 2 },
    Touch { keys: "nlook again NUMBER >3b", shows: "look again NUMBER", count: 3 },
    Touch { keys: "1", shows: "PC, no change", count: 2 },
    Touch { keys: "f5b", shows: "we look", count: 2 },
    Touch { keys: "nball note NUMBER @utility", shows: "ball note NUMBER", count: 3 },
];

fn length(place: &Place, id: &str) -> usize {
    place.json(&["history", id]).as_array().map_or(0, Vec::len)
}

/// How long each record's history is.
fn lengths(place: &Place) -> BTreeMap<String, usize> {
    let list = place.json(&["list"]);
    let ids = list.as_array().expect("list prints an array").iter().map(|row| row["id"].as_str().expect("a reference").to_owned());
    ids.map(|id| (id.clone(), length(place, &id))).collect()
}

fn do_touch(session: &mut Session, touch: &Touch, number: usize) {
    let number = format!("{number:03}");
    let (first, rest) = touch.keys.split_at(1);
    session.key(first);
    if !rest.is_empty() {
        session.wait_until("the prompt", |session| !session.screen().hide_cursor());
        session.keys(&rest.replace("NUMBER", &number));
    }
    session.wait_for(&touch.shows.replace("NUMBER", &number));
    session.key("\r");
}

#[test]
fn two_hundred_rows_and_no_wrong_record() {
    const ROWS: usize = 200;
    let start = Instant::now();
    let place = Place::with_demo(ROWS + 40);
    let before = lengths(&place);
    let mut session = Start::new(&["--db", &place.db()]).run(&place);
    session.wait_queue();
    session.keys("vt");
    session.wait_until("everybody's rows", |session| session.has("team 1 of"));

    // What was painted under the cursor when the key was sent, and how many commands went there.
    let mut sent: BTreeMap<String, usize> = BTreeMap::new();
    let (mut keys, mut undone, bytes) = (0, 0, session.bytes);
    for number in 0..ROWS {
        session.pause_guard();
        let row = session.current().unwrap_or_else(|| panic!("no row under the cursor:\n{}", session.shown()));
        let touch = &TOUCHES[number % TOUCHES.len()];
        do_touch(&mut session, touch, number);
        session.wait_until(&format!("{row} to be saved"), |session| {
            session.text().lines().any(|line| line.starts_with("saved") && line.contains(&row))
        });
        keys += touch.count;
        *sent.entry(row.clone()).or_default() += 1;
        if number % 25 == 24 {
            // One back, and the cursor with it; then once more.
            session.pause_guard();
            session.key("u");
            session.wait_until("the undo", |session| session.current().as_deref() == Some(&row) && !session.has("saved "));
            session.pause_guard();
            session.key("\x12");
            session.wait_until("the redo", |session| session.text().contains("again") || session.text().contains("brought back"));
            undone += 1;
            session.key("j");
        }
    }
    let bytes = session.bytes - bytes;
    session.pause_guard();
    session.key("q");
    assert_eq!(session.wait_exit().0, 0);

    let after = lengths(&place);
    let mut wrong = Vec::new();
    for (id, was) in &before {
        let now = after.get(id).copied().unwrap_or_else(|| length(&place, id));
        let expected = sent.get(id).copied().unwrap_or(0);
        // A command may tell several things; none tells nothing, and nobody else's row tells any.
        if (now > *was) != (expected > 0) || now < was + expected {
            wrong.push(format!("{id}: {expected} commands, history {was} -> {now}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "records that were not under the cursor were changed, or lost a change");
    check_notes(&place, &sent);
    place.check();
    println!(
        "{ROWS} rows, {undone} undone and brought back: {:.2} command keys a touch, {} bytes of screen a touch, 0 wrong records, {:.0} s",
        keys as f64 / ROWS as f64,
        bytes / ROWS,
        start.elapsed().as_secs_f64()
    );
}

/// Each numbered note is there once, on a record that had the cursor.
fn check_notes(place: &Place, sent: &BTreeMap<String, usize>) {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for id in sent.keys() {
        for note in place.json(&["show", id])["notes"].as_array().map(Vec::as_slice).unwrap_or_default() {
            let text = note["text"].as_str().unwrap_or_default();
            if let Some((_, number)) = text.split_once("note ").or_else(|| text.split_once("look again ")) {
                places.entry(number.chars().take(3).collect()).or_default().push(id.clone());
            }
        }
    }
    let twice: Vec<(&String, &Vec<String>)> =
        places.iter().filter(|(number, ids)| number.parse::<usize>().is_ok() && ids.len() != 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
    let numbers = places.keys().filter(|number| number.parse::<usize>().is_ok()).count();
    let wanted = (0..200).filter(|number| TOUCHES[number % TOUCHES.len()].keys.starts_with('n')).count();
    assert_eq!(numbers, wanted, "notes that were sent and are not there");
}
