//! Does it touch terminal, disk, clock, chance, thread? It does, and decides nothing.

pub mod bring;
pub mod clipboard;
pub mod command;
pub mod day;
pub mod delivery;
mod drafts;
mod editor;
mod effects;
mod finder;
mod input;
pub mod ledger;
pub mod looks;
pub mod now;
pub mod observed;
mod ink;
mod painter;
pub mod own_views;
pub mod pages;
pub mod paths;
pub mod scratch;
mod plain;
mod session;
pub mod sign;
mod signals;
mod stores;
pub mod terminal;
pub mod tty;
mod turn;
pub mod upgrading;

pub use session::{Ended, Session, drill, open, settings};
