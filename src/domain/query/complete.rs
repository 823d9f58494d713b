//! What could the word under the cursor become?

use std::collections::BTreeMap;

use super::fields::{self, FIELDS, Flag, Kind, NameField};
use super::lex;
use super::read::{hyphened, is_plain};

/// Names that can stand as values, each with a word on it, in the order in which they are offered.
pub type Vocabulary = BTreeMap<NameField, Vec<(String, String)>>;

/// What the text from `at` on could become.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Completion {
    pub at: usize,
    /// The text, and a word on it.
    pub items: Vec<(String, String)>,
}

const DAYS: [(&str, &str); 7] = [
    ("today", "today"),
    ("tomorrow", "tomorrow"),
    ("5b", "in 5 business days"),
    ("2w", "in 2 weeks"),
    ("fri", "next Friday"),
    ("eom", "end of the month"),
    ("none", "without a day"),
];
const AGES: [(&str, &str); 5] =
    [("14d", "14 days ago"), ("5b", "5 business days ago"), ("2w", "2 weeks ago"), ("today", "today"), ("none", "never")];
const SIZES: [(&str, &str); 4] = [("25", "25 kW"), ("100", "100 kW"), ("1MW", "1 MW"), ("none", "no size on file")];

/// From so many letters on a value is offered that has them somewhere inside: fewer are everywhere.
const ANYWHERE: usize = 3;

/// For the text before the cursor.
pub fn complete(before: &str, vocabulary: &Vocabulary) -> Completion {
    let start = token_start(before);
    let token = &before[start..];
    let start = start + token.len() - token.trim_start_matches(['-', '!']).len();
    let token = &before[start..];
    let sign = token.find([':', '=', '<', '>']).filter(|sign| lex::is_name(&token[..*sign]));
    match sign {
        None => Completion { at: start, items: names(token) },
        Some(sign) => {
            let typed = token[sign..].trim_start_matches([':', '=', '<', '>']);
            let typed = typed.rsplit(',').next().unwrap_or(typed);
            let items = values(&token[..sign].to_lowercase(), typed.trim_start_matches(lex::is_quote), vocabulary);
            Completion { at: before.len() - typed.len(), items }
        }
    }
}

/// The text without a last word that may still become a field or a flag: `stat` on its way to `status:` is no word that
/// rows are asked for, and would empty the list on its way.
pub fn settled(text: &str) -> &str {
    let start = token_start(text);
    let typed = text[start..].trim_start_matches(['-', '!']).to_lowercase();
    let whole = typed.is_empty() || !lex::is_name(&typed) || Flag::parse(&typed).is_some();
    let begins = |name: &str| name.starts_with(&typed);
    let becomes = FIELDS.iter().any(|field| begins(field.name) || field.aliases.iter().any(|alias| begins(alias)))
        || Flag::ALL.iter().any(|(_, name, _)| begins(name));
    if !whole && becomes { &text[..start] } else { text }
}

/// Behind the last space that is not in quotes.
fn token_start(before: &str) -> usize {
    let mut open = false;
    let mut start = 0;
    for (at, c) in before.char_indices() {
        open ^= lex::is_quote(c);
        if c.is_whitespace() && !open {
            start = at + c.len_utf8();
        }
    }
    start
}

/// Fields and flags that begin so.
fn names(typed: &str) -> Vec<(String, String)> {
    let typed = typed.to_lowercase();
    let by_field = FIELDS.iter().flat_map(|field| std::iter::once(&field.name).chain(field.aliases).map(move |name| (name, field)));
    let fields = by_field
        .filter(|(name, field)| name.starts_with(&typed) && (!typed.is_empty() || **name == field.name))
        .map(|(name, field)| (format!("{name}{}", if is_compared(field.kind) { "" } else { ":" }), field.about.to_owned()));
    let flags = Flag::ALL.into_iter().filter(|(_, name, _)| !typed.is_empty() && name.starts_with(&typed));
    let mut found: Vec<(String, String)> = fields.collect();
    for (_, name, label) in flags {
        if found.iter().all(|(known, _)| known != name) {
            found.push((name.to_owned(), label.to_owned()));
        }
    }
    found
}

fn is_compared(kind: Kind) -> bool {
    matches!(kind, Kind::Number(_) | Kind::Day(_))
}

fn values(field: &str, typed: &str, vocabulary: &Vocabulary) -> Vec<(String, String)> {
    let Some(known) = fields::find(field) else { return Vec::new() };
    let fixed = |list: &[(&str, &str)]| list.iter().map(|(text, about)| ((*text).to_owned(), (*about).to_owned())).collect::<Vec<_>>();
    let all = match known.kind {
        Kind::Name(name) => {
            let special = if name == NameField::Owner { fixed(&[("me", "you"), ("pool", "nobody")]) } else { Vec::new() };
            special.into_iter().chain(vocabulary.get(&name).cloned().unwrap_or_default()).collect()
        }
        Kind::Day(day) if day.is_past() => fixed(&AGES),
        Kind::Day(_) => fixed(&DAYS),
        Kind::Number(fields::NumberField::Size) => fixed(&SIZES),
        Kind::Is => Flag::ALL.map(|(_, name, label)| (name.to_owned(), label.to_owned())).to_vec(),
        Kind::Text(_) | Kind::Number(_) => Vec::new(),
    };
    let said = hyphened(typed);
    // What begins so comes before what has a word that does, and that before what only has the letters somewhere.
    let rank = |(text, about): &(String, String)| {
        let one = |text: &str| {
            let text = hyphened(text);
            match text.find(&said) {
                Some(0) => Some(0),
                Some(_) if text.contains(&format!("-{said}")) => Some(1),
                Some(_) if said.len() >= ANYWHERE => Some(2),
                Some(_) => None,
                None => None,
            }
        };
        one(text).into_iter().chain(one(about)).min()
    };
    let mut ranked: Vec<(i32, (String, String))> = all.into_iter().filter_map(|item| Some((rank(&item)?, item))).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, (text, about))| (written(&text), about)).collect()
}

/// As it must be typed: quotes hold spaces and commas together.
fn written(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { format!("\"{}\"", text.replace(lex::is_quote, "")) }
}
