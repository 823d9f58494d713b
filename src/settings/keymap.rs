//! Can every binding of `keymaps/` be typed, and does each do one known thing?

use std::collections::HashMap;

use super::nearest::one_of;
use super::reader::{At, Problems, Reader, Word};
use super::tree::{Node, Table, Value, identity, quote};
use crate::domain::playbook::Disposition;
use crate::keys::action::{self, ACTIONS, Layer};
use crate::keys::chord::{Code, Key, parse_keys, show_keys};
use crate::keys::keymap::{Binding, Keymap, Run};

/// `run = "nothing"` takes a binding away.
const NOTHING: &str = "nothing";

/// Without these somebody could not get out, save, or find out which key does what.
const RESERVED: [&str; 13] =
    ["quit", "help", "palette", "find-cancel", "save", "close", "do", "leave", "choose", "cancel", "shut", "import-leave", "offers-leave"];

/// `table` is all keymap files merged; `shipped` makes the same without anybody's own.
pub fn read(table: &Table, shipped: impl Fn() -> Table, file: &str, dispositions: &[Disposition], problems: &Problems) -> Keymap {
    let mut reader = Reader::root(table, file, problems);
    let mut bindings: Vec<(Binding, At)> = Vec::new();
    for mut reader in reader.tables("bind") {
        let at = reader.at.clone();
        if let Some(binding) = binding(&mut reader, dispositions) {
            bindings.push((binding, at));
        }
        reader.finish();
    }
    reader.finish();
    clashes(&bindings, problems);
    for name in RESERVED {
        if bindings.iter().all(|(binding, _)| binding.run.action.name != name) {
            problems.add(
                &taken_away(table, &shipped(), file, name),
                "no key",
                format!("a key for {name}, because without it nobody gets further"),
            );
        }
    }
    Keymap::new(bindings.into_iter().map(|(binding, _)| binding).collect())
}

fn binding(reader: &mut Reader<'_>, dispositions: &[Disposition]) -> Option<Binding> {
    let layer = reader.need_choice("layer", "the part of the screen that has the keys: queue", Layer::ALL.map(Layer::name));
    let on = reader.need("on", "keys like n, ctrl-r or a c");
    let run = reader.need("run", "an action's name");
    let say = reader.text("say");
    let layer = layer.and_then(|word| Layer::parse(&word.text))?;
    let keys = keys(reader, &on, layer);
    if run.text == NOTHING || run.text.is_empty() {
        return None;
    }
    let (run, words) = action_of(reader, &run, layer, dispositions)?;
    let say = if say.is_empty() { words } else { say };
    Some(Binding { layer, keys: keys?, run, say })
}

fn keys(reader: &Reader<'_>, on: &Word, layer: Layer) -> Option<Vec<Key>> {
    if on.text.is_empty() {
        return None;
    }
    let keys = match parse_keys(&on.text) {
        Ok(keys) => keys,
        Err(why) => {
            reader.problem(&on.at, quote(&on.text), format!("keys that a terminal can send: {why}"));
            return None;
        }
    };
    // Esc leaves a chord, and the page keys turn over the list of what may follow.
    let leaves = |key: &Key| matches!(key.code, Code::Esc | Code::PageUp | Code::PageDown);
    if keys.len() > 1 && keys.iter().any(leaves) {
        let wanted = "keys that can be reached: among several, esc leaves what was begun, pgup and pgdn show what may follow";
        reader.problem(&on.at, quote(&on.text), wanted);
        return None;
    }
    // Behind the first key of a chord a letter is no text any more.
    if layer.is_text() && keys.first().is_some_and(|key| key.text().is_some()) {
        let wanted = format!("keys that print nothing, because the layer {} takes the others as text", layer.name());
        reader.problem(&on.at, quote(&on.text), wanted);
        return None;
    }
    Some(keys)
}

/// The action, what follows its name, and its words.
fn action_of(reader: &Reader<'_>, run: &Word, layer: Layer, dispositions: &[Disposition]) -> Option<(Run, String)> {
    let (name, argument) = run.text.split_once(char::is_whitespace).map_or((run.text.as_str(), ""), |(name, rest)| (name, rest.trim()));
    let action = match action::find(name) {
        Some(action) if action.layer == layer => action,
        Some(action) => {
            let wanted = format!("an action of the layer {}; {name} is one of {}", layer.name(), action.layer.name());
            reader.problem(&run.at, quote(&run.text), wanted);
            return None;
        }
        None => {
            let here: Vec<&str> = ACTIONS.iter().filter(|action| action.layer == layer).map(|action| action.name).collect();
            reader.problem(&run.at, quote(name), one_of(name, &here));
            return None;
        }
    };
    match (action.takes, argument) {
        (None, "") => Some((Run { action, argument: None }, action.words.to_owned())),
        (None, _) => {
            reader.problem(&run.at, quote(&run.text), format!("{name} alone, because nothing follows it"));
            None
        }
        (Some(_), argument) => {
            let found = dispositions.iter().find(|disposition| disposition.name == argument);
            let Some(disposition) = found else {
                let names: Vec<&str> = dispositions.iter().map(|disposition| disposition.name.as_str()).collect();
                reader.problem(&run.at, quote(argument), one_of(argument, &names));
                return None;
            };
            Some((Run { action, argument: Some(argument.to_owned()) }, disposition.label.clone()))
        }
    }
}

/// The same keys twice, or one the start of the other: the second could never be typed.
fn clashes(bindings: &[(Binding, At)], problems: &Problems) {
    // Those that clash begin with the same key.
    let mut beginning: HashMap<_, Vec<&(Binding, At)>> = HashMap::new();
    for one in bindings {
        let (binding, at) = one;
        let known = beginning.entry((binding.layer, binding.keys.first())).or_default();
        let earlier = known.iter().find(|(other, _)| other.keys.starts_with(&binding.keys) || binding.keys.starts_with(&other.keys));
        let earlier = earlier.copied();
        known.push(one);
        let Some((other, other_at)) = earlier else { continue };
        let how = match other.keys.len().cmp(&binding.keys.len()) {
            std::cmp::Ordering::Equal => "has the same keys",
            std::cmp::Ordering::Less => "has keys with which these begin",
            std::cmp::Ordering::Greater => "has keys that begin with these",
        };
        let wanted = format!("other keys; {} {how}, {} for {}", other_at.place(), show_keys(&other.keys), runs(other));
        problems.add(at, format!("{} for {}", show_keys(&binding.keys), runs(binding)), wanted);
    }
}

fn runs(binding: &Binding) -> String {
    match &binding.run.argument {
        None => binding.run.action.name.to_owned(),
        Some(argument) => format!("{} {argument}", binding.run.action.name),
    }
}

/// Where the shipped keys of an action were bound to something else, or to nothing.
fn taken_away(table: &Table, shipped: &Table, file: &str, name: &str) -> At {
    let was = binds(shipped).find(|(_, bind)| bind.text("run") == Some(name)).and_then(|(_, bind)| identity("bind", bind));
    let now = was.and_then(|was| binds(table).find(|(_, bind)| identity("bind", bind).as_ref() == Some(&was)));
    match now {
        Some((node, bind)) => At::new(node.spot.clone(), &format!("bind.{}", identity("bind", bind).unwrap_or_default())),
        None => At::file(file),
    }
}

fn binds(table: &Table) -> impl Iterator<Item = (&Node, &Table)> {
    let nodes = match table.get("bind").map(|node| &node.value) {
        Some(Value::List(nodes)) => nodes.as_slice(),
        _ => &[],
    };
    nodes.iter().filter_map(|node| match &node.value {
        Value::Table(table) => Some((node, table)),
        _ => None,
    })
}
