//! How is an import shown: what is looked at, what would come in, how far it is, what it did?

use ratatui::layout::Position;

use super::pen::{Pen, piece, wrap};
use super::scene::Scene;
use super::text;
use super::theme::Role;
use super::{columns, pager, plan};
use crate::desk::import::{Import, Phase};
use crate::desk::viewport::Area;
use crate::domain::import_words::{count, thousands};

const SCROLL: (&str, &str) = ("import-down", "down");
/// A bar wider than this says no more.
const BAR: u16 = 60;

pub fn draw(scene: &Scene<'_>, pen: &mut Pen<'_>) -> Option<Position> {
    let import = scene.desk.import.as_ref()?;
    let (title, page) = scene.layout.panel.split(1);
    if title.is_empty() {
        return None;
    }
    let name = import.name();
    let wait = |words: &str| format!("{words}{}", text::ELLIPSIS);
    let (words, right) = match &import.phase {
        Phase::Looking => (format!("import of {name}"), said(&wait("looking at the first rows"), page, pen)),
        Phase::Columns => return columns::draw(import, scene, pen),
        Phase::Trying { of: 0, .. } => (by(import), said(&wait("reading every row; nothing is written"), page, pen)),
        Phase::Trying { done, of } => (by(import), running(*done, *of, "reading every row; nothing is written", page, pen)),
        Phase::Preview(_) => (by(import), pager::lines(&import.lines, import.top, page, pen)),
        Phase::Refused(_) => (format!("import of {name}"), pager::lines(&import.lines, import.top, page, pen)),
        Phase::Running { done, of, stopping } => (by(import), running(*done, *of, running_words(*stopping), page, pen)),
        Phase::Done(_) => (by(import), pager::lines(&import.lines, import.top, page, pen)),
    };
    plan::title(&words, &right, title, pen);
    Some(Position::new(title.x, title.y))
}

/// The rows and the profile that reads them.
fn by(import: &Import) -> String {
    match &import.guess {
        Some(_) => format!("import of {}", import.name()),
        None if import.profile.label.is_empty() => format!("import of {}, read by {}", import.name(), import.profile.name),
        None => format!("import of {}, read by: {}", import.name(), import.profile.label),
    }
}

fn said(words: &str, page: Area, pen: &mut Pen<'_>) -> String {
    pen.text(page.line(1).after(2), words, Role::Saving);
    String::new()
}

/// Of a hundred; never all before the end.
pub fn percent(done: usize, of: usize) -> usize {
    if done >= of { 100 } else { done * 100 / of.max(1) }
}

fn running(done: usize, of: usize, below: &str, page: Area, pen: &mut Pen<'_>) -> String {
    let line = page.line(1).after(2);
    let bar = usize::from(line.width.saturating_sub(2).min(BAR));
    let filled = (done.min(of) * bar).checked_div(of).unwrap_or(0);
    pen.pieces(
        line,
        &[
            piece(Role::Border, "["),
            piece(Role::Ok, "#".repeat(filled)),
            piece(Role::Border, text::RULE.repeat(bar - filled)),
            piece(Role::Border, "]"),
        ],
    );
    let words = format!("{} of about {}", thousands(done), count(of, "row"));
    pen.text(page.line(2).after(2), &words, Role::Text);
    for (idx, line) in wrap(&[piece(Role::Dim, below)], usize::from(page.width.saturating_sub(4)).max(1)).iter().enumerate() {
        pen.pieces(page.line(4 + u16::try_from(idx).unwrap_or(0)).after(2), line);
    }
    format!("{}%", if of == 0 { 0 } else { percent(done, of) })
}

fn running_words(stopping: bool) -> &'static str {
    if stopping {
        "stopping after this part; what came in stays until you say otherwise"
    } else {
        "the queue can be used meanwhile; others are not kept waiting"
    }
}

/// What the keys do in this phase, the most useful first.
pub fn hints(import: &Import) -> Vec<(&'static str, &'static str)> {
    let all: &[(&str, &str)] = match &import.phase {
        Phase::Looking | Phase::Trying { .. } => &[("import-leave", "leaves, nothing is written")],
        Phase::Columns => &[
            ("import-on", "preview"),
            ("import-target", "goes to"),
            ("import-leave", "leaves"),
            ("import-key", "names row"),
            ("import-dates", "dates"),
            ("import-unit", "unit"),
            ("import-keep", "profile"),
        ],
        Phase::Preview(_) if import.is_empty() => &[("import-leave", "back to the queue"), ("import-columns", "columns"), SCROLL],
        Phase::Preview(_) => &[
            ("import-on", "brings it in"),
            ("import-leave", "leaves"),
            ("import-more", "spread"),
            ("import-columns", "columns"),
            ("import-keep", "profile"),
            SCROLL,
            ("import-page-down", "page down"),
        ],
        Phase::Refused(_) => {
            &[("import-leave", "back to the queue"), ("import-all-new", "they are all new"), ("import-columns", "columns"), SCROLL]
        }
        Phase::Running { stopping: true, .. } => &[("import-behind", "goes on behind")],
        Phase::Running { .. } => &[("import-leave", "stops it"), ("import-behind", "goes on behind")],
        Phase::Done(ended) => &[
            ("import-on", if ended.stopped.is_some() && ended.taken_back.is_none() { "keeps what came in" } else { "back to the queue" }),
            ("import-undo", "takes it back"),
            ("import-conflicts", "conflicts"),
            ("import-keep", "profile"),
            SCROLL,
            ("import-page-down", "page down"),
        ],
    };
    all.iter().filter(|(action, _)| import.takes(action)).copied().collect()
}
