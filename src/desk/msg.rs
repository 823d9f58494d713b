//! All that can happen to a desk.

use std::collections::BTreeMap;

use super::effect::{Taste, Ticket};
use super::prompt::DraftKey;
use crate::domain::application::Application;
use crate::domain::day::{Day, NaiveDateTime};
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::id::{SubjectId, Uuid};
use crate::domain::import::{self, Offer, Report};
use crate::domain::ledger::Entry;
use crate::domain::message::{Message, Person};
use crate::domain::skip::Skip;
use crate::domain::trouble::Failure;
use crate::domain::turnaround::{Milestones, Observed};
use crate::domain::utility_state::UtilityState;
use crate::domain::view::Kept;
use crate::index::RowId;
use crate::index::block::Block;
use crate::index::queue::Counts;
use crate::index::rank::{Asked, Ranked};
use crate::keys::chord::Key;

/// The record under the cursor as it was painted when a key came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seen {
    pub subject: SubjectId,
    pub version: i64,
}

/// A note half typed, of this or of a dead session.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft {
    pub key: DraftKey,
    pub text: String,
    /// Row and column of the cursor, in characters.
    pub cursor: (usize, usize),
    pub aside: Aside,
}

/// What a kept text does not say itself.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Aside {
    /// Words that look like marks and are text: pasted, or made so.
    pub plain: Vec<String>,
    /// The number of an attempt that is counted when the note is saved: `#3`.
    pub attempt: Option<String>,
}

/// What the clipboard knows of a copy; the words say no more than that.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Copied {
    /// "application number", "message": what was copied.
    pub what: String,
    /// "copied", "in the tmux buffer, and sent to your terminal", "saved to FILE".
    pub words: String,
    pub failed: bool,
    /// As it was copied, cleaned.
    pub text: String,
    /// No way took it: it has to be shown, so that the mouse can take it.
    pub stuck: bool,
}

/// A commit that was not written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unsaved {
    /// Somebody changed the record since it was seen.
    Stale {
        subject: SubjectId,
        by: String,
        what: String,
        now: i64,
    },
    Failed(Failure),
}

/// What was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Saved {
    pub did: String,
    pub facts: Vec<(SubjectId, Option<Facts>)>,
}

/// A change that another session made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Foreign {
    pub subject: SubjectId,
    /// `None`: the application is gone.
    pub facts: Option<Facts>,
    pub by: String,
}

/// Another session has a record open.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Held {
    pub subject: SubjectId,
    /// The login.
    pub by: String,
    /// The database's local time.
    pub since: NaiveDateTime,
}

/// What a search in the history did not look at.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Beyond {
    #[default]
    Nothing,
    /// There may be more places than are shown.
    More,
    /// The index is being filled, and old changes are not in it yet.
    Unread,
}

/// One place where words stand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    pub subject: SubjectId,
    pub on: Day,
    /// In a message.
    pub message: bool,
    pub line: String,
}

/// How the exports to other systems stand: the destination with the most changes since its last.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Synced {
    pub name: String,
    /// Applications that changed since.
    pub changed: usize,
    /// The database's local time of its last export.
    pub since: NaiveDateTime,
    /// How many other destinations there are.
    pub others: usize,
}

#[derive(Debug)]
pub enum Msg {
    /// A key, the time it came in milliseconds of the machine's steady clock, what was painted then,
    /// and two fresh ids for what it may make.
    Key {
        key: Key,
        at: i64,
        seen: Option<Seen>,
        fresh: [Uuid; 2],
    },
    /// Text from the terminal's clipboard: never keys.
    Paste {
        text: String,
    },
    /// More of it: the terminal did not mark the paste, and it came in pieces.
    PasteGoesOn {
        text: String,
    },
    Resized {
        width: u16,
        height: u16,
    },
    /// The database's local time; comes at start, each minute, and when the day changes. `at` as in `Key`.
    Time {
        now: NaiveDateTime,
        at: i64,
    },
    /// A second of a drill went by; `at` as in `Key`.
    Tick {
        at: i64,
    },
    /// Who works here, and with what the company signs.
    Signed {
        person: Person,
        company: BTreeMap<String, String>,
    },
    /// The messages that the team wrote in the program. `run` lays them over the files' between two
    /// touches, because rules do not change under what is being planned.
    Messages(Vec<Message>),
    /// What the team added to the pages of utilities; `run` lays it beside them as it does with messages.
    Utilities(Vec<UtilityState>),
    /// The views that the team kept, all of them.
    Views(Vec<Kept>),
    /// One's own view was written (`true`), or removed.
    OwnView(Result<(Kept, bool), Failure>),
    /// Nothing else is to be done: what may lag goes on.
    Idle,
    /// It has been laid there: the rules that come with this are the new ones. The utilities whose clocks were stopped,
    /// or are no more, by name.
    UtilitiesChanged {
        stopped: Vec<String>,
    },
    /// The milestones of the applications of one utility.
    Turnaround {
        utility: String,
        applications: Vec<Milestones>,
    },
    /// Rows that are in the queue already, to be counted by other rules.
    Reread(Vec<Facts>),
    /// What our own applications took, by utility; `run` lays it beside the rules between two touches.
    Observed(BTreeMap<String, Vec<Observed>>),
    /// So many rows will come in all.
    Expected(usize),
    /// Rows: first the front of the last ranking, then slices; `last` ends the loading.
    Rows {
        facts: Vec<Facts>,
        last: bool,
    },
    /// Rows that were made ready on the way; `last` ends the loading.
    Block {
        block: Box<Block>,
        last: bool,
    },
    Ranked {
        ticket: Ticket,
        ranked: Box<Ranked>,
    },
    /// `generation`: of the rows that were counted. `come`: the row whose hour has come.
    Counted {
        asked: Asked,
        counts: Counts,
        generation: u64,
        come: Option<RowId>,
    },
    Found {
        ticket: Ticket,
        hits: Vec<RowId>,
        total: usize,
    },
    /// Each with the reason.
    Similar {
        ticket: Ticket,
        found: Vec<(RowId, String)>,
    },
    /// What other sessions wrote.
    Foreign(Vec<Foreign>),
    Record(Box<Application>),
    /// The other applications of its site; comes before the record.
    SameSite {
        subject: SubjectId,
        others: Vec<SubjectId>,
    },
    History {
        subject: SubjectId,
        events: Vec<Event>,
    },
    Committed {
        ticket: Ticket,
        result: Result<Saved, Unsaved>,
    },
    Copied(Copied),
    /// Drafts of dead sessions, at start.
    Drafts(Vec<Draft>),
    /// The text comes back from `$EDITOR`, or why it does not.
    Edited(Result<String, String>),
    /// Which profile fits the rows, or what their columns seem to be.
    Seen(Box<Result<import::Seen, Failure>>),
    /// What an import would do.
    Tried(Box<Result<Report, Failure>>),
    /// So many of about so many rows were read.
    Importing {
        done: usize,
        of: usize,
    },
    /// The import has ended: what it did, and why it could not go on, if it could not.
    Imported {
        report: Box<Report>,
        stopped: Option<Failure>,
    },
    /// The file in which a profile was kept.
    ProfileKept(Result<String, Failure>),
    /// Conflicts and suggestions of imports that nobody has settled.
    Offers(Vec<Offer>),
    /// Records that could be the same application, the likeliest first, with the reason.
    Alike {
        subject: SubjectId,
        found: Vec<(Application, String)>,
    },
    /// Records of the same customer's name.
    Contact {
        subject: SubjectId,
        others: Vec<Application>,
    },
    /// Where the words stand: what was said, then what was written, each the newest first.
    Said {
        ticket: Ticket,
        found: Vec<Said>,
        beyond: Beyond,
    },
    /// Today's notes of this person, a line each, with the number of their records.
    Notes(Vec<String>),
    /// What this person's touches cost.
    Costs(Vec<Entry>),
    /// Comes after the loading when there is a destination, and when what it says has changed.
    Synced(Synced),
    /// The names of all themes, and of the one in use.
    Themes {
        names: Vec<String>,
        now: String,
    },
    /// A choice is kept and in force.
    Chosen {
        taste: Taste,
        value: String,
    },
    /// Records of marked rows: those that were asked for, and those of them that there are.
    Marked {
        asked: Vec<SubjectId>,
        found: Vec<Application>,
    },
    /// The row that this session may have; `None`: others have all that were wanted.
    Served(Option<SubjectId>),
    /// What other sessions have open, whenever that has changed.
    Held(Vec<Held>),
    /// What this person skipped today, the latest first; whenever that has changed.
    Skips(Vec<Skip>),
    /// There are no leases and no skips here, and why; `None`: there are again.
    NoLeases(Option<String>),
    /// Something outside failed that concerns no commit.
    Trouble(Failure),
}
