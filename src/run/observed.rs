//! What did our own applications take at each utility? Read from the newest of them, and counted by the playbook's steps.

use std::collections::BTreeMap;

use crate::domain::book;
use crate::domain::playbook::Playbook;
use crate::domain::trouble::Trouble;
use crate::domain::turnaround::{Milestones, Observed};
use crate::domain::utility_state::UtilityState;
use crate::store::Store;

/// How utilities worked years ago tells little, and nobody waits for a million records.
const NEWEST: usize = 20_000;

/// By the name of each utility's page.
pub fn read(store: &Store, playbook: &Playbook) -> Result<BTreeMap<String, Vec<Observed>>, Trouble> {
    let mut told: BTreeMap<String, Vec<Milestones>> = BTreeMap::new();
    let mut names: BTreeMap<String, Option<String>> = BTreeMap::new();
    for (written, milestones) in store.milestones(NEWEST)? {
        let name = names.entry(written).or_insert_with_key(|written| playbook.utility(written).map(|utility| utility.name.clone()));
        if let Some(name) = name {
            told.entry(name.clone()).or_default().push(milestones);
        }
    }
    let states = store.utility_states()?;
    let nothing = UtilityState::default();
    let observe = |(name, applications): (String, Vec<Milestones>)| {
        let state = states.iter().find(|state| state.name == name).unwrap_or(&nothing);
        let observed = book::observed(playbook, state, &applications);
        (name, observed)
    };
    Ok(told.into_iter().map(observe).collect())
}
