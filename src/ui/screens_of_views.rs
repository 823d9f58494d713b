//! What do queries, tabs and groups look like? Pictures of the whole screen.

use super::testing::*;
use crate::desk::line::Line;
use crate::desk::model::{Desk, Rules};
use crate::desk::prompt::{Prompt, QueryBox};
use crate::domain::query::{Context, Group, NameField, Query, Vocabulary, complete};
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
        (desk.order, desk.cursor, desk.views.workable) = (selected.rows, 0, selected.workable);
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
