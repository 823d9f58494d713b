//! Keys in, screen and disk out: what the program does to the queue, without a terminal.

mod book;
mod bulk;
mod copies;
mod costs;
mod day;
mod drill;
mod imports;
mod kept;
mod keymaps;
mod messages;
mod notes;
mod order;
mod rules;
mod serve;
mod settle;
mod views;
mod words;
mod world;

use intertie::keys::chord::Key;
use world::{SMALL, World};

#[test]
fn a_digit_shows_its_plan_and_enter_does_it() {
    let mut world = World::new(&SMALL);
    assert_eq!(world.here(), "A-1001");
    world.keys("1");
    insta::assert_snapshot!(world.prompt(), @r#"
    portal check, no change: A-1001 Ana Reyes
      we look: Wed 11/25 (3 business days)
    "#);
    assert_eq!(world.written(), 0, "nothing is written before Enter");
    world.keys("enter");
    assert_eq!(world.prompt(), "queue");
    assert_eq!(world.here(), "A-1002", "the next row is under the cursor");
    insta::assert_snapshot!(world.disk("A-1001"), @"submitted | utility | 2026-11-25 | PC, no change");
    insta::assert_snapshot!(world.notice(), @"saved A-1001 Ana Reyes: portal check, no change");
}

#[test]
fn a_note_with_marks_is_one_touch() {
    let mut world = World::new(&SMALL);
    world.keys("n").text("called RMP, in review >5b !ack @utility");
    insta::assert_snapshot!(world.prompt(), @r#"
    note on A-1001: "called RMP, in review >5b !ack @utility"
      status: submitted → under completeness review
      we look: Mon 11/30 (5 business days; skips Thu 11/26 Thanksgiving Day)
    "#);
    world.keys("enter");
    insta::assert_snapshot!(world.disk("A-1001"), @"acknowledged | utility | 2026-11-30 | called RMP, in review");
    assert_eq!((world.here().as_str(), world.written()), ("A-1002", 1));
    assert!(world.drafts.is_empty(), "a saved note leaves no draft");
}

#[test]
fn undo_takes_the_whole_touch_back_and_redo_brings_it_again() {
    let mut world = World::new(&SMALL);
    let before = world.disk("A-1001");
    world.keys("n").text("one >5b !ack").keys("enter");
    let after = world.disk("A-1001");
    world.keys("u");
    assert_eq!(world.disk("A-1001"), before);
    assert_eq!(world.here(), "A-1001", "undo goes back to its record");
    insta::assert_snapshot!(world.notice(), @"took back: A-1001 Ana Reyes: note, under completeness review, we look Mon 11/30; ctrl-r brings it again");
    world.keys("ctrl-r");
    assert_eq!(world.disk("A-1001"), after);
    world.keys("u u");
    assert_eq!(world.disk("A-1001"), before);
    assert!(world.notice().contains("nothing"), "{}", world.notice());
}

#[test]
fn undo_after_undo_needs_no_pause_but_a_change_does() {
    let mut world = World::new(&SMALL);
    for _ in 0..2 {
        world.keys("n").text("x >2w").keys("enter");
    }
    world.keys("u");
    world.press(Key::char('u'), 50);
    world.paint();
    assert_eq!((world.written(), world.here().as_str()), (4, "A-1001"));
    world.press(Key::char('1'), 50);
    assert_eq!(world.prompt(), "queue", "nobody has read A-1001 yet");
}

#[test]
fn undo_goes_as_deep_as_the_session() {
    let mut world = World::new(&SMALL);
    let before: Vec<String> = ["A-1001", "A-1002", "A-1003"].iter().map(|reference| world.disk(reference)).collect();
    for _ in 0..3 {
        world.keys("n").text("x >2w").keys("enter");
    }
    world.keys("u u u");
    for (reference, before) in ["A-1001", "A-1002", "A-1003"].iter().zip(before) {
        assert_eq!(world.disk(reference), before);
    }
    world.keys("ctrl-r ctrl-r ctrl-r");
    assert!(world.disk("A-1003").ends_with("| x"), "{}", world.disk("A-1003"));
}

#[test]
fn a_message_is_copied_only_when_the_commit_is_acknowledged() {
    let mut world = World::new(&SMALL);
    world.slow = true;
    world.answer_reads();
    world.keys("3");
    world.answer_reads();
    assert!(world.prompt().contains("message"), "{}", world.prompt());
    world.keys("enter");
    assert!(world.copied.is_empty(), "the commit is still under way");
    world.slow = false;
    world.answer();
    assert_eq!(world.copied.len(), 1);
    assert!(world.copied[0].contains("RMP-1"), "{}", world.copied[0]);
}

#[test]
fn keys_that_come_too_early_do_nothing() {
    let mut world = World::new(&SMALL);
    world.keys("1 enter");
    // 100 ms after the advance nobody has read A-2.
    world.press(Key::char('1'), 100);
    assert!(world.notice().contains("before the new record could be read"), "{}", world.notice());
    assert_eq!(world.prompt(), "queue");
    // The rest of the burst is dropped too, however long it goes on.
    for c in "n call back\n1".chars() {
        world.press(Key::char(c), 200);
    }
    world.press(Key::parse("enter").expect("a key"), 200);
    assert_eq!((world.prompt().as_str(), world.written()), ("queue", 1));
    // After a pause keys work again; looking around always did.
    world.keys("1");
    assert!(world.prompt().contains("A-1002"));
}

#[test]
fn a_key_acts_on_what_was_painted_or_not_at_all() {
    let mut world = World::new(&SMALL);
    // The cursor moves, but nothing was drawn since: the key has seen A-1.
    world.press(Key::char('j'), 1_000);
    world.press(Key::char('1'), 1_000);
    assert!(world.notice().contains("look again"), "{}", world.notice());
    assert_eq!((world.here().as_str(), world.written()), ("A-1002", 0));
    world.paint();
    world.keys("1 enter");
    assert!(world.disk("A-1002").contains("no change"), "{}", world.disk("A-1002"));
}

#[test]
fn a_stale_note_waits_as_the_draft_of_its_own_record() {
    let mut world = World::new(&SMALL);
    world.keys("n").text("my long note");
    world.meanwhile("A-1001", &[("ball", "customer")]);
    world.keys("enter");
    insta::assert_snapshot!(world.notice(), @"not saved: jdoe changed ball, note of A-1001 Ana Reyes since you saw it; the text waits there as a draft");
    assert_eq!(world.here(), "A-1002", "nothing pops up over what comes next");
    assert_eq!(world.written(), 0);
    assert_eq!(world.drafts.values().cloned().collect::<Vec<_>>(), ["my long note"]);
    world.keys("' n");
    assert_eq!(world.prompt().lines().next(), Some("note on A-1001: \"my long note\""));
}

#[test]
fn keys_wait_while_a_commit_is_under_way() {
    let mut world = World::new(&SMALL);
    world.slow = true;
    world.answer_reads();
    world.keys("1 enter");
    world.answer_reads();
    // Looking around acts at once; `n` and its letters wait for the answer, in order.
    world.keys("j k n").text("hello");
    assert_eq!(world.prompt(), "queue");
    world.slow = false;
    world.answer();
    assert_eq!(world.prompt(), "note on A-1002: \"hello\"");
}

#[test]
fn a_failed_commit_drops_the_keys_that_waited() {
    let mut world = World::new(&SMALL);
    world.keys("1");
    world.slow = true;
    world.meanwhile("A-1001", &[("vip", "3")]);
    world.keys("enter");
    world.answer_reads();
    world.keys("n").text("for A-2");
    world.slow = false;
    world.answer();
    assert_eq!((world.prompt().as_str(), world.written()), ("queue", 0));
    assert!(world.notice().contains("not saved"), "{}", world.notice());
}

#[test]
fn letters_behind_a_refused_key_are_no_commands() {
    let mut world = World::new(&SMALL);
    world.keys("1 enter");
    world.slow = true;
    world.keys("u");
    // Meant as a note on A-1002; the undo takes the cursor back to A-1001 in between.
    world.keys("n").text("utility quoted");
    world.slow = false;
    world.answer();
    assert_eq!((world.here().as_str(), world.prompt().as_str(), world.quit), ("A-1001", "queue", false));
    assert_eq!(world.written(), 2, "the touch and its undo, and no second undo");
    // What is still being typed is dropped too, until there is a pause.
    world.press(Key::char('q'), 100);
    assert!(!world.quit);
}

#[test]
fn one_commit_waits_for_the_other() {
    let mut world = World::new(&SMALL);
    world.slow = true;
    world.answer_reads();
    world.keys("1 enter");
    world.answer_reads();
    // A new application may be typed meanwhile; its Enter waits for the first answer.
    world.keys("N").text("9 New St").keys("tab").text("RMP").keys("enter");
    assert!(world.prompt().starts_with("new application"), "{}", world.prompt());
    world.slow = false;
    world.answer();
    assert!(world.disk("A-1001").contains("no change"));
    assert_eq!(world.application("A-1005").site(), "9 New St");
    assert_eq!(world.desk.undoable.len(), 2, "both were answered");
    assert!(world.drafts.is_empty());
}

#[test]
fn a_quick_action_does_not_overwrite_the_draft_of_a_note() {
    let mut world = World::new(&SMALL);
    world.keys("j n").text("a long thought about Ben").keys("esc 4").text("x").keys("esc n");
    assert_eq!(world.prompt().lines().next(), Some("note on A-1002: \"a long thought about Ben\""));
}

#[test]
fn a_paste_waits_its_turn() {
    let mut world = World::new(&SMALL);
    world.slow = true;
    world.answer_reads();
    world.keys("1 enter");
    world.answer_reads();
    world.keys("n").text("see: ");
    world.tell(intertie::desk::msg::Msg::Paste { text: "pasted".into() });
    world.text(" ok");
    world.slow = false;
    world.answer();
    assert_eq!(world.prompt().lines().next(), Some("note on A-1002: \"see: pasted ok\""));
}

#[test]
fn esc_keeps_the_text_and_it_comes_back_on_its_record_only() {
    let mut world = World::new(&SMALL);
    world.keys("n").text("half a thought").keys("esc j n");
    assert_eq!(world.prompt(), "note on A-1002: \"\"");
    world.keys("esc k n");
    assert!(world.prompt().contains("half a thought"), "{}", world.prompt());
}

#[test]
fn what_is_impossible_is_refused_in_words() {
    let mut world = World::new(&SMALL);
    world.keys("0");
    insta::assert_snapshot!(world.notice(), @"permission to operate granted is not possible for A-1001: not while the status is submitted");
    assert_eq!((world.prompt().as_str(), world.written()), ("queue", 0));
}

#[test]
fn a_disposition_asks_for_what_it_needs() {
    let mut world = World::new(&SMALL);
    world.keys("j 4");
    insta::assert_snapshot!(world.prompt(), @r#"
    asked the customer for documents: A-1002 Ben Ito
      [what is missing]
    "#);
    world.keys("enter");
    assert!(world.notice().contains("needs"), "{}", world.notice());
    world.text("the last bill").keys("enter");
    insta::assert_snapshot!(format!("{}\n{}", world.prompt(), world.notice()), @r#"
    queue
    saved A-1002 Ben Ito: asked the customer for documents
    "#);
}

#[test]
fn the_status_menu_needs_a_reason_for_an_unusual_move() {
    let mut world = World::new(&SMALL);
    world.keys("s").text("permission to op").keys("enter");
    insta::assert_snapshot!(world.prompt(), @r#"
    permission to operate: A-1001 Ana Reyes
      [why against the usual order]
    "#);
    world.text("letter came directly").keys("enter");
    insta::assert_snapshot!(world.disk("A-1001"), @"pto | us | 2026-11-23 | Status set against the usual order, because: letter came directly");
}

#[test]
fn the_follow_up_shows_what_it_means() {
    let mut world = World::new(&SMALL);
    world.keys("f").text("5b");
    insta::assert_snapshot!(world.prompt(), @r#"
    we look again: A-1001 Ana Reyes
      [we look (fri, 5b, 12/4, tomorrow 14:00)] 5b
      we look: Mon 11/30 (5 business days; skips Thu 11/26 Thanksgiving Day)
    "#);
    world.keys("enter");
    assert_eq!((world.disk("A-1001").split(" | ").nth(2), world.here().as_str()), (Some("2026-11-30"), "A-1002"));
}

#[test]
fn a_new_application_shows_likely_duplicates() {
    let mut world = World::new(&SMALL);
    world.keys("N").text("1 Oak Street").keys("tab").text("RMP");
    let similar = match &world.desk.prompt {
        Some(intertie::desk::prompt::Prompt::Ask(ask)) => ask.similar.len(),
        _ => 0,
    };
    assert_eq!(similar, 1, "1 Oak St is one");
    world.keys("enter");
    assert_eq!(world.here(), "A-1005");
    insta::assert_snapshot!(world.notice(), @"A-1005 is open: 1 Oak Street");
    world.keys("u");
    assert_eq!(world.desk.order.len(), 4, "undone, it is gone");
    assert!(world.store.check().expect("it checks").is_empty());
}

#[test]
fn edit_changes_what_was_changed_and_nothing_else() {
    let mut world = World::new(&SMALL);
    world.keys("e").text("-A").keys("enter");
    assert_eq!(world.application("A-1001").number(), Some("RMP-1-A"));
    assert_eq!(world.here(), "A-1001", "an edit stays");
    assert!(world.notice().contains("application number RMP-1 → RMP-1-A"), "{}", world.notice());
}

#[test]
fn find_goes_there_and_back() {
    let mut world = World::new(&SMALL);
    world.keys("j /").text("dev pat");
    assert_eq!((world.here().as_str(), world.prompt().as_str()), ("A-1004", "find \"dev pat\": 1"));
    world.keys("esc");
    assert_eq!(world.here(), "A-1002", "back to where I was");
    world.keys("/").text("A-1003").keys("enter");
    assert_eq!(world.here(), "A-1003");
    world.keys("1 enter");
    assert!(world.disk("A-1003").contains("no change"));
    world.keys("esc");
    assert_eq!(world.desk.order.len(), 4);
}

#[test]
fn the_number_is_one_key() {
    let mut world = World::new(&SMALL);
    world.keys("y");
    assert_eq!(world.copied, ["application number RMP-1 of A-1001: RMP-1"]);
    world.keys("G y");
    assert!(world.notice().contains("no application number yet"), "{}", world.notice());
    assert_eq!(world.written(), 0, "a copied field is no touch");
}

#[test]
fn a_paste_over_the_queue_is_never_keys() {
    let mut world = World::new(&SMALL);
    world.tell(intertie::desk::msg::Msg::Paste { text: "1\nq\nu\n".into() });
    assert_eq!((world.prompt().as_str(), world.written(), world.quit), ("queue", 0, false));
    world.keys("n");
    world.tell(intertie::desk::msg::Msg::Paste { text: "see >5b\x1b[31m\nline".into() });
    assert_eq!(world.prompt(), "note on A-1001: \"see >5b\\nline\"\n  stays text: >5b");
}

#[test]
fn hold_and_release() {
    let mut world = World::new(&SMALL);
    world.keys("H enter").text("new construction").keys("enter");
    assert_eq!(world.application("A-1001").hold(), Some("new construction"));
    assert_eq!(world.here(), "A-1002");
    world.keys("v a");
    assert_eq!(world.desk.order.len(), 1);
    assert_eq!(world.here(), "A-1001");
}

#[test]
fn the_working_order_holds_still_until_it_is_ranked_again() {
    let mut world = World::new(&SMALL);
    let order = world.desk.order.clone();
    world.keys("f").text("2w").keys("enter f").text("2w").keys("enter");
    assert_eq!(world.desk.order, order);
    world.keys("R");
    assert_eq!(world.desk.order.len(), 2);
    assert_eq!((world.desk.counts.workable, world.desk.counts.away), (2, 2));
}

#[test]
fn every_action_answers_a_key_without_changing_what_it_should_not() {
    // Actions that only look write nothing, whatever layer they open; Esc leaves each again.
    for keys in [
        "?",
        ":",
        "W",
        "h",
        "/",
        "c",
        "Y",
        "H",
        "s",
        "@",
        ".",
        "&",
        "o",
        "t",
        "x",
        "e",
        "N",
        "M",
        "I",
        "C",
        "D",
        "space",
        "v t",
        "v p",
        "v m",
        "v a",
        "R",
        "p",
        "backspace",
        "'",
        "enter",
        "g g",
        "G",
        "ctrl-d",
        "ctrl-u",
        "ctrl-l",
    ] {
        let mut world = World::new(&SMALL);
        world.keys(keys);
        world.keys("esc");
        assert_eq!((world.prompt().as_str(), world.written()), ("queue", 0), "{keys}");
    }
}

#[test]
fn what_was_typed_behind_a_save_and_is_not_done_is_said_with_it() {
    let mut world = World::new(&SMALL);
    world.keys("1");
    world.slow = true;
    for key in ["enter", "1", "enter"] {
        world.press(Key::parse(key).expect("a key"), 5);
    }
    world.slow = false;
    world.answer();
    assert_eq!((world.written(), world.prompt().as_str()), (1, "queue"));
    insta::assert_snapshot!(world.notice(), @"saved A-1001 Ana Reyes: portal check, no change; the keys behind it came before the next row could be read: not done");
    world.paint();
    world.keys("1 enter");
    insta::assert_snapshot!(world.notice(), @"saved A-1002 Ben Ito: portal check, no change");
}
