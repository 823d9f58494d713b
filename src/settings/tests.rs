//! Do the shipped files load, and is every mistake named with its file and line?
#![allow(clippy::disallowed_methods, reason = "the bad files and the list of shipped files are read from the source tree")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::*;
use crate::domain::day::{Day, parse_day};
use crate::domain::import::Target;
use crate::domain::playbook::Confidence;
use crate::domain::priority::Signal;
use crate::domain::utility::AfterHours;
use crate::domain::when;
use crate::keys::action::{ACTIONS, Layer};
use crate::keys::chord::{Key, parse_keys, show_keys};
use crate::keys::keymap::Found;
use crate::ui::theme::Role;

fn file(path: &str, text: &str) -> File {
    File { path: path.to_owned(), text: text.to_owned() }
}

fn residential(site: &[File], user: &[File]) -> Result<Settings, Vec<String>> {
    load(DeskKind::Residential, site, user).map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

fn shipped_settings() -> Settings {
    residential(&[], &[]).unwrap_or_else(|problems| panic!("{}", problems.join("\n")))
}

/// Every desk that is shipped, loaded.
fn shipped_desks() -> Vec<Settings> {
    let names = desks(shipped());
    assert!(names.contains(&"residential") && names.contains(&"commercial"), "{names:?}");
    let kinds = DeskKind::ALL.into_iter().filter(|desk| names.contains(&desk.name()));
    kinds.map(|desk| load(desk, &[], &[]).unwrap_or_else(|problems| panic!("{}: {problems:?}", desk.name()))).collect()
}

fn day(text: &str) -> Day {
    parse_day(text).expect("a constant")
}

fn toml_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap_or_else(|err| panic!("{}: {err}", folder.display())) {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            found.extend(toml_files(&path));
        } else if path.extension().is_some_and(|end| end == "toml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn every_file_of_the_source_tree_is_shipped() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let on_disk: BTreeSet<String> = ["playbooks", "keymaps", "themes"]
        .iter()
        .flat_map(|folder| toml_files(&root.join(folder)))
        .map(|path| path.strip_prefix(root).expect("below the root").display().to_string())
        .collect();
    assert_eq!(on_disk, shipped().iter().map(|(path, _)| (*path).to_owned()).collect());
}

/// What the message editor makes of a message must be the message, for each that is shipped.
#[test]
fn every_shipped_message_goes_through_the_editor_unchanged() {
    for Settings { playbook, .. } in shipped_desks() {
        for message in &playbook.messages {
            use crate::domain::message::made::{asks_line, read_asks};
            assert_eq!(read_asks(&asks_line(&message.asked)), message.asked, "{}", message.name);
            assert_eq!(message.faults(&playbook.workflow), [], "{}", message.name);
        }
    }
}

/// The spine is the same wherever somebody applies, or figures of two desks could not be compared; so are the lanes.
#[test]
fn the_desks_of_the_applicants_side_share_their_statuses() {
    let ids = "intake pre-application package-build customer-signature ready-to-submit submitted fee-due acknowledged deficiency \
               resubmitted deemed-complete screening screen-failed supplemental-review study approved-to-install agreement \
               utility-upgrades installing ahj-inspection completion-sent completion-rejected witness-test meter pto post-pto closed ended";
    for Settings { playbook, .. } in shipped_desks().into_iter().filter(|settings| settings.playbook.desk != DeskKind::Utility) {
        let flow = &playbook.workflow;
        let of = |lane: &str| {
            let here = flow.statuses.iter().filter(|status| status.lane == lane || lane == "utility" && status.lane.is_empty());
            here.map(|status| status.name.as_str()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(of("utility"), ids);
        assert_eq!(flow.lanes.iter().map(|lane| &*lane.name).collect::<Vec<_>>(), ["utility", "ahj", "fire", "incentive", "enrolment"]);
        for (lane, first, last) in [
            ("utility", "intake", "post-pto"),
            ("ahj", "permit-preparation", "inspection-passed"),
            ("fire", "fire-preparation", "fire-approved"),
            ("incentive", "claim-to-file", "claim-paid"),
            ("enrolment", "enrolment-preparation", "first-bill"),
        ] {
            assert_eq!(flow.first(lane).map(|status| &*status.name), Some(first));
            // What has ended is applied for again from the start, what was closed goes back to its last step.
            assert!(flow.is_legal("ended", first) && flow.is_legal("closed", last) && flow.is_legal(last, "closed"), "{lane}");
            let again = |one: &Disposition| one.from == ["ended"] && one.status.as_deref() == Some(first);
            assert!(playbook.dispositions.iter().any(again), "{lane}");
        }
    }
}

#[test]
fn the_shipped_files_load() {
    let settings = shipped_settings();
    let playbook = &settings.playbook;
    assert_eq!((playbook.dispositions.len(), playbook.messages.len(), playbook.utilities.len()), (91, 28, 9));
    assert_eq!(
        settings.profiles.iter().map(|profile| profile.name.as_str()).collect::<Vec<_>>(),
        ["crm-report", "list", "miso", "pjm", "portal-list", "tracker", "ukpn"]
    );
    assert_eq!((settings.options, settings.theme.name.as_str()), (Options { guard_ms: 250, glyphs: Glyphs::Unicode, links: true }, "dark"));
    assert!(playbook.name.starts_with("residential@") && playbook.name.len() == 20, "{}", playbook.name);
    assert_eq!(playbook.weights.of(Signal::Promised).cap, 60);
    assert_eq!(playbook.utility("pacific gas & electric").map(|utility| utility.short.as_str()), Some("PG&E"));
    let quirks = &playbook.utility("PGE").expect("a shipped utility").quirks;
    assert_eq!(
        quirks[1].line(),
        "Review is typically 15 to 30 business days. [portlandgeneral.com, an older copy of the page; from general knowledge]"
    );
}

#[test]
fn the_shipped_utilities_keep_source_and_confidence() {
    let playbook = shipped_settings().playbook;
    for utility in &playbook.utilities {
        let all = utility.technical.facts().into_iter().chain(utility.pto.facts()).filter_map(|(name, _, fact)| Some((name, fact?)));
        let more = [("regulator", &utility.regulator), ("platform", &utility.platform), ("signature", &utility.signature)];
        for (name, fact) in all.chain(more.into_iter().filter_map(|(name, fact)| Some((name, fact.as_ref()?)))) {
            assert!(!fact.source.is_empty() && fact.confidence != Confidence::Low, "{} {name}: {fact:?}", utility.short);
        }
        assert!(utility.eia.is_none() && utility.last_verified.is_none() && utility.cut_off.is_none(), "{}: nobody looked", utility.short);
        assert!(!utility.quirks.is_empty() && !utility.contacts.is_empty() && utility.ownership.is_some(), "{}", utility.short);
        let after = utility.after_hours.as_ref().expect("each says how sure it is");
        let wanted = match utility.short.as_str() {
            "RMP" => (AfterHours::SameDay, Confidence::Sourced),
            _ => (AfterHours::NextBusinessDay, Confidence::Medium),
        };
        assert_eq!((after.is, after.confidence), wanted, "{}", utility.short);
    }
    let rmp = playbook.utility("RMP").expect("it is shipped");
    let fees: Vec<(&str, &str)> = rmp.fees.iter().map(|fee| (fee.tier.as_str(), fee.amount.as_str())).collect();
    let known = [("level 1", "$60"), ("level 2", "$75 + $1.50/kW"), ("level 3", "$150 + $3.00/kW"), ("meter", "$200")];
    assert_eq!(fees, [known.as_slice(), &[("every level", "")]].concat());
    assert_eq!(playbook.utility("PGE").map(|utility| utility.metering_mailbox.as_str()), Some("pge-metering@example.com"));
    let steps: Vec<&str> = playbook.steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(steps, ["acknowledgement", "completeness", "review", "agreement", "meter", "permission", "whole"]);
    for code in playbook.steps.iter().flat_map(|step| step.from.iter().chain(&step.to)) {
        assert!(playbook.workflow.milestones.iter().any(|(known, _)| known == code), "{code}");
    }
}

/// Whoever puts other words over a fact says who says so: the source below must not vouch for them.
#[test]
fn a_sites_fact_never_keeps_the_source_of_another() {
    let text = "[[utility]]\nname = \"Rocky Mountain Power\"\ncut_off = \"16:30\"\nlast_verified = \"2026-11-20\"\n\
                after_hours = { says = \"next-business-day\", source = \"their intake desk\", confidence = \"practice\" }\n\
                [[utility.fee]]\nprogram = \"Schedule 136\"\ntier = \"level 1\"\nsource = \"ours\"\nconfidence = \"practice\"\n\
                [[utility.contact]]\nrole = \"metering\"\nmailbox = \"meters@example.com\"\nsource = \"ours\"\nconfidence = \"practice\"\n";
    let playbook = residential(&[file("playbooks/utilities/ours.toml", text)], &[]).expect("a sound page").playbook;
    let rmp = playbook.utility("RMP").expect("it is there");
    let after = rmp.after_hours.as_ref().expect("it is said");
    assert_eq!(
        (after.is, after.source.as_str(), after.confidence),
        (AfterHours::NextBusinessDay, "their intake desk", Confidence::Practice)
    );
    let cut_off = rmp.cut_off.as_ref().expect("it is said");
    assert_eq!((cut_off.is.to_string().as_str(), cut_off.confidence), ("16:30:00", Confidence::Low), "nobody said who says so");
    assert_eq!((rmp.fees[0].amount.as_str(), rmp.fees[0].source.as_str()), ("", "ours"), "replaced whole");
    assert_eq!((rmp.metering_mailbox.as_str(), rmp.mailbox.as_str()), ("meters@example.com", "rmp-intake@example.com"));
    assert_eq!((rmp.last_verified, rmp.fees.len(), rmp.contacts.len()), (Some(day("2026-11-20")), 5, 3));
}

#[test]
fn the_readmes_page_of_a_utility_can_be_read() {
    let readme = include_str!("../../README.md");
    let (_, example) = readme.split_once("### The process book").and_then(|(_, rest)| rest.split_once("```toml\n")).expect("it has one");
    let (example, _) = example.split_once("```").expect("the example ends");
    let playbook = residential(&[file("playbooks/utilities/ours.toml", example)], &[]).expect("a sound page").playbook;
    let rmp = playbook.utility("RMP").expect("it is shipped");
    assert_eq!((rmp.metering_mailbox.as_str(), rmp.last_verified), ("meters@example.com", Some(day("2026-11-20"))));
    let (quirk, on) = (rmp.quirks.last().expect("it has some"), day("2027-05-31"));
    assert!(quirk.counts(on) && !quirk.counts(on.succ_opt().expect("a day")) && rmp.promises.len() == 3);
}

#[test]
fn the_shipped_calendar_is_the_federal_one() {
    let calendar = shipped_settings().playbook.calendar;
    for (text, why) in [
        ("2026-01-19", "Martin Luther King Jr. Day"),
        ("2026-02-16", "Washington's Birthday"),
        ("2026-05-25", "Memorial Day"),
        ("2026-06-19", "Juneteenth"),
        ("2026-07-03", "Independence Day (observed)"),
        ("2026-09-07", "Labor Day"),
        ("2026-10-12", "Columbus Day"),
        ("2026-11-11", "Veterans Day"),
        ("2026-11-26", "Thanksgiving Day"),
        ("2026-12-25", "Christmas Day"),
        ("2027-05-31", "Memorial Day"),
        ("2027-07-05", "Independence Day (observed)"),
        ("2027-12-24", "Christmas Day (observed)"),
        ("2027-12-31", "New Year's Day (observed)"),
    ] {
        assert_eq!(calendar.closed(day(text)), Some(why), "{text}");
    }
    assert_eq!(calendar.closed(day("2020-06-19")), None, "not yet a holiday");
    assert_eq!(calendar.add(day("2026-10-08"), 3), Some(day("2026-10-14")));
}

/// Worked out by hand; what is counted stands beside each.
#[test]
fn each_calendar_counts_as_its_rule_says() {
    let pages = shipped_settings().playbook.calendars;
    let names: Vec<&str> = pages.iter().map(|page| page.name.as_str()).collect();
    assert_eq!(names, ["california", "federal", "office", "oregon", "utah"]);
    for (name, start, days, due) in [
        // 12 Oct is Columbus Day: 9, 13, 14 Oct. Oregon has none: 9, 12, 13.
        ("federal", "2026-10-08", 3, "2026-10-14"),
        ("utah", "2026-10-08", 3, "2026-10-14"),
        ("oregon", "2026-10-08", 3, "2026-10-13"),
        // Pioneer Day, Friday 24 July, is a business day of Utah's rule: 21, 22, 23, 24, 27, 28, 29, 30, 31, 3 Aug.
        ("utah", "2026-07-20", 10, "2026-08-03"),
        // 25 and 27 Nov, 30 Nov to 4 Dec, 7 to 9 Dec; the day after Thanksgiving counts.
        ("oregon", "2026-11-24", 10, "2026-12-09"),
        // The same with 27 Nov closed.
        ("california", "2026-11-24", 10, "2026-12-10"),
        // 17 to 20 Nov, 23 to 25 Nov, 30 Nov, 1 and 2 Dec.
        ("office", "2026-11-16", 10, "2026-12-02"),
        // November 2030 begins on a Friday: Thanksgiving is the 28th, and the day after is its fifth Friday.
        ("california", "2030-11-27", 1, "2030-12-02"),
        ("california", "2030-11-21", 1, "2030-11-22"),
        // 31 March 2030 is a Sunday, kept on Monday; in 2029 it is a Saturday, and the Friday before is open.
        ("california", "2030-03-29", 1, "2030-04-02"),
        ("california", "2029-03-29", 1, "2029-03-30"),
        // 4 July 2026 is a Saturday: the 3rd is left out.
        ("oregon", "2026-07-02", 1, "2026-07-06"),
        // 24 Dec 2027 is Christmas as it is observed, and Christmas Eve: one day, not two.
        ("office", "2027-12-23", 1, "2027-12-27"),
    ] {
        let page = pages.iter().find(|page| page.name == name).expect("it is shipped");
        assert_eq!(Calendar::new(name, &page.holidays).add(day(start), days), Some(day(due)), "{name}: {start} + {days}");
    }
    for page in &pages {
        assert_eq!(page.planning, page.name == "office", "only practice is for follow-ups alone: {}", page.name);
        assert!(!page.source.is_empty() && page.confidence != Confidence::Unknown, "{}", page.name);
    }
}

#[test]
fn what_the_workflow_offers_can_be_done() {
    for Settings { playbook, .. } in shipped_desks() {
        let (flow, desk) = (&playbook.workflow, playbook.desk.name());
        for disposition in &playbook.dispositions {
            for from in &disposition.from {
                let to = disposition.status.as_ref().unwrap_or(from);
                assert!(flow.is_legal(from, to), "{desk}: {} from {from}", disposition.name);
            }
        }
        let from_day = day("2026-11-20");
        let spans = flow.statuses.iter().map(|status| &status.follow_up);
        let spans = spans.chain(playbook.dispositions.iter().filter_map(|one| one.follow_up.as_ref()));
        // A follow-up counted from a day that the disposition asks for names the day before its span: `install_on+1b`.
        let spans = spans.map(|span| span.split_once(['+', '-']).map_or(span.as_str(), |(_, span)| span));
        for span in spans.filter(|span| !span.is_empty() && *span != "promised") {
            assert!(when::read(span, from_day, &playbook.calendar).is_ok_and(|resolved| resolved.when.day > from_day), "{span}");
        }
        for status in flow.statuses.iter().filter(|status| status.open) {
            assert!(flow.is_legal(&status.name, "ended") && !status.task.is_empty(), "{desk}: {}", status.name);
        }
        for (from, to) in [("submitted", "pto"), ("intake", "approved-to-install"), ("approved-to-install", "pto"), ("closed", "ended")] {
            assert!(!flow.is_legal(from, to), "{desk}: {from} to {to}");
        }
    }
}

/// Nobody needs the list of statuses for the usual way: the quick actions alone lead to the end of it.
#[test]
fn quick_actions_lead_through_every_lane() {
    for Settings { playbook, .. } in shipped_desks() {
        let flow = &playbook.workflow;
        for lane in flow.lanes.iter().filter(|lane| flow.first(&lane.name).is_some()) {
            let mut reached = BTreeSet::from([flow.first(&lane.name).map_or("", |first| &*first.name)]);
            loop {
                let more: Vec<&str> = playbook
                    .dispositions
                    .iter()
                    .filter(|one| {
                        let starts =
                            |from: &&str| if one.from.is_empty() { flow.is_open(from) } else { one.from.iter().any(|name| name == from) };
                        let to = one.status.as_deref().unwrap_or_default();
                        reached.iter().any(|from| starts(from) && flow.is_legal(from, to))
                    })
                    .filter_map(|one| one.status.as_deref())
                    .filter(|to| flow.is_in_lane(to, &lane.name) && !reached.contains(to))
                    .collect();
                if more.is_empty() {
                    break;
                }
                reached.extend(more);
            }
            // The other desks leave some steps of the utility's lane to the list.
            let whole = lane.name != "utility" || playbook.desk == DeskKind::Commercial;
            let wanted = flow.of_lane(&lane.name).filter(|status| whole || !status.open);
            let missing: Vec<&str> = wanted.map(|status| &*status.name).filter(|name| !reached.contains(name)).collect();
            assert!(missing.is_empty(), "{}, {}: {missing:?}", playbook.desk.name(), lane.name);
        }
    }
}

/// Approval to install is not permission to operate, in flags and in words.
#[test]
fn nothing_is_approved_before_it_is_and_no_words_say_so() {
    for Settings { playbook, .. } in shipped_desks().into_iter().filter(|settings| settings.playbook.desk != DeskKind::Utility) {
        let flow = &playbook.workflow;
        let after = |name: &str| flow.statuses.iter().position(|status| status.name == name);
        for status in &flow.statuses {
            let utility = status.lane != "ahj" && status.lane != "fire" && status.lane != "incentive" && status.lane != "enrolment";
            let wanted = utility && after(&status.name) >= after("approved-to-install") && status.name != "ended";
            assert_eq!(status.approved, wanted, "{}", status.name);
        }
        let approval = playbook.disposition("approved").expect("both desks have it");
        assert_eq!((approval.label.as_str(), approval.status.as_deref()), ("approved to install", Some("approved-to-install")));
        for one in playbook.dispositions.iter().filter(|one| one.status.as_deref() != Some("pto") && !one.label.contains("PTO")) {
            assert!(!one.label.contains("operate"), "{}", one.name);
        }
    }
}

#[test]
fn messages_of_the_digits_need_no_value_that_the_company_has_not_given() {
    for settings in shipped_desks().into_iter().filter(|settings| settings.playbook.desk != DeskKind::Utility) {
        for digit in ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"] {
            let Found::Hit(binding) = settings.keymap.get(Layer::Queue, &[Key::parse(digit).expect("a digit")]) else { panic!("{digit}") };
            let name = binding.run.argument.as_deref().expect("a digit runs a disposition");
            assert!(binding.say.chars().count() <= 13, "{digit} {}: ten of them must fit on 80 columns", binding.say);
            let disposition = settings.playbook.disposition(name).expect("the keymap was checked");
            let Some(message) = disposition.message.as_ref().and_then(|name| settings.playbook.message(name)) else { continue };
            let fields = crate::domain::message::fields(message).expect("the messages were checked");
            let known = [
                ["application_number", "site_address", "utility_name", "coordinator_name", "first_name"].as_slice(),
                // What every application has from the day on which it is opened.
                &["reference", "status_label", "days_in_status", "today"],
                &["note", "send_to"],
            ]
            .concat();
            // What is asked is asked before Enter; what has another source must be there.
            let asked = |field: &str| message.asked.iter().any(|asked| asked.name == field);
            assert!(fields.iter().all(|field| known.contains(&field.as_str()) || asked(field)), "{name}: {fields:?}");
        }
    }
}

#[test]
fn every_action_and_every_disposition_has_a_key() {
    for settings in shipped_desks() {
        for action in ACTIONS.iter().filter(|action| action.takes.is_none()) {
            assert!(settings.keymap.keys_of(action.name, None).is_some(), "{}", action.name);
        }
        for disposition in &settings.playbook.dispositions {
            let desk = settings.playbook.desk.name();
            assert!(settings.keymap.keys_of("touch", Some(&disposition.name)).is_some(), "{desk}: {}", disposition.name);
        }
    }
    let asked = shipped_settings();
    let asked = asked.keymap.get(Layer::Queue, &parse_keys("a c").expect("a constant"));
    assert!(matches!(asked, Found::Hit(binding) if binding.say == "asked the customer for documents"));
}

/// Somebody who changes desks keeps their keys: a quick action of one name has one chord.
#[test]
fn the_chords_of_both_applicant_desks_agree() {
    let [residential, commercial] = [DeskKind::Residential, DeskKind::Commercial].map(|desk| load(desk, &[], &[]).expect("it is shipped"));
    let chords = |settings: &Settings, name: &str| {
        let touch = |binding: &&crate::keys::keymap::Binding| binding.run.argument.as_deref() == Some(name) && binding.keys.len() > 1;
        settings.keymap.bindings().iter().filter(touch).map(|binding| show_keys(&binding.keys)).collect::<Vec<_>>()
    };
    for disposition in residential.playbook.dispositions.iter().filter(|one| commercial.playbook.disposition(&one.name).is_some()) {
        let name = &disposition.name;
        assert_eq!(chords(&residential, name), chords(&commercial, name), "{name}");
    }
}

#[test]
fn a_theme_is_still_told_apart_without_colour() {
    for name in ["dark", "light", "mono"] {
        let chosen = file("themes/options.toml", &format!("theme = \"{name}\"\nguard_ms = 100\n"));
        let settings = residential(&[], &[chosen]).expect("a shipped theme");
        assert_eq!((settings.theme.name.as_str(), settings.options.guard_ms), (name, 100));
        let plain = settings.theme.without_colour();
        for (one, other) in [(Role::Due, Role::Text), (Role::Overdue, Role::Text), (Role::Selection, Role::Text), (Role::Error, Role::Ok)] {
            assert_ne!(plain.style(one), plain.style(other), "{name}: {} and {}", one.name(), other.name());
        }
    }
}

#[test]
fn profiles_read_their_dates_in_the_right_place() {
    let settings = shipped_settings();
    let miso = settings.profiles.iter().find(|profile| profile.name == "miso").expect("it is shipped");
    let date = miso.columns.iter().find_map(|column| match &column.target {
        Target::Milestone { code, date } if code == "withdrawn" => Some(date),
        _ => None,
    });
    let date = date.expect("the profile has it");
    let stamp = chrono::DateTime::parse_from_str("2025-12-23T05:00:00+00:00", &date.formats[0]).expect("a stamp of the file");
    assert_eq!(stamp.with_timezone(&date.zone.expect("a zone")).date_naive(), day("2025-12-23"));
    let status = |column: &str, word: &str| {
        let rule = miso.statuses.iter().find(|rule| rule.column == column && rule.word == word);
        rule.map(|rule| (rule.status.as_str(), rule.ended_reason.as_deref()))
    };
    assert_eq!(status("applicationStatus", "Withdrawn"), Some(("ended", Some("withdrawn"))));
    assert_eq!(status("studyPhase", "GIA"), Some(("agreement", None)));
}

#[test]
fn the_digest_is_the_playbooks_and_not_a_persons() {
    let shipped = shipped_settings().playbook.name;
    let mine = file("keymaps/mine.toml", "[[bind]]\nlayer = \"queue\"\non = \"f9\"\nrun = \"note\"\n");
    let ours = file("playbooks/priority.toml", "[escalated]\npoints = 90\n");
    assert_eq!(residential(&[], std::slice::from_ref(&mine)).expect("a sound file").playbook.name, shipped);
    let site = residential(std::slice::from_ref(&ours), &[]).expect("a sound file");
    assert_ne!(site.playbook.name, shipped);
    assert_eq!(site.playbook.weights.of(Signal::Escalated).points, 90);
    assert_eq!(site.playbook.weights.of(Signal::Goal).points, 30, "the rest is as shipped");
}

#[test]
fn a_persons_keymap_goes_over_the_sites_and_can_take_keys_away() {
    let bind = |on: &str, run: &str| format!("[[bind]]\nlayer = \"queue\"\non = \"{on}\"\nrun = \"{run}\"\n");
    let site = file("keymaps/site.toml", &[bind("n", "edit"), bind("f9", "undo")].concat());
    let mine = file("keymaps/mine.toml", &[bind("n", "history"), bind("g g", "nothing"), bind("g", "first-row")].concat());
    let other = file("keymaps/commercial.toml", "[[bind]]\nlayer = \"queue\"\non = \"n\"\nrun = \"quit\"\n");
    let keymap = residential(&[site], &[mine, other]).expect("sound files").keymap;
    for (on, runs) in [("n", "history"), ("f9", "undo"), ("g", "first-row"), ("u", "undo")] {
        let keys = parse_keys(on).expect("a constant");
        let Found::Hit(binding) = keymap.get(Layer::Queue, &keys) else { panic!("{on}") };
        assert_eq!(binding.run.action.name, runs, "{}", show_keys(&keys));
    }
}

#[test]
fn a_desk_without_a_workflow_names_those_that_have_one() {
    let names = desks(shipped());
    for desk in DeskKind::ALL.into_iter().filter(|desk| !names.contains(&desk.name())) {
        let problems = load(desk, &[], &[]).expect_err("no workflow is shipped");
        let name = desk.name();
        let says = format!(
            "playbooks/{name}/workflow.toml: desk: read {name}, wanted one of {}; the other desks come with a later release",
            names.join(", ")
        );
        assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), [says]);
    }
}

/// How many names are known changes with every new action or status, and is no part of a mistake.
fn without_counts(line: &str) -> String {
    match line.rsplit_once(" (") {
        Some((start, end)) if end.ends_with(" in all)") => start.to_owned(),
        _ => line.to_owned(),
    }
}

/// Each file of `tests/bad/settings` has one mistake. Its first lines say where it would stand
/// (`# site: PATH` or `# user: PATH`) and, each after `# says: `, the problems that it brings.
#[test]
fn every_mistake_is_named() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad/settings");
    let files = toml_files(&folder);
    assert!(files.len() >= 40, "{} bad files", files.len());
    let mut wrong = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let after = |start: &str| text.lines().filter_map(|line| line.strip_prefix(start)).map(str::to_owned).collect::<Vec<_>>();
        let (site, user) = (after("# site: "), after("# user: "));
        let given = |paths: &[String]| paths.iter().map(|path| file(path, &text)).collect::<Vec<_>>();
        let says = residential(&given(&site), &given(&user)).err().unwrap_or_default();
        let plain = |lines: &[String]| lines.iter().map(|line| without_counts(line)).collect::<Vec<_>>();
        if says.is_empty() || plain(&says) != plain(&after("# says: ")) {
            let says: Vec<String> = says.iter().map(|line| format!("# says: {line}")).collect();
            wrong.push(format!("{}\n{}", path.display(), says.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

const PAGE: &str = include_str!("../../playbooks/profiles/README.md");

#[test]
fn the_page_on_profiles_names_every_key() {
    let (_, example) = PAGE.split_once("```toml\n").expect("the page has an example");
    let (example, _) = example.split_once("```").expect("the example ends");
    let workflow = shipped_settings().playbook.workflow;
    let read = profile("example.toml", "ours", example, &workflow).unwrap_or_else(|problems| panic!("{problems:?}"));
    assert!(read.columns.len() >= 5 && !read.filters.is_empty() && !read.statuses.is_empty(), "the example has a bit of everything");
    let problems = Problems::default();
    profile::read(&tree::parse("a.toml", example).expect("TOML"), "ours", "a.toml", &workflow, &problems);
    let keys = problems.asked.borrow().clone();
    assert!(keys.len() >= 30 && keys.contains("dated_notes"), "{keys:?}");
    let missing: Vec<&String> = keys.iter().filter(|key| !PAGE.contains(&format!("`{key}`"))).collect();
    assert!(missing.is_empty(), "playbooks/profiles/README.md does not name {missing:?}");
}
