//! What does a coordinator see of an import, of its conflicts, and of two records that are one?

use intertie::desk::msg::Msg;
use intertie::domain::id::SubjectId;
use intertie::domain::import::{Alike, Conflict, DateFormat, Guess, Guessed, Offer, Profile, Report, Seen, Target};
use intertie::domain::trouble::{Failure, Problem, Refusal, Trouble};
use intertie::domain::value::Value;

use super::Screen;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (48, 15)];

fn column(name: &str, samples: &[&str], target: Option<Target>, confidence: u8, because: &str) -> Guessed {
    let samples = samples.iter().map(|text| (*text).to_owned()).collect();
    Guessed { name: name.to_owned(), samples, target, is_status: false, confidence, because: because.to_owned() }
}

fn field(name: &str) -> Option<Target> {
    Some(Target::Field { name: name.to_owned(), date: None, unit: String::new(), digits: 0 })
}

fn dates() -> DateFormat {
    DateFormat { formats: vec!["%m/%d/%Y".to_owned()], zone: None }
}

fn guess() -> Guess {
    let because = "the header says so, and 98 of 100 values are days";
    let received = Some(Target::Milestone { code: "received".into(), date: dates() });
    let follow_up = Some(Target::Field { name: "follow_up".into(), date: Some(dates()), unit: String::new(), digits: 0 });
    let mut columns = vec![
        column(
            "Application ID",
            &["NM-2026-0042", "NM-2026-0057"],
            field("number"),
            98,
            "no two rows have the same, and the header says so",
        ),
        column("Customer", &["Smith, Jane", "Novak, Peter"], field("customer_name"), 90, "the header says so"),
        column(
            "Service Address of the Premise",
            &["12 Elm St, Provo UT 84601", "480 Center St, Orem"],
            field("address"),
            85,
            "the header says so",
        ),
        column("Date Received", &["3/4/2026", "11/20/2026"], received, 80, because),
        column("Next Action Due", &["11/23/2026", ""], follow_up, 70, because),
        column("AC Size", &["7.6", "9.6"], field("size_ac"), 60, "numbers between 3 and 20"),
        column("Stage", &["In Review", "Approved - Pending Install"], None, 75, "6 different words in 40 rows"),
        column("Remarks", &["called 11/2, LVM", ""], Some(Target::Note), 55, "long texts"),
        column("Internal Row Colour", &["yellow"], None, 0, "nothing of ours looks like it"),
    ];
    columns[6].is_status = true;
    let profile =
        Profile { name: "pge-export".into(), source: "pge-export".into(), key: vec!["Application ID".into()], ..Profile::default() };
    Guess {
        rows: 40,
        columns,
        profile,
        doubts: vec!["Date Received: 3/4/2026 may be March 4 or April 3; every value fits both".into()],
        remarks: vec!["read as windows-1252; 2 hidden rows come in too".into()],
    }
}

fn report() -> Report {
    let conflict = |key: &str, field: &str, ours: Value, theirs: Value, suggested| Conflict {
        line: 7,
        key: key.into(),
        field: field.into(),
        ours,
        theirs,
        suggested,
    };
    let change = |key: &str, field: &str, before: Value, after: Value| (key.to_owned(), field.to_owned(), before, after);
    let problem = |line, column: &str, read: &str, wanted: &str| Problem {
        file: "pge_export.csv".into(),
        line,
        column: column.into(),
        read: read.into(),
        wanted: wanted.into(),
    };
    Report {
        added: 37,
        changed: 4,
        same: 1_204,
        written: 41,
        found: 3,
        left_out: 12,
        without_follow_up: 37,
        gone: vec!["NM-2026-0009".into(), "NM-2026-0011".into()],
        conflicts: vec![
            conflict("NM-2026-0042", "owner", "jdoe".into(), "mlee".into(), false),
            conflict("NM-2026-0057", "status", "submitted".into(), "pto".into(), true),
        ],
        problems: vec![
            problem(12, "AC Size", "1,5", "a size like 7.6 kW; a comma only before three digits"),
            problem(90, "Date Received", "31/2/2026", "a day written like 11/30/2026"),
        ],
        more_problems: 0,
        unknown_statuses: [("Waiting for Godot".to_owned(), 3)].into(),
        changes: vec![
            change("NM-2026-0058", "size_ac", Value::Number(5_700), Value::Number(7_600)),
            change("NM-2026-0060", "status", "submitted".into(), "approved-to-install".into()),
            change("NM-2026-0060", "missing", "utility bill".into(), Value::Nothing),
        ],
        alike: vec![Alike {
            line: 3,
            key: "NM-2026-0101".into(),
            reference: "A-1042".into(),
            because: "same meter number, customer almost the same".into(),
        }],
        remarks: vec!["2 hidden rows came in too".into()],
    }
}

/// The screen after the file was named, and every picture's name.
fn named(width: u16, height: u16) -> Screen {
    let mut screen = Screen::new(width, height);
    screen.press("I i n / p g e _ e x p o r t . c s v enter");
    screen
}

fn guessed(width: u16, height: u16) -> Screen {
    let mut screen = named(width, height);
    screen.hear(Msg::Seen(Box::new(Ok(Seen::Guessed(guess())))));
    screen
}

/// A profile fits, and this is what reading by it gives.
fn fitting(width: u16, height: u16, answer: Result<Report, Failure>) -> Screen {
    let mut screen = named(width, height);
    let profile = Profile { name: "pge-portal".into(), label: "PGE portal export".into(), source: "pge".into(), ..Profile::default() };
    screen.hear(Msg::Seen(Box::new(Ok(Seen::Fits(profile)))));
    screen.hear(Msg::Tried(Box::new(answer)));
    screen
}

fn ended(screen: &mut Screen, report: Report, stopped: Option<Failure>) {
    screen.hear(Msg::Imported { report: Box::new(report), stopped });
}

#[test]
fn an_import_from_file_to_report() {
    for (width, height) in SIZES {
        let picture = |screen: &Screen, phase: &str| screen.snapshot(&format!("import-{phase}-{width}x{height}"));
        let mut screen = Screen::new(width, height);
        screen.press("I i n / x . c s v");
        picture(&screen, "file");
        picture(&named(width, height), "looking");
        let mut screen = guessed(width, height);
        screen.press("j j j");
        picture(&screen, "columns");
        screen.press("t f e e");
        picture(&screen, "target");
        screen.press("esc s");
        picture(&screen, "profile");
        screen.press("esc enter");
        picture(&screen, "trying");
        let mut screen = fitting(width, height, Ok(report()));
        screen.press("1 0");
        picture(&screen, "preview");
        screen.press("G");
        picture(&screen, "preview-end");
        screen.press("enter");
        screen.hear(Msg::Importing { done: 12_000, of: 100_000 });
        picture(&screen, "running");
        screen.press("b");
        picture(&screen, "behind");
        screen.press("I");
        ended(&mut screen, report(), None);
        picture(&screen, "done");
        let mut screen = fitting(width, height, Ok(report()));
        screen.press("enter esc");
        picture(&screen, "stopping");
        let some = Report { added: 500, written: 500, same: 11_500, ..Report::default() };
        ended(&mut screen, some, Some(Refusal::new("you stopped it after 12,000 of 100,000 rows").into()));
        picture(&screen, "stopped");
    }
}

#[test]
fn an_import_that_cannot_be() {
    let (width, height) = SIZES[0];
    let problem = |line, read: &str| Problem {
        file: "pge_export.csv".into(),
        line,
        column: "Application ID".into(),
        read: read.into(),
        wanted: "a key that no other row has".into(),
    };
    let screen = fitting(width, height, Err(vec![problem(3, "NM-1 again"), problem(90, "nothing")].into()));
    screen.snapshot("import-problems-80x24");
    let refusal = Refusal::new("none of the 412 keys of this file is known, though PGE was read in before")
        .because("a key that changed would bring every application in a second time")
        .hint("if they are all new, say so");
    fitting(width, height, Err(refusal.into())).snapshot("import-all-new-80x24");
    let mut screen = named(width, height);
    let trouble = Trouble::io("in/pge_export.csv cannot be read").because("there is no such file");
    screen.hear(Msg::Seen(Box::new(Err(trouble.into()))));
    screen.snapshot("import-unreadable-80x24");
    let same = Report { same: 1_204, ..Report::default() };
    fitting(width, height, Ok(same)).snapshot("import-nothing-new-80x24");
}

#[test]
fn conflicts() {
    for (width, height) in SIZES {
        let picture = |screen: &Screen, phase: &str| screen.snapshot(&format!("conflicts-{phase}-{width}x{height}"));
        let mut screen = Screen::new(width, height);
        screen.press("C");
        let ids: Vec<(SubjectId, String)> = {
            let mut all: Vec<_> = screen.records.values().map(|app| (app.id, app.reference().to_owned())).collect();
            all.sort_by(|one, other| one.1.cmp(&other.1));
            all
        };
        let offer = |place: usize, field: &str, ours: Value, theirs: Value, source: &str| Offer {
            subject: ids[place].0,
            reference: ids[place].1.clone(),
            source: source.to_owned(),
            key: "00Q5e00000AbCdE".to_owned(),
            field: field.to_owned(),
            ours,
            theirs,
        };
        screen.hear(Msg::Offers(vec![
            offer(0, "owner", "jdoe".into(), "Margaret Lee-Hutchinson".into(), "crm"),
            offer(1, "owner", "jdoe".into(), "alee".into(), "crm"),
            offer(
                1,
                "missing",
                "utility bill".into(),
                "utility bill, signature page, proof of insurance and the second page of the one-line".into(),
                "crm",
            ),
            offer(2, "status", "approved-to-install".into(), "pto".into(), "pge-portal"),
            offer(2, "size_ac", Value::Number(7_600), Value::Nothing, "pge-portal"),
            offer(3, "owner", Value::Nothing, "bob".into(), "crm"),
        ]));
        screen.press("j j");
        picture(&screen, "open");
        screen.press("g T");
        picture(&screen, "rule");
        screen.press("esc t");
        picture(&screen, "saving");
    }
    let mut screen = Screen::new(80, 24);
    screen.press("C");
    screen.hear(Msg::Offers(Vec::new()));
    screen.snapshot("conflicts-none-80x24");
}

#[test]
fn two_records_that_are_one() {
    for (width, height) in SIZES {
        let mut screen = Screen::new(width, height);
        screen.press("D");
        let of = |number: &str| screen.records.values().find(|app| app.reference() == number).cloned().expect("a row of the queue");
        let kept = of("A-1043");
        // Of one utility, or they could not be joined.
        let mut twin = of("A-1041");
        twin.0.registers.get_mut("utility").expect("it has one").value = kept.value("utility").clone();
        let (subject, found) =
            (kept.id, vec![(twin, "same meter number, customer almost the same".to_owned()), (of("A-1042"), "same site".to_owned())]);
        screen.hear(Msg::Alike { subject, found });
        screen.snapshot(&format!("join-{width}x{height}"));
        screen.press("enter");
        screen.snapshot(&format!("join-plan-{width}x{height}"));
    }
    let mut screen = Screen::new(80, 24);
    screen.press("D");
    let subject = screen.records.values().find(|app| app.reference() == "A-1043").expect("a row of the queue").id;
    screen.hear(Msg::Alike { subject, found: Vec::new() });
    screen.snapshot("join-none-80x24");
}
