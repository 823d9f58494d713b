//! What do the rules look at? Facts of an application, or values that somebody said on the phone.

use std::collections::BTreeMap;

use crate::domain::application::Application;
use crate::domain::day::{Datelike, Day, NaiveTime, When, parse_day};
use crate::domain::field::{self, Kind};
use crate::domain::playbook::Utility;
use crate::domain::record::OPENED;
use crate::domain::sizes;
use crate::domain::text;
use crate::domain::value::Value;

/// An agreement that one clock of one application runs on to a later day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Extension {
    pub clock: String,
    /// The run that it is for: a new start has no extension.
    pub started: Day,
    pub until: Day,
    pub agreed_by: String,
    pub authority: String,
    pub on: Day,
}

/// A milestone and where it stands in the order of time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place<'a> {
    pub at: usize,
    pub code: &'a str,
    pub day: Day,
}

/// The register that holds the extension of a clock.
pub fn extension_field(clock: &str) -> String {
    format!("extension.{clock}")
}

/// Facts by name, as the rules compare them; sizes in watts and volts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Matter {
    words: BTreeMap<&'static str, String>,
    sizes: BTreeMap<&'static str, i64>,
    pub milestones: Vec<(String, Day)>,
    pub extensions: Vec<Extension>,
    /// At what hour of the utility's zone it was received, where somebody says so.
    pub time: Option<NaiveTime>,
    /// Taken for granted by the rule set, and said so.
    pub assumed: Vec<String>,
}

/// Facts that are words, and the field of an application that holds each.
pub const WORDS: &[&str] = &[
    "state",
    "utility",
    "program",
    "tier",
    "inverter",
    "certification",
    "network",
    "near_substation",
    "customer_class",
    "export_mode",
    "technology",
    "lab_tested",
    "lane",
];

/// Facts that are numbers: the name in FIELD=VALUE, the field of an application, and what it is.
pub const SIZES: &[(&str, &str)] = &[("nameplate", "size_ac"), ("export", "export"), ("line_voltage", "line_voltage")];

impl Matter {
    pub fn of(application: &Application) -> Matter {
        let mut matter = Matter::said(application);
        matter.derive();
        matter
    }

    /// What is on file, without what follows from it: a row keeps no more.
    pub fn said(application: &Application) -> Matter {
        let mut matter = Matter::default();
        for name in WORDS {
            if let Some(text) = application.text(name) {
                matter.put_word(name, text);
            }
        }
        let voltage = application.value("line_voltage").as_number();
        for (name, size) in
            [("nameplate", sizes::nameplate(application).ok()), ("export", sizes::export(application).ok()), ("line_voltage", voltage)]
        {
            if let Some(number) = size {
                matter.sizes.insert(name, number);
            }
        }
        // A limit beside "non-export" is a contradiction, and nobody knows which of the two is meant.
        if sizes::export(application).is_err() && !application.value("export").is_nothing() {
            matter.words.remove("export_mode");
        }
        matter.milestones = application.milestones().map(|milestone| (milestone.code.to_owned(), milestone.day)).collect();
        // The day on which the file was opened is on file even where nobody recorded it as a milestone.
        let opened = application.text(OPENED).and_then(parse_day).filter(|_| !matter.has(OPENED));
        matter.milestones.extend(opened.map(|day| (OPENED.to_owned(), day)));
        matter.extensions = application.registers.keys().filter_map(|field| extension(application, field)).collect();
        matter
    }

    /// Reads `FIELD=VALUE` pairs; `codes` are the milestones that there are. `Err` says what was read and wanted.
    pub fn read<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>, codes: &[&str]) -> Result<Matter, String> {
        let mut matter = Matter::default();
        for (name, text) in pairs {
            let text = text::clean_line(text);
            let name = name.trim().replace('-', "_");
            if let Some((name, field)) = SIZES.iter().find(|(one, field)| *one == name || *field == name) {
                let field = field::find(field).ok_or_else(|| format!("{name} is no field"))?;
                let value = field::read(field, &text).map_err(|wanted| format!("{name}: read \"{text}\", wanted {wanted}"))?;
                matter.sizes.insert(name, value.as_number().ok_or_else(|| format!("{name} is empty"))?);
            } else if let Some(word) = WORDS.iter().find(|one| **one == name) {
                let value = match field::find(word).filter(|field| !matches!(field.kind, Kind::Utility)) {
                    Some(field) => field::read(field, &text).map_err(|wanted| format!("{name}: read \"{text}\", wanted {wanted}"))?,
                    None => Value::text(&*text),
                };
                matter.put_word(word, value.as_text().unwrap_or(&text));
            } else if let Some(code) = codes.iter().find(|code| code.replace('-', "_") == name) {
                let when = When::parse(&text).ok_or_else(|| format!("{code}: read \"{text}\", wanted a day like 2026-11-02"))?;
                matter.milestones.push(((*code).to_owned(), when.day));
                matter.time = when.time.or(matter.time);
            } else {
                return Err(format!(
                    "{name} is nothing that rules look at; they look at {}, {}, or a milestone=DAY like received=2026-11-02",
                    WORDS.join(", "),
                    SIZES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
                ));
            }
        }
        matter.derive();
        Ok(matter)
    }

    fn put_word(&mut self, name: &'static str, text: &str) {
        let text = text.trim();
        let said = match name {
            "state" => text.to_uppercase(),
            "utility" => text.to_owned(),
            _ => folded(text),
        };
        if !said.is_empty() {
            self.words.insert(name, said);
        }
    }

    /// What follows from what was said: a certified inverter is an inverter and was tested in a laboratory; what may
    /// not export exports nothing; what exports without limit exports what it can make.
    fn derive(&mut self) {
        // Stable: within a day the order in which they were recorded is the order in which they happened.
        self.milestones.sort_by_key(|(_, day)| *day);
        let certified = self.word("certification").is_some_and(|said| said != "none");
        if certified {
            self.words.entry("inverter").or_insert_with(|| "yes".to_owned());
            self.words.entry("lab_tested").or_insert_with(|| "yes".to_owned());
        }
        match self.word("export_mode") {
            Some("non-export") => _ = self.sizes.entry("export").or_insert(0),
            Some("unrestricted") => {
                if let Some(nameplate) = self.size("nameplate") {
                    self.sizes.entry("export").or_insert(nameplate);
                }
            }
            _ => {}
        }
        if let Some(export) = self.size("export") {
            let mode = if export == 0 { "non-export" } else { "limited" };
            self.words.entry("export_mode").or_insert_with(|| mode.to_owned());
        }
    }

    /// Takes for granted what the rule set does, and remembers that nobody said it.
    pub fn assume(&mut self, facts: &[(String, String)]) {
        for (fact, word) in facts {
            let Some(name) = WORDS.iter().find(|name| *name == fact) else { continue };
            if !self.words.contains_key(name) {
                self.words.insert(name, word.clone());
                self.assumed.push(fact.clone());
            }
        }
    }

    /// The same, with the utility by the name that rules have for it.
    pub fn at(mut self, utility: Option<&Utility>) -> Matter {
        if let Some(utility) = utility {
            self.words.insert("utility", utility.name.clone());
        }
        self
    }

    pub fn forget(&mut self, name: &str) {
        self.words.remove(name);
    }

    pub fn word(&self, name: &str) -> Option<&str> {
        self.words.get(name).map(String::as_str)
    }

    pub fn size(&self, name: &str) -> Option<i64> {
        self.sizes.get(name).copied()
    }

    pub fn utility(&self) -> Option<&str> {
        self.word("utility")
    }

    pub fn program(&self) -> Option<String> {
        self.word("program").map(str::to_owned)
    }

    /// The state that was said; else the only one that the utility serves.
    pub fn state<'a>(&'a self, utility: Option<&'a Utility>) -> Option<&'a str> {
        self.word("state").or_else(|| match utility?.states.as_slice() {
            [one] => Some(one.as_str()),
            _ => None,
        })
    }

    /// The day that decides which version of the rules counts.
    pub fn received(&self) -> Option<Day> {
        self.first("received").or_else(|| self.first("submitted"))
    }

    fn first(&self, code: &str) -> Option<Day> {
        self.milestones.iter().filter(|(one, _)| one == code).map(|(_, day)| *day).min()
    }

    /// The latest milestone of these codes up to a day: its place in time, code and day.
    pub fn latest(&self, codes: &[String], up_to: Day) -> Option<Place<'_>> {
        let at = self.milestones.iter().rposition(|(code, day)| codes.contains(code) && *day <= up_to)?;
        Some(self.place(at))
    }

    /// The last milestone of these codes before a place.
    pub fn before(&self, codes: &[String], place: usize) -> Option<Place<'_>> {
        let at = self.milestones.iter().take(place).rposition(|(code, _)| codes.contains(code))?;
        Some(self.place(at))
    }

    /// The first milestone of these codes behind a place.
    pub fn after(&self, codes: &[String], place: usize) -> Option<Place<'_>> {
        let at = self.milestones.iter().skip(place + 1).position(|(code, _)| codes.contains(code))?;
        Some(self.place(place + 1 + at))
    }

    /// The first of these codes that no milestone of `ends` lies behind: a second list, before the first was answered,
    /// starts nothing anew.
    pub fn first_open(&self, codes: &[String], ends: &[String], up_to: Day) -> Option<Place<'_>> {
        let ended = self.milestones.iter().rposition(|(code, day)| ends.contains(code) && *day <= up_to);
        let from = ended.map_or(0, |at| at + 1);
        let at = self.milestones.iter().skip(from).position(|(code, day)| codes.contains(code) && *day <= up_to)?;
        Some(self.place(from + at))
    }

    fn place(&self, at: usize) -> Place<'_> {
        let (code, day) = &self.milestones[at];
        Place { at, code, day: *day }
    }

    pub fn has(&self, code: &str) -> bool {
        self.milestones.iter().any(|(one, _)| one == code)
    }
}

/// `Net Metering` and `net_metering` are `net-metering`.
pub fn folded(text: &str) -> String {
    text::fold(text)
        .split(|c: char| c.is_whitespace() || c == '_' || c == '-')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

fn extension(application: &Application, field: &str) -> Option<Extension> {
    let clock = field.strip_prefix("extension.")?;
    let value = application.value(field);
    let text = |key: &str| value.get(key).and_then(Value::as_text);
    let day = |key: &str| text(key).and_then(parse_day);
    Some(Extension {
        clock: clock.to_owned(),
        started: day("started")?,
        until: day("until")?,
        agreed_by: text("agreed_by").unwrap_or_default().to_owned(),
        authority: text("authority").unwrap_or_default().to_owned(),
        on: day("on")?,
    })
}

/// Between the parts of a matter in one text; no text that came through a door has one.
const PART: char = '\u{1f}';
/// Days are written as `num_days_from_ce`, which has six digits from 1738 to 4637.
const DIGITS: usize = 6;

impl Matter {
    /// One text that `parse` reads again, for a row of the database: a sign for the fact, then its value. A million rows
    /// have one, so it is short.
    pub fn write(&self) -> String {
        let mut out = String::new();
        let mut part = |sign: char, text: &str| {
            if !out.is_empty() {
                out.push(PART);
            }
            out.push(sign);
            out.extend(text.chars().filter(|c| *c != PART));
        };
        for (sign, name) in ('a'..).zip(WORDS) {
            if let Some(text) = self.word(name) {
                part(sign, text);
            }
        }
        for (sign, (name, _)) in ('A'..).zip(SIZES) {
            if let Some(number) = self.size(name) {
                part(sign, &number.to_string());
            }
        }
        for (code, day) in &self.milestones {
            part('+', &format!("{}{code}", day.num_days_from_ce()));
        }
        for one in &self.extensions {
            part('!', &format!("{}{}{}", one.started.num_days_from_ce(), one.until.num_days_from_ce(), one.clock));
        }
        out
    }

    /// One word of what `write` wrote, without reading the rest.
    pub fn word_in<'a>(text: &'a str, name: &str) -> Option<&'a str> {
        let (sign, _) = ('a'..).zip(WORDS).find(|(_, known)| **known == name)?;
        text.split(PART).find_map(|part| part.strip_prefix(sign))
    }

    /// What `write` wrote; parts that it would not have written are left out.
    pub fn parse(text: &str) -> Matter {
        let mut matter = Matter::default();
        for part in text.split(PART) {
            let Some(sign) = part.chars().next() else { continue };
            let rest = &part[sign.len_utf8()..];
            match sign {
                'a'..='z' => {
                    let name = WORDS.get(usize::from(sign as u8 - b'a'));
                    _ = name.map(|name| matter.words.insert(name, rest.to_owned()));
                }
                'A'..='Z' => {
                    let size = SIZES.get(usize::from(sign as u8 - b'A')).zip(rest.parse().ok());
                    _ = size.map(|((name, _), number)| matter.sizes.insert(name, number));
                }
                '+' => matter.milestones.extend(numbered(rest).map(|(day, code)| (code.to_owned(), day))),
                '!' => {
                    let days = numbered(rest).and_then(|(started, rest)| Some((started, numbered(rest)?)));
                    matter.extensions.extend(days.map(|(started, (until, clock))| Extension {
                        clock: clock.to_owned(),
                        started,
                        until,
                        agreed_by: String::new(),
                        authority: String::new(),
                        on: started,
                    }));
                }
                _ => {}
            }
        }
        matter.derive();
        matter
    }
}

/// A day at the start of a text, and what follows.
fn numbered(text: &str) -> Option<(Day, &str)> {
    let (number, rest) = text.split_at_checked(DIGITS)?;
    Some((Day::from_num_days_from_ce_opt(number.parse().ok()?)?, rest))
}
