//! What does a utility's page say, in words? The same page on screen and on the command line; what
//! nobody knows is shown as unknown.

use super::day::{Day, short};
use super::playbook::{Confidence, Playbook};
use super::turnaround::{Milestones, Observed, observe};
use super::utility::{Contact, Fact, Fee, Form, Program, ProgramState, Quirk, Utility, vouched};
use super::utility_state::UtilityState;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tone {
    Known,
    Unknown,
    /// Something is in the way.
    Warning,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Empty: the text stands alone.
    pub label: String,
    pub text: String,
    pub tone: Tone,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Section {
    pub title: &'static str,
    pub lines: Vec<Line>,
}

/// What a page is made of.
#[derive(Clone, Copy)]
pub struct Page<'a> {
    pub utility: &'a Utility,
    /// What the team added.
    pub state: &'a UtilityState,
    pub playbook: &'a Playbook,
    /// `None`: it is still being read.
    pub observed: Option<&'a [Observed]>,
    pub today: Day,
}

/// What our own applications tell of a utility's steps. Days that an agreement stopped do not count.
pub fn observed(playbook: &Playbook, state: &UtilityState, applications: &[Milestones]) -> Vec<Observed> {
    observe(&playbook.steps, applications, |from, to| state.business_days(&playbook.calendar, from, to))
}

fn known(label: &str, text: impl Into<String>) -> Line {
    Line { label: label.to_owned(), text: text.into(), tone: Tone::Known }
}

fn unknown(label: &str) -> Line {
    Line { label: label.to_owned(), text: "unknown".to_owned(), tone: Tone::Unknown }
}

/// A text, or that it is unknown.
fn text(label: &str, text: &str) -> Line {
    if text.is_empty() { unknown(label) } else { known(label, text) }
}

fn fact(label: &str, fact: Option<&Fact>) -> Line {
    fact.map_or_else(|| unknown(label), |fact| known(label, fact.with(&fact.is)))
}

fn all_or_unknown(lines: Vec<Line>) -> Vec<Line> {
    if lines.is_empty() { vec![unknown("")] } else { lines }
}

/// The words that are there, with a dot between them.
fn joined(parts: &[String]) -> String {
    parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(", ")
}

pub fn page(page: &Page<'_>) -> Vec<Section> {
    let utility = page.utility;
    let section = |title, lines| Section { title, lines };
    let mut sections = Vec::new();
    if let Some(outage) = page.state.down(page.today) {
        let because = if outage.reason.is_empty() { String::new() } else { format!("; {}", outage.reason) };
        let text = format!("{}{because}; since {}", outage.words(page.today), short(outage.since, page.today));
        sections.push(section("now", vec![Line { label: String::new(), text, tone: Tone::Warning }]));
    }
    let technical = utility.technical.facts().into_iter().map(|(_, label, told)| fact(label, told)).collect();
    let pto = utility.pto.facts().into_iter().map(|(_, label, told)| fact(label, told)).collect();
    sections.extend([
        section("identity", identity(page)),
        section("programs", all_or_unknown(utility.programs.iter().map(program).collect())),
        section("submit", submit(utility)),
        section("fees", all_or_unknown(utility.fees.iter().map(|one| fee(one, page.today)).collect())),
        section("contacts", all_or_unknown(contacts(utility))),
        section("clocks", clocks(page)),
        section("turnaround", turnaround(page)),
        section("technical", technical),
        section("permission to operate", pto),
        section("quirks", quirks(page)),
        section("added by the team", added(page)),
    ]);
    sections
}

fn identity(page: &Page<'_>) -> Vec<Line> {
    let utility = page.utility;
    let ownership = utility.ownership.as_ref().map(|told| told.with(told.is.words()));
    let confidence = utility.confidence.map(Confidence::name).unwrap_or_default();
    vec![
        text("short name", &utility.short),
        known("also written", if utility.aliases.is_empty() { "nothing else".to_owned() } else { utility.aliases.join(", ") }),
        text("type", ownership.as_deref().unwrap_or_default()),
        text("states", &utility.states.join(", ")),
        fact("regulator", utility.regulator.as_ref()),
        fact("EIA id", utility.eia.as_ref()),
        text("source", &utility.source),
        text("confidence", confidence),
        text("last verified", &utility.last_verified.map(|day| short(day, page.today)).unwrap_or_default()),
    ]
}

fn program(program: &Program) -> Line {
    let state = if program.state == ProgramState::Unknown { "open or closed is unknown" } else { program.state.name() };
    let words = joined(&[program.schedule.clone(), state.to_owned(), program.note.trim_end_matches('.').to_owned()]);
    known(&program.name, vouched(&words, &program.source, program.confidence))
}

fn submit(utility: &Utility) -> Vec<Line> {
    let mut lines = vec![
        text("by", &utility.methods.join(", ")),
        text("portal", &utility.portal),
        fact("address", utility.portal_url.as_ref()),
        fact("platform", utility.platform.as_ref()),
        fact("signature", utility.signature.as_ref()),
        fact("who signs", utility.who_signs.as_ref()),
    ];
    if utility.forms.is_empty() {
        lines.push(unknown("forms"));
    }
    lines.extend(utility.forms.iter().map(form));
    lines
}

fn form(form: &Form) -> Line {
    let number = if form.number.is_empty() { String::new() } else { format!("no. {}", form.number) };
    let version = if form.version.is_empty() { "version unknown".to_owned() } else { format!("version {}", form.version) };
    let words = joined(&[form.name.clone(), number, version, form.url.clone()]);
    known("form", vouched(&words, &form.source, form.confidence))
}

fn fee(fee: &Fee, today: Day) -> Line {
    let label = joined(&[fee.program.clone(), fee.tier.clone()]);
    if fee.amount.is_empty() || fee.confidence == Confidence::Unknown {
        return unknown(&label);
    }
    let said = |words: &str, text: &str| if text.is_empty() { String::new() } else { format!("{words}{text}") };
    let from = fee.from.map(|day| format!("from {}", short(day, today))).unwrap_or_default();
    let words = joined(&[fee.amount.clone(), said("by ", &fee.basis), said("to ", &fee.payee), fee.method.clone(), from]);
    known(&label, vouched(&words, &fee.source, fee.confidence))
}

/// Desks by their rung of the ladder; mailboxes that messages go to and no desk has stand with them.
fn contacts(utility: &Utility) -> Vec<Line> {
    let mut desks: Vec<&Contact> = utility.contacts.iter().collect();
    desks.sort_by_key(|desk| desk.ladder.unwrap_or(i64::MAX));
    let one = |desk: &Contact| {
        let rung = desk.ladder.map(|rung| format!("ask {rung}.")).unwrap_or_default();
        let words = joined(&[desk.mailbox.clone(), desk.phone.clone(), desk.hours.clone(), rung]);
        let words = if words.is_empty() { "there is one; how to reach it is unknown".to_owned() } else { words };
        known(&desk.role, vouched(&words, &desk.source, desk.confidence))
    };
    let mut lines: Vec<Line> = desks.into_iter().map(one).collect();
    let own = [("intake", &utility.mailbox), ("metering", &utility.metering_mailbox), ("supervisor", &utility.supervisor_mailbox)];
    for (role, mailbox) in own {
        if !mailbox.is_empty() && utility.contacts.iter().all(|desk| desk.mailbox != *mailbox) {
            lines.push(known(role, mailbox.clone()));
        }
    }
    lines
}

fn clocks(page: &Page<'_>) -> Vec<Line> {
    let utility = page.utility;
    let cut_off = utility.cut_off.as_ref().map(|told| told.with(&told.is.format("%H:%M").to_string()));
    let after = utility.after_hours.as_ref().map(|told| told.with(told.is.words()));
    let mut lines = vec![
        text("rules", &utility.rules.join(", ")),
        text("zone", &utility.zone),
        text("cut-off", cut_off.as_deref().unwrap_or_default()),
        text("after hours", after.as_deref().unwrap_or_default()),
    ];
    lines.extend(page.state.stops.iter().map(|stop| known("agreement", format!("{}; by {}", stop.words(page.today), stop.by))));
    lines
}

/// What the rule says, what they say, and what was seen: three things that are often taken for one.
fn turnaround(page: &Page<'_>) -> Vec<Line> {
    let one = |step: &super::turnaround::Step| {
        let promise = page.utility.promises.iter().find(|promise| promise.step == step.name);
        let promised = promise.map_or("unknown".to_owned(), |promise| vouched(&promise.says, &promise.source, promise.confidence));
        let seen = match page.observed {
            None => "being read".to_owned(),
            Some(all) => all.iter().find(|seen| seen.step == step.name).map_or("nothing yet".to_owned(), Observed::words),
        };
        known(&step.label, format!("tariff unknown; they say {promised}; observed {seen}"))
    };
    all_or_unknown(page.playbook.steps.iter().map(one).collect())
}

fn quirks(page: &Page<'_>) -> Vec<Line> {
    let one = |quirk: &Quirk| {
        let on = quirk.on.map(|day| short(day, page.today)).unwrap_or_default();
        let until = quirk.expires.map(|day| format!("until {}", short(day, page.today))).unwrap_or_default();
        let dated = joined(&[on, quirk.by.clone(), until]);
        known("", if dated.is_empty() { quirk.line() } else { format!("{} ({dated})", quirk.line()) })
    };
    let mut lines: Vec<Line> = page.utility.quirks.iter().filter(|quirk| quirk.counts(page.today)).map(one).collect();
    lines.extend(
        page.state
            .quirks
            .iter()
            .map(|quirk| known("", vouched(&quirk.says, &format!("{}, {}", quirk.by, short(quirk.on, page.today)), Confidence::Practice))),
    );
    if lines.is_empty() { vec![known("", "none that we know of")] } else { lines }
}

/// What stands of it, the newest first; what was taken back is in the history.
fn added(page: &Page<'_>) -> Vec<Line> {
    let today = page.today;
    let mut lines: Vec<(Day, String)> = Vec::new();
    lines.extend(page.state.quirks.iter().map(|quirk| (quirk.on, format!("{}: quirk: {}", quirk.by, quirk.says))));
    lines.extend(page.state.stops.iter().map(|stop| (stop.on, format!("{}: {}", stop.by, stop.words(today)))));
    lines.extend(page.state.outage.iter().map(|outage| {
        let says = format!("{}: portal down until {}", outage.by, short(outage.until, today));
        (outage.since, if outage.reason.is_empty() { says } else { format!("{says} ({})", outage.reason) })
    }));
    lines.sort_by_key(|(day, _)| std::cmp::Reverse(*day));
    let lines: Vec<Line> = lines.into_iter().map(|(day, says)| known(&short(day, today), says)).collect();
    if lines.is_empty() { vec![known("", "nothing yet")] } else { lines }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::{day, playbook, today};
    use crate::domain::turnaround::Step;
    use crate::domain::utility_state::{AddedQuirk, Outage};

    fn lines(sections: &[Section], title: &str) -> Vec<String> {
        let section = sections.iter().find(|section| section.title == title);
        let one = |line: &Line| format!("{}: {}", line.label, line.text).trim_start_matches(": ").to_owned();
        section.map(|section| section.lines.iter().map(one).collect()).unwrap_or_default()
    }

    fn step() -> Step {
        let codes = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
        Step { name: "completeness".into(), label: "completeness".into(), from: codes(&["submitted"]), to: codes(&["deemed-complete"]) }
    }

    #[test]
    fn what_is_not_known_is_shown_as_unknown() {
        let playbook = Playbook { steps: vec![step()], ..playbook() };
        let (utility, state) = (Utility { name: "Tiny Co-op".into(), ..Utility::default() }, UtilityState::default());
        let sections = page(&Page { utility: &utility, state: &state, playbook: &playbook, observed: Some(&[]), today: today() });
        let all: Vec<&Line> = sections.iter().flat_map(|section| &section.lines).collect();
        let told: Vec<&str> = all.iter().filter(|line| line.tone != Tone::Unknown).map(|line| line.text.as_str()).collect();
        let nothing = ["nothing else", "tariff unknown; they say unknown; observed nothing yet", "none that we know of", "nothing yet"];
        assert_eq!(told, nothing);
        assert!(all.iter().filter(|line| line.tone == Tone::Unknown).all(|line| line.text == "unknown"));
    }

    #[test]
    fn what_the_team_added_stands_on_the_page() {
        let playbook = Playbook { steps: vec![step()], ..playbook() };
        let utility = playbook.utility("RMP").expect("it is there");
        let state = UtilityState {
            name: utility.name.clone(),
            version: 2,
            quirks: vec![AddedQuirk { says: "Ask before noon.".into(), on: day("2026-11-18"), by: "asmith".into() }],
            outage: Some(Outage {
                until: day("2026-12-02"),
                since: day("2026-11-20"),
                reason: "maintenance".into(),
                by: "jsmith".into(),
                channel: utility.other_channel(),
            }),
            stops: Vec::new(),
        };
        let apps = [vec![("submitted".to_owned(), day("2026-11-02")), ("deemed-complete".to_owned(), day("2026-11-10"))]];
        let seen = observed(&playbook, &state, &apps);
        let sections = page(&Page { utility, state: &state, playbook: &playbook, observed: Some(&seen), today: today() });
        assert_eq!(
            lines(&sections, "now"),
            ["portal down until Wed 12/2 (by jsmith): use email interconnection@example.com; maintenance; since Fri 11/20"]
        );
        assert_eq!(lines(&sections, "turnaround"), ["completeness: tariff unknown; they say unknown; observed median 6 BD, p80 6, n 1"]);
        assert_eq!(lines(&sections, "quirks"), ["Ask before noon. [asmith, Wed 11/18; practice]"]);
        assert_eq!(
            lines(&sections, "added by the team"),
            ["Fri 11/20: jsmith: portal down until Wed 12/2 (maintenance)", "Wed 11/18: asmith: quirk: Ask before noon."]
        );
        let later = page(&Page { utility, state: &state, playbook: &playbook, observed: None, today: day("2026-12-02") });
        assert_eq!(lines(&later, "now"), Vec::<String>::new());
        assert!(lines(&later, "turnaround")[0].ends_with("observed being read"));
    }
}
