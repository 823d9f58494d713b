//! What does the demo answer when a quick action asks?

use super::chance::Chance;
use super::site;
use super::world::{Values, World};
use crate::domain::application::Application;
use crate::domain::day::{Day, short};
use crate::domain::field::{self, Kind};
use crate::domain::plan::Answers;
use crate::domain::plan::touch::{self, Question};
use crate::domain::playbook::Disposition;

/// Answers to all that is required, and to some of the rest.
pub fn all(disposition: &Disposition, app: &Application, world: &World<'_>, day: Day, chance: &mut Chance) -> Answers {
    let mut answers = Answers::default();
    for question in touch::questions(disposition, app, &world.on(day)) {
        if !question.required && chance.percent(60) {
            continue;
        }
        match question.name.as_str() {
            "note" => {
                let said = world.data.words.said.get(&disposition.name).map(|said| chance.word(said).to_owned());
                answers.note = Some(said.unwrap_or_else(|| note(app.ball(), world, day, chance)));
            }
            "on" => {
                answers.values.insert("on".to_owned(), day.to_string());
            }
            _ => {
                let value = one(&question, app, world, day, chance);
                answers.values.insert(question.name, value);
            }
        }
    }
    answers
}

/// A note about `party`, as it would be written on `day`.
pub fn note(party: &str, world: &World<'_>, day: Day, chance: &mut Chance) -> String {
    let label = world.playbook.workflow.party_label(party);
    let then = world.after(day, chance.within(2, 7));
    chance.word(world.data.words.of_party(world.playbook.desk, party)).replace("{day}", &short(then, day)).replace("{who}", label)
}

fn one(question: &Question, app: &Application, world: &World<'_>, day: Day, chance: &mut Chance) -> String {
    let words = &world.data.words;
    let mut ahead = |low: i64, high: i64| world.after(day, chance.within(low, high)).to_string();
    match question.name.as_str() {
        "promised" => ahead(2, 9),
        "cure_due" => ahead(10, 10),
        "install_on" | "inspection_on" => ahead(5, 18),
        "expires" => (day + chrono::Days::new(180)).to_string(),
        "number" => match (app.text("number"), world.place(app.utility())) {
            (None, Some(place)) => site::number(place, chance),
            (known, _) => known.unwrap_or_default().to_owned(),
        },
        "permit_number" => chance.fill("BLD-2#-####"),
        "missing" => chance.word(&words.missing).to_owned(),
        "deficiency" => chance.word(&words.deficiency).to_owned(),
        "upload_link" => chance.fill("https://example.com/u/@@##"),
        "sign_link" => chance.fill("https://example.com/s/@@##"),
        _ if !question.offered.is_empty() => question.offered.clone(),
        name if words.asked.contains_key(name) => {
            let pattern = words.asked.get(name).map_or("", |among| chance.word(among));
            chance.fill(pattern)
        }
        name => by_kind(name, app, world, day, chance),
    }
}

fn by_kind(name: &str, app: &Application, world: &World<'_>, day: Day, chance: &mut Chance) -> String {
    let soon = world.after(day, chance.within(3, 6)).to_string();
    match field::find(name).map(|field| field.kind) {
        Some(Kind::Day | Kind::When) => soon,
        Some(Kind::Watts) => field::show(Kind::Watts, app.value("size_ac")),
        Some(Kind::WattHours) => "13.5 kWh".to_owned(),
        Some(Kind::Volts) => "12.47 kV".to_owned(),
        Some(Kind::Choice(choices)) => choices.first().copied().unwrap_or_default().to_owned(),
        Some(Kind::Flag) => "yes".to_owned(),
        Some(Kind::Count) => "3".to_owned(),
        Some(Kind::Number) => chance.fill("######"),
        None if ["date", "day", "due", "_on", "_by", "until"].iter().any(|part| name.contains(part)) => soon,
        _ => world.data.words.text.clone(),
    }
}

/// The values with which an application is opened in its `status` at once, without a history.
pub fn opened_in(status: &str, follow_up: Option<Day>, values: &mut Values) {
    values.insert("status".to_owned(), status.to_owned());
    values.insert("follow_up".to_owned(), follow_up.map(|day| day.to_string()).unwrap_or_default());
}
