//! What does every part of the screen look at? The desk, the rules, and the places of this frame.

use crate::desk::model::{Desk, Rules};
use crate::desk::prompt::{Find, Prompt};
use crate::desk::viewport::Layout;
use crate::domain::application::Application;
use crate::domain::day::Day;
use crate::domain::id::SubjectId;
use crate::domain::plan;
use crate::domain::playbook::Playbook;
use crate::index::RowId;
use crate::index::order::Moment;
use crate::index::queue::Row;
use crate::keys::action::Layer;

#[derive(Clone, Copy)]
pub struct Scene<'a> {
    pub desk: &'a Desk,
    pub rules: &'a Rules,
    pub layout: Layout,
    /// Which rows are to be worked now, as the list says of each.
    pub moment: &'a Moment,
}

impl<'a> Scene<'a> {
    pub fn playbook(&self) -> &'a Playbook {
        &self.rules.playbook
    }

    pub fn today(&self) -> Day {
        self.desk.today()
    }

    pub fn row(&self, id: RowId) -> Option<Row<'a>> {
        self.desk.queue.row(id, &self.rules.playbook)
    }

    /// The search that is typed or whose hits are worked.
    pub fn find(&self) -> Option<&'a Find> {
        match &self.desk.prompt {
            Some(Prompt::Find(find)) => Some(find),
            _ => self.desk.found.as_ref(),
        }
    }

    /// Where the words of a search stand in a row's notes and messages.
    pub fn said(&self, id: RowId) -> Option<&'a str> {
        self.find()?.said.as_ref()?.get(&id).map(String::as_str)
    }

    pub fn row_of(&self, subject: SubjectId) -> Option<Row<'a>> {
        self.row(self.desk.queue.find(subject)?)
    }

    /// The record that the pane shows: the one an open prompt is bound to, else the one under the
    /// cursor.
    pub fn shown(&self) -> Option<Row<'a>> {
        let bound = match &self.desk.prompt {
            Some(Prompt::Note(note)) => Some(note.seen.subject),
            Some(Prompt::Ask(ask)) => ask.record.as_ref().map(|record| record.id),
            Some(Prompt::Picker(picker)) => picker.record.as_ref().map(|record| record.id),
            None
            | Some(
                Prompt::Find(_)
                | Prompt::Pager(_)
                | Prompt::Import
                | Prompt::Offers(_)
                | Prompt::Template(_)
                | Prompt::Bulk(_)
                | Prompt::Query(_),
            ) => None,
        };
        match bound {
            Some(subject) => self.row_of(subject),
            None => self.row(self.desk.current()?),
        }
    }

    /// The record of a row, when it was read and is not older than the row.
    pub fn record(&self, row: &Row<'_>) -> Option<&'a Application> {
        self.desk.records.get(&row.subject).filter(|record| record.version == row.version)
    }

    /// `A-1042 Jane Smith`.
    pub fn name(&self, subject: SubjectId) -> String {
        self.row_of(subject).map(|row| format!("{} {}", row.reference, who(&row))).unwrap_or_default()
    }

    pub fn plan_context(&self) -> plan::Context<'a> {
        self.desk.plan_context(self.rules)
    }

    /// The key of an action, as the keymap has it.
    pub fn key(&self, action: &str) -> Option<String> {
        self.rules.keymap.keys_of(action, None)
    }

    /// The part of the screen that has the keys.
    pub fn layer(&self) -> Layer {
        self.desk.layer()
    }
}

/// Who it is for: the customer, else the site.
pub fn who<'a>(row: &Row<'a>) -> &'a str {
    if row.customer.is_empty() { row.site } else { row.customer }
}
