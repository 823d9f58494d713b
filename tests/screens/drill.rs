//! Where does a drill say what it asks for, on every screen?

use intertie::desk::drill::Drilling;
use intertie::desk::msg::Msg;
use intertie::domain::drill::Drill;
use intertie::domain::playbook::DeskKind;
use intertie::settings::load;

use super::Screen;

fn with(width: u16, height: u16) -> Screen {
    let mut screen = Screen::new(width, height);
    let lesson = load(DeskKind::Residential, &[], &[]).expect("it is shipped").lesson;
    screen.desk.drill = Some(Drilling::new(Drill::new(lesson)));
    screen.desk.drawn(0);
    screen
}

/// The lines below the header.
fn hint(screen: &Screen, lines: usize) -> String {
    screen.text().lines().skip(1).take(lines).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_hint_stands_below_the_header() {
    with(80, 24).snapshot("drill-80x24");
    let mut screen = with(48, 18);
    screen.press("j");
    screen.snapshot("drill-48x18");
    let mut screen = with(60, 12);
    screen.press("j");
    screen.snapshot("drill-60x12");
}

#[test]
fn it_stays_whatever_is_open_over_the_queue() {
    for keys in ["1", "n", "/", "Q", "?", ":", "v", "e", "N", "space", "a"] {
        let mut screen = with(80, 24);
        let before = hint(&screen, 1);
        screen.press(keys);
        assert_eq!(hint(&screen, 1), before, "{keys}");
        assert!(hint(&screen, 2).contains("keys: j"), "{keys}:\n{}", screen.text());
    }
}

/// Every task is seen whole down to forty columns, and every size is drawn.
#[test]
fn tasks_fit() {
    let lesson = load(DeskKind::Residential, &[], &[]).expect("it is shipped").lesson;
    for exercise in lesson {
        for (width, lines) in [(80, 1), (120, 1), (40, 2), (56, 2)] {
            let mut screen = with(width, 24);
            screen.desk.drill = Some(Drilling::new(Drill::new(vec![exercise.clone()])));
            let said = hint(&screen, lines + 2);
            let (task, keys) = said.split_once("\nkeys: ").expect("the keys begin a line");
            let words = task.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(words.ends_with(&exercise.task) && task.lines().count() <= lines, "{width}: {said}");
            assert!(!keys.starts_with(' ') && !screen.text().contains("enter …"), "{width}: {said}");
        }
    }
    for (width, height) in [(1, 1), (40, 10), (39, 9), (200, 60), (80, 15), (79, 16)] {
        let _ = with(width, height).text();
    }
}

#[test]
fn keys_fade_and_come_back() {
    let mut screen = with(80, 24);
    let lesson = load(DeskKind::Residential, &[], &[]).expect("it is shipped").lesson;
    let two: Vec<_> = lesson.into_iter().filter(|exercise| ["team", "mine"].contains(&&*exercise.name)).collect();
    let three = two.into_iter().map(|exercise| intertie::domain::drill::Exercise { times: 3, ..exercise }).collect();
    screen.desk.drill = Some(Drilling::new(Drill::new(three)));
    screen.desk.drawn(0);
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(hint(&screen, 2).lines().nth(1).unwrap_or_default().to_owned());
        screen.press("v t v m");
    }
    insta::assert_snapshot!(seen.join("\n"), @r"
    keys: v t                                                     q leaves the drill
    keys: v …                                                    done: 2 keys, 2.0 s
    from memory; wait, and the keys come back                    done: 2 keys, 2.0 s
    ");
    assert!(hint(&screen, 1).starts_with("drill 6/6 all done. q leaves"), "{}", screen.text());
    let mut screen = with(80, 24);
    screen.press("x");
    screen.hear(Msg::Tick { at: 60_000 });
    assert!(hint(&screen, 2).contains("keys: j"));
}
