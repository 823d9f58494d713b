//! The whole lesson, done by its own hints with each keymap; and what brings a hint back.

use intertie::desk::drill::{Drilling, Piece, best, way};
use intertie::desk::msg::Msg;
use intertie::domain::drill::{Drill, Hint};
use intertie::domain::playbook::DeskKind;
use intertie::settings::{Settings, load_with};

use crate::world::{SMALL, World};

const KEYMAPS: [&str; 4] = ["default", "vim", "plain", "emacs"];

fn settings(desk: DeskKind, keymap: &str) -> Settings {
    load_with(desk, &[], &[], Some(keymap)).expect("it is shipped")
}

/// Rows enough for all that the lesson works, skips and marks.
fn drilling(keymap: &str) -> World {
    let sites: Vec<String> = (1..=24).map(|number| format!("{number} Oak St")).collect();
    let utility = |at: usize| if at.is_multiple_of(2) { "Rocky Mountain Power" } else { "PGE" };
    let rows: Vec<Vec<(&str, &str)>> = sites
        .iter()
        .enumerate()
        .map(|(at, site)| vec![("site", site.as_str()), ("utility", utility(at)), ("status", "submitted"), ("follow_up", "today")])
        .collect();
    let rows: Vec<&[(&str, &str)]> = rows.iter().map(Vec::as_slice).collect();
    let mut world = World::new(&rows);
    let Settings { keymap, lesson, .. } = settings(DeskKind::Residential, keymap);
    world.rules.keymap = keymap;
    world.desk.drill = Some(Drilling::new(Drill::new(lesson)));
    world.paint();
    world
}

fn drill(world: &World) -> &Drill {
    &world.desk.drill.as_ref().expect("it drills").drill
}

fn asked(world: &World) -> &str {
    drill(world).exercise().map_or("", |exercise| &exercise.name)
}

/// Does what is asked for, as the hint says.
fn obey(world: &mut World) {
    let exercise = drill(world).exercise().expect("something is asked for").clone();
    let before = drill(world).place();
    for piece in way(&world.rules, &exercise) {
        match piece {
            Piece::Keys(keys) => world.keys(&keys),
            Piece::Text(text) => world.text(&text),
        };
    }
    let says = format!("{}: {}, {}", exercise.name, world.prompt(), world.notice());
    assert_eq!(drill(world).place(), (before.0 + 1, before.1), "{says}");
}

fn obey_until(world: &mut World, name: &str) {
    while asked(world) != name {
        obey(world);
    }
}

#[test]
fn the_whole_lesson_can_be_done_with_every_keymap() {
    for keymap in KEYMAPS {
        let mut world = drilling(keymap);
        let (_, all) = drill(&world).place();
        for done in 0..all {
            assert_eq!(drill(&world).place(), (done, all), "{keymap}");
            obey(&mut world);
        }
        let last = drill(&world).summary().swap_remove(0);
        let (used, best) = last.rsplit_once("; ").and_then(|(_, keys)| keys.split_once(" keys, ")).expect("keys and the best");
        assert_eq!(best.trim_end_matches(" would do"), used, "{keymap}: the hint is the shortest way: {last}");
        assert!(world.prompt().starts_with("the drill is done: "), "{keymap}: {}", world.prompt());
        let shut = world.rules.keymap.keys_of("shut", None).expect("it is reserved");
        world.keys(&shut);
        assert_eq!(world.prompt(), "queue", "it is told once");
    }
}

#[test]
fn every_exercise_has_keys_on_every_desk_with_every_keymap() {
    for desk in DeskKind::ALL {
        for keymap in KEYMAPS {
            let settings = settings(desk, keymap);
            let mut world = World::new(&[]);
            world.rules.keymap = settings.keymap;
            world.rules.playbook = settings.playbook.into();
            for exercise in &settings.lesson {
                let way = way(&world.rules, exercise);
                assert!(matches!(way.first(), Some(Piece::Keys(_))) && best(&world.rules, exercise) > 0, "{keymap}: {way:?}");
            }
        }
    }
}

#[test]
fn a_hint_comes_back_after_a_wrong_turn_and_after_a_while() {
    let mut world = drilling("default");
    obey(&mut world);
    obey_until(&mut world, "next-row");
    assert_eq!(drill(&world).hint(), Hint::FirstKey, "it was done once by the shortest way");
    world.keys("n esc");
    assert_eq!(drill(&world).hint(), Hint::Keys, "what was opened was left");
    world.keys("j");
    obey_until(&mut world, "voicemail");
    let at = world.at;
    world.hear(Msg::Tick { at: at + 7_000 });
    assert_eq!(drill(&world).hint(), Hint::FirstKey);
    world.hear(Msg::Tick { at: at + 8_000 });
    assert_eq!(drill(&world).hint(), Hint::Keys);
}

/// Keys, the list of all actions, a list of quick actions: what counts is what was saved.
#[test]
fn any_way_counts_and_only_what_was_done() {
    let mut world = drilling("default");
    world.keys("2 enter 1 esc");
    assert_eq!(asked(&world), "next-row", "another action is not what was asked for");
    world.keys(":").text("next row").keys("enter");
    assert_eq!(asked(&world), "portal-check");
    world.slow = true;
    world.keys("space").text("portal check").keys("enter enter");
    assert_eq!(asked(&world), "portal-check", "it is not on disk yet");
    world.slow = false;
    world.answer();
    world.paint();
    assert_eq!(asked(&world), "note");
    world.keys("n").text("called").keys("enter");
    assert_eq!(asked(&world), "note", "without a day to look again");
    world.keys("n").text("called >5b").keys("enter");
    assert_eq!(asked(&world), "voicemail");
    world.keys("2 enter");
    assert_eq!(asked(&world), "undo");
    world.keys(":").text("undo my last").keys("enter");
    assert_eq!(asked(&world), "search");
    world.keys("/").text("power").keys("esc");
    assert_eq!(asked(&world), "search", "it was left");
    world.keys("/").text("nobody has this").keys("enter");
    assert_eq!(asked(&world), "search", "nothing was found");
}

#[test]
fn outside_of_a_drill_nothing_is_looked_at() {
    let mut world = World::new(&SMALL);
    world.hear(Msg::Tick { at: 1 }).keys("j 1 enter");
    assert!(world.desk.drill.is_none());
}
