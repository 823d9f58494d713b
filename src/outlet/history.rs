//! One line of `history --json`.

use serde_json::{Value as Json, json};

use crate::domain::event::Event;
use crate::domain::history::what;
use crate::domain::playbook::Workflow;

use super::show::at;

/// The day it happened, when it was written (UTC), who, what.
pub fn row(event: &Event, workflow: &Workflow) -> Json {
    json!({"on": event.on.to_string(), "at": at(event.hlc), "by": event.actor, "what": what(event, workflow)})
}
