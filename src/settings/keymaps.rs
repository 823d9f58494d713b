//! Which keymap files count for the keymap that somebody chose, and which go over which?

use super::files::{Keys, Merged};
use super::keymap;
use super::reader::Problems;
use super::tree::{Node, Table, Value};
use crate::domain::playbook::Disposition;
use crate::keys::keymap::Keymap;

/// `alone = true` in a chosen keymap: the keys of `default.toml` do not lie below it, and of a desk's quick actions only
/// the digits, which the screen shows.
const ALONE: &str = "alone";

/// The keymap of that name, checked.
pub fn read(merged: &Merged, name: &str, dispositions: &[Disposition], problems: &Problems) -> Keymap {
    let alone = is_alone(merged, name);
    let all = lay(merged, name, alone, 2);
    let file = format!("keymaps/{name}.toml");
    keymap::read(&all, || lay(merged, name, alone, 0), &file, dispositions, problems).named(name)
}

fn is_alone(merged: &Merged, name: &str) -> bool {
    let mut chosen = merged.keymaps().filter(|(_, keys, _)| matches!(keys, Keys::Chosen(chosen) if chosen == name));
    chosen.any(|(_, _, table)| table.get(ALONE).is_some_and(|node| node.value == Value::Flag(true)))
}

/// The files up to a rank (0 shipped, 1 the site's, 2 the user's), laid over each other.
fn lay(merged: &Merged, name: &str, alone: bool, rank: usize) -> Table {
    let mut laid = Table::default();
    for (_, keys, table) in merged.keymaps().filter(|(of, ..)| *of <= rank) {
        match keys {
            Keys::All if alone => {}
            Keys::Desk if alone => laid.merge(only(table, is_digit)),
            Keys::Chosen(of) if of == name => {
                let mut table = table.clone();
                table.entries.retain(|(key, node)| &**key != ALONE || !matches!(node.value, Value::Flag(_)));
                laid.merge(table);
            }
            Keys::Chosen(_) => {}
            Keys::All | Keys::Desk | Keys::Own => laid.merge(table.clone()),
        }
    }
    first(&mut laid, &format!("keymaps/{name}.toml"));
    laid
}

/// What a keymap says itself comes before what lies below it: the first key of an action is the one that is taught.
fn first(laid: &mut Table, file: &str) {
    for (key, node) in &mut laid.entries {
        if let ("bind", Value::List(nodes)) = (&**key, &mut node.value) {
            nodes.sort_by_key(|node| &*node.spot.file != file);
        }
    }
}

fn is_digit(table: &Table) -> bool {
    table.text("on").is_some_and(|on| matches!(on.as_bytes(), [b'0'..=b'9']))
}

/// The bindings of a file for which it holds.
fn only(table: &Table, holds: fn(&Table) -> bool) -> Table {
    let mut table = table.clone();
    for (key, node) in &mut table.entries {
        if let ("bind", Value::List(nodes)) = (&**key, &mut node.value) {
            // What is no table is a mistake, to be named and not passed over.
            nodes.retain(|Node { value, .. }| if let Value::Table(table) = value { holds(table) } else { true });
        }
    }
    table
}
