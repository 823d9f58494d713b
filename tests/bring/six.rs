//! Does each of the six files come in whole, say nothing the second time, go with one undo, and come
//! in again? And does a dry run say what will be?

use std::path::Path;

use serde_json::{Value, json};

use crate::support::tell;
use crate::world::{CRM, PORTAL, TRACKER, counts, demo, empty, events, everything, import, listed, public, refused};

/// What a file comes to.
struct Is<'a> {
    profile: &'a str,
    added: u64,
    /// Of one of them, by which it is found.
    number: &'a str,
    unknown: Value,
}

fn without_dry_run(mut report: Value) -> Value {
    report.as_object_mut().expect("an object").remove("dry_run");
    report
}

/// `slow`: a file of thousands of rows is read as seldom as it can be; that it would come in again, the dry run says.
fn round(path: &Path, is: &Is<'_>, slow: bool) {
    let place = empty();
    let begin = std::time::Instant::now();
    let first = import(&place, path, &[]);
    assert_eq!((counts(&first), &first["profile"]), ([is.added, 0, 0, 0, 0], &json!(is.profile)), "{first}");
    assert_eq!(first["unknown_statuses"], is.unknown);
    assert_eq!((&first["gone_keys"], &first["dry_run"], &first["changes"]), (&json!([]), &json!(false), &json!([])));
    assert!(place.json(&["show", is.number])["aliases"].as_array().is_some_and(|all| !all.is_empty()));
    let written = events(&place);
    let again = import(&place, path, &[]);
    assert_eq!(counts(&again), [0, 0, is.added, 0, 0], "{again}");
    assert_eq!(events(&place), written, "the second time nothing is written");
    place.check();
    if !slow {
        assert_eq!(everything(&place).len() as u64, is.added);
        let dry = import(&place, path, &["--dry-run"]);
        assert_eq!((&dry["dry_run"], without_dry_run(dry.clone())), (&json!(true), without_dry_run(again)));
    }
    place.json(&["undo"]);
    assert_eq!((listed(&place), place.json(&["conflicts"])), (0, json!([])));
    refused(&place, &["show", is.number], 1);
    assert!(everything(&place).is_empty(), "ended ones are gone too");
    let left = events(&place);
    let dry = import(&place, path, &["--dry-run"]);
    assert_eq!(dry["dry_run"], true);
    assert_eq!(without_dry_run(dry), without_dry_run(first.clone()), "a dry run says what will be");
    assert_eq!((events(&place), listed(&place)), (left, 0), "and writes nothing");
    if !slow {
        assert_eq!(without_dry_run(import(&place, path, &[])), without_dry_run(first), "and it came in again");
        assert_eq!(everything(&place).len() as u64, is.added);
        place.check();
    }
    tell(&format!("{}: {} rows, all of it in {} ms", is.profile, is.added, begin.elapsed().as_millis()));
}

#[test]
fn a_crms_report() {
    round(&demo(CRM), &Is { profile: "crm-report", added: 46, number: "00412007", unknown: json!({"On Hold - Finance": 4}) }, false);
}

#[test]
fn a_portals_list() {
    round(&demo(PORTAL), &Is { profile: "portal-list", added: 36, number: "2661622437552", unknown: json!({}) }, false);
}

#[test]
fn a_teams_tracker() {
    round(&demo(TRACKER), &Is { profile: "tracker", added: 29, number: "01817", unknown: json!({"hold??": 1}) }, false);
}

#[test]
fn the_public_queue_of_miso() {
    let Some(path) = public("miso_queue_2026-06-29.csv") else { return };
    let unknown = json!({"Pending Revision Approval": 1, "Pending Transfer": 2});
    round(&path, &Is { profile: "miso", added: 3_792, number: "J4183", unknown }, true);
}

#[test]
fn the_public_register_of_ukpn() {
    let Some(path) = public("ukpn_embedded_capacity_register_2022.csv") else { return };
    round(&path, &Is { profile: "ukpn", added: 989, number: "290b8119ef98-1", unknown: json!({}) }, false);
}

#[test]
fn the_public_queue_of_pjm() {
    let Some(path) = public("pjm_serial_queue_2025-01.xlsx") else { return };
    round(&path, &Is { profile: "pjm", added: 8_190, number: "A01", unknown: json!({"Suspended": 134}) }, true);
}
