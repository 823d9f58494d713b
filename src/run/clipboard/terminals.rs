//! What do terminals do with a copy by default, and which one setting changes that?
//!
//! The words of a copy, of `intertie clipboard` and of `docs/clipboard.md` come from here.

use std::fmt::Write;

/// A terminal that is known by its signs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Kind {
    /// GNOME Terminal, Ptyxis, Terminator, Tilix, Xfce Terminal and others.
    Vte,
    Xterm,
    Iterm,
    Mintty,
    Termux,
    /// The text console of Linux.
    Console,
    #[default]
    Unknown,
}

impl Kind {
    /// `term` is `TERM`, `var` gives the variables of whoever looks at the screen.
    pub fn of(term: &str, var: &dyn Fn(&str) -> String) -> Kind {
        let set = |name: &str| !var(name).is_empty();
        let program = var("TERM_PROGRAM");
        match program.as_str() {
            _ if term == "linux" => Kind::Console,
            "iTerm.app" => Kind::Iterm,
            "mintty" => Kind::Mintty,
            // Another terminal, which may have been started from one of those below.
            program if !program.is_empty() && program != "tmux" => Kind::Unknown,
            _ if var("LC_TERMINAL") == "iTerm2" => Kind::Iterm,
            _ if term == "mintty" => Kind::Mintty,
            _ if set("TERMUX_VERSION") => Kind::Termux,
            // Both: one was started from the other, and nobody knows which.
            _ if set("XTERM_VERSION") && set("VTE_VERSION") => Kind::Unknown,
            _ if set("XTERM_VERSION") => Kind::Xterm,
            // kitty, alacritty and others that were started from one have names of their own in `TERM`.
            _ if set("VTE_VERSION") && term.starts_with("xterm") && !set("KITTY_WINDOW_ID") && term != "xterm-kitty" => Kind::Vte,
            _ => Kind::Unknown,
        }
    }

    /// It takes no copies, whatever one sets.
    pub fn never(self) -> bool {
        matches!(self, Kind::Vte | Kind::Console)
    }

    pub fn known(self) -> Option<&'static Known> {
        KNOWN.iter().find(|known| known.kind == Some(self))
    }
}

/// How a terminal takes copies before anybody sets anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Takes {
    Yes,
    /// Not until it is set.
    WhenSet,
    Never,
    Unknown,
}

/// How sure we are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sure {
    /// Tried by the tests of this program.
    Tested,
    /// Said by its documentation, source or makers.
    Said,
    /// Said by users, or contradictory.
    Hearsay,
    Nobody,
}

/// One row of the table.
pub struct Known {
    kind: Option<Kind>,
    pub name: &'static str,
    takes: Takes,
    /// The one setting, or what one does instead.
    set: &'static str,
    sure: Sure,
}

impl Known {
    pub fn must_be_set(&self) -> bool {
        self.takes == Takes::WhenSet
    }

    /// For a screen, where a backtick is a letter like others.
    pub fn set(&self) -> String {
        self.set.replace('`', "")
    }
}

const fn row(kind: Option<Kind>, name: &'static str, takes: Takes, set: &'static str, sure: Sure) -> Known {
    Known { kind, name, takes, set, sure }
}

const VTE: &str = "nothing helps, and the same is true of Ptyxis, Terminator, Tilix, Xfce Terminal (VTE): `P` shows the copied text, to be selected with the mouse";

pub const KNOWN: &[Known] = &[
    row(None, "Windows Terminal", Takes::Yes, "nothing; the window must have the focus", Sure::Said),
    row(
        None,
        "PuTTY",
        Takes::Unknown,
        "nothing is known that helps: `P` shows the copied text, and selecting it with the mouse copies it",
        Sure::Nobody,
    ),
    row(
        Some(Kind::Iterm),
        "iTerm2",
        Takes::WhenSet,
        "the box \"Applications in terminal may access clipboard\" (Settings, General, Selection)",
        Sure::Hearsay,
    ),
    row(None, "Terminal.app (macOS)", Takes::Unknown, "run `intertie clipboard`: what is said about it contradicts itself", Sure::Hearsay),
    row(None, "kitty", Takes::Yes, "nothing; it also confirms (OSC 5522)", Sure::Said),
    row(None, "ghostty", Takes::Yes, "nothing; newer ones also confirm (OSC 5522)", Sure::Said),
    row(None, "alacritty, foot", Takes::Yes, "nothing", Sure::Said),
    row(None, "WezTerm, Warp, the terminal of VS Code", Takes::Yes, "nothing", Sure::Hearsay),
    row(
        Some(Kind::Xterm),
        "xterm",
        Takes::WhenSet,
        "`XTerm*disallowedWindowOps: 20,21,SetXprop,GetSelection` in ~/.Xresources",
        Sure::Said,
    ),
    row(Some(Kind::Mintty), "mintty (Git Bash, Cygwin)", Takes::WhenSet, "`AllowSetSelection=yes` in ~/.minttyrc", Sure::Said),
    row(Some(Kind::Vte), "GNOME Terminal", Takes::Never, VTE, Sure::Said),
    row(
        Some(Kind::Console),
        "the Linux text console",
        Takes::Never,
        "it has no clipboard: the text is in the file that the words name",
        Sure::Hearsay,
    ),
    row(None, "Konsole", Takes::Unknown, "run `intertie clipboard`", Sure::Nobody),
    row(Some(Kind::Termux), "Termux", Takes::Yes, "nothing; about 4 kB of text, what is longer is not sent", Sure::Hearsay),
    row(
        None,
        "tmux",
        Takes::Yes,
        "3.2 and later: nothing in tmux itself, the terminal around it must take copies; earlier ones, and a tmux around another: `set -s set-clipboard on`",
        Sure::Tested,
    ),
    row(None, "GNU screen", Takes::Yes, "nothing in screen itself, the terminal around it must take copies", Sure::Tested),
    row(
        None,
        "zellij",
        Takes::Yes,
        "nothing in zellij itself, the terminal around it must take copies, or `copy_command` is set",
        Sure::Said,
    ),
    row(
        None,
        "mosh 1.4",
        Takes::Yes,
        "nothing; about 12 kB of text, what is longer is not sent; tmux inside mosh: its copies stay in tmux",
        Sure::Tested,
    ),
    row(None, "ssh", Takes::Yes, "nothing; the terminal around it must take copies", Sure::Tested),
];

/// The table of `docs/clipboard.md`.
pub fn markdown() -> String {
    let mut out = String::from("| terminal, or what is between | takes copies | what to set | how sure |\n|---|---|---|---|\n");
    for known in KNOWN {
        let takes = match known.takes {
            Takes::Yes => "yes",
            Takes::WhenSet => "when set",
            Takes::Never => "never",
            Takes::Unknown => "unknown",
        };
        let sure = match known.sure {
            Sure::Tested => "tested here",
            Sure::Said => "its makers say so",
            Sure::Hearsay => "users say so",
            Sure::Nobody => "not known",
        };
        let _ = writeln!(out, "| {} | {takes} | {} | {sure} |", known.name, known.set);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_known_by_its_signs() {
        for (term, variables, wanted) in [
            ("xterm-256color", &[][..], Kind::Unknown),
            ("xterm-256color", &[("VTE_VERSION", "7200")], Kind::Vte),
            // Started from GNOME Terminal, and another one.
            ("xterm-256color", &[("VTE_VERSION", "7200"), ("TERM_PROGRAM", "WezTerm")], Kind::Unknown),
            ("xterm-256color", &[("VTE_VERSION", "7200"), ("XTERM_VERSION", "XTerm(390)")], Kind::Unknown),
            ("xterm-kitty", &[("VTE_VERSION", "7200")], Kind::Unknown),
            ("alacritty", &[("VTE_VERSION", "7200")], Kind::Unknown),
            ("xterm-256color", &[("XTERM_VERSION", "XTerm(390)")], Kind::Xterm),
            ("xterm-256color", &[("TERM_PROGRAM", "mintty")], Kind::Mintty),
            ("xterm-256color", &[("TERM_PROGRAM", "iTerm.app")], Kind::Iterm),
            ("xterm-256color", &[("LC_TERMINAL", "iTerm2")], Kind::Iterm),
            ("xterm-256color", &[("TERMUX_VERSION", "0.118")], Kind::Termux),
            ("linux", &[], Kind::Console),
        ] {
            let var =
                |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()).unwrap_or_default();
            assert_eq!(Kind::of(term, &var), wanted, "{term} {variables:?}");
        }
    }

    #[test]
    fn what_never_takes_copies_and_what_must_be_set_is_in_the_table() {
        for known in KNOWN {
            let Some(kind) = known.kind else { continue };
            assert_eq!(kind.never(), known.takes == Takes::Never, "{}", known.name);
        }
        assert!(markdown().lines().count() > 15 && !markdown().contains("| |"));
    }
}
