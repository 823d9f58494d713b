//! Has each role of a theme a style that is still seen where there is no colour?

use ratatui::style::{Modifier, Style};

use super::nearest::one_of;
use super::reader::{Problems, Reader, Word};
use super::tree::{Table, quote};
use crate::ui::theme::{COLOURS, MODIFIERS, Role, Theme};

/// `name` is that of the file without `.toml`.
pub fn read(table: &Table, name: &str, file: &str, problems: &Problems) -> Theme {
    let mut reader = Reader::root(table, file, problems);
    let styles = Role::ALL.map(|role| match reader.word(role.name()) {
        Some(word) => style(&reader, &word, role),
        None if reader.has(role.name()) => Style::new(),
        None => {
            reader.problem(&reader.at(role.name()), "nothing", "a style like \"red bold\"");
            Style::new()
        }
    });
    reader.finish();
    Theme::new(name, styles)
}

/// `red bold`, `black on yellow underline`.
fn style(reader: &Reader<'_>, word: &Word, role: Role) -> Style {
    let mut style = Style::new();
    let mut words = word.text.split_whitespace();
    let known: Vec<&str> = COLOURS.iter().map(|(name, _)| *name).chain(MODIFIERS.iter().map(|(name, _)| *name)).chain(["on"]).collect();
    while let Some(said) = words.next() {
        let colour = |name: &str| COLOURS.iter().find(|(known, _)| *known == name).map(|(_, colour)| *colour);
        if said == "on" {
            let ground = words.next().unwrap_or_default();
            match colour(ground) {
                Some(colour) => style = style.bg(colour),
                None => {
                    let colours: Vec<&str> = COLOURS.iter().map(|(name, _)| *name).collect();
                    reader.problem(&word.at, quote(&word.text), format!("a colour after on, {}", one_of(ground, &colours)));
                }
            }
        } else if let Some(colour) = colour(said) {
            style = style.fg(colour);
        } else if let Some((_, modifier)) = MODIFIERS.iter().find(|(name, _)| *name == said) {
            style = style.add_modifier(*modifier);
        } else {
            reader.problem(&word.at, quote(said), one_of(said, &known));
        }
    }
    check(reader, word, role, style);
    style
}

fn check(reader: &Reader<'_>, word: &Word, role: Role, style: Style) {
    if role == Role::Selection && !style.add_modifier.contains(Modifier::REVERSED) {
        reader.problem(&word.at, quote(&word.text), "reverse, because the selected row must be seen on every terminal");
    } else if role.is_state() && style.add_modifier.is_empty() {
        reader.problem(
            &word.at,
            quote(&word.text),
            "bold, dim, reverse or underline beside the colour, which not every terminal or eye shows",
        );
    }
}
