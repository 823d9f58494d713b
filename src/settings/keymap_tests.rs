//! Is every keymap whole, and does every theme keep what it promises?

use ratatui::style::{Color, Modifier};

use super::*;
use crate::keys::action::{ACTIONS, Layer};
use crate::keys::chord::{Code, Key, parse_keys, show_keys};
use crate::keys::keymap::{Found, NAMES};
use crate::ui::theme::Role;

fn file(path: &str, text: &str) -> File {
    File { path: path.to_owned(), text: text.to_owned() }
}

fn options(text: &str) -> File {
    file("themes/options.toml", text)
}

fn with(files: &[File]) -> Result<Settings, String> {
    let said = |problems: Vec<Problem>| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    load(DeskKind::Residential, &[], files).map_err(said)
}

/// Every shipped keymap of every desk.
fn all() -> Vec<(String, Keymap)> {
    let mut all = Vec::new();
    for desk in DeskKind::ALL {
        for (name, _) in NAMES {
            let loaded = load_with(desk, &[], &[], Some(name)).unwrap_or_else(|problems| panic!("{}, {name}: {problems:?}", desk.name()));
            assert_eq!(loaded.keymap.name(), name);
            all.push((format!("{}, {name}", desk.name()), loaded.keymap));
        }
    }
    all
}

fn runs<'a>(keymap: &'a Keymap, layer: Layer, on: &str) -> &'a str {
    match keymap.get(layer, &parse_keys(on).expect("a constant")) {
        Found::Hit(binding) => binding.run.action.name,
        Found::Pending => "…",
        Found::Miss => "",
    }
}

/// A new action of another layer than the queue needs a line in `plain.toml`; vim and emacs lie over the default and have it.
#[test]
fn no_action_is_without_a_way_to_it() {
    for (which, keymap) in all() {
        let lost: Vec<&str> = keymap.unreached().map(|action| action.name).collect();
        assert!(lost.is_empty(), "{which}: no key for {}", lost.join(", "));
        if !which.ends_with("plain") {
            for action in ACTIONS.iter().filter(|action| action.takes.is_none()) {
                assert!(keymap.keys_of(action.name, None).is_some(), "{which}: {}", action.name);
            }
        }
    }
}

#[test]
fn esc_and_ctrl_c_leave_everywhere() {
    for (which, keymap) in all() {
        for (layer, leaves) in [
            (Layer::Queue, "clear"),
            (Layer::Find, "find-cancel"),
            (Layer::Note, "close"),
            (Layer::Plan, "leave"),
            (Layer::Picker, "cancel"),
            (Layer::Pager, "shut"),
            (Layer::Import, "import-leave"),
            (Layer::Offers, "offers-leave"),
            (Layer::Template, "template-leave"),
        ] {
            for on in ["esc", "ctrl-c"] {
                assert_eq!(runs(&keymap, layer, on), leaves, "{which}: {on} in {}", layer.name());
            }
        }
    }
}

/// Alt comes as esc and a letter, and ctrl-s may stop a terminal: what they do has another key.
#[test]
fn keys_that_can_get_lost_stand_beside_others() {
    let doubtful = |keys: &[Key]| {
        keys.iter().any(|key| key.alt || matches!(key.code, Code::F(10 | 11)) || key.ctrl && matches!(key.code, Code::Char('s' | 'q')))
    };
    let mut found = 0;
    for (which, keymap) in all() {
        for binding in keymap.bindings().iter().filter(|binding| doubtful(&binding.keys)) {
            found += 1;
            let safe = |other: &&crate::keys::keymap::Binding| other.run == binding.run && !doubtful(&other.keys);
            assert!(keymap.bindings().iter().any(|other| safe(&other)), "{which}: only {}", show_keys(&binding.keys));
            let taught = keymap.keys_of(binding.run.action.name, None).expect("it has a key");
            assert!(!taught.contains("alt-") && !taught.contains("ctrl-s"), "{which}: {taught} is taught");
        }
    }
    assert!(found > 10, "{found}");
}

#[test]
fn plain_has_nothing_to_learn() {
    for (which, keymap) in all().into_iter().filter(|(which, _)| which.ends_with("plain")) {
        for binding in keymap.bindings() {
            let [key] = binding.keys.as_slice() else { panic!("{which}: {} is a chord", show_keys(&binding.keys)) };
            assert!(key.text().is_none_or(|c| c == ' ' || c.is_ascii_digit()), "{which}: {key} is a letter");
            if binding.layer.is_text() {
                assert!(!matches!(key.code, Code::Delete | Code::Insert | Code::Home | Code::End), "{which}: {key} is for the text");
            }
        }
        let digits = keymap.bindings().iter().filter(|binding| binding.run.action.name == "touch").count();
        assert_eq!(digits, 10, "{which}: the digits stay on the screen");
        assert_eq!(runs(&keymap, Layer::Queue, "n"), "", "{which}");
        assert_eq!(keymap.keys_of("note", None).as_deref(), Some("f4"), "{which}");
    }
}

#[test]
fn a_keymap_is_chosen_by_an_option_and_ones_own_keys_go_over_it() {
    let bind = |on: &str, run: &str| format!("[[bind]]\nlayer = \"queue\"\non = \"{on}\"\nrun = \"{run}\"\n");
    let emacs = options("keymap = \"emacs\"\n");
    let mine = file("keymaps/mine.toml", &bind("ctrl-n", "note"));
    // A file of a keymap's name counts only while that keymap is chosen.
    let over_vim = file("keymaps/vim.toml", &bind("ctrl-n", "why"));
    let keymap = with(&[emacs.clone(), mine.clone(), over_vim.clone()]).expect("sound files").keymap;
    assert_eq!((keymap.name(), runs(&keymap, Layer::Queue, "ctrl-n")), ("emacs", "note"));
    assert_eq!((runs(&keymap, Layer::Queue, "n"), keymap.keys_of("next-row", None).as_deref()), ("note", Some("j")), "mine took its key");
    let keymap = with(&[options("keymap = \"vim\"\n"), over_vim.clone()]).expect("sound files").keymap;
    assert_eq!((runs(&keymap, Layer::Queue, "ctrl-n"), runs(&keymap, Layer::Queue, "ctrl-o")), ("why", "back"));
    let keymap = with(&[over_vim]).expect("sound files").keymap;
    assert_eq!((keymap.name(), runs(&keymap, Layer::Queue, "ctrl-n")), ("default", ""));
    // A site chooses for everybody who chose nothing.
    let of = |user: &[File]| load(DeskKind::Residential, std::slice::from_ref(&emacs), user).expect("sound files").keymap.name().to_owned();
    assert_eq!((of(&[]), of(&[options("keymap = \"plain\"\n")])), ("emacs".to_owned(), "plain".to_owned()));
}

#[test]
fn a_clash_with_a_chosen_keymap_names_both_files() {
    let mine = file("keymaps/mine.toml", "[[bind]]\nlayer = \"queue\"\non = \"f4 x\"\nrun = \"why\"\n");
    let says = with(&[options("keymap = \"plain\"\n"), mine.clone()]).expect_err("f4 is taken");
    let plain = include_str!("../../keymaps/plain.toml");
    let before = plain.find("on = \"f4\"\nrun = \"note\"").expect("it is there");
    let line = plain[..before].lines().count() - 1;
    assert_eq!(
        says,
        format!(
            "keymaps/mine.toml:1: bind.queue f4 x: read f4 x for why, wanted other keys; keymaps/plain.toml:{line} has keys with which \
             these begin, f4 for note"
        )
    );
    assert!(with(&[mine]).is_ok(), "the default keymap has no f4");
}

#[test]
fn a_reserved_key_that_is_taken_is_told_of_each_keymap() {
    let mine = file("keymaps/mine.toml", "[[bind]]\nlayer = \"queue\"\non = \"f12\"\nrun = \"nothing\"\n");
    let says = with(&[options("keymap = \"plain\"\n"), mine]).expect_err("nobody can find anything");
    assert_eq!(says, "keymaps/mine.toml:1: bind.queue f12: read no key, wanted a key for palette, because without it nobody gets further");
}

fn themes() -> Vec<Theme> {
    with(&[]).expect("the shipped files load").themes
}

fn theme(name: &str) -> Theme {
    themes().into_iter().find(|theme| theme.name == name).unwrap_or_else(|| panic!("no theme {name}"))
}

#[test]
fn no_theme_tells_a_state_by_colour_alone() {
    let names: Vec<String> = themes().into_iter().map(|theme| theme.name).collect();
    assert_eq!(names, ["dark", "high-contrast", "light", "mono", "none", "sixteen"]);
    for theme in themes() {
        for role in Role::ALL.into_iter().filter(|role| role.is_state()) {
            assert!(!theme.style(role).add_modifier.is_empty(), "{}: {}", theme.name, role.name());
        }
        let plain = theme.without_colour();
        for (one, other) in [(Role::Due, Role::Text), (Role::Overdue, Role::Text), (Role::Selection, Role::Text), (Role::Error, Role::Ok)] {
            assert_ne!(plain.style(one), plain.style(other), "{}: {} and {}", theme.name, one.name(), other.name());
        }
    }
}

#[test]
fn none_has_no_colour_and_is_what_mono_is() {
    let (none, mono) = (theme("none"), theme("mono"));
    for role in Role::ALL {
        assert_eq!(none.style(role), mono.style(role), "{}", role.name());
        let own = |colour: Option<Color>| colour.is_none_or(|colour| colour == Color::Reset);
        assert!(own(none.style(role).fg) && own(none.style(role).bg), "{}", role.name());
    }
}

/// Contrast by WCAG's formula on the colours as xterm draws them: black with yellow 19 to 1, with cyan 16, with its gray for
/// "white" 15 and more. Every pair says its ground, so none hangs on the terminal's own.
#[test]
fn high_contrast_has_only_pairs_that_are_plain() {
    let theme = theme("high-contrast");
    let bright = [Color::White, Color::LightYellow, Color::LightCyan];
    for role in Role::ALL {
        let style = theme.style(role);
        let (Some(fg), Some(bg)) = (style.fg, style.bg) else { panic!("{} leaves a colour to the terminal", role.name()) };
        let plain = fg == Color::Black && bright.contains(&bg) || bg == Color::Black && bright.contains(&fg);
        assert!(plain && !style.add_modifier.contains(Modifier::DIM), "{}: {fg} on {bg}", role.name());
    }
}

#[test]
fn sixteen_needs_eight_colours_and_no_ground() {
    let eight = [Color::Reset, Color::Red, Color::Green, Color::Yellow, Color::Blue, Color::Magenta, Color::Cyan];
    for role in Role::ALL {
        let style = theme("sixteen").style(role);
        assert!(style.fg.is_none_or(|fg| eight.contains(&fg)) && style.bg.is_none(), "{}", role.name());
    }
}
