//! How are rows written as a Markdown table that shows its cells and does nothing else?

use serde_json::Value as Json;

use super::csv;

/// The header and the line below it.
pub fn header(columns: &[&str]) -> String {
    format!("{}|{}\n", line(columns.iter().copied()), " --- |".repeat(columns.len()))
}

/// The row of a JSON object under `columns`.
pub fn row(object: &Json, columns: &[&str]) -> String {
    let cells: Vec<String> = columns.iter().map(|column| csv::text(&object[*column])).collect();
    line(cells.iter().map(String::as_str))
}

fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let cells: String = cells.into_iter().map(|text| format!(" {} |", cell(text))).collect();
    format!("|{cells}\n")
}

/// On one line, with every sign that Markdown or HTML would act on as plain text; an address of the
/// web is broken where renderers would make a link of it.
fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '|' | '`' | '*' | '_' | '~' | '[' | ']' | '!' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out.replace("://", "&#58;//").replace("www.", "www&#46;")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_cell_shows_what_it_says_and_stays_one_cell() {
        for (text, written) in [
            ("plain 12-4, Jörg", "plain 12-4, Jörg"),
            ("a|b\nc", "a\\|b c"),
            ("`rm -rf`", "\\`rm -rf\\`"),
            ("<script>alert(1)</script> & <b>", "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;"),
            ("![x](http://example.com/p.png)", "\\!\\[x\\](http&#58;//example.com/p.png)"),
            ("www.example.com", "www&#46;example.com"),
            ("\\| trick", "\\\\\\| trick"),
            ("**bold** _it_ ~no~ $x$", "\\*\\*bold\\*\\* \\_it\\_ \\~no\\~ \\$x\\$"),
            ("\u{1b}[31mred", "\\[31mred"),
        ] {
            assert_eq!(cell(text), written);
        }
        assert_eq!(header(&["id", "follow_up"]), "| id | follow\\_up |\n| --- | --- |\n");
        assert_eq!(row(&json!({"id": "A-1", "score": 5}), &["id", "none", "score"]), "| A-1 |  | 5 |\n");
    }

    proptest::proptest! {
        #[test]
        fn columns_are_counted_right(cells in proptest::collection::vec("[|\\\\`<>\n a]{0,6}|\\PC{0,6}", 1..5)) {
            let line = line(cells.iter().map(String::as_str));
            proptest::prop_assert_eq!(line.matches('\n').count(), 1);
            // A bar divides cells unless an odd number of backslashes stands before it.
            let (mut bars, mut escaped) = (0, false);
            for c in line.chars() {
                bars += usize::from(c == '|' && !escaped);
                escaped = c == '\\' && !escaped;
            }
            proptest::prop_assert_eq!(bars, cells.len() + 1);
        }
    }
}
