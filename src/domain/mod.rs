//! Is it a fact or a rule of interconnection work?
//!
//! Pure: no files, no threads, no clock, no chance. Whatever a rule needs to know of the
//! outside (today, new ids) travels in with the call, so every test is exact.

pub mod application;
pub mod calendar;
pub mod day;
pub mod event;
pub mod facts;
pub mod field;
pub mod id;
pub mod import;
pub mod marks;
pub mod message;
pub mod plan;
pub mod playbook;
pub mod priority;
pub mod query;
pub mod record;
#[cfg(test)]
pub mod testing;
pub mod text;
pub mod trouble;
pub mod undo;
pub mod value;
pub mod when;
