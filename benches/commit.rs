//! How long does one disposition take until it is on the disk? Budget: 30 ms at p99, `synchronous=FULL`.

#![allow(clippy::disallowed_methods, reason = "benches read the clock")]

mod support;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use intertie::domain::day::Day;
use intertie::domain::id::{CommandId, SessionId, SubjectId, Uuid};
use intertie::domain::message::Person;
use intertie::domain::plan::{Answers, Context, touch};
use intertie::domain::playbook::DeskKind;
use intertie::settings;
use intertie::store::{Access, Store, Who};

const RUNS: usize = 300;

fn main() {
    let place = support::place();
    let today: Day = support::TODAY.parse().expect("a constant");
    let playbook = settings::load(DeskKind::Residential, &[], &[]).expect("the shipped settings are sound").playbook;
    let person = Person { login: "bench".to_owned(), name: "Bench".to_owned(), phone: String::new() };
    let company = BTreeMap::from([("company".to_owned(), "Example Solar".to_owned())]);
    let context = Context { playbook: &playbook, person: &person, company: &company, today, moment: None };
    let who = Who { uid: 0, login: "bench".to_owned(), session: SessionId(Uuid::now_v7()) };
    for tasks in [1_000, 10_000] {
        let mut store = Store::open(&support::demo(&place, tasks), Access::Write).expect("the demo opens");
        let mut subjects: Vec<SubjectId> = Vec::new();
        store.slice(0, RUNS * 2, &mut |_, facts| subjects.push(facts.subject)).expect("the demo is read");
        let (mut times, mut planning) = (Vec::new(), Vec::new());
        for (nth, subject) in subjects.into_iter().enumerate() {
            let app = store.application(subject).expect("the record is read").expect("it is there");
            let name = if nth % 2 == 0 { "pc-no-change" } else { "left-voicemail" };
            let disposition = playbook.dispositions.iter().find(|known| known.name == name).expect("a shipped quick action");
            let start = Instant::now();
            let Ok(planned) = touch::disposition(disposition, &Answers::default(), &app, &context) else { continue };
            planning.push(start.elapsed());
            let set = planned.into_set(CommandId(Uuid::now_v7()), &playbook);
            let start = Instant::now();
            store.commit(&set, &who, 1_800_000_000_000 + i64::try_from(nth).expect("few runs"), [7; 16]).expect("it commits");
            times.push(start.elapsed());
            if times.len() == RUNS {
                break;
            }
        }
        assert!(times.len() > 100, "only {} rows could be touched", times.len());
        support::report(&format!("plan a disposition, {tasks} rows"), &mut planning, Duration::from_millis(2));
        support::report(&format!("commit a disposition, {tasks} rows"), &mut times, Duration::from_millis(30));
        assert_eq!(store.check().expect("the check runs"), Vec::<String>::new());
    }
}
