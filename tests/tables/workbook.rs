//! Does a workbook give what its owner sees, and nothing that would have to be worked out?

use std::io::{Cursor, Read, Write};

use intertie::domain::import::{Format, Header};
use rust_xlsxwriter::{Color, ExcelDateTime, Format as Style, Formula, Workbook, Worksheet};
use zip::write::SimpleFileOptions;

use super::support::{opened, problems};

type Fill<'a> = &'a mut dyn FnMut(&mut Worksheet);

fn book(sheets: &mut [(&str, Fill<'_>)]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, fill) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).expect("a short name");
        fill(sheet);
    }
    book.save_to_buffer().expect("memory")
}

fn rows(sheet: &mut Worksheet, top: u32, rows: &[&[&str]]) {
    for (row, cells) in (top..).zip(rows) {
        for (column, cell) in (0..).zip(*cells) {
            if !cell.is_empty() {
                sheet.write_string(row, column, *cell).expect("inside the sheet");
            }
        }
    }
}

fn named(sheet: &str) -> Format {
    Format { sheet: sheet.into(), ..Format::default() }
}

/// The workbook with one part written anew.
fn patched(bytes: &[u8], part: &str, change: &dyn Fn(String) -> String) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).expect("a ZIP");
    let mut into = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for idx in 0..from.len() {
        let mut entry = from.by_index(idx).expect("an entry");
        let name = entry.name().expect("a name").into_owned();
        let mut text = String::new();
        entry.read_to_string(&mut text).expect("XML");
        into.start_file(&name, SimpleFileOptions::default()).expect("memory");
        into.write_all(if name == part { change(text) } else { text }.as_bytes()).expect("memory");
    }
    into.finish().expect("memory").into_inner()
}

#[test]
fn cells_are_what_their_owner_sees() {
    let bytes = book(&mut [("Data", &mut |sheet| {
        rows(sheet, 0, &[&["number", "long", "kW", "received", "typed", "at", "ok", "link", "broken", "none"], &["0042"]]);
        let day = Style::new().set_num_format("yyyy-mm-dd hh:mm");
        let time = Style::new().set_num_format("hh:mm");
        let date = ExcelDateTime::from_ymd(2026, 11, 30).expect("a day").and_hms(12, 30, 0).expect("a time");
        sheet.write_number(1, 1, 1_234_567_890_123.0).expect("inside");
        sheet.write_number(1, 2, 0.1 + 0.2).expect("inside");
        sheet.write_datetime_with_format(1, 3, &date, &day).expect("inside");
        sheet.write_string(1, 4, "11/30/2026").expect("inside");
        sheet.write_datetime_with_format(1, 5, ExcelDateTime::from_hms(9, 5, 0).expect("a time"), &time).expect("inside");
        sheet.write_boolean(1, 6, true).expect("inside");
        let link = "HYPERLINK(\"https://example.com/\"&A2,\"J1\")";
        sheet.write_formula(1, 7, Formula::new(format!("={link}")).set_result("J1")).expect("inside");
        sheet.write_formula(1, 8, Formula::new("=VLOOKUP(1,2,3)").set_result("#N/A")).expect("inside");
        sheet.write_formula(1, 9, Formula::new("=1+1").set_result("SAVED")).expect("inside");
        sheet.write_number(2, 1, 12_345_678_901_234_567.0).expect("inside");
        sheet.write_string(2, 0, "  =1+1|é\nsecond line").expect("inside");
    })]);
    let bytes = patched(&bytes, "xl/worksheets/sheet1.xml", &|xml| {
        assert!(xml.contains("<v>SAVED</v>"));
        xml.replace("<v>SAVED</v>", "<v></v>").replace("<c r=\"J2\" t=\"str\">", "<c r=\"J2\">")
    });
    assert_eq!(
        opened(&bytes, &Format::default(), "number,received"),
        "1: number|long|kW|received|typed|at|ok|link|broken|none\n\
         2: 0042|1234567890123|0.3|<2026-11-30 12:30:00>|11/30/2026|9:05|TRUE|J1|{the error #N/A}|{a formula without a saved value}\n\
         3:   =1+1|é⏎second line|{a number of 17 digits, of which a spreadsheet keeps 15}||||||||\n"
    );
}

#[test]
fn title_footer_merged_and_hidden_cells_are_as_they_look() {
    let make = || {
        book(&mut [("Data", &mut |sheet: &mut Worksheet| {
            let plain = Style::new();
            rows(sheet, 0, &[&["Queue of the north"], &[], &["", "", "", "kW"], &["number", "name", "city", "AC"]]);
            sheet.merge_range(2, 0, 2, 2, "Site", &plain).expect("inside");
            rows(sheet, 4, &[&["J1", "", "Reno", "5"], &["J2", "", "Elko", "6"], &["J3", "Lee", "", "7"], &["J4", "Kim", "", "8"]]);
            sheet.merge_range(4, 1, 5, 1, "Smith", &plain).expect("inside");
            rows(sheet, 9, &[&["Total 4"]]);
            sheet.set_row_hidden(6).expect("inside").set_row_hidden(20).expect("inside");
            sheet.write_blank(7, 6, &Style::new().set_background_color(Color::Yellow)).expect("inside");
        })])
    };
    let header = Header::Lines(vec![3, 4]);
    let said = "# row 1 before the header is a title and was left out\n# row 10 after the last row is a footer and was left out\n";
    assert_eq!(
        opened(&make(), &Format { header: header.clone(), ..Format::default() }, "kW AC"),
        format!(
            "3: Site number|Site name|Site city|kW AC\n5: J1|Smith|Reno|5\n6: J2|Smith|Elko|6\n7: J3|Lee||7\n8: J4|Kim||8\n\
             {said}# 1 hidden row was read too\n# colours are not read\n"
        )
    );
    let skipped = opened(&make(), &Format { header, skip_hidden: true, ..Format::default() }, "");
    assert!(!skipped.contains("J3") && skipped.contains("J4") && skipped.contains("# 1 hidden row was left out\n"), "{skipped}");
    assert!(opened(&make(), &Format::default(), "number,city").starts_with("4: number|name|city|AC\n5: J1|"));
}

#[test]
fn the_sheet_is_the_one_that_is_meant() {
    let data = |sheet: &mut Worksheet| rows(sheet, 0, &[&["number", "kW"], &["J1", "5"]]);
    let notes = |sheet: &mut Worksheet| rows(sheet, 0, &[&["some", "notes"], &["a", "b"]]);
    let old = |sheet: &mut Worksheet| {
        rows(sheet, 0, &[&["number", "kW"], &["OLD", "1"]]);
        sheet.set_hidden(true);
    };
    let three = book(&mut [("Notes", &mut { notes }), ("Queue", &mut { data }), ("Old", &mut { old })]);
    let rest = "1: number|kW\n2: J1|5\n# read the sheet Queue; not read: Notes, Old (hidden)\n";
    assert_eq!(opened(&three, &Format::default(), "number,kW"), rest);
    assert_eq!(opened(&three, &Format::default(), ""), "1: some|notes\n2: a|b\n# read the sheet Notes; not read: Queue, Old (hidden)\n");
    // What is not read is said also where the profile names the sheet: somebody may have added one.
    assert_eq!(opened(&three, &named("queue"), "number"), rest);
    assert_eq!(opened(&three, &named("Old"), "number"), "1: number|kW\n2: OLD|1\n# read the sheet Old; not read: Notes, Queue\n");
    assert_eq!(problems("f", &three, &named("Data"), "number"), "f: read the sheets Notes, Queue, Old, wanted a sheet Data\n");
    let two = book(&mut [("Queue", &mut { data }), ("Old", &mut { old })]);
    assert_eq!(opened(&two, &Format::default(), "x"), "1: number|kW\n2: J1|5\n# read the sheet Queue; not read: Old (hidden)\n");
    let empty = book(&mut [("Queue", &mut |_| {})]);
    assert_eq!(problems("f", &empty, &Format::default(), ""), "f: read an empty sheet Queue, wanted a header and rows\n");
    let bare = book(&mut [("Queue", &mut |sheet| rows(sheet, 0, &[&["number"]]))]);
    assert_eq!(problems("f", &bare, &Format::default(), ""), "f: read a header without rows, wanted at least one row\n");
    let wide = book(&mut [("Queue", &mut |sheet| {
        rows(sheet, 0, &[&["number"], &["J1"]]);
        sheet.write_string(1, 16_383, "far").expect("the last column");
    })]);
    assert_eq!(problems("f", &wide, &Format::default(), "number"), "f:1: read 16384 columns, wanted at most 1000\n");
}

#[test]
fn the_older_and_the_open_format_are_workbooks_too() {
    assert_eq!(
        opened(include_bytes!("queue.xls"), &Format::default(), "number,kW"),
        "3: number|customer|kW|received|long\n4: 0042|Jörg|7.6|<2026-11-30 00:00:00>|1234567890123\n5: J2|Jones|5|<2026-11-30 00:00:00>|1234567890123\n\
         6: J3|Lee|||\n7: J4|Lee|||\n8: |TRUE|1||\n# read the sheet Queue; not read: Old (hidden)\n# row 1 before the header is a title and was left out\n"
    );
    let skip = Format { skip_hidden: true, ..Format::default() };
    assert_eq!(
        opened(include_bytes!("queue.ods"), &skip, "number,kW"),
        "1: number|customer|kW|received|ok\n2: 0042|Jörg|7.6|<2026-11-30 00:00:00>|TRUE\n3: J2|Jones|5|<2026-11-30 00:00:00>|FALSE\n\
         # read the sheet Queue; not read: Notes, Old (hidden)\n# hidden rows cannot be told in this kind of workbook; all rows were read\n"
    );
}

#[test]
fn what_would_unfold_or_reach_out_is_refused() {
    let sound = book(&mut [("Data", &mut |sheet| rows(sheet, 0, &[&["number"], &["J1"]]))]);
    let entity = patched(&sound, "xl/worksheets/sheet1.xml", &|xml| {
        xml.replacen("?>", "?><!DOCTYPE x [<!ENTITY secret SYSTEM \"file:///etc/passwd\">]>", 1)
    });
    let says = "f: read a document type or entity in xl/worksheets/sheet1.xml, wanted a workbook as spreadsheets write them, without\n";
    assert_eq!(problems("f", &entity, &Format::default(), ""), says);

    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("xl/workbook.xml", SimpleFileOptions::default().compression_level(Some(1))).expect("memory");
    let spaces = vec![b' '; 1 << 20];
    (0..257).for_each(|_| zip.write_all(&spaces).expect("memory"));
    let mut bomb = zip.finish().expect("memory").into_inner();
    assert!(bomb.len() < 4 << 20, "{}", bomb.len());
    let says = "f: read a part xl/workbook.xml that unfolds to more than 256 MiB, wanted a smaller workbook, or CSV\n";
    assert_eq!(problems("f", &bomb, &Format::default(), ""), says);
    // The same with a lie about its size, in both of the places where a ZIP declares it.
    let size = (257u32 << 20).to_le_bytes();
    let places: Vec<usize> = (0..bomb.len() - 4).filter(|at| bomb[*at..].starts_with(&size)).collect();
    assert!(!places.is_empty());
    places.iter().for_each(|at| bomb[*at..at + 4].copy_from_slice(&10u32.to_le_bytes()));
    assert_ne!(problems("f", &bomb, &Format::default(), ""), "no problem");

    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for idx in 0..2_001 {
        zip.start_file(format!("{idx}"), SimpleFileOptions::default()).expect("memory");
    }
    let many = zip.finish().expect("memory").into_inner();
    assert_eq!(problems("f", &many, &Format::default(), ""), "f: read a ZIP of 2001 parts, wanted a workbook, which has at most 2000\n");
    assert!(problems("f", &sound[..sound.len() / 2], &Format::default(), "").starts_with("f: read a damaged workbook ("));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test's own data, read in the test")]
fn real_tables_open_whole() {
    let folder = std::env::var_os("INTERTIE_TEST_DATA").map(std::path::PathBuf::from);
    for (name, wanted, columns, rows) in [
        ("miso_queue_2026-06-29.csv", "projectNumber,applicationStatus", 27, 3_792),
        ("pjm_serial_queue_2025-01.xlsx", "Project ID,Status", 43, 8_190),
        ("ukpn_embedded_capacity_register_2022.csv", "Customer Name,Connection Status", 62, 989),
    ] {
        let Some(bytes) = folder.as_ref().and_then(|folder| std::fs::read(folder.join(name)).ok()) else {
            println!("DID NOT RUN: INTERTIE_TEST_DATA names no folder with {name}");
            continue;
        };
        for wanted in [wanted, ""] {
            let table = intertie::intake::table::Table::open(name, Cursor::new(&bytes), &Format::default(), &super::support::names(wanted));
            let table = table.expect("a sound file");
            println!("{name}: {} columns, {} rows, {:?}", table.headers().len(), table.len(), table.remarks());
            assert_eq!((table.headers().len(), table.len(), table.header_line()), (columns, rows, 1), "{name} {wanted}");
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// A damaged workbook is a sentence, never a crash.
    #[test]
    fn damaged_workbooks_are_read_or_refused(place in 0usize..8_000, byte: u8, cut in 1usize..8_000) {
        for sound in [&include_bytes!("queue.xls")[..], include_bytes!("queue.ods")] {
            let mut bytes = sound[..cut.min(sound.len())].to_vec();
            let _ = problems("f", &bytes, &Format::default(), "number");
            bytes = sound.to_vec();
            let place = place % bytes.len();
            bytes[place] = byte;
            let _ = problems("f", &bytes, &Format::default(), "number");
        }
    }
}
