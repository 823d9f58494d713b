//! To the desktop of this machine: an X server of its own, read back by another program.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{has_program, tell};
use crate::world::{KB, World, output, sleepers};

/// A display that nobody sees; gone at the end.
struct Display {
    server: Child,
    name: String,
}

impl Display {
    fn start() -> Option<Display> {
        if !has_program("Xvfb") || !has_program("xclip") {
            tell("not run: the copy to a desktop (Xvfb and xclip are not both installed)");
            return None;
        }
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", "320x200x8"]);
        let mut server = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("Xvfb starts");
        let mut number = String::new();
        let out = server.stdout.take().expect("it was asked for");
        BufReader::new(out).read_line(&mut number).expect("it tells its number");
        Some(Display { server, name: format!(":{}", number.trim()) })
    }

    fn clipboard(&self) -> String {
        let mut command = Command::new("xclip");
        command.args(["-selection", "clipboard", "-o", "-t", "UTF8_STRING"]).env("DISPLAY", &self.name);
        String::from_utf8(output(&mut command)).expect("text")
    }

    fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.server.id()).ok().and_then(Pid::from_raw).expect("it has an id");
        kill_process(pid, signal).expect("it runs");
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[test]
fn a_copy_is_on_the_desktop_and_stays_after_the_end() {
    let Some(display) = Display::start() else { return };
    let world = World::new(KB);
    let mut session = world.start().env("DISPLAY", Some(&display.name)).run(&world.place);
    let words = world.copy(&mut session);
    assert!(words.ends_with(": copied"), "{words}");
    assert_eq!(display.clipboard(), world.text, "while the queue runs");
    session.key("q");
    assert_eq!(session.wait_exit().0, 0);
    assert_eq!(display.clipboard(), world.text, "handed over");
    assert!(!session.has("gone"), "{}", session.shown());
    assert_eq!(session.asked().copies, [], "the terminal was not troubled");
}

#[test]
fn a_text_that_nobody_keeps_is_said_to_be_gone() {
    let Some(display) = Display::start() else { return };
    let world = World::new(KB);
    let empty = world.place.path("home").to_string_lossy().into_owned();
    let mut session = world.start().env("DISPLAY", Some(&display.name)).env("PATH", Some(&empty)).run(&world.place);
    let words = world.copy(&mut session);
    assert!(words.ends_with(": copied"), "{words}");
    session.key("q");
    assert_eq!(session.wait_exit().0, 0);
    assert!(session.has("the copied text may be gone with intertie"), "{}", session.shown());
}

#[test]
fn a_keeper_that_hangs_does_not_hold_up_the_end() {
    let Some(display) = Display::start() else { return };
    let world = World::new(KB);
    let path = sleepers(&world.place, &["xclip", "xsel"]);
    let mut session = world.start().env("DISPLAY", Some(&display.name)).env("PATH", Some(&path)).run(&world.place);
    world.copy(&mut session);
    session.key("q");
    let (code, took) = session.wait_exit();
    assert!(code == 0 && took < Duration::from_secs(4), "{took:?}");
    assert!(session.has("may be gone with intertie: xclip did not answer"), "{}", session.shown());
}

#[test]
fn a_desktop_that_hangs_holds_up_neither_the_next_copy_nor_the_end() {
    let Some(display) = Display::start() else { return };
    let world = World::new(KB);
    let mut session = world.start().env("DISPLAY", Some(&display.name)).run(&world.place);
    world.copy(&mut session);
    display.signal(Signal::STOP);
    session.key("p");
    session.wait_for("the desktop does not answer");
    world.arrives(&mut session);
    session.key("y");
    session.wait_until("the next copy", |session| session.asked().copies.len() == 2);
    session.key("q");
    let (code, took) = session.wait_exit();
    assert!(code == 0 && took < Duration::from_secs(4), "{took:?}");
}
