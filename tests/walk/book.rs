//! The process book from the queue: a utility's page, what is added to it, and what an outage does.

use intertie::domain::id::CommandId;
use intertie::domain::utility_state::Addition;
use intertie::index::queue::View;
use intertie::keys::chord::Key;

use crate::world::{SMALL, World, today};

fn has(world: &World, line: &str) -> bool {
    world.page().iter().any(|one| one.contains(line))
}

/// The references in the order on screen.
fn order(world: &World) -> Vec<&str> {
    let row = |id: &intertie::index::RowId| world.desk.queue.row(*id, &world.rules.playbook).map(|row| row.reference);
    world.desk.order.iter().filter_map(row).collect()
}

#[test]
fn one_key_opens_the_page_of_the_rows_utility() {
    let mut world = World::new(&SMALL);
    world.keys("U");
    assert!(world.prompt().starts_with("Rocky Mountain Power: "), "{}", world.prompt());
    for line in ["identity", "  EIA id                   unknown", "fees", "turnaround", "added by the team"] {
        assert!(world.page().contains(&line), "{line}: {:?}", world.page());
    }
    assert!(has(&world, "observed nothing yet"), "read and answered: {:?}", world.page());
    world.keys("j j G esc j U");
    assert!(world.prompt().starts_with("Portland General Electric: "), "{}", world.prompt());
    assert_eq!(world.written(), 0);

    // What our own application took comes with it.
    let mut world = World::new(&SMALL[..1]);
    world.keys("d c enter d g enter U");
    assert!(has(&world, "observed median 0 BD, p80 0, n 1"), "{} {:?}", world.notice(), world.page());

    let mut world = World::new(&[&[("site", "1 Elm St"), ("utility", "Tiny Co-op"), ("follow_up", "today")]]);
    world.keys("U");
    assert!(has(&world, "not in the process book") && has(&world, "unknown"), "{:?}", world.page());
    world.keys("a");
    assert!(world.notice().contains("not in the process book"), "{}", world.notice());
    // Another page takes nothing in.
    world.keys("esc ? a");
    assert!(world.notice().contains("this page is no utility's"), "{}", world.notice());
}

#[test]
fn a_quirk_is_added_and_undone() {
    let mut world = World::new(&SMALL);
    world.keys("U a").text("Ask before noon.");
    insta::assert_snapshot!(world.prompt(), @r"
    a quirk of RMP
      [what a coordinator should know] Ask before noon.
      quirk: Ask before noon.
    ");
    world.keys("enter");
    assert_eq!(world.notice(), "saved Rocky Mountain Power: quirk: Ask before noon.");
    assert!(has(&world, "Ask before noon. [jdoe, Fri 11/20; practice]"), "{:?}", world.page());
    world.keys("esc u");
    assert!(world.notice().starts_with("took back: Rocky Mountain Power: quirk"), "{}", world.notice());
    world.keys("U");
    assert!(!has(&world, "Ask before noon"));
    // Left, the question goes back to the page.
    world.keys("a").text("x").keys("esc");
    assert!(world.prompt().starts_with("Rocky Mountain Power: "), "{}", world.prompt());
}

#[test]
fn an_outage_takes_rows_back_until_its_day() {
    let mut world = World::new(&SMALL);
    assert_eq!(order(&world), ["A-1001", "A-1002", "A-1003", "A-1004"]);
    world.keys("U o").text("nosuchday").keys("enter");
    assert!(world.prompt().contains("  no: "), "{}", world.prompt());
    for _ in 0.."nosuchday".len() {
        world.keys("backspace");
    }
    world.text("wed").keys("tab").text("maintenance");
    insta::assert_snapshot!(world.prompt(), @r"
    the portal of RMP is down
      [until (fri, 3b, 12/4)] wed
      [why] maintenance
      [use instead] email rmp-intake@example.com
      portal: down until Wed 11/25
      rows: what waits for it steps back until then; what lapses before stays
      instead: email rmp-intake@example.com
    ");
    world.keys("enter");
    assert_eq!(world.notice(), "saved Rocky Mountain Power: portal down until Wed 11/25");
    let line = "portal down until Wed 11/25 (by jdoe): use email rmp-intake@example.com; maintenance; since Fri 11/20";
    assert!(has(&world, line), "{:?}", world.page());
    // The working order holds still until it is ranked again; nothing is written to the application.
    world.keys("esc");
    assert_eq!((order(&world).len(), world.desk.counts.workable, world.desk.counts.away), (4, 3, 1));
    world.keys("R");
    assert_eq!(order(&world), ["A-1002", "A-1003", "A-1004"]);
    assert_eq!(world.disk("A-1001"), "submitted | utility | 2026-11-20 | -");
    world.keys("v a");
    assert_eq!(order(&world), ["A-1001"]);
    world.keys("v m u R");
    assert_eq!(order(&world).len(), 4, "undone: {}", world.notice());
    world.keys("ctrl-r R");
    assert_eq!(order(&world).len(), 3, "done again: {}", world.notice());
    world.keys("v a U O");
    assert_eq!(world.notice(), "saved Rocky Mountain Power: portal up again");
    world.keys("O");
    assert_eq!(world.notice(), "the portal of Rocky Mountain Power is not down");
    world.keys("esc v m");
    assert_eq!(order(&world).len(), 4);
}

#[test]
fn the_day_itself_brings_the_rows_back() {
    let mut world = World::new(&SMALL);
    world.keys("U o").text("2026-11-23").keys("enter esc R");
    assert_eq!(order(&world).len(), 3);
    let monday = today().iter_days().nth(3).and_then(|day| day.and_hms_opt(8, 0, 0)).expect("a day");
    world.hear(intertie::desk::msg::Msg::Time { now: monday, at: 1 });
    world.keys("R");
    assert_eq!((order(&world).len(), world.desk.view == View::Mine), (4, true));
}

#[test]
fn an_outage_that_somebody_changed_meanwhile_is_not_overwritten() {
    let mut world = World::new(&SMALL);
    world.keys("U o").text("wed");
    let command = CommandId(world.id());
    let theirs = Addition::Down { until: today().iter_days().nth(14).expect("a day"), reason: "storm".into(), channel: String::new() };
    world.add_as(2, command, "Rocky Mountain Power", None, &theirs).expect("it commits");
    world.keys("enter");
    assert_eq!(world.notice(), "not saved: jdoe changed name, outage of Rocky Mountain Power since you saw it");
    assert!(has(&world, "portal down until Fri 12/4 (by jdoe); no other way is known; storm"), "{:?}", world.page());
    // A quirk stands beside whatever was added meanwhile.
    world.keys("a").text("mine");
    let command = CommandId(world.id());
    world.add_as(2, command, "Rocky Mountain Power", None, &Addition::Quirk { says: "theirs".into() }).expect("it commits");
    world.keys("enter");
    assert!(has(&world, "mine [jdoe") && has(&world, "theirs [jdoe"), "{:?}", world.page());
}

/// Keys that nobody can have meant for this page do nothing to it.
#[test]
fn a_page_that_was_not_read_is_not_changed() {
    let mut world = World::new(&SMALL);
    world.keys("U o").text("wed").keys("enter esc");
    let written = world.written();
    // The page opens and the next key is on its way already.
    world.press(Key::char('U'), 1_000);
    world.press(Key::char('O'), 5);
    assert_eq!(world.notice(), "that key came before the screen could be read; nothing was done");
    // What is typed behind it does nothing either, until there is a pause.
    for c in "ao O".chars() {
        world.press(Key::char(c), 40);
    }
    assert!(world.prompt().starts_with("Rocky Mountain Power: ") && world.written() == written, "{}", world.prompt());
    world.paint();
    world.keys("O");
    assert_eq!((world.notice(), world.written()), ("saved Rocky Mountain Power: portal up again", written + 1));
    // The cursor moved between the frame and the key.
    world.keys("esc j");
    world.press(Key::char('k'), 1_000);
    world.press(Key::char('U'), 1_000);
    assert!(world.prompt() == "queue" && world.notice().contains("changed before the key came"), "{} {}", world.prompt(), world.notice());
}
