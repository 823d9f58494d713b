//! Notes at the speed of shorthand: abbreviations, attempts, completion, the same again, late notes, corrections.

use intertie::desk::msg::Msg;
use intertie::desk::prompt::Prompt;
use intertie::keys::chord::Key;

use crate::world::{Row, SMALL, World};

/// The text of the open note, and its cursor.
fn note(world: &World) -> (String, (usize, usize)) {
    match &world.desk.prompt {
        Some(Prompt::Note(note)) => (note.text.text(), note.text.cursor()),
        _ => panic!("no note is open: {}", world.prompt()),
    }
}

fn text(world: &World) -> String {
    note(world).0
}

/// The list of the open note: what can be chosen, what is chosen.
fn offer(world: &World) -> Option<(Vec<String>, Option<usize>)> {
    let Some(Prompt::Note(note)) = &world.desk.prompt else { panic!("no note is open: {}", world.prompt()) };
    let offer = note.offer.as_ref()?;
    let shown = offer.items.iter().map(|item| format!("{}{}", if item.refused.is_some() { "-" } else { "" }, item.value)).collect();
    Some((shown, offer.chosen))
}

#[test]
fn an_abbreviation_becomes_whole_words_at_the_next_space() {
    let mut world = World::new(&SMALL);
    world.keys("n").text("lvm");
    assert_eq!(text(&world), "lvm");
    world.text(" ");
    assert_eq!(note(&world), ("left voicemail ".to_owned(), (0, 15)));
    world.text("CUST, (txt), PTO NA LVM lvms pc.example PC-12 fu.").keys("ctrl-j").text("sw us, cb");
    assert_eq!(text(&world), "left voicemail CUST, (text message), PTO NA LVM lvms pc.example PC-12 follow up.\nspoke with us, cb");
    assert_eq!(world.drafts.values().next().map(String::as_str), Some(text(&world).as_str()), "the draft has what the screen has");
    // Enter ends the last word too.
    world.keys("enter");
    assert!(world.disk("A-1001").ends_with("\nspoke with us, call back"), "{}", world.disk("A-1001"));
}

#[test]
fn one_backspace_brings_back_what_was_typed_and_it_is_left_alone() {
    let mut world = World::new(&SMALL);
    world.keys("n").text("x lvm, ").keys("backspace");
    assert_eq!(note(&world), ("x lvm, ".to_owned(), (0, 7)));
    world.keys("backspace");
    assert_eq!(text(&world), "x lvm,");
    world.text(" and lvm again; fu").keys("ctrl-j backspace");
    assert_eq!(note(&world), ("x lvm, and lvm again; fu\n".to_owned(), (1, 0)), "also over the end of a line");
    world.keys("backspace ctrl-j");
    assert_eq!(text(&world), "x lvm, and lvm again; fu\n", "left alone");
    // Only right after it: one more letter, and Backspace is Backspace.
    world.text("cb xy").keys("backspace backspace backspace");
    assert_eq!(text(&world), "x lvm, and lvm again; fu\ncall back");
}

#[test]
fn only_what_was_typed_by_hand_in_one_go_becomes_longer() {
    let mut world = World::new(&SMALL);
    world.keys("n");
    world.tell(Msg::Paste { text: "lvm".into() });
    world.text(" lv");
    world.tell(Msg::Paste { text: "m".into() });
    world.text(" ");
    assert_eq!(text(&world), "lvm lvm ");
    // The cursor was somewhere else meanwhile.
    world.text("lvm").keys("left right").text(" @lvm >lvm !lvm ");
    assert_eq!(text(&world), "lvm lvm lvm @lvm >lvm !lvm ");
    // In the middle of a text the cursor stays behind what was typed.
    let mut world = World::new(&SMALL);
    world.keys("n").text("aé b").keys("left").text("lvm ");
    assert_eq!(note(&world), ("aé left voicemail b".to_owned(), (0, 18)));
    // A letter typed behind a word that was erased to it is typed by hand too.
    world.keys("esc j n").text("lvmx").keys("backspace").text(" ");
    assert_eq!(text(&world), "left voicemail ");
}

#[test]
fn a_user_takes_an_abbreviation_away_or_gives_it_other_words() {
    let mine = "[[abbreviation]]\nshort = \"lvm\"\nmeans = \"left voicemail\"\n[[abbreviation]]\nshort = \"rvw\"\nlong = \"review\"\nany_case = true\n";
    let file = intertie::settings::File { path: "playbooks/abbreviations.toml".into(), text: mine.into() };
    let settings = intertie::settings::load(intertie::domain::playbook::DeskKind::Residential, &[], &[file]).expect("it is right");
    let mut world = World::new(&SMALL);
    let before = world.rules.playbook.name.clone();
    assert_eq!(settings.playbook.name, before, "no rule depends on it");
    world.rules.playbook = settings.playbook.into();
    world.keys("n").text("lvm RVW fu ");
    assert_eq!(text(&world), "lvm review follow up ");
}

#[test]
fn attempts_are_numbered_until_they_answer() {
    let mut world = World::new(&SMALL);
    world.keys("v t G");
    assert_eq!(world.here(), "A-1004", "we wait on the customer");
    world.keys("n").text("lvm att CUST >2b");
    insta::assert_snapshot!(world.prompt(), @r#"
    note on A-1004: "left voicemail #1 CUST >2b"
      we look: Tue 11/24 (2 business days)
      attempt: #1, customer
    "#);
    world.keys("enter");
    assert!(world.disk("A-1004").ends_with("| left voicemail #1 CUST"), "{}", world.disk("A-1004"));
    // The quick action counts on, and so does the next note, also as its last word.
    world.keys("G a v enter G n").text("vmf, att").keys("enter");
    assert!(world.disk("A-1004").ends_with("| voicemail full, #3"), "{}", world.disk("A-1004"));
    assert_eq!(world.application("A-1004").attempts("customer"), 3);
    // Undo takes the number back with the note.
    world.keys("u");
    assert_eq!(world.application("A-1004").attempts("customer"), 2);
    // Somebody else is tried: the number is theirs.
    world.keys("n").text("cb att @utility");
    assert!(world.prompt().contains("attempt: #1, utility"), "{}", world.prompt());
    world.keys("enter");
    assert!(world.disk("A-1004").ends_with("| call back #1"), "{}", world.disk("A-1004"));
    // They answered.
    world.keys("G space").text("spoke with").keys("enter").text("will sign tonight");
    assert!(world.prompt().contains("answered: customer, tried 2 times"), "{}", world.prompt());
    world.keys("enter");
    assert_eq!(world.application("A-1004").attempts("customer"), 0);
    assert_eq!(world.application("A-1004").attempts("utility"), 1);
}

#[test]
fn a_number_of_an_attempt_that_was_made_text_counts_nothing() {
    let mut world = World::new(&SMALL);
    world.keys("v t G n").text("lvm att");
    // Behind the space the number is whole words of an abbreviation first.
    world.text(" ").keys("backspace");
    assert_eq!(text(&world), "left voicemail att ");
    world.keys("esc ctrl-c n").text("again");
    let mut world = World::new(&SMALL);
    world.keys("v t G n").text("att x").keys("backspace backspace");
    assert!(world.prompt().contains("attempt: #1"), "{}", world.prompt());
    world.keys("backspace");
    assert!(text(&world) == "#1" && !world.prompt().contains("attempt"), "{}", world.prompt());
    // As a draft it is still text.
    world.keys("esc n");
    assert!(!world.prompt().contains("attempt"), "{}", world.prompt());
    world.keys("enter");
    assert_eq!(world.application("A-1004").attempts("customer"), 0);
    // With nobody to try there is no number.
    let mut world = World::new(&SMALL);
    world.keys("b").text("us").keys("enter enter g g n").text("att ");
    assert_eq!(text(&world), "att ");
    assert!(world.notice().contains("an attempt at whom"), "{}", world.notice());
}

#[test]
fn backspace_behind_a_mark_makes_it_text() {
    let mut world = World::new(&SMALL);
    world.keys("n").text("see >5b");
    assert!(world.prompt().contains("we look"), "{}", world.prompt());
    world.keys("backspace");
    insta::assert_snapshot!(world.prompt(), @r#"
    note on A-1001: "see >5b"
      stays text: >5b
    "#);
    // Punctuation behind it does not make it a mark again; nor does a draft that comes back.
    world.text(".").keys("esc n");
    assert!(!world.prompt().contains("we look"), "{}", world.prompt());
    world.keys("backspace backspace");
    assert_eq!(text(&world), "see >5", "then it deletes as ever");
    // Typed anew it is one again.
    world.keys("backspace backspace").text(">5b");
    assert!(world.prompt().contains("we look"), "{}", world.prompt());
    // A day of two words goes as one.
    world.text(" >next tue").keys("backspace");
    assert!(world.prompt().contains("stays text: >next"), "{}", world.prompt());
}

#[test]
fn pasted_signs_stay_text_when_the_draft_comes_back() {
    let mut world = World::new(&SMALL);
    world.keys("n");
    world.tell(Msg::Paste { text: "they said: >5b, ^mon !pto".into() });
    world.keys("esc n");
    assert_eq!(world.prompt(), "note on A-1001: \"they said: >5b, ^mon !pto\"\n  stays text: >5b, ^mon !pto");
}

#[test]
fn a_late_note_has_the_day_it_happened() {
    let mut world = World::new(&SMALL);
    // Today is Friday 20 November.
    world.keys("n").text("called RMP ^wed >3b");
    insta::assert_snapshot!(world.prompt(), @r#"
    note on A-1001: "called RMP ^wed >3b"
      we look: Wed 11/25 (3 business days)
      happened: Wed 11/18
    "#);
    world.keys("enter");
    let app = world.application("A-1001");
    let note = app.notes().next_back().expect("a note");
    assert_eq!((note.on.to_string().as_str(), note.value.as_text()), ("2026-11-18", Some("called RMP")));
    // A day to come is refused, and the text stays.
    world.keys("n").text("x ^12/4").keys("enter");
    assert!(world.notice().contains("still to come"), "{}", world.notice());
    assert_eq!((text(&world).as_str(), world.written()), ("x ^12/4", 1));
    world.keys("backspace enter");
    assert!(world.disk("A-1002").ends_with("| x ^12/4"), "made text, it is text: {}", world.disk("A-1002"));
}

#[test]
fn signs_are_completed_from_a_list_that_narrows() {
    let mut world = World::new(&SMALL);
    world.keys("n").text("rcvd !");
    let (items, chosen) = offer(&world).expect("a list");
    assert!(items.len() > 10 && items[0].starts_with('!') && chosen.is_none(), "{items:?}");
    assert!(items.iter().position(|item| item.starts_with('-')) > items.iter().rposition(|item| item.starts_with('!')), "{items:?}");
    world.text("de");
    insta::assert_snapshot!(format!("{:?}", offer(&world)), @r#"
    Some((["!deficiency", "!deemed-complete"], None))
    "#);
    world.keys("down down tab");
    insta::assert_snapshot!(world.prompt(), @r#"
    note on A-1001: "rcvd !deemed-complete"
      status: submitted → deemed complete
      we look: Mon 11/30 (5 business days; skips Thu 11/26 Thanksgiving Day)
    "#);
    assert_eq!(offer(&world), None, "a mark needs no list");
    // Tab without an arrow takes the first; Enter only what was chosen by one.
    world.text(" @").keys("tab");
    assert!(text(&world).ends_with(" @us"), "{}", text(&world));
    world.text(" >n").keys("down enter");
    assert_eq!((text(&world).ends_with(" >next mon"), world.written()), (true, 0), "{}", text(&world));
    world.text(" ^y").keys("ctrl-n ctrl-p enter");
    assert_eq!((world.prompt().as_str(), world.written()), ("queue", 1), "nothing was chosen: Enter saves");
    assert!(world.disk("A-1001").ends_with("| rcvd ^y"), "{}", world.disk("A-1001"));
}

#[test]
fn contacts_come_as_text() {
    let mut world = World::new(&SMALL);
    world.keys("n").text("asked &");
    insta::assert_snapshot!(format!("{:?}", offer(&world)), @r#"
    Some((["Ana Reyes", "RMP intake", "RMP engineering"], None))
    "#);
    world.text("an").keys("tab").text(", R&D & co");
    assert_eq!((text(&world).as_str(), offer(&world)), ("asked Ana Reyes, R&D & co", None));
    world.keys("enter");
    assert!(world.disk("A-1001").ends_with("| asked Ana Reyes, R&D & co"), "{}", world.disk("A-1001"));
}

#[test]
fn arrows_move_the_cursor_where_there_is_no_list() {
    let mut world = World::new(&SMALL);
    world.keys("n").text("one").keys("ctrl-j").text("two").keys("up").text("X");
    assert_eq!(text(&world), "oneX\ntwo");
    world.keys("down").text("Y !").keys("down");
    assert_eq!(offer(&world).and_then(|(_, chosen)| chosen), Some(0));
    // Esc lets go of what was chosen first, then leaves.
    world.keys("esc");
    assert_eq!(offer(&world).map(|(_, chosen)| chosen), Some(None));
    world.keys("tab esc");
    assert_eq!(world.prompt(), "queue");
    // A list is for what is being typed, not for where the cursor comes by.
    world.keys("n left right");
    assert_eq!(offer(&world), None);
    world.keys("tab");
    assert!(world.notice().contains("that is read already"), "{}", world.notice());
    world.text(" word").keys("tab");
    assert!(world.notice().contains("nothing to complete"), "{}", world.notice());
}

#[test]
fn a_free_note_takes_five_command_keys() {
    let mut world = World::new(&SMALL);
    // n, !, Tab, >, Enter.
    world.keys("n").text("in review !ack").text(" >5b").keys("enter");
    assert!(world.disk("A-1001").starts_with("acknowledged | utility | 2026-11-30"), "{}", world.disk("A-1001"));
    assert_eq!(world.here(), "A-1002");
}

#[test]
fn signs_and_shorthand_are_a_page_over_the_note() {
    let mut world = World::new(&SMALL);
    world.keys("n").text("half a thought").keys("f1");
    let page = world.page().join("\n");
    for words in ["lvm      left voicemail", "PTO      permission to operate", "^DAY "] {
        assert!(page.contains(words), "{page}");
    }
    world.keys("esc").text(" more");
    assert_eq!(text(&world), "half a thought more");
    world.keys("esc ?");
    assert!(world.page().join("\n").contains("lvm      left voicemail"));
}

#[test]
fn what_a_word_means_is_said_while_it_is_typed() {
    let mut world = World::new(&SMALL);
    let hint = |world: &World| match &world.desk.prompt {
        Some(Prompt::Note(note)) => note.hint.clone(),
        _ => None,
    };
    world.keys("n").text("lvm");
    assert_eq!(hint(&world).as_deref(), Some("lvm = left voicemail"));
    world.text(" asked for PTO");
    assert_eq!(hint(&world).as_deref(), Some("PTO: permission to operate"));
    world.text("s");
    assert_eq!(hint(&world), None);
}

const TWO: [Row<'static>; 2] = [
    &[
        ("site", "1 Oak St"),
        ("customer_name", "Ana Reyes"),
        ("utility", "RMP"),
        ("status", "submitted"),
        ("number", "RMP-1"),
        ("follow_up", "today"),
        ("escalated", "yes"),
    ],
    &[
        ("site", "2 Elm St"),
        ("customer_name", "Ben Ito"),
        ("utility", "PGE"),
        ("status", "submitted"),
        ("number", "PGE-2"),
        ("follow_up", "today"),
    ],
];

#[test]
fn a_note_is_written_again_with_its_days_and_numbers_anew() {
    let mut world = World::new(&TWO);
    world.keys(".");
    assert!(world.notice().contains("nothing to do again"), "{}", world.notice());
    // Once tried here before, never there.
    world.keys("j n").text("att").keys("enter g g n").text("lvm att re RMP-1 >2b").keys("enter");
    assert!(world.disk("A-1001").ends_with("left voicemail #1 re RMP-1"), "{}", world.disk("A-1001"));
    world.keys("G .");
    insta::assert_snapshot!(world.prompt(), @r#"
    the same note again: A-1002 Ben Ito
      note: left voicemail #2 re RMP-1
      we look: Tue 11/24 (2 business days)
      attempt: #2, utility
      look: it names A-1001: RMP-1
    "#);
    let before = world.written();
    world.keys("esc");
    assert_eq!((world.notice(), world.written()), ("nothing changed", before));
    world.keys(". enter");
    assert!(world.disk("A-1002").ends_with("| left voicemail #2 re RMP-1"), "{}", world.disk("A-1002"));
    // And once more, there.
    world.keys(".");
    assert!(world.prompt().contains("#3"), "{}", world.prompt());
}

#[test]
fn what_means_something_else_there_is_refused() {
    let permit: Row<'_> =
        &[("site", "2 Elm St"), ("customer_name", "Ben Ito"), ("utility", "PGE"), ("lane", "ahj"), ("follow_up", "today")];
    let mut world = World::new(&[TWO[0], permit]);
    world.keys("n").text("review !ack").keys("enter .");
    assert!(world.prompt().contains("!ack does not mean for A-1002 what it meant for A-1001"), "{}", world.prompt());
    world.keys("enter");
    assert_eq!(world.written(), 1);
}

#[test]
fn a_quick_action_asks_again_what_belongs_to_the_record() {
    let mut world = World::new(&SMALL);
    world.keys("7").text("12/4").keys("enter");
    assert!(world.disk("A-1001").contains("promised"), "{}", world.disk("A-1001"));
    world.keys("j .");
    insta::assert_snapshot!(world.prompt(), @r#"
    the utility promised a day: A-1003 Chloe Kim
      [they said]
    "#);
    world.keys("esc g g j 4").text("the last bill").keys("enter");
    assert_eq!(world.copied.len(), 1);
    // The words of the note are there, and the whole message is before the eyes; nothing is copied before Enter.
    world.keys("g g .");
    assert!(world.prompt().contains("] the last bill") && world.prompt().contains("message:"), "{}", world.prompt());
    assert_eq!(world.copied.len(), 1);
    world.keys("esc");
    assert_eq!((world.notice(), world.drafts.len()), ("nothing changed", 0), "offered words are no draft");
    world.keys(". enter");
    assert_eq!(world.copied.len(), 2, "{}", world.prompt());
}

#[test]
fn a_touch_that_was_not_written_is_not_the_last_one() {
    let mut world = World::new(&SMALL);
    world.keys("1 enter");
    world.keys("n").text("stale");
    world.meanwhile("A-1002", &[("vip", "3")]);
    world.keys("enter");
    assert!(world.notice().starts_with("not saved"), "{}", world.notice());
    world.keys("G .");
    assert!(world.prompt().starts_with("portal check, no change: A-1004"), "{}", world.prompt());
    // A key that came before the record could be read repeats nothing.
    world.keys("enter g g");
    world.keys("1 enter");
    world.press(Key::char('.'), 50);
    assert_eq!(world.prompt(), "queue");
}

#[test]
fn a_note_is_corrected_by_another_one() {
    let mut world = World::new(&SMALL);
    world.keys("n").text("meter 123 >5b").keys("enter g g n").text("lvm CUST").keys("enter g g h c");
    insta::assert_snapshot!(world.prompt(), @"correct a note: A-1001 Ana Reyes (2 of 2)");
    // The last one is on top; the first is below.
    world.keys("down enter");
    assert_eq!(world.prompt(), "note on A-1001: \"meter 123\"\n  no: the note says that already");
    // Signs are text here: a correction moves nothing.
    world.keys("backspace backspace").text("32 !pto").keys("enter");
    assert_eq!((world.prompt().as_str(), world.here().as_str()), ("queue", "A-1001"), "{}", world.notice());
    assert!(world.disk("A-1001").starts_with("submitted |"), "{}", world.disk("A-1001"));
    assert!(world.disk("A-1001").ends_with("| left voicemail CUST"), "{}", world.disk("A-1001"));
    world.keys("w l");
    assert!(world.copied[0].contains("meter 132 !pto") && !world.copied[0].contains("meter 123"), "{:?}", world.copied);
    world.keys("h");
    insta::assert_snapshot!(world.page().join("\n"), @r#"
    Fri 11/20 (written Thu 1/1/1970)  jdoe
        corrected note: meter 132 !pto
    Fri 11/20 (written Thu 1/1/1970)  jdoe
        note: left voicemail CUST
    Fri 11/20 (written Thu 1/1/1970)  jdoe
        we look Mon 11/30; note: meter 123
        a note of this was corrected since
    Fri 11/20 (written Thu 1/1/1970)  jdoe
        opened as A-1001, status submitted, waiting on utility, we look Fri 11/20, application number RMP-1, site 1 Oak 
        St, utility Rocky Mountain Power, customer Ana Reyes, customer email ana@example.com, owner jdoe, escalated
    "#);
    world.keys("esc u");
    world.copied.clear();
    world.keys("w l");
    assert!(world.copied[0].contains("meter 123"), "{:?}", world.copied);
    assert!(world.store.check().expect("it checks").is_empty());
}

#[test]
fn a_correction_is_kept_apart_from_the_notes_draft_and_from_other_versions() {
    let mut world = World::new(&SMALL);
    world.keys("n").text("frist").keys("enter g g n").text("a draft of mine").keys("esc :").text("correct-note").keys("enter enter");
    assert!(world.prompt().contains("\"frist\""), "{}", world.prompt());
    world.text("!").keys("esc n");
    assert!(world.prompt().contains("a draft of mine"), "{}", world.prompt());
    world.keys("esc h c enter");
    assert!(world.prompt().contains("\"frist!\""), "{}", world.prompt());
    world.meanwhile("A-1001", &[("vip", "2")]);
    world.keys("enter");
    assert!(world.notice().starts_with("not saved: jdoe changed"), "{}", world.notice());
    assert!(world.drafts.values().any(|text| text == "frist!"), "{:?}", world.drafts);
    // What the other session wrote is the last note now.
    world.keys("h c down enter enter w l");
    assert!(world.copied[0].contains("frist!"), "{}", world.disk("A-1001"));
    assert_eq!(world.drafts.len(), 1, "{:?}", world.drafts);
    // On another page the key does nothing.
    world.keys("? c");
    assert!(world.prompt().starts_with("help:"), "{}", world.prompt());
}
