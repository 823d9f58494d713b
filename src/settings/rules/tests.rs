//! Do the shipped rules answer what their text says? Every case was worked out by hand; the working stands beside it.

use super::*;
use crate::domain::playbook::{DeskKind, Playbook};
use crate::domain::rules::clock::{Asked, Clock, State};
use crate::domain::rules::days::Due;
use crate::domain::rules::matter::{Extension, Matter};
use crate::domain::rules::tier::TierAnswer;
use crate::domain::utility_state::Stop;

const TODAY: &str = "2026-12-31";

fn on(text: &str) -> Day {
    parse_day(text).expect("a constant")
}

fn playbook() -> Playbook {
    crate::settings::load(DeskKind::Residential, &[], &[]).expect("the shipped files").playbook
}

fn matter(playbook: &Playbook, values: &str) -> Matter {
    let codes: Vec<&str> = playbook.workflow.milestones.iter().map(|(code, _)| code.as_str()).collect();
    let pairs = values.split_whitespace().map(|pair| pair.split_once('=').expect("FIELD=VALUE"));
    // A name of several words is written with underscores here.
    let pairs: Vec<(&str, String)> = pairs.map(|(name, value)| (name, value.replace("__", " "))).collect();
    Matter::read(pairs.iter().map(|(name, value)| (*name, value.as_str())), &codes).unwrap_or_else(|err| panic!("{values}: {err}"))
}

fn tier(playbook: &Playbook, values: &str) -> TierAnswer {
    let matter = matter(playbook, values);
    let utility = matter.utility().and_then(|name| playbook.utility(name));
    playbook.rules.tier(&matter, utility, on(TODAY))
}

fn clocks(playbook: &Playbook, values: &str, stops: &[Stop], today: &str) -> Vec<Clock> {
    let matter = matter(playbook, values);
    let utility = matter.utility().and_then(|name| playbook.utility(name));
    playbook.rules.clocks(&Asked { matter: &matter, utility, stops, today: on(today) })
}

const OR: &str = "state=OR program=net-metering received=2026-11-02";
const SGF: &str = "state=OR program=small-generator received=2026-11-02";
const RMP: &str = "state=UT utility=RMP";
const NBT: &str = "state=CA utility=PG&E program=nbt inverter=yes received=2026-11-02";
const R21: &str = "state=CA program=rule-21";
const SGIP: &str = "program=sgip";

/// Base, more values, tier, margin.
type TierCase = (&'static str, &'static str, &'static str, &'static str);

const TIERS: &[TierCase] = &[
    // OAR 860-039-0030: inverter, nameplate up to 50 kW and export up to 25 kW, both included.
    (OR, "inverter=yes nameplate=50kW export=25kW", "tier-1", "0 kW of nameplate"),
    (OR, "inverter=yes nameplate=49kW export=10kW", "tier-1", "1 kW of nameplate"),
    (OR, "inverter=yes nameplate=40kW export=24kW", "tier-1", "1 kW of export"),
    (OR, "inverter=yes nameplate=50.001kW export=25kW", "tier-2", "1949.999 kW of nameplate"),
    (OR, "inverter=yes nameplate=30kW export=25.001kW", "tier-2", "1970 kW of nameplate"),
    (OR, "inverter=no nameplate=20kW export=10kW", "tier-2", "1980 kW of nameplate"),
    (OR, "inverter=yes nameplate=2000kW export=2000kW", "tier-2", "0 kW of nameplate"),
    (OR, "inverter=yes nameplate=2000.001kW export=2000kW", "outside", ""),
    // Above 50 kW it is not Tier 1, whatever it exports; at 30 kW the export decides.
    (OR, "inverter=yes nameplate=60kW", "tier-2", "1940 kW of nameplate"),
    (OR, "inverter=yes nameplate=30kW", "unknown", ""),
    // Nothing sends out more than it can make: 24.9 kW exports at most 25 kW, whatever the mode.
    (OR, "inverter=yes nameplate=24.9kW", "tier-1", "25.1 kW of nameplate"),
    // What people still call it, and what nobody does.
    (OR, "inverter=yes nameplate=500kW tier=Level__3", "tier-4", ""),
    (OR, "inverter=yes nameplate=500kW tier=T1", "unknown", ""),
    (OR, "lane=ahj nameplate=10kW export=5kW", "unknown", ""),
    // The old levels to 8 April 2024, the new tiers from the 9th.
    ("state=OR program=net-metering received=2024-04-08", "nameplate=25kW", "level-1", "0 kW of nameplate"),
    ("state=OR program=net-metering received=2024-04-08", "nameplate=25.001kW", "level-2", "1974.999 kW of nameplate"),
    ("state=OR program=net-metering received=2024-04-09", "nameplate=50kW export=25kW", "tier-1", "0 kW of nameplate"),
    ("state=OR", "nameplate=10kW", "unknown", ""),
    ("state=OR program=net-metering utility=Eugene__Water", "nameplate=10kW export=1kW", "unknown", ""),
    // OAR 860-082: Tier 1 needs a certified inverter and neither an area network nor a transmission line.
    (SGF, "certification=sb network=radial nameplate=50kW export=25kW", "tier-1", "0 kW of nameplate"),
    (SGF, "certification=sb network=area nameplate=50kW export=25kW", "tier-4", "9950 kW of nameplate"),
    // Table 1 of -0050 was not found: for inverters unknown, for other machines 2 MW of export.
    (SGF, "certification=sb network=radial nameplate=500kW export=500kW", "unknown", ""),
    (SGF, "inverter=no lab_tested=yes network=radial certification=none nameplate=500kW export=500kW", "tier-2", "1500 kW of export"),
    (SGF, "inverter=no lab_tested=yes network=radial certification=none nameplate=3MW export=2.5MW", "tier-4", "7000 kW of nameplate"),
    (SGF, "certification=sb network=radial nameplate=10.001MW export=10MW", "outside", ""),
    (SGF, "certification=none lab_tested=no inverter=no network=area nameplate=45kW export=0kW", "tier-3", "9955 kW of nameplate"),
    // The sizes of the old Tier 1 were not found.
    ("state=OR program=small-generator received=2024-04-08", "certification=1741 nameplate=40kW", "unknown", ""),
    // R746-312: the nameplate counts, and what is not certified is Level 3 however small.
    (RMP, "certification=sb nameplate=25kW", "level-1", "0 kW of nameplate"),
    (RMP, "certification=sb nameplate=25.001kW", "level-2", "1974.999 kW of nameplate"),
    (RMP, "certification=sb nameplate=30kW export=10kW", "level-2", "1970 kW of nameplate"),
    (RMP, "certification=sb nameplate=2000kW", "level-2", "0 kW of nameplate"),
    (RMP, "certification=sb nameplate=2000.001kW", "level-3", "17999.999 kW of nameplate"),
    (RMP, "certification=sb nameplate=20MW", "level-3", "0 kW of nameplate"),
    (RMP, "certification=sb nameplate=20.001MW", "outside", ""),
    (RMP, "certification=none nameplate=5kW", "level-3", "19995 kW of nameplate"),
    (RMP, "inverter=yes nameplate=10kW", "unknown", ""),
    // Municipal utilities have rules of their own.
    ("state=UT utility=St.__George", "certification=sb nameplate=10kW", "unknown", ""),
    (NBT, "nameplate=7.6kW", "fast-track", "22.4 kW of nameplate"),
    (NBT, "nameplate=30.001kW", "fast-track-above-30-kw", ""),
    ("state=CA program=nbt received=2023-04-14", "nameplate=7.6kW", "unknown", ""),
    // Rule 21, exporting, not net billing: 3 MW at PG&E and SCE, 1.5 MW at SDG&E.
    (R21, "utility=PG&E export=3MW nameplate=3MW", "fast-track", "0 kW of nameplate"),
    (R21, "utility=PG&E export=3MW nameplate=3.001MW", "detailed-study", ""),
    (R21, "utility=SDG&E export=1MW nameplate=1.5MW", "fast-track", "0 kW of nameplate"),
    (R21, "utility=SDG&E export=1MW nameplate=1.501MW", "detailed-study", ""),
    (R21, "utility=PG&E export_mode=non-export nameplate=5MW", "non-export", ""),
    (R21, "export=1MW nameplate=2MW", "unknown", ""),
    // SGIP: the 10 kW process; Fast Track by line voltage and by how near the substation is.
    (SGIP, "certification=sb nameplate=10kW", "10-kw-inverter", "0 kW of nameplate"),
    (SGIP, "certification=sb nameplate=10.001kW line_voltage=4.16kV", "fast-track", "489.999 kW of nameplate"),
    (SGIP, "certification=sb nameplate=500.001kW line_voltage=4.16kV", "study", "19499.999 kW of nameplate"),
    (SGIP, "certification=sb nameplate=2MW line_voltage=12.47kV near_substation=no", "fast-track", "0 kW of nameplate"),
    (SGIP, "certification=sb nameplate=2.001MW line_voltage=12.47kV near_substation=no", "study", "17999 kW of nameplate"),
    (SGIP, "certification=sb nameplate=3MW line_voltage=12.47kV near_substation=yes", "fast-track", "0 kW of nameplate"),
    // Where the distance is not known, 1.5 MW fits both limits, 2.5 MW only one, 3.5 MW none.
    (SGIP, "certification=sb nameplate=2.5MW line_voltage=12.47kV", "unknown", ""),
    (SGIP, "certification=sb nameplate=3.5MW line_voltage=12.47kV", "study", "16500 kW of nameplate"),
    (SGIP, "certification=sb nameplate=400kW", "unknown", ""),
    (SGIP, "certification=sb nameplate=100kW line_voltage=115kV", "study", "19900 kW of nameplate"),
    (SGIP, "certification=sb nameplate=4MW line_voltage=69kV near_substation=no", "fast-track", "0 kW of nameplate"),
    (SGIP, "inverter=no lab_tested=yes nameplate=2MW line_voltage=34.5kV", "fast-track", "0 kW of nameplate"),
    (SGIP, "inverter=no lab_tested=yes nameplate=2MW", "unknown", ""),
    (SGIP, "inverter=no lab_tested=yes nameplate=2.001MW", "study", "17999 kW of nameplate"),
    // Sizes that are none, and places without rules.
    (OR, "inverter=yes nameplate=0 export=0", "unknown", ""),
    (RMP, "certification=sb nameplate=101GW", "unreadable", ""),
    (RMP, "certification=sb nameplate=-5kW", "unreadable", ""),
    ("state=TX", "nameplate=10kW", "unknown", ""),
    ("nameplate=10kW", "", "unknown", ""),
];

#[test]
fn every_tier_is_the_one_worked_out_by_hand() {
    let playbook = playbook();
    let codes: Vec<&str> = playbook.workflow.milestones.iter().map(|(code, _)| code.as_str()).collect();
    for (base, more, wanted, margin) in TIERS {
        let values = format!("{base} {more}");
        if *wanted == "unreadable" {
            let pairs = values.split_whitespace().filter_map(|pair| pair.split_once('='));
            assert!(Matter::read(pairs, &codes).is_err(), "{values}");
            continue;
        }
        let answer = tier(&playbook, &values);
        assert_eq!((answer.tier.as_str(), answer.margin.as_str()), (*wanted, *margin), "{values}\n{answer:#?}");
        assert_eq!(answer.tier == "unknown", answer.reason.starts_with("unknown because"), "{values}: {}", answer.reason);
        assert!(answer.tier == "unknown" || !answer.rule.is_empty() && !answer.reason.is_empty(), "{values}\n{answer:#?}");
    }
}

#[test]
fn an_unknown_tier_names_what_is_missing() {
    let playbook = playbook();
    for (values, missing) in [
        ("state=OR nameplate=10kW", vec!["program"]),
        ("nameplate=10kW", vec!["state"]),
        // A state without rules, and a state in letters that no rule is filed under, are two answers.
        ("state=WY program=net-metering nameplate=10kW", vec![]),
        ("state=Oregon program=net-metering nameplate=10kW", vec!["state"]),
        ("state=OR program=net-metering inverter=yes nameplate=30kW", vec!["export"]),
        ("state=OR program=net-metering inverter=yes", vec!["nameplate", "export"]),
        ("state=UT utility=RMP inverter=yes nameplate=10kW", vec!["certification"]),
        ("program=sgip certification=sb nameplate=400kW", vec!["line_voltage"]),
        // Nothing that one could say helps: a figure of the rule was not found.
        ("state=OR program=small-generator certification=sb network=radial nameplate=500kW export=500kW", vec![]),
    ] {
        assert_eq!(tier(&playbook, values).missing, missing, "{values}");
    }
}

#[test]
fn what_is_taken_for_granted_is_said() {
    let answer = tier(&playbook(), &format!("{OR} nameplate=50kW export=25kW"));
    assert_eq!((answer.tier.as_str(), answer.missing), ("tier-1", vec!["inverter".to_owned()]));
    assert!(answer.reason.contains("taken for granted: inverter-based yes"), "{}", answer.reason);
}

/// More of it never leads to an easier review: for every rule set and every combination of the other facts.
#[test]
fn a_larger_size_never_gets_an_easier_review() {
    let playbook = playbook();
    let sizes = [
        1, 9, 10, 11, 24, 25, 26, 49, 50, 51, 499, 500, 501, 1_499, 1_500, 1_501, 1_999, 2_000, 2_001, 3_000, 3_001, 5_000, 9_999, 20_000,
        20_001, 90_000,
    ];
    for set in &playbook.rules.sets {
        let mut seen = 0;
        for certification in ["none", "1741", "sa", "sb"] {
            for network in ["radial", "area", "transmission"] {
                for (voltage, near) in [("4kV", "no"), ("12kV", "no"), ("12kV", "yes"), ("69kV", "yes"), ("115kV", "no")] {
                    for mode in ["unrestricted", "non-export"] {
                        let at = |kilowatts: i64| {
                            let values = format!(
                                "utility=PG&E inverter=yes lab_tested=yes certification={certification} network={network} line_voltage={voltage} near_substation={near} export_mode={mode} nameplate={kilowatts}kW"
                            );
                            let matter = matter(&playbook, &values).at(playbook.utility("PG&E"));
                            set.tier(&matter).tier
                        };
                        let place = |tier: &str| match tier {
                            "outside" => Some(set.tiers.len()),
                            name => set.tiers.iter().position(|tier| tier.name == name),
                        };
                        let places: Vec<usize> = sizes.iter().filter_map(|size| place(&at(*size))).collect();
                        assert!(places.is_sorted(), "{}: {certification} {network} {voltage} {near} {mode}: {places:?}", set.name);
                        seen += places.len();
                    }
                }
            }
        }
        assert!(set.tiers.is_empty() || seen > 100, "{} was not tried", set.name);
    }
}

#[test]
fn screens_of_rule_21_apply_or_are_skipped_with_a_reason() {
    let playbook = playbook();
    let applying = |values: &str| {
        let answer = tier(&playbook, values);
        let names = answer.screens.iter().filter(|screen| screen.applies == Some(true)).map(|screen| screen.name.to_uppercase());
        assert!(answer.screens.iter().all(|screen| screen.applies == Some(true) || !screen.because.is_empty()), "{values}");
        names.collect::<Vec<_>>().join(" ")
    };
    // "A common residential system therefore meets only A, B, D, E, I, J."
    assert_eq!(applying(&format!("{NBT} nameplate=7.6kW")), "A B D E I J");
    // Above 30 kVA the short-circuit screens apply, K lets net billing up to 500 kW past L.
    assert_eq!(applying(&format!("{NBT} nameplate=100kW")), "A B D E F F1 G H I J K M");
    assert_eq!(applying(&format!("{NBT} nameplate=600kW")), "A B D E F F1 G H I J K L M");
    // What does not export skips J to M.
    assert_eq!(applying(&format!("{R21} utility=PG&E inverter=yes export_mode=non-export nameplate=5MW")), "A B D E F F1 G H I");
}

/// Values, clock, due (empty: it has no day).
type ClockCase = (&'static str, &'static str, &'static str);

const T1: &str = "inverter=yes nameplate=10kW export=5kW";

const CLOCKS: &[ClockCase] = &[
    // Oregon: Veterans Day and Thanksgiving are closed, Columbus Day and the day after Thanksgiving are not.
    // 25, 27, 30 Nov.
    ("state=OR program=net-metering received=2026-11-24", "receipt-complete-notice", "2026-11-30"),
    // 12, 13, 16 to 20, 23 to 25 Nov.
    ("state=OR program=net-metering received=2026-11-02 deficiency-received=2026-11-10", "cure", "2026-11-25"),
    // 25, 27, 30 Nov, 1 to 4, 7 to 9 Dec; five more to the 16th.
    ("state=OR program=net-metering inverter=yes nameplate=10kW export=5kW deemed-complete=2026-11-24", "result", "2026-12-09"),
    ("state=OR program=net-metering inverter=yes nameplate=60kW deemed-complete=2026-11-24", "result", "2026-12-16"),
    // From the receipt of what was complete: 3 to 6, 9, 10, 12, 13, 16 to 20, 23 to 25, 27, 30 Nov, 1, 2 Dec.
    (
        "state=OR program=net-metering inverter=yes nameplate=10kW export=5kW received=2026-11-02 deemed-complete=2026-11-04",
        "deemed-approved",
        "2026-12-02",
    ),
    // It was complete only with the answer: 13, 16 to 20, 23 to 25, 27, 30 Nov, 1 to 4, 7 to 11 Dec.
    (
        "state=OR program=net-metering inverter=yes nameplate=10kW export=5kW received=2026-11-02 deficiency-received=2026-11-04 resubmitted=2026-11-12 deemed-complete=2026-11-16",
        "deemed-approved",
        "2026-12-11",
    ),
    // No answer yet: nothing approves itself.
    (
        "state=OR program=net-metering inverter=yes nameplate=10kW export=5kW received=2026-11-02 deficiency-received=2026-11-04",
        "deemed-approved",
        "",
    ),
    // Tier 2 has no such clock, and no result clock of the other tier.
    ("state=OR program=net-metering inverter=yes nameplate=60kW received=2026-11-02", "deemed-approved", "none"),
    // 20 days to 2 Dec as above, then 3, 4, 7 to 11, 14 to 16 Dec.
    ("state=OR program=net-metering received=2026-10-01 denied=2026-11-02", "keep-queue", "2026-12-16"),
    // 3 to 6, 9, 10, 12, 13, 16 to 20, 23, 24 Nov.
    ("state=OR program=net-metering received=2026-10-01 options-requested=2026-11-02", "options-meeting", "2026-11-24"),
    (
        "state=OR program=net-metering inverter=yes nameplate=60kW received=2026-10-01 screens-passed=2026-11-24",
        "agreement-issue",
        "2026-11-30",
    ),
    // No cure clock in the text of 2021.
    ("state=OR program=net-metering received=2024-04-01 deficiency-received=2024-04-03", "cure", "none"),
    // 3 to 6, 9, 10, 12, 13, 16, 17 Nov.
    ("state=OR program=small-generator received=2026-11-02", "completeness", "2026-11-17"),
    // A resubmission starts it anew.
    (
        "state=OR program=small-generator received=2026-10-01 deficiency-received=2026-10-09 resubmitted=2026-11-02",
        "completeness",
        "2026-11-17",
    ),
    (
        "state=OR program=small-generator certification=sb network=radial nameplate=10kW export=5kW deemed-complete=2026-11-02",
        "result",
        "2026-11-24",
    ),
    (
        "state=OR program=small-generator certification=sb network=radial nameplate=10kW export=5kW deemed-complete=2026-11-02",
        "deemed-approved",
        "2026-12-02",
    ),
    ("state=OR program=small-generator tier=tier-4 deemed-complete=2026-11-02", "scoping-meeting", "2026-11-17"),
    ("state=OR program=small-generator received=2026-10-01 records-requested=2026-11-02", "records-copy", "2026-11-24"),
    // Utah, federal holidays only: 17, 18, 19 Nov; 17 to 20, 23 to 25, 27, 30 Nov, 1 Dec; 2 to 4, 7, 8 Dec.
    ("state=UT utility=RMP received=2026-11-16", "ack", "2026-11-19"),
    ("state=UT utility=RMP received=2026-11-16", "completeness", "2026-12-01"),
    ("state=UT utility=RMP received=2026-11-16", "alt-decision", "2026-12-08"),
    ("state=UT utility=RMP received=2026-11-02 deficiency-received=2026-11-16", "cure-or-extension", "2026-12-01"),
    ("state=UT utility=RMP received=2026-11-02 dispute-notice=2026-11-16", "dispute-resolution", "2026-11-25"),
    // Pioneer Day, 24 July, counts: 21 to 24, 27 to 31 July, 3 Aug. Columbus Day does not: 9, 13, 14 Oct.
    ("state=UT utility=RMP received=2026-07-20", "completeness", "2026-08-03"),
    ("state=UT utility=RMP received=2026-10-08", "ack", "2026-10-14"),
    // Stamped on the Saturday: the 23rd is day 1. 23 to 25, 27, 30 Nov, 1 to 4, 7 Dec.
    ("state=UT utility=RMP received=2026-11-21", "completeness", "2026-12-07"),
    // California: 31 March and the day after Thanksgiving closed. 25, 30 Nov, 1 to 4, 7 to 10 Dec.
    ("state=CA utility=PG&E program=rule-21 received=2026-11-24", "completeness", "2026-12-10"),
    // 30 March, 1 to 3, 6 to 10, 13 to 17, 20 April.
    ("state=CA utility=PG&E program=rule-21 export=1MW nameplate=1MW deemed-complete=2026-03-27", "initial-review", "2026-04-20"),
    // 10 days to 10 Dec, then 11, 14 to 18, 21 to 24 Dec.
    ("state=CA utility=PG&E program=rule-21 received=2026-10-01 supplemental-elected=2026-11-24", "supplemental", "2026-12-24"),
    // From the later of the two: 3 to 6, 9, 10, 12, 13, 16 to 20, 23 to 25, 30 Nov, 1 to 4, 7 to 11, 14 to 17 Dec.
    ("state=CA utility=PG&E program=nbt nameplate=8kW deemed-complete=2026-10-01 inspection-passed=2026-11-02", "pto", "2026-12-17"),
    // SGIP.
    ("program=sgip received=2026-11-16", "ack", "2026-11-19"),
    ("program=sgip received=2026-11-16", "completeness", "2026-12-01"),
    ("program=sgip certification=sb nameplate=10kW deemed-complete=2026-11-16", "review", "2026-12-08"),
    ("program=sgip certification=sb nameplate=10kW completion-sent=2026-11-16", "witness", "2026-12-01"),
    // 15 days to 8 Dec, then 9 to 11, 14, 15 Dec.
    ("program=sgip pre-application-requested=2026-11-16", "pre-application-report", "2026-12-15"),
    ("program=sgip tier=fast-track received=2026-10-01 screens-passed=2026-11-16", "agreement", "2026-11-23"),
    // 20 days to 15 Dec, then 16 to 18, 21 to 24, 28 to 30 Dec.
    ("program=sgip tier=fast-track received=2026-10-01 supplemental-elected=2026-11-16", "supplemental", "2026-12-30"),
    // Complete is not built: without the inspection nobody owes permission. Above 30 kW the clock is not written.
    ("state=CA utility=PG&E program=nbt nameplate=8kW deemed-complete=2026-10-01", "pto", ""),
    ("state=CA utility=PG&E program=nbt nameplate=80kW inspection-passed=2026-11-02", "pto", "none"),
    // Answered and sent back on one day: the second list starts 10 days anew. 12, 13, 16 to 20, 23 to 25 Nov.
    (
        "state=OR program=small-generator tier=tier-4 received=2026-11-02 deficiency-received=2026-11-10 resubmitted=2026-11-10 deficiency-received=2026-11-10",
        "cure",
        "2026-11-25",
    ),
    // A second list before the first was answered gives no more time.
    (
        "state=UT utility=RMP received=2026-11-02 deficiency-received=2026-11-16 deficiency-received=2026-11-20",
        "cure-or-extension",
        "2026-12-01",
    ),
    // A slip in the day of receipt does not hide what may be lost.
    ("state=UT utility=RMP received=2026-11-20 deficiency-received=2026-11-16", "cure-or-extension", "2026-12-01"),
    // Outside of the rules (30 MW) no clock of theirs runs.
    ("state=UT utility=RMP certification=sb nameplate=30MW received=2026-11-02 deficiency-received=2026-11-16", "cure-or-extension", ""),
    // Silence counts from what was submitted before the notice, not from a later answer.
    (
        "state=OR program=net-metering inverter=yes nameplate=10kW export=5kW submitted=2026-11-02 deemed-complete=2026-11-10 resubmitted=2026-11-16",
        "deemed-approved",
        "2026-12-02",
    ),
    ("state=OR program=net-metering tier=tier-4 received=2026-10-01 deficiency-received=2026-11-10", "cure-tier-4", "2026-11-25"),
    // The same spans by the same calendars as above.
    ("state=OR program=small-generator tier=tier-4 received=2026-10-01 deficiency-received=2026-11-10", "cure", "2026-11-25"),
    ("state=OR program=small-generator tier=tier-2 received=2026-10-01 deficiency-received=2026-11-10", "cure-lower-tiers", "2026-11-25"),
    ("state=OR program=small-generator tier=tier-2 received=2026-10-01 deemed-complete=2026-11-02", "result-tier-2-3", "2026-12-02"),
    ("state=UT utility=RMP certification=sb nameplate=10kW received=2026-11-02 deemed-complete=2026-11-16", "review", "2026-12-08"),
    ("state=UT utility=RMP certification=sb nameplate=30kW received=2026-11-02 deemed-complete=2026-11-16", "review-level-2", "2026-12-15"),
    ("state=UT utility=RMP certification=sb nameplate=10kW received=2026-10-02 completion-sent=2026-11-16", "witness-test", "2026-12-01"),
    ("state=CA utility=PG&E program=rule-21 received=2026-10-02 deficiency-received=2026-11-10", "cure", "2026-11-25"),
    // 10 days to 10 Dec, then 11, 14 to 17 Dec.
    ("state=CA utility=PG&E program=rule-21 received=2026-10-02 screens-passed=2026-11-24", "draft-agreement", "2026-12-17"),
    ("state=CA utility=PG&E program=nbt received=2026-11-24", "completeness", "2026-12-10"),
    ("state=CA utility=PG&E program=nbt received=2026-10-02 deficiency-received=2026-11-10", "cure", "2026-11-25"),
    ("state=CA utility=PG&E program=nbt nameplate=8kW received=2026-03-02 deemed-complete=2026-03-27", "initial-review", "2026-04-20"),
    ("state=CA utility=PG&E program=nbt received=2026-10-01 supplemental-elected=2026-11-24", "supplemental", "2026-12-24"),
    ("state=CA utility=PG&E program=nbt received=2026-10-02 screens-passed=2026-11-24", "draft-agreement", "2026-12-17"),
    ("program=sgip tier=fast-track received=2026-10-01 deficiency-received=2026-11-16", "cure", "2026-12-01"),
    ("program=sgip tier=fast-track received=2026-10-01 screens-failed=2026-11-16", "options-meeting", "2026-12-01"),
    ("program=sgip tier=study received=2026-10-01 deemed-complete=2026-11-16", "scoping-meeting", "2026-12-01"),
    // 2 to 5, 8 to 10 April 2024; 2 to 5, 8 to 12, 15 April.
    ("state=OR program=net-metering tier=level-3 received=2024-03-20 deemed-complete=2024-04-01", "study-agreement", "2024-04-10"),
    ("state=OR program=small-generator received=2024-04-01", "completeness", "2024-04-15"),
    // A clock on a milestone that never happened.
    ("state=UT utility=RMP received=2026-11-16", "dispute-resolution", ""),
];

#[test]
fn every_clock_ends_on_the_day_worked_out_by_hand() {
    let playbook = playbook();
    for (values, name, due) in CLOCKS {
        let clocks = clocks(&playbook, values, &[], TODAY);
        let found: Vec<&Clock> = clocks.iter().filter(|clock| clock.name == *name).collect();
        if *due == "none" {
            assert!(found.is_empty(), "{values}: {found:#?}");
            continue;
        }
        assert_eq!(found.len(), 1, "{values}: {name}: {clocks:#?}");
        let wanted = (!due.is_empty()).then(|| on(due));
        assert_eq!(found[0].due, wanted, "{values}: {name}: {:#?}", found[0]);
        assert_eq!(wanted.is_none(), found[0].state == State::Unknown, "{values}: {name}");
        assert!(wanted.is_some() || !found[0].because.is_empty(), "{values}: {name}");
    }
}

/// A clock that is added comes with a case that was worked out by hand.
#[test]
fn no_clock_of_a_rule_is_without_a_case() {
    let playbook = playbook();
    for set in playbook.rules.sets.iter().filter(|set| !set.fallback) {
        for clock in &set.clocks {
            let is_of = |values: &str| {
                let chosen = playbook.rules.choose(&matter(&playbook, values), utility(&playbook, values), on(TODAY));
                chosen.is_ok_and(|one| one.name == set.name)
            };
            let has = CLOCKS.iter().any(|(values, name, due)| *name == clock.name && due.starts_with('2') && is_of(values));
            assert!(has, "{}: {} has no case worked out by hand", set.name, clock.name);
        }
    }
}

fn utility<'a>(playbook: &'a Playbook, values: &str) -> Option<&'a Utility> {
    matter(playbook, values).utility().and_then(|name| playbook.utility(name))
}

#[test]
fn a_clock_ends_when_what_was_due_has_happened() {
    let playbook = playbook();
    let of =
        |values: &str, name: &str| clocks(&playbook, values, &[], TODAY).into_iter().find(|clock| clock.name == name).expect("it is there");
    let in_time = of("state=UT utility=RMP received=2026-11-16 deemed-complete=2026-12-01", "completeness");
    assert_eq!((in_time.state, in_time.due), (State::Done(on("2026-12-01")), Some(on("2026-12-01"))));
    let late = of("state=UT utility=RMP received=2026-11-16 deficiency-received=2026-12-02", "completeness");
    assert_eq!((late.state, late.due), (State::Done(on("2026-12-02")), Some(on("2026-12-01"))));
    // An answer ends the applicant's clock; the next list starts it again.
    let again = of(
        "state=UT utility=RMP received=2026-11-02 deficiency-received=2026-11-03 resubmitted=2026-11-10 deficiency-received=2026-11-16",
        "cure-or-extension",
    );
    assert_eq!((again.state, again.due), (State::Running, Some(on("2026-12-01"))));
}

/// An applicant knows when it was submitted; the utility's own day comes later, if ever.
#[test]
fn what_was_submitted_counts_until_the_day_of_receipt_is_known() {
    let playbook = playbook();
    let of = |values: &str| clocks(&playbook, values, &[], TODAY).into_iter().find(|clock| clock.name == "ack").expect("it is there");
    let submitted = of("state=UT utility=RMP submitted=2026-11-16");
    assert_eq!((submitted.due, submitted.trigger.as_str()), (Some(on("2026-11-19")), "submitted"));
    assert!(submitted.because.contains("no day of \"received\" is on file"), "{}", submitted.because);
    let received = of("state=UT utility=RMP submitted=2026-11-16 received=2026-11-17");
    assert_eq!((received.due, received.because.as_str()), (Some(on("2026-11-20")), ""));
}

#[test]
fn days_to_come_and_days_in_the_wrong_order_give_no_answer() {
    let playbook = playbook();
    for (values, name, says) in [
        ("state=UT utility=RMP received=2026-12-10", "completeness", "still to come"),
        (&format!("{T1} state=OR program=net-metering received=2026-11-02 deemed-complete=2026-11-01"), "result", "before received"),
    ] {
        let clocks = clocks(&playbook, values, &[], "2026-11-29");
        let clock = clocks.iter().find(|clock| clock.name == name).expect("it is there");
        assert_eq!((clock.state, clock.due), (State::Unknown, None), "{values}");
        assert!(clock.because.starts_with("unknown because") && clock.because.contains(says), "{}", clock.because);
    }
}

#[test]
fn an_agreement_stops_the_clocks_of_a_utility_or_moves_one() {
    let playbook = playbook();
    let storm = [Stop {
        from: on("2026-11-18"),
        until: on("2026-11-20"),
        agreed_by: "planning desk".to_owned(),
        on: on("2026-11-18"),
        authority: "R746-312".to_owned(),
        by: "jdoe".to_owned(),
    }];
    let stopped = clocks(&playbook, "state=UT utility=RMP received=2026-11-16", &storm, TODAY);
    let of = |clocks: &[Clock], name: &str| clocks.iter().find(|clock| clock.name == name).and_then(|clock| clock.due);
    // 17, 23 to 25, 27, 30 Nov, 1 to 4 Dec: three business days later. The weekend inside a stop is not made up for.
    assert_eq!(of(&stopped, "completeness"), Some(on("2026-12-04")));
    // 17, 23, 24 Nov.
    assert_eq!(of(&stopped, "ack"), Some(on("2026-11-24")));
    // What the utility was given does not lengthen what the applicant has.
    let listed = clocks(&playbook, "state=UT utility=RMP received=2026-11-02 deficiency-received=2026-11-16", &storm, TODAY);
    assert_eq!(of(&listed, "cure-or-extension"), Some(on("2026-12-01")));
    let extension = |started: &str| Extension {
        clock: "completeness".to_owned(),
        started: on(started),
        until: on("2026-12-10"),
        agreed_by: "planning desk".to_owned(),
        authority: "R746-312".to_owned(),
        on: on("2026-11-20"),
    };
    for (values, started, due) in [
        ("received=2026-11-16", "2026-11-16", "2026-12-10"),
        // The day of receipt turned up after the agreement: it is the same run.
        ("submitted=2026-11-12 received=2026-11-16", "2026-11-12", "2026-12-10"),
        // What it was for has happened, and it came in anew.
        ("received=2026-11-02 deemed-complete=2026-11-04 received=2026-11-16", "2026-11-02", "2026-12-01"),
    ] {
        let mut matter = matter(&playbook, &format!("state=UT utility=RMP {values}"));
        matter.extensions.push(extension(started));
        let asked = Asked { matter: &matter, utility: playbook.utility("RMP"), stops: &[], today: on(TODAY) };
        assert_eq!(of(&playbook.rules.clocks(&asked), "completeness"), Some(on(due)), "an extension of another run is none");
    }
}

/// The same clocks from both sides of the table; what is unverified or practice moves nobody's row.
#[test]
fn a_row_carries_what_is_ours_and_what_is_theirs() {
    let playbook = playbook();
    let days = |values: &str, desk: DeskKind| {
        let matter = matter(&playbook, values);
        let days = playbook.rules.days(&Asked { today: on("2026-11-29"), ..Asked::of(&matter, &playbook, on("2026-11-29")) }, desk);
        let told = |due: Option<Due>| {
            due.map_or("-".to_owned(), |due| format!("{} {}", playbook.rules.clock(due.clock).expect("it has a number").name, due.day))
        };
        format!("lapse {}, ours {}, theirs {}", told(days.lapse), told(days.ours), told(days.theirs))
    };
    let listed = "state=UT utility=RMP received=2026-11-02 deficiency-received=2026-11-16";
    assert_eq!(days(listed, DeskKind::Residential), "lapse cure-or-extension 2026-12-01, ours -, theirs -");
    assert_eq!(days(listed, DeskKind::Utility), "lapse -, ours -, theirs cure-or-extension 2026-12-01");
    // The 3-day notice and the 20-day silence are a utility's own duties.
    let received = "state=OR program=net-metering inverter=yes nameplate=10kW export=5kW received=2026-11-24";
    assert_eq!(days(received, DeskKind::Utility), "lapse -, ours receipt-complete-notice 2026-11-30, theirs -");
    let noticed = "state=OR program=net-metering inverter=yes nameplate=60kW export=5kW received=2026-11-02 deemed-complete=2026-11-04";
    assert_eq!(days(noticed, DeskKind::Utility), "lapse -, ours result 2026-11-27, theirs -");
    // 20 days to 16 Dec are unverified for Level 2; the cadence of the trade is no law.
    let unverified = "state=UT utility=RMP certification=sb nameplate=30kW received=2026-10-02 deemed-complete=2026-11-16 approved-to-install=2026-11-20";
    assert_eq!(days(unverified, DeskKind::Commercial), "lapse -, ours -, theirs -");
    assert_eq!(days("state=TX submitted=2026-11-16", DeskKind::Residential), "lapse -, ours -, theirs -");
}

#[test]
fn where_no_rule_is_on_file_the_cadence_of_the_trade_is_shown_as_practice() {
    let playbook = playbook();
    let clocks = clocks(&playbook, "state=TX submitted=2026-11-16", &[], TODAY);
    assert!(!clocks.is_empty() && clocks.iter().all(|clock| clock.confidence == Confidence::Practice && !clock.is_law()));
}

#[test]
fn a_year_that_no_calendar_has_gives_no_day() {
    let playbook = playbook();
    let clocks = clocks(&playbook, "state=UT utility=RMP received=2100-12-30", &[], "2100-12-31");
    let clock = clocks.iter().find(|clock| clock.name == "completeness").expect("it is there");
    assert_eq!(clock.due, None);
    assert!(clock.because.contains("has no day for it"), "{}", clock.because);
}

#[test]
fn what_a_row_keeps_reads_back_the_same() {
    let playbook = playbook();
    for (base, more, wanted, _) in TIERS.iter().filter(|(.., wanted, _)| *wanted != "unreadable") {
        let whole = matter(&playbook, &format!("{base} {more}"));
        assert_eq!(Matter::parse(&whole.write()), whole, "{base} {more} {wanted}");
    }
    for odd in ["", "zUT", "Zx", "Ax", "+", "+73970", "+99x999received", "!739000cure", "\u{1f}\u{1f}", "é"] {
        assert_eq!(Matter::parse(odd), Matter::default(), "{odd:?}");
    }
}

const PAGE: &str = include_str!("../../../playbooks/rules/README.md");

#[test]
fn the_page_on_rules_names_every_key_and_its_example_is_sound() {
    let (_, example) = PAGE.split_once("```toml\n").expect("the page has an example");
    let (example, _) = example.split_once("```").expect("the example ends");
    let file = crate::settings::File { path: "playbooks/rules/ours.toml".to_owned(), text: example.to_owned() };
    let read = crate::settings::load(DeskKind::Residential, &[file], &[]).unwrap_or_else(|problems| panic!("{problems:?}"));
    assert!(read.playbook.rules.sets.iter().any(|set| set.name == "ours" && set.clocks.len() == 3), "the clock by tier is two");
    let playbook = playbook();
    let known = Known { workflow: &playbook.workflow, utilities: &playbook.utilities, calendars: &playbook.calendars };
    let problems = Problems::default();
    let table = crate::settings::tree::parse("ours.toml", example).expect("TOML");
    all(std::iter::once((&"ours".to_owned(), &table)), &known, &problems);
    let keys = problems.asked.borrow().clone();
    assert!(keys.len() >= 30, "{keys:?}");
    let missing: Vec<&String> =
        keys.iter().filter(|key| !PAGE.contains(&format!("`{key}`")) && !PAGE.contains(&format!("`[[{key}]]`"))).collect();
    assert!(missing.is_empty(), "playbooks/rules/README.md does not name {missing:?}");
}

/// The short way of a row must not lose a clock that the long way finds.
#[test]
fn what_runs_is_found_the_short_way_too() {
    let playbook = playbook();
    for (values, ..) in CLOCKS {
        for today in ["2026-11-10", "2026-11-29", TODAY] {
            let matter = matter(&playbook, values);
            let asked = Asked { today: on(today), ..Asked::of(&matter, &playbook, on(today)) };
            let mut long: Vec<(u8, Day)> = playbook
                .rules
                .clocks(&asked)
                .into_iter()
                .filter(|clock| clock.state == State::Running && clock.is_law() && clock.outcome.is_breach())
                .filter_map(|clock| Some((clock.number, clock.due?)))
                .collect();
            let mut short: Vec<(u8, Day)> = playbook.rules.running(&asked).into_iter().map(|(number, _, due)| (number, due)).collect();
            long.sort_unstable();
            short.sort_unstable();
            assert_eq!(long, short, "{values} on {today}");
        }
    }
}
