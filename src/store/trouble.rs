//! What SQLite's errors mean, in plain sentences.

use rusqlite::{Error, ErrorCode, ffi};

use crate::domain::trouble::{Kind, Refusal, Trouble};

use super::CommitError;

impl From<Error> for Trouble {
    fn from(err: Error) -> Trouble {
        let Error::SqliteFailure(code, _) = &err else {
            return Trouble::data("the database holds something that this program never wrote")
                .because(&err)
                .hint("intertie check names what is wrong");
        };
        let trouble = match code.code {
            ErrorCode::DiskFull => {
                Trouble::io("the disk is full: nothing was written").hint("what was typed is kept; make room, then save again")
            }
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed => {
                Trouble::new(Kind::Busy, "somebody else is writing to the database: nothing was written").hint("try again")
            }
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied => {
                Trouble::io("the database may not be written: nothing was written")
                    .hint("the file, its -wal and -shm, and the directory must be writable for you")
            }
            ErrorCode::CannotOpen => {
                Trouble::io("the database cannot be opened").hint("the directory must be writable too, for its -wal and -shm")
            }
            ErrorCode::SystemIoFailure => Trouble::io("the disk failed: what was asked for did not happen"),
            ErrorCode::DatabaseCorrupt => Trouble::data("the database is damaged: nothing was written")
                .hint("keep the file with its -wal and -shm as they are, and restore the last backup to another place"),
            ErrorCode::NotADatabase => Trouble::data("this is not an intertie database"),
            ErrorCode::TooBig => Trouble::data("a value is longer than the database takes (4 MiB): nothing was written"),
            ErrorCode::ConstraintViolation if says(&err, "writer too old") => {
                Trouble::config("the database was upgraded: this intertie is too old to write to it").hint("start the new one")
            }
            _ => Trouble::new(
                if code.extended_code == ffi::SQLITE_ERROR { Kind::Data } else { Kind::Io },
                "the database refused the command",
            ),
        };
        trouble.because(err)
    }
}

fn says(err: &Error, words: &str) -> bool {
    err.to_string().contains(words)
}

impl From<Error> for CommitError {
    fn from(err: Error) -> CommitError {
        CommitError::Trouble(err.into())
    }
}

impl From<Trouble> for CommitError {
    fn from(trouble: Trouble) -> CommitError {
        CommitError::Trouble(trouble)
    }
}

impl From<Refusal> for CommitError {
    fn from(refusal: Refusal) -> CommitError {
        CommitError::Refused(refusal)
    }
}
