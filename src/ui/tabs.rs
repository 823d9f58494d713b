//! Which views are there, and how many rows has each? One line, where somebody has kept one.

use super::pen::{Pen, piece};
use super::scene::Scene;
use super::text;
use super::theme::Role;
use crate::desk::views::{Tab, tabs};
use crate::domain::import_words::thousands;

const BETWEEN: usize = 2;

pub fn draw(scene: &Scene<'_>, pen: &mut Pen<'_>) {
    let line = scene.layout.tabs;
    if line.is_empty() {
        return;
    }
    let tabs = tabs(scene.desk);
    let words: Vec<String> = tabs.iter().map(words).collect();
    let widths: Vec<usize> = words.iter().map(|words| text::width(words) + BETWEEN).collect();
    let here = tabs.iter().position(|tab| tab.here).unwrap_or(0);
    let mut rest = line;
    let from = first(&widths, here, usize::from(line.width));
    if from > 0 {
        rest = pen.text(rest, "< ", Role::Dim);
    }
    for (idx, (tab, words)) in tabs.iter().zip(&words).enumerate().skip(from) {
        // A tab that would be cut is left out, and that there are more is said.
        let more = if idx + 1 < tabs.len() { 2 } else { 0 };
        if text::width(words) + more > usize::from(rest.width) {
            pen.at_end(line, &[piece(Role::Dim, " >")]);
            return;
        }
        rest = pen.text(rest, words, if tab.here { Role::Title } else { Role::Dim });
        rest = pen.text(rest, "  ", Role::Text);
    }
}

/// Brackets are seen without colour.
fn words(tab: &Tab<'_>) -> String {
    let count = tab.count.map(|count| format!(" {}", thousands(count))).unwrap_or_default();
    if tab.here { format!("[{}{count}]", tab.name) } else { format!("{}{count}", tab.name) }
}

/// The first tab to show, so that the open one and one before it are seen.
fn first(widths: &[usize], here: usize, room: usize) -> usize {
    let wide = |from: usize| widths[from..=here].iter().sum::<usize>() + if from > 0 { 4 } else { 2 };
    (0..here).find(|from| wide(*from) <= room).unwrap_or(here)
}
