//! Is everything as it was written? SQLite's own check, the chain, and the fold against the tables.

use std::collections::HashMap;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::domain::application::Application;
use crate::domain::event::{Event, Of};
use crate::domain::id::SubjectId;
use crate::domain::record::Record;
use crate::domain::trouble::Trouble;

use super::chain::{self, Hash};
use super::derive::Rows;
use super::read::{EVENT, event_of, id};
use super::{Store, schema};

/// Findings that are named; more are only counted.
const NAMED: usize = 100;

#[derive(Default)]
struct Findings {
    named: Vec<String>,
    more: usize,
}

impl Findings {
    fn add(&mut self, finding: impl Into<String>) {
        if self.named.len() < NAMED {
            self.named.push(finding.into());
        } else {
            self.more += 1;
        }
    }
}

impl Store {
    /// Reads everything once, in one snapshot, a subject at a time. The answer is a sentence for
    /// each thing that is wrong; empty is what one hopes for.
    pub fn check(&self) -> Result<Vec<String>, Trouble> {
        let tx = Transaction::new_unchecked(&self.conn, TransactionBehavior::Deferred)?;
        let mut findings = Findings::default();
        pages(&tx, &mut findings)?;
        for difference in schema::differences(&tx)? {
            findings.add(difference);
        }
        journal(&tx, &mut findings)?;
        folds(&tx, &mut findings)?;
        strays(&tx, &mut findings)?;
        commands(&tx, &mut findings)?;
        if findings.more > 0 {
            findings.named.push(format!("and {} more", findings.more));
        }
        Ok(findings.named)
    }
}

fn pages(conn: &Connection, findings: &mut Findings) -> Result<(), Trouble> {
    let mut check = conn.prepare("PRAGMA integrity_check(100)")?;
    let mut rows = check.query([])?;
    while let Some(row) = rows.next()? {
        let says: String = row.get(0)?;
        if says != "ok" {
            findings.add(format!("the file is damaged: {says}"));
        }
    }
    Ok(())
}

/// Sequences without a gap, clocks that only go on, each event linked to the one before it, each
/// body what was hashed.
fn journal(conn: &Connection, findings: &mut Findings) -> Result<(), Trouble> {
    let mut replicas = conn.prepare("SELECT id, tag, max_seq, head, max_hlc FROM replica ORDER BY id")?;
    let mut heads = replicas.query([])?;
    while let Some(row) = heads.next()? {
        let (id, tag, max_seq, head, max_hlc): (i64, String, i64, Hash, i64) =
            (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
        let end = one_chain(conn, id, &tag, findings)?;
        if end != (max_seq, head, max_hlc) {
            findings.add(format!("replica {tag} ends at event {}, but its head says {max_seq}: events are missing or were added", end.0));
        }
    }
    Ok(())
}

fn one_chain(conn: &Connection, replica: i64, tag: &str, findings: &mut Findings) -> Result<(i64, Hash, i64), Trouble> {
    let sql = EVENT.replace(", e.pos ", ", e.pos, e.wv, e.bhash, e.hash ");
    let mut found = conn.prepare(&format!("{sql} WHERE e.replica = ?1 ORDER BY e.seq"))?;
    let mut rows = found.query([replica])?;
    let (mut seq, mut head, mut hlc): (i64, Hash, i64) = (0, [0; 32], 0);
    while let Some(row) = rows.next()? {
        let at: i64 = row.get(1)?;
        if at != seq + 1 {
            findings.add(format!("event {tag}:{} is missing (after {seq} comes {at})", seq + 1));
        }
        let (writer, body_hash, hash): (i64, Hash, Hash) = (row.get(12)?, row.get(13)?, row.get(14)?);
        if let Some(body) = row.get_ref(10)?.as_str_or_null().map_err(rusqlite::Error::from)?
            && chain::body_hash(body) != body_hash
        {
            findings.add(format!("event {tag}:{at}: its text is not what was written"));
        }
        match event_of(row) {
            Err(trouble) => findings.add(format!("event {tag}:{at}: {}", trouble.says)),
            Ok(event) => {
                let (on, undoes): (String, Option<Vec<u8>>) = (row.get(8)?, row.get(9)?);
                if event.on.to_string() != on || event.undoes.map(|command| command.bytes().to_vec()) != undoes {
                    findings.add(format!("event {tag}:{at}: its columns and its text disagree"));
                }
                if event.hlc.0 <= hlc {
                    findings.add(format!("event {tag}:{at}: its clock is not after the one before it"));
                }
                if chain::link(&head, &event, writer, &body_hash) != hash {
                    findings.add(format!("event {tag}:{at}: the chain breaks here (it, or one before it, was altered or moved)"));
                }
                hlc = hlc.max(event.hlc.0);
            }
        }
        (seq, head) = (at, hash);
    }
    Ok((seq, head, hlc))
}

/// Folds one subject after the other, and compares with the tables.
fn folds(conn: &Connection, findings: &mut Findings) -> Result<(), Trouble> {
    let mut found = conn.prepare(&format!("{EVENT} ORDER BY e.subject, e.hlc, e.replica, e.seq"))?;
    let mut rows = found.query([])?;
    let mut events: Vec<Event> = Vec::new();
    let mut references: HashMap<String, SubjectId> = HashMap::new();
    let mut counted = Counted::default();
    while let Some(row) = rows.next()? {
        // One that cannot be read was named by the chain.
        let Ok(event) = event_of(row) else { continue };
        if events.first().is_some_and(|first| first.subject != event.subject) {
            one_fold(conn, &mut events, &mut references, &mut counted, findings)?;
        }
        events.push(event);
    }
    one_fold(conn, &mut events, &mut references, &mut counted, findings)?;
    counted.compare(conn, findings)
}

/// How many rows each derived table has to have. One too many belongs to nobody, or to a record that
/// has let go of it.
#[derive(Default)]
struct Counted {
    rows: [usize; 5],
}

impl Counted {
    const TABLES: [(&str, &str); 5] = [
        ("application", "the queue"),
        ("alias", "the numbers"),
        ("imported", "the last import"),
        ("offer", "what is to be settled"),
        ("likeness", "what makes applications alike"),
    ];

    fn add(&mut self, rows: &Rows) {
        let counts = [usize::from(rows.facts.is_some()), rows.aliases.len(), rows.imported.len(), rows.offers.len(), rows.marks.len()];
        self.rows.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
    }

    fn compare(&self, conn: &Connection, findings: &mut Findings) -> Result<(), Trouble> {
        for ((table, says), wanted) in Counted::TABLES.iter().zip(self.rows) {
            let found: i64 = conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?;
            let wanted = i64::try_from(wanted).unwrap_or(i64::MAX);
            if found > wanted {
                findings.add(format!("{says}: {} rows more than the journal gives", found - wanted));
            }
        }
        Ok(())
    }
}

fn one_fold(
    conn: &Connection,
    events: &mut Vec<Event>,
    references: &mut HashMap<String, SubjectId>,
    counted: &mut Counted,
    findings: &mut Findings,
) -> Result<(), Trouble> {
    events.sort_by_key(|event| (event.hlc, event.id));
    let Some(first) = events.first() else { return Ok(()) };
    let (subject, of) = (first.subject, first.of);
    let record = Record::fold(subject, of, events.iter());
    events.clear();
    if of != Of::Application {
        return Ok(());
    }
    let wanted = Rows::of(&Application(record));
    let name = wanted.facts.as_ref().map_or_else(|| subject.to_string(), |facts| facts.reference.clone());
    for table in wanted.lacking(conn, subject)? {
        findings.add(format!("{name}: {table} does not say what the journal says"));
    }
    counted.add(&wanted);
    if let Some(facts) = wanted.facts
        && let Some(other) = references.insert(facts.reference.clone(), subject)
    {
        findings.add(format!("{}: two applications have this reference ({subject}, {other})", facts.reference));
    }
    Ok(())
}

/// Rows that no event made.
fn strays(conn: &Connection, findings: &mut Findings) -> Result<(), Trouble> {
    for (table, says) in [
        ("application", "the queue"),
        ("alias", "the numbers"),
        ("imported", "the last import"),
        ("offer", "what is to be settled"),
        ("likeness", "what makes it alike"),
    ] {
        let sql = format!(
            "SELECT DISTINCT subject FROM {table} t WHERE NOT EXISTS(SELECT 1 FROM event e WHERE e.subject = t.subject AND e.\"of\" = 'application')"
        );
        let mut found = conn.prepare(&sql)?;
        let mut rows = found.query([])?;
        while let Some(row) = rows.next()? {
            let subject = id(row, 0, SubjectId::from_slice)?;
            findings.add(format!("{subject}: {says} has it, the journal does not"));
        }
    }
    let sql = "SELECT r.tag FROM replica r WHERE r.last_reference < (SELECT max(CAST(substr(a.number, length(r.tag) + 2) AS INTEGER))
               FROM alias a WHERE a.source = 'reference' AND a.number >= lower(r.tag) || '-' AND a.number < lower(r.tag) || '.')";
    let mut found = conn.prepare(sql)?;
    let mut rows = found.query([])?;
    while let Some(row) = rows.next()? {
        findings.add(format!("replica {}: the next reference was given already", row.get::<_, String>(0)?));
    }
    Ok(())
}

/// Undo trusts the table of commands, so it must agree with the events.
fn commands(conn: &Connection, findings: &mut Findings) -> Result<(), Trouble> {
    let wrong = [
        (
            "SELECT e.pos FROM event e LEFT JOIN command c ON c.id = e.command
             WHERE c.id IS NULL OR e.pos < c.first_pos OR e.pos > c.last_pos OR c.kind <> e.kind OR c.undoes IS NOT e.undoes",
            "belongs to no command that is known",
        ),
        (
            "SELECT c.first_pos FROM command c WHERE NOT EXISTS(SELECT 1 FROM event e WHERE e.pos = c.first_pos AND e.command = c.id)
             OR NOT EXISTS(SELECT 1 FROM event e WHERE e.pos = c.last_pos AND e.command = c.id)",
            "is where a command starts that has no event there",
        ),
    ];
    for (sql, says) in wrong {
        let mut found = conn.prepare(sql)?;
        let mut rows = found.query([])?;
        while let Some(row) = rows.next()? {
            findings.add(format!("event {} {says}", row.get::<_, i64>(0)?));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::domain::value::Value;
    use crate::store::Scope;
    use crate::store::fixture::Place;

    /// A database with a bit of everything in it.
    fn lived_in() -> Place {
        let mut place = Place::new();
        for n in 1..5 {
            place.open(1, n, &[("site", format!("{n} Elm St").into()), ("number", format!("N-{n}").into())]);
        }
        place.import(2, 10..14, 2);
        place.touch(2, 1, &[("note", "LVM".into()), ("ball", "customer".into())]);
        place.touch(1, 2, &[("follow_up", "2026-12-01T14:00".into()), ("vip", Value::Number(1))]);
        place.undo(1, Scope::Session).expect("an undo");
        place.undo(2, Scope::Session).expect("an undo");
        place.clean();
        place
    }

    /// What somebody with a SQLite shell can do after taking the guards off, and put back.
    fn tamper(place: &Place, sql: &str) -> Vec<String> {
        let triggers = "SELECT group_concat(sql, ';' || char(10)) || ';' FROM sqlite_schema WHERE type = 'trigger'";
        let conn = &place.store.conn;
        let made: String = conn.query_row(triggers, [], |row| row.get(0)).expect("the triggers");
        conn.execute_batch("DROP TRIGGER event_guard; DROP TRIGGER event_adv; DROP TRIGGER event_ro_u; DROP TRIGGER event_ro_d")
            .expect("no guards");
        conn.execute_batch(sql).expect(sql);
        conn.execute_batch(&made).expect("the guards again");
        place.store.check().expect("a check")
    }

    #[test]
    fn every_kind_of_tampering_is_found() {
        for (sql, says) in [
            ("UPDATE event SET body = replace(body, 'LVM', 'met') WHERE body LIKE '%LVM%'", "its text is not what was written"),
            ("UPDATE event SET actor = 'asmith' WHERE pos = 2", "event A:2: the chain breaks here"),
            ("UPDATE event SET on_day = '2020-01-01' WHERE pos = 2", "its columns and its text disagree"),
            ("UPDATE event SET undoes = zeroblob(16) WHERE pos = 2", "its columns and its text disagree"),
            ("DELETE FROM event WHERE pos = 3", "event A:3 is missing (after 2 comes 4)"),
            ("DELETE FROM event WHERE pos = (SELECT max(pos) FROM event)", "events are missing or were added"),
            (
                "UPDATE event SET seq = 99 WHERE seq = 1; UPDATE event SET seq = 1 WHERE seq = 2; UPDATE event SET seq = 2 WHERE seq = 99",
                "the chain breaks here",
            ),
            ("UPDATE event SET hlc = 1 WHERE pos = 5", "its clock is not after the one before it"),
            ("UPDATE event SET kind = 'praise' WHERE pos = 1", "its kind is unknown"),
            ("UPDATE application SET status = 'pto' WHERE reference = 'A-1002'", "A-1002: the queue does not say what the journal says"),
            ("UPDATE application SET follow_up = 1 WHERE reference = 'A-1003'", "A-1003: the queue"),
            ("DELETE FROM application WHERE reference = 'A-1004'", "A-1004: the queue does not say"),
            ("INSERT INTO application SELECT 99, zeroblob(16), 1, 'A-9', '', '', '', '', '', '', '', '', '', '', 0, NULL, NULL, NULL, NULL, NULL,
              NULL, NULL, NULL, NULL, NULL, NULL, '', 0, '', 0, 0, '', ''", "the queue has it, the journal does not"),
            ("UPDATE alias SET number = 'n-77' WHERE number = 'n-3'", "A-1003: the numbers do"),
            ("INSERT INTO alias VALUES('x', zeroblob(16), 'number')", "the numbers has it, the journal does not"),
            ("UPDATE imported SET \"values\" = '{}' WHERE key = 'K11'", "the last import does not say"),
            ("DELETE FROM imported", "the last import does not say"),
            ("DELETE FROM command WHERE kind = 'import'", "belongs to no command that is known"),
            ("UPDATE command SET undoes = NULL", "belongs to no command that is known"),
            ("UPDATE command SET first_pos = 1 WHERE first_pos = 2", "is where a command starts that has no event there"),
            ("UPDATE replica SET last_reference = 1002", "the next reference was given already"),
            ("CREATE VIEW planted AS SELECT 1", "the view planted is not ours"),
            ("DROP INDEX command_undoes", "the index command_undoes is missing"),
        ] {
            let found = tamper(&lived_in(), sql);
            assert!(found.iter().any(|finding| finding.contains(says)), "{sql}\nwanted: {says}\nfound: {found:#?}");
        }
    }

    #[test]
    fn the_guards_hold_without_being_taken_off() {
        let place = lived_in();
        for sql in [
            "DELETE FROM event WHERE pos = 1",
            "UPDATE event SET actor = 'asmith' WHERE pos = 1",
            "UPDATE event SET body = '{}' WHERE pos = 1",
            "INSERT OR REPLACE INTO event SELECT * FROM event WHERE pos = 1",
            "INSERT INTO event(replica, seq, hlc, wv, command, actor, subject, \"of\", kind, on_day, bhash, hash)
             SELECT replica, 99, 99, wv, command, actor, subject, \"of\", kind, on_day, bhash, hash FROM event WHERE pos = 1",
        ] {
            assert!(place.store.conn.execute(sql, []).is_err(), "{sql}");
        }
        place.clean();
    }

    #[test]
    fn a_redacted_event_keeps_the_chain_whole() {
        let place = lived_in();
        place.store.conn.execute("UPDATE event SET body = NULL WHERE body LIKE '%LVM%'", []).expect("a redaction");
        let found = place.store.check().expect("a check");
        assert!(found.iter().all(|finding| !finding.contains("chain")), "{found:?}");
    }

    #[test]
    fn findings_are_counted_when_they_are_many() {
        let mut place = Place::new();
        place.import(1, 1..300, 500);
        let found = tamper(&place, "UPDATE application SET status = 'pto'");
        assert_eq!(found.len(), 101);
        assert_eq!(found[100], "and 199 more");
    }
}
