//! What does a touch cost, in keys? These are records: a change that makes one cost a key more fails here.

use crate::world::{SMALL, World};

/// The keys of the last touch, as the ledger has them.
fn keys(world: &World) -> (String, u32) {
    world.costs.last().map(|entry| (entry.what.clone(), entry.keys)).expect("a touch was made")
}

#[test]
fn a_touch_costs_what_it_did() {
    let mut world = World::new(&SMALL);
    world.keys("1 enter");
    assert_eq!(keys(&world), ("pc-no-change".to_owned(), 2), "a digit and Enter");
    world.keys("u n").text("called, in review").keys("enter");
    assert_eq!(keys(&world), ("note".to_owned(), 2), "a note without marks");
    world.keys("u n").text("called RMP, in review >5b !ack").keys("enter");
    assert_eq!(keys(&world), ("note".to_owned(), 4), "a note with a follow-up and a status");
    world.keys("u n").text("called RMP, in review >5b !ack @utility").keys("enter");
    assert_eq!(keys(&world), ("note".to_owned(), 5), "the most that a whole touch costs");
    world.keys("f").text("fri").keys("enter");
    assert_eq!(keys(&world), ("follow-up".to_owned(), 2));
    world.keys("space").text("no change").keys("enter enter");
    assert_eq!(keys(&world), ("pc-no-change".to_owned(), 12), "from the list of all it is named as with its digit");
}

#[test]
fn what_is_left_is_not_counted_and_time_runs_from_the_first_look() {
    let mut world = World::new(&SMALL);
    world.keys("n").text("never mind").keys("esc");
    assert!(world.costs.is_empty());
    let from = world.at;
    world.keys("1 enter");
    let cost = world.costs.last().expect("a touch");
    assert!(i64::from(cost.millis) <= world.at && cost.millis > 0, "{cost:?} since {from}");
    world.keys("$");
    let page = world.page().join("\n");
    assert!(page.contains("portal check, no change") && page.contains("every touch"), "{page}");
}
