//! A message within a plan: what it still asks, and the strict filling that a copy needs.

use std::collections::BTreeMap;

use super::builder::Builder;
use super::touch::Question;
use super::{Context, Planned};
use crate::domain::application::Application;
use crate::domain::contacts;
use crate::domain::event::Kind;
use crate::domain::field;
use crate::domain::message::{self, Message, Rendered};
use crate::domain::playbook::Then;
use crate::domain::text;
use crate::domain::trouble::Refusal;

/// What signs a message and is not known yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Signature {
    Person,
    Company,
}

/// What has to be entered before a message can be made, and is no matter of the record.
pub fn lacks_signature(message: &Message, app: &Application, ctx: &Context<'_>) -> Option<Signature> {
    let answers = BTreeMap::new();
    let unfilled = message::render(message, &context(app, ctx, &answers, None)).unfilled;
    // A default may hold what is not filled in either.
    let offers = message.asked.iter().flat_map(|asked| message::fields_of(&asked.default));
    let offers: Vec<String> = offers.filter(|name| message::value(name, message, &context(app, ctx, &answers, None)).is_none()).collect();
    unfilled.iter().chain(&offers).find_map(|name| match message::source(name, message) {
        Some(message::Source::Person) => Some(Signature::Person),
        Some(message::Source::Company) => Some(Signature::Company),
        _ => None,
    })
}

/// Under which name a missing value is asked: what is computed is asked as the field behind it, so
/// that the answer stays on the record; what the process book lacks is asked for this message alone.
/// `None`: a person or the company has it.
fn asked_as(name: &str, message: &Message) -> Option<String> {
    let behind = match name {
        "application_number" => "number",
        "first_name" => "customer_name",
        "size_shown" => "size_ac",
        "site_address" => "address",
        name => name,
    };
    let of_book = message::source(behind, message) == Some(message::Source::Utility);
    let askable = of_book || message.asked.iter().any(|asked| asked.name == behind) || field::find(behind).is_some();
    askable.then(|| behind.to_owned())
}

/// Where a missing value is entered.
fn where_from(name: &str, message: &Message) -> String {
    match message::source(name, message) {
        Some(message::Source::Person) => "say who signs with M, or intertie me --name --phone".to_owned(),
        Some(message::Source::Company) => format!("give it with: intertie me {name}=..."),
        Some(message::Source::Utility) => format!("give {name}=..., or write it into the process book (playbooks/utilities)"),
        _ => format!("give {}=...", asked_as(name, message).unwrap_or_else(|| name.to_owned())),
    }
}

pub(in crate::domain) fn context<'a>(
    app: &'a Application,
    ctx: &Context<'a>,
    answers: &'a BTreeMap<String, String>,
    attempt: Option<i64>,
) -> message::Context<'a> {
    message::Context {
        application: app,
        playbook: ctx.playbook,
        person: ctx.person,
        company: ctx.company,
        today: ctx.today,
        moment: ctx.moment,
        answers,
        attempt,
    }
}

/// What a message lacks before it can be copied: what it asks, with an offer where there is one,
/// and fields that the record does not have.
pub fn questions(message: &Message, app: &Application, ctx: &Context<'_>) -> Vec<Question> {
    // The lines of several applications are made, not asked.
    let answers = BTreeMap::from([(message::LIST.to_owned(), message::LIST.to_owned())]);
    let context = context(app, ctx, &answers, None);
    let unfilled = message::render(message, &context).unfilled;
    let mut names: Vec<String> = unfilled.iter().filter_map(|name| asked_as(name, message)).collect();
    names.dedup();
    names
        .into_iter()
        .map(|name| {
            let asked = message.asked.iter().find(|asked| asked.name == name);
            let label = asked.map(|asked| asked.label.clone()).or_else(|| field::find(&name).map(|field| field.label.to_owned()));
            let offered = asked.and_then(|asked| message::offered(asked, message, &context)).unwrap_or_default();
            Question { label: label.unwrap_or_else(|| name.replace('_', " ")), offered, required: true, name }
        })
        .collect()
}

/// Whether two applications are of one contact: the same name, and an email or phone that both have.
pub fn same_contact(one: &Application, other: &Application) -> bool {
    let name = |app: &Application| text::fold(app.text("customer_name").unwrap_or_default().trim());
    let (mine, theirs) = (contacts(one), contacts(other));
    !name(one).is_empty() && name(one) == name(other) && mine.iter().any(|contact| theirs.contains(contact))
}

/// By what a contact is told from another of the same name: email and phone, folded. A filler (`n/a@none`,
/// 555-0100) tells nobody from anybody.
pub fn contacts(app: &Application) -> Vec<String> {
    let whole = |email: &String| email.split_once('@').is_some_and(|(desk, host)| !desk.is_empty() && host.trim_matches('.').contains('.'));
    let email = app.text("customer_email").map(|email| email.trim().to_lowercase()).filter(whole);
    let digits = app.text("customer_phone").map(|phone| phone.chars().filter(char::is_ascii_digit).collect::<String>());
    // The country's 1 is written or not.
    let phone = digits.filter(|digits| digits.len() >= 10).map(|digits| match digits.len() {
        11 => digits.strip_prefix('1').unwrap_or(&digits).to_owned(),
        _ => digits,
    });
    email.into_iter().chain(phone).collect()
}

/// The line of each application in a message about several; one with a hole is refused by its name.
fn list(message: &Message, apps: &[&Application], ctx: &Context<'_>) -> Result<String, Refusal> {
    let none = BTreeMap::new();
    let line = |app: &&Application| {
        let context = context(app, ctx, &none, None);
        match message::fields_of(&message.each).iter().find(|name| message::plain(name, &context).is_none()) {
            None => Ok(message::line(&message.each, &context)),
            Some(name) => {
                Err(Refusal::new(format!("{} needs {name} of {}", message.name, app.reference())).hint(where_from(name, message)))
            }
        }
    };
    Ok(apps.iter().map(line).collect::<Result<Vec<_>, _>>()?.join("\n"))
}

/// An SMS needs consent, and the day of the customer: as the record had them before, not as the one who
/// sends it says.
pub(super) fn may_be_sent(message: &Message, app: &Application, ctx: &Context<'_>) -> Result<(), Refusal> {
    message::sms_refusal(message, &context(app, ctx, &BTreeMap::new(), None)).map_or(Ok(()), |why| Err(Refusal::new(why)))
}

/// Fills a message, strictly: one with a hole is never copied.
pub(super) fn make(
    message: &Message,
    app: &Application,
    ctx: &Context<'_>,
    answers: &BTreeMap<String, String>,
    attempt: Option<i64>,
) -> Result<Rendered, Refusal> {
    let mut told = answers.clone();
    if !message.each.is_empty() && !told.contains_key(message::LIST) {
        told.insert(message::LIST.to_owned(), list(message, &[app], ctx)?);
    }
    let bare = context(app, ctx, answers, attempt);
    for asked in message.asked.iter().filter(|asked| !answers.contains_key(&asked.name)) {
        if let Some(offered) = message::offered(asked, message, &bare) {
            told.insert(asked.name.clone(), offered);
        }
    }
    let mut days = Vec::new();
    for (asked, day) in message.asked.iter().filter_map(|asked| Some((asked, asked.day?))) {
        if let Some(text) = told.get_mut(&asked.name).filter(|text| !text.trim().is_empty()) {
            let (written, words) = message::asked_day(asked, day, text, &bare);
            *text = written;
            days.push(words);
        }
    }
    let context = context(app, ctx, &told, attempt);
    let rendered = Rendered { days, ..message::render(message, &context) };
    if let Some(part) = message::PARTS.iter().find(|part| rendered.unfilled.iter().any(|name| name == *part)) {
        return Err(Refusal::new(format!("the {part} of {} is longer than {} KiB", message.name, message::PART_MAX / 1024)));
    }
    if rendered.unfilled.is_empty() {
        return match message::wrong_mailbox(message, &rendered) {
            None => Ok(rendered),
            Some(word) => {
                Err(Refusal::new(format!("recipient: read \"{word}\", wanted a mailbox like desk@example.com; several with , between")))
            }
        };
    }
    Err(Refusal::new(format!("{} needs {}", message.name, rendered.unfilled.join(", ")))
        .hint(rendered.unfilled.first().map(|name| where_from(name, message)).unwrap_or_default()))
}

/// Plans a message of its own: what is copied is kept with the touch.
pub fn message(message: &Message, answers: &BTreeMap<String, String>, app: &Application, ctx: &Context<'_>) -> Result<Planned, Refusal> {
    let (mut plan, _) = one(message, answers, app, &[], ctx)?;
    plan.say_if("contact", contacts::many(app, &message.to, ctx.playbook, ctx.today));
    plan.finish(&message.label, Then::Stay)
}

/// Plans one message about several applications of one contact: its text is kept with the first, each
/// of the others has the touch's note. One command, and so one step back.
pub fn message_about(
    message: &Message,
    answers: &BTreeMap<String, String>,
    app: &Application,
    others: &[Application],
    ctx: &Context<'_>,
) -> Result<Planned, Refusal> {
    let (mut plan, note) = one(message, answers, app, others, ctx)?;
    let names: Vec<&str> = others.iter().map(Application::reference).collect();
    plan.say("also noted", names.join(", "));
    let mut planned = plan.finish(&message.label, Then::Stay)?;
    for other in others {
        let mut plan = Builder::new(other, *ctx, Kind::Touch, None)?;
        plan.note(&format!("{note}, together with {}", app.reference()));
        planned.also.push(plan.finish(&message.label, Then::Stay)?.change);
    }
    planned.did = format!("{} {} and {} more: {}", app.reference(), app.who(), others.len(), message.label);
    Ok(planned)
}

/// The plan of the record that the message is kept with, and the words of its note.
fn one<'a>(
    message: &Message,
    answers: &BTreeMap<String, String>,
    app: &'a Application,
    others: &[Application],
    ctx: &Context<'a>,
) -> Result<(Builder<'a>, String), Refusal> {
    may_be_sent(message, app, ctx)?;
    let answers = &super::clean_values(answers);
    let mut plan = Builder::new(app, *ctx, Kind::Touch, None)?;
    // A field that had to be asked because the record lacked it is kept on the record.
    for (name, text) in answers {
        match field::find(name) {
            Some(field) if app.value(field.name).is_nothing() => plan.put_field(field, text)?,
            Some(_) => return Err(Refusal::new(format!("{name} is on the record already")).hint("change it with set or e")),
            None if name != message::LIST && message::source(name, message).is_some() => {}
            None => return Err(Refusal::new(format!("{name} is neither a field nor something that {} asks", message.name))),
        }
    }
    let after = plan.preview();
    let mut told = answers.clone();
    if !message.each.is_empty() {
        let all: Vec<&Application> = std::iter::once(&after).chain(others).collect();
        told.insert(message::LIST.to_owned(), list(message, &all, ctx)?);
    }
    let rendered = make(message, &after, ctx, &told, None)?;
    let verb = if rendered.sent_by_copy { "Sent" } else { "Prepared" };
    let note = format!("{verb}: {}", rendered.label);
    plan.note(&note);
    plan.put_message(message, rendered);
    Ok((plan, note))
}
