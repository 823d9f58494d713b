//! A tmux that never answers.

use std::time::Duration;

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
