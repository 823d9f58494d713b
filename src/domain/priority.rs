//! Why a row is on top: signals with their points, which add up to the score.
//!
//! Pure and cheap: the packed queue scores a million rows with it. Points are data
//! (`playbooks/priority.toml`), signals are code.

use super::calendar::Calendar;
use super::day::{Datelike, Day};
use super::playbook::Playbook;
use super::rules::Rules;
use super::rules::days::Due;

/// What lifts a row. The order is that of `SIGNALS`, and of `why` among equal points.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Signal {
    LapseNear,
    Duty,
    Escalated,
    Promised,
    Breached,
    ReadyToAct,
    InstallSoon,
    IncentiveDue,
    Expiring,
    Complaint,
    Goal,
    FollowUp,
    Todo,
    Aging,
    Size,
    Vip,
}

impl Signal {
    pub const ALL: [Signal; 16] = [
        Signal::LapseNear,
        Signal::Duty,
        Signal::Escalated,
        Signal::Promised,
        Signal::Breached,
        Signal::ReadyToAct,
        Signal::InstallSoon,
        Signal::IncentiveDue,
        Signal::Expiring,
        Signal::Complaint,
        Signal::Goal,
        Signal::FollowUp,
        Signal::Todo,
        Signal::Aging,
        Signal::Size,
        Signal::Vip,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Signal::LapseNear => "lapse-near",
            Signal::Duty => "duty",
            Signal::Breached => "breached",
            Signal::Escalated => "escalated",
            Signal::Promised => "promised",
            Signal::ReadyToAct => "ready-to-act",
            Signal::InstallSoon => "install-soon",
            Signal::IncentiveDue => "incentive-due",
            Signal::Expiring => "expiring",
            Signal::Complaint => "complaint",
            Signal::Goal => "goal",
            Signal::FollowUp => "follow-up",
            Signal::Todo => "to-do",
            Signal::Aging => "aging",
            Signal::Size => "size",
            Signal::Vip => "vip",
        }
    }
}

/// The numbers behind the signals, from `playbooks/priority.toml`.
///
/// `points` when it begins, `near` the points while it is nearer, `per_day` for each business day
/// past, `cap` the most that `per_day` may add, `within` and `near_within` the days before.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Weight {
    pub points: i32,
    pub near: i32,
    pub per_day: i32,
    pub cap: i32,
    pub within: i32,
    pub near_within: i32,
}

/// One weight for each signal, by `Signal as usize`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Weights(pub [Weight; Signal::ALL.len()]);

/// So many contacts of one party on one application within so many business days are many: that is said, never asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Often {
    pub contacts: i64,
    pub within: i64,
}

impl Weights {
    pub fn of(&self, signal: Signal) -> Weight {
        self.0[signal as usize]
    }
}

/// A day in the packed queue: days since 0001-01-01 (`num_days_from_ce`); `NONE` for no day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct PackedDay(pub i32);

impl PackedDay {
    pub const NONE: PackedDay = PackedDay(i32::MAX);

    pub fn get(self) -> Option<Day> {
        (self != PackedDay::NONE).then(|| Day::from_num_days_from_ce_opt(self.0)).flatten()
    }
}

impl From<Option<Day>> for PackedDay {
    fn from(day: Option<Day>) -> PackedDay {
        day.map_or(PackedDay::NONE, |day| PackedDay(day.num_days_from_ce()))
    }
}

/// A clock's day and which clock it is (`rules::Rules::clock`); `NO_CLOCK` for a day set by hand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DueDay {
    pub day: PackedDay,
    pub clock: u8,
}

pub const NO_CLOCK: u8 = u8::MAX;

impl DueDay {
    pub const NONE: DueDay = DueDay { day: PackedDay::NONE, clock: NO_CLOCK };

    /// The earlier of a day set by hand and a clock's; the hand's when they are the same.
    pub fn nearer(by_hand: Option<Day>, clock: Option<Due>) -> DueDay {
        match (by_hand, clock) {
            (Some(day), Some(due)) if due.day < day => Some(due).into(),
            (None, due) => due.into(),
            (day, _) => DueDay { day: day.into(), clock: NO_CLOCK },
        }
    }
}

impl From<Option<Due>> for DueDay {
    fn from(due: Option<Due>) -> DueDay {
        due.map_or(DueDay::NONE, |due| DueDay { day: Some(due.day).into(), clock: due.clock })
    }
}

/// What the signals look at; no text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Case {
    pub follow_up: PackedDay,
    pub promised: PackedDay,
    /// Ours, and a miss cannot be made good.
    pub lapse: DueDay,
    /// Our duty to the other side.
    pub ours: DueDay,
    /// What the other side owes us.
    pub theirs: DueDay,
    pub expires: PackedDay,
    pub goal: PackedDay,
    pub install_on: PackedDay,
    pub incentive_due: PackedDay,
    pub todo_due: PackedDay,
    pub entered: PackedDay,
    /// Watts.
    pub size: i64,
    /// Business days that the status may last; negative: no target.
    pub target_days: i32,
    pub vip: u8,
    pub ready: bool,
    pub approved: bool,
    pub escalated: bool,
    pub complaint: bool,
    pub legal_hold: bool,
}

impl Default for Case {
    fn default() -> Case {
        Case {
            follow_up: PackedDay::NONE,
            promised: PackedDay::NONE,
            lapse: DueDay::NONE,
            ours: DueDay::NONE,
            theirs: DueDay::NONE,
            expires: PackedDay::NONE,
            goal: PackedDay::NONE,
            install_on: PackedDay::NONE,
            incentive_due: PackedDay::NONE,
            todo_due: PackedDay::NONE,
            entered: PackedDay::NONE,
            size: 0,
            target_days: -1,
            vip: 0,
            ready: false,
            approved: false,
            escalated: false,
            complaint: false,
            legal_hold: false,
        }
    }
}

/// One line of `why`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Term {
    pub signal: Signal,
    pub points: i32,
    pub because: String,
}

/// A point's reason in numbers; put into words only when somebody asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Reason {
    /// Business days until a clock's day.
    Clock(i32, Day, u8),
    /// Business days until (negative: past) the signal's day.
    Days(i32, Day),
    /// Calendar days until.
    CalendarDays(i32, Day),
    Over {
        days: i32,
        target: i32,
    },
    Watts(i64),
    Plain,
}

/// The score: the sum of the terms. A legal hold is not scored at all.
pub fn score(case: &Case, weights: &Weights, calendar: &Calendar, today: Day) -> i32 {
    let mut sum = 0;
    each(case, weights, calendar, today, |_, points, _| sum += points);
    sum
}

/// Every term that is not zero, the largest first.
pub fn terms(case: &Case, playbook: &Playbook, today: Day) -> Vec<Term> {
    let mut terms = Vec::new();
    each(case, &playbook.weights, &playbook.calendar, today, |signal, points, reason| {
        if points != 0 {
            terms.push(Term { signal, points, because: because(signal, reason, &playbook.rules, today) });
        }
    });
    terms.sort_by_key(|term| (-term.points, term.signal));
    terms
}

fn each(case: &Case, weights: &Weights, calendar: &Calendar, today: Day, mut term: impl FnMut(Signal, i32, Reason)) {
    if case.legal_hold {
        return;
    }
    let business = |day: Day| business_days(calendar, today, day);
    let calendar_days = |day: Day| i32::try_from((day - today).num_days()).unwrap_or(0);
    let overdue = |days: i32, weight: Weight| if days > 0 { 0 } else { weight.points + (-days * weight.per_day).min(weight.cap) };

    for (signal, due) in [(Signal::LapseNear, case.lapse), (Signal::Duty, case.ours), (Signal::Breached, case.theirs)] {
        if let Some(day) = due.day.get() {
            let days = business(day);
            term(signal, clock_points(signal, days, weights.of(signal)), Reason::Clock(days, day, due.clock));
        }
    }
    if case.escalated {
        term(Signal::Escalated, weights.of(Signal::Escalated).points, Reason::Plain);
    }
    for (signal, packed) in
        [(Signal::Promised, case.promised), (Signal::Goal, case.goal), (Signal::FollowUp, case.follow_up), (Signal::Todo, case.todo_due)]
    {
        if let Some(day) = packed.get() {
            let days = business(day);
            term(signal, overdue(days, weights.of(signal)), Reason::Days(days, day));
        }
    }
    if case.ready {
        term(Signal::ReadyToAct, weights.of(Signal::ReadyToAct).points, Reason::Plain);
    }
    if let Some(day) = case.install_on.get().filter(|_| !case.approved) {
        let days = business(day);
        term(Signal::InstallSoon, approaching(days, weights.of(Signal::InstallSoon)), Reason::Days(days, day));
    }
    for (signal, packed) in [(Signal::IncentiveDue, case.incentive_due), (Signal::Expiring, case.expires)] {
        if let Some(day) = packed.get() {
            let days = calendar_days(day);
            term(signal, approaching(days, weights.of(signal)), Reason::CalendarDays(days, day));
        }
    }
    if case.complaint {
        term(Signal::Complaint, weights.of(Signal::Complaint).points, Reason::Plain);
    }
    if let Some(entered) = case.entered.get().filter(|_| case.target_days >= 0) {
        let days = i32::try_from(calendar.between(entered, today)).unwrap_or(0);
        let over = (days - case.target_days).max(0);
        let weight = weights.of(Signal::Aging);
        term(Signal::Aging, (over * weight.per_day).min(weight.cap), Reason::Over { days, target: case.target_days });
    }
    let size = weights.of(Signal::Size);
    term(Signal::Size, size_points(case.size, size), Reason::Watts(case.size));
    let vip = weights.of(Signal::Vip);
    term(Signal::Vip, (i32::from(case.vip) * vip.per_day).min(vip.cap), Reason::Plain);
}

/// Over a weekend no business day lies between; tomorrow is still not today.
fn business_days(calendar: &Calendar, today: Day, day: Day) -> i32 {
    match i32::try_from(calendar.between(today, day)).unwrap_or(0) {
        0 => i32::try_from((day - today).num_days().signum()).unwrap_or(0),
        days => days,
    }
}

/// `near` or `points` by how near the day is.
fn approaching(days: i32, weight: Weight) -> i32 {
    match days {
        days if days <= weight.near_within && weight.near > 0 => weight.near,
        days if days <= weight.within => weight.points,
        _ => 0,
    }
}

/// A duty of ours goes on rising when its day is past; what the other side owes counts only from then on.
fn clock_points(signal: Signal, days: i32, weight: Weight) -> i32 {
    let past = (-days.min(0) * weight.per_day).min(weight.cap);
    match signal {
        Signal::Breached if days < 0 => weight.points + past,
        Signal::Breached => 0,
        _ => approaching(days, weight) + past,
    }
}

/// A doubling of the size adds `per_day` points, from 1 kW on; whole numbers only, so that every
/// machine gives the same order.
fn size_points(watts: i64, weight: Weight) -> i32 {
    let kilowatts = u64::try_from(watts / 1_000).unwrap_or(0);
    let doublings = kilowatts.checked_ilog2().map_or(0, |log| i32::try_from(log).unwrap_or(0));
    (doublings * weight.per_day).min(weight.cap)
}

fn because(signal: Signal, reason: Reason, rules: &Rules, today: Day) -> String {
    let what = match signal {
        Signal::LapseNear => "cure date",
        Signal::Duty => "our duty",
        Signal::Breached => "they owe us",
        Signal::Escalated => "escalated",
        Signal::Promised => "they said",
        Signal::ReadyToAct => "ready to act",
        Signal::InstallSoon => "install or inspection without approval",
        Signal::IncentiveDue => "incentive deadline",
        Signal::Expiring => "expires",
        Signal::Complaint => "complaint",
        Signal::Goal => "goal",
        Signal::FollowUp => "we look",
        Signal::Todo => "to-do",
        Signal::Aging => "in this status",
        Signal::Size => "size",
        Signal::Vip => "weight set by hand",
    };
    let distance = |days: i32, unit: &str| match days {
        0 => "today".to_owned(),
        1.. => format!("in {days} {unit}"),
        _ => format!("{} {unit} past", -days),
    };
    match reason {
        Reason::Plain => what.to_owned(),
        Reason::Clock(days, day, number) => {
            let clock = rules.clock(number).map_or(String::new(), |clock| format!(" ({})", clock.label));
            let what = if clock.is_empty() || signal != Signal::LapseNear { what } else { "lapses" };
            format!("{what}{clock} {}, {}", super::day::short(day, today), distance(days, "BD"))
        }
        Reason::Days(days, day) => format!("{what} {}, {}", super::day::short(day, today), distance(days, "BD")),
        Reason::CalendarDays(days, day) => format!("{what} {}, {}", super::day::short(day, today), distance(days, "days")),
        Reason::Over { days, target } => format!("{days} BD {what}, target {target}"),
        Reason::Watts(watts) => format!("{what} {}", super::field::show(super::field::Kind::Watts, &super::value::Value::Number(watts))),
    }
}
