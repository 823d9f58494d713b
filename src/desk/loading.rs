//! What comes in by itself: rows at the start, other sessions' changes, the time.

use std::collections::BTreeMap;

use super::effect::Effect;
use super::key::give_up_waiting;
use super::model::{Desk, Rules};
use super::msg::Foreign;
use super::notice::{Notice, Tone};
use super::{ask, note, queue, records};
use crate::domain::day::{NaiveDateTime, short};
use crate::domain::facts::Facts;
use crate::domain::message::Person;
use crate::index::queue::{Standing, View};

/// Rows of the first load. The order may change only until the user's first key.
pub(super) fn rows(desk: &mut Desk, rules: &Rules, facts: &[Facts], last: bool) -> Vec<Effect> {
    let first = desk.queue.is_empty();
    let today = desk.today();
    for facts in facts {
        desk.queue.put(facts, &rules.playbook, today);
    }
    desk.loading = !last;
    if !(first || last) {
        return Vec::new();
    }
    let settle = !desk.moved || desk.order.is_empty();
    if settle {
        queue::reorder(desk, rules);
        if last {
            fall_back(desk, rules);
        }
    }
    queue::recount(desk, rules);
    let mut effects = records::fetch(desk, rules);
    if last {
        if !settle {
            desk.arrivals.new = desk.counts.workable.saturating_sub(desk.order.len());
        }
        let front: Vec<_> =
            desk.order.iter().take(500).filter_map(|id| desk.queue.row(*id, &rules.playbook)).map(|row| row.subject).collect();
        if !front.is_empty() {
            effects.push(Effect::SaveFront(front));
        }
        note::announce_drafts(desk, rules);
        effects.extend(ask_me_first(desk, rules));
    }
    effects
}

/// Rows whose clocks an agreement moved. Nothing moves under the cursor.
pub(super) fn reread(desk: &mut Desk, rules: &Rules, facts: &[Facts]) -> Vec<Effect> {
    let today = desk.today();
    for facts in facts {
        // What came in the meantime is newer than what was read.
        let row = desk.queue.find(facts.subject).and_then(|id| desk.queue.row(id, &rules.playbook));
        if row.is_some_and(|row| row.version <= facts.version) {
            desk.queue.put(facts, &rules.playbook, today);
        }
    }
    queue::recount(desk, rules);
    Vec::new()
}

/// The queue opens on mine; on the pool, then on the team, while mine is empty, and says so.
pub(super) fn fall_back(desk: &mut Desk, rules: &Rules) {
    if desk.view != View::Mine || !desk.order.is_empty() || desk.queue.is_empty() {
        return;
    }
    queue::recount(desk, rules);
    if desk.counts.away + desk.counts.held > 0 {
        return;
    }
    for (view, says) in [(View::Pool, "nothing is yours yet: showing the pool"), (View::Team, "nothing is yours yet: showing the team")] {
        desk.view = view;
        queue::reorder(desk, rules);
        if !desk.order.is_empty() {
            desk.notice = Some(Notice::new(Tone::Note, says));
            return;
        }
    }
    desk.view = View::Mine;
    queue::reorder(desk, rules);
}

/// A first start on a real queue asks the name and phone that messages are signed with.
fn ask_me_first(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    if desk.person.name.is_empty() && desk.prompt.is_none() && !rules.demo && !rules.database.is_empty() {
        ask::me(desk, rules)
    } else {
        Vec::new()
    }
}

pub(super) fn signed(desk: &mut Desk, rules: &Rules, person: Person, company: BTreeMap<String, String>) -> Vec<Effect> {
    let renamed = desk.person.name != person.name;
    desk.person = person;
    desk.company = company;
    if renamed && !desk.moved && !desk.loading {
        queue::reorder(desk, rules);
    }
    queue::recount(desk, rules);
    ask::signed(desk, rules)
}

/// Others' changes: rows change in place, nothing moves under the cursor, new ones are announced.
pub(super) fn foreign(desk: &mut Desk, rules: &Rules, foreign: Vec<Foreign>) -> Vec<Effect> {
    let here = desk.painted(rules).map(|seen| seen.subject);
    let today = desk.today();
    for change in foreign {
        // What an import of this session wrote comes this way too, and needs no word about whose it is.
        let by_me = change.by == desk.person.login;
        desk.records.remove(&change.subject);
        let Some(facts) = &change.facts else {
            desk.queue.remove(change.subject);
            if here == Some(change.subject) {
                // Keys that wait for this record would wait for ever.
                give_up_waiting(desk);
                desk.moved_alone = true;
                if !by_me {
                    desk.notice = Some(Notice::new(Tone::Note, format!("{} took this application back", change.by)));
                }
            }
            continue;
        };
        let known = desk.queue.find(change.subject).is_some();
        let row = desk.queue.put(facts, &rules.playbook, today);
        if here == Some(change.subject) && by_me {
            continue;
        }
        if here == Some(change.subject) {
            desk.notice = Some(Notice::new(Tone::Note, format!("{} changed {} just now", change.by, facts.reference)));
        } else if known {
            desk.arrivals.changed += 1;
        } else if desk.queue.standing(row, &rules.playbook, desk.now) == Standing::Workable {
            desk.arrivals.new += 1;
        }
    }
    if desk.order.is_empty() && desk.prompt.is_none() {
        queue::reorder(desk, rules);
    }
    queue::drop_removed(desk);
    queue::recount(desk, rules);
    records::fetch(desk, rules)
}

/// A minute or a day has passed: a follow-up with a time announces itself.
pub(super) fn time(desk: &mut Desk, rules: &Rules, now: NaiveDateTime) -> Vec<Effect> {
    let before = std::mem::replace(&mut desk.now, now);
    if before.date() != now.date() {
        desk.queue.rescore(&rules.playbook, now.date());
        desk.done = 0;
        desk.serve.skipped.clear();
        desk.notice = Some(Notice::new(Tone::Note, format!("it is {} now; R ranks again", short(now.date(), now.date()))));
        queue::recount(desk, rules);
        return Vec::new();
    }
    let come = desk.queue.announced(before, now).and_then(|id| desk.queue.row(id, &rules.playbook));
    if let Some(row) = come {
        let time = row.follow_up.and_then(|when| when.time).map(|time| time.format("%H:%M").to_string()).unwrap_or_default();
        desk.notice = Some(Notice::new(Tone::Note, format!("{time} has come for {} {}", row.reference, row.customer)).about(row.subject));
        queue::recount(desk, rules);
    }
    Vec::new()
}
