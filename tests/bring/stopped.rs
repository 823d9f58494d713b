//! What is left when an import of many rows is stopped, killed, or worked beside?

use std::fmt::Write;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::support::{Place, said, tell};
use crate::world::{code, counts, empty, file, import, listed, run, text};

const ROWS: usize = 30_000;
const BY: [&str; 2] = ["--profile", "list"];

fn rows(place: &Place, count: usize) -> PathBuf {
    let mut all = "id,title,customer,address,utility,kw_ac,status,created\n".to_owned();
    for n in 1..=count {
        let _ = writeln!(all, "N-{n:06},title {n},Customer {n},{n} Oak St,RMP,{}.5,Submitted,2026-11-02", n % 30 + 1);
    }
    file(place, "rows.csv", all)
}

/// An import in the background, once its first chunk is there.
fn running(place: &Place, path: &std::path::Path, more: &[&str]) -> Child {
    let (db, path) = (place.db(), text(path));
    let mut args = vec!["--db", &db, "--json", "import", &path];
    args.extend(BY.iter().chain(more));
    let mut child = place.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let begin = Instant::now();
    while run(place, &["show", "N-000001"]).status.code() != Some(0) {
        assert!(child.try_wait().expect("a child").is_none(), "it ended before it began");
        assert!(begin.elapsed() < Duration::from_secs(60), "the first rows never came");
    }
    child
}

fn signal(child: &Child, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(child.id()).expect("a process id")).expect("not 0");
    kill_process(pid, signal).expect("it runs");
}

/// Ends with 130 and one JSON object; the report.
fn interrupted(child: Child) -> Value {
    let output = child.wait_with_output().expect("a child");
    assert_eq!(code(&output), 130, "{}", said(&output));
    serde_json::from_slice(&output.stdout).unwrap_or_else(|err| panic!("{err}: {}", said(&output)))
}

fn added(report: &Value) -> usize {
    usize::try_from(counts(report)[0]).expect("a small number")
}

#[test]
fn others_work_on_beside_it_and_ctrl_c_leaves_what_was_reported() {
    let place = empty();
    place.json(&["new", "1 Elm St", "--utility", "PGE"]);
    let idle = Instant::now();
    place.json(&["note", "A-1001", "before"]);
    let idle = idle.elapsed();
    let path = rows(&place, ROWS);
    let mut child = running(&place, &path, &[]);
    let mut times = Vec::new();
    for nth in 1..=8 {
        let begin = Instant::now();
        place.json(&["note", "A-1001", &format!("beside it, {nth}")]);
        // One that waited for the end of the import was no test.
        assert!(child.try_wait().expect("a child").is_none(), "the import ended before note {nth}");
        times.push(begin.elapsed());
    }
    let slowest = times.iter().max().copied().unwrap_or_default();
    tell(&format!("a note beside an import: at most {} ms (alone {} ms)", slowest.as_millis(), idle.as_millis()));
    assert!(slowest < idle + Duration::from_secs(2), "{times:?}");
    signal(&child, Signal::INT);
    let report = interrupted(child);
    let came = added(&report);
    assert!((1..ROWS).contains(&came), "{came} rows");
    assert_eq!(listed(&place), came + 1, "what was reported is there, no more");
    assert_eq!(place.json(&["show", "A-1001"])["notes"].as_array().map(Vec::len), Some(9));
    place.check();
    let rest = import(&place, &path, &BY);
    assert_eq!((added(&rest), counts(&rest)[2]), (ROWS - came, came as u64), "the same file does the rest");
    assert_eq!(listed(&place), ROWS + 1);
}

#[test]
fn all_or_nothing_leaves_nothing() {
    let place = empty();
    let path = rows(&place, 12_000);
    let child = running(&place, &path, &["--all-or-nothing"]);
    signal(&child, Signal::INT);
    let report = interrupted(child);
    assert!(added(&report) > 0, "something had come in");
    assert_eq!(listed(&place), 0);
    place.check();
}

#[test]
fn killed_in_the_middle_it_is_sound_and_goes_on() {
    let place = empty();
    let path = rows(&place, 8_000);
    let child = running(&place, &path, &[]);
    signal(&child, Signal::KILL);
    let output = child.wait_with_output().expect("a child");
    assert_eq!((output.status.code(), output.stdout.len()), (None, 0), "it was killed: {}", said(&output));
    let came = listed(&place);
    assert!((1..8_000).contains(&came) && came.is_multiple_of(1_000), "whole chunks: {came}");
    place.check();
    let rest = import(&place, &path, &BY);
    assert_eq!((added(&rest), counts(&rest)[2]), (8_000 - came, came as u64));
    place.check();
    assert_eq!(listed(&place), 8_000);
}
