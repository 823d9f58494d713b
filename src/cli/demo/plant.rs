//! What is installed at a site, and which sizes follow from it?

use super::chance::Chance;
use super::world::Values;
use crate::domain::playbook::DeskKind;

pub const NON_EXPORT: &str = "non-export";

/// One kind of storage unit: its power in watts, its energy in watt-hours.
type Unit = (i64, i64);

const HOME_UNITS: &[Unit] = &[(5_000, 13_500), (11_500, 13_500), (3_840, 10_000)];
const BATTERIES: &[Unit] = &[(60_000, 240_000), (125_000, 250_000), (250_000, 1_000_000)];
const FLYWHEELS: &[Unit] = &[(100_000, 25_000), (160_000, 30_000)];
/// Inverters, by their output in watts.
const HOME_INVERTERS: &[i64] = &[3_800, 5_000, 6_000, 7_600, 10_000, 11_400];
const BUSINESS_INVERTERS: &[i64] = &[25_000, 50_000, 60_000, 100_000, 125_000];

/// Amounts in watts and watt-hours.
pub struct Plant {
    product: &'static str,
    technology: &'static str,
    inverters: Option<(i64, i64)>,
    modules: Option<(i64, i64)>,
    units: Option<(i64, Unit)>,
    coupling: Option<&'static str>,
    certification: &'static str,
    network: &'static str,
    pub mode: &'static str,
    /// What somebody typed beside the equipment's own size.
    slip: i64,
}

impl Plant {
    pub fn new(home: bool, desk: DeskKind, chance: &mut Chance) -> Plant {
        let (product, technology) = technology(home, desk, chance);
        // The largest power of a part: a utility's desk sees many shops, a developer's few plants.
        let most = match (home, desk) {
            (true, _) => 12_000,
            (_, DeskKind::Commercial) => [120_000, 300_000, 750_000, 1_500_000, 2_600_000][usize_below(5, chance)],
            _ => [40_000, 100_000, 250_000, 600_000][usize_below(4, chance)],
        };
        let solar = technology.starts_with("solar");
        let storage = technology != "solar";
        let inverters = solar.then(|| inverters(home, most, chance));
        let modules = inverters.map(|(count, each)| {
            let module = if home { 405 } else { 550 };
            (count * each * chance.within(105, 125) / 100 / module, module)
        });
        let of = match technology {
            "flywheel" => FLYWHEELS,
            _ if home => HOME_UNITS,
            _ => BATTERIES,
        };
        let units = storage.then(|| {
            let unit = chance.one(of).copied().unwrap_or((5_000, 13_500));
            let count = match home {
                true if unit.0 > 6_000 => 1,
                true => chance.within(1, 2),
                false => (most / unit.0).max(1),
            };
            (count, unit)
        });
        let coupling = storage.then(|| if solar && home && chance.percent(35) { "dc" } else { "ac" });
        Plant {
            product,
            technology,
            inverters,
            modules,
            units,
            coupling,
            certification: certification(technology, chance),
            network: network(home, chance),
            mode: mode(solar, home, chance),
            slip: if chance.percent(4) { if home { 400 } else { 5_000 } } else { 0 },
        }
    }

    /// An inverter that modules and storage share counts once.
    pub fn nameplate(&self) -> i64 {
        let output = self.inverters.map_or(0, |(count, each)| count * each);
        match self.coupling {
            Some("dc") => output,
            _ => output + self.power(),
        }
    }

    /// As Oregon's first tier has it: the nameplate, and what may flow out.
    pub fn is_small(&self) -> bool {
        self.nameplate() <= 50_000 && (self.mode == NON_EXPORT || self.export().unwrap_or(self.nameplate()) <= 25_000)
    }

    fn power(&self) -> i64 {
        self.units.map_or(0, |(count, (power, _))| count * power)
    }

    fn export(&self) -> Option<i64> {
        (self.mode == "limited").then(|| self.nameplate() / 2)
    }

    /// Its fields. Without the parts only what rules look at: rows in very great number are made fast.
    pub fn write(&self, whole: bool, values: &mut Values) {
        let mut put = |name: &str, value: String| values.insert(name.to_owned(), value);
        let watts = |watts: i64| format!("{watts} W");
        put("product", self.product.to_owned());
        put("technology", self.technology.to_owned());
        put("size_ac", watts(self.nameplate() - self.slip));
        put("certification", self.certification.to_owned());
        put("network", self.network.to_owned());
        put("export_mode", self.mode.to_owned());
        if let Some(export) = self.export() {
            put("export", watts(export));
        }
        if let Some((count, module)) = self.modules {
            put("size_dc", watts(count * module));
        }
        if let Some((count, (power, energy))) = self.units {
            put("storage_power", watts(count * power));
            put("storage_energy", format!("{} Wh", count * energy));
        }
        if !whole {
            return;
        }
        put("inverter", "yes".to_owned());
        if let Some(coupling) = self.coupling {
            put("coupling", coupling.to_owned());
        }
        if let Some((count, each)) = self.inverters {
            put("inverters", format!("{count} x {}, 97.5 %", kilo(each, "W")));
        }
        if let Some((count, module)) = self.modules {
            let rated = if module == 405 { ", PTC 379.1 W" } else { "" };
            put("array", format!("{count} x {module} W{rated}"));
        }
        if let Some((count, (power, energy))) = self.units {
            put("storage_units", format!("{count} x {} / {}", kilo(power, "W"), kilo(energy, "Wh")));
        }
        if self.mode == "limited" {
            put("pcs", "yes".to_owned());
        }
    }
}

/// As a data sheet has it: `7.6 kW`.
fn kilo(amount: i64, unit: &str) -> String {
    match amount % 1_000 {
        0 => format!("{} k{unit}", amount / 1_000),
        rest => format!("{} k{unit}", format!("{}.{rest:03}", amount / 1_000).trim_end_matches('0')),
    }
}

fn usize_below(count: i64, chance: &mut Chance) -> usize {
    usize::try_from(chance.within(0, count - 1)).unwrap_or(0)
}

/// A developer of storage has batteries and flywheels; a roof mostly has modules.
fn technology(home: bool, desk: DeskKind, chance: &mut Chance) -> (&'static str, &'static str) {
    let roll = chance.within(1, 100);
    match (home, desk) {
        (true, _) if roll <= 8 => ("ess", "storage"),
        (true, _) if roll <= 45 => ("pv+ess", "solar-storage"),
        (false, DeskKind::Commercial) if roll <= 50 => ("bess", "storage"),
        (false, DeskKind::Commercial) if roll <= 75 => ("fess", "flywheel"),
        (false, DeskKind::Commercial) if roll <= 90 => ("pv+bess", "solar-storage"),
        (false, DeskKind::Utility) if roll <= 12 => ("bess", "storage"),
        (false, DeskKind::Utility) if roll <= 30 => ("pv+bess", "solar-storage"),
        _ => ("pv", "solar"),
    }
}

fn inverters(home: bool, most: i64, chance: &mut Chance) -> (i64, i64) {
    let fitting: Vec<i64> = if home { HOME_INVERTERS } else { BUSINESS_INVERTERS }.iter().copied().filter(|each| *each <= most).collect();
    let each = chance.one(&fitting).copied().unwrap_or(7_600);
    // A ranch, now and then: above what Oregon takes for a home.
    let count = match home {
        true if each > 10_000 && chance.percent(25) => 3,
        true => 1,
        false => (most / each).max(1),
    };
    (count, each)
}

/// Nearly all that is sold has the listing of today; some stock is older.
fn certification(technology: &str, chance: &mut Chance) -> &'static str {
    match (technology, chance.within(1, 100)) {
        ("flywheel", roll) if roll <= 20 => "none",
        (_, roll) if roll <= 86 => "sb",
        (_, roll) if roll <= 94 => "sa",
        (_, roll) if roll <= 98 => "1741",
        _ => "none",
    }
}

fn network(home: bool, chance: &mut Chance) -> &'static str {
    match chance.within(1, 100) {
        roll if home || roll <= 88 => "radial",
        roll if roll <= 95 => "secondary",
        _ => "spot",
    }
}

fn mode(solar: bool, home: bool, chance: &mut Chance) -> &'static str {
    match (solar, home, chance.within(1, 100)) {
        (true, _, roll) if roll <= 86 => "unrestricted",
        (true, ..) => "limited",
        (false, true, _) => NON_EXPORT,
        (false, _, roll) if roll <= 55 => NON_EXPORT,
        (false, _, roll) if roll <= 80 => "limited",
        _ => "unrestricted",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sizes;
    use crate::domain::testing;

    #[test]
    fn what_is_typed_is_what_the_equipment_gives_but_for_a_few_slips() {
        let mut slips = 0;
        for seed in 0..400 {
            let desk = DeskKind::ALL[usize::try_from(seed % 3).unwrap_or(0)];
            let plant = Plant::new(desk != DeskKind::Commercial && seed % 2 == 0, desk, &mut Chance::new(seed));
            let mut values = Values::new();
            plant.write(true, &mut values);
            let pairs: Vec<(&str, &str)> = values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let app = testing::application(&pairs);
            for size in sizes::sizes(&app) {
                let wanted = plant.slip != 0 && matches!(size.name, "size_ac" | "dc_ac");
                assert!(size.computed.is_none() || wanted, "{} {}: {}", size.name, size.how, plant.technology);
                assert!(size.unknown.is_none() || matches!(size.name, "size_cec" | "storage_charge" | "storage_usable"), "{size:?}");
            }
            slips += i32::from(plant.slip != 0);
        }
        assert!((4..=40).contains(&slips), "{slips}");
    }
}
