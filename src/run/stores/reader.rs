//! The thread that reads: the queue at the start, records when asked, and what others wrote.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use super::begin::{Begun, Go};
use super::synced::Watch;
use super::writer::tell_signed;
use super::{Common, Question};
use crate::desk::effect::Ticket;
use crate::desk::msg::{Beyond, Foreign, Msg, Said};
use crate::domain::event::Of;
use crate::domain::facts::Facts;
use crate::domain::playbook::Playbook;
use crate::domain::trouble::Trouble;
use crate::index::block::{BLOCK, Block};
use crate::run::bring::alike;
use crate::run::day::notes_of_today;
use crate::run::sign::signed;
use crate::run::{now, observed};
use crate::store::{Limits, Store};

/// Others' changes are seen within this and the time of one read: 0.3 s is the promise.
const ROUND: Duration = Duration::from_millis(200);
/// How often the path is compared with the open file: a replaced file changes no version.
const PLACE: Duration = Duration::from_secs(5);
/// Rows that are told again at once.
const PART: usize = 500;
/// Rows per slice; a read transaction ends with each.
const SLICE: usize = BLOCK;

/// Events of one record's history that are read.
const HISTORY: usize = 2_000;

/// Applications of one site that are shown.
const SAME_SITE: usize = 20;

/// Hits of one search in notes, messages and history that are shown.
const SAID: usize = 200;

/// Changes that one search looks at where the index has none of them yet: the reads of other keys wait behind it.
const TAIL: i64 = 50_000;

struct Reader<'a> {
    store: &'a Store,
    common: &'a Common,
    playbook: &'a Playbook,
    /// Up to here the journal is known.
    position: i64,
    /// The connection's count of others' commits when it was last read.
    version: i64,
    /// Our own changes are wanted too.
    mine: bool,
    /// A fault was told and has not gone away.
    told: bool,
    /// The file was replaced; nothing more is read.
    lost: bool,
    synced: Watch,
    /// The ticket of the newest search in notes.
    newest: &'a AtomicU64,
}

pub(super) fn run(store: &Store, begun: Option<Begun>, Go { common, playbook, asked, newest }: &Go) {
    let mut reader = Reader {
        store,
        common,
        playbook,
        position: 0,
        version: -1,
        mine: false,
        told: false,
        lost: false,
        synced: Watch::default(),
        newest,
    };
    let loaded = reader.load(begun, asked);
    let Some(()) = reader.told_or(loaded) else { return };
    reader.watch(asked);
}

impl Reader<'_> {
    /// The first rows of the last ranking, then all. `Ok(None)`: nobody listens any more.
    fn load(&mut self, begun: Option<Begun>, asked: &Receiver<Question>) -> Result<Option<()>, Trouble> {
        let Begun { version, position, front } = match begun {
            Some(begun) => begun,
            None => Begun::read(self.store, &self.common.who.login)?,
        };
        (self.version, self.position) = (version, position);
        tell_signed(self.store, self.common);
        self.tell_messages()?;
        self.tell_utilities()?;
        self.tell_views()?;
        if !front.is_empty() && !self.rows(front, false) {
            return Ok(None);
        }
        let all = usize::try_from(self.store.count()?).unwrap_or(0);
        if self.common.rows.blocking_send(Msg::Expected(all)).is_err() {
            return Ok(None);
        }
        let mut after = 0;
        let today = self.common.clock.today();
        loop {
            let mut block = Box::new(Block::new(all.min(SLICE)));
            let next = self.store.slice(after, SLICE, &mut |_, row| block.put(&row, self.playbook, today))?;
            block.fit();
            if self.common.rows.blocking_send(Msg::Block { block, last: next.is_none() }).is_err() {
                return Ok(None);
            }
            let Some(next) = next else {
                // Nobody waits for it: a suggestion that comes a moment later is still in time.
                self.common.answer(Msg::Observed(observed::read(self.store, self.playbook)?));
                return Ok(Some(()));
            };
            after = next;
            // The record under the cursor does not wait for the millionth row.
            loop {
                match asked.try_recv() {
                    Ok(question) => self.answer(question)?,
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => return Ok(None),
                }
            }
        }
    }

    /// Waits while the loop has two slices to take in. `false`: it has ended.
    fn rows(&self, facts: Vec<Facts>, last: bool) -> bool {
        self.common.rows.blocking_send(Msg::Rows { facts, last }).is_ok()
    }

    /// A failed load is told and ends the loading; the rounds go on and may heal.
    fn told_or(&mut self, loaded: Result<Option<()>, Trouble>) -> Option<()> {
        match loaded {
            Ok(went_on) => went_on,
            Err(trouble) => {
                self.tell(trouble);
                self.rows(Vec::new(), true).then_some(())
            }
        }
    }

    fn tell(&mut self, trouble: Trouble) {
        if !std::mem::replace(&mut self.told, true) {
            self.common.trouble(trouble);
        }
    }

    fn watch(&mut self, asked: &Receiver<Question>) {
        let mut round = now::instant() + ROUND;
        let mut place = now::instant() + PLACE;
        loop {
            let done = match asked.recv_timeout(round.saturating_duration_since(now::instant())) {
                Ok(question) => self.answer(question),
                Err(RecvTimeoutError::Timeout) => {
                    round = now::instant() + ROUND;
                    self.check_place(&mut place);
                    self.changes().and_then(|()| self.synced()).inspect(|()| self.told = false)
                }
                Err(RecvTimeoutError::Disconnected) => return,
            };
            if let Err(trouble) = done {
                self.tell(trouble);
            }
        }
    }

    fn check_place(&mut self, due: &mut Instant) {
        if now::instant() < *due || self.lost {
            return;
        }
        *due = now::instant() + PLACE;
        if !self.store.is_in_place() {
            self.lost = true;
            let says = "the database was moved away or replaced by another file: nothing more is read or saved";
            self.common.trouble(Trouble::data(says).hint("quit and start intertie again"));
        }
    }

    fn answer(&mut self, question: Question) -> Result<(), Trouble> {
        match question {
            Question::Fetch(subjects) => {
                for subject in subjects {
                    if let Some(application) = self.store.application(subject)? {
                        let others = self.store.same_site(subject, SAME_SITE)?;
                        self.common.answer(Msg::SameSite { subject, others });
                        self.common.answer(Msg::Record(Box::new(application)));
                    }
                }
            }
            Question::History(subject) => {
                let events = self.store.history(Some(subject), HISTORY)?;
                self.common.answer(Msg::History { subject, events });
            }
            Question::Offers => self.common.answer(Msg::Offers(self.store.offers()?)),
            Question::Alike(subject) => self.alike(subject)?,
            Question::Contact(subject, others) => {
                let read = others.into_iter().filter_map(|other| self.store.application(other).transpose());
                self.common.answer(Msg::Contact { subject, others: read.collect::<Result<_, _>>()? });
            }
            Question::Marked(asked) => {
                let read = asked.iter().filter_map(|subject| self.store.application(*subject).transpose());
                let found = read.collect::<Result<_, _>>()?;
                self.common.answer(Msg::Marked { asked, found });
            }
            // A newer one is behind it in the line.
            Question::Said { ticket, .. } if self.newest.load(Ordering::Relaxed) != ticket.0 => {}
            Question::Said { ticket, words } => self.said(ticket, &words)?,
            Question::Turnaround { utility, names } => {
                let is = |text: &str| names.contains(&text.trim().to_lowercase());
                let applications = self.store.milestones_of(&is)?;
                self.common.answer(Msg::Turnaround { utility, applications });
            }
            Question::RowsOf(names) => {
                let is = |text: &str| names.contains(&text.trim().to_lowercase());
                // In parts, so that the screen is drawn between them.
                for facts in self.store.facts_of(&is)?.chunks(PART) {
                    self.common.answer(Msg::Reread(facts.to_vec()));
                }
            }
            Question::Notes => {
                let who = &self.common.who;
                let (person, _) = signed(self.store, &who.login)?;
                let lines = notes_of_today(self.store, who.uid, &person, self.common.clock.today())?;
                self.common.answer(Msg::Notes(lines));
            }
            // Rounds went by while it was written, and passed over it.
            Question::Mine(since) => {
                (self.mine, self.version, self.position) = (true, -1, self.position.min(since));
            }
        }
        Ok(())
    }

    fn said(&mut self, ticket: Ticket, words: &str) -> Result<(), Trouble> {
        let told = |one: crate::store::Said| Said { subject: one.subject, on: one.on, message: one.kind == "message", line: one.line };
        let go_on = || self.newest.load(Ordering::Relaxed) == ticket.0;
        let places = self.store.said(words, &Limits { places: SAID, tail: TAIL, go_on: &go_on })?;
        let found: Vec<Said> = places.said.into_iter().map(told).collect();
        let beyond = match places.unread {
            _ if found.len() == SAID => Beyond::More,
            0 => Beyond::Nothing,
            _ => Beyond::Unread,
        };
        self.common.answer(Msg::Said { ticket, found, beyond });
        Ok(())
    }

    /// What others committed since the last round.
    fn changes(&mut self) -> Result<(), Trouble> {
        if self.lost {
            return Ok(());
        }
        let version = self.store.data_version()?;
        if version == self.version {
            return Ok(());
        }
        loop {
            let changed = self.store.changed_since(self.position)?;
            if changed.position == self.position {
                break;
            }
            self.position = changed.position;
            let (person, company) = (self.store.person_subject(&self.common.who.login), self.store.company_subject());
            let (mut signed, mut messages, mut utilities, mut views) = (false, false, false, false);
            let mut foreign = Vec::new();
            for (subject, facts, by, session) in changed.subjects {
                let of = if facts.is_none() { self.of(subject)? } else { Some(Of::Application) };
                if let Some(Of::Message | Of::Utility | Of::View) = of {
                    views |= of == Some(Of::View);
                    messages |= of == Some(Of::Message);
                    utilities |= of == Some(Of::Utility);
                    continue;
                }
                if session == self.common.who.session && !self.mine {
                    continue;
                }
                if subject == person || subject == company {
                    signed = true;
                } else if of == Some(Of::Application) {
                    foreign.push(Foreign { subject, facts, by });
                }
            }
            if signed {
                tell_signed(self.store, self.common);
            }
            if messages {
                self.tell_messages()?;
            }
            if utilities {
                self.tell_utilities()?;
            }
            if views {
                self.tell_views()?;
            }
            if !foreign.is_empty() {
                self.common.answer(Msg::Foreign(foreign));
            }
        }
        self.version = version;
        self.mine = false;
        self.synced.look_again();
        Ok(())
    }

    /// What other systems were told, when something may have changed there.
    fn synced(&mut self) -> Result<(), Trouble> {
        if !self.lost
            && let Some(synced) = self.synced.look(self.store, &self.common.clock, now::instant())?
        {
            self.common.answer(Msg::Synced(synced));
        }
        Ok(())
    }

    /// Records that could be the same application as this one, the likeliest first.
    fn alike(&self, subject: crate::domain::id::SubjectId) -> Result<(), Trouble> {
        let Some(application) = self.store.application(subject)? else {
            self.common.answer(Msg::Alike { subject, found: Vec::new() });
            return Ok(());
        };
        let found = alike::of(self.store, &application)?;
        let found = found.into_iter().map(|(other, likeness)| (other, likeness.because)).collect();
        self.common.answer(Msg::Alike { subject, found });
        Ok(())
    }

    /// What a subject without facts is: an application that was taken back, a person, a message.
    fn of(&self, subject: crate::domain::id::SubjectId) -> Result<Option<Of>, Trouble> {
        Ok(self.store.record(subject)?.map(|record| record.of))
    }

    fn tell_utilities(&self) -> Result<(), Trouble> {
        self.common.answer(Msg::Utilities(self.store.utility_states()?));
        Ok(())
    }

    fn tell_views(&self) -> Result<(), Trouble> {
        self.common.answer(Msg::Views(self.store.views()?));
        Ok(())
    }

    fn tell_messages(&self) -> Result<(), Trouble> {
        self.common.answer(Msg::Messages(self.store.messages()?));
        Ok(())
    }
}
