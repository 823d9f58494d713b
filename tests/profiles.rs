//! Does each shipped profile read the file that it is for?
#![allow(clippy::disallowed_methods, reason = "a test's own data, read in the test")]

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use calamine::{Data, Reader, Sheets};
use intertie::domain::day::Day;
use intertie::domain::import::{Candidate, Column, Guess, Header, Profile, Target};
use intertie::domain::playbook::DeskKind;
use intertie::domain::value::Value;
use intertie::intake::fits::best;
use intertie::intake::guess::guess;
use intertie::intake::raw::RawRow;
use intertie::intake::row::{Row, Shape};
use intertie::settings::{self, Settings};

fn shipped() -> Settings {
    settings::load(DeskKind::Residential, &[], &[]).expect("the shipped files")
}

fn day(text: &str) -> Day {
    Day::parse_from_str(text, "%Y-%m-%d").expect("a constant")
}

fn workbook(bytes: Vec<u8>, sheet: &str, lines: &[usize]) -> (Vec<String>, Vec<RawRow>) {
    let mut book: Sheets<_> = calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).expect("a workbook");
    let range = book.worksheet_range(sheet).expect("the sheet is there");
    let rows: Vec<&[Data]> = range.rows().collect();
    let width = rows.iter().map(|row| row.len()).max().unwrap_or(0);
    let mut names = vec![String::new(); width];
    for (place, line) in lines.iter().enumerate() {
        let mut group = String::new();
        for (idx, name) in names.iter_mut().enumerate() {
            let said = rows[line - 1][idx].to_string();
            // A merged group names all of its columns; the last line names each.
            let said = if said.is_empty() && place + 1 < lines.len() { group.clone() } else { said };
            *name = format!("{name} {said}").trim().to_owned();
            group = said;
        }
    }
    let first = lines.iter().max().copied().unwrap_or(1);
    let rows = rows.iter().enumerate().skip(first).map(|(line, cells)| {
        let mut row = RawRow::new(line + 1);
        for cell in *cells {
            match cell {
                Data::DateTime(stamp) => row.push_day(stamp.as_datetime().expect("a day")),
                Data::Error(error) => row.push_flaw(&error.to_string(), error.to_string()),
                other => row.push(&other.to_string()),
            }
        }
        row
    });
    (names, rows.collect())
}

/// Rows shorter than the header are a footer.
fn text(bytes: &[u8], label: &str, delimiter: u8) -> (Vec<String>, Vec<RawRow>) {
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).expect("a known encoding");
    let (text, _, _) = encoding.decode(bytes);
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| row.expect("a row")).filter(|row| row.len() == names.len());
    let rows = rows.map(|row| RawRow::of(usize::try_from(row.position().map_or(0, csv::Position::line)).unwrap_or(0), row));
    let rows = rows.collect();
    (names, rows)
}

fn table(path: &Path, profile: &Profile) -> (Vec<String>, Vec<RawRow>) {
    let bytes = std::fs::read(path).expect("the file can be read");
    let lines = if let Header::Lines(lines) = &profile.format.header { lines.clone() } else { vec![1] };
    if path.extension().is_some_and(|end| end == "xlsx") {
        return workbook(bytes, &profile.format.sheet, &lines);
    }
    match bytes.as_slice() {
        [0xff, 0xfe, ..] => text(&bytes, "utf-16le", b'\t'),
        _ if std::str::from_utf8(&bytes).is_ok() => text(&bytes, "utf-8", b','),
        _ => text(&bytes, "windows-1252", b','),
    }
}

/// What a whole file comes to.
struct Read {
    rows: Vec<Candidate>,
    problems: Vec<String>,
    unknown: BTreeMap<String, usize>,
    statuses: BTreeMap<String, usize>,
}

impl Read {
    fn find(&self, key: &str) -> &Candidate {
        self.rows.iter().find(|row| row.key == key).unwrap_or_else(|| panic!("no row {key}"))
    }

    fn filled(&self, field: &str) -> usize {
        self.rows.iter().filter(|row| row.values.get(field).is_some_and(|value| !value.is_nothing())).count()
    }
}

fn read(path: &Path, profile: &Profile) -> Read {
    let name = path.file_name().expect("a file").to_string_lossy();
    let (headers, rows) = table(path, profile);
    let all = shipped().profiles;
    assert_eq!(best(&all, &name, &headers).map(|one| one.name.as_str()), Some(profile.name.as_str()), "{name}");
    let mut shape = Shape::new(&name, &headers, profile, day("2026-11-20")).unwrap_or_else(|problems| panic!("{problems:?}"));
    let mut read = Read { rows: Vec::new(), problems: Vec::new(), unknown: BTreeMap::new(), statuses: BTreeMap::new() };
    for row in &rows {
        match shape.read(row) {
            Row::Candidate(one) => {
                if let Some(word) = &one.unknown_status {
                    *read.unknown.entry(word.clone()).or_default() += 1;
                }
                let status = one.values["status"].as_text().unwrap_or_default().to_owned();
                *read.statuses.entry(status).or_default() += 1;
                read.rows.push(one);
            }
            Row::Fault(fault) => read.problems.extend(fault.problems.iter().map(ToString::to_string)),
            Row::LeftOut { .. } => panic!("no shipped profile has a filter"),
        }
    }
    let mut keys: Vec<&str> = read.rows.iter().map(|row| row.key.as_str()).collect();
    keys.sort_unstable();
    assert!(keys.windows(2).all(|two| two[0] != two[1]), "{name}: a key names two rows");
    assert_eq!(shape.mixed_dates(), Vec::<String>::new());
    read
}

fn profile<'a>(settings: &'a Settings, name: &str) -> &'a Profile {
    settings.profiles.iter().find(|profile| profile.name == name).expect("it is shipped")
}

fn counted(counts: &BTreeMap<String, usize>) -> String {
    counts.iter().map(|(word, count)| format!("{word} {count}")).collect::<Vec<_>>().join(", ")
}

/// A public queue, if `INTERTIE_TEST_DATA` names the folder that has it.
fn public(file: &str) -> Option<PathBuf> {
    let path = std::env::var_os("INTERTIE_TEST_DATA").map(|folder| PathBuf::from(folder).join(file));
    let found = path.filter(|path| path.exists());
    if found.is_none() {
        println!("DID NOT RUN: INTERTIE_TEST_DATA names no folder with {file}");
    }
    found
}

fn demo(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/imports").join(file)
}

#[test]
fn the_queue_of_pjm_comes_in_whole() {
    let Some(path) = public("pjm_serial_queue_2025-01.xlsx") else { return };
    let settings = shipped();
    let read = read(&path, profile(&settings, "pjm"));
    assert_eq!((read.rows.len(), read.problems.join("\n")), (8_190, String::new()));
    assert_eq!(counted(&read.unknown), "Suspended 134");
    assert_eq!(counted(&read.statuses), "Suspended 134, closed 1231, ended 4745, installing 81, study 1746, utility-upgrades 253");
    let one = read.rows.iter().find(|row| row.key == "A01").expect("the first row");
    assert_eq!((&one.values["size_ac"], &one.values["site"]), (&Value::Number(720_000_000), &Value::from("Ironwood")));
    assert_eq!(one.values["note.Submitted Date"], "1997-04-01".into());
    assert_eq!(one.milestones["in-service"], day("2002-04-01"));
    assert_eq!(read.rows.iter().filter(|row| row.values["site"].is_nothing()).count(), 0);
}

#[test]
fn the_register_of_ukpn_comes_in_whole() {
    let Some(path) = public("ukpn_embedded_capacity_register_2022.csv") else { return };
    let settings = shipped();
    let read = read(&path, profile(&settings, "ukpn"));
    assert_eq!((read.rows.len(), read.problems.join("\n"), read.unknown.len()), (989, String::new(), 0));
    assert_eq!(counted(&read.statuses), "closed 622, utility-upgrades 367");
    assert_eq!(read.rows.iter().filter(|row| row.key.ends_with("-2")).count(), 10);
    assert_eq!(read.rows.iter().filter(|row| row.key.ends_with("-3")).count(), 0);
    assert_eq!((read.filled("size_ac"), read.filled("site"), read.filled("meter_number")), (989, 989, 548));
}

#[test]
fn the_queue_of_miso_finds_its_profile() {
    let Some(path) = public("miso_queue_2026-06-29.csv") else { return };
    let settings = shipped();
    let read = read(&path, profile(&settings, "miso"));
    assert_eq!((read.rows.len(), read.problems.join("\n")), (3_792, String::new()));
    assert_eq!(counted(&read.unknown), "Pending Revision Approval 1, Pending Transfer 2");
}

#[test]
fn a_report_of_a_crm_comes_in() {
    let settings = shipped();
    let read = read(&demo("crm_report_2026-11-20.csv"), profile(&settings, "crm-report"));
    assert_eq!((read.rows.len(), read.problems.join("\n")), (46, String::new()));
    assert_eq!(read.unknown.keys().collect::<Vec<_>>(), ["On Hold - Finance"]);
    let one = read.find("00412007");
    assert_eq!((&one.values["customer_name"], &one.values["zip"]), (&"Olga Vargas".into(), &"97005".into()));
    assert_eq!((one.milestones["submitted"], one.values["status"].as_text()), (day("2026-08-17"), Some("screening")));
    assert!(read.rows.iter().all(|row| row.modified.is_some()));
    assert!(read.rows.iter().any(|row| row.values["note.Next Step"] == "Send IA to customer – 2nd time".into()), "a dash of Windows");
}

#[test]
fn a_portals_list_comes_in_and_has_half_of_the_crms_applications() {
    let settings = shipped();
    let portal = read(&demo("portal_projects_2026-11-20.csv"), profile(&settings, "portal-list"));
    assert_eq!((portal.rows.len(), portal.problems.join("\n"), portal.unknown.len()), (36, String::new(), 0));
    assert!(portal.rows.iter().all(|row| row.key.len() == 13 && row.modified.is_some()));
    let crm = read(&demo("crm_report_2026-11-20.csv"), profile(&settings, "crm-report"));
    let by = |field: &str| {
        let theirs: Vec<&Value> = crm.rows.iter().map(|row| &row.values[field]).filter(|value| !value.is_nothing()).collect();
        portal.rows.iter().filter(|row| theirs.contains(&&row.values[field])).count()
    };
    let (numbers, meters) = (by("number"), by("meter_number"));
    assert!((5..18).contains(&numbers) && (2..18).contains(&meters), "{numbers} by number, {meters} by meter");
}

#[test]
fn a_teams_tracker_comes_in() {
    let settings = shipped();
    let read = read(&demo("tracker_2026.xlsx"), profile(&settings, "tracker"));
    assert_eq!((read.rows.len(), read.problems.join("\n")), (32, String::new()));
    assert!(read.rows.iter().all(|row| row.key.len() == 5), "zeros came back");
    assert_eq!(read.find("01821").values["meter_number"], Value::Nothing, "#N/A means nothing");
    let one = read.find("01817");
    let wanted =
        [("2026-08-24", "SLD rev B uploaded"), ("2026-09-21", "SW crew, install moved\n  (rain)"), ("2026-10-16", "EML intake, no answer")];
    let notes = &one.notes["Notes"];
    assert_eq!(notes[..3], wanted.map(|(on, words)| (Some(day(on)), words.to_owned())));
    assert_eq!((notes.len(), one.values["follow_up"].as_text()), (4, Some("2026-11-24")));
    assert!(read.filled("follow_up") > 20 && read.filled("milestone.submitted") > 15);
}

/// A file read as if no profile were there: every row comes in, and the profile reads back.
fn guessed(path: &Path, name: &str) -> Guess {
    let settings = shipped();
    let (headers, rows) = table(path, profile(&settings, name));
    let sample = &rows[..rows.len().min(500)];
    let file = path.file_name().expect("a file").to_string_lossy();
    let guess = guess(&file, &headers, sample, &settings.playbook, day("2026-11-20"));
    let text = settings::profile_text::text(&guess.profile);
    let again = settings::profile("guess.toml", &guess.profile.name, &text, &settings.playbook.workflow);
    assert_eq!(again.as_ref(), Ok(&guess.profile), "{text}");
    let mut shape = Shape::new(&file, &headers, &guess.profile, day("2026-11-20")).unwrap_or_else(|problems| panic!("{problems:?}"));
    let faults = sample.iter().filter(|row| matches!(shape.read(row), Row::Fault(_))).count();
    assert!(faults * 100 <= sample.len(), "{file}: {faults} faults");
    guess
}

/// Fields and milestones that the guess and the shipped profile read from the same column.
fn shared(guess: &Guess, shipped: &Profile) -> (usize, Vec<String>) {
    let name = |target: &Target| match target {
        Target::Field { name, .. } => name.clone(),
        Target::Milestone { code, .. } => format!("milestone.{code}"),
        Target::Note | Target::DatedNotes { .. } | Target::Modified { .. } => {
            format!("{target:?}").split(' ').next().unwrap_or_default().into()
        }
    };
    let is = |column: &Column| (column.name.clone(), name(&column.target));
    let ours: Vec<_> = guess.profile.columns.iter().map(is).collect();
    let (same, other): (Vec<_>, Vec<_>) = shipped.columns.iter().map(is).partition(|column| ours.contains(column));
    (same.len(), other.into_iter().map(|(column, target)| format!("{column}: {target}")).collect())
}

#[test]
fn what_is_guessed_is_what_the_shipped_profiles_say() {
    let settings = shipped();
    for (file, name, same, other) in [
        ("crm_report_2026-11-20.csv", "crm-report", 21, &[][..]),
        ("portal_projects_2026-11-20.csv", "portal-list", 9, &["Service Address: site"]),
        ("tracker_2026.xlsx", "tracker", 11, &[]),
    ] {
        let guess = guessed(&demo(file), name);
        let shipped = profile(&settings, name);
        let (count, lacks) = shared(&guess, shipped);
        assert_eq!((count, lacks), (same, other.iter().map(ToString::to_string).collect()), "{file}");
        assert_eq!((&guess.profile.key, guess.profile.made_key), (&shipped.key, false), "{file}");
        assert!(guess.columns.iter().all(|column| !column.because.is_empty()), "{file}");
    }
}

#[test]
fn public_queues_are_guessed_without_a_fault() {
    for (file, name, key) in [
        ("miso_queue_2026-06-29.csv", "miso", &["projectNumber"][..]),
        ("pjm_serial_queue_2025-01.xlsx", "pjm", &["Project ID"]),
        ("ukpn_embedded_capacity_register_2022.csv", "ukpn", &["Customer Name", "Customer Site", "Postcode"]),
    ] {
        let Some(path) = public(file) else { continue };
        let guess = guessed(&path, name);
        assert_eq!(
            (guess.profile.key.as_slice(), guess.profile.made_key),
            (key.iter().map(ToString::to_string).collect::<Vec<_>>().as_slice(), name == "ukpn")
        );
        assert!(guess.columns.iter().any(|column| column.is_status), "{file}");
    }
}
