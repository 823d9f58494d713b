//! Imports in the queue: the file or the pasted cells, the columns, the preview, the run, the report.
//! The answers are made up; what reads and writes is tested where it lives.

use intertie::desk::effect::Effect;
use intertie::desk::msg::{Foreign, Msg, Saved};
use intertie::domain::facts::Facts;
use intertie::domain::import::{
    Alike, Column, Conflict, DateFormat, Guess, Guessed, Order, Profile, Report, Rows, Seen, StatusRule, Target,
};
use intertie::domain::trouble::{Failure, Problem, Refusal, Trouble};
use intertie::domain::value::Value;
use intertie::keys::chord::Key;

use crate::world::{SMALL, World};

fn column(name: &str, samples: &[&str], target: Option<Target>, confidence: u8, because: &str) -> Guessed {
    let samples = samples.iter().map(|text| (*text).to_owned()).collect();
    Guessed { name: name.to_owned(), samples, target, is_status: false, confidence, because: because.to_owned() }
}

pub fn field(name: &str, unit: &str) -> Option<Target> {
    Some(Target::Field { name: name.to_owned(), date: None, unit: unit.to_owned(), digits: 0 })
}

pub fn guess() -> Guess {
    let date = DateFormat { formats: vec!["%m/%d/%Y".to_owned()], zone: None };
    let mut columns = vec![
        column("Application ID", &["NM-1", "NM-2"], field("number", ""), 98, "the header says so"),
        column("Date Received", &["3/4/2026", "3/5/2026"], Some(Target::Milestone { code: "received".into(), date }), 80, "days"),
        column("kW", &["7.6", "12"], field("size_ac", "kW"), 60, "numbers"),
        column("Stage", &["In Review", "Approved"], None, 70, "few words, often"),
        column("Internal", &["x"], None, 0, ""),
    ];
    columns[3].is_status = true;
    let kept = |column: &Guessed| {
        column.target.clone().map(|target| Column { name: column.name.clone(), target, optional: false, placeholders: Vec::new() })
    };
    let rule = StatusRule { column: "Stage".into(), word: "In Review".into(), status: "screening".into(), ended_reason: None };
    let profile = Profile {
        name: "export".into(),
        source: "export".into(),
        key: vec!["Application ID".into()],
        columns: columns.iter().filter_map(kept).collect(),
        statuses: vec![rule],
        ..Profile::default()
    };
    Guess { rows: 40, columns, profile, doubts: vec!["3/4/2026 may be March or April".into()], remarks: Vec::new() }
}

pub fn report() -> Report {
    Report { added: 37, changed: 4, written: 41, same: 950, without_follow_up: 37, ..Report::default() }
}

fn seen(answer: Result<Seen, Failure>) -> Msg {
    Msg::Seen(Box::new(answer))
}

fn tried(answer: Result<Report, Failure>) -> Msg {
    Msg::Tried(Box::new(answer))
}

fn ended(report: Report, stopped: Option<Failure>) -> Msg {
    Msg::Imported { report: Box::new(report), stopped }
}

fn fits() -> Profile {
    Profile { name: "pge".into(), label: "PGE portal".into(), source: "pge".into(), ..Profile::default() }
}

/// The file was named and looked at.
fn looked(answer: Seen) -> World {
    let mut world = World::new(&SMALL);
    world.keys("I").text("~/in/export.csv").keys("enter");
    assert_eq!(world.ask(), Effect::LookAt(Rows::File("~/in/export.csv".into())));
    assert_eq!(world.prompt(), "import of export.csv: looking");
    world.hear(seen(Ok(answer)));
    world.at += 1_000;
    world
}

/// A profile fits, and this is what would come in.
fn previewed(report: Report) -> World {
    let mut world = looked(Seen::Fits(fits()));
    assert!(matches!(world.ask(), Effect::Try(order) if order.profile == fits()));
    world.hear(tried(Ok(report)));
    world.at += 1_000;
    world
}

fn ordered(world: &mut World) -> Box<Order> {
    match world.ask() {
        Effect::Try(order) | Effect::Import { order, .. } => order,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_without_a_profile_is_mapped_previewed_and_read_in() {
    let mut world = looked(Seen::Guessed(guess()));
    insta::assert_snapshot!(world.prompt(), @r#"
    import of export.csv: columns, at 0
      Application ID → application number  key
      Date Received → milestone: received by the utility m/d/y
      kW → size AC nameplate kW
      Stage → status
      Internal → left out
    "#);
    // The second column: another milestone, the dates the other way round.
    world.keys("j d t").text("fee paid").keys("enter");
    assert!(world.prompt().contains("Date Received → milestone: fee paid d/m/y"), "{}", world.prompt());
    world.keys("j w j j t").text("left note").keys("esc t").text("line after").keys("enter");
    insta::assert_snapshot!(world.prompt(), @r#"
    import of export.csv: columns, at 4
      Application ID → application number  key
      Date Received → milestone: fee paid d/m/y
      kW → size AC nameplate MW
      Stage → status
      Internal → dated notes m/d/y
    "#);
    assert!(world.asked.is_empty(), "nothing was read meanwhile");
    world.keys("enter");
    let order = ordered(&mut world);
    let targets: Vec<&str> = order.profile.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(targets, ["Application ID", "Date Received", "kW", "Internal", "Application ID"], "the last names the site");
    let formats = ["%d/%m/%Y".to_owned()].to_vec();
    let date = DateFormat { formats, zone: None };
    assert_eq!(order.profile.columns[1].target, Target::Milestone { code: "fee-paid".into(), date });
    assert_eq!((order.profile.statuses.len(), order.spread), (1, 0));
    world.hear(tried(Ok(report())));
    world.at += 1_000;
    insta::assert_snapshot!(world.prompt(), @r#"
    import of export.csv: preview
      991 rows can be read; nothing is written yet:
            37 new                                0 with a problem, left out
             4 changed                            0 in conflict, ours is kept
           950 same as before                     0 suggested, kept beside ours
             0 of these found by a number         0 look like another record
             0 left out by a filter               0 no longer in the file
      37 new rows have no day on which we look again: due at once; + or a number spreads such rows over business days
    "#);
    world.keys("1 2 + -").keys("enter");
    assert_eq!(ordered(&mut world).spread, 12);
    assert_eq!(world.prompt(), "import of export.csv: running 0 of 991");
    world.hear(Msg::Importing { done: 500, of: 991 }).hear(ended(report(), None));
    assert!(world.prompt().contains("done\n  41 rows came in:"), "{}", world.prompt());
    world.at += 1_000;
    world.keys("enter");
    assert_eq!((world.prompt().as_str(), world.notice()), ("queue", "import of export.csv: 37 added, 4 changed"));
}

#[test]
fn a_column_must_name_the_row_and_no_field_comes_twice() {
    let mut world = looked(Seen::Guessed(guess()));
    world.keys("n enter");
    assert!(world.notice().contains("no column names the row"), "{}", world.notice());
    world.keys("n j j t").text("application number").keys("enter enter");
    assert!(world.notice().contains("Application ID and kW both go to application number"), "{}", world.notice());
    assert!(world.asked.is_empty());
    world.keys("d");
    assert!(world.notice().contains("kW has no dates"), "{}", world.notice());
    world.keys("w");
    assert!(world.notice().contains("kW has no unit"), "{}", world.notice());
    // No action of another phase, and no key of the queue.
    world.keys("u A b c 1 N q");
    assert!(world.prompt().starts_with("import of export.csv: columns"), "{}", world.prompt());
    world.keys("esc");
    assert_eq!((world.prompt().as_str(), world.notice()), ("queue", "left; nothing of export.csv was read in"));
    assert_eq!((world.written(), world.quit), (0, false));
}

#[test]
fn what_a_person_settled_is_kept_as_a_profile() {
    let mut world = looked(Seen::Guessed(guess()));
    world.keys("s");
    assert!(world.prompt().contains("[the profile's name] export"), "{}", world.prompt());
    world.keys("ctrl-u").text("!").keys("enter");
    assert!(world.notice().contains("needs a letter"), "{}", world.notice());
    world.keys("ctrl-u").text("PGE Portal").keys("enter");
    let Effect::KeepProfile(profile) = world.ask() else { panic!("a profile is kept") };
    assert_eq!((profile.name.as_str(), profile.label.as_str(), profile.columns.len()), ("pge-portal", "PGE Portal", 4));
    assert!(world.prompt().contains("columns"), "back on the columns: {}", world.prompt());
    world.hear(Msg::ProfileKept(Ok("walk.site/playbooks/profiles/pge-portal.toml".into())));
    assert_eq!(world.notice(), "kept in walk.site/playbooks/profiles/pge-portal.toml: the next such file is read by it");
    world.hear(Msg::ProfileKept(Err(Trouble::io("the disk is full").into())));
    assert_eq!(world.notice(), "the disk is full");
    world.keys("s esc");
    assert!(world.prompt().contains("columns"), "{}", world.prompt());
}

#[test]
fn a_preview_says_everything_and_esc_writes_nothing() {
    let conflict = |field: &str, ours: &str, theirs: &str, suggested| Conflict {
        line: 7,
        key: "NM-3".into(),
        field: field.into(),
        ours: ours.into(),
        theirs: theirs.into(),
        suggested,
    };
    let mut world = previewed(Report {
        found: 3,
        left_out: 12,
        gone: vec!["NM-9".into()],
        conflicts: vec![conflict("owner", "jdoe", "mlee", false), conflict("status", "submitted", "pto", true)],
        problems: vec![Problem {
            file: "export.csv".into(),
            line: 12,
            column: "kW".into(),
            read: "1,5".into(),
            wanted: "a size like 7.6 kW".into(),
        }],
        more_problems: 4,
        unknown_statuses: [("Waiting for Godot".to_owned(), 3)].into(),
        changes: vec![("NM-4".into(), "size_ac".into(), Value::Number(7_600), Value::Number(9_600))],
        alike: vec![Alike { line: 3, key: "NM-5".into(), reference: "A-1002".into(), because: "same meter number".into() }],
        remarks: vec!["read as windows-1252".into()],
        ..report()
    });
    insta::assert_snapshot!(world.prompt(), @r#"
    import of export.csv: preview
      991 rows can be read; nothing is written yet:
            37 new                                5 with a problem, left out
             4 changed                            1 in conflict, ours is kept
           950 same as before                     1 suggested, kept beside ours
             3 of these found by a number         1 look like another record
            12 left out by a filter               1 no longer in the file
      37 new rows have no day on which we look again: due at once; + or a number spreads such rows over business days
      about the file
        read as windows-1252
      problems: these rows stay out, the others come in
        line 12  kW: read 1,5, wanted a size like 7.6 kW
        and 4 more
      conflicts: changed on both sides; ours is kept until somebody settles it
        NM-3 (line 7)  owner: ours jdoe, theirs mlee
      suggested: kept beside ours, to be taken or not
        NM-3 (line 7)  status: ours submitted, theirs permission to operate
      likely duplicates: they come in as new all the same, and can be joined
        NM-5 (line 3) looks like A-1002: same meter number
      status words that nobody knows: kept as read, and open
        Waiting for Godot: 3 rows
      changes, field by field
        NM-4  size AC nameplate: 7.6 kW → 9.6 kW
      no longer in the file; left alone
        NM-9
    "#);
    world.keys("e");
    assert!(world.prompt().contains("preview"), "a profile has no columns to correct here");
    world.keys("esc");
    assert_eq!((world.prompt().as_str(), world.asked.len(), world.written()), ("queue", 0, 0));
}

#[test]
fn what_cannot_come_in_is_said_and_cannot_be_read_in() {
    let mut world = looked(Seen::Guessed(guess()));
    world.keys("enter");
    world.ask();
    let problem = |line| Problem {
        file: "export.csv".into(),
        line,
        column: "Application ID".into(),
        read: "NM-1 again".into(),
        wanted: "each key once".into(),
    };
    world.hear(tried(Err(vec![problem(3), problem(9)].into())));
    world.at += 1_000;
    insta::assert_snapshot!(world.prompt(), @r#"
    import of export.csv: refused
      export.csv cannot be read in; nothing was written
        line 3  Application ID: read NM-1 again, wanted each key once
        line 9  Application ID: read NM-1 again, wanted each key once
    "#);
    world.keys("A e");
    assert!(world.prompt().contains("columns") && world.asked.is_empty(), "{}", world.prompt());
    // A rule that says no can be answered, when it is meant so.
    world.keys("enter");
    assert!(!ordered(&mut world).all_new);
    world.hear(tried(Err(Refusal::new("none of these keys is known").into())));
    world.at += 1_000;
    world.keys("A");
    assert!(ordered(&mut world).all_new);
    // The file itself cannot be read.
    let mut world = World::new(&SMALL);
    world.keys("I").text("/nowhere.csv").keys("enter");
    world.ask();
    world.hear(seen(Err(Trouble::io("/nowhere.csv cannot be read").because("there is no such file").into())));
    world.at += 1_000;
    insta::assert_snapshot!(world.prompt(), @r#"
    import of nowhere.csv: refused
      nowhere.csv cannot be read in; nothing was written
        /nowhere.csv cannot be read
        because there is no such file
    "#);
    world.keys("enter");
    assert_eq!((world.prompt().as_str(), world.asked.len()), ("queue", 0));
}

#[test]
fn a_stopped_import_is_kept_or_taken_back() {
    let stopped = || Some(Failure::from(Refusal::new("you stopped it")));
    let mut world = previewed(report());
    world.keys("enter");
    world.ask();
    world.hear(Msg::Importing { done: 500, of: 991 }).keys("esc esc");
    assert_eq!(world.ask(), Effect::StopImport);
    assert_eq!(world.prompt(), "import of export.csv: running 500 of 991, stopping");
    let some = || Report { added: 20, written: 20, same: 480, ..Report::default() };
    world.hear(ended(some(), stopped()));
    world.at += 1_000;
    insta::assert_snapshot!(world.prompt(), @r#"
    import of export.csv: done
      stopped: you stopped it
      20 rows had come in. Keep them, and the same file again does the rest; or take them back:
            20 new                                0 with a problem, left out
             0 changed                            0 in conflict, ours is kept
           480 same as before                     0 suggested, kept beside ours
             0 of these found by a number         0 look like another record
             0 left out by a filter               0 no longer in the file
    "#);
    world.keys("enter");
    assert_eq!(world.notice(), "import of export.csv: 20 added, 0 changed, then it was stopped; the same file again does the rest");
    assert_eq!(world.desk.undoable.len(), 1, "u takes back what came in");

    let mut world = previewed(report());
    world.keys("enter");
    world.ask();
    world.hear(ended(some(), stopped()));
    world.at += 1_000;
    world.slow = true;
    world.keys("u");
    let ticket = world.desk.saving.as_ref().expect("an undo is on its way").ticket;
    world.hear(Msg::Committed { ticket, result: Ok(Saved { did: "took back: import of export.csv".into(), facts: Vec::new() }) });
    world.at += 1_000;
    assert!(world.prompt().contains("took back: import of export.csv; what follows"), "{}", world.prompt());
    assert!(world.desk.undoable.is_empty() && world.desk.redoable.len() == 1);
    world.keys("u enter");
    assert!(world.desk.saving.is_none(), "it is taken back once");
    assert_eq!((world.prompt().as_str(), world.notice()), ("queue", "took back: import of export.csv"));
}

#[test]
fn the_queue_is_used_while_an_import_goes_on_behind() {
    let mut world = previewed(report());
    world.keys("enter");
    world.ask();
    world.keys("b");
    assert_eq!(world.prompt(), "queue");
    world.hear(Msg::Importing { done: 500, of: 991 });
    world.keys("1 enter");
    assert_eq!(world.written(), 1, "work goes on");
    world.keys("u");
    assert!(world.notice().contains("500 of 991 rows; nothing is undone before"), "{}", world.notice());
    world.keys("q");
    assert!(!world.quit && world.notice().contains("quit again stops it there"), "{}", world.notice());
    world.tell(Msg::Paste { text: "a\tb\nc\td".into() });
    assert!(world.notice().contains("an import is running"), "{}", world.notice());
    world.keys("I");
    assert_eq!(world.prompt(), "import of export.csv: running 500 of 991");
    world.keys("b");
    world.hear(ended(report(), None));
    assert_eq!(world.notice(), "import of export.csv: 37 added, 4 changed; I shows the report");
    assert_eq!(world.prompt(), "queue", "nothing opens by itself");
    world.keys("I");
    // The touch was later: it is undone first.
    world.keys("u");
    assert!(world.notice().contains("undo goes backwards: first comes A-1001"), "{}", world.notice());
    world.keys("esc u");
    assert!(world.notice().contains("took back: A-1001"), "{}", world.notice());
    world.keys("q");
    assert!(world.quit);
}

#[test]
fn cells_over_the_queue_are_an_import_and_other_text_is_not() {
    for (text, is_import) in
        [("a\tb\n1\t2", true), ("a\tb\tc", true), ("a\tb", false), ("one\ntwo", false), ("1\nq\nu\n", false), ("a\tb\n\n", false)]
    {
        let mut world = World::new(&SMALL);
        world.hear(Msg::Paste { text: text.into() });
        let asked = world.asked.contains(&Effect::LookAt(Rows::Cells(text.into())));
        assert_eq!((asked, world.prompt() == "import of pasted cells: looking"), (is_import, is_import), "{text:?}");
        assert_eq!((world.written(), world.quit), (0, false));
    }
    // In a text field they are text.
    let mut world = World::new(&SMALL);
    world.keys("n");
    world.hear(Msg::Paste { text: "a\tb\n1\t2".into() });
    assert!(world.prompt().starts_with("note on A-1001") && world.asked.is_empty());
    // On the screen of an import they are refused.
    let mut world = previewed(report());
    world.hear(Msg::Paste { text: "a\tb\n1\t2".into() });
    assert!(world.notice().contains("a paste is text") && world.asked.is_empty());
}

#[test]
fn keys_typed_before_a_screen_was_read_do_nothing() {
    let mut world = looked(Seen::Fits(fits()));
    world.ask();
    // Enter while it is being read, and again before the preview was drawn.
    world.keys("enter");
    world.tell(tried(Ok(report())));
    world.press(Key::parse("enter").expect("a key"), 1_000);
    assert!(world.asked.is_empty() && world.notice().contains("before the screen could be read"), "{}", world.notice());
    world.at += 1_000;
    world.paint();
    world.press(Key::parse("enter").expect("a key"), 100);
    // What is typed behind it is dropped too.
    world.press(Key::parse("esc").expect("a key"), 100);
    assert!(world.asked.is_empty() && world.prompt().contains("preview"), "{}", world.prompt());
    world.keys("enter");
    assert!(matches!(world.ask(), Effect::Import { .. }));
}

#[test]
fn the_answer_to_an_import_that_was_left_is_not_taken_for_the_next_one() {
    let mut world = World::new(&SMALL);
    world.keys("I").text("first.csv").keys("enter esc I").text("second.csv").keys("enter");
    world.hear(seen(Ok(Seen::Fits(fits()))));
    assert_eq!(world.prompt(), "import of second.csv: looking");
    world.hear(seen(Ok(Seen::Guessed(guess()))));
    assert!(world.prompt().contains("second.csv: columns"), "{}", world.prompt());
    world.hear(tried(Ok(report())));
    assert!(world.prompt().contains("second.csv: columns"), "nobody asked: {}", world.prompt());
}

#[test]
fn an_empty_queue_shows_what_came() {
    let mut world = World::new(&[]);
    world.keys("I").text("x.csv").keys("enter");
    world.ask();
    world.hear(seen(Ok(Seen::Fits(fits())))).hear(tried(Ok(Report { added: 1, written: 1, ..Report::default() })));
    world.at += 1_000;
    world.keys("enter");
    world.asked.clear();
    let mut other = World::new(&SMALL);
    let record = other.application("A-1001");
    let facts = Facts::of(&record).expect("it is open");
    other.keys("j");
    world.hear(Msg::Foreign(vec![Foreign { subject: facts.subject, facts: Some(facts), by: "jdoe".into() }]));
    world.hear(ended(Report { added: 1, written: 1, ..Report::default() }, None));
    world.at += 1_000;
    world.keys("enter");
    assert_eq!((world.here().as_str(), world.desk.order.len()), ("A-1001", 1));
}

#[test]
fn nothing_new_is_not_brought_in() {
    let mut world = previewed(Report { same: 950, ..Report::default() });
    world.keys("enter");
    assert!(world.notice().contains("nothing would change") && world.asked.is_empty(), "{}", world.notice());
    assert!(world.desk.undoable.is_empty());
}
