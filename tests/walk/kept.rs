//! What is typed is kept where the words say so, and nothing opens under a key that meant something else.

use intertie::desk::msg::{Msg, Unsaved};
use intertie::domain::text::LINE_MAX;
use intertie::domain::trouble::{Failure, Trouble};
use intertie::keys::chord::Key;

use crate::world::{SMALL, World};

fn edit(world: &mut World, words: &str) {
    world.keys("T").text(words).keys("enter");
}

#[test]
fn a_draft_of_a_message_lies_over_what_others_wrote_since_part_by_part() {
    let mut world = World::new(&SMALL);
    edit(&mut world, "utility-status");
    world.text("mine").keys("esc");
    let mut theirs = world.rules.playbook.message("utility-status-inquiry").expect("shipped").clone();
    theirs.crm = "theirs".into();
    world.keep_as(2, &theirs);
    world.reload();
    // They wrote another part: both are there.
    edit(&mut world, "utility-status");
    assert_eq!(world.notice(), "what you typed last time is here again");
    world.keys("enter");
    let kept = world.store.messages().expect("it reads")[0].clone();
    assert!(kept.crm == "theirs" && kept.body.contains("mine"), "{kept:?}");
    world.reload();
    // They wrote the same part: it is said before Enter writes over it.
    edit(&mut world, "utility-status");
    world.text("again").keys("esc");
    let mut theirs = kept.clone();
    theirs.body = "theirs".into();
    world.keep_as(2, &theirs);
    world.reload();
    edit(&mut world, "utility-status");
    assert!(world.notice().starts_with("somebody else changed body since you typed"), "{}", world.notice());
}

#[test]
fn answers_of_a_message_come_back_with_the_same_message() {
    let mut world = World::new(&SMALL);
    world.keys("c").text("past its date").keys("enter").text("Monday").keys("esc");
    assert_eq!(world.notice(), "nothing changed; what you typed is kept, and comes back with the same question");
    world.keys("n");
    assert!(world.prompt().ends_with("\"\""), "no note was typed: {}", world.prompt());
    world.keys("esc j c").text("past its date").keys("enter");
    assert!(!world.prompt().contains("Monday"), "another record's answers are another's: {}", world.prompt());
    world.keys("esc k c").text("past its date").keys("enter");
    assert!(world.prompt().contains("] Monday"), "{}", world.prompt());
    // Stale: nothing written, and it waits again.
    world.meanwhile("A-1001", &[("ball", "customer")]);
    world.keys("enter");
    assert!(world.notice().ends_with("what you typed waits there, in the same question"), "{}", world.notice());
    assert_eq!(world.drafts.len(), 1, "{:?}", world.drafts);
    // Nothing typed, nothing promised.
    let mut world = World::new(&SMALL);
    world.keys("c").text("past its date").keys("enter esc");
    assert_eq!((world.notice(), world.drafts.len()), ("nothing changed", 0));
}

#[test]
fn a_quick_actions_note_does_not_go_under_beside_a_draft() {
    let mut world = World::new(&SMALL);
    world.keys("n").text("draft of a note").keys("esc");
    world.keys("4").text("bill and plan").keys("esc");
    assert!(world.notice().ends_with("comes back with the same question"), "{}", world.notice());
    world.keys("n");
    assert!(world.prompt().contains("draft of a note"), "{}", world.prompt());
    world.keys("esc 4");
    assert!(world.prompt().contains("] bill and plan"), "{}", world.prompt());
    world.keys("enter");
    assert!(world.disk("A-1001").ends_with("| bill and plan"), "{}", world.disk("A-1001"));
    assert_eq!(world.drafts.len(), 1, "the note's own draft stays: {:?}", world.drafts);
}

#[test]
fn what_opens_after_signing_takes_no_key_that_was_on_its_way() {
    let mut world = World::new(&SMALL);
    world.desk.person.name.clear();
    world.keys("3").text("Jo Doe");
    world.press(Key::parse("enter").expect("a key"), 500);
    // A second Enter, before anything of the touch was drawn, and one just after.
    world.press(Key::parse("enter").expect("a key"), 50);
    world.paint();
    world.press(Key::parse("enter").expect("a key"), 100);
    assert_eq!(world.written(), 0, "{}", world.prompt());
    assert!(world.notice().contains("before the screen could be read"), "{}", world.notice());
    world.keys("enter");
    assert_eq!(world.written(), 1);
}

#[test]
fn a_signature_that_cannot_be_written_asks_again_with_what_was_typed() {
    let mut world = World::new(&SMALL);
    world.desk.person.name.clear();
    world.slow = true;
    world.answer_reads();
    world.keys("3");
    world.answer_reads();
    world.text("Jo Doe").keys("enter");
    let ticket = world.desk.saving.as_ref().expect("it is being saved").ticket;
    world.forget_asked();
    let failure = Failure::from(Trouble::io("the disk is full"));
    world.tell(Msg::Committed { ticket, result: Err(Unsaved::Failed(failure)) });
    world.paint();
    assert!(world.prompt().contains("] Jo Doe"), "{}", world.prompt());
    assert!(world.notice().contains("the disk is full"), "{}", world.notice());
}

#[test]
fn only_an_undone_message_may_be_sent_already() {
    let mut world = World::new(&SMALL);
    world.keys("3 enter g g f").text("fri").keys("enter g g u");
    assert!(!world.notice().contains("already be sent"), "{}", world.notice());
    world.keys("u");
    assert!(world.notice().contains("already be sent"), "{}", world.notice());
}

#[test]
fn a_paste_that_has_no_room_is_said() {
    let mut world = World::new(&SMALL);
    world.keys("f");
    world.hear(Msg::Paste { text: "x".repeat(LINE_MAX + 1) });
    assert!(world.notice().contains("nothing was pasted"), "{}", world.notice());
    // Words that become a note have a note's room.
    world.keys("esc 4");
    world.hear(Msg::Paste { text: "é".repeat(3_000) });
    world.keys("enter");
    assert!(world.disk("A-1001").ends_with(&"é".repeat(3_000)));
}
