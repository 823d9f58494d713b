//! Which style does each role on the screen have? Plain data, read and checked by `settings`.

use ratatui::style::{Color, Modifier, Style};

/// What a piece of the screen means; a theme gives each one style.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Role {
    Text,
    Dim,
    Title,
    Header,
    Border,
    /// The row under the cursor.
    Selection,
    /// Its day is today.
    Due,
    Overdue,
    /// A date with a legal effect.
    Legal,
    Ok,
    Warn,
    Error,
    /// What a search or a sign in a note matched.
    Mark,
    /// The name of a key.
    Key,
    /// Sent to the disk, not yet there.
    Saving,
    Done,
    /// A field of a message that has no value.
    Unfilled,
}

impl Role {
    pub const ALL: [Role; 17] = [
        Role::Text,
        Role::Dim,
        Role::Title,
        Role::Header,
        Role::Border,
        Role::Selection,
        Role::Due,
        Role::Overdue,
        Role::Legal,
        Role::Ok,
        Role::Warn,
        Role::Error,
        Role::Mark,
        Role::Key,
        Role::Saving,
        Role::Done,
        Role::Unfilled,
    ];

    /// As theme files write it.
    pub fn name(self) -> &'static str {
        match self {
            Role::Text => "text",
            Role::Dim => "dim",
            Role::Title => "title",
            Role::Header => "header",
            Role::Border => "border",
            Role::Selection => "selection",
            Role::Due => "due",
            Role::Overdue => "overdue",
            Role::Legal => "legal",
            Role::Ok => "ok",
            Role::Warn => "warn",
            Role::Error => "error",
            Role::Mark => "mark",
            Role::Key => "key",
            Role::Saving => "saving",
            Role::Done => "done",
            Role::Unfilled => "unfilled",
        }
    }

    /// Says something that must still be seen without colour, so its style needs more than one.
    pub fn is_state(self) -> bool {
        !matches!(self, Role::Text | Role::Dim | Role::Border)
    }
}

/// One style for each role.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Theme {
    pub name: String,
    styles: [Style; Role::ALL.len()],
    ascii: bool,
}

impl Theme {
    /// `styles` in the order of `Role::ALL`.
    pub fn new(name: impl Into<String>, styles: [Style; Role::ALL.len()]) -> Theme {
        Theme { name: name.into(), styles, ascii: false }
    }

    /// The same theme for terminals and fonts that draw `…` or `─` two cells wide, or not at all.
    pub fn ascii(self) -> Theme {
        Theme { ascii: true, ..self }
    }

    pub fn is_ascii(&self) -> bool {
        self.ascii
    }

    pub fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    /// The same theme for `NO_COLOR` and for terminals that have none: bold, dim, reverse and
    /// underline stay.
    pub fn without_colour(&self) -> Theme {
        Theme {
            name: self.name.clone(),
            ascii: self.ascii,
            styles: self.styles.map(|style| Style { fg: None, bg: None, underline_color: None, ..style }),
        }
    }
}

/// The sixteen colours that every terminal names, as theme files write them. `default` is the
/// terminal's own.
pub const COLOURS: &[(&str, Color)] = &[
    ("default", Color::Reset),
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("gray", Color::Gray),
    ("dark-gray", Color::DarkGray),
    ("light-red", Color::LightRed),
    ("light-green", Color::LightGreen),
    ("light-yellow", Color::LightYellow),
    ("light-blue", Color::LightBlue),
    ("light-magenta", Color::LightMagenta),
    ("light-cyan", Color::LightCyan),
    ("white", Color::White),
];

/// What a style may have beside colour. Italics are left out: `screen` shows them as reverse.
pub const MODIFIERS: &[(&str, Modifier)] =
    &[("bold", Modifier::BOLD), ("dim", Modifier::DIM), ("reverse", Modifier::REVERSED), ("underline", Modifier::UNDERLINED)];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_gets_its_own_style_and_keeps_it_without_colour() {
        let mut styles = [Style::new(); Role::ALL.len()];
        for (idx, role) in Role::ALL.into_iter().enumerate() {
            assert_eq!(role as usize, idx, "{}", role.name());
            styles[idx] = Style::new().fg(Color::Indexed(idx as u8)).add_modifier(Modifier::BOLD);
        }
        let theme = Theme::new("test", styles);
        assert_eq!(theme.style(Role::Unfilled).fg, Some(Color::Indexed(16)));
        assert_eq!(theme.without_colour().style(Role::Legal), Style::new().add_modifier(Modifier::BOLD));
    }
}
