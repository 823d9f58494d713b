//! Messages: signed first, filled in, written by the team, kept with the touch.

use intertie::desk::msg::Msg;
use intertie::domain::value::Value;

use crate::world::{SMALL, World};

/// Opens the editor on the message whose name or label has these words.
fn edit(world: &mut World, words: &str) {
    world.keys("T").text(words).keys("enter");
}

#[test]
fn a_message_that_nobody_could_sign_asks_once_and_goes_on() {
    let mut world = World::new(&SMALL);
    world.desk.person.name.clear();
    world.keys("3");
    insta::assert_snapshot!(world.prompt(), @r"
    who signs your messages
      [name, as messages are signed] 
      [phone] 555-0100
    ");
    world.text("Jo Doe").keys("enter");
    assert!(world.prompt().contains("A-1001 Ana Reyes") && world.prompt().contains("message:"), "{}", world.prompt());
    world.keys("enter");
    assert!(world.copied[0].contains("Jo Doe"), "{:?}", world.copied);

    // Leaving it forgets what waited.
    let mut world = World::new(&SMALL);
    world.desk.person.name.clear();
    world.keys("3 esc M").text("Jo Doe").keys("enter");
    assert_eq!(world.prompt(), "queue");
    assert_eq!(world.written(), 0);
}

#[test]
fn what_the_process_book_lacks_is_asked_for_this_message() {
    let mut world = World::new(&[&[
        ("site", "1 Elm St"),
        ("utility", "Tiny Co-op"),
        ("number", "TC-1"),
        ("meter_number", "M-1"),
        ("status", "meter"),
        ("follow_up", "today"),
    ]]);
    edit(&mut world, "utility-status");
    world.keys("shift-tab shift-tab").text("{{utility_mailbox}}").keys("enter");
    world.keys("c").text("status inquiry").keys("enter");
    assert!(world.prompt().contains("[utility mailbox]"), "{}", world.prompt());
    world.text("desk@example.com").keys("enter");
    let last = world.desk.last_message.as_ref().expect("a message");
    assert_eq!(last.rendered.recipient, "desk@example.com");
    assert_eq!(world.application("A-1001").text("utility"), Some("Tiny Co-op"), "the book is nobody's record");
}

#[test]
fn the_team_writes_a_message_and_the_touch_names_its_version() {
    let mut world = World::new(&SMALL);
    edit(&mut world, "utility-status");
    assert!(world.prompt().starts_with("message \"utility-status-inquiry\"\nHello,"), "{}", world.prompt());
    world.keys("ctrl-j").text("Ours: {{application_numbr}}");
    assert!(world.prompt().contains("body: there is no field application_numbr"), "{}", world.prompt());
    assert!(world.drafts["message utility-status-inquiry"].contains("Ours:"));
    world.keys("enter");
    assert_eq!((world.notice(), world.written()), ("not kept: body: there is no field application_numbr; is it application_number?", 0));
    world.keys("backspace backspace backspace backspace").text("ber}}");
    assert!(world.prompt().ends_with("Ours: RMP-1"), "filled in from the row under the cursor: {}", world.prompt());
    world.keys("enter");
    assert_eq!((world.prompt().as_str(), world.notice()), ("queue", "saved message utility-status-inquiry"));
    assert!(world.drafts.is_empty());
    world.keys("3 enter");
    assert!(world.copied[0].ends_with("Ours: RMP-1"), "{:?}", world.copied);
    let kept = world.application("A-1001").entries("message").next().expect("a message").value.clone();
    assert_eq!((kept.get("version"), kept.get("name")), (Some(&Value::Number(1)), Some(&"utility-status-inquiry".into())));
    world.keys("g g h");
    let told: String = match &world.desk.prompt {
        Some(intertie::desk::prompt::Prompt::Pager(pager)) => pager.lines.iter().map(|(_, line)| line.as_str()).collect(),
        _ => String::new(),
    };
    assert!(told.contains("message utility-status-inquiry v1"), "{told}");
    // One touch and one version of a message, each one step back.
    world.keys("q u u");
    assert_eq!(world.disk("A-1001"), "submitted | utility | 2026-11-20 | -");
    assert_eq!(world.store.messages().expect("it reads"), [], "the one of the files counts again");
}

#[test]
fn a_new_message_needs_its_parts_and_a_left_one_is_kept() {
    let mut world = World::new(&SMALL);
    world.keys("T enter").text("site-visit").keys("tab").text("site visit, to the customer").keys("tab").text("customer");
    for fault in ["body: it is empty", "crm: it is empty"] {
        assert!(world.prompt().contains(fault), "{}", world.prompt());
    }
    world.keys("esc");
    assert!(world.notice().contains("is kept"), "{}", world.notice());
    world.keys("T enter");
    assert!(world.prompt().starts_with("message \"site-visit\""), "{}", world.prompt());
    // name, label, to, channel, recipient, subject, body: from the name down.
    world.keys("tab tab tab tab tab tab").text("Hi {{first_name}}, we come {{day}}.").keys("tab").text("Site visit {{day}}");
    assert!(world.prompt().contains("body: there is no field day"), "{}", world.prompt());
    world.keys("tab tab").text("day=which day").keys("enter");
    assert_eq!(world.notice(), "saved message site-visit");
    world.keys("c").text("site visit").keys("enter").text("Monday").keys("enter");
    assert!(world.copied[0].contains("Hi Ana, we come Monday."), "{:?}", world.copied);
    // A second one of the name is refused.
    world.keys("T enter").text("site-visit");
    assert!(world.prompt().contains("there is a message site-visit already"), "{}", world.prompt());
}

#[test]
fn two_people_who_write_one_message_do_not_overwrite_each_other() {
    let mut world = World::new(&SMALL);
    edit(&mut world, "utility-status");
    world.text("mine");
    let mut theirs = world.rules.playbook.message("utility-status-inquiry").expect("shipped").clone();
    theirs.crm = "theirs".into();
    world.keep_as(2, &theirs);
    world.keys("enter");
    assert!(world.notice().contains("not saved") && world.notice().contains("crm"), "{}", world.notice());
    edit(&mut world, "utility-status");
    let crm = |world: &World| world.store.messages().expect("it reads")[0].crm.clone();
    assert_eq!(crm(&world), "theirs");
    assert!(world.notice().contains("what you typed last time"), "{}", world.notice());
}

#[test]
fn a_template_that_is_more_than_fields_is_never_kept() {
    let mut world = World::new(&SMALL);
    for hostile in ["{% for x in [1] %}x{% endfor %}", "{% include 'etc' %}", "{{ site|upper }}", "{{ self }}"] {
        edit(&mut world, "utility-status");
        world.hear(Msg::Paste { text: hostile.to_owned() });
        world.keys("enter");
        assert!(world.notice().starts_with("not kept: body:"), "{hostile}: {}", world.notice());
        world.keys("esc");
        world.desk.drafts.clear();
    }
    assert_eq!(world.written(), 0);
}

#[test]
fn a_value_that_looks_like_a_template_or_an_order_stays_text() {
    let mut world = World::new(&[&[
        ("site", "{{customer_phone}}"),
        ("customer_name", "=cmd|' /C calc'!A0"),
        ("customer_phone", "555-0111"),
        ("utility", "RMP"),
        ("number", "RMP-1"),
        ("status", "submitted"),
        ("follow_up", "today"),
    ]]);
    world.keys("3 enter");
    assert!(world.copied[0].contains("{{customer_phone}}") && !world.copied[0].contains("555-0111"), "{:?}", world.copied);
    assert_eq!(world.prompt(), "queue");
}
