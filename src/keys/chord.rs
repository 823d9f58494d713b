//! How is one key written: `a`, `G`, `ctrl-r`, `space`, `f5`; and several: `a c`?

use std::fmt;

/// The key without its modifiers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Code {
    /// A printable character as typed: shift is part of it.
    Char(char),
    F(u8),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Insert,
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    PageUp,
    PageDown,
}

/// The names of keys that print nothing (and of `space`).
const NAMES: &[(&str, Code)] = &[
    ("space", Code::Char(' ')),
    ("enter", Code::Enter),
    ("esc", Code::Esc),
    ("tab", Code::Tab),
    ("shift-tab", Code::BackTab),
    ("backspace", Code::Backspace),
    ("delete", Code::Delete),
    ("insert", Code::Insert),
    ("left", Code::Left),
    ("right", Code::Right),
    ("up", Code::Up),
    ("down", Code::Down),
    ("home", Code::Home),
    ("end", Code::End),
    ("pgup", Code::PageUp),
    ("pgdn", Code::PageDown),
];

/// One key press.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key {
    pub code: Code,
    pub ctrl: bool,
    pub alt: bool,
}

impl Key {
    pub fn char(c: char) -> Key {
        Key { code: Code::Char(c), ctrl: false, alt: false }
    }

    pub fn plain(code: Code) -> Key {
        Key { code, ctrl: false, alt: false }
    }

    /// The character that a text field takes for this key.
    pub fn text(self) -> Option<char> {
        match self {
            Key { code: Code::Char(c), ctrl: false, alt: false } => Some(c),
            _ => None,
        }
    }

    /// Reads one key. `Err` is a sentence: there is no such key, or a terminal cannot send it.
    pub fn parse(name: &str) -> Result<Key, String> {
        let (mut rest, mut ctrl, mut alt, mut shift) = (name, false, false, false);
        while let Some((modifier, after)) = rest.split_once('-').filter(|(_, after)| !after.is_empty()) {
            let seen = match modifier {
                "ctrl" => &mut ctrl,
                "alt" => &mut alt,
                "shift" => &mut shift,
                _ => break,
            };
            if std::mem::replace(seen, true) {
                return Err(format!("{name} says {modifier} twice"));
            }
            rest = after;
        }
        if shift && rest == "tab" && !ctrl && !alt {
            return Ok(Key::plain(Code::BackTab));
        }
        let code = code(rest)?;
        if shift {
            return Err(shifted(name, rest, code, ctrl));
        }
        let key = Key { code, ctrl, alt };
        key.check_ctrl(rest)?;
        key.check_alt()?;
        Ok(key)
    }

    /// A terminal sends Ctrl with a letter as one of 32 bytes, and some of these are other keys.
    fn check_ctrl(self, rest: &str) -> Result<(), String> {
        if !self.ctrl {
            return Ok(());
        }
        let same = |other: &str| Err(format!("a terminal sends ctrl-{rest} as {other}; bind {other}, or another key"));
        match self.code {
            Code::Char('i') => same("tab"),
            Code::Char('m') => same("enter"),
            Code::Char('h') => same("backspace"),
            Code::Char('[') => same("esc"),
            // ctrl-j is LF, which terminals send apart from enter's CR.
            Code::Char(' ' | 'a'..='z') => Ok(()),
            Code::Char(c) if c.is_ascii_uppercase() => {
                Err(format!("a terminal sends ctrl-{c} as ctrl-{}; write the small letter", c.to_ascii_lowercase()))
            }
            Code::Left | Code::Right | Code::Up | Code::Down | Code::Home | Code::End | Code::Delete | Code::PageUp | Code::PageDown => {
                Ok(())
            }
            _ => Err(format!("most terminals do not send ctrl-{rest}; ctrl goes with a letter, space, or a cursor key")),
        }
    }

    /// A terminal sends Alt as ESC before the key, and some of these begin an escape sequence.
    fn check_alt(self) -> Result<(), String> {
        match self.code {
            Code::Char('[' | 'O') if self.alt => Err("alt with [ or O begins an escape sequence; bind another key".to_owned()),
            Code::Esc | Code::Tab | Code::BackTab | Code::F(_) if self.alt => {
                Err("terminals or window managers keep alt with esc, tab and function keys; bind another key".to_owned())
            }
            _ => Ok(()),
        }
    }
}

fn code(name: &str) -> Result<Code, String> {
    if let Some((_, code)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Ok(*code);
    }
    let mut chars = name.chars();
    if let (Some(c), None) = (chars.next(), chars.next())
        && !c.is_control()
        && !c.is_whitespace()
    {
        return Ok(Code::Char(c));
    }
    match name.strip_prefix('f').and_then(|number| number.parse().ok()) {
        Some(number @ 1..=12) if name == format!("f{number}") => Ok(Code::F(number)),
        _ => {
            let names = NAMES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
            Err(format!("no key is called {name:?}; a key is one character, {names}, or f1 to f12"))
        }
    }
}

fn shifted(name: &str, rest: &str, code: Code, ctrl: bool) -> String {
    match code {
        Code::Char(c) if ctrl => format!("a terminal sends {name} as ctrl-{}", c.to_lowercase()),
        Code::Char(c) if c.is_lowercase() => format!("write {} for {name}", c.to_uppercase()),
        Code::Char(_) => format!("write the character that {name} types"),
        _ => format!("not every terminal tells {name} from {rest}; of shift there is only shift-tab"),
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("ctrl-")?;
        }
        if self.alt {
            f.write_str("alt-")?;
        }
        match (self.code, NAMES.iter().find(|(_, code)| *code == self.code)) {
            (_, Some((name, _))) => f.write_str(name),
            (Code::Char(c), None) => write!(f, "{c}"),
            (Code::F(number), None) => write!(f, "f{number}"),
            // Every other code is in `NAMES`.
            (_, None) => Ok(()),
        }
    }
}

/// Reads `a c`: keys with spaces between them, one after the other.
pub fn parse_keys(text: &str) -> Result<Vec<Key>, String> {
    let keys: Vec<Key> = text.split_whitespace().map(Key::parse).collect::<Result<_, _>>()?;
    if keys.is_empty() {
        return Err("no key is named; the space bar is called space".to_owned());
    }
    Ok(keys)
}

/// `a c`, as `parse_keys` reads it.
pub fn show_keys(keys: &[Key]) -> String {
    keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_printed_again() {
        let mut all: Vec<String> = NAMES.iter().map(|(name, _)| (*name).to_owned()).collect();
        all.extend((1..=12).map(|number| format!("f{number}")));
        all.extend(('!'..='~').map(String::from));
        all.extend(('a'..='z').filter(|c| !"imh".contains(*c)).map(|c| format!("ctrl-{c}")));
        for text in ["é", "ß", "ctrl-space", "alt-x", "alt-X", "alt--", "ctrl-alt-x", "alt-enter", "ctrl-left", "-"] {
            all.push(text.to_owned());
        }
        for text in &all {
            let key = Key::parse(text).unwrap_or_else(|err| panic!("{text}: {err}"));
            assert_eq!(key.to_string(), *text);
        }
        let line = "g g shift-tab space";
        assert_eq!(parse_keys(line).map(|keys| show_keys(&keys)), Ok(line.to_owned()));
        assert_eq!(Key::parse("space").map(Key::text), Ok(Some(' ')));
        assert_eq!(Key::parse("ctrl-j").map(Key::text), Ok(None));
    }

    #[test]
    fn what_a_terminal_cannot_send_is_refused_with_a_sentence() {
        for (text, says) in [
            ("ctrl-i", "a terminal sends ctrl-i as tab"),
            ("ctrl-m", "as enter"),
            ("ctrl-h", "as backspace"),
            ("ctrl-[", "as esc"),
            ("ctrl-R", "as ctrl-r; write the small letter"),
            ("ctrl-shift-r", "sends ctrl-shift-r as ctrl-r"),
            ("ctrl-enter", "most terminals do not send ctrl-enter"),
            ("ctrl-1", "most terminals do not send ctrl-1"),
            ("shift-a", "write A for shift-a"),
            ("shift-1", "write the character that shift-1 types"),
            ("shift-up", "only shift-tab"),
            ("alt-[", "begins an escape sequence"),
            ("alt-O", "begins an escape sequence"),
            ("alt-tab", "window managers"),
            ("ctrl-ctrl-a", "says ctrl twice"),
            ("f13", "no key is called \"f13\""),
            ("f05", "no key is called"),
            ("Enter", "no key is called \"Enter\""),
            ("return", "enter, esc"),
            ("ab", "no key is called \"ab\""),
            ("\u{7}", "no key is called"),
            ("", "no key is called"),
        ] {
            let err = Key::parse(text).expect_err(text);
            assert!(err.contains(says), "{text}: {err}");
        }
        assert!(parse_keys("  ").is_err_and(|err| err.contains("no key is named")));
        assert!(parse_keys("a ctrl-i").is_err());
    }
}
