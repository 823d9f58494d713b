//! What do these tests share? A queue with one long message, and the keys that copy it.

use std::process::Command;

use crate::support::pty::{Session, Start};
use crate::support::{Place, program, said};

/// The message that key 3 copies, of so many bytes: accents, wide letters, long lines, no subject.
pub const KB: usize = 6_000;

pub fn long_text(bytes: usize) -> String {
    let line = "Grüße an Zoë Müller-Ångström, où ça gêne: 25 kW, 日本, 👍, «señor»; ";
    let mut text = String::new();
    for n in 0.. {
        let next = format!("{n}. {}\n", line.repeat(1 + n % 3));
        if text.len() + next.len() > bytes {
            break;
        }
        text.push_str(&next);
    }
    text.push_str(&"x".repeat(bytes - text.len()));
    text
}

/// A demo whose status inquiry is that text, and a row for which it can be made.
pub struct World {
    pub place: Place,
    pub row: String,
    /// What a copy must be.
    pub text: String,
}

impl World {
    pub fn new(bytes: usize) -> World {
        let place = Place::with_demo(60);
        let text = long_text(bytes);
        let dir = place.path("work.site/playbooks/messages");
        std::fs::create_dir_all(&dir).expect("made");
        let message = format!(
            "[[message]]\nname = \"utility-status-inquiry\"\nlabel = \"status inquiry\"\nchannel = \"portal\"\nto = \"utility\"\nsubject = \"\"\nbody = '''\n{text}'''\ncrm = \"asked\"\n"
        );
        std::fs::write(dir.join("residential.toml"), message).expect("written");
        let row = place.numbered();
        let made = place.json(&["message", &row, "utility-status-inquiry"]);
        assert_eq!(made["text"].as_str(), Some(text.as_str()), "the message is the text and nothing else");
        World { place, row, text }
    }

    /// The program's call, for a shell, with the whole environment of this place.
    pub fn shell(&self) -> String {
        let mut words = vec!["exec".to_owned(), "env".to_owned()];
        // The terminal's name is what is between us and it.
        let set = self.place.env().into_iter().filter(|(name, _)| *name != "TERM");
        words.extend(set.map(|(name, value)| format!("{name}='{}'", value.display())));
        words.push(format!("'{}' --db '{}'", program().display(), self.place.db()));
        words.join(" ")
    }

    pub fn start(&self) -> Start {
        Start::new(&["--db", &self.place.db()])
    }

    /// Copies the message in a running queue; the notice that says what became of it.
    pub fn copy(&self, session: &mut Session) -> String {
        session.wait_queue();
        session.go_to(&self.row);
        self.copy_here(session)
    }

    /// The same, with the cursor on the row.
    pub fn copy_here(&self, session: &mut Session) -> String {
        session.pause_guard();
        session.key("3");
        session.wait_for("asked the utility for the status:");
        session.key("\r");
        let notice = |session: &Session| session.text().lines().find(|line| line.starts_with("message for")).map(str::to_owned);
        session.wait_until("the copy's words", |session| notice(session).is_some());
        notice(session).expect("it was just there")
    }

    /// Waits for the text on this side's terminal.
    pub fn arrives(&self, session: &mut Session) {
        session.wait_until("OSC 52", |session| !session.asked().copies.is_empty());
        let (_, arrived) = session.asked().copies.last().cloned().expect("it was just there");
        assert!(arrived == self.text, "{} bytes arrived, {} were sent: {arrived}", arrived.len(), self.text.len());
    }
}

/// What a program prints.
pub fn output(command: &mut Command) -> Vec<u8> {
    let output = command.output().expect("it starts");
    assert!(output.status.success(), "{command:?}: {}", said(&output));
    output.stdout
}

/// A directory for `PATH` with programs of these names that never answer.
pub fn sleepers(place: &Place, names: &[&str]) -> String {
    let dir = place.path("sleepers");
    std::fs::create_dir_all(&dir).expect("made");
    for name in names {
        let file = dir.join(name);
        // Written by a child: a file that a fork beside us has open for writing could not be run.
        let make = format!("printf '#!/bin/sh\\nexec sleep 60\\n' > '{0}' && chmod 700 '{0}'", file.display());
        assert!(Command::new("sh").args(["-c", &make]).status().is_ok_and(|status| status.success()));
    }
    format!("{}:{}", dir.display(), std::env::var("PATH").unwrap_or_default())
}
