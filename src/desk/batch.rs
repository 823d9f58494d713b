//! The view by portal or by contact, so that one goes to each once.

use super::effect::Effect;
use super::model::{Desk, Rules};
use super::notice::{Notice, Tone};
use super::rank::{self, Why};
use crate::index::batch::By;
use crate::index::queue::View;

/// How the view is put together, and how many changes from one to another that leaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Batch {
    pub by: By,
    pub before: usize,
    pub after: usize,
}

impl Batch {
    pub fn words(self) -> String {
        let by = match self.by {
            By::Portal => "portal",
            By::Contact => "contact",
        };
        let switches = if self.after == 1 { "switch" } else { "switches" };
        format!("batched by {by}: {} {switches} instead of {}", self.after, self.before)
    }
}

/// `v b`: by portal, then by contact, then as the queue ranks.
pub(super) fn next(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    if desk.view == View::Away || desk.found.is_some() {
        let words = if desk.found.is_some() { "leave the search first: a view is batched" } else { "what is away stands by its days" };
        desk.notice = Some(Notice::new(Tone::Note, words));
        return Vec::new();
    }
    let by = match desk.batch.map(|batch| batch.by) {
        None => Some(By::Portal),
        Some(By::Portal) => Some(By::Contact),
        Some(By::Contact) => None,
    };
    desk.batch = by.map(|by| Batch { by, before: 0, after: 0 });
    let view = desk.view.clone();
    rank::ask(desk, rules, Why::Batch, vec![view])
}

/// What the order that came has saved.
pub(super) fn say(desk: &mut Desk) {
    let words = match desk.batch {
        None => "as the queue ranks again".to_owned(),
        Some(batch) if batch.after == batch.before => format!("{}: nothing is saved, so the order of the queue stays", batch.words()),
        Some(batch) => format!("{}; what a clock makes urgent stays in front", batch.words()),
    };
    desk.notice = Some(Notice::new(Tone::Note, words));
}

/// Puts a fresh order together, as long as the view is batched.
pub(super) fn apply(desk: &mut Desk) {
    let Some(batch) = &mut desk.batch else { return };
    let today = desk.now.date();
    let batched = desk.queue.batched(&desk.order, batch.by, today);
    (batch.before, batch.after) = (batched.before, batched.after);
    desk.order = batched.order;
}
