//! Do two sources that know one application by their own numbers meet in one record, and only there?

use serde_json::{Value, json};

use crate::support::Place;
use crate::world::{CRM, PORTAL, changed, changes, counts, demo, empty, events, everything, fields, file, import, listed, show};

fn without_dry_run(mut report: Value) -> Value {
    report.as_object_mut().expect("an object").remove("dry_run");
    report
}

/// The dry run and the real one say the same.
fn both(place: &Place, path: &std::path::Path, more: &[&str]) -> Value {
    let written = events(place);
    let dry: Vec<&str> = more.iter().copied().chain(["--dry-run"]).collect();
    let dry = without_dry_run(import(place, path, &dry));
    assert_eq!(events(place), written);
    let real = without_dry_run(import(place, path, more));
    assert_eq!(dry, real);
    real
}

fn problems(report: &Value) -> Vec<String> {
    let one = |problem: &Value| format!("{}: {} ({})", problem["line"], problem["read"].as_str().unwrap_or_default(), problem["column"]);
    report["problems"].as_array().expect("an array").iter().map(one).collect()
}

#[test]
fn a_portals_rows_find_the_crms_applications_by_number_and_by_meter() {
    let place = empty();
    import(&place, &demo(CRM), &[]);
    let before = everything(&place);
    let report = both(&place, &demo(PORTAL), &[]);
    // Eleven by the application's number, five more by the meter's; of the other two that the lists
    // share, the CRM has neither.
    assert_eq!((&report["found"], counts(&report)), (&json!(16), [20, 16, 0, 1, 0]), "{report}");
    let alike: Vec<&str> = report["alike"].as_array().expect("an array").iter().filter_map(|one| one["key"].as_str()).collect();
    assert_eq!(alike, ["2630383282560", "2683515665378"], "and those are said to look alike");
    let all = everything(&place);
    assert_eq!(all.len(), before.len() + 20);
    for field in ["number", "meter_number"] {
        let mut numbers: Vec<&str> = all.iter().filter_map(|one| one[field].as_str()).collect();
        numbers.sort_unstable();
        assert!(numbers.windows(2).all(|two| two[0] != two[1]), "no {field} stands in two applications");
    }
    // Found by its meter, it has got its number.
    assert_eq!(show(&place, "2661622437552")["id"], show(&place, "00412007")["id"]);
    assert_eq!(fields(&place, "00412007", &["number", "customer_name"]), r#""2661622437552" "Olga Vargas""#);
    assert_eq!(fields(&place, "2623661185714", &["crm_number", "meter_number"]), r#""00412035" "2399564""#);
    for list in [CRM, PORTAL] {
        let again = import(&place, &demo(list), &[]);
        assert_eq!((counts(&again)[0], counts(&again)[1], &again["found"]), (0, 0, &json!(0)), "{again}");
    }
    place.check();
    place.json(&["undo"]);
    assert_eq!(everything(&place).len(), before.len());
    assert!(everything(&place) == before, "the portal's part of each record goes with its undo");
    place.check();
}

#[test]
fn a_later_change_reaches_that_record_only() {
    let place = empty();
    import(&place, &demo(CRM), &[]);
    import(&place, &demo(PORTAL), &[]);
    let before = everything(&place);
    let edits = [("2661622437552", "\t7.6\t", "\t8.2\t"), ("2623661185714", "\t9120244726\t", "\t9120244727\t")];
    let portal = changed(&place, &demo(PORTAL), "portal_projects_2026-11-27.csv", &edits);
    let report = both(&place, &portal, &[]);
    let wanted = ["2623661185714 account_number: \"9120244726\" → \"9120244727\"", "2661622437552 size_ac: 7600 → 8200"];
    assert_eq!((changes(&report), counts(&report)[1]), (wanted.map(str::to_owned).to_vec(), 2));
    let after = everything(&place);
    let touched: Vec<&str> =
        before.iter().zip(&after).filter(|(before, after)| before != after).filter_map(|(_, after)| after["crm_number"].as_str()).collect();
    assert_eq!((touched, after.len()), (vec!["00412007", "00412035"], before.len()));
    // The CRM still says 7.60 as it did: that changes nothing.
    let crm = import(&place, &demo(CRM), &[]);
    assert_eq!((counts(&crm), show(&place, "00412007")["size_ac"].clone()), ([0, 0, 46, 0, 0], json!(8200)));
    place.check();
}

const PORTAL_HEAD: &str = "Application ID,Customer Name,Service Address,Project Status,Status Date,kW AC,Meter Number\n";

#[test]
fn utilities_that_differ_are_not_joined() {
    let place = empty();
    place.json(&["new", "1 Oak St", "--utility", "RMP", "number=2600000000001", "meter_number=555001"]);
    place.json(&["new", "2 Oak St", "--utility", "PGE", "number=2600000000002"]);
    let rows =
        "2600000000001,\"A, B\",1 Oak St,Submitted,20-Nov-2026,5,555001\n2600000000002,\"C, D\",2 Oak St,Submitted,20-Nov-2026,5,555002\n";
    let portal = file(&place, "portal_projects_1.csv", format!("{PORTAL_HEAD}{rows}"));
    let report = both(&place, &portal, &[]);
    assert_eq!((counts(&report), &report["found"]), ([1, 1, 0, 0, 0], &json!(1)), "{report}");
    assert_eq!(listed(&place), 3);
    assert_eq!(fields(&place, "A-1001", &["utility", "customer_name"]), "\"Rocky Mountain Power\" null");
    assert_eq!(fields(&place, "A-1002", &["meter_number"]), r#""555002""#);
}

#[test]
fn a_number_that_two_applications_have_is_the_rows_fault() {
    let place = empty();
    for site in ["1 Oak St", "2 Oak St"] {
        place.json(&["new", site, "--utility", "PGE", "number=2600000000001"]);
    }
    let rows =
        "2600000000001,\"A, B\",1 Oak St,Submitted,20-Nov-2026,5,555001\n2600000000002,\"C, D\",2 Oak St,Submitted,20-Nov-2026,5,555002\n";
    let portal = file(&place, "portal_projects_1.csv", format!("{PORTAL_HEAD}{rows}"));
    let report = both(&place, &portal, &[]);
    assert_eq!(counts(&report), [1, 0, 0, 0, 1], "{report}");
    assert_eq!(problems(&report), ["2: a number that A-1001 and A-1002 have (\"number / meter_number\")"]);
    assert_eq!(listed(&place), 3, "the other row came in");
}

#[test]
fn two_rows_of_one_file_with_one_number_are_a_fault() {
    let row = |case: u32, name: &str, number: &str| {
        format!(
            "{case},{name},{case} Oak St,Salem,OR,97301,Portland General Electric,{number},IX Submitted,Robin Vale,11/2/2026,11/20/2026\n"
        )
    };
    let head = "Case Number,Account Name,Site Street,Site City,Site State/Province,Site Zip/Postal Code,Utility,Utility Application #,Stage,Owner,Submitted Date,Last Modified Date\n";
    let place = empty();
    let rows = row(412_001, "Ana Reyes", "NM-1") + &row(412_002, "Lee Park", "NM-2") + &row(412_003, "Ana Reyes", "NM-1");
    let crm = file(&place, "crm_report_1.csv", head.to_owned() + &rows);
    let report = both(&place, &crm, &[]);
    assert_eq!((counts(&report), listed(&place)), ([2, 0, 0, 0, 1], 2), "{report}");
    assert_eq!(problems(&report), ["4: NM-1, which line 2 has too, under another key (\"number\")"]);
    // Once the first is there, it is known by its key: another key with its number is still a fault.
    let again = both(&place, &crm, &[]);
    assert_eq!(counts(&again), [0, 0, 2, 0, 1], "{again}");
    assert_eq!(problems(&again), ["4: 00412003, a number that A-1001 has, which crm-report knows as 00412001 (\"number / crm_number\")"]);
    // A third source's row with two numbers of two applications.
    place.json(&["set", "A-1002", "permit_number=P-9"]);
    let profile = "label = \"permits\"\nsource = \"permits\"\nkey = [\"Permit\"]\n[[column]]\nname = \"Permit\"\nfield = \"permit_number\"\n\
                   [[column]]\nname = \"App\"\nfield = \"number\"\n[[column]]\nname = \"Who\"\nfield = \"customer_name\"\n";
    let profile = file(&place, "permits.toml", profile);
    let permits = file(&place, "permits.csv", "Permit,App,Who\nP-9,NM-1,Somebody\n");
    let report = both(&place, &permits, &["--profile", &profile.to_string_lossy()]);
    assert_eq!((counts(&report), listed(&place)), ([0, 0, 0, 0, 1], 2), "{report}");
    assert!(problems(&report)[0].contains("A-1001") && problems(&report)[0].contains("A-1002"), "{report}");
    place.check();
}
