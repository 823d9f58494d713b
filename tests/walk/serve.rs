//! Serve-next, leases, skips.

use intertie::desk::msg::Msg;
use intertie::keys::chord::Key;

use crate::world::{SMALL, World};

#[test]
fn the_best_row_that_nobody_has_comes_and_is_mine() {
    let mut world = World::new(&SMALL);
    world.opened_by(2, "kim", "A-1001");
    world.hear_leases().keys("j j ,");
    assert_eq!(world.here(), "A-1002", "kim has the first");
    insta::assert_snapshot!(world.notice(), @"yours for 10 minutes: A-1002 Ben Ito");
    assert_eq!(world.mine(), ["A-1002"]);
    world.keys(",");
    insta::assert_snapshot!(world.notice(), @"A-1002 Ben Ito is still yours and still the best; - skips it and says why");
    // Done: it is let go of, and the next is another.
    world.keys("n").text("x >2w").keys("enter");
    assert!(world.mine().is_empty(), "{:?}", world.mine());
    world.keys(",");
    assert_eq!((world.here().as_str(), world.mine()), ("A-1003", vec!["A-1003".to_owned()]));
    // Another view lets go too.
    world.keys("v t");
    assert!(world.mine().is_empty());
}

#[test]
fn the_file_decides_and_not_what_was_heard() {
    let mut world = World::new(&SMALL);
    // Nobody was told yet.
    world.opened_by(2, "kim", "A-1001");
    world.keys(",");
    assert_eq!(world.here(), "A-1002");
    for (session, reference) in [(3, "A-1002"), (4, "A-1003"), (5, "A-1004")] {
        world.opened_by(session, "jdoe", reference);
    }
    world.keys("v m ,");
    insta::assert_snapshot!(world.notice(), @"others took every row that was free; again in a moment, or R ranks again");
    assert!(world.mine().is_empty());
    world.hear_leases().keys(",");
    insta::assert_snapshot!(world.notice(), @"nothing here is left to be worked: 4 open elsewhere, 0 skipped today (v s lists them); R ranks again");
    // Ten minutes without a key of theirs.
    world.at += 10 * 60_000;
    world.hear_leases().keys(",");
    assert_eq!(world.here(), "A-1001");
}

#[test]
fn a_key_behind_serve_next_acts_on_nothing_before_the_row_is_read() {
    let mut world = World::new(&SMALL);
    world.keys("j");
    world.slow = true;
    world.press(Key::char(','), 1_000);
    world.press(Key::char('1'), 400);
    assert_eq!((world.prompt().as_str(), world.here().as_str()), ("queue", "A-1002"));
    assert!(world.notice().contains("before the new record could be read"), "{}", world.notice());
    world.slow = false;
    world.answer();
    assert_eq!(world.here(), "A-1001");
    world.press(Key::char('1'), 300);
    assert_eq!(world.prompt(), "queue", "it was not painted yet");
    world.paint();
    world.press(Key::char('1'), 100);
    assert_eq!(world.prompt(), "queue", "painted 100 ms ago");
    world.keys("1");
    assert!(world.prompt().contains("A-1001"), "{}", world.prompt());
}

#[test]
fn a_row_that_comes_while_something_is_open_moves_nothing() {
    let mut world = World::new(&SMALL);
    world.keys("j");
    world.slow = true;
    world.press(Key::char(','), 1_000);
    world.press(Key::char('/'), 1_000);
    world.slow = false;
    world.answer();
    assert!(world.prompt().starts_with("find"), "{}", world.prompt());
    assert_eq!((world.here().as_str(), world.mine()), ("A-1002", vec!["A-1001".to_owned()]));
    world.keys("esc '");
    assert_eq!(world.here(), "A-1001");
}

#[test]
fn the_first_key_of_a_change_is_seen_by_others_and_renews() {
    let mut world = World::new(&SMALL);
    world.keys("n");
    assert_eq!(world.mine(), ["A-1001"]);
    world.text("nine minutes of thought");
    world.at += 9 * 60_000;
    world.text(" and on");
    world.at += 9 * 60_000;
    assert_eq!(world.mine(), ["A-1001"], "a key renewed it");
    world.at += 60_000;
    assert!(world.mine().is_empty(), "a session that died has nothing after ten minutes");
    world.text("!");
    assert_eq!(world.mine(), ["A-1001"]);
    // Somebody comes to the same row: both are told, and nobody is stopped.
    world.opened_by(2, "kim", "A-1001");
    world.hear_leases();
    insta::assert_snapshot!(world.notice(), @"kim has A-1001 open since 09:00, as you have");
    world.keys("enter");
    assert!(world.disk("A-1001").ends_with("| nine minutes of thought and on!"), "{}", world.disk("A-1001"));
    world.keys("k n");
    insta::assert_snapshot!(world.notice(), @"kim has A-1001 open since 09:00; whoever saves second is told");
}

#[test]
fn a_skip_says_why_and_lasts_the_day() {
    let mut world = World::new(&SMALL);
    world.keys(", -");
    assert!(world.prompt().starts_with("skip for today, because: A-1001"), "{}", world.prompt());
    world.keys("2");
    insta::assert_snapshot!(world.notice(), @"yours for 10 minutes: A-1002 Ben Ito");
    assert_eq!(world.written(), 0, "no record is changed by it");
    world.keys("R");
    assert_eq!(world.desk.order.len(), 3);
    // Without serve-next it goes on to the next row.
    world.keys("G - 5").text("the portal wants a fax").keys("enter");
    insta::assert_snapshot!(world.notice(), @"skipped A-1004 for today: another reason: the portal wants a fax; v s brings it back");
    assert_eq!(world.here(), "A-1002");
    assert!(world.drafts.is_empty(), "{:?}", world.drafts);
    world.keys("v s");
    assert!(world.prompt().contains("2 rows that you skipped today"), "{}", world.prompt());
    world.keys("enter");
    assert_eq!(world.here(), "A-1004", "the latest first");
    insta::assert_snapshot!(world.notice(), @"A-1004 is back in your queue");
    world.keys("R");
    assert_eq!(world.desk.order.len(), 3);
    // A new session of mine knows.
    let skips = world.skips();
    world.desk.serve.skipped.clear();
    world.desk.moved = false;
    world.hear(skips).keys("R");
    assert_eq!(world.desk.order.len(), 3);
    world.desk.serve.off = Some("the file is damaged".to_owned());
    world.keys("-");
    insta::assert_snapshot!(world.notice(), @"nothing can be skipped: the file is damaged");
}

#[test]
fn words_of_a_skip_that_is_left_come_back() {
    let mut world = World::new(&SMALL);
    world.keys("- 5").text("fax").keys("esc - 5");
    assert!(world.prompt().contains("fax"), "{}", world.prompt());
    world.keys("enter");
    assert!(world.notice().starts_with("skipped A-1001 for today: another reason: fax"), "{}", world.notice());
}

#[test]
fn without_leases_the_best_row_comes_all_the_same() {
    let mut world = World::new(&SMALL);
    world.hear(Msg::NoLeases(Some("leases need a database that you may write".to_owned()))).keys("j ,");
    assert_eq!(world.here(), "A-1001");
    insta::assert_snapshot!(world.notice(), @"the best row, but nobody else sees that you have it: leases need a database that you may write");
    world.keys("n");
    assert!(world.mine().is_empty());
}

#[test]
fn a_view_is_put_together_and_taken_apart_again() {
    let row = |site: &'static str, utility: &'static str| {
        [("site", site), ("customer_name", "Ana Reyes"), ("utility", utility), ("status", "submitted"), ("follow_up", "today")]
    };
    let rows = [row("1 Oak", "RMP"), row("2 Oak", "PGE"), row("3 Oak", "RMP"), row("4 Oak", "PGE")];
    let mut world = World::new(&rows.each_ref().map(|row| row.as_slice()));
    let order = |world: &World| {
        let rows = world.desk.order.iter().filter_map(|id| world.desk.queue.row(*id, &world.rules.playbook));
        rows.map(|row| row.reference.trim_start_matches("A-100").to_owned()).collect::<String>()
    };
    assert_eq!(order(&world), "1234");
    world.keys("v b");
    insta::assert_snapshot!(world.notice(), @"batched by portal: 1 switch instead of 3; what a clock makes urgent stays in front");
    assert_eq!(order(&world), "1324");
    // Ranked again it stays put together; a skipped row is not in it.
    world.keys("- 1 R");
    assert_eq!(order(&world), "243", "the portal of the first row comes first");
    world.keys("v b");
    insta::assert_snapshot!(world.notice(), @"batched by contact: 0 switches instead of 0: nothing is saved, so the order of the queue stays");
    world.keys("v b");
    assert_eq!((order(&world).as_str(), world.desk.batch), ("234", None));
    world.keys("v b v t");
    assert_eq!(world.desk.batch, None, "another view is ranked");
}

#[test]
fn a_file_that_fails_under_serve_next_is_nobody_who_took_the_rows() {
    let mut world = World::new(&SMALL);
    world.slow = true;
    world.keys("j ,");
    world.forget_asked();
    world.hear(Msg::NoLeases(Some("the file is damaged".to_owned()))).hear(Msg::Served(None));
    assert_eq!(world.here(), "A-1001");
    insta::assert_snapshot!(world.notice(), @"the best row, but nobody else sees that you have it: the file is damaged");
}

#[test]
fn what_is_away_is_not_served() {
    let mut world = World::new(&SMALL);
    world.keys("v a ,");
    insta::assert_snapshot!(world.notice(), @"what is shown here is away; v m shows what can be worked");
    assert!(world.mine().is_empty());
}
