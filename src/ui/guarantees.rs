//! What must hold on every screen, whatever its size and whatever the records say?

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::Modifier;

use super::testing::*;
use super::view::view;
use crate::desk::bulk::Bulk;
use crate::desk::line::Line;
use crate::desk::model::{Desk, Rules};
use crate::desk::msg::{Beyond, Held};
use crate::desk::notice::{Notice, Tone};
use crate::desk::prompt::{Act, Find, Item, Pager, Pick, Picker, Prompt, Tint};
use crate::desk::viewport::{Over, layout};
use crate::domain::facts::Facts;
use crate::domain::testing::today;
use crate::keys::chord::Key;

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
fn a_long_notice_goes_on_between_two_words() {
    let (mut desk, rules) = desk(40, 20);
    let lines =
        |desk: &Desk| picture(desk, &rules).lines().rev().skip(1).take(2).map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    desk.notice = Some(Notice::new(Tone::Note, "your terminal takes no copies, tmux says, and asks for the mouse".to_owned()));
    assert_eq!(lines(&desk), ["says, and asks for the mouse", "your terminal takes no copies, tmux"]);
    desk.notice = Some(Notice::new(Tone::Note, "short".to_owned()));
    assert!(lines(&desk)[0].contains("note") && lines(&desk)[1] == "short", "{:?}", lines(&desk));
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
        awaits: None,
        said: None,
        beyond: Beyond::Nothing,
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
        Some(note_with_offer(desk, rules, "a text of some length with 李小龙 in it")),
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
            book: None,
            history: None,
        })),
        Some(Prompt::Offers(Box::new(offers_saying(desk, "a text of some length with 李小龙 in it")))),
        Some(Prompt::Offers(Box::default())),
        Some(Prompt::Bulk(Box::new(bulk_saying(desk, "a text of some length with 李小龙 in it")))),
        Some(Prompt::Bulk(Box::new(Bulk::new(bulk_saying(desk, "x").ask, String::new(), Vec::new(), today())))),
    ]
}

#[test]
fn no_size_breaks_it() {
    let widths: Vec<u16> = (1..=12).chain((13..=130).step_by(13)).chain([39, 40, 80, 107, 108, 300]).collect();
    let heights: Vec<u16> = (1..=26).step_by(3).chain([2, 3, 5, 9, 40, 100]).collect();
    let (mut desk, rules) = desk(80, 24);
    let prompts = every_prompt(&desk, &rules).into_iter().map(|prompt| (prompt, None));
    let imports = imports_of_every_phase().into_iter().map(|import| (Some(Prompt::Import), Some(import)));
    let theme = mono();
    for (prompt, import) in prompts.chain(imports) {
        (desk.prompt, desk.import) = (prompt, import);
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

/// Fields that the screen shows.
const SHOWN: [&str; 12] =
    ["site", "customer_name", "utility", "status", "ball", "owner", "number", "hold", "missing", "deficiency", "customer_phone", "product"];

#[test]
fn nothing_hostile_reaches_a_cell() {
    let evil = "a\x1b]52;c;aGk=\x07b\u{202e}c\u{2066}d\u{9b}31me\u{200b}f\rg\u{85}h";
    for detail_only in [false, true] {
        let (mut desk, rules) = desk(120, 40);
        let mut app = record(13, &[("site", "x"), ("status", "submitted")]);
        for name in SHOWN {
            let register = app.0.registers["reference"].clone();
            app.0.registers.insert(name.to_owned(), crate::domain::record::Register { value: evil.into(), ..register });
        }
        note(&mut app, "2026-11-16", evil, evil);
        let id = desk.queue.put(&Facts::of(&app).expect("it was opened"), &rules.playbook, today());
        desk.order = vec![id];
        desk.detail_only = detail_only;
        desk.notice = Some(Notice::new(Tone::Trouble, evil));
        let completing = note_with_offer(&desk, &rules, evil);
        for known in [true, false] {
            if known {
                desk.records.insert(app.id, app.clone());
            } else {
                desk.records.clear();
            }
            for prompt in [
                None,
                Some(Prompt::Pager(Pager {
                    title: evil.to_owned(),
                    lines: vec![(Tint::Plain, evil.to_owned())],
                    top: 0,
                    book: None,
                    history: None,
                })),
                Some(completing.clone()),
                Some(Prompt::Ask(Box::new(ask(Act::Edit, evil, None, vec![answer("site", evil, false, evil)])))),
                Some(Prompt::Find(Find {
                    line: Line::new(evil),
                    total: 1,
                    awaits: None,
                    said: None,
                    beyond: Beyond::Nothing,
                    saved_order: Vec::new(),
                    saved_cursor: 0,
                    saved_top: 0,
                })),
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
fn nothing_hostile_comes_out_of_a_file() {
    let evil = "a\x1b]52;c;aGk=\x07b\u{202e}c\u{2066}d\u{9b}31me\u{200b}f\rg\u{85}h";
    let bad = |c: char| c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let (mut desk, rules) = desk(120, 40);
    let offers = Some(Prompt::Offers(Box::new(offers_saying(&desk, evil))));
    let bulk = Some(Prompt::Bulk(Box::new(bulk_saying(&desk, evil))));
    let subject = first(&desk).id;
    desk.serve.held.insert(subject, Held { subject, by: evil.to_owned(), since: desk.now });
    let imports = imports_saying(evil).into_iter().map(|import| (Some(Prompt::Import), Some(import)));
    for (prompt, import) in imports.chain([(offers, None), (bulk, None)]) {
        (desk.prompt, desk.import) = (prompt, import);
        let terminal = draw(&desk, &rules);
        for cell in &terminal.backend().buffer().content {
            assert!(!cell.symbol().contains(bad), "{:?}", cell.symbol());
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
    let list = layout(desk.width, desk.height, false, Over::queue(desk)).list;
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
fn ascii_is_ascii_but_for_what_people_wrote() {
    let (desk, rules) = desk(120, 40);
    let mut terminal = Terminal::new(TestBackend::new(120, 40)).expect("a backend in memory");
    terminal.draw(|frame| view(&desk, &rules, &mono().ascii(), frame)).expect("a backend in memory");
    let odd: String = terminal.backend().buffer().content.iter().map(|cell| cell.symbol()).filter(|symbol| !symbol.is_ascii()).collect();
    assert_eq!(odd, "Øä李小龙👨⚠", "names of the list, and nothing else");
}
