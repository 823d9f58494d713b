//! Which rows step back because the portal of their utility is down, and until when?

use super::row::{self, Packed, ShortDay, ShortWhen};
use super::rows::Rows;
use crate::domain::day::Day;
use crate::domain::playbook::Playbook;

/// The party that waits at the other end of a portal.
const UTILITY: &str = "utility";

/// The outages that hold on one day, by the numbers that rows have.
pub(super) struct Outages {
    /// Until when, by the utility's number.
    until: Vec<ShortDay>,
    /// Whether it is the utility's turn, by the ball's number.
    theirs: Vec<bool>,
    /// Whether the task is done in the portal, by the status's number.
    portal: Vec<bool>,
}

impl Outages {
    /// `None` when every portal is up, as on most days.
    pub fn of(queue: &Rows, playbook: &Playbook, today: Day) -> Option<Outages> {
        if playbook.utility_states.iter().all(|state| state.down(today).is_none()) {
            return None;
        }
        let down = |text: &str| playbook.utility_state(text)?.down(today).map(|outage| outage.until);
        Some(Outages {
            until: queue.utilities.iter().map(|name| ShortDay::from(down(&name.text))).collect(),
            theirs: queue.balls.iter().map(|ball| &*ball.text == UTILITY).collect(),
            portal: queue.statuses.iter().map(|status| status.about.portal).collect(),
        })
    }

    /// Until when a row steps back. One whose cure or approval would lapse before the portal is back
    /// stays where it is: somebody has to find another way.
    fn until(&self, row: &Packed) -> Option<ShortDay> {
        let until = self.until[row.utility as usize];
        let waits = self.theirs[row.ball as usize] || self.portal[row.status as usize];
        (until != ShortDay::NONE && waits && row.lapse > until && row.ours > until && row.expires > until).then_some(until)
    }

    /// When a row is looked at again: as if that were the day on which the portal is back, if it is
    /// later. What waits for activity without a day goes on waiting.
    pub fn follow_up(&self, row: &Packed) -> ShortWhen {
        let back = self.until(row).map(ShortWhen::on);
        match (back, row.follow_up) {
            (None, own) => own,
            (Some(_), ShortWhen::NONE) if row.is(row::UNTIL_ACTIVITY) => ShortWhen::NONE,
            (Some(back), ShortWhen::NONE) => back,
            (Some(back), own) => own.max(back),
        }
    }
}
