//! The process book on the command line: pages, and what the team adds to them.
#![allow(clippy::disallowed_methods, reason = "tests read and write files of their own")]

mod support;

use std::process::Output;

use serde_json::{Value, json};
use support::{Place, said};

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().map(|map| map.keys().map(String::as_str).collect()).unwrap_or_default()
}

fn out(output: &Output) -> String {
    assert!(output.status.success(), "{}", said(output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{}", said(output));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Three applications at RMP, one of them handed in and found complete, one at PGE.
fn place() -> Place {
    let place = Place::new();
    out(&place.run(&["init", "--zone", "America/Denver", "--company", "Example Solar"]));
    for (site, utility, status, due) in [
        ("1 Oak St", "RMP", "submitted", "2026-11-20"),
        ("2 Elm St", "Rocky Mountain Power", "ready-to-submit", "2026-11-20"),
        ("3 Fir St", "rmp", "package-build", "2026-11-20"),
        ("4 Ash St", "PGE", "submitted", "2026-11-20"),
    ] {
        let (status, due) = (format!("status={status}"), format!("follow_up={due}"));
        place.json(&["new", site, "--utility", utility, &status, &due]);
    }
    place
}

#[test]
fn the_book_is_listed_and_a_page_is_printed() {
    let place = place();
    let list = place.json(&["utility"]);
    let rows = list.as_array().expect("an array");
    assert_eq!(rows.len(), 9);
    assert_eq!(keys(&rows[0]), ["mailbox", "name", "portal", "portal_down_until", "short", "states"]);
    let page = place.json(&["utility", "pacificorp (utah)"]);
    let wanted = "after_hours aliases confidence contacts cut_off eia fees forms last_verified mailbox metering_mailbox methods name outage \
                  platform portal portal_url programs pto quirks regulator rules short signature source states stops supervisor_mailbox \
                  technical turnaround type who_signs zone";
    assert_eq!(keys(&page).join(" "), wanted);
    assert_eq!(page["name"], "Rocky Mountain Power");
    assert_eq!((&page["eia"], &page["cut_off"], &page["outage"]), (&Value::Null, &Value::Null, &Value::Null), "unknown is null");
    assert_eq!((&page["after_hours"]["says"], &page["after_hours"]["confidence"]), (&json!("same-day"), &json!("sourced")));
    assert_eq!(page["type"], json!({"says": "investor-owned", "source": "general knowledge", "confidence": "high"}));
    assert_eq!(page["fees"][1]["amount"], "$75 + $1.50/kW");
    assert_eq!(keys(&page["technical"]).len(), 9);
    let text = out(&place.run(&["utility", "RMP"]));
    for line in ["identity", "  EIA id: unknown", "  cut-off: unknown", "  Schedule 137, every level: unknown", "added by the team"] {
        assert!(text.lines().any(|one| one == line), "{line}\n{text}");
    }
    assert!(text.contains("after hours: counts on the day it came in [Utah Admin. Code R746-312"), "{text}");
    let none = refused(&place.run(&["utility", "Tiny Co-op"]));
    assert!(none.contains("there is no utility \"Tiny Co-op\"") && none.contains("playbooks/utilities/"), "{none}");
}

#[test]
fn what_our_applications_took_is_told() {
    let place = Place::new();
    out(&place.run(&["init", "--zone", "America/Denver"]));
    let step = |name: &str| {
        let page = place.json(&["utility", "RMP"]);
        let steps = page["turnaround"].as_array().expect("an array").clone();
        steps.into_iter().find(|step| step["step"] == name).expect("a shipped step")
    };
    assert_eq!(keys(&step("completeness")), ["label", "observed", "promised", "step", "tariff"]);
    assert_eq!(step("completeness")["observed"], Value::Null);
    assert_eq!(step("completeness")["tariff"], json!(["10 BD (Utah Admin. Code R746-312)"]));
    assert_eq!(step("meter")["promised"]["says"], "7 to 10 days");
    for (site, complete) in [("1 Oak St", "2026-11-10"), ("2 Elm St", "2026-11-12")] {
        let id = place.json(&["new", site, "--utility", "RMP", "status=ready-to-submit"])["id"].clone();
        let id = id.as_str().expect("a reference");
        place.json(&["touch", id, "submitted", "--on", "2026-11-02", "number=x"]);
        place.json(&["touch", id, "deemed-complete", "--on", complete]);
    }
    // Of 6 and 7 business days (11 November is a holiday) the median by nearest rank is the lower.
    assert_eq!(step("completeness")["observed"], json!({"median": 6, "p80": 7, "n": 2}));
    let text = out(&place.run(&["utility", "RMP"]));
    assert!(
        text.contains("completeness: tariff 10 BD (Utah Admin. Code R746-312); they say unknown; observed median 6 BD, p80 7, n 2"),
        "{text}"
    );
    // Days that were agreed not to count are taken out.
    let stop = ["utility", "RMP", "--stop-clocks", "2026-11-05", "2026-11-06", "--agreed-by", "intake desk", "--authority", "R746-312"];
    place.json(&stop);
    assert_eq!(step("completeness")["observed"], json!({"median": 4, "p80": 5, "n": 2}));
}

#[test]
fn what_the_team_adds_is_kept_told_and_undone() {
    let place = place();
    let did = place.json(&["utility", "RMP", "--quirk", "Ask before noon."]);
    assert_eq!(did, json!({"id": null, "did": "Rocky Mountain Power: quirk: Ask before noon."}));
    let quirks = |place: &Place| {
        let page = place.json(&["utility", "RMP"]);
        let added = page["quirks"].as_array().expect("an array").iter().filter(|quirk| quirk["added"] == true).count();
        (added, page["stops"].as_array().map(Vec::len))
    };
    let stop = ["utility", "rmp", "--stop-clocks", "2026-11-23", "2026-11-25", "--agreed-by", "intake desk", "--authority", "R746-312"];
    place.json(&stop);
    assert_eq!(quirks(&place), (1, Some(1)));
    let page = place.json(&["utility", "RMP"]);
    assert_eq!((&page["stops"][0]["authority"], &page["stops"][0]["until"]), (&json!("R746-312"), &json!("2026-11-25")));
    let all = out(&place.run(&["history"]));
    assert!(all.contains("utility Rocky Mountain Power  quirk: Ask before noon."), "{all}");
    assert!(all.contains("clocks stopped Mon 11/23 to Wed 11/25, agreed by intake desk (R746-312)"), "{all}");
    place.json(&["undo"]);
    assert_eq!(quirks(&place), (1, Some(0)));
    place.json(&["undo"]);
    assert_eq!(quirks(&place), (0, Some(0)));
    place.json(&["redo"]);
    assert_eq!(quirks(&place), (1, Some(0)));
    for (args, says) in [
        (&["utility", "RMP", "--portal-up"][..], "the portal of Rocky Mountain Power is not down"),
        (&["utility", "RMP", "--portal-down", "yesterday"], "yesterday"),
        (&["utility", "RMP", "--portal-down", "2026-11-01"], "has come already"),
        (&["utility", "RMP", "--quirk", " "], "the sentence is missing"),
        (&["utility", "Nobody", "--quirk", "x"], "there is no utility"),
    ] {
        let why = refused(&place.run(args));
        assert!(why.contains(says), "{args:?}: {why}");
    }
    for args in [&["utility", "--portal-up"][..], &["utility", "RMP", "--stop-clocks", "fri", "sat"], &["utility", "RMP", "--because", "x"]]
    {
        assert_eq!(place.run(args).status.code(), Some(2), "{args:?}");
    }
    place.check();
}

/// What waits for the portal of RMP, and what is to be handed in there, is away until the day; nothing of
/// the applications changes.
#[test]
fn an_outage_steps_its_rows_back() {
    let place = place();
    let away = |today: &[&str]| {
        let rows = place.json(&[today, &["list", "--view", "away"]].concat());
        let ids = rows.as_array().expect("an array").iter().map(|row| format!("{} {}", row["id"], row["follow_up"]).replace('"', ""));
        let mut ids: Vec<String> = ids.collect();
        ids.sort();
        ids
    };
    assert_eq!(away(&[]), [] as [&str; 0]);
    let before = place.json(&["history", "A-1001"]);
    let did = place.json(&["utility", "RMP", "--portal-down", "2026-12-02", "--because", "maintenance"]);
    assert_eq!(did["did"], "Rocky Mountain Power: portal down until Wed 12/2");
    assert_eq!(away(&[]), ["A-1001 2026-11-20", "A-1002 2026-11-20"]);
    assert_eq!(away(&["--today", "2026-12-02"]), [] as [&str; 0], "they come back by themselves");
    assert_eq!(place.json(&["history", "A-1001"]), before, "the applications are not touched");
    let page = place.json(&["utility", "RMP"]);
    let outage = json!({"until": "2026-12-02", "since": support::TODAY, "reason": "maintenance", "channel": "email rmp-intake@example.com",
                        "by": page["outage"]["by"]});
    assert_eq!(page["outage"], outage);
    let text = out(&place.run(&["utility"]));
    assert!(text.lines().any(|line| line.starts_with("RMP") && line.ends_with("down until Wed 12/2")), "{text}");
    let text = out(&place.run(&["utility", "RMP"]));
    assert!(text.contains("  ! portal down until Wed 12/2 (by ") && text.contains("use email rmp-intake@example.com"), "{text}");
    place.json(&["utility", "RMP", "--portal-up"]);
    assert_eq!(away(&[]), [] as [&str; 0]);
    place.json(&["undo"]);
    assert_eq!(away(&[]).len(), 2, "it is down again");
    place.json(&["undo"]);
    assert_eq!(away(&[]).len(), 0);
    // The day on which it is up again is no change, and a date before which something lapses stays.
    place.json(&["set", "A-1001", "cure_due=2026-12-01"]);
    place.json(&["utility", "RMP", "--portal-down", "2026-12-02"]);
    assert_eq!(away(&[]), ["A-1002 2026-11-20"]);
    place.check();
}
