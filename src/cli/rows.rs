//! Which rows of the queue are meant, and in which order do they stand?

use std::collections::HashMap;

use super::args;
use super::home::Home;
use super::stop::Stop;
use super::views;
use crate::domain::day::Day;
use crate::domain::facts::Facts;
use crate::domain::id::SubjectId;
use crate::domain::playbook::Playbook;
use crate::domain::query::{self, Context, Group, Query};
use crate::index::grouped;
use crate::index::order::Moment;
use crate::index::queue::{Queue, Standing, View};
use crate::index::select::Selection;

/// Rows that are read at once.
const SLICE: usize = 50_000;
/// Above so many the whole queue is read once more, instead of each row by itself.
const FEW: usize = 2_000;
/// As much of a query as a line shows around its fault.
const EXCERPT: usize = 60;

/// One row with its place in the order.
pub struct Ranked {
    pub facts: Facts,
    pub score: i32,
    pub standing: Standing,
    /// It is the first of its group: the words of its head, and how many rows there are.
    pub head: Option<(String, usize)>,
}

/// Which rows, and how they are to stand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    pub view: View,
    /// No view was named: every open row.
    pub everything: bool,
    pub selection: Selection,
}

/// QUERY as its words came in. The shell took the quotes of a word with spaces among others; it gets them back.
fn joined(words: &[String]) -> String {
    let one = |word: &String| match words.len() > 1 && word.contains(char::is_whitespace) && !word.contains('"') {
        true => {
            let start = word.find([':', '=', '<', '>']).filter(|sign| !word[..*sign].contains(char::is_whitespace));
            let start = start.map_or(usize::from(word.starts_with(['-', '!'])), |sign| {
                word.len() - word[sign..].trim_start_matches([':', '=', '<', '>']).len()
            });
            format!("{}\"{}\"", &word[..start], &word[start..])
        }
        false => word.clone(),
    };
    words.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// A query, or the place in it that cannot be meant.
pub fn read(text: &str, home: &Home) -> Result<Query, Stop> {
    Query::read(text, &Context { playbook: home.playbook(), today: home.today() }).map_err(|fault| {
        let (excerpt, at) = fault.excerpt(text, EXCERPT);
        Stop::query(fault.says, excerpt, at)
    })
}

/// What `list` and `export` were asked for.
pub fn wanted(which: &args::Which, group: Option<Group>, home: &Home) -> Result<Wanted, Stop> {
    let kept = which.view.as_deref().map(|name| views::find(name, home)).transpose()?;
    let mut wanted = Wanted { view: View::Team, everything: kept.is_none(), selection: Selection { group, ..Selection::default() } };
    let mut text = joined(&which.query);
    if let Some(kept) = kept {
        wanted.view = kept.rows.into();
        wanted.selection.sort = kept.sort;
        wanted.selection.group = group.or(kept.group);
        text = format!("{} {text}", kept.query);
    }
    if let Some(sort) = &which.sort {
        wanted.selection.sort = query::read_sort(sort).map_err(Stop::usage)?;
    }
    wanted.selection.query = read(text.trim(), home)?;
    Ok(wanted)
}

/// The rows that pass, in the order that is wanted. Closed and ended ones come, after the others, only to a query that
/// names their status.
///
/// The queue is held packed, as a session holds it; only the facts of rows that are wanted are read in full.
pub fn ranked(home: &Home, wanted: &Wanted, limit: usize) -> Result<(Vec<Ranked>, usize), Stop> {
    let playbook = home.playbook();
    let (today, now) = (home.today(), home.clock.local());
    let mut queue = Queue::new();
    each(home, |facts| {
        queue.put(&facts, playbook, today);
    })?;
    let me: Vec<&str> = [home.person.login.as_str(), home.person.name.as_str()].into_iter().filter(|name| !name.is_empty()).collect();
    let all = wanted.everything && wanted.selection.query.is_empty();
    let mut selected = match all {
        true => queue.arrange(queue.all(playbook, now), &wanted.selection, playbook),
        false => queue.select(&wanted.view, &wanted.selection, &me, playbook, now),
    };
    let found = selected.rows.len();
    selected.rows.truncate(limit);
    let subjects: Vec<SubjectId> = selected.rows.iter().filter_map(|id| queue.row(*id, playbook)).map(|row| row.subject).collect();
    let mut facts = facts_of(home, &subjects)?;
    let mut rows = Vec::with_capacity(subjects.len());
    let moment = Moment::of(&queue, playbook, now);
    for id in selected.rows {
        let Some(row) = queue.row(id, playbook) else { continue };
        let Some(facts) = facts.remove(&row.subject) else { continue };
        let head = selected.heads.get(&id).zip(wanted.selection.group);
        let head = head.map(|(count, group)| (grouped::head(&queue, id, group, playbook), *count));
        rows.push(Ranked { facts, score: row.score, standing: queue.standing(id, &moment), head });
    }
    Ok((rows, found))
}

fn facts_of(home: &Home, subjects: &[SubjectId]) -> Result<HashMap<SubjectId, Facts>, Stop> {
    if subjects.len() <= FEW {
        let found = home.store.facts(subjects)?;
        return Ok(found.into_iter().flatten().map(|facts| (facts.subject, facts)).collect());
    }
    let mut kept: HashMap<SubjectId, Option<Facts>> = subjects.iter().map(|subject| (*subject, None)).collect();
    each(home, |facts| {
        if let Some(place) = kept.get_mut(&facts.subject) {
            *place = Some(facts);
        }
    })?;
    Ok(kept.into_iter().filter_map(|(subject, facts)| Some((subject, facts?))).collect())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_shell_unquoted_is_quoted_again() {
        let words = |words: &[&str]| joined(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(words(&["utility:rmp", "meter swap"]), "utility:rmp \"meter swap\"");
        assert_eq!(words(&["utility:rocky mountain", "!old note", "oak"]), "utility:\"rocky mountain\" !\"old note\" oak");
        assert_eq!(words(&["utility:rmp meter swap"]), "utility:rmp meter swap", "one word is a whole query");
        assert_eq!(words(&["due<=next tue", "a \"b c\""]), "due<=\"next tue\" a \"b c\"");
    }
}
