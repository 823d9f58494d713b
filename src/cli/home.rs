//! What does every command start from? The database that is meant, its rules, who asks, what day it is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::stop::Stop;
use crate::domain::application::Application;
use crate::domain::change::ChangeSet;
use crate::domain::day::Day;
use crate::domain::facts::Facts;
use crate::domain::id::{CommandId, SessionId};
use crate::domain::message::Person;
use crate::domain::message::made::overlay;
use crate::domain::plan::{Context, Planned};
use crate::domain::playbook::{DeskKind, Playbook};
use crate::domain::text;
use crate::domain::trouble::{Failure, Refusal};
use crate::run::now::{self, Clock};
use crate::run::observed;
use crate::run::paths;
use crate::run::sign;
use crate::run::upgrading;
use crate::settings;
use crate::settings::Settings;
use crate::store::{Access, Committed, Lookup, Store, Who};

/// What was said before the command's own words.
#[derive(Clone, Debug)]
pub struct Globals {
    pub db: Option<PathBuf>,
    pub today: Option<Day>,
    pub json: bool,
}

impl Globals {
    /// The database that is meant: named, or the user's own.
    pub fn database(&self) -> Result<PathBuf, Stop> {
        match &self.db {
            Some(path) if path.as_os_str().is_empty() => Err(Stop::usage("--db needs a path")),
            Some(path) => Ok(path.clone()),
            None => Ok(paths::database()?),
        }
    }
}

/// An open database with everything that a command looks at.
pub struct Home {
    pub store: Store,
    pub settings: Settings,
    pub who: Who,
    pub person: Person,
    pub company: BTreeMap<String, String>,
    pub clock: Clock,
}

impl Home {
    pub fn open(globals: &Globals, access: Access) -> Result<Home, Stop> {
        let path = globals.database()?;
        Home::open_at(&path, globals, access)
    }

    pub fn open_at(path: &Path, globals: &Globals, access: Access) -> Result<Home, Stop> {
        let store = Store::open_telling(path, access, &upgrading::tell)?;
        let mut settings = load(store.about().desk, path)?;
        let playbook = &mut settings.playbook;
        playbook.utility_states = store.utility_states()?;
        // One that does not fit any more is as if it were not there; `playbook check` names it.
        playbook.messages = overlay(&playbook.messages, store.messages()?, &playbook.workflow).0;
        let clock = Clock::new(now::zone(&store.about().zone)?, globals.today);
        let (uid, login) = paths::user();
        let (person, company) = sign::signed(&store, &login)?;
        let who = Who { uid, login, session: SessionId(now::fresh()) };
        Ok(Home { store, settings, who, person, company, clock })
    }

    /// Reads what our own applications took: for commands that suggest when to look again.
    pub fn observe(mut self) -> Result<Home, Stop> {
        self.settings.playbook.observed = observed::read(&self.store, &self.settings.playbook)?;
        Ok(self)
    }

    pub fn playbook(&self) -> &Playbook {
        &self.settings.playbook
    }

    pub fn today(&self) -> Day {
        self.clock.today()
    }

    pub fn context(&self) -> Context<'_> {
        // In a demo there is nobody to be woken up.
        let moment = self.clock.moment().filter(|_| !self.store.about().demo);
        Context { playbook: self.playbook(), person: &self.person, company: &self.company, today: self.today(), moment }
    }

    /// The application that somebody means; ambiguous is a refusal that names the candidates.
    pub fn find(&self, id: &str) -> Result<Application, Stop> {
        let subject = match self.store.lookup(id)? {
            Lookup::One(subject) => subject,
            Lookup::None => {
                return Err(Refusal::new(format!("there is no application {}", shown(id)))
                    .hint("intertie list shows the references; a number or a unique start of one will do")
                    .into());
            }
            Lookup::Many(candidates) => {
                let refusal = Refusal::new(format!("{} is not one application", shown(id))).hint("give the reference");
                return Err(candidates.iter().map(named).fold(refusal, Refusal::because).into());
            }
        };
        let gone = || Refusal::new(format!("{} does not exist any more: its opening was undone", shown(id)));
        Ok(self.store.application(subject)?.ok_or_else(gone)?)
    }

    /// Writes a plan; the answer names what was done.
    pub fn commit(&mut self, planned: Planned) -> Result<Done, Stop> {
        let set = planned.into_set(CommandId(now::fresh()), self.playbook());
        self.write(&set)
    }

    pub fn write(&mut self, set: &ChangeSet) -> Result<Done, Stop> {
        let committed = self.store.commit(set, &self.who, now::millis(), now::seed()).map_err(Failure::from)?;
        self.done(committed)
    }

    /// The reference of what was changed; that of an application whose opening was just undone is in
    /// its history.
    pub fn done(&self, committed: Committed) -> Result<Done, Stop> {
        let id = match committed.facts.as_slice() {
            [(_, Some(facts))] => Some(facts.reference.clone()),
            [(subject, None)] => {
                let events = self.store.history(Some(*subject), usize::MAX)?;
                let given = events.iter().find_map(|event| event.fields.get("reference")?.to.as_text());
                given.map(str::to_owned)
            }
            _ => None,
        };
        Ok(Done { id, did: committed.did, kept: committed.kept })
    }
}

/// What a command did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Done {
    /// `A-1042`; `None` when it was not one application.
    pub id: Option<String>,
    pub did: String,
    /// Rows that an undone import left as they were, and why.
    pub kept: Vec<(String, String)>,
}

/// The rules of a desk with the site's own over them. The user's keymaps and themes are not read:
/// no command but `keys` looks at them, and a slip in one must not stop a script.
pub fn load(desk: DeskKind, database: &Path) -> Result<Settings, Stop> {
    let site = files(&paths::site(database))?;
    settings::load(desk, &site, &[]).map_err(Stop::Settings)
}

/// The settings files below a directory.
pub fn files(dir: &Path) -> Result<Vec<settings::File>, Stop> {
    let found = paths::toml_files(dir)?;
    Ok(found.into_iter().map(|(path, text)| settings::File { path: path.to_string_lossy().into_owned(), text }).collect())
}

/// `A-1042 Smith, Rocky Mountain Power, submitted`.
fn named(facts: &Facts) -> String {
    let who = if facts.customer.is_empty() { &facts.site } else { &facts.customer };
    let number = if facts.number.is_empty() { String::new() } else { format!(", {}", facts.number) };
    format!("{} {who}, {}{number}", facts.reference, facts.utility)
}

/// An argument, safe to be repeated.
pub fn shown(argument: &str) -> String {
    let line = text::clean_line(argument);
    format!("\"{}\"", text::cut(&line, 80))
}
