//! How is a message shown while it is written? Its parts, what is wrong with them, and what a real
//! record makes of it.

use ratatui::layout::Position;

use super::pen::{Pen, Piece, piece};
use super::scene::Scene;
use super::theme::Role;
use super::{line, note, plan, text};
use crate::desk::prompt::Template;
use crate::desk::viewport::{Area, SIDE_BY_SIDE};
use crate::domain::message::sms_length;

/// The column of the labels.
const LABELS: u16 = 15;

pub fn draw(template: &Template, scene: &Scene<'_>, pen: &mut Pen<'_>) -> Option<Position> {
    let (title, rest) = scene.layout.panel.split(1);
    let name = match template.opened.name.as_str() {
        "" => "a new message".to_owned(),
        name => format!("message {name}"),
    };
    plan::title(&name, "{{field}} stands for a value", title, pen);
    let (parts, below) = divide(rest);
    let place = draw_parts(template, parts, pen);
    plan::draw(&said(template), below, pen);
    place
}

/// The parts, and what they come to: beside them where there is room, else below.
fn divide(area: Area) -> (Area, Area) {
    if area.width >= SIDE_BY_SIDE {
        let half = area.width / 2;
        return (Area { width: half, ..area }, area.after(half + 2));
    }
    area.split(area.height * 3 / 5)
}

/// One line a part; the body has what is left.
fn draw_parts(template: &Template, area: Area, pen: &mut Pen<'_>) -> Option<Position> {
    let others = u16::try_from(template.parts.len()).unwrap_or(u16::MAX).saturating_sub(1);
    // A body of two lines cannot be written: rather the other parts are scrolled to.
    let body = area.height.saturating_sub(others).max(area.height.min(7));
    // Where not all fits, the part under the cursor is what must be seen.
    let heights: Vec<u16> = template.parts.iter().map(|part| if part.name == "body" { body } else { 1 }).collect();
    let before: u16 = heights.iter().take(template.focus + 1).sum();
    let mut skip = before.saturating_sub(area.height);
    let (mut rest, mut place) = (area, None);
    for (idx, (part, height)) in template.parts.iter().zip(heights).enumerate() {
        if skip >= height {
            skip -= height;
            continue;
        }
        let (row, after) = rest.split(height - std::mem::take(&mut skip));
        rest = after;
        let focused = idx == template.focus;
        pen.text(row.line(0), if focused { ">" } else { " " }, Role::Key);
        let faulty = template.faults.iter().any(|fault| fault.part == part.name);
        let role = if faulty {
            Role::Error
        } else if focused {
            Role::Title
        } else {
            Role::Dim
        };
        pen.text(Area { width: LABELS.saturating_sub(3).min(row.width), ..row.line(0).after(2) }, part.label, role);
        let value = row.after(LABELS);
        let at = match part.name {
            "body" => note::draw_text(&template.body, &[], Area { width: value.width.saturating_sub(1), ..value }, pen),
            _ if focused => line::draw(&part.line, value.line(0), pen),
            // Where nobody types, a line that is too long shows its beginning.
            _ => {
                pen.text(value.line(0), &text::cut(part.line.text(), usize::from(value.width)), Role::Text);
                None
            }
        };
        if focused {
            place = at;
        }
    }
    place
}

/// How the part under the cursor is written, where it does not say so itself.
fn hint(template: &Template) -> Option<&'static str> {
    Some(match template.parts.get(template.focus)?.name {
        "name" => "the name in commands: small letters and hyphens",
        "to" => "us, utility, customer, ahj, engineering, crew, finance, third-party",
        "channel" => "email, sms, phone or portal",
        "asks" => "name=the question; name=the question=what is offered; by:next=a day to come; on:past=a day that was",
        "each" => "the line of each application in a message about several (w m); {{list}} in the body has them all",
        "statuses" => "statuses in which it is offered first, with commas: submitted, deficiency",
        _ => return None,
    })
}

/// What is wrong, then the message as the record fills it in.
fn said(template: &Template) -> Vec<Vec<Piece>> {
    let mut lines: Vec<Vec<Piece>> = template
        .faults
        .iter()
        .map(|fault| {
            let label = template.parts.iter().find(|part| part.name == fault.part).map_or(fault.part, |part| part.label);
            vec![piece(Role::Error, format!("{label}: ")), piece(Role::Text, fault.says.as_str())]
        })
        .collect();
    lines.extend(hint(template).map(|hint| vec![piece(Role::Dim, hint)]));
    let (Some(record), Some(rendered)) = (&template.record, &template.preview) else {
        lines.push(vec![piece(Role::Dim, "put the cursor on a row first, and its values show here")]);
        return lines;
    };
    let message = template.message();
    let length = sms_length(&message, rendered).unwrap_or_default();
    lines.push(vec![piece(Role::Dim, format!("for {} {}  {length}", record.reference(), record.who()))]);
    lines.extend(plan::message(rendered));
    if !rendered.crm.is_empty() {
        let crm = std::iter::once(piece(Role::Dim, "CRM: ")).chain(plan::holes(&rendered.crm));
        lines.push(crm.collect());
    }
    lines
}
