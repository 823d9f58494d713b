//! Whose application is it, where, and for what? All put together by chance.

use super::chance::Chance;
use super::data::Place;
use super::world::{Values, World};
use crate::domain::playbook::{DeskKind, Playbook, Utility};
use crate::domain::text;

/// The fields with which an application is opened.
pub fn values(world: &World<'_>, chance: &mut Chance) -> Values {
    let mut values = Values::new();
    let nobody = Utility::default();
    let any = chance.one(&world.playbook.utilities).unwrap_or(&nobody);
    // A utility's own desk has applications to itself.
    let own = world.playbook.utility("PGE").filter(|_| world.playbook.desk == DeskKind::Utility);
    let utility = own.unwrap_or(any);
    let Some(place) = world.place(&utility.name) else { return values };
    let mut put = |name: &str, value: String| values.insert(name.to_owned(), value);
    put("utility", utility.name.clone());
    let home = world.playbook.desk == DeskKind::Residential || world.playbook.desk == DeskKind::Utility && chance.percent(70);
    let people = &world.data.people;
    let (first, last) = (chance.word(&people.first), chance.word(&people.last));
    let customer = format!("{first} {last}");
    let town = chance.one(&place.towns);
    let street = format!("{} {}", chance.within(101, 9899), chance.word(&people.streets));
    match home {
        true => put("site", format!("{last}, {street}")),
        false => put("site", format!("{last} {}", chance.word(&people.businesses))),
    };
    put("customer_name", customer);
    put("customer_phone", format!("(555) 555-01{:02}", chance.within(1, 98)));
    put("customer_email", mail(first, last, chance.word(&people.domains)));
    put("address", street);
    if let Some([town, state, zip]) = town {
        put("city", town.clone());
        put("state", state.clone());
        put("zip", zip.clone());
        put("ahj", format!("{town} building department"));
    }
    put("ahj_email", "permits@example.org".to_owned());
    put("program", chance.word(&world.data.words.programs).to_owned());
    put("lane", "utility".to_owned());
    put("sms_consent", if chance.percent(80) { "yes" } else { "no" }.to_owned());
    put("crm_number", chance.fill("5######"));
    put("account_number", chance.fill(&place.account));
    put("meter_number", chance.fill(&place.meter));
    equipment(home, world.playbook, chance, &mut values);
    values
}

fn mail(first: &str, last: &str, domain: &str) -> String {
    let plain = |name: &str| text::fold(name).replace(|c: char| !c.is_ascii_alphanumeric(), "");
    format!("{}.{}@{domain}", plain(first), plain(last))
}

/// Product and sizes. Roofs are sized in tenths of a kW, batteries in whole units.
fn equipment(home: bool, playbook: &Playbook, chance: &mut Chance, values: &mut Values) {
    let storage_only = match (home, playbook.desk) {
        (true, _) => 8,
        (false, DeskKind::Commercial) => 70,
        (false, _) => 25,
    };
    let product = match chance.within(1, 100) {
        roll if roll <= storage_only => "ess",
        roll if roll <= storage_only + (100 - storage_only) * 2 / 5 => "pv+ess",
        _ => "pv",
    };
    let mut put = |name: &str, value: String| values.insert(name.to_owned(), value);
    put("product", product.to_owned());
    let tenths = |tenths: i64| format!("{}.{} kW", tenths / 10, tenths % 10);
    let ac = if home { chance.within(38, 115) } else { chance.within(30, 240) * 100 };
    if product != "ess" {
        put("size_ac", tenths(ac));
        put("size_dc", tenths(ac * chance.within(105, 130) / 100));
    }
    if product != "pv" {
        let units = if home { chance.within(1, 3) } else { chance.within(10, 80) };
        put("storage_power", tenths(units * if home { 50 } else { 250 }));
        put("storage_energy", format!("{}.{} kWh", units * 135 / 10, units * 135 % 10));
        if product == "ess" {
            put("size_ac", tenths(units * if home { 50 } else { 250 }));
        }
    }
    if chance.percent(25) {
        put("export", tenths(ac / 2));
    }
}

/// A number as the utility gives it when it acknowledges.
pub fn number(place: &Place, chance: &mut Chance) -> String {
    chance.fill(&place.number)
}
