//! Does the command line keep its promises? Shapes of `--json`, exit codes, words, files.
#![allow(clippy::disallowed_methods, reason = "tests read and write files of their own")]

mod support;

use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::{Value, json};
use support::{Place, said};

/// Runs on the place's database, plainly.
fn run(place: &Place, args: &[&str]) -> Output {
    let db = place.db();
    let mut all = vec!["--db", &db];
    all.extend(args);
    place.cli(&all)
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().map(|map| map.keys().map(String::as_str).collect()).unwrap_or_default()
}

/// The columns of the shipped profile `list`.
const HEADER: &str = "id,title,customer,address,utility,product,kw_ac,status,created,due,assignee,note\n";

/// A place with an empty database and, in it, A-1001.
fn with_one() -> Place {
    let place = Place::new();
    let made = run(&place, &["init", "--zone", "America/Denver", "--company", "Example Solar", "company_phone=(555) 555-0199"]);
    assert!(made.status.success(), "{}", said(&made));
    let me = run(&place, &["me", "--name", "Robin Vale", "--phone", "(555) 555-0100"]);
    assert!(me.status.success(), "{}", said(&me));
    let new = place.json(&["new", "Smith, 1 Oak St", "--utility", "RMP", "customer_name=Ann Smith", "number=IC-7", "size_ac=7.6"]);
    assert_eq!(new["id"], "A-1001");
    place
}

#[test]
fn shapes_are_what_scripts_rely_on() {
    let place = Place::with_demo(40);
    let list = place.json(&["list"]);
    let rows = list.as_array().expect("an array");
    assert_eq!(rows.len(), 40, "all open rows, no cap");
    for row in rows {
        assert_eq!(keys(row), ["application", "ball", "follow_up", "id", "owner", "score", "status", "title", "utility"]);
        assert!(row["id"].as_str().is_some_and(|id| id.starts_with("A-")) && row["score"].is_i64());
    }
    let id = rows[0]["id"].as_str().expect("text");
    let show = place.json(&["show", id]);
    for (name, value) in rows[0].as_object().expect("an object") {
        assert_eq!(&show[name], value, "{name} is the same in list and show");
    }
    for name in ["site", "customer_name", "size_ac", "promised", "legal_hold", "expires"] {
        assert!(show.get(name).is_some(), "{name} is in show, with or without a value");
    }
    let notes = show["notes"].as_array().expect("an array");
    assert!(notes.iter().all(|note| keys(note) == ["at", "by", "text"]));
    let history = place.json(&["history", id]);
    let events = history.as_array().expect("an array");
    assert!(!events.is_empty() && events.iter().all(|event| keys(event) == ["at", "by", "on", "what"]));
    let times: Vec<&str> = events.iter().filter_map(|event| event["at"].as_str()).collect();
    assert!(times.is_sorted(), "oldest first");
    let journal = place.json(&["history"]);
    let journal = journal.as_array().expect("an array");
    assert!(journal.len() > events.len() && journal.iter().all(|event| keys(event) == ["at", "by", "id", "on", "what"]));
    let mine: Vec<&Value> = journal.iter().filter(|event| event["id"] == id).map(|event| &event["what"]).collect();
    assert_eq!(mine, events.iter().map(|event| &event["what"]).collect::<Vec<_>>(), "the same, with the record that it is about");
    let why = place.json(&["why", id]);
    let terms = why["terms"].as_array().expect("an array");
    let sum: i64 = terms.iter().filter_map(|term| term["points"].as_i64()).sum();
    assert_eq!(why["score"], sum);
    assert_eq!(why["score"], rows[0]["score"]);
    assert!(terms.iter().all(|term| keys(term) == ["because", "points", "signal"]));
    assert_eq!(place.json(&["check"]), json!({"ok": true, "findings": []}));
}

#[test]
fn the_order_is_workable_then_away_then_held() {
    let place = Place::with_demo(60);
    let list = place.json(&["list"]);
    let rank = |row: &Value| {
        let show = place.json(&["show", row["id"].as_str().expect("text")]);
        let held = show["legal_hold"] == true || !show["hold"].is_null();
        let activity = show["until_activity"] == true;
        let away = show["follow_up"].as_str().is_some_and(|day| &day[..10] > support::TODAY);
        match (held, activity, away) {
            (true, ..) => 3,
            (_, true, _) => 2,
            (_, _, true) => 1,
            _ => 0,
        }
    };
    let ranks: Vec<i32> = list.as_array().expect("an array").iter().map(rank).collect();
    // A to-do or a cure date that has come makes a row workable whose follow-up has not.
    let away_before_workable = ranks.windows(2).filter(|pair| pair[0] == 1 && pair[1] == 0).count();
    assert!(ranks.iter().position(|rank| *rank == 3) > ranks.iter().rposition(|rank| *rank == 0), "{ranks:?}");
    assert!(ranks.iter().filter(|rank| **rank >= 2).count() >= 2 && away_before_workable <= 6, "{ranks:?}");
    assert!(ranks.ends_with(&[3]), "{ranks:?}");
}

#[test]
fn changes_answer_with_id_and_did_and_are_undone() {
    let place = with_one();
    let changes: [&[&str]; 4] = [
        &["note", "A-1001", "LVM,", "will call"],
        &["set", "1001", "owner=Lee", "size_ac=8 kW"],
        &["touch", "ic-7", "pc-no-change", "--follow-up", "2026-12-04"],
        &["touch", "A-1001", "documents-in", "note=all of it", "missing="],
    ];
    for change in changes {
        let did = place.json(change);
        assert_eq!(keys(&did), ["did", "id"], "{change:?}");
        assert_eq!(did["id"], "A-1001");
    }
    let show = place.json(&["show", "A-1001"]);
    assert_eq!((&show["owner"], &show["size_ac"], &show["status"]), (&json!("Lee"), &json!(8000), &json!("ready-to-submit")));
    assert_eq!(show["notes"][0]["text"], "LVM, will call");
    let undone = place.json(&["undo"]);
    assert_eq!(undone["id"], "A-1001");
    assert_eq!(place.json(&["show", "A-1001"])["status"], "intake");
    assert_eq!(place.json(&["show", "A-1001"])["follow_up"], "2026-12-04");
    assert_eq!(place.json(&["redo"])["id"], "A-1001");
    assert_eq!(place.json(&["show", "A-1001"])["status"], "ready-to-submit");
    for _ in 0..5 {
        assert_eq!(place.json(&["undo"])["id"], "A-1001");
    }
    assert_eq!(place.json(&["list"]), json!([]), "its opening was undone last");
    assert_eq!(code(&run(&place, &["show", "A-1001"])), 1);
    place.check();
}

#[test]
fn a_day_in_words() {
    let place = Place::new();
    let when = place.json(&["when", "5b", "--from", "2026-11-20"]);
    assert_eq!((&when["date"], &when["calendar"]), (&json!("2026-11-30"), &json!("federal")));
    assert_eq!(when["skipped"], json!([{"date": "2026-11-26", "why": "Thanksgiving Day"}]));
    assert_eq!(place.json(&["when", "next", "tue"])["date"], "2026-11-24");
    assert_eq!(place.json(&["--today", "2026-01-02", "when", "tomorrow"])["date"], "2026-01-03");
    for args in [&["when", "someday"][..], &["when", "5b", "--calendar", "mars"], &["when", "5b", "--from", "11/20"], &["when"]] {
        assert_eq!(code(&run(&place, args)), 2, "{args:?}");
    }
}

/// Commands on the database of `with_one`, and how each ends. `FOLDER`, `PIPE` and `DB` stand for paths.
const CODES: &[(&[&str], i32)] = &[
    (&["list"], 0),
    (&["--help"], 0),
    (&["--version"], 0),
    (&["show", "nobody"], 1),
    (&["show", ""], 1),
    (&["touch", "A-1001", "pto-granted"], 1),
    (&["touch", "A-1001", "utility-promised"], 1),
    (&["touch", "A-1001", "no-such-thing"], 1),
    (&["set", "A-1001", "status=pto"], 1),
    (&["set", "A-1001", "colour=red"], 1),
    (&["set", "A-1001", "size_ac=big"], 1),
    (&["message", "A-1001", "utility-past-due"], 1),
    (&["message", "A-1001", "no-such-message"], 1),
    (&["redo"], 1),
    (&["no-such-command"], 2),
    (&["list", "kv:3"], 2),
    (&["list", "--view", "everything"], 2),
    (&["set", "A-1001"], 2),
    (&["set", "A-1001", "owner"], 2),
    (&["set", "A-1001", "owner=a", "owner=b"], 2),
    (&["touch", "A-1001", "pc-no-change", "--note", "a", "note=b"], 2),
    (&["import", "good.csv"], 2),
    (&["import", "good.csv", "--profile", "nobodys"], 2),
    (&["import", "good.csv", "--profile", "list", "--sheet", "one"], 2),
    (&["demo", "--desk", "restaurant"], 2),
    (&["--today", "2026-02-31", "list"], 2),
    (&["init", "--zone", "Mars/Olympus"], 2),
    (&["init", "--group", "no-such-group-here"], 2),
    (&["init", "colour=red"], 2),
    (&[], 2),
    (&["import", "FOLDER", "--profile", "list"], 65),
    (&["import", "PIPE", "--profile", "list"], 65),
    (&["import", "DB", "--profile", "list"], 65),
    (&["import", "quote.csv", "--profile", "list"], 65),
    (&["--db", "text.db", "list"], 65),
    (&["--db", "FOLDER", "list"], 65),
    (&["import", "missing.csv", "--profile", "list"], 74),
    (&["import", "good.csv", "--profile", "./missing.toml"], 74),
    (&["keys", "check", "missing.toml"], 74),
    (&["--db", "missing.db", "list"], 78),
    (&["init"], 78),
    (&["--db", "broken.db", "list"], 78),
    (&["--db", "broken.db", "playbook", "check"], 78),
];

#[test]
fn exit_codes() {
    let place = with_one();
    let db = place.db();
    let folder = place.path("home").to_string_lossy().into_owned();
    let pipe = place.path("pipe").to_string_lossy().into_owned();
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.is_ok_and(|status| status.success()), "mkfifo is a part of every system");
    std::fs::write(place.path("text.db"), "not a database at all, but long enough to be read as one").expect("written");
    std::fs::write(place.path("good.csv"), "id,title,utility,status\n1,one,RMP,Submitted\n").expect("written");
    std::fs::write(place.path("quote.csv"), "id,title,utility,status\n1,\"one,RMP,Submitted\n").expect("written");
    std::fs::create_dir_all(place.path("broken.site/playbooks")).expect("made");
    std::fs::write(place.path("broken.site/playbooks/priority.toml"), "nothing = [\n").expect("written");
    std::fs::copy(&db, place.path("broken.db")).expect("copied");
    let path = |word: &&str| match *word {
        "FOLDER" => folder.clone(),
        "PIPE" => pipe.clone(),
        "DB" => db.clone(),
        word => word.to_owned(),
    };
    for (args, wanted) in CODES {
        let args: Vec<String> = args.iter().map(path).collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let got = if args.first() == Some(&"--db") { place.cli(&args) } else { run(&place, &args) };
        assert_eq!(code(&got), *wanted, "{args:?}: {}", said(&got));
        if *wanted != 0 {
            assert!(got.stdout.is_empty() && !got.stderr.is_empty(), "{args:?}: {}", said(&got));
            assert!(!err(&got).contains("panicked"), "{args:?}: {}", said(&got));
        }
    }
    let missing = place.cli(&["--db", "missing.db", "list"]);
    assert!(err(&missing).contains("hint: intertie init"), "{}", said(&missing));
    let no_db = place.cli(&["demo", "--no-open"]);
    assert_eq!(code(&no_db), 2, "{}", said(&no_db));
    assert_eq!(place.json(&["list"]).as_array().map(Vec::len), Some(1), "nothing was changed by all that");
    place.check();
}

#[test]
fn errors_come_as_json_too() {
    let place = with_one();
    for args in [&["show", "nobody"][..], &["no-such-command"], &["list", "kv:3"], &["set", "A-1001", "owner"]] {
        let mut all = vec!["--json"];
        all.extend(args);
        let got = run(&place, &all);
        let said: Value = serde_json::from_slice(&got.stderr).unwrap_or_else(|_| panic!("{args:?}: {}", said(&got)));
        assert_eq!(keys(&said), ["causes", "error", "hint"], "{args:?}");
        assert!(said["error"].is_string() && said["causes"].is_array() && (said["hint"].is_string() || said["hint"].is_null()));
        assert!(got.stdout.is_empty());
    }
}

#[test]
fn ambiguous_names_its_candidates() {
    let place = with_one();
    for number in ["NM-100", "NM-101"] {
        place.json(&["new", "Two", "--utility", "PGE", &format!("number={number}")]);
    }
    let start = run(&place, &["show", "nm-10"]);
    assert_eq!(code(&start), 1);
    assert!(err(&start).contains("A-1002") && err(&start).contains("A-1003"), "{}", said(&start));
    assert_eq!(place.json(&["show", "nm-101"])["id"], "A-1003", "an exact number wins");
    assert_eq!(place.json(&["show", "IC"])["id"], "A-1001", "a unique start will do");
    // Somebody's number that is also the end of a reference.
    place.json(&["set", "A-1003", "crm_number=1001"]);
    let both = run(&place, &["note", "1001", "for whom?"]);
    assert_eq!(code(&both), 1, "{}", said(&both));
}

#[test]
fn a_file_comes_in_twice_and_changes_nothing_the_second_time() {
    let place = Place::new();
    assert!(run(&place, &["init", "--zone", "America/Denver"]).status.success());
    let row =
        |id: u8, status: &str, due: &str| format!("{id},a title,Ann {id},{id} Oak St,RMP,pv,7.6,{status},2026-11-02,{due},Lee,a note\n");
    let rows = row(1, "Submitted", "2026-11-24") + &row(2, "Nonsense", "") + &row(3, "Submitted", "31/12/26");
    std::fs::write(place.path("rows.csv"), HEADER.to_owned() + &rows).expect("written");
    let import = ["import", "rows.csv", "--profile", "list"];
    let dry = place.json(&["import", "rows.csv", "--profile", "list", "--dry-run"]);
    assert_eq!(place.json(&["list"]), json!([]), "a dry run writes nothing");
    let first = place.json(&import);
    assert_eq!((&first["added"], &first["changed"], &first["same"]), (&dry["added"], &dry["changed"], &dry["same"]));
    assert_eq!((&first["added"], &first["changed"], &first["same"]), (&json!(2), &json!(0), &json!(0)), "{first}");
    let problems = first["problems"].as_array().expect("an array");
    assert_eq!(problems.len(), 1);
    assert_eq!(keys(&problems[0]), ["column", "line", "read", "wanted"]);
    assert_eq!(problems[0]["line"], 4);
    for name in ["gone", "conflicts"] {
        assert!(first.get(name).is_some(), "{name}");
    }
    let again = place.json(&import);
    assert_eq!((&again["added"], &again["changed"], &again["same"]), (&json!(0), &json!(0), &json!(2)), "{again}");
    let plain = run(&place, &import);
    assert_eq!(code(&plain), 0, "an import with listed row faults is done");
    assert!(out(&plain).contains("0 added, 0 changed, 2 same") && out(&plain).contains("rows.csv:4"), "{}", out(&plain));
    assert_eq!(place.json(&["undo"])["id"], Value::Null, "an import is no single application");
    assert_eq!(place.json(&["list"]), json!([]));
    place.check();
}

#[test]
fn lists_filter_and_are_safe_for_spreadsheets() {
    let place = with_one();
    place.json(&["new", "=HYPERLINK(1)", "--utility", "PGE", "customer_name=Jörg Müller", "owner=Lee"]);
    let ids = |args: &[&str]| -> Vec<String> {
        let list = place.json(args);
        list.as_array().expect("an array").iter().filter_map(|row| row["id"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(ids(&["list", "jorg"]), ["A-1002"]);
    assert_eq!(ids(&["list", "utility:rmp", "smith"]), ["A-1001"]);
    assert_eq!(ids(&["list", "status:intake", "owner:lee"]), ["A-1002"]);
    assert_eq!(ids(&["list", "--view", "pool"]), Vec::<String>::new());
    assert_eq!(ids(&["list", "--limit", "1"]).len(), 1);
    place.json(&["note", "A-1002", "=cmd|' /C calc'!A0"]);
    let csv = out(&run(&place, &["list", "--csv"]));
    assert!(csv.starts_with("id,application,utility,title,status,ball,owner,follow_up,score\n"), "{csv}");
    let export = out(&run(&place, &["export", "--format", "csv", "--out", "-"]));
    assert!(export.contains(",'=HYPERLINK(1),"), "{export}");
    place.json(&["set", "A-1002", "status=ended", "ended_reason=cancelled", "--because", "sold the house"]);
    assert_eq!(ids(&["list"]), ["A-1001"], "the queue has open rows");
    assert_eq!(ids(&["list", "status:ended"]), ["A-1002"], "who asks for ended ones gets them");
}

#[test]
fn an_export_is_whole_or_not_there() {
    let place = Place::with_demo(30);
    let wrote = run(&place, &["export", "--format", "jsonl", "--out", "all.jsonl"]);
    assert!(wrote.status.success(), "{}", said(&wrote));
    let text = std::fs::read_to_string(place.path("all.jsonl")).expect("the file");
    let rows: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("one object a line")).collect();
    assert_eq!(rows.len(), 30);
    let list = place.json(&["list"]);
    assert_eq!(rows[0]["id"], list[0]["id"], "in queue order");
    let again = run(&place, &["export", "--format", "jsonl", "--out", "all.jsonl"]);
    assert_eq!(code(&again), 1, "{}", said(&again));
    assert!(run(&place, &["export", "status:pto", "--format", "csv", "--out", "all.jsonl", "--force"]).status.success());
    assert!(std::fs::read_to_string(place.path("all.jsonl")).expect("the file").starts_with("id,application,"));
    assert_eq!(code(&run(&place, &["export", "--format", "csv", "--out", "no/such/place.csv"])), 74);
    let left: Vec<_> = std::fs::read_dir(place.path("")).expect("the place").flatten().map(|entry| entry.file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".tmp")), "{left:?}");
}

#[test]
fn a_message_has_no_holes() {
    let place = with_one();
    let holes = run(&place, &["message", "A-1001", "utility-past-due"]);
    assert_eq!(code(&holes), 1);
    assert!(err(&holes).contains("was_due"), "{}", said(&holes));
    let message = place.json(&["message", "A-1001", "utility-past-due", "was_due=Fri 11/13"]);
    let body = message["body"].as_str().expect("text");
    assert!(body.contains("IC-7") && body.contains("Robin Vale") && body.contains("Fri 11/13"), "{body}");
    assert!(!message["text"].as_str().expect("text").contains(['⟦', '{']));
    assert_eq!(place.json(&["history", "A-1001"]).as_array().map(Vec::len), Some(1), "printing writes nothing");
    let slip = run(&place, &["message", "A-1001", "utility-past-due", "was_duee=x"]);
    assert_eq!(code(&slip), 1, "{}", said(&slip));
    let copied = place.json(&["message", "A-1001", "utility-past-due", "was_due=Fri 11/13", "--copy"]);
    assert_eq!(copied["id"], "A-1001");
    assert!(copied["copied"].is_string());
    let notes = place.json(&["show", "A-1001"])["notes"].clone();
    assert!(notes[0]["text"].as_str().is_some_and(|text| text.starts_with("Prepared:")), "{notes}");
}

#[test]
fn hostile_words_stay_words() {
    let place = with_one();
    let hostile = "\x1b]52;c;aGFja2Vk\x07\x1b[2Jred\u{9b}31m\u{202e}";
    let typed = place.json(&["note", "A-1001", hostile]);
    assert_eq!(typed["id"], "A-1001");
    place.json(&["set", "A-1001", &format!("customer_name={hostile}")]);
    let runs: [&[&str]; 8] = [
        &["list"],
        &["show", "A-1001"],
        &["history"],
        &["show", hostile],
        &[hostile],
        &["set", "A-1001", &format!("{hostile}=1")],
        &["import", &format!("{hostile}.csv"), "--profile", "list"],
        &["list", &format!("{hostile}:x")],
    ];
    for args in runs {
        let got = run(&place, args);
        for text in [out(&got), err(&got)] {
            assert!(!text.chars().any(|c| c.is_control() && c != '\n' || c == '\u{202e}'), "{args:?}: {text:?}");
        }
    }
    assert!(out(&run(&place, &["show", "A-1001"])).contains("red"), "only the harm is gone");
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let place = Place::with_demo(300);
    let db = place.db();
    for args in [&["history"][..], &["--json", "list"], &["export", "--format", "jsonl", "--out", "-"], &["completions", "bash"]] {
        let mut all = vec!["--db", &db];
        all.extend(args);
        let mut child = place.command(&all).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        // One byte is read, then nobody listens any more.
        let mut first = [0];
        let mut pipe = child.stdout.take().expect("piped");
        pipe.read_exact(&mut first).expect("it says something");
        drop(pipe);
        let ended = child.wait_with_output().expect("it ends");
        assert_eq!((code(&ended), err(&ended).as_str()), (0, ""), "{args:?}");
    }
}

#[test]
fn a_demo_leaves_other_files_alone() {
    let place = with_one();
    let before = std::fs::read(place.db()).expect("the database");
    let refused = run(&place, &["demo", "--no-open"]);
    assert_eq!(code(&refused), 1, "{}", said(&refused));
    std::fs::write(place.path("notes.txt"), "mine").expect("written");
    assert_eq!(code(&place.cli(&["demo", "--no-open", "--db", "notes.txt"])), 1);
    assert_eq!(std::fs::read_to_string(place.path("notes.txt")).expect("read"), "mine");
    assert!(std::fs::read(place.db()).expect("the database") == before);
    // A demo that is there is taken as it is.
    let demo = ["--db", "d.db", "demo", "--no-open", "--tasks", "12"];
    assert!(place.cli(&demo).status.success());
    let list = place.cli(&["--db", "d.db", "--json", "list"]);
    let list: Value = serde_json::from_slice(&list.stdout).expect("a list");
    let first = list[0]["id"].as_str().expect("a reference");
    assert!(place.cli(&["--db", "d.db", "note", first, "kept"]).status.success());
    assert!(place.cli(&demo).status.success());
    let notes = place.cli(&["--db", "d.db", "show", first]);
    assert!(out(&notes).contains("kept"), "{}", said(&notes));
    // The environment's database is where somebody works.
    let mut command = place.command(&["demo", "--no-open"]);
    assert_eq!(command.env("INTERTIE_DB", place.path("other.db")).output().expect("it runs").status.code(), Some(2));
    assert!(!Path::new(&place.path("other.db")).exists());
}

#[test]
fn the_same_seed_gives_the_same_demo() {
    let place = Place::new();
    let make = |name: &str, seed: &str| {
        let made = place.cli(&["demo", "--tasks", "25", "--seed", seed, "--db", name, "--no-open"]);
        assert!(made.status.success(), "{}", said(&made));
        out(&place.cli(&["--db", name, "--json", "list"])) + &out(&place.cli(&["--db", name, "export", "--format", "jsonl", "--out", "-"]))
    };
    assert_eq!(make("a.db", "7"), make("b.db", "7"));
    assert_ne!(make("c.db", "8"), make("d.db", "7"));
}

#[test]
fn a_demo_is_an_ordinary_morning() {
    let place = Place::with_demo(300);
    let list = place.json(&["list"]);
    let rows = list.as_array().expect("an array");
    let day = |row: &Value| row["follow_up"].as_str().map(|when| when[..10].to_owned()).unwrap_or_default();
    let due = rows.iter().filter(|row| !day(row).is_empty() && day(row).as_str() <= support::TODAY).count();
    let overdue = rows.iter().filter(|row| !day(row).is_empty() && day(row).as_str() < support::TODAY).count();
    assert!((30..=60).contains(&due), "{due} are due");
    assert!((8..=20).contains(&overdue), "{overdue} are overdue");
    let of = |name: &str| rows.iter().filter_map(|row| row[name].as_str()).collect::<std::collections::BTreeSet<_>>();
    assert_eq!(of("utility").len(), 9, "{:?}", of("utility"));
    assert!(of("status").len() >= 20, "{:?}", of("status"));
    assert!(rows.iter().filter(|row| row["owner"].is_null()).count() >= 10, "some lie in the pool");
    assert_eq!(place.json(&["list", "--view", "pool"]).as_array().map(|pool| pool.iter().all(|row| row["owner"].is_null())), Some(true));
    assert_eq!(place.json(&["list", "status:closed"]).as_array().map(|over| over.len() >= 5), Some(true));
    let text = place.json(&["history"]).to_string();
    for sign in [
        "LVM #",
        "#3",
        "DFC:",
        "legal hold",
        "on hold because",
        "escalated",
        "complaint",
        "to-do",
        "they said",
        "cure due",
        "approval expires",
    ] {
        assert!(text.contains(sign), "no {sign} in anything that happened");
    }
    let late = place.json(&["history"]);
    let late = late.as_array().expect("an array").iter().filter(|event| event["on"].as_str() > Some(support::TODAY)).count();
    assert_eq!(late, 0, "nothing happened tomorrow");
    // No message is blocked by a missing signature.
    let lies_there = rows.iter().find(|row| row["status"] == "acknowledged");
    let id = lies_there.and_then(|row| row["id"].as_str()).expect("one that the utility has a number for");
    assert!(place.json(&["message", id, "utility-status-inquiry"])["body"].as_str().is_some_and(|body| body.contains("Robin Vale")));
    place.check();
}

#[test]
fn backups_open_and_are_private() {
    let place = with_one();
    assert!(run(&place, &["backup", "copy.db"]).status.success());
    let copy = place.path("copy.db");
    assert_eq!(std::fs::metadata(&copy).expect("the copy").permissions().mode() & 0o077, 0);
    let list = place.cli(&["--db", "copy.db", "--json", "list"]);
    assert_eq!(serde_json::from_slice::<Value>(&list.stdout).expect("JSON"), place.json(&["list"]));
    assert_ne!(code(&run(&place, &["backup", "copy.db"])), 0, "what is there stays");
}

#[test]
fn keymaps_are_checked_with_both_sides_of_a_clash() {
    let place = Place::new();
    let check = |text: &str| {
        std::fs::write(place.path("mine.toml"), text).expect("written");
        run(&place, &["keys", "check", "mine.toml"])
    };
    let fine = check("[[bind]]\nlayer = \"queue\"\non = \"Z\"\nrun = \"why\"\n");
    assert_eq!(code(&fine), 0, "{}", said(&fine));
    let clash =
        check("[[bind]]\nlayer = \"queue\"\non = \"g x\"\nrun = \"why\"\n\n[[bind]]\nlayer = \"queue\"\non = \"g x y\"\nrun = \"help\"\n");
    assert_eq!(code(&clash), 78, "{}", said(&clash));
    assert!(err(&clash).contains("mine.toml:") && err(&clash).matches("g x").count() >= 2, "{}", said(&clash));
    let unknown = check("[[bind]]\nlayer = \"queue\"\non = \"Z\"\nrun = \"fly\"\n");
    assert!(err(&unknown).contains("mine.toml:4") && err(&unknown).contains("fly"), "{}", said(&unknown));
    for args in [&["keys"][..], &["playbook", "check"], &["keys", "check"]] {
        assert_eq!(code(&run(&place, args)), 0, "{args:?}");
    }
    let keys = place.json(&["keys"]);
    assert!(keys.as_array().is_some_and(|rows| rows.iter().any(|row| row["action"] == "undo" && row["keys"] == json!(["u"]))), "{keys}");
}

/// The user's own options, below the directory that the test is given as home.
fn options(place: &Place) -> String {
    let found = ["config/intertie/themes/options.toml", ".config/intertie/themes/options.toml"];
    found.iter().find_map(|path| std::fs::read_to_string(place.path(path)).ok()).unwrap_or_default()
}

#[test]
fn me_keeps_the_keymap_and_the_theme_in_the_persons_own_options() {
    let place = Place::new();
    // Without any database: it is the person's.
    let done = run(&place, &["me", "--keymap", "plain", "--theme", "high-contrast"]);
    assert_eq!(code(&done), 0, "{}", said(&done));
    assert!(out(&done).contains("keymap plain, in every session opened from now on"), "{}", said(&done));
    assert_eq!(options(&place), "keymap = \"plain\"\ntheme = \"high-contrast\"\n");
    let keys = place.json(&["keys"]);
    let of = |keys: &Value, action: &str| {
        let rows = keys.as_array().expect("an array");
        rows.iter().find(|row| row["action"] == action).map(|row| row["keys"].clone()).unwrap_or_default()
    };
    assert_eq!((of(&keys, "note"), of(&keys, "edit")), (json!(["f4"]), json!([])));
    assert_eq!(of(&place.json(&["keys", "--keymap", "emacs"]), "find"), json!(["ctrl-s", "/"]));
    // One's own file is checked over the keymap that one chose.
    std::fs::write(place.path("mine.toml"), "[[bind]]\nlayer = \"queue\"\non = \"f4 x\"\nrun = \"why\"\n").expect("written");
    let clash = run(&place, &["keys", "check", "mine.toml"]);
    assert_eq!(code(&clash), 78);
    assert!(err(&clash).contains("mine.toml:1") && err(&clash).contains("keymaps/plain.toml:"), "{}", said(&clash));
    assert_eq!(code(&run(&place, &["keys", "check", "mine.toml", "--keymap", "vim"])), 0);
    // A key taken away outside of the queue, where no list has the action.
    std::fs::write(place.path("mine.toml"), "[[bind]]\nlayer = \"note\"\non = \"f5\"\nrun = \"nothing\"\n").expect("written");
    let lost = run(&place, &["keys", "check", "mine.toml"]);
    assert!(out(&lost).trim_end().ends_with("; without any key: editor"), "{}", said(&lost));
    for (args, exit) in [(["me", "--keymap", "dvorak"], 2), (["me", "--theme", "solarized"], 78)] {
        assert_eq!(code(&run(&place, &args)), exit, "{args:?}");
    }
    assert_eq!(options(&place), "keymap = \"plain\"\ntheme = \"high-contrast\"\n", "what was refused changes nothing");
}

#[test]
fn me_and_completions_and_ways() {
    let place = with_one();
    let me = place.json(&["me"]);
    assert_eq!((&me["name"], &me["phone"]), (&json!("Robin Vale"), &json!("(555) 555-0100")));
    assert!(me["login"].is_string());
    assert_eq!(place.json(&["me", "--name", "Robin Vale"]), me, "what is so already stays, without a refusal");
    for shell in ["bash", "zsh", "fish"] {
        let script = run(&place, &["completions", shell]);
        assert!(script.status.success() && out(&script).contains("intertie"), "{shell}");
    }
    assert!(place.json(&["clipboard"]).as_array().is_some_and(|ways| ways.iter().all(|way| keys(way) == ["about", "way"])));
}

#[test]
fn the_environment_names_database_and_day() {
    let place = with_one();
    let mut command = place.command(&["--json", "list"]);
    let list = command.env("INTERTIE_DB", place.db()).output().expect("it runs");
    assert_eq!(serde_json::from_slice::<Value>(&list.stdout).expect("JSON"), place.json(&["list"]));
    let late = place.command(&["--json", "when", "tomorrow"]).env("INTERTIE_TODAY", "2027-02-28").output().expect("it runs");
    assert_eq!(serde_json::from_slice::<Value>(&late.stdout).expect("JSON")["date"], "2027-03-01");
    let wrong = place.command(&["when", "tomorrow"]).env("INTERTIE_TODAY", "soon").output().expect("it runs");
    assert_eq!(code(&wrong), 2, "{}", said(&wrong));
}
