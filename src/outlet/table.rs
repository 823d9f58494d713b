//! How are rows laid out as plain text columns?

use unicode_width::UnicodeWidthStr;

use unicode_segmentation::UnicodeSegmentation;

use crate::domain::text;

/// A column of a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Column<'a> {
    pub name: &'a str,
    /// Numbers stand at the right.
    pub right: bool,
    /// The most cells it takes; a longer text ends in `…`. `None`: as wide as its longest text.
    pub max: Option<usize>,
}

impl<'a> Column<'a> {
    pub const fn left(name: &'a str) -> Column<'a> {
        Column { name, right: false, max: None }
    }

    pub const fn right(name: &'a str) -> Column<'a> {
        Column { name, right: true, max: None }
    }

    pub const fn at_most(self, max: usize) -> Column<'a> {
        Column { max: Some(max), ..self }
    }
}

/// The header and every row, two spaces between columns, no spaces at line ends. Cells are measured
/// as a terminal shows them, and cleaned: a table is for a terminal.
pub fn render(columns: &[Column<'_>], rows: &[Vec<String>]) -> String {
    let header = columns.iter().map(|column| column.name.to_owned()).collect();
    let lines: Vec<Vec<String>> = std::iter::once(&header)
        .chain(rows)
        .map(|row| columns.iter().zip(row).map(|(column, cell)| fit(&text::clean_line(cell), column.max.unwrap_or(usize::MAX))).collect())
        .collect();
    let widths: Vec<usize> = (0..columns.len())
        .map(|idx| lines.iter().map(|line: &Vec<String>| line.get(idx).map_or(0, |cell| cell.width())).max().unwrap_or(0))
        .collect();
    let mut out = String::new();
    for line in &lines {
        let start = out.len();
        for ((column, cell), width) in columns.iter().zip(line).zip(&widths) {
            let pad = " ".repeat(width - cell.width());
            out.push_str(&if column.right { format!("{pad}{cell}  ") } else { format!("{cell}{pad}  ") });
        }
        out.truncate(start + out[start..].trim_end().len());
        out.push('\n');
    }
    out
}

/// The longest start of `text` that takes at most `max` cells, `…` with it when something is left out.
pub fn fit(text: &str, max: usize) -> String {
    if text.width() <= max {
        return text.to_owned();
    }
    let mut out = String::new();
    for grapheme in text.graphemes(true) {
        if out.width() + grapheme.width() + 1 > max {
            break;
        }
        out.push_str(grapheme);
    }
    if max > 0 {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_as_a_terminal_shows_them() {
        let rows = [["A-1", "日本", "7", "x"], ["A-1042", "Jo\u{301}rg\x1b[2J", "1750", ""], ["A-2", "a much longer name", "0", "y"]];
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row.map(String::from).to_vec()).collect();
        let columns = [Column::left("id"), Column::left("name").at_most(7), Column::right("kW"), Column::left("note")];
        assert_eq!(
            render(&columns, &rows),
            "id      name       kW  note\n\
             A-1     日本        7  x\n\
             A-1042  Jórg     1750\n\
             A-2     a much…     0  y\n"
        );
        assert_eq!(render(&columns, &[]), "id  name  kW  note\n");
    }

    proptest::proptest! {
        #[test]
        fn fitted_text_is_never_wider(text in "\\PC{0,12}", max in 0usize..10) {
            proptest::prop_assert!(fit(&text, max).width() <= max);
        }
    }
}
