//! The fold of one application as rows: its facts, its numbers, what imports left.

use rusqlite::{Connection, OptionalExtension, ToSql, params};
use sha2::{Digest, Sha256};

use crate::domain::application::Application;
use crate::domain::day::{NaiveTime, When};
use crate::domain::event::Of;
use crate::domain::facts::Facts;
use crate::domain::id::SubjectId;
use crate::domain::import::source_of;
use crate::domain::likeness::Traits;
use crate::domain::record::Record;
use crate::domain::text;
use crate::domain::trouble::Trouble;
use crate::domain::value::Value;

use super::read::{self, Columns, FACTS};

/// What the tables must say about one application.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Rows {
    pub(super) facts: Option<Facts>,
    /// Folded number and its source, in order.
    pub(super) aliases: Vec<(String, String)>,
    /// Source, key, values as canonical JSON, in order.
    pub(super) imported: Vec<(String, String, String)>,
    /// Source, key, field, their value as canonical JSON, in order.
    pub(super) offers: Vec<(String, String, String, String)>,
    /// What likely duplicates share, in order, each once.
    pub(super) marks: Vec<i64>,
}

impl Rows {
    /// An application that does not exist has no rows, and its numbers and keys are free again.
    pub(super) fn of(application: &Application) -> Rows {
        let Some(facts) = Facts::of(application) else { return Rows::default() };
        let mut aliases: Vec<(String, String)> = application
            .aliases()
            .map(|(source, number)| (fold(number), source.to_owned()))
            .filter(|(number, _)| !number.is_empty())
            .collect();
        if !facts.reference.is_empty() {
            aliases.push((fold(&facts.reference), "reference".to_owned()));
        }
        aliases.sort();
        aliases.dedup();
        let (mut imported, mut offers) = (Vec::new(), Vec::new());
        for (field, register) in &application.registers {
            let (Some(source), Some(key)) = (source_of(field), register.value.get("key").and_then(Value::as_text)) else {
                continue;
            };
            imported.push((source.to_owned(), key.to_owned(), json(register.value.get("values").unwrap_or(&Value::Nothing))));
            if let Some(Value::Map(offered)) = register.value.get("offers") {
                offers.extend(offered.iter().map(|(field, theirs)| (source.to_owned(), key.to_owned(), field.clone(), json(theirs))));
            }
        }
        imported.sort();
        offers.sort();
        Rows { facts: Some(facts), aliases, imported, offers, marks: marks(&Traits::of_application(application)) }
    }

    /// What the tables lack of these rows, in words; rows too many are found by counting.
    pub(super) fn lacking(&self, conn: &Connection, subject: SubjectId) -> rusqlite::Result<Vec<&'static str>> {
        let key = subject.bytes();
        let mut lacking = Vec::new();
        if facts(conn, subject)? != self.facts {
            lacking.push("the queue");
        }
        let mut alias = conn.prepare_cached("SELECT 1 FROM alias WHERE number = ?1 AND subject = ?2 AND source = ?3")?;
        let mut imported =
            conn.prepare_cached("SELECT 1 FROM imported WHERE source = ?1 AND key = ?2 AND subject = ?3 AND \"values\" = ?4")?;
        let mut offer =
            conn.prepare_cached("SELECT 1 FROM offer WHERE source = ?1 AND key = ?2 AND subject = ?3 AND field = ?4 AND theirs = ?5")?;
        let mut likeness = conn.prepare_cached("SELECT 1 FROM likeness WHERE mark = ?1 AND subject = ?2")?;
        for (number, source) in &self.aliases {
            if !alias.exists(params![number, key, source])? {
                lacking.push("the numbers");
            }
        }
        for (source, name, values) in &self.imported {
            if !imported.exists(params![source, name, key, values])? {
                lacking.push("the last import");
            }
        }
        for (source, name, field, theirs) in &self.offers {
            if !offer.exists(params![source, name, key, field, theirs])? {
                lacking.push("what is to be settled");
            }
        }
        for mark in &self.marks {
            if !likeness.exists(params![mark, key])? {
                lacking.push("what makes it alike");
            }
        }
        lacking.dedup();
        Ok(lacking)
    }

    /// Writes what differs from what the record was folded to before.
    pub(super) fn write(&self, conn: &Connection, subject: SubjectId, old: &Rows) -> rusqlite::Result<()> {
        let subject = subject.bytes();
        match &self.facts {
            None if old.facts.is_some() => {
                conn.prepare_cached("DELETE FROM application WHERE subject = ?1")?.execute([subject])?;
            }
            Some(facts) if old.facts.as_ref() != Some(facts) => put(conn, facts)?,
            _ => {}
        }
        for (number, source) in gone(&old.aliases, &self.aliases) {
            conn.prepare_cached("DELETE FROM alias WHERE number = ?1 AND subject = ?2 AND source = ?3")?
                .execute(params![number, subject, source])?;
        }
        if self.aliases != old.aliases {
            let mut insert = conn.prepare_cached("INSERT OR IGNORE INTO alias(number, source, subject) VALUES(?1, ?2, ?3)")?;
            for (number, source) in gone(&self.aliases, &old.aliases) {
                insert.execute(params![number, source, subject])?;
            }
        }
        for (source, key, _) in gone(&old.imported, &self.imported) {
            conn.prepare_cached("DELETE FROM imported WHERE source = ?1 AND key = ?2 AND subject = ?3")?
                .execute(params![source, key, subject])?;
        }
        for (source, key, values) in gone(&self.imported, &old.imported) {
            conn.prepare_cached("INSERT OR REPLACE INTO imported(source, key, \"values\", subject) VALUES(?1, ?2, ?3, ?4)")?
                .execute(params![source, key, values, subject])?;
        }
        for (source, key, field, _) in gone(&old.offers, &self.offers) {
            conn.prepare_cached("DELETE FROM offer WHERE source = ?1 AND key = ?2 AND subject = ?3 AND field = ?4")?
                .execute(params![source, key, subject, field])?;
        }
        for (source, key, field, theirs) in gone(&self.offers, &old.offers) {
            conn.prepare_cached("INSERT OR REPLACE INTO offer(source, key, subject, field, theirs) VALUES(?1, ?2, ?3, ?4, ?5)")?
                .execute(params![source, key, subject, field, theirs])?;
        }
        for mark in gone(&old.marks, &self.marks) {
            conn.prepare_cached("DELETE FROM likeness WHERE mark = ?1 AND subject = ?2")?.execute(params![mark, subject])?;
        }
        if self.marks != old.marks {
            let mut insert = conn.prepare_cached("INSERT OR IGNORE INTO likeness(mark, subject) VALUES(?1, ?2)")?;
            for mark in gone(&self.marks, &old.marks) {
                insert.execute(params![mark, subject])?;
            }
        }
        Ok(())
    }
}

/// Those of `these` that `others` lacks. Both are short.
fn gone<'a, T: PartialEq>(these: &'a [T], others: &'a [T]) -> impl Iterator<Item = &'a T> {
    these.iter().filter(|one| !others.contains(one))
}

/// One row of the queue as it is stored.
pub(super) fn facts(conn: &Connection, subject: SubjectId) -> rusqlite::Result<Option<Facts>> {
    conn.prepare_cached(&format!("SELECT {FACTS} FROM application WHERE subject = ?1"))?
        .query_row([subject.bytes()], |row| Columns::new(row).facts())
        .optional()
}

fn json(value: &Value) -> String {
    serde_json::to_string(value).expect("maps with text keys, whole numbers and text always serialize")
}

/// What likely duplicates share, as it is kept.
pub(super) fn marks(traits: &Traits) -> Vec<i64> {
    let mut marks: Vec<i64> = traits.marks().iter().map(|(says, text)| mark(says, text)).collect();
    marks.sort_unstable();
    marks.dedup();
    marks
}

/// The first 8 bytes of a digest: two different texts share one once in 2^64.
pub(super) fn mark(says: &str, text: &str) -> i64 {
    let mut hash = Sha256::new();
    hash.update(says);
    hash.update([0]);
    hash.update(text);
    let mut start = [0; 8];
    start.copy_from_slice(&hash.finalize()[..8]);
    i64::from_be_bytes(start)
}

/// Makes what schema 2 added out of the journal of every application.
pub(super) fn refold(conn: &Connection) -> Result<(), Trouble> {
    let mut found = conn.prepare("SELECT subject FROM application")?;
    let subjects: Vec<SubjectId> = found.query_map([], |row| read::id(row, 0, SubjectId::from_slice))?.collect::<Result<_, _>>()?;
    for subject in subjects {
        let record = Record::fold(subject, Of::Application, &read::events(conn, subject)?);
        let rows = Rows::of(&Application(record));
        let old = Rows { offers: Vec::new(), marks: Vec::new(), ..rows.clone() };
        rows.write(conn, subject, &old)?;
    }
    Ok(())
}

/// Writes the row of every application anew: schema 4 has more of it.
pub(super) fn refold_facts(conn: &Connection) -> Result<(), Trouble> {
    let mut found = conn.prepare("SELECT subject FROM application")?;
    let subjects: Vec<SubjectId> = found.query_map([], |row| read::id(row, 0, SubjectId::from_slice))?.collect::<Result<_, _>>()?;
    for subject in subjects {
        let record = Record::fold(subject, Of::Application, &read::events(conn, subject)?);
        if let Some(facts) = Facts::of(&Application(record)) {
            put(conn, &facts)?;
        }
    }
    Ok(())
}

/// A number as it is compared: without case, accents, or spaces at the ends.
pub(super) fn fold(number: &str) -> String {
    text::fold(&text::clean_line(number))
}

/// One row, whose rowid stays what it was.
fn put(conn: &Connection, facts: &Facts) -> rusqlite::Result<()> {
    let day = |day: Option<_>| day.map(read::day_number);
    let minute = |time: NaiveTime| {
        use chrono::Timelike;
        time.num_seconds_from_midnight() / 60
    };
    let flag = |flag: bool, bit: i64| if flag { bit } else { 0 };
    let flags = flag(facts.legal_hold, 1) | flag(facts.until_activity, 2) | flag(facts.escalated, 4) | flag(facts.complaint, 8);
    let (follow_up, at) = (day(facts.follow_up.map(|when: When| when.day)), facts.follow_up.and_then(|when| when.time).map(minute));
    let subject = facts.subject.bytes().as_slice();
    let (entered, touched, promised, expires) = (day(facts.entered), day(facts.touched), day(facts.promised), day(facts.expires));
    let (goal, cure, install, incentive) = (day(facts.goal), day(facts.cure_due), day(facts.install_on), day(facts.incentive_due));
    let todo = day(facts.todo_due);
    // In the order of `FACTS`.
    let values: &[&dyn ToSql] = &[
        &subject,
        &facts.version,
        &facts.reference,
        &facts.number,
        &facts.site,
        &facts.customer,
        &facts.utility,
        &facts.status,
        &facts.ball,
        &facts.owner,
        &facts.product,
        &facts.lane,
        &facts.project,
        &facts.size,
        &follow_up,
        &at,
        &entered,
        &touched,
        &promised,
        &expires,
        &goal,
        &cure,
        &install,
        &incentive,
        &todo,
        &facts.todo_title,
        &facts.todos,
        &facts.hold,
        &flags,
        &facts.vip,
        &facts.last_note,
        &facts.matter,
    ];
    conn.prepare_cached(upsert())?.execute(values)?;
    Ok(())
}

/// `INSERT … ON CONFLICT(subject) DO UPDATE SET …` over all columns of `FACTS`, written out once.
fn upsert() -> &'static str {
    static SQL: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    SQL.get_or_init(|| {
        let columns: Vec<&str> = FACTS.split(',').map(str::trim).collect();
        let marks = vec!["?"; columns.len()].join(", ");
        let sets: Vec<String> = columns[1..].iter().map(|column| format!("{column} = excluded.{column}")).collect();
        format!("INSERT INTO application({FACTS}) VALUES({marks}) ON CONFLICT(subject) DO UPDATE SET {}", sets.join(", "))
    })
}
