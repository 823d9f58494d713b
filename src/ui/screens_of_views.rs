//! What do queries, tabs and groups look like? Pictures of the whole screen.

use super::testing::*;
use crate::desk::line::Line;
use crate::desk::model::{Desk, Rules};
use crate::desk::prompt::{Prompt, QueryBox};
use crate::domain::query::{Context, Group, NameField, Query, Vocabulary, complete, read_sort};
use crate::domain::testing::today;
use crate::domain::view::{Kept, Rows};
use crate::index::queue::View;
use crate::index::select::Selection;

fn snapshot(name: &str, desk: &Desk, rules: &Rules) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../tests/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, picture(desk, rules)));
}

/// A desk with this in its query box, and what it leaves of the list.
fn typing(text: &str, width: u16, height: u16) -> (Desk, Rules) {
    let (mut desk, rules) = desk(width, height);
    let context = Context { playbook: &rules.playbook, today: today() };
    let vocabulary: Vocabulary = [(
        NameField::Status,
        ["submitted", "pto"].map(|name| (name.to_owned(), rules.playbook.workflow.status_label(name).to_owned())).to_vec(),
    )]
    .into();
    let read = Query::read(text, &context);
    if let Ok(query) = &read {
        let selection = Selection { query: query.clone(), ..Selection::default() };
        let selected = desk.queue.select(&View::Mine, &selection, &["jdoe"], &rules.playbook, desk.now);
        (desk.order, desk.cursor, desk.counts.workable) = (selected.rows, 0, selected.workable);
        (desk.views.text, desk.views.selection) = (text.to_owned(), selection);
    }
    let query = QueryBox {
        line: Line::new(text),
        told: read.as_ref().map(|query| query.told(&context)).unwrap_or_default(),
        fault: read.err(),
        completion: complete(text, &vocabulary),
        vocabulary,
        chosen: None,
        before: Box::new((desk.views.clone(), Vec::new(), 0, 0)),
    };
    desk.prompt = Some(Prompt::Query(Box::new(query)));
    (desk, rules)
}

#[test]
fn a_query_while_it_is_typed() {
    for (name, text, width, height) in [
        ("query-80x24", "utility:rmp touched>14d -hold", 80, 24),
        ("query-48x15", "utility:rmp due<=today", 48, 15),
        ("query-completed-120x40", "status:", 120, 40),
        ("query-empty-80x24", "", 80, 24),
        ("query-fault-80x24", "due<=today utilty:rmp", 80, 24),
        ("query-fault-48x15", "kw>25 status:submited", 48, 15),
        ("query-nothing-80x24", "customer:zzz", 80, 24),
    ] {
        let (desk, rules) = typing(text, width, height);
        snapshot(name, &desk, &rules);
    }
    let long = format!("{}utilty:rmp", "oak elm ".repeat(20));
    let (desk, rules) = typing(&long, 80, 24);
    assert!(
        picture(&desk, &rules).contains("at utilty: there is no field utilty; is it utility?"),
        "the place is named where it is scrolled"
    );
}

#[test]
fn tabs_and_groups() {
    for (width, height) in [(80, 24), (120, 40), (60, 15)] {
        let (mut desk, rules) = desk(width, height);
        let kept =
            |name: &str, team| Kept { name: name.to_owned(), query: "utility:rmp".to_owned(), rows: Rows::Mine, team, ..Kept::default() };
        desk.views.own = vec![kept("rmp-late", false)];
        desk.views.team = ["chase", "deficient", "kw-large", "money-owed", "storm"].map(|name| kept(name, true)).to_vec();
        desk.views.counts = vec![Some(7), Some(1_240), Some(3), Some(88), Some(4), Some(12), None, Some(0), Some(7), Some(9)];
        desk.views.open = Some(kept("rmp-late", false));
        desk.views.text = "utility:rmp".to_owned();
        desk.views.selection.group = Some(Group::Status);
        let rows = std::mem::take(&mut desk.order);
        let selected = desk.queue.arrange(rows, &desk.views.selection, &rules.playbook);
        (desk.order, desk.views.heads) = (selected.rows, selected.heads);
        snapshot(&format!("tabs-{width}x{height}"), &desk, &rules);
    }
}

/// What a hostile name, or a hostile query, brings: nothing that a terminal would act on, at no size a panic.
#[test]
fn no_size_and_no_text_breaks_it() {
    let evil = "a\x1b]52;c;aGk=\x07b\u{202e}c\u{2066}d\u{9b}31me\u{200b}f\rg\u{85}h";
    let bad = |c: char| c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let (mut desk, rules) = desk(80, 24);
    let kept = Kept { name: evil.to_owned(), query: evil.to_owned(), team: true, ..Kept::default() };
    desk.views.team = vec![kept.clone(), kept.clone()];
    desk.views.selection.group = Some(Group::Contact);
    let rows = std::mem::take(&mut desk.order);
    let selected = desk.queue.arrange(rows, &desk.views.selection, &rules.playbook);
    (desk.order, desk.views.heads) = (selected.rows, selected.heads);
    let long = format!("{evil} {} utilty:rmp 李小龙", "oak elm ".repeat(40));
    for text in [evil, "李小龙 utilty:x", &long, "due<=\"fri 14:00\" x", ""] {
        let (typed, _) = typing("", 80, 24);
        let Some(Prompt::Query(mut query)) = typed.prompt else { panic!("a query box") };
        query.line = Line::new(text);
        query.told = evil.to_owned();
        query.fault = Query::read(text, &Context { playbook: &rules.playbook, today: today() }).err();
        query.completion.items = vec![(evil.to_owned(), evil.to_owned()); 30];
        query.chosen = Some(29);
        desk.prompt = Some(Prompt::Query(query));
        (desk.views.text, desk.views.open) = (text.to_owned(), (text.len() < 30).then(|| kept.clone()));
        for width in [1, 7, 39, 40, 47, 80, 108, 130] {
            for height in [1, 3, 10, 15, 24, 40] {
                for cursor in [0, 6] {
                    (desk.width, desk.height, desk.cursor) = (width, height, cursor);
                    for cell in &draw(&desk, &rules).backend().buffer().content {
                        assert!(!cell.symbol().contains(bad), "{text} {width}x{height}: {:?}", cell.symbol());
                    }
                }
            }
        }
    }
}

#[test]
fn a_long_query_leaves_the_place_in_the_header() {
    let (mut desk, mut rules) = desk(80, 24);
    rules.demo = false;
    desk.views.text = "utility:rmp status:deficiency due<=today".to_owned();
    desk.views.selection.sort = read_sort("-customer,due,kw").expect("a sort");
    desk.views.without = 1_234;
    for width in [40, 48, 60, 80, 120] {
        desk.width = width;
        let header = picture(&desk, &rules).lines().next().unwrap_or_default().to_owned();
        assert!(header.contains(" of 7"), "{width}: {header}");
    }
    assert!(picture(&desk, &rules).contains("by -customer,due,kw (1,234 without it last)"));
}
