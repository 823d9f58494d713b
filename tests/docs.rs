//! Do the pages say what the program does? Their tables are made by the program; this compares.
#![allow(clippy::disallowed_methods, reason = "the pages are read where they lie")]

use std::path::Path;
use std::process::Command;

/// Pages and their tables, each between `<!-- NAME:begin -->` and `<!-- NAME:end -->`; a name is what follows
/// `intertie docs`.
const TABLES: &[(&str, &str)] = &[
    ("README.md", "keys"),
    ("README.md", "commands"),
    ("README.md", "statuses"),
    ("README.md", "dispositions"),
    ("README.md", "messages"),
    ("README.md", "statuses --desk commercial"),
    ("README.md", "dispositions --desk commercial"),
    ("README.md", "messages --desk commercial"),
    ("README.md", "lanes"),
    ("README.md", "statuses --desk utility"),
    ("README.md", "dispositions --desk utility"),
    ("README.md", "messages --desk utility"),
    ("README.md", "abbreviations"),
    ("docs/clipboard.md", "clipboard"),
    ("docs/keys.md", "keymaps"),
    ("docs/queries.md", "queries"),
];

/// What stands between the markers of a table.
fn section<'a>(readme: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = readme.split_once(&format!("<!-- {name}:begin -->"))?;
    let (section, _) = rest.split_once(&format!("<!-- {name}:end -->"))?;
    Some(section)
}

#[test]
fn the_tables_of_the_pages_are_current() {
    for (page, name) in TABLES {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).expect("the page is there");
        let made = Command::new(env!("CARGO_BIN_EXE_intertie")).arg("docs").args(name.split(' ')).output().expect("the program starts");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let made = String::from_utf8(made.stdout).expect("text");
        let Some(section) = section(&text, name) else {
            panic!("{page} has no <!-- {name}:begin --> and <!-- {name}:end -->; between them belongs what `intertie docs {name}` prints");
        };
        assert!(section.trim() == made.trim(), "{page}, {name}: put what `intertie docs {name}` prints between the markers");
    }
}

/// What both desks of the applicant's side share is on the page once, and on none of them otherwise.
#[test]
fn the_lanes_are_the_same_on_both_desks_but_for_nothing() {
    let print = |desk: &str| {
        let made =
            Command::new(env!("CARGO_BIN_EXE_intertie")).args(["docs", "lanes", "--desk", desk]).output().expect("the program starts");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        String::from_utf8(made.stdout).expect("text")
    };
    assert_eq!(print("residential"), print("commercial"));
}

#[test]
fn a_section_is_what_stands_between_its_markers() {
    let text = "a <!-- keys:begin -->\n| x |\n<!-- keys:end --> b";
    assert_eq!(section(text, "keys").map(str::trim), Some("| x |"));
    assert_eq!(section(text, "commands"), None);
}

#[test]
fn the_manual_page_has_every_command_and_every_key() {
    let print = |args: &[&str]| {
        let made = Command::new(env!("CARGO_BIN_EXE_intertie")).args(args).output().expect("the program starts");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        String::from_utf8(made.stdout).expect("text")
    };
    let page = print(&["man"]);
    let plain = page.replace("\\-", "-").replace("\\(aq", "'");
    let rows = print(&["docs", "commands"]);
    let commands: Vec<&str> = rows.lines().filter_map(|line| line.strip_prefix("| `")?.split([' ', '`']).next()).collect();
    assert!(commands.len() > 30, "{commands:?}");
    for command in commands {
        assert!(plain.lines().any(|line| line.starts_with(&format!("\\fB{command}"))), "no command {command}");
    }
    for words in ["write a note", "ask utility", "keep it for the team"] {
        assert!(plain.contains(words), "no key that does: {words}");
    }
    for section in ["KEYS", "FILES", "ENVIRONMENT", "\"EXIT STATUS\""] {
        assert!(page.contains(&format!(".SH {section}")), "no section {section}");
    }
}
