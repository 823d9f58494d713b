//! Fills in a message: prints it, or copies it and writes that down.

use std::io::{IsTerminal, Write, stderr, stdout};

use serde_json::json;

use super::args;
use super::change;
use super::home::{Done, Globals, Home, shown};
use super::stop::Stop;
use crate::domain::application::Application;
use crate::domain::field;
use crate::domain::message::{self, Message, Rendered};
use crate::domain::plan::{Planned, letter};
use crate::domain::text;
use crate::domain::trouble::{Refusal, Trouble};
use crate::run::clipboard;
use crate::store::Access;

pub fn message(args: &args::Message, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let values = change::values(&args.values)?;
    let access = if args.copy { Access::Write } else { Access::Read };
    let mut home = Home::open(globals, access)?;
    let app = home.find(&args.id)?;
    let playbook = home.playbook();
    let Some(template) = playbook.message(&args.template) else {
        let names: Vec<&str> = playbook.messages.iter().map(|message| message.name.as_str()).collect();
        return Err(change::unknown("message", &args.template, &names).into());
    };
    refuse_unknown(template, values.keys())?;
    // Planned also when it is only printed: the refusal is the same, and nothing is written.
    let others = args.with.iter().map(|id| home.find(id)).collect::<Result<Vec<Application>, Stop>>()?;
    let planned = match others.as_slice() {
        [] => letter::message(template, &values, &app, &home.context())?,
        others => letter::message_about(template, &values, &app, &same_contact(template, &app, others)?, &home.context())?,
    };
    let Some(rendered) = planned.message.clone() else {
        return Err(Refusal::new(format!("{} has no text", template.name)).into());
    };
    // Told beside it: an answer in JSON keeps to its shape.
    if let Some(length) = message::sms_length(template, &rendered).filter(|_| !globals.json) {
        writeln!(out, "SMS: {length}")?;
    }
    if args.copy { copy(&mut home, planned, &rendered, globals, out) } else { print(&rendered, None, globals, out) }
}

/// Only of one contact: the message goes to one.
fn same_contact(template: &Message, app: &Application, others: &[Application]) -> Result<Vec<Application>, Stop> {
    if template.each.is_empty() {
        return Err(Refusal::new(format!("{} is about one application", template.name))
            .hint("a message about several has a line for each of them (each = \"...\" and {{list}})")
            .into());
    }
    for (idx, other) in others.iter().enumerate() {
        if other.id == app.id || others[..idx].iter().any(|before| before.id == other.id) {
            return Err(Refusal::new(format!("{} is named twice", other.reference())).into());
        }
        if !letter::same_contact(app, other) {
            let says = format!("{} and {} are not of one customer by name and by email or phone", app.reference(), other.reference());
            return Err(Refusal::new(says).into());
        }
    }
    Ok(others.to_vec())
}

fn refuse_unknown<'a>(template: &Message, names: impl Iterator<Item = &'a String>) -> Result<(), Stop> {
    for name in names {
        if message::source(name, template).is_none() && field::find(name).is_none() {
            let asked: Vec<&str> = template.asked.iter().map(|asked| asked.name.as_str()).collect();
            let refusal = Refusal::new(format!("{} is neither a field nor something that {} asks", shown(name), template.name));
            return Err(if asked.is_empty() { refusal } else { refusal.hint(format!("it asks {}", asked.join(", "))) }.into());
        }
    }
    Ok(())
}

/// Saved first: a copy that is nowhere written down could be sent twice.
fn copy(home: &mut Home, planned: Planned, rendered: &Rendered, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let done = home.commit(planned)?;
    // The terminal is asked only where somebody looks at it: a script's may be anywhere.
    let outcome = clipboard::once(&rendered.text(), stdout().is_terminal() || stderr().is_terminal());
    if let Some(bytes) = &outcome.send {
        out.flush()?;
        super::clipboard::send(bytes);
    }
    print(rendered, Some((&done, &outcome.words)), globals, out)?;
    if outcome.failed {
        return Err(Trouble::io("the message was written down, but not copied")
            .because(outcome.words)
            .hint("intertie clipboard lists the ways")
            .into());
    }
    Ok(())
}

fn print(rendered: &Rendered, copied: Option<(&Done, &str)>, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    if globals.json {
        let mut answer = json!({
            "template": rendered.name,
            "recipient": rendered.recipient,
            "subject": rendered.subject,
            "body": rendered.body,
            "crm": rendered.crm,
            "text": rendered.text(),
        });
        if let Some((done, words)) = copied {
            answer["id"] = json!(done.id);
            answer["did"] = json!(done.did);
            answer["copied"] = json!(words);
        }
        writeln!(out, "{answer}")?;
        return Ok(());
    }
    for (label, part) in [("to", &rendered.recipient), ("subject", &rendered.subject)] {
        if !part.is_empty() {
            writeln!(out, "{label}: {}", text::clean_line(part))?;
        }
    }
    writeln!(out, "{}", text::clean(&rendered.body).trim_end())?;
    if !rendered.crm.is_empty() {
        writeln!(out, "CRM: {}", text::clean_line(&rendered.crm))?;
    }
    if let Some((done, words)) = copied {
        writeln!(out, "-- {} ({})", text::clean_line(words), text::clean_line(&done.did))?;
    }
    Ok(())
}
