//! Does a changed copy of a file change exactly what was changed in it, and does undo take back
//! exactly that?

use std::path::{Path, PathBuf};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use serde_json::{Value, json};

use crate::support::Place;
use crate::world::{CRM, PORTAL, changed, changes, counts, demo, empty, everything, fields, import, public, refused, show};

/// The original, then the copy: exactly `wanted` differs, in `rows` rows; then undo, then the copy again.
fn only(place: &Place, original: &Path, copy: &Path, rows: u64, wanted: &[&str]) {
    let total = import(place, original, &[])["added"].as_u64().expect("a number");
    let before = everything(place);
    let dry = import(place, copy, &["--dry-run"]);
    assert_eq!((changes(&dry), everything(place) == before), (wanted.iter().map(ToString::to_string).collect(), true));
    let report = import(place, copy, &[]);
    assert_eq!(counts(&report), [0, rows, total - rows, 0, 0], "{report}");
    assert_eq!((changes(&report), &report["gone"]), (changes(&dry), &json!(0)));
    let after = everything(place);
    let touched = before.iter().zip(&after).filter(|(before, after)| before != after).count();
    assert_eq!((after.len(), touched as u64), (before.len(), rows), "every other application is as it was");
    assert_eq!(counts(&import(place, copy, &[])), [0, 0, total, 0, 0], "once");
    place.check();
    place.json(&["undo"]);
    assert!(everything(place) == before, "undo takes back exactly that");
    assert_eq!(counts(&import(place, original, &[])), [0, 0, total, 0, 0], "the last imported values too");
    assert_eq!(changes(&import(place, copy, &[])), wanted);
    place.check();
}

#[test]
fn a_crms_report() {
    let place = empty();
    let copy = changed(
        &place,
        &demo(CRM),
        "new/crm_report_2026-11-21.csv",
        &[
            ("\"00412007\"", "Engineering Review", "IX Approved"),
            ("\"00412021\"", "Zoë Brandt", "Jörg Vale"),
            ("\"00412021\"", "11/19/2026\",\"Ask", "12/1/2026\",\"Ask"),
            ("\"00412084\"", "\"75201\"", "\"75202\""),
        ],
    );
    let wanted = [
        "00412007 ball: \"utility\" → \"us\"",
        "00412007 status: \"screening\" → \"approved-to-install\"",
        "00412021 follow_up: \"2026-11-19\" → \"2026-12-01\"",
        "00412021 owner: \"Zoë Brandt\" → \"Jörg Vale\"",
        "00412084 zip: \"75201\" → \"75202\"",
    ];
    only(&place, &demo(CRM), &copy, 3, &wanted);
    assert_eq!(fields(&place, "00412021", &["owner", "follow_up", "status"]), r#""Jörg Vale" "2026-12-01" "customer-signature""#);
    assert_eq!(fields(&place, "00412014", &["owner", "follow_up", "status"]), r#""Robin Vale" "2026-11-24" "installing""#);
}

#[test]
fn a_portals_list() {
    let place = empty();
    let copy = changed(
        &place,
        &demo(PORTAL),
        "new/portal_projects_2026-11-21.csv",
        &[
            ("2661622437552", "\t7.6\t", "\t8.2\t"),
            ("2638017587600", "Disconnect not shown on the one-line", "Disconnect shown: ok"),
            ("2668894729340", "\tSubmitted\t20-Nov", "\tWithdrawn\t21-Nov"),
        ],
    );
    let wanted = [
        "2638017587600 deficiency: \"Disconnect not shown on the one-line\" → \"Disconnect shown: ok\"",
        "2661622437552 size_ac: 7600 → 8200",
        "2668894729340 ball: \"utility\" → \"us\"",
        "2668894729340 ended_reason: null → \"withdrawn\"",
        "2668894729340 status: \"submitted\" → \"ended\"",
    ];
    only(&place, &demo(PORTAL), &copy, 3, &wanted);
    assert_eq!(fields(&place, "2668894729340", &["status", "ended_reason"]), r#""ended" "withdrawn""#);
    assert_eq!(fields(&place, "2623661185714", &["status", "size_ac"]), r#""completion-sent" 6000"#);
}

/// Project ID, customer, kW, App #, status, sent, next, notes.
type Line<'a> = (u32, &'a str, f64, &'a str, &'a str, Option<(u16, u8, u8)>, &'a str, &'a str);

const LINES: [Line<'_>; 5] = [
    (1, "Ana Reyes", 7.6, "tbd", "docs", None, "11/24/2026", "11/2 LVM w/ cust"),
    (2, "Lee Park", 10.0, "NM-2", "sent", Some((2026, 10, 5)), "11/30/26", "10/5 sent to PGE\n11/9 PC, no change"),
    (3, "Omar Diaz", 5.0, "NM-3", "in review", Some((2026, 9, 1)), "12/1/2026", "9/1 sent"),
    (4, "Nora Huynh", 3.8, "NM-4", "PTO", Some((2026, 3, 1)), "-", ""),
    (5, "Ian Voss", 6.0, "tbd", "ready", None, "11/23/2026", "11/3 SLD rev B"),
];

/// A workbook as the shipped tracker: a title, two header lines with merged groups, dates typed two ways.
fn tracker(place: &Place, name: &str, lines: &[Line<'_>]) -> PathBuf {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Active").expect("a name");
    let plain = Format::new();
    sheet.write(0, 0, "Interconnection tracker 2026").expect("a cell");
    for (first, last, group) in [(0, 3, "Project"), (4, 7, "Utility"), (8, 10, "Dates")] {
        sheet.merge_range(2, first, 2, last, group, &plain).expect("a merged group");
    }
    sheet.merge_range(2, 11, 3, 11, "Notes", &plain).expect("a merged head");
    for (column, head) in (0..).zip(["ID", "Customer", "Site", "kW", "Name", "App #", "Meter", "Status", "Sent", "PTO", "Next"]) {
        sheet.write(3, column, head).expect("a cell");
    }
    for (row, line) in (4..).zip(lines) {
        write(sheet, row, line);
    }
    let path = crate::world::file(place, name, "");
    book.save(&path).expect("saved");
    path
}

fn write(sheet: &mut Worksheet, row: u32, (id, customer, size, number, status, sent, next, notes): &Line<'_>) {
    let day = Format::new().set_num_format("m/d/yyyy");
    // A number where the zeros are lost, as somebody types it.
    sheet.write(row, 0, *id).expect("a cell");
    sheet.write(row, 3, *size).expect("a cell");
    if let Some((year, month, of)) = sent {
        let at = ExcelDateTime::from_ymd(*year, *month, *of).expect("a day");
        sheet.write_datetime_with_format(row, 8, at, &day).expect("a cell");
    }
    let site = format!("{id} Oak St, Salem");
    let words =
        [(1, *customer), (2, site.as_str()), (4, "Portland General Electric"), (5, *number), (7, *status), (10, *next), (11, *notes)];
    for (column, words) in words {
        sheet.write(row, column, words).expect("a cell");
    }
}

#[test]
fn a_teams_tracker() {
    let place = empty();
    let mut lines = LINES;
    lines[0].4 = "ready";
    lines[1].2 = 11.4;
    lines[1].7 = "10/5 sent to PGE\n11/9 PC, no change\n11/20 called back";
    lines[4].5 = Some((2026, 11, 19));
    let original = tracker(&place, "old/tracker_2026.xlsx", &LINES);
    let copy = tracker(&place, "new/tracker_2026.xlsx", &lines);
    let wanted = [
        "00001 status: \"package-build\" → \"ready-to-submit\"",
        "00002 note.Notes: \"10/5 sent to PGE\\n11/9 PC, no change\" → \"10/5 sent to PGE\\n11/9 PC, no change\\n11/20 called back\"",
        "00002 size_ac: 10000 → 11400",
        "00005 milestone.submitted: null → \"2026-11-19\"",
    ];
    let wanted_with_ball: Vec<&str> = std::iter::once("00001 ball: \"customer\" → \"us\"").chain(wanted).collect();
    only(&place, &original, &copy, 3, &wanted_with_ball);
    let texts = |id: &str| -> Vec<Value> {
        show(&place, id)["notes"].as_array().expect("an array").iter().map(|note| note["text"].clone()).collect()
    };
    assert_eq!(texts("NM-2"), ["sent to PGE", "PC, no change", "called back"], "only the new line was added");
    assert_eq!(texts("NM-3"), ["sent"]);
}

/// The first lines of a public queue, under its name: `six` reads all of it.
fn head(place: &Place, original: &Path) -> PathBuf {
    let text = std::fs::read_to_string(original).expect("UTF-8");
    let lines: String = text.split_inclusive('\n').take(400).collect();
    let name = original.file_name().expect("a file").to_string_lossy();
    crate::world::file(place, &format!("old/{name}"), lines)
}

#[test]
fn the_public_queue_of_miso() {
    let Some(original) = public("miso_queue_2026-06-29.csv") else { return };
    let place = empty();
    let original = head(&place, &original);
    let edits = [(",J4183,", "99.90,99.90", "98.50,99.90"), (",J4182,", ",Active,", ",Withdrawn,")];
    let copy = changed(&place, &original, "new/miso_queue_2026-07-06.csv", &edits);
    let wanted = [
        "J4182 ball: \"utility\" → \"us\"",
        "J4182 ended_reason: null → \"withdrawn\"",
        "J4182 status: \"submitted\" → \"ended\"",
        "J4183 size_ac: 99900000 → 98500000",
    ];
    only(&place, &original, &copy, 2, &wanted);
}

#[test]
fn the_public_register_of_ukpn() {
    let Some(original) = public("ukpn_embedded_capacity_register_2022.csv") else { return };
    let place = empty();
    let original = head(&place, &original);
    let edits = [
        ("1014569292506", "BENTWATERS PRIMARY 33/11kV,33kV", "BENTWATERS PRIMARY 33/11kV,11kV"),
        ("1050000636890", ",Connected,4.5,4.5,", ",Connected,4.6,4.5,"),
    ];
    let copy = changed(&place, &original, "new/ukpn_embedded_capacity_register_2023.csv", &edits);
    let key = show_key(&place, &original, "1050000636890");
    // The voltage is in no column of the profile: that row is the same.
    let wanted = format!("{key} size_ac: 4500000 → 4600000");
    only(&place, &original, &copy, 1, &[&wanted]);
}

/// The made key of the application with this meter number; the import is taken back again.
fn show_key(place: &Place, file: &Path, meter: &str) -> String {
    import(place, file, &[]);
    let all = everything(place);
    let one = all.iter().find(|one| one["meter_number"] == meter).expect("it came in");
    let key = one["aliases"][0]["number"].as_str().expect("text").to_owned();
    place.json(&["undo"]);
    refused(place, &["show", &key], 1);
    key
}

/// The first rows of PJM's workbook, written anew, with some cells changed.
fn cut(place: &Place, rows: &[Vec<String>], name: &str, edits: &[(&str, &str, &str)]) -> PathBuf {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Data").expect("a name");
    for (line, row) in (0..).zip(rows) {
        for (column, (head, cell)) in (0..).zip(rows[0].iter().zip(row)) {
            let edit = edits.iter().find(|(key, column, _)| row[0] == *key && head == column);
            sheet.write(line, column, edit.map_or(cell.as_str(), |edit| edit.2)).expect("a cell");
        }
    }
    let path = crate::world::file(place, name, "");
    book.save(&path).expect("saved");
    path
}

#[test]
fn the_public_queue_of_pjm() {
    use calamine::Reader;
    let Some(original) = public("pjm_serial_queue_2025-01.xlsx") else { return };
    let mut book = calamine::open_workbook_auto(&original).expect("a workbook");
    let range = book.worksheet_range("Data").expect("its sheet");
    let rows: Vec<Vec<String>> = range.rows().take(300).map(|row| row.iter().map(ToString::to_string).collect()).collect();
    let place = empty();
    let original = cut(&place, &rows, "old/pjm_serial_queue_2025-01.xlsx", &[]);
    let edits = [("A01", "Commercial Name", "Ironwood East"), ("A02", "MFO", "70"), ("A02", "State", "OH")];
    let copy = cut(&place, &rows, "new/pjm_serial_queue_2025-02.xlsx", &edits);
    let cell = |key: &str, column: &str| {
        let at = rows[0].iter().position(|head| head == column).expect("a column");
        rows.iter().find(|row| row[0] == key).expect("a row")[at].clone()
    };
    let size: f64 = cell("A02", "MFO").parse().expect("a size");
    let wanted = [
        "A01 site: \"Ironwood\" → \"Ironwood East\"".to_owned(),
        format!("A02 size_ac: {} → 70000000", (size * 1e6).round()),
        format!("A02 state: {:?} → \"OH\"", cell("A02", "State")),
    ];
    only(&place, &original, &copy, 2, &wanted.each_ref().map(String::as_str));
}
