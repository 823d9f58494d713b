//! Does an inbox read what it knows, set aside what is at fault, and leave alone what is not for it?

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::support::{Place, said};
use crate::world::{CRM, PORTAL, code, demo, empty, listed, refused, run, text};

/// A file of the inbox that has lain still for a minute.
fn lies(place: &Place, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = crate::world::file(place, &format!("in/{name}"), content);
    let then = SystemTime::now() - Duration::from_secs(60);
    fs::File::options().write(true).open(&path).and_then(|file| file.set_modified(then)).expect("a time");
    path
}

/// What it says of each file, by name: `NAME BECAME: WORDS`.
fn look(place: &Place) -> Vec<String> {
    let dir = text(&place.path("in"));
    let done = run(place, &["--json", "inbox", &dir]);
    assert_eq!(code(&done), 0, "{}", said(&done));
    let words = |line: &str| {
        let said: Value = serde_json::from_str(line).unwrap_or_else(|err| panic!("{err}: {line}"));
        let word = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
        format!("{} {}: {}", word("file"), word("became"), word("says"))
    };
    String::from_utf8_lossy(&done.stdout).lines().map(words).collect()
}

/// Every name below a folder, sorted; the lock's file is the program's own.
fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).map(|all| all.map(|one| one.expect("an entry").path()).collect()).unwrap_or_else(|_| Vec::new());
    let mut names = Vec::new();
    for path in entries {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() && !path.is_symlink() {
            names.extend(self::names(&path).into_iter().map(|below| format!("{name}/{below}")));
            names.push(format!("{name}/"));
        } else if name != ".intertie-inbox" {
            names.push(name);
        }
    }
    names.sort();
    names
}

#[test]
fn what_it_knows_is_read_and_moved_and_the_rest_stays() {
    let place = empty();
    let inbox = place.path("in");
    let crm = fs::read(demo(CRM)).expect("the file can be read");
    lies(&place, CRM, &crm);
    lies(&place, "crm_report_bad.csv", "\"Case Number\",\"Account Name\"\r\n\"1\",\"Ann\r\n");
    lies(&place, "holiday-photos.csv", "a,b\n1,2\n");
    for half in ["crm_report_1.csv.part", ".crm_report_2.csv", "~crm_report_3.csv", "crm_report_4.csv.crdownload", "crm_report_5.csv.tmp"] {
        lies(&place, half, &crm);
    }
    // Somebody is still copying it.
    crate::world::file(&place, "in/crm_report_fresh.csv", &crm);
    symlink(demo(PORTAL), inbox.join("portal_projects_link.csv")).expect("a link");
    fs::create_dir(inbox.join("crm_report_folder.csv")).expect("a folder");
    let said = look(&place);
    assert!(said[0].starts_with("crm_report_fresh.csv waits: "), "{said:?}");
    let said = &said[1..];
    assert_eq!(said.len(), 3, "{said:#?}");
    assert_eq!(said[0], format!("{CRM} done: 46 added, 0 changed, 0 same, 0 at fault"));
    assert!(said[1].starts_with("crm_report_bad.csv failed: "), "{said:?}");
    assert!(said[2].starts_with("holiday-photos.csv left: no profile knows this name"), "{said:?}");
    let wanted = [
        ".crm_report_2.csv",
        "crm_report_1.csv.part",
        "crm_report_4.csv.crdownload",
        "crm_report_5.csv.tmp",
        "crm_report_folder.csv/",
        "crm_report_fresh.csv",
        "done/",
        "done/crm_report_2026-11-20.csv",
        "done/crm_report_2026-11-20.csv.report.txt",
        "failed/",
        "failed/crm_report_bad.csv",
        "failed/crm_report_bad.csv.report.txt",
        "holiday-photos.csv",
        "portal_projects_link.csv",
        "~crm_report_3.csv",
    ];
    assert_eq!(names(&inbox), wanted);
    assert_eq!(fs::read(inbox.join("done").join(CRM)).expect("it was moved"), crm);
    let page = fs::read_to_string(inbox.join("done").join(format!("{CRM}.report.txt"))).expect("a report");
    assert!(page.contains("46 added, 0 changed, 0 same (profile crm-report)") && page.contains("Windows-1252"), "{page}");
    let page = fs::read_to_string(inbox.join("failed/crm_report_bad.csv.report.txt")).expect("a report");
    let sentence = said[1].strip_prefix("crm_report_bad.csv failed: ").expect("it was checked");
    assert!(sentence.contains("crm_report_bad.csv") && page.contains(sentence), "the sentence of the fault, {sentence}, in {page}");
    assert_eq!(listed(&place), 44);
    place.check();
}

#[test]
fn a_name_that_is_there_already_gets_a_number() {
    let place = empty();
    for (nth, counts) in [(0, "46 added, 0 changed, 0 same"), (1, "0 added, 0 changed, 46 same"), (2, "0 added, 0 changed, 46 same")] {
        lies(&place, CRM, fs::read(demo(CRM)).expect("the file can be read"));
        assert_eq!(look(&place), [format!("{CRM} done: {counts}, 0 at fault")], "time {nth}");
    }
    let numbered = |start: &str| [format!("{start}{CRM}"), format!("{start}{CRM}.report.txt")];
    assert_eq!(names(&place.path("in/done")), [numbered("2-"), numbered("3-"), numbered("")].concat());
    assert_eq!(look(&place), Vec::<String>::new(), "an empty inbox says nothing");
}

#[test]
fn two_profiles_that_know_a_name_leave_it() {
    let place = empty();
    let profile = "label = \"x\"\nsource = \"x\"\nfiles = [\"crm_*.csv\"]\nkey = [\"Case Number\"]\n[[column]]\nname = \"Case Number\"\nfield = \"crm_number\"\n";
    crate::world::file(&place, "work.site/playbooks/profiles/x.toml", profile);
    lies(&place, CRM, fs::read(demo(CRM)).expect("the file can be read"));
    let said = look(&place);
    assert!(said.len() == 1 && said[0].contains("left: two profiles know this name"), "{said:?}");
    assert_eq!((names(&place.path("in")), listed(&place)), (vec![CRM.to_owned()], 0));
}

#[test]
fn two_at_once_do_not_read_one_file_twice() {
    let place = empty();
    lies(&place, CRM, fs::read(demo(CRM)).expect("the file can be read"));
    let held = fs::File::create(place.path("in/.intertie-inbox")).expect("the lock's file");
    rustix::fs::flock(&held, rustix::fs::FlockOperation::NonBlockingLockExclusive).expect("nobody has it");
    let said = refused(&place, &["inbox", &text(&place.path("in"))], 75);
    assert!(said.contains("another intertie is reading this inbox"), "{said}");
    assert_eq!((names(&place.path("in")), listed(&place)), (vec![CRM.to_owned()], 0));
    drop(held);
    assert_eq!(look(&place).len(), 1);
}

#[test]
fn a_busy_database_leaves_the_file_where_it_is() {
    let place = empty();
    lies(&place, CRM, fs::read(demo(CRM)).expect("the file can be read"));
    let other = rusqlite::Connection::open(place.db()).expect("the database");
    other.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    let said = refused(&place, &["inbox", &text(&place.path("in"))], 75);
    assert!(!said.is_empty() && !said.contains("panicked"), "{said}");
    other.execute_batch("ROLLBACK").expect("no lock");
    drop(other);
    assert_eq!((names(&place.path("in")), listed(&place)), (vec![CRM.to_owned()], 0));
    assert_eq!(look(&place), [format!("{CRM} done: 46 added, 0 changed, 0 same, 0 at fault")], "the next look reads it");
}

#[test]
fn what_is_no_inbox_is_refused() {
    let place = empty();
    let plain = crate::world::file(&place, "plain.txt", "no folder");
    refused(&place, &["inbox", &text(&plain)], 65);
    refused(&place, &["inbox", "nowhere"], 74);
}
