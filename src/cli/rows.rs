//! Which rows of the queue are meant, and in which order do they stand?

use std::collections::HashMap;

use super::home::Home;
use super::stop::Stop;
use crate::domain::day::Day;
use crate::domain::facts::Facts;
use crate::domain::id::SubjectId;
use crate::domain::playbook::Playbook;
use crate::domain::query::{Query, Row};
use crate::domain::text;
use crate::index::queue::{Queue, Standing, View};

/// Rows that are read at once.
const SLICE: usize = 50_000;

/// One row with its place in the order.
pub struct Ranked {
    pub facts: Facts,
    pub score: i32,
    pub standing: Standing,
}

/// QUERY, as its words came in.
pub fn query(words: &[String]) -> Result<Query, Stop> {
    Query::read(&words.join(" "))
        .map_err(|says| Stop::usage_hint(text::clean(&says).into_owned(), "QUERY is words, and utility: status: ball: owner:"))
}

/// The rows that pass, in queue order. Without a view: all open ones. Closed and ended ones come,
/// after them, only to a query that names their status.
pub fn ranked(home: &Home, query: &Query, view: Option<&View>) -> Result<Vec<Ranked>, Stop> {
    let playbook = home.playbook();
    let (today, now) = (home.today(), home.clock.local());
    let mut queue = Queue::new();
    let mut kept: HashMap<SubjectId, Facts> = HashMap::new();
    let mut over: Vec<Facts> = Vec::new();
    each(home, |facts| {
        if !matches(&facts, query, playbook) {
            return;
        }
        if playbook.workflow.is_open(&facts.status) {
            queue.put(&facts, playbook, today);
            kept.insert(facts.subject, facts);
        } else if query.status.is_some() && view.is_none() {
            over.push(facts);
        }
    })?;
    let me: Vec<&str> = [home.person.login.as_str(), home.person.name.as_str()].into_iter().filter(|name| !name.is_empty()).collect();
    let order = match view {
        Some(view) => queue.order(view, &me, playbook, now),
        None => queue.all(playbook, now),
    };
    let mut rows = Vec::with_capacity(order.len() + over.len());
    for id in order {
        let Some(row) = queue.row(id, playbook) else { continue };
        let Some(facts) = kept.remove(&row.subject) else { continue };
        rows.push(Ranked { facts, score: row.score, standing: queue.standing(id, playbook, now) });
    }
    over.sort_by(|one, other| one.reference.len().cmp(&other.reference.len()).then(one.reference.cmp(&other.reference)));
    rows.extend(over.into_iter().map(|facts| Ranked { score: score(&facts, playbook, today), facts, standing: Standing::Over }));
    Ok(rows)
}

/// Every application of the database, closed ones too.
pub fn each(home: &Home, mut each: impl FnMut(Facts)) -> Result<(), Stop> {
    let mut after = Some(0);
    while let Some(from) = after {
        after = home.store.slice(from, SLICE, &mut |_, facts| each(facts))?;
    }
    Ok(())
}

/// The score of one application, by the same rules as in the queue.
pub fn score(facts: &Facts, playbook: &Playbook, today: Day) -> i32 {
    let case = facts.case(playbook, today);
    crate::domain::priority::score(&case, &playbook.weights, &playbook.calendar, today)
}

fn matches(facts: &Facts, query: &Query, playbook: &Playbook) -> bool {
    if *query == Query::default() {
        return true;
    }
    let known = playbook.utility(&facts.utility);
    let (name, short) = known.map_or(("", ""), |utility| (utility.name.as_str(), utility.short.as_str()));
    let haystack = match query.words.is_empty() {
        true => String::new(),
        false => {
            let workflow = &playbook.workflow;
            let (status, ball) = (workflow.status_label(&facts.status), workflow.party_label(&facts.ball));
            let texts = [
                &facts.reference,
                &facts.number,
                &facts.customer,
                &facts.site,
                &facts.utility,
                &facts.owner,
                &facts.hold,
                &facts.last_note,
            ];
            let words = texts.into_iter().map(String::as_str).chain([short, status, ball, facts.task(playbook)]);
            text::fold(&words.collect::<Vec<_>>().join(" "))
        }
    };
    let row =
        Row { utility: &[&facts.utility, name, short], status: &facts.status, ball: &facts.ball, owner: &facts.owner, haystack: &haystack };
    query.matches(&row)
}
