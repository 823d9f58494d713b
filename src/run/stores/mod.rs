//! Two connections, two threads: what the desk asks of the database, and how the answers come back.
//! The screen waits for neither.

mod begin;
mod imports;
mod presence;
mod reader;
mod synced;
mod writer;

pub use imports::Known;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use tokio::sync::mpsc::{Sender as Bounded, UnboundedSender};

use self::begin::{Go, Started};
use self::imports::{Ask, Bring, StopSign};
use self::presence::Wish;
use self::writer::Imports;
use super::now::Clock;
use super::upgrading;
use crate::desk::effect::Ticket;
use crate::desk::msg::Msg;
use crate::domain::change::ChangeSet;
use crate::domain::day::Day;
use crate::domain::id::{CommandId, SubjectId};
use crate::domain::import::{self, Offer, Profile, Rows};
use crate::domain::message::Message;
use crate::domain::skip::Skip;
use crate::domain::trouble::{Kind, Trouble};
use crate::domain::utility_state::Addition;
use crate::domain::view::Kept;
use crate::store::{About, Access, Store, Who};

/// How long the end waits for a lease to be let go of: it ends by itself.
const RELEASE: Duration = Duration::from_millis(100);

/// What the writing thread does, in the order in which it was asked.
enum Order {
    Commit { ticket: Ticket, set: ChangeSet },
    Undo { ticket: Ticket, command: CommandId },
    Redo { ticket: Ticket, command: CommandId },
    Sign { ticket: Ticket, command: CommandId, values: BTreeMap<String, String>, company: bool },
    Settle { ticket: Ticket, command: CommandId, offers: Vec<Offer>, theirs: bool },
    KeepMessage { ticket: Ticket, command: CommandId, message: Box<Message> },
    KeepUtility { ticket: Ticket, command: CommandId, utility: String, seen: i64, addition: Addition },
    KeepView { ticket: Ticket, command: CommandId, name: String, seen: i64, view: Option<Box<Kept>> },
    Bring(Box<Bring>),
    SaveFront(Vec<SubjectId>),
    End,
}

/// What the reading thread is asked beside its own rounds.
enum Question {
    Fetch(Vec<SubjectId>),
    History(SubjectId),
    Offers,
    Alike(SubjectId),
    Contact(SubjectId, Vec<SubjectId>),
    Notes,
    Said {
        ticket: Ticket,
        words: String,
    },
    Marked(Vec<SubjectId>),
    Turnaround {
        utility: String,
        names: Vec<String>,
    },
    RowsOf(Vec<String>),
    /// Since this position of the journal this session changed rows that its answer did not name.
    Mine(i64),
}

/// One database, open for reading, and for writing if this user may.
pub struct Opened {
    pub about: About,
    path: PathBuf,
    reader: Started,
    writer: Result<Store, Trouble>,
}

/// Opens a database twice, and begins to read the first rows of `login`. The first connection is the one that upgrades an
/// older schema. A database that this user may only read opens, and says so at the first change.
pub fn open(path: &Path, login: &str) -> Result<Opened, Trouble> {
    let writer = Store::open_telling(path, Access::Write, &upgrading::tell);
    if let Err(trouble) = &writer
        && trouble.kind != Kind::Io
    {
        return Err(trouble.clone());
    }
    let reader = match (Store::open(path, Access::Read), &writer) {
        (Ok(reader), _) => reader,
        (Err(_), Err(first)) => return Err(first.clone()),
        (Err(trouble), Ok(_)) => return Err(trouble),
    };
    Ok(Opened { about: reader.about().clone(), path: reader.path().to_owned(), reader: Started::new(reader, login)?, writer })
}

/// What the two threads know beside their connection.
#[derive(Clone)]
pub struct Common {
    pub who: Who,
    pub clock: Clock,
    /// Name and digest of the playbook in force.
    pub playbook: String,
    /// Answers that the desk waits for.
    pub answers: UnboundedSender<Msg>,
    /// Rows: bounded, so that a million of them are not held twice.
    pub rows: Bounded<Msg>,
}

impl Common {
    fn answer(&self, msg: Msg) {
        // The loop has ended: nobody needs the answer any more.
        let _ = self.answers.send(msg);
    }

    fn trouble(&self, trouble: Trouble) {
        self.answer(Msg::Trouble(trouble.into()));
    }
}

/// The ends of both threads that the loop holds.
pub struct Stores {
    orders: Sender<Order>,
    questions: Sender<Question>,
    looks: Sender<Ask>,
    wishes: Sender<Wish>,
    stop: StopSign,
    written: Receiver<()>,
    /// The ticket of the newest search in notes.
    newest: Arc<AtomicU64>,
    released: Receiver<()>,
}

impl Stores {
    pub fn start(opened: Opened, common: &Common, known: Known) -> Result<Stores, Trouble> {
        let (orders, work) = channel();
        let (questions, asked) = channel();
        let (done, written) = channel();
        let (for_writer, for_reader) = (common.clone(), common.clone());
        let mine = questions.clone();
        let stop = StopSign::default();
        let imports = Imports { playbook: known.playbook.clone(), stop: stop.clone() };
        let (looks, to_look_at) = channel();
        let (for_looker, found) = (common.clone(), orders.clone());
        let cannot = |err: std::io::Error| Trouble::io("a thread could not be started").because(err);
        let (wishes, wished) = channel();
        let (gone, released) = channel();
        let (for_presence, refused) = (common.clone(), opened.writer.as_ref().err().cloned());
        let database = opened.path;
        thread::Builder::new()
            .name("presence".to_owned())
            .spawn(move || {
                presence::run(database, refused, &for_presence, &wished);
                let _ = gone.send(());
            })
            .map_err(cannot)?;
        thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || {
                writer::run(opened.writer, &for_writer, &work, &mine, &imports);
                let _ = done.send(());
            })
            .map_err(cannot)?;
        let newest = Arc::new(AtomicU64::new(0));
        opened.reader.go_on(Go { common: for_reader, playbook: known.playbook.clone(), asked, newest: Arc::clone(&newest) });
        thread::Builder::new()
            .name("looker".to_owned())
            .spawn(move || imports::run(known, &for_looker, &to_look_at, &found))
            .map_err(cannot)?;
        Ok(Stores { orders, questions, looks, wishes, stop, written, released, newest })
    }

    pub fn commit(&self, ticket: Ticket, set: ChangeSet) {
        self.order(Order::Commit { ticket, set });
    }

    pub fn undo(&self, ticket: Ticket, command: CommandId) {
        self.order(Order::Undo { ticket, command });
    }

    pub fn redo(&self, ticket: Ticket, command: CommandId) {
        self.order(Order::Redo { ticket, command });
    }

    pub fn sign(&self, ticket: Ticket, command: CommandId, values: BTreeMap<String, String>, company: bool) {
        self.order(Order::Sign { ticket, command, values, company });
    }

    pub fn keep_message(&self, ticket: Ticket, command: CommandId, message: Box<Message>) {
        self.order(Order::KeepMessage { ticket, command, message });
    }

    pub fn keep_utility(&self, ticket: Ticket, command: CommandId, utility: String, seen: i64, addition: Addition) {
        self.order(Order::KeepUtility { ticket, command, utility, seen, addition });
    }

    pub fn keep_view(&self, ticket: Ticket, command: CommandId, name: String, seen: i64, view: Option<Box<Kept>>) {
        self.order(Order::KeepView { ticket, command, name, seen, view });
    }

    pub fn keep_own_view(&self, view: Box<Kept>, over: bool) {
        self.look(Ask::KeepView { view, over });
    }

    pub fn drop_own_view(&self, view: Box<Kept>) {
        self.look(Ask::DropView(view));
    }

    pub fn turnaround(&self, utility: String, names: Vec<String>) {
        let _ = self.questions.send(Question::Turnaround { utility, names });
    }

    pub fn rows_of(&self, names: Vec<String>) {
        let _ = self.questions.send(Question::RowsOf(names));
    }

    pub fn save_front(&self, subjects: Vec<SubjectId>) {
        self.order(Order::SaveFront(subjects));
    }

    pub fn settle(&self, ticket: Ticket, command: CommandId, offers: Vec<Offer>, theirs: bool) {
        self.order(Order::Settle { ticket, command, offers, theirs });
    }

    pub fn look_at(&self, rows: Rows) {
        self.look(Ask::LookAt(rows));
    }

    /// The stop sign goes down here, where it is also put up: one that is put up while the file is
    /// being opened must still stand when its rows are read.
    pub fn try_import(&self, order: Box<import::Order>) {
        self.stop.set(false);
        self.look(Ask::Try(order));
    }

    pub fn import(&self, command: CommandId, order: Box<import::Order>) {
        self.stop.set(false);
        self.look(Ask::Import { command, order });
    }

    pub fn stop_import(&self) {
        self.stop.set(true);
    }

    pub fn keep_profile(&self, profile: Box<Profile>) {
        self.look(Ask::Keep(profile));
    }

    fn look(&self, ask: Ask) {
        let _ = self.looks.send(ask);
    }

    pub fn offers(&self) {
        let _ = self.questions.send(Question::Offers);
    }

    pub fn alike(&self, subject: SubjectId) {
        let _ = self.questions.send(Question::Alike(subject));
    }

    pub fn contact(&self, subject: SubjectId, others: Vec<SubjectId>) {
        let _ = self.questions.send(Question::Contact(subject, others));
    }

    pub fn said(&self, ticket: Ticket, words: String) {
        self.newest.store(ticket.0, Ordering::Relaxed);
        let _ = self.questions.send(Question::Said { ticket, words });
    }

    pub fn notes(&self) {
        let _ = self.questions.send(Question::Notes);
    }

    pub fn fetch(&self, subjects: Vec<SubjectId>) {
        let _ = self.questions.send(Question::Fetch(subjects));
    }

    pub fn history(&self, subject: SubjectId) {
        let _ = self.questions.send(Question::History(subject));
    }

    pub fn marked(&self, subjects: Vec<SubjectId>) {
        let _ = self.questions.send(Question::Marked(subjects));
    }

    pub fn serve(&self, wanted: Vec<SubjectId>) {
        self.wish(Wish::Serve(wanted));
    }

    pub fn claim(&self, subject: SubjectId) {
        self.wish(Wish::Claim(subject));
    }

    pub fn release(&self) {
        self.wish(Wish::Release);
    }

    pub fn skip(&self, skip: Skip) {
        self.wish(Wish::Skip(skip));
    }

    pub fn bring_back(&self, subject: SubjectId, day: Day) {
        self.wish(Wish::BringBack(subject, day));
    }

    fn wish(&self, wish: Wish) {
        let _ = self.wishes.send(wish);
    }

    fn order(&self, order: Order) {
        let _ = self.orders.send(order);
    }

    /// Lets the writer finish what it was asked, for at most so long. `false`: it has not.
    pub fn finish(&self, patience: Duration) -> bool {
        self.wish(Wish::End);
        self.order(Order::End);
        let _ = self.released.recv_timeout(RELEASE);
        self.written.recv_timeout(patience).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::change::Change;
    use crate::domain::event::{Kind as EventKind, Of, Write};
    use crate::domain::id::{ReplicaId, SessionId, SubjectId};
    use crate::domain::playbook::DeskKind;
    use crate::domain::value::Value;
    use crate::index::queue::Queue;
    use crate::run::now;
    use crate::store::NewDatabase;
    use tokio::sync::mpsc;

    fn who(login: &str) -> Who {
        Who { uid: 1, login: login.to_owned(), session: SessionId(now::fresh()) }
    }

    /// A change of a new application, or of one that was seen.
    fn set(subject: SubjectId, expects: Option<i64>, site: &str, clock: &Clock) -> ChangeSet {
        let write = |value: Value| Write { to: value, ..Write::default() };
        let mut fields = BTreeMap::from([("site".to_owned(), write(Value::text(site)))]);
        if expects.is_none() {
            fields.insert("opened".to_owned(), write(Value::text(clock.today().to_string())));
        }
        let change = Change { subject, of: Of::Application, expects, needs_reference: expects.is_none(), fields };
        let kind = if expects.is_none() { EventKind::Open } else { EventKind::Set };
        ChangeSet {
            command: CommandId(now::fresh()),
            kind,
            on: clock.today(),
            undoes: None,
            changes: vec![change],
            did: format!("did {site}"),
            playbook: "test".to_owned(),
        }
    }

    /// A database without a row.
    pub(super) fn made() -> (tempfile::TempDir, PathBuf) {
        let temp = tempfile::tempdir().expect("a directory");
        let path = temp.path().join("west.db");
        let new = NewDatabase {
            replica: ReplicaId(now::fresh()),
            letter: 'A',
            desk: DeskKind::Residential,
            zone: "America/Denver".to_owned(),
            demo: false,
            group: None,
        };
        Store::create(&path, &new, now::millis()).expect("made");
        (temp, path)
    }

    struct Place {
        stores: Stores,
        other: Store,
        clock: Clock,
        answers: mpsc::UnboundedReceiver<Msg>,
        rows: mpsc::Receiver<Msg>,
        first: SubjectId,
        _temp: tempfile::TempDir,
    }

    impl Place {
        /// A database with one application, opened by the two threads and by somebody else.
        fn new() -> Place {
            let (temp, path) = made();
            let clock = Clock::new(now::zone("America/Denver").expect("a zone"), None);
            let mut other = Store::open(&path, Access::Write).expect("opened");
            let first = SubjectId(now::fresh());
            other.commit(&set(first, None, "1 Main St", &clock), &who("asmith"), now::millis(), now::seed()).expect("written");
            let (answers, for_answers) = mpsc::unbounded_channel();
            let (rows, for_rows) = mpsc::channel(2);
            let settings = crate::settings::load(DeskKind::Residential, &[], &[]).expect("the shipped settings");
            let known = Known { playbook: std::sync::Arc::new(settings.playbook), profiles: settings.profiles, database: path.clone() };
            let common = Common { who: who("jdoe"), clock, playbook: "test".to_owned(), answers, rows };
            let stores = Stores::start(open(&path, "jdoe").expect("opened"), &common, known).expect("started");
            Place { stores, other, clock, answers: for_answers, rows: for_rows, first, _temp: temp }
        }

        /// The next answer that is wanted; others are of no interest here.
        fn wait<T>(&mut self, wanted: impl Fn(Msg) -> Option<T>) -> T {
            loop {
                if let Some(found) = wanted(self.answers.blocking_recv().expect("the threads live")) {
                    return found;
                }
            }
        }

        fn committed(&mut self) -> Result<crate::desk::msg::Saved, crate::desk::msg::Unsaved> {
            self.wait(|msg| if let Msg::Committed { result, .. } = msg { Some(result) } else { None })
        }
    }

    #[test]
    fn what_is_opened_and_not_used_leaves_no_log_behind() {
        let (temp, path) = made();
        for _ in 0..20 {
            drop(open(&path, "jdoe").expect("opened"));
            assert!(!temp.path().join("west.db-wal").exists());
        }
    }

    /// What is read ahead is no older for those who write meanwhile.
    #[test]
    fn a_change_between_the_first_look_and_the_first_row_is_told() {
        let mut place = Place::new();
        let store = Store::open(&place._temp.path().join("west.db"), Access::Read).expect("opened");
        let begun = begin::Begun::read(&store, "jdoe");
        assert!(begun.is_ok());
        let change = set(place.first, Some(1), "3 Main St", &place.clock);
        place.other.commit(&change, &who("asmith"), now::millis(), now::seed()).expect("written");
        let (answers, for_answers) = mpsc::unbounded_channel();
        let ((rows, _rows), (_questions, asked)) = (mpsc::channel(2), channel());
        let playbook = Arc::new(crate::settings::load(DeskKind::Residential, &[], &[]).expect("the shipped settings").playbook);
        let common = Common { who: who("jdoe"), clock: place.clock, playbook: "test".to_owned(), answers, rows };
        let go = Go { common, playbook, asked, newest: Arc::default() };
        thread::Builder::new().spawn(move || reader::run(&store, begun.ok(), &go)).expect("a thread");
        place.answers = for_answers;
        let foreign = place.wait(|msg| if let Msg::Foreign(foreign) = msg { Some(foreign) } else { None });
        assert_eq!(foreign[0].facts.as_ref().map(|row| (row.site.as_str(), row.version)), Some(("3 Main St", 2)));
    }

    #[test]
    fn rows_come_and_others_changes_follow() {
        let mut place = Place::new();
        assert!(matches!(place.rows.blocking_recv(), Some(Msg::Expected(1))));
        let Some(Msg::Block { block, last: true }) = place.rows.blocking_recv() else { panic!("one slice is all") };
        let (mut queue, settings) = (Queue::new(), crate::settings::load(DeskKind::Residential, &[], &[]).expect("the shipped settings"));
        queue.absorb(*block, &settings.playbook);
        let sites = queue.rows().filter_map(|id| queue.row(id, &settings.playbook)).map(|row| row.site.to_owned());
        assert_eq!(sites.collect::<Vec<_>>(), ["1 Main St"]);
        let change = set(place.first, Some(1), "2 Main St", &place.clock);
        place.other.commit(&change, &who("asmith"), now::millis(), now::seed()).expect("written");
        let foreign = place.wait(|msg| if let Msg::Foreign(foreign) = msg { Some(foreign) } else { None });
        assert_eq!(foreign[0].by, "asmith");
        assert_eq!(foreign[0].facts.as_ref().map(|row| (row.site.as_str(), row.version)), Some(("2 Main St", 2)));
        place.stores.fetch(vec![place.first]);
        let record = place.wait(|msg| if let Msg::Record(record) = msg { Some(record) } else { None });
        assert_eq!(record.version, 2);
    }

    #[test]
    fn a_view_of_the_teams_is_told_with_its_answer_and_to_others() {
        let mut place = Place::new();
        let views = |msg| if let Msg::Views(views) = msg { Some(views) } else { None };
        assert_eq!(place.wait(views), [], "at the start");
        let kept = Kept { name: "late".to_owned(), query: "due<today".to_owned(), team: true, ..Kept::default() };
        let keep = |place: &Place, ticket, seen, view: Option<&Kept>| {
            place.stores.keep_view(Ticket(ticket), CommandId(now::fresh()), "late".to_owned(), seen, view.cloned().map(Box::new));
        };
        keep(&place, 1, 0, Some(&kept));
        assert_eq!(place.wait(views), [Kept { version: 1, ..kept.clone() }]);
        assert!(place.committed().is_ok_and(|saved| saved.did == "view late"));
        // Over a version that nobody sees any more neither a change nor a removal is written.
        keep(&place, 2, 0, None);
        assert!(matches!(place.committed(), Err(crate::desk::msg::Unsaved::Stale { now: 1, .. })));
        let record = place.other.view("late").expect("a read");
        let gone = crate::domain::view::change_set(&record, "late", 1, None, CommandId(now::fresh()), place.clock.today(), "test");
        place.other.commit(&gone.expect("a removal"), &who("asmith"), now::millis(), now::seed()).expect("written");
        let none = |msg| views(msg).filter(Vec::is_empty);
        assert_eq!(place.wait(none), [], "somebody else's removal is told");
    }

    #[test]
    fn commits_are_answered_and_our_own_are_not_foreign() {
        let mut place = Place::new();
        let change = set(place.first, Some(1), "2 Main St", &place.clock);
        place.stores.commit(Ticket(7), change);
        let saved = place.committed().expect("nobody else has changed it");
        assert_eq!((saved.did.as_str(), saved.facts.len()), ("did 2 Main St", 1));
        let stale = set(place.first, Some(1), "3 Main St", &place.clock);
        place.stores.commit(Ticket(8), stale);
        assert!(matches!(place.committed(), Err(crate::desk::msg::Unsaved::Stale { by, now: 2, .. }) if by == "jdoe"));
        place.stores.undo(Ticket(9), CommandId(now::fresh()));
        assert!(place.committed().is_ok_and(|saved| saved.did.contains("did 2 Main St")));
        // A change of somebody else's comes through, ours before it do not.
        let second = set(SubjectId(now::fresh()), None, "9 Main St", &place.clock);
        place.other.commit(&second, &who("asmith"), now::millis(), now::seed()).expect("written");
        let foreign = place.wait(|msg| if let Msg::Foreign(foreign) = msg { Some(foreign) } else { None });
        assert_eq!(foreign.iter().map(|change| change.by.as_str()).collect::<Vec<_>>(), ["asmith"]);
    }

    #[test]
    fn who_signs_is_told_at_the_start_and_after_a_change() {
        let mut place = Place::new();
        let signed = |msg| if let Msg::Signed { person, .. } = msg { Some(person) } else { None };
        assert_eq!(place.wait(signed).name, "");
        let values = BTreeMap::from([("name".to_owned(), "J. Doe".to_owned()), ("phone".to_owned(), String::new())]);
        place.stores.sign(Ticket(1), CommandId(now::fresh()), values, false);
        assert!(place.committed().is_ok());
        assert_eq!(place.wait(signed).name, "J. Doe");
        assert!(place.stores.finish(Duration::from_secs(60)));
    }

    #[test]
    fn what_is_added_to_a_utilitys_page_is_told_with_its_answer_and_to_others() {
        let mut place = Place::new();
        let states = |msg| if let Msg::Utilities(states) = msg { Some(states) } else { None };
        assert_eq!(place.wait(states), []);
        let until = place.clock.today().iter_days().nth(3).expect("a day");
        let down = Addition::Down { until, reason: String::new(), channel: String::new() };
        place.stores.keep_utility(Ticket(1), CommandId(now::fresh()), "Oncor".to_owned(), 0, down.clone());
        let told = place.wait(states);
        assert_eq!(told.iter().map(|state| (state.name.as_str(), state.outage.is_some())).collect::<Vec<_>>(), [("Oncor", true)]);
        assert!(place.committed().is_ok_and(|saved| saved.did.starts_with("Oncor: portal down until")));
        // On a version that nobody sees any more it is refused; a quirk needs none.
        place.stores.keep_utility(Ticket(2), CommandId(now::fresh()), "Oncor".to_owned(), 0, down);
        assert!(matches!(place.committed(), Err(crate::desk::msg::Unsaved::Stale { now: 1, .. })));
        let quirk = Addition::Quirk { says: "Ask before noon.".to_owned() };
        place.stores.keep_utility(Ticket(3), CommandId(now::fresh()), "Oncor".to_owned(), 0, quirk);
        assert!(place.committed().is_ok());
        // Somebody else's.
        let record = place.other.utility("Oncor").expect("a read");
        let change = Addition::Up.change(&record, "Oncor", None, place.clock.today(), "asmith");
        let set = ChangeSet { changes: vec![change], kind: EventKind::Set, ..set(place.first, None, "x", &place.clock) };
        place.other.commit(&set, &who("asmith"), now::millis(), now::seed()).expect("written");
        let up = |msg| if let Msg::Utilities(states) = msg { states.into_iter().find(|state| state.outage.is_none()) } else { None };
        assert_eq!(place.wait(up).quirks.len(), 1);
        place.stores.turnaround("Oncor".to_owned(), vec!["oncor".to_owned()]);
        let told = place.wait(|msg| if let Msg::Turnaround { applications, .. } = msg { Some(applications) } else { None });
        assert_eq!(told, [] as [crate::domain::turnaround::Milestones; 0]);
    }
}
