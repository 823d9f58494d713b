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
    while let Some(row) = rows.next()? {
        // One that cannot be read was named by the chain.
        let Ok(event) = event_of(row) else { continue };
        if events.first().is_some_and(|first| first.subject != event.subject) {
            one_fold(conn, &mut events, &mut references, findings)?;
        }
        events.push(event);
    }
    one_fold(conn, &mut events, &mut references, findings)
}

fn one_fold(
    conn: &Connection,
    events: &mut Vec<Event>,
    references: &mut HashMap<String, SubjectId>,
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
    let stored = Rows::stored(conn, subject)?;
    let name = wanted.facts.as_ref().or(stored.facts.as_ref()).map_or_else(|| subject.to_string(), |facts| facts.reference.clone());
    for (table, same) in [
        ("the queue", wanted.facts == stored.facts),
        ("the numbers", wanted.aliases == stored.aliases),
        ("the last import", wanted.imported == stored.imported),
    ] {
        if !same {
            findings.add(format!("{name}: {table} does not say what the journal says"));
        }
    }
    if let Some(facts) = wanted.facts
        && let Some(other) = references.insert(facts.reference.clone(), subject)
    {
        findings.add(format!("{}: two applications have this reference ({subject}, {other})", facts.reference));
    }
    Ok(())
}

/// Rows that no event made.
fn strays(conn: &Connection, findings: &mut Findings) -> Result<(), Trouble> {
    for (table, says) in [("application", "the queue"), ("alias", "the numbers"), ("imported", "the last import")] {
        let sql = format!("SELECT DISTINCT subject FROM {table} t WHERE NOT EXISTS(SELECT 1 FROM event e WHERE e.subject = t.subject AND e.\"of\" = 'application')");
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
