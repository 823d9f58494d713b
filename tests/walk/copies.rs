//! What the queue does with the clipboard's answer.

use intertie::desk::effect::Effect;
use intertie::desk::msg::{Copied, Msg};

use super::world::{SMALL, World};

fn copied(words: &str, stuck: bool) -> Msg {
    Msg::Copied(Copied {
        what: "message for A-1001".to_owned(),
        words: words.to_owned(),
        failed: false,
        text: "the text".to_owned(),
        stuck,
    })
}

#[test]
fn the_last_copied_text_is_shown_by_a_key() {
    let mut world = World::new(&SMALL);
    world.keys("P");
    insta::assert_snapshot!(world.notice(), @"nothing was copied in this session yet");
    world.keys("y");
    world.hear(copied("sent to your terminal, which does not confirm", false));
    assert_eq!(world.notice(), "message for A-1001: sent to your terminal, which does not confirm");
    world.keys("P");
    assert_eq!(world.ask(), Effect::ShowPlain { text: "the text".to_owned(), unasked: false });
}

#[test]
fn a_copy_that_took_its_time_does_not_cover_what_was_said_meanwhile() {
    let mut world = World::new(&SMALL);
    world.keys("y");
    // A thing that is refused while the clipboard is still at it.
    world.keys("P");
    let refusal = world.notice().to_owned();
    world.hear(copied("in the tmux buffer", false));
    assert_eq!(world.notice(), refusal);
    assert_eq!(world.desk.notice.as_ref().expect("said").aside, "message for A-1001: in the tmux buffer");
    // The next copy begins after both, and its words take their place.
    world.keys("y");
    world.hear(copied("copied", false));
    assert_eq!(world.notice(), "message for A-1001: copied");
}

#[test]
fn what_no_way_took_is_shown_at_once_but_never_over_what_is_typed() {
    let mut world = World::new(&SMALL);
    world.hear(copied("saved to /run/clip", true));
    assert_eq!(world.ask(), Effect::ShowPlain { text: "the text".to_owned(), unasked: true });
    assert_eq!(world.notice(), "message for A-1001: P shows it; saved to /run/clip");
    for keys in ["n", "/", "a"] {
        let mut world = World::new(&SMALL);
        world.keys(keys);
        world.hear(copied("saved to /run/clip", true));
        assert!(world.asked.is_empty(), "{keys}");
        assert!(world.notice().contains("P shows it"), "{}", world.notice());
    }
}
