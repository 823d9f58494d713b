//! What do the tests of this room start from? Rows with facts, over the playbook of the domain's tests.

use super::queue::Queue;
use crate::domain::day::NaiveDateTime;
use crate::domain::facts::Facts;
use crate::domain::id::{SubjectId, Uuid};
pub use crate::domain::testing::{day, playbook, today};

/// The facts of a bare row `A-N`: a submitted application with nothing due.
pub fn facts(n: u32) -> Facts {
    Facts {
        subject: SubjectId(Uuid::from_u128(u128::from(n))),
        version: 1,
        reference: format!("A-{n}"),
        number: String::new(),
        site: String::new(),
        customer: String::new(),
        utility: String::new(),
        status: "submitted".to_owned(),
        ball: "utility".to_owned(),
        owner: String::new(),
        product: String::new(),
        lane: String::new(),
        project: String::new(),
        size: 0,
        follow_up: None,
        entered: None,
        touched: None,
        promised: None,
        expires: None,
        goal: None,
        cure_due: None,
        install_on: None,
        incentive_due: None,
        todo_due: None,
        todo_title: String::new(),
        todos: 0,
        hold: String::new(),
        legal_hold: false,
        until_activity: false,
        escalated: false,
        complaint: false,
        vip: 0,
        last_note: String::new(),
        matter: String::new(),
    }
}

/// Row 0 is the first of `rows`, scored as of `today`.
pub fn queue_of(rows: &[Facts]) -> Queue {
    let (mut queue, playbook) = (Queue::new(), playbook());
    for row in rows {
        queue.put(row, &playbook, today());
    }
    queue
}

/// `today` at an hour and minute.
pub fn at(hour: u32, minute: u32) -> NaiveDateTime {
    today().and_hms_opt(hour, minute, 0).expect("an hour of a day")
}
