//! Do the messages of `playbooks/messages/` use only fields that have a source?

use super::nearest::one_of;
use super::reader::{At, Problems, Reader, Word};
use super::tree::{Table, quote};
use crate::domain::message::{self, Asked, AskedDay, Channel, Message};
use crate::domain::playbook::{Disposition, Workflow};

pub fn read(table: &Table, file: &str, workflow: &Workflow, problems: &Problems) -> Vec<Message> {
    let mut reader = Reader::root(table, file, problems);
    let messages = reader
        .tables("message")
        .into_iter()
        .map(|mut reader| {
            let message = message(&mut reader, workflow);
            reader.finish();
            message
        })
        .collect();
    reader.finish();
    messages
}

fn message(reader: &mut Reader<'_>, workflow: &Workflow) -> Message {
    let name = reader.name().text;
    let label = reader.need("label", "the words for the screen").text;
    let channel = reader.need_choice("channel", "email, sms, phone or portal", Channel::ALL.map(Channel::name));
    let to = reader.need_choice("to", "the party it goes to", workflow.parties.iter().map(|party| party.name.as_str()));
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
        channel: channel.and_then(|word| Channel::parse(&word.text)).unwrap_or(Channel::Email),
        to: to.map(|word| word.text).unwrap_or_default(),
        recipient: parts[0].text.clone(),
        subject: parts[1].text.clone(),
        body: parts[2].text.clone(),
        crm: parts[3].text.clone(),
        each: each(reader),
        asked,
        statuses: statuses.into_iter().map(|word| word.text).collect(),
        sent_by_copy: reader.flag("sent_by_copy", false),
        version: 0,
    };
    check(reader, &message, &parts, &places);
    message
}

/// A line of one application knows no questions: they are asked once for all.
fn each(reader: &mut Reader<'_>) -> String {
    let Some(word) = reader.word("each") else { return String::new() };
    if let Err(why) = message::line_fields(&word.text, &[]) {
        let (read, wanted) = of_template(&word.text, &why, &[]);
        reader.problem(&word.at, read, wanted);
    }
    word.text
}

fn asked(mut reader: Reader<'_>) -> (Asked, (At, Word)) {
    let name = reader.need("name", "a name like needed_by");
    let label = reader.need("label", "the question").text;
    let default = reader.word("default").unwrap_or(Word { text: String::new(), at: reader.at("default") });
    let place = (name.at, default.clone());
    let day = reader.choice("day", AskedDay::ALL.map(AskedDay::name)).and_then(|word| AskedDay::parse(&word.text));
    reader.finish();
    (Asked { name: name.text, label, default: default.text, day }, place)
}

/// Each part by itself, so that a problem has the part's own line.
fn check(reader: &Reader<'_>, said: &Message, parts: &[Word; 4], places: &[(At, Word)]) {
    let mut sound: Vec<Asked> = Vec::new();
    for (asked, (at, default)) in said.asked.iter().zip(places) {
        let named = Asked { default: String::new(), ..asked.clone() };
        if let Err(why) = message::fields(&only(said, "", vec![named.clone()])) {
            let wanted = format!("a name that no field and no other question has ({})", why.trim_start_matches("asked: "));
            reader.problem(at, quote(&asked.name), wanted);
            continue;
        }
        if let Err(why) = message::fields(&only(said, "", vec![asked.clone()])) {
            let (read, wanted) = of_template(&default.text, &why, &[]);
            reader.problem(&default.at, read, wanted);
        }
        sound.push(named);
    }
    let mut used: Vec<String> = Vec::new();
    for part in parts {
        match message::fields(&only(said, &part.text, sound.clone())) {
            Ok(names) => used.extend(names),
            Err(why) => {
                let (read, wanted) = of_template(&part.text, &why, &sound);
                reader.problem(&part.at, read, wanted);
            }
        }
    }
    for (asked, (at, _)) in said.asked.iter().zip(places) {
        if sound.iter().any(|sound| sound.name == asked.name) && !used.contains(&asked.name) {
            reader.problem(at, quote(&asked.name), "a part that uses it, because it is asked each time");
        }
    }
}

/// The message with one part.
fn only(message: &Message, part: &str, asked: Vec<Asked>) -> Message {
    Message { recipient: String::new(), subject: String::new(), crm: String::new(), body: part.to_owned(), asked, ..message.clone() }
}

/// What was read and what was wanted, from what `domain::message` says of a template.
fn of_template(template: &str, why: &str, asked: &[Asked]) -> (String, String) {
    // The problem's own path says which part it is.
    let why = why.strip_prefix("body: ").unwrap_or(why);
    let Some((_, unknown)) = why.split_once("there is no field ") else {
        return (quote(template), format!("{{{{ field }}}} and nothing else ({why})"));
    };
    let unknown = unknown.split(',').next().unwrap_or(unknown);
    let known: Vec<&str> = message::plain_names().into_iter().chain(asked.iter().map(|asked| asked.name.as_str())).collect();
    (format!("{{{{{unknown}}}}}"), one_of(unknown, &known))
}

/// The note of a disposition is a template over the same fields and over what is asked.
pub fn check_note(note: &Word, disposition: &Disposition, message: Option<&Message>, problems: &Problems) {
    let asks = disposition.ask.iter().map(|ask| ask.name.as_str());
    let asked = message.into_iter().flat_map(|message| message.asked.iter().map(|asked| asked.name.as_str()));
    let known: Vec<&str> = asks.chain(asked).collect();
    if let Err(why) = message::line_fields(&note.text, &known) {
        let (read, wanted) = of_template(&note.text, &why, &[]);
        problems.add(&note.at, read, wanted);
    }
}
