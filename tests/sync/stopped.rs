//! Two exports at once, one that is killed, a directory that vanishes, a disk that is full: what is then there?

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use super::receiver::Receiver;
use super::support::{Place, said, tell};
use super::*;

#[test]
fn two_exports_at_once_are_one_and_nothing() {
    let place = place();
    let mut receiver = Receiver::default();
    let ever = BTreeSet::from([new(&place, "1 Oak St")]);
    for round in 0..4 {
        done(&place, &["note", "A-1001", &format!("round {round}")]);
        let db = place.db();
        let start = || {
            let mut command = place.command(&["--db", &db, "--json", "sync", "export", "crm", "--to", "out"]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started")
        };
        let both = [start(), start()].map(|child: Child| child.wait_with_output().expect("ended"));
        let answers = both.map(|output| {
            assert!(output.status.success(), "{}", said(&output));
            serde_json::from_slice::<Value>(&output.stdout).expect("JSON")
        });
        let mut counts: Vec<i64> = answers.iter().filter_map(|answer| answer["applications"].as_i64()).collect();
        counts.sort_unstable();
        assert_eq!(counts, [0, 1]);
        let path = answers.iter().find_map(|answer| answer["jsonl"].as_str()).expect("one of them wrote");
        receiver.take(Path::new(path));
        receiver.is_right(&place, &ever);
    }
    assert_eq!(files(&place.path("out")).len(), 8);
}

/// Files that are there under their own names are whole: as many objects as rows, every line an object.
fn all_whole(dir: &Path) -> Vec<PathBuf> {
    let named: Vec<String> = files(dir).into_iter().filter(|name| !name.starts_with('.')).collect();
    let mut found = Vec::new();
    for name in named.iter().filter(|name| name.ends_with(".jsonl")) {
        let text = std::fs::read_to_string(dir.join(name)).expect("a file");
        assert!(text.ends_with('\n'), "{name} is half a file");
        let objects: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|err| panic!("{name}: {err}"))).collect();
        let csv = std::fs::read_to_string(dir.join(name.replace(".jsonl", ".csv"))).expect("the CSV file was there first");
        let rows = csv::Reader::from_reader(csv.as_bytes()).records().collect::<Result<Vec<_>, _>>().expect("whole rows").len();
        assert_eq!(rows, objects.len(), "{name}");
        found.push(dir.join(name));
    }
    found
}

#[test]
fn killed_at_any_moment_it_leaves_whole_files_and_the_next_one_is_right() {
    let place = place();
    import(&place, 400, "one");
    let db = place.db();
    let out = place.path("out");
    let mut receiver = Receiver { forgiving: true, ..Receiver::default() };
    let mut ever: BTreeSet<String> = (1001..1401).map(|n| format!("A-{n}")).collect();
    let started = std::time::Instant::now();
    done(&place, &["sync", "export", "whole", "--to", "out"]);
    let whole = started.elapsed();
    std::fs::remove_dir_all(&out).and_then(|()| std::fs::create_dir(&out)).expect("an empty directory");
    let (mut killed, mut left) = (0, 0);
    for round in 0..16_u32 {
        let id = format!("A-{}", 1001 + round);
        done(&place, &["note", &id, "in between"]);
        let mut child = place
            .command(&["--db", &db, "sync", "export", "crm", "--to", "out"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        // The moments lie over the whole of a run, whatever a run takes here.
        std::thread::sleep(whole * round / 14);
        let _ = child.kill();
        killed += i32::from(child.wait().expect("ended").code().is_none());
        left += i32::from(files(&out).iter().any(|name| name.starts_with('.')));
        // The receiver is quick: it takes what it sees, whether or not we know of it.
        for path in all_whole(&out) {
            receiver.take(&path);
        }
        if round % 3 == 0 {
            done(&place, &["undo"]);
        }
    }
    ever.insert(new(&place, "the last"));
    let answer = export(&place);
    for path in all_whole(&out) {
        receiver.take(&path);
    }
    assert!(files(&out).iter().all(|name| !name.starts_with('.')), "what killed runs left is gone: {:?}", files(&out));
    receiver.take(Path::new(answer["jsonl"].as_str().expect("a file")));
    receiver.is_right(&place, &ever);
    place.check();
    tell(&format!("16 exports of {whole:?}: {killed} killed, {left} left hidden halves"));
    assert!(killed > 3, "no run was killed");
}

#[test]
fn files_that_were_seen_before_a_kill_are_taken_back_with_the_next() {
    let place = place();
    let ever = BTreeSet::from([new(&place, "1 Oak St")]);
    done(&place, &["note", "A-1001", "a slip"]);
    let mut receiver = Receiver { forgiving: true, ..Receiver::default() };
    exported(&place, &mut receiver);
    // As a kill after the files came to their place and before that was written down leaves it.
    let conn = rusqlite::Connection::open(place.db()).expect("the database");
    conn.execute("UPDATE destination SET position = 0, tried = '2', millis = NULL, exports = 0", []).expect("set back");
    drop(conn);
    done(&place, &["undo"]);
    let answer = exported(&place, &mut receiver);
    assert_eq!((&answer["from"], &answer["first"], &answer["withdrawn"]), (&json!(0), &json!(true), &json!(1)), "{answer}");
    assert_eq!(files(&place.path("out")), ["crm-0-3.csv", "crm-0-3.jsonl"], "the older pair is in the new one");
    receiver.is_right(&place, &ever);
}

#[test]
fn bad_names_directories_and_demos_are_one_sentence() {
    let place = place();
    new(&place, "1 Oak St");
    let long = "x".repeat(41);
    for name in ["../x", "", "con.", "a/b", "a b", ".", "/etc/passwd", "x\u{1b}]52;c;aGk=\u{7}", "jörg", &long] {
        let output = run(&place, &["sync", "export", name, "--to", "out"]);
        assert_eq!(code(&output), 2, "{name}: {}", said(&output));
        let says = words(&output);
        assert!(says.contains("is no name for a destination: nothing was exported") && !says.contains('\u{1b}'), "{says}");
    }
    assert_eq!(code(&run(&place, &["sync", "export", "--to", "out", "--", "--x/"])), 2);
    std::fs::write(place.path("file"), "").expect("written");
    for (dir, says) in [("nowhere", "there is no directory"), ("file", "is not a directory"), ("/dev/full", "is not a directory")] {
        let output = run(&place, &["sync", "export", "crm", "--to", dir]);
        assert_eq!(code(&output), 74, "{dir}: {}", said(&output));
        assert!(words(&output).contains(says), "{}", said(&output));
    }
    assert_eq!(place.json(&["sync", "status"]), json!([]), "no position has moved");
    assert!(files(&place.path("out")).is_empty());
    assert_eq!(code(&run(&place, &["sync", "status", "crm"])), 1);
    let demo = Place::with_demo(5);
    std::fs::create_dir(demo.path("out")).expect("a directory");
    for args in [&["sync", "export", "crm", "--to", "out"][..], &["sync", "status"]] {
        let output = run(&demo, args);
        assert_eq!(code(&output), 1, "{}", said(&output));
        assert!(words(&output).contains("this is a demo"), "{}", said(&output));
    }
}

#[test]
fn a_directory_that_vanishes_stops_it_and_nothing_is_taken_for_sent() {
    let place = place();
    import(&place, 20, "one");
    let db = place.db();
    let out = place.path("out");
    // Whoever holds the writers' gate stops it when its files are written and have no names yet.
    let gate = std::fs::File::open(place.path("work.db-lock")).expect("the import made it");
    rustix::fs::flock(&gate, rustix::fs::FlockOperation::LockExclusive).expect("nobody writes");
    let child = place
        .command(&["--db", &db, "sync", "export", "crm", "--to", "out"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    while files(&out).len() < 2 {
        std::thread::sleep(Duration::from_millis(1));
    }
    std::fs::rename(&out, place.path("elsewhere")).expect("moved away");
    drop(gate);
    let ended = child.wait_with_output().expect("ended");
    assert_eq!(code(&ended), 74, "{}", said(&ended));
    assert!(words(&ended).contains("is no longer there: nothing was exported"), "{}", said(&ended));
    assert!(!out.exists());
    let status = place.json(&["sync", "status"]);
    assert!(status.as_array().is_some_and(|all| all.iter().all(|one| one["exports"] == 0)), "perhaps tried, never sent: {status}");
    std::fs::create_dir(&out).expect("a directory");
    let mut receiver = Receiver::default();
    assert_eq!(exported(&place, &mut receiver)["applications"], 20);
    receiver.is_right(&place, &(1001..1021).map(|n| format!("A-{n}")).collect());
}

/// A mounted directory; unmounted at the end.
struct Mounted(PathBuf);

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_stops_it_and_nothing_is_taken_for_sent() {
    let place = place();
    import(&place, 200, "one");
    let out = place.path("out");
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(&out).output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        tell("not run: a full disk needs a mount, and so root");
        return;
    }
    let mounted = Mounted(out.clone());
    let output = run(&place, &["sync", "export", "crm", "--to", "out"]);
    assert_eq!(code(&output), 74, "{}", said(&output));
    assert!(words(&output).contains("is full: nothing was exported"), "{}", said(&output));
    assert_eq!(files(&out), [""; 0], "no half file stays");
    assert_eq!(place.json(&["sync", "status"]), json!([]));
    drop(mounted);
    assert_eq!(export(&place)["applications"], 200);
}
