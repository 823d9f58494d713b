//! The fold of one application as rows: its facts, its numbers, what imports left.

use rusqlite::{Connection, OptionalExtension, ToSql, params};

use crate::domain::application::Application;
use crate::domain::day::{NaiveTime, When};
use crate::domain::facts::Facts;
use crate::domain::id::SubjectId;
use crate::domain::text;
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
        let mut imported = Vec::new();
        for (field, register) in &application.registers {
            let (Some(source), Some(key)) = (field.strip_prefix("import."), register.value.get("key").and_then(Value::as_text)) else {
                continue;
            };
            let values = register.value.get("values").cloned().unwrap_or_default();
            let json = serde_json::to_string(&values).expect("maps with text keys, whole numbers and text always serialize");
            imported.push((source.to_owned(), key.to_owned(), json));
        }
        imported.sort();
        Rows { facts: Some(facts), aliases, imported }
    }

    /// What the tables say now.
    pub(super) fn stored(conn: &Connection, subject: SubjectId) -> rusqlite::Result<Rows> {
        let facts = conn
            .prepare_cached(&format!("SELECT {FACTS} FROM application WHERE subject = ?1"))?
            .query_row([subject.bytes()], |row| Columns::new(row).facts())
            .optional()?;
        let mut numbers = conn.prepare_cached("SELECT number, source FROM alias WHERE subject = ?1 ORDER BY number, source")?;
        let aliases = numbers.query_map([subject.bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        let mut keys = conn.prepare_cached("SELECT source, key, \"values\" FROM imported WHERE subject = ?1 ORDER BY source, key")?;
        let imported = keys.query_map([subject.bytes()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect::<Result<_, _>>()?;
        Ok(Rows { facts, aliases, imported })
    }

    /// Writes what differs from what is stored. `fresh`: nothing can be stored yet.
    pub(super) fn write(&self, conn: &Connection, subject: SubjectId, fresh: bool) -> rusqlite::Result<()> {
        let old = if fresh { Rows::default() } else { Rows::stored(conn, subject)? };
        match &self.facts {
            None if old.facts.is_some() => {
                conn.prepare_cached("DELETE FROM application WHERE subject = ?1")?.execute([subject.bytes()])?;
            }
            Some(facts) if old.facts.as_ref() != Some(facts) => put(conn, facts)?,
            _ => {}
        }
        if self.aliases != old.aliases {
            if !old.aliases.is_empty() {
                conn.prepare_cached("DELETE FROM alias WHERE subject = ?1")?.execute([subject.bytes()])?;
            }
            let mut insert = conn.prepare_cached("INSERT INTO alias(number, source, subject) VALUES(?1, ?2, ?3)")?;
            for (number, source) in &self.aliases {
                insert.execute(params![number, source, subject.bytes()])?;
            }
        }
        if self.imported != old.imported {
            if !old.imported.is_empty() {
                conn.prepare_cached("DELETE FROM imported WHERE subject = ?1")?.execute([subject.bytes()])?;
            }
            let mut insert = conn.prepare_cached("INSERT INTO imported(source, key, \"values\", subject) VALUES(?1, ?2, ?3, ?4)")?;
            for (source, key, values) in &self.imported {
                insert.execute(params![source, key, values, subject.bytes()])?;
            }
        }
        Ok(())
    }
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
