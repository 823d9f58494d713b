//! What belongs together: the milestones and rows of one utility, the applications of one site. Of a utility only what
//! is written about milestones is read, because a page that opens must not fold every note of ten thousand records.

use rusqlite::params;

use crate::domain::application::Application;
use crate::domain::event::{Event, Of};
use crate::domain::facts::Facts;
use crate::domain::id::SubjectId;
use crate::domain::record::Record;
use crate::domain::rules::matter::Matter;
use crate::domain::trouble::Trouble;
use crate::domain::turnaround::Milestones;

use super::read::{Columns, FACTS};
use super::{Store, read};

impl Store {
    /// Of every application, closed ones too, whose utility `is` accepts, in the order of opening;
    /// those without a milestone are left out.
    pub fn milestones_of(&self, is: &dyn Fn(&str) -> bool) -> Result<Vec<Milestones>, Trouble> {
        let mut names = self.conn.prepare_cached("SELECT DISTINCT utility FROM application")?;
        let names: Vec<String> = names.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut found = self.conn.prepare_cached(&format!(
            "{} JOIN application a ON a.subject = e.subject WHERE a.utility = ?1
             AND (e.undoes IS NOT NULL OR e.body LIKE '%\"milestone\"%') ORDER BY a.id",
            read::EVENT
        ))?;
        let mut told = Vec::new();
        for name in names.iter().filter(|name| is(name)) {
            let mut rows = found.query([name])?;
            let mut events: Vec<Event> = Vec::new();
            while let Some(row) = rows.next()? {
                let event = read::event_of(row)?;
                if events.first().is_some_and(|first| first.subject != event.subject) {
                    told.extend(milestones(std::mem::take(&mut events)));
                }
                events.push(event);
            }
            told.extend(milestones(events));
        }
        Ok(told)
    }

    /// Of the `limit` applications that were opened last, one by one: the utility as it stands there, and the milestones.
    pub fn each_milestones(&self, limit: usize, each: &mut dyn FnMut(&str, &Milestones)) -> Result<(), Trouble> {
        let sql = "SELECT utility, matter FROM application WHERE matter <> '' AND utility <> '' ORDER BY id DESC LIMIT ?1";
        let mut found = self.conn.prepare_cached(sql)?;
        let mut rows = found.query([i64::try_from(limit).unwrap_or(i64::MAX)])?;
        while let Some(row) = rows.next()? {
            let (utility, matter) = (row.get_ref(0)?.as_str(), row.get_ref(1)?.as_str());
            if let (Ok(utility), Ok(matter)) = (utility, matter) {
                each(utility, &Matter::parse(matter).milestones);
            }
        }
        Ok(())
    }

    /// The other applications of its site, in the order of opening; at most `limit`.
    pub fn same_site(&self, subject: SubjectId, limit: usize) -> Result<Vec<SubjectId>, Trouble> {
        let sql = "SELECT b.subject FROM application a JOIN application b ON b.project = a.project AND b.project <> '' AND b.subject <> a.subject \
                   WHERE a.subject = ?1 ORDER BY b.id LIMIT ?2";
        let mut found = self.conn.prepare_cached(sql)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = found.query_map(params![subject.bytes(), limit], |row| read::id(row, 0, SubjectId::from_slice))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The facts of every application of the utilities that `is` accepts.
    pub fn facts_of(&self, is: &dyn Fn(&str) -> bool) -> Result<Vec<Facts>, Trouble> {
        let mut names = self.conn.prepare_cached("SELECT DISTINCT utility FROM application")?;
        let names: Vec<String> = names.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut found = self.conn.prepare_cached(&format!("SELECT {FACTS} FROM application WHERE utility = ?1"))?;
        let mut facts = Vec::new();
        for name in names.iter().filter(|name| is(name)) {
            let rows = found.query_map([name], |row| Columns::new(row).facts())?;
            facts.extend(rows.collect::<Result<Vec<_>, _>>()?);
        }
        Ok(facts)
    }
}

/// The milestones of one application that stand. An undo hides those of its command, whatever else it
/// took back.
fn milestones(mut events: Vec<Event>) -> Option<Milestones> {
    events.sort_by_key(|event| (event.hlc, event.id));
    let subject = events.first()?.subject;
    let application = Application(Record::fold(subject, Of::Application, &events));
    let found: Milestones = application.milestones().map(|one| (one.code.to_owned(), one.day)).collect();
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use crate::domain::application::milestone;
    use crate::domain::testing::day;
    use crate::domain::value::Value;
    use crate::store::Scope;
    use crate::store::fixture::Place;

    #[test]
    fn only_that_utility_and_only_what_stands() {
        let mut place = Place::new();
        let done = |code: &str, on: &str| ("milestone", milestone(code, day(on), "jdoe"));
        let status = |from: Value, to: &str| ("status", Value::map([("from", from), ("to", to.into())]));
        place.open(1, 1, &[("utility", "RMP".into()), done("submitted", "2026-11-02"), status(Value::Nothing, "submitted")]);
        place.open(1, 2, &[("utility", "Rocky Mountain Power".into()), done("submitted", "2026-11-03"), ("note", "x".into())]);
        place.open(1, 3, &[("utility", "PGE".into()), done("submitted", "2026-11-04")]);
        place.open(1, 4, &[("utility", "RMP".into())]);
        // Closed ones count, what was taken back does not.
        place.touch(1, 1, &[done("pto", "2026-11-20"), status("submitted".into(), "closed")]);
        place.touch(2, 2, &[done("pto", "2026-11-18")]);
        place.undo(2, Scope::Session).expect("an undo");
        place.touch(1, 2, &[("note", "\"milestone\"".into())]);
        let told = place.store.milestones_of(&|name| name != "PGE").expect("a read");
        let words: Vec<String> =
            told.iter().map(|one| one.iter().map(|(code, day)| format!("{code} {day}")).collect::<Vec<_>>().join(", ")).collect();
        assert_eq!(words, ["submitted 2026-11-02, pto 2026-11-20", "submitted 2026-11-03"]);
        assert_eq!(place.store.milestones_of(&|name| name == "x"), Ok(Vec::new()));
    }
}
