//! Serve-next: the best row that nobody has, taken, worked or skipped with a reason; and who has which row open.

use std::collections::{HashMap, HashSet};

use super::effect::Effect;
use super::key::Press;
use super::model::{Desk, Rules, Worked};
use super::msg::Held;
use super::notice::{Notice, Tone};
use super::prompt::{Act, Ask, Item, Pick};
use super::{ask, picker, queue, records, views};
use crate::domain::application::Application;
use crate::domain::id::{SubjectId, Uuid};
use crate::domain::skip::Skip;
use crate::domain::text::clean_line;
use crate::index::order::Moment;
use crate::index::queue::{Standing, View};

/// A lease ends so many minutes after the last key.
pub const LEASE_MINUTES: i64 = 10;
/// Keys renew it at most so often, in milliseconds.
const RENEW: i64 = 30_000;
/// Rows that are offered to the file at once: so many would have to be taken by others in the same moment.
const OFFERED: usize = 64;
/// An answer that does not come must not hold the keys for ever; milliseconds.
const ANSWERED: i64 = 3_000;
/// How a skipped row begins to say what was done to it.
const SKIPPED: &str = "skipped: ";

/// Which rows are open where, and which I skipped.
#[derive(Clone, Debug, Default)]
pub struct Serve {
    /// What other sessions have open.
    pub held: HashMap<SubjectId, Held>,
    /// What this one has.
    pub mine: Option<SubjectId>,
    /// It was served: leaving it asks for a reason, and the next is served too.
    pub served: bool,
    /// Today, by me.
    pub skipped: Vec<Skip>,
    /// Why there are no leases; `None`: there are.
    pub off: Option<String>,
    /// When a row was asked for that has not come yet.
    asked_at: Option<i64>,
    renewed_at: i64,
}

impl Serve {
    /// Whether a served row is still on its way: no key can have meant it yet.
    pub(super) fn is_awaited(&self, at: i64) -> bool {
        self.asked_at.is_some_and(|asked| at - asked < ANSWERED)
    }

    pub fn has_skipped(&self, subject: SubjectId) -> bool {
        self.skipped.iter().any(|skip| skip.subject == subject)
    }
}

/// "kim has A-1042 Ana Reyes open since 09:12".
pub fn words(held: &Held, what: &str, me: &str) -> String {
    let whose = if held.by == me { "another session of yours" } else { &held.by };
    format!("{whose} has {what} open since {}", held.since.format("%H:%M"))
}

/// The same for a narrow line that names the record already: "kim, open since 09:12".
pub fn title(held: &Held, me: &str) -> String {
    let whose = if held.by == me { "you elsewhere" } else { &held.by };
    format!("{whose}, open since {}", held.since.format("%H:%M"))
}

/// `,`: asks for the best row of the view that nobody has and that I did not skip today.
pub(super) fn next(desk: &mut Desk, rules: &Rules, at: i64) -> Vec<Effect> {
    if rules.database.is_empty() {
        desk.notice = Some(Notice::new(Tone::Refused, "there is no database yet; q quits, then: intertie init"));
        return Vec::new();
    }
    let wanted = workable(desk, rules);
    let Some(first) = wanted.first().copied() else {
        desk.notice = Some(Notice::new(Tone::Note, nothing_left(desk)));
        return Vec::new();
    };
    (desk.moved_alone, desk.advanced_at) = (true, Some(at));
    if let Some(why) = desk.serve.off.clone() {
        queue::go_to(desk, rules, first);
        desk.notice = Some(Notice::new(Tone::Note, format!("the best row, but nobody else sees that you have it: {why}")));
        desk.detail_top = 0;
        return records::fetch(desk, rules);
    }
    desk.serve.asked_at = Some(at);
    vec![Effect::Serve(wanted)]
}

/// The rows that may be served, the best first.
fn workable(desk: &Desk, rules: &Rules) -> Vec<SubjectId> {
    // Of a million rows that are away none has to be asked.
    if desk.view == View::Away && desk.found.is_none() {
        return Vec::new();
    }
    let saving = desk.saving.as_ref().and_then(|saving| saving.subject);
    let moment = Moment::of(&desk.queue, &rules.playbook, desk.now);
    let rows = desk.order.iter().filter_map(|id| desk.queue.row(*id, &rules.playbook));
    let free = rows.filter(|row| {
        !desk.worked.contains_key(&row.subject)
            && !desk.serve.held.contains_key(&row.subject)
            && !desk.serve.has_skipped(row.subject)
            && saving != Some(row.subject)
            && desk.queue.standing(row.id, &moment) == Standing::Workable
    });
    free.map(|row| row.subject).take(OFFERED).collect()
}

fn nothing_left(desk: &Desk) -> String {
    match (desk.serve.held.len(), desk.serve.skipped.len()) {
        _ if desk.view == View::Away => "what is shown here is away; v m shows what can be worked".to_owned(),
        (0, 0) => "nothing here is left to be worked; R ranks again".to_owned(),
        (held, skipped) => {
            format!("nothing here is left to be worked: {held} open elsewhere, {skipped} skipped today (v s lists them); R ranks again")
        }
    }
}

/// The file has decided.
pub(super) fn served(desk: &mut Desk, rules: &Rules, subject: Option<SubjectId>) -> Vec<Effect> {
    let asked_at = desk.serve.asked_at.take();
    let Some(subject) = subject else {
        // It was not somebody who took them: the file cannot be used.
        if let (Some(at), true) = (asked_at, desk.serve.off.is_some()) {
            return next(desk, rules, at);
        }
        desk.notice = Some(Notice::new(Tone::Note, "others took every row that was free; again in a moment, or R ranks again"));
        return Vec::new();
    };
    let again = desk.serve.mine == Some(subject) && desk.serve.served;
    (desk.serve.mine, desk.serve.served) = (Some(subject), true);
    let row = desk.queue.find(subject).and_then(|id| desk.queue.row(id, &rules.playbook));
    let name = row.map(|row| format!("{} {}", row.reference, if row.customer.is_empty() { row.site } else { row.customer }));
    let name = name.unwrap_or_default();
    let words = match again {
        true => format!("{name} is still yours and still the best; - skips it and says why"),
        false => format!("yours for {LEASE_MINUTES} minutes: {name}"),
    };
    let notice = Notice::new(Tone::Note, words);
    // Something was opened while the row was on its way: nothing moves under it.
    if desk.prompt.is_some() {
        desk.notice = Some(notice.about(subject));
        return Vec::new();
    }
    queue::go_to(desk, rules, subject);
    desk.moved_alone = true;
    desk.detail_top = 0;
    desk.notice = Some(notice);
    records::fetch(desk, rules)
}

/// The first key of a change on a row: others see who has it. It asks nothing of whoever has it already.
pub(super) fn begin(desk: &mut Desk, action: &str, subject: SubjectId, at: i64) -> Vec<Effect> {
    if action == "skip" || desk.serve.off.is_some() || desk.serve.mine == Some(subject) {
        return Vec::new();
    }
    (desk.serve.mine, desk.serve.served, desk.serve.renewed_at) = (Some(subject), false, at);
    vec![Effect::Claim(subject)]
}

/// Said when what was opened is open elsewhere too, over no other words.
pub(super) fn warn(desk: &mut Desk, record: &Application) {
    if let Some(held) = desk.serve.held.get(&record.id)
        && desk.prompt.is_some()
        && desk.notice.is_none()
    {
        let words = words(held, record.reference(), &desk.person.login);
        desk.notice = Some(Notice::new(Tone::Note, format!("{words}; whoever saves second is told")));
    }
}

/// A key came: the lease lives on.
pub(super) fn renew(desk: &mut Desk, at: i64) -> Option<Effect> {
    let subject = desk.serve.mine.filter(|_| at - desk.serve.renewed_at >= RENEW)?;
    desk.serve.renewed_at = at;
    Some(Effect::Claim(subject))
}

/// The row was left.
pub(super) fn release(desk: &mut Desk) -> Option<Effect> {
    desk.serve.served = false;
    desk.serve.mine.take().map(|_| Effect::Release)
}

/// What other sessions have open now. Whoever opens the row that I am at is announced.
pub(super) fn held(desk: &mut Desk, rules: &Rules, held: Vec<Held>) -> Vec<Effect> {
    let before = std::mem::take(&mut desk.serve.held);
    for one in held {
        desk.serve.held.entry(one.subject).or_insert(one);
    }
    let Some(mine) = desk.serve.mine else { return Vec::new() };
    if let Some(other) = desk.serve.held.get(&mine).filter(|_| !before.contains_key(&mine)) {
        let row = desk.queue.find(mine).and_then(|id| desk.queue.row(id, &rules.playbook));
        let reference = row.map(|row| row.reference).unwrap_or_default();
        let words = words(other, reference, &desk.person.login);
        desk.notice = Some(Notice::new(Tone::Note, format!("{words}, as you have")).about(mine));
    }
    Vec::new()
}

/// `-`: why this row is for another day. One digit is the whole answer.
pub(super) fn skip(desk: &mut Desk, rules: &Rules, record: Application) -> Vec<Effect> {
    if let Some(why) = &desk.serve.off {
        desk.notice = Some(Notice::new(Tone::Refused, format!("nothing can be skipped: {why}")));
        return Vec::new();
    }
    let reasons = rules.playbook.skips.iter().zip(1..);
    let item = |label: &str, digit: usize| format!("{digit} {label}");
    let items = reasons
        .map(|(reason, digit)| Item {
            value: reason.name.clone(),
            label: item(&reason.label, digit),
            detail: if reason.asks { "asks for words".to_owned() } else { String::new() },
            refused: None,
        })
        .collect();
    picker::open(desk, Pick::Skip, ask::title("skip for today, because", &record), Some(record), items)
}

pub(super) fn reason(desk: &mut Desk, rules: &Rules, name: &str, record: Application, press: Press) -> Vec<Effect> {
    let asks = rules.playbook.skips.iter().any(|reason| reason.name == name && reason.asks);
    if asks {
        let answers = vec![ask::answer("why", "why not today", true, "")];
        return ask::open(desk, rules, Act::Skip(name.to_owned()), ask::title("skip for today", &record), Some(record), answers);
    }
    skipped(desk, rules, name, "", &record, press)
}

/// The words of a reason were typed.
pub(super) fn answered(desk: &mut Desk, rules: &Rules, ask: &Ask, press: Press) -> Vec<Effect> {
    let (Act::Skip(name), Some(record)) = (&ask.act, &ask.record) else { return Vec::new() };
    let words = ask.answers.first().map(|answer| clean_line(answer.line.text().trim())).unwrap_or_default();
    let mut effects = skipped(desk, rules, name, &words, record, press);
    if let Some(key) = &ask.draft {
        desk.drafts.remove(key);
        effects.push(Effect::DropDraft(key.clone()));
    }
    effects
}

/// The row keeps its place until the next ranking, as one that was worked does.
fn skipped(desk: &mut Desk, rules: &Rules, name: &str, words: &str, record: &Application, press: Press) -> Vec<Effect> {
    let skip = Skip {
        subject: record.id,
        day: desk.today(),
        login: desk.person.login.clone(),
        reason: name.to_owned(),
        words: words.to_owned(),
        at: 0,
    };
    let why = skip.why(&rules.playbook.skips);
    desk.serve.skipped.retain(|other| other.subject != skip.subject);
    desk.serve.skipped.insert(0, skip.clone());
    desk.worked.insert(record.id, Worked { did: format!("{SKIPPED}{why}") });
    desk.notice = Some(Notice::new(Tone::Done, format!("skipped {} for today: {why}; v s brings it back", record.reference())));
    let was_served = desk.serve.served && desk.serve.mine == Some(record.id);
    let mut effects = vec![Effect::Skip(skip)];
    if was_served {
        desk.serve.served = false;
        effects.extend(next(desk, rules, press.at));
    } else {
        effects.extend(release(desk));
        effects.extend(queue::advance(desk, rules, press.at));
    }
    effects
}

/// What I skipped today, as the file has it: from another session too, or from before a restart.
pub(super) fn told(desk: &mut Desk, skips: Vec<Skip>) -> Vec<Effect> {
    // One that could not be written, or came back elsewhere, is to be worked again.
    desk.worked.retain(|subject, worked| !worked.did.starts_with(SKIPPED) || skips.iter().any(|skip| skip.subject == *subject));
    desk.serve.skipped = skips;
    if !desk.moved {
        keep_out(desk);
    }
    Vec::new()
}

/// Takes what I skipped today out of the order; what is away or was searched for is shown all the same.
pub(super) fn keep_out(desk: &mut Desk) {
    if desk.serve.skipped.is_empty() || desk.view == View::Away || desk.found.is_some() {
        return;
    }
    let out: HashSet<_> = desk.serve.skipped.iter().filter_map(|skip| desk.queue.find(skip.subject)).collect();
    views::hand_heads_on(desk, |_, id| !out.contains(&id));
    desk.order.retain(|id| !out.contains(id));
    desk.cursor = desk.cursor.min(desk.order.len().saturating_sub(1));
}

/// `v s`: what I skipped today; choosing one brings it back.
pub(super) fn list(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    let row = |subject| desk.queue.find(subject).and_then(|id| desk.queue.row(id, &rules.playbook));
    let items: Vec<Item> = desk
        .serve
        .skipped
        .iter()
        .filter_map(|skip| {
            let row = row(skip.subject)?;
            let who = if row.customer.is_empty() { row.site } else { row.customer };
            let label = format!("{} {who}: {}", row.reference, row.task);
            Some(Item { value: skip.subject.to_string(), label, detail: skip.why(&rules.playbook.skips), refused: None })
        })
        .collect();
    if items.is_empty() {
        desk.notice = Some(Notice::new(Tone::Note, "you skipped nothing today; - skips a row"));
        return Vec::new();
    }
    let title = match items.len() {
        1 => "1 row that you skipped today; Enter brings it back".to_owned(),
        many => format!("{many} rows that you skipped today; Enter brings one back"),
    };
    picker::open(desk, Pick::Skipped, title, None, items)
}

pub(super) fn bring_back(desk: &mut Desk, rules: &Rules, value: &str) -> Vec<Effect> {
    let Some(subject) = Uuid::parse_str(value).ok().map(SubjectId) else { return Vec::new() };
    desk.serve.skipped.retain(|skip| skip.subject != subject);
    desk.worked.remove(&subject);
    queue::go_to(desk, rules, subject);
    desk.moved_alone = true;
    let row = desk.queue.find(subject).and_then(|id| desk.queue.row(id, &rules.playbook));
    let reference = row.map(|row| row.reference.to_owned()).unwrap_or_default();
    desk.notice = Some(Notice::new(Tone::Done, format!("{reference} is back in your queue")));
    let day = desk.today();
    std::iter::once(Effect::BringBack { subject, day }).chain(records::fetch(desk, rules)).collect()
}
