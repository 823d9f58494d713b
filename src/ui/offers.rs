//! How are the conflicts and suggestions of imports shown: whose value is which?

use ratatui::layout::Position;

use super::pen::{Pen, Piece, piece, wrap};
use super::plan;
use super::scene::{Scene, who};
use super::text;
use super::theme::Role;
use crate::desk::prompt::{OfferLine, Offers, Rule};
use crate::desk::viewport::{Area, top_for};
use crate::domain::import::Offer;
use crate::domain::import_words::{field_words, thousands, value_words};
use crate::domain::value::Value;

/// Widths of a line: sign and reference, who, field, ours, theirs, source; 0: no room for it.
fn widths(width: u16) -> [u16; 6] {
    let first = 10;
    let free = width.min(150).saturating_sub(first + 4);
    match width {
        0..56 => [first, 0, free * 8 / 20, free * 6 / 20, free * 6 / 20, 0],
        56..76 => [first, free * 5 / 20, free * 5 / 20, free * 5 / 20, free * 5 / 20, 0],
        _ => {
            let free = free.saturating_sub(2);
            [first, free * 5 / 22, free * 5 / 22, free * 5 / 22, free * 5 / 22, free * 2 / 22]
        }
    }
}

pub fn draw(offers: &Offers, scene: &Scene<'_>, pen: &mut Pen<'_>) -> Option<Position> {
    let (title, rest) = scene.layout.panel.split(1);
    let at = if offers.lines().is_empty() { 0 } else { offers.cursor + 1 };
    let right = format!("{at} of {}", thousands(offers.lines().len()));
    plan::title("what imports and we disagree on", if offers.lines.is_some() { &right } else { "" }, title, pen);
    if title.is_empty() {
        return None;
    }
    if offers.lines().is_empty() {
        let words = match &offers.lines {
            None => format!("reading what is open{}", text::ELLIPSIS),
            Some(_) => "nothing is open: no import and we disagree on anything".to_owned(),
        };
        pen.text(rest.line(1).after(2), &words, if offers.lines.is_none() { Role::Saving } else { Role::Text });
        return Some(Position::new(title.x, title.y));
    }
    let below = below(offers, scene, usize::from(rest.width));
    let wanted = u16::try_from(below.len()).unwrap_or(u16::MAX).saturating_add(1);
    let list = rest.height.saturating_sub(wanted).max(rest.height.div_ceil(3));
    let lines = u16::try_from(offers.lines().len()).unwrap_or(u16::MAX - 1) + 1;
    let (table, after) = rest.split(list.min(lines));
    let place = draw_list(offers, scene, table, pen);
    let (gap, after) = after.split(1);
    pen.rule(gap);
    plan::draw(&below, after, pen);
    place
}

fn draw_list(offers: &Offers, scene: &Scene<'_>, area: Area, pen: &mut Pen<'_>) -> Option<Position> {
    let (heading, list) = area.split(1);
    cells(heading, pen, [" ref", "for", "field", "ours", "theirs", "from"].map(str::to_owned), Role::Dim);
    let top = top_for(offers.cursor, 0, list.height);
    let mut place = None;
    for (idx, line) in offers.lines().iter().enumerate().skip(top).take(usize::from(list.height)) {
        let row = list.line(u16::try_from(idx - top).unwrap_or(u16::MAX));
        let selected = idx == offers.cursor;
        draw_line(line, selected, offers.rule.as_ref(), scene, row, pen);
        if selected {
            place = Some(Position::new(row.x, row.y));
        }
    }
    place
}

/// `s` is being saved, `*` falls under the rule that is counted below.
fn draw_line(line: &OfferLine, selected: bool, rule: Option<&Rule>, scene: &Scene<'_>, row: Area, pen: &mut Pen<'_>) {
    let offer = &line.offer;
    let counted = rule.is_some_and(|rule| rule.holds(line));
    let sign = match (selected, line.saving, counted) {
        (_, true, _) => "s",
        (true, ..) => ">",
        (_, _, true) => "*",
        _ => " ",
    };
    let workflow = &scene.playbook().workflow;
    // The short words of a status differ at their beginning, which the long ones may not.
    let value = |value: &Value| match (offer.field.as_str(), value.as_text().and_then(|name| workflow.status(name))) {
        ("status", Some(status)) => status.short.clone(),
        _ if value.is_nothing() => "-".to_owned(),
        _ => value_words(workflow, &offer.field, value),
    };
    let name = scene.row_of(offer.subject).map(|row| who(&row).to_owned()).unwrap_or_default();
    let reference = format!("{sign}{}", offer.reference);
    let all = [reference, name, field_words(workflow, &offer.field), value(&offer.ours), value(&offer.theirs), offer.source.clone()];
    let role = if line.saving { Role::Saving } else { Role::Text };
    cells(row, pen, all, role);
    if selected {
        pen.plain(row, pen.theme.style(Role::Selection));
    } else if counted {
        pen.tint(row, pen.theme.style(Role::Mark));
    }
}

fn cells(line: Area, pen: &mut Pen<'_>, words: [String; 6], role: Role) {
    let mut rest = line;
    for (width, words) in widths(line.width).into_iter().zip(words) {
        if width > 0 {
            pen.text(Area { width: width.min(rest.width), ..rest }, &words, role);
            rest = rest.after(width + 1);
        }
    }
}

/// The line under the cursor, whole; or what a rule would do.
fn below(offers: &Offers, scene: &Scene<'_>, width: usize) -> Vec<Vec<Piece>> {
    let mut lines = Vec::new();
    if let Some(offer) = offers.here() {
        lines.extend(offer_lines(offer, scene));
    }
    if let Some(rule) = &offers.rule {
        let does = if rule.theirs { "take theirs" } else { "keep ours" };
        let field = field_words(&scene.playbook().workflow, &rule.field);
        let words = format!("{does} for {} × {field} from {}", thousands(rule.count), rule.source);
        let key = scene.key("offers-go").map(|key| format!(": {key} does it, as one change")).unwrap_or_default();
        lines.insert(0, vec![piece(Role::Warn, words), piece(Role::Text, key)]);
    }
    lines.iter().flat_map(|line| wrap(line, width.max(1))).collect()
}

fn offer_lines(offer: &Offer, scene: &Scene<'_>) -> [Vec<Piece>; 3] {
    let workflow = &scene.playbook().workflow;
    let value = |value| match value_words(workflow, &offer.field, value) {
        words if words.is_empty() => "nothing".to_owned(),
        words => words,
    };
    let name = match scene.name(offer.subject) {
        name if name.is_empty() => format!("{} (closed)", offer.reference),
        name => name,
    };
    let about = format!("{name}{}{}", text::DOT, field_words(workflow, &offer.field));
    [
        vec![piece(Role::Title, about), piece(Role::Dim, format!("  from {}, row {}", offer.source, offer.key))],
        vec![piece(Role::Dim, "ours    "), piece(Role::Text, value(&offer.ours))],
        vec![piece(Role::Dim, "theirs  "), piece(Role::Text, value(&offer.theirs))],
    ]
}
