//! What does the text mean that somebody typed for a field of this application?

use super::builder::Builder;
use crate::domain::day::When;
use crate::domain::field::{self, Field};
use crate::domain::playbook::Status;
use crate::domain::sizes;
use crate::domain::text;
use crate::domain::trouble::Refusal;
use crate::domain::value::Value;
use crate::domain::when;

impl<'a> Builder<'a> {
    /// A value as a preview says it: days by their weekday.
    pub(super) fn shown(&self, kind: field::Kind, value: &Value) -> String {
        let day = value.as_text().filter(|_| matches!(kind, field::Kind::Day | field::Kind::When)).and_then(When::parse);
        day.map_or_else(|| field::show(kind, value), |when| crate::domain::day::short_when(when, self.ctx.today))
    }

    /// Reads text for a field: dates in words, known parties and utilities by any of their names.
    pub(super) fn read(&self, field: &'static Field, text: &str) -> Result<Value, Refusal> {
        let playbook = self.ctx.playbook;
        let text = text::clean(text);
        let text = text.trim();
        let refuse = |wanted: String| Refusal::new(format!("{}: read \"{text}\", wanted {wanted}", field.name));
        if text.is_empty() {
            return Ok(Value::Nothing);
        }
        match field.kind {
            field::Kind::Day | field::Kind::When => {
                let resolved = when::read(text, self.ctx.today, &playbook.calendar).map_err(refuse)?;
                let day_only = When::on(resolved.when.day);
                Ok(Value::text(if field.kind == field::Kind::Day { day_only } else { resolved.when }.to_string()))
            }
            field::Kind::Party => {
                let folded = text.to_lowercase().replace(' ', "-");
                let party = playbook.workflow.parties.iter().find(|party| party.name == folded);
                let names = || playbook.workflow.parties.iter().map(|party| party.name.as_str()).collect::<Vec<_>>().join(", ");
                party.map(|party| Value::text(&*party.name)).ok_or_else(|| refuse(format!("one of {}", names())))
            }
            field::Kind::Utility => Ok(Value::text(playbook.utility(text).map_or(text, |utility| &utility.name))),
            _ if field.name == "lane" => self.read_lane(text).map(Value::text).map_err(refuse),
            _ if field.name == "customer_zone" && text.parse::<chrono_tz::Tz>().is_err() => {
                Err(refuse("a zone like America/Denver".to_owned()))
            }
            _ => {
                sizes::check(field.name, text).map_err(refuse)?;
                field::read(field, text).map_err(refuse)
            }
        }
    }

    /// A lane of the desk in which the application can stand where it stands.
    fn read_lane(&self, text: &str) -> Result<&'a str, String> {
        let workflow = &self.ctx.playbook.workflow;
        let folded = text.to_lowercase().replace(' ', "-");
        let names = || workflow.lanes.iter().map(|lane| lane.name.as_str()).collect::<Vec<_>>().join(", ");
        let lane = workflow.lanes.iter().find(|lane| lane.name == folded).ok_or_else(|| format!("one of {}", names()))?;
        if self.app.exists() && !workflow.is_in_lane(self.app.status(), &lane.name) {
            return Err(format!(
                "a lane with the status {}; another lane is another application",
                workflow.status_label(self.app.status())
            ));
        }
        Ok(&lane.name)
    }

    /// A permit never gets permission to operate, and no reason makes it one: another lane is another application.
    pub(super) fn check_lane(&self, to: &Status) -> Result<(), Refusal> {
        let workflow = &self.ctx.playbook.workflow;
        let given = self.fields.get("lane").map_or(self.app.value("lane"), |write| &write.to);
        let lane = workflow.lane(given.as_text());
        if workflow.is_in_lane(&to.name, lane) {
            return Ok(());
        }
        Err(Refusal::new(format!(
            "{} is a status of the lane {}, this is an application in the lane {}",
            to.label,
            workflow.lane_label(&to.lane),
            workflow.lane_label(lane)
        ))
        .hint(format!("open one for it: new SITE --utility U lane={}", to.lane)))
    }
}
