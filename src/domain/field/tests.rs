//! Is every field named once, and read and shown as its kind wants?

use super::*;

#[test]
fn names_are_said_once() {
    for (idx, field) in FIELDS.iter().enumerate() {
        assert!(FIELDS[..idx].iter().all(|other| other.name != field.name), "{}", field.name);
    }
}

#[test]
fn sizes_read_and_show_exactly() {
    for (text, watts, shown) in [
        ("7.6", 7_600, "7.6 kW"),
        ("7.6 kW", 7_600, "7.6 kW"),
        ("0.0005 kw", 1, "1 W"),
        ("24.9995kW", 25_000, "25 kW"),
        ("1,750.00 MW", 1_750_000_000, "1750 MW"),
        ("1750MW", 1_750_000_000, "1750 MW"),
        ("0", 0, "0 W"),
        ("999 W", 999, "999 W"),
        ("1.000001 MW", 1_000_001, "1.000001 MW"),
    ] {
        let field = find("size_ac").expect("a field of the table");
        assert_eq!(read(field, text), Ok(Value::Number(watts)), "{text}");
        assert_eq!(show(Kind::Watts, &Value::Number(watts)), shown);
    }
    for text in ["-5", "1,5", "1,50 MW", "big", "5 kWh", "1e9", ".", "99999999999999 MW", "200 GW"] {
        assert!(read(find("size_ac").expect("a field of the table"), text).is_err(), "{text}");
    }
}

#[test]
fn voltages_read_and_show() {
    let field = find("line_voltage").expect("a field of the table");
    for (text, volts, shown) in [
        ("12.47 kV", 12_470, "12.47 kV"),
        ("480 V", 480, "480 V"),
        ("480v", 480, "480 V"),
        ("34.5", 34_500, "34.5 kV"),
        ("12,470 V", 12_470, "12.47 kV"),
        ("1.1 MV", 1_100_000, "1.1 MV"),
    ] {
        assert_eq!(read(field, text), Ok(Value::Number(volts)), "{text}");
        assert_eq!(show(Kind::Volts, &Value::Number(volts)), shown);
    }
    for text in ["0", "0 V", "-5 kV", "12.47 kW", "3000 kV", "medium", "12,47 kV"] {
        let wanted = read(field, text).expect_err("no voltage");
        assert_eq!(wanted, "a voltage like 12.47 kV or 480 V, up to 2000 kV", "{text}");
    }
}

#[test]
fn a_choice_is_one_of_its_words() {
    for (name, text, kept) in [
        ("certification", "SB", "sb"),
        ("certification", "UL 1741 SB", "sb"),
        ("certification", "UL 1741-SA", "sa"),
        ("certification", "UL1741", "1741"),
        ("certification", "None", "none"),
        ("pcs", "Y", "yes"),
        ("inverter", "no", "no"),
        ("near_substation", "TRUE", "yes"),
        ("ieee_1547", "IEEE 1547-2018", "2018"),
        ("ride_through", "III", "iii"),
        ("ride_through", "Category II", "ii"),
        ("reactive", "B", "b"),
        ("export_mode", "Non Export", "non-export"),
        ("technology", "Solar + Storage", "solar-storage"),
        ("technology", "Flywheel", "flywheel"),
        ("coupling", "AC", "ac"),
    ] {
        assert_eq!(read(find(name).expect("a field of the table"), text), Ok(Value::text(kept)), "{name} {text}");
    }
    for (name, text, wanted) in [
        ("certification", "1741 SC", "one of none, 1741, sa, sb"),
        ("pcs", "perhaps", "one of yes, no"),
        ("reactive", "yes", "one of a, b"),
        ("network", "a\nradial", "one of radial, spot, area, secondary, transmission"),
    ] {
        assert_eq!(read(find(name).expect("a field of the table"), text), Err(wanted.to_owned()), "{name} {text}");
    }
}

#[test]
fn every_word_of_a_list_is_read_back_as_itself() {
    for field in FIELDS {
        let Kind::Choice(choices) = field.kind else { continue };
        for choice in choices {
            assert_eq!(read(field, choice), Ok(Value::text(*choice)), "{}", field.name);
        }
    }
}
