//! Which of the known names was probably meant?

/// How many names are listed when there are many.
const SHOWN: usize = 5;

/// `one of submitted, resubmitted, … (28 in all)`, the nearest to `word` first.
pub fn one_of(word: &str, known: &[&str]) -> String {
    let mut known: Vec<&str> = known.to_vec();
    known.sort_by_key(|name| distance(word, name));
    known.dedup();
    match known.as_slice() {
        [] => "nothing here".to_owned(),
        [one] => (*one).to_owned(),
        few if few.len() <= SHOWN + 3 => format!("one of {}", few.join(", ")),
        many => format!("one of {}, … ({} in all)", many[..SHOWN].join(", "), many.len()),
    }
}

/// Letters to change, add or take away; fewer when one word begins with the other.
fn distance(word: &str, name: &str) -> usize {
    let (word, name): (Vec<char>, Vec<char>) = (word.to_lowercase().chars().take(64).collect(), name.chars().collect());
    let mut row: Vec<usize> = (0..=name.len()).collect();
    for (idx, c) in word.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = idx + 1;
        for (at, other) in name.iter().enumerate() {
            let changed = diagonal + usize::from(c != other);
            diagonal = row[at + 1];
            row[at + 1] = changed.min(row[at] + 1).min(diagonal + 1);
        }
    }
    let starts = !word.is_empty() && (name.starts_with(&word) || word.starts_with(&name));
    row[name.len()].saturating_sub(if starts { 3 } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_comes_first() {
        let known = ["intake", "submitted", "resubmitted", "study", "screening", "pto", "meter", "closed", "ended"];
        for (word, first) in [("submited", "submitted"), ("resub", "resubmitted"), ("PTO", "pto"), ("metre", "meter"), ("end", "ended")] {
            assert!(one_of(word, &known).starts_with(&format!("one of {first}, ")), "{}", one_of(word, &known));
        }
        assert!(one_of("x", &known).ends_with("… (9 in all)"));
        assert_eq!(one_of("x", &["a"]), "a");
        assert_eq!(one_of("x", &[]), "nothing here");
    }
}
