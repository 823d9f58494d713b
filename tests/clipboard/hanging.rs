//! Programs of the clipboard that never answer: said, and not waited for.

use std::time::Duration;

use crate::support::pty::Start;
use crate::world::{KB, World, sleepers};

#[test]
fn a_tmux_that_hangs_is_said_and_the_text_is_shown() {
    let world = World::new(KB);
    let path = sleepers(&world.place, &["tmux"]);
    let mut session = world.start().env("TMUX", Some("/nowhere,1,0")).env("PATH", Some(&path)).run(&world.place);
    session.wait_queue();
    session.go_to(&world.row);
    session.key("3");
    session.wait_for("asked the utility for the status:");
    session.key("\r");
    session.wait_for("Space: more");
    session.pause_guard();
    session.key("x");
    session.wait_for("tmux did not answer");
    assert!(session.has("saved to"), "{}", session.shown());
    let file = world.place.path("run/intertie/clip");
    assert_eq!(std::fs::read_to_string(file).expect("it was written"), world.text);
    session.key("q");
    let (code, took) = session.wait_exit();
    assert!(code == 0 && took < Duration::from_secs(4), "{took:?}");
}

#[test]
fn a_clipboard_program_that_hangs_gives_way_to_the_terminal() {
    let world = World::new(KB);
    let path = sleepers(&world.place, &["xclip", "xsel"]);
    // No X server is there, so the programs are next.
    let mut session = world.start().size(200, 40).env("DISPLAY", Some(":9871")).env("PATH", Some(&path)).run(&world.place);
    let words = world.copy(&mut session);
    assert!(words.contains("sent to your terminal") && words.contains("xclip did not answer"), "{words}");
    world.arrives(&mut session);
    session.key("q");
    let (code, took) = session.wait_exit();
    assert!(code == 0 && took < Duration::from_secs(4), "{took:?}");

    let db = world.place.db();
    let call = ["--db", &db, "message", &world.row, "utility-status-inquiry", "--copy"];
    let mut session = Start::new(&call).env("DISPLAY", Some(":9871")).env("PATH", Some(&path)).run(&world.place);
    let (code, took) = session.wait_exit();
    assert!(code == 0 && took < Duration::from_secs(5), "{took:?}");
    world.arrives(&mut session);
}
