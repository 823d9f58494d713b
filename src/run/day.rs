//! What did this person write today?

use super::now;
use crate::domain::day::Day;
use crate::domain::lines;
use crate::domain::trouble::Trouble;
use crate::store::Store;

/// A day of one zone reaches into two of another; which notes are of the day, the notes say.
const BACK: i64 = 2 * 24 * 60 * 60 * 1000;

/// The notes that `login` wrote on `today`, a line each, with the number of their records.
pub fn notes_of_today(store: &Store, uid: u32, login: &str, today: Day) -> Result<Vec<String>, Trouble> {
    let mut told = Vec::new();
    for subject in store.worked_by(uid, now::millis() - BACK)? {
        if let Some(application) = store.application(subject)? {
            told.extend(lines::notes_with_record(&application, today, login));
        }
    }
    Ok(told)
}
