//! Which values of a table have the wanted type, and what is wrong with the others? Nothing stops at
//! the first problem: all problems of a load are listed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::nearest::one_of;
use super::tree::{Spot, Table, Value, identity, quote};
use crate::domain::trouble::Problem;

/// All problems found so far.
#[derive(Default)]
pub struct Problems {
    found: RefCell<Vec<Problem>>,
    /// Every key that a finished table was asked for; a page for administrators must name it.
    #[cfg(test)]
    pub asked: RefCell<std::collections::BTreeSet<String>>,
}

impl Problems {
    pub fn add(&self, at: &At, read: impl Into<String>, wanted: impl Into<String>) {
        self.push(Problem {
            file: at.spot.file.to_string(),
            line: at.spot.line,
            column: at.path(),
            read: read.into(),
            wanted: wanted.into(),
        });
    }

    pub fn push(&self, problem: Problem) {
        self.found.borrow_mut().push(problem);
    }

    pub fn is_empty(&self) -> bool {
        self.found.borrow().is_empty()
    }

    /// File by file, from top to bottom, each once.
    pub fn into_sorted(self) -> Vec<Problem> {
        let mut problems = self.found.into_inner();
        problems.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        problems.dedup();
        problems
    }
}

/// Where a value stands: file and line for the eye, and the path of its keys.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct At {
    pub spot: Spot,
    /// The path of the table around it. Joined with the key only for who asks: every value has a place, few a problem.
    above: Arc<str>,
    key: Arc<str>,
}

impl At {
    /// The file as a whole.
    pub fn file(file: &str) -> At {
        At::in_file(file, "")
    }

    /// What has no line of its own.
    pub fn in_file(file: &str, path: &str) -> At {
        At::new(Spot { file: file.into(), line: 0 }, path)
    }

    pub fn new(spot: Spot, path: &str) -> At {
        At { spot, above: Arc::default(), key: path.into() }
    }

    /// `bind.queue n.run`
    fn path(&self) -> String {
        if self.above.is_empty() { self.key.to_string() } else { format!("{}.{}", self.above, self.key) }
    }

    /// `keymaps/default.toml:12`
    pub fn place(&self) -> String {
        format!("{}:{}", self.spot.file, self.spot.line)
    }
}

/// A text, and where it stands for the checks that come later.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    pub text: String,
    pub at: At,
}

/// One table while it is being read. `finish` refuses the keys that nobody asked for.
pub struct Reader<'a> {
    table: &'a Table,
    pub at: At,
    /// The path of the table itself, above those of its values.
    path: Arc<str>,
    problems: &'a Problems,
    known: Vec<&'a str>,
}

impl<'a> Reader<'a> {
    /// `name` is where problems with missing keys of the outermost table are said to be.
    pub fn root(table: &'a Table, name: &str, problems: &'a Problems) -> Reader<'a> {
        let file: Arc<str> = table.entries.first().map_or_else(|| name.into(), |(_, node)| node.spot.file.clone());
        Reader::new(table, At::new(Spot { file, line: 0 }, ""), problems)
    }

    fn new(table: &'a Table, at: At, problems: &'a Problems) -> Reader<'a> {
        let path = at.path().into();
        Reader { table, at, path, problems, known: Vec::new() }
    }

    pub fn problem(&self, at: &At, read: impl Into<String>, wanted: impl Into<String>) {
        self.problems.add(at, read, wanted);
    }

    pub fn has(&self, key: &str) -> bool {
        self.table.get(key).is_some()
    }

    fn find(&mut self, key: &'a str) -> Option<(At, &'a Value)> {
        self.known.push(key);
        let (key, node) = self.table.entry(key)?;
        Some((self.child(&node.spot, key), &node.value))
    }

    fn child(&self, spot: &Spot, key: &Arc<str>) -> At {
        At { spot: spot.clone(), above: Arc::clone(&self.path), key: Arc::clone(key) }
    }

    /// Where `key` stands; the table's own place when it is not there.
    pub fn at(&self, key: &str) -> At {
        match self.table.entry(key) {
            Some((key, node)) => self.child(&node.spot, key),
            None => self.child(&self.at.spot, &key.into()),
        }
    }

    /// Where all problems of the load are gathered.
    pub fn problems(&self) -> &'a Problems {
        self.problems
    }

    /// What stands there, of whatever type; for keys that take more than one.
    pub fn value(&mut self, key: &'a str) -> Option<(At, &'a Value)> {
        self.find(key)
    }

    pub fn word(&mut self, key: &'a str) -> Option<Word> {
        let (at, value) = self.find(key)?;
        match value {
            Value::Text(text) => Some(Word { text: text.trim().to_owned(), at }),
            other => {
                self.problem(&at, other.shown(), "text in quotes");
                None
            }
        }
    }

    /// Text that may be left out.
    pub fn text(&mut self, key: &'a str) -> String {
        self.word(key).map(|word| word.text).unwrap_or_default()
    }

    /// Text that must be there; `wanted` says what for.
    pub fn need(&mut self, key: &'a str, wanted: &str) -> Word {
        match self.word(key) {
            Some(word) if !word.text.is_empty() => word,
            found => {
                let at = self.at(key);
                if found.is_some() || !self.has(key) {
                    self.problem(&at, "nothing", wanted);
                }
                Word { text: String::new(), at }
            }
        }
    }

    /// A name: small letters, digits and hyphens, as it is typed in commands.
    pub fn name(&mut self) -> Word {
        let word = self.need("name", "a name like asked-customer");
        if !word.text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
            self.problem(&word.at, quote(&word.text), "a name of small letters, digits and hyphens");
        }
        word
    }

    /// A text out of `known`; `None`, and a problem, for any other.
    pub fn choice<'c>(&mut self, key: &'a str, known: impl IntoIterator<Item = &'c str> + Clone) -> Option<Word> {
        let word = self.word(key)?;
        self.check(word, known)
    }

    /// A text out of `known` that must be there.
    pub fn need_choice<'c>(&mut self, key: &'a str, wanted: &str, known: impl IntoIterator<Item = &'c str> + Clone) -> Option<Word> {
        let word = self.need(key, wanted);
        if word.text.is_empty() { None } else { self.check(word, known) }
    }

    /// `word`, if it is one of `known`.
    pub fn check<'c>(&self, word: Word, known: impl IntoIterator<Item = &'c str> + Clone) -> Option<Word> {
        if known.clone().into_iter().any(|name| name == word.text) {
            return Some(word);
        }
        let known: Vec<&str> = known.into_iter().collect();
        self.problem(&word.at, quote(&word.text), one_of(&word.text, &known));
        None
    }

    pub fn flag(&mut self, key: &'a str, default: bool) -> bool {
        match self.find(key) {
            None => default,
            Some((_, Value::Flag(flag))) => *flag,
            Some((at, other)) => {
                self.problem(&at, other.shown(), "true or false");
                default
            }
        }
    }

    /// A whole number from `low` to `high`.
    pub fn number(&mut self, key: &'a str, low: i64, high: i64) -> Option<i64> {
        let (at, value) = self.find(key)?;
        match value {
            Value::Number(number) if (low..=high).contains(number) => Some(*number),
            other => {
                self.problem(&at, other.shown(), format!("a whole number from {low} to {high}"));
                None
            }
        }
    }

    /// A list of texts; empty when it is not there.
    pub fn words(&mut self, key: &'a str) -> Vec<Word> {
        match self.find(key) {
            None => Vec::new(),
            Some((at, Value::List(items))) => items
                .iter()
                .filter_map(|item| {
                    let at = At { spot: item.spot.clone(), ..at.clone() };
                    match &item.value {
                        Value::Text(text) => Some(Word { text: text.trim().to_owned(), at }),
                        other => {
                            self.problem(&at, other.shown(), "text in quotes");
                            None
                        }
                    }
                })
                .collect(),
            Some((at, other)) => {
                self.problem(&at, other.shown(), "a list of texts: [\"…\", \"…\"]");
                Vec::new()
            }
        }
    }

    /// A text or a list of them; `None` when it is not there.
    pub fn one_or_more(&mut self, key: &'a str) -> Option<Vec<Word>> {
        self.known.push(key);
        match self.table.get(key)?.value {
            Value::List(_) => Some(self.words(key)),
            _ => Some(self.word(key).into_iter().collect()),
        }
    }

    /// The names of a list that are in `known`.
    pub fn choices<'c>(&mut self, key: &'a str, known: impl IntoIterator<Item = &'c str>) -> Vec<Word> {
        let known: Vec<&str> = known.into_iter().collect();
        let words = self.words(key);
        words.into_iter().filter_map(|word| self.check(word, known.iter().copied())).collect()
    }

    /// The tables of an array; two of one name are a problem that says both lines.
    pub fn tables(&mut self, key: &'a str) -> Vec<Reader<'a>> {
        let items = match self.find(key) {
            None => return Vec::new(),
            Some((_, Value::List(items))) => items,
            Some((at, other)) => {
                self.problem(&at, other.shown(), format!("tables, each under [[{key}]]"));
                return Vec::new();
            }
        };
        let mut seen: BTreeMap<String, At> = BTreeMap::new();
        let mut readers = Vec::new();
        for (idx, item) in items.iter().enumerate() {
            let Value::Table(table) = &item.value else {
                self.problem(&self.child(&item.spot, &key.into()), item.value.shown(), format!("tables, each under [[{key}]]"));
                continue;
            };
            let said = identity(key, table);
            let element = format!("{key}.{}", said.clone().unwrap_or_else(|| (idx + 1).to_string()));
            let at = self.child(&item.spot, &element.into());
            // Equal keys of bindings are the keymap's to find, however they are spelled.
            if let Some(said) = said.filter(|_| key != "bind") {
                match seen.get(&said) {
                    Some(first) => self.problem(&at, quote(&said), format!("another name; {} has it already", first.place())),
                    None => _ = seen.insert(said, at.clone()),
                }
            }
            readers.push(Reader::new(table, at, self.problems));
        }
        readers
    }

    /// A table inside this one.
    pub fn table(&mut self, key: &'a str) -> Option<Reader<'a>> {
        match self.find(key)? {
            (at, Value::Table(table)) => Some(Reader::new(table, at, self.problems)),
            (at, other) => {
                self.problem(&at, other.shown(), format!("a table under [{key}]"));
                None
            }
        }
    }

    /// The keys of a table whose keys are names, to be read with the other calls.
    pub fn keys(&self) -> Vec<&'a str> {
        self.table.entries.iter().map(|(key, _)| &**key).collect()
    }

    /// Refuses what was not asked for: a misspelt key would else be silently without effect.
    pub fn finish(self) {
        #[cfg(test)]
        self.problems.asked.borrow_mut().extend(self.known.iter().map(ToString::to_string));
        for (key, node) in &self.table.entries {
            if !self.known.contains(&&**key) {
                self.problems.add(&self.child(&node.spot, key), format!("the key {}", quote(key)), one_of(key, &self.known));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::parse;
    use super::*;

    #[test]
    fn every_problem_is_listed_with_its_line_and_key() {
        let text = "name = \"Bad Name\"\nflag = 1\ncount = 99\nlist = [\"a\", 2]\nlabl = \"x\"\n\n[[item]]\nname = \"one\"\n[[item]]\nname = \"one\"\n";
        let table = parse("a.toml", text).expect("a constant");
        let problems = Problems::default();
        let mut reader = Reader::root(&table, "a.toml", &problems);
        reader.name();
        reader.flag("flag", false);
        reader.number("count", 0, 15);
        reader.words("list");
        reader.need("label", "words for the screen");
        for mut item in reader.tables("item") {
            item.name();
            item.finish();
        }
        reader.finish();
        let says: Vec<String> = problems.into_sorted().iter().map(ToString::to_string).collect();
        assert_eq!(
            says,
            [
                "a.toml: label: read nothing, wanted words for the screen",
                "a.toml:1: name: read Bad Name, wanted a name of small letters, digits and hyphens",
                "a.toml:2: flag: read 1, wanted true or false",
                "a.toml:3: count: read 99, wanted a whole number from 0 to 15",
                "a.toml:4: list: read 2, wanted text in quotes",
                "a.toml:5: labl: read the key labl, wanted one of label, name, flag, list, item, count",
                "a.toml:9: item.one: read one, wanted another name; a.toml:7 has it already",
            ]
        );
    }
}
