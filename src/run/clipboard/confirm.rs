//! The one way of which the terminal says that it took the copy: OSC 5522, of kitty
//! (<https://sw.kovidgoyal.net/kitty/clipboard/>).

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::super::tty::Tty;

/// The answer to a question comes with the next bytes, or from far away; longer than this nobody is.
const ANSWERS_IN: Duration = Duration::from_millis(300);
/// The terminal may have to ask its user.
const TAKES_IN: Duration = Duration::from_secs(1);
/// As the protocol has it, in bytes before base64.
const PIECE: usize = 4095;
/// Is the protocol known? Then a question that every terminal answers, so that no answer is an answer.
const QUESTION: &[u8] = b"\x1b[?5522$p\x1b[c";

/// What a terminal said to a copy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Confirmed {
    Done,
    /// Its own word for why not: `EPERM`.
    Refused(String),
    /// It knows the protocol, was sent the copy, and said nothing.
    Silent,
    /// It does not say that it knows the protocol: nothing was sent.
    Unknown,
}

/// Whether the terminal names itself as one that has the protocol. A command asks no other: on a slow line the answer
/// of one that has not comes after the command, and would be typed at the shell.
pub fn may_be() -> bool {
    let named = |name: &str| std::env::var(name).unwrap_or_default().to_lowercase();
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    [named("TERM"), named("TERM_PROGRAM")].iter().any(|name| name.contains("kitty") || name.contains("ghostty")) || set("KITTY_WINDOW_ID")
}

/// Asks the terminal of this process, and waits. For a command that owns the terminal.
pub fn copy(text: &str) -> Confirmed {
    // What knows no escape sequences would show the question.
    if std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb") {
        return Confirmed::Unknown;
    }
    let Ok(tty) = Tty::open() else { return Confirmed::Unknown };
    if tty.send(QUESTION).is_err() || tty.answer(ANSWERS_IN, knows) != Some(true) {
        return Confirmed::Unknown;
    }
    if tty.send(&bytes(text)).is_err() {
        return Confirmed::Unknown;
    }
    tty.answer(TAKES_IN, status).unwrap_or(Confirmed::Silent)
}

fn bytes(text: &str) -> Vec<u8> {
    let mime = STANDARD.encode("text/plain");
    let mut out = b"\x1b]5522;type=write\x1b\\".to_vec();
    for piece in text.as_bytes().chunks(PIECE) {
        out.extend(format!("\x1b]5522;type=wdata:mime={mime};{}\x1b\\", STANDARD.encode(piece)).into_bytes());
    }
    out.extend_from_slice(b"\x1b]5522;type=wdata\x1b\\");
    out
}

/// `CSI ? 5522 ; N $ y`: 0 is an unknown mode, 4 one that is off for good. The answer to the second
/// question ends the wait.
fn knows(answer: &[u8]) -> Option<bool> {
    let text = String::from_utf8_lossy(answer);
    let mut replies = text.split("\x1b[?").skip(1);
    replies.find_map(|reply| match reply.strip_prefix("5522;") {
        Some(reply) => reply.split_once("$y").map(|(state, _)| matches!(state, "1" | "2" | "3")),
        None => reply.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').starts_with('c').then_some(false),
    })
}

/// `OSC 5522 ; type=write:status=DONE ST`.
fn status(answer: &[u8]) -> Option<Confirmed> {
    let text = String::from_utf8_lossy(answer);
    let (_, rest) = text.split_once("type=write:status=")?;
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric())?;
    Some(if &rest[..end] == "DONE" { Confirmed::Done } else { Confirmed::Refused(rest[..end].to_owned()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_answer_is_not_a_no() {
        for (answer, wanted) in [
            ("", None),
            ("\x1b[?5522;2$y\x1b[?62;22c", Some(true)),
            ("\x1b[?5522;1$y", Some(true)),
            ("\x1b[?5522;0$y\x1b[?62c", Some(false)),
            ("\x1b[?5522;4$y", Some(false)),
            ("\x1b[?62;22c", Some(false)),
            ("jj\x1b[?552", None),
            ("typed \x1b[?5522;2$y", Some(true)),
        ] {
            assert_eq!(knows(answer.as_bytes()), wanted, "{answer:?}");
        }
    }

    #[test]
    fn only_done_is_copied() {
        for (answer, wanted) in [
            ("\x1b]5522;type=write:status=DONE\x1b\\", Some(Confirmed::Done)),
            ("\x1b]5522;type=write:status=EPERM\x1b\\", Some(Confirmed::Refused("EPERM".to_owned()))),
            ("\x1b]5522;type=write:status=DO", None),
            ("DONE", None),
        ] {
            assert_eq!(status(answer.as_bytes()), wanted, "{answer:?}");
        }
    }

    #[test]
    fn the_pieces_join_to_the_text() {
        let text = "Jörg · ".repeat(2_000);
        let sent = String::from_utf8(bytes(&text)).expect("ASCII");
        let pieces = sent.split("\x1b\\").filter_map(|piece| piece.rsplit_once("mime=dGV4dC9wbGFpbg==;"));
        let joined: Vec<u8> = pieces.flat_map(|(_, piece)| STANDARD.decode(piece).expect("base64")).collect();
        assert_eq!(joined, text.as_bytes());
        assert!(sent.starts_with("\x1b]5522;type=write\x1b\\") && sent.ends_with("\x1b]5522;type=wdata\x1b\\"));
    }
}
