//! What does each keymap show of itself: the last line, the chord's page, the list of all actions?

use intertie::domain::playbook::DeskKind;
use intertie::settings::load_with;

use super::Screen;

fn with(name: &str, width: u16, height: u16) -> Screen {
    let mut screen = Screen::new(width, height);
    screen.rules.keymap = load_with(DeskKind::Residential, &[], &[], Some(name)).expect("it is shipped").keymap;
    screen
}

fn last_line(screen: &Screen) -> String {
    screen.text().lines().last().unwrap_or_default().trim().to_owned()
}

#[test]
fn the_last_line_of_plain_has_every_function_key() {
    for (width, line) in [
        (80, "f1help f2do f3find f4note f5look f6status f7mail f8copy f9undo f10quit f12all"),
        (120, "f1 help f2 do f3 find f4 note f5 look f6 status f7 mail f8 copy f9 undo f10 quit f12 all"),
        // What has no room is left out whole.
        (60, "f1help f2do f3find f4note f5look f6status f7mail f8copy"),
    ] {
        assert_eq!(last_line(&with("plain", width, 24)), line, "{width}");
    }
    let mut screen = with("plain", 80, 24);
    screen.press("f4");
    assert!(last_line(&screen).starts_with("enter saves  f4 new line  esc keeps it as a draft"), "{}", last_line(&screen));
}

#[test]
fn the_last_line_teaches_the_keys_of_the_keymap() {
    let vim = last_line(&with("vim", 320, 40));
    assert!(vim.contains("ctrl-o back  q quit"), "{vim}");
    let emacs = last_line(&with("emacs", 120, 40));
    assert!(emacs.contains("u undo  / find  : all actions") && !emacs.contains("alt-"), "{emacs}");
}

#[test]
fn a_chord_of_many_tasks_is_shown_by_task() {
    let mut screen = with("emacs", 80, 24);
    screen.press("ctrl-x");
    screen.snapshot("emacs-chord-80x24");
}

#[test]
fn what_has_no_room_is_on_the_next_page() {
    let mut screen = with("default", 60, 12);
    screen.press("d");
    let first = screen.text();
    assert!(first.contains("d and then") && first.contains("1 of 2  pgdn more"), "{first}");
    screen.press("pgdn");
    let second = screen.text();
    assert!(second.contains("2 of 2  pgdn more"), "{second}");
    let keymap = screen.rules.keymap.clone();
    for binding in keymap.following(intertie::keys::action::Layer::Queue, &parse("d")) {
        let key = binding.keys[1].to_string();
        let shown = |text: &str| text.lines().any(|line| line.starts_with(&format!("{key}  ")) || line.starts_with(&format!("{key} -")));
        assert!(shown(&first) ^ shown(&second), "{key} is on one of the pages");
    }
    screen.press("pgdn");
    assert_eq!(screen.text(), first, "and after the last the first");
}

fn parse(keys: &str) -> Vec<intertie::keys::chord::Key> {
    intertie::keys::chord::parse_keys(keys).expect("a constant")
}

#[test]
fn the_list_of_all_actions_of_plain() {
    let mut screen = with("plain", 80, 24);
    screen.press("f12 c o p y");
    screen.snapshot("plain-all-80x24");
}
