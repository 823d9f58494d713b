//! What does each screen look like? Pictures of the whole screen, at the sizes people have.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::CellWidth;
use ratatui::style::{Modifier, Style};

use super::theme::{Role, Theme};
use super::view::view;
use crate::desk::line::Line;
use crate::desk::model::{Arrivals, Desk, Rules, Saving, Way, Worked};
use crate::desk::msg::Draft;
use crate::desk::notice::{Notice, Tone};
use crate::desk::prompt::{Act, Answer, Ask, DraftKey, Find, Item, NotePrompt, Pager, Pick, Picker, Prompt, Tint};
use crate::desk::text::NoteText;
use crate::desk::viewport::{Over, layout};
use crate::domain::application::Application;
use crate::domain::day::Day;
use crate::domain::facts::Facts;
use crate::domain::id::{CommandId, SubjectId, Uuid};
use crate::domain::message::Person;
use crate::domain::plan::{self, Answers, touch};
use crate::domain::record::Entry;
use crate::domain::testing::{application, day, playbook, today};
use crate::domain::{field, marks};
use crate::index::queue::View;
use crate::keys::action::{self, Layer};
use crate::keys::chord::{Code, Key};
use crate::keys::keymap::{Binding, Keymap, Run};

/// A theme without colour: what is to be seen must be seen in it.
fn mono() -> Theme {
    let styles = Role::ALL.map(|role| match role {
        Role::Selection | Role::Error | Role::Unfilled => Style::new().add_modifier(Modifier::REVERSED),
        Role::Dim | Role::Border | Role::Saving | Role::Done => Style::new().add_modifier(Modifier::DIM),
        Role::Text => Style::new(),
        Role::Mark | Role::Warn | Role::Overdue | Role::Legal => Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
        _ => Style::new().add_modifier(Modifier::BOLD),
    });
    Theme::new("mono", styles)
}

fn bind(layer: Layer, keys: &str, action: &str, argument: Option<&str>) -> Binding {
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

fn keymap() -> Keymap {
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
        (Layer::Pager, "esc", "shut"),
        (Layer::Pager, "j", "scroll-down"),
    ] {
        bindings.push(bind(layer, keys, action, None));
    }
    Keymap::new(bindings)
}

fn rules() -> Rules {
    Rules { playbook: playbook(), keymap: keymap(), guard_ms: 250, demo: true, database: "demo.db".to_owned() }
}

/// An application with its own reference.
fn record(number: u32, fields: &[(&str, &str)]) -> Application {
    let mut app = application(fields);
    app.0.id = SubjectId(Uuid::from_u128(1_000 + u128::from(number)));
    if let Some(register) = app.0.registers.get_mut("reference") {
        register.value = format!("A-{number}").into();
    }
    app
}

fn note(app: &mut Application, on: &str, by: &str, text: &str) {
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
    };
    app.0.entries.push(entry);
}

fn records() -> Vec<Application> {
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
    let approved = record(
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
    );
    let wide = record(
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
    );
    let held = record(
        90,
        &[
            ("site", "Barn"),
            ("status", "deficiency"),
            ("ball", "us"),
            ("owner", "jdoe"),
            ("hold", "customer is abroad"),
            ("follow_up", "2026-11-20"),
        ],
    );
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
    let odd = record(1_000_091, &[("site", "4 Oak"), ("customer_name", "Bo Li"), ("status", "Waiting for Godot"), ("owner", "jdoe")]);
    vec![approved, smith, next, usual, wide, odd, held]
}

/// The queue of `records`, and its records read.
fn desk(width: u16, height: u16) -> (Desk, Rules) {
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

fn draw(desk: &Desk, rules: &Rules) -> Terminal<TestBackend> {
    let mut terminal = Terminal::new(TestBackend::new(desk.width, desk.height)).expect("a backend in memory");
    terminal.draw(|frame| view(desk, rules, &mono(), frame)).expect("a backend in memory");
    terminal
}

/// The cells as text, with the cursor's place below.
fn picture(desk: &Desk, rules: &Rules) -> String {
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

fn snapshot(name: &str, desk: &Desk, rules: &Rules) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../tests/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, picture(desk, rules)));
}

fn context<'a>(desk: &'a Desk, rules: &'a Rules) -> plan::Context<'a> {
    plan::Context { playbook: &rules.playbook, person: &desk.person, company: &desk.company, today: today() }
}

fn first(desk: &Desk) -> Application {
    let id = SubjectId(Uuid::from_u128(2_042));
    desk.records[&id].clone()
}

fn note_prompt(desk: &Desk, rules: &Rules, text: &str) -> Prompt {
    let record = first(desk);
    let read = marks::read(text, &[], &rules.playbook, today());
    let mut answers = Answers::default();
    for mark in &read {
        match &mark.meaning {
            marks::Meaning::FollowUp(resolved) => answers.follow_up = Some(resolved.when),
            marks::Meaning::Status(status) => answers.status = Some(status.clone()),
            marks::Meaning::Ball(party) => answers.ball = Some(party.clone()),
        }
    }
    let preview = touch::note(&marks::strip(text, &read), &answers, &record, &context(desk, rules));
    Prompt::Note(Box::new(NotePrompt {
        seen: crate::desk::msg::Seen { subject: record.id, version: record.version },
        record,
        text: NoteText::new(text, None),
        marks: read,
        preview: (!text.is_empty()).then_some(preview),
    }))
}

fn answer(name: &str, label: &str, required: bool, text: &str) -> Answer {
    Answer { name: name.to_owned(), label: label.to_owned(), required, line: Line::new(text), offered: String::new() }
}

fn ask(act: Act, title: &str, record: Option<Application>, answers: Vec<Answer>) -> Ask {
    Ask { act, title: title.to_owned(), record, answers, focus: 0, preview: None, already_due: 0, similar: Vec::new() }
}

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (60, 15)];

#[test]
fn queue() {
    for (width, height) in SIZES {
        let (desk, rules) = desk(width, height);
        snapshot(&format!("queue-{width}x{height}"), &desk, &rules);
    }
}

#[test]
fn queue_at_work() {
    let (mut desk, rules) = desk(100, 30);
    let subjects: Vec<SubjectId> = desk.order.iter().filter_map(|id| desk.queue.row(*id, &rules.playbook)).map(|row| row.subject).collect();
    desk.cursor = 0;
    desk.worked.insert(subjects[1], Worked { did: "left voicemail".to_owned() });
    let draft = DraftKey::Subject(subjects[5]);
    desk.drafts.insert(draft.clone(), Draft { key: draft, text: "half".to_owned(), cursor: (0, 4) });
    desk.saving = Some(Saving {
        ticket: crate::desk::effect::Ticket(1),
        command: CommandId(Uuid::from_u128(9)),
        subject: Some(subjects[2]),
        message: None,
        text: None,
        draft: None,
        then: crate::domain::playbook::Then::Next,
        touch: true,
        way: Way::Forward,
    });
    desk.arrivals = Arrivals { new: 2, changed: 1 };
    desk.notice = Some(Notice::new(Tone::Refused, "A-90 was changed by alee: on hold").about(subjects[6]));
    snapshot("queue-at-work-100x30", &desk, &rules);
    desk.saving = None;
    desk.notice = None;
    desk.undoable = vec!["A-7 Ørsted: we look".to_owned(), "A-1042 Jane Smith: left voicemail".to_owned()];
    desk.typed = vec![Key::char('a')];
    snapshot("chord-100x30", &desk, &rules);
}

#[test]
fn record_alone() {
    let (mut desk, rules) = desk(80, 24);
    desk.detail_only = true;
    snapshot("record-80x24", &desk, &rules);
    desk.detail_top = 500;
    assert!(picture(&desk, &rules).contains("submitted through the portal"), "scrolled to its end, not beyond");
}

#[test]
fn notes() {
    for (width, height) in SIZES {
        let (mut desk, rules) = desk(width, height);
        desk.prompt = Some(note_prompt(&desk, &rules, "Reviewer back, asked for the one-line again; she sends it tomorrow >2b @customer"));
        snapshot(&format!("note-{width}x{height}"), &desk, &rules);
    }
    let (mut desk, rules) = desk(80, 24);
    desk.prompt = Some(note_prompt(&desk, &rules, ""));
    snapshot("note-empty-80x24", &desk, &rules);
}

#[test]
fn a_note_shows_where_its_cursor_is_and_which_signs_count() {
    let (mut desk, rules) = desk(40, 20);
    let text = "家 👨\u{200d}👩\u{200d}👧 one two three four five six seven eight\nnine >fri ten";
    desk.prompt = Some(note_prompt(&desk, &rules, text));
    let terminal = draw(&desk, &rules);
    let backend = terminal.backend();
    let shown = picture(&desk, &rules);
    let row = shown.lines().position(|line| line.starts_with("nine >fri ten")).expect("the last line of the note is seen");
    assert_eq!((backend.cursor_position().x, usize::from(backend.cursor_position().y)), (13, row));
    assert!(shown.contains("家 👨 one two three"), "{shown}");
    let style = |x: u16| backend.buffer()[(x, backend.cursor_position().y)].modifier;
    assert!(style(5).contains(Modifier::UNDERLINED) && style(8).contains(Modifier::UNDERLINED), "the sign stands out");
    assert!(!style(4).contains(Modifier::UNDERLINED) && !style(10).contains(Modifier::UNDERLINED), "and nothing else does");
}

#[test]
fn questions() {
    for (width, height) in [(80, 24), (120, 40)] {
        let (mut desk, rules) = desk(width, height);
        desk.company.insert("company".to_owned(), "Sunny Co".to_owned());
        let record = first(&desk);
        let disposition = rules.playbook.disposition("they-said").expect("of the testing playbook");
        let mut they_said = ask(
            Act::Touch("they-said".to_owned()),
            "utility gave a date: A-1042 Jane Smith",
            Some(record.clone()),
            vec![answer("promised", "they said", true, "12/4")],
        );
        let given = Answers { values: [("promised".to_owned(), "12/4".to_owned())].into(), ..Answers::default() };
        they_said.preview = Some(touch::disposition(disposition, &given, &record, &context(&desk, &rules)));
        they_said.already_due = 4;
        desk.prompt = Some(Prompt::Ask(Box::new(they_said)));
        snapshot(&format!("ask-{width}x{height}"), &desk, &rules);

        let message = rules.playbook.message("customer-missing-documents").expect("of the testing playbook");
        let given = [("needed_by".to_owned(), "Fri 12/4".to_owned())].into();
        let mut letter = ask(
            Act::Message(message.name.clone()),
            "missing documents",
            Some(record.clone()),
            vec![answer("needed_by", "needed by", true, "Fri 12/4")],
        );
        letter.preview = Some(touch::message(message, &given, &record, &context(&desk, &rules)));
        desk.prompt = Some(Prompt::Ask(Box::new(letter)));
        snapshot(&format!("ask-message-{width}x{height}"), &desk, &rules);
    }
}

#[test]
fn forms() {
    let (mut desk, rules) = desk(80, 24);
    let record = first(&desk);
    let answers: Vec<Answer> = field::FIELDS
        .iter()
        .filter(|field| field.editable)
        .map(|field| {
            let mut answer = answer(field.name, field.label, false, &field::show(field.kind, record.value(field.name)));
            answer.offered = answer.line.text().to_owned();
            answer
        })
        .collect();
    let mut edit = ask(Act::Edit, "edit", Some(record), answers);
    edit.focus = 20;
    edit.answers[20].line = Line::new("Provo City");
    desk.prompt = Some(Prompt::Ask(Box::new(edit)));
    snapshot("edit-80x24", &desk, &rules);

    let mut new =
        ask(Act::New, "new application", None, vec![answer("site", "site", true, "12 Elm"), answer("utility", "utility", true, "")]);
    new.focus = 1;
    new.similar = vec![(desk.order[1], "same site".to_owned())];
    desk.prompt = Some(Prompt::Ask(Box::new(new)));
    snapshot("new-80x24", &desk, &rules);
}

#[test]
fn pickers() {
    for (width, height) in [(80, 24), (120, 40)] {
        let (mut desk, rules) = desk(width, height);
        let items: Vec<Item> = rules
            .playbook
            .dispositions
            .iter()
            .map(|disposition| Item {
                value: disposition.name.clone(),
                label: disposition.label.clone(),
                detail: rules.keymap.keys_of("touch", Some(&disposition.name)).unwrap_or_default(),
                refused: touch::possible(disposition, &first(&desk), &context(&desk, &rules)).err(),
            })
            .collect();
        let shown = (0..items.len()).collect();
        let picker = Picker {
            pick: Pick::QuickAction,
            title: "quick action".to_owned(),
            record: Some(first(&desk)),
            filter: Line::default(),
            items,
            shown,
            cursor: 1,
        };
        desk.prompt = Some(Prompt::Picker(picker));
        snapshot(&format!("picker-{width}x{height}"), &desk, &rules);
    }
}

#[test]
fn finding() {
    let (mut desk, rules) = desk(80, 24);
    let saved = desk.order.clone();
    desk.order.truncate(2);
    desk.cursor = 0;
    desk.prompt = Some(Prompt::Find(Find { line: Line::new("smi"), total: 300, saved_order: saved, saved_cursor: 0, saved_top: 0 }));
    snapshot("find-80x24", &desk, &rules);
    desk.order.clear();
    snapshot("find-nothing-80x24", &desk, &rules);
}

#[test]
fn pages() {
    let (mut desk, rules) = desk(60, 15);
    let mut lines = vec![(Tint::Title, "in the queue".to_owned())];
    lines.extend((0..40).map(|idx| (Tint::Plain, format!("  {idx}  what the key does, in words that go on and on until they wrap"))));
    desk.prompt = Some(Prompt::Pager(Pager { title: "help".to_owned(), lines, top: 3 }));
    snapshot("pager-60x15", &desk, &rules);
    if let Some(Prompt::Pager(pager)) = &mut desk.prompt {
        pager.top = 30;
    }
    assert!(picture(&desk, &rules).contains("  39  what"), "the end can be reached although lines wrap");
}

#[test]
fn nothing_to_show() {
    let (mut desk, mut rules) = desk(80, 24);
    desk.order.clear();
    desk.counts.next_day = Some(day("2026-11-23"));
    snapshot("nothing-due-80x24", &desk, &rules);
    desk.queue = crate::index::queue::Queue::new();
    snapshot("no-application-80x24", &desk, &rules);
    rules.database.clear();
    rules.demo = false;
    snapshot("no-database-60x15", &Desk { width: 60, height: 15, ..desk }, &rules);
}

/// Prompts of every kind, for tests that only look whether anything goes wrong.
fn every_prompt(desk: &Desk, rules: &Rules) -> Vec<Option<Prompt>> {
    let record = first(desk);
    let many =
        (0..50).map(|idx| answer("site", &format!("label {idx} 李"), idx % 2 == 0, "👨\u{200d}👩\u{200d}👧 text of some length")).collect();
    let items: Vec<Item> = (0..30)
        .map(|idx| Item {
            value: idx.to_string(),
            label: format!("item {idx}"),
            detail: "detail".to_owned(),
            refused: (idx == 2).then(|| "no".to_owned()),
        })
        .collect();
    let find = Find {
        line: Line::new("李 smith and a long query that does not fit"),
        total: 3,
        saved_order: desk.order.clone(),
        saved_cursor: 0,
        saved_top: 0,
    };
    let mut edit = ask(Act::Edit, "edit", Some(record.clone()), many);
    edit.focus = 49;
    let mut short = ask(Act::FollowUp, "we look", Some(record.clone()), vec![answer("follow_up", "we look", true, "")]);
    short.preview = Some(Err(crate::domain::trouble::Refusal::new("wanted a day").because("it is empty").hint("like fri")));
    vec![
        None,
        Some(note_prompt(desk, rules, "a long note that wraps at any width\nand has 李小龙 >5b in it")),
        Some(Prompt::Ask(Box::new(edit))),
        Some(Prompt::Ask(Box::new(short))),
        Some(Prompt::Picker(Picker {
            pick: Pick::Palette,
            title: "actions".to_owned(),
            record: None,
            filter: Line::new("x"),
            shown: (0..30).collect(),
            items,
            cursor: 29,
        })),
        Some(Prompt::Find(find)),
        Some(Prompt::Pager(Pager {
            title: "page".to_owned(),
            lines: vec![(Tint::Plain, "    words and more words".to_owned()); 40],
            top: 39,
        })),
    ]
}

#[test]
fn no_size_breaks_it() {
    let widths: Vec<u16> = (1..=12).chain((13..=130).step_by(13)).chain([39, 40, 80, 107, 108, 300]).collect();
    let heights: Vec<u16> = (1..=26).step_by(3).chain([2, 3, 5, 9, 40, 100]).collect();
    let (mut desk, rules) = desk(80, 24);
    let prompts = every_prompt(&desk, &rules);
    let theme = mono();
    for prompt in prompts {
        desk.prompt = prompt;
        for &width in &widths {
            for &height in &heights {
                for (cursor, typed, detail_only) in [(0, false, false), (4, true, false), (2, false, true)] {
                    desk.cursor = cursor;
                    desk.detail_only = detail_only;
                    desk.typed = if typed { vec![Key::char('a')] } else { Vec::new() };
                    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a backend in memory");
                    terminal.draw(|frame| view(&desk, &rules, &theme, frame)).expect("a backend in memory");
                    let too_small = terminal.backend().to_string().contains("too small");
                    assert!(!too_small || width < 40 || height < 10, "{width}x{height}");
                    assert!(too_small || width >= 40 && height >= 10 || width < 10 || typed, "{width}x{height}");
                }
            }
        }
    }
}

#[test]
fn nothing_hostile_reaches_a_cell() {
    let evil = "a\x1b]52;c;aGk=\x07b\u{202e}c\u{2066}d\u{9b}31me\u{200b}f\rg\u{85}h";
    for detail_only in [false, true] {
        let (mut desk, rules) = desk(120, 40);
        let mut app = record(13, &[("site", "x"), ("status", "submitted")]);
        for name in [
            "site",
            "customer_name",
            "utility",
            "status",
            "ball",
            "owner",
            "number",
            "hold",
            "missing",
            "deficiency",
            "customer_phone",
            "product",
        ] {
            let register = app.0.registers["reference"].clone();
            app.0.registers.insert(name.to_owned(), crate::domain::record::Register { value: evil.into(), ..register });
        }
        note(&mut app, "2026-11-16", evil, evil);
        let id = desk.queue.put(&Facts::of(&app).expect("it was opened"), &rules.playbook, today());
        desk.order = vec![id];
        desk.detail_only = detail_only;
        desk.notice = Some(Notice::new(Tone::Trouble, evil));
        for known in [true, false] {
            if known {
                desk.records.insert(app.id, app.clone());
            } else {
                desk.records.clear();
            }
            for prompt in [
                None,
                Some(Prompt::Pager(Pager { title: evil.to_owned(), lines: vec![(Tint::Plain, evil.to_owned())], top: 0 })),
                Some(Prompt::Ask(Box::new(ask(Act::Edit, evil, None, vec![answer("site", evil, false, evil)])))),
                Some(Prompt::Find(Find { line: Line::new(evil), total: 1, saved_order: Vec::new(), saved_cursor: 0, saved_top: 0 })),
            ] {
                desk.prompt = prompt;
                let terminal = draw(&desk, &rules);
                for cell in &terminal.backend().buffer().content {
                    let bad = |c: char| {
                        c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
                    };
                    assert!(!cell.symbol().contains(bad), "{:?}", cell.symbol());
                }
            }
        }
    }
}

#[test]
fn approval_is_never_permission_to_operate() {
    for (width, height) in SIZES {
        let (mut desk, rules) = desk(width, height);
        desk.cursor = 0;
        let shown = picture(&desk, &rules).replace('\n', " ");
        let words: Vec<&str> = shown.split_whitespace().collect();
        assert!(words.join(" ").contains("approved to install (not permission"), "{width}x{height}: {shown}");
    }
}

#[test]
fn the_selection_is_seen_without_colour_and_has_the_cursor() {
    for (width, height) in SIZES {
        let (mut desk, rules) = desk(width, height);
        desk.cursor = 2;
        let terminal = draw(&desk, &rules);
        let (backend, place) = (terminal.backend(), terminal.backend().cursor_position());
        let row = &backend.buffer()[(place.x, place.y)];
        assert_eq!((place.x, row.symbol()), (0, ">"));
        assert!(backend.cursor_visible() && row.modifier.contains(Modifier::REVERSED));
        let reversed = |y: u16| backend.buffer()[(3, y)].modifier.contains(Modifier::REVERSED);
        assert!(!reversed(place.y - 1) && !reversed(place.y + 1));
    }
}

#[test]
fn a_record_that_is_not_read_yet_shows_its_row() {
    let (mut desk, rules) = desk(80, 24);
    desk.records.clear();
    let shown = picture(&desk, &rules);
    for words in ["reading the record", "Jane Smith", "waiting on: utility", "we look Thu 11/19", "Called the utility"] {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
}

/// The bytes that a terminal gets for one `j`: those of the list, and all.
fn bytes_of_next_row(desk: &mut Desk, rules: &Rules) -> (usize, usize) {
    use ratatui::backend::{Backend, CrosstermBackend};
    let before = draw(desk, rules).backend().buffer().clone();
    desk.cursor += 1;
    let after = draw(desk, rules).backend().buffer().clone();
    let list = layout(desk.width, desk.height, false, Over::Nothing).list;
    let changed = before.diff(&after);
    let bytes_where = |seen: &dyn Fn(u16, u16) -> bool| {
        let mut bytes = Vec::new();
        let cells = changed.iter().filter(|(x, y, _)| seen(*x, *y)).map(|(x, y, cell)| (*x, *y, *cell));
        CrosstermBackend::new(&mut bytes).draw(cells).expect("a vector takes all");
        bytes.len()
    };
    let in_list = |x: u16, y: u16| (list.y..list.y + list.height).contains(&y) && x < list.width;
    (bytes_where(&in_list), bytes_where(&|_, _| true))
}

/// The budgets of one `j`, between two rows as a day has them.
#[test]
fn one_row_down_is_few_bytes() {
    for (width, height) in [(80, 24), (120, 40)] {
        let (mut desk, rules) = desk(width, height);
        desk.cursor = 2;
        let (list, all) = bytes_of_next_row(&mut desk, &rules);
        assert!(list <= 350 && all <= 900, "{width}x{height}: {list} bytes for the list, {all} with the record");
    }
}

#[test]
fn days_are_those_of_the_tests() {
    assert_eq!(today(), day("2026-11-21"));
    assert_eq!(Day::from_ymd_opt(2026, 11, 21), Some(today()));
}
