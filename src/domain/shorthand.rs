//! What does an abbreviation of the trade stand for, and does it become whole words while one types?

use super::text;

/// One line of `playbooks/abbreviations.toml`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Abbreviation {
    /// As it is typed: `lvm`.
    pub short: String,
    /// What it becomes; empty: it stays as it is, because the trade writes it so.
    pub long: String,
    /// What it means, for whoever asks.
    pub means: String,
    /// It becomes whole words however its letters are written.
    pub any_case: bool,
}

/// The sign that becomes the number of the next attempt, alone or as what an abbreviation becomes.
pub const ATTEMPT: &str = "#";

impl Abbreviation {
    /// Whether `word`, typed by hand, becomes `long`.
    pub fn expands(&self, word: &str) -> bool {
        !self.long.is_empty() && (self.short == word || self.any_case && self.short.to_lowercase() == word.to_lowercase())
    }

    /// What it is, in one line: `lvm = left voicemail`, `PTO: permission to operate`.
    pub fn words(&self) -> String {
        match self.long.as_str() {
            "" => format!("{}: {}", self.short, self.means),
            ATTEMPT => format!("{} = {}", self.short, self.means),
            long if self.means.is_empty() => format!("{} = {long}", self.short),
            long => format!("{} = {long} ({})", self.short, self.means),
        }
    }
}

/// What `word` becomes; `None`: it stays as it was typed.
pub fn expansion<'a>(word: &str, list: &'a [Abbreviation]) -> Option<&'a str> {
    list.iter().find(|one| one.expands(word)).map(|one| one.long.as_str())
}

/// What `word` stands for, whatever its case: whoever reads a word wants to know it, whoever types it is asked nothing.
pub fn meaning<'a>(word: &str, list: &'a [Abbreviation]) -> Option<&'a Abbreviation> {
    let folded = text::fold(word);
    list.iter().find(|one| one.short == word).or_else(|| list.iter().find(|one| text::fold(&one.short) == folded))
}

/// The word that ends a line of text, without the brackets and quotes before it and the punctuation behind it, and how many
/// characters of punctuation these are. A word that begins with a sign is none, and neither is a part of another word: `pc.example`
/// and `PC-123` are one word each, which no list has.
pub fn last_word(before: &str) -> Option<(&str, usize)> {
    let whole =
        &before[before.rfind(char::is_whitespace).map_or(0, |space| space + before[space..].chars().next().map_or(1, char::len_utf8))..];
    let core = whole.trim_start_matches(['(', '[', '"', '\'']);
    let word = core.trim_end_matches(['.', ',', ';', ':', '?', '!', ')', ']', '"', '\'']);
    (!word.is_empty()).then(|| (word, core[word.len()..].chars().count()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> Vec<Abbreviation> {
        let one = |short: &str, long: &str, any_case| Abbreviation { short: short.into(), long: long.into(), means: "x".into(), any_case };
        vec![one("lvm", "left voicemail", false), one("rvw", "review", true), one("PTO", "", false)]
    }

    #[test]
    fn only_whole_words_as_they_are_listed_become_longer() {
        for (word, long) in [
            ("lvm", Some("left voicemail")),
            ("LVM", None),
            ("Lvm", None),
            ("lvms", None),
            ("rvw", Some("review")),
            ("RVW", Some("review")),
            ("PTO", None),
            ("pto", None),
            ("", None),
        ] {
            assert_eq!(expansion(word, &list()), long, "{word}");
        }
        assert_eq!(meaning("pto", &list()).map(Abbreviation::words), Some("PTO: x".to_owned()));
        assert_eq!(meaning("LVM", &list()).map(Abbreviation::words), Some("lvm = left voicemail (x)".to_owned()));
        assert_eq!(meaning("no", &list()), None);
    }

    #[test]
    fn the_last_word_stands_between_spaces_and_punctuation() {
        for (before, word) in [
            ("lvm", Some(("lvm", 0))),
            ("they: lvm.", Some(("lvm", 1))),
            ("(lvm),", Some(("lvm", 2))),
            ("a\u{3000}lvm", Some(("lvm", 0))),
            ("lvm ", None),
            ("", None),
            ("...", None),
            ("pc.example", Some(("pc.example", 0))),
            ("PC-123", Some(("PC-123", 0))),
            ("@lvm", Some(("@lvm", 0))),
            (">lvm,", Some((">lvm", 1))),
        ] {
            assert_eq!(last_word(before), word, "{before:?}");
        }
    }
}
