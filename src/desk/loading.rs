//! What comes in by itself: rows at the start, other sessions' changes, the time.

use std::collections::BTreeMap;

use super::effect::Effect;
use super::key::give_up_waiting;
use super::model::{Desk, Rules};
use super::msg::Foreign;
use super::notice::{Notice, Tone};
use super::prompt::Prompt;
use super::rank::{self, Why};
use super::{ask, note, query, queue, records};
use crate::domain::day::{NaiveDateTime, short};
use crate::domain::facts::Facts;
use crate::domain::message::Person;
use crate::index::block::Block;
use crate::index::order::Moment;
use crate::index::queue::Standing;

/// The first rows: the front of the last ranking. The order may change only until the user's first key.
pub(super) fn rows(desk: &mut Desk, rules: &Rules, facts: &[Facts], last: bool) -> Vec<Effect> {
    let first = desk.queue.is_empty();
    for facts in facts {
        rank::put(desk, rules, facts);
    }
    if last {
        return loaded(desk, rules);
    }
    if first {
        let view = desk.view.clone();
        return rank::ask(desk, rules, Why::FirstRows, vec![view]);
    }
    Vec::new()
}

/// Rows that were made ready elsewhere.
pub(super) fn block(desk: &mut Desk, rules: &Rules, block: Block, last: bool) -> Vec<Effect> {
    let first = desk.queue.is_empty();
    desk.queue.absorb(block, &rules.playbook);
    match (first, last) {
        (_, true) => loaded(desk, rules),
        (true, _) => rank::ask(desk, rules, Why::FirstRows, vec![desk.view.clone()]),
        _ => Vec::new(),
    }
}

fn loaded(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let views = rank::fallbacks(desk);
    rank::ask(desk, rules, Why::Loaded, views)
}

/// Rows whose clocks an agreement moved. Nothing moves under the cursor.
pub(super) fn reread(desk: &mut Desk, rules: &Rules, facts: &[Facts]) -> Vec<Effect> {
    for facts in facts {
        // What came in the meantime is newer than what was read.
        let row = desk.queue.find(facts.subject).and_then(|id| desk.queue.row(id, &rules.playbook));
        if row.is_some_and(|row| row.version <= facts.version) {
            rank::put(desk, rules, facts);
        }
    }
    Vec::new()
}

/// A first start on a real queue asks the name and phone that messages are signed with.
pub(super) fn ask_me_first(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
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
    let mut effects = ask::signed(desk, rules);
    if renamed && !desk.moved && !desk.loading {
        let view = desk.view.clone();
        effects.extend(rank::ask(desk, rules, Why::Empty, vec![view]));
    } else {
        effects.push(rank::count(desk, None));
    }
    effects
}

/// Others' changes: rows change in place, nothing moves under the cursor, new ones are announced.
pub(super) fn foreign(desk: &mut Desk, rules: &Rules, foreign: Vec<Foreign>) -> Vec<Effect> {
    let here = desk.painted(rules).map(|seen| seen.subject);
    for change in foreign {
        // What an import of this session wrote comes this way too, and needs no word about whose it is.
        let by_me = change.by == desk.person.login;
        desk.records.remove(&change.subject);
        let Some(facts) = &change.facts else {
            rank::remove(desk, rules, change.subject);
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
        let row = rank::put(desk, rules, facts);
        if here == Some(change.subject) && by_me {
            continue;
        }
        if here == Some(change.subject) {
            desk.notice = Some(Notice::new(Tone::Note, format!("{} changed {} just now", change.by, facts.reference)));
        } else if known {
            desk.arrivals.changed += 1;
        } else if desk.queue.standing(row, &Moment::of(&desk.queue, &rules.playbook, desk.now)) == Standing::Workable {
            desk.arrivals.new += 1;
        }
    }
    queue::drop_removed(desk);
    let mut effects = records::fetch(desk, rules);
    if desk.order.is_empty() && desk.prompt.is_none() && desk.ranking.is_none() {
        let view = desk.view.clone();
        effects.extend(rank::ask(desk, rules, Why::Empty, vec![view]));
    }
    effects
}

/// A minute or a day has passed: a follow-up with a time announces itself.
pub(super) fn time(desk: &mut Desk, rules: &Rules, now: NaiveDateTime) -> Vec<Effect> {
    let before = std::mem::replace(&mut desk.now, now);
    if before.date() != now.date() {
        desk.done = 0;
        desk.serve.skipped.clear();
        desk.notice = Some(Notice::new(Tone::Note, format!("it is {} now; R ranks again", short(now.date(), now.date()))));
        let mut effects = told_anew(desk, rules);
        let view = desk.view.clone();
        effects.extend(rank::ask(desk, rules, Why::Day, vec![view]));
        return effects;
    }
    vec![rank::count(desk, Some(before))]
}

/// What is open says what it will do from the new day on: Enter plans by it.
fn told_anew(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    match desk.prompt {
        Some(Prompt::Note(_)) => note::refresh(desk, rules),
        Some(Prompt::Ask(_)) => return ask::refresh(desk, rules),
        Some(Prompt::Query(_)) => _ = query::read(desk, rules),
        _ => {}
    }
    Vec::new()
}
