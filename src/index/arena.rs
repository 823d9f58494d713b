//! Where do the bytes of all rows lie? In one block, with garbage that is counted and taken out.

/// Where one row's bytes are. Six bytes beside each other would be eight, so rows keep the parts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Span {
    pub at: u32,
    pub len: u16,
}

/// One block of bytes. Spans are handed out and never overlap.
#[derive(Clone, Default)]
pub(super) struct Arena {
    bytes: Vec<u8>,
    garbage: usize,
}

/// Below this much garbage nothing is moved.
const SMALL: usize = 64 * 1024;

impl Arena {
    pub fn get(&self, span: Span) -> &[u8] {
        &self.bytes[span.at as usize..][..usize::from(span.len)]
    }

    /// Stores `text`, at most `u16::MAX` bytes, in the place of `old` when it fits there.
    pub fn replace(&mut self, old: Span, text: &[u8]) -> Span {
        let len = u16::try_from(text.len()).expect("the caller cuts a row's text to 64 KB");
        let at = if len <= old.len { old.at as usize } else { self.bytes.len() };
        if len <= old.len {
            self.garbage += usize::from(old.len - len);
            self.bytes[at..][..text.len()].copy_from_slice(text);
        } else {
            self.garbage += usize::from(old.len);
            reserve(&mut self.bytes, text.len());
            self.bytes.extend_from_slice(text);
        }
        Span { at: u32::try_from(at).expect("4 GB of rows are more than a session can hold"), len }
    }

    pub fn with_room(bytes: usize) -> Arena {
        Arena { bytes: Vec::with_capacity(bytes), garbage: 0 }
    }

    /// Gives back the room that was kept for more.
    pub fn fit(&mut self) {
        self.bytes.shrink_to_fit();
    }

    pub fn free(&mut self, span: Span) {
        self.garbage += usize::from(span.len);
    }

    pub fn is_mostly_garbage(&self) -> bool {
        self.garbage > SMALL && self.garbage > self.bytes.len() / 2
    }

    /// Moves one span to `to`, which must not be behind it; returns where the next one goes. Called
    /// for every live span in the order of their places, then `finish`.
    pub fn move_down(&mut self, span: &mut Span, to: usize) -> usize {
        let from = span.at as usize;
        self.bytes.copy_within(from..from + usize::from(span.len), to);
        span.at = u32::try_from(to).expect("never behind a place that fitted");
        to + usize::from(span.len)
    }

    /// Forgets everything from `end` on, and gives most of the room back.
    pub fn finish(&mut self, end: usize) {
        self.bytes.truncate(end);
        self.bytes.shrink_to(end + end / 4);
        self.garbage = 0;
    }

    pub fn held(&self) -> usize {
        self.bytes.capacity()
    }
}

/// Makes room for `more`, a quarter at a time: doubling 100 MB would need 300 MB for a moment.
pub(super) fn reserve<T>(list: &mut Vec<T>, more: usize) {
    if list.capacity() - list.len() < more {
        list.reserve_exact(more.max(list.len() / 4).max(64));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_keep_their_bytes_through_updates_and_moves() {
        let mut arena = Arena::default();
        let mut first = arena.replace(Span::default(), b"first");
        let mut second = arena.replace(Span::default(), b"second");
        first = arena.replace(first, b"one");
        assert_eq!((arena.get(first), arena.get(second)), (&b"one"[..], &b"second"[..]));
        first = arena.replace(first, b"longer than before");
        assert_eq!((arena.get(first), arena.get(second)), (&b"longer than before"[..], &b"second"[..]));
        let before = arena.bytes.len();
        let end = arena.move_down(&mut second, 0);
        let end = arena.move_down(&mut first, end);
        arena.finish(end);
        assert_eq!((arena.get(first), arena.get(second)), (&b"longer than before"[..], &b"second"[..]));
        assert_eq!((before, arena.bytes.len()), (29, 24));
    }

    #[test]
    fn garbage_counts_what_nobody_holds() {
        let mut arena = Arena::default();
        let text = vec![b'x'; 40_000];
        let spans = [arena.replace(Span::default(), &text), arena.replace(Span::default(), &text), arena.replace(Span::default(), &text)];
        arena.free(spans[0]);
        assert!(!arena.is_mostly_garbage());
        arena.replace(spans[1], &text[..10]);
        assert!(arena.is_mostly_garbage());
    }
}
