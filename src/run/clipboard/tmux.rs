//! The copy inside tmux. By default tmux drops what its programs send to the terminal; its own
//! buffer is certain, and `load-buffer -w` passes a copy on with the default settings.

use std::io;
use std::path::Path;
use std::time::Instant;

use super::super::command::ask;

/// Who looks at the pane: the newest client, as tmux tells it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Client {
    pub pid: i32,
    /// `TERM` of the terminal outside.
    pub term: String,
    pub version: String,
    /// tmux knows that this terminal takes copies.
    pub takes_copies: bool,
}

/// What is known after a copy into tmux.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Taken {
    /// In the buffer, compared; and asked to be passed on.
    PassedOn,
    /// In the buffer, compared; this tmux is older than 3.2 and cannot pass it on, a raw OSC 52 may.
    Old,
}

pub fn copy(tmux: &Path, text: &str, until: Instant) -> io::Result<Taken> {
    let passed_on = match ask(tmux, &["load-buffer", "-w", "-"], text.as_bytes(), until) {
        Err(err) if err.kind() == io::ErrorKind::TimedOut => return Err(err),
        answer => answer.is_ok(),
    };
    if !passed_on {
        ask(tmux, &["load-buffer", "-"], text.as_bytes(), until)?;
    }
    // The exit code says nothing: 0 also when nothing was passed on.
    if ask(tmux, &["save-buffer", "-"], b"", until)? != text.as_bytes() {
        return Err(io::Error::other("its buffer has another text"));
    }
    Ok(if passed_on { Taken::PassedOn } else { Taken::Old })
}

const CLIENT: &str = "#{client_pid}\t#{client_termname}\t#{version}\t#{client_termfeatures}";

pub fn client(tmux: &Path, until: Instant) -> Option<Client> {
    let answer = ask(tmux, &["display-message", "-p", CLIENT], b"", until).ok()?;
    let answer = String::from_utf8(answer).ok()?;
    let parts: Vec<&str> = answer.trim_end_matches('\n').split('\t').collect();
    let [pid, term, version, features] = parts.as_slice() else { return None };
    Some(Client {
        pid: pid.parse().ok()?,
        term: (*term).to_owned(),
        version: (*version).to_owned(),
        takes_copies: features.split(',').any(|feature| feature == "clipboard"),
    })
}

/// Whether the person sits at another machine. The variables of our own pane are as old as the
/// pane; tmux keeps those of the last client that came.
pub fn is_remote(tmux: &Path, until: Instant) -> Option<bool> {
    let answer = ask(tmux, &["show-environment"], b"", until).ok()?;
    Some(String::from_utf8_lossy(&answer).lines().any(|line| line.starts_with("SSH_CONNECTION=")))
}

#[cfg(test)]
mod tests {
    use super::super::super::command::{PATIENCE, find, give};
    use super::super::super::now;
    use super::*;

    fn soon() -> Instant {
        now::instant() + PATIENCE
    }

    /// A program that answers as tmux does; `-w` as told, and the features of the terminal outside.
    fn fake(dir: &Path, knows_w: bool, features: &str, keeps: bool) -> std::path::PathBuf {
        let file = dir.join("tmux");
        let buffer = dir.join("buffer").display().to_string();
        let refuse_w = if knows_w { "" } else { "[ \"$2\" = -w ] && exit 1" };
        let into = if keeps { buffer.clone() } else { "/dev/null".to_owned() };
        let script = format!(
            "#!/bin/sh\ncase $1 in\nload-buffer) {refuse_w}\ncat > {into};;\nsave-buffer) cat {buffer};;\n\
             display-message) printf '77\\txterm\\t3.3a\\t{features}\\n';;\nshow-environment) echo SSH_CONNECTION=1; echo -DISPLAY;;\nesac\n"
        );
        // Written by a child: a file that a thread beside us has open for writing, in a fork of its
        // own, could not be run.
        let sh = find("sh").expect("sh is everywhere");
        let make = format!("cat > {0} && chmod 700 {0} && echo before > {1}", file.display(), dir.join("buffer").display());
        give(&sh, &["-c", &make], script.as_bytes(), soon()).expect("made");
        file
    }

    #[test]
    fn only_what_was_compared_is_said() {
        for (knows_w, features, keeps, taken, takes_copies) in [
            (true, "256,clipboard,title", true, Some(Taken::PassedOn), true),
            (true, "256,title", true, Some(Taken::PassedOn), false),
            (true, "", true, Some(Taken::PassedOn), false),
            (false, "clipboard", true, Some(Taken::Old), true),
            (true, "clipboard", false, None, true),
        ] {
            let temp = tempfile::tempdir().expect("a directory");
            let tmux = fake(temp.path(), knows_w, features, keeps);
            assert_eq!(copy(&tmux, "two\nlines, Jörg", soon()).ok(), taken, "{knows_w} {features} {keeps}");
            assert_eq!(is_remote(&tmux, soon()), Some(true));
            let wanted = Client { pid: 77, term: "xterm".to_owned(), version: "3.3a".to_owned(), takes_copies };
            assert_eq!(client(&tmux, soon()), Some(wanted));
        }
    }

    #[test]
    fn a_tmux_that_hangs_is_not_waited_for() {
        let temp = tempfile::tempdir().expect("a directory");
        let tmux = fake(temp.path(), true, "", true);
        let over = now::instant();
        assert_eq!(copy(&tmux, "x", over).map_err(|err| err.kind()), Err(io::ErrorKind::TimedOut));
        assert_eq!((client(&tmux, over), is_remote(&tmux, over)), (None, None));
    }
}
