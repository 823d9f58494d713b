//! Does a copy made inside tmux arrive in tmux, with the settings tmux has by itself?

#![allow(clippy::disallowed_methods, reason = "tests start programs")]

mod support;

use std::process::{Command, Output};
use std::time::{Duration, Instant};

use support::{Place, has_program, program, said, tell};

/// A tmux server of its own, gone at the end.
struct Tmux<'a> {
    place: &'a Place,
    socket: String,
}

impl Tmux<'_> {
    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new("tmux");
        command.arg("-S").arg(&self.socket).args(["-f", "/dev/null"]).args(args);
        command.env_remove("TMUX").envs(self.place.env());
        command.output().expect("tmux starts")
    }

    fn text(&self, args: &[&str]) -> String {
        String::from_utf8_lossy(&self.run(args).stdout).into_owned()
    }

    fn wait_for(&self, what: &str) -> String {
        let start = Instant::now();
        loop {
            let screen = self.text(&["capture-pane", "-p"]);
            if screen.contains(what) {
                return screen;
            }
            assert!(start.elapsed() < Duration::from_secs(10), "waited for {what:?}; the pane:\n{screen}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Tmux<'_> {
    fn drop(&mut self) {
        let _ = self.run(&["kill-server"]);
    }
}

#[test]
fn a_copy_arrives_in_tmux() {
    if !has_program("tmux") {
        tell("not run: the copy inside tmux (tmux is not installed)");
        return;
    }
    let place = Place::with_demo(200);
    let tmux = Tmux { place: &place, socket: place.path("tmux").to_string_lossy().into_owned() };
    let command = format!("exec '{}' --db '{}'", program().display(), place.db());
    let started = tmux.run(&["new-session", "-d", "-x", "120", "-y", "40", &command]);
    assert!(started.status.success(), "{}", said(&started));
    let row = place.numbered();
    tmux.wait_for("quick actions");
    tmux.run(&["send-keys", "/"]);
    tmux.wait_for("stay there");
    tmux.run(&["send-keys", "-l", &row]);
    tmux.wait_for(&format!("found \"{row}\""));
    tmux.run(&["send-keys", "Enter"]);
    tmux.wait_for("quick actions");
    tmux.run(&["send-keys", "3"]);
    tmux.wait_for("asked the utility for the status:");
    tmux.run(&["send-keys", "Enter"]);
    let screen = tmux.wait_for(&format!("message for {row}"));
    let start = Instant::now();
    let copied = loop {
        let buffer = tmux.text(&["show-buffer"]);
        if !buffer.is_empty() {
            break buffer;
        }
        assert!(start.elapsed() < Duration::from_secs(10), "no buffer came:\n{screen}");
        std::thread::sleep(Duration::from_millis(20));
    };
    // What was copied is the message as the program prints it for a script.
    let printed = place.json(&["message", &row, "utility-status-inquiry"]).to_string();
    for line in copied.lines().filter(|line| !line.is_empty()) {
        assert!(printed.contains(line), "{line:?} was copied; printed: {printed}");
    }
    assert!(copied.lines().count() > 5, "{copied}");
    let history = place.json(&["history", &row]).to_string();
    assert!(history.contains("utility-status-inquiry"), "{history}");
}
