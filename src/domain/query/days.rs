//! Which days does a comparison mean?
//!
//! `due<=5b`: a count is that many days ahead, for days that lie ahead of us. `touched>14d`: for what lies behind us it
//! is an age, and more is longer ago. A day that is named (`fri`, `11/20`, `2026-11-20`) is that day in both, and
//! `<` is before it: for what lies behind us the last such day, for the others the next one.

use chrono::{Days, Months};

use super::lex::Op;
use super::{Context, DayField};
use crate::domain::day::Day;
use crate::domain::when;

/// First and last day, both inside; `None` is open.
pub type Span = (Option<Day>, Option<Day>);

pub fn span(field: DayField, op: Op, text: &str, context: &Context<'_>) -> Result<Span, String> {
    let text = text.trim().to_lowercase();
    if field.is_past()
        && let Some((count, unit)) = count(&text)
    {
        let (first, last) = age(count, unit, context).ok_or_else(|| format!("{text} reaches further back than the calendar"))?;
        return Ok(match op {
            Op::Is => (Some(first), Some(last)),
            Op::Above => (None, first.pred_opt()),
            Op::From => (None, Some(last)),
            Op::Below => (last.succ_opt(), None),
            Op::UpTo => (Some(first), None),
        });
    }
    let day = named(field, &text, context)?;
    Ok(match op {
        Op::Is => (Some(day), Some(day)),
        Op::Below => (None, day.pred_opt()),
        Op::UpTo => (None, Some(day)),
        Op::Above => (day.succ_opt(), None),
        Op::From => (Some(day), None),
    })
}

/// `14d`, `5b`, `2w`, `1m`.
fn count(text: &str) -> Option<(u32, &str)> {
    let (digits, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let known = matches!(unit, "b" | "bd" | "d" | "w" | "m");
    (known && !digits.is_empty()).then(|| (digits.parse().unwrap_or(u32::MAX), unit))
}

/// The days of that age: one, but the weekend behind a business day is as old as it.
fn age(count: u32, unit: &str, context: &Context<'_>) -> Option<(Day, Day)> {
    let today = context.today;
    let one = |day: Option<Day>| day.map(|day| (day, day));
    match unit {
        "d" => one(today.checked_sub_days(Days::new(u64::from(count)))),
        "w" => one(today.checked_sub_days(Days::new(u64::from(count) * 7))),
        "m" => one(today.checked_sub_months(Months::new(count))),
        _ => {
            let count = i64::from(count);
            let calendar = &context.playbook.calendar;
            let mut days = std::iter::successors(Some(today), Day::pred_opt).take(40_000);
            let last = days.find(|day| calendar.between(*day, today) >= count)?;
            let same = |day: &Day| calendar.between(*day, today) == count;
            let first = std::iter::successors(Some(last), Day::pred_opt).take(60).take_while(same).last()?;
            Some((first, last))
        }
    }
}

fn named(field: DayField, text: &str, context: &Context<'_>) -> Result<Day, String> {
    let (today, calendar) = (context.today, &context.playbook.calendar);
    let read = |text: &str| match field.is_past() {
        true => when::read_past(text, today, calendar),
        false => ahead(text, context),
    };
    // A space would end the term, so `next-tue` stands for it.
    read(text).or_else(|says| if text.contains('-') { read(&text.replace('-', " ")).map_err(|_| says) } else { Err(says) })
}

/// The next such day. Where that is nearly a year off, the one that has just passed is meant: who asks for what was
/// due before 11/20 does not ask for next year's.
fn ahead(text: &str, context: &Context<'_>) -> Result<Day, String> {
    let (today, calendar) = (context.today, &context.playbook.calendar);
    match when::read(text, today, calendar) {
        Ok(resolved) if resolved.when.time.is_some() => Err("a query asks for days, not for hours".to_owned()),
        Ok(resolved) => match when::far_ahead(text, resolved.when.day, today) {
            Some(_) => when::read_past(text, today, calendar),
            None => Ok(resolved.when.day),
        },
        Err(says) if text == "yesterday" => when::read_past(text, today, calendar).map_err(|_| says),
        Err(says) => Err(says),
    }
}
