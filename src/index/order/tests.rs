//! Is the order the one that was promised, at every instant?

use proptest::prelude::*;

use super::super::queue::Queue;
use super::super::testing::{at, day, facts, playbook, queue_of, today};
use super::*;
use crate::domain::day::When;
use crate::domain::facts::Facts;
use crate::domain::utility_state::{Outage, UtilityState};

fn when(text: &str) -> Option<When> {
    Some(When::parse(text).expect("a constant"))
}

/// The rows' numbers: row 0 is `A-1`.
fn numbers(rows: Vec<RowId>) -> Vec<u32> {
    rows.into_iter().map(|RowId(row)| row + 1).collect()
}

/// Today is Saturday 2026-11-21; Thanksgiving is Thursday the 26th; a lapse clock counts within 5 business
/// days, which is until Monday the 30th.
#[test]
fn standings() {
    let hold = || Facts { hold: "roof".into(), ..facts(1) };
    let follow = |text| Facts { follow_up: when(text), ..facts(1) };
    let away = |text| Standing::AwayUntil(When::parse(text).expect("a constant"));
    for (facts, wanted) in [
        (facts(1), Standing::Workable),
        (follow("2026-11-21"), Standing::Workable),
        (follow("2026-11-21T09:00"), Standing::Workable),
        (follow("2026-11-21T09:01"), away("2026-11-21T09:01")),
        (follow("2026-11-22"), away("2026-11-22")),
        (Facts { todo_due: Some(today()), todos: 1, ..follow("2026-11-22") }, Standing::Workable),
        (Facts { todo_due: Some(today()), todos: 0, ..follow("2026-11-22") }, away("2026-11-22")),
        (Facts { todo_due: Some(day("2026-11-23")), todos: 1, ..follow("2026-11-24T10:00") }, away("2026-11-23")),
        (Facts { until_activity: true, ..facts(1) }, Standing::UntilActivity),
        (Facts { until_activity: true, ..follow("2026-11-20") }, Standing::Workable),
        (Facts { until_activity: true, ..follow("2026-11-24") }, away("2026-11-24")),
        (Facts { until_activity: true, todo_due: Some(today()), todos: 1, ..facts(1) }, Standing::Workable),
        (Facts { cure_due: Some(day("2026-11-30")), ..follow("2026-12-24") }, Standing::Workable),
        (Facts { cure_due: Some(day("2026-12-01")), ..follow("2026-12-24") }, away("2026-12-24")),
        (Facts { cure_due: Some(day("2026-11-30")), until_activity: true, ..facts(1) }, Standing::Workable),
        (hold(), Standing::OnHold),
        (Facts { follow_up: when("2026-11-20"), ..hold() }, Standing::OnHold),
        (Facts { cure_due: Some(day("2026-11-30")), ..hold() }, Standing::Workable),
        (Facts { cure_due: Some(day("2026-11-01")), ..hold() }, Standing::Workable),
        (Facts { cure_due: Some(day("2026-11-30")), legal_hold: true, ..hold() }, Standing::LegalHold),
        (Facts { status: "closed".into(), legal_hold: true, ..hold() }, Standing::Over),
        (Facts { status: "as read: Pending".into(), ..facts(1) }, Standing::Workable),
    ] {
        let queue = queue_of(std::slice::from_ref(&facts));
        assert_eq!(queue.standing(RowId(0), &Moment::of(&queue, &playbook(), at(9, 0))), wanted, "{facts:?}");
    }
    assert_eq!(queue_of(&[]).standing(RowId(0), &Moment::of(&queue_of(&[]), &playbook(), at(9, 0))), Standing::Over);
}

fn mixed() -> Queue {
    queue_of(&[
        Facts { owner: "Dana".into(), follow_up: when("2026-11-20"), ..facts(1) },
        Facts { owner: "dana smith".into(), escalated: true, ..facts(2) },
        Facts { follow_up: when("2026-11-21T15:00"), ..facts(3) },
        Facts { owner: "kim".into(), follow_up: when("2026-11-24"), ..facts(4) },
        Facts { owner: "kim".into(), hold: "roof".into(), ..facts(5) },
        Facts { owner: "kim".into(), until_activity: true, ..facts(6) },
        Facts { owner: "kim".into(), legal_hold: true, ..facts(7) },
        Facts { owner: "Ärla".into(), status: "ended".into(), ..facts(8) },
        Facts { owner: "kim".into(), ..facts(9) },
        Facts { follow_up: when("2026-11-23"), ..facts(10) },
    ])
}

#[test]
fn views_filter_one_order() {
    let (queue, playbook) = (mixed(), playbook());
    let order = |view: View, hour| numbers(queue.order(&view, &["DANA", "", "Dana Smith"], &playbook, at(hour, 0)));
    assert_eq!(order(View::Team, 9), [2, 1, 9]);
    assert_eq!(order(View::Mine, 9), [2, 1]);
    assert_eq!(order(View::Pool, 9), Vec::<u32>::new());
    assert_eq!(order(View::Pool, 15), [3]);
    assert_eq!(order(View::Away, 9), [3, 10, 4, 6, 5, 7]);
    assert_eq!(numbers(queue.all(&playbook, at(9, 0))), [2, 1, 9, 3, 10, 4, 6, 5, 7]);
    assert_eq!(queue.owners(), ["Ärla", "Dana", "dana smith", "kim"]);
}

#[test]
fn counts_of_a_view() {
    let (queue, playbook) = (mixed(), playbook());
    let counts = |view: View, hour| queue.counts(&view, &["dana"], &playbook, at(hour, 0));
    assert_eq!(counts(View::Team, 9), Counts { workable: 3, overdue: 1, today: 1, away: 4, held: 2, next_day: Some(today()) });
    assert_eq!(counts(View::Mine, 9), Counts { workable: 1, overdue: 1, ..Counts::default() });
    assert_eq!(counts(View::Pool, 9), Counts { today: 1, away: 2, next_day: Some(today()), ..Counts::default() });
    assert_eq!(counts(View::Pool, 15), Counts { workable: 1, today: 1, away: 1, next_day: Some(day("2026-11-23")), ..Counts::default() });
    assert_eq!(queue.due_on(day("2026-11-21")), 1);
    assert_eq!(queue.due_on(day("2026-11-22")), 0);
}

#[test]
fn an_hour_that_came_is_announced_once() {
    let queue = mixed();
    assert_eq!(queue.announced(at(14, 59), at(15, 0)), Some(RowId(2)));
    assert_eq!(queue.announced(at(15, 0), at(15, 1)), None);
    assert_eq!(queue.announced(at(0, 0), at(14, 59)), None);
}

#[test]
fn equal_scores_go_by_follow_up_then_reference() {
    let follow = |n, text| Facts { follow_up: when(text), ..facts(n) };
    // A Saturday, a Sunday and the Friday before them score alike on the next Monday's count.
    let rows = [
        Facts { reference: "AA-10".into(), ..facts(1) },
        Facts { reference: "AA-9".into(), ..facts(2) },
        facts(42),
        facts(7),
        follow(3, "2026-11-21"),
        follow(4, "2026-11-21T08:00"),
        follow(2_000, "2026-11-20"),
    ];
    let queue = queue_of(&rows);
    let order = queue.order(&View::Team, &[], &playbook(), at(9, 0));
    let shown: Vec<&str> = order.iter().map(|id| rows[id.0 as usize].reference.as_str()).collect();
    assert_eq!(shown, ["A-2000", "A-3", "A-4", "A-7", "A-42", "AA-9", "AA-10"]);
}

prop_compose! {
    fn any_row(n: u32)(
        escalated in any::<bool>(),
        offset in prop::option::of(0u64..6),
        reference in prop::sample::select(vec!["A-1", "A-2", "A-10", "AB-1", "AB-02", "AB-2", ""]),
    ) -> Facts {
        let follow_up = offset.map(|offset| When::on(day("2026-11-16") + chrono::Days::new(offset)));
        Facts { escalated, follow_up, reference: reference.to_owned(), ..facts(n) }
    }
}

proptest! {
    /// Total and stable: the same rows in whatever order they came give the same order, and it is
    /// the one of the plain definition.
    #[test]
    fn the_order_does_not_depend_on_arrival(rows in prop::collection::vec(any_row(0), 1..40), turn in any::<prop::sample::Index>()) {
        let mut rows: Vec<Facts> = (1..).zip(rows).map(|(n, row)| Facts { subject: facts(n).subject, ..row }).collect();
        let playbook = playbook();
        let ordered = |rows: &[Facts]| -> Vec<Facts> {
            let queue = queue_of(rows);
            let order = queue.order(&View::Team, &[], &playbook, at(9, 0));
            order.iter().map(|id| rows[id.0 as usize].clone()).collect()
        };
        let first = ordered(&rows);
        prop_assert_eq!(first.len(), rows.len());
        let turn = turn.index(rows.len());
        rows.rotate_left(turn);
        rows.reverse();
        prop_assert_eq!(&ordered(&rows), &first);
        let definition = |facts: &Facts| {
            let score = crate::domain::priority::score(&facts.case(&playbook, today()), &playbook.weights, &playbook.calendar, today());
            let (words, number, text) = row::natural(&facts.reference);
            let odd = row::reference_key(&facts.reference) == u32::MAX;
            (-score, facts.follow_up.map_or(Day::MAX, |when| when.day), odd, words.to_owned(), number, text.to_owned(), facts.subject)
        };
        prop_assert!(first.is_sorted_by_key(definition));
    }

    /// The packed key sorts as scores do.
    #[test]
    fn falling_scores_rise(one in any::<i32>(), other in any::<i32>()) {
        prop_assert_eq!(falling(one).cmp(&falling(other)), other.cmp(&one));
    }
}

/// RMP's portal is down until Wednesday 2 December: what waits for it, or for somebody to hand in there,
/// steps back together; nothing of the rows themselves changes.
#[test]
fn an_outage_takes_the_rows_of_its_portal_back() {
    let down = |until: &str| {
        let outage = Outage { until: day(until), since: today(), reason: String::new(), by: "jsmith".into(), channel: String::new() };
        let state = UtilityState { name: "Rocky Mountain Power".into(), version: 1, outage: Some(outage), ..UtilityState::default() };
        Playbook { utility_states: vec![state], ..playbook() }
    };
    let rmp = || Facts { utility: "RMP".into(), follow_up: when("2026-11-20"), ..facts(1) };
    let away = |text| Standing::AwayUntil(When::parse(text).expect("a constant"));
    let back = away("2026-12-02");
    for (facts, wanted) in [
        (rmp(), back),
        (Facts { utility: "PacifiCorp UT".into(), ..rmp() }, back),
        (Facts { utility: "PGE".into(), ..rmp() }, Standing::Workable),
        (Facts { follow_up: None, ..rmp() }, back),
        (Facts { follow_up: when("2026-11-25T10:00"), ..rmp() }, back),
        (Facts { follow_up: when("2026-12-02T10:00"), ..rmp() }, away("2026-12-02T10:00")),
        (Facts { follow_up: when("2026-12-09"), ..rmp() }, away("2026-12-09")),
        // Ours, and nothing to do in the portal; ours, to be handed in there.
        (Facts { ball: "us".into(), ..rmp() }, Standing::Workable),
        (Facts { ball: "us".into(), status: "ready-to-submit".into(), ..rmp() }, back),
        // A date that lapses before it is back stays, and so does a to-do that has come.
        (Facts { cure_due: Some(day("2026-12-02")), ..rmp() }, Standing::Workable),
        (Facts { cure_due: Some(day("2026-12-03")), ..rmp() }, back),
        (Facts { expires: Some(day("2026-12-01")), ..rmp() }, Standing::Workable),
        (Facts { todo_due: Some(today()), todos: 1, ..rmp() }, Standing::Workable),
        (Facts { todo_due: Some(day("2026-11-24")), todos: 1, ..rmp() }, away("2026-11-24")),
        (Facts { until_activity: true, follow_up: None, ..rmp() }, Standing::UntilActivity),
        (Facts { hold: "roof".into(), ..rmp() }, Standing::OnHold),
    ] {
        let queue = queue_of(std::slice::from_ref(&facts));
        assert_eq!(queue.standing(RowId(0), &Moment::of(&queue, &down("2026-12-02"), at(9, 0))), wanted, "{facts:?}");
        assert_ne!(queue.standing(RowId(0), &Moment::of(&queue, &down("2026-11-21"), at(9, 0))), back, "over on its day: {facts:?}");
    }
    let queue = queue_of(&[rmp(), Facts { utility: "PGE".into(), ..facts(2) }]);
    let counted = |playbook: &Playbook| {
        let counts = queue.counts(&View::Team, &[], playbook, at(9, 0));
        (counts.workable, counts.away, counts.overdue)
    };
    assert_eq!((counted(&playbook()), counted(&down("2026-12-02"))), ((2, 0, 1), (1, 1, 0)));
    assert_eq!(numbers(queue.order(&View::Team, &[], &down("2026-12-02"), at(9, 0))), [2]);
    assert_eq!(numbers(queue.order(&View::Away, &[], &down("2026-12-02"), at(9, 0))), [1]);
    let on_the_day = day("2026-12-02").and_hms_opt(0, 0, 0).expect("midnight");
    assert_eq!(numbers(queue.order(&View::Away, &[], &down("2026-12-02"), on_the_day)), [] as [u32; 0], "back by itself");
}
