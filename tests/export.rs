//! Does a file that `export` writes say in its own types what `show` says?
#![allow(clippy::disallowed_methods, reason = "tests read files of their own")]

mod support;

use std::collections::BTreeMap;
use std::process::Output;

use calamine::{Data, Reader, Xlsx, open_workbook};
use intertie::domain::field;
use serde_json::Value;
use support::{Place, said};

fn run(place: &Place, args: &[&str]) -> Output {
    let db = place.db();
    let mut all = vec!["--db", &db];
    all.extend(args);
    place.cli(&all)
}

/// Values that a spreadsheet, a page or a terminal would act on.
const HOSTILE: &[&str] =
    &["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "<img src=x onerror=alert(1)>|`x`", "http://example.com/x", "007"];

/// A demo, with hostile values in some of its fields.
fn place() -> (Place, Vec<String>) {
    let place = Place::with_demo(25);
    let list = place.json(&["list"]);
    let ids: Vec<String> = list.as_array().expect("an array").iter().filter_map(|row| row["id"].as_str().map(str::to_owned)).collect();
    let free = |id: &&String| place.json(&["show", id])["legal_hold"] == false;
    let ids: Vec<String> = ids.iter().filter(free).take(HOSTILE.len()).cloned().collect();
    for (id, text) in ids.iter().zip(HOSTILE) {
        let output =
            run(&place, &["set", id, &format!("site={text}"), &format!("owner={text}"), "follow_up=2026-12-01T14:30", "size_ac=7.6"]);
        assert!(output.status.success(), "{}", said(&output));
    }
    (place, ids)
}

#[test]
fn a_workbook_has_the_types_of_the_fields() {
    let (place, ids) = place();
    let done = run(&place, &["export", "--format", "xlsx", "--out", "queue.xlsx"]);
    assert_eq!(String::from_utf8_lossy(&done.stdout), "25 rows in queue.xlsx\n", "{}", said(&done));
    let mut book: Xlsx<_> = open_workbook(place.path("queue.xlsx")).expect("a workbook");
    assert_eq!(book.sheet_names(), ["applications"]);
    assert_eq!(book.worksheet_formula("applications").expect("the sheet").used_cells().count(), 0);
    let sheet = book.worksheet_range("applications").expect("the sheet");
    let mut rows = sheet.rows();
    let names: Vec<String> = rows.next().expect("a header").iter().map(ToString::to_string).collect();
    let cells: Vec<BTreeMap<&str, &Data>> = rows.map(|row| names.iter().map(String::as_str).zip(row).collect()).collect();
    let jsonl = run(&place, &["export", "--format", "jsonl", "--out", "-"]);
    let objects: Vec<Value> = jsonl.stdout.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
    assert_eq!((cells.len(), objects.len()), (25, 25));
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for (row, object) in cells.iter().zip(&objects) {
        for (name, cell) in row {
            let value = &object[*name];
            let kind = match (cell, value) {
                (Data::Empty, Value::Null) => "nothing",
                (Data::Float(number), Value::Number(wanted)) if wanted.as_f64() == Some(*number) => "number",
                (Data::Bool(flag), Value::Bool(wanted)) if flag == wanted => "flag",
                (Data::String(text), Value::String(wanted)) if text == wanted => "text",
                (Data::DateTime(moment), Value::String(wanted)) => {
                    let moment = moment.as_datetime().expect("a day").format("%Y-%m-%dT%H:%M").to_string();
                    assert_eq!(moment, if wanted.len() == 10 { format!("{wanted}T00:00") } else { wanted.clone() }, "{name}");
                    "date"
                }
                (cell, value) => panic!("{name}: {cell:?} for {value}"),
            };
            *kinds.entry(kind).or_default() += 1;
            let is_date = field::find(name).is_some_and(|field| matches!(field.kind, field::Kind::Day | field::Kind::When));
            assert_eq!(kind == "date", is_date && kind != "nothing", "{name}: {cell:?}");
        }
    }
    assert!(["nothing", "number", "flag", "text", "date"].iter().all(|kind| kinds.get(kind).is_some_and(|count| *count > 20)), "{kinds:?}");
    for (id, text) in ids.iter().zip(HOSTILE) {
        let row = cells.iter().find(|row| row["id"].to_string() == *id).expect("it");
        assert_eq!(row["site"], &Data::String((*text).to_owned()), "whatever it looks like, it is text");
    }
    let again = run(&place, &["export", "--format", "xlsx", "--out", "queue.xlsx"]);
    assert_eq!(again.status.code(), Some(1), "{}", said(&again));
    let nowhere = run(&place, &["export", "--format", "xlsx", "--out", "nowhere/queue.xlsx"]);
    assert_eq!(nowhere.status.code(), Some(74), "{}", said(&nowhere));
    let piped = run(&place, &["export", "--format", "xlsx", "--out", "-"]);
    assert!(piped.stdout.starts_with(b"PK\x03\x04"), "{}", said(&piped));
}

#[test]
fn markdown_is_a_table_that_does_nothing() {
    let (place, ids) = place();
    let done = run(&place, &["export", "--format", "md", "--out", "-"]);
    let text = String::from_utf8(done.stdout).expect("text");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 27, "a header, a line, and the rows");
    assert_eq!(lines[0], "| id | application | utility | title | status | ball | owner | follow\\_up | score |");
    assert_eq!(lines[1], "| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    let owner = |id: &str| lines.iter().find(|line| line.starts_with(&format!("| {id} |"))).expect("its row").to_string();
    assert!(owner(&ids[4]).contains("| &lt;img src=x onerror=alert(1)&gt;\\|\\`x\\` |"), "{}", owner(&ids[4]));
    assert!(owner(&ids[5]).contains("| http&#58;//example.com/x |"), "{}", owner(&ids[5]));
}
