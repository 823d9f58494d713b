//! Makes a database, and says who works with it.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use serde_json::json;

use super::args;
use super::change;
use super::home::{self, Globals, Home, shown};
use super::stop::Stop;
use crate::domain::id::{CommandId, ReplicaId};
use crate::domain::message::COMPANY;
use crate::domain::playbook::DeskKind;
use crate::domain::text;
use crate::domain::trouble::Failure;
use crate::run::looks::{self, Taste};
use crate::run::now;
use crate::run::paths;
use crate::run::sign::{self, Signer};
use crate::store::{Access, NewDatabase, Store};

/// The letter of the references that a new database gives.
const LETTER: char = 'A';

pub fn init(args: &args::Init, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let mut values = change::values(&args.values)?;
    if let Some(company) = &args.company
        && values.insert("company".to_owned(), company.clone()).is_some()
    {
        return Err(Stop::usage("company is given twice"));
    }
    only_company(&values, "init")?;
    let zone = args.zone.clone().unwrap_or_else(now::machine_zone);
    if let Err(trouble) = now::zone(&zone) {
        return Err(Stop::usage_hint(format!("{} is no time zone", shown(&zone)), trouble.hint.unwrap_or_default()));
    }
    let group = args.group.as_deref().map(gid).transpose()?;
    let path = globals.database()?;
    // A desk that this release cannot run must not get a database that nothing opens.
    home::load(args.desk, &path)?;
    let new = NewDatabase { replica: ReplicaId(now::fresh()), letter: LETTER, desk: args.desk, zone: zone.clone(), demo: false, group };
    Store::create(&path, &new, now::millis())?;
    let mut home = Home::open_at(&path, globals, Access::Write)?;
    if !values.is_empty() {
        company(&mut home, &values)?;
    }
    tell(&path, args, &zone, globals, out)
}

fn only_company(values: &BTreeMap<String, String>, command: &str) -> Result<(), Stop> {
    match values.keys().find(|name| !COMPANY.contains(&name.as_str())) {
        None => Ok(()),
        Some(other) => {
            Err(Stop::usage_hint(format!("{} is nothing that {command} takes", shown(other)), format!("it takes {}", COMPANY.join(", "))))
        }
    }
}

fn gid(name: &str) -> Result<u32, Stop> {
    let found = uzers::get_group_by_name(name).map(|group| group.gid());
    let number = || name.parse::<u32>().ok().filter(|gid| uzers::get_group_by_gid(*gid).is_some());
    found.or_else(number).ok_or_else(|| Stop::usage(format!("there is no group {}", shown(name))))
}

fn tell(path: &Path, args: &args::Init, zone: &str, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    if globals.json {
        writeln!(out, "{}", json!({"path": path.to_string_lossy(), "desk": args.desk.name(), "zone": zone}))?;
        return Ok(());
    }
    writeln!(out, "made {}: {} desk, the day is that of {zone}", text::clean_line(&path.to_string_lossy()), args.desk.name())?;
    writeln!(
        out,
        "next: intertie me --name \"…\" --phone \"…\", then intertie import FILE, intertie new SITE --utility U, or just intertie"
    )?;
    Ok(())
}

/// Keeps what a person chose of keymaps and themes. It needs no database, but goes by the desk and the site's files of one.
fn taste(args: &args::Me, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let path = globals.database()?;
    let found = std::fs::symlink_metadata(&path).is_ok();
    let kind = if found { Store::open(&path, Access::Read)?.about().desk } else { DeskKind::Residential };
    for (taste, value) in [(Taste::Keymap, &args.keymap), (Taste::Theme, &args.theme)] {
        let Some(value) = value else { continue };
        looks::keep(kind, found.then_some(path.as_path()), taste, value).map_err(|failure| match failure {
            Failure::Problems(problems) => Stop::Settings(problems),
            failure => failure.into(),
        })?;
        if !globals.json {
            writeln!(out, "{} {}, in every session opened from now on", taste.option(), text::clean_line(value))?;
        }
    }
    Ok(())
}

pub fn me(args: &args::Me, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    taste(args, globals, out)?;
    let chose = args.keymap.is_some() || args.theme.is_some();
    if chose && args.name.is_none() && args.phone.is_none() && args.values.is_empty() {
        if globals.json {
            writeln!(out, "{}", json!({"keymap": args.keymap, "theme": args.theme}))?;
        }
        return Ok(());
    }
    let given = [("name", &args.name), ("phone", &args.phone)];
    let values: BTreeMap<String, String> = given.into_iter().filter_map(|(field, text)| Some((field.to_owned(), text.clone()?))).collect();
    let ours = change::values(&args.values)?;
    only_company(&ours, "me")?;
    let access = if values.is_empty() && ours.is_empty() { Access::Read } else { Access::Write };
    let mut home = Home::open(globals, access)?;
    if !ours.is_empty() {
        company(&mut home, &ours)?;
    }
    let login = home.who.login.clone();
    if !values.is_empty() {
        let set =
            sign::change_set(&home.store, Signer::Person(&login), &values, CommandId(now::fresh()), home.today(), &home.playbook().name)?;
        if !set.changes.is_empty() {
            home.write(&set)?;
        }
    }
    let record = home.store.person(&login)?;
    let field = |name: &str| record.text(name).filter(|text| !text.is_empty()).map(str::to_owned);
    let (name, phone) = (field("name"), field("phone"));
    if globals.json {
        writeln!(out, "{}", json!({"login": login, "name": name, "phone": phone}))?;
        return Ok(());
    }
    writeln!(out, "login  {}", text::clean_line(&login))?;
    for (label, value, option) in [("name ", name, "--name"), ("phone", phone, "--phone")] {
        let value = value.unwrap_or_else(|| format!("not set; intertie me {option} \"…\""));
        writeln!(out, "{label}  {}", text::clean_line(&value))?;
    }
    let company = home.store.company()?;
    for name in COMPANY {
        if let Some(value) = company.text(name).filter(|value| !value.is_empty()) {
            writeln!(out, "{name}  {}", text::clean_line(value))?;
        }
    }
    Ok(())
}

/// Writes what the company signs with.
fn company(home: &mut Home, values: &BTreeMap<String, String>) -> Result<(), Stop> {
    let set = sign::change_set(&home.store, Signer::Company, values, CommandId(now::fresh()), home.today(), &home.playbook().name)?;
    if !set.changes.is_empty() {
        home.write(&set)?;
    }
    Ok(())
}

/// The user's own settings files.
pub fn user_files() -> Result<Vec<crate::settings::File>, Stop> {
    home::files(&paths::config()?)
}
