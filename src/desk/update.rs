//! Routes a message to its family; no logic of its own.

use super::effect::Effect;
use super::model::{Desk, Rules};
use super::msg::Msg;
use super::notice::{Notice, Tone};
use super::prompt::Prompt;
use super::{
    ask, book, contact, copies, find, imports, join, key, loading, note, offers, pager, picker, query, queue, records, said, saving,
    template, views, words,
};

/// What a message does to the desk, and what has to be done outside for it.
pub fn update(desk: &mut Desk, rules: &Rules, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key { .. } => key::key(desk, rules, msg),
        Msg::Paste { text } => paste(desk, rules, &text),
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
        Msg::Offers(found) => offers::arrived(desk, found),
        Msg::Alike { subject, found } => join::found(desk, rules, subject, found),
        Msg::Contact { subject, others } => contact::found(desk, rules, subject, others),
        Msg::Said { words, found, more } => said::found(desk, &words, found, more),
        Msg::Notes(lines) => words::all_notes(desk, &lines),
        Msg::Synced(synced) => {
            desk.synced = Some(synced);
            Vec::new()
        }
        Msg::Trouble(failure) => {
            // What they waited for may never come.
            key::give_up_waiting(desk);
            desk.notice = Some(Notice::from(&failure));
            Vec::new()
        }
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
        Some(Prompt::Import | Prompt::Offers(_)) => {
            desk.notice = Some(Notice::new(Tone::Refused, "a paste is text, not keys, and there is no text to write here"));
            Vec::new()
        }
        Some(Prompt::Pager(_)) | None => {
            desk.notice = Some(Notice::new(Tone::Refused, "a paste over the queue is text, not keys: open a note with n and paste there"));
            Vec::new()
        }
    }
}
