//! A ranking as a piece of work for another thread: scores, order and counts, on shared rows.

use std::collections::HashMap;
use std::sync::Arc;

use super::order::{Moment, Whose, key_of};
use super::queue::{Counts, Scores, View};
use super::rows::Rows;
use super::select::Selection;
use super::{Hands, RowId};
use super::{chunk, in_parts};
use crate::domain::day::NaiveDateTime;
use crate::domain::playbook::Playbook;

/// What is to be ranked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    /// The first of these that has something for this person is taken, else the first.
    pub views: Vec<View>,
    /// By what it is narrowed, sorted and grouped.
    pub selection: Selection,
    /// The names that mean this person.
    pub me: Vec<String>,
    pub now: NaiveDateTime,
    /// The day or the rules have changed: score anew.
    pub rescore: bool,
}

/// The answer.
#[derive(Debug)]
pub struct Ranked {
    pub view: View,
    pub order: Vec<RowId>,
    /// The first row of each group, with how many it has.
    pub heads: HashMap<RowId, usize>,
    /// How many rows have no value to be sorted by.
    pub without: usize,
    /// `false`: only the first rows, because somebody is looking at the screen; the whole follows.
    pub whole: bool,
    pub counts: Counts,
    pub scores: Option<Scores>,
    /// Of the rows that were ranked.
    pub generation: u64,
}

/// So many rows come first when the whole takes longer than a frame.
const FRONT: usize = 500;
/// Fewer rows are sorted before anybody notices. Tests go both ways with few.
const LARGE: usize = if cfg!(test) { 1_000 } else { 50_000 };

/// Ranks. `front` gets the first rows of a large queue before the rest is sorted.
pub fn rank(mut rows: Rows, asked: &Asked, playbook: &Playbook, hands: Hands<'_>, front: &mut dyn FnMut(Ranked)) -> Ranked {
    let scores = asked.rescore.then(|| {
        let scores = score(&rows, playbook, asked, hands);
        rows.scores = scores.0.iter().map(|(_, scores)| Arc::clone(scores)).collect();
        scores
    });
    if !asked.selection.is_plain() {
        return narrowed(&rows, asked, playbook, scores);
    }
    let mut told = Told { view: View::Team, keys: Vec::new(), counts: Counts::default() };
    for (idx, view) in asked.views.iter().enumerate() {
        let next = keys(&rows, view, asked, playbook, hands);
        let has_something = !next.keys.is_empty() || *view == View::Mine && next.counts.away + next.counts.held > 0;
        if idx == 0 || has_something {
            told = next;
        }
        if has_something {
            break;
        }
    }
    let answer = |order: Vec<RowId>, whole: bool, scores: Option<Scores>| Ranked {
        view: told.view.clone(),
        order,
        heads: HashMap::new(),
        without: 0,
        whole,
        counts: told.counts,
        scores,
        generation: rows.generation,
    };
    let mut keys = std::mem::take(&mut told.keys);
    if keys.len() > LARGE {
        keys.select_nth_unstable(FRONT);
        front(answer(rows.sorted(keys[..FRONT].to_vec()), false, None));
    }
    answer(rows.sorted(keys), true, scores)
}

/// A view that is narrowed, sorted or grouped.
fn narrowed(rows: &Rows, asked: &Asked, playbook: &Playbook, scores: Option<Scores>) -> Ranked {
    let me: Vec<&str> = asked.me.iter().map(String::as_str).collect();
    let view = asked.views.first().cloned().unwrap_or(View::Team);
    let selected = rows.select(&view, &asked.selection, &me, playbook, asked.now);
    let counts = match asked.selection.query.is_empty() {
        true => rows.counts(&view, &me, playbook, asked.now),
        false => rows.counts_of(&view, &asked.selection.query, &me, playbook, asked.now),
    };
    Ranked {
        view,
        order: selected.rows,
        heads: selected.heads,
        without: selected.without,
        whole: true,
        counts,
        scores,
        generation: rows.generation,
    }
}

/// How many rows of a view there are, and which follow-up with an hour has come since `before`.
pub fn count(rows: &Rows, asked: &Asked, before: Option<NaiveDateTime>, playbook: &Playbook, hands: Hands<'_>) -> (Counts, Option<RowId>) {
    let me: Vec<&str> = asked.me.iter().map(String::as_str).collect();
    let view = asked.views.first().unwrap_or(&View::Team);
    let come = before.and_then(|before| rows.announced(before, asked.now));
    if !asked.selection.query.is_empty() {
        return (rows.counts_of(view, &asked.selection.query, &me, playbook, asked.now), come);
    }
    let whose = Whose::of(view, &me, &rows.owners);
    let moment = Moment::of(rows, playbook, asked.now);
    let parts = in_parts(hands, rows.len(), |part, of| {
        let mut counts = Counts::default();
        for chunk in (part..rows.chunks.len()).step_by(of) {
            for (_, row) in rows.live_rows_of(chunk).filter(|(_, row)| whose.has(row)) {
                counts.add(moment.count(row, rows.is_open(row)));
            }
        }
        counts
    });
    let mut counts = Counts::default();
    parts.into_iter().for_each(|part| counts.add(part));
    (counts, come)
}

struct Told {
    view: View,
    keys: Vec<u128>,
    counts: Counts,
}

fn score(rows: &Rows, playbook: &Playbook, asked: &Asked, hands: Hands<'_>) -> Scores {
    let of_part = |part: usize, of: usize| -> Vec<(u64, Arc<Vec<i32>>)> {
        let chunks = (part..rows.chunks.len()).step_by(of);
        chunks.map(|at| (rows.chunks[at].stamp, Arc::new(rows.scores_of(at, playbook, asked.now.date())))).collect()
    };
    let mut parts: Vec<_> = in_parts(hands, rows.len(), of_part).into_iter().map(Vec::into_iter).collect();
    let of = parts.len();
    Scores((0..rows.chunks.len()).filter_map(|at| parts[at % of].next()).collect())
}

/// What the rows of a view are sorted by, in no order yet, and the counts of the same pass.
fn keys(rows: &Rows, view: &View, asked: &Asked, playbook: &Playbook, hands: Hands<'_>) -> Told {
    let me: Vec<&str> = asked.me.iter().map(String::as_str).collect();
    let whose = Whose::of(view, &me, &rows.owners);
    let moment = Moment::of(rows, playbook, asked.now);
    let parts = in_parts(hands, rows.len(), |part, of| {
        let (mut keys, mut counts) = (Vec::with_capacity(rows.len() / of + chunk::SIZE), Counts::default());
        for chunk in (part..rows.chunks.len()).step_by(of) {
            for (id, row) in rows.live_rows_of(chunk).filter(|(_, row)| whose.has(row)) {
                let place = moment.standing(row, rows.is_open(row));
                counts.add(moment.count_at(row, place));
                keys.extend(key_of(view, place, rows.score(id), row, id));
            }
        }
        (keys, counts)
    });
    let mut told = Told { view: view.clone(), keys: Vec::new(), counts: Counts::default() };
    for (keys, counts) in parts {
        told.counts.add(counts);
        if told.keys.is_empty() { told.keys = keys } else { told.keys.extend(keys) }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::super::testing::{at, facts, playbook, queue_of, today};
    use super::super::{one_hand, queue::Queue};
    use super::*;
    use crate::domain::facts::Facts;

    fn asked(views: &[View], rescore: bool) -> Asked {
        Asked { views: views.to_vec(), selection: Selection::default(), me: vec!["dana".into()], now: at(9, 0), rescore }
    }

    fn ranked(queue: &Queue, asked: &Asked) -> Ranked {
        rank(queue.share(), asked, &playbook(), &one_hand, &mut |_| panic!("so few rows have no front"))
    }

    #[test]
    fn a_ranking_is_the_order_and_the_counts() {
        let queue = queue_of(&[
            Facts { owner: "dana".into(), hold: "roof".into(), ..facts(1) },
            Facts { escalated: true, ..facts(2) },
            Facts { owner: "kim".into(), ..facts(3) },
        ]);
        for view in [View::Mine, View::Team, View::Pool, View::Away] {
            let told = ranked(&queue, &asked(std::slice::from_ref(&view), true));
            assert_eq!(told.order, queue.order(&view, &["dana"], &playbook(), at(9, 0)), "{view:?}");
            assert_eq!(told.counts, queue.counts(&view, &["dana"], &playbook(), at(9, 0)), "{view:?}");
            assert_eq!(told.counts, count(&queue, &asked(&[view], false), None, &playbook(), &one_hand).0);
        }
    }

    #[test]
    fn the_first_view_that_has_something_is_shown() {
        let all = [View::Mine, View::Pool, View::Team];
        let view = |rows: &[Facts]| ranked(&queue_of(rows), &asked(&all, false)).view;
        let of = |owner: &str| Facts { owner: owner.into(), ..facts(1) };
        assert_eq!(view(&[of("dana")]), View::Mine);
        assert_eq!(view(&[Facts { hold: "roof".into(), ..of("dana") }]), View::Mine, "mine is not empty, only away");
        assert_eq!(view(&[of("")]), View::Pool);
        assert_eq!(view(&[of("kim")]), View::Team);
        assert_eq!(view(&[]), View::Mine);
    }

    #[test]
    fn scores_that_came_too_late_are_made_again() {
        let mut queue = queue_of(&[facts(1), Facts { escalated: true, ..facts(2) }]);
        let shared = queue.share();
        let changed = queue.put(&Facts { escalated: true, ..facts(1) }, &playbook(), today());
        let wanted = queue.row(changed, &playbook()).map(|row| row.score);
        let told = rank(shared, &asked(&[View::Team], true), &playbook(), &one_hand, &mut |_| {});
        queue.take_scores(told.scores.expect("asked for"), &playbook(), today());
        assert_eq!(queue.row(changed, &playbook()).map(|row| row.score), wanted);
    }

    #[test]
    fn a_large_queue_shows_its_front_first() {
        let mut queue = Queue::new();
        for n in 0..(LARGE as u32 + 10) {
            queue.put(&Facts { vip: (n % 7) as u8, ..facts(n) }, &playbook(), today());
        }
        let mut front = Vec::new();
        let told = rank(queue.share(), &asked(&[View::Team], false), &playbook(), &one_hand, &mut |ranked| front.push(ranked));
        assert_eq!(front.len(), 1);
        assert!(!front[0].whole && told.whole);
        assert_eq!(front[0].order, told.order[..FRONT]);
        assert_eq!(front[0].counts, told.counts);
        assert_eq!(told.order, queue.order(&View::Team, &[], &playbook(), at(9, 0)));
    }
}
