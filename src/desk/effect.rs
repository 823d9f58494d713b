//! All that a desk may ask for. `run` does it and answers with a message.

use std::collections::BTreeMap;

use super::msg::Draft;
use super::prompt::DraftKey;
use crate::domain::change::ChangeSet;
use crate::domain::day::Day;
use crate::domain::day::NaiveDateTime;
use crate::domain::id::{CommandId, SubjectId};
use crate::domain::import::{Offer, Order, Profile, Rows};
use crate::domain::ledger::Entry;
use crate::domain::message::Message;
use crate::domain::skip::Skip;
use crate::domain::utility_state::Addition;
use crate::domain::view::Kept;
use crate::index::rank::Asked;

/// Which commit an answer belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Ticket(pub u64);

/// What each person chooses for themselves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Taste {
    Keymap,
    Theme,
}

impl Taste {
    /// The name of the option.
    pub fn option(self) -> &'static str {
        match self {
            Taste::Keymap => "keymap",
            Taste::Theme => "theme",
        }
    }
}

#[derive(Clone, PartialEq, Debug)]
pub enum Effect {
    /// Write, durably. Answer: `Msg::Committed`.
    Commit {
        ticket: Ticket,
        set: ChangeSet,
    },
    /// Take this session's last command back. Answer: `Msg::Committed`.
    Undo {
        ticket: Ticket,
        command: CommandId,
    },
    /// Bring back what was undone last. Answer: `Msg::Committed`.
    Redo {
        ticket: Ticket,
        command: CommandId,
    },
    /// Write what the person signs with, or the company. Answer: `Msg::Committed`, then `Msg::Signed`.
    Sign {
        ticket: Ticket,
        command: CommandId,
        values: BTreeMap<String, String>,
        company: bool,
    },
    /// Keep a message as the team's own, over the version that was edited. Answer: `Msg::Committed`.
    KeepMessage {
        ticket: Ticket,
        command: CommandId,
        message: Box<Message>,
    },
    /// Keep a view as the team's, or with `None` remove it, over the version that was seen. Answer:
    /// `Msg::Views`, then `Msg::Committed`.
    KeepView {
        ticket: Ticket,
        command: CommandId,
        name: String,
        seen: i64,
        view: Option<Box<Kept>>,
    },
    /// Keep a view as a file of one's own; `over`: one of that name is known. Answer: `Msg::OwnView`.
    KeepOwnView {
        view: Box<Kept>,
        over: bool,
    },
    /// Remove that file. Answer: `Msg::OwnView`.
    DropOwnView(Box<Kept>),
    /// Add to a utility's page; `seen` is the version of what was added that it is decided on. Answer:
    /// `Msg::Committed`.
    KeepUtility {
        ticket: Ticket,
        command: CommandId,
        utility: String,
        seen: i64,
        addition: Addition,
    },
    /// Which milestones have the applications whose utility is written like one of these (in small
    /// letters)? Answer: `Msg::Turnaround`.
    FetchTurnaround {
        utility: String,
        names: Vec<String>,
    },
    /// The rows of applications whose utility is written like one of these (in small letters): what was agreed with
    /// it moves their clocks. Answer: `Msg::Reread`.
    FetchRowsOf(Vec<String>),
    /// Read these records. Answers: `Msg::Record` each, in this order.
    Fetch(Vec<SubjectId>),
    /// Answer: `Msg::History`.
    FetchHistory(SubjectId),
    /// Put `text` on the user's clipboard. Answer: `Msg::Copied`.
    Copy {
        what: String,
        text: String,
    },
    /// Put today's notes of this person on it, of every record. Answer: `Msg::Copied`.
    CopyNotes,
    /// Put rows on it, as cells for a spreadsheet. Answer: `Msg::Copied`.
    CopyCells {
        what: String,
        header: Vec<&'static str>,
        rows: Vec<Vec<String>>,
    },
    /// Read the records that may be of the same contact. Answer: `Msg::Contact`.
    FetchContact {
        subject: SubjectId,
        others: Vec<SubjectId>,
    },
    /// Where do these words stand in notes, messages and history? A newer one takes its place. Answer: `Msg::Said`.
    FetchSaid {
        ticket: Ticket,
        words: String,
    },
    /// Show the text alone on the whole screen, so that the mouse can take it. `unasked`: no key asked
    /// for it, so keys that were on their way do not close it.
    ShowPlain {
        text: String,
        unasked: bool,
    },
    /// Keep the draft: latest text wins, at most every 500 ms.
    SaveDraft(Draft),
    DropDraft(DraftKey),
    /// Open `$EDITOR` on the text. Answer: `Msg::Edited`.
    Edit {
        text: String,
    },
    /// Show a text in `$PAGER`. Answer only when it cannot be: `Msg::Trouble`.
    Page {
        text: String,
    },
    /// Look at rows: which profile fits, else what the columns seem to be. Answer: `Msg::Seen`.
    LookAt(Rows),
    /// Read the rows in without writing anything. Answer: `Msg::Tried`.
    Try(Box<Order>),
    /// Read the rows in, under this command. Answers: `Msg::Importing`, then `Msg::Imported`.
    Import {
        command: CommandId,
        order: Box<Order>,
    },
    /// Stop the import that runs, between two chunks; what came in stays. Answer: `Msg::Imported`.
    StopImport,
    /// Keep a profile as a file of the site. Answer: `Msg::ProfileKept`.
    KeepProfile(Box<Profile>),
    /// Answer: `Msg::Offers`.
    FetchOffers,
    /// Settle these conflicts and suggestions in one command: take theirs, or keep ours. Answer:
    /// `Msg::Committed`.
    Settle {
        ticket: Ticket,
        command: CommandId,
        offers: Vec<Offer>,
        theirs: bool,
    },
    /// Which applications could be the same as this one? Answer: `Msg::Alike`.
    FetchAlike(SubjectId),
    /// Rank the rows. Answer: `Msg::Ranked`, for a large queue twice.
    Rank {
        ticket: Ticket,
        asked: Asked,
    },
    /// Count the rows of a view; say which follow-up with an hour has come since `before`. Answer: `Msg::Counted`.
    Count {
        asked: Asked,
        before: Option<NaiveDateTime>,
    },
    /// Look through all rows; a newer one takes its place. Answer: `Msg::Found`.
    Find {
        ticket: Ticket,
        query: String,
        limit: usize,
    },
    /// Which rows could be the application that is being typed? A newer one takes its place. Answer: `Msg::Similar`.
    Similar {
        ticket: Ticket,
        site: String,
        customer: String,
        number: String,
    },
    /// Read a part of the marked records. Answer: `Msg::Marked`.
    FetchMarked(Vec<SubjectId>),
    /// Take the first of these that no other session has open. Answer: `Msg::Served`.
    Serve(Vec<SubjectId>),
    /// This session has that record open, and no other; said again, it has it for longer.
    Claim(SubjectId),
    /// It has none open.
    Release,
    /// Keep a row away from this person for a day. Answer: `Msg::Skips`.
    Skip(Skip),
    BringBack {
        subject: SubjectId,
        day: Day,
    },
    /// Keep the first rows of a view for the next start.
    SaveFront(Vec<SubjectId>),
    /// Keep what a touch cost, for this person alone.
    KeepCost(Entry),
    /// What touches cost. Answer: `Msg::Costs`.
    FetchCosts,
    /// Which themes are there? Answer: `Msg::Themes`.
    FetchThemes,
    /// Keep a choice in the person's own options, and go by it from now on. Answer: `Msg::Chosen`, or `Msg::Trouble`.
    Choose {
        taste: Taste,
        value: String,
    },
    /// The whole screen again.
    Redraw,
    /// To the shell until `fg`.
    Suspend,
    Quit,
}
