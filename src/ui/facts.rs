//! Which facts of a record stand in fixed places: utility, status, dates, why now, contact, what blocks it.

use super::pen::{Piece, piece};
use super::queue::late;
use super::record::Section;
use super::scene::Scene;
use super::text::{self, DOT};
use super::theme::Role;
use crate::domain::application::Application;
use crate::domain::day::{self, Day};
use crate::domain::field::{self, Kind};
use crate::domain::playbook::Status;
use crate::domain::priority;
use crate::domain::sizes;
use crate::index::queue::Row;

/// How many terms of the score are said; `why` has all.
const TERMS: usize = 3;

/// Days within which a date with a legal effect stands out.
const NEAR: i64 = 14;

pub fn sections(scene: &Scene<'_>, row: &Row<'_>, record: Option<&Application>, roomy: bool) -> Vec<Section> {
    let section = |label, text, short, tall, rank| Section { label, text, short, tall, rank };
    let mut sections = Vec::new();
    if roomy {
        sections.push(section("site", site(row, record), 0, 1, 8));
        sections.push(section("utility", utility(scene, row), 0, 2, 6));
        sections.push(section("system", system(record), 0, 2, 7));
    } else {
        let mut text = utility(scene, row);
        let system = system(record);
        if !system.is_empty() {
            text.push(piece(Role::Text, DOT));
            text.extend(system);
        }
        sections.push(section("utility", text, 1, 2, 6));
    }
    let others = same_site(scene, row);
    if !others.is_empty() {
        sections.push(section("same site", others, 1, 3, 6));
    }
    sections.push(section("status", status(scene, row, roomy), 1, 5, 1));
    sections.push(section("dates", dates(scene, row, record), 1, 3, 3));
    sections.push(section("why now", why(scene, row, roomy), 1, 4, 2));
    sections.push(section("contact", contact(scene, record), 1, 2, 5));
    sections.push(section("blocks", blocks(scene, row, record), 1, 3, 4));
    sections
}

/// Joins what is there with dots.
fn joined(parts: impl IntoIterator<Item = Piece>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for part in parts.into_iter().filter(|(_, text)| !text.is_empty()) {
        if !pieces.is_empty() {
            pieces.push(piece(Role::Text, DOT));
        }
        pieces.push(part);
    }
    pieces
}

/// The other applications of the site: a permit that is issued, a claim that waits.
fn same_site(scene: &Scene<'_>, row: &Row<'_>) -> Vec<Piece> {
    let workflow = &scene.playbook().workflow;
    let others = scene.desk.same_site.get(&row.subject).into_iter().flatten();
    let rows = others.filter_map(|subject| scene.desk.queue.find(*subject)).filter_map(|id| scene.desk.queue.row(id, scene.playbook()));
    joined(rows.flat_map(|other| {
        let warned = workflow.status(other.status).map_or("", warning);
        let lane = workflow.lane_label_of(other.status);
        let lane = if lane.is_empty() { String::new() } else { format!("{lane}: ") };
        [piece(Role::Text, text::unbroken(&format!("{} {lane}{}{warned}", other.reference, workflow.status_label(other.status))))]
    }))
}

fn site(row: &Row<'_>, record: Option<&Application>) -> Vec<Piece> {
    let of = |name: &str| record.and_then(|record| record.text(name)).unwrap_or_default();
    let mut parts = vec![row.site];
    parts.extend([of("address"), of("city"), of("state")].into_iter().filter(|part| !row.site.contains(part)));
    joined([piece(Role::Text, parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "))])
}

fn utility(scene: &Scene<'_>, row: &Row<'_>) -> Vec<Piece> {
    let mailbox = scene.playbook().utility(row.utility).map_or("", |utility| utility.mailbox.as_str());
    joined([piece(Role::Text, row.utility), piece(Role::Text, mailbox), piece(Role::Text, beside(scene, row))])
}

/// How far down the list a portal's other rows are looked for.
const BESIDE: usize = 300;

/// Rows that can be done in the same call or at the same portal: "3 more here to be looked at".
fn beside(scene: &Scene<'_>, row: &Row<'_>) -> String {
    if row.ball != "utility" {
        return String::new();
    }
    match scene.desk.queue.count_beside(row.id, scene.desk.order.iter().take(BESIDE).copied(), scene.today()) {
        0 => String::new(),
        count => text::unbroken(&format!("{count} more here today")),
    }
}

/// `solar + battery · 8.91 kW DC · 7.6 kW AC · export 5 kW · storage 5 kW / 13.5 kWh · UL 1741 SB`: every
/// number with its unit and its meaning, because "how many kW" has several answers. What is unknown is not
/// said here; `show` has the reasons.
fn system(record: Option<&Application>) -> Vec<Piece> {
    let Some(record) = record else { return Vec::new() };
    let sizes = sizes::sizes(record);
    let size = |name: &str| sizes.iter().find(|size| size.name == name);
    let shown = |name: &str| size(name).and_then(|size| size.amount).map(sizes::Amount::words);
    let part = |before: &str, name: &str, after: &str| {
        let words = shown(name).map(|shown| format!("{before}{shown}{after}")).unwrap_or_default();
        match size(name).and_then(|size| size.computed) {
            Some(computed) => piece(Role::Warn, text::unbroken(&format!("{words}, computed {}", computed.words()))),
            None => piece(Role::Text, text::unbroken(&words)),
        }
    };
    let approved = record.value("size");
    let approved = if approved.is_nothing() { String::new() } else { format!("approved {} AC", field::show(Kind::Watts, approved)) };
    let storage: Vec<String> = ["storage_power", "storage_energy"].into_iter().filter_map(shown).collect();
    let storage = if storage.is_empty() { String::new() } else { format!("storage {}", storage.join(" / ")) };
    let plain = |words: &str| piece(Role::Text, text::unbroken(words));
    joined([
        piece(Role::Text, kind(record)),
        plain(&approved),
        part("", "size_dc", " DC"),
        part("", "size_ac", " AC"),
        part("export ", "export", ""),
        plain(&storage),
        plain(certification(record)),
    ])
}

/// The team's word for the product; the technology where that word may hide it: a flywheel is storage to
/// most lists, and no battery.
fn kind(record: &Application) -> String {
    let product = record.text("product").unwrap_or_default();
    match record.text("technology") {
        Some("solar-storage") if product.is_empty() => "solar + storage".to_owned(),
        Some(technology) if product.is_empty() => technology.to_owned(),
        Some(technology @ ("flywheel" | "wind" | "hydro")) if !product.to_lowercase().contains(technology) => {
            format!("{product} ({technology})")
        }
        _ => product.to_owned(),
    }
}

fn certification(record: &Application) -> &'static str {
    match record.text("certification") {
        Some("1741") => "UL 1741",
        Some("sa") => "UL 1741 SA",
        Some("sb") => "UL 1741 SB",
        Some("none") => "not certified",
        _ => "",
    }
}

/// Approval to install must never read as the permission to run it.
fn warning(status: &Status) -> &'static str {
    let label = status.label.to_lowercase();
    if label.contains("approv") && !label.contains("operat") && !label.contains("pto") { " (not permission to operate)" } else { "" }
}

fn status(scene: &Scene<'_>, row: &Row<'_>, roomy: bool) -> Vec<Piece> {
    let workflow = &scene.playbook().workflow;
    let known = workflow.status(row.status);
    let mut pieces = vec![piece(Role::Text, workflow.status_label(row.status))];
    match known {
        Some(status) => pieces.push(piece(Role::Legal, warning(status))),
        None => pieces.push(piece(Role::Warn, " (unknown status, kept as read)")),
    }
    let between = if roomy { "\n" } else { DOT };
    // What to do stands before how long it has stood: a narrow line is cut at its end.
    let age = age(scene, row, known, roomy);
    if roomy {
        pieces.extend(age.clone().map(|(role, text)| (role, format!("\n{text}"))));
    }
    let ball = workflow.party_label(row.ball);
    let ball = if ball.is_empty() { "nobody" } else { ball };
    let owner = match (row.owner, roomy) {
        ("", _) => format!("{DOT}no owner"),
        (owner, true) => format!("{DOT}owner {owner}"),
        (_, false) => String::new(),
    };
    pieces.push(piece(Role::Text, format!("{between}{}{owner}", text::unbroken(&format!("waiting on: {ball}")))));
    if !row.task.is_empty() {
        pieces.push(piece(Role::Text, format!("{between}next: {}", row.task)));
    }
    if row.more > 0 {
        pieces.push(piece(Role::Warn, format!(" +{}", row.more)));
    }
    if !roomy {
        pieces.extend(age.map(|(role, text)| (role, format!("{DOT}{text}"))));
    }
    pieces
}

/// How long it has been in its status, and how long it may.
fn age(scene: &Scene<'_>, row: &Row<'_>, status: Option<&Status>, roomy: bool) -> Option<Piece> {
    let since = row.case.entered.get()?;
    let days = scene.playbook().calendar.between(since, scene.today());
    let (role, of) = match status.and_then(|status| status.target_days) {
        Some(target) if days > target => (Role::Overdue, format!(", target {target}!")),
        Some(target) => (Role::Text, format!(", target {target}")),
        None => (Role::Text, String::new()),
    };
    let since = if roomy { format!(" since {}", day::short(since, scene.today())) } else { String::new() };
    Some(piece(role, text::unbroken(&format!("{days} BD{since}{of}"))))
}

/// The four dates and the clocks, each by its own name, nearest first: what is past leads.
fn dates(scene: &Scene<'_>, row: &Row<'_>, record: Option<&Application>) -> Vec<Piece> {
    let case = &row.case;
    let mut dates: Vec<(Day, String, Role, String)> = Vec::new();
    let mut date = |label: String, day: Option<Day>, role: Role, time: String| dates.extend(day.map(|day| (day, label, role, time)));
    let none = String::new;
    for (clock, word) in [(case.lapse, "lapses"), (case.ours, "we owe"), (case.theirs, "rule")] {
        let label = scene.playbook().rules.clock(clock.clock).map_or("cure due".to_owned(), |rule| format!("{word}: {}", rule.label));
        date(label, clock.day.get(), Role::Legal, none());
    }
    date("they said".to_owned(), case.promised.get(), Role::Text, none());
    let time = row.follow_up.and_then(|when| when.time).map(|time| time.format(" %H:%M").to_string()).unwrap_or_default();
    date("we look".to_owned(), row.follow_up.map(|when| when.day), Role::Text, time);
    date("goal".to_owned(), case.goal.get(), Role::Text, none());
    date("approval expires".to_owned(), case.expires.get(), Role::Legal, none());
    match record {
        Some(record) => {
            for (label, field, over) in [("install", "install_on", "installed"), ("inspection", "inspection_on", "inspection-passed")] {
                date(label.to_owned(), record.day(field).filter(|_| record.milestone(over).is_none()), Role::Text, none());
            }
        }
        None => date("install or inspection".to_owned(), case.install_on.get(), Role::Text, none()),
    }
    date("incentive".to_owned(), case.incentive_due.get(), Role::Legal, none());
    date("to-do".to_owned(), case.todo_due.get(), Role::Text, none());
    dates.sort_by_key(|(day, ..)| *day);
    if dates.is_empty() {
        return vec![piece(Role::Warn, "none: it comes up every day until it has one")];
    }
    let today = scene.today();
    joined(dates.into_iter().map(|(day, label, role, time)| {
        let words = format!("{}{time}", day::short(day, today));
        let (role, words) = match day.cmp(&today) {
            std::cmp::Ordering::Less => (Role::Overdue, format!("{words}, {}", late(day, scene))),
            std::cmp::Ordering::Equal if role == Role::Legal => (role, format!("{words}, today")),
            std::cmp::Ordering::Equal => (Role::Text, format!("{words}, today")),
            // A legal day stands out when it is near; all of them always would hide the near one.
            std::cmp::Ordering::Greater if (day - today).num_days() > NEAR => (Role::Text, words),
            std::cmp::Ordering::Greater => (role, words),
        };
        // The name of a clock may be longer than a line; its day stays whole.
        piece(role, text::unbroken_end(&label, &words))
    }))
}

/// `76 = 52 we look Thu 11/19, 1 BD past + 14 …`: the largest terms of the score, by the same
/// arithmetic that ranks.
fn why(scene: &Scene<'_>, row: &Row<'_>, roomy: bool) -> Vec<Piece> {
    if row.case.legal_hold {
        return vec![piece(Role::Legal, "not ranked: legal hold")];
    }
    let playbook = scene.playbook();
    let terms = priority::terms(&row.case, playbook, scene.today());
    let total: i32 = terms.iter().map(|term| term.points).sum();
    let mut pieces = vec![piece(Role::Text, format!("{total} pts"))];
    for (idx, term) in terms.iter().take(TERMS).enumerate() {
        pieces.push(piece(
            Role::Text,
            match (roomy, idx) {
                (true, _) => format!("\n{}  {}", text::unbroken(&format!("{:>3}", term.points)), term.because),
                (false, 0) => format!(" = {} {}", term.points, term.because),
                (false, _) => format!(" + {} {}", term.points, term.because),
            },
        ));
    }
    if terms.len() > TERMS {
        pieces.push(piece(Role::Text, format!(" + {} more", terms.len() - TERMS)));
    }
    pieces
}

fn contact(scene: &Scene<'_>, record: Option<&Application>) -> Vec<Piece> {
    let Some(record) = record else { return vec![piece(Role::Dim, "reading the record…")] };
    let of = |name: &str| record.text(name).unwrap_or_default();
    let phone = of("customer_phone");
    let consent = match (phone.is_empty(), record.flag("sms_consent")) {
        (true, _) => piece(Role::Text, ""),
        (_, true) => piece(Role::Ok, "SMS ok"),
        (_, false) => piece(Role::Text, "no SMS consent"),
    };
    let tried = piece(Role::Warn, tries(scene, record));
    let zone = of("customer_zone");
    let none = [phone, of("customer_email"), zone].iter().all(|text| text.is_empty());
    let none = piece(Role::Warn, if none { "no phone and no email on file" } else { "" });
    joined([tried, none, piece(Role::Text, phone), consent, piece(Role::Text, of("customer_email")), piece(Role::Text, zone)])
}

/// `tried: customer 2x`: since they last answered.
fn tries(scene: &Scene<'_>, record: &Application) -> String {
    let workflow = &scene.playbook().workflow;
    let tried = workflow.parties.iter().map(|party| (party, record.attempts(&party.name))).filter(|(_, count)| *count > 0);
    let words: Vec<String> = tried.map(|(party, count)| format!("{} {count}x", party.label)).collect();
    if words.is_empty() { String::new() } else { text::unbroken(&format!("tried: {}", words.join(", "))) }
}

/// What stands in the way, the gravest first.
fn blocks(scene: &Scene<'_>, row: &Row<'_>, record: Option<&Application>) -> Vec<Piece> {
    let outage = scene.playbook().utility_state(row.utility).and_then(|state| state.down(scene.today()));
    let outage = outage.map(|outage| outage.words(scene.today())).unwrap_or_default();
    let of = |name: &str| record.and_then(|record| record.text(name)).unwrap_or_default();
    let said = |words: &str, text: &str| if text.is_empty() { String::new() } else { format!("{words}{text}") };
    let conflicts = record.map_or(0, |record| record.conflicts.len());
    let flag = |is: bool, words: &str| if is { words.to_owned() } else { String::new() };
    let blocks = joined([
        piece(Role::Legal, flag(row.case.legal_hold, "legal hold: nothing may change but its release")),
        piece(Role::Warn, said("on hold: ", row.hold)),
        piece(Role::Warn, outage),
        piece(
            Role::Error,
            match conflicts {
                0 => String::new(),
                1 => "1 value in conflict".to_owned(),
                many => format!("{many} values in conflict"),
            },
        ),
        piece(Role::Warn, flag(row.case.escalated, "escalated")),
        piece(Role::Warn, flag(row.case.complaint, "complaint")),
        piece(Role::Text, said("deficiency: ", of("deficiency"))),
        piece(Role::Text, said("missing: ", of("missing"))),
        piece(Role::Text, flag(record.is_some_and(|record| record.flag("until_activity")), "away until something arrives")),
        piece(Role::Text, said("ended: ", of("ended_reason"))),
    ]);
    if blocks.is_empty() { vec![piece(Role::Dim, "nothing that we know of")] } else { blocks }
}

/// The words of a value, for conflicts.
pub fn value_words(name: &str, value: &crate::domain::value::Value) -> String {
    let kind = field::find(name).map_or(Kind::Text, |field| field.kind);
    let words = field::show(kind, value);
    if words.is_empty() { "nothing".to_owned() } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::application;

    fn line(fields: &[(&str, &str)]) -> String {
        system(Some(&application(fields))).into_iter().map(|(_, text)| text).collect::<String>().replace('\u{a0}', " ")
    }

    #[test]
    fn the_system_line_has_a_unit_and_a_meaning_for_every_number() {
        let whole = [
            ("product", "pv+ess"),
            ("array", "22 x 405 W"),
            ("inverters", "1 x 7.6 kW"),
            ("storage_units", "1 x 5 kW / 13.5 kWh"),
            ("coupling", "dc"),
            ("export", "5 kW"),
            ("certification", "sb"),
        ];
        assert_eq!(line(&whole), "pv+ess · 8.91 kW DC · 7.6 kW AC · export 5 kW · storage 5 kW / 13.5 kWh · UL 1741 SB");
        let differs = [&whole[..], &[("size_ac", "7.7 kW"), ("size", "7 kW")]].concat();
        assert!(line(&differs).starts_with("pv+ess · approved 7 kW AC · 8.91 kW DC · 7.7 kW AC, computed 7.6 kW · "), "{}", line(&differs));
        let warns = system(Some(&application(&differs))).iter().filter(|(role, _)| *role == Role::Warn).count();
        assert_eq!(warns, 1, "what was typed and is not what the equipment gives");
        for (fields, says) in [
            (vec![("product", "ess"), ("technology", "flywheel")], "ess (flywheel)"),
            (vec![("technology", "flywheel"), ("storage_power", "240 kW")], "flywheel · storage 240 kW"),
            (vec![("technology", "solar-storage")], "solar + storage"),
            (vec![("export_mode", "non-export"), ("certification", "none")], "export 0 W · not certified"),
            (vec![("site", "12 Elm")], ""),
        ] {
            assert_eq!(line(&fields), says);
        }
    }
}
