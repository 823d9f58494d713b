//! Which bytes ask a terminal to take a copy? OSC 52, which no terminal confirms.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The largest payload that is sent, in bytes of base64; what is larger goes to the file.
pub const SEND_MAX: usize = 100_000;
/// mosh 1.4 keeps 16,384 characters, the five before the payload among them, and drops the rest
/// without a word.
pub const MOSH_MAX: usize = 16_376;
/// Termux cuts between 6 and 7 kB.
pub const TERMUX_MAX: usize = 6_000;
/// GNU screen 4.9 drops a pass-through of 800 bytes and passes one of 700.
const SCREEN_PIECE: usize = 700;

/// How long the payload of `text` is.
pub fn payload(text: &str) -> usize {
    text.len().div_ceil(3) * 4
}

/// For the terminal itself. `c` is the clipboard: mosh passes exactly this selector, xterm takes an
/// empty one as the primary selection. The end is BEL: some pass it where they drop ST.
pub fn bytes(text: &str) -> Vec<u8> {
    format!("\x1b]52;c;{}\x07", STANDARD.encode(text)).into_bytes()
}

/// The same through GNU screen, in pieces that it passes on.
pub fn through_screen(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for piece in bytes(text).chunks(SCREEN_PIECE) {
        out.extend_from_slice(b"\x1bP");
        out.extend_from_slice(piece);
        out.extend_from_slice(b"\x1b\\");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a terminal understands.
    fn decode(bytes: &[u8]) -> String {
        let text = String::from_utf8(bytes.to_vec()).expect("ASCII");
        let payload = text.strip_prefix("\x1b]52;c;").and_then(|rest| rest.strip_suffix('\x07')).expect("one OSC 52");
        String::from_utf8(STANDARD.decode(payload).expect("base64")).expect("UTF-8")
    }

    #[test]
    fn a_terminal_reads_back_what_was_copied() {
        for text in ["a", "A-1042", "Jörg 👨\u{200d}👩\u{200d}👧\nsecond line\t;"] {
            assert_eq!(decode(&bytes(text)), text);
            assert_eq!(bytes(text).len(), payload(text) + 8, "{text}");
        }
    }

    #[test]
    fn screen_gets_pieces_that_join_to_the_same() {
        let text = "line of a letter\n".repeat(200);
        let wrapped = String::from_utf8(through_screen(&text)).expect("ASCII");
        let pieces: Vec<&str> = wrapped.strip_suffix("\x1b\\").expect("ends").split("\x1b\\").collect();
        assert!(pieces.len() > 1);
        let joined: String = pieces.iter().map(|piece| piece.strip_prefix("\x1bP").expect("begins")).collect();
        assert!(pieces.iter().all(|piece| piece.len() <= SCREEN_PIECE + 2));
        assert_eq!(decode(joined.as_bytes()), text);
    }
}
