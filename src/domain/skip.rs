//! Why does somebody leave a row for another day? The reasons are data; a skip is one answer.

use super::day::Day;
use super::id::SubjectId;

/// A reason that a team offers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reason {
    /// `not-mine`: as files and `--json` have it.
    pub name: String,
    pub label: String,
    /// It asks for words: the reason that none of the others is.
    pub asks: bool,
}

/// Somebody left an application for another day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Skip {
    pub subject: SubjectId,
    /// The day for which it keeps away from them.
    pub day: Day,
    pub login: String,
    /// The reason's name.
    pub reason: String,
    /// What they wrote beside it; mostly empty.
    pub words: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
}

impl Skip {
    /// "needs a specialist", "other: the portal wants a fax". A reason that no file has any more is shown by its name.
    pub fn why(&self, reasons: &[Reason]) -> String {
        let label = reasons.iter().find(|reason| reason.name == self.reason).map_or(&*self.reason, |reason| &reason.label);
        if self.words.is_empty() { label.to_owned() } else { format!("{label}: {}", self.words) }
    }
}
