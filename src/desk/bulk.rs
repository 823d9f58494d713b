//! One thing done to all marked rows: chosen, asked once, planned for each, shown, written as one command.

use super::effect::Effect;
use super::imports::moved;
use super::key::{Press, unread};
use super::model::{Desk, Rules, Saving, Way};
use super::msg::Unsaved;
use super::notice::{Notice, Tone};
use super::prompt::{Act, Answer, Ask, Item, Pick, Prompt};
use super::{ask, note, picker, questions, saving, viewport};
use crate::domain::application::Application;
use crate::domain::change::{Change, ChangeSet};
use crate::domain::day::Day;
use crate::domain::event::{Kind, Of};
use crate::domain::field::{self, FIELDS};
use crate::domain::id::{CommandId, SubjectId, Uuid};
use crate::domain::import_words::thousands;
use crate::domain::plan::{Planned, edit, touch};
use crate::domain::playbook::{Disposition, Then};
use crate::domain::record::Record;
use crate::domain::trouble::Refusal;

/// They are written in one transaction, all or nothing; more of them would let others wait for over half a second.
const MOST: usize = 1_000;
/// Records that are read at once: between two parts the record under the cursor gets its turn.
const PART: usize = 100;
/// What names one application is never the same for several.
const OWN: [&str; 4] = ["number", "crm_number", "permit_number", "meter_number"];

/// What the same act does to one of the marked rows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Its record is being read.
    Reading,
    Will {
        words: String,
        changes: Vec<Change>,
    },
    Wont(String),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    pub subject: SubjectId,
    /// "A-1042 Ana Reyes".
    pub name: String,
    /// In which version it was planned first; another one is left out.
    version: Option<i64>,
    pub outcome: Outcome,
}

/// The preview.
#[derive(Clone, Debug)]
pub struct Bulk {
    /// What was answered, to go back to.
    pub ask: Ask,
    /// "portal check, no change", "owner kim".
    pub what: String,
    pub lines: Vec<Line>,
    pub cursor: usize,
    pub saving: bool,
    kind: Kind,
    on: Day,
    then: Then,
}

impl Line {
    pub fn new(subject: SubjectId, name: String, outcome: Outcome) -> Line {
        Line { subject, name, version: None, outcome }
    }
}

impl Bulk {
    pub fn new(ask: Ask, what: String, lines: Vec<Line>, on: Day) -> Bulk {
        Bulk { ask, what, lines, cursor: 0, saving: false, kind: Kind::Touch, on, then: Then::Stay }
    }

    pub fn count(&self, is: impl Fn(&Outcome) -> bool) -> usize {
        self.lines.iter().filter(|line| is(&line.outcome)).count()
    }

    pub fn will(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Will { .. }))
    }

    pub fn is_reading(&self) -> bool {
        self.lines.iter().any(|line| line.outcome == Outcome::Reading)
    }
}

/// `;`: what is to be done to all that are marked?
pub(super) fn open(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let count = desk.marks.rows.len();
    let refused = match count {
        _ if rules.database.is_empty() => Some("there is no database to write to".to_owned()),
        0 => Some("nothing is marked; * marks a row, w * all of the list".to_owned()),
        count if count > MOST => Some(format!("{} rows are marked; one command changes {} at the most", thousands(count), thousands(MOST))),
        _ if desk.saving.is_some() => Some("the last change is still being saved; press it again".to_owned()),
        _ => None,
    };
    if let Some(words) = refused {
        desk.notice = Some(Notice::new(Tone::Refused, words));
        return Vec::new();
    }
    let items = items(rules);
    picker::open(desk, Pick::Bulk, format!("do to {}", marked(count)), None, items)
}

fn marked(count: usize) -> String {
    if count == 1 { "1 marked row".to_owned() } else { format!("{} marked rows", thousands(count)) }
}

fn items(rules: &Rules) -> Vec<Item> {
    let item = |value: String, label: String, refused: Option<String>| Item { value, label, detail: String::new(), refused };
    let plain = |value: &str, label: &str| item(value.to_owned(), label.to_owned(), None);
    let workflow = &rules.playbook.workflow;
    let touches = rules.playbook.dispositions.iter().map(|one| item(format!("touch {}", one.name), one.label.clone(), no_bulk(one)));
    let mut items: Vec<Item> = vec![
        plain("owner", "owner"),
        plain("follow-up", "we look again"),
        plain("hold", "hold: blocked because ..."),
        plain("until-activity", "hold: away until something arrives"),
        plain("release", "hold: release"),
    ];
    items.extend(touches);
    items.extend(workflow.statuses.iter().map(|one| item(format!("status {}", one.name), format!("status: {}", one.label), None)));
    items.extend(workflow.parties.iter().map(|one| item(format!("ball {}", one.name), format!("waiting on: {}", one.label), None)));
    let fields = FIELDS.iter().filter(|field| field.editable && !OWN.contains(&field.name));
    items.extend(fields.map(|field| item(format!("field {}", field.name), format!("field: {}", field.label), None)));
    items.sort_by_key(|item| item.refused.is_some());
    items
}

/// Why a quick action is done one at a time.
fn no_bulk(disposition: &Disposition) -> Option<String> {
    if disposition.message.is_some() {
        return Some("it prepares a message, which is read before it goes".to_owned());
    }
    let own = disposition.ask.iter().find(|ask| OWN.contains(&ask.name.as_str()))?;
    Some(format!("it asks for {}, which each has of its own", field::find(&own.name).map_or(&*own.name, |field| field.label)))
}

pub(super) fn chosen(desk: &mut Desk, rules: &Rules, value: &str, label: &str) -> Vec<Effect> {
    let (what, name) = value.split_once(' ').unwrap_or((value, ""));
    let answer = ask::answer;
    let (act, answers): (Act, Vec<Answer>) = match what {
        "owner" => (Act::Owner, vec![answer("owner", "owner (empty: the pool)", false, "")]),
        "follow-up" => (Act::FollowUp, vec![answer("follow_up", "we look (fri, 5b, 12/4, tomorrow 14:00)", true, "")]),
        "hold" => (Act::Hold, vec![answer("hold", "blocked because", true, "")]),
        "until-activity" => (Act::UntilActivity, Vec::new()),
        "release" => (Act::Release, Vec::new()),
        "ball" => (Act::Ball(name.to_owned()), Vec::new()),
        "status" => {
            let mut answers = Vec::new();
            if name == "ended" {
                let reasons = rules.playbook.workflow.ended_reasons.join(", ");
                answers.push(answer("ended_reason", &format!("reason ({reasons})"), true, ""));
            }
            answers.push(answer("because", "why, where it is against the usual order", false, ""));
            (Act::Status(name.to_owned()), answers)
        }
        "field" => (Act::Edit, vec![answer(name, &format!("{label} (empty: cleared)"), false, "")]),
        _ => {
            let Some(disposition) = rules.playbook.disposition(name) else { return Vec::new() };
            let blank = Application(Record::new(SubjectId(Uuid::nil()), Of::Application));
            let asked = touch::questions(disposition, &blank, &note::context(desk, rules));
            (Act::Touch(name.to_owned()), asked.into_iter().map(ask::asked).collect())
        }
    };
    let title = format!("{}: {label}", marked(desk.marks.rows.len()));
    let alone = answers.is_empty();
    let effects = ask::open(desk, rules, Act::Marked(Box::new(act)), title, None, answers);
    match desk.prompt.take() {
        Some(Prompt::Ask(ask)) if alone => preview(desk, rules, *ask),
        other => {
            desk.prompt = other;
            effects
        }
    }
}

/// The questions are answered: each record is read and planned.
pub(super) fn preview(desk: &mut Desk, rules: &Rules, ask: Ask) -> Vec<Effect> {
    let mut left = desk.marks.rows.clone();
    let shown = desk.order.iter().filter_map(|id| desk.queue.row(*id, &rules.playbook)).map(|row| row.subject);
    let mut subjects: Vec<SubjectId> = shown.filter(|subject| left.remove(subject)).collect();
    let mut rest: Vec<SubjectId> = left.into_iter().collect();
    rest.sort_unstable();
    subjects.append(&mut rest);
    let line = |subject: SubjectId| {
        let row = desk.queue.find(subject).and_then(|id| desk.queue.row(id, &rules.playbook));
        let name = row.map(|row| format!("{} {}", row.reference, if row.customer.is_empty() { row.site } else { row.customer }));
        Line::new(subject, name.unwrap_or_default(), Outcome::Reading)
    };
    let given: Vec<&str> = ask.answers.iter().map(|answer| answer.line.text().trim()).filter(|text| !text.is_empty()).collect();
    let label = ask.title.split_once(": ").map_or(&*ask.title, |(_, label)| label);
    let what = if given.is_empty() { label.to_owned() } else { format!("{label}: {}", given.join(", ")) };
    let lines = subjects.into_iter().map(line).collect();
    let bulk = Bulk::new(ask, what, lines, desk.today());
    let effects = read_on(&bulk);
    desk.prompt = Some(Prompt::Bulk(Box::new(bulk)));
    effects
}

/// The next part of the records that are still to be read.
fn read_on(bulk: &Bulk) -> Vec<Effect> {
    let reading = bulk.lines.iter().filter(|line| line.outcome == Outcome::Reading);
    let part: Vec<SubjectId> = reading.map(|line| line.subject).take(PART).collect();
    if part.is_empty() { Vec::new() } else { vec![Effect::FetchMarked(part)] }
}

/// A part was read: it is planned at once, and only the plan is kept.
pub(super) fn arrived(desk: &mut Desk, rules: &Rules, asked: &[SubjectId], found: Vec<Application>) -> Vec<Effect> {
    let Some(Prompt::Bulk(mut bulk)) = desk.prompt.take_if(|prompt| matches!(prompt, Prompt::Bulk(_))) else { return Vec::new() };
    let mut found: std::collections::HashMap<SubjectId, Application> = found.into_iter().map(|app| (app.id, app)).collect();
    for idx in 0..bulk.lines.len() {
        let line = &bulk.lines[idx];
        if line.outcome != Outcome::Reading || !asked.contains(&line.subject) {
            continue;
        }
        let outcome = match found.remove(&line.subject) {
            None => Outcome::Wont("it does not exist any more".to_owned()),
            Some(app) if line.version.is_some_and(|version| version != app.version) => {
                Outcome::Wont("somebody changed it since it was shown: left out".to_owned())
            }
            Some(app) => {
                bulk.lines[idx].version = Some(app.version);
                match plan(desk, rules, &bulk.ask, app) {
                    Ok(planned) => will(&mut bulk, planned),
                    Err(refusal) => Outcome::Wont(refusal.says),
                }
            }
        };
        bulk.lines[idx].outcome = outcome;
    }
    let effects = read_on(&bulk);
    // What Enter does is only now to be read.
    desk.moved_alone |= effects.is_empty();
    desk.prompt = Some(Prompt::Bulk(bulk));
    effects
}

fn plan(desk: &Desk, rules: &Rules, ask: &Ask, app: Application) -> Result<Planned, Refusal> {
    let Act::Marked(act) = &ask.act else { return Err(Refusal::new("there is nothing to do")) };
    if **act == Act::Edit {
        let values = ask.answers.iter().map(|answer| (answer.name.clone(), answer.line.text().trim().to_owned())).collect();
        return edit::set(&values, None, &app, &note::context(desk, rules));
    }
    let one = Ask { act: (**act).clone(), record: Some(app), ..ask.clone() };
    let planned = questions::plan(desk, rules, &one, SubjectId(Uuid::nil()));
    let planned = planned.unwrap_or_else(|| Err(Refusal::new("an answer is missing")))?;
    if planned.message.is_some() {
        return Err(Refusal::new("it prepares a message, which is read before it goes"));
    }
    Ok(planned)
}

fn will(bulk: &mut Bulk, planned: Planned) -> Outcome {
    (bulk.kind, bulk.on, bulk.then) = (planned.kind, planned.on, planned.then);
    let words: Vec<String> = planned.lines.iter().map(|line| format!("{} {}", line.label, line.text)).collect();
    let words = if words.is_empty() { "a note".to_owned() } else { words.join("; ") };
    Outcome::Will { words, changes: std::iter::once(planned.change).chain(planned.also).collect() }
}

pub(super) fn key(desk: &mut Desk, rules: &Rules, action: Option<&str>, press: Press) -> Vec<Effect> {
    let page = viewport::page_rows(desk) / 2;
    let Some(Prompt::Bulk(bulk)) = &mut desk.prompt else { return Vec::new() };
    match action {
        Some("bulk-do") => return enter(desk, rules, press),
        Some("bulk-leave") if bulk.saving => {
            desk.notice = Some(Notice::new(Tone::Note, "it is being saved"));
        }
        Some("bulk-leave") => {
            // What was answered stays; marks do too.
            let ask = bulk.ask.clone();
            desk.prompt = (!ask.answers.is_empty()).then(|| Prompt::Ask(Box::new(ask)));
            desk.notice = Some(Notice::new(Tone::Note, "nothing changed; the marks stay"));
        }
        Some(_) => bulk.cursor = moved(action, bulk.cursor, page, bulk.lines.len().saturating_sub(1)),
        None => {}
    }
    Vec::new()
}

/// Writes those that can be, as one command.
fn enter(desk: &mut Desk, rules: &Rules, press: Press) -> Vec<Effect> {
    if desk.saving.is_some() {
        desk.notice = Some(Notice::new(Tone::Refused, "it is still being saved"));
        return Vec::new();
    }
    if unread(desk, rules, press.at) {
        return Vec::new();
    }
    let Some(Prompt::Bulk(bulk)) = &mut desk.prompt else { return Vec::new() };
    let refused = match (bulk.is_reading(), bulk.will()) {
        (true, _) => Some("the records are still being read; what will happen is not known yet"),
        (_, 0) => Some("none of them can be changed like that"),
        _ => None,
    };
    if let Some(words) = refused {
        desk.notice = Some(Notice::new(Tone::Refused, words));
        return Vec::new();
    }
    let plans = bulk.lines.iter().filter_map(|line| match &line.outcome {
        Outcome::Will { changes, .. } => Some(changes.clone()),
        _ => None,
    });
    let changes: Vec<Change> = plans.flatten().collect();
    let records = if bulk.will() == 1 { "1 record".to_owned() } else { format!("{} records", thousands(bulk.will())) };
    let command = CommandId(press.fresh[0]);
    let set = ChangeSet {
        command,
        kind: bulk.kind,
        on: bulk.on,
        undoes: None,
        changes,
        did: format!("{records}: {}", bulk.what),
        playbook: rules.playbook.name.clone(),
    };
    bulk.saving = true;
    let touch = bulk.kind == Kind::Touch;
    let (draft, text) = (bulk.ask.draft.clone(), questions::typed_text(&bulk.ask));
    let ticket = saving::take_ticket(desk);
    desk.saving = Some(Saving { touch, draft, text, ..saving::bare(ticket, command, Way::Forward) });
    desk.notice = None;
    vec![Effect::Commit { ticket, set }]
}

/// The commit was answered. What others changed meanwhile is looked at again, and left out; Enter does the rest.
pub(super) fn answered(desk: &mut Desk, way: Way, unsaved: Option<&Unsaved>) -> Vec<Effect> {
    let Some(Prompt::Bulk(bulk)) = desk.prompt.as_mut().filter(|_| way == Way::Forward) else { return Vec::new() };
    if !std::mem::take(&mut bulk.saving) {
        return Vec::new();
    }
    match unsaved {
        None => {
            let done = bulk.lines.iter().filter(|line| matches!(line.outcome, Outcome::Will { .. }));
            let did = super::model::Worked { did: bulk.what.clone() };
            let worked: Vec<_> = done.filter(|_| bulk.then == Then::Next).map(|line| (line.subject, did.clone())).collect();
            desk.worked.extend(worked);
            desk.marks.clear();
            desk.prompt = None;
            desk.moved_alone = true;
            Vec::new()
        }
        Some(Unsaved::Stale { by, .. }) => {
            for line in bulk.lines.iter_mut().filter(|line| matches!(line.outcome, Outcome::Will { .. })) {
                line.outcome = Outcome::Reading;
            }
            let words = format!("not written: {by} changed one, now left out; Enter does the rest");
            let effects = read_on(bulk);
            desk.notice = Some(Notice::new(Tone::Refused, words));
            effects
        }
        Some(Unsaved::Failed(_)) => Vec::new(),
    }
}
