//! Which three days of an application's clocks does a row of the queue carry?

use super::Rules;
use super::clock::{Asked, Clock};
use super::{Owes, Unit};
use crate::domain::day::Day;
use crate::domain::playbook::DeskKind;

/// A clock's day, and which clock it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Due {
    pub day: Day,
    pub clock: u8,
}

/// The nearest day of each kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ClockDays {
    /// Ours, and a miss cannot be made good: withdrawn, place in the queue lost.
    pub lapse: Option<Due>,
    /// Our duty to the other side.
    pub ours: Option<Due>,
    /// What the other side owes us.
    pub theirs: Option<Due>,
}

impl Rules {
    /// Clocks whose figure is unverified, and the plain cadence of the trade, move no row: they are shown, not counted.
    pub fn days(&self, asked: &Asked<'_>, desk: DeskKind) -> ClockDays {
        let mut days = ClockDays::default();
        if self.sets.is_empty() || asked.matter.milestones.is_empty() {
            return days;
        }
        for (number, rule, day) in self.running(asked) {
            let due = Some(Due { day, clock: number });
            let slot = match (desk == DeskKind::Utility, rule.owes) {
                (true, Owes::Utility) | (false, Owes::Both) | (true, Owes::Both) => &mut days.ours,
                (true, Owes::Applicant) | (false, Owes::Utility) => &mut days.theirs,
                (false, Owes::Applicant) if rule.outcome.is_loss() => &mut days.lapse,
                (false, Owes::Applicant) => &mut days.ours,
            };
            if slot.is_none_or(|known| Some(known) > due) {
                *slot = due;
            }
        }
        days
    }
}

impl Clock {
    /// Whether it may be held against somebody.
    pub fn is_law(&self) -> bool {
        self.confidence.is_law()
    }

    /// "10 BD by the calendar oregon"
    pub fn allows(&self) -> String {
        if self.length.ends_with(Unit::BusinessDays.short()) {
            format!("{} by the calendar {}", self.length, self.calendar)
        } else {
            self.length.clone()
        }
    }
}
