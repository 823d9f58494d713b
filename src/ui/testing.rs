//! What do the pictures of the screen start from? A desk with the rows that are hard to draw.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::CellWidth;
use ratatui::style::{Modifier, Style};

use super::theme::{Role, Theme};
use super::view::view;
use crate::desk::bulk::{self, Bulk, Outcome};
use crate::desk::import::{Ended, Import, Phase};
use crate::desk::line::Line;
use crate::desk::model::{Desk, Rules};
use crate::desk::prompt::{Act, Answer, Ask, Item, NotePrompt, OfferLine, Offering, Offers, Prompt, Rule, Tint};
use crate::desk::text::NoteText;
use crate::domain::application::Application;
use crate::domain::facts::Facts;
use crate::domain::id::{CommandId, SubjectId, Uuid};
use crate::domain::import::{Conflict, Guess, Guessed, Offer, Report, Rows, Target};
use crate::domain::marks;
use crate::domain::message::Person;
use crate::domain::plan::{self, Answers, touch};
use crate::domain::record::Entry;
use crate::domain::testing::{application, day, playbook, today};
use crate::domain::trouble::Refusal;
use crate::index::queue::View;
use crate::keys::action::{self, Layer};
use crate::keys::chord::{Code, Key};
use crate::keys::keymap::{Binding, Keymap, Run};

/// A theme without colour: what is to be seen must be seen in it.
pub(super) fn mono() -> Theme {
    let styles = Role::ALL.map(|role| match role {
        Role::Selection | Role::Error | Role::Unfilled => Style::new().add_modifier(Modifier::REVERSED),
        Role::Dim | Role::Border | Role::Saving | Role::Done => Style::new().add_modifier(Modifier::DIM),
        Role::Text => Style::new(),
        Role::Mark | Role::Warn | Role::Overdue | Role::Legal => Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
        _ => Style::new().add_modifier(Modifier::BOLD),
    });
    Theme::new("mono", styles)
}

pub(super) fn bind(layer: Layer, keys: &str, action: &str, argument: Option<&str>) -> Binding {
    let keys = keys
        .split(' ')
        .map(|key| match key {
            "enter" => Key::plain(Code::Enter),
            "esc" => Key::plain(Code::Esc),
            "tab" => Key::plain(Code::Tab),
            "ctrl-j" => Key { code: Code::Char('j'), ctrl: true, alt: false },
            key => Key::char(key.chars().next().expect("a key has a letter")),
        })
        .collect();
    let action = action::find(action).expect("an action of the table");
    Binding { layer, keys, run: Run { action, argument: argument.map(str::to_owned) }, say: action.words.to_owned() }
}

pub(super) fn keymap() -> Keymap {
    let queue = |keys, action| bind(Layer::Queue, keys, action, None);
    let touch = |keys, name| bind(Layer::Queue, keys, "touch", Some(name));
    let mut bindings = vec![
        touch("1", "left-voicemail"),
        touch("2", "asked-customer"),
        touch("3", "submitted"),
        touch("4", "they-said"),
        touch("5", "withdrawn"),
        touch("a c", "asked-customer"),
        touch("a s", "submitted"),
        touch("a t", "they-said"),
        queue("v m", "view-mine"),
        queue("v t", "view-team"),
        queue("v p", "view-pool"),
        queue("v a", "view-away"),
    ];
    for (keys, action) in [
        ("n", "note"),
        (" ", "quick-actions"),
        ("u", "undo"),
        ("/", "find"),
        (":", "palette"),
        ("?", "help"),
        ("y", "copy-number"),
        ("c", "message"),
        ("f", "follow-up"),
        ("s", "status"),
        ("e", "edit"),
        ("R", "rerank"),
        ("N", "new"),
        ("'", "to-notice"),
        ("q", "quit"),
    ] {
        let keys = if keys == " " { "S" } else { keys };
        bindings.push(queue(keys, action));
    }
    for (layer, keys, action) in [
        (Layer::Note, "enter", "save"),
        (Layer::Note, "ctrl-j", "new-line"),
        (Layer::Note, "esc", "close"),
        (Layer::Plan, "enter", "do"),
        (Layer::Plan, "tab", "next-answer"),
        (Layer::Plan, "esc", "leave"),
        (Layer::Picker, "enter", "choose"),
        (Layer::Picker, "esc", "cancel"),
        (Layer::Find, "enter", "find-keep"),
        (Layer::Find, "esc", "find-cancel"),
        (Layer::Query, "enter", "query-keep"),
        (Layer::Query, "tab", "query-complete"),
        (Layer::Query, "esc", "query-cancel"),
        (Layer::Pager, "esc", "shut"),
        (Layer::Pager, "j", "scroll-down"),
    ] {
        bindings.push(bind(layer, keys, action, None));
    }
    Keymap::new(bindings)
}

pub(super) fn rules() -> Rules {
    Rules { playbook: playbook().into(), keymap: keymap(), guard_ms: 250, zone: None, demo: true, database: "demo.db".to_owned() }
}

/// An application with its own reference.
pub(super) fn record(number: u32, fields: &[(&str, &str)]) -> Application {
    let mut app = application(fields);
    app.0.id = SubjectId(Uuid::from_u128(1_000 + u128::from(number)));
    if let Some(register) = app.0.registers.get_mut("reference") {
        register.value = format!("A-{number}").into();
    }
    app
}

pub(super) fn note(app: &mut Application, on: &str, by: &str, text: &str) {
    let first = &app.0.registers["reference"];
    let entry = Entry {
        field: "note".to_owned(),
        value: text.into(),
        event: first.writer,
        command: CommandId(Uuid::from_u128(50)),
        at: first.at,
        on: day(on),
        by: by.to_owned(),
        hidden: false,
        corrects: None,
    };
    app.0.entries.push(entry);
}

/// Late, promised, with a long note.
fn smith() -> Application {
    let mut smith = record(
        1042,
        &[
            ("number", "NM-2026-0042"),
            ("site", "12 Elm St, Provo"),
            ("utility", "Rocky Mountain Power"),
            ("customer_name", "Jane Smith"),
            ("customer_phone", "801-555-0100"),
            ("customer_email", "jane@example.com"),
            ("sms_consent", "yes"),
            ("product", "solar + battery"),
            ("size_ac", "7.6 kW"),
            ("storage_power", "5 kW"),
            ("storage_energy", "13.5 kWh"),
            ("status", "submitted"),
            ("ball", "utility"),
            ("owner", "jdoe"),
            ("follow_up", "2026-11-19"),
            ("promised", "2026-11-18"),
            ("goal", "2026-12-01"),
            ("install_on", "2026-12-09"),
            ("missing", "signed one-line diagram"),
            ("milestone", "submitted 2026-11-06"),
        ],
    );
    note(&mut smith, "2026-11-06", "jdoe", "submitted through the portal, number NM-2026-0042");
    note(
        &mut smith,
        "2026-11-16",
        "alee",
        "Called the utility: the reviewer is out until Wednesday; they promised an answer by then. \
         If nothing comes, write to the supervisor and copy the account manager.",
    );
    smith
}

/// A long name, approved, escalated, due at an hour of today.
fn approved() -> Application {
    record(
        7,
        &[
            ("site", "Hangar 3"),
            ("utility", "Portland General Electric"),
            ("customer_name", "Ørsted Bäckerei GmbH & Sons of a very long name"),
            ("status", "approved-to-install"),
            ("ball", "us"),
            ("owner", "jdoe"),
            ("follow_up", "2026-11-21T14:00"),
            ("expires", "2026-12-20"),
            ("escalated", "yes"),
        ],
    )
}

/// Letters that take two cells, and what terminals draw in any width.
fn wide() -> Application {
    record(
        88,
        &[
            ("site", "🏠 3号楼"),
            ("utility", "A Utility Nobody Knows"),
            ("customer_name", "李小龙 👨\u{200d}👩\u{200d}👧 🇺🇸 ⚠\u{fe0f}"),
            ("status", "package-build"),
            ("ball", "customer"),
            ("owner", "jdoe"),
            ("follow_up", "2026-11-21"),
        ],
    )
}

/// On hold.
fn held() -> Application {
    record(
        90,
        &[
            ("site", "Barn"),
            ("status", "deficiency"),
            ("ball", "us"),
            ("owner", "jdoe"),
            ("hold", "customer is abroad"),
            ("follow_up", "2026-11-20"),
        ],
    )
}

/// A row as a day has many.
fn next() -> Application {
    let mut next = record(
        1043,
        &[
            ("number", "NM-2026-0057"),
            ("site", "480 Center St, Orem"),
            ("utility", "Rocky Mountain Power"),
            ("customer_name", "Peter Novak"),
            ("customer_phone", "801-555-0143"),
            ("customer_email", "peter@example.com"),
            ("product", "solar"),
            ("size_ac", "9.6 kW"),
            ("status", "package-build"),
            ("ball", "customer"),
            ("owner", "jdoe"),
            ("follow_up", "2026-11-18"),
            ("goal", "2026-11-30"),
            ("missing", "utility bill, signature page"),
        ],
    );
    note(&mut next, "2026-11-16", "jdoe", "LVM #2 CUST, asked for the bill and the signature page again");
    next
}

/// Another such row.
fn usual() -> Application {
    let mut usual = record(
        1044,
        &[
            ("number", "NM-2026-0058"),
            ("site", "9 Canyon Rd, Provo"),
            ("utility", "Rocky Mountain Power"),
            ("customer_name", "Maria Lopez"),
            ("customer_phone", "801-555-0177"),
            ("customer_email", "maria@example.com"),
            ("sms_consent", "yes"),
            ("product", "solar"),
            ("size_ac", "5.7 kW"),
            ("status", "package-build"),
            ("ball", "customer"),
            ("owner", "jdoe"),
            ("follow_up", "2026-11-20"),
            ("goal", "2026-12-03"),
            ("missing", "proof of insurance"),
        ],
    );
    note(&mut usual, "2026-11-17", "jdoe", "Emailed CUST for the certificate of insurance");
    usual
}

/// A status that no workflow knows, and a long reference.
fn odd() -> Application {
    record(1_000_091, &[("site", "4 Oak"), ("customer_name", "Bo Li"), ("status", "Waiting for Godot"), ("owner", "jdoe")])
}

pub(super) fn records() -> Vec<Application> {
    vec![approved(), smith(), next(), usual(), wide(), odd(), held()]
}

/// The queue of `records`, and its records read.
pub(super) fn desk(width: u16, height: u16) -> (Desk, Rules) {
    let rules = rules();
    let person = Person { login: "jdoe".to_owned(), name: "John Doe".to_owned(), phone: "555-0199".to_owned() };
    let mut desk = Desk::new(person, today().and_hms_opt(15, 0, 0).expect("an hour of a day"), width, height);
    for record in records() {
        let facts = Facts::of(&record).expect("a record that was opened");
        let id = desk.queue.put(&facts, &rules.playbook, today());
        desk.order.push(id);
        desk.records.insert(record.id, record);
    }
    desk.counts = desk.queue.counts(&View::Mine, &["jdoe"], &rules.playbook, desk.now);
    desk.loading = false;
    desk.cursor = 1;
    desk.done = 3;
    (desk, rules)
}

pub(super) fn draw(desk: &Desk, rules: &Rules) -> Terminal<TestBackend> {
    let mut terminal = Terminal::new(TestBackend::new(desk.width, desk.height)).expect("a backend in memory");
    terminal.draw(|frame| view(desk, rules, &mono(), frame)).expect("a backend in memory");
    terminal
}

/// The cells as text, with the cursor's place below.
pub(super) fn picture(desk: &Desk, rules: &Rules) -> String {
    let terminal = draw(desk, rules);
    let backend = terminal.backend();
    let mut text = String::new();
    for row in backend.buffer().content.chunks(usize::from(desk.width)) {
        let mut line = String::new();
        let mut hidden = 0;
        for cell in row {
            if hidden == 0 {
                line.push_str(cell.symbol());
                hidden = usize::from(cell.symbol().cell_width());
            }
            hidden = hidden.saturating_sub(1);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    let cursor = if backend.cursor_visible() { format!("{}", backend.cursor_position()) } else { "hidden".to_owned() };
    format!("{text}cursor: {cursor}")
}

pub(super) fn context<'a>(desk: &'a Desk, rules: &'a Rules) -> plan::Context<'a> {
    plan::Context { playbook: &rules.playbook, person: &desk.person, company: &desk.company, today: today(), moment: None }
}

pub(super) fn first(desk: &Desk) -> Application {
    let id = SubjectId(Uuid::from_u128(2_042));
    desk.records[&id].clone()
}

pub(super) fn note_prompt(desk: &Desk, rules: &Rules, text: &str) -> Prompt {
    let record = first(desk);
    let read = marks::read(text, &[], &rules.playbook, rules.playbook.workflow.lane(record.text("lane")), today());
    let mut answers = Answers::default();
    for mark in &read {
        match &mark.meaning {
            marks::Meaning::FollowUp(resolved) => answers.follow_up = Some(resolved.when),
            marks::Meaning::Status(status) => answers.status = Some(status.clone()),
            marks::Meaning::Ball(party) => answers.ball = Some(party.clone()),
            marks::Meaning::On(_) | marks::Meaning::Attempt(_) => {}
        }
    }
    let preview = touch::note(&marks::strip(text, &read), &answers, &record, &context(desk, rules));
    Prompt::Note(Box::new(NotePrompt {
        seen: crate::desk::msg::Seen { subject: record.id, version: record.version },
        record,
        text: NoteText::new(text, None),
        marks: read,
        preview: (!text.is_empty()).then_some(preview),
        hint: None,
        offer: None,
        corrects: None,
    }))
}

/// A note with a list to complete from; everything outside of the text says `words`.
pub(super) fn note_with_offer(desk: &Desk, rules: &Rules, words: &str) -> Prompt {
    let Prompt::Note(mut note) = note_prompt(desk, rules, "Reviewer back !") else { unreachable!("it makes a note") };
    let item = |value: &str, refused| Item { value: value.to_owned(), label: words.to_owned(), detail: words.to_owned(), refused };
    let usual = ["!acknowledged", "!deficiency", "!in"].map(|value| item(value, None));
    let refused = ["!pto", words].map(|value| item(value, Some(words.to_owned())));
    note.offer = Some(Offering { chars: 1, items: usual.into_iter().chain(refused).collect(), chosen: Some(1) });
    note.hint = Some(words.to_owned());
    Prompt::Note(note)
}

pub(super) fn answer(name: &str, label: &str, required: bool, text: &str) -> Answer {
    Answer { name: name.to_owned(), label: label.to_owned(), required, line: Line::new(text), offered: String::new() }
}

pub(super) fn ask(act: Act, title: &str, record: Option<Application>, answers: Vec<Answer>) -> Ask {
    Ask {
        act,
        title: title.to_owned(),
        record,
        answers,
        focus: 0,
        top: 0,
        preview: None,
        already_due: 0,
        similar: Vec::new(),
        looks: None,
        draft: None,
    }
}

pub(super) const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (60, 15)];

/// An import in each of its phases; every text of the file is `text`.
pub(super) fn imports_saying(text: &str) -> Vec<Import> {
    let column = |target| Guessed {
        name: text.to_owned(),
        samples: vec![text.to_owned(); 3],
        target,
        is_status: false,
        confidence: 50,
        because: text.to_owned(),
    };
    let guess = Guess {
        rows: 40,
        columns: vec![column(Some(Target::Note)), column(None), column(Some(Target::Note))],
        doubts: vec![text.to_owned()],
        remarks: vec![text.to_owned()],
        ..Guess::default()
    };
    let value = || text.into();
    let conflict = Conflict { line: 7, key: text.to_owned(), field: text.to_owned(), ours: value(), theirs: value(), suggested: false };
    let report = Report { added: 3, without_follow_up: 3, conflicts: vec![conflict], ..Report::default() };
    let refusal = || Refusal::new(text).because(text).hint(text);
    let ended = |stopped| Phase::Done(Ended { report: report.clone(), stopped, taken_back: None });
    let phases = [
        Phase::Looking,
        Phase::Columns,
        Phase::Trying { done: 0, of: 0 },
        Phase::Trying { done: 12_000, of: 100_000 },
        Phase::Preview(report.clone()),
        Phase::Refused(refusal().into()),
        Phase::Running { done: 12_000, of: 100_000, stopping: false },
        Phase::Running { done: 5, of: 0, stopping: true },
        ended(None),
        ended(Some(refusal().into())),
    ];
    let one = |phase| Import {
        phase,
        guess: Some(guess.clone()),
        cursor: 1,
        lines: vec![(Tint::Warn, text.to_owned()); 60],
        top: 30,
        ..Import::new(Rows::File(text.to_owned()))
    };
    phases.into_iter().map(one).collect()
}

pub(super) fn imports_of_every_phase() -> Vec<Import> {
    imports_saying("a text of some length with 李小龙 in it")
}

/// Conflicts with a rule that is counted, one on its way to the disk.
pub(super) fn offers_saying(desk: &Desk, text: &str) -> Offers {
    let offer = |field: &str| Offer {
        subject: first(desk).id,
        reference: text.to_owned(),
        source: text.to_owned(),
        key: text.to_owned(),
        field: field.to_owned(),
        ours: text.into(),
        theirs: text.into(),
    };
    let fields = ["owner", "status", text];
    let lines = fields.iter().cycle().take(30).map(|field| OfferLine { offer: offer(field), saving: *field == "owner" });
    let rule = Rule { theirs: true, field: "status".to_owned(), source: text.to_owned(), count: 10 };
    Offers { lines: Some(lines.collect()), cursor: 20, rule: Some(rule) }
}

/// What an owner does to many: one that goes, one that does not, one that is still being read.
pub(super) fn bulk_saying(desk: &Desk, text: &str) -> Bulk {
    let outcomes = [
        Outcome::Will { words: format!("owner jdoe → {text}"), changes: Vec::new() },
        Outcome::Wont(format!("{text} is under legal hold")),
        Outcome::Will { words: format!("owner {text}"), changes: Vec::new() },
    ];
    let line = |idx: u128| {
        let outcome = outcomes[usize::try_from(idx % 3).expect("small")].clone();
        bulk::Line::new(SubjectId(Uuid::from_u128(idx)), format!("A-{idx} {text}"), outcome)
    };
    let ask = ask(Act::Marked(Box::new(Act::Owner)), "30 marked rows: owner", None, vec![answer("owner", "owner", false, text)]);
    let mut bulk = Bulk::new(ask, format!("owner: {text}"), (0..30).map(line).collect(), desk.today());
    bulk.cursor = 4;
    bulk
}
