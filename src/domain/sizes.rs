//! How large is it, by which of the several kW, and how does one know?
//!
//! What a person or a file typed wins over what follows from the equipment; where both are there and
//! differ, that is said. What is not known stays unknown with its reason: a tier is decided by these
//! numbers, and no guess may decide it.

mod computed;
mod equipment;

use super::application::Application;
use super::field::{self, Kind, SIZE_MAX};
use super::value::Value;
use computed::{Computed, Equipment, Worked};
pub use equipment::check;

/// Whole units; a ratio in hundredths (117 is 1.17).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Amount {
    Watts(i64),
    WattHours(i64),
    Hundredths(i64),
}

impl Amount {
    pub fn number(self) -> i64 {
        match self {
            Amount::Watts(number) | Amount::WattHours(number) | Amount::Hundredths(number) => number,
        }
    }

    /// `7.6 kW`, `13.5 kWh`, `1.17`.
    pub fn words(self) -> String {
        match self {
            Amount::Watts(watts) => field::show(Kind::Watts, &Value::Number(watts)),
            Amount::WattHours(watt_hours) => field::show(Kind::WattHours, &Value::Number(watt_hours)),
            Amount::Hundredths(ratio) => format!("{}.{:02}", ratio / 100, ratio % 100),
        }
    }
}

/// One size of a site.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Size {
    /// The field of the same meaning; `dc_ac` for the ratio.
    pub name: &'static str,
    pub label: &'static str,
    pub amount: Option<Amount>,
    /// Where the amount comes from: the working, or "typed". Empty when it is unknown.
    pub how: String,
    /// What the equipment gives where something else was typed.
    pub computed: Option<Amount>,
    /// Why there is no amount, as it follows "unknown because".
    pub unknown: Option<String>,
}

/// The fields that say anything about the size of a site.
const SAID: &[&str] = &[
    "size_dc",
    "size_ac",
    "size_cec",
    "export",
    "export_mode",
    "storage_power",
    "storage_energy",
    "storage_charge",
    "storage_usable",
    "technology",
    "array",
    "inverters",
    "storage_units",
];

/// Every size of the site in a fixed order. A site without modules has no DC size, one without storage no
/// storage power; of a site of which nothing is said there is nothing.
pub fn sizes(application: &Application) -> Vec<Size> {
    if SAID.iter().all(|name| application.value(name).is_nothing()) {
        return Vec::new();
    }
    let equipment = Equipment::of(application);
    let mut sizes = Vec::new();
    if has_modules(application) {
        let dc = settle(application, "size_dc", equipment.dc());
        let ratio = ratio(application, &equipment, &dc);
        sizes.extend([dc, cec(application, &equipment), ac(application, &equipment), ratio]);
    } else {
        sizes.push(ac(application, &equipment));
    }
    sizes.push(exported(application));
    if has_storage(application) {
        sizes.extend([
            settle(application, "storage_power", equipment.storage_power()),
            settle(application, "storage_charge", equipment.storage_charge()),
            settle(application, "storage_energy", equipment.storage_energy()),
            settle(application, "storage_usable", equipment.storage_usable()),
        ]);
    }
    sizes
}

/// The AC nameplate in watts, as most rules take it. `Err` says why it is not known.
pub fn nameplate(application: &Application) -> Result<i64, String> {
    known(&ac(application, &Equipment::of(application))).map_err(|why| format!("the AC nameplate is not known: {why}"))
}

/// The most that the site may send to the grid, in watts. `Err` says why it is not known.
pub fn export(application: &Application) -> Result<i64, String> {
    known(&exported(application)).map_err(|why| format!("the export is not known: {why}"))
}

fn known(size: &Size) -> Result<i64, String> {
    size.amount.map(Amount::number).ok_or_else(|| size.unknown.clone().unwrap_or_default())
}

fn ac(application: &Application, equipment: &Equipment) -> Size {
    settle(application, "size_ac", ac_computed(application, equipment))
}

/// PV and storage each with its own inverter add up; a shared inverter counts once.
fn ac_computed(application: &Application, equipment: &Equipment) -> Computed {
    let inverters = equipment.inverter_output();
    if !has_storage(application) {
        return inverters;
    }
    match application.text("coupling") {
        Some("dc") => inverters.map(|worked| also(worked, ", shared with the storage and counted once")),
        Some("ac") if is_storage_alone(application) && inverters.is_ok() => {
            inverters.map(|worked| also(worked, ", the storage's own inverters"))
        }
        Some("ac") => {
            let power = storage_power(application, equipment)?;
            if application.text("inverters").is_none() && !has_modules(application) {
                return Ok(also(power, ", the storage alone"));
            }
            let inverters = inverters?;
            Ok(Worked {
                amount: inverters.amount + power.amount,
                how: format!("inverters {} + AC-coupled storage {}", inverters.how, power.how),
            })
        }
        _ => Err("storage is there, and whether it is AC- or DC-coupled is not said".to_owned()),
    }
}

fn also(worked: Worked, words: &str) -> Worked {
    Worked { how: worked.how + words, ..worked }
}

/// As it is settled: what was typed counts here too.
fn storage_power(application: &Application, equipment: &Equipment) -> Computed {
    let size = settle(application, "storage_power", equipment.storage_power());
    let watts = known(&size).map_err(|why| format!("the storage power is not known: {why}"))?;
    Ok(Worked { amount: i128::from(watts) * 1_000, how: Amount::Watts(watts).words() })
}

/// Some utilities take the smaller of this and the inverters' output; which one is theirs to say.
fn cec(application: &Application, equipment: &Equipment) -> Size {
    let mut size = settle(application, "size_cec", equipment.cec());
    if let (Some(Amount::Watts(_)), Ok(output)) = (size.amount, equipment.inverter_output()) {
        let output = computed::words(output.amount, "W");
        size.how = format!("{}; some utilities take the smaller of this and the inverters' {output}", size.how);
    }
    size
}

/// DC over the output of the inverters that the modules hang on: storage has no part in it.
fn ratio(application: &Application, equipment: &Equipment, dc: &Size) -> Size {
    let found = || {
        let dc = known(dc).map_err(|why| format!("the size DC is: {why}"))?;
        let ac = if has_storage(application) { whole(equipment.inverter_output()?.amount)? } else { known(&ac(application, equipment))? };
        // Half up. Both are above 0 and at most 100 GW.
        let hundredths = (i128::from(dc) * 100 + i128::from(ac) / 2) / i128::from(ac);
        let hundredths = i64::try_from(hundredths).map_err(|_| "it is too large".to_owned())?;
        let words = |watts| Amount::Watts(watts).words();
        Ok((Amount::Hundredths(hundredths), format!("{} DC / {} AC", words(dc), words(ac))))
    };
    finished("dc_ac", "DC/AC ratio", found())
}

fn exported(application: &Application) -> Size {
    finished("export", "export", export_said(application).map(|(watts, how)| (Amount::Watts(watts), how)))
}

/// A limit of 0 is a limit; one that contradicts the mode is no answer.
fn export_said(application: &Application) -> Result<(i64, String), String> {
    let words = |watts| Amount::Watts(watts).words();
    let limit = match application.value("export") {
        Value::Nothing => None,
        Value::Number(watts) if (0..=SIZE_MAX).contains(watts) => Some(*watts),
        other => return Err(no_size(Kind::Watts, other)),
    };
    let plate = || nameplate(application);
    match (limit, application.text("export_mode")) {
        (Some(limit), Some("non-export")) if limit > 0 => Err(format!("the mode is non-export, and a limit of {} is typed", words(limit))),
        (_, Some("non-export")) => Ok((0, "non-export".to_owned())),
        (Some(limit), Some("unrestricted")) if plate().is_ok_and(|plate| limit < plate) => {
            Err(format!("the mode is unrestricted, and a limit of {} is typed", words(limit)))
        }
        (Some(limit), _) => {
            let above = plate().ok().filter(|plate| limit > *plate);
            Ok((limit, above.map_or("typed".to_owned(), |plate| format!("typed, above the nameplate of {}", words(plate)))))
        }
        (None, Some("unrestricted")) => plate().map(|plate| (plate, "unrestricted: the nameplate".to_owned())),
        (None, Some("limited")) => Err("the mode is limited, and the limit is not said".to_owned()),
        (None, _) => Err("neither the limit nor the export mode is said".to_owned()),
    }
}

/// What was typed, else what was computed, else why neither is there.
fn settle(application: &Application, name: &'static str, computed: Computed) -> Size {
    let field = field::find(name).expect("the sizes are fields of the table");
    let amount = |number| if field.kind == Kind::WattHours { Amount::WattHours(number) } else { Amount::Watts(number) };
    let computed = computed.and_then(|worked| Ok((amount(whole(worked.amount)?), worked)));
    match application.value(name) {
        Value::Nothing => finished(name, field.label, computed.map(|(amount, worked)| (amount, worked.how))),
        Value::Number(number) if (1..=SIZE_MAX).contains(number) => {
            let typed = amount(*number);
            let (how, other) = match computed {
                Ok((same, worked)) if same == typed => (format!("typed, and computed the same: {}", worked.how), None),
                Ok((other, worked)) => (format!("typed {}, computed {} ({})", typed.words(), other.words(), worked.how), Some(other)),
                Err(_) => ("typed".to_owned(), None),
            };
            Size { computed: other, ..finished(name, field.label, Ok((typed, how))) }
        }
        other => finished(name, field.label, Err(no_size(field.kind, other))),
    }
}

/// Rounded half up to whole units, once.
fn whole(thousandths: i128) -> Result<i64, String> {
    let rounded = (thousandths + 500) / 1_000;
    match i64::try_from(rounded) {
        Ok(number) if (1..=SIZE_MAX).contains(&number) => Ok(number),
        _ if rounded < 1 => Err("it comes to less than 1 W".to_owned()),
        _ => Err("it comes to more than 100 GW".to_owned()),
    }
}

fn no_size(kind: Kind, value: &Value) -> String {
    match value {
        Value::Number(number) if *number <= 0 => format!("{number} is typed, and it must be above 0"),
        Value::Number(_) => format!("{} is typed, which is more than 100 GW", field::show(kind, value)),
        _ => "what is typed is no number".to_owned(),
    }
}

fn finished(name: &'static str, label: &'static str, found: Result<(Amount, String), String>) -> Size {
    let empty = Size { name, label, amount: None, how: String::new(), computed: None, unknown: None };
    match found {
        Ok((amount, how)) => Size { amount: Some(amount), how, ..empty },
        Err(why) => Size { unknown: Some(why), ..empty },
    }
}

/// A 0 that a file carries for "none" is none.
fn is_said(application: &Application, names: &[&str]) -> bool {
    names.iter().any(|name| !matches!(application.value(name), Value::Nothing | Value::Number(0)))
}

fn has_modules(application: &Application) -> bool {
    let is_solar = matches!(application.text("technology"), Some("solar" | "solar-storage"));
    is_solar || is_said(application, &["size_dc", "size_cec", "array"])
}

fn has_storage(application: &Application) -> bool {
    matches!(application.text("technology"), Some("storage" | "flywheel" | "solar-storage"))
        || is_said(application, &["storage_power", "storage_energy", "storage_charge", "storage_usable", "storage_units"])
}

/// Nothing else is there that the inverters could belong to.
fn is_storage_alone(application: &Application) -> bool {
    matches!(application.text("technology"), Some("storage" | "flywheel")) && !has_modules(application)
}

#[cfg(test)]
mod tests;
