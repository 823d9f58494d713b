//! Which rows could be the application that is being typed?

use super::RowId;
use super::names::SEPARATOR;
use super::needle::{self, Needle};
use super::rest::Rest;
use super::row::{self, Packed};
use super::rows::Rows;
use crate::domain::likeness::SHORT;
use crate::domain::text;

/// Rows that could be the same application as one that is being typed: each with the reason, the
/// likeliest first (number, then site, then customer). Empty texts match nothing.
pub fn similar(queue: &Rows, site: &str, customer: &str, number: &str, limit: usize) -> Vec<(RowId, String)> {
    let reference = row::reference_key(&number.trim().to_ascii_uppercase());
    let typed = Typed { site: Words::of(site), customer: Words::of(customer), number: bare(number.as_bytes()).collect(), reference };
    let site_probe = typed.site.probe();
    let customer_probe = typed.customer.probe();
    let mut found: Vec<(Vec<Likeness>, RowId)> = Vec::new();
    for (id, packed) in queue.live_rows() {
        let (site, customer) = (site_probe.may_have(packed.word_starts), customer_probe.may_have(packed.word_starts));
        if !site && !customer && typed.number.is_empty() {
            continue;
        }
        let key = queue.searched(id, packed);
        let fields = Fields::of(packed, queue.rest(id), key);
        let is_likely = site && site_probe.may_be(fields.site()) || customer && customer_probe.may_be(fields.customer);
        if is_likely || typed.has_number(&fields) {
            let likenesses = typed.likenesses(&fields);
            if !likenesses.is_empty() {
                found.push((likenesses, id));
            }
        }
    }
    // Of two with the same first reason the one with more reasons is the likelier.
    found.sort_by_cached_key(|(likenesses, id)| (likenesses[0], usize::MAX - likenesses.len(), queue.tie_break(*id)));
    found.truncate(limit);
    found.into_iter().map(|(likenesses, id)| (id, reason(queue, id, &likenesses))).collect()
}

impl Rows {
    /// The rows whose customer is called so, `name` folded.
    pub fn of_customer(&self, name: &str) -> Vec<RowId> {
        let probe = needle::word_starts(name.as_bytes());
        let may = self.live_rows().filter(|(_, row)| row.word_starts & probe == probe);
        let is =
            |id: RowId, row: &Packed| Fields::of(row, self.rest(id), self.searched(id, row)).customer.eq_ignore_ascii_case(name.as_bytes());
        may.filter(|(id, row)| is(*id, row)).map(|(id, _)| id).collect()
    }
}

/// Why two applications may be one, the likeliest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Likeness {
    Number,
    Reference,
    Site,
    SiteAlmost,
    Customer,
    CustomerAlmost,
}

fn reason(queue: &Rows, id: RowId, likenesses: &[Likeness]) -> String {
    let [_, _, customer, site, ..] = row::read_texts(queue.text(id));
    let words = likenesses.iter().map(|likeness| match likeness {
        Likeness::Number => "same application number".to_owned(),
        Likeness::Reference => "this is its reference".to_owned(),
        Likeness::Site => "same site".to_owned(),
        Likeness::SiteAlmost => format!("site almost the same: {site}"),
        Likeness::Customer => "same customer".to_owned(),
        Likeness::CustomerAlmost => format!("customer almost the same: {customer}"),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// The first four texts of a row, as searched; the reference packed.
struct Fields<'a> {
    key: &'a [u8],
    number: &'a [u8],
    customer: &'a [u8],
    site_at: usize,
    reference: u32,
}

impl<'a> Fields<'a> {
    fn of(row: &Packed, rest: &Rest, key: &'a [u8]) -> Fields<'a> {
        let (number_at, site_at) = (row.number_at(key), rest.site_at(key));
        let number = up_to_separator(key, number_at);
        let customer = key.get(number_at + number.len() + 1..site_at.saturating_sub(1)).unwrap_or_default();
        Fields { key, number, customer, site_at, reference: row.reference }
    }

    fn site(&self) -> &'a [u8] {
        up_to_separator(self.key, self.site_at)
    }
}

fn up_to_separator(key: &[u8], at: usize) -> &[u8] {
    let rest = key.get(at..).unwrap_or_default();
    &rest[..memchr::memchr(SEPARATOR, rest).unwrap_or(rest.len())]
}

/// What stands in the form so far.
struct Typed {
    site: Words,
    customer: Words,
    /// Letters and digits only, in lower case.
    number: Vec<u8>,
    /// The number as a reference, packed as rows have it; `ODD` when it is none.
    reference: u32,
}

impl Typed {
    fn has_number(&self, fields: &Fields<'_>) -> bool {
        self.is_number(fields.number) || self.is_reference(fields)
    }

    /// From the end: a utility's numbers begin alike.
    fn is_number(&self, other: &[u8]) -> bool {
        !self.number.is_empty() && bare(other).rev().eq(self.number.iter().rev().copied())
    }

    fn is_reference(&self, fields: &Fields<'_>) -> bool {
        self.reference != row::ODD && self.reference == fields.reference
    }

    /// At most one for the number, the site and the customer each, the likeliest first.
    fn likenesses(&self, fields: &Fields<'_>) -> Vec<Likeness> {
        let number = match () {
            () if self.is_number(fields.number) => Some(Likeness::Number),
            () if self.is_reference(fields) => Some(Likeness::Reference),
            () => None,
        };
        let site = self.site.compare(fields.site(), Likeness::Site, Likeness::SiteAlmost);
        let customer = self.customer.compare(fields.customer, Likeness::Customer, Likeness::CustomerAlmost);
        [number, site, customer].into_iter().flatten().collect()
    }
}

/// The letters and digits of a number: `NM-2026 17` and `nm202617` are one.
fn bare(text: &[u8]) -> impl DoubleEndedIterator<Item = u8> {
    text.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase)
}

/// A site or a customer as words that can be compared.
struct Words {
    /// All of them, in order, with a space between.
    whole: String,
    /// Without those that say little; sorted, each once.
    strong: Vec<String>,
    /// The house number of an address.
    house: Option<String>,
}

impl Words {
    fn of(text: &str) -> Words {
        let folded = text::fold(text);
        let short = |word| SHORT.iter().find(|(long, _)| *long == word).map_or(word, |(_, short)| *short);
        let words: Vec<&str> = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).map(short).collect();
        let weak = |word: &str| SHORT.iter().any(|(_, short)| *short == word);
        let mut strong: Vec<String> = words.iter().filter(|word| !weak(word)).map(|word| (*word).to_owned()).collect();
        strong.sort_unstable();
        strong.dedup();
        let house = words.first().filter(|word| word.starts_with(|c: char| c.is_ascii_digit())).map(|word| (*word).to_owned());
        Words { whole: words.join(" "), strong, house }
    }

    /// The same, almost the same (at least two words in common, at least 0.6 of the shorter one's,
    /// and no other house number), or neither.
    fn compare(&self, other: &[u8], same: Likeness, almost: Likeness) -> Option<Likeness> {
        if self.strong.is_empty() {
            return None;
        }
        let other = Words::of(&String::from_utf8_lossy(other));
        if self.whole == other.whole {
            return Some(same);
        }
        if self.house.is_some() && self.house != other.house {
            return None;
        }
        let common = self.strong.iter().filter(|word| other.strong.binary_search(word).is_ok()).count();
        let shorter = self.strong.len().min(other.strong.len());
        (common >= 2 && common * 10 >= shorter * 6).then_some(almost)
    }

    fn probe(&self) -> Probe {
        let mut words: Vec<&str> = self.strong.iter().map(String::as_str).filter(|word| self.house.as_deref() != Some(word)).collect();
        // Long words are rare, so most rows fail at the first.
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Probe {
            house: self.house.clone(),
            letters: words.iter().map(|word| needle::word_starts(word.as_bytes())).collect(),
            needles: words.into_iter().map(Needle::exact).collect(),
            count: self.whole.split(' ').count(),
        }
    }
}

/// Cheap tests that tell most rows that are not alike from the rest: what `compare` calls alike has
/// two strong words in common (the house number is one), or is the same word for word.
struct Probe {
    house: Option<String>,
    /// The strong words but the house number, and the letters they start with.
    needles: Vec<Needle>,
    letters: Vec<u32>,
    /// Of all words.
    count: usize,
}

impl Probe {
    /// How many of the words are needed.
    fn wanted(&self) -> usize {
        if self.house.is_some() { 1.min(self.needles.len()) } else { 2.min(self.needles.len()) }
    }

    /// By the letters with which words of the whole row start; a digit may always be there.
    fn may_have(&self, word_starts: u32) -> bool {
        let may = self.letters.iter().filter(|letter| **letter == 0 || word_starts & **letter != 0).count();
        may >= self.wanted() && (self.house.is_some() || !self.needles.is_empty())
    }

    fn may_be(&self, text: &[u8]) -> bool {
        if let Some(house) = &self.house {
            let start = text.iter().position(u8::is_ascii_alphanumeric).unwrap_or(0);
            if !text[start..].get(..house.len()).is_some_and(|here| here.eq_ignore_ascii_case(house.as_bytes())) {
                return false;
            }
        }
        let words = || text.split(|byte| !byte.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).count();
        let mut missing = self.needles.len() - self.wanted();
        let mut occur = 0;
        for needle in &self.needles {
            if occur == self.wanted() {
                break;
            }
            match needle.substring(text, true) {
                Some(_) => occur += 1,
                None if missing == 0 => return false,
                None => missing -= 1,
            }
        }
        occur == self.wanted() && (self.house.is_some() || self.needles.len() > 1 || words() == self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{facts, queue_of, today};
    use super::*;
    use crate::domain::facts::Facts;

    fn rows() -> super::super::queue::Queue {
        queue_of(&[
            Facts { number: "NM-2026-17".into(), site: "12 Oak St, Bend OR".into(), customer: "Jörg Smith".into(), ..facts(1) },
            Facts { site: "14 Oak St, Bend OR".into(), customer: "Ann Lee".into(), ..facts(2) },
            Facts { site: "Flywheel Yard North".into(), customer: "Bend Storage LLC".into(), ..facts(3) },
            Facts { site: "Rivergate".into(), customer: "Costco".into(), ..facts(4) },
        ])
    }

    #[test]
    fn each_likeness_says_why() {
        let queue = rows();
        let says = |site: &str, customer: &str, number: &str| -> Vec<(u32, String)> {
            similar(&queue, site, customer, number, 9).into_iter().map(|(id, reason)| (id.0 + 1, reason)).collect()
        };
        let one = |row: u32, reason: &str| vec![(row, reason.to_owned())];
        for (site, customer, number, wanted) in [
            ("", "", "nm 2026 17", one(1, "same application number")),
            ("", "", " a-2", one(2, "this is its reference")),
            ("12 oak street, bend or", "", "", one(1, "same site")),
            ("12 Oak St", "", "", one(1, "site almost the same: 12 Oak St, Bend OR")),
            ("12 Oak Avenue Bend", "", "", one(1, "site almost the same: 12 Oak St, Bend OR")),
            ("flywheel north yard", "", "", one(3, "site almost the same: Flywheel Yard North")),
            ("west st", "", "", vec![]),
            ("rivergate", "", "", one(4, "same site")),
            ("", "JORG SMITH", "", one(1, "same customer")),
            ("", "Smith, Jörg", "", one(1, "customer almost the same: Jörg Smith")),
            ("", "Storage Bend", "", one(3, "customer almost the same: Bend Storage LLC")),
            ("12 Oak St", "Jorg Smith", "", one(1, "site almost the same: 12 Oak St, Bend OR, same customer")),
            ("16 Oak St, Bend OR", "", "", vec![]),
            ("12", "Smith", "2026", vec![]),
            ("", "", "", vec![]),
        ] {
            assert_eq!(says(site, customer, number), wanted, "{site} / {customer} / {number}");
        }
        assert_eq!(
            says("Oak St Bend OR", "Costco", "NM-2026-17").iter().map(|(row, _)| *row).collect::<Vec<_>>(),
            [1, 2, 4],
            "the number, then sites, then customers"
        );
    }

    #[test]
    fn removed_rows_are_like_nothing() {
        let mut queue = rows();
        queue.remove(facts(1).subject);
        assert!(similar(&queue, "12 Oak St, Bend OR", "Jörg Smith", "NM-2026-17", 9).is_empty());
        queue.put(&facts(1), &super::super::testing::playbook(), today());
        assert!(similar(&queue, "12 Oak St, Bend OR", "Jörg Smith", "NM-2026-17", 9).is_empty());
    }
}
