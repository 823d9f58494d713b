//! The records read so far: the one under the cursor, and its neighbours ahead of time.

use std::collections::VecDeque;

use super::effect::Effect;
use super::key::give_up_waiting;
use super::model::{Desk, Rules};
use super::msg::Msg;
use super::notice::{Notice, Tone};
use super::prompt::{Item, Pick};
use super::update::update;
use super::{picker, queue, rank};
use crate::domain::application::Application;
use crate::domain::facts::Facts;
use crate::domain::id::{SubjectId, Uuid};

/// How many records are kept; the rest is read again when wanted.
const KEPT: usize = 24;

/// Asks for the record under the cursor and its neighbours, as far as they are not there yet.
pub(super) fn fetch(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let around = [desk.cursor, desk.cursor + 1, desk.cursor.wrapping_sub(1)];
    let rows = around.iter().filter_map(|place| desk.order.get(*place)).filter_map(|id| desk.queue.row(*id, &rules.playbook));
    let near: Vec<(SubjectId, i64)> = rows.map(|row| (row.subject, row.version)).collect();
    if desk.records.len() > KEPT {
        desk.records.retain(|subject, _| near.iter().any(|(near, _)| near == subject));
        desk.same_site.retain(|subject, _| near.iter().any(|(near, _)| near == subject));
    }
    let wanted: Vec<SubjectId> = near
        .into_iter()
        .filter(|(subject, version)| desk.records.get(subject).is_none_or(|record| record.version != *version))
        .map(|(subject, _)| subject)
        .collect();
    if wanted.is_empty() { Vec::new() } else { vec![Effect::Fetch(wanted)] }
}

/// A record came; keys that waited for it run now. One that is newer than its row brings the row
/// up to date: after a refused commit the list must not show what nobody has any more.
pub(super) fn arrived(desk: &mut Desk, rules: &Rules, record: Application) -> Vec<Effect> {
    let row = desk.queue.find(record.id).and_then(|id| desk.queue.row(id, &rules.playbook));
    if row.is_some_and(|row| row.version < record.version)
        && let Some(facts) = Facts::of(&record)
    {
        rank::put(desk, rules, &facts);
    }
    desk.records.insert(record.id, record);
    if desk.saving.is_none() && desk.current_record(rules).is_some() { run_waiting(desk, rules) } else { Vec::new() }
}

/// Which other applications its site has.
pub(super) fn same_site(desk: &mut Desk, subject: SubjectId, others: Vec<SubjectId>) -> Vec<Effect> {
    if others.is_empty() {
        desk.same_site.remove(&subject);
    } else {
        desk.same_site.insert(subject, others);
    }
    Vec::new()
}

/// The applications of the site, to go to one of them.
pub(super) fn choose_same_site(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let Some(record) = desk.current_record(rules).cloned() else { return Vec::new() };
    let workflow = &rules.playbook.workflow;
    let others = desk.same_site.get(&record.id).into_iter().flatten();
    let rows = others.filter_map(|subject| desk.queue.find(*subject)).filter_map(|id| desk.queue.row(id, &rules.playbook));
    let items: Vec<Item> = rows
        .map(|row| Item {
            value: row.subject.to_string(),
            label: format!("{} {}", row.reference, workflow.lane_label_of(row.status)),
            detail: format!("{}: {}", workflow.status_label(row.status), row.task),
            refused: None,
        })
        .collect();
    if items.is_empty() {
        let words = "no other application has the same project; e sets it (the field project)";
        desk.notice = Some(Notice::new(Tone::Note, words));
        return Vec::new();
    }
    picker::open(desk, Pick::SameSite, format!("applications of the same site as {}", record.reference()), None, items)
}

/// The record of that subject is gone to.
pub(super) fn chosen(desk: &mut Desk, rules: &Rules, value: &str) -> Vec<Effect> {
    let Some(subject) = Uuid::parse_str(value).ok().map(SubjectId) else { return Vec::new() };
    if desk.queue.find(subject).is_none() {
        desk.notice = Some(Notice::new(Tone::Note, "the record is not in the queue any more"));
        return Vec::new();
    }
    queue::go_to(desk, rules, subject);
    desk.moved_alone = true;
    fetch(desk, rules)
}

/// Runs the keys that waited, in their order. One of them may start another commit; the rest then
/// waits again.
pub(super) fn run_waiting(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let mut effects = Vec::new();
    if desk.waiting.is_empty() || desk.holds_keys() {
        return effects;
    }
    let mut rest: VecDeque<Msg> = std::mem::take(&mut desk.waiting).into();
    desk.dropped_at = None;
    while let Some(msg) = rest.pop_front() {
        effects.extend(update(desk, rules, msg));
        // One of them was refused: the rest was meant for what it would have opened. `$EDITOR` has
        // the keys now, and knows nothing of what was typed before it was there.
        if desk.dropped_at.is_some() || effects.iter().any(|effect| matches!(effect, Effect::Edit { .. })) {
            desk.waiting.extend(rest);
            give_up_waiting(desk);
            break;
        }
    }
    effects
}
