//! Is there a file that SQLite may open? Answered by `stat` alone.
//!
//! The database file itself is never opened but by SQLite: one `open` and `close` beside it drops
//! the process's locks, and a commit that was acknowledged can vanish.

use std::ffi::OsString;
use std::fs::{self, FileType, Metadata};
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};

use crate::domain::trouble::Trouble;

/// Filesystems on which SQLite's WAL loses data, by the kernel's magic numbers (linux/magic.h and
/// the filesystems' own headers). FUSE is among them because sshfs cannot be told from the rest.
const NETWORK: &[(u32, &str)] = &[
    (0x6969, "NFS"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB"),
    (0x517b, "SMB"),
    (0x6573_5546, "FUSE (sshfs and the like)"),
    (0x5346_414f, "AFS"),
    (0x6b41_4653, "AFS"),
    (0x00c3_6400, "Ceph"),
    (0x0bd0_0bd0, "Lustre"),
    (0x4750_4653, "GPFS"),
    (0x0116_1970, "GFS2"),
    (0x7461_636f, "OCFS2"),
    (0x0102_1997, "9P"),
    (0x7375_7245, "Coda"),
];

/// `PATH-lock`, `PATH-wal`: a file beside the database.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// The directory that a file is in.
pub(super) fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// The file's metadata, when it is one that may be opened as a database.
pub(super) fn examine(path: &Path) -> Result<Metadata, Trouble> {
    let shown = path.display();
    let found = match fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(err) if matches!(err.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Err(Trouble::config(format!("there is no database at {shown}")).hint("intertie init makes one"));
        }
        Err(err) => return Err(Trouble::io(format!("{shown} cannot be looked at")).because(err)),
    };
    if !found.file_type().is_file() {
        let what = kind(found.file_type());
        return Err(Trouble::data(format!("{shown} is {what}, not an intertie database")));
    }
    if found.nlink() > 1 {
        return Err(Trouble::data(format!("{shown} has more than one name (hard links): its -wal would be lost under one of them"))
            .hint("remove the other names, or copy it with intertie backup"));
    }
    Ok(found)
}

fn kind(what: FileType) -> &'static str {
    match what {
        _ if what.is_dir() => "a directory",
        _ if what.is_symlink() => "a symbolic link",
        _ if what.is_fifo() => "a pipe",
        _ if what.is_socket() => "a socket",
        _ => "a device",
    }
}

/// Refuses a directory on a network filesystem. The directory is opened first, because that is what
/// makes an automounter mount.
pub(super) fn local(dir: &Path) -> Result<(), Trouble> {
    let cannot = |err: rustix::io::Errno| Trouble::io(format!("{} cannot be looked at", dir.display())).because(io::Error::from(err));
    let opened = rustix::fs::open(dir, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()).map_err(cannot)?;
    // The type's width differs between machines; the magic number is 32 bits on all of them.
    let magic = rustix::fs::fstatfs(&opened).map_err(cannot)?.f_type as u32;
    refuse(dir, magic)
}

fn refuse(dir: &Path, magic: u32) -> Result<(), Trouble> {
    match NETWORK.iter().find(|(number, _)| *number == magic) {
        None => Ok(()),
        Some((_, name)) => Err(Trouble::config(format!("{} is on a network filesystem, {name}: SQLite loses data there", dir.display()))
            .hint("keep the database on a local disk of the machine that everybody logs in to")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_filesystems_are_refused_by_name_and_local_ones_are_not() {
        let dir = Path::new("/srv/queue");
        for (magic, name) in NETWORK {
            let err = refuse(dir, *magic).expect_err("a network filesystem");
            assert!(err.says.contains(name) && err.says.contains("/srv/queue"), "{}", err.says);
            assert_eq!(err.kind, crate::domain::trouble::Kind::Config);
        }
        for ours in [0xef53_u32, 0x0102_1994, 0x9123_683e, 0x5846_5342] {
            assert_eq!(refuse(dir, ours), Ok(()), "ext4, tmpfs, btrfs, xfs");
        }
    }

    #[test]
    fn a_file_without_a_directory_is_in_this_one() {
        assert_eq!(directory(Path::new("queue.db")), Path::new("."));
        assert_eq!(directory(Path::new("/srv/queue.db")), Path::new("/srv"));
        assert_eq!(beside(Path::new("/srv/queue.db"), "-lock"), Path::new("/srv/queue.db-lock"));
    }
}
