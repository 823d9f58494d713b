//! A touch: a disposition, a free note, a message. One deliberate contact or check, saved whole.

use std::collections::BTreeMap;

use super::builder::Builder;
use super::{Answers, Context, Planned, letter, review};
use crate::domain::application::Application;
use crate::domain::calendar::Calendar;
use crate::domain::contacts;
use crate::domain::day::{Day, When, parse_day, short};
use crate::domain::event::{Kind, Write};
use crate::domain::field;
use crate::domain::message;
use crate::domain::playbook::{Ask, Disposition, Then};
use crate::domain::text;
use crate::domain::trouble::Refusal;
use crate::domain::when;

/// Something to be answered before a touch can be planned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    pub name: String,
    pub label: String,
    pub required: bool,
    /// What stands there already: the field's present value, or a message's default.
    pub offered: String,
}

/// Why a disposition makes no sense here; `Ok` when it does.
pub fn possible(disposition: &Disposition, app: &Application, ctx: &Context<'_>) -> Result<(), String> {
    let workflow = &ctx.playbook.workflow;
    if app.flag("legal_hold") {
        return Err("legal hold".to_owned());
    }
    if !disposition.from.is_empty() && !disposition.from.iter().any(|from| from == app.status()) {
        return Err(format!("not while the status is {}", workflow.status_label(app.status())));
    }
    if disposition.from.is_empty() && !workflow.is_open(app.status()) {
        return Err(format!("it is {}", workflow.status_label(app.status())));
    }
    let lane = workflow.lane(app.text("lane"));
    if let Some(only) = disposition.lane.as_deref().filter(|only| *only != lane) {
        return Err(format!("only in the lane {}", workflow.lane_label(only)));
    }
    if let Some(to) = disposition.status.as_deref().filter(|to| !workflow.is_in_lane(to, lane)) {
        return Err(format!("{} is a status of another lane", workflow.status_label(to)));
    }
    match &disposition.status {
        Some(to) if workflow.status(app.status()).is_some() && !workflow.is_legal(app.status(), to) => {
            Err(format!("{} → {} is not a usual move", workflow.status_label(app.status()), workflow.status_label(to)))
        }
        _ => Ok(()),
    }
}

/// What has to be asked: the disposition's own questions, then the fields its message lacks.
pub fn questions(disposition: &Disposition, app: &Application, ctx: &Context<'_>) -> Vec<Question> {
    let message = disposition.message.as_deref().and_then(|name| ctx.playbook.message(name));
    // A note that is a part of the letter too is asked in the letter's words, which say what to write.
    let part = message.and_then(|message| message.asked.iter().find(|asked| asked.name == "note"));
    // The clocks that the touch starts are among what is offered.
    let after = disposition.milestone.as_deref().map(|code| app.recorded(code, ctx.today));
    let cure = |ask: &Ask| (ask.name == "cure_due" && ask.required).then(|| review::cure_day(after.as_ref().unwrap_or(app), ctx)).flatten();
    let mut questions: Vec<Question> = disposition
        .ask
        .iter()
        .map(|ask| {
            let field = field::find(&ask.name);
            Question {
                name: ask.name.clone(),
                label: match (ask.name.as_str(), field) {
                    ("note", _) => part.map_or_else(|| "note".to_owned(), |asked| asked.label.clone()),
                    ("on", _) => "the day it happened".to_owned(),
                    (_, Some(field)) => field.label.to_owned(),
                    (name, None) => name.to_owned(),
                },
                required: ask.required,
                // A date that passed is no offer for the next one.
                offered: cure(ask).map(|day| day.to_string()).unwrap_or_else(|| {
                    field
                        .filter(|field| !matches!(field.kind, field::Kind::Day | field::Kind::When))
                        .map(|field| field::show(field.kind, app.value(field.name)))
                        .unwrap_or_default()
                }),
            }
        })
        .collect();
    if let Some(message) = message {
        let asked: Vec<&str> = disposition.ask.iter().map(|ask| ask.name.as_str()).collect();
        // What has an offer needs no question here: one key and Enter is the whole touch.
        let open =
            letter::questions(message, after.as_ref().unwrap_or(app), ctx).into_iter().filter(|question| question.offered.is_empty());
        questions.extend(open.filter(|question| !asked.contains(&question.name.as_str())));
    }
    // What may stay empty comes last: the first key goes into what must be answered.
    questions.sort_by_key(|question| !question.required);
    questions
}

/// Plans a disposition. Refused when it makes no sense here (unless a reason is given), when an
/// answer is missing or wrong, or when its message has an unfilled field.
pub fn disposition(disposition: &Disposition, answers: &Answers, app: &Application, ctx: &Context<'_>) -> Result<Planned, Refusal> {
    if let Err(reason) = possible(disposition, app, ctx)
        && answers.because.as_deref().is_none_or(str::is_empty)
    {
        return Err(Refusal::new(format!("{} is not possible for {}: {reason}", disposition.name, app.reference())));
    }
    refuse_unknown_answers(disposition, answers, ctx)?;
    let answers = &answers.clean();
    let message = disposition.message.as_deref().and_then(|name| ctx.playbook.message(name));
    if let Some(message) = message {
        letter::may_be_sent(message, app, ctx)?;
    }
    let on = match answers.values.get("on").filter(|text| !text.trim().is_empty()) {
        Some(text) => Some(when::read_past(text, ctx.today, &ctx.playbook.calendar).map_err(Refusal::new)?),
        None => answers.on,
    };
    let mut plan = Builder::new(app, *ctx, Kind::Touch, on)?;
    for ask in disposition.ask.iter().filter(|ask| ask.required) {
        let given = match ask.name.as_str() {
            "note" => answers.note.as_deref(),
            "on" => continue,
            name => answers.values.get(name).map(String::as_str).or_else(|| app.text(name)),
        };
        if given.is_none_or(|given| given.trim().is_empty()) {
            return Err(Refusal::new(format!("{} asks for {}", disposition.name, ask.name)).hint(format!("give {}=…", ask.name)));
        }
    }
    // Fields are told from the record as it will be: `12/4` is a whole date there.
    let mut told: BTreeMap<String, String> =
        answers.values.iter().filter(|(name, _)| field::find(name).is_none()).map(|(name, text)| (name.clone(), text.clone())).collect();
    // The day of the touch is the day that its letter speaks of.
    told.insert("happened_on".to_owned(), message::us(plan.on));
    told.extend(answers.note.clone().map(|note| ("note".to_owned(), note)));
    let attempt = disposition.attempt.as_deref().map(|party| app.attempts(party) + 1);

    write_status(&mut plan, disposition, answers)?;
    write_fields(&mut plan, disposition, answers)?;
    write_follow_up(&mut plan, disposition, answers)?;
    plan.status_defaults(true, own_follow_up(disposition).is_some() || answers.follow_up.is_some(), disposition.milestone.as_deref())?;
    write_attempt(&mut plan, disposition, attempt);
    plan.say_if("contact", contacts::of_touch(disposition, app, ctx.playbook, ctx.today));
    if let Some(code) = &disposition.milestone {
        plan.milestone(code)?;
    }
    let after = plan.preview();
    let context = letter::context(&after, ctx, &told, attempt);
    let words = match (disposition.note.as_str(), answers.note.as_deref()) {
        ("", note) => note.unwrap_or_default().to_owned(),
        (template, Some(note)) if !template.contains("note") => {
            format!("{}. {note}", message::line(template, &context).trim_end_matches('.'))
        }
        (template, _) => message::line(template, &context),
    };
    plan.note(&words);
    plan.fields.insert("disposition".to_owned(), Write { to: disposition.name.as_str().into(), ..Write::default() });
    if let Some(message) = message {
        let rendered = letter::make(message, &after, ctx, &told, attempt)?;
        plan.put_message(message, rendered);
    }
    plan.finish(&disposition.label, disposition.then)
}

fn write_status(plan: &mut Builder<'_>, disposition: &Disposition, answers: &Answers) -> Result<(), Refusal> {
    if let Some(to) = answers.status.as_deref().or(disposition.status.as_deref()) {
        plan.put_status(to, disposition.ended_reason.as_deref(), answers.because.as_deref())?;
    }
    match (answers.ball.as_deref().or(disposition.ball.as_deref()), disposition.status.as_deref()) {
        (Some(party), _) => plan.put_ball(party),
        (None, Some(_)) => plan.status_defaults(false, true, None),
        (None, None) => Ok(()),
    }
}

fn write_fields(plan: &mut Builder<'_>, disposition: &Disposition, answers: &Answers) -> Result<(), Refusal> {
    for (name, text) in &disposition.set {
        let field = field::find(name).ok_or_else(|| Refusal::new(format!("{name} is no field")))?;
        plan.put_field(field, text)?;
    }
    for (name, text) in answers.values.iter().filter(|(name, _)| !matches!(name.as_str(), "on" | "note")) {
        if let Some(field) = field::find(name) {
            plan.put_field(field, text)?;
        }
    }
    Ok(())
}

fn write_follow_up(plan: &mut Builder<'_>, disposition: &Disposition, answers: &Answers) -> Result<(), Refusal> {
    if let Some(to) = answers.follow_up {
        plan.put_follow_up(Some(to), None);
        return Ok(());
    }
    match own_follow_up(disposition) {
        None => Ok(()),
        Some("promised") => {
            let promised = plan.fields.get("promised").map_or(plan.app.value("promised"), |write| &write.to);
            let words = promised.as_text().unwrap_or_default().to_owned();
            plan.put_follow_up_words(&words)
        }
        Some(words) => {
            let Some((name, span)) = words.split_once(['+', '-']) else { return plan.put_follow_up_words(words) };
            let day = plan.fields.get(name).map_or(plan.app.value(name), |write| &write.to);
            match day.as_text().and_then(parse_day) {
                Some(day) if words.contains('-') => {
                    let to = before(day, span, plan.ctx.today, &plan.ctx.playbook.calendar);
                    plan.put_follow_up(Some(When::on(to)), None);
                    Ok(())
                }
                Some(day) => plan.put_follow_up_after(day, span),
                None => plan.put_follow_up_words(span),
            }
        }
    }
}

fn write_attempt(plan: &mut Builder<'_>, disposition: &Disposition, attempt: Option<i64>) {
    if let (Some(party), Some(attempt)) = (&disposition.attempt, attempt) {
        plan.count_attempt(party, attempt);
        plan.say("attempt", format!("#{attempt}"));
    }
    if let Some(party) = &disposition.answer {
        plan.answered(party);
    }
}

/// So many business days (`3b`) before `day`; when that is no day to come any more, the next one, and `day` at the latest.
fn before(day: Day, span: &str, today: Day, calendar: &Calendar) -> Day {
    let count = span.trim_end_matches('b').parse().unwrap_or(0);
    let open = std::iter::successors(day.pred_opt(), Day::pred_opt).filter(|day| calendar.closed(*day).is_none());
    let early = open.take(count).last().unwrap_or(day);
    let next = calendar.add(today, 1).unwrap_or(early);
    early.max(next).min(day.max(today))
}

/// The disposition's own words for the follow-up; `None` when it is left to the new status.
fn own_follow_up(disposition: &Disposition) -> Option<&str> {
    disposition.follow_up.as_deref().filter(|words| !words.is_empty())
}

/// A name that the touch neither asks nor knows is a slip of the keyboard, not a thing to ignore.
fn refuse_unknown_answers(disposition: &Disposition, answers: &Answers, ctx: &Context<'_>) -> Result<(), Refusal> {
    let message = disposition.message.as_deref().and_then(|name| ctx.playbook.message(name));
    for name in answers.values.keys() {
        let asked = message
            .is_some_and(|message| matches!(message::source(name, message), Some(message::Source::Asked | message::Source::Utility)));
        if name != "on" && field::find(name).is_none() && !asked {
            return Err(Refusal::new(format!("{name} is neither a field nor something that {} asks", disposition.name)));
        }
        if matches!(name.as_str(), "status" | "ended_reason" | "follow_up") {
            return Err(Refusal::new(format!("{name} is not given with a disposition; it comes from {}", disposition.name))
                .hint("use set, or --follow-up"));
        }
    }
    Ok(())
}

/// Plans a free note with what its marks say.
pub fn note(text: &str, answers: &Answers, app: &Application, ctx: &Context<'_>) -> Result<Planned, Refusal> {
    let (text, answers) = (&*text::clean(text), &answers.clean());
    let mut plan = Builder::new(app, *ctx, Kind::Touch, answers.on)?;
    if let Some(to) = &answers.status {
        let reason = answers.values.get("ended_reason").map(String::as_str);
        plan.put_status(to, reason, answers.because.as_deref())?;
    }
    if let Some(party) = &answers.ball {
        plan.put_ball(party)?;
    }
    if let Some(to) = answers.follow_up {
        plan.put_follow_up(Some(to), None);
    }
    plan.status_defaults(answers.ball.is_some(), answers.follow_up.is_some(), None)?;
    if let Some(party) = &answers.attempt {
        let attempt = app.attempts(party) + 1;
        plan.count_attempt(party, attempt);
        plan.say("attempt", format!("#{attempt}, {}", ctx.playbook.workflow.party_label(party)));
    }
    if plan.on != ctx.today && !(text.trim().is_empty() && plan.fields.is_empty()) {
        plan.say("happened", short(plan.on, ctx.today));
    }
    plan.note(text);
    if text.trim().is_empty() && plan.fields.is_empty() {
        return Err(Refusal::new("the note is empty"));
    }
    let first = plan.lines.first().map_or("changed", |line| line.label);
    let did = words(text, answers, ctx).unwrap_or_else(|| first.to_owned());
    plan.finish(&did, Then::Next)
}

/// A note, and what its marks set: that is what one looks back for, and what an undo takes along.
fn words(text: &str, answers: &Answers, ctx: &Context<'_>) -> Option<String> {
    let workflow = &ctx.playbook.workflow;
    let note = (!text.trim().is_empty()).then(|| "note".to_owned());
    let status = answers.status.as_deref().map(|to| workflow.status_label(to).to_owned());
    let ball = answers.ball.as_deref().map(|party| format!("waiting on {}", workflow.party_label(party)));
    let follow_up = answers.follow_up.map(|when| format!("we look {}", short(when.day, ctx.today)));
    let words: Vec<String> = [note, status, ball, follow_up].into_iter().flatten().collect();
    (!words.is_empty()).then(|| words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::{self, day};

    /// Today is Saturday 21 November; Thursday 26 is Thanksgiving.
    #[test]
    fn a_look_ahead_of_a_day_is_never_behind_us() {
        let calendar = testing::playbook().calendar;
        for (promised, span, look) in [
            // 3, 2 and 1 December.
            ("2026-12-04", "3b", "2026-12-01"),
            // 27, 25 and 24 November.
            ("2026-11-30", "3b", "2026-11-24"),
            // 24, 23 and 20 November: the last is behind us, Monday is the next.
            ("2026-11-25", "3b", "2026-11-23"),
            ("2026-11-23", "3b", "2026-11-23"),
            ("2026-11-22", "1b", "2026-11-22"),
            ("2026-11-18", "1b", "2026-11-21"),
        ] {
            assert_eq!(before(day(promised), span, testing::today(), &calendar), day(look), "{promised} {span}");
        }
    }
}
