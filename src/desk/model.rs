//! The desk: plain data, everything that the screen shows and nothing that it does not need.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono_tz::Tz;

use super::batch::Batch;
use super::copies::Copies;
use super::drill::Drilling;
use super::effect::Ticket;
use super::import::Import;
use super::ledger::Tally;
use super::marks::Marks;
use super::msg::{Draft, Msg, Seen, Synced};
use super::notice::Notice;
use super::prompt::{Act, Ask, DraftKey, Find, NotePrompt, Prompt, Repeat};
use super::rank::{Ranking, Why};
use super::serve::Serve;
use super::views::Views;
use crate::domain::application::Application;
use crate::domain::day::{Day, NaiveDateTime};
use crate::domain::id::{CommandId, SubjectId};
use crate::domain::message::{Moment, Person, Rendered};
use crate::domain::plan::Context;
use crate::domain::playbook::{Playbook, Then};
use crate::index::RowId;
use crate::index::queue::{Counts, Queue, View};
use crate::keys::chord::Key;
use crate::keys::keymap::Keymap;

/// What does not change while the session lives.
#[derive(Clone, Debug)]
pub struct Rules {
    pub playbook: Arc<Playbook>,
    pub keymap: Keymap,
    /// Milliseconds after an advance in which a key that begins a change is refused: nobody can
    /// have read the new record yet.
    pub guard_ms: i64,
    /// The zone of the database, in which `Desk::now` is told. `None`: nobody asks for the hour.
    pub zone: Option<Tz>,
    /// The header says DEMO on every screen.
    pub demo: bool,
    /// The database's file name, for the header. Empty: there is no database.
    pub database: String,
}

/// A commit on its way. The row says "saving" and keeps its old values.
#[derive(Clone, Debug)]
pub struct Saving {
    pub ticket: Ticket,
    pub command: CommandId,
    pub subject: Option<SubjectId>,
    /// Copied when the commit is acknowledged, never before.
    pub message: Option<Rendered>,
    /// The text of a note, given back as the draft of its own record when the commit fails.
    pub text: Option<String>,
    pub draft: Option<DraftKey>,
    /// The question of who signs, which comes back when its answer could not be written.
    pub signing: Option<Box<Ask>>,
    pub then: Then,
    /// It counts as a touch done today.
    pub touch: bool,
    /// What can be done again once it is saved.
    pub repeat: Option<Repeat>,
    /// Keys that were meant to change the row behind it came before that could be read, and were refused.
    pub refused_behind: bool,
    pub way: Way,
}

/// A change of this session, in words, and whether it counts as a touch done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Done {
    pub did: String,
    pub touch: bool,
    /// A message was made with it, which may be sent by now.
    pub message: bool,
}

/// Which way a commit goes through history.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Way {
    #[default]
    Forward,
    Undo,
    Redo,
}

/// Something of this working order that was worked: it keeps its place until the next ranking.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Worked {
    /// "asked customer".
    pub did: String,
}

/// The last message that was made: one key walks its parts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LastMessage {
    pub subject: SubjectId,
    pub reference: String,
    pub rendered: Rendered,
    /// The part that the next copy takes.
    pub next_part: usize,
}

/// How far the fields of a record were copied, in the order of its utility's portal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ring {
    pub subject: SubjectId,
    /// Among the fields that have a value.
    pub place: isize,
}

/// What other sessions did since the last ranking.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Arrivals {
    pub new: usize,
    pub changed: usize,
}

pub struct Desk {
    pub queue: Queue,
    pub person: Person,
    pub company: BTreeMap<String, String>,
    pub now: NaiveDateTime,
    pub width: u16,
    pub height: u16,

    pub view: View,
    /// By what it is narrowed, sorted and grouped; and the views that were kept.
    pub views: Views,
    /// The working order: it holds still until the user ranks again.
    pub order: Vec<RowId>,
    /// A ranking that is being made, and whether the order has only its first rows so far.
    pub ranking: Option<Ranking>,
    pub rest: bool,
    /// The one that is to be asked for then.
    pub rank_next: Option<(Why, Vec<View>)>,
    pub counts_are_old: bool,
    /// Rows that went; they may still stand in an order.
    pub removed: Vec<RowId>,
    pub cursor: usize,
    /// The first row of the list that is shown.
    pub top: usize,
    pub counts: Counts,
    pub worked: HashMap<SubjectId, Worked>,
    /// Touches made in this session today.
    pub done: usize,
    pub loading: bool,
    /// The user has pressed a key; a late ranking must not reorder any more.
    pub moved: bool,
    pub arrivals: Arrivals,
    pub serve: Serve,
    pub marks: Marks,
    /// The view is not ranked but put together by this.
    pub batch: Option<Batch>,
    /// `None`: nothing is exported to another system.
    pub synced: Option<Synced>,
    /// The record alone instead of list and record.
    pub detail_only: bool,
    /// How far the record's pane is scrolled.
    pub detail_top: usize,

    /// Records read so far: the one under the cursor and its neighbours.
    pub records: HashMap<SubjectId, Application>,
    /// The other applications of a record's site, for records that have any.
    pub same_site: HashMap<SubjectId, Vec<SubjectId>>,
    pub prompt: Option<Prompt>,
    /// The note that a page lies over, and that comes back when the page is left.
    pub beneath: Option<Box<NotePrompt>>,
    /// The last touch that this session saved.
    pub repeat: Option<Repeat>,
    /// The search whose hits are being worked; Esc brings the order back that stood before.
    pub found: Option<Find>,
    /// The keys of a chord that is not finished, and what was painted when its first came.
    pub typed: Vec<Key>,
    pub chord_seen: Option<Seen>,
    /// Which page of the keys that may follow is shown; what is beyond the last is the first again.
    pub chord_page: usize,
    pub notice: Option<Notice>,
    /// What `u` takes back, the last one first to go: "A-1042 Smith: asked customer".
    pub undoable: Vec<Done>,
    /// What `ctrl-r` brings again.
    pub redoable: Vec<Done>,
    pub trail: Vec<SubjectId>,
    pub drafts: HashMap<DraftKey, Draft>,
    pub last_message: Option<LastMessage>,
    pub ring: Option<Ring>,
    /// A message that cannot be signed yet, and the record it was asked for.
    pub after_signing: Option<(Act, Seen)>,
    pub copies: Copies,
    /// The import under way or just done; its screen may be closed while it runs.
    pub import: Option<Import>,
    /// Answers that are still to come: those to an import that was left must not be taken for the next one's.
    pub looks_awaited: usize,
    pub tries_awaited: usize,

    pub saving: Option<Saving>,
    /// Keys that change something and came while a commit was on its way.
    pub waiting: Vec<Msg>,
    pub next_ticket: u64,
    /// When the cursor last went to a new record by itself, and when the last key after it was
    /// dropped; milliseconds.
    pub advanced_at: Option<i64>,
    /// The cursor went somewhere without a key since the last frame.
    pub moved_alone: bool,
    /// The last of these was an undo or redo: the next one needs no look at the record.
    pub went_back: bool,
    pub tally: Tally,
    /// What is being learned; `None`: this is work.
    pub drill: Option<Drilling>,
    pub dropped_at: Option<i64>,
}

impl Desk {
    pub fn new(person: Person, now: NaiveDateTime, width: u16, height: u16) -> Desk {
        Desk {
            queue: Queue::new(),
            person,
            company: BTreeMap::new(),
            now,
            width,
            height,
            view: View::Mine,
            views: Views::default(),
            order: Vec::new(),
            ranking: None,
            rest: false,
            rank_next: None,
            counts_are_old: false,
            removed: Vec::new(),
            cursor: 0,
            top: 0,
            counts: Counts::default(),
            worked: HashMap::new(),
            done: 0,
            loading: true,
            moved: false,
            arrivals: Arrivals::default(),
            serve: Serve::default(),
            marks: Marks::default(),
            batch: None,
            synced: None,
            detail_only: false,
            detail_top: 0,
            records: HashMap::new(),
            same_site: HashMap::new(),
            prompt: None,
            beneath: None,
            repeat: None,
            found: None,
            typed: Vec::new(),
            chord_seen: None,
            chord_page: 0,
            notice: None,
            undoable: Vec::new(),
            redoable: Vec::new(),
            trail: Vec::new(),
            drafts: HashMap::new(),
            last_message: None,
            ring: None,
            after_signing: None,
            copies: Copies::default(),
            import: None,
            looks_awaited: 0,
            tries_awaited: 0,
            saving: None,
            waiting: Vec::new(),
            next_ticket: 1,
            advanced_at: None,
            moved_alone: false,
            went_back: false,
            tally: Tally::default(),
            drill: None,
            dropped_at: None,
        }
    }

    pub fn today(&self) -> Day {
        self.now.date()
    }

    /// A frame was shown at `at` (milliseconds of the steady clock): from now on a record to which
    /// the cursor went by itself can be read, and the guard counts from here, not from the key.
    pub fn drawn(&mut self, at: i64) {
        self.tally.shown(self.current(), at);
        if let Some(drilling) = &mut self.drill {
            drilling.drill.shown(at);
        }
        if std::mem::take(&mut self.moved_alone) {
            self.advanced_at = Some(at);
        }
    }

    /// Keys wait for an order that was asked for, and nothing else may run before them.
    pub fn holds_keys(&self) -> bool {
        // The query box takes letters while it looks for what was typed.
        let boxed = matches!(self.prompt, Some(Prompt::Query(_)));
        self.ranking.as_ref().is_some_and(|ranking| ranking.holds_keys() && !(boxed && ranking.why == Why::Query))
            || matches!(&self.prompt, Some(Prompt::Find(find)) if find.awaits.is_some() && !self.waiting.is_empty())
    }

    /// Another thread is looking through the rows: what it finds belongs into the next frame.
    pub fn awaits_rows(&self) -> bool {
        self.ranking.as_ref().is_some_and(|ranking| !ranking.rest)
            || matches!(&self.prompt, Some(Prompt::Find(find)) if find.awaits.is_some())
    }

    /// The row under the cursor.
    pub fn current(&self) -> Option<RowId> {
        self.order.get(self.cursor).copied()
    }

    /// The subject and version under the cursor, as the screen shows them.
    pub fn painted(&self, rules: &Rules) -> Option<Seen> {
        let row = self.queue.row(self.current()?, &rules.playbook)?;
        Some(Seen { subject: row.subject, version: row.version })
    }

    /// The record under the cursor, if it was read and is not older than the row.
    pub fn current_record(&self, rules: &Rules) -> Option<&Application> {
        let seen = self.painted(rules)?;
        self.records.get(&seen.subject).filter(|record| record.version == seen.version)
    }

    /// What plans look at beside the record.
    pub fn plan_context<'a>(&'a self, rules: &'a Rules) -> Context<'a> {
        // In a demo there is nobody to be woken up.
        let moment = rules.zone.filter(|_| !rules.demo).and_then(|zone| Moment::of(self.now, zone));
        Context { playbook: &rules.playbook, person: &self.person, company: &self.company, today: self.today(), moment }
    }

    /// The names that mean the person at the keyboard, for the view of my rows.
    pub fn me(&self) -> Vec<&str> {
        [self.person.login.as_str(), self.person.name.as_str()].into_iter().filter(|name| !name.is_empty()).collect()
    }
}
