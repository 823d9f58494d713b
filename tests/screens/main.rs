//! What does a coordinator see at the shipped desk? The real keys, the real playbook, the real
//! update, drawn at the sizes people have.

mod drill;
mod imports;
mod keymaps;

use std::collections::HashMap;
use std::sync::Arc;

use intertie::desk::effect::Effect;
use intertie::desk::look::{Looker, is_look};
use intertie::desk::model::{Desk, Rules};
use intertie::desk::msg::Msg;
use intertie::desk::update::update;
use intertie::domain::application::Application;
use intertie::domain::day::Day;
use intertie::domain::event::{Event, Kind, Of};
use intertie::domain::facts::Facts;
use intertie::domain::id::{CommandId, EventId, Hlc, ReplicaId, SessionId, SubjectId, Uuid};
use intertie::domain::message::Person;
use intertie::domain::plan::{Context, open};
use intertie::domain::playbook::DeskKind;
use intertie::domain::record::Record;
use intertie::domain::utility_state::{Outage, UtilityState};
use intertie::index::one_hand;
use intertie::keys::chord::parse_keys;
use intertie::settings::{Settings, load};
use intertie::ui::theme::Theme;
use intertie::ui::view::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

struct Screen {
    desk: Desk,
    rules: Rules,
    theme: Theme,
    records: HashMap<SubjectId, Application>,
    at: i64,
}

const ROWS: &[&[(&str, &str)]] = &[
    &[
        ("site", "12 Elm St"),
        ("utility", "RMP"),
        ("customer_name", "Jane Smith"),
        ("customer_email", "jane@example.com"),
        ("customer_phone", "801-555-0100"),
        ("number", "NM-42"),
        ("status", "submitted"),
        ("follow_up", "today"),
        ("product", "solar"),
        ("size_ac", "7.6 kW"),
        ("goal", "12/1"),
    ],
    &[
        ("site", "9 Canyon Rd"),
        ("utility", "PGE"),
        ("customer_name", "Maria Lopez"),
        ("status", "package-build"),
        ("missing", "utility bill"),
        ("follow_up", "today"),
    ],
    &[("site", "3 Fir St"), ("utility", "PGE"), ("customer_name", "Chloe Kim"), ("status", "approved-to-install"), ("follow_up", "today")],
    &[("site", "4 Ash St"), ("utility", "TEP"), ("customer_name", "Dev Patel"), ("status", "acknowledged"), ("follow_up", "12/4")],
];

fn today() -> Day {
    Day::from_ymd_opt(2026, 11, 20).expect("a constant")
}

fn opened(number: i64, values: &[(&str, &str)], context: &Context<'_>) -> Application {
    let subject = SubjectId(Uuid::from_u128(u128::from(number.unsigned_abs())));
    let values = values.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let planned = open::application(subject, &values, Some("jdoe"), context).expect("values that can be opened");
    let mut fields = planned.change.fields;
    fields.entry("reference".to_owned()).or_default().to = format!("A-{number}").into();
    let event = Event {
        id: EventId { replica: ReplicaId(Uuid::from_u128(1)), seq: number },
        hlc: Hlc::default().next(number),
        uid: 1000,
        actor: "jdoe".to_owned(),
        session: SessionId(Uuid::from_u128(2)),
        command: CommandId(Uuid::from_u128(9_000 + u128::from(number.unsigned_abs()))),
        subject,
        of: Of::Application,
        kind: Kind::Open,
        on: today(),
        fields,
        undoes: None,
        playbook: String::new(),
    };
    Application(Record::fold(subject, Of::Application, [&event]))
}

impl Screen {
    fn new(width: u16, height: u16) -> Screen {
        let Settings { playbook, keymap, theme, .. } = load(DeskKind::Residential, &[], &[]).expect("the shipped settings");
        let rules = Rules { playbook: Arc::new(playbook), keymap, guard_ms: 250, zone: None, demo: false, database: "work.db".to_owned() };
        let person = Person { login: "jdoe".to_owned(), name: "John Doe".to_owned(), phone: "555-0199".to_owned() };
        let desk = Desk::new(person.clone(), today().and_hms_opt(9, 0, 0).expect("a constant"), width, height);
        let context = Context { playbook: &rules.playbook, person: &person, company: &desk.company, today: today(), moment: None };
        let records: HashMap<_, _> =
            ROWS.iter().zip(1041..).map(|(row, number)| opened(number, row, &context)).map(|app| (app.id, app)).collect();
        let mut facts: Vec<Facts> = records.values().filter_map(Facts::of).collect();
        facts.sort_by_key(|facts| facts.reference.clone());
        let mut screen = Screen { desk, rules, theme, records, at: 0 };
        screen.tell(Msg::Rows { facts, last: true });
        screen
    }

    fn tell(&mut self, msg: Msg) {
        for effect in update(&mut self.desk, &self.rules, msg) {
            if let Effect::Fetch(subjects) = effect {
                for record in subjects.iter().filter_map(|subject| self.records.get(subject)).cloned().collect::<Vec<_>>() {
                    self.tell(Msg::Record(Box::new(record)));
                }
            } else if is_look(&effect) {
                let mut answers = Vec::new();
                let rows = self.desk.queue.share();
                Looker::default().look(effect, rows, &self.rules.playbook, &one_hand, &|| true, &mut |msg| answers.push(msg));
                answers.into_iter().for_each(|msg| self.tell(msg));
            }
        }
    }

    /// Something comes by itself, and is drawn and read.
    fn hear(&mut self, msg: Msg) {
        self.tell(msg);
        self.at += 1_000;
        self.desk.drawn(self.at);
    }

    /// Keys as a keymap writes them: `space`, `ctrl-j`, `a`.
    fn press(&mut self, keys: &str) {
        for key in parse_keys(keys).expect("keys of a keymap") {
            self.at += 1_000;
            let seen = self.desk.painted(&self.rules);
            self.tell(Msg::Key { key, at: self.at, seen, fresh: [Uuid::from_u128(8), Uuid::from_u128(9)] });
            self.desk.drawn(self.at);
        }
    }

    /// Compares with the picture of that name.
    fn snapshot(&self, name: &str) {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, self.text()));
    }

    fn text(&self) -> String {
        let mut terminal = Terminal::new(TestBackend::new(self.desk.width, self.desk.height)).expect("a backend in memory");
        terminal.draw(|frame| view(&self.desk, &self.rules, &self.theme, frame)).expect("a backend in memory");
        terminal.backend().to_string().lines().map(|line| line.trim_matches('"').trim_end()).collect::<Vec<_>>().join("\n")
    }
}

#[test]
fn the_shipped_desk() {
    for (name, width, height, keys) in [
        ("shipped-80x24", 80, 24, ""),
        ("shipped-120x40", 120, 40, "j"),
        ("shipped-plan-80x24", 80, 24, "1"),
        ("shipped-message-120x40", 120, 40, "3"),
        ("shipped-chord-80x24", 80, 24, "a"),
        ("shipped-note-80x24", 80, 24, "n L V M space > 2 b"),
        ("shipped-form-120x40", 120, 40, "N E l m"),
        ("shipped-help-80x24", 80, 24, "?"),
        ("shipped-actions-80x24", 80, 24, "space"),
        ("shipped-found-80x24", 80, 24, "/ m a r enter"),
    ] {
        let mut screen = Screen::new(width, height);
        if !keys.is_empty() {
            screen.press(keys);
        }
        screen.snapshot(name);
    }
}

#[test]
fn a_page_is_read_to_its_end() {
    for (width, height) in [(80, 24), (60, 15), (41, 10)] {
        let mut screen = Screen::new(width, height);
        screen.press("? G");
        let shown = screen.text();
        assert!(shown.contains("enrol again") || width < 60, "the last line of help is seen at {width}x{height}:\n{shown}");
    }
}

#[test]
fn the_page_of_a_utility() {
    let mut screen = Screen::new(80, 24);
    screen.press("U");
    screen.snapshot("book-80x24");
}

/// An outage stands in the header, and on the record that waits for the portal.
#[test]
fn a_portal_that_is_down() {
    let mut screen = Screen::new(120, 40);
    let outage = Outage {
        until: Day::from_ymd_opt(2026, 12, 2).expect("a constant"),
        since: today(),
        reason: "maintenance".to_owned(),
        by: "jsmith".to_owned(),
        channel: "email rmp-intake@example.com".to_owned(),
    };
    let state = UtilityState { name: "Rocky Mountain Power".to_owned(), version: 1, outage: Some(outage), ..UtilityState::default() };
    Arc::make_mut(&mut screen.rules.playbook).utility_states = vec![state];
    screen.hear(Msg::UtilitiesChanged { stopped: Vec::new() });
    screen.press("j");
    screen.snapshot("outage-120x40");
    screen.press("U");
    screen.snapshot("book-outage-120x40");
}
