//! Which bytes are to be read in, and may they be?

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::domain::import::Rows;
use crate::domain::text;
use crate::domain::trouble::{Failure, Trouble};

/// The most that is taken from standard input, which has no size of its own.
const PIPED_MAX: u64 = 4 << 30;

/// Bytes that can be read twice: faults of the file are found before its first row is used.
pub enum Source {
    File(BufReader<File>),
    Cells(Cursor<Vec<u8>>),
}

impl Source {
    /// The rows of a file (`-` is standard input), or cells from a clipboard. `database`: the
    /// database itself is never opened beside SQLite, because closing it again would drop the locks.
    pub fn open(rows: &Rows, database: &Path) -> Result<Source, Failure> {
        match rows {
            Rows::Cells(text) => Ok(Source::Cells(Cursor::new(text.clone().into_bytes()))),
            Rows::File(name) if name == "-" => Ok(Source::File(BufReader::new(spool()?))),
            Rows::File(name) => Ok(Source::File(BufReader::with_capacity(1 << 16, regular(&expand(name), database)?))),
        }
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Source::File(file) => file.read(buffer),
            Source::Cells(cells) => cells.read(buffer),
        }
    }
}

impl Seek for Source {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Source::File(file) => file.seek(to),
            Source::Cells(cells) => cells.seek(to),
        }
    }
}

/// The name by which problems and the journal call the rows.
pub fn name(rows: &Rows) -> String {
    match rows {
        Rows::File(name) if name == "-" => "standard input".to_owned(),
        Rows::File(name) => text::clean_line(name),
        Rows::Cells(_) => "pasted cells".to_owned(),
    }
}

/// The last part of a path: what the undo line calls an import.
pub fn short(name: &str) -> &str {
    name.rsplit('/').next().filter(|last| !last.is_empty()).unwrap_or(name)
}

/// `~/` is what one types where no shell expands it.
fn expand(name: &str) -> PathBuf {
    match (name.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(name),
    }
}

/// A regular file. A pipe is refused, not waited for.
fn regular(path: &Path, database: &Path) -> Result<File, Failure> {
    let shown = text::clean_line(&path.to_string_lossy());
    let on_a_pc = shown.contains(":\\");
    let cannot = |err: io::Error| {
        let trouble = Trouble::io(format!("{shown} cannot be read")).because(err);
        Failure::from(if on_a_pc { trouble.hint("that is a file of your PC: send it to this machine first, as with scp") } else { trouble })
    };
    let found = fs::metadata(path).map_err(cannot)?;
    if let Some(what) = unreadable(&found) {
        return Err(Trouble::data(format!("{shown} is {what}, not a file to import")).into());
    }
    let is = |path: &Path| fs::metadata(path).is_ok_and(|other| (other.dev(), other.ino()) == (found.dev(), found.ino()));
    for suffix in ["", "-wal", "-shm"] {
        let mut name = database.as_os_str().to_owned();
        name.push(suffix);
        if is(Path::new(&name)) {
            return Err(Trouble::data(format!("{shown} is the database itself")).into());
        }
    }
    let flags = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or_default();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(cannot)?;
    match file.metadata() {
        Ok(found) if found.is_file() => Ok(file),
        Ok(_) => Err(Trouble::data(format!("{shown} was replaced while it was opened")).into()),
        Err(err) => Err(cannot(err)),
    }
}

/// Standard input in a nameless file that goes with the process. It comes only once, and is opened
/// again for each look at its rows; one look ends before the next begins, so they may share a place.
fn spool() -> Result<File, Failure> {
    static SPOOLED: OnceLock<File> = OnceLock::new();
    let cannot = |err: io::Error| Failure::from(Trouble::io("standard input cannot be kept while it is read").because(err));
    if let Some(mut file) = SPOOLED.get() {
        file.seek(SeekFrom::Start(0)).map_err(cannot)?;
        return file.try_clone().map_err(cannot);
    }
    let mut file = tempfile::tempfile().map_err(cannot)?;
    let copied = io::copy(&mut io::stdin().lock().take(PIPED_MAX), &mut file).map_err(cannot)?;
    if copied == PIPED_MAX {
        return Err(Trouble::data("standard input is longer than 4 GiB").hint("split it").into());
    }
    file.seek(SeekFrom::Start(0)).map_err(cannot)?;
    let again = file.try_clone().map_err(cannot)?;
    let _ = SPOOLED.set(again);
    Ok(file)
}

fn unreadable(found: &Metadata) -> Option<&'static str> {
    let kind = found.file_type();
    match kind {
        _ if kind.is_file() => None,
        _ if kind.is_dir() => Some("a directory"),
        _ if kind.is_fifo() => Some("a pipe"),
        _ if kind.is_socket() => Some("a socket"),
        _ => Some("a device"),
    }
}
