//! Which names occur again and again (statuses, owners, utilities)? Each is held once, with a
//! number, and with what the search and the order need to know of it.

use std::collections::HashMap;

use crate::domain::playbook::{Playbook, UTILITY_LANE};
use crate::domain::text;

/// Between two texts that are searched together: no word of a query can contain it.
pub(super) const SEPARATOR: u8 = 0x1f;

/// One name: as read, what the search reads for it (folded), and what its kind knows.
#[derive(Clone)]
pub(super) struct Name<T> {
    pub text: Box<str>,
    pub key: Box<[u8]>,
    pub about: T,
}

/// All names of one kind, by number.
#[derive(Clone)]
pub(super) struct Names<T> {
    list: Vec<Name<T>>,
    numbers: HashMap<Box<str>, u32>,
}

impl<T> Default for Names<T> {
    fn default() -> Names<T> {
        Names { list: Vec::new(), numbers: HashMap::new() }
    }
}

/// What a kind of name means in a playbook.
pub(super) trait About: Sized {
    /// Itself, and every other wording by which it is found.
    fn of<'a>(name: &'a str, playbook: &'a Playbook) -> (Self, Vec<&'a str>);
}

/// What the queue needs of a status.
#[derive(Clone)]
pub(super) struct StatusAbout {
    pub open: bool,
    pub ready: bool,
    pub approved: bool,
    /// Its task is done in the utility's portal.
    pub portal: bool,
    pub target_days: i32,
}

impl About for StatusAbout {
    fn of<'a>(name: &'a str, playbook: &'a Playbook) -> (StatusAbout, Vec<&'a str>) {
        let Some(status) = playbook.workflow.status(name) else {
            return (
                StatusAbout { open: playbook.workflow.is_open(name), ready: false, approved: false, portal: false, target_days: -1 },
                Vec::new(),
            );
        };
        let target_days = status.target_days.and_then(|days| i32::try_from(days).ok()).unwrap_or(-1);
        // A permit waits for no approval of the utility.
        let approved = status.approved || status.lane != UTILITY_LANE;
        let about = StatusAbout { open: status.open, ready: status.ready, approved, portal: status.portal, target_days };
        (about, vec![&status.label, &status.short, &status.task])
    }
}

/// A utility's name; empty when nobody knows it.
#[derive(Clone)]
pub(super) struct UtilityAbout {
    pub name: Box<str>,
}

impl About for UtilityAbout {
    fn of<'a>(name: &'a str, playbook: &'a Playbook) -> (UtilityAbout, Vec<&'a str>) {
        let Some(utility) = playbook.utility(name) else {
            return (UtilityAbout { name: "".into() }, Vec::new());
        };
        let mut words = vec![utility.name.as_str(), utility.short.as_str()];
        words.extend(utility.aliases.iter().map(String::as_str));
        (UtilityAbout { name: utility.name.as_str().into() }, words)
    }
}

#[derive(Clone)]
pub(super) struct BallAbout;

impl About for BallAbout {
    fn of<'a>(name: &'a str, playbook: &'a Playbook) -> (BallAbout, Vec<&'a str>) {
        (BallAbout, vec![playbook.workflow.party_label(name)])
    }
}

/// Names that mean nothing beyond themselves.
#[derive(Clone)]
pub(super) struct Plain;

impl About for Plain {
    fn of<'a>(_: &'a str, _: &'a Playbook) -> (Plain, Vec<&'a str>) {
        (Plain, Vec::new())
    }
}

impl<T: About> Names<T> {
    pub fn find(&self, text: &str) -> Option<u32> {
        self.numbers.get(text).copied()
    }

    /// The number of `text`, a new one if it was never seen.
    pub fn number(&mut self, text: &str, playbook: &Playbook) -> u32 {
        if let Some(number) = self.find(text) {
            return number;
        }
        let number = u32::try_from(self.list.len()).expect("fewer names than rows, and rows have 32 bits");
        let (about, key) = tell(text, playbook);
        self.list.push(Name { text: text.into(), key, about });
        self.numbers.insert(text.into(), number);
        number
    }

    /// The playbook has changed: what names mean is read again.
    pub fn retell(&mut self, playbook: &Playbook) {
        for name in &mut self.list {
            (name.about, name.key) = tell(&name.text, playbook);
        }
    }

    pub fn get(&self, number: u32) -> &Name<T> {
        &self.list[number as usize]
    }

    pub fn iter(&self) -> impl Iterator<Item = &Name<T>> {
        self.list.iter()
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn held(&self) -> usize {
        let texts: usize = self.list.iter().map(|name| 2 * name.text.len() + name.key.len()).sum();
        texts + self.list.capacity() * size_of::<Name<T>>() + self.numbers.capacity() * size_of::<(Box<str>, u32)>()
    }
}

fn tell<T: About>(text: &str, playbook: &Playbook) -> (T, Box<[u8]>) {
    let (about, words) = T::of(text, playbook);
    let mut key = text::fold(text).into_bytes();
    for word in words {
        key.push(SEPARATOR);
        key.extend_from_slice(text::fold(word).as_bytes());
    }
    (about, key.into())
}
