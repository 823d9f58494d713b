//! What do the tests of other modules start from? One small playbook, one application.

use std::collections::{BTreeMap, HashSet};

use super::application::{Application, milestone};
use super::calendar::testing::calendar;
use super::day::{Day, parse_day};
use super::event::{Event, Kind, Of, Write};
use super::field;
use super::id::{CommandId, EventId, Hlc, ReplicaId, SessionId, SubjectId, Uuid};
use super::message::{Asked, Channel, Message};
use super::playbook::{Ask, DeskKind, Disposition, Lane, Party, Playbook, Status, Then, Utility, Workflow};
use super::priority::{Weight, Weights};
use super::record::{OPENED, Record};
use super::shorthand::Abbreviation;
use super::value::Value;

/// Saturday 2026-11-21, five days before Thanksgiving.
pub fn today() -> Day {
    day("2026-11-21")
}

/// The day on which `application` was opened: a Monday.
pub fn opened_on() -> Day {
    day("2026-11-02")
}

pub fn day(text: &str) -> Day {
    parse_day(text).expect("a test writes ISO days of 2000 to 2100")
}

/// A residential desk with everything that the rules look at, and no more.
pub fn playbook() -> Playbook {
    Playbook {
        desk: DeskKind::Residential,
        name: "residential@00000000".to_owned(),
        workflow: workflow(),
        dispositions: dispositions(),
        messages: messages(),
        zones: Default::default(),
        lines: Default::default(),
        skips: Default::default(),
        abbreviations: vec![Abbreviation { short: "lvm".to_owned(), long: "left voicemail".to_owned(), ..Abbreviation::default() }],
        utilities: utilities(),
        steps: Vec::new(),
        utility_states: Vec::new(),
        observed: Default::default(),
        least_observed: 5,
        weights: weights(),
        often: Default::default(),
        calendar: calendar(),
        calendars: Vec::new(),
        rules: Default::default(),
    }
}

/// An application A-1 that one event opened on `opened_on` with these fields. Values are read as a
/// person would type them (`7.6 kW`, `yes`); `status` may be any; `milestone` is `CODE DAY`,
/// several with commas; `attempts.PARTY` is a number.
pub fn application(fields: &[(&str, &str)]) -> Application {
    let mut writes = BTreeMap::from([(OPENED.to_owned(), Value::Flag(true)), ("reference".to_owned(), Value::text("A-1"))]);
    writes.extend(fields.iter().map(|(name, text)| ((*name).to_owned(), written(name, text))));
    let subject = SubjectId(Uuid::from_u128(1));
    let fields = writes.into_iter().map(|(name, to)| (name, Write { to, ..Write::default() })).collect();
    let event = Event { kind: Kind::Open, on: opened_on(), ..event(1, Of::Application, fields) };
    Application(Record::fold(subject, Of::Application, [&event]))
}

/// The event of that number on the subject 1, which writes these fields today.
pub fn event(seq: i64, of: Of, fields: BTreeMap<String, Write>) -> Event {
    Event {
        id: EventId { replica: ReplicaId(Uuid::from_u128(2)), seq },
        hlc: Hlc(seq),
        uid: 1000,
        actor: "jdoe".to_owned(),
        session: SessionId(Uuid::from_u128(3)),
        command: CommandId(Uuid::from_u128(seq.unsigned_abs().into())),
        subject: SubjectId(Uuid::from_u128(1)),
        of,
        kind: Kind::Set,
        on: today(),
        fields,
        undoes: None,
        playbook: "residential@00000000".to_owned(),
    }
}

fn written(name: &str, text: &str) -> Value {
    match (name, field::find(name)) {
        ("status", _) => Value::map([("from", Value::Nothing), ("to", text.into())]),
        ("milestone", _) => {
            let one = |item: &str| {
                let (code, on) = item.trim().split_once(' ').expect("a milestone is CODE DAY");
                milestone(code, day(on), "jdoe")
            };
            Value::List(text.split(',').map(one).collect())
        }
        (name, _) if name.starts_with("attempts.") => Value::Number(text.parse().expect("attempts are a number")),
        (_, Some(field)) => field::read(field, text).expect("a test writes values that the field takes"),
        (_, None) => Value::text(text),
    }
}

/// name, label, short, task, ball, follow-up, target days.
type Row = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, Option<i64>);

const STATUSES: [Row; 14] = [
    ("intake", "intake", "intake", "qualify the project", "us", "2b", Some(2)),
    ("package-build", "package build", "package", "collect documents", "customer", "3b", Some(10)),
    ("customer-signature", "customer signature", "signature", "chase signature", "customer", "2b", Some(7)),
    ("ready-to-submit", "ready to submit", "ready", "check and submit", "us", "0b", Some(3)),
    ("submitted", "submitted", "submitted", "chase acknowledgement", "utility", "3b", Some(3)),
    ("acknowledged", "completeness review", "acknowledged", "chase completeness", "utility", "5b", Some(10)),
    ("deficiency", "deficiency", "deficiency", "answer the deficiency", "us", "0b", Some(2)),
    ("resubmitted", "resubmitted", "resubmitted", "chase the new review", "utility", "5b", Some(10)),
    ("screening", "initial review", "screening", "chase the review", "utility", "5b", Some(15)),
    ("approved-to-install", "approved to install", "approved", "tell operations", "us", "1b", Some(1)),
    ("installing", "installing", "installing", "watch the install date", "crew", "5b", None),
    ("pto", "PTO granted", "PTO", "tell the customer", "us", "0b", Some(1)),
    ("closed", "closed", "closed", "", "us", "", None),
    ("ended", "ended", "ended", "", "us", "", None),
];

fn workflow() -> Workflow {
    let status = |(name, label, short, task, ball, follow_up, target_days): Row| Status {
        lane: "utility".into(),
        name: name.to_owned(),
        label: label.to_owned(),
        short: short.to_owned(),
        task: task.to_owned(),
        ball: ball.to_owned(),
        follow_up: follow_up.to_owned(),
        target_days,
        ready: matches!(name, "ready-to-submit" | "approved-to-install" | "pto"),
        approved: matches!(name, "approved-to-install" | "installing" | "pto" | "closed"),
        portal: name == "ready-to-submit",
        open: !matches!(name, "closed" | "ended"),
    };
    let names: Vec<&str> = STATUSES.iter().map(|row| row.0).collect();
    // Each status leads to the next; a deficiency comes out of every review; the end out of all.
    let spine = names[..names.len() - 1].windows(2).map(|pair| (pair[0], pair[1]));
    let reviews = ["submitted", "resubmitted", "screening"].map(|review| (review, "deficiency"));
    let shortcuts = [("package-build", "ready-to-submit"), ("acknowledged", "screening"), ("submitted", "approved-to-install")];
    let ends = names.iter().filter(|name| **name != "ended").map(|name| (*name, "ended"));
    let moves = spine.chain(reviews).chain(shortcuts).chain(ends);
    Workflow {
        lanes: ["utility", "ahj"].map(|name| Lane { name: name.into(), label: name.into() }).to_vec(),
        statuses: STATUSES.into_iter().map(status).collect(),
        parties: ["us", "utility", "customer", "ahj", "engineering", "crew", "finance", "third-party"]
            .map(|name| Party { name: name.to_owned(), label: if name == "ahj" { "AHJ".to_owned() } else { name.replace('-', " ") } })
            .to_vec(),
        moves: moves.map(|(from, to)| (from.to_owned(), to.to_owned())).collect::<HashSet<_>>(),
        ended_reasons: ["withdrawn", "denied", "expired", "duplicate"].map(str::to_owned).to_vec(),
        milestones: [
            ("submitted", "submitted"),
            ("acknowledged", "acknowledged"),
            ("approved-to-install", "approved to install"),
            ("completion-sent", "completion package sent"),
            ("pto", "permission to operate"),
        ]
        .map(|(code, label)| (code.to_owned(), label.to_owned()))
        .to_vec(),
    }
}

fn dispositions() -> Vec<Disposition> {
    let ask = |name: &str, required| Ask { name: name.to_owned(), required };
    let some = |text: &str| Some(text.to_owned());
    vec![
        Disposition {
            name: "asked-customer".to_owned(),
            label: "asked customer for documents".to_owned(),
            ask: vec![ask("note", true)],
            status: some("package-build"),
            ball: some("customer"),
            follow_up: some("3b"),
            message: some("customer-missing-documents"),
            from: ["intake", "package-build", "deficiency"].map(str::to_owned).to_vec(),
            ..Disposition::default()
        },
        Disposition {
            name: "left-voicemail".to_owned(),
            label: "left voicemail".to_owned(),
            note: "LVM #{{attempt}} for {{first_name}}".to_owned(),
            ball: some("customer"),
            follow_up: some("2b"),
            attempt: some("customer"),
            ..Disposition::default()
        },
        Disposition {
            name: "submitted".to_owned(),
            label: "submitted to the utility".to_owned(),
            note: "submitted to {{utility_name}}, number {{number}}".to_owned(),
            ask: vec![ask("number", false), ask("on", false)],
            from: vec!["ready-to-submit".to_owned()],
            status: some("submitted"),
            milestone: some("submitted"),
            then: Then::Stay,
            ..Disposition::default()
        },
        Disposition {
            name: "they-said".to_owned(),
            label: "utility gave a date".to_owned(),
            note: "{{utility_name}} said {{promised}}".to_owned(),
            ask: vec![ask("promised", true)],
            follow_up: some("promised"),
            ..Disposition::default()
        },
        Disposition {
            name: "withdrawn".to_owned(),
            label: "customer withdrew".to_owned(),
            note: "customer withdrew".to_owned(),
            status: some("ended"),
            ended_reason: some("withdrawn"),
            ..Disposition::default()
        },
    ]
}

/// A message with no parts yet, for tests that fill in one.
pub fn message(name: &str, channel: Channel, to: &str) -> Message {
    Message { name: name.to_owned(), label: name.replace('-', " "), channel, to: to.to_owned(), ..Message::default() }
}

fn messages() -> Vec<Message> {
    vec![
        Message {
            recipient: "{{customer_email}}".to_owned(),
            subject: "What we still need for {{utility_name}}".to_owned(),
            body: "Hi {{first_name}},\n\n{{utility_name}} will not start without: {{missing}}.\nPlease send it by {{needed_by}}.\n\n\
                   {{coordinator_name}}, {{coordinator_phone}}\n"
                .to_owned(),
            crm: "asked customer for {{missing}}".to_owned(),
            asked: vec![Asked {
                name: "needed_by".to_owned(),
                label: "needed by".to_owned(),
                default: "{{goal}}".to_owned(),
                ..Asked::default()
            }],
            statuses: vec!["package-build".to_owned()],
            ..message("customer-missing-documents", Channel::Email, "customer")
        },
        Message {
            body: "Hi {{first_name}}, {{company}}: please sign for {{utility_name}}: {{sign_link}} Reply STOP to opt out.".to_owned(),
            statuses: vec!["customer-signature".to_owned()],
            ..message("customer-signature-sms", Channel::Sms, "customer")
        },
        Message {
            recipient: "{{utility_mailbox}}".to_owned(),
            subject: "{{application_number}}, {{site_address}}: status request".to_owned(),
            body: "We submitted this application on {{submitted_on}}. Which step is it in?\n{{coordinator_name}}".to_owned(),
            crm: "asked {{utility_name}} for status".to_owned(),
            sent_by_copy: true,
            ..message("utility-status", Channel::Email, "utility")
        },
    ]
}

fn utilities() -> Vec<Utility> {
    vec![
        Utility {
            name: "Rocky Mountain Power".to_owned(),
            short: "RMP".to_owned(),
            aliases: vec!["PacifiCorp UT".to_owned()],
            states: vec!["UT".to_owned()],
            mailbox: "interconnection@example.com".to_owned(),
            zone: "America/Denver".to_owned(),
            ..Utility::default()
        },
        Utility {
            name: "Portland General Electric".to_owned(),
            short: "PGE".to_owned(),
            states: vec!["OR".to_owned()],
            zone: "America/Los_Angeles".to_owned(),
            ..Utility::default()
        },
    ]
}

/// Points in the order of `Signal`, close to those of the shipped file.
fn weights() -> Weights {
    let weight = |points, near, per_day, cap, within, near_within| Weight { points, near, per_day, cap, within, near_within };
    Weights([
        weight(60, 100, 0, 0, 5, 2),
        weight(90, 200, 5, 60, 3, 1),
        weight(80, 0, 0, 0, 0, 0),
        weight(70, 0, 3, 30, 0, 0),
        weight(60, 0, 1, 20, 0, 0),
        weight(55, 0, 0, 0, 0, 0),
        weight(55, 0, 0, 0, 10, 0),
        weight(50, 0, 0, 0, 30, 0),
        weight(45, 0, 0, 0, 30, 0),
        weight(45, 0, 0, 0, 0, 0),
        weight(40, 0, 1, 20, 0, 0),
        weight(50, 0, 2, 20, 0, 0),
        weight(40, 0, 2, 20, 0, 0),
        weight(0, 0, 1, 40, 0, 0),
        weight(0, 0, 2, 20, 0, 0),
        weight(0, 0, 1, 15, 0, 0),
    ])
}

#[test]
fn the_playbook_knows_every_name_it_uses() {
    let playbook = playbook();
    let workflow = &playbook.workflow;
    for status in &workflow.statuses {
        assert!(workflow.party(&status.ball).is_some(), "{}", status.ball);
        let follow_up = super::when::read(&status.follow_up, today(), &playbook.calendar);
        assert!(status.follow_up.is_empty() || follow_up.is_ok(), "{follow_up:?}");
    }
    for (from, to) in &workflow.moves {
        assert!(workflow.status(from).is_some() && workflow.status(to).is_some(), "{from} to {to}");
    }
    for message in &playbook.messages {
        assert!(super::message::fields(message).is_ok(), "{:?}", super::message::fields(message));
    }
    for disposition in &playbook.dispositions {
        let asked: Vec<&str> = disposition.ask.iter().map(|ask| ask.name.as_str()).collect();
        assert!(super::message::line_fields(&disposition.note, &asked).is_ok(), "{}", disposition.name);
        assert!(disposition.status.as_ref().is_none_or(|name| workflow.status(name).is_some()), "{}", disposition.name);
        assert!(disposition.message.as_ref().is_none_or(|name| playbook.message(name).is_some()), "{}", disposition.name);
    }
}
