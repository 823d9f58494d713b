//! Rankings and searches are made on another thread: what may keys do while one is on its way?

use intertie::desk::msg::Msg;
use intertie::desk::prompt::Prompt;

use crate::world::{SMALL, World};

#[test]
fn keys_wait_for_the_view_that_was_asked_for_and_act_on_nothing_of_the_one_before() {
    let mut world = World::new(&SMALL);
    let before = world.desk.order.clone();
    world.slow = true;
    world.keys("v a j j 1");
    assert_eq!(world.desk.order, before, "the order on the screen is the one that was read");
    assert_eq!(world.prompt(), "queue");
    world.slow = false;
    world.answer();
    // The digit was meant for a row of the view before: the record that was painted then is not under the cursor.
    assert_eq!((world.written(), world.prompt().as_str()), (0, "queue"));
    assert_ne!(world.desk.order, before);
}

#[test]
fn the_query_box_takes_letters_while_it_looks() {
    let mut world = World::new(&SMALL);
    world.slow = true;
    world.keys("Q").text("oak");
    let Some(Prompt::Query(query)) = &world.desk.prompt else { panic!("{}", world.prompt()) };
    assert_eq!(query.line.text(), "oak");
    // Esc does not wait either, and what comes then changes nothing.
    let before = world.desk.order.clone();
    world.keys("esc");
    world.slow = false;
    world.answer();
    assert_eq!((world.prompt().as_str(), &world.desk.order), ("queue", &before));
}

#[test]
fn enter_waits_for_the_hits_of_what_was_typed() {
    let mut world = World::new(&SMALL);
    world.slow = true;
    world.keys("/").text("A-1003").keys("enter");
    assert!(matches!(world.desk.prompt, Some(Prompt::Find(_))), "{}", world.prompt());
    world.slow = false;
    world.answer();
    assert_eq!((world.here().as_str(), world.prompt().as_str()), ("A-1003", "queue"));
}

#[test]
fn the_end_of_the_loading_is_not_lost_to_a_view_that_is_asked_for() {
    let mut world = World::new(&SMALL);
    world.desk.loading = true;
    world.slow = true;
    world.tell(Msg::Rows { facts: Vec::new(), last: true });
    world.keys("v t");
    world.slow = false;
    world.answer();
    assert!(!world.desk.loading, "the mark goes");
    assert_eq!(world.desk.order.len(), world.desk.counts.workable);
}

#[test]
fn what_takes_the_whole_list_waits_while_only_its_first_rows_are_there() {
    for keys in ["G", "w c", "/", "Q"] {
        let mut world = World::new(&SMALL);
        let first = world.here();
        world.desk.rest = true;
        world.keys(keys);
        assert_eq!((world.here(), world.copied.len(), world.prompt().as_str()), (first.clone(), 0, "queue"), "{keys}");
        assert!(!world.desk.waiting.is_empty(), "{keys}");
        // Another view is there whole, and the keys that waited run on it.
        world.desk.waiting.clear();
        world.desk.rest = false;
        world.keys(keys);
        assert!(world.here() != first || !world.copied.is_empty() || world.prompt() != "queue", "{keys}");
    }
}
