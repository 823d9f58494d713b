//! In which order is a view worked with the fewest changes between portals, or between contacts?
//!
//! What a clock makes urgent keeps its place in front; only the rest is put together.

use std::collections::HashMap;

use super::RowId;
use super::row::{self, Packed, ShortDay};
use super::rows::Rows;
use crate::domain::day::Day;
use crate::domain::text::fold;

/// What is put together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum By {
    /// The utility in whose portal the next step is done, or looked up.
    Portal,
    /// The customer.
    Contact,
}

/// An order, and how often one changes from one portal or contact to another in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Batched {
    pub order: Vec<RowId>,
    /// In the order that it was made of.
    pub before: usize,
    pub after: usize,
}

/// A row as the batch sees it. Group 0: it is of none, and going there changes nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Stop {
    bound: bool,
    group: u32,
}

impl Rows {
    /// The rows of `order` with those of one portal or contact together. Rows whose clock, a loss or a duty of ours, is
    /// today or past stand in front as they stood; groups come in the order of their first rows. No order is
    /// given that has more changes than the one before.
    pub fn batched(&self, order: &[RowId], by: By, today: Day) -> Batched {
        let today = ShortDay::of(today);
        let mut contacts: HashMap<String, u32> = HashMap::new();
        let stops: Vec<Stop> = order
            .iter()
            .map(|id| match self.packed(*id) {
                None => Stop { bound: false, group: 0 },
                Some(row) => Stop {
                    bound: row.lapse <= today || row.ours <= today,
                    group: match by {
                        By::Portal => self.portal(row),
                        By::Contact => self.contact(*id, &mut contacts),
                    },
                },
            })
            .collect();
        let places = places(&stops);
        let after = places.iter().map(|place| stops[*place].group);
        Batched {
            order: places.iter().map(|place| order[*place]).collect(),
            before: switches(stops.iter().map(|stop| stop.group)),
            after: switches(after),
        }
    }

    fn portal(&self, row: &Packed) -> u32 {
        let there = self.statuses.get(row.status).about.portal || &*self.balls.get(row.ball).text == "utility";
        if !there || self.utilities.get(row.utility).text.is_empty() { 0 } else { row.utility + 1 }
    }

    fn contact(&self, id: RowId, seen: &mut HashMap<String, u32>) -> u32 {
        let [_, _, customer, ..] = row::read_texts(self.text(id));
        if customer.is_empty() {
            return 0;
        }
        let next = u32::try_from(seen.len() + 1).unwrap_or(u32::MAX);
        *seen.entry(fold(customer)).or_insert(next)
    }
}

/// How often the group changes; what is of no group lies on the way.
fn switches(groups: impl Iterator<Item = u32>) -> usize {
    let mut last = None;
    groups.filter(|group| *group != 0).filter(|group| last.replace(*group).is_some_and(|last| last != *group)).count()
}

/// The new order, as places in the old one.
fn places(stops: &[Stop]) -> Vec<usize> {
    let (bound, free): (Vec<usize>, Vec<usize>) = (0..stops.len()).partition(|place| stops[*place].bound);
    // Where the urgent ones end one goes on.
    let here = bound.iter().rev().map(|place| stops[*place].group).find(|group| *group != 0);
    let mut first: HashMap<u32, usize> = HashMap::new();
    for place in &free {
        first.entry(stops[*place].group).or_insert(*place);
    }
    let mut grouped = free;
    grouped.sort_by_key(|place| {
        let group = stops[*place].group;
        (Some(group) != here, first[&group], *place)
    });
    let all: Vec<usize> = bound.into_iter().chain(grouped).collect();
    let saves = switches(all.iter().map(|place| stops[*place].group)) < switches(stops.iter().map(|stop| stop.group));
    // Where nothing is saved the order of the queue is the better one.
    if saves { all } else { (0..stops.len()).collect() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{day, facts, queue_of, today};
    use super::*;
    use crate::domain::facts::Facts;

    /// `b` and `c` are of groups of that name; a capital is bound by a clock, `.` is of no group.
    fn stops(text: &str) -> Vec<Stop> {
        let group = |c: char| if c == '.' { 0 } else { u32::from(c.to_ascii_lowercase()) };
        text.chars().map(|c| Stop { bound: c.is_ascii_uppercase(), group: group(c) }).collect()
    }

    #[test]
    fn groups_stand_together_behind_what_is_urgent() {
        for (queue, worked) in [
            ("abab", "aabb"),
            ("abcabc", "aabbcc"),
            ("abaB", "Bbaa"),
            ("aBaCab", "BCaaab"),
            ("a.b.a.b", "aa...bb"),
            ("", ""),
            ("aabb", "aabb"),
            // Nothing would be saved: the order of the queue stays.
            ("xXyYXxYy", "xXyYXxYy"),
        ] {
            let stops = stops(queue);
            let letters: Vec<char> = queue.chars().collect();
            let order: String = places(&stops).into_iter().map(|place| letters[place]).collect();
            assert_eq!(order, worked, "{queue}");
        }
    }

    #[test]
    fn the_portal_is_that_of_a_task_that_is_done_there() {
        let row = |n, utility: &str| Facts { utility: utility.to_owned(), customer: format!("C{}", n % 2), ..facts(n) };
        let rows = [
            row(1, "PGE"),
            row(2, "RMP"),
            row(3, "PGE"),
            row(4, "RMP"),
            Facts { cure_due: Some(today()), ..row(5, "RMP") },
            Facts { cure_due: Some(day("2026-12-24")), ..row(6, "PGE") },
        ];
        let queue = queue_of(&rows);
        let order: Vec<RowId> = (0..6).map(RowId).collect();
        let batched = queue.batched(&order, By::Contact, today());
        assert_eq!((batched.order, batched.before, batched.after), ([4, 0, 2, 1, 3, 5].map(RowId).to_vec(), 5, 1));
        let batched = queue.batched(&order, By::Portal, today());
        assert_eq!((batched.order, batched.before, batched.after), ([4, 1, 3, 0, 2, 5].map(RowId).to_vec(), 4, 1));
        // What is done neither there nor by them has no portal: it lies on the way.
        let elsewhere = |n, status: &str, ball: &str| Facts { status: status.into(), ball: ball.into(), ..row(n, "RMP") };
        let rows = [row(1, "PGE"), elsewhere(2, "submitted", "customer"), elsewhere(3, "ready-to-submit", "us"), row(4, "PGE")];
        let batched = queue_of(&rows).batched(&[0, 1, 2, 3].map(RowId), By::Portal, today());
        assert_eq!((batched.order, batched.before, batched.after), ([0, 3, 1, 2].map(RowId).to_vec(), 2, 1));
    }

    proptest! {
        #[test]
        fn nothing_is_lost_no_clock_is_put_off_and_no_change_added(text in "[a-dA-D.]{0,40}") {
            let stops = stops(&text);
            let places = places(&stops);
            let mut sorted = places.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, (0..stops.len()).collect::<Vec<_>>());
            // Among themselves the urgent ones stand as they stood, and none stands later.
            let bound: Vec<(usize, usize)> =
                places.iter().enumerate().filter(|(_, old)| stops[**old].bound).map(|(new, old)| (new, *old)).collect();
            prop_assert!(bound.iter().all(|(new, old)| new <= old));
            prop_assert!(bound.is_sorted_by_key(|(_, old)| *old));
            let count = |order: &[usize]| switches(order.iter().map(|place| stops[*place].group));
            let before: Vec<usize> = (0..stops.len()).collect();
            prop_assert!(count(&places) <= count(&before));
            // Within a group the order of the queue counts.
            for group in stops.iter().map(|stop| stop.group) {
                let free: Vec<usize> =
                    places.iter().copied().filter(|place| !stops[*place].bound && stops[*place].group == group).collect();
                prop_assert!(free.is_sorted());
            }
        }
    }
}
