//! What does a row say, by the columns of a profile?

mod key;
mod notes;
mod status;
mod used;

use crate::domain::day::Day;
use crate::domain::field;
use crate::domain::import::{Candidate, Filter, Profile};
use crate::domain::text::{LINE_MAX, NOTE_MAX};
use crate::domain::trouble::Problem;
use crate::domain::value::Value;

use self::key::Key;
use self::status::Statuses;
use self::used::Use;
use crate::intake::cell;
use crate::intake::raw::RawRow;
use crate::intake::slots::{At, Finder, Slots, plural};
use crate::intake::words::Words;

/// A row that does not come in, with its key where that could be read: the row is in the file, so
/// it is not gone. Every wrong cell has its problem.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    pub problems: Vec<Problem>,
    pub key: Option<String>,
}

/// What a row comes to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Row {
    Candidate(Candidate),
    Fault(Fault),
    /// A filter of the profile says that it is not ours.
    LeftOut {
        key: Option<String>,
    },
}

/// The most text of one row: the journal keeps it twice (the fields, and what this import brought),
/// and one event has at most 256 KiB.
const ROW_MAX: usize = 96 * 1024;

/// A profile laid over the header of one file.
#[derive(Debug)]
pub struct Shape<'p> {
    file: String,
    profile: &'p Profile,
    columns: usize,
    slots: Slots,
    key: Key,
    filters: Vec<Sieve>,
    uses: Vec<Use<'p>>,
    statuses: Statuses<'p>,
    constants: Vec<(String, Value)>,
    today: Day,
}

/// A filter, ready to be used.
#[derive(Debug)]
struct Sieve {
    at: At,
    is: Words,
    is_not: Words,
    filled: bool,
}

impl Sieve {
    fn new(at: At, filter: &Filter) -> Sieve {
        Sieve { at, is: Words::new(&filter.is), is_not: Words::new(&filter.is_not), filled: filter.filled }
    }

    fn lets_in(&self, slots: &Slots, row: &RawRow) -> bool {
        let text = slots.text(self.at, row);
        (self.is.is_empty() || self.is.has(text)) && !self.is_not.has(text) && !(self.filled && text.is_empty())
    }
}

impl<'p> Shape<'p> {
    /// `Err` lists every column that the file lacks, and every fault of the profile. `today` is for
    /// notes whose days have no year.
    pub fn new(file: &str, headers: &[String], profile: &'p Profile, today: Day) -> Result<Shape<'p>, Vec<Problem>> {
        if let Some(problem) = unsplit(file, headers, profile) {
            return Err(vec![problem]);
        }
        let mut finder = Finder::new(file, headers, profile);
        let key: Vec<(At, usize)> = profile.key.iter().filter_map(|name| Some((finder.need(name)?, used::digits(profile, name)))).collect();
        let filters = profile.filters.iter().filter_map(|filter| Some(Sieve::new(finder.need(&filter.column)?, filter))).collect();
        let rules = profile.statuses.iter().filter_map(|rule| Some((finder.need(&rule.column)?, rule))).collect();
        let mut uses = Vec::new();
        for column in &profile.columns {
            let found = if column.optional { finder.find(&column.name) } else { finder.need(&column.name) };
            let Some(at) = found else { continue };
            match Use::new(at, column) {
                Ok(one) => uses.push(one),
                Err((read, wanted)) => finder.problems.push(of_profile(profile, &column.name, read, wanted)),
            }
        }
        let (slots, mut problems) = finder.done();
        let constants = constants(profile, &mut problems);
        if profile.key.is_empty() {
            problems.push(of_profile(profile, "", "no key".into(), "the columns that together name a row".into()));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let (key, statuses) = (Key::new(key, profile.made_key), Statuses::new(rules));
        Ok(Shape { file: file.to_owned(), profile, columns: headers.len(), slots, key, filters, uses, statuses, constants, today })
    }

    /// Reads the next row. Its `values` have every field that the file covers, with `Nothing` for an
    /// empty cell, so that a value that went away differs from a column that is not there.
    pub fn read(&mut self, row: &RawRow) -> Row {
        let key = self.key.read(&self.slots, row);
        // Before the filters: a row whose cells have moved is nobody's, and must not go unnoticed.
        if row.columns() != self.columns {
            let wanted = format!("{}, as the header has", self.columns);
            return Row::Fault(Fault { problems: vec![self.problem(row, "", plural(row.columns(), "column"), wanted)], key });
        }
        if !self.is_ours(row) {
            return Row::LeftOut { key };
        }
        let mut problems: Vec<Problem> = Vec::new();
        for (at, read, wanted) in self.slots.flaws(row) {
            problems.push(self.problem(row, self.slots.name(at), read, wanted));
        }
        self.check_key(row, key.as_deref(), &mut problems);
        let mut candidate = Candidate {
            line: row.line,
            key: key.clone().unwrap_or_default(),
            values: self.constants.iter().cloned().collect(),
            ..Candidate::default()
        };
        let flawed = !problems.is_empty();
        let Shape { uses, slots, file, today, .. } = self;
        for one in uses.iter_mut().filter(|one| !flawed || slots.flaw(one.at, row).is_none()) {
            if let Err((read, wanted)) = one.read(slots, row, *today, &mut candidate) {
                let problem = Problem { file: file.clone(), line: row.line, column: slots.name(one.at).to_owned(), read, wanted };
                if !problems.contains(&problem) {
                    problems.push(problem);
                }
            }
        }
        let texts = candidate.values.values().filter_map(Value::as_text);
        let kept: usize = texts.chain(candidate.notes.values().flatten().map(|(_, words)| words.as_str())).map(str::len).sum();
        if kept > ROW_MAX {
            let (read, wanted) = (format!("{} KiB of text", kept / 1024), format!("at most {} KiB in one row", ROW_MAX / 1024));
            problems.push(self.problem(row, "", read, wanted));
        }
        if !problems.is_empty() {
            return Row::Fault(Fault { problems, key });
        }
        self.statuses.read(&self.slots, row, &mut candidate);
        Row::Candidate(candidate)
    }

    /// The key of the next row alone; `None` also for one that a filter leaves out.
    pub fn key_of(&mut self, row: &RawRow) -> Option<String> {
        let key = self.key.read(&self.slots, row);
        key.filter(|_| row.columns() != self.columns || self.is_ours(row))
    }

    /// The file is read again from its beginning.
    pub fn restart(&mut self) {
        self.key.restart();
        self.uses.iter_mut().for_each(Use::restart);
    }

    /// A sentence for every dated column in which cells fit only with day and month exchanged, so that
    /// others may have been misread; of the rows that were read so far.
    pub fn mixed_dates(&self) -> Vec<String> {
        self.uses.iter().filter_map(|one| one.mixed_dates(self.slots.name(one.at))).collect()
    }

    fn is_ours(&self, row: &RawRow) -> bool {
        // A cell that could not be read says nothing about whose row it is: the row is named as faulty.
        self.filters.iter().all(|filter| self.slots.flaw(filter.at, row).is_some() || filter.lets_in(&self.slots, row))
    }

    fn check_key(&self, row: &RawRow, key: Option<&str>, problems: &mut Vec<Problem>) {
        if let Some((at, len)) = self.key.too_long(&self.slots, row) {
            let wanted = format!("at most {LINE_MAX} bytes, or two rows could not be told apart");
            problems.push(self.problem(row, self.slots.name(at), format!("a key of {len} bytes"), wanted));
        } else if key.is_none() && self.key.columns.iter().all(|(at, _)| self.slots.flaw(*at, row).is_none()) {
            let names = self.profile.key.join(" / ");
            problems.push(self.problem(row, &names, "nothing".into(), "the value that names the row".into()));
        }
        for (at, _) in &self.key.columns {
            let text = self.slots.text(*at, row);
            if cell::is_shortened(text) {
                problems.push(self.problem(row, self.slots.name(*at), used::shortened(text), used::WHOLE.into()));
            }
        }
    }

    fn problem(&self, row: &RawRow, column: &str, read: String, wanted: String) -> Problem {
        Problem { file: self.file.clone(), line: row.line, column: column.to_owned(), read, wanted }
    }
}

/// Never a lost word: a cell that a field cannot hold whole is a fault, not a shorter value.
pub fn check_line(text: &str) -> Result<(), (String, String)> {
    if text.len() <= LINE_MAX {
        return Ok(());
    }
    Err((format!("{} bytes of text", text.len()), format!("at most {LINE_MAX} in one field; a longer text is a note")))
}

/// Never a lost word: a note that cannot be kept whole is a fault, not a shorter note.
pub fn check_note(text: &str) -> Result<(), (String, String)> {
    if text.len() <= NOTE_MAX {
        return Ok(());
    }
    Err((format!("{} KiB", text.len() / 1024), format!("at most {} KiB in one note", NOTE_MAX / 1024)))
}

fn constants(profile: &Profile, problems: &mut Vec<Problem>) -> Vec<(String, Value)> {
    let mut constants = Vec::new();
    for (name, text) in &profile.constants {
        let read = field::find(name).ok_or("a field of `show --json`".to_owned()).and_then(|field| used::read_field(field, text, ""));
        match read {
            Ok(value) => constants.push((name.clone(), value)),
            Err(wanted) => problems.push(of_profile(profile, name, cell::shown(text), wanted)),
        }
    }
    constants
}

fn of_profile(profile: &Profile, column: &str, read: String, wanted: String) -> Problem {
    Problem { file: format!("profile {}", profile.name), line: 0, column: column.to_owned(), read, wanted }
}

/// A header that is one column only because it was split at the wrong sign: one problem, not one for each column.
fn unsplit(file: &str, headers: &[String], profile: &Profile) -> Option<Problem> {
    let [one] = headers else { return None };
    if !one.contains([',', ';', '\t', '|']) || profile.columns.iter().any(|column| column.name == *one) {
        return None;
    }
    let wanted = match profile.format.delimiter {
        Some(sign) => format!("columns separated by {:?}, the delimiter of the profile {}", char::from(sign), profile.name),
        None => format!("the columns that the profile {} names", profile.name),
    };
    let read = format!("one column, {}", cell::shown(one));
    Some(Problem { file: file.to_owned(), line: 1, column: String::new(), read, wanted })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::day::{Datelike, parse_day};
    use crate::domain::import::{Column, DateFormat, StatusRule, Target};

    fn day(text: &str) -> Day {
        parse_day(text).expect("a constant")
    }

    fn column(name: &str, target: Target) -> Column {
        Column { name: name.into(), target, optional: false, placeholders: Vec::new() }
    }

    fn field(column_: &str, name: &str, digits: usize) -> Column {
        column(column_, Target::Field { name: name.into(), date: None, unit: String::new(), digits })
    }

    fn dates(formats: &[&str]) -> DateFormat {
        DateFormat { formats: formats.iter().map(ToString::to_string).collect(), zone: None }
    }

    fn goal(formats: &[&str]) -> Column {
        column("goal", Target::Field { name: "goal".into(), date: Some(dates(formats)), unit: String::new(), digits: 0 })
    }

    fn profile(columns: Vec<Column>) -> Profile {
        Profile { name: "test".into(), key: vec!["id".into()], columns, placeholders: vec!["N/A".into()], ..Profile::default() }
    }

    fn headers(names: &str) -> Vec<String> {
        names.split(' ').map(str::to_owned).collect()
    }

    fn cells(line: usize, cells: &str) -> RawRow {
        let mut row = RawRow::new(line);
        cells.split('|').for_each(|cell| row.push(cell));
        row
    }

    fn shape<'p>(names: &str, profile: &'p Profile) -> Shape<'p> {
        Shape::new("f.csv", &headers(names), profile, day("2026-11-20")).expect("a sound profile")
    }

    /// The problems of a row as they print, or its key and values.
    fn says(row: Row) -> String {
        match row {
            Row::LeftOut { .. } => "left out".into(),
            Row::Fault(fault) => fault.problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
            Row::Candidate(one) => {
                let values = one.values.iter().filter(|(_, value)| !value.is_nothing());
                let text = |value: &Value| value.as_text().map_or_else(|| format!("{value:?}"), str::to_owned);
                let values = values.map(|(name, value)| format!(" {name}={}", text(value))).collect::<String>();
                format!("{}:{values}", one.key)
            }
        }
    }

    #[test]
    fn every_wrong_cell_of_a_row_is_named() {
        let profile = profile(vec![field("id", "number", 0), field("kw", "size_ac", 0), goal(&["%m/%d/%Y"])]);
        let mut shape = shape("id kw goal", &profile);
        let row = shape.read(&cells(7, "J1|big|13/02/2026"));
        let Row::Fault(fault) = row else { panic!("{row:?}") };
        assert_eq!(fault.key.as_deref(), Some("J1"), "the row is in the file");
        assert_eq!(
            says(Row::Fault(fault)),
            "f.csv:7: kw: read big, wanted a size like 7.6 kW, 0 or more, up to 100 GW\n\
             f.csv:7: goal: read 13/02/2026, wanted a day like 11/30/2026, of the years 2000 to 2100"
        );
        assert_eq!(says(shape.read(&cells(8, "J1|5"))), "f.csv:8: read 2 columns, wanted 3, as the header has");
    }

    #[test]
    fn numbers_are_whole_or_a_fault() {
        let shortened = |column: &str| {
            format!(
                "f.csv:2: {column}: read 1.23457E+12, a number that a spreadsheet has shortened, wanted the whole number; format the column as text"
            )
        };
        let profile = profile(vec![field("id", "number", 6), field("meter", "meter_number", 0)]);
        for (row, wanted) in [
            ("42.0|123.0", "000042: meter_number=123 number=000042".to_owned()),
            ("IC-7|N/A", "IC-7: number=IC-7".to_owned()),
            ("1.23457E+12|7", shortened("id")),
            ("7|1.23457E+12", shortened("meter")),
            ("n/a|7", "f.csv:2: id: read nothing, wanted the value that names the row".to_owned()),
        ] {
            assert_eq!(says(shape("id meter", &profile).read(&cells(2, row))), wanted, "{row}");
        }
        let mut dated = RawRow::new(2);
        dated.push("7");
        dated.push_day(day("2026-03-12").and_hms_opt(0, 0, 0).expect("midnight"));
        assert_eq!(
            says(shape("id meter", &profile).read(&dated)),
            "f.csv:2: meter: read 2026-03-12, which the workbook holds as a date, wanted the whole number; format the column as text"
        );
    }

    #[test]
    fn dates_of_a_workbook_and_of_text_stand_in_one_column() {
        let profile = profile(vec![field("id", "number", 0), goal(&["%m/%d/%Y", "%m/%d/%y"])]);
        let mut shape = shape("id goal", &profile);
        let mut row = RawRow::new(2);
        row.push("J1");
        row.push_day(day("2026-12-01").and_hms_opt(15, 0, 0).expect("a time"));
        assert_eq!(says(shape.read(&row)), "J1: goal=2026-12-01 number=J1");
        assert_eq!(says(shape.read(&cells(3, "J2|12/1/26"))), "J2: goal=2026-12-01 number=J2");
        let mut old = RawRow::new(4);
        old.push("J3");
        old.push_day(day("2026-12-01").with_year(1997).and_then(|day| day.and_hms_opt(0, 0, 0)).expect("a day"));
        assert_eq!(says(shape.read(&old)), "J3: note.goal=1997-12-01 number=J3");
    }

    #[test]
    fn a_cell_that_could_not_be_read_is_a_fault_unless_it_means_nothing() {
        let mut profile = profile(vec![field("id", "number", 0), field("site", "site", 0)]);
        profile.columns[1].placeholders = vec!["#N/A".into()];
        let mut shape = shape("id site other", &profile);
        for (id, site, wanted) in [
            ("J1", "#N/A", "J1: number=J1"),
            ("J1", "#REF!", "f.csv:2: site: read #REF!, wanted a value that can be read"),
            ("#REF!", "Oak", "f.csv:2: id: read #REF!, wanted a value that can be read"),
        ] {
            let mut row = RawRow::new(2);
            for cell in [id, site, "#REF!"] {
                if cell.starts_with('#') { row.push_flaw(cell, cell.into()) } else { row.push(cell) }
            }
            assert_eq!(says(shape.read(&row)), wanted, "{id} {site}; a column that nobody uses may hold anything");
        }
        let mut book = RawRow::new(2);
        book.push("J1");
        book.push_flaw("", "the error #N/A".into());
        book.push("");
        assert_eq!(says(shape.read(&book)), "J1: number=J1", "an error of a workbook has no text");
    }

    #[test]
    fn rows_of_others_are_left_out_whatever_is_wrong_with_them() {
        let mut profile = profile(vec![field("id", "number", 0), field("kw", "size_ac", 0)]);
        let filter = |column: &str| Filter { column: column.into(), is: vec![], is_not: vec![], filled: false };
        profile.filters = vec![
            Filter { is: vec!["Ana".into(), "ben".into()], ..filter("owner") },
            Filter { is_not: vec!["gone".into()], filled: true, ..filter("stage") },
        ];
        for (row, wanted) in [
            ("J1|5|ana|new", "J1: number=J1 size_ac=Number(5000)"),
            ("J1|big|BEN|new", "f.csv:2: kw: read big, wanted a size like 7.6 kW, 0 or more, up to 100 GW"),
            ("|big|carl|new", "left out"),
            ("J1|5|ana|Gone", "left out"),
            ("J1|5|ana|n/a", "left out"),
            ("J1|5|carl", "f.csv:2: read 3 columns, wanted 4, as the header has"),
        ] {
            let mut shape = shape("id kw owner stage", &profile);
            assert_eq!(says(shape.read(&cells(2, row))), wanted, "{row}");
            shape.restart();
            assert_eq!(shape.key_of(&cells(2, row)).is_some(), wanted != "left out", "{row}");
        }
    }

    #[test]
    fn a_made_key_is_the_same_in_every_file() {
        let mut profile = profile(vec![field("name", "site", 0)]);
        profile.key = vec!["name".into(), "zip".into()];
        profile.made_key = true;
        let mut shape = shape("name zip", &profile);
        let mut keys = |rows: &[&str]| {
            shape.restart();
            rows.iter().map(|row| shape.key_of(&cells(2, row)).unwrap_or_default()).collect::<Vec<_>>()
        };
        let first = keys(&["Hill Farm|N/A", "HILL  farm|", "Hill Farm|12345", "|"]);
        assert_eq!((first[0].len(), &first[0][12..], &first[1][12..], &first[2][12..]), (14, "-1", "-2", "-1"));
        assert_eq!((&first[0][..12], first[3].as_str()), (&first[1][..12], ""));
        assert_eq!(first[0], "c1f3fda2a975-1", "a key that changes makes every row new");
        assert_eq!(keys(&["Hill Farm|12345", "Hill Farm|"]), [first[2].as_str(), first[0].as_str()]);
        assert_ne!(keys(&["ab|c"])[0][..12], keys(&["a|bc"])[0][..12]);
        let row = shape.read(&cells(9, " |n/a"));
        assert_eq!(says(row), "f.csv:9: name / zip: read nothing, wanted the value that names the row");
    }

    #[test]
    fn columns_may_be_absent_only_if_the_profile_says_so() {
        let mut optional = field("meter", "meter_number", 0);
        optional.optional = true;
        let mut profile = profile(vec![field("id", "number", 0), optional, field("site", "site", 0)]);
        assert_eq!(says(shape("id site", &profile).read(&cells(2, "J1|Oak"))), "J1: number=J1 site=Oak");
        let lacks = |profile: &Profile| Shape::new("f.csv", &headers("id x"), profile, day("2026-11-20")).expect_err("it lacks a column");
        assert_eq!(lacks(&profile).len(), 1);
        profile.filters = vec![Filter { column: "owner".into(), is: vec![], is_not: vec![], filled: true }];
        profile.statuses = vec![StatusRule { column: "s".into(), word: String::new(), status: "study".into(), ended_reason: None }];
        assert_eq!(lacks(&profile).iter().map(|problem| problem.column.as_str()).collect::<Vec<_>>(), ["owner", "s", "site"]);
    }

    #[test]
    fn notes_with_days_and_the_day_of_the_row() {
        let notes = column("log", Target::DatedNotes { date: dates(&["%m/%d/%y", "%m/%d"]) });
        let modified = column("changed", Target::Modified { date: dates(&["%m/%d/%Y"]) });
        let profile = profile(vec![field("id", "number", 0), notes, modified]);
        let mut shape = shape("id log changed", &profile);
        let Row::Candidate(one) = shape.read(&cells(2, "J1|11/18 LVM\n12/30 sent|11/19/2026")) else { panic!("a sound row") };
        assert_eq!(one.modified, Some(day("2026-11-19")));
        assert_eq!(one.values["note.log"], "11/18 LVM\n12/30 sent".into());
        let wanted = vec![(Some(day("2025-12-30")), "sent".to_owned()), (Some(day("2026-11-18")), "LVM".to_owned())];
        assert_eq!(one.notes, BTreeMap::from([("log".to_owned(), wanted)]));
        assert!(!one.values.contains_key("modified") && !one.values.contains_key("note.changed"));
        let Row::Candidate(one) = shape.read(&cells(3, "J2||")) else { panic!("a sound row") };
        assert_eq!((one.modified, one.notes.len(), &one.values["note.log"]), (None, 0, &Value::Nothing));
    }

    #[test]
    fn mixed_orders_of_day_and_month_are_said() {
        let profile = profile(vec![field("id", "number", 0), goal(&["%m/%d/%Y"])]);
        let mut shape = shape("id goal", &profile);
        for (line, cell) in [(2, "11/12/2026"), (7, "13/02/2026"), (8, "soon"), (9, "31/01/2026")] {
            shape.read(&cells(line, &format!("J{line}|{cell}")));
        }
        let says = "column goal: 2 cells (first: 13/02/2026 on line 7) fit only day/month, the profile reads month/day; \
                    days up to 12 may be misread";
        assert_eq!(shape.mixed_dates(), [says]);
        shape.restart();
        assert_eq!(shape.mixed_dates(), Vec::<String>::new());
    }
}
