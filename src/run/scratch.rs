//! Where does a drill write? Everything that a session keeps lies in one private directory, which goes with it.

use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use super::looks::Taste;
use super::paths;
use crate::domain::trouble::{Failure, Trouble};
use crate::settings::option_text;

/// Threads of the session may still be closing a file when it has ended.
const TRIES: u32 = 40;
const A_MOMENT: Duration = Duration::from_millis(25);

/// The directory of a drill; removed when this goes, whichever way.
pub struct Scratch {
    dir: TempDir,
}

impl Scratch {
    /// Makes it, with a copy of the user's own settings, and sends everything there that this process keeps from now
    /// on. `keymap` instead of the one that is chosen.
    pub fn open(keymap: Option<&str>) -> Result<Scratch, Failure> {
        let cannot = |err: io::Error| Trouble::io("there is no place for a drill").because(err).hint("TMPDIR names another");
        // Read before: from here on the user's directory is the copy. Without a home directory nobody has settings.
        let mut files = paths::config().map_or_else(|_| Ok(Vec::new()), |dir| paths::toml_files(&dir))?;
        let dir = tempfile::Builder::new().prefix("intertie-drill-").tempdir().map_err(cannot)?;
        paths::stay_in(dir.path())?;
        if let Some(name) = keymap {
            let is_options = |(path, _): &(PathBuf, String)| path == Path::new(option_text::PATH);
            let text = files.iter().position(is_options).map(|at| files.swap_remove(at).1).unwrap_or_default();
            files.push((PathBuf::from(option_text::PATH), option_text::set(&text, Taste::Keymap.option(), name)));
        }
        let config = paths::config()?;
        for (path, text) in files {
            let path = config.join(path);
            if let Some(folder) = path.parent() {
                paths::private(folder)?;
            }
            paths::replace(&path, text.as_bytes()).map_err(cannot)?;
        }
        Ok(Scratch { dir })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        for _ in 0..TRIES {
            if std::fs::remove_dir_all(self.dir.path()).is_ok() || !self.dir.path().exists() {
                return;
            }
            thread::sleep(A_MOMENT);
        }
    }
}
