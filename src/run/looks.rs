//! How does the screen look, and where does what a person chose stay?

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::paths;
use super::session::files;
pub use crate::desk::effect::Taste;
use crate::desk::model::Desk;
use crate::domain::playbook::DeskKind;
use crate::domain::trouble::{Failure, Trouble};
use crate::keys::keymap::Keymap;
use crate::settings::{File, Glyphs, Settings, option_text};
use crate::ui::theme::Theme;

/// The longest file of options that is read.
const OPTIONS_MAX: u64 = 1 << 20;

/// The themes of a session, and the one in use.
pub struct Looks {
    theme: Theme,
    /// All of them, to be shown while one looks for one.
    themes: Vec<Theme>,
    database: Option<PathBuf>,
    colourless: bool,
}

impl Looks {
    pub fn new(theme: Theme, themes: Vec<Theme>, glyphs: Glyphs, colourless: bool, database: Option<PathBuf>) -> Looks {
        let fitting = |theme: Theme| {
            let theme = if glyphs == Glyphs::Ascii { theme.ascii() } else { theme };
            if colourless { theme.without_colour() } else { theme }
        };
        Looks { theme: fitting(theme), themes: themes.into_iter().map(fitting).collect(), database, colourless }
    }

    /// What to draw the desk in: the theme that is being tried, else the one in use.
    pub fn theme(&self, desk: &Desk) -> &Theme {
        let tried = desk.theme_tried().and_then(|name| self.themes.iter().find(|theme| theme.name == name));
        tried.unwrap_or(&self.theme)
    }

    /// The names of all, and of the one in use.
    pub fn names(&self) -> (Vec<String>, String) {
        (self.themes.iter().map(|theme| theme.name.clone()).collect(), self.theme.name.clone())
    }

    /// Keeps a choice and looks so from now on; gives the keymap of it.
    pub fn choose(&mut self, kind: DeskKind, taste: Taste, value: &str) -> Result<Keymap, Failure> {
        let Settings { keymap, theme, themes, options, .. } = keep(kind, self.database.as_deref(), taste, value)?;
        *self = Looks::new(theme, themes, options.glyphs, self.colourless, self.database.take());
        Ok(keymap)
    }
}

/// Writes a choice into the user's own options, and gives the settings with it. Nothing is written that would not load.
pub fn keep(kind: DeskKind, database: Option<&Path>, taste: Taste, value: &str) -> Result<Settings, Failure> {
    let (site, mut user) = files(database)?;
    let path = paths::config()?.join(option_text::PATH);
    let cannot = |err: io::Error| Trouble::io(format!("{} cannot be written", path.display())).because(err);
    let before = match paths::read_text(&path, OPTIONS_MAX) {
        Ok(text) => text,
        Err(err) if err.kind() == io::ErrorKind::NotFound => String::new(),
        Err(err) => return Err(cannot(err).into()),
    };
    let text = option_text::set(&before, taste.option(), value);
    user.retain(|file| file.path != option_text::PATH);
    user.push(File { path: option_text::PATH.to_owned(), text: text.clone() });
    let settings = crate::settings::load(kind, &site, &user).map_err(Failure::from)?;
    if text != before {
        if let Some(dir) = path.parent() {
            fs::create_dir_all(dir).map_err(cannot)?;
        }
        // A link to a file kept elsewhere stays a link.
        let target = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        paths::replace(&target, text.as_bytes()).map_err(cannot)?;
    }
    Ok(settings)
}
