//! What do these tests share? A place with an empty database, files with a few cells changed, and
//! short ways to ask the program.

use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;

use crate::support::{Place, said};

/// A place with an empty database.
pub fn empty() -> Place {
    let place = Place::new();
    let made = run(&place, &["init", "--zone", "America/Denver"]);
    assert!(made.status.success(), "{}", said(&made));
    place
}

/// Runs on the place's database.
pub fn run(place: &Place, args: &[&str]) -> Output {
    let db = place.db();
    let mut all = vec!["--db", &db];
    all.extend(args);
    place.cli(&all)
}

pub fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

/// Runs, must end with this code, and says what it said to standard error.
#[track_caller]
pub fn refused(place: &Place, args: &[&str], wanted: i32) -> String {
    let got = run(place, args);
    assert_eq!(code(&got), wanted, "{args:?}: {}", said(&got));
    String::from_utf8_lossy(&got.stderr).into_owned()
}

pub fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[track_caller]
pub fn import(place: &Place, file: &Path, more: &[&str]) -> Value {
    let file = text(file);
    let mut args = vec!["import", file.as_str()];
    args.extend(more);
    place.json(&args)
}

/// Writes a file of the place.
pub fn file(place: &Place, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = place.path(name);
    std::fs::create_dir_all(path.parent().expect("a place is a folder")).expect("made");
    std::fs::write(&path, content).expect("written");
    path
}

/// Added, changed, same, conflicts, problems.
pub fn counts(report: &Value) -> [u64; 5] {
    let number = |name: &str| report[name].as_u64().unwrap_or_else(|| panic!("no {name} in {report}"));
    let problems = report["problems"].as_array().map_or(0, Vec::len) as u64;
    [number("added"), number("changed"), number("same"), number("conflicts"), problems + number("more_problems")]
}

/// `KEY FIELD: BEFORE → AFTER` of each difference, sorted.
pub fn changes(report: &Value) -> Vec<String> {
    let one = |change: &Value| {
        let word = |name: &str| change[name].as_str().unwrap_or_default().to_owned();
        format!("{} {}: {} → {}", word("key"), word("field"), change["before"], change["after"])
    };
    let mut lines: Vec<String> = report["changes"].as_array().expect("an array").iter().map(one).collect();
    lines.sort();
    lines
}

pub fn show(place: &Place, id: &str) -> Value {
    place.json(&["show", id])
}

/// What stands in these fields of an application, as JSON with blanks between.
pub fn fields(place: &Place, id: &str, names: &[&str]) -> String {
    let shown = show(place, id);
    names.iter().map(|name| shown[*name].to_string()).collect::<Vec<_>>().join(" ")
}

/// How many open applications there are.
pub fn listed(place: &Place) -> usize {
    place.json(&["list"]).as_array().expect("an array").len()
}

/// Every application with all of its fields, ended ones too, by reference.
pub fn everything(place: &Place) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    for query in [None, Some("status:ended"), Some("status:closed")] {
        let args = ["export", "--format", "jsonl", "--out", "-"].into_iter().chain(query).collect::<Vec<_>>();
        let done = run(place, &args);
        assert!(done.status.success(), "{}", said(&done));
        let lines = String::from_utf8(done.stdout).expect("UTF-8");
        all.extend(lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")));
    }
    all.sort_by(|a, b| a["id"].as_str().cmp(&b["id"].as_str()));
    all.dedup_by(|a, b| a["id"] == b["id"]);
    all
}

pub fn events(place: &Place) -> usize {
    place.json(&["history"]).as_array().expect("an array").len()
}

/// A file that lies in `demo/imports`.
pub fn demo(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/imports").join(name)
}

/// A public queue, if `INTERTIE_TEST_DATA` names the folder that has it.
pub fn public(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("INTERTIE_TEST_DATA").map(|folder| PathBuf::from(folder).join(name));
    let found = path.filter(|path| path.exists());
    if found.is_none() {
        crate::support::tell(&format!("DID NOT RUN: INTERTIE_TEST_DATA names no folder with {name}"));
    }
    found
}

pub const CRM: &str = "crm_report_2026-11-20.csv";
pub const PORTAL: &str = "portal_projects_2026-11-20.csv";
pub const TRACKER: &str = "tracker_2026.xlsx";

/// A copy of a text file in which, on the one line that has `key`, each `from` is a `to`. The copy
/// has the encoding of the file.
pub fn changed(place: &Place, original: &Path, name: &str, edits: &[(&str, &str, &str)]) -> PathBuf {
    let bytes = std::fs::read(original).expect("the file can be read");
    let (mut words, encode): (String, fn(&str) -> Vec<u8>) = if bytes.starts_with(&[0xff, 0xfe]) {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        (String::from_utf16(&units).expect("UTF-16"), |text| text.encode_utf16().flat_map(u16::to_le_bytes).collect())
    } else if let Ok(words) = String::from_utf8(bytes.clone()) {
        (words, |text| text.as_bytes().to_vec())
    } else {
        (encoding_rs::WINDOWS_1252.decode(&bytes).0.into_owned(), |text| encoding_rs::WINDOWS_1252.encode(text).0.into_owned())
    };
    assert!(encode(&words) == bytes, "the file is read as it is written");
    for (key, from, to) in edits {
        let mut with_key = words.split_inclusive('\n').filter(|line| line.contains(key));
        let line = with_key.next().unwrap_or_else(|| panic!("no line with {key}")).to_owned();
        assert!(with_key.next().is_none(), "two lines with {key}");
        assert_eq!(line.matches(from).count(), 1, "{from} in {line}");
        words = words.replace(&line, &line.replace(from, to));
    }
    file(place, name, encode(&words))
}
