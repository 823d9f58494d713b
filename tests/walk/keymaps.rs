//! The keymaps, the list of all actions, the page of keys: what each keymap's fingers do, and what choosing another does.

use intertie::desk::effect::{Effect, Taste};
use intertie::desk::msg::Msg;
use intertie::desk::prompt::Prompt;
use intertie::domain::playbook::DeskKind;
use intertie::keys::chord::Key;
use intertie::keys::keymap::Keymap;

use crate::world::{SMALL, World};

fn keymap(name: &str) -> Keymap {
    intertie::settings::load_with(DeskKind::Residential, &[], &[], Some(name)).expect("it is shipped").keymap
}

fn with(name: &str) -> World {
    let mut world = World::new(&SMALL);
    world.rules.keymap = keymap(name);
    world
}

/// The lines of an open list, with what stands right of them.
fn list(world: &World) -> Vec<String> {
    let Some(Prompt::Picker(picker)) = &world.desk.prompt else { panic!("{}", world.prompt()) };
    picker.shown.iter().map(|idx| format!("{} | {}", picker.items[*idx].label, picker.items[*idx].detail)).collect()
}

#[test]
fn plain_does_a_touch_with_keys_that_stand_on_the_screen() {
    let mut world = with("plain");
    world.keys("1 enter");
    assert_eq!(world.disk("A-1001"), "submitted | utility | 2026-11-25 | PC, no change");
    world.keys("f4").text("called >5b").keys("enter");
    assert_eq!(world.disk("A-1002"), "package-build | customer | 2026-11-30 | called");
    // What is on no digit: the list, its words, and Enter on the plan.
    world.keys("f2").text("called the").keys("enter");
    assert!(world.prompt().starts_with("called the utility: A-1003"), "{}", world.prompt());
    world.keys("esc f9");
    assert!(world.notice().contains("took back: A-1002"), "{}", world.notice());
    assert!(world.notice().ends_with("redo (among all actions) brings it again"), "{}", world.notice());
}

#[test]
fn in_plain_a_letter_runs_nothing() {
    let mut world = with("plain");
    for letter in ('a'..='z').chain('A'..='Z').chain(":/?><!@'".chars()) {
        world.keys(&letter.to_string());
        assert_eq!((world.prompt().as_str(), world.written(), world.quit), ("queue", 0, false), "{letter}");
        assert_eq!(world.notice(), format!("{letter} does nothing here; f1 lists the keys"));
    }
    world.keys("f10");
    assert!(world.quit);
}

#[test]
fn every_action_of_the_queue_is_in_the_list_of_all() {
    for name in ["default", "vim", "plain", "emacs"] {
        let mut world = with(name);
        let palette = world.rules.keymap.keys_of("palette", None).expect("it is reserved");
        world.keys(&palette);
        let Some(Prompt::Picker(picker)) = &world.desk.prompt else { panic!("{name}: {}", world.prompt()) };
        for action in intertie::keys::action::ACTIONS.iter().filter(|action| action.layer == intertie::keys::action::Layer::Queue) {
            let mut items = picker.items.iter();
            match action.takes {
                None => {
                    let item = items.find(|item| item.value == action.name).unwrap_or_else(|| panic!("{name}: {}", action.name));
                    assert_eq!(item.detail, world.rules.keymap.keys_of(action.name, None).unwrap_or("no key".to_owned()), "{name}");
                }
                Some(_) => assert!(items.filter(|item| item.value.starts_with("touch ")).count() > 50, "{name}"),
            }
        }
    }
}

#[test]
fn the_list_of_all_narrows_with_each_letter_and_the_best_is_first() {
    let mut world = with("vim");
    world.keys(":").text("q");
    let first = list(&world).first().cloned();
    assert_eq!(first.as_deref(), Some("quit | q"));
    world.keys("enter");
    assert!(world.quit, "vim's :q");
    let mut world = with("plain");
    world.keys("f12");
    let all = list(&world).len();
    world.text("e");
    assert!(list(&world).len() < all / 3, "{} of {all}", list(&world).len());
    world.text("dit any");
    assert_eq!(list(&world), ["edit any field | no key"]);
    world.keys("enter");
    assert!(world.prompt().starts_with("edit: A-1001"), "{}", world.prompt());
}

#[test]
fn vims_fingers() {
    let mut world = with("vim");
    world.keys("j j ctrl-o");
    world.keys("d d");
    assert!(!world.quit && world.written() == 0, "dd deletes nothing");
    world.keys("esc : ctrl-f ctrl-b ctrl-j ctrl-k esc Z Z");
    assert!(world.quit);
}

#[test]
fn emacs_fingers() {
    let mut world = with("emacs");
    world.keys("ctrl-n ctrl-n ctrl-p");
    assert_eq!(world.here(), "A-1002");
    world.keys("n").text("half").keys("ctrl-x esc");
    assert!(world.prompt().starts_with("note on A-1002: \"half\""), "esc left the chord, not the note: {}", world.prompt());
    world.keys("ctrl-x").text("y").keys("ctrl-b ctrl-b ctrl-d ctrl-e");
    assert!(world.prompt().contains("\"haly\""), "a letter that ends no chord is text: {}", world.prompt());
    world.keys("ctrl-x ctrl-s");
    assert!(world.disk("A-1002").ends_with("| haly"), "{}", world.disk("A-1002"));
    world.keys("ctrl-s").text("dev").keys("ctrl-g");
    assert_eq!(world.prompt(), "queue");
    world.keys("ctrl-x u");
    assert!(world.notice().starts_with("took back: A-1002"), "{}", world.notice());
    world.keys("alt-x ctrl-g ctrl-x ctrl-g");
    assert!(!world.quit && world.notice().starts_with("ctrl-x ctrl-g does nothing here"), "{}", world.notice());
    world.keys("ctrl-x ctrl-c");
    assert!(world.quit);
}

#[test]
fn the_page_keys_turn_over_what_may_follow_and_esc_leaves_it() {
    let mut world = World::new(&SMALL);
    world.keys("d pgdn pgdn pgup");
    assert_eq!((world.desk.typed.len(), world.desk.chord_page), (1, 1));
    world.keys("esc");
    assert_eq!((world.desk.typed.len(), world.prompt().as_str()), (0, "queue"));
    world.keys("d");
    assert_eq!(world.desk.chord_page, 0, "another chord begins at its first page");
}

#[test]
fn me_offers_the_keymap_and_refuses_one_that_is_not_there() {
    let mut world = World::new(&SMALL);
    world.keys("M tab tab").text("x").keys("enter");
    assert_eq!(world.notice(), "there is no keymap defaultx; it is one of default, vim, plain, emacs");
    assert!(world.prompt().contains("[keys: default vim plain emacs] defaultx"), "what was typed stays: {}", world.prompt());
    world.keys("ctrl-u").text("vim").keys("enter");
    let asked = world.ask();
    assert_eq!(asked, Effect::Choose { taste: Taste::Keymap, value: "vim".to_owned() }, "and nothing else is written");
    // With another name too, both are kept.
    world.keys("M").text(" Jr").keys("tab tab ctrl-u").text("plain").keys("enter");
    assert_eq!(world.desk.person.name, "J. Doe Jr");
    assert!(matches!(world.ask(), Effect::Choose { value, .. } if value == "plain"));
    // Enter alone chooses nothing.
    world.keys("M enter");
    assert!(world.asked.is_empty());
}

#[test]
fn a_new_keymap_gets_no_key_that_was_pressed_for_the_old_one() {
    let mut world = World::new(&SMALL);
    world.keys("ctrl-k down enter");
    assert_eq!(world.ask(), Effect::Choose { taste: Taste::Keymap, value: "vim".to_owned() });
    world.slow = true;
    world.keys("1 enter 2");
    assert!(!world.desk.waiting.is_empty() || world.desk.prompt.is_some(), "a key waits for the commit");
    world.rules.keymap = keymap("vim");
    world.tell(Msg::Chosen { taste: Taste::Keymap, value: "vim".to_owned() });
    world.paint();
    assert!(world.desk.waiting.is_empty() && world.desk.typed.is_empty());
    assert_eq!(world.notice(), "the keys are vim from now on: ? lists them, : has every action");
    world.answer();
    world.slow = false;
    world.paint();
    world.press(Key::char('n'), 50);
    assert_eq!(world.prompt(), "queue", "typed before anybody could read which keys count");
    world.keys("n");
    assert!(world.prompt().starts_with("note on"), "{}", world.prompt());
}

#[test]
fn themes_are_shown_while_one_looks_for_one() {
    let mut world = World::new(&SMALL);
    world.keys("ctrl-t");
    assert_eq!(world.ask(), Effect::FetchThemes);
    let names: Vec<String> = ["dark", "light", "none"].map(str::to_owned).to_vec();
    world.hear(Msg::Themes { names: names.clone(), now: "light".to_owned() });
    assert_eq!(world.desk.theme_tried(), Some("light"), "it opens on the one in use");
    world.keys("down");
    assert_eq!(world.desk.theme_tried(), Some("none"));
    world.keys("esc");
    assert_eq!((world.desk.theme_tried(), world.asked.is_empty()), (None, true));
    world.keys("ctrl-t");
    world.asked.clear();
    world.hear(Msg::Themes { names, now: "light".to_owned() });
    world.text("da").keys("enter");
    assert_eq!(world.ask(), Effect::Choose { taste: Taste::Theme, value: "dark".to_owned() });
    // What comes while something else is open opens nothing over it.
    world.keys("n").text("words");
    world.hear(Msg::Themes { names: vec!["dark".to_owned()], now: "dark".to_owned() });
    assert!(world.prompt().starts_with("note on"), "{}", world.prompt());
}

#[test]
fn the_page_of_keys_is_by_task_and_can_be_searched() {
    let mut world = with("plain");
    world.keys("f1");
    let page = world.page();
    let at = |words: &str| {
        page.iter()
            .position(|line| line.trim_start() == words || line.contains(&format!(" {words}")))
            .unwrap_or_else(|| panic!("{words}: {page:#?}"))
    };
    let heading = |words: &str| page.iter().position(|line| *line == words).unwrap_or_else(|| panic!("{words}: {page:#?}"));
    assert!(heading("change the record") < at("write a note") && at("write a note") < heading("move and find"), "{page:#?}");
    assert!(heading("signs in the list") < heading("in a note") && heading("in a note") < heading("quick actions"), "{page:#?}");
    assert!(page[at("write a note")].trim_start().starts_with("f4 "), "{}", page[at("write a note")]);
    assert!(page[at("edit any field")].trim_start().starts_with("no key"), "{}", page[at("edit any field")]);
    world.keys("down down f3").text("editor");
    assert_eq!(list(&world).len(), 2, "{:?}", list(&world));
    world.keys("esc");
    let Some(Prompt::Pager(pager)) = &world.desk.prompt else { panic!("{}", world.prompt()) };
    assert_eq!(pager.top, 2, "back where it was");
    world.keys("f3").text("editor").keys("enter");
    let Some(Prompt::Pager(pager)) = &world.desk.prompt else { panic!("{}", world.prompt()) };
    assert!(pager.lines[pager.top].1.contains("$EDITOR"), "{}", pager.lines[pager.top].1);
    world.keys("esc");
    assert_eq!(world.prompt(), "queue");
}
