//! The copy inside tmux. By default tmux drops what its programs send to the terminal; its own
//! buffer is certain, and `load-buffer -w` passes a copy on with the default settings.

use std::io;
use std::path::Path;

use super::super::command::ask;

/// What is known after a copy into tmux.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Taken {
    /// In the buffer, compared; and passed on to a terminal that takes copies.
    Forwarded,
    /// In the buffer, compared; the terminal outside takes no copies.
    Buffer,
    /// In the buffer, compared; this tmux is older than 3.2 and cannot pass it on, a raw OSC 52 may.
    Old,
}

pub fn copy(tmux: &Path, text: &str) -> io::Result<Taken> {
    let passed_on = ask(tmux, &["load-buffer", "-w", "-"], text.as_bytes()).is_ok();
    if !passed_on {
        ask(tmux, &["load-buffer", "-"], text.as_bytes())?;
    }
    // The exit code says nothing: 0 also when nothing was passed on.
    if ask(tmux, &["save-buffer", "-"], b"")? != text.as_bytes() {
        return Err(io::Error::other("its buffer has another text"));
    }
    if !passed_on {
        return Ok(Taken::Old);
    }
    let features = ask(tmux, &["display-message", "-p", "#{client_termfeatures}"], b"").unwrap_or_default();
    let takes_copies = String::from_utf8_lossy(&features).trim().split(',').any(|feature| feature == "clipboard");
    Ok(if takes_copies { Taken::Forwarded } else { Taken::Buffer })
}

/// Whether the person sits at another machine. The variables of our own pane are as old as the
/// pane; tmux keeps those of the last client that came.
pub fn is_remote(tmux: &Path) -> Option<bool> {
    let answer = ask(tmux, &["show-environment"], b"").ok()?;
    Some(String::from_utf8_lossy(&answer).lines().any(|line| line.starts_with("SSH_CONNECTION=")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::command::{find, give};

    /// A program that answers as tmux does; `-w` as told, and the features of the terminal outside.
    fn fake(dir: &Path, knows_w: bool, features: &str, keeps: bool) -> std::path::PathBuf {
        let file = dir.join("tmux");
        let buffer = dir.join("buffer").display().to_string();
        let refuse_w = if knows_w { "" } else { "[ \"$2\" = -w ] && exit 1" };
        let into = if keeps { buffer.clone() } else { "/dev/null".to_owned() };
        let script = format!(
            "#!/bin/sh\ncase $1 in\nload-buffer) {refuse_w}\ncat > {into};;\nsave-buffer) cat {buffer};;\n\
             display-message) echo '{features}';;\nshow-environment) echo SSH_CONNECTION=1; echo -DISPLAY;;\nesac\n"
        );
        // Written by a child: a file that a thread beside us has open for writing, in a fork of its
        // own, could not be run.
        let sh = find("sh").expect("sh is everywhere");
        let make = format!("cat > {0} && chmod 700 {0} && echo before > {1}", file.display(), dir.join("buffer").display());
        give(&sh, &["-c", &make], script.as_bytes()).expect("made");
        file
    }

    #[test]
    fn only_what_was_compared_is_said() {
        for (knows_w, features, keeps, wanted) in [
            (true, "256,clipboard,title", true, Some(Taken::Forwarded)),
            (true, "256,title", true, Some(Taken::Buffer)),
            (true, "", true, Some(Taken::Buffer)),
            (false, "clipboard", true, Some(Taken::Old)),
            (true, "clipboard", false, None),
        ] {
            let temp = tempfile::tempdir().expect("a directory");
            let tmux = fake(temp.path(), knows_w, features, keeps);
            let found = copy(&tmux, "two\nlines, Jörg").ok();
            assert_eq!(found, wanted, "{knows_w} {features} {keeps}");
            assert_eq!(is_remote(&tmux), Some(true));
        }
    }
}
