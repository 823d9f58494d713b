//! Does a system that is only told by `sync export` come to the same state as we?
//!
//! The receiver here knows nothing of the program but the files: it keeps the last object of each
//! application, and a log of notes, moves and milestones that it only adds to and takes from.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests read files and databases of their own")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use support::{Place, said, tell};

/// The columns of the shipped profile `list`.
const HEADER: &str = "id,title,customer,address,utility,product,kw_ac,status,created,due,assignee,note\n";

/// What another system keeps.
#[derive(Default)]
struct Receiver {
    position: i64,
    applications: BTreeMap<String, Value>,
    /// By its id: whose it is, and what it was.
    log: BTreeMap<String, (String, Value)>,
    /// Files that were written by a killed run come twice.
    forgiving: bool,
}

impl Receiver {
    /// One file, which must follow the one before.
    fn take(&mut self, path: &Path) {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("text");
        let mut parts = stem.rsplitn(3, '-');
        let mut position = || parts.next().and_then(|part| part.parse::<i64>().ok()).expect("NAME-FROM-TO");
        let (to, from) = (position(), position());
        assert!(from == self.position || self.forgiving, "{stem} does not go on from {}", self.position);
        self.position = to;
        let text = std::fs::read_to_string(path).expect("a file");
        for line in text.lines() {
            self.line(serde_json::from_str(line).expect("a line is an object"));
        }
    }

    fn line(&mut self, mut object: Value) {
        let id = object["id"].as_str().expect("an id").to_owned();
        let map = object.as_object_mut().expect("an object");
        let mut part = |key: &str| map.remove(key).unwrap_or_else(|| panic!("{id} has no {key}"));
        for withdrawn in part("withdrawn").as_array().expect("a list") {
            let known = self.log.remove(withdrawn.as_str().expect("an id"));
            assert!(self.forgiving || known.is_some_and(|(whose, _)| whose == id), "{id}: {withdrawn} was never sent");
        }
        for key in ["new_notes", "new_statuses", "new_milestones"] {
            for new in part(key).as_array().expect("a list") {
                let name = new["id"].as_str().expect("an id").to_owned();
                let known = self.log.insert(name, (id.clone(), new.clone()));
                assert!(self.forgiving || known.is_none(), "{id}: {new} came twice");
            }
        }
        part("into");
        if part("gone") == true {
            assert_eq!(map.len(), 1, "only its id is left");
            self.applications.remove(&id);
        } else {
            self.applications.insert(id, object);
        }
    }

    /// Things of one application in the order in which they were written.
    fn things(&self, id: &str, kind: &str) -> Vec<&Value> {
        let key = |name: &str| {
            let parts: Vec<&str> = name.split(':').collect();
            (parts[2] == kind).then(|| (i64::from_str_radix(parts[1], 16).expect("a clock"), parts[3].parse::<i64>().expect("a number")))
        };
        let mut found: Vec<_> =
            self.log.iter().filter(|(_, (whose, _))| whose == id).filter_map(|(name, (_, thing))| Some((key(name)?, thing))).collect();
        found.sort_by_key(|(key, _)| *key);
        found.into_iter().map(|(_, thing)| thing).collect()
    }

    /// The same as `show` says of every application that was ever opened.
    fn is_right(&self, place: &Place, ever: &BTreeSet<String>) {
        for id in ever {
            let shown = run(place, &["--json", "show", id]);
            let Some(known) = self.applications.get(id) else {
                // What was joined with another is found as that one.
                let is_other = || serde_json::from_slice::<Value>(&shown.stdout).is_ok_and(|shown| shown["id"] != **id);
                assert!(code(&shown) == 1 || is_other(), "{id} is there and the receiver does not know it: {}", said(&shown));
                assert!(self.log.values().all(|(whose, _)| whose != id), "{id} is gone, and something of it stays");
                continue;
            };
            assert_eq!(code(&shown), 0, "{id} is gone and the receiver has it: {}", said(&shown));
            let shown: Value = serde_json::from_slice(&shown.stdout).expect("JSON");
            assert_eq!(known, &shown, "{id}");
            let texts =
                |notes: &[&Value]| -> Vec<Value> { notes.iter().map(|note| json!([note["at"], note["by"], note["text"]])).collect() };
            let theirs: Vec<&Value> = shown["notes"].as_array().expect("a list").iter().collect();
            assert_eq!(texts(&self.things(id, "note")), texts(&theirs), "{id}: notes");
            let days =
                |items: &[&Value]| -> Vec<Value> { items.iter().map(|item| json!([item["code"], item["day"], item["source"]])).collect() };
            let theirs: Vec<&Value> = shown["milestones"].as_array().expect("a list").iter().collect();
            assert_eq!(days(&self.things(id, "milestone")), days(&theirs), "{id}: milestones");
            let moves = self.things(id, "status");
            assert_eq!(moves.last().map_or(&Value::Null, |last| &last["to"]), &shown["status"], "{id}: moves end where it stands");
            let chained = moves.windows(2).all(|pair| pair[0]["to"] == pair[1]["from"]);
            assert!(chained, "{id}: each move begins where the one before ended: {moves:?}");
        }
    }
}

fn run(place: &Place, args: &[&str]) -> Output {
    let db = place.db();
    let mut all = vec!["--db", &db];
    all.extend(args);
    place.cli(&all)
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// A place with an empty database and a directory for files.
fn place() -> Place {
    let place = Place::new();
    let made = run(&place, &["init", "--zone", "America/Denver"]);
    assert!(made.status.success(), "{}", said(&made));
    std::fs::create_dir(place.path("out")).expect("a directory");
    place
}

fn new(place: &Place, site: &str) -> String {
    place.json(&["new", site, "--utility", "RMP", "customer_name=Ann Smith"])["id"].as_str().expect("an id").to_owned()
}

fn done(place: &Place, args: &[&str]) {
    let output = run(place, args);
    assert!(output.status.success(), "{args:?}: {}", said(&output));
}

fn export(place: &Place) -> Value {
    place.json(&["sync", "export", "crm", "--to", "out"])
}

/// The next file, given to the receiver. Without anything new nothing is written.
fn exported(place: &Place, receiver: &mut Receiver) -> Value {
    let before = files(&place.path("out"));
    let answer = export(place);
    let after = files(&place.path("out"));
    match answer["jsonl"].as_str() {
        Some(path) => receiver.take(Path::new(path)),
        None => assert_eq!((before, &answer["applications"]), (after, &json!(0)), "nothing new: nothing is written"),
    }
    answer
}

fn files(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).expect("a directory");
    let mut names: Vec<String> = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn an_export_an_undo_and_a_second_export_leave_the_receiver_right() {
    let place = place();
    let mut ever: BTreeSet<String> = ["1 Oak St", "2 Oak St", "3 Oak St"].iter().map(|site| new(&place, site)).collect();
    let mut receiver = Receiver::default();
    done(&place, &["note", "A-1001", "=cmd|' /C calc'!A0 and \"quotes\", Jörg"]);
    done(&place, &["touch", "A-1002", "documents-in"]);
    let first = run(&place, &["sync", "export", "crm", "--to", "out"]);
    assert!(words(&first).starts_with("first export: 3 applications\n"), "{}", said(&first));
    let names = files(&place.path("out"));
    assert_eq!(names, ["crm-0-5.csv", "crm-0-5.jsonl"]);
    receiver.take(&place.path("out/crm-0-5.jsonl"));
    receiver.is_right(&place, &ever);
    // Exact in one, harmless in the other.
    let csv = std::fs::read_to_string(place.path("out/crm-0-5.csv")).expect("a file");
    let mut rows = csv::ReaderBuilder::new().flexible(false).from_reader(csv.as_bytes());
    let head = rows.headers().expect("a header").clone();
    assert_eq!(&head.iter().collect::<Vec<_>>()[..3], &["id", "application", "utility"]);
    let rows: Vec<csv::StringRecord> = rows.records().collect::<Result<_, _>>().expect("every row has every column");
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '-', '@'])), "no formulas");
    // The undone touch comes back as a correction, and the redone one as new.
    done(&place, &["undo"]);
    done(&place, &["note", "A-1003", "second"]);
    let second = exported(&place, &mut receiver);
    assert_eq!((&second["from"], &second["applications"], &second["first"]), (&json!(5), &json!(2), &json!(false)));
    assert!(second["withdrawn"].as_i64() > Some(0), "{second}");
    receiver.is_right(&place, &ever);
    done(&place, &["undo"]);
    done(&place, &["redo"]);
    let gone = new(&place, "4 Oak St");
    ever.insert(gone);
    exported(&place, &mut receiver);
    receiver.is_right(&place, &ever);
    done(&place, &["undo"]);
    let last = exported(&place, &mut receiver);
    assert_eq!(last["gone"], 1, "{last}");
    receiver.is_right(&place, &ever);
    assert_eq!(receiver.applications.len(), 3);
    done(&place, &["redo"]);
    exported(&place, &mut receiver);
    receiver.is_right(&place, &ever);
    assert_eq!(receiver.applications.len(), 4);
    let nothing = run(&place, &["sync", "export", "crm", "--to", "out"]);
    assert!(words(&nothing).starts_with("nothing new since ") && code(&nothing) == 0, "{}", said(&nothing));
    place.check();
}

/// A random sequence that can be had again: the classic generator of 31 bits.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = (self.0 * 1_103_515_245 + 12_345) % (1 << 31);
        (self.0 >> 8) % most
    }
}

#[test]
fn whatever_is_done_undone_and_done_again_the_receiver_follows() {
    for seed in [1, 20_261_129] {
        let place = place();
        let (mut chance, mut receiver, mut ever) = (Chance(seed), Receiver::default(), BTreeSet::new());
        let (mut exports, mut refused, mut withdrawn) = (0, 0, 0);
        ever.insert(new(&place, "first"));
        for step in 0..90 {
            let id = format!("A-{}", 1001 + chance.below(ever.len() as u64));
            let text = format!("step {step}");
            let status = run(
                &place,
                &match chance.below(14) {
                    0 => {
                        ever.insert(new(&place, &text));
                        continue;
                    }
                    1 | 2 => vec!["note", &id, &text],
                    3 => vec!["set", &id, "owner=Lee", "size_ac=7.6"],
                    4 => vec!["touch", &id, "documents-in"],
                    5 => vec!["touch", &id, "submitted", "number=IC-7"],
                    6 => vec!["touch", &id, "acknowledged"],
                    7..=9 => vec!["undo"],
                    10 | 11 => vec!["redo"],
                    _ => {
                        let answer = exported(&place, &mut receiver);
                        receiver.is_right(&place, &ever);
                        exports += 1;
                        withdrawn += answer["withdrawn"].as_i64().expect("a count");
                        continue;
                    }
                },
            );
            refused += i32::from(code(&status) == 1);
        }
        exported(&place, &mut receiver);
        receiver.is_right(&place, &ever);
        place.check();
        tell(&format!("seed {seed}: {} applications, {exports} exports, {withdrawn} things taken back, {refused} refusals", ever.len()));
        assert!(exports > 3 && withdrawn > 3, "the sequence tries nothing");
    }
}

/// So many applications by one import.
fn import(place: &Place, rows: usize, note: &str) {
    let row = |n: usize| format!("K{n},Solar {n},Customer {n},{n} Oak St,Rocky Mountain Power,pv,7.6,Intake,2026-11-01,,,{note}\n");
    let text: String = HEADER.to_owned() + &(0..rows).map(row).collect::<String>();
    std::fs::write(place.path("rows.csv"), text).expect("written");
    let done = run(place, &["import", "rows.csv", "--profile", "list"]);
    assert!(done.status.success(), "{}", said(&done));
}

#[test]
fn an_import_goes_out_comes_back_and_its_own_books_stay_here() {
    let place = place();
    import(&place, 12, "from the list");
    let mut receiver = Receiver::default();
    exported(&place, &mut receiver);
    let ever: BTreeSet<String> = (1001..1013).map(|n| format!("A-{n}")).collect();
    receiver.is_right(&place, &ever);
    for object in receiver.applications.values() {
        let text = object.to_string();
        assert!(!text.contains("import.") && !text.contains("\"offers\""), "{text}");
    }
    // The same list again: nothing is new for anybody.
    import(&place, 12, "from the list");
    assert_eq!(exported(&place, &mut receiver)["applications"], 0);
    done(&place, &["undo"]);
    let undone = exported(&place, &mut receiver);
    assert_eq!((&undone["applications"], &undone["gone"]), (&json!(12), &json!(12)));
    receiver.is_right(&place, &ever);
    assert!(receiver.log.is_empty());
    done(&place, &["redo"]);
    exported(&place, &mut receiver);
    receiver.is_right(&place, &ever);
}

#[test]
fn a_joined_application_goes_into_the_other_and_parts_again() {
    let place = place();
    let ever: BTreeSet<String> = ["1 Oak St", "1 Oak Street"].iter().map(|site| new(&place, site)).collect();
    done(&place, &["note", "A-1002", "said by the other"]);
    let mut receiver = Receiver::default();
    exported(&place, &mut receiver);
    done(&place, &["join", "A-1001", "A-1002"]);
    let path = exported(&place, &mut receiver)["jsonl"].as_str().expect("a file").to_owned();
    receiver.is_right(&place, &ever);
    let text = std::fs::read_to_string(path).expect("a file");
    let gone = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("an object")).find(|object| object["gone"] == true);
    assert_eq!(gone.map(|gone| (gone["id"].clone(), gone["into"].clone())), Some((json!("A-1002"), json!("A-1001"))));
    done(&place, &["undo"]);
    exported(&place, &mut receiver);
    receiver.is_right(&place, &ever);
}

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

#[test]
fn the_status_says_since_when_by_whom_where_to_and_how_many() {
    let place = place();
    let nothing = run(&place, &["sync", "status"]);
    assert!(words(&nothing).starts_with("nothing was exported yet"), "{}", said(&nothing));
    for site in ["1 Oak St", "2 Oak St", "3 Oak St"] {
        new(&place, site);
    }
    export(&place);
    done(&place, &["note", "A-1001", "one"]);
    done(&place, &["note", "A-1001", "two"]);
    done(&place, &["note", "A-1002", "one"]);
    place.json(&["sync", "export", "finance", "--to", "out"]);
    let status = place.json(&["sync", "status"]);
    let out = place.path("out").canonicalize().expect("a directory");
    for (idx, name, changed, exports, applications) in [(0, "crm", 2, 1, 3), (1, "finance", 0, 1, 3)] {
        let one = &status[idx];
        assert_eq!(
            (&one["name"], &one["changed"], &one["exports"], &one["applications"]),
            (&json!(name), &json!(changed), &json!(exports), &json!(applications))
        );
        assert_eq!(one["directory"], out.to_string_lossy().as_ref());
        assert!(one["since"].as_str().is_some_and(|since| since.ends_with('Z')) && one["by"].is_string(), "{one}");
    }
    assert_eq!(place.json(&["sync", "status", "crm"]).as_array().map(Vec::len), Some(1));
    let table = words(&run(&place, &["sync", "status"]));
    assert!(table.starts_with("to       changed  since") && table.contains("crm            2  "), "{table}");
    assert_eq!(std::fs::metadata(place.path("out/crm-0-3.jsonl")).expect("a file").permissions().mode() & 0o777, 0o600);
}

#[test]
fn the_header_says_what_the_others_do_not_know() {
    let place = place();
    new(&place, "1 Oak St");
    done(&place, &["me", "--name", "Robin Vale", "--phone", "(555) 555-0100"]);
    export(&place);
    let db = place.db();
    let mut session = support::pty::Start::new(&["--db", &db]).size(150, 30).run(&place);
    session.wait_for("sync crm: 0 since ");
    done(&place, &["note", "A-1001", "from elsewhere"]);
    session.wait_for("sync crm: 1 since ");
    export(&place);
    session.wait_for("sync crm: 0 since ");
    session.key("q");
    session.wait_exit();
}
