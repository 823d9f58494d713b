//! From the answers of an `Ask` to a plan.

use std::collections::BTreeMap;

use super::effect::Effect;
use super::key::Press;
use super::line::Line;
use super::model::{Desk, Rules, Saving, Way};
use super::msg::{Aside, Draft};
use super::prompt::{Act, Answer, Ask, DraftKey, Prompt};
use super::{book, note, repeat, saving};
use crate::domain::application::Application;
use crate::domain::day::Day;
use crate::domain::id::{CommandId, SubjectId, Uuid};
use crate::domain::plan::{Answers, Planned, edit, extend, join, letter, open, touch};
use crate::domain::trouble::Refusal;
use crate::domain::when;

/// The plan for what is typed so far; `None` while nothing was typed that could be planned.
pub(super) fn plan(desk: &Desk, rules: &Rules, ask: &Ask, fresh: SubjectId) -> Option<Result<Planned, Refusal>> {
    let ctx = note::context(desk, rules);
    let text =
        |name: &str| ask.answers.iter().find(|answer| answer.name == name).map(|answer| answer.line.text().trim()).unwrap_or_default();
    if ask.act == Act::New {
        let ready = !text("site").is_empty() && !text("utility").is_empty();
        return ready.then(|| open::application(fresh, &changed_values(ask), Some(&desk.person.login), &ctx));
    }
    if book::about(&ask.act).is_some() {
        return book::preview(ask, rules, ctx.today);
    }
    let app = ask.record.as_ref()?;
    if ask.answers.iter().any(|answer| answer.required && answer.line.text().trim().is_empty()) {
        return None;
    }
    let day = |words: &str| -> Result<Option<Day>, Refusal> {
        if words.is_empty() {
            return Ok(None);
        }
        when::read(words, ctx.today, &rules.playbook.calendar).map(|resolved| Some(resolved.when.day)).map_err(Refusal::new)
    };
    Some(match &ask.act {
        Act::Touch(name) => touch::disposition(rules.playbook.disposition(name)?, &answers(ask), app, &ctx),
        Act::Message(name) => letter::message(rules.playbook.message(name)?, &all_values(ask), app, &ctx),
        Act::MessageAll(name, others) => letter::message_about(rules.playbook.message(name)?, &all_values(ask), app, others, &ctx),
        Act::Again(again) => repeat::plan(again, app, rules, &ctx),
        Act::FollowUp => edit::follow_up(text("follow_up"), app, &ctx),
        Act::Status(name) => edit::set(&status_values(name, text("ended_reason")), Some(text("because")), app, &ctx),
        Act::Ball(party) => edit::set(&BTreeMap::from([("ball".to_owned(), party.clone())]), None, app, &ctx),
        Act::Hold => edit::hold(Some(text("hold")), false, app, &ctx),
        Act::UntilActivity => edit::hold(None, true, app, &ctx),
        Act::Release => edit::hold(None, false, app, &ctx),
        Act::AddTodo => match day(text("due")) {
            Ok(due) => edit::add_todo(text("title"), due, text("party"), app, &ctx),
            Err(refusal) => Err(refusal),
        },
        Act::Extend(clock) => extend::extend(&super::rules::agreement(clock, |name| text(name).to_owned()), app, &ctx),
        Act::FinishTodo(register) => edit::finish_todo(register, app, &ctx),
        Act::Owner => edit::set(&BTreeMap::from([("owner".to_owned(), text("owner").to_owned())]), None, app, &ctx),
        Act::Edit => {
            let values = changed_values(ask);
            if values.is_empty() {
                return None;
            }
            edit::set(&values, None, app, &ctx)
        }
        Act::Join(other) => join::join(app, other, &ctx),
        Act::New
        | Act::Skip(_)
        | Act::Marked(_)
        | Act::Me
        | Act::Company
        | Act::Quirk(_)
        | Act::PortalDown(..)
        | Act::AskRules
        | Act::ImportFile
        | Act::KeepProfile
        | Act::KeepView => {
            return None;
        }
    })
}

fn status_values(name: &str, ended_reason: &str) -> BTreeMap<String, String> {
    let mut values = BTreeMap::from([("status".to_owned(), name.to_owned())]);
    if !ended_reason.is_empty() {
        values.insert("ended_reason".to_owned(), ended_reason.to_owned());
    }
    values
}

/// What differs from what stood there.
fn changed_values(ask: &Ask) -> BTreeMap<String, String> {
    let changed = ask.answers.iter().filter(|answer| answer.line.text().trim() != answer.offered.trim());
    changed.map(|answer| (answer.name.clone(), answer.line.text().trim().to_owned())).collect()
}

fn all_values(ask: &Ask) -> BTreeMap<String, String> {
    let given = ask.answers.iter().filter(|answer| !answer.line.text().trim().is_empty());
    given.map(|answer| (answer.name.clone(), answer.line.text().trim().to_owned())).collect()
}

fn answers(ask: &Ask) -> Answers {
    let mut values = all_values(ask);
    let note = values.remove("note");
    Answers { note, values, ..Answers::default() }
}

/// What must not be lost when the commit fails or the prompt is left: a note, a form, the answers of a
/// message. `None` where nothing was typed that has a place to be kept.
pub(super) fn typed_text(ask: &Ask) -> Option<String> {
    let typed = changed_values(ask);
    match ask.draft.as_ref()? {
        DraftKey::Subject(_) => typed.get("note").filter(|note| !note.is_empty()).cloned(),
        _ => {
            let lines: Vec<String> = typed.iter().map(|(name, text)| format!("{name}\t{text}")).collect();
            (!lines.is_empty()).then(|| lines.join("\n"))
        }
    }
}

/// Under which draft the text of a question is kept: the note of a quick action on its record, where that
/// has none yet; other answers of a touch under their own question; a form under `new`.
pub(super) fn draft_key(desk: &Desk, act: &Act, record: Option<&Application>, answers: &[Answer]) -> Option<DraftKey> {
    if *act == Act::New {
        return Some(DraftKey::New);
    }
    if let Act::Marked(act) = act {
        // It is of no one record.
        let name = match &**act {
            Act::Touch(name) | Act::Status(name) => name,
            _ => &answers.first()?.name,
        };
        return (!answers.is_empty()).then(|| DraftKey::Answers(SubjectId(Uuid::nil()), format!("marked-{name}")));
    }
    let record = record?;
    let name = match act {
        Act::Touch(name) => format!("touch-{name}"),
        Act::Message(name) | Act::MessageAll(name, _) => format!("message-{name}"),
        Act::Skip(name) => format!("skip-{name}"),
        _ => return None,
    };
    let own = DraftKey::Answers(record.id, name);
    let subject = DraftKey::Subject(record.id);
    let is_note = matches!(act, Act::Touch(_)) && answers.iter().any(|answer| answer.name == "note");
    match is_note && !desk.drafts.contains_key(&subject) && !desk.drafts.contains_key(&own) {
        true => Some(subject),
        false => (!answers.is_empty()).then_some(own),
    }
}

/// Puts back what was typed for the same question. Whether there was something.
pub(super) fn restore(desk: &Desk, key: Option<&DraftKey>, answers: &mut [Answer]) -> bool {
    let Some(draft) = key.filter(|key| matches!(key, DraftKey::Answers(..))).and_then(|key| desk.drafts.get(key)) else { return false };
    let mut restored = false;
    for (name, text) in draft.text.lines().filter_map(|line| line.split_once('\t')) {
        if let Some(answer) = answers.iter_mut().find(|answer| answer.name == name) {
            answer.line = if name == "note" { Line::of_a_note(text) } else { Line::new(text) };
            restored = true;
        }
    }
    restored
}

/// Keeps the typed text as a draft, or lets go of one that was erased.
pub(super) fn draft(desk: &mut Desk) -> Vec<Effect> {
    let Some(Prompt::Ask(ask)) = &desk.prompt else { return Vec::new() };
    let Some(key) = ask.draft.clone() else { return Vec::new() };
    match typed_text(ask) {
        Some(text) => {
            let cursor = (0, text.chars().count());
            let draft = Draft { key: key.clone(), text, cursor, aside: Aside::default() };
            desk.drafts.insert(key, draft.clone());
            vec![Effect::SaveDraft(draft)]
        }
        None if desk.drafts.remove(&key).is_some() => vec![Effect::DropDraft(key)],
        None => Vec::new(),
    }
}

/// Writes what messages are signed with.
pub(super) fn sign(desk: &mut Desk, ask: &Ask, press: Press) -> Vec<Effect> {
    let command = CommandId(press.fresh[0]);
    let ticket = saving::take_ticket(desk);
    desk.saving = Some(Saving { signing: Some(Box::new(ask.clone())), ..saving::bare(ticket, command, Way::Forward) });
    let mut values = all_values(ask);
    // A keymap is each person's own, and no fact of the database.
    values.remove("keymap");
    vec![Effect::Sign { ticket, command, values, company: ask.act == Act::Company }]
}
