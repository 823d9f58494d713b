//! What does each screen look like? Pictures of the whole screen, at the sizes people have.

use super::testing::*;
use crate::desk::batch::Batch;
use crate::desk::line::Line;
use crate::desk::model::{Arrivals, Desk, Done, Rules, Saving, Way, Worked};
use crate::desk::msg::{Beyond, Draft, Held};
use crate::desk::notice::{Notice, Tone};
use crate::desk::prompt::{Act, Answer, Ask, DraftKey, Find, Item, Pager, Pick, Picker, Prompt, Tint};
use crate::domain::facts::Facts;
use crate::domain::field;
use crate::domain::id::{CommandId, SubjectId, Uuid};
use crate::domain::plan::{self, Answers, touch};
use crate::domain::testing::{day, today};
use crate::index::batch::By;
use crate::keys::chord::Key;

fn snapshot(name: &str, desk: &Desk, rules: &Rules) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../tests/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, picture(desk, rules)));
}

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
    desk.drafts.insert(draft.clone(), Draft { key: draft, text: "half".to_owned(), cursor: (0, 4), aside: Default::default() });
    desk.saving = Some(Saving {
        repeat: None,
        refused_behind: false,
        ticket: crate::desk::effect::Ticket(1),
        command: CommandId(Uuid::from_u128(9)),
        subject: Some(subjects[2]),
        message: None,
        text: None,
        draft: None,
        signing: None,
        then: crate::domain::playbook::Then::Next,
        touch: true,
        way: Way::Forward,
    });
    desk.arrivals = Arrivals { new: 2, changed: 1 };
    desk.notice = Some(Notice::new(Tone::Refused, "A-90 was changed by alee: on hold").about(subjects[6]));
    snapshot("queue-at-work-100x30", &desk, &rules);
    desk.saving = None;
    desk.notice = None;
    let done = |did: &str| Done { did: did.to_owned(), touch: true, message: false };
    desk.undoable = vec![done("A-7 Ørsted: we look"), done("A-1042 Jane Smith: left voicemail")];
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
fn a_correction_stands_before_what_the_note_said_first() {
    let (mut desk, rules) = desk(120, 40);
    let mut app = record(2_000, &[("site", "1 Oak St"), ("customer_name", "Jo"), ("attempts.customer", "2"), ("attempts.utility", "1")]);
    note(&mut app, "2026-11-16", "jdoe", "meter 123");
    note(&mut app, "2026-11-17", "jdoe", "LVM");
    note(&mut app, "2026-11-16", "alee", "meter 132");
    let place = app.entries.iter().position(|entry| entry.value.as_text() == Some("meter 123")).expect("it was noted");
    app.0.entries.last_mut().expect("a note").corrects = Some(place);
    let id = desk.queue.put(&Facts::of(&app).expect("it was opened"), &rules.playbook, today());
    desk.order = vec![id];
    desk.cursor = 0;
    desk.records.insert(app.id, app);
    let shown = picture(&desk, &rules);
    let pane: Vec<&str> = shown.lines().filter_map(|line| line.split_once('│')).map(|(_, pane)| pane.trim()).collect();
    assert!(pane.contains(&"note     Tue 11/17 jdoe: LVM"), "{shown}");
    assert!(pane.iter().any(|line| line.starts_with("before   Mon 11/16 alee: meter 132 (correct")), "{shown}");
    assert!(pane.contains(&"contact  tried: utility 1x, customer 2x · no"), "{shown}");
}

#[test]
fn notes() {
    for (width, height) in SIZES {
        let (mut desk, rules) = desk(width, height);
        desk.prompt = Some(note_prompt(&desk, &rules, "Reviewer back, asked for the one-line again; she sends it tomorrow >2b @customer"));
        snapshot(&format!("note-{width}x{height}"), &desk, &rules);
    }
    let (mut desk, rules) = desk(80, 24);
    desk.prompt = Some(note_with_offer(&desk, &rules, "what it means"));
    snapshot("note-completing-80x24", &desk, &rules);
    desk.prompt = Some(note_prompt(&desk, &rules, ""));
    snapshot("note-empty-80x24", &desk, &rules);
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
        letter.preview = Some(plan::letter::message(message, &given, &record, &context(&desk, &rules)));
        desk.prompt = Some(Prompt::Ask(Box::new(letter)));
        snapshot(&format!("ask-message-{width}x{height}"), &desk, &rules);
    }
}

#[test]
fn what_is_offered_says_that_typing_replaces_it_and_what_else_waits() {
    let (mut desk, rules) = desk(80, 24);
    let mut offering = ask(
        Act::Touch("they-said".to_owned()),
        "utility gave a date: A-1042 Jane Smith",
        Some(first(&desk)),
        vec![answer("promised", "they said", true, ""), answer("number", "number", true, "")],
    );
    offering.answers[0].line = Line::offering("12/4");
    let mut title = |ask: &Ask| {
        desk.prompt = Some(Prompt::Ask(Box::new(ask.clone())));
        picture(&desk, &rules).lines().find(|line| line.contains("utility gave a date")).unwrap_or_default().to_owned()
    };
    let shown = title(&offering);
    assert!(shown.contains(" typing replaces it; * needed "), "{shown}");
    offering.answers[1].line = Line::new("NM-1");
    let shown = title(&offering);
    assert!(shown.contains(" typing replaces it ") && !shown.contains('*'), "{shown}");
    offering.focus = 1;
    let shown = title(&offering);
    assert!(shown.contains(" * must be answered ") && !shown.contains("replaces"), "{shown}");
}

#[test]
fn what_a_copy_says_stands_behind_the_notice() {
    let (mut desk, rules) = desk(80, 24);
    let mut last = |text: &str| {
        desk.notice = Some(Notice { aside: "copied through the terminal".to_owned(), ..Notice::new(Tone::Refused, text) });
        picture(&desk, &rules).lines().filter(|line| !line.starts_with("cursor:")).map(str::to_owned).collect::<Vec<_>>()
    };
    let short = last("A-90 was changed by alee");
    assert!(short.iter().any(|line| line.starts_with("refused: A-90 was changed by alee; copied through the terminal")), "{short:#?}");
    let long = last("A-90 was changed by alee while it was open here, and is on hold until the customer answers");
    let text = long.join(" ");
    assert!(text.contains("refused: A-90 was changed by alee while it was open here, and is on hold"), "{long:#?}");
    assert!(text.contains("customer answers; copied"), "{long:#?}");
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
    let hits = desk.order.clone();
    desk.cursor = 0;
    desk.prompt = Some(Prompt::Find(Find {
        line: Line::new("smi"),
        total: 300,
        awaits: None,
        said: None,
        beyond: Beyond::Nothing,
        saved_order: saved,
        saved_cursor: 0,
        saved_top: 0,
    }));
    snapshot("find-80x24", &desk, &rules);
    desk.order.clear();
    snapshot("find-nothing-80x24", &desk, &rules);
    desk.order = hits;
    if let Some(Prompt::Find(find)) = &mut desk.prompt {
        let line = "Fri 11/20: was customer phone (555) 555-0120".to_owned();
        (find.line, find.total, find.beyond) = (Line::new("0120"), 2, Beyond::More);
        find.said = Some(desk.order.iter().map(|row| (*row, line.clone())).collect());
    }
    snapshot("find-history-80x24", &desk, &rules);
}

#[test]
fn pages() {
    let (mut desk, rules) = desk(60, 15);
    let mut lines = vec![(Tint::Title, "in the queue".to_owned())];
    lines.extend((0..40).map(|idx| (Tint::Plain, format!("  {idx}  what the key does, in words that go on and on until they wrap"))));
    desk.prompt = Some(Prompt::Pager(Pager { title: "help".to_owned(), lines, top: 3, book: None, history: None }));
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

#[test]
fn marks_and_who_has_what_are_seen_without_colour() {
    for (width, height) in SIZES {
        let (mut desk, rules) = desk(width, height);
        let subjects: Vec<SubjectId> =
            desk.order.iter().filter_map(|id| desk.queue.row(*id, &rules.playbook)).map(|row| row.subject).collect();
        desk.marks.rows.extend([subjects[0], subjects[2]]);
        for subject in [subjects[0], subjects[1]] {
            desk.serve.held.insert(subject, Held { subject, by: "kim".to_owned(), since: desk.now });
        }
        desk.batch = Some(Batch { by: By::Portal, before: 173, after: 41 });
        desk.cursor = 1;
        snapshot(&format!("marks-{width}x{height}"), &desk, &rules);
        desk.prompt = Some(Prompt::Bulk(Box::new(bulk_saying(&desk, "kim"))));
        snapshot(&format!("bulk-{width}x{height}"), &desk, &rules);
    }
}
