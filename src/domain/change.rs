//! What one command changes: planned in `domain` and `intake`, written by `store`.

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

/// One command: all or nothing. The chunks of an import share one command id; each is all or nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChangeSet {
    pub command: CommandId,
    pub kind: Kind,
    pub on: Day,
    pub undoes: Option<CommandId>,
    pub changes: Vec<Change>,
    /// Words for the undo line: "A-1042 Smith: asked customer".
    pub did: String,
    pub playbook: String,
}
