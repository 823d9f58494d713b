//! What does a queue of made-up applications look like? The same seed and day give the same one.

mod answer;
mod beside;
mod book;
mod chance;
mod course;
mod data;
mod fate;
mod journal;
mod life;
mod plant;
mod road;
mod site;
mod thin;
mod world;

use beside::Dealt;
use chance::Chance;
use course::Stop;
use data::Data;
use fate::Fate;
use life::{First, Life, Uses};
use road::Road;
use world::{Actor, Values, World};

use crate::domain::change::Change;
use crate::domain::day::Day;
use crate::domain::event::Of;
use crate::domain::id::{CommandId, Hlc, SessionId};
use crate::domain::message::Person;
use crate::domain::plan::edit;
use crate::domain::playbook::Playbook;
use crate::domain::record::Record;
use crate::domain::trouble::Failure;
use crate::store::{Past, Store};

/// Above so many applications each has one event instead of a history.
const THIN_ABOVE: u32 = 5_000;
/// Applications in one transaction.
const CHUNK: usize = 2_000;

/// What is wanted.
pub struct Wanted<'a> {
    /// Open applications; a tenth as many that are over come with them.
    pub tasks: u32,
    pub seed: u64,
    pub playbook: &'a Playbook,
    pub zone: chrono_tz::Tz,
    pub today: Day,
    /// The Unix user: the demo's coordinator works under this login.
    pub uid: u32,
    pub login: &'a str,
    /// Now, in milliseconds since 1970.
    pub millis: i64,
}

/// Fills a new, empty demo database.
pub fn fill(store: &mut Store, wanted: &Wanted<'_>) -> Result<(), Failure> {
    let data = Data::shipped();
    let mut chance = Chance::new(wanted.seed);
    let colleagues = data.people.colleagues.iter().zip(2_001..);
    let person = &data.people.coordinator;
    let world = World {
        data: &data,
        playbook: wanted.playbook,
        road: Road::of(&data.roads, wanted.playbook.desk, &wanted.playbook.workflow),
        person: Person { login: wanted.login.to_owned(), name: person.name.clone(), phone: person.phone.clone() },
        actors: std::iter::once(Actor { uid: wanted.uid, login: wanted.login.to_owned() })
            .chain(colleagues.map(|(colleague, uid)| Actor { uid, login: colleague.login.clone() }))
            .collect(),
        today: wanted.today,
        zone: wanted.zone,
        replica: store.about().replica,
        session: SessionId(chance.uuid()),
        letter: store.about().letter.clone(),
    };
    let mut clock = seed(store, signatures(store, &world, &mut chance)?, 1, Hlc::default(), wanted)?;
    let mut seq = 1 + i64::try_from(world.actors.len()).unwrap_or(0) + 1;
    let thin = wanted.tasks > THIN_ABOVE;
    let files = files(&world, wanted, thin, &chance);
    let mut uses = Uses::new();
    let mut chunks = files.chunks(if thin { CHUNK } else { usize::MAX }).peekable();
    while let Some(chunk) = chunks.next() {
        let mut past = Vec::new();
        for file in chunk {
            past.extend(file.live(&world, thin, &mut uses)?.past);
        }
        // With the last: what is written earlier in the journal is told as earlier.
        if chunks.peek().is_none() {
            past.extend(book::additions(store, &world, &mut chance));
        }
        let written = i64::try_from(past.len()).unwrap_or(0);
        clock = seed(store, past, seq, clock, wanted)?;
        seq += written;
    }
    Ok(())
}

fn seed(store: &mut Store, mut past: Vec<Past>, seq: i64, clock: Hlc, wanted: &Wanted<'_>) -> Result<Hlc, Failure> {
    // A minute back: whatever is done next comes after it.
    let clock = journal::put_in_order(&mut past, seq, clock, wanted.millis - 60_000);
    let salt = Chance::new(wanted.seed).nth(seq.unsigned_abs()).uuid();
    store.seed(&past, wanted.millis, salt.into_bytes())?;
    Ok(clock)
}

/// One application to be: who it is, when it began, what becomes of it.
struct File<'w> {
    nth: u64,
    open: bool,
    chance: Chance,
    first: First,
    values: Values,
    stops: Vec<Stop<'w>>,
}

/// All files in the order in which they were opened, so that references grow with time.
fn files<'w>(world: &'w World<'w>, wanted: &Wanted<'_>, thin: bool, chance: &Chance) -> Vec<File<'w>> {
    let open = u64::from(wanted.tasks);
    let offset = chance.nth(0).next();
    let mut dealt = Dealt::new();
    let mut files: Vec<File<'w>> = Vec::new();
    for nth in 0..open + open / 10 {
        let mut own = chance.nth(nth + 1);
        let beside = if thin || nth >= open { None } else { files.last_mut().and_then(|site| site.beside(world, &mut dealt, &mut own)) };
        let (values, target) = match beside {
            Some(beside) => beside,
            None => {
                let Some(target) = course::target(world, nth < open, nth, offset) else { continue };
                let place = site::place(world, &mut own);
                (site::values(world, place, !thin, &mut own), target)
            }
        };
        files.extend(File::new(world, (nth, nth < open), values, target, thin, own));
    }
    files.sort_by_key(|file| (file.first.day, file.nth));
    for (file, reference) in files.iter_mut().zip(1_001..) {
        file.first.reference = reference;
    }
    files
}

/// Two thirds are the coordinator's own, a quarter the colleagues'; the rest lies in the pool.
fn actor(nth: u64) -> usize {
    match nth.wrapping_mul(71) % 100 {
        0..=65 => 0,
        66..=79 => 1,
        80..=90 => 2,
        _ => usize::MAX,
    }
}

impl<'w> File<'w> {
    fn new(
        world: &'w World<'w>,
        (nth, open): (u64, bool),
        mut values: Values,
        target: usize,
        thin: bool,
        mut chance: Chance,
    ) -> Option<Self> {
        let place = world.place(values.get("utility")?)?;
        let stops = course::to(world, target, place, &mut chance);
        site::studied(stops.iter().any(|stop| stop.status.name == "study"), &mut values);
        // A thin one is opened where it stands.
        let stop = if thin { stops.last() } else { stops.first() };
        let first = First { day: stop?.entered, reference: 0, actor: actor(nth) };
        Some(File { nth, open, chance, first, values, stops })
    }

    /// Another application of this one's site, which then has a project.
    fn beside(&mut self, world: &World<'_>, dealt: &mut Dealt, chance: &mut Chance) -> Option<(Values, usize)> {
        if self.values.contains_key("project") {
            return None;
        }
        let (lane, target) = beside::of(world, &self.values, self.stops.last()?.at, dealt, chance)?;
        let project = self.values.get("site")?.clone();
        self.values.insert("project".to_owned(), project);
        Some((beside::values(&lane, &self.values), target))
    }

    fn live(&self, world: &'w World<'w>, thin: bool, uses: &mut Uses) -> Result<Life<'w>, Failure> {
        let chance = self.chance.clone();
        let mut values = self.values.clone();
        // A file of the pool was opened by the coordinator, and belongs to nobody.
        let owner = world.actors.get(self.first.actor).map(|actor| actor.login.clone());
        values.insert("owner".to_owned(), owner.unwrap_or_default());
        let fate = if self.open { fate::of(self.nth) } else { Fate::Away };
        let actor = if self.first.actor < world.actors.len() { self.first.actor } else { 0 };
        let first = First { actor, ..self.first };
        if thin {
            return Ok(thin::open(world, &first, values, &self.stops, fate, chance)?);
        }
        let status = self.stops.first().map_or("intake", |stop| &stop.status.name);
        values.insert("status".to_owned(), status.to_owned());
        let mut life = Life::open(world, &first, &values, Vec::new(), chance)?;
        life.walk(&self.stops, uses);
        if self.open {
            self.today(&mut life, fate, uses);
        }
        Ok(life)
    }

    /// What was done on it since it came to where it stands.
    fn today(&self, life: &mut Life<'w>, fate: Fate, uses: &mut Uses) {
        let world = life.world;
        let entered = self.stops.last().map_or(self.first.day, |stop| stop.entered);
        let days = world.playbook.calendar.between(entered, world.today).clamp(1, 8);
        let day = world.before(world.today, life.chance.within(1, days)).max(entered);
        if life.chance.percent(60) {
            life.chase(entered, day, uses);
        }
        // One clock of one application runs longer.
        if life.app.status() == "deficiency" && !uses.contains_key(EXTENDED) && life.extend(day) {
            uses.insert(EXTENDED.to_owned(), 1);
        }
        fate::decorate(life, self.nth, day);
        fate::last(life, fate, day, uses);
    }
}

/// Among the quick actions that were done: no name of one.
const EXTENDED: &str = "a clock was extended";

/// The people's and the company's own fields, before everything else.
fn signatures(store: &Store, world: &World<'_>, chance: &mut Chance) -> Result<Vec<Past>, Failure> {
    let people = &world.data.people;
    let mut changes: Vec<Change> = vec![edit::sign(&people.company, &Record::new(store.company_subject(), Of::Company), Of::Company)?];
    let coordinator = (world.person.login.as_str(), people.coordinator.name.as_str(), people.coordinator.phone.as_str());
    let colleagues = people.colleagues.iter().map(|colleague| (colleague.login.as_str(), colleague.name.as_str(), ""));
    for (login, name, phone) in std::iter::once(coordinator).chain(colleagues) {
        let given = [("login", login), ("name", name), ("phone", phone)].into_iter().filter(|(_, text)| !text.is_empty());
        let fields = given.map(|(field, text)| (field.to_owned(), text.to_owned())).collect();
        changes.push(edit::sign(&fields, &Record::new(store.person_subject(login), Of::Person), Of::Person)?);
    }
    let day = world.before(world.today, 250);
    let actor = world.actors.first().cloned().unwrap_or(Actor { uid: 0, login: String::new() });
    let mut told = |change: Change| world.past(change, "signatures".to_owned(), day, (&actor, CommandId(chance.uuid()), 1));
    Ok(changes.into_iter().map(&mut told).collect())
}
