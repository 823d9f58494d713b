//! Which row is which? A key column that differs in every export, several key columns, and the days
//! that new rows are spread over.

use std::collections::BTreeMap;

use serde_json::json;

use crate::world::{PORTAL, changes, counts, demo, empty, events, everything, fields, file, import, listed, refused, text};

const HEAD: &str = "id,customer,address,utility,kw_ac,status,created\n";

#[test]
fn a_key_that_differs_in_every_export_is_refused_before_anything_is_written() {
    let place = empty();
    let rows = |export: &str| -> String {
        (1..=30).map(|n| format!("{export}-{n},Customer {n},{n} Oak St,RMP,5,Submitted,2026-11-02\n")).collect()
    };
    let first = file(&place, "first.csv", HEAD.to_owned() + &rows("x1"));
    let second = file(&place, "second.csv", HEAD.to_owned() + &rows("x2"));
    assert_eq!(counts(&import(&place, &first, &["--profile", "list"]))[0], 30);
    let written = events(&place);
    for more in [&[][..], &["--dry-run"]] {
        let name = text(&second);
        let args: Vec<&str> = ["import", &name, "--profile", "list"].into_iter().chain(more.iter().copied()).collect();
        let said = refused(&place, &args, 65);
        assert!(said.contains("nothing that matched the last import of list") && said.contains("--all-new"), "{said}");
        assert!(said.contains("id"), "the key column is named: {said}");
    }
    assert_eq!((listed(&place), events(&place)), (30, written), "nothing was written");
    // One row that was there before is enough to know the key.
    let third = file(&place, "third.csv", HEAD.to_owned() + &rows("x3") + "x1-7,Customer 7,7 Oak St,RMP,5,Submitted,2026-11-02\n");
    let report = import(&place, &third, &["--profile", "list"]);
    assert_eq!((counts(&report), &report["gone"]), ([30, 0, 1, 0, 0], &json!(29)));
    place.json(&["undo"]);
    let report = import(&place, &second, &["--profile", "list", "--all-new"]);
    assert_eq!((counts(&report), listed(&place)), ([30, 0, 0, 0, 0], 60));
    assert_eq!(report["alike"].as_array().map(Vec::len), Some(30), "and that they look alike is said");
    assert_eq!(counts(&import(&place, &second, &["--profile", "list"])), [0, 0, 30, 0, 0]);
    place.json(&["undo"]);
    assert_eq!(listed(&place), 30);
    place.check();
}

#[test]
fn several_key_columns_name_a_row_together() {
    let place = empty();
    let rows = |size: &str| {
        format!(
            "-,Ana Reyes,1 Oak St,RMP,5,Submitted,2026-11-02\n-,Ana Reyes,2 Oak St,RMP,{size},Submitted,2026-11-02\n-,Lee Park,2 Oak St,RMP,7,Submitted,2026-11-02\n"
        )
    };
    let by = ["--profile", "list", "--key", "customer", "--key", "address"];
    let list = file(&place, "rows.csv", HEAD.to_owned() + &rows("6"));
    let one = import(&place, &list, &["--profile", "list", "--key", "customer", "--dry-run"]);
    assert_eq!(counts(&one), [2, 0, 0, 0, 1], "the customer alone names two rows: {one}");
    assert_eq!(counts(&import(&place, &list, &by)), [3, 0, 0, 0, 0]);
    assert_eq!(counts(&import(&place, &list, &by)), [0, 0, 3, 0, 0]);
    let report = import(&place, &file(&place, "rows.csv", HEAD.to_owned() + &rows("8")), &by);
    let [change] = changes(&report).try_into().expect("one change");
    assert!(change.starts_with("Ana Reyes") && change.contains("2 Oak St") && change.ends_with("size_ac: 6000 → 8000"), "{change}");
    let name = text(&list);
    let said = refused(&place, &["import", &name, "--profile", "list", "--key", "nobody"], 65);
    assert!(said.contains("nobody"), "{said}");
    place.check();
}

/// How many have which follow-up.
fn days(place: &crate::support::Place) -> BTreeMap<String, usize> {
    let mut days = BTreeMap::new();
    for one in everything(place) {
        if let Some(day) = one["follow_up"].as_str() {
            *days.entry(day.to_owned()).or_default() += 1;
        }
    }
    days
}

const TEN: [&str; 10] = [
    "2026-11-23",
    "2026-11-24",
    "2026-11-25",
    "2026-11-27",
    "2026-11-30",
    "2026-12-01",
    "2026-12-02",
    "2026-12-03",
    "2026-12-04",
    "2026-12-07",
];

#[test]
fn new_rows_are_spread_evenly_over_business_days() {
    let place = empty();
    let dry = import(&place, &demo(PORTAL), &["--spread", "10", "--dry-run"]);
    let report = import(&place, &demo(PORTAL), &["--spread", "10"]);
    assert_eq!((counts(&report), &report["without_follow_up"], &dry["without_follow_up"]), ([36, 0, 0, 0, 0], &json!(0), &json!(0)));
    let days = days(&place);
    assert_eq!(days.keys().map(String::as_str).collect::<Vec<_>>(), TEN, "business days, Thanksgiving is none");
    assert_eq!(days.values().sum::<usize>(), 32);
    assert!(days.values().all(|count| (3..=4).contains(count)), "evenly: {days:?}");
    for ended in everything(&place).iter().filter(|one| one["status"] == "ended") {
        assert_eq!(ended["follow_up"], json!(null), "an ended row has none");
    }
    assert_eq!(counts(&import(&place, &demo(PORTAL), &["--spread", "5"])), [0, 0, 36, 0, 0], "rows that were there keep their day");
    place.check();
}

#[test]
fn a_row_that_needs_no_day_takes_none_from_another() {
    let place = empty();
    // Every second one brings its own: spread over two days, the others must not meet on one.
    let rows: String =
        (1..=20).map(|n| format!("{n},Customer {n},{n} Oak St,RMP,Submitted,{}\n", if n % 2 == 0 { "2027-01-04" } else { "" })).collect();
    let list = file(&place, "rows.csv", "id,customer,address,utility,status,due\n".to_owned() + &rows);
    import(&place, &list, &["--profile", "list", "--spread", "2"]);
    let wanted = [("2026-11-23", 5), ("2026-11-24", 5), ("2027-01-04", 10)];
    assert_eq!(days(&place), wanted.map(|(day, count)| (day.to_owned(), count)).into());
    assert_eq!(fields(&place, "1", &["follow_up"]), "\"2026-11-23\"");
}
