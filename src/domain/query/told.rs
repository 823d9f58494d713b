//! How was a query understood? In words, so that a day or a short name that was read otherwise is seen.

use super::fields::{self, Kind, NameField, NumberField};
use super::{Context, Query, Term, Test, Wanted};
use crate::domain::day::{Day, short};
use crate::domain::field;
use crate::domain::value::Value;

pub fn query(query: &Query, context: &Context<'_>) -> String {
    query.terms.iter().map(|term| one(term, context)).collect::<Vec<_>>().join(" · ")
}

fn one(term: &Term, context: &Context<'_>) -> String {
    let not = if term.negated { "not " } else { "" };
    let label = term.any.first().map(|test| label(test)).unwrap_or_default();
    let space = if label.is_empty() { "" } else { " " };
    let values: Vec<String> = term.any.iter().map(|test| value(test, context)).collect();
    format!("{not}{label}{space}{}", values.join(" or "))
}

fn label(test: &Test) -> &'static str {
    let kind = match test {
        Test::Anywhere(_) | Test::Flag(_) => return "",
        Test::Name(name, _) => Kind::Name(*name),
        Test::Text(text, _) => Kind::Text(*text),
        Test::Number(number, ..) => Kind::Number(*number),
        Test::Day(day, ..) => Kind::Day(*day),
        Test::Lacks(kind) => *kind,
    };
    fields::of_kind(kind).map_or("", |field| field.label)
}

fn value(test: &Test, context: &Context<'_>) -> String {
    match test {
        Test::Anywhere(words) => format!("\"{words}\""),
        Test::Text(_, words) => format!("has \"{words}\""),
        Test::Flag(flag) => flag.label().to_owned(),
        Test::Lacks(Kind::Name(NameField::Owner)) => "nobody (the pool)".to_owned(),
        Test::Lacks(_) => "none".to_owned(),
        Test::Name(name, wanted) => names(*name, wanted, context),
        Test::Day(_, first, last) => days(*first, *last, context.today),
        Test::Number(number, least, most) => numbers(*number, *least, *most),
    }
}

fn names(name: NameField, wanted: &Wanted, context: &Context<'_>) -> String {
    let playbook = context.playbook;
    match wanted {
        Wanted::Me => "me".to_owned(),
        Wanted::Unknown => "unknown to the workflow".to_owned(),
        Wanted::These(these) => {
            let label = |one: &String| match name {
                NameField::Status => playbook.workflow.status_label(one).to_owned(),
                NameField::Ball => playbook.workflow.party_label(one).to_owned(),
                _ => playbook.workflow.lane_label(one).to_owned(),
            };
            match these.len() {
                0..=3 => these.iter().map(label).collect::<Vec<_>>().join(" or "),
                many => format!("{} or {} more", label(&these[0]), many - 1),
            }
        }
        Wanted::Like(text) => {
            let known = playbook.utilities.iter().find(|utility| super::read::hyphened(&utility.short) == *text);
            known.filter(|_| name == NameField::Utility).map_or_else(|| text.replace('-', " "), |utility| utility.name.clone())
        }
    }
}

fn days(first: Option<Day>, last: Option<Day>, today: Day) -> String {
    match (first, last) {
        (Some(first), Some(last)) if first == last => format!("on {}", short(first, today)),
        (Some(first), Some(last)) => format!("from {} to {}", short(first, today), short(last, today)),
        (Some(first), None) => format!("{} or later", short(first, today)),
        (None, Some(last)) => format!("{} or earlier", short(last, today)),
        (None, None) => "on any day".to_owned(),
    }
}

fn numbers(number: NumberField, least: Option<i64>, most: Option<i64>) -> String {
    let shown = |value: i64| match number {
        NumberField::Size => field::show(field::Kind::Watts, &Value::Number(value)),
        _ => value.to_string(),
    };
    match (least, most) {
        (Some(least), Some(most)) if least == most => shown(least),
        // A watt more or less is what `<` and `>` made of it.
        (Some(least), None) if number == NumberField::Size && least % 10 == 1 => format!("above {}", shown(least - 1)),
        (None, Some(most)) if number == NumberField::Size && most % 10 == 9 => format!("below {}", shown(most + 1)),
        (Some(least), None) => format!("{} or more", shown(least)),
        (None, Some(most)) => format!("{} or less", shown(most)),
        (least, most) => format!("{} to {}", least.map_or_else(String::new, shown), most.map_or_else(String::new, shown)),
    }
}
