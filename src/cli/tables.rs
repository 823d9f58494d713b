//! Which tables does the README have of keys, commands, statuses, quick actions and messages? They
//! are made from what the program itself goes by, so they cannot say anything else.

use std::fmt::Write;

use clap::{Arg, Command};

use crate::domain::message::Channel;
use crate::domain::playbook::{Disposition, Playbook, Status, UTILITY_LANE, Workflow};
use crate::domain::query::{self, Flag, Kind, NumberField};
use crate::domain::shorthand::Abbreviation;
use crate::keys::action::{ACTIONS, Action, Layer};
use crate::keys::chord::show_keys;
use crate::keys::keymap::{Binding, Keymap};

/// One thing that a key does, with all keys that do it.
pub struct Keyed<'a> {
    pub layer: Layer,
    pub action: &'static Action,
    pub argument: Option<&'a str>,
    /// Empty: it is only in the palette.
    pub keys: Vec<String>,
    pub words: String,
}

/// All bindings by layer, in the order of the files; then the actions that no key has.
pub fn keyed<'a>(keymap: &'a Keymap, playbook: &Playbook) -> Vec<Keyed<'a>> {
    let mut rows: Vec<Keyed<'a>> = Vec::new();
    for layer in Layer::ALL {
        for binding in keymap.bindings().iter().filter(|binding| binding.layer == layer) {
            let keys = show_keys(&binding.keys);
            let argument = binding.run.argument.as_deref();
            let same = |row: &&mut Keyed<'_>| row.layer == layer && row.action.name == binding.run.action.name && row.argument == argument;
            match rows.iter_mut().find(same) {
                Some(row) => row.keys.push(keys),
                None => rows.push(Keyed { layer, action: binding.run.action, argument, keys: vec![keys], words: words(binding, playbook) }),
            }
        }
    }
    for action in ACTIONS.iter().filter(|action| action.takes.is_none()) {
        if rows.iter().all(|row| row.action.name != action.name) {
            rows.push(Keyed { layer: action.layer, action, argument: None, keys: Vec::new(), words: action.words.to_owned() });
        }
    }
    rows.sort_by_key(|row| row.layer);
    rows
}

fn words(binding: &Binding, playbook: &Playbook) -> String {
    let named = binding.run.argument.as_deref().filter(|_| binding.say == binding.run.action.words);
    match named.and_then(|name| playbook.disposition(name)) {
        Some(disposition) => disposition.label.clone(),
        None => binding.say.clone(),
    }
}

/// One table for each part of the screen that can have the keys.
pub fn keys_markdown(keymap: &Keymap, playbook: &Playbook) -> String {
    let rows = keyed(keymap, playbook);
    let mut out = String::new();
    for layer in Layer::ALL {
        let lines: Vec<[String; 3]> = rows
            .iter()
            .filter(|row| row.layer == layer)
            .map(|row| {
                let keys: Vec<String> = row.keys.iter().map(|keys| code(keys)).collect();
                let action = [Some(row.action.name), row.argument].into_iter().flatten().collect::<Vec<_>>().join(" ");
                [if keys.is_empty() { "palette".to_owned() } else { keys.join(", ") }, row.words.clone(), code(&action)]
            })
            .collect();
        if !lines.is_empty() {
            let _ = writeln!(out, "**{}**\n\n{}", layer.name(), table(["keys", "does", "action"], &lines));
        }
    }
    out.trim_end().to_owned() + "\n"
}

/// Every command that help shows, with what it takes, and what it does.
pub fn commands(command: &Command) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        if !sub.is_subcommand_required_set() {
            lines.push((usage(sub, ""), about(sub)));
        }
        for below in sub.get_subcommands().filter(|below| below.get_name() != "help") {
            lines.push((usage(below, &format!("{} ", sub.get_name())), about(below)));
        }
    }
    lines
}

/// Every field of the query language, and every flag.
pub fn queries_markdown() -> String {
    let mut out = String::from("| field | also | takes | what it asks for |\n|---|---|---|---|\n");
    for field in query::FIELDS {
        let takes = match field.kind {
            Kind::Name(_) => "`:` names",
            Kind::Text(_) => "`:` words in it",
            Kind::Number(NumberField::Size) => "`:` `<` `<=` `>` `>=` a size",
            Kind::Number(_) => "`:` `<` `<=` `>` `>=` a number",
            Kind::Day(day) if day.is_past() => "`:` `<` `<=` `>` `>=` a day, or an age",
            Kind::Day(_) => "`:` `<` `<=` `>` `>=` a day",
            Kind::Is => "`:` flags",
        };
        let aliases: Vec<String> = field.aliases.iter().map(|alias| format!("`{alias}`")).collect();
        _ = writeln!(out, "| `{}` | {} | {takes} | {} |", field.name, aliases.join(" "), field.about);
    }
    out.push_str("\n| flag | the row is |\n|---|---|\n");
    for (_, name, label) in Flag::ALL {
        _ = writeln!(out, "| `{name}` | {label} |");
    }
    out
}

/// The same as a table of the README.
pub fn commands_markdown(command: &Command) -> String {
    let lines: Vec<[String; 2]> = commands(command).into_iter().map(|(usage, about)| [code(&usage), about]).collect();
    table(["command", "does"], &lines)
}

fn about(command: &Command) -> String {
    command.get_about().map(ToString::to_string).unwrap_or_default()
}

fn usage(command: &Command, above: &str) -> String {
    let mut words = vec![format!("{above}{}", command.get_name())];
    let own = |arg: &&Arg| !arg.is_global_set() && !arg.is_hide_set() && !matches!(arg.get_id().as_str(), "help" | "version");
    let (places, options): (Vec<&Arg>, Vec<&Arg>) = command.get_arguments().filter(own).partition(|arg| arg.is_positional());
    words.extend(places.into_iter().chain(options).map(one));
    words.join(" ")
}

fn one(arg: &Arg) -> String {
    let value = arg.get_value_names().and_then(|names| names.first()).map(|name| name.to_string()).unwrap_or_default();
    let many = arg.get_num_args().is_some_and(|range| range.max_values() > 1);
    let value = format!("{value}{}", if many { "…" } else { "" });
    let text = match arg.get_long() {
        Some(long) if arg.get_action().takes_values() => format!("--{long} {value}"),
        Some(long) => format!("--{long}"),
        None => value,
    };
    if arg.is_required_set() { text } else { format!("[{text}]") }
}

/// The statuses of the utility's lane.
pub fn statuses_markdown(playbook: &Playbook) -> String {
    statuses_of(&playbook.workflow, UTILITY_LANE, |_| true)
}

fn statuses_of(workflow: &Workflow, lane: &str, shown: impl Fn(&Status) -> bool) -> String {
    let lines: Vec<[String; 6]> = workflow
        .of_lane(lane)
        .filter(|status| shown(status))
        .map(|status| {
            let next = workflow.of_lane(lane).map(|to| to.name.as_str()).filter(|to| *to != status.name);
            let next: Vec<String> = next.filter(|to| workflow.is_legal(&status.name, to)).map(code).collect();
            [
                code(&status.name),
                status.label.clone(),
                status.task.clone(),
                workflow.party_label(&status.ball).to_owned(),
                if status.follow_up.is_empty() { "–".to_owned() } else { status.follow_up.clone() },
                next.join(", "),
            ]
        })
        .collect();
    table(["status", "on screen", "task", "waiting on", "we look", "may go to"], &lines)
}

/// Every other lane: its statuses, and the quick actions that are only its own.
pub fn lanes_markdown(playbook: &Playbook, keymap: &Keymap) -> String {
    let workflow = &playbook.workflow;
    let lanes = workflow.lanes.iter().filter(|lane| lane.name != UTILITY_LANE);
    let parts: Vec<String> = lanes
        .map(|lane| {
            let statuses = statuses_of(workflow, &lane.name, |status| status.lane == lane.name);
            let actions = dispositions_of(playbook, keymap, |disposition| lane_of(disposition, workflow) == lane.name);
            format!("**{}** ({})\n\n{statuses}\n{actions}", lane.label, code(&format!("lane={}", lane.name)))
        })
        .collect();
    parts.join("\n")
}

/// The lane of what a quick action leads to, else of where it can be done; the utility's when it is at home in all.
fn lane_of<'a>(disposition: &'a Disposition, workflow: &'a Workflow) -> &'a str {
    let names = disposition.status.iter().chain(&disposition.from);
    let mut lanes = names.filter_map(|name| workflow.status(name)).map(|status| status.lane.as_str());
    lanes.find(|lane| !lane.is_empty()).unwrap_or(UTILITY_LANE)
}

/// Those of the utility's lane, and those that every lane has.
pub fn dispositions_markdown(playbook: &Playbook, keymap: &Keymap) -> String {
    dispositions_of(playbook, keymap, |disposition| lane_of(disposition, &playbook.workflow) == UTILITY_LANE)
}

fn dispositions_of(playbook: &Playbook, keymap: &Keymap, shown: impl Fn(&Disposition) -> bool) -> String {
    let lines: Vec<[String; 5]> = playbook
        .dispositions
        .iter()
        .filter(|disposition| shown(disposition))
        .map(|disposition| {
            let mine = |binding: &&Binding| binding.run.argument.as_deref() == Some(&*disposition.name);
            let keys: Vec<String> = keymap.bindings().iter().filter(mine).map(|binding| code(&show_keys(&binding.keys))).collect();
            let asks: Vec<String> =
                disposition.ask.iter().map(|ask| format!("{}{}", ask.name, if ask.required { "" } else { "?" })).collect();
            let status = disposition.status.as_deref().map(code).unwrap_or_default();
            [keys.join(", "), code(&disposition.name), disposition.label.clone(), asks.join(", "), status]
        })
        .collect();
    table(["keys", "quick action", "on screen", "asks", "status after"], &lines)
}

pub fn messages_markdown(playbook: &Playbook) -> String {
    let lines: Vec<[String; 4]> = playbook
        .messages
        .iter()
        .map(|message| {
            let asks: Vec<&str> = message.asked.iter().map(|asked| asked.name.as_str()).collect();
            [code(&message.name), message.label.clone(), channel(message.channel).to_owned(), asks.join(", ")]
        })
        .collect();
    table(["message", "on screen", "by", "asks"], &lines)
}

/// Those that become whole words, then those that stay.
pub fn abbreviations_markdown(playbook: &Playbook) -> String {
    let (grow, stay): (Vec<_>, Vec<_>) = playbook.abbreviations.iter().partition(|one| !one.long.is_empty());
    let line = |one: &Abbreviation| [code(&one.short), one.long.clone(), one.means.clone()];
    let lines: Vec<[String; 3]> = grow.into_iter().chain(stay).map(line).collect();
    table(["typed", "becomes", "means"], &lines)
}

fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "email",
        Channel::Sms => "SMS",
        Channel::Phone => "phone script",
        Channel::Portal => "portal text",
    }
}

/// Code in a table's cell; a key may itself be a backtick or a bar.
pub(super) fn code(text: &str) -> String {
    match text.contains('`') {
        true => format!("`` {text} ``"),
        false => format!("`{text}`"),
    }
}

pub(super) fn table<const N: usize>(head: [&str; N], lines: &[[String; N]]) -> String {
    let mut out = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(N));
    for line in lines {
        let cells: Vec<String> = line.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn cells_do_not_break_the_table() {
        let lines = [[code("|"), code("`")]];
        assert_eq!(table(["a", "b"], &lines), "| a | b |\n|---|---|\n| `\\|` | `` ` `` |\n");
    }

    #[test]
    fn every_command_is_in_the_table() {
        let command = super::super::args::Cli::command();
        let text = commands_markdown(&command);
        assert!(
            text.contains("| `touch ID DISPOSITION [FIELD=VALUE…] [--note TEXT] [--follow-up WHEN] [--on DAY] [--because TEXT]` |"),
            "{text}"
        );
        assert!(text.contains("| `keys check [FILE]` |"), "{text}");
        assert!(!text.contains("docs"), "hidden");
    }
}
