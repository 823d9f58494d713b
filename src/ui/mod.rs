//! Does it choose a cell, a colour, the place of a word?
//!
//! `view(&Desk, &Rules, &Theme, &mut Frame)` draws what the desk holds, and changes nothing.

mod ask;
mod bulk;
mod chord;
mod columns;
mod drill;
mod empty;
mod facts;
mod find;
mod footer;
mod functions;
mod header;
mod history;
mod imports;
mod letter;
mod line;
mod note;
mod offers;
mod pager;
mod pen;
mod picker;
mod plan;
mod query;
mod queue;
mod record;
mod scene;
mod strip;
mod tabs;
mod template;
pub mod text;
pub mod theme;
pub mod view;

#[cfg(test)]
mod guarantees;
#[cfg(test)]
mod screens;
#[cfg(test)]
mod screens_of_views;
#[cfg(test)]
mod testing;
