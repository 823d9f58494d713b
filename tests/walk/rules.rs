//! Tier, clocks and what they say in a plan: the page, the question without a record, an extension, a flip.

use crate::world::{Row, World};

/// A small system at PGE in Oregon, submitted and complete.
const OREGON: &[Row<'_>] = &[&[
    ("site", "12 Oak St"),
    ("customer_name", "Ann Lee"),
    ("utility", "Portland General Electric"),
    ("state", "OR"),
    ("program", "net-metering"),
    ("size_ac", "49 kW"),
    ("export", "20 kW"),
    ("certification", "sb"),
    ("status", "ready-to-submit"),
    ("project", "P1"),
    ("follow_up", "today"),
]];

fn has(world: &World, line: &str) -> bool {
    world.page().iter().any(|one| one.contains(line))
}

#[test]
fn the_page_tells_tier_and_clocks_with_the_rule() {
    let mut world = World::new(OREGON);
    world.keys("S");
    assert!(has(&world, "tier: Tier 1") && has(&world, "margin to the next: 1 kW of nameplate"), "{:?}", world.page());
    assert!(has(&world, "OAR 860-039-0030, oregon-net-metering-2024"), "{:?}", world.page());
    assert!(has(&world, "not begun: receipt and completeness, answer to the list"), "{:?}", world.page());
    // Submitted today, Friday 20 November: 23, 24 and 25 November.
    world.keys("esc 6").text("PGE-77").keys("enter");
    world.keys("S");
    assert!(has(&world, "Wed 11/25  receipt and completeness: utility owes it, 3 BD"), "{:?}", world.page());
    assert!(has(&world, "no day of \"received\" is on file"), "{:?}", world.page());
    assert_eq!(world.written(), 1);
}

#[test]
fn a_question_on_the_phone_needs_no_record() {
    let mut world = World::new(OREGON);
    world.keys("A").text("state=UT utility=RMP certification=sb nameplate=25.1kW received=2026-11-16").keys("enter");
    assert!(has(&world, "tier: Level 2") && has(&world, "Thu 11/19, past  acknowledgement"), "{:?}", world.page());
    assert!(has(&world, "Tue 12/1  completeness: utility owes it, 10 BD"), "{:?}", world.page());
    // What is missing is named; what cannot be read stays, and says what was wanted.
    world.keys("esc A").text("state=UT nameplate=10kW").keys("enter");
    assert!(has(&world, "for a sure answer: inverter, certification"), "{:?}", world.page());
    world.keys("esc A").text("state=UT nameplate=big").keys("enter");
    assert!(world.notice().contains("nameplate: read \"big\", wanted a size like 7.6 kW"), "{}", world.notice());
    assert!(world.prompt().contains("state=UT nameplate=big"), "{}", world.prompt());
    assert_eq!(world.written(), 0);
}

#[test]
fn a_change_that_leads_to_another_tier_says_so_before_it_is_saved() {
    let mut world = World::new(OREGON);
    world.keys("e");
    let before = world.prompt();
    let place = before.lines().position(|line| line.contains("export limit")).expect("the edit screen has it");
    for _ in 1..place {
        world.keys("tab");
    }
    for _ in 0..5 {
        world.keys("backspace");
    }
    world.text("26 kW");
    assert!(world.prompt().contains("tier: Tier 1 → Tier 2: export 26 kW > 25 kW"), "{}", world.prompt());
    assert_eq!(world.written(), 0);
    world.keys("enter");
    assert_eq!(world.written(), 1);
}

#[test]
fn a_clock_is_extended_with_who_agreed_and_what_allows_it() {
    let mut world = World::new(OREGON);
    world.keys("X");
    assert!(world.notice().contains("no clock runs"), "{}", world.notice());
    world.keys("6").text("PGE-77").keys("enter");
    world.keys("X enter").text("12/4").keys("tab").text("intake desk").keys("tab").text("mutual agreement").keys("enter");
    assert!(world.notice().contains("receipt and completeness extended to Fri 12/4"), "{}", world.notice());
    world.keys("S");
    assert!(has(&world, "Fri 12/4  receipt and completeness"), "{:?}", world.page());
    assert!(has(&world, "extended to Fri 12/4 on Fri 11/20, agreed by intake desk (mutual agreement)"), "{:?}", world.page());
    world.keys("esc u S");
    assert!(has(&world, "Wed 11/25  receipt and completeness"), "{:?}", world.page());
}

#[test]
fn a_milestone_before_what_it_follows_is_refused() {
    let mut world = World::new(OREGON);
    world.keys("6").text("PGE-77").keys("enter d c").text("11/19").keys("enter");
    assert!(world.notice().contains("would be before submitted"), "{}", world.notice());
    assert_eq!(world.written(), 1);
}

#[test]
fn what_is_lost_before_we_look_again_is_said() {
    let mut row = OREGON[0].to_vec();
    row.extend([("cure_due", "2026-11-24")]);
    let mut world = World::new(&[&row]);
    world.keys("f").text("11/24");
    assert!(!world.prompt().contains("lapses:"), "{}", world.prompt());
    world.keys("esc f").text("12/4");
    assert!(world.prompt().contains("cure date Tue 11/24, before we look"), "{}", world.prompt());
}

#[test]
fn the_third_contact_in_a_week_is_said_and_not_asked() {
    let mut world = World::new(OREGON);
    world.keys("2");
    assert!(!world.prompt().contains("contact:"), "{}", world.prompt());
    world.keys("enter 2 enter 2");
    assert!(world.prompt().contains("contact: 3rd with customer in 5 business days"), "{}", world.prompt());
    world.keys("enter");
    assert_eq!(world.written(), 3);
}

#[test]
fn applications_of_one_site_are_seen_together() {
    let permit: Row<'_> =
        &[("site", "12 Oak St"), ("utility", "Portland General Electric"), ("lane", "ahj"), ("project", "P1"), ("follow_up", "today")];
    let mut world = World::new(&[OREGON[0], permit]);
    world.keys("B");
    assert!(world.prompt().contains("the same site as A-1001 (1 of 1)"), "{}", world.prompt());
    let before = world.here();
    world.keys("enter");
    assert_ne!(world.here(), before);
    world.keys("B enter");
    assert_eq!(world.here(), before);
    // A permit has statuses of its own: nothing of the utility's fits it.
    world.keys("B enter 6");
    assert!(world.notice().contains("is not possible"), "{}", world.notice());
    assert_eq!(world.written(), 0);
}
