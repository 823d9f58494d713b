//! How do rows get from a file into the database? The way of `intake`, with the store at its other end.

pub mod alike;
pub mod look;
pub mod settle;
pub mod source;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::mpsc::{self, SyncSender};
use std::thread;

use self::source::Source;
use super::now;
use crate::domain::application::Application;
use crate::domain::change::{Change, ChangeSet};
use crate::domain::day::Day;
use crate::domain::event::Kind;
use crate::domain::id::{CommandId, SubjectId};
use crate::domain::import::{Candidate, Order, Report, Rows, source_of};
use crate::domain::likeness::Traits;
use crate::domain::playbook::Playbook;
use crate::domain::trouble::{Failure, Problem, Trouble};
use crate::domain::value::Value;
use crate::intake::merge::Terms;
use crate::intake::plan::{self, CHUNK, Found, Outside, Prepared, Stopped};
use crate::intake::row::Row;
use crate::intake::sheet::{self, Sheet};
use crate::intake::table::Table;
use crate::store::{Store, Who};

/// How many likely duplicates are looked at closely in one import: each is a record read and folded.
const LOOKED_AT: usize = 20_000;
/// Batches of rows that are read ahead.
const AHEAD: usize = 2;

/// What an import knows beside its order.
#[derive(Clone, Copy)]
pub struct How<'a> {
    pub who: &'a Who,
    pub playbook: &'a Playbook,
    pub today: Day,
    pub command: CommandId,
    pub dry_run: bool,
}

/// Rows that are sound as a whole and wait to be compared. Made without the store, so that nobody
/// waits for a large file to be looked over.
pub struct Opened {
    order: Order,
    name: String,
    table: Table<Source>,
}

/// Every fault of the file and of the profile is found here, before anything is written.
pub fn open(order: Order, today: Day, database: &Path) -> Result<Opened, Failure> {
    let name = source::name(&order.rows);
    let source = Source::open(&order.rows, database)?;
    let table = reading(|| sheet::open(&name, source, &order.profile, today))??;
    Ok(Opened { order, name, table })
}

/// The thread on which a file is taken apart.
const READING: &str = "reading";

/// Takes a file apart on a thread of its own. The library that reads workbooks panics on some damaged
/// ones; `intake` makes a problem of that, and by the thread's name the panic hook knows that it is
/// nobody's news.
fn reading<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    let cannot = || Failure::from(Trouble::io("the file could not be read on a thread of its own"));
    thread::scope(|scope| {
        let thread = thread::Builder::new().name(READING.to_owned()).spawn_scoped(scope, work).map_err(|_| cannot())?;
        thread.join().map_err(|_| cannot())
    })
}

/// Whether this is such a thread.
pub fn is_reading() -> bool {
    thread::current().name() == Some(READING)
}

/// Keeps what such a thread says of a panic off standard error.
pub fn hush() {
    let loud = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !is_reading() {
            loud(panic);
        }
    }));
}

/// Reads the rows in, chunk by chunk. `go_on` is told how many of how many rows were read, and may
/// say that it is enough; between two calls nobody else waits for more than one chunk. The store is
/// borrowed only inside of a step, so that `go_on` may use it.
pub fn bring(
    store: &RefCell<Store>,
    opened: Opened,
    how: &How<'_>,
    go_on: &mut dyn FnMut(usize, usize) -> ControlFlow<()>,
) -> Result<Report, Box<Stopped>> {
    let failed = |failure: Failure| Box::new(Stopped { report: Report::default(), failure: Some(failure) });
    let Opened { order, name, table } = opened;
    let mut sheet = Sheet::new(&name, table, &order.profile, how.today).map_err(|problems| failed(problems.into()))?;
    if !order.all_new {
        known_at_all(store, &mut sheet, &order, &name).map_err(failed)?;
    }
    let days = spread(order.spread, how);
    let terms = Terms { file: &name, profile: &order.profile, workflow: &how.playbook.workflow, today: how.today, follow_ups: &days };
    let of = sheet.rows();
    // One thread reads rows while this one compares and writes: each is about half of the work.
    let (sheet, brought) = thread::scope(|scope| {
        let (send, rows) = mpsc::sync_channel(AHEAD);
        let (terms, is_first) = (&terms, !store.borrow().knows_source(&order.profile.source).unwrap_or(true));
        let reading = scope.spawn(move || read(sheet, how.playbook, is_first.then_some(terms), &send));
        let brought = drive(store, &order, how, rows.into_iter().flatten(), terms, &mut |done| go_on(done, of));
        (reading.join(), brought)
    });
    let Ok(sheet) = sheet else {
        return Err(failed(Trouble::data(format!("{name} could not be read to its end")).into()));
    };
    brought.map(|report| sheet.remark(report)).map_err(|mut stopped| {
        stopped.report = sheet.remark(std::mem::take(&mut stopped.report));
        stopped
    })
}

/// Rows that were read ahead.
type Batch = Vec<Result<Prepared, Problem>>;

/// Reads row after row until the end, or until nobody wants more. `terms`: the source is met for the
/// first time, so that the rows are most likely new.
fn read<'p>(mut sheet: Sheet<'p, Source>, playbook: &Playbook, terms: Option<&Terms<'_>>, send: &SyncSender<Batch>) -> Sheet<'p, Source> {
    let mut utilities = Utilities { playbook, known: HashMap::new() };
    let mut prepare = |row: Row| match (utilities.by_its_name(row), terms) {
        (row, Some(terms)) => Prepared::fresh(row, terms),
        (row, None) => row.into(),
    };
    loop {
        let batch: Batch = std::iter::from_fn(|| sheet.next_row().transpose()).map(|row| row.map(&mut prepare)).take(CHUNK).collect();
        let is_last = batch.len() < CHUNK || batch.last().is_some_and(Result::is_err);
        if send.send(batch).is_err() || is_last {
            return sheet;
        }
    }
}

fn drive(
    store: &RefCell<Store>,
    order: &Order,
    how: &How<'_>,
    rows: impl Iterator<Item = Result<Prepared, Problem>>,
    terms: &Terms<'_>,
    go_on: &mut dyn FnMut(usize) -> ControlFlow<()>,
) -> Result<Report, Box<Stopped>> {
    let source = &terms.profile.source;
    // A first import has nobody to be like but itself.
    let alone = store.borrow().count().is_ok_and(|count| count == 0);
    let met_before = store.borrow().knows_source(source).unwrap_or(true);
    let left = Cell::new(LOOKED_AT);
    let set = |changes: Vec<Change>| ChangeSet {
        command: how.command,
        kind: Kind::Import,
        on: how.today,
        undoes: None,
        changes,
        did: format!("import of {}", source::short(terms.file)),
        playbook: how.playbook.name.clone(),
    };
    let mut outside = Outside {
        known: &mut |keys| {
            if !met_before {
                return Ok(vec![None; keys.len()]);
            }
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            Ok(store.borrow().imported(source, &keys)?)
        },
        // Numbers that two rows of the file share, the plan finds itself.
        find: &mut |candidate| if alone { Ok(Found::New) } else { find(&store.borrow(), order, candidate) },
        alike: &mut |candidate| if alone { Ok(Vec::new()) } else { alike(&store.borrow(), candidate, &left) },
        // Pasted cells are never all that there is.
        gone: &mut |is_there| match order.rows {
            Rows::Cells(_) => Ok(Vec::new()),
            Rows::File(_) => Ok(store.borrow().imported_but(source, is_there)?),
        },
        application: &mut |subject| Ok(store.borrow().application(subject)?),
        new_id: &mut || SubjectId(now::fresh()),
        commit: &mut |changes| {
            if how.dry_run {
                return Ok(());
            }
            store.borrow_mut().commit_all(set(changes), how.who, now::millis(), now::seed()).map(|_| ()).map_err(Failure::from)
        },
        go_on,
    };
    plan::import(rows, terms, &mut outside)
}

/// A source that was read before and of which this file has not one key: its key column is another
/// one in every export, and all rows would come in a second time.
fn known_at_all(store: &RefCell<Store>, sheet: &mut Sheet<'_, Source>, order: &Order, file: &str) -> Result<(), Failure> {
    let (store, profile) = (store.borrow(), &order.profile);
    if !store.knows_source(&profile.source)? {
        return Ok(());
    }
    let mut keys: Vec<String> = Vec::new();
    loop {
        let key = sheet.next_key()?;
        let is_last = key.is_none();
        keys.extend(key);
        if keys.len() == CHUNK || is_last {
            let asked: Vec<&str> = keys.iter().map(String::as_str).collect();
            if store.imported(&profile.source, &asked)?.iter().any(Option::is_some) {
                break;
            }
            keys.clear();
        }
        if is_last {
            return Err(Problem {
                file: file.to_owned(),
                column: profile.key.join(" / "),
                read: format!("nothing that matched the last import of {}", profile.source),
                wanted: "a column that names the same row in every export; if all rows are new on purpose: --all-new".to_owned(),
                ..Problem::default()
            }
            .into());
        }
    }
    sheet.rewind()?;
    Ok(())
}

/// The application that has one of the row's numbers, of the same utility and lane as far as both
/// say one; where no number is met, the one with its meter or account.
fn find(store: &Store, order: &Order, candidate: &Candidate) -> Result<Found, Failure> {
    let text = |field: &str| candidate.values.get(field).and_then(Value::as_text).unwrap_or_default();
    let same = |application: &Application, field: &str| {
        let (ours, theirs) = (application.text(field).unwrap_or_default(), text(field));
        ours.is_empty() || theirs.is_empty() || ours.eq_ignore_ascii_case(theirs)
    };
    let of = |subjects: Vec<SubjectId>| -> Result<Vec<Application>, Failure> {
        let mut met: Vec<Application> = Vec::new();
        for subject in subjects {
            if met.iter().all(|other| other.id != subject) {
                met.extend(store.application(subject)?.filter(|one| same(one, "utility") && same(one, "lane")));
            }
        }
        Ok(met)
    };
    let numbers: Vec<(&str, &str)> =
        order.profile.find.iter().map(|field| (field.as_str(), text(field))).filter(|(_, number)| !number.is_empty()).collect();
    let mut met = of(store.numbered(&numbers)?)?;
    if met.is_empty() && numbers.iter().any(|(field, _)| matches!(*field, "meter_number" | "account_number")) {
        let only = Traits::of(|field| numbers.iter().find(|(name, _)| *name == field).map(|(_, number)| *number));
        met = of(store.marked_alike(&only)?.into_iter().map(|(subject, _)| subject).collect())?;
    }
    Ok(match met.as_slice() {
        [] => Found::New,
        [one] => match key_of(one, &order.profile.source) {
            Some(key) => Found::Taken { reference: one.reference().to_owned(), key },
            None => Found::Here(one.id),
        },
        several => Found::Several(several.iter().map(|application| application.reference().to_owned()).collect()),
    })
}

/// Under which key the source knows an application already.
fn key_of(application: &Application, source: &str) -> Option<String> {
    let registers = application.registers.iter().filter(|(name, _)| source_of(name) == Some(source));
    registers.filter_map(|(_, register)| register.value.get("key").and_then(Value::as_text)).next().map(ToOwned::to_owned)
}

/// Applications that are likely the same as a new row: reference and reason.
fn alike(store: &Store, candidate: &Candidate, left: &Cell<usize>) -> Result<Vec<(String, String)>, Failure> {
    let traits = Traits::of(|field| candidate.values.get(field).and_then(Value::as_text));
    let found = alike::of_traits(store, &traits, left.get())?;
    left.set(left.get().saturating_sub(found.len()));
    Ok(found.into_iter().map(|(application, likeness)| (application.reference().to_owned(), likeness.because)).collect())
}

/// The next business days, as many as the order spreads its rows over.
fn spread(days: u32, how: &How<'_>) -> Vec<Day> {
    let calendar = &how.playbook.calendar;
    (1..=days).filter_map(|n| calendar.add(how.today, n)).collect()
}

/// A utility that the process book knows by another spelling gets its name there, as when it is
/// typed; one that nobody knows stays as the file has it.
struct Utilities<'a> {
    playbook: &'a Playbook,
    /// By what the file says; a file has few of them, in many rows.
    known: HashMap<String, Option<&'a str>>,
}

impl Utilities<'_> {
    fn by_its_name(&mut self, row: Row) -> Row {
        let Row::Candidate(mut candidate) = row else { return row };
        if let Some(Value::Text(name)) = candidate.values.get_mut("utility") {
            if !self.known.contains_key(name) {
                let found = self.playbook.utility(name).map(|utility| utility.name.as_str());
                self.known.insert(name.clone(), found);
            }
            if let Some(known) = self.known[name.as_str()] {
                known.clone_into(name);
            }
        }
        Row::Candidate(candidate)
    }
}
