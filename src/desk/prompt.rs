//! What is open over the queue and has the keys: a note, questions with a plan, a list to choose
//! from, a search, a page to read, an import, the conflicts of imports. Each that changes something is bound to the record it was
//! opened on, for as long as it is open.

mod offers;

use std::collections::HashMap;

use super::bulk::Bulk;
use super::effect::Ticket;
use super::line::Line;
use super::msg::{Aside, Beyond, Seen};
use super::text::NoteText;
use super::views::Views;
use crate::domain::application::Application;
use crate::domain::id::SubjectId;
use crate::domain::marks::Mark;
use crate::domain::message::made;
use crate::domain::message::{Message, Rendered};
use crate::domain::plan::Planned;
use crate::domain::query::{Completion, Fault, Vocabulary};
use crate::domain::record::NoteId;
use crate::domain::trouble::Refusal;
use crate::domain::turnaround::Milestones;
use crate::index::RowId;

pub use offers::{OfferLine, Offers, Rule};

/// Whose draft a text is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum DraftKey {
    Subject(SubjectId),
    /// The application that is being opened and has no record yet.
    New,
    /// A message that is being written; empty: a new one.
    Message(String),
    /// What was typed for the questions of a quick action or message of a record.
    Answers(SubjectId, String),
}

/// The note being written, with what its marks will do.
#[derive(Clone, Debug)]
pub struct NotePrompt {
    pub seen: Seen,
    /// The record as it was when the prompt was opened; the plan is made for that version.
    pub record: Application,
    pub text: NoteText,
    pub marks: Vec<Mark>,
    /// `None` while there is nothing to say.
    pub preview: Option<Result<Planned, Refusal>>,
    /// What the word before the cursor means, or becomes.
    pub hint: Option<String>,
    /// What the sign before the cursor can be completed to.
    pub offer: Option<Offering>,
    /// The note that this text takes the place of.
    pub corrects: Option<NoteId>,
}

/// A small list beside the text; it never takes Enter unless something of it was chosen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offering {
    /// So many characters before the cursor are replaced, the sign among them.
    pub chars: usize,
    /// The values are what is put there.
    pub items: Vec<Item>,
    pub chosen: Option<usize>,
}

impl Offering {
    /// The next one that can be chosen in a direction; none is before the first.
    pub fn step(&mut self, forward: bool) {
        let can = |idx: &usize| self.items[*idx].refused.is_none();
        self.chosen = match (self.chosen, forward) {
            (None, true) => (0..self.items.len()).find(can),
            (Some(at), true) => (at + 1..self.items.len()).find(can).or(Some(at)),
            (Some(at), false) => (0..at).rev().find(can),
            (None, false) => None,
        };
    }
}

/// What an `Ask` will do once its questions are answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Act {
    Touch(String),
    Message(String),
    /// About these too, which are of the same contact.
    MessageAll(String, Vec<Application>),
    FollowUp,
    /// A free note that was written on another record before.
    Again(Box<Again>),
    Status(String),
    Ball(String),
    Hold,
    Release,
    UntilActivity,
    AddTodo,
    FinishTodo(String),
    Owner,
    Edit,
    /// With this one.
    Join(Box<Application>),
    /// Each of the marked rows, with the same answers.
    Marked(Box<Act>),
    /// For today, for this reason, which asks for words.
    Skip(String),
    New,
    Me,
    Company,
    /// Of this utility.
    Quirk(String),
    /// Of this utility, on this version of what was added to its page.
    PortalDown(String, i64),
    /// Values, for an answer of the rules.
    AskRules,
    /// This clock.
    Extend(String),
    ImportFile,
    KeepProfile,
    /// What is listed, as a view.
    KeepView,
}

/// A free note as it was written, to be written again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Again {
    pub text: String,
    pub aside: Aside,
    /// What its marks meant there: the days are worked out anew, the rest must mean the same.
    pub marks: Vec<Mark>,
    /// What names the record that it was written on: reference, numbers, customer.
    pub names: Vec<String>,
    /// That record's reference.
    pub from: String,
}

/// What was done last, for the key that does it again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Repeat {
    /// A quick action and the words of its note.
    Touch(String, Option<String>),
    Message(String),
    Note(Again),
}

/// One question and the answer being typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    pub name: String,
    pub label: String,
    pub required: bool,
    pub line: Line,
    /// What stood there when it was opened; an unchanged answer changes nothing.
    pub offered: String,
}

/// Questions with a live plan; with no questions, the plan alone. Enter does it.
#[derive(Clone, Debug)]
pub struct Ask {
    pub act: Act,
    pub title: String,
    /// The record as it was seen; `None` for what is about none: a new application, my name.
    pub record: Option<Application>,
    pub answers: Vec<Answer>,
    pub focus: usize,
    /// How far what will happen is scrolled; the screen stops earlier where there is less.
    pub top: usize,
    pub preview: Option<Result<Planned, Refusal>>,
    /// How many other rows already have the planned follow-up's day.
    pub already_due: usize,
    /// Likely duplicates of what is typed, with the reason.
    pub similar: Vec<(RowId, String)>,
    /// The look for them that is under way.
    pub looks: Option<Ticket>,
    /// Under which draft its text is kept; `None` when there is nothing to keep, or when the record
    /// has the draft of a note already, which must not be overwritten.
    pub draft: Option<DraftKey>,
}

/// What choosing does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Pick {
    Palette,
    QuickAction,
    Status,
    Ball,
    Hold,
    Message,
    Todo,
    /// Which note is to be corrected.
    Note,
    Clock,
    CopyField,
    /// Another application of the site: goes there.
    SameSite,
    /// An address of the web.
    Link,
    /// How it stands, in one line, for whom.
    Line,
    /// Which message is to tell of these too.
    MessageAll(Vec<Application>),
    /// Which message is to be written.
    Template,
    /// Where a column of an import goes.
    Target,
    /// What is done to all marked rows.
    Bulk,
    /// Why a row is for another day.
    Skip,
    /// Which skipped row comes back.
    Skipped,
    /// Among these, which one is the same application.
    Join(Vec<Application>),
    Keymap,
    Theme,
    /// A line of this page, which comes back.
    OnPage(Box<Pager>),
    /// Which view is opened, or removed; by what the list is sorted, or grouped.
    View,
    RemoveView,
    SortBy,
    GroupBy,
}

/// One line of a list to choose from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    pub value: String,
    pub label: String,
    /// Right of the label: the key that does the same, the field's value.
    pub detail: String,
    /// Why it cannot be chosen here; it is shown dimmed with the reason.
    pub refused: Option<String>,
}

/// A list that narrows while one types.
#[derive(Clone, Debug)]
pub struct Picker {
    pub pick: Pick,
    pub title: String,
    /// The record as it was seen, for what changes one.
    pub record: Option<Application>,
    pub filter: Line,
    pub items: Vec<Item>,
    /// Places in `items` that pass the filter, the best first.
    pub shown: Vec<usize>,
    pub cursor: usize,
}

/// Find as you type. The queue's order comes back with Esc.
#[derive(Clone, Debug)]
pub struct Find {
    pub line: Line,
    pub total: usize,
    /// The search that is under way.
    pub awaits: Option<Ticket>,
    /// In notes, messages and history, not in the rows: for each hit the line in which the words stand.
    pub said: Option<HashMap<RowId, String>>,
    /// Of the history.
    pub beyond: Beyond,
    pub saved_order: Vec<RowId>,
    pub saved_cursor: usize,
    pub saved_top: usize,
}

/// A query being typed. What was listed before comes back with Esc.
#[derive(Clone, Debug)]
pub struct QueryBox {
    pub line: Line,
    /// Why it cannot be understood, if it cannot.
    pub fault: Option<Fault>,
    /// How the last one was understood.
    pub told: String,
    pub vocabulary: Vocabulary,
    /// What the word at the cursor could become.
    pub completion: Completion,
    /// Which of that was put in its place.
    pub chosen: Option<usize>,
    pub before: Box<(Views, Vec<RowId>, usize, usize)>,
}

/// How a line of a page is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tint {
    Plain,
    Title,
    Dim,
    Warn,
}

/// A page to read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pager {
    pub title: String,
    pub lines: Vec<(Tint, String)>,
    pub top: usize,
    /// It is a utility's page, which can be added to.
    pub book: Option<Book>,
    /// It is the history of this record.
    pub history: Option<SubjectId>,
}

/// Whose page it is, and what it was made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Book {
    pub name: String,
    /// Of what the team added.
    pub version: i64,
    /// The milestones of our applications there; `None`: they are being read.
    pub applications: Option<Vec<Milestones>>,
}

/// One part of a message in the editor. That of many lines has its text beside.
#[derive(Clone, Debug)]
pub struct TemplatePart {
    pub name: &'static str,
    pub label: &'static str,
    pub line: Line,
    /// What stood there when it was opened.
    pub before: String,
}

/// A message being written, checked and filled in while one types.
#[derive(Clone, Debug)]
pub struct Template {
    /// As it stood when it was opened; its version is the one that Enter writes over.
    pub opened: Message,
    pub parts: Vec<TemplatePart>,
    pub body: NoteText,
    pub focus: usize,
    /// Whose values it is shown with.
    pub record: Option<Application>,
    pub faults: Vec<made::Fault>,
    pub preview: Option<Rendered>,
}

#[derive(Clone, Debug)]
pub enum Prompt {
    Note(Box<NotePrompt>),
    Ask(Box<Ask>),
    Picker(Picker),
    Find(Find),
    Pager(Pager),
    /// The screen of `Desk::import`.
    Import,
    Offers(Box<Offers>),
    Template(Box<Template>),
    Bulk(Box<Bulk>),
    Query(Box<QueryBox>),
}

fn seen(record: Option<&Application>) -> Option<Seen> {
    record.map(|record| Seen { subject: record.id, version: record.version })
}

impl Ask {
    /// The record that it was opened on.
    pub fn seen(&self) -> Option<Seen> {
        seen(self.record.as_ref())
    }
}

impl Picker {
    /// The record that it was opened on.
    pub fn seen(&self) -> Option<Seen> {
        seen(self.record.as_ref())
    }
}
