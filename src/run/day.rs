//! What did this person write today?

use super::now;
use crate::domain::application::Application;
use crate::domain::day::Day;
use crate::domain::id::SubjectId;
use crate::domain::lines;
use crate::domain::message::Person;
use crate::domain::trouble::Trouble;
use crate::store::{Lookup, Store};

/// A day of one zone reaches into two of another; which notes are of the day, the notes say.
const BACK: i64 = 2 * 24 * 60 * 60 * 1000;

/// The notes that `signer` wrote on `today`, a line each, with the number of their records. What was joined
/// with another record is there.
pub fn notes_of_today(store: &Store, uid: u32, signer: &Person, today: Day) -> Result<Vec<String>, Trouble> {
    let mut told = Vec::new();
    let mut seen = Vec::new();
    for subject in store.worked_by(uid, now::millis() - BACK)? {
        let Some(application) = standing(store, subject)? else { continue };
        if !seen.contains(&application.id) {
            seen.push(application.id);
            told.extend(lines::notes_with_record(&application, today, signer));
        }
    }
    Ok(told)
}

/// The application, or the one into which it went.
fn standing(store: &Store, subject: SubjectId) -> Result<Option<Application>, Trouble> {
    if let Some(application) = store.application(subject)? {
        return Ok(Some(application));
    }
    let record = store.record(subject)?;
    let into = record.as_ref().and_then(|record| record.value("joined").get("into")?.as_text());
    match into.map(|reference| store.lookup(reference)).transpose()? {
        Some(Lookup::One(other)) if other != subject => standing(store, other),
        _ => Ok(None),
    }
}
