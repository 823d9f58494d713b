//! What does a table without a profile seem to be, and is everything said that cannot be told?

use intertie::domain::day::Day;
use intertie::domain::import::{Guess, Guessed, Target};
use intertie::domain::playbook::DeskKind;
use intertie::domain::text::clean_line;
use intertie::intake::guess::guess;
use intertie::intake::raw::RawRow;
use intertie::settings;

fn look(table: &str) -> Guess {
    let playbook = settings::load(DeskKind::Residential, &[], &[]).expect("the shipped files").playbook;
    let mut lines = table.lines().map(|line| line.split('|').map(str::trim));
    let headers: Vec<String> = lines.next().expect("a header").map(clean_line).collect();
    let rows: Vec<RawRow> = lines
        .enumerate()
        .map(|(line, cells)| {
            let mut row = RawRow::new(line + 2);
            cells.for_each(|cell| row.push(&cell.replace("\\n", "\n")));
            row
        })
        .collect();
    let guess = guess("list.csv", &headers, &rows, &playbook, Day::from_ymd_opt(2026, 11, 20).expect("a constant"));
    let text = settings::profile_text::text(&guess.profile);
    let again = settings::profile("guess.toml", "list", &text, &playbook.workflow);
    if headers.iter().any(|name| !name.is_empty()) {
        assert_eq!(again.as_ref(), Ok(&guess.profile), "{text}");
    }
    guess
}

fn column<'a>(guess: &'a Guess, name: &str) -> &'a Guessed {
    guess.columns.iter().find(|column| column.name == name).unwrap_or_else(|| panic!("no column {name}"))
}

/// Field, milestone or kind, with unit, formats and digits.
fn says(guess: &Guess, name: &str) -> String {
    match &column(guess, name).target {
        None if column(guess, name).is_status => "status".into(),
        None => "left out".into(),
        Some(Target::Field { name, date, unit, digits }) => {
            let formats = date.as_ref().map(|date| date.formats.join(" ")).unwrap_or_default();
            let digits = if *digits > 0 { digits.to_string() } else { String::new() };
            [name.as_str(), unit, &formats, &digits].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ")
        }
        Some(Target::Milestone { code, date }) => format!("{code} {}", date.formats.join(" ")),
        Some(Target::Note) => "note".into(),
        Some(Target::DatedNotes { date }) => format!("dated notes {}", date.formats.join(" ")),
        Some(Target::Modified { date }) => format!("modified {}", date.formats.join(" ")),
    }
}

fn doubts(guess: &Guess, about: &str) -> Vec<String> {
    guess.doubts.iter().filter(|doubt| doubt.contains(about)).cloned().collect()
}

#[test]
fn dates_are_read_by_the_evidence_of_all_their_values() {
    for (values, format, sure, doubt) in [
        (["11/20/2026", "1/2/2026"], "submitted %m/%d/%Y", 98, None),
        (["20/11/2026", "1/2/2026"], "submitted %d/%m/%Y", 98, None),
        (["2026-11-20", "2026-01-02"], "submitted %Y-%m-%d", 98, None),
        (["1/2/2026", "3/4/2026"], "submitted %m/%d/%Y", 50, Some("cannot be told apart")),
        (
            ["20/11/2026", "11/20/2026"],
            "left out",
            98,
            Some("some values are only day/month (20/11/2026), others only month/day (11/20/2026)"),
        ),
        (["yes", "no"], "left out", 0, None),
    ] {
        let guess = look(&format!("App #|Date Submitted\nA1|{}\nA2|{}", values[0], values[1]));
        let doubts = doubts(&guess, "Date Submitted");
        assert_eq!((says(&guess, "Date Submitted").as_str(), column(&guess, "Date Submitted").confidence), (format, sure), "{values:?}");
        assert_eq!(doubts.len(), usize::from(doubt.is_some()), "{doubts:?}");
        assert!(doubt.is_none_or(|doubt| doubts[0].contains(doubt)), "{doubts:?}");
    }
}

#[test]
fn one_column_tells_the_order_for_the_others() {
    let guess = look(
        "App #|Submitted|PTO Date\nA1|1/2/2026|20/11/2026\nA2|3/4/2026|1/12/2026\nA3|5/6/2026|pending\nA4||3/3/2026\nA5||4/3/2026\nA6||5/3/2026",
    );
    assert_eq!((says(&guess, "Submitted").as_str(), column(&guess, "Submitted").confidence), ("submitted %d/%m/%Y", 75));
    assert_eq!(doubts(&guess, "Submitted"), Vec::<String>::new());
    let pto = guess.profile.columns.iter().find(|column| column.name == "PTO Date").expect("it is read");
    assert_eq!(pto.placeholders, ["pending"], "a word that stands for no day");
}

#[test]
fn two_columns_never_have_one_field() {
    let guess = look("App #|Customer|Client|Notes|Comments\nA1|Ann|Bo|x|y\nA2|Cy|Di|x|z");
    assert_eq!((says(&guess, "Customer").as_str(), says(&guess, "Client").as_str()), ("customer_name", "left out"));
    assert_eq!(column(&guess, "Client").because, "Customer is surer to be customer");
    assert_eq!((says(&guess, "Notes"), says(&guess, "Comments")), ("note".to_owned(), "note".to_owned()), "notes can be many");
}

#[test]
fn sizes_texts_and_numbers_by_header_and_values() {
    let guess = look(
        "ID|MW|Size|who|where|said|log|odd\n\
         007|1.5|7.6|ann@example.com|OR|the customer wants to wait until the new bill has come|11/18 LVM\\n11/2 sent|7\n\
         8|2|10|bo@example.com|UT|nobody answers there, so we asked the crew about the date|11/17 called|7\n\
         9|3.25|5|cy@example.com|UT|the disconnect is not on the one-line, engineering knows|11/16 called|8",
    );
    for (name, wanted) in [
        ("ID", "number 3"),
        ("MW", "size_ac MW"),
        ("who", "customer_email"),
        ("where", "state"),
        ("said", "note"),
        ("log", "dated notes %m/%d/%Y %m/%d/%y %m/%d"),
        ("odd", "left out"),
    ] {
        assert_eq!(says(&guess, name), wanted, "{}", column(&guess, name).because);
    }
    assert_eq!(column(&guess, "Size").because, "MW is surer to be size AC nameplate");
    assert_eq!(column(&guess, "who").because, "all 3 values are mail addresses");
    assert_eq!(column(&guess, "where").samples, ["OR", "UT"]);
    let guess = look("ID|Size\n1|7.6\n2|10");
    assert_eq!((says(&guess, "Size").as_str(), doubts(&guess, "Size").len()), ("size_ac kW", 1), "the unit is only supposed");
    let guess = look("App #|Meter\nA1|1.23457E+12\nA2|7");
    assert!(doubts(&guess, "Meter")[0].contains("1 of 2 values are numbers that a spreadsheet has shortened"), "{:?}", guess.doubts);
}

#[test]
fn a_key_is_found_or_made_and_that_is_said() {
    for (table, key, made) in [
        ("Case Number|App #\n1|A\n2|", &["Case Number"][..], false),
        ("App #|Case Number\nA|1\nB|2", &["App #"], false),
        ("Ticket Number|Customer\n1|A\n2|A", &["Ticket Number"], false),
        ("Customer|Site\nA|x\nA|y", &["Site"], false),
        ("Customer|Zip|Site\nA|1|x\nA|2|x\nB|1|x", &["Customer", "Zip"], false),
        ("Customer|Site\nA|x\nA|x", &["Customer", "Site"], true),
        ("Phone Number|Customer\n(555) 555-0100|A\n(555) 555-0101|B", &["Customer"], false),
    ] {
        let guess = look(table);
        assert_eq!(
            (guess.profile.key.iter().map(String::as_str).collect::<Vec<_>>().as_slice(), guess.profile.made_key),
            (key, made),
            "{table}"
        );
        assert_eq!(doubts(&guess, "no columns name a row").len(), usize::from(made));
    }
}

#[test]
fn statuses_are_those_of_the_workflow_and_others_stay_as_read() {
    let guess = look("App #|Stage|Status\n1|Deemed Complete|x\n2|Enginering Review|y\n3|Weird|z\n4|Withdrawn|x");
    let rules: Vec<_> = guess.profile.statuses.iter().map(|rule| (rule.word.as_str(), rule.status.as_str())).collect();
    assert_eq!(rules, [("Deemed Complete", "deemed-complete"), ("Enginering Review", "screening"), ("Withdrawn", "ended")]);
    assert!(column(&guess, "Stage").is_status && column(&guess, "Stage").because.ends_with("kept as read: Weird"));
    assert_eq!(column(&guess, "Status").because, "Stage is surer to be status");
    let guess = look("App #|Customer\n1|A\n2|B");
    assert_eq!(doubts(&guess, "no column says where an application stands").len(), 1);
    assert_eq!(doubts(&guess, "no column names the utility").len(), 1);
    let named = look("App #|x\n1|Submitted\n2|PTO Issued\n3|Submitted\n4|Submitted");
    assert!(column(&named, "x").is_status, "the values alone say so");
}

#[test]
fn nothing_at_all_is_no_crash() {
    for table in ["a", "|", "a|b\n|\n", "App #\n", "\u{1b}[2J|x\n\u{1b}]52;c;AAAA\u{7}|y"] {
        let guess = look(table);
        assert!(guess.columns.iter().all(|column| column.samples.iter().all(|sample| !sample.contains('\u{1b}'))));
    }
}
