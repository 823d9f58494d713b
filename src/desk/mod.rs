//! Does it change what the user is looking at?
//!
//! `update(&mut Desk, &Rules, Msg) -> Vec<Effect>`: plain data in, plain data out. No files, no
//! threads, no clock; the same messages always give the same desk.

mod ask;
mod book;
mod columns;
mod contact;
mod copies;
pub mod effect;
mod find;
pub mod groups;
pub mod import;
mod import_report;
mod imports;
mod join;
mod keep;
mod key;
pub mod line;
mod loading;
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
mod records;
mod rules;
mod said;
mod saving;
mod template;
pub mod text;
pub mod update;
pub mod viewport;
pub mod views;
mod words;
