//! `intertie clipboard`, and a message that a command copies: they own the terminal for a moment.

use std::time::Duration;

use crate::support::pty::{Session, Start};
use crate::world::{KB, World};

fn trial(world: &World, name: &str, value: &str) -> Session {
    Start::new(&["clipboard"]).env(name, Some(value)).run(&world.place)
}

/// The word that the terminal was sent.
fn word(session: &mut Session) -> String {
    session.wait_until("a word", |session| !session.asked().copies.is_empty());
    session.asked().copies[0].1.clone()
}

#[test]
fn a_way_that_was_proven_is_said_to_have_worked() {
    let world = World::new(KB);
    let mut session = trial(&world, "TERM", "xterm-256color");
    let word = word(&mut session);
    session.wait_for("1/1 terminal:");
    session.key(&format!("{word}\r"));
    session.wait_for("it arrived");
    assert_eq!(session.wait_exit().0, 0);
    session.assert_given_back();
    assert_eq!(session.asked().pastes, 0, "never a read of the clipboard");
    let listed = world.place.cli(&["clipboard"]);
    assert!(String::from_utf8_lossy(&listed.stdout).contains("it worked on 20 Nov"), "{}", crate::support::said(&listed));
    let kept = world.place.path("state/intertie/clipboard");
    let mode = std::os::unix::fs::PermissionsExt::mode(&kept.metadata().expect("kept").permissions());
    assert_eq!(mode & 0o777, 0o600);

    let mut session = world.start().run(&world.place);
    let words = world.copy(&mut session);
    assert!(words.contains("sent to your terminal (this way worked on 20 Nov)"), "{words}");
    world.arrives(&mut session);
    drop(session);
    // Another terminal has its own proof to give.
    let mut session = world.start().env("TERM", Some("xterm")).run(&world.place);
    let words = world.copy(&mut session);
    assert!(words.contains("which does not confirm"), "{words}");
}

#[test]
fn a_way_on_which_nothing_arrived_is_skipped_and_its_setting_is_named() {
    let world = World::new(KB);
    let mut session = trial(&world, "XTERM_VERSION", "XTerm(390)");
    word(&mut session);
    session.wait_for("1/1 terminal:");
    session.key("\r");
    session.wait_for("nothing arrived");
    session.wait_for("disallowedWindowOps");
    assert_eq!(session.wait_exit().0, 0);

    let mut session = world.start().env("XTERM_VERSION", Some("XTerm(390)")).run(&world.place);
    session.wait_queue();
    session.go_to(&world.row);
    let number = world.place.json(&["show", &world.row])["number"].as_str().expect("it has one").to_owned();
    session.wait_for(&format!("· {number}"));
    session.key("y");
    session.wait_for("any key: back");
    session.pause_guard();
    session.key("x");
    session.wait_for("your terminal took no copy on 20 Nov");
    assert_eq!(session.asked().copies, []);
    drop(session);
    // Tried again, it counts again.
    let mut session = trial(&world, "XTERM_VERSION", "XTerm(390)");
    let word = word(&mut session);
    session.wait_for("1/1 terminal:");
    session.key(&format!("{word}\r"));
    session.wait_for("it arrived");
}

#[test]
fn a_wrong_word_did_not_arrive() {
    let world = World::new(KB);
    let mut session = trial(&world, "TERM", "xterm-256color");
    word(&mut session);
    session.wait_for("1/1 terminal:");
    session.key("what was on the clipboard before\x1b]52;c;YmFk\x07\r");
    session.wait_for("that is not the word");
    assert_eq!(session.wait_exit().0, 0);
}

#[test]
fn without_a_terminal_it_only_lists() {
    let world = World::new(KB);
    let ways = world.place.json(&["clipboard"]);
    let names: Vec<&str> = ways.as_array().expect("an array").iter().filter_map(|way| way["way"].as_str()).collect();
    assert_eq!(names, ["terminal", "file"]);
    let mut session = Start::new(&["--json", "clipboard"]).run(&world.place);
    assert_eq!(session.wait_exit().0, 0);
    assert_eq!(session.asked().copies, []);
}

#[test]
fn a_terminal_that_confirms_is_the_only_one_of_which_copied_is_said() {
    let world = World::new(KB);
    let db = world.place.db();
    let call = ["--db", &db, "message", &world.row, "utility-status-inquiry", "--copy"];
    for (status, wanted, by_osc_52) in [
        (Some("DONE"), "-- copied (", 0),
        (Some("EPERM"), "your terminal refused it (EPERM)", 0),
        (None, "sent to your terminal, which does not confirm", 1),
    ] {
        let start = Start::new(&call);
        let mut session = if let Some(status) = status { start.confirms(status) } else { start }.run(&world.place);
        assert_eq!(session.wait_exit().0, 0, "{status:?}: {}", session.shown());
        assert!(session.text().replace('\n', "").contains(wanted), "{status:?}: {}", session.shown());
        assert_eq!(session.asked().copies.len(), by_osc_52, "{status:?}");
        assert_eq!(session.asked().confirmed.iter().filter(|text| **text == world.text).count(), usize::from(status.is_some()));
        session.assert_given_back();
        assert_eq!(session.asked().unknown, Vec::<String>::new());
    }
    let mut session = Start::new(&["clipboard"]).confirms("DONE").run(&world.place);
    session.wait_for("confirms copies itself");
}

#[test]
fn a_terminal_that_never_answers_is_not_waited_for() {
    let world = World::new(KB);
    let db = world.place.db();
    let call = ["--db", &db, "message", &world.row, "utility-status-inquiry", "--copy"];
    let mut session = Start::new(&call).silent().env("TERM", Some("xterm-kitty")).run(&world.place);
    let (code, took) = session.wait_exit();
    assert!(code == 0 && took < Duration::from_secs(4), "{took:?}");
    world.arrives(&mut session);
    assert!(session.text().replace('\n', "").contains("which does not confirm"), "{}", session.shown());
    session.assert_given_back();
}
