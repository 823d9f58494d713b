//! Does the store hold over whole histories: made up at random, of several writers, of old files?

#![allow(clippy::disallowed_methods, reason = "tests copy closed files")]

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use rusqlite::Connection;
use rusqlite::types::Value as Sql;

use crate::domain::event::Kind;
use crate::domain::facts::Facts;
use crate::domain::value::Value;
use crate::store::fixture::{Place, command, subject, who};
use crate::store::schema::SCHEMA;
use crate::store::{Access, CommitError, Limits, Lookup, Scope, Store};

const RECORDS: u128 = 4;
const DUMP: &str = include_str!("../../tests/old-databases/v1.sql");
const DUMP_2: &str = include_str!("../../tests/old-databases/v2.sql");
const DUMP_3: &str = include_str!("../../tests/old-databases/v3.sql");

#[derive(Clone, Debug)]
enum Step {
    /// Person, record, which fields, a value.
    Touch(u32, u128, u8, u8),
    Undo(u32, Scope),
    Redo(u32, Scope),
    Import(u32),
}

fn step() -> impl Strategy<Value = Step> {
    let scope = || prop_oneof![Just(Scope::Session), Just(Scope::Person)];
    prop_oneof![
        6 => (1..3_u32, 1..=RECORDS, 0..32_u8, 0..4_u8).prop_map(|(by, n, fields, value)| Step::Touch(by, n, fields, value)),
        3 => (1..3_u32, scope()).prop_map(|(by, scope)| Step::Undo(by, scope)),
        2 => (1..3_u32, scope()).prop_map(|(by, scope)| Step::Redo(by, scope)),
        1 => (1..3_u32).prop_map(Step::Import),
    ]
}

/// Every row of the queue as people see it: versions count undos too.
fn shown(store: &Store) -> Vec<Facts> {
    let mut rows = Vec::new();
    store.slice(0, 1000, &mut |_, facts| rows.push(Facts { version: 0, ..facts })).expect("a read");
    rows.sort_by_key(|facts| facts.subject);
    rows
}

fn touch(place: &mut Place, by: u32, n: u128, which: u8, value: u8) -> Result<(), CommitError> {
    let record = place.record(n);
    let word = format!("value {value}");
    let mut fields: Vec<(&str, Value)> = Vec::new();
    for (bit, field) in ["ball", "owner", "number"].into_iter().enumerate() {
        if which >> bit & 1 == 1 {
            fields.push((field, if value == 0 { Value::Nothing } else { word.clone().into() }));
        }
    }
    if which & 8 != 0 {
        fields.push(("note", word.clone().into()));
    }
    if which & 16 != 0 {
        fields.push(("status", Value::map([("from", record.value("status").clone()), ("to", word.into())])));
    }
    // What an undo took away is opened by a redo only.
    let kind = if record.version == 0 { Kind::Open } else { Kind::Touch };
    let set = place.set(by, n, kind, &fields);
    place.commit(by, &set).map(|_| ())
}

/// One step; `Ok(true)` when it was one that an undo takes back.
fn run(place: &mut Place, step: &Step, imports: &mut u128) -> Result<bool, CommitError> {
    match *step {
        Step::Touch(by, n, which, value) => touch(place, by, n, which, value).map(|()| true),
        Step::Undo(by, scope) => place.undo(by, scope).map(|_| false),
        Step::Redo(by, scope) => place.redo(by, scope).map(|_| false),
        Step::Import(by) => {
            *imports += 10;
            place.import(by, *imports..*imports + 3, 2);
            Ok(true)
        }
    }
}

fn author(step: &Step) -> u32 {
    match *step {
        Step::Touch(by, ..) | Step::Undo(by, _) | Step::Redo(by, _) | Step::Import(by) => by,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_history_is_its_fold_and_every_step_can_be_undone_and_done_again(steps in prop::collection::vec(step(), 1..16)) {
        let mut place = Place::new();
        let mut imports = 1000;
        for step in &steps {
            let before = (place.store.position().expect("a read"), shown(&place.store));
            let done = run(&mut place, step, &mut imports);
            prop_assert_eq!(place.store.check().expect("a check"), Vec::<String>::new(), "after {:?}", step);
            let after = shown(&place.store);
            match done {
                Err(CommitError::Refused(_)) => {
                    prop_assert_eq!((place.store.position().expect("a read"), after), before, "a refusal changes nothing: {:?}", step);
                }
                Err(other) => prop_assert!(false, "{:?}: {:?}", step, other),
                Ok(false) => {}
                Ok(true) => {
                    place.undo(author(step), Scope::Session).expect("nobody changed it since");
                    prop_assert_eq!(shown(&place.store), before.1, "undo of {:?}", step);
                    place.redo(author(step), Scope::Person).expect("nobody changed it since");
                    prop_assert_eq!(shown(&place.store), after, "redo of {:?}", step);
                }
            }
        }
        place.clean();
    }
}

#[test]
fn several_writers_lose_nothing_and_overwrite_nothing() {
    let mut place = Place::new();
    place.open(1, 1, &[]);
    place.open(1, 2, &[]);
    let path = place.path.clone();
    let each = 15;
    let done: Vec<(usize, usize)> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..4_u128)
            .map(|writer| {
                let path = path.as_path();
                scope.spawn(move || write(path, writer, each))
            })
            .collect();
        writers.into_iter().map(|writer| writer.join().expect("no panic")).collect()
    });
    let (saved, stale) = done.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    assert_eq!(saved + stale, 4 * each);
    assert!(saved >= each, "somebody always gets through");
    assert_eq!(place.store.position(), Ok(2 + i64::try_from(saved).expect("a small number")));
    let notes = [1, 2].map(|n| place.store.application(subject(n)).expect("a read").expect("it").notes().count());
    assert_eq!(notes[0] + notes[1], saved, "every acknowledged note is there, once");
    place.clean();
}

/// Sends `each` touches planned on what this connection reads; how many were saved, how many came too
/// late.
fn write(path: &Path, writer: u128, each: usize) -> (usize, usize) {
    let mut store = Store::open(path, Access::Write).expect("the database");
    let (mut saved, mut stale) = (0, 0);
    for turn in 0..each {
        let n = 1 + (turn % 2) as u128;
        let record = store.record(subject(n)).expect("a read").expect("it");
        let change = crate::domain::change::Change {
            subject: subject(n),
            of: crate::domain::event::Of::Application,
            expects: Some(record.version),
            needs_reference: false,
            fields: [("note".to_owned(), record.write("note", format!("{writer} {turn}").into()))].into(),
        };
        let set = crate::domain::change::ChangeSet {
            command: command(1 << 40 | writer << 20 | turn as u128),
            kind: Kind::Touch,
            on: crate::store::fixture::today(),
            undoes: None,
            changes: vec![change],
            did: String::new(),
            playbook: String::new(),
        };
        match store.commit(&set, &who(1), 9_000, [5; 16]) {
            Ok(_) => saved += 1,
            Err(CommitError::Stale(_)) => stale += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    (saved, stale)
}

#[test]
fn a_database_of_version_1_opens_and_is_whole() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("old.db");
    let conn = Connection::open(&path).expect("a file");
    conn.execute_batch(DUMP).expect("the dump");
    drop(conn);
    let store = Store::open(&path, Access::Write).expect("an old database");
    assert_eq!(store.check(), Ok(vec![]));
    assert_eq!((store.count(), store.position()), (Ok(5), Ok(10)));
    assert_eq!(store.lookup("a-1001"), Ok(Lookup::One(subject(1))));
    let known = store.imported("portal", &["K11"]).expect("a read").remove(0).expect("imported");
    assert_eq!((known.subject, &known.values["site"]), (subject(11), &Value::text("site 11")));
    let first = store.application(subject(1)).expect("a read").expect("it");
    assert_eq!((first.site(), first.status(), first.ball(), first.notes().count()), ("12 Elm St", "submitted", "", 1));
}

#[test]
fn a_database_of_version_1_has_nothing_to_settle_and_gets_its_likeness_marks() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("old.db");
    let conn = Connection::open(&path).expect("a file");
    conn.execute_batch(DUMP).expect("the dump");
    drop(conn);
    let store = Store::open(&path, Access::Write).expect("an old database");
    assert_eq!((store.offers(), store.pairs()), (Ok(vec![]), Ok(vec![])));
    drop(store);
    // The dump's records have neither meter nor whole address. One that has, as version 1 kept it.
    let mut place = Place::new();
    for n in [1, 2] {
        place.open(1, n, &[("meter_number", "M-4471".into()), ("address", "12 Oak St".into()), ("zip", "97201".into())]);
    }
    place.open(1, 3, &[("site", "3 Oak St".into())]);
    let marks = |conn: &Connection| -> Vec<(i64, Vec<u8>)> {
        let mut found = conn.prepare("SELECT mark, subject FROM likeness ORDER BY mark, subject").expect("a query");
        found.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows").collect::<Result<_, _>>().expect("marks")
    };
    let wanted = marks(&place.store.conn);
    assert_eq!(wanted.len(), 6, "meter, address, and house with town, of two");
    place.store.conn.execute_batch(
        "DROP TABLE written; DROP TABLE words; DROP TABLE words_upto; DROP INDEX application_project; ALTER TABLE application DROP COLUMN matter; DROP TABLE destination; DROP TABLE offer; DROP TABLE likeness; CREATE INDEX alias_subject ON alias(subject); CREATE INDEX imported_subject ON imported(subject); PRAGMA user_version = 1",
    ).expect("a database of version 1");
    let Place { dir: _dir, path, store, .. } = place;
    drop(store);
    let store = Store::open(&path, Access::Write).expect("an old database");
    assert_eq!((marks(&store.conn), store.offers()), (wanted, Ok(vec![])));
    assert_eq!(store.pairs().map(|pairs| pairs.len()), Ok(1));
    assert_eq!(store.check(), Ok(vec![]));
}

#[test]
fn a_database_of_version_2_opens_and_no_destination_was_told_anything() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("old.db");
    let conn = Connection::open(&path).expect("a file");
    conn.execute_batch(DUMP_2).expect("the dump");
    drop(conn);
    let mut store = Store::open(&path, Access::Write).expect("an old database");
    assert_eq!(store.about().schema, SCHEMA);
    assert_eq!((store.check(), store.count(), store.position()), (Ok(vec![]), Ok(7), Ok(13)));
    assert_eq!((store.offers().map(|offers| offers.len()), store.pairs().map(|pairs| pairs.len())), (Ok(1), Ok(1)));
    assert_eq!(store.destinations(), Ok(vec![]));
    let sent = crate::store::Sent { name: "crm", from: 0, to: 13, directory: "/srv/crm", applications: 7 };
    store.sending(&sent, &who(1), 5_000).and_then(|()| store.sent(&sent, &who(1), 5_000)).expect("the new table takes it");
    assert_eq!(store.destination("crm").map(|found| found.map(|found| found.position)), Ok(Some(13)));
    assert_eq!(store.check(), Ok(vec![]));
}

#[test]
fn a_database_of_version_5_opens_and_its_words_are_taken_in_anew() {
    let mut place = Place::new();
    place.open(1, 1, &[("city", "Salem".into())]);
    place.touch(1, 1, &[("note", Value::List(vec!["gate code".into(), "dog in the yard".into()]))]);
    while place.store.index_words(100).expect("it indexes") {}
    // As version 5 left it: the note of two lines is in no index, and where words were written neither.
    place
        .store
        .conn
        .execute_batch("DROP TABLE written; INSERT INTO words(words) VALUES('delete-all'); PRAGMA user_version = 5")
        .expect("a database of version 5");
    let Place { dir: _dir, path, store, .. } = place;
    drop(store);
    let mut store = Store::open(&path, Access::Write).expect("an old database");
    assert_eq!((store.about().schema, store.words_upto()), (SCHEMA, Ok(0)));
    let found = |store: &Store, words: &str| {
        store.said(words, &Limits::NONE).map(|found| found.said.iter().map(|one| one.line.clone()).collect::<Vec<_>>())
    };
    for _ in 0..2 {
        assert_eq!(found(&store, "dog"), Ok(vec!["dog in the yard".to_owned()]));
        assert_eq!(found(&store, "salem"), Ok(vec!["city Salem".to_owned()]));
        while store.index_words(100).expect("it indexes") {}
        assert_eq!(store.words_upto(), store.position());
    }
    assert_eq!(store.check(), Ok(vec![]));
}

#[test]
fn a_database_of_version_3_opens_and_its_rows_have_what_clocks_look_at() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("old.db");
    let conn = Connection::open(&path).expect("a file");
    conn.execute_batch(DUMP_3).expect("the dump");
    drop(conn);
    let store = Store::open(&path, Access::Write).expect("an old database");
    assert_eq!(store.about().schema, SCHEMA);
    assert_eq!((store.check(), store.count(), store.position()), (Ok(vec![]), Ok(7), Ok(13)));
    let rows = store.facts(&[subject(10)]).expect("a read");
    let wanted = Facts::of(&store.application(subject(10)).expect("a read").expect("it")).expect("a row");
    assert_eq!(rows, [Some(wanted)]);
}

/// Makes the dump of the present schema in `tests/old-databases`. One that was released is never made
/// again: it is what databases out there look like.
#[test]
#[ignore = "only for a new version of the schema"]
fn write_the_dump() {
    let mut place = Place::new();
    place.open(1, 1, &[("site", "12 Elm St".into()), ("status", Value::map([("from", Value::Nothing), ("to", "intake".into())]))]);
    place.open(2, 2, &[("number", "PGE-77".into())]);
    place.touch(
        1,
        1,
        &[("status", Value::map([("from", "intake".into()), ("to", "submitted".into())])), ("note", "sent \"it\"\nJörg".into())],
    );
    place.touch(1, 1, &[("ball", "utility".into())]);
    place.undo(1, Scope::Session).expect("an undo");
    place.import(2, 10..13, 2);
    place.touch(3, 2, &[("legal_hold", true.into())]);
    place.touch(3, 2, &[("legal_hold", false.into())]);
    for n in [3, 4] {
        place.open(1, n, &[("meter_number", "M-4471".into()), ("address", "12 Oak St".into()), ("zip", "97201".into())]);
    }
    let theirs = Value::map([("site", "site 11, unit B".into())]);
    let known = Value::map([("key", "K11".into()), ("offers", theirs), ("values", Value::map([("site", "site 11".into())]))]);
    place.touch(2, 11, &[("import.portal", known)]);
    place.clean();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/old-databases/v{SCHEMA}.sql"));
    fs::write(path, dump(&place.store.conn)).expect("the dump");
}

/// As SQL text: tables, rows, then what looks at rows.
fn dump(conn: &Connection) -> String {
    let objects = |which: &str| -> Vec<(String, String)> {
        let sql = format!("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND type {which} ORDER BY rowid");
        let mut found = conn.prepare(&sql).expect("a query");
        found.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows").collect::<Result<_, _>>().expect("texts")
    };
    let mut text = format!("PRAGMA application_id = 1767139685;\nPRAGMA user_version = {SCHEMA};\nBEGIN;\n");
    for (name, sql) in objects("= 'table'") {
        text += &format!("{sql};\n");
        let mut found = conn.prepare(&format!("SELECT * FROM {name}")).expect("a query");
        let columns = found.column_count();
        let mut rows = found.query([]).expect("rows");
        while let Some(row) = rows.next().expect("a row") {
            let values: Vec<String> = (0..columns)
                .map(|idx| match row.get(idx).expect("a value") {
                    Sql::Null => "NULL".to_owned(),
                    Sql::Integer(number) => number.to_string(),
                    Sql::Real(number) => number.to_string(),
                    Sql::Text(text) => format!("'{}'", text.replace('\'', "''")),
                    Sql::Blob(bytes) => format!("x'{}'", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()),
                })
                .collect();
            text += &format!("INSERT INTO {name} VALUES({});\n", values.join(", "));
        }
    }
    for (_, sql) in objects("<> 'table'") {
        text += &format!("{sql};\n");
    }
    text + "COMMIT;\n"
}
