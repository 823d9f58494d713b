//! What do the tests of the whole binary share? A clean place to run it in, and its command line.
//!
//! Every test file takes what it needs; what another needs is unused there.
#![allow(dead_code, reason = "each test binary uses its own part")]
#![allow(clippy::disallowed_methods, reason = "tests read files, start threads and look at the clock")]

pub mod hands;
pub mod pty;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

/// Every test works on this day, so that nothing depends on when it runs.
pub const TODAY: &str = "2026-11-20";

/// Variables that would change what the program does, cleared for every run.
const CLEARED: &[&str] = &[
    "TMUX",
    "TMUX_PANE",
    "STY",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "SSH_TTY",
    "SSH_CONNECTION",
    "SSH_CLIENT",
    "NO_COLOR",
    "COLORTERM",
    "INTERTIE_DB",
    "INTERTIE_TODAY",
    "COLUMNS",
    "LINES",
    "EDITOR",
    "VISUAL",
    "MOSH_IP",
    "ZELLIJ",
    "TERM_PROGRAM",
    "TERM_PROGRAM_VERSION",
    "LC_TERMINAL",
    "VTE_VERSION",
    "XTERM_VERSION",
    "TERMUX_VERSION",
    "KITTY_WINDOW_ID",
];

/// A home directory of its own, with everything in it that the program may write.
pub struct Place {
    dir: TempDir,
}

impl Place {
    pub fn new() -> Place {
        let place = Place { dir: tempfile::Builder::new().prefix("intertie-test").tempdir().expect("a temporary directory") };
        for sub in ["home", "config", "data", "state", "cache", "run"] {
            std::fs::create_dir(place.path(sub)).expect("a directory inside an empty one");
        }
        place
    }

    /// A place with a demo database of this many applications; seed 1.
    pub fn with_demo(tasks: usize) -> Place {
        let place = Place::new();
        let db = place.db();
        let made = place.cli(&["demo", "--tasks", &tasks.to_string(), "--seed", "1", "--db", &db, "--no-open"]);
        assert!(made.status.success(), "demo --no-open failed: {}", said(&made));
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A command on the database that most tests use.
    pub fn run(&self, args: &[&str]) -> Output {
        let db = self.db();
        let mut all = vec!["--db", &db];
        all.extend(args);
        self.cli(&all)
    }

    /// The database that most tests use.
    pub fn db(&self) -> String {
        self.path("work.db").to_string_lossy().into_owned()
    }

    /// Name and value of every variable that is set for a run.
    pub fn env(&self) -> Vec<(&'static str, PathBuf)> {
        vec![
            ("HOME", self.path("home")),
            ("XDG_CONFIG_HOME", self.path("config")),
            ("XDG_DATA_HOME", self.path("data")),
            ("XDG_STATE_HOME", self.path("state")),
            ("XDG_CACHE_HOME", self.path("cache")),
            ("XDG_RUNTIME_DIR", self.path("run")),
            ("TERM", PathBuf::from("xterm-256color")),
            ("LANG", PathBuf::from("C.UTF-8")),
            ("LC_ALL", PathBuf::from("C.UTF-8")),
            ("SHELL", PathBuf::from("/bin/sh")),
            ("INTERTIE_TODAY", PathBuf::from(TODAY)),
        ]
    }

    /// The program with these arguments, in this place.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.args(args).current_dir(self.dir.path());
        for name in CLEARED {
            command.env_remove(name);
        }
        command.envs(self.env());
        command
    }

    pub fn cli(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("the binary under test starts")
    }

    /// What a `--json` command on the database of this place prints.
    pub fn json(&self, args: &[&str]) -> Value {
        let db = self.db();
        let mut all = vec!["--db", &db, "--json"];
        all.extend(args);
        let output = self.cli(&all);
        assert!(output.status.success(), "intertie {args:?}: {}", said(&output));
        serde_json::from_slice(&output.stdout).unwrap_or_else(|err| panic!("intertie {args:?} printed no JSON ({err}): {}", said(&output)))
    }

    /// One of my rows that the utility has given a number, and for which nothing must be asked to chase it.
    pub fn numbered(&self) -> String {
        let rows = self.json(&["list", "--view", "mine"]);
        let ids = rows.as_array().expect("list prints an array").iter().filter(|row| row["ball"] == "utility");
        let mut ids = ids.filter_map(|row| row["id"].as_str().map(ToOwned::to_owned));
        ids.find(|id| self.json(&["show", id])["number"].is_string()).expect("a demo has applications with a number")
    }

    /// `intertie check` finds nothing.
    pub fn check(&self) {
        let db = self.db();
        let output = self.cli(&["--db", &db, "--json", "check"]);
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        assert!(output.status.success() && answer["ok"] == true, "check found something: {}", said(&output));
    }
}

/// The binary that cargo has built for these tests.
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    // A long run is for the program as people have it: INTERTIE_TEST_PROGRAM=target/release/intertie, from the root.
    PROGRAM.get_or_init(|| std::env::var_os("INTERTIE_TEST_PROGRAM").map_or(PathBuf::from(env!("CARGO_BIN_EXE_intertie")), absolute))
}

fn absolute(path: std::ffi::OsString) -> PathBuf {
    std::path::absolute(path).expect("a path of this machine")
}

/// Exit code and words of a run, for a failure's message.
pub fn said(output: &Output) -> String {
    let cut = |bytes: &[u8]| String::from_utf8_lossy(&bytes[..bytes.len().min(4000)]).into_owned();
    format!("{}\n{}{}", output.status, cut(&output.stdout), cut(&output.stderr))
}

/// A line that is seen in a passing test too: what was measured, what did not run.
pub fn tell(words: &str) {
    // The print macros are captured by the runner; this is not.
    let _ = writeln!(std::io::stderr(), "{words}");
}

/// Is there a program of that name?
pub fn has_program(name: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|dir| dir.join(name).is_file())
}
