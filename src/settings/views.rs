//! Does a file of `views/` keep a view that can be looked at?

use super::reader::{Problems, Reader};
use super::tree::{Table, quote};
use crate::domain::day::Day;
use crate::domain::playbook::{DeskKind, Playbook};
use crate::domain::query::{Context, Group, Query, read_sort};
use crate::domain::view::{self, Kept, Rows};

/// `None`: it is a view of another desk, whose statuses this one may not know.
pub fn read(table: &Table, name: &str, file: &str, playbook: &Playbook, problems: &Problems) -> Option<Kept> {
    let mut reader = Reader::root(table, file, problems);
    let desk = reader.choice("desk", DeskKind::ALL.map(DeskKind::name));
    let rows = reader.choice("rows", Rows::ALL.map(Rows::name)).and_then(|word| Rows::parse(&word.text)).unwrap_or_default();
    let group = reader.choice("group", Group::ALL.map(Group::name)).and_then(|word| Group::parse(&word.text));
    let query = reader.word("query");
    let sort = reader.word("sort");
    let sort = sort.map_or(Ok(Vec::new()), |word| read_sort(&word.text).map_err(|says| problems.add(&word.at, quote(&word.text), says)));
    if desk.is_some_and(|word| word.text != playbook.desk.name()) {
        return None;
    }
    if let Err(says) = view::name(name).and_then(|wanted| if wanted == name { Ok(()) } else { Err(format!("{wanted}.toml as its name")) }) {
        problems.add(&super::reader::At::file(file), quote(name), says);
    }
    let query = query.map_or(String::new(), |word| {
        // Which day it is makes no query right or wrong; it only moves what it finds.
        let today = Day::from_ymd_opt(2026, 1, 1).unwrap_or_default();
        if let Err(fault) = Query::read(&word.text, &Context { playbook, today }) {
            problems.add(&word.at, quote(&word.text), fault.says);
        }
        word.text
    });
    reader.finish();
    Some(Kept { name: name.to_owned(), query, rows, sort: sort.unwrap_or_default(), group, team: false, version: 0 })
}
