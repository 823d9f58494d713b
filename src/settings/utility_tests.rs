//! Is the utility's desk one on which work can be done, and do all desks keep to one spine?

use std::collections::BTreeMap;

use super::*;
use crate::domain::day::parse_day;
use crate::domain::field;
use crate::domain::message::made::{asks_line, read_asks};
use crate::domain::message::{self, Message};
use crate::domain::plan::{Answers, Context, touch};
use crate::domain::playbook::UTILITY_LANE;
use crate::domain::rules::Owes;
use crate::domain::testing;
use crate::domain::when;
use crate::keys::action::{ACTIONS, Layer};
use crate::keys::chord::{Key, show_keys};
use crate::keys::keymap::{Binding, Found};

/// Every desk that is shipped, loaded.
fn every_desk() -> Vec<Settings> {
    let names = desks(shipped());
    let kinds = DeskKind::ALL.into_iter().filter(|desk| names.contains(&desk.name()));
    kinds.map(|desk| load(desk, &[], &[]).unwrap_or_else(|problems| panic!("{}: {problems:?}", desk.name()))).collect()
}

fn utility() -> Settings {
    load(DeskKind::Utility, &[], &[]).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// All desks speak of the same places under the same names: the residential desk has the whole spine.
#[test]
fn the_desks_share_one_spine() {
    let spine = load(DeskKind::Residential, &[], &[]).expect("the shipped files").playbook.workflow;
    for Playbook { desk, workflow, .. } in every_desk().into_iter().map(|settings| settings.playbook) {
        let own = workflow.statuses.iter().filter(|status| status.lane.is_empty() || status.lane == UTILITY_LANE);
        let places: Vec<Option<usize>> = own.map(|own| spine.statuses.iter().position(|status| status.name == own.name)).collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{}: {places:?}", desk.name());
    }
}

#[test]
fn the_utility_desk_begins_with_what_came_in() {
    let settings = utility();
    let (playbook, flow) = (&settings.playbook, &settings.playbook.workflow);
    assert_eq!(flow.first(UTILITY_LANE).map(|status| (status.name.as_str(), status.label.as_str())), Some(("submitted", "received")));
    assert!(flow.lanes.len() == 1 && flow.status("package-build").is_none(), "what only the applicant sees is no matter of this desk");
    assert_eq!((flow.statuses.len(), playbook.calendar.name.as_str()), (23, "oregon"));
    assert!(playbook.dispositions.len() >= 25 && playbook.messages.len() >= 20);
    // Whatever leaves the house because a rule has a clock on it is a dated thing, and goes out with its letter.
    for (name, milestone, message) in [
        ("deemed-complete", "deemed-complete", "completeness-letter"),
        ("incomplete-notice", "deficiency-received", "incompleteness-letter"),
        ("screens-failed", "screens-failed", "screen-result"),
        ("approved", "approved-to-install", "conditional-approval"),
        ("denied", "denied", "denial-letter"),
        ("deemed-withdrawn", "withdrawn", "withdrawal-notice"),
        ("pto-granted", "pto", "pto-letter"),
    ] {
        let disposition = playbook.disposition(name).expect("it is shipped");
        assert_eq!((disposition.milestone.as_deref(), disposition.message.as_deref()), (Some(milestone), Some(message)), "{name}");
    }
    let list = settings.profiles.iter().find(|profile| profile.name == "list").expect("it is shipped");
    assert!(list.statuses.iter().all(|rule| flow.status(&rule.status).is_some()) && list.statuses.len() > 5, "{:?}", list.statuses);
}

/// What the message editor makes of a message must be the message.
#[test]
fn every_letter_goes_through_the_editor_unchanged() {
    let playbook = utility().playbook;
    for message in &playbook.messages {
        assert_eq!(read_asks(&asks_line(&message.asked)), message.asked, "{}", message.name);
        assert_eq!(message.faults(&playbook.workflow), [], "{}", message.name);
        assert!(!message.crm.is_empty() && !message.label.is_empty(), "{}", message.name);
    }
}

#[test]
fn what_the_desk_offers_is_legal_and_looked_at_again() {
    let playbook = utility().playbook;
    let (flow, from_day) = (&playbook.workflow, parse_day("2026-11-20").expect("a constant"));
    for disposition in &playbook.dispositions {
        for from in &disposition.from {
            let to = disposition.status.as_ref().unwrap_or(from);
            assert!(flow.is_legal(from, to), "{} from {from}", disposition.name);
        }
    }
    let spans = flow.statuses.iter().map(|status| &status.follow_up);
    let spans = spans.chain(playbook.dispositions.iter().filter_map(|one| one.follow_up.as_ref()));
    for span in spans.filter(|span| !span.is_empty() && *span != "promised") {
        assert!(when::read(span, from_day, &playbook.calendar).is_ok_and(|resolved| resolved.when.day > from_day), "{span}");
    }
    let place = |name: &str| flow.statuses.iter().position(|status| status.name == name);
    for status in &flow.statuses {
        assert!(!status.open || flow.is_legal(&status.name, "ended") && !status.task.is_empty(), "{}", status.name);
        let wanted = place(&status.name) >= place("approved-to-install") && status.name != "ended";
        assert_eq!(status.approved, wanted, "{}", status.name);
    }
    for (from, to) in [("submitted", "pto"), ("submitted", "deemed-complete"), ("approved-to-install", "pto"), ("closed", "ended")] {
        assert!(!flow.is_legal(from, to), "{from} to {to}");
    }
}

/// A clock that a rule sets for the utility must begin and end on this desk's keys, or nobody could keep it.
#[test]
fn what_starts_and_stops_the_utilitys_clocks_is_recorded() {
    let playbook = utility().playbook;
    let recorded = |code: &String| playbook.dispositions.iter().any(|one| one.milestone.as_ref() == Some(code));
    let mut seen = 0;
    for set in playbook.rules.sets.iter().filter(|set| set.name != "practice") {
        // A pre-application report is not asked for on an application, and has no place on this desk yet.
        let own = set.clocks.iter().filter(|clock| clock.owes != Owes::Applicant && clock.trigger != ["pre-application-requested"]);
        for clock in own {
            seen += 1;
            assert!(clock.trigger.iter().any(recorded), "{} {}: nothing starts it, {:?}", set.name, clock.name, clock.trigger);
            assert!(clock.stops.iter().any(|code| code != "withdrawn" && recorded(code)), "{} {}: {:?}", set.name, clock.name, clock.stops);
        }
    }
    assert!(seen >= 15, "{seen} clocks");
}

/// Somebody who changes desks keeps their keys: what has the same name has the same two keys, among others.
#[test]
fn a_quick_action_that_the_residential_desk_has_too_has_its_keys() {
    let residential = load(DeskKind::Residential, &[], &[]).expect("the shipped files");
    let utility = utility();
    let chords = |settings: &Settings, name: &str| {
        let touch = |binding: &&Binding| binding.run.argument.as_deref() == Some(name) && binding.keys.len() > 1;
        settings.keymap.bindings().iter().filter(touch).map(|binding| show_keys(&binding.keys)).collect::<Vec<_>>()
    };
    let common: Vec<&String> = residential.playbook.dispositions.iter().map(|one| &one.name).collect();
    let common: Vec<&String> = common.into_iter().filter(|name| utility.playbook.disposition(name).is_some()).collect();
    assert!(common.len() >= 20, "{common:?}");
    for name in common {
        let (theirs, mine) = (chords(&residential, name), chords(&utility, name));
        assert!(theirs.iter().all(|keys| mine.contains(keys)), "{name}: {theirs:?}, {mine:?}");
    }
}

#[test]
fn every_quick_action_has_a_key_and_the_digits_need_no_value_of_the_companys() {
    let Settings { keymap, playbook, .. } = utility();
    for action in ACTIONS.iter().filter(|action| action.takes.is_none()) {
        assert!(keymap.keys_of(action.name, None).is_some(), "{}", action.name);
    }
    for disposition in &playbook.dispositions {
        assert!(keymap.keys_of("touch", Some(&disposition.name)).is_some(), "{}", disposition.name);
    }
    for digit in ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"] {
        let Found::Hit(binding) = keymap.get(Layer::Queue, &[Key::parse(digit).expect("a digit")]) else { panic!("{digit}") };
        assert!(binding.say.chars().count() <= 13, "{digit} {}: ten of them must fit on 80 columns", binding.say);
        let disposition = binding.run.argument.as_deref().and_then(|name| playbook.disposition(name)).expect("a quick action");
        let Some(message) = disposition.message.as_ref().and_then(|name| playbook.message(name)) else { continue };
        for field in message::fields(message).expect("the messages were checked") {
            // What is asked is asked before Enter, and so is what the record lacks.
            let source = message::source(&field, message).expect("a source");
            let at_hand = matches!(source, message::Source::Asked | message::Source::Application | message::Source::Computed);
            assert!(at_hand || ["utility_name", "coordinator_name"].contains(&field.as_str()), "{digit}: {field}");
        }
    }
}

/// What somebody would answer, by the question's name.
fn answered(question: &touch::Question, said: Option<&Message>) -> String {
    let asked = said.and_then(|said| said.asked.iter().find(|asked| asked.name == question.name)).and_then(|asked| asked.day);
    let kind = field::find(&question.name).map(|field| field.kind);
    match (asked, kind) {
        (Some(message::AskedDay::Past), _) => "yesterday".to_owned(),
        _ if question.name == "on" => "yesterday".to_owned(),
        (Some(message::AskedDay::Next), _) | (_, Some(field::Kind::Day | field::Kind::When)) => "10b".to_owned(),
        _ if question.name == "send_to" || question.name.ends_with("_desk") || question.name.ends_with("mailboxes") => {
            "desk@example.com".to_owned()
        }
        (_, Some(field::Kind::Watts)) => "7.6 kW".to_owned(),
        _ => "as agreed".to_owned(),
    }
}

/// Each quick action in each status that it names, with an answer to each of its questions and to nothing else.
#[test]
fn every_quick_action_of_every_desk_can_be_planned() {
    let person = message::Person { login: "jdoe".into(), name: "J. Doe".into(), phone: "(555) 555-0100".into() };
    let company = BTreeMap::from([("company".to_owned(), "Example Solar".to_owned())]);
    for Settings { playbook, .. } in every_desk() {
        let ctx = Context { playbook: &playbook, person: &person, company: &company, today: testing::today(), moment: None };
        for disposition in &playbook.dispositions {
            let open = playbook.workflow.statuses.iter().filter(|status| status.open && disposition.from.is_empty());
            let open = open.filter(|status| disposition.status.as_deref().is_none_or(|to| playbook.workflow.is_legal(&status.name, to)));
            for from in disposition.from.iter().chain(open.map(|status| &status.name)) {
                // What belongs to every lane is in that of what the quick action leads to.
                let lanes =
                    [Some(from), disposition.status.as_ref()].into_iter().flatten().filter_map(|name| playbook.workflow.status(name));
                let lane = lanes.map(|status| status.lane.as_str()).find(|lane| !lane.is_empty()).unwrap_or(UTILITY_LANE);
                if disposition.lane.as_deref().is_some_and(|only| only != lane) {
                    continue;
                }
                let fields = [("status", from.as_str()), ("lane", lane), ("site", "12 Elm"), ("utility", "PGE"), ("sms_consent", "yes")];
                let app =
                    testing::application(&[&fields[..], &[("customer_name", "Ana Reyes"), ("customer_zone", "America/Denver")]].concat());
                let said = disposition.message.as_deref().and_then(|name| playbook.message(name));
                let mut answers = Answers::default();
                let questions = touch::questions(disposition, &app, &ctx);
                assert!(
                    questions.is_sorted_by_key(|question| !question.required),
                    "{}: the first key goes into {questions:?}",
                    disposition.name
                );
                for question in questions.iter().filter(|question| question.required) {
                    match question.name.as_str() {
                        "note" => answers.note = Some("as agreed".to_owned()),
                        name => drop(answers.values.insert(name.to_owned(), answered(question, said))),
                    }
                }
                let name = format!("{} {} from {from}", playbook.desk.name(), disposition.name);
                let planned = touch::disposition(disposition, &answers, &app, &ctx).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
                let note = planned.change.fields.get("note").and_then(|write| write.to.as_text()).unwrap_or_default();
                assert!(!note.is_empty() && !note.contains('⟦'), "{name}: {note}");
                assert!(planned.message.is_some() == disposition.message.is_some(), "{name}");
            }
        }
    }
}
