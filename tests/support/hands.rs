//! What does a terminal send for the keys of a keymap?

use intertie::domain::playbook::DeskKind;
use intertie::keys::chord::{Code, Key, parse_keys};
use intertie::keys::keymap::Keymap;

use super::pty::Session;

/// Somebody whose fingers know one of the shipped keymaps.
pub struct Hands {
    keymap: Keymap,
}

impl Hands {
    pub fn of(name: &str) -> Hands {
        let settings = intertie::settings::load_with(DeskKind::Residential, &[], &[], Some(name)).expect("it is shipped");
        Hands { keymap: settings.keymap }
    }

    /// The keys of an action of the queue; of a quick action with its name.
    pub fn keys(&self, action: &str, argument: Option<&str>) -> Option<Vec<Key>> {
        self.keymap.keys_of(action, argument).map(|keys| parse_keys(&keys).expect("a key that is bound has a name"))
    }

    /// What is sent for an action that has a key.
    pub fn send(&self, action: &str, argument: Option<&str>) -> String {
        let keys = self.keys(action, argument).unwrap_or_else(|| panic!("{action} has no key"));
        keys.into_iter().map(bytes).collect()
    }

    /// Runs an action by its key, or from the list of all actions, which finds it by its name.
    pub fn run(&self, session: &mut Session, action: &str) {
        if self.keys(action, None).is_some() {
            return session.key(&self.send(action, None));
        }
        session.key(&self.send("palette", None));
        session.wait_for("type to narrow:");
        session.keys(action);
        session.wait_for(&format!("type to narrow: {action}"));
        session.key("\r");
    }
}

/// What xterm and its like send for a key.
pub fn bytes(key: Key) -> String {
    match (key.code, key.ctrl) {
        (Code::Char(c), true) => char::from(c as u8 & 0x1f).to_string(),
        (Code::Char(c), false) => c.to_string(),
        (Code::F(number @ 1..=4), _) => format!("\x1bO{}", char::from(b'O' + number)),
        (Code::F(number), _) => format!("\x1b[{}~", [15, 17, 18, 19, 20, 21, 23, 24][usize::from(number - 5)]),
        (Code::Enter, _) => "\r".to_owned(),
        (Code::Esc, _) => "\x1b".to_owned(),
        (Code::Tab, _) => "\t".to_owned(),
        (Code::BackTab, _) => "\x1b[Z".to_owned(),
        (Code::Backspace, _) => "\x7f".to_owned(),
        (Code::Delete, _) => "\x1b[3~".to_owned(),
        (Code::Insert, _) => "\x1b[2~".to_owned(),
        (Code::Up, _) => "\x1b[A".to_owned(),
        (Code::Down, _) => "\x1b[B".to_owned(),
        (Code::Right, _) => "\x1b[C".to_owned(),
        (Code::Left, _) => "\x1b[D".to_owned(),
        (Code::Home, _) => "\x1b[H".to_owned(),
        (Code::End, _) => "\x1b[F".to_owned(),
        (Code::PageUp, _) => "\x1b[5~".to_owned(),
        (Code::PageDown, _) => "\x1b[6~".to_owned(),
    }
}
