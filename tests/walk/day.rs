//! Midnight comes while the queue is open: what follows by itself, and what holds still?

use intertie::desk::msg::Msg;
use intertie::desk::views::tabs;

use crate::world::{Row, SMALL, World, today};

/// Four rows of mine for today, and one each for the next two days.
const DAYS: [Row<'static>; 6] = [
    SMALL[0],
    SMALL[1],
    SMALL[2],
    SMALL[3],
    &[("site", "5 Bay St"), ("utility", "RMP"), ("status", "submitted"), ("follow_up", "2026-11-21"), ("escalated", "yes"), ("vip", "5")],
    &[("site", "6 Elm St"), ("utility", "RMP"), ("status", "submitted"), ("follow_up", "2026-11-22")],
];

fn midnight(world: &mut World) {
    let next = today().succ_opt().and_then(|day| day.and_hms_opt(0, 0, 0)).expect("a day");
    world.hear(Msg::Time { now: next, at: 1 });
}

fn listed(world: &World) -> Vec<String> {
    let rows = world.desk.order.iter().filter_map(|id| world.desk.queue.row(*id, &world.rules.playbook));
    rows.map(|row| row.reference.to_owned()).collect()
}

/// Workable, overdue, today, away: what the header says.
fn header(world: &World) -> [usize; 4] {
    let counts = world.desk.counts;
    [counts.workable, counts.overdue, counts.today, counts.away]
}

fn number_of(world: &World, name: &str) -> Option<usize> {
    tabs(&world.desk).iter().find(|tab| tab.name == name).and_then(|tab| tab.count)
}

#[test]
fn counts_and_scores_follow_the_day_and_the_order_holds_still() {
    let mut world = World::new(&DAYS);
    let (before, here) = (listed(&world), world.here());
    assert_eq!(header(&world), [4, 0, 4, 2]);
    midnight(&mut world);
    assert_eq!(world.notice(), "it is Sat 11/21 now; R ranks again");
    assert_eq!((listed(&world), world.here()), (before, here), "nothing moves under the hands");
    assert_eq!(header(&world), [5, 4, 1, 1]);
    world.keys("R");
    assert!(listed(&world).len() == 5 && listed(&world).contains(&"A-1005".to_owned()), "{:?}", listed(&world));
}

#[test]
fn a_query_that_says_today_means_the_new_day() {
    let mut world = World::new(&DAYS);
    world.keys("Q").text("due:today").keys("enter v k").text("now").keys("enter");
    world.hear(Msg::Idle);
    assert_eq!((header(&world)[0], number_of(&world, "now")), (4, Some(4)));
    world.keys("v m");
    midnight(&mut world);
    world.hear(Msg::Idle);
    assert_eq!(number_of(&world, "now"), Some(1), "the number of a tab that is not open");
    world.keys("v v").text("now").keys("enter");
    assert_eq!(listed(&world), ["A-1005"]);
}

#[test]
fn the_open_query_counts_by_the_new_day_before_anybody_ranks() {
    let mut world = World::new(&DAYS);
    world.keys("Q").text("due:today").keys("enter");
    assert_eq!(header(&world), [4, 0, 4, 0]);
    midnight(&mut world);
    assert_eq!((listed(&world).len(), header(&world)), (4, [1, 0, 1, 0]));
    world.keys("R");
    assert_eq!(listed(&world), ["A-1005"]);
    // The box says the day that it means.
    world.keys("Q");
    assert!(world.prompt().contains("11/21"), "{}", world.prompt());
}

#[test]
fn what_is_open_says_what_enter_will_do_on_the_new_day() {
    for (open, typed) in [("n", "called >1d"), ("f", "1d")] {
        let mut world = World::new(&DAYS);
        world.keys(open).text(typed);
        assert!(world.prompt().contains("Sat 11/21"), "{}", world.prompt());
        midnight(&mut world);
        assert!(world.prompt().contains("Sun 11/22"), "what was typed counts from today: {}", world.prompt());
        world.keys("enter");
        assert!(world.disk("A-1001").contains("2026-11-22"), "{}", world.disk("A-1001"));
    }
    let mut world = World::new(&DAYS);
    world.keys("Q").text("due:today");
    midnight(&mut world);
    assert!(world.prompt().contains("11/21"), "{}", world.prompt());
}
