//! How do two files come into somebody's directory: both whole, or neither?
//!
//! They are written under hidden names beside their place and get their own names when both are on
//! disk, the JSONL file last: where it is, all is. What a killed run left behind goes with the next.

use std::fs::{self, Permissions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};
use tempfile::{Builder, NamedTempFile};

use crate::domain::trouble::Trouble;

/// How a file is named that is not whole.
const PART: &str = ".part";

/// Two files that are being written.
pub struct Delivery {
    dir: PathBuf,
    csv: BufWriter<NamedTempFile>,
    jsonl: BufWriter<NamedTempFile>,
}

/// Two files that are on disk and have no names yet.
pub struct Whole {
    dir: PathBuf,
    csv: NamedTempFile,
    jsonl: NamedTempFile,
}

impl Delivery {
    /// Only one process at a time may deliver under this `name`, which is a part of a file's name.
    pub fn begin(dir: &Path, name: &str) -> Result<Delivery, Trouble> {
        directory(dir)?;
        clear(dir, name);
        let part = || -> io::Result<BufWriter<NamedTempFile>> {
            let file = Builder::new().prefix(&prefix(name)).suffix(PART).tempfile_in(dir)?;
            // A directory that hands its group down is a shared one.
            if fs::metadata(dir)?.mode() & 0o2000 != 0 {
                file.as_file().set_permissions(Permissions::from_mode(0o640))?;
            }
            Ok(BufWriter::new(file))
        };
        let (csv, jsonl) = part().and_then(|csv| Ok((csv, part()?))).map_err(|err| cannot(dir, err))?;
        Ok(Delivery { dir: dir.to_owned(), csv, jsonl })
    }

    pub fn write(&mut self, csv: &str, jsonl: &str) -> Result<(), Trouble> {
        let written = self.csv.write_all(csv.as_bytes()).and_then(|()| self.jsonl.write_all(jsonl.as_bytes()));
        written.map_err(|err| cannot(&self.dir, err))
    }

    /// Both on disk.
    pub fn finish(self) -> Result<Whole, Trouble> {
        let dir = self.dir;
        let whole = |part: BufWriter<NamedTempFile>| -> io::Result<NamedTempFile> {
            let file = part.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.as_file().sync_all()?;
            Ok(file)
        };
        match whole(self.csv).and_then(|csv| Ok((csv, whole(self.jsonl)?))) {
            Ok((csv, jsonl)) => Ok(Whole { dir, csv, jsonl }),
            Err(err) => Err(cannot(&dir, err)),
        }
    }
}

impl Whole {
    /// Gives both their names, `STEM.csv` and `STEM.jsonl`, over what is there under them.
    pub fn place(self, stem: &str) -> Result<(), Trouble> {
        let dir = self.dir;
        let [csv, jsonl] = names(&dir, stem);
        let placed = self.csv.persist(&csv).and_then(|_| self.jsonl.persist(&jsonl)).map_err(|err| err.error).and_then(|_| {
            Ok(rustix::fs::open(&dir, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()).and_then(rustix::fs::fsync)?)
        });
        placed.map_err(|err| {
            remove(&dir, stem);
            cannot(&dir, err)
        })
    }
}

/// `DIR/STEM.csv` and `DIR/STEM.jsonl`.
pub fn names(dir: &Path, stem: &str) -> [PathBuf; 2] {
    [dir.join(format!("{stem}.csv")), dir.join(format!("{stem}.jsonl"))]
}

/// Files that go on from `position` or beyond it and were not `tried` by this destination were made by another
/// database, or by this one before a backup was put back: neither over them nor beside them is anything written.
pub fn not_there(dir: &Path, name: &str, position: i64, tried: &[i64]) -> Result<(), Trouble> {
    let unseen = |err| Trouble::io(format!("what is in {} cannot be listed: nothing was exported", dir.display())).because(err);
    let entries = fs::read_dir(dir).map_err(unseen)?;
    let is_foreign = |path: &PathBuf| {
        let Some((from, to)) = path.file_name().and_then(|file| file.to_str()).and_then(|file| span(file, name)) else { return false };
        to > position && !(from == position && tried.contains(&to))
    };
    match entries.flatten().map(|entry| entry.path()).find(is_foreign) {
        None => Ok(()),
        Some(path) => Err(Trouble::io(format!("{} is there already: nothing was exported", path.display()))
            .hint("was a backup put back, or does another database write here? move the file away, or give another directory")),
    }
}

/// `crm-0-7.csv` of `crm` → `(0, 7)`.
fn span(file: &str, name: &str) -> Option<(i64, i64)> {
    let stem = file.strip_suffix(".csv").or(file.strip_suffix(".jsonl"))?;
    let (from, to) = stem.strip_prefix(name)?.strip_prefix('-')?.split_once('-')?;
    Some((from.parse().ok()?, to.parse().ok()?))
}

/// Takes a pair of files away, as far as it is there.
pub fn remove(dir: &Path, stem: &str) {
    let [csv, jsonl] = names(dir, stem);
    // The one that says that all is there goes first.
    let _ = fs::remove_file(jsonl);
    let _ = fs::remove_file(csv);
}

/// Whether there is a directory to write to.
pub fn directory(dir: &Path) -> Result<(), Trouble> {
    let shown = dir.display();
    match fs::metadata(dir) {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => Err(Trouble::io(format!("{shown} is not a directory: nothing was exported"))),
        Err(err) if err.kind() == io::ErrorKind::NotFound => {
            Err(Trouble::io(format!("there is no directory {shown}: nothing was exported")).hint("make it first"))
        }
        Err(err) => Err(cannot(dir, err)),
    }
}

fn prefix(name: &str) -> String {
    format!(".{name}.")
}

/// What a killed run left. A directory that cannot be listed keeps it.
fn clear(dir: &Path, name: &str) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let file = entry.file_name();
        let is_part = file.to_str().is_some_and(|file| file.starts_with(&prefix(name)) && file.ends_with(PART));
        if is_part && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn cannot(dir: &Path, err: io::Error) -> Trouble {
    let shown = dir.display();
    let says = match err.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => format!("the disk of {shown} is full: nothing was exported"),
        io::ErrorKind::NotFound => format!("{shown} is no longer there: nothing was exported"),
        _ => format!("{shown} cannot be written to: nothing was exported"),
    };
    Trouble::io(says).because(err)
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests read what was written")]
mod tests {
    use super::*;

    fn listed(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(dir)
            .expect("a directory")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("text"))
            .collect();
        names.sort();
        names
    }

    #[test]
    fn both_files_or_neither() {
        let temp = tempfile::tempdir().expect("a directory");
        let dir = temp.path();
        let begun = || {
            let mut delivery = Delivery::begin(dir, "crm").expect("begun");
            delivery.write("a\n", "{}\n").expect("written");
            delivery
        };
        drop(begun());
        assert_eq!(listed(dir), [""; 0], "given up: nothing stays");
        begun().finish().expect("on disk").place("crm-0-7").expect("placed");
        assert_eq!(listed(dir), ["crm-0-7.csv", "crm-0-7.jsonl"]);
        let texts = names(dir, "crm-0-7").map(|path| fs::read_to_string(path).expect("text"));
        assert_eq!(texts, ["a\n", "{}\n"]);
        // The second name is taken by a directory, which no file replaces.
        fs::create_dir(dir.join("crm-7-9.jsonl")).expect("a directory");
        let err = begun().finish().expect("on disk").place("crm-7-9").expect_err("its name is taken");
        assert!(err.says.contains("cannot be written to: nothing was exported"), "{}", err.says);
        assert_eq!(listed(dir), ["crm-0-7.csv", "crm-0-7.jsonl", "crm-7-9.jsonl"], "the first is taken back");
    }

    #[test]
    fn what_a_killed_run_left_goes_and_nothing_else_does() {
        let temp = tempfile::tempdir().expect("a directory");
        for name in [".crm.abc.part", ".crm-2.abc.part", ".crm.part.txt", "crm.part", ".other.x.part"] {
            fs::write(temp.path().join(name), "half").expect("a file");
        }
        drop(Delivery::begin(temp.path(), "crm").expect("begun"));
        assert_eq!(listed(temp.path()), [".crm-2.abc.part", ".crm.part.txt", ".other.x.part", "crm.part"]);
    }

    #[test]
    fn a_directory_that_vanishes_or_was_never_there_is_named() {
        let temp = tempfile::tempdir().expect("a directory");
        let dir = temp.path().join("out");
        let says = |result: Result<(), Trouble>| result.expect_err("no directory").says;
        assert!(says(directory(&dir)).starts_with("there is no directory"));
        fs::write(temp.path().join("file"), "").expect("a file");
        assert!(says(directory(&temp.path().join("file"))).contains("is not a directory"));
        fs::create_dir(&dir).expect("a directory");
        let delivery = Delivery::begin(&dir, "crm").expect("begun");
        fs::remove_dir_all(&dir).expect("gone");
        assert!(says(delivery.finish().expect("the files are open").place("crm-0-1")).contains("is no longer there"));
        assert!(!dir.exists());
    }

    #[test]
    fn a_shared_directory_lets_its_group_read() {
        let temp = tempfile::tempdir().expect("a directory");
        for (mode, wanted) in [(0o755, 0o600), (0o2770, 0o640)] {
            fs::set_permissions(temp.path(), Permissions::from_mode(mode)).expect("set");
            Delivery::begin(temp.path(), "crm").and_then(Delivery::finish).and_then(|whole| whole.place("crm-0-1")).expect("placed");
            let found = fs::metadata(temp.path().join("crm-0-1.csv")).expect("it").mode() & 0o777;
            assert_eq!(found, wanted, "{mode:o}");
        }
    }
}
