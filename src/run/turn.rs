//! What happens next? One loop: whatever comes becomes a message, the desk answers with effects,
//! and a frame is drawn when something has changed and nothing more is waiting.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use chrono::Timelike;
use crossterm::event::{Event, EventStream};
use futures_util::StreamExt;
use tokio::sync::mpsc::{Receiver, UnboundedReceiver};
use tokio::time::{Interval, MissedTickBehavior, interval, sleep_until};

use super::clipboard::Clipboard;
use super::drafts::Drafts;
use super::finder::Finder;
use super::input::Input;
use super::ledger::Ledger;
use super::looks::Looks;
use super::now::{self, Clock};
use super::plain::Plain;
use super::session::Ended;
use super::signals::{Asked, Signals};
use super::stores::Stores;
use super::terminal::{self, Screen};
use crate::desk::model::{Desk, Rules};
use crate::desk::msg::{Copied, Msg, Seen};
use crate::desk::notice::{Notice, Tone};
use crate::desk::prompt::Prompt;
use crate::desk::views;
use crate::domain::message::Message;
use crate::domain::message::made::overlay;
use crate::domain::turnaround::Observed;
use crate::domain::utility_state::{self, UtilityState};
use crate::ui::view::view;

/// What nobody pressed a key for is drawn at most 60 times a second.
const FRAME: Duration = Duration::from_millis(16);
/// How long the first frame waits for its rows.
const FIRST_FRAME: Duration = Duration::from_millis(60);
/// How long the frame of a key waits for what is found in the rows.
const GRACE: Duration = Duration::from_millis(8);
/// And that frame for the record that is under the cursor then: two frames cost more than the wait.
const RECORD: Duration = Duration::from_millis(2);
/// One look at the clock and at the terminal's other end.
const SECOND: Duration = Duration::from_secs(1);
/// Events that are taken before a frame is drawn, so that a flood cannot keep the screen still.
const EVENTS_MAX: usize = 4096;

/// Everything that can wake the loop.
pub struct Ears {
    pub signals: Signals,
    pub answers: UnboundedReceiver<Msg>,
    pub copies: UnboundedReceiver<(Copied, Option<Vec<u8>>)>,
    rows: Receiver<Msg>,
    second: Interval,
    /// `None` while another program has the terminal: the stream's thread would steal its keys.
    pub events: Option<EventStream>,
}

/// What woke it.
enum Woke {
    Events(Vec<Event>),
    Msg(Msg),
    Copied(Copied, Option<Vec<u8>>),
    Signal(Asked),
    Second,
    FrameDue,
}

impl Ears {
    pub fn new(
        signals: Signals,
        answers: UnboundedReceiver<Msg>,
        rows: Receiver<Msg>,
        copies: UnboundedReceiver<(Copied, Option<Vec<u8>>)>,
    ) -> Ears {
        let mut second = interval(SECOND);
        second.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Ears { signals, answers, copies, rows, second, events: Some(EventStream::new()) }
    }

    /// Waits. `frame_due`: when to wake up for a frame that is owed.
    async fn next(&mut self, frame_due: Option<Instant>) -> Woke {
        let Ears { signals, answers, copies, rows, second, events } = self;
        let due = tokio::time::Instant::from_std(frame_due.unwrap_or_else(now::instant));
        tokio::select! {
            biased;
            asked = signals.next() => Woke::Signal(asked),
            events = next_events(events) => events.map_or(Woke::Signal(Asked::HangUp), Woke::Events),
            Some((copied, bytes)) = copies.recv() => Woke::Copied(copied, bytes),
            Some(msg) = answers.recv() => Woke::Msg(msg),
            () = sleep_until(due), if frame_due.is_some() => Woke::FrameDue,
            _ = second.tick() => Woke::Second,
            Some(msg) = rows.recv() => Woke::Msg(msg),
        }
    }
}

/// All events that are there. `None` inside: the stream has ended or failed, which is how a lost
/// terminal can look.
///
/// One poll with the task's own waker for all: crossterm keeps the waker of the first poll that
/// found nothing, so an extra look with another one (`now_or_never`) would put the loop to sleep.
async fn next_events(events: &mut Option<EventStream>) -> Option<Vec<Event>> {
    let Some(events) = events else { return std::future::pending().await };
    let mut batch = Vec::new();
    poll_fn(|context| {
        while batch.len() < EVENTS_MAX {
            if terminal::hung_up() {
                return Poll::Ready(None);
            }
            match events.poll_next_unpin(context) {
                Poll::Ready(Some(Ok(event))) => batch.push(event),
                Poll::Ready(_) => return Poll::Ready(None),
                Poll::Pending => break,
            }
        }
        if batch.is_empty() { Poll::Pending } else { Poll::Ready(Some(std::mem::take(&mut batch))) }
    })
    .await
}

/// The desk, and the hands that do what it asks for.
pub struct Turn {
    pub(super) desk: Desk,
    pub(super) rules: Rules,
    pub(super) looks: Looks,
    pub(super) clock: Clock,
    pub(super) screen: Screen,
    pub(super) stores: Option<Stores>,
    pub(super) drafts: Option<Drafts>,
    pub(super) clipboard: Clipboard,
    pub(super) finder: Finder,
    pub(super) ledger: Option<Ledger>,
    input: Input,
    /// A copied text has the screen, and the keys.
    pub(super) plain: Option<Plain>,
    /// The record that was under the cursor in the last finished frame.
    painted: Option<Seen>,
    /// When a frame is due that is owed.
    pub(super) due: Option<Instant>,
    drawn: Instant,
    has_rows: bool,
    minute: u32,
    /// The messages of the files, over which the team's own are laid.
    files: Vec<Message>,
    /// The team's own that came since, to be used when no touch is being made.
    made: Option<Vec<Message>>,
    /// What the team added to pages of utilities since.
    states: Option<Vec<UtilityState>>,
    /// What our applications took, as it was read.
    observed: Option<BTreeMap<String, Vec<Observed>>>,
    pub(super) ended: Option<Ended>,
}

impl Turn {
    // Each is a thing of its own, made by `session` alone.
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        desk: Desk,
        rules: Rules,
        looks: Looks,
        clock: Clock,
        screen: Screen,
        stores: Option<Stores>,
        drafts: Option<Drafts>,
        clipboard: Clipboard,
        finder: Finder,
        ledger: Option<Ledger>,
    ) -> Turn {
        let now = now::instant();
        let has_rows = stores.is_none();
        Turn {
            minute: desk.now.minute(),
            files: rules.playbook.messages.clone(),
            made: None,
            states: None,
            observed: None,
            desk,
            rules,
            looks,
            clock,
            screen,
            stores,
            drafts,
            clipboard,
            finder,
            ledger,
            input: Input::default(),
            plain: None,
            painted: None,
            due: Some(now + FIRST_FRAME),
            drawn: now,
            has_rows,
            ended: None,
        }
    }

    pub async fn run(&mut self, mut ears: Ears) -> Ended {
        loop {
            let woke = ears.next(self.due).await;
            self.take(woke, &mut ears).await;
            if let Some(ended) = self.ended.take() {
                self.finish(&mut ears, &ended);
                return ended;
            }
            if self.due.is_some_and(|due| due <= now::instant()) {
                self.draw();
            }
        }
    }

    /// The team's own messages go over the files' while nothing is open that was made with the old ones.
    fn reload(&mut self) {
        if self.desk.prompt.is_some() {
            return;
        }
        let Some(made) = self.made.take() else { return };
        let playbook = Arc::make_mut(&mut self.rules.playbook);
        let (messages, unfit) = overlay(&self.files, made, &playbook.workflow);
        playbook.messages = messages;
        if !unfit.is_empty() {
            let words = format!("messages of the team's own that do not fit this desk are left out: {}", unfit.join(", "));
            self.desk.notice = Some(Notice::new(Tone::Trouble, words));
        }
    }

    /// What was added to pages goes beside them while nothing is being planned; a page that is read is
    /// made anew.
    async fn reload_utilities(&mut self, ears: &mut Ears) {
        if !matches!(self.desk.prompt, None | Some(Prompt::Pager(_))) {
            return;
        }
        if let Some(observed) = self.observed.take() {
            Arc::make_mut(&mut self.rules.playbook).observed = observed;
        }
        let Some(states) = self.states.take() else { return };
        let before = std::mem::replace(&mut Arc::make_mut(&mut self.rules.playbook).utility_states, states);
        let stopped = utility_state::stopped_otherwise(&before, &self.rules.playbook.utility_states);
        self.apply(Msg::UtilitiesChanged { stopped }, ears).await;
        self.owe_frame();
    }

    async fn take(&mut self, woke: Woke, ears: &mut Ears) {
        self.reload();
        self.reload_utilities(ears).await;
        if matches!(woke, Woke::Events(_)) {
            terminal::tell_again();
        }
        match woke {
            Woke::Events(events) if self.plain.is_some() => self.plain_events(&events, ears).await,
            Woke::Events(events) => {
                let typing = self.desk.layer().is_text();
                for msg in self.input.messages(events, self.clock.steady(), self.painted, typing) {
                    self.apply(msg, ears).await;
                }
                self.input.done(self.clock.steady());
                // A key is answered at once; the keys themselves keep the pace. What another thread
                // finds in the blink of an eye comes into the same frame.
                let grace = if self.desk.awaits_rows() { GRACE } else { Duration::ZERO };
                self.due = Some(now::instant() + grace);
            }
            Woke::Msg(Msg::Messages(made)) => self.made = Some(made),
            Woke::Msg(Msg::Observed(observed)) => self.observed = Some(observed),
            Woke::Msg(Msg::Utilities(states)) => {
                self.states = Some(states);
                self.reload_utilities(ears).await;
            }
            Woke::Msg(msg) => {
                let first_rows = !self.has_rows && matches!(msg, Msg::Ranked { .. });
                // The record under the cursor, and the answer to a commit, are what somebody waits for.
                let awaited = match &msg {
                    Msg::Record(record) => self.desk.painted(&self.rules).is_some_and(|here| here.subject == record.id),
                    Msg::Committed { .. } => true,
                    _ => false,
                };
                let brings_rows = matches!(msg, Msg::Found { .. } | Msg::Ranked { .. });
                self.apply(msg, ears).await;
                self.owe_frame();
                if awaited {
                    self.due = Some(now::instant());
                }
                if brings_rows {
                    let wait = if self.desk.current_record(&self.rules).is_none() { RECORD } else { Duration::ZERO };
                    self.due = Some(now::instant() + wait);
                }
                if first_rows {
                    self.has_rows = true;
                    self.due = Some(now::instant());
                }
            }
            Woke::Copied(copied, bytes) => {
                if let Some(bytes) = bytes
                    && self.screen.send(&bytes).is_err()
                {
                    self.ended = Some(Ended::HungUp);
                    return;
                }
                self.apply(Msg::Copied(copied), ears).await;
                self.owe_frame();
            }
            Woke::Signal(asked) => self.signalled(asked, ears).await,
            Woke::Second => self.second(ears).await,
            Woke::FrameDue => {}
        }
    }

    async fn signalled(&mut self, asked: Asked, ears: &mut Ears) {
        match asked {
            Asked::HangUp => self.ended = Some(Ended::HungUp),
            Asked::End(number) => self.ended = Some(Ended::Signal(number)),
            Asked::Stop => self.stop(false, ears).await,
            Asked::Continued => {
                // The shell may have changed the terminal's modes while we were stopped.
                self.screen.leave();
                self.take_terminal_back(ears).await;
            }
        }
    }

    async fn second(&mut self, ears: &mut Ears) {
        if terminal::has_panicked() {
            self.ended = Some(Ended::Fault);
        } else if terminal::hung_up() {
            self.ended = Some(Ended::HungUp);
        }
        if self.ended.is_some() {
            return;
        }
        let local = self.clock.local();
        if local.minute() != self.minute || local.date() != self.desk.now.date() {
            self.minute = local.minute();
            let at = self.clock.steady();
            self.apply(Msg::Time { now: local, at }, ears).await;
            self.owe_frame();
        }
        if self.desk.drill.is_some() {
            let at = self.clock.steady();
            self.apply(Msg::Tick { at }, ears).await;
            self.owe_frame();
        }
        if !views::is_counted(&self.desk) {
            self.apply(Msg::Idle, ears).await;
            self.owe_frame();
        }
    }

    /// Something has changed; the frame for it may wait for what comes with it.
    pub(super) fn owe_frame(&mut self) {
        if self.due.is_none() {
            self.due = Some((self.drawn + FRAME).max(now::instant()));
        }
    }

    fn draw(&mut self) {
        self.due = None;
        if terminal::has_panicked() {
            self.ended = Some(Ended::Fault);
            return;
        }
        if self.plain.is_some() {
            self.paint_plain();
            return;
        }
        let (desk, rules, theme) = (&self.desk, &self.rules, self.looks.theme(&self.desk));
        match self.screen.draw(|frame| view(desk, rules, theme, frame)) {
            Ok(()) => {
                self.painted = self.desk.painted(&self.rules);
                self.desk.drawn(self.clock.steady());
            }
            // EIO: the terminal is gone.
            Err(_) => self.ended = Some(Ended::HungUp),
        }
        self.drawn = now::instant();
    }
}
