//! Which lines of a list fit what is typed, and which fits best?

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use super::prompt::Item;
use crate::domain::text::fold;

/// What stands in the place of a key where an action has none.
pub(super) const NO_KEY: &str = "no key";

/// How well a word of the query fits: smaller is better.
const WORD: u32 = 0;
const WORD_START: u32 = 100;
const INSIDE: u32 = 200;
/// What stands in the label counts before the name, the name before the key or value.
const NAME: u32 = 10;
const DETAIL: u32 = 30;
/// Not where the text begins.
const LATER: u32 = 2;
/// What cannot be chosen here comes after what can.
const REFUSED: u32 = 50;

/// Places of the items that every word of the query fits, the best first; equal ones keep their order. Letters that are
/// scattered over a line count only where nothing fits better, so that one letter already narrows.
pub(super) fn narrow(items: &[Item], query: &str) -> Vec<usize> {
    let query = fold(query);
    let words: Vec<&str> = query.split_whitespace().collect();
    if words.is_empty() {
        return (0..items.len()).collect();
    }
    // Whoever types a name means what has that name.
    let named = words.join("-");
    let fits = |item: &Item| if fold(name(item)) == named { Some(0) } else { cost(item, &words) };
    let mut fit: Vec<(u32, usize)> = items.iter().enumerate().filter_map(|(idx, item)| Some((fits(item)? + penalty(item), idx))).collect();
    if fit.is_empty() {
        return scattered(items, &words);
    }
    fit.sort_unstable();
    fit.into_iter().map(|(_, idx)| idx).collect()
}

fn penalty(item: &Item) -> u32 {
    if item.refused.is_some() { REFUSED } else { 0 }
}

/// `None`: a word is nowhere.
fn cost(item: &Item, words: &[&str]) -> Option<u32> {
    let fields = fields(item);
    words.iter().map(|word| fields.iter().filter_map(|(text, field)| Some(of_field(text, *field, word)? + field)).min()).sum()
}

/// The palette's names begin with the action that runs them, which all quick actions share.
fn name(item: &Item) -> &str {
    item.value.strip_prefix("touch ").unwrap_or(&item.value)
}

/// The texts of a line in small letters without accents, and what each costs.
fn fields(item: &Item) -> [(String, u32); 3] {
    let detail = if item.detail == NO_KEY { "" } else { &item.detail };
    // `Q` is another key than `q`, which is what is typed.
    let detail = if detail.chars().nth(1).is_none() { detail.to_owned() } else { fold(detail) };
    [(fold(&item.label), 0), (fold(name(item)), NAME), (detail, DETAIL)]
}

/// A letter is a key only as a whole: else `e` would find every chord that ends so.
fn of_field(text: &str, field: u32, word: &str) -> Option<u32> {
    let is_key = field == DETAIL && word.chars().nth(1).is_none();
    if is_key { (text == word).then_some(WORD) } else { of_text(text, word) }
}

fn of_text(text: &str, word: &str) -> Option<u32> {
    // Nearly every line has a given letter somewhere.
    let is_letter = word.chars().nth(1).is_none();
    let places = text.match_indices(word).filter_map(|(at, _)| {
        let starts = !text[..at].ends_with(char::is_alphanumeric) || !word.starts_with(char::is_alphanumeric);
        let ends = !text[at + word.len()..].starts_with(char::is_alphanumeric);
        let how = match (starts, ends) {
            (true, true) => WORD,
            (true, false) => WORD_START,
            _ if is_letter => return None,
            _ => INSIDE,
        };
        Some(how + if at == 0 { 0 } else { LATER })
    });
    places.min()
}

fn scattered(items: &[Item], words: &[&str]) -> Vec<usize> {
    let matcher = SkimMatcherV2::default();
    let score = |item: &Item| -> Option<i64> {
        let line = fields(item).map(|(text, _)| text).join(" ");
        words.iter().map(|word| matcher.fuzzy_match(&line, word)).sum()
    };
    let mut fit: Vec<(bool, i64, usize)> =
        items.iter().enumerate().filter_map(|(idx, item)| Some((item.refused.is_some(), -score(item)?, idx))).collect();
    fit.sort_unstable();
    fit.into_iter().map(|(.., idx)| idx).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items() -> Vec<Item> {
        let item = |value: &str, label: &str, detail: &str| Item {
            value: value.to_owned(),
            label: label.to_owned(),
            detail: detail.to_owned(),
            refused: None,
        };
        let mut all = vec![
            item("touch asked-engineering", "asked engineering", "a e"),
            item("touch deficiency-received", "deficiency received", "8"),
            item("note", "write a note", "n"),
            item("edit", "edit any field", "e"),
            item("history", "everything that happened to the record", "h"),
            item("quick-actions", "choose a quick action from all", "space"),
            item("me", "my name, my history", "M"),
            item("quit", "quit", "q"),
            item("theme", "choose how the screen looks", NO_KEY),
            item("touch left-voicemail", "voicemail to Peña", "2"),
        ];
        all[1].refused = Some("not from here".to_owned());
        all
    }

    #[test]
    fn the_start_of_a_word_comes_first_and_scattered_letters_last() {
        let items = items();
        let found = |query: &str| narrow(&items, query).into_iter().map(|idx| items[idx].value.as_str()).collect::<Vec<_>>().join(" ");
        for (query, wanted) in [
            // A word's start, the label's own first; then letters inside; the refused one is behind its like.
            ("ed", "edit touch asked-engineering history touch deficiency-received"),
            // One letter: only where a word begins.
            ("e", "edit history touch asked-engineering"),
            ("eng", "touch asked-engineering"),
            ("q", "quit quick-actions"),
            ("quit", "quit"),
            // The name of one before the word in another's label.
            ("history", "history me"),
            ("act quick", "quick-actions"),
            // A key finds its action.
            ("space", "quick-actions"),
            // Scattered only where nothing else is found.
            ("edfld", "edit"),
            ("pena", "touch left-voicemail"),
            // Neither the name of the palette's own action nor the words for "no key" are searched.
            ("touch", ""),
            ("no key", ""),
            ("no", "note"),
            ("zzz", ""),
        ] {
            assert_eq!(found(query), wanted, "{query}");
        }
        assert_eq!(narrow(&items, "  ").len(), items.len());
    }

    proptest::proptest! {
        #[test]
        fn any_query_is_answered_and_names_no_item_twice(query in "\\PC{0,20}") {
            let items = items();
            let mut found = narrow(&items, &query);
            found.sort_unstable();
            found.dedup();
            proptest::prop_assert!(found.len() <= items.len() && found.iter().all(|idx| *idx < items.len()));
        }
    }
}
