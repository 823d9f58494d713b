//! Does it touch terminal, disk, clock, chance, thread? Does it, that is: it decides nothing.

pub mod clipboard;
pub mod command;
pub mod drafts;
pub mod input;
pub mod now;
mod painter;
pub mod paths;
pub mod terminal;
