//! What imports left: the last values under each key, what nobody has settled, what looks alike.

use std::collections::BTreeMap;

use rusqlite::{Row, params};

use crate::domain::id::SubjectId;
use crate::domain::import::{Known, Offer};
use crate::domain::likeness::Traits;
use crate::domain::trouble::Trouble;
use crate::domain::value::Value;

use super::{Store, derive, read};

/// A mark that more applications share says nothing: a developer's office, a filler.
const CROWD: usize = 20;

/// Two applications that may be one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pair {
    pub one: SubjectId,
    pub other: SubjectId,
}

impl Store {
    /// What is known under each key of `source`, in the order asked for.
    pub fn imported(&self, source: &str, keys: &[&str]) -> Result<Vec<Option<Known>>, Trouble> {
        let mut found =
            self.conn.prepare_cached("SELECT subject, \"values\" FROM imported WHERE source = ?1 AND key = ?2 ORDER BY subject LIMIT 1")?;
        let mut open = self.conn.prepare_cached("SELECT field, theirs FROM offer WHERE source = ?1 AND key = ?2 AND subject = ?3")?;
        let mut known = Vec::with_capacity(keys.len());
        for key in keys {
            let mut rows = found.query(params![source, key])?;
            let Some(row) = rows.next()? else {
                known.push(None);
                continue;
            };
            let subject = read::id(row, 0, SubjectId::from_slice)?;
            let values = match value(row, 1, source, key)? {
                Value::Map(values) => values,
                _ => BTreeMap::new(),
            };
            let mut offers = BTreeMap::new();
            let mut rows = open.query(params![source, key, subject.bytes()])?;
            while let Some(row) = rows.next()? {
                offers.insert(row.get(0)?, value(row, 1, source, key)?);
            }
            known.push(Some(Known { subject, values, offers }));
        }
        Ok(known)
    }

    /// The keys of `source` that `is_there` does not know, in order.
    pub fn imported_but(&self, source: &str, is_there: &dyn Fn(&str) -> bool) -> Result<Vec<String>, Trouble> {
        let mut found = self.conn.prepare_cached("SELECT DISTINCT key FROM imported WHERE source = ?1 ORDER BY key")?;
        let mut rows = found.query([source])?;
        let mut gone = Vec::new();
        while let Some(row) = rows.next()? {
            let key = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            if !is_there(key) {
                gone.push(key.to_owned());
            }
        }
        Ok(gone)
    }

    /// Whether anything of `source` ever came in and still stands.
    pub fn knows_source(&self, source: &str) -> Result<bool, Trouble> {
        Ok(self.conn.prepare_cached("SELECT 1 FROM imported WHERE source = ?1 LIMIT 1")?.exists([source])?)
    }

    /// Applications that have one of these numbers from outside, each once.
    pub fn numbered(&self, numbers: &[(&str, &str)]) -> Result<Vec<SubjectId>, Trouble> {
        let mut found = self.conn.prepare_cached("SELECT subject FROM alias WHERE number = ?1 AND source = ?2")?;
        let mut subjects: Vec<SubjectId> = Vec::new();
        for (source, number) in numbers {
            let mut rows = found.query(params![derive::fold(number), source])?;
            while let Some(row) = rows.next()? {
                let subject = read::id(row, 0, SubjectId::from_slice)?;
                if !subjects.contains(&subject) {
                    subjects.push(subject);
                }
            }
        }
        Ok(subjects)
    }

    /// Applications that share a mark with `traits`, each with what the mark says (nothing for one
    /// that only brings together what must still be compared).
    pub fn marked_alike(&self, traits: &Traits) -> Result<Vec<(SubjectId, &'static str)>, Trouble> {
        let mut found = self.conn.prepare_cached("SELECT subject FROM likeness WHERE mark = ?1 LIMIT ?2")?;
        let limit = i64::try_from(CROWD + 1).unwrap_or(i64::MAX);
        let mut alike = Vec::new();
        for (says, text) in traits.marks() {
            let subjects: Vec<SubjectId> = found
                .query_map(params![derive::mark(says, &text), limit], |row| read::id(row, 0, SubjectId::from_slice))?
                .collect::<Result<_, _>>()?;
            if subjects.len() <= CROWD {
                alike.extend(subjects.into_iter().map(|subject| (subject, says)));
            }
        }
        Ok(alike)
    }

    /// Every two applications that share a mark, each pair once.
    pub fn pairs(&self) -> Result<Vec<Pair>, Trouble> {
        let crowd = i64::try_from(CROWD).unwrap_or(i64::MAX);
        let mut found = self.conn.prepare(
            "SELECT DISTINCT a.subject, b.subject FROM likeness a JOIN likeness b ON b.mark = a.mark AND b.subject > a.subject
             WHERE a.mark IN (SELECT mark FROM likeness GROUP BY mark HAVING count(*) BETWEEN 2 AND ?1)",
        )?;
        let pair =
            |row: &Row<'_>| Ok(Pair { one: read::id(row, 0, SubjectId::from_slice)?, other: read::id(row, 1, SubjectId::from_slice)? });
        Ok(found.query_map([crowd], pair)?.collect::<Result<_, _>>()?)
    }

    /// Conflicts and suggestions that nobody has settled, by reference and field.
    pub fn offers(&self) -> Result<Vec<Offer>, Trouble> {
        let mut found =
            self.conn.prepare_cached("SELECT subject, source, key, field, theirs FROM offer ORDER BY subject, source, field")?;
        let mut rows = found.query([])?;
        let mut offers: Vec<Offer> = Vec::new();
        let mut last: Option<crate::domain::application::Application> = None;
        while let Some(row) = rows.next()? {
            let subject = read::id(row, 0, SubjectId::from_slice)?;
            if last.as_ref().is_none_or(|application| application.id != subject) {
                last = self.application(subject)?;
            }
            let Some(application) = &last else { continue };
            let (source, key, field): (String, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
            let theirs = value(row, 4, &source, &key)?;
            let ours = crate::domain::import::ours(application, &field);
            offers.push(Offer { subject, reference: application.reference().to_owned(), source, key, field, ours, theirs });
        }
        offers.sort_by(|a, b| (a.reference.len(), &a.reference, &a.field).cmp(&(b.reference.len(), &b.reference, &b.field)));
        Ok(offers)
    }
}

fn value(row: &Row<'_>, idx: usize, source: &str, key: &str) -> Result<Value, Trouble> {
    serde_json::from_str(row.get_ref(idx)?.as_str().map_err(rusqlite::Error::from)?).map_err(|err| {
        Trouble::data(format!("what was imported from {source} as {key} cannot be read"))
            .because(err)
            .hint("intertie check names what is wrong")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::import::remembered;
    use crate::store::fixture::{Place, subject};

    fn left(key: &str, site: &str, offers: &[(&str, Value)]) -> Value {
        let values = BTreeMap::from([("site".to_owned(), Value::text(site))]);
        remembered(key, values, offers.iter().map(|(field, value)| ((*field).to_owned(), value.clone())).collect())
    }

    fn traits(fields: &[(&'static str, &str)]) -> Traits {
        Traits::of(|name| fields.iter().find(|(field, _)| *field == name).map(|(_, text)| *text))
    }

    #[test]
    fn offers_come_by_reference_and_go_with_what_settles_them() {
        let mut place = Place::new();
        assert_eq!(place.store.offers(), Ok(vec![]));
        place.open(
            1,
            1,
            &[("site", "1 Oak St".into()), ("import.crm", left("C-1", "1 Oak", &[("site", "2 Oak".into()), ("city", "Orem".into())]))],
        );
        place.open(1, 2, &[("import.portal", left("P-2", "x", &[("milestone.submitted", "2026-11-05".into())]))]);
        place.open(1, 3, &[("import.crm", left("C-3", "x", &[]))]);
        let open = |place: &Place| -> Vec<String> {
            let one = |offer: &Offer| {
                let [ours, theirs] = [&offer.ours, &offer.theirs].map(|value| value.as_text().unwrap_or("-"));
                format!("{} {} {} {}: {ours} | {theirs}", offer.reference, offer.source, offer.key, offer.field)
            };
            place.store.offers().expect("a read").iter().map(one).collect()
        };
        let all = [
            "A-1001 crm C-1 city: - | Orem",
            "A-1001 crm C-1 site: 1 Oak St | 2 Oak",
            "A-1002 portal P-2 milestone.submitted: - | 2026-11-05",
        ];
        assert_eq!(open(&place), all);
        let known = place.store.imported("crm", &["C-3", "C-1", "C-9"]).expect("a read");
        let offers: Vec<Option<usize>> = known.iter().map(|known| known.as_ref().map(|known| known.offers.len())).collect();
        assert_eq!(offers, [Some(0), Some(2), None], "in the order asked for");
        assert_eq!(place.store.imported("portal", &["C-1"]), Ok(vec![None]), "a key is its source's");
        place.touch(1, 1, &[("import.crm", left("C-1", "2 Oak", &[("city", "Orem".into())]))]);
        assert_eq!(open(&place), [all[0], all[2]]);
        place.clean();
        place.undo(1, crate::store::Scope::Session).expect("an undo");
        assert_eq!(open(&place), all);
        place.clean();
    }

    #[test]
    fn keys_that_a_file_lacks_are_told_for_its_source_only() {
        let mut place = Place::new();
        assert_eq!(place.store.knows_source("crm"), Ok(false));
        for (n, register, key) in
            [(1, "import.crm", "C-2"), (2, "import.crm", "C-1"), (3, "import.crm", "C-3"), (4, "import.portal", "P-1")]
        {
            place.open(1, n, &[(register, left(key, "x", &[]))]);
        }
        place.touch(1, 1, &[("import.crm:2", left("C-4", "x", &[]))]);
        assert_eq!((place.store.knows_source("crm"), place.store.knows_source("crm:2")), (Ok(true), Ok(false)));
        let but = |there: &[&str]| place.store.imported_but("crm", &|key| there.contains(&key)).expect("a read");
        assert_eq!(but(&["C-1"]), ["C-2", "C-3", "C-4"]);
        assert_eq!(but(&["C-1", "C-2", "C-3", "C-4", "P-1"]), Vec::<String>::new());
        assert_eq!(but(&[]).len(), 4);
    }

    #[test]
    fn a_number_is_found_in_its_own_field_by_any_case() {
        let mut place = Place::new();
        place.open(1, 1, &[("number", "NM-1".into()), ("crm_number", "77".into())]);
        place.open(1, 2, &[("number", "77".into())]);
        place.open(1, 3, &[("number", "nm-1".into())]);
        for (numbers, found) in [
            (&[("number", "77")][..], &[2][..]),
            (&[("crm_number", "77")], &[1]),
            (&[("permit_number", "77")], &[]),
            (&[("number", " Nm-1 ")], &[1, 3]),
            (&[("number", "77"), ("crm_number", "77")], &[2, 1]),
            (&[("crm_number", "77"), ("number", "NM-1")], &[1, 3]),
            (&[], &[]),
        ] {
            let mut subjects = place.store.numbered(numbers).expect("a read");
            let mut wanted: Vec<SubjectId> = found.iter().map(|n| subject(*n)).collect();
            subjects.sort();
            wanted.sort();
            assert_eq!(subjects, wanted, "{numbers:?}: each once");
        }
    }

    #[test]
    fn a_mark_that_a_crowd_shares_says_nothing() {
        let mut place = Place::new();
        let crowd = u128::try_from(CROWD).expect("a small number");
        for n in 1..=crowd {
            place.open(1, n, &[("meter_number", "M-4471".into())]);
        }
        let same = traits(&[("meter_number", "m4471")]);
        let alike = place.store.marked_alike(&same).expect("a read");
        assert_eq!((alike.len(), alike[0].1), (CROWD, "same meter number"));
        assert_eq!(place.store.pairs().map(|pairs| pairs.len()), Ok(CROWD * (CROWD - 1) / 2));
        place.open(1, crowd + 1, &[("meter_number", "M 4471".into()), ("account_number", "55-123".into())]);
        assert_eq!(place.store.marked_alike(&same), Ok(vec![]), "one more is a crowd");
        assert_eq!(place.store.pairs(), Ok(vec![]));
        // Another mark of one of them says as much as ever.
        let account = traits(&[("meter_number", "M4471"), ("account_number", "55123")]);
        assert_eq!(place.store.marked_alike(&account), Ok(vec![(subject(crowd + 1), "same utility account")]));
        place.clean();
    }

    #[test]
    fn a_pair_comes_once_whatever_it_shares() {
        let mut place = Place::new();
        place.open(1, 1, &[("meter_number", "M-4471".into()), ("account_number", "55-123".into())]);
        place.open(1, 2, &[("meter_number", "M-4471".into()), ("account_number", "55-123".into())]);
        place.open(1, 3, &[("account_number", "99-123".into())]);
        let pair = place.store.pairs().expect("a read");
        assert_eq!(pair, [Pair { one: subject(1), other: subject(2) }]);
        place.touch(1, 2, &[("meter_number", Value::Nothing), ("account_number", "99123".into())]);
        assert_eq!(place.store.pairs(), Ok(vec![Pair { one: subject(2), other: subject(3) }]), "by what they are now");
        place.clean();
    }
}
