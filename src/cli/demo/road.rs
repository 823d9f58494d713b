//! Which way do the demo's files go, how long do they stay, and what happens on the way? `demo/course.toml`, with the
//! statuses of one desk.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::chance::Chance;
use super::data::Pace;
use crate::domain::playbook::{DeskKind, Status, Workflow};

type Days = [i64; 2];

/// One side's part of the file.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Written {
    never: Vec<String>,
    paced: BTreeMap<String, String>,
    from: BTreeMap<String, Vec<String>>,
    stay: BTreeMap<String, Days>,
    age: BTreeMap<String, Days>,
    late: BTreeMap<String, Days>,
    late_in_hundred: BTreeMap<String, i64>,
    weight: BTreeMap<String, i64>,
    spine: BTreeMap<String, Vec<String>>,
    passing: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Both {
    pub applicant: Written,
    pub utility: Written,
}

/// What is known of one status, by its place in the workflow.
#[derive(Default)]
struct Place {
    from: Vec<usize>,
    stay: Option<Days>,
    stay_before: Vec<(usize, Days)>,
    paced: Option<String>,
    age: Option<Days>,
    late: Option<Days>,
    late_in_hundred: i64,
    weight: Option<i64>,
    spine: Vec<String>,
    passing: Vec<(usize, Vec<String>)>,
}

/// The way through the statuses of one workflow.
pub struct Road {
    places: Vec<Place>,
    never: Vec<String>,
}

impl Road {
    pub fn of(written: &Both, desk: DeskKind, workflow: &Workflow) -> Road {
        let written = if desk == DeskKind::Utility { &written.utility } else { &written.applicant };
        let place = |name: &str| workflow.statuses.iter().position(|status| status.name == name);
        let places = workflow.statuses.iter().map(|status| {
            let name = status.name.as_str();
            let mut known = Place {
                from: written.from.get(name).into_iter().flatten().filter_map(|from| place(from)).collect(),
                stay: written.stay.get(name).copied(),
                paced: written.paced.get(name).cloned(),
                age: written.age.get(name).copied(),
                late: written.late.get(name).copied(),
                late_in_hundred: written.late_in_hundred.get(name).copied().unwrap_or(0),
                weight: written.weight.get(name).copied(),
                spine: written.spine.get(name).cloned().unwrap_or_default(),
                ..Place::default()
            };
            for (pair, days) in &written.stay {
                if let Some((_, to)) = pair.split_once(' ').filter(|(from, _)| *from == name) {
                    known.stay_before.extend(place(to).map(|to| (to, *days)));
                }
            }
            for (pair, codes) in &written.passing {
                if let Some((_, to)) = pair.split_once(' ').filter(|(from, _)| *from == name) {
                    known.passing.extend(place(to).map(|to| (to, codes.clone())));
                }
            }
            known
        });
        Road { places: places.collect(), never: written.never.clone() }
    }

    /// Whether a quick action may be an ordinary contact.
    pub fn is_contact(&self, disposition: &str) -> bool {
        !self.never.iter().any(|never| never == disposition)
    }

    /// How many files stand there, against the other statuses: more where the work stays longer.
    pub fn weight(&self, at: usize, status: &Status) -> i64 {
        self.places[at].weight.unwrap_or_else(|| status.target_days.unwrap_or(4).clamp(2, 8))
    }

    /// Where files in this status came from; empty: by any usual move.
    pub fn from(&self, at: usize) -> &[usize] {
        &self.places[at].from
    }

    /// Business days that a file stayed `at` before it went on to `to`.
    pub fn stay(&self, at: usize, to: usize, status: &Status, pace: Option<&Pace>, chance: &mut Chance) -> i64 {
        let place = &self.places[at];
        if let Some((_, [low, high])) = place.stay_before.iter().find(|(one, _)| *one == to) {
            return chance.within(*low, *high);
        }
        if let Some(days) = place.paced.as_ref().zip(pace).and_then(|(step, pace)| pace.get(step)) {
            // The middle of two draws: most files take about as long, few much longer.
            let mut draw = || chance.within((*days * 6 + 9) / 10, *days * 14 / 10);
            return ((draw() + draw()) / 2).max(1);
        }
        let [low, high] = place.stay.unwrap_or([1, status.target_days.unwrap_or(3).clamp(1, 12)]);
        chance.within(low, high)
    }

    /// Business days since a file came to where it stands today.
    pub fn age(&self, at: usize, status: &Status, chance: &mut Chance) -> i64 {
        let place = &self.places[at];
        let usual = place.stay.map_or(status.target_days.unwrap_or(3).clamp(1, 12), |[_, high]| high);
        let [low, high] = match place.late {
            Some(late) if chance.percent(place.late_in_hundred) => late,
            _ => place.age.unwrap_or([1, usual + 1]),
        };
        chance.within(low, high)
    }

    /// What must have happened for a file to stand there, in that order.
    pub fn spine(&self, at: usize) -> &[String] {
        &self.places[at].spine
    }

    /// What happens on the way from one status to the next, besides.
    pub fn passing(&self, at: usize, to: usize) -> &[String] {
        self.places[at].passing.iter().find(|(one, _)| *one == to).map_or(&[], |(_, codes)| codes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::demo::data::Data;

    /// A slip of the keyboard in the file would only make the demo poorer, and nobody would see it.
    #[test]
    fn every_name_of_the_file_is_one_of_a_desk() {
        let data = Data::shipped();
        for (desks, written) in
            [(&[DeskKind::Residential, DeskKind::Commercial][..], &data.roads.applicant), (&[DeskKind::Utility][..], &data.roads.utility)]
        {
            let playbooks: Vec<_> =
                desks.iter().map(|desk| crate::settings::load(*desk, &[], &[]).expect("the shipped files").playbook).collect();
            let is_status = |name: &str| playbooks.iter().all(|playbook| playbook.workflow.status(name).is_some());
            let keys = [&written.stay, &written.age, &written.late].into_iter().flat_map(BTreeMap::keys);
            let keys = keys.chain(written.from.keys()).chain(written.from.values().flatten()).chain(written.spine.keys());
            let keys = keys.chain(written.weight.keys()).chain(written.passing.keys()).chain(written.late_in_hundred.keys());
            for name in keys.flat_map(|key| key.split(' ')) {
                assert!(is_status(name), "{name} is no status");
            }
            for code in written.spine.values().chain(written.passing.values()).flatten() {
                let known = |playbook: &crate::domain::playbook::Playbook| playbook.workflow.milestones.iter().any(|(one, _)| one == code);
                assert!(playbooks.iter().all(known), "{code} is no milestone");
            }
            for name in &written.never {
                assert!(playbooks.iter().any(|playbook| playbook.disposition(name).is_some()), "{name} is no quick action");
            }
            for (to, from) in &written.from {
                for playbook in &playbooks {
                    assert!(from.iter().all(|from| playbook.workflow.is_legal(from, to)), "{from:?} → {to}");
                }
            }
        }
    }
}
