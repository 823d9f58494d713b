//! Which ways in are there beside a profile's own file? Standard input, a guessed profile; and what is
//! refused, and what an undo leaves that somebody has touched since.

use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::{Value, json};

use crate::support::{Place, said};
use crate::world::{CRM, PORTAL, TRACKER, code, counts, demo, empty, everything, fields, file, import, listed, refused, run, show, text};

fn piped(place: &Place, bytes: &[u8], args: &[&str]) -> Output {
    use std::io::Write;
    let db = place.db();
    let mut all = vec!["--db", &db, "--json", "import", "-"];
    all.extend(args);
    let mut command = place.command(&all);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    // It may end before it has read all of it.
    let _ = child.stdin.take().expect("a pipe").write_all(bytes);
    child.wait_with_output().expect("a child")
}

#[test]
fn standard_input_is_read_as_a_file_is() {
    for list in [CRM, PORTAL, TRACKER] {
        let bytes = std::fs::read(demo(list)).expect("the file can be read");
        let place = empty();
        // A workbook without a name is asked for its profile: it has several sheets.
        let output = piped(&place, &bytes, if list == TRACKER { &["--profile", "tracker"] } else { &[] });
        assert!(output.status.success(), "{list}: {}", said(&output));
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let again = import(&place, &demo(list), &[]);
        assert_eq!((&again["same"], &again["added"], &again["profile"]), (&report["added"], &json!(0), &report["profile"]), "{list}");
    }
    let place = empty();
    let bad = piped(&place, b"Case Number,Account Name\n1,\"Ann\n", &["--profile", "crm-report"]);
    assert_eq!((code(&bad), listed(&place)), (65, 0));
    assert!(String::from_utf8_lossy(&bad.stderr).contains("standard input"), "{}", said(&bad));
    let empty_input = piped(&place, b"", &["--profile", "list"]);
    assert_eq!(code(&empty_input), 65, "{}", said(&empty_input));
}

#[test]
fn what_is_no_file_to_import_is_refused_by_name() {
    let place = empty();
    let pipe = text(&place.path("pipe"));
    assert!(
        std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()),
        "mkfifo is a part of every system"
    );
    std::os::unix::fs::symlink(place.db(), place.path("link.csv")).expect("a link");
    let list = text(&file(&place, "rows.csv", "id,customer,utility,status\n1,Ana,RMP,Submitted\n"));
    let db = place.db();
    for (args, wanted, says) in [
        (&[pipe.as_str()][..], 65, "is a pipe, not a file to import"),
        (&[&db], 65, "is the database itself"),
        (&["link.csv"], 65, "is the database itself"),
        (&["home"], 65, "is a directory, not a file to import"),
        (&["/dev/null"], 65, "is a device, not a file to import"),
        (&["nowhere.csv"], 74, "nowhere.csv cannot be read"),
        (&[&list, "--sheet", "One"], 2, "--sheet is for workbooks"),
        (&[&list, "--spread", "251"], 2, "--spread"),
        (&[&list, "--guess", "--dry-run"], 2, "cannot be used with"),
    ] {
        for profile in [&["--profile", "list"][..], &[]] {
            if args.contains(&"--guess") || args.len() > 1 && profile.is_empty() {
                continue;
            }
            let said = refused(&place, &[&["import"][..], args, profile].concat(), wanted);
            assert!(said.contains(says), "{args:?} {profile:?}: {said}");
        }
    }
    assert!(refused(&place, &["import", &list, "--guess", "--dry-run"], 2).contains("cannot be used with"));
    assert_eq!(listed(&place), 0);
    place.check();
}

/// What `--guess` prints reads the same file, whole; the report.
fn guessed(place: &Place, path: &Path, more: &[&str]) -> (String, Value) {
    let name = text(path);
    let guess = run(place, &[&["import", name.as_str(), "--guess"][..], more].concat());
    assert!(guess.status.success() && guess.stderr.is_empty(), "{name}: {}", said(&guess));
    let toml = String::from_utf8(guess.stdout).expect("UTF-8");
    file(place, "that.toml", &toml);
    let report = import(place, path, &["--profile", "./that.toml"]);
    (toml, report)
}

#[test]
fn a_guess_reads_the_files_of_the_demo() {
    for (list, name, rows) in [(CRM, "pipeline.csv", 46), (PORTAL, "projects.txt", 36), (TRACKER, "ours.xlsx", 32)] {
        let place = empty();
        // By its own name the shipped profile fits, and is what is printed: of the tracker, it leaves hidden rows out.
        let (_, shipped) = guessed(&place, &demo(list), &[]);
        assert_eq!(counts(&shipped), [if list == TRACKER { 29 } else { rows }, 0, 0, 0, 0], "{list}: {shipped}");
        let place = empty();
        let other = place.path(name);
        std::fs::copy(demo(list), &other).expect("copied");
        let (toml, report) = guessed(&place, &other, &[]);
        assert_eq!(counts(&report)[0] + counts(&report)[4], rows, "{list}: {report}\n{toml}");
        assert_eq!(counts(&report)[4], 0, "{list}: {report}\n{toml}");
        let again = import(&place, &other, &["--profile", "./that.toml"]);
        assert_eq!(counts(&again), [0, 0, rows, 0, 0], "{list}: {again}");
        place.check();
    }
}

fn utf16(text: &str) -> Vec<u8> {
    [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

#[test]
fn a_guess_reads_odd_files_too() {
    let json_lines: String =
        (1..=4).map(|n| format!("{{\"ref\":\"J-{n}\",\"customer\":{{\"name\":\"Ana {n}\",\"email\":\"ana{n}@example.com\"}},\"utility\":\"RMP\",\"status\":\"Sent\",\"kW\":{n}.5}}\n")).collect();
    let nested: Vec<Value> = (1..=4)
        .map(|n| json!({"ref": format!("J-{n}"), "customer": {"name": format!("Ana {n}"), "email": format!("ana{n}@example.com")}, "utility": "RMP", "kW": n}))
        .collect();
    let nested = json!({"exported": "2026-11-20", "rows": nested}).to_string();
    let day_first = "Ref,Customer,Utility,Submitted Date,Status\nR-1,Ana Reyes,RMP,25/10/2026,Sent\nR-2,Lee Park,RMP,03/11/2026,Sent\nR-3,Ian Voss,RMP,13/11/2026,Sent\n";
    let odd: [(&str, Vec<u8>, u64); 6] = [
        ("no-header.csv", b"R-1,Ana Reyes,ana@example.com,97201,2026-10-25\nR-2,Lee Park,lee@example.com,97202,2026-11-03\nR-3,Ian Voss,ian@example.com,97203,2026-11-04\n".to_vec(), 3),
        ("semicolons.csv", "Ref;Customer;Utility;kW\nR-1;Ana Reyes;RMP;7.6\nR-2;Lee Park;RMP;10.0\n".into(), 2),
        ("utf-16.txt", utf16("Ref\tCustomer\tUtility\nR-1\tJörg Müller\tRMP\nR-2\tRenée Nash\tRMP\n"), 2),
        ("day-first.csv", day_first.into(), 3),
        ("lines.jsonl", json_lines.into_bytes(), 4),
        ("nested.json", nested.into_bytes(), 4),
    ];
    for (name, bytes, rows) in odd {
        let place = empty();
        let path = file(&place, name, bytes);
        let (toml, report) = guessed(&place, &path, &[]);
        assert_eq!(counts(&report), [rows, 0, 0, 0, 0], "{name}: {report}\n{toml}");
        let all = everything(&place);
        match name {
            "no-header.csv" => assert_eq!(everything(&place)[0]["customer_email"], "ana@example.com", "{toml}"),
            "semicolons.csv" => assert_eq!(fields(&place, "R-1", &["customer_name", "size_ac"]), "\"Ana Reyes\" 7600", "{toml}"),
            "utf-16.txt" => assert_eq!(fields(&place, "R-1", &["customer_name"]), "\"Jörg Müller\"", "{toml}"),
            "day-first.csv" => {
                assert_eq!(show(&place, "R-2")["milestones"][0]["day"], "2026-11-03", "one that could be read in two ways: {toml}");
                assert_eq!(show(&place, "R-3")["milestones"][0]["day"], "2026-11-13", "{toml}");
            }
            _ => {
                let mut emails: Vec<&str> = all.iter().filter_map(|one| one["customer_email"].as_str()).collect();
                emails.sort_unstable();
                assert_eq!(emails, ["ana1@example.com", "ana2@example.com", "ana3@example.com", "ana4@example.com"], "{name}: {toml}");
            }
        }
        assert_eq!(counts(&import(&place, &path, &["--profile", "./that.toml"])), [0, 0, rows, 0, 0], "{name}");
        place.check();
    }
}

#[test]
fn a_guess_reads_a_header_of_two_lines() {
    let place = empty();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let plain = rust_xlsxwriter::Format::new();
    sheet.merge_range(0, 0, 0, 1, "Project", &plain).expect("a merged group");
    sheet.merge_range(0, 2, 0, 3, "Customer", &plain).expect("a merged group");
    for (column, head) in (0..).zip(["ID", "kW", "Name", "Email"]) {
        sheet.write(1, column, head).expect("a cell");
    }
    for row in 2..6_u32 {
        sheet.write(row, 0, format!("P-{row}")).expect("a cell");
        sheet.write(row, 1, f64::from(row) + 0.5).expect("a cell");
        sheet.write(row, 2, format!("Ana {row}")).expect("a cell");
        sheet.write(row, 3, format!("ana{row}@example.com")).expect("a cell");
    }
    let path = place.path("two-lines.xlsx");
    book.save(&path).expect("saved");
    let (toml, report) = guessed(&place, &path, &[]);
    assert_eq!(counts(&report), [4, 0, 0, 0, 0], "{report}\n{toml}");
    assert_eq!(fields(&place, "P-3", &["customer_email", "size_ac"]), "\"ana3@example.com\" 3500", "{toml}");
    let sheet = guessed(&empty(), &path, &["--sheet", "Sheet1"]).1;
    assert_eq!(counts(&sheet)[0], 4);
}

/// As another person of the group that the database belongs to.
fn as_somebody_else(place: &Place, args: &[&str]) -> Output {
    use std::os::unix::process::CommandExt;
    let db = place.db();
    let mut all = vec!["--db", db.as_str()];
    all.extend(args);
    let mut command = place.command(&all);
    // Their own home, which they may write.
    command.env("XDG_STATE_HOME", place.path("theirs")).uid(65_534).gid(65_534);
    command.output().expect("it starts")
}

#[test]
fn an_undo_keeps_and_names_the_rows_that_somebody_else_touched_since() {
    use std::os::unix::fs::PermissionsExt;
    let group = std::fs::read_to_string("/etc/group").unwrap_or_default();
    let group = group.lines().find(|line| line.split(':').nth(2) == Some("65534")).and_then(|line| line.split(':').next());
    let Some(group) = group.filter(|_| rustix::process::geteuid().is_root()) else {
        crate::support::tell("DID NOT RUN: only root can work as two people");
        return;
    };
    let place = Place::new();
    std::fs::create_dir(place.path("theirs")).expect("made");
    for (folder, mode) in [("", 0o3770), ("theirs", 0o770)] {
        let path = place.path(folder);
        std::os::unix::fs::chown(&path, None, Some(65_534)).expect("a group");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("a mode");
    }
    let made = run(&place, &["init", "--zone", "America/Denver", "--group", group]);
    assert!(made.status.success(), "{}", said(&made));
    import(&place, &demo(CRM), &[]);
    for args in [&["note", "00412014", "called"][..], &["set", "00412021", "owner=Lee Park"]] {
        let done = as_somebody_else(&place, args);
        assert!(done.status.success(), "{args:?}: {}", said(&done));
    }
    let touched = [show(&place, "00412014"), show(&place, "00412021")];
    let undone = run(&place, &["undo"]);
    let words = String::from_utf8_lossy(&undone.stdout);
    assert!(undone.status.success() && words.contains("2 rows stay"), "{}", said(&undone));
    for one in &touched {
        assert!(words.contains(one["id"].as_str().expect("a reference")), "it names {}: {words}", one["id"]);
    }
    assert_eq!(everything(&place), touched, "they are as they were, and nothing else is left");
    place.check();
    let again = import(&place, &demo(CRM), &[]);
    assert_eq!(counts(&again), [44, 0, 2, 0, 0], "the file brings the others again");
    place.check();
}
