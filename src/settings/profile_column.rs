//! What is a column of an import profile for, and can its cells be read so?

use chrono::format::{Item, Parsed, StrftimeItems, parse};

use super::reader::{Reader, Word};
use super::tree::quote;
use crate::domain::day::{Day, NaiveDateTime};
use crate::domain::field::{self, Kind};
use crate::domain::import::{Column, DateFormat, Target};
use crate::domain::playbook::Workflow;

/// How dates are written when the profile does not say it.
pub const ISO: &str = "%Y-%m-%d";
/// More digits than any number has that lost its leading zeros.
const DIGITS_MAX: i64 = 30;
const PURPOSE: &str = "what the column is for: field, milestone, note = true, dated_notes = true or modified = true, one of them";

pub fn editable() -> impl Iterator<Item = &'static str> + Clone {
    field::FIELDS.iter().filter(|field| field.editable).map(|field| field.name)
}

pub fn read(mut reader: Reader<'_>, workflow: &Workflow) -> Option<Column> {
    let name = reader.need("name", "the column's name as the file has it").text;
    let optional = reader.flag("optional", false);
    let placeholders = reader.words("placeholders").into_iter().map(|word| word.text).collect();
    let field = reader.choice("field", editable());
    let milestone = reader.choice("milestone", workflow.milestones.iter().map(|(name, _)| name.as_str()));
    let flags = ["note", "dated_notes", "modified"].map(|key| reader.flag(key, false));
    let date = date(&mut reader, flags[1]);
    let unit = reader.word("unit");
    let digits = reader.number("digits", 0, DIGITS_MAX);
    let purposes = ["field", "milestone"].iter().filter(|key| reader.has(key)).count() + flags.iter().filter(|flag| **flag).count();
    if purposes != 1 {
        reader.problem(&reader.at, format!("{purposes} of them"), PURPOSE);
    }
    let (dated, is_field) = (field.is_none() && flags != [true, false, false], field.is_some());
    let target = match (field, milestone, flags) {
        (Some(field), None, [false, false, false]) => Some(field_target(&reader, &field, date.clone(), unit.clone(), digits)),
        (None, Some(code), [false, false, false]) => Some(Target::Milestone { code: code.text, date: date.clone().unwrap_or_else(iso) }),
        (None, None, [true, false, false]) => Some(Target::Note),
        (None, None, [false, true, false]) => Some(Target::DatedNotes { date: date.clone().unwrap_or_else(iso) }),
        (None, None, [false, false, true]) => Some(Target::Modified { date: date.clone().unwrap_or_else(iso) }),
        _ => None,
    };
    if purposes == 1 && !is_field {
        let useless = [("unit", unit.is_some()), ("digits", digits.is_some()), ("format", date.is_some() && !dated)];
        for (key, _) in useless.into_iter().filter(|(_, given)| *given) {
            reader.problem(&reader.at(key), format!("the key {key}"), "none, because the column has no use for it");
        }
    }
    reader.finish();
    Some(Column { name, target: target?, optional, placeholders })
}

fn iso() -> DateFormat {
    DateFormat { formats: vec![ISO.to_owned()], zone: None }
}

fn field_target(reader: &Reader<'_>, name: &Word, date: Option<DateFormat>, unit: Option<Word>, digits: Option<i64>) -> Target {
    let kind = field::find(&name.text).expect("it was checked to be a field").kind;
    let dated = matches!(kind, Kind::Day | Kind::When);
    if date.is_some() && !dated {
        reader.problem(&reader.at("format"), "a date format", format!("none, because {} is no date", name.text));
    }
    let units: &[&str] = match kind {
        Kind::Watts => &["W", "kW", "MW"],
        Kind::WattHours => &["Wh", "kWh", "MWh"],
        Kind::Volts => &["V", "kV"],
        _ => &[],
    };
    let unit = match unit {
        None => String::new(),
        Some(word) if units.is_empty() => {
            reader.problem(&word.at, quote(&word.text), format!("none, because {} has no unit", name.text));
            String::new()
        }
        Some(word) => reader.check(word, units.iter().copied()).map(|word| word.text).unwrap_or_default(),
    };
    if let Some(digits) = digits
        && !matches!(kind, Kind::Number | Kind::Text)
    {
        reader.problem(&reader.at("digits"), digits.to_string(), format!("none, because {} has no leading zeros to lose", name.text));
    }
    let digits = digits.and_then(|digits| usize::try_from(digits).ok()).unwrap_or(0);
    Target::Field { name: name.text.clone(), date: dated.then(|| date.unwrap_or_else(iso)), unit, digits }
}

/// `yearless`: a format may leave the year out.
fn date(reader: &mut Reader<'_>, yearless: bool) -> Option<DateFormat> {
    let zone = reader.word("zone");
    let formats = reader.one_or_more("format");
    let zone = zone.and_then(|word| match word.text.parse() {
        Ok(zone) => Some(zone),
        Err(_) => {
            reader.problem(&word.at, quote(&word.text), "an IANA zone like America/New_York");
            None
        }
    });
    if reader.has("format") && formats.as_ref().is_some_and(Vec::is_empty) {
        reader.problem(&reader.at("format"), "an empty list", "a date format like %m/%d/%Y");
    }
    let formats = formats.unwrap_or_default();
    if formats.is_empty() {
        return zone.map(|zone| DateFormat { zone: Some(zone), ..iso() });
    }
    for format in &formats {
        let wanted = match written(&format.text) {
            Written::No => Some("a date format like %m/%d/%Y"),
            Written::Day => None,
            Written::DayWithoutYear if yearless => None,
            Written::DayWithoutYear | Written::Other => Some("a date format that gives year, month and day, like %m/%d/%Y"),
        };
        if let Some(wanted) = wanted {
            reader.problem(&format.at, quote(&format.text), wanted);
        } else if has_offset(&format.text) && zone.is_none() && !reader.has("zone") {
            let wanted = "a zone beside it, because the day of a time with an offset depends on where one stands";
            reader.problem(&format.at, quote(&format.text), wanted);
        }
    }
    Some(DateFormat { formats: formats.into_iter().map(|word| word.text).collect(), zone })
}

fn has_offset(format: &str) -> bool {
    ["%z", "%:z", "%::z", "%#z"].iter().any(|sign| format.contains(sign))
}

/// What a format gives back of a moment that it wrote itself.
enum Written {
    /// chrono does not know it.
    No,
    Day,
    DayWithoutYear,
    Other,
}

fn written(format: &str) -> Written {
    let items: Vec<Item<'_>> = StrftimeItems::new(format).collect();
    let noon = Day::from_ymd_opt(2026, 11, 30).and_then(|day| day.and_hms_opt(12, 0, 0)).map(|noon: NaiveDateTime| noon.and_utc());
    if items.contains(&Item::Error) || items.is_empty() {
        return Written::No;
    }
    let text = noon.map(|noon| noon.format_with_items(items.iter()).to_string()).unwrap_or_default();
    let mut parsed = Parsed::new();
    match parse(&mut parsed, &text, items.iter()) {
        Err(_) => Written::Other,
        Ok(()) if parsed.to_naive_date().is_ok() || parsed.to_datetime().is_ok() => Written::Day,
        Ok(()) if parsed.month().is_some() && parsed.day().is_some() => Written::DayWithoutYear,
        Ok(()) => Written::Other,
    }
}
