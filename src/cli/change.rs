//! Changes one application: opens it, touches it, notes, edits; and takes back or brings back.

use std::collections::BTreeMap;
use std::io::Write;

use serde_json::json;

use super::args;
use super::home::{Done, Globals, Home, shown};
use super::stop::Stop;
use crate::domain::id::{CommandId, SubjectId};
use crate::domain::plan::{Answers, Line, edit, open, touch};
use crate::domain::text;
use crate::domain::trouble::{Failure, Refusal};
use crate::domain::when;
use crate::run::now;
use crate::store::{Access, Act, Scope};

/// FIELD=VALUE by name; a field that is given twice is a slip, not a choice.
pub fn values(pairs: &[(String, String)]) -> Result<BTreeMap<String, String>, Stop> {
    let mut values = BTreeMap::new();
    for (name, value) in pairs {
        if values.insert(name.clone(), value.clone()).is_some() {
            return Err(Stop::usage(format!("{} is given twice", shown(name))));
        }
    }
    Ok(values)
}

pub fn new(args: &args::New, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let mut values = values(&args.values)?;
    for (name, value) in [("site", &args.site), ("utility", &args.utility)] {
        if values.insert(name.to_owned(), value.clone()).is_some() {
            return Err(Stop::usage(format!("{name} is given twice")));
        }
    }
    let mut home = Home::open(globals, Access::Write)?.observe()?;
    let planned = open::application(SubjectId(now::fresh()), &values, Some(&home.who.login), &home.context())?;
    let lines = planned.lines.clone();
    let done = home.commit(planned)?;
    tell(&done, &lines, globals, out)
}

pub fn touch(args: &args::Touch, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let mut values = values(&args.values)?;
    let said = |name: &'static str, option: &Option<String>, value: Option<String>| match (option, value) {
        (Some(_), Some(_)) => Err(Stop::usage(format!("{name} is given twice"))),
        (option, value) => Ok(option.clone().or(value)),
    };
    let note = said("note", &args.note, values.remove("note"))?;
    let on = said("on", &args.on, values.remove("on"))?;
    let follow_up = said("follow_up", &args.follow_up, values.remove("follow_up"))?;
    let ball = values.remove("ball");
    values.extend(on.map(|on| ("on".to_owned(), on)));
    let mut home = Home::open(globals, Access::Write)?.observe()?;
    let app = home.find(&args.id)?;
    let playbook = home.playbook();
    let Some(disposition) = playbook.disposition(&args.disposition) else {
        let names: Vec<&str> = playbook.dispositions.iter().map(|disposition| disposition.name.as_str()).collect();
        return Err(unknown("quick action", &args.disposition, &names).into());
    };
    let follow_up = follow_up.map(|words| when::read(&words, home.today(), &playbook.calendar)).transpose();
    let follow_up = follow_up.map_err(Refusal::new)?.map(|resolved| resolved.when);
    let answers = Answers { note, values, follow_up, ball, because: args.because.clone(), ..Answers::default() };
    let planned = touch::disposition(disposition, &answers, &app, &home.context())?;
    let lines = planned.lines.clone();
    let done = home.commit(planned)?;
    tell(&done, &lines, globals, out)
}

/// The refusal for a name that the playbook does not have, with the nearest ones or all.
pub fn unknown(what: &str, name: &str, known: &[&str]) -> Refusal {
    let refusal = Refusal::new(format!("there is no {what} {}", shown(name)));
    let near: Vec<&str> = known.iter().copied().filter(|known| known.contains(name) || name.contains(known)).collect();
    match near.is_empty() || name.is_empty() {
        true => refusal.hint(format!("there are {}", known.join(", "))),
        false => refusal.hint(format!("did you mean {}?", near.join(" or "))),
    }
}

pub fn note(args: &args::Note, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let mut home = Home::open(globals, Access::Write)?.observe()?;
    let app = home.find(&args.id)?;
    let said = args.text.join(" ");
    let planned = touch::note(&said, &Answers::default(), &app, &home.context())?;
    let done = home.commit(planned)?;
    tell(&done, &[], globals, out)
}

pub fn set(args: &args::Set, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let values = values(&args.values)?;
    let mut home = Home::open(globals, Access::Write)?.observe()?;
    let app = home.find(&args.id)?;
    let planned = edit::set(&values, args.because.as_deref(), &app, &home.context())?;
    let lines = planned.lines.clone();
    let done = home.commit(planned)?;
    tell(&done, &lines, globals, out)
}

/// Takes back, or brings back, this person's last command, whichever session it was in.
pub fn turn(back: bool, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let mut home = Home::open(globals, Access::Write)?;
    let (who, playbook) = (home.who.clone(), home.playbook().name.clone());
    let act = Act {
        who: &who,
        command: CommandId(now::fresh()),
        today: home.today(),
        playbook: &playbook,
        millis: now::millis(),
        seed: now::seed(),
    };
    let committed = if back { home.store.undo(Scope::Person, &act) } else { home.store.redo(Scope::Person, &act) };
    let done = home.done(committed.map_err(Failure::from)?)?;
    tell(&done, &[], globals, out)
}

/// What was done, and below it each line of what changed.
pub fn tell(done: &Done, lines: &[Line], globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    if globals.json {
        let kept: Vec<_> = done.kept.iter().map(|(id, by)| json!({"id": id, "by": by})).collect();
        let mut answer = json!({"id": done.id, "did": done.did});
        if !kept.is_empty() {
            answer["kept"] = kept.into();
        }
        writeln!(out, "{answer}")?;
        return Ok(());
    }
    match &done.id {
        Some(id) if !done.did.contains(id.as_str()) => writeln!(out, "{id}: {}", text::clean_line(&done.did))?,
        _ => writeln!(out, "{}", text::clean_line(&done.did))?,
    }
    for line in lines {
        writeln!(out, "  {}: {}", line.label, text::clean_line(&line.text))?;
    }
    for (id, by) in &done.kept {
        writeln!(out, "  {id} stays: changed by {}", text::clean_line(by))?;
    }
    Ok(())
}
