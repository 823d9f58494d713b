//! What did our own applications take at each utility? Read from the newest of them, and counted by the playbook's steps.

use std::collections::BTreeMap;

use crate::domain::playbook::Playbook;
use crate::domain::trouble::Trouble;
use crate::domain::turnaround::{Observed, Tally};
use crate::domain::utility_state::UtilityState;
use crate::store::Store;

/// How utilities worked years ago tells little, and nobody waits for a million records.
const NEWEST: usize = 20_000;

/// By the name of each utility's page.
pub fn read(store: &Store, playbook: &Playbook) -> Result<BTreeMap<String, Vec<Observed>>, Trouble> {
    let states = store.utility_states()?;
    let nothing = UtilityState::default();
    let mut names: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    store.each_milestones(NEWEST, &mut |written, milestones| {
        if !names.contains_key(written) {
            names.insert(written.to_owned(), playbook.utility(written).map(|utility| utility.name.clone()));
        }
        let Some(Some(name)) = names.get(written) else { return };
        let state = states.iter().find(|state| state.name == *name).unwrap_or(&nothing);
        let tally = tallies.entry(name.clone()).or_insert_with(|| Tally::new(&playbook.steps));
        tally.see(&playbook.steps, milestones, |from, to| state.business_days(&playbook.calendar, from, to));
    })?;
    Ok(tallies.into_iter().map(|(name, tally)| (name, tally.finish(&playbook.steps))).collect())
}
