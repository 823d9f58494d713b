//! How long does a session take to read and rank its whole queue? In the background, behind the first frame.

#![allow(clippy::disallowed_methods, reason = "benches read the clock")]

mod support;

use std::time::{Duration, Instant};

use intertie::domain::day::Day;
use intertie::domain::playbook::DeskKind;
use intertie::index::queue::{Queue, View};
use intertie::settings;
use intertie::store::{Access, Store};

const SLICE: usize = 50_000;

fn main() {
    let place = support::place();
    let today: Day = support::TODAY.parse().expect("a constant");
    let playbook = settings::load(DeskKind::Residential, &[], &[]).expect("the shipped settings are sound").playbook;
    let now = today.and_hms_opt(9, 0, 0).expect("nine o'clock");
    for (tasks, runs, budget) in [(10_000, 20, 150), (100_000, 5, 1_500)] {
        let db = support::demo(&place, tasks);
        let (mut reading, mut ranking) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            let start = Instant::now();
            let store = Store::open(&db, Access::Read).expect("the demo opens");
            let mut queue = Queue::new();
            let mut after = Some(0);
            while let Some(from) = after {
                after = store
                    .slice(from, SLICE, &mut |_, facts| {
                        queue.put(&facts, &playbook, today);
                    })
                    .expect("the demo is read");
            }
            reading.push(start.elapsed());
            let start = Instant::now();
            queue.rescore(&playbook, today);
            let order = queue.order(&View::Team, &[], &playbook, now);
            ranking.push(start.elapsed());
            assert!(!order.is_empty() && queue.len() >= tasks, "{} of {} rows", order.len(), queue.len());
        }
        support::report(&format!("read the queue, {tasks} rows"), &mut reading, Duration::from_millis(budget));
        support::report(&format!("score and rank it, {tasks} rows"), &mut ranking, Duration::from_millis(budget / 10));
    }
}
