//! What is installed, as a person or a file wrote it: modules, inverters, storage units?
//!
//! `22 x 405 W, PTC 379.1 W; 10 x 400 W`: a count, what one of them gives, what else is known of it.
//! Every amount carries its unit: a bare number would be watts to one reader and kilowatts to the next.
//! Amounts are thousandths (milliwatts, milliwatt-hours, thousandths of a percent), so nothing is rounded here.

use crate::domain::field;

/// A group of equal modules: STC power of one, and its PTC rating when it is said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Modules {
    pub count: i64,
    pub stc: i64,
    pub ptc: Option<i64>,
}

/// A group of equal inverters: maximum continuous output of one, and its CEC weighted efficiency.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Inverters {
    pub count: i64,
    pub output: i64,
    pub efficiency: Option<i64>,
}

/// A group of equal storage units; all amounts are of one of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Units {
    pub count: i64,
    pub power: i64,
    pub energy: i64,
    pub charge: Option<i64>,
    pub usable: Option<i64>,
}

/// The largest plants have some millions of modules.
const COUNT_MAX: i64 = 10_000_000;
const ALL: i64 = 100_000;

const MODULES: &str = "modules like 22 x 405 W, PTC 379.1 W; 10 x 400 W";
const INVERTERS: &str = "inverters like 1 x 7.6 kW, 98.5 %; 2 x 3.8 kW";
const UNITS: &str = "storage units like 2 x 5 kW / 13.5 kWh, charge 3.3 kW, usable 13 kWh";

/// What is wrong with one group; empty when it simply has another form.
type Fault = &'static str;

/// `Err` says what was wanted.
pub fn modules(text: &str) -> Result<Vec<Modules>, String> {
    groups(text, MODULES, |count, size, details| {
        let mut found = Modules { count, stc: amount(size, "W")?, ptc: None };
        for detail in details {
            put(&mut found.ptc, keyed(detail, "ptc", "W")?)?;
        }
        // PTC is rated hotter than STC, so it is always the smaller of the two.
        if found.ptc.is_some_and(|ptc| ptc > found.stc) { Err("the PTC rating is never above the module's own watts") } else { Ok(found) }
    })
}

/// `Err` says what was wanted.
pub fn inverters(text: &str) -> Result<Vec<Inverters>, String> {
    groups(text, INVERTERS, |count, size, details| {
        let mut found = Inverters { count, output: amount(size, "W")?, efficiency: None };
        for detail in details {
            put(&mut found.efficiency, percent(detail)?)?;
        }
        Ok(found)
    })
}

/// `Err` says what was wanted.
pub fn units(text: &str) -> Result<Vec<Units>, String> {
    groups(text, UNITS, |count, size, details| {
        let (power, energy) = size.split_once('/').ok_or("power and energy of one unit, parted by a /")?;
        let mut found = Units { count, power: amount(power, "W")?, energy: amount(energy, "Wh")?, charge: None, usable: None };
        for detail in details {
            if has_key(detail, "charge") {
                put(&mut found.charge, keyed(detail, "charge", "W")?)?;
            } else {
                put(&mut found.usable, keyed(detail, "usable", "Wh")?)?;
            }
        }
        if found.usable.is_some_and(|usable| usable > found.energy) {
            return Err("the usable energy is never above the unit's own");
        }
        Ok(found)
    })
}

/// Whether a text can stand in a field of this name; `Err` says what was wanted. Other fields take any.
pub fn check(field: &str, text: &str) -> Result<(), String> {
    match field {
        "array" => modules(text).map(drop),
        "inverters" => inverters(text).map(drop),
        "storage_units" => units(text).map(drop),
        _ => Ok(()),
    }
}

fn groups<T>(text: &str, wanted: &str, read: impl Fn(i64, &str, &[&str]) -> Result<T, Fault>) -> Result<Vec<T>, String> {
    let says = |fault: Fault| if fault.is_empty() { wanted.to_owned() } else { format!("{wanted}: {fault}") };
    text.split(';')
        .map(|group| {
            let (count, rest) = group.split_once(['x', 'X', '×', '*']).ok_or("")?;
            let mut parts = rest.split(',').map(str::trim);
            let size = parts.next().unwrap_or_default();
            read(whole(count)?, size, &parts.collect::<Vec<_>>())
        })
        .collect::<Result<_, _>>()
        .map_err(says)
}

/// `1,200` is a count too, `1,2` is none.
fn whole(text: &str) -> Result<i64, Fault> {
    let groups: Vec<&str> = text.trim().split(',').collect();
    let digits = |group: &&str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    if !groups.iter().all(digits) || groups[1..].iter().any(|group| group.len() != 3) {
        return Err("");
    }
    let count = groups.concat().parse().ok().filter(|count| (1..=COUNT_MAX).contains(count));
    count.ok_or("a count from 1 to 10 million")
}

/// Thousandths of a W or Wh. The unit must be there, and none is 0.
fn amount(text: &str, unit: &str) -> Result<i64, Fault> {
    let amount = field::thousandths(text.trim(), unit).ok_or("each amount with its unit, up to 100 G of it")?;
    if amount > 0 { Ok(amount) } else { Err("an amount above 0") }
}

fn has_key(detail: &str, key: &str) -> bool {
    detail.split_once(char::is_whitespace).is_some_and(|(word, _)| word.eq_ignore_ascii_case(key))
}

fn keyed(detail: &str, key: &str, unit: &str) -> Result<i64, Fault> {
    let (_, said) = detail.split_once(char::is_whitespace).filter(|_| has_key(detail, key)).ok_or("")?;
    amount(said, unit)
}

/// `98.5 %` in thousandths of a percent.
fn percent(text: &str) -> Result<i64, Fault> {
    const WANTED: Fault = "an efficiency above 0 and up to 100 %";
    let number = text.strip_suffix('%').ok_or("")?.trim();
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || fraction.len() > 3 || !digits(whole) || !digits(fraction) {
        return Err(WANTED);
    }
    // At most six digits: they fit.
    format!("{whole}{fraction:0<3}").parse().ok().filter(|percent| (1..=ALL).contains(percent)).ok_or(WANTED)
}

/// What is said twice may be said in two ways.
fn put(slot: &mut Option<i64>, value: i64) -> Result<(), Fault> {
    if slot.replace(value).is_some() { Err("nothing twice") } else { Ok(()) }
}
