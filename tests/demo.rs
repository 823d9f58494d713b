//! Does the made-up queue look like a desk's morning, and does it hold what the program promises of every row?

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use intertie::domain::application::Application;
use intertie::domain::day::{Day, parse_day};
use intertie::domain::facts::Facts;
use intertie::domain::message::{Message, Person};
use intertie::domain::plan::{Context, letter};
use intertie::domain::playbook::{DeskKind, Playbook, UTILITY_LANE};
use intertie::domain::priority::{self, Term};
use intertie::domain::rules::matter::Matter;
use intertie::domain::utility_state::UtilityState;
use intertie::store::{Access, Store};
use serde_json::Value;
use support::{Place, said};

/// A demo's applications, the ended ones too, read as the program reads them.
struct Desk {
    place: Place,
    kind: DeskKind,
    playbook: Playbook,
    today: Day,
    apps: Vec<(Application, Facts)>,
}

impl Desk {
    fn of(kind: DeskKind, tasks: usize) -> Desk {
        let place = Place::new();
        let made = place.cli(&["demo", "--desk", kind.name(), "--tasks", &tasks.to_string(), "--no-open", "--db", &place.db()]);
        assert!(made.status.success(), "{}", said(&made));
        let mut playbook = intertie::settings::load(kind, &[], &[]).expect("the shipped files").playbook;
        let store = Store::open(Path::new(&place.db()), Access::Read).expect("the demo");
        playbook.utility_states = store.utility_states().expect("its pages");
        let mut facts = Vec::new();
        store.slice(0, tasks * 2, &mut |_, one| facts.push(one)).expect("its rows");
        let app = |facts: &Facts| store.application(facts.subject).expect("it is read").expect("it is there");
        let apps = facts.into_iter().map(|facts| (app(&facts), facts)).collect();
        Desk { place, kind, playbook, today: parse_day(support::TODAY).expect("a day"), apps }
    }

    fn is_open(&self, app: &Application) -> bool {
        self.playbook.workflow.is_open(app.status())
    }

    fn open(&self) -> impl Iterator<Item = &(Application, Facts)> {
        self.apps.iter().filter(|(app, _)| self.is_open(app))
    }

    fn why(&self, facts: &Facts) -> Vec<Term> {
        priority::terms(&facts.case(&self.playbook, self.today), &self.playbook, self.today)
    }

    /// What the utility's own duty adds to a row.
    fn duty(&self, facts: &Facts) -> i32 {
        self.why(facts).iter().filter(|term| term.signal.name() == "duty").map(|term| term.points).sum()
    }

    /// The queue in its order, as the program prints it: reference and score.
    fn list(&self) -> Vec<(String, i64)> {
        let rows = self.place.json(&["list"]);
        let row = |row: &Value| (row["id"].as_str().unwrap_or_default().to_owned(), row["score"].as_i64().unwrap_or(-1));
        rows.as_array().expect("an array").iter().map(row).collect()
    }
}

fn desks() -> impl Iterator<Item = Desk> {
    DeskKind::ALL.into_iter().map(|kind| Desk::of(kind, 300))
}

#[test]
fn a_score_is_the_sum_of_the_terms_that_why_tells() {
    for desk in desks() {
        let list = desk.list();
        assert_eq!(list.len(), 300, "as many open applications as were wanted");
        let sums: BTreeMap<&str, i64> = desk
            .open()
            .map(|(app, stored)| {
                let now = Facts::of(app).expect("it exists");
                assert_eq!(desk.why(&now), desk.why(stored), "{}: the row knows what the record knows", app.reference());
                (app.reference(), desk.why(&now).iter().map(|term| i64::from(term.points)).sum())
            })
            .collect();
        for (id, score) in &list {
            assert_eq!(sums.get(id.as_str()), Some(score), "{} {id}", desk.kind.name());
        }
        let (id, score) = &list[0];
        assert_eq!(desk.place.json(&["why", id])["score"], *score);
        desk.place.check();
    }
}

#[test]
fn every_status_of_the_utility_lane_occurs_and_no_status_has_most() {
    for desk in desks() {
        let mut count: BTreeMap<&str, usize> = BTreeMap::new();
        desk.open().for_each(|(app, _)| *count.entry(app.status()).or_default() += 1);
        for status in desk.playbook.workflow.of_lane(UTILITY_LANE).filter(|status| status.open) {
            let here = count.get(status.name.as_str()).copied().unwrap_or(0);
            assert!((1..=60).contains(&here), "{} {}: {here}", desk.kind.name(), status.name);
        }
    }
}

#[test]
fn milestones_are_in_their_order_and_none_is_still_to_come() {
    for desk in desks() {
        let mut dated = 0;
        for (app, _) in &desk.apps {
            let milestones: Vec<_> = app.milestones().map(|one| (one.code.to_owned(), one.day)).collect();
            dated += milestones.len();
            for (code, day) in &milestones {
                assert!(*day <= desk.today, "{} {code} on {day}", app.reference());
                for (_, before) in desk.playbook.rules.follows.iter().filter(|(later, _)| later == code) {
                    let earliest = milestones.iter().filter(|(one, _)| one == before).map(|(_, day)| *day).min();
                    assert!(earliest.is_none_or(|earliest| earliest <= *day), "{} {code} on {day}: {milestones:?}", app.reference());
                }
            }
        }
        assert!(dated > 1_000, "{}: {dated}", desk.kind.name());
    }
}

#[test]
fn sites_with_several_applications_have_one_project() {
    for desk in desks() {
        let mut projects: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        let mut lanes: BTreeSet<&str> = BTreeSet::new();
        for (app, _) in &desk.apps {
            let lane = app.text("lane").unwrap_or_default();
            lanes.insert(lane);
            if let Some(project) = app.text("project") {
                projects.entry(project.to_owned()).or_default().push(lane);
            }
        }
        assert!(projects.len() > 2, "{}: {projects:?}", desk.kind.name());
        let alone = projects.iter().find(|(_, lanes)| lanes.len() < 2 || !lanes.contains(&UTILITY_LANE));
        assert_eq!(alone, None, "{}", desk.kind.name());
        let mut wanted = BTreeSet::from([UTILITY_LANE]);
        if desk.kind != DeskKind::Utility {
            wanted.extend(desk.playbook.workflow.lanes.iter().map(|lane| lane.name.as_str()));
        }
        assert_eq!(lanes, wanted, "{}", desk.kind.name());
    }
}

#[test]
fn a_clock_was_extended_and_colleagues_wrote_on_pages() {
    for desk in desks() {
        let extended = desk.apps.iter().filter(|(app, _)| !Matter::of(app).extensions.is_empty()).count();
        assert_eq!(extended, 1, "{}", desk.kind.name());
        let states = &desk.playbook.utility_states;
        assert!(states.iter().any(|state| !state.quirks.is_empty()), "{}", desk.kind.name());
        assert!(states.iter().any(|state| state.stops.iter().any(|stop| stop.until < desk.today)), "{}", desk.kind.name());
        let is_over = |state: &UtilityState| state.outage.as_ref().is_some_and(|outage| outage.until <= desk.today);
        assert!(states.iter().any(is_over), "{}", desk.kind.name());
        let down: Vec<&str> = states.iter().filter(|state| state.down(desk.today).is_some()).map(|state| state.name.as_str()).collect();
        let wanted: &[&str] = if desk.kind == DeskKind::Residential { &["Tucson Electric Power"] } else { &[] };
        assert_eq!(down, wanted, "{}", desk.kind.name());
    }
}

#[test]
fn every_tier_of_the_rules_in_use_has_an_application() {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut sets = Vec::new();
    for desk in desks() {
        for (app, _) in desk.open() {
            let answer = desk.playbook.rules.tier(&Matter::of(app), desk.playbook.utility(app.utility()), desk.today);
            found.entry(answer.rule).or_default().insert(answer.tier);
        }
        sets = desk.playbook.rules.sets;
    }
    for rule in ["oregon-net-metering-2024", "oregon-small-generator-2024", "utah-r746-312", "california-nbt"] {
        let tiers = found.get(rule).unwrap_or_else(|| panic!("{rule}: {found:?}"));
        let set = sets.iter().find(|set| set.name == rule).expect("a rule set that is shipped");
        for tier in &set.tiers {
            assert!(tiers.contains(&tier.name), "{rule} {}: {tiers:?}", tier.name);
        }
    }
}

#[test]
fn at_a_utility_what_is_due_within_a_day_is_on_top_and_few() {
    let desk = Desk::of(DeskKind::Utility, 300);
    let duties: BTreeMap<&str, i32> = desk.open().map(|(app, facts)| (app.reference(), desk.duty(facts))).collect();
    let order: Vec<i32> = desk.list().iter().map(|(id, _)| duties[id.as_str()]).collect();
    let count = order.iter().filter(|points| **points >= 250).count();
    assert!((3..30).contains(&count), "{count} of 300");
    assert!(order[..count].iter().all(|points| *points >= 250), "{order:?}");
    let overdue = order.iter().filter(|points| **points > 250).count();
    assert!((1..=8).contains(&overdue), "{overdue} of {count}");
    assert!(order.iter().filter(|points| **points > 0).count() < 100, "most are within their time: {order:?}");
}

/// Names that the letter itself asks, and to whom it goes where no page says it.
fn is_asked(name: &str, message: &Message) -> bool {
    message.asked.iter().any(|asked| asked.name == name) || matches!(name, "send_to" | "ahj_desk")
}

#[test]
fn every_letter_of_a_desk_is_filled_in_for_one_row_or_lacks_only_what_it_asks() {
    let person = Person { login: "robin".to_owned(), name: "Robin Vale".to_owned(), phone: "(555) 555-0100".to_owned() };
    let company: BTreeMap<String, String> =
        [("company", "Example Solar"), ("company_phone", "(555) 555-0199"), ("company_email", "desk@example.com")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
    for desk in desks() {
        let context = Context { playbook: &desk.playbook, person: &person, company: &company, today: desk.today, moment: None };
        for message in &desk.playbook.messages {
            let mut told = String::from("no row stands where it is offered");
            let mut is_ready = |app: &Application| match letter::message(message, &BTreeMap::new(), app, &context) {
                Ok(_) => true,
                Err(refusal) => {
                    told = refusal.says;
                    let needs = told.split_once(" needs ").map(|(_, names)| names.split(", "));
                    needs.is_some_and(|mut names| names.all(|name| is_asked(name, message)))
                }
            };
            let fits = |app: &Application| message.statuses.is_empty() || message.statuses.iter().any(|status| status == app.status());
            assert!(desk.open().any(|(app, _)| fits(app) && is_ready(app)), "{} {}: {told}", desk.kind.name(), message.name);
        }
    }
}

/// Weekends, a holiday and the days about it, the turn of a year.
#[test]
fn a_morning_looks_like_one_on_any_day() {
    for today in ["2026-11-21", "2026-11-26", "2026-11-30", "2027-01-01", "2026-07-06"] {
        for kind in DeskKind::ALL {
            let place = Place::new();
            let db = place.db();
            let made = place.cli(&["--today", today, "demo", "--desk", kind.name(), "--tasks", "200", "--no-open", "--db", &db]);
            assert!(made.status.success(), "{}", said(&made));
            let rows = place.json(&["--today", today, "list"]);
            let rows = rows.as_array().expect("an array");
            let near = rows.iter().filter(|row| row["score"].as_i64() >= Some(250)).count();
            assert!(rows.len() == 200 && near < 20, "{today} {}: {near} of {}", kind.name(), rows.len());
        }
    }
}

/// Rows in very great number are made fast, and their clocks run all the same.
#[test]
fn a_large_demo_has_clocks_too() {
    let place = Place::new();
    let made = place.cli(&["demo", "--desk", "utility", "--tasks", "5001", "--no-open", "--db", &place.db()]);
    assert!(made.status.success(), "{}", said(&made));
    let rows = place.json(&["list"]);
    let rows = rows.as_array().expect("an array");
    let near = rows.iter().filter(|row| row["score"].as_i64() >= Some(250)).count();
    assert!((20..500).contains(&near), "{near} of {}", rows.len());
    let shown = place.json(&["show", rows[0]["id"].as_str().expect("a reference")]);
    for field in ["state", "program", "size_ac", "certification"] {
        assert!(!shown[field].is_null(), "{field}: {shown}");
    }
}
