//! Does it change what the user is looking at?
//!
//! `update(&mut Desk, &Rules, Msg) -> Vec<Effect>`: plain data in, plain data out. No files, no
//! threads, no clock; the same messages always give the same desk.

pub mod effect;
pub mod line;
pub mod model;
pub mod msg;
pub mod notice;
pub mod prompt;
pub mod text;
pub mod viewport;
