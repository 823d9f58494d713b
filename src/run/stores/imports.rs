//! Imports of a session: rows are looked at on a thread of their own, and compared and written on the
//! writing thread, between whose chunks everything else goes on.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender};

use super::{Common, Order};
use crate::desk::msg::Msg;
use crate::domain::id::CommandId;
use crate::domain::import::{self, Profile, Report, Rows};
use crate::domain::import_words::thousands;
use crate::domain::playbook::Playbook;
use crate::domain::trouble::{Failure, Refusal, Trouble};
use crate::domain::view::Kept;
use crate::run::bring::{self, Opened, look};
use crate::run::{own_views, paths};
use crate::settings::{self, File, profile_text};

/// What the rules say that an import needs.
#[derive(Clone)]
pub struct Known {
    pub playbook: Arc<Playbook>,
    pub profiles: Vec<Profile>,
    pub database: PathBuf,
}

/// What is asked of the looking thread, answered in order.
pub(super) enum Ask {
    LookAt(Rows),
    Try(Box<import::Order>),
    Import {
        command: CommandId,
        order: Box<import::Order>,
    },
    Keep(Box<Profile>),
    /// A view of one's own; `over`: one of that name is known.
    KeepView {
        view: Box<Kept>,
        over: bool,
    },
    DropView(Box<Kept>),
}

/// Rows that are sound as a whole, for the writing thread.
pub(super) struct Bring {
    pub opened: Opened,
    /// `None`: nothing is written.
    pub command: Option<CommandId>,
}

/// Ends when the loop has ended.
pub(super) fn run(mut known: Known, common: &Common, asked: &Receiver<Ask>, orders: &Sender<Order>) {
    while let Ok(ask) = asked.recv() {
        let today = common.clock.today();
        match ask {
            Ask::LookAt(rows) => {
                let seen = look::look(&rows, "", &known.profiles, &known.playbook, today, &known.database);
                common.answer(Msg::Seen(Box::new(seen)));
            }
            Ask::Try(order) => match bring::open(*order, today, &known.database) {
                Ok(opened) => drop(orders.send(Order::Bring(Box::new(Bring { opened, command: None })))),
                Err(failure) => common.answer(Msg::Tried(Box::new(Err(failure)))),
            },
            Ask::Import { command, order } => match bring::open(*order, today, &known.database) {
                Ok(opened) => drop(orders.send(Order::Bring(Box::new(Bring { opened, command: Some(command) })))),
                Err(failure) => common.answer(ended(Report::default(), Some(failure))),
            },
            Ask::KeepView { view, over } => {
                let kept = own_views::keep(&view, over, known.playbook.desk);
                common.answer(Msg::OwnView(kept.map(|()| (*view, true))));
            }
            Ask::DropView(view) => common.answer(Msg::OwnView(own_views::remove(&view.name).map(|()| (*view, false)))),
            Ask::Keep(profile) => {
                let kept = keep(&profile, &known.playbook, &known.database);
                if kept.is_ok() {
                    known.profiles.push(*profile);
                }
                common.answer(Msg::ProfileKept(kept));
            }
        }
    }
}

pub(super) fn ended(report: Report, stopped: Option<Failure>) -> Msg {
    Msg::Imported { report: Box::new(report), stopped }
}

/// Why an import that was asked to stop did not do all.
pub(super) fn asked_to_stop(done: usize, of: usize) -> Failure {
    Refusal::new(format!("you stopped it after {} of {} rows", thousands(done), thousands(of))).into()
}

/// Somebody wants the import to stop. Read between two chunks, and taken back when the next begins.
#[derive(Clone, Default)]
pub(super) struct StopSign(Arc<AtomicBool>);

impl StopSign {
    pub fn set(&self, up: bool) {
        self.0.store(up, Ordering::Relaxed);
    }

    pub fn is_up(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Writes a profile into the site's directory, once it reads back; the answer is the file as people
/// call it.
fn keep(profile: &Profile, playbook: &Playbook, database: &Path) -> Result<String, Failure> {
    let site = paths::site(database);
    let name = format!("playbooks/profiles/{}.toml", profile.name);
    let taken = || Refusal::new(format!("there is a profile {} already", profile.name)).hint("give it another name");
    let mut files: Vec<File> = Vec::new();
    for (path, text) in paths::toml_files(&site)? {
        files.push(File { path: path.to_string_lossy().into_owned(), text });
    }
    let before = settings::load(playbook.desk, &files, &[]).map_err(Failure::from)?;
    if before.profiles.iter().any(|other| other.name == profile.name) {
        return Err(taken().into());
    }
    let text = profile_text::text(profile);
    files.push(File { path: name.clone(), text: text.clone() });
    settings::load(playbook.desk, &files, &[]).map_err(Failure::from)?;
    let path = site.join(&name);
    let folder = path.parent().unwrap_or(&site);
    paths::private(folder)?;
    paths::replace(&path, text.as_bytes()).map_err(|err| Trouble::io(format!("{} cannot be written", path.display())).because(err))?;
    let site = site.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(format!("{site}/{name}"))
}
