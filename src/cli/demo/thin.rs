//! How are very many applications made fast? Each by one event: where it stands, its numbers, its
//! last note, the milestones on the way.

use super::answer;
use super::chance::Chance;
use super::course::{self, Stop};
use super::fate::{self, Fate};
use super::life::{First, Life};
use super::site;
use super::world::{Said, Values, World};
use crate::domain::application::milestone;
use crate::domain::day::Day;
use crate::domain::trouble::Refusal;
use crate::domain::value::Value;

/// Opens an application as it stands today.
pub fn open<'w>(
    world: &'w World<'w>,
    first: &First,
    mut values: Values,
    stops: &[Stop<'_>],
    fate: Fate,
    mut chance: Chance,
) -> Result<Life<'w>, Refusal> {
    let Some(last) = stops.last() else { return Err(Refusal::new("an application stands somewhere")) };
    let follow_up = last.status.open.then(|| when(world, fate, &mut chance));
    answer::opened_in(&last.status.name, follow_up, &mut values);
    if last.status.name == "ended" {
        values.insert("ended_reason".to_owned(), chance.word(&world.playbook.workflow.ended_reasons).to_owned());
    }
    let is_answered = fate::ANSWERED.contains(&last.status.name.as_str());
    if is_answered {
        values.insert("cure_due".to_owned(), world.after(last.entered, 10).to_string());
    }
    if stops.len() > 3
        && !values.contains_key("number")
        && let Some(place) = values.get("utility").and_then(|utility| world.place(utility))
    {
        values.insert("number".to_owned(), site::number(place, &mut chance));
    }
    match fate {
        Fate::LegalHold => values.insert("legal_hold".to_owned(), "yes".to_owned()),
        Fate::Hold => values.insert("hold".to_owned(), chance.word(world.words(Said::Hold)).to_owned()),
        Fate::UntilActivity => values.insert("until_activity".to_owned(), "yes".to_owned()),
        Fate::PromiseDue => values.insert("promised".to_owned(), world.today.to_string()),
        Fate::CureNear if is_answered => values.insert("cure_due".to_owned(), world.after(world.today, 2).to_string()),
        Fate::Escalated => values.insert("escalated".to_owned(), "yes".to_owned()),
        _ => None,
    };
    let note = answer::note(&last.status.ball, world, last.entered, &mut chance);
    let happened = course::happened(world, stops).into_iter().flatten();
    let milestones = Value::List(happened.map(|(code, day)| milestone(code, day, "us")).collect());
    Life::open(world, first, &values, vec![("note", note.into()), ("milestone", milestones)], chance)
}

fn when(world: &World<'_>, fate: Fate, chance: &mut Chance) -> Day {
    match fate {
        Fate::Overdue => world.before(world.today, chance.within(1, 6)),
        Fate::DueToday | Fate::PromiseDue | Fate::CureNear | Fate::Escalated | Fate::TodoDue => world.today,
        _ => world.after(world.today, chance.within(1, 20)),
    }
}
