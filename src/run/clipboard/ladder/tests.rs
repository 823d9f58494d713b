//! What is said of a copy, and is it no more than what is known?

use std::path::PathBuf;

use super::super::terminals::Kind;
use super::super::tmux::Client;
use super::*;
use crate::domain::day::parse_day;

fn no_desktop(_: &str, _: Instant) -> Result<(), String> {
    Err("no desktop session answers".to_owned())
}

fn try_it(text: &str, around: &Around, proofs: &Proofs, file: Option<&Path>) -> Outcome {
    let mut hands = Hands { local: &mut no_desktop, confirm: &mut |_| Confirmed::Unknown };
    copy(text, around, proofs, &mut hands, file, Until::from_now())
}

fn words(around: &Around, proofs: &Proofs) -> String {
    try_it("x", around, proofs, None).words
}

fn proven(way: &str, arrived: bool) -> Proofs {
    let mut proofs = Proofs::default();
    proofs.put(way, "t", arrived, parse_day("2026-11-12").expect("a day"));
    proofs
}

#[test]
fn the_words_say_what_is_known() {
    let temp = tempfile::tempdir().expect("a directory");
    let file = temp.path().join("clip");
    let (plain, none) = (Around::default(), Proofs::default());
    let outcome = try_it("A-1042\n", &plain, &none, Some(&file));
    assert_eq!(outcome.words, format!("sent to your terminal, which does not confirm; also in {}", file.display()));
    assert_eq!((outcome.send, outcome.text.as_str(), outcome.stuck), (Some(osc52::bytes("A-1042")), "A-1042", false));
    assert_eq!(paths::read_text(&file, 99).expect("saved"), "A-1042");

    let desktop = Around { display: true, ..Around::default() };
    let mut hands = Hands { local: &mut |_, _| Ok(()), confirm: &mut |_| panic!("the desktop has it") };
    let outcome = copy("x", &desktop, &none, &mut hands, None, Until::from_now());
    assert_eq!((outcome.words.as_str(), outcome.send), ("copied", None));
    assert_eq!(words(&desktop, &none), "sent to your terminal, which does not confirm; no desktop session answers");

    let lost = Around { in_tmux: true, ..Around::default() };
    let outcome = try_it("x", &lost, &none, Some(&file));
    let reason = "we are inside tmux, and the program tmux is not in PATH";
    assert_eq!((outcome.words, outcome.failed, outcome.stuck), (format!("{reason}; saved to {}", file.display()), false, true));
    let outcome = try_it("x", &lost, &none, None);
    assert_eq!((outcome.words, outcome.failed), (format!("{reason}; not copied"), true));
    assert!(try_it("\n", &plain, &none, Some(&file)).failed);
}

#[test]
fn a_value_that_holds_an_escape_is_sent_without_it() {
    let outcome = try_it("a\x1b]52;c;YmFk\x07b\x1b[201~\u{9b}31m", &Around::default(), &Proofs::default(), None);
    assert_eq!((outcome.text.as_str(), outcome.send), ("ab", Some(osc52::bytes("ab"))));
}

#[test]
fn what_was_proven_is_said_and_what_was_disproven_is_skipped() {
    let here = Around { terminal: "t".to_owned(), ..Around::default() };
    assert_eq!(words(&here, &proven("terminal", true)), "sent to your terminal (this way worked on 12 Nov)");
    let outcome = try_it("x", &here, &proven("terminal", false), None);
    assert_eq!(outcome.send, None);
    assert_eq!(outcome.words, "your terminal took no copy on 12 Nov; intertie clipboard tries it again; not copied");
    assert!(outcome.stuck);
    let elsewhere = Around { terminal: "other".to_owned(), ..Around::default() };
    assert_eq!(words(&elsewhere, &proven("terminal", false)), "sent to your terminal, which does not confirm");
}

#[test]
fn a_terminal_that_must_be_told_is_named_with_its_setting() {
    let xterm = Around { kind: Kind::Xterm, ..Around::default() };
    assert!(words(&xterm, &Proofs::default()).contains("disallowedWindowOps"));
    let vte = Around { kind: Kind::Vte, ..Around::default() };
    let outcome = try_it("x", &vte, &Proofs::default(), None);
    assert_eq!((outcome.send, outcome.stuck), (None, true));
    assert!(outcome.words.contains("GNOME Terminal"), "{}", outcome.words);
}

#[test]
fn a_terminal_that_confirms_is_believed() {
    for (answer, wanted, sent) in [
        (Confirmed::Done, "copied", false),
        (Confirmed::Refused("EPERM".to_owned()), "your terminal refused it (EPERM); not copied", false),
        (Confirmed::Silent, "sent to your terminal, which has not confirmed it yet", false),
        (Confirmed::Unknown, "sent to your terminal, which does not confirm", true),
    ] {
        let mut hands = Hands { local: &mut no_desktop, confirm: &mut |_| answer.clone() };
        let outcome = copy("x", &Around::default(), &Proofs::default(), &mut hands, None, Until::from_now());
        assert_eq!((outcome.words.as_str(), outcome.send.is_some()), (wanted, sent), "{answer:?}");
    }
    // mosh and zellij would answer for themselves.
    for around in [Around { mosh: true, ..Around::default() }, Around { zellij: true, ..Around::default() }] {
        let mut hands = Hands { local: &mut no_desktop, confirm: &mut |_| panic!("asked") };
        assert!(copy("x", &around, &Proofs::default(), &mut hands, None, Until::from_now()).send.is_some());
    }
}

#[test]
fn in_tmux_the_outer_terminal_is_spoken_of() {
    let client = |term: &str, takes_copies| Some(Client { pid: 1, term: term.to_owned(), version: "3.3a".to_owned(), takes_copies });
    let tmux = Around { in_tmux: true, tmux: Some(PathBuf::from("/usr/bin/tmux")), terminal: "t".to_owned(), ..Around::default() };
    let none = Proofs::default();
    for (around, proofs, wanted) in [
        (Around { client: client("xterm", true), ..tmux.clone() }, &none, "also sent to your terminal, which does not confirm"),
        (Around { client: client("xterm", true), ..tmux.clone() }, &proven("tmux", true), "(this way worked on 12 Nov)"),
        (Around { client: client("xterm", true), ..tmux.clone() }, &proven("tmux", false), "took no copy on 12 Nov"),
        (Around { client: client("vt100", false), ..tmux.clone() }, &none, "your terminal takes no copies, tmux says"),
        (Around { client: client("tmux-256color", true), ..tmux.clone() }, &none, "set -s set-clipboard on"),
        (Around { client: client("xterm", true), mosh: true, ..tmux.clone() }, &none, "mosh does not pass on"),
        (Around { client: client("xterm", true), kind: Kind::Vte, ..tmux.clone() }, &none, "GNOME Terminal"),
        (Around { client: client("xterm", true), kind: Kind::Iterm, ..tmux.clone() }, &none, "Applications in terminal"),
    ] {
        let words = passed_on(&around, proofs);
        assert!(words.starts_with("in the tmux buffer") && words.contains(wanted), "{words}");
    }
}

#[test]
fn what_is_too_long_goes_to_the_file() {
    let temp = tempfile::tempdir().expect("a directory");
    let file = temp.path().join("clip");
    for (around, length, sent) in [
        (Around::default(), 75_000, true),
        (Around::default(), 75_001, false),
        (Around { mosh: true, ..Around::default() }, 12_282, true),
        (Around { mosh: true, ..Around::default() }, 12_283, false),
        (Around { kind: Kind::Termux, ..Around::default() }, 4_500, true),
        (Around { kind: Kind::Termux, ..Around::default() }, 4_501, false),
        (Around { screen: true, ..Around::default() }, 76_000, false),
    ] {
        let text = "x".repeat(length);
        let outcome = try_it(&text, &around, &Proofs::default(), Some(&file));
        assert_eq!((outcome.send.is_some(), outcome.stuck), (sent, !sent), "{around:?} {length}");
        assert_eq!(outcome.words.contains("too long for"), !sent, "{}", outcome.words);
        assert_eq!(paths::read_text(&file, 100_000).expect("saved"), text);
    }
}
