//! Words out: the ring of fields, CRM lines, a line about a record, cells, one message about several.

use intertie::desk::msg::Msg;

use crate::world::{Row, SMALL, World};

const THREE: [Row<'static>; 4] = [
    &[
        ("site", "1 Oak St"),
        ("customer_name", "Ana Reyes"),
        ("customer_email", "ana@example.com"),
        ("utility", "RMP"),
        ("number", "RMP-1"),
        ("crm_number", "C-77"),
        ("status", "submitted"),
        ("follow_up", "today"),
    ],
    &[
        ("site", "2 Oak St"),
        ("customer_name", "ANA REYES"),
        ("customer_email", "Ana@Example.com "),
        ("utility", "RMP"),
        ("number", "RMP-2"),
        ("status", "submitted"),
        ("follow_up", "today"),
    ],
    &[
        ("site", "3 Oak St"),
        ("customer_name", "Ana Reyes"),
        ("customer_email", "other@example.com"),
        ("utility", "RMP"),
        ("number", "RMP-3"),
        ("follow_up", "today"),
    ],
    &[("site", "4 Oak St"), ("customer_name", "Lee Park"), ("utility", "PGE"), ("number", "PGE-4"), ("follow_up", "today")],
];

/// A message about several, as a team would write one.
fn with_several(world: &mut World) {
    world.keys("T enter").text("all-yours").keys("tab").text("all of yours").keys("tab").text("customer").keys("tab tab");
    world.text("{{customer_email}}").keys("tab").text("Your applications").keys("tab");
    world.text("Hi {{first_name}},").keys("ctrl-j").text("{{list}}").keys("ctrl-j").text("{{coordinator_name}}");
    world.keys("tab").text("Told of all").keys("tab").text("{{application_number}}: {{status_label}}").keys("enter");
    assert_eq!(world.notice(), "saved message all-yours");
}

#[test]
fn fields_go_one_by_one_in_the_portals_order_and_say_what_comes_next() {
    let mut world = World::new(&THREE);
    world.keys("tab tab tab shift-tab");
    insta::assert_snapshot!(world.copied.join("\n"), @r"
    customer Ana Reyes of A-1001 (1/5; next: customer email, customer phone empty): Ana Reyes
    customer email ana@example.com of A-1001 (2/5; next: coordinator name, 12 between are empty): ana@example.com
    coordinator name J. Doe of A-1001 (3/5; next: coordinator phone): J. Doe
    customer email ana@example.com of A-1001 (2/5; next: coordinator name, 12 between are empty): ana@example.com
    ");
    // Another record begins anew.
    world.copied.clear();
    world.keys("j tab");
    assert!(world.copied[0].starts_with("customer ANA REYES of A-1002 (1/5;"), "{:?}", world.copied);
    assert_eq!(world.written(), 0);
}

#[test]
fn todays_notes_are_lines_with_the_others_number() {
    let mut world = World::new(&THREE);
    world.keys("w l");
    assert_eq!(world.notice(), "A-1001 has no note of today");
    world.keys("n").text("called,").keys("ctrl-j").text("in review").keys("enter g g w l");
    assert_eq!(world.copied, ["1 note of A-1001 as CRM lines: 11/20 J. Doe: called, in review"]);
    world.keys("j n").text("second >2w").keys("enter");
    world.copied.clear();
    world.keys("w a");
    assert_eq!(
        world.copied,
        ["2 notes of today as CRM lines: C-77 Ana Reyes: 11/20 J. Doe: called, in review\nRMP-2 ANA REYES: 11/20 J. Doe: second"]
    );
    // What was taken back is nobody's line.
    world.copied.clear();
    world.keys("u w a");
    assert_eq!(world.copied, ["1 note of today as CRM lines: C-77 Ana Reyes: 11/20 J. Doe: called, in review"]);
}

#[test]
fn a_line_with_a_hole_says_what_it_lacks() {
    let mut world = World::new(&SMALL);
    world.keys("w s enter");
    insta::assert_snapshot!(world.copied.join("\n"), @"line for the customer of A-1001: Your application at Rocky Mountain Power for 1 Oak St: submitted as of 11/20/2026.");
    let mut world = World::new(&[&[("site", "9 Fir St"), ("customer_name", "Jo"), ("utility", "RMP"), ("follow_up", "today")]]);
    world.keys("w s").text("scheduling").keys("enter");
    assert!(world.notice().contains("has no application number"), "{}", world.notice());
    assert!(world.copied.is_empty());
}

#[test]
fn the_rows_shown_are_cells() {
    let mut world = World::new(&THREE);
    world.keys("w c");
    let lines: Vec<&str> = world.copied[0].lines().collect();
    assert_eq!(lines.len(), 5);
    assert!(
        lines[0].ends_with("ref|number (the utility's, else another)|customer|site|utility|status|we look|waiting on|owner|next"),
        "{}",
        lines[0]
    );
    assert!(lines[1].starts_with("A-1001|RMP-1|Ana Reyes|1 Oak St|"), "{}", lines[1]);
}

#[test]
fn one_message_tells_of_all_applications_of_a_contact() {
    let mut world = World::new(&THREE);
    with_several(&mut world);
    world.keys("w m");
    assert!(world.prompt().starts_with("message about A-1001 and A-1002 "), "the third has another mailbox: {}", world.prompt());
    world.text("all of yours").keys("enter");
    assert!(world.prompt().contains("also noted: A-1002"), "{}", world.prompt());
    world.keys("enter");
    insta::assert_snapshot!(world.copied.join("\n"), @r"
    message for A-1001: Your applications

    Hi Ana,
    RMP-1: submitted
    RMP-2: submitted
    J. Doe
    ");
    assert!(world.disk("A-1001").ends_with("| Prepared: all of yours"), "{}", world.disk("A-1001"));
    assert!(world.disk("A-1002").ends_with("| Prepared: all of yours, together with A-1001"), "{}", world.disk("A-1002"));
    assert!(world.disk("A-1003").ends_with("| -"));
    // One step takes it back on both.
    world.keys("u");
    for reference in ["A-1001", "A-1002"] {
        assert!(world.disk(reference).ends_with("| -"), "{}", world.disk(reference));
    }
}

#[test]
fn if_one_of_them_changed_meanwhile_none_is_written_and_it_is_named() {
    let mut world = World::new(&THREE);
    with_several(&mut world);
    world.keys("w m").text("all of yours").keys("enter");
    world.meanwhile("A-1002", &[("ball", "customer")]);
    world.keys("enter");
    assert!(world.notice().contains("of A-1002") && world.notice().starts_with("not saved"), "{}", world.notice());
    assert!(world.disk("A-1001").ends_with("| -") && world.copied.is_empty(), "{}", world.disk("A-1001"));
}

#[test]
fn a_contact_that_nobody_can_tell_apart_is_refused() {
    let mut world = World::new(&THREE);
    with_several(&mut world);
    world.keys("j j j w m");
    assert!(world.notice().contains("names no customer with an email or phone"), "{}", world.notice());
    // The answer of a row that is no longer under the cursor opens nothing.
    world.slow = true;
    world.keys("g g w m j");
    world.slow = false;
    world.answer();
    assert_eq!(world.prompt(), "queue");
    world.hear(Msg::Notes(Vec::new()));
    assert_eq!(world.notice(), "you wrote no note today");
}

#[test]
fn words_of_a_message_are_found_and_lead_to_its_record() {
    let mut world = World::new(&THREE);
    world.keys("j 3 enter j");
    assert_ne!(world.here(), "A-1002");
    world.keys("F").text("which ste");
    let said = world.said();
    assert!(said.len() == 1 && said[0].starts_with("A-1002 Fri 11/20 (message): ") && said[0].contains("which step"), "{said:?}");
    // The same words in the rows, and back: one key.
    world.keys("tab");
    assert_eq!((world.here().as_str(), world.said().len()), ("nowhere", 0));
    world.keys("tab enter");
    assert_eq!((world.here().as_str(), world.prompt().as_str()), ("A-1002", "queue"));
    assert_eq!(world.said().len(), 1, "the hits stay while they are worked");
    world.keys("F").text("zeppelin");
    assert_eq!((world.here().as_str(), world.said().len()), ("nowhere", 0));
    world.keys("esc");
    assert_ne!(world.here(), "nowhere");
}

#[test]
fn what_stood_in_a_field_is_found_and_leads_to_its_record() {
    let mut world = World::new(&THREE);
    world.keys("F").text("other@ex");
    assert_eq!(world.said(), ["A-1003 Fri 11/20: customer email other@example.com"]);
    world.keys("enter");
    world.meanwhile("A-1003", &[("customer_email", "new@example.com")]);
    world.keys("F ctrl-u").text("other@ex");
    assert_eq!(world.said(), ["A-1003 Fri 11/20: was customer email other@example.com"]);
}

#[test]
fn a_link_is_copied_by_one_key_and_several_are_asked_for() {
    let mut world = World::new(&THREE);
    world.keys("L");
    assert_eq!(world.notice(), "A-1001 has no link in its fields and notes");
    world.keys("n").text("papers: https://files.example/a.").keys("enter g g L");
    assert_eq!(world.copied, ["link, note of Fri 11/20 of A-1001: https://files.example/a"]);
    world.keys("e").text("x").keys("esc n").text("new: https://files.example/b >2w").keys("enter g g L");
    assert!(world.prompt().contains("(2 of 2)"), "{}", world.prompt());
    world.copied.clear();
    world.keys("enter");
    assert_eq!(world.copied, ["link, note of Fri 11/20 of A-1001: https://files.example/b"], "the newest first");
}
