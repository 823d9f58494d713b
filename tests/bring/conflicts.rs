//! What comes of a field that was changed here and there? Until somebody settles it, and after.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::Place;
use crate::world::{CRM, changed, changes, counts, demo, empty, fields, file, import, refused, show};

/// A site's own profile: the later one counts for the owner, sizes are only suggested, the rest is asked.
const OURS: &str = r#"
label = "our sales list"
source = "sales"
files = ["sales_*.csv"]
key = ["Deal"]
[authority]
owner = "newest"
size_ac = "suggest"
[[column]]
name = "Deal"
field = "crm_number"
[[column]]
name = "Customer"
field = "customer_name"
[[column]]
name = "Town"
field = "city"
[[column]]
name = "Utility"
field = "utility"
[[column]]
name = "Rep"
field = "owner"
[[column]]
name = "kW"
field = "size_ac"
unit = "kW"
[[column]]
name = "Sent"
milestone = "submitted"
[[column]]
name = "Changed"
modified = true
[[status]]
column = "Stage"
word = "Sent"
status = "submitted"
[[status]]
column = "Stage"
word = "Fix"
status = "deficiency"
[[status]]
column = "Stage"
word = "Lost"
status = "ended"
ended_reason = "cancelled"
"#;

const ROWS: [[&str; 8]; 3] = [
    ["D-1", "Ana Reyes", "Salem", "RMP", "Lee", "7.6", "Sent", "2026-11-18"],
    ["D-2", "Omar Diaz", "Ogden", "RMP", "Lee", "5", "Sent", "2026-11-18"],
    ["D-3", "Ian Voss", "Provo", "RMP", "Kim", "10", "Sent", "2026-11-18"],
];

/// The sales list with some cells changed: row, column, value.
fn sales(place: &Place, edits: &[(usize, usize, &str)]) -> PathBuf {
    let mut rows = ROWS;
    for (row, column, value) in edits {
        rows[*row][*column] = value;
    }
    let mut text = "Deal,Customer,Town,Utility,Rep,kW,Stage,Changed,Sent\n".to_owned();
    rows.iter().for_each(|row| text.push_str(&format!("{},2026-11-02\n", row.join(","))));
    file(place, "sales_list.csv", text)
}

/// The first list came in, by the profile in the site directory.
fn begun() -> Place {
    let place = empty();
    file(&place, "work.site/playbooks/profiles/ours.toml", OURS);
    let first = import(&place, &sales(&place, &[]), &[]);
    assert_eq!((counts(&first), &first["profile"]), ([3, 0, 0, 0, 0], &json!("ours")));
    place
}

/// `ID FIELD: OURS | THEIRS` of what is left to settle.
fn open(place: &Place) -> Vec<String> {
    let all = place.json(&["conflicts"]);
    let one = |offer: &Value| {
        assert_eq!(offer["source"], "sales");
        format!(
            "{} {}: {} | {}",
            offer["key"].as_str().unwrap_or_default(),
            offer["field"].as_str().unwrap_or_default(),
            offer["ours"],
            offer["theirs"]
        )
    };
    all.as_array().expect("an array").iter().map(one).collect()
}

/// The same in the report of an import.
fn reported(report: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let one = |conflict: &Value| {
        format!("{} {}: {} | {}", text(&conflict["key"]), text(&conflict["field"]), conflict["ours"], conflict["theirs"])
    };
    report["conflicts_listed"].as_array().expect("an array").iter().map(one).collect()
}

#[test]
fn changed_here_and_there_stands_open_until_it_is_settled() {
    let place = begun();
    place.json(&["set", "D-1", "city=Salem Heights"]);
    place.json(&["set", "D-2", "city=Ogden Hill"]);
    place.json(&["set", "D-2", "customer_name=Omar A. Diaz"]);
    let list = sales(&place, &[(0, 2, "West Salem"), (1, 2, "North Ogden"), (1, 1, "O. Diaz"), (2, 2, "Orem")]);
    let report = import(&place, &list, &[]);
    let all = [
        "D-1 city: \"Salem Heights\" | \"West Salem\"",
        "D-2 city: \"Ogden Hill\" | \"North Ogden\"",
        "D-2 customer_name: \"Omar A. Diaz\" | \"O. Diaz\"",
    ];
    assert_eq!(changes(&report), ["D-3 city: \"Provo\" → \"Orem\""]);
    let mut said = reported(&report);
    said.sort();
    assert_eq!((counts(&report), said, open(&place)), ([0, 1, 2, 3, 0], all.map(str::to_owned).to_vec(), all.map(str::to_owned).to_vec()));
    assert_eq!(fields(&place, "D-1", &["city"]), r#""Salem Heights""#, "ours stays");
    assert_eq!(counts(&import(&place, &list, &[])), [0, 0, 3, 3, 0], "it is said again until somebody settles it");
    // One by one, by field, by source: each undone again.
    for (args, left) in [
        (&["settle", "ours", "D-1"][..], &all[1..]),
        (&["settle", "theirs", "--field", "city"], &all[2..]),
        (&["settle", "theirs", "D-2", "--source", "sales"], &all[..1]),
        (&["settle", "ours", "D-2", "--field", "customer_name"], &all[..2]),
        (&["settle", "theirs", "--source", "sales"], &[]),
    ] {
        place.json(args);
        assert_eq!(open(&place), left, "{args:?}");
        assert_eq!(counts(&import(&place, &list, &["--dry-run"])), [0, 0, 3, left.len() as u64, 0], "{args:?}");
        place.check();
        place.json(&["undo"]);
        assert_eq!(open(&place), all, "the undo of {args:?}");
        place.check();
    }
    refused(&place, &["settle", "ours", "--source", "nobody"], 1);
    refused(&place, &["settle", "ours"], 2);
    place.json(&["settle", "theirs", "--field", "city"]);
    place.json(&["settle", "ours", "D-2"]);
    assert_eq!(
        fields(&place, "D-1", &["city"]) + &fields(&place, "D-2", &["city", "customer_name"]),
        r#""West Salem""North Ogden" "Omar A. Diaz""#
    );
    assert_eq!((counts(&import(&place, &list, &[])), open(&place)), ([0, 0, 3, 0, 0], vec![]), "the same file says nothing more");
    refused(&place, &["settle", "ours", "D-1"], 1);
    // What was settled counts as imported: the next change there is compared with it.
    let list = sales(&place, &[(0, 2, "South Salem"), (1, 2, "North Ogden"), (1, 1, "Omar Diaz"), (2, 2, "Orem")]);
    let report = import(&place, &list, &[]);
    assert_eq!(
        (changes(&report), open(&place)),
        (
            vec!["D-1 city: \"West Salem\" → \"South Salem\"".to_owned()],
            vec!["D-2 customer_name: \"Omar A. Diaz\" | \"Omar Diaz\"".to_owned()]
        )
    );
    place.check();
}

#[test]
fn one_side_that_gives_way_closes_it() {
    let place = begun();
    place.json(&["set", "D-1", "city=Salem Heights"]);
    import(&place, &sales(&place, &[(0, 2, "West Salem")]), &[]);
    assert_eq!(open(&place).len(), 1);
    let report = import(&place, &sales(&place, &[(0, 2, "Salem Heights")]), &[]);
    assert_eq!((counts(&report), open(&place)), ([0, 0, 3, 0, 0], vec![]), "they came to what we have");
    import(&place, &sales(&place, &[(0, 2, "West Salem")]), &[]);
    assert_eq!((fields(&place, "D-1", &["city"]).as_str(), open(&place)), ("\"West Salem\"", vec![]), "only they changed it since");
    place.json(&["set", "D-1", "city=Salem"]);
    import(&place, &sales(&place, &[(0, 2, "East Salem")]), &[]);
    place.json(&["set", "D-1", "city=East Salem"]);
    let report = import(&place, &sales(&place, &[(0, 2, "East Salem")]), &[]);
    assert_eq!((counts(&report)[3], open(&place)), (0, vec![]), "we came to what they have");
    place.check();
}

#[test]
fn the_later_one_counts_and_a_suggestion_never_does_by_itself() {
    let place = begun();
    place.json(&["set", "D-1", "owner=Robin"]);
    place.json(&["set", "D-2", "owner=Robin"]);
    // Ours are of the 20th; the file's first row is older, its second one younger.
    let edits = [(0, 4, "Kim"), (0, 7, "2026-11-19"), (1, 4, "Kim"), (1, 7, "2026-11-21"), (2, 5, "11.4")];
    let list = sales(&place, &edits);
    let report = import(&place, &list, &[]);
    assert_eq!(changes(&report), ["D-2 owner: \"Robin\" → \"Kim\""]);
    assert_eq!(
        (reported(&report), open(&place)),
        (vec!["D-3 size_ac: 10000 | 11400".to_owned()], vec!["D-3 size_ac: 10000 | 11400".to_owned()])
    );
    assert_eq!(report["conflicts_listed"][0]["suggested"], true);
    assert_eq!(fields(&place, "D-1", &["owner"]) + &fields(&place, "D-3", &["size_ac"]), "\"Robin\"10000");
    assert_eq!(counts(&import(&place, &list, &[])), [0, 0, 3, 1, 0]);
    place.json(&["settle", "theirs", "D-3"]);
    assert_eq!(fields(&place, "D-3", &["size_ac"]), "11400");
    assert_eq!(counts(&import(&place, &list, &[])), [0, 0, 3, 0, 0]);
    place.json(&["undo"]);
    assert_eq!((fields(&place, "D-3", &["size_ac"]), open(&place).len()), ("10000".to_owned(), 1));
    place.check();
}

#[test]
fn a_status_goes_with_the_reason_it_ended_with() {
    let place = begun();
    for deal in ["D-1", "D-2"] {
        place.json(&["touch", deal, "acknowledged"]);
    }
    let list = sales(&place, &[(0, 6, "Lost"), (1, 6, "Lost"), (2, 6, "Lost")]);
    let report = import(&place, &list, &[]);
    assert_eq!(reported(&report), ["D-1 status: \"acknowledged\" | \"ended\"", "D-2 status: \"acknowledged\" | \"ended\""]);
    assert_eq!(fields(&place, "D-3", &["status", "ended_reason", "ball"]), r#""ended" "cancelled" "us""#, "nobody had moved it here");
    assert_eq!(fields(&place, "D-1", &["status", "ended_reason"]), r#""acknowledged" null"#);
    let before = show(&place, "D-1");
    place.json(&["settle", "theirs", "D-1"]);
    assert_eq!(fields(&place, "D-1", &["status", "ended_reason"]), r#""ended" "cancelled""#);
    place.check();
    place.json(&["undo"]);
    assert_eq!(show(&place, "D-1"), before);
    place.json(&["settle", "theirs", "D-1"]);
    place.json(&["settle", "ours", "D-2"]);
    assert_eq!(fields(&place, "D-2", &["status", "ended_reason"]), r#""acknowledged" null"#);
    assert_eq!((counts(&import(&place, &list, &[])), open(&place)), ([0, 0, 3, 0, 0], vec![]));
    place.check();
}

#[test]
fn a_day_that_moved_in_the_file_moves_here_and_once() {
    let place = begun();
    let path = sales(&place, &[]);
    let text = std::fs::read_to_string(&path).expect("it was written").replace("11-18,2026-11-02\nD-2", "11-18,2026-11-05\nD-2");
    place.json(&["touch", "D-1", "acknowledged", "--on", "2026-11-06"]);
    let list = file(&place, "sales_list.csv", text);
    let report = import(&place, &list, &[]);
    assert_eq!(changes(&report), ["D-1 milestone.submitted: \"2026-11-02\" → \"2026-11-05\""], "{report}");
    assert_eq!(counts(&import(&place, &list, &[])), [0, 0, 3, 0, 0]);
    place.check();
}

#[test]
fn a_crms_report_suggests_sizes() {
    let place = empty();
    import(&place, &demo(CRM), &[]);
    let copy = changed(
        &place,
        &demo(CRM),
        "new/crm_report_2.csv",
        &[("\"00412007\"", "\"7.60\"", "\"8.00\""), ("\"00412014\"", "\"3.80\"", "\"4.00\"")],
    );
    let report = import(&place, &copy, &[]);
    assert_eq!((counts(&report), changes(&report)), ([0, 0, 46, 2, 0], vec![]));
    place.json(&["settle", "ours", "--field", "size_ac"]);
    assert_eq!((counts(&import(&place, &copy, &[])), show(&place, "00412007")["size_ac"].clone()), ([0, 0, 46, 0, 0], json!(7600)));
    place.check();
}
