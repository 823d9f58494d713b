//! When should we look again at what the utility has? As our own applications tell, and never after a clock.

use super::application::Application;
use super::day::{Day, short};
use super::playbook::Playbook;
use super::rules::clock::{Asked, State};
use super::rules::matter::Matter;

/// A day, and the reason that goes with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suggestion {
    pub day: Day,
    /// "6b: PGE completeness median 5, p80 6, n 41"
    pub because: String,
}

/// Of the step that runs now; of two that began on one day the first of the playbook's. `None` while too few were seen to tell, or when the day
/// that most of them had has passed. `recorded` is what this very touch records.
pub fn follow_up(application: &Application, recorded: Option<(&str, Day)>, playbook: &Playbook, today: Day) -> Option<Suggestion> {
    let utility = playbook.utility(application.utility())?;
    let observed = playbook.observed.get(&utility.name)?;
    let mut milestones: Vec<(&str, Day)> = application.milestones().map(|one| (one.code, one.day)).chain(recorded).collect();
    milestones.sort_by_key(|(_, day)| *day);
    let seen = |step: &str| observed.iter().find(|one| one.step == step && one.n >= playbook.least_observed);
    // The step that began last is the one that runs: nobody may ever have written down how the one before it ended.
    let running = playbook.steps.iter().rev().filter_map(|step| Some((started(&step.from, &step.to, &milestones)?, seen(&step.name)?)));
    let (start, seen) = running.max_by_key(|(start, _)| *start)?;
    let day = playbook.calendar.add(start, u32::try_from(seen.p80).ok()?).filter(|day| *day > today)?;
    let because = format!("{} {} {}", utility.short, seen.label, seen.words().replace(" BD", ""));
    let (day, capped) = match nearest_clock(application, recorded, playbook, today).filter(|(due, _)| *due < day) {
        Some((due, label)) => (due, format!(", not after {label} {}", short(due, today))),
        None => (day, String::new()),
    };
    Some(Suggestion { day, because: format!("{}b: {because}{capped}", playbook.calendar.between(today, day)) })
}

/// The day on which a step began that has not ended.
fn started(from: &[String], to: &[String], milestones: &[(&str, Day)]) -> Option<Day> {
    let is = |codes: &[String], code: &str| codes.iter().any(|one| one == code);
    let begun = milestones.iter().rposition(|(code, _)| is(from, code))?;
    let over = milestones[begun + 1..].iter().any(|(code, _)| is(to, code));
    (!over).then_some(milestones[begun].1)
}

/// The next day of a clock that is law, whoever owes it.
fn nearest_clock(application: &Application, recorded: Option<(&str, Day)>, playbook: &Playbook, today: Day) -> Option<(Day, String)> {
    let mut matter = Matter::of(application);
    matter.milestones.extend(recorded.map(|(code, day)| (code.to_owned(), day)));
    let clocks = playbook.rules.clocks(&Asked::of(&matter, playbook, today));
    let running = clocks.into_iter().filter(|clock| clock.state == State::Running && clock.is_law());
    running.filter_map(|clock| Some((clock.due.filter(|due| *due > today)?, clock.label))).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::{application, day, playbook, today};
    use crate::domain::turnaround::{Observed, Step};

    /// Today is Saturday 2026-11-21; Thanksgiving is the 26th.
    fn with(n: usize, p80: i64) -> Playbook {
        let base = playbook();
        let name = base.utility("PGE").expect("the test playbook has it").name.clone();
        let step = Step {
            name: "completeness".into(),
            label: "completeness".into(),
            from: vec!["submitted".into(), "resubmitted".into()],
            to: vec!["deemed-complete".into(), "deficiency-received".into()],
        };
        let seen = Observed { step: "completeness".into(), label: "completeness".into(), median: 5, p80, n };
        Playbook { steps: vec![step], least_observed: 5, observed: [(name, vec![seen])].into(), ..base }
    }

    #[test]
    fn the_day_that_most_of_them_had_and_why() {
        let app = |milestones: &str| application(&[("utility", "PGE"), ("status", "submitted"), ("milestone", milestones)]);
        for (milestones, recorded, n, p80, wanted) in [
            // 19, 20, 23, 24, 25, 27 Nov: four business days from today.
            ("submitted 2026-11-18", None, 41, 6, Some(("2026-11-27", "4b: PGE completeness median 5, p80 6, n 41"))),
            // Recorded by this touch, on Friday: 23, 24, 25, 27, 30 Nov, 1 Dec.
            (
                "opened 2026-11-02",
                Some(("submitted", "2026-11-20")),
                41,
                6,
                Some(("2026-12-01", "6b: PGE completeness median 5, p80 6, n 41")),
            ),
            // Too few to tell; over; the day has passed; nothing runs.
            ("submitted 2026-11-18", None, 4, 6, None),
            ("submitted 2026-11-02, deemed-complete 2026-11-10", None, 41, 6, None),
            ("submitted 2026-11-02", None, 41, 6, None),
            ("opened 2026-11-02", None, 41, 6, None),
        ] {
            let playbook = with(n, p80);
            let found = follow_up(&app(milestones), recorded.map(|(code, on)| (code, day(on))), &playbook, today());
            let found = found.map(|one| (one.day, one.because));
            assert_eq!(found, wanted.map(|(on, because)| (day(on), because.to_owned())), "{milestones}");
        }
    }
}
