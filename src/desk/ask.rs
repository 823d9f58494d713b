//! Questions with a live plan: what a disposition or message asks, one field, a whole form.

use super::effect::{Effect, Ticket};
use super::key::{Press, unread};
use super::line::Line;
use super::model::{Desk, Rules};
use super::msg::Seen;
use super::notice::{Notice, Tone};
use super::prompt::{Act, Answer, Ask, DraftKey, Prompt};
use super::{book, bulk, choose, columns, imports, keep, ledger, note, questions, repeat, saving, serve};
use crate::domain::application::Application;
use crate::domain::field::{self, FIELDS};
use crate::domain::id::SubjectId;
use crate::domain::plan::letter::{self, Signature};
use crate::domain::plan::touch::{self, Question};
use crate::index::RowId;

/// Lines that one key scrolls a plan by, and the longest plan.
const PAGE: usize = 5;
const MOST_LINES: usize = 2_000;

/// Opens questions over the queue, or the plan alone when there are none.
pub(super) fn open(
    desk: &mut Desk,
    rules: &Rules,
    act: Act,
    title: String,
    record: Option<Application>,
    answers: Vec<Answer>,
) -> Vec<Effect> {
    let draft = questions::draft_key(desk, &act, record.as_ref(), &answers);
    let mut answers = answers;
    if questions::restore(desk, draft.as_ref(), &mut answers) {
        desk.notice = Some(Notice::new(Tone::Note, "what you typed last time is here again"));
    }
    let ask = Ask { act, title, record, answers, focus: 0, top: 0, preview: None, already_due: 0, similar: Vec::new(), looks: None, draft };
    desk.prompt = Some(Prompt::Ask(Box::new(ask)));
    refresh(desk, rules)
}

pub(super) fn title(words: &str, record: &Application) -> String {
    format!("{words}: {} {}", record.reference(), record.who())
}

pub(super) fn answer(name: &str, label: &str, required: bool, offered: &str) -> Answer {
    let line = if name == "note" { Line::of_a_note(offered) } else { Line::new(offered) };
    Answer { name: name.to_owned(), label: label.to_owned(), required, line, offered: offered.to_owned() }
}

/// What is offered for a question is mostly right or wrong as a whole: a number typed behind another would be a third one.
pub(super) fn asked(question: Question) -> Answer {
    let mut answer = answer(&question.name, &question.label, question.required, &question.offered);
    if question.name != "note" {
        answer.line = Line::offering(&question.offered);
    }
    answer
}

pub(super) fn disposition(desk: &mut Desk, rules: &Rules, name: &str, record: Application) -> Vec<Effect> {
    let Some(disposition) = rules.playbook.disposition(name) else { return Vec::new() };
    let context = note::context(desk, rules);
    if let Err(reason) = touch::possible(disposition, &record, &context) {
        desk.notice =
            Some(Notice::new(Tone::Refused, format!("{} is not possible for {}: {reason}", disposition.label, record.reference())));
        return Vec::new();
    }
    let message = disposition.message.as_deref().and_then(|name| rules.playbook.message(name));
    if let Some(lack) = message.and_then(|message| letter::lacks_signature(message, &record, &context)) {
        return sign_first(desk, rules, lack, Act::Touch(name.to_owned()), &record);
    }
    let answers = touch::questions(disposition, &record, &context).into_iter().map(asked).collect();
    ledger::named(desk, name);
    open(desk, rules, Act::Touch(name.to_owned()), title(&disposition.label, &record), Some(record), answers)
}

pub(super) fn message(desk: &mut Desk, rules: &Rules, name: &str, record: Application) -> Vec<Effect> {
    let Some(message) = rules.playbook.message(name) else { return Vec::new() };
    let context = note::context(desk, rules);
    if let Some(lack) = letter::lacks_signature(message, &record, &context) {
        return sign_first(desk, rules, lack, Act::Message(name.to_owned()), &record);
    }
    let answers = letter::questions(message, &record, &context).into_iter().map(asked).collect();
    open(desk, rules, Act::Message(name.to_owned()), title(&message.label, &record), Some(record), answers)
}

/// A message that nobody could sign goes to where that is entered, and comes back by itself.
fn sign_first(desk: &mut Desk, rules: &Rules, lack: Signature, act: Act, record: &Application) -> Vec<Effect> {
    let effects = match lack {
        Signature::Person => signature(desk, rules),
        Signature::Company => company(desk, rules),
    };
    desk.after_signing = Some((act, Seen { subject: record.id, version: record.version }));
    desk.notice = Some(Notice::new(Tone::Note, "the message needs this once; it goes on from here"));
    effects
}

/// The values that messages are signed with are there: what waited for them goes on, if its record is
/// still the one on screen.
pub(super) fn signed(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    // Somebody else signs while the question is still open here: what waits for the answer goes on waiting.
    if desk.prompt.is_some() {
        return Vec::new();
    }
    let Some((act, seen)) = desk.after_signing.take() else { return Vec::new() };
    let Some(record) = desk.current_record(rules).filter(|record| (record.id, record.version) == (seen.subject, seen.version)).cloned()
    else {
        desk.notice = Some(Notice::new(Tone::Note, "it is kept; make the message again").about(seen.subject));
        return Vec::new();
    };
    // It opens without a key: one that was on its way has not read it.
    desk.moved_alone = true;
    match act {
        Act::Touch(name) => disposition(desk, rules, &name, record),
        Act::Message(name) => message(desk, rules, &name, record),
        _ => Vec::new(),
    }
}

/// What was to be signed with was not written: the question comes back with what was typed, and what
/// waits for it goes on waiting.
pub(super) fn not_signed(desk: &mut Desk, ask: Ask) {
    let page = book::about(&ask.act).is_some() && matches!(desk.prompt, Some(Prompt::Pager(_)));
    if desk.prompt.is_none() || page {
        desk.prompt = Some(Prompt::Ask(Box::new(ask)));
    }
}

pub(super) fn follow_up(desk: &mut Desk, rules: &Rules, record: Application) -> Vec<Effect> {
    let answers = vec![answer("follow_up", "we look (fri, 5b, 12/4, tomorrow 14:00)", true, "")];
    open(desk, rules, Act::FollowUp, title("we look again", &record), Some(record), answers)
}

pub(super) fn owner(desk: &mut Desk, rules: &Rules, record: Application) -> Vec<Effect> {
    let answers = vec![answer("owner", "owner (empty: the pool)", false, record.owner().unwrap_or_default())];
    open(desk, rules, Act::Owner, title("owner", &record), Some(record), answers)
}

pub(super) fn todo(desk: &mut Desk, rules: &Rules, record: Application) -> Vec<Effect> {
    let answers = vec![
        answer("title", "to do", true, ""),
        answer("due", "due (fri, 5b, 12/4)", false, ""),
        answer("party", "waiting on", false, "us"),
    ];
    open(desk, rules, Act::AddTodo, title("to-do", &record), Some(record), answers)
}

/// Every field that a person may edit, on one screen.
pub(super) fn edit(desk: &mut Desk, rules: &Rules, record: Application) -> Vec<Effect> {
    let offered = |field: &field::Field| field::show(field.kind, record.value(field.name));
    let answers =
        FIELDS.iter().filter(|field| field.editable).map(|field| answer(field.name, field.label, false, &offered(field))).collect();
    open(desk, rules, Act::Edit, title("edit", &record), Some(record), answers)
}

/// A new application needs a site and a utility; the rest can come later. What was typed before a
/// lost connection comes back.
pub(super) fn new(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    // The one that is being saved is no draft any more.
    let saving = desk.saving.as_ref().is_some_and(|saving| saving.draft == Some(DraftKey::New));
    let kept = desk.drafts.get(&DraftKey::New).filter(|_| !saving).map(|draft| draft.text.clone()).unwrap_or_default();
    let kept: Vec<(&str, &str)> = kept.lines().filter_map(|line| line.split_once('\t')).collect();
    let asked = [
        "site",
        "utility",
        "customer_name",
        "number",
        "customer_phone",
        "customer_email",
        "address",
        "city",
        "state",
        "zip",
        "product",
        "size_ac",
    ];
    let answers = asked
        .iter()
        .filter_map(|name| field::find(name))
        .map(|field| {
            let mut answer = answer(field.name, field.label, matches!(field.name, "site" | "utility"), "");
            if let Some((_, text)) = kept.iter().find(|(name, _)| *name == field.name) {
                answer.line = Line::new(text);
            }
            answer
        })
        .collect();
    open(desk, rules, Act::New, "new application".to_owned(), None, answers)
}

/// What a message needs of the person, and no more.
fn signature(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let effects = me(desk, rules);
    if let Some(Prompt::Ask(ask)) = &mut desk.prompt {
        ask.answers.retain(|answer| answer.name != "keymap");
    }
    effects
}

pub(super) fn me(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let answers = vec![
        answer("name", "name, as messages are signed", true, &desk.person.name),
        answer("phone", "phone", true, &desk.person.phone),
        answer("keymap", "keys: default vim plain emacs", false, rules.keymap.name()),
    ];
    open(desk, rules, Act::Me, "who signs your messages".to_owned(), None, answers)
}

fn company(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let value = |name: &str| desk.company.get(name).cloned().unwrap_or_default();
    let answers = vec![
        answer("company", "company, as messages are signed", true, &value("company")),
        answer("company_phone", "its phone", true, &value("company_phone")),
        answer("company_email", "its mailbox", true, &value("company_email")),
    ];
    open(desk, rules, Act::Company, "what everybody's messages are signed with".to_owned(), None, answers)
}

pub(super) fn key(desk: &mut Desk, rules: &Rules, action: Option<&str>, press: Press) -> Vec<Effect> {
    let Some(Prompt::Ask(ask)) = &mut desk.prompt else { return Vec::new() };
    let count = ask.answers.len().max(1);
    match action {
        Some("do") => return enter(desk, rules, press),
        Some("leave") => return leave(desk, rules),
        Some("next-answer") => ask.focus = (ask.focus + 1) % count,
        Some("plan-down") => {
            ask.top = (ask.top + PAGE).min(MOST_LINES);
            return Vec::new();
        }
        Some("plan-up") => {
            ask.top = ask.top.saturating_sub(PAGE);
            return Vec::new();
        }
        Some("previous-answer") => ask.focus = (ask.focus + count - 1) % count,
        _ => {
            let focus = ask.focus;
            if let Some(answer) = ask.answers.get_mut(focus) {
                answer.line.key(press.key);
            }
        }
    }
    changed(desk, rules)
}

pub(super) fn paste(desk: &mut Desk, rules: &Rules, text: &str) -> Vec<Effect> {
    let Some(Prompt::Ask(ask)) = &mut desk.prompt else { return Vec::new() };
    let focus = ask.focus;
    if let Some(answer) = ask.answers.get_mut(focus)
        && !answer.line.paste(text)
    {
        let words = format!("an answer here has at most {} bytes; nothing was pasted", answer.line.room());
        desk.notice = Some(Notice::new(Tone::Refused, words));
        return Vec::new();
    }
    changed(desk, rules)
}

fn changed(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    // What was wrong with the answer before says nothing of the one that is being typed.
    desk.notice.take_if(|notice| notice.tone == Tone::Refused && notice.about.is_none());
    let mut effects = refresh(desk, rules);
    effects.extend(questions::draft(desk));
    effects
}

/// Plans again for the preview, and looks for duplicates of what is typed.
pub(super) fn refresh(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let Some(Prompt::Ask(mut ask)) = desk.prompt.take() else { return Vec::new() };
    ask.preview = questions::plan(desk, rules, &ask, SubjectId(Default::default()));
    if let Some(Ok(planned)) = &ask.preview {
        ask.already_due = planned.follow_up.map_or(0, |when| desk.queue.due_on(when.day));
    }
    if ask.act == Act::New {
        let typed =
            |name: &str| ask.answers.iter().find(|answer| answer.name == name).map(|answer| answer.line.text().trim()).unwrap_or_default();
        let [site, customer, number] = ["site", "customer_name", "number"].map(|name| typed(name).to_owned());
        let ticket = saving::take_ticket(desk);
        ask.looks = Some(ticket);
        desk.prompt = Some(Prompt::Ask(ask));
        return vec![Effect::Similar { ticket, site, customer, number }];
    }
    desk.prompt = Some(Prompt::Ask(ask));
    Vec::new()
}

/// Rows like the one that is being typed.
pub(super) fn similar(desk: &mut Desk, ticket: Ticket, found: Vec<(RowId, String)>) -> Vec<Effect> {
    if let Some(Prompt::Ask(ask)) = &mut desk.prompt
        && ask.looks.take_if(|looks| *looks == ticket).is_some()
    {
        ask.similar = found;
    }
    Vec::new()
}

/// Enter goes to the first required question without an answer, else does it.
fn enter(desk: &mut Desk, rules: &Rules, press: Press) -> Vec<Effect> {
    if desk.saving.is_some() {
        return note::wait(desk, press);
    }
    if unread(desk, rules, press.at) {
        return Vec::new();
    }
    let Some(Prompt::Ask(ask)) = &mut desk.prompt else { return Vec::new() };
    if let Some(missing) = ask.answers.iter().position(|answer| answer.required && answer.line.text().trim().is_empty()) {
        let label = ask.answers[missing].label.clone();
        if missing != ask.focus || ask.answers.len() == 1 {
            ask.focus = missing;
        }
        desk.notice = Some(Notice::new(Tone::Refused, format!("it needs: {label}")));
        return Vec::new();
    }
    let Some(Prompt::Ask(ask)) = desk.prompt.take() else { return Vec::new() };
    match ask.act {
        Act::Me => return choose::me(desk, *ask, press),
        Act::Company => return questions::sign(desk, &ask, press),
        Act::AskRules => return super::rules::answered(desk, rules, *ask),
        Act::ImportFile => return imports::file(desk, rules, &ask),
        Act::Marked(_) => return bulk::preview(desk, rules, *ask),
        Act::Skip(_) => return serve::answered(desk, rules, &ask, press),
        Act::KeepProfile => return columns::keep(desk, ask),
        Act::KeepView => return keep::keep(desk, rules, *ask, press),
        Act::Quirk(_) | Act::PortalDown(..) => return book::enter(desk, rules, *ask, press),
        _ => {}
    }
    match questions::plan(desk, rules, &ask, SubjectId(press.fresh[1])) {
        Some(Ok(planned)) => {
            let text = questions::typed_text(&ask);
            let repeat = repeat::of_ask(&ask);
            let effects = saving::commit(desk, rules, planned, text, ask.draft, press);
            repeat::when_saved(desk, repeat);
            effects
        }
        Some(Err(refusal)) => {
            desk.notice = Some(Notice::from(&refusal.into()));
            desk.prompt = Some(Prompt::Ask(ask));
            Vec::new()
        }
        None => {
            desk.prompt = Some(Prompt::Ask(ask));
            Vec::new()
        }
    }
}

/// Nothing changes. The note that was typed for a disposition stays as the record's draft.
fn leave(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    if let Some(Prompt::Ask(ask)) = desk.prompt.take() {
        let words = match (&ask.draft, questions::typed_text(&ask)) {
            (Some(DraftKey::New), Some(_)) => format!("nothing was opened; what you typed is kept for the next {}", rules.key("new")),
            (Some(DraftKey::Subject(_)), Some(_)) => {
                format!("nothing changed; the note you typed is kept as the record's draft ({} opens it)", rules.key("note"))
            }
            (Some(_), Some(_)) => "nothing changed; what you typed is kept, and comes back with the same question".to_owned(),
            _ => "nothing changed".to_owned(),
        };
        desk.after_signing = None;
        desk.prompt = (ask.act == Act::KeepProfile).then_some(Prompt::Import);
        desk.notice = Some(Notice::new(Tone::Note, words));
        return book::back(desk, rules, &ask.act);
    }
    Vec::new()
}
