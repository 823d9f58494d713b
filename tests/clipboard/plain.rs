//! The plain view: the text alone, for the mouse, and then the queue as it was.

use rustix::process::Signal;

use crate::world::{KB, World};

#[test]
fn the_copied_text_is_shown_alone_and_the_queue_comes_back_whole() {
    let world = World::new(KB);
    let mut session = world.start().size(80, 24).run(&world.place);
    session.wait_queue();
    session.key("P");
    session.wait_for("nothing was copied in this session yet");
    world.copy(&mut session);
    session.settle();
    let before = session.text();
    let row = session.current();
    session.key("P");
    session.wait_for("Space: more");
    let mut seen = String::new();
    loop {
        session.settle();
        for (at, line) in session.screen().rows(0, 80).take(23).enumerate() {
            // What the terminal wrapped itself is one line for the mouse.
            let is_wrapped = session.screen().row_wrapped(u16::try_from(at).expect("a row"));
            seen.push_str(if is_wrapped { &line } else { line.trim_end() });
            seen.push_str(if is_wrapped { "" } else { "\n" });
        }
        if !session.has("Space: more") {
            break;
        }
        let page = session.text();
        session.key(" ");
        session.wait_until("the next part", |session| session.text() != page);
    }
    let lines: Vec<&str> = world.text.lines().map(str::trim_end).collect();
    let found: Vec<&str> = seen.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(found, lines, "every line whole, from the first column");
    // The key that closes it does nothing else.
    session.key("j");
    session.wait_until("the queue as it was", |session| session.text() == before);
    assert_eq!(session.current(), row);
    session.key("q");
    assert_eq!(session.wait_exit().0, 0);
    session.assert_given_back();
}

#[test]
fn it_lives_through_a_resize_and_opens_by_itself_where_nothing_takes_a_copy() {
    let world = World::new(KB);
    let start = world.start().env("VTE_VERSION", Some("7200"));
    let mut session = start.run(&world.place);
    session.wait_queue();
    session.go_to(&world.row);
    session.key("3");
    session.wait_for("asked the utility for the status:");
    session.key("\r");
    session.wait_for("Space: more");
    // What was typed ahead neither closes it nor runs.
    session.key("q");
    session.settle();
    assert!(!session.has_ended() && session.has("Space: more"), "{}", session.shown());
    session.resize(60, 20);
    session.wait_until("the text on the smaller screen", |session| {
        session.line(0).starts_with("0. ") && session.line(19).starts_with("Space")
    });
    session.resize(120, 40);
    session.wait_until("the larger one", |session| session.line(39).starts_with("Space"));
    session.signal(Signal::TSTP);
    session.wait_until("it to stop", |session| session.state() == 'T');
    session.signal(Signal::CONT);
    session.wait_until("the text again", |session| session.screen().alternate_screen() && session.line(0).starts_with("0. "));
    session.pause_guard();
    session.key("\x1b");
    session.wait_for("P shows it; GNOME Terminal takes no copies");
    assert_eq!(session.asked().copies, []);
    session.key("q");
    assert_eq!(session.wait_exit().0, 0);
}
