//! Which columns name a row, and what is a file's own name?

use std::collections::HashSet;

use crate::domain::import::{Column, Target};
use crate::domain::text;

use super::values::Survey;
use super::words::words;
use crate::intake::raw::RawRow;

/// Fields that name a row by themselves, the best first.
const NUMBERS: [&str; 4] = ["number", "crm_number", "permit_number", "meter_number"];
/// Fields that name a row together with others, the best first.
const PARTS: [&str; 9] = ["customer_name", "site", "zip", "address", "number", "meter_number", "account_number", "city", "product"];
/// Columns that are put together to a key at most.
const TOGETHER: usize = 3;
/// The longest name that is taken from a file.
const NAME_MAX: usize = 40;

/// The key of a guessed profile.
pub struct Found {
    pub columns: Vec<String>,
    pub made: bool,
    pub doubt: Option<String>,
    pub remark: Option<String>,
}

/// The column whose header says number and whose values are all there and all different; else two or
/// three columns that together are; else a made key.
pub fn key(surveys: &[Survey], columns: &[Column], rows: &[RawRow]) -> Found {
    let found = |columns: Vec<String>| Found { columns, made: false, doubt: None, remark: None };
    let field = |survey: &Survey| {
        columns.iter().find(|column| column.name == survey.name).and_then(|column| match &column.target {
            Target::Field { name, .. } => Some(name.as_str()),
            _ => None,
        })
    };
    let by_field = NUMBERS[..3].iter().find_map(|name| surveys.iter().find(|one| field(one) == Some(*name) && one.names_rows()));
    let says_number = |survey: &&Survey| {
        let words = words(&survey.name);
        let header = ["number", "key", "uuid", "guid"].iter().any(|word| words.iter().any(|one| one == word));
        header && field(survey).is_none_or(|name| NUMBERS.contains(&name)) && survey.names_rows() && !survey.is_dated()
    };
    if let Some(one) = by_field.or_else(|| surveys.iter().find(says_number)) {
        return found(vec![one.name.clone()]);
    }
    let mut parts: Vec<&Survey> = PARTS
        .iter()
        .filter_map(|name| surveys.iter().find(|survey| field(survey) == Some(*name) && survey.filled() * 2 >= survey.rows))
        .collect();
    if parts.is_empty() {
        parts = surveys.iter().filter(|survey| survey.distinct * 2 >= survey.rows && !survey.is_dated() && !survey.is_long()).collect();
    }
    for count in 1..=TOGETHER {
        if let Some(names) = together(&parts, rows, count) {
            let remark = Some(format!("no column with a number names a row; {} does", names.join(" with ")));
            return Found { remark, ..found(names) };
        }
    }
    let mut columns: Vec<String> = parts.iter().take(TOGETHER).map(|survey| survey.name.clone()).collect();
    if columns.is_empty() {
        columns.extend(surveys.first().map(|survey| survey.name.clone()));
    }
    if columns.is_empty() {
        let doubt = "no column has a name; is the header on another line?".to_owned();
        return Found { doubt: Some(doubt), ..found(columns) };
    }
    let doubt = format!(
        "no columns name a row; the key is made of {} and of its place among equals, so a row in which they change comes in as a new one",
        columns.join(", ")
    );
    Found { columns, made: true, doubt: Some(doubt), remark: None }
}

/// The first so many of the columns that are different in every row.
fn together(parts: &[&Survey], rows: &[RawRow], count: usize) -> Option<Vec<String>> {
    let mut chosen: Vec<usize> = (0..count).collect();
    if count > parts.len() || rows.is_empty() {
        return None;
    }
    loop {
        let mut seen = HashSet::new();
        let differs = rows.iter().all(|row| {
            let cells: Vec<String> = chosen.iter().map(|at| row.cell(parts[*at].idx).trim().to_lowercase()).collect();
            cells.iter().any(|cell| !cell.is_empty()) && seen.insert(cells)
        });
        if differs {
            return Some(chosen.iter().map(|at| parts[*at].name.clone()).collect());
        }
        // The next choice in order: the last place that can move on, and those after it behind it.
        let place = (0..count).rev().find(|place| chosen[*place] < parts.len() - count + place)?;
        chosen[place] += 1;
        for after in place + 1..count {
            chosen[after] = chosen[after - 1] + 1;
        }
    }
}

/// What a profile takes from a file's name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// `crm-report` of `crm_report_2026-11-20.csv`
    pub name: String,
    /// `crm report`
    pub label: String,
    /// `crm_report_*.csv`
    pub files: Vec<String>,
}

/// Numbers and dates in a name differ from file to file: they are dropped, and any text in the pattern.
pub fn named(file: &str) -> Named {
    let base = file.rsplit(['/', '\\']).next().unwrap_or_default();
    let base = text::clean_line(base);
    let (stem, end) = base.rsplit_once('.').filter(|(stem, end)| !stem.is_empty() && end.len() <= 5).unwrap_or((base.as_str(), ""));
    let folded = text::fold(stem);
    let words: Vec<&str> = folded
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty() && !word.bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    let label = words.join(" ");
    let name: String = words.join("-").chars().take(NAME_MAX).collect();
    let name = name.trim_end_matches('-').to_owned();
    if name.is_empty() {
        return Named { name: "imported".into(), label: "imported file".into(), files: Vec::new() };
    }
    let pattern = pattern(stem);
    let files = if end.is_empty() { pattern } else { format!("{pattern}.{end}") };
    Named { name, label, files: vec![files] }
}

/// Every stretch of digits, with the signs between them, as `*`.
fn pattern(stem: &str) -> String {
    let letters: Vec<char> = stem.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while at < letters.len() {
        if !letters[at].is_ascii_digit() {
            out.push(if letters[at] == '*' { '?' } else { letters[at] });
            at += 1;
            continue;
        }
        let is_part = |c: &char| c.is_ascii_digit() || "-_. ".contains(*c);
        let end = letters[at..].iter().position(|c| !is_part(c)).map_or(letters.len(), |count| at + count);
        // A sign before the next word stays: `queue_2026_west` is `queue_*_west`.
        let end = (at..end).rev().find(|place| letters[*place].is_ascii_digit()).map_or(end, |place| place + 1);
        if !out.ends_with('*') {
            out.push('*');
        }
        at = end;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_named_after_its_file() {
        for (file, name, pattern) in [
            ("crm_report_2026-11-20.csv", "crm-report", "crm_report_*.csv"),
            ("/home/x/Tracker 2026.xlsx", "tracker", "Tracker *.xlsx"),
            ("C:\\Exports\\queue_20261120_west.CSV", "queue-west", "queue_*_west.CSV"),
            ("list.csv", "list", "list.csv"),
            ("report (3).csv", "report", "report (*).csv"),
            ("Übersicht.neu.csv", "ubersicht-neu", "Übersicht.neu.csv"),
            ("PG&E:queue", "pg-e-queue", "PG&E:queue"),
            ("2026-11-20.csv", "imported", ""),
            ("", "imported", ""),
        ] {
            let found = named(file);
            assert_eq!((found.name.as_str(), found.files.concat().as_str()), (name, pattern), "{file}");
        }
    }
}
