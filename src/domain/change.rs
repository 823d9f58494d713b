//! What one command changes: the plan that the store writes whole or not at all.

use std::collections::BTreeMap;

use super::day::Day;
use super::event::{Kind, Of, Write};
use super::id::{CommandId, SubjectId};

/// What one command changes in one subject.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    pub subject: SubjectId,
    pub of: Of,
    /// The version that was seen; `None`: the subject must not exist yet.
    pub expects: Option<i64>,
    /// The store gives it the next reference.
    pub needs_reference: bool,
    pub fields: BTreeMap<String, Write>,
}

/// One command: all or nothing. An import's chunks share one command id; each chunk is all or
/// nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChangeSet {
    pub command: CommandId,
    pub kind: Kind,
    /// The day it happened.
    pub on: Day,
    pub undoes: Option<CommandId>,
    pub changes: Vec<Change>,
    /// Words for the undo line: "A-1042 Smith: asked customer".
    pub did: String,
    /// Name and digest of the playbook in force.
    pub playbook: String,
}
