//! Takes a command back or does it again, as a new command behind the same gate.

use crate::domain::change::ChangeSet;
use crate::domain::event::Kind;
use crate::domain::hold;
use crate::domain::id::CommandId;
use crate::domain::record::Record;
use crate::domain::trouble::Refusal;
use crate::domain::undo::{self, Done, Way};

use super::chain::Salts;
use super::commit::{Manner, Writing};
use super::{Act, CommitError, Committed, Scope, Store, command};

/// Subjects per transaction when an import is taken back: others wait for one chunk, not for all.
const CHUNK: usize = 500;

/// What taking an import back left.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Left {
    changed: usize,
    /// Reference, and who changed it since.
    kept: Vec<(String, String)>,
}

/// What an undone import left.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct UndoneImport {
    pub undone: usize,
    /// Rows that stay: reference, and who changed them since.
    pub kept: Vec<(String, String)>,
    /// The journal's length after it.
    pub position: i64,
    /// The words for the undo line.
    pub did: String,
}

impl Store {
    /// Takes back the last command of this session or of this person: the whole of it, or nothing.
    /// An import is taken back as far as nobody changed its rows since.
    pub fn undo(&mut self, scope: Scope, act: &Act<'_>) -> Result<Committed, CommitError> {
        self.turn(Way::Undo, scope, act)
    }

    /// Does again what was taken back last, unless something new was done since.
    pub fn redo(&mut self, scope: Scope, act: &Act<'_>) -> Result<Committed, CommitError> {
        self.turn(Way::Redo, scope, act)
    }

    /// What `undo` would take back now, in the words of the undo line.
    pub fn undoable(&self, scope: Scope, who: &super::Who) -> Result<Option<String>, crate::domain::trouble::Trouble> {
        Ok(undo::undoable(&command::stack(&self.conn, who, scope)?).map(|done| done.did.clone()))
    }

    fn turn(&mut self, way: Way, scope: Scope, act: &Act<'_>) -> Result<Committed, CommitError> {
        if let Some(known) = command::find(&self.conn, act.command)?.filter(|known| !known.unfinished) {
            return self.again(act, &known.did);
        }
        let mut salts = Salts::new(act.seed);
        let whole = self.writing(act.who, act.millis, |writing| {
            let done = pick(way, scope, writing)?;
            if done.kind == Kind::Import {
                return Ok(Err(done));
            }
            let set = plan(writing, way, &done, act)?;
            writing.write(&set, &mut salts, Manner::Whole).map(Ok)
        })?;
        match whole {
            Ok(committed) => Ok(committed),
            Err(import) => {
                let undone = self.turn_import(way, &import, act, &mut |_, _| {})?;
                Ok(Committed { facts: Vec::new(), position: undone.position, did: undone.did, kept: undone.kept })
            }
        }
    }

    /// The first answer to a command that is in the journal already.
    fn again(&mut self, act: &Act<'_>, did: &str) -> Result<Committed, CommitError> {
        let set = ChangeSet {
            command: act.command,
            kind: Kind::Undo,
            on: act.today,
            undoes: None,
            changes: Vec::new(),
            did: did.to_owned(),
            playbook: act.playbook.to_owned(),
        };
        self.commit(&set, act.who, act.millis, act.seed)
    }

    /// Takes an import back, row by row, as far as nobody changed them since; `progress` is told how
    /// many rows of how many were looked at. After an interruption it goes on where it stopped.
    pub fn undo_import(
        &mut self,
        import: CommandId,
        act: &Act<'_>,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<UndoneImport, CommitError> {
        let row = command::find(&self.conn, import)?.filter(|row| row.kind == Some(Kind::Import));
        let row = row.ok_or_else(|| Refusal::new("there is no such import"))?;
        self.turn_import(Way::Undo, &Done { command: import, kind: Kind::Import, did: row.did, undone_at: None }, act, progress)
    }

    fn turn_import(
        &mut self,
        way: Way,
        import: &Done,
        act: &Act<'_>,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<UndoneImport, CommitError> {
        let row = command::find(&self.conn, import.command)?.ok_or_else(|| Refusal::new("there is no such import"))?;
        let rows = command::subjects(&self.conn, import.command, &row, 0, usize::MAX)?;
        let name = command::interrupted(&self.conn, import.command, way)?;
        let resumed = name.is_some();
        let mut set = ChangeSet {
            command: name.unwrap_or(act.command),
            kind: way.kind(),
            on: act.today,
            undoes: Some(import.command),
            changes: Vec::new(),
            did: way.did(&import.did),
            playbook: act.playbook.to_owned(),
        };
        let mut salts = Salts::new(act.seed);
        let mut left = Left::default();
        for (chunk, looked) in rows.chunks(CHUNK).zip((1..).map(|chunks| chunks * CHUNK)) {
            self.writing(act.who, act.millis, |writing| {
                set.changes.clear();
                for (_, subject) in chunk {
                    add(writing, way, import.command, *subject, &mut set, &mut left)?;
                }
                left.changed += set.changes.len();
                writing.write(&set, &mut salts, Manner::Chunk { unfinished: true })
            })?;
            progress(looked.min(rows.len()), rows.len());
        }
        if left.changed == 0 && !resumed {
            let refusal = Refusal::new(format!("nothing of it can be {}: {}", if way == Way::Undo { "taken back" } else { "done again" }, import.did));
            return Err(left.kept.iter().take(20).fold(refusal, |refusal, (reference, by)| refusal.because(format!("{reference}: {by}"))).into());
        }
        let kept = if left.kept.is_empty() { String::new() } else { format!(" ({} rows stay: they were changed since)", left.kept.len()) };
        let did = format!("{}{kept}", set.did);
        self.writing(act.who, act.millis, |writing| Ok(command::finish(writing.conn, set.command, &did)?))?;
        Ok(UndoneImport { undone: left.changed, kept: left.kept, position: self.position()?, did })
    }
}

/// The command that is meant, or that there is none.
fn pick(way: Way, scope: Scope, writing: &Writing<'_>) -> Result<Done, CommitError> {
    let stack = command::stack(writing.conn, writing.who, scope)?;
    let found = match way {
        Way::Undo => undo::undoable(&stack),
        Way::Redo => undo::redoable(&stack),
    };
    let whose = match scope {
        Scope::Session => "in this session",
        Scope::Person => "of yours",
    };
    let none = match way {
        Way::Undo => format!("there is nothing {whose} to undo"),
        Way::Redo => format!("there is nothing {whose} to redo"),
    };
    found.cloned().ok_or_else(|| Refusal::new(none).into())
}

/// The change set that takes the whole command back or does all of it again.
fn plan(writing: &Writing<'_>, way: Way, done: &Done, act: &Act<'_>) -> Result<ChangeSet, CommitError> {
    let mut set = ChangeSet {
        command: act.command,
        kind: way.kind(),
        on: act.today,
        undoes: Some(done.command),
        changes: Vec::new(),
        did: way.did(&done.did),
        playbook: act.playbook.to_owned(),
    };
    let Some(row) = command::find(writing.conn, done.command)? else { return Ok(set) };
    let mut blocks = Vec::new();
    for (_, subject) in command::subjects(writing.conn, done.command, &row, 0, usize::MAX)? {
        let events = writing.store.events(subject)?;
        match undo::change(way, &events, done.command) {
            Ok(change) => set.changes.extend(change),
            Err(blocked) => blocks.push((undo::reference(&events), blocked)),
        }
    }
    let Some((reference, blocked)) = blocks.first() else { return Ok(set) };
    let name = if reference.is_empty() { String::new() } else { format!("{reference}: ") };
    let mut refusal = Refusal::new(format!("{name}{} changed {} since: nothing was {}", blocked.by, blocked.field, past(way)));
    for (reference, blocked) in &blocks {
        refusal = refusal.because(format!("{reference}: {} changed {}", blocked.by, blocked.field));
    }
    Err(refusal.because(format!("it was: {}", done.did)).hint(format!("intertie history {reference}")).into())
}

fn past(way: Way) -> &'static str {
    match way {
        Way::Undo => "undone",
        Way::Redo => "redone",
    }
}

/// One row of an import: a change, or the reason why it stays.
fn add(
    writing: &Writing<'_>,
    way: Way,
    import: CommandId,
    subject: crate::domain::id::SubjectId,
    set: &mut ChangeSet,
    left: &mut Left,
) -> Result<(), CommitError> {
    let events = writing.store.events(subject)?;
    match undo::change(way, &events, import) {
        Ok(None) => {}
        Ok(Some(change)) => {
            if hold::refuses(&Record::fold(subject, change.of, &events), &change) {
                left.kept.push((undo::reference(&events), "a legal hold".to_owned()));
            } else {
                set.changes.push(change);
            }
        }
        Err(blocked) => left.kept.push((undo::reference(&events), blocked.by)),
    }
    Ok(())
}
