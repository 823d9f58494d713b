//! Which screens of the review does the application meet, and why are the others skipped?

use super::matter::Matter;
use super::tier::{Verdict, all};
use super::{RuleSet, Skip};
use crate::domain::playbook::Confidence;

/// How a screen stands for one application.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScreenAnswer {
    pub name: String,
    pub label: String,
    /// `Some(true)`: it applies; `Some(false)`: it is skipped; `None`: not known.
    pub applies: Option<bool>,
    pub because: String,
    pub cites: String,
    pub confidence: Confidence,
}

pub fn answers(set: &RuleSet, matter: &Matter) -> Vec<ScreenAnswer> {
    let answer = |screen: &super::Screen| {
        let mut open: Vec<String> = Vec::new();
        let mut skipped = None;
        for skip in &screen.skips {
            match skip.verdict(matter) {
                Verdict::Yes if skipped.is_none() => skipped = Some(skip.says.clone()),
                Verdict::Unknown(_, why) => open.push(format!("{}: {why}", skip.says)),
                _ => {}
            }
        }
        let (applies, because) = match (skipped, open.is_empty()) {
            (Some(says), _) => (Some(false), says),
            (None, true) => (Some(true), String::new()),
            (None, false) => (None, open.join("; ")),
        };
        ScreenAnswer {
            name: screen.name.clone(),
            label: screen.label.clone(),
            applies,
            because,
            cites: screen.cites.clone(),
            confidence: screen.confidence,
        }
    };
    set.screens.iter().map(answer).collect()
}

impl Skip {
    fn verdict(&self, matter: &Matter) -> Verdict {
        let limits = self.limits.iter().map(|limit| limit.verdict(matter));
        all(limits.chain(self.needs.iter().map(|need| need.verdict(matter))))
    }
}
