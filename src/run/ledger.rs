//! Where does a person's book of keys and seconds lie? One private file of lines in the state directory,
//! written by a thread of its own: a slow home directory must not hold up the next key.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use super::paths;
use crate::domain::day::Day;
use crate::domain::ledger::Entry;
use crate::domain::trouble::Trouble;

/// A book of more bytes is nobody's work.
const MOST: u64 = 64 << 20;
/// Beyond this the lines that are told of no more are dropped.
const LARGE: u64 = 1 << 20;

enum Order {
    Write(Entry),
    Read,
}

/// The loop's end of it.
pub struct Ledger {
    orders: Sender<Order>,
}

/// The file, in the user's state directory. What is tried on a demo is kept apart.
pub fn file(demo: bool) -> Result<PathBuf, Trouble> {
    Ok(paths::state()?.join(if demo { "ledger-demo" } else { "ledger" }))
}

/// The lines that can be read; none when there is no file yet.
pub fn read(file: &Path) -> Result<Vec<Entry>, Trouble> {
    match paths::read_text(file, MOST) {
        Ok(text) => Ok(text.lines().filter_map(Entry::read).collect()),
        Err(err) if err.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(err) => Err(Trouble::io(format!("{} cannot be read", file.display())).because(err)),
    }
}

impl Ledger {
    /// Without a place for it nothing is kept: it is nobody's work that is lost.
    pub fn start(file: PathBuf, today: Day, answer: impl Fn(Vec<Entry>) + Send + 'static) -> io::Result<Ledger> {
        let (orders, work) = channel();
        thread::Builder::new().name("ledger".to_owned()).spawn(move || run(&file, today, &work, &answer))?;
        Ok(Ledger { orders })
    }

    pub fn write(&self, entry: Entry) {
        let _ = self.orders.send(Order::Write(entry));
    }

    /// Whoever started it gets the answer.
    pub fn read(&self) {
        let _ = self.orders.send(Order::Read);
    }
}

fn run(file: &Path, today: Day, work: &Receiver<Order>, answer: &dyn Fn(Vec<Entry>)) {
    let _ = drop_old(file, today);
    while let Ok(order) = work.recv() {
        match order {
            Order::Write(entry) => _ = append(file, &entry),
            Order::Read => answer(read(file).unwrap_or_default()),
        }
    }
}

/// One write of one line: lines of two sessions never mix.
fn append(file: &Path, entry: &Entry) -> io::Result<()> {
    let mut book = OpenOptions::new().append(true).create(true).mode(0o600).open(file)?;
    book.write_all(entry.line().as_bytes())
}

fn drop_old(file: &Path, today: Day) -> Result<(), Trouble> {
    let large = fs::metadata(file).is_ok_and(|found| found.len() > LARGE);
    if large {
        let kept: String = read(file)?.iter().filter(|entry| entry.is_recent(today)).map(Entry::line).collect();
        paths::replace(file, kept.as_bytes()).map_err(|err| Trouble::io("the ledger cannot be written").because(err))?;
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests read and write the file itself")]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::testing::{day, today};

    #[test]
    fn lines_are_kept_privately_and_bad_ones_passed_over() {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("ledger");
        let (done, wait) = channel();
        let ledger = Ledger::start(file.clone(), today(), move |entries| done.send(entries).expect("the test waits")).expect("a thread");
        let entry = Entry { on: day("2026-11-20"), what: "note".to_owned(), keys: 3, millis: 900 };
        ledger.write(entry.clone());
        ledger.read();
        assert_eq!(wait.recv_timeout(Duration::from_secs(10)), Ok(vec![entry.clone()]));
        append(&file, &entry).expect("a line");
        fs::write(&file, format!("cut\n{}", fs::read_to_string(&file).expect("text"))).expect("written");
        assert_eq!(read(&file), Ok(vec![entry.clone(), entry]));
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_large_book_loses_what_is_told_of_no_more() {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("ledger");
        let old = Entry { on: day("2025-01-02"), what: "note".to_owned(), keys: 3, millis: 900 };
        let new = Entry { on: today(), ..old.clone() };
        fs::write(&file, old.line().repeat(50_000) + &new.line()).expect("written");
        drop_old(&file, today()).expect("it drops");
        assert_eq!(read(&file), Ok(vec![new]));
    }
}
