//! Tier and clocks on the command line: of a record, and of values that somebody says on the phone.
#![allow(clippy::disallowed_methods, reason = "tests read and write files of their own")]

mod support;

use serde_json::{Value, json};
use support::{Place, said};

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().map(|map| map.keys().map(String::as_str).collect()).unwrap_or_default()
}

fn clock(clocks: &Value, name: &str) -> Value {
    clocks.as_array().and_then(|all| all.iter().find(|one| one["clock"] == name)).cloned().unwrap_or_default()
}

#[test]
fn a_question_on_the_phone_needs_neither_record_nor_database() {
    let place = Place::new();
    let tier = place.json(&["tier", "state=OR", "program=net-metering", "nameplate=50kW", "export=25kW", "received=2026-11-02"]);
    assert_eq!(
        keys(&tier),
        ["cites", "confidence", "label", "margin", "missing", "reason", "rule", "screens", "study", "threshold", "tier"]
    );
    assert_eq!((&tier["tier"], &tier["margin"]), (&json!("tier-1"), &json!("0 kW of nameplate")));
    assert_eq!((&tier["rule"], &tier["confidence"]), (&json!("oregon-net-metering-2024"), &json!("sourced")));
    // Nobody said that it is inverter-based: the answer says that it took it for granted.
    assert_eq!(tier["missing"], json!(["inverter"]));
    let unknown = place.json(&["tier", "state=OR", "nameplate=50kW"]);
    assert_eq!((&unknown["tier"], &unknown["missing"]), (&json!("unknown"), &json!(["program"])));

    let clocks = place.json(&["clock", "state=UT", "utility=RMP", "received=2026-11-16"]);
    let ack = clock(&clocks, "ack");
    for key in ["clock", "trigger", "started", "due", "owes", "outcome", "skipped", "rule", "confidence", "missing"] {
        assert!(keys(&ack).contains(&key), "{key}: {ack}");
    }
    assert_eq!((&ack["trigger"], &ack["started"], &ack["due"]), (&json!("received"), &json!("2026-11-16"), &json!("2026-11-19")));
    assert_eq!((&ack["owes"], &ack["outcome"]), (&json!("utility"), &json!("breach")));
    let complete = clock(&clocks, "completeness");
    assert_eq!(complete["skipped"], json!([{"date": "2026-11-26", "why": "Thanksgiving Day"}]));
    // Nearest first; those that wait come last and name what is missing.
    let due: Vec<&str> = clocks.as_array().expect("an array").iter().filter_map(|one| one["due"].as_str()).collect();
    assert!(due.is_sorted() && due.len() >= 3, "{due:?}");
    assert_eq!(clock(&clocks, "dispute-resolution")["missing"], json!(["dispute-notice"]));
    assert!(!place.path("work.db").exists(), "nothing is made by asking");
}

#[test]
fn what_makes_no_sense_is_said_with_its_code() {
    let place = Place::new();
    for (args, says) in [
        (vec!["tier", "state=OR", "nameplate=big"], "nameplate: read \"big\", wanted a size like 7.6 kW"),
        (vec!["tier", "state=OR", "colour=red"], "colour is nothing that rules look at"),
        (vec!["tier", "state=OR", "nameplate"], "is no FIELD=VALUE"),
        (vec!["tier", "state=OR", "certification=ul"], "certification: read \"ul\", wanted one of none, 1741, sa, sb"),
        (vec!["clock", "state=OR", "received=tomorrow"], "received: read \"tomorrow\", wanted a day like 2026-11-02"),
        (vec!["clock", "A-1", "A-2"], "one application, or values"),
    ] {
        let output = place.run(&args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", said(&output));
        assert!(said(&output).contains(says), "{args:?}: {}", said(&output));
    }
}

#[test]
fn the_record_knows_its_tier_its_clocks_and_what_was_agreed() {
    let place = Place::new();
    assert!(place.run(&["init", "--zone", "America/Denver"]).status.success());
    let new = ["new", "1 Oak St", "--utility", "RMP", "state=UT", "size_ac=25.1kW", "certification=sb", "status=ready-to-submit"];
    let id = place.json(&new)["id"].as_str().expect("a reference").to_owned();
    assert_eq!(place.json(&["tier", &id])["tier"], "level-2");
    place.json(&["touch", &id, "submitted", "--on", "2026-11-16", "number=x"]);
    let clocks = place.json(&["clock", &id]);
    assert_eq!(clock(&clocks, "ack")["due"], "2026-11-19");
    assert!(clock(&clocks, "ack")["because"].as_str().is_some_and(|says| says.contains("no day of \"received\"")), "{clocks}");
    // The utility let its day pass on Thursday the 19th; today is the 20th.
    let why = place.json(&["why", &id]);
    let terms = why["terms"].as_array().expect("an array");
    let breached = terms.iter().find(|term| term["signal"] == "breached").expect("it is past");
    assert_eq!(breached["because"], "they owe us (acknowledgement) Thu 11/19, 1 BD past");
    let sum: i64 = terms.iter().filter_map(|term| term["points"].as_i64()).sum();
    assert_eq!(why["score"], sum);

    let extend =
        |clock: &str, until: &str| place.run(&["extend", &id, clock, until, "--agreed-by", "intake desk", "--authority", "R746-312-3"]);
    assert!(extend("ack", "2026-11-25").status.success());
    let ack = clock(&place.json(&["clock", &id]), "ack");
    assert_eq!((&ack["due"], &ack["extended"]["agreed_by"]), (&json!("2026-11-25"), &json!("intake desk")));
    assert!(place.json(&["why", &id])["terms"].as_array().is_some_and(|terms| terms.iter().all(|term| term["signal"] != "breached")));
    for (name, until, says) in [("ack", "2026-11-24", "is not after Wed 11/25"), ("cure", "2026-12-24", "no clock cure runs")] {
        let output = extend(name, until);
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(said(&output).contains(says), "{}", said(&output));
    }
    assert!(place.run(&["undo"]).status.success());
    assert_eq!(clock(&place.json(&["clock", &id]), "ack")["due"], "2026-11-19");
    assert_eq!(place.json(&["check"])["ok"], true);
}

#[test]
fn a_storm_stops_every_clock_of_a_utility_on_its_rows_too() {
    let place = Place::new();
    assert!(place.run(&["init", "--zone", "America/Denver"]).status.success());
    let id =
        place.json(&["new", "1 Oak St", "--utility", "RMP", "state=UT", "status=ready-to-submit"])["id"].as_str().expect("one").to_owned();
    place.json(&["touch", &id, "submitted", "--on", "2026-11-16", "number=x"]);
    let breached =
        || place.json(&["why", &id])["terms"].as_array().is_some_and(|terms| terms.iter().any(|term| term["signal"] == "breached"));
    assert!(breached());
    let stop = ["utility", "RMP", "--stop-clocks", "2026-11-17", "2026-11-18", "--agreed-by", "both", "--authority", "R746-312-3"];
    place.json(&stop);
    let ack = clock(&place.json(&["clock", &id]), "ack");
    // 19, 20 and 23 November.
    assert_eq!(ack["due"], "2026-11-23");
    assert_eq!(ack["skipped"].as_array().map(Vec::len), Some(2));
    assert!(!breached());
    let list = place.json(&["list"]);
    assert_eq!(list[0]["score"], place.json(&["why", &id])["score"]);
}

#[test]
fn a_duty_that_ends_before_we_look_again_is_said() {
    let place = Place::new();
    assert!(place.run(&["init", "--desk", "utility", "--zone", "America/Los_Angeles"]).status.success());
    let values = ["state=OR", "program=net-metering", "size_ac=10kW", "export=10kW", "certification=sb"];
    let id = place.json(&[&["new", "12 Oak St", "--utility", "PGE"][..], &values].concat())["id"].as_str().expect("one").to_owned();
    // Received today, Friday 20 November; the notice is due on the third business day after it.
    let looked = |until: &str| {
        let touched = place.run(&["touch", &id, "pc-no-change", "--follow-up", until]);
        assert!(touched.status.success(), "{}", said(&touched));
        said(&touched)
    };
    let on_the_day = looked("11/25");
    assert!(!on_the_day.contains("we owe"), "{on_the_day}");
    let after = looked("12/4");
    assert!(after.contains("we owe: receipt and completeness Wed 11/25, before we look"), "{after}");
}
