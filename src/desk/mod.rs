//! Does it change what the user is looking at?
//!
//! `update(&mut Desk, &Rules, Msg) -> Vec<Effect>`: plain data in, plain data out. No files, no
//! threads, no clock; the same messages always give the same desk.

pub mod msg;
pub mod effect;
pub mod model;
pub mod prompt;
pub mod line;
pub mod text;
pub mod notice;
pub mod update;
mod key;
mod queue;
mod records;
mod saving;
mod loading;
mod note;
mod ask;
mod questions;
mod picker;
mod menus;
mod find;
mod pager;
