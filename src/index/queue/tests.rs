//! Do rows come back as they were put, and does nothing of what was removed stay?

use proptest::prelude::*;

use super::super::testing::{at, day, facts, playbook, queue_of, today};
use super::*;
use crate::domain::priority;

fn some_day() -> impl Strategy<Value = Option<Day>> {
    prop::option::of((0..36_889u64).prop_map(|days| day("2000-01-01") + chrono::Days::new(days)))
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[A-Za-z0-9 .,#-]{0,30}", "[a-zäöüßé東 ]{0,12}", Just(String::new())]
}

prop_compose! {
    fn texts()(texts in prop::array::uniform12(text())) -> [String; 12] { texts }
}

prop_compose! {
    /// Facts of one of eight subjects, so that rows are changed as often as they come.
    fn any_facts()(
        n in 0u32..8,
        texts in texts(),
        days in prop::array::uniform9(some_day()),
        time in prop::option::of((0u32..24, 0u32..60)),
        (size, version, todos, vip) in (0i64..3_000_000_000, 0i64..1_000_000, 0u32..4, any::<u8>()),
        flags in prop::array::uniform4(any::<bool>()),
        status in prop::sample::select(vec!["submitted", "ready-to-submit", "pto", "closed", "as read: Pending", ""]),
    ) -> Facts {
        let [number, site, customer, utility, ball, owner, product, todo_title, hold, last_note, reference, _] = texts;
        let [follow_up, promised, expires, goal, cure_due, install_on, incentive_due, todo_due, entered] = days;
        let time = time.and_then(|(hour, minute)| chrono::NaiveTime::from_hms_opt(hour, minute, 0));
        Facts {
            number, site, customer, utility, ball, owner, product, todo_title, hold, last_note, reference,
            follow_up: follow_up.map(|day| When { day, time }),
            promised, expires, goal, cure_due, install_on, incentive_due, todo_due: todo_due.filter(|_| todos > 0), entered,
            size, version, todos, vip,
            legal_hold: flags[0], until_activity: flags[1], escalated: flags[2], complaint: flags[3],
            status: status.to_owned(),
            ..facts(n)
        }
    }
}

/// A row against the facts it came from.
fn same(row: &Row<'_>, facts: &Facts, playbook: &Playbook) -> Result<(), TestCaseError> {
    prop_assert_eq!(
        [row.reference, row.number, row.customer, row.site, row.utility, row.status, row.ball, row.owner, row.last_note, row.hold],
        [
            &facts.reference,
            &facts.number,
            &facts.customer,
            &facts.site,
            &facts.utility,
            &facts.status,
            &facts.ball,
            &facts.owner,
            &facts.last_note,
            &facts.hold
        ]
    );
    prop_assert_eq!((row.subject, row.version, row.follow_up), (facts.subject, facts.version, facts.follow_up));
    let case = facts.case(playbook, today());
    prop_assert_eq!(row.case, case);
    prop_assert_eq!(row.score, priority::score(&case, &playbook.weights, &playbook.calendar, today()));
    prop_assert_eq!(row.task, facts.task(playbook));
    Ok(())
}

proptest! {
    /// Whatever is put, changed and removed: what is there is the last that was put.
    #[test]
    fn rows_read_back(steps in prop::collection::vec((any_facts(), prop::bool::weighted(0.2)), 1..40)) {
        let playbook = playbook();
        let mut queue = Queue::new();
        let mut model: BTreeMap<SubjectId, (RowId, Facts)> = BTreeMap::new();
        for (facts, removed) in steps {
            if removed {
                queue.remove(facts.subject);
                model.remove(&facts.subject);
            } else {
                let id = queue.put(&facts, &playbook, today());
                prop_assert!(model.get(&facts.subject).is_none_or(|(before, _)| *before == id));
                model.insert(facts.subject, (id, facts));
            }
        }
        prop_assert_eq!(queue.len(), model.len());
        prop_assert_eq!(queue.rows().count(), model.len());
        for n in 0..8 {
            let subject = facts(n).subject;
            prop_assert_eq!(queue.find(subject), model.get(&subject).map(|(id, _)| *id));
        }
        for (id, facts) in model.values() {
            same(&queue.row(*id, &playbook).expect("it was put"), facts, &playbook)?;
        }
        let open = || model.values().map(|(_, facts)| facts).filter(|facts| playbook.workflow.is_open(&facts.status));
        for day in open().filter_map(|facts| facts.follow_up.map(|when| when.day)) {
            prop_assert_eq!(queue.due_on(day), open().filter(|facts| facts.follow_up.is_some_and(|when| when.day == day)).count());
        }
        let before: Vec<RowId> = queue.all(&playbook, at(9, 0));
        queue.rescore(&playbook, today());
        prop_assert_eq!(queue.all(&playbook, at(9, 0)), before);
    }
}

#[test]
fn a_removed_row_is_nowhere_and_comes_back_in_its_place() {
    let playbook = playbook();
    let due = Facts { follow_up: Some(When::on(today())), owner: "dana".into(), ..facts(2) };
    let mut queue = queue_of(&[facts(1), due.clone(), facts(3)]);
    queue.remove(due.subject);
    queue.remove(due.subject);
    assert_eq!(
        (queue.len(), queue.find(due.subject), queue.has(RowId(1)), queue.row(RowId(1), &playbook).is_none()),
        (2, None, false, true)
    );
    assert_eq!(queue.all(&playbook, at(9, 0)), [RowId(0), RowId(2)]);
    assert_eq!((queue.due_on(today()), queue.owners()), (0, Vec::<String>::new()));
    assert_eq!(queue.put(&due, &playbook, today()), RowId(1));
    assert_eq!((queue.len(), queue.due_on(today()), queue.owners()), (3, 1, vec!["dana".to_owned()]));
}

#[test]
fn many_rows_are_found_and_survive_the_taking_out_of_garbage() {
    let playbook = playbook();
    let made = |n: u32, round: usize| Facts { last_note: format!("note {n} ").repeat(1 + round), ..facts(n) };
    let mut queue = Queue::new();
    let mut most = 0;
    for round in 0..12 {
        for n in 0..3_000 {
            queue.put(&made(n, round), &playbook, today());
        }
        most = most.max(queue.bytes());
    }
    for n in 0..3_000 {
        let id = queue.find(facts(n).subject).expect("it was put");
        assert_eq!(queue.row(id, &playbook).map(|row| row.last_note.to_owned()), Some(made(n, 11).last_note));
    }
    // The last round's text is 0.4 MB; all rounds together were 2.5 MB.
    assert!(most < 1_600_000, "{most}");
}

#[test]
fn a_new_playbook_counts_only_after_rescoring() {
    let mut playbook = playbook();
    let mut queue = queue_of(&[Facts { follow_up: Some(When::on(today())), ..facts(1) }]);
    playbook.workflow.statuses.retain(|status| status.name != "submitted");
    queue.rescore(&playbook, today());
    assert_eq!(queue.row(RowId(0), &playbook).map(|row| row.task), Some("settle the unknown status"));
    assert_eq!((queue.due_on(today()), queue.all(&playbook, at(9, 0)).len()), (1, 1), "an unknown status is open");
}

#[test]
fn the_to_do_shows_while_it_is_due_before_the_follow_up() {
    let playbook = playbook();
    let todo = |due: &str, todos| Facts {
        follow_up: Some(When::on(day("2026-12-01"))),
        todo_due: Some(day(due)),
        todo_title: "call the inspector".into(),
        todos,
        ..facts(1)
    };
    for (facts, task, more) in [
        (todo("2026-11-30", 3), "call the inspector", 2),
        (todo("2026-12-01", 3), "chase acknowledgement", 3),
        (todo("2026-12-01", 0), "chase acknowledgement", 0),
    ] {
        let queue = queue_of(&[facts]);
        let row = queue.row(RowId(0), &playbook).expect("it was put");
        assert_eq!((row.task, row.more), (task, more));
    }
}

#[test]
fn rows_beside_one_are_due_at_the_same_utility_and_wait_on_the_same() {
    let row = |n: u32, utility: &str, ball: &str, follow_up: &str| Facts {
        utility: utility.into(),
        ball: ball.into(),
        follow_up: When::parse(follow_up),
        ..facts(n)
    };
    let mut queue = queue_of(&[
        row(1, "RMP", "utility", "2026-11-20"),
        row(2, "RMP", "utility", "2026-11-19"),
        row(3, "RMP", "utility", "2026-11-20T16:00"),
        row(4, "RMP", "utility", "2026-11-21"),
        row(5, "RMP", "utility", ""),
        row(6, "RMP", "us", "2026-11-19"),
        row(7, "PGE", "utility", "2026-11-19"),
        row(8, "RMP", "utility", "2026-11-19"),
    ]);
    queue.remove(facts(8).subject);
    let count = |others: std::ops::Range<u32>| queue.count_beside(RowId(0), others.map(RowId), day("2026-11-20"));
    assert_eq!((count(0..8), count(0..2), count(3..7)), (2, 1, 0));
}
