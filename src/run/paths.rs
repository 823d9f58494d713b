//! Where does what lie? XDG directories, the site directory beside a database, private directories;
//! and who is at the keyboard.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use etcetera::{BaseStrategy, base_strategy::Xdg};
use rustix::fs::{Mode, OFlags};
use rustix::process;

use crate::domain::trouble::Trouble;

/// The longest settings file that is read.
const SETTINGS_MAX: u64 = 1 << 20;

/// Before anything else: no borrowed rights, and nothing we make is for others to read.
pub fn settle_process() -> Result<(), Trouble> {
    if process::getuid() != process::geteuid() || process::getgid() != process::getegid() {
        return Err(Trouble::config("intertie must not be installed set-uid or set-gid").hint("chmod ug-s the program"));
    }
    process::umask(Mode::from_raw_mode(0o077));
    Ok(())
}

/// The Unix user: number, and the name in the account database.
pub fn user() -> (u32, String) {
    let uid = process::getuid().as_raw();
    let name = uzers::get_user_by_uid(uid).and_then(|user| user.name().to_str().map(str::to_owned));
    (uid, name.unwrap_or_else(|| format!("uid-{uid}")))
}

fn base() -> Result<Xdg, Trouble> {
    Xdg::new().map_err(|err| Trouble::config("there is no home directory").because(err).hint("set HOME, or give --db"))
}

/// A drill's directory, in the place of all that are the user's own.
static SCRATCH: OnceLock<PathBuf> = OnceLock::new();

/// From now on every path below is inside `dir`: what is asked for once is asked for in many places, and none of them
/// may write beside a drill.
pub fn stay_in(dir: &Path) -> Result<(), Trouble> {
    SCRATCH.set(dir.to_owned()).map_err(|_| Trouble::io("this process has a drill already"))
}

/// Whether this is a drill: nothing of it may leave its directory.
pub fn is_drill() -> bool {
    SCRATCH.get().is_some()
}

/// The database when none is named.
pub fn database() -> Result<PathBuf, Trouble> {
    if let Some(dir) = SCRATCH.get() {
        return Ok(dir.join("drill.db"));
    }
    Ok(base()?.data_dir().join("intertie/intertie.db"))
}

/// `NAME.site` beside `NAME.db`: what the team overrides.
pub fn site(database: &Path) -> PathBuf {
    database.with_extension("site")
}

/// What the user overrides: keymaps, theme.
pub fn config() -> Result<PathBuf, Trouble> {
    if let Some(dir) = SCRATCH.get() {
        return Ok(dir.join("config"));
    }
    Ok(base()?.config_dir().join("intertie"))
}

/// Drafts. Made if it is not there, and closed to others.
pub fn state() -> Result<PathBuf, Trouble> {
    let dir = match SCRATCH.get() {
        Some(dir) => dir.join("state"),
        None => {
            let base = base()?;
            base.state_dir().unwrap_or_else(|| base.home_dir().join(".local/state")).join("intertie")
        }
    };
    private(&dir)?;
    Ok(dir)
}

/// What must not outlive the login, if the system has such a place; else the state directory.
pub fn runtime() -> Result<PathBuf, Trouble> {
    if !is_drill()
        && let Some(dir) = base()?.runtime_dir()
    {
        let dir = dir.join("intertie");
        if private(&dir).is_ok() {
            return Ok(dir);
        }
    }
    let dir = state()?.join("run");
    private(&dir)?;
    Ok(dir)
}

/// Makes a directory that only its owner can enter, or checks that this is one.
pub fn private(dir: &Path) -> Result<(), Trouble> {
    let shown = dir.display();
    let cannot = |err: io::Error| Trouble::io(format!("{shown} cannot be used for private files")).because(err);
    DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(cannot)?;
    let found = fs::symlink_metadata(dir).map_err(cannot)?;
    if !found.is_dir() || found.uid() != process::getuid().as_raw() {
        return Err(Trouble::io(format!("{shown} is not your own directory")).hint("remove it"));
    }
    if found.mode() & 0o077 != 0 {
        fs::set_permissions(dir, std::os::unix::fs::PermissionsExt::from_mode(0o700)).map_err(cannot)?;
    }
    Ok(())
}

/// Puts a private file in place of another, whole or not at all; on disk when it returns.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.new", process::getpid().as_raw_nonzero()));
    let temp = PathBuf::from(name);
    let written = (|| {
        let mut file = create_anew(&temp)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temp, path)
    })();
    if written.is_err() {
        let _ = fs::remove_file(&temp);
    }
    written
}

/// A private file that was not there before.
pub(super) fn create_anew(path: &Path) -> io::Result<fs::File> {
    let open = || OpenOptions::new().write(true).create_new(true).mode(0o600).custom_flags(no_follow()).open(path);
    match open() {
        // Left by a process of the same number that was killed.
        Err(err) if err.kind() == io::ErrorKind::AlreadyExists => {
            fs::remove_file(path)?;
            open()
        }
        other => other,
    }
}

fn no_follow() -> i32 {
    i32::try_from(OFlags::NOFOLLOW.bits()).unwrap_or_default()
}

/// Reads a regular file of at most `max` bytes that is valid text. A pipe is refused, not waited for.
pub fn read_text(path: &Path, max: u64) -> io::Result<String> {
    let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    let found = file.metadata()?;
    if !found.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let too_long = || io::Error::other(format!("it is longer than {max} bytes"));
    if found.len() > max {
        return Err(too_long());
    }
    let mut bytes = Vec::new();
    file.take(max.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max {
        return Err(too_long());
    }
    String::from_utf8(bytes).map_err(|_| io::Error::other("it is not UTF-8 text"))
}

/// Every `.toml` file below a directory: its name below it, and its text, sorted by name. A
/// directory that is not there has none; one that cannot be read is a fault, not an empty one.
pub fn toml_files(dir: &Path) -> Result<Vec<(PathBuf, String)>, Trouble> {
    let mut found = Vec::new();
    collect(dir, Path::new(""), 0, &mut found)?;
    found.sort();
    Ok(found)
}

fn collect(root: &Path, below: &Path, depth: usize, found: &mut Vec<(PathBuf, String)>) -> Result<(), Trouble> {
    let dir = root.join(below);
    let cannot = |path: &Path, err: io::Error| Trouble::config(format!("{} cannot be read", path.display())).because(err);
    let entries = match fs::read_dir(&dir) {
        Ok(entries) => entries,
        Err(err) if err.kind() == io::ErrorKind::NotFound && depth == 0 => return Ok(()),
        Err(err) => return Err(cannot(&dir, err)),
    };
    for entry in entries {
        let entry = entry.map_err(|err| cannot(&dir, err))?;
        let below = below.join(entry.file_name());
        let path = root.join(&below);
        if path.is_dir() {
            // Two levels are all that the shipped tree has: `playbooks/residential/`.
            if depth < 2 {
                collect(root, &below, depth + 1, found)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            let text = read_text(&path, SETTINGS_MAX).map_err(|err| cannot(&path, err))?;
            found.push((below, text));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn private_things_are_private_and_replaced_whole() {
        let temp = tempfile::tempdir().expect("a directory");
        let dir = temp.path().join("a/b");
        private(&dir).expect("made");
        fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).expect("opened to all");
        private(&dir).expect("closed again");
        assert_eq!(fs::metadata(&dir).expect("there").mode() & 0o777, 0o700);
        let file = dir.join("clip");
        for text in ["one", "two and more"] {
            replace(&file, text.as_bytes()).expect("written");
            assert_eq!(read_text(&file, 100).expect("read"), text);
        }
        assert_eq!(fs::metadata(&file).expect("there").mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(&dir).expect("read").count(), 1, "no temporary file stays");
        std::os::unix::fs::symlink(&dir, temp.path().join("link")).expect("linked");
        assert!(private(&temp.path().join("link")).is_err(), "somebody else may own what a link leads to");
    }

    #[test]
    fn only_short_regular_text_is_read() {
        let temp = tempfile::tempdir().expect("a directory");
        let file = temp.path().join("f");
        replace(&file, b"12345").expect("written");
        assert!(read_text(&file, 4).is_err_and(|err| err.to_string().contains("longer than 4")));
        replace(&file, b"\xff").expect("written");
        assert!(read_text(&file, 4).is_err_and(|err| err.to_string().contains("UTF-8")));
        assert!(read_text(temp.path(), 4).is_err());
        let pipe = temp.path().join("pipe");
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, Mode::RUSR, 0).expect("a pipe");
        assert!(read_text(&pipe, 4).is_err_and(|err| err.to_string().contains("regular")));
    }

    #[test]
    fn settings_are_found_below_a_directory() {
        let temp = tempfile::tempdir().expect("a directory");
        assert_eq!(toml_files(&temp.path().join("none")), Ok(Vec::new()));
        private(&temp.path().join("keymaps")).expect("made");
        replace(&temp.path().join("keymaps/mine.toml"), b"a = 1").expect("written");
        replace(&temp.path().join("theme.toml"), b"b = 1").expect("written");
        replace(&temp.path().join("notes.txt"), b"no").expect("written");
        let names: Vec<PathBuf> = toml_files(temp.path()).expect("read").into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, [PathBuf::from("keymaps/mine.toml"), PathBuf::from("theme.toml")]);
        assert_eq!(site(Path::new("/a/west.db")), Path::new("/a/west.site"));
    }
}
