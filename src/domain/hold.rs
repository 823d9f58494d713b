//! The legal hold: which change may a held record still take?

use super::change::Change;
use super::record::Record;
use super::value::Value;

/// Whether the hold on `record` refuses `change`. Only its own release may pass, with a note.
pub fn refuses(record: &Record, change: &Change) -> bool {
    if !record.flag("legal_hold") {
        return false;
    }
    let releases = change.fields.get("legal_hold").is_some_and(|write| write.to != Value::Flag(true));
    !releases || change.fields.keys().any(|field| field != "legal_hold" && field != "note")
}
