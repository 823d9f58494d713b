//! A desk without a terminal: the shipped keymap and playbook, the real update, a real database in
//! a temporary directory, and a clock that stands still until a key moves it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use intertie::desk::bulk::Outcome;
use intertie::desk::effect::{Effect, Ticket};
use intertie::desk::import::Phase;
use intertie::desk::look::Looker;
use intertie::desk::model::{Desk, Rules};
use intertie::desk::msg::{Beyond, Held, Msg, Said, Saved, Seen, Unsaved};
use intertie::desk::prompt::{DraftKey, Prompt};
use intertie::desk::serve::LEASE_MINUTES;
use intertie::desk::update::update;
use intertie::domain::application::Application;
use intertie::domain::change::ChangeSet;
use intertie::domain::columns;
use intertie::domain::day::{Day, NaiveDateTime};
use intertie::domain::event::Kind;
use intertie::domain::id::{CommandId, ReplicaId, SessionId, SubjectId, Uuid};
use intertie::domain::import::Guessed;
use intertie::domain::ledger::Entry;
use intertie::domain::lines;
use intertie::domain::message::made::overlay;
use intertie::domain::message::{Message, Person};
use intertie::domain::plan::{edit, open};
use intertie::domain::playbook::DeskKind;
use intertie::domain::skip::Skip;
use intertie::domain::trouble::Failure;
use intertie::domain::utility_state::Addition;
use intertie::domain::view::{self, Kept};
use intertie::index::one_hand;
use intertie::keys::chord::Key;
use intertie::store::{Access, Act, CommitError, Committed, Limits, NewDatabase, Presence, Scope, Store, Who};

pub struct World {
    pub desk: Desk,
    pub rules: Rules,
    pub store: Store,
    pub presence: Presence,
    pub copied: Vec<String>,
    pub drafts: BTreeMap<String, String>,
    pub quit: bool,
    /// What each touch cost.
    pub costs: Vec<Entry>,
    looker: Looker,
    /// Effects wait here while `slow` is set, so that keys come before the answers.
    pub slow: bool,
    /// Effects that a test answers by hand: imports, conflicts, likely duplicates.
    pub asked: Vec<Effect>,
    pending: VecDeque<Effect>,
    files: Vec<Message>,
    pub at: i64,
    ids: u128,
    seen: Option<Seen>,
    _dir: tempfile::TempDir,
}

pub fn today() -> Day {
    Day::from_ymd_opt(2026, 11, 20).expect("a constant")
}

fn now() -> NaiveDateTime {
    today().and_hms_opt(9, 0, 0).expect("a constant")
}

fn who(session: u128) -> Who {
    Who { uid: 1000, login: "jdoe".to_owned(), session: SessionId(Uuid::from_u128(session)) }
}

/// Fields of one application: what `new` and `set` take.
pub type Row<'a> = &'a [(&'a str, &'a str)];

/// Four rows of mine, the first on top; enough for most walks.
pub const SMALL: [Row<'static>; 4] = [
    &[
        ("site", "1 Oak St"),
        ("customer_name", "Ana Reyes"),
        ("utility", "RMP"),
        ("status", "submitted"),
        ("number", "RMP-1"),
        ("follow_up", "today"),
        ("escalated", "yes"),
        ("customer_email", "ana@example.com"),
    ],
    &[
        ("site", "2 Elm St"),
        ("customer_name", "Ben Ito"),
        ("utility", "PGE"),
        ("status", "package-build"),
        ("number", "PGE-2"),
        ("follow_up", "today"),
        ("complaint", "yes"),
        ("customer_email", "ben@example.com"),
    ],
    &[
        ("site", "3 Fir St"),
        ("customer_name", "Chloe Kim"),
        ("utility", "SCE"),
        ("status", "acknowledged"),
        ("number", "SCE-3"),
        ("follow_up", "today"),
        ("vip", "5"),
    ],
    &[("site", "4 Ash St"), ("customer_name", "Dev Patel"), ("utility", "TEP"), ("status", "customer-signature"), ("follow_up", "today")],
];

impl World {
    pub fn new(rows: &[Row<'_>]) -> World {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let path = dir.path().join("walk.db");
        let new = NewDatabase {
            replica: ReplicaId(Uuid::from_u128(77)),
            letter: 'A',
            desk: DeskKind::Residential,
            zone: "America/Denver".into(),
            demo: false,
            group: None,
        };
        Store::create(&path, &new, 1).expect("a new database");
        let store = Store::open(&path, Access::Write).expect("it opens");
        let settings = intertie::settings::load(DeskKind::Residential, &[], &[]).expect("the shipped files are right");
        let rules = Rules {
            playbook: Arc::new(settings.playbook),
            keymap: settings.keymap,
            guard_ms: 250,
            zone: None,
            demo: false,
            database: "walk".into(),
        };
        let person = Person { login: "jdoe".into(), name: "J. Doe".into(), phone: "555-0100".into() };
        let mut desk = Desk::new(person, now(), 120, 40);
        for name in ["company", "company_phone", "company_email"] {
            desk.company.insert(name.to_owned(), format!("our {name}"));
        }
        let mut world = World {
            desk,
            files: rules.playbook.messages.clone(),
            rules,
            presence: Presence::open(&path).expect("it opens"),
            store,
            copied: Vec::new(),
            drafts: BTreeMap::new(),
            quit: false,
            costs: Vec::new(),
            looker: Looker::default(),
            slow: false,
            asked: Vec::new(),
            pending: VecDeque::new(),
            at: 1_000_000,
            ids: 1 << 64,
            seen: None,
            _dir: dir,
        };
        for row in rows {
            world.open_application(row);
        }
        world.load();
        world
    }

    pub fn id(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(self.ids)
    }

    fn open_application(&mut self, row: Row<'_>) {
        let values: BTreeMap<String, String> = row.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let (subject, command) = (SubjectId(self.id()), CommandId(self.id()));
        let ctx = self.desk.plan_context(&self.rules);
        let set =
            open::application(subject, &values, Some("jdoe"), &ctx).expect("a row of the test").into_set(command, &self.rules.playbook);
        // By another session: this one has nothing to undo yet.
        self.commit_as(&set, 1).expect("it commits");
    }

    fn commit_as(&mut self, set: &ChangeSet, session: u128) -> Result<Committed, CommitError> {
        self.at += 1;
        self.store.commit(set, &who(session), self.at, [7; 16])
    }

    /// What another session changes meanwhile; it is not told to the desk.
    pub fn meanwhile(&mut self, reference: &str, fields: Row<'_>) {
        let app = self.application(reference);
        let values: BTreeMap<String, String> = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let command = CommandId(self.id());
        let ctx = self.desk.plan_context(&self.rules);
        let set = edit::set(&values, Some("meanwhile"), &app, &ctx).expect("a change of the test").into_set(command, &self.rules.playbook);
        self.commit_as(&set, 2).expect("it commits");
    }

    fn load(&mut self) {
        let mut facts = Vec::new();
        self.store.slice(0, 1_000, &mut |_, row| facts.push(row)).expect("rows are read");
        self.tell(Msg::Rows { facts, last: true });
        self.desk.notice = None;
        self.paint();
    }

    /// Draws: what the next key will have seen.
    pub fn paint(&mut self) {
        self.seen = self.desk.painted(&self.rules);
        self.desk.drawn(self.at);
    }

    pub fn tell(&mut self, msg: Msg) {
        let effects = update(&mut self.desk, &self.rules, msg);
        self.pending.extend(effects);
        if !self.slow {
            self.answer();
        }
    }

    /// Answers every effect that waits.
    pub fn answer(&mut self) {
        while let Some(effect) = self.pending.pop_front() {
            self.answer_one(effect);
        }
    }

    /// Answers reads at once, and leaves commits waiting.
    pub fn answer_reads(&mut self) {
        let (reads, rest): (VecDeque<_>, VecDeque<_>) =
            std::mem::take(&mut self.pending).into_iter().partition(|effect| matches!(effect, Effect::Fetch(_)));
        self.pending = rest;
        for read in reads {
            self.answer_one(read);
        }
    }

    /// What the finding thread does, here and now.
    fn look(&mut self, effect: Effect) {
        let (rows, playbook) = (self.desk.queue.share(), Arc::clone(&self.rules.playbook));
        let mut answers = Vec::new();
        self.looker.look(effect, rows, &playbook, &one_hand, &|| true, &mut |msg| answers.push(msg));
        answers.into_iter().for_each(|msg| self.tell(msg));
    }

    fn answer_one(&mut self, effect: Effect) {
        let reply = match effect {
            Effect::Commit { ticket, set } => Msg::Committed { ticket, result: saved(self.commit_as(&set, 9)) },
            Effect::Undo { ticket, command } => self.there_and_back(ticket, command, false),
            Effect::Redo { ticket, command } => self.there_and_back(ticket, command, true),
            Effect::Fetch(subjects) => {
                for subject in subjects {
                    self.tell_same_site(subject);
                    if let Some(record) = self.store.application(subject).expect("it reads") {
                        self.tell(Msg::Record(Box::new(record)));
                    }
                }
                return;
            }
            Effect::FetchHistory(subject) => Msg::History { subject, events: self.store.history(Some(subject), 1_000).expect("it reads") },
            Effect::Copy { what, text } => return self.copied.push(format!("{what}: {text}")),
            Effect::SaveDraft(draft) => {
                self.drafts.insert(draft_name(&draft.key), draft.text);
                return;
            }
            Effect::DropDraft(key) => {
                self.drafts.remove(&draft_name(&key));
                return;
            }
            Effect::KeepCost(entry) => {
                self.costs.push(entry);
                return;
            }
            Effect::FetchCosts => Msg::Costs(self.costs.clone()),
            Effect::Quit => {
                self.quit = true;
                return;
            }
            Effect::Rank { .. } | Effect::Count { .. } | Effect::Find { .. } | Effect::Similar { .. } => return self.look(effect),
            Effect::LookAt(_)
            | Effect::Try(_)
            | Effect::Import { .. }
            | Effect::StopImport
            | Effect::KeepProfile(_)
            | Effect::FetchOffers
            | Effect::Settle { .. }
            | Effect::FetchAlike(_)
            | Effect::FetchThemes
            | Effect::Choose { .. }
            | Effect::ShowPlain { .. } => {
                self.asked.push(effect);
                return;
            }
            Effect::Edit { .. } | Effect::Page { .. } | Effect::SaveFront(_) | Effect::Redraw | Effect::Suspend => return,
            other => match self.of_others(other) {
                Some(reply) => reply,
                None => return,
            },
        };
        let effects = update(&mut self.desk, &self.rules, reply);
        self.pending.extend(effects);
    }

    fn of_presence(&mut self, effect: Effect) -> Option<Msg> {
        let (who, now) = (who(9), self.at);
        let until = now + LEASE_MINUTES * 60_000;
        match effect {
            Effect::Serve(wanted) => return Some(Msg::Served(self.presence.serve(&who, &wanted, now, until).expect("it serves"))),
            Effect::Claim(subject) => self.presence.claim(&who, subject, now, until).expect("it claims"),
            Effect::Release => self.presence.release(&who).expect("it lets go"),
            Effect::Skip(skip) => {
                self.presence.skip(&who, &Skip { at: now, ..skip }).expect("it skips");
                return Some(self.skips());
            }
            Effect::BringBack { subject, day } => {
                self.presence.bring_back(&who, day, subject).expect("it brings back");
                return Some(self.skips());
            }
            _ => {}
        }
        None
    }

    pub fn skips(&mut self) -> Msg {
        Msg::Skips(self.presence.skips(today(), today(), Some(&who(9))).expect("it reads"))
    }

    /// Another session opens a record, at nine.
    pub fn opened_by(&mut self, session: u128, login: &str, reference: &str) {
        let other = Who { login: login.to_owned(), ..who(session) };
        let (subject, now) = (self.application(reference).id, self.at);
        self.presence.claim(&other, subject, now, now + LEASE_MINUTES * 60_000).expect("it claims");
    }

    /// What the file says that others have open, as the thread tells it.
    pub fn hear_leases(&mut self) -> &mut World {
        let leases = self.presence.leases(self.at).expect("it reads").into_iter();
        let others = leases.filter(|lease| lease.session != who(9).session);
        let held = others.map(|lease| Held { subject: lease.subject, by: lease.login, since: now() }).collect();
        self.hear(Msg::Held(held))
    }

    /// Which records this session has open.
    pub fn mine(&mut self) -> Vec<String> {
        let leases = self.presence.leases(self.at).expect("it reads").into_iter();
        let mine: Vec<SubjectId> = leases.filter(|lease| lease.session == who(9).session).map(|lease| lease.subject).collect();
        let apps = mine.into_iter().filter_map(|subject| self.store.application(subject).expect("it reads"));
        apps.map(|app| app.reference().to_owned()).collect()
    }

    fn of_others(&mut self, effect: Effect) -> Option<Msg> {
        match effect {
            Effect::FetchMarked(asked) => {
                let found = asked.iter().filter_map(|subject| self.store.application(*subject).expect("it reads")).collect();
                Some(Msg::Marked { asked, found })
            }
            Effect::Serve(_) | Effect::Claim(_) | Effect::Release | Effect::Skip(_) | Effect::BringBack { .. } => self.of_presence(effect),
            Effect::FetchContact { .. } | Effect::CopyCells { .. } | Effect::FetchSaid { .. } | Effect::CopyNotes => self.words_out(effect),
            other => self.of_the_team(other),
        }
    }

    /// What the team signs with and writes.
    fn tell_same_site(&mut self, subject: SubjectId) {
        let others = self.store.same_site(subject, 20).expect("it reads");
        self.tell(Msg::SameSite { subject, others });
    }

    fn of_the_team(&mut self, effect: Effect) -> Option<Msg> {
        Some(match effect {
            Effect::KeepMessage { ticket, command, message } => {
                let result = self.keep_message(command, &message);
                self.reload();
                Msg::Committed { ticket, result: saved(result) }
            }
            Effect::KeepUtility { ticket, command, utility, seen, addition } => {
                let result = self.add_as(9, command, &utility, Some(seen), &addition);
                self.reload_utilities();
                Msg::Committed { ticket, result: saved(result) }
            }
            Effect::KeepView { ticket, command, name, seen, view } => {
                let result = self.keep_view(9, command, &name, seen, view.as_deref());
                self.tell_views();
                Msg::Committed { ticket, result }
            }
            Effect::KeepOwnView { view, .. } => Msg::OwnView(Ok((*view, true))),
            Effect::DropOwnView(view) => Msg::OwnView(Ok((*view, false))),
            Effect::FetchTurnaround { utility, names } => {
                let is = |text: &str| names.contains(&text.trim().to_lowercase());
                Msg::Turnaround { utility, applications: self.store.milestones_of(&is).expect("it reads") }
            }
            Effect::FetchRowsOf(names) => {
                let is = |text: &str| names.contains(&text.trim().to_lowercase());
                Msg::Reread(self.store.facts_of(&is).expect("it reads"))
            }
            Effect::Sign { ticket, values, company, .. } => {
                for (name, value) in values {
                    match name.as_str() {
                        "name" => self.desk.person.name = value,
                        "phone" => self.desk.person.phone = value,
                        _ => _ = self.desk.company.insert(name, value),
                    }
                }
                let did = if company { "company" } else { "person" }.to_owned();
                self.tell(Msg::Committed { ticket, result: Ok(Saved { did, facts: Vec::new() }) });
                Msg::Signed { person: self.desk.person.clone(), company: self.desk.company.clone() }
            }
            other => panic!("nobody answers {other:?}"),
        })
    }

    /// What is read to be copied or gone to.
    fn words_out(&mut self, effect: Effect) -> Option<Msg> {
        Some(match effect {
            Effect::FetchContact { subject, others } => {
                let read = others.into_iter().filter_map(|other| self.store.application(other).expect("it reads"));
                Msg::Contact { subject, others: read.collect() }
            }
            Effect::CopyCells { what, header, rows } => {
                let lines: String =
                    std::iter::once(header.join("|")).chain(rows.iter().map(|row| row.join("|"))).collect::<Vec<_>>().join("\n");
                self.copied.push(format!("{what}: {lines}"));
                return None;
            }
            Effect::FetchSaid { ticket, words } => {
                let told =
                    |one: intertie::store::Said| Said { subject: one.subject, on: one.on, message: one.kind == "message", line: one.line };
                let found = self.store.said(&words, &Limits::NONE).expect("it reads").said.into_iter().map(told).collect();
                Msg::Said { ticket, found, beyond: Beyond::Nothing }
            }
            Effect::CopyNotes => {
                let subjects = self.store.worked_by(who(9).uid, 0).expect("it reads");
                let apps = subjects.into_iter().filter_map(|subject| self.store.application(subject).expect("it reads"));
                Msg::Notes(apps.flat_map(|app| lines::notes_with_record(&app, today(), &self.desk.person)).collect())
            }
            _ => return None,
        })
    }

    /// Another session keeps a message meanwhile; nobody is told.
    pub fn keep_as(&mut self, session: u128, message: &Message) {
        let command = CommandId(self.id());
        let set = self.message_set(command, message);
        self.commit_as(&set, session).expect("it commits");
    }

    fn keep_message(&mut self, command: CommandId, message: &Message) -> Result<Committed, CommitError> {
        let set = self.message_set(command, message);
        self.commit_as(&set, 9)
    }

    /// Somebody adds to a utility's page.
    pub fn add_as(
        &mut self,
        session: u128,
        command: CommandId,
        utility: &str,
        seen: Option<i64>,
        addition: &Addition,
    ) -> Result<Committed, CommitError> {
        let record = self.store.utility(utility).expect("it reads");
        let set = ChangeSet {
            command,
            kind: Kind::Set,
            on: today(),
            undoes: None,
            changes: vec![addition.change(&record, utility, seen, today(), "jdoe")],
            did: addition.did(utility, today()),
            playbook: self.rules.playbook.name.clone(),
        };
        self.commit_as(&set, session)
    }

    /// What was added to pages since, as a session takes it up.
    pub fn reload_utilities(&mut self) {
        Arc::make_mut(&mut self.rules.playbook).utility_states = self.store.utility_states().expect("it reads");
        self.tell(Msg::UtilitiesChanged { stopped: Vec::new() });
    }

    /// The lines of an open page.
    pub fn page(&self) -> Vec<&str> {
        match &self.desk.prompt {
            Some(Prompt::Pager(pager)) => pager.lines.iter().map(|(_, line)| line.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    /// The team's messages that were kept since, as a session takes them up.
    pub fn reload(&mut self) {
        let made = self.store.messages().expect("it reads");
        let messages = overlay(&self.files, made, &self.rules.playbook.workflow).0;
        Arc::make_mut(&mut self.rules.playbook).messages = messages;
    }

    /// What waits is never answered.
    pub fn forget_asked(&mut self) {
        self.pending.clear();
    }

    fn message_set(&mut self, command: CommandId, message: &Message) -> ChangeSet {
        let record = self.store.message(&message.name).expect("it reads");
        let changes = message.kept(&record).into_iter().collect();
        ChangeSet {
            command,
            kind: Kind::Set,
            on: today(),
            undoes: None,
            changes,
            did: format!("message {}", message.name),
            playbook: self.rules.playbook.name.clone(),
        }
    }

    /// A session keeps, or removes, a view of the team's.
    pub fn keep_view(&mut self, session: u128, command: CommandId, name: &str, seen: i64, view: Option<&Kept>) -> Result<Saved, Unsaved> {
        let record = self.store.view(name).expect("it reads");
        match view::change_set(&record, name, seen, view, command, today(), &self.rules.playbook.name) {
            Ok(set) => saved(self.commit_as(&set, session)),
            Err(refusal) => Err(Unsaved::Failed(refusal.into())),
        }
    }

    /// The team's views, as the reading thread tells them.
    pub fn tell_views(&mut self) {
        let views = self.store.views().expect("it reads");
        self.tell(Msg::Views(views));
    }

    fn there_and_back(&mut self, ticket: Ticket, command: CommandId, redo: bool) -> Msg {
        let result = saved(self.travel(command, redo));
        self.reload_utilities();
        self.tell_views();
        Msg::Committed { ticket, result }
    }

    fn travel(&mut self, command: CommandId, redo: bool) -> Result<Committed, CommitError> {
        self.at += 1;
        let playbook = self.rules.playbook.name.clone();
        let who = who(9);
        let act = Act { who: &who, command, today: today(), playbook: &playbook, millis: self.at, seed: [8; 16] };
        if redo { self.store.redo(Scope::Session, &act) } else { self.store.undo(Scope::Session, &act) }
    }

    /// Keys by name, with a second and a new frame between them: `a c`, `ctrl-r`, `enter`.
    pub fn keys(&mut self, keys: &str) -> &mut World {
        for name in keys.split(' ') {
            self.press(Key::parse(name).unwrap_or_else(|err| panic!("{name}: {err:?}")), 1_000);
            self.paint();
        }
        self
    }

    /// Text typed by hand, a key at a time.
    pub fn text(&mut self, text: &str) -> &mut World {
        for c in text.chars() {
            self.press(Key::char(c), 60);
            self.paint();
        }
        self
    }

    /// One key after `after` milliseconds; it has seen what was painted last.
    pub fn press(&mut self, key: Key, after: i64) {
        self.at += after;
        let fresh = [self.id(), self.id()];
        self.tell(Msg::Key { key, at: self.at, seen: self.seen, fresh });
    }

    pub fn application(&self, reference: &str) -> Application {
        match self.store.lookup(reference).expect("it reads") {
            intertie::store::Lookup::One(subject) => self.store.application(subject).expect("it reads").expect("it exists"),
            other => panic!("{reference}: {other:?}"),
        }
    }

    /// Where the cursor stands.
    pub fn here(&self) -> String {
        let row = self.desk.current().and_then(|id| self.desk.queue.row(id, &self.rules.playbook));
        row.map_or_else(|| "nowhere".to_owned(), |row| row.reference.to_owned())
    }

    /// The rows of a search in notes, each with the line that was found.
    pub fn said(&self) -> Vec<String> {
        let find = match &self.desk.prompt {
            Some(Prompt::Find(find)) => Some(find),
            _ => self.desk.found.as_ref(),
        };
        let Some(lines) = find.and_then(|find| find.said.as_ref()) else { return Vec::new() };
        let rows = self.desk.order.iter().filter_map(|id| Some((self.desk.queue.row(*id, &self.rules.playbook)?, lines.get(id)?)));
        rows.map(|(row, line)| format!("{} {line}", row.reference)).collect()
    }

    pub fn notice(&self) -> &str {
        self.desk.notice.as_ref().map_or("", |notice| &notice.text)
    }

    /// What an open prompt is and says.
    pub fn prompt(&self) -> String {
        let preview = |preview: &Option<Result<intertie::domain::plan::Planned, intertie::domain::trouble::Refusal>>| match preview {
            None => String::new(),
            Some(Err(refusal)) => format!("\n  no: {refusal}"),
            Some(Ok(planned)) => planned.lines.iter().map(|line| format!("\n  {}: {}", line.label, line.text)).collect(),
        };
        match &self.desk.prompt {
            None => "queue".to_owned(),
            Some(Prompt::Note(note)) => format!("note on {}: {:?}{}", note.record.reference(), note.text.text(), preview(&note.preview)),
            Some(Prompt::Ask(ask)) => {
                let answers: String = ask.answers.iter().map(|answer| format!("\n  [{}] {}", answer.label, answer.line.text())).collect();
                format!("{}{answers}{}", ask.title, preview(&ask.preview))
            }
            Some(Prompt::Picker(picker)) => format!("{} ({} of {})", picker.title, picker.shown.len(), picker.items.len()),
            Some(Prompt::Find(find)) => format!("find {:?}: {}", find.line.text(), find.total),
            Some(Prompt::Query(query)) => {
                let fault = query.fault.as_ref().map(|fault| format!("\n  {}: {}", &query.line.text()[fault.at.clone()], fault.says));
                let told = format!("\n  {}", query.told);
                format!("query {:?}{}", query.line.text(), fault.unwrap_or(told))
            }
            Some(Prompt::Pager(pager)) => format!("{}: {} lines", pager.title, pager.lines.len()),
            Some(Prompt::Template(template)) => {
                let faults: String = template.faults.iter().map(|fault| format!("\n  {}: {}", fault.part, fault.says)).collect();
                let body = template.preview.as_ref().map_or("", |preview| preview.body.trim_end());
                format!("message {:?}{faults}\n{body}", template.message().name)
            }
            Some(Prompt::Bulk(bulk)) => {
                let line = |outcome: &Outcome| match outcome {
                    Outcome::Reading => "reading".to_owned(),
                    Outcome::Will { words, .. } => words.clone(),
                    Outcome::Wont(why) => format!("not: {why}"),
                };
                let lines: String = bulk.lines.iter().map(|one| format!("\n  {}: {}", one.name, line(&one.outcome))).collect();
                format!("{}, {} of {}{lines}", bulk.what, bulk.will(), bulk.lines.len())
            }
            Some(Prompt::Import) => self.import(),
            Some(Prompt::Offers(offers)) => {
                let here = offers.here().map_or("nothing".to_owned(), |offer| format!("{} {}", offer.reference, offer.field));
                let rule = offers.rule.as_ref().map(|rule| format!(", theirs {} for {} {}", rule.theirs, rule.count, rule.field));
                format!("{} conflicts, at {here}{}", offers.lines().len(), rule.unwrap_or_default())
            }
        }
    }

    /// What the screen of an import says: its phase, the columns or the lines.
    fn import(&self) -> String {
        let Some(import) = &self.desk.import else { return "no import".to_owned() };
        let workflow = &self.rules.playbook.workflow;
        let said: String = import.lines.iter().map(|(_, line)| format!("\n  {line}").trim_end().to_owned()).collect();
        let phase = match &import.phase {
            Phase::Looking => "looking".to_owned(),
            Phase::Columns => {
                let guess = import.guess.as_ref().expect("columns come with a guess");
                let one = |column: &Guessed| {
                    let key = if guess.profile.key.contains(&column.name) { " key" } else { "" };
                    format!("\n  {} → {} {}{key}", column.name, columns::words(column, workflow), columns::manner(column))
                        .trim_end()
                        .to_owned()
                };
                format!("columns, at {}{}", import.cursor, guess.columns.iter().map(one).collect::<String>())
            }
            Phase::Trying { .. } => "trying".to_owned(),
            Phase::Preview(_) => format!("preview{said}"),
            Phase::Refused(_) => format!("refused{said}"),
            Phase::Running { done, of, stopping } => format!("running {done} of {of}{}", if *stopping { ", stopping" } else { "" }),
            Phase::Done(_) => format!("done{said}"),
        };
        format!("import of {}: {phase}", import.name())
    }

    /// The one effect that waits for an answer by hand.
    pub fn ask(&mut self) -> Effect {
        assert_eq!(self.asked.len(), 1, "{:?}", self.asked);
        self.asked.remove(0)
    }

    /// Something comes by itself, and is drawn.
    pub fn hear(&mut self, msg: Msg) -> &mut World {
        self.tell(msg);
        self.paint();
        self
    }

    /// The fields on disk that a touch changes, and the last note.
    pub fn disk(&self, reference: &str) -> String {
        let app = self.application(reference);
        let follow_up = app.follow_up().map(|when| when.to_string()).unwrap_or_default();
        let note = app.notes().next_back().and_then(|note| note.value.as_text()).unwrap_or("-");
        format!("{} | {} | {follow_up} | {note}", app.status(), app.ball())
    }

    /// How many commands of kind touch, set, undo and redo the journal has of this session.
    pub fn written(&self) -> usize {
        let events = self.store.history(None, 100_000).expect("it reads");
        events.iter().filter(|event| event.kind != Kind::Open && event.session == SessionId(Uuid::from_u128(9))).count()
    }
}

fn draft_name(key: &DraftKey) -> String {
    match key {
        DraftKey::Subject(subject) => subject.to_string(),
        DraftKey::New => "new".to_owned(),
        DraftKey::Message(name) => format!("message {name}"),
        DraftKey::Answers(subject, question) => format!("{subject} {question}"),
    }
}

fn saved(result: Result<Committed, CommitError>) -> Result<Saved, Unsaved> {
    match result {
        Ok(committed) => Ok(Saved { did: committed.did, facts: committed.facts }),
        Err(CommitError::Stale(stale)) => {
            Err(Unsaved::Stale { subject: stale.subject, by: stale.by, what: stale.changed.join(", "), now: stale.now })
        }
        Err(other) => Err(Unsaved::Failed(Failure::from(other))),
    }
}
