//! How does the queue come to look like a desk on an ordinary morning? Some rows overdue, some due
//! today, most away; here and there a deadline, a hold, an angry customer.

use super::life::{Life, Uses};
use super::world::Said;
use crate::domain::day::{Day, When};
use crate::domain::plan::{Answers, edit};

/// Why a row is or is not to be worked today.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    LegalHold,
    Hold,
    UntilActivity,
    Overdue,
    DueToday,
    PromiseDue,
    CureNear,
    Escalated,
    TodoDue,
    Away,
}

/// Statuses in which somebody's answer has a last day.
pub const ANSWERED: [&str; 6] =
    ["deficiency", "screen-failed", "plan-comments", "fire-comments", "claim-deficiency", "enrolment-deficiency"];

/// The fate of the nth open application. In each hundred as many as an ordinary morning has; 37
/// has no factor in common with 100, so a small demo has some of each too.
pub fn of(nth: u64) -> Fate {
    match (nth.wrapping_mul(37) + 4) % 100 {
        0 if nth < 100 => Fate::LegalHold,
        1..=2 => Fate::Hold,
        3..=4 => Fate::UntilActivity,
        5..=8 => Fate::Overdue,
        9..=13 => Fate::DueToday,
        14 => Fate::PromiseDue,
        15 => Fate::CureNear,
        16 => Fate::Escalated,
        17 => Fate::TodoDue,
        _ => Fate::Away,
    }
}

/// Days and flags of the nth one that lift a score; they come before its last contact.
pub fn decorate(life: &mut Life<'_>, nth: u64, day: Day) {
    let world = life.world;
    let text = |day: Day| day.to_string();
    let in_business_days = |days: i64| text(world.after(world.today, days));
    let approved = world.playbook.workflow.status(life.app.status()).is_some_and(|status| status.approved);
    let roll = life.chance.within(2, 20);
    if life.app.ball() == "customer" && life.app.text("number").is_none() && life.chance.percent(60) {
        let missing = life.chance.word(&world.data.words.missing).to_owned();
        life.set(day, [("missing", missing)]);
    }
    match nth.wrapping_mul(53) % 100 {
        0..=9 if !approved => life.set(day, [("install_on", in_business_days(roll))]),
        0..=9 => life.set(day, [("expires", text(world.today + chrono::Days::new(u64::try_from(roll * 3).unwrap_or(0))))]),
        10..=13 => life.set(day, [("incentive_due", text(world.today + chrono::Days::new(u64::try_from(roll * 2).unwrap_or(0))))]),
        14..=18 => life.set(day, [("goal", in_business_days(roll - 4))]),
        19..=21 => {
            let words = life.chance.word(world.words(Said::Complaint)).to_owned();
            life.set(day, [("complaint", "yes".to_owned())]);
            said(life, &words, day);
        }
        22..=24 => life.set(day, [("vip", (roll % 15 + 1).to_string())]),
        25..=30 => todo(life, world.after(world.today, roll), day),
        _ => {}
    }
}

/// The last contact, which decides where the row stands today.
pub fn last(life: &mut Life<'_>, fate: Fate, day: Day, uses: &mut Uses) {
    let world = life.world;
    let words = &world.data.words;
    match fate {
        Fate::LegalHold => {
            said(life, &words.legal, day);
            life.set(day, [("legal_hold", "yes".to_owned())]);
        }
        Fate::Hold => {
            let reason = life.chance.word(world.words(Said::Hold)).to_owned();
            if let Ok(planned) = edit::hold(Some(&reason), false, &life.app, &world.on(day)) {
                life.write(planned, day);
            }
        }
        Fate::UntilActivity => {
            let ahead = life.chance.within(3, 12);
            look_again(life, world.after(world.today, ahead), day, uses);
            if let Ok(planned) = edit::hold(None, true, &life.app, &world.on(day)) {
                life.write(planned, day);
            }
        }
        Fate::Overdue => {
            let late = life.chance.within(1, 6);
            look_again(life, world.before(world.today, late), day, uses);
        }
        Fate::PromiseDue => {
            let promised = world.before(world.today, life.chance.within(0, 3));
            look_again(life, world.today, day, uses);
            life.set(day, [("promised", promised.to_string())]);
        }
        Fate::CureNear => {
            if ANSWERED.contains(&life.app.status()) {
                let cure = life.chance.within(1, 4);
                life.set(day, [("cure_due", world.after(world.today, cure).to_string())]);
            }
            look_again(life, world.today, day, uses);
        }
        Fate::Escalated => {
            let text = life.chance.word(world.words(Said::Escalated)).to_owned();
            life.set(day, [("escalated", "yes".to_owned())]);
            said(life, &text, day);
            look_again(life, world.today, day, uses);
        }
        Fate::TodoDue => {
            let ahead = life.chance.within(2, 9);
            look_again(life, world.after(world.today, ahead), day, uses);
            todo(life, world.today, day);
        }
        Fate::DueToday => look_again(life, world.today, day, uses),
        Fate::Away => {
            let ahead = life.chance.within(1, 15);
            look_again(life, world.after(world.today, ahead), day, uses);
        }
    }
}

/// A contact, and the day on which we look again.
fn look_again(life: &mut Life<'_>, then: Day, day: Day, uses: &mut Uses) {
    if life.chance.percent(40) {
        life.contact(day, uses);
    }
    // On the hour that the customer asked for, now and then.
    let time = (life.app.ball() == "customer" && then > life.world.today && life.chance.percent(20)).then(|| {
        let hour = u32::try_from(life.chance.within(9, 16)).unwrap_or(9);
        crate::domain::day::NaiveTime::from_hms_opt(hour, 30, 0).unwrap_or_default()
    });
    // What was promised in an earlier round, and has passed, was kept or asked for again.
    if life.app.day("promised").is_some_and(|promised| promised <= life.world.today) {
        life.set(day, [("promised", String::new())]);
    }
    // So was a question.
    if life.app.day("cure_due").is_some_and(|due| due <= life.world.today) && !ANSWERED.contains(&life.app.status()) {
        life.set(day, [("cure_due", String::new())]);
    }
    life.note(day, Answers { follow_up: Some(When { day: then, time }), ..Answers::default() });
}

fn said(life: &mut Life<'_>, text: &str, day: Day) {
    if let Ok(planned) = crate::domain::plan::touch::note(text, &Answers::default(), &life.app, &life.world.on(day)) {
        life.write(planned, day);
    }
}

fn todo(life: &mut Life<'_>, due: Day, day: Day) {
    let title = life.chance.word(life.world.words(Said::Todo)).to_owned();
    if let Ok(planned) = edit::add_todo(&title, Some(due), "us", &life.app, &life.world.on(day)) {
        life.write(planned, day);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_morning() {
        let count = |fate: Fate| (0..300).filter(|nth| of(*nth) == fate).count();
        assert_eq!((count(Fate::LegalHold), count(Fate::Hold), count(Fate::Overdue), count(Fate::DueToday)), (1, 6, 12, 15));
        assert!(count(Fate::Away) > 230);
        assert!((0..20).any(|nth| of(nth) == Fate::Overdue), "a small demo has something to do too");
    }
}
