//! Runs another program: found by its absolute path, never through a shell, with a time limit, its
//! output capped.

use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use super::{now, pages};

/// How long one copy may take in all, whatever programs it runs.
pub const PATIENCE: Duration = Duration::from_secs(2);
/// No answer that we ask for is longer.
const OUTPUT_MAX: u64 = 4 << 20;

/// The program of that name in a list of directories as `PATH` has them. A relative directory is
/// skipped: what lies where one happens to stand is not a program that one meant.
pub fn find_in(name: &str, path: &OsStr) -> Option<PathBuf> {
    let runs = |file: &Path| file.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0);
    std::env::split_paths(path).filter(|dir| dir.is_absolute()).map(|dir| dir.join(name)).find(|file| runs(file))
}

pub fn find(name: &str) -> Option<PathBuf> {
    find_in(name, &std::env::var_os("PATH")?)
}

/// Gives `input` to a program and waits for its answer, at most until then: a program that hangs is
/// ended. An exit code other than 0 is an error.
pub fn ask(program: &Path, arguments: &[&str], input: &[u8], until: Instant) -> io::Result<Vec<u8>> {
    in_time(until)?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = pages::not_for_others(&mut command).spawn()?;
    feed(&mut child, input);
    let (answer, wait) = channel();
    if let Some(out) = child.stdout.take() {
        thread::Builder::new().name("answer".to_owned()).spawn(move || {
            let mut bytes = Vec::new();
            let _ = answer.send(out.take(OUTPUT_MAX).read_to_end(&mut bytes).map(|_| bytes));
        })?;
    }
    let answer = wait.recv_timeout(until.saturating_duration_since(now::instant()));
    finish(&mut child, until)?;
    answer.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
}

/// Gives `input` to a program that may go on in the background after it has read it.
pub fn give(program: &Path, arguments: &[&str], input: &[u8], until: Instant) -> io::Result<()> {
    in_time(until)?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    // Where we lead the session (a window of tmux, `xterm -e`) our end hangs up on our whole group, and
    // it would go with us.
    let mut child = pages::not_for_others(command.process_group(0)).spawn()?;
    feed(&mut child, input);
    finish(&mut child, until)
}

/// A program that would be ended at once is not started.
fn in_time(until: Instant) -> io::Result<()> {
    if now::instant() < until { Ok(()) } else { Err(io::ErrorKind::TimedOut.into()) }
}

/// On a thread of its own: a program that does not read must not hold us up.
fn feed(child: &mut Child, input: &[u8]) {
    if let Some(mut stdin) = child.stdin.take() {
        let input = input.to_owned();
        let _ = thread::Builder::new().name("input".to_owned()).spawn(move || stdin.write_all(&input));
    }
}

/// Waits for the end of `child`, kills it when the time is over.
fn finish(child: &mut Child, until: Instant) -> io::Result<()> {
    loop {
        if let Some(status) = child.try_wait()? {
            return if status.success() { Ok(()) } else { Err(io::Error::other(format!("it ended with {status}"))) };
        }
        if now::instant() >= until {
            let _ = child.kill();
            let _ = child.wait();
            return Err(io::ErrorKind::TimedOut.into());
        }
        thread::sleep(Duration::from_millis(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_by_absolute_path_only() {
        assert_eq!(find_in("sh", OsStr::new(".:/nowhere:/bin")), Some(PathBuf::from("/bin/sh")));
        assert_eq!(find_in("sh", OsStr::new("bin:.:")), None);
        assert_eq!(find_in("passwd", OsStr::new("/etc")), None, "a file that cannot be run is no program");
    }

    #[test]
    fn answers_come_back_and_failures_are_told() {
        let cat = find("cat").expect("cat is everywhere");
        let soon = || now::instant() + PATIENCE;
        let large = vec![b'x'; 300_000];
        assert_eq!(ask(&cat, &[], &large, soon()).expect("answered"), large);
        assert!(ask(&find("false").expect("false is everywhere"), &[], b"", soon()).is_err());
        let sleep = find("sleep").expect("sleep is everywhere");
        assert_eq!(ask(&sleep, &["60"], &large, soon()).map_err(|err| err.kind()), Err(io::ErrorKind::TimedOut));
        assert_eq!(ask(&cat, &[], &large, now::instant()).map_err(|err| err.kind()), Err(io::ErrorKind::TimedOut));
    }
}
