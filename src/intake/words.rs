//! Is a cell one of these words, without case and the spaces around?

/// Words to be looked up for every row.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Words {
    ascii: Vec<String>,
    /// In lower case.
    others: Vec<String>,
}

impl Words {
    pub fn new<'a>(words: impl IntoIterator<Item = &'a String>) -> Words {
        let mut found = Words::default();
        for word in words.into_iter().map(|word| word.trim()) {
            if word.is_ascii() { found.ascii.push(word.to_owned()) } else { found.others.push(word.to_lowercase()) }
        }
        found
    }

    /// `text` without spaces around it.
    pub fn has(&self, text: &str) -> bool {
        if text.is_ascii() {
            return self.ascii.iter().any(|word| word.eq_ignore_ascii_case(text));
        }
        if self.others.is_empty() {
            return false;
        }
        let text = text.to_lowercase();
        self.others.contains(&text)
    }

    pub fn is_empty(&self) -> bool {
        self.ascii.is_empty() && self.others.is_empty()
    }
}

/// Without case and the spaces around.
pub fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.trim(), b.trim());
    a.eq_ignore_ascii_case(b) || !a.is_ascii() && a.to_lowercase() == b.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whatever_their_case() {
        let words = Words::new(&["N/A".to_owned(), " keine ".to_owned(), "GELÖSCHT".to_owned()]);
        for (text, found) in [("n/a", true), ("KEINE", true), ("gelöscht", true), ("na", false), ("gelösch", false), ("", false)] {
            assert_eq!(words.has(text), found, "{text}");
        }
        assert!(same(" Zürich", "ZÜRICH ") && !same("a", "b"));
    }
}
