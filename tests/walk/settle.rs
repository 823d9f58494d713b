//! Conflicts of imports, and records that are one application.

use intertie::desk::effect::Effect;
use intertie::desk::msg::{Msg, Saved, Unsaved};
use intertie::domain::import::Offer;
use intertie::domain::trouble::Refusal;
use intertie::keys::chord::Key;

use crate::world::{SMALL, World};

fn offers(world: &World) -> Vec<Offer> {
    let one = |reference: &str, field: &str, ours: &str, theirs: &str, source: &str| Offer {
        subject: world.application(reference).id,
        reference: reference.to_owned(),
        source: source.to_owned(),
        key: format!("00Q-{reference}"),
        field: field.to_owned(),
        ours: ours.into(),
        theirs: theirs.into(),
    };
    vec![
        one("A-1001", "owner", "jdoe", "mlee", "crm"),
        one("A-1002", "owner", "jdoe", "alee", "crm"),
        one("A-1003", "status", "acknowledged", "pto", "portal"),
        one("A-1004", "owner", "jdoe", "bob", "crm"),
    ]
}

fn opened() -> (World, Vec<Offer>) {
    let mut world = World::new(&SMALL);
    world.keys("C");
    assert_eq!(world.ask(), Effect::FetchOffers);
    let offers = offers(&world);
    world.hear(Msg::Offers(offers.clone()));
    world.at += 1_000;
    (world, offers)
}

/// The one settlement on its way, and an answer to it.
fn settled(world: &mut World, wanted: &[&Offer], took: bool, written: bool) {
    let Effect::Settle { ticket, offers, theirs, .. } = world.ask() else { panic!("something is settled") };
    assert_eq!((offers.iter().collect::<Vec<_>>(), theirs), (wanted.to_vec(), took));
    let facts = wanted.iter().map(|offer| (offer.subject, None)).take(0).collect();
    let saved = Saved { did: "settled".into(), facts };
    let result = if written { Ok(saved) } else { Err(Unsaved::Failed(Refusal::new("it is under legal hold").into())) };
    world.hear(Msg::Committed { ticket, result });
    world.at += 1_000;
}

#[test]
fn one_by_one_ours_or_theirs() {
    let (mut world, all) = opened();
    assert_eq!(world.prompt(), "4 conflicts, at A-1001 owner");
    world.keys("t");
    assert_eq!(world.prompt(), "4 conflicts, at A-1002 owner", "the cursor goes on at once");
    settled(&mut world, &[&all[0]], true, true);
    assert_eq!(world.prompt(), "3 conflicts, at A-1002 owner");
    world.keys("j o");
    settled(&mut world, &[&all[2]], false, true);
    assert_eq!((world.prompt().as_str(), world.notice()), ("2 conflicts, at A-1004 owner", "saved settled"));
    world.keys("esc");
    assert_eq!(world.prompt(), "queue");
}

#[test]
fn a_rule_is_counted_before_it_is_done() {
    let (mut world, all) = opened();
    world.keys("T");
    assert_eq!(world.prompt(), "4 conflicts, at A-1001 owner, theirs true for 3 owner");
    world.keys("esc");
    assert_eq!((world.prompt().as_str(), world.asked.len()), ("4 conflicts, at A-1001 owner", 0));
    world.keys("O j");
    assert!(!world.prompt().contains("for 3"), "another line, another rule: {}", world.prompt());
    world.keys("O enter");
    settled(&mut world, &[&all[0], &all[1], &all[3]], false, true);
    assert_eq!(world.prompt(), "1 conflicts, at A-1003 status");
}

#[test]
fn what_is_refused_stays_open_and_is_read_anew() {
    let (mut world, all) = opened();
    world.keys("t");
    settled(&mut world, &[&all[0]], true, false);
    assert!(world.notice().starts_with("not saved for A-1001 Ana Reyes: it is under legal hold"), "{}", world.notice());
    assert_eq!(world.ask(), Effect::FetchOffers);
    world.hear(Msg::Offers(all));
    assert_eq!(world.prompt(), "4 conflicts, at A-1002 owner", "the cursor stays on its line");
}

#[test]
fn a_key_before_the_line_was_read_settles_nothing() {
    let (mut world, all) = opened();
    world.keys("t");
    world.press(Key::char('t'), 100);
    settled(&mut world, &[&all[0]], true, true);
    assert!(world.asked.is_empty(), "the second t came too early");
    // A later one waits for the answer to the first, and is for the line that was seen.
    world.keys("t");
    world.press(Key::char('o'), 1_000);
    assert_eq!(world.asked.len(), 1);
    settled(&mut world, &[&all[1]], true, true);
    settled(&mut world, &[&all[2]], false, true);
}

#[test]
fn enter_goes_to_the_record_and_nothing_open_is_said() {
    let (mut world, _) = opened();
    world.keys("j j enter");
    assert_eq!((world.prompt().as_str(), world.here().as_str()), ("queue", "A-1003"));
    // The next key has not seen it yet.
    world.press(Key::char('1'), 100);
    assert!(world.notice().contains("before the new record could be read"), "{}", world.notice());
    let mut world = World::new(&SMALL);
    world.keys("C");
    world.hear(Msg::Offers(Vec::new()));
    assert_eq!(world.prompt(), "0 conflicts, at nothing");
    world.at += 1_000;
    world.keys("t o T O enter 1 n");
    assert_eq!((world.prompt().as_str(), world.written()), ("0 conflicts, at nothing", 0));
}

#[test]
fn two_records_become_one_and_undo_parts_them() {
    let mut rows = SMALL;
    rows[3] =
        &[("site", "1 Oak Street"), ("customer_name", "A. Reyes"), ("utility", "RMP"), ("meter_number", "4471"), ("follow_up", "today")];
    let mut world = World::new(&rows);
    world.keys("D");
    let subject = world.application("A-1001").id;
    assert_eq!(world.ask(), Effect::FetchAlike(subject));
    // Typed ahead: nothing of it reaches the queue.
    world.text("q").keys("enter backspace");
    let found = vec![
        (world.application("A-1004"), "same meter number".to_owned()),
        (world.application("A-1002"), "customer almost the same".to_owned()),
    ];
    world.hear(Msg::Alike { subject, found });
    world.at += 1_000;
    assert_eq!(world.prompt(), "which one is the same as: A-1001 Ana Reyes (2 of 2)");
    world.text("A-1004").keys("enter");
    insta::assert_snapshot!(world.prompt(), @r#"
    join A-1001 Ana Reyes with A-1004 A. Reyes
      leaves: A-1004 A. Reyes leaves the queue; one undo parts them
      meter number: 4471
      only in the note: site 1 Oak Street
      only in the note: customer A. Reyes
      only in the note: status intake
    "#);
    assert_eq!(world.written(), 0);
    world.keys("enter");
    assert_eq!((world.desk.order.len(), world.here().as_str()), (3, "A-1001"));
    assert!(world.notice().contains("joined A-1004 into it"), "{}", world.notice());
    world.keys("u");
    assert!(world.notice().contains("took back"), "{}", world.notice());
    assert_eq!(world.application("A-1004").site(), "1 Oak Street");
    world.keys("R");
    assert_eq!(world.desk.order.len(), 4);
    assert!(world.store.check().expect("it checks").is_empty());
}

#[test]
fn nothing_alike_is_said_with_the_way_by_reference() {
    let mut world = World::new(&SMALL);
    world.keys("D");
    let subject = world.application("A-1001").id;
    world.hear(Msg::Alike { subject, found: Vec::new() });
    insta::assert_snapshot!(world.notice(), @"nothing in the queue looks like A-1001; by reference: intertie join A-1001 OTHER");
    world.at += 1_000;
    world.keys("enter");
    assert!(world.prompt().starts_with("which one is the same"), "{}", world.prompt());
    world.keys("esc");
    // An answer that comes too late opens nothing.
    world.hear(Msg::Alike { subject, found: Vec::new() });
    assert_eq!(world.prompt(), "queue");
}
