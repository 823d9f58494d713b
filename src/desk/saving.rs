//! One commit under way, what waits behind it, and what its answer does.

use super::effect::{Effect, Ticket};
use super::key::{Press, give_up_waiting};
use super::model::{Desk, Done, LastMessage, Rules, Saving, Way, Worked};
use super::msg::{Aside, Draft, Saved, Unsaved};
use super::notice::{Notice, Tone};
use super::prompt::{Ask, DraftKey};
use super::{ask, book, bulk, imports, ledger, offers, queue, rank, records, serve};
use crate::domain::event::Kind;
use crate::domain::id::{CommandId, SubjectId};
use crate::domain::plan::Planned;
use crate::domain::playbook::Then;

/// Sends a plan to the store. The prompt closes and the cursor moves on at once; the row keeps its
/// old values until the answer.
pub(super) fn commit(
    desk: &mut Desk,
    rules: &Rules,
    planned: Planned,
    text: Option<String>,
    draft: Option<DraftKey>,
    press: Press,
) -> Vec<Effect> {
    let command = CommandId(press.fresh[0]);
    let then = planned.then;
    let saving = Saving {
        ticket: take_ticket(desk),
        command,
        subject: Some(planned.change.subject),
        message: planned.message.clone(),
        text,
        draft,
        signing: None,
        then,
        touch: planned.kind == Kind::Touch,
        repeat: None,
        refused_behind: false,
        way: Way::Forward,
    };
    let ticket = saving.ticket;
    desk.saving = Some(saving);
    desk.prompt = None;
    let mut effects = vec![Effect::Commit { ticket, set: planned.into_set(command, &rules.playbook) }];
    effects.extend(ledger::end(desk, press.at));
    if then == Then::Next {
        effects.extend(serve::release(desk));
        effects.extend(queue::advance(desk, rules, press.at));
    }
    effects
}

pub(super) fn take_ticket(desk: &mut Desk) -> Ticket {
    let ticket = Ticket(desk.next_ticket);
    desk.next_ticket += 1;
    ticket
}

/// `u` and `ctrl-r`: the store knows what this session did last.
pub(super) fn undo(desk: &mut Desk, redo: bool, press: Press) -> Vec<Effect> {
    if desk.saving.is_some() {
        desk.notice = Some(Notice::new(Tone::Refused, "the last change is still being saved; press it again"));
        return Vec::new();
    }
    if let Some(says) = imports::running(desk) {
        desk.notice = Some(Notice::new(Tone::Refused, format!("{says}; nothing is undone before it has ended")));
        return Vec::new();
    }
    let command = CommandId(press.fresh[0]);
    let ticket = take_ticket(desk);
    let way = if redo { Way::Redo } else { Way::Undo };
    desk.saving = Some(bare(ticket, command, way));
    vec![if redo { Effect::Redo { ticket, command } } else { Effect::Undo { ticket, command } }]
}

/// A commit that is about no row of the queue.
pub(super) fn bare(ticket: Ticket, command: CommandId, way: Way) -> Saving {
    Saving {
        ticket,
        command,
        subject: None,
        message: None,
        text: None,
        draft: None,
        signing: None,
        then: Then::Stay,
        touch: false,
        repeat: None,
        refused_behind: false,
        way,
    }
}

pub(super) fn answered(desk: &mut Desk, rules: &Rules, ticket: Ticket, result: Result<Saved, Unsaved>) -> Vec<Effect> {
    let Some(saving) = desk.saving.take_if(|saving| saving.ticket == ticket) else { return Vec::new() };
    let way = saving.way;
    match result {
        Ok(saved) => {
            let did = saved.did.clone();
            let mut effects = saved_ok(desk, rules, saving, saved);
            imports::answered(desk, rules, ticket, Some(&did));
            effects.extend(offers::answered(desk, way, true));
            effects.extend(bulk::answered(desk, way, None));
            effects.extend(records::run_waiting(desk, rules));
            effects
        }
        Err(unsaved) => {
            give_up_waiting(desk);
            let mut effects = not_saved(desk, rules, &saving, &unsaved);
            // A page that somebody else changed is to be read before it is changed again.
            let reread = |ask: &Ask| matches!(unsaved, Unsaved::Stale { .. }) && book::about(&ask.act).is_some();
            if let Some(ask) = saving.signing.filter(|ask| !reread(ask)) {
                ask::not_signed(desk, *ask);
            }
            imports::answered(desk, rules, ticket, None);
            effects.extend(offers::answered(desk, way, false));
            effects.extend(bulk::answered(desk, way, Some(&unsaved)));
            effects.extend(records::fetch(desk, rules));
            effects
        }
    }
}

fn saved_ok(desk: &mut Desk, rules: &Rules, saving: Saving, saved: Saved) -> Vec<Effect> {
    take_in(desk, rules, &saving, &saved);
    queue::drop_removed(desk);
    let mut effects = Vec::new();
    if let Some(key) = &saving.draft
        // Somebody may be typing the next text of the same place already.
        && desk.drafts.get(key).is_none_or(|draft| saving.text.as_ref().is_none_or(|text| *text == draft.text))
    {
        desk.drafts.remove(key);
        effects.push(Effect::DropDraft(key.clone()));
    }
    match saving.way {
        Way::Forward => {
            desk.done += usize::from(saving.touch);
            desk.repeat = saving.repeat.clone().or(desk.repeat.take());
            // The words of the refusal stood for a blink: a row that was meant to be done and is not must not look like one that is.
            let behind = if saving.refused_behind { "; the keys behind it came before the next row could be read: not done" } else { "" };
            // Not covered by the words of a copy, then.
            let tone = if saving.refused_behind { Tone::Note } else { Tone::Done };
            desk.notice = Some(Notice::new(tone, format!("saved {}{behind}", saved.did)));
            if !saved.facts.is_empty() {
                desk.undoable.push(Done { did: saved.did.clone(), touch: saving.touch, message: saving.message.is_some() });
                desk.redoable.clear();
            }
            show_new(desk, rules, &saving, &saved);
        }
        way => went_back(desk, rules, way, &saved),
    }
    if let Some((subject, Some(facts))) = saved.facts.first()
        && let Some(rendered) = saving.message
    {
        effects.push(Effect::Copy { what: format!("message for {}", facts.reference), text: rendered.text() });
        desk.last_message = Some(LastMessage { subject: *subject, reference: facts.reference.clone(), rendered, next_part: 0 });
    }
    effects.extend(records::fetch(desk, rules));
    effects
}

/// The rows as they are on disk now.
fn take_in(desk: &mut Desk, rules: &Rules, saving: &Saving, saved: &Saved) {
    for (subject, facts) in &saved.facts {
        desk.records.remove(subject);
        match facts {
            Some(facts) => {
                rank::put(desk, rules, facts);
            }
            None => rank::remove(desk, rules, *subject),
        }
        if saving.way != Way::Forward {
            desk.worked.remove(subject);
        } else if saving.subject == Some(*subject) && saving.then == Then::Next {
            let did = saved.did.split_once(": ").map_or(&*saved.did, |(_, did)| did).to_owned();
            desk.worked.insert(*subject, Worked { did });
        }
    }
}

/// Undo and redo go back to their record.
fn went_back(desk: &mut Desk, rules: &Rules, way: Way, saved: &Saved) {
    let mut words = saved.did.clone();
    let mut had_message = false;
    match way {
        Way::Undo => {
            if let Some(done) = desk.undoable.pop() {
                had_message = done.message;
                desk.done = desk.done.saturating_sub(usize::from(done.touch));
                desk.redoable.push(done);
            }
            words.push_str(&format!("; {} brings it again", rules.key("redo")));
        }
        _ => {
            if let Some(done) = desk.redoable.pop() {
                desk.done += usize::from(done.touch);
                desk.undoable.push(done);
            }
        }
    }
    if let Some((subject, facts)) = saved.facts.first() {
        if had_message {
            // Its parts are nobody's any more.
            desk.last_message = desk.last_message.take().filter(|last| last.subject != *subject);
            words.push_str("; the message may already be sent");
        }
        if facts.is_some() {
            queue::go_to(desk, rules, *subject);
            (desk.moved_alone, desk.went_back) = (true, true);
        }
    }
    desk.notice = Some(Notice::new(Tone::Done, words));
}

/// A new application is shown where the cursor is, whatever the view.
fn show_new(desk: &mut Desk, rules: &Rules, saving: &Saving, saved: &Saved) {
    let is_new = |subject: &SubjectId| desk.queue.find(*subject).is_some_and(|row| !desk.order.contains(&row));
    if let Some((subject, Some(facts))) = saved
        .facts
        .first()
        .filter(|(subject, facts)| saving.subject == Some(*subject) && facts.as_ref().is_some_and(|facts| facts.version == 1))
        && is_new(subject)
    {
        desk.worked.remove(&facts.subject);
        desk.notice = Some(Notice::new(Tone::Done, format!("{} is open: {}", facts.reference, facts.site)));
        queue::go_to(desk, rules, *subject);
        desk.moved_alone = true;
    }
}

/// Nothing was written. A note's text waits as the draft of its own record; nothing pops up over
/// what is being typed now.
fn not_saved(desk: &mut Desk, rules: &Rules, saving: &Saving, unsaved: &Unsaved) -> Vec<Effect> {
    // Of several records it is the one that somebody changed which is named.
    let about = match unsaved {
        Unsaved::Stale { subject, .. } if saving.subject.is_some() => Some(*subject),
        _ => saving.subject,
    };
    let row = about.and_then(|subject| desk.queue.find(subject)).and_then(|id| desk.queue.row(id, &rules.playbook));
    let nothing = || match &saving.draft {
        Some(DraftKey::Message(name)) => format!("message {name}"),
        _ => saving.signing.as_ref().and_then(|ask| book::about(&ask.act)).unwrap_or("it").to_owned(),
    };
    let name =
        row.map_or_else(nothing, |row| format!("{} {}", row.reference, if row.customer.is_empty() { row.site } else { row.customer }));
    let new = format!("; what you typed waits for the next {}", rules.key("new"));
    let waits = match saving.draft.as_ref().filter(|_| saving.text.is_some()) {
        Some(DraftKey::Subject(_)) => "; the text waits there as a draft",
        Some(DraftKey::Answers(..)) => "; what you typed waits there, in the same question",
        Some(DraftKey::Message(_)) => "; what you typed waits in the editor",
        Some(DraftKey::New) => new.as_str(),
        None => "",
    };
    let mut notice = match unsaved {
        Unsaved::Stale { by, what, .. } => {
            Notice::new(Tone::Refused, format!("not saved: {by} changed {what} of {name} since you saw it{waits}"))
        }
        Unsaved::Failed(failure) => {
            let mut notice = Notice::from(failure);
            if saving.way == Way::Forward {
                let about = if saving.subject.is_some() { format!(" for {name}") } else { String::new() };
                notice.text = format!("not saved{about}: {}{waits}", notice.text);
            }
            notice
        }
    };
    notice.about = about;
    desk.notice = Some(notice);
    for subject in saving.subject.into_iter().chain(about) {
        desk.records.remove(&subject);
    }
    // It was let go of when it was sent.
    match (&saving.draft, &saving.text) {
        (Some(key), Some(text)) if !desk.drafts.contains_key(key) => {
            let draft = Draft { key: key.clone(), text: text.clone(), cursor: (0, 0), aside: Aside::default() };
            desk.drafts.insert(key.clone(), draft.clone());
            vec![Effect::SaveDraft(draft)]
        }
        _ => Vec::new(),
    }
}
