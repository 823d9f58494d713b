//! What does one column of a profile make of a cell?

use crate::domain::day::Day;
use crate::domain::field::{self, Field, Kind};
use crate::domain::import::{Candidate, Column, DateFormat, Profile, Target};
use crate::domain::value::Value;

use super::notes;
use super::{check_line, check_note};
use crate::intake::cell;
use crate::intake::dates::{Dated, Dates, dated};
use crate::intake::raw::RawRow;
use crate::intake::slots::{At, Slots};

/// What a problem says instead of a number that a spreadsheet has spoilt.
pub const WHOLE: &str = "the whole number; format the column as text";
/// Text fields that hold numbers of somebody else's.
const NUMBERS: [&str; 3] = ["meter_number", "account_number", "zip"];

/// What was read and what was wanted.
pub type Wrong = (String, String);

/// One column and what is made of it.
#[derive(Debug)]
pub struct Use<'p> {
    pub at: At,
    column: &'p str,
    /// The name in `Candidate::values`.
    name: String,
    makes: Makes<'p>,
    mixed: Mixed,
}

#[derive(Debug)]
enum Makes<'p> {
    Text,
    Number { digits: usize },
    Size { field: &'static Field, unit: &'p str },
    Other(&'static Field),
    Day(Dates),
    Milestone { code: &'p str, dates: Dates },
    Note,
    DatedNotes(Dates),
    Modified(Dates),
}

/// Cells that are days only with day and month exchanged.
#[derive(Debug, Default)]
struct Mixed {
    cells: usize,
    first: String,
    line: usize,
}

impl<'p> Use<'p> {
    /// `Err` is what was read in the profile and what was wanted there.
    pub fn new(at: At, column: &'p Column) -> Result<Use<'p>, Wrong> {
        let (name, makes) = make(&column.target)?;
        let name = if name.is_empty() { format!("note.{}", column.name) } else { name };
        Ok(Use { at, column: &column.name, name, makes, mixed: Mixed::default() })
    }

    pub fn restart(&mut self) {
        self.mixed = Mixed::default();
    }

    /// Puts what the cell says into the candidate. Where two columns feed one field, the first that
    /// has a value counts.
    pub fn read(&mut self, slots: &Slots, row: &RawRow, today: Day, candidate: &mut Candidate) -> Result<(), Wrong> {
        let text = slots.text(self.at, row);
        if matches!(self.makes, Makes::Text | Makes::Number { .. } | Makes::Other(_)) {
            check_line(text)?;
        }
        let value = match &self.makes {
            Makes::Modified(_) if text.is_empty() => return Ok(()),
            _ if text.is_empty() => Value::Nothing,
            Makes::Text => Some(cell::line(text)).filter(|line| !line.is_empty()).into(),
            Makes::Number { digits } => number(text, *digits, row.day(slots.idx(self.at)).is_some())?,
            Makes::Size { field, unit } => size(field, text, unit).map_err(|wanted| (cell::shown(text), wanted))?,
            Makes::Other(field) => field::read(field, &cell::line(text)).map_err(|wanted| (cell::shown(text), wanted))?,
            Makes::Note => {
                check_note(text)?;
                Some(cell::note(text)).filter(|note| !note.is_empty()).into()
            }
            Makes::DatedNotes(dates) => {
                check_note(text)?;
                let whole = cell::note(text);
                let found = notes::dated(&whole, dates, today);
                if !found.is_empty() {
                    candidate.notes.insert(self.column.to_owned(), found);
                }
                Some(whole).filter(|note| !note.is_empty()).into()
            }
            Makes::Day(dates) | Makes::Milestone { dates, .. } | Makes::Modified(dates) => {
                let read = row.day(slots.idx(self.at)).map_or_else(|| dates.read(text), |stamp| dated(stamp.date()));
                match (read, &self.makes) {
                    (Dated::Wrong, _) => {
                        let wanted = dates.wanted();
                        self.note_mixed(text, row.line);
                        return Err((cell::shown(text), wanted));
                    }
                    (Dated::Day(day), Makes::Modified(_)) => {
                        candidate.modified = candidate.modified.max(Some(day));
                        return Ok(());
                    }
                    (Dated::Old(_), Makes::Modified(_)) => return Ok(()),
                    (Dated::Old(day), _) => {
                        candidate.values.insert(format!("note.{}", self.column), Value::text(day.to_string()));
                        Value::Nothing
                    }
                    (Dated::Day(day), makes) => {
                        if let Makes::Milestone { code, .. } = makes
                            && !candidate.milestones.contains_key(*code)
                        {
                            candidate.milestones.insert((*code).to_owned(), day);
                        }
                        Value::text(day.to_string())
                    }
                }
            }
        };
        if candidate.values.get(&self.name).is_none_or(Value::is_nothing) {
            candidate.values.insert(self.name.clone(), value);
        }
        Ok(())
    }

    fn dates(&self) -> Option<&Dates> {
        match &self.makes {
            Makes::Day(dates) | Makes::Milestone { dates, .. } | Makes::Modified(dates) => Some(dates),
            _ => None,
        }
    }

    fn note_mixed(&mut self, text: &str, line: usize) {
        if self.dates().is_some_and(|dates| dates.order().is_some() && dates.fits_swapped(text)) {
            if self.mixed.cells == 0 {
                (self.mixed.first, self.mixed.line) = (cell::shown(text), line);
            }
            self.mixed.cells += 1;
        }
    }

    pub fn mixed_dates(&self, column: &str) -> Option<String> {
        let Mixed { cells, first, line } = &self.mixed;
        let order = self.dates()?.order().filter(|_| *cells > 0)?;
        let (count, fit) = if *cells == 1 { ("1 cell".to_owned(), "fits") } else { (format!("{cells} cells"), "fit") };
        Some(format!(
            "column {column}: {count} (first: {first} on line {line}) {fit} only {}, the profile reads {}; days up to 12 may be misread",
            order.other().name(),
            order.name()
        ))
    }
}

/// The digits to which numbers of a column are filled up.
pub fn digits(profile: &Profile, column: &str) -> usize {
    let all = profile.columns.iter().filter(|one| one.name == column);
    all.filter_map(|one| if let Target::Field { digits, .. } = &one.target { Some(*digits) } else { None }).max().unwrap_or(0)
}

/// What a problem says was read.
pub fn shortened(text: &str) -> String {
    format!("{}, a number that a spreadsheet has shortened", cell::shown(text))
}

pub fn read_field(field: &Field, text: &str, unit: &str) -> Result<Value, String> {
    match field.kind {
        Kind::Watts | Kind::WattHours | Kind::Volts => size(field, text, unit),
        // Cleaned first: a line end inside a cell is a space in a field.
        _ => field::read(field, &cell::line(text)),
    }
}

fn size(field: &Field, text: &str, unit: &str) -> Result<Value, String> {
    let sized = cell::size(text, unit).ok_or("a decimal point, and commas only between thousands")?;
    field::read(field, &sized)
}

fn number(text: &str, digits: usize, is_day: bool) -> Result<Value, Wrong> {
    if cell::is_shortened(text) {
        return Err((shortened(text), WHOLE.into()));
    }
    if is_day {
        return Err((format!("{}, which the workbook holds as a date", cell::shown(text)), WHOLE.into()));
    }
    let line = cell::line(text);
    let number = match cell::number(&line, digits) {
        number if number == line => line,
        number => number.into_owned(),
    };
    Ok(Some(number).filter(|number| !number.is_empty()).into())
}

/// The name in `Candidate::values` (empty for a note, which is named by its column) and the use.
fn make(target: &Target) -> Result<(String, Makes<'_>), Wrong> {
    let wrong = |format: String| (format!("the date format {format}"), "one that gives year, month and day, like %m/%d/%Y".to_owned());
    let dates = |format: &DateFormat| Dates::new(format).map_err(wrong);
    Ok(match target {
        Target::Field { name, date, unit, digits } => {
            let field = field::find(name).ok_or_else(|| (format!("the field {name}"), "a field of `show --json`".to_owned()))?;
            (name.clone(), field_use(field, date.as_ref().map(dates).transpose()?, unit, *digits)?)
        }
        Target::Milestone { code, date } => (format!("milestone.{code}"), Makes::Milestone { code, dates: dates(date)? }),
        Target::Note => (String::new(), Makes::Note),
        Target::DatedNotes { date } => (String::new(), Makes::DatedNotes(Dates::of_notes(date).map_err(wrong)?)),
        Target::Modified { date } => (String::new(), Makes::Modified(dates(date)?)),
    })
}

fn field_use<'p>(field: &'static Field, dates: Option<Dates>, unit: &'p str, digits: usize) -> Result<Makes<'p>, Wrong> {
    Ok(match (field.kind, dates) {
        (Kind::Day | Kind::When | Kind::Text, Some(dates)) => Makes::Day(dates),
        (_, Some(_)) => return Err((format!("a date for the field {}", field.name), "a field that holds a day".into())),
        (Kind::Number, None) => Makes::Number { digits },
        (Kind::Text, None) if digits > 0 || NUMBERS.contains(&field.name) => Makes::Number { digits },
        (Kind::Text | Kind::Status | Kind::Party | Kind::Utility | Kind::Person, None) => Makes::Text,
        (Kind::Watts | Kind::WattHours | Kind::Volts, None) => Makes::Size { field, unit },
        (_, None) => Makes::Other(field),
    })
}
