//! How long does a file take to come in, and how long does anybody else wait? Budget: 100,000 rows in 10 s, 0.5 s.

#![allow(clippy::disallowed_methods, reason = "benches read the clock, write files and start threads")]

mod support;

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const UTILITIES: [&str; 6] =
    ["Rocky Mountain Power", "Portland General Electric", "Xcel Energy", "Eversource", "National Grid", "NV Energy"];
const STATUSES: [&str; 6] = ["Draft", "Ready to submit", "Submitted", "Under review", "Approved", "Inspection"];

/// The same rows for the same count: columns of the profile `list`.
fn rows(count: usize) -> String {
    let mut csv = String::from("id,title,customer,address,utility,product,kw_ac,status,created,due,assignee,note\n");
    for n in 0..count {
        let (utility, status) = (UTILITIES[n % 6], STATUSES[n / 7 % 6]);
        let (month, day) = (n / 28 % 10 + 1, n % 28 + 1);
        writeln!(
            csv,
            "IC-{n:07},Follow up on application status,Customer {n},{} Oak St,{utility},PV,{}.5,{status},2026-{month:02}-{day:02},2026-11-{day:02},ana,\"Spoke with the utility, ref {n:06}\"",
            n % 9_999 + 1,
            n % 40 + 3
        )
        .expect("a String takes every line");
    }
    csv
}

/// Commits by another process while `import` runs: how long the slowest waited.
fn slowest_neighbour(db: &Path, id: &str, place: &tempfile::TempDir, import: &mut std::process::Child) -> Duration {
    let mut slowest = Duration::ZERO;
    while import.try_wait().expect("the import is ours").is_none() {
        let start = Instant::now();
        support::intertie(place, &["--db", &db.to_string_lossy(), "note", id, "a", "word"]);
        slowest = slowest.max(start.elapsed());
    }
    slowest
}

/// Rows a second, beside SQLite's own shell reading the same file into one table without looking at it.
fn beside_sqlite(place: &tempfile::TempDir, file: &Path, count: usize, ours: Duration) {
    let rate = |time: Duration| count as f64 / time.as_secs_f64();
    let db = place.path().join(format!("plain-{count}.db"));
    let start = Instant::now();
    let script = format!(".import --csv {} rows", file.display());
    let done = Command::new("sqlite3").arg(&db).arg(script).stdout(Stdio::null()).stderr(Stdio::null()).status();
    match done {
        Ok(status) if status.success() => {
            let theirs = start.elapsed();
            println!(
                "{count} rows: intertie {:.0} rows/s, sqlite3 .import {:.0} rows/s, ratio {:.1}",
                rate(ours),
                rate(theirs),
                ours.as_secs_f64() / theirs.as_secs_f64()
            );
        }
        _ => println!("{count} rows: intertie {:.0} rows/s; sqlite3 is not installed, nothing to compare with", rate(ours)),
    }
}

fn report_once(name: &str, time: Duration, budget: Duration) {
    support::report(name, &mut [time], budget);
}

/// A database with one application in it; its path and that application's reference.
fn database(place: &tempfile::TempDir, name: &str) -> (String, String) {
    let db = place.path().join(name).to_string_lossy().into_owned();
    support::intertie(place, &["--db", &db, "init", "--zone", "America/Denver"]);
    let made = support::intertie(place, &["--db", &db, "--json", "new", "1 Neighbour Lane", "--utility", "Xcel Energy"]);
    let answer: serde_json::Value = serde_json::from_slice(&made.stdout).expect("JSON");
    (db, answer["id"].as_str().expect("a reference").to_owned())
}

fn main() {
    let place = support::place();
    let file = place.path().join("rows.csv");
    for (count, budget) in [(10_000, 1), (100_000, 10)] {
        let budget = Duration::from_secs(budget);
        std::fs::write(&file, rows(count)).expect("written");
        let import = |db: &str| ["--db", db, "--json", "import", &file.to_string_lossy(), "--profile", "list"].map(ToOwned::to_owned);
        let (db, _) = database(&place, &format!("alone-{count}.db"));
        let words = import(&db);
        let start = Instant::now();
        support::intertie(&place, &words.each_ref().map(String::as_str));
        let ours = start.elapsed();
        report_once(&format!("import {count} rows"), ours, budget);
        beside_sqlite(&place, &file, count, ours);
        let start = Instant::now();
        let again = support::intertie(&place, &words.each_ref().map(String::as_str));
        report_once(&format!("the same {count} rows again"), start.elapsed(), budget);
        let answer: serde_json::Value = serde_json::from_slice(&again.stdout).expect("JSON");
        assert_eq!((answer["added"].as_u64(), answer["changed"].as_u64()), (Some(0), Some(0)), "the same file again changes nothing");

        let (db, id) = database(&place, &format!("shared-{count}.db"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_intertie"));
        command.args(import(&db)).env("INTERTIE_TODAY", support::TODAY).env("HOME", place.path()).stdout(Stdio::null());
        let mut child = command.spawn().expect("the binary under test starts");
        let slowest = slowest_neighbour(Path::new(&db), &id, &place, &mut child);
        assert!(child.wait().expect("the import is ours").success(), "the import failed");
        report_once("the slowest change of somebody else meanwhile", slowest, Duration::from_millis(500));
    }
}
