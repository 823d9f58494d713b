//! Is `playbooks/DESK/workflow.toml` a workflow that an application can walk through?

use std::collections::{BTreeMap, HashSet};

use super::reader::{At, Problems, Reader, Word};
use super::shipped::shipped;
use super::tree::{self, Table, Value, quote};
use crate::domain::playbook::{Lane, Party, Status, UTILITY_LANE, Workflow};

/// The key under `[moves]` that stands for every open status.
const ANY_OPEN: &str = "any-open";
/// Where a status stands whose lane was refused; no lane can have this name.
const NO_LANE: &str = "?";
/// The letters of the list's status column.
const SHORT: usize = 12;

/// The workflow, and the name of the calendar by which it counts business days.
pub struct Read {
    pub workflow: Workflow,
    pub calendar: Word,
    /// A milestone and the one that it must not be dated before.
    pub follows: Vec<(String, String)>,
    /// A milestone and the one that stands for it while it is not on file.
    pub instead: Vec<(String, String)>,
}

pub fn read(table: &Table, file: &str, problems: &Problems) -> Read {
    let mut reader = Reader::root(table, file, problems);
    let calendar = reader.need("calendar", "the name of a calendar: federal");
    let parties: Vec<Party> = reader
        .tables("party")
        .into_iter()
        .map(|mut party| {
            let read = Party { name: party.name().text, label: party.need("label", "the words for the screen").text };
            party.finish();
            read
        })
        .collect();
    let ended_reasons = reader.words("ended_reasons").into_iter().map(|word| word.text).collect();
    let Dated { milestones, follows, instead } = milestones(&mut reader);
    let lanes = lanes(&mut reader);
    let (statuses, places): (Vec<Status>, Vec<At>) =
        reader.tables("status").into_iter().map(|mut reader| (status(&mut reader, &parties, &lanes), finish(reader))).unzip();
    if statuses.is_empty() {
        reader.problem(&reader.at("status"), "nothing", "at least one [[status]]");
    }
    let moves = moves(&mut reader, &statuses);
    reader.finish();
    for lane in &lanes {
        check_walk(lane, &statuses, &places, &moves, problems);
    }
    let all = all_moves(&statuses, moves);
    Read { workflow: Workflow { lanes, statuses, parties, moves: all, ended_reasons, milestones }, calendar, follows, instead }
}

/// The milestones, and how they hang together.
struct Dated {
    milestones: Vec<(String, String)>,
    follows: Vec<(String, String)>,
    instead: Vec<(String, String)>,
}

fn milestones(reader: &mut Reader<'_>) -> Dated {
    let mut follows: Vec<(String, Word)> = Vec::new();
    let mut instead: Vec<(String, Word)> = Vec::new();
    let mut milestones: Vec<(String, String)> = Vec::new();
    for mut reader in reader.tables("milestone") {
        let name = reader.name().text;
        follows.extend(reader.words("follows").into_iter().map(|word| (name.clone(), word)));
        instead.extend(reader.word("instead").map(|word| (name.clone(), word)));
        milestones.push((name, reader.need("label", "the words for the screen").text));
        reader.finish();
    }
    let names = || milestones.iter().map(|(name, _)| name.as_str());
    let known =
        |said: Vec<(String, Word)>| said.into_iter().filter_map(|(name, word)| Some((name, reader.check(word, names())?.text))).collect();
    Dated { follows: known(follows), instead: known(instead), milestones }
}

/// Whether some desk's shipped workflow has a status of that name.
pub fn is_shipped(status: &str) -> bool {
    let workflows = shipped().iter().filter(|(path, _)| path.ends_with("/workflow.toml"));
    workflows.filter_map(|(path, text)| tree::parse(path, text).ok()).any(|table| {
        let Some(Value::List(statuses)) = table.get("status").map(|node| &node.value) else { return false };
        statuses.iter().any(|node| matches!(&node.value, Value::Table(table) if table.text("name") == Some(status)))
    })
}

/// `utility` is always there; the others are named.
fn lanes(reader: &mut Reader<'_>) -> Vec<Lane> {
    let mut lanes = vec![Lane { name: UTILITY_LANE.to_owned(), label: UTILITY_LANE.to_owned() }];
    for mut reader in reader.tables("lane") {
        let lane = Lane { name: reader.name().text, label: reader.need("label", "the words for the screen").text };
        reader.finish();
        lanes.retain(|known| known.name != lane.name);
        lanes.push(lane);
    }
    lanes
}

fn finish(reader: Reader<'_>) -> At {
    let at = reader.at.clone();
    reader.finish();
    at
}

fn status(reader: &mut Reader<'_>, parties: &[Party], lanes: &[Lane]) -> Status {
    let name = reader.name().text;
    let lane = lane_of(reader, lanes);
    let label = reader.need("label", "the desk's words for it").text;
    let short = reader.need("short", "a word for the list, at most 12 letters");
    if short.text.chars().count() > SHORT {
        reader.problem(&short.at, quote(&short.text), "at most 12 letters");
    }
    let open = reader.flag("open", true);
    let task = if open { reader.need("task", "what is to be done in this status").text } else { reader.text("task") };
    let ball = reader.need_choice("ball", "who acts next", parties.iter().map(|party| party.name.as_str()));
    let follow_up = match open {
        true => reader.need("follow_up", "when we look again: 3b"),
        false => reader.word("follow_up").unwrap_or(Word { text: String::new(), at: reader.at("follow_up") }),
    };
    if !follow_up.text.is_empty() && !is_span(&follow_up.text) {
        reader.problem(&follow_up.at, quote(&follow_up.text), "a number of business days, days, weeks or months: 3b, 5d, 2w, 1m");
    }
    Status {
        name,
        label,
        lane: lane.unwrap_or_else(|| if open { UTILITY_LANE.to_owned() } else { String::new() }),
        short: short.text,
        task,
        ball: ball.map(|word| word.text).unwrap_or_default(),
        follow_up: follow_up.text,
        target_days: reader.number("target_days", 0, 999),
        ready: reader.flag("ready", false),
        approved: reader.flag("approved", false),
        portal: reader.flag("portal", false),
        open,
    }
}

/// `None`: the file names none. One that is not there is one mistake, and not one more for each move of the status.
fn lane_of(reader: &mut Reader<'_>, lanes: &[Lane]) -> Option<String> {
    let word = reader.word("lane")?;
    let known = reader.check(word, lanes.iter().map(|lane| lane.name.as_str()));
    Some(known.map_or_else(|| NO_LANE.to_owned(), |word| word.text))
}

/// `3b`, `5d`, `2w`, `1m`: what `domain::when` reads from any day on.
pub fn is_span(text: &str) -> bool {
    text.strip_suffix(['b', 'd', 'w', 'm'])
        .is_some_and(|count| matches!(count.len(), 1..=3) && count.bytes().all(|byte| byte.is_ascii_digit()))
}

type Moves = BTreeMap<String, Vec<String>>;

fn moves(reader: &mut Reader<'_>, statuses: &[Status]) -> Moves {
    let names = || statuses.iter().map(|status| status.name.as_str());
    let mut moves = Moves::new();
    let Some(mut reader) = reader.table("moves") else { return moves };
    for from in reader.keys() {
        // An unknown key gives its problem here, so `finish` need not.
        let to = reader.choices(from, names());
        for word in to.iter().filter(|to| !share_a_lane(statuses, from, &to.text)) {
            let lane = statuses.iter().find(|status| status.name == from).map_or("", |status| &status.lane);
            reader.problem(
                &word.at,
                quote(&word.text),
                format!("a status of the lane {lane}, because another lane is another application"),
            );
        }
        let to = to.into_iter().map(|word| word.text).collect();
        let key = Word { text: from.to_owned(), at: reader.at(from) };
        if reader.check(key, names().chain([ANY_OPEN])).is_some() {
            moves.insert(from.to_owned(), to);
        }
    }
    moves
}

/// Whether one application can stand at both. What stands without a lane belongs to each.
fn share_a_lane(statuses: &[Status], from: &str, to: &str) -> bool {
    let lane = |name: &str| statuses.iter().find(|status| status.name == name).map_or("", |status| &status.lane);
    let (from, to) = (lane(from), lane(to));
    [from, to].iter().any(|lane| lane.is_empty() || *lane == NO_LANE) || from == to
}

fn all_moves(statuses: &[Status], moves: Moves) -> HashSet<(String, String)> {
    let mut all = HashSet::new();
    let anywhere = moves.get(ANY_OPEN).cloned().unwrap_or_default();
    for status in statuses {
        let own = moves.get(&status.name).into_iter().flatten();
        let common = anywhere.iter().filter(|to| status.open && share_a_lane(statuses, &status.name, to));
        all.extend(own.chain(common).filter(|to| **to != status.name).map(|to| (status.name.clone(), to.clone())));
    }
    all
}

/// A status of the lane that cannot be entered, or that only ending leads out of, is dead. Statuses without a lane
/// belong to each.
fn check_walk(lane: &Lane, statuses: &[Status], places: &[At], moves: &Moves, problems: &Problems) {
    let here = |name: &&String| statuses.iter().any(|status| status.name == **name && (status.lane.is_empty() || status.lane == lane.name));
    let to = |name: &str| moves.get(name).into_iter().flatten().filter(here);
    let Some(first) = statuses.iter().find(|status| status.lane == lane.name) else { return };
    let mut reached: HashSet<&str> = HashSet::from([first.name.as_str()]);
    let mut next = vec![first.name.as_str()];
    while let Some(name) = next.pop() {
        for to in to(name).chain(to(ANY_OPEN)) {
            if reached.insert(to) {
                next.push(to);
            }
        }
    }
    let mut leaves: HashSet<&str> = statuses.iter().filter(|status| !status.open).map(|status| status.name.as_str()).collect();
    loop {
        let more: Vec<&str> = statuses
            .iter()
            .map(|status| status.name.as_str())
            .filter(|name| !leaves.contains(name) && to(name).any(|to| leaves.contains(to.as_str())))
            .collect();
        if more.is_empty() {
            break;
        }
        leaves.extend(more);
    }
    // What belongs to every lane is looked at in the first one.
    let own = |status: &Status| status.lane == lane.name || status.lane.is_empty() && lane.name == UTILITY_LANE;
    for (status, at) in statuses.iter().zip(places).filter(|(status, _)| own(status)) {
        let name = status.name.as_str();
        if !reached.contains(name) {
            problems.add(at, quote(name), format!("a status that some move from {} leads to", first.name));
        }
        if !leaves.contains(name) {
            problems.add(at, quote(name), "a status whose moves lead to a closed one, not only to ending it");
        }
    }
}
