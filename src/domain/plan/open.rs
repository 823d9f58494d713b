//! Opens an application, from as little as a site and a utility.

use std::collections::BTreeMap;

use super::builder::Builder;
use super::{Context, Planned};
use crate::domain::application::Application;
use crate::domain::event::{Kind, Of};
use crate::domain::field;
use crate::domain::id::SubjectId;
use crate::domain::playbook::Then;
use crate::domain::record::{OPENED, Record};
use crate::domain::text;
use crate::domain::trouble::Refusal;
use crate::domain::value::Value;

/// Plans a new application. `values` need `site` and `utility`; the status is the first of its lane
/// unless it is given; its ball and follow-up come with the status.
pub fn application(
    subject: SubjectId,
    values: &BTreeMap<String, String>,
    owner: Option<&str>,
    ctx: &Context<'_>,
) -> Result<Planned, Refusal> {
    let blank = Application(Record::new(subject, Of::Application));
    let mut plan = Builder::new(&blank, *ctx, Kind::Open, None)?;
    for needed in ["site", "utility"] {
        if values.get(needed).is_none_or(|text| text.trim().is_empty()) {
            return Err(Refusal::new(format!("a new application needs its {needed}")));
        }
    }
    plan.put(OPENED, ctx.today.to_string().into());
    let workflow = &ctx.playbook.workflow;
    let lane = workflow.lane(values.get("lane").map(String::as_str));
    let first = workflow.first(lane).map_or("intake", |status| &status.name);
    let status = values.get("status").map_or(first, |status| status.trim());
    // Before the status, which has to be one of its lane.
    if let (Some(text), Some(field)) = (values.get("lane"), field::find("lane")) {
        plan.put_field(field, &text::clean(text))?;
    }
    plan.put_status(status, values.get("ended_reason").map(|text| text.trim()), None)?;
    for (name, text) in
        values.iter().filter(|(name, _)| !matches!(name.as_str(), "lane" | "status" | "ended_reason" | "follow_up" | "ball"))
    {
        let field = field::find(name).ok_or_else(|| super::edit::unknown_field(name))?;
        plan.put_field(field, &text::clean(text))?;
    }
    if !values.contains_key("owner") {
        plan.put("owner", owner.into());
    }
    if let Some(party) = values.get("ball") {
        plan.put_ball(party.trim())?;
    }
    if let Some(words) = values.get("follow_up") {
        plan.put_follow_up_words(words.trim())?;
    }
    plan.status_defaults(values.contains_key("ball"), values.contains_key("follow_up"), None)?;
    let site = plan.fields.get("site").and_then(|write| write.to.as_text()).unwrap_or_default().to_owned();
    let mut planned = plan.finish("opened", Then::Stay)?;
    planned.change.expects = None;
    planned.change.needs_reference = true;
    planned.did = format!("opened {site}");
    debug_assert!(planned.change.fields.get(OPENED).is_some_and(|write| write.to != Value::Nothing));
    Ok(planned)
}
