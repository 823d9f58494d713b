//! Whose application is it, where, and under which program? All put together by chance.

use super::chance::Chance;
use super::data::Place;
use super::plant::{self, Plant};
use super::world::{Values, World};
use crate::domain::playbook::DeskKind;
use crate::domain::text;

/// Where a commercial desk works: one or two utilities.
const COMMERCIAL: [&str; 2] = ["RMP", "PGE"];

/// The utility of the nth site. One's own desk has applications to itself.
pub fn place<'a>(world: &'a World<'_>, chance: &mut Chance) -> &'a Place {
    let playbook = world.playbook;
    let named = |short: &str| playbook.utility(short).and_then(|utility| world.known_place(&utility.name));
    let own = match playbook.desk {
        DeskKind::Utility => named("PGE"),
        DeskKind::Commercial => named(COMMERCIAL[usize::from(chance.percent(45))]),
        DeskKind::Residential => None,
    };
    let any = || chance.one(&playbook.utilities).and_then(|utility| world.known_place(&utility.name));
    own.or_else(any).or(world.data.places.first()).expect("the demo's places are shipped")
}

/// The fields with which an application is opened. `whole` is with the equipment that the sizes follow from.
pub fn values(world: &World<'_>, place: &Place, whole: bool, chance: &mut Chance) -> Values {
    let mut values = Values::new();
    let utility = world.playbook.utility(&place.utility).map_or(place.utility.as_str(), |utility| &utility.name);
    let mut put = |name: &str, value: String| values.insert(name.to_owned(), value);
    put("utility", utility.to_owned());
    let desk = world.playbook.desk;
    let home = desk == DeskKind::Residential || desk == DeskKind::Utility && chance.percent(70);
    let people = &world.data.people;
    let (first, last) = (chance.word(&people.first), chance.word(&people.last));
    let town = chance.one(&place.towns);
    let street = format!("{} {}", chance.within(101, 9899), chance.word(&people.streets));
    match home {
        true => put("site", format!("{last}, {street}")),
        false => put("site", format!("{last} {}", chance.word(&people.businesses))),
    };
    put("customer_name", format!("{first} {last}"));
    put("customer_phone", format!("(555) 555-01{:02}", chance.within(1, 98)));
    put("customer_email", mail(first, last, chance.word(&people.domains)));
    put("customer_class", if home { "residential" } else { "commercial" }.to_owned());
    put("address", street);
    if let Some([town, state, zip]) = town {
        put("city", town.clone());
        put("state", state.clone());
        put("zip", zip.clone());
        put("ahj", format!("{town} building department"));
    }
    put("ahj_email", "permits@example.org".to_owned());
    put("lane", "utility".to_owned());
    put("sms_consent", if chance.percent(80) { "yes" } else { "no" }.to_owned());
    put("crm_number", chance.fill("5######"));
    put("account_number", chance.fill(&place.account));
    put("meter_number", chance.fill(&place.meter));
    if desk == DeskKind::Utility {
        put("number", number(place, chance));
    }
    let plant = Plant::new(home, desk, chance);
    plant.write(whole, &mut values);
    program(place, home, &plant, &mut values, chance);
    values
}

fn mail(first: &str, last: &str, domain: &str) -> String {
    let plain = |name: &str| text::fold(name).replace(|c: char| !c.is_ascii_alphanumeric(), "");
    format!("{}.{}@{domain}", plain(first), plain(last))
}

/// Net metering in Oregon ends at 2 MW; what is larger there is a small generator.
const LARGEST_NET_METERED: i64 = 2_000_000;

/// The program, and the tier where only the utility can say it.
fn program(place: &Place, home: bool, plant: &Plant, values: &mut Values, chance: &mut Chance) {
    let business = !home && !place.programs.business.is_empty();
    let among = if business { &place.programs.business } else { &place.programs.any };
    let mut program = chance.word(among);
    let oregon = values.get("state").is_some_and(|state| state == "OR");
    if oregon && plant.nameplate() > LARGEST_NET_METERED {
        program = "small-generator";
    }
    // Only Oregon has the rules for it.
    if program == "small-generator" && !oregon {
        program = chance.word(&place.programs.any);
    }
    if program.is_empty() {
        return;
    }
    values.insert("program".to_owned(), program.to_owned());
    if program == "small-generator" && !plant.is_small() {
        let tier = match (plant.mode, chance.within(1, 100)) {
            (plant::NON_EXPORT, _) => "tier-3",
            (_, roll) if roll <= 60 => "tier-2",
            _ => "tier-4",
        };
        values.insert("tier".to_owned(), tier.to_owned());
    }
}

/// What needs a study in Oregon has the tier of studies, which no fact leads to by itself; nothing else has it.
pub fn studied(is_studied: bool, values: &mut Values) {
    let oregon = values.get("state").is_some_and(|state| state == "OR") && values.contains_key("program");
    let tier = match values.get("tier") {
        _ if is_studied && oregon => "tier-4",
        Some(tier) if tier == "tier-4" => "tier-2",
        _ => return,
    };
    values.insert("tier".to_owned(), tier.to_owned());
}

/// A number as the utility gives it when it acknowledges.
pub fn number(place: &Place, chance: &mut Chance) -> String {
    chance.fill(&place.number)
}
