//! What did colleagues add to the pages of utilities: a quirk, an outage, an agreement?

use super::chance::Chance;
use super::data::Added;
use super::world::World;
use crate::domain::day::Day;
use crate::domain::event::Of;
use crate::domain::id::CommandId;
use crate::domain::record::Record;
use crate::domain::utility_state::Addition;
use crate::store::{Past, Store};

/// The events of all that this desk has, by the rules by which the program adds them.
pub fn additions(store: &Store, world: &World<'_>, chance: &mut Chance) -> Vec<Past> {
    let mut records: Vec<Record> = Vec::new();
    let mut past = Vec::new();
    let here = |added: &&Added| added.desks.iter().any(|desk| desk == world.playbook.desk.name());
    let mut all: Vec<&Added> = world.data.additions.iter().filter(here).collect();
    all.sort_by_key(|added| -added.ago);
    for added in all {
        let Some(utility) = world.playbook.utility(&added.utility) else { continue };
        let begins = if added.ago == 0 { world.today } else { world.before(world.today, added.ago) };
        let Some((addition, day)) = read(added, begins, world) else { continue };
        let subject = store.utility_subject(&utility.name);
        if !records.iter().any(|record| record.id == subject) {
            records.push(Record::new(subject, Of::Utility));
        }
        let Some(record) = records.iter_mut().find(|record| record.id == subject) else { continue };
        let Ok(addition) = addition.checked(&utility.name, None, day) else { continue };
        let Some(actor) = world.actors.get(added.by + 1) else { continue };
        let change = addition.change(record, &utility.name, None, day, &actor.login);
        let who = (actor, CommandId(chance.uuid()), record.version + 1);
        let one = world.past(change, addition.did(&utility.name, day), day, who);
        record.apply(&one.event);
        past.push(one);
    }
    past
}

/// What was added, and on which day.
fn read(added: &Added, begins: Day, world: &World<'_>) -> Option<(Addition, Day)> {
    if let Some(says) = &added.quirk {
        return Some((Addition::Quirk { says: says.clone() }, begins));
    }
    if let Some(down) = &added.down {
        let until = world.after(begins, down.days);
        return Some((Addition::Down { until, reason: down.reason.clone(), channel: down.channel.clone() }, begins));
    }
    let stop = added.stop.as_ref()?;
    let until = world.after(begins, stop.days - 1);
    let agreement = Addition::Stop { from: begins, until, agreed_by: stop.agreed_by.clone(), authority: stop.authority.clone() };
    Some((agreement, until))
}
