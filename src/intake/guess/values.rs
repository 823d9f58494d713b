//! What kind of values does a column hold?

use crate::domain::field;

use super::dates::{Found, Ways};
use super::words::words;
use crate::intake::cell;
use crate::intake::dates::Order;
use crate::intake::raw::RawRow;
use crate::intake::slots::error_of;
use crate::intake::words::Words;

/// Words that mean nothing in many files; those that a file has become the profile's.
pub const PLACEHOLDERS: [&str; 9] = ["N/A", "#N/A", "-", "--", "NULL", "TBD", "(blank)", "none", "n.a."];
const STATES: &str = " AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI \
                      SC SD TN TX UT VT VA WA WV WI WY DC PR ";
/// From this share of its values on, a column is of a kind.
const MOST: f64 = 0.8;
/// Longer values on the average are sentences.
const LONG: usize = 40;

/// A column's values in the sample.
#[derive(Clone, Debug)]
pub struct Survey {
    pub name: String,
    pub idx: usize,
    /// Rows in the sample.
    pub rows: usize,
    /// Values that are neither empty nor a placeholder, as they stand, without spaces around.
    pub values: Vec<String>,
    pub distinct: usize,
    pub dates: Found,
    /// Placeholders that were seen.
    pub placeholders: Vec<&'static str>,
}

impl Survey {
    pub fn new(idx: usize, name: &str, rows: &[RawRow], ways: &Ways) -> Survey {
        let empty = Words::new(&PLACEHOLDERS.map(String::from));
        let (mut values, mut texts, mut in_book) = (Vec::new(), Vec::new(), 0);
        let mut placeholders = Vec::new();
        for row in rows {
            let text = row.flaw(idx).map_or(row.cell(idx), error_of).trim();
            if empty.has(text) {
                placeholders.extend(PLACEHOLDERS.iter().find(|word| word.eq_ignore_ascii_case(text)));
            } else if !text.is_empty() {
                values.push(text.to_owned());
                if row.day(idx).is_some() {
                    in_book += 1;
                } else {
                    texts.push(text);
                }
            }
        }
        placeholders.sort_unstable();
        placeholders.dedup();
        let mut unique = values.clone();
        unique.sort_unstable();
        unique.dedup();
        let dates = ways.look(&texts, in_book);
        Survey { name: name.to_owned(), idx, rows: rows.len(), distinct: unique.len(), values, dates, placeholders }
    }

    pub fn filled(&self) -> usize {
        self.values.len()
    }

    pub fn samples(&self) -> Vec<String> {
        let mut samples: Vec<String> = Vec::new();
        for value in &self.values {
            let shown = cell::shown(value);
            if samples.len() < 3 && !samples.contains(&shown) {
                samples.push(shown);
            }
        }
        samples
    }

    /// The share of values of which this is true; 0 without values.
    pub fn share(&self, is: impl Fn(&str) -> bool) -> f64 {
        let count = self.values.iter().filter(|value| is(value)).count();
        ratio(count, self.filled())
    }

    pub fn mostly(&self, is: impl Fn(&str) -> bool) -> bool {
        self.share(is) >= MOST
    }

    pub fn is_dated(&self) -> bool {
        ratio(self.dates.days, self.filled()) >= MOST
    }

    /// "38 of 40 values are days"
    pub fn says(&self, count: usize, what: &str) -> String {
        if count == self.filled() {
            format!("all {count} values are {what}")
        } else {
            format!("{count} of {} values are {what}", self.filled())
        }
    }

    pub fn count(&self, is: impl Fn(&str) -> bool) -> usize {
        self.values.iter().filter(|value| is(value)).count()
    }

    /// Every row has a value, and no two the same.
    pub fn names_rows(&self) -> bool {
        self.rows > 0 && self.filled() == self.rows && self.distinct == self.rows
    }

    pub fn is_long(&self) -> bool {
        let letters: usize = self.values.iter().map(|value| value.chars().count()).sum();
        self.filled() > 0 && letters / self.filled() >= LONG && self.mostly(|value| value.contains(' '))
    }

    /// Words that stand where dates are expected: they mean that there is none.
    pub fn words_for_no_day(&self, ways: &Ways) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for value in self.values.iter().filter(|value| !value.contains(|c: char| c.is_ascii_digit())) {
            if ways.look(&[value.as_str()], 0).days == 0 && !found.contains(value) {
                found.push(value.clone());
            }
        }
        found.truncate(8);
        found
    }

    /// The length to which numbers have to be filled up: some have leading zeros, others have lost them.
    pub fn digits(&self) -> usize {
        let numbers: Vec<&String> = self.values.iter().filter(|value| value.bytes().all(|byte| byte.is_ascii_digit())).collect();
        let zeros: Vec<usize> = numbers.iter().filter(|value| value.starts_with('0')).map(|value| value.len()).collect();
        let Some(length) = zeros.first().copied().filter(|length| zeros.iter().all(|one| one == length)) else { return 0 };
        let fits = numbers.len() == self.values.len() && numbers.iter().all(|value| value.len() <= length);
        let lost = numbers.iter().any(|value| value.len() < length);
        if fits && lost { length } else { 0 }
    }
}

fn ratio(count: usize, of: usize) -> f64 {
    // Samples are a few hundred rows.
    if of == 0 { 0.0 } else { count as f64 / of as f64 }
}

pub fn is_email(value: &str) -> bool {
    value.split_once('@').is_some_and(|(name, domain)| {
        !name.is_empty() && domain.contains('.') && !value.contains(char::is_whitespace) && !domain.contains('@')
    })
}

pub fn is_phone(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let plain = value.split(['x', 'X']).next().unwrap_or_default();
    let signs = plain.contains(['-', '(', '.', ' ', '+']) && plain.chars().all(|c| c.is_ascii_digit() || "+-(). ".contains(c));
    (10..=15).contains(&digits) && signs
}

pub fn is_state(value: &str) -> bool {
    value.len() == 2 && STATES.contains(&format!(" {value} "))
}

/// The unit of a column of sizes: what its header says, else what its values say. `None`: they are no
/// sizes. The flag says that the unit was only supposed.
pub fn unit(survey: &Survey, is_energy: bool) -> Option<(&'static str, bool)> {
    let field = field::find(if is_energy { "storage_energy" } else { "size_ac" })?;
    let header = words(&survey.name);
    let says = |words: &[&str]| header.iter().any(|word| words.contains(&word.as_str()));
    let (unit, supposed) = match is_energy {
        true if says(&["mwh"]) => ("MWh", false),
        true => ("kWh", !says(&["kwh"])),
        false if says(&["mw", "mwac", "mwdc"]) => ("MW", false),
        false if says(&["w", "watt"]) => ("W", false),
        false if says(&["kw", "kwac", "kwdc"]) => ("kW", false),
        // Nobody's house has a thousand kilowatts.
        false if survey.mostly(|value| value.replace(',', "").parse::<f64>().is_ok_and(|number| number >= 1_000.0)) => ("W", true),
        false => ("kW", true),
    };
    let own = survey.mostly(|value| value.to_lowercase().contains('w'));
    let reads = |value: &str| cell::size(value, unit).is_some_and(|sized| field::read(field, &sized).is_ok());
    (survey.filled() == 0 || survey.mostly(reads)).then_some((unit, supposed && !own))
}

/// The order that the columns of one file agree on, if any of them tells.
pub fn agreed<'a>(surveys: impl Iterator<Item = &'a Survey>) -> Option<Order> {
    use super::dates::Evidence;
    let mut orders = surveys.filter(|survey| survey.is_dated()).filter_map(|survey| match survey.dates.evidence {
        Evidence::Only(order) => Some(order),
        Evidence::Plain | Evidence::Mixed | Evidence::Open => None,
    });
    let first = orders.next()?;
    orders.all(|order| order == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survey(name: &str, values: &[&str]) -> Survey {
        let rows: Vec<RawRow> = values
            .iter()
            .map(|value| {
                let mut row = RawRow::new(2);
                row.push(value);
                row
            })
            .collect();
        Survey::new(0, name, &rows, &Ways::default())
    }

    #[test]
    fn values_are_told_apart() {
        for (value, email, phone, state) in [
            ("ann@example.com", true, false, false),
            ("ann@work", false, false, false),
            ("(555) 555-0100", false, true, false),
            ("+1 555.555.0100 x12", false, true, false),
            ("5555550100", false, false, false),
            ("2026-11-20", false, false, false),
            ("OR", false, false, true),
            ("ok", false, false, false),
            ("97201", false, false, false),
        ] {
            assert_eq!((is_email(value), is_phone(value), is_state(value)), (email, phone, state), "{value}");
        }
    }

    #[test]
    fn sizes_have_a_unit() {
        for (name, values, is_energy, says) in [
            ("System Size (kW)", &["7.6", "10"][..], false, Some(("kW", false))),
            ("Summer Net MW", &["99.9", "1,200.5"], false, Some(("MW", false))),
            ("Size", &["7.6", "10"], false, Some(("kW", true))),
            ("Size", &["7600", "10,000"], false, Some(("W", true))),
            ("Size", &["7.6 kW", "10 kW"], false, Some(("kW", false))),
            ("Battery", &["13.5", "27"], true, Some(("kWh", true))),
            ("Size", &["large", "small"], false, None),
            ("Size", &["1,5", "7,6"], false, None),
        ] {
            assert_eq!(unit(&survey(name, values), is_energy), says, "{name} {values:?}");
        }
    }

    #[test]
    fn a_column_is_counted() {
        let one = survey("ID", &["00417", "418", "n/a", " 00419 ", ""]);
        assert_eq!((one.rows, one.filled(), one.distinct, one.digits(), one.placeholders.clone()), (5, 3, 3, 5, vec!["N/A"]));
        assert!(!one.names_rows());
        assert_eq!(survey("ID", &["00417", "00418"]).digits(), 0, "none is lost");
        assert_eq!(survey("ID", &["00417", "123456"]).digits(), 0);
        let dates = survey("PTO", &["11/20/2026", "pending", "11/21/2026", "11/22/2026", "11/23/2026"]);
        assert!(dates.is_dated());
        assert_eq!(dates.words_for_no_day(&Ways::default()), ["pending"]);
        assert_eq!(dates.says(dates.dates.days, "days"), "4 of 5 values are days");
    }
}
