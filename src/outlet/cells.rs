//! How are rows written as the cells that a spreadsheet takes from the clipboard?
//!
//! Tabs between cells, a line per row. A spreadsheet reads what is pasted like a file: a formula would
//! run, and a cell that begins with a quote would swallow its neighbours up to the next one. Both get
//! the leading `'` of `csv`.

use super::csv;

/// The header and the rows, each with its line end.
pub fn table<R, C>(header: &[&str], rows: impl IntoIterator<Item = R>) -> String
where
    R: IntoIterator<Item = C>,
    C: AsRef<str>,
{
    let mut out = line(header);
    for row in rows {
        out.push_str(&line(row));
    }
    out
}

fn line<C: AsRef<str>>(cells: impl IntoIterator<Item = C>) -> String {
    let cells: Vec<String> = cells.into_iter().map(|one| cell(one.as_ref())).collect();
    cells.join("\t") + "\n"
}

/// One cell: on one line, without a tab.
fn cell(text: &str) -> String {
    let text = text.replace("\r\n", " ").replace(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'), " ");
    // What is blank before a sign of a formula might be dropped when it is pasted.
    let text = text.trim();
    if text.starts_with('"') { format!("'{text}") } else { csv::safe(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_stays_one_cell_and_is_never_a_formula() {
        let rows = [["A-1", "=cmd|' /C calc'!A0", "two\nlines\tand a tab"], ["007", "\"open", ""], ["\t=1", "-1", "a\r\nb\u{2028}c"]];
        assert_eq!(
            table(&["id", "title", "note"], rows),
            "id\ttitle\tnote\n\
             A-1\t'=cmd|' /C calc'!A0\ttwo lines and a tab\n\
             007\t'\"open\t\n\
             '=1\t'-1\ta b c\n"
        );
        assert_eq!(table(&["id"], Vec::<Vec<String>>::new()), "id\n");
    }

    proptest::proptest! {
        #[test]
        fn rows_and_columns_are_counted_right(rows in proptest::collection::vec(proptest::collection::vec("[=+\\-@\t\r\n\0＝\"a ]{0,5}|\\PC{0,5}", 3), 0..4)) {
            let text = table(&["a", "b", "c"], &rows);
            let lines: Vec<&str> = text.split_terminator('\n').collect();
            proptest::prop_assert_eq!(lines.len(), rows.len() + 1);
            for line in lines {
                let cells: Vec<&str> = line.split('\t').collect();
                proptest::prop_assert_eq!(cells.len(), 3);
                proptest::prop_assert!(cells.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '"', '＝', '＋', '－', '＠'])));
            }
        }
    }
}
