//! Which status do the words of a row mean?

use crate::domain::import::{Candidate, StatusRule};
use crate::domain::value::Value;

use crate::intake::cell;
use crate::intake::raw::RawRow;
use crate::intake::slots::{At, Slots};
use crate::intake::words::same;

/// The status rules of a profile, over the columns of one file.
#[derive(Debug)]
pub struct Statuses<'p> {
    rules: Vec<(At, &'p StatusRule)>,
    /// The columns of the rules, each once, that of the last rule first.
    columns: Vec<At>,
}

impl<'p> Statuses<'p> {
    pub fn new(rules: Vec<(At, &'p StatusRule)>) -> Statuses<'p> {
        let mut columns: Vec<At> = Vec::new();
        for (at, _) in rules.iter().rev() {
            if !columns.contains(at) {
                columns.push(*at);
            }
        }
        Statuses { rules, columns }
    }

    /// The first rule whose words match gives the status. When none does, a word is kept as it was
    /// read: that of the last rule's column, else the nearest one before that has any. Rules go from
    /// the special to the general, and the general column says where a row stands.
    pub fn read(&self, slots: &Slots, row: &RawRow, candidate: &mut Candidate) {
        if self.rules.is_empty() {
            return;
        }
        let says = |rule: &StatusRule, text: &str| {
            if rule.word.is_empty() { !text.is_empty() } else { same(&rule.word, text) }
        };
        let words: Vec<(At, String)> = self.columns.iter().map(|at| (*at, cell::line(slots.text(*at, row)))).collect();
        let word = |at: At| words.iter().find(|(column, _)| *column == at).map_or("", |(_, word)| word.as_str());
        let rule = self.rules.iter().find(|(at, rule)| says(rule, word(*at))).map(|(_, rule)| rule);
        let unknown = words.iter().map(|(_, word)| word).find(|word| !word.is_empty());
        let (status, reason) = match (rule, unknown) {
            (Some(rule), _) => (Value::text(&rule.status), rule.ended_reason.clone().into()),
            (None, Some(word)) => (Value::text(word), Value::Nothing),
            (None, None) => (Value::Nothing, Value::Nothing),
        };
        candidate.unknown_status = unknown.filter(|_| rule.is_none()).cloned();
        candidate.values.insert("status".into(), status);
        candidate.values.insert("ended_reason".into(), reason);
    }
}
