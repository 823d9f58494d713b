//! Is it a fact or a rule of interconnection work?
//!
//! Pure: no files, no threads, no clock, no chance. Whatever a rule needs to know of the
//! outside (today, new ids) travels in with the call, so every test is exact.

pub mod id;
pub mod value;
pub mod day;
pub mod calendar;
pub mod when;
pub mod field;
pub mod event;
pub mod record;
pub mod application;
pub mod hold;
pub mod facts;
pub mod priority;
pub mod playbook;
pub mod rules;
pub mod utility;
pub mod turnaround;
pub mod utility_state;
pub mod book;
pub mod message;
pub mod likeness;
pub mod ledger;
pub mod lines;
pub mod links;
pub mod marks;
pub mod shorthand;
pub mod change;
pub mod contacts;
pub mod plan;
pub mod undo;
pub mod history;
pub mod import;
pub mod columns;
pub mod import_words;
pub mod query;
pub mod view;
pub mod sizes;
pub mod drill;
pub mod skip;
pub mod standing;
pub mod suggest;
pub mod text;
pub mod told;
pub mod trouble;

#[cfg(test)]
pub mod testing;
