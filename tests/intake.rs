//! Does a file come in whole, once, and over nobody's work?

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Cursor;
use std::ops::ControlFlow;

use intertie::domain::application::Application;
use intertie::domain::change::Change;
use intertie::domain::day::Day;
use intertie::domain::event::{Event, Kind, Of, Write};
use intertie::domain::id::{CommandId, EventId, Hlc, ReplicaId, SessionId, SubjectId, Uuid};
use intertie::domain::import::{Authority, Candidate, Column, DateFormat, Format, Known, Profile, Report, StatusRule, Target};
use intertie::domain::playbook::{Status, Workflow};
use intertie::domain::record::Record;
use intertie::domain::trouble::{Failure, Problem, Refusal, Trouble};
use intertie::domain::value::Value;
use intertie::intake::merge::Terms;
use intertie::intake::plan::{CHUNK, Found, Outside, Prepared, Stopped, import};
use intertie::intake::row::Row;
use intertie::intake::sheet::{self, Sheet};
use proptest::prelude::*;

fn day(text: &str) -> Day {
    Day::parse_from_str(text, "%Y-%m-%d").expect("a constant")
}

fn today() -> Day {
    day("2026-11-21")
}

fn open<'p>(file: &str, bytes: &[u8], profile: &'p Profile) -> Result<Sheet<'p, Cursor<Vec<u8>>>, Vec<Problem>> {
    let table = sheet::open(file, Cursor::new(bytes.to_vec()), profile, today())?;
    Sheet::new(file, table, profile, today())
}

fn workflow() -> Workflow {
    let status = |name: &str, ball: &str, open: bool| Status {
        lane: "utility".into(),
        name: name.into(),
        label: name.into(),
        short: name.into(),
        task: format!("see to {name}"),
        ball: ball.into(),
        follow_up: "5b".into(),
        target_days: None,
        ready: false,
        approved: false,
        portal: false,
        open,
    };
    Workflow {
        lanes: Vec::new(),
        statuses: vec![status("intake", "us", true), status("submitted", "utility", true), status("ended", "us", false)],
        parties: Vec::new(),
        moves: HashSet::new(),
        ended_reasons: vec!["withdrawn".into()],
        milestones: Vec::new(),
    }
}

fn field(column: &str, name: &str, unit: &str) -> Column {
    Column {
        name: column.into(),
        target: Target::Field { name: name.into(), date: None, unit: unit.into(), digits: 0 },
        optional: false,
        placeholders: Vec::new(),
    }
}

fn dated(column: &str, code: &str, format: &str, zone: Option<chrono_tz::Tz>) -> Column {
    Column {
        name: column.into(),
        target: Target::Milestone { code: code.into(), date: DateFormat { formats: vec![format.into()], zone } },
        optional: false,
        placeholders: Vec::new(),
    }
}

fn rule(column: &str, word: &str, status: &str, reason: Option<&str>) -> StatusRule {
    StatusRule { column: column.into(), word: word.into(), status: status.into(), ended_reason: reason.map(Into::into) }
}

fn profile() -> Profile {
    Profile {
        name: "test".into(),
        label: "Test".into(),
        source: "test".into(),
        format: Format { delimiter: Some(b','), ..Format::default() },
        key: vec!["number".into()],
        columns: vec![
            field("number", "number", ""),
            field("customer", "customer_name", ""),
            field("kW", "size_ac", "kW"),
            dated("received", "received", "%d/%m/%Y", None),
        ],
        statuses: vec![rule("status", "active", "submitted", None), rule("status", "withdrawn", "ended", Some("withdrawn"))],
        placeholders: vec!["N/A".into()],
        constants: BTreeMap::from([("lane".into(), "utility".into())]),
        authority: BTreeMap::new(),
        ..Profile::default()
    }
}

/// A journal in memory with the closures that an import asks for.
#[derive(Default)]
struct Memory {
    applications: HashMap<SubjectId, Application>,
    by_key: HashMap<String, SubjectId>,
    events: i64,
    ids: u128,
    /// How many of the next commits are refused as stale, or fail for good.
    stale: usize,
    full_after: Option<usize>,
    chunks: Vec<usize>,
}

impl Memory {
    fn write(&mut self, subject: SubjectId, kind: Kind, fields: BTreeMap<String, Write>) {
        self.events += 1;
        let event = Event {
            id: EventId { replica: ReplicaId(Uuid::from_u128(1)), seq: self.events },
            hlc: Hlc(self.events),
            uid: 1000,
            actor: "jdoe".into(),
            session: SessionId(Uuid::from_u128(2)),
            command: CommandId(Uuid::from_u128(3)),
            subject,
            of: Of::Application,
            kind,
            on: day("2026-11-21"),
            fields,
            undoes: None,
            playbook: String::new(),
        };
        self.applications.entry(subject).or_insert_with(|| Application(Record::new(subject, Of::Application))).0.apply(&event);
    }

    fn commit(&mut self, changes: Vec<Change>) -> Result<(), Failure> {
        assert!(!changes.is_empty() && changes.len() <= CHUNK, "{} changes in a chunk", changes.len());
        if self.stale > 0 {
            self.stale -= 1;
            return Err(Refusal::new("changed meanwhile").into());
        }
        if self.full_after == Some(self.chunks.len()) {
            return Err(Trouble::io("the disk is full").into());
        }
        self.chunks.push(changes.len());
        for change in changes {
            let version = self.applications.get(&change.subject).map(|application| application.version);
            assert_eq!(version, change.expects);
            assert_eq!(change.needs_reference, version.is_none());
            if let Some(alias) = change.fields.get("alias.test").or(change.fields.get("alias.miso")) {
                self.by_key.insert(alias.to.as_text().expect("a key").to_owned(), change.subject);
            }
            self.write(change.subject, Kind::Import, change.fields);
        }
        Ok(())
    }

    fn known(&self, key: &str, source: &str) -> Option<Known> {
        let application = &self.applications[self.by_key.get(key)?];
        let imported = application.value(&format!("import.{source}"));
        assert_eq!(imported.get("key"), Some(&key.into()));
        let Some(Value::Map(values)) = imported.get("values") else { panic!("{imported:?}") };
        let offers = match imported.get("offers") {
            Some(Value::Map(offers)) => offers.clone(),
            _ => BTreeMap::new(),
        };
        Some(Known { subject: application.id, values: values.clone(), offers })
    }

    /// By its own number, as `store::numbered` does.
    fn numbered(&self, candidate: &Candidate, profile: &Profile) -> Found {
        let number = candidate.values.get("number").filter(|number| profile.find.contains(&"number".to_owned()) && !number.is_nothing());
        let found: Vec<&Application> =
            self.applications.values().filter(|one| one.exists() && number.is_some_and(|number| one.value("number") == number)).collect();
        match found.as_slice() {
            [] => Found::New,
            [one] => match one.value(&format!("import.{}", profile.source)).get("key").and_then(Value::as_text) {
                Some(key) => Found::Taken { reference: one.reference().to_owned(), key: key.to_owned() },
                None => Found::Here(one.id),
            },
            several => Found::Several(several.iter().map(|one| one.id.to_string()).collect()),
        }
    }

    fn keys(&self, source: &str) -> Vec<String> {
        self.by_key.keys().filter(|key| self.known(key, source).is_some()).cloned().collect()
    }

    fn run(&mut self, file: &str, bytes: &[u8], profile: &Profile) -> Result<Report, Box<Stopped>> {
        let mut sheet = open(file, bytes, profile).expect("a sound file");
        let workflow = workflow();
        let terms = Terms { file, profile, workflow: &workflow, today: today(), follow_ups: &[] };
        let memory = std::cell::RefCell::new(self);
        import(
            std::iter::from_fn(|| sheet.next_row().transpose()).map(|row| row.map(Prepared::from)),
            &terms,
            &mut Outside {
                known: &mut |keys| Ok(keys.iter().map(|key| memory.borrow().known(key, &profile.source)).collect()),
                find: &mut |candidate| Ok(memory.borrow().numbered(candidate, profile)),
                alike: &mut |_| Ok(Vec::new()),
                gone: &mut |is_there| Ok(memory.borrow().keys(&profile.source).into_iter().filter(|key| !is_there(key)).collect()),
                application: &mut |id| Ok(memory.borrow().applications.get(&id).cloned()),
                new_id: &mut || {
                    memory.borrow_mut().ids += 1;
                    SubjectId(Uuid::from_u128(memory.borrow().ids))
                },
                commit: &mut |changes| memory.borrow_mut().commit(changes),
                go_on: &mut |_| ControlFlow::Continue(()),
            },
        )
    }

    fn import(&mut self, text: &str, profile: &Profile) -> Report {
        self.run("f.csv", text.as_bytes(), profile).expect("nothing fails")
    }

    fn find(&self, number: &str) -> &Application {
        self.applications.values().find(|one| one.text("number") == Some(number)).expect("it was imported")
    }

    /// A person's edit.
    fn set(&mut self, number: &str, field: &str, value: impl Into<Value>) {
        let application = self.find(number);
        let (id, write) = (application.id, application.write(field, value.into()));
        self.write(id, Kind::Set, BTreeMap::from([(field.to_owned(), write)]));
    }
}

const HEADER: &str = "number,customer,kW,received,status\n";

fn sheet(rows: &str) -> String {
    format!("{HEADER}{rows}")
}

fn counts(report: &Report) -> (usize, usize, usize) {
    (report.added, report.changed, report.same)
}

#[test]
fn a_row_becomes_an_application() {
    let mut memory = Memory::default();
    let report = memory.import(&sheet("0042,\"Jörg  Smith\",7.6,01/02/2026,Active\nJ2,N/A,,,withdrawn\n"), &profile());
    assert_eq!((counts(&report), report.problems, report.gone), ((2, 0, 0), vec![], vec![]));
    let first = memory.find("0042");
    for (field, value) in [
        ("customer_name", Value::from("Jörg Smith")),
        ("size_ac", Value::Number(7_600)),
        ("status", "submitted".into()),
        ("ball", "utility".into()),
        ("lane", "utility".into()),
        ("opened", "2026-11-21".into()),
        ("alias.test", "0042".into()),
        ("follow_up", Value::Nothing),
    ] {
        assert_eq!(*first.value(field), value, "{field}");
    }
    assert_eq!(first.milestone("received"), Some(day("2026-02-01")));
    assert_eq!(first.status_since(), Some(day("2026-11-21")));
    let second = memory.find("J2");
    assert_eq!((second.status(), second.text("ended_reason"), second.text("customer_name")), ("ended", Some("withdrawn"), None));
    assert!(memory.applications.values().all(|application| application.conflicts.is_empty()));
}

#[test]
fn the_same_file_twice_writes_nothing() {
    let text = sheet("J1,Smith,7.6,01/02/2026,Active\nJ2,Jones,,,Parked\n");
    let mut memory = Memory::default();
    memory.import(&text, &profile());
    let before = memory.applications.clone();
    let report = memory.import(&text, &profile());
    assert_eq!(counts(&report), (0, 0, 2));
    assert_eq!(report.unknown_statuses, BTreeMap::from([("Parked".to_owned(), 1)]));
    assert_eq!(memory.applications, before);
}

#[test]
fn only_what_differs_is_written_and_listed() {
    let mut memory = Memory::default();
    memory.import(&sheet("J1,Smith,7.6,01/02/2026,Active\nJ2,Jones,5,,Active\nJ3,Lee,5,,Active\n"), &profile());
    let report = memory.import(&sheet("J1,Smith,,02/02/2026,Withdrawn\nJ2,Jones,5,,Active\n"), &profile());
    assert_eq!((counts(&report), report.gone.as_slice()), ((0, 1, 1), &["J3".to_owned()][..]));
    let changed: Vec<&str> = report.changes.iter().map(|(_, field, _, _)| field.as_str()).collect();
    assert_eq!(changed, ["ball", "status", "ended_reason", "milestone.received", "size_ac"]);
    let first = memory.find("J1");
    assert_eq!((first.status(), first.ball(), first.value("size_ac")), ("ended", "us", &Value::Nothing));
    assert_eq!(first.milestones().count(), 2, "what was recorded stays");
    assert_eq!(first.milestone("received"), Some(day("2026-02-02")));
    assert_eq!(memory.find("J3").status(), "submitted", "a row that is gone is left alone");
    let report = memory.import(&sheet("J1,Smith,,,Withdrawn\n"), &profile());
    assert_eq!(counts(&report), (0, 1, 0));
    let notes: Vec<_> = memory.find("J1").notes().map(|note| note.value.clone()).collect();
    assert_eq!(notes, [Value::from("received 2026-02-02: no longer in the file")]);
}

#[test]
fn an_edit_between_imports_is_not_overwritten() {
    let mut memory = Memory::default();
    let text = sheet("J1,Smith,7.6,01/02/2026,Active\n");
    memory.import(&text, &profile());
    memory.set("J1", "customer_name", "Smyth");
    memory.set("J1", "ball", "customer");
    memory.set("J1", "follow_up", "2026-12-01");
    memory.set("J1", "status", Value::map([("from", "submitted".into()), ("to", "intake".into())]));
    assert_eq!(counts(&memory.import(&text, &profile())), (0, 0, 1));
    let report = memory.import(&sheet("J1,Smith,8,01/02/2026,Active\n"), &profile());
    assert_eq!((counts(&report), report.conflicts), ((0, 1, 0), vec![]));
    let first = memory.find("J1");
    assert_eq!((first.text("customer_name"), first.ball(), first.status()), (Some("Smyth"), "customer", "intake"));
    assert_eq!((first.text("follow_up"), first.value("size_ac")), (Some("2026-12-01"), &Value::Number(8_000)));
}

#[test]
fn both_changed_is_a_conflict_until_it_is_settled() {
    let mut memory = Memory::default();
    memory.import(&sheet("J1,Smith,7.6,,Active\n"), &profile());
    memory.set("J1", "size_ac", 9_000);
    memory.set("J1", "status", Value::map([("from", "submitted".into()), ("to", "intake".into())]));
    let text = sheet("J1,Smith,8,,Withdrawn\n");
    for _ in 0..2 {
        let report = memory.import(&text, &profile());
        assert_eq!(counts(&report), (0, 0, 1));
        let conflicts: Vec<_> = report.conflicts.iter().map(|one| (one.line, one.field.as_str(), &one.ours, &one.theirs)).collect();
        assert_eq!(
            conflicts,
            [(2, "status", &"intake".into(), &"ended".into()), (2, "size_ac", &Value::Number(9_000), &Value::Number(8_000))]
        );
    }
    let first = memory.find("J1");
    assert_eq!((first.status(), first.value("ended_reason"), first.version), ("intake", &Value::Nothing, 4));
    // What the file said stands beside it, written once.
    let offers = first.value("import.test").get("offers").cloned().unwrap_or_default();
    assert_eq!(offers.get("size_ac"), Some(&Value::Number(8_000)));
    // Ours gives way by hand: the next import has nothing to do, and the one after it neither.
    memory.set("J1", "size_ac", 8_000);
    memory.set("J1", "status", Value::map([("from", "intake".into()), ("to", "ended".into())]));
    assert_eq!(memory.import(&text, &profile()).conflicts, vec![]);
    assert_eq!(memory.find("J1").text("ended_reason"), Some("withdrawn"));
    let before = memory.applications.clone();
    assert_eq!(counts(&memory.import(&text, &profile())), (0, 0, 1));
    assert_eq!(memory.applications, before);
}

#[test]
fn authority_decides_where_both_changed() {
    for (authority, size, changed) in [(Authority::Theirs, 8_000, 1), (Authority::Ours, 9_000, 0)] {
        let mut profile = profile();
        profile.authority.insert("size_ac".into(), authority);
        let mut memory = Memory::default();
        memory.import(&sheet("J1,Smith,7.6,,Active\n"), &profile);
        memory.set("J1", "size_ac", 9_000);
        let text = sheet("J1,Smith,8,,Active\n");
        let report = memory.import(&text, &profile);
        assert_eq!((report.changed, report.conflicts), (changed, vec![]), "{authority:?}");
        assert_eq!(*memory.find("J1").value("size_ac"), Value::Number(size));
        let before = memory.applications.clone();
        memory.import(&text, &profile);
        assert_eq!(memory.applications, before, "the second time has nothing to write");
    }
}

#[test]
fn a_snooze_until_activity_ends_and_a_legal_hold_stays() {
    let mut memory = Memory::default();
    memory.import(&sheet("J1,Smith,7.6,,Active\nJ2,Jones,7.6,,Active\n"), &profile());
    memory.set("J1", "until_activity", true);
    memory.set("J1", "follow_up", "2026-12-24");
    memory.set("J2", "legal_hold", true);
    let report = memory.import(&sheet("J1,Smith,8,,Active\nJ2,Jones,8,,Active\n"), &profile());
    assert_eq!(counts(&report), (0, 1, 0));
    assert_eq!(printed(&report.problems), "f.csv:3: read a change of , which is on a legal hold, wanted the hold released first\n");
    assert_eq!((memory.find("J1").flag("until_activity"), memory.find("J1").follow_up()), (false, None));
    assert_eq!(*memory.find("J2").value("size_ac"), Value::Number(7_600));
}

#[test]
fn notes_come_once_and_stay() {
    let mut profile = profile();
    profile.columns[1].target = Target::Note;
    let mut memory = Memory::default();
    memory.import(&sheet("J1,called them,7.6,,Active\n"), &profile);
    memory.import(&sheet("J1,they called,7.6,,Active\n"), &profile);
    memory.import(&sheet("J1,,7.6,,Active\n"), &profile);
    memory.import(&sheet("J1,called them,7.6,,Active\n"), &profile);
    let notes: Vec<_> = memory.find("J1").notes().map(|note| note.value.clone()).collect();
    assert_eq!(notes, [Value::from("customer: called them"), "customer: they called".into()]);
}

#[test]
fn chunks_are_small_tried_again_and_counted_only_when_committed() {
    let rows: String = (0..1_200).map(|number| format!("J{number},Smith,7.6,,Active\n")).collect();
    let mut memory = Memory { stale: 2, ..Memory::default() };
    assert_eq!(counts(&memory.import(&sheet(&rows), &profile())), (1_200, 0, 0));
    assert_eq!(memory.chunks, [1_000, 200]);
    let mut memory = Memory { full_after: Some(1), ..Memory::default() };
    let stopped = memory.run("f.csv", sheet(&rows).as_bytes(), &profile()).expect_err("the disk is full");
    assert_eq!((counts(&stopped.report), stopped.failure.expect("a failure").says()), ((1_000, 0, 0), "the disk is full".into()));
    memory.full_after = None;
    assert_eq!(counts(&memory.import(&sheet(&rows), &profile())), (200, 0, 1_000), "the same file again does the rest");
}

fn printed(problems: &[intertie::domain::trouble::Problem]) -> String {
    problems.iter().map(|problem| format!("{problem}\n")).collect()
}

/// What the file said as problems, and the customers that came in.
fn bad(name: &str, bytes: &[u8]) -> (String, Vec<String>) {
    if let Err(problems) = open(name, bytes, &profile()) {
        return (printed(&problems), Vec::new());
    }
    let mut memory = Memory::default();
    let report = memory.run(name, bytes, &profile()).expect("nothing fails");
    let mut customers: Vec<String> = memory.applications.values().filter_map(|one| Some(one.text("customer_name")?.to_owned())).collect();
    customers.sort();
    (printed(&report.problems), customers)
}

macro_rules! bad_files {
    ($($name:literal: $says:expr, $customers:expr;)*) => {
        #[test]
        fn each_bad_file_says_what_is_wrong() {
            $({
                let (says, customers) = bad($name, include_bytes!(concat!("bad/csv/", $name)));
                assert_eq!((says.as_str(), customers), ($says, $customers.map(String::from).to_vec()), $name);
            })*
        }
    };
}

const NONE: [&str; 0] = [];

bad_files! {
    "cut-inside-a-quote.csv": "cut-inside-a-quote.csv:3: read a quote that opens here and never closes, wanted a second quote before the end of the file\n", NONE;
    "empty.csv": "empty.csv: read an empty file, wanted a header and rows\n", NONE;
    "no-rows.csv": "no-rows.csv: read a header without rows, wanted at least one row\n", NONE;
    "equal-headers.csv": "equal-headers.csv:1: customer: read the same header in columns 2 and 4, wanted each header once\n", NONE;
    "missing-column.csv": "missing-column.csv:1: kW: read no such header; the nearest: KW AC, wanted the column that the profile test names\n\
        missing-column.csv:1: received: read no such header; the nearest: date received, wanted the column that the profile test names\n", NONE;
    "other-delimiter.csv": "other-delimiter.csv:1: read one column, number;customer;kW;received;status, wanted columns separated by ',', the delimiter of the profile test\n", NONE;
    "impossible-31-02.csv": "impossible-31-02.csv:2: received: read 31/02/2026, wanted a day like 30/11/2026, of the years 2000 to 2100\n", ["Jones"];
    "impossible-00-00.csv": "impossible-00-00.csv:2: received: read 00/00/2026, wanted a day like 30/11/2026, of the years 2000 to 2100\n", ["Jones"];
    "year-0001.csv": "year-0001.csv:2: received: read 01/01/0001, wanted a day like 30/11/2026, of the years 2000 to 2100\n", ["Jones"];
    "year-2101.csv": "year-2101.csv:2: received: read 01/01/2101, wanted a day like 30/11/2026, of the years 2000 to 2100\n", ["Jones"];
    "ragged.csv": "ragged.csv:4: read 4 columns, wanted 5, as the header has\nragged.csv:5: read 6 columns, wanted 5, as the header has\n", ["Smith and Sons"];
    "bad-size.csv": "bad-size.csv:2: kW: read -7.6, wanted a size like 7.6 kW, 0 or more, up to 100 GW\n\
        bad-size.csv:3: kW: read 1,5, wanted a decimal point, and commas only between thousands\n", ["Lee"];
    "empty-key.csv": "empty-key.csv:2: number: read nothing, wanted the value that names the row\n", ["Jones"];
    "same-key-twice.csv": "same-key-twice.csv:4: number: read J1, which line 2 has too, wanted each key once\n", ["Jones", "Smith"];
    "unknown-status.csv": "", ["Jones", "Smith"];
    "escape-sequence.csv": "", ["Smith"];
    "osc-52.csv": "", ["Smith"];
    "osc-52-in-a-wrong-cell.csv": "osc-52-in-a-wrong-cell.csv:2: received: read soon, wanted a day like 30/11/2026, of the years 2000 to 2100\n", ["Jones"];
    "rtl-override.csv": "", ["Smiht"];
}

#[test]
fn a_title_of_one_megabyte_is_a_fault_and_no_shorter_title() {
    let (says, customers) = bad("long.csv", sheet(&format!("J1,{},7.6,,Active\nJ2,Jones,5,,Active\n", "x".repeat(1_000_000))).as_bytes());
    let wanted = "long.csv:2: customer: read 1000000 bytes of text, wanted at most 1024 in one field; a longer text is a note\n";
    assert_eq!((says.as_str(), customers), (wanted, vec!["Jones".to_owned()]));
}

#[test]
fn an_old_day_is_kept_as_a_note() {
    let mut memory = Memory::default();
    let text = sheet("J1,Smith,7.6,03/12/1990,Active\n");
    assert_eq!(memory.import(&text, &profile()).problems, vec![]);
    assert_eq!(memory.find("J1").notes().map(|note| note.value.clone()).collect::<Vec<_>>(), [Value::from("received: 1990-12-03")]);
    assert_eq!(counts(&memory.import(&text, &profile())), (0, 0, 1));
}

#[test]
fn a_wrong_profile_is_named_before_the_file_is_read() {
    let mut wrong = profile();
    wrong.columns[2].target = Target::Field { name: "sise".into(), date: None, unit: String::new(), digits: 0 };
    wrong.columns[3] = dated("received", "received", "%Q", None);
    wrong.constants.insert("vip".into(), "99".into());
    let problems = open("f.csv", sheet("J1,Smith,7.6,,Active\n").as_bytes(), &wrong).expect_err("a wrong profile");
    assert_eq!(
        printed(&problems),
        "profile test: kW: read the field sise, wanted a field of `show --json`\n\
         profile test: received: read the date format %Q, wanted one that gives year, month and day, like %m/%d/%Y\n\
         profile test: vip: read 99, wanted a whole number from 0 to 15\n"
    );
}

#[test]
fn special_status_columns_come_before_the_general_one() {
    let mut profile = profile();
    profile.columns.clear();
    profile.statuses = vec![
        rule("status", "withdrawn", "ended", Some("withdrawn")),
        rule("after", "in service", "ended", None),
        rule("status", "active", "submitted", None),
    ];
    for (after, status, read, unknown) in [
        ("In Service", "Active", "ended", None),
        ("Not Started", "Active", "submitted", None),
        ("Not Started", "Parked", "Parked", Some("Parked")),
        ("Suspended", "", "Suspended", Some("Suspended")),
    ] {
        let text = format!("number,after,status\nJ1,{after},{status}\n");
        let mut rows = open("f.csv", text.as_bytes(), &profile).expect("a sound file");
        let Ok(Some(Row::Candidate(candidate))) = rows.next_row() else { panic!("one sound row") };
        assert_eq!((candidate.values["status"].as_text(), candidate.unknown_status.as_deref()), (Some(read), unknown));
    }
}

fn miso() -> Profile {
    const STAMP: &str = "%Y-%m-%dT%H:%M:%S%:z";
    let eastern = Some(chrono_tz::America::New_York);
    Profile {
        name: "miso".into(),
        label: "MISO queue".into(),
        source: "miso".into(),
        format: Format { delimiter: Some(b','), ..Format::default() },
        key: vec!["projectNumber".into()],
        columns: vec![
            field("projectNumber", "number", ""),
            field("transmissionOwner", "utility", ""),
            field("county", "city", ""),
            field("state", "state", ""),
            field("poiName", "site", ""),
            field("fuelType", "product", ""),
            field("summerNetMW", "size_ac", "MW"),
            dated("queueDate", "received", STAMP, eastern),
            dated("withdrawnDate", "withdrawn", STAMP, eastern),
            dated("inService", "in-service", STAMP, eastern),
            dated("negInService", "negotiated", STAMP, eastern),
        ],
        statuses: vec![
            rule("postGIAStatus", "In Service", "ended", None),
            rule("applicationStatus", "Withdrawn", "ended", Some("withdrawn")),
            rule("applicationStatus", "Active", "submitted", None),
            rule("applicationStatus", "Done", "ended", None),
        ],
        placeholders: vec!["N/A".into()],
        constants: BTreeMap::new(),
        authority: BTreeMap::new(),
        ..Profile::default()
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test's own data, read in the test")]
fn a_real_queue_comes_in_whole_and_the_second_time_writes_nothing() {
    let folder = std::env::var_os("INTERTIE_TEST_DATA").map(std::path::PathBuf::from);
    let Some(bytes) = folder.and_then(|folder| std::fs::read(folder.join("miso_queue_2026-06-29.csv")).ok()) else {
        println!("DID NOT RUN: INTERTIE_TEST_DATA names no folder with miso_queue_2026-06-29.csv");
        return;
    };
    let mut memory = Memory::default();
    let report = memory.run("miso.csv", &bytes, &miso()).expect("nothing fails");
    assert_eq!((counts(&report), report.problems, report.conflicts), ((3_792, 0, 0), vec![], vec![]));
    let unknown: Vec<_> = report.unknown_statuses.iter().map(|(word, count)| (word.as_str(), *count)).collect();
    assert_eq!(unknown, [("LEGACY: Done", 2), ("Pending Revision Approval", 54), ("Pending Transfer", 5)]);
    let one = memory.find("J4176");
    assert_eq!(one.text("utility"), Some("ENTERGY MISSISSIPPI, LLC."));
    assert_eq!(*one.value("size_ac"), Value::Number(1_750_000_000));
    assert_eq!((one.status(), one.text("ended_reason")), ("ended", Some("withdrawn")));
    assert_eq!((one.milestone("received"), one.milestone("withdrawn")), (Some(day("2025-10-06")), Some(day("2026-01-02"))));
    let sites: Vec<&str> = memory.applications.values().map(|application| application.site()).collect();
    assert!(sites.contains(&"Deedsville North Manchester Switching Sta 69kV (Circuit Number 6974)."), "a tab is a space");
    assert!(sites.iter().any(|site| site.contains("Marked Tree \u{e2}\u{20ac}\u{201c} Marion")), "double-encoded text stays as it is");
    assert_eq!(memory.applications.values().filter(|application| application.notes().count() > 0).count(), 3, "in service before 2000");
    let before = memory.events;
    let again = memory.run("miso.csv", &bytes, &miso()).expect("nothing fails");
    assert_eq!((counts(&again), memory.events), ((0, 0, 3_792), before));
    assert_eq!(again.gone, Vec::<String>::new());
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200), cells in "[a\"\",\r\n\u{1b}\u{202e}0-9/]{0,80}") {
        for bytes in [bytes, sheet(&cells).into_bytes()] {
            match open("f.csv", &bytes, &profile()) {
                Ok(mut rows) => {
                    while let Ok(Some(row)) = rows.next_row() {
                        if let Row::Fault(fault) = row {
                            assert!(fault.problems.iter().all(|problem| !problem.to_string().contains('\u{1b}')));
                        }
                    }
                }
                Err(problems) => prop_assert!(!problems.is_empty()),
            }
        }
    }

    /// Whatever was edited between, the same file changes nothing, and what it changes it lists.
    #[test]
    fn importing_twice_is_importing_once(
        first in proptest::collection::vec((0u8..6, 0u8..4, 0u8..3), 1..8),
        second in proptest::collection::vec((0u8..6, 0u8..4, 0u8..3), 1..8),
        edits in proptest::collection::vec((0u8..6, 0i64..5), 0..4),
    ) {
        let text = |rows: &[(u8, u8, u8)]| {
            let status = |code: u8| ["Active", "Withdrawn", "Parked"][usize::from(code)];
            sheet(&rows.iter().map(|(key, size, code)| format!("J{key},Smith,{size},,{}\n", status(*code))).collect::<String>())
        };
        let mut memory = Memory::default();
        memory.import(&text(&first), &profile());
        for (key, size) in edits {
            if memory.keys("test").contains(&format!("J{key}")) {
                memory.set(&format!("J{key}"), "size_ac", size * 1_000);
            }
        }
        let edited = memory.applications.clone();
        let report = memory.import(&text(&first), &profile());
        prop_assert_eq!((report.added, report.changed), (0, 0));
        prop_assert_eq!(&memory.applications, &edited);
        let once = memory.import(&text(&second), &profile());
        prop_assert_eq!(once.added + once.changed + once.same + once.problems.len(), second.len());
        let after = memory.applications.clone();
        let twice = memory.import(&text(&second), &profile());
        prop_assert_eq!((twice.added, twice.changed), (0, 0));
        prop_assert_eq!(twice.conflicts, once.conflicts);
        prop_assert_eq!(&memory.applications, &after);
    }
}
