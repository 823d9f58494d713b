//! Does a change lead to another review path? That is said before it is saved: 24.9 kW and 25.1 kW live in different worlds.

use std::collections::BTreeMap;

use super::Context;
use crate::domain::application::Application;
use crate::domain::event::Write;
use crate::domain::rules::matter::{Matter, SIZES, WORDS};
use crate::domain::rules::tier::TierAnswer;

/// Fields that a size is computed from.
const EQUIPMENT: &[&str] = &["array", "inverters", "storage_units", "storage_power", "coupling", "size_dc"];

/// "Tier 1 → Tier 2: not Tier 1: export 26 kW > 25 kW; …"; `None` when it stays what it was, or was never asked for.
pub fn flip(before: &Application, after: &Application, fields: &BTreeMap<String, Write>, ctx: &Context<'_>) -> Option<String> {
    let decides = |name: &str| WORDS.contains(&name) || EQUIPMENT.contains(&name) || SIZES.iter().any(|(_, field)| *field == name);
    if !before.exists() || !fields.keys().any(|name| decides(name)) {
        return None;
    }
    let tier = |application: &Application| {
        let matter = Matter::of(application);
        let utility = ctx.playbook.utility(application.utility());
        ctx.playbook.rules.tier(&matter, utility, ctx.today)
    };
    let (was, is) = (tier(before), tier(after));
    if was.tier == is.tier && was.rule == is.rule || was.rule.is_empty() && is.rule.is_empty() {
        return None;
    }
    Some(format!(
        "{} → {}: {}",
        name(&was),
        name(&is),
        is.reason.trim_start_matches(&format!("{}: ", is.label)).trim_start_matches("unknown because ")
    ))
}

fn name(answer: &TierAnswer) -> &str {
    if answer.label.is_empty() { &answer.tier } else { &answer.label }
}
