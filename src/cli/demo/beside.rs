//! Which sites have another application beside the one at the utility: a permit, a fire review, a claim, an enrolment?

use std::collections::HashMap;

use super::chance::Chance;
use super::world::{Values, World};
use crate::domain::playbook::{DeskKind, UTILITY_LANE};

/// Before the application goes to the utility nothing else is begun.
const BEFORE: [&str; 5] = ["intake", "pre-application", "package-build", "customer-signature", "ready-to-submit"];
const BUILDING: [&str; 2] = ["installing", "ahj-inspection"];
const RUNS: [&str; 2] = ["pto", "post-pto"];

/// How often each status was dealt out: those that were least come first, so that all occur.
pub type Dealt = HashMap<&'static str, u32>;

/// The lane and the status of another application of a site, by where the one at the utility stands; mostly none.
pub fn of(world: &World<'_>, site: &Values, at: usize, dealt: &mut Dealt, chance: &mut Chance) -> Option<(String, usize)> {
    let workflow = &world.playbook.workflow;
    let status = workflow.statuses[at].name.as_str();
    if world.playbook.desk == DeskKind::Utility {
        // Who is connected adds storage now and then.
        let adds = RUNS.contains(&status) && chance.percent(50);
        return adds.then(|| first(world, UTILITY_LANE, &["submitted", "acknowledged", "screening"], dealt)).flatten();
    }
    let stored = site.contains_key("storage_power");
    // A container of batteries is looked at more often than a box in a garage.
    let looked_at = if world.playbook.desk == DeskKind::Commercial { 25 } else { 9 };
    let lanes: &[(&str, i64, &[&'static str])] = match status {
        _ if RUNS.contains(&status) => &[
            ("incentive", 40, &["claim-to-file", "claim-filed", "claim-deficiency", "claim-approved", "claim-paid"]),
            ("enrolment", 60, &["enrolment-preparation", "enrolment-filed", "enrolment-deficiency", "enrolment-approved", "first-bill"]),
        ],
        _ if BUILDING.contains(&status) => &[("ahj", 40, &["permit-issued", "inspection-requested", "correction-notice"])],
        "completion-sent" => &[("ahj", 25, &["inspection-passed"])],
        _ if BEFORE.contains(&status) => &[],
        _ if stored => {
            &[("fire", looked_at, &["fire-preparation", "fire-submitted", "fire-comments", "fire-approved"]), ("ahj", 12, PERMIT)]
        }
        _ => &[("ahj", 14, PERMIT)],
    };
    let (lane, _, among) = lanes.iter().find(|(_, percent, _)| chance.percent(*percent))?;
    first(world, lane, among, dealt)
}

const PERMIT: &[&str] = &["permit-preparation", "permit-submitted", "plan-comments", "permit-resubmitted", "permit-issued"];

/// None where the team's own workflow has no such lane or status.
fn first(world: &World<'_>, lane: &str, among: &[&'static str], dealt: &mut Dealt) -> Option<(String, usize)> {
    let uses = |status: &&&str| dealt.get(**status).copied().unwrap_or(0);
    let status = among.iter().min_by_key(uses)?;
    *dealt.entry(status).or_default() += 1;
    let at = world.playbook.workflow.statuses.iter().position(|known| known.name == *status && known.lane == lane)?;
    Some((lane.to_owned(), at))
}

/// Its fields: the same site, under the same project.
pub fn values(lane: &str, of: &Values) -> Values {
    let mut values = of.clone();
    values.insert("lane".to_owned(), lane.to_owned());
    if lane == UTILITY_LANE {
        values.remove("number");
        for gone in ["size_ac", "size_dc", "array", "inverters", "tier", "export", "storage_units", "pcs"] {
            values.remove(gone);
        }
        for (field, value) in [
            ("product", "ess"),
            ("technology", "storage"),
            ("coupling", "ac"),
            ("export_mode", "non-export"),
            ("size_ac", "5 kW"),
            ("storage_power", "5 kW"),
            ("storage_energy", "13.5 kWh"),
            ("storage_units", "1 x 5 kW / 13.5 kWh"),
        ] {
            values.insert(field.to_owned(), value.to_owned());
        }
    } else {
        values.remove("tier");
    }
    values
}
