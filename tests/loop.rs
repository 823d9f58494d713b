//! Two hundred rows worked by keys in a real terminal: was ever a record changed that was not under the cursor?

#![allow(clippy::disallowed_methods, reason = "tests read files and look at the clock")]

mod support;

use std::collections::BTreeMap;
use std::time::Instant;

use support::pty::{Session, Start};
use support::{Place, tell};

const ROWS: usize = 200;

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
    Touch { keys: "1", shows: "portal check, no change:", count: 2 },
    Touch { keys: "2", shows: "left the customer a voicemail:", count: 2 },
    Touch { keys: "nwork note NUMBER", shows: "work note NUMBER", count: 2 },
    Touch { keys: "3", shows: "asked the utility for the status:", count: 2 },
    Touch { keys: "nlook again NUMBER >3b", shows: "look again NUMBER", count: 3 },
    Touch { keys: "1", shows: "portal check, no change:", count: 2 },
    Touch { keys: "f1/20", shows: "we look", count: 2 },
    Touch { keys: "nball note NUMBER @utility", shows: "ball note NUMBER", count: 3 },
];

/// The utility is asked about what lies with it; a permit or a claim is only looked at.
fn touch(place: &Place, row: &str, number: usize) -> &'static Touch {
    let touch = &TOUCHES[number % TOUCHES.len()];
    let beside = touch.keys == "3" && place.json(&["show", row])["lane"] != "utility";
    if beside { &TOUCHES[0] } else { touch }
}

/// How many changes a record's history tells: one for each command.
fn length(place: &Place, id: &str) -> usize {
    place.json(&["history", id]).as_array().map_or(0, Vec::len)
}

/// How many changes the whole journal tells.
fn journal(place: &Place) -> usize {
    place.json(&["history"]).as_array().map_or(0, Vec::len)
}

fn do_touch(session: &mut Session, touch: &Touch, number: usize) {
    let number = format!("{number:03}");
    let (first, rest) = touch.keys.split_at(1);
    session.key(first);
    if !rest.is_empty() {
        // The last line names the keys of whoever has them.
        session.wait_gone("quick actions");
        session.keys(&rest.replace("NUMBER", &number));
    }
    session.wait_for(&touch.shows.replace("NUMBER", &number));
    if touch.keys == "3" && session.has("must be answered") {
        session.keys(&format!("T-{number}"));
        session.wait_for(&format!("T-{number}"));
    }
    session.key("\r");
}

/// A record that had the cursor: how long its history was then, and what was sent to it since.
struct Worked {
    was: usize,
    sent: usize,
}

#[test]
fn two_hundred_rows_and_no_wrong_record() {
    let start = Instant::now();
    let place = Place::with_demo(1_700);
    let before = journal(&place);
    let mut session = Start::new(&["--db", &place.db()]).run(&place);
    session.wait_queue();
    session.keys("vt");
    session.wait_for("team 1 of");

    let mut worked: BTreeMap<String, Worked> = BTreeMap::new();
    let (mut keys, mut undone, mut bytes) = (0, 0, Vec::new());
    for number in 0..ROWS {
        // What is painted under the cursor when the key is sent is what must change.
        let row = session.current().unwrap_or_else(|| panic!("no row under the cursor:\n{}", session.shown()));
        worked.entry(row.clone()).or_insert_with(|| Worked { was: length(&place, &row), sent: 0 }).sent += 1;
        session.pause_guard();
        let touch = touch(&place, &row, number);
        let sent = session.bytes;
        do_touch(&mut session, touch, number);
        session.wait_saved(&row);
        bytes.push(session.bytes - sent);
        keys += touch.count;
        if number % 25 == 24 {
            // One back, and the cursor with it; then once more.
            session.pause_guard();
            session.key("u");
            session.wait_until("the undo", |session| session.current().as_deref() == Some(&row) && session.has("ctrl-r brings it again"));
            session.key("\x12");
            session.wait_gone("ctrl-r brings it again");
            worked.get_mut(&row).expect("it was just worked").sent += 2;
            undone += 1;
            session.key("j");
            session.wait_moved(&row);
        }
    }
    session.pause_guard();
    session.key("q");
    assert_eq!(session.wait_exit().0, 0);

    let wrong: Vec<String> = worked
        .iter()
        .map(|(id, worked)| (id, worked, length(&place, id)))
        .filter(|(_, worked, now)| worked.was + worked.sent != *now)
        .map(|(id, worked, now)| format!("{id}: history was {}, {} commands were sent, it is {now}", worked.was, worked.sent))
        .collect();
    assert_eq!(wrong, Vec::<String>::new(), "records that lost a change, or got one that was not theirs");
    let sent: usize = worked.values().map(|worked| worked.sent).sum();
    assert_eq!(journal(&place), before + sent, "a record that never had the cursor was changed");
    check_notes(&place, &worked);
    place.check();
    bytes.sort_unstable();
    tell(&format!(
        "{ROWS} touches on {} rows, {undone} undone and brought back: {:.2} command keys and {} bytes of screen (median) a touch, 0 wrong records, {:.0} s",
        worked.len(),
        keys as f64 / ROWS as f64,
        bytes[ROWS / 2],
        start.elapsed().as_secs_f64()
    ));
}

/// Each numbered note is there once, on a record that had the cursor.
fn check_notes(place: &Place, worked: &BTreeMap<String, Worked>) {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for id in worked.keys() {
        for note in place.json(&["show", id])["notes"].as_array().map(Vec::as_slice).unwrap_or_default() {
            let words: Vec<&str> = note["text"].as_str().unwrap_or_default().split_whitespace().collect();
            if let ["work" | "ball", "note", number] | ["look", "again", number] = words[..] {
                *found.entry(number.to_owned()).or_default() += 1;
            }
        }
    }
    let wanted: BTreeMap<String, usize> = (0..ROWS)
        .filter(|number| TOUCHES[number % TOUCHES.len()].keys.starts_with('n'))
        .map(|number| (format!("{number:03}"), 1))
        .collect();
    assert_eq!(found, wanted, "notes that were sent, and how often each is there");
}
