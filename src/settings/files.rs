//! Which part of the settings is each file, and which file goes over which?

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::nearest::one_of;
use super::reader::{At, Problems};
use super::tree::Table;
use super::{Parse, Parsed, Text};
use crate::domain::playbook::DeskKind;
use crate::keys::keymap::NAMES;

/// Which keys a keymap file has; the later go over the earlier.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Keys {
    /// `default.toml`: the keys of every desk.
    All,
    /// The quick actions of this desk.
    Desk,
    /// Those of one keymap, while it is the chosen one.
    Chosen(String),
    Own,
}

/// A part of the settings. Files of one part are merged.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Part {
    Workflow,
    Dispositions,
    Messages,
    Utilities,
    Steps,
    Priority,
    Zones,
    Lines,
    Skips,
    Abbreviations,
    /// The lesson of a drill.
    Drill,
    Calendar(String),
    Rules(String),
    Profile(String),
    /// By whose it is (0 shipped, 1 the site's, 2 the user's), and which keys are in it.
    Keymap(usize, Keys),
    Theme(String),
    Options,
    /// A view of the user's own.
    View(String),
}

/// All files merged, by part.
#[derive(Default)]
pub struct Merged {
    parts: BTreeMap<Part, Table>,
    /// The first eight hex digits over the playbook's texts. Keymaps, themes, abbreviations and the lesson are not in
    /// it, because they are each person's own and no rule depends on them.
    pub digest: String,
}

const FOLDERS: &str = "a file under keymaps/ or themes/, in a user's directory views/, playbooks/messages/, playbooks/utilities/, playbooks/calendars/, \
     playbooks/profiles/, playbooks/rules/, playbooks/priority.toml, playbooks/steps.toml, playbooks/zones.toml, playbooks/lines.toml, playbooks/skips.toml, playbooks/milestones.toml, playbooks/abbreviations.toml, playbooks/drill.toml, \
     or workflow.toml or dispositions.toml under playbooks/DESK/, or those and messages.toml under playbooks/applicant/";

impl Merged {
    pub fn part(&self, part: &Part) -> &Table {
        static NONE: Table = Table { entries: Vec::new() };
        self.parts.get(part).unwrap_or(&NONE)
    }

    /// The keymap files that count, as `keymaps::merge` lays them over each other.
    pub fn keymaps(&self) -> impl Iterator<Item = (usize, &Keys, &Table)> {
        self.parts.iter().filter_map(|(part, table)| match part {
            Part::Keymap(rank, keys) => Some((*rank, keys, table)),
            _ => None,
        })
    }

    /// Calendars, profiles or themes by name.
    pub fn named(&self, name: fn(&Part) -> Option<&String>) -> impl Iterator<Item = (&String, &Table)> {
        self.parts.iter().filter_map(move |(part, table)| Some((name(part)?, table)))
    }

    /// Shipped files, over them the site's, over them the user's; `parse` takes their TOML apart.
    pub fn new(desk: DeskKind, files: [Vec<Text<'_>>; 3], parse: Parse<'_>, problems: &Problems) -> Merged {
        let mut hash = Sha256::new();
        let (mut places, mut texts) = (Vec::new(), Vec::new());
        for (rank, files) in files.into_iter().enumerate() {
            for (path, text) in files {
                let Some(part) = admitted(path, desk, rank, problems) else { continue };
                if !is_personal(&part) {
                    for said in [path, text] {
                        hash.update((said.len() as u64).to_le_bytes());
                        hash.update(said);
                    }
                }
                places.push((rank, part, order(path)));
                texts.push((path, text));
            }
        }
        let parsed = parse(&texts);
        debug_assert_eq!(parsed.len(), texts.len());
        let mut by_place: BTreeMap<(usize, Part, usize), Table> = BTreeMap::new();
        for (place, parsed) in places.into_iter().zip(parsed) {
            match parsed {
                Parsed(Ok(table)) => by_place.entry(place).or_default().append(table),
                Parsed(Err(faults)) => faults.into_iter().for_each(|fault| problems.push(fault)),
            }
        }
        let mut merged = Merged::default();
        for ((_, part, _), table) in by_place {
            merged.parts.entry(part).or_default().merge(table);
        }
        merged.digest = hash.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        merged
    }
}

/// Whether a part is each person's own: no rule and no order depends on it.
fn is_personal(part: &Part) -> bool {
    matches!(part, Part::Keymap(..) | Part::Theme(_) | Part::Options | Part::Abbreviations | Part::Drill | Part::View(_))
}

/// The part that a file of that rank is; `None`, and a problem unless it is rightly passed over, when it counts for nothing.
fn admitted(path: &str, desk: DeskKind, rank: usize, problems: &Problems) -> Option<Part> {
    let part = match place(path, desk) {
        Ok(Some(Part::Keymap(_, keys))) => Part::Keymap(rank, keys),
        Ok(Some(part)) => part,
        Ok(None) if rank == 0 || path.starts_with("keymaps/") => return None,
        Ok(None) => {
            problems.add(&At::file(path), "a file of another desk", format!("files of {}, which this database is", desk.name()));
            return None;
        }
        Err((read, wanted)) => {
            problems.add(&At::file(path), read, wanted);
            return None;
        }
    };
    if rank == 2 && !is_personal(&part) {
        let wanted = "only keymaps/, themes/, views/, playbooks/abbreviations.toml and playbooks/drill.toml in a user's directory, because rules and order are the same for everybody";
        problems.add(&At::file(path), "a playbook file", wanted);
        return None;
    }
    if rank != 2 && matches!(part, Part::View(_)) {
        let wanted = "views of a person in the user's directory; a team keeps its own in the program (v k)";
        problems.add(&At::file(path), "a view", wanted);
        return None;
    }
    Some(part)
}

/// A desk's workflow goes over that for all desks; what the applicant's desks share comes behind a desk's
/// own, because a desk begins with its own first status. All other files of a part have the same rank.
fn order(path: &str) -> usize {
    match path {
        MILESTONES => 0,
        path if path.starts_with(&format!("playbooks/{APPLICANT}/")) => 3,
        _ => 2,
    }
}

/// The dated things that all desks and the rules speak of.
const MILESTONES: &str = "playbooks/milestones.toml";

/// The folder of what the desks of the applicant's side share: the lanes beside the utility's.
const APPLICANT: &str = "applicant";

fn keys_of(name: &str) -> Keys {
    match NAMES.iter().position(|(known, _)| *known == name) {
        Some(0) => Keys::All,
        Some(_) => Keys::Chosen(name.to_owned()),
        None => Keys::Own,
    }
}

/// `Ok(None)`: a file of another desk. `Err`: what was read and what was wanted.
fn place(path: &str, desk: DeskKind) -> Result<Option<Part>, (String, String)> {
    let nowhere = || (path.to_owned(), FOLDERS.to_owned());
    let folders: Vec<&str> = path.split('/').collect();
    let (file, folders) = folders.split_last().ok_or_else(nowhere)?;
    let name = file.strip_suffix(".toml").filter(|name| !name.is_empty()).ok_or_else(nowhere)?;
    Ok(Some(match (folders, name) {
        (["keymaps"], name) if DeskKind::parse(name).is_some_and(|other| other != desk) => return Ok(None),
        (["keymaps"], name) if name == desk.name() => Part::Keymap(0, Keys::Desk),
        (["keymaps"], name) => Part::Keymap(0, keys_of(name)),
        (["views"], name) => Part::View(name.to_owned()),
        (["themes"], "options") => Part::Options,
        (["themes"], name) => Part::Theme(name.to_owned()),
        (["playbooks"], "priority") => Part::Priority,
        (["playbooks"], "steps") => Part::Steps,
        (["playbooks"], "zones") => Part::Zones,
        (["playbooks"], "lines") => Part::Lines,
        (["playbooks"], "skips") => Part::Skips,
        (["playbooks"], "abbreviations") => Part::Abbreviations,
        (["playbooks"], "drill") => Part::Drill,
        (["playbooks"], "milestones") => Part::Workflow,
        (["playbooks", APPLICANT], "workflow" | "dispositions" | "messages") if desk == DeskKind::Utility => return Ok(None),
        (["playbooks", APPLICANT], "workflow") => Part::Workflow,
        (["playbooks", APPLICANT], "dispositions") => Part::Dispositions,
        (["playbooks", APPLICANT], "messages") => Part::Messages,
        (["playbooks", "messages"], name) if DeskKind::parse(name).is_some_and(|other| other != desk) => return Ok(None),
        (["playbooks", "messages"], _) => Part::Messages,
        (["playbooks", "utilities"], _) => Part::Utilities,
        (["playbooks", "calendars"], name) => Part::Calendar(name.to_owned()),
        (["playbooks", "rules"], name) => Part::Rules(name.to_owned()),
        (["playbooks", "profiles"], name) => Part::Profile(name.to_owned()),
        (["playbooks", other], _) if DeskKind::parse(other).is_some_and(|other| other != desk) => return Ok(None),
        (["playbooks", own], "workflow") if *own == desk.name() => Part::Workflow,
        (["playbooks", own], "dispositions") if *own == desk.name() => Part::Dispositions,
        (["playbooks", own], name) if *own == desk.name() => {
            return Err((path.to_owned(), one_of(&format!("{name}.toml"), &["workflow.toml", "dispositions.toml"])));
        }
        _ => return Err(nowhere()),
    }))
}
