//! What is known of the import on screen: its rows, how they are read, how far it is.

use super::effect::Ticket;
use super::prompt::Tint;
use crate::domain::import::{Guess, Order, Profile, Report, Rows};
use crate::domain::trouble::Failure;

/// The most business days over which follow-ups are spread.
pub const SPREAD_MAX: u32 = 99;

/// How far it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Phase {
    /// The first rows are looked at.
    Looking,
    /// Nobody has a profile for them: a person says where each column goes.
    Columns,
    /// All rows are read, nothing is written.
    /// So many of about so many rows were read; nothing is written.
    Trying {
        done: usize,
        of: usize,
    },
    Preview(Report),
    /// The rows cannot come in like this.
    Refused(Failure),
    Running {
        done: usize,
        of: usize,
        stopping: bool,
    },
    Done(Ended),
}

/// How an import ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ended {
    pub report: Report,
    /// Why it could not go on, or that it was stopped.
    pub stopped: Option<Failure>,
    /// It was taken back: the words for it.
    pub taken_back: Option<String>,
}

/// One import, from its rows to its report. There is one at a time; its screen can be left while it
/// runs.
#[derive(Clone, Debug)]
pub struct Import {
    pub rows: Rows,
    pub phase: Phase,
    /// The columns as they stand now; `None`: a profile fits.
    pub guess: Option<Guess>,
    /// The profile as it was guessed: what it knows of a column comes back with its purpose.
    pub first: Profile,
    /// The one to read by.
    pub profile: Profile,
    pub spread: u32,
    /// The number is being typed: the next digit goes behind it.
    pub typing: bool,
    pub all_new: bool,
    /// The column under the cursor.
    pub cursor: usize,
    /// The lines of preview and report, and the first of them that is shown.
    pub lines: Vec<(Tint, String)>,
    pub top: usize,
    /// Its undo is on its way.
    pub undoing: Option<Ticket>,
    /// Somebody was told that it still runs, and wants to quit all the same.
    pub told: bool,
}

impl Import {
    pub fn new(rows: Rows) -> Import {
        Import {
            rows,
            phase: Phase::Looking,
            guess: None,
            first: Profile::default(),
            profile: Profile::default(),
            spread: 0,
            typing: false,
            all_new: false,
            cursor: 0,
            lines: Vec::new(),
            top: 0,
            undoing: None,
            told: false,
        }
    }

    /// The file's name without its folders, or that it was pasted.
    pub fn name(&self) -> &str {
        match &self.rows {
            Rows::File(path) => path.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or(path),
            Rows::Cells(_) => "pasted cells",
        }
    }

    /// As the line of the undo says it.
    pub fn did(&self) -> String {
        format!("import of {}", self.name())
    }

    pub fn order(&self) -> Order {
        Order { rows: self.rows.clone(), profile: self.profile.clone(), spread: self.spread, all_new: self.all_new }
    }

    pub fn is_done(&self) -> bool {
        matches!(self.phase, Phase::Done(_))
    }

    pub fn is_running(&self) -> bool {
        matches!(self.phase, Phase::Running { .. })
    }

    /// What it did or would do.
    pub fn report(&self) -> Option<&Report> {
        match &self.phase {
            Phase::Preview(report) | Phase::Done(Ended { report, .. }) => Some(report),
            _ => None,
        }
    }

    /// Whether an action of the layer does something now. Moving always may.
    pub fn takes(&self, action: &str) -> bool {
        match action {
            "import-on" => matches!(self.phase, Phase::Columns | Phase::Preview(_) | Phase::Refused(_) | Phase::Done(_)),
            "import-target" | "import-key" | "import-dates" | "import-unit" => self.phase == Phase::Columns,
            "import-keep" => self.guess.is_some() && matches!(self.phase, Phase::Columns | Phase::Preview(_) | Phase::Done(_)),
            "import-columns" => self.guess.is_some() && matches!(self.phase, Phase::Preview(_) | Phase::Refused(_)),
            "import-all-new" => !self.all_new && matches!(self.phase, Phase::Refused(Failure::Refusal(_))),
            "import-more" | "import-less" => self.spreads(),
            "import-behind" => self.is_running(),
            "import-undo" => matches!(&self.phase, Phase::Done(ended) if ended.taken_back.is_none() && wrote(&ended.report)),
            "import-conflicts" => {
                matches!(&self.phase, Phase::Done(ended) if ended.taken_back.is_none() && !ended.report.conflicts.is_empty())
            }
            _ => true,
        }
    }

    /// It would change nothing at all.
    pub fn is_empty(&self) -> bool {
        matches!(&self.phase, Phase::Preview(report) if !wrote(report) && report.conflicts.is_empty())
    }

    /// Rows come in without a day on which we look again.
    pub fn spreads(&self) -> bool {
        matches!(&self.phase, Phase::Preview(report) if report.without_follow_up > 0)
    }
}

/// Whether anything came in.
pub fn wrote(report: &Report) -> bool {
    report.written > 0
}
