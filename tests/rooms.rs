//! Does every room import only what its door allows? The table is `ARCHITECTURE.md`'s, as a constant.
//!
//! A text scan: it sees names, not what comes in through a generic or a macro. Reviewers see those.

use std::fmt::Write;
use std::path::{Path, PathBuf};

/// A room and the rooms that it may import. `settings` may import `ui::theme` and nothing else of `ui`.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("keys", &["domain"]),
    ("index", &["domain"]),
    ("intake", &["domain"]),
    ("outlet", &["domain"]),
    ("store", &["domain"]),
    ("sync", &["domain"]),
    ("desk", &["domain", "keys", "index"]),
    ("ui", &["domain", "keys", "index", "desk"]),
    ("settings", &["domain", "keys", "ui::theme"]),
    ("run", &["domain", "keys", "index", "intake", "outlet", "store", "sync", "desk", "ui", "settings"]),
    ("cli", &["domain", "keys", "index", "intake", "outlet", "store", "sync", "settings", "run"]),
];

/// A name, and the rooms or files that may say it. Everybody else goes through them.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("crossterm", &["run"]),
    // A theme is made of ratatui's styles, and `ui::theme` may be imported.
    ("ratatui", &["ui", "run", "settings/theme.rs"]),
    ("ratatui_textarea", &["desk/text.rs", "ui/note.rs"]),
    ("tokio", &["run", "cli"]),
    ("arboard", &["run"]),
    ("std::thread", &["run", "cli", "store"]),
    ("std::fs", &["run", "cli", "store"]),
    ("std::env", &["run", "cli"]),
    ("Instant", &["run", "cli", "store"]),
    ("SystemTime", &["run", "cli", "store"]),
    ("chrono::Local", &[]),
];

const MOST_LINES: usize = 400;

/// Everything wrong with one file. `path` is relative to the package, `src/desk/queue.rs`;
/// `for_tests`: it is compiled for tests only.
fn faults(path: &str, text: &str, for_tests: bool) -> Vec<String> {
    let mut found = Vec::new();
    let mut fault = |line: usize, says: String| found.push(format!("{path}:{line}: {says}"));
    if !text.starts_with("//!") {
        fault(1, "the file does not open with `//!` and its one question".to_owned());
    }
    let code = blank_words(text);
    let tests_at = test_module(&code);
    if tests_at > MOST_LINES && !for_tests {
        fault(tests_at, format!("{tests_at} lines without its test module; {MOST_LINES} is the most"));
    }
    let Some((room, _)) = path.strip_prefix("src/").and_then(|rest| rest.split_once('/')) else { return found };
    let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == room) else {
        fault(1, format!("`{room}` is no room of the table"));
        return found;
    };
    for (idx, line) in code.lines().enumerate() {
        for says in imports(room, allowed, line) {
            fault(idx + 1, says);
        }
        let is_test = for_tests || idx >= tests_at;
        for says in names(path, room, line, is_test) {
            fault(idx + 1, says);
        }
    }
    found
}

/// Paths from the crate's root that the table does not allow.
fn imports(room: &str, allowed: &[&str], line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for rest in after_each(line, "crate::") {
        if rest.starts_with('{') {
            found.push("`crate::{`: each line names its room".to_owned());
            continue;
        }
        let target = word(rest);
        let inner = rest.strip_prefix(target).and_then(|rest| rest.strip_prefix("::")).map_or("", word);
        let part = format!("{target}::{inner}");
        if target != room && !allowed.contains(&target) && !allowed.contains(&part.as_str()) {
            found.push(format!("`{room}` must not import `crate::{target}`"));
        }
    }
    for rest in after_each(line, "super::super::") {
        let target = word(rest.trim_start_matches("super::"));
        if MAY_IMPORT.iter().any(|(name, _)| *name == target) {
            found.push(format!("`super::super::{target}` hides a room; write `crate::{target}`"));
        }
    }
    found
}

/// Names of the outside world in a room that must not know them.
fn names(path: &str, room: &str, line: &str, is_test: bool) -> Vec<String> {
    let mut found = Vec::new();
    let file = path.trim_start_matches("src/");
    for (name, places) in ONLY_IN {
        let allowed = is_test || places.iter().any(|place| *place == room || *place == file);
        if !allowed && says(line, name) {
            found.push(format!(
                "`{name}` in `{room}`; it belongs to {}",
                if places.is_empty() { "nobody".to_owned() } else { places.join(", ") }
            ));
        }
    }
    let is_serde = says(line, "serde") || says(line, "serde_json");
    if room == "domain" && is_serde && file != "domain/event.rs" {
        found.push("serde in `domain`; `domain/event.rs` is the one written form".to_owned());
    }
    if room == "ui" && !is_test && says(line, "mut Desk") {
        found.push("`&mut Desk` in `ui`; the view only reads".to_owned());
    }
    found
}

/// The pieces of `line` after each whole `name`.
fn after_each<'a>(line: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    line.match_indices(name).filter(|(at, _)| !ends_in_word(&line[..*at])).map(move |(at, _)| &line[at + name.len()..])
}

/// Does the line say this name, and not a longer one that holds it?
fn says(line: &str, name: &str) -> bool {
    after_each(line, name).any(|rest| !rest.starts_with(is_word))
}

fn ends_in_word(text: &str) -> bool {
    text.ends_with(is_word)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn word(text: &str) -> &str {
    &text[..text.find(|c| !is_word(c)).unwrap_or(text.len())]
}

/// The text with comments and string contents blanked, line by line as before.
fn blank_words(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        let end = skip(bytes, at);
        if end > at {
            out.extend(text[at..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            at = end;
        } else {
            let c = text[at..].chars().next().expect("`at` is inside the text, at the start of a letter");
            out.push(c);
            at += c.len_utf8();
        }
    }
    out
}

/// Where the comment, string or letter that begins at `at` ends; `at` itself if none begins there.
fn skip(bytes: &[u8], at: usize) -> usize {
    let find = |from: usize, what: &[u8]| bytes[from..].windows(what.len()).position(|found| found == what).map(|pos| from + pos);
    let rest = &bytes[at..];
    let in_word = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
    if rest.starts_with(b"//") {
        return find(at, b"\n").unwrap_or(bytes.len());
    }
    if rest.starts_with(b"/*") {
        return find(at + 2, b"*/").map_or(bytes.len(), |end| end + 2);
    }
    if !in_word && (rest.starts_with(b"r\"") || rest.starts_with(b"r#")) {
        let hashes = rest[1..].iter().take_while(|b| **b == b'#').count();
        if rest.get(1 + hashes) == Some(&b'"') {
            let mut close = vec![b'"'];
            close.resize(1 + hashes, b'#');
            return find(at + 2 + hashes, &close).map_or(bytes.len(), |end| end + close.len());
        }
    }
    match rest {
        [b'"', ..] => {
            let mut end = at + 1;
            while end < bytes.len() && bytes[end] != b'"' {
                end += if bytes[end] == b'\\' { 2 } else { 1 };
            }
            (end + 1).min(bytes.len())
        }
        // A quote as a letter would open a string for the rest of the file; a lifetime opens none.
        [b'\'', b'\\', _, b'\'', ..] => at + 4,
        [b'\'', b'"', b'\'', ..] => at + 3,
        _ => at,
    }
}

/// The line (from 0) of the `#[cfg(test)]` whose module ends the file; the number of lines if none.
fn test_module(code: &str) -> usize {
    let lines: Vec<&str> = code.lines().collect();
    let is_module = |idx: usize| {
        lines[idx].trim_end() == "#[cfg(test)]"
            && lines[idx + 1..]
                .iter()
                .find(|line| !line.starts_with("#["))
                .is_some_and(|line| line.starts_with("mod ") && line.contains('{'))
    };
    let Some(start) = (0..lines.len()).find(|idx| is_module(*idx)) else { return lines.len() };
    let closes = lines[start..].iter().position(|line| line.starts_with('}')).map(|pos| start + pos);
    let is_last = closes.is_some_and(|end| lines[end + 1..].iter().all(|line| line.trim().is_empty()));
    if is_last { start } else { lines.len() }
}

/// The files that a source file names as modules for tests only: `#[cfg(test)] mod tests;`.
fn test_files(path: &str, text: &str) -> Vec<String> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.trim_end_matches(".rs");
    let inside = if matches!(stem, "mod" | "lib" | "main") { folder.to_owned() } else { format!("{folder}/{stem}") };
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let declared = |idx: usize| lines.get(idx + 1)?.split_once("mod ")?.1.strip_suffix(';');
    let found = (0..lines.len()).filter(|idx| lines[*idx] == "#[cfg(test)]").filter_map(declared);
    found.flat_map(|module| [format!("{inside}/{module}.rs"), format!("{inside}/{module}/")]).collect()
}

fn rust_files(dir: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for path in entries.map(|entry| entry.expect("the package's own folder can be read").path()) {
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            found.push(path);
        }
    }
}

#[test]
#[allow(clippy::disallowed_methods, reason = "a test reads the package's own sources")]
fn rooms_import_what_their_door_allows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for dir in ["src", "tests", "benches"] {
        rust_files(&root.join(dir), &mut files);
    }
    files.sort();
    assert!(files.len() > 40, "only {} source files were found", files.len());
    let read = |file: &PathBuf| {
        let text = std::fs::read_to_string(file).expect("a source file is UTF-8 and can be read");
        let path = file.strip_prefix(root).expect("the file was found below the root");
        (path.to_string_lossy().replace('\\', "/"), text)
    };
    let texts: Vec<(String, String)> = files.iter().map(read).collect();
    let mut for_tests: Vec<String> = vec!["tests/".to_owned(), "benches/".to_owned()];
    for_tests.extend(texts.iter().flat_map(|(path, text)| test_files(path, text)));
    let mut report = String::new();
    for (path, text) in &texts {
        let is_test = for_tests.iter().any(|file| path == file || file.ends_with('/') && path.starts_with(file));
        for fault in faults(path, text, is_test) {
            writeln!(report, "{fault}").expect("a String takes every line");
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn planted_faults_are_found() {
    let cases: &[(&str, &str, Option<&str>)] = &[
        ("src/desk/a.rs", "use crate::domain::id;", None),
        ("src/desk/a.rs", "use crate::store::Store;", Some("must not import `crate::store`")),
        ("src/desk/a.rs", "let x = crate::settings::load();", Some("must not import `crate::settings`")),
        ("src/desk/a.rs", "// crate::store is not ours", None),
        ("src/desk/a.rs", "let s = \"crate::store\"; let t = r#\"crate::store \" rusqlite\"#;", None),
        ("src/desk/a.rs", "let q = '\"'; use crate::store::S; let r = '\"';", Some("crate::store")),
        ("src/desk/a.rs", "use crate::{domain, keys};", Some("each line names its room")),
        ("src/desk/a.rs", "use super::super::store::Store;", Some("hides a room")),
        ("src/desk/a.rs", "use ratatui::text::Line;", Some("`ratatui` in `desk`")),
        ("src/desk/a.rs", "use ratatui_textarea::TextArea;", Some("`ratatui_textarea` in `desk`")),
        ("src/desk/text.rs", "use ratatui_textarea::TextArea;", None),
        ("src/desk/a.rs", "let t = std::time::Instant::now();", Some("`Instant` in `desk`")),
        ("src/desk/a.rs", "let t = Instantly;", None),
        ("src/domain/a.rs", "use crate::keys::chord::Key;", Some("must not import `crate::keys`")),
        ("src/domain/a.rs", "use serde::Deserialize;", Some("serde in `domain`")),
        ("src/domain/event.rs", "use serde_json::Value;", None),
        ("src/domain/a.rs", "let day = chrono::Local::now();", Some("`chrono::Local`")),
        ("src/keys/a.rs", "use crossterm::event::KeyEvent;", Some("`crossterm` in `keys`")),
        ("src/index/a.rs", "std::thread::spawn(f);", Some("`std::thread` in `index`")),
        ("src/intake/a.rs", "std::fs::read(p)", Some("`std::fs` in `intake`")),
        ("src/run/a.rs", "fn f(c: rusqlite::Connection) {}", Some("`rusqlite` in `run`")),
        ("src/run/a.rs", "use crate::cli::args;", Some("must not import `crate::cli`")),
        ("src/cli/a.rs", "use crate::index::queue;", None),
        ("src/cli/a.rs", "use crate::desk::model;", Some("must not import `crate::desk`")),
        ("src/settings/a.rs", "use crate::ui::theme::Theme;", None),
        ("src/settings/a.rs", "use crate::ui::queue;", Some("must not import `crate::ui`")),
        ("src/ui/a.rs", "fn view(desk: &mut Desk) {}", Some("the view only reads")),
        ("src/ui/a.rs", "fn view(desk: &'a mut Desk) {}", Some("the view only reads")),
        ("src/ui/a.rs", "use crate::desk::viewport;", None),
        ("src/kitchen/a.rs", "fn cook() {}", Some("is no room")),
        ("src/index/a.rs", "#[cfg(test)]\nmod tests {\n    use std::thread::spawn;\n}\n", None),
        ("src/index/a.rs", "#[cfg(test)]\nmod tests {\n    use crate::store::S;\n}\n", Some("crate::store")),
    ];
    for (path, code, expected) in cases {
        let found = faults(path, &format!("//! A question?\n{code}\n"), false);
        match expected {
            None => assert_eq!(found, Vec::<String>::new(), "{path}: {code}"),
            Some(expected) => {
                assert_eq!(found.len(), 1, "{path}: {code}: {found:?}");
                assert!(found[0].contains(expected) && found[0].starts_with(&format!("{path}:")), "{path}: {code}: {found:?}");
            }
        }
    }
}

#[test]
fn a_file_has_its_question_and_its_limit() {
    assert!(faults("src/desk/a.rs", "use std::fmt;\n", false)[0].contains("does not open with `//!`"));
    let body = "fn f() {}\n".repeat(400);
    assert!(faults("src/desk/a.rs", &format!("//! Q?\n{body}"), false)[0].contains("401 lines"));
    let tested = format!("//! Q?\n{}#[cfg(test)]\nmod tests {{\n{}}}\n", "fn f() {}\n".repeat(399), "    fn t() {}\n".repeat(200));
    assert_eq!(faults("src/desk/a.rs", &tested, false), Vec::<String>::new());
    let in_the_middle = format!("//! Q?\n#[cfg(test)]\nmod tests {{\n}}\n{body}");
    assert_eq!(faults("src/desk/a.rs", &in_the_middle, false).len(), 1);
    assert_eq!(faults("src/desk/a.rs", &format!("//! Q?\n{body}"), true), Vec::<String>::new());
}

#[test]
fn files_for_tests_are_those_that_a_module_names_so() {
    let text = "mod a;\n#[cfg(test)]\nmod b;\n    #[cfg(test)]\n    pub mod c;\n#[cfg(test)]\nmod tests {\n}\n";
    assert_eq!(test_files("src/desk/mod.rs", text), ["src/desk/b.rs", "src/desk/b/", "src/desk/c.rs", "src/desk/c/"]);
    assert_eq!(test_files("src/domain/plan.rs", "#[cfg(test)]\nmod tests;\n")[0], "src/domain/plan/tests.rs");
}
