//! Does it turn TOML into a checked type?
//!
//! Nothing here touches the disk: `run` reads the site's and the user's files and hands in their
//! texts. A load answers with everything, or with every problem at once.

mod abbreviations;
mod calendar;
mod dispositions;
mod drill;
mod files;
mod keymap;
mod keymaps;
mod lines;
mod messages;
mod nearest;
pub mod option_text;
mod priority;
mod profile;
mod profile_column;
pub mod profile_text;
mod reader;
mod rules;
mod shipped;
mod skips;
mod steps;
mod theme;
mod tree;
mod utilities;
mod utility_tables;
mod views;
mod workflow;
mod zones;

#[cfg(test)]
mod keymap_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod utility_tests;

use std::collections::BTreeMap;

use chrono_tz::Tz;

use files::{Merged, Part};
use reader::{At, Problems, Reader};
use tree::Table;

pub use shipped::shipped;

use crate::domain::calendar::Calendar;
use crate::domain::drill::Exercise;
use crate::domain::import::Profile;
use crate::domain::lines::Lines;
use crate::domain::message::Message;
use crate::domain::playbook::{CalendarPage, DeskKind, Disposition, Playbook, Utility, Workflow};
use crate::domain::priority::{Often, Weights};
use crate::domain::rules::Rules;
use crate::domain::shorthand::Abbreviation;
use crate::domain::skip::Reason;
use crate::domain::trouble::Problem;
use crate::domain::turnaround::Step;
use crate::domain::view::Kept;
use crate::keys::keymap::{Keymap, NAMES};
use crate::ui::theme::Theme;

/// A settings file: its path below the site's or the user's directory, with `/` between folders.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct File {
    pub path: String,
    pub text: String,
}

/// Which signs the screen may use.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Glyphs {
    Unicode,
    /// For terminals and fonts that draw `…` or `→` two cells wide, or not at all.
    Ascii,
}

/// `themes/options.toml`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Options {
    /// A change is refused for so many milliseconds after the cursor moved on by itself.
    pub guard_ms: u64,
    pub glyphs: Glyphs,
    /// Addresses of the web are marked as links, for terminals that open them (OSC 8).
    pub links: bool,
}

/// Everything that a desk's files say, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    pub playbook: Playbook,
    pub keymap: Keymap,
    /// The one in use, of `themes`.
    pub theme: Theme,
    pub themes: Vec<Theme>,
    pub profiles: Vec<Profile>,
    /// The user's own.
    pub views: Vec<Kept>,
    /// What a drill teaches.
    pub lesson: Vec<Exercise>,
    pub options: Options,
}

/// Path and text of a file.
pub type Text<'a> = (&'a str, &'a str);

/// A file's TOML taken apart, for `load_by` alone.
pub struct Parsed(Result<Table, Vec<Problem>>);

/// Takes texts apart and answers in their order; whoever has threads may take several at a time.
pub type Parse<'a> = &'a dyn Fn(&[Text<'_>]) -> Vec<Parsed>;

/// Takes one apart.
pub fn parse((path, text): Text<'_>) -> Parsed {
    Parsed(tree::parse(path, text))
}

/// Reads the shipped files of `desk`, over them the site's, over them the user's (keymaps, themes,
/// abbreviations and the lesson only). `Err` has every problem of the load, file by file, from top to bottom.
pub fn load(desk: DeskKind, overrides: &[File], user: &[File]) -> Result<Settings, Vec<Problem>> {
    load_with(desk, overrides, user, None)
}

/// The same with a keymap of that name, whatever the options say.
pub fn load_with(desk: DeskKind, overrides: &[File], user: &[File], keymap: Option<&str>) -> Result<Settings, Vec<Problem>> {
    load_by(desk, overrides, user, keymap, &|texts| texts.iter().copied().map(parse).collect())
}

/// The same, and how the texts are taken apart: that is half of it.
pub fn load_by(
    desk: DeskKind,
    overrides: &[File],
    user: &[File],
    keymap: Option<&str>,
    parse: Parse<'_>,
) -> Result<Settings, Vec<Problem>> {
    let Parts {
        name,
        workflow,
        dispositions,
        messages,
        utilities,
        steps,
        least_observed,
        zones,
        lines,
        skips,
        abbreviations,
        weights,
        often,
        calendar,
        calendars,
        rules,
        keymap,
        theme,
        themes,
        profiles,
        lesson,
        options,
        views,
    } = parts(desk, overrides, user, keymap, parse)?;
    let holidays = calendars.iter().find(|page| page.name == calendar).map(|page| page.holidays.as_slice());
    let calendar = Calendar::new(&calendar, holidays.unwrap_or_default());
    let utility_states = Vec::new();
    let playbook = Playbook {
        desk,
        name,
        workflow,
        dispositions,
        messages,
        utilities,
        steps,
        utility_states,
        observed: BTreeMap::new(),
        least_observed,
        zones,
        lines,
        skips,
        abbreviations,
        weights,
        often,
        calendar,
        calendars,
        rules,
    };
    let problems = Problems::default();
    let read = |(name, table): &(String, Table)| views::read(table, name, &format!("views/{name}.toml"), &playbook, &problems);
    let views: Vec<Kept> = views.iter().filter_map(read).collect();
    if !problems.is_empty() {
        return Err(problems.into_sorted());
    }
    Ok(Settings { playbook, keymap, theme, themes, profiles, views, lesson, options })
}

/// Reads one profile by itself, as one that a guess wrote; `path` is what problems say. `name` is that
/// of the file without `.toml`.
pub fn profile(path: &str, name: &str, text: &str, workflow: &Workflow) -> Result<Profile, Vec<Problem>> {
    let table = tree::parse(path, text)?;
    let problems = Problems::default();
    let profile = profile::read(&table, name, path, workflow, &problems);
    if problems.is_empty() { Ok(profile) } else { Err(problems.into_sorted()) }
}

/// Reads one view of the user's by itself; `None`: it is of another desk.
pub fn view(path: &str, name: &str, text: &str, playbook: &Playbook) -> Result<Option<Kept>, Vec<Problem>> {
    let table = tree::parse(path, text)?;
    let problems = Problems::default();
    let view = views::read(&table, name, path, playbook, &problems);
    if problems.is_empty() { Ok(view) } else { Err(problems.into_sorted()) }
}

/// The settings before the calendar is worked out for its hundred years.
struct Parts {
    name: String,
    workflow: Workflow,
    dispositions: Vec<Disposition>,
    messages: Vec<Message>,
    utilities: Vec<Utility>,
    steps: Vec<Step>,
    least_observed: usize,
    zones: BTreeMap<String, Vec<Tz>>,
    lines: Lines,
    skips: Vec<Reason>,
    abbreviations: Vec<Abbreviation>,
    weights: Weights,
    often: Often,
    calendar: String,
    calendars: Vec<CalendarPage>,
    rules: Rules,
    keymap: Keymap,
    theme: Theme,
    themes: Vec<Theme>,
    profiles: Vec<Profile>,
    lesson: Vec<Exercise>,
    options: Options,
    /// Not read yet: they are checked against everything else.
    views: Vec<(String, Table)>,
}

fn texts(files: &[File]) -> Vec<Text<'_>> {
    files.iter().map(|File { path, text }| (path.as_str(), text.as_str())).collect()
}

/// Desks that have a workflow file in this release.
fn desks(shipped: &[Text<'_>]) -> Vec<&'static str> {
    DeskKind::ALL.map(DeskKind::name).into_iter().filter(|desk| shipped.iter().any(|(path, _)| *path == workflow_file(desk))).collect()
}

fn workflow_file(desk: &str) -> String {
    format!("playbooks/{desk}/workflow.toml")
}

fn parts(desk: DeskKind, overrides: &[File], user: &[File], keymap: Option<&str>, parse: Parse<'_>) -> Result<Parts, Vec<Problem>> {
    let files = [shipped().to_vec(), texts(overrides), texts(user)];
    let workflow_file = workflow_file(desk.name());
    let problems = Problems::default();
    if files[..2].iter().flatten().all(|(path, _)| *path != workflow_file) {
        let wanted = format!("one of {}; the other desks come with a later release", desks(shipped()).join(", "));
        problems.add(&At::in_file(&workflow_file, "desk"), desk.name(), wanted);
        return Err(problems.into_sorted());
    }
    let merged = Merged::new(desk, files, parse, &problems);
    // A file that is not TOML would bring a problem for every name that it should have brought.
    if !problems.is_empty() {
        return Err(problems.into_sorted());
    }
    let parts = read(desk, &merged, &workflow_file, keymap, &problems);
    if problems.is_empty() { Ok(parts) } else { Err(problems.into_sorted()) }
}

fn read(desk: DeskKind, merged: &Merged, workflow_file: &str, keymap: Option<&str>, problems: &Problems) -> Parts {
    let folder = |name: &str| format!("playbooks/{}/{name}.toml", desk.name());
    let workflow::Read { workflow, calendar, follows, instead } = workflow::read(merged.part(&Part::Workflow), workflow_file, problems);
    let messages = messages::read(merged.part(&Part::Messages), "playbooks/messages", &workflow, problems);
    let read = dispositions::read(merged.part(&Part::Dispositions), &folder("dispositions"), &workflow, problems);
    let dispositions = with_messages(read, &messages, problems);
    let calendars = merged.named(|part| if let Part::Calendar(name) = part { Some(name) } else { None });
    let calendars = calendar::all(calendars, problems);
    if !calendar.text.is_empty() && calendars.iter().all(|page| page.name != calendar.text) {
        let names: Vec<&str> = calendars.iter().map(|page| page.name.as_str()).collect();
        problems.add(&calendar.at, calendar.text.as_str(), nearest::one_of(&calendar.text, &names));
    }
    let steps::Read { steps, least: least_observed } = steps::read(merged.part(&Part::Steps), "playbooks/steps.toml", &workflow, problems);
    let utilities = utilities::read(merged.part(&Part::Utilities), "playbooks/utilities", &steps, problems);
    let known = rules::Known { workflow: &workflow, utilities: &utilities, calendars: &calendars };
    let rules = merged.named(|part| if let Part::Rules(name) = part { Some(name) } else { None });
    let rules = Rules { follows, instead, ..rules::all(rules, &known, problems) };
    with_rules(&utilities, &rules, problems);
    let (weights, often) = priority::read(merged.part(&Part::Priority), "playbooks/priority.toml", problems);
    let profiles = merged.named(|part| if let Part::Profile(name) = part { Some(name) } else { None });
    let profiles =
        profiles.map(|(name, table)| profile::read(table, name, &format!("playbooks/profiles/{name}.toml"), &workflow, problems)).collect();
    let Looks { theme, themes, options, keymap: chosen } = looks(merged, problems);
    let keymap = keymaps::read(merged, keymap.unwrap_or(&chosen), &dispositions, problems);
    let views = merged.named(|part| if let Part::View(name) = part { Some(name) } else { None });
    let views = views.map(|(name, table)| (name.clone(), table.clone())).collect();
    Parts {
        name: format!("{}@{}", desk.name(), merged.digest),
        utilities,
        steps,
        least_observed,
        zones: zones::read(merged.part(&Part::Zones), "playbooks/zones.toml", problems),
        lines: lines::read(merged.part(&Part::Lines), "playbooks/lines.toml", problems),
        skips: skips::read(merged.part(&Part::Skips), "playbooks/skips.toml", problems),
        abbreviations: abbreviations::read(merged.part(&Part::Abbreviations), "playbooks/abbreviations.toml", problems),
        lesson: drill::read(merged.part(&Part::Drill), "playbooks/drill.toml", &dispositions, problems),
        weights,
        often,
        calendar: calendar.text,
        calendars,
        rules,
        workflow,
        dispositions,
        messages,
        keymap,
        theme,
        themes,
        profiles,
        options,
        views,
    }
}

/// What only the rules can tell: whether those that a utility's page names are there.
fn with_rules(utilities: &[Utility], rules: &Rules, problems: &Problems) {
    let families: Vec<&str> = rules.sets.iter().map(|set| set.family.as_str()).collect();
    for utility in utilities {
        let plain = |name: &&String| name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        for name in utility.rules.iter().filter(plain).filter(|name| !families.contains(&name.as_str())) {
            let at = At::in_file("playbooks/utilities", &format!("utility.{}.rules", utility.name));
            problems.add(&at, tree::quote(name), format!("the family of rules on file: {}", nearest::one_of(name, &families)));
        }
    }
}

/// What only the messages can tell: whether a disposition's message and the fields of its note exist.
fn with_messages(read: Vec<dispositions::Read>, messages: &[Message], problems: &Problems) -> Vec<Disposition> {
    let names: Vec<&str> = messages.iter().map(|message| message.name.as_str()).collect();
    read.into_iter()
        .map(|dispositions::Read { disposition, note, message }| {
            let found = message.as_ref().and_then(|word| messages.iter().find(|message| message.name == word.text));
            if let Some(word) = message.as_ref().filter(|_| found.is_none()) {
                problems.add(&word.at, tree::quote(&word.text), nearest::one_of(&word.text, &names));
            }
            messages::check_note(&note, &disposition, found, problems);
            disposition
        })
        .collect()
}

/// What `themes/` says.
struct Looks {
    theme: Theme,
    themes: Vec<Theme>,
    options: Options,
    /// The name of the keymap.
    keymap: String,
}

/// All themes are checked, whichever is in use.
fn looks(merged: &Merged, problems: &Problems) -> Looks {
    let themes = merged.named(|part| if let Part::Theme(name) = part { Some(name) } else { None });
    let themes: Vec<Theme> = themes.map(|(name, table)| theme::read(table, name, &format!("themes/{name}.toml"), problems)).collect();
    let table = merged.part(&Part::Options);
    let mut reader = Reader::root(table, "themes/options.toml", problems);
    let chosen = reader.choice("theme", themes.iter().map(|theme| theme.name.as_str()));
    let keymap = reader.choice("keymap", NAMES.map(|(name, _)| name));
    let glyphs = reader.choice("glyphs", ["unicode", "ascii"]);
    let guard_ms = reader.number("guard_ms", 0, 5_000).unwrap_or(0);
    let links = reader.flag("links", true);
    reader.finish();
    let theme = chosen.and_then(|word| themes.iter().find(|theme| theme.name == word.text)).or(themes.first());
    let theme = theme.expect("themes are shipped, and no file can take one away").clone();
    let glyphs = if glyphs.is_some_and(|word| word.text == "ascii") { Glyphs::Ascii } else { Glyphs::Unicode };
    let options = Options { guard_ms: guard_ms.unsigned_abs(), glyphs, links };
    Looks { theme, themes, options, keymap: keymap.map_or_else(|| NAMES[0].0.to_owned(), |word| word.text) }
}
