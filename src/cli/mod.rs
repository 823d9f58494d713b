//! Does it read argv or print for a script?

pub mod args;
pub mod demo;
mod stop;
