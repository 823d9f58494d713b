//! Messages: templates over fields that each have one source, strict: an unfilled field blocks the
//! copy and is named.

use std::collections::BTreeMap;

use super::application::Application;
use super::day::Day;
use super::playbook::Playbook;

mod sms;
mod clocks;
mod fill;
mod greeting;
pub mod made;
mod template;
mod values;
pub use values::us;

pub use sms::Moment;
pub use values::value;

/// How a message travels.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Channel {
    #[default]
    Email,
    Sms,
    Phone,
    Portal,
}

impl Channel {
    pub const ALL: [Channel; 4] = [Channel::Email, Channel::Sms, Channel::Phone, Channel::Portal];

    pub fn name(self) -> &'static str {
        match self {
            Channel::Email => "email",
            Channel::Sms => "sms",
            Channel::Phone => "phone",
            Channel::Portal => "portal",
        }
    }

    pub fn parse(name: &str) -> Option<Channel> {
        Channel::ALL.into_iter().find(|channel| channel.name() == name)
    }
}

/// A value that nobody can know before: asked when the message is made.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Asked {
    pub name: String,
    pub label: String,
    /// Offered as the answer; a template over the other fields. Empty: none.
    pub default: String,
    /// The answer is a day in words, which the message writes as a date.
    pub day: Option<AskedDay>,
}

/// Which day is meant where the words name none for certain: `11/13`, `fri`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AskedDay {
    Past,
    Next,
}

impl AskedDay {
    pub const ALL: [AskedDay; 2] = [AskedDay::Past, AskedDay::Next];

    pub fn name(self) -> &'static str {
        match self {
            AskedDay::Past => "past",
            AskedDay::Next => "next",
        }
    }

    pub fn parse(name: &str) -> Option<AskedDay> {
        AskedDay::ALL.into_iter().find(|day| day.name() == name)
    }
}

/// A message template. Its parts may hold `{{ field }}` and nothing else.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Message {
    /// `customer-missing-documents`.
    pub name: String,
    /// "Missing documents, to the customer".
    pub label: String,
    pub channel: Channel,
    /// The party it goes to.
    pub to: String,
    /// A template for the recipient: `{{customer_email}}`. Empty: none (a portal, a phone).
    pub recipient: String,
    pub subject: String,
    pub body: String,
    /// One line for the system that somebody else reads.
    pub crm: String,
    /// The line of each application, for a message about several: `{{list}}` has them all. Empty: it is
    /// about one.
    pub each: String,
    pub asked: Vec<Asked>,
    /// Statuses where it is offered first.
    pub statuses: Vec<String>,
    /// A copy counts as sent; else the note says "prepared".
    pub sent_by_copy: bool,
    /// How often the team has written it in the program; 0 for one that stands in a file.
    pub version: i64,
}

/// Who signs.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Person {
    pub login: String,
    /// As signed; empty until `intertie me` was asked.
    pub name: String,
    pub phone: String,
}

/// Where a field's value comes from. Each name has exactly one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    Person,
    Company,
    Utility,
    Application,
    Computed,
    Asked,
}

/// Fields computed from the application and the day.
pub const COMPUTED: &[&str] = &[
    "today",
    "reference",
    "application_number",
    "status_label",
    "received_on",
    "submitted_on",
    "approved_on",
    "completed_on",
    "pto_on",
    "days_open",
    "days_in_status",
    "first_name",
    "site_address",
    "attempt",
    "size_shown",
    "last_touch",
    "due_on",
    "due_because",
    "result_by",
    "cure_by",
    "rule_cited",
    "tier_shown",
    "happened_on",
];
pub const PERSON: &[&str] = &["coordinator_name", "coordinator_phone"];
pub const COMPANY: &[&str] = &["company", "company_phone", "company_email"];
pub const UTILITY: &[&str] = &["utility_name", "utility_mailbox", "utility_metering_mailbox", "utility_supervisor_mailbox"];

/// Everything a message can read.
pub struct Context<'a> {
    pub application: &'a Application,
    pub playbook: &'a Playbook,
    pub person: &'a Person,
    /// `company`, `company_phone`, `company_email`.
    pub company: &'a BTreeMap<String, String>,
    pub today: Day,
    /// `None`: nobody told the time of day, and nothing hangs on it.
    pub moment: Option<Moment>,
    /// What was asked, by name.
    pub answers: &'a BTreeMap<String, String>,
    /// The number of this attempt, for a touch that counts them.
    pub attempt: Option<i64>,
}

/// A message filled in. Parts with an unfilled field show it as `⟦field⟧` and must not be copied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rendered {
    pub name: String,
    pub label: String,
    pub recipient: String,
    pub subject: String,
    pub body: String,
    pub crm: String,
    pub sent_by_copy: bool,
    /// That of the template.
    pub version: i64,
    /// What became of days in words, for the preview: `needed by: Fri 11/27/2026`.
    pub days: Vec<String>,
    /// Names of the fields that have no value, in the order in which they stand.
    pub unfilled: Vec<String>,
}

/// The longest filled part, in bytes. A longer one cannot be a message; it is refused, not cut.
pub const PART_MAX: usize = 64 * 1024;

/// The parts of a message by name. No asked value may take one of these names, because
/// `Rendered::unfilled` has them when the part itself is at fault.
pub const PARTS: [&str; 4] = ["recipient", "subject", "body", "crm"];

/// The lines of a message about several applications.
pub const LIST: &str = "list";

/// The source of a field of `message`; `None` when there is no such field. The tables win over
/// what is asked, and `fields` refuses an asked name that they have.
pub fn source(name: &str, message: &Message) -> Option<Source> {
    let asked = name == LIST && !message.each.is_empty() || message.asked.iter().any(|asked| asked.name == name);
    known(name).or_else(|| asked.then_some(Source::Asked))
}

/// The source of a field that every template may use.
fn known(name: &str) -> Option<Source> {
    let tables = [(PERSON, Source::Person), (COMPANY, Source::Company), (UTILITY, Source::Utility), (COMPUTED, Source::Computed)];
    let listed = tables.into_iter().find(|(table, _)| table.contains(&name)).map(|(_, source)| source);
    listed.or_else(|| super::field::find(name).map(|_| Source::Application))
}

/// The fields that the parts of a message use, in order, each once. `Err` is what is wrong with a
/// part: something other than `{{ field }}`, or a field that does not exist; or with what is asked:
/// a name that another source has or that is given twice, a default that asks again.
pub fn fields(message: &Message) -> Result<Vec<String>, String> {
    for (idx, asked) in message.asked.iter().enumerate() {
        check_asked(asked, &message.asked[..idx])?;
    }
    let mut found: Vec<String> = Vec::new();
    for (part, template) in PARTS.into_iter().zip(message.templates()) {
        for name in template::fields(template).map_err(|err| format!("{part}: {err}"))? {
            if source(name, message).is_none() {
                return Err(format!("{part}: there is no field {name}"));
            }
            if !found.iter().any(|known| known == name) {
                found.push(name.to_owned());
            }
        }
    }
    Ok(found)
}

fn check_asked(asked: &Asked, earlier: &[Asked]) -> Result<(), String> {
    let name = &asked.name;
    template::check_name(name).map_err(|err| format!("asked: {err}"))?;
    if known(name).is_some() || PARTS.contains(&name.as_str()) || name == LIST {
        return Err(format!("asked: {name} already has a source; choose another name"));
    }
    if earlier.iter().any(|other| other.name == *name) {
        return Err(format!("asked: {name} is asked twice"));
    }
    for used in template::fields(&asked.default).map_err(|err| format!("the default of {name}: {err}"))? {
        if known(used).is_none() {
            return Err(format!("the default of {name}: there is no field {used}, and a default cannot ask"));
        }
    }
    Ok(())
}

/// Fills every part. A value is text, also when it looks like a template. A part that `fields`
/// would refuse stays as it was written; one that fills to more than `PART_MAX` becomes
/// `⟦part is longer than 64 KiB⟧`; in both cases `unfilled` has the part's own name, so that the
/// copy is blocked.
pub fn render(message: &Message, context: &Context<'_>) -> Rendered {
    let mut unfilled = Vec::new();
    let look_up = |name: &str| value(name, message, context);
    let [recipient, subject, body, crm] = message.templates();
    let mut line = |part: &str, template: &str| one_line(&fill::part(part, template, look_up, &mut unfilled));
    let (recipient, subject) = (line("recipient", recipient), line("subject", subject));
    let body = fill::part("body", body, look_up, &mut unfilled);
    let crm = one_line(&fill::part("crm", crm, look_up, &mut unfilled));
    Rendered {
        name: message.name.clone(),
        label: message.label.clone(),
        recipient,
        subject,
        body,
        crm,
        sent_by_copy: message.sent_by_copy,
        version: message.version,
        days: Vec::new(),
        unfilled,
    }
}

/// Fills the one-line template of a disposition's note. Unfilled fields show as `⟦field⟧`. What the
/// disposition asked (`answers`) wins over the application's value: the note tells of the new one.
pub fn line(template: &str, context: &Context<'_>) -> String {
    one_line(&fill::part("note", template, |name| values::in_a_note(name, context), &mut Vec::new()))
}

/// The fields of the template of a disposition's note; what the disposition asks counts as known.
/// `Err` is what is wrong with it.
pub fn line_fields(template: &str, asked: &[&str]) -> Result<Vec<String>, String> {
    let found = template::fields(template)?;
    match found.iter().find(|name| known(name).is_none() && !asked.contains(name)) {
        Some(name) => Err(format!("there is no field {name}")),
        None => Ok(found.into_iter().map(str::to_owned).collect()),
    }
}

/// The fields that a template uses; none of one that is no template.
pub fn fields_of(template: &str) -> Vec<String> {
    template::fields(template).unwrap_or_default().into_iter().map(str::to_owned).collect()
}

/// Every field that has a value without being asked.
pub fn plain_names() -> Vec<&'static str> {
    let fields = super::field::FIELDS.iter().map(|field| field.name);
    fields.chain([COMPUTED, PERSON, COMPANY, UTILITY].into_iter().flatten().copied()).collect()
}

/// The value of such a field, as messages write it.
pub fn plain(name: &str, context: &Context<'_>) -> Option<String> {
    values::in_a_note(name, context)
}

/// The answer that is offered for an asked value; `None` when it has no default or the default has
/// an unfilled field.
pub fn offered(asked: &Asked, message: &Message, context: &Context<'_>) -> Option<String> {
    let mut unfilled = Vec::new();
    let text = one_line(&fill::part("default", &asked.default, |name| value(name, message, context), &mut unfilled));
    (unfilled.is_empty() && !text.is_empty()).then_some(text)
}

/// Why an SMS must not be made: no consent of the customer is on file (TCPA, 47 U.S.C. 227), or it is night there.
pub fn sms_refusal(message: &Message, context: &Context<'_>) -> Option<String> {
    if message.channel != Channel::Sms || message.to != "customer" {
        return None;
    }
    if !context.application.flag("sms_consent") {
        let who = context.application.who();
        return Some(format!("{who} has no SMS consent on file; call or write an email, or record the consent first"));
    }
    sms::refusal(context)
}

/// What of an email's recipients is no mailbox; two are told apart by a comma or a semicolon.
pub fn wrong_mailbox(message: &Message, rendered: &Rendered) -> Option<String> {
    if message.channel != Channel::Email || rendered.recipient.is_empty() {
        return None;
    }
    let is_mailbox = |word: &&str| {
        let parts =
            word.split_once('@').filter(|(desk, host)| !desk.is_empty() && host.trim_matches('.').contains('.') && !host.contains('@'));
        parts.is_some() && !word.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | ':' | '"'))
    };
    rendered.recipient.split([',', ';']).map(str::trim).find(|word| !is_mailbox(word)).map(str::to_owned)
}

/// How long the body of an SMS is, with a warning when it is more than one message.
pub fn sms_length(message: &Message, rendered: &Rendered) -> Option<String> {
    (message.channel == Channel::Sms).then(|| sms::sms_words(&rendered.body))
}

/// An answer for a day as the message writes it, and the words for the preview. What is no day stays
/// as it was typed, and that is said.
pub fn asked_day(asked: &Asked, day: AskedDay, text: &str, context: &Context<'_>) -> (String, String) {
    let calendar = &context.playbook.calendar;
    let read = match day {
        AskedDay::Past => super::when::read_past(text, context.today, calendar),
        AskedDay::Next => super::when::read(text, context.today, calendar).map(|resolved| resolved.when.day),
    };
    match read {
        Ok(day) => (values::us(day), format!("{}: {} {}", asked.label, day.format("%a"), values::us(day))),
        Err(_) => (text.to_owned(), format!("{}: \"{text}\" is no day that is known, and goes out as it is typed", asked.label)),
    }
}

fn one_line(text: &str) -> String {
    text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

impl Message {
    /// In the order of `PARTS`.
    fn templates(&self) -> [&str; 4] {
        [&self.recipient, &self.subject, &self.body, &self.crm]
    }
}

impl Rendered {
    /// What one copy takes: the subject as its first line, then the body.
    pub fn text(&self) -> String {
        if self.subject.is_empty() { self.body.clone() } else { format!("{}\n\n{}", self.subject, self.body) }
    }

    /// The parts that are not empty, with their names, in the order in which one key walks them.
    pub fn parts(&self) -> Vec<(&'static str, &str)> {
        let texts = [self.recipient.as_str(), &self.subject, &self.body, &self.crm];
        PARTS.into_iter().zip(texts).filter(|(_, text)| !text.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests;
