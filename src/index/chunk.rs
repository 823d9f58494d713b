//! Where do the rows lie? In chunks that are shared until one of them is written to.
//!
//! A search or a ranking on another thread works on a clone of the list of chunks, which costs nothing to
//! make; who writes meanwhile copies the one chunk that changes (under a megabyte), never all rows.

use super::RowId;
use super::arena::{Arena, reserve};
use super::pairs::Pairs;
use super::rest::Rest;
use super::row::Packed;

/// What a row's texts usually take, in bytes.
const TEXT: usize = 160;

/// Rows of a chunk.
pub(super) const SIZE: usize = 1 << BITS;
const BITS: u32 = 12;

/// Up to `SIZE` rows with their texts.
#[derive(Clone, Default)]
pub(super) struct Chunk {
    pub rows: Vec<Packed>,
    /// As many, in the same places.
    pub rests: Vec<Rest>,
    /// Of what the search reads of each; a row that is gone may have any.
    pub pairs: Vec<Pairs>,
    pub texts: Arena,
    /// Changes with every change of a row.
    pub stamp: u64,
}

/// The chunk of a row, and its place there.
pub(super) fn place(RowId(id): RowId) -> (usize, usize) {
    ((id >> BITS) as usize, (id & (SIZE as u32 - 1)) as usize)
}

/// The row at a place of a chunk.
pub(super) fn id(chunk: usize, place: usize) -> RowId {
    RowId(u32::try_from(chunk << BITS | place).expect("rows have 32-bit numbers"))
}

impl Chunk {
    pub fn with_room(rows: usize) -> Chunk {
        Chunk {
            rows: Vec::with_capacity(rows),
            rests: Vec::with_capacity(rows),
            pairs: Vec::with_capacity(rows),
            texts: Arena::with_room(rows * TEXT),
            stamp: 0,
        }
    }

    pub fn is_full(&self) -> bool {
        self.rows.len() == SIZE
    }

    pub fn push(&mut self, row: Packed, rest: Rest) {
        reserve(&mut self.rows, 1);
        reserve(&mut self.rests, 1);
        reserve(&mut self.pairs, 1);
        self.rows.push(row);
        self.rests.push(rest);
        self.pairs.push(Pairs::default());
    }

    /// Gives back the room that was kept for more rows.
    pub fn fit(&mut self) {
        self.rows.shrink_to_fit();
        self.rests.shrink_to_fit();
        self.pairs.shrink_to_fit();
        self.texts.fit();
    }

    /// Text that nobody holds is more than half: move the rest together, in place.
    pub fn compact_if_worth_it(&mut self) {
        if !self.texts.is_mostly_garbage() {
            return;
        }
        let mut by_place: Vec<usize> = (0..self.rows.len()).filter(|place| !self.rows[*place].is(super::row::GONE)).collect();
        by_place.sort_unstable_by_key(|place| self.rows[*place].at);
        let mut end = 0;
        for place in by_place {
            let row = &mut self.rows[place];
            let mut span = row.span();
            end = self.texts.move_down(&mut span, end);
            row.set_span(span);
        }
        self.texts.finish(end);
    }

    pub fn held(&self) -> usize {
        let rows = self.rows.capacity() * size_of::<Packed>() + self.rests.capacity() * size_of::<Rest>();
        rows + self.pairs.capacity() * size_of::<Pairs>() + self.texts.held()
    }
}
