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
use super::{Act, CommitError, Committed, Scope, Store, command, pragmas};

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
            writing.write(set, &mut salts, Manner::Whole).map(Ok)
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
        pragmas::widen(&self.conn)?;
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
                writing.write(set.clone(), &mut salts, Manner::Chunk { unfinished: true })
            })?;
            progress(looked.min(rows.len()), rows.len());
        }
        if left.changed == 0 && !resumed {
            let refusal = Refusal::new(format!(
                "nothing of it can be {}: {}",
                if way == Way::Undo { "taken back" } else { "done again" },
                import.did
            ));
            return Err(left
                .kept
                .iter()
                .take(20)
                .fold(refusal, |refusal, (reference, by)| refusal.because(format!("{reference}: {by}")))
                .into());
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::facts::Facts;
    use crate::domain::id::SubjectId;
    use crate::domain::trouble::Failure;
    use crate::domain::value::Value;
    use crate::store::fixture::{Place, command, imported, subject, today, who};

    fn moved(from: &str, to: &str) -> Value {
        let from = if from.is_empty() { Value::Nothing } else { from.into() };
        Value::map([("from", from), ("to", to.into())])
    }

    /// What a person sees: the version counts the undo too.
    fn shown(place: &Place, n: u128) -> Option<Facts> {
        let facts = place.store.facts(&[subject(n)]).expect("a read").remove(0);
        facts.map(|facts| Facts { version: 0, ..facts })
    }

    #[track_caller]
    fn refused(result: Result<Committed, CommitError>) -> String {
        Failure::from(result.expect_err("a refusal")).says()
    }

    #[test]
    fn undo_and_redo_give_back_every_step() {
        let mut place = Place::new();
        let mut states = vec![shown(&place, 1)];
        place.open(1, 1, &[("status", moved("", "intake")), ("site", "12 Elm St".into())]);
        states.push(shown(&place, 1));
        for fields in [
            &[("status", moved("intake", "submitted")), ("ball", "utility".into()), ("note", "sent".into())][..],
            &[("ball", "customer".into()), ("follow_up", "2026-12-01T14:00".into())],
            &[("ball", Value::Nothing), ("note", vec_of(&["one", "two"]))],
        ] {
            place.touch(1, 1, fields);
            states.push(shown(&place, 1));
        }
        for round in 0..2 {
            for step in (0..states.len() - 1).rev() {
                place.undo(1, Scope::Session).expect("an undo");
                assert_eq!(shown(&place, 1), states[step], "round {round}: back to step {step}");
            }
            assert_eq!(refused(place.undo(1, Scope::Session)), "there is nothing in this session to undo");
            for (step, state) in states.iter().enumerate().skip(1) {
                place.redo(1, Scope::Session).expect("a redo");
                assert_eq!(shown(&place, 1), *state, "round {round}: again step {step}");
            }
            assert_eq!(refused(place.redo(1, Scope::Session)), "there is nothing in this session to redo");
        }
        place.clean();
    }

    fn vec_of(texts: &[&str]) -> Value {
        Value::List(texts.iter().map(|text| Value::text(*text)).collect())
    }

    #[test]
    fn an_undone_status_counts_its_days_from_where_it_did() {
        let mut place = Place::new();
        let mut set = place.set(1, 1, Kind::Open, &[("status", moved("", "intake"))]);
        set.on = crate::domain::day::parse_day("2026-10-01").expect("a constant");
        place.commit(1, &set).expect("an opening");
        place.touch(1, 1, &[("status", moved("intake", "submitted"))]);
        place.undo(1, Scope::Session).expect("an undo");
        assert_eq!(shown(&place, 1).and_then(|facts| facts.entered), Some(set.on));
    }

    #[test]
    fn a_later_change_by_somebody_else_stands_in_the_way() {
        let mut place = Place::new();
        place.open(1, 1, &[("status", moved("", "intake"))]);
        place.touch(1, 1, &[("ball", "utility".into()), ("owner", "jdoe".into())]);
        place.touch(2, 1, &[("ball", "customer".into())]);
        let before = (place.store.position(), shown(&place, 1));
        assert_eq!(refused(place.undo(1, Scope::Session)), "A-1001: asmith changed waiting on since: nothing was undone");
        assert_eq!((place.store.position(), shown(&place, 1)), before, "nothing was written");
        place.undo(2, Scope::Session).expect("their own");
        place.undo(1, Scope::Session).expect("now it is free");
        let facts = shown(&place, 1).expect("an application");
        assert_eq!((facts.ball.as_str(), facts.owner.as_str()), ("", ""));
        place.touch(2, 1, &[("note", "a note of somebody else".into())]);
        assert_eq!(
            refused(place.undo(1, Scope::Session)),
            "A-1001: asmith changed note since: nothing was undone",
            "an opening takes all with it"
        );
        place.clean();
    }

    #[test]
    fn a_redo_overwrites_nothing_either() {
        let mut place = Place::new();
        place.open(1, 1, &[]);
        place.touch(1, 1, &[("ball", "utility".into())]);
        place.undo(1, Scope::Session).expect("an undo");
        place.touch(2, 1, &[("ball", "customer".into())]);
        assert_eq!(refused(place.redo(1, Scope::Session)), "A-1001: asmith changed waiting on since: nothing was redone");
        place.undo(2, Scope::Session).expect("their own");
        place.redo(1, Scope::Session).expect("a redo");
        assert_eq!(shown(&place, 1).expect("an application").ball, "utility");
        place.undo(1, Scope::Session).expect("an undo");
        place.touch(1, 1, &[("owner", "jdoe".into())]);
        assert_eq!(refused(place.redo(1, Scope::Session)), "there is nothing in this session to redo", "something new was done");
        place.clean();
    }

    #[test]
    fn one_command_of_several_records_is_undone_whole_or_not() {
        let mut place = Place::new();
        place.open(1, 1, &[]);
        place.open(1, 2, &[]);
        let mut set = place.set(1, 1, Kind::Touch, &[("ball", "us".into())]);
        let other = place.set(1, 2, Kind::Touch, &[("ball", "us".into())]);
        set.changes.extend(other.changes);
        place.commit(1, &set).expect("a change of two");
        place.touch(2, 2, &[("ball", "customer".into())]);
        assert_eq!(refused(place.undo(1, Scope::Session)), "A-1002: asmith changed waiting on since: nothing was undone");
        assert_eq!(shown(&place, 1).expect("an application").ball, "us");
    }

    #[test]
    fn the_last_command_is_the_sessions_or_the_persons() {
        let mut place = Place::new();
        place.open(1, 1, &[]);
        let set = place.set(1, 1, Kind::Touch, &[("ball", "us".into())]);
        let elsewhere = super::super::Who { session: who(3).session, ..who(1) };
        place.store.commit(&set, &elsewhere, 5_000, [3; 16]).expect("another session of the same person");
        place.open(2, 2, &[]);
        assert_eq!(place.store.undoable(Scope::Session, &who(1)), Ok(Some("new: ".into())));
        let done = place.undo(1, Scope::Person).expect("an undo");
        assert_eq!((done.did.as_str(), done.facts.len()), ("took back: A-1001: ball", 1));
        assert_eq!(place.store.undoable(Scope::Person, &who(1)), Ok(Some("new: ".into())));
        assert_eq!(place.store.undoable(Scope::Person, &who(3)), Ok(None));
        let act = |id: u128| (command(id), who(1));
        let (id, me) = act(77);
        let again = Act { who: &me, command: id, today: today(), playbook: "", millis: 1, seed: [0; 16] };
        let first = place.store.undo(Scope::Person, &again).expect("an undo");
        assert_eq!(place.store.undo(Scope::Person, &again), Ok(first), "sent twice, done once");
        assert_eq!(shown(&place, 1), None);
        assert!(shown(&place, 2).is_some());
        place.clean();
    }

    #[test]
    fn an_undone_opening_takes_reference_and_numbers_and_redo_brings_the_same() {
        let mut place = Place::new();
        place.open(1, 1, &[("number", "PGE-77".into())]);
        place.undo(1, Scope::Session).expect("an undo");
        assert_eq!((place.store.count(), place.store.lookup("PGE-77")), (Ok(0), Ok(crate::store::Lookup::None)));
        assert_eq!(place.store.application(subject(1)), Ok(None));
        assert_eq!(place.open(2, 2, &[]), "A-1002", "a reference is given once");
        place.redo(1, Scope::Session).expect("a redo");
        assert_eq!(place.store.lookup("a-1001"), Ok(crate::store::Lookup::One(subject(1))));
        assert_eq!(place.store.lookup("pge-77"), Ok(crate::store::Lookup::One(subject(1))));
        place.clean();
    }

    #[test]
    fn an_import_is_taken_back_but_for_what_was_touched_since() {
        let mut place = Place::new();
        let import = place.import(1, 1..1202, 500);
        place.touch(2, 3, &[("note", "called them".into())]);
        place.touch(2, 700, &[("site", "another site".into())]);
        place.touch(2, 900, &[("ball", "us".into())]);
        place.undo(2, Scope::Session).expect("a touch that was undone is none");
        place.touch(3, 1100, &[("legal_hold", true.into())]);
        let (mut seen, me) = (Vec::new(), who(1));
        let act = Act { who: &me, command: command(9), today: today(), playbook: "", millis: 1, seed: [0; 16] };
        let undone = place.store.undo_import(import, &act, &mut |done, all| seen.push((done, all))).expect("an undo");
        assert_eq!(seen, [(500, 1201), (1000, 1201), (1201, 1201)]);
        assert_eq!(undone.undone, 1198);
        let kept: Vec<(&str, &str)> = undone.kept.iter().map(|(reference, by)| (reference.as_str(), by.as_str())).collect();
        assert_eq!(kept, [("A-1003", "asmith"), ("A-1700", "asmith"), ("A-2100", "bjones")]);
        assert_eq!((place.store.count(), place.store.imported_but("portal", &|_| false).map(|keys| keys.len())), (Ok(3), Ok(3)));
        place.clean();
        let done = place.redo(1, Scope::Session).expect("a redo");
        assert_eq!((place.store.count(), done.kept), (Ok(1201), vec![]));
        assert_eq!(place.store.imported("portal", &["K5"]).expect("a read")[0].as_ref().map(|known| known.subject), Some(subject(5)));
        place.clean();
    }

    #[test]
    fn an_interrupted_undo_of_an_import_goes_on_where_it_stopped() {
        let mut place = Place::new();
        let import = place.import(1, 1..1102, 500);
        let (me, stopped) = (who(1), command(8));
        // The first chunk, as a process that was killed afterwards would have left it.
        let row = command::find(&place.store.conn, import).expect("a read").expect("the import");
        let rows = command::subjects(&place.store.conn, import, &row, 0, CHUNK).expect("a read");
        let mut set = place.set(1, 1, Kind::Undo, &[]);
        set =
            ChangeSet { command: stopped, undoes: Some(import), changes: Vec::new(), did: "took back: import of queue.csv".into(), ..set };
        place
            .store
            .writing(&me, 1, |writing| {
                for (_, subject) in &rows {
                    add(writing, Way::Undo, import, *subject, &mut set, &mut Left::default())?;
                }
                writing.write(set, &mut Salts::new([0; 16]), Manner::Chunk { unfinished: true })
            })
            .expect("a chunk");
        assert_eq!(place.store.count(), Ok(601));
        place.clean();
        assert_eq!(place.store.undoable(Scope::Session, &me), Ok(Some("import of queue.csv".into())), "it still stands");
        let done = place.undo(1, Scope::Session).expect("the rest of it");
        assert_eq!((place.store.count(), done.kept), (Ok(0), vec![]));
        assert_eq!(refused(place.undo(1, Scope::Session)), "there is nothing in this session to undo");
        place.clean();
        place.redo(1, Scope::Session).expect("a redo");
        assert_eq!(place.store.count(), Ok(1101));
        place.clean();
    }

    #[test]
    fn the_same_file_can_come_in_again_after_an_undo() {
        let mut place = Place::new();
        place.import(1, 1..4, 500);
        place.undo(1, Scope::Session).expect("an undo");
        assert_eq!(place.store.imported("portal", &["K1"]), Ok(vec![None]));
        let mut set = place.set(1, 11, Kind::Import, &[]);
        let again = |n: u128| crate::domain::change::Change { subject: subject(n + 10), ..imported(n) };
        set.changes = (1..4).map(again).collect();
        place.commit(1, &set).expect("the file again");
        let known = place.store.imported("portal", &["K1"]).expect("a read").remove(0);
        assert_eq!(known.map(|known| known.subject), Some(subject(11)));
        let all: Vec<SubjectId> = (1..4).map(subject).collect();
        assert_eq!(place.store.facts(&all), Ok(vec![None; 3]));
        place.clean();
    }

    #[test]
    fn nothing_of_an_import_to_take_back_is_said() {
        let mut place = Place::new();
        place.import(1, 1..3, 500);
        for n in 1..3 {
            place.touch(2, n, &[("note", "mine".into())]);
        }
        assert_eq!(refused(place.undo(1, Scope::Session)), "nothing of it can be taken back: import of queue.csv");
        place.clean();
    }
}
