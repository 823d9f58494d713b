//! Which rows stand together under one head?

use std::collections::HashMap;

use super::RowId;
use super::filter;
use super::rows::Rows;
use crate::domain::playbook::Playbook;
use crate::domain::query::{Group, TextField};
use crate::domain::text::fold;

/// Moves the rows of each group together, in their order. The group whose first row came first is first: the most
/// urgent thing stays on top. Rows that have none are last. The answer: the first row of each, and how many it has.
pub(super) fn apply(queue: &Rows, rows: &mut [RowId], group: Group, playbook: &Playbook) -> HashMap<RowId, usize> {
    let numbers = numbers(queue, rows, group, playbook);
    let mut place: HashMap<Option<u32>, usize> = HashMap::new();
    for number in numbers.iter().filter(|number| number.is_some()) {
        let next = place.len();
        place.entry(*number).or_insert(next);
    }
    let mut keyed: Vec<(usize, RowId)> =
        numbers.iter().map(|number| place.get(number).copied().unwrap_or(usize::MAX)).zip(rows.iter().copied()).collect();
    keyed.sort_by_key(|(place, _)| *place);
    rows.iter_mut().zip(&keyed).for_each(|(to, (_, id))| *to = *id);
    keyed.chunk_by(|one, other| one.0 == other.0).map(|group| (group[0].1, group.len())).collect()
}

/// A number for each row's group; `None` for none.
fn numbers(queue: &Rows, rows: &[RowId], group: Group, playbook: &Playbook) -> Vec<Option<u32>> {
    let mut known: HashMap<String, u32> = HashMap::new();
    let mut number = |text: String| {
        let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
        (!text.is_empty()).then(|| *known.entry(text).or_insert(next))
    };
    // Several names can be one group (a utility and its alias), so each name is told once.
    let of_names: Vec<Option<u32>> = match group {
        Group::Utility => queue.utilities.iter().map(|name| number(key(group, &name.text, playbook))).collect(),
        Group::Portal => queue.utilities.iter().map(|name| number(key(group, &name.text, playbook))).collect(),
        Group::Status => queue.statuses.iter().map(|name| number(key(group, &name.text, playbook))).collect(),
        Group::Owner => queue.owners.iter().map(|name| number(key(group, &name.text, playbook))).collect(),
        Group::Contact => Vec::new(),
    };
    let of_row = |id: &RowId| {
        let row = queue.packed(*id)?;
        let name = match group {
            Group::Utility | Group::Portal => row.utility,
            Group::Status => row.status,
            Group::Owner => row.owner,
            Group::Contact => {
                let customer = filter::part(queue.searched(*id, row), filter::place(TextField::Customer));
                return number(String::from_utf8_lossy(customer).to_lowercase());
            }
        };
        of_names.get(name as usize).copied().flatten()
    };
    rows.iter().map(of_row).collect()
}

/// What rows of one group have in common.
fn key(group: Group, name: &str, playbook: &Playbook) -> String {
    match group {
        Group::Utility => playbook.utility(name).map_or_else(|| fold(name), |utility| fold(&utility.name)),
        Group::Portal => playbook.utility(name).map_or_else(String::new, |utility| fold(&utility.portal)),
        _ => fold(name),
    }
}

/// The words of a row's head.
pub fn head(queue: &Rows, id: RowId, group: Group, playbook: &Playbook) -> String {
    let Some(row) = queue.row(id, playbook) else { return String::new() };
    let text = match group {
        Group::Utility => playbook.utility(row.utility).map_or(row.utility, |utility| &utility.name),
        Group::Portal => playbook.utility(row.utility).map_or("", |utility| &utility.portal),
        Group::Status => playbook.workflow.status_label(row.status),
        Group::Contact => row.customer,
        Group::Owner => row.owner,
    };
    if text.is_empty() { group.none().to_owned() } else { text.to_owned() }
}
