//! Messages: templates over fields that each have one source, strict: an unfilled field blocks the
//! copy and is named.

use std::collections::BTreeMap;

use super::application::Application;
use super::day::Day;
use super::playbook::Playbook;

/// How a message travels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Channel {
    Email,
    Sms,
    Phone,
    Portal,
}

/// A value that nobody can know before: asked when the message is made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    pub name: String,
    pub label: String,
    /// Offered as the answer; a template over the other fields. Empty: none.
    pub default: String,
}

/// A message template. Its parts may hold `{{ field }}` and nothing else.
#[derive(Clone, PartialEq, Eq, Debug)]
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
    pub asked: Vec<Asked>,
    /// Statuses where it is offered first.
    pub statuses: Vec<String>,
    /// A copy counts as sent; else the note says "prepared".
    pub sent_by_copy: bool,
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
    /// Names of the fields that have no value, in the order in which they stand.
    pub unfilled: Vec<String>,
}

/// The source of a field of `message`; `None` when there is no such field.
pub fn source(name: &str, message: &Message) -> Option<Source> {
    let _ = (name, message);
    todo!()
}

/// The fields that the parts of a message use, in order, each once. `Err` is what is wrong with a
/// part: something other than `{{ field }}`, or a field that does not exist.
pub fn fields(message: &Message) -> Result<Vec<String>, String> {
    let _ = message;
    todo!()
}

/// The value of one field, or `None` when it has none. Values are text, never templates.
pub fn value(name: &str, message: &Message, context: &Context<'_>) -> Option<String> {
    let _ = (name, message, context);
    todo!()
}

pub fn render(message: &Message, context: &Context<'_>) -> Rendered {
    let _ = (message, context);
    todo!()
}

/// Fills the one-line template of a disposition's note. Unfilled fields show as `⟦field⟧`.
pub fn line(template: &str, context: &Context<'_>) -> String {
    let _ = (template, context);
    todo!()
}

impl Rendered {
    /// What one copy takes: the subject as its first line, then the body.
    pub fn text(&self) -> String {
        if self.subject.is_empty() { self.body.clone() } else { format!("{}\n\n{}", self.subject, self.body) }
    }
}
