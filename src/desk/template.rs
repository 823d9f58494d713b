//! The message editor: the parts of a template, checked and filled in from a real record while one types.

use std::collections::BTreeMap;

use super::effect::Effect;
use super::key::Press;
use super::line::Line;
use super::model::{Desk, Rules, Way};
use super::msg::{Aside, Draft};
use super::notice::{Notice, Tone};
use super::prompt::{DraftKey, Item, Pick, Prompt, Template, TemplatePart};
use super::text::NoteText;
use super::{note, picker, saving};
use crate::domain::application::Application;
use crate::domain::id::CommandId;
use crate::domain::message::made::{asks_line, read_asks};
use crate::domain::message::{self, Channel, Context, Message};

/// What choosing a new one is called in the list; no message can have this name.
const NEW: &str = "+";

/// Every message, and a new one, to choose which to write.
pub(super) fn choose(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let item = |value: &str, label: &str, detail: String| Item { value: value.to_owned(), label: label.to_owned(), detail, refused: None };
    let whose = |message: &Message| match message.version {
        0 => "shipped, or of the site's files".to_owned(),
        version => format!("the team's own, v{version}"),
    };
    let known = rules.playbook.messages.iter().map(|message| item(&message.name, &message.label, whose(message)));
    let items = std::iter::once(item(NEW, "a new message", String::new())).chain(known).collect();
    let record = desk.current_record(rules).cloned();
    picker::open(desk, Pick::Template, "write a message of the team's".to_owned(), record, items)
}

pub(super) fn open(desk: &mut Desk, rules: &Rules, name: &str, record: Option<Application>) -> Vec<Effect> {
    let opened = rules.playbook.message(name).cloned().unwrap_or_default();
    let draft = desk.drafts.get(&DraftKey::Message(opened.name.clone())).map(|draft| draft.text.clone());
    let kept = draft.as_deref().map(read_draft).unwrap_or_default();
    let mut theirs: Vec<&str> = Vec::new();
    let mut text = |part: &'static str, now: &str| match kept.get(part) {
        Some((typed, before)) => {
            if before != now {
                theirs.push(part);
            }
            typed.clone()
        }
        None => now.to_owned(),
    };
    let mut line = |name: &'static str, label: &'static str, now: &str| TemplatePart {
        name,
        label,
        line: Line::new(&text(name, now)),
        before: now.to_owned(),
    };
    let mut parts = vec![
        line("label", "in the list", &opened.label),
        line("to", "goes to", &opened.to),
        line("channel", "by", opened.channel.name()),
        line("recipient", "recipient", &opened.recipient),
        line("subject", "subject", &opened.subject),
        line("body", "body", &opened.body),
        line("crm", "CRM line", &opened.crm),
        line("each", "each of many", &opened.each),
        line("asks", "asks", &asks_line(&opened.asked)),
        line("statuses", "first in", &opened.statuses.join(", ")),
    ];
    if opened.name.is_empty() {
        parts.insert(0, line("name", "name", ""));
    }
    let focus = parts.iter().position(|part| part.name == if opened.name.is_empty() { "name" } else { "body" }).unwrap_or(0);
    let body = parts.iter_mut().find(|part| part.name == "body").map(|part| std::mem::take(&mut part.line));
    let body = NoteText::new(body.as_ref().map_or("", Line::text), None);
    desk.notice = match (kept.is_empty(), theirs.as_slice()) {
        (true, _) => desk.notice.take(),
        (false, []) => Some(Notice::new(Tone::Note, "what you typed last time is here again")),
        (false, theirs) => {
            let words =
                format!("somebody else changed {} since you typed; yours is here, and Enter writes it over theirs", theirs.join(", "));
            Some(Notice::new(Tone::Refused, words))
        }
    };
    desk.prompt = Some(Prompt::Template(Box::new(Template { opened, parts, body, focus, record, faults: Vec::new(), preview: None })));
    refresh(desk, rules);
    Vec::new()
}

impl Template {
    /// Whether the part under the cursor is the one of many lines.
    pub fn in_body(&self) -> bool {
        self.parts.get(self.focus).is_some_and(|part| part.name == "body")
    }

    /// What stands in the editor, as a message.
    pub fn message(&self) -> Message {
        let text = |name: &str| self.parts.iter().find(|part| part.name == name).map(|part| part.line.text().trim().to_owned());
        let line = |name: &str| text(name).unwrap_or_default();
        let statuses = line("statuses");
        Message {
            name: text("name").unwrap_or_else(|| self.opened.name.clone()),
            label: line("label"),
            channel: Channel::parse(&line("channel")).unwrap_or(self.opened.channel),
            to: line("to"),
            recipient: line("recipient"),
            subject: line("subject"),
            body: self.body.text(),
            crm: line("crm"),
            each: line("each"),
            // Untouched it is what it was, to the letter.
            asked: if self.typed().iter().any(|(part, ..)| *part == "asks") { read_asks(&line("asks")) } else { self.opened.asked.clone() },
            statuses: statuses.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect(),
            ..self.opened.clone()
        }
    }

    /// The parts that differ from what stood there: name, what was typed, what stood there.
    fn typed(&self) -> Vec<(&'static str, String, &str)> {
        let text = |part: &TemplatePart| if part.name == "body" { self.body.text() } else { part.line.text().to_owned() };
        let all = self.parts.iter().map(|part| (part.name, text(part), part.before.as_str()));
        all.filter(|(_, text, before)| text != before).collect()
    }
}

/// Checks and fills in again.
fn refresh(desk: &mut Desk, rules: &Rules) {
    let Some(Prompt::Template(mut template)) = desk.prompt.take() else { return };
    let message = template.message();
    template.faults = message.faults(&rules.playbook.workflow);
    let channel = template.parts.iter().find(|part| part.name == "channel").map(|part| part.line.text().trim());
    if channel.is_some_and(|channel| Channel::parse(channel).is_none()) {
        let says = format!("one of {} is wanted", Channel::ALL.map(Channel::name).join(", "));
        template.faults.insert(0, message::made::Fault { part: "channel", says });
    }
    for status in message.statuses.iter().filter(|status| rules.playbook.workflow.status(status).is_none()) {
        template.faults.push(message::made::Fault { part: "statuses", says: format!("there is no status {status}") });
    }
    if template.opened.name.is_empty() && rules.playbook.message(&message.name).is_some() {
        template.faults.push(message::made::Fault { part: "name", says: format!("there is a message {} already", message.name) });
    }
    template.preview = template.record.as_ref().map(|record| fill(desk, rules, &message, record));
    desk.prompt = Some(Prompt::Template(template));
}

/// The message for the record, with what it would offer for its questions.
fn fill(desk: &Desk, rules: &Rules, message: &Message, record: &Application) -> message::Rendered {
    let plan = note::context(desk, rules);
    let none = BTreeMap::new();
    let context = |answers| Context {
        application: record,
        playbook: plan.playbook,
        person: plan.person,
        company: plan.company,
        today: plan.today,
        moment: plan.moment,
        answers,
        attempt: None,
    };
    let offered = message.asked.iter().filter_map(|asked| Some((asked.name.clone(), message::offered(asked, message, &context(&none))?)));
    let mut answers: BTreeMap<String, String> = offered.collect();
    if !message.each.is_empty() {
        answers.insert(message::LIST.to_owned(), message::line(&message.each, &context(&none)));
    }
    message::render(message, &context(&answers))
}

pub(super) fn key(desk: &mut Desk, rules: &Rules, action: Option<&str>, press: Press) -> Vec<Effect> {
    let Some(Prompt::Template(template)) = &mut desk.prompt else { return Vec::new() };
    let count = template.parts.len();
    match action {
        Some("template-save") => return save(desk, rules, press),
        Some("template-leave") => return leave(desk),
        Some("template-editor") => return vec![Effect::Edit { text: template.body.text() }],
        Some("template-next") => template.focus = (template.focus + 1) % count,
        Some("template-previous") => template.focus = (template.focus + count - 1) % count,
        Some("template-line") if template.in_body() => template.body.new_line(),
        Some(_) => {}
        None if template.in_body() => _ = template.body.key(press.key),
        None => {
            let focus = template.focus;
            template.parts[focus].line.key(press.key);
        }
    }
    changed(desk, rules)
}

pub(super) fn paste(desk: &mut Desk, rules: &Rules, text: &str) -> Vec<Effect> {
    let Some(Prompt::Template(template)) = &mut desk.prompt else { return Vec::new() };
    let fits = match template.in_body() {
        true => template.body.paste(text),
        false => {
            let focus = template.focus;
            template.parts[focus].line.paste(text)
        }
    };
    if !fits {
        desk.notice = Some(Notice::new(Tone::Refused, "there is no room for that much here; nothing was pasted"));
        return Vec::new();
    }
    changed(desk, rules)
}

/// The body comes back from `$EDITOR`.
pub(super) fn edited(desk: &mut Desk, rules: &Rules, text: &str) -> Vec<Effect> {
    let Some(Prompt::Template(template)) = &mut desk.prompt else { return Vec::new() };
    if !template.body.replace(text) {
        desk.notice = Some(super::room::cut_off());
    }
    changed(desk, rules)
}

/// After each change: checked again, and on its way to the disk as a draft.
fn changed(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    refresh(desk, rules);
    let Some(Prompt::Template(template)) = &desk.prompt else { return Vec::new() };
    let key = DraftKey::Message(template.opened.name.clone());
    if template.typed().is_empty() {
        return if desk.drafts.remove(&key).is_some() { vec![Effect::DropDraft(key)] } else { Vec::new() };
    }
    let text = draft(template);
    let cursor = (0, 0);
    let draft = Draft { key: key.clone(), text, cursor, aside: Aside::default() };
    desk.drafts.insert(key, draft.clone());
    vec![Effect::SaveDraft(draft)]
}

/// One line for each part that was changed: its name, what was typed, what stood there before, so that
/// it is noticed when somebody else has changed the same part since. A line end is written out.
fn draft(template: &Template) -> String {
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t");
    let line = |(part, text, before): &(&str, String, &str)| format!("{part}\t{}\t{}", escaped(text), escaped(before));
    template.typed().iter().map(line).collect::<Vec<_>>().join("\n")
}

fn read_draft(text: &str) -> BTreeMap<&str, (String, String)> {
    let plain = |text: &str| {
        let mut out = String::new();
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            match (c, c == '\\') {
                (_, true) => out.push(match chars.next() {
                    Some('n') => '\n',
                    Some('t') => '\t',
                    _ => '\\',
                }),
                (c, false) => out.push(c),
            }
        }
        out
    };
    let mut kept = BTreeMap::new();
    for line in text.lines() {
        let mut parts = line.split('\t');
        if let (Some(part), Some(typed), Some(before)) = (parts.next(), parts.next(), parts.next()) {
            kept.insert(part, (plain(typed), plain(before)));
        }
    }
    kept
}

/// A message with a fault is not kept: the cursor goes to the part that has it.
fn save(desk: &mut Desk, rules: &Rules, press: Press) -> Vec<Effect> {
    if desk.saving.is_some() {
        return note::wait(desk, press);
    }
    if rules.database.is_empty() {
        desk.notice = Some(super::key::no_database(rules));
        return Vec::new();
    }
    let Some(Prompt::Template(template)) = &mut desk.prompt else { return Vec::new() };
    if let Some(fault) = template.faults.first() {
        let label = template.parts.iter().find(|part| part.name == fault.part).map_or(fault.part, |part| part.label);
        let words = format!("not kept: {label}: {}", fault.says);
        template.focus = template.parts.iter().position(|part| part.name == fault.part).unwrap_or(template.focus);
        desk.notice = Some(Notice::new(Tone::Refused, words));
        return Vec::new();
    }
    let message = Box::new(template.message());
    let (key, text) = (DraftKey::Message(template.opened.name.clone()), draft(template));
    let (ticket, command) = (saving::take_ticket(desk), CommandId(press.fresh[0]));
    desk.saving = Some(super::model::Saving { text: Some(text), draft: Some(key), ..saving::bare(ticket, command, Way::Forward) });
    desk.prompt = None;
    vec![Effect::KeepMessage { ticket, command, message }]
}

fn leave(desk: &mut Desk) -> Vec<Effect> {
    let Some(Prompt::Template(template)) = desk.prompt.take() else { return Vec::new() };
    let kept = desk.drafts.contains_key(&DraftKey::Message(template.opened.name.clone()));
    let words = if kept { "nothing changed; what you typed is kept, and comes back with the same message" } else { "nothing changed" };
    desk.notice = Some(Notice::new(Tone::Note, words));
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_comes_back_with_its_lines() {
        let kept = read_draft("label\tx\told\nbody\ttwo\\nlines \\\\n {{site}}\told\\tone\ntorn\tx");
        assert_eq!(kept.get("body"), Some(&("two\nlines \\n {{site}}".to_owned(), "old\tone".to_owned())));
        assert_eq!(kept.len(), 2);
    }
}
