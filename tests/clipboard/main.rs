//! Does a copy reach this side byte for byte, through everything that can be between, or does the screen
//! say that it does not?
#![allow(clippy::disallowed_methods, reason = "tests start programs, read files and look at the clock")]

mod command;
mod desktop;
mod hanging;
mod plain;
mod remote;
mod screen;
#[path = "../support/mod.rs"]
mod support;
mod tmux;
mod world;
