//! Which of these names is nearest to the one that was wanted?

/// At most three of `names`, the nearest first, none that shares little with `wanted`.
pub fn nearest<'a>(wanted: &str, names: &'a [String]) -> Vec<&'a str> {
    let wanted = plain(wanted);
    let mut ranked: Vec<(usize, &str)> = names
        .iter()
        .filter(|name| !name.is_empty())
        .map(|name| (steps(&wanted, &plain(name)), name.as_str()))
        .filter(|(steps, _)| *steps <= wanted.len().max(2) / 2)
        .collect();
    ranked.sort();
    ranked.into_iter().take(3).map(|(_, name)| name).collect()
}

/// Case, spaces and signs are what differs most between two versions of one export.
fn plain(name: &str) -> Vec<char> {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(64).collect()
}

/// How far apart two names are; one that holds the other whole (`received`, `date received`) is near.
fn steps(a: &[char], b: &[char]) -> usize {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    if short.len() >= 2 && long.windows(short.len()).any(|part| part == short) {
        return usize::from(short.len() != long.len());
    }
    distance(a, b)
}

/// Letters to add, drop or change to make one of the other (Levenshtein).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (above, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (idx, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = row[idx + 1];
            row[idx + 1] = changed.min(row[idx] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_names_come_first() {
        let names: Vec<String> = ["Project Number", "projectNum", "county", "", "state"].map(String::from).into();
        assert_eq!(nearest("projectNumber", &names), ["Project Number", "projectNum"]);
        assert_eq!(nearest("states", &names), ["state"]);
        assert_eq!(nearest("kW", &["kW AC (nameplate)".into(), "AC".into()]), ["kW AC (nameplate)"]);
        assert_eq!(nearest("withdrawnDate", &names), Vec::<&str>::new());
    }
}
