//! The work queue of an interconnection coordinator. The rooms, in reading order:
//! `ARCHITECTURE.md` has the question of each and who may import whom.

pub mod desk;
pub mod domain;
pub mod index;
pub mod intake;
pub mod keys;
pub mod outlet;
pub mod run;
pub mod settings;
pub mod store;
pub mod ui;
