//! Is what was noted of a utility told and counted, and what cannot be refused?

use super::*;
use crate::domain::calendar::testing::calendar;
use crate::domain::testing::{day, event, today};

/// Each addition is written over what the ones before it left.
fn after(additions: &[Addition]) -> (Record, Vec<Event>) {
    let mut record = Record::new(SubjectId(Uuid::from_u128(1)), Of::Utility);
    let mut events = Vec::new();
    for (seq, addition) in (1..).zip(additions) {
        let change = addition.change(&record, "Rocky Mountain Power", None, today(), "jdoe");
        assert_eq!(change.expects, (seq > 1).then_some(seq - 1));
        let event = event(seq, Of::Utility, change.fields);
        record.apply(&event);
        events.push(event);
    }
    (record, events)
}

fn down(until: &str) -> Addition {
    Addition::Down { until: day(until), reason: "maintenance".into(), channel: "email rmp-intake@example.com".into() }
}

fn quirk(says: &str) -> Addition {
    Addition::Quirk { says: says.into() }
}

fn stop(from: &str, until: &str) -> Addition {
    Addition::Stop { from: day(from), until: day(until), agreed_by: "the intake desk".into(), authority: "R746-312".into() }
}

#[test]
fn what_was_added_is_folded_and_told() {
    let all = [quirk("ask for Lee's desk"), down("2026-12-02"), quirk("second"), stop("2026-11-23", "2026-11-25")];
    let (record, events) = after(&all);
    let state = UtilityState::of_record(&record, "Rocky Mountain Power");
    assert_eq!(state.version, 4);
    assert_eq!(state.quirks.iter().map(|quirk| quirk.says.as_str()).collect::<Vec<_>>(), ["ask for Lee's desk", "second"]);
    let outage = state.down(today()).expect("it is down");
    assert_eq!(outage.words(today()), "portal down until Wed 12/2 (by jdoe): use email rmp-intake@example.com");
    assert_eq!(state.down(day("2026-12-01")).map(|outage| outage.since), Some(today()));
    assert_eq!(state.down(day("2026-12-02")), None, "it comes back by itself");
    assert_eq!(record.text("name"), Some("Rocky Mountain Power"));
    let told: Vec<String> = events.iter().map(told).collect();
    assert_eq!(
        told,
        [
            "quirk: ask for Lee's desk",
            "portal down until Wed 12/2 (maintenance)",
            "quirk: second",
            "clocks stopped Mon 11/23 to Wed 11/25, agreed by the intake desk (R746-312)",
        ]
    );
    assert_eq!(record.conflicts, []);
    let up = after(&[down("2026-12-02"), Addition::Up]).0;
    assert_eq!(UtilityState::of_record(&up, "x").outage, None);
}

#[test]
fn days_of_an_agreement_do_not_count() {
    let (record, _) = after(&[stop("2026-11-23", "2026-11-28"), stop("2026-11-25", "2026-11-30")]);
    let state = UtilityState::of_record(&record, "x");
    for (from, to, days) in [
        // 17 to 20 November.
        ("2026-11-16", "2026-11-20", 4),
        // 23 to 30 November are stopped, the holiday among them: 20 November and 1 December count.
        ("2026-11-19", "2026-12-01", 2),
        ("2026-11-23", "2026-11-30", 0),
        ("2026-12-01", "2026-12-01", 0),
    ] {
        assert_eq!(state.business_days(&calendar(), day(from), day(to)), days, "{from} {to}");
    }
    assert_eq!(UtilityState::default().business_days(&calendar(), day("2026-11-19"), day("2026-12-01")), 7);
}

#[test]
fn what_cannot_be_is_refused() {
    let state = |additions: &[Addition]| UtilityState::of_record(&after(additions).0, "x");
    let refused = |addition: Addition, state: Option<&UtilityState>| {
        addition.checked("RMP", state, today()).map_err(|refusal| refusal.to_string()).expect_err("it cannot be")
    };
    assert_eq!(refused(quirk(" \u{200b} "), None), "the sentence is missing");
    assert!(refused(down("2026-11-21"), None).contains("has come already"));
    assert_eq!(refused(Addition::Up, None), "the portal of RMP is not down");
    assert!(refused(stop("2026-11-25", "2026-11-23"), None).contains("that is before"));
    let nobody = Addition::Stop { from: today(), until: today(), agreed_by: " ".into(), authority: "x".into() };
    assert_eq!(refused(nobody, None), "who agreed is missing");
    let down_now = state(&[down("2026-12-02")]);
    assert_eq!(Addition::Up.checked("RMP", Some(&down_now), today()), Ok(Addition::Up));
    let cleaned = quirk("one\u{1b}[31m\ntwo").checked("RMP", None, today()).expect("it is sound");
    assert!(matches!(&cleaned, Addition::Quirk { says } if !says.contains(['\u{1b}', '\n'])), "{cleaned:?}");
}

#[test]
fn an_outage_names_the_version_that_was_seen_and_a_quirk_does_not_need_to() {
    let (record, _) = after(&[quirk("a"), quirk("b")]);
    let expects = |addition: &Addition| addition.change(&record, "x", Some(1), today(), "jdoe").expects;
    assert_eq!((expects(&down("2026-12-02")), expects(&quirk("c"))), (Some(1), Some(2)));
}
