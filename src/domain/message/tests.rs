//! Do messages fill from one source each, and refuse what they cannot fill?

use proptest::prelude::*;

use super::*;
use crate::domain::field::FIELDS;
use crate::domain::testing;

const APPLICATION: &[(&str, &str)] = &[
    ("customer_name", "Jordan Example"),
    ("customer_email", "jordan@example.com"),
    ("utility", "rmp"),
    ("number", "IC-77"),
    ("site", "Example site"),
    ("address", "12 Main St"),
    ("city", "Provo"),
    ("state", "UT"),
    ("zip", "84601"),
    ("status", "package-build"),
    ("size_ac", "7.6 kW"),
    ("goal", "2026-12-04"),
    ("follow_up", "2026-12-01T14:00"),
    ("missing", "utility bill"),
    ("note", "asked"),
    ("milestone", "submitted 2026-11-03, submitted 2026-11-09"),
    ("attempts.customer", "2"),
];

struct Scene {
    application: Application,
    playbook: Playbook,
    person: Person,
    company: BTreeMap<String, String>,
    answers: BTreeMap<String, String>,
    attempt: Option<i64>,
}

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

fn scene(fields: &[(&str, &str)], answers: &[(&str, &str)]) -> Scene {
    Scene {
        application: testing::application(fields),
        playbook: testing::playbook(),
        person: Person { login: "jdoe".into(), name: "J. Doe".into(), phone: String::new() },
        company: map(&[("company", "Example Solar"), ("company_phone", " ")]),
        answers: map(answers),
        attempt: None,
    }
}

impl Scene {
    fn context(&self) -> Context<'_> {
        Context {
            application: &self.application,
            playbook: &self.playbook,
            person: &self.person,
            company: &self.company,
            moment: None,
            today: testing::today(),
            answers: &self.answers,
            attempt: self.attempt,
        }
    }
}

fn body(text: &str) -> Message {
    Message { body: text.to_owned(), ..testing::message("m", Channel::Email, "customer") }
}

#[test]
fn every_name_has_one_source() {
    let names: Vec<&str> = [PERSON, COMPANY, UTILITY, COMPUTED].concat().into_iter().chain(FIELDS.iter().map(|field| field.name)).collect();
    for (idx, name) in names.iter().enumerate() {
        assert!(!names[..idx].contains(name), "{name} has two sources");
        assert!(!PARTS.contains(name), "{name} is a part");
        assert!(template::check_name(name).is_ok(), "{name} cannot stand in a template");
        assert!(source(name, &body("")).is_some(), "{name}");
    }
}

#[test]
fn values_by_field() {
    let scene = scene(APPLICATION, &[]);
    for (name, shown) in [
        ("coordinator_name", Some("J. Doe")),
        ("coordinator_phone", None),
        ("company", Some("Example Solar")),
        ("company_phone", None),
        ("company_email", None),
        ("utility_name", Some("Rocky Mountain Power")),
        ("utility_mailbox", Some("interconnection@example.com")),
        ("utility_metering_mailbox", None),
        ("utility", Some("rmp")),
        ("size_ac", Some("7.6 kW")),
        ("size", None),
        ("goal", Some("12/4/2026")),
        ("follow_up", Some("12/1/2026 14:00")),
        ("promised", None),
        ("today", Some("11/21/2026")),
        ("reference", Some("A-1")),
        ("application_number", Some("IC-77")),
        ("status_label", Some("package build")),
        ("received_on", Some("11/9/2026")),
        ("submitted_on", Some("11/9/2026")),
        ("approved_on", None),
        ("days_open", Some("19")),
        ("days_in_status", Some("19")),
        ("first_name", Some("Jordan")),
        ("site_address", Some("12 Main St, Provo, UT 84601")),
        ("attempt", Some("2")),
        ("size_shown", Some("7.6 kW")),
        ("last_touch", Some("11/2/2026")),
        ("no_such_field", None),
    ] {
        assert_eq!(value(name, &body(""), &scene.context()).as_deref(), shown, "{name}");
    }
}

#[test]
fn values_of_an_application_that_is_hardly_known() {
    for (fields, name, shown) in [
        (&[("utility", "Sample Coop")][..], "utility_name", Some("Sample Coop")),
        (&[("utility", "Sample Coop")], "utility_mailbox", None),
        (&[], "utility_name", None),
        (&[], "status_label", None),
        (&[], "days_in_status", None),
        (&[], "site_address", None),
        (&[], "first_name", None),
        (&[], "attempt", Some("1")),
        (&[("site", "Lot 4")], "site_address", Some("Lot 4")),
        // A town is no site: the address is asked.
        (&[("zip", "84601"), ("city", "Provo")], "site_address", None),
        (&[("site", "Lot 4"), ("zip", "84601"), ("state", "UT")], "site_address", Some("Lot 4")),
        (&[("address", "4 Elm St"), ("city", "Provo"), ("site", "Lot 4")], "site_address", Some("4 Elm St, Provo")),
        (&[("permit_number", "P-9"), ("crm_number", "C-7")], "application_number", None),
        (&[("number", "U-3"), ("crm_number", "C-7")], "application_number", Some("U-3")),
        (&[("status", "from-a-file")], "status_label", Some("from-a-file")),
        (&[("size", "5"), ("size_ac", "7.6")], "size_shown", Some("5 kW")),
    ] {
        let scene = scene(fields, &[]);
        assert_eq!(value(name, &body(""), &scene.context()).as_deref(), shown, "{name} of {fields:?}");
    }
}

#[test]
fn an_attempt_that_a_touch_counts_goes_first() {
    let mut scene = scene(APPLICATION, &[]);
    scene.attempt = Some(3);
    assert_eq!(line("LVM #{{attempt}} for {{ first_name }}", &scene.context()), "LVM #3 for Jordan");
}

#[test]
fn a_message_fills_or_names_what_is_missing() {
    let scene = scene(APPLICATION, &[("needed_by", "12/4")]);
    let message = scene.playbook.message("customer-missing-documents").expect("a message of the test playbook");
    assert_eq!(
        fields(message),
        Ok(["customer_email", "utility_name", "first_name", "missing", "needed_by", "coordinator_name", "coordinator_phone"]
            .map(str::to_owned)
            .to_vec())
    );
    let rendered = render(message, &scene.context());
    assert_eq!(rendered.unfilled, ["coordinator_phone"]);
    assert_eq!(
        rendered.parts(),
        [
            ("recipient", "jordan@example.com"),
            ("subject", "What we still need for Rocky Mountain Power"),
            (
                "body",
                "Hi Jordan,\n\nRocky Mountain Power will not start without: utility bill.\nPlease send it by 12/4.\n\n\
                 J. Doe, ⟦coordinator_phone⟧\n"
            ),
            ("crm", "asked customer for utility bill"),
        ]
    );
    assert_eq!(offered(&message.asked[0], message, &scene.context()).as_deref(), Some("12/4/2026"));
}

#[test]
fn nothing_is_offered_from_an_unfilled_default() {
    let scene = scene(&[], &[]);
    let message = scene.playbook.message("customer-missing-documents").expect("a message of the test playbook");
    assert_eq!(offered(&message.asked[0], message, &scene.context()), None);
    assert_eq!(render(message, &scene.context()).unfilled.iter().filter(|name| *name == "needed_by").count(), 1);
}

#[test]
fn values_are_never_templates_and_lines_stay_lines() {
    let scene = scene(&[("customer_name", "{{company}} {% if %} ${x} </b>")], &[("why", "one\r\n\n two\nBcc: x@example.com")]);
    let asked = Asked { name: "why".into(), label: "why".into(), default: String::new(), ..Asked::default() };
    let message = Message {
        recipient: "{{why}}".into(),
        subject: "{{why}}!".into(),
        crm: "{{why}}".into(),
        asked: vec![asked],
        ..body("{{customer_name}}\n{{why}}\n\n")
    };
    let rendered = render(&message, &scene.context());
    assert_eq!(rendered.body, "{{company}} {% if %} ${x} </b>\none\r\n\n two\nBcc: x@example.com\n\n");
    for text in [&rendered.recipient, &rendered.crm] {
        assert_eq!(text, "one two Bcc: x@example.com");
    }
    assert_eq!(rendered.subject, "one two Bcc: x@example.com!");
    assert!(rendered.unfilled.is_empty());
}

#[test]
fn wrong_templates_and_names_are_refused() {
    let asked = |name: &str, default: &str| Asked { name: name.into(), label: String::new(), default: default.into(), ..Asked::default() };
    for (text, asks, says) in [
        ("{{ missing|upper }}", vec![], "body: \"missing|upper\" is not a field's name"),
        ("{{ nonsense }}", vec![], "body: there is no field nonsense"),
        ("{% raw %}", vec![], "body: {% raw %} is not allowed"),
        ("", vec![asked("missing", "")], "asked: missing already has a source"),
        ("", vec![asked("today", "")], "asked: today already has a source"),
        ("", vec![asked("company", "")], "asked: company already has a source"),
        ("", vec![asked("body", "")], "asked: body already has a source"),
        ("", vec![asked("why", ""), asked("why", "")], "asked: why is asked twice"),
        ("", vec![asked("why", ""), asked("how", "{{why}}")], "the default of how: there is no field why"),
        ("", vec![asked("why", "{{why}}")], "the default of why: there is no field why"),
        ("", vec![asked("loop", "")], "asked: \"loop\" is not a field's name"),
    ] {
        let message = Message { asked: asks, ..body(text) };
        assert!(fields(&message).is_err_and(|err| err.starts_with(says)), "{text} {:?}", fields(&message));
    }
    let scene = scene(APPLICATION, &[]);
    let rendered = render(&body("{{ company() }}"), &scene.context());
    assert_eq!((rendered.body.as_str(), rendered.unfilled), ("{{ company() }}", vec!["body".to_owned()]));
}

#[test]
fn a_part_over_the_limit_is_blocked() {
    let long = "x".repeat(PART_MAX / 2);
    let asked = Asked { name: "long".into(), label: String::new(), default: String::new(), ..Asked::default() };
    let message = |text: &str| Message { asked: vec![asked.clone()], ..body(text) };
    let scene = scene(&[], &[("long", &long)]);
    let fits = render(&message("{{long}}{{long}}"), &scene.context());
    assert_eq!((fits.body.len(), fits.unfilled), (PART_MAX, vec![]));
    let over = render(&message("{{long}}{{long}}."), &scene.context());
    assert_eq!((over.body.as_str(), over.unfilled), ("⟦body is longer than 64 KiB⟧", vec!["body".to_owned()]));
    let many = render(&body(&"{{today}}".repeat(6_000)), &scene.context());
    assert_eq!((many.body.len(), many.unfilled), (60_000, vec![]), "the fuel lasts for a full part");
}

#[test]
fn a_note_tells_of_what_was_asked() {
    let scene = scene(&[("utility", "RMP"), ("promised", "2026-11-01")], &[("promised", "2026-12-04"), ("portal_step", "review\nagain")]);
    assert_eq!(
        line("{{utility_name}} said {{promised}}: {{portal_step}}, {{sign_link}}", &scene.context()),
        "Rocky Mountain Power said 12/4/2026: review again, ⟦sign_link⟧"
    );
    assert_eq!(line_fields("{{promised}} {{portal_step}}", &["portal_step"]).map(|names| names.len()), Ok(2));
    assert_eq!(line_fields("{{portal_step}}", &[]), Err("there is no field portal_step".to_owned()));
}

#[test]
fn an_sms_needs_consent_and_is_short() {
    let message = testing::playbook().message("customer-signature-sms").expect("a message of the test playbook").clone();
    let (without, with) = (scene(&[("customer_name", "Jo")], &[]), scene(&[("sms_consent", "yes")], &[]));
    assert!(sms_refusal(&message, &without.context()).is_some_and(|says| says.starts_with("Jo has no SMS consent")));
    assert_eq!(sms_refusal(&message, &with.context()), None);
    assert_eq!(sms_refusal(&Message { channel: Channel::Email, ..message.clone() }, &without.context()), None);
    assert_eq!(sms_refusal(&Message { to: "crew".into(), ..message.clone() }, &without.context()), None);
    for (length, words) in [(160, "160 of 160 characters"), (161, "161 characters; one SMS has 160")] {
        let rendered = render(&Message { body: "é".repeat(length), ..message.clone() }, &with.context());
        assert_eq!(sms_length(&message, &rendered).as_deref(), Some(words));
        assert_eq!(sms_length(&Message { channel: Channel::Email, ..message.clone() }, &rendered), None);
    }
}

proptest! {
    #[test]
    fn text_around_fields_comes_through_byte_for_byte(
        parts in prop::collection::vec(("[^{]{0,12}|[}{]? |\n|\r\n|\\{%?[a-z]", prop::bool::ANY), 0..8),
        why in "\\PC{0,20}|[{}% \n]{0,8}",
    ) {
        let scene = scene(&[], &[("why", &why)]);
        let asked = Asked { name: "why".into(), label: String::new(), default: String::new(), ..Asked::default() };
        let template: String = parts.iter().map(|(text, field)| format!("{text}{}", if *field { "{{ why }}" } else { "" })).collect();
        let shown = if why.trim().is_empty() { "⟦why⟧" } else { &why };
        let wanted: String = parts.iter().map(|(text, field)| format!("{text}{}", if *field { shown } else { "" })).collect();
        let message = Message { asked: vec![asked], ..body(&template) };
        let rendered = render(&message, &scene.context());
        match fields(&message) {
            Ok(_) => prop_assert_eq!(rendered.body, wanted),
            Err(_) => {
                prop_assert_eq!(rendered.body, template);
                prop_assert_eq!(rendered.unfilled, ["body"]);
            }
        }
    }

    #[test]
    fn no_template_panics(template in "(\\PC|\\{\\{|\\}\\}|\\{%|%\\}|\\{#| today |\n){0,20}") {
        let scene = scene(&[], &[]);
        let rendered = render(&body(&template), &scene.context());
        // Wrong as a whole, or naming a field that there is not.
        let is_wrong = rendered.unfilled.iter().any(|name| name == "body" || known(name).is_none());
        prop_assert_eq!(fields(&body(&template)).is_err(), is_wrong);
    }
}
