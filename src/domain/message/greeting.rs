//! By which name is a customer greeted? Lists write people, couples and companies in one column.

const TITLES: [&str; 8] = ["dr", "mr", "mrs", "ms", "miss", "mx", "prof", "rev"];
/// Of these a name is not a person's, and is said whole.
const COMPANIES: [&str; 14] =
    ["llc", "inc", "corp", "corporation", "co", "company", "ltd", "lp", "llp", "trust", "estate", "church", "school", "district"];
const FILLERS: [&str; 8] = ["tbd", "tba", "unknown", "none", "na", "n/a", "owner", "customer"];

/// `Ana Reyes`, `Reyes, Ana`, `Dr. Ana Reyes` → `Ana`; `Oak Solar LLC` whole; `None` for what is no name
/// (`TBD`, `-`, `(unknown)`).
pub fn first_name(name: &str) -> Option<String> {
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    if !name.chars().any(char::is_alphabetic) || FILLERS.contains(&bare(name).as_str()) {
        return None;
    }
    let is_company = name.split_whitespace().any(|word| COMPANIES.contains(&bare(&word.replace('.', "")).as_str()));
    if is_company || bare(name).starts_with("the ") {
        return Some(name.trim().to_owned());
    }
    let given = match name.split_once(',') {
        Some((_, after)) if after.chars().any(char::is_alphabetic) => after,
        _ => name,
    };
    let mut words = given.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic));
    words.find(|word| !TITLES.contains(&bare(word).as_str())).map(|word| word.trim_end_matches(',').to_owned())
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_as_lists_have_them() {
        for (name, wanted) in [
            ("Ana Reyes", Some("Ana")),
            ("Reyes, Ana", Some("Ana")),
            ("Reyes, Ana M.", Some("Ana")),
            ("REYES, ANA", Some("ANA")),
            ("Reyes,", Some("Reyes")),
            ("Dr. Ana Lee", Some("Ana")),
            ("Lee, Dr. Ana", Some("Ana")),
            ("Jörg", Some("Jörg")),
            ("J. Smith", Some("J.")),
            ("Jean-Luc Roy", Some("Jean-Luc")),
            ("The Lee Family Trust", Some("The Lee Family Trust")),
            ("ACME Solar L.L.C.", Some("ACME Solar L.L.C.")),
            ("Oak, Inc.", Some("Oak, Inc.")),
            ("TBD", None),
            ("-", None),
            ("(unknown)", None),
            ("N/A", None),
            ("555", None),
        ] {
            assert_eq!(super::first_name(name).as_deref(), wanted, "{name}");
        }
    }
}
