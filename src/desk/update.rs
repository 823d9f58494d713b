//! Routes a message to its family; no logic of its own.

use super::effect::Effect;
use super::model::{Desk, Rules};
use super::msg::Msg;
use super::notice::{Notice, Tone};
use super::prompt::Prompt;
use super::{
    ask, book, bulk, choose, contact, copies, drill, find, imports, join, key, ledger, loading, note, offers, pager, picker, query, queue,
    rank, records, room, saving, serve, template, views, words,
};

/// What a message does to the desk, and what has to be done outside for it.
pub fn update(desk: &mut Desk, rules: &Rules, msg: Msg) -> Vec<Effect> {
    let (before, said) = (drill::before(desk, &msg), desk.notice.clone());
    let mut effects = route(desk, rules, msg);
    if effects.iter().any(|effect| matches!(effect, Effect::Copy { .. } | Effect::CopyNotes)) {
        desk.copies.said_before = said;
    }
    if std::mem::take(&mut desk.counts_are_old) {
        effects.push(rank::count(desk, None));
    }
    if let Some(before) = before {
        drill::after(desk, rules, before, &effects);
    }
    effects
}

fn route(desk: &mut Desk, rules: &Rules, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key { key, .. } => {
            let effects = key::key(desk, rules, msg);
            if key.text().is_some() {
                room::say(desk);
            }
            effects
        }
        Msg::Paste { text } => paste(desk, rules, &text),
        Msg::PasteGoesOn { text } => paste_on(desk, rules, &text),
        Msg::Resized { width, height } => {
            (desk.width, desk.height) = (width, height);
            queue::keep_in_view(desk);
            imports::rebuild(desk, rules);
            Vec::new()
        }
        Msg::Time { now, .. } => loading::time(desk, rules, now),
        Msg::Signed { person, company } => loading::signed(desk, rules, person, company),
        // They are rules, which whoever calls this holds.
        Msg::Messages(_) | Msg::Utilities(_) | Msg::Observed(_) => Vec::new(),
        Msg::Views(team) => views::told(desk, rules, team),
        Msg::OwnView(result) => views::own(desk, result),
        Msg::Idle => {
            views::count(desk, rules);
            Vec::new()
        }
        Msg::UtilitiesChanged { stopped } => book::changed(desk, rules, &stopped),
        Msg::Turnaround { utility, applications } => book::told(desk, rules, &utility, applications),
        Msg::Reread(facts) => loading::reread(desk, rules, &facts),
        Msg::Expected(rows) => {
            desk.queue.expect(rows);
            Vec::new()
        }
        Msg::Block { block, last } => loading::block(desk, rules, *block, last),
        Msg::Ranked { ticket, ranked } => rank::ranked(desk, rules, ticket, *ranked),
        Msg::Counted { asked, counts, generation, come } => rank::counted(desk, rules, &asked, counts, generation, come),
        Msg::Found { ticket, hits, total } => find::found(desk, rules, ticket, hits, total),
        Msg::Similar { ticket, found } => ask::similar(desk, ticket, found),
        Msg::Rows { facts, last } => loading::rows(desk, rules, &facts, last),
        Msg::Foreign(foreign) => loading::foreign(desk, rules, foreign),
        Msg::SameSite { subject, others } => records::same_site(desk, subject, others),
        Msg::Record(record) => records::arrived(desk, rules, *record),
        Msg::History { subject, events } => pager::history(desk, rules, subject, &events),
        Msg::Committed { ticket, result } => saving::answered(desk, rules, ticket, result),
        Msg::Copied(copied) => copies::copied(desk, rules, copied),
        Msg::Drafts(drafts) => note::drafts(desk, rules, drafts),
        Msg::Edited(result) => note::edited(desk, rules, result),
        Msg::Seen(result) => imports::seen(desk, rules, *result),
        Msg::Tried(result) => imports::tried(desk, rules, *result),
        Msg::Importing { done, of } => imports::importing(desk, done, of),
        Msg::Imported { report, stopped } => imports::imported(desk, rules, *report, stopped),
        Msg::ProfileKept(result) => imports::profile_kept(desk, result),
        Msg::Trouble(failure) => {
            // What they waited for may never come.
            key::give_up_waiting(desk);
            desk.notice = Some(Notice::from(&failure));
            Vec::new()
        }
        other => answered(desk, rules, other),
    }
}

/// What was asked for, and comes.
fn answered(desk: &mut Desk, rules: &Rules, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Marked { asked, found } => bulk::arrived(desk, rules, &asked, found),
        Msg::Served(subject) => serve::served(desk, rules, subject),
        Msg::Held(held) => serve::held(desk, rules, held),
        Msg::Skips(skips) => serve::told(desk, skips),
        Msg::NoLeases(why) => {
            desk.serve.off = why;
            Vec::new()
        }
        Msg::Offers(found) => offers::arrived(desk, found),
        Msg::Alike { subject, found } => join::found(desk, rules, subject, found),
        Msg::Contact { subject, others } => contact::found(desk, rules, subject, others),
        Msg::Said { ticket, found, beyond } => find::said(desk, rules, ticket, found, beyond),
        Msg::Notes(lines) => words::all_notes(desk, &lines),
        Msg::Costs(entries) => ledger::page(desk, rules, &entries),
        Msg::Themes { names, now } => choose::themes(desk, &names, &now),
        Msg::Chosen { taste, value } => choose::chosen(desk, rules, taste, &value),
        Msg::Synced(synced) => {
            desk.synced = Some(synced);
            Vec::new()
        }
        // The others are routed above.
        _ => Vec::new(),
    }
}

/// A paste goes into an open text field; cells over the queue are an import; anything else is refused,
/// and never keys.
fn paste(desk: &mut Desk, rules: &Rules, text: &str) -> Vec<Effect> {
    if !desk.waiting.is_empty() {
        desk.waiting.push(Msg::Paste { text: text.to_owned() });
        return Vec::new();
    }
    match desk.prompt {
        Some(Prompt::Note(_)) => note::paste(desk, rules, text),
        Some(Prompt::Ask(_)) => ask::paste(desk, rules, text),
        Some(Prompt::Picker(_)) => picker::paste(desk, text),
        Some(Prompt::Find(_)) => find::paste(desk, rules, text),
        Some(Prompt::Template(_)) => template::paste(desk, rules, text),
        Some(Prompt::Query(_)) => query::paste(desk, rules, text),
        None if imports::is_cells(text) => imports::cells(desk, rules, text),
        Some(Prompt::Import | Prompt::Offers(_) | Prompt::Bulk(_)) => {
            desk.notice = Some(Notice::new(Tone::Refused, "a paste is text, not keys, and there is no text to write here"));
            Vec::new()
        }
        Some(Prompt::Pager(_)) | None => {
            let words = format!("a paste over the queue is text, not keys: open a note with {} and paste there", rules.key("note"));
            desk.notice = Some(Notice::new(Tone::Refused, words));
            Vec::new()
        }
    }
}

/// More of a paste that the terminal did not mark and that came in pieces. Where its beginning found no room its end is not
/// taken for another one; where its end finds none, its beginning is all there is, and that is said.
fn paste_on(desk: &mut Desk, rules: &Rules, text: &str) -> Vec<Effect> {
    if matches!(desk.prompt, Some(Prompt::Import)) {
        let words = "the terminal sent that paste in pieces, and only the first is here: esc leaves it; read the rows in as a file";
        desk.notice = Some(Notice::new(Tone::Refused, words));
        return Vec::new();
    }
    if room::is_full(desk) {
        return Vec::new();
    }
    let effects = paste(desk, rules, text);
    if room::is_full(desk) {
        desk.notice = Some(room::cut_off());
    }
    effects
}
