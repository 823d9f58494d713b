//! By which statuses did an application come to where it stands, when, and what happened on the way?

use super::chance::Chance;
use super::data::{Place, Words};
use super::road::Road;
use super::world::World;
use crate::domain::day::Day;
use crate::domain::playbook::{Status, UTILITY_LANE, Workflow};

/// A status and the day on which it was entered.
pub struct Stop<'a> {
    pub status: &'a Status,
    /// Its place in the workflow.
    pub at: usize,
    pub entered: Day,
}

/// Something dated: its code and its day.
pub type Happened<'a> = (&'a str, Day);

/// Where the nth application stands. They are dealt out evenly, so that a small demo has some of each too; `offset`
/// is where the seed begins.
pub fn target(world: &World<'_>, open: bool, nth: u64, offset: u64) -> Option<usize> {
    let workflow = &world.playbook.workflow;
    let weigh = |at: usize| world.road.weight(at, &workflow.statuses[at]);
    let fits = |status: &Status| status.open == open && workflow.is_in_lane(&status.name, UTILITY_LANE);
    let among: Vec<usize> = (0..workflow.statuses.len()).filter(|at| fits(&workflow.statuses[*at])).collect();
    let all: i64 = among.iter().map(|at| weigh(*at)).sum();
    // Multiples of the golden ratio lie evenly, however many there are.
    let share = nth.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(offset) >> 32;
    let mut left = i64::try_from((u128::from(share) * u128::from(all.unsigned_abs())) >> 32).unwrap_or(0);
    among.into_iter().find(|at| {
        left -= weigh(*at);
        left < 0
    })
}

/// From the first status to the one at `target` by usual moves, each with its day.
pub fn to<'a>(world: &'a World<'_>, target: usize, place: &Place, chance: &mut Chance) -> Vec<Stop<'a>> {
    let statuses = &world.playbook.workflow.statuses;
    let path = path(&world.playbook.workflow, &world.road, &world.data.words, target, chance);
    let mut day = world.open_before(world.today, world.road.age(target, &statuses[target], chance));
    let mut stops: Vec<Stop<'a>> = Vec::with_capacity(path.len());
    for at in path.into_iter().rev() {
        if let Some(next) = stops.last() {
            day = world.before(day, world.road.stay(at, next.at, &statuses[at], Some(&place.pace), chance));
        }
        stops.push(Stop { status: &statuses[at], at, entered: day });
    }
    stops.reverse();
    stops
}

/// What must have happened by each stop, with its day: first what it takes to come there at all, then what a usual
/// file has behind it that stands so far.
pub fn happened<'a>(world: &'a World<'_>, stops: &[Stop<'_>]) -> Vec<Vec<Happened<'a>>> {
    let statuses = &world.playbook.workflow.statuses;
    let mut known: Vec<&str> = Vec::new();
    let mut all = Vec::with_capacity(stops.len());
    for (idx, stop) in stops.iter().enumerate() {
        let before = idx.checked_sub(1).map_or(stop, |before| &stops[before]);
        let mut codes: Vec<&'a str> = Vec::new();
        let lane = &statuses[stop.at].lane;
        // Who withdraws has gone no further than where he stood.
        let so_far = if stop.status.name == "ended" { before.at } else { stop.at };
        for (at, earlier) in statuses.iter().enumerate().take(so_far + 1) {
            let spine = world.road.spine(at).iter().filter(|_| lane.is_empty() || earlier.lane == *lane);
            codes.extend(spine.map(String::as_str).filter(|code| !known.contains(code)));
        }
        let passing = world.road.passing(before.at, stop.at);
        let mut here = spread(world, before.entered, stop.entered, &codes);
        // What leads to the status itself is the last.
        let own = here.pop_if(|(code, _)| world.road.spine(stop.at).last().is_some_and(|own| own == code));
        let count = i64::try_from(passing.len()).unwrap_or(0);
        here.extend((1..).zip(passing).map(|(nth, code)| (code.as_str(), world.before(stop.entered, count - nth).max(before.entered))));
        here.extend(own);
        known.extend(here.iter().map(|(code, _)| *code));
        all.push(here);
    }
    all
}

/// The last of them on the last day, the others evenly before it.
fn spread<'a>(world: &World<'_>, from: Day, to: Day, codes: &[&'a str]) -> Vec<Happened<'a>> {
    let count = i64::try_from(codes.len()).unwrap_or(1);
    let days = if count > 1 { world.playbook.calendar.between(from, to) } else { 0 };
    let day = |nth: i64| if nth == count { to } else { world.after(from, days * nth / count).min(to) };
    (1..).zip(codes).map(|(nth, code)| (*code, day(nth))).collect()
}

/// Where the file does not say it, by any usual move: statuses stand in the playbook in the order of the work, so a
/// way back always goes up the list.
fn path(workflow: &Workflow, road: &Road, words: &Words, target: usize, chance: &mut Chance) -> Vec<usize> {
    let statuses = &workflow.statuses;
    let gate = statuses.iter().position(|status| status.name == words.gate).unwrap_or(0);
    let mut at = target;
    let mut path = vec![target];
    while path.len() < statuses.len() {
        let before = match chance.one(road.from(at)) {
            Some(before) => Some(*before),
            None => usual(workflow, words, at, gate, chance),
        };
        // A status that no earlier one leads to is where the file came in.
        let Some(before) = before else { break };
        at = before;
        path.push(at);
    }
    path.reverse();
    path
}

fn usual(workflow: &Workflow, words: &Words, at: usize, gate: usize, chance: &mut Chance) -> Option<usize> {
    let statuses = &workflow.statuses;
    let leads = |idx: &usize| statuses[*idx].open && workflow.is_legal(&statuses[*idx].name, &statuses[at].name);
    let mut earlier: Vec<usize> = (0..at).filter(leads).collect();
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
    before.copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::demo::data::Data;
    use crate::domain::playbook::DeskKind;

    #[test]
    fn every_way_is_legal() {
        let data = Data::shipped();
        for desk in DeskKind::ALL {
            let playbook = crate::settings::load(desk, &[], &[]).expect("the shipped files").playbook;
            let workflow = &playbook.workflow;
            let road = Road::of(&data.roads, desk, workflow);
            for seed in 0..20 {
                let mut chance = Chance::new(seed);
                for target in 0..workflow.statuses.len() {
                    let path = path(workflow, &road, &data.words, target, &mut chance);
                    assert_eq!(path.last(), Some(&target));
                    for pair in path.windows(2) {
                        let (from, to) = (&workflow.statuses[pair[0]].name, &workflow.statuses[pair[1]].name);
                        assert!(workflow.is_legal(from, to), "{} {from} → {to}", desk.name());
                    }
                }
            }
        }
    }
}
