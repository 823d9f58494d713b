//! What does a cell of a workbook hold, as text, day or flaw?

use std::borrow::Cow;

use calamine::{Data, DataRef, ExcelDateTime};

use crate::domain::day::NaiveDateTime;

use super::grid::Value;

/// `formula`: the value is the one that was saved with a formula, which is never worked out here.
pub fn value<'a>(cell: &'a DataRef<'_>, formula: bool) -> Option<Value<'a>> {
    Some(match cell {
        DataRef::Empty if formula => Value::Flaw("a formula without a saved value".into()),
        DataRef::Empty => return None,
        DataRef::Int(number) => Value::Text(number.to_string().into()),
        DataRef::Float(number) => self::number(*number),
        DataRef::String(text) => Value::Text(Cow::Borrowed(text)),
        DataRef::SharedString(text) => Value::Text(Cow::Borrowed(text)),
        DataRef::Bool(yes) => truth(*yes),
        DataRef::DateTime(time) => moment(*time),
        DataRef::DateTimeIso(text) => iso(text),
        DataRef::DurationIso(text) => Value::Text(duration(text).into()),
        DataRef::Error(error) => Value::Flaw(format!("the error {error}")),
    })
}

/// The same for formats that calamine reads whole.
pub fn owned(cell: &Data) -> Option<Value<'_>> {
    Some(match cell {
        Data::Empty => return None,
        Data::Int(number) => Value::Text(number.to_string().into()),
        Data::Float(number) => self::number(*number),
        Data::String(text) => Value::Text(Cow::Borrowed(text)),
        Data::Bool(yes) => truth(*yes),
        Data::DateTime(time) => moment(*time),
        Data::DateTimeIso(text) => iso(text),
        Data::DurationIso(text) => Value::Text(duration(text).into()),
        Data::Error(error) => Value::Flaw(format!("the error {error}")),
    })
}

fn truth(yes: bool) -> Value<'static> {
    Value::Text(if yes { "TRUE" } else { "FALSE" }.into())
}

/// Digits without `.0`; of a fraction the 15 places that a spreadsheet shows and keeps, not the
/// noise of its last bits. A longer number was cut when it was typed, and nobody can say what it was.
fn number(number: f64) -> Value<'static> {
    if !number.is_finite() {
        return Value::Flaw("a number that is none".into());
    }
    if number.abs() >= 1e15 {
        let digits = format!("{:.0}", number.abs()).len();
        return Value::Flaw(format!("a number of {digits} digits, of which a spreadsheet keeps 15"));
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    // A negative zero is no number that anybody wrote.
    Value::Text(if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }.into())
}

/// A day, a time of day, or a length of time.
fn moment(time: ExcelDateTime) -> Value<'static> {
    let days = time.as_f64();
    // The last is 9999-12-31; beyond it calamine's arithmetic has no answer.
    if !(0.0..2_958_466.0).contains(&days) {
        return Value::Flaw(format!("a date outside of any calendar ({days})"));
    }
    if time.is_duration() || days < 1.0 {
        return Value::Text(clock((days * 86_400.0).round() as u64).into());
    }
    match time.as_datetime() {
        Some(moment) => Value::Day(moment),
        None => Value::Flaw(format!("a date outside of any calendar ({days})")),
    }
}

fn clock(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if seconds == 0 { format!("{hours}:{minutes:02}") } else { format!("{hours}:{minutes:02}:{seconds:02}") }
}

fn iso(text: &str) -> Value<'_> {
    let day = text.parse::<NaiveDateTime>().ok();
    let day = day.or_else(|| crate::domain::day::parse_day(text)?.and_hms_opt(0, 0, 0));
    day.map_or(Value::Text(Cow::Borrowed(text)), Value::Day)
}

/// `PT10H30M00S` as a clock shows it; anything else as it stands.
fn duration(text: &str) -> String {
    let read = || {
        let mut rest = text.strip_prefix("PT")?;
        let mut seconds = 0;
        for (sign, worth) in [('H', 3600), ('M', 60), ('S', 1)] {
            if let Some((number, after)) = rest.split_once(sign) {
                seconds += number.split('.').next()?.parse::<u32>().ok()? as u64 * worth;
                rest = after;
            }
        }
        rest.is_empty().then(|| clock(seconds))
    };
    read().unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType::{DateTime, TimeDelta};

    use super::*;

    #[test]
    fn numbers_are_what_a_spreadsheet_shows() {
        for (number, text) in [
            (7.0, "7"),
            (7.6, "7.6"),
            (7.6 - 0.0000000000000008, "7.6"),
            (0.1 + 0.2, "0.3"),
            (1.0 / 3.0, "0.333333333333333"),
            (1_234_567_890_123.0, "1234567890123"),
            (999_999_999_999_999.0, "999999999999999"),
            (-0.0, "0"),
            (-1.5e-7, "-0.00000015"),
        ] {
            assert_eq!(value(&DataRef::Float(number), false), Some(Value::Text(text.into())), "{number}");
        }
        let long = value(&DataRef::Float(12_345_678_901_234_567.0), false);
        assert_eq!(long, Some(Value::Flaw("a number of 17 digits, of which a spreadsheet keeps 15".into())));
    }

    #[test]
    fn a_date_is_a_day_and_a_time_is_text() {
        let of = |days, kind| match moment(ExcelDateTime::new(days, kind, false)) {
            Value::Text(text) => text.into_owned(),
            Value::Day(day) => day.to_string(),
            Value::Flaw(read) => format!("! {read}"),
        };
        assert_eq!(of(46_356.5, DateTime), "2026-11-30 12:00:00");
        assert_eq!(of(0.4375, DateTime), "10:30");
        assert_eq!(of(1.5, TimeDelta), "36:00");
        for days in [-1.0, 1e300, f64::NAN, f64::INFINITY] {
            assert!(of(days, DateTime).starts_with("! a date outside"), "{days}");
        }
        assert_eq!((duration("PT10H30M05S"), duration("PT90M"), duration("P1D")), ("10:30:05".into(), "1:30".into(), "P1D".into()));
        assert!(matches!(iso("2026-11-30"), Value::Day(_)) && matches!(iso("2026-11-30T10:00:00"), Value::Day(_)));
        assert_eq!(iso("soon"), Value::Text("soon".into()));
    }
}
