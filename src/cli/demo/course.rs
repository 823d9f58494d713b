//! By which statuses did an application come to where it stands, and when?

use super::chance::Chance;
use super::data::Words;
use super::world::World;
use crate::domain::day::Day;
use crate::domain::playbook::{Status, UTILITY_LANE, Workflow};

/// A status and the day on which it was entered.
pub struct Stop<'a> {
    pub status: &'a Status,
    pub entered: Day,
}

/// Where the nth application stands: more of them where the work stays longer.
pub fn target<'a>(workflow: &'a Workflow, open: bool, chance: &mut Chance) -> Option<&'a Status> {
    let weigh = |status: &Status| status.target_days.unwrap_or(4).clamp(2, 12);
    let among: Vec<&Status> = workflow.of_lane(UTILITY_LANE).filter(|status| status.open == open).collect();
    let mut left = chance.within(1, among.iter().map(|status| weigh(status)).sum::<i64>().max(1));
    among.iter().copied().find(|status| {
        left -= weigh(status);
        left <= 0
    })
}

/// From the first status to `target` by usual moves, each with its day; the last day is at least
/// one business day ago.
pub fn to<'a>(world: &'a World<'_>, target: &'a Status, chance: &mut Chance) -> Vec<Stop<'a>> {
    let path = path(&world.playbook.workflow, &world.data.words, target, chance);
    let stay = |status: &Status| status.target_days.unwrap_or(3).clamp(1, 12);
    let mut age = chance.within(1, stay(target) + 1);
    if chance.percent(15) {
        age += stay(target);
    }
    let mut day = world.before(world.today, age);
    let mut stops: Vec<Stop<'a>> = Vec::new();
    for status in path.into_iter().rev() {
        if !stops.is_empty() {
            day = world.before(day, chance.within(1, stay(status)));
        }
        stops.push(Stop { status, entered: day });
    }
    stops.reverse();
    stops
}

/// Statuses stand in the playbook in the order of the work, so a way back always goes up the list.
fn path<'a>(workflow: &'a Workflow, words: &Words, target: &'a Status, chance: &mut Chance) -> Vec<&'a Status> {
    let statuses = &workflow.statuses;
    let place = |name: &str| statuses.iter().position(|status| status.name == name).unwrap_or(0);
    let (mut at, gate) = (place(&target.name), place(&words.gate));
    let mut path = vec![target];
    while at > 0 {
        let mut earlier: Vec<usize> =
            (0..at).filter(|idx| statuses[*idx].open && workflow.is_legal(&statuses[*idx].name, &statuses[at].name)).collect();
        if at > gate && earlier.iter().any(|idx| *idx >= gate) {
            earlier.retain(|idx| *idx >= gate);
        }
        // A detour counts once where a usual step counts ten times.
        let weigh = |idx: &usize| if words.detours.contains(&statuses[*idx].name) { 1 } else { 10 };
        let nearest = &earlier[earlier.len().saturating_sub(5)..];
        let mut left = chance.within(1, nearest.iter().map(weigh).sum::<i64>().max(1));
        let before = nearest.iter().find(|idx| {
            left -= weigh(idx);
            left <= 0
        });
        // A status that no earlier one leads to is where the file came in.
        let Some(before) = before else { break };
        at = *before;
        path.push(&statuses[at]);
    }
    path.reverse();
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing;

    #[test]
    fn every_way_is_legal() {
        let playbook = testing::playbook();
        let workflow = &playbook.workflow;
        let words = crate::cli::demo::data::Data::shipped().words;
        for seed in 0..20 {
            let mut chance = Chance::new(seed);
            for target in &workflow.statuses {
                let path = path(workflow, &words, target, &mut chance);
                assert_eq!(path.last().map(|status| &status.name), Some(&target.name));
                for pair in path.windows(2) {
                    assert!(workflow.is_legal(&pair[0].name, &pair[1].name), "{} → {}", pair[0].name, pair[1].name);
                }
            }
        }
    }
}
