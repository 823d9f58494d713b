//! Each effect, done. What takes time is given to its thread; what needs the terminal is done here,
//! because the loop owns it.

use std::time::Duration;

use crossterm::event::EventStream;

use super::session::{Ended, PATIENCE, say};
use super::turn::{Ears, Turn};
use super::{editor, terminal};
use crate::desk::effect::{Effect, Taste};
use crate::desk::msg::{Msg, Unsaved};
use crate::desk::notice::Notice;
use crate::desk::update::update;
use crate::domain::facts::Facts;
use crate::domain::trouble::{Refusal, Trouble};
use crate::outlet::cells;

/// A commit that takes longer is worth a word before the program ends.
const AT_ONCE: Duration = Duration::from_millis(300);
/// How long the shell's `fg` is waited for after a stop that did not stop us.
const STOPPED: Duration = Duration::from_secs(1);

impl Turn {
    /// Gives a message to the desk, and does what the desk asks for.
    pub(super) async fn apply(&mut self, msg: Msg, ears: &mut Ears) {
        let mut waiting = vec![msg];
        while let Some(msg) = waiting.pop() {
            if self.ended.is_some() {
                return;
            }
            let msg = self.without_older_rows(msg);
            for effect in update(&mut self.desk, &self.rules, msg) {
                waiting.extend(self.perform(effect, ears).await);
            }
        }
    }

    /// Does one effect; the answer of one that is done on the spot.
    async fn perform(&mut self, effect: Effect, ears: &mut Ears) -> Option<Msg> {
        match effect {
            Effect::Edit { text } => return Some(Msg::Edited(self.edit(&text, ears).await)),
            Effect::Page { text } => {
                return self.page(&text, ears).await.err().map(|says| Msg::Trouble(Trouble::io(says).into()));
            }
            Effect::Suspend if terminal::can_stop() => self.stop(true, ears).await,
            Effect::Suspend => {
                return Some(Msg::Trouble(Refusal::new("there is no shell to go back to: the queue was started without one").into()));
            }
            Effect::Redraw => {
                if self.screen.redraw().is_err() {
                    self.ended = Some(Ended::HungUp);
                }
            }
            Effect::FetchCosts if self.ledger.is_none() => return Some(Msg::Costs(Vec::new())),
            Effect::FetchThemes => {
                let (names, now) = self.looks.names();
                return Some(Msg::Themes { names, now });
            }
            Effect::Choose { taste, value } => {
                return Some(match self.looks.choose(self.rules.playbook.desk, taste, &value) {
                    Ok(keymap) => {
                        // Keys change only when somebody chose that they do.
                        if taste == Taste::Keymap {
                            self.rules.keymap = keymap;
                        }
                        Msg::Chosen { taste, value }
                    }
                    Err(failure) => Msg::Trouble(failure),
                });
            }
            Effect::ShowPlain { text, unasked } => self.show_plain(&text, unasked),
            Effect::Quit => self.ended = Some(Ended::Quit),
            other => self.hand_on(other),
        }
        None
    }

    /// Effects that other threads do.
    fn hand_on(&mut self, effect: Effect) {
        match effect {
            Effect::SaveDraft(draft) => {
                if let Some(drafts) = &self.drafts {
                    drafts.save(draft);
                }
            }
            Effect::DropDraft(key) => {
                if let Some(drafts) = &self.drafts {
                    drafts.drop_draft(key);
                }
            }
            Effect::KeepCost(entry) => {
                if let Some(ledger) = &self.ledger {
                    ledger.write(entry);
                }
            }
            Effect::FetchCosts => {
                if let Some(ledger) = &self.ledger {
                    ledger.read();
                }
            }
            Effect::Copy { what, text } => self.clipboard.copy(what, text),
            Effect::CopyCells { what, header, rows } => self.clipboard.copy(what, cells::table(&header, rows)),
            other => {
                let desk = &self.desk;
                if let Some(other) = self.finder.take(other, || desk.queue.share(), &self.rules.playbook) {
                    self.ask_stores(other);
                }
            }
        }
    }

    fn ask_stores(&mut self, effect: Effect) {
        let Some(stores) = &self.stores else { return };
        match effect {
            Effect::Commit { ticket, set } => stores.commit(ticket, set),
            Effect::Undo { ticket, command } => stores.undo(ticket, command),
            Effect::Redo { ticket, command } => stores.redo(ticket, command),
            Effect::Sign { ticket, command, values, company } => stores.sign(ticket, command, values, company),
            Effect::KeepMessage { ticket, command, message } => stores.keep_message(ticket, command, message),
            Effect::KeepView { ticket, command, name, seen, view } => stores.keep_view(ticket, command, name, seen, view),
            Effect::KeepOwnView { view, over } => stores.keep_own_view(view, over),
            Effect::DropOwnView(view) => stores.drop_own_view(view),
            Effect::KeepUtility { ticket, command, utility, seen, addition } => {
                stores.keep_utility(ticket, command, utility, seen, addition);
            }
            Effect::FetchTurnaround { utility, names } => stores.turnaround(utility, names),
            Effect::FetchRowsOf(names) => stores.rows_of(names),
            Effect::Fetch(subjects) => stores.fetch(subjects),
            Effect::FetchHistory(subject) => stores.history(subject),
            Effect::SaveFront(subjects) => stores.save_front(subjects),
            Effect::LookAt(rows) => stores.look_at(rows),
            Effect::Try(order) => stores.try_import(order),
            Effect::Import { command, order } => stores.import(command, order),
            Effect::StopImport => stores.stop_import(),
            Effect::KeepProfile(profile) => stores.keep_profile(profile),
            Effect::FetchOffers => stores.offers(),
            Effect::Settle { ticket, command, offers, theirs } => stores.settle(ticket, command, offers, theirs),
            Effect::FetchSaid { ticket, words } => stores.said(ticket, words),
            Effect::CopyNotes => stores.notes(),
            Effect::FetchContact { subject, others } => stores.contact(subject, others),
            Effect::FetchAlike(subject) => stores.alike(subject),
            Effect::FetchMarked(subjects) => stores.marked(subjects),
            Effect::Serve(wanted) => stores.serve(wanted),
            Effect::Claim(subject) => stores.claim(subject),
            Effect::Release => stores.release(),
            Effect::Skip(skip) => stores.skip(skip),
            Effect::BringBack { subject, day } => stores.bring_back(subject, day),
            _ => {}
        }
    }

    /// Two threads answer: a slice that was read before a commit may come after its answer.
    fn without_older_rows(&self, msg: Msg) -> Msg {
        let is_older = |facts: &Facts| {
            let row = self.desk.queue.find(facts.subject).and_then(|id| self.desk.queue.row(id, &self.rules.playbook));
            row.is_some_and(|row| row.version > facts.version)
        };
        match msg {
            Msg::Rows { mut facts, last } => {
                facts.retain(|facts| !is_older(facts));
                Msg::Rows { facts, last }
            }
            Msg::Foreign(mut foreign) => {
                foreign.retain(|change| change.facts.as_ref().is_none_or(|facts| !is_older(facts)));
                Msg::Foreign(foreign)
            }
            other => other,
        }
    }

    async fn edit(&mut self, text: &str, ears: &mut Ears) -> Result<String, String> {
        self.lend_terminal(ears);
        let edited = editor::edit(text, &mut ears.signals.stop).await;
        self.terminal_again(ears);
        edited
    }

    async fn page(&mut self, text: &str, ears: &mut Ears) -> Result<(), String> {
        self.lend_terminal(ears);
        let shown = editor::page(text, &mut ears.signals.stop).await;
        self.terminal_again(ears);
        shown
    }

    /// Another program gets the terminal.
    fn lend_terminal(&mut self, ears: &mut Ears) {
        if let Some(drafts) = &self.drafts {
            drafts.flush();
        }
        ears.events = None;
        self.screen.leave();
    }

    fn terminal_again(&mut self, ears: &mut Ears) {
        ears.signals.forget_the_terminals();
        self.screen_back();
        ears.events = Some(EventStream::new());
        self.resized();
    }

    /// Gives the terminal to the shell and stops, with `whole_job` the whole of it.
    pub(super) async fn stop(&mut self, whole_job: bool, ears: &mut Ears) {
        if let Some(drafts) = &self.drafts {
            drafts.flush();
        }
        self.screen.leave();
        if terminal::stop(whole_job).is_ok() {
            // We stand here until SIGCONT, which then is our own affair.
            let _ = tokio::time::timeout(STOPPED, ears.signals.continued.recv()).await;
        }
        self.take_terminal_back(ears).await;
    }

    pub(super) async fn take_terminal_back(&mut self, ears: &mut Ears) {
        self.screen_back();
        ears.signals.forget_the_terminals();
        self.resized();
    }

    fn screen_back(&mut self) {
        if self.screen.take_back().is_err() {
            self.ended = Some(Ended::HungUp);
        }
    }

    /// The size may have changed while nobody told us.
    fn resized(&mut self) {
        let size = terminal::size();
        for effect in update(&mut self.desk, &self.rules, Msg::Resized { width: size.width, height: size.height }) {
            self.hand_on(effect);
        }
        self.plain_again();
        self.owe_frame();
    }

    /// The end: what was typed is on disk first, then what was being saved, then the clipboard.
    pub(super) fn finish(&mut self, ears: &mut Ears, ended: &Ended) {
        let somebody_reads = *ended != Ended::HungUp;
        if somebody_reads {
            self.screen.leave();
        } else {
            terminal::abandon();
        }
        if let Some(drafts) = &self.drafts {
            drafts.flush();
        }
        let saved = self.finish_saving(somebody_reads);
        while let Ok(msg) = ears.answers.try_recv() {
            self.last_answer(msg, somebody_reads);
        }
        if !saved && somebody_reads {
            say("the last change was not confirmed by the disk; intertie history shows whether it was saved");
        }
        if somebody_reads && let Err(why) = self.clipboard.end() {
            say(&format!("the copied text may be gone with intertie: {why}"));
        }
        while let Ok((_, bytes)) = ears.copies.try_recv() {
            if let Some(bytes) = bytes.filter(|_| somebody_reads) {
                let _ = self.screen.send(&bytes);
            }
        }
        self.drafts = None;
    }

    fn finish_saving(&self, somebody_reads: bool) -> bool {
        let Some(stores) = &self.stores else { return true };
        if stores.finish(AT_ONCE) {
            return true;
        }
        if somebody_reads {
            say("saving …");
        }
        stores.finish(PATIENCE)
    }

    /// An answer that came with the end: its draft is dropped, its message copied, its failure told.
    fn last_answer(&mut self, msg: Msg, somebody_reads: bool) {
        if let Msg::Committed { result: Err(unsaved), .. } = &msg
            && somebody_reads
        {
            let words = match unsaved {
                Unsaved::Stale { by, what, .. } => format!("not saved: {by} changed {what} since you saw it"),
                Unsaved::Failed(failure) => format!("not saved: {}", Notice::from(failure).text),
            };
            let kept = self.desk.saving.as_ref().is_some_and(|saving| saving.draft.is_some() && saving.text.is_some());
            say(&if kept { format!("{words}; the text is kept as a draft") } else { words });
        }
        if matches!(msg, Msg::Committed { .. }) {
            for effect in update(&mut self.desk, &self.rules, msg) {
                if matches!(effect, Effect::DropDraft(_) | Effect::Copy { .. } | Effect::SaveDraft(_)) {
                    self.hand_on(effect);
                }
            }
        }
    }
}
