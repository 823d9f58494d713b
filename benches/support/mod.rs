//! What do the benches share? A place on a real disk, percentiles, and the line that is printed.
#![allow(dead_code, reason = "each bench uses its own part")]
#![allow(clippy::disallowed_methods, reason = "benches read the clock")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use tempfile::TempDir;

/// Every bench works on this day.
pub const TODAY: &str = "2026-11-20";

/// A directory below `target`: `/tmp` may be memory, and memory syncs nothing.
pub fn place() -> TempDir {
    let target = Path::new(env!("CARGO_BIN_EXE_intertie")).parent().expect("the binary lies in a directory");
    tempfile::Builder::new().prefix("bench").tempdir_in(target).expect("target can be written")
}

/// The program, away from the settings of whoever runs the bench.
pub fn intertie(place: &TempDir, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_intertie"));
    command.args(args).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("INTERTIE_TODAY", TODAY);
    for (name, sub) in [("HOME", "home"), ("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "data"), ("XDG_STATE_HOME", "state")] {
        command.env(name, place.path().join(sub));
    }
    let output = command.output().expect("the binary under test starts");
    assert!(output.status.success(), "intertie {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// A demo database of that many open applications.
pub fn demo(place: &TempDir, tasks: usize) -> PathBuf {
    let db = place.path().join(format!("demo-{tasks}.db"));
    intertie(place, &["demo", "--tasks", &tasks.to_string(), "--seed", "1", "--db", &db.to_string_lossy(), "--no-open"]);
    db
}

/// The value below which `percent` of the sorted list lie.
pub fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    sorted[(sorted.len() - 1) * percent / 100]
}

fn millis(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1000.0;
    if ms < 10.0 { format!("{ms:.2} ms") } else { format!("{ms:.0} ms") }
}

/// One line: `name: p50 … p99 … budget … ok`. The budget holds for the p99.
pub fn report(name: &str, times: &mut [Duration], budget: Duration) {
    times.sort_unstable();
    let (p50, p99) = (percentile(times, 50), percentile(times, 99));
    let verdict = if p99 <= budget { "ok" } else { "over" };
    println!("{name:<44} p50 {:>9}  p99 {:>9}  budget {:>9}  {verdict}", millis(p50), millis(p99), millis(budget));
}
