//! What do the last two lines say? What just happened or can be undone, and which keys work now.

use super::pen::{Pen, Piece, piece};
use super::scene::Scene;
use super::text;
use super::theme::Role;
use super::{functions, imports};
use crate::desk::notice::{Notice, Tone};
use crate::desk::prompt::Prompt;
use crate::desk::viewport::Area;
use crate::keys::action::Layer;

pub fn draw(scene: &Scene<'_>, pen: &mut Pen<'_>) {
    // The search box stands on the notice's line.
    if !matches!(scene.desk.prompt, Some(Prompt::Find(_))) {
        notice(scene, pen);
    }
    let goes_on = scene.desk.notice.as_ref().and_then(|told| goes_on(scene, &words(told)));
    match goes_on {
        Some((_, rest)) => _ = pen.pieces(scene.layout.foot, &[piece(Role::Text, rest), piece(Role::Key, tail(scene))]),
        None => hints(scene, pen),
    }
}

fn words(notice: &Notice) -> String {
    let aside = if notice.aside.is_empty() { "" } else { "; " };
    format!("{}{}{aside}{}", tone(notice.tone).1, notice.text, notice.aside)
}

/// A notice that has no room on its line, in two: the second part takes the line of the keys. Where a copy lies beside is
/// said last, and is worth no other line.
fn goes_on(scene: &Scene<'_>, words: &str) -> Option<(String, String)> {
    let desk = scene.desk;
    let said = words.split_once("; also in ").map_or(words, |(said, _)| said);
    if desk.prompt.is_some() || desk.saving.is_some() || text::width(said) <= room(scene, scene.layout.notice) {
        return None;
    }
    let mut lines = text::wrap(words, usize::from(scene.layout.notice.width)).into_iter();
    let first = lines.next().map_or("", |line| &words[line]);
    let rest = lines.next().map_or("", |line| &words[line.start..]);
    Some((first.to_owned(), text::cut(rest, room(scene, scene.layout.foot)).into_owned()))
}

/// The room for the words: where to go from here must stay even when they are long.
fn room(scene: &Scene<'_>, line: Area) -> usize {
    usize::from(line.width).saturating_sub(text::width(&tail(scene)))
}

fn tone(tone: Tone) -> (Role, &'static str) {
    match tone {
        Tone::Done => (Role::Ok, ""),
        Tone::Note => (Role::Text, ""),
        Tone::Refused => (Role::Warn, "refused: "),
        Tone::Trouble => (Role::Error, "trouble: "),
    }
}

/// The keys that lead on from a notice.
fn tail(scene: &Scene<'_>) -> String {
    let desk = scene.desk;
    let Some(notice) = &desk.notice else { return String::new() };
    let there = notice.about.and_then(|_| scene.key("to-notice")).map(|key| format!("  {key} goes there")).unwrap_or_default();
    let last = desk.undoable.last().map(|done| &done.did);
    let undoes = last.is_some_and(|did| notice.tone == Tone::Done && notice.text.contains(did.as_str()));
    match scene.key("undo").filter(|_| undoes && desk.prompt.is_none()) {
        Some(key) => format!("{there}  {key} undoes"),
        None => there,
    }
}

fn notice(scene: &Scene<'_>, pen: &mut Pen<'_>) {
    let desk = scene.desk;
    let mut line = scene.layout.notice;
    if let Some(saving) = &desk.saving {
        let name = saving.subject.map(|subject| format!(" {}", scene.name(subject))).unwrap_or_default();
        let keys = match desk.waiting.len() {
            0 => String::new(),
            1 => ", 1 key waits".to_owned(),
            keys => format!(", {keys} keys wait"),
        };
        line = pen.pieces(line, &[piece(Role::Saving, format!("saving{name}{keys}{}  ", text::ELLIPSIS))]);
    }
    match &desk.notice {
        Some(notice) => {
            let (words, role) = (words(notice), tone(notice.tone).0);
            if let Some((first, _)) = goes_on(scene, &words) {
                pen.pieces(line, &[(role, first)]);
                return;
            }
            let shown = text::cut(&words, room(scene, line)).into_owned();
            pen.pieces(line, &[(role, shown), piece(Role::Key, tail(scene))]);
        }
        None => {
            if let (Some(did), Some(key), None) = (desk.undoable.last().map(|done| &done.did), scene.key("undo"), &desk.prompt) {
                let before = desk.undoable.len() - 1;
                let more = if before > 0 { format!(" ({before} more before)") } else { String::new() };
                pen.pieces(line, &[piece(Role::Key, key), piece(Role::Dim, format!(" undoes {did}{more}"))]);
            }
        }
    }
}

/// What is worth a place in the last line, the most useful first, in as few letters as say it.
const HINTS: &[(Layer, &str, &str)] = &[
    (Layer::Queue, "note", "note"),
    (Layer::Queue, "quick-actions", "quick actions"),
    (Layer::Queue, "undo", "undo"),
    (Layer::Queue, "find", "find"),
    (Layer::Queue, "palette", "all actions"),
    (Layer::Queue, "help", "help"),
    (Layer::Queue, "copy-number", "copy number"),
    (Layer::Queue, "message", "message"),
    (Layer::Queue, "follow-up", "we look"),
    (Layer::Queue, "status", "status"),
    (Layer::Queue, "edit", "edit"),
    (Layer::Queue, "hold", "hold"),
    (Layer::Queue, "serve-next", "best free row"),
    (Layer::Queue, "skip", "skip"),
    (Layer::Queue, "mark", "mark"),
    (Layer::Queue, "new", "new"),
    (Layer::Queue, "view-away", "away"),
    (Layer::Queue, "detail", "record"),
    (Layer::Queue, "why", "why"),
    (Layer::Queue, "history", "history"),
    (Layer::Queue, "back", "back"),
    (Layer::Queue, "quit", "quit"),
    (Layer::Find, "find-keep", "stay there"),
    (Layer::Find, "find-cancel", "back"),
    (Layer::Find, "find-in", "rows or history"),
    (Layer::Find, "find-next", "next hit"),
    (Layer::Find, "find-previous", "previous"),
    (Layer::Query, "query-keep", "keep it"),
    (Layer::Query, "query-complete", "complete"),
    (Layer::Query, "query-cancel", "back"),
    (Layer::Query, "query-next", "next row"),
    (Layer::Note, "save", "saves"),
    (Layer::Note, "complete", "completes"),
    (Layer::Note, "next-offer", "chooses"),
    (Layer::Note, "new-line", "new line"),
    (Layer::Note, "close", "keeps it as a draft"),
    (Layer::Note, "note-help", "signs, shorthand"),
    (Layer::Note, "editor", "$EDITOR"),
    (Layer::Note, "undo-typing", "undo typing"),
    (Layer::Plan, "do", "does it"),
    (Layer::Plan, "leave", "leaves, nothing changes"),
    (Layer::Plan, "next-answer", "next"),
    (Layer::Plan, "previous-answer", "previous"),
    (Layer::Picker, "choose", "chooses"),
    (Layer::Picker, "cancel", "leaves"),
    (Layer::Picker, "down", "next"),
    (Layer::Picker, "up", "previous"),
    (Layer::Offers, "take-theirs", "theirs"),
    (Layer::Offers, "keep-ours", "ours"),
    (Layer::Offers, "offers-leave", "back"),
    (Layer::Offers, "take-theirs-all", "all theirs"),
    (Layer::Offers, "keep-ours-all", "all ours"),
    (Layer::Offers, "offers-go", "record"),
    (Layer::Offers, "offers-undo", "undo"),
    (Layer::Offers, "offers-down", "down"),
    (Layer::Offers, "offers-up", "up"),
    (Layer::Bulk, "bulk-do", "does it"),
    (Layer::Bulk, "bulk-leave", "back, nothing changes"),
    (Layer::Bulk, "bulk-down", "down"),
    (Layer::Bulk, "bulk-up", "up"),
    (Layer::Template, "template-save", "keeps it"),
    (Layer::Template, "template-next", "next part"),
    (Layer::Template, "template-line", "new line"),
    (Layer::Template, "template-leave", "leaves"),
    (Layer::Template, "template-editor", "$EDITOR"),
    (Layer::Template, "template-previous", "previous"),
    (Layer::Pager, "shut", "back"),
    (Layer::Pager, "book-quirk", "adds a quirk"),
    (Layer::Pager, "book-outage", "portal down"),
    (Layer::Pager, "book-up", "portal up"),
    (Layer::Pager, "correct", "corrects a note"),
    (Layer::Pager, "scroll-down", "down"),
    (Layer::Pager, "scroll-up", "up"),
    (Layer::Pager, "scroll-page-down", "page down"),
    (Layer::Pager, "scroll-page-up", "page up"),
    (Layer::Pager, "scroll-find", "find"),
    (Layer::Pager, "scroll-last", "end"),
    (Layer::Pager, "scroll-copy", "copy"),
];

/// The actions and words for what is on screen.
fn wanted(scene: &Scene<'_>) -> Vec<(&'static str, &'static str)> {
    let layer = scene.layer();
    if let (Layer::Import, Some(import)) = (layer, &scene.desk.import) {
        return imports::hints(import);
    }
    let counted = matches!(&scene.desk.prompt, Some(Prompt::Offers(offers)) if offers.rule.is_some());
    let alone = matches!(&scene.desk.prompt, Some(Prompt::Ask(ask)) if ask.answers.len() < 2);
    if matches!(&scene.desk.prompt, Some(Prompt::Offers(offers)) if offers.lines().is_empty()) {
        return vec![("offers-leave", "back"), ("offers-undo", "undo")];
    }
    if counted {
        return vec![("offers-go", "does it"), ("offers-leave", "leaves, nothing changes")];
    }
    let marks = if layer == Layer::Queue && !scene.desk.marks.rows.is_empty() { MARKED } else { &[] };
    let book = matches!(&scene.desk.prompt, Some(Prompt::Pager(pager)) if pager.book.is_some());
    let history = matches!(&scene.desk.prompt, Some(Prompt::Pager(pager)) if pager.history.is_some());
    let offers = matches!(&scene.desk.prompt, Some(Prompt::Note(note)) if note.offer.is_some());
    let fits = |action: &str| match action {
        "complete" | "next-offer" => offers,
        "correct" => history,
        _ => !(alone && action.ends_with("-answer")) && (book || !action.starts_with("book-")),
    };
    let all = HINTS.iter().filter(|(of, action, _)| *of == layer && fits(action));
    marks.iter().copied().chain(all.map(|(_, action, words)| (*action, *words))).collect()
}

/// What is worth the first place while rows are marked.
const MARKED: &[(&str, &str)] = &[("bulk", "does one thing to all marked"), ("clear-marks", "clears marks")];

fn hints(scene: &Scene<'_>, pen: &mut Pen<'_>) {
    if functions::draw(scene, pen) {
        return;
    }
    let mut line = scene.layout.foot;
    for (action, words) in wanted(scene) {
        let Some(key) = scene.key(action) else { continue };
        let hint: [Piece; 2] = [piece(Role::Key, key), piece(Role::Dim, format!(" {words}"))];
        let wide: usize = hint.iter().map(|(_, text)| text::width(text)).sum();
        // A hint that is cut says nothing; a shorter one behind it may still fit.
        if wide > usize::from(line.width) {
            continue;
        }
        line = pen.pieces(line, &hint).after(2);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::imports_of_every_phase;
    use super::*;
    use crate::keys::action;

    #[test]
    fn every_hint_is_an_action_of_its_layer() {
        for (layer, name, _) in HINTS {
            assert!(action::find(name).is_some_and(|action| action.layer == *layer), "{name}");
        }
        assert!(MARKED.iter().all(|(name, _)| action::find(name).is_some_and(|action| action.layer == Layer::Queue)));
        for import in imports_of_every_phase() {
            let hints = imports::hints(&import);
            assert!(hints.iter().any(|(name, _)| matches!(*name, "import-leave" | "import-on" | "import-behind")), "{:?}", import.phase);
            for (name, _) in hints {
                assert!(action::find(name).is_some_and(|action| action.layer == Layer::Import), "{name}");
            }
        }
    }
}
