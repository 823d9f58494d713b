//! May a text message go out now, and is it one message?
//!
//! Outside of 8:00 to 21:00 of the called party's own time it is a telephone solicitation at a forbidden
//! hour (47 CFR 64.1200(c)(1)).

use chrono::{NaiveTime, TimeZone};
use chrono_tz::Tz;

use super::Context;
use crate::domain::day::NaiveDateTime;

/// An instant, and the zone of the database, for a customer of whom no place is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moment {
    pub utc: NaiveDateTime,
    pub zone: Tz,
}

impl Moment {
    /// `local` is a time of `zone`; an hour that the clocks skip has no instant.
    pub fn of(local: NaiveDateTime, zone: Tz) -> Option<Moment> {
        zone.from_local_datetime(&local).earliest().map(|at| Moment { utc: at.naive_utc(), zone })
    }

    fn at(&self, zone: Tz) -> NaiveTime {
        zone.from_utc_datetime(&self.utc).time()
    }
}

const BEGINS: NaiveTime = NaiveTime::from_hms_opt(8, 0, 0).expect("a time of the day");
const ENDS: NaiveTime = NaiveTime::from_hms_opt(21, 0, 0).expect("a time of the day");

/// Where the customer's clock may stand: their own zone, else all of their state's, else all of the states
/// that the utility serves, else all that there are.
fn zones(context: &Context<'_>, moment: &Moment) -> (Vec<Tz>, String) {
    let text = |name: &str| context.application.text(name).map(str::trim).filter(|text| !text.is_empty());
    if let Some(zone) = text("customer_zone").and_then(|name| name.parse().ok()) {
        return (vec![zone], "there".to_owned());
    }
    let state = text("state").map(str::to_ascii_uppercase);
    let book = &context.playbook.zones;
    if let Some(state) = state {
        return match book.get(&state) {
            Some(zones) => (zones.clone(), format!("in {state}")),
            None => (anywhere(context, moment), format!("somewhere in the country, and {state} is no state of the book")),
        };
    }
    let utility = context.playbook.utility(context.application.utility());
    let served: Vec<Tz> =
        utility.iter().flat_map(|utility| &utility.states).filter_map(|state| book.get(state)).flatten().copied().collect();
    match utility.filter(|_| !served.is_empty()) {
        Some(utility) => (served, format!("where {} serves, and the customer's state is not known", utility.name)),
        None => (anywhere(context, moment), "somewhere in the country, and the customer's state is not known".to_owned()),
    }
}

fn anywhere(context: &Context<'_>, moment: &Moment) -> Vec<Tz> {
    context.playbook.zones.values().flatten().copied().chain([moment.zone]).collect()
}

/// Why no text message may be sent now; `None` when it may, or when nobody told the time.
pub fn refusal(context: &Context<'_>) -> Option<String> {
    let moment = context.moment.as_ref()?;
    let (zones, place) = zones(context, moment);
    let night = zones.into_iter().map(|zone| moment.at(zone)).find(|time| *time < BEGINS || *time >= ENDS)?;
    Some(format!("it is {} {place}; a text message goes out between 8:00 and 21:00 of the customer's day", night.format("%H:%M")))
}

/// The letters that take one of the 160 places of a message, and those that take two (3GPP TS 23.038).
/// One other letter, a curly apostrophe for instance, and the whole message has 70 places.
const ONE: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";
const TWO: &str = "^{}\\[~]|€";
const PLACES: usize = 160;
const PLACES_OF_OTHERS: usize = 70;

/// `140 of 160 characters`, or how far it is over.
pub fn sms_words(body: &str) -> String {
    let one = |c: char| c.is_ascii_alphanumeric() || ONE.contains(c);
    let other = body.chars().find(|c| !one(*c) && !TWO.contains(*c));
    let (length, places, why) = match other {
        None => (body.chars().map(|c| if one(c) { 1 } else { 2 }).sum(), PLACES, String::new()),
        Some(other) => (body.encode_utf16().count(), PLACES_OF_OTHERS, format!(" with a sign like {other}")),
    };
    match length {
        length if length > places => format!("{length} characters; one SMS{why} has {places}"),
        length => format!("{length} of {places} characters{why}"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn one_strange_letter_makes_a_message_shorter() {
        for (body, wanted) in [
            ("x".repeat(160), "160 of 160 characters"),
            ("x".repeat(161), "161 characters; one SMS has 160"),
            ("é".repeat(160), "160 of 160 characters"),
            ("€".repeat(81), "162 characters; one SMS has 160"),
            (format!("{}\u{2019}", "x".repeat(69)), "70 of 70 characters with a sign like \u{2019}"),
            (format!("{}ê", "x".repeat(70)), "71 characters; one SMS with a sign like ê has 70"),
            ("\u{1f31e}".repeat(36), "72 characters; one SMS with a sign like \u{1f31e} has 70"),
            (String::new(), "0 of 160 characters"),
        ] {
            assert_eq!(super::sms_words(&body), wanted);
        }
    }

    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::message::Person;
    use crate::domain::testing;

    #[test]
    fn the_customers_own_clock_counts() {
        let mut playbook = testing::playbook();
        let zones = |names: &[&str]| names.iter().map(|name| name.parse().expect("a zone")).collect::<Vec<Tz>>();
        playbook.zones = BTreeMap::from([
            ("OR".to_owned(), zones(&["America/Los_Angeles", "America/Boise"])),
            ("NY".to_owned(), zones(&["America/New_York"])),
        ]);
        let (person, none) = (Person::default(), BTreeMap::new());
        let says = |fields: &[(&str, &str)], hour: u32, minute: u32| {
            let application = testing::application(fields);
            let local = testing::today().and_hms_opt(hour, minute, 0).expect("a time");
            let context = Context {
                application: &application,
                playbook: &playbook,
                person: &person,
                company: &none,
                today: testing::today(),
                moment: Moment::of(local, chrono_tz::America::Denver),
                answers: &none,
                attempt: None,
            };
            refusal(&context)
        };
        // November: New York is two hours ahead of Denver, Los Angeles one behind.
        for (fields, hour, minute, wanted) in [
            (&[("state", "NY")][..], 6, 0, None),
            (&[("state", "ny")], 18, 59, None),
            (&[("state", "NY")], 19, 0, Some("it is 21:00 in NY;")),
            (&[("state", "OR")], 8, 30, Some("it is 07:30 in OR;")),
            (&[("state", "OR")], 9, 0, None),
            // Malheur County is an hour ahead of the rest of Oregon: its night has begun.
            (&[("state", "OR")], 21, 0, Some("it is 21:00 in OR;")),
            (&[("state", "OR"), ("customer_zone", "America/New_York")], 7, 0, None),
            // Nobody knows where: Los Angeles must have day and New York too. 09:00 there, 12:00 in New York; a
            // quarter past seven here is past nine in New York.
            (&[("state", "QQ")], 8, 59, Some("it is 07:59 somewhere in the country, and QQ is no state of the book;")),
            (&[("state", "New York")], 10, 0, None),
            (&[], 19, 15, Some("it is 21:15 somewhere in the country, and the customer's state is not known;")),
            (&[], 10, 0, None),
            // A zone that does not exist is no zone.
            (&[("customer_zone", "Eastern")], 19, 15, Some("it is 21:15 somewhere")),
        ] {
            let said = says(fields, hour, minute);
            match wanted {
                None => assert_eq!(said, None, "{fields:?} {hour}:{minute}"),
                Some(wanted) => {
                    assert!(said.as_deref().is_some_and(|said| said.starts_with(wanted)), "{fields:?} {hour}:{minute} {said:?}")
                }
            }
        }
    }
}
