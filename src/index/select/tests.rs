//! Are the rows of a view those that its query asks for, in the order that was asked for?

use super::super::queue::Queue;
use super::super::testing::{at, day, facts, playbook, queue_of, today};
use super::*;
use crate::domain::day::When;
use crate::domain::facts::Facts;
use crate::domain::query::{Context, read_sort};

fn when(text: &str) -> Option<When> {
    Some(When::parse(text).expect("a constant"))
}

fn mixed() -> Queue {
    queue_of(&[
        Facts {
            owner: "jdoe".into(),
            utility: "RMP".into(),
            customer: "Zoe".into(),
            size: 9_000,
            follow_up: when("2026-11-20"),
            ..facts(1)
        },
        Facts { owner: "kim".into(), utility: "PGE".into(), customer: "Émile".into(), size: 50_000, escalated: true, ..facts(2) },
        Facts { owner: "jdoe".into(), utility: "PacifiCorp UT".into(), customer: "adam".into(), follow_up: when("2026-12-03"), ..facts(3) },
        Facts { owner: "jdoe".into(), utility: "PGE".into(), customer: "Bo".into(), size: 7_000, hold: "roof".into(), ..facts(4) },
        Facts { owner: "jdoe".into(), utility: "RMP".into(), size: 8_000, status: "pto".into(), follow_up: when("2026-11-27"), ..facts(5) },
        Facts { owner: "jdoe".into(), utility: "RMP".into(), status: "closed".into(), size: 1_000, ..facts(6) },
    ])
}

fn list(view: &View, query: &str, sort: &str, group: Option<Group>) -> (Vec<u32>, Selected) {
    let (queue, playbook) = (mixed(), playbook());
    let query = Query::read(query, &Context { playbook: &playbook, today: today() }).expect("a query");
    let selection = Selection { query, sort: read_sort(sort).expect("a sort"), group };
    let selected = queue.select(view, &selection, &["jdoe"], &playbook, at(9, 0));
    if !selection.query.is_empty() {
        assert_eq!(queue.count(view, &selection.query, &["jdoe"], &playbook, at(9, 0)), selected.rows.len());
    }
    (selected.rows.iter().map(|RowId(row)| row + 1).collect(), selected)
}

#[test]
fn a_query_lists_what_is_away_behind_what_is_to_be_worked() {
    let rows = |view: View, query: &str| list(&view, query, "", None).0;
    assert_eq!(rows(View::Mine, ""), [1]);
    assert_eq!(rows(View::Mine, "utility:rmp"), [1, 5, 3]);
    assert_eq!(rows(View::Mine, "utility:rmp workable"), [1]);
    assert_eq!(rows(View::Team, "-utility:rmp"), [2, 4]);
    assert_eq!(rows(View::Mine, "owner:kim"), [2], "who names an owner looks at everybody's");
    assert_eq!(rows(View::Away, "utility:rmp"), [5, 3]);
    assert_eq!(rows(View::Mine, "status:closed,pto"), [5, 6]);
    assert_eq!(rows(View::Mine, "-status:pto"), [1, 3, 4], "closed ones only where they are named");
    assert_eq!(list(&View::Mine, "utility:rmp", "", None).1.workable, 1);
}

#[test]
fn a_sort_keeps_what_has_no_value_last_in_both_directions() {
    let rows = |sort: &str| list(&View::Team, "-zzz", sort, None).0;
    assert_eq!(rows(""), [2, 1, 5, 3, 4]);
    assert_eq!(rows("kw"), [4, 5, 1, 2, 3]);
    assert_eq!(rows("-kw"), [2, 1, 5, 4, 3]);
    assert_eq!(rows("due"), [1, 5, 3, 2, 4]);
    assert_eq!(rows("-due"), [3, 5, 1, 2, 4]);
    assert_eq!(rows("customer"), [3, 4, 2, 1, 5], "without case and accents");
    assert_eq!(rows("-customer"), [1, 2, 4, 3, 5]);
    assert_eq!(rows("utility,-kw"), [2, 4, 1, 5, 3], "an alias is the utility");
    assert_eq!(rows("status"), [2, 1, 3, 4, 5], "as the work goes");
    assert_eq!(list(&View::Team, "-zzz", "due,kw", None).1.without, 2);
}

#[test]
fn groups_stand_together_the_most_urgent_first() {
    let (rows, selected) = list(&View::Team, "-zzz", "", Some(Group::Utility));
    assert_eq!(rows, [2, 4, 1, 5, 3]);
    assert_eq!(selected.heads, HashMap::from([(RowId(1), 2), (RowId(0), 3)]));
    let (rows, selected) = list(&View::Team, "-zzz", "", Some(Group::Contact));
    assert_eq!(rows, [2, 1, 3, 4, 5], "what has none is last");
    assert_eq!(selected.heads.len(), 5);
    let (queue, playbook) = (mixed(), playbook());
    let head = |row, group| grouped::head(&queue, RowId(row), group, &playbook);
    assert_eq!(head(2, Group::Utility), "Rocky Mountain Power");
    assert_eq!(
        (head(4, Group::Contact), head(4, Group::Status), head(1, Group::Owner)),
        ("no customer".into(), "PTO granted".into(), "kim".into())
    );
    assert_eq!(day("2026-11-21"), today());
}
