//! The one command that settles what imports left open, whichever records it touches.

use std::collections::BTreeMap;

use crate::domain::change::ChangeSet;
use crate::domain::day::Day;
use crate::domain::event::Kind;
use crate::domain::id::{CommandId, SubjectId};
use crate::domain::import::Offer;
use crate::domain::plan::settle;
use crate::domain::playbook::Playbook;
use crate::domain::trouble::{Failure, Refusal};
use crate::store::Store;

/// `Err`: one of them does not stand any more as it was shown, or a record cannot be read.
pub fn change_set(
    store: &Store,
    offers: &[Offer],
    theirs: bool,
    command: CommandId,
    playbook: &Playbook,
    today: Day,
) -> Result<ChangeSet, Failure> {
    let mut by_subject: BTreeMap<SubjectId, Vec<&Offer>> = BTreeMap::new();
    for offer in offers {
        by_subject.entry(offer.subject).or_default().push(offer);
    }
    let mut changes = Vec::new();
    for (subject, offers) in by_subject {
        let gone = || Refusal::new(format!("{} does not exist any more: nothing was written", offers[0].reference));
        let application = store.application(subject)?.ok_or_else(gone)?;
        changes.push(settle::change(&application, &offers, theirs, &playbook.workflow)?);
    }
    let did = settle::words(offers, theirs);
    Ok(ChangeSet { command, kind: Kind::Set, on: today, undoes: None, changes, did, playbook: playbook.name.clone() })
}
