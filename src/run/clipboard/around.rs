//! What is between us and the user's own clipboard? Asked at every copy: tmux clients come and go.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Instant;

use super::super::{command, paths};
use super::terminals::Kind;
use super::tmux::{self, Client};
use super::{osc52, proof};
use crate::domain::text::clean_line;

/// One way for a copy to go. The file comes last, always.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    Tmux,
    /// The desktop's own clipboard.
    Local,
    /// OSC 52, through GNU screen.
    Screen,
    /// OSC 52.
    Terminal,
}

impl Way {
    /// As it is written down, and as `intertie clipboard` names it.
    pub fn name(self) -> &'static str {
        match self {
            Way::Tmux => "tmux",
            Way::Local => "desktop",
            Way::Screen => "screen",
            Way::Terminal => "terminal",
        }
    }
}

/// The signs, read from the environment.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Around {
    /// We are inside tmux, and this is how to reach it; `None` inside: the program is not found.
    pub in_tmux: bool,
    pub tmux: Option<PathBuf>,
    /// Who looks at this tmux; `None`: it did not say.
    pub client: Option<Client>,
    pub screen: bool,
    pub zellij: bool,
    /// The person sits at another machine, whose clipboard is meant.
    pub remote: bool,
    pub display: bool,
    pub mosh: bool,
    pub kind: Kind,
    /// What tells this terminal from others, for what was once proven on it.
    pub terminal: String,
}

impl Around {
    /// `var` is `std::env::var_os`; no answer of tmux is waited for any longer than `until`.
    pub fn read(var: impl Fn(&str) -> Option<OsString>, until: Instant) -> Around {
        let own = |name: &str| var(name).and_then(|value| value.into_string().ok()).unwrap_or_default();
        let in_tmux = !own("TMUX").is_empty();
        let tmux = if in_tmux { var("PATH").and_then(|path| command::find_in("tmux", &path)) } else { None };
        let client = tmux.as_deref().and_then(|tmux| tmux::client(tmux, until));
        // What our own pane inherited is as old as the pane; whoever looks at it may have come since.
        let looker = client.as_ref().and_then(|client| environment(client.pid));
        let outer = |name: &str| match &looker {
            Some(variables) => variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default(),
            None => own(name),
        };
        let mosh = is_under_mosh(client.as_ref().map(|client| client.pid));
        let over_ssh = ["SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"].iter().any(|name| !outer(name).is_empty()) || mosh;
        let remote = match (&looker, tmux.as_deref()) {
            (None, Some(tmux)) => tmux::is_remote(tmux, until).unwrap_or(over_ssh),
            _ => over_ssh,
        };
        let (screen, zellij) = (!own("STY").is_empty(), !own("ZELLIJ").is_empty());
        let term = client.as_ref().map_or_else(|| own("TERM"), |client| client.term.clone());
        // Inside a multiplexer the variables are of the terminal that was there at its start.
        let stale = screen || zellij || in_tmux && looker.is_none();
        let kind = if stale { Kind::Unknown } else { Kind::of(&term, &outer) };
        let told = [outer("TERM_PROGRAM"), outer("TERM_PROGRAM_VERSION"), outer("LC_TERMINAL")];
        let between = [
            client.as_ref().map(|client| format!("tmux {}", client.version)),
            screen.then(|| "screen".to_owned()),
            zellij.then(|| "zellij".to_owned()),
            mosh.then(|| "mosh".to_owned()),
            remote.then(|| "ssh".to_owned()),
        ];
        let parts: Vec<String> =
            [term].into_iter().chain(told).chain(between.into_iter().flatten()).filter(|part| !part.is_empty()).collect();
        Around {
            remote,
            in_tmux,
            client,
            tmux,
            screen,
            zellij,
            display: !own("DISPLAY").is_empty() || !own("WAYLAND_DISPLAY").is_empty(),
            mosh,
            kind,
            terminal: clean_line(&parts.join(" · ")),
        }
    }

    /// The ways that are tried, in order.
    pub fn ways(&self) -> Vec<Way> {
        let mut ways = Vec::new();
        if self.tmux.is_some() {
            ways.push(Way::Tmux);
        }
        // Over SSH the server's desktop is the wrong one, even where it answers.
        if self.display && !self.remote {
            ways.push(Way::Local);
        }
        if !self.in_tmux && self.screen {
            ways.push(Way::Screen);
        } else if !self.in_tmux && !self.kind.never() {
            ways.push(Way::Terminal);
        }
        ways
    }

    /// The most bytes of base64 that arrive whole, and who sets that limit.
    pub fn limit(&self) -> (usize, &'static str) {
        match self.kind {
            _ if self.mosh => (osc52::MOSH_MAX, "mosh"),
            Kind::Termux => (osc52::TERMUX_MAX, "Termux"),
            _ => (osc52::SEND_MAX, "your terminal"),
        }
    }

    /// What was once proven here of a way.
    pub fn proven<'a>(&self, way: Way, proofs: &'a proof::Proofs) -> Option<&'a proof::Proof> {
        proofs.find(way.name(), &self.terminal)
    }
}

/// The variables that a process of ours was started with.
fn environment(pid: i32) -> Option<Vec<(String, String)>> {
    let text = paths::read_text(&PathBuf::from(format!("/proc/{pid}/environ")), 1 << 20).ok()?;
    Some(text.split('\0').filter_map(|line| line.split_once('=')).map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

/// Whether a mosh server is among the parents of a process, or of ours. mosh sets no variable of its own.
fn is_under_mosh(pid: Option<i32>) -> bool {
    let mut pid = pid.unwrap_or_else(|| rustix::process::getppid().map_or(0, |pid| pid.as_raw_nonzero().get()));
    for _ in 0..32 {
        let Ok(stat) = paths::read_text(&PathBuf::from(format!("/proc/{pid}/stat")), 4096) else { return false };
        let Some((name, parent)) = read_stat(&stat) else { return false };
        if name == "mosh-server" {
            return true;
        }
        pid = parent;
    }
    false
}

/// Name and parent in `/proc/PID/stat`; the name stands in parentheses and may hold some.
fn read_stat(stat: &str) -> Option<(&str, i32)> {
    let (start, rest) = stat.rsplit_once(')')?;
    let name = start.split_once('(')?.1;
    Some((name, rest.split_whitespace().nth(1)?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::super::super::now;
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Around {
        let until = now::instant() + command::PATIENCE;
        let around = Around::read(|name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value)), until);
        Around { mosh: false, ..around }
    }

    #[test]
    fn the_way_follows_the_surroundings() {
        use Way::{Local, Screen, Terminal};
        for (variables, wanted) in [
            (&[][..], &[Terminal][..]),
            (&[("DISPLAY", ":0")], &[Local, Terminal]),
            (&[("DISPLAY", "")], &[Terminal]),
            (&[("WAYLAND_DISPLAY", "wayland-0")], &[Local, Terminal]),
            (&[("DISPLAY", "localhost:10.0"), ("SSH_CONNECTION", "1 2 3 4")], &[Terminal]),
            (&[("DISPLAY", ":0"), ("SSH_TTY", "/dev/pts/3")], &[Terminal]),
            (&[("STY", "1.pts")], &[Screen]),
            (&[("STY", "1.pts"), ("DISPLAY", ":0")], &[Local, Screen]),
            // Inside tmux, which is not found: it would drop what is sent.
            (&[("TMUX", "/tmp/t,1,0"), ("PATH", "/nowhere")], &[]),
            (&[("TMUX", "/tmp/t,1,0"), ("PATH", "/nowhere"), ("DISPLAY", ":0")], &[Local]),
            (&[("TERM", "xterm-256color"), ("VTE_VERSION", "7200")], &[]),
            (&[("TERM", "xterm-256color"), ("VTE_VERSION", "7200"), ("DISPLAY", ":0")], &[Local]),
            (&[("TERM", "linux")], &[]),
            // screen was started there once; who knows from where it is looked at now.
            (&[("TERM", "screen"), ("STY", "1.pts"), ("VTE_VERSION", "7200")], &[Screen]),
            (&[("TERM", "xterm-256color"), ("ZELLIJ", "0"), ("VTE_VERSION", "7200")], &[Terminal]),
        ] {
            assert_eq!(read(variables).ways(), wanted, "{variables:?}");
        }
        let tmux = Around { in_tmux: true, tmux: Some("/usr/bin/tmux".into()), ..Around::default() };
        assert_eq!(tmux.ways(), [Way::Tmux]);
        assert_eq!(Around { display: true, ..tmux.clone() }.ways(), [Way::Tmux, Local]);
        assert_eq!(Around { display: true, remote: true, ..tmux }.ways(), [Way::Tmux]);
    }

    #[test]
    fn terminals_are_told_apart_by_what_they_say() {
        let here = read(&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "iTerm.app"), ("TERM_PROGRAM_VERSION", "3.5")]);
        assert_eq!((here.kind, here.terminal.as_str()), (Kind::Iterm, "xterm-256color · iTerm.app · 3.5"));
        let there = read(&[("TERM", "xterm-256color"), ("LC_TERMINAL", "iTerm2"), ("SSH_TTY", "/dev/pts/1")]);
        assert_eq!((there.kind, there.terminal.as_str()), (Kind::Iterm, "xterm-256color · iTerm2 · ssh"));
        assert_eq!(read(&[("TERM", "a\x1b]52;c;eA==\x07b")]).terminal, "ab", "a name from outside is cleaned");
    }

    #[test]
    fn the_limit_is_the_narrowest_ones() {
        assert_eq!(Around::default().limit().0, osc52::SEND_MAX);
        assert_eq!(Around { kind: Kind::Termux, ..Around::default() }.limit(), (osc52::TERMUX_MAX, "Termux"));
        assert_eq!(Around { kind: Kind::Termux, mosh: true, ..Around::default() }.limit(), (osc52::MOSH_MAX, "mosh"));
    }

    #[test]
    fn a_parent_is_read_whatever_its_name() {
        assert_eq!(read_stat("7 (mosh-server) S 1 7 7 0"), Some(("mosh-server", 1)));
        assert_eq!(read_stat("7 (a) b (c)) R 12 7"), Some(("a) b (c)", 12)));
        assert_eq!(read_stat("junk"), None);
    }
}
