//! Do two records become one without losing anything, go on taking in both lists, and part again?

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::Place;
use crate::world::{CRM, PORTAL, changed, changes, counts, demo, empty, everything, fields, file, import, listed, refused, show};

/// One customer of both demo lists whom neither number nor meter brings together.
const CASE: &str = "00412077";
const NUMBER: &str = "2630383282560";

fn both() -> (Place, String, String) {
    let place = empty();
    import(&place, &demo(CRM), &[]);
    import(&place, &demo(PORTAL), &[]);
    let id = |number: &str| show(&place, number)["id"].as_str().expect("a reference").to_owned();
    let (keep, other) = (id(CASE), id(NUMBER));
    assert_ne!(keep, other);
    (place, keep, other)
}

fn crm(place: &Place, owner: &str) -> PathBuf {
    changed(place, &demo(CRM), "new/crm_report_2.csv", &[("\"00412077\"", "Robin Vale", owner)])
}

fn portal(place: &Place, size: &str) -> PathBuf {
    changed(place, &demo(PORTAL), "new/portal_projects_2.csv", &[(NUMBER, "\t6\t", &format!("\t{size}\t"))])
}

#[test]
fn what_is_joined_is_one_record_for_both_lists_until_it_is_parted() {
    let (place, keep, other) = both();
    let pairs = place.json(&["duplicates", &keep]);
    assert_eq!(pairs[0]["other"], json!(other), "{pairs}");
    let before = everything(&place);
    place.json(&["join", &keep, &other]);
    place.check();
    assert_eq!((show(&place, &other)["id"].clone(), show(&place, NUMBER)["id"].clone()), (json!(keep), json!(keep)));
    let wanted = r#""00412077" "2630383282560" "9231088117" "2821740" "Esther Ellison" 6000"#;
    assert_eq!(fields(&place, &keep, &["crm_number", "number", "account_number", "meter_number", "customer_name", "size_ac"]), wanted);
    let notes = show(&place, &keep)["notes"].to_string();
    assert!(notes.contains(&format!("joined with {other}")) && notes.contains("ELLISON, ESTHER"), "{notes}");
    assert_eq!((everything(&place).len(), place.json(&["duplicates", &keep])), (before.len() - 1, json!([])));
    // Right after it, one undo restores all.
    place.json(&["undo"]);
    assert!(everything(&place) == before);
    place.check();

    place.json(&["join", &keep, &other]);
    for list in [CRM, PORTAL] {
        let again = import(&place, &demo(list), &[]);
        assert_eq!((counts(&again)[0], counts(&again)[1]), (0, 0), "{list} says nothing new: {again}");
    }
    assert_eq!(changes(&import(&place, &crm(&place, "Lee Park"), &[])), ["00412077 owner: \"Robin Vale\" → \"Lee Park\""]);
    assert_eq!(changes(&import(&place, &portal(&place, "8.2"), &[])), ["2630383282560 size_ac: 6000 → 8200"]);
    assert_eq!(fields(&place, &keep, &["owner", "size_ac"]), r#""Lee Park" 8200"#);
    place.check();

    place.json(&["part", &other]);
    place.check();
    assert_eq!(everything(&place).len(), before.len());
    assert_eq!((show(&place, &other)["id"].clone(), show(&place, NUMBER)["id"].clone()), (json!(other), json!(other)));
    assert_eq!(fields(&place, &keep, &["crm_number", "account_number", "owner"]), r#""00412077" null "Lee Park""#);
    let again = import(&place, &crm(&place, "Lee Park"), &[]);
    assert_eq!((counts(&again)[0], counts(&again)[1]), (0, 0), "{again}");
    // What the portal said while they were one stands in the other record: its own hears of it now.
    assert_eq!(fields(&place, &other, &["size_ac"]), "6000");
    assert_eq!(changes(&import(&place, &portal(&place, "8.2"), &[])), ["2630383282560 size_ac: 6000 → 8200"]);
    assert_eq!(counts(&import(&place, &portal(&place, "8.2"), &[]))[0..2], [0, 0]);
    import(&place, &crm(&place, "Kim Lund"), &[]);
    import(&place, &portal(&place, "10"), &[]);
    assert_eq!(fields(&place, &keep, &["owner", "size_ac"]), r#""Kim Lund" 8200"#);
    assert_eq!(fields(&place, &other, &["owner", "size_ac"]), "null 10000");
    assert_eq!(everything(&place).len(), before.len());
    place.check();
}

const HEAD: &str = "id,customer,address,utility,kw_ac,assignee,status,created\n";

fn list(place: &Place, owner: &str, size: &str) -> PathBuf {
    let rows = format!(
        "N-1,Ana Reyes,1 Oak St,RMP,7.6,{owner},Submitted,2026-11-02\nN-2,Ana Reyes,1 Oak St,RMP,{size},Lee,Submitted,2026-11-02\n"
    );
    file(place, "rows.csv", HEAD.to_owned() + &rows)
}

#[test]
fn two_rows_of_one_source_go_on_feeding_the_one_record() {
    let place = empty();
    let by = ["--profile", "list"];
    let first = import(&place, &list(&place, "Lee", "5"), &by);
    assert_eq!(counts(&first), [2, 0, 0, 0, 0], "{first}");
    let before = everything(&place);
    place.json(&["join", "A-1001", "A-1002"]);
    place.check();
    assert_eq!(counts(&import(&place, &list(&place, "Lee", "5"), &by)), [0, 0, 2, 0, 0]);
    let report = import(&place, &list(&place, "Kim", "5"), &by);
    assert_eq!((changes(&report), counts(&report)), (vec!["N-1 owner: \"Lee\" → \"Kim\"".to_owned()], [0, 1, 1, 0, 0]));
    // The second row's size was never the record's: it is a conflict, not overwritten.
    let report = import(&place, &list(&place, "Kim", "6"), &by);
    assert_eq!((counts(&report), report["conflicts_listed"][0]["key"].clone()), ([0, 0, 2, 1, 0], json!("N-2")), "{report}");
    place.json(&["settle", "theirs", "A-1001"]);
    assert_eq!(fields(&place, "A-1001", &["owner", "size_ac"]), "\"Kim\" 6000");
    assert_eq!(counts(&import(&place, &list(&place, "Kim", "6"), &by)), [0, 0, 2, 0, 0]);
    // Both rows change at once.
    let report = import(&place, &list(&place, "Dana", "8"), &by);
    assert_eq!(changes(&report), ["N-1 owner: \"Kim\" → \"Dana\"", "N-2 size_ac: 6000 → 8000"]);
    assert_eq!((fields(&place, "N-2", &["owner", "size_ac"]).as_str(), listed(&place)), ("\"Dana\" 8000", 1));
    place.check();
    place.json(&["part", "A-1002"]);
    place.check();
    assert_eq!(changes(&import(&place, &list(&place, "Dana", "8"), &by)), ["N-2 size_ac: 5000 → 8000"], "its own hears of it now");
    assert_eq!(counts(&import(&place, &list(&place, "Dana", "8"), &by)), [0, 0, 2, 0, 0]);
    import(&place, &list(&place, "Kim", "9"), &by);
    assert_eq!(fields(&place, "A-1001", &["owner"]) + &fields(&place, "A-1002", &["owner"]), r#""Kim""Lee""#);
    assert_eq!(listed(&place), before.len());
    place.check();
}

#[test]
fn the_keys_of_a_join_come_back_with_its_undo() {
    let place = empty();
    import(&place, &list(&place, "Lee", "5"), &["--profile", "list"]);
    let before = everything(&place);
    place.json(&["join", "A-1001", "A-1002"]);
    place.json(&["undo"]);
    assert!(everything(&place) == before);
    import(&place, &list(&place, "Kim", "6"), &["--profile", "list"]);
    assert_eq!(
        fields(&place, "A-1001", &["owner", "size_ac"]) + &fields(&place, "A-1002", &["owner", "size_ac"]),
        "\"Kim\" 7600\"Lee\" 6000"
    );
    place.check();
}

#[test]
fn what_is_not_one_application_is_not_joined() {
    let place = empty();
    for (site, utility) in [("1 Oak St", "RMP"), ("2 Oak St", "PGE"), ("3 Oak St", "RMP"), ("4 Oak St", "Rocky Mountain Power")] {
        place.json(&["new", site, "--utility", utility]);
    }
    place.json(&["set", "A-1003", "legal_hold=yes"]);
    let before = everything(&place);
    for (keep, other, says) in [
        ("A-1001", "A-1002", "those are two applications"),
        ("A-1001", "A-1003", "A-1003 is under legal hold"),
        ("A-1003", "A-1001", "legal hold"),
        ("A-1001", "A-1001", "cannot be joined with itself"),
        ("A-1001", "A-9999", "there is no application"),
    ] {
        let said = refused(&place, &["join", keep, other], 1);
        assert!(said.contains(says), "join {keep} {other}: {said}");
    }
    let said = refused(&place, &["part", "A-1002"], 1);
    assert!(said.contains("was not joined"), "{said}");
    assert!(everything(&place) == before, "nothing was written");
    place.json(&["join", "A-1001", "A-1004"]);
    assert_eq!(show(&place, "A-1004")["id"], "A-1001", "one utility by two names is one");
    place.check();
}

#[test]
fn three_that_are_one_part_one_by_one() {
    let place = empty();
    for site in ["1 Oak St", "1 Oak Street", "1 Oak"] {
        place.json(&["new", site, "--utility", "RMP", &format!("crm_number=C-{}", site.len())]);
    }
    let before: Vec<Value> = ["A-1002", "A-1003"].iter().map(|id| show(&place, id)["crm_number"].clone()).collect();
    place.json(&["join", "A-1002", "A-1003"]);
    place.json(&["join", "A-1001", "A-1002"]);
    place.check();
    for id in ["A-1002", "A-1003", "C-12", "C-5"] {
        assert_eq!(show(&place, id)["id"], "A-1001", "{id} went into it");
    }
    assert_eq!(listed(&place), 1);
    place.json(&["part", "A-1002"]);
    place.check();
    assert_eq!((show(&place, "A-1002")["crm_number"].clone(), listed(&place)), (before[0].clone(), 2));
    // Wherever it is by now, it can be had back.
    place.json(&["part", "A-1003"]);
    place.check();
    assert_eq!((show(&place, "A-1003")["crm_number"].clone(), listed(&place)), (before[1].clone(), 3));
}
