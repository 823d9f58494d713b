//! Is a column given what a person chose, and does the profile that is made of it say so?

use super::super::testing::playbook;
use super::*;

fn column(name: &str, samples: &[&str], choice: &str) -> Guessed {
    let mut column = Guessed {
        name: name.to_owned(),
        samples: samples.iter().map(|text| (*text).to_owned()).collect(),
        target: None,
        is_status: false,
        confidence: 0,
        because: String::new(),
    };
    aim(&mut column, choice);
    column
}

#[test]
fn every_choice_can_be_made_and_says_where_the_column_goes() {
    let workflow = playbook().workflow;
    for (choice, said) in choices(&workflow) {
        let column = column("c", &["3/4/2026"], &choice);
        let words = words(&column, &workflow);
        let plain = match choice.as_str() {
            "dated-notes" => "dated notes",
            "modified" => "last written",
            _ => &said,
        };
        assert_eq!(words, plain, "{choice}");
        // 3/4 is a day either way.
        let said = if dates(&column).is_some() { (50, "you said so; day or month first is only guessed") } else { (100, "you said so") };
        assert_eq!((column.confidence, column.because.as_str()), said);
    }
}

#[test]
fn dates_turn_around_and_come_back() {
    for (samples, order) in
        [(["3/4/2026", "11/20/26"], "m/d/y"), (["3/4/2026", "20/11/2026"], "d/m/y"), (["2026-03-04", ""], "y-m-d"), (["soon", ""], "m/d/y")]
    {
        assert_eq!(manner(&column("c", &samples, "field:goal")), order, "{samples:?}");
    }
    let mut goal = column("c", &[], "field:goal");
    let formats = |list: &[&str]| list.iter().map(|format| (*format).to_owned()).collect::<Vec<_>>();
    for (from, to) in [
        (&["%m/%d/%Y %H:%M"][..], &["%d/%m/%Y %H:%M"][..]),
        (&["%-d.%-m.%y"], &["%y.%-m.%-d"]),
        (&["%Y-%m-%d", "%m/%d/%Y"], &["%Y-%m-%d", "%d/%m/%Y"]),
        (&["%Y-%m-%dT%H:%M:%S%z"], &["%m-%d-%YT%H:%M:%S%z"]),
        (&["%m/%d"], &["%d/%m"]),
        (&[], &["%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y"]),
    ] {
        dates_mut(&mut goal).expect("a day has dates").formats = formats(from);
        assert!(next_order(&mut goal));
        assert_eq!(dates(&goal).expect("a day has dates").formats, formats(to), "{from:?}");
    }
    let mut size = column("c", &[], "field:size_ac");
    assert!(!next_order(&mut size));
    for unit in ["MW", "W", "kW"] {
        assert!(next_unit(&mut size));
        assert_eq!(manner(&size), unit);
    }
    assert!(!next_unit(&mut goal));
}

#[test]
fn the_profile_follows_the_columns() {
    let workflow = playbook().workflow;
    let mut guess = Guess {
        columns: vec![
            column("Id", &[], "field:number"),
            column("Where", &[], "field:site"),
            column("State", &[], "status"),
            column("Junk", &[], "left-out"),
        ],
        ..Guess::default()
    };
    let rule = StatusRule { column: "State".into(), word: "In Review".into(), status: "screening".into(), ended_reason: None };
    let first = Profile {
        statuses: vec![rule.clone()],
        columns: vec![Column { name: "Where".into(), target: Target::Note, optional: true, placeholders: vec!["?".into()] }],
        ..Profile::default()
    };
    assert!(check(&guess, &workflow).is_err_and(|refusal| refusal.says.contains("names the row")));
    toggle_key(&mut guess.profile, "Id");
    assert_eq!(check(&guess, &workflow), Ok(()));
    let made = profile(&guess, &first, &workflow);
    assert_eq!(made.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(), ["Id", "Where"]);
    assert_eq!((made.columns[1].optional, &made.columns[1].placeholders), (true, &vec!["?".to_owned()]));
    assert_eq!(
        (made.statuses.as_slice(), made.find.as_slice(), made.key.as_slice()),
        (&[rule][..], &["number".to_owned()][..], &["Id".to_owned()][..])
    );

    aim(&mut guess.columns[2], "left-out");
    aim(&mut guess.columns[3], "status");
    let made = profile(&guess, &first, &workflow);
    assert!(made.statuses.iter().all(|rule| rule.column == "Junk"));
    assert!(made.statuses.iter().any(|rule| rule.word == "submitted" && rule.status == "submitted"));
    aim(&mut guess.columns[3], "field:site");
    assert!(check(&guess, &workflow).is_err_and(|refusal| refusal.says.contains("Where and Junk both go to site")));
    toggle_key(&mut guess.profile, "Id");
    assert!(guess.profile.key.is_empty());
}
