//! The thread of leases and skips: a courtesy between sessions, in a file of its own, for which nobody waits.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::Common;
use crate::desk::msg::{Held, Msg};
use crate::desk::serve::LEASE_MINUTES;
use crate::domain::day::Day;
use crate::domain::id::SubjectId;
use crate::domain::skip::Skip;
use crate::domain::text::clean_line;
use crate::domain::trouble::{Kind, Trouble};
use crate::run::now;
use crate::store::Presence;

/// Who has what is seen within this.
const ROUND: Duration = Duration::from_secs(1);
/// How long a file that cannot be used is left alone.
const REST: Duration = Duration::from_secs(30);

/// What it is asked.
pub(super) enum Wish {
    Serve(Vec<SubjectId>),
    Claim(SubjectId),
    Release,
    Skip(Skip),
    BringBack(SubjectId, Day),
    End,
}

struct Thread<'a> {
    database: PathBuf,
    common: &'a Common,
    presence: Option<Presence>,
    /// When to try again to open the file.
    rest_until: Option<Instant>,
    /// What the desk was told last.
    held: Vec<Held>,
    skips: Option<(Day, Vec<Skip>)>,
    off: Option<String>,
    /// The file's version when it was last read, and when the first lease in it ends.
    version: i64,
    ends: i64,
}

/// `refused`: why this session may not write; then there are no leases.
pub(super) fn run(database: PathBuf, refused: Option<Trouble>, common: &Common, asked: &Receiver<Wish>) {
    if let Some(trouble) = refused {
        let why = format!("leases need a database that you may write ({})", trouble.says);
        common.answer(Msg::NoLeases(Some(why)));
        while !matches!(asked.recv(), Ok(Wish::End) | Err(_)) {}
        return;
    }
    let mut thread = Thread {
        database,
        common,
        presence: None,
        rest_until: None,
        held: Vec::new(),
        skips: None,
        off: None,
        version: -1,
        ends: i64::MAX,
    };
    let mut round = now::instant();
    loop {
        match asked.recv_timeout(round.saturating_duration_since(now::instant())) {
            Ok(Wish::End) | Err(RecvTimeoutError::Disconnected) => break,
            Ok(wish) => thread.grant(wish),
            Err(RecvTimeoutError::Timeout) => {
                round = now::instant() + ROUND;
                thread.look();
            }
        }
    }
    thread.end();
}

impl Thread<'_> {
    /// The file, opened anew when it could not be used before. `None`: it was said why.
    fn presence(&mut self) -> Option<&mut Presence> {
        if self.presence.is_none() && self.rest_until.is_none_or(|until| now::instant() >= until) {
            match Presence::open(&self.database) {
                Ok(presence) => {
                    self.presence = Some(presence);
                    self.version = -1;
                    if self.off.take().is_some() {
                        self.common.answer(Msg::NoLeases(None));
                    }
                }
                Err(trouble) => self.failed(&trouble),
            }
        }
        self.presence.as_mut()
    }

    /// Said once; a desk without leases goes on as desks did before there were any.
    fn failed(&mut self, trouble: &Trouble) {
        self.presence = None;
        self.rest_until = Some(now::instant() + REST);
        let why = trouble.hint.as_ref().map_or_else(|| trouble.says.clone(), |hint| format!("{} ({hint})", trouble.says));
        if self.off.as_ref() != Some(&why) {
            self.off = Some(why.clone());
            self.common.answer(Msg::NoLeases(Some(why)));
        }
    }

    fn grant(&mut self, wish: Wish) {
        let (who, now) = (&self.common.who.clone(), now::millis());
        let until = now + LEASE_MINUTES * 60_000;
        let (serves, skips) = (matches!(wish, Wish::Serve(_)), matches!(wish, Wish::Skip(_) | Wish::BringBack(..)));
        let words = if let Wish::Skip(skip) = &wish { skip.words.clone() } else { String::new() };
        let Some(presence) = self.presence() else {
            self.not_granted(serves, skips, &words);
            return;
        };
        let done = match wish {
            Wish::Serve(wanted) => presence.serve(who, &wanted, now, until).map(|subject| Some(Msg::Served(subject))),
            Wish::Claim(subject) => presence.claim(who, subject, now, until).map(|()| None),
            Wish::Release => presence.release(who).map(|()| None),
            Wish::Skip(skip) => presence.skip(who, &Skip { at: now, ..skip }).map(|()| None),
            Wish::BringBack(subject, day) => presence.bring_back(who, day, subject).map(|()| None),
            Wish::End => Ok(None),
        };
        match done {
            Ok(answer) => {
                if let Some(answer) = answer {
                    self.common.answer(answer);
                }
                // Our own writes do not move the version that we see.
                self.version = -1;
                self.look();
            }
            Err(trouble) => {
                // Somebody holds the file for a moment: it is there for the next wish.
                if trouble.kind != Kind::Busy {
                    self.failed(&trouble);
                }
                self.not_granted(serves, skips, &words);
                self.common.trouble(trouble);
            }
        }
    }

    /// Whoever waits for an answer gets one; a skip that was not kept brings its row back, and its words are said.
    fn not_granted(&mut self, serves: bool, skips: bool, words: &str) {
        if serves {
            self.common.answer(Msg::Served(None));
        }
        if skips {
            let kept = self.skips.as_ref().map(|(_, skips)| skips.clone()).unwrap_or_default();
            self.common.answer(Msg::Skips(kept));
        }
        if !words.is_empty() {
            self.common.trouble(Trouble::io(format!("the skip was not kept; you wrote: {words}")));
        }
    }

    /// What others have open, and what I skipped, told when it is not what was told last.
    fn look(&mut self) {
        let (today, now) = (self.common.clock.today(), now::millis());
        let same_day = self.skips.as_ref().is_some_and(|(day, _)| *day == today);
        let (version, ends) = (self.version, self.ends);
        let Some(presence) = self.presence() else { return };
        let looked = presence.data_version().and_then(|found| {
            if found == version && same_day && now < ends {
                return Ok(None);
            }
            Ok(Some((found, presence.leases(now)?)))
        });
        match looked {
            Ok(None) => {}
            Ok(Some((found, leases))) => {
                self.version = found;
                self.ends = leases.iter().map(|lease| lease.until).min().unwrap_or(i64::MAX);
                let others = leases.into_iter().filter(|lease| lease.session != self.common.who.session);
                let held = others.map(|lease| Held {
                    subject: lease.subject,
                    by: clean_line(&lease.login),
                    since: self.common.clock.local_of(lease.since),
                });
                let held: Vec<Held> = held.collect();
                if held != self.held {
                    self.held.clone_from(&held);
                    self.common.answer(Msg::Held(held));
                }
                self.look_at_skips(today);
            }
            Err(trouble) if trouble.kind == Kind::Busy => {}
            Err(trouble) => self.failed(&trouble),
        }
    }

    fn look_at_skips(&mut self, today: Day) {
        let who = &self.common.who;
        let Some(presence) = self.presence.as_mut() else { return };
        match presence.skips(today, today, Some(who)) {
            Ok(skips) => {
                let told = Some((today, skips));
                if self.skips != told {
                    self.common.answer(Msg::Skips(told.as_ref().map(|(_, skips)| skips.clone()).unwrap_or_default()));
                    self.skips = told;
                }
            }
            Err(trouble) => self.failed(&trouble),
        }
    }

    fn end(&mut self) {
        // Whether the lease ends now or in ten minutes is nobody's loss.
        if let Some(presence) = &mut self.presence {
            let _ = presence.release(&self.common.who);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::thread;

    use tokio::sync::mpsc;

    use super::super::tests::made;
    use super::*;
    use crate::domain::id::SessionId;
    use crate::run::now::Clock;
    use crate::store::Who;

    fn who(login: &str) -> Who {
        Who { uid: 1, login: login.to_owned(), session: SessionId(now::fresh()) }
    }

    /// Waits for the message that is wanted; the others are passed over.
    fn heard<T>(answers: &mut mpsc::UnboundedReceiver<Msg>, wanted: impl Fn(&Msg) -> Option<T>) -> T {
        loop {
            let msg = answers.blocking_recv().expect("the thread lives");
            if let Some(found) = wanted(&msg) {
                return found;
            }
        }
    }

    #[test]
    #[allow(clippy::disallowed_methods, reason = "the test damages the file, and runs the thread")]
    fn leases_are_told_and_the_file_may_go() {
        let (temp, path) = made();
        let (answers, mut heard_by_me) = mpsc::unbounded_channel();
        let (rows, _for_rows) = mpsc::channel(2);
        let clock = Clock::new(now::zone("America/Denver").expect("a zone"), None);
        let common = Common { who: who("jdoe"), clock, playbook: "test".to_owned(), answers, rows };
        let (wishes, wished) = channel();
        let (database, of_thread) = (path.clone(), common.clone());
        let thread = thread::spawn(move || run(database, None, &of_thread, &wished));
        let [one, two] = [now::fresh(), now::fresh()].map(SubjectId);
        let wish = |wish| wishes.send(wish).expect("the thread lives");
        let mut other = Presence::open(&path).expect("it opens");
        let kim = Who { login: "kim".to_owned(), ..who("kim") };
        other.claim(&kim, one, now::millis(), now::millis() + 60_000).expect("claimed");
        let held = |msg: &Msg| if let Msg::Held(held) = msg { Some(held.iter().map(|one| one.subject).collect::<Vec<_>>()) } else { None };
        assert_eq!(heard(&mut heard_by_me, held), [one]);
        wish(Wish::Serve(vec![one, two]));
        let served = |msg: &Msg| if let Msg::Served(served) = msg { Some(*served) } else { None };
        assert_eq!(heard(&mut heard_by_me, served), Some(two), "kim has the first");
        other.release(&kim).expect("let go");
        assert!(heard(&mut heard_by_me, held).is_empty());
        // The file goes, and what comes is none of ours: words that were typed are said, the row comes back.
        let file = temp.path().join("west.db-presence");
        std::fs::remove_file(&file).expect("it goes");
        std::fs::write(&file, [7; 4096]).expect("a foreign file");
        let skip = |words: &str| Skip {
            subject: one,
            day: clock.today(),
            login: String::new(),
            reason: "other".to_owned(),
            words: words.to_owned(),
            at: 0,
        };
        wish(Wish::Skip(skip("wants a fax")));
        let off = |msg: &Msg| if let Msg::NoLeases(Some(why)) = msg { Some(why.clone()) } else { None };
        let why = heard(&mut heard_by_me, off);
        assert!(why.contains("west.db-presence is not what"), "{why}");
        let said = |msg: &Msg| if let Msg::Trouble(failure) = msg { Some(failure.says()) } else { None };
        assert!(heard(&mut heard_by_me, said).ends_with("you wrote: wants a fax"));
        wish(Wish::End);
        thread.join().expect("no panic");
    }

    #[test]
    #[allow(clippy::disallowed_methods, reason = "the test runs the thread")]
    fn who_may_not_write_has_no_leases_and_is_told_why() {
        let (answers, mut heard_by_me) = mpsc::unbounded_channel();
        let (rows, _for_rows) = mpsc::channel(2);
        let clock = Clock::new(now::zone("UTC").expect("a zone"), None);
        let common = Common { who: who("jdoe"), clock, playbook: "test".to_owned(), answers, rows };
        let (wishes, wished) = channel();
        let refused = Trouble::io("west.db may not be written by you");
        let thread = thread::spawn(move || run(PathBuf::from("west.db"), Some(refused), &common, &wished));
        let off = |msg: &Msg| if let Msg::NoLeases(why) = msg { Some(why.clone()) } else { None };
        let why = heard(&mut heard_by_me, off).expect("a reason");
        assert_eq!(why, "leases need a database that you may write (west.db may not be written by you)");
        drop(wishes);
        thread.join().expect("no panic");
    }
}
