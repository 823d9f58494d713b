//! Which profile reads these rows? And if none does, what do their columns seem to be?

use std::path::Path;

use super::reading;
use super::source::{self, Source};
use crate::domain::day::Day;
use crate::domain::import::{Format, Header, Profile, Rows, Seen};
use crate::domain::playbook::Playbook;
use crate::domain::trouble::{Failure, Trouble};
use crate::intake::fits;
use crate::intake::guess;
use crate::intake::raw::RawRow;
use crate::intake::table::{self, Table};

/// Rows that a guess looks at.
const SAMPLE: usize = 500;

/// `sheet`: that of a workbook, or empty.
pub fn look(rows: &Rows, sheet: &str, profiles: &[Profile], playbook: &Playbook, today: Day, database: &Path) -> Result<Seen, Failure> {
    let name = source::name(rows);
    let file = Path::new(&name).file_name().map_or(name.clone(), |last| last.to_string_lossy().into_owned());
    let cells = matches!(rows, Rows::Cells(_));
    let format = Format { sheet: sheet.to_owned(), delimiter: cells.then_some(b'\t'), ..Format::default() };
    // A profile that knows the name knows where its header stands, which may not be where a guess finds it.
    for profile in profiles.iter().filter(|profile| fits::by_name(profile, &file)) {
        let source = Source::open(rows, database)?;
        let opened = reading(|| Table::open(&name, source, &profile.format, &fits::wanted(profile)))?;
        if opened.is_ok_and(|table| fits::has_all(profile, table.headers())) {
            return Ok(Seen::Fits(profile.clone()));
        }
    }
    let source = Source::open(rows, database)?;
    let mut table = match reading(|| Table::open(&name, source, &format, &[]))? {
        // A single row was copied: it cannot be the header.
        Err(_) if cells => {
            let format = Format { header: Header::Missing, ..format };
            return headless(&name, &file, Source::open(rows, database)?, format, playbook, today);
        }
        opened => opened?,
    };
    if let Some(profile) = fits::best(profiles, &file, table.headers()) {
        return Ok(Seen::Fits(profile.clone()));
    }
    let mut sample: Vec<RawRow> = Vec::new();
    while sample.len() < SAMPLE {
        let Some(row) = table.next_row()? else { break };
        if !row.is_total() {
            sample.push(row);
        }
    }
    let mut guess = guess::guess(&file, table.headers(), &sample, playbook, today);
    let named = guess.columns.iter().any(|column| column.because.starts_with("the header says"));
    if cells && !named || table.headers().iter().any(|head| is_data(head)) {
        let format = Format { header: Header::Missing, ..format.clone() };
        return headless(&name, &file, Source::open(rows, database)?, format, playbook, today);
    }
    guess.profile.format = Format { sheet: sheet.to_owned(), ..guess.profile.format };
    guess.remarks.extend(table.remarks().iter().cloned());
    Ok(Seen::Guessed(guess))
}

/// No column is called so: a mailbox, a day, a long number.
fn is_data(head: &str) -> bool {
    let digits = head.bytes().filter(u8::is_ascii_digit).count();
    let others: Vec<char> = head.chars().filter(|c| !c.is_ascii_digit()).collect();
    let is_day = digits >= 4 && matches!(others.as_slice(), ['/', '/'] | ['-', '-'] | ['.', '.']);
    let is_mailbox = head.split_once('@').is_some_and(|(_, host)| host.contains('.')) && !head.contains(' ');
    is_mailbox || is_day || others.is_empty() && digits >= 5
}

/// Cells that were copied without the row of headers, or a file that has none.
fn headless(name: &str, file: &str, source: Source, format: Format, playbook: &Playbook, today: Day) -> Result<Seen, Failure> {
    let mut table = Table::open(name, source, &format, &[])?;
    let mut sample: Vec<RawRow> = Vec::new();
    while let Some(row) = table.next_row()?.filter(|_| sample.len() < SAMPLE) {
        sample.push(row);
    }
    let mut guess = guess::guess(file, table.headers(), &sample, playbook, today);
    let of_cells = format.delimiter == Some(b'\t');
    guess.profile.format = format;
    guess.remarks.push(match of_cells {
        true => "the row of headers was not copied, so columns are named A, B, C; copy it too, and they are known by it".to_owned(),
        false => "the first row looks like data: it is read as a row, and columns are named A, B, C".to_owned(),
    });
    Ok(Seen::Guessed(guess))
}

/// Whether the rows are a workbook's, told from the bytes.
pub fn is_workbook(rows: &Rows, database: &Path) -> Result<bool, Failure> {
    let mut source = Source::open(rows, database)?;
    Ok(table::is_workbook(&mut source).map_err(|err| Trouble::io(format!("{} cannot be read", source::name(rows))).because(err))?)
}

#[cfg(test)]
mod tests {
    use super::is_data;

    #[test]
    fn what_no_column_is_called_is_told_from_what_one_may_be() {
        for (head, data) in [
            ("ana@example.com", true),
            ("2026-10-25", true),
            ("10/5/2026", true),
            ("97201", true),
            ("Ref", false),
            ("2026", false),
            ("E-mail @ work", false),
            ("Phase 1/2", false),
            ("1", false),
            ("", false),
        ] {
            assert_eq!(is_data(head), data, "{head}");
        }
    }
}
