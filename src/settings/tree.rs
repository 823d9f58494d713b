//! What does a TOML text say, and on which line of which file does each value stand?

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::domain::text;
use crate::domain::trouble::Problem;

/// Where a value stands. Lines count from 1.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spot {
    pub file: Arc<str>,
    pub line: usize,
}

/// A value and where it stands.
#[derive(Clone, PartialEq, Debug)]
pub struct Node {
    pub spot: Spot,
    pub value: Value,
}

#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    Text(String),
    Number(i64),
    Flag(bool),
    List(Vec<Node>),
    Table(Table),
    /// A date or a number with a point: no setting is one, so it is kept only to be named.
    Other(String),
}

/// Keys in the order in which the file has them.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Table {
    pub entries: Vec<(Arc<str>, Node)>,
}

impl Table {
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|(_, node)| node)
    }

    /// The key as the table holds it, and what it has.
    pub fn entry(&self, key: &str) -> Option<&(Arc<str>, Node)> {
        self.entries.iter().find(|(name, _)| &**name == key)
    }

    pub fn text(&self, key: &str) -> Option<&str> {
        match self.get(key).map(|node| &node.value) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Puts `over` on top: tables by key, arrays of tables by their names, everything else is
    /// replaced.
    pub fn merge(&mut self, over: Table) {
        for (key, node) in over.entries {
            match self.entries.iter_mut().find(|(name, _)| *name == key) {
                None => self.entries.push((key, node)),
                Some((_, mine)) => merge_node(&key, mine, node),
            }
        }
    }

    /// Adds a file of the same rank. Arrays of tables go on; equal names are found when they are read.
    pub fn append(&mut self, more: Table) {
        for (key, node) in more.entries {
            match (self.entries.iter_mut().find(|(name, _)| *name == key), node) {
                (Some((_, Node { value: Value::List(mine), .. })), Node { value: Value::List(more), .. }) => mine.extend(more),
                (Some((_, mine)), node) => *mine = node,
                (None, node) => self.entries.push((key, node)),
            }
        }
    }
}

impl Value {
    /// As a problem quotes a value of the wrong type.
    pub fn shown(&self) -> String {
        match self {
            Value::Text(text) => format!("\"{}\"", quote(text)),
            Value::Number(number) => number.to_string(),
            Value::Flag(flag) => flag.to_string(),
            Value::List(_) => "a list".to_owned(),
            Value::Table(_) => "a table".to_owned(),
            Value::Other(text) => text.clone(),
        }
    }
}

/// A text as a problem quotes it: one line, not too long; nothing is called so.
pub fn quote(said: &str) -> String {
    let line = text::clean_line(said);
    match text::cut(&line, 60) {
        "" => "nothing".to_owned(),
        cut if cut.len() < line.len() => format!("{cut}…"),
        cut => cut.to_owned(),
    }
}

fn merge_node(key: &str, mine: &mut Node, over: Node) {
    match (&mut mine.value, over.value) {
        // A fact belongs to who says it: other words must never keep the source of those below.
        (Value::Table(mine), Value::Table(over)) if over.get("says").is_none() => mine.merge(over),
        (Value::List(mine), Value::List(over)) if named(mine) && named(&over) => merge_lists(key, mine, over),
        (_, value) => *mine = Node { spot: over.spot, value },
    }
}

/// Arrays whose tables are replaced whole: the words of a binding belong to what it ran before, and who
/// vouches for a fee or a mailbox to the one that stood there.
const WHOLE: [&str; 7] = ["abbreviation", "bind", "contact", "fee", "form", "program", "promise"];

fn named(list: &[Node]) -> bool {
    list.iter().all(|node| matches!(node.value, Value::Table(_)))
}

fn merge_lists(key: &str, mine: &mut Vec<Node>, over: Vec<Node>) {
    // Two entries of one name in the upper file: only the first goes over the lower file's, so that
    // the second is still there to be refused.
    let mut taken = vec![false; mine.len()];
    let of = |node: &Node| if let Value::Table(table) = &node.value { identity(key, table) } else { None };
    // Once each: a keymap has hundreds, and to name them again for every one above was a seventh of all reading.
    let known: Vec<Option<String>> = mine.iter().map(of).collect();
    for node in over {
        let Value::Table(table) = node.value else { continue };
        let wanted = identity(key, &table);
        let found = (0..taken.len()).find(|idx| !taken[*idx] && wanted.is_some() && known[*idx] == wanted);
        let Some(idx) = found else {
            mine.push(Node { spot: node.spot, value: Value::Table(table) });
            continue;
        };
        taken[idx] = true;
        match &mut mine[idx] {
            Node { value: Value::Table(mine), .. } if !WHOLE.contains(&key) => mine.merge(table),
            mine => *mine = Node { spot: node.spot, value: Value::Table(table) },
        }
    }
}

/// What tells the tables of an array apart: the name; of a binding its layer and keys; of an import
/// profile the column and what it is read for.
pub fn identity(array: &str, table: &Table) -> Option<String> {
    let by: &[&str] = match array {
        "bind" => &["layer", "on"],
        "column" => &["name", "field", "milestone"],
        "abbreviation" => &["short"],
        "fee" => &["program", "tier", "from"],
        "contact" => &["role"],
        "promise" => &["step"],
        "status" if table.get("column").is_some() => &["column", "word"],
        _ => &["name"],
    };
    let mut parts: Vec<&str> = by.iter().filter_map(|key| table.text(key)).collect();
    if array == "column" {
        let is_set = |key: &&str| table.get(key).is_some_and(|node| node.value == Value::Flag(true));
        parts.extend(["note", "dated_notes", "modified"].into_iter().filter(is_set));
    }
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// Reads one file. `Err` has the faults of its TOML, one for each line.
pub fn parse(path: &str, text: &str) -> Result<Table, Vec<Problem>> {
    let file: Arc<str> = path.into();
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(idx, _)| idx + 1)).collect();
    let (root, mut errors) = DeTable::parse_recoverable(text);
    errors.sort_by_key(|error| error.span().map(|span| span.start));
    let lines = Lines { file, starts, keys: RefCell::default() };
    if errors.is_empty() {
        return Ok(lines.table(root.into_inner()));
    }
    let mut problems: Vec<Problem> = Vec::new();
    for error in errors {
        let line = error.span().map_or(0, |span| lines.line(span.start));
        if problems.iter().all(|problem| problem.line != line) {
            let read = line.checked_sub(1).and_then(|idx| text.lines().nth(idx)).unwrap_or_default();
            let wanted = format!("TOML ({})", text::clean_line(error.message()));
            problems.push(Problem { file: path.to_owned(), line, column: String::new(), read: quote(read), wanted });
        }
    }
    Err(problems)
}

struct Lines {
    file: Arc<str>,
    starts: Vec<usize>,
    /// Keys that were met: a file has few, thousands of times.
    keys: RefCell<HashMap<String, Arc<str>>>,
}

impl Lines {
    fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }

    fn key(&self, said: &str) -> Arc<str> {
        if let Some(known) = self.keys.borrow().get(said) {
            return Arc::clone(known);
        }
        let key: Arc<str> = text::clean_line(said).into();
        self.keys.borrow_mut().insert(said.to_owned(), Arc::clone(&key));
        key
    }

    fn table(&self, table: DeTable<'_>) -> Table {
        let mut entries: Vec<_> = table.into_iter().collect();
        // The crate sorts keys by name.
        entries.sort_by_key(|(key, _)| key.span().start);
        let entries = entries.into_iter().map(|(key, value)| {
            let line = self.line(key.span().start);
            (self.key(key.get_ref()), self.node(line, value))
        });
        Table { entries: entries.collect() }
    }

    fn node(&self, line: usize, value: Spanned<DeValue<'_>>) -> Node {
        let value = match value.into_inner() {
            DeValue::String(said) => Value::Text(text::clean(&said).into_owned()),
            DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(whole) => Value::Number(whole),
                Err(_) => Value::Other(number.to_string()),
            },
            DeValue::Float(number) => Value::Other(number.as_str().to_owned()),
            DeValue::Boolean(flag) => Value::Flag(flag),
            DeValue::Datetime(when) => Value::Other(when.to_string()),
            DeValue::Array(items) => {
                let items = items.into_iter().map(|item| {
                    let line = self.line(item.span().start);
                    self.node(line, item)
                });
                Value::List(items.collect())
            }
            DeValue::Table(table) => Value::Table(self.table(table)),
        };
        Node { spot: Spot { file: self.file.clone(), line }, value }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Table {
        parse("a.toml", text).expect("a constant")
    }

    fn names(table: &Table, array: &str) -> Vec<(String, usize)> {
        let Some(Value::List(list)) = table.get(array).map(|node| &node.value) else { panic!("{array} is an array") };
        list.iter()
            .map(|node| match &node.value {
                Value::Table(table) => {
                    (format!("{} {}", table.text("name").unwrap_or(""), table.text("say").unwrap_or("")), node.spot.line)
                }
                other => (other.shown(), node.spot.line),
            })
            .collect()
    }

    #[test]
    fn every_value_knows_its_line() {
        let table = read("z = 1\na = [\n  \"x\",\n  \"y\",\n]\n\n[[t]]\nname = \"one\"\n[[t]]\nname = \"two\"\nb.c = true\n");
        assert_eq!(table.entries.iter().map(|(key, node)| (&**key, node.spot.line)).collect::<Vec<_>>(), [("z", 1), ("a", 2), ("t", 7)]);
        assert_eq!(names(&table, "a"), [("\"x\"".into(), 3), ("\"y\"".into(), 4)]);
        assert_eq!(names(&table, "t"), [("one ".into(), 7), ("two ".into(), 9)]);
    }

    #[test]
    fn tables_merge_by_key_arrays_of_tables_by_name_and_other_arrays_replace() {
        let mut base = read("list = [1, 2]\n[t]\na = 1\nb = 2\n[[x]]\nname = \"one\"\nsay = \"old\"\nkept = 1\n[[x]]\nname = \"two\"\n");
        base.merge(read("list = [3]\n[t]\nb = 3\n[[x]]\nname = \"three\"\n[[x]]\nname = \"one\"\nsay = \"new\"\n"));
        assert_eq!(base.get("list").map(|node| &node.value), read("list = [3]").get("list").map(|node| &node.value));
        let Some(Value::Table(t)) = base.get("t").map(|node| node.value.clone()) else { panic!("a table") };
        assert_eq!(
            t.entries.iter().map(|(key, node)| (&**key, node.value.shown())).collect::<Vec<_>>(),
            [("a", "1".to_owned()), ("b", "3".to_owned())]
        );
        assert_eq!(names(&base, "x"), [("one new".into(), 5), ("two ".into(), 9), ("three ".into(), 4)]);
    }

    #[test]
    fn a_binding_is_replaced_whole_and_an_equal_one_beside_it_stays() {
        let mut base = read("[[bind]]\nlayer = \"queue\"\non = \"n\"\nrun = \"note\"\nsay = \"old\"\n");
        let over = "[[bind]]\nlayer = \"queue\"\non = \"n\"\nrun = \"edit\"\n";
        base.merge(read(&format!("{over}{over}")));
        assert_eq!(names(&base, "bind"), [(" ".into(), 1), (" ".into(), 5)]);
    }

    #[test]
    fn faults_of_toml_have_their_line() {
        let problems = parse("a.toml", "a = 1\nb = \nc = 3\nd = = 4\n").expect_err("not TOML");
        assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [2, 4]);
        assert!(problems[0].to_string().starts_with("a.toml:2: read b =, wanted TOML ("), "{}", problems[0]);
    }
}
