//! Do scripts, spreadsheets and readers get what the record says?

use std::collections::{BTreeMap, HashSet};

use intertie::domain::application::{Application, milestone};
use intertie::domain::calendar::Calendar;
use intertie::domain::day::Day;
use intertie::domain::event::{Event, Kind, Of, Write};
use intertie::domain::facts::Facts;
use intertie::domain::field::FIELDS;
use intertie::domain::history::what;
use intertie::domain::id::{CommandId, EventId, Hlc, ReplicaId, SessionId, SubjectId, Uuid};
use intertie::domain::playbook::{DeskKind, Party, Playbook, Status, Workflow};
use intertie::domain::priority::Weights;
use intertie::domain::record::Record;
use intertie::domain::value::Value;
use intertie::outlet::{csv, history, jsonl, show};
use serde_json::{Value as Json, json};

fn day(text: &str) -> Day {
    Day::parse_from_str(text, "%Y-%m-%d").expect("a constant")
}

fn workflow() -> Workflow {
    let status = |name: &str, label: &str, task: &str| Status {
        lane: "utility".into(),
        name: name.into(),
        label: label.into(),
        short: label.into(),
        task: task.into(),
        ball: "us".into(),
        follow_up: String::new(),
        target_days: None,
        ready: false,
        approved: false,
        portal: false,
        open: true,
    };
    Workflow {
        lanes: Vec::new(),
        statuses: vec![status("intake", "intake", "read the file"), status("package-build", "package build", "build the package")],
        parties: vec![Party { name: "third-party".into(), label: "third party".into() }],
        moves: HashSet::new(),
        ended_reasons: Vec::new(),
        milestones: vec![("received".into(), "received by the utility".into())],
    }
}

fn playbook() -> Playbook {
    Playbook {
        desk: DeskKind::Residential,
        name: "residential@0".into(),
        workflow: workflow(),
        dispositions: Vec::new(),
        messages: Vec::new(),
        zones: Default::default(),
        abbreviations: Vec::new(),
        lines: Default::default(),
        skips: Default::default(),
        utilities: Vec::new(),
        steps: Vec::new(),
        utility_states: Vec::new(),
        observed: Default::default(),
        least_observed: 5,
        weights: Weights::default(),
        often: Default::default(),
        calendar: Calendar::new("none", &[]),
        calendars: Vec::new(),
        rules: Default::default(),
    }
}

fn event(seq: i64, kind: Kind, fields: &[(&str, Value)]) -> Event {
    let write = |value: &Value| Write { to: value.clone(), ..Write::default() };
    Event {
        id: EventId { replica: ReplicaId(Uuid::from_u128(1)), seq },
        hlc: Hlc(0).next(1_795_298_709_000 + seq * 1_000),
        uid: 1000,
        actor: "jdoe".into(),
        session: SessionId(Uuid::from_u128(2)),
        command: CommandId(Uuid::from_u128(3)),
        subject: SubjectId(Uuid::from_u128(4)),
        of: Of::Application,
        kind,
        on: day("2026-11-20"),
        fields: fields.iter().map(|(name, value)| ((*name).to_owned(), write(value))).collect::<BTreeMap<_, _>>(),
        undoes: None,
        playbook: String::new(),
    }
}

fn opened() -> Event {
    event(
        1,
        Kind::Open,
        &[
            ("opened", "2026-11-20".into()),
            ("reference", "A-1042".into()),
            ("customer_name", "=Smith".into()),
            ("utility", "PacifiCorp".into()),
            ("status", Value::map([("to", "intake".into())])),
            ("ball", "third-party".into()),
            ("size_ac", 7_600.into()),
            ("vip", 3.into()),
            ("sms_consent", true.into()),
            ("follow_up", "2026-11-30T14:00".into()),
            ("crm_number", "0042".into()),
            ("alias.test", "J1".into()),
            ("todo.1", Value::map([("title", "order the meter".into()), ("due", "2026-11-25".into()), ("party", "crew".into())])),
            ("attempts.customer", 2.into()),
            ("milestone", milestone("received", day("2026-11-19"), "jdoe")),
            ("note", Value::List(vec!["one\ntwo".into(), "three".into()])),
        ],
    )
}

fn application() -> Application {
    Application(Record::fold(SubjectId(Uuid::from_u128(4)), Of::Application, [&opened()]))
}

#[test]
fn show_has_every_field_and_what_hangs_on_it() {
    let shown = show::application(&application(), &playbook(), 42);
    for (name, value) in [
        ("id", json!("A-1042")),
        ("application", json!("J1")),
        ("utility", json!("PacifiCorp")),
        ("title", json!("order the meter")),
        ("status", json!("intake")),
        ("ball", json!("third-party")),
        ("owner", Json::Null),
        ("follow_up", json!("2026-11-30T14:00")),
        ("score", json!(42)),
        ("number", Json::Null),
        ("size_ac", json!(7_600)),
        ("vip", json!(3)),
        ("sms_consent", json!(true)),
        ("escalated", json!(false)),
        ("expires", Json::Null),
        (
            "notes",
            json!([{"at": "2026-11-21T22:05:10Z", "by": "jdoe", "text": "one\ntwo"}, {"at": "2026-11-21T22:05:10Z", "by": "jdoe", "text": "three"}]),
        ),
        ("milestones", json!([{"code": "received", "day": "2026-11-19", "source": "jdoe"}])),
        ("aliases", json!([{"source": "test", "number": "J1"}, {"source": "crm_number", "number": "0042"}])),
        ("todos", json!([{"id": "todo.1", "title": "order the meter", "party": "crew", "due": "2026-11-25", "done": false}])),
        ("attempts", json!({"customer": 2})),
    ] {
        assert_eq!(shown[name], value, "{name}");
    }
    for field in FIELDS {
        assert!(shown.get(field.name).is_some(), "{}", field.name);
    }
    assert_eq!(serde_json::from_str::<Json>(&jsonl::line(&shown)).ok(), Some(shown));
}

#[test]
fn sizes_are_shown_with_their_working() {
    let mut app = application();
    let register = app.0.registers.get("size_ac").expect("of the application").clone();
    for (name, value) in [("array", "22 x 405 W"), ("inverters", "1 x 7.7 kW")] {
        let mut register = register.clone();
        register.value = Value::text(value);
        app.0.registers.insert(name.to_owned(), register);
    }
    let shown = show::application(&app, &playbook(), 42);
    let of = |name: &str| shown["sizes"].as_array().expect("an array").iter().find(|size| size["name"] == name).cloned();
    let dc =
        json!({"name": "size_dc", "label": "size DC", "amount": 8910, "unit": "W", "how": "22 x 405 W", "computed": null, "unknown": null});
    assert_eq!(of("size_dc"), Some(dc));
    let ac = of("size_ac").expect("it is there");
    assert_eq!((&ac["amount"], &ac["computed"]), (&json!(7_600), &json!(7_700)));
    assert_eq!(ac["how"], "typed 7.6 kW, computed 7.7 kW (1 x 7.7 kW)");
    let cec = of("size_cec").expect("it is there");
    assert_eq!(
        (&cec["amount"], &cec["how"], &cec["unknown"]),
        (&Json::Null, &Json::Null, &json!("the PTC rating of 22 x 405 W is not said"))
    );
    // 7.6 kW was typed: 8910 / 7600.
    assert_eq!(of("dc_ac").map(|ratio| (ratio["amount"].clone(), ratio["unit"].clone())), Some((json!(117), json!("hundredths"))));
}

#[test]
fn list_and_its_csv_have_the_same_columns() {
    let facts = Facts::of(&application()).expect("it exists");
    let row = show::list_row(&facts, &playbook(), -7);
    let mut names: Vec<&str> = row.as_object().expect("an object").keys().map(String::as_str).collect();
    let mut columns = show::LIST.to_vec();
    names.sort_unstable();
    columns.sort_unstable();
    assert_eq!(names, columns);
    assert_eq!(csv::row(&row, show::LIST), "A-1042,J1,PacifiCorp,order the meter,intake,third-party,,2026-11-30T14:00,'-7\n");
    let shown = show::application(&application(), &playbook(), 42);
    let row = csv::row(&shown, &show::columns());
    assert!(row.starts_with("A-1042,J1,PacifiCorp,") && row.contains(",'=Smith,") && row.contains(",7600,"), "{row}");
    assert_eq!(show::columns().len(), show::LIST.len() + FIELDS.len() - 5, "utility, status, ball, owner, follow_up are in both");
}

#[test]
fn an_undone_opening_shows_its_fields_only() {
    let mut gone = application();
    gone.0.registers.remove("opened");
    let shown = show::application(&gone, &playbook(), 0);
    assert_eq!((shown.get("title"), &shown["status"]), (None, &json!("intake")));
}

#[test]
fn events_are_told_in_plain_sentences() {
    let moved = |from: &str, to: &str| Value::map([("from", from.into()), ("to", to.into())]);
    for (kind, fields, says) in [
        (
            Kind::Touch,
            vec![
                ("status", moved("intake", "package-build")),
                ("ball", "third-party".into()),
                ("follow_up", "2026-12-01".into()),
                ("note", "asked\nthem".into()),
                ("disposition", "asked-customer".into()),
            ],
            "status intake → package build, waiting on third party, we look Tue 12/1, did asked-customer; note: asked them",
        ),
        (Kind::Touch, vec![("note", "LVM".into())], "note: LVM"),
        (
            Kind::Set,
            vec![("size_ac", 7_600.into()), ("expires", "2027-01-04".into()), ("promised", Value::Nothing), ("escalated", Value::Nothing)],
            "size AC nameplate 7.6 kW, they said cleared, approval expires Mon 1/4/2027, not escalated",
        ),
        (
            Kind::Import,
            vec![
                ("import.test", Value::map([("key", "J1".into())])),
                ("alias.test", "J1".into()),
                (
                    "milestone",
                    Value::List(vec![milestone("received", day("2026-02-01"), "test"), milestone("odd", day("2026-02-02"), "test")]),
                ),
            ],
            "import from test: test number J1, received by the utility on Sun 2/1, odd on Mon 2/2",
        ),
        (Kind::Undo, vec![("status", "intake".into()), ("ball", Value::Nothing)], "undo: status intake, waiting on cleared"),
        (Kind::Undo, vec![("opened", Value::Nothing)], "undo: opening taken back"),
        (Kind::Redo, vec![], "redo"),
        (
            Kind::Touch,
            vec![
                ("todo.1", Value::map([("title", "order the meter".into()), ("done", true.into())])),
                ("attempts.third-party", 3.into()),
                ("message", Value::map([("name", "chase".into())])),
                ("later", "x".into()),
            ],
            "attempt 3 at third party, later x, message chase, to-do done: order the meter",
        ),
    ] {
        assert_eq!(what(&event(1, kind, &fields), &workflow()), says);
    }
    assert!(what(&opened(), &workflow()).starts_with("opened as A-1042, status intake, waiting on third party, we look Mon 11/30 14:00, "));
    assert_eq!(
        history::row(&event(1, Kind::Touch, &[("note", "LVM".into())]), &workflow()),
        json!({"on": "2026-11-20", "at": "2026-11-21T22:05:10Z", "by": "jdoe", "what": "note: LVM"})
    );
}
