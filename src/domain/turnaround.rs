//! How long does a step at a utility really take, as our own applications tell?

use super::day::Day;

/// A step of an application's way, from one milestone to another.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Step {
    /// `completeness`: as promises name it.
    pub name: String,
    pub label: String,
    /// Codes of milestones that start its time; the last one before the end counts, because what is
    /// handed in again is reviewed anew.
    pub from: Vec<String>,
    /// Codes that end it; the first one after a start counts.
    pub to: Vec<String>,
}

/// The milestones of one application, in the order in which they were recorded.
pub type Milestones = Vec<(String, Day)>;

/// What was seen of one step, in business days. `n` is never 0.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Observed {
    pub step: String,
    pub label: String,
    pub median: i64,
    pub p80: i64,
    /// How many times the step was gone through; one application may go through it twice.
    pub n: usize,
}

impl Observed {
    /// `median 5 BD, p80 6, n 41`
    pub fn words(&self) -> String {
        format!("median {} BD, p80 {}, n {}", self.median, self.p80, self.n)
    }
}

/// What the applications of one utility tell of each step; a step that none went through is left out.
/// `days` counts the business days after one day up to and with another.
pub fn observe(steps: &[Step], applications: &[Milestones], days: impl Fn(Day, Day) -> i64) -> Vec<Observed> {
    let mut tally = Tally::new(steps);
    for milestones in applications {
        tally.see(steps, milestones, &days);
    }
    tally.finish(steps)
}

/// The days that each step took, application by application: twenty thousand of them are not held at once.
#[derive(Clone, Default)]
pub struct Tally {
    took: Vec<Vec<u16>>,
}

impl Tally {
    pub fn new(steps: &[Step]) -> Tally {
        Tally { took: vec![Vec::new(); steps.len()] }
    }

    /// One application, its milestones in the order in which they were recorded.
    pub fn see(&mut self, steps: &[Step], milestones: &[(String, Day)], days: impl Fn(Day, Day) -> i64) {
        let mut sorted: Vec<(&str, Day)> = milestones.iter().map(|(code, day)| (code.as_str(), *day)).collect();
        // Stable: within a day the order in which they were recorded stays.
        sorted.sort_by_key(|(_, day)| *day);
        for (step, took) in steps.iter().zip(&mut self.took) {
            took.extend(spans(step, &sorted).into_iter().map(|(from, to)| u16::try_from(days(from, to)).unwrap_or(0)));
        }
    }

    pub fn finish(self, steps: &[Step]) -> Vec<Observed> {
        let one = |(step, mut took): (&Step, Vec<u16>)| {
            took.sort_unstable();
            Some(Observed {
                step: step.name.clone(),
                label: step.label.clone(),
                median: rank(&took, 50)?.into(),
                p80: rank(&took, 80)?.into(),
                n: took.len(),
            })
        };
        steps.iter().zip(self.took).filter_map(one).collect()
    }
}

/// Each time that one application went through the step: the day it started and the day it ended.
fn spans(step: &Step, milestones: &[(&str, Day)]) -> Vec<(Day, Day)> {
    let (mut started, mut spans) = (None, Vec::new());
    for (code, day) in milestones {
        if let Some(from) = started.filter(|_| step.to.iter().any(|to| to == code)) {
            spans.push((from, *day));
            started = None;
        }
        if step.from.iter().any(|from| from == code) {
            started = Some(*day);
        }
    }
    spans
}

/// The nearest rank: of n values in order the one at place ⌈percent × n / 100⌉, counted from 1. It is
/// always a value that occurred. `None` of no value.
fn rank(sorted: &[u16], percent: usize) -> Option<u16> {
    sorted.get((percent * sorted.len()).div_ceil(100).checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::testing::calendar;
    use crate::domain::testing::day;

    fn completeness() -> Step {
        Step {
            name: "completeness".into(),
            label: "completeness".into(),
            from: ["submitted", "received", "resubmitted"].map(str::to_owned).to_vec(),
            to: ["deemed-complete", "deficiency-received"].map(str::to_owned).to_vec(),
        }
    }

    fn told(text: &str) -> Milestones {
        text.split(", ").filter_map(|one| one.split_once(' ')).map(|(code, on)| (code.to_owned(), day(on))).collect()
    }

    fn seen(applications: &[&str]) -> Vec<Observed> {
        let calendar = calendar();
        let told: Vec<Milestones> = applications.iter().map(|text| told(text)).collect();
        observe(&[completeness()], &told, |from, to| calendar.between(from, to))
    }

    #[test]
    fn ranks_are_values_that_occurred() {
        for (values, median, p80) in [
            (vec![7], 7, 7),
            (vec![1, 9], 1, 9),
            (vec![1, 2, 3], 2, 3),
            (vec![1, 2, 3, 4], 2, 4),
            (vec![1, 2, 3, 4, 5], 3, 4),
            (vec![1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 5, 8),
        ] {
            assert_eq!((rank(&values, 50), rank(&values, 80)), (Some(median), Some(p80)), "{values:?}");
        }
        assert_eq!(rank(&[], 50), None);
    }

    #[test]
    fn a_step_is_counted_in_business_days_from_its_last_start_to_its_first_end() {
        for (application, days) in [
            // Received on a Tuesday; 4, 5, 6, 9 and 10 November count.
            ("submitted 2026-11-02, received 2026-11-03, deemed-complete 2026-11-10", vec![5]),
            // Thanksgiving does not.
            ("submitted 2026-11-25, deemed-complete 2026-11-27", vec![1]),
            // Twice: 3 days to the deficiency, 2 to the end.
            ("submitted 2026-11-02, deficiency-received 2026-11-05, resubmitted 2026-11-06, deemed-complete 2026-11-10", vec![2, 3]),
            // Handed in again on the day of the deficiency.
            ("submitted 2026-11-02, deficiency-received 2026-11-05, resubmitted 2026-11-05, deemed-complete 2026-11-06", vec![1, 3]),
            // Recorded late, and one end recorded twice.
            ("deemed-complete 2026-11-04, submitted 2026-11-02, deemed-complete 2026-11-04", vec![2]),
            ("deemed-complete 2026-11-04, pto 2026-11-20", vec![]),
            ("submitted 2026-11-02", vec![]),
        ] {
            let calendar = calendar();
            let milestones = told(application);
            let mut sorted: Vec<(&str, Day)> = milestones.iter().map(|(code, day)| (code.as_str(), *day)).collect();
            sorted.sort_by_key(|(_, day)| *day);
            let mut took: Vec<i64> = spans(&completeness(), &sorted).iter().map(|(from, to)| calendar.between(*from, *to)).collect();
            took.sort_unstable();
            assert_eq!(took, days, "{application}");
        }
    }

    #[test]
    fn many_applications_make_one_line() {
        let five = [
            "submitted 2026-11-02, deemed-complete 2026-11-03",
            "submitted 2026-11-02, deemed-complete 2026-11-04",
            "submitted 2026-11-02, deemed-complete 2026-11-05",
            "submitted 2026-11-02, deemed-complete 2026-11-06",
            "submitted 2026-11-02, deemed-complete 2026-11-09",
        ];
        let words: Vec<String> = seen(&five).iter().map(Observed::words).collect();
        assert_eq!(words, ["median 3 BD, p80 4, n 5"]);
        assert_eq!(seen(&["submitted 2026-11-02"]), [], "what nobody went through is not told");
        assert_eq!(seen(&[]), []);
    }
}
