//! Does a query find what it says, on packed rows as on the plain facts?

use super::super::testing::{at, day, facts, playbook, queue_of, today};
use super::*;
use crate::domain::day::When;
use crate::domain::facts::Facts;
use crate::domain::query::Context;

fn passes(facts: &Facts, query: &str) -> bool {
    let (queue, playbook) = (queue_of(std::slice::from_ref(facts)), playbook());
    let query =
        Query::read(query, &Context { playbook: &playbook, today: today() }).unwrap_or_else(|fault| panic!("{query}: {}", fault.says));
    Filter::of(&query, &queue, &["jdoe", "John Doe"], &playbook, at(9, 0)).passes(&queue, RowId(0))
}

fn row() -> Facts {
    Facts {
        customer: "Jörg Smith".into(),
        number: "NM-17".into(),
        site: "12 Oak St".into(),
        utility: "PacifiCorp UT".into(),
        status: "deficiency".into(),
        ball: "third-party".into(),
        owner: "John Doe".into(),
        product: "solar + battery".into(),
        project: "P-9".into(),
        lane: "AHJ".into(),
        size: 25_300,
        follow_up: Some(When::on(today())),
        entered: Some(day("2026-11-10")),
        touched: Some(day("2026-11-06")),
        promised: Some(day("2026-11-18")),
        last_note: "LVM twice, meter swap".into(),
        todo_title: "send photos".into(),
        escalated: true,
        vip: 2,
        matter: "cnet metering".into(),
        ..facts(42)
    }
}

/// What the row passes, today being Saturday 2026-11-21.
const PASSED: &[&str] = &[
    "",
    "jorg SMITH nm-17 lvm",
    "third party",
    "rocky john",
    "utility:rmp",
    "utility:rocky-mountain-power",
    "utility:rocky",
    "utility:\"Rocky Mountain\"",
    "utility:pge,rmp",
    "status:deficiency",
    "status:def",
    "status:pto,deficiency",
    "ball:third-party",
    "waiting:\"third party\"",
    "owner:me",
    "owner:john",
    "lane:ahj",
    "product:solar",
    "program:\"net metering\"",
    "customer:jörg",
    "site:oak",
    "project:p-9",
    "number:nm",
    "ref:a-42",
    "note:\"meter swap\"",
    "\"meter swap\"",
    "todo:photos",
    "kw>25",
    "kw>=25.3",
    "kw:25.3",
    "kw<1MW",
    "kw:>25",
    "due<=today",
    "due:today",
    "due<tomorrow",
    "touched>14d",
    "touched>=15d",
    "touched:15d",
    "touched<=15d",
    "touched<11/7",
    "touched>2026-11-01",
    "entered>5b",
    "promised<today",
    "promised:11/18",
    "goal:none",
    "expires:none,today",
    "escalated",
    "is:escalated",
    "vip",
    "vip>1",
    "workable",
    "-away",
    "-hold",
    "-is:hold,away",
    "-utility:pge",
    "score>0",
    "-owner:pool",
    "-status:pto",
    "hold:none",
];

/// What it does not pass.
const NOT_PASSED: &[&str] = &[
    "absent",
    "utility:pge",
    "utility:mountain",
    "status:pto",
    "status:unknown",
    "ball:us",
    "owner:pool",
    "owner:none",
    "owner:doe",
    "lane:utility",
    "customer:oak",
    "kw<25",
    "kw<=25.2",
    "kw:none",
    "due<today",
    "due>today",
    "due:none",
    "touched>15d",
    "touched<15d",
    "touched>=16d",
    "touched>11/7",
    "entered>9b",
    "goal<today",
    "goal>today",
    "away",
    "hold",
    "-escalated",
    "complaint",
    "meter smith absent",
    "\"swap meter\"",
    "-jorg",
    "is:hold,away",
    "-promised<today",
    "vip:none",
];

#[test]
fn every_field_and_sign() {
    let row = row();
    for query in PASSED {
        assert!(passes(&row, query), "{query}");
    }
    for query in NOT_PASSED {
        assert!(!passes(&row, query), "{query}");
    }
}

#[test]
fn the_query_of_the_issue() {
    let query = "utility:rmp status:deficiency due<=today ball:us kw>25 touched>14d -hold \"meter swap\"";
    let row = Facts { ball: "us".into(), ..row() };
    assert!(passes(&row, query));
    for other in [
        Facts { ball: "customer".into(), ..row.clone() },
        Facts { size: 25_000, ..row.clone() },
        Facts { touched: Some(day("2026-11-07")), ..row.clone() },
        Facts { hold: "roof".into(), ..row.clone() },
        Facts { last_note: "meter was swapped".into(), ..row.clone() },
        Facts { follow_up: Some(When::on(day("2026-11-22"))), ..row.clone() },
        Facts { follow_up: None, ..row.clone() },
    ] {
        assert!(!passes(&other, query), "{other:?}");
    }
}

#[test]
fn standings_and_what_nobody_knows() {
    let away = Facts { follow_up: Some(When::on(day("2026-12-01"))), ..facts(1) };
    let held = Facts { hold: "roof".into(), ..facts(2) };
    let odd = Facts { status: "as read: Pending".into(), owner: String::new(), ..facts(3) };
    assert!(
        passes(&away, "away -workable -hold")
            && passes(&held, "hold -away -workable hold:roof")
            && passes(&odd, "status:unknown owner:pool")
    );
    assert!(!passes(&away, "touched>1d") && passes(&away, "-touched>1d") && passes(&away, "touched:none kw:none product:none"));
}
