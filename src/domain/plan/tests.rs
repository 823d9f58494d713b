//! What people want, and what comes of it: one line each.

use std::collections::BTreeMap;

use super::{Answers, Context, Planned, edit, letter, open, touch};
use crate::domain::application::Application;
use crate::domain::id::{SubjectId, Uuid};
use crate::domain::message::{Moment, Person};
use crate::domain::playbook::Playbook;
use crate::domain::testing;
use crate::domain::trouble::Refusal;
use crate::domain::value::Value;

struct Desk {
    playbook: Playbook,
    person: Person,
    company: BTreeMap<String, String>,
}

fn desk() -> Desk {
    let company = BTreeMap::from([("company".to_owned(), "Example Solar".to_owned())]);
    Desk {
        playbook: testing::playbook(),
        person: Person { login: "jdoe".into(), name: "J. Doe".into(), phone: "555-0100".into() },
        company,
    }
}

impl Desk {
    fn ctx(&self) -> Context<'_> {
        Context { playbook: &self.playbook, person: &self.person, company: &self.company, today: testing::today(), moment: None }
    }

    fn touch(&self, name: &str, given: &[(&str, &str)], app: &Application) -> Result<Planned, Refusal> {
        let mut answers = Answers::default();
        for (name, text) in given {
            match *name {
                "note" => answers.note = Some((*text).to_owned()),
                "because" => answers.because = Some((*text).to_owned()),
                name => {
                    answers.values.insert(name.to_owned(), (*text).to_owned());
                }
            }
        }
        touch::disposition(self.playbook.disposition(name).expect("of the test playbook"), &answers, app, &self.ctx())
    }

    fn set(&self, given: &[(&str, &str)], because: Option<&str>, app: &Application) -> Result<Planned, Refusal> {
        edit::set(&map(given), because, app, &self.ctx())
    }
}

fn map(given: &[(&str, &str)]) -> BTreeMap<String, String> {
    given.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

/// What a plan writes, as `field=value` lines.
fn writes(plan: &Result<Planned, Refusal>) -> String {
    match plan {
        Err(refusal) => format!("refused: {refusal}"),
        Ok(planned) => {
            planned.change.fields.iter().map(|(name, write)| format!("{name}={}", plain(&write.to))).collect::<Vec<_>>().join("\n")
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Map(map) => map.iter().map(|(key, value)| format!("{key}:{}", plain(value))).collect::<Vec<_>>().join(" "),
        Value::Nothing => "-".to_owned(),
        other => crate::domain::field::show(crate::domain::field::Kind::Text, other),
    }
}

#[test]
fn a_disposition_is_planned_whole() {
    let app = testing::application(&[("status", "ready-to-submit"), ("ball", "us"), ("utility", "PGE"), ("attempts.customer", "2")]);
    let plan = desk().touch("submitted", &[("number", "APP-77"), ("on", "fri")], &app);
    insta::assert_snapshot!(writes(&plan), @r#"
    attempts.customer=-
    ball=utility
    disposition=submitted
    follow_up=2026-11-25
    milestone=code:submitted day:2026-11-20 source:us
    note=submitted to Portland General Electric, number APP-77
    number=APP-77
    status=from:ready-to-submit to:submitted
    "#);
    let planned = plan.expect("it is possible");
    assert_eq!(planned.on, testing::day("2026-11-20"));
    assert_eq!(planned.change.expects, Some(app.version));
    let lines: Vec<String> = planned.lines.iter().map(|line| format!("{}: {}", line.label, line.text)).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    status: ready to submit → submitted
    waiting on: us → utility
    application number: APP-77
    we look: Wed 11/25 (3 business days)
    milestone: submitted Fri 11/20
    "#);
}

#[test]
fn what_is_not_possible_says_why() {
    let desk = desk();
    let app = testing::application(&[("status", "submitted"), ("utility", "PGE")]);
    let held = testing::application(&[("status", "submitted"), ("legal_hold", "yes")]);
    let over = testing::application(&[("status", "closed")]);
    for (plan, says) in [
        (desk.touch("submitted", &[], &app), "not while the status is submitted"),
        (desk.touch("asked-customer", &[], &testing::application(&[("status", "intake")])), "asks for note"),
        (desk.touch("left-voicemail", &[("colour", "red")], &app), "colour is neither a field nor"),
        (desk.touch("left-voicemail", &[("status", "pto")], &app), "status is not given with a disposition"),
        (desk.touch("they-said", &[("promised", "31/02")], &app), "31/02"),
        (desk.touch("left-voicemail", &[], &held), "legal hold"),
        (desk.touch("left-voicemail", &[], &over), "it is closed"),
        (desk.touch("left-voicemail", &[("on", "tomorrow")], &app), "still to come"),
        (desk.set(&[("status", "pto")], None, &app), "is not a usual move"),
        (desk.set(&[("status", "nowhere")], None, &app), "wanted one of intake"),
        (desk.set(&[("status", "ended")], None, &app), "ended needs its reason"),
        (desk.set(&[("status", "ended"), ("ended_reason", "bored")], None, &app), "ended needs its reason"),
        (desk.set(&[("ended_reason", "withdrawn")], None, &app), "together with status=ended"),
        (desk.set(&[("ball", "nobody")], None, &app), "wanted one of us, utility"),
        (desk.set(&[("sise", "5")], None, &app), "sise is no field"),
        (desk.set(&[("size_ac", "big")], None, &app), "size_ac: read \"big\""),
        (desk.set(&[("vip", "99")], None, &app), "0 to 15"),
        (desk.set(&[("site", "a\nb")], None, &app), "one line"),
        (desk.set(&[("site", "")], None, &app), "nothing would change"),
        (desk.set(&[("site", "x")], None, &held), "legal hold"),
        (edit::add_todo("  ", None, "us", &app, &desk.ctx()), "needs words"),
        (edit::finish_todo("todo.9", &app, &desk.ctx()), "no such open to-do"),
        (touch::note("  ", &Answers::default(), &app, &desk.ctx()), "the note is empty"),
    ] {
        match plan {
            Err(refusal) => assert!(format!("{refusal} {:?}", refusal.causes).contains(says), "{refusal} should say {says}"),
            Ok(planned) => panic!("planned {:?}, should say {says}", planned.lines),
        }
    }
    assert!(desk.set(&[("legal_hold", "no")], None, &held).is_ok(), "a legal hold may be released");
    assert!(desk.set(&[("legal_hold", "no"), ("site", "x")], None, &held).is_err(), "and nothing else with it");
}

#[test]
fn an_unusual_move_needs_a_reason_and_keeps_it() {
    let app = testing::application(&[("status", "submitted"), ("ball", "utility"), ("attempts.customer", "3")]);
    let plan = desk().set(&[("status", "pto")], Some("letter came directly"), &app);
    insta::assert_snapshot!(writes(&plan), @r#"
    attempts.customer=-
    ball=us
    follow_up=2026-11-21
    note=Status set against the usual order, because: letter came directly
    status=from:submitted to:pto
    "#);
}

#[test]
fn an_unknown_status_can_be_settled() {
    let app = testing::application(&[("status", "Under Rvw (old)")]);
    assert!(desk().set(&[("status", "screening")], None, &app).is_ok());
}

#[test]
fn attempts_are_numbered() {
    let app = testing::application(&[("status", "submitted"), ("customer_name", "Ana Reyes"), ("attempts.customer", "2")]);
    insta::assert_snapshot!(writes(&desk().touch("left-voicemail", &[("note", "tried both numbers")], &app)), @r#"
    attempts.customer=3
    ball=customer
    disposition=left-voicemail
    follow_up=2026-11-24
    note=LVM #3 for Ana. tried both numbers
    "#);
}

#[test]
fn a_promise_is_when_we_look() {
    let app = testing::application(&[("status", "submitted"), ("utility", "PGE")]);
    insta::assert_snapshot!(writes(&desk().touch("they-said", &[("promised", "12/4")], &app)), @r#"
    disposition=they-said
    follow_up=2026-12-04
    note=Portland General Electric said 12/4/2026
    promised=2026-12-04
    "#);
}

#[test]
fn a_new_application_needs_a_site_and_a_utility() {
    let desk = desk();
    let subject = SubjectId(Uuid::from_u128(9));
    let new = |given: &[(&str, &str)]| open::application(subject, &map(given), Some("jdoe"), &desk.ctx());
    insta::assert_snapshot!(writes(&new(&[("site", "12 Oak St"), ("utility", "pge"), ("size_ac", "7.6"), ("follow_up", "tomorrow 9am")])), @r#"
    ball=us
    follow_up=2026-11-22T09:00
    opened=2026-11-21
    owner=jdoe
    site=12 Oak St
    size_ac=7600
    status=from:- to:intake
    utility=Portland General Electric
    "#);
    assert!(new(&[("site", "12 Oak St")]).is_err_and(|refusal| refusal.says.contains("utility")));
    assert!(new(&[("site", " "), ("utility", "pge")]).is_err_and(|refusal| refusal.says.contains("site")));
    let planned = new(&[("site", "12 Oak St"), ("utility", "pge"), ("owner", "")]).expect("it is enough");
    assert_eq!(planned.change.expects, None);
    assert!(planned.change.needs_reference);
    assert!(!planned.change.fields.contains_key("owner"), "an empty owner is the pool");
}

#[test]
fn a_new_application_begins_in_its_lane_and_a_touch_keeps_to_its_own() {
    let mut desk = desk();
    let like = desk.playbook.workflow.status("package-build").expect("of the test playbook").clone();
    let permit = crate::domain::playbook::Status { name: "permit-preparation".into(), lane: "ahj".into(), ..like };
    desk.playbook.workflow.statuses.push(permit);
    let said = desk.playbook.dispositions.iter_mut().find(|one| one.name == "they-said").expect("of the test playbook");
    said.lane = Some("utility".into());
    let subject = SubjectId(Uuid::from_u128(9));
    let new = |given: &[(&str, &str)]| writes(&open::application(subject, &map(given), None, &desk.ctx()));
    let permit = new(&[("site", "12 Oak St"), ("utility", "pge"), ("lane", "AHJ")]);
    assert!(permit.contains("lane=ahj") && permit.contains("status=from:- to:permit-preparation"), "{permit}");
    let wrong = new(&[("site", "12 Oak St"), ("utility", "pge"), ("lane", "ahj"), ("status", "intake")]);
    assert!(wrong.starts_with("refused: intake is a status of the lane utility"), "{wrong}");
    let app = testing::application(&[("status", "permit-preparation"), ("lane", "ahj")]);
    let refused = writes(&desk.touch("they-said", &[("promised", "12/4")], &app));
    assert!(refused.ends_with("only in the lane utility"), "{refused}");
}

#[test]
fn holds_and_todos() {
    let desk = desk();
    let app = testing::application(&[("status", "submitted")]);
    insta::assert_snapshot!(writes(&edit::hold(Some("waiting for new construction"), false, &app, &desk.ctx())), @r#"
    hold=waiting for new construction
    note=On hold because: waiting for new construction
    "#);
    insta::assert_snapshot!(writes(&edit::hold(None, true, &app, &desk.ctx())), @"until_activity=yes");
    insta::assert_snapshot!(writes(&edit::add_todo("photo of the meter", Some(testing::day("2026-11-24")), "crew", &app, &desk.ctx())), @"todo.1=due:2026-11-24 party:crew title:photo of the meter");
    assert!(edit::hold(None, false, &app, &desk.ctx()).is_err(), "nothing to release");
}

proptest::proptest! {
    /// A plan never leaves the workflow: its status is one of it, and legal from where it stood.
    #[test]
    fn a_plan_never_leaves_the_workflow(from in 0usize..14, to in 0usize..14, reason in proptest::bool::ANY) {
        let desk = desk();
        let names: Vec<String> = desk.playbook.workflow.statuses.iter().map(|status| status.name.clone()).collect();
        let app = testing::application(&[("status", &names[from])]);
        let mut given = vec![("status", names[to].as_str())];
        if names[to] == "ended" {
            given.push(("ended_reason", "withdrawn"));
        }
        let plan = desk.set(&given, reason.then_some("because"), &app);
        let legal = desk.playbook.workflow.is_legal(&names[from], &names[to]);
        if from == to && !reason {
            proptest::prop_assert!(plan.is_err());
        } else if from != to {
            proptest::prop_assert_eq!(plan.is_ok(), legal || reason);
        }
    }
}

/// Who sends a text message can say neither that there is consent nor that it is day where the customer is.
#[test]
fn consent_and_place_of_a_text_message_are_not_answers_to_it() {
    let (desk, none) = (desk(), &[][..]);
    let sms = desk.playbook.message("customer-signature-sms").expect("of the test playbook");
    let at = |hour, fields: &[(&str, &str)], given: &[(&str, &str)]| {
        let moment = testing::today().and_hms_opt(hour, 0, 0).and_then(|local| Moment::of(local, chrono_tz::America::Denver));
        let base = [
            ("customer_name", "Ana"),
            ("customer_phone", "555-0101"),
            ("number", "N-1"),
            ("utility", "Sample Coop"),
            ("sign_link", "https://sign.example.com/1"),
        ];
        let app = testing::application(&[&base[..], fields].concat());
        let ctx = Context { moment, ..desk.ctx() };
        letter::message(sms, &map(given), &app, &ctx).map(|_| ()).map_err(|refusal| refusal.says)
    };
    let consent = &[("sms_consent", "true")][..];
    assert_eq!(at(12, consent, none), Ok(()));
    assert!(at(12, none, &[("sms_consent", "yes")]).is_err_and(|says| says.contains("no SMS consent on file")));
    // 22:00 in Denver is 19:00 in Honolulu.
    for given in [none, &[("customer_zone", "Pacific/Honolulu")]] {
        assert!(at(22, consent, given).is_err_and(|says| says.starts_with("it is 22:00")), "{given:?}");
    }
    assert_eq!(at(22, &[("sms_consent", "true"), ("customer_zone", "Pacific/Honolulu")], none), Ok(()));
}

#[test]
fn equipment_that_cannot_be_read_is_refused() {
    let desk = desk();
    let app = testing::application(&[("status", "intake")]);
    for (given, says) in [
        (("array", "22 modules"), "array: read \"22 modules\", wanted modules like 22 x 405 W, PTC 379.1 W; 10 x 400 W"),
        (
            ("inverters", "1 x 7.6"),
            "inverters: read \"1 x 7.6\", wanted inverters like 1 x 7.6 kW, 98.5 %; 2 x 3.8 kW: each amount with its unit",
        ),
        (("storage_units", "one"), "storage_units: read \"one\", wanted storage units like 2 x 5 kW / 13.5 kWh"),
        (("certification", "1741 SC"), "certification: read \"1741 SC\", wanted one of none, 1741, sa, sb"),
    ] {
        let refused = writes(&desk.set(&[given], None, &app));
        assert!(refused.starts_with(&format!("refused: {says}")), "{refused}");
    }
    let given = [("array", "22 x 405 W"), ("inverters", ""), ("certification", "UL 1741 SB")];
    assert_eq!(writes(&desk.set(&given, None, &app)), "array=22 x 405 W\ncertification=sb");
}
