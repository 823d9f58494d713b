//! What does a row have that no pass over all rows reads? What its score, its line on the screen, a query and a write need.

use super::row::{ShortDay, text_at};
use crate::domain::facts::Facts;
use crate::domain::id::SubjectId;
use crate::domain::priority::NO_CLOCK;

/// The colder half of a row.
#[derive(Clone)]
pub(super) struct Rest {
    pub program: u32,
    /// Watts, at most 4.29 GW.
    pub size: u32,
    pub version: u32,
    pub theirs: ShortDay,
    pub promised: ShortDay,
    pub goal: ShortDay,
    pub install_on: ShortDay,
    pub incentive_due: ShortDay,
    pub entered: ShortDay,
    pub touched: ShortDay,
    pub todos: u16,
    /// Which clocks `lapse`, `ours` and `theirs` are of.
    pub lapse_clock: u8,
    pub ours_clock: u8,
    pub theirs_clock: u8,
    /// Among the workflow's.
    pub lane: u8,
    pub vip: u8,
    /// Where the site begins in what the search reads; 255 is there or behind.
    site_at: u8,
    pub subject: SubjectId,
}

impl Rest {
    /// Of a row that is not there yet.
    pub fn gone(subject: SubjectId) -> Rest {
        Rest {
            program: 0,
            size: 0,
            version: 0,
            theirs: ShortDay::NONE,
            promised: ShortDay::NONE,
            goal: ShortDay::NONE,
            install_on: ShortDay::NONE,
            incentive_due: ShortDay::NONE,
            entered: ShortDay::NONE,
            touched: ShortDay::NONE,
            todos: 0,
            lapse_clock: NO_CLOCK,
            ours_clock: NO_CLOCK,
            theirs_clock: NO_CLOCK,
            lane: 0,
            vip: 0,
            site_at: 0,
            subject,
        }
    }

    /// Takes over everything but clocks, names and text.
    pub fn take(&mut self, facts: &Facts) {
        self.vip = facts.vip;
        self.size = u32::try_from(facts.size.max(0)).unwrap_or(u32::MAX);
        self.version = u32::try_from(facts.version.max(0)).unwrap_or(u32::MAX);
        self.promised = facts.promised.into();
        self.goal = facts.goal.into();
        self.install_on = facts.install_on.into();
        self.incentive_due = facts.incentive_due.into();
        self.entered = facts.entered.into();
        self.touched = facts.touched.into();
        self.todos = u16::try_from(facts.todos).unwrap_or(u16::MAX);
    }

    /// Takes over what can be known of the text beforehand: `searched` is what the search reads.
    pub fn take_text(&mut self, searched: &[u8]) {
        self.site_at = u8::try_from(text_at(searched, SITE)).unwrap_or(u8::MAX);
    }

    pub fn site_at(&self, searched: &[u8]) -> usize {
        if self.site_at == u8::MAX { text_at(searched, SITE) } else { usize::from(self.site_at) }
    }
}

/// The place of the site among the texts.
const SITE: usize = 3;

#[cfg(test)]
mod tests {
    use super::super::row::Packed;
    use super::*;

    #[test]
    fn a_row_weighs_100_bytes_beside_its_text_and_score() {
        assert_eq!(size_of::<Packed>() + size_of::<Rest>(), 100);
    }
}
