//! Which row names the columns, and what are the names?

use std::collections::HashMap;

use crate::domain::import::Header;
use crate::domain::text;
use crate::domain::trouble::Problem;

/// More columns than any register has: the wrong delimiter or no table.
pub const COLUMNS_MAX: usize = 1_000;
/// How many rows are looked at for the header.
pub const LOOKED_AT: usize = 50;

/// A row at the beginning of a table, as text.
#[derive(Clone, Debug, Default)]
pub struct Early {
    pub line: usize,
    pub cells: Vec<String>,
}

/// Where the columns get their names.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Found {
    /// Cleaned; an unnamed column is empty text.
    pub names: Vec<String>,
    /// The header's first and last line; 0 when there is none.
    pub line: usize,
    pub last: usize,
    /// How many of the wanted names it has.
    pub has: usize,
    /// The lines of the title before it.
    pub title: Option<(usize, usize)>,
}

/// The header among the first rows, which are not blank. `Err` is what was read and what was wanted.
pub fn find(rows: &[Early], header: &Header, wanted: &[String]) -> Result<Found, (String, String)> {
    let place = match header {
        Header::Missing => {
            let width = rows.first().map_or(0, |row| row.cells.len());
            return Ok(Found { names: (0..width).map(letters).collect(), ..Found::default() });
        }
        Header::Lines(lines) => return of_lines(rows, lines, wanted),
        Header::Find if wanted.is_empty() => guess(rows),
        Header::Find => best(rows, wanted),
    };
    let Some(row) = rows.get(place) else { return Ok(Found::default()) };
    let names: Vec<String> = row.cells.iter().map(|cell| text::clean_line(cell)).collect();
    let title = rows[..place].first().zip(rows[..place].last()).map(|(first, last)| (first.line, last.line));
    Ok(Found { has: has(&names, wanted, false), names, line: row.line, last: row.line, title })
}

fn of_lines(rows: &[Early], lines: &[usize], wanted: &[String]) -> Result<Found, (String, String)> {
    let mut names: Vec<String> = Vec::new();
    for line in lines {
        let row = rows.iter().find(|row| row.line == *line);
        let row = row.ok_or_else(|| (format!("no row that begins on line {line}"), "the header there, as the profile says".to_owned()))?;
        names.resize(names.len().max(row.cells.len()), String::new());
        for (name, cell) in names.iter_mut().zip(&row.cells) {
            *name = text::clean_line(&format!("{name} {cell}"));
        }
    }
    let (first, last) = (lines.iter().min().copied().unwrap_or(0), lines.iter().max().copied().unwrap_or(0));
    let before: Vec<usize> = rows.iter().map(|row| row.line).filter(|line| *line < first).collect();
    let title = before.first().zip(before.last()).map(|(from, to)| (*from, *to));
    Ok(Found { has: has(&names, wanted, false), names, line: first, last, title })
}

/// The first row with all wanted names, exact ones before those that differ in case and spaces;
/// else the one with most of them; else the first.
fn best(rows: &[Early], wanted: &[String]) -> usize {
    let mut counted: Vec<(usize, usize)> = Vec::new();
    for loose in [false, true] {
        counted = rows.iter().map(|row| has(&row.cells, wanted, loose)).enumerate().collect();
        if let Some((place, _)) = counted.iter().find(|(_, count)| *count == wanted.len()) {
            return *place;
        }
    }
    let most = counted.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let enough = most * 2 >= wanted.len() || most >= 2;
    counted.iter().find(|(_, count)| enough && most > 0 && *count == most).map_or(0, |(place, _)| *place)
}

/// How many of the wanted names these cells have.
pub fn has(cells: &[String], wanted: &[String], loose: bool) -> usize {
    let shape = |name: &str| {
        let line = text::clean_line(name);
        if loose { line.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect() } else { line }
    };
    let cells: std::collections::HashSet<String> = cells.iter().map(|cell| shape(cell)).collect();
    wanted.iter().filter(|name| cells.contains(&shape(name))).count()
}

/// Without a profile: the first row where most cells are filled, with words, no two the same.
fn guess(rows: &[Early]) -> usize {
    let filled = |row: &Early| row.cells.iter().filter(|cell| !cell.trim().is_empty()).count();
    let mut widths: Vec<usize> = rows.iter().map(filled).collect();
    widths.sort_unstable();
    // The middle one: a title has one cell, and a stray long row must not count for all.
    let usual = widths.get(widths.len() / 2).copied().unwrap_or(0);
    let named = |row: &Early| {
        let mut names: Vec<String> = row.cells.iter().map(|cell| text::clean_line(cell)).filter(|name| !name.is_empty()).collect();
        let count = names.len();
        let words = names.iter().all(|name| !is_value(name));
        names.sort_unstable();
        names.dedup();
        words && names.len() == count && count > 0 && count * 3 >= usual * 2
    };
    rows.iter().position(named).unwrap_or(0)
}

/// A number or a date, which no column is called.
fn is_value(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || " ./-:,+$%€£TZ".contains(c))
}

/// A, B, … Z, AA: as spreadsheets name a column, counted from 0.
pub fn letters(column: usize) -> String {
    let (mut rest, mut name) = (column + 1, Vec::new());
    while rest > 0 {
        name.push(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0));
        rest = (rest - 1) / 26;
    }
    name.iter().rev().copied().map(char::from).collect()
}

/// Refuses what is no table, and equal names where it matters which is meant. Without a profile
/// nobody named a column yet: the later one becomes `name (2)`, and a remark says so.
pub fn check(file: &str, found: &mut Found, wanted: &[String], remarks: &mut Vec<String>) -> Vec<Problem> {
    let problem = |column: &str, read: String, wanted: String| Problem {
        file: file.to_owned(),
        line: found.line,
        column: column.to_owned(),
        read,
        wanted,
    };
    if found.names.len() > COLUMNS_MAX {
        return vec![problem("", format!("{} columns", found.names.len()), format!("at most {COLUMNS_MAX}"))];
    }
    let mut first: HashMap<String, usize> = HashMap::new();
    let (mut problems, mut renamed) = (Vec::new(), Vec::new());
    for (idx, name) in found.names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        match first.get(name) {
            None => {
                first.insert(name.clone(), idx);
            }
            Some(_) if wanted.is_empty() => renamed.push(idx),
            Some(earlier) if wanted.contains(name) => problems.push(problem(
                name,
                format!("the same header in columns {} and {}", earlier + 1, idx + 1),
                "each header once".into(),
            )),
            Some(_) => {}
        }
    }
    for idx in renamed {
        let name = found.names[idx].clone();
        let free = (2..).map(|count| format!("{name} ({count})")).find(|free| !found.names.contains(free));
        found.names[idx] = free.unwrap_or_default();
        remarks.push(format!("column {} is named {} too; it is read as {}", letters(idx), name, found.names[idx]));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Early> {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.is_empty());
        lines.map(|(idx, line)| Early { line: idx + 1, cells: line.split(',').map(String::from).collect() }).collect()
    }

    fn wanted(names: &str) -> Vec<String> {
        names.split(',').filter(|name| !name.is_empty()).map(String::from).collect()
    }

    #[test]
    fn the_header_is_the_row_with_the_names() {
        for (text, names, line, title) in [
            ("a,b\n1,2", "a,b", 1, None),
            ("Report\n\nmade 2026,by me\na,b\n1,2", "a,b", 4, Some((1, 3))),
            ("A , B\n a,b\n1,2", "a,b", 2, Some((1, 1))),
            ("Title,,\nNUMBER,Cust omer\n1,2", "number,customer", 2, Some((1, 1))),
            ("x,y,z\na,b,q\n1,2", "a,b,c,d", 2, Some((1, 1))),
            ("x,y,z\na,s,q\n1,2", "a,b,c,d", 1, None),
            ("x,y,z\n1,2", "a", 1, None),
            ("Queue of 2026\n2026-01-02,,\nnumber,kW,since\n1,2,3\n4,5,6", "", 3, Some((1, 2))),
            ("1,2,3\n4,5,6", "", 1, None),
            ("a,a,b\nc,d,e", "", 2, Some((1, 1))),
        ] {
            let found = find(&rows(text), &Header::Find, &wanted(names)).expect("a header");
            assert_eq!((found.line, found.title), (line, title), "{text:?} {names}");
        }
    }

    #[test]
    fn a_header_of_two_lines_is_put_together() {
        let found = find(&rows("Title\nSite,Site,\nname,city,kW\n1,2,3"), &Header::Lines(vec![2, 3]), &wanted("kW")).expect("a header");
        assert_eq!((found.names.join("|"), found.line, found.last, found.has), ("Site name|Site city|kW".into(), 2, 3, 1));
        let none = find(&rows("a\n\nb"), &Header::Lines(vec![2]), &[]).expect_err("a blank line");
        assert_eq!(none.0, "no row that begins on line 2");
        let found = find(&rows("1,2,3"), &Header::Missing, &[]).expect("none needed");
        assert_eq!((found.names.join(","), found.line), ("A,B,C".into(), 0));
        for (column, name) in [(25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(column), name);
        }
    }

    #[test]
    fn equal_names_matter_where_one_is_wanted() {
        let said = |names: &str, want: &str| {
            let mut found = Found { names: wanted(names), line: 1, ..Found::default() };
            let mut remarks = Vec::new();
            let problems: Vec<String> = check("f", &mut found, &wanted(want), &mut remarks).iter().map(ToString::to_string).collect();
            (problems.join("\n"), found.names.join(","), remarks.join("\n"))
        };
        assert_eq!(said("a,b,a,b", "b").0, "f:1: b: read the same header in columns 2 and 4, wanted each header once");
        assert_eq!(said("a,b,a", "b"), (String::new(), "a,b,a".into(), String::new()));
        assert_eq!(said("a,a (2),a", ""), (String::new(), "a,a (2),a (3)".into(), "column C is named a too; it is read as a (3)".into()));
    }
}
