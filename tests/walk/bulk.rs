//! Marks, and one thing done to all that are marked.

use intertie::keys::chord::Key;

use crate::world::{Row, SMALL, World};

fn marks(world: &World) -> usize {
    world.desk.marks.rows.len()
}

#[test]
fn rows_are_marked_one_by_one_by_range_and_all() {
    let mut world = World::new(&SMALL);
    world.keys("* *");
    assert_eq!((marks(&world), world.here().as_str()), (2, "A-1003"));
    world.keys("k *");
    assert_eq!((marks(&world), world.here().as_str()), (1, "A-1003"), "again takes it away");
    world.keys("%");
    assert!(world.notice().contains("a range begins"), "{}", world.notice());
    world.keys("g g * G %");
    assert_eq!(marks(&world), 0, "the first was marked, so it is unmarked");
    world.keys("^ w *");
    assert_eq!(marks(&world), 4);
    world.keys("^");
    assert_eq!(marks(&world), 0);
    world.keys("^");
    assert_eq!(marks(&world), 4, "cleared by a slip, they come back");
    world.keys("^ g g * j j %");
    assert_eq!(marks(&world), 4);
    // They are of rows, not of a list: another view keeps them.
    world.keys("v p");
    assert_eq!(marks(&world), 4);
    // A burst marks as many.
    world.keys("^ v m");
    for _ in 0..3 {
        world.press(Key::char('*'), 5);
    }
    assert_eq!(marks(&world), 3);
    world.keys("^ ;");
    assert!(world.notice().contains("nothing is marked"), "{}", world.notice());
}

#[test]
fn a_quick_action_on_all_is_one_command_and_one_undo() {
    let mut world = World::new(&SMALL);
    let before: Vec<String> = (1..=4).map(|n| world.disk(&format!("A-100{n}"))).collect();
    world.keys("* * * * ;").text("portal check, no").keys("enter");
    insta::assert_snapshot!(world.prompt(), @r#"
    portal check, no change, 4 of 4
      A-1001 Ana Reyes: we look Wed 11/25 (3 business days)
      A-1002 Ben Ito: we look Wed 11/25 (3 business days)
      A-1003 Chloe Kim: we look Wed 11/25 (3 business days)
      A-1004 Dev Patel: we look Wed 11/25 (3 business days)
    "#);
    assert_eq!(world.written(), 0, "nothing is written before Enter");
    world.keys("enter");
    assert_eq!(world.prompt(), "queue");
    insta::assert_snapshot!(world.notice(), @"saved 4 records: portal check, no change");
    insta::assert_snapshot!(world.disk("A-1001"), @"submitted | utility | 2026-11-25 | PC, no change");
    assert_eq!(marks(&world), 0, "what was done is done");
    world.keys("u");
    let after: Vec<String> = (1..=4).map(|n| world.disk(&format!("A-100{n}"))).collect();
    assert_eq!(after, before, "one undo takes all back");
    world.keys("ctrl-r ^");
    assert_eq!(marks(&world), 4);
}

#[test]
fn owner_status_and_a_field_are_set_and_what_cannot_be_says_why() {
    let mut world = World::new(&SMALL);
    world.keys("w * ; enter").text("kim").keys("enter");
    insta::assert_snapshot!(world.prompt(), @r#"
    owner: kim, 4 of 4
      A-1001 Ana Reyes: owner jdoe → kim
      A-1002 Ben Ito: owner jdoe → kim
      A-1003 Chloe Kim: owner jdoe → kim
      A-1004 Dev Patel: owner jdoe → kim
    "#);
    world.keys("enter");
    for n in 1..=4 {
        assert_eq!(world.application(&format!("A-100{n}")).owner(), Some("kim"));
    }
    // Set, never toggled: the same again changes nothing.
    world.keys("^ ; enter").text("kim").keys("enter enter");
    assert!(world.prompt().contains("0 of 4"), "{}", world.prompt());
    insta::assert_snapshot!(world.notice(), @"none of them can be changed like that");
    world.keys("esc esc");
    // A move that is not usual asks each for its reason, and one reason does for all.
    world.keys(";").text("status acknow").keys("enter enter");
    insta::assert_snapshot!(world.prompt(), @r#"
    status: under completeness review, 1 of 4
      A-1001 Ana Reyes: status submitted → under completeness review; we look Mon 11/30 (5 business days; skips Thu 11/26 Thanksgiving Day)
      A-1002 Ben Ito: not: package build → under completeness review is not a usual move
      A-1003 Chloe Kim: not: nothing would change
      A-1004 Dev Patel: not: out for signature → under completeness review is not a usual move
    "#);
    world.keys("esc").text("they said so").keys("enter enter");
    insta::assert_snapshot!(world.disk("A-1004"), @"acknowledged | utility | 2026-11-30 | Status set against the usual order, because: they said so");
    world.keys("^ ;").text("field city").keys("enter").text("Salem").keys("enter enter");
    assert_eq!(world.application("A-1003").text("city"), Some("Salem"));
    world.keys("^ ;").text("field city").keys("enter enter enter");
    assert_eq!(world.application("A-1003").text("city"), None, "an empty answer clears");
}

#[test]
fn a_message_is_never_made_for_many_and_no_number_given_to_many() {
    let mut world = World::new(&SMALL);
    world.keys("w * ;").text("asked customer").keys("enter");
    insta::assert_snapshot!(world.notice(), @"asked the customer for documents is not possible here: it prepares a message, which is read before it goes");
    world.keys("esc ;").text("field number").keys("enter");
    assert!(!world.prompt().contains("application number"), "{}", world.prompt());
}

#[test]
fn a_record_that_changed_under_the_preview_is_left_out_and_the_rest_is_one_enter() {
    let mut world = World::new(&SMALL);
    world.keys("w * ;").text("waiting on: engineering").keys("enter");
    world.meanwhile("A-1002", &[("city", "Bend")]);
    world.meanwhile("A-1003", &[("city", "Bend")]);
    world.keys("enter");
    assert_eq!(world.written(), 0, "all or nothing");
    insta::assert_snapshot!(world.notice(), @"not written: jdoe changed one, now left out; Enter does the rest");
    insta::assert_snapshot!(world.prompt(), @r#"
    waiting on: engineering, 2 of 4
      A-1001 Ana Reyes: waiting on utility → engineering
      A-1002 Ben Ito: not: somebody changed it since it was shown: left out
      A-1003 Chloe Kim: not: somebody changed it since it was shown: left out
      A-1004 Dev Patel: waiting on customer → engineering
    "#);
    world.keys("enter");
    insta::assert_snapshot!(world.notice(), @"saved 2 records: waiting on: engineering");
    assert!(world.disk("A-1001").contains("| engineering |"), "{}", world.disk("A-1001"));
    assert!(!world.disk("A-1002").contains("| engineering |"), "{}", world.disk("A-1002"));
}

#[test]
fn enter_waits_until_what_will_happen_is_shown() {
    let mut world = World::new(&SMALL);
    world.keys("w * ;").text("waiting on: engineering");
    world.slow = true;
    world.keys("enter enter");
    insta::assert_snapshot!(world.notice(), @"the records are still being read; what will happen is not known yet");
    world.slow = false;
    world.answer();
    world.press(Key::parse("enter").expect("a key"), 10);
    assert_eq!(world.written(), 0, "it came before the screen could be read");
    world.paint();
    world.keys("enter");
    assert_eq!(world.written(), 4);
}

#[test]
fn a_legal_hold_refuses_its_own_row_only() {
    let held: Row<'static> = &[("site", "5 Bay St"), ("customer_name", "Eve Lin"), ("utility", "TEP"), ("follow_up", "today")];
    let mut world = World::new(&[SMALL[0], held]);
    world.meanwhile("A-1002", &[("legal_hold", "yes")]);
    world.keys("w * ;").text("we look").keys("enter").text("5b").keys("enter");
    insta::assert_snapshot!(world.prompt(), @r#"
    we look again: 5b, 1 of 2
      A-1001 Ana Reyes: we look Mon 11/30 (5 business days; skips Thu 11/26 Thanksgiving Day)
      A-1002 Eve Lin: not: A-1002 is under legal hold
    "#);
}

#[test]
fn what_was_typed_for_all_comes_back_and_goes_when_it_is_saved() {
    let mut world = World::new(&SMALL);
    world.keys("w * ;").text("field city").keys("enter").text("Salem").keys("esc");
    assert_eq!((world.prompt().as_str(), marks(&world), world.drafts.len()), ("queue", 4, 1));
    world.keys(";").text("field city").keys("enter");
    assert!(world.prompt().contains("Salem"), "{}", world.prompt());
    world.keys("enter enter");
    assert_eq!(world.application("A-1004").text("city"), Some("Salem"));
    assert!(world.drafts.is_empty(), "{:?}", world.drafts);
}
