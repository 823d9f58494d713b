//! How is a row written as CSV that no spreadsheet takes for a formula?
//!
//! RFC 4180 quoting, and a leading `'` for a cell that begins like a formula (OWASP ASVS 1.2.10).
//! Rows end in `\n`. Numbers from outside are text and keep their leading zeros; what a spreadsheet
//! makes of them is its own doing.

use serde_json::Value as Json;

/// A cell as a spreadsheet may see it.
pub fn safe(cell: &str) -> String {
    let dangerous = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\0' | '＝' | '＋' | '－' | '＠');
    if cell.starts_with(dangerous) { format!("'{cell}") } else { cell.to_owned() }
}

/// One row with its line end.
pub fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut out = String::new();
    for (idx, cell) in cells.into_iter().enumerate() {
        if idx > 0 {
            out.push(',');
        }
        let cell = safe(cell);
        if cell.contains(['"', ',', '\n', '\r']) || cell != cell.trim() {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    if out.is_empty() {
        // A line of nothing would be no row.
        out.push_str("\"\"");
    }
    out.push('\n');
    out
}

/// The row of a JSON object under `columns`; nothing for null, and for a list or a map its JSON text.
pub fn row(object: &Json, columns: &[&str]) -> String {
    let cells: Vec<String> = columns.iter().map(|column| text(&object[*column])).collect();
    line(cells.iter().map(String::as_str))
}

/// The text of one value, as it is: nothing for null, and for a list or a map its JSON text.
pub fn text(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text_and_quotes_are_doubled() {
        for (cell, written) in [
            ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",x\n"),
            ("+4989123", "'+4989123,x\n"),
            ("-1+2", "'-1+2,x\n"),
            ("@SUM(A1)", "'@SUM(A1),x\n"),
            ("\t=1", "'\t=1,x\n"),
            ("＝1", "'＝1,x\n"),
            ("two\nlines", "\"two\nlines\",x\n"),
            ("007", "007,x\n"),
            ("", ",x\n"),
            (" a", "\" a\",x\n"),
        ] {
            assert_eq!(line([cell, "x"]), written);
        }
        assert_eq!(line([""]), "\"\"\n");
        let object = serde_json::json!({"a": null, "b": 7600, "c": true, "d": "x,y"});
        assert_eq!(row(&object, &["a", "b", "c", "d", "e"]), ",7600,true,\"x,y\",\n");
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_reads_back_safe(cells in proptest::collection::vec("[=+\\-@\t\r\n\0＝＋－＠a\", ']{0,6}|\\PC{0,6}", 1..5)) {
            let text = line(cells.iter().map(String::as_str));
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
            let read: Vec<_> = reader.records().collect::<Result<_, _>>().expect("what was written reads");
            proptest::prop_assert_eq!(read.len(), 1);
            let back: Vec<&str> = read[0].iter().collect();
            let safe: Vec<String> = cells.iter().map(|cell| safe(cell)).collect();
            proptest::prop_assert_eq!(&back, &safe);
            for (cell, back) in cells.iter().zip(&back) {
                proptest::prop_assert!(!back.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠']));
                let guarded = format!("'{cell}");
                proptest::prop_assert!(back == cell || *back == guarded);
            }
        }
    }
}
