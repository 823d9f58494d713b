//! Does the command line find what a query says, and say what it cannot mean?
#![allow(clippy::disallowed_methods, reason = "tests write files of their own")]

mod support;

use serde_json::{Value, json};
use support::{Place, said};

/// Four open applications and a closed one; today is Friday 2026-11-20.
fn place() -> Place {
    let place = Place::new();
    assert!(place.run(&["init", "--zone", "America/Denver", "--company", "Example Solar"]).status.success());
    let new = |site: &str, utility: &str, values: &[&str]| {
        let mut args = vec!["new", site, "--utility", utility];
        args.extend(values);
        place.json(&args);
    };
    new("1 Oak St", "RMP", &["customer_name=Ann Smith", "size_ac=7.6", "status=submitted", "follow_up=2026-11-20", "escalated=yes"]);
    new("2 Elm St", "PGE", &["customer_name=Bo Li", "size_ac=30", "status=deficiency", "follow_up=2026-11-30", "owner=Lee"]);
    new("3 Fir St", "RMP", &["customer_name=Cy Orr", "status=submitted", "follow_up=2026-11-20", "hold=roof"]);
    new(
        "4 Ash St",
        "Tiny Co-op",
        &["customer_name=Di Fox", "size_ac=500W", "status=intake", "program=net metering", "follow_up=2026-11-20"],
    );
    new("5 Bay St", "RMP", &["status=intake"]);
    place.json(&["set", "A-1005", "status=ended", "ended_reason=cancelled", "--because", "sold the house"]);
    place.json(&["note", "A-1002", "the meter swap is done"]);
    place
}

fn ids(place: &Place, args: &[&str]) -> String {
    let list = place.json(args);
    let ids = list.as_array().expect("an array").iter().filter_map(|row| row["id"].as_str());
    ids.map(|id| id.trim_start_matches("A-100")).collect::<Vec<_>>().join(" ")
}

#[test]
fn one_language_for_list_and_export() {
    let place = place();
    for (query, wanted) in [
        (&["utility:rmp"][..], "1 3"),
        (&["utility:rmp", "-hold"], "1"),
        (&["-utility:rmp", "-status:intake"], "2"),
        (&["kw>25"], "2"),
        (&["kw<1", "workable"], "4"),
        (&["due<=today", "-hold"], "1 4"),
        (&["away"], "2"),
        (&["owner:lee"], "2"),
        (&["utility:rmp", "meter swap"], ""),
        (&["utility:pge", "meter swap"], "2"),
        (&["\"meter swap\" utility:pge"], "2"),
        (&["swap", "meter"], "2"),
        (&["program:\"net metering\""], "4"),
        (&["touched<=0d"], "2"),
        (&["touched:none", "-hold"], "1 4"),
        (&["touched>14d"], ""),
        (&["status:ended"], "5"),
        (&["status:intake,ended"], "4 5"),
        (&["-status:submitted"], "4 2"),
        (&["!hold", "utility:rmp"], "1"),
        (&["goal:none", "-kw:none"], "1 4 2"),
    ] {
        assert_eq!(ids(&place, &[&["list"], query].concat()), wanted, "{query:?}");
    }
    assert_eq!(ids(&place, &["list", "-hold", "--limit", "1", "utility:rmp"]), "1", "options may stand between");
    let export = place.run(&["export", "-utility:rmp", "--sort", "-kw", "--format", "jsonl", "--out", "-"]);
    assert!(export.status.success(), "{}", said(&export));
    let rows: Vec<Value> = String::from_utf8_lossy(&export.stdout).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(rows.iter().map(|row| &row["id"]).collect::<Vec<_>>(), [&json!("A-1002"), &json!("A-1004")]);
}

#[test]
fn a_sort_and_groups() {
    let place = place();
    assert_eq!(ids(&place, &["list"]), "1 4 2 3");
    assert_eq!(ids(&place, &["list", "--sort", "kw"]), "4 1 2 3", "what has none is last");
    assert_eq!(ids(&place, &["list", "--sort", "-kw"]), "2 1 4 3", "in both directions");
    assert_eq!(ids(&place, &["list", "--sort", "utility,-ref"]), "2 3 1 4");
    let grouped = place.json(&["list", "--group", "utility"]);
    let groups: Vec<&str> = grouped.as_array().expect("an array").iter().filter_map(|row| row["group"].as_str()).collect();
    assert_eq!(groups, ["Rocky Mountain Power", "Rocky Mountain Power", "Tiny Co-op", "Portland General Electric"]);
    let shown = place.run(&["list", "--group", "utility", "--limit", "3"]);
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    let heads: Vec<&str> = shown.lines().filter(|line| line.starts_with("── ")).collect();
    assert_eq!(heads, ["── Rocky Mountain Power (2)", "── Tiny Co-op (1)"], "{shown}");
    assert!(shown.ends_with("3 of 4\n"), "{shown}");
}

#[test]
fn what_cannot_be_meant_is_one_sentence_with_its_place() {
    let place = place();
    let far = format!("{} utilty:rmp", "oak ".repeat(60));
    for (args, first, marked) in [
        (&["list", "utilty:rmp"][..], "intertie: there is no field utilty; is it utility?", "utilty"),
        (&["list", "oak", "status:submited"], "intertie: there is no status submited; is it submitted?", "submited"),
        (&["export", "\"oak", "--format", "csv", "--out", "-"], "intertie: this quote is never closed", "\""),
        (&["list", "/oak.*/"], "intertie: /oak.*/ reads like a pattern", "/oak.*/"),
        (&["list", "due<2/31"], "intertie: due: there is no day 31 in February", "2/31"),
        (&["list", "oak\u{1b}[2J"], "intertie: there is a character here", "·"),
        (&["list", &far], "intertie: there is no field utilty", "utilty"),
        (&["list", "東京 kw>x"], "intertie: kw: a size like 7.6", "x"),
    ] {
        let got = place.run(args);
        assert_eq!(got.status.code(), Some(2), "{args:?}: {}", said(&got));
        let err = String::from_utf8_lossy(&got.stderr).into_owned();
        let lines: Vec<&str> = err.lines().collect();
        assert!(lines.len() == 3 && lines[0].starts_with(first), "{args:?}: {err}");
        assert!(lines[1].chars().count() < 70 && !err.contains('\u{1b}'), "{err}");
        // By cells: a wide letter takes two.
        let cells: Vec<char> = lines[1].chars().flat_map(|c| std::iter::repeat_n(c, if c > '\u{2e80}' { 2 } else { 1 })).collect();
        let carets = lines[2].chars().enumerate().filter(|(_, c)| *c == '^').filter_map(|(at, _)| cells.get(at));
        assert_eq!(carets.collect::<String>(), marked, "{err}");
    }
    let long = place.run(&["list", &"x ".repeat(2_000)]);
    assert!(long.status.code() == Some(2) && String::from_utf8_lossy(&long.stderr).contains("at most 1000 letters"), "{}", said(&long));
    for args in [&["list", "--sort", "dua"][..], &["list", "--group", "colour"], &["list", "--view", "nobody"]] {
        assert_eq!(place.run(args).status.code(), Some(2), "{args:?}");
    }
}

#[test]
fn a_view_of_ones_own_is_a_file() {
    let place = place();
    let dir = place.path("config").join("intertie/views");
    std::fs::create_dir_all(&dir).expect("a directory");
    std::fs::write(dir.join("rmp.toml"), "rows = \"team\"\nquery = \"utility:rmp\"\nsort = \"-ref\"\ngroup = \"status\"\n")
        .expect("written");
    std::fs::write(dir.join("other.toml"), "desk = \"commercial\"\nquery = \"status:nowhere\"\n").expect("written");
    std::fs::write(dir.join("torn.toml"), "query = \"utilty:x\"\n").expect("written");
    assert_eq!(ids(&place, &["list", "--view", "rmp"]), "3 1");
    assert_eq!(ids(&place, &["list", "--view", "rmp", "-hold", "--sort", "ref"]), "1");
    assert_eq!(place.json(&["list", "--view", "rmp"])[0]["group"], "submitted");
    assert_eq!(ids(&place, &["list", "--view", "team"]), "1 4", "what is to be worked now");
    let torn = place.run(&["list", "--view", "torn"]);
    assert!(
        !torn.status.success() && String::from_utf8_lossy(&torn.stderr).contains("torn.toml:1: query: read utilty:x"),
        "{}",
        said(&torn)
    );
    for name in ["other", "../../etc/passwd", "nobody"] {
        let got = place.run(&["list", "--view", name]);
        assert!(got.status.code() == Some(2) && String::from_utf8_lossy(&got.stderr).contains("there is no view"), "{}", said(&got));
    }
}
