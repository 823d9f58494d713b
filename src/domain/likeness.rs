//! Could these two be one application, and why?
//!
//! A coordinator's lists name the same job twice: the CRM by its own number, the portal by the
//! utility's, a tracker by the customer's name. Nothing is ever joined by likeness alone; it is said,
//! with the reason, and a person joins.

use std::fmt::Write;

use super::application::Application;
use super::text;

/// Words of addresses with their short forms (USPS Publication 28, appendix C1); the short ones say
/// too little to make two sites alike.
pub const SHORT: &[(&str, &str)] = &[
    ("avenue", "ave"),
    ("boulevard", "blvd"),
    ("circle", "cir"),
    ("court", "ct"),
    ("drive", "dr"),
    ("east", "e"),
    ("highway", "hwy"),
    ("lane", "ln"),
    ("north", "n"),
    ("parkway", "pkwy"),
    ("place", "pl"),
    ("road", "rd"),
    ("south", "s"),
    ("street", "st"),
    ("suite", "ste"),
    ("west", "w"),
];

/// Two names, or two streets, that are nearer than this are spelled almost the same (Jaro-Winkler,
/// 0 to 1). Drawn up for this program; unverified practice.
const ALMOST: f64 = 0.92;
/// A pair is worth a look from here on.
const LIKELY: u32 = 60;

/// What is compared of an application, without case, accents and signs. Empty: not known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Traits {
    meter: String,
    account: String,
    house: String,
    street: String,
    zip: String,
    city: String,
    /// The words of the customer's name, sorted: `Smith, Ana` is `Ana Smith`.
    person: String,
    phone: String,
    email: String,
    lane: String,
    utility: String,
    number: String,
}

/// Why two may be one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Likeness {
    /// 60 and more; the higher, the likelier.
    pub points: u32,
    /// "same meter number, customer almost the same".
    pub because: String,
}

impl Traits {
    /// From fields by name.
    pub fn of<'a>(field: impl Fn(&str) -> Option<&'a str>) -> Traits {
        let text = |name: &str| field(name).unwrap_or_default();
        let address = if starts_with_house(text("address")) { text("address") } else { text("site") };
        // `3499 Cedar Ln, Beaverton OR 97005`: some lists write all of it in one cell.
        let (street, rest) = address.split_once(',').unwrap_or((address, ""));
        let mut words = words(street).into_iter();
        let house = if starts_with_house(address) { words.next().unwrap_or_default() } else { String::new() };
        let street = if house.is_empty() { String::new() } else { words.collect::<Vec<_>>().join(" ") };
        let mut person = self::words(text("customer_name"));
        person.sort_unstable();
        let digits: String = text("customer_phone").chars().filter(char::is_ascii_digit).collect();
        Traits {
            meter: bare(text("meter_number"), 4),
            account: bare(text("account_number"), 5),
            house,
            street,
            zip: if text("zip").is_empty() { zip_in(rest) } else { text("zip").chars().filter(char::is_ascii_digit).take(5).collect() },
            city: text::fold(text("city")),
            person: person.join(" "),
            // Without a country code, which one list writes and another does not.
            phone: digits[digits.len().saturating_sub(10)..].to_owned(),
            email: text::fold(text("customer_email")),
            lane: text::fold(text("lane")),
            utility: text::fold(text("utility")),
            number: bare(text("number"), 1),
        }
    }

    pub fn of_application(application: &Application) -> Traits {
        Traits::of(|name| application.text(name))
    }

    /// Under which words a pair finds each other in a table, with what an equal one says. Two
    /// that share none are never compared.
    pub fn marks(&self) -> Vec<(&'static str, String)> {
        let mut marks = Vec::new();
        let mut mark = |says, parts: &[&str]| {
            if parts.iter().all(|part| !part.is_empty()) {
                marks.push((says, parts.join("\u{1f}")));
            }
        };
        let place = if self.zip.is_empty() { &self.city } else { &self.zip };
        mark("same meter number", &[&self.meter]);
        mark("same utility account", &[&self.account]);
        mark("same address", &[&self.house, &self.street, place]);
        mark("same customer and house number", &[&self.person, &self.house]);
        mark("", &[&self.house, place]);
        marks
    }

    /// `None` when they are not alike enough, or are two lanes of one site.
    pub fn compare(&self, other: &Traits) -> Option<Likeness> {
        let both = |one: fn(&Traits) -> &str| !one(self).is_empty() && !one(other).is_empty();
        let differ = |one: fn(&Traits) -> &str| both(one) && one(self) != one(other);
        if differ(|traits| &traits.lane) || differ(|traits| &traits.utility) {
            return None;
        }
        let (mut points, mut because) = (0, String::new());
        let mut add = |more: u32, words: &str| {
            points += more;
            let comma = if because.is_empty() { "" } else { ", " };
            let _ = write!(because, "{comma}{words}");
        };
        let same = |one: fn(&Traits) -> &str| both(one) && one(self) == one(other);
        for (one, more, words) in [
            ((|traits| &traits.meter) as fn(&Traits) -> &str, 90, "same meter number"),
            (|traits| &traits.account, 80, "same utility account"),
            (|traits| &traits.phone, 40, "same phone"),
            (|traits| &traits.email, 40, "same email"),
        ] {
            if same(one) {
                add(more, words);
            }
        }
        let elsewhere = differ(|traits| &traits.house) || differ(|traits| &traits.zip);
        if !elsewhere && same(|traits| &traits.house) {
            let near = strsim::jaro_winkler(&self.street, &other.street);
            if self.street == other.street {
                add(60, "same address");
            } else if near >= ALMOST {
                add(40, "address almost the same");
            }
        }
        if same(|traits| &traits.person) {
            add(40, "same customer");
        } else if both(|traits| &traits.person) && strsim::jaro_winkler(&self.person, &other.person) >= ALMOST {
            add(30, "customer almost the same");
        }
        // One customer with several sites, one meter number mistyped: what contradicts counts too.
        let against = u32::from(elsewhere) * 50 + u32::from(differ(|traits| &traits.number)) * 30;
        let points = points.saturating_sub(against);
        (points >= LIKELY).then_some(Likeness { points, because })
    }
}

fn starts_with_house(address: &str) -> bool {
    address.trim_start().starts_with(|c: char| c.is_ascii_digit()) && address.contains(' ')
}

/// The last five digits that stand alone, or before their four more.
fn zip_in(rest: &str) -> String {
    let is_zip = |word: &&str| word.len() == 5 && word.bytes().all(|byte| byte.is_ascii_digit());
    rest.split(|c: char| !c.is_ascii_alphanumeric()).rfind(is_zip).unwrap_or_default().to_owned()
}

/// Folded words, the long forms of address words made short.
fn words(text: &str) -> Vec<String> {
    let folded = text::fold(text);
    let short = |word: &str| SHORT.iter().find(|(long, _)| *long == word).map_or(word, |(_, short)| *short).to_owned();
    folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).map(short).collect()
}

/// Letters and digits only; nothing when there are fewer than `least`, which is a filler.
fn bare(text: &str, least: usize) -> String {
    let bare: String = text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    if bare.len() < least { String::new() } else { bare }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traits(fields: &[(&'static str, &'static str)]) -> Traits {
        Traits::of(|name| fields.iter().find(|(field, _)| *field == name).map(|(_, text)| *text))
    }

    #[test]
    fn what_speaks_for_one_application_is_named_and_what_speaks_against_counts() {
        let ana = &[("customer_name", "Ana Smith"), ("address", "12 North Oak Street"), ("zip", "97201"), ("meter_number", "M-4471")][..];
        for (other, because) in [
            (&[("meter_number", "m4471")][..], Some("same meter number")),
            (&[("customer_name", "SMITH, Ana"), ("site", "12 N Oak St")], Some("same address, same customer")),
            (
                &[("customer_name", "Anna Smith"), ("address", "12 N. Oack St"), ("zip", "97201-1234")],
                Some("address almost the same, customer almost the same"),
            ),
            (&[("customer_name", "Ana Smith")], None),
            (&[("customer_name", "Ana Smith"), ("address", "14 N Oak St"), ("zip", "97201")], None),
            (&[("customer_name", "Ana Smith"), ("address", "12 N Oak St"), ("zip", "84101")], None),
            (&[("site", "12 N OAK ST, PORTLAND OR 97201-0044"), ("customer_name", "SMITH, ANA")], Some("same address, same customer")),
            (&[("site", "12 N OAK ST, SALT LAKE CITY UT 84101"), ("customer_name", "SMITH, ANA")], None),
            (&[("address", "12 N Oak St"), ("lane", "ahj")], Some("same address")),
            (&[("meter_number", "44")], None),
            (&[], None),
        ] {
            let found = traits(ana).compare(&traits(other));
            assert_eq!(found.map(|likeness| likeness.because).as_deref(), because, "{other:?}");
        }
        let lanes = traits(&[("address", "12 Oak St"), ("lane", "utility")]).compare(&traits(&[("address", "12 Oak St"), ("lane", "ahj")]));
        assert_eq!(lanes, None, "two lanes of one site are two applications");
    }

    #[test]
    fn a_pair_that_is_alike_shares_a_mark() {
        let one =
            traits(&[("customer_name", "Ana Smith"), ("address", "12 North Oak Street"), ("zip", "97201"), ("account_number", "55-123")]);
        let other = traits(&[("customer_name", "Smith Ana"), ("site", "12 N Oack St"), ("zip", "97201"), ("account_number", "55123")]);
        let shared: Vec<&str> = one.marks().into_iter().filter(|mark| other.marks().contains(mark)).map(|(says, _)| says).collect();
        assert_eq!(shared, ["same utility account", "same customer and house number", ""]);
        assert!(traits(&[("customer_name", "Ana Smith")]).marks().is_empty(), "a name alone is no mark: half of a town is called so");
    }
}
