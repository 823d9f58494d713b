//! Which key is it? Terminal events become messages, each with the time and with what was painted.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::now;
use crate::desk::msg::{Msg, Seen};
use crate::domain::text::clean;
use crate::domain::trouble::Refusal;
use crate::keys::chord::{Code, Key};

/// The longest paste that is taken, in bytes.
const PASTE_MAX: usize = 1 << 20;
/// More keys than this in one read were not typed.
const BURST: usize = 8;
/// Nobody types more than this between two reads, on the slowest line; in a text field it is a paste, and taken as one, because
/// a page taken letter by letter would keep the screen still for minutes.
const HEAP: usize = 256;
/// As long after such a burst what follows is still the same paste, in milliseconds.
const BURST_GOES_ON: i64 = 30;

/// What the terminal sends, on its way to the desk.
#[derive(Debug, Default)]
pub struct Input {
    /// The terminal marks its pastes, so keys are keys.
    marks_pastes: bool,
    /// A paste without marks goes on until then.
    burst_until: Option<i64>,
    /// The last read brought some of it.
    pasting: bool,
}

impl Input {
    /// The events of one read, with nothing drawn between them; `at` in milliseconds. `typing`: a text
    /// field has the keys.
    pub fn messages(&mut self, events: Vec<Event>, at: i64, seen: Option<Seen>, typing: bool) -> Vec<Msg> {
        let stamp = Stamp { at, seen, typing };
        self.pasting = false;
        let mut out = Vec::new();
        let mut run: Vec<Key> = Vec::new();
        for event in events {
            match event {
                Event::Key(event) => {
                    let Some(key) = key(event) else { continue };
                    if typed(key).is_none() {
                        self.end_run(&mut run, stamp, &mut out);
                        out.push(press(key, stamp));
                    } else {
                        run.push(key);
                    }
                }
                Event::Paste(text) => {
                    self.end_run(&mut run, stamp, &mut out);
                    self.marks_pastes = true;
                    out.push(paste(&text));
                }
                Event::Resize(width, height) => {
                    self.end_run(&mut run, stamp, &mut out);
                    // A burst of sizes is one size, the last.
                    if matches!(out.last(), Some(Msg::Resized { .. })) {
                        out.pop();
                    }
                    out.push(Msg::Resized { width, height });
                }
                Event::FocusGained | Event::FocusLost | Event::Mouse(_) => {}
            }
        }
        self.end_run(&mut run, stamp, &mut out);
        out
    }

    /// What came of the last read was done by then. A paste goes on from there: the time that its beginning took is no pause in it,
    /// and letters of its end must not run as commands.
    pub fn done(&mut self, at: i64) {
        if self.pasting {
            self.burst_until = Some(at.saturating_add(BURST_GOES_ON));
        }
    }

    /// A run of keys that text is made of: keys, or a paste that the terminal did not mark. Letters
    /// of a pasted text must never run as commands.
    fn end_run(&mut self, run: &mut Vec<Key>, stamp: Stamp, out: &mut Vec<Msg>) {
        let keys = std::mem::take(run);
        let goes_on = self.burst_until.is_some_and(|until| stamp.at <= until);
        let is_typing = stamp.typing && is_one_line(&keys) && keys.len() <= HEAP && !goes_on;
        if keys.is_empty() || self.marks_pastes || !(goes_on || is_burst(&keys)) || is_typing {
            out.extend(keys.into_iter().map(|key| press(key, stamp)));
            return;
        }
        (self.pasting, self.burst_until) = (true, Some(stamp.at.saturating_add(BURST_GOES_ON)));
        let text: String = keys.into_iter().filter_map(typed).collect();
        out.push(if goes_on { Msg::PasteGoesOn { text: clean(&text).into_owned() } } else { paste(&text) });
    }
}

/// What the keys of one read have in common.
#[derive(Clone, Copy)]
struct Stamp {
    at: i64,
    seen: Option<Seen>,
    typing: bool,
}

/// In a text field letters run no commands, and a slow line delivers a fast typist in heaps: only a
/// line end with something behind it is suspicious there.
fn is_one_line(keys: &[Key]) -> bool {
    keys.iter().rev().skip(1).all(|key| key.code != Code::Enter)
}

/// One or two keys over and over are a held key or a habit that a slow line has piled up.
fn is_burst(keys: &[Key]) -> bool {
    let mut kinds = keys.to_vec();
    kinds.sort_unstable();
    kinds.dedup();
    keys.len() > BURST && kinds.len() > 2
}

/// The character that the key would be in a pasted text.
fn typed(key: Key) -> Option<char> {
    match key {
        Key { code: Code::Enter, .. } | Key { code: Code::Char('j'), ctrl: true, alt: false } => Some('\n'),
        Key { code: Code::Tab, .. } => Some('\t'),
        _ => key.text(),
    }
}

fn press(key: Key, Stamp { at, seen, .. }: Stamp) -> Msg {
    Msg::Key { key, at, seen, fresh: [now::fresh(), now::fresh()] }
}

/// A paste that is too long is refused whole: the rows of a spreadsheet must not come in by halves.
fn paste(text: &str) -> Msg {
    if text.len() > PASTE_MAX {
        let says =
            format!("a paste of {} KiB is more than the {} KiB that are taken: nothing of it was", text.len() / 1024, PASTE_MAX / 1024);
        return Msg::Trouble(Refusal::new(says).hint("read it in as a file").into());
    }
    Msg::Paste { text: clean(text).into_owned() }
}

/// `None` for what is no key of ours: releases, media keys, a character that shows nothing.
fn key(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release || event.modifiers.intersects(KeyModifiers::SUPER | KeyModifiers::HYPER | KeyModifiers::META) {
        return None;
    }
    let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
    let alt = event.modifiers.contains(KeyModifiers::ALT);
    let code = match event.code {
        // Terminals that send ^H for the backspace key mean that key; no binding may need ctrl-h.
        KeyCode::Char('h') if ctrl => return Some(Key { code: Code::Backspace, ctrl: false, alt }),
        // With ctrl the case of the letter is not told by all terminals, so it does not count.
        KeyCode::Char(c) if ctrl => Code::Char(c.to_ascii_lowercase()),
        KeyCode::Char(c) if is_visible(c) => Code::Char(c),
        KeyCode::F(n) => Code::F(n),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => Code::BackTab,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Insert => Code::Insert,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        _ => return None,
    };
    Some(Key { code, ctrl, alt })
}

/// A joiner and a combining mark come as characters of their own and are part of what is typed.
fn is_visible(c: char) -> bool {
    c == '\u{200d}' || !clean(c.encode_utf8(&mut [0; 4])).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(code: KeyCode, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(code, modifiers))
    }

    fn typing(text: &str) -> Vec<Event> {
        let code = |c| if c == '\r' { KeyCode::Enter } else { KeyCode::Char(c) };
        text.chars().map(|c| event(code(c), KeyModifiers::NONE)).collect()
    }

    /// `k:a` for a key, `p:text` for a paste.
    fn shown(messages: &[Msg]) -> Vec<String> {
        let one = |msg: &Msg| match msg {
            Msg::Key { key, .. } => format!("k:{}", typed(*key).map_or_else(|| format!("{:?}", key.code), String::from)),
            Msg::Paste { text } => format!("p:{text}"),
            Msg::PasteGoesOn { text } => format!("on:{text}"),
            Msg::Resized { width, height } => format!("{width}x{height}"),
            other => format!("{other:?}"),
        };
        messages.iter().map(one).collect()
    }

    #[test]
    fn keys_are_named_as_keymaps_name_them() {
        use KeyModifiers as M;
        for (code, modifiers, wanted) in [
            (KeyCode::Char('a'), M::NONE, Some((Code::Char('a'), false, false))),
            (KeyCode::Char('G'), M::SHIFT, Some((Code::Char('G'), false, false))),
            (KeyCode::Char('j'), M::CONTROL, Some((Code::Char('j'), true, false))),
            (KeyCode::Char('R'), M::CONTROL, Some((Code::Char('r'), true, false))),
            (KeyCode::Char('x'), M::ALT, Some((Code::Char('x'), false, true))),
            (KeyCode::Char('h'), M::CONTROL, Some((Code::Backspace, false, false))),
            (KeyCode::Char(' '), M::NONE, Some((Code::Char(' '), false, false))),
            (KeyCode::Enter, M::NONE, Some((Code::Enter, false, false))),
            (KeyCode::Tab, M::SHIFT, Some((Code::BackTab, false, false))),
            (KeyCode::BackTab, M::SHIFT, Some((Code::BackTab, false, false))),
            (KeyCode::Left, M::CONTROL, Some((Code::Left, true, false))),
            (KeyCode::F(5), M::NONE, Some((Code::F(5), false, false))),
            (KeyCode::Char('\u{301}'), M::NONE, Some((Code::Char('\u{301}'), false, false))),
            (KeyCode::Char('\u{200d}'), M::NONE, Some((Code::Char('\u{200d}'), false, false))),
            (KeyCode::Char('\u{202e}'), M::NONE, None),
            (KeyCode::Char('\u{9b}'), M::NONE, None),
            (KeyCode::Char('a'), M::SUPER, None),
            (KeyCode::Null, M::NONE, None),
        ] {
            let found = key(KeyEvent::new(code, modifiers)).map(|key| (key.code, key.ctrl, key.alt));
            assert_eq!(found, wanted, "{code:?} {modifiers:?}");
        }
        let release = KeyEvent::new_with_kind(KeyCode::Char('a'), KeyModifiers::NONE, KeyEventKind::Release);
        assert_eq!(key(release), None);
        assert!(key(KeyEvent::new_with_kind(KeyCode::Char('a'), KeyModifiers::NONE, KeyEventKind::Repeat)).is_some());
    }

    #[test]
    fn a_key_has_its_time_its_record_and_its_own_ids() {
        let messages = Input::default().messages(typing("ab"), 7, None, false);
        let [Msg::Key { at: 7, fresh: first, seen: None, .. }, Msg::Key { fresh: second, .. }] = &messages[..] else {
            panic!("{messages:?}");
        };
        assert!(first[0] != first[1] && first[1] != second[0]);
    }

    #[test]
    fn a_paste_without_marks_is_no_commands() {
        for (text, wanted) in
            [("12345678", None), ("jjjjjjjjjjjjjjjjjjjjjj", None), ("1\r1\r1\r1\r1\r1\r", None), ("call back\r1u", Some("p:call back\n1u"))]
        {
            let found = shown(&Input::default().messages(typing(text), 0, None, false));
            match wanted {
                None => assert_eq!(found.len(), text.len(), "{text:?}"),
                Some(wanted) => assert_eq!(found, [wanted]),
            }
        }
        let mut input = Input::default();
        assert_eq!(shown(&input.messages(typing("a long text"), 100, None, false)), ["p:a long text"]);
        assert_eq!(shown(&input.messages(typing("1u"), 120, None, false)), ["on:1u"], "the end of the same paste");
        assert_eq!(shown(&input.messages(typing("1u"), 151, None, false)), ["k:1", "k:u"]);
        // Its beginning took a while to be taken in.
        assert_eq!(shown(&input.messages(typing("a long text"), 200, None, false)), ["p:a long text"]);
        input.done(900);
        assert_eq!(shown(&input.messages(typing("1u"), 920, None, false)), ["on:1u"]);
        assert_eq!(shown(&input.messages(typing("1u"), 951, None, false)), ["k:1", "k:u"]);
        input.done(960);
        assert_eq!(shown(&input.messages(typing("1u"), 970, None, false)), ["k:1", "k:u"], "keys begin no paste");
        let mut mixed = typing("a long text");
        mixed.insert(0, event(KeyCode::Esc, KeyModifiers::NONE));
        assert_eq!(shown(&Input::default().messages(mixed, 0, None, false)), ["k:Esc", "p:a long text"]);
    }

    #[test]
    fn in_a_text_field_one_line_is_typing() {
        for (text, keys) in [("called back >5b\r", 16), ("a long text", 11)] {
            assert_eq!(Input::default().messages(typing(text), 0, None, true).len(), keys, "{text:?}");
        }
        assert_eq!(shown(&Input::default().messages(typing("two lines\r1u"), 0, None, true)), ["p:two lines\n1u"]);
    }

    #[test]
    fn in_a_text_field_a_page_is_a_paste_to_its_end() {
        let page = "a page ".repeat(100);
        let mut input = Input::default();
        assert_eq!(shown(&input.messages(typing(&page), 0, None, true)), [format!("p:{page}")]);
        // Its last line end must not save what it came into.
        assert_eq!(shown(&input.messages(typing("the end\r"), 20, None, true)), ["on:the end\n"]);
        assert_eq!(input.messages(typing("typed\r"), 60, None, true).len(), 6);
    }

    #[test]
    fn a_terminal_that_marks_pastes_sends_keys_as_keys() {
        let mut input = Input::default();
        let hostile = Event::Paste("a\x1b[31mb\r\nc".to_owned());
        assert_eq!(shown(&input.messages(vec![hostile], 0, None, false)), ["p:ab\nc"]);
        assert_eq!(input.messages(typing("a long text"), 0, None, false).len(), 11);
    }

    #[test]
    fn of_many_sizes_the_last_counts() {
        let sizes = vec![Event::Resize(80, 24), Event::Resize(81, 24), Event::Resize(120, 40)];
        assert_eq!(shown(&Input::default().messages(sizes, 0, None, false)), ["120x40"]);
    }
}
