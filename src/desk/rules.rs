//! Tier and clocks on a page: of the record under the cursor, or of values that somebody says on the phone.

use super::ask::{self, answer};
use super::effect::Effect;
use super::model::{Desk, Rules};
use super::notice::{Notice, Tone};
use super::pager;
use super::prompt::{Act, Ask, Item, Pick, Prompt, Tint};
use super::{note, picker};
use crate::domain::application::Application;
use crate::domain::day::short;
use crate::domain::plan::extend::{self, Agreement};
use crate::domain::rules::clock::{Asked, Clock, State};
use crate::domain::rules::matter::Matter;
use crate::domain::rules::words;

/// Of the record: what its review is and which clocks run, each with the rule that says so.
pub(super) fn page(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let Some(record) = pager::current(desk, rules) else { return Vec::new() };
    let title = format!("tier and clocks of {} {}", record.reference(), record.who());
    let lines = lines(desk, rules, &Matter::of(&record), rules.playbook.workflow.is_open(record.status()));
    pager::open(desk, title, lines)
}

fn lines(desk: &Desk, rules: &Rules, matter: &Matter, open: bool) -> Vec<(Tint, String)> {
    let (playbook, today) = (&rules.playbook, desk.today());
    let asked = Asked::of(matter, playbook, today);
    let tier = playbook.rules.tier(matter, asked.utility, today);
    let name = if tier.label.is_empty() { tier.tier.clone() } else { tier.label.clone() };
    let mut lines = vec![(Tint::Title, format!("tier: {name}"))];
    lines.extend(words::tier(&tier).into_iter().map(|line| (Tint::Plain, format!("  {line}"))));
    lines.push((Tint::Plain, String::new()));
    lines.push((Tint::Title, "clocks".to_owned()));
    if !open {
        lines.push((Tint::Warn, "  it is closed or ended: nothing runs any more".to_owned()));
    }
    if let Err(none) = playbook.rules.choose(matter, asked.utility, today) {
        lines.push((Tint::Warn, format!("  no rule: {}; what follows is practice, nobody owes it by law", none.because)));
    }
    let (waiting, clocks): (Vec<_>, Vec<_>) = playbook.rules.clocks(&asked).into_iter().partition(words::has_not_begun);
    for clock in clocks {
        let tint = match clock.state {
            State::Running if clock.is_law() && clock.outcome.is_breach() && clock.due.is_some_and(|due| due < today) => Tint::Warn,
            State::Running => Tint::Plain,
            _ => Tint::Dim,
        };
        lines.push((tint, format!("  {}", words::clock(&clock, &playbook.workflow, today))));
        lines.extend(words::clock_details(&clock, today).into_iter().map(|line| (Tint::Dim, format!("      {line}"))));
    }
    if !waiting.is_empty() {
        let names: Vec<&str> = waiting.iter().map(|clock| clock.label.as_str()).collect();
        lines.push((Tint::Dim, format!("  not begun: {}", names.join(", "))));
    }
    lines
}

/// The question on the phone: values in, tier and clocks out; no record is touched.
pub(super) fn ask(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let answers = vec![answer("values", "values", true, "")];
    desk.notice = Some(Notice::new(Tone::Note, "like: state=OR program=net-metering nameplate=50kW export=25kW received=2026-11-02"));
    ask::open(desk, rules, Act::AskRules, "which tier, which clocks: FIELD=VALUE with spaces between".to_owned(), None, answers)
}

pub(super) fn answered(desk: &mut Desk, rules: &Rules, ask: Ask) -> Vec<Effect> {
    let typed = ask.answers.first().map(|answer| answer.line.text().trim().to_owned()).unwrap_or_default();
    let codes: Vec<&str> = rules.playbook.workflow.milestones.iter().map(|(code, _)| code.as_str()).collect();
    let matter = pairs(&typed).and_then(|pairs| Matter::read(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())), &codes));
    match matter {
        Ok(matter) => {
            let lines = lines(desk, rules, &matter, true);
            pager::open(desk, typed, lines)
        }
        Err(says) => {
            desk.notice = Some(Notice::new(Tone::Refused, says));
            desk.prompt = Some(Prompt::Ask(Box::new(ask)));
            Vec::new()
        }
    }
}

/// `state=OR utility=Rocky Mountain Power received=2026-11-02`: a word without a sign goes on with the value before it.
fn pairs(typed: &str) -> Result<Vec<(String, String)>, String> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for word in typed.split_whitespace() {
        match (word.split_once('='), pairs.last_mut()) {
            (Some((name, value)), _) => pairs.push((name.to_owned(), value.to_owned())),
            (None, Some((_, value))) => *value = format!("{value} {word}"),
            (None, None) => return Err(format!("read \"{word}\", wanted FIELD=VALUE like state=OR")),
        }
    }
    Ok(pairs)
}

/// The clocks that run, to choose the one that was extended.
pub(super) fn extend(desk: &mut Desk, rules: &Rules, record: Application) -> Vec<Effect> {
    let today = desk.today();
    let clocks = extend::running(&record, &note::context(desk, rules));
    if clocks.is_empty() {
        desk.notice = Some(Notice::new(Tone::Note, format!("no clock runs for {}", record.reference())));
        return Vec::new();
    }
    let item = |clock: Clock| Item {
        value: clock.name.clone(),
        label: clock.label.clone(),
        detail: clock.due.map(|due| short(due, today)).unwrap_or_default(),
        refused: None,
    };
    let items = clocks.into_iter().map(item).collect();
    picker::open(desk, Pick::Clock, ask::title("which clock was extended", &record), Some(record), items)
}

pub(super) fn extended(desk: &mut Desk, rules: &Rules, clock: &str, label: &str, record: Application) -> Vec<Effect> {
    let answers = vec![
        answer("until", "until (fri, 5b, 12/4)", true, ""),
        answer("agreed_by", "agreed by (which desk)", true, ""),
        answer("authority", "what allows it (rule, order)", true, ""),
    ];
    let title = ask::title(&format!("{label}, extended"), &record);
    ask::open(desk, rules, Act::Extend(clock.to_owned()), title, Some(record), answers)
}

pub(super) fn agreement(clock: &str, text: impl Fn(&str) -> String) -> Agreement {
    Agreement { clock: clock.to_owned(), until: text("until"), agreed_by: text("agreed_by"), authority: text("authority") }
}
