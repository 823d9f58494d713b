//! Is a permit, a claim, an enrolment an application that can be worked from its first step to its last, by the real
//! program?

mod support;

use support::{Place, said};

fn desk(name: &str) -> Place {
    let place = Place::new();
    let db = place.db();
    let made = place.cli(&["--db", &db, "init", "--desk", name, "--zone", "America/Denver", "--company", "Example Storage"]);
    assert!(made.status.success(), "{}", said(&made));
    let me = place.cli(&["--db", &db, "me", "--name", "Robin Vale", "--phone", "(555) 555-0100"]);
    assert!(me.status.success(), "{}", said(&me));
    place
}

fn open(place: &Place, fields: &[&str]) -> String {
    let mut args = vec!["new", "Depot 4", "--utility", "RMP"];
    args.extend(fields);
    place.json(&args)["id"].as_str().expect("a reference").to_owned()
}

fn refused(place: &Place, args: &[&str]) -> String {
    let db = place.db();
    let mut all = vec!["--db", &db];
    all.extend(args);
    let output = place.cli(&all);
    assert_eq!(output.status.code(), Some(1), "{args:?}: {}", said(&output));
    said(&output)
}

/// Each line is one touch, and the status after it.
fn walk(place: &Place, id: &str, steps: &[(&[&str], &str)]) {
    for (touch, status) in steps {
        let mut args = vec!["touch", id];
        args.extend(*touch);
        place.json(&args);
        assert_eq!(place.json(&["show", id])["status"], **status, "{touch:?}");
    }
}

#[test]
fn a_permit_goes_from_its_first_step_to_its_last_on_both_desks() {
    for name in ["residential", "commercial"] {
        let place = desk(name);
        let permit = open(&place, &["lane=ahj", "ahj_email=permits@example.com"]);
        assert_eq!(place.json(&["show", &permit])["status"], "permit-preparation");
        walk(
            &place,
            &permit,
            &[
                (&["permit-submitted", "permit_number=B-1"], "permit-submitted"),
                (&["permit-chased"], "permit-submitted"),
                (&["plan-comments", "deficiency=Sheet E2 lacks the disconnect"], "plan-comments"),
                (&["permit-resubmitted", "--note", "E2 rev C"], "permit-resubmitted"),
                (&["lane-promised", "promised=12/4"], "permit-resubmitted"),
                (&["permit-issued", "permit_expires=2027-05-19"], "permit-issued"),
                (&["permit-install-planned", "install_on=12/7"], "permit-issued"),
                (&["inspection-booked", "inspection_on=12/14"], "inspection-requested"),
                (&["correction-notice", "deficiency=Label missing"], "correction-notice"),
                (&["inspection-requested"], "inspection-requested"),
                (&["permit-final-passed"], "inspection-passed"),
                (&["final-released"], "closed"),
            ],
        );
        let shown = place.json(&["show", &permit]);
        assert_eq!((&shown["permit_expires"], &shown["deficiency"]), (&"2027-05-19".into(), &serde_json::Value::Null));
        let history = place.json(&["history", &permit]).to_string();
        for said in ["permit issued", "inspection released to the utility", "correction notice received"] {
            assert!(history.contains(said), "{said}: {history}");
        }
        // What is the utility's is not the AHJ's.
        let other = open(&place, &["lane=ahj"]);
        assert!(refused(&place, &["touch", &other, "chased-utility"]).contains("only in the lane utility"));
        assert!(refused(&place, &["set", &other, "status=pto", "--because", "x"]).contains("is a status of the lane utility"));
        assert!(refused(&place, &["new", "Depot 4", "--utility", "RMP", "lane=ahj", "status=intake"]).contains("is a status of the lane"));
        walk(
            &place,
            &other,
            &[(&["cancelled", "--note", "other site"], "ended"), (&["permit-reopened", "--note", "back"], "permit-preparation")],
        );
        place.check();
    }
}

#[test]
fn the_small_lanes_end_too() {
    let place = desk("commercial");
    let fire = open(&place, &["lane=fire"]);
    walk(
        &place,
        &fire,
        &[
            (&["fire-submitted"], "fire-submitted"),
            (&["fire-comments", "deficiency=Where are the UL 9540A reports?"], "fire-comments"),
            (&["fire-resubmitted", "--note", "reports attached"], "fire-submitted"),
            (&["fire-approved"], "fire-approved"),
            (&["fire-done"], "closed"),
        ],
    );
    let claim = open(&place, &["lane=incentive"]);
    walk(
        &place,
        &claim,
        &[
            (&["claim-filed", "number=C-1"], "claim-filed"),
            (&["claim-chased"], "claim-filed"),
            (&["claim-deficiency", "deficiency=Invoice missing"], "claim-deficiency"),
            (&["claim-answered", "--note", "invoice sent"], "claim-filed"),
            (&["claim-approved"], "claim-approved"),
            (&["claim-paid"], "claim-paid"),
            (&["claim-settled"], "closed"),
        ],
    );
    let enrolment = open(&place, &["lane=enrolment", "program=Battery program"]);
    walk(
        &place,
        &enrolment,
        &[
            (&["enrolment-filed"], "enrolment-filed"),
            (&["enrolment-approved"], "enrolment-approved"),
            (&["first-bill-awaited"], "first-bill"),
            (&["first-bill-wrong", "--note", "old rate"], "first-bill"),
            (&["program-payment-awaited"], "program-payment"),
            (&["program-paid"], "closed"),
        ],
    );
    place.check();
}

/// A file of storage from the first call to permission to operate, through the questions in between.
#[test]
fn a_file_of_the_commercial_desk_goes_through() {
    let place = desk("commercial");
    let id = open(&place, &["address=4 Depot Rd", "city=Provo", "state=UT", "customer_email=facilities@example.com", "product=ess"]);
    walk(
        &place,
        &id,
        &[
            (&["pre-app-called", "--note", "transformer 500 kVA, not shared"], "intake"),
            (&["pre-app-asked"], "pre-application"),
            (&["pre-app-received", "--note", "no limit on the circuit"], "package-build"),
            (&["asked-engineering", "--note", "stamped one-line", "needed_by=12/1"], "package-build"),
            (&["engineering-delivered", "--note", "rev A"], "package-build"),
            (&["match-agrees"], "package-build"),
            (&["documents-in"], "ready-to-submit"),
            (&["submitted", "number=RMP-77"], "submitted"),
            (&["acknowledged"], "acknowledged"),
            (&["deemed-complete"], "deemed-complete"),
            (&["in-screening"], "screening"),
            (&["question-received", "deficiency=Fault current at 480 V?", "cure_due=12/4"], "screening"),
            (&["question-answered", "--note", "sheet E4"], "screening"),
            (&["screens-failed", "--note", "15 % of peak", "cure_due=12/18"], "screen-failed"),
            (&["options-held", "--note", "supplemental review looks good"], "screen-failed"),
            (&["option-supplemental"], "supplemental-review"),
            (&["supplemental-result", "--note", "passed"], "supplemental-review"),
            (&["approved", "size=250", "export=0"], "approved-to-install"),
            (&["told-project", "--note", "crew may be planned"], "approved-to-install"),
            (&["agreement-sent"], "agreement"),
            (&["agreement-signed"], "agreement"),
            (&["upgrades-needed", "--note", "transformer"], "utility-upgrades"),
            (&["upgrade-paid"], "utility-upgrades"),
            (&["upgrade-promised", "promised=1/15"], "utility-upgrades"),
            (&["upgrade-built"], "installing"),
            (&["installed"], "ahj-inspection"),
            (&["inspection-passed"], "ahj-inspection"),
            (&["completion-sent"], "completion-sent"),
            (&["witness-test-booked", "promised=2027-02-10"], "witness-test"),
        ],
    );
    let look = |wanted: &str| assert_eq!(place.json(&["show", &id])["follow_up"], wanted);
    // Three business days before the test, then the day before it.
    look("2027-02-05");
    walk(&place, &id, &[(&["witness-test-confirmed"], "witness-test")]);
    look("2027-02-09");
    walk(
        &place,
        &id,
        &[
            (&["witness-test-failed", "--note", "relay setting"], "witness-test"),
            (&["witness-test-passed"], "meter"),
            (&["meter-set"], "meter"),
            (&["pto-granted"], "pto"),
            (&["enrolment-begun"], "post-pto"),
            (&["enrolled", "program=Battery program"], "post-pto"),
            (&["closed"], "closed"),
        ],
    );
    place.check();
}
