//! Messages and words out, by the real program: what the team writes reaches every session, what is typed
//! survives, what goes out is told once.
#![allow(clippy::disallowed_methods, reason = "tests write a program of their own")]

mod support;

use std::os::unix::fs::PermissionsExt;
use std::process::Output;

use intertie::domain::message::AskedDay;
use intertie::domain::playbook::DeskKind;
use serde_json::{Value, json};
use support::pty::{Session, Start};
use support::{Place, said};

fn open(place: &Place) -> Session {
    Start::new(&["--db", &place.db()]).size(120, 40).run(place)
}

fn run(place: &Place, args: &[&str]) -> Output {
    let db = place.db();
    let mut all = vec!["--db", &db];
    all.extend(args);
    place.cli(&all)
}

/// A database with a company and somebody who signs; nothing in it.
fn empty() -> Place {
    let place = Place::new();
    let made = run(&place, &["init", "--zone", "America/Denver", "--company", "Example Solar", "company_phone=(555) 555-0199"]);
    assert!(made.status.success(), "{}", said(&made));
    let me = run(&place, &["me", "--name", "Robin Vale", "--phone", "(555) 555-0100"]);
    assert!(me.status.success(), "{}", said(&me));
    place
}

fn new(place: &Place, site: &str, fields: &[&str]) -> String {
    let mut args = vec!["new", site, "--utility", "RMP", "status=submitted"];
    args.extend(fields);
    place.json(&args)["id"].as_str().expect("a reference").to_owned()
}

#[test]
fn a_message_of_the_teams_reaches_the_other_session_and_the_command_line() {
    let place = Place::with_demo(200);
    let row = place.numbered();
    let (mut one, mut two) = (open(&place), open(&place));
    one.wait_queue();
    two.wait_queue();
    one.key("T");
    one.wait_for("write a message of the team's");
    one.keys("utility-status");
    one.key("\r");
    one.wait_for("message utility-status-inquiry");
    one.key("\n");
    one.keys("PS: with care");
    one.wait_for("with care");
    one.key("\r");
    one.wait_for("saved message utility-status-inquiry");
    // The other session takes it up by itself, between two touches.
    two.go_to(&row);
    two.wait_until("the team's message", |_| {
        place.json(&["message", &row, "utility-status-inquiry"])["body"].to_string().contains("with care")
    });
    // A touch that is open keeps the message that it was opened with; the next one has the new one.
    let asked = std::time::Instant::now();
    loop {
        two.key("3");
        two.wait_for("asked the utility for the status:");
        let has = two.has("PS: with care");
        two.key("\x1b");
        two.wait_gone("asked the utility for the status:");
        if has {
            break;
        }
        assert!(asked.elapsed() < std::time::Duration::from_secs(10), "{}", two.shown());
    }
    let told = run(&place, &["history"]);
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    let last = told.lines().last().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(last.contains("message utility-status-inquiry wrote: body"), "{last}");
    let undone = run(&place, &["undo"]);
    assert!(said(&undone).contains("message utility-status-inquiry"), "{}", said(&undone));
    assert!(!place.json(&["message", &row, "utility-status-inquiry"])["body"].to_string().contains("with care"));
    place.check();
}

#[test]
fn what_was_typed_in_the_editor_survives_a_kill() {
    let place = Place::with_demo(50);
    let mut one = open(&place);
    one.wait_queue();
    one.key("T");
    one.wait_for("write a message of the team's");
    one.keys("meter-exch");
    one.key("\r");
    one.wait_for("message meter-exchange");
    one.keys(" half a sentence");
    one.wait_for("half a sentence");
    // At most the last second may be lost.
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    one.signal(rustix::process::Signal::KILL);
    drop(one);
    let mut two = open(&place);
    two.wait_queue();
    two.key("T");
    two.wait_for("write a message of the team's");
    two.keys("meter-exch");
    two.key("\r");
    two.wait_for("half a sentence");
    two.wait_for("what you typed last time is here again");
}

#[test]
fn one_message_about_several_is_only_for_one_contact() {
    let place = empty();
    let ana = ["customer_name=Ana Reyes", "customer_email=ana@example.com", "number=N-1"];
    let first = new(&place, "1 Oak St", &ana);
    let second = new(&place, "2 Oak St", &["customer_name=Ana Reyes", "customer_email=ANA@example.com", "number=N-2"]);
    let other = new(&place, "3 Oak St", &["customer_name=Ana Reyes", "customer_email=ana2@example.com"]);
    let refused = run(&place, &["message", &first, "customer-all-status", "--with", &other]);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    assert!(said(&refused).contains("not of one customer"), "{}", said(&refused));
    let twice = run(&place, &["message", &first, "customer-all-status", "--with", &second, "--with", &second]);
    assert_eq!(twice.status.code(), Some(1), "{}", said(&twice));
    let about_one = run(&place, &["message", &first, "customer-pto-news", "--with", &second]);
    assert!(said(&about_one).contains("is about one application"), "{}", said(&about_one));
    let message = place.json(&["message", &first, "customer-all-status", "--with", &second, "note=I need nothing", "--copy"]);
    let body = message["body"].as_str().expect("text");
    assert!(body.contains("1 Oak St") && body.contains("2 Oak St") && !body.contains("3 Oak St"), "{body}");
    let note = |id: &str| place.json(&["show", id])["notes"][0]["text"].clone();
    assert!(note(&second).as_str().is_some_and(|text| text.ends_with(&format!("together with {first}"))), "{}", note(&second));
    // One step back on both.
    let undone = run(&place, &["undo"]);
    assert!(undone.status.success(), "{}", said(&undone));
    assert_eq!((note(&first), note(&second)), (Value::Null, Value::Null));
    place.check();
}

#[test]
fn lines_search_and_redaction() {
    let place = empty();
    let id = new(&place, "1 Oak St", &["customer_name=Ana", "number=N-1", "crm_number=C-7", "customer_email=ana@example.com"]);
    place.json(&["note", &id, "Called, the meter is in"]);
    assert_eq!(place.json(&["lines"]), json!(["C-7 Ana: 11/20 Robin Vale: Called, the meter is in"]));
    assert_eq!(place.json(&["lines", &id]).as_array().map(Vec::len), Some(1));
    let sales = place.json(&["lines", &id, "--for", "sales"]);
    assert!(sales[0].as_str().is_some_and(|line| line.starts_with(&format!("{id} 1 Oak St"))), "{sales}");
    let slip = run(&place, &["lines", &id, "--for", "sails"]);
    assert!(slip.status.code() == Some(1) && said(&slip).contains("sales"), "{}", said(&slip));
    place.json(&["message", &id, "utility-status-inquiry", "--copy"]);
    let found = place.json(&["history", "--find", "where does stand"]);
    assert_eq!((found[0]["id"].as_str(), found[0]["kind"].as_str()), (Some(id.as_str()), Some("message")), "{found}");
    let asked = run(&place, &["redact", &id]);
    assert!(asked.status.code() == Some(1) && said(&asked).contains("where does it stand?"), "{}", said(&asked));
    assert_eq!(place.json(&["redact", &id, "--for-good"])["redacted"], 1);
    assert_eq!(place.json(&["history", "--find", "where does stand"]), json!([]));
    let history = said(&run(&place, &["history", &id]));
    assert!(history.contains("Prepared: status inquiry"), "the touch stays: {history}");
    place.check();
    let undone = run(&place, &["undo"]);
    assert!(undone.status.success(), "{}", said(&undone));
    place.check();
}

#[test]
fn no_text_message_goes_out_at_night() {
    let place = empty();
    // The night has 11 hours: of three places 8 hours apart it is night in one at least, and day in another.
    let refused = ["Etc/GMT+8", "Etc/GMT", "Etc/GMT-8"].map(|zone| {
        let zone = format!("customer_zone={zone}");
        let id = new(&place, "1 Oak St", &[&zone, "customer_name=Jo", "customer_phone=555-0111", "sms_consent=yes"]);
        let printed = run(&place, &["message", &id, "customer-missing-sms", "item=bill"]);
        if printed.status.success() {
            assert!(said(&printed).contains("still needs bill"), "{}", said(&printed));
        } else {
            assert!(said(&printed).contains("between 8:00 and 21:00 of the customer's day"), "{}", said(&printed));
        }
        !printed.status.success()
    });
    assert!(refused.contains(&true) && refused.contains(&false), "{refused:?}");
}

#[test]
fn a_page_in_the_pager_comes_back_to_the_same_row_and_the_file_is_gone() {
    let place = Place::with_demo(50);
    let pager = place.path("pager");
    // Shows the file it was given and what keeps it from a shell, then waits for a key.
    std::fs::write(&pager, "#!/bin/sh\nprintf 'PAGER %s %s\\n' \"$LESSSECURE\" \"$1\"\nhead -n 3 \"$1\"\nread -r _\n").expect("written");
    std::fs::set_permissions(&pager, std::fs::Permissions::from_mode(0o755)).expect("executable");
    let mut session = Start::new(&["--db", &place.db()]).size(100, 30).env("PAGER", Some(&pager.to_string_lossy())).run(&place);
    let row = session.wait_queue();
    session.key("h");
    session.wait_for("history");
    session.key("v");
    session.wait_for("PAGER 1 ");
    let text = session.text();
    let file = text.lines().find_map(|line| line.strip_prefix("PAGER 1 ")).expect("the file's name").trim().to_owned();
    session.key("\r");
    session.wait_for("history");
    session.key("\x1b");
    session.wait_until("the queue", |session| session.current().as_deref() == Some(&row));
    assert!(!std::path::Path::new(&file).exists(), "{file}");
}

#[test]
fn an_address_on_screen_is_a_link_of_the_terminal() {
    let place = empty();
    let id = new(&place, "1 Oak St", &["customer_name=Ana", "follow_up=today"]);
    place.json(&["note", &id, "papers at https://files.example/ana#1"]);
    for (links, wanted) in [("true", true), ("false", false)] {
        let site = place.path("work.site");
        std::fs::create_dir_all(site.join("themes")).expect("made");
        std::fs::write(site.join("themes/options.toml"), format!("links = {links}\n")).expect("written");
        let mut session = open(&place);
        session.wait_for("https://files.example/ana#1");
        let marked = session.asked().unknown.iter().any(|sequence| sequence.contains("https://files.example/ana#1"));
        assert_eq!(marked, wanted, "links = {links}: {:?}", session.asked().unknown);
    }
}

/// What a terminal, a spreadsheet or nobody can see is no answer, and never on the record.
#[test]
fn answers_that_are_not_there_fill_no_hole() {
    let place = empty();
    let id = new(&place, "6 Mill Rd", &["customer_email=q@example.com", "customer_name=Reyes, Ana", "state=OR"]);
    for nothing in ["\u{200b}", "\u{202e}", "\u{7}", "\u{1b}", "\u{3164}", " "] {
        let number = format!("number={nothing}");
        let note = format!("note={nothing}");
        for args in [
            &["message", &id, "utility-status-inquiry", &number, "--copy"][..],
            &["touch", &id, "submitted", &number],
            &["message", &id, "customer-missing-documents", &note],
        ] {
            let refused = run(&place, args);
            assert_eq!(refused.status.code(), Some(1), "{args:?}: {}", said(&refused));
        }
    }
    assert_eq!(place.json(&["show", &id])["number"], Value::Null);
    place.json(&["message", &id, "utility-status-inquiry", "number=N2\u{1b}]52;c;aGk=\u{7}\u{202e}q", "--copy"]);
    assert_eq!(place.json(&["show", &id])["number"], "N2q");
    let sent = place.json(&["message", &id, "utility-status-inquiry"]);
    assert!(sent["subject"].as_str().is_some_and(|subject| subject.contains("N2q, 6 Mill Rd:")), "no state stands for a site: {sent}");
    let asked = place.json(&["message", &id, "customer-missing-documents", "note=the bill"]);
    assert!(asked["body"].as_str().is_some_and(|body| body.starts_with("Hello Ana,")), "{asked}");
    for (wrong, read) in [("send_to=not a mail", "not a mail"), ("send_to=q@example.com; evil", "evil")] {
        let refused = run(&place, &["message", &id, "customer-missing-documents", "note=the bill", wrong]);
        assert!(refused.status.code() == Some(1) && said(&refused).contains(&format!("read \"{read}\"")), "{}", said(&refused));
    }
    let long = format!("note={}", "w ".repeat(33_000));
    let refused = run(&place, &["message", &id, "customer-missing-documents", &long]);
    assert!(said(&refused).contains("the body of customer-missing-documents is longer than 64 KiB"), "{}", said(&refused));
    place.check();
}

#[test]
fn consent_and_place_are_what_the_record_had_before() {
    let place = empty();
    let id = new(&place, "6 Mill Rd", &["customer_name=Ana", "customer_phone=(555) 555-0101"]);
    let sms = |extra: &str| run(&place, &["message", &id, "customer-missing-sms", "item=the bill", "sender=Robin", extra]);
    let refused = sms("sms_consent=yes");
    assert!(refused.status.code() == Some(1) && said(&refused).contains("no SMS consent on file"), "{}", said(&refused));
    assert_eq!(place.json(&["show", &id])["sms_consent"], false);
    let zone = run(&place, &["set", &id, "customer_zone=Eastern"]);
    assert!(zone.status.code() == Some(1) && said(&zone).contains("a zone like America/Denver"), "{}", said(&zone));
}

/// Every letter of a desk that is not tried elsewhere, on an application of its demo that stands where the letter is offered:
/// it is filled in, or says by name what it asks, and with that it is filled in.
#[test]
fn every_letter_of_the_utility_desk_is_filled_in_or_says_what_it_asks() {
    let place = Place::new();
    let made = place.cli(&["demo", "--desk", "utility", "--tasks", "120", "--no-open", "--db", &place.db()]);
    assert!(made.status.success(), "{}", said(&made));
    let rows = place.json(&["list"]);
    let rows = rows.as_array().expect("an array");
    let playbook = intertie::settings::load(DeskKind::Utility, &[], &[]).expect("the shipped files").playbook;
    for message in &playbook.messages {
        let fits = |row: &&Value| message.statuses.is_empty() || message.statuses.iter().any(|status| row["status"] == status.as_str());
        let row = rows.iter().find(fits).unwrap_or_else(|| panic!("no row for {}", message.name));
        let id = row["id"].as_str().expect("a reference");
        let bare = run(&place, &["message", id, &message.name]);
        let mut args = vec!["message".to_owned(), id.to_owned(), message.name.clone()];
        if !bare.status.success() {
            let told = said(&bare);
            let (_, wanted) = told.split_once(&format!("{} needs ", message.name)).unwrap_or_else(|| panic!("{}: {told}", message.name));
            for name in wanted.lines().next().unwrap_or_default().split(", ") {
                let asked = message.asked.iter().find(|asked| asked.name == name);
                let answer = match (name, asked.and_then(|asked| asked.day)) {
                    ("application_number", _) => "number=N-1".to_owned(),
                    ("send_to" | "ahj_desk", _) => format!("{name}=desk@example.com"),
                    (_, Some(AskedDay::Past)) => format!("{name}=yesterday"),
                    (_, Some(AskedDay::Next)) | ("cure_due" | "promised", _) => format!("{name}=10b"),
                    _ => format!("{name}=as on file"),
                };
                args.push(answer);
            }
        }
        let sent = place.json(&args.iter().map(String::as_str).collect::<Vec<_>>());
        for part in ["subject", "body", "crm"] {
            let text = sent[part].as_str().unwrap_or_default();
            assert!(!text.is_empty() && !text.contains(['⟦', '{']), "{} {part}: {text}", message.name);
        }
    }
}
