//! What is between us and the user's own clipboard? Asked at every copy: tmux clients come and go.

use std::ffi::OsString;
use std::path::PathBuf;

use super::super::{command, paths};
use super::tmux;

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

/// The signs, read from the environment.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Around {
    /// We are inside tmux, and this is how to reach it; `None` inside: the program is not found.
    pub in_tmux: bool,
    pub tmux: Option<PathBuf>,
    pub screen: bool,
    /// The person sits at another machine, whose clipboard is meant.
    pub remote: bool,
    pub display: bool,
    pub mosh: bool,
}

impl Around {
    /// `var` is `std::env::var_os`.
    pub fn read(var: impl Fn(&str) -> Option<OsString>) -> Around {
        let set = |name: &str| var(name).is_some_and(|value| !value.is_empty());
        let in_tmux = set("TMUX");
        let tmux = if in_tmux { var("PATH").and_then(|path| command::find_in("tmux", &path)) } else { None };
        let mosh = is_under_mosh();
        let here = set("SSH_CONNECTION") || set("SSH_TTY") || set("SSH_CLIENT") || mosh;
        Around {
            remote: tmux.as_deref().and_then(tmux::is_remote).unwrap_or(here),
            in_tmux,
            tmux,
            screen: set("STY"),
            display: set("DISPLAY") || set("WAYLAND_DISPLAY"),
            mosh,
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
        if !self.in_tmux {
            ways.push(if self.screen { Way::Screen } else { Way::Terminal });
        }
        ways
    }
}

/// Whether a mosh server is among our parents. mosh sets no variable of its own.
fn is_under_mosh() -> bool {
    let mut pid = rustix::process::getppid().map(|pid| pid.as_raw_nonzero().get()).unwrap_or(0);
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
    use super::*;

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
        ] {
            let around = Around::read(|name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value)));
            assert_eq!(Around { mosh: false, ..around }.ways(), wanted, "{variables:?}");
        }
        let tmux = Around { in_tmux: true, tmux: Some("/usr/bin/tmux".into()), ..Around::default() };
        assert_eq!(tmux.ways(), [Way::Tmux]);
        assert_eq!(Around { display: true, ..tmux.clone() }.ways(), [Way::Tmux, Local]);
        assert_eq!(Around { display: true, remote: true, ..tmux }.ways(), [Way::Tmux]);
    }

    #[test]
    fn a_parent_is_read_whatever_its_name() {
        assert_eq!(read_stat("7 (mosh-server) S 1 7 7 0"), Some(("mosh-server", 1)));
        assert_eq!(read_stat("7 (a) b (c)) R 12 7"), Some(("a) b (c)", 12)));
        assert_eq!(read_stat("junk"), None);
    }
}
