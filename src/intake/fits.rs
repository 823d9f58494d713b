//! Which profile is meant for a file, by its name and its columns?

use crate::domain::import::Profile;

/// Fewer columns fit too many files when the name does not.
const COLUMNS_MIN: usize = 3;

/// Whether the profile can read a file with these columns, and its name or its columns say that it is
/// meant: the name is one of `files`, or at least three columns have to be there.
pub fn fits(profile: &Profile, file: &str, headers: &[String]) -> bool {
    rank(profile, file, headers).is_some()
}

/// The one that fits best: by name before by columns, then the one that knows most of the columns.
/// `None` when none fits, and when two fit equally well.
pub fn best<'a>(profiles: &'a [Profile], file: &str, headers: &[String]) -> Option<&'a Profile> {
    let mut ranked: Vec<_> = profiles.iter().filter_map(|profile| Some((rank(profile, file, headers)?, profile))).collect();
    ranked.sort_by(|(a, _), (b, _)| b.cmp(a));
    match ranked.as_slice() {
        [(first, _), (second, _), ..] if first == second => None,
        [(_, profile), ..] => Some(profile),
        [] => None,
    }
}

/// Whether a file of this name is meant for the profile.
pub fn by_name(profile: &Profile, file: &str) -> bool {
    let name = file.rsplit(['/', '\\']).next().unwrap_or_default().to_lowercase();
    profile.files.iter().any(|pattern| matches(&pattern.to_lowercase(), &name))
}

/// Whether the columns are there without which it reads no file.
pub fn has_all(profile: &Profile, headers: &[String]) -> bool {
    needed(profile).iter().all(|name| headers.iter().any(|header| header == name))
}

/// Every column that the profile knows how to use, each once: by them a header is found.
pub fn wanted(profile: &Profile) -> Vec<String> {
    let optional = profile.columns.iter().map(|column| column.name.as_str());
    let mut names: Vec<String> = needed(profile).into_iter().chain(optional).map(ToOwned::to_owned).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Whether the name fits, and how many columns it knows; greater is better.
fn rank(profile: &Profile, file: &str, headers: &[String]) -> Option<(bool, usize)> {
    let needed = needed(profile);
    let has = |name: &str| headers.iter().any(|header| header == name);
    if !has_all(profile, headers) {
        return None;
    }
    let named = by_name(profile, file);
    let mut known: Vec<&str> = profile.columns.iter().map(|column| column.name.as_str()).filter(|name| has(name)).collect();
    known.extend(&needed);
    known.sort_unstable();
    known.dedup();
    (named || needed.len() >= COLUMNS_MIN).then_some((named, known.len()))
}

/// The columns without which the profile reads no file, each once.
fn needed(profile: &Profile) -> Vec<&str> {
    let columns = profile.columns.iter().filter(|column| !column.optional).map(|column| &column.name);
    let others = profile.key.iter().chain(profile.statuses.iter().map(|rule| &rule.column));
    let filters = profile.filters.iter().map(|filter| &filter.column);
    let mut names: Vec<&str> = columns.chain(others).chain(filters).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// `*` is any text, everything else itself.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let mut last = None;
    for part in parts {
        if let Some(middle) = last.replace(part) {
            let Some(found) = rest.find(middle) else { return false };
            rest = &rest[found + middle.len()..];
        }
    }
    // Without a star the whole name was the first part.
    last.map_or(rest.is_empty(), |last| rest.ends_with(last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::import::{Column, Filter, Target};

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, name, fits) in [
            ("a.csv", "a.csv", true),
            ("a.csv", "a.csvx", false),
            ("*", "", true),
            ("*.csv", "a.b.csv", true),
            ("a*.csv", "a.csv", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("ab*b", "ab", false),
            ("a**c", "abc", true),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
    }

    fn profile(name: &str, files: &[&str], columns: &[&str]) -> Profile {
        let column = |name: &&str| Column {
            name: name.trim_end_matches('?').to_owned(),
            target: Target::Note,
            optional: name.ends_with('?'),
            placeholders: Vec::new(),
        };
        Profile {
            name: name.into(),
            files: files.iter().map(ToString::to_string).collect(),
            key: vec!["id".into()],
            columns: columns.iter().map(column).collect(),
            ..Profile::default()
        }
    }

    #[test]
    fn the_best_profile_is_one_alone() {
        let profiles = [
            profile("named", &["Queue_*.csv"], &["id"]),
            profile("columns", &[], &["id", "a", "b"]),
            profile("more", &[], &["id", "a", "b", "c?"]),
            profile("twin", &[], &["id", "a", "b", "d?"]),
            profile("few", &[], &["id", "a"]),
        ];
        for (file, headers, name) in [
            ("in/queue_2026.CSV", "id a b", Some("named")),
            ("other.csv", "id a b", None),
            ("other.csv", "id a b c", Some("more")),
            ("other.csv", "id a b c d", None),
            ("other.csv", "id a", None),
            ("queue_1.csv", "a b", None),
        ] {
            let headers: Vec<String> = headers.split(' ').map(str::to_owned).collect();
            assert_eq!(best(&profiles, file, &headers).map(|one| one.name.as_str()), name, "{file} {headers:?}");
        }
        let mut filtered = profile("filtered", &["*"], &["id"]);
        filtered.filters = vec![Filter { column: "owner".into(), is: vec![], is_not: vec![], filled: true }];
        assert!(!fits(&filtered, "a.csv", &["id".to_owned()]) && fits(&filtered, "a.csv", &["id".to_owned(), "owner".to_owned()]));
    }
}
