//! What may a column of a file be for, in words, and what becomes of the profile when a person says so?

use super::day::{Datelike, Day};
use super::field::{self, FIELDS, Field, Kind};
use super::import::{Column, DateFormat, Guess, Guessed, Profile, StatusRule, Target};
use super::playbook::Workflow;
use super::trouble::Refusal;

/// The names of what a column can be for beside `field:NAME` and `milestone:CODE`.
const NOTE: &str = "note";
const DATED_NOTES: &str = "dated-notes";
const MODIFIED: &str = "modified";
const STATUS: &str = "status";
const LEFT_OUT: &str = "left-out";

/// In which order a date has day, month and year.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    MonthFirst,
    DayFirst,
    YearFirst,
}

impl Order {
    /// As a column shows it.
    pub fn name(self) -> &'static str {
        match self {
            Order::MonthFirst => "m/d/y",
            Order::DayFirst => "d/m/y",
            Order::YearFirst => "y-m-d",
        }
    }

    fn next(self) -> Order {
        match self {
            Order::MonthFirst => Order::DayFirst,
            Order::DayFirst => Order::YearFirst,
            Order::YearFirst => Order::MonthFirst,
        }
    }

    fn formats(self) -> Vec<String> {
        let formats: &[&str] = match self {
            Order::MonthFirst => &["%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y"],
            Order::DayFirst => &["%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y"],
            Order::YearFirst => &["%Y-%m-%d", "%Y/%m/%d"],
        };
        formats.iter().map(|format| (*format).to_owned()).collect()
    }

    fn letters(self) -> [char; 3] {
        match self {
            Order::MonthFirst => ['m', 'd', 'y'],
            Order::DayFirst => ['d', 'm', 'y'],
            Order::YearFirst => ['y', 'm', 'd'],
        }
    }
}

/// Everything a column can be for: its name for `aim`, and its words.
pub fn choices(workflow: &Workflow) -> Vec<(String, String)> {
    let fields = FIELDS.iter().filter(|field| field.editable).map(|field| (format!("field:{}", field.name), field.label.to_owned()));
    let milestones = workflow.milestones.iter().map(|(code, label)| (format!("milestone:{code}"), format!("milestone: {label}")));
    let others = [
        (STATUS, "status"),
        (NOTE, "a note"),
        (DATED_NOTES, "notes, each line after its day"),
        (MODIFIED, "when the row was last written over there"),
        (LEFT_OUT, "left out"),
    ];
    fields.chain(milestones).chain(others.map(|(name, words)| (name.to_owned(), words.to_owned()))).collect()
}

/// Where a column goes, in words.
pub fn words(column: &Guessed, workflow: &Workflow) -> String {
    match &column.target {
        None if column.is_status => "status".to_owned(),
        None => "left out".to_owned(),
        Some(Target::Field { name, .. }) => field::find(name).map_or_else(|| name.clone(), |field| field.label.to_owned()),
        Some(Target::Milestone { code, .. }) => format!("milestone: {}", workflow.milestone_label(code)),
        Some(Target::Note) => "a note".to_owned(),
        Some(Target::DatedNotes { .. }) => "dated notes".to_owned(),
        Some(Target::Modified { .. }) => "last written".to_owned(),
    }
}

/// The order of a date, or a unit: `m/d/y`, `kW`; empty for other columns.
pub fn manner(column: &Guessed) -> String {
    match (&column.target, dates(column)) {
        (_, Some(format)) => order(format).map_or("own", Order::name).to_owned(),
        (Some(Target::Field { name, unit, .. }), None) => {
            units(name).first().map_or(String::new(), |usual| if unit.is_empty() { (*usual).to_owned() } else { unit.clone() })
        }
        _ => String::new(),
    }
}

fn dates(column: &Guessed) -> Option<&DateFormat> {
    match column.target.as_ref()? {
        Target::Field { date, .. } => date.as_ref(),
        Target::Milestone { date, .. } | Target::DatedNotes { date } | Target::Modified { date } => Some(date),
        Target::Note => None,
    }
}

fn dates_mut(column: &mut Guessed) -> Option<&mut DateFormat> {
    match column.target.as_mut()? {
        Target::Field { date, .. } => date.as_mut(),
        Target::Milestone { date, .. } | Target::DatedNotes { date } | Target::Modified { date } => Some(date),
        Target::Note => None,
    }
}

/// The units of a field, the usual one first.
fn units(name: &str) -> &'static [&'static str] {
    match field::find(name).map(|field| field.kind) {
        Some(Kind::Watts) => &["kW", "MW", "W"],
        Some(Kind::WattHours) => &["kWh", "MWh", "Wh"],
        Some(Kind::Volts) => &["kV", "V"],
        _ => &[],
    }
}

/// A person says what a column is for; `choice` is a name of `choices`.
pub fn aim(column: &mut Guessed, choice: &str) {
    // What was known of its dates stays known.
    let date = dates(column).cloned().unwrap_or_else(|| dates_of(&column.samples));
    column.is_status = choice == STATUS;
    column.target = match choice.split_once(':') {
        Some(("field", name)) => field::find(name).map(|field| field_target(field, date)),
        Some(("milestone", code)) => Some(Target::Milestone { code: code.to_owned(), date }),
        _ => match choice {
            NOTE => Some(Target::Note),
            DATED_NOTES => Some(Target::DatedNotes { date }),
            MODIFIED => Some(Target::Modified { date }),
            _ => None,
        },
    };
    column.confidence = 100;
    column.because = "you said so".to_owned();
    if dates(column).is_some() && both_orders(&column.samples) {
        column.confidence = 50;
        column.because = "you said so; day or month first is only guessed".to_owned();
    }
}

/// All of these are days whichever of day and month stands first.
fn both_orders(samples: &[String]) -> bool {
    let fits = |order: Order| {
        let formats = order.formats();
        let is_day = |text: &String| formats.iter().any(|format| Day::parse_from_str(text.trim(), format).is_ok());
        samples.iter().filter(|text| !text.trim().is_empty()).all(is_day)
    };
    fits(Order::MonthFirst) && fits(Order::DayFirst)
}

fn field_target(field: &Field, date: DateFormat) -> Target {
    let dated = matches!(field.kind, Kind::Day | Kind::When);
    let unit = units(field.name).first().copied().unwrap_or_default().to_owned();
    Target::Field { name: field.name.to_owned(), date: dated.then_some(date), unit, digits: 0 }
}

/// The first order in which all of these are days.
fn dates_of(samples: &[String]) -> DateFormat {
    let is_day = |text: &str, format: &String| Day::parse_from_str(text.trim(), format).is_ok_and(|day| day.year() > 1900);
    let fits = |order: &Order| {
        let formats = order.formats();
        samples.iter().filter(|text| !text.trim().is_empty()).all(|text| formats.iter().any(|format| is_day(text, format)))
    };
    let order = [Order::MonthFirst, Order::DayFirst, Order::YearFirst].into_iter().find(fits).unwrap_or(Order::MonthFirst);
    DateFormat { formats: order.formats(), zone: None }
}

/// The next order of day, month and year. `false`: the column has no dates.
pub fn next_order(column: &mut Guessed) -> bool {
    let Some(format) = dates_mut(column) else { return false };
    let (formats, next) = match order(format) {
        None => (Vec::new(), Order::MonthFirst),
        Some(order) => {
            let next = order.next();
            // A year in front leaves no doubt, so such a format stays beside the others.
            let stays = |text: &str| order != Order::YearFirst && next != Order::YearFirst && order_of(text) == Some(Order::YearFirst);
            let turned = |text: &String| if stays(text) { text.clone() } else { turned(text, next) };
            (format.formats.iter().map(turned).collect(), next)
        }
    };
    format.formats = if formats.is_empty() { next.formats() } else { formats };
    let mut seen = Vec::new();
    format.formats.retain(|text| {
        let is_new = !seen.contains(text);
        seen.push(text.clone());
        is_new
    });
    true
}

/// The next unit. `false`: the column has none.
pub fn next_unit(column: &mut Guessed) -> bool {
    let Some(Target::Field { name, unit, .. }) = &mut column.target else { return false };
    let units = units(name);
    let at = units.iter().position(|known| known == unit).unwrap_or(0);
    let Some(next) = units.get((at + 1) % units.len().max(1)) else { return false };
    *unit = (*next).to_owned();
    true
}

/// The order of the formats that leave a doubt, else of the first.
fn order(format: &DateFormat) -> Option<Order> {
    let orders: Vec<Order> = format.formats.iter().filter_map(|format| order_of(format)).collect();
    orders.iter().find(|order| **order != Order::YearFirst).or(orders.first()).copied()
}

/// The places of day, month and year in a format of chrono's, with their letter.
fn parts(format: &str) -> Vec<(std::ops::Range<usize>, char)> {
    let mut found = Vec::new();
    let mut rest = format.char_indices().peekable();
    while let Some((start, c)) = rest.next() {
        if c != '%' {
            continue;
        }
        rest.next_if(|(_, c)| matches!(c, '-' | '_' | '0'));
        let letter = match rest.next() {
            Some((_, 'm')) => 'm',
            Some((_, 'd' | 'e')) => 'd',
            Some((_, 'y' | 'Y')) => 'y',
            _ => continue,
        };
        let end = rest.peek().map_or(format.len(), |(at, _)| *at);
        found.push((start..end, letter));
    }
    found
}

fn order_of(format: &str) -> Option<Order> {
    match parts(format).first()?.1 {
        'm' => Some(Order::MonthFirst),
        'd' => Some(Order::DayFirst),
        _ => Some(Order::YearFirst),
    }
}

/// The same format with day, month and year in another order; what stands between them stays.
fn turned(format: &str, to: Order) -> String {
    let places = parts(format);
    let mut wanted = places.clone();
    wanted.sort_by_key(|(_, letter)| to.letters().iter().position(|known| known == letter));
    let mut text = String::new();
    let mut from = 0;
    for ((place, _), (piece, _)) in places.into_iter().zip(wanted) {
        text.push_str(&format[from..place.start]);
        text.push_str(&format[piece]);
        from = place.end;
    }
    text.push_str(&format[from..]);
    text
}

/// A column names the row, or no more.
pub fn toggle_key(profile: &mut Profile, column: &str) {
    match profile.key.iter().position(|key| key == column) {
        Some(place) => drop(profile.key.remove(place)),
        None => profile.key.push(column.to_owned()),
    }
    // Whoever names the key says that it tells rows apart.
    profile.made_key = false;
}

/// The profile for the columns as they stand now. `first` is the one that was guessed: what it knows
/// of a column that still has the same purpose is kept.
pub fn profile(guess: &Guess, first: &Profile, workflow: &Workflow) -> Profile {
    let mut profile = guess.profile.clone();
    let known = |name: &str| first.columns.iter().find(|column| column.name == name);
    profile.columns = guess
        .columns
        .iter()
        .filter_map(|column| {
            let known = known(&column.name);
            Some(Column {
                name: column.name.clone(),
                target: column.target.clone()?,
                optional: known.is_some_and(|known| known.optional),
                placeholders: known.map(|known| known.placeholders.clone()).unwrap_or_default(),
            })
        })
        .collect();
    let statuses = guess.columns.iter().filter(|column| column.is_status);
    profile.statuses = statuses.flat_map(|column| status_rules(&column.name, first, workflow)).collect();
    let numbers = profile.columns.iter().filter_map(|column| number_field(&column.target));
    profile.find = numbers.map(str::to_owned).collect();
    profile.find.sort();
    profile.find.dedup();
    name_the_site(&mut profile);
    profile
}

/// The list shows an application by its site: without a column for it, by its customer, address or number.
pub fn name_the_site(profile: &mut Profile) -> Option<String> {
    let fills = |column: &&Column, field: &str| matches!(&column.target, Target::Field { name, .. } if name == field);
    let find = |field: &str| profile.columns.iter().find(|column| fills(column, field)).cloned();
    if find("site").is_some() {
        return None;
    }
    let column = find("customer_name").or_else(|| find("address")).or_else(|| find("number"))?;
    let target = Target::Field { name: "site".into(), date: None, unit: String::new(), digits: 0 };
    let name = column.name.clone();
    profile.columns.push(Column { target, ..column });
    Some(name)
}

fn number_field(target: &Target) -> Option<&str> {
    match target {
        Target::Field { name, .. } => field::find(name).filter(|field| field.kind == Kind::Number).map(|_| name.as_str()),
        _ => None,
    }
}

/// The guessed rules of a column; for one that a person named, the desk's own words.
fn status_rules(column: &str, first: &Profile, workflow: &Workflow) -> Vec<StatusRule> {
    let guessed: Vec<StatusRule> = first.statuses.iter().filter(|rule| rule.column == column).cloned().collect();
    if !guessed.is_empty() {
        return guessed;
    }
    // `ended` needs a reason that these words do not give.
    let known = workflow.statuses.iter().filter(|status| status.name != "ended");
    let rule = |word: &str, status: &str| StatusRule {
        column: column.to_owned(),
        word: word.to_owned(),
        status: status.to_owned(),
        ended_reason: None,
    };
    known.flat_map(|status| [rule(&status.label, &status.name), rule(&status.name, &status.name)]).collect()
}

/// Why rows cannot be read in like this, if they cannot.
pub fn check(guess: &Guess, workflow: &Workflow) -> Result<(), Refusal> {
    if guess.columns.iter().all(|column| column.target.is_none() && !column.is_status) {
        return Err(Refusal::new("every column is left out; nothing would come in"));
    }
    let names: Vec<&str> = guess.columns.iter().map(|column| column.name.as_str()).collect();
    if !guess.profile.key.iter().any(|key| names.contains(&key.as_str())) {
        return Err(Refusal::new("no column names the row: without one the same file would come in twice"));
    }
    for (idx, column) in guess.columns.iter().enumerate() {
        let once = match &column.target {
            Some(Target::Note | Target::DatedNotes { .. }) => false,
            Some(_) => true,
            None => column.is_status,
        };
        let same = |other: &&Guessed| words(other, workflow) == words(column, workflow);
        if let Some(other) = guess.columns[..idx].iter().find(same).filter(|_| once) {
            let to = words(column, workflow);
            return Err(Refusal::new(format!("{} and {} both go to {to}; one of them has to go elsewhere", other.name, column.name)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
