//! The facts of one row of the queue, cut out of an application: what the list shows, what the
//! score looks at, what the search reads.

use super::application::{Application, Todo};
use super::day::{Day, When};
use super::id::SubjectId;
use super::playbook::{Playbook, US, UTILITY_LANE};
use super::priority::{Case, DueDay};
use super::rules::clock::Asked;
use super::rules::days::ClockDays;
use super::rules::matter::Matter;
use super::text;

/// One row's facts. Stored beside the journal in the same transaction, and refolded by `check`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facts {
    pub subject: SubjectId,
    pub version: i64,
    pub reference: String,
    /// The utility's number, else the first other number from outside.
    pub number: String,
    pub site: String,
    pub customer: String,
    pub utility: String,
    pub status: String,
    pub ball: String,
    /// Empty: the team's pool.
    pub owner: String,
    pub product: String,
    pub lane: String,
    pub project: String,
    /// Watts: the approved size, else the AC nameplate, else the largest other one.
    pub size: i64,
    pub follow_up: Option<When>,
    pub entered: Option<Day>,
    pub touched: Option<Day>,
    pub promised: Option<Day>,
    pub expires: Option<Day>,
    pub goal: Option<Day>,
    pub cure_due: Option<Day>,
    /// The nearest install or inspection date.
    pub install_on: Option<Day>,
    pub incentive_due: Option<Day>,
    /// The open to-do that is due first.
    pub todo_due: Option<Day>,
    pub todo_title: String,
    /// How many to-dos are open.
    pub todos: u32,
    pub hold: String,
    pub legal_hold: bool,
    pub until_activity: bool,
    pub escalated: bool,
    pub complaint: bool,
    pub vip: u8,
    /// The start of the last note, on one line.
    pub last_note: String,
    /// What the rules look at, as `Matter::write` has it.
    pub matter: String,
}

/// What runs out by its date: approval, permit, insurance, signatures, financing.
pub const EXPIRES: [&str; 5] = ["expires", "permit_expires", "insurance_expires", "signature_expires", "financing_expires"];

/// How much of the last note a row keeps, in bytes.
const LAST_NOTE: usize = 120;

impl Facts {
    /// `None` when the application does not exist (any more): its opening was undone.
    pub fn of(application: &Application) -> Option<Facts> {
        if !application.exists() {
            return None;
        }
        let text = |field: &str| application.text(field).unwrap_or_default().to_owned();
        let size = |field: &str| application.value(field).as_number();
        let mut todos: Vec<Todo> = application.todos().filter(|todo| !todo.done).collect();
        todos.sort_by_key(|todo| (todo.due.unwrap_or(Day::MAX), todo.field.clone()));
        let last_note = application.notes().next_back().and_then(|note| note.value.as_text()).map(text::clean_line).unwrap_or_default();
        Some(Facts {
            subject: application.id,
            version: application.version,
            reference: text("reference"),
            number: application.number().unwrap_or_default().to_owned(),
            site: text("site"),
            customer: text("customer_name"),
            utility: text("utility"),
            status: text("status"),
            ball: text("ball"),
            owner: text("owner"),
            product: text("product"),
            lane: text("lane"),
            project: text("project"),
            size: size("size")
                .or_else(|| size("size_ac"))
                .or_else(|| ["storage_power", "size_dc", "export"].iter().filter_map(|field| size(field)).max())
                .unwrap_or(0),
            follow_up: application.follow_up(),
            entered: application.status_since(),
            touched: application.touched_on(),
            promised: application.day("promised"),
            expires: EXPIRES.iter().filter_map(|field| application.day(field)).min(),
            goal: application.day("goal"),
            cure_due: application.day("cure_due"),
            install_on: [("install_on", "installed"), ("inspection_on", "inspection-passed")]
                .into_iter()
                .filter(|(_, milestone)| application.milestone(milestone).is_none())
                .filter_map(|(field, _)| application.day(field))
                .min(),
            incentive_due: application.day("incentive_due"),
            todo_due: todos.first().and_then(|todo| todo.due),
            todo_title: todos.first().map(|todo| todo.title.clone()).unwrap_or_default(),
            todos: u32::try_from(todos.len()).unwrap_or(u32::MAX),
            hold: text("hold"),
            legal_hold: application.flag("legal_hold"),
            until_activity: application.flag("until_activity"),
            escalated: application.flag("escalated"),
            complaint: application.flag("complaint"),
            vip: application.value("vip").as_number().and_then(|vip| u8::try_from(vip).ok()).unwrap_or(0),
            last_note: text::cut(&last_note, LAST_NOTE).to_owned(),
            matter: Matter::said(application).write(),
        })
    }

    /// The days of its clocks. What is closed or ended has none.
    pub fn clock_days(&self, playbook: &Playbook, today: Day) -> ClockDays {
        if self.matter.is_empty() || !playbook.workflow.is_open(&self.status) {
            return ClockDays::default();
        }
        let matter = Matter::parse(&self.matter);
        playbook.rules.days(&Asked::of(&matter, playbook, today), playbook.desk)
    }

    /// The utility's program; empty when none is on file.
    pub fn program(&self) -> &str {
        Matter::word_in(&self.matter, "program").unwrap_or_default()
    }

    /// What the score looks at.
    pub fn case(&self, playbook: &Playbook, today: Day) -> Case {
        let status = playbook.workflow.status(&self.status);
        let clocks = self.clock_days(playbook, today);
        Case {
            follow_up: self.follow_up.map(|when| when.day).into(),
            promised: self.promised.into(),
            lapse: DueDay::nearer(self.cure_due, clocks.lapse),
            ours: clocks.ours.into(),
            theirs: clocks.theirs.into(),
            expires: self.expires.into(),
            goal: self.goal.into(),
            install_on: self.install_on.into(),
            incentive_due: self.incentive_due.into(),
            todo_due: self.todo_due.into(),
            entered: self.entered.into(),
            size: self.size,
            target_days: status.and_then(|status| status.target_days).and_then(|days| i32::try_from(days).ok()).unwrap_or(-1),
            vip: self.vip,
            // Nobody is ready to act on what somebody else has.
            ready: status.is_some_and(|status| status.ready) && self.ball == US,
            approved: status.is_some_and(|status| status.approved || status.lane != UTILITY_LANE),
            escalated: self.escalated,
            complaint: self.complaint,
            legal_hold: self.legal_hold,
        }
    }

    /// The words of the task the row shows: the to-do that is due before the status's own task,
    /// else that task.
    pub fn task<'a>(&'a self, playbook: &'a Playbook) -> &'a str {
        let follow_up = self.follow_up.map(|when| when.day).unwrap_or(Day::MAX);
        if self.todos > 0 && self.todo_due.is_some_and(|due| due < follow_up) {
            return &self.todo_title;
        }
        match playbook.workflow.status(&self.status) {
            Some(status) => &status.task,
            None => "settle the unknown status",
        }
    }
}
