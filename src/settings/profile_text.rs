//! How is an import profile written down, so that a person can change it and it reads back the same?

use std::fmt::{self, Write};

use super::profile::find_at_first;
use super::profile_column::ISO;
use crate::domain::field::{self, Kind};
use crate::domain::import::{Column, DateFormat, Filter, Header, Profile, StatusRule, Target};

/// The profile as TOML; what would be said anyway is left out. Its name is that of its file.
pub fn text(profile: &Profile) -> String {
    let mut out = String::new();
    // A String takes every line.
    let _ = write_all(&mut out, profile);
    out
}

fn write_all(out: &mut String, profile: &Profile) -> fmt::Result {
    writeln!(out, "# How files of {} are read. Every key is explained in playbooks/profiles/README.md.\n", comment(&profile.label))?;
    writeln!(out, "label = {}", quoted(&profile.label))?;
    writeln!(out, "# Numbers and later imports are kept under this name: a new one means all rows are new.")?;
    writeln!(out, "source = {}", quoted(&profile.source))?;
    if !profile.files.is_empty() {
        writeln!(out, "files = {}", list(&profile.files))?;
    }
    write_format(out, profile)?;
    writeln!(out, "\n# The columns that together name a row.\nkey = {}", list(&profile.key))?;
    if profile.made_key {
        writeln!(out, "# They do not name a row alone: its place among equals counts too.\nmade_key = true")?;
    }
    if profile.find != find_at_first(&profile.columns) {
        writeln!(out, "# Fields by which a row finds an application that is there already.\nfind = {}", list(&profile.find))?;
    }
    if !profile.placeholders.is_empty() {
        writeln!(out, "# Words that mean nothing.\nplaceholders = {}", list(&profile.placeholders))?;
    }
    if !profile.constants.is_empty() {
        writeln!(out, "\n# The same in every row.\n[constants]")?;
        for (name, value) in &profile.constants {
            writeln!(out, "{name} = {}", quoted(value))?;
        }
    }
    if !profile.authority.is_empty() {
        writeln!(out, "\n# Whose value counts when both sides changed a field.\n[authority]")?;
        for (name, whose) in &profile.authority {
            writeln!(out, "{name} = {}", quoted(whose.name()))?;
        }
    }
    profile.columns.iter().try_for_each(|column| write_column(out, column))?;
    if !profile.filters.is_empty() {
        writeln!(out, "\n# Which rows are ours.")?;
    }
    profile.filters.iter().try_for_each(|filter| write_filter(out, filter))?;
    if !profile.statuses.is_empty() {
        writeln!(out, "\n# The first rule that fits a row counts; a word without a rule is kept as read and flagged.")?;
    }
    profile.statuses.iter().try_for_each(|rule| write_status(out, rule))
}

fn write_format(out: &mut String, profile: &Profile) -> fmt::Result {
    let format = &profile.format;
    if !format.sheet.is_empty() {
        writeln!(out, "sheet = {}", quoted(&format.sheet))?;
    }
    match &format.header {
        Header::Find => {}
        Header::Missing => writeln!(out, "header = \"none\"")?,
        Header::Lines(lines) => match lines.as_slice() {
            [line] => writeln!(out, "header = {line}")?,
            lines => writeln!(out, "header = {lines:?}")?,
        },
    }
    match format.delimiter {
        None => {}
        Some(b'\t') => writeln!(out, "delimiter = \"tab\"")?,
        Some(byte) => writeln!(out, "delimiter = {}", quoted(&char::from(byte).to_string()))?,
    }
    if !format.encoding.is_empty() {
        writeln!(out, "encoding = {}", quoted(&format.encoding))?;
    }
    if format.skip_hidden {
        writeln!(out, "hidden = \"skip\"")?;
    }
    Ok(())
}

fn write_column(out: &mut String, column: &Column) -> fmt::Result {
    writeln!(out, "\n[[column]]\nname = {}", quoted(&column.name))?;
    match &column.target {
        Target::Field { name, date, unit, digits } => {
            writeln!(out, "field = {}", quoted(name))?;
            let dated = field::find(name).is_some_and(|field| matches!(field.kind, Kind::Day | Kind::When));
            if let Some(date) = date.as_ref().filter(|_| dated) {
                write_date(out, date)?;
            }
            if !unit.is_empty() {
                writeln!(out, "unit = {}", quoted(unit))?;
            }
            if *digits > 0 {
                writeln!(out, "digits = {digits}")?;
            }
        }
        Target::Milestone { code, date } => {
            writeln!(out, "milestone = {}", quoted(code))?;
            write_date(out, date)?;
        }
        Target::Note => writeln!(out, "note = true")?,
        Target::DatedNotes { date } => {
            writeln!(out, "dated_notes = true")?;
            write_date(out, date)?;
        }
        Target::Modified { date } => {
            writeln!(out, "modified = true")?;
            write_date(out, date)?;
        }
    }
    if column.optional {
        writeln!(out, "optional = true")?;
    }
    if !column.placeholders.is_empty() {
        writeln!(out, "placeholders = {}", list(&column.placeholders))?;
    }
    Ok(())
}

fn write_date(out: &mut String, date: &DateFormat) -> fmt::Result {
    match date.formats.as_slice() {
        [] => {}
        [one] if one == ISO => {}
        [one] => writeln!(out, "format = {}", quoted(one))?,
        many => writeln!(out, "format = {}", list(many))?,
    }
    match date.zone {
        None => Ok(()),
        Some(zone) => writeln!(out, "zone = {}", quoted(zone.name())),
    }
}

fn write_filter(out: &mut String, filter: &Filter) -> fmt::Result {
    writeln!(out, "\n[[filter]]\ncolumn = {}", quoted(&filter.column))?;
    for (key, words) in [("is", &filter.is), ("is_not", &filter.is_not)] {
        if !words.is_empty() {
            writeln!(out, "{key} = {}", list(words))?;
        }
    }
    if filter.filled { writeln!(out, "filled = true") } else { Ok(()) }
}

fn write_status(out: &mut String, rule: &StatusRule) -> fmt::Result {
    writeln!(out, "\n[[status]]\ncolumn = {}", quoted(&rule.column))?;
    if rule.word.is_empty() {
        writeln!(out, "# Any word.")?;
    } else {
        writeln!(out, "word = {}", quoted(&rule.word))?;
    }
    writeln!(out, "status = {}", quoted(&rule.status))?;
    match &rule.ended_reason {
        Some(reason) => writeln!(out, "ended_reason = {}", quoted(reason)),
        None => Ok(()),
    }
}

fn list(words: &[String]) -> String {
    format!("[{}]", words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", "))
}

/// A basic string of TOML: on one line, whatever is in it.
fn quoted(said: &str) -> String {
    let mut out = String::with_capacity(said.len() + 2);
    out.push('"');
    for c in said.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Words that cannot leave their comment.
fn comment(said: &str) -> String {
    said.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::{load, profile};
    use super::*;
    use crate::domain::import::{Authority, Format};
    use crate::domain::playbook::{DeskKind, Workflow};

    fn workflow() -> Workflow {
        load(DeskKind::Residential, &[], &[]).expect("the shipped files").playbook.workflow
    }

    fn again(one: &Profile, workflow: &Workflow) -> Profile {
        let text = text(one);
        profile("a.toml", &one.name, &text, workflow).unwrap_or_else(|problems| panic!("{problems:?}\n{text}"))
    }

    #[test]
    fn every_shipped_profile_reads_back_the_same() {
        let settings = load(DeskKind::Residential, &[], &[]).expect("the shipped files");
        for one in &settings.profiles {
            assert_eq!(again(one, &settings.playbook.workflow), *one);
        }
    }

    fn date(formats: &[&str], zone: Option<chrono_tz::Tz>) -> DateFormat {
        DateFormat { formats: formats.iter().map(ToString::to_string).collect(), zone }
    }

    /// One with every key, and words that would break out of a careless string.
    fn full() -> Profile {
        let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
        let column = |name: &str, target: Target| Column { name: name.into(), target, optional: false, placeholders: Vec::new() };
        let field = |name: &str, date, unit: &str, digits| Target::Field { name: name.into(), date, unit: unit.into(), digits };
        Profile {
            name: "ours-2".into(),
            label: "C:\\new \"list\" # no comment".into(),
            source: "ours_2".into(),
            files: words(&["list_*.csv", "*.xlsx"]),
            format: Format {
                sheet: "Active [2026]".into(),
                header: Header::Lines(vec![3, 4]),
                delimiter: Some(b'\t'),
                encoding: "windows-1252".into(),
                skip_hidden: true,
            },
            key: words(&["App \"#\"", "Zähler\\Nr"]),
            made_key: true,
            find: words(&["meter_number", "number"]),
            columns: vec![
                column("App \"#\"", field("number", None, "", 13)),
                Column { optional: true, placeholders: words(&["0", "-"]), ..column("Meter", field("meter_number", None, "", 0)) },
                column("AC", field("size_ac", None, "MW", 0)),
                column("Next", field("follow_up", Some(date(&["%m/%d/%Y", "%m/%d/%y"], None)), "", 0)),
                column("Sent", Target::Milestone { code: "submitted".into(), date: date(&[ISO], None) }),
                column("Zähler\\Nr", Target::Note),
                column("Log", Target::DatedNotes { date: date(&["%m/%d/%y", "%m/%d"], None) }),
                column("Changed", Target::Modified { date: date(&["%Y-%m-%dT%H:%M:%S%z"], Some(chrono_tz::America::Denver)) }),
            ],
            filters: vec![
                Filter { column: "Owner".into(), is: words(&["ana", "b\\n"]), is_not: Vec::new(), filled: false },
                Filter { column: "AC".into(), is: Vec::new(), is_not: words(&["0"]), filled: true },
            ],
            statuses: vec![
                StatusRule { column: "S".into(), word: "Gone".into(), status: "ended".into(), ended_reason: Some("withdrawn".into()) },
                StatusRule { column: "S".into(), word: String::new(), status: "submitted".into(), ended_reason: None },
            ],
            placeholders: words(&["N/A", "#N/A"]),
            constants: BTreeMap::from([("lane".into(), "utility".into())]),
            authority: Authority::ALL
                .into_iter()
                .zip(["size_ac", "owner", "status", "goal"])
                .map(|(whose, name)| (name.into(), whose))
                .collect(),
        }
    }

    #[test]
    fn every_key_reads_back_the_same() {
        let workflow = workflow();
        assert_eq!(again(&full(), &workflow), full());
        for header in [Header::Find, Header::Missing, Header::Lines(vec![3])] {
            for delimiter in [None, Some(b';'), Some(b'|'), Some(b',')] {
                let format = Format { header: header.clone(), delimiter, ..Format::default() };
                let one = Profile { format, find: Vec::new(), made_key: false, files: Vec::new(), ..full() };
                assert_eq!(again(&one, &workflow), one);
            }
        }
    }
}
