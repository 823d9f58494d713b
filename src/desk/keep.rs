//! Keeping what is listed as a view, removing one, and choosing: a view, a sort, a group.

use super::ask;
use super::effect::Effect;
use super::key::Press;
use super::model::{Desk, Rules, Saving, Way};
use super::notice::{Notice, Tone};
use super::prompt::{Act, Ask, Item, Pick, Prompt};
use super::{picker, saving, views};
use crate::domain::id::CommandId;
use crate::domain::query::{FIELDS, Group, Kind, read_sort, sort_text};
use crate::domain::view::{self, Kept, Rows};
use crate::index::queue::View;

fn item(value: &str, label: &str, detail: &str) -> Item {
    Item { value: value.to_owned(), label: label.to_owned(), detail: detail.to_owned(), refused: None }
}

/// What is listed now, without a name.
fn listed(desk: &Desk) -> Kept {
    let selection = &desk.views.selection;
    Kept {
        query: desk.views.text.trim().to_owned(),
        rows: Rows::from(&desk.view),
        sort: selection.sort.clone(),
        group: selection.group,
        ..Kept::default()
    }
}

/// Asks under which name, and for whom.
pub(super) fn open(desk: &mut Desk, rules: &Rules) -> Vec<Effect> {
    if desk.views.selection.is_plain() {
        let words = "there is nothing to keep: narrow the list with Q, sort it with v o, or group it with v g";
        desk.notice = Some(Notice::new(Tone::Note, words));
        return Vec::new();
    }
    let open = desk.views.open.as_ref();
    let answers = vec![
        ask::answer("name", "name (rmp-late)", true, open.map_or("", |open| &open.name)),
        ask::answer("whose", "whose (mine, team)", true, if open.is_some_and(|open| open.team) { "team" } else { "mine" }),
    ];
    let title = format!("keep this view: {}", listed(desk).about());
    ask::open(desk, rules, Act::KeepView, title, None, answers)
}

/// Enter: one that would go over another view of the name is refused.
pub(super) fn keep(desk: &mut Desk, rules: &Rules, ask: Ask, press: Press) -> Vec<Effect> {
    let text = |name: &str| ask.answers.iter().find(|answer| answer.name == name).map(|answer| answer.line.text().trim().to_lowercase());
    let team = match text("whose").as_deref() {
        Some("mine" | "me" | "m" | "own") => Ok(false),
        Some("team" | "t" | "the team") => Ok(true),
        _ => Err("whose it is: mine or team is wanted".to_owned()),
    };
    let made = view::name(&text("name").unwrap_or_default()).and_then(|name| Ok(Kept { name, team: team?, ..listed(desk) }));
    let made = made.and_then(|kept| over(desk, kept));
    match made {
        Ok(kept) if rules.database.is_empty() && kept.team => refuse(desk, ask, "there is no database to write to".to_owned()),
        Ok(kept) if kept.team => {
            desk.views.keeping = Some(kept.name.clone());
            let seen = kept.version;
            write(desk, kept.name.clone(), seen, Some(kept), Some(ask), press)
        }
        Ok(kept) => {
            let over = desk.views.own.iter().any(|known| known.name == kept.name);
            vec![Effect::KeepOwnView { view: Box::new(kept), over }]
        }
        Err(says) => refuse(desk, ask, says),
    }
}

/// Over the one that is open it is a change of it; over any other it would be a loss.
fn over(desk: &Desk, kept: Kept) -> Result<Kept, String> {
    let known = desk.views.kept().find(|known| known.name == kept.name && known.team == kept.team);
    let open = desk.views.open.as_ref().filter(|open| open.name == kept.name && open.team == kept.team);
    match (known, open) {
        (Some(known), None) => {
            Err(format!("there is a view {} already ({}): choose another name, or open it first", known.name, known.about()))
        }
        (Some(_), Some(open)) => Ok(Kept { version: open.version, ..kept }),
        (None, _) => Ok(kept),
    }
}

fn refuse(desk: &mut Desk, ask: Ask, says: String) -> Vec<Effect> {
    desk.notice = Some(Notice::new(Tone::Refused, says));
    desk.prompt = Some(Prompt::Ask(Box::new(ask)));
    Vec::new()
}

/// One command on the team's view of that name.
fn write(desk: &mut Desk, name: String, seen: i64, view: Option<Kept>, ask: Option<Ask>, press: Press) -> Vec<Effect> {
    let (ticket, command) = (saving::take_ticket(desk), CommandId(press.fresh[0]));
    desk.saving = Some(Saving { signing: ask.map(Box::new), ..saving::bare(ticket, command, Way::Forward) });
    vec![Effect::KeepView { ticket, command, name, seen, view: view.map(Box::new) }]
}

/// Every view to choose from.
pub(super) fn choose_view(desk: &mut Desk) -> Vec<Effect> {
    let one = |tab: &views::Tab<'_>| {
        let about = tab.kept.map_or_else(|| built_in(tab.rows).to_owned(), Kept::about);
        let whose = tab.kept.map_or("", |kept| if kept.team { "team's: " } else { "mine: " });
        let count = tab.count.map(|count| format!(" ({count})")).unwrap_or_default();
        Item { detail: format!("{whose}{about}"), ..item(&value(tab.kept, tab.rows), &format!("{}{count}", tab.name), "") }
    };
    let items = views::tabs(desk).iter().map(one).collect();
    picker::open(desk, Pick::View, "which view".to_owned(), None, items)
}

fn built_in(rows: Rows) -> &'static str {
    match rows {
        Rows::Mine => "my rows, to be worked now",
        Rows::Team => "everybody's rows, to be worked now",
        Rows::Pool => "rows that have no owner",
        Rows::Away => "what is away or on hold",
    }
}

/// How the lists name a view: with its version, so that what is done is done to what was read.
fn value(kept: Option<&Kept>, rows: Rows) -> String {
    match kept {
        None => rows.name().to_owned(),
        Some(kept) => format!("{} {} {}", if kept.team { "team" } else { "own" }, kept.version, kept.name),
    }
}

fn find(desk: &Desk, value: &str) -> Option<Kept> {
    desk.views.kept().find(|kept| self::value(Some(kept), kept.rows) == value).cloned()
}

/// The kept ones, the open one first.
pub(super) fn choose_removed(desk: &mut Desk) -> Vec<Effect> {
    let open = desk.views.open.as_ref();
    let is_open = |kept: &Kept| open.is_some_and(|open| (open.team, &open.name) == (kept.team, &kept.name));
    let whose = |kept: &Kept| if kept.team { "the team's, u brings it back" } else { "mine, its file goes" };
    let mut kept: Vec<&Kept> = desk.views.kept().collect();
    kept.sort_by_key(|kept| !is_open(kept));
    let one = |kept: &Kept| item(&value(Some(kept), kept.rows), &format!("{}: {}", kept.name, kept.about()), whose(kept));
    let items: Vec<Item> = kept.into_iter().map(one).collect();
    if items.is_empty() {
        desk.notice = Some(Notice::new(Tone::Note, "no view was kept yet; v k keeps what is listed"));
        return Vec::new();
    }
    picker::open(desk, Pick::RemoveView, "remove a view".to_owned(), None, items)
}

pub(super) fn choose_sort(desk: &mut Desk) -> Vec<Effect> {
    let mut items = vec![item("priority", "priority", "the queue's own order")];
    for field in FIELDS.iter().filter(|field| field.kind != Kind::Is) {
        let (up, down) = match field.kind {
            Kind::Day(_) => ("earliest first", "latest first"),
            Kind::Number(_) => ("smallest first", "largest first"),
            Kind::Name(_) | Kind::Text(_) | Kind::Is => ("from the start", "from the end"),
        };
        items.push(item(field.name, &format!("{}, {up}", field.name), field.label));
        items.push(item(&format!("-{}", field.name), &format!("{}, {down}", field.name), field.label));
    }
    let now = sort_text(&desk.views.selection.sort);
    let title = if now.is_empty() { "sort by (now: priority)".to_owned() } else { format!("sort by (now: {now})") };
    picker::open(desk, Pick::SortBy, title, None, items)
}

pub(super) fn choose_group(desk: &mut Desk) -> Vec<Effect> {
    let one = |group: Group| item(group.name(), group.name(), if desk.views.selection.group == Some(group) { "now" } else { "" });
    let items = std::iter::once(item("none", "none", "one list")).chain(Group::ALL.map(one)).collect();
    picker::open(desk, Pick::GroupBy, "group by".to_owned(), None, items)
}

/// What was chosen in one of these lists; `None`: it was another list.
pub(super) fn chosen(desk: &mut Desk, rules: &Rules, pick: &Pick, value: &str, press: Press) -> Option<Vec<Effect>> {
    Some(match pick {
        Pick::View => match (find(desk, value), Rows::parse(value)) {
            (Some(kept), _) => views::open(desk, rules, &kept),
            (None, Some(rows)) => views::show(desk, rules, View::from(rows)),
            (None, None) => {
                desk.notice = Some(Notice::new(Tone::Refused, "that view was changed or removed while you chose; look again"));
                Vec::new()
            }
        },
        Pick::SortBy => {
            desk.views.selection.sort = read_sort(value).unwrap_or_default();
            views::rearrange(desk, rules)
        }
        Pick::GroupBy => {
            desk.views.selection.group = Group::parse(value);
            views::rearrange(desk, rules)
        }
        Pick::RemoveView => remove(desk, value, press),
        _ => return None,
    })
}

fn remove(desk: &mut Desk, value: &str, press: Press) -> Vec<Effect> {
    if desk.saving.is_some() {
        desk.notice = Some(Notice::new(Tone::Refused, "the last change is still being saved; choose it again"));
        return Vec::new();
    }
    let Some(kept) = find(desk, value) else {
        desk.notice = Some(Notice::new(Tone::Refused, "that view was changed or removed while you chose; look again"));
        return Vec::new();
    };
    if !kept.team {
        return vec![Effect::DropOwnView(Box::new(kept))];
    }
    // Its list stays, as a query that was typed.
    if desk.views.open.as_ref().is_some_and(|open| open.team && open.name == kept.name) {
        desk.views.open = None;
    }
    desk.views.removing = Some(kept.name.clone());
    write(desk, kept.name, kept.version, None, None, press)
}
