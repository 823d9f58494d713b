//! Where do words stand that the index does not have yet? Events that came since it was filled last, the newest first.

use std::collections::BTreeSet;

use memchr::memmem::Finder;
use rusqlite::{Row, params};

use crate::domain::id::SubjectId;
use crate::domain::text::fold;
use crate::domain::told::Told;
use crate::domain::trouble::Trouble;

use super::words::words_of;
use super::{Store, read};

/// How far one looks.
#[derive(Clone, Copy)]
pub struct Limits<'a> {
    /// Places that are wanted.
    pub places: usize,
    /// Events that are looked at when the index has none of them: some microseconds each.
    pub tail: i64,
    /// Whether the answer is still wanted.
    pub go_on: &'a dyn Fn() -> bool,
}

impl Limits<'_> {
    /// All there is, however long it takes.
    pub const NONE: Limits<'static> = Limits { places: usize::MAX, tail: i64::MAX, go_on: &|| true };
}

/// The subjects of events that have the words, by `Told`, the newest first.
#[derive(Default)]
pub(super) struct Tail {
    found: [Subjects; Told::ALL.len()],
    /// Events that neither the index has nor anybody looked at.
    pub unread: i64,
}

/// Each subject once.
#[derive(Default)]
struct Subjects {
    known: BTreeSet<SubjectId>,
    in_order: Vec<SubjectId>,
    events: usize,
}

/// Between two looks at whether the answer is still wanted.
const SLICE: i64 = 2_000;

impl Store {
    /// At most so many events of each kind.
    pub(super) fn tail(&self, words: &str, most: usize, limits: &Limits<'_>) -> Result<Tail, Trouble> {
        let (upto, mut to) = (self.words_upto()?, self.position()?);
        let from = upto.max(to.saturating_sub(limits.tail));
        let needles = Needles::new(words);
        if needles.longest.needle().is_empty() {
            return Ok(Tail::default());
        }
        let mut tail = Tail { unread: from - upto, ..Tail::default() };
        let mut found = self.conn.prepare_cached(
            "SELECT pos, body FROM event WHERE pos > ?1 AND pos <= ?2 AND \"of\" = 'application' AND body IS NOT NULL ORDER BY pos DESC",
        )?;
        while to > from && (limits.go_on)() && tail.found.iter().any(|found| found.events < most) {
            let slice = from.max(to - SLICE);
            let mut rows = found.query([slice, to])?;
            while let Some(row) = rows.next()? {
                if needles.may_be_in(row)? {
                    self.look(row.get(0)?, &needles, &mut tail)?;
                }
            }
            to = slice;
        }
        Ok(tail)
    }

    fn look(&self, position: i64, needles: &Needles, tail: &mut Tail) -> Result<(), Trouble> {
        let mut found = self.conn.prepare_cached(&format!("{} WHERE e.pos = ?1", read::EVENT))?;
        let mut rows = found.query(params![position])?;
        // What a fault has made unreadable is `check`'s to name.
        let Some(event) = rows.next()?.and_then(|row| read::event_of(row).ok()) else { return Ok(()) };
        for (told, found) in Told::ALL.iter().zip(&mut tail.found) {
            let text = words_of(*told, &event);
            if needles.folded.split_whitespace().all(|word| text.contains(word)) {
                found.events += 1;
                if found.known.insert(event.subject) {
                    found.in_order.push(event.subject);
                }
            }
        }
        Ok(())
    }
}

impl Tail {
    /// The subjects whose events tell the words so.
    pub fn take(&mut self, told: Told) -> (Vec<SubjectId>, BTreeSet<SubjectId>) {
        let place = Told::ALL.iter().position(|one| *one == told).unwrap_or(0);
        let found = std::mem::take(&mut self.found[place]);
        (found.in_order, found.known)
    }
}

struct Needles {
    folded: String,
    /// The longest run of plain letters and digits: nothing in the written form of an event stands between them.
    longest: Finder<'static>,
}

impl Needles {
    fn new(words: &str) -> Needles {
        let folded = fold(words);
        let longest = folded.split(|c: char| !c.is_ascii_alphanumeric()).max_by_key(|run| run.len()).unwrap_or_default();
        Needles { longest: Finder::new(longest).into_owned(), folded }
    }

    /// Whether the written form of an event, in column 1, has them somewhere; its names of fields are in it too.
    fn may_be_in(&self, row: &Row<'_>) -> Result<bool, Trouble> {
        // A body that is no text is `check`'s to name.
        let Ok(body) = row.get_ref(1)?.as_str() else { return Ok(false) };
        Ok(self.longest.find(fold(body).as_bytes()).is_some())
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::store::fixture::Place;

    fn place() -> Place {
        let mut place = Place::new();
        for n in 1..=6 {
            place.open(1, n, &[("site", "x".into()), ("note", format!("meter {n}").as_str().into())]);
        }
        place
    }

    fn lines(place: &Place, limits: Limits<'_>) -> (Vec<String>, i64) {
        let places = place.store.said("meter", &limits).expect("a read");
        (places.said.into_iter().map(|one| one.line).collect(), places.unread)
    }

    #[test]
    fn a_long_tail_is_looked_at_from_its_end_and_says_what_is_left() {
        let mut place = place();
        assert_eq!(lines(&place, Limits { tail: 2, ..Limits::NONE }), (vec!["meter 6".into(), "meter 5".into()], 4));
        place.store.index_words(2).expect("it indexes");
        // What the index has is found behind what it does not have yet.
        let wanted = ["meter 6", "meter 5", "meter 2", "meter 1"].map(str::to_owned).to_vec();
        assert_eq!(lines(&place, Limits { tail: 2, ..Limits::NONE }), (wanted, 2));
        assert_eq!(lines(&place, Limits { tail: 4, ..Limits::NONE }).1, 0);
        assert_eq!(lines(&place, Limits::NONE).0.len(), 6);
        assert_eq!(lines(&place, Limits { places: 1, ..Limits::NONE }), (vec!["meter 6".into()], 0));
    }

    #[test]
    fn nobody_looks_on_for_an_answer_that_is_not_wanted() {
        let place = place();
        let looks = Cell::new(0);
        let go_on = || {
            looks.set(looks.get() + 1);
            // The tail is one slice, then each record is asked for.
            looks.get() <= 3
        };
        assert_eq!(lines(&place, Limits { go_on: &go_on, ..Limits::NONE }).0, ["meter 6", "meter 5"]);
        assert_eq!(lines(&place, Limits { go_on: &|| false, ..Limits::NONE }).0, Vec::<String>::new());
    }
}
