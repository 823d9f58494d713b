//! Do the sizes come out as worked by hand?

use proptest::prelude::*;

use super::computed::words;
use super::equipment::{Inverters, Modules, Units, inverters, modules, units};
use super::*;
use crate::domain::testing::application;

/// The example of the trade's own definitions: 22 modules on one inverter.
const SMITH: &[(&str, &str)] = &[("array", "22 x 405 W, PTC 379.1 W"), ("inverters", "1 x 7.6 kW, 98.5 %")];

fn size(fields: &[(&str, &str)], name: &str) -> Size {
    sizes(&application(fields)).into_iter().find(|size| size.name == name).unwrap_or_else(|| panic!("no {name}"))
}

/// The amount, or `unknown because …`.
fn says(fields: &[(&str, &str)], name: &str) -> String {
    let size = size(fields, name);
    assert_eq!(size.amount.is_none(), size.unknown.is_some(), "{size:?}");
    size.amount.map_or_else(|| format!("unknown because {}", size.unknown.unwrap_or_default()), Amount::words)
}

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [SMITH, more].concat()
}

#[test]
fn equipment_is_read_exactly() {
    assert_eq!(
        modules("22 x 405 W, PTC 379.1 W; 10×400w"),
        Ok(vec![Modules { count: 22, stc: 405_000, ptc: Some(379_100) }, Modules { count: 10, stc: 400_000, ptc: None },])
    );
    assert_eq!(modules("1,200 X 0.405 kW"), Ok(vec![Modules { count: 1_200, stc: 405_000, ptc: None }]));
    assert_eq!(
        inverters("1 x 7.6 kW, 98.5 %; 2 * 3800 W, 97%"),
        Ok(vec![
            Inverters { count: 1, output: 7_600_000, efficiency: Some(98_500) },
            Inverters { count: 2, output: 3_800_000, efficiency: Some(97_000) },
        ])
    );
    let unit = Units { count: 2, power: 5_000_000, energy: 13_500_000, charge: Some(3_300_000), usable: Some(13_000_000) };
    assert_eq!(units("2 x 5 kW / 13.5 kWh, charge 3.3 kW, usable 13 kWh"), Ok(vec![unit]));
    assert_eq!(units("2 x 5 kW/13.5 kWh, usable 13 kWh, Charge 3.3 kW"), Ok(vec![unit]));
}

#[test]
fn what_cannot_be_read_says_what_was_wanted() {
    let example = "modules like 22 x 405 W, PTC 379.1 W; 10 x 400 W";
    for (text, fault) in [
        ("", ""),
        ("Q.PEAK DUO", ""),
        ("22 405 W", ""),
        ("two x 405 W", ""),
        ("-2 x 405 W", ""),
        ("22 x 405 W;", ""),
        ("22 x 405 W, 379.1 W", ""),
        ("1,2 x 405 W", ""),
        ("22 x 405", ": each amount with its unit, up to 100 G of it"),
        ("22 x 405 Wh", ": each amount with its unit, up to 100 G of it"),
        ("22 x -405 W", ": each amount with its unit, up to 100 G of it"),
        ("22 x 101 GW", ": each amount with its unit, up to 100 G of it"),
        ("22 x 0 W", ": an amount above 0"),
        ("0 x 405 W", ": a count from 1 to 10 million"),
        ("99999999999999999999 x 405 W", ": a count from 1 to 10 million"),
        ("22 x 405 W, PTC 410 W", ": the PTC rating is never above the module's own watts"),
        ("22 x 405 W, PTC 379 W, PTC 380 W", ": nothing twice"),
    ] {
        assert_eq!(modules(text), Err(format!("{example}{fault}")), "{text}");
    }
    for text in ["1 x 7.6 kW, 0 %", "1 x 7.6 kW, 100.001 %", "1 x 7.6 kW, 98,5 %", "1 x 7.6 kW, 98.5", "1 x 7.6 kW, 98.5555 %"] {
        assert!(inverters(text).is_err_and(|wanted| wanted.starts_with("inverters like 1 x 7.6 kW, 98.5 %")), "{text}");
    }
    for text in ["2 x 5 kW", "2 x 13.5 kWh / 5 kW", "2 x 5 kW / 13.5 kWh, usable 14 kWh", "2 x 5 kW / 13.5 kWh, charge 3 kWh"] {
        assert!(units(text).is_err_and(|wanted| wanted.starts_with("storage units like 2 x 5 kW / 13.5 kWh")), "{text}");
    }
}

/// DC 22 x 405 = 8910 W. PTC 22 x 379.1 = 8340.2 W, x 0.985 = 8215.097 W. 8910 / 7600 = 1.1723.
#[test]
fn the_example_comes_out() {
    let sizes = sizes(&application(SMITH));
    let shown: Vec<(&str, String)> = sizes.iter().filter_map(|size| Some((size.name, size.amount?.words()))).collect();
    assert_eq!(
        shown,
        [
            ("size_dc", "8.91 kW".to_owned()),
            ("size_cec", "8.215 kW".to_owned()),
            ("size_ac", "7.6 kW".to_owned()),
            ("dc_ac", "1.17".to_owned()),
        ]
    );
    let how: Vec<&str> = sizes.iter().map(|size| size.how.as_str()).collect();
    assert_eq!(
        how[..4],
        [
            "22 x 405 W",
            "22 x 379.1 W PTC x 98.5 %; some utilities take the smaller of this and the inverters' 7.6 kW",
            "1 x 7.6 kW",
            "8.91 kW DC / 7.6 kW AC",
        ]
    );
    assert_eq!(says(SMITH, "export"), "unknown because neither the limit nor the export mode is said");
    assert_eq!(sizes.len(), 5, "no storage is there");
}

/// Two groups: DC 22 x 405 + 10 x 400 = 12910 W; PTC 22 x 379.1 + 10 x 374 = 12080.2 W, x 0.985 = 11898.997 W.
#[test]
fn groups_add_up() {
    let two = [("array", "22 x 405 W, PTC 379.1 W; 10 x 400 W, PTC 374 W"), ("inverters", "1 x 7.6 kW, 98.5 %; 1 x 3.8 kW, 98.5 %")];
    assert_eq!(says(&two, "size_dc"), "12.91 kW");
    assert_eq!(says(&two, "size_cec"), "11.899 kW");
    assert_eq!(says(&two, "size_ac"), "11.4 kW");
    assert!(size(&two, "size_cec").how.starts_with("(22 x 379.1 W + 10 x 374 W) PTC x 98.5 %"));
}

#[test]
fn what_is_not_known_says_why() {
    let array = ("array", "22 x 405 W, PTC 379.1 W");
    for (fields, name, why) in [
        (vec![array], "size_ac", "the inverters are not said"),
        (vec![array], "size_cec", "the inverters are not said"),
        (vec![array], "dc_ac", "the inverters are not said"),
        (vec![("technology", "solar")], "size_dc", "the modules are not said"),
        (vec![array, ("inverters", "1 x 7.6 kW")], "size_cec", "the weighted efficiency of 1 x 7.6 kW is not said"),
        (vec![("array", "22 x 405 W"), ("inverters", "1 x 7.6 kW, 98 %")], "size_cec", "the PTC rating of 22 x 405 W is not said"),
        (
            vec![array, ("inverters", "1 x 7.6 kW, 98.5 %; 1 x 3 kW, 97 %")],
            "size_cec",
            "the inverters have several efficiencies (98.5 %, 97 %), and which modules hang on which is not said",
        ),
        (
            vec![("array", "Q.PEAK")],
            "size_dc",
            "what stands for the modules cannot be read; wanted modules like 22 x 405 W, PTC 379.1 W; 10 x 400 W",
        ),
        (with(&[("size_ac", "0")]), "size_ac", "0 is typed, and it must be above 0"),
        (vec![("array", "10000000 x 100 GW")], "size_dc", "it comes to more than 100 GW"),
        (vec![("array", "1 x 0.4 W")], "size_dc", "it comes to less than 1 W"),
        (with(&[("export_mode", "limited")]), "export", "the mode is limited, and the limit is not said"),
    ] {
        assert_eq!(says(&fields, name), format!("unknown because {why}"));
    }
}

#[test]
fn a_stored_number_out_of_range_is_no_size() {
    for (number, why) in [
        (-5_000, "-5000 is typed, and it must be above 0"),
        (i64::MIN, "-9223372036854775808 is typed, and it must be above 0"),
        (200_000_000_000, "200000 MW is typed, which is more than 100 GW"),
    ] {
        let mut app = application(&[("size_ac", "7.6 kW"), ("export", "5 kW")]);
        for name in ["size_ac", "export"] {
            app.0.registers.get_mut(name).expect("it was typed").value = Value::Number(number);
        }
        assert_eq!(nameplate(&app), Err(format!("the AC nameplate is not known: {why}")));
        assert_eq!(export(&app), Err(format!("the export is not known: {why}")));
    }
}

/// PV 7.6 kW and storage 2 x 5 = 10 kW: 17.6 kW when each has its inverter, 7.6 kW when they share it.
#[test]
fn coupling_decides_the_nameplate() {
    let units = ("storage_units", "2 x 5 kW / 13.5 kWh, charge 3.3 kW, usable 13 kWh");
    for (more, says_ac, how) in [
        (vec![units, ("coupling", "ac")], "17.6 kW", "inverters 1 x 7.6 kW + AC-coupled storage 10 kW"),
        (vec![units, ("coupling", "dc")], "7.6 kW", "1 x 7.6 kW, shared with the storage and counted once"),
        (vec![units], "unknown because storage is there, and whether it is AC- or DC-coupled is not said", ""),
        // What was typed for the storage counts: 7.6 + 9 = 16.6 kW.
        (vec![units, ("coupling", "ac"), ("storage_power", "9 kW")], "16.6 kW", "inverters 1 x 7.6 kW + AC-coupled storage 9 kW"),
        (
            vec![("technology", "solar-storage"), ("coupling", "ac")],
            "unknown because the storage power is not known: the storage units are not said",
            "",
        ),
        // A file's 0 for "no storage" asks for no coupling.
        (vec![("storage_power", "0")], "7.6 kW", "1 x 7.6 kW"),
    ] {
        assert_eq!(says(&with(&more), "size_ac"), says_ac, "{more:?}");
        assert_eq!(size(&with(&more), "size_ac").how, how);
    }
    let both = with(&[units, ("coupling", "ac")]);
    // 2 x 5 kW, 2 x 3.3 kW, 2 x 13.5 kWh, 2 x 13 kWh; storage has no part in 8910 / 7600.
    for (name, shown) in [
        ("storage_power", "10 kW"),
        ("storage_charge", "6.6 kW"),
        ("storage_energy", "27 kWh"),
        ("storage_usable", "26 kWh"),
        ("dc_ac", "1.17"),
    ] {
        assert_eq!(says(&both, name), shown, "{name}");
    }
    let bare = with(&[("storage_units", "2 x 5 kW / 13.5 kWh"), ("coupling", "dc")]);
    assert_eq!(says(&bare, "storage_usable"), "unknown because the usable energy of 2 x 5 kW is not said");
}

#[test]
fn storage_alone_is_counted_once() {
    let flywheel = [("technology", "flywheel"), ("storage_units", "8 x 30 kW / 30 kWh"), ("coupling", "ac")];
    assert_eq!(says(&flywheel, "size_ac"), "240 kW", "8 x 30");
    // Its inverters are what the flywheels hang on, not one more source.
    let inverted = [&flywheel[..], &[("inverters", "1 x 250 kW")]].concat();
    assert_eq!(says(&inverted, "size_ac"), "250 kW");
    assert_eq!(size(&inverted, "size_ac").how, "1 x 250 kW, the storage's own inverters");
    let names: Vec<&str> = sizes(&application(&flywheel)).iter().map(|size| size.name).collect();
    assert_eq!(names, ["size_ac", "export", "storage_power", "storage_charge", "storage_energy", "storage_usable"]);
    assert_eq!(sizes(&application(&[("site", "12 Elm")])), [], "nothing is said of any size");
}

#[test]
fn what_is_typed_wins_and_the_difference_is_said() {
    let typed = size(&with(&[("size_ac", "7.7 kW")]), "size_ac");
    assert_eq!(typed.amount, Some(Amount::Watts(7_700)));
    assert_eq!(typed.computed, Some(Amount::Watts(7_600)));
    assert_eq!(typed.how, "typed 7.7 kW, computed 7.6 kW (1 x 7.6 kW)");
    let same = size(&with(&[("size_dc", "8.91 kW")]), "size_dc");
    assert_eq!((same.how.as_str(), same.computed), ("typed, and computed the same: 22 x 405 W", None));
    assert_eq!(size(&[("size_ac", "7.7 kW")], "size_ac").how, "typed");
    // 8910 / 7700 = 1.157.
    assert_eq!(says(&with(&[("size_ac", "7.7 kW")]), "dc_ac"), "1.16");
    let energy = size(&[("storage_energy", "26 kWh"), ("storage_units", "2 x 5 kW / 13.5 kWh")], "storage_energy");
    assert_eq!(energy.how, "typed 26 kWh, computed 27 kWh (2 x 13.5 kWh)");
}

#[test]
fn export_is_the_limit_or_follows_from_the_mode() {
    for (more, wanted) in [
        (vec![("export", "5 kW")], Ok(5_000)),
        (vec![("export", "5 kW"), ("export_mode", "limited")], Ok(5_000)),
        (vec![("export", "0")], Ok(0)),
        (vec![("export_mode", "non-export")], Ok(0)),
        (vec![("export_mode", "non-export"), ("export", "0")], Ok(0)),
        (vec![("export_mode", "unrestricted")], Ok(7_600)),
        (vec![("export_mode", "unrestricted"), ("export", "7.6 kW")], Ok(7_600)),
        (vec![("export_mode", "unrestricted"), ("size_ac", "8 kW")], Ok(8_000)),
        (vec![], Err("neither the limit nor the export mode is said")),
        (vec![("export_mode", "limited")], Err("the mode is limited, and the limit is not said")),
        (vec![("export_mode", "non-export"), ("export", "5 kW")], Err("the mode is non-export, and a limit of 5 kW is typed")),
        (vec![("export_mode", "unrestricted"), ("export", "5 kW")], Err("the mode is unrestricted, and a limit of 5 kW is typed")),
        (
            vec![("export_mode", "unrestricted"), ("inverters", "?")],
            Err("the AC nameplate is not known: what stands for the inverters cannot be read; wanted inverters like 1 x 7.6 kW, 98.5 %; \
                 2 x 3.8 kW"),
        ),
    ] {
        let found = export(&application(&with(&more)));
        assert_eq!(found, wanted.map_err(|why| format!("the export is not known: {why}")), "{more:?}");
    }
    assert_eq!(size(&with(&[("export", "9 kW")]), "export").how, "typed, above the nameplate of 7.6 kW");
    assert_eq!(nameplate(&application(SMITH)), Ok(7_600));
}

#[test]
fn thousandths_are_written_exactly() {
    for (amount, shown) in [(379_100, "379.1 W"), (1, "0.001 W"), (7_600_000, "7.6 kW"), (1_234_567_891, "1.234567891 MW")] {
        assert_eq!(words(amount, "W"), shown);
    }
}

const TEXT: &str = "([0-9]{1,20} ?[xX×*] ?[0-9.]{1,14} ?(W|kW|MW|GW|kWh)( ?/ ?[0-9.]{1,14} ?(kWh|GWh))?(, ?(PTC|charge|usable)? ?[0-9.]{1,9} ?(W|kW|GWh|%))?;?){1,9}|\\PC{0,40}";

/// An application with texts as an import may leave them.
fn imported(values: [(&str, Value); 7]) -> Application {
    let mut app = application(&[("export_mode", "unrestricted"), ("coupling", "ac"), ("site", "x")]);
    let register = app.0.registers.get("site").expect("it was typed").clone();
    for (name, value) in values {
        let mut register = register.clone();
        register.value = value;
        app.0.registers.insert(name.to_owned(), register);
    }
    app
}

proptest! {
    #[test]
    fn no_text_and_no_number_breaks_it(
        array in TEXT, inverters in TEXT, units in TEXT, coupling in "ac|dc|\\PC{0,3}",
        ac in any::<i64>(), dc in any::<i64>(), limit in any::<i64>(),
    ) {
        let app = imported([
            ("array", array.as_str().into()), ("inverters", inverters.as_str().into()), ("storage_units", units.as_str().into()),
            ("coupling", coupling.as_str().into()), ("size_ac", ac.into()), ("size_dc", dc.into()), ("export", limit.into()),
        ]);
        for size in sizes(&app) {
            prop_assert_eq!(size.amount.is_some(), size.unknown.is_none());
            prop_assert!(size.amount.is_none_or(|amount| amount.number() >= 0));
            let sized = matches!(size.amount, Some(Amount::Watts(_) | Amount::WattHours(_)));
            prop_assert!(!sized || size.amount.is_some_and(|amount| amount.number() <= SIZE_MAX));
            let _ = size.amount.map(Amount::words);
        }
        prop_assert!(nameplate(&app).is_ok() == (1..=SIZE_MAX).contains(&ac));
    }

    #[test]
    fn sums_of_the_largest_equipment_do_not_overflow(groups in 1_usize..400, count in 1_i64..=10_000_000, giga in 1_i64..=100) {
        let group = |one: &str| vec![one.to_owned(); groups].join("; ");
        let app = imported([
            ("array", group(&format!("{count} x {giga} GW, PTC {giga} GW")).as_str().into()),
            ("inverters", group(&format!("{count} x {giga} GW, 100 %")).as_str().into()),
            ("storage_units", group(&format!("{count} x {giga} GW / {giga} GWh")).as_str().into()),
            ("coupling", "ac".into()), ("size_ac", Value::Nothing), ("size_dc", Value::Nothing), ("export", Value::Nothing),
        ]);
        let fits = i128::from(count) * i128::from(giga) * (groups as i128) <= 100;
        for size in sizes(&app).iter().filter(|size| matches!(size.name, "size_dc" | "size_cec" | "storage_power" | "storage_energy")) {
            prop_assert_eq!(size.amount.is_some(), fits, "{:?}", size);
        }
    }
}
