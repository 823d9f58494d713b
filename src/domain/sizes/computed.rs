//! Which sizes follow from what is installed, and by which working?
//!
//! The definitions are those of the trade: DC at STC is modules x W; CEC-AC is modules x PTC x the
//! inverter's weighted efficiency; the AC nameplate is the sum of the maximum continuous outputs. `Err` is
//! always the reason why a size is unknown, in words that follow "unknown because".

use super::equipment::{self, Inverters, Modules, Units};
use crate::domain::application::Application;

/// An amount in thousandths of a W or Wh, and how it came about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Worked {
    pub amount: i128,
    pub how: String,
}

pub type Computed = Result<Worked, String>;

/// What the record says of the equipment, read once.
pub struct Equipment {
    pub modules: Result<Vec<Modules>, String>,
    pub inverters: Result<Vec<Inverters>, String>,
    pub units: Result<Vec<Units>, String>,
}

impl Equipment {
    pub fn of(application: &Application) -> Equipment {
        Equipment {
            modules: read(application, "array", "modules", equipment::modules),
            inverters: read(application, "inverters", "inverters", equipment::inverters),
            units: read(application, "storage_units", "storage units", equipment::units),
        }
    }

    /// Rated power of the modules, at standard test conditions.
    pub fn dc(&self) -> Computed {
        let modules = self.modules.as_ref().map_err(Clone::clone)?;
        Ok(sum(modules, "W", |group| (group.count, group.stc)))
    }

    /// Modules x PTC x efficiency: `22 x 379.1 W x 98.5 % = 8215.097 W`.
    pub fn cec(&self) -> Computed {
        let modules = self.modules.as_ref().map_err(Clone::clone)?;
        if let Some(group) = modules.iter().find(|group| group.ptc.is_none()) {
            return Err(format!("the PTC rating of {} is not said", times(group.count, group.stc, "W")));
        }
        let ptc = sum(modules, "W", |group| (group.count, group.ptc.unwrap_or_default()));
        let efficiency = self.efficiency()?;
        // Half up; the quotient is below a milliwatt's worth of doubt.
        let amount = (ptc.amount * i128::from(efficiency) + 50_000) / 100_000;
        let (open, close) = if modules.len() > 1 { ("(", ")") } else { ("", "") };
        Ok(Worked { amount, how: format!("{open}{}{close} PTC x {}", ptc.how, percent(efficiency)) })
    }

    /// The one efficiency. With two of them it would matter which modules hang on which inverter.
    fn efficiency(&self) -> Result<i64, String> {
        let inverters = self.inverters.as_ref().map_err(Clone::clone)?;
        if let Some(group) = inverters.iter().find(|group| group.efficiency.is_none()) {
            return Err(format!("the weighted efficiency of {} is not said", times(group.count, group.output, "W")));
        }
        let mut found: Vec<i64> = inverters.iter().filter_map(|group| group.efficiency).collect();
        found.dedup();
        match found.as_slice() {
            [one] => Ok(*one),
            several => {
                let several: Vec<String> = several.iter().map(|one| percent(*one)).collect();
                Err(format!(
                    "the inverters have several efficiencies ({}), and which modules hang on which is not said",
                    several.join(", ")
                ))
            }
        }
    }

    /// Maximum continuous output of all inverters, whatever hangs on them.
    pub fn inverter_output(&self) -> Computed {
        let inverters = self.inverters.as_ref().map_err(Clone::clone)?;
        Ok(sum(inverters, "W", |group| (group.count, group.output)))
    }

    pub fn storage_power(&self) -> Computed {
        self.of_units("W", "power", |group| Some(group.power))
    }

    pub fn storage_energy(&self) -> Computed {
        self.of_units("Wh", "energy", |group| Some(group.energy))
    }

    pub fn storage_charge(&self) -> Computed {
        self.of_units("W", "charging power", |group| group.charge)
    }

    pub fn storage_usable(&self) -> Computed {
        self.of_units("Wh", "usable energy", |group| group.usable)
    }

    fn of_units(&self, unit: &str, what: &str, of: impl Fn(&Units) -> Option<i64>) -> Computed {
        let units = self.units.as_ref().map_err(Clone::clone)?;
        if let Some(group) = units.iter().find(|group| of(group).is_none()) {
            return Err(format!("the {what} of {} is not said", times(group.count, group.power, "W")));
        }
        Ok(sum(units, unit, |group| (group.count, of(group).unwrap_or_default())))
    }
}

fn read<T>(application: &Application, field: &str, what: &str, parse: fn(&str) -> Result<Vec<T>, String>) -> Result<Vec<T>, String> {
    let text = application.text(field).ok_or_else(|| format!("the {what} are not said"))?;
    // Imports keep what the file says; only a person's words are refused at the door.
    parse(text).map_err(|wanted| format!("what stands for the {what} cannot be read; wanted {wanted}"))
}

/// Counts, amounts and texts are bounded (10^7 x 10^14, a text of some kilobytes): the sum fits.
fn sum<T>(groups: &[T], unit: &str, of: impl Fn(&T) -> (i64, i64)) -> Worked {
    let parts = || groups.iter().map(&of);
    Worked {
        amount: parts().map(|(count, each)| i128::from(count) * i128::from(each)).sum(),
        how: parts().map(|(count, each)| times(count, each, unit)).collect::<Vec<_>>().join(" + "),
    }
}

fn times(count: i64, each: i64, unit: &str) -> String {
    format!("{count} x {}", words(i128::from(each), unit))
}

/// Thousandths as a person writes them: 379100 → `379.1 W`, 7600000 → `7.6 kW`.
pub fn words(amount: i128, unit: &str) -> String {
    let (scale, prefix) = match amount {
        1_000_000_000.. => (1_000_000_000, "M"),
        1_000_000.. => (1_000_000, "k"),
        _ => (1_000, ""),
    };
    let mut text = format!("{}.{:09}", amount / scale, (amount % scale) * (1_000_000_000 / scale));
    text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    format!("{text} {prefix}{unit}")
}

fn percent(thousandths: i64) -> String {
    let text = format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}
