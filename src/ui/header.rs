//! What does the first line say? Where one is, how much there is to do, what is new.

use ratatui::style::Style;

use super::imports::percent;
use super::pen::Pen;
use super::scene::Scene;
use super::text;
use super::theme::Role;
use crate::desk::import::Phase;
use crate::desk::prompt::Prompt;
use crate::desk::viewport::{MIN_HEIGHT, MIN_WIDTH};
use crate::domain::day;
use crate::domain::import_words::thousands;
use crate::domain::query::sort_text;
use crate::domain::view::Rows;
use crate::index::queue::View;

/// One part of the line. When the line is full the parts with the smallest `keep` become `short`,
/// then go.
struct Part {
    keep: u8,
    role: Role,
    text: String,
    short: Option<String>,
}

fn part(keep: u8, role: Role, text: impl Into<String>) -> Part {
    Part { keep, role, text: text.into(), short: None }
}

pub fn draw(scene: &Scene<'_>, pen: &mut Pen<'_>) {
    let line = scene.layout.header;
    pen.tint(line, pen.theme.style(Role::Header));
    if scene.layout.small {
        let size = pen.buffer.area;
        pen.text(line, &format!("too small: {}x{}, wanted {MIN_WIDTH}x{MIN_HEIGHT}", size.width, size.height), Role::Warn);
        return;
    }
    let mut parts = parts(scene);
    while wide(&parts) > usize::from(line.width) && give_way(&mut parts) {}
    let date = parts.pop_if(|part| part.keep == DATE);
    let mut rest = line;
    for (idx, part) in parts.into_iter().enumerate() {
        rest = pen.text(rest, if idx > 0 { BETWEEN } else { "" }, Role::Header);
        rest = match part.keep {
            // It changes with every row: in the plainest style it takes the fewest bytes.
            PLACE => pen.styled(rest, &part.text, Style::reset().patch(pen.theme.style(Role::Text))),
            _ => pen.text(rest, &part.text, part.role),
        };
    }
    if let Some(date) = date {
        pen.at_end(rest, &[(date.role, date.text)]);
    }
}

const BETWEEN: &str = "  ";
/// The date's rank, which is nobody else's; it stands last.
const DATE: u8 = 4;
/// The rank of where one is, which goes last of all.
const PLACE: u8 = 11;

fn parts(scene: &Scene<'_>) -> Vec<Part> {
    let desk = scene.desk;
    let counts = desk.counts;
    let mut parts = vec![part(1, Role::Title, "intertie")];
    if scene.rules.demo {
        parts.push(part(20, Role::Warn, "DEMO"));
    }
    parts.push(part(2, Role::Header, scene.rules.database.clone()));
    parts.push(place(scene));
    let mut count = |keep, role, number: usize, what: &str| parts.push(part(keep, role, format!("{number} {what}")));
    count(10, if counts.overdue > 0 { Role::Overdue } else { Role::Header }, counts.overdue, "overdue");
    count(9, if counts.today > 0 { Role::Due } else { Role::Header }, counts.today, "today");
    count(8, Role::Header, counts.away, "away");
    count(7, Role::Header, counts.held, "on hold");
    count(6, Role::Header, desk.done, "done");
    if !desk.marks.rows.is_empty() {
        parts.push(part(10, Role::Mark, format!("{} marked", thousands(desk.marks.rows.len()))));
    }
    if let Some(batch) = desk.batch {
        let short = Some(format!("batched, {} switches", batch.after));
        parts.push(Part { keep: 5, role: Role::Text, text: batch.words(), short });
    }
    if !desk.serve.skipped.is_empty() {
        parts.push(part(5, Role::Header, format!("{} skipped", desk.serve.skipped.len())));
    }
    if desk.loading {
        // What is counted and found is not all there yet: that stays said as long as there is room for anything.
        parts.push(part(12, Role::Saving, format!("loading{}", text::ELLIPSIS)));
    }
    parts.extend(outages(scene));
    parts.extend(import_behind(scene));
    parts.extend(arrivals(scene));
    parts.extend(synced(scene));
    parts.push(part(DATE, Role::Header, day::short(scene.today(), scene.today())));
    parts.retain(|part| !part.text.is_empty());
    parts
}

/// The portals that are down, in a word.
fn outages(scene: &Scene<'_>) -> Option<Part> {
    let playbook = scene.playbook();
    let down: Vec<_> = playbook.utility_states.iter().filter_map(|state| Some((state, state.down(scene.today())?))).collect();
    let (state, outage) = down.first()?;
    let name = playbook.utility(&state.name).map_or(&*state.name, |utility| &utility.short);
    let more = if down.len() > 1 { format!(" +{}", down.len() - 1) } else { String::new() };
    let text = format!("{name} portal down until {}{more}", day::short(outage.until, scene.today()));
    Some(Part { keep: 5, role: Role::Warn, text, short: Some(format!("{name} down{more}")) })
}

/// The view, and which of its rows one is on.
fn place(scene: &Scene<'_>) -> Part {
    let desk = scene.desk;
    let view = match desk.view {
        View::Mine => "mine",
        View::Team => "team",
        View::Pool => "pool",
        View::Away => "away",
    };
    let at = if desk.order.is_empty() { 0 } else { desk.cursor + 1 };
    let typing = match &desk.prompt {
        Some(Prompt::Find(find)) if !find.line.text().trim().is_empty() => Some(find),
        _ => None,
    };
    if let Some(find) = typing.or(desk.found.as_ref()) {
        let words = text::cut(find.line.text(), 20).into_owned();
        return part(PLACE, Role::Text, format!("found \"{words}\" {at} of {}", super::find::count(find, desk.order.len())));
    }
    let with_rows = |view: &str| match desk.order.len() {
        0 => format!("{view} 0"),
        rows => format!("{view} {at} of {rows}"),
    };
    match listed(scene) {
        // A long query or sort must not push the place itself off the line.
        Some((what, how)) => {
            let short = with_rows(&text::cut(&what, 16));
            Part { short: Some(short), ..part(PLACE, Role::Text, with_rows(&format!("{what}{how}"))) }
        }
        None => part(PLACE, Role::Text, with_rows(view)),
    }
}

/// What is listed, and how it is sorted, where it is more than one of the views that are always there.
fn listed(scene: &Scene<'_>) -> Option<(String, String)> {
    let views = &scene.desk.views;
    let sort = if views.selection.sort.is_empty() { String::new() } else { format!(" by {}", sort_text(&views.selection.sort)) };
    let lacks = if views.without > 0 { format!(" ({} without it last)", thousands(views.without)) } else { String::new() };
    let rows = Rows::from(&scene.desk.view);
    let text = match &views.open {
        Some(open) if views.removed => format!("{} (removed)", open.name),
        Some(open) if views.is_as_kept(rows) => open.name.clone(),
        // Changed since, and not kept.
        Some(open) => format!("{}*", open.name),
        None if !views.text.is_empty() => format!("{} \"{}\"", rows.name(), text::cut(&views.text, 24)),
        None if views.selection.sort.is_empty() => return None,
        None => rows.name().to_owned(),
    };
    Some((text, format!("{sort}{lacks}")))
}

/// An import that goes on while its screen is closed.
fn import_behind(scene: &Scene<'_>) -> Option<Part> {
    let import = scene.desk.import.as_ref().filter(|_| !matches!(scene.desk.prompt, Some(Prompt::Import)))?;
    let Phase::Running { done, of, .. } = import.phase else { return None };
    let text = format!("importing {} of {}", thousands(done), thousands(of));
    Some(Part { keep: 10, role: Role::Saving, text, short: Some(format!("importing {}%", percent(done, of))) })
}

fn arrivals(scene: &Scene<'_>) -> Option<Part> {
    let arrivals = scene.desk.arrivals;
    let words = match (arrivals.new, arrivals.changed) {
        (0, 0) => return None,
        (new, 0) => format!("{new} new"),
        (0, changed) => format!("{changed} changed"),
        (new, changed) => format!("{new} new, {changed} changed"),
    };
    let text = scene.key("rerank").map_or(words.clone(), |key| format!("{words}: {key} ranks again"));
    Some(Part { keep: 5, role: Role::Warn, text, short: Some(words) })
}

/// What other systems do not know yet. It gives way before everything else: nothing here waits for it.
fn synced(scene: &Scene<'_>) -> Option<Part> {
    let synced = scene.desk.synced.as_ref()?;
    let others = if synced.others > 0 { format!(" +{}", synced.others) } else { String::new() };
    let since = day::short_moment(synced.since, scene.today());
    Some(part(0, Role::Header, format!("sync {}: {} since {since}{others}", synced.name, thousands(synced.changed))))
}

fn wide(parts: &[Part]) -> usize {
    parts.iter().map(|part| text::width(&text::safe(&part.text))).sum::<usize>() + parts.len().saturating_sub(1) * BETWEEN.len()
}

/// `false` when there is nothing left to give.
fn give_way(parts: &mut Vec<Part>) -> bool {
    let Some(least) = (0..parts.len()).min_by_key(|idx| parts[*idx].keep) else { return false };
    match parts[least].short.take() {
        Some(short) => {
            parts[least].text = short;
            // What remains of it is worth more than the counts of what needs no work.
            parts[least].keep = 8;
        }
        None => drop(parts.remove(least)),
    }
    !parts.is_empty()
}

#[cfg(test)]
mod tests {
    use crate::desk::msg::Synced;
    use crate::domain::day::NaiveDateTime;
    use crate::ui::testing::{desk, picture};

    #[test]
    fn what_other_systems_do_not_know_gives_way_first() {
        let since = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a constant");
        let line = |width: u16, synced: Option<Synced>| {
            let (mut desk, rules) = desk(width, 30);
            desk.synced = synced;
            picture(&desk, &rules).lines().find(|line| line.contains("overdue")).expect("the header").to_owned()
        };
        let today = desk(80, 30).0.today();
        let synced = |since, others| Some(Synced { name: "crm".to_owned(), changed: 1_012, since, others });
        let here = synced(since(&format!("{today} 10:40")), 0);
        assert!(line(160, here.clone()).contains("  sync crm: 1,012 since 10:40  "), "{}", line(160, here));
        let earlier = synced(since("2025-11-20 16:05"), 2);
        assert!(line(160, earlier.clone()).contains("sync crm: 1,012 since Thu 11/20/2025 16:05 +2"), "{}", line(160, earlier.clone()));
        for width in [60, 80] {
            assert_eq!(line(width, earlier.clone()), line(width, None), "nothing else goes for it");
        }
    }
}
