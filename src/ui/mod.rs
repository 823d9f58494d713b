//! Does it choose a cell, a colour, the place of a word?

pub mod theme;
