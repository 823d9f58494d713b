//! Which quick actions lie on the digits, and which of them make no sense for this record?

use super::pen::Pen;
use super::scene::Scene;
use super::text;
use super::theme::Role;
use crate::desk::viewport::Area;
use crate::domain::application::Application;
use crate::domain::plan::touch;
use crate::keys::action::Layer;
use crate::keys::chord::Code;
use crate::keys::keymap::Binding;

/// The words of a binding: the file's own, else the quick action's, else the action's.
pub fn words<'a>(scene: &Scene<'a>, binding: &'a Binding) -> &'a str {
    let own = binding.say != binding.run.action.words;
    let disposition = binding.run.argument.as_deref().and_then(|name| scene.playbook().disposition(name));
    match disposition {
        Some(disposition) if !own && binding.run.action.name == "touch" => &disposition.label,
        _ => &binding.say,
    }
}

/// Why the quick action of a binding makes no sense for the record; `None` when it does, or when
/// nobody knows yet.
pub fn refused(scene: &Scene<'_>, binding: &Binding, record: Option<&Application>) -> Option<String> {
    if binding.run.action.name != "touch" {
        return None;
    }
    let disposition = scene.playbook().disposition(binding.run.argument.as_deref()?)?;
    touch::possible(disposition, record?, &scene.plan_context()).err()
}

/// The bindings of the digits, in the order of the keyboard's row.
fn digits<'a>(scene: &Scene<'a>) -> Vec<(char, &'a Binding)> {
    let mut found: Vec<(char, &Binding)> = scene
        .rules
        .keymap
        .bindings()
        .iter()
        .filter(|binding| binding.layer == Layer::Queue && binding.run.action.name == "touch")
        .filter_map(|binding| match binding.keys.as_slice() {
            [key] => match key.code {
                Code::Char(digit @ '0'..='9') if key.text().is_some() => Some((digit, binding)),
                _ => None,
            },
            _ => None,
        })
        .collect();
    found.sort_by_key(|(digit, _)| if *digit == '0' { ':' } else { *digit });
    found
}

/// Equal columns, so that nothing moves from record to record: an action that makes no sense is
/// dim, and has a `-` where the others have a space.
pub fn draw(scene: &Scene<'_>, pen: &mut Pen<'_>) {
    let strip = scene.layout.strip;
    // While one types into a prompt the digits are text.
    if strip.is_empty() || scene.desk.prompt.is_some() {
        return;
    }
    let digits = digits(scene);
    let per_line =
        if strip.height == 1 { digits.len().min(usize::from(strip.width / 13)) } else { digits.len().div_ceil(usize::from(strip.height)) }
            .max(1);
    let column = usize::from(strip.width) / per_line;
    let record = scene.shown().and_then(|row| scene.record(&row));
    for (idx, (digit, binding)) in digits.into_iter().take(per_line * usize::from(strip.height)).enumerate() {
        let line = strip.line(u16::try_from(idx / per_line).unwrap_or(u16::MAX));
        let cell = line.after(u16::try_from(idx % per_line * column).unwrap_or(u16::MAX));
        let cell = Area { width: cell.width.min(u16::try_from(column.saturating_sub(1)).unwrap_or(0)), ..cell };
        let refused = refused(scene, binding, record).is_some();
        let rest = pen.text(cell, &digit.to_string(), if refused { Role::Dim } else { Role::Key });
        let words = format!("{}{}", if refused { '-' } else { ' ' }, words(scene, binding));
        pen.text(rest, &text::cut(&words, usize::from(rest.width)), if refused { Role::Dim } else { Role::Text });
    }
}
