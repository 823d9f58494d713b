//! The work queue of an interconnection coordinator. The rooms, in reading order:
//! `ARCHITECTURE.md` has the question of each and who may import whom.

pub mod domain;
pub mod keys;
pub mod index;
pub mod intake;
pub mod outlet;
pub mod store;
pub mod desk;
pub mod ui;
pub mod settings;
pub mod run;
pub mod cli;
