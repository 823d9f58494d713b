//! What does the list show? Only the rows that are seen are built, in columns by the list's width.

use std::borrow::Cow;

use ratatui::layout::Position;

use super::pen::{Pen, piece};
use super::scene::{Scene, who};
use super::text;
use super::theme::Role;
use crate::desk::groups::{self, ListLine};
use crate::desk::prompt::{DraftKey, Prompt};
use crate::desk::viewport::Area;
use crate::desk::views;
use crate::domain::day::{self, Datelike, Day, When};
use crate::domain::import_words::thousands;
use crate::domain::playbook::Playbook;
use crate::domain::priority::{DueDay, Signal};
use crate::index::RowId;
use crate::index::grouped;
use crate::index::queue::{Row, Standing, View};

/// The sign of the selected row, and of what is special about a row.
const SIGNS: u16 = 2;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Column {
    Score,
    Reference,
    Utility,
    Who,
    Status,
    Look,
    Waiting,
    More,
    Owner,
    Task,
}

use Column::{Look, More, Owner, Reference, Score, Status, Task, Utility, Waiting, Who};

impl Column {
    fn title(self) -> &'static str {
        match self {
            Score => "pts",
            Reference => "ref",
            Utility => "utility",
            Who => "customer",
            Status => "status",
            Look => "we look",
            Waiting => "waiting",
            More => "+",
            Owner => "owner",
            Task => "next",
        }
    }
}

/// The least width of each column, in the order in which they stand.
const ORDER: [(Column, u16); 10] =
    [(Score, 3), (Reference, 7), (Utility, 8), (Who, 10), (Status, 12), (Look, 9), (Waiting, 8), (More, 2), (Owner, 8), (Task, 14)];
/// Which column comes first when there is room for one more.
const WANTED: [Column; 8] = [Who, Reference, Look, Status, Utility, Score, Waiting, More];

/// The columns that fit into `width` cells, left to right. What is left over goes to the names,
/// and from some width on to owner and task.
///
/// `reference`: the cells of the longest reference that is seen. It is the one name by which people
/// tell each other a record, so it is never cut.
fn columns(width: u16, owners: bool, reference: u16) -> Vec<(Column, u16)> {
    let order = ORDER.map(|(column, least)| (column, if column == Reference { least.max(reference) } else { least }));
    let least = |column: Column| order.iter().find(|(known, _)| *known == column).map_or(0, |(_, least)| *least);
    let mut taken: Vec<Column> = Vec::new();
    let mut left = width + 1;
    for column in WANTED {
        match left.checked_sub(least(column) + 1) {
            Some(rest) => (left, taken) = (rest, [taken.as_slice(), &[column]].concat()),
            None => break,
        }
    }
    // "engineering" has eleven letters; where names have room enough it is not cut.
    let parties = if left >= 12 && taken.contains(&Waiting) { 3 } else { 0 };
    left -= parties;
    let mut names = left.min(10);
    left -= names;
    if owners && left > least(Owner) + least(Task) + 1 {
        taken.push(Owner);
        left -= least(Owner) + 1;
    }
    let mut task = 0;
    if left > least(Task) {
        taken.push(Task);
        let spare = (left - 1 - least(Task)).saturating_sub(20).min(12);
        names += spare;
        task = left - 1 - least(Task) - spare;
    } else {
        names += left;
    }
    let extra = |column| match column {
        Who => names,
        Waiting => parties,
        Task => task,
        _ => 0,
    };
    order.into_iter().filter(|(column, _)| taken.contains(column)).map(|(column, least)| (column, least + extra(column))).collect()
}

/// Draws the list; gives the place of the selected row's first cell.
pub fn draw(scene: &Scene<'_>, pen: &mut Pen<'_>) -> Option<Position> {
    let desk = scene.desk;
    let (heading, list) = (scene.layout.heading, scene.layout.list);
    let lines = groups::lines(desk, list.height);
    let row_of = |line: &ListLine| if let ListLine::Row(place) = line { scene.row(*desk.order.get(*place)?) } else { None };
    let rows: Vec<Option<Row<'_>>> = lines.iter().map(row_of).collect();
    let longest = rows.iter().flatten().map(|row| text::width(row.reference)).max().unwrap_or(0);
    let longest = u16::try_from(longest).unwrap_or(u16::MAX).min(16);
    let columns = columns(list.width.saturating_sub(SIGNS), matches!(desk.view, View::Team | View::Away), longest);
    let mut rest = heading.after(SIGNS);
    for (column, width) in &columns {
        pen.text(Area { width: rest.width.min(*width), ..rest }, column.title(), Role::Dim);
        rest = rest.after(width + 1);
    }
    let bar = scene.layout.bar;
    for y in bar.y..bar.y + bar.height {
        pen.text(Area { y, height: 1, ..bar }, text::BAR, Role::Border);
    }
    let words = words(scene);
    let mut place = None;
    for ((line, shown), row) in (0..).map(|idx| list.line(idx)).zip(lines).zip(&rows) {
        let idx = match shown {
            ListLine::Row(idx) => idx,
            ListLine::Head(id, count) => {
                draw_head(scene, pen, line, id, count);
                continue;
            }
        };
        if idx == desk.cursor && !line.is_empty() {
            place = Some(Position::new(line.x, line.y));
        }
        if let Some(row) = row {
            draw_row(scene, pen, line, row, &columns, idx == desk.cursor, &words);
        }
    }
    place
}

/// The head of a group: a line that the cursor passes over.
fn draw_head(scene: &Scene<'_>, pen: &mut Pen<'_>, line: Area, id: RowId, count: Option<usize>) {
    let Some(group) = views::grouped(scene.desk) else { return };
    let words = grouped::head(&scene.desk.queue, id, group, scene.playbook());
    let count = count.map(|count| format!(" ({})", thousands(count))).unwrap_or_default();
    let words = text::cut(&words, usize::from(line.width).saturating_sub(4 + count.len())).into_owned();
    pen.pieces(line, &[piece(Role::Border, format!("{0}{0} ", text::RULE)), piece(Role::Title, words), piece(Role::Dim, count)]);
}

/// What is searched for, to underline it where it stands; in notes also while the hits are worked.
fn words(scene: &Scene<'_>) -> Vec<String> {
    let typing = matches!(scene.desk.prompt, Some(Prompt::Find(_)));
    let find = scene.find().filter(|find| typing || find.said.is_some());
    find.map_or(Vec::new(), |find| find.line.text().split_whitespace().map(|word| word.trim_start_matches('\'').to_lowercase()).collect())
}

fn draw_row(scene: &Scene<'_>, pen: &mut Pen<'_>, line: Area, row: &Row<'_>, columns: &[(Column, u16)], selected: bool, words: &[String]) {
    let desk = scene.desk;
    let saving = desk.saving.as_ref().is_some_and(|saving| saving.subject == Some(row.subject));
    let worked = desk.worked.get(&row.subject);
    let base = match (worked, saving) {
        (_, true) => Role::Saving,
        (Some(_), _) => Role::Done,
        _ => Role::Text,
    };
    pen.text(Area { width: line.width.min(1), ..line }, if selected { ">" } else { " " }, base);
    let sign = Area { width: line.after(1).width.min(1), ..line.after(1) };
    let letter = sign_of(scene, row, saving);
    match base {
        Role::Text => pen.sign(sign, letter, base),
        _ => _ = pen.text(sign, letter, base),
    }
    let mut rest = line.after(SIGNS);
    for (column, width) in columns {
        let cell = Area { width: rest.width.min(*width), ..rest };
        if let Some(worked) = worked.filter(|_| *column == Status && !saving) {
            // What was done says more than what stood there; the record has the rest.
            pen.text(rest, &worked.did, base);
            break;
        }
        if let Some(said) = scene.said(row.id).filter(|_| !matches!(column, Score | Reference | Utility | Who)) {
            draw_cell(pen, rest, &around(said, words, usize::from(rest.width)), base, words, Task);
            break;
        }
        let (text, role) = cell_of(scene, row, *column, saving);
        draw_cell(pen, cell, &text, if base == Role::Text { role } else { base }, words, *column);
        rest = rest.after(width + 1);
    }
    if selected {
        let style = pen.theme.style(Role::Selection);
        pen.plain(line, style);
    }
}

/// A line that is too long begins a little before the first of the words.
fn around<'a>(line: &'a str, words: &[String], width: usize) -> Cow<'a, str> {
    let hit = text::find_words(line, words).first().map_or(0, |hit| hit.end);
    if text::width(line.get(..hit).unwrap_or_default()) < width {
        return Cow::Borrowed(line);
    }
    // The day in front stays, where it was said is worth as much.
    let (day, rest) = line.split_once(": ").unwrap_or(("", line));
    let before = hit.saturating_sub(line.len() - rest.len() + width / 2);
    let from = (before..rest.len()).find(|at| rest.is_char_boundary(*at)).unwrap_or(0);
    Cow::Owned(format!("{day}: {}{}", text::ELLIPSIS, &rest[from..]))
}

fn draw_cell(pen: &mut Pen<'_>, cell: Area, text: &str, role: Role, words: &[String], column: Column) {
    let shown = text::cut(text, usize::from(cell.width));
    let pad = if column == Score { usize::from(cell.width).saturating_sub(text::width(&shown)) } else { 0 };
    let cell = cell.after(u16::try_from(pad).unwrap_or(0));
    pen.text(cell, &shown, role);
    if !words.is_empty() && matches!(column, Reference | Utility | Who | Status | Task | Owner) {
        for hit in text::find_words(&shown, words) {
            let before = u16::try_from(text::width(&shown[..hit.start])).unwrap_or(u16::MAX);
            pen.text(cell.after(before), &shown[hit], Role::Mark);
        }
    }
}

/// `s` being saved, `*` done in this order, `+` marked, `@` open in another session, `d` a draft waits, `!` escalated or under
/// legal hold.
fn sign_of(scene: &Scene<'_>, row: &Row<'_>, saving: bool) -> &'static str {
    let desk = scene.desk;
    if saving {
        "s"
    } else if desk.marks.rows.contains(&row.subject) {
        "+"
    } else if desk.worked.contains_key(&row.subject) {
        "*"
    } else if desk.serve.held.contains_key(&row.subject) {
        "@"
    } else if desk.drafts.contains_key(&DraftKey::Subject(row.subject)) {
        "d"
    } else if row.case.escalated || row.case.legal_hold {
        "!"
    } else {
        " "
    }
}

fn cell_of(scene: &Scene<'_>, row: &Row<'_>, column: Column, saving: bool) -> (String, Role) {
    let playbook = scene.playbook();
    let text = match column {
        Score => row.score.to_string(),
        Reference => row.reference.to_owned(),
        Utility => utility_short(playbook, row.utility).to_owned(),
        Who => who(row).to_owned(),
        Status => playbook.workflow.status(row.status).map_or(row.status, |status| &status.short).to_owned(),
        Look if saving => "saving".to_owned(),
        Look => match scene.desk.serve.held.get(&row.subject) {
            // While somebody works on it, who that is says more than when we wanted to.
            Some(held) => return (format!("@{}", held.by), Role::Warn),
            None => return look(scene, row.id, row),
        },
        Waiting => playbook.workflow.party_label(row.ball).to_owned(),
        More if row.more > 0 => format!("+{}", row.more.min(9)),
        More => String::new(),
        Owner => row.owner.to_owned(),
        Task => row.task.to_owned(),
    };
    (text, Role::Text)
}

fn utility_short<'a>(playbook: &'a Playbook, name: &'a str) -> &'a str {
    playbook.utilities.iter().find(|utility| utility.name == name && !utility.short.is_empty()).map_or(name, |utility| &utility.short)
}

/// Why it is here or not: when we look, how late that is, or what it waits for.
fn look(scene: &Scene<'_>, id: RowId, row: &Row<'_>) -> (String, Role) {
    let today = scene.today();
    match scene.desk.queue.standing(id, scene.moment) {
        Standing::LegalHold => ("legal".to_owned(), Role::Legal),
        Standing::OnHold => ("on hold".to_owned(), Role::Text),
        Standing::UntilActivity => ("on reply".to_owned(), Role::Text),
        Standing::Over => ("over".to_owned(), Role::Dim),
        Standing::AwayUntil(when) => (upcoming(when, today), Role::Text),
        Standing::Workable => near_clock(scene, row).unwrap_or_else(|| workable(scene, row)),
    }
}

fn workable(scene: &Scene<'_>, row: &Row<'_>) -> (String, Role) {
    let today = scene.today();
    match row.follow_up {
        Some(when) if when.day <= today => (come(when, scene), if when.day < today { Role::Overdue } else { Role::Text }),
        // It is not the follow-up that has come.
        _ if row.case.todo_due.get().is_some_and(|due| due <= today) => ("to-do".to_owned(), Role::Text),
        Some(when) => (upcoming(when, today), Role::Text),
        None => ("now".to_owned(), Role::Text),
    }
}

/// A clock that is near, ours to keep: "by 12/1", or how long its day has been past.
fn near_clock(scene: &Scene<'_>, row: &Row<'_>) -> Option<(String, Role)> {
    let playbook = scene.playbook();
    let near = |due: DueDay, signal: Signal| {
        let day = due.day.get()?;
        let within = i64::from(playbook.weights.of(signal).within);
        (playbook.calendar.between(scene.today(), day) <= within).then_some(day)
    };
    let clocks = [near(row.case.lapse, Signal::LapseNear), near(row.case.ours, Signal::Duty)];
    let day = clocks.into_iter().flatten().min()?;
    let words = if day < scene.today() { late(day, scene).replace("late", "past") } else { format!("by {}/{}", day.month(), day.day()) };
    Some((words, Role::Legal))
}

fn come(when: When, scene: &Scene<'_>) -> String {
    let today = scene.today();
    match (when.day == today, when.time) {
        (true, Some(time)) => format!("{} now", time.format("%H:%M")),
        (true, None) => "today".to_owned(),
        (false, _) => late(when.day, scene),
    }
}

/// `2b late`: in business days, or in days when none of them was one.
pub fn late(day: Day, scene: &Scene<'_>) -> String {
    match -scene.playbook().calendar.between(scene.today(), day) {
        days if days > 0 => format!("{days}b late"),
        _ => format!("{}d late", (scene.today() - day).num_days()),
    }
}

fn upcoming(when: When, today: Day) -> String {
    match when.time {
        Some(time) if when.day == today => format!("at {}", time.format("%H:%M")),
        _ if when.day.year() == today.year() => day::short(when.day, today),
        _ => format!("{}/{}/{:02}", when.day.month(), when.day.day(), when.day.year() % 100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fill_the_width_and_never_more() {
        for width in 0..300 {
            for owners in [false, true] {
                let columns = columns(width, owners, 9);
                let used: u16 = columns.iter().map(|(_, width)| width + 1).sum();
                assert!(used <= width + 1, "{width}: {columns:?}");
                assert!(width < 10 || used == width + 1, "{width}: {columns:?}");
            }
        }
        let of = |width| columns(width, false, 0).into_iter().map(|(column, _)| column).collect::<Vec<_>>();
        assert_eq!(of(78), [Score, Reference, Utility, Who, Status, Look, Waiting, More]);
        assert_eq!(of(36), [Reference, Who, Look]);
        assert!(of(98).contains(&Task));
    }
}
