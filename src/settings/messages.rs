//! Do the messages of `playbooks/messages/` use only fields that have a source?

use super::reader::{At, Problems, Reader, Word};
use super::tree::{Table, quote};
use crate::domain::field;
use crate::domain::message::{Asked, COMPANY, COMPUTED, Channel, Message, PERSON, UTILITY};
use crate::domain::playbook::{Disposition, Workflow};

/// `domain::message::fields`, handed in.
pub type Fields = fn(&Message) -> Result<Vec<String>, String>;

const CHANNELS: [(&str, Channel); 4] =
    [("email", Channel::Email), ("sms", Channel::Sms), ("phone", Channel::Phone), ("portal", Channel::Portal)];

pub fn read(table: &Table, file: &str, workflow: &Workflow, fields: Fields, problems: &Problems) -> Vec<Message> {
    let mut reader = Reader::root(table, file, problems);
    let messages = reader
        .tables("message")
        .into_iter()
        .map(|mut reader| {
            let message = message(&mut reader, workflow, fields);
            reader.finish();
            message
        })
        .collect();
    reader.finish();
    messages
}

fn message(reader: &mut Reader<'_>, workflow: &Workflow, fields: Fields) -> Message {
    let name = reader.name().text;
    let label = reader.need("label", "the words for the screen").text;
    let channel = reader.need("channel", "email, sms, phone or portal");
    let channel = match channel.text.is_empty() {
        true => None,
        false => reader.check(channel, CHANNELS.iter().map(|(name, _)| *name)),
    };
    let channel = CHANNELS.iter().find(|(name, _)| channel.as_ref().is_some_and(|word| word.text == *name));
    let to = reader.need("to", "the party it goes to");
    let to = match to.text.is_empty() {
        true => None,
        false => reader.check(to, workflow.parties.iter().map(|party| party.name.as_str())),
    };
    let statuses = reader.choices("statuses", workflow.statuses.iter().map(|status| status.name.as_str()));
    let parts = [
        reader.word("recipient").unwrap_or(Word { text: String::new(), at: reader.at("recipient") }),
        reader.word("subject").unwrap_or(Word { text: String::new(), at: reader.at("subject") }),
        reader.need("body", "the text of the message"),
        reader.need("crm", "one line for the CRM"),
    ];
    let (asked, places): (Vec<Asked>, Vec<(At, Word)>) = reader.tables("asked").into_iter().map(asked).unzip();
    let message = Message {
        name,
        label,
        channel: channel.map_or(Channel::Email, |(_, channel)| *channel),
        to: to.map(|word| word.text).unwrap_or_default(),
        recipient: parts[0].text.clone(),
        subject: parts[1].text.clone(),
        body: parts[2].text.clone(),
        crm: parts[3].text.clone(),
        asked,
        statuses: statuses.into_iter().map(|word| word.text).collect(),
        sent_by_copy: reader.flag("sent_by_copy", false),
    };
    check(reader, &message, &parts, &places, fields);
    message
}

fn asked(mut reader: Reader<'_>) -> (Asked, (At, Word)) {
    let name = reader.need("name", "a name like needed_by");
    let taken = COMPUTED.iter().chain(PERSON).chain(COMPANY).chain(UTILITY).any(|known| *known == name.text);
    if taken || field::find(&name.text).is_some() {
        reader.problem(&name.at, quote(&name.text), "a name that no field has, because each field has one source");
    }
    let label = reader.need("label", "the question").text;
    let default = reader.word("default").unwrap_or(Word { text: String::new(), at: reader.at("default") });
    let place = (name.at, default.clone());
    reader.finish();
    (Asked { name: name.text, label, default: default.text }, place)
}

/// Each part by itself, so that a problem has the part's own line.
fn check(reader: &Reader<'_>, message: &Message, parts: &[Word; 4], places: &[(At, Word)], fields: Fields) {
    let mut used: Vec<String> = Vec::new();
    for part in parts.iter().chain(places.iter().map(|(_, default)| default)) {
        match fields(&only(message, &part.text)) {
            Ok(names) => used.extend(names),
            Err(why) => reader.problem(&part.at, quote(&part.text), why),
        }
    }
    for (asked, (at, _)) in message.asked.iter().zip(places) {
        if !used.contains(&asked.name) {
            reader.problem(at, quote(&asked.name), "a part that uses it, because it is asked each time");
        }
    }
}

/// The message with one part.
fn only(message: &Message, part: &str) -> Message {
    let asked = message.asked.iter().map(|asked| Asked { default: String::new(), ..asked.clone() }).collect();
    Message { recipient: String::new(), subject: String::new(), crm: String::new(), body: part.to_owned(), asked, ..message.clone() }
}

/// The note of a disposition is a template over the same fields and over what is asked.
pub fn check_note(note: &Word, disposition: &Disposition, message: Option<&Message>, fields: Fields, problems: &Problems) {
    let asks = disposition.ask.iter().map(|ask| ask.name.as_str()).filter(|name| field::find(name).is_none());
    let asked = message.into_iter().flat_map(|message| message.asked.iter().map(|asked| asked.name.as_str()));
    let asked = asks.chain(asked).map(|name| Asked { name: name.to_owned(), label: String::new(), default: String::new() }).collect();
    let template = Message {
        name: disposition.name.clone(),
        label: String::new(),
        channel: Channel::Email,
        to: String::new(),
        recipient: String::new(),
        subject: String::new(),
        body: note.text.clone(),
        crm: String::new(),
        asked,
        statuses: Vec::new(),
        sent_by_copy: false,
    };
    if let Err(why) = fields(&template) {
        problems.add(&note.at, quote(&note.text), why);
    }
}
