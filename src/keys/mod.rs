//! Is it the name of a key or of an action?

pub mod action;
pub mod chord;
pub mod group;
pub mod keymap;
