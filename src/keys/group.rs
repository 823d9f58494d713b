//! Which task does an action of the queue belong to? Help and which-key show them by task.

use super::action::{ACTIONS, Action, Layer};

/// The first action of each task, in the order of `ACTIONS`; those that stand behind it there are of the same task. So
/// a new row in the table has its task by where it stands.
const FIRST: &[(&str, &str)] = &[
    ("touch", "quick actions"),
    ("note", "change the record"),
    ("new", "new applications, imports, messages"),
    ("copy-number", "copy"),
    ("next-row", "move and find"),
    ("rerank", "what is shown"),
    ("detail", "look closer"),
    ("me", "the program"),
];

/// Actions of the queue by task: the heading, and the actions below it.
pub fn groups() -> Vec<(&'static str, Vec<&'static Action>)> {
    let mut groups: Vec<(&str, Vec<&Action>)> = Vec::new();
    for action in ACTIONS.iter().filter(|action| action.layer == Layer::Queue) {
        if let Some((_, heading)) = FIRST.iter().find(|(first, _)| *first == action.name) {
            groups.push((heading, Vec::new()));
        }
        if let Some((_, actions)) = groups.last_mut() {
            actions.push(action);
        }
    }
    groups
}

/// The task of an action; empty for one of another layer.
pub fn heading(name: &str) -> &'static str {
    groups().into_iter().find(|(_, actions)| actions.iter().any(|action| action.name == name)).map_or("", |(heading, _)| heading)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_of_the_queue_is_in_one_group() {
        let groups = groups();
        assert_eq!(groups.len(), FIRST.len(), "a first action is gone from the table");
        let all: usize = groups.iter().map(|(_, actions)| actions.len()).sum();
        assert_eq!(all, ACTIONS.iter().filter(|action| action.layer == Layer::Queue).count());
        assert_eq!(
            (heading("undo"), heading("touch"), heading("quit"), heading("save")),
            ("change the record", "quick actions", "the program", "")
        );
    }
}
