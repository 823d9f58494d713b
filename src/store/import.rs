//! What the last import of a source left, for the next one to compare with.

use std::collections::BTreeMap;

use rusqlite::params;

use crate::domain::id::SubjectId;
use crate::domain::import::Known;
use crate::domain::trouble::Trouble;
use crate::domain::value::Value;

use super::{Store, read};

impl Store {
    /// What is known under each key of `source`, in the order asked for.
    pub fn imported(&self, source: &str, keys: &[&str]) -> Result<Vec<Option<Known>>, Trouble> {
        let mut found =
            self.conn.prepare_cached("SELECT subject, \"values\" FROM imported WHERE source = ?1 AND key = ?2 ORDER BY subject LIMIT 1")?;
        let mut known = Vec::with_capacity(keys.len());
        for key in keys {
            let mut rows = found.query(params![source, key])?;
            known.push(match rows.next()? {
                None => None,
                Some(row) => {
                    let values = serde_json::from_str(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?).map_err(|err| {
                        Trouble::data(format!("what was imported from {source} as {key} cannot be read"))
                            .because(err)
                            .hint("intertie check names what is wrong")
                    })?;
                    let values = match values {
                        Value::Map(values) => values,
                        _ => BTreeMap::new(),
                    };
                    Some(Known { subject: read::id(row, 0, SubjectId::from_slice)?, values, offers: BTreeMap::new() })
                }
            });
        }
        Ok(known)
    }

    /// All keys of `source`, in order.
    pub fn imported_keys(&self, source: &str) -> Result<Vec<String>, Trouble> {
        let mut found = self.conn.prepare_cached("SELECT DISTINCT key FROM imported WHERE source = ?1 ORDER BY key")?;
        Ok(found.query_map([source], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }
}
