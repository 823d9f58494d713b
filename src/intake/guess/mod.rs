//! How would a file without a profile be read?
//!
//! Nothing that is ambiguous is hidden: a column that another one beat says which, and what cannot be
//! told from the file is a doubt, for a person to settle.

mod claims;
mod dates;
mod key;
mod status;
mod values;
mod words;

use crate::domain::columns;
use crate::domain::day::Day;
use crate::domain::import::{Column, Guess, Guessed, Profile, Target};
use crate::domain::playbook::Playbook;

use self::claims::{Claim, Looking};
use self::dates::Ways;
use self::key::Named;
use self::values::Survey;
use crate::intake::raw::RawRow;

/// Fields by which an application is found that was there before.
const FIND: [&str; 3] = ["number", "crm_number", "permit_number"];
/// A rival meaning must be this sure to be taken when the surest one is another column's.
const SECOND_MIN: u8 = 55;

/// Looks at the header and at most the first 500 rows of `file`. `today` is for notes without a year.
pub fn guess(file: &str, headers: &[String], rows: &[RawRow], playbook: &Playbook, today: Day) -> Guess {
    let ways = Ways::default();
    let named = headers.iter().enumerate().filter(|(_, name)| !name.is_empty());
    let surveys: Vec<Survey> = named.map(|(idx, name)| Survey::new(idx, name, rows, &ways)).collect();
    let looking = Looking::new(&ways, playbook, today, &surveys);
    let claims: Vec<Result<Vec<Claim>, String>> = surveys.iter().map(|survey| looking.claims(survey)).collect();
    let won = settle(&claims);
    let mut guess = Guess { rows: rows.len(), ..Guess::default() };
    for (at, survey) in surveys.iter().enumerate() {
        let guessed = guessed(survey, won[at], &claims[at], |of| {
            let winner = won.iter().position(|claim| claim.is_some_and(|claim| claim.of == of));
            format!("{} is surer to be {}", winner.map_or("another", |winner| &surveys[winner].name), looking.words(of))
        });
        guess.columns.push(guessed);
        if let Some(claim) = won[at] {
            guess.doubts.extend(claim.doubt.clone());
            guess.profile.statuses.extend(claim.statuses.iter().cloned());
            if let Some(target) = &claim.target {
                let placeholders = claim.placeholders.clone();
                guess.profile.columns.push(Column { name: survey.name.clone(), target: target.clone(), optional: false, placeholders });
            }
        }
    }
    finish(&mut guess, file, headers, rows, &surveys, playbook);
    guess
}

/// Which claim each column gets: the surest first, and nothing twice. A column whose best claim is
/// taken gets its next one if that is sure enough.
fn settle(claims: &[Result<Vec<Claim>, String>]) -> Vec<Option<&Claim>> {
    let mut all: Vec<(usize, usize, &Claim)> = Vec::new();
    for (at, claims) in claims.iter().enumerate() {
        all.extend(claims.iter().flatten().enumerate().map(|(place, claim)| (at, place, claim)));
    }
    all.sort_by_key(|(at, place, claim)| (std::cmp::Reverse(claim.confidence), *place, *at));
    let mut won: Vec<Option<&Claim>> = vec![None; claims.len()];
    let mut taken: Vec<&str> = Vec::new();
    for (at, place, claim) in all {
        let is_free = claim.of.is_empty() || !taken.contains(&claim.of.as_str());
        if won[at].is_none() && is_free && (place == 0 || claim.confidence >= SECOND_MIN) {
            won[at] = Some(claim);
            taken.push(&claim.of);
        }
    }
    won
}

fn guessed(survey: &Survey, won: Option<&Claim>, claims: &Result<Vec<Claim>, String>, loses: impl Fn(&str) -> String) -> Guessed {
    let column = Guessed {
        name: survey.name.clone(),
        samples: survey.samples(),
        target: None,
        is_status: false,
        confidence: 0,
        because: String::new(),
    };
    match (won, claims) {
        (Some(claim), _) => {
            let is_status = claim.of == "status";
            Guessed { target: claim.target.clone(), is_status, confidence: claim.confidence, because: claim.because.clone(), ..column }
        }
        (None, Err(reason)) => Guessed { because: reason.clone(), ..column },
        (None, Ok(claims)) => {
            let of = claims.first().map_or("", |claim| claim.of.as_str());
            Guessed { because: loses(of), ..column }
        }
    }
}

/// All of the profile that is not one column's.
fn finish(guess: &mut Guess, file: &str, headers: &[String], rows: &[RawRow], surveys: &[Survey], playbook: &Playbook) {
    let Named { name, label, files } = self::key::named(file);
    let mut placeholders: Vec<String> = surveys.iter().flat_map(|survey| &survey.placeholders).map(|word| (*word).to_owned()).collect();
    placeholders.sort_unstable();
    placeholders.dedup();
    let unnamed =
        headers.iter().enumerate().filter(|(idx, name)| name.is_empty() && rows.iter().any(|row| !row.cell(*idx).trim().is_empty()));
    let unnamed = unnamed.count();
    if unnamed > 0 {
        let what = if unnamed == 1 {
            "1 column without a name is left out".to_owned()
        } else {
            format!("{unnamed} columns without a name are left out")
        };
        guess.remarks.push(what);
    }
    if let Some(column) = columns::name_the_site(&mut guess.profile) {
        guess.remarks.push(format!("no column names the site; an application is shown by its {column}"));
    }
    let key = self::key::key(surveys, &guess.profile.columns, rows);
    guess.doubts.extend(key.doubt);
    guess.remarks.extend(key.remark);
    if !guess.columns.iter().any(|column| column.is_status) {
        let first = playbook.workflow.statuses.first().map_or("", |status| status.label.as_str());
        guess.doubts.push(format!("no column says where an application stands; every row begins at {first}"));
    }
    if !fills(&guess.profile, "utility") {
        guess.doubts.push("no column names the utility; if it is the same in every row, it belongs under [constants]".into());
    }
    let profile = &mut guess.profile;
    let find = FIND.iter().filter(|name| profile.columns.iter().any(|column| is_field(column, name)));
    profile.find = find.map(|name| (*name).to_owned()).collect();
    (profile.key, profile.made_key) = (key.columns, key.made);
    (profile.source, profile.name, profile.label, profile.files) = (name.clone(), name, label, files);
    profile.placeholders = placeholders;
}

fn fills(profile: &Profile, field: &str) -> bool {
    profile.columns.iter().any(|column| is_field(column, field))
}

fn is_field(column: &Column, field: &str) -> bool {
    matches!(&column.target, Target::Field { name, .. } if name == field)
}
