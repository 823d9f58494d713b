//! Where do one's own views lie? A file each below `views/` of the user's directory, named like the view.

use std::io;
use std::path::{Path, PathBuf};

use super::paths;
use crate::domain::playbook::{DeskKind, Playbook};
use crate::domain::trouble::{Failure, Refusal, Trouble};
use crate::domain::view::{self, Kept};
use crate::settings;

/// The longest file of a view that is read.
const MOST: u64 = 64 * 1024;

fn dir() -> Result<PathBuf, Trouble> {
    Ok(paths::config()?.join("views"))
}

fn path(dir: &Path, name: &str) -> PathBuf {
    dir.join(format!("{name}.toml"))
}

/// The one of that name, if there is one for this desk.
pub fn read(name: &str, playbook: &Playbook) -> Result<Option<Kept>, Failure> {
    read_in(&dir()?, name, playbook)
}

fn read_in(dir: &Path, name: &str, playbook: &Playbook) -> Result<Option<Kept>, Failure> {
    // What no view can be named is no file of ours either.
    if view::name(name).as_deref() != Ok(name) {
        return Ok(None);
    }
    let path = path(dir, name);
    let text = match paths::read_text(&path, MOST) {
        Ok(text) => text,
        Err(err) if err.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(err) => return Err(Trouble::config(format!("{} cannot be read", path.display())).because(err).into()),
    };
    settings::view(&path.to_string_lossy(), name, &text, playbook).map_err(Failure::from)
}

/// Writes it, whole or not at all. `over`: one of that name is known, and is replaced.
pub fn keep(view: &Kept, over: bool, desk: DeskKind) -> Result<(), Failure> {
    keep_in(&dir()?, view, over, desk)
}

fn keep_in(dir: &Path, view: &Kept, over: bool, desk: DeskKind) -> Result<(), Failure> {
    let path = path(dir, &view.name);
    paths::private(dir)?;
    if !over && std::fs::symlink_metadata(&path).is_ok() {
        let says = format!("{} is there already, of another desk or of another session: nothing was written", path.display());
        return Err(Refusal::new(says).hint("choose another name").into());
    }
    let cannot = |err: io::Error| Failure::from(Trouble::io(format!("{} cannot be written", path.display())).because(err));
    paths::replace(&path, view.toml(desk).as_bytes()).map_err(cannot)
}

/// One that is not there any more is as removed as it can be.
pub fn remove(name: &str) -> Result<(), Failure> {
    remove_in(&dir()?, name)
}

fn remove_in(dir: &Path, name: &str) -> Result<(), Failure> {
    let path = path(dir, name);
    match std::fs::remove_file(&path) {
        Ok(()) => Ok(()),
        Err(err) if err.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(err) => Err(Trouble::io(format!("{} cannot be removed", path.display())).because(err).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::query::{Group, read_sort};
    use crate::domain::testing::playbook;
    use crate::domain::view::Rows;

    #[test]
    fn a_view_is_a_file_that_is_written_read_replaced_and_removed() {
        let temp = tempfile::tempdir().expect("a directory");
        let (dir, playbook) = (temp.path().join("intertie/views"), playbook());
        let view = Kept {
            name: "rmp-late".into(),
            query: "utility:rmp -note:\"a \\ b\" due<today".into(),
            rows: Rows::Pool,
            sort: read_sort("due,-kw").expect("a sort"),
            group: Some(Group::Portal),
            ..Kept::default()
        };
        assert_eq!(read_in(&dir, "rmp-late", &playbook), Ok(None));
        keep_in(&dir, &view, false, DeskKind::Residential).expect("written");
        assert_eq!(read_in(&dir, "rmp-late", &playbook), Ok(Some(view.clone())));
        let other = Kept { query: "hold".into(), ..view.clone() };
        assert!(
            keep_in(&dir, &other, false, DeskKind::Residential).is_err_and(|err| err.exit_code() == 1),
            "nobody's file is written over"
        );
        keep_in(&dir, &other, true, DeskKind::Commercial).expect("replaced");
        assert_eq!(read_in(&dir, "rmp-late", &playbook), Ok(None), "of another desk");
        paths::replace(&dir.join("torn.toml"), b"query = \"utilty:x\"").expect("written");
        assert!(read_in(&dir, "torn", &playbook).is_err_and(|err| err.exit_code() == 65));
        assert_eq!((remove_in(&dir, "rmp-late"), remove_in(&dir, "rmp-late")), (Ok(()), Ok(())));
        for name in ["../views/torn", "mine", ""] {
            assert_eq!(read_in(&dir, name, &playbook), Ok(None), "{name}");
        }
    }
}
