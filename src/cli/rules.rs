//! Answers a question about rules: of an application, or of values that somebody said on the phone.

use std::io::Write;

use serde_json::{Value as Json, json};

use super::args;
use super::change;
use super::days;
use super::home::{Globals, Home};
use super::stop::Stop;
use crate::domain::day::Day;
use crate::domain::plan::extend::{self as plan, Agreement};
use crate::domain::playbook::Playbook;
use crate::domain::rules::clock::{Asked, Clock, State};
use crate::domain::rules::matter::Matter;
use crate::domain::rules::{screen::ScreenAnswer, words};
use crate::store::Access;

/// What is asked about, and by which rules.
struct Question {
    playbook: Playbook,
    today: Day,
    matter: Matter,
    /// `A-1042 Smith`; empty for values.
    about: String,
}

impl Question {
    fn read(args: &args::Asked, globals: &Globals) -> Result<Question, Stop> {
        if args.about.iter().any(|word| word.contains('=')) {
            return Question::of_values(&args.about, globals);
        }
        let [id] = args.about.as_slice() else {
            return Err(Stop::usage_hint("one application, or values", "values are FIELD=VALUE: state=OR nameplate=50kW"));
        };
        let home = Home::open(globals, Access::Read)?;
        let app = home.find(id)?;
        let about = format!("{} {}", app.reference(), app.who());
        Ok(Question { playbook: home.playbook().clone(), today: home.today(), matter: Matter::of(&app), about })
    }

    fn of_values(words: &[String], globals: &Globals) -> Result<Question, Stop> {
        let (playbook, today) = days::rules(globals)?;
        let pair = |word: &String| {
            let (name, value) =
                word.split_once('=').ok_or_else(|| Stop::usage(format!("{} is no FIELD=VALUE", super::home::shown(word))))?;
            Ok((name.to_owned(), value.to_owned()))
        };
        let pairs = words.iter().map(pair).collect::<Result<Vec<(String, String)>, Stop>>()?;
        let codes: Vec<&str> = playbook.workflow.milestones.iter().map(|(code, _)| code.as_str()).collect();
        let matter = Matter::read(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())), &codes).map_err(Stop::usage)?;
        Ok(Question { playbook, today, matter, about: String::new() })
    }

    fn asked(&self) -> Asked<'_> {
        Asked::of(&self.matter, &self.playbook, self.today)
    }
}

pub fn tier(args: &args::Asked, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let question = Question::read(args, globals)?;
    let asked = question.asked();
    let answer = question.playbook.rules.tier(asked.matter, asked.utility, asked.today);
    if globals.json {
        let screen = |screen: &ScreenAnswer| json!({"screen": screen.name, "applies": screen.applies, "because": screen.because, "label": screen.label});
        let answer = json!({
            "tier": answer.tier,
            "label": answer.label,
            "reason": answer.reason,
            "threshold": answer.threshold,
            "margin": answer.margin,
            "rule": answer.rule,
            "cites": answer.cites,
            "confidence": answer.confidence.name(),
            "missing": answer.missing,
            "study": answer.study,
            "screens": answer.screens.iter().map(screen).collect::<Vec<Json>>(),
        });
        writeln!(out, "{answer}")?;
        return Ok(());
    }
    if !question.about.is_empty() {
        writeln!(out, "{}", crate::domain::text::clean_line(&question.about))?;
    }
    writeln!(out, "{}", answer.tier)?;
    for line in words::tier(&answer) {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

pub fn clock(args: &args::Asked, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let question = Question::read(args, globals)?;
    let rules = &question.playbook.rules;
    let clocks = rules.clocks(&question.asked());
    if globals.json {
        writeln!(out, "{}", clocks.iter().map(object).collect::<Json>())?;
        return Ok(());
    }
    if !question.about.is_empty() {
        writeln!(out, "{}", crate::domain::text::clean_line(&question.about))?;
    }
    let asked = question.asked();
    if let Err(none) = rules.choose(asked.matter, asked.utility, asked.today) {
        writeln!(out, "no rule: {}; what follows is practice, nobody owes it by law", none.because)?;
    }
    if clocks.is_empty() {
        writeln!(out, "no clock is on file for it")?;
    }
    let (waiting, clocks): (Vec<&Clock>, Vec<&Clock>) = clocks.iter().partition(|clock| words::has_not_begun(clock));
    for clock in clocks {
        writeln!(out, "{}", words::clock(clock, &question.playbook.workflow, question.today))?;
        for line in words::clock_details(clock, question.today) {
            writeln!(out, "    {line}")?;
        }
    }
    if !waiting.is_empty() {
        let names: Vec<&str> = waiting.iter().map(|clock| clock.label.as_str()).collect();
        writeln!(out, "not begun: {}", names.join(", "))?;
    }
    Ok(())
}

fn object(clock: &Clock) -> Json {
    let day = |day: Option<Day>| day.map(|day| day.to_string());
    let done = if let State::Done(on) = clock.state { Some(on) } else { None };
    let skipped: Vec<Json> = clock.skipped.iter().map(|(day, why)| json!({"date": day.to_string(), "why": why})).collect();
    json!({
        "clock": clock.name,
        "label": clock.label,
        "trigger": clock.trigger,
        "started": day(clock.started),
        "due": day(clock.due),
        "length": clock.length,
        "owes": clock.owes.name(),
        "outcome": clock.outcome.name(),
        "skipped": skipped,
        "calendar": clock.calendar,
        "rule": clock.rule,
        "cites": clock.cites,
        "confidence": clock.confidence.name(),
        "missing": clock.missing,
        "because": clock.because,
        "done": day(done),
        "over_by": clock.done_by,
        "says": clock.says,
        "extended": clock.extended.as_ref().map(|extension| json!({"until": extension.until.to_string(), "agreed_by": extension.agreed_by, "authority": extension.authority, "on": extension.on.to_string()})),
    })
}

pub fn extend(args: &args::Extend, globals: &Globals, out: &mut dyn Write) -> Result<(), Stop> {
    let mut home = Home::open(globals, Access::Write)?;
    let app = home.find(&args.id)?;
    let agreement = Agreement {
        clock: args.clock.clone(),
        until: args.until.clone(),
        agreed_by: args.agreed_by.clone(),
        authority: args.authority.clone(),
    };
    let planned = plan::extend(&agreement, &app, &home.context())?;
    let lines = planned.lines.clone();
    let done = home.commit(planned)?;
    change::tell(&done, &lines, globals, out)
}
