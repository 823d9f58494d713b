//! Does it change what the user is looking at?
//!
//! `update(&mut Desk, &Rules, Msg) -> Vec<Effect>`: plain data in, plain data out. No files, no
//! threads, no clock; the same messages always give the same desk.

mod ask;
pub mod batch;
mod book;
mod choose;
pub mod bulk;
mod columns;
mod complete;
mod contact;
pub mod copies;
mod correct;
pub mod drill;
pub mod effect;
mod find;
mod help;
pub mod groups;
pub mod import;
mod import_report;
mod imports;
mod join;
mod keep;
mod key;
pub mod line;
mod loading;
pub mod marks;
mod menus;
pub mod model;
pub mod msg;
mod note;
pub mod notice;
mod offers;
mod pager;
mod picker;
pub mod prompt;
mod query;
mod questions;
mod queue;
pub mod ledger;
pub mod look;
mod narrow;
pub mod rank;
mod records;
mod repeat;
mod room;
mod rules;
mod saving;
pub mod serve;
mod shorthand;
mod template;
pub mod text;
pub mod update;
pub mod viewport;
pub mod views;
mod words;
