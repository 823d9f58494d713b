//! What can a column be for, by its header and by its values, and how sure is that?

use crate::domain::day::Day;
use crate::domain::field::{self, Kind};
use crate::domain::import::{DateFormat, StatusRule, Target};
use crate::domain::playbook::Playbook;

use super::dates::{Evidence, Ways};
use super::status;
use super::values::{Survey, agreed, is_email, is_phone, is_state, unit};
use super::words::{Meaning, meanings};
use crate::intake::cell;
use crate::intake::dates::Order;

/// More words than any workflow has: no statuses.
const STATUSES_MAX: usize = 60;
/// The most that a column without values can be sure of.
const EMPTY: u8 = 60;

/// One thing that a column can be for.
#[derive(Clone, Debug)]
pub struct Claim {
    /// What only one column can have: a field, `milestone.pto`, `status`, `modified`. Empty: nothing of that kind.
    pub of: String,
    pub target: Option<Target>,
    pub statuses: Vec<StatusRule>,
    pub confidence: u8,
    pub because: String,
    /// What a person has to settle, if this claim wins.
    pub doubt: Option<String>,
    /// Words that mean nothing in this column.
    pub placeholders: Vec<String>,
}

/// What is known of the whole file.
pub struct Looking<'a> {
    pub ways: &'a Ways,
    pub playbook: &'a Playbook,
    pub today: Day,
    /// The order of day and month on which the columns agree.
    pub order: Option<Order>,
    /// How the first column of dates writes them, for one that is empty.
    pub usual: Option<DateFormat>,
}

impl<'a> Looking<'a> {
    pub fn new(ways: &'a Ways, playbook: &'a Playbook, today: Day, surveys: &[Survey]) -> Looking<'a> {
        let order = agreed(surveys.iter());
        let dated = surveys.iter().find(|survey| survey.is_dated() && survey.dates.evidence != Evidence::Mixed);
        let usual = dated.map(|survey| ways.format(&survey.dates, order.unwrap_or(Order::MonthFirst)));
        Looking { ways, playbook, today, order, usual }
    }

    /// The words for what a claim is of.
    pub fn words(&self, of: &str) -> String {
        match of.strip_prefix("milestone.") {
            Some(code) => self.playbook.workflow.milestone_label(code).to_owned(),
            None if of == "modified" => "the day of the last change".into(),
            None => field::find(of).map_or(of, |field| field.label).to_owned(),
        }
    }

    /// Every claim of a column, or why it has none.
    pub fn claims(&self, survey: &Survey) -> Result<Vec<Claim>, String> {
        let (mut claims, mut against) = (Vec::new(), Vec::new());
        for (meaning, sure) in meanings(&survey.name) {
            match self.claim(survey, meaning, sure) {
                Ok(claim) => claims.push(claim),
                Err(reason) => against.push(reason),
            }
        }
        if claims.is_empty() {
            claims.extend(self.by_values(survey));
        }
        let nothing = || match survey.filled() {
            0 => "empty in the sample".to_owned(),
            _ if survey.is_dated() => format!("{}, but the header does not say of what", survey.says(survey.dates.days, "days")),
            _ => "neither its header nor its values say what it is for".to_owned(),
        };
        if claims.is_empty() { Err(against.into_iter().next().unwrap_or_else(nothing)) } else { Ok(claims) }
    }

    fn claim(&self, survey: &Survey, meaning: Meaning, sure: u8) -> Result<Claim, String> {
        let mut claim = match meaning {
            Meaning::Field(name) => self.field(survey, name, sure),
            Meaning::Milestone(code) if self.playbook.workflow.milestones.iter().all(|(name, _)| name != code) => {
                Err(format!("this desk has no milestone {code}"))
            }
            Meaning::Milestone(code) => {
                let target = |date| Target::Milestone { code: code.to_owned(), date };
                self.dated(survey, &format!("milestone.{code}"), sure, target)
            }
            Meaning::Status => self.status(survey, sure, "the header says so"),
            Meaning::Modified => self.dated(survey, "modified", sure, |date| Target::Modified { date }),
            Meaning::Note if survey.is_dated() => Err("the header says notes, but the values are days".into()),
            Meaning::Note => Ok(self.notes(survey, sure, "the header says so")),
            Meaning::Nothing(why) => Ok(plain(String::new(), None, sure, why.to_owned())),
        }?;
        if survey.filled() == 0 {
            claim.confidence = claim.confidence.min(EMPTY);
            claim.because = format!("{}; no value in the sample", claim.because);
        }
        Ok(claim)
    }

    fn field(&self, survey: &Survey, name: &'static str, sure: u8) -> Result<Claim, String> {
        let Some(field) = field::find(name) else { return Err(format!("there is no field {name}")) };
        let label = field.label;
        let text = |digits| Target::Field { name: name.to_owned(), date: None, unit: String::new(), digits };
        let said = |target, sure, why: &str| plain(name.to_owned(), Some(target), sure, format!("the header says {label}{why}"));
        if matches!(field.kind, Kind::Day | Kind::When) {
            return self.dated(survey, name, sure, |date| Target::Field {
                name: name.into(),
                date: Some(date),
                unit: String::new(),
                digits: 0,
            });
        }
        if matches!(field.kind, Kind::Watts | Kind::WattHours) {
            return size(survey, name, label, sure, field.kind == Kind::WattHours);
        }
        let full = survey.filled() > 0;
        let wrong = |what: &str| Err(format!("the header says {label}, but the values are {what}"));
        match name {
            "number" | "crm_number" | "permit_number" | "meter_number" | "account_number" => Ok(number(survey, name, label, sure)),
            _ if full && survey.is_dated() => wrong("days"),
            _ if full && matches!(field.kind, Kind::Choice(_)) && !survey.mostly(|value| field::read(field, value).is_ok()) => {
                wrong("none that the field knows")
            }
            "customer_email" | "ahj_email" if full && !survey.mostly(is_email) => wrong("no mail addresses"),
            "customer_phone" if full && !survey.mostly(|value| value.bytes().filter(u8::is_ascii_digit).count() >= 7) => {
                wrong("no phone numbers")
            }
            "state" if full && !survey.mostly(is_state) => {
                Ok(said(text(0), sure.saturating_sub(15), ", the values are no codes of states"))
            }
            "zip" => Ok(said(text(survey.digits()), sure, "")),
            "utility" if full => {
                let known = survey.count(|value| self.playbook.utility(value).is_some());
                let why = format!(", {}", survey.says(known, "in the process book"));
                Ok(said(text(0), (sure + 3).min(98), if known > 0 { &why } else { "" }))
            }
            "ball" => {
                let is_party = |value: &str| self.playbook.workflow.parties.iter().any(|party| party.name.eq_ignore_ascii_case(value));
                if full && survey.mostly(is_party) { Ok(said(text(0), sure, "")) } else { wrong("no parties of this desk") }
            }
            "customer_name" | "site" | "owner" | "city" if full && survey.mostly(|value| value.parse::<f64>().is_ok()) => wrong("numbers"),
            _ if survey.is_long() && !matches!(name, "deficiency" | "missing" | "upload_link" | "sign_link" | "address" | "site") => {
                wrong("long texts")
            }
            _ => Ok(said(text(0), sure, "")),
        }
    }

    /// A claim on days; `of` as in `Claim`.
    fn dated(&self, survey: &Survey, of: &str, sure: u8, target: impl Fn(DateFormat) -> Target) -> Result<Claim, String> {
        let what = self.words(of);
        if survey.filled() == 0 {
            let usual = self.usual.clone().ok_or("empty in the sample, so that nobody knows how its dates are written")?;
            return Ok(plain(
                of.to_owned(),
                Some(target(usual)),
                sure.min(EMPTY),
                format!("the header says {what}; its dates as in other columns"),
            ));
        }
        let says = survey.says(survey.dates.days, "days");
        if !survey.is_dated() {
            return Err(format!("the header says {what}, but only {says}"));
        }
        let because = format!("the header says {what}, {says}");
        let mut claim = plain(of.to_owned(), None, (sure + 3).min(98), because);
        let order = match (survey.dates.evidence, self.order) {
            (Evidence::Mixed, _) => {
                let (day, month) = &survey.dates.examples;
                let says = format!("some values are only day/month ({day}), others only month/day ({month})");
                claim.doubt = Some(format!("column {}: {says}; it is left out until somebody says which", survey.name));
                claim.because = format!("{}; {says}", claim.because);
                return Ok(claim);
            }
            (Evidence::Plain, _) => Order::MonthFirst,
            (Evidence::Only(order), _) => {
                claim.because = format!("{}, {} by their values", claim.because, order.name());
                order
            }
            (Evidence::Open, Some(order)) => {
                claim.confidence = claim.confidence.min(75);
                claim.because = format!("{}, {} as in the other columns", claim.because, order.name());
                order
            }
            (Evidence::Open, None) => {
                claim.confidence = claim.confidence.min(50);
                claim.doubt = Some(format!(
                    "column {}: no day is above 12, so that day and month cannot be told apart; it is read as month/day",
                    survey.name
                ));
                Order::MonthFirst
            }
        };
        let format = self.ways.format(&survey.dates, order);
        if format.zone == Some(chrono_tz::UTC) {
            let says = "its times have an offset, and nothing says in which zone their day counts; it is read in UTC";
            claim.doubt.get_or_insert(format!("column {}: {says}", survey.name));
        }
        claim.placeholders = survey.words_for_no_day(self.ways);
        claim.target = Some(target(format));
        Ok(claim)
    }

    fn status(&self, survey: &Survey, sure: u8, why: &str) -> Result<Claim, String> {
        if survey.is_dated() {
            return Err("the header says status, but the values are days".into());
        }
        let mut words: Vec<(&str, usize)> = Vec::new();
        for value in &survey.values {
            match words.iter_mut().find(|(word, _)| word.eq_ignore_ascii_case(value)) {
                Some((_, count)) => *count += 1,
                None => words.push((value, 1)),
            }
        }
        if words.len() > STATUSES_MAX {
            return Err(format!("{why}, but it has more than {STATUSES_MAX} different values"));
        }
        words.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let rule = |word: &str| status::rule(&survey.name, &cell::line(word), &self.playbook.workflow);
        let statuses: Vec<StatusRule> = words.iter().filter_map(|(word, _)| rule(word)).collect();
        let unknown: Vec<String> = words.iter().filter(|(word, _)| rule(word).is_none()).map(|(word, _)| cell::shown(word)).collect();
        let count = words.len();
        let mut because = format!("{why}, {} of {count} words are known", statuses.len());
        if !unknown.is_empty() {
            because = format!("{because}; kept as read: {}", unknown[..unknown.len().min(5)].join(", "));
        }
        let known = u8::try_from(statuses.len() * 100 / count.max(1)).unwrap_or(100);
        let confidence = if count == 0 { sure.min(EMPTY) } else { sure.saturating_sub((100 - known) / 3) };
        let approved = statuses.iter().find(|rule| rule.word.trim().eq_ignore_ascii_case("approved"));
        let doubt = approved.map(|rule| {
            let label = self.playbook.workflow.status_label(&rule.status);
            format!("status {}: read as {label}, never as permission to operate", rule.word)
        });
        Ok(Claim { statuses, doubt, ..plain("status".into(), None, confidence, because) })
    }

    fn notes(&self, survey: &Survey, sure: u8, why: &str) -> Claim {
        let cells: Vec<&str> = survey.values.iter().map(String::as_str).collect();
        match self.ways.of_notes(&cells, self.today) {
            Some((date, lines)) if lines * 2 >= cells.len() && lines >= 2 => {
                let because = format!("{why}, {lines} lines begin with a day");
                plain(String::new(), Some(Target::DatedNotes { date }), (sure + 3).min(98), because)
            }
            _ => plain(String::new(), Some(Target::Note), sure, why.to_owned()),
        }
    }

    fn by_values(&self, survey: &Survey) -> Option<Claim> {
        if survey.filled() == 0 || survey.is_dated() {
            return None;
        }
        let text = |name: &str, sure, because: String| {
            let target = Target::Field { name: name.to_owned(), date: None, unit: String::new(), digits: 0 };
            Some(plain(name.to_owned(), Some(target), sure, because))
        };
        if survey.mostly(is_email) {
            return text("customer_email", 70, survey.says(survey.count(is_email), "mail addresses"));
        }
        if survey.mostly(is_phone) {
            return text("customer_phone", 65, survey.says(survey.count(is_phone), "phone numbers"));
        }
        if survey.mostly(is_state) {
            return text("state", 60, survey.says(survey.count(is_state), "codes of states"));
        }
        let notes = self.notes(survey, 60, "the values are texts");
        if survey.is_long() || matches!(notes.target, Some(Target::DatedNotes { .. })) {
            return Some(notes);
        }
        let status = self.status(survey, 65, "the values say so").ok()?;
        // A column of names can hold a "New" by chance; statuses come again and again.
        let few = survey.distinct * 2 <= survey.filled();
        (few && status.statuses.len() >= 2 && status.statuses.len() * 5 >= survey.distinct * 3).then_some(status)
    }
}

fn plain(of: String, target: Option<Target>, confidence: u8, because: String) -> Claim {
    Claim { of, target, statuses: Vec::new(), confidence, because, doubt: None, placeholders: Vec::new() }
}

fn size(survey: &Survey, name: &str, label: &str, sure: u8, is_energy: bool) -> Result<Claim, String> {
    if survey.filled() > 0 && survey.is_dated() {
        return Err(format!("the header says {label}, but the values are days"));
    }
    let Some((unit, supposed)) = unit(survey, is_energy) else {
        return Err(format!("the header says {label}, but the values are no sizes"));
    };
    let target = Target::Field { name: name.to_owned(), date: None, unit: unit.to_owned(), digits: 0 };
    let because = format!("the header says {label}, in {unit}");
    let mut claim = plain(name.to_owned(), Some(target), sure, because);
    if supposed {
        claim.confidence = sure.min(65);
        claim.doubt = Some(format!("column {}: no unit is said; it is read in {unit}", survey.name));
    }
    Ok(claim)
}

fn number(survey: &Survey, name: &str, label: &str, sure: u8) -> Claim {
    let digits = survey.digits();
    let target = Target::Field { name: name.to_owned(), date: None, unit: String::new(), digits };
    let filled = if digits > 0 { format!(", lost zeros come back up to {digits} digits") } else { String::new() };
    let mut claim = plain(name.to_owned(), Some(target), sure, format!("the header says {label}{filled}"));
    let shortened = survey.count(cell::is_shortened);
    if shortened > 0 {
        let says = survey.says(shortened, "numbers that a spreadsheet has shortened");
        claim.doubt = Some(format!("column {}: {says}; their last digits are lost, export it again as text", survey.name));
    }
    claim
}
