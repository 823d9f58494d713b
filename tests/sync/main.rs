//! Does a system that is only told by `sync export` come to the same state as we?
//!
//! The receiver here knows nothing of the program but the files: it keeps the last object of each
//! application, and a log of notes, moves and milestones that it only adds to and takes from.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests read files and databases of their own")]

mod receiver;
mod stopped;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;

use receiver::Receiver;
use serde_json::{Value, json};
use support::{Place, said, tell};

/// The columns of the shipped profile `list`.
const HEADER: &str = "id,title,customer,address,utility,product,kw_ac,status,created,due,assignee,note\n";

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

#[test]
fn a_backup_that_is_put_back_writes_over_no_file_and_gives_no_id_twice() {
    let place = place();
    new(&place, "1 Oak St");
    export(&place);
    let backup = place.path("copy.db").display().to_string();
    done(&place, &["backup", &backup]);
    done(&place, &["note", "A-1001", "lost with the disk"]);
    let lost = export(&place);
    let path = PathBuf::from(lost["jsonl"].as_str().expect("a file"));
    let text = |path: &Path| std::fs::read_to_string(path).expect("a file");
    let (sent, name) = (text(&path), files(&place.path("out")));
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", place.db()));
    }
    std::fs::rename(&backup, place.db()).expect("the backup is put back");
    done(&place, &["note", "A-1001", "written again"]);
    let refused = run(&place, &["sync", "export", "crm", "--to", "out"]);
    assert!(code(&refused) != 0 && words(&refused).contains("is there already: nothing was exported"), "{}", said(&refused));
    assert_eq!((text(&path), files(&place.path("out"))), (sent.clone(), name), "what was sent stands");
    // One event more, and the name would be another: beside what was sent is no better.
    done(&place, &["note", "A-1001", "and again"]);
    let beside = run(&place, &["sync", "export", "crm", "--to", "out"]);
    assert!(code(&beside) != 0 && words(&beside).contains("is there already: nothing was exported"), "{}", said(&beside));
    done(&place, &["undo"]);
    std::fs::create_dir(place.path("after")).expect("a directory");
    let again = place.json(&["sync", "export", "crm", "--to", "after"]);
    let id = |text: &str| -> String {
        let object: Value = serde_json::from_str(text.lines().next().expect("a line")).expect("an object");
        object["new_notes"][0]["id"].as_str().expect("an id").to_owned()
    };
    assert_eq!(again["new_notes"], 1, "{again}");
    assert_ne!(id(&sent), id(&text(Path::new(again["jsonl"].as_str().expect("a file")))), "the number comes twice, the clock does not");
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
