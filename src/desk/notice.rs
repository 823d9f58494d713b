//! All words to the user that are no answer on the spot pass here: one line, one kind.

use crate::domain::id::SubjectId;
use crate::domain::trouble::Failure;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tone {
    /// It happened.
    Done,
    /// Good to know.
    Note,
    /// A rule said no.
    Refused,
    /// The world failed.
    Trouble,
}

/// One line at the foot of the screen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    pub tone: Tone,
    pub text: String,
    /// Where a copy went that came behind it. A copy takes a while, and what was said meanwhile may be a refusal.
    pub aside: String,
    /// The record that it is about; one key goes there.
    pub about: Option<SubjectId>,
}

impl Notice {
    pub fn new(tone: Tone, text: impl Into<String>) -> Notice {
        Notice { tone, text: text.into(), aside: String::new(), about: None }
    }

    pub fn about(mut self, subject: SubjectId) -> Notice {
        self.about = Some(subject);
        self
    }
}

impl From<&Failure> for Notice {
    fn from(failure: &Failure) -> Notice {
        let tone = if matches!(failure, Failure::Refusal(_)) { Tone::Refused } else { Tone::Trouble };
        let mut text = failure.says();
        for cause in failure.causes().iter().take(1) {
            text = format!("{text}: {cause}");
        }
        if let Some(hint) = failure.hint() {
            text = format!("{text} ({hint})");
        }
        Notice::new(tone, text)
    }
}
